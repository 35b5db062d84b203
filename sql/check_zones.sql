-- check_zones: faults planted in tables of zones are found, each with its place and area, and nothing else is.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA check_zones_test;
SET search_path = check_zones_test, public;

-- 12 × 12 squares of 100 m in a district, in three wards.
CREATE FUNCTION square(i double precision, j double precision, w double precision DEFAULT 1, h double precision DEFAULT 1)
RETURNS geometry LANGUAGE sql IMMUTABLE
RETURN ST_MakeEnvelope(685000 + 100 * i, 1190000 + 100 * j, 685000 + 100 * (i + w), 1190000 + 100 * (j + h), 32648);

CREATE TABLE clean AS
SELECT 12 * i + j AS zone_id, format('%s/%s', i, j) AS code, format('ward %s', i / 4) AS parent_code, square(i, j) AS geom
FROM generate_series(0, 11) AS i, generate_series(0, 11) AS j
UNION ALL
SELECT 1000 + i, format('ward %s', i), 'district', square(4 * i, 0, 4, 12) FROM generate_series(0, 2) AS i
UNION ALL
SELECT 2000, 'district', NULL, square(0, 0, 12, 12);

-- Clean tilings, three levels deep, have no faults: in metres, in degrees, and with rounding between twins.
SELECT * FROM georisk.check_zones('clean');
CREATE TABLE degrees AS SELECT zone_id, code, parent_code, ST_Transform(geom, 4326) AS geom FROM clean;
SELECT * FROM georisk.check_zones('degrees');
CREATE TABLE rounded AS
SELECT zone_id AS gid, code, ST_Translate(geom, 1.5e-14 * (zone_id % 3 - 1), 1e-14 * (zone_id % 5 - 2)) AS wkb_geometry
FROM degrees WHERE zone_id < 1000;
SELECT count(*) FILTER (WHERE ST_Equals(ST_Boundary(wkb_geometry), ST_Boundary(geom))) < 100 AS rounded
FROM rounded JOIN degrees ON zone_id = gid;
SELECT * FROM georisk.check_zones('rounded');
SELECT * FROM georisk.check_zones('rounded', tolerance_m => 2);

-- One fault of each kind.
CREATE TABLE planted AS SELECT * FROM clean;
CREATE TABLE expected (severity text, problem text, zone text, other_zone text, area_m2 double precision, around geometry);

-- 2/2 reaches 3 m into 2/3: 300 m²; 2/6 reaches 0.2 m into 2/7: a sliver of 20 m².
UPDATE planted SET geom = ST_Union(geom, square(2, 3, 1, 0.03)) WHERE code = '2/2';
UPDATE planted SET geom = ST_Union(geom, square(2, 7, 1, 0.002)) WHERE code = '2/6';
INSERT INTO expected VALUES ('warning', 'overlap', '2/2', '2/3', 300, square(2, 3, 1, 0.03)),
	('warning', 'overlap', '2/6', '2/7', 20, square(2, 7, 1, 0.002));

-- 5/5 lacks a courtyard of 225 m²; between 5/8 and 6/8 a wedge of 2.5 m² is missing; 8/2 shrank by 6 m all around.
UPDATE planted SET geom = ST_Difference(geom, square(5.4, 5.4, 0.15, 0.15)) WHERE code = '5/5';
UPDATE planted SET geom = ST_Difference(geom,
	ST_SetSRID('POLYGON((685600 1190800, 685600 1190900, 685599.95 1190850, 685600 1190800))'::geometry, 32648)) WHERE code = '5/8';
UPDATE planted SET geom = square(8.06, 2.06, 0.88, 0.88) WHERE code = '8/2';
INSERT INTO expected VALUES ('warning', 'gap', '5/5', NULL, 225, square(5.4, 5.4, 0.15, 0.15)),
	('warning', 'gap', '5/8', '6/8', 2.5, square(5.9995, 8, 0.0005, 1)),
	('warning', 'gap', '8/2', '7/2', 2256, ST_Difference(square(8, 2), square(8.06, 2.06, 0.88, 0.88)));

-- 10/10 is a bow-tie; 10/5 says that it is of another zone of UTM.
UPDATE planted SET geom = ST_SetSRID(
	'POLYGON((686000 1191000, 686100 1191000, 686000 1191100, 686100 1191100, 686000 1191000))'::geometry, 32648) WHERE code = '10/10';
