-- Tiles, KML and GeoJSON of what the public may see: with its own rights, what zone_risk_public says, and nothing of what is not announced.
-- Tiles are decoded by tests/tiles.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT georisk.create_map('regress_public', srid => 32648, lang => 'en');
SET search_path = regress_public, public;
INSERT INTO zone (code, name, level) VALUES ('W', 'Ward & more', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, geom)
SELECT 'G' || x, 'Group ' || x, 'W', 'group', 100, ST_Multi(ST_MakeEnvelope(680000 + x * 100, 1190000, 680100 + x * 100, 1190100, 32648))
FROM generate_series(1, 4) x;
SELECT georisk.activate_zones('regress_public', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_public', '2021-07-01');
INSERT INTO report (external_id, report_day, n, zone_code, household) VALUES ('Canary 1', '2021-06-30', 1, 'G1', 'Canary A'), ('Canary 2', '2021-06-30', 9, 'G2', 'Canary B');
SELECT georisk.announce('regress_public', georisk.assess('regress_public'), 'Canary title', 'Canary ground') > 0 AS announced;
SELECT georisk.override_tier('regress_public', 'G4', floor => 'yellow', reason => 'Canary C fell ill', until => '2021-07-09') > 0 AS overruled;
CREATE ROLE regress_resident;
GRANT USAGE ON SCHEMA regress_public TO regress_resident;
GRANT SELECT ON zone_risk_public, tier_legend, tile_source_public, tile_day_public TO regress_resident;
CREATE FUNCTION tile(z integer, options json DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
	SELECT risk_tile_public(z, floor(2 ^ z * (180 + 106.647995) / 360)::integer,
		floor(2 ^ z * (1 - asinh(tan(radians(10.761115))) / pi()) / 2)::integer, options)
$$;

SET ROLE regress_resident;
-- nothing published: the zones are there, in grey
SELECT f ->> 'id' = f -> 'properties' ->> 'zone_id' AS id, f -> 'properties' ->> 'code' AS code, f -> 'properties' ->> 'tier' AS tier, f -> 'properties' ->> 'fill' AS fill
FROM json_array_elements(risk_geojson_public() -> 'features') f;
SELECT z, position('unknown' IN encode(tile(z), 'escape')) > 0 AS drawn, position('orange' IN encode(tile(z), 'escape')) AS orange FROM unnest(ARRAY[8, 14, 17]) z;
SELECT count(*) AS days FROM tile_day_public;
RESET ROLE;
SELECT georisk.publish_tiers('regress_public', 'Canary notice') > 0 AS decided;

SET ROLE regress_resident;
SELECT p.code, p.tier, f -> 'properties' ->> 'since' AS since, f -> 'properties' ->> 'valid_until' AS valid_until,
	   ST_Equals(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(f ->> 'geometry'), 4326), 32648), p.geom) OR ST_HausdorffDistance(
		ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(f ->> 'geometry'), 4326), 32648), p.geom) < 0.2 AS there
FROM json_array_elements(risk_geojson_public() -> 'features') f
JOIN zone_risk_public p ON p.zone_id = (f ->> 'id')::integer AND p.tier = f -> 'properties' ->> 'tier' AND p.tier_color = f -> 'properties' ->> 'fill'
	AND p.tier_label = f -> 'properties' ->> 'tier_label' ORDER BY p.zone_id;
SELECT f -> 'properties' ->> 'tier_label' AS in_vietnamese FROM json_array_elements(risk_geojson_public('vi') -> 'features') f LIMIT 1;
SELECT part, file, zones, kml::xml IS DOCUMENT AS is_xml FROM risk_kml_public();
SELECT d.name, d.value FROM risk_kml_public('vi') k, XMLTABLE(XMLNAMESPACES('http://www.opengis.net/kml/2.2' AS k),
	'/k:kml/k:Document/k:Folder/k:Placemark[k:name="Group 4"]/k:ExtendedData/k:Data' PASSING (k.kml::xml) COLUMNS name text PATH '@name', value text PATH 'k:value') d;
SELECT d.name, d.about FROM risk_kml_public('en') k, XMLTABLE(XMLNAMESPACES('http://www.opengis.net/kml/2.2' AS k),
	'/k:kml/k:Document' PASSING (k.kml::xml) COLUMNS name text PATH 'k:name', about text PATH 'k:description') d;
SELECT as_of, is_latest, policy FROM tile_day_public;
SELECT z, tile(z) = tile(z, '{"day": "2021-07-01"}') AS latest, position('orange' IN encode(tile(z), 'escape')) > 0 AS has_orange,
	   position('2021-07-09' IN encode(tile(z), 'escape')) > 0 AS until, tile(z) <> tile(z, '{"lang": "vi"}') AS in_vietnamese FROM unnest(ARRAY[8, 14, 17]) z;
SELECT position('orange' IN encode(tile(14, '{"day": "2021-06-30"}'), 'escape')) AS before_it;
SELECT tile(14, '{"layer": "x"}');
SELECT risk_geojson_public('fr');
SELECT risk_tile(0, 0, 0);
SELECT risk_geojson();
SELECT count(*) FROM risk_kml();
RESET ROLE;
-- folders are named by the ward where zones may be read
GRANT SELECT ON zone_in_force TO regress_resident;
SET ROLE regress_resident;
SELECT d.folder FROM risk_kml_public() k, XMLTABLE(XMLNAMESPACES('http://www.opengis.net/kml/2.2' AS k),
	'/k:kml/k:Document/k:Folder' PASSING (k.kml::xml) COLUMNS folder text PATH 'k:name') d;
RESET ROLE;

-- Everything that was made for the public has an order of its own, down to the last row: the order of a plan follows from what else is stored.
SELECT c.relname, rtrim(substring(pg_get_viewdef(c.oid) FROM 'ORDER BY ([^\n]*)$'), ';') AS in_order FROM pg_class c
WHERE c.relnamespace = 'regress_public'::regnamespace AND c.relkind = 'v' AND (c.relname LIKE '%\_public' OR c.relname = 'tier_legend')
ORDER BY c.relname COLLATE "C";

-- Not a byte of what is not announced, nor a name.
CREATE TABLE bytes AS SELECT risk_geojson_public()::text AS geojson, (SELECT kml FROM risk_kml_public()) AS kml, tile(8) AS t8, tile(14) AS t14, tile(17) AS t17;
SELECT concat_ws(' ', geojson, kml, encode(t8, 'escape'), encode(t14, 'escape'), encode(t17, 'escape')) ~ 'Canary' AS names FROM bytes;
INSERT INTO report (external_id, report_day, n, zone_code, household) VALUES ('Canary 3', '2021-07-01', 3, 'G3', 'Canary D');
SELECT georisk.assess('regress_public') > 0 AS assessed;
SELECT b = (risk_geojson_public()::text, (SELECT kml FROM risk_kml_public()), tile(8), tile(14), tile(17))::bytes AS same_bytes FROM bytes b;
DROP TABLE bytes;
DROP FUNCTION tile;
DROP OWNED BY regress_resident;
DROP ROLE regress_resident;
SELECT georisk.drop_map('regress_public', with_reports => true);
