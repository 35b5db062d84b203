-- The tier at an address: what the public sees there, for one point or for a list, on a day.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
-- VN-2000 / Ho Chi Minh City, and addresses in longitude and latitude; the groups overlap by a metre, and G9 lies apart.
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
SELECT 900914, 'EPSG', 9210, 'PROJCS["VN-2000",UNIT["metre",1]]', georisk.crs_definition(9210);
SELECT georisk.create_map('regress_tier_at', srid => 900914, lang => 'vi');
SET search_path = regress_tier_at, public;
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Tổ ' || x, NULL, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(600000 + x * 100, 1190000, 600101 + x * 100, 1190100, 900914))
FROM unnest('{8,7,6,5,4,3,2,1}'::integer[]) x;
UPDATE settings SET neighbour_tolerance_m = 2;
INSERT INTO zone (code, name, geom) VALUES ('G9', 'Tổ 9', ST_Multi(ST_MakeEnvelope(602000, 1190000, 602100, 1190100, 900914)));
SELECT georisk.activate_zones('regress_tier_at', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_tier_at', '2021-07-01');
INSERT INTO report (report_day, n, zone_code) VALUES ('2021-07-01', 1, 'G1'), ('2021-07-01', 3, 'G3');
SELECT georisk.announce('regress_tier_at', georisk.assess('regress_tier_at'), valid_from => '2021-07-02') > 0 AS announced;
SELECT georisk.set_day('regress_tier_at', '2021-07-02');
CREATE ROLE regress_shop;
GRANT USAGE ON SCHEMA regress_tier_at TO regress_shop;
GRANT SELECT ON tier_history_public, layer_public, publication_public, zone_set_public TO regress_shop;
SET ROLE regress_shop;
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(600150, 1190050, 900914));
RESET ROLE;
SELECT georisk.publish_tiers('regress_tier_at', 'a notice') AS decided;
SELECT georisk.override_tier('regress_tier_at', 'G9', tier => 'red', reason => 'Nguyen Van Canary', until => '2021-07-05') > 0 AS overruled;
SET ROLE regress_shop;
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(600150, 1190050, 900914));

-- A list: a row each, in order, whatever is wrong with one of them.
SELECT * FROM georisk.tier_at('regress_tier_at', ARRAY[ST_Point(602050, 1190050, 900914), NULL, ST_GeomFromText('POINT EMPTY', 900914),
	ST_Point(0, 0, 900914), ST_GeomFromText('LINESTRING(0 0, 1 1)', 900914), ST_GeomFromText('MULTIPOINT(602050 1190050)', 900914),
	ST_Point('NaN', 1190050, 900914), ST_Point(602050, '-infinity', 900914), ST_GeomFromText('POINT Z (602050 1190050 9)', 900914),
	georisk.in_crs(ST_Point(602050, 1190050, 900914), 4326), ST_Point(500, 91, 4326), ST_Point(0, 0, 4326), ST_Point(600150, 1190050, 900914)]);
SELECT count(*) AS none FROM georisk.tier_at('regress_tier_at', '{}'::geometry[]);
SELECT count(*) AS none FROM georisk.tier_at('regress_tier_at', NULL::geometry[]);
SELECT ordinal, outcome FROM georisk.tier_at('regress_tier_at', NULL::geometry);

-- On borders and in overlaps the lowest number; 1,000 points against the polygons, by another way.
RESET ROLE;
CREATE TABLE address AS SELECT o, ST_Point(600050 + o % 40 * 22.5, 1189990 + o / 40 * 5, 900914) AS point FROM generate_series(0, 999) o;
SELECT count(*) AS wrong FROM georisk.tier_at('regress_tier_at', ARRAY(SELECT point FROM address ORDER BY o)) t JOIN address a ON a.o = t.ordinal - 1
LEFT JOIN LATERAL (SELECT p.* FROM zone_risk_public p WHERE ST_Covers(p.geom, a.point) ORDER BY p.zone_id LIMIT 1) p ON true
WHERE (t.code, t.name, t.tier, t.tier_label, t.tier_color, t.since, t.valid_until)
	IS DISTINCT FROM (p.code, p.name, coalesce(p.tier, 'unknown'), coalesce(p.tier_label, 'chưa rõ'), coalesce(p.tier_color, '#bdbdbd'), p.since, p.valid_until)
   OR (t.outcome = 'found') <> (p.code IS NOT NULL);
