-- Erasure: as if the report had never come, but for what was recorded and is marked. Access: all that is held on it.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE PROCEDURE load_map(map text, left_out text) LANGUAGE plpgsql AS $$
DECLARE
	day date;
BEGIN
	PERFORM georisk.create_map(map, 'vn_hcmc_2716_2021', srid => 32648, lang => 'en');
	PERFORM georisk.add_layer(map, 'dengue', 'alert_counts', ARRAY['dengue']);
	EXECUTE format('UPDATE %I.settings SET household_salt = 42', map);
	FOR metres IN 0 .. 40 BY 40 LOOP
		IF metres > 0 THEN
			PERFORM georisk.open_draft(map);
		END IF;
		EXECUTE format('INSERT INTO %I.zone (code, parent_code, population, households, geom) SELECT ''G'' || x, ''W'' || x / 4, 160, 40, '
			'ST_Multi(ST_MakeEnvelope(x * 100 + $1, 0, x * 100 + 100 + $1, 100, 32648)) FROM generate_series(0, 7) x', map) USING metres;
		EXECUTE format('INSERT INTO %I.zone (code) VALUES (''W0''), (''W1'')', map);
		PERFORM georisk.activate_zones(map, date '2021-06-01' + metres * 2);
	END LOOP;
	-- a list each week, and on its evening an assessment of either layer
	FOR week IN 0 .. 11 LOOP
		day := date '2021-07-02' + week * 7;
		PERFORM georisk.set_day(map, day);
		EXECUTE format($sql$
			INSERT INTO %I.report_in (source, external_id, revision, report_day, disease, household, zone_code, x, y, note)
			SELECT CASE WHEN i = 3 THEN '' ELSE 'ward' END, 'person-' || i, r, ($1 - i %% 7 - CASE WHEN r = 2 THEN 7 ELSE 0 END)::text,
				   CASE WHEN i %% 2 = 0 THEN 'dengue' END, 'Canary ' || i %% 3, CASE WHEN i %% 4 > 0 THEN 'G' || (i + r) %% 8 END,
				   CASE WHEN i %% 4 = 0 THEN (i * 31 %% 800)::text END, CASE WHEN i %% 4 = 0 THEN '50.25' END, 'Canary note'
			FROM generate_series($2 * 4, $2 * 4 + 7) i, LATERAL (SELECT i / 4 - $2 + 1 AS r) x
			WHERE i / 4 - $2 = 0 OR i %% 5 = 0
			UNION ALL
			SELECT 'ward', 'person-5', '8', 'Canary day', NULL, NULL, NULL, NULL, NULL, 'Canary note' WHERE $2 = 5
		$sql$, map) USING day, week;
		EXECUTE format('DELETE FROM %I.report_in WHERE external_id = $1', map) USING left_out;
		PERFORM georisk.submit_reports(map, 'ward', 'week.csv', day, 'week');
		PERFORM georisk.submit_reports(map, 'ward', 'week.csv', day);
		IF left_out IS NULL THEN
			PERFORM georisk.assess(map), georisk.assess(map, layer => 'dengue');
		END IF;
		IF week = 8 THEN
			EXECUTE format('UPDATE %I.report SET n = 2 WHERE external_id IN (''person-5'', ''person-7'')', map);
			EXECUTE format('DELETE FROM %I.report WHERE external_id = ''person-10''', map);
		END IF;
	END LOOP;
	PERFORM georisk.set_day(map, '2021-09-30');
	EXECUTE format('ANALYZE %I.report', map);
END
$$;
CALL load_map('regress_erase', NULL);
SET search_path = regress_erase, public;
SELECT (SELECT count(*) FROM report) AS reports, (SELECT count(*) FROM placement) AS placements, (SELECT count(*) FROM possible_place) AS doubts,
	   (SELECT count(*) FROM report_past) AS pasts, (SELECT count(*) FROM rejected_report) AS rejected, (SELECT count(*) FROM assessment) AS assessments;
-- what waits, and a file that is called by its only report
INSERT INTO report_in (source, external_id, report_day, zone_code) VALUES ('ward', 'person-5', '2021-09-29', 'G1');
UPDATE submission SET file = 'Canary person-5.csv', label = 'person-5' WHERE submission_id = (SELECT min(submission_id) FROM report WHERE external_id = 'person-5');

-- what each assessment recorded, and what is found for it now
CREATE TEMP VIEW reproduced AS
	SELECT a.assessment_id, a.layer_id, a.as_of, count(*) FILTER (WHERE
		   (t.tier_rank, t.tier, t.tier_label, t.reason, t.cases, t.households_affected, t.rate_100k, t.days_since_last, t.complete_until)
		   IS DISTINCT FROM (z.tier_rank, z.tier, z.tier_label, z.reason, z.cases, z.households_affected, z.rate_100k, z.days_since_last, z.complete_until)) AS other_zones
	FROM assessment a JOIN assessment_tier t USING (assessment_id)
	JOIN LATERAL (SELECT * FROM zone_risk_at(a.as_of, a.known_at) WHERE a.layer_id = 1
				  UNION ALL SELECT * FROM zone_risk_at_dengue(a.as_of, a.known_at) WHERE a.layer_id = 2) z ON z.zone_id = t.zone_id
	GROUP BY 1, 2, 3;
