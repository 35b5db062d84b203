-- The public sees what was announced, from the day on which it was decided to show it, and nothing else.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
SELECT georisk.create_map('regress_publish', srid => 32648, lang => 'en');
SET search_path = regress_publish, public;
INSERT INTO zone (code, name, level) VALUES ('W1', 'Ward 1', 'ward'), ('W2', 'Ward 2', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || 1 + x / 4, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 6) x;
SELECT georisk.activate_zones('regress_publish', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_publish', '2021-07-01');
INSERT INTO report (external_id, report_day, n, zone_code) VALUES
	('a', '2021-07-01', 1, 'G1'), ('b', '2021-07-01', 2, 'G2'), ('c', '2021-07-01', 3, 'G3');
SELECT georisk.announce('regress_publish', georisk.assess('regress_publish')) AS announced;
CREATE ROLE regress_resident;
GRANT USAGE ON SCHEMA regress_publish TO regress_resident;
GRANT SELECT ON zone_risk_public, tier_history_public, layer_public, publication_public, zone_set_public TO regress_resident;

-- Announced is not published: grey, and every zone is there.
SELECT code, tier_rank, tier, tier_label, tier_color, since, valid_until, announced_on, day, zone_set, ST_Area(geom) FROM zone_risk_public;
SELECT count(*) AS days FROM tier_history_public;
SELECT count(*) AS published FROM publication_public;

-- What is refused, and leaves nothing.
SELECT georisk.publish_tiers('regress_publish', ' ');
SELECT georisk.publish_tiers('regress_publish', NULL);
SELECT georisk.publish_tiers('regress_publish', 'a notice', -1);
SELECT georisk.publish_tiers('regress_publish', 'a notice', NULL);
SELECT georisk.publish_tiers('regress_publish', 'a notice', valid_from => '2021-06-30');
SELECT georisk.publish_tiers('regress_publish', 'a notice', valid_from => 'infinity');
SELECT georisk.publish_tiers('regress_publish', 'a notice', layer => 'dengue');
SELECT georisk.publish_tiers('no such map', 'a notice');
SELECT georisk.end_publication('regress_publish', 'tiers', 'nobody began it');
SELECT georisk.end_publication('regress_publish', 'names', 'no such thing');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT georisk.publish_tiers('regress_publish', 'a notice');
ROLLBACK;
\set VERBOSITY terse
INSERT INTO publication (layer_id, what, kind, delay, ground) VALUES (1, 'tiers', 'begin', NULL, 'no delay');
INSERT INTO publication (layer_id, what, kind, delay, k, ground) VALUES (1, 'counts', 'begin', 0, 2, 'fewer than 3');
INSERT INTO publication (layer_id, what, kind, delay, ground) VALUES (1, 'counts', 'begin', 0, 'no k');
\set VERBOSITY default
SELECT count(*) AS decided FROM publication;

-- From a day to come on; by whom and when is written down, whoever writes the row, and stays.
SELECT georisk.publish_tiers('regress_publish', ' Notice 12 ', valid_from => '2021-07-02') AS decided;
INSERT INTO publication (layer_id, what, kind, delay, ground, valid_from, day, decided_at, decided_by)
VALUES (1, 'tiers', 'begin', 0, 'Notice 12, by hand', '2021-07-02', '2020-01-01', '2020-01-01', 'somebody')
RETURNING publication_id, what, kind, k, delay, ground, valid_from, day, decided_at > '2020-01-02' AS now, decided_by = current_user AS by_me;
UPDATE publication SET ground = 'another';
DELETE FROM publication;
TRUNCATE publication;
SELECT string_agg(DISTINCT tier, ', ') AS still_grey FROM zone_risk_public;

-- The public's own rights: these views, and nothing that they read.
SELECT georisk.set_day('regress_publish', '2021-07-02');
SET ROLE regress_resident;
SELECT code, tier_rank, tier, tier_label, tier_color, since, valid_until, announced_on, day FROM zone_risk_public;
SELECT layer_id, layer, is_first, day, lang, srid FROM layer_public;
SELECT * FROM publication_public;
SELECT zone_set_id, zone_set, first_day, last_day FROM zone_set_public;
SELECT count(*) FROM zone_risk;
SELECT count(*) FROM announced_tier;
SELECT count(*) FROM decision;
SELECT count(*) FROM publication;
SELECT count(*) FROM assessment;
SELECT count(*) FROM report;
SELECT count(*) FROM settings;
RESET ROLE;
SELECT string_agg(c.relname, ', ' ORDER BY c.relname) AS without_a_barrier FROM pg_class c
WHERE c.relnamespace = 'regress_publish'::regnamespace AND c.relkind = 'v' AND c.relname ~ '_public'
  AND NOT coalesce('security_barrier=true' = ANY (c.reloptions), false);

-- What is not announced changes no byte of it; nor does what is announced for a day to come.
CREATE VIEW bytes AS SELECT md5(string_agg(v::text, E'\n')) AS bytes FROM
	(SELECT p::text FROM zone_risk_public p UNION ALL SELECT h::text FROM tier_history_public h
	 UNION ALL SELECT l::text FROM layer_public l UNION ALL SELECT p::text FROM publication_public p UNION ALL SELECT s::text FROM zone_set_public s) v;
CREATE TABLE bytes_before AS TABLE bytes;
INSERT INTO report (external_id, report_day, n, zone_code, household) VALUES ('d', '2021-07-02', 3, 'G4', 'Nguyen'), ('e', '2021-07-02', 1, 'G5', 'Tran');
UPDATE report SET withdrawn = true WHERE external_id = 'c';
SELECT georisk.assess('regress_publish') AS second;
SELECT georisk.announce('regress_publish', 2, valid_from => '2021-07-03') > 0 AS for_tomorrow;
SELECT bytes = (SELECT bytes FROM bytes_before) AS same_bytes FROM bytes;

-- Day by day: shown is what in_force_at says of the day less the delay; what was shown on a day is found again afterwards. On the way come
-- overrides and their end, a delay and another, an end and a beginning, and zones that change.
CREATE TABLE seen (day date, shown date, zone_id integer, code text, tier text, tier_label text, tier_color text, since date, valid_until date, zone_set text);
CREATE PROCEDURE look() LANGUAGE plpgsql AS $$
DECLARE
	today date := (SELECT s.day FROM settings s);
	late integer := (SELECT p.delay FROM publication_public p WHERE today BETWEEN p.first_day AND p.last_day);
	differences bigint;
BEGIN
	INSERT INTO seen SELECT today, p.day, p.zone_id, p.code, p.tier, p.tier_label, p.tier_color, p.since, p.valid_until, p.zone_set FROM zone_risk_public p;
	SELECT count(*) INTO differences FROM in_force_at(today - coalesce(late, 0)) f FULL JOIN zone_risk_public p USING (zone_id)
	WHERE late IS NULL AND p.tier IS DISTINCT FROM 'unknown'
	   OR late IS NOT NULL AND (coalesce(f.in_force, 'unknown'), coalesce(f.in_force_color, '#bdbdbd'), f.in_force_rank, f.in_force_since, f.override_until, f.day, f.code)
		  IS DISTINCT FROM (p.tier, p.tier_color, p.tier_rank, p.since, p.valid_until, p.day, p.code);
	RAISE INFO '%: % late, % zones, % otherwise', today, late, (SELECT count(*) FROM zone_risk_public), differences;
END
$$;
CALL look();
SELECT georisk.set_day('regress_publish', '2021-07-03') \g /dev/null
SELECT georisk.override_tier('regress_publish', 'G6', tier => 'red', reason => 'Le Thi Canary, 12 Mango Street', until => '2021-07-09') AS override \gset
CALL look();
SELECT code, tier, since, valid_until, announced_on, day FROM zone_risk_public WHERE code IN ('G3', 'G4', 'G6');
SELECT count(*) AS names FROM zone_risk_public p, tier_history_public h WHERE concat(p, h) ~ 'Canary';
SELECT georisk.set_day('regress_publish', '2021-07-04') \g /dev/null
SELECT georisk.publish_tiers('regress_publish', 'Notice 13', delay => 2) \g /dev/null
CALL look();
SELECT georisk.set_day('regress_publish', '2021-07-05') \g /dev/null
SELECT georisk.end_override('regress_publish', :override, 'a mistake', valid_from => '2021-07-06') \g /dev/null
CALL look();
SELECT georisk.open_draft('regress_publish', copy_zones => true) AS draft \gset
DELETE FROM zone WHERE zone_set_id = :draft AND code IN ('G5', 'G6');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
VALUES ('G7', 'Group 7', 'W2', 'group', 320, 80, ST_Multi(ST_MakeEnvelope(500, 0, 700, 100, 32648)));
SELECT georisk.activate_zones('regress_publish', '2021-07-06') > 0 AS activated;
CALL look();
SELECT georisk.set_day('regress_publish', '2021-07-06') \g /dev/null
SELECT georisk.announce('regress_publish', georisk.assess('regress_publish'), valid_from => '2021-07-07') \g /dev/null
CALL look();
SELECT georisk.set_day('regress_publish', '2021-07-07') \g /dev/null
SELECT georisk.end_publication('regress_publish', 'tiers', 'a complaint') \g /dev/null
CALL look();
SELECT georisk.set_day('regress_publish', '2021-07-08') \g /dev/null
SELECT georisk.publish_tiers('regress_publish', 'Notice 14', delay => 1) \g /dev/null
CALL look();
SELECT georisk.set_day('regress_publish', '2021-07-09') \g /dev/null
CALL look();
SELECT code, tier, since, zone_set FROM zone_risk_public WHERE parent_code = 'W2';
SELECT p.what, p.delay, p.first_day, p.last_day FROM publication_public p;
SELECT count(*) AS not_found_again FROM
	(SELECT day, zone_id, code, tier, tier_label, tier_color, since, valid_until, zone_set FROM seen
	 WHERE day >= '2021-07-02' AND day <> '2021-07-07'
	 EXCEPT SELECT day, zone_id, code, tier, tier_label, tier_color, since, valid_until, zone_set FROM tier_history_public) e;
SELECT count(*) FILTER (WHERE day < '2021-07-02' OR day = '2021-07-07') AS never_seen, count(*) = count(DISTINCT (day, zone_id)) AS once
FROM tier_history_public;

-- Another layer is another decision; its views end in its name, and go with it.
SELECT georisk.add_layer('regress_publish', 'dengue', policy => 'alert_counts', disease => '{dengue}');
SELECT DISTINCT tier FROM zone_risk_public_dengue;
SELECT georisk.announce('regress_publish', georisk.assess('regress_publish', layer => 'dengue')) > 0 AS announced;
SELECT DISTINCT tier FROM zone_risk_public_dengue;
SELECT georisk.publish_tiers('regress_publish', 'Notice 15', layer => 'dengue') > 0 AS decided;
SELECT DISTINCT tier FROM zone_risk_public_dengue;
SELECT layer, what, first_day, delay FROM publication_public ORDER BY publication_id;
SELECT * FROM georisk.verify('regress_publish');
SELECT georisk.drop_layer('regress_publish', 'dengue');
SELECT georisk.add_layer('regress_publish', 'planned', 'alert_counts');
SELECT georisk.publish_tiers('regress_publish', 'Notice 16', layer => 'planned') > 0 AS decided;
SELECT georisk.drop_layer('regress_publish', 'planned');
SELECT georisk.drop_layer('regress_publish', 'planned', with_assessments => true);
SELECT georisk.drop_layer('regress_publish', 'dengue', with_assessments => true);
SELECT to_regclass('zone_risk_public_dengue') AS gone, count(*) FILTER (WHERE layer_id <> 1) AS decisions FROM publication;

-- verify knows what is missing, and rebuild makes it again, with its barrier and whoever may read.
ALTER TABLE publication DISABLE TRIGGER keep_record;
DROP VIEW zone_set_public, bytes;
DROP VIEW tier_history_public;
SELECT what, key, stored, recomputed FROM georisk.verify('regress_publish') ORDER BY key;
SELECT what, key, mended FROM georisk.rebuild('regress_publish') ORDER BY key;
SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'regress_publish'::regnamespace AND relname ~ '_public' AND relkind = 'v' ORDER BY 1;
DROP PROCEDURE look;
DROP TABLE seen, bytes_before;
DROP OWNED BY regress_resident;
DROP ROLE regress_resident;
SELECT georisk.drop_map('regress_publish', with_reports => true);
