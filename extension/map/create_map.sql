CREATE FUNCTION check_new_map(map text, srid integer, timezone text, lang text, neighbour_tolerance_m double precision,
	silence_limit integer)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
BEGIN
	IF map IS NULL OR srid IS NULL OR timezone IS NULL OR lang IS NULL OR neighbour_tolerance_m IS NULL
		OR silence_limit IS NULL THEN
		RAISE EXCEPTION 'name, policy, srid, timezone, lang, neighbour_tolerance_m and silence_limit of a map may not be NULL' USING
			ERRCODE = 'null_value_not_allowed';
	END IF;
	IF map = '' OR octet_length(map) > 63 OR map ~ '^pg_' OR map IN ('georisk', 'public', 'information_schema') THEN
		RAISE EXCEPTION '"%" cannot be the name of a map', map USING
			ERRCODE = 'invalid_name',
			DETAIL = 'The name becomes a schema: 1 to 63 bytes, not starting with pg_, not the name of a schema that is there already.',
			HINT = 'Short lower-case names such as district1 need no quotes.';
	END IF;
	IF to_regnamespace(quote_ident(map)) IS NOT NULL THEN
		RAISE EXCEPTION 'schema "%" already exists', map USING
			ERRCODE = 'duplicate_schema',
			HINT = 'Choose another name' || CASE WHEN to_regclass(format('%I.zone_set', map)) IS NULL THEN '.'
				ELSE format('; or, if it is a map that nobody needs: SELECT georisk.drop_map(%L).', map) END;
	END IF;
	IF NOT EXISTS (SELECT FROM spatial_ref_sys s WHERE s.srid = srid) THEN
		RAISE EXCEPTION 'SRID % is not known', srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = '4326 is longitude and latitude; SELECT srid, srtext FROM spatial_ref_sys lists all.';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_timezone_names t WHERE t.name = timezone) THEN
		RAISE EXCEPTION 'time zone "%" is not known', timezone USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a name such as Asia/Ho_Chi_Minh; SELECT name FROM pg_timezone_names lists all.';
	END IF;
	IF lang NOT IN ('vi', 'en') THEN
		RAISE EXCEPTION 'language "%" is not known', lang USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Labels and reasons come in ''vi'' and ''en''.';
	END IF;
	IF NOT neighbour_tolerance_m BETWEEN 0 AND 10000 THEN
		RAISE EXCEPTION 'neighbour_tolerance_m must be from 0 to 10000 metres' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is %s.', neighbour_tolerance_m),
			HINT = '0 where borders coincide; as far as two drawings of one border may part where they were drawn by hand.';
	END IF;
	IF silence_limit NOT BETWEEN 0 AND 366 THEN
		RAISE EXCEPTION 'silence_limit must be from 0 to 366 days' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is %s.', silence_limit),
			HINT = 'For so many days zones that nobody reports keep their tier; then they are unknown.';
	END IF;
END
$$;
COMMENT ON FUNCTION check_new_map(text, integer, text, text, double precision, integer) IS
'Internal, used by create_map: an error that says what is wrong with the name, SRID, time zone, language, neighbour tolerance or silence limit of a new map.';

CREATE FUNCTION keep_settings() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 1 SET search_path FROM CURRENT AS $$
BEGIN
	RAISE EXCEPTION 'the settings of map "%" cannot be deleted', TG_TABLE_SCHEMA USING
		ERRCODE = 'object_not_in_prerequisite_state',
		DETAIL = 'Everything in the map goes by them.',
		HINT = 'Change the row by UPDATE.';
END
$$;
COMMENT ON FUNCTION keep_settings() IS
'Trigger on the table settings of a map: keeps its one row.';

CREATE FUNCTION create_settings(map text, srid integer, timezone text, lang text, neighbour_tolerance_m double precision,
	silence_limit integer)
RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.settings (
			only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
			made_by text NOT NULL,
			version text NOT NULL,
			srid integer NOT NULL,
			timezone text NOT NULL,
			lang text NOT NULL CHECK (lang IN ('vi', 'en')),
			day date CHECK (isfinite(day)),
			household_salt bigint NOT NULL,
			neighbour_tolerance_m double precision NOT NULL CHECK (neighbour_tolerance_m BETWEEN 0 AND 10000),
			clock_offset interval,
			silence_limit integer CHECK (silence_limit BETWEEN 0 AND 366),
			notify boolean NOT NULL DEFAULT true,
			reduced_before date CHECK (isfinite(reduced_before))
		);
		INSERT INTO %1$I.settings (made_by, version, srid, timezone, lang, household_salt, neighbour_tolerance_m, silence_limit)
		SELECT extversion, extversion, %2$s, %3$L, %4$L,
			   ('x' || translate(left(gen_random_uuid()::text, 18), '-', ''))::bit(64)::bigint, %5$L, %6$s
		FROM pg_extension WHERE extname = 'georisk';
		CREATE TRIGGER find_neighbours AFTER UPDATE OF neighbour_tolerance_m ON %1$I.settings FOR EACH ROW
			WHEN (OLD.neighbour_tolerance_m <> NEW.neighbour_tolerance_m) EXECUTE FUNCTION find_neighbours();
		CREATE TRIGGER keep_row BEFORE DELETE ON %1$I.settings FOR EACH ROW EXECUTE FUNCTION keep_settings();
		CREATE TRIGGER keep_rows BEFORE TRUNCATE ON %1$I.settings FOR EACH STATEMENT EXECUTE FUNCTION keep_settings();
	$sql$, map, srid, timezone, lang, neighbour_tolerance_m, silence_limit);
	PERFORM comment_table(map, 'settings',
		'What holds for the whole map: one row.',
		'only_row', 'Keeps the table to one row.',
		'made_by', 'The version of georisk that made the map.',
		'version', 'The version of georisk that the map is at: the one that made it, until georisk.upgrade_map brings it forward.',
		'srid', 'The coordinate system of zones and reports.',
		'timezone', 'The time zone in which a day begins and ends.',
		'lang', 'The language of labels and reasons: vi or en.',
		'day', 'The day that the map shows, pinned by georisk.set_day; empty: today in the map''s time zone.',
		'household_salt', 'Makes the household keys of this map mean nothing outside it. Changing it parts old reports of a household from new ones.',
		'neighbour_tolerance_m', 'Metres up to which zones count as next to each other though their borders do not meet; 0: they must touch. UPDATE it and the neighbours of all zone sets are found anew.',
		'clock_offset', 'How far the map''s clock is from the server''s, set by georisk.set_day for a replay; empty: it is the server''s. The defaults of recorded_at and submitted_at have it, too.',
		'silence_limit', 'For how many days after the day until which it is reported a zone keeps its tier, though it may get worse; silent for longer it is unknown, unless its tier is certain anyway. 0: unknown from the first day on. Empty: silence is not watched, and every day counts as complete; so it is in a map that 0.1.0 made, until somebody sets it. UPDATE it at any time.',
		'notify', 'Whether listeners on the channels qgis and georisk are told when the map shows something else: an assessment was recorded, a list submitted, the day set, zones put in force.',
		'reduced_before', 'Reports of days before this one were reduced by georisk.reduce_reports; empty: none were.');
END
$$;
COMMENT ON FUNCTION create_settings(text, integer, text, text, double precision, integer) IS
'Internal, used by create_map: the table settings of a map.';

