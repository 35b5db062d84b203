-- Vector tiles of what is recorded. Functions run with their caller's rights, so risk_tile reads two views, assessed_day and
-- tile_source, and whoever may read these may have tiles.

CREATE FUNCTION write_assessed_day(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		SELECT a.assessment_id, a.as_of,
			   a.as_of = (SELECT max(l.as_of) FROM %1$I.assessment l
						  WHERE l.layer_id = %3$s AND l.as_of <= (SELECT coalesce(day, (now() AT TIME ZONE timezone)::date)
																  FROM %1$I.settings)) AS is_latest,
			   a.known_at, a.policy_name AS policy, s.name AS zone_set, a.policy AS policy_text
		FROM (SELECT DISTINCT ON (as_of) * FROM %1$I.assessment WHERE layer_id = %3$s
			  ORDER BY as_of, assessment_id DESC) a
		JOIN %1$I.zone_set s ON s.zone_set_id = a.zone_set_id
	$sql$, map, layer_relation(map, layer_id, 'assessed_day'), layer_id);
	PERFORM comment_table(map, layer_relation(map, layer_id, 'assessed_day'),
		'The days for which tiers are recorded, one row each, with the newest assessment of the day: what a map with a slider can show.',
		'assessment_id', 'Number of the assessment.',
		'as_of', 'The day that was assessed, unique.',
		'is_latest', 'Whether it is the last of these days up to the map''s day: the one that risk_tile draws if no day is asked for.',
		'known_at', 'Everything recorded until then was used.',
		'policy', 'Name of the policy that judged.',
		'zone_set', 'Name of the zone set that was judged.',
		'policy_text', 'The policy.');
END
$$;
COMMENT ON FUNCTION write_assessed_day(text, integer) IS
'Internal, used by create_map: the view assessed_day of a layer.';
INSERT INTO layer_part (part, place) VALUES ('assessed_day', 200);

CREATE FUNCTION write_tile_source(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Joined so that what a tile does not ask for is not looked up, and a day, a band and a box are found by the indexes.
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		SELECT t.zone_id, a.as_of, s.max_zoom, t.code, z.name, z.parent_code, z.level AS zone_level, t.tier_rank, t.tier,
			   t.tier_label, t.tier_color, t.reason, t.cases, t.households_affected, t.population, t.households, t.rate_100k,
			   t.days_since_last, t.window_start, t.window_end, t.complete_until, t.since, t.previous_tier, s.mercator, s.geom,
			   (SELECT f.tier %5$s) AS in_force, (SELECT f.tier_color %5$s) AS in_force_color
		FROM (SELECT DISTINCT ON (as_of) assessment_id, as_of FROM %1$I.assessment WHERE layer_id = %3$s
			  ORDER BY as_of, assessment_id DESC) a
		JOIN %1$I.assessment_tier t ON t.assessment_id = a.assessment_id
		JOIN (SELECT max_zoom, zone_id, mercator, geom FROM %1$I.zone_shape
			  UNION ALL SELECT NULL, zone_id, NULL::geometry(MultiPolygon, 3857), geom FROM %1$I.zone) s ON s.zone_id = t.zone_id
		LEFT JOIN %1$I.zone z ON z.zone_id = t.zone_id
		UNION ALL
		SELECT z.zone_id, NULL, s.max_zoom, clean_text(z.code) COLLATE "C", z.name, z.parent_code, z.level, NULL, 'unknown',
			   CASE (SELECT lang FROM %1$I.settings) WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd',
			   CASE (SELECT lang FROM %1$I.settings) WHEN 'vi' THEN 'chưa có đánh giá nào được ghi lại' ELSE 'no assessment is recorded' END,
			   NULL, NULL, z.population, z.households, NULL, NULL, NULL, NULL, NULL, NULL, NULL, s.mercator, s.geom, NULL, NULL
		FROM %1$I.zone z
		JOIN (SELECT max_zoom, zone_id, mercator, geom FROM %1$I.zone_shape
			  UNION ALL SELECT NULL, zone_id, NULL::geometry(MultiPolygon, 3857), geom FROM %1$I.zone) s ON s.zone_id = z.zone_id
		WHERE z.is_leaf AND z.zone_set_id = (
			WITH map AS (SELECT coalesce(day, (now() AT TIME ZONE timezone)::date) AS day FROM %1$I.settings)
			SELECT shown.zone_set_id FROM (%4$s) shown)
	$sql$, map, layer_relation(map, layer_id, 'tile_source'), layer_id, shown_set_query(map, ''),
		format('FROM %I.announced_tier f WHERE f.layer_id = %s AND f.zone_id = t.zone_id AND f.from_day <= a.as_of '
			'ORDER BY f.decision_id DESC, f.from_day DESC LIMIT 1', map, layer_id));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'tile_source'),
		'What risk_tile reads: zone_risk_history in every scale. Not a layer to open: it has every zone many times.',
		'zone_id', 'Number of the zone.',
		'as_of', 'The day that was assessed, the newest assessment of it; empty in the rows that show the zones of the map''s day where nothing is recorded.',
		'max_zoom', 'The band of zone_shape; empty for the polygons as they were drawn.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key, or unknown.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone had its tier.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'households', 'Households that live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'complete_until', 'The day until which reporting was complete; empty where every day counted as complete.',
		'since', 'First day of the unbroken run of recorded assessments with this tier, as recorded then.',
		'previous_tier', 'The tier in the assessment before.',
		'mercator', 'The polygon of the band in web mercator; empty for the polygons as they were drawn.',
		'geom', 'The polygon.',
		'in_force', 'The tier in force on that day, overrides included; empty where nothing was announced.',
		'in_force_color', 'Colour of the tier in force.');
