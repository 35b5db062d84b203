-- What is announced is in force, beside what is computed; overrides hold until their day; nothing decided can be undone by hand.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
SELECT georisk.create_map('regress_announce', srid => 32648, lang => 'en');
SET search_path = regress_announce, public;
INSERT INTO zone (code, name, level) VALUES ('W1', 'Ward 1', 'ward'), ('W2', 'Ward 2', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || 1 + x / 4, CASE WHEN x = 6 THEN 'block' ELSE 'group' END, 160, 40,
	   ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 6) x;
SELECT georisk.activate_zones('regress_announce', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_announce', '2021-07-01');
INSERT INTO report (external_id, report_day, n, zone_code) VALUES
	('a', '2021-07-01', 1, 'G1'), ('b', '2021-07-01', 2, 'G2'), ('c', '2021-07-01', 3, 'G3'), ('d', '2021-07-01', 3, 'G4');
SELECT georisk.assess('regress_announce') AS first;
SELECT count(in_force) + count(in_force_rank) + count(in_force_color) + count(in_force_since) AS in_force FROM zone_risk;

-- From the day on, and as it was assessed, whatever comes in afterwards.
SELECT georisk.announce('regress_announce', 1, '  Bulletin 1 ', 'as found') AS first;
SELECT code, tier, in_force_rank, in_force, in_force_color, in_force_since, override_reason FROM zone_risk ORDER BY zone_id;
UPDATE report SET withdrawn = true WHERE external_id = 'c';
INSERT INTO report (report_day, n, zone_code) VALUES ('2021-07-02', 3, 'G6');
SELECT georisk.set_day('regress_announce', '2021-07-02');
SELECT code, tier, in_force, in_force_since FROM zone_risk WHERE tier <> in_force ORDER BY zone_id;
SELECT code, in_force, in_force_since FROM zone_risk_at('2021-07-01') WHERE code = 'G3';
SELECT count(in_force) AS before_it FROM zone_risk_at('2021-06-30');
SELECT kind, layer_id, valid_from, assessment_id, before_id, title, ground, day, decided_by = current_user AS by_me,
	   decided_at BETWEEN (SELECT known_at FROM assessment) AND clock_timestamp() AS just_now FROM decision;

-- A part: one ward, then one level, each from a day to come; the newest that holds by then counts.
SELECT georisk.assess('regress_announce') AS second;
SELECT georisk.announce('regress_announce', 2, parent_code => 'W2', valid_from => '2021-07-04'),
	   georisk.announce('regress_announce', 2, zone_level => 'group', valid_from => '2021-07-03');
SELECT day, string_agg(concat_ws(' ', code, in_force, to_char(in_force_since, 'DD')), ', ' ORDER BY zone_id) AS in_force
FROM generate_series(date '2021-07-02', '2021-07-05', '1 day') d, in_force_at(d::date) GROUP BY 1 ORDER BY 1;

-- Overrides: a floor, and a tier; they last until their day, whatever is announced, and can be ended before.
SELECT georisk.override_tier('regress_announce', ' G1', floor => 'orange', reason => 'a market', until => '2021-07-06') AS floor_of_g1,
	   georisk.override_tier('regress_announce', 'G4', tier => 'green', reason => 'a hostel, counted elsewhere', until => '2021-07-20') AS tier_of_g4,
	   georisk.override_tier('regress_announce', 'G2', floor => 'near_green', reason => 'is worse anyway', until => '2021-07-20') AS floor_of_g2 \gset
SELECT code, tier, in_force_rank, in_force, in_force_color, in_force_since, override_reason, override_until FROM zone_risk
WHERE code IN ('G1', 'G2', 'G4') ORDER BY zone_id;
SELECT day, string_agg(concat_ws(' ', code, in_force, to_char(in_force_since, 'DD'), override_reason), ', ' ORDER BY zone_id) AS in_force
FROM generate_series(date '2021-07-05', '2021-07-08', '1 day') d, in_force_at(d::date) WHERE code IN ('G1', 'G4') GROUP BY 1 ORDER BY 1;
SELECT georisk.set_day('regress_announce', '2021-07-07');
SELECT georisk.end_override('regress_announce', :tier_of_g4, 'it was no hostel', '2021-07-09') > 0 AS ended;
SELECT day, code, in_force, in_force_since, override_reason, title
FROM generate_series(date '2021-07-07', '2021-07-10', '1 day') d, in_force_at(d::date) WHERE code = 'G4' ORDER BY 1;
SELECT worst_in_force_rank, worst_in_force, worst_in_force_color, overruled, otherwise FROM parent_risk ORDER BY zone_id;

-- What is refused, and leaves nothing.
CREATE TABLE was AS SELECT (SELECT count(*) FROM decision) AS decisions, (SELECT count(*) FROM announced_tier) AS rows;
SELECT georisk.announce('regress_announce', 99);
SELECT georisk.announce('regress_announce', NULL);
SELECT georisk.announce('regress_announce', 2, valid_from => '2021-07-06');
SELECT georisk.announce('regress_announce', 2, valid_from => 'infinity');
SELECT georisk.announce('regress_announce', 2, parent_code => 'G1');
SELECT georisk.announce('regress_announce', 2, zone_level => 'ward');
SELECT georisk.assess('regress_announce', '2021-07-10') AS ahead \gset
SELECT georisk.announce('regress_announce', :ahead, valid_from => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'G1', reason => 'why', until => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'red', floor => 'red', reason => 'why', until => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'W1', tier => 'red', reason => 'why', until => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'G9', tier => 'red', reason => 'why', until => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'crimson', reason => 'why', until => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'red', reason => ' ', until => '2021-07-09');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'red', reason => 'why');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'red', reason => 'why', until => '2021-07-06');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'red', reason => 'why', until => '2021-07-09', valid_from => '2021-07-06');
SELECT georisk.override_tier('regress_announce', 'G1', tier => 'red', reason => 'why', until => '2021-07-09', layer => 'flu');
SELECT georisk.end_override('regress_announce', 1, 'no override');
SELECT georisk.end_override('regress_announce', :floor_of_g1, 'over already');
SELECT georisk.end_override('regress_announce', :tier_of_g4, 'ended already', '2021-07-10');
SELECT georisk.end_override('regress_announce', :tier_of_g4, NULL);
BEGIN;
SELECT georisk.set_day('regress_announce', '2021-07-05');
SELECT georisk.announce('regress_announce', 2);
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT georisk.announce('regress_announce', 2);
ROLLBACK;
-- nobody changes what was decided, nor says that somebody else did or at another time
UPDATE decision SET decided_by = 'somebody';
UPDATE announced_tier SET tier = 'green' WHERE false;
DELETE FROM decision;
DELETE FROM announced_tier;
TRUNCATE announced_tier;
TRUNCATE decision CASCADE;
INSERT INTO announced_tier (layer_id, decision_id, zone_id, from_day, code, tier) VALUES (1, 1, 3, '2021-07-01', 'G1', 'green');
DELETE FROM assessment WHERE assessment_id = 1;
SELECT count(*) - (SELECT decisions FROM was) AS decided, (SELECT count(*) FROM announced_tier) - (SELECT rows FROM was) AS rows FROM decision;
BEGIN;
INSERT INTO decision (layer_id, kind, assessment_id, decided_by, decided_at, day) VALUES (1, 'announcement', 2, 'somebody', '2020-01-01', '2020-01-01')
RETURNING decided_by = current_user AS by_me, decided_at > (SELECT max(known_at) FROM assessment) AS now, day, (SELECT count(*) FROM announced_tier) AS rows_before;
ROLLBACK;

