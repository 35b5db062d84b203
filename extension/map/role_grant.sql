-- Who may see and do what with a map: the grants as its owner made them, and what follows from them for the one who asks.

CREATE TABLE role_right (
	kind text NOT NULL CHECK (kind IN ('reporter', 'officer', 'decider', 'analyst', 'public')),
	object text NOT NULL,
	privilege text NOT NULL CHECK (privilege IN ('SELECT', 'INSERT', 'UPDATE', 'EXECUTE')),
	only_columns text[],
	but_columns text[],
	PRIMARY KEY (kind, object, privilege),
	CHECK (only_columns IS NULL OR but_columns IS NULL)
);
GRANT SELECT ON role_right TO PUBLIC;
COMMENT ON TABLE role_right IS
'What grant_role gives to each kind of role: the whole list. An object that a map does not have is left out.';
COMMENT ON COLUMN role_right.kind IS 'reporter, officer, decider, analyst or public.';
COMMENT ON COLUMN role_right.object IS 'A table, view or function of a map; of what each layer has, those of all layers.';
COMMENT ON COLUMN role_right.privilege IS 'SELECT, INSERT or UPDATE on a table or view, EXECUTE on a function.';
COMMENT ON COLUMN role_right.only_columns IS 'These columns only; NULL: all, or all but some.';
COMMENT ON COLUMN role_right.but_columns IS 'All columns but these, also columns that the owner added.';

CREATE FUNCTION acting_role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT CASE current_setting('role') WHEN 'none' THEN session_user::text ELSE current_setting('role') END;
END;
COMMENT ON FUNCTION acting_role() IS
'Who is acting, also inside a function that runs with its owner''s rights: the role that was taken by SET ROLE, else the user who logged in.';

CREATE FUNCTION granted_zones_query(map text, who text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT a.zone_id, bool_or(g.kind = 'officer') AS is_officer
		FROM %1$I.role_grant g
		JOIN %1$I.zone p ON clean_text(p.code) = clean_text(g.zone_code)
		JOIN (SELECT zone_id, zone_id AS ancestor_id FROM %1$I.zone
			  UNION ALL SELECT zone_id, ancestor_id FROM %1$I.zone_ancestor) a ON a.ancestor_id = p.zone_id
		WHERE g.revoked_at IS NULL AND g.kind IN ('reporter', 'officer') AND pg_has_role(%2$s, to_regrole(quote_ident(g.role_name)), 'USAGE')
		GROUP BY a.zone_id
	$sql$, map, who);
END
$$;
COMMENT ON FUNCTION granted_zones_query(text, text) IS
'Internal: the zones, in every zone set, that are or lie below those for which a role, given as an expression, is reporter or officer.';

CREATE FUNCTION granted_sources_query(map text, who text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT s.source, bool_or(z.is_officer) AS is_officer
		FROM (%2$s) z JOIN %1$I.zone n USING (zone_id) JOIN %1$I.source s ON clean_text(s.zone_code) = clean_text(n.code)
		GROUP BY s.source
	$sql$, map, granted_zones_query(map, who));
END
$$;
COMMENT ON FUNCTION granted_sources_query(text, text) IS
'Internal: the sources that are declared for these zones.';

CREATE FUNCTION keep_grant() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 1 SET search_path FROM CURRENT AS $$
DECLARE
	signed text;
	is_kept boolean := false;
