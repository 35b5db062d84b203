CREATE FUNCTION write_reporting(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.reporting AS
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

		CREATE OR REPLACE VIEW %1$I.data_quality AS
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
COMMENT ON FUNCTION write_reporting(text) IS
'Internal, used by write_views: the views reporting and data_quality of a map.';

CREATE FUNCTION create_intake(map text) RETURNS void
LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE COST 10000
BEGIN ATOMIC
	SELECT create_zone_alias(map);
	SELECT create_source_table(map);
	SELECT create_report_in(map);
	SELECT create_submission_tables(map);
END;
COMMENT ON FUNCTION create_intake(text) IS
'Internal, used by create_map: what a map needs to take reports in as they come.';
