-- rebuild mends whatever a map derives, to the last byte, and says what it cannot.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT georisk.create_map('regress_rebuild', georisk.policy('alert_counts'), srid => 32648, lang => 'en');
SET search_path = regress_rebuild, public;
UPDATE settings SET household_salt = -271620210823;

-- a row of groups in a ward and a ward without a polygon; then their borders move by 30 m
INSERT INTO zone (code, parent_code, population, geom)
SELECT 'G' || x, 'W' || x / 4, 160, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(0, 7) x;
INSERT INTO zone (code, parent_code, geom) VALUES ('W0', 'D', ST_Multi(ST_MakeEnvelope(0, 0, 400, 100, 32648))), ('W1', 'D', NULL), ('D', NULL, NULL);
SELECT georisk.activate_zones('regress_rebuild', '2021-06-01');
SELECT georisk.set_day('regress_rebuild', '2021-09-06');
INSERT INTO zone_alias (alias, zone_code) VALUES ('Group five', 'G5');
INSERT INTO source (source, same_row_is_same) VALUES ('clinic', true);
INSERT INTO report_in (external_id, revision, report_day, household, zone_code, x, y) VALUES
	('1', '1', '2021-08-20', '3', 'G1', NULL, NULL), ('1', '2', '2021-08-20', '3', 'G2', NULL, NULL),
	('2', '1', '2021-09-02', '4', NULL, '350', '50'), ('3', '1', '2021-09-03', NULL, 'group FIVE', '20', '50'),
	('4', '1', '2021-08-21', 'Hộ 7', 'G6', NULL, NULL), ('5', '1', '2021-09-03', NULL, 'nowhere', NULL, NULL),
	('6', '1', 'soon', NULL, 'G1', NULL, NULL), ('7', '1', '2021-08-30', NULL, 'W0', '810', '50');
SELECT received, placed_by_code, placed_by_point, unknown_code, not_precise, superseded, rejected FROM georisk.submit_reports('regress_rebuild', 'clinic');
SELECT georisk.assess('regress_rebuild', '2021-08-22') AS first, georisk.assess('regress_rebuild') AS second;
UPDATE report SET n = 2 WHERE external_id = '2';
SELECT georisk.open_draft('regress_rebuild');
INSERT INTO zone (code, parent_code, population, geom)
SELECT 'G' || x, 'W' || x / 4, 160, ST_Multi(ST_MakeEnvelope(x * 100 + 30, 0, x * 100 + 130, 100, 32648)) FROM generate_series(0, 7) x;
INSERT INTO zone (code, parent_code) VALUES ('W0', NULL), ('W1', NULL);
SELECT georisk.activate_zones('regress_rebuild', '2021-09-01');
SELECT count(*) AS older_places FROM placement;
SELECT count(*) AS possible_places FROM possible_place;

SELECT * FROM georisk.verify('regress_rebuild');
SELECT * FROM georisk.verify('regress_rebuild', '{}');

SELECT * FROM georisk.rebuild('regress_rebuild');
SET client_min_messages = notice;
SELECT * FROM georisk.rebuild('regress_rebuild');
SET client_min_messages = warning;

-- all that a map holds, but for what is drawn anew each time
CREATE FUNCTION content() RETURNS TABLE (relation text, digest text) LANGUAGE plpgsql STABLE AS $$
DECLARE
	one name;
BEGIN
	FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'regress_rebuild'::regnamespace AND relkind = 'r' ORDER BY 1 LOOP
		RETURN QUERY EXECUTE format('SELECT %L, md5(string_agg(c, '','' ORDER BY c)) FROM '
			'(SELECT (to_jsonb(t) - ''{edition,tier_change_id}''::text[])::text AS c FROM regress_rebuild.%I t) r', one, one);
	END LOOP;
	RETURN QUERY SELECT 'triggers', md5(string_agg(pg_get_triggerdef(t.oid) || tgenabled::text, ',' ORDER BY tgrelid::regclass::text, tgname))
		FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = 'regress_rebuild'::regnamespace AND NOT tgisinternal;
	RETURN QUERY SELECT relname::text, md5(pg_get_viewdef(oid)) FROM pg_class WHERE relnamespace = 'regress_rebuild'::regnamespace AND relkind = 'v';
