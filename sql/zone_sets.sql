-- Zone sets that succeed each other: no report is lost, no code moves a report silently, no zone turns green because
-- borders moved, and every day is shown in its own set.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
SET jit = off;
SELECT georisk.create_map('regress_sets', srid => 32648, lang => 'en');
SET search_path = regress_sets, public;

-- One row of groups, 100 m wide, each in ward W.
CREATE FUNCTION pg_temp.strip(x0 integer, x1 integer) RETURNS geometry LANGUAGE sql
AS $$ SELECT ST_Multi(ST_MakeEnvelope(x0, 0, x1, 100, 32648)) $$;
CREATE TEMP TABLE drawn (zone_set integer, code text, x0 integer, x1 integer);
INSERT INTO drawn VALUES
	(1, 'A', 0, 100), (1, 'B', 100, 200), (1, 'C', 200, 300), (1, 'D', 300, 400), (1, 'E', 400, 500), (1, 'F', 500, 600),
	(1, 'J', 700, 760), (1, 'H', 800, 900), (1, 'I', 900, 1000),
	(2, 'A', 0, 100),                                -- as it was
	(2, 'B', 100, 160), (2, 'B2', 160, 200),         -- split, the larger part keeps the code
	(2, 'C1', 200, 250), (2, 'C2', 250, 300),        -- split in halves
	(2, 'DE', 300, 500),                             -- merged
	(2, 'G', 500, 600), (2, 'F', 600, 700),          -- renamed, and the code reused for other ground
	(2, 'K', 700, 760), (2, 'J', 760, 790),          -- renamed and reused, with a zone value
	(2, 'I', 896, 1000);                             -- H is gone; I drawn anew, 4 m wider
INSERT INTO zone (code, level) VALUES ('W', 'ward');
INSERT INTO zone (code, parent_code, level, population, households, geom)
SELECT code, 'W', 'group', 160, 40, pg_temp.strip(x0, x1) FROM drawn WHERE zone_set = 1 ORDER BY x0;
SELECT georisk.activate_zones('regress_sets', '2021-06-01');

-- Every way to have a place, in every kind of zone.
INSERT INTO report (source, external_id, report_day, household, zone_code, geom)
SELECT 'first', d.code || how, '2021-09-25', '1',
	   CASE WHEN how ~ 'code|both|astray' THEN d.code END,
	   CASE WHEN how ~ 'left|both' THEN ST_Point(x0 + 10, 50, 32648) WHEN how ~ 'right' THEN ST_Point(x1 - 10, 50, 32648)
			WHEN how = 'astray' THEN ST_Point(50, 50, 32648) END
FROM drawn d, unnest(ARRAY[' code', ' left', ' right', ' both']) how WHERE zone_set = 1 AND d.code <> 'J' ORDER BY x0, how;
INSERT INTO report (source, external_id, report_day, household, zone_code, geom, geocode_quality, withdrawn, revision) VALUES
	('first', 'astray', '2021-09-25', '2', 'B', ST_Point(350, 50, 32648), 'exact', false, 1),
	('first', 'vague', '2021-09-25', '3', 'B', ST_Point(190, 50, 32648), 'ward', false, 1),
	('first', 'ward', '2021-09-25', '4', 'W', NULL, NULL, false, 1),
	('first', 'ward and point', '2021-09-25', '4', 'W', ST_Point(190, 50, 32648), NULL, false, 1),
	('first', 'outside', '2021-09-25', '4', NULL, ST_Point(650, 50, 32648), NULL, false, 1),
	('first', 'unknown', '2021-09-25', '4', 'G', NULL, NULL, false, 1),
	('first', 'corrected', '2021-09-25', '5', 'C', NULL, NULL, false, 1),
	('first', 'corrected', '2021-09-25', '5', 'A', NULL, NULL, false, 2),
	('first', 'taken back', '2021-09-25', '6', 'C', NULL, NULL, true, 1),
	('first', 'long ago', '2021-07-01', '7', 'C', NULL, NULL, false, 1),
	('first', 'no contact', '2021-09-25', '8', 'J', NULL, NULL, false, 1);
INSERT INTO zone_value (zone_code, name, day, value) VALUES (' J', 'contact', '2021-09-24', 'no');

CREATE TABLE pg_temp.shown AS SELECT NULL::date AS day, code, tier, cases, households_affected FROM zone_risk LIMIT 0;
CREATE PROCEDURE pg_temp.remember() LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 0 .. 13 LOOP
		PERFORM georisk.set_day('regress_sets', date '2021-09-17' + i);
		INSERT INTO pg_temp.shown SELECT window_end, code, tier, cases, households_affected FROM regress_sets.zone_risk;
	END LOOP;
END $$;
CALL pg_temp.remember();
SELECT count(*) FROM shown;

