-- Which zones of `plain` have the same ground in both zone sets, and which are several old ones together.
SELECT 'same' AS what, o.zone_set AS old_set, o.code AS old_code, n.zone_set AS new_set, n.code AS new_code, n.first_day AS day
FROM plain.crosswalk c
JOIN (SELECT z.zone_id, z.code, s.name AS zone_set FROM plain.zone z JOIN plain.zone_set s USING (zone_set_id)) o ON o.zone_id = c.old_zone_id
JOIN (SELECT z.zone_id, z.code, s.name AS zone_set, s.valid_from AS first_day FROM plain.zone z JOIN plain.zone_set s USING (zone_set_id)) n
	ON n.zone_id = c.new_zone_id
WHERE c.share_of_old > 0.999 AND c.share_of_new > 0.999
UNION ALL
SELECT 'merged', min(o.zone_set), string_agg(o.code, ' ' ORDER BY o.code), n.zone_set, n.code, n.first_day
FROM plain.crosswalk c
JOIN (SELECT z.zone_id, z.code, s.name AS zone_set FROM plain.zone z JOIN plain.zone_set s USING (zone_set_id)) o ON o.zone_id = c.old_zone_id
JOIN (SELECT z.zone_id, z.code, s.name AS zone_set, s.valid_from AS first_day FROM plain.zone z JOIN plain.zone_set s USING (zone_set_id)) n
	ON n.zone_id = c.new_zone_id
WHERE c.share_of_old > 0.999 AND c.share_of_new < 0.999
GROUP BY n.zone_set, n.code, n.first_day
