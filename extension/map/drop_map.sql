CREATE FUNCTION standing_on(map text) RETURNS TABLE (object text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10 SET search_path FROM CURRENT AS $$
	WITH member AS (
		SELECT 'pg_namespace'::regclass AS classid, to_regnamespace(quote_ident(map))::oid AS objid
		UNION ALL
		SELECT 'pg_class'::regclass, c.oid FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(map))
		UNION ALL
		SELECT 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typnamespace = to_regnamespace(quote_ident(map))
		UNION ALL
		SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p WHERE p.pronamespace = to_regnamespace(quote_ident(map))
		UNION ALL
		SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE k.connamespace = to_regnamespace(quote_ident(map))
	), dependent AS (
		SELECT d.classid, d.objid, d.objsubid,
			   coalesce(w.ev_class, k.conrelid, f.adrelid, g.tgrelid, l.polrelid, CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid END) AS relid
		FROM member m JOIN pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid AND d.deptype IN ('n', 'a')
		LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
		LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid AND k.conrelid <> 0
		LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
		LEFT JOIN pg_trigger g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
		LEFT JOIN pg_policy l ON d.classid = 'pg_policy'::regclass AND l.oid = d.objid
	)
	SELECT DISTINCT CASE WHEN d.classid = 'pg_rewrite'::regclass THEN pg_describe_object('pg_class'::regclass, d.relid, 0)
						 ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END
	FROM dependent d
	LEFT JOIN pg_class c ON c.oid = d.relid
	LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
	LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
	WHERE coalesce(c.relnamespace, p.pronamespace, t.typnamespace) <> to_regnamespace(quote_ident(map))
	   OR d.classid IN ('pg_publication_rel'::regclass, 'pg_publication_namespace'::regclass)
	UNION
	-- what its owner keeps in the same schema and no map has
	SELECT pg_describe_object('pg_class'::regclass, c.oid, 0) FROM pg_class c
	WHERE c.relnamespace = to_regnamespace(quote_ident(map)) AND c.relkind IN ('r', 'p', 'f', 'm')
	  AND c.relname <> ALL (map_tables())
$$;
COMMENT ON FUNCTION standing_on(text) IS
'Internal, used by drop_map: objects outside a map that would go with it, such as views on it and publications of its tables, and tables in its schema that are not its own.';

CREATE FUNCTION drop_map(map text, with_reports boolean DEFAULT false, with_dependents boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT SET client_min_messages = warning AS $$
DECLARE
	held record;
	standing text;
	styles regclass := to_regclass('public.layer_styles');
BEGIN
	PERFORM need_any_map(map);
	IF with_reports IS NULL OR with_dependents IS NULL THEN
		RAISE EXCEPTION 'with_reports and with_dependents of drop_map may not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	-- Writers finish first: what they wrote is counted.
	EXECUTE format('LOCK TABLE %1$I.zone_set, %1$I.zone, %1$I.report_in, %1$I.report, %1$I.rejected_report IN SHARE ROW EXCLUSIVE MODE', map);
	EXECUTE format('SELECT (SELECT count(*) FROM %1$I.report) AS reports, (SELECT count(*) FROM %1$I.rejected_report) AS rejected, '
		'(SELECT count(*) FROM %1$I.report_in) AS waiting', map) INTO held;
	IF held.reports + held.rejected + held.waiting > 0 AND NOT with_reports THEN
		RAISE EXCEPTION 'map "%" holds reports', map USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('Rows in report: %s, in rejected_report: %s, waiting in report_in: %s.', held.reports, held.rejected, held.waiting),
			HINT = format('Where nobody needs them any more: SELECT georisk.drop_map(%L, with_reports => true).', map);
	END IF;
	SELECT string_agg(s.object, E'\n' ORDER BY s.object COLLATE "C") INTO standing FROM standing_on(map) s;
	IF standing IS NOT NULL AND NOT with_dependents THEN
		RAISE EXCEPTION 'other objects stand on map "%"', map USING
			ERRCODE = 'dependent_objects_still_exist',
			DETAIL = standing,
			HINT = format('Move or drop them first; or let them go with the map: SELECT georisk.drop_map(%L, %swith_dependents => true).',
				map, CASE WHEN with_reports THEN 'with_reports => true, ' ELSE '' END);
	END IF;
	IF has_table_privilege(styles, 'SELECT') AND has_table_privilege(styles, 'DELETE') THEN
		EXECUTE format('DELETE FROM %s WHERE f_table_catalog = current_database() AND f_table_schema = $1', styles) USING map;
	END IF;
	PERFORM lock_map(map);
	EXECUTE format('DROP SCHEMA %I CASCADE', map);
	RETURN held.reports + held.rejected + held.waiting;
END
$$;
COMMENT ON FUNCTION drop_map(text, boolean, boolean) IS
'Drops a map with everything in it, and its QGIS styles in layer_styles, and returns how many rows of reports went with it: those in report, rejected_report and report_in. Where there are any it is an error that says how many, unless with_reports is true. It is an error that lists them, too, where other objects would go with the map, unless with_dependents is true: views, functions and foreign keys of other schemas on it, publications of its tables, tables in its schema that are not a map''s. It waits for writers and readers. An error where there is no such map. The caller owns the map, and styles stay where the caller may not delete from layer_styles.';
