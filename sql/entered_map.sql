-- A map whose policy enters and leaves tiers, counts working days, lags and comes into force later: as classify finds it, on any day.
SET client_min_messages = warning;
SET datestyle = ISO;
\set ECHO none
\o /dev/null
\i tests/map/past_map.sql
\o
\set ECHO all
SET search_path = past_map, georisk, public;
CREATE TEMP TABLE found AS
SELECT c.* FROM layer_policy p, classify('past_map.zone', 'past_map.report', p.policy, '2021-07-20', '2021-09-06', start => '2021-06-01',
                                         day_column => 'report_day', zone_values => 'past_map.zone_value') c;
SELECT tier, count(*) > 10 AS often FROM found GROUP BY tier ORDER BY tier;
SELECT count(*) AS tiers, count(*) FILTER (WHERE z.tier = f.tier AND z.reason = f.reason AND z.cases = f.cases AND z.window_end = f.window_end) AS same
  FROM generate_series(date '2021-07-20', '2021-09-06', '1 day') d, LATERAL past_map.zone_risk_at(d::date) z JOIN found f ON f.code = z.code
 WHERE f.as_of = d;
SELECT count(*) AS zones, count(*) FILTER (WHERE z.tier = f.tier) AS same FROM zone_risk z JOIN found f USING (code) WHERE f.as_of = '2021-09-06';
-- The holidays matter: without them tiers are left on other days.
SELECT count(*) FILTER (WHERE c.tier <> f.tier) > 0 AS holidays_matter
  FROM found f JOIN classify('past_map.zone', 'past_map.report', (SELECT replace(policy::text, ' EXCEPT CALENDAR holidays', '')::risk_policy FROM layer_policy),
       '2021-07-20', '2021-09-06', start => '2021-06-01', day_column => 'report_day', zone_values => 'past_map.zone_value') c USING (code, as_of);
SELECT * FROM verify('past_map');
DROP SCHEMA past_map CASCADE;
