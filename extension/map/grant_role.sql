-- Grants that follow what role_grant says: given where something is missing, after a grant and whenever a map has new objects.

CREATE FUNCTION role_rights(map text, OUT kind text, OUT privilege text, OUT relation oid, OUT attribute smallint, OUT function oid) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 200 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH named AS (
			SELECT r.*, r.object || CASE WHEN p.part IS NULL THEN '' ELSE layer_relation(%1$L, l.layer_id, '') END AS name
			FROM role_right r LEFT JOIN layer_part p ON p.part = r.object
			LEFT JOIN %2$I.layer l ON p.part IS NOT NULL
		), counted AS (
			-- a column of the owner's by which a measure counts tells no more than the count
			SELECT DISTINCT c AS attname FROM %2$I.layer l CROSS JOIN LATERAL layer_counting(%1$L, l.layer_id) k CROSS JOIN unnest(k.columns) c
		)
		SELECT n.kind, n.privilege, c.oid, coalesce(a.attnum, 0::smallint), NULL::oid
		FROM named n
		JOIN pg_class c ON c.relname = n.name AND c.relnamespace = to_regnamespace(quote_ident(%1$L)) AND c.relkind IN ('r', 'v')
		LEFT JOIN pg_attribute a ON num_nonnulls(n.only_columns, n.but_columns) > 0 AND a.attrelid = c.oid AND a.attnum > 0
			AND NOT a.attisdropped AND coalesce(a.attname = ANY (n.only_columns) OR n.object = 'report' AND n.kind = 'analyst'
				AND a.attname IN (SELECT attname FROM counted), a.attname <> ALL (n.but_columns))
		WHERE n.privilege <> 'EXECUTE' AND (num_nonnulls(n.only_columns, n.but_columns) = 0 OR a.attnum IS NOT NULL)
		UNION ALL
		SELECT n.kind, n.privilege, NULL, NULL, f.oid
		FROM named n JOIN pg_proc f ON f.proname = n.name AND f.pronamespace = to_regnamespace(quote_ident(%1$L))
		WHERE n.privilege = 'EXECUTE'
	$sql$, map, map);
END
$$;
COMMENT ON FUNCTION role_rights(text) IS
'Internal: what role_right means for a map: for each kind of role the relations, columns (0 is the whole) and functions that the map has.';

