-- The worked examples of policies whose tiers are entered and left, day by day.
CREATE SCHEMA test_policy_examples_past;
SET search_path = test_policy_examples_past, georisk, public;
SET datestyle = ISO;

-- Cases of each day that give a 7-day count of level on the days from first on, and before that one that stays at 980.
CREATE FUNCTION pg_temp.counts(levels integer[], first date) RETURNS epicurve LANGUAGE plpgsql AS $$
DECLARE
    daily integer[] := array_fill(140, ARRAY[30]);
    level_before integer := 980;
    level integer;
BEGIN
    FOREACH level IN ARRAY levels LOOP
        daily := daily || level - level_before + daily[cardinality(daily) - 6];
        level_before := level;
    END LOOP;
    RETURN (SELECT epicurve_agg(first - 31 + i::integer, n) FROM unnest(daily) WITH ORDINALITY d(n, i));
END
$$;
CREATE FUNCTION pg_temp.tier(facts zone_profile, rule risk_policy, day date, start date) RETURNS text LANGUAGE sql AS $$
    SELECT v.tier FROM (SELECT judge_agg(1, NULL, NULL, facts, NULL, NULL, NULL, NULL, rule, day, start) AS all_zones) j, judge(j.all_zones) v
$$;

-- Germany, section 28b: the daily incidence from the first day on, the last one standing for all later days; the days on which the
-- brake is turned. In examples 4 to 6 it is on from the days before.
WITH example(example, what, first, incidence, expected) AS (VALUES
        (1, '101, 102, 103 from Monday', date '2021-04-26', '{101,102,103,103,103,103}'::integer[], '2021-04-30 on'),
        (2, 'exactly 100 begins anew', '2021-04-26', '{101,100,103,104,105,105,105,105}', '2021-05-02 on'),
        (3, 'never three days', '2021-04-26', '{101,102,99,101,102,99,99,99}', NULL),
        (4, 'Monday to Friday', '2021-04-28', '{110,110,110,110,110,99,99,99,99,99,99,99,99}', '2021-05-02 on, 2021-05-09 off'),
        (5, 'a holiday and a Sunday between', '2021-05-07', '{110,110,110,110,110,99,99,99,99,99,99,99,99,99,99}', '2021-05-11 on, 2021-05-20 off'),
        (6, '100 on Saturday begins anew', '2021-05-07', '{110,110,110,110,110,99,99,99,100,99,99,99,99,99,99,99,99,99}', '2021-05-11 on, 2021-05-23 off')),
     judged AS (
         SELECT e.*, d::date AS day, pg_temp.tier(profile('population', 1000000,
                    'cases', pg_temp.counts((SELECT array_agg(i * 10 ORDER BY o) FROM unnest(incidence) WITH ORDINALITY u(i, o)), first),
                    'holidays', (SELECT value_series_agg(h, true) FROM unnest('{2021-05-13,2021-05-24}'::date[]) h)),
                policy('de_28b_2021'), d::date, first - 20) AS tier
           FROM example e, generate_series(first - 5, first + cardinality(incidence) - 1, '1 day') d),
     turned AS (SELECT *, lag(tier) OVER (PARTITION BY example ORDER BY day) AS before FROM judged)
SELECT example, what, expected, string_agg(day || ' ' || tier, ', ' ORDER BY day) FILTER (WHERE tier <> before) AS turned,
       string_agg(day || ' ' || tier, ', ' ORDER BY day) FILTER (WHERE tier <> before) IS NOT DISTINCT FROM expected AS same
  FROM turned GROUP BY example, what, expected ORDER BY example;

-- New York: ten days of a share of positive tests, residents, new cases a day. The state is what ten days at 4.1 % have made before.
-- 7 is read as "or less"; what red leaves to is not said there. 8 is a Tier 4 area, and no zone in Tier 1 either.
SELECT example, positivity, residents, cases_7d, state, expected, tier, tier = ANY (string_to_array(expected, ' or ')) AS same
  FROM (VALUES (1, 2.6, 50000, 35, 'none', 'yellow'), (2, 2.5, 50000, 63, 'none', 'none'), (3, 4.1, 12000, 28, 'none', 'none'),
               (4, 4.1, 8000, 21, 'none', 'red'), (5, 4.1, 60000, 35, 'none', 'none'), (6, 3.5, 50000, 63, 'red', 'red'),
               (7, 3.0, 50000, 63, 'red', 'orange or yellow or none'), (8, 3.9, 42883, 23, 'none', 'none'))
       t(example, positivity, residents, cases_7d, state, expected),
       LATERAL (SELECT epicurve_agg(d, CASE WHEN d > '2020-10-15' OR state = 'none' THEN 100 * positivity ELSE 410 END::integer) AS positives,
                       epicurve_agg(d, 10000) AS tests,
                       epicurve_agg(d, (cases_7d + (d - date '2020-01-01') % 7) / 7) AS cases
                  FROM (SELECT d::date AS d FROM generate_series(date '2020-09-20', '2020-10-31', '1 day') d) days) c,
       pg_temp.tier(profile('population', residents, 'cases', c.cases, 'positives', c.positives, 'tests', c.tests,
                            'one_place', (SELECT value_series_agg(d, false) FROM unnest('{2020-09-26,2020-10-10,2020-10-24}'::date[]) d),
                            'confirmed', (SELECT value_series_agg(d, true) FROM unnest('{2020-09-26,2020-10-10,2020-10-24}'::date[]) d)),
                    policy('us_ny_microcluster_2020'), '2020-10-31', CASE state WHEN 'none' THEN date '2020-10-16' ELSE '2020-09-26' END) tier
 ORDER BY example;

-- What a map says of them, while the brake is on and its end is decided.
SELECT v.reason FROM (VALUES ('en'), ('vi')) l(lang),
    LATERAL (SELECT judge_agg(1, NULL, NULL, profile('population', 1000000, 'cases', pg_temp.counts('{1100,1100,1100,1100,1100,990,990,990,990,990,990}', '2021-04-28')),
                              NULL, NULL, NULL, NULL, policy('de_28b_2021'), '2021-05-08', '2021-04-10') AS all_zones) j, judge(j.all_zones, lang) v;
SELECT describe_policy(policy('de_28b_2021'));
SELECT describe_policy(policy('de_28b_2021'), 'vi');
SELECT name, kind, look_back, keep_days, if_missing FROM policy_inputs(policy('de_28b_2021')) ORDER BY name;
DROP SCHEMA test_policy_examples_past CASCADE;
