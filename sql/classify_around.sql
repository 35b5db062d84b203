-- classify finds out by itself what a policy asks of other zones: who is next to whom, what is part of what.
CREATE SCHEMA test_classify_around;
SET search_path = test_classify_around, georisk, public;
SET datestyle = ISO;
\set SHOW_CONTEXT never

-- A board of 6 x 6 squares of a kilometre in 4 wards of 3 x 3, drawn as one polygon each, in one district without a polygon.
CREATE TABLE area AS
SELECT 100 + 10 * x + y AS id, format('G-%s%s', x, y) AS code, format('Group %s/%s', x, y) AS name, format('W-%s%s', x / 3, y / 3) AS parent_code,
       'group' AS level, ST_SetSRID(ST_MakeEnvelope(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000), 3405) AS geom, 300 AS population, 80 AS households
  FROM generate_series(0, 5) x, generate_series(0, 5) y
UNION ALL SELECT 10 + 2 * x + y, format('W-%s%s', x, y), format('Ward %s/%s', x, y), 'D', 'ward', ST_SetSRID(ST_MakeEnvelope(3000 * x, 3000 * y, 3000 * x + 3000, 3000 * y + 3000), 3405), 2700, 720
  FROM generate_series(0, 1) x, generate_series(0, 1) y
UNION ALL SELECT 1, 'D', 'District', NULL, 'district', NULL, 10800, 2880;
CREATE TABLE patient AS
SELECT date '2021-09-06' - i % 9 AS report_day, 'H' || i % 3 AS household,
       ST_SetSRID(ST_MakePoint(500 + 1000 * (i % 2), 500 + 500 * (i % 4)), 3405) AS geom
  FROM generate_series(1, 30) i;
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
  red    WHEN SHARE(red) >= 20%
  orange WHEN NUMBER(AT LEAST orange) >= 3 OR households WITH cases IN 7 days >= 3 OR TOUCHES red
  green  OTHERWISE
FOR district OF wards
  red    WHEN NUMBER(red) >= 1 AND cases IN 7 days >= 20
  green  OTHERWISE
NOT BELOW parent WHEN cases IN 7 days >= 1
REPORT ABOVE parent$$::risk_policy AS policy;

-- The same by hand: neighbours by PostGIS, counts by joins, all given to judge.
CREATE VIEW by_hand AS
SELECT v.* FROM (SELECT judge_agg(a.id, p.id, a.level, profile('cases', (SELECT epicurve_agg(r.report_day, 1, g.id || ' ' || r.household) FROM patient r
                            JOIN area g ON g.level = 'group' AND ST_Covers(g.geom, r.geom) AND NOT EXISTS (SELECT FROM area l WHERE l.level = 'group' AND l.id < g.id AND ST_Covers(l.geom, r.geom))
                           WHERE a.level = 'district' OR ST_Covers(a.geom, g.geom)), 'name', a.name),
                        ARRAY(SELECT n.id FROM area n WHERE n.level = a.level AND n.id <> a.id AND ST_Touches(n.geom, a.geom)),
                        ARRAY(SELECT ST_Length(ST_Intersection(n.geom, a.geom)) FROM area n WHERE n.level = a.level AND n.id <> a.id AND ST_Touches(n.geom, a.geom)),
                        NULL, NULL, (SELECT policy FROM rule), '2021-09-06', NULL) AS j FROM area a LEFT JOIN area p ON p.code = a.parent_code) j, judge(j) v;
SELECT c.zone_id, c.code, c.tier, c.reason FROM rule, classify('area', 'patient', policy, '2021-09-06') c WHERE c.tier <> 'green' OR zone_id < 100 ORDER BY 1;
SELECT count(*) AS zones, count(*) FILTER (WHERE c.tier <> h.tier OR c.reason <> h.reason OR c.households_affected <> h.households_affected) AS different
  FROM rule, classify('area', 'patient', policy, '2021-09-06') c FULL JOIN by_hand h USING (zone_id);

