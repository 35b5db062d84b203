-- An index in a table is read in pieces by who asks for few points, and kept whole for who asks for many: the answers are the same,
-- what is kept stays within georisk.index_memory, and nobody is answered from an index that is not there any more.
CREATE SCHEMA zone_index_store;
SET search_path = zone_index_store, public, georisk;

CREATE TABLE zone AS
SELECT i * 50 + j AS zone_id, ST_Translate(ST_Buffer(ST_SetSRID(ST_MakePoint(i, j), 4326), 0.5 + 0.1 * ((i + j) % 3), 16), 0.013 * j, 0.017 * i) AS geom
FROM generate_series(0, 49) i, generate_series(0, 49) j;
CREATE TABLE place (name text, zones zone_index);
INSERT INTO place SELECT 'all', zone_index_agg(zone_id, geom) FROM zone;
INSERT INTO place SELECT 'half', zone_index_agg(zone_id + 10000, geom) FROM zone WHERE zone_id < 1250;
SELECT name, pg_column_size(zones) > 1000000 AS is_large FROM place ORDER BY name;
-- computed in the statement, nothing is read in pieces
CREATE TABLE point AS SELECT k AS id, ST_SetSRID(ST_MakePoint((k * 48271 % 65521) / 65521.0 * 52 - 1, (k * 69621 % 65519) / 65519.0 * 52 - 1), 4326) AS geom
FROM generate_series(1, 400) k;
INSERT INTO point SELECT 1000 + row_number() OVER (), (ST_DumpPoints(geom)).geom FROM zone WHERE zone_id IN (0, 777, 778, 2499);
CREATE TABLE wanted AS
SELECT id, geom, index -> geom AS lowest, locate_all(index, geom) AS every, geom <@ index AS inside
FROM point, (SELECT zone_index_agg(zone_id, geom) AS index FROM zone OFFSET 0) i;
SELECT count(lowest) > 300 AS many, count(*) FILTER (WHERE cardinality(every) > 1) > 50 AS on_several, count(*) FILTER (WHERE NOT inside) > 20 AS outside FROM wanted;

-- each point in a statement of its own, on a new connection that keeps nothing: all in pieces
\connect -
SET search_path = zone_index_store, public, georisk;
SET georisk.index_memory = 0;
CREATE FUNCTION differences() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    this wanted;
    same boolean;
    differing integer := 0;
BEGIN
    FOR this IN SELECT * FROM wanted ORDER BY id LOOP
        EXECUTE 'SELECT (zones -> $1, locate_all(zones, $1), $1 <@ zones) IS NOT DISTINCT FROM ($2, $3, $4) FROM place WHERE name = ''all'''
        INTO same USING this.geom, this.lowest, this.every, this.inside;
        differing := differing + (NOT same)::integer;
    END LOOP;
    RETURN differing;
END
$$;
CREATE VIEW kept AS SELECT coalesce(sum(total_bytes), 0) AS bytes, count(*) AS indexes FROM pg_backend_memory_contexts WHERE name = 'georisk zone index';
SELECT differences(), bytes FROM kept;
SELECT srid(zones), cardinality(zone_ids(zones)) FROM place ORDER BY 2;
-- one statement that asks for many points reads it whole, and gives it back
SELECT count(*) FROM place, wanted WHERE name = 'all' AND zones -> geom IS DISTINCT FROM lowest;
SELECT * FROM kept;

-- with memory: kept once, whoever asks
RESET georisk.index_memory;
SELECT differences();
SELECT indexes, bytes > 1000000 AS is_large FROM kept;
SELECT count(*) FROM place, wanted WHERE name = 'all' AND (zones -> geom IS DISTINCT FROM lowest OR locate_all(zones, geom) <> every);
SELECT placed_count(tally_agg((SELECT zones FROM place WHERE name = 'all'), geom, date '2021-09-06')) = count(lowest) AS tallied FROM wanted;
SELECT indexes FROM kept;

