-- A map as 0.1.0 makes it, with some of everything: two zone sets, reports of every kind, revisions, aliases, submissions,
-- zone values, assessments, another policy. :map is its name.
SELECT georisk.create_map(:'map', srid => 32648, lang => 'en');
SET search_path = :"map", public;
-- 0.1.0 did not watch for silence, and no upgrade begins with it
SELECT 'UPDATE settings SET silence_limit = NULL' FROM pg_attribute
WHERE attrelid = 'settings'::regclass AND attname = 'silence_limit' \gexec
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || x / 5, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(0, 9) x;
INSERT INTO zone (code, name, level) SELECT 'W' || w, 'Ward ' || w, 'ward' FROM generate_series(0, 1) w;
SELECT georisk.activate_zones(:'map', '2021-06-01');
SELECT georisk.set_day(:'map', '2021-09-06');
INSERT INTO source (source, name, zone_code, date_formats) VALUES ('clinic', 'The clinic', 'W1', '{DD/MM/YYYY}');
INSERT INTO zone_alias (alias, zone_code) VALUES ('Tổ 3', 'G3');
INSERT INTO report (source, external_id, revision, report_day, household, origin, zone_code, geom, withdrawn)
SELECT 'lab', i / 3, i % 3, date '2021-09-06' - i % 20, i % 7, CASE WHEN i % 5 = 0 THEN 'imported' END,
	   CASE WHEN i % 2 = 0 THEN 'G' || i % 10 END, ST_Point(i * 7 % 1100, 50, 32648), i % 31 = 0
FROM generate_series(1, 300) i;
INSERT INTO report_in (external_id, report_day, zone_code) VALUES
	('1', '05/09/2021', 'TO 03'), ('2', '31/02/2021', 'G6'), ('3', '06/09/2021', 'nowhere');
SELECT submission_id FROM georisk.submit_reports(:'map', 'clinic', complete_until => '2021-09-06');
INSERT INTO zone_value (zone_code, name, day, value) VALUES ('G1', 'contact', '2021-09-01', 'yes'), ('G2', 'contact', '2021-09-01', 'no');
SELECT georisk.assess(:'map', '2021-08-30'), georisk.assess(:'map', '2021-09-05');
UPDATE report SET withdrawn = true WHERE external_id = '90';
-- from 1 September on: two groups are one, and one has moved
SELECT georisk.open_draft(:'map', 'September', copy_zones => true);
UPDATE zone SET geom = ST_Multi(ST_MakeEnvelope(800, 0, 1000, 100, 32648)) WHERE zone_set_id = 2 AND code = 'G8';
DELETE FROM zone WHERE zone_set_id = 2 AND code = 'G9';
UPDATE zone SET geom = ST_Multi(ST_MakeEnvelope(0, 0, 70, 100, 32648)) WHERE zone_set_id = 2 AND code = 'G0';
SELECT georisk.activate_zones(:'map', '2021-09-01');
SELECT georisk.assess(:'map', '2021-09-06');
SELECT georisk.open_draft(:'map', 'October', copy_zones => true);
INSERT INTO report_in (source, external_id, report_day) VALUES ('clinic', '9', '07/09/2021');
