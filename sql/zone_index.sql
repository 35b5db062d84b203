-- Point location: every point goes to the lowest zone that holds it, borders included, and to no other;
-- the index is the same value however it was made; what is wrong gets an error that names the zone.
SET search_path = public, georisk;
SET extra_float_digits = 0; -- nothing may depend on it

-- 400 zones with shared, bent borders; ids descend. Every seventh has a hole, two lie over others.
CREATE FUNCTION corner(i integer, j integer) RETURNS geometry LANGUAGE sql IMMUTABLE AS
$$ SELECT ST_SetSRID(ST_MakePoint(106.68 + i * 0.002 + ((i * 7919 + j * 104729) % 1000) * 0.0000005,
                                  10.75 + j * 0.002 + ((i * 15485863 + j * 32452843) % 1000) * 0.0000005), 4326) $$;
CREATE TABLE block AS
SELECT 1000 - (i * 20 + j) AS zone_id, i, j,
       ST_MakePolygon(ST_MakeLine(ARRAY[corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1), corner(i, j)])) AS zone
  FROM generate_series(0, 19) i, generate_series(0, 19) j;
UPDATE block SET zone = ST_Difference(zone, ST_Buffer(ST_Centroid(zone), 0.0003, 2)) WHERE zone_id % 7 = 0;
UPDATE block SET zone = ST_Multi(zone) WHERE zone_id % 3 = 0;
INSERT INTO block VALUES
    (7, NULL, NULL, ST_Multi(ST_Union(ST_Buffer(corner(4, 4), 0.003, 3), ST_Buffer(corner(12, 7), 0.001, 3)))),
    (2000, NULL, NULL, ST_Buffer(corner(10, 10), 0.004, 4));
CREATE TABLE zones AS SELECT zone_index_agg(zone_id, zone) AS index FROM block;

-- random points, and hard ones: vertices, midpoints of edges, the doubles beside them
CREATE TABLE point (id serial, geom geometry(Point, 4326));
INSERT INTO point (geom)
SELECT ST_SetSRID(ST_MakePoint(106.675 + (k * 48271 % 65521) / 65521.0 * 0.05, 10.745 + (k * 69621 % 65519) / 65519.0 * 0.05), 4326)
  FROM generate_series(1, 20000) k;
INSERT INTO point (geom) SELECT (ST_DumpPoints(zone)).geom FROM block;
INSERT INTO point (geom)
SELECT ST_Translate(corner(i, j), dx * 1.42e-14, dy * 1.78e-15)
  FROM generate_series(0, 20) i, generate_series(0, 20) j, generate_series(-1, 1) dx, generate_series(-1, 1) dy;

-- the oracle is PostGIS, asked about each pair; it is exact to rounding, so points within rounding of a border are left out
CREATE INDEX ON block USING gist (zone);
SELECT count(*) AS points, bool_and(index -> geom IS NOT DISTINCT FROM first) AS lowest,
       bool_and(locate_all(index, geom) = coalesce(every, '{}')) AS all_of_them,
       bool_and(geom <@ index = (first IS NOT NULL)) AS any_of_them, count(first) > 10000 AS many_inside
  FROM zones, point p
 CROSS JOIN LATERAL (SELECT min(zone_id) AS first, array_agg(zone_id ORDER BY zone_id) AS every
                       FROM block WHERE ST_Covers(zone, geom)) oracle
 WHERE id <= 20000;
SELECT bool_and(index -> geom IS NOT DISTINCT FROM first) AS vertices_to_the_lowest
  FROM zones, point p
 CROSS JOIN LATERAL (SELECT min(zone_id) AS first FROM block WHERE ST_Covers(zone, geom)) oracle
 WHERE id > 20000 AND id <= 20000 + (SELECT sum(ST_NPoints(zone)) FROM block);
SELECT bool_and((index -> geom) = (locate_all(index, geom))[1] OR (index -> geom IS NULL AND locate_all(index, geom) = '{}')) AS twins_agree
  FROM zones, point;

-- the same bytes for the same zones: another order of rows, rings turned and started elsewhere, in parts
SELECT bool_and(record_image_eq(ROW(index), ROW(other))) AS same
  FROM zones, (SELECT zone_index_agg(zone_id, zone ORDER BY zone_id) FROM block
               UNION ALL SELECT zone_index_agg(zone_id, ST_Reverse(zone) ORDER BY zone_id % 11, zone_id) FROM block
               UNION ALL SELECT zone_index_agg(zone_id, ST_ForcePolygonCW(ST_Multi(zone))) FROM block
               UNION ALL SELECT zone_index_agg(zone_id, ST_Force4D(ST_Normalize(zone))) FROM block) o(other);
CREATE TABLE part (zone_id integer, zone geometry) PARTITION BY HASH (zone_id);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE part_2 PARTITION OF part FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO part SELECT zone_id, zone FROM block;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT zone_index_agg(zone_id, zone) FROM part;
SELECT record_image_eq(ROW(index), ROW((SELECT zone_index_agg(zone_id, zone) FROM part))) AS parallel_and_partitioned FROM zones;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;

