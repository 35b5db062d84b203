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

CREATE FUNCTION need_map(map text) RETURNS void
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
COMMENT ON FUNCTION need_map(text) IS
'Internal: an error where there is no map of that name.';
