CREATE FUNCTION known_then(recorded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT ' AND ($2 IS NULL OR ' || recorded || ' <= $2)';
END;
COMMENT ON FUNCTION known_then(text) IS
'Internal: the condition in the body of zone_risk_at, whose arguments are $1 as_of and $2 known_at, that something was recorded by known_at, given the column that says when.';

CREATE FUNCTION known_set_then(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- a map that was loaded with what others had recorded long before has no older zones than its first
	RETURN format(' AND ($2 IS NULL OR activated_at <= greatest($2, '
		'(SELECT min(first_one.activated_at) FROM %I.zone_set first_one)))', map);
END
$$;
COMMENT ON FUNCTION known_set_then(text) IS
'Internal: the condition in zone_risk_at on the zone sets that were in force by known_at; before there was any, the first.';

CREATE FUNCTION known_rows_query(map text, layer_id integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
	own_now text;
	own_then text;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	-- what a column of the user's said then was kept as JSON
	SELECT coalesce(string_agg(format(', r.%I', c), ''), ''),
		   coalesce(string_agg(format(', (e.more ->> %L)::%s AS %I', c, format_type(a.atttypid, -1), c), ''), '')
	INTO own_now, own_then
	FROM unnest(counting.columns) c JOIN pg_attribute a ON a.attrelid = format('%I.report', map)::regclass AND a.attname = c
	WHERE c <> ALL (kept_columns());
	-- A row with the lowest revision of all supersedes nothing: what is left to compare with are few.
	RETURN format($sql$
		live AS (
			SELECT r.report_id, NULL::timestamptz AS replaced_at, r.source, r.external_id, r.revision, r.withdrawn,
				   r.disease, r.status, r.setting, r.origin, r.link, r.onset_day, r.sample_day, r.report_day, r.n%2$s,
				   CASE WHEN r.zone_set_id = (SELECT zone_set_id FROM shown) THEN r.zone_id ELSE p.zone_id END AS zone_id,
				   CASE WHEN r.zone_set_id = (SELECT zone_set_id FROM shown) THEN r.household_key
						ELSE p.household_key END AS household_key
			FROM %1$I.report r
			LEFT JOIN %1$I.placement p
				ON p.report_id = r.report_id AND p.zone_set_id = (SELECT zone_set_id FROM shown)
			WHERE r.recorded_at <= $2
			  AND NOT EXISTS (SELECT FROM %1$I.report_past q
							  WHERE q.report_id = r.report_id AND q.replaced_at > $2)
			UNION ALL
			SELECT e.report_id, e.replaced_at, e.source, e.external_id, e.revision, e.withdrawn, e.disease, e.status,
				   e.setting, e.origin, e.link, e.onset_day, e.sample_day, e.report_day, e.n%3$s, p.zone_id, p.household_key
			FROM (SELECT DISTINCT ON (f.report_id) f.report_id, f.replaced_at, f.source, f.external_id, f.revision, f.withdrawn,
						 f.disease, f.status, f.setting, f.origin, f.link, f.onset_day, f.sample_day, f.report_day, f.n, f.more
				  FROM %1$I.report_past f
				  WHERE f.recorded_at <= $2 AND f.replaced_at > $2
				  ORDER BY f.report_id, f.replaced_at, f.report_past_id) e
			LEFT JOIN %1$I.report_past p ON p.report_id = e.report_id AND p.replaced_at = e.replaced_at
				AND p.zone_set_id = (SELECT zone_set_id FROM shown)
		), known AS (
			SELECT report.report_id, report.replaced_at, report.zone_id, %4$s AS report_day, report.n,
				   report.household_key%6$s
			FROM live report
			WHERE $2 IS NOT NULL AND NOT report.withdrawn AND %5$s
			  AND %4$s <= (SELECT day FROM map)
			  AND NOT EXISTS (SELECT FROM live h
							  WHERE h.source = report.source AND h.external_id = report.external_id
								AND h.revision > report.revision
								AND h.revision > (SELECT min(lowest.revision) FROM live lowest))
		)
	$sql$, map, own_now, own_then, counting.day, counting.counted, list_columns(counting.columns));
END
$$;
COMMENT ON FUNCTION known_rows_query(text, integer) IS
'Internal: the reports that counted for a layer as known_at had it: recorded by then, as they stood then, the highest revision known then, and not withdrawn by then; each with its zone in the set in `shown`, if it has one there. Nothing where known_at is NULL.';

CREATE FUNCTION known_reports_query(map text, layer_id integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Of the two one is ruled out before it starts: what counts now is in the index.
	RETURN format($sql$
		SELECT c.* FROM (%1$s) c WHERE $2 IS NULL
		UNION ALL
		SELECT report.zone_id, report.report_day, report.n, report.household_key%2$s
		FROM known report WHERE report.zone_id IS NOT NULL
	$sql$, counted_reports_query(map, layer_id), (SELECT list_columns(l.columns) FROM layer_counting(map, layer_id) l));
END
$$;
COMMENT ON FUNCTION known_reports_query(text, integer) IS
'Internal: counted_reports_query as known_at had it, or as it is now where that is NULL.';

CREATE FUNCTION known_doubt_query(map text, layer_id integer, measures text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT c.* FROM (%2$s) c WHERE $2 IS NULL
		UNION ALL
		SELECT m.zone_id, min(m.report_day) - 1
		FROM (SELECT q.zone_id, report.report_day, report.n
			  FROM known report JOIN %1$I.possible_place q ON q.report_id = report.report_id
			  WHERE report.replaced_at IS NULL AND q.zone_set_id = (SELECT zone_set_id FROM shown) AND %3$s
			  UNION ALL
			  SELECT unnest(p.possible), report.report_day, report.n
			  FROM known report
			  JOIN %1$I.report_past p ON p.report_id = report.report_id AND p.replaced_at = report.replaced_at
			  WHERE p.zone_set_id = (SELECT zone_set_id FROM shown) AND %3$s) m
		WHERE m.n > 0 AND coalesce((SELECT day FROM map) - m.report_day <= (SELECT look_back FROM map), true)
		GROUP BY m.zone_id
	$sql$, map, doubtful_zones_query(map, layer_id, measures), measure_filter(map, layer_id, measures));
END
$$;
COMMENT ON FUNCTION known_doubt_query(text, integer, text[]) IS
'Internal: doubtful_zones_query as known_at had it, or as it is now where that is NULL.';

CREATE FUNCTION write_zone_risk_at(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Written into a query that asks for the days of another table, it would be planned for all of them together; a setting keeps
	-- it a function of its own.
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%3$I(as_of date, known_at timestamptz DEFAULT NULL)
		RETURNS SETOF %1$I.%4$I LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1000 SET jit = off
		BEGIN ATOMIC %2$s; END
	$sql$, map, zone_risk_query(map, layer_id, true), layer_relation(map, layer_id, 'zone_risk_at'),
		layer_relation(map, layer_id, 'zone_risk'));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(date, timestamptz) IS %L', map, layer_relation(map, layer_id, 'zone_risk_at'),
		'The tier of every zone on a day, with the columns of zone_risk. With known_at as it was known then: from the reports recorded by then, in the highest revision known then, from zone values, receipts, assessments and decisions recorded by then, on the zones in force then, or on the first ones where it was before these; without it as it is known now. as_of NULL is the map''s day. Judged by the policy of the day in the layer''s timeline, by the layer''s present diseases and measures, with the sources as they are declared and the silence limit as it is set now. The caller needs SELECT on report, report_past, placement, possible_place, crosswalk, zone_value, zone, zone_set, zone_ancestor, source, source_past, submission, layer_policy, settings, assessment, assessment_tier, decision and announced_tier, and where the policies look at neighbours zone_neighbour.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_at(text, integer) IS
'Writes the function zone_risk_at of a layer anew, for what its policy asks for. create_map and the trigger on the table layer call it; grants stay.';
INSERT INTO layer_part (part, place, arguments) VALUES ('zone_risk_at', 20, 'date, timestamptz');
