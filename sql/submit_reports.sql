-- Reports as people have them: every row gets one outcome, and the outcomes add up to what came in.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'America/Los_Angeles';
SET datestyle = 'SQL, MDY';
CREATE ROLE regress_clerk;
SELECT georisk.create_map('regress_in', srid => 32648, lang => 'en');
SET search_path = regress_in, public;
SELECT georisk.set_day('regress_in', '2021-09-06') \g /dev/null
-- Rows received are rows in report, in rejected_report or duplicates: of each submission, and as data_quality tells it.
CREATE VIEW lost AS
SELECT s.submission_id, s.received, (SELECT count(*) FROM report r WHERE r.submission_id = s.submission_id) AS reports,
	   s.duplicate, (SELECT count(*) FROM rejected_report j WHERE j.submission_id = s.submission_id) AS rejected
FROM submission s
WHERE s.received <> s.duplicate + (SELECT count(*) FROM report r WHERE r.submission_id = s.submission_id)
	+ (SELECT count(*) FROM rejected_report j WHERE j.submission_id = s.submission_id)
UNION ALL
SELECT NULL, sum(q.received), NULL, NULL, NULL FROM data_quality q
HAVING sum(q.received) <> (SELECT sum(s.received) FROM submission s) + (SELECT count(*) FROM report WHERE submission_id IS NULL)
	OR sum(q.received) <> sum(placed_by_code + placed_by_point + outside + no_place + unknown_code + bad_point + not_precise
		+ waiting + lost_in_boundary_change + superseded + withdrawn + duplicate + rejected);
\set nothing_lost 'SELECT count(*) = 0 AS nothing_lost FROM lost;'

-- before there are zones, reports wait; so do rows that name another source
INSERT INTO report_in (source, external_id, report_day, zone_code) VALUES
	('early', '1', '2021-09-01', 'Z1'), (NULL, '2', '2021-09-01', 'Z1'), (E' \ufeffearly\r', '3', '2021-09-01', ''), ('other', '1', '2021-09-01', 'Z1');
SELECT source, waiting FROM reporting ORDER BY source COLLATE "C";
SELECT received, waiting FROM georisk.submit_reports('regress_in', 'early');
SELECT source, external_id FROM report_in;
INSERT INTO zone (code, parent_code, geom)
SELECT 'Z' || x, 'W' || x % 2, ST_Multi(ST_MakeEnvelope(680000 + x * 100, 1190000, 680000 + x * 100 + 100, 1190100, 32648))
FROM generate_series(1, 5) x UNION ALL SELECT 'W' || x, NULL, NULL FROM generate_series(0, 1) x;
SELECT georisk.activate_zones('regress_in', '2021-06-01') > 0 AS activated;
DELETE FROM report_in;
:nothing_lost

-- what a source declares: Vietnamese dates, decimal commas, its own coordinates
INSERT INTO source (source, date_formats, decimal_comma, srid, zone_code) VALUES
	('vn', '{DD/MM/YYYY}', true, 4326, 'W1'), ('iso', '{YYYY-MM-DD,YYYY-MM-DDTHH:MI:SSTZ}', false, NULL, NULL);
