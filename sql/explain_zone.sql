-- Why a zone has its tier where zones are related: each line of the rule, neighbours, parts, parent and past; and the next step down.
CREATE SCHEMA test_explain_zone;
SET search_path = test_explain_zone, georisk, public;
SET datestyle = ISO;

CREATE TABLE rule AS SELECT $$
    POLICY communes_and_districts
    TIERS  green, yellow, orange, red
    COUNT  cases
    BASE
    FOR commune
      red     WHEN cases IN 14 days >= 20
      orange  WHEN cases IN 14 days >= 5 OR TOUCHES red
      yellow  WHEN cases IN 14 days >= 1 OR TOUCHES orange
      green   OTHERWISE
    FOR district OF communes
      red     WHEN SHARE(red) >= 30%
      orange  WHEN NUMBER(red) >= 1
      green   OTHERWISE
    NOT BELOW parent WHEN cases IN 14 days >= 1
    IMPROVE AFTER 2 reviews
$$::risk_policy AS with_past;
ALTER TABLE rule ADD COLUMN rule risk_policy;
UPDATE rule SET rule = replace(with_past::text, 'IMPROVE AFTER 2 reviews', '')::risk_policy;

CREATE TABLE zone (id integer, parent integer, level text, name text, neighbours integer[], day date, n integer);
INSERT INTO zone VALUES (1, 9, 'commune', 'An', '{2}', '2021-09-01', 25), (2, 9, 'commune', 'Binh', '{1,3}', NULL, NULL),
    (3, 9, 'commune', 'Chau', '{2}', '2021-09-03', 1), (9, NULL, 'district', 'Dong', '{}', NULL, NULL);
CREATE FUNCTION judgement_on(as_of date, rule risk_policy) RETURNS judgement LANGUAGE sql AS $$
    SELECT judge_agg(id, parent, level, profile('cases', (SELECT epicurve_agg(z.day, z.n) FROM zone z WHERE z.id = zone.id), 'name', name),
                     neighbours, NULL, NULL, NULL, rule, as_of, '2021-08-01') FROM (SELECT DISTINCT id, parent, level, name, neighbours FROM zone) zone
$$;

SELECT e.rule, tier, condition, numbers, outcome, decided FROM rule r, explain_tier(judgement_on('2021-09-06', r.rule), 3) e;
SELECT outcome, tier, possible, step_down_on, step_down_to FROM rule r, explain_tier(judgement_on('2021-09-06', r.rule), 3) e WHERE outcome = 'verdict';
SELECT tier, condition, numbers, outcome FROM rule r, explain_tier(judgement_on('2021-09-06', r.rule), 2, 'vi') e WHERE decided OR outcome = 'verdict';
SELECT e.tier, condition, numbers, outcome FROM rule r, explain_tier(judgement_on('2021-09-06', r.rule), 9) e WHERE decided OR outcome = 'verdict';
-- The past: the case of 1 September leaves the window on the 15th, and the second review that says so is that of the 16th.
SELECT condition, numbers, outcome, step_down_on, step_down_to FROM rule r, explain_tier(judgement_on('2021-09-15', with_past), 1) e
 WHERE condition LIKE '%reviews%' OR outcome = 'verdict';

-- On every zone of random maps: the verdict is what judge says, and the next step down is what judge says on the days ahead.
SELECT setseed(0.31);
CREATE TABLE world AS
SELECT w, i AS id, CASE WHEN i < 13 THEN 13 + i % 2 END AS parent, CASE WHEN i < 13 THEN 'commune' ELSE 'district' END AS level,
       ARRAY(SELECT n FROM generate_series(1, 12) n WHERE i < 13 AND n <> i AND (w * 31 + (i + n) * 7 + i * n) % 5 = 0) AS neighbours,
       CASE WHEN random() < 0.4 THEN date '2021-09-06' - (20 * random())::integer END AS day, (30 * random() ^ 3)::integer AS n
  FROM generate_series(1, 3) w, generate_series(1, 14) i;
CREATE FUNCTION world_on(world integer, as_of date, rule risk_policy) RETURNS judgement LANGUAGE sql AS $$
    SELECT judge_agg(id, parent, level, profile('cases', (SELECT epicurve_agg(z.day, z.n) FROM world z WHERE z.w = world AND z.id = v.id AND z.day <= date '2021-09-06')),
                     neighbours, NULL, NULL, NULL, rule, as_of, '2021-08-10') FROM world v WHERE w = world
$$;
CREATE TABLE said AS
SELECT w, which, p, j.zone_id, j.tier, j.reason, e.tier AS explained, e.numbers, e.step_down_on, e.step_down_to, e.lines
  FROM generate_series(1, 3) w, rule r, LATERAL (VALUES ('alone', r.rule), ('with a past', r.with_past)) v(which, p),
       LATERAL judge(world_on(w, '2021-09-06', p)) j,
       LATERAL (SELECT max(tier) FILTER (WHERE outcome = 'verdict') AS tier, max(numbers) FILTER (WHERE outcome = 'verdict') AS numbers,
                       max(step_down_on) AS step_down_on, max(step_down_to) AS step_down_to, count(*) AS lines
                  FROM explain_tier(world_on(w, '2021-09-06', p), j.zone_id)) e;
SELECT which, count(*) AS zones, count(DISTINCT tier) AS tiers, count(*) FILTER (WHERE tier IS DISTINCT FROM explained OR reason IS DISTINCT FROM numbers) AS differ,
       count(*) FILTER (WHERE step_down_on IS NOT NULL) AS step_down FROM said GROUP BY which ORDER BY which;
