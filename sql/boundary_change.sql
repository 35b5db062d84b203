-- Borders move everywhere at once: on the first day of the new set each zone has the cases that slow, obvious SQL finds, and
-- none is green in which a case may lie.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET jit = off;
SELECT georisk.create_map('regress_change', srid => 32648, lang => 'en');
SET search_path = regress_change, public;

-- Crooked groups: 12 x 12, then 11 x 13 on the same ground with the same codes, which now mean other places.
CREATE FUNCTION pg_temp.drawn(nx integer, ny integer, bend double precision) RETURNS TABLE (code text, geom geometry) LANGUAGE sql AS $$
	WITH corner AS (
		SELECT x, y, ST_Point(x * 1200.0 / nx + CASE WHEN x IN (0, nx) THEN 0 ELSE 30 * sin(bend * (3 * x + 7 * y)) END,
							  y * 1200.0 / ny + CASE WHEN y IN (0, ny) THEN 0 ELSE 30 * cos(bend * (5 * x + 2 * y)) END, 32648) AS p
		FROM generate_series(0, nx) x, generate_series(0, ny) y)
	SELECT format('G%s', a.x * 13 + a.y), ST_Multi(ST_MakePolygon(ST_MakeLine(ARRAY[a.p, b.p, c.p, d.p, a.p])))
	FROM corner a JOIN corner b ON b.x = a.x + 1 AND b.y = a.y JOIN corner c ON c.x = a.x + 1 AND c.y = a.y + 1
	JOIN corner d ON d.x = a.x AND d.y = a.y + 1 ORDER BY a.x, a.y
$$;
INSERT INTO zone (code, population, households, geom) SELECT code, 160, 40, geom FROM pg_temp.drawn(12, 12, 1);
SELECT georisk.activate_zones('regress_change', '2021-06-01');
-- by code, by point, by both, by two that disagree; some outside, a few corrected
INSERT INTO report (external_id, report_day, household, zone_code, geom)
SELECT i, date '2021-09-30' - (i * i % 40), nullif(i % 5, 0)::text,
	   CASE WHEN i % 4 <> 1 THEN CASE WHEN i % 4 = 2 THEN z.code ELSE 'G' || i * 37 % 12 * 13 + i * 5 % 12 END END, CASE WHEN i % 4 <> 0 THEN p END
FROM generate_series(1, 200) i, LATERAL ST_Point(1210 * (i * 0.6180339887 % 1), 1210 * (i * 0.7548776662 % 1), 32648) p
LEFT JOIN LATERAL (SELECT code FROM zone WHERE ST_Covers(zone.geom, p) LIMIT 1) z ON true;
INSERT INTO report (external_id, revision, report_day, zone_code, geom)
SELECT external_id, 2, report_day, zone_code, geom FROM report WHERE report_id % 20 = 0;

SELECT georisk.open_draft('regress_change', 'moved');
INSERT INTO zone (code, population, households, geom) SELECT code, 160, 40, geom FROM pg_temp.drawn(11, 13, 2);
SELECT georisk.activate_zones('regress_change', '2021-10-01');
SELECT georisk.set_day('regress_change', '2021-10-01');

-- The obvious way. Where a report is: in its old zone by code, or else by point; its point counts where it lies in that zone.
CREATE TEMP TABLE was AS
SELECT r.report_id, r.report_day, p.zone_id AS old_id, p.geom AS old_geom,
	   CASE WHEN r.zone_code IS NULL OR p.geom IS NULL OR ST_Covers(p.geom, r.geom) THEN r.geom END AS point
FROM report r LEFT JOIN zone p ON p.zone_set_id = 1 AND (p.code = r.zone_code OR r.zone_code IS NULL AND ST_Covers(p.geom, r.geom)
	OR r.zone_code NOT IN (SELECT code FROM zone WHERE zone_set_id = 1) AND ST_Covers(p.geom, r.geom))
WHERE NOT EXISTS (SELECT FROM report h WHERE h.external_id = r.external_id AND h.revision > r.revision);
CREATE TEMP TABLE obvious AS
SELECT n.zone_id, w.report_id, w.report_day,
	   CASE WHEN w.point IS NOT NULL THEN ST_Covers(n.geom, w.point) ELSE share > 0.5 END AS counted,
	   w.point IS NULL AND share >= 0.05 AND share <= 0.5 AS perhaps
