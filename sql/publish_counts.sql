-- Counts for the public: in classes, each day once, and only of windows that no tier looks at any more.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
SET timezone = 'UTC';
SELECT georisk.create_map('regress_counts', srid => 32648, lang => 'en');
SET search_path = regress_counts, public;
INSERT INTO zone (code, name, level) VALUES ('D', 'District', 'district');
INSERT INTO zone (code, name, parent_code, level) VALUES ('W1', 'Ward 1', 'D', 'ward'), ('W2', 'Ward 2', 'D', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || 1 + x / 4, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 6) x;
SELECT georisk.activate_zones('regress_counts', '2021-06-01') > 0 AS activated;
INSERT INTO report (external_id, report_day, n, household, zone_code)
SELECT x, date '2021-06-20' + x % 90, 1 + x % 4, x, 'G' || 1 + x * x % 5 FROM generate_series(1, 400) x;
SELECT georisk.set_day('regress_counts', '2021-07-01');
CREATE ROLE regress_resident;
GRANT USAGE ON SCHEMA regress_counts TO regress_resident;
GRANT SELECT ON zone_risk_public, zone_count_public, publication_public TO regress_resident;

-- What is refused, and leaves nothing.
SELECT georisk.publish_counts('regress_counts', 'a law', k => 2);
SELECT georisk.publish_counts('regress_counts', 'a law', k => NULL);
SELECT georisk.publish_counts('regress_counts', ' ');
SELECT georisk.publish_counts('regress_counts', 'a law', delay => 1000);
SELECT georisk.publish_counts('regress_counts', 'a law', valid_from => '2021-06-30');
SELECT georisk.add_layer('regress_counts', 'beds', 'POLICY beds REVIEW daily TIERS green, red NUMBER beds KEEP 7 days IF MISSING unknown BASE red WHEN beds > 9 green OTHERWISE'::georisk.risk_policy);
SELECT georisk.publish_counts('regress_counts', 'a law', layer => 'beds');
SELECT georisk.add_layer('regress_counts', 'slow', 'POLICY slow REVIEW daily TIERS green, red COUNT cases BASE red WHEN cases IN 7 days > 9 green OTHERWISE NOT BELOW previous WHEN cases IN 7 days > 0'::georisk.risk_policy);
SELECT georisk.publish_counts('regress_counts', 'a law', layer => 'slow');
SELECT count(*) AS decided FROM publication;
SELECT georisk.drop_layer('regress_counts', 'beds'), georisk.drop_layer('regress_counts', 'slow');

-- From the second week on, 8 wide; announced each evening. Nobody sees a number that tiers still look at.
CREATE PROCEDURE evenings(last date) LANGUAGE plpgsql AS $$
DECLARE
	day date;
BEGIN
	FOR day IN SELECT d FROM generate_series((SELECT s.day FROM settings s), last, '1 day') d LOOP
		PERFORM georisk.set_day('regress_counts', day);
		PERFORM georisk.announce('regress_counts', georisk.assess('regress_counts'));
		IF (SELECT max(counted_until) FROM published_run)
			>= (SELECT georisk.policy_first_day(policy::georisk.risk_policy, as_of) FROM assessment ORDER BY as_of DESC, assessment_id DESC LIMIT 1) THEN
			RAISE INFO 'on % tiers look at a day that is published', day;
		END IF;
	END LOOP;
END
$$;
SELECT georisk.publish_tiers('regress_counts', 'Notice 1') AS tiers;
SELECT georisk.publish_counts('regress_counts', 'Law 12', valid_from => '2021-07-08') AS counts;
CALL evenings('2021-07-16');
SELECT count(*) AS runs FROM published_run;
CALL evenings('2021-08-10');
SELECT published_run_id, layer_id, publication_id, k, counted_from, counted_until,
	   (SELECT d.day FROM decision d WHERE d.decision_id = r.decision_id) - counted_until AS days_after FROM published_run r;
SET ROLE regress_resident;
SELECT code, zone_level, counted_from, counted_until, cases_at_least, cases_at_most FROM zone_count_public ORDER BY counted_from, zone_id;
SELECT code, tier, cases_at_least, cases_at_most, counted_from, counted_until FROM zone_risk_public;
SELECT what, k, delay, first_day FROM publication_public ORDER BY publication_id;
SELECT count(*) FROM published_count;
SELECT count(*) FROM published_run;
RESET ROLE;
-- Every class is 8 wide at least, holds the count, and begins no lower than 0; a ward's holds the sum of its groups.
SELECT count(*) FILTER (WHERE c.at_most - c.at_least + 1 < 8 OR c.at_least < 0) AS too_narrow,
	   count(*) FILTER (WHERE n.cases BETWEEN c.at_least AND coalesce(c.at_most, n.cases)) = count(*) AS all_hold
FROM published_run r JOIN published_count c USING (published_run_id)
CROSS JOIN LATERAL (SELECT sum(t.cases) AS cases FROM assessment_tier t LEFT JOIN zone_ancestor a ON a.zone_id = t.zone_id AND a.ancestor_id = c.zone_id
					WHERE t.assessment_id = r.assessment_id AND (t.zone_id = c.zone_id OR a.zone_id IS NOT NULL)) n;

-- What looks at a published day cannot be announced any more.
SELECT georisk.announce('regress_counts', (SELECT assessment_id FROM assessment WHERE as_of = '2021-08-01'));
-- Nothing is written by hand.
INSERT INTO published_run (layer_id, publication_id, decision_id, assessment_id, zone_set_id, k, counted_from, counted_until)
VALUES (1, 1, 1, 1, 1, 8, '2020-01-01', '2020-01-02');
UPDATE published_count SET at_least = 1;
DELETE FROM published_run;