BEGIN
	IF TG_OP = 'INSERT' THEN
		is_kept := num_nonnulls(NEW.revoked_at, NEW.revoked_by) = 0;
		NEW.granted_at := clock_timestamp();
		NEW.granted_by := coalesce(NEW.granted_by, acting_role());
		signed := NEW.granted_by;
	ELSIF TG_OP = 'UPDATE' THEN
		is_kept := OLD.revoked_at IS NULL AND NEW.revoked_by IS NOT NULL
			AND to_jsonb(NEW) - '{revoked_at,revoked_by}'::text[] = to_jsonb(OLD) - '{revoked_at,revoked_by}'::text[];
		NEW.revoked_at := clock_timestamp();
		signed := NEW.revoked_by;
	END IF;
	IF NOT is_kept THEN
		RAISE EXCEPTION 'what was granted on map "%" is kept as it is', TG_TABLE_SCHEMA USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('%s on the table %I is refused, whoever asks for it: a grant is added, and taken back once.', TG_OP, TG_TABLE_NAME),
			HINT = 'georisk.grant_role grants, georisk.revoke_role takes back.';
	END IF;
	-- whoever may act as a role may sign as it, as acting_role does
	IF NOT coalesce(pg_has_role(session_user, to_regrole(quote_ident(signed)), 'MEMBER'), false) THEN
		RAISE EXCEPTION 'nobody grants or takes back in the name of another' USING
			ERRCODE = 'invalid_grant_operation',
			DETAIL = format('User "%s" cannot act as "%s".', session_user, signed);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION keep_grant() IS
'Trigger on the table role_grant of a map: a grant is added by whoever acts, at the time of it, and taken back once in the same way; nothing else is changed, deleted or emptied.';

CREATE FUNCTION known_grantees(map text) RETURNS SETOF oid
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10
BEGIN ATOMIC
	SELECT g.grantee FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) g
	WHERE a.attrelid = to_regclass(format('%I.own_grant', map)) AND a.attnum = 1 AND g.privilege_type = 'REFERENCES'
	UNION ALL SELECT 0::oid;
END;
COMMENT ON FUNCTION known_grantees(text) IS
'Internal: the roles to which grant_role granted something, by number; 0 for everyone. The catalog keeps it as the right REFERENCES on the first column of the view own_grant, which lets nobody do anything, and which GRANT ALL on tables does not give: it goes with the role, also where another one gets its name, and comes along in a dump.';

CREATE FUNCTION create_role_grant(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.role_grant (
			role_grant_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			role_name text NOT NULL,
			kind text NOT NULL CHECK (kind IN ('reporter', 'officer', 'decider', 'analyst', 'public')),
			zone_code text CHECK (zone_code IS NULL OR kind IN ('reporter', 'officer')),
			granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
			granted_by text NOT NULL,
			revoked_at timestamptz,
			revoked_by text,
			CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
		);
		CREATE UNIQUE INDEX role_grant_held ON %1$I.role_grant (role_name, kind, zone_code) NULLS NOT DISTINCT WHERE revoked_at IS NULL;
		CREATE TRIGGER keep_grant BEFORE INSERT OR UPDATE ON %1$I.role_grant FOR EACH ROW EXECUTE FUNCTION keep_grant();
		CREATE TRIGGER keep_grants BEFORE DELETE OR TRUNCATE ON %1$I.role_grant FOR EACH STATEMENT EXECUTE FUNCTION keep_grant();
	$sql$, map);
	PERFORM comment_table(map, 'role_grant',
		'Who may see and do what with the map, as georisk.grant_role and revoke_role were called; no row can be changed otherwise, or deleted. What a kind of role may is listed in georisk.role_right.',
		'role_grant_id', 'Number of the grant.',
		'role_name', 'The role; public: everyone who can connect.',
		'kind', 'reporter, officer, decider, analyst or public.',
		'zone_code', 'Of a reporter or officer, the zone, a ward say, for which it is one; empty: the whole map.',
		'granted_at', 'When it was granted, by the server''s clock.',
		'granted_by', 'Who granted it.',
		'revoked_at', 'When it was taken back; empty: it holds.',
		'revoked_by', 'Who took it back.');
END
$$;
COMMENT ON FUNCTION create_role_grant(text) IS
'Internal, used by create_map: the table role_grant of a map.';

