-- Zones of 60 corners, :columns × :rows, whose borders are drawn once and shared, in table :"zones".
CREATE OR REPLACE FUNCTION pg_temp.wave(i integer, j integer, step integer) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN CASE WHEN step IN (0, 15) THEN 0 ELSE 0.12 * sin(pi() * step / 15) * sin(step * 0.9 + i * 1.7 + j * 2.3) END;
CREATE TABLE :"zones" AS
SELECT i * :rows + j + 1 AS zone_id,
	   ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY(
		   SELECT ST_MakePoint(106 + 0.003 * x, 10 + 0.003 * y)
		   FROM (SELECT 1 AS side, s AS step, i + s / 15.0 AS x, j + pg_temp.wave(i, j, s) AS y FROM generate_series(0, 14) s
				 UNION ALL SELECT 2, s, i + 1 + pg_temp.wave(i + 1, j, s), j + s / 15.0 FROM generate_series(0, 14) s
				 UNION ALL SELECT 3, 15 - s, i + s / 15.0, j + 1 + pg_temp.wave(i, j + 1, s) FROM generate_series(1, 15) s
				 UNION ALL SELECT 4, 15 - s, i + pg_temp.wave(i, j, s), j + s / 15.0 FROM generate_series(0, 15) s) b
		   ORDER BY side, step))), 4326) AS geom
FROM generate_series(0, :columns - 1) i, generate_series(0, :rows - 1) j;
