-- grant_role: who may see and do what. The map and its roles have names that need quotes.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE ROLE regress_grant_owner;
CREATE ROLE regress_grant_member IN ROLE regress_grant_owner;
CREATE ROLE "regress reporter's";
CREATE ROLE "regress ""officer""";
CREATE ROLE regress_officer_2;
CREATE ROLE regress_team;
CREATE ROLE regress_of_team IN ROLE regress_team;
CREATE ROLE regress_decider;
CREATE ROLE regress_analyst;
CREATE ROLE regress_public;
CREATE ROLE regress_by_hand;
GRANT CREATE ON DATABASE :DBNAME TO regress_grant_owner;
SET ROLE regress_grant_owner;
SELECT georisk.create_map('regress "d"''x', policy => 'vn_hcmc_2716_2021', srid => 32648, lang => 'en');
SET search_path = "regress ""d""'x", georisk, public;
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || 1 + x / 4, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 6) x;
INSERT INTO zone (code, name, level) VALUES ('W1', 'Ward 1', 'ward'), ('W2', 'Ward 2', 'ward');
SELECT activate_zones('regress "d"''x', '2021-08-01');
SELECT set_day('regress "d"''x', '2021-09-03');
INSERT INTO source (source, zone_code) VALUES ('ward 1', 'W1'), ('ward 2', 'W2'), ('group 2', 'G2');
ALTER TABLE report ADD phone text, ADD died boolean;
INSERT INTO report (source, external_id, report_day, household, zone_code, note) VALUES
	('ward 1', '1', '2021-09-02', 'Lan', 'G2', 'n'), ('ward 1', '2', '2021-09-02', 'Minh', 'G2', 'n'), ('ward 2', '3', '2021-09-03', 'Hoa', 'G5', 'n'),
	('ward 1', '4', '2021-09-03', 'An', 'nowhere', 'n'), ('ward 2', '5', '2021-09-03', 'Tam', 'nowhere', 'n');
RESET ROLE;

-- what makes no grant
CREATE PROCEDURE pg_temp.refused(statement text) LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE statement;
	RAISE WARNING 'was not refused: %', statement;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RAISE WARNING '% % | %', SQLSTATE, SQLERRM, hint;
END
$$;
SET ROLE regress_grant_member;
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_public', 'readers')$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_public', NULL)$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_nobody', 'analyst')$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', NULL, 'analyst')$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'public', 'analyst')$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_grant_member', 'analyst')$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_analyst', 'analyst', 'W1')$$);
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_officer_2', 'officer', 'W9')$$);
CALL pg_temp.refused($$SELECT grant_role('regress_no_map', 'regress_analyst', 'analyst')$$);
CALL pg_temp.refused($$SELECT revoke_role('regress "d"''x', 'regress_analyst', 'analyst')$$);
SET ROLE regress_by_hand;
CALL pg_temp.refused($$SELECT grant_role('regress "d"''x', 'regress_by_hand', 'analyst')$$);
-- who was granted something by hand before
SET ROLE regress_grant_owner;
GRANT USAGE ON SCHEMA "regress ""d""'x" TO regress_by_hand;
GRANT SELECT, INSERT ON report TO regress_by_hand;
EXPLAIN (COSTS OFF) SELECT count(*) FROM report WHERE outcome = 'waiting';

SET ROLE regress_grant_member;
SELECT grant_role('regress "d"''x', 'regress reporter''s', 'reporter', 'W1') AS reporter, grant_role('regress "d"''x', 'regress "officer"', 'officer', ' W1 ') AS officer,
	grant_role('regress "d"''x', 'regress_officer_2', 'officer', 'W2') AS other, grant_role('regress "d"''x', 'regress_decider', 'decider') AS decider,
	grant_role('regress "d"''x', 'regress_analyst', 'analyst') AS analyst, grant_role('regress "d"''x', 'regress_public', 'public') AS public,
	grant_role('regress "d"''x', 'regress "officer"', 'officer', 'W1') AS again;
SELECT role_name, kind, zone_code, granted_by, granted_at IS NOT NULL AS at, revoked_at, revoked_by FROM role_grant ORDER BY role_grant_id;
-- the owner reads as before
SET ROLE regress_grant_owner;
EXPLAIN (COSTS OFF) SELECT count(*) FROM report WHERE outcome = 'waiting';
SET ROLE regress_by_hand;
SELECT count(*) FROM report;
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('by hand', '1', '2021-09-01', 'G6');

