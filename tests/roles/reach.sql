-- What each role may do with each relation and function of a map and of the extension, from the catalog: one line each.
SET search_path = pg_catalog;
WITH role (kind, name) AS (
	VALUES ('reporter', 'walk_reporter'), ('officer', 'walk_officer'), ('decider', 'walk_decider'), ('analyst', 'walk_analyst'), ('public', 'walk_public'), ('nobody', 'walk_nobody')
), relation AS (
	SELECT c.oid, n.nspname || '.' || c.relname AS name
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname IN ('walk', 'georisk') AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND (n.nspname = 'walk' OR EXISTS (
		SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE d.objid = c.oid AND d.deptype = 'e' AND e.extname = 'georisk'))
), may AS (
	SELECT l.name, r.kind, p.privilege, CASE
			WHEN p.privilege NOT IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') OR c.relkind = 'S' THEN
				CASE WHEN CASE c.relkind WHEN 'S' THEN p.privilege IN ('SELECT', 'UPDATE') AND has_sequence_privilege(r.name, l.oid, p.privilege)
							ELSE has_table_privilege(r.name, l.oid, p.privilege) END THEN '' END
			ELSE (SELECT CASE WHEN bool_and(has_column_privilege(r.name, l.oid, a.attnum, p.privilege)) THEN ''
							  WHEN bool_or(has_column_privilege(r.name, l.oid, a.attnum, p.privilege)) THEN '(' || string_agg(a.attname, ' ' ORDER BY a.attnum)
								FILTER (WHERE has_column_privilege(r.name, l.oid, a.attnum, p.privilege)) || ')' END
				  FROM pg_attribute a WHERE a.attrelid = l.oid AND a.attnum > 0 AND NOT a.attisdropped) END AS columns
	FROM relation l JOIN pg_class c USING (oid) CROSS JOIN role r
	CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p (privilege)
)
SELECT name || ': ' || coalesce(string_agg(kind || ' ' || privileges, '; ' ORDER BY array_position('{reporter,officer,decider,analyst,public,nobody}'::text[], kind)), '-')
FROM (SELECT name, kind, nullif(string_agg(lower(privilege) || columns, ', ' ORDER BY privilege DESC), '') AS privileges FROM may GROUP BY name, kind) m
GROUP BY name
UNION ALL
SELECT n.nspname || '.' || f.proname || '(' || pg_get_function_identity_arguments(f.oid) || ')'
	|| CASE WHEN f.prosecdef THEN ' as owner' ELSE '' END || ': '
	|| coalesce((SELECT string_agg(r.kind, ' ' ORDER BY array_position('{reporter,officer,decider,analyst,public,nobody}'::text[], r.kind)) FROM role r
				 WHERE has_function_privilege(r.name, f.oid, 'EXECUTE')), '-')
FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE n.nspname = 'walk'
ORDER BY 1;
