-- German districts by the cases of 365 days, as of 2008-12-31.
\pset footer off
CREATE TABLE germany.verdict AS
SELECT * FROM georisk.classify('germany.zone', 'germany.report', georisk.policy('alert_counts', '{"days": 365}'), '2008-12-31');
\pset title 'German districts by cases in 365 days, as of 2008-12-31'
SELECT tier, count(*) AS districts, sum(cases) AS cases FROM germany.verdict GROUP BY tier_rank, tier ORDER BY tier_rank;
\pset title 'The red districts'
SELECT z.code, z.name, v.cases, v.reason
FROM germany.verdict v JOIN germany.zone z USING (zone_id)
WHERE v.tier = 'red' ORDER BY v.cases DESC, z.code;
