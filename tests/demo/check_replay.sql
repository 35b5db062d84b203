-- After District 1 has lived through its five months, each evening kept as it was shown.
SELECT pg_temp.need('lists, rows received, duplicates and rejected ones, list by list as in the diary',
                    concat_ws(', ', count(*), sum(s.received), sum(s.duplicate), sum(s.rejected)),
                    count(s.received) = count(d.received) AND count(*) = (SELECT count(*) FROM diary WHERE what = 'list') AND
                    bool_and((s.received, s.duplicate, s.rejected) = (d.received, d.duplicate, d.rejected)))
FROM district1.submission s FULL JOIN (SELECT * FROM diary WHERE what = 'list') d USING (source, file);

ANALYZE shown;
CREATE TEMP TABLE evening AS SELECT assessment_id, as_of, known_at FROM district1.assessment;
CREATE TEMP TABLE again AS
SELECT e.assessment_id, :columns, md5(ST_AsBinary(geom)) AS drawn
FROM evening e CROSS JOIN LATERAL district1.zone_risk_at(e.as_of, e.known_at) r;
SELECT pg_temp.need('evenings and groups of which every column of zone_risk_at, recomputed, is what was shown', concat_ws(', ',
                        (SELECT count(*) FROM evening), (SELECT count(*) FROM shown),
                        (SELECT count(*) FROM (TABLE again EXCEPT ALL TABLE shown) x) || ' differ'),
                    (SELECT count(DISTINCT as_of) = 153 FROM evening) AND (SELECT count(*) = 153 * 874 FROM shown) AND
                    (SELECT count(*) = 153 * 874 FROM again) AND NOT EXISTS (TABLE again EXCEPT ALL TABLE shown));
SELECT pg_temp.need('and what was recorded', count(*) || ' differ', count(*) = 0)
FROM shown s FULL JOIN district1.assessment_tier t USING (assessment_id, code)
WHERE (s.zone_id, s.tier_rank, s.tier, s.tier_label, s.tier_color, s.reason, s.cases, s.households_affected, s.population, s.households,
       s.rate_100k, s.days_since_last, s.window_start, s.window_end, s.complete_until, s.since, s.previous_tier)
   IS DISTINCT FROM
      (t.zone_id, t.tier_rank, t.tier, t.tier_label, t.tier_color, t.reason, t.cases, t.households_affected, t.population, t.households,
       t.rate_100k, t.days_since_last, t.window_start, t.window_end, t.complete_until, t.since, t.previous_tier);

-- Fridays: each was announced, and from its reports at its known_at follows what was announced; each evening what was in force then,
-- overrides included, is what is said of it now.
SELECT pg_temp.need('Fridays announced, their groups, and those whose tier recomputed at known_at is not the one announced',
                    concat_ws(', ', count(DISTINCT d.decision_id), count(*), count(*) FILTER (WHERE NOT ok)),
                    count(DISTINCT d.decision_id) = 22 AND count(*) = 22 * 874 AND bool_and(ok))
FROM district1.decision d JOIN evening e USING (assessment_id)
JOIN district1.assessment_tier t USING (assessment_id)
LEFT JOIN again a ON a.assessment_id = t.assessment_id AND a.code = t.code
LEFT JOIN district1.announced_tier n ON n.decision_id = d.decision_id AND n.code = t.code AND n.from_day = e.as_of + 1
CROSS JOIN LATERAL (SELECT (a.tier, a.tier_rank, a.tier_color) IS NOT DISTINCT FROM (t.tier, t.tier_rank, t.tier_color)
                           AND (n.tier = t.tier OR n.override_reason IS NOT NULL) AND extract(isodow FROM e.as_of) = 5 AS ok) x
WHERE d.kind = 'announcement';
SELECT pg_temp.need('evenings on which anything was in force, those of groups with an override, and groups of which something else is said of '
                    'their evening now', concat_ws(', ', count(DISTINCT s.assessment_id) FILTER (WHERE s.in_force IS NOT NULL),
                        count(s.override_reason), count(*) FILTER (WHERE differs)),
                    count(DISTINCT s.assessment_id) FILTER (WHERE s.in_force IS NOT NULL) = 149 AND count(s.override_reason) > 20 AND
                    count(*) FILTER (WHERE differs) = 0)
