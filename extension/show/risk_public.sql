-- Tiles, KML and GeoJSON of what the public may see. Functions run with their caller's rights, so each reads public views alone.

CREATE FUNCTION write_tile_day_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I WITH (security_barrier) AS
		WITH %3$s
		SELECT h.day - date '2000-01-01' AS day_number, h.day AS as_of, h.day = (SELECT day FROM today) AS is_latest,
			   policy_name(t.policy) AS policy, t.policy::text AS policy_text
		FROM (SELECT p.first_day + n AS day, p.first_day + n - p.delay AS day_shown
			  FROM (%4$s) p CROSS JOIN generate_series(0, p.last_day - p.first_day) n
			  WHERE p.layer_id = %5$s AND p.what = 'tiers') h
		CROSS JOIN LATERAL (%6$s) t
		ORDER BY h.day
	$sql$, map, layer_relation(map, layer_id, 'tile_day_public'), public_day_query(map), published_days_query(map, '(SELECT day FROM today)'),
		layer_id, policy_of_day_query(map, layer_id, 'h.day_shown'));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'tile_day_public'),
		'The days on which the public saw tiers, one row each: what a public map with a slider can show.',
		'day_number', 'Number of the day, unique.',
		'as_of', 'The day.',
		'is_latest', 'Whether it is the map''s day: the one that risk_tile_public draws if no day is asked for.',
		'policy', 'Name of the policy that judges what was shown.',
		'policy_text', 'The policy.');
END
$$;
COMMENT ON FUNCTION write_tile_day_public(text, integer) IS
'Internal, used by create_map: the view tile_day_public of a layer.';
INSERT INTO layer_part (part, place) VALUES ('tile_day_public', 260);

CREATE FUNCTION write_tile_source_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I WITH (security_barrier) AS
		WITH %3$s, shape AS NOT MATERIALIZED (
			SELECT zone_id, max_zoom, ST_XMin(mercator) AS x_min, ST_XMax(mercator) AS x_max, ST_YMin(mercator) AS y_min, ST_YMax(mercator) AS y_max,
				   mercator, geom FROM %1$I.zone_shape
			UNION ALL
			SELECT zone_id, NULL, ST_XMin(geom), ST_XMax(geom), ST_YMin(geom), ST_YMax(geom), NULL::geometry(MultiPolygon, 3857), geom FROM %1$I.zone
		), map AS (
			SELECT day FROM today
		), shown AS (
			%5$s
		)
		SELECT z.zone_id, h.day AS as_of, g.max_zoom, z.code, z.name, z.parent_code, z.level AS zone_level, f.tier_rank, coalesce(f.tier, 'unknown') AS tier,
			   coalesce(f.tier_label, (SELECT unknown_label FROM today)) AS tier_label, coalesce(f.tier_color, '#bdbdbd') AS tier_color,
			   f.since, f.override_until AS valid_until, g.x_min, g.x_max, g.y_min, g.y_max, g.mercator, g.geom
		FROM %4$s
		JOIN shape g ON g.zone_id = z.zone_id
		UNION ALL
		SELECT z.zone_id, NULL, g.max_zoom, z.code, z.name, z.parent_code, z.level, NULL, 'unknown', t.unknown_label, '#bdbdbd',
			   NULL, NULL, g.x_min, g.x_max, g.y_min, g.y_max, g.mercator, g.geom
		FROM today t CROSS JOIN shown s JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id AND z.is_leaf JOIN shape g ON g.zone_id = z.zone_id
		-- by all that tells its rows apart: their order follows from what is shown, whatever else is stored
		ORDER BY zone_id, as_of, max_zoom
	$sql$, map, layer_relation(map, layer_id, 'tile_source_public'), public_day_query(map), shown_zones_query(map, layer_id), shown_set_query(map, ''));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'tile_source_public'),
		'What risk_tile_public reads: tier_history_public in every scale. Not a layer to open: it has every zone many times.',
		'zone_id', 'Number of the zone.',
		'as_of', 'The day on which it was shown; empty in the rows that show the zones of the map''s day in grey, for days on which tiers are not published.',
		'max_zoom', 'The band of zone_shape; empty for the polygons as they were drawn.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier in force, by the policy''s own key; unknown where nothing is announced or published.',
		'tier_label', 'Name of the tier, as announced.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'since', 'First day of the unbroken run of days with this tier in force.',
		'valid_until', 'The last day of the tier where one was decided; empty: until another announcement.',
		'x_min', 'Where the polygon begins, in web mercator, or in the map''s coordinate system where max_zoom is empty.',
		'x_max', 'Where it ends.',
		'y_min', 'Where it begins from below.',
		'y_max', 'Where it ends above.',
		'mercator', 'The polygon of the band in web mercator; empty for the polygons as they were drawn.',
		'geom', 'The polygon.');
