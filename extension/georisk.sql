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
DO $$
DECLARE
	postgis name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis');
BEGIN
	IF EXISTS (SELECT FROM pg_namespace n, aclexplode(n.nspacl) g WHERE n.nspname = postgis AND g.grantee = 0 AND g.privilege_type = 'CREATE') THEN
		RAISE EXCEPTION 'everyone may create objects in the schema "%", where PostGIS is', postgis USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = 'What is put there would run with the rights of whoever calls georisk.',
			HINT = format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC; as it is in a new database from PostgreSQL 15 on.', postgis);
	END IF;
END
$$;
