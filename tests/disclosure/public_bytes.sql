-- Every relation and every function of the map `small` that the role :ROLE may use: names first, then all that they give.
SET ROLE :ROLE;
SET datestyle = ISO;
SELECT 'relation ' || oid::regclass || ' ' || string_agg(a.attname, ',' ORDER BY a.attnum)
FROM pg_class JOIN pg_attribute a ON attrelid = oid AND attnum > 0
WHERE relnamespace IN ('small'::regnamespace, 'georisk'::regnamespace) AND relkind IN ('r', 'v', 'm', 'f', 'p') AND has_table_privilege(oid, 'SELECT')
GROUP BY oid ORDER BY oid::regclass::text;
SELECT 'function ' || oid::regprocedure FROM pg_proc
WHERE pronamespace = 'small'::regnamespace AND has_function_privilege(oid, 'EXECUTE') ORDER BY oid::regprocedure::text;
-- zone_in_force comes in the order of a plan, which follows from nothing but zones, and from when autovacuum looked at them
SELECT format('SELECT %L, t.* FROM %s t%s;', relname, oid::regclass, CASE relname WHEN 'zone_in_force' THEN ' ORDER BY t.zone_id' ELSE '' END) FROM pg_class
WHERE relnamespace IN ('small'::regnamespace, 'georisk'::regnamespace) AND relkind IN ('r', 'v', 'm', 'f', 'p') AND has_table_privilege(oid, 'SELECT')
ORDER BY oid::regclass::text \gexec
-- the tiles around the map, from afar and near
SELECT format('SELECT ''tile %s/%s/%s'', encode(small.risk_tile_public(%s, %s, %s), ''hex'');', z, x, y, z, x, y)
FROM (VALUES (8), (12), (14), (16)) zoom (z)
CROSS JOIN LATERAL (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(600500, 1190300), 32648), 4326) AS middle) m
CROSS JOIN LATERAL (SELECT floor((ST_X(middle) + 180) / 360 * 2 ^ z)::integer AS column_number,
						   floor((1 - ln(tan(radians(ST_Y(middle))) + 1 / cos(radians(ST_Y(middle)))) / pi()) / 2 * 2 ^ z)::integer AS row_number) p
CROSS JOIN generate_series(column_number - 1, column_number + 1) x CROSS JOIN generate_series(row_number - 1, row_number + 1) y
ORDER BY z, x, y \gexec
SELECT 'kml', k.* FROM small.risk_kml_public() k;
SELECT 'geojson', g.* FROM small.risk_geojson_public() g;
SELECT 'tier_at', t.* FROM georisk.tier_at('small', ST_SetSRID(ST_MakePoint(600450, 1190250), 32648)) t;
SELECT 'tier_at', t.* FROM georisk.tier_at('small', ARRAY(SELECT ST_SetSRID(ST_MakePoint(x, y), 32648)
	FROM generate_series(600050, 601050, 100) x CROSS JOIN generate_series(1190050, 1190650, 100) y ORDER BY x, y)) t;
