-- Retention: older reports keep what counting needs, and every day shows what it showed.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SELECT georisk.create_map('regress_reduce', 'vn_hcmc_2716_2021', srid => 32648, lang => 'en');
SELECT georisk.create_map('regress_whole', 'vn_hcmc_2716_2021', srid => 32648, lang => 'en');
SELECT georisk.add_layer('regress_reduce', 'dengue', 'alert_counts', ARRAY['dengue'], day_column => 'onset_day') IS NOT NULL AS second_layer;

-- two rows of groups; the borders move by 40 m, so that some reports have a doubtful place
CREATE PROCEDURE load_zones(map text, metres integer) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %I.zone (code, parent_code, population, households, geom) SELECT ''G'' || x + 8 * y, ''W'' || y, 160, 40, '
		'ST_Multi(ST_MakeEnvelope(x * 100 + $1, y * 100, x * 100 + 100 + $1, y * 100 + 100, 32648)) FROM generate_series(0, 7) x, generate_series(0, 1) y',
		map) USING metres;
	EXECUTE format('INSERT INTO %I.zone (code) VALUES (''W0''), (''W1'')', map);
END
$$;
CREATE PROCEDURE load_map(map text, with_points boolean) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('UPDATE %I.settings SET household_salt = 42', map);
	CALL load_zones(map, 0);
	PERFORM georisk.activate_zones(map, '2021-06-01');
	PERFORM georisk.set_day(map, '2021-09-30');
	EXECUTE format('ALTER TABLE %1$I.report ADD phone text, ADD ward_kind text', map);
	EXECUTE format('INSERT INTO %1$I.measure (layer_id, name, filter) SELECT layer_id, ''in_camps'', ''{"ward_kind": ["camp"]}'' FROM %1$I.layer', map);
	EXECUTE format('INSERT INTO %I.zone_alias (alias, zone_code) VALUES (''by the market'', ''G5'')', map);
	CALL load_list(map, with_points);
	-- changed in place, deleted, under an alias of its own
	EXECUTE format('UPDATE %I.report SET n = n + 1, phone = ''phone 0900'', ward_kind = ''camp'' WHERE external_id IN (''id-30'', ''id-90'')', map);
	EXECUTE format('DELETE FROM %I.report WHERE external_id IN (''id-17'', ''id-80'')', map);
	EXECUTE format('INSERT INTO %I.report (report_day, zone_code, note) VALUES (''2021-07-20'', ''G1'', ''Canary without an id'')', map);
	PERFORM georisk.open_draft(map);
	CALL load_zones(map, 40);
	PERFORM georisk.activate_zones(map, '2021-08-10');
END
$$;
CREATE PROCEDURE load_list(map text, with_points boolean) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($sql$
		INSERT INTO %I.report_in (external_id, revision, withdrawn, report_day, onset_day, disease, origin, n, household, zone_code, x, y, note, line)
		SELECT 'id-' || i / 2 * 2, CASE WHEN i %% 2 = 1 THEN '2' END, CASE WHEN i %% 19 = 0 AND i %% 2 = 1 THEN 'yes' END,
			   CASE WHEN i = 101 THEN 'Canary day' ELSE (date '2021-07-10' + i * 7 %% 60)::text END,
			   CASE WHEN i %% 5 = 0 THEN (date '2021-07-07' + i * 7 %% 60)::text END, CASE WHEN i %% 3 = 0 THEN 'Dengue' END,
			   CASE WHEN i %% 4 = 0 THEN 'imported' END, (i %% 2 + 1)::text, 'Canary household ' || i %% 4,
			   CASE WHEN i %% 13 = 0 THEN 'Canary alley ' || i WHEN i %% 11 = 0 THEN 'by the market' WHEN i %% 3 <> 2 OR NOT $1 THEN 'G' || i %% 16 END,
			   CASE WHEN $1 AND i %% 3 = 2 THEN (i * 37 %% 840)::text END, CASE WHEN $1 AND i %% 3 = 2 THEN (i * 53 %% 200)::text END,
			   'Canary note ' || i, i::text
		FROM generate_series(1, 180) i
	$sql$, map) USING with_points;
	PERFORM georisk.submit_reports(map, 'clinic', 'Canary.csv', '2021-09-29');