-- A draft to follow. Refused, and nothing changed: a day not after the first one, errors in the zones, a snapshot that may miss reports.
\set VERBOSITY default
SELECT georisk.open_draft('regress_sets', 'October') AS draft;
SELECT georisk.open_draft('regress_sets');
INSERT INTO zone (code, level) VALUES ('W', 'ward');
INSERT INTO zone (code, parent_code, level, population, households, geom)
SELECT code, 'W', 'group', 160, 40, pg_temp.strip(x0, x1) FROM drawn WHERE zone_set = 2 ORDER BY x0;
SELECT count(*) FROM zone_draft;
SELECT georisk.activate_zones('regress_sets', '2021-06-01');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT georisk.activate_zones('regress_sets', '2021-10-01');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT georisk.open_draft('regress_sets');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT georisk.create_map('regress_serial');
ROLLBACK;
BEGIN;
UPDATE zone SET geom = pg_temp.strip(0, 150) WHERE zone_set_id = 2 AND code = 'A';
SELECT georisk.activate_zones('regress_sets', '2021-10-01');
ROLLBACK;
SELECT name, valid_from, valid_to, activated_at IS NOT NULL AS activated FROM zone_set ORDER BY 1;

-- How the new zones lie on the old ones, before it counts.
SELECT old_code, new_code, shared_area_m2, round(share_of_old::numeric, 3) AS of_old, round(share_of_new::numeric, 3) AS of_new
FROM georisk.zone_crosswalk('regress_sets', 1, 2);
SELECT * FROM georisk.zone_crosswalk('regress_sets', 1, 7);

SELECT georisk.activate_zones('regress_sets', '2021-10-01');
SELECT name, valid_from, valid_to FROM zone_set ORDER BY 1;
SELECT r.external_id, r.revision AS rev, o.outcome AS old_outcome, z.code AS old_zone, r.outcome, n.code AS zone, r.point_disagrees AS disagrees,
	   (SELECT string_agg(p.code, ' ' ORDER BY p.code) FROM possible_place JOIN zone p USING (zone_id)
		WHERE report_id = r.report_id AND possible_place.zone_set_id = 2) AS perhaps
FROM report r JOIN placement o ON o.report_id = r.report_id AND o.zone_set_id = 1
LEFT JOIN zone z ON z.zone_id = o.zone_id LEFT JOIN zone n ON n.zone_id = r.zone_id
ORDER BY r.external_id COLLATE "C", r.revision;
SELECT count(*) = (SELECT count(*) FROM placement) AS nothing_lost, bool_and(zone_set_id = 2) AS all_in_force FROM report;

-- Days before are shown as they were; from the first day on the new zones, and none is green that may have a case.
CREATE TEMP TABLE shown_before AS SELECT * FROM shown;
TRUNCATE shown;
CALL pg_temp.remember();
SELECT count(*) AS rows_that_differ FROM ((TABLE shown EXCEPT TABLE shown_before) UNION ALL (TABLE shown_before EXCEPT TABLE shown)) d;
SELECT DISTINCT zone_set FROM zone_risk;
SELECT string_agg(code, ' ' ORDER BY code) AS in_force FROM zone_in_force;
SELECT georisk.set_day('regress_sets', '2021-10-01');
SELECT code, tier, cases, households_affected AS affected, complete_until, zone_set FROM zone_risk ORDER BY zone_id;
SELECT substring(reason FROM '^[^.]*') AS reason FROM zone_risk WHERE code = 'C1';
SELECT string_agg(code, ' ' ORDER BY code) AS in_force FROM zone_in_force;
SELECT severity, problem, zone FROM georisk.check_zones('zone_in_force') WHERE severity = 'error' AND zone <> 'W';
-- a zone value stays with the ground, not with the code
INSERT INTO report (source, external_id, report_day, household, zone_code) VALUES ('contact', '1', '2021-10-01', '8', 'J');
SELECT code, tier FROM zone_risk WHERE code IN ('J', 'K') ORDER BY 1;
INSERT INTO zone_value (zone_code, name, day, value) VALUES ('J', 'contact', '2021-10-01', 'no');
SELECT code, tier FROM zone_risk WHERE code IN ('J', 'K') ORDER BY 1;
-- and the doubt ends when the policy looks back no longer
SELECT georisk.set_day('regress_sets', '2021-10-10');
SELECT code, tier FROM zone_risk WHERE code IN ('B2', 'C1', 'F') ORDER BY 1;

-- Late reports: the code means what it meant on their day.
INSERT INTO report (source, external_id, report_day, onset_day, zone_code, geom) VALUES
	('late', 'old day, code reused', '2021-09-28', NULL, 'F', NULL),
	('late', 'old day, code new', '2021-09-28', NULL, 'G', NULL),
	('late', 'old day, split', '2021-09-28', NULL, 'B', NULL),
	('late', 'old day, split, point', '2021-09-28', NULL, NULL, ST_Point(190, 50, 32648)),
	('late', 'new day', '2021-10-02', NULL, 'F', NULL),
	('late', 'new day, old onset', '2021-10-02', '2021-09-29', 'G', NULL),
	('late', 'new day, old onset, half', '2021-10-02', '2021-09-29', 'C1', NULL),
	('late', 'new day, old onset, nowhere', '2021-10-02', '2021-09-29', 'F', NULL);
