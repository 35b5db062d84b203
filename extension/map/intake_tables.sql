CREATE TYPE submission_receipt AS (
	submission_id integer,
	source text,
	label text,
	file text,
	submitted_by text,
	submitted_at timestamptz,
	complete_until date,
	received integer,
	placed_by_code integer,
	placed_by_point integer,
	outside integer,
	no_place integer,
	unknown_code integer,
	bad_point integer,
	not_precise integer,
	waiting integer,
	lost_in_boundary_change integer,
	superseded integer,
	withdrawn integer,
	duplicate integer,
	rejected integer
);
COMMENT ON TYPE submission_receipt IS
'What submit_reports gives back: the new row of the map''s table submission.';

COMMENT ON COLUMN submission_receipt.submission_id IS
'Number of the submission.';
COMMENT ON COLUMN submission_receipt.source IS
'Who sent the reports.';
COMMENT ON COLUMN submission_receipt.label IS
'The label of the rows, where only those were submitted.';
COMMENT ON COLUMN submission_receipt.file IS
'The file that they came from.';
COMMENT ON COLUMN submission_receipt.submitted_by IS
'The role that submitted.';
COMMENT ON COLUMN submission_receipt.submitted_at IS
'When.';
COMMENT ON COLUMN submission_receipt.complete_until IS
'The day until which the source says that its reports are complete.';
COMMENT ON COLUMN submission_receipt.received IS
'Rows taken from report_in: the sum of the outcomes, which follow.';
COMMENT ON COLUMN submission_receipt.placed_by_code IS
'Placed by code or alias.';
COMMENT ON COLUMN submission_receipt.placed_by_point IS
'Placed by their point.';
COMMENT ON COLUMN submission_receipt.outside IS
'Point outside every zone.';
COMMENT ON COLUMN submission_receipt.no_place IS
'Neither code nor point.';
COMMENT ON COLUMN submission_receipt.unknown_code IS
'Place not recognised.';
COMMENT ON COLUMN submission_receipt.bad_point IS
'A point was given, but none that can be read.';
COMMENT ON COLUMN submission_receipt.not_precise IS
'Known to the ward at best.';
COMMENT ON COLUMN submission_receipt.waiting IS
'No zone set in force yet.';
COMMENT ON COLUMN submission_receipt.lost_in_boundary_change IS
'Of a day of an older zone set, and in no zone of the one in force.';
COMMENT ON COLUMN submission_receipt.superseded IS
'A higher revision was there or came in the same submission.';
COMMENT ON COLUMN submission_receipt.withdrawn IS
'Withdrawals.';
COMMENT ON COLUMN submission_receipt.duplicate IS
'There before, with the same content.';
COMMENT ON COLUMN submission_receipt.rejected IS
'Not taken as a report.';

CREATE FUNCTION create_source_table(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.source (
			source text PRIMARY KEY CHECK (source = clean_text(source) AND source <> ''),
			name text,
			zone_code text,
			date_formats text[] NOT NULL DEFAULT '{YYYY-MM-DD}' CHECK (check_day_formats(date_formats)),
			decimal_comma boolean NOT NULL DEFAULT false,
			srid integer,
			same_row_is_same boolean NOT NULL DEFAULT true,
			expected_from date CHECK (isfinite(expected_from)),
			expected_until date CHECK (isfinite(expected_until)),
			CHECK (expected_until >= expected_from)
		);
		CREATE TABLE %1$I.source_past (
			zone_set_id integer NOT NULL,
			source text NOT NULL,
			zone_code text,
			PRIMARY KEY (zone_set_id, source)
		);
	$sql$, map);
	PERFORM comment_table(map, 'source',
		'Who reports, for which zones and from when on, and how the lists are to be read. A source without a row here brings reports of the whole map and writes ISO dates, decimal points and the map''s coordinates.',
		'source', 'Name of the source, as in reports.',
		'name', 'Name for people.',
		'zone_code', 'Code of the zone, ward or district whose reports the source brings; empty: of the whole map. Its silence is the silence of these zones. A code that an older or newer zone set has is followed on the ground; one that no zone ever had counts for the whole map, see reporting.',
		'date_formats', 'The formats of its dates, as georisk.read_day takes them: {DD/MM/YYYY}, {DD/MM/YYYY,YYYY-MM-DD}. Nothing else is read as a date.',
		'decimal_comma', 'True where numbers have a decimal comma: 106,7.',
		'srid', 'The coordinate system of its points, where a row does not say its own: 4326 degrees, 9210 VN-2000 for Ho Chi Minh City; empty: the map''s.',
		'same_row_is_same', 'A row without external_id that is alike in everything to one that came before: true, the default, makes it a duplicate, as often as it was there before; false makes it a new report.',
		'expected_from', 'The first day for which it is expected to say that its reports are complete; until it does, its zones are silent from then on. Empty: it takes part from the first time that it says so.',
		'expected_until', 'The last day for which it is expected to report; once it is complete until then, or was before, its zones no longer wait for it. Empty: it goes on.');
	PERFORM comment_table(map, 'source_past',
		'Which zone_code each source had when a zone set was followed by another; written by georisk.activate_zones. Days of the older set are waited for by these codes, whatever source says by now: a ward that is late when boundaries change stays late for the ground that it gave away.',
		'zone_set_id', 'The older zone set.',
		'source', 'Name of the source.',
		'zone_code', 'Its zone_code then.');