CREATE FUNCTION right_statements(map text, taken_from text, taken_kind text) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	has_roles boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.role_grant)', map) INTO has_roles;
	IF NOT has_roles THEN
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format($sql$
		WITH holder AS (
			SELECT DISTINCT g.role_name, g.kind, coalesce(r.oid, 0::oid) AS grantee
			FROM %2$I.role_grant g LEFT JOIN pg_roles r ON r.rolname = g.role_name
			-- not one that has the name of one that is gone
			WHERE g.revoked_at IS NULL AND (g.role_name = 'public' OR r.oid IN (SELECT known_grantees(%1$L)))
		), right_of AS MATERIALIZED (
			SELECT * FROM role_rights(%1$L)
		), wanted AS (
			SELECT h.grantee, r.privilege, r.relation, r.attribute, r.function FROM holder h JOIN right_of r USING (kind)
			UNION SELECT h.grantee, 'USAGE', NULL, NULL, NULL FROM holder h
			UNION SELECT h.grantee, 'REFERENCES', to_regclass(format('%%I.own_grant', %1$L::text))::oid, 1::smallint, NULL FROM holder h WHERE h.grantee <> 0
		), held AS (
			SELECT g.grantee, g.privilege_type AS privilege, c.oid AS relation, 0::smallint AS attribute, NULL::oid AS function
			FROM pg_class c CROSS JOIN aclexplode(c.relacl) g WHERE c.relnamespace = to_regnamespace(quote_ident(%1$L))
			UNION ALL
			SELECT g.grantee, g.privilege_type, a.attrelid, a.attnum, NULL
			FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = to_regnamespace(quote_ident(%1$L)) CROSS JOIN aclexplode(a.attacl) g
			UNION ALL
			SELECT g.grantee, g.privilege_type, NULL, NULL, f.oid
			FROM pg_proc f CROSS JOIN aclexplode(f.proacl) g WHERE f.pronamespace = to_regnamespace(quote_ident(%1$L))
			UNION ALL
			SELECT g.grantee, g.privilege_type, NULL, NULL, NULL
			FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) g WHERE n.oid = to_regnamespace(quote_ident(%1$L))
		), changed AS (
			SELECT 'GRANT' AS verb, 'TO' AS prep, m.* FROM (SELECT * FROM wanted EXCEPT SELECT * FROM held) m WHERE $1 IS NULL
			UNION ALL
			SELECT 'REVOKE', 'FROM', t.* FROM (
				SELECT e.grantee, r.privilege, r.relation, r.attribute, r.function
				FROM (SELECT coalesce((SELECT oid FROM pg_roles WHERE rolname = $1), 0::oid) AS grantee) e, right_of r WHERE r.kind = $2
				UNION SELECT e.grantee, v.* FROM (SELECT coalesce((SELECT oid FROM pg_roles WHERE rolname = $1), 0::oid) AS grantee) e,
					(VALUES ('USAGE', NULL::oid, NULL::smallint, NULL::oid), ('REFERENCES', to_regclass(format('%%I.own_grant', %1$L::text))::oid, 1::smallint, NULL)) v
				EXCEPT SELECT * FROM wanted) t
			WHERE $1 IS NOT NULL
		)
		SELECT format('%%s %%s%%s ON %%s %%s %%s', verb, privilege,
			' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')',
			CASE WHEN c.relation IS NOT NULL THEN 'TABLE ' || c.relation::regclass WHEN c.function IS NOT NULL THEN 'FUNCTION ' || c.function::regprocedure
				 ELSE 'SCHEMA ' || quote_ident(%1$L) END, prep, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
		FROM changed c LEFT JOIN pg_attribute a ON a.attrelid = c.relation AND a.attnum = c.attribute AND c.attribute > 0
		GROUP BY verb, prep, privilege, c.relation, c.function, grantee
		ORDER BY grantee, 1
	$sql$, map, map) USING taken_from, taken_kind;
END
$$;
COMMENT ON FUNCTION right_statements(text, text, text) IS
'Internal: the statements that give the roles of a map what they lack; where a role and a kind are named, those that take from it what nothing else gives it.';

CREATE FUNCTION follow_grants(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	statement text;
	open_to_all regprocedure;
BEGIN
	-- a dump that was restored without its privileges leaves what runs with the owner's rights to everyone
	FOR open_to_all IN SELECT p.oid::regprocedure FROM pg_proc p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
		WHERE p.pronamespace = to_regnamespace(quote_ident(map)) AND p.prosecdef AND g.grantee = 0 LOOP
		PERFORM keep_for_roles(open_to_all, map_owner(map));
	END LOOP;
	FOR statement IN SELECT * FROM right_statements(map, NULL, NULL) LOOP
		EXECUTE statement;
	END LOOP;
	PERFORM write_row_security(map, false);
END
$$;
COMMENT ON FUNCTION follow_grants(text) IS
'Internal: gives the roles of a map what they lack, as after a layer was added or the map brought forward, and enables row security where there are officers or reporters. The caller owns the map.';

CREATE FUNCTION check_grant(map text, role_name text, kind text, zone text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	owner name := map_owner(map);
	is_known boolean;
	postgis regnamespace := (SELECT extnamespace FROM pg_extension WHERE extname = 'postgis');
BEGIN
	IF kind IS NULL OR kind NOT IN ('reporter', 'officer', 'decider', 'analyst', 'public') THEN
		RAISE EXCEPTION 'there is no kind of role "%"', coalesce(kind, 'NULL') USING
			ERRCODE = CASE WHEN kind IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = 'Kinds are reporter, officer, decider, analyst and public.';
	END IF;
	IF NOT (role_name = 'public' AND kind = 'public') AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role_name) OR role_name IS NULL THEN
		RAISE EXCEPTION 'there is no role "%"', coalesce(role_name, 'NULL') USING
			ERRCODE = 'undefined_object',
			HINT = CASE WHEN role_name = 'public' THEN 'Everyone can only be public: the name of a role otherwise.'
				ELSE 'Its name is compared exactly. An administrator makes it: CREATE ROLE ... LOGIN.' END;
	END IF;
	IF role_name <> 'public' AND pg_has_role(role_name, owner, 'MEMBER') THEN
		RAISE EXCEPTION 'role "%" has every right on map "%" already', role_name, map USING
			ERRCODE = 'invalid_grant_operation',
			DETAIL = 'It owns the map, is a member of the role that owns it, or a superuser; row security does not hold for it.',
			HINT = 'Grant to a role of its own.';
	END IF;
	IF zone IS NULL THEN
		RETURN;
	END IF;
	IF kind NOT IN ('reporter', 'officer') THEN
		RAISE EXCEPTION 'the kind of role "%" is one of the whole map', kind USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Only a reporter and an officer can be so for a zone.';
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.zone z WHERE clean_text(z.code) = clean_text($1))', map) INTO is_known USING zone;
	IF NOT is_known THEN
		RAISE EXCEPTION 'map "%" has no zone "%"', map, zone USING
			ERRCODE = 'undefined_object',
			HINT = format('SELECT DISTINCT code, level FROM %I.zone lists them, the wards above the groups, too.', map);
	END IF;