-- a reporter: its rows, its receipts, its ward
SET ROLE "regress reporter's";
SELECT * FROM own_grant WHERE granted_at IS NULL;
SELECT source FROM own_source ORDER BY 1;
COPY report_in (external_id, report_day, zone_code, household) FROM STDIN;
10	2021-09-02	G1	Binh
11	2021-09-02	nowhere	Chi
12	31/2	G1	Dao
\.
CALL pg_temp.refused($$INSERT INTO report_in (external_id, entered_by) VALUES ('13', 'regress_grant_owner')$$);
CALL pg_temp.refused($$SELECT submit_own('ward 2')$$);
CALL pg_temp.refused($$SELECT submit_own('undeclared', complete_until => '2021-09-03')$$);
CALL pg_temp.refused($$SELECT georisk.submit_reports('regress "d"''x', 'ward 1')$$);
CALL pg_temp.refused($$SELECT georisk.submit_own('regress "d"''x', 'ward 1')$$);
RESET ROLE;
INSERT INTO report_in (external_id, report_day, zone_code) VALUES ('90', '2021-09-02', 'G1');
SET ROLE "regress reporter's";
SELECT submitted_by, received, placed_by_code, unknown_code, rejected FROM submit_own('group 2', file => 'f', complete_until => '2021-09-03');
SELECT source, file, submitted_by, received FROM submission;
SELECT line, reason, original FROM rejected_report;
SELECT line, external_id, zone_code, outcome FROM own_unplaced;
CALL pg_temp.refused($$SELECT FROM report$$);
CALL pg_temp.refused($$SELECT FROM report_in$$);
CALL pg_temp.refused($$SELECT FROM zone_risk$$);
CALL pg_temp.refused($$DELETE FROM report_in$$);
CALL pg_temp.refused($$SELECT announce(1)$$);
RESET ROLE;
SELECT external_id, entered_by = current_user AS mine FROM report_in;
-- what a reporter of a ward entered for another source, or for none, is not submitted by the owner's hand either
SET ROLE "regress reporter's";
INSERT INTO report_in (source, external_id, revision, withdrawn, report_day, zone_code) VALUES ('city', 'forged', '9', 'true', '2021-09-03', 'G1');
INSERT INTO report_in (external_id, report_day, zone_code) VALUES ('forged too', '2021-09-03', 'G1');
RESET ROLE;
SELECT received, submitted_by = current_user AS mine FROM submit_reports('regress "d"''x', 'city');
SELECT external_id, entered_by FROM report_in ORDER BY arrived;
DELETE FROM report_in;

-- an officer: the reports of its ward, and no others
SET ROLE "regress ""officer""";
SELECT source, external_id, outcome, household FROM report ORDER BY report_id;
UPDATE report SET withdrawn = true WHERE external_id IN ('2', '3') RETURNING external_id, outcome;
UPDATE report SET zone_code = 'G3' WHERE external_id = '1' RETURNING outcome, zone_id = (SELECT zone_id FROM zone WHERE code = 'G3') AS moved;
UPDATE report SET zone_code = 'G1', died = false WHERE external_id = '4' RETURNING outcome;
INSERT INTO report (source, external_id, revision, report_day, zone_code) VALUES ('ward 1', '1', 2, '2021-09-03', 'G1') RETURNING outcome;
CALL pg_temp.refused($$UPDATE report SET zone_code = 'G5' WHERE external_id = '4'$$);
CALL pg_temp.refused($$UPDATE report SET zone_code = 'nowhere', source = 'ward 2' WHERE external_id = '4'$$);
CALL pg_temp.refused($$UPDATE report SET recorded_at = '2021-09-01' WHERE external_id = '4'$$);
CALL pg_temp.refused($$INSERT INTO report (source, report_day, zone_code) VALUES ('ward 1', '2021-09-03', 'G5')$$);
-- a higher revision of another ward's report would take its place
CALL pg_temp.refused($$INSERT INTO report (source, external_id, revision, report_day, zone_code) VALUES ('ward 2', '3', 9, '2021-09-03', 'G1')$$);
CALL pg_temp.refused($$DELETE FROM report$$);
CALL pg_temp.refused($$SELECT FROM unmatched_places$$);
CALL pg_temp.refused($$SELECT household_salt FROM settings$$);
SELECT code, cases FROM zone_risk WHERE code IN ('G3', 'G5') ORDER BY 1;
SELECT source, submitted_by FROM submission;
SELECT count(*) > 0 AS explained FROM explain_zone('G5');
-- one session, several people: what is prepared for one shows another its own
SET plan_cache_mode = force_generic_plan;
PREPARE mine AS SELECT string_agg(external_id, ', ' ORDER BY report_id) FROM report;
EXECUTE mine;
RESET ROLE;
SET ROLE regress_officer_2;
EXECUTE mine;
CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE WARNING 'saw %', $1; RETURN true; END $$;
SELECT count(*) FROM report WHERE pg_temp.tell(household);
SELECT count(*) FROM own_grant WHERE pg_temp.tell(role_name);
DROP FUNCTION pg_temp.tell(text);
RESET ROLE;