-- Decisions of any kind in any order, while zones change: what is in force on each day is what slow, obvious SQL finds in the
-- decisions alone; days that are past stay as they were; and what was decided by a moment is found again.
CREATE VIEW obvious AS
WITH today AS (
	SELECT d::date AS day, s.zone_set_id, z.zone_id, z.code
	FROM generate_series(date '2021-06-29', '2021-08-15', '1 day') d
	JOIN zone_set s ON s.activated_at IS NOT NULL AND d BETWEEN CASE s.zone_set_id WHEN 1 THEN '-infinity' ELSE s.valid_from END
		AND coalesce(s.valid_to, 'infinity')
	JOIN zone z ON z.zone_set_id = s.zone_set_id AND z.is_leaf
), announced AS MATERIALIZED (
	SELECT d.decision_id, d.valid_from, x.code, x.tier, x.tier_rank
	FROM decision d JOIN assessment_tier x ON x.assessment_id = d.assessment_id JOIN zone y ON y.zone_id = x.zone_id
	WHERE d.kind = 'announcement' AND d.layer_id = 1
	  AND y.parent_code = coalesce(d.parent_code, y.parent_code) AND y.level = coalesce(d.zone_level, y.level)
), held AS (
	SELECT t.*, coalesce(o.tier, a.tier) AS tier, o.ground
	FROM today t
	LEFT JOIN LATERAL (SELECT tier, tier_rank FROM announced a WHERE a.valid_from <= t.day AND a.code = t.code
					   ORDER BY decision_id DESC LIMIT 1) a ON true
	LEFT JOIN LATERAL (SELECT * FROM (SELECT d.* FROM decision d
						 WHERE d.kind = 'override' AND d.layer_id = 1 AND t.day BETWEEN d.valid_from AND d.valid_until AND d.code = t.code
						   AND NOT EXISTS (SELECT FROM decision e WHERE e.ends_id = d.decision_id AND e.valid_from <= t.day)
						 ORDER BY d.decision_id DESC LIMIT 1) d
					   WHERE NOT d.is_floor OR a.tier_rank IS NULL OR a.tier_rank < d.tier_rank) o ON true
)
SELECT h.day, h.code, h.tier, h.ground,
	   CASE WHEN h.tier IS NOT NULL THEN max(h.day) FILTER (WHERE h.is_new) OVER (PARTITION BY h.code ORDER BY h.day) END AS since
