-- All that create_map makes of a map, as the catalog has it, in no order of columns; what is called own_... is left out.
SET search_path = georisk, public;
SELECT replace(replace(replace(replace(replace(line, replace(quote_ident(:'map'), '''', ''''''), 'MAP'), quote_ident(:'map'), 'MAP'),
	quote_literal(:'map'), '''MAP'''), :'map', 'MAP'), trim('"' FROM to_json(:'map'::text)::text), 'MAP')
FROM (
	SELECT format('%s %s %s %s: %s', c.relkind, c.relname, c.relpersistence, pg_get_userbyid(c.relowner), obj_description(c.oid, 'pg_class')) AS line
	FROM pg_class c WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relname NOT LIKE 'own%'
	UNION ALL
	SELECT format('column %s.%s %s %s %s %s %s %s %s: %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
		a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, nullif(a.attcollation, 0)::regcollation,
		CASE WHEN (c.relname, a.attname) <> ('report', 'source') THEN pg_get_expr(d.adbin, d.adrelid) END,
		col_description(c.oid, a.attnum))
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relkind IN ('r', 'v') AND c.relname NOT LIKE 'own%'
	  AND a.attname NOT LIKE 'own%'
	UNION ALL
	SELECT format('constraint %s on %s: %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid), convalidated)
	FROM pg_constraint WHERE connamespace = quote_ident(:'map')::regnamespace AND conname NOT LIKE 'own%'
	UNION ALL
	SELECT format('index %s, valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
	FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
	WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relname NOT LIKE 'own%'
	UNION ALL
	SELECT format('trigger %s %s', pg_get_triggerdef(g.oid), g.tgenabled)
	FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
	WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND NOT g.tgisinternal AND g.tgname NOT LIKE 'own%'
	UNION ALL
	SELECT format('view %s: %s', c.relname, pg_get_viewdef(c.oid))
	FROM pg_class c WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relkind = 'v' AND c.relname NOT LIKE 'own%'
	UNION ALL
	SELECT format('function %s %s %s', p.proname, pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'))
	FROM pg_proc p WHERE p.pronamespace = quote_ident(:'map')::regnamespace AND p.proname NOT LIKE 'own%'
) l ORDER BY 1;
