-- Silence is not green: until which day a zone is reported, by whom, and what that makes of its tier.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE ROLE regress_silence_reader;
SELECT georisk.create_map('regress_silence', srid => 32648, lang => 'en');
SET search_path = regress_silence, public;
INSERT INTO zone (code, level) VALUES ('D', 'district');
INSERT INTO zone (code, level, parent_code) SELECT 'W' || w, 'ward', 'D' FROM generate_series(0, 2) w;
INSERT INTO zone (code, parent_code, level, population, households, geom)
SELECT 'G' || x, 'W' || x / 2, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(0, 5) x;
SELECT georisk.activate_zones('regress_silence', '2021-06-01') > 0 AS activated;
SELECT silence_limit FROM settings;
GRANT USAGE ON SCHEMA regress_silence TO regress_silence_reader;
GRANT SELECT ON zone_risk, reporting, zone_reporting TO regress_silence_reader;

-- G0: red by three households that leave the window on the 7th; G2: orange by two on the 5th
INSERT INTO report (source, external_id, report_day, household, zone_code)
SELECT 'w0', i, '2021-08-31', i, 'G0' FROM generate_series(1, 3) i;
INSERT INTO report (source, external_id, report_day, household, zone_code)
SELECT 'w1', i, '2021-09-05', i, 'G2' FROM generate_series(1, 3) i;

-- Nobody takes part: every day counts as complete. Declared is not yet expected.
INSERT INTO source (source, zone_code) VALUES ('w0', 'W0'), ('w1', ' W1 '), ('w2', 'W2');
CREATE FUNCTION show_day(day date) RETURNS TABLE (code text, tier text, cases integer, complete_until date, reason text) LANGUAGE sql AS $$
	SELECT georisk.set_day('regress_silence', day);
	SELECT code, tier, cases, complete_until, reason FROM regress_silence.zone_risk WHERE code IN ('G0', 'G2', 'G4') ORDER BY 1
$$;
SELECT * FROM show_day('2021-09-07');
SELECT bool_and(days_behind IS NULL AND is_late IS NULL AND covers = 'zones' AND zones = 2) AS nobody_is_late FROM reporting;

-- All three say until when. What is complete is judged as it is.
SELECT georisk.set_day('regress_silence', '2021-09-06');
SELECT source, complete_until FROM georisk.submit_reports('regress_silence', 'w0', complete_until => '2021-09-06');
SELECT source, complete_until FROM georisk.submit_reports('regress_silence', 'w1', complete_until => '2021-09-06');
SELECT source, complete_until FROM georisk.submit_reports('regress_silence', 'w2', complete_until => '2021-09-06');
SELECT * FROM show_day('2021-09-06');
-- A day of silence is excused, and holds what would have become milder; a report of that day makes it worse all the same.
SELECT * FROM show_day('2021-09-07');
INSERT INTO report (source, external_id, report_day, household, zone_code) SELECT 'w2', i, '2021-09-07', i, 'G4' FROM generate_series(1, 2) i;
SELECT * FROM show_day('2021-09-07') WHERE code = 'G4';
-- Two days are not. What is certain stays, and what one report more could change is unknown.
SELECT * FROM show_day('2021-09-08');
SELECT code, reported_until, days_behind, is_late, zones, late_zones, waits_for FROM zone_reporting WHERE zone_level <> 'group' ORDER BY code;
-- Late and out of order: the last day that was ever said counts.
SELECT source, complete_until FROM georisk.submit_reports('regress_silence', 'w0', complete_until => '2021-09-08');
SELECT source, complete_until FROM georisk.submit_reports('regress_silence', 'w0', complete_until => '2021-09-05');
SELECT * FROM show_day('2021-09-08') WHERE code = 'G0';
SELECT source, complete_until, reported_until, days_behind, is_late, covers, zones FROM reporting ORDER BY source COLLATE "C";
-- The limit is the map's to change; 0 excuses nothing.
UPDATE settings SET silence_limit = 2;
SELECT * FROM show_day('2021-09-08') WHERE code = 'G4';
UPDATE settings SET silence_limit = 0;
SELECT * FROM show_day('2021-09-07') WHERE code IN ('G0', 'G4');
-- empty: silence is not watched
UPDATE settings SET silence_limit = NULL;
SELECT * FROM show_day('2021-09-08') WHERE code IN ('G0', 'G4');
SELECT source, days_behind, reported_until, is_late FROM reporting ORDER BY source COLLATE "C";
UPDATE settings SET silence_limit = 1, lang = 'vi';
SELECT reason FROM zone_risk_at('2021-09-07', (SELECT submitted_at FROM submission WHERE submission_id = 3)) WHERE code = 'G0';
UPDATE settings SET lang = 'en';