FROM (SELECT *, tier IS DISTINCT FROM lag(tier) OVER (PARTITION BY code ORDER BY day) AS is_new FROM held) h;
CREATE FUNCTION pg_temp.differing(from_day date) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM (SELECT f.* FROM generate_series(from_day, from_day + 14, '1 day') d, in_force_at(d::date) f) f
	FULL JOIN (TABLE obvious) o ON o.day = f.day AND o.code = f.code
	WHERE o.day BETWEEN from_day AND from_day + 14 AND (f.in_force, f.override_reason, f.in_force_since) IS DISTINCT FROM (o.tier, o.ground, o.since)
$$;
CREATE FUNCTION pg_temp.seen(first_day date, last_day date, then_known timestamptz DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(f::text, ',' ORDER BY f.day, f.zone_id)) FROM generate_series(first_day, last_day, '1 day') d, in_force_at(d::date, then_known) f
$$;
SELECT pg_temp.differing('2021-06-29') AS differing;
CREATE TABLE moment (at timestamptz, seen text, today date);
DO $$
DECLARE
	tiers CONSTANT text[] := '{green,near_green,yellow,orange,red}';
	differ bigint := 0;
	changed integer := 0;
	refused integer := 0;
	today date;
	past text;
	one integer;
BEGIN
	PERFORM setseed(0.421);
	FOR i IN 1 .. 60 LOOP
		SELECT day INTO today FROM settings;
		past := pg_temp.seen(today - 9, today - 1);
		BEGIN
			CASE WHEN i IN (20, 40) THEN
				-- one group lies elsewhere from here on, and is another one
				PERFORM georisk.open_draft('regress_announce', 'set ' || i, copy_zones => true);
				UPDATE zone SET code = 'N' || i, geom = ST_Multi(ST_MakeEnvelope(i * 10, 500, i * 10 + 100, 600, 32648))
				WHERE zone_set_id = (SELECT max(zone_set_id) FROM zone_set) AND code = 'G' || i / 20;
				PERFORM georisk.activate_zones('regress_announce', today + CASE i WHEN 20 THEN 3 ELSE -2 END);
			WHEN i % 3 = 0 THEN
				INSERT INTO report (report_day, n, zone_code) VALUES (today, 1 + i % 3, 'G' || 1 + floor(random() * 6)::integer);
				one := georisk.assess('regress_announce');
				IF i % 4 = 0 THEN
					PERFORM georisk.announce('regress_announce', one, valid_from => today + floor(random() * 4)::integer);
				ELSIF i % 4 = 1 THEN
					PERFORM georisk.announce('regress_announce', one, parent_code => 'W' || 1 + floor(random() * 2)::integer,
						valid_from => today + floor(random() * 4)::integer);
				ELSE
					PERFORM georisk.announce('regress_announce', one, zone_level => 'group');
				END IF;
			WHEN i % 7 = 0 THEN
				SELECT decision_id INTO one FROM decision d WHERE kind = 'override' AND valid_until >= today ORDER BY decision_id DESC LIMIT 1;
				PERFORM georisk.end_override('regress_announce', one, 'end ' || i, today + floor(random() * 3)::integer);
			WHEN i % 2 = 0 THEN
				PERFORM georisk.override_tier('regress_announce', 'G' || 1 + floor(random() * 6)::integer, floor => tiers[1 + floor(random() * 5)::integer],
					reason => 'floor ' || i, until => today + 1 + floor(random() * 9)::integer, valid_from => today + floor(random() * 2)::integer);
			ELSE
				PERFORM georisk.override_tier('regress_announce', 'G' || 1 + floor(random() * 6)::integer, tier => tiers[1 + floor(random() * 5)::integer],
					reason => 'tier ' || i, until => today + floor(random() * 6)::integer);
			END CASE;
		EXCEPTION WHEN undefined_object OR object_not_in_prerequisite_state OR invalid_parameter_value THEN
			-- a group that is none any more, an override that is over
			refused := refused + 1;
		END;
		differ := differ + pg_temp.differing(today);
		IF i <> 40 THEN
			changed := changed + (pg_temp.seen(today - 9, today - 1) IS DISTINCT FROM past)::integer;
		END IF;
		IF i % 5 = 0 THEN
			INSERT INTO moment SELECT clock_timestamp(), pg_temp.seen(today - 9, today + 9), today;
		END IF;
		PERFORM georisk.set_day('regress_announce', today + (i % 3 = 0)::integer);
	END LOOP;
	RAISE WARNING 'differ: %, pasts that changed: %, refused: %', differ, changed, refused;
