-- Layers are changed in their tables: the views follow, with their grants and what stands on them; what makes no sense is
-- refused, and nothing is changed; names and filters are data, whatever they are made of.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET jit = off;
SET datestyle = ISO;
SET timezone = 'UTC';
CREATE ROLE regress_layer_owner;
CREATE ROLE regress_layer_reader;
CREATE ROLE regress_layer_editor;
GRANT CREATE ON SCHEMA public TO regress_layer_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_layer_owner', current_database()) \gexec
SET ROLE regress_layer_owner;
SELECT georisk.create_map('regress_change', 'alert_counts', srid => 32648, lang => 'en');
SET search_path = regress_change, public;
INSERT INTO zone (code, population, geom) SELECT 'G' || x, 160, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(1, 3) x;
SELECT georisk.activate_zones('regress_change', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_change', '2021-09-06');
ALTER TABLE report ADD COLUMN died boolean, ADD COLUMN "Test ""kind""" text CHECK ("Test ""kind""" IN ('PCR', 'rapid')), ADD COLUMN age integer, ADD COLUMN more json;
INSERT INTO report (external_id, disease, status, onset_day, report_day, n, zone_code, died, "Test ""kind""", age) VALUES
	('1', 'dengue', NULL, '2021-09-01', '2021-09-05', 3, 'G1', true, 'PCR', 70), ('2', 'covid', 'probable', NULL, '2021-09-06', 2, 'G2', false, 'rapid', 8),
	('3', NULL, 'confirmed', '2021-08-01', '2021-09-06', 1, 'G3', NULL, NULL, NULL);
CREATE FUNCTION shown() RETURNS text LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN string_agg(code || ' ' || tier || ' ' || cases, ', ' ORDER BY code) FROM regress_change.zone_risk_dengue; END $$;

-- what is refused when a layer is added; nothing of it stays
SELECT georisk.add_layer('nowhere', 'dengue', 'alert_counts');
SELECT georisk.add_layer('regress_change', NULL, 'alert_counts');
SELECT georisk.add_layer('regress_change', 'dengue', 'no_such_policy');
SELECT georisk.add_layer('regress_change', 'main', 'alert_counts');
SELECT georisk.add_layer('regress_change', ' dengue', 'alert_counts');
SELECT georisk.add_layer('regress_change', repeat('d', 41), 'alert_counts');
SELECT georisk.add_layer('regress_change', 'points', 'alert_counts');
SELECT georisk.add_layer('regress_change', 'at', 'alert_counts');
CREATE TABLE tier_summary_dengue (mine text);
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts');
DROP TABLE tier_summary_dengue;
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', day_column => 'recorded_at');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', disease => '{}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', disease => '{dengue,"-"}');
SELECT georisk.add_layer('regress_change', 'dengue', 'us_cdc_ct_2021');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '["deaths"]');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"deaths": ["died"]}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"deaths": {"dead": [true]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"deaths": {"died": true}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"deaths": {"died": []}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"deaths": {"died": [[true]]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"deaths": {"died": ["perhaps"]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"old": {"age": [70, "many"]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"suspicions": {"status": ["suspekted"]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"tests": {"Test \"kind\"": ["antigen"]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"x": {"more": ["{}"]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"here": {"zone_id": [1]}}');
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts', measures => '{"population": {}}');
SELECT count(*) AS layers, (SELECT count(*) FROM measure) AS measures, (SELECT count(*) FROM layer_policy) AS policies FROM layer;
SELECT relname FROM pg_class WHERE relnamespace = 'regress_change'::regnamespace AND relname ~ 'dengue|points_|_at$';

-- A layer by plain INSERT: it gets the usual measures at once, its views with its first policy.
INSERT INTO layer (layer_id, name, disease) VALUES (2, 'dengue', '{Dengue}');
SELECT to_regclass('zone_risk_dengue') IS NULL AS without_policy, (SELECT count(*) FROM measure WHERE layer_id = 2) AS measures;
SELECT georisk.assess('regress_change', layer => 'dengue');
INSERT INTO layer_policy (layer_id, policy) VALUES (2, georisk.policy('alert_counts'));
SELECT shown();
GRANT USAGE ON SCHEMA regress_change TO regress_layer_reader, regress_layer_editor;
GRANT SELECT ON zone_risk_dengue TO regress_layer_reader;
CREATE VIEW on_top AS SELECT code, tier FROM zone_risk_dengue;
CREATE TABLE seen AS SELECT attname, atttypid, attnum, col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = 'zone_risk_dengue'::regclass;
SET ROLE regress_layer_reader;
SELECT count(*) FROM regress_change.zone_risk_dengue;
SELECT count(*) FROM regress_change.zone_risk;
SELECT count(*) FROM regress_change.layer;
SET ROLE regress_layer_owner;
-- every change shows at once
UPDATE layer SET disease = '{covid}' WHERE name = 'dengue';
SELECT shown();
-- a snapshot older than what another session changed
BEGIN ISOLATION LEVEL REPEATABLE READ;
UPDATE layer SET disease = '{dengue}' WHERE name = 'dengue';
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
INSERT INTO layer_policy (layer_id, valid_from, policy) SELECT layer_id, '2021-09-01', policy FROM layer_policy WHERE layer_id = 2;
ROLLBACK;
-- a name that is taken
SELECT georisk.add_layer('regress_change', 'dengue', 'alert_counts');
UPDATE layer SET name = 'main' WHERE name = 'dengue';
INSERT INTO layer (name) VALUES ('main');
UPDATE layer SET disease = NULL, day_column = 'onset_day' WHERE name = 'dengue';
SELECT shown();
UPDATE layer_policy SET policy = georisk.policy('alert_counts', '{"days": 60, "red": 4}') WHERE layer_id = 2;
SELECT shown();
UPDATE measure SET filter = '{"status": ["probable", "confirmed", null], "died": [true, false]}' WHERE layer_id = 2 AND name = 'cases';
SELECT shown();
INSERT INTO measure VALUES (2, 'tests', '{"Test \"kind\"": ["PCR", "rapid"], "status": ["probable", "confirmed", null]}'), (2, 'of_the_old', '{"age": [70]}');
SELECT measure, code, n FROM zone_day_dengue WHERE measure IN ('tests', 'of_the_old') ORDER BY 1, 2;
UPDATE layer_policy SET policy = 'POLICY test_rate
TIERS green ''green'' ''#1a9641'', red ''red'' ''#d7191c''
COUNT cases, tests
LET rate = cases IN 60 days / tests IN 60 days IF MISSING unknown
BASE
  red   WHEN rate > 0.5
  green OTHERWISE' WHERE layer_id = 2;
SELECT DISTINCT policy FROM zone_risk_dengue;
DELETE FROM measure WHERE layer_id = 2 AND name = 'tests';
UPDATE layer_policy SET policy = georisk.policy('alert_counts', '{"days": 60, "red": 4}') WHERE layer_id = 2;
DELETE FROM measure WHERE layer_id = 2 AND name <> 'cases';
SELECT measure, sum(n) FROM zone_day_dengue GROUP BY 1;
SELECT shown();
-- columns, comments, grants and what stands on the view are still there
SELECT count(*) AS columns, count(*) FILTER (WHERE s IS DISTINCT FROM row(a.attname, a.atttypid, a.attnum, col_description(a.attrelid, a.attnum))::seen) AS differ
FROM (SELECT * FROM pg_attribute WHERE attrelid = 'zone_risk_dengue'::regclass) a FULL JOIN seen s USING (attnum);
SELECT has_table_privilege('regress_layer_reader', 'zone_risk_dengue', 'SELECT') AS granted, (SELECT count(*) FROM on_top) AS on_top;
-- a renamed layer takes its views along
UPDATE layer SET name = 'sốt "xuất" huyết''; --' WHERE name = 'dengue';
SELECT count(*) AS renamed FROM pg_class, (SELECT name AS n FROM layer WHERE layer_id = 2) l WHERE relnamespace = 'regress_change'::regnamespace AND right(relname, length(n)) = n AND relkind = 'v';
SELECT has_table_privilege('regress_layer_reader', 'regress_change."zone_risk_sốt ""xuất"" huyết''; --"', 'SELECT') AS granted, (SELECT count(*) FROM on_top) AS on_top;
SELECT count(*) FROM "zone_risk_at_sốt ""xuất"" huyết'; --"('2021-09-01', now());
SELECT georisk.assess('regress_change', layer => 'sốt "xuất" huyết''; --') AS assessed;
UPDATE layer SET name = 'history' WHERE layer_id = 2;
UPDATE layer SET name = 'dengue' WHERE layer_id = 2;
UPDATE layer SET name = 'covid' WHERE layer_id = 1;
SELECT georisk.assess('regress_change', layer => 'covid') AS assessed, to_regclass('zone_risk') IS NOT NULL AS bare;
SELECT georisk.assess('regress_change', layer => 'main');
SELECT * FROM georisk.verify('regress_change');

-- Filters and diseases made of SQL are compared, and do nothing else.
CREATE TABLE public.regress_secret (told text);
INSERT INTO public.regress_secret VALUES ('secret');
INSERT INTO measure VALUES (2, 'x''; SELECT told FROM public.regress_secret; --', '{"source": ["'') OR EXISTS (SELECT FROM public.regress_secret) --", "$sql$; DROP TABLE public.regress_secret; --", "%1$I %s"], "disease": ["''}''); --", "''; DROP TABLE public.regress_secret; --"]}');
UPDATE layer SET disease = ARRAY['''; DROP TABLE public.regress_secret; --', '"},{b', '$sql$', '%1$I'] WHERE layer_id = 2;
SELECT shown();
INSERT INTO report (external_id, source, disease, report_day, n, zone_code, died) VALUES ('4', '%1$I %s', ''';drop table PUBLIC regress secret', '2021-09-04', 1, 'G2', true);
UPDATE report SET n = 2 WHERE external_id = '4';
SELECT shown(), (SELECT string_agg(DISTINCT measure, ' ') FROM zone_day_dengue), (SELECT count(*) FROM public.regress_secret) AS there;
UPDATE measure SET filter = filter || '{"cases\" OR true --": ["x"]}' WHERE name ~ 'SELECT';
DELETE FROM measure WHERE name ~ 'SELECT';
UPDATE layer SET disease = NULL WHERE layer_id = 2;

-- Who may edit the tables, but does not own the map, cannot make the owner's views read anything.
RESET ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON regress_change.measure, regress_change.layer_policy, regress_change.layer, regress_change.settings TO regress_layer_editor;
GRANT CREATE ON SCHEMA regress_change TO regress_layer_editor;
SET ROLE regress_layer_editor;
UPDATE regress_change.measure SET filter = '{"died": [true]}' WHERE layer_id = 2;
INSERT INTO regress_change.layer (name) VALUES ('mine');
DELETE FROM regress_change.layer_policy;
RESET ROLE;
-- a layer that an administrator adds is the owner's
SELECT georisk.add_layer('regress_change', 'measles', georisk.policy('alert_counts'), '{measles}');
SELECT count(DISTINCT relowner) AS owners, bool_and(relowner = 'regress_layer_owner'::regrole) AS all_the_owners FROM pg_class WHERE relname ~ '_measles$';
SELECT proowner::regrole FROM pg_proc WHERE proname = 'zone_risk_at_measles';

-- What a map cannot do without stays.
SET ROLE regress_layer_owner;
DELETE FROM settings;
TRUNCATE settings;
DELETE FROM layer;
DELETE FROM layer WHERE layer_id = 1;
TRUNCATE layer CASCADE;
TRUNCATE layer_policy;
DELETE FROM layer_policy WHERE layer_id = 2;
UPDATE layer_policy SET layer_id = 1, valid_from = '2021-01-01' WHERE layer_id = 2;
INSERT INTO layer_policy VALUES (2, 'infinity', georisk.policy('alert_counts'));
UPDATE layer SET layer_id = 7 WHERE layer_id = 2;
INSERT INTO layer (layer_id, name) VALUES (0, 'before');
TRUNCATE measure;
INSERT INTO layer_policy VALUES (2, '2021-09-01', $$POLICY regress_other
TIERS green 'green' '#1a9641', red 'red' '#d7191c'
NUMBER cases IF MISSING unknown
BASE
  red   WHEN cases > 20
  green OTHERWISE$$);
SELECT georisk.drop_layer('regress_change', 'covid', true);
SELECT georisk.drop_layer('regress_change', 'cholera');
-- and a layer goes when nothing stands on it
SELECT georisk.drop_layer('regress_change', 'dengue');
DELETE FROM layer WHERE name = 'dengue';
SELECT georisk.drop_layer('regress_change', 'dengue', with_assessments => true);
DROP VIEW on_top;
SELECT georisk.drop_layer('regress_change', 'dengue', with_assessments => true);
DELETE FROM layer WHERE name = 'measles';
SELECT relname FROM pg_class WHERE relnamespace = 'regress_change'::regnamespace AND relname ~ 'dengue|measles';
SELECT count(*) AS layers, (SELECT count(*) FROM measure) AS measures, (SELECT count(*) FROM layer_policy) AS policies, (SELECT count(*) FROM assessment) AS assessments,
	   (SELECT count(*) FROM zone_risk) AS zones FROM layer;

RESET ROLE;
RESET search_path;
DROP SCHEMA regress_change CASCADE;
DROP TABLE public.regress_secret;
REVOKE CREATE ON SCHEMA public FROM regress_layer_owner;
SELECT format('REVOKE CREATE ON DATABASE %I FROM regress_layer_owner', current_database()) \gexec
DROP ROLE regress_layer_owner, regress_layer_reader, regress_layer_editor;
