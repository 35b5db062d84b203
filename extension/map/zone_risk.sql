CREATE FUNCTION layer_inputs(map text, layer_id integer, OUT name text, OUT kind text) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 5 SET search_path FROM CURRENT AS $$
DECLARE
	missing record;
	unsure record;
BEGIN
	EXECUTE format($sql$
		SELECT string_agg(DISTINCT quote_literal(policy_name(p.policy)), ', ') AS policies, string_agg(DISTINCT i.name, ', ') AS names
		FROM %1$I.layer_policy p, policy_inputs(p.policy) i
		WHERE p.layer_id = $1 AND i.kind = 'count' AND i.name NOT IN (SELECT m.name FROM %1$I.measure m WHERE m.layer_id = $1)
	$sql$, map) INTO missing USING layer_id;
	IF missing.names IS NOT NULL THEN
		RAISE EXCEPTION 'the layer does not count what policy % asks for: %', missing.policies, missing.names USING
			ERRCODE = 'undefined_object',
			HINT = format('Say first which reports these are, by columns of report and the values that count: measures => ''{%s: {"column": ["value"]}}'' in georisk.create_map and add_layer, a row of the table measure where the layer is there.',
				to_json(split_part(missing.names, ', ', 1)));
	END IF;
	EXECUTE format($sql$
		SELECT i.name, string_agg(DISTINCT i.kind, ', ') AS kinds FROM %1$I.layer_policy p, policy_inputs(p.policy) i
		WHERE p.layer_id = $1 GROUP BY i.name HAVING count(DISTINCT i.kind) > 1 ORDER BY i.name LIMIT 1
	$sql$, map) INTO unsure USING layer_id;
	IF unsure.name IS NOT NULL THEN
		RAISE EXCEPTION 'the policies of the layer take "%" for different things: %', unsure.name, unsure.kinds USING
			ERRCODE = 'datatype_mismatch',
			HINT = 'Give it another name in one of the policies.';
	END IF;
	RETURN QUERY EXECUTE format('SELECT DISTINCT i.name, i.kind FROM %I.layer_policy p, policy_inputs(p.policy) i '
		'WHERE p.layer_id = $1 ORDER BY i.name', map) USING layer_id;
END
$$;
COMMENT ON FUNCTION layer_inputs(text, integer) IS
'Internal: what the policies of a layer''s timeline look at, all of them together. An error where one asks for a measure that is not there, or where they do not agree what a name is.';

CREATE FUNCTION layer_edition(map text, layer_id integer) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
	SELECT md5(concat_ws(E'\n', (SELECT string_agg(concat_ws(' ', i.name, i.kind), E'\n' ORDER BY i.name) FROM layer_inputs(map, layer_id) i),
		(SELECT string_agg(concat_ws(' ', m.name, m.counted, m.further), E'\n' ORDER BY m.name) FROM layer_measures(map, layer_id) m),
		(SELECT concat_ws(' ', c.day, c.counted) FROM layer_counting(map, layer_id) c), layer_previous(map, layer_id)))
$$;
COMMENT ON FUNCTION layer_edition(text, integer) IS
'Internal: a digest of all that the views of a layer are written for: what its policies look at, its measures, what it counts, and what it takes for the past. It stands in the views, so that verify knows those that no trigger wrote anew.';

CREATE FUNCTION input_parts(map text, layer_id integer, names text[], kinds text[], of_neighbours boolean, of_parents boolean,
	OUT measures text[], OUT positions integer[], OUT filters text[], OUT counted text, OUT measured text, OUT latest text,
	OUT valued text, OUT value_names text, OUT known text[]) RETURNS record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	input record;
	filter text;
