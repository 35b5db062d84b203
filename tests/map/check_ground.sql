-- Real boundaries: zones with faults, each of which is found and nothing else; zones drawn by hand, whose neighbours are found.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS georisk CASCADE;
CREATE SCHEMA ground;
SET search_path = ground, public, georisk;
CREATE TABLE given (code text, name text, parent_code text, level text, population integer, households integer, wkt text);
\copy given FROM pstdin CSV HEADER
CREATE TABLE zone AS
SELECT row_number() OVER (ORDER BY code)::integer AS zone_id, code, nullif(parent_code, '') AS parent_code, level, ST_Multi(ST_GeomFromText(wkt, 4326)) AS geom FROM given;
CREATE INDEX ON zone USING gist (geom);

-- 300 pairs of neighbours that have no zone in common, the same on every run, and a stretch in the middle of their border.
CREATE TABLE pair (n integer, a integer, b integer, stretch geometry);
DO $$
DECLARE
	next record;
	used integer[] := '{}';
	stretch geometry;
	n integer := 0;
BEGIN
	FOR next IN SELECT x.zone_id AS a, x.neighbour_id AS b FROM (SELECT zone_index_agg(zone_id, geom) AS i FROM zone WHERE level = 'group') s, zone_neighbours(i) x
		WHERE x.zone_id < x.neighbour_id AND x.shared_m > 25 ORDER BY md5(x.zone_id || ' ' || x.neighbour_id) LOOP
		CONTINUE WHEN next.a = ANY (used) OR next.b = ANY (used) OR n = 300;
		SELECT ST_Transform(l.geom, 32648) INTO stretch
		FROM ST_Dump(ST_LineMerge(ST_CollectionExtract((SELECT ST_Intersection(o.geom, t.geom) FROM zone o, zone t WHERE o.zone_id = next.a AND t.zone_id = next.b), 2))) l
		ORDER BY ST_Length(l.geom) DESC LIMIT 1;
		CONTINUE WHEN ST_Length(stretch) < 25;
		n := n + 1;
		used := used || next.a || next.b;
		INSERT INTO pair VALUES (n, next.a, next.b, ST_LineSubstring(stretch, 0.35, 0.65));
	END LOOP;
END $$;

-- 100 overlaps of 0.8 to 3.2 m, 100 slivers of 2 to 20 cm, by turns an overlap or a gap, 100 gaps of 0.5 to 3 m: the first
-- zone of the pair takes ground from the other, or gives its own to nobody.
CREATE TABLE fault AS
SELECT n, a, b, n % 3 = 0 OR (n % 3 = 1 AND n % 2 = 0) AS takes,
	ST_Transform(ST_Buffer(stretch, CASE n % 3 WHEN 0 THEN 0.8 + n * 0.008 WHEN 1 THEN 0.02 + n * 0.0006 ELSE 0.5 + n / 120.0 END, 'endcap=flat'), 4326) AS patch
FROM pair;
CREATE TABLE faulty AS
SELECT z.zone_id, CASE WHEN z.code IN (SELECT code FROM zone WHERE level = 'group' AND zone_id NOT IN (SELECT a FROM fault UNION SELECT b FROM fault) ORDER BY md5(code) LIMIT 2) THEN NULL ELSE z.code END AS code, z.parent_code,
	CASE WHEN f.takes THEN ST_Multi(ST_Union(z.geom, ST_Intersection(f.patch, o.geom))) WHEN NOT f.takes THEN ST_Multi(ST_Difference(z.geom, f.patch)) ELSE z.geom END AS geom
FROM zone z LEFT JOIN fault f ON f.a = z.zone_id LEFT JOIN zone o ON o.zone_id = f.b;
CREATE TABLE expected AS
SELECT CASE WHEN f.takes THEN 'overlap' ELSE 'gap' END AS problem, least(a.code, b.code) AS zone, greatest(a.code, b.code) AS other_zone,
	ST_Area(ST_Intersection(f.patch, CASE WHEN f.takes THEN b.geom ELSE a.geom END)::geography) AS area, f.patch AS place,
	CASE WHEN f.takes AND ST_Area(ST_Intersection(f.patch, b.geom)::geography) >= least(ST_Area(t.geom::geography), ST_Area(b.geom::geography)) / 100 THEN 'error' ELSE 'warning' END AS severity
FROM fault f JOIN zone a ON a.zone_id = f.a JOIN zone b ON b.zone_id = f.b JOIN faulty t ON t.zone_id = f.a
UNION ALL SELECT 'missing_code', zone_id::text, NULL, NULL, geom, 'error' FROM faulty WHERE code IS NULL;

CREATE TABLE found AS
SELECT severity, problem, CASE WHEN problem = 'missing_code' THEN zone ELSE least(zone, other_zone) END AS zone, CASE WHEN problem <> 'missing_code' THEN greatest(zone, other_zone) END AS other_zone, area_m2, location
FROM check_zones('faulty');
\pset title 'Zones with faults: what was made, what check_zones found'
SELECT e.severity, e.problem, count(*) AS made, count(f.problem) AS found,
	count(*) FILTER (WHERE abs(f.area_m2 - e.area) <= 0.01 + 0.01 * e.area) AS area_right, count(*) FILTER (WHERE ST_DWithin(f.location, e.place, 1e-8)) AS place_right
FROM expected e LEFT JOIN found f USING (severity, problem, zone, other_zone) WHERE e.other_zone IS NOT NULL GROUP BY 1, 2
UNION ALL SELECT e.severity, e.problem, count(*), count(f.problem), NULL, count(*) FILTER (WHERE ST_Covers(e.place, f.location)) FROM expected e LEFT JOIN found f USING (severity, problem, zone) WHERE e.other_zone IS NULL GROUP BY 1, 2 ORDER BY 2, 1;
SELECT f.* FROM found f WHERE NOT EXISTS (SELECT FROM expected e WHERE (e.severity, e.problem, e.zone, coalesce(e.other_zone, '')) = (f.severity, f.problem, f.zone, coalesce(f.other_zone, '')));

