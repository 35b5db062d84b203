-- value_series keeps dated numbers and yes/no values exactly, and gives the same value however its rows
-- come: shuffled, split over workers, or written out and read back.
SET search_path = georisk, public;

-- The newest entry holds; null says "not known from here on"; the same value twice is one entry, different
-- values on one day make it not known.
SELECT value_series_agg(day, value) AS numbers
FROM (VALUES (date '2021-08-01', 71.50), ('2021-08-15', 80), ('2021-08-15', 80.00), ('2021-09-01', NULL),
             ('2021-09-10', 5), ('2021-09-10', 6), (NULL, 9)) AS history(day, value);
SELECT value_series_agg(day, value) AS yes_no
FROM (VALUES (date '2021-08-01', true), ('2021-09-01', NULL), ('2021-09-10', false)) AS history(day, value);
SELECT value_series_agg(NULL::date, 1.5) IS NULL AS no_day_no_series;

SELECT day::date, value_at(series, day::date) AS for_ever, value_at(series, day::date, 10) AS ten_days,
       value_at(series, day::date, 0) AS that_day
FROM CAST('{"2021-08-01": 71.5, "2021-08-15": 80, "2021-09-01": null}' AS value_series) AS series,
     unnest(date[] '{2021-07-31, 2021-08-01, 2021-08-11, 2021-08-12, 2021-08-15, 2021-08-31, 2021-09-01}') AS day;
SELECT yesno_at('{"2021-08-01": true, "2021-09-01": false}', '2021-08-20') AS before,
       yesno_at('{"2021-08-01": true, "2021-09-01": false}', '2021-09-20') AS after,
       yesno_at('{"2021-08-01": null}', '2021-09-20') AS nothing_known,
       value_at('{"2021-08-01": null}', '2021-09-20') AS nothing_known_either,
       value_at(NULL, '2021-09-20') AS no_series;

-- Oracle: the obvious query says the same on every day, for every KEEP.
CREATE TEMP TABLE history AS
SELECT zone, date '2021-01-01' + (i * 37 + zone * 11) % 300 AS day,
       CASE WHEN (i + zone) % 7 > 0 THEN ((i * 13 + zone) % 1000) / 8.0 END AS value
FROM generate_series(1, 20) AS zone, generate_series(1, 120) AS i;
CREATE TEMP TABLE series AS SELECT zone, value_series_agg(day, value) AS series FROM history GROUP BY zone;
CREATE TEMP TABLE daily AS
SELECT zone, day, CASE WHEN count(DISTINCT value) = 1 AND count(value) = count(*) THEN min(value) END AS value
FROM history GROUP BY zone, day;
SELECT count(*) AS asked,
       count(*) FILTER (WHERE value_at(series, asked::date, keep) IS DISTINCT FROM expected.value) AS wrong
FROM series CROSS JOIN generate_series(date '2020-12-25', '2021-11-10', '3 days') AS asked
     CROSS JOIN unnest(ARRAY[NULL, 0, 5, 30]) AS keep
     LEFT JOIN LATERAL (
         SELECT CASE WHEN keep IS NULL OR asked::date - daily.day <= keep THEN daily.value END AS value
         FROM daily WHERE daily.zone = series.zone AND daily.day <= asked::date
         ORDER BY daily.day DESC LIMIT 1) AS expected ON true;

-- The same bytes in any order of rows, and after text, jsonb and binary.
SELECT bool_and(series = descending AND value_series_send(series) = value_series_send(shuffled)) AS any_order
FROM series JOIN (
    SELECT zone, value_series_agg(day, value ORDER BY day DESC, value) AS descending,
           value_series_agg(day, value ORDER BY md5(day::text || value::text)) AS shuffled
    FROM history GROUP BY zone) AS other USING (zone);
SELECT bool_and(series::text::value_series = series AND series::jsonb::value_series = series) AS text_and_jsonb
FROM series;
SELECT bool_and(value_at(series, day, 0) IS NOT DISTINCT FROM value) AS combined
FROM daily JOIN (
    SELECT zone, value_series_combine(value_series_agg(day, value) FILTER (WHERE day < '2021-05-01'),
                                      value_series_agg(day, value) FILTER (WHERE day >= '2021-03-01')) AS series
    FROM history GROUP BY zone) AS parts USING (zone);
SELECT value_series_agg(day, value) OVER (ORDER BY day, value) AS running
FROM (VALUES (date '2021-08-01', 1), ('2021-08-02', 2), ('2021-08-02', 3)) AS history(day, value);

-- Parallel: workers' partial states make the same series.
CREATE TABLE long_history AS
SELECT i % 50 AS zone, date '2021-01-01' + i % 331 AS day, (i % 331) % 17 AS value
FROM generate_series(1, 60000) AS i;
ANALYZE long_history;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS SELECT zone, value_series_agg(day, value) AS series FROM long_history GROUP BY zone;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS
$$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT count(*) > 0 AS partial_aggregate
FROM pg_temp.plan('SELECT zone, value_series_agg(day, value) FROM long_history GROUP BY zone') AS line
WHERE line ~ 'Partial .*Aggregate';
SELECT count(*) AS zones, bool_and(serial.series = parallel.series) AS same
FROM serial JOIN (SELECT zone, value_series_agg(day, value) AS series FROM long_history GROUP BY zone) AS parallel
     USING (zone);
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE long_history;

-- Settings have no say.
SET DateStyle = 'German, DMY';
SET extra_float_digits = -5;
SELECT value_series '{"0044-03-15 BC": 0.000000000000000000000000000000000001, "9999-12-31": -999999999999999999999999999999999999}';
RESET DateStyle;
RESET extra_float_digits;

-- What is refused.
SELECT value_series_agg('2021-08-01', 'NaN'::numeric);
SELECT value_series_agg('2021-08-01', 'Infinity'::numeric);
SELECT value_series_agg('2021-08-01', ('1' || repeat('0', 36))::numeric);
SELECT value_series_agg('infinity', 1);
SELECT value_series '{"2021-02-29": 1}';
SELECT value_series '{"2021-08-01": "high"}';
SELECT value_series '{"2021-08-01": 1, "2021-08-02": true}';
SELECT value_series '[1]';
SELECT value_series '{';
SELECT value_at('{"2021-08-01": true}', '2021-08-01');
SELECT yesno_at('{"2021-08-01": 1}', '2021-08-01');
SELECT value_at('{"2021-08-01": 1}', '2021-08-01', -1);
SELECT value_at('{"2021-08-01": 1}', 'infinity');
SELECT value_series_combine('{"2021-08-01": 1}', '{"2021-08-01": true}');
SELECT value_series_agg('2021-08-01', 1.5::double precision);
