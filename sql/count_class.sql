-- Counts are published in classes that are cut by what the tiers shown tell already.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
-- What statements say of a window, by themselves and together.
SELECT * FROM georisk.count_bounds_of('{2021-07-05}', '{2021-07-11}', '{3}', '{NULL}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-06-28,2021-07-05}', '{2021-07-04,2021-07-11}', '{3,3}', '{NULL,NULL}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-07-01,2021-07-05}', '{2021-07-07,2021-07-11}', '{0,3}', '{0,NULL}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-06-24}', '{2021-07-07}', '{8}', '{20}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-07-01}', '{2021-07-07}', '{8}', '{20}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-07-01}', '{2021-07-07}', '{NULL}', '{NULL}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-07-01,2021-07-02}', '{2021-07-07,2021-07-03}', '{0,1}', '{0,NULL}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{}', '{}', '{}', '{}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{-infinity}', '{infinity}', '{0}', '{0}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-07-01}', '{}', '{0}', '{0}', '2021-07-01', '2021-07-07');
SELECT * FROM georisk.count_bounds_of('{2021-07-01}', '{2021-07-07}', '{0}', '{0}', '2021-07-07', '2021-07-01');
-- A ward of four groups: none, a few, more, and one that is known to have none; the class of the whole leaves each group's as wide as it is.
SELECT * FROM georisk.count_classes_of('{1,2,3,4,9}', '{9,9,9,9,NULL}', '{0,5,30,0,NULL}', '{0,1,3,0,NULL}', '{NULL,NULL,NULL,0,NULL}', '{f,f,f,f,f}', 8);
SELECT * FROM georisk.count_classes_of('{1,2,3,4,9}', '{9,9,9,9,NULL}', '{0,5,30,0,NULL}', '{0,1,3,0,NULL}', '{NULL,NULL,NULL,0,NULL}', '{f,f,f,f,f}', 3);
-- One of which nothing may be said: neither may of the ward.
SELECT * FROM georisk.count_classes_of('{1,2,9}', '{9,9,NULL}', '{0,5,NULL}', '{0,NULL,NULL}', '{NULL,NULL,NULL}', '{f,f,f}', 8);
-- One that is left out has no class, and moves no cut of the ward by one.
SELECT * FROM georisk.count_classes_of('{1,2,9}', '{9,9,NULL}', '{0,30,NULL}', '{0,0,NULL}', '{NULL,NULL,NULL}', '{f,t,f}', 8);
-- Bounds too close for two classes, and just wide enough.
SELECT upper, c.* FROM generate_series(14, 16) upper, georisk.count_classes_of('{1}', '{NULL}', '{9}', '{0}', ARRAY[upper]::bigint[], '{f}', 8) c;
-- A count outside of what was told, because it came late, is in the class nearest to it.
SELECT * FROM georisk.count_classes_of('{1,2}', '{NULL,NULL}', '{2,99}', '{10,0}', '{NULL,20}', '{f,f}', 8);
SELECT * FROM georisk.count_classes_of('{1}', '{NULL}', '{0}', '{0}', '{NULL}', '{f}', 2);
SELECT * FROM georisk.count_classes_of('{1,1}', '{NULL,NULL}', '{0,0}', '{0,0}', '{NULL,NULL}', '{f,f}', 8);
SELECT * FROM georisk.count_classes_of('{1,2}', '{2,1}', '{0,0}', '{0,0}', '{NULL,NULL}', '{f,f}', 8);
SELECT * FROM georisk.count_classes_of('{1,NULL}', '{NULL,NULL}', '{0,0}', '{0,0}', '{NULL,NULL}', '{f,f}', 8);

