CREATE FUNCTION layer_run_query(map text, layer_id integer, policy risk_policy, placeholder text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	asked CONSTANT record := policy_relations(policy);
	part record;
	sources text;
	missing text;
	tolerance_m double precision;
BEGIN
	EXECUTE format('SELECT string_agg(i.name, '', '') FROM policy_inputs($1) i '
		'WHERE i.kind = ''count'' AND i.name NOT IN (SELECT m.name FROM %I.measure m WHERE m.layer_id = $2)', map)
	INTO missing USING policy, layer_id;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'the layer does not count what policy "%" asks for: %', policy_name(policy), missing USING
			ERRCODE = 'undefined_object',
			HINT = 'Say first which reports these are: in the table measure, or by the argument measures of georisk.add_layer.';
	END IF;
	EXECUTE format('SELECT s.neighbour_tolerance_m FROM %I.settings s', map) INTO tolerance_m;
	IF policy_neighbour_gap(policy) > tolerance_m THEN
		RAISE EXCEPTION 'policy % asks for neighbours within % metres, and the map knows those within %',
			quote_literal(policy_name(policy)), policy_neighbour_gap(policy), tolerance_m USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('First let the map find them: UPDATE %I.settings SET neighbour_tolerance_m = %s', map, policy_neighbour_gap(policy));
	END IF;
	SELECT p.* INTO part
	FROM (SELECT coalesce(array_agg(i.name), '{}') AS names, coalesce(array_agg(i.kind), '{}') AS kinds FROM policy_inputs(policy) i) i,
		 input_parts(map, layer_id, i.names, i.kinds, asked.neighbours, asked.parents) p;
	sources := format('placed z%s FULL JOIN doubtful d ON d.zone_id = z.zone_id FULL JOIN reported u ON u.zone_id = z.zone_id', part.latest);

	RETURN format($sql$
		WITH RECURSIVE map AS (
			SELECT $4::date AS day, s.silence_limit, '-infinity'::date AS counted_from,
				   $4 - $3 + (SELECT max(i.look_back)::bigint FROM policy_inputs(%2$s) i WHERE i.kind = 'count') AS look_back,
				   (SELECT nullif(min(z.valid_from), '-infinity') FROM %1$I.zone_set z WHERE z.activated_at IS NOT NULL) AS start
			FROM %1$I.settings s LIMIT 1
		), shown AS (
			%3$s
		), zones AS (
			SELECT z.zone_id, z.parent_id, clean_text(z.code) AS code, z.name, z.level, z.population, z.households
			FROM shown s JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id
			WHERE z.is_leaf
		), counted AS (
			SELECT report.zone_id%4$s FROM (%5$s) report GROUP BY report.zone_id
		), placed AS (
			-- full joins, because they are never nested loops, whatever the planner knows of a table just loaded
			SELECT z.*%11$s FROM zones z FULL JOIN counted c ON c.zone_id = z.zone_id
		)%12$s, doubtful AS (
			%6$s
		), %7$s, %16$s, valued AS (
			SELECT v.code%8$s
			FROM (SELECT DISTINCT ON (clean_text(v.zone_code), clean_text(v.name), v.day)
						 clean_text(v.zone_code) AS code, clean_text(v.name) AS name, v.day, v.value
				  FROM (%9$s) v
				  ORDER BY clean_text(v.zone_code), clean_text(v.name), v.day, v.recorded_at DESC, v.zone_value_id DESC) v
			GROUP BY v.code
		), no_cases AS (
			SELECT epicurve_agg(NULL::date, 1, NULL::bigint) AS curve
		), %13$sjudged AS (
			SELECT judge_agg(z.zone_id, z.parent_id, z.level, profile(%10$s), %14$s, NULL, %2$s, $3, (SELECT start FROM map))
				   FILTER (WHERE z.zone_id IS NOT NULL) AS judgement
			FROM %15$s
			FULL JOIN valued v ON v.code = z.code
		)
		SELECT z.zone_id, z.code, z.name, j.as_of, j.tier_rank, j.tier, j.reason
		FROM judge_days((SELECT judgement FROM judged), $4, (SELECT lang FROM %1$I.settings)) j JOIN zones z ON z.zone_id = j.zone_id
	$sql$, map, placeholder, shown_set_query(map, ''), part.counted, counted_reports_query(map, layer_id),
		doubtful_zones_query(map, layer_id, part.measures),
		reported_query(map, '', '', ' AND coalesce((SELECT day FROM map) - o.valid_to <= (SELECT look_back FROM map), true)'),
		part.valued, shown_values_query(map, format('clean_text(v.name) IN (NULL%s) AND v.day <= (SELECT day FROM map)', part.value_names)),
		(SELECT string_agg(k, ', ' ORDER BY k COLLATE "C") FROM unnest(part.known) k), part.measured,
		-- all days are counted: nothing is left of which the last day would have to be looked up
		(SELECT string_agg(format(', latest_m%s AS (SELECT NULL::integer AS zone_id, NULL::epicurve AS curve WHERE false)', m), '' ORDER BY m) FROM unnest(part.positions) m),
		concat(CASE WHEN asked.parents THEN member_query(map) || told_query(map, part.positions, sources) END,
			CASE WHEN asked.neighbours THEN beside_query(map, asked.parents) END),
		CASE WHEN asked.neighbours THEN 'coalesce(b.neighbours, ''{}''), b.shared_m, b.gap_m' ELSE 'NULL, NULL, NULL' END,
		concat(CASE WHEN asked.parents THEN 'told_all z' ELSE sources END,
			CASE WHEN asked.neighbours THEN ' FULL JOIN beside b ON b.zone_id = z.zone_id' END), older_zones_query(map));
END
$$;
COMMENT ON FUNCTION layer_run_query(text, integer, risk_policy, text) IS
'Internal: the query that judges all zones of the set of a last day on each day of a run by a policy, from what a layer counts; its parameters $3 and $4 are the first and the last day, and placeholder is the parameter that holds the policy. An error where the layer does not count what the policy asks for.';

CREATE FUNCTION compare_tiers(map text, a risk_policy, b risk_policy, as_of date, until date DEFAULT NULL, layer text DEFAULT NULL)
RETURNS SETOF compared_zone
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_variable
DECLARE
	layer_id integer;
BEGIN
	PERFORM need_map(map);
	PERFORM compare_check(a, b, as_of, until);
	layer_id := find_layer(map, layer);
	RETURN QUERY EXECUTE compare_query(layer_run_query(map, layer_id, a, '$1'), layer_run_query(map, layer_id, b, '$2'))
	USING a, b, as_of, coalesce(until, as_of);
END
$$;
COMMENT ON FUNCTION compare_tiers(text, risk_policy, risk_policy, date, date, text) IS
'What two policies, a and b, make of every zone of a map on each day from as_of to until (NULL = as_of alone), and which day''s tier is a change: the rows behind compare_policies, whose arguments it has. By day, then by zone; reasons in the map''s language.';

CREATE FUNCTION compare_policies(map text, a risk_policy, b risk_policy, as_of date, until date DEFAULT NULL, layer text DEFAULT NULL)
RETURNS SETOF compared_policies
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20 SET search_path FROM CURRENT SET jit = off AS $$
BEGIN
	RETURN QUERY EXECUTE compare_summary('SELECT * FROM compare_tiers($1, $2, $3, $4, $5, $6)') USING map, a, b, as_of, until, layer;
END
$$;
COMMENT ON FUNCTION compare_policies(text, risk_policy, risk_policy, date, date, text) IS
'What another rule would have made of a layer of a map (NULL = the first): how many zones have which tier by policy a and which by policy b, how many differ, and how often each policy''s tiers change and are back at the next review. The rows are those of compare_policies for two tables. All days from as_of to until (NULL = as_of alone) are judged as they are known now, on the zones in force on the last of them, with the reports, zone values and silence of the layer that zone_risk would take on that day; where reports may lie in other zones since boundaries changed, all days that they may matter for count as incomplete. Both policies count as in force from the first zone set on, whatever the layer''s timeline says, and their earlier reviews are recomputed, whatever was announced. Zones above others are judged where a policy asks for them, but have no rows. An error where the layer has no measure for what a policy counts. The caller needs the rights for zone_risk_at, but none on assessments. compare_tiers has the zones and days behind it.';

-- Plain literals fit tables and maps alike; PostgreSQL then prefers text, and here what is written says which is meant. No path is set in the
-- functions that take text: the names of tables are those that the caller sees.
CREATE FUNCTION is_policy_text(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
RETURN given ~ '^(\s|--[^\n]*(\n|$))*POLICY\M';
COMMENT ON FUNCTION is_policy_text(text) IS 'Internal. Whether a text begins as a policy does; NULL where there is none.';

CREATE FUNCTION compare_tiers(place text, second text, third text, fourth text, fifth text DEFAULT NULL, sixth text DEFAULT NULL)
RETURNS SETOF compared_zone
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET jit = off AS $$
BEGIN
	IF georisk.is_policy_text(second) THEN
		RETURN QUERY SELECT * FROM georisk.compare_tiers(place, second::georisk.risk_policy, third::georisk.risk_policy,
			fourth::pg_catalog.date, fifth::pg_catalog.date, sixth);
	ELSE
		RETURN QUERY SELECT * FROM georisk.compare_tiers(place::pg_catalog.regclass, second::pg_catalog.regclass, third::georisk.risk_policy,
			fourth::georisk.risk_policy, fifth::pg_catalog.date, sixth::pg_catalog.date);
	END IF;
END
$$;
COMMENT ON FUNCTION compare_tiers(text, text, text, text, text, text) IS
'The rows behind compare_policies, where all arguments are literals of no type: a map, two policies, the first and the last day and the layer, where the second begins with POLICY; else two tables, two policies, the first and the last day. Everything else is as in the forms with types.';

CREATE FUNCTION compare_tiers(place text, second text, third risk_policy, fourth text, fifth text DEFAULT NULL, sixth text DEFAULT NULL)
RETURNS SETOF compared_zone
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET jit = off AS $$
BEGIN
	IF georisk.is_policy_text(second) THEN
		RETURN QUERY SELECT * FROM georisk.compare_tiers(place, second::georisk.risk_policy, third::georisk.risk_policy,
			fourth::pg_catalog.date, fifth::pg_catalog.date, sixth);
	ELSE
		RETURN QUERY SELECT * FROM georisk.compare_tiers(place::pg_catalog.regclass, second::pg_catalog.regclass, third::georisk.risk_policy,
			fourth::georisk.risk_policy, fifth::pg_catalog.date, sixth::pg_catalog.date);
	END IF;
END
$$;
COMMENT ON FUNCTION compare_tiers(text, text, risk_policy, text, text, text) IS
'The rows behind compare_policies, where all arguments but the third, a policy, are literals of no type: a map, two policies, the first and the last day and the layer, where the second begins with POLICY; else two tables, two policies, the first and the last day. Everything else is as in the forms with types.';

CREATE FUNCTION compare_policies(place text, second text, third text, fourth text, fifth text DEFAULT NULL, sixth text DEFAULT NULL)
RETURNS SETOF compared_policies
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20 SET jit = off AS $$
BEGIN
	IF georisk.is_policy_text(second) THEN
		RETURN QUERY SELECT * FROM georisk.compare_policies(place, second::georisk.risk_policy, third::georisk.risk_policy,
			fourth::pg_catalog.date, fifth::pg_catalog.date, sixth);
	ELSE
		RETURN QUERY SELECT * FROM georisk.compare_policies(place::pg_catalog.regclass, second::pg_catalog.regclass, third::georisk.risk_policy,
			fourth::georisk.risk_policy, fifth::pg_catalog.date, sixth::pg_catalog.date);
	END IF;
END
$$;
COMMENT ON FUNCTION compare_policies(text, text, text, text, text, text) IS
'What another rule would have made of zones and reports, where all arguments are literals of no type: a map, two policies, the first and the last day and the layer, where the second begins with POLICY; else two tables, two policies, the first and the last day. Everything else is as in the forms with types.';

CREATE FUNCTION compare_policies(place text, second text, third risk_policy, fourth text, fifth text DEFAULT NULL, sixth text DEFAULT NULL)
RETURNS SETOF compared_policies
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20 SET jit = off AS $$
BEGIN
	IF georisk.is_policy_text(second) THEN
		RETURN QUERY SELECT * FROM georisk.compare_policies(place, second::georisk.risk_policy, third::georisk.risk_policy,
			fourth::pg_catalog.date, fifth::pg_catalog.date, sixth);
	ELSE
		RETURN QUERY SELECT * FROM georisk.compare_policies(place::pg_catalog.regclass, second::pg_catalog.regclass, third::georisk.risk_policy,
			fourth::georisk.risk_policy, fifth::pg_catalog.date, sixth::pg_catalog.date);
	END IF;
END
$$;
COMMENT ON FUNCTION compare_policies(text, text, risk_policy, text, text, text) IS
'What another rule would have made of zones and reports, where all arguments but the third, a policy, are literals of no type: a map, two policies, the first and the last day and the layer, where the second begins with POLICY; else two tables, two policies, the first and the last day. Everything else is as in the forms with types.';