END
$$;
SELECT count(*) AS moments, count(*) FILTER (WHERE pg_temp.seen(today - 9, today + 9, at) <> seen) AS not_found_again FROM moment;
SELECT count(DISTINCT in_force) AS tiers, count(*) FILTER (WHERE override_reason IS NOT NULL) > 0 AS overruled FROM zone_risk;
SELECT count(*) FILTER (WHERE kind = 'zones') AS zones, count(DISTINCT kind) AS kinds FROM decision;
SELECT * FROM georisk.verify('regress_announce');

-- where an owner took the protection away, verify sees that, and what it was for; rebuild gives it back, and cannot give the rest
BEGIN;
ALTER TABLE announced_tier DISABLE TRIGGER keep_record;
UPDATE announced_tier SET tier = 'green' WHERE (decision_id, zone_id) = (1, (SELECT zone_id FROM zone WHERE zone_set_id = 1 AND code = 'G3'));
SELECT what, key, stored, recomputed, mended, remark FROM georisk.rebuild('regress_announce') ORDER BY 1, 2;
DELETE FROM announced_tier;
ROLLBACK;
BEGIN;
ALTER TABLE announced_tier DISABLE TRIGGER only_by_decision;
INSERT INTO announced_tier (layer_id, decision_id, zone_id, from_day, code, tier_rank, tier, tier_label, tier_color)
SELECT 1, max(decision_id), 3, '2021-09-01', 'G1', 0, 'green', 'green', '#1a9641' FROM decision;
ALTER TABLE announced_tier ENABLE TRIGGER only_by_decision;
SELECT what, stored, recomputed FROM georisk.verify('regress_announce');
ROLLBACK;

