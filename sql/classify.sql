-- One statement on any two tables: zones and reports as people have them, compared with plain SQL.
CREATE SCHEMA test_classify;
SET search_path = test_classify, georisk, public;
SET datestyle = ISO;
SET TimeZone = 'UTC';
\set SHOW_CONTEXT never

-- A 5 x 4 board of unit squares; reports by point or by code; households by name.
CREATE TABLE area AS
SELECT 10 * x + y AS gid, format('A-%s%s', x, y) AS code, format('Area %s/%s', x, y) AS name,
       ST_SetSRID(ST_MakeEnvelope(x, y, x + 1, y + 1), 3857) AS geom, 100 * (x + 1) AS population, 30 AS households
  FROM generate_series(0, 4) x, generate_series(0, 3) y;
CREATE TABLE patient AS
SELECT i AS id, date '2021-09-06' - (i * 7) % 31 AS onset_day, 'H' || i % 9 AS household, 1 + i % 2 AS n,
       ST_SetSRID(ST_MakePoint((i * 37 % 520) / 100.0 + 0.001, (i * 53 % 420) / 100.0 + 0.001), 3857) AS geom
  FROM generate_series(1, 300) i;
CREATE TABLE expected AS
SELECT a.gid, a.code, coalesce(sum(p.n) FILTER (WHERE p.onset_day > date '2021-08-23'), 0) AS cases,
       count(DISTINCT p.household) FILTER (WHERE p.onset_day > date '2021-08-30') AS affected
  FROM area a LEFT JOIN patient p ON ST_Covers(a.geom, p.geom) AND p.onset_day <= date '2021-09-06'
 GROUP BY a.gid, a.code;

-- By point.
SELECT count(*) AS outside FROM patient p WHERE NOT EXISTS (SELECT FROM area a WHERE ST_Covers(a.geom, p.geom));
SELECT c.tier, count(*), bool_and(c.cases = e.cases) AS counts, bool_and(c.code = e.code) AS codes,
       bool_and(c.tier = CASE WHEN e.cases >= 14 THEN 'red' WHEN e.cases >= 11 THEN 'orange' WHEN e.cases >= 8 THEN 'yellow' ELSE 'green' END) AS tiers
  FROM classify('area', 'patient', policy('alert_counts', '{"yellow": 8, "orange": 11, "red": 14}'), '2021-09-06') c
  JOIN expected e ON e.gid = c.zone_id GROUP BY c.tier, c.tier_rank ORDER BY c.tier_rank;
SELECT * FROM classify('area', 'patient', policy('alert_counts'), '2021-09-06') WHERE zone_id IN (0, 43) \gx
SELECT count(*), bool_and(c.households_affected = e.affected) AS households
  FROM classify('area', 'patient', policy('vn_hcmc_2716_2021'), '2021-09-06') c JOIN expected e ON e.gid = c.zone_id;

-- By code, in a view, under other names and with capitals.
CREATE SCHEMA test_clinic;
CREATE VIEW test_clinic."Line List" AS
SELECT ' ' || a.code || ' ' AS "Area", p.onset_day::timestamp + interval '23 hours' AS "Onset", p.household AS "Home", p.n AS "Cases"
  FROM patient p LEFT JOIN area a ON ST_Covers(a.geom, p.geom);
SELECT count(*), bool_and(c.cases = e.cases) AS counts
  FROM classify('area', 'test_clinic."Line List"', policy('alert_counts'), '2021-09-06', day_column => 'Onset', code_column => 'Area',
                count_column => 'Cases') c JOIN expected e ON e.gid = c.zone_id;
SELECT count(*), bool_and(c.households_affected = e.affected) AS households
  FROM classify('area', 'test_clinic."Line List"', policy('vn_hcmc_2716_2021'), '2021-09-06', day_column => 'Onset', code_column => 'Area',
                count_column => 'Cases', household_column => 'Home') c JOIN expected e ON e.gid = c.zone_id;

-- By code, and by point where the code names no zone: the same numbers again.
CREATE VIEW mixed AS
SELECT CASE p.id % 3 WHEN 0 THEN a.code WHEN 1 THEN 'no such area' END AS zone_code, CASE WHEN p.id % 3 > 0 THEN p.geom END AS geom,
       p.onset_day, p.n, p.household
  FROM patient p LEFT JOIN area a ON ST_Covers(a.geom, p.geom);
SELECT count(*), bool_and(c.households_affected = e.affected) AS households
  FROM classify('area', 'mixed', policy('vn_hcmc_2716_2021'), '2021-09-06') c JOIN expected e ON e.gid = c.zone_id;

