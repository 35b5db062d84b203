CREATE FUNCTION write_tier_legend(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		SELECT l.tier_number, l.tier_rank, l.tier, CASE s.lang WHEN 'vi' THEN l.label_vi ELSE l.label_en END AS tier_label, l.tier_color,
			   l.label_vi, l.label_en, s.lang
		FROM (SELECT lang, coalesce(day, (now() AT TIME ZONE timezone)::date) AS day FROM %1$I.settings) s
		CROSS JOIN LATERAL (%3$s) p
		CROSS JOIN LATERAL (
			SELECT v.position AS tier_number, v.tier_rank, v.tier, v.tier_color, v.tier_label AS label_vi, e.tier_label AS label_en
			FROM policy_tiers(p.policy, 'vi') v JOIN policy_tiers(p.policy, 'en') e USING (position)
			UNION ALL SELECT 0, NULL, 'unknown', '#bdbdbd', 'chưa rõ', 'unknown') l
		ORDER BY l.tier_number = 0, l.tier_number
	$sql$, map, layer_relation(map, layer_id, 'tier_legend'), policy_of_day_query(map, layer_id, 's.day'));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'tier_legend'),
		'What the colours mean, in both languages: the tiers of the policy that judges the map''s day, and unknown.',
		'tier_number', 'Place of the tier in the policy, mildest 1; 0 for unknown.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty for unknown and for tiers outside the ladder.',
		'tier', 'The tier, by the policy''s own key.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb.',
		'label_vi', 'Its name in Vietnamese; where the policy has none, in the language that it has.',
		'label_en', 'Its name in English; where the policy has none, in the language that it has.',
		'lang', 'The map''s language: vi or en.');
END
$$;
COMMENT ON FUNCTION write_tier_legend(text, integer) IS
'Internal, used by create_map: the view tier_legend of a layer.';
INSERT INTO layer_part (part, place) VALUES ('tier_legend', 230);
