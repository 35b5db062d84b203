-- import_zones: zones from any table, in any coordinate system that officials bring, give the placements that the map's own give.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET jit = off;

-- VN-2000 for Ho Chi Minh City. The coordinates were computed by PROJ's cct from EPSG:6960 as published (coordinate frame).
SELECT georisk.crs_definition(9210);
SELECT count(*) FROM generate_series(1, 40000) srid WHERE georisk.crs_definition(srid) IS NOT NULL;
SELECT round(ST_X(p)::numeric, 4) AS x, round(ST_Y(p)::numeric, 4) AS y
FROM ST_Transform(ST_Point(106.7, 10.77, 4326), georisk.crs_definition(9210)) p;
SELECT max(ST_Distance(ST_Transform(p, 32648), ST_Transform(ST_Transform(p, georisk.crs_definition(9210)), georisk.crs_definition(9210), 32648))) < 0.001 AS there_and_back
FROM generate_series(0, 10) x, generate_series(0, 10) y, LATERAL ST_Point(106.6 + x * 0.02, 10.7 + y * 0.02, 4326) p;

-- 20 x 20 groups with crooked borders about District 1, in degrees.
CREATE TEMP TABLE corner AS
SELECT x, y, ST_Point(106.68 + x * 0.0017 + 0.0005 * sin(3 * x + 7 * y), 10.755 + y * 0.002 + 0.0005 * cos(5 * x + 2 * y), 4326) AS p
FROM generate_series(0, 20) x, generate_series(0, 20) y;
CREATE TABLE regress_drawn AS
SELECT format('G%s-%s', a.x, a.y) AS code, format('Group %s of %s', a.y, a.x) AS name, 'W' || a.x / 5 AS parent_code, 160 AS population, 40.0 AS households,
	   ST_MakePolygon(ST_MakeLine(ARRAY[a.p, b.p, c.p, d.p, a.p])) AS geom
FROM corner a JOIN corner b ON b.x = a.x + 1 AND b.y = a.y JOIN corner c ON c.x = a.x + 1 AND c.y = a.y + 1
JOIN corner d ON d.x = a.x AND d.y = a.y + 1;
CREATE TABLE regress_wards AS SELECT parent_code AS ma, ST_Union(geom) AS wkb_geometry FROM regress_drawn GROUP BY 1;