UPDATE planted SET geom = ST_SetSRID(geom, 32649) WHERE code = '10/5';
INSERT INTO expected VALUES ('error', 'invalid', '10/10', NULL, NULL, square(10.4, 10.4, 0.2, 0.2)),
	('error', 'wrong_srid', '10/5', NULL, NULL, square(10, 5));

-- Codes: none, blank, one twice (also in another Unicode form), a parent that is not there, a circle of parents.
UPDATE planted SET code = NULL WHERE code = '0/0';
UPDATE planted SET code = E' \t' WHERE code = '0/1';
UPDATE planted SET code = 'Phường' WHERE code = '0/2';
UPDATE planted SET code = ' ' || normalize('Phường', NFD) WHERE code = '0/3';
UPDATE planted SET parent_code = 'ward 7' WHERE code = '0/5';
UPDATE planted SET parent_code = 'ward 0' WHERE code = 'district';
INSERT INTO expected VALUES ('error', 'missing_code', '0', NULL, NULL, square(0, 0)),
	('error', 'missing_code', '1', NULL, NULL, square(0, 1)),
	('error', 'duplicate_code', 'Phường', '3', NULL, square(0, 3)),
	('error', 'orphan_parent', '0/5', 'ward 7', NULL, square(0, 5)),
	('error', 'orphan_parent', 'district', 'ward 0', NULL, square(0, 0, 12, 12)),
	('error', 'orphan_parent', 'ward 0', 'district', NULL, square(0, 0, 4, 12));

-- Rows that are no zones, two islands 2 m apart, and one far away.
INSERT INTO planted VALUES (500, 'null', NULL, NULL), (501, 'empty', NULL, ST_SetSRID('MULTIPOLYGON EMPTY'::geometry, 32648)),
	(502, 'line', NULL, ST_Boundary(square(3, 3))), (503, 'east', NULL, square(13, 0)), (504, 'far east', NULL, square(14.02, 0)),
	(505, 'north', NULL, square(0, 20)), (506, 'nan', NULL, ST_SetSRID('POLYGON((0 0, 1 NaN, 1 1, 0 0))'::geometry, 32648));
INSERT INTO expected VALUES ('error', 'empty', 'null', NULL, NULL, NULL), ('error', 'empty', 'empty', NULL, NULL, NULL),
	('error', 'wrong_type', 'line', NULL, NULL, square(3, 3)),
	('warning', 'nearly_touching', 'east', 'far east', NULL, square(14, 0, 0.02, 1)),
	('warning', 'no_neighbour', 'north', NULL, NULL, square(0, 20)), ('error', 'invalid', 'nan', NULL, NULL, NULL);

ALTER TABLE expected ADD COLUMN fault text GENERATED ALWAYS AS
	(severity || ' ' || problem || ' ' || zone || coalesce(' ' || other_zone, '')) STORED;

SELECT coalesce(f.fault, 'not found: ' || e.fault) AS fault, e.fault IS NOT NULL AS expected, round(f.area_m2) AS area_m2,
	coalesce(abs(f.area_m2 / e.area_m2 - 1) < 0.005, e.area_m2 IS NULL) AS area_is_right,
	coalesce(ST_DWithin(f.location, e.around, 0.01), e.around IS NULL) AS place_is_right
FROM (SELECT *, concat_ws(' ', severity, problem, zone, other_zone) AS fault FROM georisk.check_zones('planted', tolerance_m => 5)) AS f
	FULL JOIN expected AS e USING (fault)
ORDER BY fault COLLATE "C";

-- An overlap no wider than the tolerance is how two drawings of a border differ; a wider one is an error.
SELECT t AS tolerance_m, severity, problem, zone, other_zone, round(area_m2) AS area_m2
FROM unnest(ARRAY[0, 2.8, 3]) AS t, georisk.check_zones('planted', tolerance_m => t) WHERE problem = 'overlap' ORDER BY t, zone;

-- The same in degrees: the same faults, areas and places.
CREATE TABLE planted_degrees AS
SELECT zone_id AS id, code AS label, parent_code AS ward, CASE WHEN ST_SRID(geom) = 32649 THEN ST_SetSRID(geom, 32648)
	WHEN code = 'nan' THEN ST_SetSRID(geom, 4326) ELSE ST_Transform(geom, 4326) END AS shape
FROM planted;
SELECT count(*) AS faults, count(f.fault) AS found, count(e.fault) AS expected,
	bool_and(coalesce(abs(f.area_m2 / e.area_m2 - 1) < 0.005, e.area_m2 IS NULL)) AS areas_are_right,
	bool_and(coalesce(ST_DWithin(ST_Transform(f.location, 32648), e.around, 0.01), e.around IS NULL)) AS places_are_right
