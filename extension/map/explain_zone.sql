CREATE FUNCTION explain_zone(
	map text, zone_code text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL, layer text DEFAULT NULL, lang text DEFAULT NULL,
	OUT rule integer, OUT tier text, OUT condition text, OUT numbers text, OUT outcome text,
	OUT decided boolean, OUT possible text[], OUT step_down_on date, OUT step_down_to text)
RETURNS SETOF record LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 8 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	layer_id integer;
	has_zone boolean;
BEGIN
	PERFORM need_map(map);
	layer_id := find_layer(map, layer);
	EXECUTE zone_risk_query(map, layer_id, true, false,
		'SELECT EXISTS (SELECT FROM zones WHERE code = clean_text($3) COLLATE "C")') INTO has_zone USING as_of, known_at, zone_code;
	IF has_zone IS NOT TRUE THEN
		RAISE EXCEPTION 'map "%" has no zone "%" on this day', map, zone_code USING
			ERRCODE = 'undefined_object',
			HINT = format('The zones of the day are in %I.%I.', map, layer_relation(map, layer_id, 'zone_risk'));
	END IF;
	RETURN QUERY EXECUTE zone_risk_query(map, layer_id, true, false,
		'SELECT e.* FROM judged, explain_tier(judged.judgement, '
		'(SELECT z.zone_id FROM zones z WHERE z.code = clean_text($3) COLLATE "C"), coalesce($4, (SELECT lang FROM map))) e')
		USING as_of, known_at, zone_code, lang;
END
$$;
COMMENT ON FUNCTION explain_zone(text, text, date, timestamptz, text, text) IS
'Why a zone of a map has its tier: each line of the rule with its numbers, neighbours, parts and reviews, whether it holds and which one decided; in the last row the verdict in one sentence, and the earliest day on which the tier goes down if nothing more is reported. The rows are those of explain_tier. as_of is the day, by default the map''s own; known_at asks what was known then, by default what is known now; layer is the layer''s name, by default the map''s first; lang is ''en'' or ''vi'', by default the map''s. The caller reads the map''s tables, as zone_risk_at does. A code that no zone of the day has is an error.';