FROM shown s JOIN evening e USING (assessment_id)
FULL JOIN (SELECT e.assessment_id, f.* FROM evening e CROSS JOIN LATERAL district1.in_force_at(e.as_of) f) f
    ON f.assessment_id = s.assessment_id AND f.zone_id = s.zone_id
CROSS JOIN LATERAL (SELECT (s.in_force_rank, s.in_force, s.in_force_color, s.in_force_since, s.override_reason, s.override_until)
    IS DISTINCT FROM (f.in_force_rank, f.in_force, f.in_force_color, f.in_force_since, f.override_reason, f.override_until) AS differs) x;

-- The public sees every group in the tier that was announced, on each day since it was decided; counts of weeks that no tier looks at any more.
SELECT pg_temp.need('days on which tiers were shown, groups on them, and share shown in the tier announced',
                    concat_ws(', ', count(DISTINCT p.day), count(*), round(100 * avg((p.tier = coalesce(f.in_force, 'unknown'))::integer), 1) || ' %'),
                    count(DISTINCT p.day) > 100 AND count(*) = 874 * count(DISTINCT p.day) AND avg((p.tier = coalesce(f.in_force, 'unknown'))::integer) >= 0.95)
FROM (SELECT DISTINCT day FROM district1.tier_history_public) d
CROSS JOIN LATERAL district1.in_force_at(d.day) f
LEFT JOIN district1.tier_history_public p ON p.day = d.day AND p.zone_id = f.zone_id;
SELECT pg_temp.need('weeks whose counts were published, classes of groups and of wards, and those narrower than 8 or without the count',
                    concat_ws(', ', count(DISTINCT counted_from), count(*) FILTER (WHERE zone_level = 'group'), count(*) FILTER (WHERE zone_level = 'ward'),
                        count(*) FILTER (WHERE cases_at_most - cases_at_least < 7)),
                    count(DISTINCT counted_from) > 10 AND count(*) FILTER (WHERE zone_level = 'group') > 1000 AND
                    count(*) FILTER (WHERE cases_at_most - cases_at_least < 7) = 0 AND (SELECT count(*) = 0 FROM georisk.verify('district1', '{assessments}')))
FROM district1.zone_count_public;

-- 16 August as the old zones have it and as the new ones have it, from the same reports, those known when the zones changed.
CREATE TEMP TABLE change AS
SELECT activated_at, activated_at - interval '1 microsecond' AS before_it FROM district1.zone_set WHERE valid_from = '2021-08-16';
SELECT pg_temp.need('groups redrawn, groups that stayed, and those of them that the change shows otherwise', concat_ws(', ',
                        count(*) FILTER (WHERE NOT stayed), count(*) FILTER (WHERE stayed), count(*) FILTER (WHERE stayed AND differs)),
                    count(DISTINCT o_set) = 1 AND count(DISTINCT n_set) = 1 AND min(o_set) <> min(n_set) AND
                    count(*) FILTER (WHERE NOT stayed) = 4 AND count(*) FILTER (WHERE stayed) = 871 AND
                    count(*) FILTER (WHERE stayed AND differs) = 0)
FROM (
    SELECT o.zone_set AS o_set, n.zone_set AS n_set, coalesce(ST_Equals(o.geom, n.geom), false) AS stayed,
           (o.tier, o.reason, o.cases, o.households_affected, o.days_since_last, o.complete_until, o.since, o.previous_tier) IS DISTINCT FROM
           (n.tier, n.reason, n.cases, n.households_affected, n.days_since_last, n.complete_until, n.since, n.previous_tier) AS differs
    FROM (SELECT r.* FROM change, district1.zone_risk_at('2021-08-16', before_it) r) o
    FULL JOIN (SELECT r.* FROM change, district1.zone_risk_at('2021-08-16', activated_at) r) n USING (code)
) x;

