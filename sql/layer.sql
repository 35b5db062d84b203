-- Layers: the same 24 zones and the same reports watched for COVID-19 and for dengue, each by its own rule, day and
-- measures. What each shows is what slow, obvious SQL and classify find in the same rows.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET jit = off;
SET datestyle = ISO;
SET timezone = 'UTC';
SELECT georisk.create_map('regress_layer', georisk.policy('alert_counts', '{"days": 14, "red": 5}'), srid => 32648, lang => 'en', disease => '{COVID-19}');
SET search_path = regress_layer, public;
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || lpad(x::text, 2, '0'), 'Group ' || x, 'W', 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(0, 23) x;
INSERT INTO zone (code, name, level) VALUES ('W', 'Ward', 'ward');
SELECT georisk.activate_zones('regress_layer', '2021-06-01') > 0 AS activated;
ALTER TABLE report ADD COLUMN died boolean, ADD COLUMN serotype integer;
SELECT georisk.add_layer('regress_layer', 'dengue', $$POLICY regress_dengue
TIERS green 'green' '#1a9641', yellow 'yellow' '#ffffbf', orange 'orange' '#fdae61', red 'red' '#d7191c'
COUNT cases, deaths, suspicions
BASE
  red    WHEN deaths IN 30 days >= 1
  orange WHEN cases IN 21 days >= 2
  yellow WHEN cases IN 21 days >= 1 OR suspicions IN 7 days >= 2
  green  OTHERWISE$$::georisk.risk_policy, disease => '{dengue,"Sốt xuất huyết"}', day_column => 'onset_day',
	measures => '{"deaths": {"died": [true], "setting": ["residence", "hospital", null]}, "suspicions": {"status": ["probable", "suspected"]}, "type_2_or_3": {"serotype": [2, 3]}}');
SELECT l.name, disease, day_column, count(m) AS measures FROM layer l JOIN measure m USING (layer_id) GROUP BY layer_id ORDER BY layer_id;

CREATE FUNCTION pick(among integer, VARIADIC keys integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(keys::text), 1, 7))::bit(28)::integer % among $$;
INSERT INTO report (external_id, disease, status, setting, onset_day, report_day, n, household, zone_code, geom, died, serotype)
SELECT i, (ARRAY['COVID-19', 'covid 19', ' Covid19 ', 'dengue', 'DENGUE', 'sốt xuất huyết', 'Sot xuat huyet', 'measles', NULL, ''])[1 + pick(10, i, 1)],
	   (ARRAY['confirmed', NULL, NULL, 'probable', 'suspected', 'discarded'])[1 + pick(6, i, 2)],
	   (ARRAY['residence', NULL, NULL, 'visited', 'hospital'])[1 + pick(5, i, 3)],
	   CASE WHEN pick(3, i, 4) > 0 THEN day - pick(10, i, 5) END, day, pick(3, i, 6), pick(5, i, 7),
	   CASE WHEN pick(2, i, 8) = 0 THEN 'G' || lpad(pick(24, i, 9)::text, 2, '0') END, ST_Point(pick(2500, i, 9), 50, 32648),
	   (ARRAY[true, false, NULL, NULL, NULL])[1 + pick(5, i, 10)], nullif(pick(5, i, 11), 0)
FROM generate_series(1, 1000) i, LATERAL (SELECT date '2021-07-01' + pick(70, i, 12) AS day) d;

-- Slow, obvious SQL: the measures of each layer, row by row, and the rules as they read.
CREATE MATERIALIZED VIEW said AS
SELECT 'main' AS layer, zone_id, zone_code, report_day AS day, n, household, 'cases' AS measure FROM report
WHERE outcome LIKE 'placed%' AND (disease IS NULL OR disease = '' OR disease ILIKE '%covid%')
  AND (status IS NULL OR status = 'confirmed') AND (setting IS NULL OR setting = 'residence')
