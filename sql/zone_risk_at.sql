-- zone_risk_at: a day as it was known then. A map lives through forty days of late, corrected, doubled and withdrawn
-- reports, and through two changes of its zones, one of them
-- known only days after it held; what zone_risk showed each evening is found again when all of it is over.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
CREATE ROLE regress_past_clerk;
CREATE ROLE regress_past_reader;
SELECT georisk.create_map('regress_past', srid => 32648, lang => 'en');
SET search_path = regress_past, public;
INSERT INTO zone (code, name, level, population) VALUES ('W', 'Ward', 'ward', 4000);
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || lpad(x::text, 2, '0'), 'Group ' || x, 'W', 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(0, 23) x;
SELECT georisk.activate_zones('regress_past', '2021-06-01') > 0 AS activated;
INSERT INTO source (source, zone_code, expected_from, expected_until) VALUES ('g3', 'G03', '2021-07-05', NULL), ('g4', 'G04', NULL, NULL),
	('g10', 'G10', NULL, '2021-07-28'), ('ward', 'W', '2021-07-12', NULL), ('lab', 'G3', NULL, '2021-07-20');
UPDATE settings SET silence_limit = 2;
GRANT USAGE ON SCHEMA regress_past TO regress_past_clerk, regress_past_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON report TO regress_past_clerk;

CREATE TABLE shown (day date, moment timestamptz, evening integer, zone_id integer, tier text, reason text, cases integer,
					households_affected integer, rate_100k double precision, days_since_last integer, complete_until date, since date, previous_tier text);
CREATE FUNCTION keep_what_is_shown(evening integer, moment timestamptz) RETURNS void LANGUAGE sql AS $$
	INSERT INTO regress_past.shown SELECT window_end, moment, evening, zone_id, tier, reason, cases, households_affected,
		   rate_100k, days_since_last, complete_until, since, previous_tier FROM regress_past.zone_risk
$$;

-- A number that looks like chance and is the same everywhere.
CREATE FUNCTION pick(among integer, VARIADIC keys integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(keys::text), 1, 7))::bit(28)::integer % among $$;

CREATE PROCEDURE live_through(d integer) LANGUAGE plpgsql AS $$
DECLARE
	today date := date '2021-07-01' + d;
	late record;
BEGIN
	-- new reports, some of them days late, one with its withdrawal first, some with revision 2 before revision 1
	INSERT INTO regress_past.report (source, external_id, revision, withdrawn, report_day, n, household, zone_code, geom, origin, status)
	SELECT 's' || i % 2, 'r' || d || '-' || i, CASE WHEN pick(6, d, i, 1) = 0 THEN 2 ELSE 1 END, pick(15, d, i, 2) = 0,
		   today - CASE WHEN pick(3, d, i, 3) = 0 THEN pick(10, d, i, 4) ELSE 0 END, 1 + pick(2, d, i, 5), nullif(pick(4, d, i, 6), 0)::text,
		   CASE WHEN pick(4, d, i, 7) > 0 THEN 'G' || lpad(pick(24, d, i, 8)::text, 2, '0') END,
		   ST_Point(pick(2500, d, i, 9), 50, 32648), (ARRAY['community', 'imported', NULL])[1 + pick(3, d, i, 10)],
		   (ARRAY['confirmed', 'probable', NULL, NULL])[1 + pick(4, d, i, 11)]
	FROM generate_series(1, 6) i;
	-- revisions of older ones: another zone, another day, or withdrawn; a first revision that comes late
	INSERT INTO regress_past.report (source, external_id, revision, withdrawn, report_day, n, household, zone_code)
	SELECT source, external_id, revision + 1, pick(3, d, report_id::integer) = 0, report_day - pick(3, d, report_id::integer, 1), n, household,
		   'G' || lpad(pick(24, d, report_id::integer, 2)::text, 2, '0')
	FROM regress_past.report WHERE outcome <> 'superseded' AND pick(9, d, report_id::integer, 3) = 0;
	INSERT INTO regress_past.report (source, external_id, revision, report_day, zone_code)
	SELECT source, external_id, 1, report_day, 'G00'
	FROM regress_past.report WHERE revision = 2 AND pick(5, d, report_id::integer, 4) = 0 ON CONFLICT DO NOTHING;
	-- and what nobody should do: rows changed and deleted in place
	UPDATE regress_past.report SET withdrawn = NOT withdrawn WHERE pick(23, d, report_id::integer, 5) = 0;
	UPDATE regress_past.report SET zone_code = 'G' || lpad(pick(24, d, 6)::text, 2, '0'), status = 'confirmed' WHERE pick(31, d, report_id::integer, 7) = 0;
	UPDATE regress_past.report SET note = 'seen' WHERE pick(5, d, report_id::integer, 8) = 0;
	DELETE FROM regress_past.report WHERE pick(41, d, report_id::integer, 9) = 0;
	INSERT INTO regress_past.zone_value (zone_code, name, day, value)
	SELECT 'G' || lpad(pick(24, d, i, 10)::text, 2, '0'), 'contact', today - pick(4, d, i, 11), (ARRAY['yes', 'no', NULL])[1 + pick(3, d, i, 12)]
	FROM generate_series(1, 3) i;
	-- who says until which day, late and out of order; one of them for a zone that the second redrawing takes away
	FOR late IN SELECT i, (ARRAY['ward', 'g3', 'g4', 'g10', 'lab'])[i] AS source FROM generate_series(1, 5) i
				WHERE pick(CASE WHEN d > 30 AND i = 3 THEN 99 ELSE 2 + i % 3 END, d, i, 13) = 0 LOOP
		PERFORM georisk.submit_reports('regress_past', late.source, complete_until => today - pick(4, d, late.i, 14));
	END LOOP;
