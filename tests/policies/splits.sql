-- Whatever is counted in parts and put together again, in any order, is judged as if it had been counted at once: reports split at
-- random into parts, zones into partial judgements that travel as text, serial and parallel.
--   psql -v splits=3 -f tests/policies/splits.sql
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS georisk CASCADE;
DROP SCHEMA IF EXISTS splits CASCADE;
CREATE SCHEMA splits;
SET search_path = splits, georisk, public;
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.20210906) \g /dev/null

-- Ten by six communes in six districts; each knows its neighbours, also those at a corner.
CREATE TABLE zone AS
SELECT 10 * y + x AS zone_id, 'Z' || 10 * y + x AS code, 101 + y AS parent_id, 'commune' AS level, (500 * (1 + (random() * 30)::integer)) AS population,
       (20 + random() * 200)::integer AS households, ST_MakeEnvelope(x, y, x + 1, y + 1, 32648) AS geom
  FROM generate_series(0, 9) x, generate_series(0, 5) y;
CREATE TABLE neighbour AS
SELECT zone_id, array_agg(neighbour_id ORDER BY neighbour_id) AS neighbours, array_agg(shared_m ORDER BY neighbour_id) AS shared_m, array_agg(gap_m ORDER BY neighbour_id) AS gap_m
  FROM zone_neighbours((SELECT zone_index_agg(zone_id, geom) FROM zone)) GROUP BY zone_id;
CREATE TABLE district AS SELECT 100 + i AS zone_id, 'district' AS level FROM generate_series(1, 6) i;
-- Every measure that a shipped policy counts.
CREATE TABLE measure AS
SELECT DISTINCT i.name FROM policies p, policy_inputs(policy(p.name)) i WHERE kind = 'count';
CREATE TABLE report AS
SELECT (random() * 59)::integer AS zone, m.name AS measure, date '2021-08-01' + (60 * random() * random())::integer AS day, (3 * random() * random())::integer AS n,
       CASE WHEN random() < 0.9 THEN 'h' || (random() * 9)::integer END AS household, NULL::geometry AS geom, 0 AS part
  FROM measure m, generate_series(1, 900) i;
UPDATE report SET geom = ST_SetSRID(ST_MakePoint(zone % 10 + 0.1 + 0.8 * random(), zone / 10 + 0.1 + 0.8 * random()), 32648);
-- Values around what policies ask for, one history for each name.
CREATE TABLE value AS
SELECT i.name, i.kind, z.zone_id, date '2021-07-25' + 5 * k AS day, round((random() * 90)::numeric, 1) AS number, random() < 0.6 AS yes
  FROM (SELECT DISTINCT i.name, i.kind FROM policies p, policy_inputs(policy(p.name)) i WHERE kind IN ('number', 'yesno')) i, zone z, generate_series(0, 14) k
 WHERE random() < 0.9;
CREATE TABLE series AS
SELECT zone_id, name, CASE kind WHEN 'number' THEN value_series_agg(day, number) ELSE value_series_agg(day, yes) END AS series FROM value GROUP BY zone_id, name, kind;

CREATE AGGREGATE added(epicurve) (SFUNC = epicurve_add, STYPE = epicurve);
CREATE AGGREGATE combined(judgement) (SFUNC = judge_agg_combine, STYPE = judgement);

