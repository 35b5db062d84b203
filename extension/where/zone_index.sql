
-- WHERE: which zone is this point in?

CREATE TYPE zone_index;
COMMENT ON TYPE zone_index IS
'All zones of a map, ready to answer "which zone is this point in?". Made by zone_index_agg, never changed, the same bytes for the same zones. A point on a border or in several zones belongs
to the lowest zone_id that holds it; inside the rings the answer is exact. Text: SRID=4326;ZONES(1,2);EDGES(ax ay bx by 1|2,...), each edge once, from its western end, with the zones on its left before the bar and those
on its right after it (several joined by +). Text and binary forms are lossless and independent of any setting; reading them builds the index again. In a table the first
points are looked up in pieces of it; asked for more often it is kept in the process, up to the setting georisk.index_memory (512 MB). Limits: 4194304 zones, 8388608 different edges, coordinates
up to 1e300, 1 GB.';

CREATE FUNCTION zone_index_in(cstring) RETURNS zone_index
    AS 'MODULE_PATHNAME', 'georisk_zone_index_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION zone_index_in(cstring) IS
'Reads the text of a zone_index; zones and edges may come in any order. Errors: 22P02 where the text is not well formed or a border is not closed, 54000 past the limits.';

CREATE FUNCTION zone_index_out(zone_index) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_zone_index_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION zone_index_out(zone_index) IS 'The text of a zone_index: its zones and edges, in the shortest digits that give the same numbers again.';

CREATE FUNCTION zone_index_recv(internal) RETURNS zone_index
    AS 'MODULE_PATHNAME', 'georisk_zone_index_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION zone_index_recv(internal) IS
'Reads the binary form of a zone_index: version, SRID, zones, edges with the zones beside them. Errors: 22P03 where anything does not hold, 54000 past the limits.';

CREATE FUNCTION zone_index_send(zone_index) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_zone_index_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION zone_index_send(zone_index) IS 'The binary form of a zone_index, in network byte order.';

CREATE TYPE zone_index (
    INPUT = zone_index_in, OUTPUT = zone_index_out, RECEIVE = zone_index_recv, SEND = zone_index_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = external
);

-- the aggregate; its state is a zone_index that is not finished yet

CREATE FUNCTION zone_index_step(state zone_index, zone_id integer, zone geometry) RETURNS zone_index
    AS 'MODULE_PATHNAME', 'georisk_zone_index_step' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION zone_index_step(zone_index, integer, geometry) IS 'Internal: takes one zone into the state of zone_index_agg.';

CREATE FUNCTION zone_index_combine(a zone_index, b zone_index) RETURNS zone_index
    AS 'MODULE_PATHNAME', 'georisk_zone_index_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION zone_index_combine(zone_index, zone_index) IS 'Internal: joins two states of zone_index_agg, or two indexes, of one SRID.';

CREATE FUNCTION zone_index_final(state zone_index) RETURNS zone_index
    AS 'MODULE_PATHNAME', 'georisk_zone_index_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION zone_index_final(zone_index) IS 'Internal: builds the index from the state of zone_index_agg.';

CREATE AGGREGATE zone_index_agg(zone_id integer, zone geometry) (
    SFUNC = zone_index_step, STYPE = zone_index, SSPACE = 1000000,
    FINALFUNC = zone_index_final, COMBINEFUNC = zone_index_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE zone_index_agg(integer, geometry) IS
'The index of a set of zones: one row a zone, each with its own zone_id and a valid, non-empty polygon or multipolygon, all of one SRID. The same value for the same zones in any order. Without rows NULL.
Errors name the zone: 22004 without zone_id or polygon, 22023 for an invalid or empty polygon, another type, another SRID, a coordinate that is not finite, a zone_id that occurs twice; 54000 past the limits of zone_index.';

-- point location

CREATE FUNCTION locate(index zone_index, point geometry) RETURNS integer
    AS 'MODULE_PATHNAME', 'georisk_locate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION locate(zone_index, geometry) IS
'The zone of a point (or of a MULTIPOINT of one); twin of index -> point. On a border or in several zones the lowest zone_id; NULL outside all zones, for POINT EMPTY, NaN and infinity.
Errors: 22023 for another type of geometry or another SRID than that of the zones. A geography is planar only after an explicit cast to geometry.';

CREATE OPERATOR -> (LEFTARG = zone_index, RIGHTARG = geometry, FUNCTION = locate);
COMMENT ON OPERATOR -> (zone_index, geometry) IS 'The zone of a point; see locate.';

CREATE FUNCTION in_any_zone(point geometry, index zone_index) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_in_any_zone' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION in_any_zone(geometry, zone_index) IS
'Is the point in any zone, borders included? Twin of point <@ index. False for POINT EMPTY, NaN and infinity; errors as in locate.';

CREATE OPERATOR <@ (LEFTARG = geometry, RIGHTARG = zone_index, FUNCTION = in_any_zone);
COMMENT ON OPERATOR <@ (geometry, zone_index) IS 'Is the point in any zone? See in_any_zone.';

CREATE FUNCTION locate_all(index zone_index, point geometry) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'georisk_locate_all' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION locate_all(zone_index, geometry) IS
'Every zone that holds the point, borders included, in ascending order: several on borders and where zones overlap. Empty where locate is NULL; errors as in locate.';

CREATE FUNCTION zone_ids(index zone_index) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'georisk_zone_ids' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION zone_ids(zone_index) IS 'The zones of an index in ascending order.';

CREATE FUNCTION load_zone_index(index zone_index) RETURNS zone_index
    AS 'MODULE_PATHNAME', 'georisk_load_zone_index' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION load_zone_index(zone_index) IS
'The same zone_index, read from where it is stored. Only for one in a temporary table, which the processes of a parallel plan cannot read: tally_agg((SELECT load_zone_index(zones) FROM my_temporary_table), point, day).
From a permanent table it makes a statement slower, because each process gets a copy of the whole index instead of a pointer to it. Error: XX001 where the stored bytes are damaged.';

-- equality

CREATE FUNCTION zone_index_equal(a zone_index, b zone_index) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_zone_index_equal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION zone_index_equal(zone_index, zone_index) IS 'Are the zones the same, with the same ids, SRID and edges? Twin of a = b.';

CREATE FUNCTION zone_index_not_equal(a zone_index, b zone_index) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_zone_index_not_equal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION zone_index_not_equal(zone_index, zone_index) IS 'Do the zones, ids, SRID or edges differ? Twin of a <> b.';

CREATE OPERATOR = (LEFTARG = zone_index, RIGHTARG = zone_index, FUNCTION = zone_index_equal,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR = (zone_index, zone_index) IS 'Are the zones the same? See zone_index_equal.';

CREATE OPERATOR <> (LEFTARG = zone_index, RIGHTARG = zone_index, FUNCTION = zone_index_not_equal,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR <> (zone_index, zone_index) IS 'Do the zones differ? See zone_index_not_equal.';
