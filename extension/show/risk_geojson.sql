CREATE FUNCTION geojson_of(source regclass, legend regclass, lang text) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	collection text;
	columns text[] := export_columns(source);
BEGIN
	EXECUTE format($sql$
		SELECT string_agg('{"type": "Feature", "id": ' || s.zone_id || ', "geometry": ' || coalesce(ST_AsGeoJSON(s.shape, 6), 'null')
			|| ', "properties": ' || (to_jsonb(p) || jsonb_build_object('title', %s, 'description', %s, 'fill', s.tier_color,
				'fill-opacity', 0.7, 'stroke', '#464646', 'stroke-width', 1, 'stroke-opacity', 0.8))::text || '}', E',\n' ORDER BY s.zone_id)
		FROM (%s) s CROSS JOIN LATERAL (SELECT %s) p
	$sql$, CASE WHEN 'name' = ANY (columns) THEN 'coalesce(s.name, s.code)' ELSE 's.code' END,
		CASE WHEN 'reason' = ANY (columns) THEN 's.reason' ELSE 'NULL' END, labelled(source, legend, lang),
		(SELECT string_agg(format('s.%I', c), ', ' ORDER BY place) FROM unnest(columns) WITH ORDINALITY u (c, place) WHERE c <> 'geom'))
	INTO collection;
	RETURN '{"type": "FeatureCollection", "name": ' || (SELECT to_json(c.relname) FROM pg_class c WHERE c.oid = source) || E', "features": [\n' || coalesce(collection, '') || E'\n]}';
END
$$;
COMMENT ON FUNCTION geojson_of(regclass, regclass, text) IS
'Internal, called by a map''s risk_geojson: any view like zone_risk as GeoJSON. The caller needs SELECT on it, and on the legend where lang is given.';

CREATE FUNCTION write_risk_geojson(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	export text := layer_relation(map, layer_id, 'risk_geojson');
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(lang text DEFAULT NULL, source regclass DEFAULT %3$L::regclass)
		RETURNS json LANGUAGE sql STABLE PARALLEL SAFE COST 10000
		BEGIN ATOMIC
			SELECT geojson_of(source, %4$L::regclass, lang);
		END
	$sql$, map, export, format('%I.%I', map, layer_relation(map, layer_id, 'zone_risk')),
		format('%I.%I', map, layer_relation(map, layer_id, 'tier_legend')));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(text, regclass) IS %L', map, export,
		'The zones as one GeoJSON FeatureCollection (RFC 7946: longitude and latitude, 6 decimals): id is zone_id, properties are the columns of '
		'source with the simplestyle keys title, description, fill, fill-opacity, stroke, stroke-width and stroke-opacity, which web '
		'viewers colour by. lang (vi or en) is the language of tier_label, NULL the map''s; reasons are in the map''s language. source is the view '
		'to read, zone_risk by default, or any with its columns: zone_id, code, tier, tier_color and geom at least. The caller needs SELECT on '
		|| 'source, and with lang on ' || layer_relation(map, layer_id, 'tier_legend') || '.');
END
$$;
COMMENT ON FUNCTION write_risk_geojson(text, integer) IS
'Internal, used by create_map: the function risk_geojson of a layer.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_geojson', 240, 'text, regclass');
