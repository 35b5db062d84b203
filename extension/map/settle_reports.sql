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
