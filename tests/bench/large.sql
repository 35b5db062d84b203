-- 171,000 zones of 60 corners, 10,000,000 points in no order, as many of which 90 % lie in 5 % of the zones; some of both for PostGIS.
SET client_min_messages = warning;
CREATE EXTENSION postgis;
CREATE EXTENSION georisk;
SET search_path = public, georisk;
\set zones zone
\set columns 450
\set rows 380
\ir zones.sql
CREATE INDEX ON zone USING gist (geom);
SELECT setseed(0.2716) \g /dev/null
CREATE TABLE point AS
SELECT ST_SetSRID(ST_MakePoint(106 + 1.35 * random(), 10 + 1.14 * random()), 4326) AS geom, date '2021-06-01' + (152 * random())::integer AS day
FROM generate_series(1, 10000000);
CREATE TABLE crowded_point AS
SELECT ST_SetSRID(ST_MakePoint(CASE WHEN n % 10 = 0 THEN 106 + 1.35 * random() ELSE 106.5 + 0.3 * random() END,
	CASE WHEN n % 10 = 0 THEN 10 + 1.14 * random() ELSE 10.5 + 0.2565 * random() END), 4326) AS geom, date '2021-06-01' + (152 * random())::integer AS day
FROM generate_series(1, 10000000) n;
CREATE TABLE some_point AS SELECT * FROM point LIMIT 100000;
CREATE TABLE indexed_point AS SELECT * FROM point LIMIT 2000000;
CREATE INDEX ON indexed_point USING gist (geom);
CREATE TABLE report AS
SELECT (random() * 170999)::integer AS area, date '2021-01-01' + (364 * random())::integer AS day FROM generate_series(1, 2000000);
CREATE TABLE zone_set (zones zone_index);
VACUUM ANALYZE;