BEGIN
	measures := '{}';
	positions := '{}';
	filters := '{}';
	counted := '';
	measured := '';
	latest := '';
	valued := '';
	value_names := '';
	known := ARRAY[format('%L, %s.complete_until', 'complete_until', CASE WHEN of_parents THEN 'z' ELSE 'd' END),
		format('%L, z.households', 'households'), format('%L, z.level', 'level'), format('%L, z.population', 'population'),
		format('%L, %s', 'reported_until', CASE WHEN of_parents THEN 'z.reported_until'
			ELSE 'least(u.reported_until, (SELECT reported_until FROM reported_everywhere))' END),
		format('%L, (SELECT silence_limit FROM map)', 'silence_limit')];
	FOR input IN SELECT * FROM unnest(names, kinds) WITH ORDINALITY AS i(name, kind, position) LOOP
		filter := CASE WHEN input.kind = 'count' THEN measure_filter(map, layer_id, ARRAY[input.name]) END;
		filters := filters || filter;
		IF input.kind = 'count' THEN
			measures := measures || input.name;
			positions := positions || input.position::integer;
			counted := counted || format(', epicurve_agg(report.report_day, report.n, report.household_key) FILTER (WHERE %s) AS m%s',
				filter, input.position);
			measured := measured || format(', c.m%s', input.position);
			latest := latest || format(' FULL JOIN latest_m%1$s ON latest_m%1$s.zone_id = z.zone_id', input.position);
			known := known || format(CASE WHEN of_parents THEN '%1$L, z.m%2$s'
				ELSE '%1$L, coalesce(z.m%2$s + latest_m%2$s.curve, latest_m%2$s.curve, z.m%2$s, (SELECT curve FROM no_cases))' END,
				input.name, input.position);
		ELSIF input.kind IN ('number', 'yesno') THEN
			valued := valued || format(', value_series_agg(v.day, %s) FILTER (WHERE v.name = %L) AS v%s',
				CASE input.kind
					WHEN 'number' THEN 'CASE WHEN v.value ~ ''^-?[0-9]'' THEN v.value::numeric END'
					ELSE 'CASE WHEN v.value IN (''yes'', ''true'', ''1'') THEN true '
						 'WHEN v.value IN (''no'', ''false'', ''0'') THEN false END' END,
				input.name, input.position);
			known := known || format('%L, v.v%s', input.name, input.position);
			value_names := value_names || format(', %L', input.name);
		END IF;
	END LOOP;
	IF (of_neighbours OR of_parents) AND 'name' <> ALL (names) THEN
		known := known || format('%L, z.name', 'name');
	END IF;
END
$$;
COMMENT ON FUNCTION input_parts(text, integer, text[], text[], boolean, boolean) IS
'Internal: the parts of a query that judges a layer that follow from what its policies look at, names of the kinds that policy_inputs tells: what is counted of `report` (of measures, at their positions among the inputs, by filters, one for each input), what of that and of the last days behind it is joined, what is gathered of zone values, and the keys and values of the profile.';

CREATE FUNCTION zone_risk_query(map text, layer_id integer, at_a_time boolean, of_parents boolean DEFAULT false, ending text DEFAULT '') RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	asked CONSTANT record := layer_relations(map, layer_id);
	part record;
	looks_at_announced boolean := layer_previous(map, layer_id) = 'announced';
	sources text;
