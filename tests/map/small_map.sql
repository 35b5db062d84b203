-- A map of ten groups whose name needs quotes, with reports that ended in several ways.
SELECT georisk.create_map('My "Map"', srid => 32648, lang => 'en');
SET search_path = 'My "Map"', public;
INSERT INTO zone (code, parent_code, population, geom)
SELECT 'G' || x, 'W', 160, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(0, 9) x;
INSERT INTO zone (code) VALUES ('W');
SELECT georisk.activate_zones('My "Map"', '2021-06-01');
SELECT georisk.set_day('My "Map"', '2021-09-06');
INSERT INTO report (source, external_id, revision, report_day, household, zone_code, geom, withdrawn)
SELECT 'lab', i / 3, i % 3, date '2021-09-06' - i % 20, i % 7, CASE WHEN i % 2 = 0 THEN 'G' || i % 10 END,
	   ST_Point(i * 7 % 1100, 50, 32648), i % 31 = 0
FROM generate_series(1, 300) i;
INSERT INTO zone_value (zone_code, name, day, value) VALUES ('G1', 'contact', '2021-09-01', 'yes'), ('G2', 'contact', '2021-09-01', 'no');