-- Zones without an integer id are numbered by code.
CREATE VIEW coded AS SELECT code, geom FROM area ORDER BY -gid;
SELECT c.zone_id, c.code, c.name, c.cases = e.cases AS counts FROM classify('coded', 'patient', policy('alert_counts'), '2021-09-06') c
  JOIN expected e USING (code) WHERE c.zone_id <= 3 ORDER BY c.zone_id;

-- A run of days is the same as the days one by one.
SET client_min_messages = warning;
WITH run AS (SELECT * FROM classify('area', 'patient', policy('alert_counts'), '2021-08-30', '2021-09-06')),
single AS (SELECT c.* FROM generate_series(0, 7) i, classify('area', 'patient', policy('alert_counts'), date '2021-08-30' + i) c)
SELECT (SELECT count(*) FROM run) AS rows, NOT EXISTS (TABLE run EXCEPT ALL TABLE single) AS same;
RESET client_min_messages;
SELECT as_of, count(*), sum(cases) FROM classify('area', 'patient', policy('alert_counts'), '2021-09-04', '2021-09-06') GROUP BY as_of ORDER BY as_of;

-- Of days that the policy does not look at it counts nothing, and knows the last report all the same.
CREATE TABLE sparse AS
SELECT format('A-%s%s', i % 5, i * 3 % 4) AS zone_code, date '2021-09-20' - (i * i * 7) % 200 AS day, i % 4 AS n, 'H' || i % 6 AS household
  FROM generate_series(1, 60) i;
SELECT count(*), count(*) FILTER (WHERE c.days_since_last > 14) > 50 AS long_ago, count(*) FILTER (WHERE c.days_since_last IS NULL) > 5 AS never,
       bool_and(c.days_since_last IS NOT DISTINCT FROM e.since) AS days, bool_and(c.cases = e.cases) AS cases, bool_and(c.households_affected = e.affected) AS households,
       bool_and(c.tier = CASE WHEN e.affected >= 3 THEN 'red' WHEN e.affected >= 1 THEN 'orange' WHEN e.since <= 14 THEN 'near_green' ELSE 'green' END) AS tiers
  FROM (SELECT date '2021-06-01' + 6 * i AS day FROM generate_series(0, 20) i) d,
       classify('area', 'sparse', policy('vn_hcmc_2716_2021'), d.day, code_column => 'zone_code', count_column => 'n') c,
       LATERAL (SELECT d.day - max(s.day) AS since, coalesce(sum(s.n) FILTER (WHERE s.day > d.day - 7), 0) AS cases,
                       count(DISTINCT s.household) FILTER (WHERE s.day > d.day - 7) AS affected
                  FROM sparse s WHERE s.zone_code = c.code AND s.day <= d.day AND s.n > 0) e;
WITH run AS (SELECT * FROM classify('area', 'sparse', policy('vn_hcmc_2716_2021'), '2021-06-01', '2021-09-29') WHERE (as_of - date '2021-06-01') % 8 = 0),
single AS (SELECT c.* FROM generate_series(0, 120, 8) i, classify('area', 'sparse', policy('vn_hcmc_2716_2021'), date '2021-06-01' + i) c)
SELECT (SELECT count(*) FROM run) AS rows, NOT EXISTS (TABLE run EXCEPT ALL TABLE single) AS same;
-- What cannot be counted is refused on every day.
CREATE VIEW negative AS SELECT * FROM sparse UNION ALL SELECT 'A-00', '2020-01-01', -1, 'H1';
CREATE VIEW endless AS SELECT * FROM sparse UNION ALL SELECT 'A-00', '-infinity', 1, 'H1';
SELECT count(*) FROM classify('area', 'negative', policy('vn_hcmc_2716_2021'), '2021-09-06');
SELECT count(*) FROM classify('area', 'endless', policy('vn_hcmc_2716_2021'), '2021-09-06');

-- The day of a moment is the day of the people who live there.
CREATE TABLE moment AS SELECT 'A-00' AS code, timestamptz '2021-09-05 18:30Z' AS day;
SELECT cases, days_since_last FROM classify('area', 'moment', policy('alert_counts'), '2021-09-06', timezone => 'Asia/Ho_Chi_Minh') WHERE code = 'A-00';
SELECT cases, days_since_last FROM classify('area', 'moment', policy('alert_counts'), '2021-09-06', timezone => 'UTC') WHERE code = 'A-00';

