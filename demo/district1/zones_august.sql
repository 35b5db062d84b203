-- The zones valid from 16 August, from the folder at hand: a new draft, imported, checked and put in force.
CREATE TEMP TABLE zone_in (code text, name text, parent_code text, level text, population integer, households integer, wkt text);
\copy zone_in FROM 'zones_august.csv' CSV HEADER
CREATE TEMP TABLE zone_august AS
SELECT code, name, parent_code, level, population, households, ST_GeomFromText(wkt, 4326) AS geom FROM zone_in ORDER BY code;
BEGIN;
SELECT georisk.open_draft('district1', 'từ 16-8-2021') \g /dev/null
SELECT georisk.import_zones('district1', 'zone_august') \g /dev/null
SELECT georisk.activate_zones('district1', valid_from => '2021-08-16') \g /dev/null
COMMIT;
DROP TABLE zone_in, zone_august;
