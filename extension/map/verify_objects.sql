-- That a map's tables still have what keeps them right: triggers that fire, views that say what the layers say, sequences
-- ahead of their columns.

CREATE FUNCTION map_triggers(map text) RETURNS TABLE (relation text, trigger_name text, definition text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 30
BEGIN ATOMIC
	SELECT t.relation, t.trigger_name, format('CREATE TRIGGER %I %s ON %I.%I %sFOR EACH %s EXECUTE FUNCTION %s', t.trigger_name,
			t.events, map, t.relation, CASE WHEN t.tables = '' THEN '' ELSE 'REFERENCING ' || t.tables || ' ' END, t.level, t.call)
	FROM (VALUES
		('zone', 'freeze_inserted', 'AFTER INSERT', 'NEW TABLE AS new_zones', 'STATEMENT', 'freeze_zones()'),
		('zone', 'freeze_updated', 'AFTER UPDATE', 'OLD TABLE AS old_zones NEW TABLE AS new_zones', 'STATEMENT', 'freeze_zones()'),
		('zone', 'freeze_deleted', 'AFTER DELETE', 'OLD TABLE AS old_zones', 'STATEMENT', 'freeze_zones()'),
		('zone', 'freeze_truncated', 'BEFORE TRUNCATE', '', 'STATEMENT', 'freeze_zones()'),
		('zone_set', 'freeze_set', 'BEFORE DELETE OR UPDATE OF zone_set_id, valid_from, activated_at, edition, index', '', 'ROW', 'freeze_zone_set(''keep'')'),
		('zone_set', 'close_set', 'BEFORE UPDATE OF valid_to', '', 'ROW', 'freeze_zone_set(''close'')'),
		('report', 'queue', 'BEFORE INSERT OR DELETE OR UPDATE', '', 'STATEMENT', 'queue_reports()'),
		('report', 'place', 'BEFORE INSERT OR UPDATE', '', 'ROW', 'place_report()'),
		('report', 'settle_inserted', 'AFTER INSERT', 'NEW TABLE AS new_reports', 'STATEMENT', 'settle_reports()'),
		('report', 'settle_updated', 'AFTER UPDATE', 'OLD TABLE AS old_reports NEW TABLE AS new_reports', 'STATEMENT', 'settle_reports()'),
		('report', 'settle_deleted', 'AFTER DELETE', 'OLD TABLE AS old_reports', 'STATEMENT', 'settle_reports()'),
		('report', 'write_inserted', 'AFTER INSERT', 'NEW TABLE AS new_reports', 'STATEMENT', 'write_placements()'),
		('report', 'write_updated', 'AFTER UPDATE', 'OLD TABLE AS old_reports NEW TABLE AS new_reports', 'STATEMENT', 'write_placements()'),
		('report', 'write_deleted', 'AFTER DELETE', 'OLD TABLE AS old_reports', 'STATEMENT', 'write_placements()'),
		('report', 'write_truncated', 'AFTER TRUNCATE', '', 'STATEMENT', 'write_placements()'),
		('report', 'remember_updated', 'AFTER UPDATE', 'OLD TABLE AS old_reports NEW TABLE AS new_reports', 'STATEMENT', 'remember_reports()'),
		('report', 'remember_deleted', 'AFTER DELETE', 'OLD TABLE AS old_reports', 'STATEMENT', 'remember_reports()'),
		('zone_alias', 'queue', 'BEFORE INSERT OR DELETE OR UPDATE', '', 'STATEMENT', 'queue_with_reports()'),
		('zone_alias', 'place_inserted', 'AFTER INSERT', 'NEW TABLE AS new_aliases', 'STATEMENT', 'place_aliased()'),
		('zone_alias', 'place_updated', 'AFTER UPDATE', 'OLD TABLE AS old_aliases NEW TABLE AS new_aliases', 'STATEMENT', 'place_aliased()'),
		('zone_alias', 'place_deleted', 'AFTER DELETE', 'OLD TABLE AS old_aliases', 'STATEMENT', 'place_aliased()'),
		('settings', 'find_neighbours', 'AFTER UPDATE OF neighbour_tolerance_m', '',
			'ROW WHEN ((old.neighbour_tolerance_m <> new.neighbour_tolerance_m))', 'find_neighbours()'),
		('settings', 'keep_row', 'BEFORE DELETE', '', 'ROW', 'keep_settings()'),
		('settings', 'keep_rows', 'BEFORE TRUNCATE', '', 'STATEMENT', 'keep_settings()'),
		('assessment', 'notify_assessed', 'AFTER INSERT', 'NEW TABLE AS new_assessments', 'STATEMENT', 'notify_listeners(''assessed'')'),
		('decision', 'notify_decided', 'AFTER INSERT', '', 'ROW WHEN ((new.kind <> ''zones''::text))', 'notify_listeners(''decided'')'),
		('decision', 'queue', 'BEFORE INSERT', '', 'STATEMENT', 'queue_records()'),
		('decision', 'check_decision', 'BEFORE INSERT', '', 'ROW', 'check_decision()'),
		('decision', 'write_in_force', 'AFTER INSERT', '', 'ROW', 'follow_decision()'),
		('decision', 'keep_record', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_record()'),
		('publication', 'queue', 'BEFORE INSERT', '', 'STATEMENT', 'queue_records()'),
		('publication', 'check_publication', 'BEFORE INSERT', '', 'ROW', 'check_publication()'),
		('publication', 'keep_record', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_record()'),
		('publication', 'notify_published', 'AFTER INSERT', '', 'STATEMENT', 'notify_listeners(''published'')'),
		('decision', 'write_published', 'AFTER INSERT', '', 'ROW WHEN (((new.kind = ''announcement''::text) AND (new.parent_code IS NULL) AND (new.zone_level IS NULL)))',
			'write_published()'),
		('published_run', 'only_by_decision', 'BEFORE INSERT', '', 'STATEMENT', 'keep_record()'),
		('published_run', 'keep_record', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_record()'),
		('published_count', 'only_by_decision', 'BEFORE INSERT', '', 'STATEMENT', 'keep_record()'),
		('published_count', 'keep_record', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_record()'),
		('role_grant', 'keep_grant', 'BEFORE INSERT OR UPDATE', '', 'ROW', 'keep_grant()'),
		('role_grant', 'keep_grants', 'BEFORE DELETE OR TRUNCATE', '', 'STATEMENT', 'keep_grant()'),
		('protection', 'sign_protection', 'BEFORE INSERT', '', 'ROW', 'sign_protection()'),
		('protection', 'keep_protection', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_protection()'),
		('erased_from', 'keep_protection', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_protection()'),
		('announced_tier', 'only_by_decision', 'BEFORE INSERT', '', 'STATEMENT', 'keep_record()'),
		('announced_tier', 'keep_record', 'BEFORE DELETE OR UPDATE OR TRUNCATE', '', 'STATEMENT', 'keep_record()'),
		('tier_change', 'queue', 'BEFORE INSERT', '', 'STATEMENT', 'queue_records()'),
		('submission', 'notify_submitted', 'AFTER INSERT', '', 'STATEMENT', 'notify_listeners(''submitted'')'),
		('settings', 'notify_day', 'AFTER UPDATE OF day, lang', '', 'STATEMENT', 'notify_listeners(''day'')'),
		('zone_set', 'notify_activated', 'AFTER UPDATE OF activated_at', '', 'STATEMENT', 'notify_listeners(''activated'')'),
		('layer', 'check_layer', 'BEFORE INSERT OR DELETE OR UPDATE', '', 'ROW', 'check_layer()'),
		('layer', 'follow_layer', 'AFTER INSERT OR DELETE', '', 'ROW', 'follow_layer()'),
		('layer', 'follow_name', 'AFTER UPDATE OF name', '', 'ROW WHEN ((old.name <> new.name))', 'follow_layer()')
	) t (relation, trigger_name, events, tables, level, call)
	UNION ALL
	SELECT l, t.trigger_name, format('CREATE TRIGGER %I %s ON %I.%I %sFOR EACH STATEMENT EXECUTE FUNCTION %s', t.trigger_name,
			t.events, map, l, CASE WHEN t.tables = '' THEN '' ELSE 'REFERENCING ' || t.tables || ' ' END, t.call)
	FROM unnest(ARRAY['layer', 'layer_policy', 'measure']) l, (VALUES
		('lock_layers', 'BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE', '', 'lock_layers()'),
		('rewrite_inserted', 'AFTER INSERT', 'NEW TABLE AS new_rows', 'rewrite_views()'),
		('rewrite_updated', 'AFTER UPDATE', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', 'rewrite_views()'),
		('rewrite_deleted', 'AFTER DELETE', 'OLD TABLE AS old_rows', 'rewrite_views()'),
		('rewrite_truncated', 'AFTER TRUNCATE', '', 'rewrite_views()')
	) t (trigger_name, events, tables, call);
END;
COMMENT ON FUNCTION map_triggers(text) IS
'Internal, used by verify and rebuild: the triggers that every map has, as pg_get_triggerdef writes them.';

CREATE FUNCTION verify_triggers(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
	SELECT 'trigger', w.relation || '.' || w.trigger_name,
		   CASE WHEN g.oid IS NULL THEN NULL WHEN pg_get_triggerdef(g.oid) <> w.definition THEN pg_get_triggerdef(g.oid)
				WHEN g.tgenabled = 'D' THEN 'disabled' ELSE 'enabled for replicas only' END,
		   CASE WHEN pg_get_triggerdef(g.oid) = w.definition THEN 'enabled' ELSE w.definition END
	FROM map_triggers(map) w
	JOIN pg_class c ON c.relnamespace = to_regnamespace(quote_ident(map)) AND c.relname = w.relation
	LEFT JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgname = w.trigger_name
	WHERE g.oid IS NULL OR pg_get_triggerdef(g.oid) <> w.definition OR g.tgenabled NOT IN ('O', 'A')
$$;
COMMENT ON FUNCTION verify_triggers(text) IS
'Internal, used by verify: every trigger of a map is there, as it was made, and fires for those who write.';

CREATE FUNCTION verify_sequences(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 10 SET search_path FROM CURRENT AS $$
DECLARE
	numbered record;
BEGIN
	FOR numbered IN SELECT c.relname, a.attname, pg_get_serial_sequence(format('%I.%I', map, c.relname), a.attname) AS sequence
					FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
					WHERE c.relnamespace = to_regnamespace(quote_ident(map)) AND c.relkind = 'r'
					  -- zones may well be loaded with numbers of their own
					  AND c.relname <> 'zone' ORDER BY 1
	LOOP
		RETURN QUERY EXECUTE format($sql$
			SELECT 'sequence', %3$L, 'goes on from ' || s.last_value, 'goes on from ' || m.highest
			FROM %4$s s, (SELECT max(%2$I) AS highest FROM %1$I.%5$I) m
			WHERE s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END < m.highest
		$sql$, map, numbered.attname, numbered.relname || '.' || numbered.attname, numbered.sequence, numbered.relname);
	END LOOP;
END
$$;
COMMENT ON FUNCTION verify_sequences(text) IS
'Internal, used by verify: the numbers that a map gives to new rows are not taken yet, as they may be after rows came by replication.';

CREATE FUNCTION verify_counted_indexes(map text, layer_id integer)
RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE sql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 2 SET search_path FROM CURRENT AS $$
	SELECT 'index', i.name, CASE WHEN x.indisvalid THEN regexp_replace(obj_description(x.indexrelid, 'pg_class'), '^[^(]*', '') END,
		   i.definition
	FROM counted_indexes(map, layer_id) i
	LEFT JOIN pg_index x ON x.indexrelid = to_regclass(format('%I.%I', map, i.name))
	WHERE NOT coalesce(x.indisvalid AND obj_description(x.indexrelid, 'pg_class') = counted_index_comment(layer_id, i.definition), false)
$$;
COMMENT ON FUNCTION verify_counted_indexes(text, integer) IS
'Internal, used by verify: the indexes that counting for a layer reads are there, and hold what the layer counts.';

CREATE FUNCTION verify_views(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 10 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	layer record;
	missing record;
	is_whole boolean;
BEGIN
	RETURN QUERY SELECT 'view', v, NULL::text, 'a view' FROM unnest(ARRAY['zone_draft', 'zone_in_force', 'unmatched_places',
			'reporting', 'zone_reporting', 'data_quality', 'layer_public', 'publication_public', 'zone_set_public', 'own_grant', 'own_zone', 'own_source', 'own_placement', 'own_submission', 'own_unplaced']) v
		WHERE to_regclass(format('%I.%I', map, v)) IS NULL;
	-- a layer gets its views with its first policy
	FOR layer IN EXECUTE format('SELECT l.layer_id, l.name FROM %1$I.layer l WHERE EXISTS (SELECT FROM %1$I.layer_policy p '
		'WHERE p.layer_id = l.layer_id) ORDER BY l.layer_id', map) LOOP
		RETURN QUERY SELECT * FROM verify_counted_indexes(map, layer.layer_id);
		is_whole := true;
		FOR missing IN SELECT o.name, o.kind FROM layer_objects(map, layer_relation(map, layer.layer_id, '')) o
					   WHERE object_oid(o.kind, o.object) IS NULL ORDER BY o.place LOOP
			RETURN QUERY SELECT 'view', missing.name, NULL::text, format('a %s of layer "%s"', lower(missing.kind), layer.name);
			is_whole := false;
		END LOOP;
		CONTINUE WHEN NOT is_whole;
		-- It may be right today, and wrong from the day on when another policy of the timeline judges. pg_get_viewdef reads the
		-- snapshot that the policies are read from, as what shows the function would not; both are written together.
		RETURN QUERY SELECT 'view', v, 'written for other policies or measures', 'what the layer says'
			FROM layer_relation(map, layer.layer_id, 'zone_risk') v
			WHERE position(layer_edition(map, layer.layer_id) IN pg_get_viewdef(format('%I.%I', map, v)::regclass)) = 0;
		CONTINUE WHEN FOUND;
		RETURN QUERY EXECUTE format($sql$
			WITH fresh AS MATERIALIZED (
				SELECT f.zone_id, f::text AS content FROM (%2$s) f
			)
			SELECT 'view', s.name, format('says something else of %%s zones, the first %%s', count(*), min(coalesce(s.zone_id, f.zone_id))), 'what the layer says'
			FROM fresh f FULL JOIN
				 (SELECT %3$L AS name, v.zone_id, v::text AS content FROM %1$I.%3$I v
				  UNION ALL
				  SELECT %4$L, a.zone_id, a::text FROM %1$I.%4$I(NULL) a) s ON s.zone_id = f.zone_id
			WHERE s.content IS DISTINCT FROM f.content
			GROUP BY s.name
		$sql$, map, zone_risk_query(map, layer.layer_id, false), layer_relation(map, layer.layer_id, 'zone_risk'),
			layer_relation(map, layer.layer_id, 'zone_risk_at'));
	END LOOP;
END
$$;
COMMENT ON FUNCTION verify_views(text) IS
'Internal, used by verify: every view and function of a map is there, zone_risk is written for its layer''s policies and measures, zone_risk and zone_risk_at say what it says now, and the indexes that they read are there.';
