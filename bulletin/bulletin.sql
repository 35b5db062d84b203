-- Everything that the bulletin shows, as lines of JSON, from the views and tables of one map; anyone who may read them can
-- make a page of their own from it. psql variables: map, day, days, layer (empty: the map's first).
--   psql -X -q -At -v map=district1 -v day=2021-09-06 -v days=28 -v layer= -f bulletin/bulletin.sql
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
    maps text[];
    layers text[];
    day date;
    today date;
    first_day date;
    has_zones boolean;
BEGIN
    IF to_regnamespace('georisk') IS NULL THEN
        RAISE EXCEPTION 'database "%" has no georisk', current_database()
            USING HINT = 'Name the database with PGDATABASE, or: CREATE EXTENSION georisk CASCADE.';
    END IF;
    SELECT array_agg(n.nspname::text ORDER BY n.nspname) INTO maps
    FROM pg_namespace n
    WHERE (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname IN ('zone_risk', 'layer_policy')) = 2;
    IF map = ANY (maps) IS NOT TRUE THEN
        RAISE EXCEPTION 'there is no map "%" in database "%"', map, current_database()
            USING HINT = CASE WHEN maps IS NULL THEN 'It has none yet; georisk.create_map makes one.'
                ELSE format('Its maps: %s. For example: make bulletin MAP=%s', array_to_string(maps, ', '), maps[1]) END;
    END IF;
    IF days !~ '^[0-9]{1,3}$' OR days::integer NOT BETWEEN 2 AND 92 THEN
        RAISE EXCEPTION 'DAYS is "%"', days USING HINT = 'The slider can hold 2 to 92 days; 28 unless said otherwise.';
    END IF;
    EXECUTE format('SELECT array_agg(name ORDER BY layer_id) FROM %I.layer', map) INTO layers;
    IF layer <> '' AND NOT layer = ANY (layers) THEN
        RAISE EXCEPTION 'map "%" has no layer "%"', map, layer USING HINT = format('Its layers: %s.', array_to_string(layers, ', '));
    END IF;
    EXECUTE format('SELECT coalesce(day, (now() AT TIME ZONE timezone)::date) FROM %I.settings', map) INTO today;
    BEGIN
        day := coalesce(nullif(asked, '')::date, today);
    EXCEPTION WHEN data_exception THEN
        day := NULL;
    END;
    IF day IS NULL OR asked <> '' AND asked !~ '^\d{4}-\d\d-\d\d$' THEN
        RAISE EXCEPTION 'DAY is "%", which is no day', asked USING HINT = format('Write it as %s.', today);
    END IF;
    IF day > today THEN
        RAISE EXCEPTION 'nothing is known of % yet: it is % on map "%"', day, today, map
            USING HINT = format('Choose that day or an earlier one: DAY=%s', today);
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.zone_set WHERE activated_at IS NOT NULL)', map) INTO has_zones;
    IF NOT has_zones THEN
        RAISE EXCEPTION 'map "%" has no zones in force', map
            USING HINT = format('Load zones into %I.zone, then: SELECT georisk.activate_zones(%L, valid_from => ...)', map, map);
    END IF;
    EXECUTE format('SELECT least((SELECT min(report_day) FROM %1$I.report), (SELECT min(expected_from) FROM %1$I.source), '
        '(SELECT min(complete_until) FROM %1$I.submission))', map) INTO first_day;
    IF first_day IS NULL OR day < first_day THEN
        RAISE EXCEPTION 'map "%" has no report up to %', map, day
            USING HINT = CASE WHEN first_day IS NULL THEN 'It has no report at all yet; georisk.submit_reports takes them in.'
                ELSE format('The first day with one is %s: choose a day from then to %s.', first_day, today) END;
    END IF;
END
$$;

SELECT CASE WHEN :'layer' = '' OR l.layer_id = (SELECT min(layer_id) FROM :"map".layer) THEN '' ELSE '_' || l.name END AS suffix,
       l.layer_id