-- Measures and zone values.
CREATE TABLE two_measures AS SELECT 'POLICY two_measures
TIERS green, yellow, orange, red
COUNT cases, deaths
NUMBER cover KEEP 30 days IF MISSING unknown
YESNO closed IF MISSING no
BASE
  red    WHEN deaths IN 7 days >= 1
  orange WHEN cases IN 7 days >= 1 AND cover < 70
  yellow WHEN cases IN 7 days >= 1 OR closed
  green  OTHERWISE'::risk_policy AS rule;
CREATE TABLE event AS SELECT * FROM (VALUES ('A-00', 'cases'), ('A-01', 'cases'), ('A-02', 'cases'), ('A-03', 'deaths'),
    ('A-10', NULL), ('Z-99', 'cases'), ('Z-99', 'tests')) v(zone_code, measure), (VALUES (date '2021-09-05')) d(day);
CREATE TABLE known AS SELECT * FROM (VALUES ('A-00', 'cover', date '2021-09-01', '69.9'), ('A-01', 'cover', '2021-09-01', '70'),
    ('A-02', 'cover', '2021-07-01', '10'), ('A-11', 'closed', '2021-01-01', 'yes'), ('Z-99', 'cover', '2021-09-01', '1'),
    ('Z-99', 'colour', '2021-09-01', 'blue')) v(zone_code, name, day, value);
SELECT c.code, c.tier, c.reason FROM two_measures, classify('area', 'event', rule, '2021-09-06', zone_values => 'known') c
 WHERE c.code < 'A-12' ORDER BY c.code;

-- The caller's rights, and any search_path.
CREATE ROLE regress_clerk;
GRANT USAGE ON SCHEMA georisk, test_classify TO regress_clerk;
GRANT SELECT ON area TO regress_clerk;
SET ROLE regress_clerk;
SELECT count(*) FROM classify('area', 'patient', policy('alert_counts'), '2021-09-06');
RESET ROLE;
GRANT SELECT ON patient TO regress_clerk;
SET ROLE regress_clerk;
SET search_path = pg_catalog;
SELECT count(*) FROM georisk.classify('test_classify.area', 'test_classify.patient', georisk.policy('alert_counts'), '2021-09-06');
SET search_path = test_classify, georisk, public;
RESET ROLE;

-- Nothing to count: every zone is there, and green.
CREATE TABLE nobody (geom geometry, day date);
SELECT tier, count(*) FROM classify('area', 'nobody', policy('alert_counts'), '2021-09-06') GROUP BY tier;

-- Bad input.
SELECT * FROM classify('area', 'moment', policy('alert_counts'), '2021-09-06');
SELECT * FROM classify('area', 'moment', policy('vn_hcmc_2716_2021'), '2021-09-06', timezone => 'UTC');
SELECT * FROM classify('area', 'patient', policy('alert_counts'), '2021-09-06', day_column => 'sampled');
SELECT * FROM classify('area', 'patient', policy('alert_counts'), '2021-09-06', point_column => 'household');
SELECT * FROM classify('area', 'area', policy('alert_counts'), '2021-09-06');
SELECT * FROM classify('patient', 'mixed', policy('alert_counts'), '2021-09-06');
SELECT * FROM two_measures, classify('area', 'patient', rule, '2021-09-06');
SELECT * FROM classify('area', 'patient', policy('alert_counts'), '2021-09-06', '2021-09-05');
SELECT * FROM classify('area', 'patient', policy('alert_counts'), 'infinity');
SELECT * FROM classify('area', 'patient', policy('alert_counts'), NULL);
SELECT * FROM classify('area', 'patient', policy('alert_counts'), '2021-09-06', lang => 'de');
INSERT INTO area VALUES (99, 'A-00');
SELECT * FROM classify('area', 'moment', policy('alert_counts'), '2021-09-06', timezone => 'UTC');

-- Zones that cannot be told apart, or counted on.
CREATE TABLE odd (id integer, code text, population integer);
INSERT INTO odd VALUES (1, 'A-00', 10), (NULL, 'A-01', 10);
SELECT * FROM classify('odd', 'event', policy('alert_counts'), '2021-09-06');
UPDATE odd SET id = 1;
SELECT * FROM classify('odd', 'event', policy('alert_counts'), '2021-09-06');
UPDATE odd SET id = 2, population = -10 WHERE code = 'A-01';
SELECT * FROM classify('odd', 'event', policy('alert_counts'), '2021-09-06');