END
$$;
COMMENT ON FUNCTION check_grant(text, text, text, text) IS
'Internal, used by grant_role: an error that says what is wrong.';

CREATE FUNCTION grant_role(map text, role_name text, kind text, zone text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	acting text := acting_role();
	role_before text := current_setting('role');
	owner name;
	held integer;
	is_named boolean;
	stale text;
	statement text;
BEGIN
	PERFORM need_map(map);
	PERFORM check_grant(map, role_name, kind, zone);
	owner := map_owner(map);
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	EXECUTE format('LOCK TABLE %I.role_grant IN SHARE ROW EXCLUSIVE MODE', map);
	IF role_name <> 'public' THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %I.role_grant g WHERE g.role_name = $1 AND g.revoked_at IS NULL)', map) INTO is_named USING role_name;
		IF (SELECT r.oid FROM pg_roles r WHERE r.rolname = role_name) NOT IN (SELECT known_grantees(map)) THEN
			EXECUTE format('WITH ended AS (UPDATE %I.role_grant SET revoked_by = $2, revoked_at = clock_timestamp() WHERE role_name = $1 AND revoked_at IS NULL '
				'RETURNING role_grant_id, kind, zone_code) SELECT string_agg(concat_ws('' '', kind, zone_code), '', '' ORDER BY role_grant_id) FROM ended', map)
				INTO stale USING role_name, acting;
			IF stale IS NOT NULL THEN
				RAISE NOTICE 'role "%" had no rights on map "%" any more: what was granted by that name before is ended (%)', role_name, map, stale USING
					HINT = 'The role was made anew, or the map restored without privileges. Grant what it shall have.';
			END IF;
		ELSIF NOT is_named THEN
			-- an officer under another name would not be held to its ward any more
			FOR statement IN SELECT s FROM (SELECT DISTINCT r.kind FROM role_right r) k CROSS JOIN LATERAL right_statements(map, role_name, k.kind) s LOOP
				EXECUTE statement;
			END LOOP;
			RAISE NOTICE 'role "%" had rights on map "%" by another name, and has what is granted by this one from now on', role_name, map USING
				HINT = 'Grant what it shall have, and revoke what is left by the name before.';
		END IF;
		EXECUTE format('GRANT REFERENCES (role_grant_id) ON %I.own_grant TO %I', map, role_name);
	END IF;
	EXECUTE format('INSERT INTO %1$I.role_grant (role_name, kind, zone_code, granted_by) VALUES ($1, $2, clean_text($3), $4) ON CONFLICT DO NOTHING', map)
		USING role_name, kind, zone, acting;
	EXECUTE format('SELECT role_grant_id FROM %I.role_grant WHERE role_name = $1 AND kind = $2 AND zone_code IS NOT DISTINCT FROM clean_text($3) '
		'AND revoked_at IS NULL', map) INTO held USING role_name, kind, zone;
	PERFORM follow_grants(map);
	PERFORM set_config('role', role_before, true);
	RETURN held;
