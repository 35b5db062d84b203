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

-- The policies of two-way tables, cases and lists. A count that gives a rate: so many cases per 10,000,000 people.
CREATE FUNCTION pg_temp.on_day(n numeric, since integer DEFAULT 3) RETURNS epicurve LANGUAGE sql AS $$
    SELECT epicurve_agg(date '2021-09-06' - since, round(n)::integer)
$$;

-- CDC Community Levels: cases per 100,000 in 7 days choose between two scales of hospital admissions and beds.
SELECT example, rate, admissions, beds, expected, tier, tier = expected AS same
  FROM (VALUES (1, 199.9, 9.9, 9.9, 'low'), (2, 199.9, 10, 0, 'medium'), (3, 199.9, 19.9, 14.9, 'medium'), (4, 199.9, 20, 0, 'high'),
               (5, 199.9, 0, 15, 'high'), (6, 200, 0, 0, 'medium'), (7, 200, 9.9, 9.9, 'medium'), (8, 200, 0, 10, 'high'))
       t(example, rate, admissions, beds, expected),
       pg_temp.tier(profile('population', 10000000, 'cases', pg_temp.on_day(rate * 100), 'admissions', admissions, 'beds_pct', beds),
                    policy('us_cdc_ccl_2022')) tier ORDER BY example;

-- The travel map of the European Union: 14-day rate, positivity, tests; the same region under three recommendations.
SELECT example, n, p, t, eu_1475, a.tier = eu_1475 AS same, eu_119, b.tier = eu_119 AS same, eu_961, c.tier = eu_961 AS same
  FROM (VALUES (1, 24.9, 3.9, 800, 'green', 'green', 'green'), (2, 25, 3.9, 800, 'orange', 'orange', 'green'),
               (3, 50, 4, 800, 'red', 'red', 'orange'), (4, 150, 3.9, 800, 'orange', 'orange', 'orange'),
               (5, 150.1, 1, 800, 'red', 'red', 'orange'), (6, 500, 1, 800, 'red', 'dark_red', 'dark_red'),
               (7, 10, 1, 300, 'grey', 'grey', 'grey'), (8, 10, NULL, 800, 'grey', 'grey', 'grey'),
               (9, 74.9, 0.9, 800, 'orange', 'orange', 'green'), (10, 60, 1, 800, 'orange', 'orange', 'orange'),
               (11, 200, 3.9, 800, 'red', 'red', 'orange'), (12, 200.1, 0.5, 800, 'red', 'red', 'red'))
       e(example, n, p, t, eu_1475, eu_119, eu_961),
       profile('population', 10000000, 'cases', pg_temp.on_day(n * 100, 13), 'positivity_pct', p, 'tests_100k', t) facts,
       pg_temp.tier(facts, policy('eu_1475_2020')) a(tier), pg_temp.tier(facts, policy('eu_119_2021')) b(tier),
       pg_temp.tier(facts, policy('eu_961_2021')) c(tier) ORDER BY example;

-- The same from February 2022: the rate is weighted by vaccine uptake, and grey comes in two kinds.
SELECT example, rate, uptake, tests, expected, tier, tier = expected AS same
  FROM (VALUES (1, 72, 89, 900, 'green'), (2, 79, 99, 900, 'green'), (3, 80, 100, 900, 'orange'), (4, 40, 0, 900, 'orange'),
               (5, 199.9, 100, 900, 'orange'), (6, 100, 0, 900, 'red'), (7, 600, 100, 900, 'dark_red'), (8, 50, 80, 600, 'dark_grey'),
               (9, 50, 80, NULL, 'grey'), (10, 50, NULL, 900, 'grey'))
       t(example, rate, uptake, tests, expected),
       pg_temp.tier(profile('population', 10000000, 'cases', pg_temp.on_day(rate * 100, 13), 'vaccine_pct', uptake, 'tests_100k', tests),
                    policy('eu_107_2022')) tier ORDER BY example;

-- Massachusetts: population, cases in 14 days, positivity; cases alone in small towns, and grey where there are few.
SELECT example, population, cases, positivity, expected, tier, tier = expected AS same
  FROM (VALUES (1, 9999, 10, 9, 'grey'), (2, 9999, 11, 9, 'green'), (3, 9999, 16, 9, 'yellow'), (4, 9999, 25, 9, 'yellow'),
               (5, 9999, 26, 0, 'red'), (6, 10000, 13, 4.9, 'green'), (7, 10000, 14, 4.9, 'yellow'), (8, 10000, 14, 5, 'red'),
               (9, 50000, 60, 5, 'yellow'), (10, 50001, 15, 9, 'grey'), (11, 50001, 71, 3.9, 'yellow'), (12, 50001, 71, 4, 'red'))
       t(example, population, cases, positivity, expected),
       pg_temp.tier(profile('population', population, 'cases', pg_temp.on_day(cases, 13), 'tests', pg_temp.on_day(1000, 13),
                            'positives', pg_temp.on_day(positivity * 10, 13)), policy('us_ma_2020')) tier ORDER BY example;