INSERT INTO source (source, date_formats) VALUES ('us', '{DD/MM/YYYY,MM/DD/YYYY}');
INSERT INTO source (source) VALUES (' padded ');
SELECT ST_X(p) AS x, ST_Y(p) AS y FROM ST_Transform(ST_Point(680150, 1190050, 32648), 4326) p
\gset
INSERT INTO report_in (external_id, report_day, zone_code, x, y, srid, geom, n, note) VALUES
	('code', E'\ufeff05/09/2021\r', E'\u00a0Z1 ', NULL, NULL, NULL, NULL, '3,0', 'cộng ' || normalize('Tổ', NFD)),
	('point', '5/9/2021', NULL, replace(:'x', '.', ','), replace(:'y', '.', ','), NULL, NULL, '', NULL),
	('swapped', '05/09/2021', NULL, replace(:'y', '.', ','), replace(:'x', '.', ','), NULL, NULL, NULL, NULL),
	('own srid', '05/09/2021', NULL, '680250', '1190050,5', '32648', NULL, NULL, NULL),
	('own srid swapped', '05/09/2021', NULL, '1190050', '680250', '32648', NULL, NULL, NULL),
	('zero', '05/09/2021', NULL, '0', '0', NULL, NULL, NULL, NULL),
	('zero, but a code', '05/09/2021', 'Z2', '0,0', '0,0', NULL, NULL, NULL, NULL),
	('abroad', '05/09/2021', NULL, '2,35', '48,85', NULL, NULL, NULL, NULL),
	('next door', '05/09/2021', NULL, '680700', '1190050', '32648', NULL, NULL, NULL),
	('no such latitude', '05/09/2021', NULL, '300', '200', NULL, NULL, NULL, NULL),
	('no number', '05/09/2021', 'Z9', '106.7 E', '10.7 N', NULL, NULL, NULL, NULL),
	('half a point', '05/09/2021', NULL, '106,7', NULL, NULL, NULL, NULL, NULL),
	('unknown srid', '05/09/2021', NULL, '1', '1', '123456', NULL, NULL, NULL),
	('srid that is none', '05/09/2021', 'Z1', '1', '1', 'WGS84', NULL, NULL, NULL),
	('wkt', '05/09/2021', NULL, NULL, NULL, '32648', 'Point (680350 1190050)', NULL, NULL),
	('ewkt', '05/09/2021', NULL, NULL, NULL, NULL, 'SRID=32648;POINT(680350 1190050)', NULL, NULL),
	('wkb', '05/09/2021', NULL, NULL, NULL, NULL, ST_Point(680350, 1190050, 32648)::text, NULL, NULL),
	('no point', '05/09/2021', NULL, NULL, NULL, NULL, 'LINESTRING(0 0, 1 1)', NULL, NULL),
	('nothing', '05/09/2021', ' ', ' ', '', NULL, NULL, NULL, NULL);
SELECT received, placed_by_code, placed_by_point, outside, bad_point, unknown_code, no_place, rejected
FROM georisk.submit_reports('regress_in', 'vn', file => 'sáng.csv', complete_until => '2021-09-05');
SELECT r.external_id, r.report_day::text, r.n, r.outcome, z.code, r.hint, r.given IS NOT NULL AS as_it_came
FROM report r LEFT JOIN zone z USING (zone_id) WHERE source = 'vn' ORDER BY report_id;
SELECT note = normalize('cộng Tổ', NFC) AS composed FROM report WHERE external_id = 'code';
SELECT given FROM report WHERE external_id = 'no number';
SELECT hint, georisk.intake_hint(hint, 'en') AS en, georisk.intake_hint(hint, 'vi') <> '' AS vi FROM (SELECT DISTINCT hint COLLATE "C" FROM report) h (hint) WHERE hint <> '' ORDER BY 1;
:nothing_lost

-- what is no report is rejected, with its line, the reason and the row as it came; an instant has a local day
INSERT INTO report_in (external_id, report_day, onset_day, n, revision, withdrawn, status, setting, line) VALUES
	('good', '2021-09-01', NULL, NULL, NULL, NULL, 'Confirmed ', 'RESIDENCE', '2'),
	('no day', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '3'), ('other format', '01/09/2021', NULL, NULL, NULL, NULL, NULL, NULL, '4'),
	('no such day', '2021-02-30', NULL, NULL, NULL, NULL, NULL, NULL, '5'), ('year 21', '0021-09-01', NULL, NULL, NULL, NULL, NULL, NULL, '6'),
	('tomorrow', '2021-09-07', NULL, NULL, NULL, NULL, NULL, NULL, '7'), ('today', '2021-09-06', NULL, NULL, NULL, NULL, NULL, NULL, '8'),
	('onset', '2021-09-01', 'August', NULL, NULL, NULL, NULL, NULL, '9'), ('count', '2021-09-01', NULL, '-1', NULL, NULL, NULL, NULL, '10'),
	('half', '2021-09-01', NULL, '1.5', NULL, NULL, NULL, NULL, '11'), ('many', '2021-09-01', NULL, '9999999999', NULL, NULL, NULL, NULL, '12'),
	('revision', '2021-09-01', NULL, NULL, 'second', NULL, NULL, NULL, '13'), ('word', '2021-09-01', NULL, NULL, NULL, NULL, 'F0', NULL, '14'),
	('withdrawn', '2021-09-01', NULL, NULL, NULL, 'maybe', NULL, NULL, '15'), (NULL, NULL, NULL, NULL, NULL, 'true', NULL, NULL, '16'),
	(repeat('x', 2000), '2021-09-01', NULL, NULL, NULL, NULL, NULL, NULL, '17'), ('external_id', 'report_day', 'onset_day', 'n', 'revision', 'withdrawn', 'status', 'setting', '18'),
	('instant', '2021-08-31T17:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL, '19'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no line');
