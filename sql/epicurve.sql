-- Epicurves count what was reported: the same as GROUP BY, in every order and on every plan; what + brought,
-- - takes back; text, jsonb and binary lose nothing; bad input gets its error.
CREATE SCHEMA test_epicurve;
SET search_path = test_epicurve, georisk, public;
SET datestyle = 'SQL, DMY'; -- must not matter

CREATE TABLE report AS
SELECT i AS report_id, i % 7 AS zone_id,
       date '2021-08-01' + (i * 7919) % 61 AS day,
       (i * 31) % 4 AS n,
       nullif((i * 17) % 23, 0)::bigint AS household
FROM generate_series(1, 5000) i;
INSERT INTO report VALUES (5001, 0, '0021-09-01', 1, 1), (5002, 0, '9999-12-31', 2, 2), (5003, 0, '0044-03-15 BC', 3, 3),
    (5004, 1, NULL, 1, 1), (5005, 1, '2021-09-01', NULL, 1);

ANALYZE report;

-- each zone's curve is what GROUP BY says
CREATE TABLE curve AS
SELECT zone_id, epicurve_agg(day) AS rows_only, epicurve_agg(day, n) AS counts, epicurve_agg(day, n, household) AS numbers,
       epicurve_agg(day, n, ' nhà ' || household || chr(160)) AS names
FROM report GROUP BY zone_id;

SELECT count(*) AS different
FROM ((SELECT zone_id, d.day, d.n FROM curve, epicurve_days(counts) d
       EXCEPT SELECT zone_id, day, sum(n) FROM report WHERE day IS NOT NULL GROUP BY 1, 2 HAVING sum(n) > 0)
      UNION ALL
      (SELECT zone_id, day, sum(n) FROM report WHERE day IS NOT NULL GROUP BY 1, 2 HAVING sum(n) > 0
       EXCEPT SELECT zone_id, d.day, d.n FROM curve, epicurve_days(counts) d)) x;

SELECT bool_and(total_count(rows_only) = (SELECT count(day) FROM report r WHERE r.zone_id = c.zone_id)) AS rows_counted,
       bool_and(total_count(counts) = (SELECT sum(n) FROM report r WHERE r.zone_id = c.zone_id AND day IS NOT NULL)) AS cases_counted
FROM curve c;

-- windows: the as-of day and the days before it
SELECT count(*) FILTER (WHERE count_in(c.counts, as_of, days) <> x.n) AS counts_differ,
       count(*) FILTER (WHERE households_in(c.numbers, as_of, days) <> x.households) AS numbers_differ,
       count(*) FILTER (WHERE households_in(c.names, as_of, days) <> x.households) AS names_differ,
       count(*) FILTER (WHERE total_count(up_to(c.names, as_of)) <> x.until) AS cut_differs,
       count(*) FILTER (WHERE days_since_last(c.counts, as_of) <> as_of - x.last) AS last_differs,
       count(*) AS windows
FROM curve c, generate_series(date '2021-07-25', date '2021-10-05', interval '3 days') a(at), unnest(ARRAY[1, 7, 14, 100000]) days,
     LATERAL (SELECT a.at::date AS as_of) b,
     LATERAL (SELECT coalesce(sum(n) FILTER (WHERE day > as_of - days), 0) AS n, coalesce(sum(n), 0) AS until,
                     count(DISTINCT household) FILTER (WHERE n > 0 AND day > as_of - days)
                         + coalesce(sum(n) FILTER (WHERE household IS NULL AND day > as_of - days), 0) AS households,
                     max(day) FILTER (WHERE n > 0) AS last
              FROM report r WHERE r.zone_id = c.zone_id AND day <= as_of) x;

-- one answer in every order, in parallel, by partition, and in a moving window
SELECT bool_and(c.names = o.names AND c.counts = o.counts) AS same_in_reverse
FROM curve c JOIN (SELECT zone_id, epicurve_agg(day, n, ' nhà ' || household ORDER BY report_id DESC) AS names,
                          epicurve_agg(day, n ORDER BY n, day) AS counts FROM report GROUP BY zone_id) o USING (zone_id);

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
SELECT plan_has('SELECT epicurve_agg(day, n, household) FROM report GROUP BY zone_id', 'Partial HashAggregate') AS parallel;
SELECT bool_and(c.numbers = p.numbers AND c.counts = p.counts AND c.rows_only = p.rows_only AND c.names = p.names) AS same_in_parallel
FROM curve c JOIN (SELECT zone_id, epicurve_agg(day) AS rows_only, epicurve_agg(day, n) AS counts, epicurve_agg(day, n, household) AS numbers,
                          epicurve_agg(day, n, ' nhà ' || household) AS names
                   FROM report GROUP BY zone_id) p USING (zone_id);
SELECT (SELECT epicurve_agg(day, n) FROM report) = (SELECT sum(counts) FROM curve) AS parallel_sum;
RESET max_parallel_workers_per_gather;

