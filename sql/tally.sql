-- Tallies place points and count them by zone and day in one pass: the same as ST_Covers with GROUP BY, points on a
-- border to the lowest zone, placed + unplaced = rows; in parallel, by partition and merged the same value.
CREATE SCHEMA test_tally;
SET search_path = test_tally, georisk, public;
SET datestyle = 'SQL, DMY'; -- must not matter

CREATE TABLE zone AS
SELECT 10 * x + y + 1 AS zone_id, ST_Translate(ST_Buffer(ST_MakePoint(0, 0), 0.55, 3), x, y) AS geom
FROM generate_series(0, 4) x, generate_series(0, 4) y;
INSERT INTO zone VALUES (900, ST_MakeEnvelope(50, 50, 51, 51)); -- nobody reports from here
CREATE TABLE zones (name text, index zone_index);
INSERT INTO zones SELECT 'here', zone_index_agg(zone_id, geom) FROM zone;
INSERT INTO zones SELECT 'there', zone_index_agg(zone_id, ST_Translate(geom, 100, 0)) FROM zone;

CREATE TABLE report AS
SELECT i AS report_id, ST_MakePoint((i * 7919 % 6151) / 1000.0 - 0.8, (i * 104729 % 6143) / 1000.0 - 0.8) AS geom,
       date '2021-08-01' + (i * 31) % 45 AS day, i % 4 AS n, nullif(i % 19, 0)::bigint AS household
FROM generate_series(1, 4000) i;
INSERT INTO report VALUES
    (5001, NULL, '2021-08-01', 1, 1), (5002, 'POINT EMPTY', '2021-08-01', 1, 1),
    (5003, ST_MakePoint('NaN', 0), '2021-08-01', 1, 1), (5004, ST_MakePoint('infinity', 0), '2021-08-01', 1, 1),
    (5005, ST_MakePoint(0, 0), NULL, 1, 1), (5006, ST_MakePoint(0, 0), '2021-08-01', NULL, 1),
    (5007, ST_MakePoint(1, 1), '0021-09-01', 1, 1), (5008, ST_MakePoint(1, 1), '9999-12-31', 2, 1),
    (5009, ST_MakePoint(1, 1), '0044-03-15 BC', 3, NULL), (5010, ST_MakePoint(1, 1), '2021-08-01', 0, 7);
ANALYZE report;

-- the oracle: every report in the lowest zone that covers it
CREATE TABLE placement AS
SELECT r.*, (SELECT min(zone_id) FROM zone z WHERE ST_Covers(z.geom, r.geom)) AS zone_id
FROM report r WHERE day IS NOT NULL AND n IS NOT NULL AND report_id NOT BETWEEN 5001 AND 5004;

CREATE TABLE tallied AS
SELECT tally_agg(index, geom, day) AS rows_only, tally_agg(index, geom, day, n) AS counts, tally_agg(index, geom, day, n, household) AS numbers,
       tally_agg(index, geom, day, n, ' nhà ' || household || chr(160)) AS names
FROM report, zones WHERE name = 'here';

SELECT placed_count(counts) = (SELECT count(zone_id) FROM placement) AS placed,
       placed_count(rows_only) + unplaced_count(rows_only) - (SELECT count(*) FROM report) AS rows_lost,
       placed_count(numbers) + unplaced_count(numbers) - (SELECT count(*) FROM report) AS rows_lost_with_households,
       placed_count(rows_only) - placed_count(counts) AS null_n
FROM tallied;

CREATE TABLE curve AS
SELECT a.zone_id, a.curve AS rows_only, b.curve AS counts, c.curve AS numbers, d.curve AS names
FROM tallied, tally_zones(rows_only) a, tally_zones(counts) b, tally_zones(numbers) c, tally_zones(names) d
WHERE a.zone_id = b.zone_id AND b.zone_id = c.zone_id AND c.zone_id = d.zone_id;

SELECT count(*) = (SELECT count(*) FROM zone) AS every_zone, count(*) FILTER (WHERE total_count(counts) = 0) AS without_report,
       bool_and(numbers = 'households {}') FILTER (WHERE total_count(counts) = 0) AS empty_knows_households
FROM curve;

