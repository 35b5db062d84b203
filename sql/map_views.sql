-- The views beside zone_risk: their columns, their figures against plain SQL, and readers who may SELECT them and nothing else.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
CREATE ROLE regress_views_reader;
SELECT georisk.create_map('regress_views', srid => 32648, lang => 'en');
SET search_path = regress_views, public;
-- Two wards, one without a polygon, in a district without one; twelve groups of 100 m in two rows.
INSERT INTO zone (code, name, parent_code, level, geom) VALUES
	('D', 'District', NULL, 'district', NULL), ('W1', 'Ward 1', 'D', 'ward', NULL),
	('W2', 'Ward 2', 'D', 'ward', ST_Multi(ST_MakeEnvelope(300, 0, 600, 200, 32648)));
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT format('%s%s', chr(65 + y), x), 'Group', 'W' || 1 + x / 3, 'group', nullif(100 * (1 + x), 600), 40,
	   ST_Multi(ST_MakeEnvelope(x * 100, y * 100, x * 100 + 100, y * 100 + 100, 32648))
FROM generate_series(0, 5) x, generate_series(0, 1) y;
SELECT georisk.activate_zones('regress_views', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_views', '2021-07-01');
INSERT INTO report (external_id, revision, withdrawn, status, origin, link, report_day, n, zone_code) VALUES
	('a', 1, false, NULL, NULL, 'unknown', '2021-06-30', 2, 'A0'), ('b', 1, false, NULL, 'imported', NULL, '2021-06-30', 1, 'A0'),
	('c', 1, false, NULL, 'community', NULL, '2021-07-01', 3, 'B2'), ('d', 1, false, 'probable', NULL, NULL, '2021-07-01', 9, 'A5'),
	('e', 1, false, NULL, NULL, NULL, '2021-06-01', 1, 'B2'), ('f', 1, false, NULL, NULL, NULL, '2021-06-30', 9, 'A5'),
	('f', 2, true, NULL, NULL, NULL, '2021-06-30', 9, 'A5'), ('g', 1, false, NULL, NULL, NULL, '2021-06-20', 1, 'B4'),
	('h', 1, false, NULL, NULL, NULL, '2021-07-02', 3, 'A4');

-- columns and types: an integer key first, the window before any other date, no type of georisk's own, one geometry at most
\pset format unaligned
SELECT c.relname, string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'regress_views'::regnamespace AND c.relkind = 'v' AND c.relname NOT IN ('zone_risk', 'zone_draft', 'zone_in_force') GROUP BY 1 ORDER BY 1;
-- QGIS takes the first column of a view for its key: an integer, and no other row has it
SELECT c.relname AS without_a_key FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
WHERE c.relnamespace = 'regress_views'::regnamespace AND c.relkind = 'v' AND a.atttypid <> 'integer'::regtype;
\pset format aligned
SELECT f_table_name, type, srid FROM geometry_columns WHERE f_table_schema = 'regress_views' AND f_table_name ~ 'risk|watch' ORDER BY 1;

-- zone_day: what counts, by what was asked
SELECT code, day, measure, n, population FROM zone_day ORDER BY code, day, measure;
SELECT count(*) = count(DISTINCT zone_day_id) AS keyed FROM zone_day;
SELECT count(*) AS differ FROM (SELECT zone_id, sum(n) FILTER (WHERE day BETWEEN '2021-06-25' AND '2021-07-01') AS n FROM zone_day WHERE measure = 'cases' GROUP BY 1) d
JOIN zone_risk r USING (zone_id) WHERE coalesce(d.n, 0) <> r.cases;

-- tier_summary: every tier of the policy, and unknown
SELECT * FROM tier_summary ORDER BY tier_number;

-- green_zone_watch: who is next to whom
SELECT code, since, days_green, days_since_last, neighbours, neighbours_unknown AS unknown, worst_code, worst_rank, worst_tier, shared_m, gap_m
FROM green_zone_watch ORDER BY code;
SELECT count(*) FILTER (WHERE w.worst_rank IS DISTINCT FROM o.worst OR w.neighbours <> o.neighbours) AS differ, count(*) = 9 AS all_green
FROM green_zone_watch w FULL JOIN (
	SELECT g.zone_id, max(n.tier_rank) AS worst, count(n.zone_id) AS neighbours FROM zone_risk g
	LEFT JOIN zone_risk n ON n.zone_id <> g.zone_id AND ST_Intersects(g.geom, n.geom) WHERE g.tier = 'green' GROUP BY 1) o USING (zone_id);

-- parents, on every level: the sum of the groups below
SELECT code, zone_level, parent_code, worst_rank, worst_tier, zones, green, near_green AS near, yellow, orange, red, dark_red AS dark, unranked, cases,
	   households_affected AS affected, population, households, rate_100k, days_since_last AS since_last, window_start, window_end, ST_Area(geom) AS area
FROM parent_risk ORDER BY code;

-- points lie inside their zones, with degrees beside them
SELECT count(*) AS zones, bool_and(ST_Covers(r.geom, p.geom)) AS inside,
	   bool_and(ST_Distance(ST_Transform(ST_SetSRID(ST_MakePoint(p.longitude, p.latitude), 4326), 32648), p.geom) < 0.001) AS degrees,
	   bool_and((p.tier, p.cases, p.window_end) IS NOT DISTINCT FROM (r.tier, r.cases, r.window_end)) AS same
FROM zone_risk r FULL JOIN zone_risk_points p USING (zone_id);

-- history and time series, from what was assessed
SELECT georisk.assess('regress_views') AS first;
SELECT georisk.set_day('regress_views', '2021-07-02');
SELECT georisk.assess('regress_views') AS second;
INSERT INTO report (external_id, report_day, n, zone_code) VALUES ('i', '2021-07-02', 1, 'A1');
SELECT georisk.assess('regress_views') AS second_again;
SELECT as_of, assessment_id, count(*) AS zones, count(DISTINCT assessment_tier_id) AS keys, min(window_start) AS window_start, max(window_end) AS window_end,
	   sum(cases) AS cases, count(geom) AS polygons, min(zone_set) AS zone_set FROM zone_risk_history GROUP BY 1, 2 ORDER BY 1;
SELECT code, tier, since, days_green FROM green_zone_watch WHERE code IN ('A3', 'B1') ORDER BY 1;
SELECT "time", metric, value, code, parent_code FROM risk_timeseries WHERE code IN ('A0', 'A1') AND metric <> 'rate_100k' ORDER BY code, metric, "time";

-- A reader needs SELECT on the view and USAGE on the schema, nothing else.
GRANT USAGE ON SCHEMA regress_views TO regress_views_reader;
GRANT SELECT ON zone_day, tier_summary, green_zone_watch, zone_risk_points, parent_risk, zone_risk_history, risk_timeseries TO regress_views_reader;
SET ROLE regress_views_reader;
SELECT (SELECT count(*) > 0 FROM zone_day) AS zone_day, (SELECT count(*) > 0 FROM tier_summary) AS tier_summary,
	   (SELECT count(*) > 0 FROM green_zone_watch) AS watch, (SELECT count(*) > 0 FROM zone_risk_points) AS points,
	   (SELECT count(*) > 0 FROM parent_risk) AS parents, (SELECT count(*) > 0 FROM zone_risk_history) AS history,
	   (SELECT count(*) > 0 FROM risk_timeseries) AS timeseries;
SELECT count(*) FROM zone_risk;
RESET ROLE;

-- The same in any time zone and DateStyle: the day begins where the map is.
CREATE TABLE was AS SELECT (SELECT md5(string_agg(extract(epoch FROM "time") || metric || value || code, ',' ORDER BY "time", metric, code)) FROM risk_timeseries) AS series,
	(SELECT md5(string_agg(code || measure || n || day - date '2021-01-01', ',' ORDER BY code, measure, day)) FROM zone_day) AS days,
	(SELECT md5(string_agg(code || as_of - date '2021-01-01' || tier || reason, ',' ORDER BY code, as_of)) FROM zone_risk_history) AS history;
SET timezone = 'Pacific/Kiritimati';
SET datestyle = 'German, DMY';
SELECT series = (SELECT md5(string_agg(extract(epoch FROM "time") || metric || value || code, ',' ORDER BY "time", metric, code)) FROM risk_timeseries) AS series,
	days = (SELECT md5(string_agg(code || measure || n || day - date '2021-01-01', ',' ORDER BY code, measure, day)) FROM zone_day) AS days,
	history = (SELECT md5(string_agg(code || as_of - date '2021-01-01' || tier || reason, ',' ORDER BY code, as_of)) FROM zone_risk_history) AS history FROM was;
SET timezone = 'UTC';
SET datestyle = ISO;

-- Another policy, in its own words, in the same views; a tier nobody knows stays on the map.
UPDATE layer_policy SET policy = $$POLICY regress_cover
TIERS green 'calm' '#1a9641', red 'alarm' '#d7191c'
COUNT cases
NUMBER cover KEEP 30 days IF MISSING unknown
BASE
  red   WHEN cases IN 7 days >= 3
  red   WHEN cover < 50
  green OTHERWISE$$;
INSERT INTO zone_value (zone_code, name, day, value) SELECT code, 'cover', '2021-07-01', '80' FROM zone WHERE level = 'group' AND code <> 'A1';
SELECT tier_number, tier_rank, tier, tier_label, zones FROM tier_summary ORDER BY 1;
SELECT code, neighbours, neighbours_unknown AS unknown, worst_code, worst_tier FROM green_zone_watch WHERE code IN ('B1', 'A2', 'B5') ORDER BY 1;
SELECT code, worst_tier, worst_label, zones, green, red, unranked FROM parent_risk ORDER BY 1;
DROP SCHEMA regress_views CASCADE;
DROP ROLE regress_views_reader;
