\echo Use "CREATE EXTENSION georisk" to load this file. \quit

-- Cost, in units of cpu_operator_cost, by what a call does (docs/performance.md):
--   1     reads a header or a few bytes
--   10    point location, or a scan of one epicurve
--   100   evaluates a policy
--   10000 reads tables or builds an index

-- Whoever may read a view that judges may also ask on their own; every function runs with its caller's rights.
GRANT USAGE ON SCHEMA georisk TO PUBLIC;
COMMENT ON SCHEMA georisk IS
'Risk tiers of map zones from case reports: types, functions, operators and shipped policies. Holds no data of yours; a map is a schema of its own, made by create_map.';
CREATE FUNCTION clean_text(value text) RETURNS text
AS 'MODULE_PATHNAME', 'georisk_clean_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION clean_text(text) IS
'Internal. The text as people mean it, for all rooms: in Unicode''s composed form (NFC), without what is white space in Unicode, zero-width spaces and byte order marks around it. Where the database''s encoding is not UTF8, without ASCII white space around it. Blank text gives the empty text. Zone codes and household names are compared in this form, byte by byte, and kept as they were typed.';

-- WHERE: which zone is this point in?

CREATE TYPE zone_index;
COMMENT ON TYPE zone_index IS
'All zones of a map, ready to answer "which zone is this point in?". Made by zone_index_agg, never changed, the same bytes for the same zones. A point on a border or in several zones belongs
to the lowest zone_id that holds it; inside the rings the answer is exact. Text: SRID=4326;ZONES(1,2);EDGES(ax ay bx by 1|2,...), each edge once, from its western end, with the zones on its left before the bar and those
on its right after it (several joined by +). Text and binary forms are lossless and independent of any setting; reading them builds the index again. Limits: 4194304 zones, 8388608 different edges, coordinates
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
-- Metres in every SRID, and who is next to whom.

CREATE FUNCTION metres_per_unit(srid integer) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000
SET search_path FROM CURRENT
AS $$
DECLARE
	wkt text;
	unit double precision;
BEGIN
	IF srid = 0 THEN
		RETURN 1;
	END IF;
	-- The horizontal part; a projection's own unit comes last, after that of the degrees inside.
	SELECT regexp_replace(s.srtext, '(VERT_?C(S|RS)|TARGETCRS)\[.*', '') INTO wkt
	FROM spatial_ref_sys AS s WHERE s.srid = metres_per_unit.srid;
	IF wkt IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('SRID %s is not in spatial_ref_sys', srid),
			HINT = 'Set the SRID that the coordinates have with ST_SetSRID.';
	END IF;
	SELECT found.unit[1]::double precision INTO unit
	FROM regexp_matches(wkt, '(?<!ANGLE)UNIT\["[^"]*",\s*([-+0-9.eE]+)', 'g') WITH ORDINALITY AS found (unit, n)
	ORDER BY n DESC LIMIT 1;
	IF wkt ~ 'PROJC(S|RS)\[' AND unit > 0 AND unit < 'infinity' THEN
		RETURN unit;
	ELSIF wkt ~ '(GEOGC(S|RS)|GEODCRS)\[' AND wkt !~ 'PROJC(S|RS)\[' AND wkt ~* 'UNIT\["degree' THEN
		RETURN NULL;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
		MESSAGE = format('lengths in SRID %s cannot be turned into metres', srid),
		DETAIL = 'It is neither in degrees nor a projection with a unit of length.',
		HINT = 'Transform the zones with ST_Transform, for instance to 4326.';
END
$$;

COMMENT ON FUNCTION metres_per_unit(integer) IS
'Metres in one unit of a spatial reference system, read from spatial_ref_sys: 1 for a projection in metres, 0.3048 for one in feet, NULL for one in degrees, where it depends on the place; 1 for SRID 0, whose coordinates are taken as metres. Other systems, and an SRID that is not in spatial_ref_sys, are an error.';

CREATE FUNCTION zone_area(zone geometry, metres double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT CASE WHEN metres IS NULL THEN ST_Area(zone::geography) ELSE ST_Area(zone) * metres * metres END;
END;

COMMENT ON FUNCTION zone_area(geometry, double precision) IS
'Internal. Square metres of a polygon, by metres_per_unit of its SRID: on the ellipsoid where that is NULL.';

CREATE FUNCTION srid(index zone_index) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'georisk_srid';

COMMENT ON FUNCTION srid(zone_index) IS
'The SRID of the zones of an index; 0 where they have none.';

CREATE FUNCTION zone_index_neighbours(
	index zone_index, metres_per_unit double precision, tolerance_m double precision,
	OUT zone_id integer, OUT neighbour_id integer, OUT shared_m double precision, OUT gap_m double precision)
RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 5000
AS 'MODULE_PATHNAME', 'georisk_zone_index_neighbours';

COMMENT ON FUNCTION zone_index_neighbours(zone_index, double precision, double precision) IS
'Internal. zone_neighbours for coordinates of which one unit has so many metres; NULL: longitude and latitude in degrees. It reads no tables.';

CREATE FUNCTION zone_neighbours(
	index zone_index, tolerance_m double precision DEFAULT 0,
	OUT zone_id integer, OUT neighbour_id integer, OUT shared_m double precision, OUT gap_m double precision)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 5000
BEGIN ATOMIC
	SELECT n.zone_id, n.neighbour_id, n.shared_m, n.gap_m
	FROM zone_index_neighbours(index, metres_per_unit(srid(index)), tolerance_m) AS n;
END;

COMMENT ON FUNCTION zone_neighbours(zone_index, double precision) IS
'Pairs of zones that touch or overlap, or are at most tolerance_m metres apart; each pair in both directions, ordered by zone_id and neighbour_id. Whether zones touch is exact: a common side, also where its corners differ, or a single common point. gap_m is the smallest distance, 0 where they touch. shared_m is the length of the border that both have; 0 where they touch in a point. With a tolerance it is the length that faces the other: of each side, the part from which a perpendicular no longer than the tolerance meets a side of the other zone that runs the opposite way within 45 degrees; of the two views that the zones have of each other, the shorter. Metres whatever the SRID: by its unit for projections, on the ellipsoid of WGS 84 for degrees, where a side is measured by the scale at its middle (right to 0.1 % for sides under 100 km). SRID 0 is taken as metres. NULL gives no rows; a tolerance that is negative or over 10,000 km is an error.';
-- Faults of a table of zones. One statement on PostGIS: the fault is worth more than the millisecond.

CREATE FUNCTION zone_column(relation regclass, named text, names text[], purpose text, spatial boolean)
RETURNS name
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000
SET search_path FROM CURRENT
AS $$
DECLARE
	wanted text[] := CASE WHEN named IS NULL THEN names ELSE ARRAY[named] END;
	found name;
	candidates text;
BEGIN
	IF named = '' THEN
		RETURN NULL;
	END IF;
	SELECT attname INTO found
	FROM pg_catalog.pg_attribute
	WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND attname = ANY (wanted)
		AND (NOT spatial OR atttypid = 'geometry'::regtype)
	ORDER BY array_position(wanted, attname::text)
	LIMIT 1;
	IF found IS NULL AND (named IS NOT NULL OR spatial) THEN
		SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO candidates
		FROM pg_catalog.pg_attribute
		WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
			AND (NOT spatial OR atttypid = 'geometry'::regtype);
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('%s has no %s column %s%s', relation,
				CASE WHEN spatial THEN 'geometry' ELSE purpose END,
				CASE WHEN named IS NULL THEN 'named ' ELSE '' END, array_to_string(wanted, ', ')),
			DETAIL = CASE
				WHEN candidates IS NOT NULL THEN format('Candidates: %s.', candidates)
				WHEN spatial THEN 'It has no column of type geometry.'
				ELSE 'It has no columns.' END,
			HINT = format('Name the column: %s_column => ''...''.', purpose);
	END IF;
	RETURN found;
END
$$;

COMMENT ON FUNCTION zone_column(regclass, text, text[], text, boolean) IS
'Internal. The column of a relation that the caller named, or else the first of the documented default names that it has. A named column that is not there, or no geometry column, is an error that lists the candidates; an empty name says that there is none and gives NULL, as does a missing column that can be done without.';

CREATE FUNCTION zone_in_srid(zone geometry, srid integer, extent geometry) RETURNS geometry
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT
AS $$
BEGIN
	IF ST_SetSRID(zone, srid) && extent OR ST_SRID(zone) = 0 THEN
		RETURN ST_SetSRID(zone, srid);
	END IF;
	RETURN ST_Transform(zone, srid);
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION zone_in_srid(geometry, integer, geometry) IS
'Internal. Where a zone of another SRID most likely lies: as it stands if that is within the extent of the other zones, else transformed; NULL where it cannot be.';

CREATE FUNCTION check_zones(
	relation regclass,
	id_column text DEFAULT NULL,
	code_column text DEFAULT NULL,
	geom_column text DEFAULT NULL,
	parent_column text DEFAULT NULL,
	tolerance_m double precision DEFAULT 0,
	min_area_m2 double precision DEFAULT 0.01)
RETURNS TABLE (severity text, problem text, zone text, other_zone text, area_m2 double precision, location geometry)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 100
SET search_path FROM CURRENT SET jit = off
AS $$
DECLARE
	-- Twins of a border are closer than this: rounding, not drawing.
	noise_m CONSTANT double precision := 0.001;
	id_name name;
	code_name name;
	geom_name name;
	parent_name name;
	-- Bare, it could be taken for one of the queries below.
	qualified text := (
		SELECT format('%I.%I', nspname, relname)
		FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
		WHERE c.oid = relation);
	tidy CONSTANT text := 'nullif(clean_text(%s), '''')';
	zone_srid integer;
	known boolean;
	metres double precision;  -- in one unit of the SRID; NULL: degrees
	query text;
BEGIN
	IF relation IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'relation must not be null',
			HINT = 'Name a table or view of zones: check_zones(''ward'').';
	END IF;
	IF NOT tolerance_m BETWEEN 0 AND 1e7 OR NOT min_area_m2 BETWEEN 0 AND 1e15
		OR tolerance_m IS NULL OR min_area_m2 IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'tolerance_m and min_area_m2 must be 0 or more',
			DETAIL = format('tolerance_m is %s, min_area_m2 is %s.', tolerance_m, min_area_m2),
			HINT = 'They are metres, at most 1e7, and square metres, at most 1e15.';
	END IF;
	id_name := zone_column(relation, id_column, '{zone_id,id,gid}', 'id', false);
	code_name := zone_column(relation, code_column, '{code}', 'code', false);
	geom_name := zone_column(relation, geom_column, '{geom,geometry,wkb_geometry}', 'geom', true);
	parent_name := zone_column(relation, parent_column, '{parent_code}', 'parent', false);
	IF id_name IS NULL AND code_name IS NULL THEN
		PERFORM zone_column(relation, coalesce(nullif(code_column, ''), 'code'), NULL, 'code', false);
	END IF;

	EXECUTE format('SELECT ST_SRID(%1$I) FROM %2$s WHERE %1$I IS NOT NULL
		GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1', geom_name, qualified) INTO zone_srid;
	zone_srid := coalesce(zone_srid, 0);
	known := zone_srid <> 0 AND EXISTS (SELECT FROM spatial_ref_sys WHERE srid = zone_srid);
	metres := CASE WHEN known THEN metres_per_unit(zone_srid) ELSE 1 END;

	query := format('SELECT %s AS id, %s AS code, %s AS parent, %I AS geom FROM %s',
		coalesce(quote_ident(id_name) || '::text', 'NULL::text'),
		replace(tidy, '%s', quote_ident(coalesce(code_name, id_name)) || '::text'),
		coalesce(replace(tidy, '%s', quote_ident(parent_name) || '::text'), 'NULL::text'),
		geom_name, qualified);

	RETURN QUERY EXECUTE replace($query$
WITH RECURSIVE given AS MATERIALIZED (
	SELECT row_number() OVER (ORDER BY code COLLATE "C", id COLLATE "C") AS n, z.* FROM (/*zones*/) AS z
),
parent AS MATERIALIZED (
	SELECT DISTINCT code, parent FROM given WHERE code IS NOT NULL AND parent IS NOT NULL
),
-- Height over the leaves. No tree of zones has 32 levels, but a circle of parents has any.
climb AS (
	SELECT DISTINCT code, 0 AS height FROM given WHERE code IS NOT NULL
	UNION
	SELECT p.parent, c.height + 1 FROM climb AS c JOIN parent AS p USING (code) WHERE c.height < 32
),
level AS MATERIALIZED (
	SELECT code, max(height) AS height FROM climb GROUP BY code
),
examined AS MATERIALIZED (
	SELECT g.n, g.id, g.code, g.parent, g.geom, coalesce(g.code, g.id) AS label,
		coalesce(l.height, 0) AS height,
		g.geom IS NULL OR ST_IsEmpty(g.geom) AS empty,
		GeometryType(g.geom) IN ('POLYGON', 'MULTIPOLYGON') AS polygonal,
		ST_SRID(g.geom) = $1
			AND ($3 IS NOT NULL OR ST_IsEmpty(g.geom)
				OR (ST_XMin(g.geom) >= -180 AND ST_XMax(g.geom) <= 180
					AND ST_YMin(g.geom) >= -90 AND ST_YMax(g.geom) <= 90)) AS in_srid,
		CASE WHEN GeometryType(g.geom) IN ('POLYGON', 'MULTIPOLYGON') AND NOT ST_IsEmpty(g.geom)
			THEN ST_IsValidDetail(g.geom) END AS detail
	FROM given AS g LEFT JOIN level AS l USING (code)
),
extent AS (
	SELECT ST_SetSRID(ST_Extent(geom)::geometry, $1) AS box
	FROM examined WHERE in_srid AND (detail).valid
),
-- An unsound zone gets the shape that it probably should have, so that it alone is reported.
zone AS MATERIALIZED (
	SELECT n, label, height, sound, shape,
		ST_XMin(shape) AS x0, ST_XMax(shape) AS x1, ST_YMin(shape) AS y0, ST_YMax(shape) AS y1
	FROM (
		SELECT n, label, height, in_srid AND (detail).valid AND height < 32 AS sound,
			ST_Force2D(CASE
				WHEN in_srid AND (detail).valid THEN geom
				WHEN in_srid AND (detail).location IS NOT NULL AND (detail).reason !~ '^Invalid Coordinate'
					THEN ST_CollectionExtract(ST_MakeValid(geom), 3)
				WHEN ST_SRID(geom) <> $1 AND (detail).valid
					THEN zone_in_srid(geom, $1, (SELECT box FROM extent))
			END) AS shape
		FROM examined) AS e
	WHERE NOT ST_IsEmpty(shape)
),
-- $4 and $5 metres, in units of the SRID along x and y.
reach AS (
	SELECT $4 / coalesce($3, widest.degree) AS x, $4 / coalesce($3, 110574) AS y,
		$5 / coalesce($3, 110574) AS noise
	FROM (SELECT 110574 * greatest(cosd(least(max(greatest(abs(y0), abs(y1))), 90)), 1e-6) AS degree
		FROM zone) AS widest
),
-- Boxes that meet, by hashing the squares that they lie in; a pair is taken in one square only.
square_size AS (
	SELECT height, greatest(2 * avg(greatest(x1 - x0, y1 - y0)),
		greatest(max(x1) - min(x0), max(y1) - min(y0)) / sqrt(count(*)), 1e-9) AS size
	FROM zone GROUP BY height
),
box AS MATERIALIZED (
	SELECT n, height, x0, x1, y0, y1, size,
		floor((x0 - r.x) / size)::bigint AS left_square, floor((y0 - r.y) / size)::bigint AS low_square
	FROM zone JOIN square_size USING (height), reach AS r
),
square AS MATERIALIZED (
	SELECT b.*, across, up
	FROM box AS b, reach AS r,
		generate_series(left_square, floor((x1 + r.x) / size)::bigint) AS across,
		generate_series(low_square, floor((y1 + r.y) / size)::bigint) AS up
),
pair AS MATERIALIZED (
	SELECT a.n AS a, b.n AS b
	FROM square AS a JOIN square AS b USING (height, across, up), reach AS r
	WHERE a.n < b.n
		AND across = greatest(a.left_square, b.left_square) AND up = greatest(a.low_square, b.low_square)
		AND a.x0 - r.x <= b.x1 AND b.x0 - r.x <= a.x1 AND a.y0 - r.y <= b.y1 AND b.y0 - r.y <= a.y1
),
meeting AS MATERIALIZED (
	SELECT p.a, p.b, a.label, b.label AS other_label, a.height, a.sound AND b.sound AS sound,
		a.shape, b.shape AS other_shape, ST_Intersection(a.shape, b.shape) AS shared
	FROM pair AS p JOIN zone AS a ON a.n = p.a JOIN zone AS b ON b.n = p.b
),
overlap AS (
	SELECT o.*, least(zone_area(shape, $3), zone_area(other_shape, $3)) AS smaller
	FROM (SELECT m.*, zone_area(ST_CollectionExtract(shared, 3), $3) AS area
		FROM meeting AS m WHERE sound AND ST_Dimension(shared) = 2) AS o
	WHERE area > 0 AND area >= $6
),
apart AS MATERIALIZED (
	SELECT a, b, label, other_label, height, shape, other_shape,
		CASE WHEN NOT ST_IsEmpty(shared) THEN 0
			WHEN $3 IS NULL THEN ST_Distance(shape::geography, other_shape::geography)
			ELSE ST_Distance(shape, other_shape) * $3 END AS metres
	FROM meeting
),
covered AS MATERIALIZED (
	SELECT ST_Union(shape, r.noise / 10) AS shape FROM zone, reach AS r WHERE height = 0
),
hole AS MATERIALIZED (
	SELECT row_number() OVER () AS n, shape, zone_area(shape, $3) AS area
	FROM (
		SELECT (ST_Dump(ST_Difference(
			(SELECT ST_Union(ST_MakePolygon(ST_ExteriorRing(part.geom)))
				FROM ST_Dump(covered.shape) AS part WHERE ST_Dimension(part.geom) = 2),
			covered.shape, r.noise / 10))).geom AS shape
		FROM covered, reach AS r) AS h
	WHERE ST_Dimension(shape) = 2
),
-- Who has most of its border comes first; whole metres, so that rounding does not decide.
contact AS (
	SELECT n, zone, label, sound,
		round(CASE WHEN $3 IS NULL THEN ST_Length(border::geography) ELSE ST_Length(border) * $3 END) AS length
	FROM (
		SELECT h.n, z.n AS zone, z.label, z.sound,
			ST_Intersection(ST_Boundary(z.shape), ST_Buffer(ST_Boundary(h.shape), r.noise, 'quad_segs=1')) AS border
		FROM hole AS h, reach AS r, zone AS z
		WHERE h.area >= $6 AND z.height = 0 AND z.shape && ST_Expand(h.shape, r.noise)
			AND ST_DWithin(z.shape, h.shape, r.noise)) AS c
),
gap AS MATERIALIZED (
	SELECT h.shape, h.area, c.*
	FROM hole AS h JOIN (
		SELECT n, array_agg(zone) AS around, array_agg(label ORDER BY length DESC, zone) AS labels,
			bool_and(sound) AS sound
		FROM contact GROUP BY n) AS c USING (n)
),
neighbour AS (
	SELECT a AS n FROM apart WHERE metres <= $4
	UNION SELECT b FROM apart WHERE metres <= $4
	UNION SELECT unnest(around) FROM gap WHERE cardinality(around) > 1
),
same_code AS (
	SELECT e.*, row_number() OVER (PARTITION BY code COLLATE "C" ORDER BY n) AS turn
	FROM examined AS e WHERE code IS NOT NULL
),
problem (severity, problem, zone, other_zone, area, place) AS (
	SELECT 'error', 'empty', NULL, NULL, NULL::double precision, NULL::geometry
	WHERE NOT EXISTS (SELECT FROM given)
	UNION ALL
	SELECT 'error', 'empty', label, NULL, NULL, NULL FROM examined WHERE empty
	UNION ALL
	SELECT 'error', 'wrong_type', label, NULL, NULL,
		CASE WHEN in_srid THEN ST_Centroid(geom) END
	FROM examined WHERE NOT empty AND NOT polygonal
	UNION ALL
	SELECT 'error', 'wrong_srid', NULL, NULL, NULL, NULL
	WHERE NOT $2 AND EXISTS (SELECT FROM given WHERE geom IS NOT NULL)
	UNION ALL
	SELECT 'error', 'wrong_srid', e.label, NULL, NULL, ST_PointOnSurface(z.shape)
	FROM examined AS e LEFT JOIN zone AS z USING (n) WHERE NOT e.in_srid
	UNION ALL
	SELECT 'error', 'invalid', label, NULL, NULL,
		CASE WHEN (detail).reason !~ '^Invalid Coordinate' THEN (detail).location END
	FROM examined WHERE NOT (detail).valid
	UNION ALL
	SELECT 'error', 'missing_code', e.id, NULL, NULL, ST_PointOnSurface(z.shape)
	FROM examined AS e LEFT JOIN zone AS z USING (n) WHERE e.code IS NULL
	UNION ALL
	SELECT 'error', 'duplicate_code', s.code, s.id, NULL, ST_PointOnSurface(z.shape)
	FROM same_code AS s LEFT JOIN zone AS z USING (n) WHERE s.turn > 1
	UNION ALL
	SELECT 'error', 'orphan_parent', e.label, e.parent, NULL, ST_PointOnSurface(z.shape)
	FROM examined AS e LEFT JOIN zone AS z USING (n)
	WHERE e.parent IS NOT NULL
		AND (e.height >= 32 OR NOT EXISTS (SELECT FROM examined AS p WHERE p.code = e.parent))
	UNION ALL
	SELECT CASE WHEN area >= smaller / 100 THEN 'error' ELSE 'warning' END, 'overlap', label, other_label,
		area, ST_PointOnSurface(ST_CollectionExtract(shared, 3))
	FROM overlap
	UNION ALL
	SELECT 'warning', 'gap', labels[1], labels[2], area, ST_PointOnSurface(shape) FROM gap WHERE sound
	UNION ALL
	SELECT 'warning', 'nearly_touching', label, other_label, NULL,
		ST_LineInterpolatePoint(ST_ShortestLine(shape, other_shape), 0.5)
	FROM apart WHERE metres > $5 AND metres <= $4
	UNION ALL
	SELECT 'warning', 'no_neighbour', label, NULL, NULL, ST_PointOnSurface(shape)
	FROM zone
	WHERE sound AND height = 0 AND n NOT IN (SELECT n FROM neighbour)
		AND (SELECT count(*) FROM zone WHERE height = 0) > 1
)
SELECT severity, problem, zone, other_zone, area, ST_SetSRID(place, $1)
FROM problem
ORDER BY severity COLLATE "C", problem COLLATE "C", zone COLLATE "C", other_zone COLLATE "C", place::text COLLATE "C"
$query$, '/*zones*/', query)
	USING zone_srid, known, metres, greatest(tolerance_m, noise_m), noise_m, min_area_m2;
END
$$;

COMMENT ON FUNCTION check_zones(regclass, text, text, text, text, double precision, double precision) IS
'What is wrong with the zones of a table or view, read with the caller''s rights; no row means nothing. Columns are found by name (zone_id, id or gid; code; geom, geometry or wkb_geometry; parent_code) or are named by arguments; an empty name says that there is none; without a code column the id stands for the code. Codes are compared trimmed and NFC-normalised. Errors: empty (NULL or no area; with zone NULL: no row at all), wrong_type (neither polygon nor multipolygon), wrong_srid (not the SRID of most, or degrees out of range; with zone NULL: the SRID of all is 0 or not in spatial_ref_sys, and coordinates are taken as metres), invalid (location: where), missing_code (zone: the id), duplicate_code (other_zone: the id of the row that repeats it), orphan_parent (other_zone: a parent that is not there, or a circle of parents), overlap of at least 1 % of the smaller zone. Warnings: a smaller overlap, gap (a hole between leaf zones that none covers; zone and other_zone: two of those around; a courtyard may be one), nearly_touching (up to tolerance_m metres apart; none if 0), no_neighbour (no other within tolerance_m, nor across a gap). Overlaps are sought between zones of the same height above the leaves, so a ward is not compared with its groups. Overlaps and gaps below min_area_m2 square metres are rounding, not drawing. Zones that are unsound in themselves are not compared with others; repair them and check again. area_m2 is in square metres in any SRID (on the ellipsoid for degrees), location a point in the SRID of the relation.';

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
serial, parallel, partitioned. Unfold it with tally_zones. Errors: 22004 where the zone_index is NULL, 22023 where it is not the same in all rows
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

CREATE TYPE risk_tier AS ENUM ('green', 'near_green', 'yellow', 'orange', 'red', 'dark_red');
COMMENT ON TYPE risk_tier IS
'The ladder on which policies are compared: green < near_green < yellow < orange < red < dark_red. Each tier of a policy stands on one rung; unknown is NULL, not a rung.';

CREATE TYPE risk_policy;

CREATE FUNCTION risk_policy_in(cstring) RETURNS risk_policy
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION risk_policy_in(cstring) IS
'Text input of risk_policy: parses the policy; an error names line and column.';

CREATE FUNCTION risk_policy_out(risk_policy) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_out(risk_policy) IS
'Text output of risk_policy: the text exactly as it was given.';

CREATE FUNCTION risk_policy_recv(internal) RETURNS risk_policy
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION risk_policy_recv(internal) IS
'Binary input of risk_policy: a version byte and the text, which is parsed.';

CREATE FUNCTION risk_policy_send(risk_policy) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_send(risk_policy) IS
'Binary output of risk_policy: a version byte and the text.';

CREATE TYPE risk_policy (
    INPUT = risk_policy_in, OUTPUT = risk_policy_out, RECEIVE = risk_policy_recv, SEND = risk_policy_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE risk_policy IS
'A rule as data: tiers with names and colours, and the conditions for each, in the policy language. What goes in comes out unchanged; what does not parse is refused with line and column. Dumped and compared as text.';

CREATE FUNCTION risk_policy_eq(risk_policy, risk_policy) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_eq(risk_policy, risk_policy) IS
'True where two policies have the same text, byte for byte; the same as the operator =.';

CREATE FUNCTION risk_policy_ne(risk_policy, risk_policy) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_ne(risk_policy, risk_policy) IS
'True where two policies differ in their text; the same as the operator <>.';

CREATE OPERATOR = (
    LEFTARG = risk_policy, RIGHTARG = risk_policy, FUNCTION = risk_policy_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (risk_policy, risk_policy) IS 'The same text, byte for byte.';

CREATE OPERATOR <> (
    LEFTARG = risk_policy, RIGHTARG = risk_policy, FUNCTION = risk_policy_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (risk_policy, risk_policy) IS 'Not the same text.';

CREATE FUNCTION policy(name text, parameters jsonb DEFAULT '{}') RETURNS risk_policy
    AS 'MODULE_PATHNAME', 'georisk_policy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy(text, jsonb) IS
'A shipped policy by its name, with some of its parameters set: policy(''alert_counts'', ''{"days": 7, "red": 5}''). Shipped policies are compiled in and never change under their name. An unknown name, an unknown parameter, a value of the wrong kind or out of its bounds is an error.';

CREATE FUNCTION shipped_policies(
    OUT name text, OUT title text, OUT title_vi text, OUT source text, OUT confidence text,
    OUT valid_from date, OUT valid_to date)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_shipped_policies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION shipped_policies() IS
'The policies that policy(name) knows; read by the view policies.';

CREATE VIEW policies AS SELECT * FROM shipped_policies();
COMMENT ON VIEW policies IS 'The shipped policies, one a row.';
COMMENT ON COLUMN policies.name IS 'The name to give to policy(name).';
COMMENT ON COLUMN policies.title IS 'What it is, in English.';
COMMENT ON COLUMN policies.title_vi IS 'What it is, in Vietnamese.';
COMMENT ON COLUMN policies.source IS 'The decree or page it encodes.';
COMMENT ON COLUMN policies.confidence IS
'official: seen on the issuing body''s own page; secondary: seen in press or a law portal; memory: not seen; derived: our own reading or convention.';
COMMENT ON COLUMN policies.valid_from IS 'First day of its validity; NULL where it states none. Information: a day outside is judged and the reason says so.';
COMMENT ON COLUMN policies.valid_to IS 'Last day of its validity; NULL where it states none.';
GRANT SELECT ON policies TO PUBLIC;

CREATE FUNCTION describe_policy(policy risk_policy, lang text DEFAULT 'en') RETURNS text
    AS 'MODULE_PATHNAME', 'georisk_describe_policy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION describe_policy(risk_policy, text) IS
'The policy in sentences, for those who sign it: lang ''en'' or ''vi''.';

CREATE FUNCTION policy_inputs(
    policy risk_policy,
    OUT name text, OUT kind text, OUT needs_households boolean, OUT look_back integer,
    OUT keep_days integer, OUT if_missing text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_policy_inputs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION policy_inputs(risk_policy) IS
'What a policy looks at: kind is count (a measure, an epicurve in the profile), number or yesno (zone values), or reserved (population, households). needs_households: distinct households are asked for. look_back: days of history that matter, the as-of day included, 0 = the day itself alone. keep_days: how old a zone value may be, NULL = any age. if_missing: what a missing value means, as written in the policy; NULL for counts.';

CREATE FUNCTION policy_tiers(
    policy risk_policy, lang text DEFAULT 'en',
    OUT "position" integer, OUT tier text, OUT tier_rank smallint, OUT tier_label text, OUT tier_color text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_policy_tiers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 6;
COMMENT ON FUNCTION policy_tiers(risk_policy, text) IS
'The tiers of a policy, mildest first from position 1: its own key, its rung on the ladder (green = 0 .. dark_red = 5, NULL outside the order), name and colour. lang is ''en'' or ''vi''. For legends and styles.';

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
'A zone_profile from keys and values that take turns, as in profile(''population'', 163, ''cases'', curve). Values are integer, numeric, boolean, date, text, epicurve or value_series; numbers have at most 36 digits. A NULL value is missing: the policy says what that means. Reserved keys: as_of, the day to judge; complete_until, the day until which reports are complete (absent: up to any day); population and households, whole numbers that are not negative and fit a bigint; level, a text; a NULL leaves them out. as_of and complete_until are dates, or texts such as 2021-09-06. A key that is NULL, empty, longer than 255 bytes or given twice, a key without a value and a value of another type are errors.';

CREATE FUNCTION profile() RETURNS zone_profile
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1 AS 'MODULE_PATHNAME', 'georisk_profile_empty';
COMMENT ON FUNCTION profile() IS 'A zone_profile in which nothing is known.';

CREATE FUNCTION profile_add(zone_profile, zone_profile) RETURNS zone_profile
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_profile_add';
COMMENT ON FUNCTION profile_add(zone_profile, zone_profile) IS
'Two zones as one. Epicurves, population and households add up; complete_until becomes the earlier of the two days; every other value stays where both agree and becomes missing where they differ. An epicurve given as NULL adds no reports. What only one of the two has is left out: a ward with a group of unknown population has an unknown population, and a measure that was not asked of every group is an error when judged, not zero. A population beyond bigint is an error.';

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
'A zone_profile from a JSON object: numbers, true, false, null (missing) and texts as they are, as_of and complete_until as ISO dates, and {"date": ...}, {"epicurve": ...} and {"value_series": ...} for the types that JSON has not. An epicurve is its text or its own jsonb form.';

CREATE FUNCTION zone_profile_to_jsonb(zone_profile) RETURNS jsonb
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'georisk_zone_profile_to_jsonb';
COMMENT ON FUNCTION zone_profile_to_jsonb(zone_profile) IS
'A zone_profile as a JSON object; the cast back gives the same profile.';

CREATE CAST (jsonb AS zone_profile) WITH FUNCTION jsonb_to_zone_profile(jsonb);
COMMENT ON CAST (jsonb AS zone_profile) IS 'A zone_profile from a JSON object; see jsonb_to_zone_profile.';

CREATE CAST (zone_profile AS jsonb) WITH FUNCTION zone_profile_to_jsonb(zone_profile);
COMMENT ON CAST (zone_profile AS jsonb) IS 'A zone_profile as a JSON object; see zone_profile_to_jsonb.';

CREATE FUNCTION tier_of(profile zone_profile, policy risk_policy) RETURNS risk_tier
    AS 'MODULE_PATHNAME', 'georisk_tier_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tier_of(zone_profile, risk_policy) IS
'The verdict on one zone, as if its as_of day were a review day; the same as the operator @@. NULL where it is unknown, that is where a missing value could change it, and where the tier stands outside the ladder. A profile without as_of is an error: name the day with at_day.';

CREATE OPERATOR @@ (LEFTARG = zone_profile, RIGHTARG = risk_policy, FUNCTION = tier_of);
COMMENT ON OPERATOR @@ (zone_profile, risk_policy) IS
'The tier of a zone under a policy; NULL where unknown. The same as tier_of.';

CREATE FUNCTION explain_tier(
    profile zone_profile, policy risk_policy, lang text DEFAULT 'en',
    OUT rule integer, OUT tier text, OUT condition text, OUT numbers text, OUT outcome text,
    OUT decided boolean, OUT possible text[], OUT step_down_on date, OUT step_down_to text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_explain_tier' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 6;
COMMENT ON FUNCTION explain_tier(zone_profile, risk_policy, text) IS
'Why a zone has its tier on its as_of day. One row for each rule in order: its number, the tier it stands for, the condition, the numbers that went into it, the outcome (true, false, unknown) and whether it decided. The last row has rule NULL and outcome ''verdict'': the tier or ''unknown'', in numbers the reason in one sentence (with the input that is missing), in possible the tiers that are left, mildest first, and in step_down_on and step_down_to the earliest later day on which the tier is milder if nothing more is reported; NULL where there is none within the look-back. lang is ''en'' or ''vi''. A profile without as_of is an error.';

CREATE TYPE judgement;

CREATE FUNCTION judgement_in(cstring) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judgement_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_in(cstring) IS
'Text input of judgement: a JSON object with as_of, start, policy and zones, each zone with its profile as text.';

CREATE FUNCTION judgement_out(judgement) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_judgement_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_out(judgement) IS
'Text output of judgement: a JSON object, lossless, zones by ascending zone_id; what is NULL is left out.';

CREATE FUNCTION judgement_recv(internal) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judgement_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_recv(internal) IS 'Binary input of judgement; everything in it is checked.';

CREATE FUNCTION judgement_send(judgement) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_judgement_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_send(judgement) IS 'Binary output of judgement, in network byte order.';

CREATE TYPE judgement (
    INPUT = judgement_in, OUTPUT = judgement_out, RECEIVE = judgement_recv, SEND = judgement_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE judgement IS
'All zones of one as-of day with what is needed to judge them: what judge_agg gathers and judge reads. A flat value: partial ones can be stored, shipped and merged.';

CREATE FUNCTION judge_agg_add(
    judgement, zone_id integer, parent_id integer, level text, profile zone_profile, neighbours integer[],
    shared_m double precision[], gap_m double precision[], announced text, policy risk_policy, as_of date,
    start date) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judge_agg_add' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION judge_agg_add(judgement, integer, integer, text, zone_profile, integer[], double precision[],
    double precision[], text, risk_policy, date, date) IS
'Transition function of judge_agg; cannot be called alone. Not strict: most of its arguments may be NULL.';

CREATE FUNCTION judge_agg_combine(judgement, judgement) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judge_agg_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION judge_agg_combine(judgement, judgement) IS
'Combine function of judge_agg; cannot be called alone. Not strict: a worker without rows gives NULL.';

CREATE AGGREGATE judge_agg(
    zone_id integer, parent_id integer, level text, profile zone_profile, neighbours integer[],
    shared_m double precision[], gap_m double precision[], announced text, policy risk_policy, as_of date,
    start date) (
    SFUNC = judge_agg_add, STYPE = judgement, SSPACE = 1048576, COMBINEFUNC = judge_agg_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE judge_agg(integer, integer, text, zone_profile, integer[], double precision[],
    double precision[], text, risk_policy, date, date) IS
'Gathers all zones of a day for judge. One row a zone: zone_id (twice is an error); parent_id and level, its place in the hierarchy; profile, NULL where nothing is known; neighbours with the metres of border shared with each and of the gap to each, lists of one length; announced, the tier in force, NULL = recompute; and the same on every row: policy, as_of, and start, the first day of the chain of reviews, NULL = the first day in any curve. zone_id, policy and as_of may not be NULL. The result does not depend on the order of rows; partial results combine. Relations, announcements and start are kept for policies that need them.';

CREATE FUNCTION judge(
    judgement, lang text DEFAULT 'en',
    OUT zone_id integer, OUT tier_rank smallint, OUT tier text, OUT tier_label text, OUT tier_color text,
    OUT reason text, OUT cases integer, OUT households_affected integer, OUT rate_100k double precision,
    OUT days_since_last integer, OUT window_start date, OUT window_end date, OUT complete_until date)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_judge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 1000;
COMMENT ON FUNCTION judge(judgement, text) IS
'The verdict on every zone of a judgement, by ascending zone_id. Between reviews the verdict of the last review day on or before as_of stands. tier is the policy''s own key, tier_rank its rung (green = 0 .. dark_red = 5; NULL outside the ladder); tier_label and reason are in lang, ''en'' or ''vi''. Unknown: tier ''unknown'', tier_rank NULL, grey #bdbdbd, and the reason names the missing input and what is left. cases, households_affected, rate_100k (cases per 100,000 people in the window as a whole) and the window describe the first windowed count in BASE; days_since_last is NULL also where there never was a case. Reads no table: safe in views. A profile that names another as_of day than the judgement is an error.';

CREATE TYPE classified_zone AS (
    zone_id integer, code text, name text, tier_rank smallint, tier text, tier_label text, tier_color text,
    reason text, cases integer, households_affected integer, population integer, households integer,
    rate_100k double precision, days_since_last integer, window_start date, window_end date,
    complete_until date, as_of date
);
COMMENT ON TYPE classified_zone IS
'A row of classify: one zone on one as-of day, with the columns of judge and of zone_risk.';
COMMENT ON COLUMN classified_zone.zone_id IS 'The zone''s integer id, or its position by code where the table has none.';
COMMENT ON COLUMN classified_zone.code IS 'The zone''s code, or its id as text where the table has none.';
COMMENT ON COLUMN classified_zone.name IS 'The zone''s name; NULL where the table has none.';
COMMENT ON COLUMN classified_zone.tier_rank IS 'Rung of the tier, green = 0 .. dark_red = 5; NULL where unknown or outside the ladder.';
COMMENT ON COLUMN classified_zone.tier IS 'The policy''s own key of the tier, or ''unknown''.';
COMMENT ON COLUMN classified_zone.tier_label IS 'Name of the tier in the language asked for.';
COMMENT ON COLUMN classified_zone.tier_color IS 'Colour of the tier, #rrggbb; grey #bdbdbd where unknown.';
COMMENT ON COLUMN classified_zone.reason IS 'Why this tier, or which input is missing and what is left, in the language asked for.';
COMMENT ON COLUMN classified_zone.cases IS 'Count in the first window of the policy.';
COMMENT ON COLUMN classified_zone.households_affected IS 'Distinct households behind it; NULL where they are not known.';
COMMENT ON COLUMN classified_zone.population IS 'People in the zone; NULL where not known.';
COMMENT ON COLUMN classified_zone.households IS 'Households in the zone; NULL where not known.';
COMMENT ON COLUMN classified_zone.rate_100k IS 'Cases per 100,000 people in the window as a whole.';
COMMENT ON COLUMN classified_zone.days_since_last IS 'Days since the last case; NULL where there never was one.';
COMMENT ON COLUMN classified_zone.window_start IS 'First day of the window.';
COMMENT ON COLUMN classified_zone.window_end IS 'Last day of the window.';
COMMENT ON COLUMN classified_zone.complete_until IS 'Day until which reporting is complete; NULL where it was not said.';
COMMENT ON COLUMN classified_zone.as_of IS 'The day that is judged.';

-- A column by the name that was given, or else the first of the names that are tried.
CREATE FUNCTION classify_column(relation regclass, given text, names text[], types regtype[], argument text)
    RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    column_name text;
    has_types text;
BEGIN
    SELECT a.attname INTO column_name
      FROM pg_attribute a, unnest(CASE WHEN given IS NULL THEN names ELSE ARRAY[given] END) WITH ORDINALITY AS n(name, rank)
     WHERE a.attrelid = relation AND a.attname = n.name AND a.attnum > 0 AND NOT a.attisdropped
       AND (types IS NULL OR a.atttypid = ANY (types::oid[]))
     ORDER BY n.rank LIMIT 1;
    IF column_name IS NULL AND given IS NOT NULL THEN
        SELECT format_type(a.atttypid, a.atttypmod) INTO has_types
          FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = given AND a.attnum > 0 AND NOT a.attisdropped;
        RAISE EXCEPTION '%', CASE WHEN has_types IS NULL
                THEN format('%s has no column "%s"', relation, given)
                ELSE format('column "%s" of %s is of type %s', given, relation, has_types) END
            USING ERRCODE = CASE WHEN has_types IS NULL THEN 'undefined_column' ELSE 'datatype_mismatch' END,
                  DETAIL = classify_columns(relation),
                  HINT = concat(argument || ' names a column',
                                ' of type ' || array_to_string(types::text[], ', '), '.');
    END IF;
    RETURN column_name;
END
$$;
COMMENT ON FUNCTION classify_column(regclass, text, text[], regtype[], text) IS
'Internal. The column of a table that classify reads: given, or the first of names that exists and has one of types (NULL = any); NULL where there is none. A given column that is not there or of another type is an error; argument is the name under which it was given.';

CREATE FUNCTION classify_columns(relation regclass) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT concat('Its columns are: ', string_agg(concat(a.attname, ' (', format_type(a.atttypid, a.atttypmod), ')'), ', ' ORDER BY a.attnum), '.')
      FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped;
END;
COMMENT ON FUNCTION classify_columns(regclass) IS
'Internal. A sentence that lists the columns of a table with their types, for errors.';

CREATE FUNCTION classify_needs(column_name text, relation regclass, what text, names text[], argument text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    IF column_name IS NULL THEN
        RAISE EXCEPTION '% has no column for %', relation, what
            USING ERRCODE = 'undefined_column',
                  DETAIL = concat('Looked for ', array_to_string(names, ', '), '. ', classify_columns(relation)),
                  HINT = CASE WHEN argument IS NULL THEN 'Rename the column in a view.'
                              ELSE format('Name it with %s => ''…''.', argument) END;
    END IF;
END
$$;
COMMENT ON FUNCTION classify_needs(text, regclass, text, text[], text) IS
'Internal. Raises the error of classify about a column that was not found: what it is for, the names that were tried, and those that are there.';

-- Bare, it could be taken for one of the queries below.
CREATE FUNCTION classify_relation(relation regclass) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = relation;
END;
COMMENT ON FUNCTION classify_relation(regclass) IS
'Internal. The name of a relation with its schema, as SQL text; NULL where there is no such relation.';

-- Text as people mean it: composed, without white space around it, bytewise.
CREATE FUNCTION classify_clean(column_name text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10
BEGIN ATOMIC
    SELECT format('nullif(clean_text(%I::text), '''') COLLATE "C"', column_name);
