-- The worked examples of each shipped policy, in the tables in which they were written down.
-- "same" is what the policy gives next to what the table says.
CREATE SCHEMA test_policy_examples;
SET search_path = test_policy_examples, georisk, public;
SET datestyle = ISO;

-- h households with `each` cases on the day `since` days before 6 September 2021; NULL = there never was a case.
CREATE FUNCTION pg_temp.cases(h bigint, each integer, since integer) RETURNS epicurve LANGUAGE sql AS $$
    SELECT epicurve_agg(date '2021-09-06' - since, CASE WHEN i <= h THEN each ELSE 0 END, i) FROM generate_series(1, greatest(h, 1)) i
$$;
CREATE FUNCTION pg_temp.tier(facts zone_profile, rule risk_policy) RETURNS text LANGUAGE sql AS $$
    SELECT tier FROM explain_tier(at_day(facts, date '2021-09-06'), rule) WHERE outcome = 'verdict'
$$;

-- Ho Chi Minh City, Plan 2716: households with a case in 7 days, contact with other households, days since the last case.
SELECT example, households, contact, days_since, expected, tier, tier = expected AS same
  FROM (VALUES (1, 0, NULL::boolean, NULL::integer, 1, 'green'), (2, 0, NULL, 15, 1, 'green'), (3, 0, NULL, 14, 1, 'near_green'),
               (4, 0, NULL, 7, 1, 'near_green'), (5, 1, false, 6, 1, 'yellow'), (6, 1, true, 3, 1, 'orange'),
               (7, 1, NULL, 3, 1, 'orange'), (8, 2, false, 0, 1, 'orange'), (9, 3, false, 2, 1, 'red'), (10, 1, false, 1, 5, 'yellow'))
       t(example, households, contact, days_since, cases_each, expected),
       pg_temp.tier(profile('cases', pg_temp.cases(greatest(households, 1), cases_each, days_since), 'contact', contact),
                    policy('vn_hcmc_2716_2021')) tier ORDER BY example;

-- Indonesia, PPKM Mikro: houses with a case in 7 days; the cuts of February and of April 2021.
SELECT example, houses, february, a AS tier_a, a = february AS same_a, april, b AS tier_b, b = april AS same_b
  FROM (VALUES (1, 0, 'green', 'green'), (2, 1, 'yellow', 'yellow'), (3, 2, 'yellow', 'yellow'), (4, 3, 'yellow', 'orange'),
               (5, 5, 'yellow', 'orange'), (6, 6, 'orange', 'red'), (7, 10, 'orange', 'red'), (8, 11, 'red', 'red'))
       t(example, houses, february, april),
       profile('cases', pg_temp.cases(houses, 1, 3)) facts,
       pg_temp.tier(facts, policy('id_ppkm_mikro_2021a')) a, pg_temp.tier(facts, policy('id_ppkm_mikro_2021b')) b ORDER BY example;

-- CDC Community Transmission: the worse of cases per 100,000 in 7 days and positivity; one missing leaves the other.
SELECT example, rate, positivity, expected, tier, tier = expected AS same
  FROM (VALUES (1, 9.99, 4.99, 'low'), (2, 10, 4.99, 'moderate'), (3, 49.99, 5, 'moderate'), (4, 50, 0, 'substantial'),
               (5, 9, 8, 'substantial'), (6, 99.99, 9.99, 'substantial'), (7, 100, 0, 'high'), (8, 30, NULL, 'moderate'))
       t(example, rate, positivity, expected),
       pg_temp.tier(profile('population', 10000000, 'cases', pg_temp.cases(1, (rate * 100)::integer, 3),
                            'tests', pg_temp.cases(1, CASE WHEN positivity IS NOT NULL THEN 10000 ELSE 0 END, 3),
                            'positives', pg_temp.cases(1, (coalesce(positivity, 0) * 100)::integer, 3)),
                    policy('us_cdc_ct_2021')) tier ORDER BY example;

-- Harvard Global Health Institute: new cases per day and 100,000, the mean of 7 days.
SELECT example, rate, expected, tier, tier = expected AS same
  FROM (VALUES (1, 0.99, 'green'), (2, 1, 'yellow'), (3, 9.99, 'yellow'), (4, 10, 'orange'), (5, 24.99, 'orange'), (6, 25, 'red'))
       t(example, rate, expected),
       pg_temp.tier(profile('population', 10000000, 'cases', pg_temp.cases(1, (rate * 700)::integer, 3)), policy('hghi_2020')) tier
 ORDER BY example;

-- Malaysia: cases in 14 days.
SELECT example, cases, expected, tier, tier = expected AS same
  FROM (VALUES (1, 0, 'green'), (2, 1, 'yellow'), (3, 20, 'yellow'), (4, 21, 'orange'), (5, 40, 'orange'), (6, 41, 'red'))
       t(example, cases, expected),
       pg_temp.tier(profile('cases', pg_temp.cases(1, cases, 13)), policy('my_zone_2020')) tier ORDER BY example;

-- Alert counts, what any disease needs first: n cases in d days, all of it parameters.
SELECT example, cases, days_ago, parameters, expected, tier, tier = expected AS same
  FROM (VALUES (1, 0, 0, '{}', 'green'), (2, 1, 0, '{}', 'yellow'), (3, 1, 13, '{}', 'yellow'), (4, 1, 14, '{}', 'green'),
               (5, 2, 5, '{}', 'orange'), (6, 3, 5, '{}', 'red'), (7, 250, 13, '{}', 'red'), (8, 250, 14, '{}', 'green'),
               (9, 1, 14, '{"days": 15}', 'yellow'), (10, 3, 7, '{"days": 7}', 'green'), (11, 3, 6, '{"days": 7}', 'red'),
               (12, 4, 5, '{"yellow": 2, "orange": 5, "red": 10}', 'yellow'), (13, 1, 5, '{"yellow": 2, "orange": 5, "red": 10}', 'green'),
               (14, 9, 5, '{"yellow": 2, "orange": 5, "red": 10}', 'orange'), (15, 10, 364, '{"days": 365, "red": 10}', 'red'))
       t(example, cases, days_ago, parameters, expected),
       pg_temp.tier(profile('cases', pg_temp.cases(1, cases, days_ago)), policy('alert_counts', parameters::jsonb)) tier ORDER BY example;

-- A group that never had a case is green under every policy that counts only.
SELECT name, pg_temp.tier(profile('cases', pg_temp.cases(0, 1, NULL)), policy(name)) AS tier
  FROM policies WHERE name IN ('vn_hcmc_2716_2021', 'id_ppkm_mikro_2021a', 'id_ppkm_mikro_2021b', 'my_zone_2020', 'alert_counts')
 ORDER BY name;

-- A rate over a population that is not known, or nobody, is unknown and never green.
SELECT name, population, pg_temp.tier(profile('population', population, 'cases', nothing, 'tests', nothing, 'positives', nothing), policy(name)) AS tier
  FROM (VALUES ('hghi_2020'), ('us_cdc_ct_2021')) p(name), (VALUES (NULL::integer), (0)) n(population), pg_temp.cases(0, 0, 0) nothing ORDER BY name, population;