-- Zones without polygons are found by code, though reports have points too; a point that was named must be of use.
UPDATE odd SET population = NULL;
CREATE TABLE placed AS SELECT onset_day AS day, 'A-00' AS code, geom FROM patient LIMIT 5;
SELECT code, cases FROM classify('odd', 'placed', policy('alert_counts', '{"days": 3650}'), '2021-09-06');
SELECT code, cases FROM classify('odd', 'placed', policy('alert_counts'), '2021-09-06', point_column => 'geom');

-- Tables may have the names that the statement uses for its own parts.
CREATE TABLE public.zone AS SELECT day, code AS zone_code, geom FROM placed;
SELECT code, cases FROM classify('odd', 'public.zone', policy('alert_counts', '{"days": 3650}'), '2021-09-06');
CREATE TABLE public.value AS SELECT 1 AS zone_id, 'A-00' AS code;
SELECT code, cases FROM classify('public.value', 'public.zone', policy('alert_counts', '{"days": 3650}'), '2021-09-06', zone_values => 'known');
DROP TABLE public.zone, public.value;

-- A count that no report is of says so, for it makes every zone green.
ALTER TABLE placed ADD what text DEFAULT 'Cases';
SELECT code, tier, cases FROM classify('odd', 'placed', policy('alert_counts'), '2021-09-06', measure_column => 'what');