-- Triggers of the owner's add nothing either, wherever they stand, nor does the map's own on a table that only looks like one of decisions.
CREATE TABLE beside (n integer);
CREATE FUNCTION slip_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	INSERT INTO regress_announce.announced_tier (layer_id, decision_id, zone_id, from_day, code, tier)
	SELECT 1, max(decision_id), 3, '2021-09-01', 'G1', 'green' FROM regress_announce.decision;
	RETURN NEW;
END $$;
CREATE TRIGGER slip_in BEFORE INSERT ON beside FOR EACH ROW EXECUTE FUNCTION slip_in();
INSERT INTO beside VALUES (1);
CREATE TRIGGER slip_in AFTER INSERT ON assessment FOR EACH ROW EXECUTE FUNCTION slip_in();
SELECT georisk.assess('regress_announce');
DROP TRIGGER slip_in ON assessment;
CREATE TRIGGER slip_in BEFORE INSERT ON announced_tier FOR EACH ROW WHEN (pg_trigger_depth() < 9) EXECUTE FUNCTION slip_in();
SELECT georisk.override_tier('regress_announce', 'G5', tier => 'green', reason => 'why', until => '2021-12-31');
DROP TRIGGER slip_in ON announced_tier;
CREATE TRIGGER slip_in BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION slip_in();
SELECT georisk.override_tier('regress_announce', 'G5', tier => 'green', reason => 'why', until => '2021-12-31');
DROP FUNCTION slip_in CASCADE;
CREATE SCHEMA regress_alike;
CREATE TABLE regress_alike.decision AS TABLE decision;
SELECT format('CREATE VIEW regress_alike.%I AS TABLE %1$I', t)
FROM unnest('{zone_set,zone,zone_ancestor,crosswalk,assessment,assessment_tier,announced_tier}'::text[]) t \gexec
CREATE TRIGGER follow AFTER INSERT ON regress_alike.decision FOR EACH ROW EXECUTE FUNCTION georisk.follow_decision();
INSERT INTO regress_alike.decision (decision_id, layer_id, kind, valid_from, valid_until, zone_id, code, is_floor, tier, ground, decided_at)
SELECT (SELECT max(decision_id) FROM decision), 1, 'override', day, day + 300, 3, 'G1', false, 'green', 'why', clock_timestamp() FROM settings;
CREATE TRIGGER follow AFTER INSERT ON beside FOR EACH ROW EXECUTE FUNCTION georisk.follow_decision();
INSERT INTO beside VALUES (1);
DROP SCHEMA regress_alike CASCADE;
DROP TABLE beside;
SELECT georisk.write_decided('regress_announce', 1);
SELECT georisk.publish_due('regress_announce', 1);
SELECT * FROM georisk.verify('regress_announce');
SELECT count(*) FILTER (WHERE (h.in_force_rank, h.in_force, h.in_force_color, h.override_reason) IS DISTINCT FROM
	   (f.in_force_rank, f.in_force, f.in_force_color, f.override_reason)) AS history_differs, count(DISTINCT h.in_force) AS tiers
