CREATE FUNCTION settle_parents(map text, draft integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		WITH coded AS MATERIALIZED (
			SELECT zone_id, clean_text(code) AS code, nullif(clean_text(parent_code), '') AS parent_code
			FROM %1$I.zone WHERE zone_set_id = $1
		), named AS (
			SELECT code, min(zone_id) AS zone_id FROM coded WHERE code <> '' GROUP BY code
		), settled AS (
			SELECT c.zone_id, p.zone_id AS parent_id,
				   c.code IS NULL OR c.code NOT IN (SELECT parent_code FROM coded WHERE parent_code IS NOT NULL) AS is_leaf
			FROM coded c LEFT JOIN named p ON p.code = c.parent_code
		)
		UPDATE %1$I.zone z SET parent_id = s.parent_id, is_leaf = s.is_leaf FROM settled s
		WHERE z.zone_id = s.zone_id
	$sql$, map) USING draft;
END
$$;
COMMENT ON FUNCTION settle_parents(text, integer) IS
'Internal, used by activate_zones: finds each zone''s parent by its code, and the zones that are nobody''s parent.';

CREATE FUNCTION zone_remedy(problem text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT problem || ': ' || CASE problem
		WHEN 'invalid' THEN 'redraw the polygon, or take ST_Multi(ST_CollectionExtract(ST_MakeValid(geom), 3)) and look at it.'
		WHEN 'empty' THEN 'give the zone its polygon, or delete it.'
		WHEN 'wrong_srid' THEN 'the coordinates are not those of the map''s SRID; give them theirs by ST_SetSRID and convert them by ST_Transform.'
		WHEN 'missing_code' THEN 'give the zone a code.'
		WHEN 'duplicate_code' THEN 'give each zone a code of its own.'
		WHEN 'orphan_parent' THEN 'load the parent, or correct parent_code; no zone may be above itself.'
		WHEN 'overlap' THEN 'take what two zones share away from one of them, for example by ST_Difference; where borders were drawn by hand, say by how many metres they may be off: neighbour_tolerance_m in the table settings.'
		ELSE 'correct the zone.'
	END;
END;
COMMENT ON FUNCTION zone_remedy(text) IS
'Internal, used by activate_zones: what to do about an error that check_zones found, in one sentence.';

CREATE FUNCTION refuse_bad_zones(map text) RETURNS void
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft regclass := format('%I.zone_draft', map)::regclass;
	errors bigint;
	first_ones text;
	remedies text;
BEGIN
	EXECUTE format($sql$
		SELECT count(*), string_agg(
			format('%%s: zone %%s%%s', c.problem, coalesce(c.zone, '(none)'),
				CASE c.problem WHEN 'duplicate_code' THEN ', repeated by zone_id ' WHEN 'orphan_parent' THEN ', parent '
					ELSE ' and ' END || c.other_zone),
			E'\n' ORDER BY c.place) FILTER (WHERE c.place <= 5),
			string_agg(DISTINCT zone_remedy(c.problem), E'\n')
		FROM (SELECT e.*, row_number() OVER () AS place FROM check_zones($1, tolerance_m => (SELECT neighbour_tolerance_m FROM %1$I.settings)) e
			  WHERE e.severity = 'error') c
	$sql$, map) INTO errors, first_ones, remedies USING draft;
	IF errors > 0 THEN
		RAISE EXCEPTION 'the zones of map "%" cannot be activated, errors: %', map, errors USING
			ERRCODE = 'data_exception',
			DETAIL = first_ones || CASE WHEN errors > 5 THEN E'\n...' ELSE '' END,
			HINT = format(E'%s\nCorrect %I.zone and call activate_zones again. SELECT * FROM georisk.check_zones(%L) lists all errors, with places.',
				remedies, map, draft);
	END IF;
END
$$;
COMMENT ON FUNCTION refuse_bad_zones(text) IS
'Internal, used by activate_zones: an error that names the first of the errors which check_zones finds in the draft, and says what to do. An overlap no wider than the map''s neighbour_tolerance_m is none.';

CREATE FUNCTION find_draft(map text) RETURNS integer
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft integer;
BEGIN
	EXECUTE format('SELECT max(s.zone_set_id) FROM %1$I.zone_set s WHERE s.activated_at IS NULL '
		'AND EXISTS (SELECT FROM %1$I.zone z WHERE z.zone_set_id = s.zone_set_id)', map) INTO draft;
	IF draft IS NULL THEN
		RAISE EXCEPTION 'map "%" has no zones to activate', map USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('Open a draft with georisk.open_draft where there is none; load zones into %I.zone, by import_zones, INSERT, COPY or ogr2ogr -append.',
				map);
	END IF;
	RETURN draft;
END
$$;
COMMENT ON FUNCTION find_draft(text) IS
'Internal, used by activate_zones: the draft zone set of a map; an error where no zones are there.';

CREATE FUNCTION check_first_day(map text, first_day date) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	latest record;
BEGIN
	IF first_day IS NULL OR NOT isfinite(first_day) THEN
		RAISE EXCEPTION 'the first day of the zones is missing' USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('georisk.activate_zones(%L, date ''2021-06-01'')', map);
	END IF;
	PERFORM need_latest_snapshot('zones cannot be activated',
		'Reports that came while the activation waited for their writers would be missed.');
	EXECUTE format('SELECT zone_set_id, name, valid_from FROM %I.zone_set WHERE activated_at IS NOT NULL '
		'ORDER BY valid_from DESC, zone_set_id DESC LIMIT 1', map) INTO latest;
	IF latest.valid_from >= first_day THEN
		RAISE EXCEPTION 'zones valid from % cannot follow zone set "%", valid from %', to_char(first_day, 'YYYY-MM-DD'),
			latest.name, to_char(latest.valid_from, 'YYYY-MM-DD') USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = 'Zone sets succeed each other; one that was put in force is not undone.',
			HINT = 'Give a later day.';
	END IF;
	RETURN latest.zone_set_id;
END
$$;
COMMENT ON FUNCTION check_first_day(text, date) IS
'Internal, used by activate_zones: an error where the first day of a new zone set is missing or not after the first day of the set in force, or where the transaction could not see the reports it waited for; else the number of the set in force, NULL before the first.';

CREATE FUNCTION place_all_reports(map text, step integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	done bigint := 0;
	placed bigint;
	after bigint;
	upto bigint;
	reports bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM %I.report', map) INTO reports;
	LOOP
		EXECUTE format('SELECT max(report_id) FROM (SELECT report_id FROM %I.report '
			'WHERE reduced_at IS NULL AND ($1 IS NULL OR report_id > $1) ORDER BY report_id LIMIT $2) r', map) INTO upto USING after, step;
		EXIT WHEN upto IS NULL;
		EXECUTE format('UPDATE %I.report SET outcome = outcome WHERE reduced_at IS NULL AND ($1 IS NULL OR report_id > $1) AND report_id <= $2', map)
			USING after, upto;
		GET DIAGNOSTICS placed = ROW_COUNT;
		done := done + placed;
		after := upto;
		IF placed = step THEN
			PERFORM show_progress(format('map "%s": %s of %s reports placed', map, done, reports));
		END IF;
	END LOOP;
	RETURN done;
END
$$;
COMMENT ON FUNCTION place_all_reports(text, integer) IS
'Internal, used by activate_zones: places every report anew that was not reduced, so many at a time, with a notice after each full step, and returns how many there are. The triggers on report do it.';

CREATE FUNCTION activate_zones(map text, valid_from date) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft integer;
	before integer;
	zones bigint;
	reports bigint;
BEGIN
	PERFORM need_map(map);
	-- Writers of zones and reports finish first; those who come later find the new set. Zones before reports, as people
	-- load them, and as a transaction that opened a draft holds them; assessments before reports, as assess takes them.
	EXECUTE format('LOCK TABLE %1$I.zone_set, %1$I.zone, %1$I.assessment, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	before := check_first_day(map, valid_from);
	draft := find_draft(map);
	-- what was just loaded is unknown to the planner
	EXECUTE format('ANALYZE %1$I.zone, %1$I.report', map);
	PERFORM settle_parents(map, draft);
	EXECUTE format('ANALYZE %1$I.zone', map);
	EXECUTE format('SELECT count(*) FROM %I.zone WHERE zone_set_id = $1', map) INTO zones USING draft;
	PERFORM show_progress(format('map "%s": checking %s zones', map, zones));
	PERFORM refuse_bad_zones(map);
	PERFORM show_progress(format('map "%s": building the index', map));
	EXECUTE format($sql$
		UPDATE %1$I.zone_set SET valid_from = $2, activated_at = map_clock($3), edition = gen_random_uuid(),
			index = (SELECT zone_index_agg(zone_id, geom) FROM %1$I.zone WHERE zone_set_id = $1 AND is_leaf)
		WHERE zone_set_id = $1
	$sql$, map) USING draft, valid_from, map;
	IF before IS NOT NULL THEN
		EXECUTE format('UPDATE %I.zone_set SET valid_to = $2 - 1 WHERE zone_set_id = $1', map) USING before, valid_from;
		PERFORM show_progress(format('map "%s": comparing the zones with those before', map));
		PERFORM write_crosswalk(map, before, draft);
		EXECUTE format('INSERT INTO %1$I.source_past (zone_set_id, source, zone_code) SELECT $1, source, zone_code '
			'FROM %1$I.source', map) USING before;
	END IF;
	PERFORM follow_zones(map, draft, valid_from);
	PERFORM show_progress(format('map "%s": finding who is next to whom', map));
	PERFORM survey_zones(map, draft);
	PERFORM show_progress(format('map "%s": simplifying the zones for small scales', map));
	PERFORM write_zone_shapes(map, draft);
	PERFORM show_progress(format('map "%s": placing the reports', map));
	reports := place_all_reports(map, 100000) + carry_reduced(map, before, draft);
	EXECUTE format('ANALYZE %1$I.zone_set, %1$I.report, %1$I.placement, %1$I.possible_place', map);
	PERFORM show_progress(NULL);
	RAISE NOTICE 'map "%": % zones in force from %, % reports placed', map, zones, to_char(valid_from, 'YYYY-MM-DD'), reports;
	RETURN draft;
END
$$;
COMMENT ON FUNCTION activate_zones(text, date) IS
'Puts the draft zones of a map in force from a day on, and returns the number of the zone set: checks them with check_zones and refuses errors, builds and stores the index of the zones that are nobody''s parent, who is next to whom (zone_neighbour) and the zones simplified for small scales (zone_shape), freezes the set, closes the one before with the day before, and places all reports into the new set, all in one transaction: an interruption leaves everything as it was. The day must lie after the first day of the set before; it may lie in the past or to come. Until then days are shown in the set before, with its placements, which move to the table placement. A report of an older day is placed in the new set from where it was in the old one: by its point where it has one that agrees with its code; without one, to the zone that covers more than half of the old zone (crosswalk), because a code may mean another area now; where there is none, or the point is in no zone any more, its outcome is lost_in_boundary_change. Zones in which such a report may lie as well are listed in possible_place and are not shown as green because of the change. Reports that reduce_reports reduced go along the crosswalk, and their households keep the numbers that they have. What was announced goes on in zones that are mostly the same as before. Writers of zones and reports are waited for, and wait; readers do not. Says how far it is in notices, and to others in pg_stat_activity. Not in a repeatable read or serializable transaction. The caller owns the map.';
