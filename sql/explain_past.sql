-- What the past made of a tier, said line by line; and the earliest day of the next step down.
CREATE SCHEMA test_explain_past;
SET search_path = test_explain_past, georisk, public;
SET datestyle = ISO;

CREATE TABLE rule AS SELECT rule::risk_policy, policy_name(rule::risk_policy) AS name FROM (VALUES
('POLICY stepwise   REVIEW weekly ON friday
TIERS green, yellow, orange, red
COUNT cases
BASE WORST OF n: green < 1 <= yellow < 3 <= orange < 6 <= red
LET n = cases IN 7 days
WORSEN  AFTER 2 reviews
IMPROVE AFTER 2 reviews STAY 3 reviews BY 1'),
('POLICY published   REVIEW weekly ON friday LAG 2 days IN FORCE 3 days LATER
TIERS green, yellow, orange, red
COUNT cases
BASE red WHEN cases IN 14 days >= 10 yellow WHEN cases IN 28 days >= 3 green OTHERWISE
NOT BELOW previous WHEN cases IN 7 days > 0'),
('POLICY switched   REVIEW daily IN FORCE 1 day LATER
TIERS green, yellow, orange, red
COUNT cases
DAYS working = monday TO friday EXCEPT CALENDAR holidays
BASE yellow WHEN days since cases <= 9 green OTHERWISE
ENTER orange WHEN cases IN 7 days >= 4 ON 2 days RUNNING EFFECTIVE 2 days LATER
LEAVE orange WHEN cases IN 7 days < 2 ON 3 working days RUNNING EFFECTIVE 2 working days LATER
ENTER red WHEN cases IN 7 days >= 8
LEAVE red WHEN cases IN 7 days < 6 ON 2 days RUNNING EFFECTIVE 1 day LATER')) r(rule);
SELECT setseed(0.28);
CREATE TABLE report AS
SELECT zone, date '2021-09-01' + (random() * 40)::integer + zone % 7 AS day, 1 + (random() * 2 * (zone % 3))::integer AS n
  FROM generate_series(1, 60) zone, generate_series(1, (zone * 7) % 23) i;
CREATE TABLE zone AS
SELECT zone, profile('cases', (SELECT epicurve_agg(r.day, r.n) FROM (SELECT NULL::date AS day, 0 AS n UNION ALL SELECT day, n FROM report WHERE report.zone = z.zone) r),
                     'holidays', (SELECT value_series_agg(d, true) FROM unnest('{2021-10-14,2021-10-15,2021-10-18}'::date[]) d)) AS facts
  FROM generate_series(1, 60) z(zone);

CREATE FUNCTION judged(facts zone_profile, rule risk_policy, as_of date, announced text DEFAULT NULL) RETURNS judgement LANGUAGE sql AS $$
    SELECT judge_agg(1, NULL, NULL, facts, NULL, NULL, NULL, announced, rule, as_of, '2021-08-25')
$$;

-- The next step down is the first later day on which judge gives a milder tier, nothing more being reported.
CREATE TABLE found AS
SELECT r.name, z.zone, e.tier, e.step_down_on, e.step_down_to, j.tier AS judged, j.reason = e.numbers AS same_reason
  FROM rule r, zone z, LATERAL (SELECT * FROM explain_tier(at_day(facts, '2021-10-12'), r.rule, start => '2021-08-25') WHERE outcome = 'verdict') e,
       judge(judged(facts, r.rule, '2021-10-12')) j;
SELECT f.name, count(*) AS zones, count(DISTINCT f.tier) AS tiers, bool_and(f.tier = f.judged AND f.same_reason) AS as_judged,
       count(f.step_down_on) AS go_down, count(DISTINCT f.step_down_on) > 3 AS on_many_days,
       bool_and((f.step_down_on, f.step_down_to) IS NOT DISTINCT FROM (d.as_of, d.tier)) AS as_judged_later
  FROM found f JOIN rule r USING (name) JOIN zone z USING (zone)
  LEFT JOIN LATERAL (
       SELECT v.as_of, v.tier FROM judge_days(judged(facts, r.rule, '2021-10-13'), '2022-01-20') v
        WHERE array_position('{green,yellow,orange,red}', v.tier) < array_position('{green,yellow,orange,red}', f.tier) ORDER BY v.as_of LIMIT 1) d ON true
 GROUP BY f.name ORDER BY f.name;
-- Judged together with others, as a policy with relations is, a zone that nothing touches is what it is alone, on each day.
SELECT r.name, count(*) > 1000 AS many, count(DISTINCT a.tier) AS tiers, count(*) FILTER (WHERE a.tier = b.tier AND a.reason = b.reason) = count(*) AS the_same
  FROM rule r, LATERAL (SELECT regexp_replace(r.rule::text, '\n(WORSEN|ENTER)|$', E'\nNOT BELOW parent\n\\1')::risk_policy AS related) x,
       LATERAL (SELECT judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, CASE WHEN zone % 3 = 0 THEN 'orange' END, r.rule, '2021-09-20', '2021-08-25') AS one,
                       judge_agg(zone, NULL, NULL, facts, NULL, NULL, NULL, CASE WHEN zone % 3 = 0 THEN 'orange' END, related, '2021-09-20', '2021-08-25') AS other FROM zone) o,
       judge_days(one, '2021-10-20') a, judge_days(other, '2021-10-20') b WHERE a.zone_id = b.zone_id AND a.as_of = b.as_of
 GROUP BY r.name ORDER BY r.name;

-- However far back a rule looks elsewhere, for the step down it looks as far ahead as anything known may pass: again by the days that judge_days gives.
CREATE TABLE lone (what text, rule risk_policy, facts zone_profile, as_of date, start date);
INSERT INTO lone SELECT 'sg_dengue', policy('sg_dengue'), profile('cases', epicurve_agg(day, 10)), '2026-07-12', NULL FROM unnest('{2026-07-01,2026-07-12}'::date[]) day;
INSERT INTO lone SELECT what, concat('POLICY p REVIEW daily TIERS green, orange, red COUNT cases BASE ', line, ' orange WHEN cases IN 14 days > 0 green OTHERWISE')::risk_policy,
       profile('cases', (SELECT epicurve_agg('2026-07-12', 5))), '2026-07-12', NULL
  FROM (VALUES ('a window alone', ''), ('all cases', 'red WHEN ALL cases > 50'), ('a peak', 'red WHEN PEAK cases IN 7 days > 50'), ('never', 'red WHEN days since cases > 400'),
               ('an age and never', 'red WHEN days since cases <= 30 green WHEN days since cases = never'), ('all cases until then', 'red WHEN (ALL cases < 5) ON ANY OF 30 days')) v(what, line);
INSERT INTO lone VALUES
('a value kept', 'POLICY p REVIEW daily TIERS green, red NUMBER n BASE green WHEN (n < 1) ON 10 days RUNNING red OTHERWISE',
 profile('n', (SELECT value_series_agg(day, n) FROM (VALUES (date '2026-01-01', 5), ('2026-01-09', 0)) v(day, n))), '2026-01-10', NULL),
('any of a value kept', 'POLICY p REVIEW daily TIERS green, red NUMBER n BASE red WHEN (n > 1) ON ANY OF 5 weeks green OTHERWISE',
 profile('n', (SELECT value_series_agg(day, n) FROM (VALUES (date '2026-01-01', 5), ('2026-01-09', 0)) v(day, n))), '2026-01-10', NULL);
CREATE FUNCTION rank_of(rule risk_policy, key text) RETURNS integer LANGUAGE sql RETURN (SELECT t.position FROM policy_tiers(rule) t WHERE t.tier = key);
CREATE FUNCTION first_below(facts zone_profile, rule risk_policy, as_of date, start date, key text, OUT day date, OUT tier text) LANGUAGE sql AS $$
    SELECT v.as_of, v.tier FROM judge_days((SELECT judge_agg(1, NULL, NULL, facts, NULL, NULL, NULL, NULL, rule, as_of + 1, start)), as_of + 500) v
     WHERE rank_of(rule, v.tier) < rank_of(rule, key) ORDER BY v.as_of LIMIT 1
$$;
CREATE VIEW lone_step AS
SELECT l.what, e.tier, e.step_down_on, e.step_down_to, (e.step_down_on, e.step_down_to) IS NOT DISTINCT FROM (d.day, d.tier) AS as_judged
  FROM lone l, explain_tier(at_day(facts, l.as_of), l.rule, l.start) e, first_below(facts, l.rule, l.as_of, l.start, e.tier) d WHERE e.outcome = 'verdict';
SELECT * FROM lone_step ORDER BY what;
-- Before the first review each review stands in for it; the first one begins anew, and what it needs is counted from there.
TRUNCATE lone;
INSERT INTO lone SELECT concat(review, ', ', what, ', from ', start, ' on ', as_of),
       format('POLICY p REVIEW %s TIERS green, red COUNT c BASE red WHEN c IN 7 days > 0 green OTHERWISE %s', review, what)::risk_policy,
       profile('c', (SELECT epicurve_agg('2026-01-01', 1))), as_of, start
  FROM unnest('{daily,weekly ON friday,weekly ON friday IN FORCE 3 days LATER}'::text[]) review,
       unnest('{IMPROVE AFTER 3 reviews,IMPROVE AFTER 2 reviews START AT red,IMPROVE AFTER 1 reviews STAY 4 reviews START AT red,ENTER red WHEN c IN 3 days > 0 LEAVE red WHEN c IN 3 days = 0 ON 2 days RUNNING EFFECTIVE 2 days LATER START AT red}'::text[]) what,
       unnest('{2026-01-01,2026-01-03,2026-01-05,2026-02-05,2026-12-01}'::date[]) start, unnest('{2026-01-02,2026-01-05,2026-01-07,2026-01-08}'::date[]) as_of;
SELECT count(*), count(DISTINCT step_down_on) > 10 AS on_many_days, count(*) FILTER (WHERE step_down_on IS NULL) AS never, count(*) FILTER (WHERE as_judged) AS as_judged FROM lone_step;
SELECT * FROM lone_step WHERE what = 'weekly ON friday, IMPROVE AFTER 3 reviews, from 2026-01-05 on 2026-01-08';

-- What is said, in both languages.
\x
SELECT e.* FROM rule, zone, explain_tier(at_day(facts, '2021-10-12'), rule, start => '2021-08-25') e WHERE name = 'stepwise' AND zone = 32;
SELECT e.rule, e.tier, e.condition, e.numbers, e.outcome, e.decided FROM rule, zone, explain_tier(at_day(facts, '2021-10-12'), rule, start => '2021-08-25', lang => 'vi') e
 WHERE name = 'stepwise' AND zone = 32 AND (e.rule > 1 OR e.rule IS NULL);
SELECT e.* FROM rule, zone, explain_tier(at_day(facts, '2021-10-12'), rule, start => '2021-08-25') e WHERE name = 'switched' AND zone = 29 AND (e.decided OR outcome = 'verdict');
SELECT e.numbers FROM rule, zone, explain_tier(at_day(facts, '2021-10-12'), rule, start => '2021-08-25', lang => 'vi') e WHERE name = 'switched' AND zone = 29 AND outcome = 'verdict';
\x
SELECT describe_policy(rule) FROM rule WHERE name <> 'stepwise' ORDER BY name;
SELECT describe_policy(rule, 'vi') FROM rule WHERE name <> 'stepwise' ORDER BY name;
-- A start that is not given is the first report; without a past it means nothing.
SELECT count(*) AS rows, count(*) FILTER (WHERE a IS NOT DISTINCT FROM b) AS same
  FROM rule, zone, LATERAL (SELECT array_agg(e) AS a FROM explain_tier(at_day(facts, '2021-10-12'), rule, start => NULL) e) x,
       LATERAL (SELECT array_agg(e) AS b FROM explain_tier(at_day(facts, '2021-10-12'), rule, start => (SELECT min(day) FROM report r WHERE r.zone = zone.zone)) e) y
 WHERE zone IN (SELECT r.zone FROM report r);
SELECT count(*) FILTER (WHERE a = b) = count(*) AS same
  FROM zone, LATERAL (SELECT array_agg(e) AS a FROM explain_tier(at_day(facts, '2021-10-12'), policy('alert_counts'), start => NULL) e) x,
       LATERAL (SELECT array_agg(e) AS b FROM explain_tier(at_day(facts, '2021-10-12'), policy('alert_counts')) e) y;

-- What was announced stands for the tier in force before the last review, and what follows from it follows.
SELECT * FROM (
    SELECT name, zone, string_agg(concat(coalesce(announced, 'nothing'), ' ', tier), ', ' ORDER BY i) AS announced_and_tier, row_number() OVER (PARTITION BY name ORDER BY zone) AS nth
      FROM rule, zone, unnest(ARRAY[NULL, 'unknown', 'purple', 'green', 'yellow', 'orange', 'red']) WITH ORDINALITY a(announced, i), judge(judged(facts, rule, '2021-10-12', announced)) j
     GROUP BY name, zone HAVING count(DISTINCT tier) > 1) several WHERE nth <= 3 ORDER BY name, zone;
SELECT count(*) FILTER (WHERE e.tier = j.tier AND e.numbers = j.reason) = count(*) AS explained_as_judged
  FROM rule, zone, unnest(ARRAY['green', 'yellow', 'orange', 'red']) announced,
       judge(judged(facts, rule, '2021-10-12', announced)) j,
       LATERAL (SELECT * FROM explain_tier(at_day(facts, '2021-10-12'), rule, '2021-08-25', announced) WHERE outcome = 'verdict') e;
-- A judgement that is stored and read again says the same.
SELECT count(*) FILTER (WHERE a = b) = count(*) AS the_same
  FROM rule, zone, unnest(ARRAY[NULL, 'green', 'red']) announced, LATERAL (SELECT judged(facts, rule, '2021-10-12', announced) AS one) o,
       LATERAL (SELECT array_agg(j) AS a FROM judge(one) j) x, LATERAL (SELECT array_agg(j) AS b FROM judge(one::text::judgement) j) y;

-- Errors.
SELECT * FROM explain_tier(at_day((SELECT facts FROM zone WHERE zone = 1), '2021-10-12'), (SELECT rule FROM rule WHERE name = 'switched'), 'infinity'::date);
SELECT * FROM explain_tier((SELECT facts FROM zone WHERE zone = 1), (SELECT rule FROM rule WHERE name = 'switched'), NULL::date);
SELECT * FROM explain_tier(NULL, (SELECT rule FROM rule WHERE name = 'switched'), NULL::date);
SELECT v.tier FROM judge((SELECT judge_agg(1, NULL, NULL, profile('cases', NULL, 'holidays', 3), NULL, NULL, NULL, NULL, rule, '2021-10-12', NULL) FROM rule WHERE name = 'switched')) v;
-- The first review says where the tier starts, so that WORSEN and IMPROVE have nothing to say; and the tier before is named, or those that it may have been.
CREATE TABLE told (what text, rule risk_policy, n numeric);
INSERT INTO told SELECT what, concat('POLICY p REVIEW weekly ON monday TIERS green, yellow, orange, red COUNT cases NUMBER x KEEP 3 days ', line)::risk_policy, x
  FROM (VALUES ('starts at base', 'BASE red WHEN cases IN 7 days > 30 green OTHERWISE START AT base WORSEN AFTER 2 reviews IMPROVE AFTER 2 reviews', NULL::numeric),
               ('starts at orange', 'BASE red WHEN cases IN 7 days > 30 green OTHERWISE START AT orange WORSEN AFTER 2 reviews IMPROVE AFTER 2 reviews', NULL),
               ('not below, none before', 'BASE red WHEN cases IN 7 days > 30 green OTHERWISE NOT BELOW previous', NULL),
               ('not below orange', 'BASE red WHEN cases IN 7 days > 30 green OTHERWISE START AT orange NOT BELOW previous', NULL),
               ('made certain', 'BASE orange WHEN x > 3 green OTHERWISE NOT BELOW red WHEN cases IN 7 days > 9', NULL)) v(what, line, x);
SELECT what, e.rule AS line, e.tier, e.numbers, e.outcome, e.decided
  FROM told, explain_tier(profile('as_of', date '2021-09-06', 'cases', (SELECT epicurve_agg(date '2021-09-01', 10)), 'x', n), told.rule, date '2021-09-06') e
 WHERE e.rule > 2 OR e.rule IS NULL ORDER BY told.rule::text, e.rule;
SELECT e.rule AS line, e.tier, e.numbers, e.outcome, e.decided
  FROM explain_tier(profile('as_of', date '2021-09-13', 'cases', (SELECT epicurve_agg(date '2021-09-01', 1)), 'x', (SELECT value_series_agg(date '2021-09-13', 1))),
      'POLICY p REVIEW weekly ON monday TIERS green, yellow, orange, red COUNT cases NUMBER x KEEP 3 days BASE orange WHEN x > 3 green OTHERWISE NOT BELOW previous IMPROVE AFTER 2 reviews',
      date '2021-09-06', lang => 'vi') e WHERE e.rule > 2 OR e.rule IS NULL ORDER BY e.rule;
DROP SCHEMA test_explain_past CASCADE;
