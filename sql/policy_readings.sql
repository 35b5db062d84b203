-- Where the published text leaves open what is meant: the question, the reading that the shipped policy takes, and what another one
-- would give. Worked examples of which nothing is open stand in policy_examples, policy_examples_past and policy_relation.
CREATE SCHEMA test_policy_readings;
SET search_path = test_policy_readings, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.on_day(n numeric, day date) RETURNS epicurve LANGUAGE sql AS $$ SELECT epicurve_agg(day, round(n)::integer) $$;
CREATE FUNCTION pg_temp.tier(facts zone_profile, rule risk_policy, day date) RETURNS text LANGUAGE sql AS $$
    SELECT v.tier FROM (SELECT judge_agg(1, NULL, NULL, facts, '{}', NULL, NULL, NULL, rule, day, day) AS zones) j, judge(j.zones) v
$$;
CREATE TABLE reading (policy text, question text, reading text, other text, facts zone_profile, day date, parameters jsonb DEFAULT '{}');

-- Ho Chi Minh City, Plan 2716.
INSERT INTO reading VALUES
    ('vn_hcmc_2716_2021', '1 household, contact is not known', 'orange', 'yellow',
     profile('cases', (SELECT epicurve_agg('2021-09-03', 1, 1)), 'contact', NULL::boolean), '2021-09-06'),
    ('vn_hcmc_2716_2021', 'the last case 14 days ago is "more than 14 days"', 'near_green', 'green', profile('cases', (SELECT epicurve_agg('2021-08-23', 1, 1))), '2021-09-06'),
    ('vn_hcmc_2716_2021', '1 household 7 days ago, without contact: the look-back is not stated', 'near_green', 'yellow',
     profile('cases', (SELECT epicurve_agg('2021-08-30', 1, 1)), 'contact', false), '2021-09-06');
INSERT INTO reading VALUES
    ('vn_hcmc_2716_2021', 'the same with a look-back of 14 days', 'yellow', 'near_green',
     profile('cases', (SELECT epicurve_agg('2021-08-30', 1, 1)), 'contact', false), '2021-09-06', '{"window": 14}');

-- Viet Nam, Decision 4800. The second column of the table and the exemption are from memory; the published outcomes are weak where marked.
INSERT INTO reading SELECT 'vn_qd4800_2021', question, reading, other,
       profile('population', population, 'community_cases', pg_temp.on_day(cases, '2021-11-26'), 'dose1_pct', dose1, 'elderly_full_pct', elderly, 'care_capacity_met', true), '2021-11-26'
  FROM (VALUES ('G1 by the counts: 6,815 and 6,635 cases in 9.145 million; the mean of two weeks, not the last', 'level2', '(level2)', 9145000, 6815 + 6635, 99.1, 92),
               ('G2: elderly means 65 and over on 1 November, 48 %', 'level2', 'level1', 8250000, 165, 98, 48),
               ('G3: the rate is 20 as printed', 'level2', 'level1', 10000000, 4000, 93.9, 81.2),
               ('G3 by its own counts, 19.95: only community cases are known to count', 'level1', 'level2', 8250000, 3292, 93.9, 81.2),
               ('G6: level 2 "because of" the elderly, 51.59 %; the rate is not stated: some, under 20', 'level2', 'level1', 10000000, 200, 99, 51.59),
               ('row 6, under 70 % vaccinated, from memory', 'level4', 'level3', 10000000, 30000, 69.9, 80),
               ('row 7, under 70 % and one more, from memory', 'level4', 'level3', 10000000, 12000, 69.9, 79.9),
               ('row 8, nobody is raised without cases, from memory', 'level1', 'level2', 10000000, 0, 95, 40)) t(question, reading, other, population, cases, dose1, elderly);

-- Viet Nam, Decision 2686. Any case of known source makes yellow, so that more than 1 in 100,000 adds nothing.
INSERT INTO reading VALUES ('vn_qd2686_2021', 'one case of known source in 800,000, 0.125 per 100,000', 'yellow', 'green',
     profile('level', 'commune', 'population', 800000, 'known_source_cases', pg_temp.on_day(1, '2021-09-06'), 'unknown_source_cases', NULL), '2021-09-06');

-- Massachusetts: grey is tested first, then the worst; California: the printed bands have gaps, closed upwards; Philadelphia: a rise of exactly 50 %.
INSERT INTO reading SELECT 'us_ma_2020', question, reading, other,
       profile('population', population, 'cases', pg_temp.on_day(cases, '2020-11-20'), 'tests', pg_temp.on_day(1000, '2020-11-20'), 'positives', pg_temp.on_day(positives, '2020-11-20')), '2020-11-20'
  FROM (VALUES ('row 10, 15 cases and 9 % positive: grey comes before yellow', 'grey', 'yellow', 50001, 15, 90),
               ('row 9, 60 cases (8.57) and 5 %: fits green and yellow', 'yellow', 'green', 50000, 60, 50)) t(question, reading, other, population, cases, positives);
INSERT INTO reading SELECT 'us_ca_blueprint_2020', question, reading, other, profile('daily_100k', daily, 'positivity_pct', positivity), '2020-09-01'
  FROM (VALUES ('3.95 a day, between 1-3.9 and 4-7', 'orange', 'red', 3.95, 1.0), ('positivity of 4.95 %, between 2-4.9 and 5-8', 'orange', 'red', 0.5, 4.95))
       t(question, reading, other, daily, positivity);
