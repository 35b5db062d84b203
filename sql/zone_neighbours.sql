-- zone_neighbours: who touches whom, exactly; over how long a border, in metres; and who nearly does.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA zone_neighbours_test;
SET search_path = zone_neighbours_test, public, georisk;

-- Bricks of 0.001 degrees: rows are shifted by half a brick, so that sides overlap in part
-- and no two zones share but a corner.
CREATE TABLE zone AS
SELECT 10 * i + j AS zone_id, ST_MakeEnvelope(106.7 + 0.001 * i + 0.0005 * (j % 2), 10.7 + 0.001 * j,
	106.7 + 0.001 * (i + 1) + 0.0005 * (j % 2), 10.7 + 0.001 * (j + 1), 4326) AS geom
FROM generate_series(0, 5) AS i, generate_series(0, 5) AS j;

CREATE FUNCTION index_of(relation text, OUT zones zone_index) LANGUAGE plpgsql AS
$$BEGIN EXECUTE format('SELECT zone_index_agg(zone_id, geom) FROM %I', relation) INTO zones; END$$;

CREATE VIEW near AS SELECT * FROM zone_neighbours(index_of('zone'));
SELECT zone_id, neighbour_id, round(shared_m) AS shared_m, gap_m FROM near WHERE zone_id IN (0, 22) ORDER BY 1, 2;
SELECT count(*) AS pairs, bool_and(shared_m > 0) AS no_corners,
	bool_and(EXISTS (SELECT FROM near AS o WHERE (o.zone_id, o.neighbour_id, o.shared_m, o.gap_m) = (n.neighbour_id, n.zone_id, n.shared_m, n.gap_m))) AS symmetric,
	array_agg((zone_id, neighbour_id)) = array_agg((zone_id, neighbour_id) ORDER BY zone_id, neighbour_id) AS ordered
FROM near AS n;

-- PostGIS agrees: in degrees, in metres, in feet.
CREATE FUNCTION disagreements(relation text) RETURNS TABLE (pairs bigint, pair bigint, shared bigint, furthest_off text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		WITH ours AS (SELECT * FROM zone_neighbours(index_of(%1$L))),
		theirs AS (
			SELECT a.zone_id, b.zone_id AS neighbour_id, CASE
				WHEN metres_per_unit(ST_SRID(a.geom)) IS NULL THEN ST_Length(ST_Intersection(a.geom, b.geom)::geography)
				ELSE ST_Length(ST_Intersection(a.geom, b.geom)) * metres_per_unit(ST_SRID(a.geom)) END AS shared_m
			FROM %1$I AS a JOIN %1$I AS b ON a.zone_id <> b.zone_id AND ST_Intersects(a.geom, b.geom))
		SELECT count(*), count(*) FILTER (WHERE o.zone_id IS NULL OR t.zone_id IS NULL),
			count(*) FILTER (WHERE abs(o.shared_m - t.shared_m) > 0.001 * t.shared_m + 1e-6),
			CASE WHEN max(abs(o.shared_m - t.shared_m) / nullif(t.shared_m, 0)) < 0.001 THEN 'under 0.1 %%' END
		FROM ours AS o FULL JOIN theirs AS t USING (zone_id, neighbour_id)$q$, relation);
END$$;
SELECT * FROM disagreements('zone');
CREATE TABLE metric AS SELECT i AS zone_id, ST_MakeEnvelope(685000 + 8 * (i % 7), 1190000 + 16 * (i / 7), 685008 + 8 * (i % 7), 1190016 + 16 * (i / 7), 32648) AS geom
FROM generate_series(0, 48) AS i;
SELECT * FROM disagreements('metric');
CREATE TABLE feet AS SELECT zone_id, ST_SetSRID(geom, 2263) AS geom FROM metric;
SELECT * FROM disagreements('feet');
SELECT round(shared_m::numeric, 4) AS shared_m FROM zone_neighbours(index_of('feet')) WHERE (zone_id, neighbour_id) = (0, 7);


-- Crooked cells near the poles, at the equator and in metres: the same pairs, lengths and gaps.
CREATE FUNCTION cells(x double precision, y double precision, size double precision, srid integer)
RETURNS TABLE (zone_id integer, geom geometry) LANGUAGE sql AS $$
	SELECT n::integer, ST_SetSRID(geom, srid)
	FROM ST_Dump(ST_VoronoiPolygons((SELECT ST_Collect(ST_Point(
		x + size * (i + ((i * 7919 + j * 104729) % 97) / 150.0), y + size * (j + ((i * 15485863 + j * 32452843) % 89) / 150.0)))
		FROM generate_series(0, 9) AS i, generate_series(0, 9) AS j))) WITH ORDINALITY AS d (path, geom, n)
