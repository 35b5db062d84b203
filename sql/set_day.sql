-- set_day pins a map's day and sets its clock, for a replay: what is recorded then is recorded then.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
CREATE ROLE regress_replay_clerk;
SELECT georisk.create_map('regress_replay', srid => 32648, lang => 'en');
SET search_path = regress_replay, public;
GRANT USAGE ON SCHEMA georisk, regress_replay TO regress_replay_clerk;
GRANT INSERT ON report, zone_value TO regress_replay_clerk;
INSERT INTO zone (code, name, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 4) x;

-- Within ten minutes after the moment: the clock runs on from where it is set.
CREATE FUNCTION is_then(moment timestamptz, clock timestamptz) RETURNS boolean IMMUTABLE
RETURN moment >= clock AND moment < clock + interval '10 minutes';

-- In a session whose days are not all of 24 hours long.
SET timezone = 'Europe/Berlin';
SELECT georisk.set_day('regress_replay', clock => '2021-07-01 01:00+07') AS day_of_the_clock;
SELECT day AS pinned FROM settings;
SET timezone = 'UTC';
SELECT georisk.activate_zones('regress_replay', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_replay', '2021-07-02', '2021-07-02 08:00+07');
SET ROLE regress_replay_clerk;
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('a', '1', '2021-07-02', 'G1');
INSERT INTO zone_value (zone_code, name, day, value) VALUES ('G1', 'contact', '2021-07-02', 'no');
RESET ROLE;
COPY report (source, external_id, report_day, zone_code) FROM stdin;
a	2	2021-07-02	G2
\.
INSERT INTO report_in (external_id, report_day, zone_code) VALUES ('1', '2021-07-02', 'G1'), ('2', '2021-07-03', 'G3');
SELECT is_then(submitted_at, '2021-07-02 08:00+07'), placed_by_code, rejected FROM georisk.submit_reports('regress_replay', 'b', complete_until => '2021-07-02');
SELECT georisk.submit_reports('regress_replay', 'b', complete_until => '2021-07-03');
SELECT georisk.assess('regress_replay') AS assessed;

-- The day alone leaves the clock as it runs; UPDATE keeps in report_past until when a row said what it said.
SELECT georisk.set_day('regress_replay', '2021-07-04', '2021-07-04 18:00+07');
SELECT georisk.set_day('regress_replay', '2021-07-05');
UPDATE report SET zone_code = 'G3' WHERE external_id = '2';
SELECT is_then(map_clock, '2021-07-04 18:00+07') FROM georisk.map_clock('regress_replay');
SELECT (SELECT bool_and(is_then(activated_at, '2021-07-01 01:00+07')) FROM zone_set) AS zone_set,
	   (SELECT bool_and(is_then(recorded_at, '2021-07-02 08:00+07')) FROM report) AS report,
	   (SELECT bool_and(is_then(recorded_at, '2021-07-02 08:00+07')) FROM zone_value) AS zone_value,
	   (SELECT bool_and(is_then(known_at, '2021-07-02 08:00+07')) FROM assessment) AS assessment,
	   (SELECT bool_and(is_then(replaced_at, '2021-07-04 18:00+07')) FROM report_past) AS report_past;
-- as it is known now, as it was known before the clock stood there, and as it was assessed
SELECT code, n.tier AS now, b.tier AS before, o.tier AS on_the_day, t.tier AS assessed
FROM zone_risk_at('2021-07-02') n JOIN zone_risk_at('2021-07-02', '2021-07-04 17:59+07') b USING (code)
JOIN zone_risk_at('2021-07-02', '2021-07-02 07:59+07') o USING (code) JOIN assessment_tier t USING (code) ORDER BY code;
SELECT source, day, received FROM data_quality ORDER BY 1, 2;

-- Forward only, and not ahead of the server's clock.
\set VERBOSITY terse
SELECT georisk.set_day('regress_replay', '2021-07-04', '2021-07-04 17:59+07');
\set VERBOSITY default
SELECT georisk.set_day('regress_replay', '2121-07-04', '2121-07-04 18:00+07');
SELECT georisk.set_day('regress_replay', '2021-07-06', 'infinity');
SELECT georisk.set_day('regress_replay', 'infinity', '2021-07-06');
SELECT day, is_then(clock_timestamp() + clock_offset, '2021-07-04 18:00+07') AS runs_on FROM settings;
-- a map that has lived is not set back behind what it recorded
SELECT georisk.set_day('regress_replay');
SELECT day, clock_offset FROM settings;
INSERT INTO report (source, external_id, report_day, zone_code) VALUES ('a', '3', '2021-07-02', 'G1')
RETURNING recorded_at BETWEEN now() AND clock_timestamp() AS by_the_servers_clock;
UPDATE report SET recorded_at = '2022-01-01 00:00Z' WHERE external_id = '3';
DELETE FROM report_past WHERE replaced_at > '2022-01-01';
\set VERBOSITY terse
SELECT georisk.set_day('regress_replay', '2021-12-31', '2021-12-31');
\set VERBOSITY default
SELECT georisk.set_day('regress_replay', '2022-01-01', '2022-01-02 00:00Z');

-- The clock is the owner's; the day belongs to whoever may change the settings.
GRANT SELECT, UPDATE ON settings TO regress_replay_clerk;
SET ROLE regress_replay_clerk;
SELECT georisk.set_day('regress_replay', '2022-01-03', '2022-01-03');
SELECT georisk.set_day('regress_replay', '2022-01-03');
RESET ROLE;

DROP SCHEMA regress_replay CASCADE;
DROP OWNED BY regress_replay_clerk;
DROP ROLE regress_replay_clerk;
