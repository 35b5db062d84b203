CREATE FUNCTION make_layer(map text, name text, policy risk_policy, disease text[], day_column text, measures jsonb) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	layer_id integer;
BEGIN
	IF jsonb_typeof(measures) <> 'object' THEN
		RAISE EXCEPTION 'the measures of layer "%" are not an object', name USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Each has its name and its filter: {"deaths": {"died": [true]}}.';
	END IF;
	EXECUTE format('INSERT INTO %I.layer (name, disease, day_column) VALUES ($1, $2, $3) RETURNING layer_id', map)
	INTO layer_id USING name, disease, day_column;
	EXECUTE format('INSERT INTO %I.measure (layer_id, name, filter) SELECT $1, m.key, m.value FROM jsonb_each($2) m '
		'ON CONFLICT (layer_id, name) DO UPDATE SET filter = excluded.filter', map) USING layer_id, coalesce(measures, '{}');
	EXECUTE format('INSERT INTO %I.layer_policy (layer_id, policy) VALUES ($1, $2)', map) USING layer_id, policy;
	RETURN format('%I.%I', map, layer_relation(map, layer_id, 'zone_risk'))::regclass;
END
$$;
COMMENT ON FUNCTION make_layer(text, text, risk_policy, text[], text, jsonb) IS
'Internal, used by create_map and add_layer: a layer with its measures and its first policy; the triggers on these tables write its views.';

CREATE FUNCTION add_layer(map text, name text, policy risk_policy, disease text[] DEFAULT NULL,
	day_column text DEFAULT 'report_day', measures jsonb DEFAULT NULL) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM need_map(map);
	IF name IS NULL OR policy IS NULL OR day_column IS NULL THEN
		RAISE EXCEPTION 'name, policy and day_column of a layer may not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	RETURN make_layer(map, name, policy, disease, day_column, measures);
END
$$;
COMMENT ON FUNCTION add_layer(text, text, risk_policy, text[], text, jsonb) IS
'Adds a layer judged by a policy of one''s own, or by a shipped one with other parameters. Otherwise as add_layer with the name of a policy.';

CREATE FUNCTION add_layer(map text, name text, policy text, disease text[] DEFAULT NULL,
	day_column text DEFAULT 'report_day', measures jsonb DEFAULT NULL) RETURNS regclass
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
BEGIN ATOMIC
	SELECT add_layer(map, name, policy(policy), disease, day_column, measures);
END;
COMMENT ON FUNCTION add_layer(text, text, text, text[], text, jsonb) IS
'Adds a layer to a map: another disease, or the same by another rule, on the same zones and from the same reports; and returns its view zone_risk, which has the layer''s name after it, as all its views have: zone_risk_dengue, tier_summary_dengue. policy is the name of a shipped policy; its text is copied. disease lists the names of the diseases that it counts, NULL for every one; reports that name none count in every layer. day_column is the day that a report counts for: report_day, onset_day or sample_day, and report_day where that one is empty. measures adds to what the layer counts, or changes it: {"deaths": {"died": [true]}}, see the table measure; cases, community_cases, imported_cases and unknown_source_cases are there. Later changes are made in the tables layer, layer_policy and measure. An error, and nothing made, where the name is taken or will not do for views, where a filter names what report has not, and where the policy asks for a measure that is not there. Writers of reports wait while its index is made. Not in a repeatable read or serializable transaction. The caller owns the map.';

CREATE FUNCTION drop_layer(map text, layer text, with_assessments boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	layer_id integer;
BEGIN
	PERFORM need_map(map);
	layer_id := find_layer(map, layer);
	IF with_assessments AND layer_id <> find_layer(map, NULL) THEN
		PERFORM forget_decisions(map, layer_id);
		EXECUTE format('DELETE FROM %I.assessment WHERE layer_id = $1', map) USING layer_id;
	END IF;
	EXECUTE format('DELETE FROM %I.layer WHERE layer_id = $1', map) USING layer_id;
END
$$;
COMMENT ON FUNCTION drop_layer(text, text, boolean) IS
'Removes a layer from a map, with its policies, measures and views; reports and zones stay. An error, and nothing removed, for the first layer, where views of one''s own stand on its views, and where it has recorded assessments or something was announced, overruled or published of it, unless with_assessments => true says that all of that may go, too. What days counts were published of stays known. Not in a repeatable read or serializable transaction. The caller owns the map.';