-- what an officer shows others, and an officer by another name, are held to its ward
SET ROLE "regress ""officer""";
CREATE TEMP VIEW passed_on AS SELECT external_id, household, withdrawn FROM report;
GRANT SELECT, UPDATE (withdrawn) ON passed_on TO PUBLIC;
SELECT count(*) > 0 AS sees FROM passed_on;
SET ROLE regress_of_team;
SELECT count(*) FROM passed_on;
UPDATE passed_on SET withdrawn = true;
RESET ROLE;
DROP VIEW passed_on;
ALTER ROLE "regress ""officer""" RENAME TO regress_renamed;
SELECT grant_role('regress "d"''x', 'regress_officer_2', 'officer', 'W2') > 0 AS again;
SET ROLE regress_renamed;
SELECT count(*) FROM report;
RESET ROLE;
SELECT what, key, stored, recomputed FROM verify('regress "d"''x', '{views}');
BEGIN;
SELECT revoke_role('regress "d"''x', 'regress "officer"', 'officer', 'W1') > 0 AS revoked, revoke_role('regress "d"''x', 'regress_officer_2', 'officer', 'W2') > 0 AS too;
SET LOCAL ROLE regress_renamed;
SELECT count(*) AS none FROM report;
RESET ROLE;
SET LOCAL client_min_messages = notice;
SELECT grant_role('regress "d"''x', 'regress_renamed', 'analyst') > 0 AS granted, has_column_privilege('regress_renamed', 'report', 'household', 'SELECT') AS reads_households,
	has_column_privilege('regress_renamed', 'report', 'n', 'SELECT') AS counts;
SET LOCAL client_min_messages = warning;
SELECT revoke_role('regress "d"''x', 'regress_renamed', 'analyst') > 0 AS revoked, (SELECT relrowsecurity FROM pg_class WHERE oid = 'report'::regclass) AS restricts;
SELECT * FROM verify('regress "d"''x', '{views}');
ROLLBACK;
ALTER ROLE regress_renamed RENAME TO "regress ""officer""";

-- a member of a team, and a grant for the whole map
SELECT grant_role('regress "d"''x', 'regress_team', 'officer') > 0 AS granted;
SET ROLE regress_of_team;
SELECT count(*) FROM report;
RESET ROLE;
-- boundaries change: a ward sees where its reports were, the new ward mends them
SET ROLE regress_grant_owner;
SELECT open_draft('regress "d"''x', 'later', copy_zones => true) > 0 AS opened;
UPDATE zone SET parent_code = 'W2' WHERE zone_set_id = 2 AND code = 'G1';
SELECT activate_zones('regress "d"''x', '2021-09-03') > 0 AS activated;
SET ROLE "regress ""officer""";
SELECT external_id, revision FROM report WHERE report_id IN (SELECT report_id FROM placement) AND report_day < '2021-09-03' ORDER BY 1, 2;
UPDATE report SET note = 'm' WHERE external_id = '10';
SET ROLE regress_officer_2;
UPDATE report SET note = 'm' WHERE external_id = '10' RETURNING external_id;