END
$$;
COMMENT ON FUNCTION write_tile_source_public(text, integer) IS
'Internal, used by create_map: the view tile_source_public of a layer.';
INSERT INTO layer_part (part, place) VALUES ('tile_source_public', 270);

CREATE FUNCTION write_risk_tile_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM write_tile_function(map, layer_relation(map, layer_id, 'risk_tile_public'), layer_relation(map, layer_id, 'tile_source_public'),
		layer_relation(map, layer_id, 'tile_day_public'), 'Vector tile of the risk tiers as announced and published, layer risk, feature id = zone_id. '
		'Parameters: day (2021-09-06), on which it was shown; lang (vi, en), of tier_label. Zones are grey, tier unknown, where nothing is published. Counts are in zone_count_public, by zone_id.');
END
$$;
COMMENT ON FUNCTION write_risk_tile_public(text, integer) IS
'Internal, used by create_map: the function risk_tile_public of a layer, as pg_tileserv and Martin find it.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_tile_public', 280, 'integer, integer, integer, json');

CREATE FUNCTION write_risk_geojson_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	export text := layer_relation(map, layer_id, 'risk_geojson_public');
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(lang text DEFAULT NULL) RETURNS json LANGUAGE sql STABLE PARALLEL SAFE COST 10000
		BEGIN ATOMIC
			SELECT geojson_of(%3$L::regclass, %4$L::regclass, lang);
		END
	$sql$, map, export, format('%I.%I', map, layer_relation(map, layer_id, 'zone_risk_public')),
		format('%I.%I', map, layer_relation(map, layer_id, 'tier_legend')));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(text) IS %L', map, export,
		'What the public sees as one GeoJSON FeatureCollection, as ' || layer_relation(map, layer_id, 'risk_geojson') || ' writes it, from '
		|| layer_relation(map, layer_id, 'zone_risk_public') || ' alone. lang (vi or en) is the language of tier_label, NULL the map''s. The caller needs SELECT on '
		'that view, and with lang on ' || layer_relation(map, layer_id, 'tier_legend') || '.');
END
$$;
COMMENT ON FUNCTION write_risk_geojson_public(text, integer) IS
'Internal, used by create_map: the function risk_geojson_public of a layer.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_geojson_public', 290, 'text');

CREATE FUNCTION write_risk_kml_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	export text := layer_relation(map, layer_id, 'risk_kml_public');
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(lang text DEFAULT NULL)
		RETURNS TABLE (part integer, file text, zones integer, kml text) LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1
		BEGIN ATOMIC
			SELECT k.part, k.file, k.zones, k.kml FROM kml_of(%3$L::regclass, %4$L::regclass, %5$L::regclass, lang, 2000) k;
		END
	$sql$, map, export, format('%I.%I', map, layer_relation(map, layer_id, 'zone_risk_public')),
		format('%I.%I', map, layer_relation(map, layer_id, 'tier_legend')), format('%I.zone_in_force', map));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(text) IS %L', map, export,
		'What the public sees as KML, as ' || layer_relation(map, layer_id, 'risk_kml') || ' writes it, from ' || layer_relation(map, layer_id, 'zone_risk_public')
		|| ' alone: a row is a file of at most 2,000 zones. lang (vi or en) is the language of tier_label, NULL the map''s. The caller needs SELECT on that view and on '
		|| layer_relation(map, layer_id, 'tier_legend') || '; with zone_in_force folders have the names of the parents instead of their codes.');
END
$$;
COMMENT ON FUNCTION write_risk_kml_public(text, integer) IS
'Internal, used by create_map: the function risk_kml_public of a layer.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_kml_public', 295, 'text');
