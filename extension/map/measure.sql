CREATE FUNCTION disease_condition(disease text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT format('coalesce(fold_text(report.disease), '''') = ANY (%L::text[])',
		(SELECT array_agg(DISTINCT fold_text(d) ORDER BY fold_text(d)) FROM unnest(disease) d));
END;
COMMENT ON FUNCTION disease_condition(text[]) IS
'Internal: which rows `report` are of one of these diseases, as a condition; an empty text stands for reports that name none. Names are compared as fold_text gives them, because a disease spelt another way must not be a false all-clear.';

CREATE FUNCTION filter_columns(report regclass) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	not_told CONSTANT text[] := '{report_id,external_id,revision,recorded_at,withdrawn,onset_day,sample_day,report_day,n,'
		'household,zone_code,geom,geocode_quality,note,outcome,zone_set_id,zone_id,household_key,point_disagrees,'
		'submission_id,line,hint,given,reduced_at}';
BEGIN
	RETURN ARRAY(SELECT a.attname::text FROM pg_attribute a
				 WHERE a.attrelid = report AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (not_told)
				 ORDER BY a.attnum);
END
$$;
COMMENT ON FUNCTION filter_columns(regclass) IS
'Internal: the columns of report that a measure may filter by: those that say what kind of report it is, and those that the user added.';

CREATE FUNCTION filter_condition(report regclass, measure text, column_name text, allowed jsonb) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	kind text;
	rules text;
	fits boolean;
	value text;
	listed text;
BEGIN
	IF column_name <> ALL (filter_columns(report)) THEN
		RAISE EXCEPTION 'measure "%" cannot filter by "%"', measure, column_name USING
			ERRCODE = 'undefined_column',
			HINT = format('Columns of %s that a measure may name: %s. One of your own is added by ALTER TABLE; a new map, which has none yet, begins with another policy.', report,
				array_to_string(filter_columns(report), ', '));
	END IF;
	IF jsonb_typeof(allowed) <> 'array' OR allowed = '[]'
	   OR jsonb_path_exists(allowed, 'strict $[*] ? (@.type() == "array" || @.type() == "object")') THEN
		RAISE EXCEPTION 'measure "%" does not list the values of "%" that it counts', measure, column_name USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It says %s.', allowed),
			HINT = 'A filter is an object of lists: {"status": ["confirmed", "probable", null]}; null stands for empty.';
	END IF;
	IF column_name = 'disease' THEN
		RETURN disease_condition(ARRAY(SELECT coalesce(e #>> '{}', '') FROM jsonb_array_elements(allowed) e));
	END IF;
	SELECT format_type(a.atttypid, -1),
		   (SELECT string_agg(pg_get_expr(c.conbin, c.conrelid), ' AND ') FROM pg_constraint c
			WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum])
	INTO kind, rules FROM pg_attribute a WHERE a.attrelid = report AND a.attname = column_name;
	FOR value IN SELECT e #>> '{}' FROM jsonb_array_elements(allowed) e WHERE e <> 'null' LOOP
		-- a value that the column cannot have would count nothing, without a word
		BEGIN
			EXECUTE format('SELECT r.value IN (r.value) FROM (SELECT %L::%s AS value) r', value, kind) INTO fits;
			IF rules IS NOT NULL THEN
				EXECUTE format('SELECT %s FROM (SELECT %L::%s AS %I) r', rules, value, kind, column_name) INTO fits;
			END IF;
		EXCEPTION WHEN data_exception OR undefined_function THEN
			fits := false;
		END;
		IF NOT fits THEN
			RAISE EXCEPTION 'measure "%" asks for a value that "%" cannot have: "%"', measure, column_name, value USING
				ERRCODE = 'invalid_parameter_value',
				DETAIL = format('The column is of type %s.', kind) || coalesce(' Its values fulfil ' || rules || '.', '');
		END IF;
		listed := concat_ws(', ', listed, format('%L::%s', value, kind));
	END LOOP;
	RETURN CASE
		WHEN listed IS NULL THEN format('report.%I IS NULL', column_name)
		WHEN allowed @> '[null]' THEN format('(report.%1$I IS NULL OR report.%1$I IN (%2$s))', column_name, listed)
		ELSE format('report.%I IN (%s)', column_name, listed) END;
END
$$;
COMMENT ON FUNCTION filter_condition(regclass, text, text, jsonb) IS
'Internal: one column of a measure''s filter as a condition on the rows `report`. The column is looked up and every value quoted: a filter is data, whoever wrote it. An error where report has no such column, or where the column cannot have such a value.';

CREATE FUNCTION layer_measures(map text, layer_id integer, OUT name text, OUT counted text, OUT further text, OUT columns text[])
RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 10 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	report regclass := format('%I.report', map)::regclass;
	one record;
BEGIN
	FOR one IN EXECUTE format('SELECT m.name, m.filter FROM %I.measure m WHERE m.layer_id = $1 ORDER BY m.name', map)
		USING layer_id LOOP
		IF jsonb_typeof(one.filter) <> 'object' THEN
			RAISE EXCEPTION 'the filter of measure "%" is not an object', one.name USING
				ERRCODE = 'invalid_parameter_value',
				HINT = 'For example {"origin": ["imported"]}; {} counts every confirmed report on where people live.';
		END IF;
		name := one.name;
		counted := coalesce(filter_condition(report, name, 'status', one.filter -> 'status'),
				'(report.status IS NULL OR report.status = ''confirmed'')') || ' AND '
			|| coalesce(filter_condition(report, name, 'setting', one.filter -> 'setting'),
				'(report.setting IS NULL OR report.setting = ''residence'')');
		SELECT string_agg(filter_condition(report, one.name, f.key, f.value), ' AND ' ORDER BY f.key)
			   FILTER (WHERE f.key NOT IN ('status', 'setting')),
			   coalesce(array_agg(f.key ORDER BY f.key), '{}')
		INTO further, columns FROM jsonb_each(one.filter) f;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION layer_measures(text, integer) IS
'Internal: the measures of a layer, each as conditions on the rows `report`: counted, which status and setting it takes, by default confirmed and residence, where empty counts as these; further, what else it asks for, NULL for nothing; and the columns that its filter names.';

CREATE FUNCTION layer_counting(map text, layer_id integer, OUT day text, OUT counted text, OUT columns text[], OUT is_mixed boolean)
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	layer record;
BEGIN
	EXECUTE format('SELECT l.disease, l.day_column FROM %I.layer l WHERE l.layer_id = $1', map)
	INTO STRICT layer USING layer_id;
	day := CASE layer.day_column WHEN 'report_day' THEN 'report.report_day'
		   ELSE format('coalesce(report.%I, report.report_day)', layer.day_column) END;
	SELECT string_agg(DISTINCT m.counted, ') OR ('), count(DISTINCT m.counted) > 1
	INTO counted, is_mixed FROM layer_measures(map, layer_id) m;
	counted := coalesce(CASE WHEN is_mixed THEN '((' || counted || '))' ELSE counted END,
		'(report.status IS NULL OR report.status = ''confirmed'') AND (report.setting IS NULL OR report.setting = ''residence'')')
		|| CASE WHEN layer.disease IS NULL THEN '' ELSE ' AND ' || disease_condition(layer.disease || ''::text) END;
	columns := ARRAY(SELECT c FROM layer_measures(map, layer_id) m, unnest(m.columns) c
					 UNION SELECT unnest('{status,setting}'::text[]) WHERE is_mixed ORDER BY 1);
END
$$;
COMMENT ON FUNCTION layer_counting(text, integer) IS
'Internal: what a layer counts, over the rows `report`: day, the day that a report counts for: report_day, or another of its days, and report_day where that is empty; counted, the condition that all its measures share, where an empty disease is of every layer; columns, those that its measures tell apart; is_mixed, whether its measures differ in status or setting, too.';

CREATE FUNCTION measure_filter(map text, layer_id integer, measures text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	is_mixed boolean := (SELECT l.is_mixed FROM layer_counting(map, layer_id) l);
	conditions text[];
BEGIN
	conditions := ARRAY(SELECT DISTINCT coalesce(concat_ws(' AND ', CASE WHEN is_mixed THEN m.counted END, m.further), '')
						FROM layer_measures(map, layer_id) m WHERE m.name = ANY (measures));
	RETURN CASE WHEN conditions = '{}' OR '' = ANY (conditions) THEN 'true'
				ELSE '(' || array_to_string(conditions, ' OR ') || ')' END;
END
$$;
COMMENT ON FUNCTION measure_filter(text, integer, text[]) IS
'Internal: which of a layer''s counted rows `report` any of these measures counts, as a condition.';

CREATE FUNCTION list_columns(columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT coalesce(string_agg(format(', report.%I', c), '' ORDER BY place), '') FROM unnest(columns) WITH ORDINALITY u (c, place);
END;
COMMENT ON FUNCTION list_columns(text[]) IS
'Internal: these columns of the rows `report` as the end of a select list.';

CREATE FUNCTION counted_indexes(map text, layer_id integer, OUT name text, OUT definition text) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 2 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
	condition text;
	carried text;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	condition := format('WHERE report.outcome IN (%L, %L) AND %s', 'placed_by_code', 'placed_by_point', counting.counted);
	-- A long text in an index is an error for whoever writes the row: only what cannot be long is carried in it.
	SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) INTO carried FROM pg_attribute a
	WHERE a.attrelid = format('%I.report', map)::regclass AND NOT a.attisdropped
	  AND (a.attname IN ('n', 'household_key')
		   OR counting.day <> 'report.report_day' AND a.attname IN ('onset_day', 'sample_day', 'report_day')
		   OR a.attname = ANY (counting.columns) AND (a.attlen > 0 OR a.attname IN ('status', 'setting', 'origin', 'link')));
	name := layer_relation(map, layer_id, 'report_counted');
	definition := format('((%s), zone_id) INCLUDE (%s) %s', counting.day, carried, condition);
	RETURN NEXT;
	name := layer_relation(map, layer_id, 'report_latest');
	definition := format('(zone_id, (%s)) %s', counting.day, condition);
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION counted_indexes(text, integer) IS
'Internal: the indexes on report that counting for a layer reads: its reports by day and zone, for those that count, and by zone and day, for the latest one of a zone.';

CREATE FUNCTION counted_index_comment(layer_id integer, definition text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT format('Read by the views of layer %s: %s', layer_id, definition);
END;
COMMENT ON FUNCTION counted_index_comment(integer, text) IS
'Internal: the comment on an index that counting reads: how it was written, which the catalog words in its own way.';

CREATE FUNCTION write_counted_indexes(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	index record;
	before regclass;
	about text;
BEGIN
	FOR index IN SELECT * FROM counted_indexes(map, layer_id) LOOP
		before := to_regclass(format('%I.%I', map, index.name));
		about := counted_index_comment(layer_id, index.definition);
		IF obj_description(before, 'pg_class') = about AND (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = before) THEN
			CONTINUE;
		END IF;
		IF before IS NOT NULL THEN
			EXECUTE format('DROP INDEX %s', before);
		END IF;
		EXECUTE format('CREATE INDEX %I ON %I.report %s', index.name, map, index.definition);
		EXECUTE format('COMMENT ON INDEX %I.%I IS %L', map, index.name, about);
	END LOOP;
END
$$;
COMMENT ON FUNCTION write_counted_indexes(text, integer) IS
'Internal: makes the indexes on report that counting for a layer reads, where they are not as they should be. Writers of reports wait meanwhile.';
