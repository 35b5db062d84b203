-- verify lists what is not as it would be found out again; each kind of damage by its name.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT georisk.create_map('regress_verify', georisk.policy('alert_counts'), srid => 32648, lang => 'en');
SET search_path = regress_verify, public;
UPDATE settings SET household_salt = -271620210823;

-- a row of groups in a ward and a ward without a polygon; then their borders move by 30 m
INSERT INTO zone (code, parent_code, population, geom)
SELECT 'G' || x, 'W' || x / 4, 160, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(0, 7) x;
INSERT INTO zone (code, parent_code, geom) VALUES ('W0', 'D', ST_Multi(ST_MakeEnvelope(0, 0, 400, 100, 32648))), ('W1', 'D', NULL), ('D', NULL, NULL);
SELECT georisk.activate_zones('regress_verify', '2021-06-01');
SELECT georisk.set_day('regress_verify', '2021-09-06');
INSERT INTO zone_alias (alias, zone_code) VALUES ('Group five', 'G5');
INSERT INTO source (source, same_row_is_same) VALUES ('clinic', true);
INSERT INTO report_in (external_id, revision, report_day, household, zone_code, x, y) VALUES
	('1', '1', '2021-08-20', '3', 'G1', NULL, NULL), ('1', '2', '2021-08-20', '3', 'G2', NULL, NULL),
	('2', '1', '2021-09-02', '4', NULL, '350', '50'), ('3', '1', '2021-09-03', NULL, 'group FIVE', '20', '50'),
	('4', '1', '2021-08-21', 'Hộ 7', 'G6', NULL, NULL), ('5', '1', '2021-09-03', NULL, 'nowhere', NULL, NULL),
	('6', '1', 'soon', NULL, 'G1', NULL, NULL), ('7', '1', '2021-08-30', NULL, 'W0', '810', '50');
SELECT received, placed_by_code, placed_by_point, unknown_code, not_precise, superseded, rejected FROM georisk.submit_reports('regress_verify', 'clinic');
SELECT georisk.assess('regress_verify', '2021-08-22') AS first, georisk.assess('regress_verify') AS second;
UPDATE report SET n = 2 WHERE external_id = '2';
SELECT georisk.open_draft('regress_verify');
INSERT INTO zone (code, parent_code, population, geom)
SELECT 'G' || x, 'W' || x / 4, 160, ST_Multi(ST_MakeEnvelope(x * 100 + 30, 0, x * 100 + 130, 100, 32648)) FROM generate_series(0, 7) x;
INSERT INTO zone (code, parent_code) VALUES ('W0', NULL), ('W1', NULL);
SELECT georisk.activate_zones('regress_verify', '2021-09-01');
SELECT count(*) AS older_places FROM placement;
SELECT count(*) AS possible_places FROM possible_place;

SELECT * FROM georisk.verify('regress_verify');
SELECT * FROM georisk.verify('regress_verify', '{}');
-- it knows every trigger
SELECT tgrelid::regclass, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'regress_verify'::regnamespace AND NOT t.tgisinternal
  AND NOT EXISTS (SELECT FROM georisk.map_triggers('regress_verify') m WHERE (m.relation, m.trigger_name) = (c.relname, t.tgname));
-- a tolerance finds neighbours that do not touch, and so does PostGIS
BEGIN;
UPDATE settings SET neighbour_tolerance_m = 120;
SELECT count(*) FILTER (WHERE gap_m > 0) AS apart FROM zone_neighbour;
SELECT * FROM georisk.verify('regress_verify');
ROLLBACK;

-- a statement that triggers did not see, and what is found of it
CREATE PROCEDURE break(damage text) LANGUAGE plpgsql AS $$
DECLARE
	found record;
BEGIN
	SET LOCAL session_replication_role = replica;
	EXECUTE damage;
	SET LOCAL session_replication_role = origin;
	FOR found IN SELECT * FROM georisk.verify('regress_verify') ORDER BY what COLLATE "C", key COLLATE "C" LOOP
		RAISE WARNING '% [%]: % <> %', found.what, found.key, found.stored, found.recomputed;
	END LOOP;
	ROLLBACK;