$$;
CREATE TABLE north AS SELECT * FROM cells(20, 65, 0.01, 4326);
CREATE TABLE south AS SELECT * FROM cells(-70, -55, 0.01, 4326);
CREATE TABLE equator AS SELECT * FROM cells(-0.05, -0.05, 0.01, 4326);
CREATE TABLE plane AS SELECT * FROM cells(685000, 1190000, 300, 32648);
SELECT tiling, d.* FROM unnest(ARRAY['north', 'south', 'equator', 'plane']) AS tiling, disagreements(tiling) AS d;

-- With a tolerance: cells drawn 2 m too small on every side touch nobody, and see their neighbours 4 m away.
CREATE TABLE drawn AS SELECT zone_id, ST_Buffer(geom, -2, 'join=mitre') AS geom FROM plane;
CREATE TABLE drawn_north AS SELECT zone_id, ST_Transform(ST_Buffer(ST_Transform(geom, 32634), -2, 'join=mitre'), 4326) AS geom FROM north;
SELECT count(*) AS touching FROM zone_neighbours(index_of('drawn'));
SELECT count(*) AS within_3_9_m FROM zone_neighbours(index_of('drawn'), 3.9);
WITH ours AS (SELECT * FROM zone_neighbours(index_of('drawn'), 10)),
theirs AS (SELECT a.zone_id, b.zone_id AS neighbour_id, ST_Distance(a.geom, b.geom) AS gap_m
	FROM drawn AS a JOIN drawn AS b ON a.zone_id <> b.zone_id AND ST_DWithin(a.geom, b.geom, 10))
SELECT count(*) > 400 AS many, count(*) FILTER (WHERE o.zone_id IS NULL OR t.zone_id IS NULL) AS disagree, max(abs(o.gap_m - t.gap_m)) < 1e-6 AS gaps_agree
FROM ours AS o FULL JOIN theirs AS t USING (zone_id, neighbour_id);
WITH ours AS (SELECT * FROM zone_neighbours(index_of('drawn_north'), 10)),
theirs AS (SELECT a.zone_id, b.zone_id AS neighbour_id, ST_Distance(a.geom::geography, b.geom::geography) AS gap_m
	FROM drawn_north AS a JOIN drawn_north AS b ON a.zone_id <> b.zone_id AND a.geom && ST_Expand(b.geom, 0.001)
	WHERE ST_DWithin(a.geom::geography, b.geom::geography, 10))
SELECT count(*) > 400 AS many, count(*) FILTER (WHERE o.zone_id IS NULL OR t.zone_id IS NULL) AS disagree, max(abs(o.gap_m - t.gap_m)) < 0.01 AS gaps_agree
FROM ours AS o FULL JOIN theirs AS t USING (zone_id, neighbour_id);
-- What faces the other within 5 m is the common side but for its ends (far ends where corners are sharp), and no
-- corner becomes a side.
SELECT count(*) > 400 AS many, bool_and(d.shared_m - t.shared_m BETWEEN -25 AND 5) AS as_long
FROM zone_neighbours(index_of('drawn'), 5) AS d JOIN zone_neighbours(index_of('plane')) AS t USING (zone_id, neighbour_id)
WHERE t.shared_m > 20;
SELECT zone_id, neighbour_id, shared_m, gap_m FROM zone_neighbours(index_of('metric'), 1) WHERE zone_id = 8;

-- The neighbours do not depend on the order of zones, and 0, one or many times the same index may be asked.
SELECT (SELECT array_agg(n) FROM zone_neighbours(index_of('plane'), 5) AS n)
	= (SELECT array_agg(n) FROM (SELECT zone_index_agg(zone_id, ST_Reverse(geom) ORDER BY zone_id DESC) AS zones FROM plane) AS z, zone_neighbours(zones, 5) AS n) AS same;
SELECT count(*) FROM zone_neighbours(NULL);

-- Lengths need a unit; SRID 0 is taken as metres.
SELECT srid, metres_per_unit(srid) FROM unnest(ARRAY[0, 4326, 4979, 32648, 3405, 2263, 2225]) AS srid;
SELECT metres_per_unit(4807);
SELECT metres_per_unit(999);
CREATE TABLE unknown AS SELECT zone_id, ST_SetSRID(geom, 999) AS geom FROM metric;
SELECT * FROM zone_neighbours(index_of('unknown'));
UPDATE unknown SET geom = ST_SetSRID(geom, 0);
SELECT sum(shared_m), srid(index_of('unknown')) FROM zone_neighbours(index_of('unknown'));
SELECT * FROM zone_neighbours(index_of('metric'), -1);
SELECT * FROM zone_neighbours(index_of('metric'), 'NaN');
SELECT * FROM zone_neighbours(index_of('metric'), 'infinity');
