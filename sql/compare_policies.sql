-- What another rule would have made of the same zones and reports: pairs of tiers, changes, and changes that are undone.
CREATE SCHEMA test_compare;
SET search_path = test_compare, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;
\set SHOW_CONTEXT never

CREATE TABLE zone AS SELECT i AS zone_id, 'Z' || i AS code, 'Zone ' || i AS name, CASE WHEN i % 9 > 0 THEN 2000 * i END AS population, 50 AS households
  FROM generate_series(1, 30) i;
SELECT setseed(0.31);
CREATE TABLE report AS
SELECT 'Z' || 1 + floor(30 * pow(random(), 2))::integer AS zone_code, date '2021-08-01' + floor(70 * random())::integer AS report_day,
       'H' || floor(9 * random())::integer AS household FROM generate_series(1, 250);
CREATE TABLE rule AS SELECT policy('vn_hcmc_2716_2021') AS by_household, 'POLICY weekly_counts   REVIEW weekly ON wednesday
TIERS grey AS none, low AS green, some AS yellow, many AS red
COUNT cases
LET rate = cases IN 7 days PER 1000 population
BASE
  grey  WHEN households WITH cases IN 3 days >= 2
  many  WHEN rate >= 0.2
  some  WHEN cases IN 7 days >= 1
  low   OTHERWISE'::risk_policy AS weekly;

-- By zone and day, against classify's own rows taken one by one.
CREATE TABLE found AS SELECT c.* FROM rule, compare_tiers('zone', 'report', by_household, weekly, '2021-08-07', '2021-10-05') c;
CREATE TABLE said_a AS SELECT c.* FROM rule, classify('zone', 'report', by_household, '2021-08-07', '2021-10-05') c;
CREATE TABLE said_b AS SELECT c.* FROM rule, classify('zone', 'report', weekly, '2021-08-07', '2021-10-05') c;
CREATE FUNCTION next_wednesday(day date) RETURNS date LANGUAGE sql RETURN
    (SELECT min(d)::date FROM generate_series(day + 1, day + 7, '1 day') d WHERE extract(isodow FROM d) = 3);
CREATE TABLE expected AS
SELECT a.as_of, a.zone_id, a.code, a.name,
       CASE WHEN a.tier_rank = b.tier_rank THEN 'same' WHEN a.tier = 'unknown' AND b.tier = 'unknown' THEN 'same' WHEN a.tier_rank > b.tier_rank THEN 'a worse'
            WHEN a.tier_rank < b.tier_rank THEN 'b worse' ELSE 'unclear' END AS compared,
       a.tier_rank AS tier_rank_a, a.tier AS tier_a, b.tier_rank AS tier_rank_b, b.tier AS tier_b,
       a.tier <> (SELECT y.tier FROM said_a y WHERE y.code = a.code AND y.as_of = a.as_of - 1) AS changed_a,
       b.tier <> (SELECT y.tier FROM said_b y WHERE y.code = a.code AND y.as_of = a.as_of - 1) AS changed_b,
       (SELECT t.tier FROM said_a t WHERE t.code = a.code AND t.as_of = a.as_of + 1)
           = (SELECT y.tier FROM said_a y WHERE y.code = a.code AND y.as_of = a.as_of - 1) AS back_a,
       (SELECT t.tier FROM said_b t WHERE t.code = a.code AND t.as_of = next_wednesday(a.as_of))
           = (SELECT y.tier FROM said_b y WHERE y.code = a.code AND y.as_of = a.as_of - 1) AS back_b,
       a.reason AS reason_a, b.reason AS reason_b
  FROM said_a a JOIN said_b b ON b.code = a.code AND b.as_of = a.as_of;
SELECT count(*), count(*) FILTER (WHERE f.as_of = e.as_of AND f.code = e.code AND f.name = e.name AND f.compared = e.compared
           AND f.tier_rank_a IS NOT DISTINCT FROM e.tier_rank_a AND f.tier_a = e.tier_a AND f.tier_rank_b IS NOT DISTINCT FROM e.tier_rank_b
           AND f.tier_b = e.tier_b AND f.changed_a IS NOT DISTINCT FROM e.changed_a AND f.changed_b IS NOT DISTINCT FROM e.changed_b
           AND f.undone_a IS NOT DISTINCT FROM CASE WHEN e.changed_a THEN e.back_a END AND f.undone_b IS NOT DISTINCT FROM CASE WHEN e.changed_b THEN e.back_b END
           AND f.reason_a = e.reason_a AND f.reason_b = e.reason_b) AS as_expected,
       count(*) FILTER (WHERE undone_a) > 5 AS some_undone_a, count(*) FILTER (WHERE undone_b) > 0 AS some_undone_b, count(*) FILTER (WHERE NOT undone_b) > 20 AS some_stay,
       count(*) FILTER (WHERE f.changed_b AND undone_b IS NULL) > 0 AS some_open
  FROM found f FULL JOIN expected e USING (as_of, zone_id);