CREATE FUNCTION write_own_views(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Row security asks these views, whoever reads: they run with the owner's rights, and current_user is who asks.
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.own_grant WITH (security_barrier) AS
		SELECT g.role_grant_id, g.role_name, g.kind, g.zone_code, g.granted_at
		FROM %1$I.role_grant g
		WHERE g.revoked_at IS NULL AND pg_has_role(current_user, to_regrole(quote_ident(g.role_name)), 'USAGE');
		CREATE OR REPLACE VIEW %1$I.own_zone WITH (security_barrier) AS %2$s;
		CREATE OR REPLACE VIEW %1$I.own_source WITH (security_barrier) AS
		SELECT row_number() OVER (ORDER BY s.source COLLATE "C")::integer AS own_source_id, s.source, s.is_officer FROM (%3$s) s;
		CREATE OR REPLACE VIEW %1$I.own_placement WITH (security_barrier) AS
		SELECT row_number() OVER ()::integer AS own_placement_id, p.report_id
		FROM %1$I.placement p WHERE p.zone_id IN (SELECT o.zone_id FROM %1$I.own_zone o WHERE o.is_officer);
		CREATE OR REPLACE VIEW %1$I.own_submission WITH (security_barrier) AS
		SELECT s.submission_id FROM %1$I.submission s
		WHERE s.submitted_by = current_user OR s.source IN (SELECT o.source FROM %1$I.own_source o WHERE o.is_officer);
		CREATE OR REPLACE VIEW %1$I.own_unplaced WITH (security_barrier) AS
		SELECT row_number() OVER (ORDER BY r.submission_id, r.line, r.report_id)::integer AS own_unplaced_id, r.report_id, r.submission_id, r.line, r.source, r.external_id, r.zone_code, r.outcome, r.hint
		FROM %1$I.report r
		WHERE r.submission_id IN (SELECT s.submission_id FROM %1$I.submission s WHERE s.submitted_by = current_user)
		  AND r.outcome NOT IN ('placed_by_code', 'placed_by_point', 'superseded', 'withdrawn');
		GRANT SELECT ON %1$I.own_grant, %1$I.own_zone, %1$I.own_source, %1$I.own_placement, %1$I.own_submission TO PUBLIC;
	$sql$, map, granted_zones_query(map, 'current_user'), granted_sources_query(map, 'current_user'));
	PERFORM comment_table(map, 'own_grant',
		'What was granted to whoever asks, by georisk.grant_role. Everyone may ask.',
		'role_grant_id', 'Number of the grant.',
		'role_name', 'The role: one''s own, or one that one is a member of.',
		'kind', 'reporter, officer, decider, analyst or public.',
		'zone_code', 'The zone; empty: the whole map.',
		'granted_at', 'When.');
	PERFORM comment_table(map, 'own_zone',
		'The zones for which whoever asks is reporter or officer, and those below them, of every zone set; nothing for others. Row security goes by it.',
		'zone_id', 'Number of the zone, unique.',
		'is_officer', 'True for an officer, false for a reporter.');
	PERFORM comment_table(map, 'own_source',
		'The sources that are declared, in the table source, for the zones of own_zone.',
		'own_source_id', 'Number of the row.',
		'source', 'Name of the source.',
		'is_officer', 'True for an officer, false for a reporter.');
	PERFORM comment_table(map, 'own_placement',
		'Reports that have a place in an older zone set in a zone of whoever asks, where that is an officer. Row security goes by it.',
		'own_placement_id', 'Number of the row.',
		'report_id', 'Number of the report.');
	PERFORM comment_table(map, 'own_submission',
		'The receipts of whoever asks, and of an officer those of its zones'' sources. Row security goes by it.',
		'submission_id', 'Number of the submission.');
	PERFORM comment_table(map, 'own_unplaced',
		'Of the reports that whoever asks submitted, those that have no place on the map: correct them, and submit them again with a higher revision.',
		'own_unplaced_id', 'Number of the row; another one when rows come or go.',
		'report_id', 'Number of the row in report.',
		'submission_id', 'The submission that it came with.',
		'line', 'Its line.',
		'source', 'The source.',
		'external_id', 'The source''s own number of the report.',
		'zone_code', 'The code of the zone, as typed.',
		'outcome', 'Why it has no place.',
		'hint', 'What was noticed about its point.');