FROM (SELECT *, concat_ws(' ', severity, problem, zone, other_zone) AS fault
	FROM georisk.check_zones('planted_degrees', code_column => 'label', parent_column => 'ward', geom_column => 'shape', tolerance_m => 5)) AS f
	FULL JOIN expected AS e USING (fault);

-- Many: an overlap or a gap at every third zone, of sizes from a sheet of paper up; all, and nothing else.
CREATE TABLE many AS
SELECT code, CASE WHEN i % 3 <> 1 OR j % 3 <> 1 THEN geom
	WHEN (i + j) % 2 = 0 THEN ST_Union(geom, square(i, j + 1, 0.002 * (1 + i), 0.0002 * (1 + j)))
	ELSE ST_Difference(geom, square(i, j + 0.3, 0.002 * (1 + i), 0.0002 * (1 + j))) END AS geom
FROM clean, LATERAL (SELECT split_part(code, '/', 1)::integer AS i, split_part(code, '/', 2)::integer AS j) AS at
WHERE zone_id < 1000;
CREATE TABLE many_expected AS
SELECT CASE WHEN (i + j) % 2 = 0 THEN 'overlap' ELSE 'gap' END AS problem, format('%s/%s', i, j) AS zone, 0.004 * (1 + i) * (1 + j) AS area
FROM generate_series(1, 11, 3) AS i, generate_series(1, 11, 3) AS j;
SELECT count(*) AS found, (SELECT count(*) FROM many_expected) AS planted, bool_and(abs(f.area_m2 / e.area - 1) < 0.005) AS areas_are_right
FROM georisk.check_zones('many') AS f
	JOIN many_expected AS e ON e.problem = f.problem AND e.zone IN (f.zone, f.other_zone);
SELECT count(*) AS found FROM georisk.check_zones('many');
SELECT count(*) = (SELECT count(*) FROM many_expected WHERE area >= 0.2) AS only_the_larger
FROM georisk.check_zones('many', min_area_m2 => 0.2);

-- Feet; an SRID that nobody knows is said once, and degrees out of range by zone.
CREATE TABLE feet AS
SELECT code, ST_Transform(geom, 2263) AS geom FROM (VALUES
	('a', ST_MakeEnvelope(583000, 4507000, 583100, 4507100, 32618)),
	('b', ST_MakeEnvelope(583090, 4507000, 583200, 4507100, 32618))) AS v (code, geom);
SELECT severity, problem, zone, other_zone, area_m2 BETWEEN 995 AND 1005 AS area_is_right FROM georisk.check_zones('feet');
CREATE TABLE unknown AS SELECT code, ST_SetSRID(geom, 0) AS geom FROM clean WHERE zone_id < 20;
SELECT * FROM georisk.check_zones('unknown');
CREATE TABLE swapped AS SELECT code, ST_SetSRID(geom, 4326) AS geom FROM clean WHERE zone_id < 2;
SELECT severity, problem, zone FROM georisk.check_zones('swapped');

-- Columns: named, missing, of another type, none.
SELECT * FROM georisk.check_zones('clean', code_column => 'kode');
SELECT * FROM georisk.check_zones('expected');
SELECT * FROM georisk.check_zones('expected', geom_column => 'severity');
SELECT * FROM georisk.check_zones('planted_degrees');
SELECT * FROM georisk.check_zones('clean', tolerance_m => -1);
SELECT * FROM georisk.check_zones('clean', min_area_m2 => 'NaN');
SELECT * FROM georisk.check_zones(NULL);
CREATE TABLE nothing (code text, geom geometry);
SELECT severity, problem, zone FROM georisk.check_zones('nothing');

-- Read with the rights of the caller, by whatever name.
CREATE SCHEMA "Odd ""schema""";
CREATE VIEW "Odd ""schema""".zone AS SELECT zone_id, code AS "The code", geom FROM clean WHERE zone_id < 1000 AND code <> '3/3';
SELECT problem, zone, other_zone, round(area_m2) AS area_m2 FROM georisk.check_zones('"Odd ""schema""".zone', code_column => 'The code', parent_column => '');
CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA georisk, check_zones_test TO regress_reader;
SET ROLE regress_reader;
SELECT * FROM georisk.check_zones('clean');
RESET ROLE;
REVOKE USAGE ON SCHEMA georisk, check_zones_test FROM regress_reader;
DROP ROLE regress_reader;
