-- Coordinate systems: VN-2000, which PostGIS 3.3 lacks and PROJ left to choose transforms another way.

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

CREATE FUNCTION epsg_code(srid integer) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT coalesce((SELECT s.auth_srid FROM spatial_ref_sys s WHERE s.srid = epsg_code.srid AND s.auth_name = 'EPSG'), srid);
END;
COMMENT ON FUNCTION epsg_code(integer) IS
'The EPSG number of an SRID, as spatial_ref_sys tells; the SRID itself where it tells none. ogr2ogr enters systems that PostGIS lacks under numbers of its own: 900914 may be EPSG:9210.';

CREATE FUNCTION in_crs(geom geometry, srid integer) RETURNS geometry
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	source CONSTANT text := crs_definition(epsg_code(ST_SRID(geom)));
	target CONSTANT text := crs_definition(epsg_code(srid));
BEGIN
	RETURN CASE
		WHEN source IS NULL AND target IS NULL THEN ST_Transform(geom, srid)
		WHEN target IS NULL THEN ST_Transform(ST_SetSRID(geom, 0), source, srid)
		WHEN source IS NULL THEN ST_SetSRID(ST_Transform(geom, target), srid)
		ELSE ST_SetSRID(ST_Transform(ST_SetSRID(geom, 0), source, target), srid) END;
END
$$;
COMMENT ON FUNCTION in_crs(geometry, integer) IS
'A geometry in the coordinate system of another SRID, as ST_Transform, but VN-2000 / TM-3 by its official parameters, see crs_definition, whether or not spatial_ref_sys has it. NULL for NULL; errors as of ST_Transform.';
