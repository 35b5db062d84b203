-- What somebody who may create objects puts in the way of others: functions, operators, overloads, casts, types and tables of the names that georisk and
-- PostGIS use, in a schema that stands first on the victims' path. Each would write into trapped. psql variable: schema.
SET client_min_messages = error;
SET search_path = pg_catalog;
-- of the same arguments, and of all sorts that fit better
SELECT format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', :'schema', f.proname, oidvectortypes(f.proargtypes), f.prorettype::regtype,
	format('BEGIN INSERT INTO public.trapped VALUES (%L, current_user); RETURN %sEND', f.proname, CASE WHEN f.prorettype = 'void'::regtype THEN '; ' ELSE 'NULL; ' END))
FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
WHERE f.prokind = 'f' AND NOT f.proretset AND f.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype, 'cstring'::regtype, 'record'::regtype, 'event_trigger'::regtype)
  AND NOT ('{internal,cstring,\"any\",anyelement,anyarray,anycompatible,anynonarray,anyenum,anyrange}'::regtype[] && f.proargtypes::regtype[])
  AND f.provariadic = 0 AND f.pronargs BETWEEN 1 AND 8
  AND (n.nspname = 'georisk' OR n.nspname = 'public' AND f.proname LIKE 'st\_%' AND f.pronargs < 4
	   OR n.nspname = 'pg_catalog' AND f.proname IN ('format', 'coalesce', 'lower', 'now', 'set_config', 'current_setting', 'quote_ident', 'quote_literal', 'to_regclass', 'to_char',
		'pg_has_role', 'left', 'encode', 'sha256', 'pg_notify', 'jsonb_build_object', 'cardinality', 'array_to_string', 'max', 'count'))
\gexec
SELECT format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', :'schema', f.name, arguments, result,
	format('BEGIN INSERT INTO public.trapped VALUES (%L, current_user); RETURN NULL; END', f.name))
FROM unnest('{format,concat_ws,coalesce,clean_text,fold_text,lower,pg_has_role,quote_ident,need_map,layer_relation,map_owner,acting_role,comment_table,to_regclass,jsonb_strip_nulls}'::text[]) f (name),
	(VALUES ('text', 'text'), ('text, text', 'text'), ('text, name', 'text'), ('text, text, text', 'text'), ('text, text, name', 'text'), ('varchar', 'text'), ('name', 'text'), ('', 'text'), ('text, integer', 'text'),
		('text, text, integer', 'text'), ('text, text, text, text', 'text'), ('name, name, text', 'boolean'), ('jsonb', 'jsonb')) a (arguments, result)
\gexec
CREATE FUNCTION :"schema".equal(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.trapped VALUES (''='', current_user); RETURN true; END';
CREATE FUNCTION :"schema".equal(text, name) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.trapped VALUES (''= name'', current_user); RETURN true; END';
CREATE FUNCTION :"schema".equal(integer, integer) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.trapped VALUES (''= integer'', current_user); RETURN true; END';
CREATE FUNCTION :"schema".joined(text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.trapped VALUES (''||'', current_user); RETURN $1; END';
SELECT format('CREATE OPERATOR %I.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = %1$I.%5$s)', :'schema', o, l, r, f)
FROM (VALUES ('=', 'text', 'text', 'equal'), ('=', 'text', 'name', 'equal'), ('=', 'integer', 'integer', 'equal'), ('<>', 'text', 'text', 'equal'), ('<=', 'integer', 'integer', 'equal'),
	('||', 'text', 'text', 'joined'), ('~', 'text', 'text', 'equal'), ('@@', 'text', 'text', 'equal')) x (o, l, r, f)
\gexec
-- relations and types of the names that are looked up
SELECT format('CREATE TABLE %I.%I (a text)', :'schema', t)
FROM unnest('{report,zone,zone_set,settings,source,layer,layer_policy,layer_part,role_right,role_grant,pg_class,pg_proc,pg_roles,pg_extension,spatial_ref_sys,georisk_intake,policies}'::text[]) t
\gexec
SELECT format('CREATE DOMAIN %I.%I AS pg_catalog.text', :'schema', t) FROM unnest('{text,geometry,risk_policy,regclass,epicurve,zone_index,submission_receipt}'::text[]) t
\gexec