-- Several sources of one zone: it is as late as the latest, and whoever brings the whole map counts for each zone.
SELECT count(*) AS submissions FROM unnest(ARRAY['w0', 'w1', 'w2']) s, georisk.submit_reports('regress_silence', s, complete_until => '2021-09-07');
INSERT INTO source (source, zone_code, expected_from) VALUES ('hospital', 'D', '2021-09-07');
SELECT * FROM show_day('2021-09-06') WHERE code = 'G4';
SELECT * FROM show_day('2021-09-08') WHERE code = 'G4';
SELECT source, reported_until, days_behind, is_late, covers, zones, expected_from FROM reporting WHERE source = 'hospital';
UPDATE source SET zone_code = 'G0', expected_from = '2021-09-03' WHERE source = 'hospital';
SELECT code, reported_until, waits_for FROM zone_reporting WHERE zone_level = 'group' ORDER BY code;
DELETE FROM source WHERE source = 'hospital';
SELECT source, complete_until FROM georisk.submit_reports('regress_silence', 'lab', complete_until => '2021-09-01');
SELECT DISTINCT reported_until, waits_for FROM zone_reporting WHERE zone_level = 'group' ORDER BY 2;
SELECT covers, zones FROM reporting WHERE source = 'lab';
-- until it is said that it has nothing more to bring
INSERT INTO source (source, expected_until) VALUES ('lab', '2021-09-01');
SELECT source, reported_until, is_late FROM reporting WHERE source = 'lab';
SELECT count(*) FILTER (WHERE 'lab' = ANY (waits_for)) AS wait_for_the_lab FROM zone_reporting;

-- A code that no zone ever had is seen, and is silence for all zones rather than for none.
UPDATE source SET zone_code = 'W7' WHERE source = 'w2';
SELECT georisk.set_day('regress_silence', '2021-09-12');
SELECT count(*) AS submissions FROM unnest(ARRAY['w0', 'w1']) s, georisk.submit_reports('regress_silence', s, complete_until => '2021-09-12');
SELECT source, covers, zones FROM reporting WHERE source = 'w2';
SELECT string_agg(DISTINCT code || ' ' || tier || ' ' || complete_until, ', ') AS none_is_complete FROM zone_risk;
UPDATE source SET zone_code = 'W2' WHERE source = 'w2';
SELECT string_agg(code || ' ' || tier || ' ' || complete_until, ', ' ORDER BY code) AS one_ward_is_not FROM zone_risk;

-- New zones: ward W2 and its groups go by other names and half a group is given to W1. The source that still names W2
-- answers for its ground, and for all that a part of it went to; days before see the zones of then.
SELECT georisk.open_draft('regress_silence', 'autumn') AS draft;
INSERT INTO zone (code, level) VALUES ('D', 'district');
INSERT INTO zone (code, level, parent_code) VALUES ('W0', 'ward', 'D'), ('W1', 'ward', 'D'), ('N2', 'ward', 'D');
INSERT INTO zone (code, parent_code, level, population, households, geom)
SELECT v.code, v.parent_code, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(v.a, 0, v.b, 100, 32648))
FROM (VALUES ('G0', 'W0', 0, 100), ('G1', 'W0', 100, 200), ('G2', 'W1', 200, 300), ('G3', 'W1', 300, 450), ('N4', 'N2', 450, 500), ('N5', 'N2', 500, 600)) v (code, parent_code, a, b);
SELECT georisk.activate_zones('regress_silence', '2021-09-12') > 0 AS activated;
SELECT string_agg(code || ' ' || tier || ' ' || complete_until, ', ' ORDER BY code) AS on_its_ground FROM zone_risk;
SELECT source, covers, zones FROM reporting ORDER BY source COLLATE "C";
SELECT string_agg(code || ' ' || tier || ' ' || complete_until, ', ' ORDER BY code) AS the_day_before FROM zone_risk_at('2021-09-11');
-- a code of the new zones is followed back
UPDATE source SET zone_code = 'N2' WHERE source = 'w2';
SELECT string_agg(code || ' ' || complete_until, ', ' ORDER BY code) AS now FROM zone_risk;
SELECT string_agg(code || ' ' || complete_until, ', ' ORDER BY code) AS the_day_before FROM zone_risk_at('2021-09-11');

