-- The map `plain` from District 1 as it was known in the end: the same zones and reports, but nothing comes late or is corrected, so that
-- every evening's tiers agree with one another; and the wards are parts of a district. It begins on :first_day.
SET client_min_messages = warning;
SELECT georisk.create_map('plain', policy => 'vn_hcmc_2716_2021', srid => 4326) \g /dev/null
SELECT georisk.set_day('plain', :'first_day'::date - 40, (:'first_day'::date - 40) + time '20:00') \g /dev/null
CREATE VIEW plain_zone AS
SELECT zone_set_id, code, name, CASE WHEN level = 'ward' THEN 'D1' ELSE parent_code END AS parent_code, level, population, households, geom
FROM district1.zone
UNION ALL SELECT zone_set_id, 'D1', 'District 1', NULL, 'district', NULL, NULL, NULL FROM district1.zone_set;
INSERT INTO plain.zone (code, name, parent_code, level, population, households, geom)
SELECT code, name, parent_code, level, population, households, geom FROM plain_zone WHERE zone_set_id = 1 ORDER BY code;
SELECT georisk.activate_zones('plain', valid_from => '2021-06-01') \g /dev/null
CREATE TABLE plain_august AS
SELECT code, name, parent_code, level, population, households, geom FROM plain_zone WHERE zone_set_id = 2 ORDER BY code;
INSERT INTO plain.report (source, external_id, report_day, n, household, status, setting, origin, zone_code, geom)
SELECT r.source, r.report_id::text, r.report_day, r.n, r.household, r.status, r.setting, r.origin, z.code, NULL
FROM district1.report r
LEFT JOIN district1.placement p ON p.report_id = r.report_id AND p.zone_set_id = 1
JOIN district1.zone z ON z.zone_id = CASE WHEN r.report_day < '2021-08-16' THEN coalesce(p.zone_id, r.zone_id) ELSE r.zone_id END
WHERE r.outcome IN ('placed_by_code', 'placed_by_point');
INSERT INTO plain.zone_value (zone_code, name, day, value, source) SELECT zone_code, name, day, value, source FROM district1.zone_value;
SELECT georisk.publish_tiers('plain', 'as the notice of the committee says') \g /dev/null
SELECT georisk.publish_counts('plain', 'as the notice of the committee says') \g /dev/null
