-- The day's tiers of the map `district1`.
\pset footer off
SELECT count(*) AS red FROM district1.zone_risk WHERE tier = 'red' \gset
\set title 'The ' :red ' red groups, worst first, and why'
\pset title :title
SELECT code, name, households_affected AS households, cases, reason
FROM district1.zone_risk
WHERE tier = 'red'
ORDER BY households_affected DESC, cases DESC, code;

\pset title 'Resident groups by ward and tier'
SELECT coalesce(w.name, 'Quận 1') AS ward,
       count(*) FILTER (WHERE r.tier = 'green') AS green,
       count(*) FILTER (WHERE r.tier = 'near_green') AS near_green,
       count(*) FILTER (WHERE r.tier = 'yellow') AS yellow,
       count(*) FILTER (WHERE r.tier = 'orange') AS orange,
       count(*) FILTER (WHERE r.tier = 'red') AS red,
       count(*) FILTER (WHERE r.tier = 'unknown') AS unknown,
       count(*) AS groups,
       sum(r.cases) AS cases
FROM district1.zone_risk r JOIN district1.zone w ON w.code = r.parent_code
GROUP BY ROLLUP (w.name)
ORDER BY grouping(w.name), w.name COLLATE "C";

\pset title 'Share of the groups, in percent'
SELECT round(100.0 * count(*) FILTER (WHERE tier IN ('green', 'near_green')) / count(*), 1) AS "green and near-green",
       round(100.0 * count(*) FILTER (WHERE tier = 'yellow') / count(*), 1) AS yellow,
       round(100.0 * count(*) FILTER (WHERE tier = 'orange') / count(*), 1) AS orange,
       round(100.0 * count(*) FILTER (WHERE tier = 'red') / count(*), 1) AS red
FROM district1.zone_risk;