END
$$;
COMMENT ON FUNCTION create_source_table(text) IS
'Internal, used by create_map: the tables source and source_past of a map.';

CREATE FUNCTION create_report_in(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.report_in (
			source text, external_id text, revision text, withdrawn text, disease text, status text, setting text,
			origin text, link text, onset_day text, sample_day text, report_day text, n text, household text,
			zone_code text, geom text, x text, y text, srid text, geocode_quality text, note text, line text,
			submission text,
			arrived bigint GENERATED BY DEFAULT AS IDENTITY,
			entered_by text DEFAULT current_user
		);
	$sql$, map);
	PERFORM comment_table(map, 'report_in',
		'Reports as people have them, in plain text: fill it by COPY or INSERT, then call georisk.submit_reports, best in the same transaction. Nothing that is typed here is refused before that; submit_reports empties it, and every row becomes a report, a duplicate or a row of rejected_report. White space, byte order marks and carriage returns around a value do not matter; an empty value is a missing one.',
		'source', 'Who sends the report; empty: whoever submits next.',
		'external_id', 'The source''s own number of the report. With it a report can be corrected and withdrawn.',
		'revision', 'The source''s version of the report, a whole number; empty: 1, or 2 where the row withdraws the report.',
		'withdrawn', 'true, yes, t, y or 1 where the source takes the report back; false, no, f, n, 0 or empty otherwise.',
		'disease', 'The disease reported.',
		'status', 'confirmed, probable, suspected or discarded.',
		'setting', 'residence, visited, isolation or hospital.',
		'origin', 'community or imported.',
		'link', 'known or unknown.',
		'onset_day', 'First day of symptoms, in a format of the source.',
		'sample_day', 'Day of the sample, in a format of the source.',
		'report_day', 'Day of the report, in a format of the source. Only a withdrawal may do without.',
		'n', 'How many cases the row stands for; empty: 1.',
		'household', 'The household.',
		'zone_code', 'Code or alias of the zone.',
		'geom', 'The point as WKT or EWKT, POINT(106.7 10.77), or as hexadecimal WKB; instead of x and y.',
		'x', 'Longitude or easting of the point.',
		'y', 'Latitude or northing of the point.',
		'srid', 'The coordinate system of the point, 9210 for VN-2000 of Ho Chi Minh City; empty: the source''s, else the map''s.',
		'geocode_quality', 'exact, address, street, area, ward or unmatched.',
		'note', 'Anything else.',
		'line', 'Number of the line in the file; empty: the row''s place among those submitted together.',
		'submission', 'A label for rows that belong together; submit_reports can take them alone.',
		'arrived', 'Order of arrival.',
		'entered_by', 'The role that entered the row; nobody''s to give but the owner''s.');
END
$$;
COMMENT ON FUNCTION create_report_in(text) IS
'Internal, used by create_map: the table report_in of a map.';

