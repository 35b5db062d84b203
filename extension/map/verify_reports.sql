-- Where every report belongs, found out again by joins on codes, ST_Covers, and the rules of a boundary change taken one
-- zone set at a time.

CREATE FUNCTION household_seed(salt bigint, zone_id integer) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	WITH one AS (SELECT (zone_id # (zone_id >> 16))::bigint AS h),
	two AS (SELECT (((h * 34283 & 65535) << 16) + h * 51819) & 4294967295 AS h FROM one), -- 0x85ebca6b
	three AS (SELECT (h # (h >> 13)) AS h FROM two),
	four AS (SELECT (((h * 49842 & 65535) << 16) + h * 44597) & 4294967295 AS h FROM three), -- 0xc2b2ae35
	mixed AS (SELECT h # (h >> 16) AS h FROM four),
	total AS ( -- modulo 2^64
		SELECT (h::numeric + 5305509591434766563 + (salt << 54)::numeric + ((salt >> 7) & 144115188075855871)::numeric
				+ 36893488147419103232) % 18446744073709551616 AS t FROM mixed)
	SELECT salt # CASE WHEN t > 9223372036854775807 THEN t - 18446744073709551616 ELSE t END::bigint FROM total;
END;
COMMENT ON FUNCTION household_seed(bigint, integer) IS
'Internal, used by verify: what the household keys of a zone start from, in plain arithmetic.';

CREATE FUNCTION slow_plain_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT f.report_id, f.place, f.home, f.low, f.household, f.point, f.by_point, d.disagrees,
			   CASE WHEN f.code_is_leaf THEN 'placed_by_code'
					WHEN f.by_code IS NOT NULL AND (f.point <> 'inside' OR d.disagrees) THEN 'not_precise'
					WHEN f.has_code AND f.by_code IS NULL AND f.point NOT IN ('inside', 'outside') THEN 'unknown_code'
					WHEN f.point = 'inside' THEN 'placed_by_point'
					ELSE f.point END AS outcome,
			   CASE WHEN f.code_is_leaf THEN f.by_code
					WHEN f.by_code IS NOT NULL AND d.disagrees THEN NULL
					ELSE f.by_point END AS zone_id
		FROM (SELECT r.report_id, s.place, r.home, r.low, nullif(clean_text(r.household), '') AS household, p.point, l.by_point,
					 c.zone_id AS by_code, coalesce(c.is_leaf, false) AS code_is_leaf, coalesce(r.code <> '', false) AS has_code
			  FROM (SELECT r.*, clean_text(r.zone_code) COLLATE "C" AS code,
						   greatest(1, width_bucket(r.report_day, (SELECT days FROM first_days))) AS home,
						   greatest(1, width_bucket(least(r.report_day, r.onset_day, r.sample_day), (SELECT days FROM first_days))) AS low
					FROM %1$I.report r WHERE r.reduced_at IS NULL) r
			  JOIN sets s ON s.place BETWEEN r.low AND (SELECT cardinality(days) FROM first_days)
			  LEFT JOIN %1$I.placement stored ON stored.report_id = r.report_id AND stored.zone_set_id = s.zone_set_id
			  LEFT JOIN coded known ON known.place = s.place AND known.code = r.code
			  LEFT JOIN %1$I.zone_alias own ON own.folded = fold_text(r.code) AND own.source = r.source
			  LEFT JOIN %1$I.zone_alias anyones ON anyones.folded = fold_text(r.code) AND anyones.source = '' AND own.source IS NULL
			  LEFT JOIN coded meant ON meant.place = s.place AND known.code IS NULL AND r.code <> ''
				AND meant.code = clean_text(coalesce(own.zone_code, anyones.zone_code)) COLLATE "C"
			  LEFT JOIN zones c ON c.zone_id = coalesce(known.zone_id, meant.zone_id)
			  CROSS JOIN LATERAL (SELECT CASE
					WHEN r.geom IS NULL THEN 'no_place'
					WHEN ST_IsEmpty(r.geom) OR ST_X(r.geom) - ST_X(r.geom) <> 0 OR ST_Y(r.geom) - ST_Y(r.geom) <> 0 THEN 'bad_point'
					WHEN r.geocode_quality IN ('ward', 'unmatched') THEN 'not_precise'
					ELSE 'good' END AS kind OFFSET 0) k
			  CROSS JOIN LATERAL (SELECT CASE WHEN k.kind = 'good' THEN
					(SELECT min(z.zone_id) FROM %1$I.zone z
					 WHERE z.zone_set_id = s.zone_set_id AND z.zone_id <> ALL ((SELECT ids FROM parents)::integer[]) AND ST_Covers(z.geom, r.geom))
					END AS covers OFFSET 0) q
			  -- ST_Covers rounds where a point all but lies on a border; there ST_Relate, which does not, has the last word
			  CROSS JOIN LATERAL (SELECT CASE
					WHEN k.kind <> 'good' OR q.covers = stored.zone_id OR q.covers = r.zone_id OR q.covers IS NULL AND stored.zone_id IS NULL
						AND r.zone_id IS NULL THEN q.covers
					ELSE (SELECT min(z.zone_id) FROM %1$I.zone z
						  WHERE z.zone_set_id = s.zone_set_id AND z.zone_id <> ALL ((SELECT ids FROM parents)::integer[])
							AND z.geom && r.geom AND ST_Relate(z.geom, r.geom, '******FF*'))
					END AS by_point OFFSET 0) l
			  CROSS JOIN LATERAL (SELECT CASE WHEN k.kind <> 'good' THEN k.kind WHEN l.by_point IS NULL THEN 'outside' ELSE 'inside' END AS point OFFSET 0) p
			  OFFSET 0) f
		LEFT JOIN lines w ON w.zone_id = f.by_point
		CROSS JOIN LATERAL (SELECT f.by_code IS NOT NULL AND (f.point = 'outside' OR f.point = 'inside' AND f.by_code <> ALL (w.line)) AS disagrees) d
	$sql$, map);
END
$$;
COMMENT ON FUNCTION slow_plain_query(text) IS
'Internal, used by verify: what each report is in each zone set that sees one of its days, by what it says of itself: its code or alias, and its point.';

CREATE FUNCTION slow_reports_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		sets AS MATERIALIZED (
			SELECT zone_set_id, valid_from, row_number() OVER (ORDER BY valid_from, zone_set_id)::integer AS place
			FROM %1$I.zone_set WHERE activated_at IS NOT NULL
		), first_days AS MATERIALIZED (
			SELECT array_agg(valid_from ORDER BY place) AS days FROM sets
		), zones AS MATERIALIZED (
			SELECT z.zone_id, s.place, z.code, z.parent_id, z.is_leaf,
				   household_seed((SELECT household_salt FROM %1$I.settings), z.zone_id) AS seed
			FROM (%2$s) z JOIN sets s USING (zone_set_id)
		), parents AS MATERIALIZED (
			SELECT coalesce(array_agg(zone_id), '{}') AS ids FROM zones WHERE NOT is_leaf
		), coded AS MATERIALIZED (
			SELECT place, code, min(zone_id) AS zone_id FROM zones WHERE code IS NOT NULL GROUP BY place, code
		), line AS (
			SELECT zone_id, zone_id AS member FROM zones
			UNION
			SELECT l.zone_id, z.parent_id FROM line l JOIN zones z ON z.zone_id = l.member WHERE z.parent_id IS NOT NULL
		), lines AS MATERIALIZED (
			SELECT zone_id, array_agg(member) AS line FROM line GROUP BY zone_id
		), shares AS MATERIALIZED (
			SELECT n.place - 1 AS from_place, n.place AS to_place, c.old_zone_id AS from_zone, c.new_zone_id AS to_zone, c.share_of_old AS share
			FROM %1$I.crosswalk c JOIN sets n ON n.zone_set_id = c.new_set
			UNION ALL
			SELECT n.place, n.place - 1, c.new_zone_id, c.old_zone_id, c.share_of_new
			FROM %1$I.crosswalk c JOIN sets n ON n.zone_set_id = c.new_set
		), successor AS MATERIALIZED (
			SELECT to_place, from_zone, min(to_zone) AS to_zone FROM shares WHERE share > 0.5 GROUP BY to_place, from_zone
		), moved AS MATERIALIZED (
			SELECT to_place, from_zone, array_agg(to_zone ORDER BY to_zone) AS zones FROM shares WHERE share >= 0.05 GROUP BY to_place, from_zone
		), plain AS MATERIALIZED (
			%3$s
		), carried AS (
			SELECT report_id, place, home, low, outcome, zone_id, disagrees, '{}'::integer[] AS possible, zone_id AS household_zone
			FROM plain WHERE place = home
			UNION ALL
			SELECT report_id, to_place, home, low, outcome, now_zone, disagrees, possible,
				   CASE WHEN was_placed AND NOT coalesce(became = now_zone AND came_from = was_zone, false) THEN was_household_zone ELSE now_zone END
			FROM (SELECT x.*,
					   CASE WHEN was_placed THEN
								CASE WHEN NOT was_disagreeing AND point = 'inside' THEN CASE WHEN alike THEN plain_outcome ELSE 'placed_by_point' END
									 WHEN NOT was_disagreeing AND point = 'outside' THEN 'lost_in_boundary_change'
									 WHEN became IS NOT NULL THEN 'placed_by_code' ELSE 'lost_in_boundary_change' END
							WHEN NOT stays THEN plain_outcome
							WHEN NOT was_disagreeing AND point = 'inside' THEN CASE WHEN alike THEN plain_outcome ELSE 'placed_by_point' END
							ELSE was END AS outcome,
					   CASE WHEN was_placed THEN
								CASE WHEN NOT was_disagreeing AND point = 'inside' THEN by_point
									 WHEN NOT was_disagreeing AND point = 'outside' THEN NULL ELSE became END
							WHEN NOT stays THEN plain_zone
							WHEN NOT was_disagreeing AND point = 'inside' THEN by_point END AS now_zone,
					   CASE WHEN was_placed THEN
								CASE WHEN NOT was_disagreeing AND point IN ('inside', 'outside') THEN false
									 WHEN became IS NOT NULL THEN point = 'outside' OR point = 'inside' AND by_point <> became
									 ELSE was_disagreeing END
							WHEN NOT stays THEN plain_disagrees
							WHEN NOT was_disagreeing AND point = 'inside' THEN false
							ELSE was_disagreeing END AS disagrees,
					   CASE WHEN was_placed AND NOT was_disagreeing AND point IN ('inside', 'outside')
								 OR NOT was_placed AND (NOT stays OR NOT was_disagreeing AND point = 'inside') THEN '{}'::integer[]
							WHEN was_possible = '{}' THEN array_remove(coalesce(moved_to, '{}'), became)
							ELSE ARRAY(SELECT DISTINCT z FROM moved m, unnest(m.zones) z
									   WHERE m.to_place = x.to_place AND m.from_zone = ANY (was_possible || was_zone)
										 AND z IS DISTINCT FROM became ORDER BY 1) END AS possible
				FROM (SELECT c.report_id, c.home, c.low, p.place AS to_place, c.outcome AS was, c.zone_id AS was_zone, c.possible AS was_possible,
							 c.disagrees AS was_disagreeing, c.zone_id IS NOT NULL AS was_placed, c.household_zone AS was_household_zone,
							 c.outcome IN ('lost_in_boundary_change', 'not_precise') AS stays,
							 p.point, p.by_point, p.outcome AS plain_outcome, p.zone_id AS plain_zone, p.disagrees AS plain_disagrees,
							 p.zone_id IS NOT DISTINCT FROM p.by_point AND NOT p.disagrees AS alike, s.to_zone AS became, b.to_zone AS came_from,
							 m.zones AS moved_to
					  FROM carried c
					  JOIN plain p ON p.report_id = c.report_id AND (p.place = c.place + 1 AND c.place >= c.home OR p.place = c.place - 1 AND c.place <= c.home)
					  LEFT JOIN successor s ON s.to_place = p.place AND s.from_zone = c.zone_id
					  LEFT JOIN successor b ON b.to_place = c.place AND b.from_zone = s.to_zone
					  LEFT JOIN moved m ON m.to_place = p.place AND m.from_zone = c.zone_id) x) y
		), settled AS (
			SELECT c.report_id, c.place, s.zone_set_id, c.outcome, c.zone_id, c.disagrees, c.possible,
				   CASE WHEN p.household IS NOT NULL AND z.zone_id IS NOT NULL THEN hashtextextended(p.household COLLATE "C", z.seed) END AS household_key,
				   c.place = (SELECT cardinality(days) FROM first_days) AS is_latest,
				   c.low < (SELECT cardinality(days) FROM first_days) AS crosses
			FROM carried c
			JOIN sets s ON s.place = c.place
			JOIN plain p ON p.report_id = c.report_id AND p.place = c.place
			LEFT JOIN zones z ON c.zone_id IS NOT NULL AND z.zone_id = c.household_zone
		)
	$sql$, map, slow_zones_query(map), slow_plain_query(map));
END
$$;
COMMENT ON FUNCTION slow_reports_query(text) IS
'Internal, used by verify: the queries of a WITH RECURSIVE that ends in `settled`: each report in each zone set that sees one of its days, with its zone, how it got there, and where else it may lie.';

CREATE FUNCTION verify_reports(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off
SET enable_nestloop = on SET enable_hashjoin = on SET enable_mergejoin = off AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH RECURSIVE %2$s, highest AS (
			SELECT source, external_id, max(revision) AS revision FROM %1$I.report
			WHERE external_id IS NOT NULL GROUP BY source, external_id HAVING count(*) > 1
		), expected AS (
			SELECT r.report_id, r.outcome AS stored_outcome, r.zone_set_id AS stored_set, r.zone_id AS stored_zone,
				   r.household_key AS stored_key, r.point_disagrees AS stored_disagrees,
				   CASE WHEN r.revision < h.revision THEN 'superseded' WHEN r.withdrawn THEN 'withdrawn'
						ELSE coalesce(s.outcome, 'waiting') END AS outcome,
				   s.zone_set_id, s.zone_id, s.household_key, coalesce(s.disagrees, false) AS disagrees
			FROM %1$I.report r
			LEFT JOIN settled s ON s.report_id = r.report_id AND s.is_latest
			LEFT JOIN highest h ON h.source = r.source AND h.external_id = r.external_id
			WHERE r.reduced_at IS NULL
		), reduced AS (
			SELECT report_id FROM %1$I.report WHERE reduced_at IS NOT NULL
		)
		SELECT 'report.' || d.field, e.report_id::text, d.stored, d.recomputed
		FROM expected e, LATERAL (VALUES
			('outcome', e.stored_outcome, e.outcome), ('zone_set_id', e.stored_set::text, e.zone_set_id::text),
			('zone_id', e.stored_zone::text, e.zone_id::text), ('household_key', e.stored_key::text, e.household_key::text),
			('point_disagrees', e.stored_disagrees::text, e.disagrees::text)) d (field, stored, recomputed)
		WHERE (e.stored_outcome, e.stored_set, e.stored_zone, e.stored_key, e.stored_disagrees)
			  IS DISTINCT FROM (e.outcome, e.zone_set_id, e.zone_id, e.household_key, e.disagrees)
		  AND d.stored IS DISTINCT FROM d.recomputed
		UNION ALL
		SELECT 'placement', format('%%s, %%s', coalesce(s.report_id, p.report_id), coalesce(s.zone_set_id, p.zone_set_id)),
			   CASE WHEN p.report_id IS NOT NULL THEN concat_ws(' ', p.outcome, 'zone ' || p.zone_id, 'household ' || p.household_key) END,
			   CASE WHEN s.report_id IS NOT NULL THEN concat_ws(' ', s.outcome, 'zone ' || s.zone_id, 'household ' || s.household_key) END
		FROM (SELECT * FROM settled WHERE NOT is_latest) s
		FULL JOIN (SELECT * FROM %1$I.placement WHERE report_id NOT IN (SELECT report_id FROM reduced)) p
			ON p.report_id = s.report_id AND p.zone_set_id = s.zone_set_id
		WHERE (s.report_id, s.outcome, s.zone_id, s.household_key) IS DISTINCT FROM (p.report_id, p.outcome, p.zone_id, p.household_key)
		UNION ALL
		SELECT 'possible_place', format('%%s, %%s', coalesce(s.report_id, q.report_id), coalesce(s.zone_set_id, q.zone_set_id)),
			   'zones ' || array_to_string(q.zones, ', '), 'zones ' || array_to_string(s.possible, ', ')
		FROM (SELECT * FROM settled WHERE crosses AND possible <> '{}') s
		FULL JOIN (SELECT report_id, zone_set_id, array_agg(zone_id ORDER BY zone_id) AS zones FROM %1$I.possible_place
				   WHERE report_id NOT IN (SELECT report_id FROM reduced) GROUP BY 1, 2) q
			ON q.report_id = s.report_id AND q.zone_set_id = s.zone_set_id
		WHERE s.possible IS DISTINCT FROM q.zones
	$sql$, map, slow_reports_query(map));
END
$$;
COMMENT ON FUNCTION verify_reports(text) IS
'Internal, used by verify: outcome, zone, household key and doubt of every report, and its rows in placement and possible_place.';