END
$$;
COMMENT ON FUNCTION write_tile_source(text, integer) IS
'Internal, used by create_map: the view tile_source of a layer.';
INSERT INTO layer_part (part, place) VALUES ('tile_source', 210);

CREATE FUNCTION tile_options(query_params json, OUT day date, OUT lang text) RETURNS record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 SET search_path FROM CURRENT SET datestyle = 'ISO' AS $$
DECLARE
	option record;
BEGIN
	IF json_typeof(query_params) <> 'object' THEN
		RAISE EXCEPTION 'the parameters of a tile are not a JSON object' USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'For example {"day": "2021-09-06", "lang": "en"}.';
	END IF;
	FOR option IN SELECT key, value FROM json_each_text(query_params) LOOP
		IF option.key = 'day' AND option.value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
			BEGIN
				day := option.value::date;
			EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
				RAISE EXCEPTION 'there is no day %', option.value USING
					ERRCODE = 'datetime_field_overflow',
					HINT = 'The view assessed_day lists the days that are recorded.';
			END;
		ELSIF option.key = 'lang' AND option.value IN ('vi', 'en') THEN
			lang := option.value;
		ELSIF option.key IN ('day', 'lang') THEN
			RAISE EXCEPTION 'parameter % of a tile cannot be %', option.key, coalesce(quote_literal(left(option.value, 100)), 'null') USING
				ERRCODE = 'invalid_parameter_value',
				HINT = CASE option.key WHEN 'day' THEN 'A day is given as 2021-09-06; the view assessed_day lists those that are recorded.' ELSE 'Labels come in vi and en.' END;
		ELSE
			RAISE EXCEPTION 'a tile has no parameter "%"', left(option.key, 100) USING
				ERRCODE = 'invalid_parameter_value',
				HINT = 'day and lang may be given, or nothing.';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION tile_options(json) IS
'Internal, used by draw_tile: what a tile server was asked for beside the tile; an error where it is none of day and lang, or no such value.';

CREATE FUNCTION draw_tile(source regclass, days regclass, z integer, x integer, y integer, query_params json) RETURNS bytea
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT SET datestyle = 'ISO' SET jit = off AS $$
DECLARE
	-- beyond that many in one tile, zones are too small to be asked about and their words too many to be sent
	most_detailed CONSTANT integer := 2000;
	world CONSTANT double precision := 40075016.685578496;
	label CONSTANT text := '(SELECT coalesce(min(l.tier_label), CASE $5 WHEN ''vi'' THEN ''chưa rõ'' ELSE ''unknown'' END) '
		'FROM policy_tiers($6::risk_policy, $5) l WHERE l.tier = s.tier)';
	option record;
	assessed record;
	box geometry;
	near geometry;
	band integer;
	srid integer;
	-- a view that guards what it does not show looks for a box in its numbers, because && may not be asked before the guard
	is_guarded boolean;
	detailed text;
	query text;
	zones bigint;
	tile bytea;
