-- The map's neighbours: within its tolerance in metres, found anew in all zone sets where that is changed.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = ISO;
CREATE ROLE regress_neighbour_reader;

-- Six plots of 96 m, 4 m apart, as one draws them by hand between streets; the last is 30 m off.
CREATE FUNCTION pg_temp.load(map text, shift double precision) RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
	EXECUTE format('INSERT INTO %I.zone (code, geom) SELECT chr(65 + x), ST_Multi(ST_Transform(ST_MakeEnvelope(
		684000 + 100 * x + CASE x WHEN 5 THEN 26 ELSE 0 END, 1190000, 684096 + 100 * x + CASE x WHEN 5 THEN 26 ELSE 0 END, 1190096 + $1, 32648), 4326))
		FROM generate_series(0, 5) x', map) USING shift;
	PERFORM georisk.activate_zones(map, CASE shift WHEN 0 THEN date '2021-06-01' ELSE '2021-08-01' END);
END $$;
SELECT georisk.create_map('regress_touching', 'vn_hcmc_2716_2021', lang => 'en');
SELECT georisk.create_map('regress_by_hand', 'vn_hcmc_2716_2021', lang => 'en', neighbour_tolerance_m => 5);
SELECT pg_temp.load('regress_touching', 0), pg_temp.load('regress_by_hand', 0);
SELECT count(*) FROM regress_touching.zone_neighbour;
SELECT string_agg(o.code || i.code, ' ' ORDER BY o.code, i.code) AS pairs, bool_and(abs(n.gap_m - 4) < 0.1) AS gaps, bool_and(abs(n.shared_m - 96) < 1) AS facing
FROM regress_by_hand.zone_neighbour n JOIN regress_by_hand.zone o USING (zone_id) JOIN regress_by_hand.zone i ON i.zone_id = n.neighbour_id;
SELECT georisk.set_day('regress_by_hand', '2021-07-01');
SELECT code, neighbours, round(gap_m) AS gap_m, round(shared_m) AS shared_m FROM regress_by_hand.green_zone_watch ORDER BY 1;

-- Another tolerance, in the set in force and in the one before; the same as if the map had been made with it.
SELECT georisk.open_draft('regress_by_hand') > 0 AS opened, pg_temp.load('regress_by_hand', 1);
CREATE TEMP VIEW pairs AS
SELECT o.zone_set_id AS set, string_agg(o.code || i.code, ' ' ORDER BY o.code, i.code) AS pairs
FROM regress_by_hand.zone_neighbour n JOIN regress_by_hand.zone o USING (zone_id)
JOIN regress_by_hand.zone i ON i.zone_id = n.neighbour_id AND i.zone_set_id = o.zone_set_id GROUP BY 1;
SELECT * FROM pairs ORDER BY 1;
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = 40;
SELECT * FROM pairs ORDER BY 1;
SELECT count(*) AS differ FROM regress_by_hand.zone_neighbour n FULL JOIN (
	SELECT n.* FROM regress_by_hand.zone_set, georisk.zone_neighbours(index, 40) n) again USING (zone_id, neighbour_id, shared_m, gap_m)
WHERE n.zone_id IS NULL OR again.zone_id IS NULL;
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = 0;
SELECT * FROM pairs ORDER BY 1;

-- What is no tolerance changes nothing; nor may who does not own the map change it.
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = 5;
\set VERBOSITY terse
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = -1;
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = 'NaN';
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = NULL;
\set VERBOSITY default
GRANT USAGE ON SCHEMA georisk, regress_by_hand TO regress_neighbour_reader;
GRANT SELECT, UPDATE ON regress_by_hand.settings TO regress_neighbour_reader;
SET ROLE regress_neighbour_reader;
UPDATE regress_by_hand.settings SET neighbour_tolerance_m = 40;
RESET ROLE;
SELECT neighbour_tolerance_m, (SELECT count(*) FROM regress_by_hand.zone_neighbour) AS pairs FROM regress_by_hand.settings;
SELECT georisk.create_map('regress_nowhere', neighbour_tolerance_m => -5);
SELECT georisk.create_map('regress_nowhere', neighbour_tolerance_m => 'Infinity');
SELECT georisk.create_map('regress_nowhere', neighbour_tolerance_m => NULL);
SELECT to_regnamespace('regress_nowhere') IS NULL AS nothing_made;

DROP SCHEMA regress_touching, regress_by_hand CASCADE;
REVOKE USAGE ON SCHEMA georisk FROM regress_neighbour_reader;
DROP ROLE regress_neighbour_reader;