-- Each group drawn again by hand: half a metre simplified, then every corner up to 2.5 m off, so that two drawings of one
-- border part, and overlap, by up to 6 m.
CREATE FUNCTION moved(geom geometry, zone_id integer, most double precision) RETURNS geometry LANGUAGE sql IMMUTABLE
RETURN (SELECT ST_Transform(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ST_Point(
		ST_X(p.geom) + most * h.r * cosd(h.turn), ST_Y(p.geom) + most * h.r * sind(h.turn)) ORDER BY p.path)), 32648), 4326)
	FROM ST_DumpPoints(ST_SimplifyPreserveTopology(ST_Transform(geom, 32648), 0.5)) p,
	LATERAL (SELECT ('x' || md5(zone_id || ST_AsText(p.geom, 3)))::bit(32)::integer) AS hash (bits),
	LATERAL (SELECT sqrt((bits & 1023) / 1023.0) AS r, 360 * (bits >> 10 & 4095) / 4096.0 AS turn) AS h);
CREATE TABLE by_hand AS
SELECT zone_id, code, parent_code, (SELECT ST_Multi(m) FROM unnest(ARRAY[2.5, 1, 0.3, 0]) w, moved(geom, zone_id, w) m WHERE ST_IsValid(m) ORDER BY w DESC LIMIT 1) AS geom
FROM zone WHERE level = 'group';
SELECT create_map('ground_seamless'), create_map('ground_by_hand', neighbour_tolerance_m => 6) \g /dev/null
INSERT INTO ground_seamless.zone (code, parent_code, geom) SELECT code, parent_code, geom FROM zone WHERE level = 'group' ORDER BY zone_id;
INSERT INTO ground_by_hand.zone (code, parent_code, geom) SELECT code, parent_code, geom FROM by_hand ORDER BY zone_id;
INSERT INTO ground_seamless.zone (code) SELECT DISTINCT parent_code FROM by_hand;
INSERT INTO ground_by_hand.zone (code) SELECT DISTINCT parent_code FROM by_hand;
SELECT activate_zones('ground_seamless', '2021-06-01'), activate_zones('ground_by_hand', '2021-06-01') \g /dev/null
CREATE TABLE apart AS
SELECT o.code AS a, n.code AS b, s.gap_m, s.shared_m FROM ground_seamless.zone_set, zone_neighbours(index, 12) s
JOIN ground_seamless.zone o USING (zone_id) JOIN ground_seamless.zone n ON n.zone_id = s.neighbour_id;
CREATE TABLE near AS
SELECT o.code AS a, n.code AS b, s.gap_m, s.shared_m FROM ground_by_hand.zone_neighbour s
JOIN ground_by_hand.zone o USING (zone_id) JOIN ground_by_hand.zone n ON n.zone_id = s.neighbour_id;
CREATE TABLE compared AS
SELECT (SELECT count(*) FROM by_hand h JOIN zone z USING (zone_id) WHERE ST_Equals(h.geom, z.geom)) AS as_before,
	(SELECT count(*) FROM ground_seamless.zone_neighbour) AS pairs,
	(SELECT count(*) FROM apart WHERE gap_m = 0 AND NOT EXISTS (SELECT FROM near WHERE (near.a, near.b) = (apart.a, apart.b))) AS lost,
	(SELECT count(*) FROM ground_by_hand.zone_set, zone_neighbours(index)) AS without_tolerance,
	(SELECT count(*) FROM near WHERE NOT EXISTS (SELECT FROM apart WHERE gap_m = 0 AND (near.a, near.b) = (apart.a, apart.b))) AS more,
	(SELECT count(*) FROM near WHERE NOT EXISTS (SELECT FROM apart WHERE (near.a, near.b) = (apart.a, apart.b))) AS more_than_near,
	(SELECT max(abs(near.shared_m - apart.shared_m)) FROM near JOIN apart USING (a, b) WHERE apart.shared_m > 20) AS border_off,
	(SELECT sum(near.shared_m) / sum(apart.shared_m) FROM near JOIN apart USING (a, b) WHERE apart.shared_m > 20) AS border_share;
\pset title 'The demo drawn by hand, with a tolerance of 6 m, beside the seamless one'
TABLE compared;

SELECT 1 / CASE WHEN (SELECT count(*) = 302 FROM expected) AND (SELECT count(*) = 302 FROM found)
	AND NOT EXISTS (SELECT FROM expected e LEFT JOIN found f USING (severity, problem, zone, other_zone)
		WHERE e.other_zone IS NOT NULL AND ((abs(f.area_m2 - e.area) <= 0.01 + 0.01 * e.area) IS NOT TRUE OR ST_DWithin(f.location, e.place, 1e-8) IS NOT TRUE))
	AND (SELECT count(*) = 2 FROM expected e JOIN found f USING (severity, problem, zone) WHERE problem = 'missing_code' AND ST_Covers(e.place, f.location))
	THEN 1 ELSE 0 END AS "each fault is found and nothing else" \g /dev/null
-- Groups that the seamless map has within twice the drawing error of the tolerance may be added; no others, and not many.
SELECT 1 / CASE WHEN lost = 0 AND more_than_near = 0 AND more < pairs / 500 AND without_tolerance < pairs * 0.9 AND as_before = 0 AND border_share > 0.95
	THEN 1 ELSE 0 END AS "the neighbours are those of the seamless map" FROM compared \g /dev/null