END
$$;
CALL load_map('regress_reduce', true);
SET search_path = regress_reduce, public;
SELECT outcome, count(*), count(DISTINCT zone_id) AS zones FROM report GROUP BY 1 ORDER BY 1;
SELECT (SELECT count(*) FROM placement) AS placements, (SELECT count(*) FROM possible_place) AS doubts, (SELECT count(*) FROM report_past) AS pasts,
	   (SELECT count(*) FROM rejected_report) AS rejected;
SELECT count(georisk.assess('regress_reduce', d::date)) FROM generate_series(timestamp '2021-07-09', '2021-09-24', '7 days') d;

-- bad input changes nothing
CREATE ROLE regress_reduce_other;
GRANT USAGE ON SCHEMA regress_reduce TO regress_reduce_other;
GRANT ALL ON ALL TABLES IN SCHEMA regress_reduce TO regress_reduce_other;
SELECT georisk.reduce_reports('regress_reduce', NULL::date);
SELECT georisk.reduce_reports('regress_reduce', NULL::interval);
SELECT georisk.reduce_reports(NULL, date '2021-08-01');
SELECT georisk.reduce_reports('nowhere', date '2021-08-01');
SELECT georisk.reduce_reports('regress_reduce', date '2021-10-01');
SELECT georisk.reduce_reports('regress_reduce', date 'infinity');
SELECT georisk.reduce_reports('regress_reduce', interval '-1 day');
SET ROLE regress_reduce_other;
SELECT georisk.reduce_reports('regress_reduce', date '2021-08-01');
RESET ROLE;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT georisk.reduce_reports('regress_reduce', date '2021-08-01');
ROLLBACK;
BEGIN;
ALTER TABLE report ADD nurse text NOT NULL DEFAULT 'somebody';
SELECT georisk.reduce_reports('regress_reduce', date '2021-08-01');
ROLLBACK;
SELECT georisk.create_map('regress_empty');
SELECT georisk.reduce_reports('regress_empty', date '2021-08-01');
DROP SCHEMA regress_empty CASCADE;
SELECT count(*) AS reduced FROM report WHERE reduced_at IS NOT NULL;
SELECT count(*) AS acts FROM protection;

-- what every day shows, now and as it was known, what was counted where and when, and what came in
CREATE TEMP VIEW shown AS
	SELECT 'risk' AS what, d::date::text AS day, r.zone_id, (to_jsonb(r) - '{geom,computed_at}'::text[])::text AS content
	FROM generate_series(timestamp '2021-07-08', '2021-09-12', '1 day') d, zone_risk_at(d::date) r
	UNION ALL
	SELECT 'dengue', d::date::text, r.zone_id, (to_jsonb(r) - '{geom,computed_at}'::text[])::text
	FROM generate_series(timestamp '2021-07-08', '2021-09-12', '9 days') d, zone_risk_at_dengue(d::date) r
	UNION ALL
	SELECT 'known then', a.assessment_id::text, r.zone_id, (to_jsonb(r) - '{geom,computed_at}'::text[])::text
	FROM assessment a, zone_risk_at(a.as_of, a.known_at) r
	UNION ALL
	SELECT 'known ' || k, d::date::text, r.zone_id, (to_jsonb(r) - '{geom,computed_at}'::text[])::text
	FROM (SELECT DISTINCT replaced_at - interval '1 microsecond' AS k FROM report_past) p, generate_series(timestamp '2021-07-25', '2021-09-01', '30 days') d,
		 zone_risk_at(d::date, k) r
	UNION ALL
	SELECT 'counted', NULL, NULL, (to_jsonb(z) - 'zone_day_id')::text FROM zone_day z
	UNION ALL
	SELECT 'quality', NULL, NULL, to_jsonb(q)::text FROM data_quality q
	UNION ALL
	SELECT 'reporting', NULL, NULL, (to_jsonb(q) - 'last_file')::text FROM reporting q
	UNION ALL
	SELECT 'in force', NULL, zone_id, (to_jsonb(r) - '{geom,computed_at}'::text[])::text FROM zone_risk r;