SELECT count(*) FILTER (WHERE holds > 1) AS in_several, count(*) FILTER (WHERE holds = 0) AS in_none
FROM (SELECT count(p.zone_id) AS holds FROM address LEFT JOIN zone_risk_public p ON ST_Covers(p.geom, point) GROUP BY o) h;
-- In longitude and latitude the same, but for those on a border.
SELECT count(*) AS otherwise FROM address a
JOIN georisk.tier_at('regress_tier_at', ARRAY(SELECT georisk.in_crs(point, 4326) FROM address ORDER BY o)) t ON a.o = t.ordinal - 1
JOIN georisk.tier_at('regress_tier_at', ARRAY(SELECT point FROM address ORDER BY o)) u USING (ordinal)
WHERE (t.outcome, t.code) IS DISTINCT FROM (u.outcome, u.code)
  AND NOT EXISTS (SELECT FROM zone_risk_public p WHERE ST_DWithin(ST_Boundary(p.geom), a.point, 0.001));

-- Days: as shown then, on the zones of then; with a delay, what was in force so many days before.
SELECT georisk.set_day('regress_tier_at', '2021-07-03');
SELECT georisk.announce('regress_tier_at', georisk.assess('regress_tier_at')) > 0 AS announced;
SELECT georisk.open_draft('regress_tier_at', copy_zones => true) AS draft \gset
UPDATE zone SET code = 'N' || code WHERE zone_set_id = :draft;
SELECT georisk.activate_zones('regress_tier_at', '2021-07-04') > 0 AS activated;
SELECT georisk.set_day('regress_tier_at', '2021-07-04');
SELECT georisk.publish_tiers('regress_tier_at', 'a notice', delay => 1) > 0 AS decided;
SELECT georisk.set_day('regress_tier_at', '2021-07-06');
SELECT georisk.end_publication('regress_tier_at', 'tiers', 'a complaint') > 0 AS ended;
SET ROLE regress_shop;
SELECT t.as_of, string_agg(concat_ws(' ', t.outcome, t.code, t.tier, to_char(t.since, 'DD'), 'until ' || to_char(t.valid_until, 'DD')), ', ' ORDER BY t.ordinal) AS shown
FROM generate_series(date '2021-07-01', '2021-07-06', '1 day') d,
	 georisk.tier_at('regress_tier_at', ARRAY[ST_Point(600150, 1190050, 900914), ST_Point(602050, 1190050, 900914)], d::date) t GROUP BY 1 ORDER BY 1;

-- What is refused.
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050, 900914), '2021-07-07');
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050, 900914), 'infinity');
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050, 900914), '-infinity');
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050));
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050, 990099));
SELECT * FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050, 900914), layer => 'dengue');
SELECT * FROM georisk.tier_at('no such map', ST_Point(602050, 1190050, 900914));
RESET ROLE;

-- A name of a shop's own on the path changes nothing; without a right there is no answer.
CREATE SCHEMA regress_hostile;
CREATE FUNCTION regress_hostile.locate(georisk.zone_index, geometry) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION regress_hostile.ST_SRID(geometry) RETURNS integer LANGUAGE sql AS 'SELECT 900914';
GRANT USAGE ON SCHEMA regress_hostile TO regress_shop;
SET ROLE regress_shop;
SET search_path = regress_hostile, public, pg_catalog;
SELECT code FROM georisk.tier_at('regress_tier_at', public.ST_Point(602050, 1190050, 900914), '2021-07-05');
SELECT code FROM georisk.tier_at('regress_tier_at', public.ST_Point(602050, 1190050), '2021-07-05');
RESET ROLE;
SET search_path = regress_tier_at, public;
REVOKE SELECT ON zone_set_public FROM regress_shop;
SET ROLE regress_shop;
SELECT code FROM georisk.tier_at('regress_tier_at', ST_Point(602050, 1190050, 900914), '2021-07-05');
RESET ROLE;
DROP SCHEMA regress_hostile CASCADE;
DROP TABLE address;
DROP OWNED BY regress_shop;
DROP ROLE regress_shop;
SELECT georisk.drop_map('regress_tier_at', with_reports => true);
DELETE FROM spatial_ref_sys WHERE srid = 900914;

-- A map without a coordinate system.
SELECT georisk.create_map('regress_tier_at', srid => 32648);
SELECT count(*) FROM georisk.tier_at('regress_tier_at', ST_Point(0, 0, 32648));
SELECT outcome FROM georisk.tier_at('regress_tier_at', ST_Point(0, 0, 32648));
SELECT georisk.drop_map('regress_tier_at');