SELECT array_agg(DISTINCT compared) AS every_kind FROM found;

-- A review may be in force later than on its day: the next one is the first day after a day on which another review stands.
SELECT review, count(*), bool_and(next_review(p.policy, d.day::date) = (SELECT min(l)::date FROM generate_series(d.day + interval '1 day', d.day + interval '8 days', '1 day') l
                                                                WHERE policy_review_day(p.policy, l::date) <> policy_review_day(p.policy, d.day::date))) AS first_of_the_next
  FROM unnest('{daily,daily IN FORCE 2 days LATER,weekly ON friday,weekly ON friday IN FORCE 3 days LATER,weekly ON monday LAG 2 days IN FORCE 9 days LATER}'::text[]) review,
       LATERAL (SELECT format('POLICY p REVIEW %s COUNT cases BASE red WHEN cases IN 1 days > 0 green OTHERWISE', review)::risk_policy AS policy) p,
       generate_series(timestamp '2021-09-01', '2021-09-30', '1 day') d(day) GROUP BY review ORDER BY review;
CREATE TABLE lone_report AS SELECT 'Z3' AS zone_code, date '2021-09-10' AS report_day, 'H1' AS household;
SELECT as_of, tier_a, changed_a, undone_a FROM compare_tiers('zone', 'lone_report', 'POLICY p REVIEW daily IN FORCE 2 days LATER COUNT cases BASE red WHEN cases IN 1 days > 0 green OTHERWISE', policy('alert_counts'), '2021-09-11', '2021-09-15')
 WHERE code = 'Z3';

-- In one table to read; each number against its own query over the rows.
CREATE TABLE summary AS SELECT c.* FROM rule, compare_policies('zone', 'report', by_household, weekly, '2021-08-07', '2021-10-05') c;
TABLE summary;
SELECT count(*), bool_and(s.zones = e.zones AND s.zone_days = e.zone_days AND s.changes_a = e.changes_a AND s.undone_a = e.undone_a
                          AND s.changes_b = e.changes_b AND s.undone_b = e.undone_b) AS as_counted
  FROM summary s, LATERAL (SELECT count(DISTINCT code) AS zones, count(*) AS zone_days, count(*) FILTER (WHERE changed_a) AS changes_a,
                                  count(*) FILTER (WHERE changed_a AND back_a) AS undone_a, count(*) FILTER (WHERE changed_b) AS changes_b,
                                  count(*) FILTER (WHERE changed_b AND back_b) AS undone_b
                             FROM expected x
                            WHERE (s.tier_a IS NULL OR x.tier_a = s.tier_a AND x.tier_b = s.tier_b)
                              AND CASE s.compared WHEN 'all' THEN true WHEN 'different' THEN x.compared <> 'same' ELSE x.compared = s.compared END) e;
SELECT (SELECT count(*) FROM summary WHERE tier_a IS NOT NULL) = count(*) AS every_pair FROM (SELECT DISTINCT compared, tier_a, tier_b FROM expected) p;

-- One day, a policy and itself, and by columns of other names.
SELECT compared, tier_a, tier_b, zones, zone_days FROM rule, compare_policies('zone', 'report', by_household, by_household, '2021-09-01');
CREATE VIEW line_list AS SELECT zone_code AS area, report_day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS seen, household AS home FROM report;
SELECT count(*), bool_and(x = s) AS same
  FROM rule, compare_policies('zone', 'line_list', by_household, weekly, '2021-08-07', '2021-10-05', day_column => 'seen', code_column => 'area',
                              household_column => 'home', timezone => 'Asia/Ho_Chi_Minh') x
  JOIN summary s USING (compared) WHERE x.tier_a IS NOT DISTINCT FROM s.tier_a AND x.tier_b IS NOT DISTINCT FROM s.tier_b;