-- A grey town has a tier and a colour, but no rung: @@ gives NULL, and the tier is not 'unknown'.
SELECT at_day(facts, date '2021-09-06') @@ policy('us_ma_2020') AS rung, pg_temp.tier(facts, policy('us_ma_2020')) AS tier
  FROM profile('population', 163, 'cases', pg_temp.on_day(1), 'tests', pg_temp.on_day(9), 'positives', pg_temp.on_day(1)) facts;

-- WHO, June 2021: the worst of cases, hospitalisations and deaths per 100,000 and week, over two weeks.
SELECT example, cases, hospitalised, deaths, expected, tier, tier = expected AS same
  FROM (VALUES (1, 19.9, 4.9, 0.9, 'ct1'), (2, 20, 0, 0, 'ct2'), (3, 10, 5, 0, 'ct2'), (4, 10, 0, 2, 'ct3'),
               (5, 149.9, 29.9, 4.9, 'ct3'), (6, 150, 0, 0, 'ct4'), (7, 60, 30, 1, 'ct4'), (8, 0, 0, 5, 'ct4'))
       t(example, cases, hospitalised, deaths, expected),
       pg_temp.tier(profile('population', 10000000, 'cases', pg_temp.on_day(cases * 200, 13), 'hospitalisations',
                            pg_temp.on_day(hospitalised * 200, 13), 'deaths', pg_temp.on_day(deaths * 200, 13)), policy('who_ct_2021')) tier
 ORDER BY example;

-- Indonesia, July 2021: the matrix from memory, class by capacity.
SELECT class, tier AS adequate, b AS moderate, c AS limited, expected, concat_ws(' ', tier, b, c) = expected AS same
  FROM (VALUES ('no cases', 0, false, false, 'level0 level0 level1'), ('sporadic', 10, true, false, 'level0 level1 level1'),
               ('clusters', 10, false, true, 'level1 level1 level2'), ('CT1', 10, false, false, 'level1 level2 level2'),
               ('CT2', 20, false, false, 'level2 level2 level3'), ('CT3', 50, false, false, 'level2 level3 level3'),
               ('CT4', 150, false, false, 'level3 level3 level4')) t(class, cases, sporadic, clusters, expected),
       profile('population', 10000000, 'cases', pg_temp.on_day(cases * 200), 'hospitalisations', pg_temp.on_day(0), 'deaths', pg_temp.on_day(0),
               'sporadic', sporadic, 'clusters', clusters) facts,
       pg_temp.tier((facts::jsonb || '{"adequate": true, "moderate": false}')::zone_profile, policy('id_kmk4805_2021')) tier,
       pg_temp.tier((facts::jsonb || '{"adequate": false, "moderate": true}')::zone_profile, policy('id_kmk4805_2021')) b,
       pg_temp.tier((facts::jsonb || '{"adequate": false, "moderate": false}')::zone_profile, policy('id_kmk4805_2021')) c ORDER BY cases, class;

-- The Philippines: average daily attack rate by two-week growth; row 8 has nothing to grow from.
SELECT example, adar, growth, expected, tier, tier = expected AS same
  FROM (VALUES (1, 5.42, -1, 'low'), (2, 4.95, 1, 'moderate'), (3, 7.20, 47, 'high'), (4, 1.07, 222, 'high'), (5, 12.7, 123, 'high'),
               (6, 0.5, 250, 'moderate'), (7, 6.99, 200, 'moderate'), (8, 0.4, NULL, 'unknown')) t(example, adar, growth, expected),
       pg_temp.tier(profile('population', (1000 * (100 + coalesce(growth, 0)) * 100000.0 / (14 * adar))::bigint,
                            'cases', (SELECT epicurve_agg(date '2021-09-06' - since, n::integer)
                                        FROM (VALUES (13, 1000 * (100 + coalesce(growth, 0))), (14, CASE WHEN growth IS NOT NULL THEN 100000 END)) v(since, n))),
                    policy('ph_adar_2021')) tier ORDER BY example;

-- China, February 2020: cases so far, cases in 14 days, a cluster.
SELECT example, so_far, fresh, cluster, expected, tier, tier = expected AS same
  FROM (VALUES (1, 0, 0, NULL, 'low'), (2, 80, 0, NULL, 'low'), (3, 1, 1, false, 'medium'), (4, 50, 5, true, 'medium'),
               (5, 51, 5, false, 'medium'), (6, 51, 5, true, 'high')) t(example, so_far, fresh, cluster, expected),
       pg_temp.tier(profile('cases', (SELECT epicurve_agg(date '2021-09-06' - since, n) FROM (VALUES (13, fresh), (14, so_far - fresh)) v(since, n)),
                            'cluster', cluster), policy('cn_2020')) tier ORDER BY example;

