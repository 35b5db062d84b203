-- Every report gets its zone on the way in, and one named outcome.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE ROLE regress_map_owner;
CREATE ROLE regress_writer;
GRANT CREATE ON DATABASE :DBNAME TO regress_map_owner;
GRANT USAGE ON SCHEMA georisk TO regress_map_owner;
SET ROLE regress_map_owner;
SELECT georisk.create_map('regress_place', srid => 32648);
SET search_path = regress_place, public;

-- A report that comes before the zones waits for them.
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('early', '1', '2021-09-01', 'W1-0');
SELECT outcome, zone_set_id, zone_id FROM report;

-- Two wards of four groups each; the code of the first group is typed with a combining accent.
CREATE TEMP TABLE drawn AS
SELECT 'W' || w AS code, NULL AS parent_code, 'ward' AS level,
	   ST_Multi(ST_MakeEnvelope(w * 200, 0, w * 200 + 200, 200, 32648)) AS geom
FROM generate_series(1, 2) w
UNION ALL
SELECT format('W%s-%s', x / 2, x % 2 * 2 + y), 'W' || x / 2, 'group',
	   ST_Multi(ST_MakeEnvelope(x * 100, y * 100, x * 100 + 100, y * 100 + 100, 32648))
FROM generate_series(2, 5) x, generate_series(0, 1) y;
UPDATE drawn SET code = E'T\u0065\u0302n' WHERE code = 'W2-3';
INSERT INTO zone (code, parent_code, level, geom) SELECT * FROM drawn ORDER BY code COLLATE "C";
SELECT georisk.activate_zones('regress_place', '2021-06-01') > 0 AS activated;
SELECT external_id, outcome, code FROM report r JOIN zone z USING (zone_id);

-- One row for each way that a report can end; the writer's own words about it are not heard.
CREATE TEMP TABLE tried (why text, zone_code text, geom geometry, geocode_quality text);
INSERT INTO tried VALUES
	('01 code', 'W1-0', NULL, NULL),
	('02 code with white space', E' W1-0\t\r\n', NULL, NULL),
	('03 code with no-break space', E'\u00a0W1-0\u00a0', NULL, NULL),
	('04 code composed otherwise', E'T\u00ean', NULL, NULL),
	('05 code in another case', 'w1-0', NULL, NULL),
	('06 unknown code', 'W9', NULL, NULL),
	('07 unknown code, but a point', 'W9', ST_Point(250, 50, 32648), NULL),
	('08 code and point agree', 'W1-0', ST_Point(250, 50, 32648), 'exact'),
	('09 code and point disagree', 'W1-0', ST_Point(550, 150, 32648), 'exact'),
	('10 code and a point far away', 'W1-0', ST_Point(0, 0, 32648), 'exact'),
	('11 code of the ward', 'W1', NULL, NULL),
	('12 code of the ward, point in it', 'W1', ST_Point(250, 50, 32648), NULL),
	('13 code of the ward, point elsewhere', 'W1', ST_Point(550, 150, 32648), NULL),
	('14 point', NULL, ST_Point(350, 150, 32648), 'address'),
	('15 point on a border: lowest zone_id', NULL, ST_Point(300, 50, 32648), 'exact'),
	('16 point on a corner: lowest zone_id', NULL, ST_Point(400, 100, 32648), NULL),
	('17 point outside', NULL, ST_Point(0, 0, 32648), NULL),
	('18 point good to the ward', NULL, ST_Point(250, 50, 32648), 'ward'),
	('19 unmatched point', NULL, ST_Point(250, 50, 32648), 'unmatched'),
	('20 code and a ward point', 'W2-0', ST_Point(250, 50, 32648), 'ward'),
	('21 empty point', NULL, ST_SetSRID('POINT EMPTY'::geometry, 32648), NULL),
	('22 NaN', NULL, ST_Point('NaN', 50, 32648), NULL),
	('23 infinity', NULL, ST_Point(250, '-Infinity', 32648), NULL),
	('24 nothing', NULL, NULL, NULL),
	('25 blank code', '  ', NULL, 'exact'),
	('26 withdrawn', 'W1-0', NULL, NULL);