-- A group goes over to a ward that reports: the days that its old ward owes are not forgiven by that, until no rule looks back on them.
SELECT georisk.open_draft('regress_silence', 'winter', copy_zones => true) AS draft;
UPDATE zone SET parent_code = 'W1' WHERE code = 'N4' AND zone_set_id = 3;
SELECT georisk.set_day('regress_silence', '2021-10-25');
SELECT count(*) AS submissions FROM unnest(ARRAY['w0', 'w1']) s, georisk.submit_reports('regress_silence', s, complete_until => '2021-10-25');
SELECT georisk.activate_zones('regress_silence', '2021-10-01') > 0 AS activated;
SELECT d::date AS day, string_agg(r.code || ' ' || r.tier || ' ' || r.complete_until, ', ' ORDER BY r.code) FROM generate_series(timestamp '2021-09-30', '2021-10-25', '5 days') d,
	zone_risk_at(d::date) r WHERE r.code IN ('N4', 'N5') GROUP BY d ORDER BY d;
SELECT code, reported_until, late_zones, waits_for FROM zone_reporting WHERE code IN ('W1', 'N2', 'N4') ORDER BY code;

-- Readers need SELECT on the views alone.
SET ROLE regress_silence_reader;
SELECT count(*) FROM zone_risk;
SELECT (SELECT count(*) FROM reporting) AS sources, (SELECT count(*) FROM zone_reporting) AS zones;
RESET ROLE;

-- What cannot be said.
\set VERBOSITY terse
UPDATE settings SET silence_limit = -1;
UPDATE settings SET silence_limit = 367;
INSERT INTO source (source, expected_from) VALUES ('x', 'infinity');
INSERT INTO source (source, expected_from, expected_until) VALUES ('x', '2021-09-02', '2021-09-01');
\set VERBOSITY default
SELECT georisk.create_map('regress_silence2', silence_limit => NULL);
SELECT georisk.create_map('regress_silence2', silence_limit => 367);
SELECT georisk.create_map('regress_silence2', silence_limit => -1);
SELECT to_regnamespace('regress_silence2') IS NULL AS nothing_made;
SELECT georisk.create_map('regress_silence2', georisk.policy('alert_counts'), srid => 32648, silence_limit => 0);
SELECT silence_limit FROM regress_silence2.settings;
DROP SCHEMA regress_silence2 CASCADE;

-- The same rule for a profile of one's own: tier_of, explain_tier and judge agree.
CREATE TABLE p AS SELECT georisk.profile('as_of', '2021-09-07', 'cases', georisk.epicurve_agg('2021-08-31', 3, 7::bigint), 'reported_until', '2021-09-06',
	'silence_limit', l) AS profile, l FROM generate_series(0, 1) l GROUP BY l;
CREATE TABLE r AS SELECT 'POLICY p TIERS green, red COUNT cases BASE red WHEN cases IN 7 days >= 3 green OTHERWISE'::georisk.risk_policy AS policy;
SELECT l, georisk.tier_of(profile, policy), j.tier, j.complete_until, j.reason
FROM p, r, georisk.judge((SELECT georisk.judge_agg(1, NULL, NULL, q.profile, NULL, NULL, NULL, NULL, r.policy, '2021-09-07', NULL) FROM p q WHERE q.l = p.l)) j
ORDER BY l;
SELECT l, e.* FROM p, r, LATERAL georisk.explain_tier(profile, policy) e ORDER BY l, rule;
SELECT georisk.tier_of(georisk.at_day(profile, '2021-09-06'), policy) AS on_the_day, georisk.tier_of(georisk.at_day(profile, '2021-09-08'), policy) AS two_days_on FROM p, r WHERE l = 1;
-- Sums wait for the later of the two, and excuse no more than either does.
SELECT georisk.profile_add(a, b) FROM (SELECT georisk.profile('reported_until', '2021-09-06', 'silence_limit', 3) AS a) x,
	(VALUES (1, georisk.profile('reported_until', '2021-09-05', 'silence_limit', 1)), (2, georisk.profile()), (3, georisk.profile('reported_until', '2021-09-07'))) y (i, b)
ORDER BY i;
SELECT georisk.profile('reported_until', 5);
SELECT georisk.profile('silence_limit', 367);
SELECT georisk.profile('silence_limit', 1.5);
SELECT georisk.profile('reported_until', 'yesterday');
SELECT 'POLICY p COUNT silence_limit BASE green OTHERWISE'::georisk.risk_policy;
DROP SCHEMA regress_silence CASCADE;
DROP ROLE regress_silence_reader;