-- Corners and metres; by number instead of by code; a run of days is the days one by one.
SELECT clause, count(*) FILTER (WHERE c.tier = 'orange') AS orange, count(*) FILTER (WHERE c.tier = 'yellow') AS yellow
  FROM rule, unnest('{touching,corners,WITHIN 999 metres,WITHIN 1000 metres}'::text[]) clause,
       classify('area', 'patient', replace(policy::text, 'NEIGHBOURS touching', 'NEIGHBOURS ' || clause)::risk_policy, '2021-09-06') c WHERE c.zone_id >= 100 GROUP BY 1 ORDER BY 1;
CREATE VIEW numbered AS SELECT a.id, a.name, p.id AS parent_id, a.level AS zone_level, a.geom FROM area a LEFT JOIN area p ON p.code = a.parent_code;
SELECT count(*) AS zones, count(*) FILTER (WHERE c.tier <> h.tier) AS different FROM rule, classify('numbered', 'patient', policy, '2021-09-06') c FULL JOIN by_hand h USING (zone_id);
WITH run AS (SELECT c.* FROM rule, classify('area', 'patient', policy, '2021-08-30', '2021-09-06') c),
     single AS (SELECT c.* FROM rule, generate_series(date '2021-08-30', '2021-09-06', '1 day') d, classify('area', 'patient', policy, d::date) c)
SELECT (SELECT count(*) FROM run) AS rows, (SELECT count(*) FROM (SELECT run::text FROM run EXCEPT SELECT single::text FROM single) x) AS different;
-- Reports that name a ward count in it, and in the district.
CREATE VIEW coded AS SELECT report_day, household, CASE WHEN household = 'H0' THEN 'W-00' ELSE 'G-00' END AS zone_code FROM patient;
SELECT c.code, c.cases FROM classify('area', 'coded', 'POLICY p COUNT cases BASE red WHEN cases IN 7 days >= 1 green OTHERWISE NOT BELOW parent', '2021-09-06') c WHERE c.cases > 0 ORDER BY 1;
-- With a zone whose polygon nobody has: it does not know whom it touches.
CREATE VIEW undrawn AS SELECT code, name, parent_code, level, CASE WHEN code <> 'G-01' THEN geom END AS geom FROM area;
SELECT c.code, c.tier, c.reason FROM rule, classify('undrawn', 'coded', policy, '2021-08-01') c WHERE c.code IN ('G-00', 'G-01', 'G-02') ORDER BY 1;

-- What cannot be.
CREATE VIEW flat AS SELECT id, code, geom, level FROM area;
SELECT * FROM rule, classify('flat', 'patient', policy, '2021-09-06');
CREATE VIEW unlevelled AS SELECT id, code, geom, parent_code FROM area;
SELECT * FROM rule, classify('unlevelled', 'patient', policy, '2021-09-06');
CREATE VIEW orphaned AS SELECT id, code, geom, level, CASE WHEN code = 'G-33' THEN 'W-99' ELSE parent_code END AS parent_code FROM area;
SELECT * FROM rule, classify('orphaned', 'patient', policy, '2021-09-06');
CREATE VIEW ringed AS SELECT id, code, geom, level, CASE WHEN code = 'D' THEN 'W-00' ELSE parent_code END AS parent_code FROM area;
SELECT * FROM rule, classify('ringed', 'patient', policy, '2021-09-06');
CREATE VIEW twice AS SELECT id, CASE WHEN code = 'W-01' THEN 'W-00' ELSE code END AS code, geom, level, parent_code FROM area;
SELECT * FROM rule, classify('twice', 'patient', policy, '2021-09-06');

SELECT name, r.*, policy_neighbour_gap(policy(name)) AS gap FROM policies, policy_relations(policy(name)) r WHERE r.neighbours OR r.parents OR r.levels;
SELECT policy_neighbour_gap('POLICY p BASE red WHEN NUMBER(red) > 1 yellow WHEN TOUCHES red green OTHERWISE NEIGHBOURS WITHIN 2.5 metres') AS gap, policy_neighbour_gap(policy('alert_counts')) AS none;
SET client_min_messages = warning;
DROP SCHEMA test_classify_around CASCADE;
