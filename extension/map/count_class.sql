-- Classes in which counts are published, cut by what the tiers shown to people tell already: docs/count-classes.md has the argument.

CREATE FUNCTION count_bounds_of(first_days date[], last_days date[], at_least bigint[], at_most bigint[], window_start date, window_end date,
    OUT known_at_least bigint, OUT known_at_most bigint)
    RETURNS record
    AS 'MODULE_PATHNAME', 'georisk_count_bounds_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION count_bounds_of(date[], date[], bigint[], bigint[], date, date) IS
'Internal, used by count_classes: what statements about the counts of one zone, from first_days to last_days at least and at most so many (at_most NULL: no end), say of a window to someone who knows all other days exactly, at their worst. known_at_most NULL is no end; both are NULL where a statement cannot be put in numbers (at_least NULL). Where they contradict one another, because of what was reported late, the upper bound is 0 and the lower one the highest that some of them give: nothing can be cut between. An error where lists differ in length, or the window ends before it begins.';

CREATE FUNCTION count_classes_of(zone_ids integer[], parent_ids integer[], counts bigint[], at_least bigint[], at_most bigint[], left_out boolean[], k integer,
    OUT zone_id integer, OUT class_at_least bigint, OUT class_at_most bigint)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_count_classes_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 1000;
COMMENT ON FUNCTION count_classes_of(integer[], integer[], bigint[], bigint[], bigint[], boolean[], integer) IS
'Internal, used by count_classes: the classes of zones and of those above them. Zones that are nobody''s parent come with their count and its bounds, at_least NULL where nothing may be published of it or of what it is part of; what is above them is added up. Those left out, as everyone sees, get no class, and what they are part of is cut as if they had none. A class begins every k from the lower bound on, as long as k counts are left below the upper one; of a zone above, from the sum of the lower ends of its parts to the sum of their upper ends. No row for a zone in which nothing could be cut; class_at_most NULL is or more. An error where k is below 3, a zone is listed twice or part of itself.';