END;
COMMENT ON FUNCTION classify_clean(text) IS
'Internal. SQL text for a column whose values are compared as people mean it, by clean_text, byte by byte; empty is NULL. NULL for no column.';

CREATE FUNCTION classify_zones(zones regclass, with_polygon boolean) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    id_column text := classify_column(zones, NULL, '{zone_id,id,gid,fid}', '{smallint,integer,bigint}', NULL);
    code_column text := classify_column(zones, NULL, '{code}', NULL, NULL);
    name_column text := classify_column(zones, NULL, '{name}', NULL, NULL);
    population_column text := classify_column(zones, NULL, '{population}', NULL, NULL);
    households_column text := classify_column(zones, NULL, '{households}', NULL, NULL);
    polygon_column text := classify_column(zones, NULL, '{geom,geometry}', '{geometry}', NULL);
BEGIN
    IF with_polygon THEN
        PERFORM classify_needs(polygon_column, zones, 'the polygon', '{geom,geometry}', NULL);
    END IF;
    IF id_column IS NULL THEN
        PERFORM classify_needs(code_column, zones, 'the zone', '{zone_id,id,gid,fid,code}', NULL);
    END IF;
    RETURN format('SELECT %s AS zone_id, %s AS code, %s AS name, %s AS population, %s AS households%s FROM %s',
        CASE WHEN id_column IS NULL
             THEN format('(row_number() OVER (ORDER BY %s))::integer', classify_clean(code_column))
             ELSE format('%I::integer', id_column) END,
        classify_clean(coalesce(code_column, id_column)),
        coalesce(quote_ident(name_column) || '::text', 'NULL::text'),
        coalesce(quote_ident(population_column) || '::integer', 'NULL::integer'),
        coalesce(quote_ident(households_column) || '::integer', 'NULL::integer'),
        CASE WHEN with_polygon THEN format(', %I AS polygon', polygon_column) END,
        classify_relation(zones));
END
$$;
COMMENT ON FUNCTION classify_zones(regclass, boolean) IS
'Internal. SQL text of the zones that classify reads: zone_id, code, name, population, households and, where asked for, polygon.';