FROM was w JOIN zone n ON n.zone_set_id = 2
CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(w.old_geom, n.geom)) / ST_Area(w.old_geom) AS share) s
WHERE CASE WHEN w.point IS NOT NULL THEN ST_Covers(n.geom, w.point) ELSE share >= 0.05 END;
SELECT count(*) > 50 AS counted, count(*) FILTER (WHERE perhaps) > 50 AS perhaps FROM obvious;
SELECT count(*) FILTER (WHERE tier = 'green') > 10 AS green, count(*) FILTER (WHERE tier = 'unknown') > 10 AS unknown,
	   count(*) FILTER (WHERE tier = 'green' AND EXISTS (SELECT FROM obvious o WHERE o.zone_id = z.zone_id AND z.window_end - o.report_day <= 14)) AS falsely_green,
	   count(*) FILTER (WHERE tier = 'unknown' AND NOT EXISTS
			(SELECT FROM obvious o WHERE o.zone_id = z.zone_id AND perhaps AND z.window_end - o.report_day <= 14)) AS unknown_without_need,
	   count(*) FILTER (WHERE cases <> (SELECT count(*) FROM obvious o WHERE o.zone_id = z.zone_id AND counted AND z.window_end - o.report_day < 7)) AS counted_otherwise
FROM zone_risk z;
-- what is lost is lost in the obvious way, too, and nothing else is
SELECT count(*) FILTER (WHERE r.outcome = 'lost_in_boundary_change') > 10 AS lost,
	   count(*) FILTER (WHERE (r.outcome = 'lost_in_boundary_change') <> (w.old_id IS NOT NULL AND NOT EXISTS (SELECT FROM obvious o WHERE o.report_id = w.report_id AND counted))) AS differ
FROM was w JOIN report r USING (report_id);
SELECT count(*) AS listed, bool_and(abs(c.shared_area_m2 - ST_Area(ST_Intersection(o.geom, n.geom))) < 1e-6) AS areas,
	   bool_and(abs(c.share_of_new - c.shared_area_m2 / ST_Area(n.geom)) < 1e-9) AS shares
FROM georisk.zone_crosswalk('regress_change', 1, 2) c JOIN zone o ON o.zone_id = old_zone_id JOIN zone n ON n.zone_id = new_zone_id;
SELECT round(sum(shared_area_m2)) AS whole_area FROM georisk.zone_crosswalk('regress_change', 1, 2);
SELECT (SELECT count(*) FROM crosswalk) = count(*) AS kept_from_a_twentieth
FROM georisk.zone_crosswalk('regress_change', 1, 2) WHERE greatest(share_of_old, share_of_new) >= 0.05;
DROP SCHEMA regress_change CASCADE;

-- Names of households are names within a zone: A and B become one zone, C is drawn anew, D gets the little E.
SELECT georisk.create_map('regress_merge', srid => 32648, lang => 'en');
SET search_path = regress_merge, public;
CREATE FUNCTION pg_temp.strip(from_x integer, to_x integer) RETURNS geometry LANGUAGE sql AS $$ SELECT ST_Multi(ST_MakeEnvelope(from_x, 0, to_x, 100, 32648)) $$;
INSERT INTO zone (code, population, geom) VALUES ('A', 160, pg_temp.strip(0, 100)), ('B', 160, pg_temp.strip(100, 200)),
	('C', 160, pg_temp.strip(200, 300)), ('D', 160, pg_temp.strip(300, 400)), ('E', 30, pg_temp.strip(400, 420));
SELECT georisk.activate_zones('regress_merge', '2021-06-01');
INSERT INTO report (external_id, report_day, household, zone_code, geom) VALUES ('1', '2021-09-29', '12', 'A', NULL),
	('2', '2021-09-29', '12', 'B', NULL), ('3', '2021-09-30', '12', 'B', ST_Point(150, 50, 32648)), ('4', '2021-09-29', '7', 'C', NULL),
	('5', '2021-09-29', '3', 'D', NULL), ('6', '2021-09-29', '3', 'E', ST_Point(410, 50, 32648));
SELECT georisk.open_draft('regress_merge');
INSERT INTO zone (code, population, geom) VALUES ('AB', 320, pg_temp.strip(0, 202)), ('C', 160, pg_temp.strip(202, 300)), ('D', 190, pg_temp.strip(300, 420));
SELECT georisk.activate_zones('regress_merge', '2021-10-01');
SELECT georisk.set_day('regress_merge', '2021-10-01');
SELECT code, cases, households_affected FROM zone_risk ORDER BY code COLLATE "C";
-- where the old zone is most of the new one and the other way round, a new case in a known household is not another household
INSERT INTO report (external_id, report_day, onset_day, household, zone_code) VALUES ('7', '2021-10-01', '2021-09-28', '12', 'AB'),
	('8', '2021-10-01', '2021-09-28', '7', 'C'), ('9', '2021-10-01', NULL, '3', 'D');
SELECT code, cases, households_affected FROM zone_risk ORDER BY code COLLATE "C";
SELECT * FROM georisk.verify('regress_merge');
DROP SCHEMA regress_merge CASCADE;
