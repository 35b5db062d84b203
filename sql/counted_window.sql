-- zone_risk counts only the days that the policy can look at, and of those before the last one with a case, and reads only
-- zone values that are not too old: the same tiers, numbers and reasons as from all of them.
SET client_min_messages = warning;
SET datestyle = ISO;
SELECT georisk.create_map('regress_window', srid => 32648, lang => 'en') IS NOT NULL AS made;
SET search_path = regress_window, georisk, public;
INSERT INTO zone (code, population, geom)
SELECT format('Z%s%s', x, y), 100 + 37 * x + y, ST_Multi(ST_MakeEnvelope(x * 10, y * 10, x * 10 + 10, y * 10 + 10, 32648))
FROM generate_series(0, 5) x, generate_series(0, 5) y;
SELECT activate_zones('regress_window', '2021-05-01') > 0 AS activated;
-- Some zones have many cases, some one long ago, some none, some none but zeros.
SELECT setseed(0.27);
INSERT INTO report (source, report_day, n, household, zone_code, origin, link, status, setting)
SELECT 'lab', date '2021-05-01' + (pow(random(), 2) * 150)::integer, CASE WHEN random() < 0.15 THEN 0 ELSE (1 + random() * 2)::integer END,
	   (random() * 3)::integer, format('Z%s%s', (pow(random(), 2) * 5)::integer, (pow(random(), 2) * 5)::integer),
	   CASE WHEN random() < 0.2 THEN 'imported' WHEN random() < 0.5 THEN 'community' END,
	   CASE WHEN random() < 0.2 THEN 'unknown' END,
	   CASE WHEN random() < 0.1 THEN 'suspected' WHEN random() < 0.5 THEN 'confirmed' END,
	   CASE WHEN random() < 0.1 THEN 'hospital' WHEN random() < 0.5 THEN 'residence' END
FROM generate_series(1, 400);
-- Values of any age, some taken back by a later empty one, entered on any day; what a policy does not look at, too.
INSERT INTO zone_value (zone_code, name, day, value, recorded_at)
SELECT format('Z%s%s', x, y), w.name, date '2021-04-20' + (x * 7 + y * 11 + i * 37) % 170,
	   CASE (x + y * 2 + i) % 4 WHEN 0 THEN w.high WHEN 1 THEN w.low WHEN 2 THEN w.high END, timestamptz '2021-04-01' + (x + y + i) * interval '1 day'
FROM generate_series(0, 5) x, generate_series(0, 5) y, generate_series(1, 4) i,
	 (VALUES ('contact', 'yes', 'no'), ('beds_free', '30', '4'), ('not_asked_for', '1', '2')) w (name, high, low);
-- A second set: Z50 is cut in two.
SELECT open_draft('regress_window', copy_zones => true) > 0 AS opened;
DELETE FROM zone WHERE zone_set_id = 2 AND code = 'Z50';
INSERT INTO zone (code, population, geom) VALUES
	('Z50a', 60, ST_Multi(ST_MakeEnvelope(50, 0, 54, 10, 32648))), ('Z50b', 60, ST_Multi(ST_MakeEnvelope(54, 0, 60, 10, 32648)));
SELECT activate_zones('regress_window', '2021-08-01') > 1 AS activated;