-- a decider, by name
SET ROLE regress_decider;
SELECT announce(assess(), title => 'Friday');
SELECT override_tier('G5', floor => 'orange', reason => 'market', until => '2021-09-20');
SELECT end_override(2, 'open');
SELECT kind, decided_by FROM decision ORDER BY decision_id;
SELECT assessed_by FROM assessment;
CALL pg_temp.refused($$SELECT FROM report$$);
CALL pg_temp.refused($$SELECT georisk.announce('regress "d"''x', georisk.assess('regress "d"''x'))$$);
CALL pg_temp.refused($$SELECT georisk.publish_tiers('regress "d"''x', 'notice')$$);
CALL pg_temp.refused($$INSERT INTO decision (kind) VALUES ('announcement')$$);
CALL pg_temp.refused($$INSERT INTO announced_tier DEFAULT VALUES$$);
SELECT count(*) > 3 AS compared FROM compare_policies(policy('alert_counts'), policy('vn_hcmc_2716_2021'), '2021-09-03');

-- an analyst: numbers, nobody's name
SET ROLE regress_analyst;
SELECT count(household_key) > 0 AS counts FROM report;
CALL pg_temp.refused($$SELECT external_id FROM report$$);
CALL pg_temp.refused($$SELECT geom FROM report$$);
CALL pg_temp.refused($$SELECT phone FROM report$$);
CALL pg_temp.refused($$SELECT report FROM report$$);
CALL pg_temp.refused($$SELECT original FROM rejected_report$$);
CALL pg_temp.refused($$SELECT file FROM submission$$);
SELECT count(*) FROM risk_at('2021-09-03', now());
SELECT count(*) > 3 AS compared FROM georisk.compare_policies('regress "d"''x', policy('alert_counts'), policy('vn_hcmc_2716_2021'), '2021-09-03');

-- a new layer, and a column by which it counts, come by themselves
SET ROLE regress_grant_member;
SELECT add_layer('regress "d"''x', 'dengue', 'alert_counts', disease => '{dengue}', measures => '{"deaths": {"died": [true]}}');
SET ROLE regress_analyst;
SELECT count(*) AS zones, count(died) AS died FROM zone_risk_dengue, (SELECT count(died) AS died FROM report) d GROUP BY d.died;
SELECT count(*) FROM risk_at_dengue('2021-09-03');
SET ROLE regress_grant_owner;
SELECT * FROM verify('regress "d"''x');
SELECT p.proname AS function, pg_get_userbyid(p.proowner) AS owner, p.proconfig FROM pg_proc p
WHERE p.pronamespace = to_regnamespace('"regress ""d""''x"') AND p.prosecdef ORDER BY 1;

-- what is lost is found and mended
ALTER TABLE report DISABLE ROW LEVEL SECURITY;
DROP POLICY georisk_see ON placement;
REVOKE SELECT ON zone_risk FROM regress_decider;
GRANT EXECUTE ON FUNCTION announce(integer, text, text, date, text, text) TO PUBLIC;
ALTER FUNCTION risk_at SECURITY INVOKER;
SELECT what, key, stored, mended FROM rebuild('regress "d"''x');
SELECT * FROM verify('regress "d"''x');
-- a dump restored without its privileges: whoever is granted something next closes what stood open to everyone
GRANT EXECUTE ON FUNCTION announce(integer, text, text, date, text, text) TO PUBLIC;
SELECT grant_role('regress "d"''x', 'regress_decider', 'decider') > 0 AS granted,
	has_function_privilege('regress_analyst', 'announce(integer, text, text, date, text, text)', 'EXECUTE') AS open_to_others,
	has_function_privilege('regress_decider', 'announce(integer, text, text, date, text, text)', 'EXECUTE') AS kept;
-- taken back; what another grant gives stays
SELECT revoke_role('regress "d"''x', 'regress "officer"', 'officer', 'W1') > 0 AS revoked;
SELECT revoke_role('regress "d"''x', 'regress_team', 'officer') > 0 AS revoked;
SELECT grant_role('regress "d"''x', 'regress_decider', 'analyst') > 0 AS granted;
SELECT revoke_role('regress "d"''x', 'regress_decider', 'decider') > 0 AS revoked;
SELECT has_table_privilege('regress_decider', 'zone_risk', 'SELECT') AS reads, has_function_privilege('regress_decider', 'announce(integer, text, text, date, text, text)', 'EXECUTE') AS announces,
	has_schema_privilege('regress "officer"', 'regress "d"''x', 'USAGE') AS officer_enters, has_any_column_privilege('regress "officer"', 'report', 'SELECT') AS officer_reads;
