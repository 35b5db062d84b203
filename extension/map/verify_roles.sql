CREATE FUNCTION verify_roles(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 10 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	settings oid := format('%I.settings', map)::regclass;
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT 'role_grant', g.role_grant_id::text, concat_ws(' ', g.kind, g.zone_code), CASE WHEN r.oid IS NULL THEN format('a role "%%s"', g.role_name)
			ELSE format('the role "%%s" that it was granted to', g.role_name) END
		FROM %I.role_grant g LEFT JOIN pg_roles r ON r.rolname = g.role_name
		WHERE g.revoked_at IS NULL AND g.role_name <> 'public' AND coalesce(r.oid NOT IN (SELECT known_grantees(%L)), true)
		ORDER BY g.role_grant_id
	$sql$, map, map);
	-- one that was given another name
	RETURN QUERY EXECUTE format($sql$
		SELECT 'role_grant', quote_ident(r.rolname), 'what was granted to it by another name', 'a grant'
		FROM pg_roles r
		WHERE r.oid IN (SELECT known_grantees(%1$L))
		  AND NOT EXISTS (SELECT FROM %2$I.role_grant g WHERE g.role_name = r.rolname AND g.revoked_at IS NULL)
		ORDER BY r.rolname COLLATE "C"
	$sql$, map, map);
	RETURN QUERY SELECT 'in the way', w.kind || ' ' || w.object, CASE w.kind WHEN 'schema' THEN 'open to ' ELSE 'of ' END || w.owner, NULL::text
		FROM in_the_way() w WHERE w.kind <> 'schema' OR w.owner <> (SELECT quote_ident(pg_get_userbyid(c.relowner)) FROM pg_class c WHERE c.oid = settings);
	RETURN QUERY SELECT 'grant', s, NULL::text, 'granted' FROM right_statements(map, NULL, NULL) s;
	RETURN QUERY
		SELECT 'row security', s.relation, CASE WHEN s.is_enabled THEN 'enabled' ELSE 'disabled' END || coalesce(': ' || array_to_string(s.names, ', '), ''),
			   coalesce('enabled: ' || nullif(array_to_string(s.wanted, ', '), ''), 'no policy of georisk')
		FROM row_security(map) s WHERE s.names <> s.wanted OR s.is_wanted AND NOT s.is_enabled;
	RETURN QUERY
		SELECT 'function', p.oid::regprocedure::text, concat_ws(', ', 'of ' || pg_get_userbyid(p.proowner), CASE WHEN NOT p.prosecdef THEN 'with the caller''s rights' END,
			CASE WHEN EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g WHERE g.grantee = 0) THEN 'for everyone' END),
			'of the map''s owner, with its rights, for whom it is granted to'
		FROM pg_proc p CROSS JOIN pg_class s
		WHERE s.oid = settings AND p.pronamespace = s.relnamespace
		  AND (p.prosecdef OR p.proname IN (SELECT r.object FROM role_right r WHERE r.privilege = 'EXECUTE'))
		  AND (p.proowner <> s.relowner OR NOT p.prosecdef OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g WHERE g.grantee = 0));
	RETURN QUERY
		SELECT 'function', r.object, NULL::text, 'a function for roles'
		FROM (SELECT DISTINCT object FROM role_right WHERE privilege = 'EXECUTE') r
		WHERE EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'georisk'::regnamespace AND p.proname = r.object AND p.proargnames[1] = 'map')
		  AND NOT EXISTS (SELECT FROM pg_proc p, pg_class s WHERE s.oid = settings AND p.pronamespace = s.relnamespace AND p.proname = r.object);
END
$$;
COMMENT ON FUNCTION verify_roles(text) IS
'Internal, used by verify: the roles of a map are those to which something was granted and have it, row security holds where there are officers or reporters, what runs with the owner''s rights is the owner''s and not for everyone, and nobody stands in the way of georisk.';
