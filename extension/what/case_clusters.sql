
CREATE FUNCTION case_cluster_numbers(
    points geometry[], days date[], counts integer[], srid integer, metres_per_unit double precision,
    metres double precision, days_apart integer) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'georisk_case_cluster_numbers' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION case_cluster_numbers(geometry[], date[], integer[], integer, double precision, double precision, integer) IS
'Internal. The cluster of each case, given as lists of points, days and counts without NULL, by the rules of case_clusters; NULL for a case in none. One unit of the points'' SRID has metres_per_unit metres, NULL: longitude and latitude in degrees.';
