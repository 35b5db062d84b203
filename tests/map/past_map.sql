-- A second map, whose policy looks at earlier reviews, counts working days by a calendar and enters tiers.
SELECT georisk.create_map('past_map', srid => 32648, lang => 'en');
SET search_path = past_map, public;
UPDATE layer_policy SET policy = 'POLICY switched   REVIEW daily LAG 1 day IN FORCE 1 day LATER
TIERS  green, yellow, orange, red
COUNT  cases
YESNO  checked   KEEP 3 days   IF MISSING no
DAYS   working = monday TO saturday EXCEPT CALENDAR holidays
BASE   yellow WHEN cases IN 7 days >= 1 green OTHERWISE
NOT BELOW previous WHEN checked
ENTER orange WHEN cases IN 5 working days >= 3 ON 2 days RUNNING   EFFECTIVE 2 days LATER
LEAVE orange WHEN cases IN 5 working days < 3 ON 3 working days RUNNING   EFFECTIVE 1 working day LATER
ENTER red    WHEN cases IN 7 days >= 6
LEAVE red    WHEN cases IN 7 days < 4';
INSERT INTO zone (code, geom)
SELECT 'P' || x, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(0, 9) x;
SELECT georisk.activate_zones('past_map', '2021-06-01');
SELECT georisk.set_day('past_map', '2021-09-06');
INSERT INTO report (source, external_id, report_day, zone_code)
SELECT 'lab', i, date '2021-09-04' - i * i % 40, 'P' || i * 7 % 10 FROM generate_series(1, 120) i;
INSERT INTO zone_value (zone_code, name, day, value)
SELECT code, 'holidays', day, 'yes' FROM zone, unnest('{2021-08-03,2021-08-04,2021-08-05,2021-08-18,2021-08-19,2021-08-24,2021-09-02,2021-09-03}'::date[]) day;
INSERT INTO zone_value (zone_code, name, day, value) SELECT code, 'checked', '2021-08-30', 'yes' FROM zone WHERE code < 'P5';
