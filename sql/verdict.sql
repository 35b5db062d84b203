-- One zone, one policy: the tier equals a CASE expression over the raw rows, and explain_tier says why.
CREATE SCHEMA test_verdict;
SET search_path = test_verdict, georisk, public;
SET datestyle = ISO;

CREATE TEMP TABLE report AS
SELECT zone, date '2021-09-06' - (zone * 31 + i * 17) % (4 + zone % 22) AS day, 1 + (zone + i) % 2 AS n, (zone + i) % 9 AS household
  FROM generate_series(1, 400) zone, generate_series(1, (zone * 7919) % 13) i;
CREATE TEMP TABLE flag AS
SELECT zone, CASE zone % 3 WHEN 0 THEN true WHEN 1 THEN false END AS contact FROM generate_series(1, 400) zone;

CREATE TEMP TABLE fact AS
SELECT f.zone, f.contact,
       count(DISTINCT r.household) FILTER (WHERE r.day > date '2021-08-30') AS households,
       coalesce(sum(r.n) FILTER (WHERE r.day > date '2021-08-23'), 0) AS cases_14,
       date '2021-09-06' - max(r.day) AS days_since
  FROM flag f LEFT JOIN report r USING (zone) GROUP BY f.zone, f.contact;
CREATE TEMP TABLE zone_profile_of AS
SELECT f.zone, profile('as_of', date '2021-09-06', 'population', 163,
       'cases', (SELECT epicurve_agg(r.day, r.n, r.household::bigint) FROM (SELECT NULL::date AS day, 0 AS n, 0 AS household
                 UNION ALL SELECT day, n, household FROM report WHERE report.zone = f.zone) r),
       'contact', f.contact) AS facts
  FROM flag f;

SELECT expected, count(*), count(*) FILTER (WHERE facts @@ policy('vn_hcmc_2716_2021') = expected) AS same
  FROM zone_profile_of JOIN (SELECT zone, (CASE WHEN households >= 3 THEN 'red'
         WHEN households = 2 OR (households = 1 AND contact IS NOT FALSE) THEN 'orange'
         WHEN households = 1 THEN 'yellow' WHEN days_since <= 14 THEN 'near_green' ELSE 'green' END)::risk_tier AS expected
    FROM fact) oracle USING (zone) GROUP BY expected ORDER BY expected;
SELECT expected, count(*), count(*) FILTER (WHERE tier_of(facts, policy('alert_counts')) = expected) AS same
  FROM zone_profile_of JOIN (SELECT zone, (CASE WHEN cases_14 >= 3 THEN 'red' WHEN cases_14 = 2 THEN 'orange'
         WHEN cases_14 = 1 THEN 'yellow' ELSE 'green' END)::risk_tier AS expected FROM fact) oracle USING (zone)
 GROUP BY expected ORDER BY expected;
SELECT expected, count(*), count(*) FILTER (WHERE facts @@ policy('id_ppkm_mikro_2021b') = expected) AS same
  FROM zone_profile_of JOIN (SELECT zone, (CASE WHEN households > 5 THEN 'red' WHEN households >= 3 THEN 'orange'
         WHEN households >= 1 THEN 'yellow' ELSE 'green' END)::risk_tier AS expected FROM fact) oracle USING (zone)
 GROUP BY expected ORDER BY expected;

-- Several policies for one row: the compiled form that is kept is never taken for another.
SELECT count(*) AS rows, count(*) FILTER (WHERE tier = again) AS same
  FROM (SELECT facts @@ policy(name) AS tier,
               CASE name WHEN 'alert_counts' THEN facts @@ policy('alert_counts')
                         ELSE facts @@ policy('vn_hcmc_2716_2021') END AS again
          FROM zone_profile_of, unnest('{alert_counts,vn_hcmc_2716_2021}'::text[]) name) both_policies;

-- A missing flag matters with one household, and not with none or three.
CREATE TEMP TABLE strict_policy AS SELECT 'POLICY flags_must_be_known
TIERS green, yellow, orange, red
COUNT cases
YESNO contact KEEP 14 days IF MISSING unknown
BASE
  red    WHEN households WITH cases IN 7 days >= 3
  orange WHEN households WITH cases IN 7 days = 2 OR (households WITH cases IN 7 days = 1 AND contact)
  yellow WHEN households WITH cases IN 7 days = 1
  green  OTHERWISE'::risk_policy AS rule;
CREATE TEMP TABLE households_case AS
SELECT h, profile('as_of', date '2021-09-06', 'cases', epicurve_agg(CASE WHEN i <= h THEN date '2021-09-04' END, 1, i::bigint)) AS facts
  FROM generate_series(0, 3) h, generate_series(1, 4) i GROUP BY h;
SELECT h AS households, facts @@ rule AS tier, (facts @@ rule) IS NULL AS unknown
  FROM households_case, strict_policy ORDER BY h;
SELECT h AS households, v.tier, v.numbers, v.possible, v.step_down_on, v.step_down_to
  FROM households_case, strict_policy, explain_tier(facts, rule) v WHERE v.outcome = 'verdict' ORDER BY h;
SELECT e.rule, e.tier, e.condition, e.numbers, e.outcome, e.decided
  FROM households_case, strict_policy s, explain_tier(facts, s.rule) e WHERE h = 1;
SELECT e.rule, e.tier, e.condition, e.numbers, e.outcome, e.decided
  FROM households_case, explain_tier(facts, policy('vn_hcmc_2716_2021'), 'vi') e WHERE h = 1;

-- A tier outside the ladder has its key, and @@ has no rung for it.
CREATE TEMP TABLE grey_policy AS SELECT 'POLICY too_few_to_say
TIERS green, grey AS none, red
COUNT cases
BASE
  red   WHEN cases IN 7 days >= 5
  grey  WHEN cases IN 7 days >= 1
  green OTHERWISE'::risk_policy AS rule;
SELECT h, facts @@ g.rule AS tier, v.tier AS key, v.possible
  FROM households_case, grey_policy g, explain_tier(facts, g.rule) v WHERE v.outcome = 'verdict' ORDER BY h;

-- Without a day there is no verdict.
SELECT profile('cases', NULL::epicurve) @@ policy('alert_counts');
SELECT * FROM explain_tier(profile('population', 5), policy('alert_counts'));
SELECT NULL::zone_profile @@ policy('alert_counts') IS NULL AS null_gives_null;
SELECT * FROM explain_tier(profile('as_of', date '2021-09-06'), policy('alert_counts'), 'de');