-- One layer only, and each day once, whatever layer counted it.
SELECT georisk.add_layer('regress_counts', 'dengue', 'alert_counts', disease => '{dengue}');
SELECT georisk.publish_counts('regress_counts', 'Law 12', layer => 'dengue');
SELECT georisk.end_publication('regress_counts', 'counts', 'a complaint') > 0 AS ended;
SELECT count(*) AS shown FROM zone_count_public;
SELECT count(cases_at_least) + count(counted_until) AS shown FROM zone_risk_public;
SELECT georisk.publish_counts('regress_counts', 'Law 12', k => 20, layer => 'dengue') > 0 AS decided;
SELECT georisk.publish_counts('regress_counts', 'Law 12');
SELECT georisk.end_publication('regress_counts', 'counts', 'a complaint', layer => 'dengue') > 0 AS ended;
SELECT georisk.drop_layer('regress_counts', 'dengue', with_assessments => true);
SELECT georisk.publish_counts('regress_counts', 'Law 13', k => 3, delay => 20) > 0 AS decided;

-- Boundaries change: no window that a change lies in or shortly after. A delay holds beside.
SELECT georisk.open_draft('regress_counts', copy_zones => true) > 0 AS draft;
SELECT georisk.activate_zones('regress_counts', '2021-08-12') > 0 AS activated;
CALL evenings('2021-09-20');
SELECT k, counted_from, counted_until, zone_set_id, (SELECT d.day FROM decision d WHERE d.decision_id = r.decision_id) - counted_until AS days_after
FROM published_run r ORDER BY 2;
SELECT count(DISTINCT counted_until) AS windows, min(cases_at_most - cases_at_least + 1) AS narrowest FROM zone_count_public WHERE counted_from > '2021-07-26';

-- verify finds a class that does not hold what was counted.
SELECT * FROM georisk.verify('regress_counts');
ALTER TABLE published_count DISABLE TRIGGER keep_record;
UPDATE published_count SET at_least = 900, at_most = NULL WHERE published_count_id = (SELECT min(published_count_id) FROM published_count);
ALTER TABLE published_count ENABLE TRIGGER keep_record;
SELECT what, key, stored FROM georisk.verify('regress_counts', '{assessments}');
SELECT what, mended, remark FROM georisk.rebuild('regress_counts');
DROP PROCEDURE evenings;
DROP OWNED BY regress_resident;
DROP ROLE regress_resident;
SELECT georisk.drop_map('regress_counts', with_reports => true);

-- Not by a number of one's own, not by a day pinned back, not tiers after counts, not by a layer that goes and comes again.
SELECT georisk.create_map('regress_counts', srid => 32648, lang => 'en');
INSERT INTO zone (code, level, population, households, geom)
SELECT 'G' || x, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(1, 3) x;
SELECT georisk.activate_zones('regress_counts', '2021-06-01') > 0 AS activated;
INSERT INTO report (external_id, report_day, n, disease, zone_code) SELECT x, date '2021-08-20' + x % 40, 2, 'x', 'G' || 1 + x % 2 FROM generate_series(1, 80) x;
SELECT georisk.add_layer('regress_counts', 'a', 'vn_hcmc_2716_2021', disease => '{x}');
SELECT georisk.set_day('regress_counts', '2021-09-03');
SELECT georisk.publish_counts('regress_counts', 'a law', layer => 'a') AS counts;
DO $$ BEGIN FOR d IN 0 .. 25 LOOP
	PERFORM georisk.set_day('regress_counts', date '2021-09-03' + d);
	PERFORM georisk.announce('regress_counts', georisk.assess('regress_counts', layer => 'a'));
END LOOP; END $$;
SELECT counted_from, counted_until FROM published_run;
INSERT INTO publication (publication_id, layer_id, what, kind, delay, ground) VALUES (2000000000, 1, 'tiers', 'begin', 0, 'by hand');
INSERT INTO publication (publication_id, layer_id, what, kind, delay, ground) VALUES (1, 1, 'tiers', 'begin', 0, 'by hand');
INSERT INTO decision (decision_id, kind, layer_id, assessment_id) SELECT 2000000000, 'announcement', layer_id, max(assessment_id) FROM assessment GROUP BY layer_id;
SELECT georisk.publish_tiers('regress_counts', 'a notice', layer => 'a');
SELECT georisk.publish_tiers('regress_counts', 'a notice', delay => 20, layer => 'a');
SELECT georisk.set_day('regress_counts', '2021-09-05');
SELECT georisk.publish_tiers('regress_counts', 'a notice');
SELECT georisk.set_day('regress_counts', '2021-09-28');
SELECT georisk.publish_tiers('regress_counts', 'a notice') > 0 AS of_a_layer_that_announced_nothing;
SELECT georisk.forget_decisions('regress_counts', 1);
SELECT georisk.drop_layer('regress_counts', 'a', with_assessments => true);
SELECT georisk.add_layer('regress_counts', 'a', 'vn_hcmc_2716_2021', disease => '{x}');
SELECT georisk.announce('regress_counts', georisk.assess('regress_counts', '2021-09-08', 'a'));
SELECT georisk.announce('regress_counts', georisk.assess('regress_counts', layer => 'a')) > 0 AS announced;
SELECT georisk.drop_map('regress_counts', with_reports => true);