-- The curves of each way of counting.
CREATE TABLE curve (way text, zone_id integer, measure text, curve epicurve);
CREATE PROCEDURE count_again(parts integer) LANGUAGE sql AS $$
    DELETE FROM curve;
    UPDATE report SET part = floor(random() * parts);
    INSERT INTO curve SELECT 'whole', zone, measure, epicurve_agg(day, n, zone || ':' || household) FROM report GROUP BY zone, measure;
    INSERT INTO curve SELECT 'sum', zone, measure, sum(curve ORDER BY random())
      FROM (SELECT zone, measure, part, epicurve_agg(day, n, zone || ':' || household)::text::epicurve AS curve FROM report GROUP BY zone, measure, part) p GROUP BY zone, measure;
    INSERT INTO curve SELECT 'plus', zone, measure, added(curve ORDER BY random())
      FROM (SELECT zone, measure, part, epicurve_agg(day, n, zone || ':' || household) AS curve FROM report GROUP BY zone, measure, part) p GROUP BY zone, measure;
    -- two parts too many, one of them of other days, taken back
    INSERT INTO curve SELECT 'minus', zone, measure, epicurve_agg(day, n, zone || ':' || household) + later - later - again
      FROM (SELECT zone, measure, day, n, household FROM report UNION ALL SELECT zone, measure, day, n, household FROM report WHERE part = 0) r
      JOIN (SELECT zone, measure, epicurve_agg(day + 3, 2 * n, zone || ':' || household) AS later, coalesce(epicurve_agg(day, n, zone || ':' || household) FILTER (WHERE part = 0),
                   epicurve_agg(day, 0, '')) AS again FROM report GROUP BY zone, measure) e USING (zone, measure) GROUP BY zone, measure, later, again;
    INSERT INTO curve SELECT 'tally', z.zone_id, measure, z.curve
      FROM (SELECT measure, sum(tally ORDER BY random()) AS tally
              FROM (SELECT measure, part, tally_agg((SELECT zone_index_agg(zone_id, geom) FROM zone), geom, day, n, household)::text::tally AS tally FROM report GROUP BY measure, part) t
             GROUP BY measure) t, tally_zones(tally) z;
$$;

