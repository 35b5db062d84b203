
-- WHAT: how many, on which day, in how many households?

CREATE TYPE epicurve;
COMMENT ON TYPE epicurve IS
'The counts of one measure day by day (the field''s epidemic curve) and, where asked for, the distinct households behind them.
Sparse, exact, and the same value for the same counts in whatever order they came. Text: {2021-09-01:3,2021-09-02:1}, or
households {2021-09-01:3(1f:2,2a:1)} with household keys in hexadecimal; what a day counts beyond its households is of households
not known. Dates are ISO, whatever the settings. Counts are net: what + brought, - takes back, and they may go below zero.
Limits: all days of PostgreSQL''s date but infinity; counts, signs left out, add up to at most 9223372036854775807.';

CREATE FUNCTION epicurve_in(cstring) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_in(cstring) IS
'Reads the text of an epicurve. Days may come in any order; repeated days add up. Errors: 22P02 with the place, 22003 for counts beyond 64 bits.';

CREATE FUNCTION epicurve_out(epicurve) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_epicurve_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_out(epicurve) IS 'The text of an epicurve, without loss and the same under every setting.';

CREATE FUNCTION epicurve_recv(internal) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_recv(internal) IS
'Reads the binary form of an epicurve: version, flags, numbers of days and households, then the entries in order. Error: 22P03 where anything does not hold.';

CREATE FUNCTION epicurve_send(epicurve) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_epicurve_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_send(epicurve) IS 'The binary form of an epicurve, in network byte order.';