END
$$;
-- a statement that triggers did not see; rebuild mends it, and the map is as it was
CREATE PROCEDURE mend(damage text) LANGUAGE plpgsql AS $$
DECLARE
	before jsonb := (SELECT jsonb_object_agg(relation, digest) FROM content());
	found text;
	beyond text;
	other text;
BEGIN
	SET LOCAL session_replication_role = replica;
	EXECUTE damage;
	SET LOCAL session_replication_role = origin;
	SELECT string_agg(DISTINCT what, ', ') FILTER (WHERE mended), string_agg(DISTINCT what, ', ') FILTER (WHERE NOT mended)
		INTO found, beyond FROM georisk.rebuild('regress_rebuild');
	SELECT string_agg(relation, ', ' ORDER BY relation) INTO other FROM content() c
		WHERE c.digest IS DISTINCT FROM before ->> c.relation;
	RAISE WARNING 'mended: %, left: %, another than before: %, verify then finds: %', found, beyond, other,
		(SELECT string_agg(DISTINCT what, ', ') FROM georisk.verify('regress_rebuild'));
	ROLLBACK;
END
$$;
-- reports
CALL mend('INSERT INTO report (source, external_id, revision, report_day, zone_code, outcome) VALUES (''clinic'', ''4'', 2, ''2021-08-21'', ''G7'', ''waiting'')');
CALL mend('UPDATE report SET outcome = ''placed_by_code'' WHERE revision = 1 AND external_id = ''1''');
CALL mend('UPDATE report SET zone_id = zone_id + 1 WHERE external_id = ''2''');
CALL mend('UPDATE report SET zone_set_id = 1 WHERE external_id = ''5''');
CALL mend('UPDATE report SET household_key = 1 WHERE external_id = ''1''');
CALL mend('UPDATE report SET point_disagrees = NOT point_disagrees WHERE external_id = ''3''');
CALL mend('UPDATE report SET zone_code = ''G7'' WHERE external_id = ''4''');
CALL mend('UPDATE zone_alias SET zone_code = ''G1''');
CALL mend('DELETE FROM report WHERE revision = 2');
CALL mend('DELETE FROM placement WHERE report_id = (SELECT min(report_id) FROM placement)');
CALL mend('UPDATE placement SET outcome = ''outside'', zone_id = NULL WHERE report_id = 1');
CALL mend('INSERT INTO placement SELECT 100, 1, 1, ''placed_by_code'', NULL');
CALL mend('DELETE FROM possible_place WHERE report_id = (SELECT min(report_id) FROM possible_place)');
CALL mend('INSERT INTO possible_place SELECT 3, 2, zone_id FROM zone WHERE zone_set_id = 2 AND code = ''G1''');
-- zones
CALL mend('UPDATE zone_set SET valid_to = ''2021-08-30'' WHERE valid_to IS NOT NULL');
CALL mend('UPDATE zone_set SET index = (SELECT georisk.zone_index_agg(zone_id, geom) FROM zone WHERE zone_set_id = 1 AND code = ''G1'') WHERE zone_set_id = 1');
CALL mend('UPDATE zone SET geom = ST_Translate(geom, 0.5, 0) WHERE zone_id = 1');
CALL mend('DELETE FROM zone WHERE zone_id = 1');
CALL mend('UPDATE zone SET parent_id = NULL WHERE zone_id = 1');
CALL mend('UPDATE zone SET is_leaf = NULL WHERE zone_id = 1');
CALL mend('DELETE FROM zone_neighbour WHERE zone_id = 1');
CALL mend('UPDATE zone_neighbour SET shared_m = 99 WHERE zone_id = 1');
CALL mend('DELETE FROM zone_shape WHERE zone_id = 1');
CALL mend('ALTER TABLE settings DISABLE TRIGGER find_neighbours; UPDATE settings SET neighbour_tolerance_m = 120');
CALL mend('DELETE FROM zone_ancestor WHERE zone_id = 1');
CALL mend('UPDATE zone_point SET latitude = latitude + 1 WHERE zone_id = 1');
CALL mend('DELETE FROM zone_union WHERE zone_id = (SELECT min(zone_id) FROM zone_union)');
CALL mend('UPDATE crosswalk SET share_of_old = 0.3 WHERE old_zone_id = 1 AND share_of_old > 0.5');
CALL mend('DELETE FROM crosswalk WHERE old_zone_id = 8');
-- records
CALL mend('ALTER TABLE submission DROP CONSTRAINT nothing_is_lost; UPDATE submission SET received = 9');
CALL mend('INSERT INTO rejected_report (submission_id, source, line, reason, original) VALUES (1, ''clinic'', 9, ''missing_day'', ''{}'')');
CALL mend('UPDATE report SET submission_id = 7 WHERE external_id = ''5''');
CALL mend('UPDATE report_past SET zone_set_id = 2');
CALL mend('DELETE FROM tier_change WHERE code = ''G2''');
CALL mend('UPDATE assessment_tier SET tier = ''red'' WHERE code = ''G7'' AND assessment_id = 2');
CALL mend('UPDATE assessment_tier SET since = as_of - 1 FROM assessment a WHERE a.assessment_id = assessment_tier.assessment_id AND code = ''G7'' AND a.assessment_id = 1');
CALL mend('DELETE FROM assessment_tier WHERE code = ''G7'' AND assessment_id = 2');
CALL mend('UPDATE assessment SET before_id = NULL');
-- what keeps it right
CALL mend('ALTER TABLE report DISABLE TRIGGER place');
CALL mend('ALTER TABLE report ENABLE REPLICA TRIGGER settle_inserted');
CALL mend('ALTER TABLE report ENABLE ALWAYS TRIGGER place');
CALL mend('DROP TRIGGER freeze_updated ON zone');
CALL mend('DROP TRIGGER queue ON zone_alias; CREATE TRIGGER queue BEFORE INSERT ON zone_alias FOR EACH STATEMENT EXECUTE FUNCTION georisk.queue_with_reports()');
CALL mend('SELECT setval(''report_report_id_seq'', 3)');
SELECT setval('report_report_id_seq', 100);
CALL mend('UPDATE layer SET disease = ''{dengue}''');
CALL mend('UPDATE measure SET filter = ''{"origin": ["imported"]}'' WHERE name = ''cases''');
CALL mend('INSERT INTO layer_policy VALUES (1, ''2022-01-01'', ''POLICY other_count COUNT community_cases BASE red WHEN community_cases IN 7 days >= 1 green OTHERWISE'')');
CALL mend('INSERT INTO layer_policy VALUES (1, ''2020-01-01'', ''POLICY other_value NUMBER cover IF MISSING 0 BASE red WHEN cover >= 1 green OTHERWISE'')');
CALL mend('DROP INDEX report_counted');
CALL mend('DROP VIEW zone_day CASCADE');
CALL mend('DROP FUNCTION zone_risk_at CASCADE');
CALL mend('DROP FUNCTION risk_tile');
-- all at once
CALL mend('UPDATE report SET outcome = ''waiting'', zone_id = NULL, zone_set_id = NULL, household_key = NULL, point_disagrees = NULL;
	DELETE FROM placement; DELETE FROM possible_place; DELETE FROM crosswalk; DELETE FROM zone_neighbour; DELETE FROM zone_ancestor;
	DELETE FROM zone_point; DELETE FROM zone_union; UPDATE zone SET parent_id = NULL, is_leaf = NULL; DELETE FROM tier_change;
	UPDATE zone_set SET valid_to = NULL; UPDATE assessment_tier SET previous_tier = NULL, since = ''2021-01-01'';
	ALTER TABLE report DISABLE TRIGGER ALL; ALTER TABLE zone DISABLE TRIGGER ALL; ALTER TABLE zone_alias DISABLE TRIGGER ALL');
-- where it cannot work
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM georisk.rebuild('regress_rebuild');
ROLLBACK;
SET session_replication_role = replica;
SELECT * FROM georisk.rebuild('regress_rebuild');
RESET session_replication_role;
SELECT * FROM georisk.rebuild('no_such_map');
SELECT * FROM georisk.rebuild(NULL);
-- what is lost is said, and nothing is made up
SET session_replication_role = replica;
DELETE FROM zone WHERE zone_id = 1;
RESET session_replication_role;
SELECT remark, string_agg(DISTINCT what, ', ') AS left_as_it_is, bool_or(mended) AS mended FROM georisk.rebuild('regress_rebuild') GROUP BY remark ORDER BY remark;
RESET search_path;
DROP SCHEMA regress_rebuild CASCADE;