SELECT received, no_place, rejected FROM georisk.submit_reports('regress_in', 'iso');
SELECT line, reason, left(detail, 40) AS detail, hint FROM rejected_report ORDER BY rejected_id;
SELECT original FROM rejected_report WHERE line = 6;
SELECT external_id, report_day = '2021-09-01' AS first_of_september, status, setting FROM report WHERE source = 'iso' ORDER BY 1;
:nothing_lost

-- duplicates, within a file and against the map; the same revision with another content; rows without a number
CREATE TABLE list (external_id text, revision text, report_day text, zone_code text, withdrawn text);
INSERT INTO list VALUES ('a', NULL, '2021-09-01', 'Z1', NULL), ('a', '1', '2021-09-01', ' Z1', 'no'), ('b', '1', '2021-09-01', 'Z1', NULL),
	('b', '1', '2021-09-02', 'Z1', NULL), (NULL, NULL, '2021-09-01', 'Z2', NULL), (NULL, NULL, '2021-09-01', 'Z2', NULL), (NULL, NULL, '2021-09-02', 'Z2', NULL);
INSERT INTO report_in (external_id, revision, report_day, zone_code, withdrawn) SELECT * FROM list;
SELECT received, placed_by_code, duplicate, rejected FROM georisk.submit_reports('regress_in', 'twice');
INSERT INTO report_in (external_id, revision, report_day, zone_code, withdrawn) SELECT * FROM list ORDER BY zone_code DESC, report_day DESC;
SELECT received, placed_by_code, duplicate, rejected FROM georisk.submit_reports('regress_in', 'twice');
SELECT external_id, report_day::text, outcome FROM report WHERE source = 'twice' AND external_id !~ '^row:' ORDER BY 1;
-- a third of the same content is new; and where the source says so, all are
INSERT INTO report_in (external_id, revision, report_day, zone_code, withdrawn) SELECT * FROM list WHERE external_id IS NULL UNION ALL SELECT NULL, NULL, '2021-09-01', 'Z2', NULL;
SELECT received, placed_by_code, duplicate FROM georisk.submit_reports('regress_in', 'twice');
INSERT INTO source (source, same_row_is_same) VALUES ('unnumbered', false);
INSERT INTO report_in (report_day, zone_code) VALUES ('2021-09-01', 'Z2'), ('2021-09-01', 'Z2');
SELECT received, placed_by_code, duplicate FROM georisk.submit_reports('regress_in', 'unnumbered');
:nothing_lost

-- revisions 3, 1, 2: 3 holds; a withdrawal before its report, twice, and opened again
INSERT INTO report_in (external_id, revision, report_day, zone_code) VALUES ('r', '3', '2021-09-01', 'Z3'), ('r', '1', '2021-09-01', 'Z1');
SELECT received, placed_by_code, superseded FROM georisk.submit_reports('regress_in', 'rev');
INSERT INTO report_in (external_id, revision, report_day, zone_code) VALUES ('r', '2', '2021-09-01', 'Z2');
SELECT received, placed_by_code, superseded FROM georisk.submit_reports('regress_in', 'rev');
INSERT INTO report_in (external_id, withdrawn) VALUES ('w', 'yes'), ('w', 't');
SELECT received, withdrawn, duplicate FROM georisk.submit_reports('regress_in', 'rev');
INSERT INTO report_in (external_id, report_day, zone_code) VALUES ('w', '2021-09-01', 'Z1');
SELECT received, placed_by_code, superseded FROM georisk.submit_reports('regress_in', 'rev');
SELECT external_id, revision, outcome FROM report WHERE source = 'rev' ORDER BY 1, 2;
SELECT georisk.set_day('regress_in', '2021-09-07') \g /dev/null
INSERT INTO report_in (external_id, revision, withdrawn, report_day) VALUES ('w', NULL, '1', NULL), ('w', '3', NULL, '2021-09-02');
SELECT received, duplicate, no_place FROM georisk.submit_reports('regress_in', 'rev');
:nothing_lost