END
$$;
-- reports
CALL break('INSERT INTO report (source, external_id, revision, report_day, zone_code, outcome) VALUES (''clinic'', ''4'', 2, ''2021-08-21'', ''G7'', ''waiting'')');
CALL break('UPDATE report SET outcome = ''placed_by_code'' WHERE revision = 1 AND external_id = ''1''');
CALL break('UPDATE report SET zone_id = zone_id + 1 WHERE external_id = ''2''');
CALL break('UPDATE report SET zone_set_id = 1 WHERE external_id = ''5''');
CALL break('UPDATE report SET household_key = 1 WHERE external_id = ''1''');
CALL break('UPDATE report SET point_disagrees = NOT point_disagrees WHERE external_id = ''3''');
CALL break('UPDATE report SET zone_code = ''G7'' WHERE external_id = ''4''');
CALL break('UPDATE zone_alias SET zone_code = ''G1''');
CALL break('DELETE FROM report WHERE revision = 2');
CALL break('DELETE FROM placement WHERE report_id = (SELECT min(report_id) FROM placement)');
CALL break('UPDATE placement SET outcome = ''outside'', zone_id = NULL WHERE report_id = 1');
CALL break('INSERT INTO placement SELECT 100, 1, 1, ''placed_by_code'', NULL');
CALL break('DELETE FROM possible_place WHERE report_id = (SELECT min(report_id) FROM possible_place)');
CALL break('INSERT INTO possible_place SELECT 3, 2, zone_id FROM zone WHERE zone_set_id = 2 AND code = ''G1''');
-- zones
CALL break('UPDATE zone_set SET valid_to = ''2021-08-30'' WHERE valid_to IS NOT NULL');
CALL break('UPDATE zone_set SET index = (SELECT georisk.zone_index_agg(zone_id, geom) FROM zone WHERE zone_set_id = 1 AND code = ''G1'') WHERE zone_set_id = 1');
CALL break('UPDATE zone SET geom = ST_Translate(geom, 0.5, 0) WHERE zone_id = 1');
CALL break('DELETE FROM zone WHERE zone_id = 1');
CALL break('UPDATE zone SET parent_id = NULL WHERE zone_id = 1');
CALL break('UPDATE zone SET is_leaf = NULL WHERE zone_id = 1');
CALL break('DELETE FROM zone_neighbour WHERE zone_id = 1');
CALL break('UPDATE zone_neighbour SET shared_m = 99 WHERE zone_id = 1');
CALL break('ALTER TABLE settings DISABLE TRIGGER find_neighbours; UPDATE settings SET neighbour_tolerance_m = 120');
CALL break('DELETE FROM zone_ancestor WHERE zone_id = 1');
CALL break('DELETE FROM zone_shape WHERE zone_id = 1 AND max_zoom < 14');
CALL break('UPDATE zone_shape SET geom = ST_Translate(geom, 0, 1) WHERE zone_id = 1 AND max_zoom = 14');
CALL break('UPDATE zone_shape SET mercator = ST_Translate(mercator, 0, 1) WHERE zone_id = 1 AND max_zoom = 14');
CALL break('UPDATE zone_point SET latitude = latitude + 1 WHERE zone_id = 1');
CALL break('DELETE FROM zone_union WHERE zone_id = (SELECT min(zone_id) FROM zone_union)');
CALL break('UPDATE crosswalk SET share_of_old = 0.3 WHERE old_zone_id = 1 AND share_of_old > 0.5');
CALL break('DELETE FROM crosswalk WHERE old_zone_id = 8');
-- records
CALL break('ALTER TABLE submission DROP CONSTRAINT nothing_is_lost; UPDATE submission SET received = 9');
CALL break('INSERT INTO rejected_report (submission_id, source, line, reason, original) VALUES (1, ''clinic'', 9, ''missing_day'', ''{}'')');
CALL break('UPDATE report SET submission_id = 7 WHERE external_id = ''5''');
CALL break('UPDATE report_past SET zone_set_id = 2');
CALL break('DELETE FROM tier_change WHERE code = ''G2''');
CALL break('UPDATE assessment_tier SET tier = ''red'' WHERE code = ''G7'' AND assessment_id = 2');
CALL break('UPDATE assessment_tier SET since = as_of - 1 FROM assessment a WHERE a.assessment_id = assessment_tier.assessment_id AND code = ''G7'' AND a.assessment_id = 1');
CALL break('DELETE FROM assessment_tier WHERE code = ''G7'' AND assessment_id = 2');
CALL break('UPDATE assessment SET before_id = NULL');
-- what keeps it right
CALL break('ALTER TABLE report DISABLE TRIGGER place');
CALL break('ALTER TABLE report ENABLE REPLICA TRIGGER settle_inserted');
CALL break('ALTER TABLE report ENABLE ALWAYS TRIGGER place');
CALL break('DROP TRIGGER freeze_updated ON zone');
CALL break('DROP TRIGGER queue ON zone_alias; CREATE TRIGGER queue BEFORE INSERT ON zone_alias FOR EACH STATEMENT EXECUTE FUNCTION georisk.queue_with_reports()');
CALL break('SELECT setval(''report_report_id_seq'', 3)');
SELECT setval('report_report_id_seq', 100);
CALL break('UPDATE layer SET disease = ''{dengue}''');
CALL break('UPDATE measure SET filter = ''{"origin": ["imported"]}'' WHERE name = ''cases''');
CALL break('DROP INDEX report_latest; ALTER TABLE measure DISABLE TRIGGER lock_layers');
CALL break('DO $view$ BEGIN EXECUTE ''CREATE OR REPLACE VIEW zone_risk AS '' || replace(pg_get_viewdef(''zone_risk''), ''j.cases,'', ''j.cases + (j.zone_id = 13)::integer AS cases,''); END $view$');
CALL break('DROP VIEW zone_day CASCADE');
CALL break('DROP FUNCTION zone_risk_at CASCADE');
CALL break('DROP FUNCTION risk_tile');

-- a table that is lost is said alone: everything else would stand on it
SELECT array_agg(c.relname::text ORDER BY c.relname COLLATE "C") = georisk.map_tables() AS all_of_them FROM pg_class c
WHERE c.relnamespace = 'regress_verify'::regnamespace AND c.relkind = 'r';
BEGIN;
DROP TABLE role_grant, announced_tier, zone_alias CASCADE;
SELECT * FROM georisk.verify('regress_verify');
SELECT * FROM georisk.rebuild('regress_verify');
SELECT georisk.upgrade_map('regress_verify') > 3 AS made;
SELECT * FROM georisk.verify('regress_verify');
ROLLBACK;

-- what it does not know
SELECT * FROM georisk.verify('no_such_map');
SELECT * FROM georisk.verify(NULL);
SELECT * FROM georisk.verify('regress_verify', '{reports,tables}');
SELECT * FROM georisk.verify('regress_verify', ARRAY['reports', NULL]);

SELECT * FROM georisk.verify('regress_verify');
RESET search_path;
DROP SCHEMA regress_verify CASCADE;
