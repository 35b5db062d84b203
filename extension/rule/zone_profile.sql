
-- zone_profile: all that is known of one zone for one day

CREATE TYPE zone_profile;

CREATE FUNCTION zone_profile_in(cstring) RETURNS zone_profile
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_in';
COMMENT ON FUNCTION zone_profile_in(cstring) IS
'Reads a zone_profile from text: a JSON object of keys and values, as zone_profile_out writes it.';

CREATE FUNCTION zone_profile_out(zone_profile) RETURNS cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_out';
COMMENT ON FUNCTION zone_profile_out(zone_profile) IS
'Writes a zone_profile as a JSON object, without loss and independent of any setting.';

CREATE FUNCTION zone_profile_recv(internal) RETURNS zone_profile
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_recv';
COMMENT ON FUNCTION zone_profile_recv(internal) IS
'Reads a zone_profile from its binary form; bytes that do not make one are an error.';

CREATE FUNCTION zone_profile_send(zone_profile) RETURNS bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_send';
COMMENT ON FUNCTION zone_profile_send(zone_profile) IS
'Writes a zone_profile in its binary form, in network byte order and without loss.';

CREATE TYPE zone_profile (
    INPUT = zone_profile_in, OUTPUT = zone_profile_out,
    RECEIVE = zone_profile_recv, SEND = zone_profile_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE zone_profile IS
'All that is known of one zone for one day: epicurves, zone values, population, households, the as-of day. Its text is a JSON object; dates, epicurves and series stand in it as {"date": ...}, {"epicurve": ...} and {"value_series": ...}. Made by profile(...) or by a cast from jsonb, judged by @@.';

CREATE FUNCTION profile(VARIADIC "any") RETURNS zone_profile
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_profile';
COMMENT ON FUNCTION profile(VARIADIC "any") IS
'A zone_profile from keys and values that take turns, as in profile(''population'', 163, ''cases'', curve). Values are integer, numeric, boolean, date, text, epicurve or value_series; numbers have at most 36 digits. A NULL value is missing: the policy says what that means. Reserved keys: as_of, the day to judge; complete_until, the day until which reports are complete (absent: up to any day); reported_until, the same where the days after it are excused for silence_limit days (0 to 366, absent: 0): so long the tier is the worst of those from that day on, and later days are incomplete; population and households, whole numbers that are not negative and fit a bigint; level, a text; a NULL leaves them out. as_of, complete_until and reported_until are dates, or texts such as 2021-09-06. A key that is NULL, empty, longer than 255 bytes or given twice, a key without a value and a value of another type are errors.';

CREATE FUNCTION profile() RETURNS zone_profile
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1 AS 'MODULE_PATHNAME', 'georisk_profile_empty';
COMMENT ON FUNCTION profile() IS 'A zone_profile in which nothing is known.';

CREATE FUNCTION profile_add(zone_profile, zone_profile) RETURNS zone_profile
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_profile_add';
COMMENT ON FUNCTION profile_add(zone_profile, zone_profile) IS
'Two zones as one. Epicurves, population and households add up; complete_until and reported_until become the earlier of the two days, and silence_limit the shorter one; every other value stays where both agree and becomes missing where they differ. An epicurve given as NULL adds no reports. What only one of the two has is left out: a ward with a group of unknown population has an unknown population, and a measure that was not asked of every group is an error when judged, not zero. A population beyond bigint is an error.';

CREATE OPERATOR + (
    LEFTARG = zone_profile, RIGHTARG = zone_profile, FUNCTION = profile_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (zone_profile, zone_profile) IS 'Two zones as one; as a function profile_add.';

CREATE FUNCTION at_day(profile zone_profile, as_of date) RETURNS zone_profile
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_at_day';
COMMENT ON FUNCTION at_day(zone_profile, date) IS
'The same profile with as_of set to the day. Nothing else changes: plain numbers and yes/no values count as of the new day. An infinite day is an error.';

CREATE FUNCTION zone_profile_equal(zone_profile, zone_profile) RETURNS boolean
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_equal';
COMMENT ON FUNCTION zone_profile_equal(zone_profile, zone_profile) IS
'Whether both profiles have the same keys with the same values.';

CREATE OPERATOR = (
    LEFTARG = zone_profile, RIGHTARG = zone_profile, FUNCTION = zone_profile_equal,
    COMMUTATOR = =, RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (zone_profile, zone_profile) IS
'Whether both profiles have the same keys with the same values; as a function zone_profile_equal.';

CREATE FUNCTION jsonb_to_zone_profile(jsonb) RETURNS zone_profile
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_jsonb_to_zone_profile';
COMMENT ON FUNCTION jsonb_to_zone_profile(jsonb) IS
'A zone_profile from a JSON object: numbers, true, false, null (missing) and texts as they are, as_of, complete_until and reported_until as ISO dates, and {"date": ...}, {"epicurve": ...} and {"value_series": ...} for the types that JSON has not. An epicurve is its text or its own jsonb form.';

CREATE FUNCTION zone_profile_to_jsonb(zone_profile) RETURNS jsonb
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_to_jsonb';
COMMENT ON FUNCTION zone_profile_to_jsonb(zone_profile) IS
'A zone_profile as a JSON object; the cast back gives the same profile.';

CREATE CAST (jsonb AS zone_profile) WITH FUNCTION jsonb_to_zone_profile(jsonb);
COMMENT ON CAST (jsonb AS zone_profile) IS 'A zone_profile from a JSON object; see jsonb_to_zone_profile.';

CREATE CAST (zone_profile AS jsonb) WITH FUNCTION zone_profile_to_jsonb(zone_profile);
COMMENT ON CAST (zone_profile AS jsonb) IS 'A zone_profile as a JSON object; see zone_profile_to_jsonb.';
