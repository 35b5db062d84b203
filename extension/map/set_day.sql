CREATE FUNCTION set_day(map text, day date DEFAULT NULL) RETURNS date
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM need_map(map);
	IF NOT isfinite(day) THEN
		RAISE EXCEPTION 'the day of a map cannot be %', day USING ERRCODE = 'datetime_field_overflow';
	END IF;
	EXECUTE format('UPDATE %I.settings SET day = $1', map) USING day;
	RETURN day;
END
$$;
COMMENT ON FUNCTION set_day(text, date) IS
'Pins the day that a map shows, for a replay, a training or a demo: everyone who reads its views sees that day, whatever the clock or their session''s time zone says. NULL, the default, ends it: today in the map''s time zone. Returns the day. The caller needs UPDATE on the map''s settings.';
