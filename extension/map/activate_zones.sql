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
		WHEN 'overlap' THEN 'take what two zones share away from one of them, for example by ST_Difference.'
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
		FROM (SELECT e.*, row_number() OVER () AS place FROM check_zones($1) e
			  WHERE e.severity = 'error'
			  -- a parent may do without a polygon
			  AND NOT (e.problem = 'empty' AND EXISTS (SELECT FROM %1$I.zone p JOIN %1$I.zone_draft d USING (zone_id)
					   WHERE NOT p.is_leaf AND clean_text(p.code) = e.zone))) c
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
'Internal, used by activate_zones: an error that names the first of the errors which check_zones finds in the draft, and says what to do. A parent without a polygon is none.';

CREATE FUNCTION find_draft(map text) RETURNS integer
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	in_force record;
	draft integer;
BEGIN
	EXECUTE format('SELECT name, valid_from FROM %I.zone_set WHERE activated_at IS NOT NULL LIMIT 1', map) INTO in_force;
	IF in_force.name IS NOT NULL THEN
		RAISE EXCEPTION 'map "%" has a zone set in force: "%", valid from %', map, in_force.name,
			to_char(in_force.valid_from, 'YYYY-MM-DD') USING
			ERRCODE = 'feature_not_supported',
			DETAIL = 'This version of georisk activates the zones of a map once; zone sets that succeed each other come later.',
			HINT = 'Make another map for other zones.';
	END IF;
	EXECUTE format('SELECT max(zone_set_id) FROM %I.zone_set', map) INTO draft;
	EXECUTE format('SELECT zone_set_id FROM %I.zone WHERE zone_set_id = $1 LIMIT 1', map) INTO draft USING draft;
	IF draft IS NULL THEN
		RAISE EXCEPTION 'map "%" has no zones to activate', map USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('Load them into %I.zone, by INSERT, COPY or ogr2ogr -append.', map);
	END IF;
	RETURN draft;
END
$$;
COMMENT ON FUNCTION find_draft(text) IS
'Internal, used by activate_zones: the draft zone set of a map; an error where a set is in force or no zones are there.';

CREATE FUNCTION activate_zones(map text, valid_from date) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft integer;
BEGIN
	PERFORM need_map(map);
	IF valid_from IS NULL OR NOT isfinite(valid_from) THEN
		RAISE EXCEPTION 'the first day of the zones is missing' USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('georisk.activate_zones(%L, date ''2021-06-01'')', map);
	END IF;
	-- Writers of reports and zones finish first; those who come later find the new set.
	EXECUTE format('LOCK TABLE %1$I.zone_set, %1$I.zone, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	draft := find_draft(map);
	PERFORM settle_parents(map, draft);
	PERFORM refuse_bad_zones(map);
	EXECUTE format($sql$
		UPDATE %1$I.zone_set SET valid_from = $2, activated_at = clock_timestamp(), edition = gen_random_uuid(),
			index = (SELECT zone_index_agg(zone_id, geom) FROM %1$I.zone WHERE zone_set_id = $1 AND is_leaf)
		WHERE zone_set_id = $1
	$sql$, map) USING draft, valid_from;
	EXECUTE format('UPDATE %I.report SET outcome = outcome', map);
	EXECUTE format('ANALYZE %1$I.zone_set, %1$I.zone', map);
	RETURN draft;
END
$$;
COMMENT ON FUNCTION activate_zones(text, date) IS
'Puts the draft zones of a map in force from a day on, and returns the number of the zone set: checks them with check_zones and refuses errors, builds and stores the index of the zones that are nobody''s parent, freezes the set and places the reports that are there already, all in one transaction. Writers of zones and reports are waited for. This version does it once a map. The caller owns the map.';
