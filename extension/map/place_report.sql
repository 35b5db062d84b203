CREATE FUNCTION place_report() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_place_report'
LANGUAGE C PARALLEL UNSAFE COST 10;
COMMENT ON FUNCTION place_report() IS
'Row trigger on the table report of a map, before INSERT and UPDATE: gives the report its zone in the zone set in force and says in `outcome` how. By code where the code is known, else by the point, unless its geocode_quality is ward or unmatched. It sets outcome, zone_set_id, zone_id, household_key and point_disagrees, whatever the writer gave. The code of a parent places nothing by itself, but the point must lie in that parent. A report of a day before that set is placed from where it was in the set of its day, see activate_zones: its code means what it meant then. The writer needs INSERT or UPDATE on report and nothing else.';
