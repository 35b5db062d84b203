-- What was written down when it happened: receipts, assessments, what reports said before. It cannot be found out again
-- as a whole, but it must not contradict itself.

CREATE FUNCTION verify_receipts(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH receipt AS (
			SELECT submission_id, received, duplicate, rejected,
				   placed_by_code + placed_by_point + outside + no_place + unknown_code + bad_point + not_precise + waiting
				   + lost_in_boundary_change + superseded + withdrawn AS reports
			FROM %1$I.submission
		), kept AS (
			SELECT submission_id, count(*) AS reports FROM %1$I.report WHERE submission_id IS NOT NULL GROUP BY 1
		), refused AS (
			SELECT submission_id, count(*) AS rejected FROM %1$I.rejected_report GROUP BY 1
		)
		SELECT 'submission.received', submission_id::text, received::text, (reports + duplicate + rejected) || ', the sum of its outcomes'
		FROM receipt WHERE received <> reports + duplicate + rejected
		UNION ALL
		-- fewer may have been deleted since; more were never received
		SELECT 'submission', coalesce(s.submission_id, k.submission_id)::text, coalesce(s.reports, 0) || ' reports', k.reports || ' rows of report name it'
		FROM kept k LEFT JOIN receipt s USING (submission_id)
		WHERE k.reports > coalesce(s.reports, 0)
		UNION ALL
		SELECT 'submission.rejected', r.submission_id::text, coalesce(s.rejected, 0)::text, r.rejected || ' rows of rejected_report name it'
		FROM refused r LEFT JOIN receipt s USING (submission_id)
		WHERE r.rejected > coalesce(s.rejected, 0)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION verify_receipts(text) IS
'Internal, used by verify: the receipts of submissions add up, and no more rows name one than it received.';

CREATE FUNCTION verify_past(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT 'report_past.zone_id', p.report_past_id::text, format('zone %%s in set %%s', p.zone_id, p.zone_set_id), 'a zone of that set'
		FROM %1$I.report_past p LEFT JOIN %1$I.zone z ON z.zone_id = p.zone_id
		WHERE p.zone_id IS NOT NULL AND z.zone_set_id IS DISTINCT FROM p.zone_set_id
		UNION ALL
		SELECT 'report_past.possible', p.report_past_id::text, format('zone %%s in set %%s', q, p.zone_set_id), 'a zone of that set'
		FROM %1$I.report_past p CROSS JOIN unnest(p.possible) q LEFT JOIN %1$I.zone z ON z.zone_id = q
		WHERE z.zone_set_id IS DISTINCT FROM p.zone_set_id
		UNION ALL
		SELECT 'report_past', a.report_past_id::text, 'another content', format('what row %%s of the same moment says', b.report_past_id)
		FROM %1$I.report_past a
		JOIN %1$I.report_past b ON b.report_id = a.report_id AND b.replaced_at = a.replaced_at AND b.report_past_id < a.report_past_id
		WHERE (a.source, a.external_id, a.revision, a.recorded_at, a.withdrawn, a.disease, a.status, a.setting, a.origin, a.link,
			   a.onset_day, a.sample_day, a.report_day, a.n, a.more)
			  IS DISTINCT FROM (b.source, b.external_id, b.revision, b.recorded_at, b.withdrawn, b.disease, b.status, b.setting, b.origin,
							b.link, b.onset_day, b.sample_day, b.report_day, b.n, b.more)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION verify_past(text) IS
'Internal, used by verify: what report_past keeps does not contradict itself.';

CREATE FUNCTION slow_tier_changes_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		before AS MATERIALIZED (
			SELECT a.assessment_id, a.as_of, a.before_id AS stored_id, a.zone_set_id,
				   (SELECT b.assessment_id FROM %1$I.assessment b
					WHERE b.layer_id = a.layer_id AND b.as_of < a.as_of AND b.assessment_id < a.assessment_id
					ORDER BY b.as_of DESC, b.assessment_id DESC LIMIT 1) AS before_id
			FROM %1$I.assessment a
		), pairs AS MATERIALIZED (
			SELECT b.assessment_id, b.before_id, b.as_of, n.assessment_tier_id, n.zone_id, n.code, n.tier_rank, n.tier, n.reason,
				   n.since, n.previous_tier, NULL::integer AS old_zone_id, NULL::smallint AS from_rank, NULL::text AS from_tier, NULL::date AS from_since
			FROM before b JOIN %1$I.assessment_tier n USING (assessment_id) WHERE b.before_id IS NULL
			UNION ALL
			SELECT assessment_id, before_id, as_of, n.assessment_tier_id, n.zone_id, code, n.tier_rank, n.tier, n.reason,
				   n.since, n.previous_tier, o.zone_id, o.tier_rank, o.tier, o.since
			FROM (SELECT b.*, t.* FROM before b JOIN (SELECT assessment_id AS of, assessment_tier_id, zone_id, code, tier_rank, tier, reason, since, previous_tier
				  FROM %1$I.assessment_tier) t ON t.of = b.assessment_id WHERE b.before_id IS NOT NULL) n
			FULL JOIN (SELECT b.assessment_id, b.before_id, b.as_of, t.zone_id, t.code, t.tier_rank, t.tier, t.since
					   FROM before b JOIN %1$I.assessment_tier t ON t.assessment_id = b.before_id) o
				USING (assessment_id, before_id, as_of, code)
		), changes AS (
			SELECT assessment_id, before_id, as_of, coalesce(zone_id, old_zone_id) AS zone_id, code, from_rank, from_tier, tier_rank, tier, reason
			FROM pairs WHERE before_id IS NOT NULL AND tier IS DISTINCT FROM from_tier
		)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION slow_tier_changes_query(text) IS
'Internal, used by verify and rebuild: what changed from one assessment to the next, and which one that is, from the recorded tiers.';

CREATE FUNCTION verify_assessments(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH %2$s, zones AS (
			SELECT zone_set_id, zone_id FROM (%3$s) z WHERE is_leaf
		)
		SELECT 'assessment.before_id', assessment_id::text, stored_id::text, before_id::text FROM before
		WHERE stored_id IS DISTINCT FROM before_id
		UNION ALL
		SELECT 'assessment_tier', format('%%s, zone %%s', coalesce(x.assessment_id, t.assessment_id), coalesce(x.zone_id, t.zone_id)), t.tier,
			   CASE WHEN x.zone_id IS NOT NULL THEN 'a tier for every zone of the set' END
		FROM (SELECT b.assessment_id, z.zone_id FROM before b JOIN zones z USING (zone_set_id)) x
		FULL JOIN %1$I.assessment_tier t ON t.assessment_id = x.assessment_id AND t.zone_id = x.zone_id
		WHERE x.zone_id IS NULL OR t.zone_id IS NULL
		UNION ALL
		SELECT 'assessment_tier.previous_tier', p.assessment_tier_id::text, p.previous_tier, p.from_tier FROM pairs p
		WHERE p.assessment_tier_id IS NOT NULL AND p.previous_tier IS DISTINCT FROM p.from_tier
		UNION ALL
		SELECT 'assessment_tier.since', p.assessment_tier_id::text, p.since::text,
			   CASE WHEN p.from_tier = p.tier THEN p.from_since ELSE p.as_of END::text
		FROM pairs p
		WHERE p.assessment_tier_id IS NOT NULL AND p.since <> CASE WHEN p.from_tier = p.tier THEN p.from_since ELSE p.as_of END
		  -- where an earlier day was assessed later, the run was looked at anew
		  AND NOT (p.from_tier = p.tier AND EXISTS (
			SELECT FROM %1$I.assessment a JOIN %1$I.assessment l ON l.layer_id = a.layer_id AND l.assessment_id < a.assessment_id AND l.as_of > a.as_of
			WHERE a.assessment_id < p.assessment_id))
		UNION ALL
		SELECT 'tier_change', format('%%s, %%s', coalesce(c.assessment_id, t.assessment_id), coalesce(c.code, t.code)),
			   CASE WHEN t.tier_change_id IS NOT NULL THEN format('%%s to %%s', coalesce(t.from_tier, 'nothing'), coalesce(t.tier, 'nothing')) END,
			   CASE WHEN c.assessment_id IS NOT NULL THEN format('%%s to %%s', coalesce(c.from_tier, 'nothing'), coalesce(c.tier, 'nothing')) END
		FROM changes c FULL JOIN %1$I.tier_change t ON t.assessment_id = c.assessment_id AND t.code = c.code
		WHERE (c.assessment_id, c.before_id, c.as_of, c.zone_id, c.from_rank, c.from_tier, c.tier_rank, c.tier, c.reason)
			  IS DISTINCT FROM (t.assessment_id, t.before_id, t.as_of, t.zone_id, t.from_rank, t.from_tier, t.tier_rank, t.tier, t.reason)
	$sql$, map, slow_tier_changes_query(map), slow_zones_query(map));
END
$$;
COMMENT ON FUNCTION verify_assessments(text) IS
'Internal, used by verify: each assessment has every zone of its set, is compared with the right one before, and tier_change is what differs.';

CREATE FUNCTION verify_announced(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_column
DECLARE
	decided integer;
BEGIN
	FOR decided IN EXECUTE format('SELECT decision_id FROM %I.decision ORDER BY decision_id', map) LOOP
		RETURN QUERY EXECUTE format($sql$
			SELECT 'announced_tier', format('%%s, zone %%s, %%s', $1, coalesce(n.zone_id, t.zone_id), coalesce(n.from_day, t.from_day)),
				   CASE WHEN n.zone_id IS NOT NULL THEN concat_ws(' ', coalesce(n.tier, 'nothing'), 'since ' || n.since, 'until ' || n.override_until) END,
				   CASE WHEN t.zone_id IS NOT NULL THEN concat_ws(' ', coalesce(t.tier, 'nothing'), 'since ' || t.since, 'until ' || t.override_until) END
			FROM (SELECT * FROM %1$I.announced_tier WHERE decision_id = $1) n
			FULL JOIN (SELECT s.layer_id, d.* FROM decided_sets(%2$L, $1) s
					   CROSS JOIN LATERAL decided_tiers(%2$L, s.layer_id, $1, s.zone_set_id, s.from_day, s.before_set) d) t
				ON t.zone_id = n.zone_id AND t.from_day = n.from_day
			WHERE (n.layer_id, n.code, n.tier_rank, n.tier, n.tier_label, n.tier_color, n.since, n.override_reason, n.override_until)
				  IS DISTINCT FROM (t.layer_id, t.code, t.tier_rank, t.tier, t.tier_label, t.tier_color, t.since, t.override_reason, t.override_until)
			ORDER BY 2
		$sql$, map, map) USING decided;
	END LOOP;
END
$$;
COMMENT ON FUNCTION verify_announced(text) IS
'Internal, used by verify: what is in force after each decision follows from the decisions up to it and the assessments announced, with nothing missing and nothing besides.';
