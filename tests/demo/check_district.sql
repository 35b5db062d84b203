\i :here/tests/demo/need.sql

CREATE TEMP TABLE census (code text, km2 numeric, population integer, households integer);
INSERT INTO census VALUES
    ('26734', 0.634, 23258, 6184), ('26737', 0.995, 14970, 4140), ('26740', 2.478, 10633, 2764), ('26743', 0.927, 11714, 3094),
    ('26746', 0.492, 9716, 2847), ('26749', 0.498, 15183, 4332), ('26752', 0.227, 10737, 2358), ('26755', 0.356, 11517, 3117),
    ('26758', 0.764, 21191, 5358), ('26761', 0.344, 13706, 3993);
CREATE TEMP VIEW ward AS SELECT * FROM district1.zone WHERE level = 'ward' AND zone_set_id = 1;
CREATE TEMP VIEW grp AS SELECT * FROM district1.zone WHERE level = 'group' AND zone_set_id = 1;

SELECT pg_temp.need('wards and groups', w || ' and ' || g || ', 63 in Bến Nghé: ' || b, (w, g, b) = (10, 874, 63))
FROM (SELECT (SELECT count(*) FROM ward) AS w, count(*) AS g, count(*) FILTER (WHERE parent_code = '26740') AS b FROM grp) x;

SELECT pg_temp.need('wards with their census figures and area within 1 %', count(*)::text, count(*) = 10)
FROM ward w JOIN census c USING (code, population, households)
WHERE abs(ST_Area(w.geom::geography) / 1e6 - km2) <= km2 / 100;

SELECT pg_temp.need('wards that are the sum of their groups, in people, households and ground', count(*)::text, count(*) = 10)
FROM (SELECT parent_code AS code, sum(population) AS population, sum(households) AS households, ST_Union(geom) AS geom
      FROM grp GROUP BY 1) g
JOIN ward w USING (code, population, households)
WHERE ST_Equals(w.geom, g.geom);

SELECT pg_temp.need('invalid polygons', count(*)::text, count(*) = 0) FROM district1.zone WHERE NOT ST_IsValid(geom);

SELECT pg_temp.need('overlapping pairs of groups', count(*)::text, count(*) = 0)
FROM grp a JOIN grp b ON a.zone_id < b.zone_id AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, 'T********');

-- Seamless: every side of a group but those round the district stands in exactly one neighbour too, vertex by vertex.
SELECT pg_temp.need('sides that only one group has, against sides round the district', inner_count || ' = ' || outer_count,
                    inner_count = outer_count)
FROM (
    SELECT count(*) AS inner_count FROM (
        SELECT 1
        FROM grp, ST_DumpPoints(grp.geom) p, LATERAL (SELECT ST_PointN(ST_ExteriorRing(ST_GeometryN(grp.geom, 1)), p.path[3] + 1) AS next) n
        WHERE next IS NOT NULL
        GROUP BY least(p.geom, next), greatest(p.geom, next) HAVING count(*) = 1
    ) x
) i, (SELECT ST_NPoints(ST_Union(geom)) - 1 AS outer_count FROM grp) o;

SELECT pg_temp.need('box', ST_Extent(geom)::text,
                    abs(ST_XMin(ST_Extent(geom)) - 106.6817) < 0.0002 AND abs(ST_XMax(ST_Extent(geom)) - 106.7144) < 0.0002 AND
                    abs(ST_YMin(ST_Extent(geom)) - 10.7536) < 0.0002 AND abs(ST_YMax(ST_Extent(geom)) - 10.7970) < 0.0002)
FROM grp;

SELECT pg_temp.need('rows received, all in one outcome each, duplicates and rejected ones as in the diary',
                    concat_ws(', ', s.received, s.duplicate, s.rejected),
                    s.received BETWEEN 14000 AND 16000 AND
                    (s.received, s.duplicate, s.rejected) = (d.received, d.duplicate, d.rejected) AND
                    s.received = s.duplicate + s.rejected + (SELECT count(outcome) FROM district1.report))
FROM (SELECT sum(received) AS received, sum(duplicate) AS duplicate, sum(rejected) AS rejected FROM district1.submission) s,
     (SELECT sum(received) AS received, sum(duplicate) AS duplicate, sum(rejected) AS rejected FROM diary) d;

SELECT pg_temp.need('reports with code and point that agree', round(100.0 * avg((NOT point_disagrees)::integer), 1) || ' %',
                    avg((NOT point_disagrees)::integer) > 0.95)
FROM district1.report WHERE outcome = 'placed_by_code' AND geom IS NOT NULL;

SELECT pg_temp.need('shares of green and near-green / yellow / orange / red on 6 September',
                    concat_ws(' / ', round(green, 1), round(yellow, 1), round(orange, 1), round(red, 1)),
                    greatest(abs(green - 56), abs(yellow - 24), abs(orange - 8), abs(red - 12)) <= 10)
FROM (SELECT 100.0 * avg((tier IN ('green', 'near_green'))::integer) AS green, 100.0 * avg((tier = 'yellow')::integer) AS yellow,
             100.0 * avg((tier = 'orange')::integer) AS orange, 100.0 * avg((tier = 'red')::integer) AS red
      FROM district1.zone_risk_at('2021-09-06')) x;

-- The same shares by the plainest SQL that says the rule.
SELECT pg_temp.need('groups whose tier differs from the rule in plain SQL', count(*)::text, count(*) = 0)
FROM district1.zone_risk_at('2021-09-06') r
LEFT JOIN LATERAL (
    SELECT count(DISTINCT household) + coalesce(sum(n) FILTER (WHERE household IS NULL), 0) AS households
    FROM district1.report
    WHERE zone_id = r.zone_id AND outcome LIKE 'placed%' AND coalesce(status, 'confirmed') = 'confirmed'
      AND coalesce(setting, 'residence') = 'residence' AND report_day BETWEEN '2021-08-31' AND '2021-09-06'
) w ON true
LEFT JOIN LATERAL (
    SELECT max(report_day) AS last
    FROM district1.report
    WHERE zone_id = r.zone_id AND outcome LIKE 'placed%' AND coalesce(status, 'confirmed') = 'confirmed'
      AND coalesce(setting, 'residence') = 'residence' AND report_day <= '2021-09-06'
) l ON true
LEFT JOIN LATERAL (
    SELECT value FROM district1.zone_value
    WHERE zone_code = r.code AND day BETWEEN '2021-08-23' AND '2021-09-06'
    ORDER BY day DESC, recorded_at DESC, zone_value_id DESC LIMIT 1
) v ON true
WHERE r.tier IS DISTINCT FROM CASE
    WHEN w.households >= 3 THEN 'red'
    WHEN w.households = 2 OR (w.households = 1 AND value IS DISTINCT FROM 'no') THEN 'orange'
    WHEN w.households = 1 THEN 'yellow'
    WHEN '2021-09-06' - last <= 14 THEN 'near_green'
    ELSE 'green'
END;

SELECT pg_temp.need('groups not green on 5 June, at the peak and on 31 October', string_agg(n::text, ', ' ORDER BY day),
                    (array_agg(n ORDER BY day))[1] < 20 AND (array_agg(n ORDER BY day))[2] > 350 AND
                    (array_agg(n ORDER BY day))[3] < 100)
FROM (
    SELECT day, count(DISTINCT zone_id) AS n
    FROM unnest(ARRAY['2021-06-05', '2021-08-28', '2021-10-31']::date[]) AS day
    LEFT JOIN district1.report ON outcome LIKE 'placed%' AND report_day BETWEEN day - 6 AND day
    GROUP BY day
) x;