FROM :"map".layer l WHERE l.name = :'layer' OR :'layer' = '' ORDER BY l.layer_id LIMIT 1 \gset
\set zone_risk_at zone_risk_at :suffix
\set zone_risk_history zone_risk_history :suffix
\set zone_day zone_day :suffix
SELECT coalesce(nullif(:'day', '')::date, s.day, (now() AT TIME ZONE s.timezone)::date) AS day,
       coalesce(nullif(:'day', '')::date, s.day, (now() AT TIME ZONE s.timezone)::date) - :'days'::integer + 1 AS first_day,
       coalesce(s.day, (now() AT TIME ZONE s.timezone)::date) AS map_day, s.lang,
       CASE s.lang WHEN 'vi' THEN 'en' ELSE 'vi' END AS other_lang,
       has_column_privilege(format('%I.settings', :'map'), 'lang', 'UPDATE') AND NOT pg_is_in_recovery()
           AND current_setting('transaction_read_only') = 'off' AS both_langs
FROM :"map".settings s \gset

SELECT json_build_object('part', 'about', 'map', :'map', 'layer', l.name, 'disease', l.disease, 'layers', (SELECT count(*) FROM :"map".layer),
    'day', :'day', 'map_day', :'map_day', 'lang', s.lang, 'timezone', s.timezone, 'silence_limit', s.silence_limit,
    'computed_at', now() AT TIME ZONE s.timezone, 'georisk', (SELECT extversion FROM pg_extension WHERE extname = 'georisk'),
    'root', (SELECT CASE WHEN count(*) = 1 THEN min(name) END FROM (SELECT DISTINCT z.name FROM :"map".zone z
        JOIN :"map".zone_set t USING (zone_set_id) WHERE t.activated_at IS NOT NULL AND NOT z.is_leaf AND z.parent_code IS NULL) r),
    'recorded', (SELECT json_build_object('known_at', a.known_at AT TIME ZONE s.timezone,
            'differ', (SELECT count(*) FROM :"map".:"zone_risk_at"(:'day') r
                JOIN :"map".:"zone_risk_history" h ON h.assessment_id = a.assessment_id AND h.zone_id = r.zone_id WHERE h.tier <> r.tier))
        FROM :"map".assessment a WHERE a.layer_id = l.layer_id AND a.as_of = :'day' ORDER BY a.assessment_id DESC LIMIT 1))
FROM :"map".layer l CROSS JOIN :"map".settings s WHERE l.layer_id = :layer_id;

-- The days: as recorded where one was assessed, else as known now; the last one always as known now.
WITH day AS (
    SELECT d::date AS day FROM generate_series(:'first_day'::date, :'day'::date, interval '1 day') d
), recorded AS (
    SELECT DISTINCT ON (a.as_of) a.as_of, a.assessment_id, a.known_at, a.policy FROM :"map".assessment a
    WHERE a.layer_id = :layer_id AND a.as_of >= :'first_day' AND a.as_of < :'day' ORDER BY a.as_of, a.assessment_id DESC
)
SELECT json_build_object('part', 'day', 'day', d.day, 'recorded', a.known_at AT TIME ZONE (SELECT timezone FROM :"map".settings),
    'policy', coalesce(a.policy, (SELECT t.policy::text FROM :"map".layer_policy t WHERE t.layer_id = :layer_id
        ORDER BY t.valid_from <= d.day DESC, CASE WHEN t.valid_from <= d.day THEN t.valid_from END DESC, t.valid_from LIMIT 1)),
    'zone_set', r.zone_set, 'zone_id', r.zone_id, 'tier', r.tier, 'cases', r.cases, 'households_affected', r.households_affected,
    'rate_100k', r.rate_100k, 'days_since_last', r.days_since_last, 'complete_until', r.complete_until, 'since', r.since,
    'window_start', r.window_start, 'window_end', r.window_end, 'reason', r.reason)
FROM day d LEFT JOIN recorded a ON a.as_of = d.day
CROSS JOIN LATERAL (
    SELECT min(x.zone_set) AS zone_set, json_agg(x.zone_id) AS zone_id, json_agg(x.tier) AS tier, json_agg(x.cases) AS cases,
           json_agg(x.households_affected) AS households_affected, json_agg(round(x.rate_100k::numeric, 1)) AS rate_100k,
           json_agg(x.days_since_last) AS days_since_last, json_agg(x.complete_until) AS complete_until,
           json_agg(x.since) AS since, min(x.window_start) AS window_start, max(x.window_end) AS window_end, json_agg(x.reason) AS reason
    FROM (SELECT h.zone_set, h.zone_id, h.tier, h.cases, h.households_affected, h.rate_100k, h.days_since_last, h.complete_until,
                 h.since, h.window_start, h.window_end, h.reason
          FROM :"map".:"zone_risk_history" h WHERE h.assessment_id = a.assessment_id
          UNION ALL
          SELECT n.zone_set, n.zone_id, n.tier, n.cases, n.households_affected, n.rate_100k, n.days_since_last, n.complete_until,
                 n.since, n.window_start, n.window_end, n.reason
          FROM :"map".:"zone_risk_at"(d.day) n WHERE a.assessment_id IS NULL) x) r
