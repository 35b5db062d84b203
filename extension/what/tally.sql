
-- The tally: points placed and counted in one pass.

CREATE TYPE tally;
COMMENT ON TYPE tally IS
'All zones of one zone_index with their epicurves, and how many reports were placed and not placed. Text: {index <fingerprint>, placed 4, unplaced 1}, then
every zone in ascending order with its epicurve: 1 {2021-09-01:3} 2 {}. Limit: 1 GB, about 60,000,000 different (zone, day) or 30,000,000 (zone, day, household).';

CREATE FUNCTION tally_in(cstring) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_in(cstring) IS 'Reads the text of a tally. Errors: 22P02 where it is not one, 22023 for counts below zero, 22003 beyond 64 bits.';

CREATE FUNCTION tally_out(tally) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_tally_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_out(tally) IS 'The text of a tally, without loss and the same under every setting.';

CREATE FUNCTION tally_recv(internal) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_recv(internal) IS 'Reads the binary form of a tally. Error: 22P03 where anything does not hold.';

CREATE FUNCTION tally_send(tally) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_tally_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_send(tally) IS 'The binary form of a tally, in network byte order.';

CREATE TYPE tally (
    INPUT = tally_in, OUTPUT = tally_out, RECEIVE = tally_recv, SEND = tally_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION tally_add(a tally, b tally) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_add(tally, tally) IS
'a + b: two tallies of the same zones counted together. Households are known only where both know them. Errors: 22023 where they were counted with different zone_indexes, 22003 beyond 64 bits.';

CREATE OPERATOR + (LEFTARG = tally, RIGHTARG = tally, FUNCTION = tally_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (tally, tally) IS 'Two tallies of the same zones counted together; the same as tally_add.';

CREATE FUNCTION tally_zones(tally, OUT zone_id integer, OUT curve epicurve) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_tally_zones' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 1000;
COMMENT ON FUNCTION tally_zones(tally) IS
'Every zone of the index in ascending order with its epicurve, also those without a report. Household keys in these curves stand for (zone, household): the same
name in two zones is two households when their curves are added.';

CREATE FUNCTION placed_count(tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'georisk_placed_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION placed_count(tally) IS 'Rows that were counted in a zone, whatever their n. placed_count + unplaced_count = rows, always.';

CREATE FUNCTION unplaced_count(tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'georisk_unplaced_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION unplaced_count(tally) IS
'Rows that were counted in no zone: point NULL, empty, not finite or outside every zone, day NULL, n NULL. placed_count + unplaced_count = rows, always.';

CREATE FUNCTION tally_step(state tally, zones zone_index, point geometry, day date) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_step' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION tally_step(tally, zone_index, geometry, date) IS 'Transition of tally_agg(zone_index, geometry, date); only for aggregates.';

CREATE FUNCTION tally_step(state tally, zones zone_index, point geometry, day date, n integer) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_step' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION tally_step(tally, zone_index, geometry, date, integer) IS 'Transition of tally_agg(zone_index, geometry, date, integer); only for aggregates.';

CREATE FUNCTION tally_step_number(state tally, zones zone_index, point geometry, day date, n integer, household bigint) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_step_number' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION tally_step_number(tally, zone_index, geometry, date, integer, bigint) IS
'Transition of tally_agg(zone_index, geometry, date, integer, bigint); only for aggregates.';

CREATE FUNCTION tally_step_text(state tally, zones zone_index, point geometry, day date, n integer, household text) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_step_text' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION tally_step_text(tally, zone_index, geometry, date, integer, text) IS
'Transition of tally_agg(zone_index, geometry, date, integer, text); only for aggregates.';

CREATE FUNCTION tally_combine(state tally, other tally) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_combine(tally, tally) IS 'Adds a tally to the state of tally_agg or sum(tally); only for aggregates.';

CREATE FUNCTION tally_final(state tally) RETURNS tally
    AS 'MODULE_PATHNAME', 'georisk_tally_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tally_final(tally) IS 'The state of tally_agg or sum(tally) as a flat value; only for aggregates.';

CREATE AGGREGATE tally_agg(zones zone_index, point geometry, day date) (
    SFUNC = tally_step, STYPE = tally, SSPACE = 65536, FINALFUNC = tally_final, COMBINEFUNC = tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE tally_agg(zone_index, geometry, date) IS
'Places the points of single reports and counts them by zone and day in one pass: the fast path. Each is counted in the zone that holds its point, border
included, the one with the lowest id where there are several. Point NULL, empty, not finite or in no zone, or day NULL: unplaced. The same value in every order,
serial, parallel, partitioned. Unfold it with tally_zones. Fastest with the index in a sub-select, tally_agg((SELECT zones FROM …), point, day), which a parallel plan
hands to its processes as a pointer; a join with the table of the index is not parallel, and from a temporary table it takes load_zone_index. Errors: 22004 where the zone_index is NULL, 22023 where it is not the same in all rows
or the SRIDs differ, 22008 where a day is infinite.';

CREATE AGGREGATE tally_agg(zones zone_index, point geometry, day date, n integer) (
    SFUNC = tally_step, STYPE = tally, SSPACE = 65536, FINALFUNC = tally_final, COMBINEFUNC = tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE tally_agg(zone_index, geometry, date, integer) IS
'Like tally_agg(zone_index, geometry, date), for reports of n cases each. A row with a NULL n is unplaced; one with n = 0 is placed and counts nothing.
Errors: those, 22023 where n is negative, 22003 beyond 64 bits.';

CREATE AGGREGATE tally_agg(zones zone_index, point geometry, day date, n integer, household bigint) (
    SFUNC = tally_step_number, STYPE = tally, SSPACE = 65536, FINALFUNC = tally_final, COMBINEFUNC = tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE tally_agg(zone_index, geometry, date, integer, bigint) IS
'Like tally_agg(zone_index, geometry, date, integer), and knows distinct households, each by its key within its zone: 12 in two zones is two households. A NULL
household counts as n households.';

CREATE AGGREGATE tally_agg(zones zone_index, point geometry, day date, n integer, household text) (
    SFUNC = tally_step_text, STYPE = tally, SSPACE = 65536, FINALFUNC = tally_final, COMBINEFUNC = tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE tally_agg(zone_index, geometry, date, integer, text) IS
'Like tally_agg(zone_index, geometry, date, integer), and knows distinct households, each by its name within its zone, NFC-normalised and trimmed: "12" in two
zones is two households. A NULL or blank household counts as n households.';

CREATE AGGREGATE sum(tally) (
    SFUNC = tally_combine, STYPE = tally, SSPACE = 65536, FINALFUNC = tally_final, COMBINEFUNC = tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE sum(tally) IS
'All tallies counted together, NULLs skipped; NULL where there is none. Households are known only where all know them. Errors: 22023 where they were counted with different zone_indexes, 22003 beyond 64 bits.';