BEGIN
	IF z NOT BETWEEN 0 AND 24 OR least(x, y) < 0 OR greatest(x, y) >= 2 ^ z THEN
		RAISE EXCEPTION 'there is no tile %/%/%', z, x, y USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = 'z is from 0 to 24, x and y from 0 to 2^z - 1.';
	END IF;
	SELECT * INTO option FROM tile_options(query_params);
	EXECUTE format('SELECT as_of, policy_text FROM %s WHERE %s', days,
		CASE WHEN option.day IS NULL THEN 'is_latest' ELSE 'as_of = $1' END) INTO assessed USING option.day;
	-- 64 of a tile's 4096 units around it
	box := ST_TileEnvelope(z, x, y, margin => 64 / 4096.0);
	band := (SELECT min(b.max_zoom) FROM zone_shape_bands() b WHERE b.max_zoom >= z);
	srid := (SELECT postgis_typmod_srid(a.atttypmod) FROM pg_attribute a WHERE a.attrelid = source AND a.attname = 'geom');
	SELECT string_agg(CASE WHEN a.attname = 'tier_label' AND option.lang IS NOT NULL AND assessed.as_of IS NOT NULL THEN label || ' AS tier_label'
			ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attname = 'as_of', a.attnum)
		FILTER (WHERE a.attname NOT IN ('max_zoom', 'mercator', 'geom', 'x_min', 'x_max', 'y_min', 'y_max')), bool_or(a.attname = 'x_min')
	INTO detailed, is_guarded FROM pg_attribute a WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped;
	near := CASE WHEN band IS NULL THEN ST_Envelope(in_crs(box, srid)) ELSE box END;

	-- Each vertex is rounded by itself and none is left out, so that neighbours keep the border that they share;
	-- ST_AsMVTGeom simplifies every polygon on its own.
	query := format($sql$
		SELECT count(*), ST_AsMVT(drawn, 'risk', 4096, 'shape', 'zone_id') FILTER (WHERE NOT ST_IsEmpty(shape))
		FROM (SELECT %%s, ST_SnapToGrid(ST_TransScale(CASE WHEN s.polygon @ $1 THEN s.polygon
						  ELSE ST_ForcePolygonCW(ST_CollectionExtract(ST_ClipByBox2D(s.polygon, $1), 3)) END, $2, $3, $4, -$4), 1) AS shape
			  FROM (SELECT *, %s AS polygon FROM %s WHERE %s AND %s OFFSET 0) s %s OFFSET 0) drawn
	$sql$, CASE WHEN band IS NULL THEN mercator_of('geom', srid) ELSE 'mercator' END, source,
		CASE WHEN assessed.as_of IS NULL THEN 'as_of IS NULL' ELSE format('as_of = %L', assessed.as_of) END,
		format('max_zoom %s AND ', coalesce('= ' || band, 'IS NULL')) || CASE
			WHEN is_guarded THEN format('x_max >= %L AND x_min <= %L AND y_max >= %L AND y_min <= %L',
				ST_XMin(near), ST_XMax(near), ST_YMin(near), ST_YMax(near))
			WHEN band IS NULL THEN format('geom && %L::geometry', near)
			ELSE 'mercator && $1' END,
		-- the public's bytes follow from what it may see alone, and so does their order
		CASE WHEN is_guarded THEN 'ORDER BY zone_id' ELSE '' END);
	EXECUTE format(query, 'zone_id, tier, tier_color') INTO zones, tile
		USING box, world / 2 - x * world / 2 ^ z, y * world / 2 ^ z - world / 2, 4096 * 2 ^ z / world;
	IF zones BETWEEN 1 AND most_detailed THEN
		EXECUTE format(query, detailed)
			INTO zones, tile
			USING box, world / 2 - x * world / 2 ^ z, y * world / 2 ^ z - world / 2, 4096 * 2 ^ z / world, option.lang, assessed.policy_text;
	END IF;
	RETURN tile;
END
$$;
COMMENT ON FUNCTION draw_tile(regclass, regclass, integer, integer, integer, json) IS
'Internal, called by a map''s risk_tile: the vector tile of what two views have, one like tile_source and one like assessed_day: all columns of the first, but for shapes. The caller needs SELECT on both.';

CREATE FUNCTION write_tile_function(map text, tile text, source text, days text, about text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	fields jsonb;
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(z integer, x integer, y integer, query_params json DEFAULT '{}')
		RETURNS bytea LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
		BEGIN ATOMIC
			SELECT draw_tile(%3$L::regclass, %4$L::regclass, z, x, y, query_params);
		END
	$sql$, map, tile, format('%I.%I', map, source), format('%I.%I', map, days));
	SELECT jsonb_object_agg(a.attname, col_description(a.attrelid, a.attnum)) INTO fields FROM pg_attribute a
	WHERE a.attrelid = format('%I.%I', map, source)::regclass AND a.attnum > 0
	  AND a.attname NOT IN ('zone_id', 'max_zoom', 'mercator', 'geom', 'x_min', 'x_max', 'y_min', 'y_max');
	-- Martin merges a comment that is JSON into its TileJSON
	EXECUTE format('COMMENT ON FUNCTION %I.%I(integer, integer, integer, json) IS %L', map, tile, jsonb_pretty(jsonb_build_object(
		'name', map || ' ' || tile,
		'description', about || ' A tile with more than 2000 zones has tier and tier_color only. The caller needs SELECT on '
			|| source || ' and ' || days || '.',
		'minzoom', 0, 'maxzoom', 16,
		'vector_layers', jsonb_build_array(jsonb_build_object('id', 'risk', 'minzoom', 0, 'maxzoom', 16, 'fields', fields)))));
END
$$;
COMMENT ON FUNCTION write_tile_function(text, text, text, text, text) IS
'Internal: a function that draws tiles from two views, see draw_tile, with a comment that tile servers read; given the names of the function and of the views, and what it draws.';

CREATE FUNCTION write_risk_tile(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM write_tile_function(map, layer_relation(map, layer_id, 'risk_tile'), layer_relation(map, layer_id, 'tile_source'),
		layer_relation(map, layer_id, 'assessed_day'), 'Vector tile of the risk tiers as last recorded up to the map''s day, layer risk, feature id = zone_id. '
		'Parameters: day (2021-09-06), the recorded day to show; lang (vi, en), of tier_label. Zones are grey, tier unknown, where nothing is recorded.');
END
$$;
COMMENT ON FUNCTION write_risk_tile(text, integer) IS
'Internal, used by create_map: the function risk_tile of a layer, as pg_tileserv and Martin find it.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_tile', 220, 'integer, integer, integer, json');