ORDER BY d.day;

-- The reasons once more in the other language, where the caller may: the setting is changed for as long as it takes to
-- read them, and never committed.
\if :both_langs
SAVEPOINT other_language;
UPDATE :"map".settings SET lang = :'other_lang';
WITH recorded AS (
    SELECT DISTINCT ON (a.as_of) a.as_of, a.known_at FROM :"map".assessment a
    WHERE a.layer_id = :layer_id AND a.as_of >= :'first_day' AND a.as_of < :'day' ORDER BY a.as_of, a.assessment_id DESC
)
SELECT json_build_object('part', 'other', 'lang', :'other_lang', 'day', d::date, 'zone_id', r.zone_id, 'tier', r.tier, 'reason', r.reason)
FROM generate_series(:'first_day'::date, :'day'::date, interval '1 day') d
LEFT JOIN recorded a ON a.as_of = d::date
CROSS JOIN LATERAL (SELECT json_agg(n.zone_id) AS zone_id, json_agg(n.tier) AS tier, json_agg(n.reason) AS reason
                    FROM :"map".:"zone_risk_at"(d::date, a.known_at) n) r;
ROLLBACK TO other_language;
\endif

-- The policies of these days: tiers with their names in both languages, and the rule in sentences.
WITH used AS (
    SELECT a.policy::georisk.risk_policy AS policy FROM :"map".assessment a
    WHERE a.layer_id = :layer_id AND a.as_of BETWEEN :'first_day' AND :'day'
    UNION ALL
    SELECT t.policy FROM :"map".layer_policy t WHERE t.layer_id = :layer_id
)
SELECT json_build_object('part', 'policy', 'text', p.policy::text, 'name', georisk.policy_name(p.policy),
    'vi', georisk.describe_policy(p.policy, 'vi'), 'en', georisk.describe_policy(p.policy, 'en'),
    'tiers', (SELECT json_agg(json_build_object('tier', v.tier, 'rank', v.tier_rank, 'color', v.tier_color, 'vi', v.tier_label, 'en', e.tier_label)
                              ORDER BY v.position)
              FROM georisk.policy_tiers(p.policy, 'vi') v JOIN georisk.policy_tiers(p.policy, 'en') e USING (position)))
FROM (SELECT DISTINCT ON (policy::text) policy FROM used) p;

-- The zones of these days, and those above them, in metres of web maps (plain coordinates where the map has no system).
WITH shown AS (
    SELECT s.zone_set_id, s.name FROM :"map".zone_set s
    WHERE s.activated_at IS NOT NULL AND s.valid_from <= :'day'
      AND coalesce(s.valid_to >= :'first_day', true)
    UNION
    (SELECT s.zone_set_id, s.name FROM :"map".zone_set s WHERE s.activated_at IS NOT NULL ORDER BY s.valid_from LIMIT 1)
)
SELECT json_build_object('part', 'zone', 'id', z.zone_id, 'set', s.name, 'code', z.code, 'name', z.name, 'parent', z.parent_code,
    'level', z.level, 'leaf', z.is_leaf, 'population', z.population, 'households', z.households,
    'planar', ST_SRID(g.geom) = 0,
    'geom', ST_AsGeoJSON(CASE WHEN ST_SRID(g.geom) = 0 THEN g.geom ELSE georisk.in_crs(g.geom, 3857) END, 2, 0)::json)
FROM shown s JOIN :"map".zone z USING (zone_set_id)
LEFT JOIN :"map".zone_union u ON u.zone_id = z.zone_id
CROSS JOIN LATERAL (SELECT coalesce(z.geom, u.geom) AS geom) g
ORDER BY z.zone_id;

