-- All groups as one FeatureCollection; `fill` and its kin are simplestyle, which web viewers colour by.
SELECT json_build_object(
    'type', 'FeatureCollection',
    'name', 'district1',
    'notice', 'Synthetic: borders, reports and tiers are made up. See demo/district1/NOTICE.',
    'features', json_agg(json_build_object(
        'type', 'Feature',
        'id', zone_id,
        'geometry', ST_AsGeoJSON(geom, 7)::json,
        'properties', json_build_object(
            'code', code, 'name', name, 'ward', parent_code, 'tier', tier, 'tier_label', tier_label,
            'tier_color', tier_color, 'reason', reason, 'cases', cases, 'households_affected', households_affected,
            'population', population, 'households', households, 'window_start', window_start, 'window_end', window_end,
            'fill', tier_color, 'fill-opacity', 0.7, 'stroke', '#555555', 'stroke-width', 0.5)
        ) ORDER BY zone_id))
FROM district1.zone_risk;