CREATE TABLE ahead AS
SELECT w, which, j.zone_id, date '2021-09-06' + i AS day, j.tier
  FROM (SELECT w, which, p FROM generate_series(1, 3) w, rule r, LATERAL (VALUES ('alone', r.rule), ('with a past', r.with_past)) v(which, p)) s, generate_series(1, 40) i, judge(world_on(w, date '2021-09-06' + i, p)) j;
SELECT which, count(*) AS zones, count(*) FILTER (WHERE (s.step_down_on, s.step_down_to) IS DISTINCT FROM (a.day, a.tier)) AS differ
  FROM said s LEFT JOIN LATERAL (SELECT a.day, a.tier FROM ahead a WHERE a.w = s.w AND a.which = s.which AND a.zone_id = s.zone_id AND a.tier::risk_tier < s.tier::risk_tier
                                  ORDER BY a.day LIMIT 1) a ON true GROUP BY which ORDER BY which;

-- A policy that relates no zones is explained as by its profile.
SELECT count(*) AS rows, count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ
  FROM (SELECT row_number() OVER () AS i, a.*::text AS a FROM explain_tier((SELECT judge_agg(1, NULL, NULL, profile('cases', '{2021-08-30:2}'::epicurve), NULL, NULL, NULL, NULL,
            policy('my_zone_2020'), '2021-09-06', NULL)), 1) a) x
  FULL JOIN (SELECT row_number() OVER () AS i, b.*::text AS b FROM explain_tier(profile('as_of', date '2021-09-06', 'cases', '{2021-08-30:2}'::epicurve),
            policy('my_zone_2020'), start => NULL::date) b) y USING (i);

-- Of a zone nothing is known; of one that is not there; a hierarchy that goes round.
SELECT e.tier, numbers, possible FROM explain_tier((SELECT judge_agg(1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, policy('my_zone_2020'), '2021-09-06', NULL)), 1) e;
SELECT e.tier, numbers, possible FROM (SELECT judge_agg(1, NULL, 'commune', NULL, NULL, NULL, NULL, NULL, r.rule, '2021-09-06', NULL) AS judgement FROM rule r) j, explain_tier(judgement, 1) e;
-- What it is part of can make its tier certain all the same, and then that line decided.
SELECT e.rule, e.tier, numbers, outcome, decided FROM (SELECT judge_agg(i, CASE i WHEN 1 THEN 2 END, NULL, CASE i WHEN 2 THEN profile('cases', (SELECT epicurve_agg(date '2021-09-01', 9))) END,
        NULL, NULL, NULL, NULL, 'POLICY p TIERS green, red COUNT cases BASE red WHEN cases IN 14 days > 3 green OTHERWISE NOT BELOW parent', '2021-09-06', NULL) AS judgement
   FROM generate_series(1, 2) i) j, explain_tier(judgement, 1) e;
SELECT * FROM rule r, explain_tier(judgement_on('2021-09-06', r.rule), 4);
SELECT * FROM rule r, explain_tier((SELECT judge_agg(i, 3 - i, 'commune', profile('cases', NULL), NULL, NULL, NULL, NULL, r.rule, '2021-09-06', NULL) FROM generate_series(1, 2) i), 1);

-- In a map: each zone of the view, with the parent and the neighbours that the map stores, on its day and on others.
SET client_min_messages = warning;
SELECT create_map('test_explained', policy => (SELECT r.rule FROM rule r), lang => 'en') \g /dev/null
INSERT INTO test_explained.zone (code, name, level, geom) SELECT 'D' || d, 'District ' || d, 'district', NULL FROM generate_series(1, 2) d;
INSERT INTO test_explained.zone (code, name, parent_code, level, geom)
SELECT format('C%s', i), 'Commune ' || i, 'D' || 1 + i / 5, 'commune', ST_Multi(ST_MakeEnvelope(106.6 + 0.01 * i, 10.7, 106.61 + 0.01 * i, 10.71, 4326))
  FROM generate_series(1, 8) i;
SELECT activate_zones('test_explained', '2021-08-01') \g /dev/null
INSERT INTO test_explained.report (source, zone_code, report_day, n) VALUES ('lab', 'C2', '2021-09-01', 25), ('lab', 'C4', '2021-09-03', 1), ('lab', 'C7', '2021-09-04', 6);
SELECT set_day('test_explained', '2021-09-06') \g /dev/null
SELECT z.code, z.tier, e.tier = z.tier AND e.numbers = z.reason AS same, e.step_down_on, e.step_down_to
  FROM test_explained.zone_risk z, explain_zone('test_explained', z.code) e WHERE e.outcome = 'verdict' ORDER BY z.code;
SELECT count(*) AS zone_days, count(*) FILTER (WHERE e.tier <> z.tier OR e.numbers <> z.reason) AS differ
  FROM generate_series(date '2021-08-28', '2021-09-20', '1 day') d, test_explained.zone_risk_at(d::date) z, explain_zone('test_explained', z.code, d::date) e
 WHERE e.outcome = 'verdict';
SELECT tier, condition, numbers FROM explain_zone('test_explained', ' C3 ', lang => 'vi') WHERE decided;
SELECT tier, condition, numbers FROM explain_zone('test_explained', 'D1') WHERE decided;
SELECT * FROM explain_zone('test_explained', 'nowhere');
SELECT * FROM explain_zone('test_explained', 'C1', 'infinity');
SELECT * FROM explain_zone('test_explained', 'C1', lang => 'fr');
SELECT * FROM explain_zone('test_explained', NULL);
SELECT * FROM explain_zone('no such map', 'C1');
SELECT * FROM explain_zone('test_explained', 'C1', layer => 'dengue');

SELECT drop_map('test_explained', with_reports => true) \g /dev/null
DROP SCHEMA test_explain_zone CASCADE;
