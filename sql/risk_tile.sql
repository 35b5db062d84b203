-- risk_tile: found by tile servers, refuses what it does not know, and reads with the rights of whoever asks. What is drawn
-- is decoded by tests/tiles.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE ROLE regress_tile_reader;
SELECT georisk.create_map('regress_tile', srid => 32648, lang => 'en');
SET search_path = regress_tile, public;
INSERT INTO zone (code, name, parent_code, level, population, geom) VALUES ('W', 'Ward', NULL, 'ward', NULL, NULL);
INSERT INTO zone (code, name, parent_code, level, population, geom)
SELECT 'G' || x, 'Group', 'W', 'group', 100, ST_Multi(ST_MakeEnvelope(680000 + x * 100, 1190000, 680100 + x * 100, 1190100, 32648))
FROM generate_series(1, 4) x;
SELECT georisk.activate_zones('regress_tile', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_tile', '2021-07-01');
INSERT INTO report (external_id, report_day, n, zone_code) VALUES ('a', '2021-06-30', 1, 'G1'), ('b', '2021-06-30', 9, 'G2');
SELECT georisk.add_layer('regress_tile', 'dengue', 'alert_counts', disease => '{dengue}');

-- pg_tileserv lists functions whose first three arguments are the integers z, x, y, that give bytea and that the role may run
SET ROLE regress_tile_reader;
CREATE VIEW pg_temp.pg_tileserv AS
SELECT n.nspname || '.' || p.proname AS id, obj_description(p.oid, 'pg_proc') AS description
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prorettype = 'bytea'::regtype AND p.proargtypes[0:2] = ARRAY['integer', 'integer', 'integer']::regtype[]::oid[]
  AND p.proargnames[1:3] = '{z,x,y}' AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE');
-- Martin lists those with z or zoom, x and y, and at most one more that is JSON
CREATE VIEW pg_temp.martin AS
SELECT r.routine_schema || '.' || r.routine_name AS id, obj_description(p.oid, 'pg_proc') AS description
FROM information_schema.routines r
JOIN pg_proc p ON p.oid = substring(r.specific_name FROM '_([0-9]+)$')::oid
CROSS JOIN LATERAL (
	SELECT array_agg(a.parameter_name::text ORDER BY a.ordinal_position) AS names, array_agg(a.data_type::text ORDER BY a.ordinal_position) AS types
	FROM information_schema.parameters a WHERE a.specific_name = r.specific_name AND a.parameter_mode = 'IN') a
WHERE r.routine_type = 'FUNCTION' AND r.data_type = 'bytea' AND a.names[1] IN ('z', 'zoom') AND a.names[2:3] = '{x,y}'
  AND a.types[1:3] = '{integer,integer,integer}' AND (cardinality(a.names) = 3 OR cardinality(a.names) = 4 AND a.types[4] IN ('json', 'jsonb'));
SELECT count(*) FROM pg_temp.pg_tileserv;
RESET ROLE;
GRANT USAGE ON SCHEMA regress_tile TO regress_tile_reader;
SET ROLE regress_tile_reader;
SELECT id FROM pg_temp.pg_tileserv ORDER BY 1;
SELECT id FROM pg_temp.martin ORDER BY 1;
SELECT description::json ->> 'name' AS name, description::json ->> 'minzoom' AS minzoom, layer.value ->> 'id' AS layer, count(*) AS fields,
	   bool_and(field.value <> '') AS explained
FROM pg_temp.martin, json_array_elements(description::json -> 'vector_layers') layer, json_each_text(layer.value -> 'fields') field GROUP BY 1, 2, 3 ORDER BY 1;

-- who may read the two views may have tiles, and nothing else of the map
SELECT risk_tile(0, 0, 0);
RESET ROLE;
GRANT SELECT ON tile_source, assessed_day TO regress_tile_reader;
SET ROLE regress_tile_reader;
CREATE FUNCTION pg_temp.tile(z integer, options json DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
	SELECT regress_tile.risk_tile(z, floor(2 ^ z * (180 + 106.647995) / 360)::integer,
		floor(2 ^ z * (1 - asinh(tan(radians(10.761115))) / pi()) / 2)::integer, options)
$$;
SELECT position('no assessment is recorded' IN encode(pg_temp.tile(14), 'escape')) > 0 AS nothing_recorded;
SELECT risk_tile_dengue(0, 0, 0);
SELECT count(*) FROM report;
RESET ROLE;
SELECT georisk.assess('regress_tile');
SELECT georisk.assess('regress_tile', '2021-06-20');
SET ROLE regress_tile_reader;
SELECT as_of, is_latest, policy, zone_set FROM assessed_day ORDER BY 1;
SELECT z, octet_length(pg_temp.tile(z)) > 0 AS drawn, pg_temp.tile(z) = pg_temp.tile(z, '{"day": "2021-07-01"}') AS latest,
	   pg_temp.tile(z) = pg_temp.tile(z, '{"day": "2021-06-20"}') AS same_on_another_day,
	   position('orange' IN encode(pg_temp.tile(z), 'escape')) > 0 AS has_orange
FROM unnest(ARRAY[8, 14, 17]) z;
-- nothing is there; nothing was asked for
SELECT octet_length(risk_tile(14, 0, 0)) AS empty, risk_tile(14, 0, 0, NULL) IS NULL AS nothing;
-- whatever the session's settings
SET datestyle = 'SQL, DMY';
SET search_path = pg_catalog;
SELECT position('2021-07-01' IN encode(pg_temp.tile(14), 'escape')) > 0 AS iso_dates;
RESET ROLE;
SET search_path = regress_tile, public;
SET datestyle = ISO;

-- what is not a tile, and what it cannot be asked for
SELECT risk_tile(3, 8, 0);
SELECT risk_tile(3, 0, -1);
SELECT risk_tile(25, 0, 0);
SELECT risk_tile(-1, 0, 0);
SELECT risk_tile(0, 0, 0, '[]');
SELECT risk_tile(0, 0, 0, '{"day": "01/07/2021"}');
SELECT risk_tile(0, 0, 0, '{"day": "2021-02-30"}');
SELECT risk_tile(0, 0, 0, '{"day": null}');
SELECT risk_tile(0, 0, 0, '{"lang": "fr"}');
SELECT risk_tile(0, 0, 0, '{"format": "png"}');

-- a layer's tile goes by the layer's name
UPDATE layer SET name = 'sốt "xuất" huyết' WHERE name = 'dengue';
SELECT octet_length("risk_tile_sốt ""xuất"" huyết"(0, 0, 0)) AS nothing_so_small,
	   obj_description('"risk_tile_sốt ""xuất"" huyết"(integer, integer, integer, json)'::regprocedure)::json ->> 'name' AS name;
CREATE FUNCTION risk_tile_measles() RETURNS integer LANGUAGE sql AS 'SELECT 1';
SELECT georisk.add_layer('regress_tile', 'measles', 'alert_counts');
DROP FUNCTION risk_tile_measles();
SELECT georisk.drop_layer('regress_tile', 'sốt "xuất" huyết');
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'regress_tile'::regnamespace AND proname ~ 'tile' ORDER BY 1;

DROP SCHEMA regress_tile CASCADE;
DROP OWNED BY regress_tile_reader;
DROP ROLE regress_tile_reader;
