-- zone_risk: every zone's tier on the map's day, counted when it is read.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
SET jit = off;
CREATE ROLE regress_reader;
SELECT georisk.create_map('regress_risk', srid => 32648, lang => 'en');
SET search_path = regress_risk, public;

-- The columns that dashboards and QGIS depend on, with their types; none is of a type of georisk's own.
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
WHERE a.attrelid = 'zone_risk'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT type, srid, coord_dimension FROM geometry_columns WHERE f_table_schema = 'regress_risk' AND f_table_name = 'zone_risk';
SELECT count(*) AS rows_before_activation FROM zone_risk;

-- 24 groups in a row, in one ward.
INSERT INTO zone (code, name, level, population, households) VALUES ('W', 'Ward', 'ward', 4000, 1000);
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || lpad(x::text, 2, '0'), 'Group ' || x, 'W', 'group', 160, 40,
	   ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(0, 23) x;
SELECT georisk.activate_zones('regress_risk', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_risk', '2021-09-06');

-- Cases that try every border of the rule: days, households, statuses, settings, withdrawals, revisions.
INSERT INTO report (external_id, revision, withdrawn, status, setting, report_day, n, household, zone_code, geom) VALUES
	('a', 1, false, NULL, NULL, '2021-09-06', 1, '1', 'G01', NULL),                 -- today: yellow
	('b', 1, false, 'confirmed', 'residence', '2021-08-31', 1, '1', 'G02', NULL),   -- first day of the window: yellow
	('c', 1, false, NULL, NULL, '2021-08-30', 1, '1', 'G03', NULL),                 -- day before it: near green
	('d', 1, false, NULL, NULL, '2021-08-23', 1, '1', 'G04', NULL),                 -- 14 days ago: near green
	('e', 1, false, NULL, NULL, '2021-08-22', 1, '1', 'G05', NULL),                 -- 15 days ago: green
	('f', 1, false, NULL, NULL, '2021-09-07', 1, '1', 'G06', NULL),                 -- tomorrow: green
	('g', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G07', NULL),                 -- one household twice: yellow
	('h', 1, false, NULL, NULL, '2021-09-02', 5, ' 1', 'G07', NULL),
	('i', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G08', NULL),                 -- two households: orange
	('j', 1, false, NULL, NULL, '2021-09-02', 1, '2', 'G08', NULL),
	('k', 1, false, NULL, NULL, '2021-09-01', 3, NULL, 'G09', NULL),                -- household not known, n = 3: red
	('l', 1, false, 'probable', NULL, '2021-09-01', 9, NULL, 'G10', NULL),          -- does not count
	('m', 1, false, 'confirmed', 'isolation', '2021-09-01', 9, NULL, 'G11', NULL),  -- does not count
	('n', 1, false, NULL, NULL, '2021-09-01', 9, NULL, 'G12', NULL),                -- withdrawn
	('n', 2, true, NULL, NULL, '2021-09-01', 9, NULL, 'G12', NULL),
	('o', 2, false, NULL, NULL, '2021-09-01', 1, '1', 'G14', NULL),                 -- corrected: moved from 13 to 14
	('o', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G13', NULL),
	('p', 1, false, NULL, NULL, '2021-09-01', 1, '1', NULL, ST_Point(1550, 50, 32648)), -- by point: G15
	('q', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'W', NULL),                   -- known to the ward only
	('r', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G16', NULL),                 -- one household, contact no: yellow
	('s', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G17', NULL),                 -- contact yes: orange
	('t', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G18', NULL),                 -- contact no, too old: missing counts as yes
	('u', 1, false, NULL, NULL, '2021-09-01', 1, '1', 'G19', NULL);                 -- contact no, corrected to yes
INSERT INTO zone_value (zone_code, name, day, value, recorded_at) SELECT 'G' || lpad(x::text, 2, '0'), 'contact', '2021-09-05', 'no', '2021-09-05'
FROM generate_series(0, 16) x;
INSERT INTO zone_value (zone_code, name, day, value, recorded_at) VALUES
	(' G17', 'contact', '2021-09-05', 'yes', '2021-09-05'),
	('G18', 'contact', '2021-08-22', 'no', '2021-08-22'),
	('G19', 'contact', '2021-09-04', 'yes', '2021-09-06'), ('G19', 'contact', '2021-09-04', 'no', '2021-09-04'),
	('G20', 'contact', '2021-09-07', 'yes', '2021-09-07'), ('G20', 'other', '2021-09-05', '82.5', '2021-09-05');
\set VERBOSITY terse
INSERT INTO zone_value (zone_code, name, day, value) VALUES ('G01', 'contact', '2021-09-05', 'perhaps');
\set VERBOSITY default

SELECT code, tier_rank, tier, cases, households_affected AS affected, rate_100k, days_since_last AS since_last FROM zone_risk ORDER BY zone_id;
SELECT zone_level, parent_code, population, households, tier_label, tier_color, reason <> '' AS reason, window_start, window_end, policy, zone_set,
	   computed_at = now() AS now, ST_Area(geom) AS area
FROM zone_risk WHERE code = 'G09';
SELECT count(*) = 24 AS every_zone, count(complete_until) + count(since) + count(previous_tier) + count(in_force_rank)
	   + count(in_force) + count(in_force_color) AS of_later_versions FROM zone_risk;

-- The same tiers from the reports by slow, obvious SQL.
CREATE TEMP VIEW obvious AS
WITH day AS (SELECT day AS today FROM settings),
current_report AS (
	SELECT r.*, z.code FROM report r JOIN zone z ON z.is_leaf AND (z.code = trim(r.zone_code) OR r.zone_code IS NULL AND ST_Covers(z.geom, r.geom))
	WHERE NOT EXISTS (SELECT FROM report s WHERE s.source = r.source AND s.external_id = r.external_id AND s.revision > r.revision)
	  AND NOT r.withdrawn AND coalesce(r.status, 'confirmed') = 'confirmed' AND coalesce(r.setting, 'residence') = 'residence'
	  AND r.n > 0 AND r.report_day <= (SELECT today FROM day)),
facts AS (
	SELECT z.zone_id, z.code,
		   (SELECT count(DISTINCT trim(household)) + coalesce(sum(n) FILTER (WHERE household IS NULL), 0) FROM current_report r
			WHERE r.code = z.code AND r.report_day > today - 7) AS affected,
		   (SELECT today - max(report_day) FROM current_report r WHERE r.code = z.code) AS since_last,
		   coalesce((SELECT v.value::boolean FROM zone_value v WHERE trim(v.zone_code) = z.code AND v.name = 'contact'
			AND v.day BETWEEN today - 14 AND today ORDER BY v.day DESC, v.recorded_at DESC LIMIT 1), true) AS contact
	FROM zone z, day WHERE z.is_leaf)
SELECT zone_id, CASE WHEN affected >= 3 THEN 'red' WHEN affected = 2 OR affected = 1 AND contact THEN 'orange' WHEN affected = 1 THEN 'yellow'
	   WHEN since_last <= 14 THEN 'near_green' ELSE 'green' END AS tier
FROM facts;
SELECT count(*) AS zones, count(*) FILTER (WHERE r.tier IS DISTINCT FROM o.tier) AS differ FROM zone_risk r FULL JOIN obvious o USING (zone_id);
INSERT INTO report (source, report_day, n, household, zone_code)
SELECT 'many', date '2021-08-10' + i * 7 % 28, i % 2, nullif(i % 4, 0)::text, 'G' || lpad((i * i % 24)::text, 2, '0') FROM generate_series(1, 400) i;
DO $$
DECLARE
	differ integer := 0;
BEGIN
	FOR i IN 0 .. 13 LOOP
		PERFORM georisk.set_day('regress_risk', date '2021-08-09' + 3 * i);
		differ := differ + (SELECT count(*) FILTER (WHERE r.tier IS DISTINCT FROM o.tier)
							FROM regress_risk.zone_risk r FULL JOIN pg_temp.obvious o USING (zone_id));
	END LOOP;
	RAISE WARNING 'tiers that differ on 14 days: %', differ;
END $$;
DELETE FROM report WHERE source = 'many';

-- The day is the map's: pinned, or today where the map is, never where the session is.
SELECT georisk.set_day('regress_risk', '2021-09-20');
SET timezone = 'Pacific/Kiritimati';
SELECT DISTINCT window_end FROM zone_risk;
SELECT georisk.set_day('regress_risk');
SELECT DISTINCT window_end = (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today FROM zone_risk;
SET timezone = 'Etc/GMT+12';
SELECT DISTINCT window_end = (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today FROM zone_risk;
SET timezone = 'UTC';
SELECT georisk.set_day('regress_risk', 'infinity');
SELECT georisk.set_day('regress_nowhere', '2021-09-06');
SELECT georisk.set_day('regress_risk', '2021-09-06');

-- Whoever may SELECT the view, and nothing else, reads it.
GRANT USAGE ON SCHEMA regress_risk TO regress_reader;
GRANT SELECT ON zone_risk TO regress_reader;
SET ROLE regress_reader;
SELECT tier, count(*) FROM regress_risk.zone_risk GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM regress_risk.report;
RESET ROLE;

-- Counting can be done from the index alone; the one for the latest days would do for so few reports, too.
BEGIN;
DROP INDEX report_latest;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
CREATE TEMP TABLE plan (line text);
DO $$
DECLARE
	line text;
BEGIN
	FOR line IN EXPLAIN (COSTS OFF) SELECT tier FROM regress_risk.zone_risk LOOP
		INSERT INTO pg_temp.plan VALUES (line);
	END LOOP;
END $$;
SELECT count(*) AS index_only FROM plan WHERE line ~ 'Index Only Scan using report_counted';
ROLLBACK;

-- Another policy: the view follows with the same columns, grants and comments.
UPDATE layer_policy SET policy = georisk.policy('alert_counts', '{"days": 14, "red": 5}');
SELECT tier, count(*), min(policy) AS policy FROM zone_risk GROUP BY 1 ORDER BY 1;
SET ROLE regress_reader;
SELECT count(*) FROM regress_risk.zone_risk;
RESET ROLE;
SELECT col_description('zone_risk'::regclass, 1);

-- A missing value that matters makes a zone unknown, and the zone stays on the map.
UPDATE layer_policy SET policy = $$POLICY regress_unknown
TIERS green 'calm' '#1a9641', red 'alarm' '#d7191c'
COUNT cases
YESNO contact KEEP 14 days IF MISSING unknown
NUMBER cover KEEP 30 days IF MISSING unknown
BASE
  red   WHEN households WITH cases IN 7 days >= 1 AND contact
  red   WHEN cover < 50.5
  green OTHERWISE$$;
INSERT INTO zone_value (zone_code, name, day, value) SELECT code, 'cover', '2021-09-01', '50.5' FROM zone WHERE code < 'G20';
INSERT INTO zone_value (zone_code, name, day, value) VALUES ('G20', 'cover', '2021-09-01', '50.4999'), ('G21', 'cover', '2021-09-01', 'no');
SELECT code, tier_rank, tier, tier_label, tier_color, substring(reason FROM '^unknown.*(contact|cover)') AS missing FROM zone_risk
WHERE code IN ('G00', 'G01', 'G17', 'G18', 'G20', 'G21', 'G22') ORDER BY code;

-- A policy that asks for more than reports tell is refused, and the old one stays.
UPDATE layer_policy SET policy = $$POLICY regress_tests
TIERS green 'calm' '#1a9641', red 'alarm' '#d7191c'
COUNT tests
BASE
  red   WHEN tests IN 7 days >= 1
  green OTHERWISE$$;
SELECT policy, count(*) FROM zone_risk GROUP BY 1;
SELECT georisk.create_map('regress_risk2', 'us_cdc_ct_2021');
SELECT to_regnamespace('regress_risk2') IS NULL AS nothing_made;

DROP SCHEMA regress_risk CASCADE;
DROP ROLE regress_reader;