END
$$;

-- Boundaries move by half a zone, and the codes with them; later every two zones become one.
CREATE PROCEDURE redraw(step integer, valid_from date) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM georisk.open_draft('regress_past');
	INSERT INTO regress_past.zone (code, name, level, population) VALUES ('W', 'Ward', 'ward', 4000);
	INSERT INTO regress_past.zone (code, name, parent_code, level, population, households, geom)
	SELECT 'G' || lpad((x * step)::text, 2, '0'), 'Group ' || x, 'W', 'group', 160 * step, 40 * step,
		   ST_Multi(ST_MakeEnvelope(x * 100 * step + 50, 0, (x + 1) * 100 * step + 50, 100, 32648))
	FROM generate_series(0, 24 / step - 1) x;
	PERFORM georisk.activate_zones('regress_past', valid_from);
END
$$;

DO $$
BEGIN
	FOR d IN 0 .. 39 LOOP
		PERFORM georisk.set_day('regress_past', date '2021-07-01' + d);
		CALL regress_past.live_through(d);
		IF d = 18 THEN
			CALL regress_past.redraw(1, date '2021-07-01' + 15);
		ELSIF d = 28 THEN
			CALL regress_past.redraw(2, date '2021-07-01' + 33);
		END IF;
		IF d % 3 = 1 THEN
			PERFORM georisk.assess('regress_past');
		END IF;
		-- a day that was left out is assessed later
		IF d % 10 = 9 THEN
			PERFORM georisk.assess('regress_past', date '2021-07-01' + d - 3);
		END IF;
		PERFORM regress_past.keep_what_is_shown(d, clock_timestamp());
	END LOOP;
END
$$;
SELECT count(*) > 300 AS reports, count(*) FILTER (WHERE outcome = 'superseded') > 50 AS superseded,
	   count(*) FILTER (WHERE outcome = 'withdrawn') > 20 AS withdrawn FROM report;
SELECT count(*) > 50 AS changed_in_place, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM report r WHERE r.report_id = p.report_id)) > 10 AS deleted
FROM report_past p;
SELECT string_agg(zones::text, ' ' ORDER BY evening) AS zones FROM (SELECT evening, count(*) AS zones FROM shown GROUP BY 1) e WHERE evening % 8 = 7;
SELECT count(*) > 5 AS tiers_of_every_kind, count(*) FILTER (WHERE tier = 'unknown') AS unknown FROM (SELECT tier FROM shown GROUP BY tier) t;

-- every evening is found again, in each of its columns
SELECT count(*) AS zones_on_evenings,
	   count(*) FILTER (WHERE (s.tier, s.reason, s.cases, s.households_affected, s.rate_100k, s.days_since_last, s.complete_until, s.since, s.previous_tier)
		   IS DISTINCT FROM (a.tier, a.reason, a.cases, a.households_affected, a.rate_100k, a.days_since_last, a.complete_until, a.since, a.previous_tier)) AS differ
FROM shown s FULL JOIN (SELECT e.evening, r.* FROM (SELECT DISTINCT evening, day, moment FROM shown) e, zone_risk_at(e.day, e.moment) r) a
	 USING (evening, zone_id);