CREATE VIEW pg_temp.late AS
SELECT r.external_id, r.outcome, n.code AS zone, p.outcome AS old_outcome, o.code AS old_zone,
	   (SELECT string_agg(p.code, ' ' ORDER BY p.code) FROM possible_place JOIN zone p USING (zone_id) WHERE report_id = r.report_id) AS perhaps
FROM report r LEFT JOIN zone n ON n.zone_id = r.zone_id
LEFT JOIN placement p ON p.report_id = r.report_id LEFT JOIN zone o ON o.zone_id = p.zone_id
WHERE r.source = 'late';
SELECT * FROM late ORDER BY external_id COLLATE "C";
-- corrected in place, or given a point, they are placed anew everywhere; deleted, they are gone
UPDATE report SET geom = ST_Point(190, 50, 32648) WHERE external_id = 'old day, split';
UPDATE report SET report_day = '2021-10-03', onset_day = NULL WHERE external_id ~ 'old day, code reused|half';
DELETE FROM report WHERE external_id = 'new day, old onset';
SELECT * FROM late ORDER BY external_id COLLATE "C";
SELECT count(*) AS left_behind FROM placement WHERE report_id NOT IN (SELECT report_id FROM report);

-- Who may only write reports keeps all of it.
CREATE ROLE regress_late_writer;
GRANT USAGE ON SCHEMA regress_sets TO regress_late_writer;
GRANT INSERT ON report TO regress_late_writer;
SET ROLE regress_late_writer;
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('late', 'old day, by a writer', '2021-09-28', 'C');
SELECT count(*) FROM placement;
RESET ROLE;
SELECT * FROM late WHERE external_id ~ 'writer';

-- The same zones again, as a third set: no tier changes, before or after.
CREATE TEMP TABLE all_before AS SELECT date '2021-01-01' AS day, code, tier, cases, complete_until FROM zone_risk LIMIT 0;
CREATE TEMP TABLE all_after (LIKE all_before);
CREATE PROCEDURE pg_temp.remember_all(kept regclass) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 0 .. 40 LOOP
		PERFORM georisk.set_day('regress_sets', date '2021-09-17' + i);
		EXECUTE format('INSERT INTO %s SELECT window_end, code, tier, cases, complete_until FROM regress_sets.zone_risk', kept);
	END LOOP;
END $$;
CALL pg_temp.remember_all('all_before');
SELECT georisk.open_draft('regress_sets', copy_zones => true);
SELECT georisk.activate_zones('regress_sets', '2021-10-05');
CALL pg_temp.remember_all('all_after');
SELECT (SELECT count(*) FROM all_before) AS rows,
	   (SELECT count(*) FROM ((TABLE all_before EXCEPT TABLE all_after) UNION ALL (TABLE all_after EXCEPT TABLE all_before)) d) AS differ;
SELECT outcome, count(*) FROM report GROUP BY 1 ORDER BY 1;
SELECT zone_set_id, outcome, count(*) FROM placement GROUP BY 1, 2 ORDER BY 1, 2;

-- Placed once more, everything is as it was; a rolled-back activation leaves nothing behind.
CREATE TEMP TABLE placed_before AS SELECT report_id, zone_set_id, zone_id, outcome, household_key FROM placement
UNION ALL SELECT report_id, zone_set_id, zone_id, outcome, household_key FROM report;
CREATE TEMP TABLE perhaps_before AS TABLE possible_place;
BEGIN;
SELECT georisk.open_draft('regress_sets') > 0;
INSERT INTO zone (code, geom) VALUES ('all', pg_temp.strip(0, 1000));
SELECT georisk.activate_zones('regress_sets', '2021-10-07') > 0;
SELECT outcome, count(*) FROM report GROUP BY 1 ORDER BY 1;
ROLLBACK;
UPDATE report SET outcome = outcome;
SELECT count(*) FROM (SELECT report_id, zone_set_id, zone_id, outcome, household_key FROM placement
	UNION ALL SELECT report_id, zone_set_id, zone_id, outcome, household_key FROM report
	EXCEPT TABLE placed_before) d;
SELECT count(*) = (SELECT count(*) FROM perhaps_before) AS same FROM (TABLE possible_place INTERSECT TABLE perhaps_before) d;

-- What is frozen stays frozen.
\set VERBOSITY terse
UPDATE zone_set SET valid_to = NULL;
UPDATE zone_set SET valid_to = '2021-12-31' WHERE valid_to IS NULL;
UPDATE zone_set SET index = index;
UPDATE zone_set SET valid_to = valid_to;
DELETE FROM zone WHERE zone_set_id = 1;
\set VERBOSITY default
TRUNCATE report;
SELECT count(*) FROM placement;

DROP SCHEMA regress_sets CASCADE;
DROP ROLE regress_late_writer;
