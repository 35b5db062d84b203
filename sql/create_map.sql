-- create_map makes a plain schema that its creator owns; activate_zones checks and freezes the zones.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE ROLE regress_map_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_map_owner;
GRANT USAGE ON SCHEMA georisk TO regress_map_owner;
SET ROLE regress_map_owner;

SELECT georisk.create_map('regress_d1', srid => 32648);
SELECT c.relname, c.relkind, pg_get_userbyid(c.relowner) = 'regress_map_owner' AS mine
FROM pg_class c WHERE c.relnamespace = 'regress_d1'::regnamespace AND c.relkind IN ('r', 'v') ORDER BY 1;
SELECT srid, timezone, lang, day, made_by = (SELECT extversion FROM pg_extension WHERE extname = 'georisk') AS made_by
FROM regress_d1.settings;
SELECT valid_from, policy::text = georisk.policy('vn_hcmc_2716_2021')::text AS copied FROM regress_d1.layer_policy;

-- every table, view and column is explained, and nothing of a map belongs to the extension
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'regress_d1'::regnamespace AND c.relkind IN ('r', 'v')
  AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL);
SELECT count(*) FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relnamespace = 'regress_d1'::regnamespace;

-- arguments that make no map
SELECT georisk.create_map('regress_d1');
SELECT georisk.create_map(NULL);
SELECT georisk.create_map('');
SELECT georisk.create_map('pg_d1');
SELECT georisk.create_map(repeat('m', 64));
SELECT georisk.create_map('regress_d2', policy => 'no_such_policy');
SELECT georisk.create_map('regress_d2', policy => NULL::text);
SELECT georisk.create_map('regress_d2', srid => 999999);
SELECT georisk.create_map('regress_d2', timezone => 'Asia/Saigon_City');
SELECT georisk.create_map('regress_d2', lang => 'fr');
SELECT to_regnamespace('regress_d2') IS NULL AS nothing_made;

-- a name that needs quotes, and a policy with parameters of one's own
SELECT georisk.create_map('regress "d"''2', georisk.policy('alert_counts', '{"days": 7}'), lang => 'en');
SELECT count(*) FROM "regress ""d""'2".zone_risk;
DROP SCHEMA "regress ""d""'2" CASCADE;

-- a policy that counts by names of its own begins with what these are
SELECT georisk.create_map('regress_d2', $$POLICY regress_beds TIERS green 'green', red 'red' COUNT hospitalised
BASE red WHEN hospitalised IN 7 days >= 1 green OTHERWISE$$::georisk.risk_policy);
SELECT georisk.create_map('regress_d2', measures => '["hospitalised"]');
SELECT georisk.create_map('regress_d2', measures => '{"hospitalised": {"ward": ["ICU"]}}');
BEGIN;
SELECT georisk.create_map('regress_d2', $$POLICY regress_beds TIERS green 'green', red 'red' COUNT hospitalised
BASE red WHEN hospitalised IN 7 days >= 1 green OTHERWISE$$::georisk.risk_policy, measures => '{"hospitalised": {"setting": ["hospital"]}}');
SELECT name, filter FROM regress_d2.measure ORDER BY name COLLATE "C";
ROLLBACK;

-- zones join the draft
SELECT georisk.activate_zones('regress_d1', '2021-06-01');
INSERT INTO regress_d1.zone (code, name, level, geom)
SELECT 'W' || w, 'Ward ' || w, 'ward', ST_Multi(ST_MakeEnvelope(w * 200, 0, w * 200 + 200, 200, 32648))
FROM generate_series(1, 2) w;
INSERT INTO regress_d1.zone (code, name, parent_code, level, geom)
SELECT format('W%s-%s', x / 2, x % 2 * 2 + y), 'Group', 'W' || x / 2, 'group',
	   ST_Multi(ST_MakeEnvelope(x * 100, y * 100, x * 100 + 100, y * 100 + 100, 32648))
FROM generate_series(2, 5) x, generate_series(0, 1) y;
SELECT count(*), count(DISTINCT zone_set_id) AS sets FROM regress_d1.zone;
SELECT count(*) FROM regress_d1.zone_draft;

-- what is wrong is refused, named, and changes nothing
INSERT INTO regress_d1.zone (code, geom) VALUES
	('bow-tie', ST_SetSRID('MULTIPOLYGON(((0 0, 100 100, 100 0, 0 100, 0 0)))'::geometry, 32648)),
	(' W1-0 ', ST_Multi(ST_MakeEnvelope(0, 500, 100, 600, 32648)));
INSERT INTO regress_d1.zone (code, parent_code, geom) VALUES ('stray', 'W9', ST_Multi(ST_MakeEnvelope(0, 700, 100, 800, 32648)));
SELECT georisk.activate_zones('regress_d1', '2021-06-01');
SELECT name, activated_at, index IS NULL AS no_index FROM regress_d1.zone_set;
SELECT count(*) FROM regress_d1.zone_risk;
DELETE FROM regress_d1.zone WHERE code IN ('bow-tie', ' W1-0 ', 'stray');
SELECT georisk.activate_zones('regress_d1', NULL);
SELECT georisk.activate_zones('regress_d1', 'infinity');
SELECT georisk.activate_zones('no_such_map', '2021-06-01');
SELECT georisk.activate_zones(NULL, '2021-06-01');

SELECT georisk.activate_zones('regress_d1', '2021-06-01');
SELECT name, valid_from, valid_to, georisk.locate(index, ST_Point(250, 50, 32648)) AS located FROM regress_d1.zone_set;
SELECT attstorage = 'e' AS stored_external FROM pg_attribute
WHERE attrelid = 'regress_d1.zone_set'::regclass AND attname = 'index';
SELECT z.code, p.code AS parent, z.is_leaf FROM regress_d1.zone z LEFT JOIN regress_d1.zone p ON p.zone_id = z.parent_id
ORDER BY z.zone_id;

-- and it stays as it is
SELECT georisk.activate_zones('regress_d1', '2021-07-01');
UPDATE regress_d1.zone SET population = 1;
DELETE FROM regress_d1.zone;
INSERT INTO regress_d1.zone (code) VALUES ('late');
TRUNCATE regress_d1.zone;
UPDATE regress_d1.zone_set SET valid_from = '2020-01-01';
DELETE FROM regress_d1.zone_set;
UPDATE regress_d1.zone_set SET name = 'as of June';
SELECT zone_set, count(*) FROM regress_d1.zone_risk GROUP BY 1;

-- a parent without a polygon is no error
SELECT georisk.create_map('regress_d2');
INSERT INTO regress_d2.zone (code, parent_code, geom) VALUES
	('city', NULL, NULL), ('a', 'city', ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326))),
	('b', 'city', ST_Multi(ST_MakeEnvelope(1, 0, 2, 1, 4326)));
SELECT georisk.activate_zones('regress_d2', '2021-06-01') > 0 AS activated;
SELECT code, parent_code FROM regress_d2.zone_risk ORDER BY 1;

DROP SCHEMA regress_d1 CASCADE;
DROP SCHEMA regress_d2 CASCADE;
RESET ROLE;
REVOKE ALL ON DATABASE :DBNAME FROM regress_map_owner;
REVOKE ALL ON SCHEMA georisk FROM regress_map_owner;
DROP ROLE regress_map_owner;
