-- zone_shapes: fewer vertices, and nothing else changes: no gap, no overlap, the same neighbours, parts and holes.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA zone_shapes_test;
SET search_path = zone_shapes_test, public, georisk;

-- 40 × 40 plots of 25 m, bent, each given to one of 40 zones: ragged borders that meet in corners, zones in parts,
-- enclaves, a lake (plots of nobody), and islands in it.
CREATE FUNCTION spot(x integer, y integer) RETURNS geometry LANGUAGE sql IMMUTABLE
RETURN ST_Point(684000 + 25 * x + 9 * sin(x * 0.9 + y * 1.7), 1190000 + 25 * y + 9 * cos(x * 1.3 - y * 0.8), 32648);
CREATE TABLE plot AS
SELECT x, y, CASE
	WHEN (x, y) IN ((30, 30), (33, 31)) THEN 41                                 -- islands, one zone in two parts
	WHEN (x - 31) ^ 2 + (y - 31) ^ 2 < 20 THEN NULL                             -- the lake
	WHEN x BETWEEN 8 AND 10 AND y BETWEEN 8 AND 9 THEN 42                       -- an enclave
	ELSE (SELECT i FROM generate_series(1, 40) i
		  ORDER BY (x - (i * 0.6180339887 % 1) * 40) ^ 2 + (y - (i * 0.7548776662 % 1) * 40) ^ 2 + (x * 7919 + y * 104729 + i * 31) % 23, i LIMIT 1)
	END AS zone_id, ST_MakePolygon(ST_MakeLine(ARRAY[spot(x, y), spot(x + 1, y), spot(x + 1, y + 1), spot(x, y + 1), spot(x, y)])) AS geom
FROM generate_series(0, 39) x, generate_series(0, 39) y;
CREATE TABLE zone AS SELECT zone_id, ST_Multi(ST_Union(geom)) AS geom FROM plot WHERE zone_id IS NOT NULL GROUP BY 1;
CREATE TABLE ward AS SELECT 100 + zone_id % 4 AS zone_id, ST_Multi(ST_Union(geom)) AS geom FROM zone GROUP BY 1;
CREATE TABLE index AS SELECT zone_index_agg(zone_id, geom) AS zones, (SELECT zone_index_agg(zone_id, geom) FROM ward) AS wards FROM zone;
SELECT count(*), bool_or(ST_NumGeometries(geom) > 1) AS in_parts, sum(ST_NRings(geom) - ST_NumGeometries(geom)) > 5 AS holes, sum(ST_NPoints(geom)) > 1500 AS vertices FROM zone;

CREATE TABLE shape AS
SELECT t AS tolerance, s.* FROM index, unnest(ARRAY[0, 3, 10, 40, 200, 5000]) t, zone_shapes(zones, t, wards) s;
-- each zone: there, valid, with its parts and holes, within the tolerance
SELECT tolerance, count(*) AS zones, bool_and(ST_IsValid(s.geom) AND GeometryType(s.geom) = 'MULTIPOLYGON' AND ST_SRID(s.geom) = 32648) AS valid,
	bool_and(ST_NumGeometries(s.geom) = ST_NumGeometries(z.geom) AND ST_NRings(s.geom) = ST_NRings(z.geom)) AS parts,
	bool_and(ST_HausdorffDistance(ST_Boundary(s.geom), ST_Boundary(z.geom)) <= tolerance + 1e-6) AS within,
	sum(ST_NPoints(s.geom)) <= lag(sum(ST_NPoints(s.geom)), 1, sum(ST_NPoints(z.geom))) OVER (ORDER BY tolerance) AS fewer
FROM shape s JOIN (TABLE zone UNION ALL TABLE ward) z USING (zone_id) GROUP BY 1 ORDER BY 1;
SELECT count(*) AS as_they_were FROM shape s JOIN zone z USING (zone_id) WHERE tolerance = 0 AND ST_Equals(s.geom, z.geom);
-- all together: no overlap, no gap but the lakes, the same pairs touch
SELECT s.tolerance, abs(s.parts / s.whole - 1) < 1e-9 AS no_overlap, s.holes = w.holes AS no_gap,
	(SELECT count(*) FROM zone_neighbours(zones) o FULL JOIN zone_neighbours(s.index) n USING (zone_id, neighbour_id)
	 WHERE (o.shared_m > 0) IS DISTINCT FROM (n.shared_m > 0)) AS pairs_differ
FROM (SELECT tolerance, sum(ST_Area(geom)) AS parts, ST_Area(ST_Union(geom)) AS whole, ST_NRings(ST_Union(geom)) AS holes, zone_index_agg(zone_id, geom) AS index
	  FROM shape WHERE zone_id < 100 GROUP BY 1) s, (SELECT ST_NRings(ST_Union(geom)) AS holes FROM zone) w, index ORDER BY 1;
