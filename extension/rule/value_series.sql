
-- value_series: the dated history of one zone value

CREATE TYPE value_series;

CREATE FUNCTION value_series_in(cstring) RETURNS value_series
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_in';
COMMENT ON FUNCTION value_series_in(cstring) IS
'Reads a value_series from text: a JSON object of ISO days and numbers, or of days and true or false, null where the value is not known from that day on. Numbers have at most 36 digits.';

CREATE FUNCTION value_series_out(value_series) RETURNS cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_out';
COMMENT ON FUNCTION value_series_out(value_series) IS
'Writes a value_series as text, without loss and independent of any setting.';

CREATE FUNCTION value_series_recv(internal) RETURNS value_series
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_recv';
COMMENT ON FUNCTION value_series_recv(internal) IS
'Reads a value_series from its binary form; bytes that do not make one are an error.';

CREATE FUNCTION value_series_send(value_series) RETURNS bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_send';
COMMENT ON FUNCTION value_series_send(value_series) IS
'Writes a value_series in its binary form, in network byte order and without loss.';

CREATE TYPE value_series (
    INPUT = value_series_in, OUTPUT = value_series_out,
    RECEIVE = value_series_recv, SEND = value_series_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE value_series IS
'The dated history of one zone value, numbers or yes/no, as in {"2021-08-01": 71.5, "2021-09-01": null}. On a day the newest entry holds whose day is not after it; null says that the value is not known from that day on. Numbers are exact, with at most 36 digits.';

CREATE FUNCTION value_series_step_number(value_series, date, numeric) RETURNS value_series
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1 AS 'MODULE_PATHNAME', 'georisk_value_series_step_number';
COMMENT ON FUNCTION value_series_step_number(value_series, date, numeric) IS
'The series with one more dated number: the step of value_series_agg.';

CREATE FUNCTION value_series_step_yesno(value_series, date, boolean) RETURNS value_series
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1 AS 'MODULE_PATHNAME', 'georisk_value_series_step_yesno';
COMMENT ON FUNCTION value_series_step_yesno(value_series, date, boolean) IS
'The series with one more dated yes or no: the step of value_series_agg.';

CREATE FUNCTION value_series_combine(value_series, value_series) RETURNS value_series
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_combine';
COMMENT ON FUNCTION value_series_combine(value_series, value_series) IS
'The entries of both series. A day on which they differ is not known in the result; NULL adds nothing. Numbers and yes/no values together are an error.';

CREATE FUNCTION value_series_final(value_series) RETURNS value_series
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_final';
COMMENT ON FUNCTION value_series_final(value_series) IS
'The canonical form of a series under construction: the last step of value_series_agg.';

CREATE AGGREGATE value_series_agg(day date, value numeric) (
    SFUNC = value_series_step_number, STYPE = value_series, SSPACE = 160,
    FINALFUNC = value_series_final, COMBINEFUNC = value_series_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_series_agg(date, numeric) IS
'The dated history of one number of a zone, such as vaccine cover. A NULL value says that the number is not known from that day on; a row without a day is skipped; NULL where no row has a day. The same value twice on a day is one entry, different values on one day make that day not known, whatever the order of the rows. An infinite day, a number that is not finite or has more than 36 digits is an error.';

CREATE AGGREGATE value_series_agg(day date, value boolean) (
    SFUNC = value_series_step_yesno, STYPE = value_series, SSPACE = 160,
    FINALFUNC = value_series_final, COMBINEFUNC = value_series_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_series_agg(date, boolean) IS
'The dated history of one yes or no of a zone, such as contact with other households; NULLs and several values on one day as for numbers.';

CREATE FUNCTION value_at(series value_series, day date, keep integer DEFAULT NULL) RETURNS numeric
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_at';
COMMENT ON FUNCTION value_at(value_series, date, integer) IS
'The number in force on the day: of the newest entry that is not after it and at most keep days old (NULL: however old). NULL where there is none, where the newest entry says not known, or where series or day is NULL. A series of yes/no values, an infinite day or a negative keep is an error.';

CREATE FUNCTION yesno_at(series value_series, day date, keep integer DEFAULT NULL) RETURNS boolean
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_yesno_at';
COMMENT ON FUNCTION yesno_at(value_series, date, integer) IS
'The yes or no in force on the day, by the rules of value_at. A series of numbers is an error.';

CREATE FUNCTION value_series_equal(value_series, value_series) RETURNS boolean
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_equal';
COMMENT ON FUNCTION value_series_equal(value_series, value_series) IS
'Whether both series have the same days with the same values.';

CREATE OPERATOR = (
    LEFTARG = value_series, RIGHTARG = value_series, FUNCTION = value_series_equal,
    COMMUTATOR = =, RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (value_series, value_series) IS
'Whether both series have the same days with the same values; as a function value_series_equal.';

CREATE FUNCTION jsonb_to_value_series(jsonb) RETURNS value_series
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_jsonb_to_value_series';
COMMENT ON FUNCTION jsonb_to_value_series(jsonb) IS
'A value_series from a JSON object of ISO days and numbers, or of days and true or false, with null for not known.';

CREATE FUNCTION value_series_to_jsonb(value_series) RETURNS jsonb
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_value_series_to_jsonb';
COMMENT ON FUNCTION value_series_to_jsonb(value_series) IS
'A value_series as a JSON object of ISO days and values; the cast back gives the same series.';

CREATE CAST (jsonb AS value_series) WITH FUNCTION jsonb_to_value_series(jsonb);
COMMENT ON CAST (jsonb AS value_series) IS 'A value_series from a JSON object; see jsonb_to_value_series.';

CREATE CAST (value_series AS jsonb) WITH FUNCTION value_series_to_jsonb(value_series);
COMMENT ON CAST (value_series AS jsonb) IS 'A value_series as a JSON object; see value_series_to_jsonb.';