-- A map: on each day what zone_risk_at shows under either policy, with values, silence and chains of reviews.
SELECT create_map('regress_compare', srid => 32648, lang => 'vi') IS NOT NULL AS made;
INSERT INTO regress_compare.zone (code, name, population, households, geom)
SELECT code, name, population, households, ST_Multi(ST_MakeEnvelope(zone_id * 10, 0, zone_id * 10 + 10, 10, 32648)) FROM zone;
SELECT activate_zones('regress_compare', '2021-08-05') > 0 AS activated;
INSERT INTO regress_compare.report (source, zone_code, report_day, household, origin)
SELECT 'lab', zone_code, report_day, household, CASE WHEN household < 'H2' THEN 'imported' END FROM report;
INSERT INTO regress_compare.zone_value (zone_code, name, day, value)
SELECT code, 'contact', date '2021-08-10' + (i * 17 + zone_id * 5) % 50, CASE WHEN (i + zone_id) % 3 > 0 THEN 'no' ELSE 'yes' END FROM zone, generate_series(1, 4) i;
UPDATE regress_compare.settings SET silence_limit = 4;
INSERT INTO regress_compare.source (source, zone_code, expected_from) VALUES ('post of Z7', 'Z7', '2021-08-05'), ('lab', NULL, '2021-08-01');
SELECT complete_until FROM submit_reports('regress_compare', 'lab', complete_until => '2021-10-03');
SELECT complete_until FROM submit_reports('regress_compare', 'post of Z7', complete_until => '2021-09-10');
CREATE TABLE tried AS SELECT by_household AS policy, 'a' AS side FROM rule UNION ALL SELECT 'POLICY slow REVIEW weekly ON friday
TIERS green, yellow, red
COUNT community_cases
YESNO contact KEEP 10 days IF MISSING no
BASE
  red    WHEN community_cases IN 7 days >= 2 OR (community_cases IN 7 days = 1 AND contact)
  yellow WHEN community_cases IN 14 days >= 1
  green  OTHERWISE
IMPROVE AFTER 2 reviews', 'b';
CREATE TABLE on_map AS
SELECT c.* FROM compare_tiers('regress_compare', (SELECT policy FROM tried WHERE side = 'a'), (SELECT policy FROM tried WHERE side = 'b'), '2021-08-08', '2021-10-05') c;
CREATE TABLE shown (side text, day date, code text, tier text, tier_rank smallint, reason text);
UPDATE regress_compare.layer_policy SET policy = t.policy FROM tried t WHERE side = 'a';
INSERT INTO shown SELECT 'a', d, z.code, z.tier, z.tier_rank, z.reason FROM generate_series(date '2021-08-08', date '2021-10-05', '3 days') g(d), regress_compare.zone_risk_at(d::date) z;
UPDATE regress_compare.layer_policy SET policy = t.policy FROM tried t WHERE side = 'b';
INSERT INTO shown SELECT 'b', d, z.code, z.tier, z.tier_rank, z.reason FROM generate_series(date '2021-08-08', date '2021-10-05', '3 days') g(d), regress_compare.zone_risk_at(d::date) z;
SELECT s.side, count(*), count(*) FILTER (WHERE s.tier = 'unknown') > 5 AS some_silent,
       bool_and((s.tier, s.tier_rank, s.reason) IS NOT DISTINCT FROM CASE s.side WHEN 'a' THEN (m.tier_a, m.tier_rank_a, m.reason_a) ELSE (m.tier_b, m.tier_rank_b, m.reason_b) END) AS same
  FROM shown s JOIN on_map m ON m.code = s.code AND m.as_of = s.day GROUP BY s.side ORDER BY s.side;
SELECT * FROM compare_policies('regress_compare', (SELECT policy FROM tried WHERE side = 'a'), (SELECT policy FROM tried WHERE side = 'b'), '2021-08-08', '2021-10-05');
SELECT compared, zones FROM compare_policies('regress_compare', policy('alert_counts'), policy('alert_counts'), '2021-09-01', layer => (SELECT name FROM regress_compare.layer)) WHERE tier_a IS NULL;

