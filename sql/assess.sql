-- assess records the tiers of a day, with what they were found from; zone_risk says since when, and what was before.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
SELECT georisk.create_map('regress_assess', srid => 32648, lang => 'en');
SET search_path = regress_assess, public;
SELECT georisk.assess('regress_assess', '2021-07-01');
INSERT INTO zone (code, name, level) VALUES ('W', 'Ward', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT ' G' || x || ' ', 'Group ' || x, 'W', 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 6) x;
SELECT georisk.activate_zones('regress_assess', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_assess', '2021-07-01');
SELECT count(since) AS since, count(previous_tier) AS previous FROM zone_risk;

INSERT INTO report (external_id, report_day, n, zone_code) VALUES
	('a', '2021-07-01', 1, 'G1'), ('b', '2021-07-01', 2, 'G2'), ('c', '2021-07-02', 3, 'G3'), ('d', '2021-07-04', 3, 'G4');
SELECT georisk.assess('regress_assess') AS first;
SELECT as_of, known_at BETWEEN (SELECT max(recorded_at) FROM report) AND clock_timestamp() AS known_then, before_id, policy_name, previous, assessed_by = current_user AS by_me,
	   policy = (SELECT policy::text FROM layer_policy) AS policy, zone_set_id = (SELECT max(zone_set_id) FROM zone_set) AS zone_set,
	   made_by = (SELECT extversion FROM pg_extension WHERE extname = 'georisk') AS made_by
FROM assessment;
-- what is recorded is what is shown, and the day's own assessment is the first of its run
SELECT count(*) AS zones, count(*) FILTER (WHERE (t.tier_rank, t.tier, t.tier_label, t.tier_color, t.reason, t.cases, t.households_affected, t.population, t.households,
		   t.rate_100k, t.days_since_last, t.window_start, t.window_end, t.since, t.previous_tier) IS DISTINCT FROM
		   (r.tier_rank, r.tier, r.tier_label, r.tier_color, r.reason, r.cases, r.households_affected, r.population, r.households,
		   r.rate_100k, r.days_since_last, r.window_start, r.window_end, r.since, r.previous_tier)) AS differ
FROM zone_risk r FULL JOIN assessment_tier t USING (zone_id);
SELECT count(*) AS changes FROM tier_change;

-- two days later: what changed, against the day before that was assessed
SELECT georisk.set_day('regress_assess', '2021-07-03');
SELECT code, tier, since, previous_tier FROM zone_risk ORDER BY zone_id;
SELECT georisk.assess('regress_assess') AS second;
SELECT code, tier, since, previous_tier FROM zone_risk ORDER BY zone_id;
SELECT before_id, as_of, code, from_rank, from_tier, tier_rank, tier, reason <> '' AS reason FROM tier_change ORDER BY 3;

-- the same day again, after a correction: both are kept, and the newer counts
INSERT INTO report (external_id, revision, withdrawn, report_day, zone_code) VALUES ('c', 2, true, '2021-07-02', 'G3');
SELECT code, tier, since, previous_tier FROM zone_risk WHERE code ~ 'G3';
SELECT georisk.assess('regress_assess') AS third;
SELECT assessment_id, as_of, before_id, (SELECT count(*) FROM assessment_tier t WHERE t.assessment_id = a.assessment_id) AS zones,
	   (SELECT string_agg(concat_ws(' ', code, from_tier, tier), ', ' ORDER BY code) FROM tier_change c WHERE c.assessment_id = a.assessment_id) AS changes
FROM assessment a ORDER BY 1;
SELECT code, tier, since, previous_tier FROM zone_risk ORDER BY zone_id;
SELECT code, tier, since FROM assessment_tier WHERE assessment_id = 3 ORDER BY code;

-- each is found again from its own known_at
SELECT a.assessment_id, count(*) AS zones, count(*) FILTER (WHERE (t.tier, t.reason, t.cases, t.since, t.previous_tier)
	   IS DISTINCT FROM (r.tier, r.reason, r.cases, r.since, r.previous_tier)) AS differ
FROM assessment a CROSS JOIN LATERAL zone_risk_at(a.as_of, a.known_at) r
FULL JOIN assessment_tier t ON t.assessment_id = a.assessment_id AND t.zone_id = r.zone_id GROUP BY 1 ORDER BY 1;

-- Days assessed in any order, some twice: since and previous_tier as slow, obvious SQL finds them in what is recorded.
CREATE VIEW obvious AS
WITH today AS (SELECT day FROM settings),
run AS (SELECT DISTINCT ON (a.as_of, t.zone_id) a.as_of, t.zone_id, t.tier FROM assessment a JOIN assessment_tier t USING (assessment_id)
		ORDER BY a.as_of, t.zone_id, a.assessment_id DESC)
SELECT z.zone_id,
	   (SELECT tier FROM run r, today WHERE r.zone_id = z.zone_id AND r.as_of < day ORDER BY r.as_of DESC LIMIT 1) AS previous_tier,
	   (SELECT min(r.as_of) FROM run r, today WHERE r.zone_id = z.zone_id AND r.as_of <= day AND NOT EXISTS
		(SELECT FROM run s WHERE s.zone_id = z.zone_id AND s.as_of BETWEEN r.as_of AND day AND s.tier <> z.tier)) AS since
FROM zone_risk z;
INSERT INTO report (report_day, n, zone_code)
SELECT date '2021-06-20' + i * 7 % 30, 1 + i % 3, 'G' || 1 + i * i % 6 FROM generate_series(1, 25) i;
DO $$
DECLARE
	differ integer := 0;
	shown integer := 0;
BEGIN
	FOR i IN 0 .. 39 LOOP
		PERFORM georisk.set_day('regress_assess', date '2021-07-05' + i * 11 % 23);
		differ := differ + (SELECT count(*) FILTER (WHERE (r.since, r.previous_tier) IS DISTINCT FROM (o.since, o.previous_tier))
							FROM regress_assess.zone_risk r JOIN regress_assess.obvious o USING (zone_id));
		IF i % 7 = 0 THEN
			DELETE FROM regress_assess.report WHERE report_id % 9 = i % 9 AND external_id IS NULL;
		END IF;
		PERFORM georisk.assess('regress_assess');
		differ := differ + (SELECT count(*) FILTER (WHERE (r.since, r.previous_tier) IS DISTINCT FROM (o.since, o.previous_tier))
							FROM regress_assess.zone_risk r JOIN regress_assess.obvious o USING (zone_id))
			+ (SELECT count(*) FILTER (WHERE (t.since, t.previous_tier, t.tier) IS DISTINCT FROM (o.since, o.previous_tier, r.tier))
			   FROM regress_assess.assessment_tier t JOIN regress_assess.zone_risk r USING (zone_id) JOIN regress_assess.obvious o USING (zone_id)
			   WHERE t.assessment_id = (SELECT max(assessment_id) FROM regress_assess.assessment));
		shown := shown + (SELECT count(DISTINCT since) FROM regress_assess.zone_risk);
	END LOOP;
	RAISE WARNING 'differ: %, different runs were seen: %', differ, shown > 80;
END
$$;
-- no change is missing from tier_change, and nothing else is in it
SELECT count(*) > 30 AS changes, count(*) FILTER (WHERE c.tier IS DISTINCT FROM t.tier OR c.from_tier IS DISTINCT FROM b.tier) AS differ
FROM assessment a JOIN assessment_tier t USING (assessment_id)
JOIN assessment_tier b ON b.assessment_id = a.before_id AND b.code = t.code
FULL JOIN tier_change c ON c.assessment_id = a.assessment_id AND c.code = t.code
WHERE t.tier IS DISTINCT FROM b.tier OR c.code IS NOT NULL;

-- what makes no assessment, and leaves none
SELECT max(assessment_id) AS last FROM assessment \gset
SELECT georisk.assess('regress_assess', 'infinity');
SELECT georisk.assess('regress_nowhere');
SELECT georisk.assess(NULL);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT georisk.assess('regress_assess');
ROLLBACK;
SELECT max(assessment_id) = :last AS none_made FROM assessment;

-- The day is the map's, whatever the session's time zone and DateStyle say.
SELECT georisk.set_day('regress_assess', '2021-08-02');
SET timezone = 'Pacific/Kiritimati';
SET datestyle = 'German, DMY';
SELECT georisk.assess('regress_assess') > :last AS assessed;
SET timezone = 'UTC';
SET datestyle = ISO;
SELECT DISTINCT a.as_of, t.window_end FROM assessment a JOIN assessment_tier t USING (assessment_id) WHERE assessment_id > :last;

-- What says that it was recorded later than now is not known yet, though it is there and zone_risk counts it.
INSERT INTO report (report_day, n, zone_code, recorded_at) VALUES ('2021-08-02', 3, 'G5', clock_timestamp() + interval '1 day');
SELECT georisk.assess('regress_assess') AS not_yet \gset
SELECT r.cases - t.cases AS to_come, (SELECT k.cases - t.cases FROM zone_risk_at('2021-08-02', known_at) k WHERE k.zone_id = t.zone_id) AS found_again
FROM assessment_tier t JOIN assessment USING (assessment_id) JOIN zone_risk r USING (zone_id) WHERE assessment_id = :not_yet AND r.code = ' G5 ';
DROP SCHEMA regress_assess CASCADE;
