-- A map through which marked reports have gone all their ways. PLANT1 marks ward 1's persons, PLANT2 ward 2's, PLANT3 what is erased; their
-- coordinates end in 54321, 64321 and 74321. Run as a superuser, by tests/roles/check.
\set ON_ERROR_STOP 1
SET client_min_messages = error;
\set map 'walk'
CREATE ROLE walk_owner LOGIN;
CREATE ROLE walk_reporter LOGIN;
CREATE ROLE walk_officer LOGIN;
CREATE ROLE walk_decider LOGIN;
CREATE ROLE walk_analyst LOGIN;
CREATE ROLE walk_public LOGIN;
CREATE ROLE walk_nobody LOGIN;
SELECT format('GRANT CREATE ON DATABASE %I TO walk_owner', current_database()) \gexec
SET ROLE walk_owner;
SET search_path = walk, georisk, public;
SELECT create_map(:'map', policy => 'alert_counts', srid => 32648, lang => 'en');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || 1 + x / 5, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(680000 + x * 100, 1190000, 680100 + x * 100, 1190100, 32648))
FROM generate_series(1, 9) x;
INSERT INTO zone (code, name, level) VALUES ('W1', 'Ward 1', 'ward'), ('W2', 'Ward 2', 'ward');
SELECT activate_zones(:'map', '2021-08-01');
SELECT set_day(:'map', '2021-09-01');
INSERT INTO source (source, zone_code) VALUES ('ward 1', 'W1'), ('ward 2', 'W2');
ALTER TABLE report ADD phone text;
SELECT grant_role(:'map', 'walk_reporter', 'reporter', 'W1'), grant_role(:'map', 'walk_officer', 'officer', 'W1'), grant_role(:'map', 'walk_decider', 'decider'),
	grant_role(:'map', 'walk_analyst', 'analyst'), grant_role(:'map', 'walk_public', 'public');
-- placed by code, by point, outside, not known; a revision, a withdrawal, a rejected row, one written over in place
INSERT INTO report (source, external_id, report_day, household, zone_code, geom, note, phone)
SELECT 'ward ' || w, format('PLANT%s-%s', w, i), date '2021-08-25' + i, format('PLANT%s-house-%s', w, i), CASE WHEN i < 4 THEN 'G' || (w - 1) * 4 + i ELSE 'PLANT' || w || '-street' END,
	   ST_Point(680000.54321 + 10000 * (w - 1) / 1e5 + (w - 1) * 400 + i * 100, 1190050.54321 + 10000 * (w - 1) / 1e5, 32648), format('PLANT%s-note', w), format('PLANT%s-phone', w)
FROM generate_series(1, 2) w, generate_series(1, 5) i;
INSERT INTO report (source, external_id, report_day, household, zone_code, note) VALUES ('ward 2', 'PLANT3', '2021-08-28', 'PLANT3-house', 'G6', 'PLANT3-note');
INSERT INTO report_in (external_id, revision, report_day, household, zone_code, note, x, y) VALUES
	('PLANT2-1', '2', '2021-08-27', 'PLANT2-house-1', 'G5', 'PLANT2-note', '680550.64321', '1190050.64321'), ('PLANT2-9', NULL, 'PLANT2-day', 'PLANT2-house', 'G5', NULL, NULL, NULL),
	('PLANT2-8', NULL, '2021-08-27', 'PLANT2-house', 'PLANT2-nowhere', 'PLANT2-note', '64321', '64321'), ('PLANT3', '2', '2021-08-28', 'PLANT3-house', 'G6', 'PLANT3-note', NULL, NULL);
SELECT submit_reports(:'map', 'ward 2', file => 'PLANT2-file.csv', label => NULL, complete_until => '2021-09-01');
UPDATE report SET note = 'PLANT2-changed', household = 'PLANT2-moved' WHERE external_id = 'PLANT2-2';
UPDATE report SET withdrawn = true WHERE external_id = 'PLANT2-3';
RESET ROLE;
SET ROLE walk_reporter;
INSERT INTO report_in (external_id, report_day, household, zone_code, note) VALUES
	('PLANT1-21', '2021-08-30', 'PLANT1-house', 'G1', 'PLANT1-note'), ('PLANT1-22', '2021-08-30', 'PLANT1-house', 'PLANT1-nowhere', NULL), ('PLANT1-23', 'PLANT1-day', NULL, 'G1', NULL);
SELECT submit_own('ward 1', complete_until => '2021-09-01');
RESET ROLE;
SET ROLE walk_decider;
SELECT publish_tiers('meeting'), publish_counts('meeting', k => 3);
SELECT announce(assess(), title => 'one');
SELECT override_tier('G4', floor => 'orange', reason => 'market', until => '2021-09-20');
RESET ROLE;
SET ROLE walk_owner;
SELECT erase_report(:'map', 'ward 2', 'PLANT3', 'request');
SELECT set_day(:'map', '2021-09-02');
SELECT open_draft(:'map', 'later', copy_zones => true);
UPDATE zone SET parent_code = 'W2' WHERE zone_set_id = 2 AND code = 'G4';
DELETE FROM zone WHERE zone_set_id = 2 AND code = 'G9';
SELECT activate_zones(:'map', '2021-09-02');
SELECT add_layer(:'map', 'dengue', 'alert_counts', disease => '{dengue}');
-- one that waits
INSERT INTO report_in (source, external_id, report_day, household, zone_code) VALUES ('ward 2', 'PLANT2-90', '2021-09-02', 'PLANT2-house', 'G5');
RESET ROLE;
SET ROLE walk_decider;
SELECT announce(assess(), title => 'two');
RESET ROLE;
ANALYZE;