CREATE FUNCTION pg_temp.differences() RETURNS TABLE (days bigint, rows bigint, tiers bigint, shown bigint, at_a_time bigint, known_now bigint)
LANGUAGE plpgsql AS $$
DECLARE
	shortened text := regexp_replace(pg_get_viewdef('regress_window.zone_risk'), 'policy_first_day\([^()]*\([^()]*\)\)', '''-infinity''::date');
	slow text := regexp_replace(shortened, 'policy_first_value_day\([^()]*\([^()]*\)\)', '''-infinity''::date');
	d date;
	columns CONSTANT text := 'zone_id, tier, tier_rank, reason, cases, households_affected, rate_100k, days_since_last, '
		'window_start, window_end, complete_until, zone_set';
BEGIN
	IF shortened = pg_get_viewdef('regress_window.zone_risk') OR slow = shortened THEN
		RAISE EXCEPTION 'the view does not ask from which day it counts reports, or takes zone values';
	END IF;
	days := 0; rows := 0; shown := 0; at_a_time := 0; known_now := 0;
	CREATE TEMP TABLE seen (tier text);
	FOR d IN SELECT generate_series(date '2021-05-01', date '2021-11-10', '3 days')::date LOOP
		UPDATE settings SET day = d;
		EXECUTE format('CREATE TEMP TABLE slow AS SELECT %s FROM (%s) v', columns, rtrim(slow, ';'));
		EXECUTE format('CREATE TEMP TABLE fast AS SELECT %s FROM zone_risk', columns);
		EXECUTE format('CREATE TEMP TABLE fast_at AS SELECT %s FROM zone_risk_at(%L)', columns, d);
		EXECUTE format('CREATE TEMP TABLE known AS SELECT %s FROM zone_risk_at(%L, now())', columns, d);
		days := days + 1;
		rows := rows + (SELECT count(*) FROM slow);
		shown := shown + (SELECT count(*) FROM ((TABLE slow EXCEPT TABLE fast) UNION ALL (TABLE fast EXCEPT TABLE slow)) x);
		at_a_time := at_a_time + (SELECT count(*) FROM ((TABLE slow EXCEPT TABLE fast_at) UNION ALL (TABLE fast_at EXCEPT TABLE slow)) x);
		known_now := known_now + (SELECT count(*) FROM ((TABLE slow EXCEPT TABLE known) UNION ALL (TABLE known EXCEPT TABLE slow)) x);
		INSERT INTO seen SELECT s.tier FROM slow s;
		DROP TABLE slow, fast, fast_at, known;
	END LOOP;
	tiers := (SELECT count(DISTINCT tier) FROM seen);
	DROP TABLE seen;
	RETURN NEXT;
END
$$;
SELECT policy_first_day(policy, '2021-10-31') FROM layer_policy;
SELECT * FROM pg_temp.differences();
-- two measures, reviewed weekly, an age as the only bound
UPDATE layer_policy SET policy = 'POLICY w  REVIEW weekly ON friday
TIERS green ''g'' ''#00ff00'', yellow ''y'' ''#ffff00'', red ''r'' ''#ff0000''
COUNT cases
COUNT imported_cases
BASE
  red     WHEN imported_cases IN 5 days >= 1
  yellow  WHEN days since cases <= 20 OR days since imported_cases <= 40
  green   OTHERWISE';
SELECT policy_review_day(policy, '2021-10-31'), policy_first_day(policy, '2021-10-29') FROM layer_policy;
SELECT * FROM pg_temp.differences();
-- a rate with no bound but the window
UPDATE layer_policy SET policy = policy('my_zone_2020');
SELECT * FROM pg_temp.differences();
-- zones fall silent one after the other, and for nine days hold the tier of a day whose window began earlier
INSERT INTO source (source, zone_code) SELECT 'of ' || code, code FROM zone WHERE zone_set_id = 1;
INSERT INTO submission (source, complete_until) SELECT source, date '2021-05-15' + row_number() OVER (ORDER BY reverse(source) COLLATE "C")::integer * 3 FROM source;
UPDATE settings SET silence_limit = 9;
UPDATE layer_policy SET policy = policy('alert_counts', '{"days": 7}');
SELECT * FROM pg_temp.differences();
-- values kept for 9 and 30 days, while silence holds the tier of an earlier day; reviewed weekly
UPDATE layer_policy SET policy = 'POLICY k  REVIEW weekly ON tuesday
TIERS green ''g'' ''#00ff00'', yellow ''y'' ''#ffff00'', orange ''o'' ''#ff8000'', red ''r'' ''#ff0000''
COUNT cases
YESNO contact    KEEP 9 days   IF MISSING unknown
NUMBER beds_free KEEP 30 days  IF MISSING 10
BASE
  red     WHEN contact AND cases IN 10 days >= 1
  orange  WHEN beds_free < 5
  yellow  WHEN contact OR beds_free < 20
  green   OTHERWISE';
SELECT policy_first_value_day(policy, '2021-10-31') FROM layer_policy;
SELECT * FROM pg_temp.differences();
-- by a second policy of the timeline, which keeps one for ever and looks at nothing else
INSERT INTO layer_policy (layer_id, valid_from, policy) VALUES (1, '2021-08-10', 'POLICY e  REVIEW daily
TIERS green ''g'' ''#00ff00'', red ''r'' ''#ff0000''
NUMBER beds_free IF MISSING unknown
BASE
  red     WHEN beds_free < 5
  green   OTHERWISE');
SELECT valid_from, policy_name(policy), policy_first_value_day(policy, '2021-10-31') FROM layer_policy ORDER BY valid_from;
SELECT * FROM pg_temp.differences();
DELETE FROM layer_policy WHERE valid_from = '2021-08-10';
-- earlier windows, days that run, peaks of the last weeks: bounded all the same
UPDATE layer_policy SET policy = 'POLICY e  REVIEW daily
TIERS green, yellow, orange, red
COUNT cases
NUMBER beds_free KEEP 3 days IF MISSING 10
BASE
  red     WHEN cases IN 5 days >= 2 ON 3 days RUNNING OR beds_free < 5 ON ANY OF 3 weeks
  orange  WHEN cases IN 7 days > cases IN 7 days LAG 7 days
  yellow  WHEN PEAK cases IN 5 days WITHIN 20 days >= 3
  green   OTHERWISE';
SELECT policy_first_day(policy, '2021-10-31'), policy_first_value_day(policy, '2021-10-31') FROM layer_policy;
SELECT * FROM pg_temp.differences();
-- no bound at all
UPDATE layer_policy SET policy = 'POLICY u  REVIEW daily
TIERS green ''g'' ''#00ff00'', yellow ''y'' ''#ffff00''
COUNT community_cases
BASE
  yellow  WHEN days since community_cases < never
  green   OTHERWISE';
SELECT policy_first_day(policy, '2021-10-31') FROM layer_policy;
SELECT * FROM pg_temp.differences();
-- days at the ends of the calendar
SELECT d, policy_first_day(policy('alert_counts'), d), policy_review_day(policy('alert_counts'), d),
	   policy_first_value_day(policy('vn_hcmc_2716_2021'), d)
FROM unnest('{4713-01-01 BC,4714-11-24 BC,5874897-12-31,infinity,-infinity}'::date[]) d;

RESET search_path;
DROP SCHEMA regress_window CASCADE;