END
$$;
COMMENT ON FUNCTION grant_role(text, text, text, text) IS
'Lets a role work with a map, and returns the number of the grant in the table role_grant, which says who granted what, for which zone and when. kind is reporter (adds rows to report_in, submits its own by submit_own in the map''s schema, sees its own receipts and what was rejected or found no place), officer (sees and mends the reports of its zone, by row security, and reads all views), decider (assess, announce, override_tier, end_override, publish_tiers and publish_counts of the map''s schema; reads all views, no reports), analyst (reads everything but what names or locates a person) or public (reads what was published; role_name may then be public, everyone who can connect). zone is the code of a zone, a ward say: an officer''s reports are those below it, in every zone set, a reporter''s sources those declared for it or zones below it in the table source; NULL is the whole map. What each kind may is listed in the table role_right. Layers that are added and upgrade_map give the same to what is new. Granting again gives what is missing, and the same number. A role that was made anew after one of its name was dropped has nothing of what that one had: granting it something ends that, with a notice; and one that has another name now loses what it had by the name before. Row security holds from the first officer or reporter on. An error where the kind, the role or the zone is not known, and where the role has the owner''s rights anyway. The caller owns the map, is a member of the role that does, or a superuser.';

CREATE FUNCTION revoke_role(map text, role_name text, kind text, zone text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	acting text := acting_role();
	role_before text := current_setting('role');
	owner name;
	revoked integer;
	is_left boolean;
	statement text;
BEGIN
	PERFORM need_map(map);
	owner := map_owner(map);
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	EXECUTE format('LOCK TABLE %I.role_grant IN SHARE ROW EXCLUSIVE MODE', map);
	EXECUTE format('UPDATE %I.role_grant SET revoked_at = clock_timestamp(), revoked_by = $4 WHERE role_name = $1 AND kind = $2 '
		'AND zone_code IS NOT DISTINCT FROM clean_text($3) AND revoked_at IS NULL RETURNING role_grant_id', map)
		INTO revoked USING role_name, kind, zone, acting;
	IF revoked IS NULL THEN
		RAISE EXCEPTION 'role "%" is no % of map "%"%', coalesce(role_name, 'NULL'), coalesce(kind, 'NULL'), map,
			coalesce(' for zone "' || zone || '"', '') USING
			ERRCODE = 'undefined_object',
			HINT = format('SELECT role_name, kind, zone_code FROM %I.role_grant WHERE revoked_at IS NULL lists what was granted.', map);
	END IF;
	-- a role that is gone took its rights along
	IF role_name = 'public' OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role_name) THEN
		FOR statement IN SELECT * FROM right_statements(map, role_name, kind) LOOP
			EXECUTE statement;
		END LOOP;
	END IF;
	PERFORM follow_grants(map);
	PERFORM set_config('role', role_before, true);
	RETURN revoked;
END
$$;
COMMENT ON FUNCTION revoke_role(text, text, text, text) IS
'Takes back what grant_role gave, and returns the number of the grant, which stays in the table role_grant with who took it back and when. What another grant gives the same role stays; what the owner granted to it by hand and that kind of role has, too, goes. An error where it was not granted. The caller owns the map, is a member of the role that does, or a superuser.';

CREATE FUNCTION write_role_functions(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	call record;
	owner name := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = format('%I.settings', map)::regclass);