CREATE FUNCTION classify_check_zones(zones regclass, zone_query text, by_code boolean) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    found text;
BEGIN
    EXECUTE format('SELECT coalesce(code, ''without a code'') FROM (%s) z WHERE zone_id IS NULL ORDER BY code LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'a zone of % has no id', zones
            USING ERRCODE = 'null_value_not_allowed', DETAIL = format('It is the zone %s.', found);
    END IF;
    EXECUTE format('SELECT zone_id FROM (%s) z GROUP BY zone_id HAVING count(*) > 1 ORDER BY zone_id LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'two zones of % have the id %', zones, found USING ERRCODE = 'cardinality_violation';
    END IF;
    EXECUTE format('SELECT concat(''zone '', coalesce(code, zone_id::text), '': population '', coalesce(population::text, ''NULL''), '', households '', coalesce(households::text, ''NULL'')) '
                   'FROM (%s) z WHERE population < 0 OR households < 0 ORDER BY zone_id LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'population and households of % must not be negative', zones
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s.', found), HINT = 'NULL says that a number is not known.';
    END IF;
    IF NOT by_code THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT code FROM (%s) z WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1 ORDER BY code LIMIT 1', zone_query) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'two zones of % have the code "%"', zones, found
            USING ERRCODE = 'cardinality_violation', HINT = 'A report that names the code must find one zone.';
    END IF;
END
$$;
COMMENT ON FUNCTION classify_check_zones(regclass, text, boolean) IS
'Internal. Raises the error of classify about zones that cannot be told apart or counted on: no id, an id or (where reports are placed by code) a code twice, a negative population or number of households.';

CREATE FUNCTION classify_day(reports regclass, day_column text, timezone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    day_type regtype := (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = reports AND a.attname = day_column);
BEGIN
    IF day_type <> 'timestamptz'::regtype THEN
        RETURN format('%I::date', day_column);
    ELSIF timezone IS NULL THEN
        RAISE EXCEPTION 'column "%" of % holds moments, and their day depends on the time zone', day_column, reports
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Name the zone in which people count days: timezone => ''Asia/Ho_Chi_Minh''.';
    END IF;
    RETURN format('(%I AT TIME ZONE %L)::date', day_column, timezone);
END
$$;
COMMENT ON FUNCTION classify_day(regclass, text, text) IS
'Internal. SQL text of the day of a report; a timestamptz needs the time zone in which people count days.';

CREATE FUNCTION classify_place_by_point(zone_query text, report_query text, measures text[], with_households boolean)
    RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN format(
        'WITH counted AS (SELECT %s, count(*) AS reports, count(*) FILTER (WHERE measure IS NULL) AS unnamed FROM (%s) r), '
        'curve AS (%s) '
        'SELECT array_agg(zone_id), array_agg(measure), array_agg(curve), '
        '(SELECT reports FROM counted), (SELECT %s FROM counted), (SELECT unnamed FROM counted) FROM curve',
        (SELECT string_agg(format('tally_agg($1, point, day, n%s) FILTER (WHERE measure = %L) AS tally%s',
                CASE WHEN with_households THEN ', household' END, m, i), ', ')
           FROM unnest(measures) WITH ORDINALITY AS u(m, i)),
        report_query,
        (SELECT string_agg(format('SELECT z.zone_id, %L AS measure, z.curve FROM counted, tally_zones(counted.tally%s) z', m, i), ' UNION ALL ')
           FROM unnest(measures) WITH ORDINALITY AS u(m, i)),
        (SELECT string_agg(format('coalesce(unplaced_count(tally%s), 0)', i), ' + ')
           FROM unnest(measures) WITH ORDINALITY AS u(m, i)));
END
$$;
COMMENT ON FUNCTION classify_place_by_point(text, text, text[], boolean) IS
'Internal. SQL text that places and counts reports by their points in one pass, through tally_agg. $1 is the zone_index. Gives zones, measures and curves as three lists, and how many reports there are, are not placed, name no measure.';

CREATE FUNCTION classify_place_by_code(
    zone_query text, report_query text, measures text[], with_households boolean, with_points boolean)
    RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN format(
        'WITH zone AS (%s), '
        'placed AS (SELECT %s AS zone_id, r.measure, r.day, r.n, r.household FROM (%s) r LEFT JOIN zone z ON z.code = r.code), '
        'curve AS (SELECT zone_id, measure, epicurve_agg(day, n%s) AS curve, count(*) AS reports, '
        'count(*) FILTER (WHERE zone_id IS NULL OR day IS NULL OR n IS NULL) AS unplaced FROM placed GROUP BY zone_id, measure) '
        'SELECT array_agg(zone_id) FILTER (WHERE %s), array_agg(measure) FILTER (WHERE %5$s), array_agg(curve) FILTER (WHERE %5$s), '
        'coalesce(sum(reports), 0)::bigint, coalesce(sum(unplaced) FILTER (WHERE measure = ANY (%L)), 0)::bigint, '
        'coalesce(sum(reports) FILTER (WHERE measure IS NULL), 0)::bigint FROM curve',
        zone_query,
        CASE WHEN with_points THEN 'coalesce(z.zone_id, locate($1, r.point))' ELSE 'z.zone_id' END,
        report_query,
        -- A key stands for a household of a zone: "12" in two groups is two households in their ward.
        CASE WHEN with_households THEN ', zone_id || '' '' || household' END,
        format('zone_id IS NOT NULL AND measure = ANY (%L)', measures),
        measures);
END
$$;
COMMENT ON FUNCTION classify_place_by_code(text, text, text[], boolean, boolean) IS
'Internal. SQL text that places reports by their code and, where it names no zone, by their point, and counts them. Parameters and result as in classify_place_by_point.';

CREATE FUNCTION classify_judge(zone_query text, policy risk_policy, with_households boolean, value_query text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    facts text;
    sources text;
BEGIN
    SELECT string_agg(CASE kind
                WHEN 'count' THEN format(', %L, coalesce(s%s.curve, nothing.curve)', name, i)
                WHEN 'reserved' THEN ''
                ELSE format(', %L, s%s.series', name, i) END, ''),
           string_agg(CASE kind
                WHEN 'count' THEN format(' LEFT JOIN curve s%s ON s%1$s.zone_id = z.zone_id AND s%1$s.measure = %L', i, name)
                WHEN 'reserved' THEN ''
                ELSE format(' LEFT JOIN (SELECT code, value_series_agg(day, value::text::%s) AS series FROM value '
                            'WHERE name = %L GROUP BY code) s%s ON s%3$s.code = z.code',
                            CASE kind WHEN 'number' THEN 'numeric' ELSE 'boolean' END, name, i) END, '')
      INTO facts, sources
      FROM policy_inputs(policy) WITH ORDINALITY AS input(name, kind, needs_households, look_back, keep_days, if_missing, i)
     WHERE kind = 'count' OR kind = 'reserved' OR value_query IS NOT NULL;
    RETURN format(
        'WITH zone AS (%s), value AS (%s), '
        'curve AS (SELECT * FROM unnest($1, $2, $3) AS c(zone_id, measure, curve)), '
        'nothing AS (SELECT epicurve_agg(NULL::date, 1%s) AS curve) '
        'SELECT v.zone_id, z.code, z.name, v.tier_rank, v.tier, v.tier_label, v.tier_color, v.reason, v.cases, '
        'v.households_affected, z.population, z.households, v.rate_100k, v.days_since_last, v.window_start, v.window_end, '
        'v.complete_until, d.as_of '
        'FROM (SELECT $4::date + i AS as_of FROM generate_series(0, $5::date - $4::date) i) d '
        'CROSS JOIN LATERAL (SELECT judge_agg(z.zone_id, NULL, NULL, '
        'profile(''as_of'', d.as_of, ''population'', z.population, ''households'', z.households%s), '
        'NULL, NULL, NULL, NULL, $6, d.as_of, $7) AS all_zones FROM zone z CROSS JOIN nothing%s) j '
        'CROSS JOIN LATERAL judge(j.all_zones, $8) v JOIN zone z ON z.zone_id = v.zone_id '
        'ORDER BY d.as_of, v.zone_id',
        zone_query, coalesce(value_query, 'SELECT NULL::text AS code, NULL::text AS name, NULL::date AS day, NULL::text AS value WHERE false'),
        CASE WHEN with_households THEN ', NULL::text' END, facts, sources);
END
$$;
COMMENT ON FUNCTION classify_judge(text, risk_policy, boolean, text) IS
'Internal. SQL text that judges all zones on each day, as a view would: profile, judge_agg, judge. $1 to $3 are the zones, measures and curves as three lists, $4 and $5 the first and last day, $6 the policy, $7 the start, $8 the language.';

CREATE FUNCTION classify_values(zone_query text, zone_values regclass, policy risk_policy) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    code_column text := classify_column(zone_values, NULL, '{zone_code,code}', NULL, NULL);
    name_column text := classify_column(zone_values, NULL, '{name}', NULL, NULL);
    day_column text := classify_column(zone_values, NULL, '{day}', '{date}', NULL);
    value_column text := classify_column(zone_values, NULL, '{value}', NULL, NULL);
    value_query text;
    stray bigint;
BEGIN
    PERFORM classify_needs(code_column, zone_values, 'the code of the zone', '{zone_code,code}', NULL);
    PERFORM classify_needs(name_column, zone_values, 'the name of the value', '{name}', NULL);
    PERFORM classify_needs(day_column, zone_values, 'the day as a date', '{day}', NULL);
    PERFORM classify_needs(value_column, zone_values, 'the value', '{value}', NULL);
    value_query := format('SELECT %s AS code, %s AS name, %I AS day, %I AS value FROM %s',
        classify_clean(code_column), classify_clean(name_column), day_column, value_column, classify_relation(zone_values));
    EXECUTE format('SELECT count(*) FROM (%s) v WHERE v.name = ANY ($1) AND '
                   '(v.day IS NULL OR v.code IS NULL OR v.code NOT IN (SELECT code FROM (%s) z WHERE code IS NOT NULL))',
                   value_query, zone_query)
       INTO stray USING ARRAY(SELECT i.name FROM policy_inputs(policy) i WHERE i.kind IN ('number', 'yesno'));
    IF stray > 0 THEN
        RAISE NOTICE 'rows of % that name no zone or no day: %', zone_values, stray;
    END IF;
    RETURN value_query;
END
$$;
COMMENT ON FUNCTION classify_values(text, regclass, risk_policy) IS
'Internal. SQL text of the zone values that classify reads: code, name, day, value. A notice says how many of those the policy asks for name no zone or no day.';

CREATE FUNCTION classify(
    zones regclass, reports regclass, policy risk_policy, as_of date, until date DEFAULT NULL, start date DEFAULT NULL,
    day_column text DEFAULT NULL, point_column text DEFAULT NULL, code_column text DEFAULT NULL,
    household_column text DEFAULT NULL, count_column text DEFAULT NULL, measure_column text DEFAULT NULL,
    zone_values regclass DEFAULT NULL, timezone text DEFAULT NULL, lang text DEFAULT 'en')
    RETURNS SETOF classified_zone
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
    day_names CONSTANT text[] := '{report_day,day,date,onset_day,onset_date,report_date}';
    measures CONSTANT text[] := ARRAY(SELECT i.name FROM policy_inputs(policy) i WHERE i.kind = 'count');
    with_households CONSTANT boolean := EXISTS (SELECT FROM policy_inputs(policy) i WHERE i.needs_households);
    by_code boolean;
    by_point boolean := point_column IS NOT NULL;
    zone_query text;
    report_query text;
    value_query text;
    index zone_index;
    zone_ids integer[];
    curve_measures text[];
    curves epicurve[];
    report_count bigint := 0;
    unplaced bigint := 0;
    unnamed bigint := 0;
    uncounted text;
BEGIN
    IF zones IS NULL OR reports IS NULL OR policy IS NULL OR as_of IS NULL THEN
        RAISE EXCEPTION 'classify needs zones, reports, a policy and an as-of day'
            USING ERRCODE = 'null_value_not_allowed';
    ELSIF NOT isfinite(as_of) OR NOT isfinite(coalesce(until, as_of)) OR until < as_of THEN
        RAISE EXCEPTION 'as_of and until are days of the calendar, and until is not before as_of'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('as_of is %s, until is %s.', as_of, coalesce(until, as_of));
    END IF;

    day_column := classify_column(reports, day_column, day_names, '{date,timestamp,timestamptz}', 'day_column');
    PERFORM classify_needs(day_column, reports, 'the day', day_names, 'day_column');
    point_column := classify_column(reports, point_column, '{geom,geometry,point}', '{geometry}', 'point_column');
    code_column := classify_column(reports, code_column, '{zone_code,code}', NULL, 'code_column');
    count_column := classify_column(reports, count_column, '{n,count}', '{smallint,integer,bigint}', 'count_column');
    measure_column := classify_column(reports, measure_column, '{measure}', NULL, 'measure_column');
    IF with_households THEN
        household_column := classify_column(reports, household_column, '{household}', NULL, 'household_column');
        PERFORM classify_needs(household_column, reports, 'the household, which the policy asks for', '{household}', 'household_column');
    END IF;
    by_code := code_column IS NOT NULL;
    -- Codes will do for zones without polygons; a point that was named must be of use.
    by_point := point_column IS NOT NULL AND (by_point OR NOT by_code
        OR classify_column(zones, NULL, '{geom,geometry}', '{geometry}', NULL) IS NOT NULL);
    PERFORM classify_needs(coalesce(point_column, code_column), reports, 'the point or the code of the zone',
                           '{geom,geometry,point,zone_code,code}', 'point_column or code_column');
    IF measure_column IS NULL AND cardinality(measures) > 1 THEN
        RAISE EXCEPTION 'the policy counts %, but % does not say which report is which', array_to_string(measures, ' and '), reports
            USING ERRCODE = 'undefined_column', DETAIL = classify_columns(reports),
                  HINT = 'Name the column that holds the measure with measure_column => ''…''.';
    END IF;

    zone_query := classify_zones(zones, by_point);
    report_query := format('SELECT %s AS code, %s AS point, %s AS day, %s AS n, %s AS household, %s AS measure FROM %s',
        coalesce(classify_clean(code_column), 'NULL::text'),
        coalesce(quote_ident(point_column), 'NULL::geometry'),
        classify_day(reports, day_column, timezone),
        coalesce(quote_ident(count_column) || '::integer', '1'),
        -- Tallies clean the names of households themselves.
        CASE WHEN NOT with_households THEN 'NULL::text' WHEN by_code THEN classify_clean(household_column)
             ELSE quote_ident(household_column) || '::text' END,
        coalesce(classify_clean(measure_column), quote_nullable(measures[1]) || '::text'),
        classify_relation(reports));

    PERFORM classify_check_zones(zones, zone_query, by_code);
    IF by_point THEN
        EXECUTE format('SELECT zone_index_agg(zone_id, polygon) FROM (%s) z', zone_query) INTO index;
    END IF;
    IF cardinality(measures) > 0 THEN
        EXECUTE CASE WHEN by_code THEN classify_place_by_code(zone_query, report_query, measures, with_households, by_point)
                     ELSE classify_place_by_point(zone_query, report_query, measures, with_households) END
           INTO zone_ids, curve_measures, curves, report_count, unplaced, unnamed USING index;
    END IF;
    IF unplaced > 0 THEN
        RAISE NOTICE 'reports that are not placed: % of %', unplaced, report_count
            USING DETAIL = 'They have no zone, no day or no count; the tiers do not know of them.';
    END IF;
    IF unnamed > 0 THEN
        RAISE NOTICE 'reports that name no measure: % of %', unnamed, report_count;
    END IF;
    IF measure_column IS NOT NULL THEN
        SELECT string_agg(quote_literal(m), ', ') INTO uncounted FROM unnest(measures) m WHERE m = ANY (curve_measures) IS NOT TRUE;
        IF uncounted IS NOT NULL THEN
            RAISE NOTICE 'no placed report is one of %', uncounted
                USING DETAIL = 'The policy counts them, and counts 0 in every zone.';
        END IF;
    END IF;

    IF zone_values IS NOT NULL THEN
        value_query := classify_values(zone_query, zone_values, policy);
    END IF;
    RETURN QUERY EXECUTE classify_judge(classify_zones(zones, false), policy, with_households, value_query)
        USING zone_ids, curve_measures, curves, as_of, coalesce(until, as_of), policy, start, lang;
END
$$;
COMMENT ON FUNCTION classify(regclass, regclass, risk_policy, date, date, date, text, text, text, text, text, text, regclass, text, text) IS
'Judges every zone of one table by the reports of another, on each day from as_of to until (NULL = as_of alone), in one statement and with the caller''s rights; tables, views and foreign tables will do. Columns are found by name. Zones: zone_id, id, gid or fid (an integer; without one zones are numbered by code), code, name, geom or geometry, population, households. Reports: the first of report_day, day, date, onset_day, onset_date, report_date (a date or timestamp; a timestamptz needs timezone); geom, geometry or point; zone_code or code; household; n or count (an integer; without one each row is one case); measure. The arguments *_column name others. A report is placed by its code and, where that names no zone, by its point; zones without polygons are found by code alone. measure_column splits the counts of a policy with several; without one all reports count for the policy''s only one. A policy that asks for households needs the column household. zone_values is a table (zone_code or code, name, day, value) for the policy''s numbers and yes/no values. start is the first day of the chain of reviews. lang is ''en'' or ''vi''. A notice says how many reports are not placed, and which of the policy''s counts no report is of. A column that is missing is an error that lists those there are.';
CREATE FUNCTION comment_table(map text, relation text, about text, VARIADIC columns text[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	kind text := CASE WHEN (SELECT c.relkind FROM pg_class c
							WHERE c.oid = to_regclass(format('%I.%I', map, relation))) = 'v'
					  THEN 'VIEW' ELSE 'TABLE' END;
BEGIN
	EXECUTE format('COMMENT ON %s %I.%I IS %L', kind, map, relation, about);
	FOR i IN 1 .. cardinality(columns) BY 2 LOOP
		EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', map, relation, columns[i], columns[i + 1]);
	END LOOP;
END
$$;
COMMENT ON FUNCTION comment_table(text, text, text, text[]) IS
'Internal, used by create_map: comments a table or view of a map and its columns, given as name, comment, name, comment and so on.';

CREATE FUNCTION need_map(map text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	IF map IS NULL THEN
		RAISE EXCEPTION 'the name of the map is missing' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF to_regclass(format('%I.settings', map)) IS NULL OR to_regclass(format('%I.zone_set', map)) IS NULL THEN
		RAISE EXCEPTION 'there is no map "%"', map USING
			ERRCODE = 'invalid_schema_name',
			HINT = 'A map is a schema that georisk.create_map made; its name is compared exactly.';
	END IF;
END
$$;
COMMENT ON FUNCTION need_map(text) IS
'Internal: an error where there is no map of that name.';
CREATE FUNCTION place_report() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_place_report'
LANGUAGE C PARALLEL UNSAFE COST 10;
COMMENT ON FUNCTION place_report() IS
'Row trigger on the table report of a map, before INSERT and UPDATE: gives the report its zone in the zone set in force and says in `outcome` how. By code where the code is known, else by the point, unless its geocode_quality is ward or unmatched. It sets outcome, zone_set_id, zone_id, household_key and point_disagrees, whatever the writer gave. The code of a parent places nothing by itself, but the point must lie in that parent. A report of a day before that set is placed from where it was in the set of its day, see activate_zones: its code means what it meant then. The writer needs INSERT or UPDATE on report and nothing else.';
CREATE FUNCTION settle_reports() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_settle_reports'
LANGUAGE C PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION settle_reports() IS
'Statement trigger on the table report of a map, after INSERT, UPDATE and DELETE: of all revisions of a report (same source and external_id) the highest counts and the others become superseded, in whatever order they came. Reports without an external_id are left alone.';

CREATE FUNCTION queue_reports() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_queue_reports'
LANGUAGE C PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION queue_reports() IS
'Statement trigger on the table report of a map, before INSERT, UPDATE and DELETE: one transaction at a time writes the reports of a map, the next waits until it ends.';
CREATE FUNCTION shown_set_query(map text, known text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	activated text := format('(SELECT zone_set_id, name, valid_from FROM %I.zone_set WHERE activated_at IS NOT NULL%s)',
		map, known);
BEGIN
	RETURN format($sql$
		SELECT s.zone_set_id, s.name,
			   CASE WHEN EXISTS (SELECT FROM %1$s earlier WHERE earlier.valid_from < s.valid_from)
					THEN s.valid_from ELSE '-infinity' END AS first_day,
			   NOT EXISTS (SELECT FROM %1$s later WHERE later.valid_from > s.valid_from) AS is_latest
		FROM %1$s s
		ORDER BY s.valid_from <= (SELECT day FROM map) DESC, abs(s.valid_from - (SELECT day FROM map)) LIMIT 1
	$sql$, activated);
END
$$;
COMMENT ON FUNCTION shown_set_query(text, text) IS
'Internal: the zone set of the day in `map`: the latest that is valid from that day or before; on days before the first set, the first. first_day: -infinity for the first set; is_latest: report holds its placements; those of the others are in placement. known is a further condition on the sets.';

CREATE FUNCTION counted_reports_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Two branches, of which one is ruled out before it starts.
	RETURN format($sql$
		SELECT r.zone_id, r.report_day, r.n, r.household_key, r.origin, r.link
		FROM %1$I.report r
		WHERE (SELECT is_latest FROM shown)
		  AND r.outcome IN ('placed_by_code', 'placed_by_point')
		  AND coalesce(r.status, 'confirmed') = 'confirmed' AND coalesce(r.setting, 'residence') = 'residence'
		  AND r.report_day <= (SELECT day FROM map)
		UNION ALL
		SELECT p.zone_id, r.report_day, r.n, p.household_key, r.origin, r.link
		FROM %1$I.placement p JOIN %1$I.report r ON r.report_id = p.report_id
		WHERE NOT (SELECT is_latest FROM shown) AND p.zone_set_id = (SELECT zone_set_id FROM shown)
		  AND p.outcome IN ('placed_by_code', 'placed_by_point')
		  AND r.outcome NOT IN ('superseded', 'withdrawn', 'duplicate')
		  AND coalesce(r.status, 'confirmed') = 'confirmed' AND coalesce(r.setting, 'residence') = 'residence'
		  AND r.report_day <= (SELECT day FROM map)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION counted_reports_query(text) IS
'Internal: the reports that count on the day in `map`, with their zones in the set in `shown`.';

CREATE FUNCTION doubtful_zones_query(map text, look_back integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT q.zone_id, min(r.report_day) - 1 AS complete_until
		FROM %1$I.possible_place q JOIN %1$I.report r ON r.report_id = q.report_id
		WHERE q.zone_set_id = (SELECT zone_set_id FROM shown)
		  AND r.outcome NOT IN ('superseded', 'withdrawn', 'duplicate') AND r.n > 0
		  AND coalesce(r.status, 'confirmed') = 'confirmed' AND coalesce(r.setting, 'residence') = 'residence'
		  AND r.report_day <= (SELECT day FROM map)%2$s
		GROUP BY q.zone_id
	$sql$, map, CASE WHEN look_back IS NULL THEN ''
				ELSE format(' AND (SELECT day FROM map) - r.report_day <= %s', look_back) END);
END
$$;
COMMENT ON FUNCTION doubtful_zones_query(text, integer) IS
'Internal: the zones of the set in `shown` in which reports may lie that are counted elsewhere or nowhere since boundaries changed, as far back as the policy looks, with the last day before the first of them.';

CREATE FUNCTION shown_values_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT v.zone_value_id, v.zone_code, v.name, v.day, v.value, v.recorded_at FROM %1$I.zone_value v
		WHERE v.day >= (SELECT first_day FROM shown)
		UNION ALL
		(WITH RECURSIVE same_zone AS (
			SELECT z.code, z.zone_set_id, z.zone_id AS old_id FROM %1$I.zone z
			WHERE z.zone_set_id = (SELECT zone_set_id FROM shown) AND (SELECT isfinite(first_day) FROM shown)
			UNION ALL
			SELECT z.code, c.old_set, c.old_zone_id
			FROM same_zone z JOIN %1$I.crosswalk c ON c.new_set = z.zone_set_id AND c.new_zone_id = z.old_id
			WHERE c.share_of_old > 0.5 AND c.share_of_new > 0.5
		), older AS (
			SELECT z.code, clean_text(o.code) AS old_code, s.valid_to AS last_day,
				   CASE WHEN s.valid_from > (SELECT min(f.valid_from) FROM %1$I.zone_set f WHERE f.activated_at IS NOT NULL)
						THEN s.valid_from ELSE '-infinity' END AS first_day
			FROM same_zone z JOIN %1$I.zone o ON o.zone_id = z.old_id
			JOIN %1$I.zone_set s ON s.zone_set_id = z.zone_set_id AND s.valid_from < (SELECT first_day FROM shown)
		)
		SELECT v.zone_value_id, o.code, v.name, v.day, v.value, v.recorded_at
		FROM %1$I.zone_value v JOIN older o ON o.old_code = clean_text(v.zone_code)
		WHERE v.day BETWEEN o.first_day AND o.last_day)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION shown_values_query(text) IS
'Internal: the zone values with the codes of the set in `shown`. A value of a day in an older set means the zone of that set and day, and holds for the zone that is still more than half of it, and of which it is more than half; a code alone may mean another place now.';
CREATE FUNCTION freeze_zones() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	frozen text;
	touched text := CASE TG_OP
		WHEN 'INSERT' THEN 'SELECT zone_set_id FROM new_zones'
		WHEN 'DELETE' THEN 'SELECT zone_set_id FROM old_zones'
		WHEN 'UPDATE' THEN 'SELECT zone_set_id FROM old_zones UNION SELECT zone_set_id FROM new_zones'
		ELSE format('SELECT zone_set_id FROM %I.zone_set', TG_TABLE_SCHEMA) END;
BEGIN
	EXECUTE format('SELECT s.name FROM %I.zone_set s WHERE s.activated_at IS NOT NULL '
		'AND s.zone_set_id IN (%s) LIMIT 1', TG_TABLE_SCHEMA, touched) INTO frozen;
	IF frozen IS NOT NULL THEN
		RAISE EXCEPTION 'zone set "%" of map "%" is in force and cannot be changed', frozen, TG_TABLE_SCHEMA USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = 'Tiers that were shown stand on its zones.',
			HINT = format('A changed boundary is a new zone set: SELECT georisk.open_draft(%L), load all zones that are valid from then on, and activate_zones.',
				TG_TABLE_SCHEMA);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION freeze_zones() IS
'Statement trigger on the table zone of a map: refuses changes to the zones of an activated zone set.';

CREATE FUNCTION freeze_zone_set() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	last_day date;
BEGIN
	IF OLD.activated_at IS NULL THEN
		RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
	END IF;
	IF TG_ARGV[0] = 'close' THEN
		EXECUTE format('SELECT min(valid_from) - 1 FROM %I.zone_set WHERE activated_at IS NOT NULL AND valid_from > $1',
			TG_TABLE_SCHEMA) INTO last_day USING OLD.valid_from;
	END IF;
	IF TG_ARGV[0] = 'keep' OR NEW.valid_to IS DISTINCT FROM last_day THEN
		RAISE EXCEPTION 'zone set "%" of map "%" is in force and cannot be changed', OLD.name, TG_TABLE_SCHEMA USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = 'Tiers that were shown stand on its zones.',
			HINT = 'Its name may be changed; a changed boundary is a new zone set: georisk.open_draft.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION freeze_zone_set() IS
'Row trigger on the table zone_set of a map: an activated zone set keeps its index and its dates; its last day is the one before the first day of its successor, and no other.';

CREATE FUNCTION create_zone_tables(map text, srid integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_set (
			zone_set_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			name text NOT NULL UNIQUE,
			valid_from date CHECK (isfinite(valid_from)),
			valid_to date CHECK (isfinite(valid_to)),
			activated_at timestamptz,
			edition uuid,
			index zone_index,
			CHECK (valid_to >= valid_from),
			CHECK (activated_at IS NULL OR (valid_from IS NOT NULL AND edition IS NOT NULL AND index IS NOT NULL))
		);
		ALTER TABLE %1$I.zone_set ALTER index SET STORAGE EXTERNAL;
		CREATE TABLE %1$I.zone (
			zone_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY CHECK (zone_id > 0),
			zone_set_id integer NOT NULL REFERENCES %1$I.zone_set,
			code text,
			name text,
			parent_code text,
			level text,
			population integer CHECK (population >= 0),
			households integer CHECK (households >= 0),
			geom geometry(MultiPolygon, %2$s),
			parent_id integer,
			is_leaf boolean
		);
		CREATE INDEX zone_of_set ON %1$I.zone (zone_set_id, code);
		CREATE INDEX zone_geom ON %1$I.zone USING gist (geom);
		CREATE TRIGGER freeze_inserted AFTER INSERT ON %1$I.zone
			REFERENCING NEW TABLE AS new_zones FOR EACH STATEMENT EXECUTE FUNCTION freeze_zones();
		CREATE TRIGGER freeze_updated AFTER UPDATE ON %1$I.zone
			REFERENCING OLD TABLE AS old_zones NEW TABLE AS new_zones
			FOR EACH STATEMENT EXECUTE FUNCTION freeze_zones();
		CREATE TRIGGER freeze_deleted AFTER DELETE ON %1$I.zone
			REFERENCING OLD TABLE AS old_zones FOR EACH STATEMENT EXECUTE FUNCTION freeze_zones();
		CREATE TRIGGER freeze_truncated BEFORE TRUNCATE ON %1$I.zone
			FOR EACH STATEMENT EXECUTE FUNCTION freeze_zones();
		-- by columns: comparing indexes of megabytes would cost more than refusing to have them set
		CREATE TRIGGER freeze_set BEFORE DELETE OR UPDATE OF zone_set_id, valid_from, activated_at, edition, index
			ON %1$I.zone_set FOR EACH ROW EXECUTE FUNCTION freeze_zone_set('keep');
		CREATE TRIGGER close_set BEFORE UPDATE OF valid_to ON %1$I.zone_set
			FOR EACH ROW EXECUTE FUNCTION freeze_zone_set('close');
		CREATE VIEW %1$I.zone_draft AS
			SELECT zone_id, code, name, parent_code, level, population, households, geom FROM %1$I.zone
			WHERE zone_set_id = (SELECT max(zone_set_id) FROM %1$I.zone_set WHERE activated_at IS NULL);
		CREATE VIEW %1$I.zone_in_force AS
			WITH map AS (SELECT coalesce(s.day, (now() AT TIME ZONE s.timezone)::date) AS day FROM %1$I.settings s),
			shown AS (%3$s)
			SELECT z.zone_id, z.code, z.name, z.parent_code, z.level, z.population, z.households, s.name AS zone_set, z.geom
			FROM shown s JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id;
	$sql$, map, srid, shown_set_query(map, ''));
	PERFORM open_draft(map);

	PERFORM comment_table(map, 'zone_set',
		'All zones of the map that are valid together. A draft until georisk.activate_zones checks it and puts it in force; from then on it never changes.',
		'zone_set_id', 'Number of the zone set.',
		'name', 'Name of the zone set, shown in zone_risk.',
		'valid_from', 'First day on which the zones are valid; empty in a draft.',
		'valid_to', 'Last day on which the zones are valid; empty while there is no successor.',
		'activated_at', 'When the set was put in force; empty in a draft.',
		'edition', 'Drawn anew by every activation, so that nothing that was remembered of one is taken for another.',
		'index', 'The point-location index of the zones that are nobody''s parent, made by activate_zones.');
	PERFORM comment_table(map, 'zone',
		'The zones: one polygon each. Load them here by INSERT, COPY or ogr2ogr -append; they join the draft. georisk.activate_zones then checks and freezes them.',
		'zone_id', 'Number of the zone, the key of all layers; of two zones that hold a point the lower number gets it.',
		'zone_set_id', 'The zone set that the zone belongs to; the draft where it is not given.',
		'code', 'Code of the zone, unique in its set; reports and zone values name the zone by it.',
		'name', 'Name for people.',
		'parent_code', 'Code of the zone that this one is part of: the ward of a resident group.',
		'level', 'What kind of zone it is: group, ward, district.',
		'population', 'People who live there; empty where it is not known, and then no rate is computed.',
		'households', 'Households that live there; empty where it is not known.',
		'geom', 'The polygon, in the map''s coordinate system. Parents may do without.',
		'parent_id', 'The parent''s zone_id, set by activate_zones.',
		'is_leaf', 'True for a zone that is nobody''s parent: these get reports and tiers. Set by activate_zones.');
	PERFORM comment_table(map, 'zone_draft',
		'The zones of the draft, to look at and to check before they are activated; empty where there is no draft.',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone.',
		'name', 'Name for people.',
		'parent_code', 'Code of the zone that this one is part of.',
		'level', 'What kind of zone it is.',
		'population', 'People who live there.',
		'households', 'Households that live there.',
		'geom', 'The polygon.');
	PERFORM comment_table(map, 'zone_in_force',
		'The zones of the zone set of the map''s day, parents too, to look at and to check: SELECT * FROM georisk.check_zones(''...zone_in_force'').',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone.',
		'name', 'Name for people.',
		'parent_code', 'Code of the zone that this one is part of.',
		'level', 'What kind of zone it is.',
		'population', 'People who live there.',
		'households', 'Households that live there.',
		'zone_set', 'Name of the zone set.',
		'geom', 'The polygon.');
END
$$;
COMMENT ON FUNCTION create_zone_tables(text, integer) IS
'Internal, used by create_map: the tables zone_set and zone of a map, and its first draft.';

CREATE FUNCTION open_draft(map text, name text DEFAULT NULL, copy_zones boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft record;
BEGIN
	PERFORM need_map(map);
	EXECUTE format('LOCK TABLE %I.zone_set IN SHARE ROW EXCLUSIVE MODE', map);
	EXECUTE format('SELECT zone_set_id, name FROM %I.zone_set WHERE activated_at IS NULL LIMIT 1', map) INTO draft;
	IF draft.zone_set_id IS NOT NULL THEN
		RAISE EXCEPTION 'map "%" has an open draft: "%"', map, draft.name USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('Zones written to %1$I.zone join it; to start anew: DELETE FROM %1$I.zone WHERE zone_set_id = %2$s.',
				map, draft.zone_set_id);
	END IF;
	EXECUTE format('INSERT INTO %1$I.zone_set (name) SELECT coalesce($1, %2$L || (count(*) + 1)) FROM %1$I.zone_set '
		'RETURNING zone_set_id', map, 'zones ') INTO draft USING name;
	EXECUTE format('ALTER TABLE %I.zone ALTER zone_set_id SET DEFAULT %s', map, draft.zone_set_id);
	IF copy_zones THEN
		EXECUTE format($sql$
			INSERT INTO %1$I.zone (zone_set_id, code, name, parent_code, level, population, households, geom)
			SELECT $1, code, name, parent_code, level, population, households, geom FROM %1$I.zone
			WHERE zone_set_id = (SELECT zone_set_id FROM %1$I.zone_set WHERE activated_at IS NOT NULL
								 ORDER BY valid_from DESC, zone_set_id DESC LIMIT 1)
			ORDER BY zone_id
		$sql$, map) USING draft.zone_set_id;
	END IF;
	RETURN draft.zone_set_id;
END
$$;
COMMENT ON FUNCTION open_draft(text, text, boolean) IS
'Opens a draft zone set on a map and returns its number: zones that are written to the table zone join it, unless they say otherwise, until activate_zones puts it in force. name is shown in zone_risk; without it "zones 2" and so on. copy_zones => true starts from a copy of the zones in force, to change a few of them. A new map has a draft already. An error where a draft is open. The caller owns the map.';
CREATE FUNCTION create_report_table(map text, srid integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.report (
			report_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			source text NOT NULL DEFAULT '',
			external_id text,
			revision integer NOT NULL DEFAULT 1,
			recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
			withdrawn boolean NOT NULL DEFAULT false,
			disease text,
			status text CHECK (status IN ('confirmed', 'probable', 'suspected', 'discarded')),
			setting text CHECK (setting IN ('residence', 'visited', 'isolation', 'hospital')),
			origin text CHECK (origin IN ('community', 'imported')),
			link text CHECK (link IN ('known', 'unknown')),
			onset_day date CHECK (isfinite(onset_day)),
			sample_day date CHECK (isfinite(sample_day)),
			report_day date NOT NULL CHECK (isfinite(report_day)),
			n integer NOT NULL DEFAULT 1 CHECK (n BETWEEN 0 AND 10000000),
			household text,
			zone_code text,
			geom geometry(Point, %2$s),
			geocode_quality text
				CHECK (geocode_quality IN ('exact', 'address', 'street', 'area', 'ward', 'unmatched')),
			note text,
			outcome text NOT NULL CHECK (outcome IN ('waiting', 'placed_by_code', 'placed_by_point', 'outside',
				'no_place', 'unknown_code', 'bad_point', 'not_precise', 'superseded', 'withdrawn',
				'lost_in_boundary_change')),
			zone_set_id integer,
			zone_id integer,
			household_key bigint,
			point_disagrees boolean,
			submission_id integer,
			line bigint,
			hint text,
			given jsonb,
			UNIQUE (source, external_id, revision)
		);
		CREATE INDEX report_counted ON %1$I.report (zone_id, report_day)
			INCLUDE (n, household_key, origin, link)
			WHERE outcome IN ('placed_by_code', 'placed_by_point')
			AND coalesce(status, 'confirmed') = 'confirmed' AND coalesce(setting, 'residence') = 'residence';
		CREATE TRIGGER queue BEFORE INSERT OR UPDATE OR DELETE ON %1$I.report
			FOR EACH STATEMENT EXECUTE FUNCTION queue_reports();
		CREATE TRIGGER place BEFORE INSERT OR UPDATE ON %1$I.report
			FOR EACH ROW EXECUTE FUNCTION place_report();
		CREATE TRIGGER settle_inserted AFTER INSERT ON %1$I.report
			REFERENCING NEW TABLE AS new_reports FOR EACH STATEMENT EXECUTE FUNCTION settle_reports();
		CREATE TRIGGER settle_updated AFTER UPDATE ON %1$I.report
			REFERENCING OLD TABLE AS old_reports NEW TABLE AS new_reports
			FOR EACH STATEMENT EXECUTE FUNCTION settle_reports();
		CREATE TRIGGER settle_deleted AFTER DELETE ON %1$I.report
			REFERENCING OLD TABLE AS old_reports FOR EACH STATEMENT EXECUTE FUNCTION settle_reports();
	$sql$, map, srid);

	PERFORM comment_table(map, 'report',
		'Case reports: one row of a line list each, or of an aggregate list (n = 3). Write them by INSERT or COPY. Every row ends in one outcome; rows placed by code or by point count. A report that is corrected comes again with a higher revision; the same file again is kept out by ON CONFLICT DO NOTHING.',
		'report_id', 'Number of the row.',
		'source', 'Who sent the report: a laboratory, a ward, a hotline.',
		'external_id', 'The source''s own number of the report; empty where it has none, and then it has no revisions.',
		'revision', 'The source''s version of the report. The highest one counts, in whatever order they come.',
		'recorded_at', 'When the row was written here.',
		'withdrawn', 'True where the source takes the report back: as a new revision, or on the row itself.',
		'disease', 'The disease reported.',
		'status', 'confirmed, probable, suspected or discarded; empty counts as confirmed.',
		'setting', 'Where the place given stands to the person: residence, visited, isolation or hospital; empty counts as residence. Only residence colours a zone.',
		'origin', 'community or imported; empty counts as community, so that a list without this column raises no false all-clear.',
		'link', 'Whether the source of the infection is known or unknown; may be empty.',
		'onset_day', 'First day of symptoms.',
		'sample_day', 'Day of the sample.',
		'report_day', 'Day of the report, a local day: the day that counts.',
		'n', 'How many cases the row stands for: 0 to 10,000,000, so that one slip of the hand, a telephone number say, cannot make a zone''s sum too large to show.',
		'household', 'The household, by whatever name or number the source uses within the zone; empty counts as n households.',
		'zone_code', 'Code of the zone, as typed. A known code wins over the point.',
		'geom', 'The point, in the map''s coordinate system.',
		'geocode_quality', 'How good the point is: exact, address, street, area, ward or unmatched. A ward or unmatched point places nothing.',
		'note', 'Anything else.',
		'outcome', 'What became of the report, never set by the writer: placed_by_code, placed_by_point, outside (every zone), no_place (neither code nor point), unknown_code, bad_point (empty or not a number), not_precise (known to the ward at best), superseded (by a higher revision), withdrawn, waiting (no zone set in force yet), lost_in_boundary_change (it had a zone in the set of its day, and no zone of the set in force is where that was).',
		'zone_set_id', 'The zone set in which the report was placed, never set by the writer.',
		'zone_id', 'The zone of the report, never set by the writer; kept where it was superseded or withdrawn.',
		'household_key', 'The household of this zone as a number that means nothing outside this map; never set by the writer.',
		'point_disagrees', 'True where the point lies outside the zone that the code names.',
		'submission_id', 'The submission that the report came with; empty where it was written here directly.',
		'line', 'Its line in that submission.',
		'hint', 'What submit_reports noticed about the point: lon_lat_swapped, point_at_zero, far_from_zones, unreadable_point, unknown_srid, point_not_in_srid. georisk.intake_hint says it in a sentence. Nothing is mended silently.',
		'given', 'Where there is a hint, the row as it came: columns of report_in and their text.');
END
$$;
COMMENT ON FUNCTION create_report_table(text, integer) IS
'Internal, used by create_map: the table report of a map, its triggers and the index that counting reads.';

CREATE FUNCTION create_zone_value_table(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_value (
			zone_value_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			zone_code text NOT NULL,
			name text NOT NULL,
			day date NOT NULL CHECK (isfinite(day)),
			value text CHECK (value ~ '^(-?[0-9]{1,12}(\.[0-9]{1,6})?|yes|no|true|false)$'),
			source text,
			recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
		);
		CREATE INDEX zone_value_by_name ON %1$I.zone_value (name, zone_code, day);
	$sql$, map);

	PERFORM comment_table(map, 'zone_value',
		'Dated numbers and yes/no answers per zone that are not counted from reports: vaccine cover, contact with other households. A correction is a new row: the one recorded last holds for its day.',
		'zone_value_id', 'Number of the row.',
		'zone_code', 'Code of the zone.',
		'name', 'Name of the value, as the policy calls it.',
		'day', 'The day for which the value was found; it holds from then on, as long as the policy''s KEEP says.',
		'value', 'A number such as 82.5 (at most 12 digits before the point and 6 after it), or yes, no, true, false; empty says that it is not known any more.',
		'source', 'Who said so.',
		'recorded_at', 'When the row was written here.');
END
$$;
COMMENT ON FUNCTION create_zone_value_table(text) IS
'Internal, used by create_map: the table zone_value of a map.';
CREATE FUNCTION write_placements() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_write_placements'
LANGUAGE C PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION write_placements() IS
'Statement trigger on the table report of a map, after INSERT, UPDATE, DELETE and TRUNCATE: keeps the tables placement and possible_place as the reports are. Does nothing while the map has had one zone set only, and nothing for reports whose days all lie in the set in force.';

CREATE FUNCTION create_placement_tables(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- no foreign keys: the triggers on report keep both tables, and a million rows are moved at once
	EXECUTE format($sql$
		CREATE TABLE %1$I.placement (
			report_id bigint NOT NULL,
			zone_set_id integer NOT NULL,
			zone_id integer,
			outcome text NOT NULL,
			household_key bigint,
			PRIMARY KEY (report_id, zone_set_id)
		);
		CREATE TABLE %1$I.possible_place (
			report_id bigint NOT NULL,
			zone_set_id integer NOT NULL,
			zone_id integer NOT NULL,
			PRIMARY KEY (report_id, zone_set_id, zone_id)
		);
		CREATE TABLE %1$I.crosswalk (
			old_set integer NOT NULL,
			new_set integer NOT NULL,
			old_zone_id integer NOT NULL,
			new_zone_id integer NOT NULL,
			shared_area_m2 double precision NOT NULL,
			share_of_old double precision NOT NULL,
			share_of_new double precision NOT NULL,
			PRIMARY KEY (new_set, new_zone_id, old_zone_id)
		);
		CREATE TRIGGER write_inserted AFTER INSERT ON %1$I.report
			REFERENCING NEW TABLE AS new_reports FOR EACH STATEMENT EXECUTE FUNCTION write_placements();
		CREATE TRIGGER write_updated AFTER UPDATE ON %1$I.report
			REFERENCING OLD TABLE AS old_reports NEW TABLE AS new_reports
			FOR EACH STATEMENT EXECUTE FUNCTION write_placements();
		CREATE TRIGGER write_deleted AFTER DELETE ON %1$I.report
			REFERENCING OLD TABLE AS old_reports FOR EACH STATEMENT EXECUTE FUNCTION write_placements();
		CREATE TRIGGER write_truncated AFTER TRUNCATE ON %1$I.report
			FOR EACH STATEMENT EXECUTE FUNCTION write_placements();
	$sql$, map);

	PERFORM comment_table(map, 'placement',
		'Where reports are in zone sets that are not in force any more: a row for each report and each older set that still sees one of its days (onset, sample or report), from the set of its first day on. Kept by triggers on report.',
		'report_id', 'Number of the report.',
		'zone_set_id', 'The older zone set.',
		'zone_id', 'The zone of the report in that set; empty where it has none.',
		'outcome', 'How it was placed there, in the words of report.outcome; whether the report counts at all, or was superseded or withdrawn, is said in report alone.',
		'household_key', 'The household in the zone of that set, as a number that means nothing outside this map.');
	PERFORM comment_table(map, 'possible_place',
		'Zones in which a report may lie besides the one that it is counted in: those that took a twentieth or more of its old zone when boundaries changed, where the report has no point to tell. Until such a report is older than the policy looks back, zone_risk takes the reporting of these zones as incomplete: unknown rather than green. Give the report a point or a corrected code to settle it.',
		'report_id', 'Number of the report.',
		'zone_set_id', 'The zone set, in force or older.',
		'zone_id', 'A zone of that set.');
	PERFORM comment_table(map, 'crosswalk',
		'How the zones of a set lie on those of the set before it, for zones that are nobody''s parent and share a twentieth of either or more; written when the set is activated. Reports without a point are carried along it.',
		'old_set', 'The set before.',
		'new_set', 'The set that came after it.',
		'old_zone_id', 'A zone of the set before.',
		'new_zone_id', 'A zone of the new set that shares ground with it.',
		'shared_area_m2', 'Area that both share, in square metres.',
		'share_of_old', 'That area as a share of the old zone, 0 to 1.',
		'share_of_new', 'That area as a share of the new zone, 0 to 1.');
END
$$;
COMMENT ON FUNCTION create_placement_tables(text) IS
'Internal, used by create_map: the tables placement, possible_place and crosswalk of a map, and the triggers on report that keep the first two.';
CREATE FUNCTION zone_crosswalk(map text, old_set integer, new_set integer, min_share double precision DEFAULT 0,
	OUT old_zone_id integer, OUT old_code text, OUT new_zone_id integer, OUT new_code text,
	OUT shared_area_m2 double precision, OUT share_of_old double precision, OUT share_of_new double precision)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	metres double precision;
	missing text;
BEGIN
	PERFORM need_map(map);
	EXECUTE format('SELECT min(coalesce(n::text, ''NULL'')) FROM unnest(ARRAY[$1, $2]) n WHERE NOT EXISTS '
		'(SELECT FROM %I.zone_set s WHERE s.zone_set_id = n)', map) INTO missing USING old_set, new_set;
	IF min_share IS NULL OR NOT min_share BETWEEN 0 AND 1 THEN
		RAISE EXCEPTION 'min_share must be from 0 to 1' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'map "%" has no zone set %', map, missing USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('SELECT zone_set_id, name, valid_from FROM %I.zone_set lists them.', map);
	END IF;
	EXECUTE format('SELECT metres_per_unit(srid) FROM %I.settings', map) INTO metres;
	RETURN QUERY EXECUTE format($sql$
		WITH parent AS (
			SELECT DISTINCT zone_set_id, clean_text(parent_code) AS code FROM %1$I.zone
			WHERE zone_set_id IN ($1, $2) AND clean_text(parent_code) <> ''
		), drawn AS MATERIALIZED (
			SELECT z.zone_set_id, z.zone_id, z.code, z.level, p.code IS NULL AS is_leaf, z.geom
			FROM %1$I.zone z LEFT JOIN parent p ON p.zone_set_id = z.zone_set_id AND p.code = clean_text(z.code)
			WHERE z.zone_set_id IN ($1, $2) AND NOT ST_IsEmpty(z.geom)
		), same AS MATERIALIZED (
			SELECT o.zone_id AS old_id, n.zone_id AS new_id
			FROM drawn o JOIN drawn n ON o.geom = n.geom AND o.is_leaf = n.is_leaf
			 AND (o.is_leaf OR o.level IS NOT DISTINCT FROM n.level)
			WHERE o.zone_set_id = $1 AND n.zone_set_id = $2
		-- what stayed as it was shares no ground with what changed
		), old AS (
			SELECT d.*, zone_area(d.geom, $3) AS area FROM drawn d
			WHERE d.zone_set_id = $1 AND d.zone_id NOT IN (SELECT old_id FROM same)
		), new AS (
			SELECT d.*, zone_area(d.geom, $3) AS area FROM drawn d
			WHERE d.zone_set_id = $2 AND d.zone_id NOT IN (SELECT new_id FROM same)
		), shared AS MATERIALIZED (
			SELECT o.zone_id AS old_id, n.zone_id AS new_id, zone_area(ST_Intersection(o.geom, n.geom), $3) AS area,
				   o.area AS old_area, n.area AS new_area
			FROM old o
			JOIN %1$I.zone near ON near.zone_set_id = $2 AND near.geom && o.geom
			JOIN new n ON n.zone_id = near.zone_id AND n.is_leaf = o.is_leaf
			 AND (o.is_leaf OR o.level IS NOT DISTINCT FROM n.level)
			-- what the boxes share is more than what the zones share; twice, for degrees are not square
			WHERE 2 * ST_Area(ST_Intersection(ST_Envelope(o.geom), ST_Envelope(n.geom)))
				  >= $4 * least(ST_Area(o.geom), ST_Area(n.geom))
			UNION ALL
			SELECT old_id, new_id, area, area, area
			FROM same, LATERAL (SELECT zone_area(d.geom, $3) AS area FROM drawn d WHERE d.zone_id = old_id) a
		)
		SELECT o.zone_id, o.code, n.zone_id, n.code, s.area,
			   least(s.area / nullif(s.old_area, 0), 1), least(s.area / nullif(s.new_area, 0), 1)
		FROM shared s
		JOIN %1$I.zone o ON o.zone_id = s.old_id
		JOIN %1$I.zone n ON n.zone_id = s.new_id
		WHERE s.area > 0 AND s.old_area > 0 AND s.new_area > 0 AND s.area >= $4 * least(s.old_area, s.new_area)
		ORDER BY o.zone_id, s.area DESC, n.zone_id
	$sql$, map) USING old_set, new_set, metres, min_share;
END
$$;
COMMENT ON FUNCTION zone_crosswalk(text, integer, integer, double precision) IS
'How the zones of one set of a map lie on those of another: a row for each old and new zone that share ground, with the shared area in square metres (on the ellipsoid where the map is in degrees) and as a share, 0 to 1, of either. Zones that are nobody''s parent are compared with each other; parents with a polygon with parents of the same level. Either set may be a draft, so that one can look before activating. Two zones whose polygons are the same, vertex by vertex, are matched and not compared with others. Pairs that share less than min_share of either are left out, without being looked at closely: 0.05 leaves out what differs when borders are drawn twice. Ordered by old zone, the largest share first. An error where a set does not exist. It says nothing of people: a share of the area is not a share of the cases.';

CREATE FUNCTION write_crosswalk(map text, old_set integer, new_set integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		INSERT INTO %1$I.crosswalk (old_set, new_set, old_zone_id, new_zone_id, shared_area_m2, share_of_old, share_of_new)
		SELECT $1, $2, c.old_zone_id, c.new_zone_id, c.shared_area_m2, c.share_of_old, c.share_of_new
		FROM zone_crosswalk(%1$L, $1, $2, 0.05) c
		JOIN %1$I.zone o ON o.zone_id = c.old_zone_id
		JOIN %1$I.zone n ON n.zone_id = c.new_zone_id
		WHERE o.is_leaf AND n.is_leaf
	$sql$, map) USING old_set, new_set;
	EXECUTE format('ANALYZE %I.crosswalk', map);
END
$$;
COMMENT ON FUNCTION write_crosswalk(text, integer, integer) IS
'Internal, used by activate_zones: keeps zone_crosswalk of two sets that follow each other, down to a twentieth of either zone, which is what reports are carried along.';
CREATE FUNCTION fold_text(value text) RETURNS text
AS 'MODULE_PATHNAME', 'georisk_fold_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION fold_text(text) IS
'A name without what people vary when they type it: case, diacritics in either form of Unicode, đ for d, white space and punctuation, leading zeros. Words and numbers stand one space apart, so that ''Tổ 05'', ''TO-5'' and ''to5'' fold alike and ''1-12'' and ''11-2'' do not. Aliases of zones are compared in this form. Folding what is folded changes nothing. In a database whose encoding is not UTF8 only ASCII letters are folded.';
CREATE FUNCTION read_day(value text, formats text[], timezone text) RETURNS date
AS 'MODULE_PATHNAME', 'georisk_read_day'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION read_day(text, text[], text) IS
'The day that a text means, by the first of the formats that fits all of it; NULL where none does. A format is made of YYYY (four digits) or YY (two, 2000 to 2099), MM, DD (one or two digits) and, where there is a clock time, HH or HH24, MI, SS (with a fraction or without) and TZ (Z, +07, +0700 or +07:00); every other character stands for itself. With TZ the text is an instant and its day the one in the time zone given; without, it is the day as written. No setting has a say.';

CREATE FUNCTION check_day_formats(formats text[]) RETURNS boolean
AS 'MODULE_PATHNAME', 'georisk_check_day_formats'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION check_day_formats(text[]) IS
'Internal, the check on date formats in the table source of a map: an error where one is not a format of read_day, or where two read the same text as two different days, as DD/MM/YYYY and MM/DD/YYYY do; false where there is none.';
CREATE FUNCTION read_number(value text, decimal_comma boolean DEFAULT false) RETURNS double precision
AS 'MODULE_PATHNAME', 'georisk_read_number'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION read_number(text, boolean) IS
'The number that a text means: digits with a sign or without, a decimal point (where decimal_comma is true also a comma) and an exponent or none; NULL where it is anything else, too large, or longer than 63 bytes. Thousands have no separators. No setting and no locale has a say.';
CREATE FUNCTION queue_with_reports() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'aliases of zones are changed in read committed transactions only' USING
			ERRCODE = 'feature_not_supported',
			DETAIL = 'Reports that another session has just written would be missed, and would keep their old place.';
	END IF;
	-- An INSERT of nothing waits for its turn as every writer of reports does.
	EXECUTE format('INSERT INTO %I.report (report_day) SELECT NULL::date WHERE false', TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_with_reports() IS
'Statement trigger on the table zone_alias of a map, before INSERT, UPDATE and DELETE: waits for those who write reports, so that none slips by between the old aliases and the new ones.';

CREATE FUNCTION place_aliased() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
	changed text := CASE TG_OP
		WHEN 'INSERT' THEN 'SELECT source, folded FROM new_aliases'
		WHEN 'DELETE' THEN 'SELECT source, folded FROM old_aliases'
		ELSE 'SELECT source, folded FROM new_aliases UNION SELECT source, folded FROM old_aliases' END;
BEGIN
	EXECUTE format($sql$
		UPDATE %1$I.report r SET outcome = r.outcome
		FROM (SELECT folded, array_agg(source) AS sources FROM (%2$s) c GROUP BY folded) c
		WHERE fold_text(r.zone_code) = c.folded AND ('' = ANY (c.sources) OR r.source = ANY (c.sources))
		  -- a known code is no alias
		  AND NOT EXISTS (SELECT FROM %1$I.zone z
						  WHERE z.zone_id = r.zone_id AND clean_text(z.code) = clean_text(r.zone_code))
	$sql$, TG_TABLE_SCHEMA, changed);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION place_aliased() IS
'Statement trigger on the table zone_alias of a map, after INSERT, UPDATE and DELETE: places the reports again that name their zone by one of the aliases touched. Whoever changes aliases needs UPDATE (outcome) and SELECT on report and SELECT on zone.';

CREATE FUNCTION create_zone_alias(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_alias (
			alias text NOT NULL,
			zone_code text NOT NULL CHECK (clean_text(zone_code) <> ''),
			source text NOT NULL DEFAULT '',
			folded text GENERATED ALWAYS AS (fold_text(alias)) STORED CHECK (folded <> ''),
			PRIMARY KEY (folded, source)
		);
		CREATE TRIGGER queue BEFORE INSERT OR UPDATE OR DELETE ON %1$I.zone_alias
			FOR EACH STATEMENT EXECUTE FUNCTION queue_with_reports();
		CREATE TRIGGER place_inserted AFTER INSERT ON %1$I.zone_alias
			REFERENCING NEW TABLE AS new_aliases FOR EACH STATEMENT EXECUTE FUNCTION place_aliased();
		CREATE TRIGGER place_updated AFTER UPDATE ON %1$I.zone_alias
			REFERENCING OLD TABLE AS old_aliases NEW TABLE AS new_aliases
			FOR EACH STATEMENT EXECUTE FUNCTION place_aliased();
		CREATE TRIGGER place_deleted AFTER DELETE ON %1$I.zone_alias
			REFERENCING OLD TABLE AS old_aliases FOR EACH STATEMENT EXECUTE FUNCTION place_aliased();

		CREATE VIEW %1$I.unmatched_places AS
		WITH named AS (
			-- a report that was placed by its code has a known one
			SELECT r.source, r.recorded_at, r.zone_id, r.zone_set_id, clean_text(r.zone_code) AS place,
				   fold_text(r.zone_code) AS folded
			FROM %1$I.report r
			WHERE r.outcome NOT IN ('placed_by_code', 'superseded', 'withdrawn', 'waiting')
			  AND clean_text(r.zone_code) <> ''
		), led AS (
			SELECT n.*, coalesce(clean_text(own.zone_code), clean_text(anyones.zone_code)) AS alias_of
			FROM named n
			LEFT JOIN %1$I.zone_alias own ON own.folded = n.folded AND own.source = n.source
			LEFT JOIN %1$I.zone_alias anyones ON anyones.folded = n.folded AND anyones.source = ''
		)
		SELECT (array_agg(l.place ORDER BY l.recorded_at DESC))[1] AS place, l.source,
			   count(DISTINCT l.place)::integer AS spellings, count(*)::integer AS reports,
			   count(*) FILTER (WHERE l.zone_id IS NULL)::integer AS waiting, l.alias_of,
			   min(l.recorded_at) AS first_recorded, max(l.recorded_at) AS last_recorded
		FROM led l
		LEFT JOIN %1$I.zone by_code ON by_code.zone_set_id = l.zone_set_id AND clean_text(by_code.code) = l.place
		LEFT JOIN %1$I.zone by_alias ON by_alias.zone_set_id = l.zone_set_id AND clean_text(by_alias.code) = l.alias_of
		WHERE by_code.zone_id IS NULL AND by_alias.zone_id IS NULL
		GROUP BY l.source, coalesce(nullif(l.folded, ''), l.place), l.alias_of
		ORDER BY last_recorded DESC, place;
	$sql$, map);

	PERFORM comment_table(map, 'zone_alias',
		'Names that people type instead of a zone''s code. Spelling variants of an alias need no row of their own: see georisk.fold_text. A known code always wins. A row that is added, changed or removed places the reports again that it is about.',
		'alias', 'The name, as typed.',
		'zone_code', 'Code of the zone that is meant.',
		'source', 'The source that means this zone by it: one ward''s "Tổ 5" is not another''s. Empty: every source that has no alias of its own.',
		'folded', 'The alias as it is compared: georisk.fold_text(alias).');
	PERFORM comment_table(map, 'unmatched_places',
		'Places named in reports that are neither a code of the zone set nor an alias, newest first. INSERT them into zone_alias once, and the reports that wait are placed.',
		'place', 'The place, as it was typed last.',
		'source', 'Who typed it.',
		'spellings', 'How many spellings of it there are.',
		'reports', 'How many current reports name it.',
		'waiting', 'How many of these have no zone; the others were placed by their point.',
		'alias_of', 'The code that an alias leads to, where no zone has that code.',
		'first_recorded', 'When it came first.',
		'last_recorded', 'When it came last.');
END
$$;
COMMENT ON FUNCTION create_zone_alias(text) IS
'Internal, used by create_map: the table zone_alias and the view unmatched_places of a map.';
CREATE TYPE submission_receipt AS (
	submission_id integer,
	source text,
	label text,
	file text,
	submitted_by text,
	submitted_at timestamptz,
	complete_until date,
	received integer,
	placed_by_code integer,
	placed_by_point integer,
	outside integer,
	no_place integer,
	unknown_code integer,
	bad_point integer,
	not_precise integer,
	waiting integer,
	lost_in_boundary_change integer,
	superseded integer,
	withdrawn integer,
	duplicate integer,
	rejected integer
);
COMMENT ON TYPE submission_receipt IS
'What submit_reports gives back: the new row of the map''s table submission.';

COMMENT ON COLUMN submission_receipt.submission_id IS
'Number of the submission.';
COMMENT ON COLUMN submission_receipt.source IS
'Who sent the reports.';
COMMENT ON COLUMN submission_receipt.label IS
'The label of the rows, where only those were submitted.';
COMMENT ON COLUMN submission_receipt.file IS
'The file that they came from.';
COMMENT ON COLUMN submission_receipt.submitted_by IS
'The role that submitted.';
COMMENT ON COLUMN submission_receipt.submitted_at IS
'When.';
COMMENT ON COLUMN submission_receipt.complete_until IS
'The day until which the source says that its reports are complete.';
COMMENT ON COLUMN submission_receipt.received IS
'Rows taken from report_in: the sum of the outcomes, which follow.';
COMMENT ON COLUMN submission_receipt.placed_by_code IS
'Placed by code or alias.';
COMMENT ON COLUMN submission_receipt.placed_by_point IS
'Placed by their point.';
COMMENT ON COLUMN submission_receipt.outside IS
'Point outside every zone.';
COMMENT ON COLUMN submission_receipt.no_place IS
'Neither code nor point.';
COMMENT ON COLUMN submission_receipt.unknown_code IS
'Place not recognised.';
COMMENT ON COLUMN submission_receipt.bad_point IS
'A point was given, but none that can be read.';
COMMENT ON COLUMN submission_receipt.not_precise IS
'Known to the ward at best.';
COMMENT ON COLUMN submission_receipt.waiting IS
'No zone set in force yet.';
COMMENT ON COLUMN submission_receipt.lost_in_boundary_change IS
'Of a day of an older zone set, and in no zone of the one in force.';
COMMENT ON COLUMN submission_receipt.superseded IS
'A higher revision was there or came in the same submission.';
COMMENT ON COLUMN submission_receipt.withdrawn IS
'Withdrawals.';
COMMENT ON COLUMN submission_receipt.duplicate IS
'There before, with the same content.';
COMMENT ON COLUMN submission_receipt.rejected IS
'Not taken as a report.';

CREATE FUNCTION create_source_table(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.source (
			source text PRIMARY KEY CHECK (source = clean_text(source) AND source <> ''),
			name text,
			zone_code text,
			date_formats text[] NOT NULL DEFAULT '{YYYY-MM-DD}' CHECK (check_day_formats(date_formats)),
			decimal_comma boolean NOT NULL DEFAULT false,
			srid integer,
			same_row_is_same boolean NOT NULL DEFAULT true
		);
	$sql$, map);
	PERFORM comment_table(map, 'source',
		'How the lists of a source are to be read. A source without a row here writes ISO dates, decimal points and the map''s coordinates.',
		'source', 'Name of the source, as in reports.',
		'name', 'Name for people.',
		'zone_code', 'Code of the zone, ward or district whose reports the source brings; empty: of the whole map.',
		'date_formats', 'The formats of its dates, as georisk.read_day takes them: {DD/MM/YYYY}, {DD/MM/YYYY,YYYY-MM-DD}. Nothing else is read as a date.',
		'decimal_comma', 'True where numbers have a decimal comma: 106,7.',
		'srid', 'The coordinate system of its points, where a row does not say its own; empty: the map''s.',
		'same_row_is_same', 'A row without external_id that is alike in everything to one that came before: true, the default, makes it a duplicate, as often as it was there before; false makes it a new report.');
END
$$;
COMMENT ON FUNCTION create_source_table(text) IS
'Internal, used by create_map: the table source of a map.';

CREATE FUNCTION create_report_in(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.report_in (
			source text, external_id text, revision text, withdrawn text, disease text, status text, setting text,
			origin text, link text, onset_day text, sample_day text, report_day text, n text, household text,
			zone_code text, geom text, x text, y text, srid text, geocode_quality text, note text, line text,
			submission text,
			arrived bigint GENERATED BY DEFAULT AS IDENTITY
		);
	$sql$, map);
	PERFORM comment_table(map, 'report_in',
		'Reports as people have them, in plain text: fill it by COPY or INSERT, then call georisk.submit_reports, best in the same transaction. Nothing that is typed here is refused before that; submit_reports empties it, and every row becomes a report, a duplicate or a row of rejected_report. White space, byte order marks and carriage returns around a value do not matter; an empty value is a missing one.',
		'source', 'Who sends the report; empty: whoever submits next.',
		'external_id', 'The source''s own number of the report. With it a report can be corrected and withdrawn.',
		'revision', 'The source''s version of the report, a whole number; empty: 1, or 2 where the row withdraws the report.',
		'withdrawn', 'true, yes, t, y or 1 where the source takes the report back; false, no, f, n, 0 or empty otherwise.',
		'disease', 'The disease reported.',
		'status', 'confirmed, probable, suspected or discarded.',
		'setting', 'residence, visited, isolation or hospital.',
		'origin', 'community or imported.',
		'link', 'known or unknown.',
		'onset_day', 'First day of symptoms, in a format of the source.',
		'sample_day', 'Day of the sample, in a format of the source.',
		'report_day', 'Day of the report, in a format of the source. Only a withdrawal may do without.',
		'n', 'How many cases the row stands for; empty: 1.',
		'household', 'The household.',
		'zone_code', 'Code or alias of the zone.',
		'geom', 'The point as WKT or EWKT, POINT(106.7 10.77), or as hexadecimal WKB; instead of x and y.',
		'x', 'Longitude or easting of the point.',
		'y', 'Latitude or northing of the point.',
		'srid', 'The coordinate system of the point; empty: the source''s, else the map''s.',
		'geocode_quality', 'exact, address, street, area, ward or unmatched.',
		'note', 'Anything else.',
		'line', 'Number of the line in the file; empty: the row''s place among those submitted together.',
		'submission', 'A label for rows that belong together; submit_reports can take them alone.',
		'arrived', 'Order of arrival.');
END
$$;
COMMENT ON FUNCTION create_report_in(text) IS
'Internal, used by create_map: the table report_in of a map.';

CREATE FUNCTION create_submission_tables(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.submission (
			submission_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			source text NOT NULL,
			label text,
			file text,
			submitted_by text NOT NULL DEFAULT session_user,
			submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
			complete_until date CHECK (isfinite(complete_until)),
			received integer NOT NULL DEFAULT 0,
			placed_by_code integer NOT NULL DEFAULT 0,
			placed_by_point integer NOT NULL DEFAULT 0,
			outside integer NOT NULL DEFAULT 0,
			no_place integer NOT NULL DEFAULT 0,
			unknown_code integer NOT NULL DEFAULT 0,
			bad_point integer NOT NULL DEFAULT 0,
			not_precise integer NOT NULL DEFAULT 0,
			waiting integer NOT NULL DEFAULT 0,
			lost_in_boundary_change integer NOT NULL DEFAULT 0,
			superseded integer NOT NULL DEFAULT 0,
			withdrawn integer NOT NULL DEFAULT 0,
			duplicate integer NOT NULL DEFAULT 0,
			rejected integer NOT NULL DEFAULT 0,
			CONSTRAINT nothing_is_lost CHECK (received = placed_by_code + placed_by_point + outside + no_place
				+ unknown_code + bad_point + not_precise + waiting + lost_in_boundary_change + superseded + withdrawn
				+ duplicate + rejected)
		);
		CREATE INDEX submission_by_source ON %1$I.submission (source, submission_id);
		CREATE TABLE %1$I.rejected_report (
			rejected_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			submission_id integer NOT NULL REFERENCES %1$I.submission,
			source text NOT NULL,
			line bigint NOT NULL,
			reason text NOT NULL CHECK (reason IN ('missing_day', 'unreadable_day', 'implausible_day', 'future_day',
				'unreadable_number', 'unknown_word', 'missing_external_id', 'too_long', 'conflicting_content')),
			detail text,
			hint text,
			original jsonb NOT NULL
		);
		CREATE INDEX rejected_report_of ON %1$I.rejected_report (submission_id, line);
	$sql$, map);
	PERFORM comment_table(map, 'submission',
		'The receipts: one row for each call of georisk.submit_reports. The outcomes are those at that time and add up to the rows received; later revisions, aliases and zone sets change what becomes of a report, not its receipt.',
		'submission_id', 'Number of the submission.',
		'source', 'Who sent the reports.',
		'label', 'The label of the rows, where only those were submitted.',
		'file', 'The file that they came from.',
		'submitted_by', 'The role that submitted.',
		'submitted_at', 'When.',
		'complete_until', 'The day until which the source says that its reports are complete, this submission included; empty where it does not say.',
		'received', 'Rows taken from report_in.',
		'placed_by_code', 'Placed by code or alias.',
		'placed_by_point', 'Placed by their point.',
		'outside', 'Point outside every zone.',
		'no_place', 'Neither code nor point.',
		'unknown_code', 'Place not recognised: see unmatched_places.',
		'bad_point', 'A point was given, but none that can be read.',
		'not_precise', 'Known to the ward at best.',
		'waiting', 'No zone set in force yet.',
		'lost_in_boundary_change', 'Of a day of an older zone set, and in no zone of the one in force.',
		'superseded', 'A higher revision was there or came in the same submission.',
		'withdrawn', 'Withdrawals.',
		'duplicate', 'The same report in the same revision and with the same content was there before.',
		'rejected', 'Not taken as a report: see rejected_report.');
	PERFORM comment_table(map, 'rejected_report',
		'Rows that could not be taken as reports, as they came. Mend what is wrong at the source or here, put them into report_in again, and delete them when they are settled.',
		'rejected_id', 'Number of the row.',
		'submission_id', 'The submission that it came with.',
		'source', 'Who sent it.',
		'line', 'Its line in the file, or its place among the rows submitted together.',
		'reason', 'missing_day, unreadable_day (fits no format of the source), implausible_day (before 1900), future_day (after the map''s day), unreadable_number, unknown_word, missing_external_id (a withdrawal that does not say of what), too_long, conflicting_content (the same report in the same revision is there with another content; that one stays).',
		'detail', 'The column and the value.',
		'hint', 'What to do, in the map''s language.',
		'original', 'The row as it came: columns of report_in and their text.');
END
$$;
COMMENT ON FUNCTION create_submission_tables(text) IS
'Internal, used by create_map: the tables submission and rejected_report of a map.';
CREATE FUNCTION intake_hint(reason text, lang text DEFAULT 'en') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT CASE reason || ' ' || lang
		WHEN 'missing_day en' THEN 'Every report needs the day on which it was made.'
		WHEN 'missing_day vi' THEN 'Báo cáo nào cũng cần ngày báo cáo.'
		WHEN 'unreadable_day en' THEN 'It is no date in the formats that the table source declares for this source: correct the date, or declare the format.'
		WHEN 'unreadable_day vi' THEN 'Không phải ngày theo định dạng đã khai trong bảng source: sửa ngày, hoặc khai thêm định dạng.'
		WHEN 'implausible_day en' THEN 'It is before 1900: perhaps a year of two digits, written as four.'
		WHEN 'implausible_day vi' THEN 'Trước năm 1900: có lẽ năm chỉ có hai chữ số nhưng viết thành bốn.'
		WHEN 'future_day en' THEN 'It is after the map''s day: day and month may be swapped, or the map''s day may be pinned.'
		WHEN 'future_day vi' THEN 'Sau ngày của bản đồ: có lẽ đảo ngày và tháng, hoặc ngày của bản đồ đang bị ghim.'
		WHEN 'unreadable_number en' THEN 'It is no whole number of at most nine digits, or less than it may be.'
		WHEN 'unreadable_number vi' THEN 'Không phải số nguyên tối đa chín chữ số, hoặc nhỏ hơn mức cho phép.'
		WHEN 'unknown_word en' THEN 'The column knows only the words that its comment in report_in lists.'
		WHEN 'unknown_word vi' THEN 'Cột này chỉ nhận các từ ghi trong chú thích của nó ở report_in.'
		WHEN 'missing_external_id en' THEN 'A withdrawal must name the report that it takes back.'
		WHEN 'missing_external_id vi' THEN 'Muốn rút báo cáo phải ghi rõ mã báo cáo.'
		WHEN 'too_long en' THEN 'At most 1000 bytes.'
		WHEN 'too_long vi' THEN 'Tối đa 1000 byte.'
		WHEN 'conflicting_content en' THEN 'The same report in the same revision is there with another content, and stays. A correction needs a higher revision.'
		WHEN 'conflicting_content vi' THEN 'Báo cáo này, cùng lần sửa, đã có với nội dung khác và được giữ nguyên. Muốn sửa phải tăng số lần sửa (revision).'
		WHEN 'lon_lat_swapped en' THEN 'The point lies in the map if x and y change places.'
		WHEN 'lon_lat_swapped vi' THEN 'Điểm nằm trong bản đồ nếu đổi chỗ x và y.'
		WHEN 'point_at_zero en' THEN 'The point is (0, 0): most likely the address was not found.'
		WHEN 'point_at_zero vi' THEN 'Điểm là (0, 0): có lẽ không tìm được địa chỉ.'
		WHEN 'far_from_zones en' THEN 'The point is far from every zone: another place of the same name, or another coordinate system.'
		WHEN 'far_from_zones vi' THEN 'Điểm ở rất xa mọi vùng: nơi khác cùng tên, hoặc hệ tọa độ khác.'
		WHEN 'unreadable_point en' THEN 'A point was given, but not as two numbers: perhaps a decimal comma that the table source does not declare.'
		WHEN 'unreadable_point vi' THEN 'Có tọa độ nhưng không phải hai số: có lẽ dùng dấu phẩy thập phân mà bảng source chưa khai.'
		WHEN 'unknown_srid en' THEN 'spatial_ref_sys does not know the SRID of the point.'
		WHEN 'unknown_srid vi' THEN 'spatial_ref_sys không có SRID của điểm.'
		WHEN 'point_not_in_srid en' THEN 'The point cannot be in the coordinate system that it is said to be in.'
		WHEN 'point_not_in_srid vi' THEN 'Điểm không thể thuộc hệ tọa độ đã khai.'
	END;
END;
COMMENT ON FUNCTION intake_hint(text, text) IS
'What to do about a report that submit_reports rejected or gave a hint: the reason of rejected_report, or the hint of report, in one sentence, in ''en'' or ''vi''. NULL for a word that is neither.';

CREATE FUNCTION read_point(value text, srid integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT CASE
		WHEN value ~* '^(0101000000|0000000001)[0-9a-f]{32}$' THEN ST_SetSRID(value::geometry, srid)
		WHEN value ~* '^(0101000020|0020000001)[0-9a-f]{40}$' THEN value::geometry
		WHEN value ~* '^(SRID=[0-9]{1,6};)?POINT *[(] *[+-]?[0-9]{1,15}([.][0-9]{0,20})? +[+-]?[0-9]{1,15}([.][0-9]{0,20})? *[)]$'
			THEN CASE WHEN value ~* '^SRID' THEN ST_GeomFromEWKT(value) ELSE ST_GeomFromText(value, srid) END
	END;
END;
COMMENT ON FUNCTION read_point(text, integer) IS
'Internal, used by submit_reports: a point in two dimensions as WKT, EWKT or hexadecimal WKB or EWKB; srid is that of a text which names none. NULL where the text is anything else; never an error.';

CREATE FUNCTION point_in_srid(point geometry, srid integer) RETURNS geometry
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN ST_Transform(point, srid);
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION point_in_srid(geometry, integer) IS
'Internal, used by submit_reports: the point in another coordinate system; NULL where it cannot be there, as latitude 106 cannot.';

CREATE FUNCTION read_reports(map text, source text, label text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	way record;
	extent geometry;
	taken integer;
BEGIN
	EXECUTE format($sql$
		SELECT coalesce(s.date_formats, '{YYYY-MM-DD}') AS date_formats, coalesce(s.decimal_comma, false) AS decimal_comma,
			   coalesce(s.srid, m.srid) AS srid, m.srid AS map_srid, m.timezone,
			   coalesce(s.same_row_is_same, true) AS same_row_is_same,
			   coalesce(m.day, (now() AT TIME ZONE m.timezone)::date) AS today
		FROM %1$I.settings m LEFT JOIN %1$I.source s ON s.source = $1
	$sql$, map) INTO STRICT way USING source;
	EXECUTE format($sql$
		SELECT ST_SetSRID(ST_Extent(z.geom)::geometry, $1) FROM %1$I.zone z
		WHERE z.is_leaf AND z.zone_set_id = (SELECT zone_set_id FROM %1$I.zone_set WHERE activated_at IS NOT NULL
											 ORDER BY valid_from DESC, zone_set_id DESC LIMIT 1)
	$sql$, map) INTO extent USING way.map_srid;

	DROP TABLE IF EXISTS pg_temp.georisk_intake;
	EXECUTE format($sql$
		CREATE TEMP TABLE georisk_intake (
			arrived bigint, line bigint, raw %1$I.report_in, verdict text, problem text[], copy integer,
			external_id text, revision integer, withdrawn boolean, disease text, status text, setting text,
			origin text, link text, onset_day date, sample_day date, report_day date, day_given boolean, n integer,
			household text, zone_code text, geom geometry, geocode_quality text, note text, hint text
		) ON COMMIT DROP
	$sql$, map);
	EXECUTE format($sql$
		WITH taken AS (
			DELETE FROM %1$I.report_in i
			WHERE coalesce(clean_text(i.source), '') IN ('', $1) AND ($2 IS NULL OR clean_text(i.submission) = $2)
			RETURNING i.*, i AS raw
		), cleaned AS (
			SELECT raw, arrived,
				   nullif(clean_text(external_id), '') AS external_id,
				   nullif(clean_text(revision), '') AS revision,
				   coalesce(nullif(lower(clean_text(withdrawn) COLLATE "C"), ''), 'false') AS withdrawn,
				   nullif(clean_text(disease), '') AS disease,
				   nullif(lower(clean_text(status) COLLATE "C"), '') AS status,
				   nullif(lower(clean_text(setting) COLLATE "C"), '') AS setting,
				   nullif(lower(clean_text(origin) COLLATE "C"), '') AS origin,
				   nullif(lower(clean_text(link) COLLATE "C"), '') AS link,
				   nullif(clean_text(onset_day), '') AS onset_text,
				   nullif(clean_text(sample_day), '') AS sample_text,
				   nullif(clean_text(report_day), '') AS report_text,
				   nullif(clean_text(n), '') AS n,
				   nullif(clean_text(household), '') AS household,
				   nullif(clean_text(zone_code), '') AS zone_code,
				   nullif(clean_text(geom), '') AS geom,
				   nullif(clean_text(x), '') AS x,
				   nullif(clean_text(y), '') AS y,
				   nullif(clean_text(srid), '') AS srid,
				   nullif(lower(clean_text(geocode_quality) COLLATE "C"), '') AS geocode_quality,
				   nullif(clean_text(note), '') AS note,
				   clean_text(line) AS line
			FROM taken OFFSET 0
		), typed AS (
			SELECT c.*,
				   withdrawn IN ('true', 't', 'yes', 'y', '1') AS takes_back,
				   read_day(onset_text, $3, $8) AS onset_day, read_day(sample_text, $3, $8) AS sample_day,
				   read_day(report_text, $3, $8) AS report_day,
				   coalesce(read_number(n, $4), CASE WHEN n IS NULL THEN 1 END) AS number,
				   read_number(revision, $4) AS version,
				   coalesce(geom, x, y) IS NOT NULL AS has_point,
				   CASE WHEN geom IS NOT NULL
						THEN read_point(geom, CASE WHEN srid IS NULL THEN $5 WHEN srid ~ '^[0-9]{1,6}$' THEN srid::integer ELSE 0 END)
						ELSE ST_SetSRID(ST_MakePoint(read_number(x, $4), read_number(y, $4)),
							CASE WHEN srid IS NULL THEN $5 WHEN srid ~ '^[0-9]{1,6}$' THEN srid::integer ELSE 0 END) END AS point
			FROM cleaned c OFFSET 0
		), pointed AS (
			SELECT t.*,
				   CASE WHEN NOT has_point THEN NULL
						WHEN ST_SRID(point) = $6 THEN point
						WHEN ST_SRID(point) IN (SELECT s.srid FROM spatial_ref_sys s) THEN
							coalesce(point_in_srid(point, $6), ST_SetSRID('POINT EMPTY'::geometry, $6))
						ELSE ST_SetSRID('POINT EMPTY'::geometry, $6) END AS there
			FROM typed t OFFSET 0
		), judged AS (
			SELECT p.*,
				   CASE WHEN there && $9 OR NOT has_point THEN NULL
						WHEN point IS NULL THEN 'unreadable_point'
						WHEN ST_SRID(point) <> $6 AND ST_SRID(point) NOT IN (SELECT s.srid FROM spatial_ref_sys s)
							THEN 'unknown_srid'
						WHEN ST_X(point) = 0 AND ST_Y(point) = 0 THEN 'point_at_zero'
						WHEN CASE WHEN ST_SRID(point) = $6 THEN ST_FlipCoordinates(point)
								  ELSE point_in_srid(ST_FlipCoordinates(point), $6) END && $9 THEN 'lon_lat_swapped'
						WHEN ST_IsEmpty(there) THEN 'point_not_in_srid'
						WHEN NOT there && ST_Expand($9, greatest(ST_XMax($9) - ST_XMin($9), ST_YMax($9) - ST_YMin($9)))
							THEN 'far_from_zones' END AS hint,
				   CASE WHEN octet_length(external_id) > 1000 THEN ARRAY['too_long', 'external_id', external_id]
						WHEN withdrawn NOT IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0')
							THEN ARRAY['unknown_word', 'withdrawn', withdrawn]
						WHEN takes_back AND external_id IS NULL THEN ARRAY['missing_external_id', NULL, NULL]
						WHEN report_text IS NULL AND NOT takes_back THEN ARRAY['missing_day', 'report_day', NULL]
						WHEN report_day IS NULL AND report_text IS NOT NULL THEN ARRAY['unreadable_day', 'report_day', report_text]
						WHEN onset_day IS NULL AND onset_text IS NOT NULL THEN ARRAY['unreadable_day', 'onset_day', onset_text]
						WHEN sample_day IS NULL AND sample_text IS NOT NULL THEN ARRAY['unreadable_day', 'sample_day', sample_text]
						WHEN report_day < '1900-01-01' THEN ARRAY['implausible_day', 'report_day', report_text]
						WHEN onset_day < '1900-01-01' THEN ARRAY['implausible_day', 'onset_day', onset_text]
						WHEN sample_day < '1900-01-01' THEN ARRAY['implausible_day', 'sample_day', sample_text]
						WHEN report_day > $7 THEN ARRAY['future_day', 'report_day', report_text]
						WHEN onset_day > $7 THEN ARRAY['future_day', 'onset_day', onset_text]
						WHEN sample_day > $7 THEN ARRAY['future_day', 'sample_day', sample_text]
						WHEN (number BETWEEN 0 AND 999999999 AND number = floor(number)) IS NOT TRUE
							THEN ARRAY['unreadable_number', 'n', n]
						WHEN revision IS NOT NULL AND (abs(version) < 1000000000 AND version = floor(version)) IS NOT TRUE THEN ARRAY['unreadable_number', 'revision', revision]
						WHEN status NOT IN ('confirmed', 'probable', 'suspected', 'discarded')
							THEN ARRAY['unknown_word', 'status', status]
						WHEN setting NOT IN ('residence', 'visited', 'isolation', 'hospital')
							THEN ARRAY['unknown_word', 'setting', setting]
						WHEN origin NOT IN ('community', 'imported') THEN ARRAY['unknown_word', 'origin', origin]
						WHEN link NOT IN ('known', 'unknown') THEN ARRAY['unknown_word', 'link', link]
						WHEN geocode_quality NOT IN ('exact', 'address', 'street', 'area', 'ward', 'unmatched')
							THEN ARRAY['unknown_word', 'geocode_quality', geocode_quality] END AS problem,
				   coalesce(report_day, $7) AS day,
				   coalesce(version, CASE WHEN takes_back THEN 2 ELSE 1 END) AS said_revision,
				   CASE WHEN external_id IS NULL AND $10
						THEN left(encode(sha256(convert_to(jsonb_build_array(version, disease, status, setting, origin, link,
							onset_day, sample_day, report_day, number, household, zone_code, there::text, geocode_quality,
							note)::text, 'UTF8')), 'hex'), 32) END AS alike
			FROM pointed p OFFSET 0
		), copies AS (
			SELECT j.*, row_number() OVER (ORDER BY arrived) AS place,
				   row_number() OVER (PARTITION BY coalesce(external_id, alike) COLLATE "C", external_id IS NULL, said_revision, problem IS NULL
					ORDER BY takes_back, day, number, status COLLATE "C", setting COLLATE "C", origin COLLATE "C", link COLLATE "C",
						onset_day, sample_day, zone_code COLLATE "C", there::text COLLATE "C", household COLLATE "C",
						disease COLLATE "C", geocode_quality COLLATE "C", note COLLATE "C", arrived) AS copy
			FROM judged j
		)
		INSERT INTO georisk_intake
		SELECT arrived, CASE WHEN line ~ '^[0-9]{1,18}$' THEN line::bigint ELSE place END, raw,
			   CASE WHEN problem IS NOT NULL THEN 'rejected' END, problem,
			   CASE WHEN external_id IS NULL THEN 1 ELSE copy END,
			   coalesce(external_id, 'row:' || alike || ':' || copy), CASE WHEN problem IS NULL THEN said_revision END, takes_back, disease, status, setting,
			   origin, link, onset_day, sample_day, day, report_text IS NOT NULL, CASE WHEN problem IS NULL THEN number END, household, zone_code, there,
			   geocode_quality, note, hint
		FROM copies
	$sql$, map) USING source, label, way.date_formats, way.decimal_comma, way.srid, way.map_srid, way.today,
		way.timezone, extent, way.same_row_is_same;
	GET DIAGNOSTICS taken = ROW_COUNT;
	RETURN taken;
END
$$;
COMMENT ON FUNCTION read_reports(text, text, text) IS
'Internal, used by submit_reports: moves what waits in report_in of a source, or its rows of one label, into the temporary table georisk_intake, read as the source declares. A row that is no report has a problem there: reason, column, value. A report without external_id gets one made of its content and of how often that came, unless the source says otherwise. Returns the number of rows.';
CREATE FUNCTION compare_reports(map text, source text, taken integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	-- a withdrawal that gives no day agrees with any
	alike CONSTANT text := '(r.report_day = w.report_day OR NOT w.day_given)
		AND (r.withdrawn, nullif(clean_text(r.disease), ''''), r.status, r.setting, r.origin, r.link, r.onset_day, r.sample_day,
			r.n, nullif(clean_text(r.household), ''''), nullif(clean_text(r.zone_code), ''''), r.geom, r.geocode_quality,
			nullif(clean_text(r.note), ''''))
		IS NOT DISTINCT FROM (w.withdrawn, w.disease, w.status, w.setting, w.origin, w.link, w.onset_day, w.sample_day,
			w.n, w.household, w.zone_code, w.geom, w.geocode_quality, w.note)';
	compared CONSTANT text := 'UPDATE georisk_intake w SET verdict = CASE WHEN %1$s THEN ''duplicate'' ELSE ''rejected'' END,
			problem = CASE WHEN NOT (%1$s) THEN ARRAY[''conflicting_content'', ''external_id'', w.external_id] END
		FROM %2$s r
		WHERE w.verdict IS NULL AND w.external_id = r.external_id AND w.revision = r.revision AND %3$s';
BEGIN
	EXECUTE format(compared, alike, format('%I.report', map), 'r.source = $1') USING source;
	PERFORM plan_for(NULL);
	EXECUTE format(compared, alike, 'georisk_intake', 'w.copy > 1 AND r.copy = 1 AND r.verdict IS NULL');
	PERFORM plan_for(taken);
END
$$;
COMMENT ON FUNCTION compare_reports(text, text, integer) IS
'Internal, used by submit_reports: of the rows in georisk_intake, those that are in report already, or earlier among themselves, by source, external_id and revision, are duplicates where all their content is the same, else rejected.';

CREATE FUNCTION plan_for(rows integer) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 1
BEGIN ATOMIC
	SELECT set_config(name, CASE WHEN (rows < 2000) IS TRUE = few THEN 'on' ELSE 'off' END, true)
	FROM (VALUES ('enable_nestloop', true), ('enable_hashjoin', false), ('enable_seqscan', false)) AS setting (name, few);
END;
COMMENT ON FUNCTION plan_for(integer) IS
'Internal, used by submit_reports, which knows how many rows there are where the planner, of tables just filled or vacuumed while empty, does not: a few go through the indexes, many through hash joins. A merge join may take one key of two and is never taken. NULL is many.';

CREATE FUNCTION write_reports(map text, source text, submission integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	written record;
BEGIN
	-- With DO NOTHING a transaction that cannot see another's row fails as it should: 40001, try again.
	EXECUTE format($sql$
		WITH written AS (
			INSERT INTO %1$I.report (source, external_id, revision, withdrawn, disease, status, setting, origin, link,
				onset_day, sample_day, report_day, n, household, zone_code, geom, geocode_quality, note,
				submission_id, line, hint, given)
			SELECT $1, external_id, revision, withdrawn, disease, status, setting, origin, link,
				   onset_day, sample_day, report_day, n, household, zone_code, geom, geocode_quality, note,
				   $2, line, hint, CASE WHEN hint IS NOT NULL THEN jsonb_strip_nulls(to_jsonb(raw)) - 'arrived' END
			FROM georisk_intake WHERE verdict IS NULL ORDER BY external_id COLLATE "C", revision
			%2$s
			RETURNING report_id
		)
		SELECT min(report_id) AS first, max(report_id) AS last FROM written
	$sql$, map, CASE WHEN current_setting('transaction_isolation') <> 'read committed' THEN 'ON CONFLICT DO NOTHING' END)
		INTO written USING source, submission;
	EXECUTE format($sql$
		INSERT INTO %1$I.rejected_report (submission_id, source, line, reason, detail, hint, original)
		SELECT $2, $1, line, problem[1], concat_ws(' ', problem[2], '"' || left(problem[3], 100) || '"'),
			   intake_hint(problem[1], (SELECT lang FROM %1$I.settings)), jsonb_strip_nulls(to_jsonb(raw)) - 'arrived'
		FROM georisk_intake WHERE verdict = 'rejected' ORDER BY arrived
	$sql$, map) USING source, submission;
	EXECUTE format($sql$
		UPDATE %1$I.submission SET (received, duplicate, rejected) =
			(SELECT count(*), count(*) FILTER (WHERE verdict = 'duplicate'), count(*) FILTER (WHERE verdict = 'rejected')
			 FROM georisk_intake),
			(placed_by_code, placed_by_point, outside, no_place, unknown_code, bad_point, not_precise, waiting,
			 lost_in_boundary_change, superseded, withdrawn) =
			(SELECT count(*) FILTER (WHERE outcome = 'placed_by_code'), count(*) FILTER (WHERE outcome = 'placed_by_point'),
					count(*) FILTER (WHERE outcome = 'outside'), count(*) FILTER (WHERE outcome = 'no_place'),
					count(*) FILTER (WHERE outcome = 'unknown_code'), count(*) FILTER (WHERE outcome = 'bad_point'),
					count(*) FILTER (WHERE outcome = 'not_precise'), count(*) FILTER (WHERE outcome = 'waiting'),
					count(*) FILTER (WHERE outcome = 'lost_in_boundary_change'),
					count(*) FILTER (WHERE outcome = 'superseded'), count(*) FILTER (WHERE outcome = 'withdrawn')
			 FROM %1$I.report WHERE report_id BETWEEN $2 AND $3 AND submission_id = $1)
		WHERE submission_id = $1
	$sql$, map) USING submission, written.first, written.last;
END
$$;
COMMENT ON FUNCTION write_reports(text, text, integer) IS
'Internal, used by submit_reports: writes the rows of georisk_intake into report and rejected_report, and counts the outcomes into the receipt.';

CREATE FUNCTION check_submission(map text, source text, complete_until date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	today date;
BEGIN
	PERFORM need_map(map);
	IF coalesce(clean_text(source), '') = '' THEN
		RAISE EXCEPTION 'the source of the reports is missing' USING
			ERRCODE = 'null_value_not_allowed',
			HINT = format('georisk.submit_reports(%L, ''ward Ben Nghe'')', map);
	END IF;
	EXECUTE format('SELECT coalesce(day, (now() AT TIME ZONE timezone)::date) FROM %I.settings', map) INTO today;
	IF complete_until > today OR NOT isfinite(complete_until) THEN
		RAISE EXCEPTION 'reports cannot be complete until %, which is after the map''s day',
			CASE WHEN isfinite(complete_until) THEN to_char(complete_until, 'YYYY-MM-DD') ELSE complete_until::text END USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The map''s day is %s.', to_char(today, 'YYYY-MM-DD'));
	END IF;
END
$$;
COMMENT ON FUNCTION check_submission(text, text, date) IS
'Internal, used by submit_reports: an error where there is no such map, no source, or a day of completeness that has not come yet.';

CREATE FUNCTION submit_reports(map text, source text, file text DEFAULT NULL, complete_until date DEFAULT NULL,
	label text DEFAULT NULL) RETURNS submission_receipt
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT SET client_min_messages = warning SET jit = off SET work_mem = '64MB'
SET enable_nestloop = on SET enable_hashjoin = on SET enable_mergejoin = off SET enable_seqscan = on AS $$
DECLARE
	sender text := clean_text(source);
	taken integer;
	submission integer;
	receipt submission_receipt;
BEGIN
	PERFORM check_submission(map, source, complete_until);
	PERFORM plan_for(NULL);
	-- An INSERT of nothing waits for its turn as every writer of reports does.
	EXECUTE format('INSERT INTO %I.report (report_day) SELECT NULL::date WHERE false', map);
	taken := read_reports(map, sender, clean_text(label));
	PERFORM plan_for(taken);
	PERFORM compare_reports(map, sender, taken);
	EXECUTE format('INSERT INTO %I.submission (source, label, file, complete_until) VALUES ($1, $2, $3, $4) '
		'RETURNING submission_id', map) INTO submission USING sender, clean_text(label), file, complete_until;
	PERFORM write_reports(map, sender, submission);
	DROP TABLE pg_temp.georisk_intake;
	EXECUTE format($sql$
		SELECT submission_id, source, label, file, submitted_by, submitted_at, complete_until, received, placed_by_code,
			   placed_by_point, outside, no_place, unknown_code, bad_point, not_precise, waiting,
			   lost_in_boundary_change, superseded, withdrawn,
			   duplicate, rejected
		FROM %I.submission WHERE submission_id = $1
	$sql$, map) INTO receipt USING submission;
	RETURN receipt;
END
$$;
COMMENT ON FUNCTION submit_reports(text, text, text, date, text) IS
'Takes what waits in a map''s report_in from one source, and rows that name no source, and gives every row one outcome: a report, a duplicate, or a row of rejected_report with its line and the reason; returns the receipt, a row of the table submission, in which the outcomes add up to the rows received. Dates and numbers are read as the table source declares, ISO otherwise, whatever the session''s settings. Reports are known by source, external_id and revision: revisions and withdrawals may come in any order, the highest counts, and the same file again changes nothing. label takes only the rows of that label in report_in. complete_until says until which day the source''s reports are complete, also where there is nothing else to report; it may not lie after the map''s day. One submission or other writer at a time for a map; the next waits. All or nothing: where it fails, everything still waits in report_in. The caller needs SELECT on settings, source, zone, zone_set and report, INSERT on report, rejected_report and submission, SELECT and UPDATE on submission, and SELECT and DELETE on report_in.';
CREATE FUNCTION create_reporting(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE VIEW %1$I.reporting AS
		WITH sent AS (
			SELECT source, count(*) AS submissions, max(submitted_at) AS last_submitted_at,
				   (array_agg(file ORDER BY submission_id DESC))[1] AS last_file, max(complete_until) AS complete_until,
				   sum(received) AS received
			FROM %1$I.submission GROUP BY source
		), waits AS (
			SELECT coalesce(clean_text(source), '') AS source, count(*) AS waiting FROM %1$I.report_in GROUP BY 1
		), refused AS (
			SELECT source, count(*) AS rejected FROM %1$I.rejected_report GROUP BY source
		), known AS (
			SELECT source FROM %1$I.source UNION SELECT source FROM sent UNION SELECT source FROM waits
		)
		SELECT k.source, s.name, s.zone_code, coalesce(sent.submissions, 0)::integer AS submissions, sent.last_submitted_at,
			   sent.last_file, sent.complete_until,
			   coalesce(m.day, (now() AT TIME ZONE m.timezone)::date) - sent.complete_until AS days_behind,
			   coalesce(sent.received, 0)::bigint AS received, coalesce(waits.waiting, 0)::integer AS waiting,
			   coalesce(refused.rejected, 0)::integer AS rejected
		FROM known k
		CROSS JOIN %1$I.settings m
		LEFT JOIN %1$I.source s ON s.source = k.source
		LEFT JOIN sent ON sent.source = k.source
		LEFT JOIN waits ON waits.source = k.source
		LEFT JOIN refused ON refused.source = k.source;

		CREATE VIEW %1$I.data_quality AS
		WITH outcomes AS (
			SELECT r.source, z.parent_code, (r.recorded_at AT TIME ZONE m.timezone)::date AS day, r.outcome,
				   count(*) AS rows, count(r.hint) AS hints, count(*) FILTER (WHERE r.point_disagrees) AS disagree
			FROM %1$I.report r CROSS JOIN %1$I.settings m LEFT JOIN %1$I.zone z ON z.zone_id = r.zone_id
			GROUP BY 1, 2, 3, 4
			UNION ALL
			SELECT s.source, NULL, (s.submitted_at AT TIME ZONE m.timezone)::date, 'duplicate', sum(s.duplicate), 0, 0
			FROM %1$I.submission s CROSS JOIN %1$I.settings m WHERE s.duplicate > 0 GROUP BY 1, 3
			UNION ALL
			SELECT s.source, NULL, (s.submitted_at AT TIME ZONE m.timezone)::date, 'rejected', count(*), 0, 0
			FROM %1$I.rejected_report j JOIN %1$I.submission s USING (submission_id) CROSS JOIN %1$I.settings m
			GROUP BY 1, 3
		)
		SELECT o.source, o.parent_code, o.day, sum(o.rows)::bigint AS received,
			   %2$s,
			   sum(o.hints)::bigint AS with_hint, sum(o.disagree)::bigint AS point_disagrees
		FROM outcomes o
		GROUP BY o.source, o.parent_code, o.day;
	$sql$, map, (SELECT string_agg(format('coalesce(sum(o.rows) FILTER (WHERE o.outcome = %1$L), 0)::bigint AS %1$I', outcome),
			E',\n\t\t\t   ' ORDER BY place)
		FROM unnest(ARRAY['placed_by_code', 'placed_by_point', 'outside', 'no_place', 'unknown_code', 'bad_point',
			'not_precise', 'waiting', 'lost_in_boundary_change', 'superseded', 'withdrawn', 'duplicate',
			'rejected']) WITH ORDINALITY o (outcome, place)));

	PERFORM comment_table(map, 'reporting',
		'Who reports, and until when: one row for each source that is declared, has submitted or has rows waiting. A source that is days behind is silent, not free of cases.',
		'source', 'Name of the source; empty: rows waiting in report_in that name none.',
		'name', 'Name for people.',
		'zone_code', 'Code of the zone, ward or district whose reports it brings; empty: of the whole map.',
		'submissions', 'How often it submitted.',
		'last_submitted_at', 'When it did last.',
		'last_file', 'From which file.',
		'complete_until', 'The last day for which it ever said that its reports are complete.',
		'days_behind', 'Days from then to the map''s day; empty where it never said.',
		'received', 'Rows received in all its submissions.',
		'waiting', 'Rows in report_in that nobody has submitted yet.',
		'rejected', 'Rows in rejected_report.');
	PERFORM comment_table(map, 'data_quality',
		'What came in, by source, ward and day of receipt, and what has become of it by now; the outcomes add up to the rows received. Reports written directly count, too.',
		'source', 'Who sent the reports.',
		'parent_code', 'Code of the parent (the ward) of the zone in which they were placed; empty for what has no zone, for duplicates and for rejected rows.',
		'day', 'The day on which they were recorded, in the map''s time zone.',
		'received', 'Rows received.',
		'placed_by_code', 'Placed by code or alias.',
		'placed_by_point', 'Placed by their point.',
		'outside', 'Point outside every zone.',
		'no_place', 'Neither code nor point.',
		'unknown_code', 'Place not recognised: see unmatched_places.',
		'bad_point', 'A point was given, but none that can be read.',
		'not_precise', 'Known to the ward at best.',
		'waiting', 'No zone set in force yet.',
		'lost_in_boundary_change', 'Of a day of an older zone set, and in no zone of the one in force.',
		'superseded', 'A higher revision counts.',
		'withdrawn', 'Withdrawals.',
		'duplicate', 'There before, with the same content.',
		'rejected', 'Not taken as a report: see rejected_report.',
		'with_hint', 'Those of them in report with a hint about their point.',
		'point_disagrees', 'Those whose point lies outside the zone that the code names.');
END
$$;
COMMENT ON FUNCTION create_reporting(text) IS
'Internal, used by create_map: the views reporting and data_quality of a map.';

CREATE FUNCTION create_intake(map text) RETURNS void
LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE COST 10000
BEGIN ATOMIC
	SELECT create_zone_alias(map);
	SELECT create_source_table(map);
	SELECT create_report_in(map);
	SELECT create_submission_tables(map);
	SELECT create_reporting(map);
END;
COMMENT ON FUNCTION create_intake(text) IS
'Internal, used by create_map: what a map needs to take reports in as they come.';
CREATE FUNCTION remember_reports() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_remember_reports'
LANGUAGE C PARALLEL UNSAFE COST 10000 SET search_path = pg_catalog;
COMMENT ON FUNCTION remember_reports() IS
'Statement trigger on the table report of a map, after UPDATE and DELETE: keeps in report_past what the rows said that were changed in place or deleted. Rows whose outcome or zone set alone changes, because a higher revision came or because zones were activated, say what they said; where the new zones are valid on all days of a report, so that placement does not keep where it was before, that is kept here. The writer needs no right on report_past.';

CREATE FUNCTION create_report_past(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.report_past (
			report_past_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			report_id bigint NOT NULL,
			source text NOT NULL,
			external_id text,
			revision integer NOT NULL,
			recorded_at timestamptz NOT NULL,
			replaced_at timestamptz NOT NULL,
			withdrawn boolean NOT NULL,
			status text,
			setting text,
			origin text,
			link text,
			report_day date NOT NULL,
			n integer NOT NULL,
			household_key bigint,
			zone_set_id integer,
			zone_id integer,
			possible integer[]
		);
		CREATE INDEX report_past_of ON %1$I.report_past (report_id);
		CREATE INDEX report_past_replaced ON %1$I.report_past (replaced_at);
		CREATE TRIGGER remember_updated AFTER UPDATE ON %1$I.report
			REFERENCING OLD TABLE AS old_reports NEW TABLE AS new_reports
			FOR EACH STATEMENT EXECUTE FUNCTION remember_reports();
		CREATE TRIGGER remember_deleted AFTER DELETE ON %1$I.report
			REFERENCING OLD TABLE AS old_reports FOR EACH STATEMENT EXECUTE FUNCTION remember_reports();
	$sql$, map);

	PERFORM comment_table(map, 'report_past',
		'What rows of report said before they were changed in place or deleted, so that zone_risk_at can show what was known on an earlier day. Corrections that come as a new revision, as they should, leave nothing here. Where the law wants a report forgotten, delete it here too; TRUNCATE of report keeps nothing.',
		'report_past_id', 'Number of the row.',
		'report_id', 'Number of the row in report.',
		'source', 'Who sent the report.',
		'external_id', 'The source''s own number of the report.',
		'revision', 'The source''s version of the report.',
		'recorded_at', 'When the report was written.',
		'replaced_at', 'When it was changed or deleted: until then it said this.',
		'withdrawn', 'True where the source had taken the report back.',
		'status', 'confirmed, probable, suspected or discarded.',
		'setting', 'residence, visited, isolation or hospital.',
		'origin', 'community or imported.',
		'link', 'Whether the source of the infection was known or unknown.',
		'report_day', 'Day of the report.',
		'n', 'How many cases the row stood for.',
		'household_key', 'The household as a number that means nothing outside this map.',
		'zone_set_id', 'The zone set in which it was placed; there is a row for each.',
		'zone_id', 'The zone in which it was placed in that set; empty where in none.',
		'possible', 'Other zones of that set in which it might have been, as possible_place had them.');
END
$$;
COMMENT ON FUNCTION create_report_past(text) IS
'Internal, used by create_map: the table report_past of a map and the triggers on report that fill it.';
CREATE FUNCTION create_zone_neighbour_table(map text, srid integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_neighbour (
			zone_id integer NOT NULL,
			neighbour_id integer NOT NULL,
			shared_m double precision NOT NULL,
			gap_m double precision NOT NULL,
			PRIMARY KEY (zone_id, neighbour_id)
		);
		CREATE TABLE %1$I.zone_ancestor (
			zone_id integer NOT NULL,
			ancestor_id integer NOT NULL,
			PRIMARY KEY (zone_id, ancestor_id)
		);
		CREATE TABLE %1$I.zone_point (
			zone_id integer PRIMARY KEY,
			latitude double precision NOT NULL,
			longitude double precision NOT NULL,
			geom geometry(Point, %2$s) NOT NULL
		);
		CREATE TABLE %1$I.zone_union (
			zone_id integer PRIMARY KEY,
			geom geometry(MultiPolygon, %2$s) NOT NULL
		);
	$sql$, map, srid);
	PERFORM comment_table(map, 'zone_neighbour',
		'Which zones are next to each other, each pair in both directions; made by georisk.activate_zones.',
		'zone_id', 'Number of the zone.',
		'neighbour_id', 'Number of the zone next to it.',
		'shared_m', 'Metres of border that both have; 0 where they touch in a point.',
		'gap_m', 'Metres between them; 0 where they touch.');
	PERFORM comment_table(map, 'zone_ancestor',
		'Which zones each zone that gets a tier is part of, on every level; made by georisk.activate_zones.',
		'zone_id', 'Number of the zone.',
		'ancestor_id', 'Number of a zone that it is part of: its parent, its parent''s parent and so on.');
	PERFORM comment_table(map, 'zone_point',
		'A point inside each zone that gets a tier, for maps of points; made by georisk.activate_zones.',
		'zone_id', 'Number of the zone.',
		'latitude', 'Latitude of the point in degrees, WGS 84.',
		'longitude', 'Longitude of the point in degrees, WGS 84.',
		'geom', 'The point, in the map''s coordinate system.');
	PERFORM comment_table(map, 'zone_union',
		'The ground of each parent without a polygon of its own: that of all the zones below it, as one; made by georisk.activate_zones.',
		'zone_id', 'Number of the parent.',
		'geom', 'The polygon.');
END
$$;
COMMENT ON FUNCTION create_zone_neighbour_table(text, integer) IS
'Internal, used by create_map: the tables zone_neighbour, zone_ancestor, zone_point and zone_union of a map.';

CREATE FUNCTION survey_zones(map text, zone_set_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		INSERT INTO %1$I.zone_neighbour (zone_id, neighbour_id, shared_m, gap_m)
		SELECT n.zone_id, n.neighbour_id, n.shared_m, n.gap_m
		FROM %1$I.zone_set s, zone_neighbours(s.index) n
		WHERE s.zone_set_id = $1
	$sql$, map) USING zone_set_id;
	EXECUTE format($sql$
		INSERT INTO %1$I.zone_point (zone_id, latitude, longitude, geom)
		SELECT p.zone_id, ST_Y(p.degrees), ST_X(p.degrees), p.geom
		FROM (SELECT i.zone_id, i.geom, ST_Transform(i.geom, 4326) AS degrees
			  FROM (SELECT z.zone_id, ST_PointOnSurface(z.geom) AS geom FROM %1$I.zone z
					WHERE z.zone_set_id = $1 AND z.is_leaf OFFSET 0) i OFFSET 0) p
	$sql$, map) USING zone_set_id;
	EXECUTE format($sql$
		WITH RECURSIVE above AS (
			SELECT z.zone_id, z.parent_id AS ancestor_id FROM %1$I.zone z
			WHERE z.zone_set_id = $1 AND z.is_leaf AND z.parent_id IS NOT NULL
			UNION
			SELECT a.zone_id, p.parent_id FROM above a JOIN %1$I.zone p ON p.zone_id = a.ancestor_id
			WHERE p.parent_id IS NOT NULL
		)
		INSERT INTO %1$I.zone_ancestor (zone_id, ancestor_id) SELECT zone_id, ancestor_id FROM above
	$sql$, map) USING zone_set_id;
	EXECUTE format('ANALYZE %1$I.zone_neighbour, %1$I.zone_ancestor, %1$I.zone_point', map);
	EXECUTE format($sql$
		INSERT INTO %1$I.zone_union (zone_id, geom)
		SELECT p.zone_id, ST_Multi(ST_Union(z.geom))
		FROM %1$I.zone p
		JOIN %1$I.zone_ancestor a ON a.ancestor_id = p.zone_id
		JOIN %1$I.zone z ON z.zone_id = a.zone_id
		WHERE p.zone_set_id = $1 AND (p.geom IS NULL OR ST_IsEmpty(p.geom))
		GROUP BY p.zone_id
	$sql$, map) USING zone_set_id;
	EXECUTE format('ANALYZE %1$I.zone_union', map);
END
$$;
COMMENT ON FUNCTION survey_zones(text, integer) IS
'Internal, used by activate_zones: stores what views need to know of the zones of a set and would take too long to find out on reading: who is next to whom, who is part of whom, a point in each zone, and the ground of parents without a polygon.';
CREATE FUNCTION create_assessment_tables(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.assessment (
			assessment_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			layer_id integer NOT NULL REFERENCES %1$I.layer,
			as_of date NOT NULL CHECK (isfinite(as_of)),
			known_at timestamptz NOT NULL,
			before_id integer REFERENCES %1$I.assessment,
			zone_set_id integer NOT NULL REFERENCES %1$I.zone_set,
			policy_name text NOT NULL,
			policy text NOT NULL,
			previous text NOT NULL DEFAULT 'recomputed' CHECK (previous IN ('recomputed', 'announced')),
			assessed_by text NOT NULL DEFAULT current_user,
			made_by text NOT NULL
		);
		CREATE INDEX assessment_by_day ON %1$I.assessment (layer_id, as_of, assessment_id);
		CREATE TABLE %1$I.assessment_tier (
			assessment_tier_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			assessment_id integer NOT NULL REFERENCES %1$I.assessment ON DELETE CASCADE,
			zone_id integer NOT NULL,
			code text COLLATE "C" NOT NULL,
			tier_rank smallint,
			tier text NOT NULL,
			tier_label text,
			tier_color text,
			reason text,
			cases integer,
			households_affected integer,
			population integer,
			households integer,
			rate_100k double precision,
			days_since_last integer,
			window_start date,
			window_end date,
			complete_until date,
			since date NOT NULL,
			previous_tier text,
			UNIQUE (assessment_id, code)
		);
		CREATE TABLE %1$I.tier_change (
			tier_change_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			assessment_id integer NOT NULL REFERENCES %1$I.assessment ON DELETE CASCADE,
			before_id integer NOT NULL REFERENCES %1$I.assessment ON DELETE CASCADE,
			as_of date NOT NULL,
			zone_id integer NOT NULL,
			code text COLLATE "C" NOT NULL,
			from_rank smallint,
			from_tier text,
			tier_rank smallint,
			tier text,
			reason text,
			UNIQUE (assessment_id, code)
		);
		CREATE INDEX tier_change_by_zone ON %1$I.tier_change (code, as_of);
	$sql$, map);

	PERFORM comment_table(map, 'assessment',
		'Recorded runs, made by georisk.assess: which tiers were found for a day, by which rule, on which zones and from which reports. A day that is assessed again gets another row, and the newest counts. Tiers and numbers are in assessment_tier, what changed in tier_change.',
		'assessment_id', 'Number of the assessment.',
		'layer_id', 'The layer that was assessed.',
		'as_of', 'The day that was judged.',
		'known_at', 'Everything recorded until then was used, and nothing later: zone_risk_at(as_of, known_at) finds the same again.',
		'before_id', 'The assessment that this one was compared with: the newest of the last day assessed before as_of; empty where there was none.',
		'zone_set_id', 'The zone set that was judged.',
		'policy_name', 'Name of the policy that judged.',
		'policy', 'The policy''s text.',
		'previous', 'What a policy that looks back took for the past: recomputed, or announced.',
		'assessed_by', 'Who ran it.',
		'made_by', 'The version of georisk that judged.');
	PERFORM comment_table(map, 'assessment_tier',
		'The tier of every zone in every recorded assessment, with its numbers.',
		'assessment_tier_id', 'Number of the row.',
		'assessment_id', 'The assessment.',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone, without white space around it; from one zone set to the next a zone is followed by it.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key, or unknown.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb.',
		'reason', 'Why the zone had its tier.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'households', 'Households that live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'complete_until', 'The day until which reporting was complete; empty where every day counted as complete.',
		'since', 'First day of the unbroken run of recorded assessments with this tier, as recorded then.',
		'previous_tier', 'The tier in the assessment before; empty where there was none or the zone was not in it.');
	PERFORM comment_table(map, 'tier_change',
		'What changed from one assessment to the next: zones whose tier is another one, zones that are new and zones that are gone. The first assessment has no rows here.',
		'tier_change_id', 'Number of the row.',
		'assessment_id', 'The assessment that found the change.',
		'before_id', 'The assessment that it was compared with.',
		'as_of', 'The day that was judged.',
		'zone_id', 'Number of the zone; of one that is gone, its number in the zone set before.',
		'code', 'Code of the zone.',
		'from_rank', 'The rung of the tier before.',
		'from_tier', 'The tier before; empty where the zone is new.',
		'tier_rank', 'The rung of the tier now.',
		'tier', 'The tier now; empty where the zone is gone.',
		'reason', 'Why the zone has its tier now; empty where it is gone.');
END
$$;
COMMENT ON FUNCTION create_assessment_tables(text) IS
'Internal, used by create_map: the tables assessment, assessment_tier and tier_change of a map.';

CREATE FUNCTION recorded_tiers_query(map text, known_then text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		assessed AS (
			SELECT a.assessment_id, a.as_of FROM %1$I.assessment a
			WHERE a.layer_id = (SELECT layer_id FROM map) AND a.as_of <= (SELECT day FROM map)%2$s
		), last_before AS (
			SELECT assessment_id, as_of FROM assessed
			WHERE as_of < (SELECT day FROM map) ORDER BY as_of DESC, assessment_id DESC LIMIT 1
		), of_day AS (
			SELECT assessment_id FROM assessed
			WHERE as_of = (SELECT day FROM map) ORDER BY assessment_id DESC LIMIT 1
		), is_overtaken AS (
			-- a day before it was assessed after it, and may have broken the runs that it recorded
			SELECT EXISTS (SELECT FROM assessed a JOIN last_before b
						   ON a.as_of < b.as_of AND a.assessment_id > b.assessment_id) AS yes
		), recorded_before AS (
			SELECT t.code, t.tier, t.since
			FROM last_before b JOIN %1$I.assessment_tier t USING (assessment_id)
			WHERE NOT (SELECT yes FROM is_overtaken)
			UNION ALL
			SELECT s.code, s.tier, min(s.as_of)
			FROM (SELECT t.code, t.tier, d.as_of,
						 bool_and(coalesce(e.tier = t.tier, false)) OVER (PARTITION BY t.code ORDER BY d.as_of DESC) AS unbroken
				  FROM last_before b
				  JOIN %1$I.assessment_tier t USING (assessment_id)
				  JOIN (SELECT DISTINCT ON (as_of) as_of, assessment_id FROM assessed
						ORDER BY as_of, assessment_id DESC) d ON d.as_of <= b.as_of
				  LEFT JOIN %1$I.assessment_tier e ON e.assessment_id = d.assessment_id AND e.code = t.code
				  WHERE (SELECT yes FROM is_overtaken)) s
			WHERE s.unbroken
			GROUP BY s.code, s.tier
		), recorded_of_day AS (
			SELECT t.code, t.tier FROM of_day JOIN %1$I.assessment_tier t USING (assessment_id)
		)
	$sql$, map, known_then);
END
$$;
COMMENT ON FUNCTION recorded_tiers_query(text, text) IS
'Internal: the part of zone_risk that says which tiers the last assessment before the day recorded, since when, and which the newest assessment of the day itself. known_then is a further condition on the assessments a.';

CREATE FUNCTION wait_for_writers(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	first_one text := 'report';
	other_one text := 'zone_value';
	swapped text;
BEGIN
	EXECUTE format('LOCK TABLE %I.assessment IN SHARE ROW EXCLUSIVE MODE', map);
	-- Waiting for one while holding the other could be a deadlock with a transaction that writes both.
	LOOP
		BEGIN
			EXECUTE format('LOCK TABLE %I.%I IN SHARE MODE', map, first_one);
			EXECUTE format('LOCK TABLE %I.%I IN SHARE MODE NOWAIT', map, other_one);
			RETURN;
		EXCEPTION WHEN lock_not_available THEN
			swapped := first_one;
			first_one := other_one;
			other_one := swapped;
		END;
	END LOOP;
END
$$;
COMMENT ON FUNCTION wait_for_writers(text) IS
'Internal, used by assess: waits until nobody is writing reports or zone values of a map, and keeps writers waiting until the transaction ends; of two assessments of a map one waits for the other.';

CREATE FUNCTION assess(map text, as_of date DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	day date;
	known_at timestamptz;
	recorded integer;
	has_doubled boolean;
BEGIN
	PERFORM need_map(map);
	IF NOT isfinite(as_of) THEN
		RAISE EXCEPTION 'the day to assess cannot be %', as_of USING ERRCODE = 'datetime_field_overflow';
	END IF;
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION 'assess needs a transaction that is READ COMMITTED' USING
			ERRCODE = 'invalid_transaction_state',
			DETAIL = 'It waits for open writers, and a snapshot taken before that does not show what they wrote.',
			HINT = 'Call it in a transaction of its own.';
	END IF;
	PERFORM wait_for_writers(map);
	known_at := clock_timestamp();
	EXECUTE format('SELECT coalesce($1, day, (now() AT TIME ZONE timezone)::date) FROM %I.settings', map) INTO day USING as_of;

	EXECUTE format($sql$
		WITH map AS (
			SELECT layer_id, policy::text AS policy, $1 AS day FROM %1$I.layer ORDER BY layer_id LIMIT 1
		), %2$s, judged AS MATERIALIZED (
			SELECT r.zone_id, clean_text(r.code) COLLATE "C" AS code, r.tier_rank, r.tier, r.tier_label, r.tier_color, r.reason, r.cases,
				   r.households_affected, r.population, r.households, r.rate_100k, r.days_since_last,
				   r.window_start, r.window_end, r.complete_until, r.policy
			FROM %1$I.zone_risk_at($1, $2) r
		), made AS (
			INSERT INTO %1$I.assessment (layer_id, as_of, known_at, before_id, zone_set_id, policy_name, policy, made_by)
			SELECT m.layer_id, m.day, $2, (SELECT assessment_id FROM last_before), z.zone_set_id, j.policy, m.policy,
				   (SELECT extversion FROM pg_extension WHERE extname = 'georisk')
			FROM map m, (SELECT zone_id, policy FROM judged LIMIT 1) j JOIN %1$I.zone z USING (zone_id)
			RETURNING assessment_id, before_id, as_of
		), tiers AS (
			INSERT INTO %1$I.assessment_tier (assessment_id, zone_id, code, tier_rank, tier, tier_label, tier_color,
				reason, cases, households_affected, population, households, rate_100k, days_since_last, window_start,
				window_end, complete_until, since, previous_tier)
			SELECT m.assessment_id, j.zone_id, j.code, j.tier_rank, j.tier, j.tier_label, j.tier_color,
				   j.reason, j.cases, j.households_affected, j.population, j.households, j.rate_100k, j.days_since_last,
				   j.window_start, j.window_end, j.complete_until,
				   CASE WHEN b.tier = j.tier THEN b.since ELSE m.as_of END, b.tier
			FROM judged j FULL JOIN recorded_before b USING (code) CROSS JOIN made m
			WHERE coalesce(j.zone_id, 0) > 0
			ORDER BY j.zone_id
		), changes AS (
			INSERT INTO %1$I.tier_change (assessment_id, before_id, as_of, zone_id, code, from_rank, from_tier, tier_rank,
				tier, reason)
			SELECT m.assessment_id, m.before_id, m.as_of, coalesce(j.zone_id, t.zone_id), code, t.tier_rank, t.tier,
				   j.tier_rank, j.tier, j.reason
			FROM judged j
			FULL JOIN (SELECT zone_id, code, tier_rank, tier FROM last_before JOIN %1$I.assessment_tier USING (assessment_id)) t
				USING (code)
			CROSS JOIN made m
			WHERE m.before_id IS NOT NULL AND j.tier IS DISTINCT FROM t.tier
			ORDER BY coalesce(j.zone_id, t.zone_id)
		)
		SELECT assessment_id FROM made
	$sql$, map, recorded_tiers_query(map, '')) INTO recorded USING day, known_at;
	IF recorded IS NULL THEN
		RAISE EXCEPTION 'map "%" has no zones to assess', map USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'Load zones and put them in force with georisk.activate_zones first.';
	END IF;
	-- The views' plans follow what is there; a table that grows by a day at a time need not be looked at each day.
	EXECUTE format('SELECT max(t.assessment_tier_id) > 2 * max(c.reltuples) FROM %1$I.assessment_tier t, pg_class c '
		'WHERE c.oid = %2$L::regclass', map, format('%I.assessment_tier', map)) INTO has_doubled;
	IF has_doubled THEN
		EXECUTE format('ANALYZE %1$I.assessment, %1$I.assessment_tier', map);
	END IF;
	RETURN recorded;
END
$$;
COMMENT ON FUNCTION assess(text, date) IS
'Records the tiers of a map for a day, by default the map''s own, and returns the number of the assessment: the tier of every zone with its numbers and reason, the policy''s text, the zone set, and known_at, all in one transaction; and in tier_change what is different from the last day assessed before. First it waits for those who are writing reports or zone values, then it reads the clock: whatever was recorded until known_at is in, whatever comes later is not, and zone_risk_at(as_of, known_at) finds the same again. Writers wait until the transaction ends. A day that is assessed again gets a second assessment; both are kept and the newer one counts. An error in a transaction that is not READ COMMITTED, and where no zones are in force. The caller owns the map, or holds what writing its tables and locking report and zone_value takes.';
CREATE FUNCTION known_then(recorded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT ' AND (zone_risk_at.known_at IS NULL OR ' || recorded || ' <= zone_risk_at.known_at)';
END;
COMMENT ON FUNCTION known_then(text) IS
'Internal: the condition in zone_risk_at that something was recorded by known_at, given the column that says when.';

CREATE FUNCTION known_set_then(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- a map that was loaded with what others had recorded long before has no older zones than its first
	RETURN format(' AND (zone_risk_at.known_at IS NULL OR activated_at <= greatest(zone_risk_at.known_at, '
		'(SELECT min(first_one.activated_at) FROM %I.zone_set first_one)))', map);
END
$$;
COMMENT ON FUNCTION known_set_then(text) IS
'Internal: the condition in zone_risk_at on the zone sets that were in force by known_at; before there was any, the first.';

CREATE FUNCTION known_rows_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- A row with the lowest revision of all supersedes nothing: what is left to compare with are few.
	RETURN format($sql$
		live AS (
			SELECT r.report_id, NULL::timestamptz AS replaced_at, r.source, r.external_id, r.revision, r.withdrawn,
				   r.status, r.setting, r.origin, r.link, r.report_day, r.n,
				   CASE WHEN r.zone_set_id = (SELECT zone_set_id FROM shown) THEN r.zone_id ELSE p.zone_id END AS zone_id,
				   CASE WHEN r.zone_set_id = (SELECT zone_set_id FROM shown) THEN r.household_key
						ELSE p.household_key END AS household_key
			FROM %1$I.report r
			LEFT JOIN %1$I.placement p
				ON p.report_id = r.report_id AND p.zone_set_id = (SELECT zone_set_id FROM shown)
			WHERE r.recorded_at <= zone_risk_at.known_at
			  AND NOT EXISTS (SELECT FROM %1$I.report_past q
							  WHERE q.report_id = r.report_id AND q.replaced_at > zone_risk_at.known_at)
			UNION ALL
			SELECT e.report_id, e.replaced_at, e.source, e.external_id, e.revision, e.withdrawn,
				   e.status, e.setting, e.origin, e.link, e.report_day, e.n, p.zone_id, p.household_key
			FROM (SELECT DISTINCT ON (f.report_id) f.* FROM %1$I.report_past f
				  WHERE f.recorded_at <= zone_risk_at.known_at AND f.replaced_at > zone_risk_at.known_at
				  ORDER BY f.report_id, f.replaced_at, f.report_past_id) e
			LEFT JOIN %1$I.report_past p ON p.report_id = e.report_id AND p.replaced_at = e.replaced_at
				AND p.zone_set_id = (SELECT zone_set_id FROM shown)
		), known AS (
			SELECT l.* FROM live l
			WHERE zone_risk_at.known_at IS NOT NULL AND NOT l.withdrawn
			  AND coalesce(l.status, 'confirmed') = 'confirmed' AND coalesce(l.setting, 'residence') = 'residence'
			  AND l.report_day <= (SELECT day FROM map)
			  AND NOT EXISTS (SELECT FROM live h
							  WHERE h.source = l.source AND h.external_id = l.external_id AND h.revision > l.revision
								AND h.revision > (SELECT min(lowest.revision) FROM live lowest))
		)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION known_rows_query(text) IS
'Internal: the reports that counted as zone_risk_at.known_at had it: recorded by then, as they stood then, the highest revision known then, and not withdrawn by then; each with its zone in the set in `shown`, if it has one there. Nothing where known_at is NULL.';

CREATE FUNCTION known_reports_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Of the two one is ruled out before it starts: what counts now is in the index.
	RETURN format($sql$
		SELECT c.* FROM (%1$s) c WHERE zone_risk_at.known_at IS NULL
		UNION ALL
		SELECT k.zone_id, k.report_day, k.n, k.household_key, k.origin, k.link FROM known k WHERE k.zone_id IS NOT NULL
	$sql$, counted_reports_query(map));
END
$$;
COMMENT ON FUNCTION known_reports_query(text) IS
'Internal: counted_reports_query as zone_risk_at.known_at had it, or as it is now where that is NULL.';

CREATE FUNCTION known_doubt_query(map text, look_back integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT c.* FROM (%2$s) c WHERE zone_risk_at.known_at IS NULL
		UNION ALL
		SELECT m.zone_id, min(m.report_day) - 1
		FROM (SELECT q.zone_id, k.report_day, k.n
			  FROM known k JOIN %1$I.possible_place q ON q.report_id = k.report_id
			  WHERE k.replaced_at IS NULL AND q.zone_set_id = (SELECT zone_set_id FROM shown)
			  UNION ALL
			  SELECT unnest(p.possible), k.report_day, k.n
			  FROM known k JOIN %1$I.report_past p ON p.report_id = k.report_id AND p.replaced_at = k.replaced_at
			  WHERE p.zone_set_id = (SELECT zone_set_id FROM shown)) m
		WHERE m.n > 0%3$s
		GROUP BY m.zone_id
	$sql$, map, doubtful_zones_query(map, look_back),
		CASE WHEN look_back IS NULL THEN '' ELSE format(' AND (SELECT day FROM map) - m.report_day <= %s', look_back) END);
END
$$;
COMMENT ON FUNCTION known_doubt_query(text, integer) IS
'Internal: doubtful_zones_query as zone_risk_at.known_at had it, or as it is now where that is NULL.';

CREATE FUNCTION write_zone_risk_at(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.zone_risk_at(as_of date, known_at timestamptz DEFAULT NULL)
		RETURNS SETOF %1$I.zone_risk LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1000
		BEGIN ATOMIC %2$s; END
	$sql$, map, zone_risk_query(map, true));
	EXECUTE format('COMMENT ON FUNCTION %I.zone_risk_at(date, timestamptz) IS %L', map,
		'The tier of every zone on a day, with the columns of zone_risk. With known_at as it was known then: from the reports recorded by then, in the highest revision known then, from zone values and assessments recorded by then, on the zones in force then, or on the first ones where it was before these; without it as it is known now. as_of NULL is the map''s day. Judged by the layer''s present policy. The caller needs SELECT on report, report_past, placement, possible_place, crosswalk, zone_value, zone, zone_set, layer, settings, assessment and assessment_tier.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_at(text) IS
'Writes the function zone_risk_at of a map anew, for what the policy of its first layer asks for. create_map and the trigger on the table layer call it; grants stay.';
CREATE FUNCTION measure_filter(measure text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT CASE measure
		WHEN 'cases' THEN 'true'
		WHEN 'community_cases' THEN 'coalesce(r.origin, ''community'') = ''community'''
		WHEN 'imported_cases' THEN 'r.origin = ''imported'''
		WHEN 'unknown_source_cases' THEN 'r.link = ''unknown'''
	END;
END;
COMMENT ON FUNCTION measure_filter(text) IS
'Internal: which counted reports r make up a measure of a map, as a condition; NULL for a measure that no report column tells. Counted are current, not withdrawn, placed reports with status confirmed and setting residence, where empty counts as these. An empty origin counts as community, so that a list without that column raises no false all-clear.';

CREATE FUNCTION zone_risk_query(map text, at_a_time boolean) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	layer_policy risk_policy;
	policy_name text;
	input record;
	position integer := 0;
	counted text := '';
	valued text := '';
	known text := '';
	names text := '';
	uncounted text[] := '{}';
	look_back integer;
BEGIN
	EXECUTE format('SELECT policy FROM %I.layer ORDER BY layer_id LIMIT 1', map) INTO STRICT layer_policy;
	policy_name := substring(regexp_replace(layer_policy::text, '--[^\n]*', '', 'g') FROM '(?i)^\s*POLICY\s+(\w+)');
	FOR input IN SELECT * FROM policy_inputs(layer_policy) i ORDER BY i.name LOOP
		position := position + 1;
		IF input.kind = 'count' AND measure_filter(input.name) IS NOT NULL THEN
			counted := counted || format(', epicurve_agg(r.report_day, r.n, r.household_key) FILTER (WHERE %s) AS m%s',
				measure_filter(input.name), position);
			known := known || format(', %L, coalesce(c.m%s, (SELECT curve FROM no_cases))', input.name, position);
		ELSIF input.kind = 'count' THEN
			uncounted := uncounted || input.name;
		ELSIF input.kind IN ('number', 'yesno') THEN
			valued := valued || format(', value_series_agg(v.day, %s) FILTER (WHERE v.name = %L) AS v%s',
				CASE input.kind
					WHEN 'number' THEN 'CASE WHEN v.value ~ ''^-?[0-9]'' THEN v.value::numeric END'
					ELSE 'CASE WHEN v.value IN (''yes'', ''true'', ''1'') THEN true '
						 'WHEN v.value IN (''no'', ''false'', ''0'') THEN false END' END,
				input.name, position);
			known := known || format(', %L, v.v%s', input.name, position);
			names := names || format(', %L', input.name);
		END IF;
	END LOOP;
	SELECT max(i.look_back) INTO look_back FROM policy_inputs(layer_policy) i WHERE i.kind = 'count';
	IF uncounted <> '{}' THEN
		RAISE EXCEPTION 'a map does not count what policy "%" asks for: %', policy_name, array_to_string(uncounted, ', ') USING
			ERRCODE = 'feature_not_supported',
			HINT = 'A map counts cases, community_cases, imported_cases and unknown_source_cases; classify takes any measure.';
	END IF;

	RETURN format($sql$
		WITH map AS (
			SELECT coalesce(%12$s s.day, (now() AT TIME ZONE s.timezone)::date) AS day, s.lang, l.layer_id, l.policy
			FROM %1$I.settings s, (SELECT layer_id, policy FROM %1$I.layer ORDER BY layer_id LIMIT 1) l
		), shown AS (
			%8$s
		), %13$s zones AS (
			SELECT z.zone_id, z.parent_id, z.code, z.name, z.parent_code, z.level, z.population, z.households,
				   z.geom, s.name AS zone_set
			FROM shown s
			JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id
			WHERE z.is_leaf
		), counted AS (
			SELECT r.zone_id%2$s
			FROM (%9$s) r
			GROUP BY r.zone_id
		), doubtful AS (
			%10$s
		), valued AS (
			SELECT v.code%3$s
			FROM (SELECT DISTINCT ON (clean_text(v.zone_code), v.name, v.day)
						 clean_text(v.zone_code) AS code, v.name, v.day, v.value
				  FROM (%11$s) v
				  WHERE v.name IN (NULL%4$s) AND v.day <= (SELECT day FROM map)%14$s
				  ORDER BY clean_text(v.zone_code), v.name, v.day, v.recorded_at DESC, v.zone_value_id DESC) v
			GROUP BY v.code
		), no_cases AS (
			SELECT %6$s AS curve
		), judged AS (
			-- full joins, because they are never nested loops, whatever the planner knows of a table just loaded
			SELECT judge_agg(z.zone_id, z.parent_id, z.level,
							 profile('as_of', (SELECT day FROM map), 'population', z.population,
									 'households', z.households, 'level', z.level,
									 'complete_until', d.complete_until%5$s),
							 NULL, NULL, NULL, NULL, (SELECT policy FROM map), (SELECT day FROM map), NULL)
				   FILTER (WHERE z.zone_id IS NOT NULL) AS judgement
			FROM zones z
			FULL JOIN counted c ON c.zone_id = z.zone_id
			FULL JOIN doubtful d ON d.zone_id = z.zone_id
			FULL JOIN valued v ON v.code = clean_text(z.code)
		), %15$s
		SELECT z.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level,
			   j.tier_rank, j.tier, j.tier_label, j.tier_color, j.reason, j.cases, j.households_affected,
			   z.population, z.households, j.rate_100k, j.days_since_last, j.window_start, j.window_end,
			   j.complete_until,
			   CASE WHEN o.tier = j.tier OR o.tier IS NULL AND b.tier = j.tier
					THEN CASE WHEN b.tier = j.tier THEN b.since ELSE j.window_end END END AS since,
			   b.tier AS previous_tier,
			   NULL::smallint AS in_force_rank, NULL::text AS in_force, NULL::text AS in_force_color,
			   %7$L::text AS policy, z.zone_set, now() AS computed_at, z.geom
		FROM zones z
		JOIN judge((SELECT judgement FROM judged), (SELECT lang FROM map)) j ON j.zone_id = z.zone_id
		FULL JOIN recorded_before b ON b.code = clean_text(z.code) COLLATE "C"
		FULL JOIN recorded_of_day o ON o.code = clean_text(z.code) COLLATE "C"
		WHERE coalesce(z.zone_id, 0) > 0
	$sql$, map, counted, valued, names, known, 'epicurve_agg(NULL::date, 1, NULL::bigint)', policy_name,
		shown_set_query(map, CASE WHEN at_a_time THEN known_set_then(map) ELSE '' END),
		CASE WHEN at_a_time THEN known_reports_query(map) ELSE counted_reports_query(map) END,
		CASE WHEN at_a_time THEN known_doubt_query(map, look_back) ELSE doubtful_zones_query(map, look_back) END,
		shown_values_query(map),
		CASE WHEN at_a_time THEN 'zone_risk_at.as_of,' ELSE '' END,
		CASE WHEN at_a_time THEN known_rows_query(map) || ', ' ELSE '' END,
		CASE WHEN at_a_time THEN known_then('v.recorded_at') ELSE '' END,
		recorded_tiers_query(map, CASE WHEN at_a_time THEN known_then('a.known_at') ELSE '' END));
END
$$;
COMMENT ON FUNCTION zone_risk_query(text, boolean) IS
'Internal: the query behind zone_risk, written for what the policy of the map''s first layer asks for; with at_a_time the body of zone_risk_at.';

CREATE FUNCTION write_zone_risk(map text) RETURNS regclass
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE VIEW %I.zone_risk AS %s', map, zone_risk_query(map, false));
	PERFORM comment_table(map, 'zone_risk',
		'The tier of every zone on the map''s day, counted from the reports as they stand now. One row for each zone that is nobody''s parent in the zone set of that day, none before a zone set is activated. Readers need SELECT on this view and USAGE on the schema, nothing else.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, to sort and compare: green 0, near green 1, yellow 2, orange 3, red 4, dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key; unknown where a missing value could change it.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone has its tier, in one sentence in the map''s language.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'households', 'Households that live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'complete_until', 'The day until which reporting is complete: the day before the first report that may lie in this zone since boundaries changed, see possible_place. Otherwise empty in this version: every day counts as complete.',
		'since', 'First day of the unbroken run of recorded assessments with the present tier; empty where the last one up to the day has another tier, or there is none.',
		'previous_tier', 'The tier of the last recorded assessment before the day; empty where there is none.',
		'in_force_rank', 'The rung of the announced tier. Empty in this version, which has no announcements.',
		'in_force', 'The announced tier, with its overrides. Empty in this version, which has no announcements.',
		'in_force_color', 'Colour of the announced tier. Empty in this version, which has no announcements.',
		'policy', 'Name of the policy that judged.',
		'zone_set', 'Name of the zone set of the day: the latest that is valid from it or before; before the first set, the first.',
		'computed_at', 'When this was computed: when the reading transaction began.',
		'geom', 'The polygon of the zone.');
	RETURN format('%I.zone_risk', map)::regclass;
END
$$;
COMMENT ON FUNCTION write_zone_risk(text) IS
'Writes the view zone_risk of a map anew, for what the policy of its first layer asks for. create_map and the trigger on the table layer call it; columns, comments, grants and views on top stay.';

CREATE FUNCTION rewrite_views() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM write_zone_risk(TG_TABLE_SCHEMA), write_zone_risk_at(TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION rewrite_views() IS
'Statement trigger on the table layer of a map: a layer that is judged by another policy gets its view written anew.';
-- The views beside zone_risk. They stand on zone_risk and on recorded assessments; what they call reads no table.

CREATE FUNCTION write_zone_day(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	measures CONSTANT text[] := ARRAY['cases', 'community_cases', 'imported_cases', 'unknown_source_cases'];
	counts text;
	names text;
BEGIN
	SELECT string_agg(format('sum(r.n) FILTER (WHERE %s) AS %I', measure_filter(m), m), ', ' ORDER BY place),
		   string_agg(format('(%L, d.%I)', m, m), ', ' ORDER BY place)
	INTO counts, names FROM unnest(measures) WITH ORDINALITY u (m, place);
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.zone_day AS
		SELECT row_number() OVER ()::integer AS zone_day_id, z.zone_id, z.code, z.parent_code, d.day, m.measure,
			   m.n::integer AS n, z.population
		FROM (SELECT r.zone_id, r.report_day AS day, %2$s
			  FROM %1$I.report r
			  WHERE r.outcome IN ('placed_by_code', 'placed_by_point')
				AND coalesce(r.status, 'confirmed') = 'confirmed' AND coalesce(r.setting, 'residence') = 'residence'
			  GROUP BY r.zone_id, r.report_day) d
		JOIN %1$I.zone z ON z.zone_id = d.zone_id
		CROSS JOIN LATERAL (VALUES %3$s) m (measure, n)
		WHERE m.n > 0
	$sql$, map, counts, names);
	PERFORM comment_table(map, 'zone_day',
		'Counts by zone, day and measure, as they stand now, for R, SaTScan and spreadsheets. Days on which a zone has none of a measure have no row: they are zero.',
		'zone_day_id', 'Number of the row, for tools that need a key; another one on the next reading.',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'day', 'The day of the reports, a local day.',
		'measure', 'cases, community_cases, imported_cases or unknown_source_cases. Only confirmed reports on where people live count; those of unknown origin count as community cases.',
		'n', 'How many.',
		'population', 'People who live in the zone.');
END
$$;
COMMENT ON FUNCTION write_zone_day(text) IS 'Internal, used by create_map: the view zone_day of a map.';

CREATE FUNCTION write_tier_summary(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.tier_summary AS
		WITH counted AS (
			SELECT tier, count(*)::integer AS zones, sum(cases)::integer AS cases, sum(population)::integer AS population,
				   min(window_start) AS window_start, max(window_end) AS window_end
			FROM %1$I.zone_risk GROUP BY tier
		), spanned AS (
			SELECT min(window_start) AS window_start, max(window_end) AS window_end FROM counted
		), named AS (
			SELECT t.position AS tier_number, t.tier_rank, t.tier, t.tier_label, t.tier_color
			FROM %1$I.settings s, (SELECT policy FROM %1$I.layer ORDER BY layer_id LIMIT 1) l, policy_tiers(l.policy, s.lang) t
			UNION ALL
			SELECT 0, NULL, 'unknown', CASE s.lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd'
			FROM %1$I.settings s
		)
		SELECT n.tier_number, n.tier_rank, n.tier, n.tier_label, n.tier_color, coalesce(c.zones, 0) AS zones,
			   coalesce(c.cases, 0) AS cases, coalesce(c.population, 0) AS population, s.window_start, s.window_end
		FROM named n LEFT JOIN counted c ON c.tier = n.tier CROSS JOIN spanned s
	$sql$, map);
	PERFORM comment_table(map, 'tier_summary',
		'How many zones are in each tier on the map''s day, with their cases and people. Every tier of the policy has a row, and unknown has one.',
		'tier_number', 'Place of the tier in the policy, mildest 1; 0 for unknown.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty for unknown and for tiers outside the ladder.',
		'tier', 'The tier, by the policy''s own key.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb.',
		'zones', 'Zones in this tier.',
		'cases', 'Cases in these zones, in the window.',
		'population', 'People who live in these zones, as far as it is known.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.');
END
$$;
COMMENT ON FUNCTION write_tier_summary(text) IS 'Internal, used by create_map: the view tier_summary of a map.';

CREATE FUNCTION write_green_zone_watch(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.green_zone_watch AS
		WITH risk AS MATERIALIZED (
			SELECT * FROM %1$I.zone_risk
		), around AS (
			SELECT p.zone_id, count(*)::integer AS neighbours,
				   count(*) FILTER (WHERE n.tier = 'unknown')::integer AS neighbours_unknown,
				   max(n.tier_rank) AS worst_rank
			FROM %1$I.zone_neighbour p JOIN risk n ON n.zone_id = p.neighbour_id
			GROUP BY p.zone_id
		), worst AS (
			SELECT DISTINCT ON (p.zone_id) p.zone_id, n.code, n.name, n.tier_rank, n.tier, n.tier_label, n.tier_color, p.shared_m, p.gap_m
			FROM %1$I.zone_neighbour p JOIN risk n ON n.zone_id = p.neighbour_id
			WHERE n.tier_rank IS NOT NULL
			ORDER BY p.zone_id, n.tier_rank DESC, p.shared_m DESC, p.gap_m, p.neighbour_id
		)
		SELECT g.zone_id, g.code, g.name, g.parent_code, g.tier, g.tier_label, g.tier_color, g.window_start, g.window_end,
			   g.since, g.window_end - g.since + 1 AS days_green, g.days_since_last,
			   coalesce(a.neighbours, 0) AS neighbours, coalesce(a.neighbours_unknown, 0) AS neighbours_unknown,
			   w.code AS worst_code, w.name AS worst_name, w.tier_rank AS worst_rank, w.tier AS worst_tier,
			   w.tier_label AS worst_label, w.tier_color AS worst_color, w.shared_m, w.gap_m,
			   g.population, g.households, g.geom
		FROM risk g
		LEFT JOIN around a ON a.zone_id = g.zone_id
		LEFT JOIN worst w ON w.zone_id = g.zone_id
		WHERE g.tier_rank = 0
	$sql$, map);
	PERFORM comment_table(map, 'green_zone_watch',
		'The green zones on the map''s day, how long they have been green, and the worst of their neighbours: what to protect, and from where it is threatened.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'tier', 'The tier, by the policy''s own key.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'since', 'First day of the unbroken run of recorded assessments in which it is green; empty where none is recorded.',
		'days_green', 'Days from then on, the day that was judged included; empty where none is recorded.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'neighbours', 'How many zones are next to it.',
		'neighbours_unknown', 'How many of these have no known tier.',
		'worst_code', 'Code of the worst neighbour: the highest rung, and of equals the one with the longest shared border. Empty where there is none with a known tier.',
		'worst_name', 'Name of the worst neighbour.',
		'worst_rank', 'The rung of its tier, green 0 to dark red 5.',
		'worst_tier', 'Its tier.',
		'worst_label', 'Name of its tier in the map''s language.',
		'worst_color', 'Colour of its tier, as #rrggbb.',
		'shared_m', 'Metres of border shared with it; 0 where they touch in a point.',
		'gap_m', 'Metres between the two; 0 where they touch.',
		'population', 'People who live in the green zone.',
		'households', 'Households that live in it.',
		'geom', 'The polygon of the green zone.');
END
$$;
COMMENT ON FUNCTION write_green_zone_watch(text) IS 'Internal, used by create_map: the view green_zone_watch of a map.';

CREATE FUNCTION write_zone_risk_points(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.zone_risk_points AS
		SELECT r.zone_id, r.code, r.name, r.parent_code, r.tier_rank, r.tier, r.tier_label, r.tier_color, r.reason, r.cases,
			   r.households_affected, r.population, r.rate_100k, r.days_since_last, r.window_start, r.window_end,
			   p.latitude, p.longitude, p.geom
		FROM %1$I.zone_risk r LEFT JOIN %1$I.zone_point p ON p.zone_id = r.zone_id
	$sql$, map);
	PERFORM comment_table(map, 'zone_risk_points',
		'zone_risk as points, for dashboards that know latitude and longitude but no polygons. Each point lies inside its zone.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key, or unknown.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone has its tier.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'latitude', 'Latitude in degrees, WGS 84.',
		'longitude', 'Longitude in degrees, WGS 84.',
		'geom', 'The point, in the map''s coordinate system.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_points(text) IS 'Internal, used by create_map: the view zone_risk_points of a map.';

CREATE FUNCTION write_parent_risk(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.parent_risk AS
		WITH risk AS MATERIALIZED (
			SELECT * FROM %1$I.zone_risk
		), counted AS (
			SELECT a.ancestor_id, count(*)::integer AS zones,
				   count(*) FILTER (WHERE r.tier_rank = 0)::integer AS green, count(*) FILTER (WHERE r.tier_rank = 1)::integer AS near_green,
				   count(*) FILTER (WHERE r.tier_rank = 2)::integer AS yellow, count(*) FILTER (WHERE r.tier_rank = 3)::integer AS orange,
				   count(*) FILTER (WHERE r.tier_rank = 4)::integer AS red, count(*) FILTER (WHERE r.tier_rank = 5)::integer AS dark_red,
				   count(*) FILTER (WHERE r.tier_rank IS NULL)::integer AS unranked,
				   max(r.tier_rank) AS worst_rank, sum(r.cases)::integer AS cases,
				   sum(r.households_affected)::integer AS households_affected,
				   CASE WHEN count(r.population) = count(*) THEN sum(r.population)::integer END AS population,
				   CASE WHEN count(r.households) = count(*) THEN sum(r.households)::integer END AS households,
				   min(r.days_since_last) AS days_since_last, min(r.window_start) AS window_start, max(r.window_end) AS window_end
			FROM %1$I.zone_ancestor a JOIN risk r ON r.zone_id = a.zone_id
			GROUP BY a.ancestor_id
		), named AS (
			SELECT DISTINCT ON (tier_rank) tier_rank, tier, tier_label, tier_color FROM risk ORDER BY tier_rank, tier
		)
		SELECT z.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level,
			   c.worst_rank, coalesce(n.tier, 'unknown') AS worst_tier,
			   coalesce(n.tier_label, CASE s.lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END) AS worst_label,
			   coalesce(n.tier_color, '#bdbdbd') AS worst_color, c.zones, c.green, c.near_green, c.yellow, c.orange, c.red,
			   c.dark_red, c.unranked, c.cases, c.households_affected, c.population, c.households,
			   c.cases * 100000::double precision / nullif(c.population, 0) AS rate_100k, c.days_since_last,
			   c.window_start, c.window_end, coalesce(u.geom, z.geom) AS geom
		FROM counted c
		JOIN %1$I.zone z ON z.zone_id = c.ancestor_id
		CROSS JOIN %1$I.settings s
		LEFT JOIN named n ON n.tier_rank = c.worst_rank
		LEFT JOIN %1$I.zone_union u ON u.zone_id = z.zone_id
	$sql$, map);
	PERFORM comment_table(map, 'parent_risk',
		'What zone_risk says, summed up for every zone that others are part of, on every level: a ward, and the district with all its wards. It sums; the policy judges the zones below, not the parent.',
		'zone_id', 'Number of the parent, unique.',
		'code', 'Code of the parent.',
		'name', 'Name of the parent.',
		'parent_code', 'Code of the zone that the parent itself is part of.',
		'zone_level', 'What kind of zone it is: ward, district.',
		'worst_rank', 'The highest rung below it, green 0 to dark red 5; empty where none is known.',
		'worst_tier', 'The tier on that rung; unknown where there is none.',
		'worst_label', 'Name of that tier in the map''s language.',
		'worst_color', 'Colour of that tier, as #rrggbb; grey where there is none.',
		'zones', 'Zones below it that have tiers.',
		'green', 'How many of these are on the rung green.',
		'near_green', 'How many are on the rung near green.',
		'yellow', 'How many are on the rung yellow.',
		'orange', 'How many are on the rung orange.',
		'red', 'How many are on the rung red.',
		'dark_red', 'How many are on the rung dark red.',
		'unranked', 'How many are unknown, or in a tier outside the ladder.',
		'cases', 'Cases in these zones, in the window.',
		'households_affected', 'Households with cases in these zones, in the window.',
		'population', 'People who live in these zones; empty where it is not known of all.',
		'households', 'Households that live in these zones; empty where it is not known of all.',
		'rate_100k', 'Cases per 100,000 people in the window as a whole.',
		'days_since_last', 'Days since the last case in any of these zones; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'geom', 'The polygon of the parent: its own, or that of the zones below it as one.');
END
$$;
COMMENT ON FUNCTION write_parent_risk(text) IS 'Internal, used by create_map: the view parent_risk of a map.';

CREATE FUNCTION write_zone_risk_history(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.zone_risk_history AS
		SELECT t.assessment_tier_id, t.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level, t.tier_rank, t.tier,
			   t.tier_label, t.tier_color, t.reason, t.cases, t.households_affected, t.population, t.households, t.rate_100k,
			   t.days_since_last, t.window_start, t.window_end, a.as_of, t.complete_until, t.since, t.previous_tier,
			   a.policy_name AS policy, s.name AS zone_set, a.assessment_id, a.known_at, z.geom
		FROM (SELECT DISTINCT ON (layer_id, as_of) * FROM %1$I.assessment
			  WHERE layer_id = (SELECT min(layer_id) FROM %1$I.layer)
			  ORDER BY layer_id, as_of, assessment_id DESC) a
		JOIN %1$I.assessment_tier t ON t.assessment_id = a.assessment_id
		JOIN %1$I.zone z ON z.zone_id = t.zone_id
		JOIN %1$I.zone_set s ON s.zone_set_id = a.zone_set_id
	$sql$, map);
	PERFORM comment_table(map, 'zone_risk_history',
		'The recorded tiers, one row for each zone and assessed day: of a day that was assessed more than once the newest assessment. With window_start and window_end a map can be played through time.',
		'assessment_tier_id', 'Number of the row, unique, and the same on every reading.',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key, or unknown.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone had its tier.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'households', 'Households that live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'as_of', 'The day that was assessed.',
		'complete_until', 'The day until which reporting was complete; empty where every day counted as complete.',
		'since', 'First day of the unbroken run of recorded assessments with this tier, as recorded then.',
		'previous_tier', 'The tier in the assessment before.',
		'policy', 'Name of the policy that judged.',
		'zone_set', 'Name of the zone set that was judged.',
		'assessment_id', 'Number of the assessment.',
		'known_at', 'Everything recorded until then was used.',
		'geom', 'The polygon of the zone.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_history(text) IS 'Internal, used by create_map: the view zone_risk_history of a map.';

CREATE FUNCTION write_risk_timeseries(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.risk_timeseries AS
		SELECT p.day::timestamp AT TIME ZONE (SELECT timezone FROM %1$I.settings) AS "time", p.metric, p.value, p.code, p.parent_code
		FROM (SELECT d.day, d.measure AS metric, d.n::double precision AS value, d.code, d.parent_code FROM %1$I.zone_day d
			  UNION ALL
			  SELECT h.as_of, m.metric, m.value, h.code, h.parent_code FROM %1$I.zone_risk_history h
			  CROSS JOIN LATERAL (VALUES ('tier_rank', h.tier_rank::double precision), ('rate_100k', h.rate_100k),
										 ('households_affected', h.households_affected::double precision)) m (metric, value)
			  WHERE m.value IS NOT NULL) p
	$sql$, map);
	PERFORM comment_table(map, 'risk_timeseries',
		'Numbers over time, one a row, for Grafana and others that draw curves: the daily counts of zone_day as they stand now, and of recorded assessments the tier''s rung, the rate and the households affected.',
		'time', 'When the day begins in the map''s time zone.',
		'metric', 'What is measured: cases, community_cases, imported_cases or unknown_source_cases of that day, where days without are left out; tier_rank, rate_100k or households_affected as the day was assessed.',
		'value', 'The number.',
		'code', 'Code of the zone.',
		'parent_code', 'Code of the zone that this one is part of.');
END
$$;
COMMENT ON FUNCTION write_risk_timeseries(text) IS 'Internal, used by create_map: the view risk_timeseries of a map.';

CREATE FUNCTION write_map_views(map text) RETURNS void
LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE COST 10000
BEGIN ATOMIC
	SELECT write_zone_day(map), write_tier_summary(map), write_green_zone_watch(map), write_zone_risk_points(map),
		   write_parent_risk(map), write_zone_risk_history(map);
	SELECT write_risk_timeseries(map);
END;
COMMENT ON FUNCTION write_map_views(text) IS
'Internal, used by create_map: the views of a map that stand on zone_risk and on recorded assessments.';
CREATE FUNCTION check_new_map(map text, srid integer, timezone text, lang text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
BEGIN
	IF map IS NULL OR srid IS NULL OR timezone IS NULL OR lang IS NULL THEN
		RAISE EXCEPTION 'name, policy, srid, timezone and lang of a map may not be NULL' USING
			ERRCODE = 'null_value_not_allowed';
	END IF;
	IF map = '' OR octet_length(map) > 63 OR map ~ '^pg_' OR map IN ('georisk', 'public', 'information_schema') THEN
		RAISE EXCEPTION '"%" cannot be the name of a map', map USING
			ERRCODE = 'invalid_name',
			DETAIL = 'The name becomes a schema: 1 to 63 bytes, not starting with pg_, not the name of a schema that is there already.',
			HINT = 'Short lower-case names such as district1 need no quotes.';
	END IF;
	IF to_regnamespace(quote_ident(map)) IS NOT NULL THEN
		RAISE EXCEPTION 'schema "%" already exists', map USING
			ERRCODE = 'duplicate_schema',
			HINT = format('Choose another name; or, if it is a map that nobody needs, with all its reports: DROP SCHEMA %I CASCADE.', map);
	END IF;
	IF NOT EXISTS (SELECT FROM spatial_ref_sys s WHERE s.srid = srid) THEN
		RAISE EXCEPTION 'SRID % is not known', srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = '4326 is longitude and latitude; SELECT srid, srtext FROM spatial_ref_sys lists all.';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_timezone_names t WHERE t.name = timezone) THEN
		RAISE EXCEPTION 'time zone "%" is not known', timezone USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a name such as Asia/Ho_Chi_Minh; SELECT name FROM pg_timezone_names lists all.';
	END IF;
	IF lang NOT IN ('vi', 'en') THEN
		RAISE EXCEPTION 'language "%" is not known', lang USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Labels and reasons come in ''vi'' and ''en''.';
	END IF;
END
$$;
COMMENT ON FUNCTION check_new_map(text, integer, text, text) IS
'Internal, used by create_map: an error that says what is wrong with the name, SRID, time zone or language of a new map.';

CREATE FUNCTION create_settings(map text, srid integer, timezone text, lang text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.settings (
			only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
			made_by text NOT NULL,
			srid integer NOT NULL,
			timezone text NOT NULL,
			lang text NOT NULL CHECK (lang IN ('vi', 'en')),
			day date CHECK (isfinite(day)),
			household_salt bigint NOT NULL
		);
		INSERT INTO %1$I.settings (made_by, srid, timezone, lang, household_salt)
		SELECT extversion, %2$s, %3$L, %4$L,
			   ('x' || translate(left(gen_random_uuid()::text, 18), '-', ''))::bit(64)::bigint
		FROM pg_extension WHERE extname = 'georisk';
	$sql$, map, srid, timezone, lang);
	PERFORM comment_table(map, 'settings',
		'What holds for the whole map: one row.',
		'only_row', 'Keeps the table to one row.',
		'made_by', 'The version of georisk that made the map.',
		'srid', 'The coordinate system of zones and reports.',
		'timezone', 'The time zone in which a day begins and ends.',
		'lang', 'The language of labels and reasons: vi or en.',
		'day', 'The day that the map shows, pinned by georisk.set_day; empty: today in the map''s time zone.',
		'household_salt', 'Makes the household keys of this map mean nothing outside it. Changing it parts old reports of a household from new ones.');
END
$$;
COMMENT ON FUNCTION create_settings(text, integer, text, text) IS
'Internal, used by create_map: the table settings of a map.';

CREATE FUNCTION create_layer_table(map text, policy risk_policy) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.layer (
			layer_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			name text NOT NULL UNIQUE,
			policy risk_policy NOT NULL
		);
		INSERT INTO %1$I.layer (name, policy) VALUES ('main', $1);
		CREATE TRIGGER rewrite_views AFTER UPDATE OF policy ON %1$I.layer
			FOR EACH STATEMENT EXECUTE FUNCTION rewrite_views();
	$sql$, map) USING policy;
	PERFORM comment_table(map, 'layer',
		'What the map watches, and by which policy. The policy is a copy: a new version of georisk re-colours nothing.',
		'layer_id', 'Number of the layer; the lowest is the one that zone_risk shows.',
		'name', 'Name of the layer.',
		'policy', 'The rule, in the policy language. UPDATE it to judge by another one: zone_risk follows, with the same columns.');
END
$$;
COMMENT ON FUNCTION create_layer_table(text, risk_policy) IS
'Internal, used by create_map: the table layer of a map, with its first layer.';

CREATE FUNCTION create_map(name text, policy risk_policy, srid integer DEFAULT 4326,
	timezone text DEFAULT 'Asia/Ho_Chi_Minh', lang text DEFAULT 'vi') RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	IF policy IS NULL THEN
		RAISE EXCEPTION 'name, policy, srid, timezone and lang of a map may not be NULL' USING
			ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM check_new_map(name, srid, timezone, lang);
	EXECUTE format('CREATE SCHEMA %I', name);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', name,
		'A map of georisk: zones, reports and the tiers that follow from them. '
		'These are plain tables of their owner; DROP SCHEMA ... CASCADE removes the map with all its reports.');
	PERFORM create_settings(name, srid, timezone, lang);
	PERFORM create_zone_tables(name, srid);
	PERFORM create_zone_neighbour_table(name, srid);
	PERFORM create_report_table(name, srid);
	PERFORM create_placement_tables(name);
	PERFORM create_report_past(name);
	PERFORM create_intake(name);
	PERFORM create_zone_value_table(name);
	PERFORM create_layer_table(name, policy);
	PERFORM create_assessment_tables(name);
	PERFORM write_zone_risk(name);
	PERFORM write_zone_risk_at(name);
	PERFORM write_map_views(name);
	RETURN format('%I.zone_risk', name)::regclass;
END
$$;
COMMENT ON FUNCTION create_map(text, risk_policy, integer, text, text) IS
'Makes a map judged by a policy of one''s own, or by a shipped one with other parameters: create_map(''d1'', policy(''alert_counts'', ''{"days": 7}'')). Otherwise as create_map with the name of a policy.';

CREATE FUNCTION create_map(name text, policy text DEFAULT 'vn_hcmc_2716_2021', srid integer DEFAULT 4326,
	timezone text DEFAULT 'Asia/Ho_Chi_Minh', lang text DEFAULT 'vi') RETURNS regclass
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
BEGIN ATOMIC
	SELECT create_map(name, policy(policy), srid, timezone, lang);
END;
COMMENT ON FUNCTION create_map(text, text, integer, text, text) IS
'Makes a map: a plain schema of that name, owned by the caller, with the tables zone, report, zone_value, zone_set, layer and settings and the view zone_risk, which it returns. policy is the name of a shipped policy, see the view policies; its text is copied. srid is the coordinate system of zones and reports, timezone the one in which days begin and end, lang (vi or en) the language of labels and reasons. Next: load zones into zone, call activate_zones, load reports into report, read zone_risk. An error, and nothing made, where the schema exists or an argument is not valid. The caller needs CREATE on the database. DROP SCHEMA ... CASCADE removes a map.';
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
CREATE FUNCTION settle_parents(map text, draft integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		WITH coded AS MATERIALIZED (
			SELECT zone_id, clean_text(code) AS code, nullif(clean_text(parent_code), '') AS parent_code
			FROM %1$I.zone WHERE zone_set_id = $1
		), named AS (
			SELECT code, min(zone_id) AS zone_id FROM coded WHERE code <> '' GROUP BY code
		), settled AS (
			SELECT c.zone_id, p.zone_id AS parent_id,
				   c.code IS NULL OR c.code NOT IN (SELECT parent_code FROM coded WHERE parent_code IS NOT NULL) AS is_leaf
			FROM coded c LEFT JOIN named p ON p.code = c.parent_code
		)
		UPDATE %1$I.zone z SET parent_id = s.parent_id, is_leaf = s.is_leaf FROM settled s
		WHERE z.zone_id = s.zone_id
	$sql$, map) USING draft;
END
$$;
COMMENT ON FUNCTION settle_parents(text, integer) IS
'Internal, used by activate_zones: finds each zone''s parent by its code, and the zones that are nobody''s parent.';

CREATE FUNCTION zone_remedy(problem text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT problem || ': ' || CASE problem
		WHEN 'invalid' THEN 'redraw the polygon, or take ST_Multi(ST_CollectionExtract(ST_MakeValid(geom), 3)) and look at it.'
		WHEN 'empty' THEN 'give the zone its polygon, or delete it.'
		WHEN 'wrong_srid' THEN 'the coordinates are not those of the map''s SRID; give them theirs by ST_SetSRID and convert them by ST_Transform.'
		WHEN 'missing_code' THEN 'give the zone a code.'
		WHEN 'duplicate_code' THEN 'give each zone a code of its own.'
		WHEN 'orphan_parent' THEN 'load the parent, or correct parent_code; no zone may be above itself.'
		WHEN 'overlap' THEN 'take what two zones share away from one of them, for example by ST_Difference.'
		ELSE 'correct the zone.'
	END;
END;
COMMENT ON FUNCTION zone_remedy(text) IS
'Internal, used by activate_zones: what to do about an error that check_zones found, in one sentence.';

CREATE FUNCTION refuse_bad_zones(map text) RETURNS void
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft regclass := format('%I.zone_draft', map)::regclass;
	errors bigint;
	first_ones text;
	remedies text;
BEGIN
	EXECUTE format($sql$
		SELECT count(*), string_agg(
			format('%%s: zone %%s%%s', c.problem, coalesce(c.zone, '(none)'),
				CASE c.problem WHEN 'duplicate_code' THEN ', repeated by zone_id ' WHEN 'orphan_parent' THEN ', parent '
					ELSE ' and ' END || c.other_zone),
			E'\n' ORDER BY c.place) FILTER (WHERE c.place <= 5),
			string_agg(DISTINCT zone_remedy(c.problem), E'\n')
		FROM (SELECT e.*, row_number() OVER () AS place FROM check_zones($1) e
			  WHERE e.severity = 'error'
			  -- a parent may do without a polygon
			  AND NOT (e.problem = 'empty' AND EXISTS (SELECT FROM %1$I.zone p JOIN %1$I.zone_draft d USING (zone_id)
					   WHERE NOT p.is_leaf AND clean_text(p.code) = e.zone))) c
	$sql$, map) INTO errors, first_ones, remedies USING draft;
	IF errors > 0 THEN
		RAISE EXCEPTION 'the zones of map "%" cannot be activated, errors: %', map, errors USING
			ERRCODE = 'data_exception',
			DETAIL = first_ones || CASE WHEN errors > 5 THEN E'\n...' ELSE '' END,
			HINT = format(E'%s\nCorrect %I.zone and call activate_zones again. SELECT * FROM georisk.check_zones(%L) lists all errors, with places.',
				remedies, map, draft);
	END IF;
END
$$;
COMMENT ON FUNCTION refuse_bad_zones(text) IS
'Internal, used by activate_zones: an error that names the first of the errors which check_zones finds in the draft, and says what to do. A parent without a polygon is none.';

CREATE FUNCTION find_draft(map text) RETURNS integer
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft integer;
BEGIN
	EXECUTE format('SELECT max(s.zone_set_id) FROM %1$I.zone_set s WHERE s.activated_at IS NULL '
		'AND EXISTS (SELECT FROM %1$I.zone z WHERE z.zone_set_id = s.zone_set_id)', map) INTO draft;
	IF draft IS NULL THEN
		RAISE EXCEPTION 'map "%" has no zones to activate', map USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('Open a draft with georisk.open_draft where there is none; load zones into %I.zone, by import_zones, INSERT, COPY or ogr2ogr -append.',
				map);
	END IF;
	RETURN draft;
END
$$;
COMMENT ON FUNCTION find_draft(text) IS
'Internal, used by activate_zones: the draft zone set of a map; an error where no zones are there.';

CREATE FUNCTION check_first_day(map text, first_day date) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	latest record;
BEGIN
	IF first_day IS NULL OR NOT isfinite(first_day) THEN
		RAISE EXCEPTION 'the first day of the zones is missing' USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('georisk.activate_zones(%L, date ''2021-06-01'')', map);
	END IF;
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION 'zones cannot be activated in a % transaction', current_setting('transaction_isolation') USING
			ERRCODE = 'active_sql_transaction',
			DETAIL = 'Reports that came while the activation waited for their writers would be missed.',
			HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED.';
	END IF;
	EXECUTE format('SELECT zone_set_id, name, valid_from FROM %I.zone_set WHERE activated_at IS NOT NULL '
		'ORDER BY valid_from DESC, zone_set_id DESC LIMIT 1', map) INTO latest;
	IF latest.valid_from >= first_day THEN
		RAISE EXCEPTION 'zones valid from % cannot follow zone set "%", valid from %', to_char(first_day, 'YYYY-MM-DD'),
			latest.name, to_char(latest.valid_from, 'YYYY-MM-DD') USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = 'Zone sets succeed each other; one that was put in force is not undone.',
			HINT = 'Give a later day.';
	END IF;
	RETURN latest.zone_set_id;
END
$$;
COMMENT ON FUNCTION check_first_day(text, date) IS
'Internal, used by activate_zones: an error where the first day of a new zone set is missing or not after the first day of the set in force, or where the transaction could not see the reports it waited for; else the number of the set in force, NULL before the first.';

CREATE FUNCTION place_all_reports(map text, step integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	done bigint := 0;
	placed bigint;
	after bigint;
	upto bigint;
BEGIN
	LOOP
		EXECUTE format('SELECT max(report_id) FROM (SELECT report_id FROM %I.report '
			'WHERE $1 IS NULL OR report_id > $1 ORDER BY report_id LIMIT $2) r', map) INTO upto USING after, step;
		EXIT WHEN upto IS NULL;
		EXECUTE format('UPDATE %I.report SET outcome = outcome WHERE ($1 IS NULL OR report_id > $1) AND report_id <= $2', map)
			USING after, upto;
		GET DIAGNOSTICS placed = ROW_COUNT;
		done := done + placed;
		after := upto;
		IF placed = step THEN
			RAISE NOTICE 'map "%": % reports placed', map, done;
		END IF;
	END LOOP;
	RETURN done;
END
$$;
COMMENT ON FUNCTION place_all_reports(text, integer) IS
'Internal, used by activate_zones: places every report anew, so many at a time, with a notice after each full step, and returns how many there are. The triggers on report do it.';

CREATE FUNCTION activate_zones(map text, valid_from date) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	draft integer;
	before integer;
	zones bigint;
	reports bigint;
BEGIN
	PERFORM need_map(map);
	-- Writers of reports and zones finish first; those who come later find the new set.
	EXECUTE format('LOCK TABLE %1$I.report, %1$I.zone_set, %1$I.zone IN SHARE ROW EXCLUSIVE MODE', map);
	before := check_first_day(map, valid_from);
	draft := find_draft(map);
	-- what was just loaded is unknown to the planner
	EXECUTE format('ANALYZE %1$I.zone, %1$I.report', map);
	PERFORM settle_parents(map, draft);
	EXECUTE format('SELECT count(*) FROM %I.zone WHERE zone_set_id = $1', map) INTO zones USING draft;
	RAISE NOTICE 'map "%": checking % zones', map, zones;
	PERFORM refuse_bad_zones(map);
	RAISE NOTICE 'map "%": building the index', map;
	EXECUTE format($sql$
		UPDATE %1$I.zone_set SET valid_from = $2, activated_at = clock_timestamp(), edition = gen_random_uuid(),
			index = (SELECT zone_index_agg(zone_id, geom) FROM %1$I.zone WHERE zone_set_id = $1 AND is_leaf)
		WHERE zone_set_id = $1
	$sql$, map) USING draft, valid_from;
	IF before IS NOT NULL THEN
		EXECUTE format('UPDATE %I.zone_set SET valid_to = $2 - 1 WHERE zone_set_id = $1', map) USING before, valid_from;
		RAISE NOTICE 'map "%": comparing the zones with those before', map;
		PERFORM write_crosswalk(map, before, draft);
	END IF;
	PERFORM survey_zones(map, draft);
	reports := place_all_reports(map, 100000);
	EXECUTE format('ANALYZE %1$I.zone_set, %1$I.report, %1$I.placement, %1$I.possible_place', map);
	RAISE NOTICE 'map "%": % zones in force from %, % reports placed', map, zones, to_char(valid_from, 'YYYY-MM-DD'), reports;
	RETURN draft;
END
$$;
COMMENT ON FUNCTION activate_zones(text, date) IS
'Puts the draft zones of a map in force from a day on, and returns the number of the zone set: checks them with check_zones and refuses errors, builds and stores the index of the zones that are nobody''s parent, freezes the set, closes the one before with the day before, and places all reports into the new set, all in one transaction: an interruption leaves everything as it was. The day must lie after the first day of the set before; it may lie in the past or to come. Until then days are shown in the set before, with its placements, which move to the table placement. A report of an older day is placed in the new set from where it was in the old one: by its point where it has one that agrees with its code; without one, to the zone that covers more than half of the old zone (crosswalk), because a code may mean another area now; where there is none, or the point is in no zone any more, its outcome is lost_in_boundary_change. Zones in which such a report may lie as well are listed in possible_place and are not shown as green because of the change. Writers of zones and reports are waited for, and wait; readers do not. Says in notices how far it is. Not in a repeatable read or serializable transaction. The caller owns the map.';
CREATE FUNCTION crs_definition(srid integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT '+proj=tmerc +lat_0=0 +lon_0=' || meridian || ' +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 '
		'+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278 +units=m +no_defs'
	FROM (VALUES (9205, '103'), (9206, '104'), (9207, '104.5'), (9208, '104.75'), (5896, '105'), (9209, '105.5'),
				 (9210, '105.75'), (9211, '106'), (9212, '106.25'), (9213, '106.5'), (9214, '107'), (9215, '107.25'),
				 (9216, '107.5'), (5899, '107.75'), (5897, '108'), (9217, '108.25'), (9218, '108.5'), (5898, '111')) zone (code, meridian)
	WHERE zone.code = srid;
END;
COMMENT ON FUNCTION crs_definition(integer) IS
'The PROJ definition of a VN-2000 / TM-3 coordinate system by its EPSG number, 9210 for Ho Chi Minh City (central meridian 105 degrees 45 minutes, scale 0.9999); NULL for all others. PostGIS 3.3 has most of them not in spatial_ref_sys. The seven parameters to WGS 84 are the official ones (EPSG:6960, by the Department of Survey and Mapping, accurate to 1 m), with the rotations signed as position vector, which +towgs84 expects. PROJ left to choose may take other parameters (EPSG:5194) around the city, 0.8 m off. For ST_Transform(geom, georisk.crs_definition(9210), 4326).';

CREATE FUNCTION source_srid(relation regclass, geom_column name, from_srid integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	own integer[];
BEGIN
	EXECUTE format('SELECT array_agg(DISTINCT ST_SRID(%1$I)) FROM %2$s WHERE %1$I IS NOT NULL', geom_column,
		(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		 WHERE c.oid = relation)) INTO own;
	IF cardinality(own) > 1 THEN
		RAISE EXCEPTION 'the zones of % have more than one SRID: %', relation, array_to_string(own, ', ') USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Import them from one table or view for each SRID.';
	END IF;
	IF from_srid IS NULL THEN
		from_srid := coalesce(own[1], 0);
	ELSIF own[1] <> 0 AND own[1] <> from_srid THEN
		RAISE EXCEPTION 'the zones of % have SRID %, not %', relation, own[1], from_srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Leave from_srid out where the SRID is right; where it is wrong, set the right one with UpdateGeometrySRID.';
	END IF;
	IF own[1] IS NOT NULL AND crs_definition(from_srid) IS NULL
	   AND NOT EXISTS (SELECT FROM spatial_ref_sys s WHERE s.srid = from_srid) THEN
		RAISE EXCEPTION 'the coordinate system of % is not known: SRID %', relation, from_srid USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Name it: from_srid => 9210 is VN-2000 for Ho Chi Minh City, 32648 is UTM 48N, 4326 longitude and latitude.';
	END IF;
	RETURN from_srid;
END
$$;
COMMENT ON FUNCTION source_srid(regclass, name, integer) IS
'Internal, used by import_zones: the SRID that the coordinates of a table are in, as the caller or the table says; an error where they disagree or neither says one that is known.';

CREATE FUNCTION import_zones(map text, relation regclass, from_srid integer DEFAULT NULL, code_column text DEFAULT NULL,
	name_column text DEFAULT NULL, parent_column text DEFAULT NULL, level_column text DEFAULT NULL,
	population_column text DEFAULT NULL, households_column text DEFAULT NULL, geom_column text DEFAULT NULL,
	level text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	geom_name name;
	code_name name;
	level_name name;
	map_srid integer;
	source integer;
	draft integer;
	drawn text;
	imported bigint;
BEGIN
	PERFORM need_map(map);
	IF relation IS NULL THEN
		RAISE EXCEPTION 'the table of the zones is missing' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	code_name := zone_column(relation, coalesce(nullif(code_column, ''),
		CASE WHEN zone_column(relation, NULL, '{code}', 'code', false) IS NULL THEN 'code' END), '{code}', 'code', false);
	geom_name := zone_column(relation, geom_column, '{geom,geometry,wkb_geometry}', 'geom', true);
	level_name := zone_column(relation, CASE WHEN level IS NOT NULL AND level_column IS NULL THEN '' ELSE level_column END,
		'{level}', 'level', false);
	source := source_srid(relation, geom_name, from_srid);
	EXECUTE format('SELECT srid FROM %I.settings', map) INTO map_srid;
	drawn := CASE
		WHEN source = map_srid THEN format('ST_SetSRID(t.%I, %s)', geom_name, map_srid)
		WHEN crs_definition(source) IS NOT NULL THEN
			format('ST_Transform(ST_SetSRID(t.%I, 0), %L, %s)', geom_name, crs_definition(source), map_srid)
		ELSE format('ST_Transform(ST_SetSRID(t.%I, %s), %s)', geom_name, source, map_srid) END;

	EXECUTE format('SELECT max(zone_set_id) FROM %I.zone_set WHERE activated_at IS NULL', map) INTO draft;
	IF draft IS NULL THEN
		draft := open_draft(map);
	END IF;
	EXECUTE format('INSERT INTO %I.zone (zone_set_id, code, name, parent_code, level, population, households, geom) '
		'SELECT %s, t.%I::text, %s, %s, %s, %s, %s, ST_Multi(ST_Force2D(%s)) FROM %s t', map, draft, code_name,
		coalesce('t.' || quote_ident(zone_column(relation, name_column, '{name}', 'name', false)) || '::text', 'NULL'),
		coalesce('t.' || quote_ident(zone_column(relation, parent_column, '{parent_code}', 'parent', false)) || '::text', 'NULL'),
		coalesce('t.' || quote_ident(level_name) || '::text', quote_nullable(level)),
		coalesce('t.' || quote_ident(zone_column(relation, population_column, '{population}', 'population', false)) || '::integer', 'NULL'),
		coalesce('t.' || quote_ident(zone_column(relation, households_column, '{households}', 'households', false)) || '::integer', 'NULL'),
		drawn,
		(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		 WHERE c.oid = relation));
	GET DIAGNOSTICS imported = ROW_COUNT;
	RETURN imported;
END
$$;
COMMENT ON FUNCTION import_zones(text, regclass, integer, text, text, text, text, text, text, text, text) IS
'Copies zones from any table, view or foreign table, such as ogr2ogr and shp2pgsql make, into the draft of a map, which it opens where there is none, and returns how many. Polygons become multipolygons without heights and are transformed into the map''s coordinate system. from_srid says what the coordinates are in where the table does not (SRID 0); VN-2000 / TM-3 (9210 for Ho Chi Minh City and its siblings, see crs_definition) is known though PostGIS''s own table may lack it. Columns are found by their names, code, name, parent_code, level, population, households and geom, geometry or wkb_geometry, or are named by arguments; a missing one is left empty, except code and geometry, which are errors that list the candidates. level, without level_column, is the level of all. Nothing is repaired: check_zones on the view zone_draft tells what is wrong, activate_zones refuses it. The caller needs SELECT on the table and owns the map.';
CREATE FUNCTION qgis_symbol(symbol text, color text) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME symbol, xmlattributes('fill' AS type, symbol AS name, '0.75' AS alpha, '1' AS clip_to_extent),
		xmlelement(NAME layer, xmlattributes('SimpleFill' AS class, '1' AS enabled, '0' AS pass, '0' AS locked),
			xmlelement(NAME "Option", xmlattributes('Map' AS type),
				(SELECT xmlagg(xmlelement(NAME "Option",
							xmlattributes(o.name AS name, 'QString' AS type, o.value AS value)) ORDER BY o.name)
				 FROM (VALUES
					('color', (SELECT string_agg(get_byte(decode(substr(color, 2), 'hex'), i)::text, ',' ORDER BY i) || ',255'
							   FROM generate_series(0, 2) i)),
					('style', 'solid'), ('outline_color', '70,70,70,255'), ('outline_style', 'solid'),
					('outline_width', '0.12'), ('outline_width_unit', 'MM')) o(name, value)))));
END;
COMMENT ON FUNCTION qgis_symbol(text, text) IS
'Internal, used by qgis_style: a filled symbol of QGIS with that name and colour (#rrggbb).';

CREATE FUNCTION qgis_style(policy risk_policy, lang text DEFAULT 'en') RETURNS xml
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	WITH legend AS (
		SELECT position, tier AS value, tier_label AS label, tier_color AS color FROM policy_tiers(policy, lang)
		UNION ALL
		-- the empty value is QGIS's "all other values": unknown, and whatever else is in no tier
		SELECT 1000, '', CASE lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd'
	)
	SELECT xmlelement(NAME qgis, xmlattributes('3.22.0' AS version, 'Symbology' AS "styleCategories"),
		xmlelement(NAME "renderer-v2", xmlattributes('categorizedSymbol' AS type, 'tier' AS attr,
				'0' AS symbollevels, '0' AS forceraster, '1' AS enableorderby),
			xmlelement(NAME categories,
				xmlagg(xmlelement(NAME category, xmlattributes(value AS value, label AS label,
					position AS symbol, 'true' AS render)) ORDER BY position)),
			xmlelement(NAME symbols, xmlagg(qgis_symbol(position::text, color) ORDER BY position)),
			xmlelement(NAME orderby,
				xmlelement(NAME "orderByClause", xmlattributes('1' AS asc, '1' AS "nullsFirst"), '"tier_rank"'))),
		xmlelement(NAME "layerGeometryType", '2'))
	FROM legend;
END;
COMMENT ON FUNCTION qgis_style(risk_policy, text) IS
'The QGIS style (QML) of a layer judged by the policy: polygons coloured by the column tier, in the policy''s colours, mildest first in the legend and drawn first; grey for unknown. lang (vi or en) is the language of the legend.';

CREATE FUNCTION layer_styles_table(styles regclass) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	ids text;
BEGIN
	styles := coalesce(styles, to_regclass('public.layer_styles'));
	IF styles IS NOT NULL THEN
		ids := pg_get_serial_sequence(styles::text, 'id');
		IF NOT (SELECT bool_and(has_table_privilege(styles, p)) FROM unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) p)
		   OR NOT coalesce(has_sequence_privilege(ids, 'USAGE'), true) THEN
			RAISE EXCEPTION 'you may not write to %, where QGIS looks for styles', styles USING
				ERRCODE = 'insufficient_privilege',
				HINT = format('Its owner can let you: GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I;', styles, current_user)
					|| coalesce(format(' GRANT USAGE ON SEQUENCE %s TO %I;', ids, current_user), '');
		END IF;
		RETURN styles;
	END IF;
	IF to_regnamespace('public') IS NULL OR NOT has_schema_privilege('public', 'CREATE') THEN
		RAISE EXCEPTION 'there is no table layer_styles, and you may not create it in schema public' USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = 'QGIS looks for the styles of a database in a table of that name on its search_path.',
			HINT = 'Let the owner of the database call install_qgis_style once, or save any style into the database from QGIS.';
	END IF;
	CREATE TABLE public.layer_styles (
		id serial PRIMARY KEY,
		f_table_catalog varchar,
		f_table_schema varchar,
		f_table_name varchar,
		f_geometry_column varchar,
		stylename text,
		styleqml xml,
		stylesld xml,
		useasdefault boolean,
		description text,
		owner varchar(63) DEFAULT current_user,
		ui xml,
		update_time timestamp DEFAULT current_timestamp,
		type varchar
	);
	-- a reader who cannot read it gets the layer in a random colour, without a word
	GRANT SELECT ON public.layer_styles TO PUBLIC;
	RETURN 'public.layer_styles'::regclass;
END
$$;
COMMENT ON FUNCTION layer_styles_table(regclass) IS
'Internal, used by install_qgis_style: the given table, else public.layer_styles, which is made as QGIS makes it where it is missing and the caller may; readable by everyone. An error that says which grants are missing where the caller may not write to it.';

CREATE FUNCTION install_qgis_style(view regclass, lang text DEFAULT NULL, as_default boolean DEFAULT true,
	styles regclass DEFAULT to_regclass('layer_styles')) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	style_name CONSTANT text := 'georisk';
	relation record;
	policy risk_policy;
	map_lang text;
	id integer;
BEGIN
	SELECT n.nspname AS map, c.relname AS name,
		   (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid = 'geometry'::regtype
			AND NOT a.attisdropped ORDER BY a.attnum LIMIT 1) AS geom,
		   EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tier') AS has_tier
	INTO relation FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = view;
	IF relation.geom IS NULL OR NOT relation.has_tier
	   OR to_regclass(format('%I.layer', relation.map)) IS NULL THEN
		RAISE EXCEPTION '% is not a view of a map with tiers and polygons', coalesce(view::text, 'NULL') USING
			ERRCODE = 'wrong_object_type',
			HINT = 'Name the view zone_risk of a map: georisk.install_qgis_style(''district1.zone_risk'').';
	END IF;
	EXECUTE format('SELECT s.lang, (SELECT l.policy FROM %1$I.layer l ORDER BY l.layer_id LIMIT 1) FROM %1$I.settings s',
		relation.map) INTO map_lang, policy;
	lang := coalesce(lang, map_lang);
	styles := layer_styles_table(styles);

	EXECUTE format('DELETE FROM %s WHERE f_table_catalog = current_database() AND f_table_schema = $1 '
		'AND f_table_name = $2 AND f_geometry_column = $3 AND stylename = $4', styles)
	USING relation.map, relation.name, relation.geom, style_name;
	IF as_default THEN
		EXECUTE format('UPDATE %s SET useasdefault = false WHERE f_table_catalog = current_database() '
			'AND f_table_schema = $1 AND f_table_name = $2 AND f_geometry_column = $3 AND useasdefault', styles)
		USING relation.map, relation.name, relation.geom;
	END IF;
	EXECUTE format('INSERT INTO %s (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, '
		'styleqml, useasdefault, description) VALUES (current_database(), $1, $2, $3, $4, $5, $6, $7) RETURNING id', styles)
	INTO id
	USING relation.map, relation.name, relation.geom, style_name, qgis_style(policy, lang), as_default,
		  'georisk: zones coloured by tier';
	-- QGIS before 3.14 has no such column
	IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = styles AND a.attname = 'type' AND NOT a.attisdropped) THEN
		EXECUTE format('UPDATE %s SET type = ''Polygon'' WHERE id = $1', styles) USING id;
	END IF;
	RETURN id;
END
$$;
COMMENT ON FUNCTION install_qgis_style(regclass, text, boolean, regclass) IS
'Lets QGIS open a map''s view coloured by tier: writes the style, made from the layer''s policy, into the table layer_styles, where QGIS looks for it by database, schema and view, and returns its number. Call it again after the policy was changed, or after the map was renamed or the database restored under another name. lang (vi or en) is the language of the legend, by default the map''s. as_default: QGIS loads it by itself, and no other style of the view is the default any more. styles is the table to write to, by default the layer_styles on the caller''s search_path, else public.layer_styles, which is made where it is missing and the caller may. Every reader needs SELECT on that table. DELETE FROM layer_styles WHERE stylename = ''georisk'' takes the styles back.';
