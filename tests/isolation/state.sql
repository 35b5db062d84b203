-- What the pairs of operations are judged by: a map as if made anew for each of them, all that it says in lines without numbers
-- that a sequence gave, and what verify finds wrong.
-- The functions are made before the map.
SET check_function_bodies = off;
CREATE TABLE committed (session integer);
CREATE TABLE isolated_new AS
	SELECT code, ST_Multi(ST_MakeEnvelope(x1, 0, x2, 100, 32648)) AS geom FROM (VALUES ('A', 0, 150), ('B', 150, 200), ('C', 200, 300)) z (code, x1, x2);

CREATE FUNCTION make_map(with_draft boolean) RETURNS void LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
	DROP SCHEMA IF EXISTS isolated CASCADE;
	PERFORM georisk.create_map('isolated', srid => 32648, lang => 'en');
	UPDATE isolated.settings SET household_salt = 42;
	INSERT INTO isolated.zone (code, geom) VALUES ('A', ST_Multi(ST_MakeEnvelope(0, 0, 100, 100, 32648))),
		('B', ST_Multi(ST_MakeEnvelope(100, 0, 200, 100, 32648)));
	PERFORM georisk.activate_zones('isolated', '2021-06-01');
	PERFORM georisk.set_day('isolated', '2021-10-01');
	INSERT INTO isolated.zone_alias (alias, zone_code) VALUES ('Nhà 6', 'A');
	INSERT INTO isolated.report (source, external_id, report_day, zone_code, geom) VALUES ('lab', 'r1', '2021-09-28', 'A', NULL),
		('lab', 'r2', '2021-09-29', NULL, ST_Point(120, 50, 32648)), ('lab', 'r5', '2021-09-29', 'Nhà 5', NULL),
		('lab', 'r6', '2021-09-29', 'Nhà 6', NULL);
	INSERT INTO isolated.report_in (source, external_id, report_day, zone_code) VALUES ('lab', 'w0', '2021-09-30', 'A');
	IF with_draft THEN
		PERFORM georisk.open_draft('isolated');
		PERFORM georisk.import_zones('isolated', 'isolated_new');
	END IF;
END
$$;

-- Making a map takes ten times as long as what is tried on it: where nothing but rows was written, the rows are put back.
CREATE TABLE kept (with_draft boolean, structure text, putting_back text);

CREATE FUNCTION structure() RETURNS text LANGUAGE sql AS $$
	WITH relation AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace('isolated'))
	SELECT md5(string_agg(concat(oid, ' ', xmin), ',' ORDER BY oid)) FROM (
		SELECT oid, NULL FROM relation
		UNION ALL SELECT oid, xmin FROM pg_proc WHERE pronamespace = to_regnamespace('isolated')
		UNION ALL SELECT d.oid, d.xmin FROM pg_attrdef d JOIN relation r ON r.oid = adrelid
		UNION ALL SELECT d.oid, d.xmin FROM pg_rewrite d JOIN relation r ON r.oid = ev_class
		UNION ALL SELECT d.oid, d.xmin FROM pg_trigger d JOIN relation r ON r.oid = tgrelid) made (oid, xmin)
$$;

CREATE FUNCTION keep_map(with_draft boolean) RETURNS void LANGUAGE plpgsql SET client_min_messages = warning AS $$
DECLARE
	stored record;
BEGIN
	DROP SCHEMA IF EXISTS kept CASCADE;
	CREATE SCHEMA kept;
	DELETE FROM kept;
	INSERT INTO kept VALUES (with_draft, structure(), '');
	FOR stored IN SELECT c.relname AS name, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
				  WHERE relnamespace = to_regnamespace('isolated') AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY 1 LOOP
		EXECUTE format('CREATE TABLE kept.%1$I AS SELECT * FROM isolated.%1$I', stored.name);
		UPDATE kept SET putting_back = concat(putting_back, format('DELETE FROM isolated.%1$I; INSERT INTO isolated.%1$I (%2$s) '
			'OVERRIDING SYSTEM VALUE SELECT %2$s FROM kept.%1$I;', stored.name, stored.columns));
	END LOOP;
END
$$;

CREATE FUNCTION put_back() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
	EXECUTE (SELECT putting_back FROM kept);
END
$$;