UNION ALL
SELECT 'dengue', zone_id, zone_code, CASE WHEN onset_day IS NULL THEN report_day ELSE onset_day END, n, household, m.measure
FROM report, LATERAL (VALUES
	('cases', (status IS NULL OR status = 'confirmed') AND (setting IS NULL OR setting = 'residence')),
	('deaths', died AND (status IS NULL OR status = 'confirmed') AND (setting IS NULL OR setting IN ('residence', 'hospital'))),
	('suspicions', status IN ('probable', 'suspected') AND (setting IS NULL OR setting = 'residence'))) m (measure, counts)
WHERE outcome LIKE 'placed%' AND m.counts AND (disease IS NULL OR disease = '' OR disease ILIKE 'dengue' OR disease ILIKE 's_t xu_t huy_t');
CREATE INDEX said_of ON said (zone_id, day);
CREATE FUNCTION said_in(layer text, measure text, zone_id integer, as_of date, days integer) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT coalesce(sum(n), 0) FROM regress_layer.said s WHERE s.layer = $1 AND s.measure = $2 AND s.zone_id = $3 AND s.day BETWEEN $4 - $5 + 1 AND $4 $$;
CREATE FUNCTION main_tier(zone_id integer, as_of date, days integer, red integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN n >= red THEN 'red' WHEN n >= 2 THEN 'orange' WHEN n >= 1 THEN 'yellow' ELSE 'green' END
	FROM regress_layer.said_in('main', 'cases', zone_id, as_of, days) n $$;
CREATE FUNCTION dengue_tier(zone_id integer, as_of date) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN regress_layer.said_in('dengue', 'deaths', zone_id, as_of, 30) >= 1 THEN 'red'
				WHEN regress_layer.said_in('dengue', 'cases', zone_id, as_of, 21) >= 2 THEN 'orange'
				WHEN regress_layer.said_in('dengue', 'cases', zone_id, as_of, 21) >= 1
				  OR regress_layer.said_in('dengue', 'suspicions', zone_id, as_of, 7) >= 2 THEN 'yellow' ELSE 'green' END $$;
SELECT count(*) AS zones, count(DISTINCT tier) AS tiers, count(*) FILTER (WHERE tier <> main_tier(zone_id, day, 14, 5)) AS differ
FROM generate_series('2021-07-05', '2021-09-13', interval '10 days') e, LATERAL (SELECT e::date AS day) d, zone_risk_at(day);
SELECT count(*) AS zones, count(DISTINCT tier) AS tiers, count(*) FILTER (WHERE tier <> dengue_tier(zone_id, day)) AS differ
FROM generate_series('2021-07-05', '2021-09-13', interval '10 days') e, LATERAL (SELECT e::date AS day) d, zone_risk_at_dengue(day);
SELECT georisk.set_day('regress_layer', '2021-08-10');
SELECT count(*) AS zones, count(*) FILTER (WHERE c.tier <> main_tier(zone_id, '2021-08-10', 14, 5)) AS covid_differs,
	   count(*) FILTER (WHERE d.tier <> dengue_tier(zone_id, '2021-08-10')) AS dengue_differs, count(*) FILTER (WHERE c.tier <> d.tier) > 5 AS they_are_two
FROM zone_risk c FULL JOIN zone_risk_dengue d USING (zone_id);
-- and classify finds the same in the same rows
CREATE VIEW placed AS SELECT s.layer, z.code, s.day, s.n, s.household, s.measure FROM said s JOIN zone z USING (zone_id);
CREATE VIEW of_covid AS SELECT code, day, n FROM placed WHERE layer = 'main';
CREATE VIEW of_dengue AS SELECT code, day, n, measure FROM placed WHERE layer = 'dengue';
CREATE VIEW group_zone AS SELECT zone_id, code, population, households FROM zone WHERE is_leaf;
SELECT count(*) AS zones, count(*) FILTER (WHERE (c.tier, c.reason, c.cases) IS DISTINCT FROM (r.tier, r.reason, r.cases)) AS covid_differs
FROM georisk.classify('group_zone', 'of_covid', (SELECT policy FROM layer_policy WHERE layer_id = 1), '2021-08-10') c FULL JOIN zone_risk r USING (zone_id);
SELECT count(*) AS zones, count(*) FILTER (WHERE (c.tier, c.reason, c.cases) IS DISTINCT FROM (r.tier, r.reason, r.cases)) AS dengue_differs
FROM georisk.classify('group_zone', 'of_dengue', (SELECT policy FROM layer_policy WHERE layer_id = 2), '2021-08-10') c FULL JOIN zone_risk_dengue r USING (zone_id);

-- a report that names no disease counts in both, one of another disease in neither
INSERT INTO report (external_id, disease, report_day, n, zone_code) VALUES ('none', NULL, '2021-06-02', 1, 'G00'), ('blank', ' ', '2021-06-02', 1, 'G01'), ('measles', 'measles', '2021-06-02', 1, 'G02');
SELECT 'main' AS layer, code, n FROM zone_day WHERE day = '2021-06-02' AND measure = 'cases'
UNION ALL SELECT 'dengue', code, n FROM zone_day_dengue WHERE day = '2021-06-02' AND measure = 'cases' ORDER BY 1, 2;
DELETE FROM report WHERE external_id IN ('none', 'blank', 'measles');

-- zone_day shows each layer's own measures, the user's columns too
SELECT 'main' AS layer, measure, sum(n) FROM zone_day GROUP BY 2 UNION ALL SELECT 'dengue', measure, sum(n) FROM zone_day_dengue GROUP BY 2 ORDER BY 1, 2;
SELECT count(*) AS differ FROM ((SELECT layer, zone_id, day, measure, sum(n) FROM said GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0)
	EXCEPT (SELECT 'main', zone_id, day, measure, n FROM zone_day UNION ALL SELECT 'dengue', zone_id, day, measure, n FROM zone_day_dengue)) x;
SELECT sum(d.n) = (SELECT sum(n) FROM report WHERE serotype IN (2, 3) AND outcome LIKE 'placed%' AND (disease IS NULL OR disease = '' OR disease ILIKE 'dengue' OR disease ILIKE 's_t xu_t huy_t')
	AND coalesce(status, 'confirmed') = 'confirmed' AND coalesce(setting, 'residence') = 'residence') AS serotypes FROM zone_day_dengue d WHERE measure = 'type_2_or_3';

-- QGIS colours each layer by its own rule
SELECT to_regclass('public.layer_styles') IS NULL AS none_yet, georisk.install_qgis_style('zone_risk_dengue') + georisk.install_qgis_style('zone_risk') > 0 AS installed;
SELECT f_table_name, xpath('//category/@value', styleqml) AS tiers, xpath('//category/@label', styleqml) AS labels FROM public.layer_styles WHERE useasdefault ORDER BY 1;
DROP TABLE public.layer_styles;

-- each layer counts from an index of its own
CREATE TABLE plan (line text);
CREATE FUNCTION explain_into_plan(query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	FOR found IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
		INSERT INTO regress_layer.plan VALUES (found);
	END LOOP;
END
$$;
SET enable_seqscan = off; SET enable_bitmapscan = off;
VACUUM ANALYZE report;
SELECT explain_into_plan('TABLE regress_layer.zone_risk'), explain_into_plan('TABLE regress_layer.zone_risk_dengue');
SELECT DISTINCT substring(line FROM 'Index Only Scan using (report_counted\w*)') AS index FROM plan WHERE line ~ 'Index Only Scan using report_counted' ORDER BY 1;
RESET enable_seqscan; RESET enable_bitmapscan;

-- The rule changes on August 1st: days are judged by the rule of the day, at reading and when they are recorded.
INSERT INTO layer_policy VALUES (1, '2021-08-01', georisk.policy('alert_counts', '{"days": 7, "red": 3}')),
	(1, '2021-09-01', replace(georisk.policy('alert_counts')::text, 'POLICY alert_counts', 'POLICY of_september')::georisk.risk_policy);
SELECT min(day), max(day), policy, count(*) FILTER (WHERE tier <> CASE WHEN day < '2021-08-01' THEN main_tier(zone_id, day, 14, 5)
	WHEN day < '2021-09-01' THEN main_tier(zone_id, day, 7, 3) ELSE main_tier(zone_id, day, 14, 3) END) AS differ
FROM generate_series(0, 15) i, LATERAL (SELECT date '2021-07-25' + i UNION SELECT date '2021-08-25' + i) d (day), zone_risk_at(day)
GROUP BY policy, day < '2021-08-01' ORDER BY 1;
SELECT georisk.assess('regress_layer', '2021-07-31'), georisk.assess('regress_layer', '2021-08-01'), georisk.assess('regress_layer', '2021-09-01'),
	   georisk.assess('regress_layer', '2021-08-05', layer => 'dengue'), georisk.assess('regress_layer', '2021-08-01', 'dengue');
SELECT a.layer_id, a.as_of, a.before_id, a.policy_name, a.policy = p.policy::text AS its_text,
	   count(*) FILTER (WHERE t.tier <> CASE a.layer_id WHEN 2 THEN dengue_tier(t.zone_id, a.as_of) ELSE
		main_tier(t.zone_id, a.as_of, CASE a.as_of WHEN '2021-08-01' THEN 7 ELSE 14 END, CASE a.as_of WHEN '2021-07-31' THEN 5 ELSE 3 END) END) AS differ,
	   (SELECT count(*) FROM tier_change c WHERE c.assessment_id = a.assessment_id) > 0 AS changes
FROM assessment a JOIN assessment_tier t USING (assessment_id)
JOIN layer_policy p ON p.layer_id = a.layer_id AND p.valid_from = CASE WHEN a.layer_id = 2 OR a.as_of = '2021-07-31' THEN '-infinity' ELSE a.as_of END
GROUP BY a.assessment_id, p.policy::text ORDER BY 1, 2;
-- since, before and history are of the layer alone
SELECT count(*) AS zones, count(*) FILTER (WHERE r.previous_tier <> main_tier(r.zone_id, '2021-08-01', 7, 3)) AS differ FROM zone_risk r;
SELECT count(*) AS zones, count(*) FILTER (WHERE r.previous_tier <> dengue_tier(r.zone_id, '2021-08-05')) AS differ FROM zone_risk_dengue r;
SELECT 'main' AS layer, min(as_of), max(as_of), count(*) FROM zone_risk_history UNION ALL SELECT 'dengue', min(as_of), max(as_of), count(*) FROM zone_risk_history_dengue;
SELECT sum(zones) AS zones, string_agg(DISTINCT tier, ',' ORDER BY tier) AS tiers FROM tier_summary_dengue;
SELECT (SELECT count(*) FROM green_zone_watch_dengue) = (SELECT count(*) FROM zone_risk_dengue WHERE tier = 'green') AS watched,
	   (SELECT cases FROM parent_risk_dengue) = (SELECT sum(cases) FROM zone_risk_dengue) AS parents,
	   (SELECT count(*) FROM zone_risk_points_dengue) AS points, (SELECT count(*) > 0 FROM risk_timeseries_dengue WHERE metric = 'deaths') AS series;
-- the first day of the timeline moves: days before it are judged by the first all the same
UPDATE layer_policy SET valid_from = '2021-07-15' WHERE layer_id = 1 AND valid_from = '-infinity';
SELECT count(*) FILTER (WHERE tier <> main_tier(zone_id, '2021-07-05', 14, 5)) AS differ FROM zone_risk_at('2021-07-05');

-- As it was known: a disease, an onset and a death that are mended in place later.
CREATE TABLE known AS WITH m AS MATERIALIZED (SELECT clock_timestamp() AS moment) SELECT m.moment, r.* FROM m, zone_risk_at_dengue('2021-08-20') r;
UPDATE report SET disease = 'dengue' WHERE disease ILIKE '%covid%' AND pick(3, report_id::integer) = 0;
UPDATE report SET onset_day = report_day - 30 WHERE pick(7, report_id::integer) = 0;
UPDATE report SET died = NOT coalesce(died, false) WHERE pick(5, report_id::integer) = 0;
UPDATE report SET serotype = 4 WHERE pick(11, report_id::integer) = 0;
DELETE FROM report WHERE pick(6, report_id::integer) = 0;
REFRESH MATERIALIZED VIEW said;
SELECT count(*) AS zones, count(*) FILTER (WHERE n.tier <> k.tier) > 3 AS some_changed,
	   count(*) FILTER (WHERE (t.tier, t.reason, t.cases) IS DISTINCT FROM (k.tier, k.reason, k.cases)) AS then_differs,
	   count(*) FILTER (WHERE n.tier <> dengue_tier(zone_id, '2021-08-20')) AS now_differs
FROM known k FULL JOIN zone_risk_at_dengue('2021-08-20') n USING (zone_id) FULL JOIN zone_risk_at_dengue('2021-08-20', (SELECT DISTINCT moment FROM known)) t USING (zone_id);
SELECT count(*) FILTER (WHERE more IS NULL) AS without, count(DISTINCT more) > 3 AS kept FROM report_past;

-- The zones change: reports without a point that may lie in another zone make the layer unknown that counts them, no other.
SELECT georisk.open_draft('regress_layer') > 0 AS opened;
INSERT INTO zone (code, name, level) VALUES ('W', 'Ward', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'H' || lpad(x::text, 2, '0'), 'Group ' || x, 'W', 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100 + 40, 0, x * 100 + 140, 100, 32648))
FROM generate_series(0, 23) x;
UPDATE report SET geom = NULL WHERE zone_code IS NOT NULL;
SELECT georisk.activate_zones('regress_layer', '2021-08-15') > 0 AS activated;
SELECT georisk.set_day('regress_layer', '2021-08-16');
SELECT 'main' AS layer, count(*) FILTER (WHERE complete_until IS NOT NULL) > 0 AS doubtful,
	   bool_and(coalesce(complete_until, '2021-08-16') >= date '2021-08-16' - 8) AS as_far_as_it_looks FROM zone_risk
UNION ALL SELECT 'dengue', count(*) FILTER (WHERE complete_until IS NOT NULL) > 0, bool_and(coalesce(complete_until, '2021-08-16') >= date '2021-08-16' - 31) FROM zone_risk_dengue;
SELECT count(*) AS differ FROM zone_risk_dengue r JOIN (
	SELECT q.zone_id, min(coalesce(r.onset_day, r.report_day)) - 1 AS day FROM possible_place q JOIN report r USING (report_id)
	WHERE q.zone_set_id = (SELECT max(zone_set_id) FROM zone_set) AND r.n > 0 AND coalesce(r.onset_day, r.report_day) BETWEEN date '2021-08-16' - 30 AND '2021-08-16'
	  AND (r.disease IS NULL OR r.disease = '' OR r.disease ILIKE 'dengue' OR r.disease ILIKE 's_t xu_t huy_t')
	  AND ((coalesce(r.status, 'confirmed') = 'confirmed' AND (coalesce(r.setting, 'residence') = 'residence' OR r.died AND r.setting = 'hospital'))
		   OR (r.status IN ('probable', 'suspected') AND coalesce(r.setting, 'residence') = 'residence'))
	GROUP BY q.zone_id) d USING (zone_id)
WHERE r.complete_until IS DISTINCT FROM d.day;

-- names of zone values are compared as people mean them
INSERT INTO layer_policy VALUES (2, '2021-08-16', $$POLICY regress_vector
TIERS green 'green' '#1a9641', red 'red' '#d7191c'
NUMBER larvae IF MISSING unknown
BASE
  red   WHEN larvae > 20
  green OTHERWISE$$);
INSERT INTO zone_value (zone_code, name, day, value) VALUES (' H03 ', ' larvae ', '2021-08-15', '25'), ('H04', 'larvae', '2021-08-15', '5'), ('H05', 'larvae', '2021-08-15', '50'), ('H05', E'larvae\u00a0', '2021-08-15', '1');
SELECT code, tier FROM zone_risk_dengue WHERE tier <> 'unknown' ORDER BY code;

SELECT * FROM georisk.verify('regress_layer');

RESET search_path;
DROP SCHEMA regress_layer CASCADE;