CREATE FUNCTION pg_temp.make(map text, zones regclass, from_srid integer, map_srid integer) RETURNS TABLE (wards bigint, groups bigint, errors bigint)
LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
	PERFORM georisk.create_map(map, srid => map_srid, lang => 'en');
	wards := georisk.import_zones(map, 'regress_wards', code_column => 'ma', level => 'ward');
	groups := georisk.import_zones(map, zones, from_srid, level => 'group');
	SELECT count(*) INTO errors FROM georisk.check_zones(format('%I.zone_draft', map)::regclass) WHERE severity = 'error';
	PERFORM georisk.activate_zones(map, '2021-06-01');
	EXECUTE format('INSERT INTO %I.report (external_id, report_day, geom)
		SELECT i, ''2021-09-01'', ST_Transform(ST_Point(106.678 + 0.0387 * (i * 0.6180339887 %% 1), 10.753 + 0.0443 * (i * 0.7548776662 %% 1), 4326), %s)
		FROM generate_series(1, 5000) i', map, map_srid);
	RETURN NEXT;
END $$;
-- as ogr2ogr leaves them: with VN-2000 but no SRID, with heights, with UTM
CREATE TABLE regress_vn2000 AS SELECT code, name, parent_code, population, households,
	ST_Force3DZ(ST_SetSRID(ST_Transform(geom, georisk.crs_definition(9210)), 0), 7) AS geometry FROM regress_drawn;
CREATE TABLE regress_9210 AS SELECT code, name, parent_code, ST_SetSRID(ST_Transform(geom, georisk.crs_definition(9210)), 9210) AS geom FROM regress_drawn;
CREATE TABLE regress_utm AS SELECT code, name, parent_code, ST_Transform(geom, 32648) AS geom FROM regress_drawn;
SELECT * FROM pg_temp.make('regress_degrees', 'regress_drawn', NULL, 4326);
SELECT * FROM pg_temp.make('regress_from_vn', 'regress_vn2000', 9210, 4326);
SELECT * FROM pg_temp.make('regress_from_vn2', 'regress_9210', NULL, 4326);
SELECT * FROM pg_temp.make('regress_from_utm', 'regress_utm', NULL, 4326);
SELECT * FROM pg_temp.make('regress_in_utm', 'regress_vn2000', 9210, 32648);
CREATE TEMP VIEW placed AS
SELECT 1 AS map, external_id, outcome, code FROM regress_degrees.report LEFT JOIN regress_degrees.zone USING (zone_id)
UNION ALL SELECT 2, external_id, outcome, code FROM regress_from_vn.report LEFT JOIN regress_from_vn.zone USING (zone_id)
UNION ALL SELECT 3, external_id, outcome, code FROM regress_from_vn2.report LEFT JOIN regress_from_vn2.zone USING (zone_id)
UNION ALL SELECT 4, external_id, outcome, code FROM regress_from_utm.report LEFT JOIN regress_from_utm.zone USING (zone_id)
UNION ALL SELECT 5, external_id, outcome, code FROM regress_in_utm.report LEFT JOIN regress_in_utm.zone USING (zone_id);
SELECT p.map, count(*) FILTER (WHERE p.outcome = 'placed_by_point') > 3500 AS most_placed, count(*) FILTER (WHERE p.outcome = 'outside') > 0 AS some_outside,
	   count(*) FILTER (WHERE (p.outcome, p.code) IS DISTINCT FROM (d.outcome, d.code)) AS differ
FROM placed p JOIN (SELECT * FROM placed WHERE map = 1) d USING (external_id) GROUP BY p.map ORDER BY 1;
SELECT code, name, parent_code, level, population, households, GeometryType(geom), ST_CoordDim(geom) AS dimensions, ST_SRID(geom)
FROM regress_from_vn.zone WHERE code IN ('G3-4', 'W0') ORDER BY 1;

-- More zones join the draft that is open; on a map with zones in force one is opened.
SELECT georisk.import_zones('regress_degrees', 'regress_drawn');
SELECT georisk.import_zones('regress_degrees', 'regress_wards', NULL, 'ma');
SELECT s.name, count(*) FROM regress_degrees.zone JOIN regress_degrees.zone_set s USING (zone_set_id) WHERE s.activated_at IS NULL GROUP BY 1;

-- What it refuses.
SELECT georisk.import_zones('regress_degrees', 'regress_vn2000');
SELECT georisk.import_zones('regress_degrees', 'regress_utm', 9210);
SELECT georisk.import_zones('regress_degrees', 'regress_drawn', 123456);
SELECT georisk.import_zones('regress_degrees', 'regress_wards');
SELECT georisk.import_zones('regress_degrees', 'regress_drawn', population_column => 'people');
SELECT georisk.import_zones('regress_nowhere', 'regress_drawn');
CREATE VIEW regress_mixed AS SELECT code, geom FROM regress_drawn UNION ALL SELECT code, geom FROM regress_utm;
SELECT georisk.import_zones('regress_degrees', 'regress_mixed');
CREATE VIEW regress_lines AS SELECT code, ST_Boundary(geom) AS geom FROM regress_drawn;
SELECT georisk.import_zones('regress_degrees', 'regress_lines');

DROP SCHEMA regress_degrees, regress_from_vn, regress_from_vn2, regress_from_utm, regress_in_utm CASCADE;
DROP TABLE regress_drawn, regress_wards, regress_vn2000, regress_9210, regress_utm CASCADE;