CREATE FUNCTION prepare_map(with_draft boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM committed;
	IF EXISTS (SELECT FROM kept k WHERE (k.with_draft, k.structure) = (prepare_map.with_draft, structure())) THEN
		PERFORM put_back();
	ELSE
		PERFORM make_map(with_draft);
		PERFORM keep_map(with_draft);
	END IF;
END
$$;

CREATE FUNCTION map_state() RETURNS TABLE (line text) LANGUAGE sql AS $$
	SELECT concat_ws('|', 'report', r.source, r.external_id, r.revision, r.withdrawn, r.report_day, r.zone_code, r.n, r.outcome, s.name, z.code, r.point_disagrees, r.line, r.reduced_at IS NOT NULL)
	FROM isolated.report r LEFT JOIN isolated.zone_set s USING (zone_set_id) LEFT JOIN isolated.zone z USING (zone_id)
	UNION ALL SELECT concat_ws('|', 'placement', r.source, r.external_id, r.revision, s.name, z.code, p.outcome, p.household_key)
	FROM isolated.placement p JOIN isolated.zone_set s USING (zone_set_id) LEFT JOIN isolated.zone z USING (zone_id) LEFT JOIN isolated.report r USING (report_id)
	UNION ALL SELECT concat_ws('|', 'possible', r.source, r.external_id, r.revision, s.name, z.code)
	FROM isolated.possible_place p JOIN isolated.zone_set s USING (zone_set_id) LEFT JOIN isolated.zone z USING (zone_id) LEFT JOIN isolated.report r USING (report_id)
	UNION ALL SELECT concat_ws('|', 'past', p.source, p.external_id, p.revision, p.withdrawn, p.report_day, p.n, s.name, z.code)
	FROM isolated.report_past p LEFT JOIN isolated.zone_set s USING (zone_set_id) LEFT JOIN isolated.zone z USING (zone_id)
	UNION ALL SELECT concat_ws('|', 'waits', source, external_id, revision, report_day, zone_code) FROM isolated.report_in
	UNION ALL SELECT concat_ws('|', 'rejected', source, line, reason, detail) FROM isolated.rejected_report
	UNION ALL SELECT concat_ws('|', 'submission', source, file, complete_until, received, placed_by_code, placed_by_point, unknown_code, superseded, withdrawn, duplicate, rejected)
	FROM isolated.submission
	UNION ALL SELECT concat_ws('|', 'source', source, date_formats) FROM isolated.source
	UNION ALL SELECT concat_ws('|', 'alias', alias, zone_code, source) FROM isolated.zone_alias
	UNION ALL SELECT concat_ws('|', 'value', zone_code, name, day, value) FROM isolated.zone_value
	UNION ALL SELECT concat_ws('|', 'zone_set', name, valid_from, valid_to, activated_at IS NOT NULL) FROM isolated.zone_set
	UNION ALL SELECT concat_ws('|', 'zone', s.name, z.code, z.is_leaf, md5(z.geom::bytea)) FROM isolated.zone z JOIN isolated.zone_set s USING (zone_set_id)
	UNION ALL SELECT concat_ws('|', 'crosswalk', o.code, n.code, share_of_old, share_of_new)
	FROM isolated.crosswalk c JOIN isolated.zone o ON o.zone_id = old_zone_id JOIN isolated.zone n ON n.zone_id = new_zone_id
	UNION ALL SELECT concat_ws('|', 'day', day) FROM isolated.settings
	UNION ALL SELECT concat_ws('|', 'layer', l.name, l.disease, p.valid_from, md5(p.policy::text)) FROM isolated.layer l LEFT JOIN isolated.layer_policy p USING (layer_id)
	UNION ALL SELECT concat_ws('|', 'measure', l.name, m.name, m.filter) FROM isolated.layer l JOIN isolated.measure m USING (layer_id)
	UNION ALL SELECT concat_ws('|', 'tier', code, tier, cases, reason, window_start, complete_until, since, previous_tier, policy, zone_set) FROM isolated.zone_risk
	UNION ALL SELECT concat_ws('|', 'known', code, tier, cases, reason, policy) FROM isolated.zone_risk_at('2021-09-30', clock_timestamp())
	UNION ALL SELECT concat_ws('|', 'summary', tier, zones, cases) FROM isolated.tier_summary
	UNION ALL SELECT concat_ws('|', 'assessed', a.as_of, b.as_of, t.code, t.tier, t.cases, t.since, t.previous_tier, a.policy_name)
	FROM isolated.assessment a JOIN isolated.assessment_tier t USING (assessment_id) LEFT JOIN isolated.assessment b ON b.assessment_id = a.before_id
	UNION ALL SELECT concat_ws('|', 'changed', as_of, code, from_tier, tier) FROM isolated.tier_change
	UNION ALL SELECT concat_ws('|', 'protected', p.action, p.ground, p.older_than, p.reports, p.submitted, p.rejected, p.waiting, a.as_of)
	FROM isolated.protection p LEFT JOIN isolated.erased_from e USING (protection_id) LEFT JOIN isolated.assessment a USING (assessment_id)
	UNION ALL SELECT concat_ws('|', 'decided', d.kind, d.valid_from, d.valid_until, d.day, d.code, d.tier, s.name) FROM isolated.decision d LEFT JOIN isolated.zone_set s USING (zone_set_id)
	UNION ALL SELECT concat_ws('|', 'in force', day, code, in_force, in_force_since, override_reason)
	FROM generate_series(date '2021-09-30', '2021-10-05', '1 day') d, isolated.in_force_at(d::date)
$$;

CREATE FUNCTION wrong() RETURNS TABLE (what text) LANGUAGE sql SET client_min_messages = warning AS $$
	SELECT concat_ws(' ', v.what, v.key, 'is', coalesce(v.stored, 'nothing'), 'not', coalesce(v.recomputed, 'nothing')) FROM georisk.verify('isolated') v
	WHERE v.what <> 'erased'
	-- what was recorded is found again, where the policy of then still judges its day, and as long as there are reports (TRUNCATE keeps no past)
	UNION ALL SELECT format('assessment %s is not found again: %s', a.assessment_id, t.code)
	FROM isolated.assessment a JOIN isolated.assessment_tier t USING (assessment_id)
	LEFT JOIN LATERAL isolated.zone_risk_at(a.as_of, a.known_at) r ON r.code = t.code
	WHERE (r.tier, r.cases, r.reason) IS DISTINCT FROM (t.tier, t.cases, t.reason)
	  AND a.policy = (SELECT p.policy::text FROM isolated.layer_policy p WHERE p.layer_id = a.layer_id AND p.valid_from <= a.as_of ORDER BY p.valid_from DESC LIMIT 1)
	  AND EXISTS (SELECT FROM isolated.report)
	  AND a.assessment_id NOT IN (SELECT assessment_id FROM isolated.erased_from)
$$;