SELECT count(*) AS different
FROM curve c FULL JOIN (SELECT zone_id, epicurve_agg(day, n) AS counts, epicurve_agg(day) AS rows_only, epicurve_agg(day, n, household) AS numbers
                        FROM placement WHERE zone_id IS NOT NULL GROUP BY zone_id) o USING (zone_id)
WHERE (o.counts IS DISTINCT FROM c.counts AND total_count(c.counts) > 0)
   OR (o.numbers - o.numbers IS DISTINCT FROM c.numbers - c.numbers AND total_count(c.counts) > 0)
   OR EXISTS (SELECT FROM unnest(ARRAY[1, 7, 60]) days
              WHERE households_in(c.numbers, '2021-09-05', days) IS DISTINCT FROM coalesce(households_in(o.numbers, '2021-09-05', days), 0)
                 OR households_in(c.names, '2021-09-05', days) IS DISTINCT FROM households_in(c.numbers, '2021-09-05', days));

-- a household is one of its zone: 12 in two zones is two households in their ward
SELECT sum(households_in(numbers, '2021-09-14', 45)) = households_in(sum(numbers), '2021-09-14', 45) AS numbers_add_up,
       sum(households_in(names, '2021-09-14', 45)) = households_in(sum(names), '2021-09-14', 45) AS names_add_up
FROM curve;

-- points that lie in two zones, or on the corner of one
SELECT z.*
FROM (SELECT tally_agg(index, geom, '2021-09-01') AS corners
FROM (SELECT zone_index_agg(id, ST_MakeEnvelope(id, 0, id + 1, 1)) AS index FROM generate_series(1, 3) id) i,
     (VALUES (ST_MakePoint(1, 0)), (ST_MakePoint(2, 0.5)), (ST_MakePoint(3, 1)), (ST_MakePoint(4, 1)), (ST_MakePoint(4.0000001, 1))) p(geom)) t,
     tally_zones(corners) z;

-- the same value in parallel, by partition, merged, in any order and in a window
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line LIKE '%' || node || '%' THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
SELECT plan_has('SELECT tally_agg((SELECT index FROM zones WHERE name = ''here''), geom, day, n) FROM report', 'Partial Aggregate') AS parallel;
SELECT t.rows_only::text = p.rows_only::text AS rows_only, t.counts::text = p.counts::text AS counts, t.numbers::text = p.numbers::text AS numbers,
       t.names::text = p.names::text AS names
FROM tallied t, (SELECT tally_agg(index, geom, day) AS rows_only, tally_agg(index, geom, day, n) AS counts,
                        tally_agg(index, geom, day, n, household) AS numbers, tally_agg(index, geom, day, n, 'nhà ' || household) AS names
                 FROM report, (SELECT index FROM zones WHERE name = 'here' OFFSET 0) z) p;
SET max_parallel_workers_per_gather = 0;

SELECT t.numbers::text = (SELECT tally_agg(index, geom, day, n, household ORDER BY report_id DESC) FROM report, zones WHERE name = 'here')::text AS in_reverse,
       t.numbers::text = (SELECT sum(part) FROM (SELECT tally_agg(index, geom, day, n, household) AS part FROM report, zones
                                                 WHERE name = 'here' GROUP BY report_id % 7) p)::text AS merged
FROM tallied t;
SELECT (a.part + b.part)::text = t.numbers::text AS added, (b.part + a.part)::text = t.numbers::text AS in_any_order,
       (a.part + c.part)::text = t.counts::text AS households_forgotten, (c.part + a.part)::text = t.counts::text AS also_so
FROM tallied t,
     (SELECT tally_agg(index, geom, day, n, household) AS part FROM report, zones WHERE name = 'here' AND report_id % 3 = 0) a,
     (SELECT tally_agg(index, geom, day, n, household) AS part FROM report, zones WHERE name = 'here' AND report_id % 3 > 0) b,
     (SELECT tally_agg(index, geom, day, n) AS part FROM report, zones WHERE name = 'here' AND report_id % 3 > 0) c;

