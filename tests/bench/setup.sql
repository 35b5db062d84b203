-- The demo's 874 groups, 2,000,000 points at random in their box, and a line list of 171,000 small areas.
SET client_min_messages = warning;
CREATE EXTENSION postgis;
CREATE EXTENSION georisk;
SET search_path = public, georisk;

CREATE TEMP TABLE given (code text, name text, parent_code text, level text, population integer, households integer, wkt text);
\copy given FROM pstdin CSV HEADER
CREATE TABLE zone AS
SELECT row_number() OVER (ORDER BY code)::integer AS zone_id, ST_GeomFromText(wkt, 4326) AS geom FROM given WHERE level = 'group';
CREATE TABLE bare_zone AS SELECT * FROM zone;
CREATE INDEX ON zone USING gist (geom);
CREATE TABLE piece AS SELECT zone_id, ST_Subdivide(geom, 16) AS geom FROM zone;
CREATE TABLE bare_piece AS SELECT * FROM piece;
CREATE INDEX ON piece USING gist (geom);
CREATE TABLE zone_set AS SELECT zone_index_agg(zone_id, geom) AS zones FROM zone;

SELECT setseed(0.2716);
CREATE TABLE point AS
SELECT ST_SetSRID(ST_MakePoint(ST_XMin(box) + random() * (ST_XMax(box) - ST_XMin(box)),
	ST_YMin(box) + random() * (ST_YMax(box) - ST_YMin(box))), 4326) AS geom, date '2021-06-01' + (150 * random())::integer AS day
FROM (SELECT ST_Extent(geom) AS box FROM zone) AS extent, generate_series(1, 2000000);
CREATE TABLE placed_point AS SELECT zones -> geom AS zone_id, day FROM zone_set, point;
CREATE TABLE tenth AS SELECT * FROM point LIMIT 200000;
CREATE TABLE indexed_point AS SELECT * FROM point;
CREATE INDEX ON indexed_point USING gist (geom);
CREATE TABLE report AS
SELECT (random() * 170999)::integer AS area, date '2021-01-01' + (364 * random())::integer AS day FROM generate_series(1, 2000000);
VACUUM ANALYZE;