-- silence was in it: within the limit, held by an earlier day, and beyond the limit
SELECT count(*) FILTER (WHERE day - complete_until BETWEEN 1 AND 2) > 50 AS excused, count(*) FILTER (WHERE reason ~ 'stands') > 5 AS held,
	   count(*) FILTER (WHERE day - complete_until > 2 AND tier = 'unknown') > 50 AS unknown FROM shown;
-- while what is known now is another thing
SELECT count(*) FILTER (WHERE s.cases <> a.cases) > 50 AS corrected_since, count(*) FILTER (WHERE s.complete_until < a.complete_until) > 50 AS reported_since
FROM shown s JOIN (SELECT e.evening, r.* FROM (SELECT DISTINCT evening, day FROM shown) e, zone_risk_at(e.day) r) a USING (evening, zone_id);
-- without known_at it is what zone_risk shows on that day; as_of NULL is the map's day
DO $$
DECLARE
	differ integer := 0;
BEGIN
	FOR d IN 0 .. 39 BY 13 LOOP
		PERFORM georisk.set_day('regress_past', date '2021-07-01' + d);
		differ := differ + (SELECT count(*) FROM ((TABLE regress_past.zone_risk EXCEPT ALL
			SELECT * FROM regress_past.zone_risk_at(date '2021-07-01' + d)) UNION ALL
			(SELECT * FROM regress_past.zone_risk_at(NULL) EXCEPT ALL TABLE regress_past.zone_risk)) x);
	END LOOP;
	RAISE WARNING 'rows that differ: %', differ;
END
$$;

-- The same days whatever the session's TimeZone and DateStyle.
CREATE TABLE printed AS SELECT md5(string_agg(r::text, E'\n' ORDER BY zone_id)) AS was
FROM (SELECT zone_id, tier, reason, window_end - date '2021-01-01' AS day, previous_tier, since - date '2021-01-01' AS since
	  FROM zone_risk_at('2021-07-20', (SELECT DISTINCT moment FROM shown WHERE evening = 19))) r;
SET timezone = 'Pacific/Kiritimati';
SET datestyle = 'German, DMY';
SELECT md5(string_agg(r::text, E'\n' ORDER BY zone_id)) = (SELECT was FROM printed) AS the_same
FROM (SELECT zone_id, tier, reason, window_end - date '2021-01-01' AS day, previous_tier, since - date '2021-01-01' AS since
	  FROM zone_risk_at('2021-07-20', (SELECT DISTINCT moment FROM shown WHERE evening = 19))) r;
SET timezone = 'UTC';
SET datestyle = ISO;

-- Before the first zones were in force it is shown on these; whoever writes reports needs no right on what is remembered of them.
SELECT count(*) AS zones, sum(cases) AS cases FROM zone_risk_at('2021-07-20', '2021-07-20');
SET ROLE regress_past_clerk;
UPDATE report SET n = n + 1 WHERE external_id = 'r3-3';
DELETE FROM report WHERE external_id = 'r4-3';
SELECT count(*) FROM regress_past.report_past;
RESET ROLE;
SELECT count(*) FILTER (WHERE external_id IN ('r3-3', 'r4-3')) >= 2 AS remembered FROM report_past WHERE replaced_at > (SELECT max(moment) FROM shown);

-- The function reads with the rights of who calls it.
GRANT SELECT ON zone_risk TO regress_past_reader;
SET ROLE regress_past_reader;
DO $$
BEGIN
	PERFORM FROM regress_past.zone_risk_at('2021-07-20');
	RAISE WARNING 'read without any right on the tables';
EXCEPTION WHEN insufficient_privilege THEN
	RAISE WARNING 'refused';
END
$$;
RESET ROLE;
GRANT SELECT ON report, report_past, placement, possible_place, crosswalk, zone_value, zone, zone_set, zone_ancestor, source, source_past, submission, layer_policy, settings, assessment, assessment_tier, decision, announced_tier TO regress_past_reader;
SET ROLE regress_past_reader;
SELECT count(*) FROM regress_past.zone_risk_at('2021-07-20', now());
RESET ROLE;

-- Another policy: the function follows, with its grants.
UPDATE layer_policy SET policy = georisk.policy('alert_counts', '{"days": 14, "red": 5}');
SELECT DISTINCT policy FROM zone_risk_at('2021-07-20', now());
-- A day without end is no day.
SELECT count(*) FROM zone_risk_at('infinity');
SELECT count(*) FROM in_force_at('-infinity');
SELECT obj_description('zone_risk_at'::regproc) ~ 'known_at' AS explained;
DROP SCHEMA regress_past CASCADE;
DROP ROLE regress_past_clerk, regress_past_reader;