-- as a window function the running state must stay whole
SELECT bool_and(record_image_eq(ROW(running), ROW(fresh))) AS running_values_hold
  FROM (SELECT zone_id, zone_index_agg(zone_id, zone) OVER (ORDER BY zone_id) AS running FROM block WHERE zone_id < 700) r
  CROSS JOIN LATERAL (SELECT zone_index_agg(zone_id, zone) AS fresh FROM block b WHERE b.zone_id <= r.zone_id) f;

-- there and back: text, binary, a column; nothing is stored compressed
SELECT record_image_eq(ROW(index::text::zone_index), ROW(index)) AS text_back, zone_index_equal(index, index) AS equal, index <> index AS unequal FROM zones;
CREATE TABLE copied (index zone_index);
\getenv server GEORISK_SERVER_DIR
\set file :server '/data/zone_index.copy'
COPY zones TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
SELECT record_image_eq(ROW(c.index), ROW(z.index)) AS binary_back FROM copied c, zones z;
SELECT attstorage FROM pg_attribute WHERE attrelid = 'zones'::regclass AND attname = 'index';
SELECT zone_index_agg(id, zone) AS text FROM (VALUES (2, 'SRID=4326;POLYGON((0 0,0 1,1 1,1 0,0 0))'::geometry), (-1, 'SRID=4326;POLYGON((1 0,2 0.1,1 1,1 0))')) v(id, zone);
SELECT 'SRID=0;ZONES(2,1);EDGES( 1 1 0 0 1+2|, 1 0 1 1 1+2|, 0 -0 1 0 1 + 2 | )'::zone_index AS two_over_one_another;
SELECT zone_ids(zone_index_agg(zone_id, zone)) FROM block WHERE zone_id > 995;
SELECT zone_index_agg(zone_id, zone) IS NULL AS nothing_from_nothing FROM block WHERE false;

-- partial states may travel as text: they are finished indexes then, and combine all the same
CREATE AGGREGATE join_indexes(zone_index) (SFUNC = zone_index_combine, STYPE = zone_index, FINALFUNC = zone_index_final);
CREATE AGGREGATE unfinished(integer, geometry) (SFUNC = zone_index_step, STYPE = zone_index);
SELECT join_indexes(part) = (SELECT index FROM zones) AS finished_parts, join_indexes(part::text::zone_index) = (SELECT index FROM zones) AS parts_as_text,
       join_indexes(half) = (SELECT index FROM zones) AS unfinished_parts,
       bool_and(half::text = part::text) AS same_text
  FROM (SELECT zone_index_agg(zone_id, zone) AS part, unfinished(zone_id, zone) AS half FROM block GROUP BY zone_id % 3) p;
SELECT unfinished(zone_id, zone) -> ST_SetSRID(ST_MakePoint(1, 1), 4326) FROM block;

-- every form in which PostGIS keeps a point
CREATE TABLE one AS SELECT zone_index_agg(9, ST_MakeEnvelope(0, 0, 10, 10, 4326)) AS index;
SELECT form, one.index -> point AS zone
  FROM one, (VALUES ('computed', ST_SetSRID(ST_MakePoint(1, 2), 4326)), ('with Z', 'SRID=4326;POINT Z (1 2 3)'), ('with M', 'SRID=4326;POINT M (1 2 3)'),
                    ('with Z and M', 'SRID=4326;POINT ZM (1 2 3 4)'), ('with a box', postgis_addbbox('SRID=4326;POINT(1 2)')),
                    ('in a multipoint', 'SRID=4326;MULTIPOINT(1 2)'), ('on a corner', 'SRID=4326;POINT(10 10)'), ('on a border', 'SRID=4326;POINT(-0 3)'),
                    ('outside', 'SRID=4326;POINT(1 11)'), ('empty', 'SRID=4326;POINT EMPTY'), ('empty with Z', 'SRID=4326;POINT Z EMPTY'),
                    ('empty multipoint', 'SRID=4326;MULTIPOINT EMPTY'), ('NaN', ST_SetSRID(ST_MakePoint('NaN', 1), 4326)),
                    ('infinite', ST_SetSRID(ST_MakePoint(1, '-infinity'), 4326)), ('no point', NULL)) v(form, point);
CREATE TABLE stored (form text, x boolean, point geometry);
INSERT INTO stored SELECT 'stored ' || k, CASE WHEN k > 1 THEN true END, ST_SetSRID(ST_MakePoint(k, k), 4326) FROM generate_series(1, 3) k;
SELECT form, pg_column_size(point), index -> point AS zone, point <@ index AS inside FROM one, stored;

-- one call site, many indexes, in memory and on disk
CREATE TABLE many AS SELECT i AS id, zone_index_agg(i * 100 + k, ST_MakeEnvelope(k, 0, k + 1, 1, 0)) AS index FROM generate_series(1, 5) i, generate_series(0, 99) k GROUP BY i;
SELECT id, index -> ST_MakePoint(n + 0.5, 0.5) AS stored, (CASE WHEN n > 0 THEN index::text::zone_index ELSE index END) -> ST_MakePoint(n + 0.5, 0.5) AS computed
  FROM many, (VALUES (0), (99)) v(n) ORDER BY n, id;

