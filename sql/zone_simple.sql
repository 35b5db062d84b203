-- Which polygons are zones: those that PostGIS calls valid, and no others, whoever of us and GEOS decides it.
CREATE SCHEMA zone_simple;
SET search_path = zone_simple, public, georisk;
SET client_min_messages = warning;

CREATE FUNCTION is_zone(zone geometry) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN zone_index_agg(1, zone) IS NOT NULL;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$$;
CREATE FUNCTION ring(points geometry[]) RETURNS geometry LANGUAGE sql AS 'SELECT ST_MakeLine(points || points[1])';

-- rings through random points of a small lattice, so that edges cross, touch, lie upon each other and turn back
SELECT setseed(0.4711);
CREATE TABLE drawn AS
SELECT k, ring(array_agg(ST_MakePoint(floor(random() * size), floor(random() * size)))) AS line
FROM generate_series(1, 3000) k, LATERAL (SELECT 3 + k % 4 AS corners, 3 + k % 5 AS size) s, LATERAL generate_series(1, corners) i
GROUP BY k;
-- stars, whose corners go round: mostly valid
INSERT INTO drawn
SELECT 10000 + k, ring(array_agg(ST_MakePoint(8 * cos(i * 2 * pi() / corners) * (0.3 + 0.7 * random()), 8 * sin(i * 2 * pi() / corners) * (0.3 + 0.7 * random())) ORDER BY i))
FROM generate_series(1, 500) k, LATERAL (SELECT 4 + k % 30 AS corners) s, LATERAL generate_series(1, corners) i
GROUP BY k;
CREATE TABLE tried AS SELECT 'ring' AS kind, ST_MakePolygon(line) AS zone FROM drawn;
-- with holes: a block with two small rings, inside it, across its border or upon each other
INSERT INTO tried
SELECT 'holes', ST_MakePolygon(ring(ARRAY[ST_MakePoint(0, 0), ST_MakePoint(6, 0), ST_MakePoint(6, 6), ST_MakePoint(0, 6)]),
    ARRAY[ST_Translate(square, floor(random() * 7), floor(random() * 7)), ST_Translate(square, floor(random() * 7), floor(random() * 7))])
FROM generate_series(1, 600) k, LATERAL (SELECT ring(ARRAY[ST_MakePoint(0.1, 0.2), ST_MakePoint(1 + k % 3 * 0.4, 0.2), ST_MakePoint(1, 1)]) AS square) s;
-- in parts: three polygons, one with a lake, apart, touching, upon each other or in the lake
INSERT INTO tried
SELECT 'parts', ST_Collect(ARRAY[ST_MakePolygon(ring(ARRAY[ST_MakePoint(0, 0), ST_MakePoint(4, 0), ST_MakePoint(4, 4), ST_MakePoint(0, 4)]),
        ARRAY[ring(ARRAY[ST_MakePoint(1, 1), ST_MakePoint(1, 3), ST_MakePoint(3, 3), ST_MakePoint(3, 1)])]),
    ST_MakePolygon(ST_Translate(small, floor(random() * 14) / 2, floor(random() * 14) / 2)), ST_MakePolygon(ST_Translate(small, floor(random() * 14) / 2, floor(random() * 14) / 2))])
FROM generate_series(1, 600) k, LATERAL (SELECT ring(ARRAY[ST_MakePoint(0, 0), ST_MakePoint(0.5 + k % 2, 0), ST_MakePoint(0.25, 1)]) AS small) s;

SELECT kind, count(*) FILTER (WHERE ST_IsValid(zone)) > 100 AS many_valid, count(*) FILTER (WHERE NOT ST_IsValid(zone)) > 100 OR kind = 'ring' AS many_invalid,
       count(*) FILTER (WHERE is_zone(zone) <> ST_IsValid(zone)) AS differing,
       count(*) FILTER (WHERE is_zone(ST_Reverse(zone)) <> ST_IsValid(zone)) AS differing_reversed
FROM tried GROUP BY kind ORDER BY kind;

-- points said twice, corners in the middle of a straight border, a hole that touches its shell
SELECT name, is_zone(zone), ST_IsValid(zone)
FROM (VALUES ('a point said twice', 'POLYGON((0 0,2 0,2 0,2 2,0 0))'::geometry), ('straight corners', 'POLYGON((0 0,1 0,2 0,2 1,2 2,1 1,0 0))'),
             ('a spike', 'POLYGON((0 0,2 0,2 2,2 3,2 2,0 2,0 0))'), ('back along itself', 'POLYGON((0 0,3 0,1 0,1 2,0 0))'),
             ('a hole in a corner', 'POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,1 2,2 1,0 0))'), ('a hole from side to side', 'POLYGON((0 0,4 0,4 4,0 4,0 0),(0 1,4 2,0 3,0 1))'),
             ('the hole first', 'POLYGON((1 1,2 1,2 2,1 1),(0 0,9 0,9 9,0 0))'), ('an island in a lake', 'MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1)),((2 2,3 2,3 3,2 2)))'),
             ('a lake in an island in a lake', 'MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1)),((2 2,7 2,7 7,2 2),(4 3,6 3,6 4,4 3)))')) v(name, zone);

-- a border of 200,000 corners, and ten thousand parts
CREATE TABLE large AS
SELECT 1 AS zone_id, ST_MakePolygon(ring(array_agg(ST_MakePoint(cos(i * 2 * pi() / 200000) * (1 + 0.001 * sin(i * 0.37)), sin(i * 2 * pi() / 200000) * (1 + 0.001 * sin(i * 0.37))) ORDER BY i))) AS zone
FROM generate_series(1, 200000) i;
INSERT INTO large SELECT 2, ST_Collect(ST_MakeEnvelope(i, j + 2, i + 0.5, j + 2.5) ORDER BY i, j) FROM generate_series(0, 99) i, generate_series(0, 99) j;
SELECT bool_and(index -> point = wanted) AS right
FROM (SELECT zone_index_agg(zone_id, zone) AS index FROM large OFFSET 0) l,
     (VALUES (1, ST_MakePoint(0, 0)), (1, ST_MakePoint(0.7, -0.7)), (2, ST_MakePoint(42.25, 44.25)), (2, ST_MakePoint(0, 2))) p(wanted, point);

DROP SCHEMA zone_simple CASCADE;