INSERT INTO report (source, external_id, report_day, zone_code, geom, geocode_quality, withdrawn, note,
	outcome, zone_set_id, zone_id, household_key, point_disagrees)
SELECT 'one', why, '2021-09-01', zone_code, geom, geocode_quality, why ~ 'withdrawn', NULL, 'outside', 77, 77, 77, true FROM tried;
SELECT r.external_id, r.outcome, z.code, r.zone_set_id = (SELECT zone_set_id FROM zone_set) AS set, r.household_key,
	   r.point_disagrees
FROM report r LEFT JOIN zone z USING (zone_id) WHERE source = 'one' ORDER BY r.external_id COLLATE "C";
SELECT (SELECT count(*) FROM tried) = (SELECT count(outcome) FROM report WHERE source = 'one') AS nothing_lost;
SELECT bool_and(r.zone_code IS NOT DISTINCT FROM t.zone_code) AS kept_as_typed FROM report r JOIN tried t ON t.why = r.external_id;

\set VERBOSITY terse
-- Another geometry type or SRID is refused, as is a day that is none, and a count below zero
-- or so large that it must be something else: it would end as an error for every reader.
INSERT INTO report (report_day, geom) VALUES ('2021-09-01', ST_Point(106.7, 10.7, 4326));
INSERT INTO report (report_day, geom) VALUES ('2021-09-01', ST_SetSRID('MULTIPOINT(1 1, 2 2)'::geometry, 32648));
INSERT INTO report (report_day) VALUES ('infinity');
INSERT INTO report (report_day, n) VALUES ('2021-09-01', -1);
INSERT INTO report (report_day, n) VALUES ('2021-09-01', 909123456);

\set VERBOSITY default

-- COPY and UPDATE place, too.
COPY report (source, external_id, report_day, zone_code, household) FROM stdin;
copy	1	0021-09-01	W1-1	12
copy	2	9999-09-01	W1-1	 12 
copy	3	2021-09-01	W2-1	12
copy	4	2021-09-01	W2-1	\N
\.
SELECT external_id, outcome, code, dense_rank() OVER (ORDER BY household_key) <= 2 AS keyed, household_key IS NULL AS no_household
FROM report JOIN zone USING (zone_id) WHERE source = 'copy' ORDER BY 1;
SELECT count(DISTINCT household_key) AS households FROM report WHERE source = 'copy';
UPDATE report SET zone_code = 'W2-2', zone_id = 1, outcome = 'outside' WHERE (source, external_id) = ('copy', '3');
SELECT outcome, code FROM report JOIN zone USING (zone_id) WHERE (source, external_id) = ('copy', '3');

-- Revisions count in their own order, whatever order they come in, and however many at once.
INSERT INTO report (source, external_id, revision, report_day, zone_code) VALUES ('rev', 'a', 3, '2021-09-01', 'W1-0');
INSERT INTO report (source, external_id, revision, report_day, zone_code) VALUES
	('rev', 'a', 1, '2021-09-01', 'W1-1'), ('rev', 'b', 1, '2021-09-01', 'W1-1'), ('other', 'a', 1, '2021-09-01', 'W1-1');
INSERT INTO report (source, external_id, revision, report_day, zone_code) VALUES ('rev', 'a', 2, '2021-09-01', 'W1-2');
INSERT INTO report (source, external_id, revision, report_day, withdrawn) VALUES ('rev', 'b', 2, '2021-09-01', true);
INSERT INTO report (source, external_id, revision, report_day, withdrawn) VALUES ('rev', 'c', 2, '2021-09-01', true);
INSERT INTO report (source, external_id, revision, report_day, zone_code) VALUES
	('rev', 'c', 1, '2021-09-01', 'W1-2'), ('rev', NULL, 1, '2021-09-01', 'W1-2'), ('rev', NULL, 1, '2021-09-01', 'W1-2');