INSERT INTO reading VALUES ('us_phl_2022', '500 cases, 49 in hospital, 1.9 %, a rise of exactly 50 %: two of red, and three of green', 'red', 'green',
     profile('cases_per_day', 500, 'hospitalised', 49, 'positivity_pct', 1.9, 'growth_pct', 50), '2022-02-20');

-- The CDC: one metric missing (from memory). Harvard: the press prints whole numbers.
INSERT INTO reading VALUES
    ('us_cdc_ct_2021', 'row 8, 30 per 100,000 and no tests: the other metric decides', 'moderate', 'unknown',
     profile('population', 1000000, 'cases', pg_temp.on_day(300, '2021-09-06'), 'tests', NULL, 'positives', NULL), '2021-09-06'),
    ('hghi_2020', '9.5 per day, between 1-9 and 10-24', 'yellow', 'orange', profile('population', 1000000, 'cases', pg_temp.on_day(665, '2020-07-08')), '2020-07-08');

-- European Union: grey first also where the rate is 500; 300 tests or fewer (the Council), or fewer than 300 (the ECDC).
INSERT INTO reading SELECT 'eu_119_2021', question, reading, other,
       profile('population', 1000000, 'cases', pg_temp.on_day(n * 10, '2021-03-02'), 'positivity_pct', 1, 'tests_100k', 300), '2021-03-02', parameters::jsonb
  FROM (VALUES ('a rate of 600, 300 tests: grey is tested first', 'grey', 'dark_red', 600, '{}'), ('a rate of 10, exactly 300 tests', 'grey', 'green', 10, '{}'),
               ('the same as the ECDC has it', 'green', 'grey', 10, '{"few_tests": 299.999}')) t(question, reading, other, n, parameters);

-- The Philippines: "high/critical" is not one level; cells from memory.
INSERT INTO reading SELECT 'ph_adar_2021', question, reading, other,
       profile('population', 1000000, 'cases', (SELECT epicurve_agg(d::date, n) FROM (VALUES ('2021-08-09', now), ('2021-07-26', before)) v(d, n))), '2021-08-09'
  FROM (VALUES ('7 and above, growth over 200 %', 'critical', 'high', 1000, 300), ('7 and above, falling', 'moderate', 'high', 1000, 1100),
               ('under 1, growth of 100 %', 'low', 'moderate', 100, 50)) t(question, reading, other, now, before);

-- Singapore: 14 days to the closing are of a notice of 2005; the 15th day is watched already.
INSERT INTO reading VALUES ('sg_dengue', '12 cases, none new for 15 days', 'green', 'red', profile('cases', pg_temp.on_day(12, '2020-07-10')), '2020-07-25'),
    ('sg_dengue', '12 cases, none new for 36 days', 'closed', 'green', profile('cases', pg_temp.on_day(12, '2020-07-10')), '2020-08-15');

SELECT r.policy, question, reading, other, tier, tier = reading AS same
  FROM reading r, pg_temp.tier(facts, policy(r.policy, parameters), day) tier ORDER BY r.policy COLLATE "C", question COLLATE "C";

-- Decision 2686, row 12: 2 communes high and 4 at risk of 10. "50 % at risk" counts worse ones, too, else the district is not high.
SELECT 'vn_qd2686_2021' AS policy, 'orange' AS reading, 'below_high' AS other, v.tier, v.tier = 'orange' AS same
  FROM (SELECT judge_agg(i, CASE WHEN i > 0 THEN 0 END, CASE WHEN i > 0 THEN 'commune' ELSE 'district' END,
               profile('unknown_source_cases', pg_temp.on_day((i BETWEEN 1 AND 2)::integer, '2021-09-06'), 'known_source_cases', pg_temp.on_day((i BETWEEN 3 AND 6)::integer, '2021-09-06')),
               '{}', NULL, NULL, NULL, policy('vn_qd2686_2021'), '2021-09-06', NULL) AS zones FROM generate_series(0, 10) i) j, judge(zones) v WHERE v.zone_id = 0;

-- New York, row 7: ten days at 3.0 % end red ("or less"; by "under" it would stay red); as orange is left at 2 %, it becomes orange.
-- The ten days of the exit are read as ten days running at or under the bound: on the ninth it is red.
SELECT ago AS days_at_3_percent, v.tier FROM unnest('{9,10}'::integer[]) ago,
     LATERAL (SELECT judge_agg(zone_id, NULL, NULL, profile('population', 50000, 'cases', (SELECT epicurve_agg(d::date, 9) FROM generate_series(date '2020-09-01', '2020-10-31', '1 day') d),
               'tests', (SELECT epicurve_agg(d::date, 10000) FROM generate_series(date '2020-09-01', '2020-10-31', '1 day') d),
               'positives', (SELECT epicurve_agg(d::date, CASE WHEN d::date > date '2020-10-31' - ago - 6 THEN 300 ELSE 410 END) FROM generate_series(date '2020-09-01', '2020-10-31', '1 day') d),
               'one_place', (SELECT value_series_agg(d::date, false) FROM generate_series(date '2020-09-01', '2020-10-31', '7 days') d),
               'confirmed', (SELECT value_series_agg(d::date, true) FROM generate_series(date '2020-09-01', '2020-10-31', '7 days') d)),
               NULL, NULL, NULL, NULL, policy('us_ny_microcluster_2020'), '2020-10-31', '2020-09-20') AS zones FROM (VALUES (1)) z(zone_id)) j, judge(zones) v ORDER BY ago;
DROP SCHEMA test_policy_readings CASCADE;
