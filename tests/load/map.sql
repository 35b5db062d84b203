-- A map of 200 groups in ten wards, and a draft of 210 to come.
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS georisk;
SELECT georisk.create_map('m', srid => 32648, lang => 'en');
CREATE FUNCTION public.strips(groups integer) RETURNS TABLE (code text, parent_code text, population integer, geom geometry) LANGUAGE sql AS $$
	SELECT 'G' || x * groups + y, 'W' || x, 150, ST_Multi(ST_MakeEnvelope(x * 100, y * 2000.0 / groups, (x + 1) * 100, (y + 1) * 2000.0 / groups, 32648))
	FROM generate_series(0, 9) x, generate_series(0, groups - 1) y
	UNION ALL SELECT 'W' || x, NULL, NULL, NULL FROM generate_series(0, 9) x $$;
INSERT INTO m.zone (code, parent_code, population, geom) SELECT * FROM public.strips(20);
SELECT georisk.activate_zones('m', '2021-06-01');
SELECT georisk.set_day('m', '2021-10-01');
CREATE VIEW public.strips_to_come AS SELECT * FROM public.strips(21);
INSERT INTO m.source (source, date_formats) SELECT 'w' || i, ARRAY['DD/MM/YYYY'] FROM generate_series(1, 8) i;
