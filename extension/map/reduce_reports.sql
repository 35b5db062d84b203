CREATE FUNCTION check_older_than(map text, older_than date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	today date;
	has_zones boolean;
BEGIN
	IF older_than IS NULL THEN
		RAISE EXCEPTION 'the day before which reports are reduced is missing' USING
			ERRCODE = 'null_value_not_allowed',
			HINT = format('georisk.reduce_reports(%L, interval ''1 year'')', map);
	END IF;
	EXECUTE format('SELECT map_day(%1$L), EXISTS (SELECT FROM %1$I.zone_set WHERE activated_at IS NOT NULL)', map) INTO today, has_zones;
	IF NOT isfinite(older_than) OR older_than > today THEN
		RAISE EXCEPTION 'reports cannot be reduced up to a day after the map''s day' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The map''s day is %s.', to_char(today, 'YYYY-MM-DD'));
	END IF;
	IF NOT has_zones THEN
		RAISE EXCEPTION 'reports of map "%" have no place yet', map USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = 'No zones are in force, and what a report is placed by would be lost.',
			HINT = 'Put zones in force with georisk.activate_zones first.';
	END IF;
END
$$;
COMMENT ON FUNCTION check_older_than(text, date) IS
'Internal, used by reduce_reports: an error where the day is missing or still to come, or where reports would lose their place.';

CREATE FUNCTION emptied_columns(map text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	report regclass := format('%I.report', map)::regclass;
	needed text[];
	own record;
	columns text := 'household = NULL, zone_code = NULL, geom = NULL, geocode_quality = NULL, note = NULL, line = NULL, given = NULL';
BEGIN
	EXECUTE format('SELECT coalesce(array_agg(DISTINCT k), ''{}'') || kept_columns() FROM %I.measure m, jsonb_object_keys(m.filter) k', map) INTO needed;
	FOR own IN SELECT a.attname, a.attnotnull FROM pg_attribute a
			   WHERE a.attrelid = report AND a.attname = ANY (filter_columns(report)) AND a.attname <> ALL (needed) AND a.attgenerated = ''
			   ORDER BY a.attnum
	LOOP
		IF own.attnotnull THEN
			RAISE EXCEPTION 'column "%" of % cannot be emptied', own.attname, report USING
				ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'No measure needs it, so older reports may not keep it, and it is NOT NULL.',
				HINT = format('ALTER TABLE %s ALTER %I DROP NOT NULL, or name it in the filter of a measure.', report, own.attname);
		END IF;
		columns := columns || format(', %I = NULL', own.attname);
	END LOOP;
	RETURN columns;
END
$$;
COMMENT ON FUNCTION emptied_columns(text) IS
'Internal, used by reduce_reports: the columns of report that a reduced report loses, as assignments: what names, places or describes a person, and columns of the owner''s that no measure counts by.';

CREATE FUNCTION reduce_reports(map text, older_than date) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	owner name := map_owner(map);
	role_before text := current_setting('role');
	report regclass;
	triggers CONSTANT name[] := '{place,settle_updated,write_updated,remember_updated}';
	states "char"[];
	done record;
	rejected integer;
	waiting integer;
BEGIN
	PERFORM check_older_than(map, older_than);
	PERFORM need_latest_snapshot('reports cannot be reduced', 'Reports that came while it waited for their writers would be missed.');
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	report := format('%I.report', map)::regclass;
	EXECUTE format('LOCK TABLE %1$I.report_in, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	PERFORM show_progress(format('map "%s": reducing reports', map), true);
	-- Nothing that a report counts for changes: it is not placed, settled or remembered anew.
	SELECT array_agg(switch_trigger(report, t, 'D') ORDER BY place) INTO states FROM unnest(triggers) WITH ORDINALITY t (t, place);
	EXECUTE format($sql$
		WITH aged AS MATERIALIZED (
			-- a report is as old as the newest day that any of its revisions says, so that all of them bear the same key
			SELECT k.source, k.external_id, reduced_id((SELECT household_salt FROM %1$I.settings), k.source, k.external_id) AS digest
			FROM (SELECT source, external_id, report_day FROM %1$I.report WHERE external_id IS NOT NULL
				  UNION ALL SELECT source, external_id, report_day FROM %1$I.report_past WHERE external_id IS NOT NULL) k
			GROUP BY k.source, k.external_id HAVING max(k.report_day) < $1
		), past AS (
			UPDATE %1$I.report_past p SET external_id = a.digest FROM aged a
			WHERE p.source = a.source AND p.external_id = a.external_id AND p.external_id <> a.digest
		), named AS (
			UPDATE %1$I.report r SET external_id = a.digest, reduced_at = $2, %2$s FROM aged a
			WHERE r.source = a.source AND r.external_id = a.external_id AND r.reduced_at IS NULL
			RETURNING r.submission_id
		), nameless AS (
			UPDATE %1$I.report SET reduced_at = $2, %2$s
			WHERE external_id IS NULL AND report_day < $1 AND reduced_at IS NULL
			RETURNING submission_id
		)
		SELECT count(*) AS reports, count(submission_id) AS submitted FROM (TABLE named UNION ALL TABLE nameless) x
	$sql$, map, emptied_columns(map)) INTO done USING older_than, map_clock(map);
	PERFORM switch_trigger(report, t.name, t.state) FROM unnest(triggers, states) t (name, state);
	EXECUTE format($sql$
		WITH aged AS (
			SELECT submission_id FROM %1$I.submission s CROSS JOIN %1$I.settings m WHERE (s.submitted_at AT TIME ZONE m.timezone)::date < $1
		), nameless AS (
			UPDATE %1$I.submission s SET file = NULL, label = NULL FROM aged a
			WHERE a.submission_id = s.submission_id AND (s.file IS NOT NULL OR s.label IS NOT NULL)
		), emptied AS (
			UPDATE %1$I.rejected_report j SET original = '{}', detail = NULL FROM aged a
			WHERE a.submission_id = j.submission_id AND (j.original <> '{}' OR j.detail IS NOT NULL)
			RETURNING 1
		)
		SELECT count(*) FROM emptied
	$sql$, map) INTO rejected USING older_than;
	EXECUTE format('SELECT count(*) FROM %I.report_in', map) INTO waiting;
	IF waiting > 0 THEN
		RAISE NOTICE 'map "%": % rows wait in report_in and were left as they are; submit_reports takes them', map, waiting;
	END IF;
	EXECUTE format('UPDATE %I.settings SET reduced_before = greatest(reduced_before, $1) WHERE reduced_before IS DISTINCT FROM greatest(reduced_before, $1)',
		map) USING older_than;
	EXECUTE format('INSERT INTO %I.protection (action, older_than, reports, submitted, rejected, waiting, assessments) '
		'VALUES (''reduced'', $1, $2, $3, $4, 0, 0)', map) USING older_than, done.reports, done.submitted, rejected;
	-- the planner's samples hold values as well
	EXECUTE format('ANALYZE %1$I.report, %1$I.report_past, %1$I.rejected_report, %1$I.submission', map);
	PERFORM show_progress(NULL);
	PERFORM set_config('role', role_before, true);
	RETURN done.reports;
END
$$;
COMMENT ON FUNCTION reduce_reports(text, date) IS
'Retention: takes from all reports of days before older_than what counting does not need, and returns how many rows of report that were. A report is as old as the newest report_day of all its revisions, and of what report_past keeps of it. It loses household (as a name), zone_code, geom, geocode_quality, note, line, given, and every column of the owner''s that no measure counts by; external_id becomes a digest, by which the report is still known when the same file, a correction or a withdrawal comes again. It keeps its days, its zones in all zone sets, outcome, n, household_key, source, disease, status, setting, origin, link, revision, withdrawn, recorded_at and submission_id: tiers, counts and households of every day stay as they are, also as they were known at any time. Receipts of submissions before older_than lose file and label, their rows in rejected_report the row as it came. What waits in report_in is left alone, with a notice. From then on a reduced report stays where it is: a new alias does not move it, and a later zone set takes it over along the crosswalk, as a report without a point; two reports of a household, one reduced and one not, may count as two households once zones have changed. Cannot be undone, but by a backup. Call it again as time goes by, for example each night; what is reduced already is left alone. Who called it and when is kept in the table protection. An error, and nothing changed, where older_than is missing or after the map''s day, where no zones are in force, or where a column of the owner''s is NOT NULL and no measure needs it. Waits for those who write reports, and for assessments, and they wait. Dead rows hold what was taken until VACUUM; see docs/data-protection.md. Not in a repeatable read or serializable transaction. The caller owns the map, or is a superuser.';

CREATE FUNCTION reduce_reports(map text, older_than interval) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM map_owner(map);
	RETURN reduce_reports(map, (map_day(map) - older_than)::date);
END
$$;
COMMENT ON FUNCTION reduce_reports(text, interval) IS
'The same for reports older than so long before the map''s day: reduce_reports(''d1'', interval ''1 year'').';

CREATE FUNCTION carry_reduced(map text, before integer, draft integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	report regclass := format('%I.report', map)::regclass;
	has_reduced boolean;
	places "char";
	carried bigint;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.report WHERE reduced_at IS NOT NULL)', map) INTO has_reduced;
	IF NOT has_reduced THEN
		RETURN 0;
	END IF;
	places := switch_trigger(report, 'place', 'D');
	EXECUTE format($sql$
		WITH moved AS MATERIALIZED (
			SELECT r.report_id, r.zone_set_id, r.zone_id, r.outcome, r.household_key,
				   least(r.report_day, r.onset_day, r.sample_day) < (SELECT valid_from FROM %1$I.zone_set WHERE zone_set_id = $2) AS crosses,
				   s.new_zone_id
			FROM %1$I.report r
			LEFT JOIN (SELECT c.old_zone_id, min(c.new_zone_id) AS new_zone_id FROM %1$I.crosswalk c
					   WHERE c.new_set = $2 AND c.share_of_old > 0.5 GROUP BY c.old_zone_id) s ON s.old_zone_id = r.zone_id
			WHERE r.reduced_at IS NOT NULL
		), lay AS (
			SELECT report_id, zone_id, new_zone_id FROM moved WHERE zone_id IS NOT NULL
			UNION ALL
			SELECT q.report_id, q.zone_id, m.new_zone_id FROM moved m JOIN %1$I.possible_place q ON q.report_id = m.report_id AND q.zone_set_id = $1
		), kept AS (
			INSERT INTO %1$I.placement (report_id, zone_set_id, zone_id, outcome, household_key)
			SELECT report_id, zone_set_id, zone_id, CASE WHEN outcome NOT IN ('superseded', 'withdrawn') THEN outcome
				   WHEN zone_id IS NULL THEN 'no_place' ELSE 'placed_by_code' END, household_key
			FROM moved WHERE crosses
		), doubted AS (
			INSERT INTO %1$I.possible_place (report_id, zone_set_id, zone_id)
			SELECT DISTINCT l.report_id, $2, c.new_zone_id
			FROM lay l JOIN %1$I.crosswalk c ON c.old_zone_id = l.zone_id AND c.new_set = $2 AND c.share_of_old >= 0.05
			WHERE c.new_zone_id IS DISTINCT FROM l.new_zone_id
		)
		UPDATE %1$I.report r
		SET zone_set_id = $2, zone_id = m.new_zone_id, household_key = CASE WHEN m.new_zone_id IS NOT NULL THEN r.household_key END,
			outcome = CASE WHEN r.outcome IN ('superseded', 'withdrawn') THEN r.outcome WHEN m.new_zone_id IS NOT NULL THEN 'placed_by_code'
						   WHEN m.zone_id IS NOT NULL THEN 'lost_in_boundary_change' ELSE r.outcome END
		FROM moved m WHERE m.report_id = r.report_id
	$sql$, map) USING before, draft;
	GET DIAGNOSTICS carried = ROW_COUNT;
	PERFORM switch_trigger(report, 'place', places);
	RETURN carried;
END
$$;
COMMENT ON FUNCTION carry_reduced(text, integer, integer) IS
'Internal, used by activate_zones: takes reduced reports, of which only the zone is known, into a new zone set along the crosswalk, as carry_report does those without a point, and returns how many there are.';