CREATE FUNCTION write_views(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	one integer;
BEGIN
	PERFORM write_zone_views(map);
	PERFORM write_unmatched_places(map);
	PERFORM write_reporting(map);
	PERFORM write_public_views(map);
	PERFORM write_own_views(map), write_row_security(map, true), write_role_functions(map);
	FOR one IN EXECUTE format('SELECT DISTINCT layer_id FROM %I.layer_policy ORDER BY layer_id', map) LOOP
		PERFORM write_counted_indexes(map, one);
		PERFORM write_layer_views(map, one);
	END LOOP;
	PERFORM follow_grants(map);
END
$$;
COMMENT ON FUNCTION write_views(text) IS
'Internal, used by create_map and upgrade_map: writes all views of a map, the functions in its schema, and the indexes that layers count from. Those that are there already are replaced in place: grants, and whatever stands on them, stay.';

CREATE FUNCTION create_map(name text, policy risk_policy, srid integer DEFAULT 4326,
	timezone text DEFAULT 'Asia/Ho_Chi_Minh', lang text DEFAULT 'vi', neighbour_tolerance_m double precision DEFAULT 0,
	silence_limit integer DEFAULT 1, disease text[] DEFAULT NULL, measures jsonb DEFAULT NULL)
RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	IF policy IS NULL THEN
		RAISE EXCEPTION 'name, policy, srid, timezone, lang, neighbour_tolerance_m and silence_limit of a map may not be NULL' USING
			ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM check_new_map(name, srid, timezone, lang, neighbour_tolerance_m, silence_limit);
	EXECUTE format('CREATE SCHEMA %I', name);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', name,
		'A map of georisk: zones, reports and the tiers that follow from them. '
		'These are plain tables of their owner; georisk.drop_map removes the map.');
	PERFORM create_settings(name, srid, timezone, lang, neighbour_tolerance_m, silence_limit);
	PERFORM create_zone_tables(name, srid);
	PERFORM create_zone_neighbour_table(name, srid);
	PERFORM create_zone_shape_table(name, srid);
	PERFORM create_report_table(name, srid);
	PERFORM create_placement_tables(name);
	PERFORM create_report_past(name);
	PERFORM create_intake(name);
	PERFORM create_zone_value_table(name);
	PERFORM create_layer_tables(name);
	PERFORM create_assessment_tables(name);
	PERFORM create_decision_tables(name);
	PERFORM create_publication_table(name);
	PERFORM create_published_count_tables(name);
	PERFORM create_protection_tables(name);
	PERFORM create_role_grant(name);
	PERFORM create_notify_triggers(name);
	PERFORM write_views(name);
	RETURN make_layer(name, 'main', policy, disease, 'report_day', measures);
END
$$;
COMMENT ON FUNCTION create_map(text, risk_policy, integer, text, text, double precision, integer, text[], jsonb) IS
'Makes a map judged by a policy of one''s own, or by a shipped one with other parameters: create_map(''d1'', policy(''alert_counts'', ''{"days": 7}'')). Otherwise as create_map with the name of a policy.';

CREATE FUNCTION create_map(name text, policy text DEFAULT 'vn_hcmc_2716_2021', srid integer DEFAULT 4326,
	timezone text DEFAULT 'Asia/Ho_Chi_Minh', lang text DEFAULT 'vi', neighbour_tolerance_m double precision DEFAULT 0,
	silence_limit integer DEFAULT 1, disease text[] DEFAULT NULL, measures jsonb DEFAULT NULL)
RETURNS regclass
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
BEGIN ATOMIC
	SELECT create_map(name, policy(policy), srid, timezone, lang, neighbour_tolerance_m, silence_limit, disease, measures);
END;
COMMENT ON FUNCTION create_map(text, text, integer, text, text, double precision, integer, text[], jsonb) IS
'Makes a map: a plain schema of that name, owned by the caller, with the tables zone, report, zone_value, zone_set, layer, layer_policy, measure, settings and others, and the view zone_risk, which it returns. policy is the name of a shipped policy, see the view policies; its text is copied. srid is the coordinate system of zones and reports, timezone the one in which days begin and end, lang (vi or en) the language of labels and reasons. neighbour_tolerance_m, 0 to 10000, is how many metres apart two zones may be drawn and still count as next to each other: 0 where borders coincide, some metres where they were drawn by hand; UPDATE of the table settings changes it later. silence_limit, 0 to 366 days, says for how long a zone that nobody reports keeps its tier before it is unknown, see the table source. disease lists the names of the diseases that count, NULL for every one; reports that name none count, too; georisk.add_layer watches another one. measures says what is counted by other names than cases, community_cases, imported_cases and unknown_source_cases, as a policy may ask: {"hospitalised": {"setting": ["hospital"]}}, see the table measure. Next: load zones into zone, call activate_zones, load reports into report, read zone_risk. An error, and nothing made, where the schema exists or an argument is not valid. The caller needs CREATE on the database. drop_map removes a map.';
