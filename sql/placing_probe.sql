-- A new connection looks zones up one by one until loading the map pays: the answers are the same.
SET client_min_messages = warning;
SELECT georisk.create_map('regress_probe', srid => 32648) IS NOT NULL AS made;
-- Two wards of eight groups; borders are bent, the points of one lie a little inside the next, and codes have white space.
INSERT INTO regress_probe.zone (code, level) VALUES ('W0', 'ward'), (E'W1 \t', 'ward');
INSERT INTO regress_probe.zone (code, parent_code, level, geom)
SELECT CASE (x + y) % 3 WHEN 0 THEN format(E' G%s%s\u00a0', x, y) ELSE format('G%s%s', x, y) END, 'W' || x / 2, 'group',
	   ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[ST_Point(x * 10, y * 10), ST_Point(x * 10 + 5, y * 10 + 0.3),
			ST_Point(x * 10 + 10, y * 10), ST_Point(x * 10 + 9.9, y * 10 + 5), ST_Point(x * 10 + 10, y * 10 + 10),
			ST_Point(x * 10 + 5, y * 10 + 10.3 + x * 0.01), ST_Point(x * 10, y * 10 + 10), ST_Point(x * 10 - 0.1 - y * 0.01, y * 10 + 5),
			ST_Point(x * 10, y * 10)])), 32648))
FROM generate_series(0, 3) x, generate_series(0, 3) y;
SELECT georisk.activate_zones('regress_probe', '2021-06-01') > 0 AS activated;

-- Corners, borders, what two zones share, gaps, far away; codes of groups, of wards, unknown, in other spellings.
CREATE TABLE regress_probe.tried AS
SELECT row_number() OVER () AS id, ST_Point(x, y, 32648) AS geom, code, 'hh' || i AS household
FROM generate_series(1, 120) i,
	 LATERAL (SELECT CASE i % 4 WHEN 0 THEN i % 5 * 10 ELSE i * 7 % 41 + i % 7 * 0.05 END AS x,
					 CASE i % 4 WHEN 1 THEN i % 5 * 10 WHEN 0 THEN i % 3 * 10 ELSE i * 11 % 40 + i % 3 * 0.1 END AS y,
					 CASE i % 6 WHEN 0 THEN format('G%s%s', i % 4, i % 3) WHEN 1 THEN format(E'\t G%s%s', i % 4, i % 3)
						WHEN 2 THEN 'W' || i / 6 % 3 WHEN 3 THEN 'x' END AS code) t
UNION ALL
SELECT 1000, 'SRID=32648;POINT EMPTY', NULL, NULL
UNION ALL
SELECT 1001, NULL, 'G11', NULL;
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, household)
SELECT 'loads all', i, '2021-06-01', 'G11', NULL FROM generate_series(1, 50) i;
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'loaded', id, '2021-09-01', code, geom, household FROM regress_probe.tried;
SELECT outcome, count(*) AS reports, count(zone_id) AS zones, count(*) FILTER (WHERE point_disagrees) AS disagree
FROM regress_probe.report WHERE source = 'loaded' GROUP BY outcome ORDER BY outcome COLLATE "C";

\c -
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'looked up', id, '2021-09-01', code, geom, household FROM regress_probe.tried WHERE id % 10 = 0;
\c -
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'looked up', id, '2021-09-01', code, geom, household FROM regress_probe.tried WHERE id % 10 = 1;
\c -
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'looked up', id, '2021-09-01', code, geom, household FROM regress_probe.tried WHERE id % 10 = 2;
\c -
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'looked up', id, '2021-09-01', code, geom, household FROM regress_probe.tried WHERE id % 10 = 3;
\c -
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'looked up', id, '2021-09-01', code, geom, household FROM regress_probe.tried WHERE id % 10 = 4;
\c -
INSERT INTO regress_probe.report (source, external_id, report_day, zone_code, geom, household)
SELECT 'looked up', id, '2021-09-01', code, geom, household FROM regress_probe.tried WHERE id % 10 > 4;
SELECT count(*) AS reports, count(*) FILTER (WHERE (a.outcome, a.zone_set_id, a.zone_id, a.household_key, a.point_disagrees)
	IS DISTINCT FROM (b.outcome, b.zone_set_id, b.zone_id, b.household_key, b.point_disagrees)) AS differ
FROM regress_probe.report a LEFT JOIN regress_probe.report b ON b.source = 'looked up' AND b.external_id = a.external_id
WHERE a.source = 'loaded';

-- Revisions are compared by look-ups in the index: in any order, beside each other, and a thousand of one report.
CREATE VIEW regress_probe.wrong AS
SELECT count(*) FILTER (WHERE (outcome = 'superseded') <> lower) AS wrong, count(*) FILTER (WHERE lower) AS lower
FROM (SELECT outcome, revision < max(revision) OVER (PARTITION BY source, external_id) AS lower
	  FROM regress_probe.report WHERE source = 'revised') r;
INSERT INTO regress_probe.report (source, external_id, revision, report_day)
SELECT 'revised', i % 10, i * 37 % 101, '2021-09-01' FROM generate_series(1, 50) i;
SELECT * FROM regress_probe.wrong;
INSERT INTO regress_probe.report (source, external_id, revision, report_day)
SELECT 'revised', '3', 10000 + i * 997 % 3000, '2021-09-01' FROM generate_series(0, 2999) i;
SELECT * FROM regress_probe.wrong;
DELETE FROM regress_probe.report WHERE source = 'revised' AND revision % 3 = 0;
UPDATE regress_probe.report SET revision = revision + 50000 WHERE source = 'revised' AND revision % 7 = 1;
SELECT * FROM regress_probe.wrong;
-- without the index, or with rows in a child, by one statement
BEGIN;
ALTER TABLE regress_probe.report DROP CONSTRAINT report_source_external_id_revision_key;
INSERT INTO regress_probe.report (source, external_id, revision, report_day)
SELECT 'revised', i % 10, i * 37 % 101 + 100000, '2021-09-01' FROM generate_series(1, 50) i;
SELECT * FROM regress_probe.wrong;
ROLLBACK;
BEGIN;
CREATE TABLE regress_probe.child () INHERITS (regress_probe.report);
INSERT INTO regress_probe.child (report_id, source, external_id, revision, report_day, outcome) VALUES (-1, 'revised', '5', 200000, '2021-09-01', 'waiting');
INSERT INTO regress_probe.report (source, external_id, revision, report_day)
SELECT 'revised', '5', i, '2021-09-01' FROM generate_series(150001, 150010) i;
SELECT * FROM regress_probe.wrong;
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA regress_probe CASCADE;
