CREATE FUNCTION compare_reports(map text, source text, taken integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	-- a withdrawal that gives no day agrees with any
	alike CONSTANT text := '(r.report_day = w.report_day OR NOT w.day_given)
		AND (r.withdrawn, nullif(clean_text(r.disease), ''''), r.status, r.setting, r.origin, r.link, r.onset_day, r.sample_day,
			r.n, nullif(clean_text(r.household), ''''), nullif(clean_text(r.zone_code), ''''), r.geom, r.geocode_quality,
			nullif(clean_text(r.note), ''''))
		IS NOT DISTINCT FROM (w.withdrawn, w.disease, w.status, w.setting, w.origin, w.link, w.onset_day, w.sample_day,
			w.n, w.household, w.zone_code, w.geom, w.geocode_quality, w.note)';
	-- of a reduced report no more than this is left
	alike_or_reduced CONSTANT text := format('CASE WHEN r.reduced_at IS NULL THEN %s ELSE (r.report_day = w.report_day OR NOT w.day_given)
		AND (r.withdrawn, nullif(clean_text(r.disease), ''''), r.status, r.setting, r.origin, r.link, r.onset_day, r.sample_day, r.n)
		IS NOT DISTINCT FROM (w.withdrawn, w.disease, w.status, w.setting, w.origin, w.link, w.onset_day, w.sample_day, w.n) END', alike);
	compared CONSTANT text := 'UPDATE georisk_intake w SET verdict = CASE WHEN %1$s THEN ''duplicate'' ELSE ''rejected'' END,
			problem = CASE WHEN NOT (%1$s) THEN ARRAY[''conflicting_content'', ''external_id'', w.external_id] END
		FROM %2$s r
		WHERE w.verdict IS NULL AND w.external_id = r.external_id AND w.revision = r.revision AND %3$s';
BEGIN
	PERFORM name_reduced(map, source);
	EXECUTE format(compared, alike_or_reduced, format('%I.report', map), 'r.source = $1') USING source;
	PERFORM plan_for(NULL);
	EXECUTE format(compared, alike, 'georisk_intake', 'w.copy > 1 AND r.copy = 1 AND r.verdict IS NULL');
	PERFORM plan_for(taken);
END
$$;
COMMENT ON FUNCTION compare_reports(text, text, integer) IS
'Internal, used by submit_reports: of the rows in georisk_intake, those that are in report already, or earlier among themselves, by source, external_id and revision, are duplicates where all their content is the same, else rejected.';

CREATE FUNCTION reduced_id(salt bigint, source text, external_id text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT CASE WHEN external_id ~ '^kept:[0-9a-f]{32}$' THEN external_id
		   ELSE 'kept:' || left(encode(sha256(convert_to(salt || ':' || octet_length(source) || ':' || source || external_id, 'UTF8')), 'hex'), 32) END;
END;
COMMENT ON FUNCTION reduced_id(bigint, text, text) IS
'Internal: what reduce_reports puts in the place of an external_id: a digest of the map''s salt, the source and the id, by which the same report is known when it comes again. A digest stays what it is.';

CREATE FUNCTION name_reduced(map text, source text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	has_reduced boolean;
	salt bigint;
BEGIN
	EXECUTE format('SELECT s.reduced_before IS NOT NULL, s.household_salt FROM %I.settings s', map) INTO has_reduced, salt;
	IF has_reduced THEN
		EXECUTE format('UPDATE georisk_intake w SET external_id = r.external_id FROM %I.report r '
			'WHERE w.verdict IS NULL AND r.source = $1 AND r.external_id = reduced_id($2, $1, w.external_id)', map) USING source, salt;
	END IF;
END
$$;
COMMENT ON FUNCTION name_reduced(text, text) IS
'Internal, used by submit_reports: rows of georisk_intake whose report was reduced get the digest that it is known by.';

CREATE FUNCTION plan_for(rows integer) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 1
BEGIN ATOMIC
	SELECT set_config(name, CASE WHEN (rows < 2000) IS TRUE = few THEN 'on' ELSE 'off' END, true)
	FROM (VALUES ('enable_nestloop', true), ('enable_hashjoin', false), ('enable_seqscan', false)) AS setting (name, few);
END;
COMMENT ON FUNCTION plan_for(integer) IS
'Internal, used by submit_reports, which knows how many rows there are where the planner, of tables just filled or vacuumed while empty, does not: a few go through the indexes, many through hash joins. A merge join may take one key of two and is never taken. NULL is many.';

CREATE FUNCTION write_reports(map text, source text, submission integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	written record;
BEGIN
	-- With DO NOTHING a transaction that cannot see another's row fails as it should: 40001, try again.
	EXECUTE format($sql$
		WITH written AS (
			INSERT INTO %1$I.report (source, external_id, revision, withdrawn, disease, status, setting, origin, link,
				onset_day, sample_day, report_day, n, household, zone_code, geom, geocode_quality, note,
				submission_id, line, hint, given)
			SELECT $1, external_id, revision, withdrawn, disease, status, setting, origin, link,
				   onset_day, sample_day, report_day, n, household, zone_code, geom, geocode_quality, note,
				   $2, line, hint, CASE WHEN hint IS NOT NULL THEN jsonb_strip_nulls(to_jsonb(raw)) - 'arrived' - 'entered_by' END
			FROM georisk_intake WHERE verdict IS NULL ORDER BY external_id COLLATE "C", revision
			%2$s
			RETURNING report_id
		)
		SELECT min(report_id) AS first, max(report_id) AS last FROM written
	$sql$, map, CASE WHEN current_setting('transaction_isolation') <> 'read committed' THEN 'ON CONFLICT DO NOTHING' END)
		INTO written USING source, submission;
	EXECUTE format($sql$
		INSERT INTO %1$I.rejected_report (submission_id, source, line, reason, detail, hint, original)
		SELECT $2, $1, line, problem[1], concat_ws(' ', problem[2], '"' || left(problem[3], 100) || '"'),
			   intake_hint(problem[1], (SELECT lang FROM %1$I.settings)), jsonb_strip_nulls(to_jsonb(raw)) - 'arrived' - 'entered_by'
		FROM georisk_intake WHERE verdict = 'rejected' ORDER BY arrived
	$sql$, map) USING source, submission;
	EXECUTE format($sql$
		UPDATE %1$I.submission SET (received, duplicate, rejected) =
			(SELECT count(*), count(*) FILTER (WHERE verdict = 'duplicate'), count(*) FILTER (WHERE verdict = 'rejected')
			 FROM georisk_intake),
			(placed_by_code, placed_by_point, outside, no_place, unknown_code, bad_point, not_precise, waiting,
			 lost_in_boundary_change, superseded, withdrawn) =
			(SELECT count(*) FILTER (WHERE outcome = 'placed_by_code'), count(*) FILTER (WHERE outcome = 'placed_by_point'),
					count(*) FILTER (WHERE outcome = 'outside'), count(*) FILTER (WHERE outcome = 'no_place'),
					count(*) FILTER (WHERE outcome = 'unknown_code'), count(*) FILTER (WHERE outcome = 'bad_point'),
					count(*) FILTER (WHERE outcome = 'not_precise'), count(*) FILTER (WHERE outcome = 'waiting'),
					count(*) FILTER (WHERE outcome = 'lost_in_boundary_change'),
					count(*) FILTER (WHERE outcome = 'superseded'), count(*) FILTER (WHERE outcome = 'withdrawn')
			 FROM %1$I.report WHERE report_id BETWEEN $2 AND $3 AND submission_id = $1)
		WHERE submission_id = $1
	$sql$, map) USING submission, written.first, written.last;
END
$$;
COMMENT ON FUNCTION write_reports(text, text, integer) IS
'Internal, used by submit_reports: writes the rows of georisk_intake into report and rejected_report, and counts the outcomes into the receipt.';

CREATE FUNCTION check_submission(map text, source text, complete_until date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	today date;
BEGIN
	PERFORM need_map(map);
	IF coalesce(clean_text(source), '') = '' THEN
		RAISE EXCEPTION 'the source of the reports is missing' USING
			ERRCODE = 'null_value_not_allowed',
			HINT = format('georisk.submit_reports(%L, ''ward Ben Nghe'')', map);
	END IF;
	EXECUTE format('SELECT coalesce(day, (now() AT TIME ZONE timezone)::date) FROM %I.settings', map) INTO today;
	IF complete_until > today OR NOT isfinite(complete_until) THEN
		RAISE EXCEPTION 'reports cannot be complete until %, which is after the map''s day',
			CASE WHEN isfinite(complete_until) THEN to_char(complete_until, 'YYYY-MM-DD') ELSE complete_until::text END USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The map''s day is %s.', to_char(today, 'YYYY-MM-DD'));
	END IF;
END
$$;
COMMENT ON FUNCTION check_submission(text, text, date) IS
'Internal, used by submit_reports: an error where there is no such map, no source, or a day of completeness that has not come yet.';

CREATE FUNCTION take_reports(map text, source text, file text, complete_until date, label text, author text) RETURNS submission_receipt
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT SET client_min_messages = warning SET jit = off SET work_mem = '64MB'
SET enable_nestloop = on SET enable_hashjoin = on SET enable_mergejoin = off SET enable_seqscan = on AS $$
DECLARE
	sender text := clean_text(source);
	taken integer;
	submission integer;
	receipt submission_receipt;
BEGIN
	PERFORM check_submission(map, source, complete_until);
	PERFORM plan_for(NULL);
	-- before report, as who fills it in the same transaction takes them
	EXECUTE format('LOCK TABLE %I.report_in IN ROW EXCLUSIVE MODE', map);
	-- An INSERT of nothing waits for its turn as every writer of reports does.
	EXECUTE format('INSERT INTO %I.report (report_day) SELECT NULL::date WHERE false', map);
	PERFORM show_progress(format('map "%s": reading what waits', map), true);
	taken := read_reports(map, sender, clean_text(label), author);
	PERFORM show_progress(format('map "%s": %s rows read, comparing them with the reports', map, taken), true);
	PERFORM plan_for(taken);
	PERFORM compare_reports(map, sender, taken);
	EXECUTE format('INSERT INTO %I.submission (source, label, file, complete_until, submitted_by) VALUES ($1, $2, $3, $4, $5) '
		'RETURNING submission_id', map) INTO submission USING sender, clean_text(label), file, complete_until, acting_role();
	PERFORM show_progress(format('map "%s": writing %s rows', map, taken), true);
	PERFORM write_reports(map, sender, submission);
	PERFORM show_progress(NULL);
	DROP TABLE pg_temp.georisk_intake;
	EXECUTE format($sql$
		SELECT submission_id, source, label, file, submitted_by, submitted_at, complete_until, received, placed_by_code,
			   placed_by_point, outside, no_place, unknown_code, bad_point, not_precise, waiting,
			   lost_in_boundary_change, superseded, withdrawn,
			   duplicate, rejected
		FROM %I.submission WHERE submission_id = $1
	$sql$, map) INTO receipt USING submission;
	RETURN receipt;
END
$$;
COMMENT ON FUNCTION take_reports(text, text, text, date, text, text) IS
'Internal, used by submit_reports and submit_own: of the rows of one author, NULL of all, what submit_reports says.';

CREATE FUNCTION submit_reports(map text, source text, file text DEFAULT NULL, complete_until date DEFAULT NULL,
	label text DEFAULT NULL) RETURNS submission_receipt
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM need_writer(map, 'submission', 'submit_own');
	RETURN take_reports(map, source, file, complete_until, label, NULL);
END
$$;
COMMENT ON FUNCTION submit_reports(text, text, text, date, text) IS
'Takes what waits in a map''s report_in from one source, and rows that name no source, and gives every row one outcome: a report, a duplicate, or a row of rejected_report with its line and the reason; returns the receipt, a row of the table submission, in which the outcomes add up to the rows received. Dates and numbers are read as the table source declares, ISO otherwise, whatever the session''s settings. Reports are known by source, external_id and revision: revisions and withdrawals may come in any order, the highest counts, and the same file again changes nothing. label takes only the rows of that label in report_in. complete_until says until which day the source''s reports are complete, also where there is nothing else to report; it may not lie after the map''s day. Once a source said so, the zones that it answers for wait for it, see the table source: on days after it they get no milder. One submission or other writer at a time for a map; the next waits. All or nothing: where it fails, everything still waits in report_in. Rows that reporters and officers entered wait for their own submit_own, which asks for which sources they speak. The caller needs SELECT on settings, source, zone, zone_set and report, INSERT on report, rejected_report and submission, SELECT and UPDATE on submission, and SELECT and DELETE on report_in.';

CREATE FUNCTION submit_own(map text, source text, file text DEFAULT NULL, complete_until date DEFAULT NULL,
	label text DEFAULT NULL) RETURNS submission_receipt
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	sender text := clean_text(source);
	acting text := acting_role();
	is_for_all boolean;
	is_declared boolean;
BEGIN
	PERFORM need_writer(map, 'submission', 'submit_own');
	PERFORM check_submission(map, source, complete_until);
	EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.role_grant g '
		'WHERE g.revoked_at IS NULL AND g.zone_code IS NULL AND g.kind IN (''reporter'', ''officer'') AND pg_has_role($1, to_regrole(quote_ident(g.role_name)), ''USAGE'')) '
		'OR pg_has_role($1, (SELECT c.relowner FROM pg_class c WHERE c.oid = %2$L::regclass), ''USAGE''), '
		'EXISTS (SELECT FROM (%3$s) s WHERE s.source = $2)', map, format('%I.settings', map), granted_sources_query(map, '$1'))
		INTO is_for_all, is_declared USING acting::name, sender;
	-- who said that a source is complete, or sent a higher revision, would otherwise speak for another ward
	IF NOT (is_for_all OR is_declared) THEN
		RAISE EXCEPTION 'role "%" may not submit for the source "%"', acting, sender USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = 'It reports for a zone, and the table source declares this source for none of that zone.',
			HINT = format('SELECT source FROM %I.own_source lists its sources; the owner of the map declares one in the table source, with its zone_code.', map);
	END IF;
	RETURN take_reports(map, sender, file, complete_until, label, acting);
END
$$;
COMMENT ON FUNCTION submit_own(text, text, text, date, text) IS
'Submits as submit_reports does, but only the rows of report_in that whoever acts entered, and only for a source that its grant covers: one declared, in the table source, for the zone for which it is reporter or officer or one below; any where that is the whole map. Reporters call it as submit_own of the map''s schema, without the argument map; the caller here needs the rights for submit_reports.';
