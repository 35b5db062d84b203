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
