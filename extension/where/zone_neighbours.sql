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
