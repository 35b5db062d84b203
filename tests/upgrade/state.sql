-- Everything that a map shows and stores, as far as the columns go that it had at first; and who may do what.
SET search_path = :"map", public;
SET datestyle = ISO;
SET jit = off;
SET timezone = 'Asia/Ho_Chi_Minh';
SELECT to_regclass('public.own_columns') IS NULL AS is_first \gset
\if :is_first
CREATE TABLE public.own_columns AS
SELECT c.relname::text, c.relkind = 'v' AS is_view,
	   string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attname NOT IN ('computed_at', 'zone_day_id', 'timeseries_id', 'version')
		AND (c.relname, a.attname) <> ('layer', 'policy')) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relkind IN ('r', 'v') GROUP BY 1, 2;
\endif
SELECT format('SELECT %L, count(*), md5(string_agg(r::text, '','' ORDER BY r::text)) FROM (SELECT %s FROM %I) r', relname, columns, relname)
FROM public.own_columns ORDER BY relname \gexec
-- which has moved
SELECT CASE WHEN to_regclass('layer_policy') IS NULL THEN 'layer' ELSE 'layer_policy' END AS has_policy \gset
SELECT layer_id, policy FROM :has_policy ORDER BY 1, 2::text;
SELECT day::date, known, count(*), string_agg(concat_ws(',', code, tier, cases, since, previous_tier, reason), ' ' ORDER BY zone_id)
FROM generate_series('2021-08-30', '2021-09-08', interval '3 days') day,
	 LATERAL (SELECT 'now' AS known, r.* FROM zone_risk_at(day::date) r
			  UNION ALL
			  SELECT 'then', r.* FROM zone_risk_at(day::date, (SELECT known_at FROM assessment WHERE assessment_id = 2)) r) r
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT own_function('2021-09-06');
-- who was let read everything still may
SET ROLE own_auditor;
SELECT count(*) FROM zone_risk_at('2021-09-06');
RESET ROLE;
SELECT c.relname, c.relacl, pg_get_userbyid(c.relowner), c.relrowsecurity, c.reloptions FROM pg_class c
WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relname IN (SELECT relname FROM public.own_columns) ORDER BY 1;
SELECT c.relname, a.attname, a.attacl FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND a.attacl IS NOT NULL ORDER BY 1, 2;
SELECT p.proname, p.proacl FROM pg_proc p WHERE p.pronamespace = quote_ident(:'map')::regnamespace AND (p.proacl IS NOT NULL AND NOT p.prosecdef OR p.proname LIKE 'own%') ORDER BY 1;
SELECT polname, polrelid::regclass, polroles::regrole[], pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1;
SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'own%';
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'own%' ORDER BY 1;
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid = to_regclass('own_index');
SELECT pg_get_expr(adbin, adrelid), col_description(adrelid, adnum) FROM pg_attrdef WHERE adrelid = 'report'::regclass
	AND adnum IN (SELECT attnum FROM pg_attribute WHERE attrelid = 'report'::regclass AND attname IN ('source', 'own_tracer')) ORDER BY 1;
