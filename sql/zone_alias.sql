-- An officer resolves a name once: all reports that wait for it are placed, whatever the spelling.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SELECT georisk.create_map('regress_alias', srid => 32648);
SET search_path = regress_alias, public;
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('early', '0', '2021-09-01', 'tổ 1');
SELECT count(*) AS none_before_zones FROM unmatched_places;
INSERT INTO zone (code, parent_code, geom)
SELECT 'Z' || x, 'W', ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(1, 5) x
UNION ALL SELECT 'W', NULL, ST_Multi(ST_MakeEnvelope(100, 0, 600, 100, 32648));
SELECT georisk.activate_zones('regress_alias', '2021-06-01') > 0 AS activated;
CREATE VIEW placed AS SELECT source, external_id, zone_code, outcome, code FROM report LEFT JOIN zone USING (zone_id)
ORDER BY source COLLATE "C", external_id;

INSERT INTO report (source, external_id, report_day, zone_code, geom) VALUES
	('a', '1', '2021-09-01', 'Tổ 1', NULL), ('a', '2', '2021-09-01', 'TO-01', NULL), ('a', '3', '2021-09-01', E'T\u006f\u0302\u0309 2', NULL),
	('b', '4', '2021-09-01', 'tổ 1', NULL), ('b', '5', '2021-09-01', 'to 1', ST_Point(250, 50, 32648)), ('b', '6', '2021-09-01', 'Z3', NULL),
	('b', '7', '2021-09-01', 'W', NULL), ('b', '8', '2021-09-01', '???', NULL), ('b', '9', '2021-09-01', 'z3', NULL);
SELECT source, spellings, reports, waiting, alias_of FROM unmatched_places ORDER BY source COLLATE "C", place COLLATE "C";

-- one ward's "Tổ 1" is not another's; a known code is never an alias
INSERT INTO zone_alias (alias, zone_code, source) VALUES ('Tổ 1', 'Z1', 'a'), ('Z3', 'Z5', '');
SELECT * FROM placed;
INSERT INTO zone_alias (alias, zone_code) VALUES ('to 1', ' Z2 '), ('tổ hai', 'Z2');
SELECT * FROM placed WHERE source IN ('b', 'early');
-- a later report finds them; a corrected alias moves its reports, a removed one lets them go
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('c', 'x', '2021-09-02', 'tO   001'), ('a', 'y', '2021-09-02', 'TỔ HAI')
RETURNING external_id, outcome, zone_id = (SELECT zone_id FROM zone WHERE code = 'Z2') AS in_z2;
UPDATE zone_alias SET zone_code = 'Z4' WHERE source = 'a';
DELETE FROM zone_alias WHERE folded = 'to hai';
UPDATE zone_alias SET zone_code = 'gone' WHERE folded = 'z 3';
SELECT * FROM placed WHERE source <> 'b' OR external_id = '9';
SELECT place, source, reports, waiting, alias_of FROM unmatched_places ORDER BY source COLLATE "C", place COLLATE "C";

-- what is no alias
INSERT INTO zone_alias (alias, zone_code) VALUES ('TỔ 1', 'Z3');
INSERT INTO zone_alias (alias, zone_code) VALUES ('...', 'Z3');
INSERT INTO zone_alias (alias, zone_code) VALUES ('tổ 9', E' \ufeff ');
BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO zone_alias (alias, zone_code) VALUES ('tổ 9', 'Z3');
ROLLBACK;

-- an alias that is rolled back is not remembered
BEGIN;
SAVEPOINT before;
INSERT INTO zone_alias (alias, zone_code) VALUES ('tổ 9', 'Z3');
INSERT INTO report (report_day, zone_code) VALUES ('2021-09-01', 'tổ 9') RETURNING outcome;
ROLLBACK TO before;
INSERT INTO report (report_day, zone_code) VALUES ('2021-09-01', 'tổ 9') RETURNING outcome;
ROLLBACK;

-- a writer of reports needs no right on the aliases
CREATE ROLE regress_alias_writer;
GRANT USAGE ON SCHEMA regress_alias TO regress_alias_writer;
GRANT INSERT ON report TO regress_alias_writer;
SET ROLE regress_alias_writer;
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('writer', '1', '2021-09-01', 'To 1');
RESET ROLE;
SELECT outcome, code FROM placed WHERE source = 'writer';
DROP SCHEMA regress_alias CASCADE;
DROP ROLE regress_alias_writer;