CREATE TABLE partitioned (LIKE report) PARTITION BY HASH (report_id);
CREATE TABLE part_0 PARTITION OF partitioned FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF partitioned FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE part_2 PARTITION OF partitioned FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO partitioned SELECT * FROM report;
ANALYZE partitioned;
SET enable_partitionwise_aggregate = on;
SET max_parallel_workers_per_gather = 0;
SELECT plan_has('SELECT epicurve_agg(day, n, household) FROM partitioned GROUP BY zone_id', 'Partial HashAggregate') AS partitionwise;
SELECT bool_and(c.numbers = p.numbers AND c.counts = p.counts) AS same_by_partition
FROM curve c JOIN (SELECT zone_id, epicurve_agg(day, n) AS counts, epicurve_agg(day, n, household) AS numbers
                   FROM partitioned GROUP BY zone_id) p USING (zone_id);

SELECT bool_and(running = direct) AS running_windows, bool_and(moving = moved) AS moving_windows
FROM (SELECT epicurve_agg(day, n, household) OVER (ORDER BY report_id) AS running,
             (SELECT epicurve_agg(day, n, household) FROM report s WHERE s.report_id <= r.report_id) AS direct,
             sum(c) OVER (ORDER BY report_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving,
             (SELECT epicurve_agg(day, n, household) FROM report s WHERE s.report_id BETWEEN r.report_id - 2 AND r.report_id) AS moved
      FROM report r, LATERAL (SELECT epicurve_agg(x.day, x.n, x.household) AS c FROM report x WHERE x.report_id = r.report_id) y
      WHERE report_id <= 60) w;

-- what + brought, - takes back; households are known only where both sides know them
SELECT bool_and(a.numbers + b.numbers - b.numbers = a.numbers AND a.names + b.names - a.names = b.names) AS taken_back,
       bool_and(a.numbers + b.numbers = b.numbers + a.numbers) AS commutes,
       bool_and(a.numbers + b.counts = a.counts + b.counts) AS households_forgotten,
       bool_and(households_in(a.numbers + b.counts, '2021-09-01', 14) IS NULL) AS households_null,
       bool_and(a.numbers <> a.counts) AS not_equal
FROM curve a, curve b;
SELECT households_in(sum(c), '2021-09-01', 14) IS NULL AS any_without_households
FROM (SELECT numbers AS c FROM curve WHERE zone_id < 3 UNION ALL SELECT counts FROM curve WHERE zone_id = 3 UNION ALL SELECT numbers FROM curve WHERE zone_id > 3) x;
SELECT '{2021-09-01:3}'::epicurve - '{2021-09-01:5,2021-09-02:1}' AS below_zero,
       last_day('{2021-09-01:3,2021-09-02:-1}') - first_day('{2021-08-01:-3,2021-09-01:3}') AS only_days_above_zero_count;
SELECT count(*) AS distinct_curves FROM (SELECT counts FROM curve UNION SELECT counts FROM curve) u;

-- nothing seen, and only rows that say nothing
SELECT epicurve_agg(day) IS NULL AS no_rows FROM report WHERE false;
SELECT epicurve_agg(day) AS null_day, epicurve_agg('2021-09-01', nullif(n, n)) AS null_n, epicurve_agg(day, n, household) AS households
FROM (VALUES (NULL::date, 1, 1::bigint)) v(day, n, household);
SELECT first_day('{}'), last_day('{}'), days_since_last('{}', '2021-09-01'), count_in('{}', '2021-09-01', 14),
       households_in('households {}', '2021-09-01', 14), total_count('{}');

-- what leaves the aggregate has no slack
SELECT pg_column_size(epicurve_agg(day)) = pg_column_size('{2021-09-01:1,2021-09-02:1}'::epicurve) AS packed
FROM (VALUES (date '2021-09-02'), ('2021-09-01')) v(day);

-- households are compared as people mean them; blank is not known
SELECT households_in(epicurve_agg('2021-09-01', 1, name), '2021-09-01', 1) AS households
FROM unnest(ARRAY[E'Nh\u00e0 12', E'Nha\u0300 12', E' \u3000Nh\u00e0 12\t', 'nhà 12', '', '  ', NULL]) name;

-- text, jsonb and binary lose nothing
CREATE TABLE lossless AS
SELECT unnest(ARRAY[counts, numbers, names, numbers - names, counts - counts, names - names,
                    '{4714-11-24 BC:1,0001-12-31 BC:2,0001-01-01:3,0999-12-31:4,10000-01-01:5,5874897-12-31:6}',
                    '{2021-09-01:9223372036854775807}', 'households {2021-09-01:0(1:-4,fedcba9876543210fedcba9876543210:4)}']) AS c
FROM curve;
CREATE TABLE copied (c epicurve);
\copy (SELECT c FROM lossless) TO 'build/regress/results/epicurve.copy' (FORMAT binary)
\copy copied FROM 'build/regress/results/epicurve.copy' (FORMAT binary)
SELECT bool_and(c::text::epicurve = c) AS text, bool_and(c::jsonb::epicurve = c) AS jsonb,
       (SELECT count(*) FROM (SELECT c FROM lossless EXCEPT SELECT c FROM copied) x) AS binary_lost
FROM lossless;
SELECT '{0044-03-15 BC:3, 2021-09-01 : -2 ,2021-08-31:1}'::epicurve, ' households { 2021-09-01:3 ( 1F:2 , 02:1 ) } '::epicurve;
SELECT '{"2021-09-01": 3}'::jsonb::epicurve, '{"days": {"2021-09-01": 3.0}, "households": {"2021-09-01": {"1F": 2}}}'::jsonb::epicurve,
       '{"households": {}}'::jsonb::epicurve, 'households {2021-09-01:3(1f:2)}'::epicurve::jsonb;

-- bad input: each its error
SELECT '2021-09-01:3'::epicurve;
SELECT '{2021-09-01:3'::epicurve;
SELECT '{2021-09-01:3} {}'::epicurve;
SELECT '{2021-02-29:3}'::epicurve;
SELECT '{01/09/2021:3}'::epicurve;
SELECT '{infinity:3}'::epicurve;
SELECT '{2021-09-01:9223372036854775808}'::epicurve;
SELECT '{2021-09-01:9223372036854775807,2021-09-02:1}'::epicurve;
SELECT '{2021-09-01:3(1f:2)}'::epicurve;
SELECT 'households {2021-09-01:3(1g:2)}'::epicurve;
SELECT 'households {2021-09-01:3(ffffffffffffffffffffffffffffffff:2)}'::epicurve;
SELECT '[]'::jsonb::epicurve;
SELECT '{"days": {"2021-09-01": 1.5}}'::jsonb::epicurve;
SELECT '{"days": {"2021-9-1": 1}}'::jsonb::epicurve;
SELECT '{"days": {}, "wards": {}}'::jsonb::epicurve;
SELECT '{"da": {}, "ys": {}, "days": {}}'::jsonb::epicurve;
SELECT '{"days": {"2021-09-01": 1e30}}'::jsonb::epicurve;
SELECT epicurve_agg('infinity'::date);
SELECT epicurve_agg('-infinity'::date, 1, 'x');
SELECT epicurve_agg('2021-09-01', -1);
SELECT epicurve_agg('infinity', NULL);
SELECT epicurve_agg(NULL, -1);
SELECT '{2021-09-01:9223372036854775807}'::epicurve + '{2021-09-02:1}';
SELECT sum(c) FROM unnest(ARRAY['{2021-09-01:9223372036854775807}'::epicurve, '{2021-09-01:1}']) c;
SELECT count_in('{}', '2021-09-01', 0);
SELECT count_in('{}', 'infinity', 7);
SELECT households_in('households {}', '2021-09-01', -7);
SELECT epicurve_step('{}', '2021-09-01');

-- mutated text, binary and stored bytes: an error or a value, never a crash
CREATE TABLE received (c epicurve);
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
CREATE TYPE raw_bytes;
CREATE FUNCTION raw_in(cstring) RETURNS raw_bytes AS 'byteain' LANGUAGE internal IMMUTABLE STRICT;
CREATE FUNCTION raw_out(raw_bytes) RETURNS cstring AS 'byteaout' LANGUAGE internal IMMUTABLE STRICT;
CREATE TYPE raw_bytes (INPUT = raw_in, OUTPUT = raw_out, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (raw_bytes AS epicurve) WITHOUT FUNCTION;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE query INTO result;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate;
END $$;

SELECT DISTINCT receive(substr(bytes, 1, length)) AS truncated
FROM (SELECT epicurve_send('households {2021-09-01:3(1f:2,2a:1),2021-09-02:5}') AS bytes) s, generate_series(0, 105) length
WHERE length < length(bytes);
SELECT DISTINCT receive(set_byte(bytes, (i * 7919) % length(bytes), (i * 104729) % 256)) AS mutated_binary
FROM (SELECT epicurve_send('households {2021-09-01:3(1f:2,2a:1),2021-09-02:5}') AS bytes) s, generate_series(1, 1000) i ORDER BY 1;
SELECT count(*) > 0 AS some_accepted, bool_and(c::text::epicurve = c) AS and_right FROM received;

SELECT DISTINCT outcome(format('SELECT georisk.count_in(%L::test_epicurve.raw_bytes::georisk.epicurve, ''2021-09-01'', 7)',
                               set_byte(bytes, (i * 7919) % length(bytes), (i * 104729) % 256))) AS mutated_stored
FROM (SELECT '\x0100000000000000000000000000000000000000'::bytea || '\x0300000000000000e71e000000000000'::bytea AS bytes) s, generate_series(1, 300) i
ORDER BY 1;

SELECT DISTINCT outcome(format('SELECT %L::georisk.epicurve', overlay(text placing substr('{}():,-0f9 B', i % 12 + 1, 1) from (i * 7919) % length(text) + 1 for i % 3))) AS mutated_text
FROM (SELECT 'households {2021-09-01:3(1f:2,2a:1),2021-09-02:5}' AS text) s, generate_series(1, 300) i ORDER BY 1;
