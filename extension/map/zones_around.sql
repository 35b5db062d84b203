CREATE FUNCTION layer_relations(map text, layer_id integer, OUT neighbours boolean, OUT parents boolean) RETURNS record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	too_far record;
BEGIN
	EXECUTE format($sql$
		SELECT policy_name(p.policy) AS policy, policy_neighbour_gap(p.policy) AS gap_m, s.neighbour_tolerance_m
		FROM %1$I.layer_policy p CROSS JOIN %1$I.settings s
		WHERE p.layer_id = $1 AND policy_neighbour_gap(p.policy) > s.neighbour_tolerance_m
		ORDER BY policy_neighbour_gap(p.policy) DESC LIMIT 1
	$sql$, map) INTO too_far USING layer_id;
	IF too_far.policy IS NOT NULL THEN
		RAISE EXCEPTION 'policy % asks for neighbours within % metres, and the map knows those within %',
			quote_literal(too_far.policy), too_far.gap_m, too_far.neighbour_tolerance_m USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('First let the map find them: UPDATE %I.settings SET neighbour_tolerance_m = %s', map, too_far.gap_m);
	END IF;
	EXECUTE format('SELECT coalesce(bool_or(r.neighbours), false), coalesce(bool_or(r.parents OR r.levels), false) '
		'FROM %I.layer_policy p, policy_relations(p.policy) r WHERE p.layer_id = $1', map) INTO neighbours, parents USING layer_id;
END
$$;
COMMENT ON FUNCTION layer_relations(text, integer) IS
'Internal: what the policies of a layer''s timeline ask of other zones, all of them together; those with rules for several levels ask for what zones are part of, so that each level is judged. An error where one asks for neighbours farther away than the map knows.';

CREATE FUNCTION beside_query(map text, parents boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- What is stored is who is next to whom of the zones that are nobody's parent; a zone above them is next to those, of its own
	-- level, that have a zone next to one of its own.
	RETURN format($sql$beside AS (
			SELECT p.zone_id, array_agg(p.neighbour_id ORDER BY p.neighbour_id) AS neighbours,
				   array_agg(p.shared_m ORDER BY p.neighbour_id) AS shared_m, array_agg(p.gap_m ORDER BY p.neighbour_id) AS gap_m
			FROM (SELECT n.zone_id, n.neighbour_id, n.shared_m, n.gap_m
				  FROM zones z JOIN %1$I.zone_neighbour n ON n.zone_id = z.zone_id%2$s) p
			GROUP BY p.zone_id
		), $sql$, map, CASE WHEN parents THEN format($sql$
				  UNION ALL
				  SELECT a.member_of, b.member_of, sum(n.shared_m), min(n.gap_m)
				  FROM member a JOIN %1$I.zone_neighbour n ON n.zone_id = a.zone_id JOIN member b ON b.zone_id = n.neighbour_id
				  WHERE a.level = b.level AND a.member_of <> b.member_of AND (a.is_above OR b.is_above)
				  GROUP BY a.member_of, b.member_of$sql$, map) ELSE '' END);
END
$$;
COMMENT ON FUNCTION beside_query(text, boolean) IS
'Internal: a query `beside`, for the zones in `zones` and, with parents, those above them in `member`: lists of neighbours as judge_agg takes them.';

CREATE FUNCTION member_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$member AS (
			SELECT z.zone_id, z.zone_id AS member_of, z.level, false AS is_above FROM zones z
			UNION ALL
			SELECT a.zone_id, a.ancestor_id, p.level, true
			FROM zones z JOIN %1$I.zone_ancestor a ON a.zone_id = z.zone_id JOIN %1$I.zone p ON p.zone_id = a.ancestor_id
		), $sql$, map);
END
$$;
COMMENT ON FUNCTION member_query(text) IS
'Internal: a query `member`: each zone in `zones` with itself and all that it is part of, and the level of these.';

CREATE FUNCTION told_query(map text, measures integer[], sources text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$told AS (
			SELECT z.zone_id, z.parent_id, z.code, z.name, z.level, z.population, z.households, d.complete_until,
				   least(u.reported_until, (SELECT reported_until FROM reported_everywhere)) AS reported_until%2$s
			FROM %4$s
			WHERE coalesce(z.zone_id, 0) > 0
		), told_all AS (
			SELECT * FROM told
			UNION ALL
			SELECT p.zone_id, p.parent_id, clean_text(p.code), p.name, p.level,
				   coalesce(p.population, CASE WHEN count(s.population) = count(*) THEN sum(s.population)::integer END),
				   coalesce(p.households, CASE WHEN count(s.households) = count(*) THEN sum(s.households)::integer END),
				   min(s.complete_until), min(s.reported_until)%3$s
			FROM told s JOIN member a ON a.zone_id = s.zone_id AND a.is_above JOIN %1$I.zone p ON p.zone_id = a.member_of
			GROUP BY p.zone_id
		), $sql$, map,
		(SELECT string_agg(format(', coalesce(z.m%1$s + latest_m%1$s.curve, latest_m%1$s.curve, z.m%1$s, (SELECT curve FROM no_cases)) AS m%1$s', m), '' ORDER BY m)
		 FROM unnest(measures) m),
		(SELECT string_agg(format(', sum(s.m%s)', m), '' ORDER BY m) FROM unnest(measures) m), sources);
END
$$;
COMMENT ON FUNCTION told_query(text, integer[], text) IS
'Internal: a query `told_all`: what is known of the zones of the day, and of those above them, in which everything counted below counts and which are reported until the day on which all below are. measures are the numbers of the columns m of `placed`; sources is the FROM of the zones of the day.';