CREATE TABLE rule AS SELECT name, policy(name) AS rule FROM policies;
INSERT INTO rule VALUES ('slow to improve', 'POLICY slow   REVIEW weekly ON friday
COUNT cases
LET n = households WITH cases IN 14 days
BASE WORST OF n: green < 1 <= yellow < 3 <= orange < 5 <= red
NOT BELOW previous WHEN cases IN 7 days > 2
WORSEN AFTER 2 reviews
IMPROVE AFTER 2 reviews STAY 3 reviews BY 1');
CREATE TABLE input AS SELECT r.name AS policy, i.name, i.kind FROM rule r, policy_inputs(r.rule) i WHERE i.kind IN ('count', 'number', 'yesno');

CREATE TABLE verdict (way text, policy text, as_of date, zone_id integer, households integer, said text);
-- All that is said of a zone but its households, which classify counts only for a policy that asks for them.
CREATE FUNCTION said(anyelement) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT (to_jsonb($1) - '{zone_id,households_affected,code,name,as_of,population,households,geom}'::text[])::text $$;
CREATE TABLE ready (policy text, rule risk_policy, as_of date, way text, chunk integer, zone_id integer, parent_id integer, level text, facts zone_profile,
                    neighbours integer[], shared_m double precision[], gap_m double precision[]);
CREATE PROCEDURE judge_again(rule_name text, rule risk_policy, day date) LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE ready;
    INSERT INTO ready
    WITH asked AS (SELECT name, kind FROM input WHERE policy = rule_name),
    known AS (
        SELECT way, zone_id, jsonb_object_agg(name, content) AS content FROM (
            SELECT way, zone_id, measure AS name, jsonb_build_object('epicurve', curve::text) AS content FROM curve JOIN asked ON name = measure AND kind = 'count'
            UNION ALL
            SELECT way, zone_id, name, jsonb_build_object('value_series', series::jsonb) FROM series JOIN asked USING (name), (SELECT DISTINCT way FROM curve) w) k
         GROUP BY way, zone_id),
    nothing AS (SELECT coalesce(jsonb_object_agg(name, NULL), '{}') AS content FROM asked)
    SELECT rule_name, rule, day, way, (random() * 4)::integer, z.zone_id, z.parent_id, z.level,
           (jsonb_build_object('population', population, 'households', households) || nothing.content || coalesce(known.content, '{}'))::zone_profile, neighbours, shared_m, gap_m
      FROM zone z CROSS JOIN (SELECT DISTINCT way FROM curve) w CROSS JOIN nothing JOIN neighbour n USING (zone_id) LEFT JOIN known USING (way, zone_id)
    UNION ALL
    SELECT rule_name, rule, day, way, (random() * 4)::integer, zone_id, NULL, level, nothing.content::zone_profile, NULL, NULL, NULL
      FROM district CROSS JOIN (SELECT DISTINCT way FROM curve) w CROSS JOIN nothing;
    -- all zones at once; parts of the zones, as text, in any order
    INSERT INTO verdict SELECT r.way, rule_name, day, j.zone_id, j.households_affected, said(j)
      FROM (SELECT way, judge_agg(zone_id, parent_id, level, facts, neighbours, shared_m, gap_m, NULL, r.rule, r.as_of, NULL) AS judgement FROM ready r GROUP BY way) r, judge(judgement) j;
    INSERT INTO verdict SELECT 'parts of zones', rule_name, day, j.zone_id, j.households_affected, said(j)
      FROM (SELECT combined(part ORDER BY random()) AS judgement
              FROM (SELECT judge_agg(zone_id, parent_id, level, facts, neighbours, shared_m, gap_m, NULL, r.rule, r.as_of, NULL)::text::judgement AS part
                      FROM ready r WHERE way = 'sum' GROUP BY chunk) p) c, judge(judgement) j;
    PERFORM set_config('max_parallel_workers_per_gather', '2', true), set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
            set_config('min_parallel_table_scan_size', '0', true), set_config('parallel_leader_participation', 'off', true);
    DROP TABLE IF EXISTS at_once;
    CREATE TABLE at_once AS
        SELECT judge_agg(zone_id, parent_id, level, facts, neighbours, shared_m, gap_m, NULL, r.rule, r.as_of, NULL) AS judgement FROM ready r WHERE way = 'plus';
    INSERT INTO verdict SELECT 'parallel', rule_name, day, j.zone_id, j.households_affected, said(j) FROM at_once, judge(judgement) j;
    PERFORM set_config('max_parallel_workers_per_gather', '0', true);
END
$$;

SELECT set_config('splits.n', :'splits', false) \g /dev/null
DO $$
DECLARE
    one record;
BEGIN
    FOR split IN 1 .. current_setting('splits.n')::integer LOOP
        CALL count_again(1 + split % 5);
        FOR one IN SELECT * FROM rule LOOP
            CALL judge_again(one.name, one.rule, date '2021-08-20' + (random() * 40)::integer);
        END LOOP;
    END LOOP;
END
$$;
-- What classify makes of the reports in one go, where nothing but reports is asked for.
CREATE VIEW listed AS SELECT code AS zone_code, day AS report_day, measure, n, zone || ':' || household AS household FROM report JOIN zone ON zone_id = zone;
INSERT INTO verdict SELECT 'classify', v.policy, v.as_of, c.zone_id, NULL, said(c)
  FROM (SELECT policy, max(as_of) AS as_of FROM verdict GROUP BY policy) v JOIN rule r ON r.name = v.policy,
       LATERAL classify('zone', 'listed', r.rule, v.as_of, start => (SELECT min(report_day) FROM listed JOIN input i ON i.name = measure WHERE n > 0 AND i.policy = v.policy)) c
 WHERE NOT EXISTS (SELECT FROM policy_inputs(r.rule) WHERE kind NOT IN ('count', 'reserved'));

\pset tuples_only
\pset format unaligned
SELECT format('policies: %s verdicts in %s ways, %s policies; %s unknown', count(*), count(DISTINCT way), count(DISTINCT policy), count(*) FILTER (WHERE said LIKE '%unknown%')) FROM verdict;
SELECT 'DIFFERENT', v.way, v.policy, v.as_of, v.said, w.said FROM verdict v JOIN verdict w USING (policy, as_of, zone_id) WHERE w.way = 'whole' AND (v.said <> w.said OR v.households <> w.households) LIMIT 10;
SELECT count(*) AS differ FROM verdict v JOIN verdict w USING (policy, as_of, zone_id) WHERE w.way = 'whole' AND (v.said <> w.said OR v.households <> w.households) \gset
SELECT count(*) AS ways FROM (SELECT DISTINCT way FROM verdict) w \gset
SELECT CASE WHEN :differ = 0 AND :ways = 8 THEN 'policies: parts put together are judged as the whole' ELSE 1 / 0 || '' END;
DROP SCHEMA splits CASCADE;