-- On a map: cuts follow the tiers that are shown, not the counts.
SELECT georisk.create_map('regress_count_class', srid => 32648, lang => 'en');
SET search_path = regress_count_class, public;
INSERT INTO zone (code, name, level) VALUES ('D', 'District', 'district');
INSERT INTO zone (code, name, parent_code, level) VALUES ('W1', 'Ward 1', 'D', 'ward'), ('W2', 'Ward 2', 'D', 'ward');
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || x, 'Group ' || x, 'W' || 1 + x / 4, 'group', 160, 40, ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648))
FROM generate_series(1, 6) x;
SELECT georisk.activate_zones('regress_count_class', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_count_class', '2021-07-07');
INSERT INTO report (external_id, report_day, n, zone_code) VALUES
	('a', '2021-07-07', 1, 'G1'), ('b', '2021-07-05', 9, 'G2'), ('c', '2021-07-12', 3, 'G2'), ('d', '2021-07-03', 2, 'G3'), ('e', '2021-07-06', 14, 'G4'),
	('f', '2021-06-20', 2, 'G5');
DO $$
BEGIN
	FOR day IN 7..21 LOOP
		PERFORM georisk.set_day('regress_count_class', make_date(2021, 7, day));
		PERFORM georisk.announce('regress_count_class', georisk.assess('regress_count_class'));
	END LOOP;
END
$$;
CREATE TEMP VIEW class AS
SELECT z.code, t.tier, t.cases, c.at_least, c.at_most
FROM zone z LEFT JOIN assessment_tier t ON t.zone_id = z.zone_id AND t.assessment_id = 1
LEFT JOIN georisk.count_classes('regress_count_class', 1, 1, 8) c ON c.zone_id = z.zone_id ORDER BY z.zone_id;
-- Tiers are not published: every 8, as if nobody knew one.
SELECT * FROM class;
-- They are, from the last day on: since when they hold tells of the days before, too.
BEGIN;
SELECT georisk.publish_tiers('regress_count_class', 'a notice') AS published;
SELECT * FROM class;
-- An override is taken at its word, though no count has to do with it.
SELECT georisk.override_tier('regress_count_class', 'G6', 'red', reason => 'a market', until => '2021-07-30') AS overruled;
SELECT * FROM class WHERE code IN ('G6', 'W2', 'D');
ROLLBACK;
SELECT georisk.count_classes('regress_count_class', 1, 99, 8);
SELECT georisk.count_classes('regress_count_class', 2, 1, 8);
SELECT georisk.count_classes('regress_count_class', 1, 1, 1);
DROP VIEW class;
SELECT georisk.drop_map('regress_count_class', with_reports => true) > 0 AS dropped;

-- Published from the first day on.
SELECT georisk.create_map('regress_count_class', srid => 32648, lang => 'en');
INSERT INTO zone (code, name, parent_code, level, geom)
SELECT 'G' || x, 'Group ' || x, NULL, 'group', ST_Multi(ST_MakeEnvelope(x * 100, 0, x * 100 + 100, 100, 32648)) FROM generate_series(1, 4) x;
SELECT georisk.activate_zones('regress_count_class', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_count_class', '2021-07-07');
SELECT georisk.publish_tiers('regress_count_class', 'a notice') AS published;
INSERT INTO report (external_id, report_day, n, zone_code) VALUES
	('a', '2021-07-07', 1, 'G1'), ('b', '2021-07-05', 9, 'G2'), ('c', '2021-07-12', 3, 'G2'), ('d', '2021-06-25', 2, 'G3'), ('e', '2021-07-09', 14, 'G4');
DO $$
BEGIN
	FOR day IN 7..21 LOOP
		PERFORM georisk.set_day('regress_count_class', make_date(2021, 7, day));
		PERFORM georisk.announce('regress_count_class', georisk.assess('regress_count_class'));
	END LOOP;
END
$$;
CREATE TEMP VIEW class AS
SELECT z.code, t.tier, t.cases, c.at_least, c.at_most
FROM zone z LEFT JOIN assessment_tier t ON t.zone_id = z.zone_id AND t.assessment_id = 1
LEFT JOIN georisk.count_classes('regress_count_class', 1, 1, 8) c ON c.zone_id = z.zone_id ORDER BY z.zone_id;
SELECT * FROM class;
SELECT code, at_least, at_most FROM zone JOIN georisk.count_classes('regress_count_class', 1, 8, 8) USING (zone_id) ORDER BY code;
DROP VIEW class;
SELECT georisk.drop_map('regress_count_class', with_reports => true) > 0 AS dropped;
