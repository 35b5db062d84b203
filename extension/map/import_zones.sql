CREATE FUNCTION source_srid(relation regclass, geom_column name, from_srid integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	own integer[];
BEGIN
	EXECUTE format('SELECT array_agg(DISTINCT ST_SRID(%1$I)) FROM %2$s WHERE %1$I IS NOT NULL', geom_column,
		(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		 WHERE c.oid = relation)) INTO own;
	IF cardinality(own) > 1 THEN
		RAISE EXCEPTION 'the zones of % have more than one SRID: %', relation, array_to_string(own, ', ') USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Import them from one table or view for each SRID.';
	END IF;
	IF from_srid IS NULL THEN
		from_srid := coalesce(own[1], 0);
	ELSIF own[1] <> 0 AND own[1] <> from_srid AND epsg_code(own[1]) <> from_srid THEN
		RAISE EXCEPTION 'the zones of % have SRID %, not %', relation, own[1], from_srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Leave from_srid out where the SRID is right; where it is wrong, set the right one with UpdateGeometrySRID.';
	END IF;
	IF own[1] IS NOT NULL AND crs_definition(from_srid) IS NULL
	   AND NOT EXISTS (SELECT FROM spatial_ref_sys s WHERE s.srid = from_srid) THEN
		RAISE EXCEPTION 'the coordinate system of % is not known: SRID %', relation, from_srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Name it: from_srid => 9210 is VN-2000 for Ho Chi Minh City, 32648 is UTM 48N, 4326 longitude and latitude.';
	END IF;
	RETURN from_srid;
END
$$;
COMMENT ON FUNCTION source_srid(regclass, name, integer) IS
'Internal, used by import_zones: the SRID that the coordinates of a table are in, as the caller or the table says; an error where they disagree or neither says one that is known.';

CREATE FUNCTION import_zones(map text, relation regclass, from_srid integer DEFAULT NULL, code_column text DEFAULT NULL,
	name_column text DEFAULT NULL, parent_column text DEFAULT NULL, level_column text DEFAULT NULL,
	population_column text DEFAULT NULL, households_column text DEFAULT NULL, geom_column text DEFAULT NULL,
	level text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	geom_name name;
	code_name name;
	level_name name;
	map_srid integer;
	source integer;
	draft integer;
	drawn text;
	imported bigint;
BEGIN
	PERFORM need_map(map);
	IF relation IS NULL THEN
		RAISE EXCEPTION 'the table of the zones is missing' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	code_name := zone_column(relation, coalesce(nullif(code_column, ''),
		CASE WHEN zone_column(relation, NULL, '{code}', 'code', false) IS NULL THEN 'code' END), '{code}', 'code', false);
	geom_name := zone_column(relation, geom_column, '{geom,geometry,wkb_geometry}', 'geom', true);
	level_name := zone_column(relation, CASE WHEN level IS NOT NULL AND level_column IS NULL THEN '' ELSE level_column END,
		'{level}', 'level', false);
	source := source_srid(relation, geom_name, from_srid);
	EXECUTE format('SELECT srid FROM %I.settings', map) INTO map_srid;
	drawn := format(CASE source WHEN map_srid THEN 'ST_SetSRID(t.%I, %s)' ELSE 'in_crs(ST_SetSRID(t.%I, %s), %s)' END,
		geom_name, source, map_srid);

	EXECUTE format('SELECT max(zone_set_id) FROM %I.zone_set WHERE activated_at IS NULL', map) INTO draft;
	IF draft IS NULL THEN
		draft := open_draft(map);
	END IF;
	PERFORM show_progress(format('map "%s": importing zones from %s', map, relation), true);
	EXECUTE format('INSERT INTO %I.zone (zone_set_id, code, name, parent_code, level, population, households, geom) '
		'SELECT %s, t.%I::text, %s, %s, %s, %s, %s, ST_Multi(ST_Force2D(%s)) FROM %s t', map, draft, code_name,
		coalesce('t.' || quote_ident(zone_column(relation, name_column, '{name}', 'name', false)) || '::text', 'NULL'),
		coalesce('t.' || quote_ident(zone_column(relation, parent_column, '{parent_code}', 'parent', false)) || '::text', 'NULL'),
		coalesce('t.' || quote_ident(level_name) || '::text', quote_nullable(level)),
		coalesce('t.' || quote_ident(zone_column(relation, population_column, '{population}', 'population', false)) || '::integer', 'NULL'),
		coalesce('t.' || quote_ident(zone_column(relation, households_column, '{households}', 'households', false)) || '::integer', 'NULL'),
		drawn,
		(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		 WHERE c.oid = relation));
	GET DIAGNOSTICS imported = ROW_COUNT;
	PERFORM show_progress(NULL);
	RETURN imported;
END
$$;
COMMENT ON FUNCTION import_zones(text, regclass, integer, text, text, text, text, text, text, text, text) IS
'Copies zones from any table, view or foreign table, such as ogr2ogr and shp2pgsql make, into the draft of a map, which it opens where there is none, and returns how many. Polygons become multipolygons without heights and are transformed into the map''s coordinate system. from_srid says what the coordinates are in where the table does not (SRID 0); VN-2000 / TM-3 (9210 for Ho Chi Minh City and its siblings, see crs_definition) is known though PostGIS''s own table may lack it, also where ogr2ogr entered it there under a number of its own. Columns are found by their names, code, name, parent_code, level, population, households and geom, geometry or wkb_geometry, or are named by arguments; a missing one is left empty, except code and geometry, which are errors that list the candidates. level, without level_column, is the level of all. Nothing is repaired: check_zones on the view zone_draft tells what is wrong, activate_zones refuses it. The caller needs SELECT on the table and owns the map.';
