\echo Use "CREATE EXTENSION georisk" to load this file. \quit

-- Cost, in units of cpu_operator_cost, by what a call does (docs/performance.md):
--   1     reads a header or a few bytes
--   10    point location, or a scan of one epicurve
--   100   evaluates a policy
--   10000 reads tables or builds an index

-- Whoever may read a view that judges may also ask on their own; every function runs with its caller's rights.
GRANT USAGE ON SCHEMA georisk TO PUBLIC;
COMMENT ON SCHEMA georisk IS
'Risk tiers of map zones from case reports: types, functions, operators and shipped policies. Holds no data of yours; a map is a schema of its own, made by create_map.';

-- Functions of georisk find those of PostGIS by its schema: whoever may create objects there could put his own in their way.
CREATE FUNCTION in_the_way(OUT kind text, OUT object text, OUT owner text) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	schemas oid[] := ARRAY(SELECT 'georisk'::regnamespace::oid UNION SELECT e.extnamespace FROM pg_extension e WHERE e.extname = 'postgis');
BEGIN
	RETURN QUERY
		SELECT 'schema', quote_ident(n.nspname), CASE g.grantee WHEN 0 THEN 'everyone' ELSE quote_ident(pg_get_userbyid(g.grantee)) END
		FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
		WHERE n.oid = ANY (schemas) AND g.privilege_type = 'CREATE' AND g.grantee <> n.nspowner AND NOT coalesce(r.rolsuper, false)
		ORDER BY 2, 3;
	RETURN QUERY
		WITH other AS MATERIALIZED (
			SELECT o.*, quote_ident(r.rolname) AS owner
			FROM (SELECT 'function' AS kind, 'pg_proc'::regclass AS class, oid, proname AS name, proowner AS owner_id FROM pg_proc WHERE pronamespace = ANY (schemas)
				  UNION ALL SELECT 'operator', 'pg_operator'::regclass, oid, oprname, oprowner FROM pg_operator WHERE oprnamespace = ANY (schemas)) o
			JOIN pg_roles r ON r.oid = o.owner_id AND NOT r.rolsuper
			WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
		)
		SELECT o.kind, CASE o.kind WHEN 'function' THEN o.oid::regprocedure::text ELSE o.oid::regoperator::text END, o.owner
		FROM other o
		WHERE o.kind = 'operator' OR EXISTS (
			SELECT FROM pg_proc c WHERE c.proname = o.name AND (c.pronamespace = 'pg_catalog'::regnamespace
				OR c.pronamespace = ANY (schemas) AND c.oid NOT IN (SELECT x.oid FROM other x)))
		ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION in_the_way() IS
'What others than superusers may put, or have put, where functions of georisk look for those of PostGIS and their own: schemas in which they may create objects, but for the schema''s owner, and functions and operators there that could be taken for one of PostgreSQL, PostGIS or georisk. It would run with the rights of whoever calls georisk. verify lists it.';

DO $$
DECLARE
	path text := pg_catalog.current_setting('search_path');
	found record;
BEGIN
	-- what stands there must not be asked whether it does
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	FOR found IN SELECT * FROM georisk.in_the_way() LOOP
		IF found.kind = 'schema' AND found.owner <> 'everyone' THEN
			RAISE WARNING 'role % may create objects in the schema %, where PostGIS is', found.owner, found.object USING
				DETAIL = 'What is put there would run with the rights of whoever calls georisk.',
				HINT = format('Unless it is trusted like a superuser: REVOKE CREATE ON SCHEMA %s FROM %s;', found.object, found.owner);
		ELSIF found.kind = 'schema' THEN
			RAISE EXCEPTION 'everyone may create objects in the schema %, where PostGIS is', found.object USING
				ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'What is put there would run with the rights of whoever calls georisk.',
				HINT = format('REVOKE CREATE ON SCHEMA %s FROM PUBLIC; as it is in a new database from PostgreSQL 15 on.', found.object);
		ELSE
			RAISE EXCEPTION '% % of % stands in the way', found.kind, found.object, found.owner USING
				ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'It could be taken for one of PostgreSQL or PostGIS, and would run with the rights of whoever calls georisk.',
				HINT = format('Look at what it does. DROP %1$s %2$s; or, where it is trusted, ALTER %1$s %2$s OWNER TO a superuser.', upper(found.kind), found.object);
		END IF;
	END LOOP;
	PERFORM set_config('search_path', path, true);
END
$$;
