CREATE FUNCTION shown_set_query(map text, known text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT s.zone_set_id, s.name, s.valid_from,
			   CASE WHEN s.valid_from > min(s.valid_from) OVER () THEN s.valid_from ELSE '-infinity' END AS first_day,
			   s.valid_from = max(s.valid_from) OVER () AS is_latest
		FROM %1$I.zone_set s CROSS JOIN map d
		WHERE s.activated_at IS NOT NULL%2$s
		ORDER BY s.valid_from <= d.day DESC, abs(s.valid_from - d.day) LIMIT 1
	$sql$, map, known);
END
$$;
COMMENT ON FUNCTION shown_set_query(text, text) IS
'Internal: the zone set of the day in `map`: the latest that is valid from that day or before; on days before the first set, the first. first_day: -infinity for the first set; is_latest: report holds its placements; those of the others are in placement. known is a further condition on the sets.';

CREATE FUNCTION counted_reports_query(map text, layer_id integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	-- Two branches, of which one is ruled out before it starts.
	RETURN format($sql$
		SELECT report.zone_id, %2$s AS report_day, report.n, report.household_key%4$s
		FROM %1$I.report
		WHERE (SELECT is_latest FROM shown)
		  AND report.outcome IN ('placed_by_code', 'placed_by_point')
		  AND %3$s AND %2$s BETWEEN (SELECT counted_from FROM map) AND (SELECT day FROM map)
		UNION ALL
		SELECT p.zone_id, %2$s, report.n, p.household_key%4$s
		FROM %1$I.placement p JOIN %1$I.report ON report.report_id = p.report_id
		WHERE NOT (SELECT is_latest FROM shown) AND p.zone_set_id = (SELECT zone_set_id FROM shown)
		  AND p.outcome IN ('placed_by_code', 'placed_by_point')
		  AND report.outcome NOT IN ('superseded', 'withdrawn', 'duplicate')
		  AND %3$s AND %2$s <= (SELECT day FROM map)
	$sql$, map, counting.day, counting.counted, list_columns(counting.columns));
END
$$;
COMMENT ON FUNCTION counted_reports_query(text, integer) IS
'Internal: the reports that count for a layer on the day in `map`, with their zones in the set in `shown`, as rows zone_id, report_day (the day that they count for), n, household_key and what the layer''s measures tell apart: from the day counted_from of `map` on, where that is the latest set; all of them in an older set.';

CREATE FUNCTION latest_days_query(map text, layer_id integer, filters text[], known text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	-- The zones go through an array, which the planner takes for a short one. It would have every zone pay for the look-up that
	-- few need, and a city's query compiled to machine code, which takes longer than to run it.
	RETURN (SELECT string_agg(format($sql$, latest_m%2$s AS MATERIALIZED (
			SELECT q.zone_id, (
				SELECT epicurve_agg(d.day, 1, NULL::bigint)
				FROM (SELECT %4$s AS day FROM %1$I.report
					  WHERE report.zone_id = q.zone_id AND %4$s < (SELECT counted_from FROM map) AND report.n > 0 AND %3$s
						AND report.outcome IN ('placed_by_code', 'placed_by_point') AND %5$s
					  ORDER BY %4$s DESC LIMIT 1) d) AS curve
			FROM unnest(ARRAY(
				SELECT z.zone_id FROM placed z
				WHERE (SELECT is_latest FROM shown) AND (SELECT isfinite(counted_from) FROM map)%6$s AND z.zone_id IS NOT NULL
				  AND coalesce(first_day(z.m%2$s) > (SELECT judged_from FROM map), true))) q (zone_id)
		)$sql$, map, place, filter, counting.day, counting.counted, known), '' ORDER BY place)
		FROM unnest(filters) WITH ORDINALITY f (filter, place) WHERE filter IS NOT NULL);
END
$$;
COMMENT ON FUNCTION latest_days_query(text, integer, text[], text) IS
'Internal: a query for each measure, latest_m and its place: the zones of `placed` that counted nothing from the day counted_from of `map` up to judged_from, with the last day before on which they did, as a curve. filters are the measures'' conditions on the rows `report`, by their place in `counted`, NULL for places that are no measure; known is a further condition.';

CREATE FUNCTION doubtful_zones_query(map text, layer_id integer, measures text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	RETURN format($sql$
		SELECT q.zone_id, min(%2$s) - 1 AS complete_until
		FROM %1$I.possible_place q JOIN %1$I.report ON report.report_id = q.report_id
		WHERE q.zone_set_id = (SELECT zone_set_id FROM shown)
		  AND report.outcome NOT IN ('superseded', 'withdrawn', 'duplicate') AND report.n > 0
		  AND %3$s AND %4$s AND %2$s <= (SELECT day FROM map)
		  AND coalesce((SELECT day FROM map) - %2$s <= (SELECT look_back FROM map), true)
		GROUP BY q.zone_id
	$sql$, map, counting.day, counting.counted, measure_filter(map, layer_id, measures));
END
$$;
COMMENT ON FUNCTION doubtful_zones_query(text, integer, text[]) IS
'Internal: the zones of the set in `shown` in which reports may lie that are counted elsewhere or nowhere since boundaries changed, by one of these measures and as far back as the policy looks, with the last day before the first of them.';

CREATE FUNCTION older_zones_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		same_zone AS (
			SELECT c.new_zone_id AS zone_id, c.old_set AS zone_set_id, c.old_zone_id AS old_id FROM %1$I.crosswalk c
			WHERE c.new_set = (SELECT zone_set_id FROM shown) AND c.share_of_old > 0.5 AND c.share_of_new > 0.5
			UNION ALL
			SELECT z.zone_id, c.old_set, c.old_zone_id
			FROM same_zone z JOIN %1$I.crosswalk c ON c.new_set = z.zone_set_id AND c.new_zone_id = z.old_id
			WHERE c.share_of_old > 0.5 AND c.share_of_new > 0.5
		), older AS MATERIALIZED (
			SELECT n.code, clean_text(o.code) AS old_code, s.valid_to AS last_day,
				   CASE WHEN s.valid_from > (SELECT min(f.valid_from) FILTER (WHERE f.activated_at IS NOT NULL) FROM %1$I.zone_set f)
						THEN s.valid_from ELSE '-infinity' END AS first_day
			FROM same_zone z JOIN %1$I.zone n ON n.zone_id = z.zone_id JOIN %1$I.zone o ON o.zone_id = z.old_id
			JOIN %1$I.zone_set s ON s.zone_set_id = z.zone_set_id
		)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION older_zones_query(text) IS
'Internal: for WITH RECURSIVE: `older`, the codes of the zones of the set in `shown` with those that they had in older sets, and for which days: of zones that are still more than half of the older one, and of which it is more than half.';

CREATE FUNCTION shown_values_query(map text, wanted text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- The full join is hashed whatever the planner expects; the inner query keeps what is asked for on its side of it.
	RETURN format($sql$
		SELECT v.zone_value_id, coalesce(o.code, v.zone_code) AS zone_code, v.name, v.day, v.value, v.recorded_at
		FROM (SELECT v.zone_value_id, v.zone_code, v.name, v.day, v.value, v.recorded_at, v.day < (SELECT first_day FROM shown) AS is_older,
					 CASE WHEN v.day < (SELECT first_day FROM shown) THEN clean_text(v.zone_code) END AS old_code
			  FROM %1$I.zone_value v WHERE %2$s OFFSET 0) v
		FULL JOIN older o ON o.old_code = v.old_code AND v.day BETWEEN o.first_day AND o.last_day
		WHERE coalesce(NOT v.is_older OR v.is_older AND o.code IS NOT NULL, false)
	$sql$, map, wanted);
END
$$;
COMMENT ON FUNCTION shown_values_query(text, text) IS
'Internal: the zone values with the codes of the set in `shown`, of those that meet a condition on the row v. A value of a day in an older set means the zone of that set and day, and holds for the zone that is still more than half of it, and of which it is more than half; a code alone may mean another place now.';

CREATE FUNCTION finite_day(day date) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1 SET search_path FROM CURRENT AS $$
BEGIN
	IF NOT isfinite(day) THEN
		RAISE EXCEPTION 'the day of a map cannot be %', day USING
			ERRCODE = 'datetime_field_overflow',
			HINT = 'Give a day; NULL is the map''s own day.';
	END IF;
	RETURN day;
END
$$;
COMMENT ON FUNCTION finite_day(date) IS
'Internal: the day that a function of a map was asked for; an error where it is infinite.';
