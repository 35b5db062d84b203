CREATE FUNCTION write_reporting(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM replace_view(map, 'reporting', 'reporting_id', format($sql$
		WITH RECURSIVE map AS (
			SELECT coalesce(s.day, (now() AT TIME ZONE s.timezone)::date) AS day, s.silence_limit FROM %1$I.settings s LIMIT 1
		), shown AS (
			%2$s
		), %3$s, sent AS (
			SELECT source, count(*) AS submissions, max(submitted_at) AS last_submitted_at,
				   (array_agg(file ORDER BY submission_id DESC))[1] AS last_file, max(complete_until) AS complete_until,
				   sum(received) AS received
			FROM %1$I.submission GROUP BY source
		), covered AS (
			SELECT code, min(covers) AS covers, count(*) AS zones FROM code_zone GROUP BY code
		), waits AS (
			SELECT coalesce(clean_text(source), '') AS source, count(*) AS waiting FROM %1$I.report_in GROUP BY 1
		), refused AS (
			SELECT source, count(*) AS rejected FROM %1$I.rejected_report GROUP BY source
		), known AS (
			SELECT source FROM %1$I.source UNION SELECT source FROM sent UNION SELECT source FROM waits
		)
		SELECT row_number() OVER (ORDER BY k.source COLLATE "C")::integer AS reporting_id, k.source, s.name, s.zone_code,
			   coalesce(sent.submissions, 0)::integer AS submissions, sent.last_submitted_at, sent.last_file, sent.complete_until,
			   m.day - coalesce(t.reported_until, sent.complete_until) AS days_behind,
			   coalesce(sent.received, 0)::bigint AS received, coalesce(waits.waiting, 0)::integer AS waiting,
			   coalesce(refused.rejected, 0)::integer AS rejected, s.expected_from, s.expected_until, t.reported_until,
			   m.day - t.reported_until > m.silence_limit AS is_late,
			   CASE WHEN coalesce(y.code, t.code) IS NULL THEN 'map' ELSE coalesce(c.covers,
					CASE WHEN y.code IN (SELECT code FROM code_elsewhere) THEN 'carried' ELSE 'no_such_zone' END) END AS covers,
			   CASE WHEN y.code IN (SELECT code FROM code_elsewhere) OR c.zones > 0 THEN coalesce(c.zones, 0)
					ELSE (SELECT count(*) FROM %1$I.zone z WHERE z.zone_set_id = (SELECT zone_set_id FROM shown) AND z.is_leaf)
			   END::integer AS zones
		FROM known k
		CROSS JOIN map m
		LEFT JOIN %1$I.source s ON s.source = k.source
		LEFT JOIN taking_part t ON t.source = k.source
		LEFT JOIN duty y ON y.source = k.source
		LEFT JOIN covered c ON c.code = y.code
		LEFT JOIN sent ON sent.source = k.source
		LEFT JOIN waits ON waits.source = k.source
		LEFT JOIN refused ON refused.source = k.source
	$sql$, map, shown_set_query(map, ''), reported_query(map, '', '', ' AND false')));
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.zone_reporting AS
		WITH RECURSIVE map AS (
			SELECT coalesce(s.day, (now() AT TIME ZONE s.timezone)::date) AS day, s.silence_limit FROM %1$I.settings s LIMIT 1
		), shown AS (
			%2$s
		), %3$s, leaf AS (
			SELECT z.zone_id, least(r.reported_until, (SELECT reported_until FROM reported_everywhere)) AS reported_until
			FROM %1$I.zone z LEFT JOIN reported r ON r.zone_id = z.zone_id
			WHERE z.zone_set_id = (SELECT zone_set_id FROM shown) AND z.is_leaf
		), above AS (
			SELECT l.zone_id AS part_id, l.zone_id, l.reported_until FROM leaf l
			UNION ALL
			SELECT a.zone_id, a.ancestor_id, l.reported_until FROM leaf l JOIN %1$I.zone_ancestor a ON a.zone_id = l.zone_id
		), late AS (
			SELECT source, code, reported_until FROM duty WHERE reported_until < (SELECT day FROM map)
		), waits AS (
			SELECT w.zone_id, array_agg(w.source ORDER BY w.reported_until, w.source COLLATE "C") AS waits_for
			FROM (SELECT DISTINCT a.zone_id, t.source, t.reported_until
				  FROM late t JOIN code_zone k ON k.code = t.code JOIN above a ON a.part_id = k.zone_id
				  UNION
				  SELECT a.zone_id, t.source, t.reported_until FROM late t, above a
				  WHERE t.code IS NULL OR t.code IN (SELECT code FROM code_here WHERE zone_id IS NULL EXCEPT SELECT code FROM code_elsewhere)) w
			GROUP BY w.zone_id
		), summed AS (
			SELECT a.zone_id, count(*) AS zones, min(a.reported_until) AS reported_until,
				   count(*) FILTER (WHERE m.day - a.reported_until > m.silence_limit) AS late_zones
			FROM above a CROSS JOIN map m GROUP BY a.zone_id
		)
		SELECT z.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level, s.reported_until,
			   m.day - s.reported_until AS days_behind, s.late_zones > 0 AS is_late, s.zones::integer AS zones,
			   s.late_zones::integer AS late_zones, w.waits_for
		FROM summed s CROSS JOIN map m
		JOIN %1$I.zone z ON z.zone_id = s.zone_id
		LEFT JOIN waits w ON w.zone_id = s.zone_id
	$sql$, map, shown_set_query(map, ''), reported_query(map, '', '', ' AND false'));
	PERFORM replace_view(map, 'data_quality', 'data_quality_id', format($sql$
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
		SELECT row_number() OVER (ORDER BY o.source COLLATE "C", o.parent_code COLLATE "C", o.day)::integer AS data_quality_id,
			   o.source, o.parent_code, o.day, sum(o.rows)::bigint AS received,
			   %2$s,
			   sum(o.hints)::bigint AS with_hint, sum(o.disagree)::bigint AS point_disagrees
		FROM outcomes o
		GROUP BY o.source, o.parent_code, o.day
	$sql$, map, (SELECT string_agg(format('coalesce(sum(o.rows) FILTER (WHERE o.outcome = %1$L), 0)::bigint AS %1$I', outcome),
			E',\n\t\t\t   ' ORDER BY place)
		FROM unnest(ARRAY['placed_by_code', 'placed_by_point', 'outside', 'no_place', 'unknown_code', 'bad_point',
			'not_precise', 'waiting', 'lost_in_boundary_change', 'superseded', 'withdrawn', 'duplicate',
			'rejected']) WITH ORDINALITY o (outcome, place))));

	PERFORM comment_table(map, 'reporting',
		'Who reports, and until when: one row for each source that is declared, has submitted or has rows waiting. A source that is days behind is silent, not free of cases. A source takes part once it said complete_until, or from the day from which it is expected; zones that wait for a source do not get milder meanwhile, see zone_reporting.',
		'reporting_id', 'Number of the row, unique; another one when sources come or go.',
		'source', 'Name of the source; empty: rows waiting in report_in that name none.',
		'name', 'Name for people.',
		'zone_code', 'Code of the zone, ward or district whose reports it brings; empty: of the whole map.',
		'submissions', 'How often it submitted.',
		'last_submitted_at', 'When it did last.',
		'last_file', 'From which file.',
		'complete_until', 'The last day for which it ever said that its reports are complete.',
		'days_behind', 'Days from reported_until, or from complete_until where nobody waits for the source, to the map''s day; empty where there is neither.',
		'received', 'Rows received in all its submissions.',
		'waiting', 'Rows in report_in that nobody has submitted yet.',
		'rejected', 'Rows in rejected_report.',
		'expected_from', 'The first day for which it is expected to report, as declared.',
		'expected_until', 'The last day for which it is expected to report, as declared.',
		'reported_until', 'The day until which its zones are reported as far as it goes: complete_until, or, where it never said, the day before expected_from. Empty where it takes no part or is done, and where settings.silence_limit is empty.',
		'is_late', 'Whether it is behind by more than settings.silence_limit days, so that its zones are unknown unless their tier is certain anyway; empty where it takes no part.',
		'covers', 'What its zone_code stands for on the map''s day: map, all zones, as it has none; zones, that zone and those below it; carried, the zones on the ground of that zone, which only an older or newer zone set has; no_such_zone, a code that no zone ever had: correct it. Until then its silence is that of all zones.',
		'zones', 'How many zones that get tiers these are.');
	PERFORM comment_table(map, 'zone_reporting',
		'Who is late: until which day each zone of the map''s day is reported, parents too, by all sources that bring reports of it. A ward is as late as its latest zone.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'reported_until', 'The day until which it is reported: the earliest of its sources'', of a parent the earliest of the zones below it. Empty where no source takes part.',
		'days_behind', 'Days from then to the map''s day.',
		'is_late', 'Whether it, or a zone below it, is behind by more than settings.silence_limit days.',
		'zones', 'How many zones that get tiers it is: 1, or those below it.',
		'late_zones', 'How many of these are late.',
		'waits_for', 'The sources that have not reported until the map''s day, the one furthest behind first; empty where there is none.');
	PERFORM comment_table(map, 'data_quality',
		'What came in, by source, ward and day of receipt, and what has become of it by now; the outcomes add up to the rows received. Reports written directly count, too.',
		'data_quality_id', 'Number of the row, unique; another one when rows come or go.',
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
'Internal, used by write_views: the views reporting, zone_reporting and data_quality of a map.';

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