SELECT revoke_role('regress "d"''x', 'regress_officer_2', 'officer', 'W2') > 0 AS revoked;
SELECT relname, relrowsecurity FROM pg_class WHERE oid IN ('report'::regclass, 'submission'::regclass) ORDER BY 1;
SELECT role_name, kind, revoked_by FROM role_grant WHERE revoked_at IS NOT NULL ORDER BY role_grant_id;
-- what was granted is kept as it is, signed by who could have done it
SET ROLE regress_grant_owner;
CALL pg_temp.refused($$UPDATE role_grant SET kind = 'officer' WHERE role_name = 'regress_analyst'$$);
CALL pg_temp.refused($$UPDATE role_grant SET revoked_at = NULL, revoked_by = NULL$$);
CALL pg_temp.refused($$DELETE FROM role_grant$$);
CALL pg_temp.refused($$TRUNCATE role_grant$$);
CALL pg_temp.refused($$INSERT INTO role_grant (role_name, kind, granted_by, revoked_by, revoked_at) VALUES ('regress_by_hand', 'officer', 'regress_grant_owner', 'regress_grant_owner', now())$$);
RESET ROLE;
SET SESSION AUTHORIZATION regress_grant_owner;
CALL pg_temp.refused($$UPDATE role_grant SET revoked_by = 'regress_analyst' WHERE revoked_at IS NULL$$);
CALL pg_temp.refused($$INSERT INTO role_grant (role_name, kind, granted_by) VALUES ('regress_by_hand', 'officer', 'regress_analyst')$$);
BEGIN;
INSERT INTO role_grant (role_name, kind, granted_at) VALUES ('regress_by_hand', 'officer', '2020-01-01') RETURNING granted_by, granted_at > '2021-01-01' AS just_now;
SELECT what, stored, recomputed FROM verify('regress "d"''x', '{views}') WHERE what <> 'row security';
ROLLBACK;
RESET SESSION AUTHORIZATION;

-- a role that is made anew has nothing of what one of its name had, whatever it was given by hand, until it is granted
SELECT grant_role('regress "d"''x', 'regress_decider', 'officer', 'W1') > 0 AS granted;
DROP OWNED BY regress_decider;
DROP ROLE regress_decider;
SELECT what, stored, recomputed FROM verify('regress "d"''x', '{views}') WHERE what <> 'row security';
CREATE ROLE regress_decider;
GRANT USAGE ON SCHEMA "regress ""d""'x" TO regress_decider;
GRANT ALL ON own_grant, zone_risk TO regress_decider;
SELECT add_layer('regress "d"''x', 'measles', 'alert_counts') > 'pg_class'::regclass AS added;
SELECT has_table_privilege('regress_decider', 'zone_risk_measles', 'SELECT') AS reads, has_any_column_privilege('regress_decider', 'report', 'SELECT') AS reads_reports;
SELECT what, stored, recomputed, remark FROM rebuild('regress "d"''x') WHERE what <> 'row security';
SET client_min_messages = notice;
SELECT grant_role('regress "d"''x', 'regress_decider', 'analyst') > 0 AS granted;
SET client_min_messages = warning;
SELECT kind, zone_code, revoked_by = current_user AS by_me FROM role_grant WHERE role_name = 'regress_decider' ORDER BY role_grant_id;
SELECT has_table_privilege('regress_decider', 'zone_risk_measles', 'SELECT') AS reads, has_column_privilege('regress_decider', 'report', 'household', 'SELECT') AS reads_households;
SELECT * FROM verify('regress "d"''x');
SELECT revoke_role('regress "d"''x', 'regress_decider', 'analyst') > 0 AS revoked;
SELECT 'regress_decider'::regrole IN (SELECT known_grantees('regress "d"''x')) AS known;
RESET ROLE;
SELECT drop_map('regress "d"''x', with_reports => true) > 0 AS dropped;
REVOKE ALL ON DATABASE :DBNAME FROM regress_grant_owner;
DROP ROLE regress_grant_member, regress_grant_owner, "regress reporter's", "regress ""officer""", regress_officer_2, regress_of_team, regress_team, regress_decider,
	regress_analyst, regress_public, regress_by_hand;