-- Green says no case in 14 days. Whatever was known on the evening of that day and may have happened in a green group, by its
-- point, or, without one, by the group that it was reported from, would make it green only because of the change.
CREATE TEMP TABLE green_then AS
SELECT s.zone_id, s.code, z.geom, (SELECT o.tier FROM shown o JOIN evening e USING (assessment_id) WHERE o.code = s.code AND e.as_of = '2021-08-15') AS was
FROM shown s JOIN evening e USING (assessment_id) JOIN district1.zone z USING (zone_id)
WHERE e.as_of = '2021-08-16' AND s.tier = 'green';
CREATE TEMP TABLE known_then AS
SELECT r.report_id, r.zone_id, p.zone_id AS old_zone_id, r.report_day,
       CASE WHEN r.geocode_quality NOT IN ('ward', 'area', 'unmatched') THEN r.geom END AS geom
FROM district1.report r JOIN evening e ON e.as_of = '2021-08-16' AND r.recorded_at <= e.known_at
LEFT JOIN district1.placement p ON p.report_id = r.report_id AND p.outcome LIKE 'placed%'
WHERE NOT r.withdrawn AND coalesce(r.status, 'confirmed') = 'confirmed' AND coalesce(r.setting, 'residence') = 'residence'
  AND r.report_day BETWEEN '2021-08-02' AND '2021-08-16' AND r.n > 0
  AND NOT EXISTS (SELECT FROM district1.report h WHERE h.source = r.source AND h.external_id = r.external_id
                    AND h.revision > r.revision AND h.recorded_at <= e.known_at);
SELECT pg_temp.need('groups green on the first day of the new zones, those that were not on the day before, on redrawn ground, and with reports of '
                    'the last 14 days that may lie in them', concat_ws(', ',
                        (SELECT count(*) FROM green_then), (SELECT count(*) FROM green_then WHERE was IS DISTINCT FROM 'green'),
                        (SELECT string_agg(code || ' was ' || was, ' and ') FROM green_then WHERE code IN ('26749-005', '26749-033')), count(*)),
                    (SELECT count(*) > 300 FROM green_then) AND count(*) = 0)
FROM green_then g JOIN known_then k ON k.zone_id = g.zone_id
    OR k.zone_id IS NULL AND ST_Covers(g.geom, k.geom)
    OR k.geom IS NULL AND k.report_day < '2021-08-16'
       AND k.old_zone_id IN (SELECT c.old_zone_id FROM district1.crosswalk c WHERE c.new_zone_id = g.zone_id);

-- A tier that is known while a ward is silent is never milder than any that its group had since the ward was last heard of.
CREATE TEMP TABLE silence (ward text, first_day date, last_day date);
INSERT INTO silence VALUES ('26761', '2021-07-20', '2021-07-27'), ('26752', '2021-09-02', '2021-09-08');
CREATE TEMP TABLE silent_day AS
SELECT i.ward, s.code, e.as_of, s.tier, s.tier_rank, s.complete_until,
       max(s.tier_rank) OVER (PARTITION BY s.code, i.ward ORDER BY e.as_of ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS worst_before
FROM silence i
JOIN evening e ON e.as_of BETWEEN i.first_day - 1 AND i.last_day
JOIN shown s ON s.assessment_id = e.assessment_id AND s.parent_code = i.ward;
SELECT pg_temp.need('evenings of groups in two silent wards, milder ones, unknown ones', concat_ws(', ', count(*),
                        count(*) FILTER (WHERE tier_rank < worst_before), count(*) FILTER (WHERE tier = 'unknown')),
                    count(DISTINCT ward) = 2 AND count(*) FILTER (WHERE tier_rank < worst_before) = 0 AND
                    count(*) FILTER (WHERE tier = 'unknown') > 0)
FROM silent_day;

SELECT pg_temp.need('what verify finds', count(*) || coalesce(': ' || min(what || ' ' || key), ''), count(*) = 0)
FROM georisk.verify('district1');
