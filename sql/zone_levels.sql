-- Zones on any number of levels: parents with a polygon of their own or none, in any order, branches of unequal depth.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT georisk.create_map('regress_levels', srid => 32648, lang => 'en');
SET search_path = regress_levels, public;
SELECT georisk.set_day('regress_levels', '2021-09-06');
-- 16 × 16 plots: level k has 4^k zones, down to the plots at k = 4; above the country a continent and the world. Every other
-- parent has a polygon. In the east of the country districts stay whole, and in the north-east a province does.
CREATE TABLE tree AS
SELECT k, format('%s/%s/%s', k, x, y) AS code, format('%s/%s/%s', k - 1, x / 2, y / 2) AS parent_code, (x + y + k) % 2 = 0 AS drawn,
	   ST_Multi(ST_MakeEnvelope(s * x, s * y, s * x + s, s * y + s, 32648)) AS geom
FROM generate_series(0, 4) k, LATERAL (SELECT 1600.0 / 2 ^ k AS s) side, LATERAL generate_series(0, (2 ^ k)::integer - 1) x, LATERAL generate_series(0, (2 ^ k)::integer - 1) y
WHERE NOT (k > 2 AND x / (2 ^ (k - 2)) >= 2) AND NOT (k > 1 AND x / (2 ^ (k - 1)) >= 1 AND y / (2 ^ (k - 1)) >= 1);
INSERT INTO zone (code, parent_code, level, population, geom)
SELECT code, CASE k WHEN 0 THEN ' continent ' ELSE parent_code END, 'level ' || k, CASE WHEN leaf THEN 100 END, CASE WHEN leaf OR drawn THEN geom END
FROM (SELECT *, NOT EXISTS (SELECT FROM tree c WHERE c.parent_code = t.code) AS leaf FROM tree t) t
UNION ALL SELECT 'continent', 'world', 'continent', NULL, NULL UNION ALL SELECT 'world', NULL, 'world', NULL, NULL ORDER BY 2 DESC, 1;
SELECT level, count(*), count(geom) AS drawn FROM zone GROUP BY 1 ORDER BY 1;
SELECT severity, problem, count(*) FROM georisk.check_zones('zone_draft') GROUP BY 1, 2;
SELECT georisk.activate_zones('regress_levels', '2021-06-01') > 0 AS activated;
SELECT level, count(*), count(*) FILTER (WHERE is_leaf) AS leaves FROM zone GROUP BY 1 ORDER BY 1;
-- a report in each leaf, by point; every parent has what is below it
INSERT INTO report (external_id, report_day, geom) SELECT zone_id, '2021-09-05', ST_Centroid(geom) FROM zone WHERE is_leaf;
SELECT outcome, count(*) FROM report GROUP BY 1;
WITH RECURSIVE below AS (
	SELECT zone_id AS top, zone_id, code FROM zone
	UNION ALL SELECT b.top, z.zone_id, z.code FROM below b JOIN zone z ON trim(z.parent_code) = b.code
), summed AS (
	SELECT b.top, count(*) AS leaves, sum(z.population) AS population, ST_Union(z.geom) AS geom FROM below b JOIN zone z ON z.zone_id = b.zone_id AND z.is_leaf GROUP BY 1
)
SELECT p.zone_level, count(*) AS parents, bool_and((p.cases, p.population, p.zones) = (s.leaves, s.population, s.leaves)) AS sums,
	bool_and(ST_Equals(p.geom, s.geom)) AS ground, bool_and((SELECT count(*) FROM zone_ancestor a WHERE a.ancestor_id = p.zone_id) = s.leaves) AS ancestors,
	bool_and((SELECT count(*) = 4 AND bool_and(ST_IsValid(h.geom)) FROM zone_shape h WHERE h.zone_id = p.zone_id)) AS shapes
FROM parent_risk p LEFT JOIN summed s ON s.top = p.zone_id GROUP BY 1 ORDER BY 1;
-- leaves of unequal depth are neighbours like any others
SELECT z.level, count(DISTINCT z.zone_id) AS zones, min(n.neighbours) AS fewest, max(n.neighbours) AS most
FROM zone z JOIN LATERAL (SELECT count(*) AS neighbours FROM zone_neighbour n WHERE n.zone_id = z.zone_id) n ON true WHERE is_leaf GROUP BY 1 ORDER BY 1;
SET search_path = public;
DROP SCHEMA regress_levels CASCADE;