BEGIN
	SELECT p.* INTO part
	FROM (SELECT coalesce(array_agg(i.name), '{}') AS names, coalesce(array_agg(i.kind), '{}') AS kinds FROM layer_inputs(map, layer_id) i) i,
		 input_parts(map, layer_id, i.names, i.kinds, asked.neighbours, asked.parents) p;
	sources := format('placed z%s FULL JOIN doubtful d ON d.zone_id = z.zone_id FULL JOIN reported u ON u.zone_id = z.zone_id', part.latest);

	RETURN format($sql$
		-- planning is a third of a district's reading: what has few rows is MATERIALIZED, for the planner walks through the whole query
		-- for each part that it writes into another
		WITH RECURSIVE map AS (
			-- judged_from: the first of the days that are judged, for silence may hold its tier; counted_from, valued_from:
			-- the first whose reports, whose zone values matter then; start: from when on reviews are held, for policies
			-- that look at earlier ones
			SELECT d.day, d.lang, d.silence_limit, %14$s AS layer_id, %17$L::text AS edition, p.policy, policy_name(p.policy) AS policy_name,
				   (SELECT max(i.look_back) FROM policy_inputs(p.policy) i WHERE i.kind = 'count') AS look_back,
				   policy_review_day(p.policy, d.held_from) AS judged_from,
				   policy_first_day(p.policy, policy_review_day(p.policy, d.held_from)) AS counted_from,
				   policy_first_value_day(p.policy, policy_review_day(p.policy, d.held_from)) AS valued_from,
				   nullif(greatest(CASE WHEN p.valid_from <= d.day THEN p.valid_from END,
								   (SELECT min(s.valid_from) FILTER (WHERE s.activated_at IS NOT NULL) FROM %1$I.zone_set s)),
						  '-infinity') AS start
			FROM (SELECT s.day, s.lang, s.silence_limit, s.day - coalesce(s.silence_limit, 0) AS held_from
				  FROM (SELECT coalesce(%11$s s.day, (now() AT TIME ZONE s.timezone)::date) AS day, s.lang, s.silence_limit
						FROM %1$I.settings s) s) d
			CROSS JOIN LATERAL (%6$s) p
			LIMIT 1
		), shown AS MATERIALIZED (
			%7$s
		), %12$s zones AS (
			SELECT z.zone_id, z.parent_id, clean_text(z.code) AS code, z.level, z.population, z.households%20$s
			FROM shown s
			JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id
			WHERE z.is_leaf
		), counted AS (
			SELECT report.zone_id%2$s
			FROM (%8$s) report
			GROUP BY report.zone_id
		), placed AS (
			-- full joins, because they are never nested loops, whatever the planner knows of a table just loaded
			SELECT z.*%18$s FROM zones z FULL JOIN counted c ON c.zone_id = z.zone_id
		)%15$s, doubtful AS MATERIALIZED (
			%9$s
		), %16$s, %26$s, valued AS MATERIALIZED (
			SELECT v.code%3$s
			FROM (SELECT DISTINCT ON (clean_text(v.zone_code), clean_text(v.name), v.day)
						 clean_text(v.zone_code) AS code, clean_text(v.name) AS name, v.day, v.value
				  FROM (%10$s) v
				  ORDER BY clean_text(v.zone_code), clean_text(v.name), v.day, v.recorded_at DESC, v.zone_value_id DESC) v
			GROUP BY v.code
		), no_cases AS (
			SELECT %5$s AS curve
		), %21$sjudged AS (
			SELECT judge_agg(z.zone_id, z.parent_id, z.level, profile(%4$s),
							 %22$s, %24$s, (SELECT policy FROM map), (SELECT day FROM map), (SELECT start FROM map))
				   FILTER (WHERE z.zone_id IS NOT NULL) AS judgement
			FROM %19$s
			FULL JOIN valued v ON v.code = z.code%25$s
		), %13$s
		%23$s
	$sql$, map, part.counted, part.valued,
		-- in the order in which a profile keeps them
		(SELECT string_agg(k, ', ' ORDER BY k COLLATE "C") FROM unnest(part.known || format('%L, (SELECT day FROM map)', 'as_of')) k),
		'epicurve_agg(NULL::date, 1, NULL::bigint)',
		policy_of_day_query(map, layer_id, 'd.day'),
		shown_set_query(map, CASE WHEN at_a_time THEN known_set_then(map) ELSE '' END),
		CASE WHEN at_a_time THEN known_reports_query(map, layer_id) ELSE counted_reports_query(map, layer_id) END,
		CASE WHEN at_a_time THEN known_doubt_query(map, layer_id, part.measures) ELSE doubtful_zones_query(map, layer_id, part.measures) END,
		shown_values_query(map, format('clean_text(v.name) IN (NULL%s) AND v.day BETWEEN (SELECT valued_from FROM map) AND '
			'(SELECT day FROM map)%s', part.value_names, CASE WHEN at_a_time THEN known_then('v.recorded_at') ELSE '' END)),
		CASE WHEN at_a_time THEN 'finite_day($1),' ELSE '' END,
		CASE WHEN at_a_time THEN known_rows_query(map, layer_id) || ', ' ELSE '' END,
		recorded_tiers_query(map, at_a_time), layer_id,
		latest_days_query(map, layer_id, part.filters, CASE WHEN at_a_time THEN ' AND $2 IS NULL' ELSE '' END),
		reported_query(map, CASE WHEN at_a_time THEN known_set_then(map) ELSE '' END,
			CASE WHEN at_a_time THEN known_then('u.submitted_at') ELSE '' END,
			' AND coalesce((SELECT day FROM map) - o.valid_to <= (SELECT look_back FROM map), true)'),
		layer_edition(map, layer_id), part.measured,
		concat(CASE WHEN asked.parents THEN 'told_all z' ELSE sources END,
			CASE WHEN asked.neighbours THEN ' FULL JOIN beside b ON b.zone_id = z.zone_id' END),
		CASE WHEN asked.parents OR asked.neighbours THEN ', z.name' ELSE '' END,
		concat(CASE WHEN asked.parents THEN member_query(map) || told_query(map, part.positions, sources) END,
			CASE WHEN asked.neighbours THEN beside_query(map, asked.parents) END),
		CASE WHEN asked.neighbours THEN 'coalesce(b.neighbours, ''{}''), b.shared_m, b.gap_m' ELSE 'NULL, NULL, NULL' END,
		CASE WHEN ending <> '' THEN ending WHEN of_parents THEN judged_parents_query(map)
			 ELSE judged_zones_query(map, in_force_query(map, layer_id, '(SELECT day FROM map)', CASE WHEN at_a_time THEN known_then('d.decided_at') ELSE '' END)) END,
		CASE WHEN looks_at_announced THEN 'nullif(n.tier, ''unknown'')' ELSE 'NULL' END,
		-- what was in force on the eve of the review, so that announcing what it finds does not change what it found
		CASE WHEN looks_at_announced THEN format(' FULL JOIN (%s) n ON n.zone_id = z.zone_id', in_force_query(map, layer_id,
			'(SELECT policy_review_day(policy, day) - 1 FROM map)', CASE WHEN at_a_time THEN known_then('d.decided_at') ELSE '' END)) ELSE '' END, older_zones_query(map));