END
$$;
COMMENT ON FUNCTION write_own_views(text) IS
'Internal, used by create_map and upgrade_map: the views that say what whoever asks may see.';

CREATE FUNCTION row_policies(map text, OUT relation text, OUT kinds text[], OUT name text, OUT limits boolean, OUT command text, OUT condition text) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 18 SET search_path FROM CURRENT AS $$
DECLARE
	everywhere CONSTANT text := format('EXISTS (SELECT FROM %I.own_grant g WHERE g.kind = ''officer'' AND g.zone_code IS NULL)', map);
	below CONSTANT text := format('zone_id IN (SELECT o.zone_id FROM %I.own_zone o WHERE o.is_officer)', map);
	sent CONSTANT text := format('source IN (SELECT s.source FROM %I.own_source s WHERE s.is_officer)', map);
	here CONSTANT text := format('(%s OR zone_id IS NULL AND %s)', below, sent);
	once CONSTANT text := format('report_id IN (SELECT p.report_id FROM %I.own_placement p)', map);
	own CONSTANT text := format('submission_id IN (SELECT o.submission_id FROM %I.own_submission o)', map);
BEGIN
	-- What limits is for the roles by number: a view that one of them makes is held to it whoever reads, and by any name.
	RETURN QUERY
		SELECT p.relation, string_to_array(p.kinds, ','), 'georisk_' || CASE WHEN l.limits THEN 'only_' ELSE '' END || p.name, l.limits, p.command,
			   CASE WHEN l.limits THEN everywhere || ' OR ' || p.condition ELSE p.condition END
		FROM (VALUES
			('report', 'officer', 'see', 'SELECT', here || ' OR ' || once),
			('report', 'officer', 'mend', 'UPDATE', here),
			-- a revision of somebody else's report would take its place
			('report', 'officer', 'add', 'INSERT', here || ' AND ' || sent),
			('placement', 'officer', 'see', 'SELECT', below),
			('possible_place', 'officer', 'see', 'SELECT', below),
			('submission', 'officer,reporter', 'see', 'SELECT', own),
			('rejected_report', 'officer,reporter', 'see', 'SELECT', own)
		) p (relation, kinds, name, command, condition) CROSS JOIN (VALUES (false), (true)) l (limits)
		UNION ALL
		SELECT p.relation, string_to_array(p.kinds, ','), 'georisk_others', false, 'ALL', 'true'
		FROM (VALUES ('report', 'officer'), ('placement', 'officer'), ('possible_place', 'officer'), ('submission', 'officer,reporter'),
					 ('rejected_report', 'officer,reporter')) p (relation, kinds);
END
$$;
COMMENT ON FUNCTION row_policies(text) IS
'Internal: the row security policies of a map, which it has while one of these kinds is granted: officers of a ward see and mend its reports, reporters see their receipts, by policies that say what they may and restrictive ones that hold them to it; and who is neither sees what was granted, as before (georisk_others).';