CREATE TYPE epicurve (
    INPUT = epicurve_in, OUTPUT = epicurve_out, RECEIVE = epicurve_recv, SEND = epicurve_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION epicurve_to_jsonb(epicurve) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'georisk_epicurve_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_to_jsonb(epicurve) IS
'The curve as {"days": {"2021-09-01": 3}}, with a second key {"households": {"2021-09-01": {"1f": 2, "2a": 1}}} where it knows households; keys are hexadecimal. Without loss.';

CREATE FUNCTION jsonb_to_epicurve(jsonb) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_jsonb_to_epicurve' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION jsonb_to_epicurve(jsonb) IS
'Reads {"days": {"2021-09-01": 3}, "households": {"2021-09-01": {"1f": 2}}}, or only {"2021-09-01": 3}. Without the key "households" the curve does not know
households; with it, what a day counts beyond its households is of households not known. Errors: 22023 for another shape, a day that is not an ISO date or a count that is not whole, 22003 beyond 64 bits.';

CREATE CAST (epicurve AS jsonb) WITH FUNCTION epicurve_to_jsonb(epicurve);
COMMENT ON CAST (epicurve AS jsonb) IS 'An epicurve as a jsonb object of days and, where known, households; see epicurve_to_jsonb.';
CREATE CAST (jsonb AS epicurve) WITH FUNCTION jsonb_to_epicurve(jsonb);
COMMENT ON CAST (jsonb AS epicurve) IS 'A jsonb object of days and, where known, households as an epicurve; see jsonb_to_epicurve.';

-- merge, take back, compare

CREATE FUNCTION epicurve_add(a epicurve, b epicurve) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_add(epicurve, epicurve) IS
'a + b: the counts of both, day by day and household by household. The sum knows households only where both do. Error: 22003 beyond 64 bits.';

CREATE FUNCTION epicurve_subtract(a epicurve, b epicurve) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_subtract(epicurve, epicurve) IS
'a - b: takes back exactly what + brought; counts may go below zero. The result knows households only where both do. Error: 22003 beyond 64 bits.';

CREATE FUNCTION epicurve_equal(a epicurve, b epicurve) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_epicurve_equal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_equal(epicurve, epicurve) IS
'a = b: the same net counts on the same days and of the same households, and both know households or neither does.';

CREATE FUNCTION epicurve_not_equal(a epicurve, b epicurve) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_epicurve_not_equal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_not_equal(epicurve, epicurve) IS 'a <> b: not a = b.';

CREATE FUNCTION epicurve_hash(epicurve) RETURNS integer
    AS 'MODULE_PATHNAME', 'georisk_epicurve_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_hash(epicurve) IS 'Hash of an epicurve, for GROUP BY, DISTINCT and hash joins: equal curves have equal hashes.';

CREATE FUNCTION epicurve_hash_extended(epicurve, seed bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'georisk_epicurve_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_hash_extended(epicurve, bigint) IS 'Seeded 64-bit hash of an epicurve: equal curves have equal hashes.';

CREATE OPERATOR + (LEFTARG = epicurve, RIGHTARG = epicurve, FUNCTION = epicurve_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (epicurve, epicurve) IS 'The counts of both curves; the same as epicurve_add.';
CREATE OPERATOR - (LEFTARG = epicurve, RIGHTARG = epicurve, FUNCTION = epicurve_subtract);
COMMENT ON OPERATOR - (epicurve, epicurve) IS 'Takes the counts of the second curve back from the first; the same as epicurve_subtract.';
CREATE OPERATOR = (LEFTARG = epicurve, RIGHTARG = epicurve, FUNCTION = epicurve_equal, COMMUTATOR = =, NEGATOR = <>,
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
COMMENT ON OPERATOR = (epicurve, epicurve) IS 'The same net counts, days and households; the same as epicurve_equal.';
CREATE OPERATOR <> (LEFTARG = epicurve, RIGHTARG = epicurve, FUNCTION = epicurve_not_equal, COMMUTATOR = <>, NEGATOR = =,
    RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR <> (epicurve, epicurve) IS 'Not the same counts; the same as epicurve_not_equal.';

CREATE OPERATOR CLASS epicurve_ops DEFAULT FOR TYPE epicurve USING hash AS
    OPERATOR 1 =, FUNCTION 1 epicurve_hash(epicurve), FUNCTION 2 epicurve_hash_extended(epicurve, bigint);
COMMENT ON OPERATOR CLASS epicurve_ops USING hash IS 'Equality of epicurves by hash, for GROUP BY, DISTINCT and EXCEPT.';
COMMENT ON OPERATOR FAMILY epicurve_ops USING hash IS 'Equality of epicurves by hash.';

-- what a curve says

CREATE FUNCTION up_to(curve epicurve, last_day date) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_up_to' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION up_to(epicurve, date) IS 'The part of the curve up to and including a day. Error: 22008 where the day is infinite.';

CREATE FUNCTION count_in(curve epicurve, as_of date, days integer) RETURNS bigint
    AS 'MODULE_PATHNAME', 'georisk_count_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION count_in(epicurve, date, integer) IS
'Net count in the window of `days` days that ends on the as-of day: that day and the days-1 before it. 0 where nothing was reported.
Errors: 22023 where days < 1, 22008 where the day is infinite.';

CREATE FUNCTION households_in(curve epicurve, as_of date, days integer) RETURNS bigint
    AS 'MODULE_PATHNAME', 'georisk_households_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION households_in(epicurve, date, integer) IS
'Distinct households in the window of `days` days that ends on the as-of day. A household counts where its net count in the window is above zero; reports
whose household is not known count as that many households. NULL where the curve, or any that was merged into it, was made without
households. Errors: 22023 where days < 1, 22008 where the day is infinite.';

CREATE FUNCTION days_since_last(curve epicurve, as_of date) RETURNS integer
    AS 'MODULE_PATHNAME', 'georisk_days_since_last' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION days_since_last(epicurve, date) IS
'Days from the last day, up to the as-of day, whose net count is above zero; 0 on that day itself, NULL where there never was one. Error: 22008 where the day is infinite.';

CREATE FUNCTION first_day(curve epicurve) RETURNS date
    AS 'MODULE_PATHNAME', 'georisk_first_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION first_day(epicurve) IS 'The first day whose net count is above zero; NULL where there is none.';

CREATE FUNCTION last_day(curve epicurve) RETURNS date
    AS 'MODULE_PATHNAME', 'georisk_last_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION last_day(epicurve) IS 'The last day whose net count is above zero; NULL where there is none.';

CREATE FUNCTION total_count(curve epicurve) RETURNS bigint
    AS 'MODULE_PATHNAME', 'georisk_total_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION total_count(epicurve) IS 'Net count of all days together.';

CREATE FUNCTION epicurve_days(curve epicurve, OUT day date, OUT n bigint) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_epicurve_days' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 30;
COMMENT ON FUNCTION epicurve_days(epicurve) IS 'The days of a curve whose net count is not zero, ascending, with their net counts.';

-- aggregates: the state is an epicurve with slack

CREATE FUNCTION epicurve_step(state epicurve, day date) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_step' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION epicurve_step(epicurve, date) IS 'Transition of epicurve_agg(date); only for aggregates.';

CREATE FUNCTION epicurve_step(state epicurve, day date, n integer) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_step' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION epicurve_step(epicurve, date, integer) IS 'Transition of epicurve_agg(date, integer); only for aggregates.';

CREATE FUNCTION epicurve_step_number(state epicurve, day date, n integer, household bigint) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_step_number' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION epicurve_step_number(epicurve, date, integer, bigint) IS 'Transition of epicurve_agg(date, integer, bigint); only for aggregates.';

CREATE FUNCTION epicurve_step_text(state epicurve, day date, n integer, household text) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_step_text' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_step_text(epicurve, date, integer, text) IS 'Transition of epicurve_agg(date, integer, text); only for aggregates.';

CREATE FUNCTION epicurve_combine(state epicurve, other epicurve) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_combine(epicurve, epicurve) IS 'Adds a curve to the state of epicurve_agg or sum(epicurve); only for aggregates.';

CREATE FUNCTION epicurve_final(state epicurve) RETURNS epicurve
    AS 'MODULE_PATHNAME', 'georisk_epicurve_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION epicurve_final(epicurve) IS 'Packs the state of epicurve_agg or sum(epicurve) into its canonical form; only for aggregates.';

CREATE AGGREGATE epicurve_agg(day date) (
    SFUNC = epicurve_step, STYPE = epicurve, SSPACE = 1024, FINALFUNC = epicurve_final,
    COMBINEFUNC = epicurve_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE epicurve_agg(date) IS
'The epicurve of single reports, one a row. A row with a NULL day is skipped; only such rows give an empty curve, no rows at all NULL.
The curve does not know households. The same value in every order, serial, parallel, partitioned. Error: 22008 where a day is infinite.';

CREATE AGGREGATE epicurve_agg(day date, n integer) (
    SFUNC = epicurve_step, STYPE = epicurve, SSPACE = 1024, FINALFUNC = epicurve_final,
    COMBINEFUNC = epicurve_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE epicurve_agg(date, integer) IS
'The epicurve of reports of n cases each. A row with a NULL day or a NULL n is skipped; only such rows give an empty curve, no rows at all NULL.
The curve does not know households. Errors: 22008 where a day is infinite, 22023 where n is negative, 22003 beyond 64 bits.';

CREATE AGGREGATE epicurve_agg(day date, n integer, household bigint) (
    SFUNC = epicurve_step_number, STYPE = epicurve, SSPACE = 2048, FINALFUNC = epicurve_final,
    COMBINEFUNC = epicurve_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE epicurve_agg(date, integer, bigint) IS
'The epicurve of reports of n cases each, which also knows distinct households in any window. A row with a NULL day or a NULL n is skipped; one with a
NULL household counts as n households. The key is taken as given: who will sum several zones passes keys that differ between zones.
Errors: 22008 where a day is infinite, 22023 where n is negative, 22003 beyond 64 bits.';

CREATE AGGREGATE epicurve_agg(day date, n integer, household text) (
    SFUNC = epicurve_step_text, STYPE = epicurve, SSPACE = 2048, FINALFUNC = epicurve_final,
    COMBINEFUNC = epicurve_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE epicurve_agg(date, integer, text) IS
'The epicurve of reports of n cases each, which also knows distinct households in any window. Households are compared NFC-normalised and trimmed, and kept as
128 bits of SHA-256; NULL or blank is not known and counts as n households. A row with a NULL day or a NULL n is skipped.
Errors: 22008 where a day is infinite, 22023 where n is negative, 22003 beyond 64 bits.';

CREATE AGGREGATE sum(epicurve) (
    SFUNC = epicurve_combine, STYPE = epicurve, SSPACE = 1024, FINALFUNC = epicurve_final,
    COMBINEFUNC = epicurve_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE sum(epicurve) IS
'All curves added up, NULLs skipped; NULL where there is none. The sum knows households only where all curves do. Error: 22003 beyond 64 bits.';
