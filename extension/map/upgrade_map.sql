CREATE FUNCTION relations_before(version text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT CASE version WHEN '0.1.0' THEN ARRAY[
		'settings', 'zone_set', 'zone', 'zone_draft', 'zone_in_force', 'zone_neighbour', 'zone_ancestor', 'zone_point', 'zone_union',
		'report', 'placement', 'possible_place', 'crosswalk', 'report_past', 'zone_alias', 'unmatched_places', 'source', 'report_in',
		'submission', 'rejected_report', 'reporting', 'data_quality', 'zone_value', 'layer', 'assessment', 'assessment_tier',
		'tier_change', 'zone_risk', 'zone_day', 'tier_summary', 'green_zone_watch', 'zone_risk_points', 'parent_risk',
		'zone_risk_history', 'risk_timeseries', 'zone_risk_at'] END;
END;
COMMENT ON FUNCTION relations_before(text) IS
'Internal, used by upgrade_map: the tables, views and functions that an earlier version made for a map; NULL for a version that it does not know. What else has the name of a new one is somebody else''s.';

CREATE FUNCTION check_upgrade(map text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	settings regclass;
	owner oid;
	version text;
BEGIN
	PERFORM need_any_map(map);
	settings := format('%I.settings', map)::regclass;
	SELECT c.relowner INTO owner FROM pg_class c WHERE c.oid = settings;
	IF NOT pg_has_role(owner, 'MEMBER') THEN
		RAISE EXCEPTION 'map "%" belongs to %', map, owner::regrole USING
			ERRCODE = 'insufficient_privilege',
			HINT = 'Its owner, a member of that role or a superuser brings it forward.';
	END IF;
	version := map_version(map);
	IF version_number(version) > version_number(installed_version()) THEN
		RAISE EXCEPTION 'map "%" is at version % of georisk, which is newer than %, the version of the extension', map, version,
			installed_version() USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'Install the newer packages, then: ALTER EXTENSION georisk UPDATE;';
	END IF;
	PERFORM need_latest_snapshot(format('map "%s" cannot be brought forward', map),
		'Zones and reports that came while the upgrade waited for their writers would be missed.');
END
$$;
COMMENT ON FUNCTION check_upgrade(text) IS
'Internal, used by upgrade_map: an error where there is no such map, where it is not the caller''s, where a newer version made it, or where the transaction could not see what it waited for.';

CREATE FUNCTION plan_upgrade(map text, OUT to_widen text[], OUT to_finish text[]) RETURNS record
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	model text := 'georisk_model_' || pg_backend_pid();
	version text := map_version(map);
	taken text;
	other_type record;
BEGIN
	BEGIN
		EXECUTE format('SELECT create_map(%L, srid => s.srid) FROM %I.settings s', model, map);
		WITH missing AS (
			SELECT * FROM missing_columns(map, model) UNION ALL SELECT * FROM missing_constraints(map, model)
			UNION ALL SELECT * FROM missing_indexes(map, model) UNION ALL SELECT * FROM missing_triggers(map, model)
			UNION ALL SELECT * FROM missing_comments(map, model) UNION ALL SELECT * FROM missing_grants(map, model)
		)
		SELECT coalesce(array_agg(statement ORDER BY stage, place, statement) FILTER (WHERE stage <= 3), '{}'),
			   coalesce(array_agg(statement ORDER BY stage, place, statement) FILTER (WHERE stage > 3), '{}')
		INTO to_widen, to_finish FROM missing;

		SELECT min(m.relname) INTO taken
		FROM (SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(model) AND c.relkind IN ('r', 'v')
				AND to_regclass(format('%I.%I', map, c.relname)) IS NOT NULL
			  UNION ALL
			  SELECT p.proname FROM pg_proc p JOIN pg_proc o USING (proname)
			  WHERE p.pronamespace = to_regnamespace(model) AND o.pronamespace = to_regnamespace(quote_ident(map))) m
		WHERE m.relname <> ALL (relations_before(version));
		SELECT format('%s.%I', t.name, a.attname) AS name, format_type(o.atttypid, o.atttypmod) AS type,
			   format_type(a.atttypid, a.atttypmod) AS new_type
		INTO other_type FROM model_tables(map, model) t
		JOIN pg_attribute a ON a.attrelid = t.model_table AND a.attnum > 0
		JOIN pg_attribute o ON o.attrelid = t.map_table AND o.attname = a.attname AND NOT o.attisdropped
		WHERE (o.atttypid, o.atttypmod) <> (a.atttypid, a.atttypmod) LIMIT 1;
		-- the model has shown what it is for
		RAISE EXCEPTION USING ERRCODE = 'GR001';
	EXCEPTION WHEN SQLSTATE 'GR001' THEN NULL;
	END;
	IF taken IS NOT NULL THEN
		RAISE EXCEPTION 'map "%" has a relation or function of yours that is called "%", as one of the new version is', map, taken USING
			ERRCODE = 'duplicate_object',
			HINT = format('Rename it, or move it out of the map: ALTER ROUTINE or ALTER TABLE %I.%I RENAME TO ...;', map, taken);
	END IF;
	IF other_type.name IS NOT NULL THEN
		RAISE EXCEPTION 'column % is of type %, not %', other_type.name, other_type.type, other_type.new_type USING
			ERRCODE = 'datatype_mismatch',
			HINT = 'A column of yours that has the name of one of the new version can be renamed; one of the map''s own gets its type back by ALTER COLUMN ... TYPE.';
	END IF;
END
$$;
COMMENT ON FUNCTION plan_upgrade(text) IS
'Internal, used by upgrade_map: makes a fresh map as a model, compares, and takes the model back; gives the statements that the map lacks, to_widen before new columns and tables are filled and to_finish after. An error where a relation, function or column of the owner''s has the name of a new one. The caller needs CREATE on the database.';

CREATE FUNCTION lock_map(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	relations text;
BEGIN
	-- as a reader does: from a view down to what it stands on; whoever already reads comes first
	SELECT string_agg(format('%s', c.oid::regclass), ', ' ORDER BY c.relkind = 'v' DESC,
					  CASE WHEN c.relkind = 'v' THEN -c.oid::bigint ELSE c.oid::bigint END)
	INTO relations FROM pg_class c
	WHERE c.relnamespace = to_regnamespace(quote_ident(map)) AND c.relkind IN ('r', 'p', 'v')
	  AND c.relowner = (SELECT s.relowner FROM pg_class s WHERE s.oid = format('%I.settings', map)::regclass);
	EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relations);
END
$$;
COMMENT ON FUNCTION lock_map(text) IS
'Internal, used by upgrade_map and drop_map: waits for the readers of a map, and keeps readers and writers waiting until the transaction ends.';

CREATE FUNCTION has_policy_in_layer(map text) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	SELECT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.layer', map))
				   AND a.attname = 'policy' AND a.atttypid = 'risk_policy'::regtype AND NOT a.attisdropped);
END;
COMMENT ON FUNCTION has_policy_in_layer(text) IS
'Internal, used by upgrade_map: whether a map is of a version that had one policy for each layer, in the table layer.';

CREATE FUNCTION renew_indexes(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	zones regclass := format('%I.zone_set', map)::regclass;
	-- NULL where the owner dropped it: it comes back with what else is missing
	keeps "char" := (SELECT switch_trigger(zones, tgname, 'D') FROM pg_trigger WHERE tgrelid = zones AND tgname = 'freeze_set');
	one record;
	is_same boolean;
	problem text;
BEGIN
	FOR one IN EXECUTE format('SELECT zone_set_id, name FROM %I.zone_set WHERE activated_at IS NOT NULL ORDER BY valid_from', map) LOOP
		BEGIN
			EXECUTE format($sql$
				WITH fresh AS MATERIALIZED (
					SELECT zone_index_agg(zone_id, geom) AS index FROM %1$I.zone WHERE zone_set_id = $1 AND is_leaf
				), renewed AS (
					UPDATE %1$I.zone_set s SET index = f.index, edition = gen_random_uuid() FROM fresh f
					-- other bytes, the grid too, of the same zones
					WHERE s.zone_set_id = $1 AND NOT record_image_eq(ROW(s.index), ROW(f.index)) AND s.index = f.index
				)
				SELECT s.index = f.index FROM %1$I.zone_set s, fresh f WHERE s.zone_set_id = $1
			$sql$, map) INTO is_same USING one.zone_set_id;
			problem := CASE WHEN is_same THEN NULL ELSE 'it is not that of the zones that can be read now' END;
		EXCEPTION WHEN data_exception OR data_corrupted OR program_limit_exceeded THEN
			problem := SQLERRM;
		END;
		IF problem IS NOT NULL THEN
			RAISE WARNING 'zone set "%" of map "%" keeps the index that it has: %', one.name, map, problem USING
				HINT = format('See what differs: SELECT * FROM georisk.verify(%L); an upgrade does not change what is in force.', map);
		END IF;
	END LOOP;
	PERFORM switch_trigger(zones, 'freeze_set', keeps);
END
$$;
COMMENT ON FUNCTION renew_indexes(text) IS
'Internal, used by upgrade_map: the index of each zone set that is or was in force, where this version makes other bytes of the same zones. One of other zones, or where none can be made, stays with a warning. Who remembers one of the old reads it again.';

CREATE FUNCTION fill_upgraded(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	zones record;
	mercator text;
BEGIN
	PERFORM write_draft_set(map);
	PERFORM show_progress(format('map "%s": the indexes of its zones', map));
	PERFORM renew_indexes(map);
	FOR zones IN EXECUTE format('SELECT s.zone_set_id, s.name FROM %1$I.zone_set s WHERE s.activated_at IS NOT NULL '
		'AND NOT EXISTS (SELECT FROM %1$I.zone z JOIN %1$I.zone_point p USING (zone_id) WHERE z.zone_set_id = s.zone_set_id) '
		'ORDER BY s.valid_from', map) LOOP
		PERFORM show_progress(format('map "%s": surveying zone set "%s"', map, zones.name));
		PERFORM survey_zones(map, zones.zone_set_id);
	END LOOP;
	FOR zones IN EXECUTE format('SELECT s.zone_set_id, s.name FROM %1$I.zone_set s WHERE s.activated_at IS NOT NULL '
		'AND NOT EXISTS (SELECT FROM %1$I.zone z JOIN %1$I.zone_shape p USING (zone_id) WHERE z.zone_set_id = s.zone_set_id) '
		'ORDER BY s.valid_from', map) LOOP
		PERFORM show_progress(format('map "%s": simplifying zone set "%s" for small scales', map, zones.name));
		PERFORM write_zone_shapes(map, zones.zone_set_id);
	END LOOP;
	EXECUTE format('SELECT mercator_of(''geom'', srid) FROM %I.settings', map) INTO mercator;
	EXECUTE format('UPDATE %I.zone_shape SET mercator = %s WHERE mercator IS NULL', map, mercator);
	EXECUTE format('INSERT INTO %1$I.source_past (zone_set_id, source, zone_code) SELECT s.zone_set_id, c.source, c.zone_code '
		'FROM %1$I.zone_set s CROSS JOIN %1$I.source c WHERE s.valid_to IS NOT NULL ON CONFLICT DO NOTHING', map);
	IF has_policy_in_layer(map) THEN
		EXECUTE format('INSERT INTO %1$I.layer_policy (layer_id, policy) SELECT layer_id, policy FROM %1$I.layer', map);
		EXECUTE format('INSERT INTO %1$I.measure (layer_id, name, filter) SELECT l.layer_id, m.name, m.filter '
			'FROM %1$I.layer l CROSS JOIN usual_measures() m', map);
	END IF;
	EXECUTE format('UPDATE %I.settings SET version = $1, neighbour_tolerance_m = coalesce(neighbour_tolerance_m, 0)', map)
		USING installed_version();
END
$$;
COMMENT ON FUNCTION fill_upgraded(text) IS
'Internal, used by upgrade_map: fills what the present version stores and an earlier one did not, wherever it is still empty.';

CREATE FUNCTION run_upgrade(map text, to_widen text[], to_finish text[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	statement text;
	options text[];
	message text;
	detail text;
	hint text;
BEGIN
	-- CREATE OR REPLACE VIEW forgets the owner's ALTER VIEW ... SET
	SELECT coalesce(array_agg(format('ALTER VIEW %s SET (%s)', c.oid::regclass, array_to_string(c.reloptions, ', '))), '{}')
	INTO options FROM pg_class c
	WHERE c.relnamespace = to_regnamespace(quote_ident(map)) AND c.relkind = 'v' AND c.reloptions IS NOT NULL;
	FOREACH statement IN ARRAY to_widen LOOP
		RAISE NOTICE '%', statement;
		EXECUTE statement;
	END LOOP;
	statement := NULL;
	PERFORM fill_upgraded(map);
	FOREACH statement IN ARRAY to_finish LOOP
		IF statement !~ '^COMMENT' THEN
			RAISE NOTICE '%', statement;
		END IF;
		EXECUTE statement;
	END LOOP;
	statement := NULL;
	PERFORM show_progress(format('map "%s": writing the views', map));
	PERFORM write_views(map);
	IF has_policy_in_layer(map) THEN
		statement := format('ALTER TABLE %I.layer DROP COLUMN policy', map);
		EXECUTE statement;
		statement := NULL;
	END IF;
	FOREACH statement IN ARRAY options LOOP
		EXECUTE statement;
	END LOOP;
EXCEPTION
	WHEN dependent_objects_still_exist OR feature_not_supported OR invalid_table_definition
		OR duplicate_object OR duplicate_table OR duplicate_column THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		RAISE EXCEPTION 'map "%" cannot be brought to version %: %', map, installed_version(), message USING
			ERRCODE = SQLSTATE,
			DETAIL = concat_ws(E'\n', nullif(detail, ''), 'Statement: ' || statement),
			HINT = CASE WHEN SQLSTATE LIKE '427%' OR SQLSTATE = '42P07'
				THEN 'Rename what is yours, and call upgrade_map again.'
				ELSE 'What stands in the way is yours: keep its definition (pg_get_viewdef for a view), drop it, call upgrade_map again, and make it anew.' END;
END
$$;
COMMENT ON FUNCTION run_upgrade(text, text[], text[]) IS
'Internal, used by upgrade_map: carries out what plan_upgrade found, with a notice for each statement; an error that says what of the owner''s stands in the way.';

CREATE FUNCTION upgrade_map(map text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	role_before text := current_setting('role');
	owner name;
	version text;
	plan record;
BEGIN
	PERFORM check_upgrade(map);
	version := map_version(map);
	-- Writers finish first, and activations and other upgrades; readers go on until there is something to do.
	EXECUTE format('LOCK TABLE %1$I.zone_set, %1$I.zone, %1$I.report_in, %1$I.report IN SHARE ROW EXCLUSIVE MODE', map);
	SELECT * INTO plan FROM plan_upgrade(map);
	RAISE NOTICE 'map "%": from version % to %, statements: %', map, version, installed_version(),
		cardinality(plan.to_widen || plan.to_finish);
	PERFORM lock_map(map);
	SELECT r.rolname INTO owner FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
	WHERE c.oid = format('%I.settings', map)::regclass;
	-- what is new belongs to the map's owner, under the owner's default privileges
	IF owner <> current_user THEN
		PERFORM set_config('role', owner, true);
	END IF;
	PERFORM run_upgrade(map, plan.to_widen, plan.to_finish);
	PERFORM set_config('role', role_before, true);
	RETURN cardinality(plan.to_widen || plan.to_finish);
END
$$;
COMMENT ON FUNCTION upgrade_map(text) IS
'Brings a map that an earlier version of georisk made to the version of the extension, after new packages were installed and ALTER EXTENSION georisk UPDATE was run, or after a dump of it was restored; returns how many statements that took, 0 where the tables were as a fresh map''s. Missing tables, columns, constraints, indexes, triggers and comments are added, what they store is filled from what is there, and the views are written anew in place, all in one transaction: an interruption leaves everything as it was, and a second call changes nothing. Whatever its owner added stays: columns, indexes, triggers, grants, row security policies, comments on them, views and functions on top; nothing of the owner''s is ever dropped. Until then the map can be read and written as before; functions that take a map refuse it. An error, with what to do, where a newer version made the map, where a relation, function or column of the owner''s has the name of a new one, or where a view of the owner''s stands on what must change. What is new belongs to the map''s owner; who may read every table may read the new ones. Waits for writers and readers, and they wait until it ends. The caller owns the map, or is a superuser, and needs CREATE on the database. Not in a repeatable read or serializable transaction.';
