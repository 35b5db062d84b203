-- The demo's 874 groups; 2,000,000 points at random in their box; the same south of the equator; as many of which 90 % lie in groups, in
-- all of them or in 5 %; 6,000,000 points; 24,330 zones of a city; a line list of 171,000 small areas.
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

SELECT setseed(0.2716) \g /dev/null
CREATE TABLE point AS
SELECT ST_SetSRID(ST_MakePoint(ST_XMin(box) + random() * (ST_XMax(box) - ST_XMin(box)),
	ST_YMin(box) + random() * (ST_YMax(box) - ST_YMin(box))), 4326) AS geom, date '2021-06-01' + (152 * random())::integer AS day
FROM (SELECT ST_Extent(geom) AS box FROM zone) AS extent, generate_series(1, 2000000);
CREATE TABLE placed_point AS SELECT zones -> geom AS zone_id, day FROM zone_set, point;
CREATE TABLE tenth AS SELECT * FROM point LIMIT 200000;
CREATE TABLE indexed_point AS SELECT * FROM point;
CREATE INDEX ON indexed_point USING gist (geom);

CREATE TABLE spread_point AS
SELECT geom, day FROM (
	(SELECT geom, day FROM point, zone_set, generate_series(1, 2) WHERE geom <@ zones LIMIT 1800000)
	UNION ALL
	(SELECT geom, day FROM point LIMIT 200000)) AS placed
ORDER BY random();
-- crowded into every 20th group: by area, as the others, and as many into each, so that more lie in small groups and near borders
CREATE FUNCTION pg_temp.crowd(evenly boolean) RETURNS TABLE (geom geometry, day date) LANGUAGE sql AS $$
	SELECT geom, day FROM (
		SELECT (ST_Dump(ST_GeneratePoints(geom, (1800000 * share)::integer, zone_id))).geom, date '2021-06-01' + (152 * random())::integer AS day
		FROM (SELECT zone_id, geom, CASE WHEN evenly THEN 1.0 / count(*) OVER () ELSE ST_Area(geom) / sum(ST_Area(geom)) OVER () END AS share
			  FROM zone WHERE zone_id % 20 = 0) AS chosen
		UNION ALL
		(SELECT geom, day FROM point LIMIT 200000)) AS crowd
	ORDER BY random()
$$;
CREATE TABLE crowded_point AS SELECT * FROM pg_temp.crowd(false);
CREATE TABLE evenly_crowded_point AS SELECT * FROM pg_temp.crowd(true);
-- more than a quarter of the bench's shared_buffers: PostgreSQL reads such a table through a few buffers of its own
CREATE TABLE long_point AS SELECT geom, day FROM point, generate_series(1, 3) ORDER BY random();

CREATE TABLE south_zone AS SELECT zone_id, ST_Affine(geom, 1, 0, 0, -1, 0, 0) AS geom FROM zone;
CREATE TABLE bare_south_piece AS SELECT zone_id, ST_Subdivide(geom, 16) AS geom FROM south_zone;
CREATE TABLE south_set AS SELECT zone_index_agg(zone_id, geom) AS zones FROM south_zone;
CREATE TABLE south_point AS SELECT ST_Affine(geom, 1, 0, 0, -1, 0, 0) AS geom, day FROM point;
CREATE INDEX ON south_point USING gist (geom);

CREATE TABLE report AS
SELECT (random() * 170999)::integer AS area, date '2021-01-01' + (364 * random())::integer AS day FROM generate_series(1, 2000000);

\set zones city_zone
\set columns 165
\set rows 148
\ir zones.sql
DELETE FROM city_zone WHERE zone_id > 24330;
CREATE TABLE city_set AS SELECT zone_index_agg(zone_id, geom) AS zones FROM city_zone;
CREATE TABLE city_point AS
SELECT ST_SetSRID(ST_MakePoint(106 + 0.003 * 165 * random(), 10 + 0.003 * 148 * random()), 4326) AS geom, date '2021-06-01' + (152 * random())::integer AS day
FROM generate_series(1, 2000000);
CREATE TABLE placed_city_point AS SELECT zones -> geom AS zone_id, day FROM city_set, city_point;
VACUUM ANALYZE;
