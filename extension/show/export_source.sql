-- What KML and GeoJSON have in common: they take any view that looks like zone_risk.

CREATE FUNCTION export_columns(source regclass) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	columns text[];
	missing text;
BEGIN
	SELECT array_agg(a.attname ORDER BY a.attnum) INTO columns FROM pg_attribute a
	WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped
	  AND (a.atttypid <> 'geometry'::regtype OR a.attname = 'geom');
	SELECT string_agg(n, ', ') INTO missing FROM unnest('{zone_id,code,tier,tier_color,geom}'::text[]) n
	WHERE n <> ALL (coalesce(columns, '{}'));
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION '% cannot be exported as a map of tiers: it has no column %', coalesce(source::text, 'NULL'), missing USING
			ERRCODE = 'undefined_column',
			HINT = 'Name zone_risk of a map, or a view with its columns: zone_id, code, tier, tier_color and geom at least.';
	END IF;
	RETURN columns;
END
$$;
COMMENT ON FUNCTION export_columns(regclass) IS
'Internal, used by exports: the columns of a view like zone_risk, in its order, other geometries left out; an error that says which are missing.';

CREATE FUNCTION degrees_of(geom text, source regclass) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	srid integer;
BEGIN
	SELECT postgis_typmod_srid(a.atttypmod) INTO srid FROM pg_attribute a WHERE a.attrelid = source AND a.attname = 'geom';
	IF srid = 0 THEN
		RAISE EXCEPTION 'the coordinate system of %.geom is not known', source USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'A view says it by a cast: geom::geometry(MultiPolygon, 4326).';
	END IF;
	-- outer rings counterclockwise, as both formats want them
	RETURN format(CASE srid WHEN 4326 THEN 'ST_ForcePolygonCCW(%s)' ELSE 'ST_ForcePolygonCCW(in_crs(%s, 4326))' END, geom);
END
$$;
COMMENT ON FUNCTION degrees_of(text, regclass) IS
'Internal, used by exports: the expression that is another one, polygons of a view''s column geom, in longitude and latitude.';

CREATE FUNCTION labelled(source regclass, legend regclass, lang text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	columns text[] := export_columns(source);
BEGIN
	IF lang NOT IN ('vi', 'en') THEN
		RAISE EXCEPTION 'language "%" is not known', lang USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Labels come in ''vi'' and ''en''; NULL is the map''s language.';
	END IF;
	RETURN (SELECT format('SELECT %s, %s AS shape FROM %s s',
				string_agg(CASE WHEN c = 'tier_label' AND lang IS NOT NULL
					THEN format('coalesce((SELECT l.label_%s FROM %s l WHERE l.tier = s.tier), s.tier_label) AS tier_label', lang, legend)
					ELSE format('s.%I', c) END, ', ' ORDER BY place),
				degrees_of('s.geom', source), source)
			FROM unnest(columns) WITH ORDINALITY u (c, place) WHERE c <> 'geom');
END
$$;
COMMENT ON FUNCTION labelled(regclass, regclass, text) IS
'Internal, used by exports: the query of a view like zone_risk, labels in the language asked for, with its polygons in degrees as shape instead of geom. An error for an unknown language.';
