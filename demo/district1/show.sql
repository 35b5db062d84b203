-- The map `district1` on the evening of :as_of, as the district's committee would read it.
\pset footer off
\pset null ''
\pset title 'Resident groups by tier, against a week before'
SELECT s.tier_label AS tier, coalesce(b.zones, 0) AS "a week before", s.zones AS now, s.zones - coalesce(b.zones, 0) AS change,
       s.cases, s.population
FROM district1.tier_summary s
LEFT JOIN (SELECT tier, count(*) AS zones FROM district1.zone_risk_history WHERE as_of = date :'as_of' - 7 GROUP BY tier) b
    USING (tier)
ORDER BY s.tier_number DESC;

\pset title 'What changed since yesterday'
SELECT coalesce(c.from_tier, 'new') AS from_tier, coalesce(c.tier, 'gone') AS to_tier, count(*) AS groups
FROM district1.tier_change c
WHERE c.as_of = :'as_of'
GROUP BY c.from_tier, c.from_rank, c.tier, c.tier_rank
ORDER BY c.tier_rank DESC NULLS FIRST, c.from_rank;

\pset title 'and why: the groups that became red, worst first'
SELECT c.code, c.from_tier, t.households_affected AS households, t.cases, c.reason
FROM district1.tier_change c JOIN district1.assessment_tier t USING (assessment_id, code)
WHERE c.as_of = :'as_of' AND c.tier = 'red'
ORDER BY t.households_affected DESC, t.cases DESC, c.code;

\pset title 'What was announced last, from when, and the groups of which another tier is computed by now'
SELECT d.title, d.valid_from AS from_day, r.in_force, r.tier AS computed, count(*) AS groups, count(r.override_reason) AS overruled
FROM district1.zone_risk r, (SELECT title, valid_from FROM district1.decision WHERE kind = 'announcement' AND valid_from <= :'as_of'
                             ORDER BY decision_id DESC LIMIT 1) d
WHERE r.in_force IS DISTINCT FROM r.tier
GROUP BY 1, 2, r.in_force, r.in_force_rank, r.tier, r.tier_rank
ORDER BY r.in_force_rank DESC, r.tier_rank DESC;

\pset title 'and what the committee overruled'
SELECT code, in_force, in_force_since AS since, tier AS computed, override_until AS until, override_reason AS reason
FROM district1.zone_risk WHERE override_reason IS NOT NULL
ORDER BY code;

\pset title 'What the public sees: groups by announced tier, and how many have a class of cases of the last week that is published'
SELECT tier_label AS tier, count(*) AS groups, count(cases_at_least) AS with_class, min(counted_from) AS counted_from, min(counted_until) AS counted_until
FROM district1.zone_risk_public GROUP BY tier_rank, tier_label ORDER BY tier_rank DESC NULLS LAST;

\pset title 'Green groups next to a red one, the longest border first: the ten most threatened'
SELECT code, days_green, worst_code AS red_neighbour, round(shared_m) AS shared_m, population
FROM district1.green_zone_watch
WHERE worst_tier = 'red'
ORDER BY shared_m DESC, code LIMIT 10;

\pset title 'Which wards are late, and for whom they wait'
SELECT code, name, reported_until, days_behind, is_late, array_to_string(waits_for, ', ') AS waits_for
FROM district1.zone_reporting
WHERE zone_level = 'ward' AND days_behind > 0
ORDER BY days_behind DESC, code;

\pset title 'What the week''s lists were worth'
SELECT coalesce(s.name, q.source) AS source, sum(q.received) AS received, sum(q.placed_by_code) AS by_code,
       sum(q.placed_by_point) AS by_point, sum(q.outside) AS outside,
       sum(q.no_place + q.unknown_code + q.bad_point + q.not_precise + q.waiting + q.lost_in_boundary_change) AS no_zone,
       sum(q.superseded + q.withdrawn) AS replaced, sum(q.duplicate) AS duplicate, sum(q.rejected) AS rejected
FROM district1.data_quality q LEFT JOIN district1.source s USING (source)
WHERE q.day BETWEEN date :'as_of' - 6 AND :'as_of'
GROUP BY q.source, s.name
ORDER BY q.source COLLATE "C";
