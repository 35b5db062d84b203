CREATE FUNCTION notify_listeners() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	map text := TG_TABLE_SCHEMA;
	is_on boolean;
	about jsonb := jsonb_build_object('map', map, 'event', TG_ARGV[0]);
	assessed record;
BEGIN
	EXECUTE format('SELECT notify FROM %I.settings', map) INTO is_on;
	IF NOT is_on THEN
		RETURN NULL;
	END IF;
	-- QGIS compares the whole of it; the server sends equal ones of a transaction once
	PERFORM pg_notify('qgis', map);
	IF TG_TABLE_NAME = 'assessment' THEN
		FOR assessed IN EXECUTE format('SELECT n.assessment_id, n.as_of, l.name, '
			'(SELECT count(*) FROM %1$I.tier_change c WHERE c.assessment_id = n.assessment_id) AS changes '
			'FROM new_assessments n JOIN %1$I.layer l USING (layer_id) ORDER BY n.assessment_id', map) LOOP
			PERFORM pg_notify('georisk', (about || jsonb_build_object('layer', assessed.name, 'as_of', assessed.as_of,
				'assessment_id', assessed.assessment_id, 'changes', assessed.changes))::text);
		END LOOP;
	ELSE
		PERFORM pg_notify('georisk', about::text);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION notify_listeners() IS
'Trigger on the tables assessment, decision, publication, submission, settings and zone_set of a map: tells whoever listens that the map shows something else. On channel qgis the payload is the map''s name, once a transaction, for QGIS''s "refresh layer on notification"; on channel georisk it is a JSON object with map and event (assessed, with layer, as_of, assessment_id and changes, the number of new rows of tier_change; decided; published; submitted; day; activated). Anyone who can connect may listen: there is nothing else in it. Nothing is sent where settings.notify is false. Rows written to report directly tell nobody: who writes them may call pg_notify.';

CREATE FUNCTION create_notify_triggers(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TRIGGER notify_assessed AFTER INSERT ON %1$I.assessment
			REFERENCING NEW TABLE AS new_assessments FOR EACH STATEMENT EXECUTE FUNCTION notify_listeners('assessed');
		CREATE TRIGGER notify_decided AFTER INSERT ON %1$I.decision
			FOR EACH ROW WHEN (NEW.kind <> 'zones') EXECUTE FUNCTION notify_listeners('decided');
		CREATE TRIGGER notify_published AFTER INSERT ON %1$I.publication
			FOR EACH STATEMENT EXECUTE FUNCTION notify_listeners('published');
		CREATE TRIGGER notify_submitted AFTER INSERT ON %1$I.submission
			FOR EACH STATEMENT EXECUTE FUNCTION notify_listeners('submitted');
		CREATE TRIGGER notify_day AFTER UPDATE OF day, lang ON %1$I.settings
			FOR EACH STATEMENT EXECUTE FUNCTION notify_listeners('day');
		CREATE TRIGGER notify_activated AFTER UPDATE OF activated_at ON %1$I.zone_set
			FOR EACH STATEMENT EXECUTE FUNCTION notify_listeners('activated');
	$sql$, map);
END
$$;
COMMENT ON FUNCTION create_notify_triggers(text) IS
'Internal, used by create_map: the triggers that tell whoever listens when a map shows something else.';