-- room for one of two: the one that was asked for last stays, and both answer
SET georisk.index_memory = '12MB';
SELECT count(zones -> geom) > 0 AS asked FROM place, wanted WHERE name = 'half';
SELECT indexes, bytes < 12 * 1024 * 1024 AS within FROM kept;
SELECT name, sum(zones -> geom) FROM place, wanted GROUP BY name ORDER BY name;
SELECT name, sum(zones -> geom) FROM place, (SELECT * FROM wanted ORDER BY id) w GROUP BY name ORDER BY name;
SELECT bytes < 12 * 1024 * 1024 AS within FROM kept;
RESET georisk.index_memory;

-- a row gets another index: no statement is answered from the old one, but a cursor that was opened before
PREPARE ask AS SELECT min(zones -> geom) FROM place, wanted WHERE name = 'half';
EXECUTE ask;
BEGIN;
DECLARE early CURSOR FOR SELECT zones -> geom FROM place, wanted WHERE name = 'half' ORDER BY id;
FETCH 2 FROM early;
UPDATE place SET zones = (SELECT zone_index_agg(zone_id + 20000, geom) FROM zone WHERE zone_id < 1250) WHERE name = 'half';
EXECUTE ask;
FETCH 2 FROM early;
ROLLBACK;
EXECUTE ask;
UPDATE place SET zones = (SELECT zone_index_agg(zone_id + 20000, geom) FROM zone WHERE zone_id < 1250) WHERE name = 'half';
EXECUTE ask;
-- a value that is compressed can only be read whole
CREATE TABLE pressed (zones zone_index);
ALTER TABLE pressed ALTER zones SET STORAGE extended;
INSERT INTO pressed SELECT zone_index_agg(i * 40 + j, ST_MakeEnvelope(i, j, i + 1, j + 1, 4326)) FROM generate_series(0, 39) i, generate_series(0, 39) j;
SELECT pg_column_size(zones) < (SELECT pg_column_size(zone_index_agg(i * 40 + j, ST_MakeEnvelope(i, j, i + 1, j + 1, 4326)))
                                FROM generate_series(0, 39) i, generate_series(0, 39) j) AS is_pressed FROM pressed;
SELECT bool_and(zones -> ST_SetSRID(ST_MakePoint(i + 0.5, j + 0.25), 4326) = i * 40 + j) AS right FROM pressed, generate_series(0, 39) i, generate_series(0, 39) j;

-- what is dropped is not kept
DROP TABLE place;
SELECT * FROM kept;

-- damaged bytes in a table: noticed or harmless
CREATE TYPE raw_index;
CREATE FUNCTION raw_index_in(cstring) RETURNS raw_index LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION raw_index_out(raw_index) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE raw_index (INPUT = raw_index_in, OUTPUT = raw_index_out, STORAGE = external, ALIGNMENT = double);
CREATE CAST (raw_index AS zone_index) WITHOUT FUNCTION;
CREATE CAST (zone_index AS raw_index) WITHOUT FUNCTION;
CREATE TABLE damaged (zones zone_index);
CREATE FUNCTION damage() RETURNS TABLE (tries bigint, noticed boolean, states text[]) LANGUAGE plpgsql AS $$
DECLARE
    whole bytea := (SELECT zone_index_agg(zone_id, geom)::raw_index::text::bytea FROM zone WHERE zone_id < 60);
    found text[] := '{}';
    this record;
    at integer;
BEGIN
    tries := 0;
    FOR at IN SELECT k FROM generate_series(0, 84) k UNION ALL SELECT (k * 7919) % length(whole) FROM generate_series(1, 300) k LOOP
        tries := tries + 1;
        TRUNCATE damaged;
        INSERT INTO damaged VALUES (set_byte(whole, at, (get_byte(whole, at) + 1 + at % 254) % 256)::text::raw_index::zone_index);
        BEGIN
            FOR this IN EXECUTE 'SELECT zones -> geom, locate_all(zones, geom) FROM damaged, (SELECT * FROM wanted WHERE id > 1000 LIMIT 3) w' LOOP
                NULL;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            found := found || SQLSTATE::text;
        END;
    END LOOP;
    noticed := cardinality(found) > 20;
    states := ARRAY(SELECT DISTINCT unnest(found) ORDER BY 1);
    RETURN NEXT;
END
$$;
SELECT * FROM damage();

SET client_min_messages = warning;
DROP SCHEMA zone_index_store CASCADE;
