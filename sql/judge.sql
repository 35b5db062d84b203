-- All zones at once: judge_agg gathers, judge decides, and neither order, parallel plans nor storage change a byte.
CREATE SCHEMA test_judge;
SET search_path = test_judge, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;
\set SHOW_CONTEXT never

CREATE TABLE judged_zone AS
SELECT zone, profile('population', 1000 + zone, 'cases', epicurve_agg(
           CASE WHEN i <= zone % 5 THEN date '2021-09-06' - (zone * 7 + i) % 20 END, 1, i::bigint),
           'contact', CASE zone % 3 WHEN 0 THEN true WHEN 1 THEN false END) AS facts
  FROM generate_series(1, 200) zone, generate_series(1, 5) i GROUP BY zone;

-- The same verdicts as @@ zone by zone.
SELECT count(*), count(*) FILTER (WHERE v.tier = (at_day(facts, date '2021-09-06') @@ policy('vn_hcmc_2716_2021'))::text) AS same
  FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('vn_hcmc_2716_2021'), '2021-09-06', NULL) AS j
          FROM judged_zone) all_zones,
       judge(j) v JOIN judged_zone ON zone = v.zone_id;
SELECT v.* FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('vn_hcmc_2716_2021'), '2021-09-06', NULL) AS j
          FROM judged_zone WHERE zone IN (3, 4, 5, 8)) all_zones, judge(j) v;
SELECT v.zone_id, v.tier, v.tier_label, v.reason
  FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('vn_hcmc_2716_2021'), '2021-09-06', NULL) AS j
          FROM judged_zone WHERE zone IN (3, 4, 5, 8)) all_zones, judge(j, 'vi') v;

-- Every column of the hierarchy is kept, in text and in binary.
CREATE TABLE kept AS
SELECT 1 AS id, judge_agg(zone, nullif(zone % 7, 0), CASE WHEN zone % 2 = 0 THEN 'tổ "dân phố"' END,
           CASE WHEN zone <> 9 THEN facts END, ARRAY[zone - 1, zone + 1], ARRAY[0.1 * zone, 1e-7], ARRAY[0, 1e22]::double precision[],
           CASE WHEN zone % 5 = 0 THEN 'red' END, policy('vn_hcmc_2716_2021'), '2021-09-06', '2021-06-01') AS j
  FROM judged_zone;
SELECT left(j::text, 47), j::text LIKE '%"zone_id": 200%' AS last_zone,
       j::text LIKE '%"parent_id": 3, "level": "tổ \\"dân phố\\"", "profile": %' AS relations,
       j::text LIKE '%"neighbours": [8, 10], "shared_m": [0.9, 1e-07], "gap_m": [0, 1e+22]}%' AS lengths FROM kept;
SELECT j::text::judgement::text = j::text AS same_by_text FROM kept;
COPY kept TO STDOUT (FORMAT binary) \g build/regress/results/judgement.bin
\copy kept FROM 'build/regress/results/judgement.bin' (FORMAT binary)
SELECT count(*), count(DISTINCT j::text) AS values, count(DISTINCT judgement_send(j)) AS bytes FROM kept;