CREATE FUNCTION shown_tiers_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- An override is taken at its word: nobody is told that there was another tier. It stands for the assessment that it was put over.
	RETURN format($sql$
		WITH published AS (
			-- from the first: since when a tier holds tells of days before it was shown
			SELECT q.layer_id, max(q.last_day - q.delay) AS last_day FROM (%2$s) q WHERE q.what = 'tiers' GROUP BY q.layer_id
		)
		SELECT t.zone_id, a.assessment_id, t.tier
		FROM %1$I.assessment a
		JOIN %1$I.decision d ON d.assessment_id = a.assessment_id AND d.kind = 'announcement'
		JOIN %1$I.announced_tier t ON t.layer_id = d.layer_id AND t.decision_id = d.decision_id
		JOIN published p ON p.layer_id = d.layer_id AND t.from_day <= p.last_day
		WHERE t.tier IS NOT NULL AND a.as_of >= $3 AND a.layer_id = ANY ($4)
		UNION ALL
		SELECT t.zone_id, a.assessment_id, t.tier
		FROM %1$I.decision o
		JOIN %1$I.announced_tier t ON t.layer_id = o.layer_id AND t.decision_id = o.decision_id
		CROSS JOIN LATERAL (
			SELECT max(d.decision_id) AS decision_id FROM %1$I.decision d
			WHERE d.layer_id = o.layer_id AND d.kind = 'announcement' AND d.decision_id < o.decision_id AND d.valid_from <= t.from_day) u
		JOIN %1$I.decision d ON d.decision_id = u.decision_id
		JOIN %1$I.assessment a ON a.assessment_id = d.assessment_id
		JOIN published p ON p.layer_id = d.layer_id AND t.from_day <= p.last_day
		WHERE o.kind IN ('override', 'end') AND o.layer_id = ANY ($4) AND t.tier IS NOT NULL AND a.as_of >= $3
	$sql$, map, published_days_query(map, '''infinity''::date'));
END
$$;
COMMENT ON FUNCTION shown_tiers_query(text) IS
'Internal, used by count_classes: the tiers that people are told, or will be as it is decided, each with the assessment that it was announced by, of assessments of the day $3 or later, in the layers $4. Once tiers are published all that were announced before are told, too, by since when they hold. Tiers that are never published tell nothing, and where counts may be cut must not tell of them either.';

CREATE FUNCTION told_counts_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		tier AS MATERIALIZED (
			SELECT DISTINCT * FROM (%2$s) t
		), judged AS MATERIALIZED (
			-- policies by number: their texts are long
			SELECT a.assessment_id, rank() OVER (ORDER BY a.policy) AS policy, policy_review_day(a.policy::risk_policy, a.as_of) AS day,
				   coalesce(i.people, false) AS people, coalesce(i.households, false) AS households
			FROM %1$I.assessment a
			CROSS JOIN LATERAL (SELECT bool_or(name = 'population') AS people, bool_or(name = 'households') AS households
								FROM policy_inputs(a.policy::risk_policy) WHERE kind = 'reserved') i
			WHERE a.assessment_id IN (SELECT t.assessment_id FROM tier t)
		), shown AS MATERIALIZED (
			SELECT t.zone_id, j.day, j.policy, t.tier, coalesce(z.level, '') AS level, coalesce(CASE WHEN j.people THEN z.population END, -1) AS population,
				   coalesce(CASE WHEN j.households THEN z.households END, -1) AS households
			FROM tier t JOIN judged j USING (assessment_id) JOIN %1$I.zone z USING (zone_id)
		), told AS MATERIALIZED (
			SELECT s.policy, s.level, s.population, s.households, t.tier, t.ago, b.days, b.at_least AS told_at_least, b.at_most AS told_at_most
			FROM (SELECT DISTINCT policy, level, population, households FROM shown) s
			CROSS JOIN LATERAL (SELECT a.policy FROM judged j JOIN %1$I.assessment a USING (assessment_id) WHERE j.policy = s.policy LIMIT 1) p
			CROSS JOIN LATERAL tier_tells(p.policy::risk_policy, s.level, nullif(s.population, -1), nullif(s.households, -1)) t
			CROSS JOIN LATERAL (
				SELECT coalesce(t.days, 100000) AS days, t.told_at_least AS at_least,
					   -- few households or none: any case more would tell which
					   CASE WHEN t.what = 'cases' THEN t.told_at_most WHEN t.told_at_most = 0 OR t.at_least = 0 AND t.at_most < $5 THEN 0 END AS at_most
				WHERE t.what <> 'days_since'
				UNION ALL
				SELECT least(t.told_at_least, 100000)::integer, 0, 0 WHERE t.what = 'days_since' AND t.told_at_least > 0
				UNION ALL
				SELECT least(t.told_at_most, 99999)::integer + 1, 1, NULL WHERE t.what = 'days_since' AND t.told_at_most IS NOT NULL) b
		), statement AS (
			SELECT s.zone_id, s.day - t.ago - t.days + 1 AS first_day, s.day - t.ago AS last_day, t.told_at_least AS at_least, t.told_at_most AS at_most
			FROM shown s JOIN told t USING (policy, tier, level, population, households)
		)
	$sql$, map, shown_tiers_query(map));
END
$$;
COMMENT ON FUNCTION told_counts_query(text) IS
'Internal, used by count_classes: for WITH: statement, what the tiers that people have been shown tell of the counts of their zones; $5 is the width of classes.';

CREATE FUNCTION count_classes(map text, layer_id integer, assessment_id integer, k integer)
RETURNS TABLE (zone_id integer, at_least integer, at_most integer)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_column
DECLARE
	layers integer[];
	asked record;
BEGIN
	EXECUTE format($sql$
		SELECT a.layer_id, a.zone_set_id, count(DISTINCT (t.window_start, t.window_end)) AS windows, min(t.window_start) AS first_day, max(t.window_end) AS last_day
		FROM %1$I.assessment a JOIN %1$I.assessment_tier t USING (assessment_id)
		WHERE a.assessment_id = $1 GROUP BY a.assessment_id
	$sql$, map) INTO asked USING assessment_id;
	IF asked.layer_id IS DISTINCT FROM layer_id THEN
		RAISE EXCEPTION 'layer % of map "%" has no assessment %', layer_id, map, assessment_id USING ERRCODE = 'undefined_object';
	END IF;
	-- zones whose windows differ have no count that adds up
	IF asked.windows <> 1 OR asked.first_day IS NULL THEN
		RETURN;
	END IF;
	EXECUTE format('SELECT array_agg(o.layer_id) FROM %1$I.layer l JOIN %1$I.layer o ON o.layer_id = l.layer_id OR l.disease IS NULL OR o.disease IS NULL '
		'OR o.disease && l.disease WHERE l.layer_id = $1', map) INTO layers USING layer_id;
	RETURN QUERY EXECUTE format($sql$
		WITH %2$s, bounds AS MATERIALIZED (
			SELECT s.zone_id, (count_bounds_of(array_agg(s.first_day), array_agg(s.last_day), array_agg(s.at_least), array_agg(s.at_most), $3, $6)).*
			FROM statement s WHERE s.last_day >= $3 AND s.first_day <= $6 OR s.at_least IS NULL
			GROUP BY s.zone_id
		), counted AS MATERIALIZED (
			SELECT z.zone_id, z.parent_id, t.cases,
				   -- what is not known of a zone everyone may know: nothing is
				   CASE WHEN b.zone_id IS NULL THEN 0 ELSE b.known_at_least END AS at_least, b.known_at_most AS at_most,
				   z.is_leaf AND (t.tier IS NULL OR t.tier = 'unknown' OR coalesce(t.complete_until < t.window_end, false)) AS is_left_out
			FROM %1$I.zone z
			LEFT JOIN %1$I.assessment_tier t ON t.assessment_id = $1 AND t.zone_id = z.zone_id
			LEFT JOIN bounds b ON b.zone_id = z.zone_id
			WHERE z.zone_set_id = $2
		)
		SELECT c.zone_id, c.class_at_least::integer, c.class_at_most::integer
		FROM (SELECT array_agg(zone_id) AS zone_ids, array_agg(parent_id) AS parent_ids, array_agg(coalesce(cases, 0)::bigint) AS counts,
					 array_agg(at_least) AS at_least, array_agg(at_most) AS at_most,
					 array_agg(is_left_out) AS left_out FROM counted) a
		CROSS JOIN LATERAL count_classes_of(a.zone_ids, a.parent_ids, a.counts, a.at_least, a.at_most, a.left_out, $5) c
		ORDER BY c.zone_id
	$sql$, map, told_counts_query(map)) USING assessment_id, asked.zone_set_id, asked.first_day, layers, k, asked.last_day;
END
$$;
COMMENT ON FUNCTION count_classes(text, integer, integer, integer) IS
'Internal: the classes in which the counts of an assessment''s window may be published, zones of all levels, at_most NULL being or more: at least k counts wide beside everything that the tiers shown tell, whatever else is published of other days. A zone without a row is not to be shown. Which classes there are follows from the tiers announced, not from the counts; the assessments of all days whose tiers look at the window have to be announced before. The caller owns the map.';
