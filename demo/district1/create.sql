-- The map `district1` on the eve of 1 June 2021, from the files that `generate` wrote into the folder at hand: its zones,
-- who sends lists and how to read them, and what two wards call their groups.
SET client_min_messages = warning;
SELECT georisk.create_map('district1', policy => 'vn_hcmc_2716_2021', srid => 4326) \g /dev/null

-- Zones: into the draft, then checked, indexed and frozen.
CREATE TEMP TABLE zone_in (code text, name text, parent_code text, level text, population integer, households integer, wkt text);
\copy zone_in FROM 'zones.csv' CSV HEADER
INSERT INTO district1.zone (code, name, parent_code, level, population, households, geom)
SELECT code, name, parent_code, level, population, households, ST_GeomFromText(wkt, 4326)
FROM zone_in ORDER BY code;
DROP TABLE zone_in;
SELECT georisk.set_day('district1', clock => '2021-05-31 20:00+07') \g /dev/null
SELECT georisk.activate_zones('district1', valid_from => '2021-06-01') \g /dev/null

\copy district1.source (source, name, zone_code, date_formats, decimal_comma) FROM 'sources.csv' CSV HEADER
\copy district1.zone_alias (alias, zone_code, source) FROM 'names.csv' CSV HEADER

-- QGIS opens the layer coloured.
SELECT georisk.install_qgis_style('district1.zone_risk') \g /dev/null