-- Order, partial aggregation and a stored value in between make no difference.
CREATE FUNCTION pg_temp.gather(relation text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy(''alert_counts''), ''2021-09-06'', NULL)::text FROM %s z', relation)
$$;
CREATE FUNCTION pg_temp.print(relation text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE printed text;
BEGIN
    EXECUTE pg_temp.gather(relation) INTO printed;
    RETURN md5(printed);
END $$;
CREATE FUNCTION pg_temp.plan(relation text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE printed text;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || pg_temp.gather(relation) INTO printed;
    RETURN printed;
END $$;
SELECT pg_temp.print('judged_zone') AS serial \gset
SELECT pg_temp.print('(SELECT * FROM judged_zone ORDER BY facts::text, zone DESC)') = :'serial' AS any_order;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2; ALTER TABLE judged_zone SET (parallel_workers = 2);
SELECT pg_temp.plan('judged_zone') LIKE '%"Partial Mode": "Partial"%' AS parallel_plan;
SELECT pg_temp.print('judged_zone') = :'serial' AS in_parallel;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;
SELECT count(*), bool_and((SELECT count(*) FROM judge(running)) = zone) AS every_frame_has_its_zones
  FROM (SELECT zone, judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-06', NULL)
               OVER (ORDER BY zone) AS running FROM judged_zone WHERE zone <= 20) w;

-- Between reviews the verdict of the last review day stands. 2021-09-03 was a Friday.
SELECT as_of, v.tier, v.window_start, v.window_end
  FROM (SELECT as_of, judge_agg(1, NULL, NULL, facts, NULL, NULL, NULL, NULL, 'POLICY on_fridays
REVIEW weekly ON friday
TIERS green, red
COUNT cases
BASE
  red   WHEN cases IN 7 days >= 1
  green OTHERWISE', as_of, NULL) AS j
          FROM (SELECT date '2021-09-01' + i AS as_of, profile('cases', epicurve_agg('2021-09-05', 1)) AS facts
                  FROM generate_series(0, 10, 2) i GROUP BY i) d GROUP BY as_of) one_zone, judge(j) v ORDER BY as_of;

-- Several days at once: each as judged by itself, also where silence and values of the day itself give each day a past of its own.
CREATE TABLE rules AS SELECT * FROM (VALUES ('plain', policy('vn_hcmc_2716_2021')::text), ('weekly past', 'POLICY past
REVIEW weekly ON friday
TIERS green, yellow, red
COUNT cases
YESNO contact IF MISSING no
BASE
  red    WHEN cases IN 7 days >= 2 OR contact
  yellow WHEN cases IN 7 days >= 1
  green  OTHERWISE
WORSEN AFTER 2 reviews
IMPROVE AFTER 2 reviews STAY 2 reviews')) r(name, rule);
CREATE TABLE many AS
SELECT zone, CASE WHEN zone <> 17 THEN profile('population', 1000 + zone, 'households', 40,
           'cases', (SELECT epicurve_agg(date '2021-09-20' - (zone * i * 3) % 70, 1, i::bigint) FROM generate_series(1, zone % 7) i),
           'contact', CASE zone % 5 WHEN 0 THEN true END,
           'reported_until', CASE WHEN zone % 4 = 0 THEN date '2021-09-01' END, 'silence_limit', 10) END AS facts
  FROM generate_series(1, 60) zone;
SELECT r.name, started, count(*) > 1000 AS many, count(DISTINCT a.tier) AS tiers, bool_and(a = b) AS same
  FROM rules r, (VALUES (date '2021-08-01'), (NULL)) s(started),
       LATERAL (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, r.rule::risk_policy, '2021-08-20', started) AS run FROM many) j,
       generate_series(date '2021-08-20', date '2021-10-15', '3 days') day,
       LATERAL (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, r.rule::risk_policy, day::date, started) AS alone FROM many) k,
       LATERAL (SELECT zone_id, tier_rank, tier, tier_label, reason, cases, households_affected, days_since_last, window_end, complete_until
                  FROM judge_days(run, '2021-10-15', 'vi') WHERE as_of = day) a,
       LATERAL (SELECT zone_id, tier_rank, tier, tier_label, reason, cases, households_affected, days_since_last, window_end, complete_until
                  FROM judge(alone, 'vi')) b WHERE b.zone_id = a.zone_id
 GROUP BY r.name, started ORDER BY r.name, started;
-- All zones together where a policy relates them, with and without what gives each day a past of its own.
CREATE TABLE related AS SELECT m.*, w.way, CASE WHEN zone > 6 THEN (zone - 1) / 6 END AS parent FROM many m, (VALUES ('as they are'), ('plain'), ('silent later')) w(way);
UPDATE related SET facts = profile('cases', (SELECT epicurve_agg(date '2021-09-20' - (zone * i * 3) % 70, 1, i::bigint) FROM generate_series(1, zone % 7) i), 'contact',
    (SELECT value_series_agg(q.day, q.yes) FROM (SELECT date '2021-09-01' + zone AS day, zone % 2 = 0 AS yes) q)) WHERE way <> 'as they are';
UPDATE related SET facts = (facts::jsonb || jsonb_build_object('reported_until', date '2021-09-10' + zone % 20, 'silence_limit', zone % 11))::zone_profile WHERE way = 'silent later' AND zone % 4 = 0;
CREATE TABLE relating AS
SELECT name, format('POLICY related %s
TIERS green, yellow, orange, red
NEIGHBOURS corners
COUNT cases
YESNO contact KEEP 20 days IF MISSING no
BASE
  red    WHEN cases IN 7 days >= 2
  orange WHEN cases IN 7 days >= 1 OR TOUCHES red
  yellow WHEN cases IN 14 days >= 1 OR contact OR SHARE(AT LEAST orange) >= 50%%
  green  OTHERWISE
%s', review, steps)::risk_policy AS rule
  FROM (VALUES ('weekly past', 'REVIEW weekly ON friday', 'NOT BELOW parent IMPROVE AFTER 2 reviews STAY 2 reviews'), ('daily past', '', 'WORSEN AFTER 2 reviews'), ('no past', '', ''),
    ('in force later', 'REVIEW weekly ON friday IN FORCE 3 days LATER', 'IMPROVE AFTER 2 reviews'),
    ('entered between', 'REVIEW weekly ON friday', 'ENTER red WHEN cases IN 7 days >= 1 EFFECTIVE 2 days LATER LEAVE red WHEN cases IN 14 days = 0 EFFECTIVE 3 days LATER')) r(name, review, steps);
CREATE TABLE run AS
SELECT name, way, v.* FROM (SELECT name, way, judge_agg(zone, parent, CASE WHEN zone <= 6 THEN 'top' WHEN zone <= 42 THEN 'middle' ELSE 'below' END, facts, ARRAY[zone - 1, zone + 1], NULL, NULL, NULL, rule, '2021-08-20', NULL) AS j FROM relating, related GROUP BY name, way) g,
    judge_days(j, '2021-10-15') v;
CREATE TABLE day_by_day AS
SELECT name, way, v.*, day::date AS as_of
  FROM (SELECT name, way, day, judge_agg(zone, parent, CASE WHEN zone <= 6 THEN 'top' WHEN zone <= 42 THEN 'middle' ELSE 'below' END, facts, ARRAY[zone - 1, zone + 1], NULL, NULL, NULL, rule, day::date, NULL) AS j
          FROM relating, related, generate_series(date '2021-08-20', date '2021-10-15', '3 days') day GROUP BY name, way, day) g, judge(j) v;
SELECT name, way, count(*) > 500 AS many, count(DISTINCT r.tier) AS tiers, bool_and(to_jsonb(r) = to_jsonb(d)) AS same
  FROM run r JOIN day_by_day d USING (name, way, zone_id, as_of) GROUP BY name, way ORDER BY name, way;
SELECT v.as_of, v.tier, v.cases FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-19', NULL) AS j
         FROM many WHERE zone = 5) one_zone, judge_days(j, '2021-09-21') v;
SELECT count(*) FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-19', NULL) AS j FROM many) g, judge_days(j, '2021-09-18');
SELECT count(*) FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-19', NULL) AS j FROM many) g, judge_days(j, 'infinity');

-- Nothing known, and a flag that is missing: unknown, grey, and the reason says what is missing.
SELECT v.zone_id, v.tier_rank, v.tier, v.tier_label, v.tier_color, v.reason, v.cases
  FROM unnest('{en,vi}'::text[]) lang,
       (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, 'POLICY flag_needed
TIERS green, yellow, red
COUNT cases
YESNO contact IF MISSING unknown
BASE
  red    WHEN cases IN 7 days >= 1 AND contact
  yellow WHEN cases IN 7 days >= 1
  green  OTHERWISE', '2021-09-06', NULL) AS j
          FROM (VALUES (1, NULL), (2, profile('cases', (SELECT epicurve_agg('2021-09-06', 2)))),
                       (3, profile('cases', (SELECT epicurve_agg('2021-08-01', 2))))) z(zone, facts)) all_zones,
       judge(j, lang) v ORDER BY lang, v.zone_id;

-- A role that may read the view and nothing else reads it: nothing in it reads a table with the reader's rights.
CREATE VIEW judged AS
SELECT v.* FROM (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, NULL, policy('vn_hcmc_2716_2021'), '2021-09-06', NULL) AS j
                   FROM judged_zone) all_zones, judge(j, 'vi') v;
CREATE ROLE regress_judge_reader;
GRANT USAGE ON SCHEMA test_judge TO regress_judge_reader;
GRANT SELECT ON judged TO regress_judge_reader;
SET ROLE regress_judge_reader;
SELECT count(*), count(*) FILTER (WHERE tier_rank IS NOT NULL) AS judged FROM judged;
SELECT count(*) FROM judged_zone;
RESET ROLE;
DROP OWNED BY regress_judge_reader;
DROP ROLE regress_judge_reader;

-- Errors.
SELECT judge_agg(z, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-06', NULL) FROM unnest('{4,2,4}'::integer[]) z;
SELECT judge_agg(z, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts'), date '2021-09-06' + z, NULL) FROM generate_series(1, 2) z;
SELECT judge_agg(z, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts', format('{"red": %s}', 3 + z)::jsonb), '2021-09-06', NULL) FROM generate_series(1, 2) z;
SELECT judge_agg(z, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-06', date '2021-09-01' - z) FROM generate_series(1, 2) z;
SELECT judge_agg(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-06', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2021-09-06', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts'), NULL, NULL);
SELECT judge_agg(1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('alert_counts'), 'infinity', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, '{2,3}', '{10}', NULL, NULL, policy('alert_counts'), '2021-09-06', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, NULL, NULL, '{10}', NULL, policy('alert_counts'), '2021-09-06', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, '{2,NULL}', NULL, NULL, NULL, policy('alert_counts'), '2021-09-06', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, '{2}', '{NaN}', NULL, NULL, policy('alert_counts'), '2021-09-06', NULL);
SELECT judge_agg(1, NULL, NULL, NULL, '{2}', '{-1}', NULL, NULL, policy('alert_counts'), '2021-09-06', NULL);
SELECT v.tier FROM (SELECT judge_agg(1, NULL, NULL, profile('as_of', date '2021-09-05'), NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-06', NULL) AS j) g, judge(j) v;
SELECT '{}'::judgement;
SELECT '[]'::judgement;
SELECT '{"as_of": "2021-09-06", "policy": "POLICY", "zones": [{"zone_id": 1}]}'::judgement;
SELECT jsonb_build_object('as_of', '06.09.2021', 'policy', policy('alert_counts')::text, 'zones', '[{"zone_id": 1}]'::jsonb)::text::judgement IS NULL;
\set judgement_of 'SELECT jsonb_build_object(''as_of'', ''2021-09-06'', ''policy'', policy(''alert_counts'')::text, ''zones'', '
:judgement_of '[]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1}, {"zone_id": 1}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1.5}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 5000000000}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1, "tier": "red"}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1, "neighbours": [2], "gap_m": [1, 2]}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1, "neighbours": [2], "gap_m": [-1]}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1, "profile": "nonsense"}]'::jsonb)::text::judgement IS NULL;
:judgement_of '[{"zone_id": 1, "level": "ward"}]'::jsonb)::text::judgement::text LIKE '%"zones": [{"zone_id": 1, "level": "ward"}]}' AS read;

-- Mutated text, binary and stored bytes: an error or a value, never a crash.
CREATE TABLE received (value judgement);
CREATE FUNCTION receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    path text := current_setting('data_directory') || '/mutated_judgement';
BEGIN
    EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, path);
    EXECUTE format('COPY received FROM %L (FORMAT binary)', path);
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN sqlstate LIKE '22%' OR sqlstate LIKE '42%' OR sqlstate IN ('08P01', '54000') THEN 'refused' ELSE sqlstate || ' ' || sqlerrm END;
END $$;
CREATE TYPE raw_bytes;
CREATE FUNCTION raw_in(cstring) RETURNS raw_bytes AS 'byteain' LANGUAGE internal IMMUTABLE STRICT;
CREATE FUNCTION raw_out(raw_bytes) RETURNS cstring AS 'byteaout' LANGUAGE internal IMMUTABLE STRICT;
CREATE TYPE raw_bytes (INPUT = raw_in, OUTPUT = raw_out, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (raw_bytes AS judgement) WITHOUT FUNCTION;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE query INTO result;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN sqlstate LIKE '22%' OR sqlstate LIKE '42%' OR sqlstate IN ('XX001', '54000') THEN 'refused' ELSE sqlstate || ' ' || sqlerrm END;
END $$;
CREATE TABLE sample AS SELECT (SELECT judge_agg(zone, 7, 'tổ', CASE WHEN zone > 1 THEN facts END, ARRAY[1, 2], ARRAY[0.5, 3], ARRAY[0, 1e-3]::double precision[], 'red',
       policy('alert_counts'), '2021-09-06', '2021-06-01') FROM judged_zone WHERE zone < 4) AS value;
SELECT receive(substr(judgement_send(value), 1, length)) AS truncated, count(*)
  FROM sample, generate_series(0, 400) length GROUP BY 1 ORDER BY 1;
SELECT receive(set_byte(bytes, (i * 7919) % length(bytes), (i * 104729) % 256)) AS mutated_binary, count(*) > 0 AS some
  FROM (SELECT judgement_send(value) AS bytes FROM sample) s, generate_series(1, 1000) i GROUP BY 1 ORDER BY 1;
SELECT count(*) > 0 AS some_accepted, bool_and(value::text::judgement::text = value::text) AS and_whole FROM received;
SELECT outcome(format('SELECT %L::judgement', overlay(text PLACING substr('{}[]"'':,-0f9 BW', i % 15 + 1, 1) FROM (i * 7919) % length(text) + 1 FOR i % 3))) AS mutated_text, count(*) > 0 AS some
  FROM (SELECT value::text AS text FROM sample) s, generate_series(1, 300) i GROUP BY 1 ORDER BY 1;

-- The stored bytes, changed anywhere and cut anywhere.
CREATE FUNCTION stored(value judgement) RETURNS bytea AS 'textsend' LANGUAGE internal IMMUTABLE STRICT;
SELECT outcome(format('SELECT count(*) FROM judge(%L::raw_bytes::judgement)', set_byte(bytes, (i * 7919) % length(bytes), (i * 104729) % 256))) AS mutated_stored, count(*) > 0 AS some
  FROM (SELECT stored((value::text)::judgement) AS bytes FROM sample) s, generate_series(1, 2000) i GROUP BY 1 ORDER BY 1;
SELECT outcome(format('SELECT count(*) FROM judge(%L::raw_bytes::judgement)', substr(bytes, 1, i))) AS cut, count(*)
  FROM (SELECT stored((value::text)::judgement) AS bytes FROM sample) s, generate_series(0, 2000, 7) i WHERE i < length(bytes) GROUP BY 1 ORDER BY 1;
