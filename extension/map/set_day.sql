CREATE FUNCTION map_clock(map text) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	ahead interval;
BEGIN
	EXECUTE format('SELECT clock_offset FROM %I.settings', map) INTO ahead;
	RETURN clock_timestamp() + coalesce(ahead, '0');
END
$$;
COMMENT ON FUNCTION map_clock(text) IS
'Internal: what the clock of a map shows, the server''s own or the one that set_day started. The caller needs SELECT on settings.';

CREATE FUNCTION check_clock(map text, clock timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	reached timestamptz;
BEGIN
	IF NOT isfinite(clock) OR clock > clock_timestamp() THEN
		RAISE EXCEPTION 'the clock of a map cannot be ahead of the server''s' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is to be set to %s.', clock),
			HINT = 'A replay or a training starts in the past and goes forward.';
	END IF;
	EXECUTE format($sql$
		SELECT CASE WHEN clock_offset IS NOT NULL THEN map_clock(%1$L) ELSE greatest(
			(SELECT max(recorded_at) FROM %2$I.report), (SELECT max(replaced_at) FROM %2$I.report_past),
			(SELECT max(recorded_at) FROM %2$I.zone_value), (SELECT max(submitted_at) FROM %2$I.submission),
			(SELECT max(known_at) FROM %2$I.assessment), (SELECT max(decided_at) FROM %2$I.decision),
			(SELECT max(decided_at) FROM %2$I.publication), (SELECT max(activated_at) FROM %2$I.zone_set)) END
		FROM %2$I.settings
	$sql$, map, map) INTO reached;
	IF clock < reached THEN
		RAISE EXCEPTION 'the clock of map "%" goes forward only', map USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is to be set to %s, and %s is reached already.', clock, reached),
			HINT = 'What was recorded when would be in doubt. Start a replay on a new map, before its zones are activated.';
	END IF;
END
$$;
COMMENT ON FUNCTION check_clock(text, timestamptz) IS
'Internal, used by set_day: an error where the clock is to be set ahead of the server''s, or back: behind where it stands, or, where it has not been set yet, behind what the map recorded last.';

CREATE FUNCTION set_clock(map text, clock timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	stamped text;
	-- hours and less: days would be days of the session's time zone
	ahead interval := make_interval(secs => extract(epoch FROM clock - clock_timestamp())::double precision);
	shows text := 'clock_timestamp()' || CASE WHEN ahead IS NULL THEN '' ELSE format(' + %L::interval', ahead) END;
BEGIN
	EXECUTE format('UPDATE %I.settings SET clock_offset = $1', map) USING ahead;
	-- A default costs a row nothing, and asks nothing of who writes it.
	FOREACH stamped IN ARRAY ARRAY['report ALTER recorded_at', 'submission ALTER submitted_at', 'zone_value ALTER recorded_at'] LOOP
		EXECUTE format('ALTER TABLE %I.%s SET DEFAULT %s', map, stamped, shows);
	END LOOP;
END
$$;
COMMENT ON FUNCTION set_clock(text, timestamptz) IS
'Internal, used by set_day: starts the clock of a map, or gives it back the server''s where clock is NULL: in settings, and in the defaults of the columns that say when something was recorded.';

CREATE FUNCTION set_day(map text, day date DEFAULT NULL, clock timestamptz DEFAULT NULL) RETURNS date
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	shown date := day;
	is_set boolean;
BEGIN
	PERFORM need_map(map);
	IF NOT isfinite(day) THEN
		RAISE EXCEPTION 'the day of a map cannot be %', day USING ERRCODE = 'datetime_field_overflow';
	END IF;
	EXECUTE format('SELECT clock_offset IS NOT NULL FROM %I.settings', map) INTO is_set;
	IF clock IS NOT NULL OR is_set AND day IS NULL THEN
		-- Writers finish first: what they recorded was recorded before.
		EXECUTE format('LOCK TABLE %1$I.report, %1$I.zone_value, %1$I.submission IN ACCESS EXCLUSIVE MODE', map);
		PERFORM check_clock(map, clock);
		PERFORM set_clock(map, clock);
	END IF;
	IF day IS NULL AND clock IS NOT NULL THEN
		EXECUTE format('SELECT ($1 AT TIME ZONE timezone)::date FROM %I.settings', map) INTO shown USING clock;
	END IF;
	EXECUTE format('UPDATE %I.settings SET day = $1', map) USING shown;
	RETURN shown;
END
$$;
COMMENT ON FUNCTION set_day(text, date, timestamptz) IS
'Pins the day that a map shows, for a replay, a training or a demo: everyone who reads its views sees that day, whatever the clock or their session''s time zone says. With clock it also sets the map''s clock, which runs on from there: recorded_at, submitted_at, the known_at of assessments, the decided_at of decisions and everything else that says when something became known follow it, so that zone_risk_at(day, known_at) can ask about the time that is played again; day NULL is then the clock''s day. The clock goes forward only, from behind the server''s: an error where it would go behind what the map has recorded or has reached. Without clock it runs on as it was. Both NULL, the default, ends it all: today in the map''s time zone, by the server''s clock. Returns the day that is pinned. The caller needs SELECT and UPDATE on the map''s settings; to set or end a clock, own the map. That waits for writers and readers of reports.';
