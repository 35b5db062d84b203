-- A ward that stops reporting improves in none of its groups; zones that are loaded again change no tier; and on the first
-- day of other zones no group is green only because of the change. Day by day, for every silence limit and two policies.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE SCHEMA regress_ward;
SET search_path = regress_ward, public;

-- A number that looks like chance and is the same everywhere.
CREATE FUNCTION pick(among integer, VARIADIC keys integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(keys::text), 1, 7))::bit(28)::integer % among $$;

-- Three wards of eight groups, 40 days of reports by code alone; ward W1 falls silent after day 19, the others go on. No case
-- on the days on which zones change below, when a code means another place.
CREATE PROCEDURE make_map(map text, policy text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM georisk.create_map(map, policy, srid => 32648, lang => 'en');
	EXECUTE format($sql$
		INSERT INTO %1$I.zone (code, level) SELECT 'W' || w, 'ward' FROM generate_series(0, 2) w;
		INSERT INTO %1$I.zone (code, parent_code, level, population, households, geom)
		SELECT 'G' || x, 'W' || x / 8, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
		FROM generate_series(0, 23) x;
		SELECT georisk.activate_zones(%1$L, '2021-06-01');
		INSERT INTO %1$I.source (source, zone_code) SELECT 'w' || w, 'W' || w FROM generate_series(0, 2) w;
		INSERT INTO %1$I.report (source, external_id, report_day, household, zone_code)
		SELECT 'w' || x / 8, x || '-' || d || '-' || i, date '2021-07-01' + d, regress_ward.pick(6, x, d, i, 1), 'G' || x
		FROM generate_series(0, 23) x, generate_series(0, 39) d, generate_series(1, 2) i
		WHERE regress_ward.pick(10 + x %% 6 * 30, x, d, i) = 0 AND (x / 8 <> 1 OR d <= 19) AND d NOT IN (20, 21, 24);
		INSERT INTO %1$I.zone_value (zone_code, name, day, value)
		SELECT 'G' || x, 'contact', '2021-06-25', 'no' FROM generate_series(0, 23) x WHERE x %% 3 > 0;
		INSERT INTO %1$I.submission (source, complete_until)
		SELECT 'w' || w, date '2021-07-01' + d FROM generate_series(0, 2) w, generate_series(0, 39) d WHERE w <> 1 OR d <= 19;
	$sql$, map);
END
$$;
CREATE TABLE seen (map text, silence_limit integer, day integer, code text, parent_code text, rank smallint, tier text, cases integer,
				   complete_until date);
CREATE PROCEDURE watch(map text, silence_limit integer, first_day integer, last_day integer) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('UPDATE %I.settings SET silence_limit = $1', map) USING silence_limit;
	FOR d IN first_day .. last_day LOOP
		PERFORM georisk.set_day(map, date '2021-07-01' + d);
		EXECUTE format('INSERT INTO regress_ward.seen SELECT $1, $2, $3, code, parent_code, tier_rank, tier, cases, complete_until '
			'FROM %I.zone_risk', map) USING map, silence_limit, d;
	END LOOP;
END
$$;
CALL make_map('regress_ward1', 'vn_hcmc_2716_2021');
CALL make_map('regress_ward2', 'alert_counts');
DO $$
DECLARE
	turn record;
BEGIN
	FOR turn IN SELECT m, l FROM unnest(ARRAY['regress_ward1', 'regress_ward2']) m, unnest(ARRAY[0, 1, 3, 7]) l LOOP
		CALL regress_ward.watch(turn.m, turn.l, 19, 31);
	END LOOP;
END
$$;

-- improved: milder than on the last day that was reported, or than on any day since
SELECT map, silence_limit, count(*) FILTER (WHERE s.parent_code = 'W1') AS group_days,
	   count(*) FILTER (WHERE s.parent_code = 'W1' AND s.rank < b.worst) AS improved_in_silence,
	   count(*) FILTER (WHERE s.parent_code = 'W1' AND s.tier = 'unknown' AND s.day - 19 <= silence_limit) AS unknown_too_soon,
	   count(*) FILTER (WHERE s.parent_code = 'W1' AND s.rank = 0 AND s.day - 19 > silence_limit) AS green_beyond,
	   count(*) FILTER (WHERE s.parent_code <> 'W1' AND s.rank < b.worst) > 20 AS others_improve,
	   count(*) FILTER (WHERE s.parent_code <> 'W1' AND s.tier = 'unknown') AS others_unknown
FROM seen s, LATERAL (SELECT max(e.rank) AS worst FROM seen e WHERE (e.map, e.silence_limit, e.code) = (s.map, s.silence_limit, s.code) AND e.day < s.day) b
WHERE s.day > 19 GROUP BY map, silence_limit ORDER BY map, silence_limit;
-- it would improve if nobody waited for it
UPDATE regress_ward1.source SET expected_until = '2021-07-20' WHERE source = 'w1';
CALL watch('regress_ward1', 9, 19, 31);
SELECT count(*) FILTER (WHERE s.rank < e.rank) > 20 AS would_improve FROM seen s JOIN seen e USING (map, silence_limit, code)
WHERE silence_limit = 9 AND s.parent_code = 'W1' AND s.day > 19 AND e.day = 19;
UPDATE regress_ward1.source SET expected_until = NULL WHERE source = 'w1';

-- The same zones again, from the 22nd day on: not a tier, a count or a day of completeness is another one on any day.
CALL make_map('regress_ward3', 'vn_hcmc_2716_2021');
SELECT georisk.open_draft('regress_ward3', copy_zones => true) AS draft, georisk.activate_zones('regress_ward3', '2021-07-22') AS activated;
DO $$
DECLARE
	l integer;
BEGIN
	FOREACH l IN ARRAY ARRAY[0, 1, 3, 7] LOOP
		CALL regress_ward.watch('regress_ward3', l, 19, 31);
	END LOOP;
END
$$;
SELECT count(*) AS group_days, count(*) FILTER (WHERE (a.tier, a.cases, a.complete_until) IS DISTINCT FROM (b.tier, b.cases, b.complete_until)) AS differ
FROM (SELECT * FROM seen WHERE map = 'regress_ward1' AND silence_limit < 9) a
FULL JOIN (SELECT * FROM seen WHERE map = 'regress_ward3') b USING (silence_limit, day, code);

-- Other zones: borders move by 40 of 100 metres, codes mean other places, the silent ward goes by another name and gives two
-- groups to its neighbour. Put in force while it is silent for 1, 2 and 5 days.
CREATE PROCEDURE redraw(map text, valid_from date) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM georisk.open_draft(map);
	EXECUTE format($sql$
		INSERT INTO %1$I.zone (code, level) VALUES ('W0', 'ward'), ('N1', 'ward'), ('W2', 'ward');
		INSERT INTO %1$I.zone (code, parent_code, level, population, households, geom)
		SELECT 'G' || x * 7 %% 24, CASE WHEN x < 10 THEN 'W0' WHEN x < 16 THEN 'N1' ELSE 'W2' END, 'group', 160, 40,
			   ST_Multi(ST_MakeEnvelope(x * 100 + 40, 0, x * 100 + 140, 100, 32648))
		FROM generate_series(0, 23) x;
	$sql$, map);
	PERFORM georisk.activate_zones(map, valid_from);
END
$$;
CALL make_map('regress_ward4', 'vn_hcmc_2716_2021');
CALL make_map('regress_ward5', 'vn_hcmc_2716_2021');
CALL make_map('regress_ward6', 'vn_hcmc_2716_2021');
CALL redraw('regress_ward4', '2021-07-21');
CALL redraw('regress_ward5', '2021-07-22');
CALL redraw('regress_ward6', '2021-07-25');
-- in the first of them the source still names the ward that is gone; in the others somebody saw to it
UPDATE regress_ward5.source SET zone_code = 'N1' WHERE source = 'w1';
UPDATE regress_ward6.source SET zone_code = 'N1' WHERE source = 'w1';
DO $$
DECLARE
	turn record;
BEGIN
	FOR turn IN SELECT m, d, l FROM (VALUES ('regress_ward4', 20), ('regress_ward5', 21), ('regress_ward6', 24)) v (m, d), unnest(ARRAY[0, 1, 3, 7]) l LOOP
		CALL regress_ward.watch(turn.m, turn.l, turn.d, turn.d);
	END LOOP;
END
$$;
-- A new group is green only where each old one that it stands on by a twentieth would be green that day. No report has a point.
SELECT n.map, n.silence_limit, count(DISTINCT n.code) AS groups, count(DISTINCT n.code) FILTER (WHERE n.rank = 0) AS green,
	   count(DISTINCT n.code) FILTER (WHERE n.rank = 0 AND o.rank IS DISTINCT FROM 0) AS green_by_the_change
FROM seen n
JOIN regress_ward4.zone z ON z.code = n.code AND z.zone_set_id = 2
JOIN regress_ward4.crosswalk c ON c.new_zone_id = z.zone_id
JOIN regress_ward4.zone f ON f.zone_id = c.old_zone_id
JOIN seen o ON o.map = 'regress_ward1' AND (o.silence_limit, o.day, o.code) = (n.silence_limit, n.day, f.code)
WHERE n.map > 'regress_ward3' GROUP BY n.map, n.silence_limit ORDER BY n.map, n.silence_limit;
DROP SCHEMA regress_ward, regress_ward1, regress_ward2, regress_ward3, regress_ward4, regress_ward5, regress_ward6 CASCADE;
