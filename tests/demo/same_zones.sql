-- The zones in force loaded once more, the same: nothing changes on that day or the days after it.
BEGIN;
CREATE TEMP TABLE before ON COMMIT DROP AS
SELECT d AS day, r.code, r.tier, r.reason, r.cases, r.households_affected, r.complete_until, r.since, r.previous_tier
FROM generate_series(0, 20) d, district1.zone_risk_at(date '2021-09-06' + d) r;
CREATE TEMP TABLE zone_again ON COMMIT DROP AS
SELECT code, name, parent_code, level, population, households, geom FROM district1.zone WHERE zone_set_id = 2 ORDER BY code;
SELECT georisk.open_draft('district1', 'again') \g /dev/null
SELECT georisk.import_zones('district1', 'zone_again') \g /dev/null
SELECT georisk.activate_zones('district1', '2021-09-06') \g /dev/null
CREATE TEMP TABLE after ON COMMIT DROP AS
SELECT d AS day, r.code, r.tier, r.reason, r.cases, r.households_affected, r.complete_until, r.since, r.previous_tier
FROM generate_series(0, 20) d, district1.zone_risk_at(date '2021-09-06' + d) r;
SELECT pg_temp.need('the same zones once more, valid from 6 September, change on that day and the 20 after it',
                    (SELECT count(*) FROM (TABLE after EXCEPT TABLE before) x) || ' of ' || (SELECT count(*) FROM before),
                    (SELECT count(*) = 21 * 874 FROM before) AND (SELECT count(*) = 21 * 874 FROM after) AND
                    NOT EXISTS (TABLE after EXCEPT TABLE before) AND
                    (SELECT count(DISTINCT zone_set) FROM district1.zone_risk WHERE zone_set = 'again') = 1);
ROLLBACK;
