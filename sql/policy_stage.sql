-- The stages of a policy against the same rule as a CASE expression over plain counts, and what is said of them.
CREATE SCHEMA test_policy_stage;
SET search_path = test_policy_stage, georisk, public;
SET datestyle = ISO;

CREATE TEMP TABLE report AS
SELECT zone, date '2021-09-06' - (zone * 31 + i * 17) % (6 + zone % 40) AS day, 1 + (zone + i) % 3 AS n
  FROM generate_series(1, 400) zone, generate_series(1, (zone * 7919) % 23) i;
CREATE INDEX ON report (zone, day);
ANALYZE report;
CREATE TEMP TABLE zone AS
SELECT zone, 60 + (zone * 37) % 400 AS population, zone % 7 * 15 AS cover, zone % 5 = 0 AS cluster FROM generate_series(1, 400) zone;
CREATE TEMP TABLE fact AS
SELECT z.*, c.*, p.*, profile('as_of', date '2021-09-06', 'population', population, 'cover', cover, 'cluster', cluster,
       'cases', (SELECT epicurve_agg(r.day, r.n) FROM (SELECT NULL::date AS day, 0 AS n UNION ALL
                 SELECT day, n FROM report WHERE report.zone = z.zone) r)) AS facts
  FROM zone z, LATERAL (
       SELECT coalesce(sum(n), 0) AS ever, coalesce(sum(n) FILTER (WHERE day > date '2021-09-06' - 7), 0) AS now,
              coalesce(sum(n) FILTER (WHERE day BETWEEN date '2021-09-06' - 13 AND date '2021-09-06' - 7), 0) AS before
         FROM report r WHERE r.zone = z.zone) c, LATERAL (
       SELECT max(n) AS peak, min(n) FILTER (WHERE ago < 3) AS least
         FROM (SELECT ago, coalesce((SELECT sum(n) FROM report r WHERE r.zone = z.zone
                                      AND r.day BETWEEN date '2021-09-06' - ago - 6 AND date '2021-09-06' - ago), 0) AS n
                 FROM generate_series(0, 60) ago) w) p;

CREATE TEMP TABLE rule AS SELECT 'POLICY staged
TIERS  green, yellow, orange, red
COUNT  cases
NUMBER cover
YESNO  cluster
LET    growth = 100 * cases IN 7 days / cases IN 7 days LAG 7 days - 100
       UNLESS cases IN 7 days LAG 7 days < 4 IF MISSING 0
BASE
CASE population < 150
  red    WHEN AT LEAST 2 OF (cluster, cases IN 7 days >= 3, growth > 50)
  yellow WHEN ALL cases > 20
  green  OTHERWISE
ELSE TABLE                              | cover >= 45 | OTHERWISE
  WHEN cases IN 7 days < 3              | green       | yellow
  WHEN cases IN 7 days < 9              | yellow      | orange
  OTHERWISE                             | orange      | red
RAISE 1 NOT ABOVE orange WHEN growth > 50 UNLESS cover >= 75
LOWER 1 WHEN 2 * cases IN 7 days <= PEAK cases IN 7 days
NOT BELOW yellow WHEN cases IN 7 days >= 4 ON 3 days RUNNING'::risk_policy AS rule;

SELECT tier, count(*), count(*) FILTER (WHERE facts @@ rule IS NOT DISTINCT FROM tier::risk_tier) AS same
  FROM rule, fact, LATERAL (
       SELECT CASE WHEN before >= 4 THEN 100.0 * now / before - 100 ELSE 0 END AS growth) g, LATERAL (
       SELECT CASE WHEN population < 150 THEN
                   CASE WHEN cluster::integer + (now >= 3)::integer + (growth > 50)::integer >= 2 THEN 3 WHEN ever > 20 THEN 1 ELSE 0 END
                   ELSE (cover < 45)::integer + CASE WHEN now < 3 THEN 0 WHEN now < 9 THEN 1 ELSE 2 END END AS base) b, LATERAL (
       SELECT CASE WHEN growth > 50 AND cover < 75 THEN greatest(least(base + 1, 2), base) ELSE base END AS raised) r, LATERAL (
       SELECT CASE WHEN 2 * now <= peak THEN greatest(raised - 1, 0) ELSE raised END AS lowered) l, LATERAL (
       SELECT CASE WHEN least >= 4 THEN greatest(lowered, 1) ELSE lowered END AS found) f, LATERAL (
       SELECT (ARRAY['green', 'yellow', 'orange', 'red'])[found + 1] AS tier) t
 GROUP BY tier ORDER BY min(found);

-- What explain_tier says: the case that holds with its rules, then each step with the tier that it led to.
SELECT rule, tier, condition, numbers, outcome, decided AS d FROM explain_tier(profile('as_of', date '2021-09-06', 'population', 163,
    'cover', 50, 'cluster', false, 'cases', (SELECT epicurve_agg(d, n) FROM (VALUES (date '2021-09-06', 7), ('2021-08-30', 4)) v(d, n))),
    (SELECT rule FROM rule));
SELECT numbers FROM explain_tier(profile('as_of', date '2021-09-06', 'population', 163,
    'cover', 50, 'cluster', false, 'cases', (SELECT epicurve_agg(d, n) FROM (VALUES (date '2021-09-06', 7), ('2021-08-30', 4)) v(d, n))),
    (SELECT rule FROM rule), 'vi') WHERE outcome = 'verdict';
-- A missing population leaves both cases open, and whatever is not known is named.
SELECT rule, tier, condition, numbers, outcome, possible FROM explain_tier(profile('as_of', date '2021-09-06', 'population', NULL::integer,
    'cover', 50, 'cluster', false, 'cases', (SELECT epicurve_agg(d, n) FROM (VALUES (date '2021-09-06', 7), ('2021-08-30', 4)) v(d, n))),
    (SELECT rule FROM rule)) WHERE rule IN (1, 5) OR rule IS NULL;
SELECT * FROM policy_inputs((SELECT rule FROM rule));
SELECT policy_first_day((SELECT rule FROM rule), '2021-09-06') AS peaks_are_of_all_days;
SELECT rule::text::risk_policy = rule AS same_text FROM rule;
DROP SCHEMA test_policy_stage CASCADE;
