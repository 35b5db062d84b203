-- The tier at an address, for residents and shops: read from public views alone, with the caller's rights.

CREATE FUNCTION point_outcome(point geometry) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
BEGIN ATOMIC
	SELECT CASE
		WHEN point IS NULL OR ST_IsEmpty(point) THEN 'no_place'
		WHEN GeometryType(point) <> 'POINT' THEN 'bad_point'
		-- neither NaN nor infinite
		WHEN ST_X(point) BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308
			AND ST_Y(point) BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308 THEN 'found'
		ELSE 'bad_point' END;
END;
COMMENT ON FUNCTION point_outcome(geometry) IS
'Internal, used by tier_at: found for a point that may be in a zone, no_place for none at all, bad_point for another kind of geometry and for coordinates that are not finite.';

CREATE FUNCTION points_in_crs(points geometry[], srid integer) RETURNS geometry[]
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	point geometry;
	moved geometry;
	placed geometry[] := '{}';
BEGIN
	FOREACH point IN ARRAY points LOOP
		moved := point;
		IF point_outcome(point) = 'found' AND ST_SRID(point) <> srid THEN
			BEGIN
				moved := in_crs(ST_Force2D(point), srid);
			EXCEPTION WHEN internal_error OR data_exception OR invalid_parameter_value THEN
				-- as bad as no number at all: the place is on no map of that system
				moved := ST_SetSRID(ST_MakePoint('NaN', 'NaN'), srid);
			END;
		END IF;
		placed := array_append(placed, moved);
	END LOOP;
	RETURN placed;
END
$$;
COMMENT ON FUNCTION points_in_crs(geometry[], integer) IS
'Internal, used by tier_at: points in the coordinate system of another SRID, VN-2000 by its official parameters; one that cannot be there becomes a point without numbers.';

CREATE FUNCTION check_point_srids(points geometry[], srid integer) RETURNS void
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	other integer;
BEGIN
	SELECT min(ST_SRID(p)) INTO other FROM unnest(points) p
	WHERE NOT ST_IsEmpty(p) AND ST_SRID(p) <> srid AND (ST_SRID(p) = 0 OR srid = 0 OR crs_definition(epsg_code(ST_SRID(p))) IS NULL
		AND NOT EXISTS (SELECT FROM spatial_ref_sys r WHERE r.srid = ST_SRID(p)));
	IF other IS NOT NULL THEN
		RAISE EXCEPTION 'points of SRID % cannot be looked up among zones of SRID %', other, srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = CASE WHEN srid = 0 THEN 'The zones of this map have no coordinate system: give plain coordinates, ST_Point(x, y).'
				WHEN other = 0 THEN 'Say what the coordinates are: ST_Point(106.7, 10.77, 4326) is longitude and latitude.'
				ELSE 'SELECT srid, srtext FROM spatial_ref_sys lists those that are known.' END;
	END IF;
END
$$;
COMMENT ON FUNCTION check_point_srids(geometry[], integer) IS
'Internal, used by tier_at: an error where points have no coordinate system, or one that is not known.';