-- Policies that relate zones: neighbours and wards as the map knows them.
INSERT INTO tried VALUES ('POLICY beside
TIERS green, yellow, orange, red
NEIGHBOURS touching
COUNT cases
BASE
  red    WHEN households WITH cases IN 7 days >= 3
  orange WHEN households WITH cases IN 7 days >= 2 OR TOUCHES red
  yellow WHEN cases IN 7 days >= 1 OR TOUCHES orange
  green  OTHERWISE
IMPROVE AFTER 2 reviews', 'c'), ('POLICY ward
TIERS green, yellow, red
NEIGHBOURS corners
COUNT cases
BASE
FOR ward OF groups
  red    WHEN SHARE(red) >= 20%
  yellow WHEN SHARE(AT LEAST yellow) >= 30% OR TOUCHES red
  green  OTHERWISE
FOR group
  red    WHEN cases IN 14 days >= 4
  yellow WHEN cases IN 14 days >= 1 OR TOUCHES red
  green  OTHERWISE
NOT BELOW parent', 'd');
SELECT create_map('regress_related', srid => 32648, lang => 'en') IS NOT NULL AS made;
INSERT INTO regress_related.zone (code, name, level) SELECT 'W' || i, 'Ward ' || i, 'ward' FROM generate_series(1, 5) i;
INSERT INTO regress_related.zone (code, name, parent_code, level, population, households, geom)
SELECT code, name, 'W' || (zone_id + 5) / 6, 'group', population, households, ST_Multi(ST_MakeEnvelope(zone_id * 10, 0, zone_id * 10 + 10, 10, 32648)) FROM zone WHERE zone_id < 30;
SELECT activate_zones('regress_related', '2021-08-05') > 0 AS activated;
INSERT INTO regress_related.report (source, zone_code, report_day, household) SELECT 'lab', zone_code, report_day, household FROM report WHERE zone_code <> 'Z30';
CREATE TABLE on_related AS SELECT c.* FROM compare_tiers('regress_related', (SELECT policy FROM tried WHERE side = 'c'), (SELECT policy FROM tried WHERE side = 'd'), '2021-08-20', '2021-09-30') c;
DELETE FROM shown;
UPDATE regress_related.layer_policy SET policy = t.policy FROM tried t WHERE side = 'c';
INSERT INTO shown SELECT 'c', d, z.code, z.tier, z.tier_rank, z.reason FROM generate_series(date '2021-08-20', date '2021-09-30', '5 days') g(d), regress_related.zone_risk_at(d::date) z;
UPDATE regress_related.layer_policy SET policy = t.policy FROM tried t WHERE side = 'd';
INSERT INTO shown SELECT 'd', d, z.code, z.tier, z.tier_rank, z.reason FROM generate_series(date '2021-08-20', date '2021-09-30', '5 days') g(d), regress_related.zone_risk_at(d::date) z;
SELECT s.side, count(*), count(*) FILTER (WHERE s.reason ~ 'neighbour|Ward|zone') > 20 AS some_by_others,
       bool_and((s.tier, s.tier_rank, s.reason) IS NOT DISTINCT FROM CASE s.side WHEN 'c' THEN (m.tier_a, m.tier_rank_a, m.reason_a) ELSE (m.tier_b, m.tier_rank_b, m.reason_b) END) AS same
  FROM shown s JOIN on_related m ON m.code = s.code AND m.as_of = s.day GROUP BY s.side ORDER BY s.side;
SELECT * FROM compare_policies('regress_related', policy('alert_counts'), replace((SELECT policy FROM tried WHERE side = 'd')::text, 'corners', 'WITHIN 5 metres')::risk_policy, '2021-09-01');
DROP SCHEMA regress_related CASCADE;

-- Boundaries change: each day by itself on its own zones, also where reports may lie elsewhere since.
SELECT open_draft('regress_compare', copy_zones => true) > 0 AS opened;
DELETE FROM regress_compare.zone WHERE zone_set_id = 2 AND code IN ('Z1', 'Z2');
INSERT INTO regress_compare.zone (code, households, geom) VALUES ('Z1+', 70, ST_Multi(ST_MakeEnvelope(10, 0, 26, 10, 32648))),
    ('Z2-', 30, ST_Multi(ST_MakeEnvelope(26, 0, 30, 10, 32648)));
SELECT activate_zones('regress_compare', '2021-09-16') > 0 AS activated;
SELECT d.day::date, count(*), count(*) FILTER (WHERE complete_until IS NOT NULL) AS incomplete, bool_and((c.tier_b, c.reason_b) = (z.tier, z.reason)) AS same
  FROM (SELECT policy FROM tried WHERE side = 'b') b, unnest('{2021-09-10,2021-09-15,2021-09-16,2021-09-25,2021-10-03}'::date[]) d(day),
       LATERAL regress_compare.zone_risk_at(d.day) z, LATERAL compare_tiers('regress_compare', policy('alert_counts'), b.policy, d.day) c
 WHERE c.code = z.code GROUP BY d.day ORDER BY d.day;
SELECT as_of, string_agg(code, ' ' ORDER BY code) FILTER (WHERE code LIKE 'Z_' OR code LIKE 'Z_+') AS zones
  FROM compare_tiers('regress_compare', policy('alert_counts'), policy('alert_counts'), '2021-09-14', '2021-09-17') GROUP BY as_of ORDER BY as_of;

-- Literals of no type: what is written says whether a map or two tables are meant, and tables are those that the caller sees.
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.zone AS SELECT 'x' AS code;
CREATE TABLE as_written AS SELECT * FROM compare_policies('zone', 'report', policy('alert_counts'), 'POLICY draft COUNT cases BASE green OTHERWISE'::risk_policy, '2021-09-01', '2021-09-03');
CREATE TABLE told_on_map AS SELECT * FROM compare_policies('regress_compare', 'POLICY old COUNT cases BASE red OTHERWISE'::risk_policy, 'POLICY draft COUNT cases BASE green OTHERWISE'::risk_policy, '2021-09-01', '2021-09-03');
SELECT (SELECT array_agg(c::text) = (SELECT array_agg(w::text) FROM as_written w) FROM
           compare_policies('zone', 'report', policy('alert_counts'), 'POLICY draft COUNT cases BASE green OTHERWISE', '2021-09-01', '2021-09-03') c) AS draft_on_tables,
       (SELECT array_agg(c::text) = (SELECT array_agg(w::text) FROM as_written w) FROM
           compare_policies('zone', 'report', '-- the present one
                            ' || policy('alert_counts')::text, 'POLICY draft COUNT cases BASE green OTHERWISE', '2021-09-01', '2021-09-03') c) AS texts_on_tables,
       (SELECT array_agg(c::text) = (SELECT array_agg(w::text) FROM told_on_map w) FROM
           compare_policies('regress_compare', 'POLICY old COUNT cases BASE red OTHERWISE', 'POLICY draft COUNT cases BASE green OTHERWISE', '2021-09-01', '2021-09-03') c) AS texts_on_map,
       (SELECT array_agg(c::text) = (SELECT array_agg(w::text) FROM told_on_map w) FROM
           compare_policies('regress_compare', '-- the present one
                            POLICY old COUNT cases BASE red OTHERWISE', 'POLICY draft COUNT cases BASE green OTHERWISE'::risk_policy, '2021-09-01', '2021-09-03') c) AS text_on_map,
       (SELECT count(*) > 0 FROM as_written) AND (SELECT count(*) > 0 FROM told_on_map) AS some;
SELECT (SELECT count(*) FROM compare_tiers('zone', 'report', 'POLICY old COUNT cases BASE red OTHERWISE', 'POLICY draft COUNT cases BASE green OTHERWISE', '2021-09-01'))
     = (SELECT count(*) FROM zone) AS tiers_on_tables,
       (SELECT count(*) FROM compare_tiers('regress_compare', 'POLICY old COUNT cases BASE red OTHERWISE', 'POLICY draft COUNT cases BASE green OTHERWISE', '2021-09-01', '2021-09-02'))
     = 2 * (SELECT count(*) FROM regress_compare.zone_risk) AS tiers_on_map,
       (SELECT count(*) FROM compare_tiers('regress_compare', 'POLICY old COUNT cases BASE red OTHERWISE', policy('alert_counts'), '2021-09-01')) > 0 AS one_typed;
SET search_path = elsewhere, georisk, public, test_compare;
SELECT code FROM compare_tiers('zone', 'test_compare.report', 'POLICY old COUNT cases BASE red OTHERWISE', 'POLICY draft COUNT cases BASE green OTHERWISE', '2021-09-01');
SET search_path = test_compare, georisk, public;
SELECT * FROM compare_policies('zone', 'report', 'alert_counts', 'hghi_2020', '2021-09-01');
SELECT * FROM compare_policies('regress_compare', 'alert_counts', 'hghi_2020', '2021-09-01');
DROP TABLE as_written, told_on_map, elsewhere.zone;
DROP SCHEMA elsewhere;

-- Bad input.
SELECT * FROM compare_policies('zone', 'report', policy('alert_counts'), NULL::risk_policy, '2021-09-01');
SELECT * FROM compare_policies('zone', 'report', policy('alert_counts'), policy('alert_counts'), NULL);
SELECT * FROM compare_policies('zone', 'report', policy('alert_counts'), policy('alert_counts'), '2021-09-01', '2021-08-31');
SELECT * FROM compare_policies('regress_compare', policy('alert_counts'), policy('alert_counts'), '2021-09-01', '-infinity');
SELECT * FROM compare_policies('regress_compare', policy('alert_counts'), 'POLICY odd COUNT dogs BASE green OTHERWISE', '2021-09-01');
SELECT * FROM compare_policies('regress_compare', policy('alert_counts'), policy('alert_counts'), '2021-09-01', layer => 'measles');
SELECT * FROM compare_policies('no_such_map', policy('alert_counts'), policy('alert_counts'), '2021-09-01');
SELECT * FROM compare_policies('zone', 'rule', policy('alert_counts'), policy('alert_counts'), '2021-09-01');

DROP SCHEMA regress_compare CASCADE;
DROP SCHEMA test_compare CASCADE;