BEGIN
	FOR call IN
		SELECT p.oid, p.proname, p.pronargs, format('%I.%I', map, p.proname) AS name, p.provolatile,
			   regexp_replace(pg_get_function_arguments(p.oid), '^map text(, )?', '') AS arguments, pg_get_function_result(p.oid) AS result,
			   format('%I.%I(%s)', map, p.proname, array_to_string((p.proargtypes::oid[]::regtype[])[1:], ', ')) AS signature
		FROM pg_proc p
		WHERE p.pronamespace = 'georisk'::regnamespace AND p.proargnames[1] = 'map' AND p.proargtypes[0] = 'text'::regtype
		  AND p.proname IN (SELECT r.object FROM role_right r WHERE r.privilege = 'EXECUTE' AND r.object NOT IN (SELECT part FROM layer_part))
	LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE sql %s SECURITY DEFINER PARALLEL UNSAFE COST 10000 '
			'SET search_path = pg_catalog, pg_temp BEGIN ATOMIC SELECT * FROM georisk.%I((SELECT n.nspname::text FROM pg_namespace n '
			'JOIN pg_class c ON c.relnamespace = n.oid WHERE c.oid = %L::regclass)%s); END', call.name, call.arguments, call.result,
			CASE call.provolatile WHEN 'v' THEN 'VOLATILE' ELSE 'STABLE' END, call.proname, format('%I.settings', map),
			(SELECT string_agg(', $' || i, '' ORDER BY i) FROM generate_series(1, call.pronargs - 1) i));
		PERFORM keep_for_roles(call.signature::regprocedure, owner);
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', call.signature, format('georisk.%I of this map, for those to whom georisk.grant_role gave it: '
			'it runs with the rights of the map''s owner, and what it records names who called it.', call.proname));
	END LOOP;
END
$$;
COMMENT ON FUNCTION write_role_functions(text) IS
'Internal, used by create_map and upgrade_map: in the map''s schema the functions of georisk that roles call with the rights of the map''s owner, without the argument map.';

CREATE FUNCTION keep_for_roles(function regprocedure, owner name) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	statement text;
BEGIN
	FOR statement IN
		SELECT format('REVOKE ALL ON FUNCTION %s FROM %s', function, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
		FROM pg_proc p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
		-- everyone, or whom default privileges name, where it was just made
		WHERE p.oid = function AND g.grantee <> p.proowner AND (g.grantee = 0 OR obj_description(p.oid, 'pg_proc') IS NULL)
		UNION ALL
		SELECT format('ALTER FUNCTION %s OWNER TO %I', function, owner) FROM pg_proc p WHERE p.oid = function AND pg_get_userbyid(p.proowner) <> owner
	LOOP
		EXECUTE statement;
	END LOOP;
END
$$;
COMMENT ON FUNCTION keep_for_roles(regprocedure, name) IS
'Internal: makes a function that runs with its owner''s rights the map''s owner''s, and nobody''s else until it is granted.';

CREATE FUNCTION write_risk_at(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	part text := layer_relation(map, layer_id, 'risk_at');
BEGIN
	EXECUTE format('CREATE OR REPLACE FUNCTION %1$I.%2$I(as_of date, known_at timestamptz DEFAULT NULL) RETURNS SETOF %1$I.%3$I LANGUAGE sql STABLE '
		'SECURITY DEFINER PARALLEL SAFE COST 10000 ROWS 1000 SET search_path = pg_catalog, pg_temp SET jit = off '
		'BEGIN ATOMIC SELECT * FROM %1$I.%4$I($1, $2); END', map, part, layer_relation(map, layer_id, 'zone_risk'), layer_relation(map, layer_id, 'zone_risk_at'));
	PERFORM keep_for_roles(format('%I.%I(date, timestamptz)', map, part)::regprocedure,
		(SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = format('%I.settings', map)::regclass));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(date, timestamptz) IS %L', map, part, format('%I for those to whom georisk.grant_role gave it: '
		'it runs with the rights of the map''s owner, so that who calls it needs no right on reports.', layer_relation(map, layer_id, 'zone_risk_at')));
END
$$;
COMMENT ON FUNCTION write_risk_at(text, integer) IS
'Internal, used by create_map: the function risk_at of a layer.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_at', 21, 'date, timestamptz');