END
$$;
COMMENT ON FUNCTION zone_risk_query(text, integer, boolean, boolean, text) IS
'Internal: the query behind zone_risk, written for what the policies of the layer''s timeline ask for; which one judges is decided by the day, on reading; with at_a_time the body of zone_risk_at; with of_parents the verdicts on the zones above those of the day, without their polygons; with an ending whatever that makes of `map`, `zones` and `judged`.';

CREATE FUNCTION judged_parents_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$SELECT j.zone_id, j.tier_rank, j.tier, j.tier_label, j.tier_color, j.reason
		FROM judge((SELECT judgement FROM judged), (SELECT lang FROM map)) j JOIN %1$I.zone g ON g.zone_id = j.zone_id
		WHERE NOT g.is_leaf$sql$, map);
END
$$;
COMMENT ON FUNCTION judged_parents_query(text) IS
'Internal: the end of the query of zone_risk_query, for the zones that others are part of.';

CREATE FUNCTION judged_zones_query(map text, in_force text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$SELECT g.zone_id, g.code, g.name, g.parent_code, g.level AS zone_level,
			   x.tier_rank, x.tier, x.tier_label, x.tier_color, x.reason, x.cases, x.households_affected,
			   g.population, g.households, x.rate_100k, x.days_since_last, x.window_start, x.window_end, x.complete_until,
			   x.since, x.previous_tier,
			   x.in_force_rank, x.in_force, x.in_force_color,
			   (SELECT policy_name FROM map) AS policy, (SELECT name FROM shown) AS zone_set, now() AS computed_at, g.geom,
			   x.in_force_since, x.override_reason, x.override_until
		FROM (SELECT j.*, w.previous_tier, w.in_force_rank, w.in_force, w.in_force_color, w.in_force_since, w.override_reason, w.override_until,
					 CASE WHEN w.tier_of_day = j.tier OR w.tier_of_day IS NULL AND w.previous_tier = j.tier
						  THEN CASE WHEN w.previous_tier = j.tier THEN w.since ELSE j.window_end END END AS since
			  FROM (SELECT z.zone_id, b.tier AS previous_tier, b.since, b.tier_of_day, f.tier_rank AS in_force_rank, f.tier AS in_force,
						   f.tier_color AS in_force_color, f.since AS in_force_since, f.override_reason, f.override_until
					FROM zones z
					FULL JOIN (SELECT coalesce(b.code, o.code) AS code, b.tier, b.since, o.tier AS tier_of_day
							   FROM recorded_before b FULL JOIN recorded_of_day o ON o.code = b.code) b ON b.code = z.code COLLATE "C"
					FULL JOIN (%2$s) f ON f.zone_id = z.zone_id
					WHERE coalesce(z.zone_id, 0) > 0) w
			  JOIN judge((SELECT judgement FROM judged), (SELECT lang FROM map)) j ON j.zone_id = w.zone_id OFFSET 0) x
		-- last, so that no polygon is sorted or hashed
		JOIN %1$I.zone g ON g.zone_id = x.zone_id
	$sql$, map, in_force);
