-- Statements that a curious role tries on a map: every relation and column, every function of the map and of the extension.
SET search_path = pg_catalog;
CREATE FUNCTION pg_temp.sample(name text, type regtype, variant integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN name = 'map' THEN '''walk'''
		WHEN variant = 1 THEN 'NULL::' || type
		WHEN type = 'text'::regtype THEN CASE
			WHEN name IN ('layer', 'label', 'zone_level', 'parent_code') AND variant = 0 THEN 'NULL'
			WHEN name = 'layer' THEN '''main''' WHEN name = 'parent_code' THEN '''W2''' WHEN name = 'zone_level' THEN '''group'''
			WHEN name = 'lang' THEN '''en'''
			WHEN name IN ('zone', 'zone_code', 'code') THEN '''G5'''
			WHEN name = 'source' THEN '''ward 2'''
			WHEN name IN ('relation', 'part', 'view') THEN '''report'''
			WHEN name = 'who' THEN '''''''walk_owner''''::name'''
			WHEN name = 'role_name' THEN 'current_user' WHEN name = 'kind' THEN '''analyst'''
			ELSE '''walk''' END
		WHEN type = 'regclass'::regtype THEN CASE name WHEN 'zones' THEN '''walk.zone_in_force''' ELSE '''walk.report''' END || '::regclass'
		WHEN type = 'date'::regtype THEN 'date ''2021-09-01''' WHEN type = 'integer'::regtype THEN '1' WHEN type = 'integer[]'::regtype THEN '''{1}''::integer[]'
		WHEN type = 'double precision'::regtype THEN '1' WHEN type = 'timestamptz'::regtype THEN 'now()' WHEN type = 'bigint'::regtype THEN '1'
		WHEN type = 'boolean'::regtype THEN 'true' WHEN type = 'json'::regtype THEN '''{}''::json' WHEN type = 'jsonb'::regtype THEN '''{}''::jsonb'
		WHEN type = 'georisk.risk_policy'::regtype THEN 'georisk.policy(''alert_counts'')'
		WHEN type = 'public.geometry'::regtype THEN 'public.ST_SetSRID(public.ST_MakePoint(680550, 1190050), 32648)'
		WHEN type = 'public.geometry[]'::regtype THEN 'ARRAY[public.ST_SetSRID(public.ST_MakePoint(680550, 1190050), 32648)]'
		WHEN type = 'text[]'::regtype THEN '''{report}''::text[]'
		WHEN type = 'bigint[]'::regtype THEN '''{1,2,3,4,5,6,7,8}''::bigint[]'
		WHEN type = 'record'::regtype THEN 'ROW(1)'
		ELSE 'NULL::' || type END
$$;
SELECT 'relation', c.relname, s.statement
FROM pg_class c CROSS JOIN LATERAL (
	SELECT 'SELECT r::text FROM walk.' || quote_ident(c.relname) || ' r' AS statement
	UNION ALL SELECT 'TABLE walk.' || quote_ident(c.relname)
	UNION ALL SELECT format('COPY (TABLE walk.%I) TO STDOUT', c.relname)
	UNION ALL SELECT format('EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM walk.%I', c.relname)
	UNION ALL SELECT format('DELETE FROM walk.%I RETURNING *', c.relname)
	UNION ALL SELECT format('INSERT INTO walk.%I SELECT * FROM walk.%1$I ON CONFLICT DO NOTHING', c.relname)
	UNION ALL SELECT format('INSERT INTO walk.%I DEFAULT VALUES RETURNING *', c.relname)
	UNION ALL SELECT format('TRUNCATE walk.%I CASCADE', c.relname)
	UNION ALL SELECT format('CREATE TRIGGER t BEFORE INSERT ON walk.%I EXECUTE FUNCTION suppress_redundant_updates_trigger()', c.relname)
	UNION ALL SELECT format('ALTER TABLE walk.%I DISABLE ROW LEVEL SECURITY', c.relname)
	UNION ALL SELECT format('LOCK TABLE walk.%I', c.relname)
	UNION ALL SELECT format('CREATE TEMP VIEW v AS SELECT * FROM walk.%I; TABLE v', c.relname)
	UNION ALL SELECT format('MERGE INTO walk.%I t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE', c.relname)
	UNION ALL
	SELECT unnest(CASE c.relkind WHEN 'r' THEN ARRAY[format('SELECT %I FROM walk.%I', a.attname, c.relname), format('SELECT FROM walk.%2$I WHERE %1$I::text::integer > 0', a.attname, c.relname),
		format('SELECT FROM walk.%2$I WHERE pg_temp.tell(%1$I::text)', a.attname, c.relname), format('UPDATE walk.%2$I SET %1$I = %1$I RETURNING %1$I', a.attname, c.relname)]
		ELSE ARRAY[format('SELECT FROM walk.%2$I WHERE %1$I::text::integer > 0 AND pg_temp.tell(%1$I::text)', a.attname, c.relname)] END)
	FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT LIKE '%\_dengue') s
WHERE c.relnamespace = 'walk'::regnamespace AND c.relkind IN ('r', 'v')
UNION ALL
SELECT CASE WHEN f.prosecdef THEN 'as owner' WHEN 'map' = ANY (f.proargnames) OR f.pronamespace = 'walk'::regnamespace THEN 'of a map' ELSE 'function' END,
	f.pronamespace::regnamespace || '.' || f.proname || '(' || oidvectortypes(f.proargtypes) || ')',
	CASE WHEN f.prokind = 'p' THEN 'CALL ' ELSE 'SELECT * FROM ' END || format('%s.%I(%s)', f.pronamespace::regnamespace, f.proname,
		(SELECT string_agg(CASE WHEN f.provariadic <> 0 AND i = f.pronargs THEN 'VARIADIC ' ELSE '' END || pg_temp.sample(coalesce(f.proargnames[i], ''), f.proargtypes[i - 1]::regtype, v), ', ' ORDER BY i)
		 FROM generate_series(1, f.pronargs) i)) || CASE WHEN f.prorettype = 'record'::regtype AND f.proargmodes IS NULL THEN ' x (a text)' ELSE '' END
-- 0: what may be left out is; 1: nothing but the map is given; 2: everything is, for functions that a NULL leaves alone
FROM pg_proc f JOIN generate_series(0, 2) v ON v < 2 OR f.proisstrict
WHERE f.prokind IN ('f', 'p') AND f.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype, 'cstring'::regtype)
  AND NOT ('{internal,cstring}'::regtype[] && f.proargtypes::regtype[])
  AND (f.pronamespace = 'walk'::regnamespace OR EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
	WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e' AND e.extname = 'georisk'))
UNION ALL
SELECT 'statistics', v, 'SELECT * FROM ' || v
FROM unnest('{pg_stats,pg_stats_ext,pg_stats_ext_exprs,pg_stat_activity,pg_stat_all_tables,pg_stat_all_indexes,pg_statistic,pg_prepared_statements,pg_cursors,pg_stat_progress_copy,pg_locks}'::text[]) v
ORDER BY 1, 2, 3;