CREATE TABLE partitioned (LIKE report) PARTITION BY HASH (report_id);
CREATE TABLE part_0 PARTITION OF partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO partitioned SELECT * FROM report;
ANALYZE partitioned;
SET enable_partitionwise_aggregate = on;
SELECT plan_has('SELECT tally_agg((SELECT index FROM zones WHERE name = ''here''), geom, day, n, household) FROM partitioned', 'Partial Aggregate') AS partitionwise;
SELECT numbers::text = (SELECT tally_agg((SELECT index FROM zones WHERE name = 'here'), geom, day, n, household) FROM partitioned)::text AS by_partition
FROM tallied;
SELECT bool_and(running::text = direct::text) AS running_windows
FROM (SELECT tally_agg(index, geom, day, n, household) OVER (ORDER BY report_id) AS running,
             (SELECT tally_agg(z.index, s.geom, s.day, s.n, s.household) FROM report s, zones z WHERE z.name = 'here' AND s.report_id <= r.report_id) AS direct
      FROM report r, zones WHERE name = 'here' AND report_id <= 40) w;

-- what processes hand to each other lies otherwise than a value, and comes to the same: one day and many, days that are far off, counts beyond 8, 16
-- and 32 bits, no point, households; with processes that have many rows and none
CREATE TABLE grid AS
SELECT zone_index_agg(30 * x + y + 1, ST_MakeEnvelope(x, y, x + 1, y + 1)) AS index FROM generate_series(0, 29) x, generate_series(0, 29) y;
ALTER TABLE grid SET (parallel_workers = 0);
CREATE TABLE visit AS
SELECT i AS visit_id, ST_MakePoint(i * 7919 % 30011 / 1000.0, i::bigint * 104729 % 30103 / 1000.0) AS geom, date '2021-08-01' + i * 31 % 20 AS day
FROM generate_series(1, 20000) i;
ANALYZE visit;
CREATE FUNCTION tallies(first integer, last integer)
RETURNS TABLE (one_day tally, many_days tally, far_days tally, above_8 tally, above_16 tally, above_32 tally, without_point tally, households tally)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT tally_agg((SELECT index FROM grid), geom, '2021-08-01'),
           tally_agg((SELECT index FROM grid), geom, day),
           tally_agg((SELECT index FROM grid), geom, CASE WHEN visit_id % 7 = 0 THEN '0021-09-01' WHEN visit_id % 501 = 0 THEN '9999-12-31' ELSE day END),
           tally_agg((SELECT index FROM grid), geom, day, CASE WHEN visit_id % 5000 = 1 THEN 300 ELSE visit_id % 2 END),
           tally_agg((SELECT index FROM grid), geom, date '2021-08-01' + visit_id % 3, CASE WHEN visit_id % 5000 = 1 THEN 70000 ELSE 1 END),
           tally_agg((SELECT index FROM grid), geom, date '2021-08-01' + visit_id % 3, CASE WHEN visit_id % 20 = 1 THEN 2147483647 ELSE 1 END),
           tally_agg((SELECT index FROM grid), CASE WHEN visit_id % 3 > 0 THEN geom END, nullif(day, '2021-08-07')),
           tally_agg((SELECT index FROM grid), geom, day, 1, visit_id % 19)
    FROM visit WHERE visit_id BETWEEN first AND last
$$;
CREATE VIEW counted AS
SELECT 'all' AS rows, t.* FROM tallies(1, 20000) t UNION ALL
SELECT 'all in one process', t.* FROM tallies(1, 50) t UNION ALL
SELECT 'none', t.* FROM tallies(0, 0) t;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE by_one AS TABLE counted;
SET max_parallel_workers_per_gather = 1;
SELECT plan_has('SELECT * FROM counted', 'Partial Aggregate') AS parallel;
CREATE TABLE by_two AS TABLE counted;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
CREATE TABLE by_workers AS TABLE counted;
SET max_parallel_workers_per_gather = 0;
SELECT rows, (SELECT count(*) FROM jsonb_each_text(to_jsonb(by_one)) WHERE value IS NOT NULL) AS tallies, to_jsonb(by_one) = to_jsonb(by_two) AS by_two,
       to_jsonb(by_one) = to_jsonb(by_workers) AS by_workers
FROM by_one JOIN by_two USING (rows) JOIN by_workers USING (rows) ORDER BY rows;

