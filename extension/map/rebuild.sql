CREATE FUNCTION switch_trigger(relation regclass, trigger_name text, state "char") RETURNS "char"
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	before "char";
BEGIN
	SELECT tgenabled INTO STRICT before FROM pg_trigger WHERE tgrelid = relation AND tgname = trigger_name;
	EXECUTE format('ALTER TABLE %s %s TRIGGER %I', relation, CASE state WHEN 'O' THEN 'ENABLE' WHEN 'A' THEN 'ENABLE ALWAYS'
		WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END, trigger_name);
	RETURN before;
END
$$;
COMMENT ON FUNCTION switch_trigger(regclass, text, "char") IS
'Internal, used by rebuild: enables or disables a trigger, in the letters of pg_trigger, and returns how it was.';

CREATE FUNCTION mend_triggers(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	lost record;
BEGIN
	FOR lost IN SELECT t.relation, t.trigger_name, t.definition, d.stored
				FROM pg_temp.georisk_difference d JOIN map_triggers(map) t ON d.key = t.relation || '.' || t.trigger_name
				WHERE d.what = 'trigger'
	LOOP
		IF lost.stored IS NULL OR lost.stored LIKE 'CREATE %' THEN
			EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I.%I', lost.trigger_name, map, lost.relation);
			EXECUTE lost.definition;
		ELSE
			PERFORM switch_trigger(format('%I.%I', map, lost.relation)::regclass, lost.trigger_name, 'O');
		END IF;
	END LOOP;
	FOR lost IN SELECT split_part(d.key, '.', 1) AS relation, split_part(d.key, '.', 2) AS field
				FROM pg_temp.georisk_difference d WHERE d.what = 'sequence'
	LOOP
		EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I)) FROM %I.%I',
			format('%I.%I', map, lost.relation), lost.field, lost.field, map, lost.relation);
	END LOOP;
END
$$;
COMMENT ON FUNCTION mend_triggers(text) IS
'Internal, used by rebuild: makes triggers anew that are lost or changed, enables the others, and moves sequences on.';

