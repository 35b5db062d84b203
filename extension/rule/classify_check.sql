-- What classify refuses before it counts: errors of casts and aggregates could not name the zone and the value.

CREATE FUNCTION classify_check_zones(zones regclass, zone_query text, by_code boolean) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    found text;
BEGIN
    EXECUTE format('SELECT coalesce(code, ''without a code'') FROM (%s) z WHERE zone_id IS NULL ORDER BY code LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'a zone of % has no id', zones
            USING ERRCODE = 'null_value_not_allowed', DETAIL = format('It is the zone %s.', found);
    END IF;
    EXECUTE format('SELECT zone_id FROM (%s) z GROUP BY zone_id HAVING count(*) > 1 ORDER BY zone_id LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'two zones of % have the id %', zones, found USING ERRCODE = 'cardinality_violation';
    END IF;
    EXECUTE format('SELECT concat(''zone '', coalesce(code, zone_id::text), '': population '', coalesce(population::text, ''NULL''), '', households '', coalesce(households::text, ''NULL'')) '
                   'FROM (%s) z WHERE population < 0 OR households < 0 ORDER BY zone_id LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'population and households of % must not be negative', zones
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s.', found), HINT = 'NULL says that a number is not known.';
    END IF;
    IF NOT by_code THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT code FROM (%s) z WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1 ORDER BY code LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'two zones of % have the code "%"', zones, found
            USING ERRCODE = 'cardinality_violation', HINT = 'A report that names the code must find one zone.';
    END IF;
END
$$;
COMMENT ON FUNCTION classify_check_zones(regclass, text, boolean) IS
'Internal. Raises the error of classify about zones that cannot be told apart or counted on: no id, an id or (where reports are placed by code) a code twice, a negative population or number of households.';

CREATE FUNCTION classify_check_integers(relation regclass, column_name text, row_column text, hint text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    is_number boolean;
    wrong record;
BEGIN
    SELECT t.typcategory = 'N' INTO is_number FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = relation AND a.attname = column_name AND a.attnum > 0 AND a.atttypid NOT IN ('smallint'::regtype, 'integer'::regtype);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT %s AS row_name, %I::text AS value FROM %s WHERE %s LIMIT 1',
        coalesce(quote_ident(row_column) || '::text', 'NULL::text'), column_name, classify_relation(relation),
        format(CASE WHEN is_number THEN '%1$I NOT BETWEEN -2147483648 AND 2147483647'
                    ELSE 'CASE WHEN %1$I::text ~ ''^\s*[-+]?[0-9]{1,18}\s*$'' THEN %1$I::text::bigint NOT BETWEEN -2147483648 AND 2147483647 ELSE %1$I IS NOT NULL END' END,
               column_name)) INTO wrong;
    IF wrong.value IS NOT NULL THEN
        RAISE EXCEPTION 'column "%" of % holds "%", which is no whole number up to 2147483647', column_name, relation, wrong.value
            USING ERRCODE = 'numeric_value_out_of_range', DETAIL = coalesce(format('It stands in the row of %s.', wrong.row_name), 'Its row names no zone.'), HINT = hint;
    END IF;
END
$$;
COMMENT ON FUNCTION classify_check_integers(regclass, text, text, text) IS
'Internal. Raises the error of classify about a column whose values are read as integers and are none: row_column names the row, hint says the way out. Nothing where the column is NULL or holds integers by its type.';

CREATE FUNCTION classify_check_values(zone_values regclass, value_query text, policy risk_policy) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    wrong record;
BEGIN
    EXECUTE format(
        'SELECT v.code, v.name, v.day, v.text AS value, v.kind FROM (SELECT v.code, v.name, v.day, i.kind, v.value::text AS text FROM (%s) v '
        'JOIN policy_inputs($1) i ON i.name = v.name AND i.kind IN (''number'', ''yesno'')) v '
        'WHERE NOT isfinite(v.day) OR NOT CASE WHEN v.kind = ''yesno'' '
        'THEN lower(btrim(v.text, E'' \t\r\n'')) IN (''yes'', ''no'', ''true'', ''false'', ''on'', ''off'', ''y'', ''n'', ''t'', ''f'', ''1'', ''0'') '
        'WHEN v.text ~ ''^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?\s*$'' '
        'THEN length(translate(trim_scale(v.text::numeric)::text, ''-.'', '''')) <= 36 ELSE v.text IS NULL END '
        'ORDER BY v.code, v.name, v.day LIMIT 1', value_query) INTO wrong USING policy;
    IF wrong.name IS NULL THEN
        RETURN;
    ELSIF NOT isfinite(wrong.day) THEN
        RAISE EXCEPTION 'the value "%" of zone % in % is of no day of the calendar', wrong.name, coalesce(wrong.code, 'without a code'), zone_values
            USING ERRCODE = 'datetime_field_overflow', DETAIL = format('Its day is %s.', wrong.day),
                  HINT = 'Give the day for which the value was found; it holds from then on, as long as KEEP says.';
    END IF;
    RAISE EXCEPTION 'the value "%" of zone % in % is %', wrong.name, coalesce(wrong.code, 'without a code'), zone_values,
            CASE wrong.kind WHEN 'number' THEN 'no number of at most 36 digits' ELSE 'neither yes nor no' END
        USING ERRCODE = 'invalid_text_representation',
              DETAIL = format('It is "%s" on %s.', wrong.value, coalesce(to_char(wrong.day, 'YYYY-MM-DD'), 'no day')),
              HINT = CASE wrong.kind WHEN 'number' THEN 'A number is written 82.5; NULL says that it is not known.'
                                     ELSE 'Write yes or no, true or false, 1 or 0; NULL says that it is not known.' END;
END
$$;
COMMENT ON FUNCTION classify_check_values(regclass, text, risk_policy) IS
'Internal. Raises the error of classify about a zone value that the policy asks for and that is no number, neither yes nor no, or of no day of the calendar.';