SELECT count(*) AS assessments, count(*) FILTER (WHERE other_zones > 0) AS otherwise FROM reproduced;
CREATE TEMP TABLE recorded AS SELECT t::text AS tier FROM assessment_tier t UNION ALL SELECT a::text FROM assessment a UNION ALL SELECT c::text FROM tier_change c;

-- access
SELECT held_in, count(*), count(recorded_at) AS dated FROM georisk.report_dossier('regress_erase', 'ward', 'person-5') GROUP BY 1 ORDER BY 1;
SELECT content - '{recorded_at,household_key,report_id,submission_id}'::text[] AS content FROM georisk.report_dossier('regress_erase', 'ward', 'person-5') WHERE held_in = 'report';
SELECT content ->> 'original' AS original FROM georisk.report_dossier('regress_erase', 'ward', 'person-5') WHERE held_in = 'rejected_report';
SELECT content -> 'geom' AS point FROM georisk.report_dossier('regress_erase', 'ward', 'person-4') WHERE held_in = 'report' LIMIT 1;
SELECT count(*) AS nothing FROM georisk.report_dossier('regress_erase', 'ward', 'nobody');

-- bad input changes nothing, and no message repeats a name
CREATE ROLE regress_erase_other;
GRANT USAGE ON SCHEMA regress_erase TO regress_erase_other;
GRANT ALL ON ALL TABLES IN SCHEMA regress_erase TO regress_erase_other;
SELECT georisk.erase_report('regress_erase', 'ward', 'person-5', 'because Canary asked');
SELECT georisk.erase_report('regress_erase', 'ward', 'person-5', NULL);
SELECT georisk.erase_report('regress_erase', NULL, 'person-5', 'request');
SELECT georisk.erase_report('regress_erase', 'ward', NULL, 'request');
SELECT georisk.report_dossier('regress_erase', 'ward', NULL);
SELECT georisk.erase_report('regress_erase', 'ward', 'Canary nobody', 'request');
SELECT georisk.erase_report('nowhere', 'ward', 'person-5', 'request');
SET ROLE regress_erase_other;
SELECT georisk.erase_report('regress_erase', 'ward', 'person-5', 'request');
SELECT georisk.report_dossier('regress_erase', 'ward', 'person-5');
RESET ROLE;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT georisk.erase_report('regress_erase', 'ward', 'person-5', 'request');
ROLLBACK;

-- one that was revised, changed in place, rejected and waits
SELECT georisk.erase_report('regress_erase', 'ward', 'person-5', 'request') AS act;
SELECT * FROM georisk.verify('regress_erase', ARRAY['triggers', 'zones', 'neighbours', 'reports', 'receipts', 'assessments', 'views']);
SELECT what, key, stored, recomputed FROM georisk.verify('regress_erase');
SELECT count(*) AS changed FROM (SELECT tier FROM recorded EXCEPT ALL (SELECT t::text FROM assessment_tier t UNION ALL SELECT a::text FROM assessment a UNION ALL SELECT c::text FROM tier_change c)) x;
-- those are marked that cannot be reproduced, and no other
SELECT count(*) AS assessments, count(e.assessment_id) AS marked, count(*) FILTER (WHERE e.assessment_id IS NULL AND other_zones > 0) AS missed,
	   count(*) FILTER (WHERE e.assessment_id IS NOT NULL AND other_zones = 0) AS too_many
FROM reproduced LEFT JOIN erased_from e USING (assessment_id);
SELECT count(*) AS held FROM georisk.report_dossier('regress_erase', 'ward', 'person-5');