CREATE TEMP TABLE shown_before AS TABLE shown;
SELECT what, count(*) > 0 AS has_any FROM shown_before WHERE what NOT LIKE 'known %-%' GROUP BY 1 ORDER BY 1;
-- where a text stands, in whatever column of whatever table of the map, and in the planner's samples
CREATE FUNCTION holds(canary text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	one name;
	found bigint;
BEGIN
	FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'regress_reduce'::regnamespace AND relkind = 'r' ORDER BY 1 LOOP
		EXECUTE format('SELECT count(*) FROM regress_reduce.%I t WHERE t::text ~ $1', one) INTO found USING canary;
		IF found > 0 THEN RETURN NEXT one; END IF;
	END LOOP;
	RETURN QUERY SELECT format('samples of %s.%s', s.tablename, s.attname) FROM pg_stats s
				 WHERE s.schemaname = 'regress_reduce' AND concat(s.most_common_vals, s.histogram_bounds) ~ canary ORDER BY 1;
END
$$;
ANALYZE;
SELECT * FROM holds('Canary');

-- all of it but the last weeks
SELECT georisk.reduce_reports('regress_reduce', date '2021-08-20');
SELECT * FROM georisk.verify('regress_reduce');
CREATE TEMP TABLE shown_after AS TABLE shown;
SELECT what, day, count(*) FROM ((TABLE shown_after EXCEPT ALL TABLE shown_before) UNION ALL (TABLE shown_before EXCEPT ALL TABLE shown_after)) x
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FILTER (WHERE what = 'risk') > 1000 AS all_days, count(DISTINCT content) > 100 AS telling FROM shown_after;
SELECT reduced_at IS NOT NULL AS reduced, count(*), count(household) AS households, count(household_key) AS keys, count(zone_code) AS codes,
	   count(geom) AS points, count(note) AS notes, count(line) AS lines, count(phone) AS phones, count(ward_kind) AS kinds, min(report_day), max(report_day)
FROM report GROUP BY 1 ORDER BY 1;
SELECT action, older_than, reports, submitted, rejected, ground, done_by = session_user AS signed, done_at <= clock_timestamp() AS dated FROM protection;
-- again: nothing is left to take
SELECT georisk.reduce_reports('regress_reduce', date '2021-08-20') AS again, georisk.reduce_reports('regress_reduce', interval '60 days') AS earlier;
SELECT reduced_before FROM settings;

-- the same file again, a plain INSERT of it, a correction and a withdrawal of what was reduced
CREATE TEMP TABLE state AS SELECT report_id, external_id, revision, outcome, zone_id, household_key, n FROM report;
CALL load_list('regress_reduce', true);
SELECT received, duplicate, rejected FROM submission ORDER BY submission_id DESC LIMIT 1;
SELECT reason, count(*) FROM rejected_report GROUP BY 1 ORDER BY 1;
INSERT INTO report (source, external_id, revision, report_day, zone_code) SELECT 'clinic', 'id-' || i / 2 * 2, i % 2 + 1, '2021-07-05', 'G1'
FROM generate_series(1, 180) i WHERE i / 2 * 2 NOT IN (100) ON CONFLICT DO NOTHING;
SELECT report_id IS NOT NULL AS same, count(*) FROM (TABLE state EXCEPT SELECT report_id, external_id, revision, outcome, zone_id, household_key, n FROM report) x GROUP BY 1;
INSERT INTO report_in (external_id, revision, report_day, zone_code, withdrawn) VALUES ('id-2', '7', '2021-07-09', 'G3', NULL), ('id-4', '7', NULL, NULL, 'yes');
SELECT received, placed_by_code, withdrawn FROM georisk.submit_reports('regress_reduce', 'clinic');
SELECT revision, outcome, reduced_at IS NOT NULL AS reduced, zone_code FROM report
WHERE external_id IN (SELECT external_id FROM report WHERE revision = 7) ORDER BY revision, outcome COLLATE "C";
-- and taken back again
DELETE FROM report WHERE revision = 7;
SELECT * FROM georisk.verify('regress_reduce');
SELECT report_id, b.outcome, r.outcome FROM state b JOIN report r USING (report_id) WHERE b.zone_id IS DISTINCT FROM r.zone_id OR b.outcome <> r.outcome ORDER BY 1;
-- who writes it does not move it, and cannot say that it was reduced
UPDATE report SET outcome = outcome, reduced_at = NULL, zone_id = 1 WHERE reduced_at IS NOT NULL;
UPDATE report SET reduced_at = now() WHERE reduced_at IS NULL;
INSERT INTO report (external_id, report_day, zone_code, reduced_at) VALUES ('forged', '2021-09-20', 'G1', now()) RETURNING outcome, reduced_at;
DELETE FROM report WHERE external_id = 'forged';
UPDATE zone_alias SET zone_code = 'G6';
SELECT * FROM georisk.verify('regress_reduce');
SELECT count(*) AS reduced FROM report WHERE reduced_at IS NOT NULL;
-- a note that is added later is found, without being said
BEGIN;
UPDATE report SET note = 'Canary again' WHERE report_id = (SELECT min(report_id) FROM report WHERE reduced_at IS NOT NULL);
SELECT what, stored, recomputed FROM georisk.verify('regress_reduce');
SELECT what, mended, remark FROM georisk.rebuild('regress_reduce');
ROLLBACK;

-- nothing of anyone is left, once all of it is old
SELECT georisk.set_day('regress_reduce', '2100-01-01');
SELECT georisk.reduce_reports('regress_reduce', date '2100-01-01') > 0 AS rest;
SELECT * FROM holds('Canary|id-[0-9]|phone 0|row:');
SELECT * FROM georisk.verify('regress_reduce');

-- New zones: whoever is known by zone alone goes on as reports without a point do, whose content is all there.
CALL load_map('regress_whole', false);
SELECT georisk.create_map('regress_half', 'vn_hcmc_2716_2021', srid => 32648, lang => 'en');
CALL load_map('regress_half', false);
SELECT georisk.reduce_reports('regress_half', date '2021-09-30') > 100 AS reduced;
CREATE PROCEDURE move_on(map text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM georisk.open_draft(map);
	CALL load_zones(map, 95);
	PERFORM georisk.activate_zones(map, '2021-09-15');
	PERFORM georisk.open_draft(map);
	CALL load_zones(map, 60);
	PERFORM georisk.activate_zones(map, '2021-09-28');
END
$$;
CALL move_on('regress_whole');
CALL move_on('regress_half');
SELECT * FROM georisk.verify('regress_half');
-- of days that the new zones took over, a code that is there says more than the way along the crosswalk
SELECT count(*) AS reports, count(*) FILTER (WHERE w.zone_id IS DISTINCT FROM h.zone_id) AS elsewhere,
	   count(*) FILTER (WHERE w.outcome <> h.outcome) AS otherwise, count(h.household_key) AS households
FROM regress_whole.report w JOIN regress_half.report h USING (report_id)
WHERE least(w.report_day, w.onset_day) < '2021-08-10' AND w.outcome NOT IN ('unknown_code');
SELECT count(*) AS places, count(*) FILTER (WHERE w.zone_id IS DISTINCT FROM h.zone_id OR w.outcome <> h.outcome) AS elsewhere
FROM regress_whole.placement w FULL JOIN regress_half.placement h USING (report_id, zone_set_id)
JOIN regress_whole.report r USING (report_id)
WHERE r.outcome NOT IN ('superseded', 'withdrawn') AND r.report_day < '2021-08-10';
SELECT count(*) AS doubts, count(*) FILTER (WHERE w.zone_id IS NULL OR h.zone_id IS NULL) AS not_in_both
FROM regress_whole.possible_place w FULL JOIN regress_half.possible_place h USING (report_id, zone_set_id, zone_id)
JOIN regress_whole.report r USING (report_id) WHERE r.report_day < '2021-08-10';

DROP PROCEDURE load_zones, load_map, load_list, move_on;
DROP FUNCTION holds CASCADE;
DROP SCHEMA regress_reduce, regress_whole, regress_half CASCADE;
DROP ROLE regress_reduce_other;
