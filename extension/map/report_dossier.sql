CREATE FUNCTION report_dossier(map text, source text, external_id text)
RETURNS TABLE (held_in text, key text, recorded_at timestamptz, content jsonb)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 ROWS 20 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_column
DECLARE
	owner name := map_owner(map);
	role_before text := current_setting('role');
	named record;
	ids bigint[];
	counted integer[];
BEGIN
	SELECT * INTO named FROM report_key(map, source, external_id);
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	-- one snapshot for all of it
	EXECUTE format('LOCK TABLE %1$I.report_in, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	ids := report_ids(map, named.key_source, named.key_ids);
	counted := ARRAY(SELECT assessments_counting(map, ids));
	CREATE TEMP TABLE georisk_dossier (place integer, held_in text, key text, recorded_at timestamptz, content jsonb) ON COMMIT DROP;
	EXECUTE format($sql$
		INSERT INTO georisk_dossier
		SELECT 1, 'report', r.report_id::text, r.recorded_at, to_jsonb(r) FROM %1$I.report r WHERE r.report_id = ANY ($1)
		UNION ALL
		SELECT 2, 'placement', concat_ws(', ', p.report_id, p.zone_set_id), NULL, to_jsonb(p) FROM %1$I.placement p WHERE p.report_id = ANY ($1)
		UNION ALL
		SELECT 3, 'possible_place', concat_ws(', ', q.report_id, q.zone_set_id, q.zone_id), NULL, to_jsonb(q)
		FROM %1$I.possible_place q WHERE q.report_id = ANY ($1)
		UNION ALL
		SELECT 4, 'report_past', p.report_past_id::text, p.recorded_at, to_jsonb(p) FROM %1$I.report_past p
		WHERE p.report_id = ANY ($1) OR p.source = $2 AND p.external_id = ANY ($3)
		UNION ALL
		SELECT 5, 'rejected_report', j.rejected_id::text, s.submitted_at, to_jsonb(j) FROM %1$I.rejected_report j JOIN %1$I.submission s USING (submission_id)
		WHERE j.source = clean_text($2) AND clean_text(j.original ->> 'external_id') = clean_text($3[1])
		UNION ALL
		SELECT 6, 'report_in', i.arrived::text, NULL, to_jsonb(i) FROM %1$I.report_in i
		WHERE coalesce(clean_text(i.source), '') IN ('', clean_text($2)) AND clean_text(i.external_id) = clean_text($3[1])
		UNION ALL
		SELECT 7, 'submission', s.submission_id::text, s.submitted_at,
			   jsonb_build_object('source', s.source, 'label', s.label, 'file', s.file, 'submitted_by', s.submitted_by, 'received', s.received)
		FROM %1$I.submission s
		WHERE s.submission_id IN (SELECT r.submission_id FROM %1$I.report r WHERE r.report_id = ANY ($1))
		   OR s.submission_id IN (SELECT j.submission_id FROM %1$I.rejected_report j
								  WHERE j.source = clean_text($2) AND clean_text(j.original ->> 'external_id') = clean_text($3[1]))
		UNION ALL
		SELECT 8, 'assessment', a.assessment_id::text, a.known_at,
			   jsonb_build_object('layer', l.name, 'as_of', a.as_of, 'policy', a.policy_name, 'assessed_by', a.assessed_by)
		FROM %1$I.assessment a JOIN %1$I.layer l USING (layer_id) WHERE a.assessment_id = ANY ($4)
	$sql$, map) USING ids, named.key_source, named.key_ids, counted;
	EXECUTE format($sql$
		INSERT INTO %I.protection (action, reports, submitted, rejected, waiting, assessments)
		SELECT 'disclosed', count(*) FILTER (WHERE d.held_in = 'report'),
			   count(*) FILTER (WHERE d.held_in = 'report' AND d.content ->> 'submission_id' IS NOT NULL),
			   count(*) FILTER (WHERE d.held_in = 'rejected_report'), count(*) FILTER (WHERE d.held_in = 'report_in'),
			   count(*) FILTER (WHERE d.held_in = 'assessment') FROM georisk_dossier d
	$sql$, map);
	RETURN QUERY SELECT d.held_in, d.key, d.recorded_at, jsonb_strip_nulls(d.content) FROM georisk_dossier d
				 ORDER BY d.place, d.recorded_at, length(d.key), d.key COLLATE "C";
	DROP TABLE georisk_dossier;
	PERFORM set_config('role', role_before, true);
END
$$;
COMMENT ON FUNCTION report_dossier(text, text, text) IS
'Access: everything that a map holds on one report, for a person who asks: held_in, the table; key, its primary key; recorded_at, when it came; content, the row as JSON, points as GeoJSON, empty values left out. Every revision in report with its places, what rows said before (report_past), rows rejected or still waiting, the receipts that they came with, and the assessments that counted it, with their day. external_id is the source''s own, also where the report was reduced since. No row means that nothing is held. That somebody looked, and how much there was, is kept in the table protection, without the name. Reports of the same household and rows without an external_id are other reports. Waits for those who write reports. The caller owns the map, or is a superuser; not on a standby.';
