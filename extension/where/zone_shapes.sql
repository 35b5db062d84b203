-- Zones simplified together.

CREATE FUNCTION zone_index_shapes(
	zones zone_index, parents zone_index, metres_per_unit double precision, tolerances_m double precision[],
	OUT tolerance_m double precision, OUT zone_id integer, OUT shape bytea)
RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 5000
AS 'MODULE_PATHNAME', 'georisk_zone_index_shapes';

COMMENT ON FUNCTION zone_index_shapes(zone_index, zone_index, double precision, double precision[]) IS
'Internal. zone_shapes with one tolerance after another, as well-known binary, for coordinates of which one unit has so many metres; NULL: longitude and latitude in degrees. It reads no tables.';

CREATE FUNCTION zone_shapes(
	zones zone_index, tolerance_m double precision, parents zone_index DEFAULT NULL,
	OUT zone_id integer, OUT geom geometry)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1000
BEGIN ATOMIC
	SELECT s.zone_id, ST_GeomFromWKB(s.shape, srid(zones))
	FROM zone_index_shapes(zones, parents, metres_per_unit(srid(zones)), ARRAY[tolerance_m]) AS s;
END;

COMMENT ON FUNCTION zone_shapes(zone_index, double precision, zone_index) IS
'The zones of an index as multipolygons with fewer vertices, for maps of a smaller scale: one row a zone, then one a zone of parents, an index of the zones above them. A border that several zones have, on whatever level, is simplified once for all of them, so that neighbours keep meeting, and a ward keeps being the sum of its groups: no gap and no overlap where there was none. No border moves by more than tolerance_m metres, 0 to 10,000 km. Where zones meet, the point stays; a ring that meets no other moves by an eighth of its width at most, so that islands keep their form. Every zone stays a valid polygon with all its parts and holes, however small: a vertex that is needed for that is kept. Borders that were drawn twice, a little apart, are two borders, and are simplified each for itself where they do not get in each other''s way. The same shapes whatever the order or numbers of the zones. Metres whatever the SRID, as in zone_neighbours. NULL zones give no rows; indexes of different SRIDs and a tolerance that is NULL or out of range are an error.';