-- labels, receipts, who reports and until when
INSERT INTO report_in (submission, external_id, report_day) VALUES ('sáng', '1', '2021-09-01'), ('chiều', '2', '2021-09-01');
SELECT received, label FROM georisk.submit_reports('regress_in', 'iso', label => 'chiều');
SELECT received, complete_until::text FROM georisk.submit_reports('regress_in', 'vn', complete_until => '2021-09-07');
SELECT received, complete_until::text FROM georisk.submit_reports('regress_in', 'vn', complete_until => '2021-09-01');
INSERT INTO report_in (source) VALUES ('iso');
SELECT source, zone_code, submissions, last_file, complete_until::text, days_behind, received, waiting, rejected FROM reporting ORDER BY source COLLATE "C";
SELECT source, parent_code, received, placed_by_code, placed_by_point, superseded, duplicate, rejected, with_hint, point_disagrees
FROM data_quality ORDER BY source COLLATE "C", parent_code COLLATE "C";
SELECT submitted_by = session_user AS who, abs(extract(epoch FROM clock_timestamp() - submitted_at)) < 600 AS recent FROM submission WHERE file = 'sáng.csv';
\set VERBOSITY sqlstate
UPDATE submission SET received = received + 1;
\set VERBOSITY default
:nothing_lost

-- arguments that are none change nothing
SELECT received FROM georisk.submit_reports('no_such_map', 'x');
SELECT received FROM georisk.submit_reports(NULL, 'x');
SELECT received FROM georisk.submit_reports('regress_in', E' \ufeff');
SELECT received FROM georisk.submit_reports('regress_in', 'vn', complete_until => '2021-09-08');
SELECT received FROM georisk.submit_reports('regress_in', 'vn', complete_until => 'infinity');
-- all or nothing: what report refuses goes back to report_in
ALTER TABLE report ADD CONSTRAINT ours CHECK (household <> 'x');
INSERT INTO report_in (source, external_id, report_day, household) VALUES ('cons', '1', '2021-09-01', 'x'), ('cons', '2', '2021-09-01', 'y');
\set VERBOSITY sqlstate
SELECT received FROM georisk.submit_reports('regress_in', 'cons');
\set VERBOSITY default
SELECT count(*) AS waiting FROM report_in WHERE source = 'cons';
ALTER TABLE report DROP CONSTRAINT ours;
-- twice in one transaction, and with the settings of the planner as they were
BEGIN;
SELECT received FROM georisk.submit_reports('regress_in', 'cons');
SELECT received FROM georisk.submit_reports('regress_in', 'cons');
SHOW enable_seqscan;
SHOW enable_nestloop;
COMMIT;
:nothing_lost

-- a clerk with the rights that the comment names, and a table of the same name in the way
GRANT USAGE ON SCHEMA regress_in TO regress_clerk;
GRANT SELECT ON settings, source, zone, zone_set, report TO regress_clerk;
GRANT INSERT ON report, rejected_report, report_in TO regress_clerk;
GRANT SELECT, INSERT, UPDATE ON submission TO regress_clerk;
GRANT SELECT, DELETE ON report_in TO regress_clerk;
SET ROLE regress_clerk;
CREATE TEMP TABLE georisk_intake (x integer);
INSERT INTO report_in (external_id, report_day, zone_code) VALUES ('1', '2021-09-01', 'Z1'), ('2', 'x', 'Z1');
SELECT received, placed_by_code, rejected FROM georisk.submit_reports('regress_in', 'clerk');
RESET ROLE;
DROP SCHEMA regress_in CASCADE;
DROP ROLE regress_clerk;
