-- Policies that look at earlier reviews: refused for one profile, judged by classify and in maps from their first review on.
CREATE SCHEMA test_policy_past;
SET search_path = test_policy_past, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;

SELECT at_day(profile('population', 1, 'community_cases', NULL), '2021-11-05') @@ policy('vn_qd4800_2021');
SELECT * FROM explain_tier(at_day(profile('population', 1, 'community_cases', NULL), '2021-11-05'), policy('vn_qd4800_2021'));
SELECT name, kind, look_back FROM policy_inputs(policy('vn_qd4800_2021')) WHERE kind = 'count';
SELECT policy_first_day(policy('vn_qd4800_2021'), '2021-11-05') AS every_review_matters;
SELECT describe_policy(policy('us_ca_blueprint_2020'), 'vi');

-- Down one tier at a time after two reviews, up after two; and never down while the flag says so.
CREATE TABLE rule (rule risk_policy);
INSERT INTO rule VALUES ('POLICY past   REVIEW weekly ON friday
TIERS green, yellow, orange, red
COUNT cases
YESNO hold KEEP 6 days IF MISSING no
LET n = cases IN 7 days
BASE WORST OF n: green < 1 <= yellow < 3 <= orange < 6 <= red
NOT BELOW previous WHEN hold
WORSEN  AFTER 2 reviews
IMPROVE AFTER 2 reviews BY 1');
CREATE TABLE zone AS SELECT 'Z' || i AS code, i AS zone_id FROM generate_series(1, 30) i;
SELECT setseed(0.48);
CREATE TABLE report AS
SELECT 'Z' || (random() * 29)::integer + 1 AS zone_code, date '2021-09-03' + (random() * 70)::integer AS report_day, (random() * 3)::integer AS n
  FROM generate_series(1, 500);
CREATE TABLE value AS
SELECT DISTINCT ON (1, 2) 'Z' || (random() * 29)::integer + 1 AS zone_code, date '2021-09-03' + 7 * (random() * 10)::integer AS day, 'hold' AS name,
       CASE WHEN random() < 0.7 THEN 'yes' ELSE 'no' END AS value FROM generate_series(1, 120);

-- The obvious way: one review after the other, with what the last two said.
CREATE FUNCTION obvious(zone text, until date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    tier integer;
    said integer;
    before integer;
    cases integer;
BEGIN
    FOR review IN 0 .. (until - date '2021-09-03') / 7 LOOP
        SELECT coalesce(sum(n), 0) INTO cases FROM report
         WHERE zone_code = zone AND report_day BETWEEN date '2021-09-03' + 7 * review - 6 AND date '2021-09-03' + 7 * review;
        said := CASE WHEN cases < 1 THEN 0 WHEN cases < 3 THEN 1 WHEN cases < 6 THEN 2 ELSE 3 END;
        IF EXISTS (SELECT FROM value v WHERE v.zone_code = zone AND v.day = date '2021-09-03' + 7 * review AND v.value = 'yes') THEN
            said := greatest(said, tier);
        END IF;
        tier := CASE WHEN tier IS NULL THEN said
                     WHEN said > tier AND before > tier THEN least(said, before)
                     WHEN said < tier AND before < tier THEN tier - 1
                     ELSE tier END;
        before := said;
    END LOOP;
    RETURN (ARRAY['green', 'yellow', 'orange', 'red'])[tier + 1];
END
$$;
CREATE TABLE found AS
SELECT c.code, c.as_of, c.tier, c.reason, c.window_end FROM rule, classify('zone', 'report', rule, '2021-09-03', '2021-11-12', zone_values => 'value', start => '2021-08-31') c;
SELECT tier, count(*) > 100 AS many, count(*) FILTER (WHERE tier = obvious(code, as_of)) = count(*) AS as_obvious FROM found GROUP BY tier ORDER BY tier;
-- A run of days holds each review once, and finds what each day finds that has all of them held again; with a start, without, and with one to come.
CREATE TABLE started AS SELECT * FROM (VALUES (date '2021-08-31'), (NULL), ('2021-10-01')) s(first);
CREATE TABLE run AS SELECT s.first, c.as_of, c.code, c.tier, c.reason
  FROM started s, rule, classify('zone', 'report', rule, '2021-08-20', '2021-11-18', zone_values => 'value', start => s.first) c;
CREATE TABLE day_by_day AS SELECT s.first, c.as_of, c.code, c.tier, c.reason
  FROM started s, rule, generate_series(0, 90, 5) i,
       classify('zone', 'report', rule, date '2021-08-20' + i, zone_values => 'value', start => s.first) c;
SELECT count(*), bool_and(r.tier = d.tier AND r.reason = d.reason) AS same
  FROM run r JOIN day_by_day d ON d.first IS NOT DISTINCT FROM r.first AND d.as_of = r.as_of AND d.code = r.code;

-- What the tier in force made of a review is said.
SELECT regexp_replace(reason, '.*; (this review)', '\1') AS said, count(*) > 20 AS often FROM found WHERE reason ~ 'this review' GROUP BY 1 ORDER BY 1;
-- Without a start reviews begin with the first report of any zone.
SELECT count(*) > 0 AS some, bool_and(a.tier = b.tier) AS same FROM rule,
    classify('zone', 'report', rule, '2021-10-15', zone_values => 'value', start => (SELECT min(report_day) FROM report WHERE n > 0)) a
    JOIN classify('zone', 'report', rule, '2021-10-15', zone_values => 'value') b USING (code);
-- So many reviews nobody has held.
\set SHOW_CONTEXT never
SELECT count(*) FROM classify('zone', 'report', (SELECT rule FROM rule), '2021-10-15', start => '0001-01-01');

-- A few missing days are over some day, also where more may have come of them than can be followed one by one: the first day on which it is known again, and the days on which it is not.
CREATE FUNCTION pg_temp.unknown_days(rule text, missing daterange) RETURNS TABLE (unknown bigint, known_again date) LANGUAGE sql AS $$
    SELECT count(*) FILTER (WHERE tier = 'unknown'), max(as_of) FILTER (WHERE tier = 'unknown') + 1
      FROM (SELECT judge_agg(1, NULL, NULL, profile('n', n), NULL, NULL, NULL, NULL, rule::risk_policy, '2026-01-01', '2026-01-01') AS j
              FROM (SELECT value_series_agg(day::date, 0::numeric) AS n FROM generate_series(date '2026-01-01', '2026-12-31', '1 day') day WHERE NOT missing @> day::date) n) j,
           judge_days(j, '2026-12-01')
$$;
SELECT what, days, u.* FROM (VALUES
        ('IMPROVE with STAY', 'POLICY p REVIEW daily TIERS green, yellow, orange, red NUMBER n KEEP 1 days BASE red WHEN n > 4 orange WHEN n > 3 yellow WHEN n > 2 green OTHERWISE IMPROVE AFTER 2 reviews STAY 4 reviews BY 1'),
        ('ENTER and LEAVE', 'POLICY p REVIEW daily TIERS green, yellow, orange, red NUMBER n KEEP 1 days ENTER yellow WHEN n > 2 EFFECTIVE 2 days LATER LEAVE yellow WHEN n < 2 EFFECTIVE 2 days LATER '
         'ENTER orange WHEN n > 3 EFFECTIVE 2 days LATER LEAVE orange WHEN n < 2 EFFECTIVE 2 days LATER ENTER red WHEN n > 4 EFFECTIVE 2 days LATER LEAVE red WHEN n < 2 EFFECTIVE 2 days LATER')) p(what, rule),
       (VALUES (daterange('2026-01-10', '2026-01-14')), ('[2026-01-10,2026-01-15)'), ('[2026-01-10,2026-01-20)'), ('[2026-01-10,2026-03-01)')) m(days), pg_temp.unknown_days(rule, days) u;

-- A map: the chain begins with its first zone set, and days are told as they are now.
SELECT create_map('regress_past', srid => 32648, lang => 'en') IS NOT NULL AS made;
INSERT INTO regress_past.zone (code, geom) SELECT code, ST_Multi(ST_MakeEnvelope(zone_id * 10, 0, zone_id * 10 + 10, 10, 32648)) FROM zone;
SELECT activate_zones('regress_past', '2021-08-31') > 0 AS activated;
UPDATE regress_past.layer_policy SET policy = rule FROM rule;
INSERT INTO regress_past.report (source, zone_code, report_day, n) SELECT 'lab', zone_code, report_day, n FROM report;
INSERT INTO regress_past.zone_value (zone_code, name, day, value) SELECT zone_code, name, day, value FROM value;
SELECT count(*) AS tiers, count(*) FILTER (WHERE z.tier = f.tier AND z.reason = f.reason) AS same
  FROM (SELECT DISTINCT as_of FROM found WHERE (as_of - date '2021-09-03') % 5 = 0) d, LATERAL regress_past.zone_risk_at(as_of) z
  JOIN found f ON f.code = z.code WHERE f.as_of = d.as_of;
-- A policy that begins to judge later begins its reviews then.
INSERT INTO regress_past.layer_policy (layer_id, valid_from, policy) SELECT 1, '2021-10-08', rule FROM rule;
SELECT count(*) AS tiers, count(*) FILTER (WHERE z.tier = c.tier) AS same, count(*) FILTER (WHERE z.tier = f.tier) < count(*) AS not_as_before
  FROM regress_past.zone_risk_at('2021-10-22') z JOIN found f ON f.code = z.code AND f.as_of = '2021-10-22'
  JOIN (SELECT c.* FROM rule, classify('zone', 'report', rule, '2021-10-22', zone_values => 'value', start => '2021-10-08') c) c ON c.code = z.code;
SELECT * FROM verify('regress_past');

DROP SCHEMA regress_past CASCADE;
DROP SCHEMA test_policy_past CASCADE;