CREATE VIEW revisions AS
SELECT source, external_id, revision, outcome, code FROM report LEFT JOIN zone USING (zone_id)
WHERE source IN ('rev', 'other') ORDER BY source, external_id, revision;
SELECT * FROM revisions;
INSERT INTO report (source, external_id, revision, report_day, zone_code)
VALUES ('rev', 'a', 2, '2021-09-01', 'W1-2') ON CONFLICT DO NOTHING;
-- touching a superseded row does not bring it back; taking away or changing the highest does
UPDATE report SET note = 'seen' WHERE source = 'rev';
SELECT outcome, count(*) FROM revisions GROUP BY 1 ORDER BY 1;
UPDATE report SET outcome = 'superseded' WHERE source = 'other';
SELECT outcome FROM revisions WHERE source = 'other';
DELETE FROM report WHERE (source, external_id, revision) = ('rev', 'a', 3);
UPDATE report SET external_id = 'd' WHERE (source, external_id, revision) = ('rev', 'b', 2);
SELECT * FROM revisions;

-- A role that may only write reports can do so, under any search_path and with operators of its own.
RESET ROLE;
GRANT USAGE ON SCHEMA regress_place TO regress_writer;
GRANT INSERT, UPDATE (note), SELECT (source, external_id) ON regress_place.report TO regress_writer;
CREATE SCHEMA regress_evil AUTHORIZATION regress_writer;
SET ROLE regress_writer;
CREATE FUNCTION regress_evil.never(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR regress_evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = regress_evil.never);
SET search_path = regress_evil, pg_catalog;
INSERT INTO regress_place.report (source, external_id, revision, report_day, zone_code) VALUES
	('writer', 'a', 2, '2021-09-01', 'W1-0'), ('writer', 'a', 1, '2021-09-01', 'W1-1');
UPDATE regress_place.report SET note = 'mine' WHERE source = 'writer';
SELECT count(*) FROM regress_place.zone;
DELETE FROM regress_place.report;
RESET ROLE;
RESET search_path;
SELECT outcome, zone_code, note FROM regress_place.report WHERE source = 'writer' ORDER BY revision;

-- What this session remembers of a map is never mistaken for another: an activation that is rolled back, ...
SET ROLE regress_map_owner;
SELECT georisk.create_map('regress_again', srid => 32648);
SET search_path = regress_again, public;
INSERT INTO zone (zone_id, code, geom) VALUES (1, 'a', ST_Multi(ST_MakeEnvelope(0, 0, 10, 10, 32648)));
BEGIN;
SAVEPOINT before;
SELECT georisk.activate_zones('regress_again', '2021-06-01');
INSERT INTO report (report_day, geom) VALUES ('2021-09-01', ST_Point(5, 5, 32648)) RETURNING outcome, zone_id;
ROLLBACK TO before;
INSERT INTO report (report_day, geom) VALUES ('2021-09-01', ST_Point(5, 5, 32648)) RETURNING outcome, zone_id;
UPDATE zone SET code = 'b', geom = ST_Translate(geom, 100, 0);
SELECT georisk.activate_zones('regress_again', '2021-06-01');
INSERT INTO report (report_day, geom) VALUES ('2021-09-01', ST_Point(105, 5, 32648)) RETURNING outcome, zone_id;
INSERT INTO report (report_day, zone_code) VALUES ('2021-09-01', 'a') RETURNING outcome, zone_id;
SELECT outcome, count(*) FROM report GROUP BY 1 ORDER BY 1;
ROLLBACK;
-- ... one that is done at last, ...
SELECT georisk.activate_zones('regress_again', '2021-06-01');
INSERT INTO report (report_day, geom) VALUES ('2021-09-01', ST_Point(5, 5, 32648)) RETURNING outcome, zone_id;
-- ... and a map of the same name.
RESET search_path;
DROP SCHEMA regress_again CASCADE;
SELECT georisk.create_map('regress_again', srid => 32648);
INSERT INTO regress_again.report (report_day, zone_code) VALUES ('2021-09-01', 'a') RETURNING outcome, zone_id;
INSERT INTO regress_again.zone (code, geom) VALUES ('c', ST_Multi(ST_MakeEnvelope(0, 0, 10, 10, 32648)));
SELECT georisk.activate_zones('regress_again', '2021-06-01');
INSERT INTO regress_again.report (report_day, zone_code) VALUES ('2021-09-01', 'c') RETURNING outcome, zone_id;
ALTER SCHEMA regress_again RENAME TO regress_renamed;
INSERT INTO regress_renamed.report (report_day, zone_code) VALUES ('2021-09-01', 'c') RETURNING outcome, zone_id;
SELECT outcome, count(*) FROM regress_renamed.report GROUP BY 1 ORDER BY 1;