CREATE FUNCTION mend_zones(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	step record;
	zone regclass := format('%I.zone', map)::regclass;
	zone_set regclass := format('%I.zone_set', map)::regclass;
	freezes "char" := switch_trigger(zone, 'freeze_updated', 'D');
	keeps "char" := switch_trigger(zone_set, 'freeze_set', 'D');
	closes "char" := switch_trigger(zone_set, 'close_set', 'D');
BEGIN
	EXECUTE format($sql$
		UPDATE %1$I.zone z SET parent_id = s.parent_id, is_leaf = s.is_leaf
		FROM (%2$s) s
		WHERE s.zone_id = z.zone_id AND (s.parent_id, s.is_leaf) IS DISTINCT FROM (s.stored_parent_id, s.stored_is_leaf)
	$sql$, map, slow_zones_query(map));
	EXECUTE format($sql$
		UPDATE %1$I.zone_set s SET valid_to = d.last_day
		FROM (SELECT zone_set_id, lead(valid_from) OVER (ORDER BY valid_from, zone_set_id) - 1 AS last_day
			  FROM %1$I.zone_set WHERE activated_at IS NOT NULL) d
		WHERE d.zone_set_id = s.zone_set_id AND d.last_day IS DISTINCT FROM s.valid_to
	$sql$, map);
	EXECUTE format($sql$
		UPDATE %1$I.zone_set s
		SET index = (SELECT zone_index_agg(zone_id, geom) FROM %1$I.zone z WHERE z.zone_set_id = s.zone_set_id AND z.is_leaf)
		WHERE s.zone_set_id IN (SELECT d.key::integer FROM pg_temp.georisk_difference d
								WHERE d.what = 'zone_set.index' AND d.recomputed NOT LIKE 'none can be built%%')
	$sql$, map);
	-- whoever remembers one of the sets reads it again
	EXECUTE format('UPDATE %I.zone_set SET edition = gen_random_uuid() WHERE activated_at IS NOT NULL', map);
	PERFORM switch_trigger(zone, 'freeze_updated', freezes), switch_trigger(zone_set, 'freeze_set', keeps),
			switch_trigger(zone_set, 'close_set', closes);

	EXECUTE format($sql$
		DELETE FROM %1$I.crosswalk c
		WHERE NOT EXISTS (SELECT FROM (SELECT lag(zone_set_id) OVER (ORDER BY valid_from, zone_set_id) AS old_set, zone_set_id AS new_set
									   FROM %1$I.zone_set WHERE activated_at IS NOT NULL) s
						  WHERE s.old_set = c.old_set AND s.new_set = c.new_set)
	$sql$, map);
	FOR step IN EXECUTE format($sql$
			SELECT s.old_set, s.new_set
			FROM (SELECT lag(zone_set_id) OVER (ORDER BY valid_from, zone_set_id) AS old_set, zone_set_id AS new_set
				  FROM %1$I.zone_set WHERE activated_at IS NOT NULL) s
			WHERE s.old_set IS NOT NULL AND EXISTS (SELECT FROM pg_temp.georisk_difference d
				WHERE d.what = 'crosswalk' AND split_part(d.key, ', ', 1) = s.new_set::text)
		$sql$, map)
	LOOP
		EXECUTE format('DELETE FROM %I.crosswalk WHERE new_set = $1', map) USING step.new_set;
		PERFORM write_crosswalk(map, step.old_set, step.new_set);
	END LOOP;
END
$$;
COMMENT ON FUNCTION mend_zones(text) IS
'Internal, used by rebuild: parents, dates, indexes and the crosswalk of the zone sets of a map.';

CREATE FUNCTION survey_all_zones(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	one integer;
BEGIN
	EXECUTE format('DELETE FROM %1$I.zone_neighbour; DELETE FROM %1$I.zone_ancestor; DELETE FROM %1$I.zone_point; '
		'DELETE FROM %1$I.zone_union; DELETE FROM %1$I.zone_shape', map);
	FOR one IN EXECUTE format('SELECT zone_set_id FROM %I.zone_set WHERE activated_at IS NOT NULL ORDER BY valid_from, zone_set_id', map) LOOP
		PERFORM survey_zones(map, one);
		PERFORM write_zone_shapes(map, one);
	END LOOP;
END
$$;
COMMENT ON FUNCTION survey_all_zones(text) IS
'Internal, used by rebuild: what survey_zones and write_zone_shapes store, anew for all zone sets that are or were in force.';

CREATE FUNCTION mend_reports(map text, step integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	report regclass := format('%I.report', map)::regclass;
	remembers "char";
	after bigint := -9223372036854775808;
	upto bigint;
	placed bigint;
	done bigint := 0;
BEGIN
	EXECUTE format($sql$
		DELETE FROM %1$I.placement p WHERE NOT EXISTS (SELECT FROM %1$I.report r WHERE r.report_id = p.report_id)
			OR (SELECT count(*) FROM %1$I.zone_set WHERE activated_at IS NOT NULL) < 2
	$sql$, map);
	EXECUTE format($sql$
		DELETE FROM %1$I.possible_place p WHERE NOT EXISTS (SELECT FROM %1$I.report r WHERE r.report_id = p.report_id)
			OR (SELECT count(*) FROM %1$I.zone_set WHERE activated_at IS NOT NULL) < 2
	$sql$, map);
	CREATE TEMP TABLE georisk_misplaced ON COMMIT DROP AS
	SELECT DISTINCT split_part(d.key, ', ', 1)::bigint AS report_id FROM pg_temp.georisk_difference d
	WHERE d.what LIKE 'report.%' OR d.what IN ('placement', 'possible_place');
	CREATE INDEX ON georisk_misplaced (report_id);
	ANALYZE georisk_misplaced;
	-- A mended row says what it said: nothing to remember. The triggers that place and settle do the work.
	remembers := switch_trigger(report, 'remember_updated', 'D');
	LOOP
		SELECT max(m.report_id) INTO upto
		FROM (SELECT report_id FROM pg_temp.georisk_misplaced WHERE report_id > after ORDER BY report_id LIMIT step) m;
		EXIT WHEN upto IS NULL;
		EXECUTE format('UPDATE %I.report r SET outcome = r.outcome FROM pg_temp.georisk_misplaced m '
			'WHERE m.report_id = r.report_id AND m.report_id > $1 AND m.report_id <= $2', map) USING after, upto;
		GET DIAGNOSTICS placed = ROW_COUNT;
		done := done + placed;
		after := upto;
		PERFORM show_progress(format('map "%s": %s reports placed again', map, done));
	END LOOP;
	PERFORM switch_trigger(report, 'remember_updated', remembers);
	DROP TABLE pg_temp.georisk_misplaced;
	EXECUTE format('ANALYZE %1$I.report, %1$I.placement, %1$I.possible_place', map);
END
$$;
COMMENT ON FUNCTION mend_reports(text, integer) IS
'Internal, used by rebuild: places again the reports that are not where they belong, so many at a time, and forgets places of reports that are gone.';

CREATE FUNCTION mend_assessments(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	one integer;
BEGIN
	EXECUTE format('WITH %2$s UPDATE %1$I.assessment a SET before_id = b.before_id FROM before b '
		'WHERE b.assessment_id = a.assessment_id AND b.before_id IS DISTINCT FROM a.before_id', map, slow_tier_changes_query(map));
	-- one after the other: a run goes on from the assessment before
	FOR one IN EXECUTE format('SELECT assessment_id FROM %I.assessment ORDER BY assessment_id', map) LOOP
		EXECUTE format($sql$
			UPDATE %1$I.assessment_tier t
			SET previous_tier = x.from_tier,
				since = CASE WHEN x.overtaken AND x.from_tier = x.tier THEN t.since WHEN x.from_tier = x.tier THEN x.from_since ELSE x.as_of END
			FROM (SELECT n.assessment_tier_id, n.tier, o.tier AS from_tier, o.since AS from_since, a.as_of,
						 EXISTS (SELECT FROM %1$I.assessment e JOIN %1$I.assessment l ON l.layer_id = e.layer_id AND l.assessment_id < e.assessment_id
								 AND l.as_of > e.as_of WHERE e.assessment_id < $1) AS overtaken
				  FROM %1$I.assessment a JOIN %1$I.assessment_tier n USING (assessment_id)
				  LEFT JOIN %1$I.assessment_tier o ON o.assessment_id = a.before_id AND o.code = n.code
				  WHERE a.assessment_id = $1) x
			WHERE x.assessment_tier_id = t.assessment_tier_id
			  AND (t.previous_tier, t.since) IS DISTINCT FROM (x.from_tier,
				CASE WHEN x.overtaken AND x.from_tier = x.tier THEN t.since WHEN x.from_tier = x.tier THEN x.from_since ELSE x.as_of END)
		$sql$, map) USING one;
	END LOOP;
	EXECUTE format($sql$
		WITH %2$s, wrong AS MATERIALIZED (
			SELECT DISTINCT split_part(d.key, ', ', 1)::integer AS assessment_id FROM pg_temp.georisk_difference d
			WHERE d.what IN ('tier_change', 'assessment.before_id')
		), gone AS (
			DELETE FROM %1$I.tier_change t USING wrong w, before b
			WHERE t.assessment_id = w.assessment_id AND b.assessment_id = w.assessment_id
			  AND NOT EXISTS (SELECT FROM changes c WHERE (c.assessment_id, c.code) = (t.assessment_id, t.code))
		)
		INSERT INTO %1$I.tier_change AS t (assessment_id, before_id, as_of, zone_id, code, from_rank, from_tier, tier_rank, tier, reason)
		SELECT c.assessment_id, c.before_id, c.as_of, c.zone_id, c.code, c.from_rank, c.from_tier, c.tier_rank, c.tier, c.reason
		FROM changes c JOIN wrong w USING (assessment_id) ORDER BY c.assessment_id, c.zone_id
		ON CONFLICT (assessment_id, code) DO UPDATE SET (before_id, as_of, zone_id, from_rank, from_tier, tier_rank, tier, reason) =
			(excluded.before_id, excluded.as_of, excluded.zone_id, excluded.from_rank, excluded.from_tier, excluded.tier_rank, excluded.tier, excluded.reason)
	$sql$, map, slow_tier_changes_query(map));
END
$$;
COMMENT ON FUNCTION mend_assessments(text) IS
'Internal, used by rebuild: what follows from the recorded tiers: which assessment came before, since when, and tier_change.';

CREATE FUNCTION mend_views(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	options text[];
	statement text;
BEGIN
	-- CREATE OR REPLACE VIEW forgets the owner's ALTER VIEW ... SET
	SELECT coalesce(array_agg(format('ALTER VIEW %s SET (%s)', c.oid::regclass, array_to_string(c.reloptions, ', '))), '{}')
	INTO options FROM pg_class c
	WHERE c.relnamespace = to_regnamespace(quote_ident(map)) AND c.relkind = 'v' AND c.reloptions IS NOT NULL;
	PERFORM write_views(map);
	FOREACH statement IN ARRAY options LOOP
		EXECUTE statement;
	END LOOP;
END
$$;
COMMENT ON FUNCTION mend_views(text) IS 'Internal, used by rebuild: writes all views of a map anew, and leaves what their owner set on them.';

CREATE FUNCTION beyond_mending(what text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT CASE
		WHEN what = 'zone' THEN 'A zone is gone that was in force, and what follows from it is left as it is. Take its row from a backup, with its zone_id, while the triggers of zone are disabled, and call rebuild again.'
		WHEN what = 'zone_set.index' THEN 'Its zones are not those that were activated: see the other differences of that set, put them back, and call rebuild again.'
		WHEN what LIKE 'zone_set.%' THEN 'What was in force from when is nobody''s to guess. Take it from a backup.'
		WHEN what LIKE 'submission%' THEN 'A receipt is what was counted when the rows came; it cannot be counted again. Compare with the file.'
		WHEN what LIKE 'reduced_report%' THEN 'What a reduced report was placed by is kept nowhere else. Take its row and its places from a backup, and reduce it again.'
		WHEN what LIKE 'report_past%' THEN 'What a report said before is kept nowhere else. Take it from a backup.'
		WHEN what LIKE 'assessment%' THEN 'A recorded tier is what was found then. Take it from a backup, or assess the day again.'
		WHEN what LIKE 'published%' THEN 'What the public was told is what was said then. Take it from a backup.'
		WHEN what = 'announced_tier' THEN 'What was announced is what was said then. Take it from a backup, or announce anew.'
		WHEN what = 'role_grant' THEN 'The role is gone, has another name, or was made anew; or the map was restored without privileges. georisk.revoke_role ends it by the name that it has in role_grant, georisk.grant_role gives it to the role that has the name now.'
		WHEN what = 'in the way' THEN 'What others put where georisk looks for functions runs with the rights of whoever calls it: REVOKE CREATE ON SCHEMA, look at what is there, DROP it, or let a superuser own it.'
		WHEN what = 'table' THEN 'Take it from a backup, with its triggers. Where it cannot be had, georisk.upgrade_map makes one that is empty: of role_grant, revoke from the roles by hand what they had.'
		ELSE 'It still differs after all was made anew: please report this.'
	END;
END;
COMMENT ON FUNCTION beyond_mending(text) IS
'Internal, used by rebuild: what to do about a difference that it cannot mend.';

CREATE FUNCTION rebuild(map text)
RETURNS TABLE (what text, key text, stored text, recomputed text, mended boolean, remark text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	part text;
	found bigint;
	lacks_zones boolean := false;
	role_before text := current_setting('role');
	owner name;
BEGIN
	PERFORM need_map(map);
	SELECT r.rolname INTO owner FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
	WHERE c.oid = format('%I.settings', map)::regclass;
	IF NOT pg_has_role(owner, 'MEMBER') THEN
		RAISE EXCEPTION 'map "%" belongs to %', map, owner USING
			ERRCODE = 'insufficient_privilege',
			HINT = 'Its owner, a member of that role or a superuser rebuilds it.';
	END IF;
	RETURN QUERY SELECT 'table', t, NULL::text, 'a table', false, beyond_mending('table') FROM lost_tables(map) t;
	IF EXISTS (SELECT FROM lost_tables(map)) THEN
		RETURN;
	END IF;
	PERFORM need_latest_snapshot('a map cannot be rebuilt', 'Reports that came while it waited for their writers would be missed.');
	IF current_setting('session_replication_role') = 'replica' THEN
		RAISE EXCEPTION 'a map cannot be rebuilt by a session that fires no triggers' USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'SET session_replication_role = origin.';
	END IF;
	-- a view or trigger that is made anew belongs to the map's owner
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	-- in the order in which activate_zones, assess and changes of aliases take them
	EXECUTE format('LOCK TABLE %1$I.zone_set, %1$I.zone, %1$I.assessment, %1$I.zone_alias, %1$I.layer, %1$I.layer_policy, %1$I.measure, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	CREATE TEMP TABLE georisk_difference (what text, key text, stored text, recomputed text) ON COMMIT DROP;
	CREATE TEMP TABLE georisk_mended (n bigint GENERATED ALWAYS AS IDENTITY, what text, key text, stored text, recomputed text,
		mended boolean) ON COMMIT DROP;
	-- each part stands on the ones before it
	FOREACH part IN ARRAY ARRAY['triggers', 'zones', 'neighbours', 'reports', 'receipts', 'assessments', 'views'] LOOP
		TRUNCATE pg_temp.georisk_difference;
		INSERT INTO pg_temp.georisk_difference SELECT * FROM verify(map, ARRAY[part]);
		GET DIAGNOSTICS found = ROW_COUNT;
		CONTINUE WHEN found = 0;
		PERFORM show_progress(format('map "%s": mending %s, differences: %s', map, part, found));
		ANALYZE pg_temp.georisk_difference;
		-- Where a zone is gone, its index, its places and its neighbours are all that is left of it.
		lacks_zones := lacks_zones OR EXISTS (SELECT FROM pg_temp.georisk_difference d WHERE d.what = 'zone');
		IF part = 'triggers' THEN
			PERFORM mend_triggers(map);
		ELSIF part = 'assessments' THEN
			PERFORM mend_assessments(map);
		ELSIF part = 'views' THEN
			PERFORM mend_views(map);
		ELSIF part = 'zones' AND NOT lacks_zones THEN
			PERFORM mend_zones(map);
			PERFORM survey_all_zones(map);
		ELSIF part = 'neighbours' AND NOT lacks_zones THEN
			PERFORM survey_all_zones(map);
		ELSIF part = 'reports' AND NOT lacks_zones THEN
			PERFORM mend_reports(map, 100000);
		END IF;
		INSERT INTO pg_temp.georisk_mended (what, key, stored, recomputed, mended)
		SELECT coalesce(d.what, l.what), coalesce(d.key, l.key), coalesce(d.stored, l.stored), coalesce(d.recomputed, l.recomputed), l.what IS NULL
		FROM pg_temp.georisk_difference d
		FULL JOIN (SELECT v.* FROM verify(map, ARRAY[part]) v) l ON l.what = d.what AND l.key = d.key
		ORDER BY coalesce(d.what, l.what) COLLATE "C", coalesce(d.key, l.key) COLLATE "C";
	END LOOP;
	RETURN QUERY SELECT m.what, m.key, m.stored, m.recomputed, m.mended, CASE WHEN NOT m.mended THEN beyond_mending(CASE WHEN lacks_zones AND m.what !~ '^(submission|reduced_report|report_past|assessment|announced_tier|table|view)' THEN 'zone' ELSE m.what END) END
				 FROM pg_temp.georisk_mended m ORDER BY m.n;
	DROP TABLE pg_temp.georisk_difference, pg_temp.georisk_mended;
	PERFORM set_config('role', role_before, true);
END
$$;
COMMENT ON FUNCTION rebuild(text) IS
'Mends what verify finds in a map, in one transaction: triggers that are lost, changed or disabled, numbers of new rows, parents, dates and indexes of zone sets, neighbours, the crosswalk, the places of reports, what follows from recorded tiers, and the views with the indexes that they count from. Only what differs is written. Returns what it found, each with mended, and a remark on what to do where it could not: a zone, a receipt or a recorded tier that is gone is kept nowhere else and is not made up. Afterwards verify finds nothing but those. It waits for those who write reports, zones, aliases or assessments, and they wait for it; readers wait only while views that are wrong are replaced. What reports said before is left alone: a mended report is not a changed one. Says in notices how far it is. Not in a repeatable read or serializable transaction, nor with session_replication_role = replica. The caller owns the map, or is a superuser.';
