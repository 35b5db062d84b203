CREATE FUNCTION announce(map text, assessment integer, title text DEFAULT NULL, ground text DEFAULT NULL, valid_from date DEFAULT NULL,
	parent_code text DEFAULT NULL, zone_level text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	decided integer;
	-- an assessment that is not there is refused with the others, in check_decision
	layer_id integer;
BEGIN
	PERFORM need_writer(map, 'decision', 'announce');
	EXECUTE format('SELECT layer_id FROM %I.assessment WHERE assessment_id = $1', map) INTO layer_id USING assessment;
	EXECUTE format('INSERT INTO %I.decision (kind, layer_id, assessment_id, title, ground, valid_from, parent_code, zone_level) '
		'VALUES (''announcement'', $1, $2, $3, $4, $5, $6, $7) RETURNING decision_id', map)
		INTO decided USING layer_id, assessment, title, ground, valid_from, parent_code, zone_level;
	RETURN decided;
END
$$;
COMMENT ON FUNCTION announce(text, integer, text, text, date, text, text) IS
'Makes a recorded assessment the one in force: from valid_from on, by default the map''s day, zone_risk shows its tiers as in_force, beside what is computed, until another announcement takes its place. parent_code announces it for the zones below one only, a ward say; zone_level for the zones of one level. title is what the announcement is called, ground on what ground it was made; both may be NULL. Returns the number of the decision. Who announced it and when, by the map''s clock, is written with it in the table decision, and what is then in force in announced_tier; neither can be changed or deleted. Of two announcements for the same zone the later one holds from its first day on, whatever that of the other is; overrides hold on. What was in force on a day that is past stays as it was: an error where valid_from is before the map''s day, before the day that was assessed, or before the day of an earlier decision. An error, too, where there is no such assessment, or no zone in that part of it. Waits for assessments and other decisions. Not in a repeatable read or serializable transaction. The caller owns the map.';

CREATE FUNCTION override_tier(map text, zone text, tier text DEFAULT NULL, floor text DEFAULT NULL, reason text DEFAULT NULL,
	until date DEFAULT NULL, valid_from date DEFAULT NULL, layer text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	decided integer;
BEGIN
	PERFORM need_writer(map, 'decision', 'override_tier');
	IF num_nonnulls(tier, floor) <> 1 OR zone IS NULL THEN
		RAISE EXCEPTION 'an override has a zone and either a tier or a floor' USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'tier => ''red'' puts the zone in that tier, whatever was announced; floor => ''orange'' in that tier at least.';
	END IF;
	EXECUTE format('INSERT INTO %I.decision (kind, layer_id, code, is_floor, tier, ground, valid_until, valid_from) '
		'VALUES (''override'', $1, $2, $3, $4, $5, $6, $7) RETURNING decision_id', map)
		INTO decided USING find_layer(map, layer), zone, tier IS NULL, coalesce(tier, floor), reason, until, valid_from;
	RETURN decided;
END
$$;
COMMENT ON FUNCTION override_tier(text, text, text, text, text, date, date, text) IS
'Overrules what was announced for a zone: from valid_from, by default the map''s day, until a last day the zone is in force with tier, or, given as floor, with that tier at least. A floor takes the place of what is announced where that is milder, unknown, outside the ladder, or nothing. Announcements in between do not end it; of two overrides of a zone the later one holds. zone is the code of a zone that has a tier, tier and floor are keys of the policy of the first day; reason is a sentence that zone_risk shows as override_reason, and is needed. Returns the number of the decision, which end_override takes. What is computed is not touched. The zone keeps it where zones change and it is still mostly the same. Who, when and why are kept in the table decision and cannot be changed or deleted. An error where a day that is past would be changed. Not in a repeatable read or serializable transaction. The caller owns the map.';

CREATE FUNCTION end_override(map text, override integer, reason text, valid_from date DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	decided integer;
	layer_id integer;
BEGIN
	PERFORM need_writer(map, 'decision', 'end_override');
	EXECUTE format('SELECT layer_id FROM %I.decision WHERE decision_id = $1', map) INTO layer_id USING override;
	EXECUTE format('INSERT INTO %I.decision (kind, layer_id, ends_id, ground, valid_from) VALUES (''end'', $1, $2, $3, $4) '
		'RETURNING decision_id', map) INTO decided USING layer_id, override, reason, valid_from;
	RETURN decided;
END
$$;
COMMENT ON FUNCTION end_override(text, integer, text, date) IS
'Ends an override before its last day: from valid_from on, by default the map''s day, what was announced holds again, or an earlier override that still lasts. override is the number that override_tier returned; reason says why and is needed. Both decisions are kept. Returns the number of this one. An error where there is no such override, where it ends by then anyway, or where a day that is past would be changed. Not in a repeatable read or serializable transaction. The caller owns the map.';

CREATE FUNCTION follow_zones(map text, zone_set_id integer, first_day date) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format('INSERT INTO %1$I.decision (kind, layer_id, zone_set_id, valid_from) '
		'SELECT ''zones'', layer_id, $1, $2 FROM (SELECT DISTINCT layer_id FROM %1$I.decision) l ORDER BY layer_id', map)
		USING zone_set_id, first_day;
END
$$;
COMMENT ON FUNCTION follow_zones(text, integer, date) IS
'Internal, used by activate_zones: what is in force goes on in the zones of a new set that are mostly the same as before; in the others nothing is in force until it is announced.';

CREATE FUNCTION write_in_force_at(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	part text := layer_relation(map, layer_id, 'in_force_at');
	srid integer;
BEGIN
	EXECUTE format('SELECT srid FROM %I.settings', map) INTO srid;
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(as_of date, known_at timestamptz DEFAULT NULL)
		RETURNS TABLE (zone_id integer, code text, name text, parent_code text, zone_level text, in_force_rank smallint, in_force text,
			in_force_label text, in_force_color text, in_force_since date, override_reason text, override_until date,
			decision_id integer, title text, decided_at timestamptz, decided_by text, day date, geom geometry(MultiPolygon, %3$s))
		LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1000 SET jit = off
		BEGIN ATOMIC
			WITH map AS (
				SELECT coalesce(finite_day($1), s.day, (now() AT TIME ZONE s.timezone)::date) AS day FROM %1$I.settings s
			), shown AS (
				%4$s
			)
			SELECT z.zone_id, z.code, z.name, z.parent_code, z.level, f.tier_rank, f.tier, f.tier_label, f.tier_color, f.since,
				   f.override_reason, f.override_until, f.decision_id, d.title, d.decided_at, d.decided_by, (SELECT day FROM map), z.geom
			FROM shown JOIN %1$I.zone z ON z.zone_set_id = shown.zone_set_id AND z.is_leaf
			LEFT JOIN (%5$s) f ON f.zone_id = z.zone_id
			LEFT JOIN %1$I.decision d ON d.decision_id = f.decision_id;
		END
	$sql$, map, part, srid, shown_set_query(map, known_set_then(map)),
		in_force_query(map, layer_id, '(SELECT day FROM map)', known_then('d.decided_at')));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(date, timestamptz) IS %L', map, part,
		'The tier in force in every zone on a day, as announced, overrides included: in_force with its rung, label and colour, since when, the reason and '
		'last day of an override that decides, and the last decision about the zone, with its title, when and by whom. Empty where nothing was announced. '
		'What it says of a day that is past does not change any more: nobody can decide for it. With known_at, as it was decided by then, '
		'on the zones in force then; as_of NULL is the map''s day. Nothing is computed from reports. '
		'The caller needs SELECT on settings, zone, zone_set, decision and announced_tier.');
END
$$;
COMMENT ON FUNCTION write_in_force_at(text, integer) IS
'Internal, used by create_map: the function in_force_at of a layer.';
INSERT INTO layer_part (part, place, arguments) VALUES ('in_force_at', 25, 'date, timestamptz');
