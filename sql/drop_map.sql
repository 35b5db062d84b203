-- drop_map drops a map, but neither reports nor what stands on it unless told.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\set VERBOSITY default
CREATE SCHEMA regress_other;
SELECT georisk.create_map('regress "d"''rop', lang => 'en');
SET search_path = 'regress "d"''rop', public;

-- nothing in it, nothing on it
BEGIN;
SELECT georisk.drop_map('regress "d"''rop');
SELECT to_regnamespace('"regress ""d""''rop"') IS NULL AS gone;
ROLLBACK;

-- a report, a row that was rejected or a row that waits is not dropped by mistake
BEGIN;
INSERT INTO report_in (report_day) VALUES ('2021-09-06');
SELECT georisk.drop_map('regress "d"''rop');
ROLLBACK;
BEGIN;
INSERT INTO report_in (report_day) VALUES ('soon');
SELECT rejected FROM georisk.submit_reports('regress "d"''rop', 'ward');
SELECT georisk.drop_map('regress "d"''rop');
ROLLBACK;
INSERT INTO report (report_day) VALUES ('2021-09-06'), ('2021-09-07');
SELECT georisk.drop_map('regress "d"''rop');
SELECT georisk.drop_map('regress "d"''rop', with_reports => NULL);
SELECT count(*) FROM report;

-- nor what others made of it
CREATE VIEW regress_other.red AS SELECT code FROM zone_risk WHERE tier = 'red';
CREATE TABLE regress_other.visit (zone_id integer REFERENCES zone);
CREATE FUNCTION regress_other.reports() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM report; END;
CREATE TABLE regress_other.copied (r report);
CREATE TABLE notes (note text);
CREATE VIEW mine AS SELECT code FROM zone;
SET client_min_messages = error; -- of wal_level
CREATE PUBLICATION regress_published FOR TABLE report;
SET client_min_messages = warning;
SELECT georisk.drop_map('regress "d"''rop', with_reports => true);
SELECT georisk.drop_map('regress "d"''rop', with_dependents => true);

-- told, everything goes, its styles too, and nothing else
SELECT georisk.install_qgis_style('zone_risk') IS NOT NULL AS styled;
SELECT count(*) FROM public.layer_styles WHERE f_table_schema = 'regress "d"''rop' AND useasdefault;
CREATE ROLE regress_stranger;
GRANT USAGE ON SCHEMA georisk, public, "regress ""d""'rop" TO regress_stranger;
SET ROLE regress_stranger;
SELECT georisk.drop_map('regress "d"''rop', true, true);
RESET ROLE;
SELECT georisk.drop_map('regress "d"''rop', with_reports => true, with_dependents => true);
SELECT count(*) FROM public.layer_styles WHERE f_table_schema = 'regress "d"''rop';
SELECT to_regclass('regress_other.red') IS NULL AS view_gone, to_regclass('regress_other.visit') IS NOT NULL AS table_there,
	   (SELECT count(*) FROM pg_constraint WHERE conrelid = 'regress_other.visit'::regclass) AS keys;
SELECT georisk.create_map('regress "d"''rop') IS NOT NULL AS made_again;
SELECT georisk.drop_map('regress "d"''rop');

-- what is no map
SELECT georisk.drop_map('regress_other');
SELECT georisk.drop_map('no_such_map');
SELECT georisk.drop_map(NULL);
RESET search_path;
DROP PUBLICATION regress_published;
DROP SCHEMA regress_other CASCADE;
DROP TABLE public.layer_styles;
REVOKE ALL ON SCHEMA georisk, public FROM regress_stranger;
DROP ROLE regress_stranger;
