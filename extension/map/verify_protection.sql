-- Reports of which only what counting needs is left, and assessments that lost a report.

CREATE FUNCTION verify_reduced(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10 SET search_path FROM CURRENT SET jit = off AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH sets AS MATERIALIZED (
			SELECT s.zone_set_id, lead(s.valid_from) OVER (ORDER BY s.valid_from, s.zone_set_id) AS next_from
			FROM %1$I.zone_set s WHERE s.activated_at IS NOT NULL
		), reduced AS MATERIALIZED (
			SELECT r.*, least(r.report_day, r.onset_day, r.sample_day) AS first_day,
				   r.revision < (SELECT max(h.revision) FROM %1$I.report h WHERE h.source = r.source AND h.external_id = r.external_id) AS is_lower
			FROM %1$I.report r WHERE r.reduced_at IS NOT NULL
		)
		SELECT 'report.outcome', r.report_id::text, r.outcome,
			   CASE WHEN r.is_lower THEN 'superseded' WHEN r.withdrawn THEN 'withdrawn' ELSE 'what it was before it was reduced' END
		FROM reduced r
		WHERE coalesce(r.is_lower, false) <> (r.outcome = 'superseded') OR NOT coalesce(r.is_lower, false) AND r.withdrawn <> (r.outcome = 'withdrawn')
		UNION ALL
		SELECT 'reduced_report', r.report_id::text, format('zone %%s in set %%s', r.zone_id, r.zone_set_id), 'a zone of the latest set'
		FROM reduced r LEFT JOIN sets s ON s.zone_set_id = r.zone_set_id LEFT JOIN %1$I.zone z ON z.zone_id = r.zone_id
		WHERE s.zone_set_id IS NULL OR s.next_from IS NOT NULL OR r.zone_id IS NOT NULL AND z.zone_set_id IS DISTINCT FROM r.zone_set_id
		   OR r.outcome IN ('placed_by_code', 'placed_by_point') AND r.zone_id IS NULL
		UNION ALL
		-- what it is stays unsaid
		SELECT 'reduced_report', r.report_id::text, c || ' is there', 'nothing, since it was reduced'
		FROM reduced r, unnest(ARRAY[CASE WHEN r.household IS NOT NULL THEN 'household' END, CASE WHEN r.zone_code IS NOT NULL THEN 'zone_code' END,
			CASE WHEN r.geom IS NOT NULL THEN 'geom' END, CASE WHEN r.note IS NOT NULL THEN 'note' END, CASE WHEN r.given IS NOT NULL THEN 'given' END,
			CASE WHEN r.external_id !~ '^kept:[0-9a-f]{32}$' THEN 'external_id' END]) c
		WHERE c IS NOT NULL
		UNION ALL
		SELECT 'reduced_report', format('%%s, set %%s', coalesce(e.report_id, p.report_id), coalesce(e.zone_set_id, p.zone_set_id)),
			   CASE WHEN p.report_id IS NULL THEN NULL ELSE concat_ws(' ', p.outcome, 'zone ' || p.zone_id) END,
			   CASE WHEN e.report_id IS NULL THEN NULL ELSE 'a place in that set' END
		FROM (SELECT r.report_id, s.zone_set_id FROM reduced r JOIN sets s ON s.next_from > r.first_day) e
		FULL JOIN (SELECT * FROM %1$I.placement WHERE report_id IN (SELECT report_id FROM reduced)) p
			ON p.report_id = e.report_id AND p.zone_set_id = e.zone_set_id
		LEFT JOIN %1$I.zone z ON z.zone_id = p.zone_id
		WHERE e.report_id IS NULL OR p.report_id IS NULL OR p.zone_id IS NOT NULL AND z.zone_set_id IS DISTINCT FROM p.zone_set_id
	$sql$, map);
END
$$;
COMMENT ON FUNCTION verify_reduced(text) IS
'Internal, used by verify: reports that were reduced are in zones of their sets, have a place in every set that sees one of their days, and hold nothing again that was taken.';

CREATE FUNCTION verify_erasures(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT 'erased', e.assessment_id::text, format('counted reports that were erased, %%s', string_agg('act ' || e.protection_id, ', ' ORDER BY e.protection_id)),
			   'cannot be reproduced since; what it recorded stands'
		FROM %1$I.erased_from e JOIN %1$I.assessment a USING (assessment_id)
		GROUP BY e.assessment_id ORDER BY e.assessment_id
	$sql$, map);
END
$$;
COMMENT ON FUNCTION verify_erasures(text) IS
'Internal, used by verify: a remark, not a difference: the assessments that counted a report which was erased since.';