CREATE FUNCTION create_submission_tables(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.submission (
			submission_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			source text NOT NULL,
			label text,
			file text,
			submitted_by text NOT NULL DEFAULT session_user,
			submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
			complete_until date CHECK (isfinite(complete_until)),
			received integer NOT NULL DEFAULT 0,
			placed_by_code integer NOT NULL DEFAULT 0,
			placed_by_point integer NOT NULL DEFAULT 0,
			outside integer NOT NULL DEFAULT 0,
			no_place integer NOT NULL DEFAULT 0,
			unknown_code integer NOT NULL DEFAULT 0,
			bad_point integer NOT NULL DEFAULT 0,
			not_precise integer NOT NULL DEFAULT 0,
			waiting integer NOT NULL DEFAULT 0,
			lost_in_boundary_change integer NOT NULL DEFAULT 0,
			superseded integer NOT NULL DEFAULT 0,
			withdrawn integer NOT NULL DEFAULT 0,
			duplicate integer NOT NULL DEFAULT 0,
			rejected integer NOT NULL DEFAULT 0,
			CONSTRAINT nothing_is_lost CHECK (received = placed_by_code + placed_by_point + outside + no_place
				+ unknown_code + bad_point + not_precise + waiting + lost_in_boundary_change + superseded + withdrawn
				+ duplicate + rejected)
		);
		CREATE INDEX submission_by_source ON %1$I.submission (source, submission_id);
		CREATE INDEX submission_complete ON %1$I.submission (source, complete_until) WHERE complete_until IS NOT NULL;
		CREATE TABLE %1$I.rejected_report (
			rejected_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
			submission_id integer NOT NULL REFERENCES %1$I.submission,
			source text NOT NULL,
			line bigint NOT NULL,
			reason text NOT NULL CHECK (reason IN ('missing_day', 'unreadable_day', 'implausible_day', 'future_day',
				'unreadable_number', 'unknown_word', 'missing_external_id', 'too_long', 'conflicting_content')),
			detail text,
			hint text,
			original jsonb NOT NULL
		);
		CREATE INDEX rejected_report_of ON %1$I.rejected_report (submission_id, line);
	$sql$, map);
	PERFORM comment_table(map, 'submission',
		'The receipts: one row for each call of georisk.submit_reports. The outcomes are those at that time and add up to the rows received; later revisions, aliases and zone sets change what becomes of a report, not its receipt.',
		'submission_id', 'Number of the submission.',
		'source', 'Who sent the reports.',
		'label', 'The label of the rows, where only those were submitted.',
		'file', 'The file that they came from.',
		'submitted_by', 'The role that submitted.',
		'submitted_at', 'When.',
		'complete_until', 'The day until which the source says that its reports are complete, this submission included; empty where it does not say.',
		'received', 'Rows taken from report_in.',
		'placed_by_code', 'Placed by code or alias.',
		'placed_by_point', 'Placed by their point.',
		'outside', 'Point outside every zone.',
		'no_place', 'Neither code nor point.',
		'unknown_code', 'Place not recognised: see unmatched_places.',
		'bad_point', 'A point was given, but none that can be read.',
		'not_precise', 'Known to the ward at best.',
		'waiting', 'No zone set in force yet.',
		'lost_in_boundary_change', 'Of a day of an older zone set, and in no zone of the one in force.',
		'superseded', 'A higher revision was there or came in the same submission.',
		'withdrawn', 'Withdrawals.',
		'duplicate', 'The same report in the same revision and with the same content was there before.',
		'rejected', 'Not taken as a report: see rejected_report.');
	PERFORM comment_table(map, 'rejected_report',
		'Rows that could not be taken as reports, as they came. Mend what is wrong at the source or here, put them into report_in again, and delete them when they are settled.',
		'rejected_id', 'Number of the row.',
		'submission_id', 'The submission that it came with.',
		'source', 'Who sent it.',
		'line', 'Its line in the file, or its place among the rows submitted together.',
		'reason', 'missing_day, unreadable_day (fits no format of the source), implausible_day (before 1900), future_day (after the map''s day), unreadable_number, unknown_word, missing_external_id (a withdrawal that does not say of what), too_long, conflicting_content (the same report in the same revision is there with another content; that one stays).',
		'detail', 'The column and the value.',
		'hint', 'What to do, in the map''s language.',
		'original', 'The row as it came: columns of report_in and their text.');
END
$$;
COMMENT ON FUNCTION create_submission_tables(text) IS
'Internal, used by create_map: the tables submission and rejected_report of a map.';
