-- The small map goes on: a submission, two assessments, borders that move by 30 m, an announcement and an override.
SET search_path = 'My "Map"', public;
INSERT INTO zone_alias (alias, zone_code) VALUES ('Group five', 'G5');
INSERT INTO report_in (external_id, report_day, zone_code) VALUES ('a', '2021-09-05', 'group 5'), ('b', '2021-08-20', 'group FIVE'), ('c', 'soon', 'G1');
SELECT georisk.submit_reports('My "Map"', 'clinic');
SELECT georisk.assess('My "Map"', '2021-08-20'), georisk.assess('My "Map"');
UPDATE report SET n = 2 WHERE report_id % 50 = 0;
SELECT georisk.open_draft('My "Map"');
INSERT INTO zone (code, parent_code, population, geom)
SELECT 'G' || x, 'W', 160, ST_Multi(ST_MakeEnvelope(x * 100 + 30, 0, x * 100 + 130, 100, 32648)) FROM generate_series(0, 9) x;
INSERT INTO zone (code) VALUES ('W');
SELECT georisk.activate_zones('My "Map"', '2021-08-28');
SELECT georisk.announce('My "Map"', georisk.assess('My "Map"'), title => 'Notice'), georisk.override_tier('My "Map"', 'G1',
	floor => 'red', reason => 'a market', until => '2021-09-09');