-- What cannot be read names the zone, the value and the way out: a health department's spreadsheet has all of these.
CREATE TABLE dept_zone AS SELECT code, 100 AS population, NULL::geometry AS geom FROM unnest('{A,B}'::text[]) code;
CREATE TABLE dept_report AS SELECT 'A' AS zone_code, date '2021-09-01' AS day, 3::bigint AS n;
CREATE TABLE dept_value (zone_code text, name text, day date, value text);
CREATE FUNCTION refused(zones regclass, reports regclass, reading text DEFAULT NULL, day date DEFAULT '2021-09-01', what text DEFAULT 'cover') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    TRUNCATE dept_value;
    INSERT INTO dept_value SELECT code, name, v.day, CASE WHEN (code, name) = ('B', what) THEN reading ELSE '1' END
      FROM unnest('{A,B}'::text[]) code, unnest('{cover,met}'::text[]) name, (VALUES (day)) v(day);
    PERFORM FROM classify(zones, reports, 'POLICY p TIERS green, red COUNT cases NUMBER cover IF MISSING 0 YESNO met IF MISSING no
        BASE red WHEN cases IN 7 days > 3 OR cover > 60 OR met green OTHERWISE', '2021-09-03', zone_values => 'dept_value');
    RETURN 'read';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', sqlstate, sqlerrm, detail, hint);
END
$$;
SELECT what, reading, refused('dept_zone', 'dept_report', reading, what => what)
  FROM (VALUES ('cover', 'abc'), ('cover', '12,5'), ('cover', ''), ('cover', 'NaN'), ('cover', '1e40'), ('cover', 'yes'), ('cover', ' 82.50 '), ('cover', '-.5e1'), ('cover', NULL),
               ('met', 'maybe'), ('met', 'có'), ('met', '2'), ('met', ' Yes '), ('met', 'OFF'), ('met', NULL)) v(what, reading);
SELECT refused('dept_zone', 'dept_report', '1', 'infinity');
CREATE VIEW dept_large AS SELECT code, 3000000000 AS population FROM dept_zone WHERE code = 'A' UNION ALL SELECT 'B', NULL;
CREATE VIEW dept_odd AS SELECT code, 'NaN'::float8 AS households FROM dept_zone;
CREATE VIEW dept_typed AS SELECT code, CASE code WHEN 'A' THEN ' 163 ' ELSE 'about 200' END AS population FROM dept_zone;
CREATE VIEW dept_numbered AS SELECT 2147483648 AS gid, code FROM dept_zone;
CREATE VIEW dept_negative AS SELECT code, -5 AS population FROM dept_zone;
CREATE VIEW dept_many AS SELECT zone_code, day, 3000000000 AS n FROM dept_report;
SELECT zones, reports, refused(zones, reports, '1')
  FROM (VALUES ('dept_large'::regclass, 'dept_report'::regclass), ('dept_odd', 'dept_report'), ('dept_typed', 'dept_report'), ('dept_numbered', 'dept_report'),
               ('dept_negative', 'dept_report'), ('dept_zone', 'dept_many')) v(zones, reports);
-- A name that was mistyped is a value that every zone lacks.
UPDATE dept_value SET name = 'Cover' WHERE name = 'cover';
SELECT code, tier FROM classify('dept_zone', 'dept_report', 'POLICY p TIERS green, red COUNT cases NUMBER cover BASE red WHEN cases IN 7 days > 3 AND cover > 3 green OTHERWISE',
                                '2021-09-03', zone_values => 'dept_value');
-- A number that no longer fits is that of a zone.
CREATE VIEW dept_wide AS SELECT 'B' AS zone_code, 'cover' AS name, date '2021-09-01' AS day, 123456789012345678901234567890 AS value;
SELECT code, tier FROM classify('dept_zone', 'dept_report', 'POLICY p TIERS green, red COUNT cases NUMBER cover IF MISSING 0 BASE red WHEN cover * cover > 60 green OTHERWISE',
                                '2021-09-03', zone_values => 'dept_wide');
SELECT code, tier FROM classify('dept_zone', 'dept_report', 'POLICY p TIERS green, orange, red COUNT cases NUMBER cover IF MISSING 0 BASE red WHEN cover * cover > 60 orange WHEN TOUCHES red green OTHERWISE',
                                '2021-09-03', zone_values => 'dept_wide');
-- A language that is NULL is the default, wherever there is one.
SELECT (SELECT count(*) FROM classify('dept_zone', 'dept_report', policy('alert_counts'), '2021-09-03', lang => NULL) WHERE tier_label LIKE '%–%') AS classified,
       (SELECT count(*) FROM compare_tiers('dept_zone', 'dept_report', policy('alert_counts'), policy('hghi_2020'), '2021-09-03', lang => NULL)) AS compared,
       describe_policy(policy('alert_counts'), NULL) = describe_policy(policy('alert_counts')) AS described,
       (SELECT count(*) FROM policy_tiers(policy('alert_counts'), NULL) WHERE tier_label LIKE 'green%') AS tiers,
       (SELECT count(*) FROM describe_tells(policy('alert_counts'), NULL)) AS told,
       (SELECT count(*) FROM judge(j, NULL)) AS judged, (SELECT count(*) FROM judge_days(j, '2021-09-04', NULL)) AS days,
       (SELECT count(*) FROM explain_tier(j, 1, NULL)) AS explained_zone,
       (SELECT count(*) FROM explain_tier(p, policy('alert_counts'), NULL)) AS explained, (SELECT count(*) FROM explain_tier(p, policy('alert_counts'), NULL::date, NULL, NULL)) AS from_start
  FROM (SELECT profile('cases', NULL, 'as_of', date '2021-09-03') AS p) p, LATERAL (SELECT judge_agg(id, NULL, NULL, p, NULL, NULL, NULL, NULL, policy('alert_counts'), '2021-09-03', NULL) AS j FROM (VALUES (1)) z(id)) j;
-- ... and of nothing there is nothing to say.
SELECT (SELECT count(*) FROM judge(NULL)) AS judged, (SELECT count(*) FROM judge_days(NULL, '2021-09-04')) AS days, (SELECT count(*) FROM explain_tier(NULL::judgement, 1)) AS explained_zone,
       (SELECT count(*) FROM explain_tier(NULL, policy('alert_counts'))) AS explained, describe_policy(NULL) IS NULL AS described, (SELECT count(*) FROM policy_tiers(NULL)) AS tiers,
       (SELECT count(*) FROM describe_tells(NULL)) AS told;

-- Queries over a map take no machine code: making it cannot be cancelled, and costs more than it saves. What runs in them sees the setting.
SET jit = on;
CREATE VIEW seen_area AS SELECT gid, code, current_setting('jit') AS name, geom, population, households FROM area WHERE geom IS NOT NULL;
CREATE VIEW seen_patient AS SELECT current_setting('jit') AS report_id, onset_day, n, geom FROM patient;
SELECT 'classify' AS what, name AS jit FROM classify('seen_area', 'patient', policy('alert_counts'), '2021-09-06')
 UNION SELECT 'compare_tiers', name FROM compare_tiers('seen_area', 'patient', policy('alert_counts'), policy('hghi_2020'), '2021-09-06')
 UNION SELECT 'case_clusters', unnest(reports) FROM case_clusters('seen_patient', 1, 30) ORDER BY what;
-- where nothing can be seen from inside, by what is set
SELECT p.oid::regprocedure AS function, 'jit=off' = ANY (p.proconfig) AS off FROM pg_proc p
 WHERE p.pronamespace = 'georisk'::regnamespace AND p.proname IN ('compare_tiers', 'compare_policies', 'explain_zone') ORDER BY p.oid::regprocedure::text COLLATE "C";
RESET jit;

DROP OWNED BY regress_clerk;
DROP ROLE regress_clerk;
