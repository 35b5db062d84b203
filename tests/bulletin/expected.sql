-- What the bulletin has to show, asked of the views anew.
CREATE TEMP TABLE expected_day AS
SELECT d.day, d.code, d.tier, d.tier_color
FROM (SELECT date '2021-09-06' AS day, code, tier, tier_color FROM district1.zone_risk
      UNION ALL
      SELECT a.window_end, a.code, a.tier, a.tier_color
      FROM (VALUES (date '2021-08-10'), ('2021-09-01'), ('2021-09-03')) d (day), district1.zone_risk_at(d.day) a
      UNION ALL
      SELECT h.as_of, h.code, h.tier, h.tier_color FROM district1.zone_risk_history h
      WHERE h.as_of IN ('2021-08-20', '2021-09-05')) d;
SELECT json_build_object(
    'days', (SELECT json_object_agg(day, zones) FROM (SELECT day, json_object_agg(code, json_build_array(tier, tier_color)) AS zones
             FROM expected_day GROUP BY day) d),
    'reasons', (SELECT json_object_agg(code, json_build_array(name, reason, cases, households_affected)) FROM district1.zone_risk),
    'summary', (SELECT json_object_agg(tier, zones) FROM district1.tier_summary),
    'wards', (SELECT json_object_agg(name, json_build_array(zones, green, near_green, yellow, orange, red, cases, households_affected, population))
              FROM district1.parent_risk),
    'worse', (SELECT count(*) FROM district1.zone_risk r JOIN district1.zone_risk_history h ON h.zone_id = r.zone_id
              WHERE h.as_of = '2021-09-05' AND r.tier_rank > h.tier_rank),
    'better', (SELECT count(*) FROM district1.zone_risk r JOIN district1.zone_risk_history h ON h.zone_id = r.zone_id
               WHERE h.as_of = '2021-09-05' AND r.tier_rank < h.tier_rank),
    'threatened', (SELECT count(*) FROM district1.green_zone_watch WHERE worst_rank >= 3),
    'received', (SELECT sum(received) FROM district1.data_quality),
    'late', (SELECT json_object_agg(name, to_char(reported_until, 'DD/MM/YYYY')) FROM district1.zone_reporting
             WHERE zone_level = 'ward' AND days_behind > 0),
    'total', (SELECT sum(n) FROM district1.zone_day WHERE measure = 'cases' AND day BETWEEN '2021-07-13' AND '2021-09-06'));
