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
		CREATE INDEX crosswalk_forward ON %1$I.crosswalk (old_set, old_zone_id);
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