CREATE FUNCTION find_public_layer(map text, layer text, OUT layer_id integer, OUT name text, OUT suffix text, OUT day date, OUT lang text, OUT srid integer)
RETURNS record
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	names text;
BEGIN
	EXECUTE format('SELECT layer_id, layer, CASE WHEN is_first THEN '''' ELSE ''_'' || layer END, day, lang, srid FROM %I.layer_public '
		'WHERE layer = $1 OR $1 IS NULL AND is_first', map) INTO layer_id, name, suffix, day, lang, srid USING $2;
	IF layer_id IS NULL THEN
		EXECUTE format('SELECT string_agg(quote_literal(layer), '', '' ORDER BY layer_id) FROM %I.layer_public', map) INTO names;
		RAISE EXCEPTION 'map "%" has no layer "%"', map, $2 USING
			ERRCODE = 'undefined_object',
			HINT = 'Its layers: ' || names || '.';
	END IF;
END
$$;
COMMENT ON FUNCTION find_public_layer(text, text) IS
'Internal: a layer of a map as its view layer_public shows it, by its name; NULL names the first. An error that lists the layers where there is none of that name.';

CREATE FUNCTION tier_at(map text, points geometry[], day date DEFAULT NULL, layer text DEFAULT NULL)
RETURNS TABLE (ordinal integer, outcome text, code text, name text, tier text, tier_label text, tier_color text, since date, valid_until date, as_of date)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_column
DECLARE
	shown record;
	asked date := $3;
	delay integer;
	placed geometry[];
	zones integer[];
BEGIN
	PERFORM need_map(map);
	SELECT * INTO shown FROM find_public_layer(map, layer);
	PERFORM finite_day(asked);
	IF asked > shown.day THEN
		RAISE EXCEPTION 'nothing is shown of % yet', to_char(asked, 'YYYY-MM-DD') USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The map''s day is %s.', to_char(shown.day, 'YYYY-MM-DD')),
			HINT = 'Give that day or an earlier one, or none.';
	END IF;
	asked := coalesce(asked, shown.day);
	PERFORM check_point_srids(points, shown.srid);
	placed := points_in_crs(points, shown.srid);
	EXECUTE format('SELECT p.delay FROM %I.publication_public p WHERE p.layer = $1 AND p.what = ''tiers'' AND $2 BETWEEN p.first_day AND p.last_day', map)
		INTO delay USING shown.name, asked;
	EXECUTE format('SELECT array_agg(locate(s.index, p.point) ORDER BY p.ordinal) FROM %I.zone_set_public s '
		'CROSS JOIN unnest($1) WITH ORDINALITY p (point, ordinal) WHERE $2 BETWEEN s.first_day AND s.last_day', map)
		INTO zones USING ARRAY(SELECT CASE WHEN point_outcome(p) = 'found' THEN p END FROM unnest(placed) WITH ORDINALITY u (p, o) ORDER BY o),
			asked - delay;
	RETURN QUERY EXECUTE format($sql$
		SELECT p.ordinal::integer,
			   CASE WHEN point_outcome(p.point) <> 'found' THEN point_outcome(p.point) WHEN $3 IS NULL THEN 'not_published'
					WHEN h.zone_id IS NULL THEN 'outside' ELSE 'found' END,
			   h.code, h.name, coalesce(h.tier, 'unknown'), coalesce(h.tier_label, CASE $5 WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END),
			   coalesce(h.tier_color, '#bdbdbd'), h.since, h.valid_until, $4
		FROM unnest($1) WITH ORDINALITY p (point, ordinal)
		LEFT JOIN unnest($2) WITH ORDINALITY z (zone_id, ordinal) USING (ordinal)
		LEFT JOIN (SELECT * FROM %1$I.%2$I v WHERE v.day = $4 AND v.zone_id = ANY ($2)) h ON h.zone_id = z.zone_id
		ORDER BY p.ordinal
	$sql$, map, 'tier_history_public' || shown.suffix) USING placed, zones, delay, asked, shown.lang;
END
$$;
COMMENT ON FUNCTION tier_at(text, geometry[], date, text) IS
'The tier that the public sees at each of a list of points, 300 addresses say, in one call: a row for each, in their order, with its ordinal. outcome is found; outside: in no zone of that day; no_place: NULL or empty; bad_point: not a point, or coordinates that are not finite or not of this world; not_published: tiers were not shown to the public on that day. code and name are those of the zone, empty where none is found; tier, tier_label, tier_color, since and valid_until are as in zone_risk_public, unknown and grey where nothing is known; as_of is the day that was asked for. day is the map''s day where it is NULL; for an earlier one it is as announced and published on that day, on the zones of that time. Of several zones that hold a point, on a border or in an overlap, it is the one with the lowest number. Points of another SRID than the map''s are transformed, longitude and latitude (4326) into VN-2000 by its official parameters; within a few centimetres of a border that may decide. An error for points without an SRID, for one that is not known, for a day that is infinite or after the map''s day, and where there is no such layer. NULL for the list is an empty one. The caller needs SELECT on layer_public, publication_public, zone_set_public and tier_history_public of the map and USAGE on its schema, nothing else.';

CREATE FUNCTION tier_at(map text, point geometry, day date DEFAULT NULL, layer text DEFAULT NULL)
RETURNS TABLE (ordinal integer, outcome text, code text, name text, tier text, tier_label text, tier_color text, since date, valid_until date, as_of date)
LANGUAGE sql STABLE PARALLEL UNSAFE COST 10000 ROWS 1
BEGIN ATOMIC
	SELECT t.* FROM tier_at($1, ARRAY[$2], $3, $4) t;
END;
COMMENT ON FUNCTION tier_at(text, geometry, date, text) IS
'The tier that the public sees at a point, as the form for a list of points says it: one row, whose ordinal is 1.';
