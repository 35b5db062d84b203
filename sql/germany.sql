-- Real input: 636 German cases counted in 413 districts give what the data's publishers counted.
SET client_min_messages = warning;
\set ECHO none
\i demo/germany_imd/load.sql
\set ECHO all
CREATE TEMP TABLE expected (code text, population integer, cases bigint, cases_b bigint, cases_c bigint);
\copy expected FROM 'demo/germany_imd/expected_counts.csv' CSV HEADER

CREATE TEMP TABLE counted AS
WITH index AS (
    SELECT georisk.zone_index_agg(zone_id, geom) AS zones FROM germany.zone
), tallied AS (
    SELECT finetype, georisk.tally_agg(zones, geom, day) AS tally
    FROM germany.report, index
    GROUP BY finetype
)
SELECT finetype, t.zone_id, georisk.total_count(t.curve) AS cases
FROM tallied, georisk.tally_zones(tally) t;

SELECT finetype, count(*) AS districts, sum(cases) AS cases FROM counted GROUP BY finetype ORDER BY finetype;

-- Every district with its expected count; none differs.
SELECT count(*) AS districts, sum(e.cases) AS cases,
       count(*) FILTER (WHERE e.cases IS DISTINCT FROM c.cases) AS differ,
       count(*) FILTER (WHERE e.cases_b IS DISTINCT FROM c.cases_b) AS differ_b,
       count(*) FILTER (WHERE e.cases_c IS DISTINCT FROM c.cases_c) AS differ_c
FROM expected e
FULL JOIN (
    SELECT code, sum(cases) AS cases, sum(cases) FILTER (WHERE finetype = 'B') AS cases_b,
           sum(cases) FILTER (WHERE finetype = 'C') AS cases_c
    FROM counted JOIN germany.zone USING (zone_id)
    GROUP BY code
) c USING (code);

-- The cases of one year, judged: what was not reported is green, and the sums stay.
SELECT tier, count(*) AS districts, sum(cases) AS cases
FROM georisk.classify('germany.zone', 'germany.report', georisk.policy('alert_counts', '{"days": 365}'), '2008-12-31')
GROUP BY tier_rank, tier
ORDER BY tier_rank;

SELECT v.tier, count(*) AS districts
FROM georisk.classify('germany.zone', 'germany.report', georisk.policy('alert_counts', '{"days": 365}'), '2008-12-31') v
JOIN germany.zone z USING (zone_id)
WHERE tier IS DISTINCT FROM (
    SELECT CASE WHEN count(*) >= 3 THEN 'red' WHEN count(*) = 2 THEN 'orange' WHEN count(*) = 1 THEN 'yellow' ELSE 'green' END
    FROM germany.report r
    WHERE ST_Covers(z.geom, r.geom) AND r.day BETWEEN '2008-01-02' AND '2008-12-31')
GROUP BY 1;

DROP SCHEMA germany CASCADE;
