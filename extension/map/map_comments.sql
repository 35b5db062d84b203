CREATE FUNCTION comment_table(map text, relation text, about text, VARIADIC columns text[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	kind text := CASE WHEN (SELECT c.relkind FROM pg_class c
							WHERE c.oid = to_regclass(format('%I.%I', map, relation))) = 'v'
					  THEN 'VIEW' ELSE 'TABLE' END;
BEGIN
	EXECUTE format('COMMENT ON %s %I.%I IS %L', kind, map, relation, about);
	FOR i IN 1 .. cardinality(columns) BY 2 LOOP
		EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', map, relation, columns[i], columns[i + 1]);
	END LOOP;
END
$$;
COMMENT ON FUNCTION comment_table(text, text, text, text[]) IS
'Internal, used by create_map: comments a table or view of a map and its columns, given as name, comment, name, comment and so on.';

CREATE FUNCTION replace_view(map text, relation text, key text, query text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	before regclass := to_regclass(format('%I.%I', map, relation));
	grants text[] := '{}';
	granting text;
BEGIN
	IF before IS NOT NULL AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = before AND a.attnum = 1) <> key THEN
		-- a column cannot come first in a view that is there
		grants := ARRAY(
			SELECT format('GRANT %s%s ON %I.%I TO %s%s', g.privilege_type, g.of_column, map, relation,
						  CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
						  CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
			FROM (SELECT e.*, '' AS of_column FROM pg_class c, aclexplode(c.relacl) e WHERE c.oid = before
				  UNION ALL
				  SELECT e.*, format(' (%I)', a.attname) FROM pg_attribute a, aclexplode(a.attacl) e WHERE a.attrelid = before) g
			WHERE g.grantee <> (SELECT c.relowner FROM pg_class c WHERE c.oid = before));
		EXECUTE format('DROP VIEW %s', before);
	END IF;
	EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS %s', map, relation, query);
	FOREACH granting IN ARRAY grants LOOP
		EXECUTE granting;
	END LOOP;
END
$$;
COMMENT ON FUNCTION replace_view(text, text, text, text) IS
'Internal: writes a view of a map whose first column is the key that QGIS goes by. One of an earlier version that has no such column is dropped first, and its grants are given again; an error where something of the owner''s stands on it.';

CREATE FUNCTION map_version(map text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	settings regclass := format('%I.settings', map)::regclass;
	version text;
BEGIN
	-- before 0.2.0 a map knew its maker only; who may set the day need not be able to read
	FOREACH version IN ARRAY ARRAY['version', 'made_by'] LOOP
		IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = settings AND a.attname = version AND NOT a.attisdropped) THEN
			IF has_column_privilege(settings, version, 'SELECT') THEN
				EXECUTE format('SELECT %I FROM %s', version, settings) INTO version;
				RETURN version;
			END IF;
			RETURN NULL;
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION map_version(text) IS
'Internal: the version of georisk that a map is at; NULL where the caller may not read it.';

CREATE FUNCTION installed_version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
	SELECT extversion FROM pg_extension WHERE extname = 'georisk';
END;
COMMENT ON FUNCTION installed_version() IS
'Internal: the version of the extension in this database.';

CREATE FUNCTION version_number(version text) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT string_to_array(substring(version FROM '^[0-9]{1,9}(?:[.][0-9]{1,9})*'), '.')::integer[];
END;
COMMENT ON FUNCTION version_number(text) IS
'Internal: a version to compare, 0.10.0 after 0.9.1.';

CREATE FUNCTION need_any_map(map text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	IF map IS NULL THEN
		RAISE EXCEPTION 'the name of the map is missing' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF to_regclass(format('%I.settings', map)) IS NULL OR to_regclass(format('%I.zone_set', map)) IS NULL THEN
		RAISE EXCEPTION 'there is no map "%"', map USING
			ERRCODE = 'invalid_schema_name',
			HINT = 'A map is a schema that georisk.create_map made; its name is compared exactly.';
	END IF;
END
$$;
COMMENT ON FUNCTION need_any_map(text) IS
'Internal: an error where there is no map of that name.';

CREATE FUNCTION need_map(map text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM need_any_map(map);
	IF map_version(map) <> installed_version() THEN
		RAISE EXCEPTION 'map "%" is at version % of georisk, the extension at %', map, map_version(map), installed_version() USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = 'Its views can be read and its tables be written.',
			HINT = CASE WHEN version_number(map_version(map)) < version_number(installed_version())
				THEN format('Bring it forward: SELECT georisk.upgrade_map(%L);', map)
				ELSE 'Install the newer packages, then: ALTER EXTENSION georisk UPDATE;' END;
	END IF;
END
$$;
COMMENT ON FUNCTION need_map(text) IS
'Internal: an error where there is no map of that name, or one of another version, that upgrade_map has to bring forward first.';

CREATE FUNCTION need_writer(map text, relation text, function text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	own text;
BEGIN
	IF map IS NOT NULL AND NOT has_any_column_privilege(to_regclass(format('%I.%I', map, relation)), 'INSERT') THEN
		SELECT format('%I.%I', map, p.proname) INTO own FROM pg_proc p
		WHERE p.pronamespace = to_regnamespace(quote_ident(map)) AND p.proname = function AND p.prosecdef AND has_function_privilege(p.oid, 'EXECUTE');
		IF own IS NOT NULL THEN
			RAISE EXCEPTION 'georisk.% needs the rights of the owner of map "%"', function, map USING
				ERRCODE = 'insufficient_privilege',
				HINT = format('Granted to you is %s, which runs with them: it lacks the argument map.', own);
		END IF;
	END IF;
	PERFORM need_map(map);
END
$$;
COMMENT ON FUNCTION need_writer(text, text, text) IS
'Internal: as need_map, and before that an error for whoever was granted a function of the map''s schema and calls the one of georisk, without the right to add to the table that it writes.';

CREATE FUNCTION need_latest_snapshot(refusal text, why text) RETURNS void
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100 SET search_path FROM CURRENT AS $$
BEGIN
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION '% in a % transaction', refusal, current_setting('transaction_isolation') USING
			ERRCODE = 'active_sql_transaction',
			DETAIL = why,
			HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED.';
	END IF;
END
$$;
COMMENT ON FUNCTION need_latest_snapshot(text, text) IS
'Internal: an error in a repeatable read or serializable transaction, whose snapshot is older than the locks that it waits for. refusal begins its message, why is its detail.';