FROM zone_risk_history h CROSS JOIN LATERAL in_force_at(h.as_of) f WHERE f.zone_id = h.zone_id;

-- What a policy that looks back takes for the tier before: the one recomputed, or the one that was in force on the eve of the review, so that
-- announcing what a review found does not change what it found. Each assessment says which.
SELECT georisk.add_layer('regress_announce', 'slow', georisk.risk_policy $$POLICY slow REVIEW weekly ON friday
	TIERS green 'green', yellow 'yellow', orange 'orange', red 'red' COUNT cases
	BASE red WHEN cases IN 7 days >= 3 yellow WHEN cases IN 7 days >= 1 green OTHERWISE
	IMPROVE AFTER 1 reviews BY 1$$, ARRAY['slow']);
SELECT georisk.set_day('regress_announce', '2021-10-01');
SELECT georisk.announce('regress_announce', georisk.assess('regress_announce', layer => 'slow')) AS green_everywhere \gset
SELECT georisk.override_tier('regress_announce', 'G3', tier => 'red', reason => 'a market', until => '2021-10-07', layer => 'slow'),
	   georisk.override_tier('regress_announce', 'G4', floor => 'orange', reason => 'a market', until => '2021-10-20', layer => 'slow') \g /dev/null
SELECT georisk.set_day('regress_announce', '2021-10-08');
SELECT string_agg(concat_ws(' ', code, tier, in_force), ', ' ORDER BY zone_id) AS recomputed FROM zone_risk_slow WHERE code IN ('G3', 'G4', 'G5');
UPDATE layer SET previous = 'announced' WHERE name = 'slow';
SELECT string_agg(concat_ws(' ', code, tier, in_force), ', ' ORDER BY zone_id) AS announced FROM zone_risk_slow WHERE code IN ('G3', 'G4', 'G5');
SELECT georisk.announce('regress_announce', georisk.assess('regress_announce', layer => 'slow')) > 0 AS announced;
SELECT georisk.set_day('regress_announce', '2021-10-10');
SELECT string_agg(concat_ws(' ', code, tier, in_force), ', ' ORDER BY zone_id) AS still FROM zone_risk_slow WHERE code IN ('G3', 'G4', 'G5');
SELECT georisk.set_day('regress_announce', '2021-10-15');
SELECT string_agg(concat_ws(' ', code, tier, in_force), ', ' ORDER BY zone_id) AS a_week_later FROM zone_risk_slow WHERE code IN ('G3', 'G4', 'G5');
SELECT as_of, a.previous, (SELECT count(*) FROM assessment_tier t JOIN zone_risk_at_slow(a.as_of, a.known_at) r USING (zone_id)
	   WHERE t.assessment_id = a.assessment_id AND r.tier = t.tier) =
	   (SELECT count(*) FROM assessment_tier t WHERE t.assessment_id = a.assessment_id) AS found_again
FROM assessment a JOIN layer l USING (layer_id) WHERE l.name = 'slow' ORDER BY 1;
UPDATE layer SET previous = 'guessed';
SELECT * FROM georisk.verify('regress_announce', ARRAY['views', 'assessments']);

-- A layer of its own has decisions of its own, and they go with it.
SELECT georisk.add_layer('regress_announce', 'flu', 'alert_counts');
SELECT georisk.announce('regress_announce', georisk.assess('regress_announce', layer => 'flu')) > 0 AS announced;
SELECT count(in_force) = (SELECT count(*) FROM zone_risk) AS all_of_it, bool_and(in_force = tier) AS as_found FROM zone_risk_flu;
SELECT pg_temp.differing('2021-08-01') AS differing_in_the_first FROM settings;
SELECT georisk.drop_layer('regress_announce', 'flu');
SELECT georisk.drop_layer('regress_announce', 'flu', with_assessments => true);
DELETE FROM decision;
SELECT georisk.drop_map('regress_announce', with_reports => true, with_dependents => true) > 0 AS dropped;