-- zones by the thousand on one another: their number may not multiply with itself
SET statement_timeout = '8s';
SELECT cardinality(locate_all(index, ST_MakePoint(0, 0))) AS on_the_corner, cardinality(locate_all(index, ST_MakePoint(0.5, 0.5))) AS inside
  FROM (SELECT zone_index_agg(k, ST_MakeEnvelope(0, 0, 1, 1)) AS index FROM generate_series(1, 100000) k) pile;
RESET statement_timeout;

-- nothing of PostGIS is looked up by search_path
SET search_path = pg_catalog;
SELECT georisk.locate(index, public.ST_SetSRID(public.ST_MakePoint(5, 5), 4326)) FROM public.one;
SET search_path = public, georisk;

-- bad points
SELECT index -> 'POINT(1 1)'::geometry FROM one;
SELECT index -> 'SRID=32648;POINT(1 1)'::geometry FROM one;
SELECT index -> 'SRID=32648;POINT Z (1 1 1)'::geometry FROM one;
SELECT index -> 'SRID=4326;LINESTRING(1 1,2 2)'::geometry FROM one;
SELECT index -> 'SRID=4326;MULTIPOINT(1 1,2 2)'::geometry FROM one;
SELECT 'SRID=4326;POLYGON EMPTY'::geometry <@ index FROM one;
SELECT index -> 'SRID=4326;POINT(1 1)'::geography FROM one;
SELECT locate(index, 'SRID=4326;POINT(1 1)'::geography) FROM one;

-- bad zones
SELECT zone_index_agg(NULL, 'POLYGON((0 0,1 0,1 1,0 0))'::geometry);
SELECT zone_index_agg(5, NULL);
SELECT zone_index_agg(5, 'POLYGON EMPTY'::geometry);
SELECT zone_index_agg(5, 'MULTIPOLYGON EMPTY'::geometry);
SELECT zone_index_agg(5, 'POINT(1 1)'::geometry);
SELECT zone_index_agg(5, 'GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))'::geometry);
SELECT zone_index_agg(5, 'CURVEPOLYGON((0 0,1 0,1 1,0 0))'::geometry);
SELECT zone_index_agg(5, 'POLYGON((0 0,2 2,2 0,0 2,0 0))'::geometry);
SELECT zone_index_agg(5, 'POLYGON((0 0,1 1,2 2,0 0))'::geometry);
SELECT zone_index_agg(5, 'POLYGON((0 0,4 0,4 4,0 4,0 0),(5 5,6 5,6 6,5 5))'::geometry);
SELECT zone_index_agg(5, ST_MakePolygon(ST_MakeLine(ARRAY[ST_MakePoint(0, 0), ST_MakePoint('infinity', 0), ST_MakePoint(1, 1), ST_MakePoint(0, 0)])));
SELECT zone_index_agg(5, 'POLYGON((0 0,1e301 0,1 1,0 0))'::geometry);
SELECT zone_index_agg(k, ST_MakeEnvelope(0, 0, 1, 1, 4325 + k)) FROM generate_series(1, 2) k;
SELECT zone_index_agg(k % 3, ST_MakeEnvelope(k, 0, k + 1, 1)) FROM generate_series(1, 4) k;
SELECT zone_index_agg(5, 'SRID=4326;POLYGON((0 0,1 0,1 1,0 0))'::geography);
SELECT zone_index_step(NULL, 5, 'POLYGON((0 0,1 0,1 1,0 0))');

-- bad text
SELECT ''::zone_index;
SELECT 'SRID=4326'::zone_index;
SELECT 'SRID=4326;ZONES();EDGES()'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES()'::zone_index;
SELECT 'SRID=4326;ZONES(1,99999999999);EDGES(0 0 1 0 1|)'::zone_index;
SELECT 'SRID=4326;ZONES(1,1);EDGES(0 0 1 0 1|,1 0 1 1 1|,0 0 1 1 |1)'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES(0 0 1 0 1|,1 0 1 1 1|)'::zone_index;
SELECT 'SRID=4326;ZONES(1,2);EDGES(0 0 1 0 1|,1 0 1 1 1|,0 0 1 1 |1)'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES(0 0 1 0 2|,1 0 1 1 2|,0 0 1 1 |2)'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES(0 0 1 0 |1,1 0 1 1 |1,0 0 1 1 1|)'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES(0 0 1e999 0 1|,1 0 1 1 1|,0 0 1 1 |1)'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES(0 0 nan 0 1|,1 0 1 1 1|,0 0 1 1 |1)'::zone_index;
SELECT 'SRID=4326;ZONES(1);EDGES(0 0 1 0 1|,1 0 1 1 1|,0 0 1 1 |1) and more'::zone_index;

DROP TABLE block, zones, point, part, copied, one, stored, many;
DROP FUNCTION corner;
DROP AGGREGATE join_indexes(zone_index), unfinished(integer, geometry);
