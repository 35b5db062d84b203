-- A map keeps its zones simplified by bands of zoom: all levels, parents with a polygon of their own and without.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT * FROM georisk.zone_shape_bands();
SELECT georisk.create_map('regress_shapes', 'vn_hcmc_2716_2021', srid => 32648, lang => 'en');
SET search_path = regress_shapes, public;
-- 12 × 12 groups of a kilometre with bent borders in a country of one city, which has districts of wards; only one
-- district and one ward have polygons, the ward's drawn anew.
CREATE FUNCTION pg_temp.bent(x double precision, y double precision) RETURNS geometry LANGUAGE sql IMMUTABLE
RETURN ST_Point(684000 + 1000 * x + 60 * sin(3 * x + 5 * y), 1190000 + 1000 * y + 60 * cos(7 * x - 2 * y), 32648);
CREATE FUNCTION pg_temp.block(x integer, y integer, size integer) RETURNS geometry LANGUAGE sql
RETURN (WITH side AS (SELECT generate_series(0, 10 * size - 1) / 10.0 AS s)
	SELECT ST_Multi(ST_MakePolygon(ST_MakeLine(pg_temp.bent(px, py) ORDER BY turn, s) )) FROM (
		SELECT 1 AS turn, s, x + s AS px, y + 0.0 AS py FROM side UNION ALL SELECT 2, s, x + size, y + s FROM side
		UNION ALL SELECT 3, s, x + size - s, y + size FROM side UNION ALL SELECT 4, s, x, y + size - s FROM side UNION ALL SELECT 5, 0, x, y) ring);
CREATE FUNCTION pg_temp.load() RETURNS void LANGUAGE sql AS $$
	INSERT INTO zone (code, parent_code, level, geom) VALUES ('city', NULL, 'city', NULL), ('D0', 'city', 'district', pg_temp.block(0, 0, 6)),
		('D1', 'city', 'district', 'SRID=32648;MULTIPOLYGON EMPTY'), ('D2', 'city', 'district', NULL), ('D3', 'city', 'district', NULL);
	INSERT INTO zone (code, parent_code, level, geom)
	SELECT format('W%s', w), format('D%s', w / 8 * 2 + w % 4 / 2), 'ward', CASE w WHEN 15 THEN ST_Multi(ST_Buffer(pg_temp.block(9, 9, 3), 8, 'join=mitre')) END FROM generate_series(0, 15) w;
	INSERT INTO zone (code, parent_code, level, geom)
	SELECT format('G%s/%s', x, y), format('W%s', x / 3 + y / 3 * 4), 'group', pg_temp.block(x, y, 1) FROM generate_series(0, 11) x, generate_series(0, 11) y;
$$;
SELECT pg_temp.load();
SELECT georisk.activate_zones('regress_shapes', '2021-06-01');
CREATE TEMP VIEW drawn AS
SELECT z.zone_id, z.zone_set_id, z.level, coalesce(u.geom, z.geom) AS geom FROM zone z LEFT JOIN zone_union u USING (zone_id);
SELECT b.max_zoom, d.level, count(*) AS zones, count(s.geom) AS shapes, bool_and(ST_IsValid(s.geom)) AS valid,
	bool_and(ST_HausdorffDistance(ST_Boundary(s.geom), ST_Boundary(d.geom)) <= b.tolerance_m) AS within, sum(ST_NPoints(s.geom)) < sum(ST_NPoints(d.geom)) AS fewer
FROM georisk.zone_shape_bands() b CROSS JOIN drawn d LEFT JOIN zone_shape s USING (max_zoom, zone_id) GROUP BY 1, 2 ORDER BY 1, min(d.zone_id);
-- parents are the sum of the groups below them, but for the ward that was drawn anew
SELECT count(*) AS parents, count(*) FILTER (WHERE ST_Area(ST_SymDifference(s.geom, c.geom)) > 1e-6) AS differ
FROM zone_shape s JOIN (SELECT s.max_zoom, a.ancestor_id AS zone_id, ST_Union(s.geom) AS geom FROM zone_ancestor a JOIN zone_shape s ON s.zone_id = a.zone_id GROUP BY 1, 2) c USING (max_zoom, zone_id);
-- the next set has its own, and the first keeps its
SELECT georisk.open_draft('regress_shapes', copy_zones => true) AS draft;
DELETE FROM zone WHERE zone_set_id = 2 AND code = 'G11/0';
SELECT georisk.activate_zones('regress_shapes', '2021-08-01');
SELECT z.zone_set_id, s.max_zoom, count(*) FROM zone_shape s JOIN zone z USING (zone_id) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS moved FROM zone_shape n JOIN zone z ON z.zone_id = n.zone_id AND z.zone_set_id = 2 JOIN zone o ON o.code = z.code AND o.zone_set_id = 1
JOIN zone_shape s ON s.zone_id = o.zone_id AND s.max_zoom = n.max_zoom WHERE s.geom::bytea <> n.geom::bytea AND z.code ~ '^G[0-5]/';
SET search_path = public;
DROP SCHEMA regress_shapes CASCADE;