-- Philadelphia: two of four make red, else the mildest tier of which three of four hold.
SELECT example, cases, hospital, positivity, growth, expected, tier, tier = expected AS same
  FROM (VALUES (1, 99, 49, 1.9, 60, 'green'), (2, 99, 49, 2, 60, 'yellow'), (3, 99, 50, 2, 0, 'yellow'), (4, 499, 499, 9.9, 60, 'orange'),
               (5, 500, 500, 0, 0, 'red'), (6, 500, 10, 10, 0, 'red'), (7, 600, 10, 1, 0, 'green'))
       t(example, cases, hospital, positivity, growth, expected),
       pg_temp.tier(profile('cases_per_day', cases, 'hospitalised', hospital, 'positivity_pct', positivity, 'growth_pct', growth),
                    policy('us_phl_2022')) tier ORDER BY example;

-- Policies with a past: judged from the first review on, as judge_agg and judge do it for views.
CREATE FUNCTION pg_temp.tier_on(facts zone_profile, rule risk_policy, as_of date, start date) RETURNS text LANGUAGE sql AS $$
    SELECT tier FROM judge((SELECT judge_agg(1, NULL, NULL, facts, NULL, NULL, NULL, NULL, rule, as_of, start)))
$$;
-- The tier after each weekly review from `start` on.
CREATE FUNCTION pg_temp.tiers(facts zone_profile, rule risk_policy, start date, reviews integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(pg_temp.tier_on(facts, rule, start + 7 * i, start), ', ' ORDER BY i) FROM generate_series(0, reviews - 1) i
$$;

-- Viet Nam, Decision 4800: published outcomes (G) and bounds. Where the tier before matters the week before gave it; row 9 is held.
SELECT example, rate, dose1, elderly, care_met, before, expected, tier, tier = expected AS same
  FROM (VALUES ('G1', 73.5, 99.1, 92, true, 0, 'level2'), ('G2', 1, 98, 48, true, 0, 'level2'), ('G3', 20, 93.9, 81.2, true, 0, 'level2'),
               ('G4', 177, 70, 80, true, 0, 'level3'), ('G5', 179, 70, 80, true, 0, 'level3'), ('1', 19.99, 70, 80, true, 0, 'level1'),
               ('2', 20, 70, 80, true, 0, 'level2'), ('3', 50, 70, 80, true, 0, 'level2'), ('4', 149.99, 70, 80, true, 0, 'level2'),
               ('5', 150, 70, 80, true, 0, 'level3'), ('6', 150, 69.9, 80, true, 0, 'level4'), ('7', 60, 69.9, 79.9, true, 0, 'level4'),
               ('8', 0, 95, 40, true, 0, 'level1'), ('9', 10, 95, 90, false, 30, 'level2'), ('9, met', 10, 95, 90, true, 30, 'level1'),
               ('10', 400, 60, 50, true, 0, 'level4')) t(example, rate, dose1, elderly, care_met, before, expected),
       pg_temp.tier_on(profile('population', 10000000, 'dose1_pct', (SELECT value_series_agg(date '2021-11-05' - i, dose1) FROM (VALUES (0), (7)) v(i)),
                               'elderly_full_pct', (SELECT value_series_agg(date '2021-11-05' - i, elderly) FROM (VALUES (0), (7)) v(i)),
                               'care_capacity_met', (SELECT value_series_agg(date '2021-11-05' - i, care_met) FROM (VALUES (0), (7)) v(i)),
                               'community_cases', (SELECT epicurve_agg(date '2021-11-05' - i, round(n * 200)::integer)
                                                     FROM (VALUES (0, rate), (14, before)) v(i, n))),
                       policy('vn_qd4800_2021'), '2021-11-05', '2021-10-29') tier ORDER BY example COLLATE "C";

-- California: weekly reviews of (daily cases per 100,000, positivity), from the tier that an example starts in.
SELECT example, start, weekly, expected, tiers, tiers = expected AS same
  FROM (VALUES (1, 'base', '7,8', 'red'), (2, 'base', '7.1,4', 'purple'), (3, 'base', '3.9,5', 'red'),
               (4, 'purple', '6.9,7.9 6.9,7.9 6.9,7.9 6.9,7.9', 'purple, purple, red, red'),
               (5, 'purple', '3,3 3,3 3,3 3,3 3,3 3,3', 'purple, purple, red, red, red, orange'),
               (6, 'red', '8,6 5,6', 'red, red'), (7, 'red', '8,6 8,6', 'red, purple'),
               (8, 'orange', '3,3 5,3 3,3 5,6 5,6', 'orange, orange, orange, orange, red')) t(example, start, weekly, expected),
       LATERAL (SELECT value_series_agg(date '2020-09-01' + 7 * (i::integer - 1), split_part(pair, ',', 1)::numeric) AS cases,
                       value_series_agg(date '2020-09-01' + 7 * (i::integer - 1), split_part(pair, ',', 2)::numeric) AS positivity,
                       value_series_agg(date '2020-09-01' + 7 * (i::integer - 1), true) AS equity, count(*)::integer AS n
                  FROM string_to_table(weekly, ' ') WITH ORDINALITY AS w(pair, i)) s,
       pg_temp.tiers(profile('daily_100k', cases, 'positivity_pct', positivity, 'equity_met', equity),
                     replace(policy('us_ca_blueprint_2020')::text, 'START AT base', 'START AT ' || start)::risk_policy, '2020-09-01', n) tiers ORDER BY example;

-- InfoDengue: weekly (minimum temperature, incidence, P(Rt > 1), cases); the last tier, for row 7 the last six.
SELECT example, weekly, expected, tiers, tiers = expected AS same
  FROM (VALUES (1, '23,1,.5,1 23,1,.5,1 23,1,.5,1', 'yellow'), (2, '23,1,.5,1 23,1,.5,1 21,1,.5,1', 'green'), (3, '21,12,.96,9 21,12,.96,9', 'orange'),
               (4, '21,12,.96,9 21,12,.95,9', 'green'), (5, '23,101,.5,6 23,101,.5,6', 'red'), (6, '23,101,.5,5 23,101,.5,5', 'green'),
               (7, '21,12,.96,9 21,12,.96,9 21,12,.5,0 21,12,.5,0 21,12,.5,0 21,12,.5,0 21,12,.5,0', 'orange, yellow, yellow, yellow, yellow, green'))
       t(example, weekly, expected),
       LATERAL (SELECT value_series_agg(day, split_part(w, ',', 1)::numeric) AS temperature, value_series_agg(day, split_part(w, ',', 3)::numeric) AS p,
                       epicurve_agg(day, split_part(w, ',', 4)::integer) AS cases,
                       max(split_part(w, ',', 4)::integer * 100000 / split_part(w, ',', 2)::integer) AS population
                  FROM string_to_table(weekly, ' ') WITH ORDINALITY AS s(w, i), LATERAL (SELECT date '2021-09-04' - 49 + 7 * i::integer AS day) d) s,
       LATERAL (SELECT string_agg(pg_temp.tier_on(profile('population', population, 'min_temp', temperature, 'p_rt', p, 'cases', cases),
                       policy('br_infodengue'), date '2021-09-04' - 49 + 7 * i, NULL), ', ' ORDER BY i) AS tiers
                  FROM generate_series(CASE example WHEN 7 THEN 2 ELSE array_length(string_to_array(weekly, ' '), 1) END,
                                       array_length(string_to_array(weekly, ' '), 1)) i) r ORDER BY example;

-- The Philippines, 2022: nobody is raised while half of the beds or fewer are in use; without a review before there is nothing to hold.
SELECT adar, beds, before, expected, tier, tier = expected AS same
  FROM (VALUES (5.99, 90, 0, 'low'), (6, 90, 0, 'moderate'), (18, 90, 0, 'moderate'), (18.01, 90, 0, 'high'), (18.01, 50, 0, 'low'),
               (18.01, 50.1, 0, 'high'), (5.99, 50, 7, 'low')) t(adar, beds, before, expected),
       pg_temp.tier_on(profile('population', 1000000, 'beds_pct', (SELECT value_series_agg(date '2022-07-20' - i, beds) FROM (VALUES (0), (1)) v(i)),
                               'cases', (SELECT epicurve_agg(date '2022-07-20' - i, round(n * 140)::integer) FROM (VALUES (0, adar), (14, before)) v(i, n))),
                       policy('ph_adar_2022'), '2022-07-20', '2022-07-19') tier ORDER BY adar, beds;

-- A group that never had a case is green under every policy that counts only.
SELECT name, pg_temp.tier(profile('cases', pg_temp.cases(0, 1, NULL)), policy(name)) AS tier
  FROM policies WHERE name IN ('vn_hcmc_2716_2021', 'id_ppkm_mikro_2021a', 'id_ppkm_mikro_2021b', 'my_zone_2020', 'alert_counts')
 ORDER BY name;

-- A rate over a population that is not known, or nobody, is unknown and never green.
SELECT name, population, pg_temp.tier(profile('population', population, 'cases', nothing, 'tests', nothing, 'positives', nothing), policy(name)) AS tier
  FROM (VALUES ('hghi_2020'), ('us_cdc_ct_2021')) p(name), (VALUES (NULL::integer), (0)) n(population), pg_temp.cases(0, 0, 0) nothing ORDER BY name, population;