-- processes that were given different zones
CREATE TABLE split (k integer, geom geometry, day date) PARTITION BY LIST (k);
CREATE TABLE split_0 PARTITION OF split FOR VALUES IN (0);
CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
INSERT INTO split SELECT visit_id % 2, geom, day FROM visit;
ANALYZE split;
SELECT plan_has('SELECT tally_agg((SELECT index FROM zones WHERE name = ''here''), geom, day) FROM split', 'Partial Aggregate') AS partitionwise;
SELECT tally_agg(CASE k WHEN 0 THEN (SELECT index FROM zones WHERE name = 'here') ELSE (SELECT index FROM grid) END, geom, day) FROM split;

-- an aggregate of one's own over these functions may keep what was meant for another process: any function takes it as the tally that it is
CREATE AGGREGATE handed_over(zones zone_index, point geometry, day date) (SFUNC = tally_step, STYPE = tally, COMBINEFUNC = tally_add, PARALLEL = SAFE);
CREATE TABLE kept AS
SELECT handed_over((SELECT index FROM grid), geom, day) AS t, pg_column_size(handed_over((SELECT index FROM grid), geom, day)) AS size FROM split WHERE k = 0
UNION ALL
SELECT handed_over((SELECT index FROM grid), geom, day), pg_column_size(handed_over((SELECT index FROM grid), geom, day))
FROM split WHERE k = 0 OR day = '1900-01-01';
\copy kept TO 'build/regress/results/tally.kept' (FORMAT binary)
CREATE TABLE kept_again (t tally, size integer);
\copy kept_again FROM 'build/regress/results/tally.kept' (FORMAT binary)
SELECT b.size < a.size AS smaller, a.t::text = b.t::text AS same_text, tally_send(a.t) = tally_send(b.t) AS same_bytes,
       placed_count(b.t) = placed_count(a.t) AS same_rows, (a.t + b.t)::text = (b.t + b.t)::text AS same_sum,
       (SELECT sum(t) FROM kept)::text = (a.t + a.t)::text AS same_aggregate,
       NOT EXISTS (SELECT zone_id, curve::text FROM tally_zones(a.t) EXCEPT SELECT zone_id, curve::text FROM tally_zones(b.t)) AS same_zones,
       (SELECT count(DISTINCT tally_send(t)) FROM (SELECT t FROM kept UNION ALL SELECT t FROM kept_again) x) AS copied
FROM (SELECT * FROM kept ORDER BY size DESC LIMIT 1) a, (SELECT * FROM kept ORDER BY size LIMIT 1) b;

-- text and binary lose nothing
CREATE TABLE lossless AS
SELECT unnest(ARRAY[rows_only, counts, numbers, names]) AS t FROM tallied
UNION ALL SELECT tally_agg(index, NULL, '2021-09-01') FROM zones GROUP BY name
UNION ALL SELECT '{index 0000000000000000, placed 9223372036854775806, unplaced 1} -2147483648 {4714-11-24 BC:1} 2147483647 {5874897-12-31:9223372036854775806}';
CREATE TABLE copied (t tally);
\copy (SELECT t FROM lossless) TO 'build/regress/results/tally.copy' (FORMAT binary)
\copy copied FROM 'build/regress/results/tally.copy' (FORMAT binary)
SELECT count(*) AS values, bool_and(t::text::tally::text = t::text) AS text, bool_and(tally_send(t::text::tally) = tally_send(t)) AS bytes,
       (SELECT count(*) FROM (SELECT tally_send(t) FROM lossless EXCEPT SELECT tally_send(t) FROM copied) x) AS binary_lost
FROM lossless;
SELECT ' { index 00000000000000ff , placed 4,unplaced 1 } 1 {2021-09-02:1, 2021-09-01:2} 2 {} '::tally;