-- a map into which it never came shows the same, on every day
CALL load_map('regress_never', 'person-5');
CREATE FUNCTION shows(map text) RETURNS TABLE (what text, content jsonb) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT 'risk ' || d::date, to_jsonb(r) - '{geom,computed_at,since,previous_tier}'::text[]
		FROM generate_series(timestamp '2021-06-20', '2021-09-30', '1 day') d, %1$I.zone_risk_at(d::date) r
		UNION ALL
		SELECT 'dengue ' || d::date, to_jsonb(r) - '{geom,computed_at,since,previous_tier}'::text[]
		FROM generate_series(timestamp '2021-06-20', '2021-09-30', '1 day') d, %1$I.zone_risk_at_dengue(d::date) r
		UNION ALL SELECT 'counted', to_jsonb(z) - 'zone_day_id' FROM %1$I.zone_day z
		UNION ALL SELECT 'unmatched', to_jsonb(u) - '{first_recorded,last_recorded}'::text[] FROM %1$I.unmatched_places u
		UNION ALL SELECT 'report', to_jsonb(r) - '{report_id,recorded_at,line,submission_id}'::text[] FROM %1$I.report r
		UNION ALL SELECT 'placed', to_jsonb(p) - 'report_id' || to_jsonb(r.external_id) || to_jsonb(r.revision) FROM %1$I.placement p JOIN %1$I.report r USING (report_id)
		UNION ALL SELECT 'doubted', to_jsonb(p) - 'report_id' || to_jsonb(r.external_id) || to_jsonb(r.revision) FROM %1$I.possible_place p JOIN %1$I.report r USING (report_id)
		UNION ALL SELECT 'past', to_jsonb(p) - '{report_id,report_past_id,recorded_at,replaced_at}'::text[] FROM %1$I.report_past p
	$sql$, map);
END
$$;
SELECT substring(what, '^\w+') AS what, count(*) FROM shows('regress_never') GROUP BY 1 ORDER BY 1;
WITH erased AS MATERIALIZED (SELECT * FROM shows('regress_erase')), never AS MATERIALIZED (SELECT * FROM shows('regress_never'))
SELECT what, count(*) FROM ((TABLE erased EXCEPT ALL TABLE never) UNION ALL (TABLE never EXCEPT ALL TABLE erased)) x GROUP BY 1 ORDER BY 1;

-- nothing of it is left, neither in a table nor in the planner's samples; the notes of others are
CREATE FUNCTION holds(canary text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	one name;
	found bigint;
BEGIN
	FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'regress_erase'::regnamespace AND relkind = 'r' ORDER BY 1 LOOP
		EXECUTE format('SELECT count(*) FROM regress_erase.%I t WHERE t::text ~ $1', one) INTO found USING canary;
		IF found > 0 THEN RETURN NEXT one; END IF;
	END LOOP;
	RETURN QUERY SELECT format('samples of %s.%s', s.tablename, s.attname) FROM pg_stats s
				 WHERE s.schemaname = 'regress_erase' AND concat(s.most_common_vals, s.histogram_bounds) ~ canary ORDER BY 1;
END
$$;
SELECT * FROM holds('person-5\M|Canary day');
SELECT * FROM holds('person-4\M');

-- a deleted one, one that was reduced since, and one of many revisions; again there is nothing to erase
SELECT georisk.erase_report('regress_erase', 'ward', 'person-10', 'unlawful') AS act;
SELECT georisk.reduce_reports('regress_erase', date '2021-08-01') > 0 AS reduced;
SELECT held_in, count(*) FROM georisk.report_dossier('regress_erase', 'ward', 'person-6') GROUP BY 1 ORDER BY 1;
SELECT georisk.erase_report('regress_erase', 'ward', 'person-6', 'objection') AS act;
SELECT georisk.erase_report('regress_erase', 'ward', 'person-25', 'consent_withdrawn') AS act;
SELECT georisk.erase_report('regress_erase', 'ward', 'person-25', 'consent_withdrawn') AS act;
SELECT * FROM holds('person-(5|6|10|25)\M');
SELECT count(*) AS assessments, count(marked) AS marked, count(*) FILTER (WHERE marked IS NULL AND other_zones > 0) AS missed,
	   count(*) FILTER (WHERE marked IS NOT NULL AND other_zones = 0) AS too_many
FROM reproduced LEFT JOIN (SELECT DISTINCT assessment_id, true AS marked FROM erased_from) e USING (assessment_id);
SELECT what, count(*) FROM georisk.verify('regress_erase') GROUP BY 1;
-- mending finds nothing to mend
SELECT * FROM georisk.rebuild('regress_erase');

-- what was done, by whom; nobody changes it
SELECT protection_id, action, ground, older_than, reports > 0 AS reports, rejected, waiting, assessments > 0 AS assessments, done_by = session_user AS signed FROM protection ORDER BY 1;
UPDATE protection SET ground = 'unlawful';
DELETE FROM protection;
TRUNCATE protection, erased_from;
DELETE FROM erased_from;
INSERT INTO protection (action, reports, submitted, rejected, waiting, assessments, done_at, done_by)
VALUES ('disclosed', 0, 0, 0, 0, 0, '2020-01-01', 'somebody else') RETURNING done_by = session_user AS signed, done_at > '2026-01-01' AS dated;
SELECT count(*) AS names FROM protection p WHERE p::text ~ 'person|ward|Canary';

DROP PROCEDURE load_map;
DROP FUNCTION shows, holds;
DROP SCHEMA regress_erase, regress_never CASCADE;
DROP ROLE regress_erase_other;