-- Epidemic curves: what the policy counts first, by parent, over twice the slider's days and four weeks at least.
SELECT json_build_object('part', 'curve', 'measure', m.name, 'parent', d.parent_code, 'day', json_agg(d.day ORDER BY d.day),
    'n', json_agg(d.n ORDER BY d.day))
FROM (SELECT coalesce((SELECT i.name FROM :"map".layer_policy t, georisk.policy_inputs(t.policy) i
                       WHERE t.layer_id = :layer_id AND i.kind = 'count' ORDER BY t.valid_from <= :'day' DESC, t.valid_from DESC LIMIT 1), 'cases') AS name) m
JOIN (SELECT measure, parent_code, day, sum(n) AS n FROM :"map".:"zone_day"
      WHERE day BETWEEN :'day'::date - greatest(2 * :'days'::integer, 28) + 1 AND :'day'::date
      GROUP BY measure, parent_code, day) d ON d.measure = m.name
GROUP BY m.name, d.parent_code ORDER BY d.parent_code;

-- Green zones next to worse ones: green_zone_watch, for any day.
WITH risk AS MATERIALIZED (
    SELECT zone_id, tier_rank, tier FROM :"map".:"zone_risk_at"(:'day')
)
SELECT json_build_object('part', 'watch', 'zone', w.zone_id, 'worst', w.neighbour_id, 'tier', w.tier, 'rank', w.tier_rank,
    'shared_m', round(w.shared_m::numeric), 'gap_m', round(w.gap_m::numeric, 1))
FROM (SELECT DISTINCT ON (p.zone_id) p.zone_id, p.neighbour_id, n.tier, n.tier_rank, p.shared_m, p.gap_m
      FROM risk g JOIN :"map".zone_neighbour p ON p.zone_id = g.zone_id JOIN risk n ON n.zone_id = p.neighbour_id
      WHERE g.tier_rank = 0 AND n.tier_rank IS NOT NULL
      ORDER BY p.zone_id, n.tier_rank DESC, p.shared_m DESC, p.gap_m, p.neighbour_id) w
ORDER BY w.tier_rank DESC, w.shared_m DESC, w.zone_id;

-- Who reports, until when; known of the map's day alone, so that another day has only complete_until of its zones.
SELECT json_build_object('part', 'source', 'source', source, 'name', name, 'zone_code', zone_code, 'complete_until', complete_until,
    'reported_until', reported_until, 'days_behind', days_behind, 'is_late', is_late, 'last_submitted_at', last_submitted_at,
    'waiting', waiting)
FROM :"map".reporting WHERE source <> '' ORDER BY is_late DESC NULLS LAST, days_behind DESC NULLS LAST, source;
SELECT json_build_object('part', 'reporting', 'code', code, 'reported_until', reported_until, 'days_behind', days_behind,
    'is_late', is_late, 'zones', zones, 'late_zones', late_zones, 'waits_for', waits_for)
FROM :"map".zone_reporting
WHERE zone_level IS DISTINCT FROM (SELECT min(level) FROM :"map".zone WHERE is_leaf) AND :'day' = :'map_day'
ORDER BY days_behind DESC NULLS LAST, code;

-- What came in until now and what became of it, by source; week is that of the last seven days.
SELECT json_build_object('part', 'quality', 'source', q.source, 'received', sum(q.received),
    'placed', sum(q.placed_by_code + q.placed_by_point), 'superseded', sum(q.superseded + q.withdrawn + q.duplicate),
    'unplaced', sum(q.outside + q.no_place + q.unknown_code + q.bad_point + q.not_precise + q.lost_in_boundary_change + q.waiting),
    'rejected', sum(q.rejected), 'point_disagrees', sum(q.point_disagrees),
    'week', sum(q.received) FILTER (WHERE q.day > :'day'::date - 7 AND q.day <= :'day'),
    'outcomes', json_build_object('outside', sum(q.outside), 'no_place', sum(q.no_place), 'unknown_code', sum(q.unknown_code),
        'bad_point', sum(q.bad_point), 'not_precise', sum(q.not_precise), 'lost_in_boundary_change', sum(q.lost_in_boundary_change),
        'waiting', sum(q.waiting), 'rejected', sum(q.rejected)))
FROM :"map".data_quality q
GROUP BY q.source ORDER BY sum(q.received) DESC, q.source;
ROLLBACK;