-- bad input: each its error
SELECT tally_agg(NULL::zone_index, geom, day) FROM report;
SELECT tally_agg(index, geom, day) FROM report, zones;
SELECT tally_agg(index, geom, 'infinity') FROM report, zones WHERE name = 'here';
SELECT tally_agg(index, NULL, '-infinity', 1) FROM report, zones WHERE name = 'here';
SELECT tally_agg(index, geom, day, -1) FROM report, zones WHERE name = 'here';
SELECT tally_agg(index, 'SRID=4326;POINT(0 0)', '2021-09-01') FROM zones WHERE name = 'here';
SELECT tally_agg(index, 'LINESTRING(0 0, 1 1)', '2021-09-01') FROM zones WHERE name = 'here';
SELECT a.t + b.t FROM (SELECT tally_agg(index, NULL, '2021-09-01') AS t FROM zones WHERE name = 'here') a, (SELECT tally_agg(index, NULL, '2021-09-01') AS t FROM zones WHERE name = 'there') b;
SELECT sum(t) FROM (SELECT tally_agg(index, NULL, '2021-09-01') AS t FROM zones GROUP BY name) x;
SELECT t + t FROM (SELECT '{index 0000000000000001, placed 1, unplaced 0} 1 {2021-09-01:9223372036854775807}'::tally AS t) x;
SELECT t + t FROM (SELECT '{index 0000000000000001, placed 9223372036854775807, unplaced 0} 1 {}'::tally AS t) x;
SELECT ''::tally;
SELECT '{index 1, placed 1, unplaced 0} 1 {}'::tally;
SELECT '{index 0000000000000001, placed -1, unplaced 0} 1 {}'::tally;
SELECT '{index 0000000000000001, placed 1, unplaced 0}'::tally;
SELECT '{index 0000000000000001, placed 4, unplaced 0} 1 households {2021-09-01:0(1f:2),2021-09-02:1}'::tally;
SELECT '{index 0000000000000001, placed 1, unplaced 0} 2 {} 1 {}'::tally;
SELECT '{index 0000000000000001, placed 1, unplaced 0} 1 {2021-09-01:-1}'::tally;
SELECT '{index 0000000000000001, placed 1, unplaced 0} 1 {2021-09-01:1,2021-09-02:1}'::tally;
SELECT '{index 0000000000000001, placed 1, unplaced 0} 1 {} 2 households {}'::tally;
SELECT '{index 0000000000000001, placed 1, unplaced 0} 1 households {2021-09-01:1(1:2)}'::tally;
SELECT tally_step(NULL, index, NULL, NULL) FROM zones;

-- a table of half a million reports is counted by several processes with no setting changed; so it is with an index from a temporary
-- table, which they can only get loaded
RESET ALL;
SET search_path = test_tally, georisk, public;
CREATE TABLE many AS SELECT report.* FROM report, generate_series(1, 125);
ANALYZE many;
CREATE TEMP TABLE passing AS TABLE zones;
SELECT plan_has('SELECT tally_agg((SELECT index FROM zones WHERE name = ''here''), geom, day) FROM many', 'Partial Aggregate') AS parallel;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
CREATE TEMP TABLE by_many AS SELECT tally_agg((SELECT load_zone_index(index) FROM passing WHERE name = 'here'), geom, day) AS t FROM many;
SET max_parallel_workers_per_gather = 0;
SELECT tally_agg(index, geom, day)::text = (SELECT t::text FROM by_many) AS same FROM many, zones WHERE name = 'here';
RESET ALL;
SET search_path = test_tally, georisk, public;
SET datestyle = 'SQL, DMY';

-- mutated text and binary: an error or a value, never a crash
CREATE TABLE received (t tally);
CREATE FUNCTION receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    path text := current_setting('data_directory') || '/mutated';
BEGIN
    EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, path);
    EXECUTE format('COPY received FROM %L (FORMAT binary)', path);
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate;
END $$;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE query INTO result;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate;
END $$;
CREATE VIEW good AS
SELECT '{index 00000000000000ff, placed 9, unplaced 1} 1 households {2021-09-01:3(1f:2,2a:1)} 7 households {2021-09-02:5}'::tally AS t;
SELECT DISTINCT receive(substr(tally_send(t), 1, length)) AS truncated FROM good, generate_series(0, 200) length WHERE length < length(tally_send(t)) ORDER BY 1;
SELECT DISTINCT receive(set_byte(tally_send(t), (i * 7919) % length(tally_send(t)), (i * 104729) % 256)) AS mutated_binary FROM good, generate_series(1, 1000) i ORDER BY 1;
SELECT count(*) > 0 AS some_accepted, bool_and(t::text::tally::text = t::text) AS and_right FROM received;
SELECT DISTINCT outcome(format('SELECT %L::georisk.tally', overlay(t::text placing substr('{}():,-0f9 B', i % 12 + 1, 1) from (i * 7919) % length(t::text) + 1 for i % 3))) AS mutated_text
FROM good, generate_series(1, 300) i ORDER BY 1;
