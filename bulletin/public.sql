-- What the public bulletin shows, as lines of JSON, from the views that the public may read and nothing else.
-- psql variables: map, day, days, layer (empty: the map's first), as for bulletin.sql.
\set ON_ERROR_STOP on
\set SHOW_CONTEXT never
SET client_min_messages = error;
SET client_encoding = 'UTF8';
SET DateStyle = ISO;
SET jit = off;
BEGIN ISOLATION LEVEL REPEATABLE READ;

SELECT set_config('bulletin.map', :'map', true), set_config('bulletin.day', :'day', true),
       set_config('bulletin.days', :'days', true), set_config('bulletin.layer', :'layer', true) \g /dev/null
DO $$
DECLARE
    map text := current_setting('bulletin.map');
    asked text := current_setting('bulletin.day');
    days text := current_setting('bulletin.days');
    layer text := current_setting('bulletin.layer');
    watched text;
    is_shown boolean;
    layers text;
    day date;
    today date;
    shown text;
BEGIN
    IF to_regnamespace('georisk') IS NULL THEN
        RAISE EXCEPTION 'database "%" has no georisk', current_database() USING HINT = 'Name the database with PGDATABASE.';
    END IF;
    IF to_regclass(format('%I.layer_public', map)) IS NULL THEN
        RAISE EXCEPTION 'there is no map "%" in database "%"', map, current_database()
            USING HINT = 'Give the name of a map, or if it is one of an earlier version: SELECT georisk.upgrade_map(''...'').';
    END IF;
    IF days !~ '^[0-9]{1,3}$' OR days::integer NOT BETWEEN 2 AND 92 THEN
        RAISE EXCEPTION 'DAYS is "%"', days USING HINT = 'The slider can hold 2 to 92 days; 28 unless said otherwise.';
    END IF;
    EXECUTE format('SELECT min(l.layer), min(l.day), (SELECT string_agg(layer, '', '' ORDER BY layer_id) FROM %1$I.layer_public) FROM %1$I.layer_public l '
        'WHERE l.layer = $1 OR $1 = '''' AND l.is_first', map) INTO watched, today, layers USING layer;
    IF watched IS NULL THEN
        RAISE EXCEPTION 'map "%" has no layer "%"', map, layer USING HINT = format('Its layers: %s.', layers);
    END IF;
    BEGIN
        day := coalesce(nullif(asked, '')::date, today);
    EXCEPTION WHEN data_exception THEN
        day := NULL;
    END;
    IF day IS NULL OR asked <> '' AND asked !~ '^\d{4}-\d\d-\d\d$' THEN
        RAISE EXCEPTION 'DAY is "%", which is no day', asked USING HINT = format('Write it as %s.', today);
    END IF;
    EXECUTE format('SELECT string_agg(format(''%%s to %%s'', first_day, last_day), '', '' ORDER BY first_day), coalesce(bool_or($2 BETWEEN first_day AND last_day), false) '
        'FROM %I.publication_public WHERE layer = $1 AND what = ''tiers''', map) INTO shown, is_shown USING watched, day;
    IF NOT is_shown THEN
        RAISE EXCEPTION 'the tiers of map "%" are not shown to the public on %', map, day
            USING HINT = CASE WHEN shown IS NULL THEN format('georisk.publish_tiers(''%s'', ground => ''...'') decides that they are.', map)
                ELSE format('They are, or were, on these days: %s.', shown) END;
    END IF;
END
$$;

SELECT CASE WHEN l.is_first THEN '' ELSE '_' || l.layer END AS suffix, l.layer AS layer_name
FROM :"map".layer_public l WHERE l.layer = :'layer' OR :'layer' = '' AND l.is_first \gset
\set zone_risk_public zone_risk_public :suffix
\set tier_history_public tier_history_public :suffix
\set zone_count_public zone_count_public :suffix
\set tile_source_public tile_source_public :suffix
\set tile_day_public tile_day_public :suffix
SELECT coalesce(nullif(:'day', '')::date, l.day) AS day, coalesce(nullif(:'day', '')::date, l.day) - :'days'::integer + 1 AS first_day, l.day AS map_day
FROM :"map".layer_public l LIMIT 1 \gset

SELECT json_build_object('part', 'about', 'public', true, 'map', :'map', 'layer', l.layer, 'layers', (SELECT count(*) FROM :"map".layer_public),
    'day', :'day', 'map_day', :'map_day', 'lang', l.lang, 'silence_limit', NULL,
    'delay', (SELECT p.delay FROM :"map".publication_public p WHERE p.layer = l.layer AND p.what = 'tiers' AND :'day' BETWEEN p.first_day AND p.last_day),
    'georisk', (SELECT extversion FROM pg_extension WHERE extname = 'georisk'),
    'root', (SELECT CASE WHEN count(*) = 1 THEN min(z.name) END FROM :"map".zone_in_force z
        WHERE z.parent_code IS NULL AND EXISTS (SELECT FROM :"map".zone_in_force c WHERE c.parent_code = z.code)))
FROM :"map".layer_public l WHERE l.layer = :'layer_name';

-- The days on which tiers were shown, as they were shown.
SELECT json_build_object('part', 'day', 'day', d.as_of, 'policy', d.policy_text, 'zone_set', r.zone_set, 'zone_id', r.zone_id, 'tier', r.tier,
    'since', r.since, 'valid_until', r.valid_until)
FROM :"map".:"tile_day_public" d
CROSS JOIN LATERAL (
    SELECT min(h.zone_set) AS zone_set, json_agg(h.zone_id ORDER BY h.zone_id) AS zone_id, json_agg(h.tier ORDER BY h.zone_id) AS tier,
           json_agg(h.since ORDER BY h.zone_id) AS since, json_agg(h.valid_until ORDER BY h.zone_id) AS valid_until
    FROM :"map".:"tier_history_public" h WHERE h.day = d.as_of) r
WHERE d.as_of BETWEEN :'first_day' AND :'day' ORDER BY d.as_of;

SELECT json_build_object('part', 'policy', 'text', p.policy_text, 'name', georisk.policy_name(p.policy_text::georisk.risk_policy),
    'vi', georisk.describe_policy(p.policy_text::georisk.risk_policy, 'vi'), 'en', georisk.describe_policy(p.policy_text::georisk.risk_policy, 'en'),
    'tiers', (SELECT json_agg(json_build_object('tier', v.tier, 'rank', v.tier_rank, 'color', v.tier_color, 'vi', v.tier_label, 'en', e.tier_label)
                              ORDER BY v.position)
              FROM georisk.policy_tiers(p.policy_text::georisk.risk_policy, 'vi') v
              JOIN georisk.policy_tiers(p.policy_text::georisk.risk_policy, 'en') e USING (position)))
FROM (SELECT DISTINCT policy_text FROM :"map".:"tile_day_public" WHERE as_of BETWEEN :'first_day' AND :'day') p ORDER BY p.policy_text;

-- The zones of these days; those above them as far as the map's day has them, drawn as what is below where they have no polygon.
WITH leaf AS MATERIALIZED (
    SELECT DISTINCT ON (s.zone_id) s.zone_id, s.as_of, s.code, s.name, s.parent_code, s.zone_level, s.geom
    FROM :"map".:"tile_source_public" s WHERE s.as_of BETWEEN :'first_day' AND :'day' AND s.max_zoom IS NULL ORDER BY s.zone_id, s.as_of DESC
), parent AS (
    SELECT z.zone_id, z.code, z.name, z.parent_code, z.level, z.zone_set,
           coalesce(z.geom, (SELECT ST_Multi(ST_Union(f.geom)) FROM leaf f WHERE f.parent_code = z.code)) AS geom
    FROM :"map".zone_in_force z WHERE EXISTS (SELECT FROM :"map".zone_in_force c WHERE c.parent_code = z.code)
), drawn AS (
    SELECT f.zone_id, h.zone_set, f.code, f.name, f.parent_code, f.zone_level AS level, true AS is_leaf, f.geom
    FROM leaf f JOIN :"map".:"tier_history_public" h ON h.zone_id = f.zone_id AND h.day = f.as_of
    UNION ALL
    SELECT p.zone_id, p.zone_set, p.code, p.name, p.parent_code, p.level, false, p.geom FROM parent p
)
SELECT json_build_object('part', 'zone', 'id', d.zone_id, 'set', d.zone_set, 'code', d.code, 'name', d.name, 'parent', d.parent_code, 'level', d.level,
    'leaf', d.is_leaf, 'population', NULL, 'households', NULL, 'planar', ST_SRID(d.geom) = 0,
    'geom', ST_AsGeoJSON(CASE WHEN ST_SRID(d.geom) = 0 THEN d.geom ELSE georisk.in_crs(d.geom, 3857) END, 2, 0)::json)
FROM drawn d ORDER BY d.zone_id;

-- The window that was published last, where counts are: classes, of zones and of what they are part of.
SELECT json_build_object('part', 'count', 'from', c.counted_from, 'until', c.counted_until, 'zone_id', json_agg(c.zone_id ORDER BY c.zone_id),
    'at_least', json_agg(c.cases_at_least ORDER BY c.zone_id), 'at_most', json_agg(c.cases_at_most ORDER BY c.zone_id))
FROM :"map".:"zone_count_public" c
WHERE c.counted_until = (SELECT max(l.counted_until) FROM :"map".:"zone_count_public" l) AND :'day' = :'map_day'
GROUP BY c.counted_from, c.counted_until;
ROLLBACK;
