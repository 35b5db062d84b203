-- The numbers that zone_risk shows, counted once more by plain sums, a report at a time.

CREATE FUNCTION filter_takes(filter jsonb, said jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT coalesce(bool_and(EXISTS (
		SELECT FROM jsonb_array_elements(f.value) allowed
		WHERE CASE WHEN f.key = 'disease' THEN fold_text(coalesce(allowed #>> '{}', '')) = fold_text(coalesce(said ->> f.key, ''))
				   ELSE (allowed #>> '{}') IS NOT DISTINCT FROM (said ->> f.key) END)), true)
	FROM jsonb_each('{"status": ["confirmed", null], "setting": ["residence", null]}' || filter) f;
END;
COMMENT ON FUNCTION filter_takes(jsonb, jsonb) IS
'Internal, used by verify: does a measure with this filter count a report that says so; values are compared as text.';

CREATE FUNCTION verify_layer_counts(map text, layer_id integer, measure text)
RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10 SET search_path FROM CURRENT SET jit = off SET enable_mergejoin = off AS $$
DECLARE
	view_name text := layer_relation(map, layer_id, 'zone_risk');
	layer record;
	said text;
BEGIN
	EXECUTE format('SELECT l.disease, l.day_column, m.filter FROM %1$I.layer l JOIN %1$I.measure m USING (layer_id) '
		'WHERE l.layer_id = $1 AND m.name = $2', map) INTO layer USING layer_id, measure;
	SELECT string_agg(format('%L, r.%I', k, k), ', ') INTO said
	FROM (SELECT jsonb_object_keys(layer.filter || '{"status": 0, "setting": 0, "disease": 0}') AS k) c;
	RETURN QUERY EXECUTE format($sql$
		WITH sets AS (
			SELECT s.zone_set_id, s.valid_from, lead(s.valid_from) OVER w AS next_from, row_number() OVER w = 1 AS is_first
			FROM %1$I.zone_set s WHERE s.activated_at IS NOT NULL WINDOW w AS (ORDER BY s.valid_from, s.zone_set_id)
		), shown AS MATERIALIZED (
			SELECT s.zone_set_id, s.next_from IS NULL AS is_latest
			FROM sets s, (SELECT coalesce(day, (now() AT TIME ZONE timezone)::date) AS day FROM %1$I.settings) m
			WHERE (s.valid_from <= m.day OR s.is_first) AND coalesce(m.day < s.next_from, true)
		), zones AS MATERIALIZED (
			SELECT z.zone_id, z.cases, z.households_affected, z.days_since_last, z.window_start, z.window_end FROM %1$I.%2$I z
		), placed AS MATERIALIZED (
			SELECT CASE WHEN h.is_latest THEN r.zone_id ELSE p.zone_id END AS zone_id, coalesce(r.%3$I, r.report_day) AS day, r.n,
				   CASE WHEN h.is_latest THEN r.household_key ELSE p.household_key END AS household, jsonb_build_object(%4$s) AS said
			FROM shown h CROSS JOIN %1$I.report r
			LEFT JOIN %1$I.placement p ON p.report_id = r.report_id AND p.zone_set_id = h.zone_set_id
			WHERE CASE WHEN h.is_latest THEN r.outcome ELSE p.outcome END IN ('placed_by_code', 'placed_by_point')
			  AND r.outcome NOT IN ('superseded', 'withdrawn')
		), taken AS MATERIALIZED (
			SELECT k.said FROM (SELECT DISTINCT said FROM placed) k, LATERAL (SELECT coalesce(fold_text(k.said ->> 'disease'), '') AS disease) d
			WHERE filter_takes($1, k.said) AND ($2 IS NULL OR d.disease = '' OR d.disease = ANY (ARRAY(SELECT fold_text(u) FROM unnest($2) u)))
		), counted AS MATERIALIZED (
			SELECT p.zone_id, p.day, p.n, p.household FROM placed p JOIN taken USING (said)
		), cases AS (
			SELECT h.zone_id, sum(h.n) AS cases, sum(CASE WHEN h.household IS NULL THEN h.n ELSE (h.n > 0)::integer END) AS households
			FROM (SELECT c.zone_id, c.household, sum(c.n) AS n FROM counted c JOIN zones z USING (zone_id)
				  WHERE c.day BETWEEN z.window_start AND z.window_end GROUP BY c.zone_id, c.household) h
			GROUP BY h.zone_id
		), latest AS (
			SELECT c.zone_id, min(z.window_end - c.day) AS days FROM counted c JOIN zones z USING (zone_id)
			WHERE c.day <= z.window_end AND c.n > 0 GROUP BY c.zone_id
		)
		SELECT %5$L || '.' || d.field, z.zone_id::text, d.stored, d.recomputed
		FROM zones z LEFT JOIN cases c ON c.zone_id = z.zone_id LEFT JOIN latest l ON l.zone_id = z.zone_id,
			 LATERAL (VALUES ('cases', z.cases::text, coalesce(c.cases, 0)::text),
				('households_affected', z.households_affected::text, coalesce(c.households, 0)::text),
				('days_since_last', z.days_since_last::text, l.days::text)) d (field, stored, recomputed)
		WHERE z.window_start IS NOT NULL AND d.stored IS DISTINCT FROM d.recomputed
	$sql$, map, view_name, layer.day_column, said, view_name) USING layer.filter, layer.disease;
END
$$;
COMMENT ON FUNCTION verify_layer_counts(text, integer, text) IS
'Internal, used by verify: cases, households and days since the last case of each zone of a layer, from report and placement.';

CREATE FUNCTION verify_counts(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10 SET search_path FROM CURRENT AS $$
DECLARE
	layer record;
	measures text[];
BEGIN
	FOR layer IN EXECUTE format($sql$
			SELECT DISTINCT ON (l.layer_id) l.layer_id, p.policy
			FROM %1$I.layer l JOIN %1$I.layer_policy p USING (layer_id),
				 (SELECT coalesce(day, (now() AT TIME ZONE timezone)::date) AS day FROM %1$I.settings) m
			ORDER BY l.layer_id, p.valid_from <= m.day DESC, CASE WHEN p.valid_from <= m.day THEN p.valid_from END DESC, p.valid_from
		$sql$, map)
	LOOP
		SELECT array_agg(i.name) INTO measures FROM policy_inputs(layer.policy) i WHERE i.kind = 'count';
		-- of several counts the policy alone says which one the numbers are of
		IF cardinality(measures) = 1 AND to_regclass(format('%I.%I', map, layer_relation(map, layer.layer_id, 'zone_risk'))) IS NOT NULL THEN
			RETURN QUERY SELECT * FROM verify_layer_counts(map, layer.layer_id, measures[1]);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION verify_counts(text) IS
'Internal, used by verify: verify_layer_counts for every layer whose policy counts one thing.';