CREATE FUNCTION row_security(map text, OUT relation text, OUT is_wanted boolean, OUT is_enabled boolean, OUT is_ours boolean, OUT names text[], OUT wanted text[], OUT limited text) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 5 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT p.relation, w.is_wanted, c.relrowsecurity, o.is_ours, h.names,
			   CASE WHEN w.is_wanted THEN array_agg(p.name || CASE WHEN p.limits THEN ' TO ' || r.roles ELSE '' END ORDER BY p.name COLLATE "C")
					FILTER (WHERE (o.is_ours OR p.name <> 'georisk_others') AND (r.roles IS NOT NULL OR NOT p.limits)) ELSE '{}' END, r.roles
		FROM row_policies(%1$L) p
		JOIN pg_class c ON c.oid = to_regclass(format('%%I.%%I', %1$L::text, p.relation))
		CROSS JOIN LATERAL (
			SELECT coalesce(array_agg(y.polname || CASE WHEN y.polpermissive THEN '' ELSE ' TO ' || (
						SELECT string_agg(quote_ident(pg_get_userbyid(u)), ', ' ORDER BY pg_get_userbyid(u) COLLATE "C") FROM unnest(y.polroles) u) END
					ORDER BY y.polname COLLATE "C") FILTER (WHERE y.polname LIKE 'georisk\_%%'), '{}') AS names,
				   count(*) FILTER (WHERE y.polname NOT LIKE 'georisk\_%%') AS of_owner
			FROM pg_policy y WHERE y.polrelid = c.oid) h
		CROSS JOIN LATERAL (
			SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname COLLATE "C") AS roles FROM pg_roles r
			WHERE EXISTS (SELECT FROM %2$I.role_grant g WHERE g.revoked_at IS NULL AND g.kind = ANY (p.kinds) AND g.role_name = r.rolname)
			   -- one that was given another name has its rights still, whatever is revoked by the name before
			   OR r.oid IN (SELECT known_grantees(%1$L)) AND EXISTS (SELECT FROM pg_policy y WHERE y.polrelid = c.oid AND NOT y.polpermissive AND y.polname LIKE 'georisk\_%%' AND r.oid = ANY (y.polroles))
				  AND NOT EXISTS (SELECT FROM %2$I.role_grant g WHERE g.revoked_at IS NULL AND g.role_name = r.rolname)
				  AND has_any_column_privilege(r.oid, c.oid, 'SELECT')) r
		CROSS JOIN LATERAL (SELECT r.roles IS NOT NULL OR EXISTS (SELECT FROM %2$I.role_grant g WHERE g.revoked_at IS NULL AND g.kind = ANY (p.kinds)) AS is_wanted) w
		-- where its owner has row security of its own, that says what others see
		CROSS JOIN LATERAL (SELECT 'georisk_others' = ANY (h.names) OR NOT c.relrowsecurity AND h.names = '{}' AND h.of_owner = 0 AS is_ours) o
		GROUP BY p.relation, w.is_wanted, c.relrowsecurity, o.is_ours, h.names, r.roles
	$sql$, map, map);
END
$$;
COMMENT ON FUNCTION row_security(text) IS
'Internal: for each table of a map that has policies: whether the grants ask for row security, whether it is enabled, whether that is georisk''s doing, which policies of georisk it has and which it should have, those that limit with the roles that they are for; and these roles.';

CREATE FUNCTION write_row_security(map text, anew boolean) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	held record;
	policy record;
	name text;
BEGIN
	-- without officers everything is as its owner granted it, COPY into report included, which row security refuses
	FOR held IN SELECT * FROM row_security(map) s WHERE s.names <> s.wanted OR s.is_wanted AND (anew OR NOT s.is_enabled) LOOP
		FOREACH name IN ARRAY held.names LOOP
			EXECUTE format('DROP POLICY %I ON %I.%I', split_part(name, ' ', 1), map, held.relation);
		END LOOP;
		FOR policy IN SELECT * FROM row_policies(map) p
			WHERE p.relation = held.relation AND p.name || CASE WHEN p.limits THEN ' TO ' || held.limited ELSE '' END = ANY (held.wanted)
		LOOP
			EXECUTE format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s %s (%s)', policy.name, map, held.relation,
				CASE WHEN policy.limits THEN 'RESTRICTIVE' ELSE 'PERMISSIVE' END, policy.command, CASE WHEN policy.limits THEN held.limited ELSE 'PUBLIC' END,
				CASE policy.command WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END, policy.condition);
		END LOOP;
		IF held.is_wanted AND NOT held.is_enabled THEN
			EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', map, held.relation);
		ELSIF NOT held.is_wanted AND held.is_ours AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = map AND p.tablename = held.relation) THEN
			EXECUTE format('ALTER TABLE %I.%I DISABLE ROW LEVEL SECURITY', map, held.relation);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION write_row_security(text, boolean) IS
'Internal: makes row security of a map what its grants ask for; anew writes policies that are there again. Policies of the owner''s stay, and so does row security that the owner enabled. The caller owns the map.';