-- An owner who gives a column another type gets an error, not a crash; a domain or varchar is as good as text.
BEGIN;
SET LOCAL client_min_messages = error;
DROP VIEW regress_renamed.zone_risk, regress_renamed.unmatched_places, regress_renamed.own_unplaced CASCADE;
ALTER TABLE regress_renamed.report ALTER zone_code TYPE varchar(20), ALTER household TYPE information_schema.character_data;
INSERT INTO regress_renamed.report (report_day, zone_code, household) VALUES ('2021-09-01', 'c', '7') RETURNING outcome, household_key IS NULL AS no_key;
SAVEPOINT typed;
ALTER TABLE regress_renamed.report ALTER zone_code TYPE integer USING 5;
INSERT INTO regress_renamed.report (report_day, zone_code) VALUES ('2021-09-01', 5);
ROLLBACK TO typed;
ALTER TABLE regress_renamed.report ALTER geom TYPE text USING NULL;
INSERT INTO regress_renamed.report (report_day, geom) VALUES ('2021-09-01', repeat('x', 100));
ROLLBACK TO typed;
DROP TRIGGER freeze_set ON regress_renamed.zone_set;
ALTER TABLE regress_renamed.zone_set ALTER edition TYPE integer USING 5;
INSERT INTO regress_renamed.report (report_day, zone_code) VALUES ('2021-09-01', 'c');
ROLLBACK TO typed;
ALTER TABLE regress_renamed.zone_set DISABLE TRIGGER freeze_set, DROP CONSTRAINT zone_set_check1;
UPDATE regress_renamed.zone_set SET edition = NULL;
INSERT INTO regress_renamed.report (report_day, zone_code) VALUES ('2021-09-01', 'c');
ROLLBACK TO typed;
DROP TRIGGER freeze_set ON regress_renamed.zone_set;
DROP VIEW regress_renamed.zone_set_public;
ALTER TABLE regress_renamed.zone_set ALTER index TYPE integer USING 5;
UPDATE regress_renamed.zone_set SET edition = gen_random_uuid();
INSERT INTO regress_renamed.report (report_day, zone_code) SELECT '2021-09-01', 'c' FROM generate_series(1, 50);
ROLLBACK;

-- A thousand points agree with PostGIS.
INSERT INTO regress_place.report (source, report_day, geom)
SELECT 'grid', '2021-09-01', ST_Point(190 + x * 11.3, -10 + y * 9.7, 32648)
FROM generate_series(0, 40) x, generate_series(0, 24) y;
SELECT count(*) AS reports, count(r.zone_id) AS placed,
	   bool_and(r.zone_id IS NOT DISTINCT FROM (SELECT min(z.zone_id) FROM regress_place.zone z
				WHERE z.is_leaf AND ST_Covers(z.geom, r.geom))) AS as_postgis,
	   bool_and((r.outcome = 'placed_by_point') = (r.zone_id IS NOT NULL)) AS outcome_fits
FROM regress_place.report r WHERE source = 'grid';

DROP TABLE drawn, tried;
DROP SCHEMA regress_place CASCADE;
DROP SCHEMA regress_renamed CASCADE;
RESET ROLE;
DROP SCHEMA regress_evil CASCADE;
REVOKE ALL ON DATABASE :DBNAME FROM regress_map_owner;
REVOKE ALL ON SCHEMA georisk FROM regress_map_owner;
DROP ROLE regress_map_owner, regress_writer;
