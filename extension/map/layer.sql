CREATE FUNCTION find_layer(map text, layer text) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	found integer;
	names text;
BEGIN
	IF layer IS NULL THEN
		EXECUTE format('SELECT min(layer_id) FROM %I.layer', map) INTO STRICT found;
	ELSE
		EXECUTE format('SELECT layer_id FROM %I.layer WHERE name = $1', map) INTO found USING layer;
	END IF;
	IF found IS NULL THEN
		EXECUTE format('SELECT string_agg(quote_literal(name), '', '' ORDER BY layer_id) FROM %I.layer', map) INTO names;
		RAISE EXCEPTION 'map "%" has no layer "%"', map, coalesce(layer, '(first)') USING
			ERRCODE = 'undefined_object',
			HINT = 'Its layers: ' || coalesce(names, 'none') || '.';
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION find_layer(text, text) IS
'Internal: the number of a layer of a map by its name; NULL names the first. An error that lists the layers where there is none of that name.';

CREATE FUNCTION layer_relation(map text, layer_id integer, relation text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	suffix text;
BEGIN
	EXECUTE format('SELECT ''_'' || name FROM %1$I.layer WHERE layer_id = $1 '
		'AND layer_id > (SELECT min(layer_id) FROM %1$I.layer)', map) INTO suffix USING layer_id;
	RETURN relation || coalesce(suffix, '');
END
$$;
COMMENT ON FUNCTION layer_relation(text, integer, text) IS
'Internal: what a view or function of that name is called for a layer: its own name for the first layer, with _ and the layer''s name after it for any other.';

CREATE FUNCTION layer_previous(map text, layer_id integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	previous text;
BEGIN
	EXECUTE format('SELECT previous FROM %I.layer WHERE layer_id = $1', map) INTO previous USING layer_id;
	RETURN previous;
END
$$;
COMMENT ON FUNCTION layer_previous(text, integer) IS
'Internal: what a layer takes for the past, recomputed or announced.';

CREATE FUNCTION layer_of_view(map text, relation text) RETURNS integer
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	found integer;
BEGIN
	EXECUTE format('SELECT layer_id FROM %1$I.layer WHERE layer_id > (SELECT min(layer_id) FROM %1$I.layer) '
		'AND right($1, length(name) + 1) = ''_'' || name ORDER BY length(name) DESC LIMIT 1', map) INTO found USING relation;
	RETURN coalesce(found, find_layer(map, NULL));
END
$$;
COMMENT ON FUNCTION layer_of_view(text, text) IS
'Internal: the layer that a view of a map is of, by the end of its name; the first where it ends in no layer''s name.';

CREATE FUNCTION usual_measures(OUT name text, OUT filter jsonb) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1 ROWS 4
BEGIN ATOMIC
	VALUES ('cases', '{}'::jsonb), ('community_cases', '{"origin": ["community", null]}'),
		('imported_cases', '{"origin": ["imported"]}'), ('unknown_source_cases', '{"link": ["unknown"]}');
END;
COMMENT ON FUNCTION usual_measures() IS
'Internal: the measures that a new layer begins with. An empty origin counts as community, so that a list without that column raises no false all-clear.';

CREATE FUNCTION policy_of_day_query(map text, layer_id integer, day text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format('SELECT t.policy, t.valid_from FROM %I.layer_policy t WHERE t.layer_id = %s ORDER BY t.valid_from <= %3$s DESC, '
		'CASE WHEN t.valid_from <= %3$s THEN t.valid_from END DESC, t.valid_from LIMIT 1', map, layer_id, day);
END
$$;
COMMENT ON FUNCTION policy_of_day_query(text, integer, text) IS
'Internal: the policy that judges a day, given as an expression, and its valid_from: the newest of the layer''s timeline that is valid from that day or before; on days before the first, the first.';

CREATE FUNCTION check_layer() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	map text := TG_TABLE_SCHEMA;
	first_one integer;
	recorded record;
	taken text;
BEGIN
	EXECUTE format('SELECT min(layer_id) FROM %I.layer', map) INTO first_one;
	IF TG_OP = 'DELETE' THEN
		IF OLD.layer_id = first_one THEN
			RAISE EXCEPTION 'the first layer of map "%" cannot be deleted', map USING
				ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'zone_risk and the other views without a layer''s name are its own.',
				HINT = format('Let it watch something else: change its row in %1$I.layer, %1$I.layer_policy or %1$I.measure.', map);
		END IF;
		EXECUTE format('SELECT (SELECT count(*) FROM %1$I.assessment WHERE layer_id = $1) AS assessments, (SELECT count(*) FROM %1$I.decision '
			'WHERE layer_id = $1) AS decisions, (SELECT count(*) FROM %1$I.publication WHERE layer_id = $1) AS publications', map)
			INTO recorded USING OLD.layer_id;
		IF recorded.assessments + recorded.decisions + recorded.publications > 0 THEN
			RAISE EXCEPTION 'layer "%" of map "%" has records, which would go with it', OLD.name, map USING
				ERRCODE = 'dependent_objects_still_exist',
				DETAIL = format('Assessments: %s, announcements and overrides: %s, decisions to publish: %s.', recorded.assessments, recorded.decisions,
					recorded.publications),
				HINT = format('To remove them, too: SELECT georisk.drop_layer(%L, %L, with_assessments => true)', map, OLD.name);
		END IF;
		RETURN OLD;
	END IF;

	IF TG_OP = 'UPDATE' AND NEW.layer_id <> OLD.layer_id OR NEW.layer_id < first_one THEN
		RAISE EXCEPTION 'the number of a layer cannot be changed, nor lie before the first' USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = 'The lowest is the layer whose views have no layer''s name.';
	END IF;
	IF NEW.name = '' OR NEW.name <> clean_text(NEW.name) OR octet_length(NEW.name) > 40 THEN
		RAISE EXCEPTION '"%" cannot be the name of a layer', NEW.name USING
			ERRCODE = 'invalid_name',
			DETAIL = 'Its views are named after it: 1 to 40 bytes, no white space around it.',
			HINT = 'Short lower-case names such as dengue need no quotes.';
	END IF;
	IF NEW.day_column NOT IN ('report_day', 'onset_day', 'sample_day') THEN
		RAISE EXCEPTION 'a layer cannot count by "%"', NEW.day_column USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Its day_column is report_day, onset_day or sample_day.';
	END IF;
	IF NEW.disease = '{}' OR EXISTS (SELECT FROM unnest(NEW.disease) d WHERE coalesce(fold_text(d), '') = '') THEN
		RAISE EXCEPTION 'the diseases of layer "%" are not a list of names', NEW.name USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'For example {dengue,"dengue fever"}; NULL is every disease. Reports that name no disease count in every layer.';
	END IF;
	EXECUTE format('SELECT name FROM %I.layer WHERE name = $1 AND layer_id <> $2', map) INTO taken USING NEW.name, NEW.layer_id;
	IF taken IS NOT NULL THEN
		RAISE EXCEPTION 'map "%" has a layer "%" already', map, taken USING
			ERRCODE = 'duplicate_object',
			HINT = 'Choose another name; what that layer watches is changed in its rows of layer, layer_policy and measure.';
	END IF;
	IF NEW.layer_id > first_one AND (TG_OP = 'INSERT' OR NEW.name <> OLD.name) THEN
		SELECT min(n.name) INTO taken
		FROM (SELECT o.name FROM layer_objects(map, '_' || NEW.name) o
			  UNION ALL SELECT v || '_' || NEW.name FROM unnest('{report_counted,report_latest}'::text[]) v) n
		WHERE to_regclass(format('%I.%I', map, n.name)) IS NOT NULL OR to_regtype(format('%I.%I', map, n.name)) IS NOT NULL
		   OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = to_regnamespace(quote_ident(map)) AND p.proname = n.name);
		IF taken IS NOT NULL THEN
			RAISE EXCEPTION '"%" cannot be the name of a layer: map "%" has a "%" already', NEW.name, map, taken USING
				ERRCODE = 'duplicate_object',
				HINT = 'Choose another name: the layer''s views are named after it.';
		END IF;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION check_layer() IS
'Row trigger on the table layer of a map, before INSERT, UPDATE and DELETE: refuses names that would not do for views, diseases and days that are none, and taking away the first layer, or one of which something was recorded or decided.';

CREATE FUNCTION follow_layer() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	map text := TG_TABLE_SCHEMA;
	is_first boolean;
	index_name text;
	part record;
BEGIN
	IF TG_OP = 'INSERT' THEN
		EXECUTE format('INSERT INTO %I.measure (layer_id, name, filter) SELECT $1, m.name, m.filter FROM usual_measures() m', map)
			USING NEW.layer_id;
		RETURN NULL;
	END IF;
	EXECUTE format('SELECT min(layer_id) = $1 FROM %I.layer', map) INTO is_first USING OLD.layer_id;
	IF is_first OR to_regclass(format('%I.%I', map, 'zone_risk_' || OLD.name)) IS NULL THEN
		RETURN NULL;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		FOR part IN SELECT o.kind, o.object, n.name
					FROM layer_objects(map, '_' || OLD.name) o JOIN layer_objects(map, '_' || NEW.name) n USING (place) ORDER BY place LOOP
			EXECUTE format('ALTER %s %s RENAME TO %I', part.kind, part.object, part.name);
		END LOOP;
		FOREACH index_name IN ARRAY '{report_counted,report_latest}'::text[] LOOP
			EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', map, index_name || '_' || OLD.name, index_name || '_' || NEW.name);
		END LOOP;
	ELSE
		FOR part IN SELECT o.kind, o.object FROM layer_objects(map, '_' || OLD.name) o ORDER BY o.place DESC LOOP
			EXECUTE format('DROP %s %s', part.kind, part.object);
		END LOOP;
		EXECUTE format('DROP INDEX %1$I.%2$I, %1$I.%3$I', map, 'report_counted_' || OLD.name, 'report_latest_' || OLD.name);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION follow_layer() IS
'Row trigger on the table layer of a map: a new layer gets the usual measures; the views and functions of a renamed layer are renamed, with their grants; those of a deleted one go, unless something stands on them.';

CREATE FUNCTION lock_layers() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	has_views boolean;
BEGIN
	IF NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		RAISE EXCEPTION 'you may not change what the layers of map "%" show', TG_TABLE_SCHEMA USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = 'Their views read with the rights of the map''s owner and are written anew.',
			HINT = 'The owner of the map can, and members of the role that owns it.';
	END IF;
	IF TG_OP = 'TRUNCATE' AND TG_TABLE_NAME <> 'measure' THEN
		RAISE EXCEPTION 'a map cannot do without layers' USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'georisk.drop_layer removes one that is not the first.';
	END IF;
	-- a map that is just being made is nobody else's yet
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.layer_policy)', TG_TABLE_SCHEMA) INTO has_views;
	IF has_views THEN
		PERFORM need_latest_snapshot(format('what the layers of map "%s" show cannot be changed', TG_TABLE_SCHEMA),
			'The views are written anew, and what another session has just changed would be missed.');
	END IF;
	EXECUTE format('LOCK TABLE %I.settings IN SHARE UPDATE EXCLUSIVE MODE', TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION lock_layers() IS
'Statement trigger on the tables layer, layer_policy and measure of a map, before a change: only who owns the map may, of two changes one waits for the other, and a repeatable read or serializable transaction, which would not see what it waited for, is refused.';

CREATE FUNCTION own_layer_views(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	owner regrole := (SELECT relowner FROM pg_class WHERE oid = format('%I.layer', map)::regclass);
	handing_over text;
BEGIN
	FOR handing_over IN
		SELECT format('ALTER %s %s OWNER TO %s', o.kind, o.object, owner)
		FROM layer_objects(map, layer_relation(map, layer_id, '')) o
		LEFT JOIN pg_class c ON o.kind = 'VIEW' AND c.oid = object_oid(o.kind, o.object)
		LEFT JOIN pg_proc p ON o.kind = 'FUNCTION' AND p.oid = object_oid(o.kind, o.object)
		WHERE coalesce(c.relowner, p.proowner) <> owner
	LOOP
		EXECUTE handing_over;
	END LOOP;
END
$$;
COMMENT ON FUNCTION own_layer_views(text, integer) IS
'Internal: makes the views and functions of a layer the map''s owner''s, whoever added it: they read with their owner''s rights.';

CREATE FUNCTION rewrite_views() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	touched text := CASE TG_OP
		WHEN 'INSERT' THEN 'SELECT layer_id FROM new_rows'
		WHEN 'DELETE' THEN 'SELECT layer_id FROM old_rows'
		WHEN 'UPDATE' THEN 'SELECT layer_id FROM old_rows UNION SELECT layer_id FROM new_rows'
		ELSE format('SELECT layer_id FROM %I.layer', TG_TABLE_SCHEMA) END;
	layer record;
	is_new boolean;
BEGIN
	PERFORM need_map(TG_TABLE_SCHEMA);
	FOR layer IN EXECUTE format('SELECT l.layer_id, l.name, EXISTS (SELECT FROM %1$I.layer_policy p '
		'WHERE p.layer_id = l.layer_id) AS is_judged FROM %1$I.layer l WHERE l.layer_id IN (%2$s) ORDER BY l.layer_id',
		TG_TABLE_SCHEMA, touched) LOOP
		is_new := to_regclass(format('%I.%I', TG_TABLE_SCHEMA,
			layer_relation(TG_TABLE_SCHEMA, layer.layer_id, 'zone_risk'))) IS NULL;
		IF layer.is_judged THEN
			-- the indexes first: no view is locked while it waits for writers of reports
			IF is_new OR TG_TABLE_NAME <> 'layer_policy' THEN
				PERFORM write_counted_indexes(TG_TABLE_SCHEMA, layer.layer_id);
				PERFORM write_layer_views(TG_TABLE_SCHEMA, layer.layer_id);
				PERFORM own_layer_views(TG_TABLE_SCHEMA, layer.layer_id);
			ELSE
				PERFORM write_zone_risk(TG_TABLE_SCHEMA, layer.layer_id), write_zone_risk_at(TG_TABLE_SCHEMA, layer.layer_id);
				PERFORM write_parent_risk(TG_TABLE_SCHEMA, layer.layer_id);
			END IF;
		ELSIF NOT is_new THEN
			RAISE EXCEPTION 'layer "%" of map "%" would be left without a policy', layer.name, TG_TABLE_SCHEMA USING
				ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Add the policy that takes over first, or change this one by UPDATE.';
		ELSE
			PERFORM layer_counting(TG_TABLE_SCHEMA, layer.layer_id);
		END IF;
	END LOOP;
	PERFORM follow_grants(TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION rewrite_views() IS
'Statement trigger on the tables layer, layer_policy and measure of a map: the views of the layers that a change is about are written anew, with the indexes that they count from; a layer gets them when it gets its first policy. A change that makes no sense is refused here, and nothing is changed. An error on a map of an earlier version, whose tables lack what the views read now.';

CREATE FUNCTION create_layer_tables(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	relation text;
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.layer (
			layer_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			name text NOT NULL UNIQUE,
			disease text[],
			day_column text NOT NULL DEFAULT 'report_day',
			previous text NOT NULL DEFAULT 'recomputed' CHECK (previous IN ('recomputed', 'announced'))
		);
		CREATE TABLE %1$I.layer_policy (
			layer_id integer NOT NULL REFERENCES %1$I.layer ON DELETE CASCADE,
			valid_from date NOT NULL DEFAULT '-infinity' CHECK (valid_from < 'infinity'),
			policy risk_policy NOT NULL,
			PRIMARY KEY (layer_id, valid_from)
		);
		CREATE TABLE %1$I.measure (
			layer_id integer NOT NULL REFERENCES %1$I.layer ON DELETE CASCADE,
			name text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 63)
				CONSTRAINT measure_name_not_reserved CHECK (name NOT IN ('as_of', 'complete_until', 'reported_until', 'silence_limit', 'population', 'households', 'level')),
			filter jsonb NOT NULL DEFAULT '{}',
			PRIMARY KEY (layer_id, name)
		);
		CREATE TRIGGER check_layer BEFORE INSERT OR UPDATE OR DELETE ON %1$I.layer
			FOR EACH ROW EXECUTE FUNCTION check_layer();
		CREATE TRIGGER follow_layer AFTER INSERT OR DELETE ON %1$I.layer
			FOR EACH ROW EXECUTE FUNCTION follow_layer();
		CREATE TRIGGER follow_name AFTER UPDATE OF name ON %1$I.layer
			FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION follow_layer();
	$sql$, map);
	FOREACH relation IN ARRAY '{layer,layer_policy,measure}'::text[] LOOP
		EXECUTE format($sql$
			CREATE TRIGGER lock_layers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$I.%2$I
				FOR EACH STATEMENT EXECUTE FUNCTION lock_layers();
			CREATE TRIGGER rewrite_inserted AFTER INSERT ON %1$I.%2$I
				REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION rewrite_views();
			CREATE TRIGGER rewrite_updated AFTER UPDATE ON %1$I.%2$I
				REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION rewrite_views();
			CREATE TRIGGER rewrite_deleted AFTER DELETE ON %1$I.%2$I
				REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION rewrite_views();
			CREATE TRIGGER rewrite_truncated AFTER TRUNCATE ON %1$I.%2$I
				FOR EACH STATEMENT EXECUTE FUNCTION rewrite_views();
		$sql$, map, relation);
	END LOOP;

	PERFORM comment_table(map, 'layer',
		'What the map watches: one disease a layer, or several, on the same zones and from the same reports. georisk.add_layer adds one, with its policy; a change here shows in the layer''s views at once.',
		'layer_id', 'Number of the layer; the lowest is the one whose views have no layer''s name: zone_risk.',
		'name', 'Name of the layer; the views of a further one end in it: zone_risk_dengue.',
		'disease', 'The diseases that it counts, as reports name them, whatever the case and the accents; empty: every one. Reports that name none count in every layer.',
		'day_column', 'The day that a report counts for: report_day, onset_day or sample_day; where that is empty, report_day.',
		'previous', 'What a policy that looks at earlier reviews takes for the tier before: recomputed, as the reviews find it now, or announced, the tier that was in force on the eve of the review, where one was.');
	PERFORM comment_table(map, 'layer_policy',
		'By which policy a layer judges which days. A policy is a copy: a new version of georisk re-colours nothing. Days are judged by the newest one that is valid from them or before; days before the first, by the first.',
		'layer_id', 'The layer.',
		'valid_from', 'First day that it judges; -infinity for the one that a layer begins with.',
		'policy', 'The rule, in the policy language. UPDATE it to judge by another one on all its days; INSERT a row to change the rule from a day on. The views follow, with the same columns.');
	PERFORM comment_table(map, 'measure',
		'What a layer counts, by the names that policies and zone_day use. A report counts in a measure where each column that the filter names has one of the values listed.',
		'layer_id', 'The layer.',
		'name', 'Name of the measure: cases, community_cases, deaths.',
		'filter', 'Columns of report and the values that count, null for empty: {"origin": ["imported"]}. Columns that you added to report can be named. Where status is not named, only confirmed counts, where setting is not, only residence; empty counts as these.');
END
$$;
COMMENT ON FUNCTION create_layer_tables(text) IS
'Internal, used by create_map: the tables layer, layer_policy and measure of a map.';
