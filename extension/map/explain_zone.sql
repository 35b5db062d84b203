CREATE FUNCTION explain_zone(
	map text, zone_code text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL, layer text DEFAULT NULL, lang text DEFAULT NULL,
	OUT rule integer, OUT tier text, OUT condition text, OUT numbers text, OUT outcome text,
	OUT decided boolean, OUT possible text[], OUT step_down_on date, OUT step_down_to text)
RETURNS SETOF record LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 8 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_variable
DECLARE
	layer_id integer;
BEGIN
	PERFORM need_map(map);
	-- an error where there is no such day or language, before the query that would be shown with it
	PERFORM finite_day(as_of);
	PERFORM FROM policy_tiers(policy('alert_counts'), lang);
	layer_id := find_layer(map, layer);
	RETURN QUERY EXECUTE zone_risk_query(map, layer_id, true, false, format(
		'SELECT e.* FROM judged, shown s JOIN %I.zone z ON z.zone_set_id = s.zone_set_id AND clean_text(z.code) = clean_text($3) COLLATE "C" '
		'AND (z.is_leaf OR %L), LATERAL explain_tier(judged.judgement, z.zone_id, coalesce($4, (SELECT lang FROM map))) e',
		map, (layer_relations(map, layer_id)).parents))
		USING as_of, known_at, zone_code, lang;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'map "%" judges no zone "%" on this day', map, zone_code USING
			ERRCODE = 'undefined_object',
			HINT = format('The zones that it judges are in %I.%I; those they are part of have a tier of their own where the rule asks for them.',
				map, layer_relation(map, layer_id, 'zone_risk'));
	END IF;
END
$$;
COMMENT ON FUNCTION explain_zone(text, text, date, timestamptz, text, text) IS
'Why a zone of a map has its tier: each line of the rule with its numbers, neighbours, parts and reviews, whether it holds and which one decided; in the last row the verdict in one sentence, and the earliest day on which the tier goes down if nothing more is reported. The rows are those of explain_tier. as_of is the day, by default the map''s own; known_at asks what was known then, by default what is known now; layer is the layer''s name, by default the map''s first; lang is ''en'' or ''vi'', by default the map''s. The caller reads the map''s tables, as zone_risk_at does. A zone that others are part of is explained where the rule judges it, too. A code that no zone judged on that day has is an error.';