END
$$;
COMMENT ON FUNCTION judged_zones_query(text, text) IS
'Internal: the end of the query of zone_risk_query: a row for each of the zones in `zones`, with its polygon and what a query says is in force.';

CREATE FUNCTION write_zone_risk(map text, layer_id integer) RETURNS regclass
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	view_name text := layer_relation(map, layer_id, 'zone_risk');
BEGIN
	EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS %s', map, view_name, zone_risk_query(map, layer_id, false));
	PERFORM comment_table(map, view_name,
		'The tier of every zone on the map''s day, counted from the reports as they stand now. One row for each zone that is nobody''s parent in the zone set of that day, none before a zone set is activated. Readers need SELECT on this view and USAGE on the schema, nothing else.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, to sort and compare: green 0, near green 1, yellow 2, orange 3, red 4, dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key; unknown where a missing value could change it.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone has its tier, in one sentence in the map''s language.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'households', 'Households that live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'complete_until', 'The day until which reporting is complete: the earliest of the days until which the sources of the zone have reported, see reporting, and the day before the first report that may lie in it since boundaries changed, see possible_place. Empty where no source takes part: every day counts as complete. On days after it a zone does not get milder; beyond settings.silence_limit it is unknown, unless its tier is certain anyway.',
		'since', 'First day of the unbroken run of recorded assessments with the present tier; empty where the last one up to the day has another tier, or there is none.',
		'previous_tier', 'The tier of the last recorded assessment before the day; empty where there is none.',
		'in_force_rank', 'The rung of the tier in force; empty where unknown or outside the ladder, and where nothing was announced.',
		'in_force', 'The tier in force: the announced one, or that of an override; empty where nothing was announced.',
		'in_force_color', 'Colour of the tier in force.',
		'policy', 'Name of the policy that judged: the one of the day, in the layer''s timeline.',
		'zone_set', 'Name of the zone set of the day: the latest that is valid from it or before; before the first set, the first.',
		'computed_at', 'When this was computed: when the reading transaction began.',
		'geom', 'The polygon of the zone.',
		'in_force_since', 'First day of the unbroken run of days with this tier in force.',
		'override_reason', 'Why the committee overruled what was announced; empty where no override decides.',
		'override_until', 'The last day of that override.');
	RETURN format('%I.%I', map, view_name)::regclass;
END
$$;
COMMENT ON FUNCTION write_zone_risk(text, integer) IS
'Writes the view zone_risk of a layer anew, for what its policy asks for. create_map and the trigger on the table layer call it; columns, comments, grants and views on top stay.';
INSERT INTO layer_part (part, place) VALUES ('zone_risk', 10);