-- a ward is the sum of its zones, vertex by vertex
SELECT s.tolerance, max(ST_Area(ST_SymDifference(s.geom, w.geom))) AS apart, max(ST_HausdorffDistance(ST_Boundary(s.geom), ST_Boundary(w.geom))) AS moved
FROM shape s JOIN (SELECT tolerance, 100 + zone_id % 4 AS zone_id, ST_Union(geom) AS geom FROM shape WHERE zone_id < 100 GROUP BY 1, 2) w USING (tolerance, zone_id) GROUP BY 1 ORDER BY 1;
-- the same whatever the numbers, the order, or the way round
SELECT count(*) FILTER (WHERE a.geom::bytea = b.geom::bytea) AS same
FROM (SELECT z.* FROM (SELECT zone_index_agg(5000 - 7 * zone_id, ST_Reverse(geom) ORDER BY md5(zone_id::text)) AS zones FROM zone) i, zone_shapes(zones, 40) z) a
JOIN (SELECT z.* FROM (SELECT zone_index_agg(zone_id, geom) AS zones FROM zone) i, zone_shapes(zones, 40) z) b ON a.zone_id = 5000 - 7 * b.zone_id;
-- in degrees: the tolerance is metres there, too
SELECT bool_and(ST_IsValid(s.geom) AND ST_SRID(s.geom) = 4326) AS valid,
	bool_and(ST_HausdorffDistance(ST_Boundary(ST_Transform(s.geom, 32648)), ST_Boundary(z.geom)) <= 40.2) AS within, sum(ST_NPoints(s.geom)) < sum(ST_NPoints(z.geom)) AS fewer
FROM (SELECT s.* FROM (SELECT zone_index_agg(zone_id, ST_Transform(geom, 4326)) AS zones FROM zone) i, zone_shapes(zones, 40) s) s JOIN zone z USING (zone_id);

-- What would jump over a border, or vanish: an island in a bay, an enclave at a spit, a hole that touches its shell, a lens.
CREATE TABLE odd (zone_id integer, geom geometry);
INSERT INTO odd VALUES
	(0, 'POLYGON((0 -50, 100 -50, 100 0, 0 0, 0 -50))'),
	(1, 'POLYGON((0 0, 100 0, 100 100, 55 100, 55 20, 45 20, 45 100, 0 100, 0 0))'), (2, 'POLYGON((48 40, 52 40, 52 44, 48 44, 48 40))'),
	(3, 'POLYGON((200 0, 300 0, 300 100, 250 105, 200 100, 200 0), (250 102, 252 104, 248 104, 250 102))'), (4, 'POLYGON((250 102, 252 104, 248 104, 250 102))'),
	(5, 'POLYGON((400 0, 500 0, 500 100, 400 100, 400 0), (400 0, 440 50, 430 60, 400 0))'), (6, 'POLYGON((400 0, 440 50, 430 60, 400 0))'),
	(7, 'POLYGON((600 0, 650 10, 700 0, 650 5, 600 0))'), (8, 'POLYGON((600 0, 650 5, 700 0, 650 -40, 600 0))'),
	(9, 'MULTIPOLYGON(((800 0, 850 0, 850 50, 840 55, 800 50, 800 0)), ((850 50, 900 50, 900 100, 850 100, 850 50)))'),
	(10, 'MULTIPOLYGON(((1000 0, 1050 -30, 1100 0, 1050 -20, 1000 0)), ((1000 0, 1050 -10, 1100 0, 1050 20, 1000 0)))');
CREATE TABLE odd_shape AS SELECT t, s.* FROM (SELECT zone_index_agg(zone_id, geom) AS zones FROM odd) i, unnest(ARRAY[4, 20, 1000]) t, zone_shapes(zones, t) s;
SELECT t, count(*) FILTER (WHERE ST_IsValid(s.geom)) AS valid, sum(ST_NPoints(s.geom)) AS vertices,
	bool_and(ST_NumGeometries(s.geom) = ST_NumGeometries(z.geom) AND ST_NRings(s.geom) = ST_NRings(z.geom)) AS parts,
	round(sum(ST_Area(s.geom)) - ST_Area(ST_Union(s.geom))) AS overlap, round(max(ST_HausdorffDistance(s.geom, z.geom))::numeric, 1) AS moved
FROM odd_shape s JOIN odd z USING (zone_id) GROUP BY 1 ORDER BY 1;
SELECT zone_id, ST_AsText(geom) FROM odd_shape WHERE t = 1000 ORDER BY 1;

-- Borders drawn twice: each zone stays valid and within the tolerance of its own, and keeps its form where that is smaller than the tolerance.
CREATE TABLE by_hand AS
SELECT zone_id, ST_Translate(geom, zone_id % 3 - 1, zone_id % 5 - 2) AS geom FROM zone;
SELECT count(*) AS zones, bool_and(ST_IsValid(s.geom)) AS valid, bool_and(ST_HausdorffDistance(ST_Boundary(s.geom), ST_Boundary(z.geom)) <= 40) AS within, sum(ST_NPoints(s.geom)) < sum(ST_NPoints(z.geom)) AS fewer
FROM (SELECT zone_index_agg(zone_id, geom) AS zones FROM by_hand) i, zone_shapes(zones, 40) s JOIN by_hand z USING (zone_id);
CREATE TABLE island AS
SELECT i AS zone_id, ST_Buffer(ST_Point(684000 + 100 * i, 1190000, 32648), i) AS geom FROM generate_series(1, 40) i;
SELECT count(*) AS islands, bool_and(ST_IsValid(s.geom)) AS valid, min(ST_Area(s.geom) / ST_Area(z.geom)) > 0.6 AS form_kept, max(ST_NPoints(s.geom)) < 10 AS few
FROM (SELECT zone_index_agg(zone_id, geom) AS zones FROM island) i, zone_shapes(zones, 1000) s JOIN island z USING (zone_id);

SELECT count(*) FROM zone_shapes(NULL, 5);
SELECT count(*) FROM index, zone_shapes(zones, NULL);
SELECT count(*) FROM index, zone_shapes(zones, -1);
SELECT count(*) FROM index, zone_shapes(zones, 'NaN');
SELECT count(*) FROM index, zone_shapes(zones, 5, (SELECT zone_index_agg(zone_id, geom) FROM odd));
DROP SCHEMA zone_shapes_test CASCADE;
