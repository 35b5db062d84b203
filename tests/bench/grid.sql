-- A map of `columns` × `rows` zones with 60 vertices each, whose borders are drawn once and shared, in square wards, and
-- `reports` reports of five months, in no order: half of them with a code, all with a point. Not activated.
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.border(i integer, j integer, along_x boolean, step integer) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_MakePoint(106.3 + 0.003 * (i + CASE WHEN along_x THEN step / 15.0 ELSE wave END),
		10.4 + 0.003 * (j + CASE WHEN along_x THEN wave ELSE step / 15.0 END))
	FROM (SELECT CASE WHEN step IN (0, 15) THEN 0
				 ELSE 0.12 * sin(pi() * step / 15) * sin(step * 0.9 + i * 1.7 + j * 2.3) END AS wave) w
$$;
SELECT georisk.create_map(:'map', policy => 'vn_hcmc_2716_2021', srid => 4326) \g /dev/null
INSERT INTO :"map".zone (code, name, level)
SELECT format('W%s-%s', i, j), format('Ward %s-%s', i, j), 'ward' FROM generate_series(0, (:columns - 1) / :ward) i,
	 generate_series(0, (:rows - 1) / :ward) j;
INSERT INTO :"map".zone (code, name, parent_code, level, population, households, geom)
SELECT format('G%s-%s', i, j), format('Group %s-%s', i, j), format('W%s-%s', i / :ward, j / :ward), 'group',
	   120 + (i * 7 + j * 13) % 400, 30 + (i * 7 + j * 13) % 100,
	   ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(point ORDER BY side, step)), 4326))
FROM generate_series(0, :columns - 1) i, generate_series(0, :rows - 1) j, LATERAL (
	SELECT 1 AS side, s AS step, pg_temp.border(i, j, true, s) AS point FROM generate_series(0, 14) s
	UNION ALL SELECT 2, s, pg_temp.border(i + 1, j, false, s) FROM generate_series(0, 14) s
	UNION ALL SELECT 3, 15 - s, pg_temp.border(i, j + 1, true, s) FROM generate_series(1, 15) s
	UNION ALL SELECT 4, 15 - s, pg_temp.border(i, j, false, s) FROM generate_series(0, 15) s) b
GROUP BY i, j ORDER BY i, j;
UPDATE :"map".settings SET day = '2021-10-31';

SELECT setseed(0.2716);
INSERT INTO :"map".report (source, external_id, report_day, household, zone_code, geom)
SELECT 'lab', 'R' || g, date '2021-06-01' + (152 * random())::integer, 'hh' || (random() * 100)::integer,
	   CASE WHEN random() < 0.5 THEN format('G%s-%s', i, j) END,
	   ST_SetSRID(ST_MakePoint(106.3 + 0.003 * (i + 0.3 + 0.4 * random()), 10.4 + 0.003 * (j + 0.3 + 0.4 * random())), 4326)
FROM (SELECT g, floor(:columns * random())::integer AS i, floor(:rows * random())::integer AS j
	  FROM generate_series(1, :reports) g) s;
