CREATE FUNCTION report_ids(map text, source text, ids text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	found bigint[];
BEGIN
	-- a row that bore the key once and bears another one now is that other report
	EXECUTE format($sql$
		SELECT coalesce(array_agg(report_id), '{}') FROM (
			SELECT report_id FROM %1$I.report WHERE source = $1 AND external_id = ANY ($2)
			UNION
			SELECT p.report_id FROM %1$I.report_past p WHERE p.source = $1 AND p.external_id = ANY ($2)
			  AND NOT EXISTS (SELECT FROM %1$I.report r WHERE r.report_id = p.report_id)) k
	$sql$, map) INTO found USING source, ids;
	RETURN found;
END
$$;
COMMENT ON FUNCTION report_ids(text, text, text[]) IS
'Internal: the numbers of all rows, there or deleted, of the report of these ids.';

CREATE FUNCTION layer_assessments_counting(map text, layer_id integer, ids bigint[]) RETURNS SETOF integer
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
	own_now text;
	own_then text;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	SELECT coalesce(string_agg(format(', r.%I', c), ''), ''),
		   coalesce(string_agg(format(', (e.more ->> %L)::%s AS %I', c, format_type(a.atttypid, -1), c), ''), '')
	INTO own_now, own_then
	FROM unnest(counting.columns) c JOIN pg_attribute a ON a.attrelid = format('%I.report', map)::regclass AND a.attname = c
	WHERE c <> ALL (kept_columns());
	RETURN QUERY EXECUTE format($sql$
		WITH made AS MATERIALIZED (
			SELECT a.assessment_id, a.as_of, a.known_at, a.zone_set_id,
				   policy_first_day(p.policy, policy_review_day(p.policy, a.as_of - coalesce(s.silence_limit, 0))) AS counted_from,
				   (SELECT count(*) > 1 FROM policy_inputs(p.policy) i WHERE i.kind = 'count') AS counts_several
			FROM %1$I.assessment a CROSS JOIN %1$I.settings s CROSS JOIN LATERAL (SELECT a.policy::risk_policy AS policy OFFSET 0) p
			WHERE a.layer_id = $1
		), live AS MATERIALIZED (
			SELECT m.assessment_id, m.as_of, m.counted_from, m.counts_several, r.source, r.external_id, r.revision, r.withdrawn,
				   r.disease, r.status, r.setting, r.origin, r.link, r.onset_day, r.sample_day, r.report_day, r.n%2$s,
				   CASE WHEN r.zone_set_id = m.zone_set_id THEN r.zone_id ELSE p.zone_id END AS zone_id,
				   EXISTS (SELECT FROM %1$I.possible_place q WHERE q.report_id = r.report_id AND q.zone_set_id = m.zone_set_id) AS is_possible
			FROM made m JOIN %1$I.report r ON r.report_id = ANY ($2) AND r.recorded_at <= m.known_at
			LEFT JOIN %1$I.placement p ON p.report_id = r.report_id AND p.zone_set_id = m.zone_set_id
			WHERE NOT EXISTS (SELECT FROM %1$I.report_past q WHERE q.report_id = r.report_id AND q.replaced_at > m.known_at)
			UNION ALL
			SELECT m.assessment_id, m.as_of, m.counted_from, m.counts_several, e.source, e.external_id, e.revision, e.withdrawn,
				   e.disease, e.status, e.setting, e.origin, e.link, e.onset_day, e.sample_day, e.report_day, e.n%3$s,
				   p.zone_id, p.possible IS NOT NULL
			FROM made m CROSS JOIN LATERAL (
				SELECT DISTINCT ON (f.report_id) f.* FROM %1$I.report_past f
				WHERE f.report_id = ANY ($2) AND f.recorded_at <= m.known_at AND f.replaced_at > m.known_at
				ORDER BY f.report_id, f.replaced_at, f.report_past_id) e
			LEFT JOIN %1$I.report_past p ON p.report_id = e.report_id AND p.replaced_at = e.replaced_at AND p.zone_set_id = m.zone_set_id
		)
		SELECT DISTINCT report.assessment_id FROM live report
		WHERE NOT report.withdrawn AND %4$s AND %5$s <= report.as_of AND report.n > 0
		  AND (report.zone_id IS NOT NULL OR report.is_possible)
		  AND NOT EXISTS (SELECT FROM live h WHERE h.assessment_id = report.assessment_id AND h.source = report.source
						  AND h.external_id = report.external_id AND h.revision > report.revision)
		  -- of days before those that it counts, a policy can look at the last one with a report
		  AND (%5$s >= report.counted_from OR report.counts_several OR EXISTS (
				SELECT FROM %1$I.assessment_tier t
				WHERE t.assessment_id = report.assessment_id AND t.days_since_last = report.as_of - %5$s
				  AND (t.zone_id = report.zone_id
					   OR t.zone_id IN (SELECT z.ancestor_id FROM %1$I.zone_ancestor z WHERE z.zone_id = report.zone_id))))
		ORDER BY 1
	$sql$, map, own_now, own_then, counting.counted, counting.day) USING layer_id, ids;
END
$$;
COMMENT ON FUNCTION layer_assessments_counting(text, integer, bigint[]) IS
'Internal: the assessments of a layer that counted one of these rows of report, as it stood at their known_at: in the days that their policy looks at, or as the last report of its zone before them.';

CREATE FUNCTION assessments_counting(map text, ids bigint[]) RETURNS SETOF integer
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
DECLARE
	one integer;
BEGIN
	FOR one IN EXECUTE format('SELECT DISTINCT layer_id FROM %I.assessment ORDER BY layer_id', map) LOOP
		RETURN QUERY SELECT * FROM layer_assessments_counting(map, one, ids);
	END LOOP;
END
$$;
COMMENT ON FUNCTION assessments_counting(text, bigint[]) IS
'Internal, used by erase_report and report_dossier: the assessments that counted one of these rows of report.';

CREATE FUNCTION erase_report(map text, source text, external_id text, ground text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	grounds CONSTANT text[] := '{request,consent_withdrawn,objection,no_longer_needed,unlawful,legal_obligation}';
	owner name := map_owner(map);
	role_before text := current_setting('role');
	key record;
	ids bigint[];
	counted integer[];
	brought integer[];
	done record;
	act integer;
BEGIN
	SELECT * INTO key FROM report_key(map, source, external_id);
	IF ground IS NULL OR ground <> ALL (grounds) THEN
		RAISE EXCEPTION 'the ground of the erasure is none of those that are known' USING
			ERRCODE = CASE WHEN ground IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = 'Grounds are ' || array_to_string(grounds, ', ') || '. Names belong in the file of the request, not here.';
	END IF;
	PERFORM need_latest_snapshot('a report cannot be erased', 'Revisions that came while it waited for their writers would be missed.');
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	EXECUTE format('LOCK TABLE %1$I.report_in, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	ids := report_ids(map, key.key_source, key.key_ids);
	counted := ARRAY(SELECT assessments_counting(map, ids));
	EXECUTE format('SELECT array_agg(DISTINCT submission_id) FROM %I.report WHERE report_id = ANY ($1)', map) INTO brought USING ids;
	EXECUTE format('WITH gone AS (DELETE FROM %I.report WHERE report_id = ANY ($1) RETURNING submission_id) '
		'SELECT count(*) AS reports, count(submission_id) AS submitted, 0::bigint AS past, 0::bigint AS rejected, 0::bigint AS waiting FROM gone', map)
		INTO done USING ids;
	-- what was deleted before came with some receipt as well
	EXECUTE format('SELECT count(DISTINCT p.report_id) FROM %I.report_past p WHERE p.report_id = ANY ($1)', map) INTO done.past USING ids;
	done.submitted := done.submitted + done.past - done.reports;
	EXECUTE format('WITH gone AS (DELETE FROM %I.report_past WHERE report_id = ANY ($1) OR source = $2 AND external_id = ANY ($3) RETURNING 1) '
		'SELECT count(*) FROM gone', map) INTO done.past USING ids, key.key_source, key.key_ids;
	EXECUTE format($sql$
		WITH emptied AS (
			UPDATE %I.rejected_report SET original = '{}', detail = NULL
			WHERE source = clean_text($1) AND clean_text(original ->> 'external_id') = clean_text($2[1]) RETURNING submission_id
		)
		SELECT count(*), $3 || array_agg(submission_id) FROM emptied
	$sql$, map) INTO done.rejected, brought USING key.key_source, key.key_ids, brought;
	EXECUTE format($sql$
		WITH gone AS (
			DELETE FROM %I.report_in WHERE coalesce(clean_text(source), '') IN ('', clean_text($1)) AND clean_text(external_id) = clean_text($2[1]) RETURNING 1
		)
		SELECT count(*) FROM gone
	$sql$, map) INTO done.waiting USING key.key_source, key.key_ids;
	IF done.reports + done.past + done.rejected + done.waiting = 0 THEN
		RAISE EXCEPTION 'map "%" holds no report of that source and external_id', map USING
			ERRCODE = 'no_data_found',
			DETAIL = 'Neither report nor report_past, rejected_report or report_in names it.',
			HINT = 'Both are compared exactly. SELECT DISTINCT source FROM report lists the sources.';
	END IF;
	-- a file of one report may be called by its person
	EXECUTE format($sql$
		UPDATE %I.submission SET file = NULL, label = NULL
		WHERE submission_id = ANY ($1) AND (received = 1 OR position($2 IN concat_ws(' ', file, label)) > 0)
	$sql$, map) USING brought, external_id;
	EXECUTE format('INSERT INTO %I.protection (action, ground, reports, submitted, rejected, waiting, assessments) '
		'VALUES (''erased'', $1, $2, $3, $4, $5, $6) RETURNING protection_id', map)
		INTO act USING ground, done.reports, done.submitted, done.rejected, done.waiting, cardinality(counted);
	EXECUTE format('INSERT INTO %I.erased_from (assessment_id, protection_id) SELECT a, $2 FROM unnest($1) a ORDER BY a', map) USING counted, act;
	-- the planner's samples hold values as well
	EXECUTE format('ANALYZE %1$I.report, %1$I.report_past, %1$I.rejected_report, %1$I.report_in, %1$I.submission', map);
	PERFORM set_config('role', role_before, true);
	RETURN act;
END
$$;
COMMENT ON FUNCTION erase_report(text, text, text, text) IS
'Erasure: takes one person''s report out of a map in every revision and every past, and returns the number of the act in the table protection. What source and external_id name is deleted from report, with its places, from report_past and from report_in; rows of rejected_report stay without their content, because receipts count them; a receipt loses file and label where it brought nothing else or where they contain the id. external_id is the source''s own, also where the report was reduced since. ground is one word: request, consent_withdrawn, objection, no_longer_needed, unlawful or legal_obligation. Everything current is as if the report had never come. Recorded assessments and announcements stand; assessments that counted the report are marked in erased_from, and verify lists them as erasures: zone_risk_at of their day and known_at may find something else now. The map does not remember what it must not: where the source sends the report again, it is a new report, so have it erased there first. Cases in other lists, such as other sources, reports of the same household and rows without an external_id, are other reports. An error, and nothing changed, where nothing of that name is held. Waits for those who write reports, and for assessments, and they wait. Dead rows hold the report until VACUUM; see docs/data-protection.md. Not in a repeatable read or serializable transaction. The caller owns the map, or is a superuser.';
