-- A map tells its policies of the zones around a zone: neighbours as it stores them, and what a zone is part of.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT georisk.create_map('regress_around', srid => 3405, lang => 'en', neighbour_tolerance_m => 0);
SET search_path = regress_around, public;
SELECT georisk.set_day('regress_around', '2021-09-06');

-- A board of 6 x 6 squares of a kilometre in 4 wards of 3 x 3, but that the last ward has no groups and is a zone itself; in one district without a polygon.
CREATE TABLE area AS
SELECT format('G-%s%s', x, y) AS code, format('Group %s/%s', x, y) AS name, format('W-%s%s', x / 3, y / 3) AS parent_code,
       'group' AS level, ST_Multi(ST_SetSRID(ST_MakeEnvelope(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000), 3405)) AS geom, 300 AS population
  FROM generate_series(0, 5) x, generate_series(0, 5) y WHERE x < 3 OR y < 3
UNION ALL SELECT format('W-%s%s', x, y), format('Ward %s/%s', x, y), 'D', 'ward', ST_Multi(ST_SetSRID(ST_MakeEnvelope(3000 * x, 3000 * y, 3000 * x + 3000, 3000 * y + 3000), 3405)), 2700
  FROM generate_series(0, 1) x, generate_series(0, 1) y
UNION ALL SELECT 'D', 'District', NULL, 'district', NULL, 10800;
CREATE TABLE patient AS
SELECT i AS id, date '2021-09-06' - i % 9 AS report_day, 'H' || i % 3 AS household, ST_SetSRID(ST_MakePoint(2500 + 1000 * (i % 2), 2500 + 500 * (i % 4)), 3405) AS geom
  FROM generate_series(1, 30) i;
INSERT INTO zone (code, name, parent_code, level, population, geom) SELECT code, name, parent_code, level, population, geom FROM area;
SELECT georisk.activate_zones('regress_around', '2021-06-01') > 0 AS activated;
INSERT INTO report (external_id, report_day, household, geom) SELECT id, report_day, household, geom FROM patient;

CREATE TABLE rule AS SELECT $$POLICY p
COUNT cases
NEIGHBOURS touching
BASE
FOR group
  red    WHEN cases IN 7 days >= 7
  orange WHEN cases IN 7 days >= 5 OR TOUCHES red
  yellow WHEN cases IN 7 days >= 1 OR TOUCHES orange
  green  OTHERWISE
FOR ward OF groups
  red    WHEN cases IN 7 days >= 14 OR SHARE(red) >= 10%
  orange WHEN households WITH cases IN 7 days >= 6 OR TOUCHES red
  green  OTHERWISE
FOR district OF wards
  red    WHEN NUMBER(red) >= 1 AND cases IN 7 days >= 20
  orange WHEN NUMBER(AT LEAST orange) >= 1
  green  OTHERWISE
NOT BELOW parent WHEN cases IN 7 days >= 1
REPORT ABOVE parent$$::georisk.risk_policy AS policy;
UPDATE layer_policy SET policy = (SELECT policy FROM rule);
SELECT code, zone_level, tier, cases, reason FROM zone_risk WHERE tier <> 'green' OR zone_level = 'ward' ORDER BY code;
SELECT code, zone_level, tier_rank, tier, tier_label, tier_color, worst_tier, zones, cases, reason FROM parent_risk ORDER BY code;

-- The same from two plain tables by classify (many plans in one, which would be compiled to machine code for ever), and for each of many days by zone_risk_at.
SET jit = off;
CREATE VIEW plain AS SELECT row_number() OVER (ORDER BY code)::integer AS id, * FROM area;
SELECT count(*) AS zones, count(*) FILTER (WHERE (m.tier, m.reason, m.cases, m.households_affected) IS DISTINCT FROM (c.tier, c.reason, c.cases, c.households_affected)) AS different
  FROM rule, georisk.classify('plain', 'patient', policy, '2021-09-06') c FULL JOIN (SELECT code, tier, reason, cases, households_affected FROM zone_risk UNION ALL SELECT code, tier, reason, cases, households_affected FROM parent_risk) m USING (code);
SELECT count(*) AS zones, count(*) FILTER (WHERE a.tier IS DISTINCT FROM c.tier OR a.reason IS DISTINCT FROM c.reason) AS different
  FROM rule, generate_series(date '2021-08-25', '2021-09-12', '1 day') d, zone_risk_at(d::date) a, georisk.classify('plain', 'patient', rule.policy, d::date) c WHERE c.code = a.code;
SELECT what, key FROM georisk.verify('regress_around');

-- What another policy would make of it, on every day as zone_risk_at has it.
SELECT count(*) AS rows, count(*) FILTER (WHERE d.tier_a IS DISTINCT FROM a.tier) AS different FROM rule, georisk.compare_tiers('regress_around', rule.policy, georisk.policy('alert_counts'), '2021-08-25', '2021-09-12') d
  FULL JOIN (SELECT d::date AS as_of, a.* FROM generate_series(date '2021-08-25', '2021-09-12', '1 day') d, zone_risk_at(d::date) a) a ON a.code = d.code AND a.as_of = d.as_of;
-- Metres that the map does not know are refused, and so is to know less than a policy asks for.
UPDATE layer_policy SET policy = replace(policy::text, 'NEIGHBOURS touching', 'NEIGHBOURS WITHIN 250 metres')::georisk.risk_policy;
UPDATE settings SET neighbour_tolerance_m = 300;
UPDATE layer_policy SET policy = replace(policy::text, 'NEIGHBOURS touching', 'NEIGHBOURS WITHIN 250 metres')::georisk.risk_policy;
UPDATE settings SET neighbour_tolerance_m = 200;
SELECT code, tier FROM zone_risk WHERE code IN ('G-12', 'W-11') ORDER BY code;

-- With a past, in maps that were recorded; a policy without relations after one with them.
UPDATE layer_policy SET policy = concat((SELECT split_part(policy::text, 'NOT BELOW', 1) FROM rule), 'IMPROVE AFTER 2 reviews NOT BELOW parent WHEN cases IN 7 days >= 1')::georisk.risk_policy;
SELECT georisk.assess('regress_around', '2021-09-05') > 0 AS recorded;
SELECT tier, count(*) FROM zone_risk_history GROUP BY tier ORDER BY tier;
INSERT INTO layer_policy (layer_id, valid_from, policy) SELECT layer_id, '2021-09-08', georisk.policy('alert_counts') FROM layer;
SELECT georisk.set_day('regress_around', '2021-09-08');
SELECT tier, count(*) FROM zone_risk GROUP BY tier ORDER BY tier;
SELECT code, tier, reason FROM parent_risk ORDER BY code;
DELETE FROM layer_policy WHERE valid_from < '2021-09-08';
SELECT code, worst_tier, tier, reason FROM parent_risk ORDER BY code;
SELECT what, key FROM georisk.verify('regress_around');
SET search_path = public;
DROP SCHEMA regress_around CASCADE;
