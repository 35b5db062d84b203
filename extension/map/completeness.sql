CREATE FUNCTION reported_query(map text, known_set text, known_receipt text, older_set text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		-- from one source to the next in the index: as fast after years of receipts as on the first day
		sender AS (
			(SELECT u.source, u.complete_until FROM %1$I.submission u WHERE u.complete_until IS NOT NULL%3$s
			 ORDER BY u.source DESC, u.complete_until DESC LIMIT 1)
			UNION ALL
			SELECT n.source, n.complete_until
			FROM sender p CROSS JOIN LATERAL (
				SELECT u.source, u.complete_until FROM %1$I.submission u WHERE u.complete_until IS NOT NULL AND u.source < p.source%3$s
				ORDER BY u.source DESC, u.complete_until DESC LIMIT 1) n
		), taking_part AS MATERIALIZED (
			SELECT t.source, t.code,
				   CASE WHEN t.silence_limit IS NOT NULL AND coalesce(t.reported_until < t.expected_until, true)
						THEN t.reported_until END AS reported_until
			FROM (SELECT coalesce(d.source, a.source) AS source, nullif(clean_text(d.zone_code), '') AS code, d.expected_until, m.silence_limit,
						 coalesce(a.complete_until, CASE WHEN d.expected_from <= m.day
														 THEN d.expected_from - 1 END) AS reported_until
				  FROM %1$I.source d
				  FULL JOIN sender a ON a.source = d.source
				  CROSS JOIN map m) t
		), duty AS (
			-- whoever left days unreported when a set ended owes them to whatever zones have that ground now
			SELECT o.zone_set_id AS target, o.valid_from, p.source, p.reported_until,
				   CASE WHEN q.source IS NULL THEN p.code ELSE nullif(clean_text(q.zone_code), '') END AS code
			FROM %1$I.zone_set o CROSS JOIN shown h CROSS JOIN taking_part p
			LEFT JOIN %1$I.source_past q ON q.zone_set_id = o.zone_set_id AND q.source = p.source
			WHERE o.zone_set_id = h.zone_set_id
			   OR o.activated_at IS NOT NULL AND o.valid_from < h.valid_from AND p.reported_until < o.valid_to%4$s
		), owing AS MATERIALIZED (
			-- as arrays, which the planner takes for short ones, as they are: it would expect the whole city to owe reports
			SELECT array_agg(d.code) AS codes, array_agg(d.target) AS targets, array_agg(d.valid_from) AS days_from,
				   array_agg(d.reported_until) AS days
			FROM (SELECT code, target, valid_from, min(reported_until) AS reported_until FROM duty WHERE code IS NOT NULL
				  GROUP BY code, target, valid_from) d
		), code_here AS (
			-- without a zone where the set has none of the code
			SELECT c.code, c.target, c.valid_from, c.reported_until, z.zone_id
			FROM owing, unnest(codes, targets, days_from, days) c (code, target, valid_from, reported_until)
			LEFT JOIN (SELECT o.zone_id, o.zone_set_id, clean_text(o.code) AS code FROM %1$I.zone o
					   WHERE o.zone_set_id = ANY ((SELECT targets FROM owing)::integer[]) AND (SELECT targets IS NOT NULL FROM owing)) z
				ON z.code = c.code AND z.zone_set_id = c.target
		), code_elsewhere AS (
			SELECT DISTINCT ON (m.code, m.target) m.code, m.target, m.reported_until, z.zone_id, s.zone_set_id, s.valid_from < m.valid_from AS is_older
			FROM code_here m
			JOIN %1$I.zone z ON clean_text(z.code) = m.code
			JOIN (SELECT zone_set_id, valid_from FROM %1$I.zone_set WHERE activated_at IS NOT NULL%2$s) s
				ON s.zone_set_id = z.zone_set_id
			WHERE m.zone_id IS NULL AND EXISTS (SELECT FROM code_here WHERE zone_id IS NULL)
			ORDER BY m.code, m.target, s.valid_from < m.valid_from DESC, abs(s.valid_from - m.valid_from)
		), carried AS (
			SELECT e.code, e.target, e.reported_until, e.is_older, e.zone_set_id, coalesce(b.zone_id, e.zone_id) AS zone_id
			FROM code_elsewhere e LEFT JOIN %1$I.zone_ancestor b ON b.ancestor_id = e.zone_id
			UNION
			SELECT p.code, p.target, p.reported_until, p.is_older, c.to_set, c.to_zone_id
			FROM carried p
			JOIN (SELECT true AS is_older, old_set AS from_set, old_zone_id AS from_zone_id, new_set AS to_set, new_zone_id AS to_zone_id
				  FROM %1$I.crosswalk
				  UNION ALL
				  SELECT false, new_set, new_zone_id, old_set, old_zone_id FROM %1$I.crosswalk) c
				ON c.is_older = p.is_older AND c.from_set = p.zone_set_id AND c.from_zone_id = p.zone_id
			WHERE p.zone_set_id <> p.target
		), code_zone AS MATERIALIZED (
			SELECT h.code, h.target, h.reported_until, coalesce(b.zone_id, h.zone_id) AS zone_id, 'zones' AS covers
			FROM code_here h LEFT JOIN %1$I.zone_ancestor b ON b.ancestor_id = h.zone_id
			WHERE h.zone_id IS NOT NULL
			UNION ALL
			SELECT code, target, reported_until, zone_id, 'carried' FROM carried WHERE zone_set_id = target
		), owed AS (
			SELECT min(k.target) AS zone_set_id, k.zone_id, min(k.reported_until) AS reported_until FROM code_zone k
			WHERE k.target <> (SELECT zone_set_id FROM shown) GROUP BY k.zone_id
			UNION
			SELECT w.new_set, w.new_zone_id, p.reported_until
			FROM owed p JOIN %1$I.crosswalk w ON w.old_set = p.zone_set_id AND w.old_zone_id = p.zone_id
			WHERE p.zone_set_id <> (SELECT zone_set_id FROM shown)
		), reported AS MATERIALIZED (
			SELECT g.zone_id, min(g.reported_until) AS reported_until
			FROM (SELECT k.zone_id, k.reported_until FROM code_zone k
				  WHERE k.target = (SELECT zone_set_id FROM shown)
				  UNION ALL
				  SELECT zone_id, reported_until FROM owed WHERE zone_set_id = (SELECT zone_set_id FROM shown)) g
			GROUP BY g.zone_id
		), reported_everywhere AS MATERIALIZED (
			-- a code that no zone ever had may be meant for any
			SELECT min(d.reported_until) AS reported_until FROM duty d
			WHERE d.code IS NULL OR d.code IN (SELECT code FROM code_here WHERE zone_id IS NULL) AND d.code NOT IN (SELECT code FROM code_elsewhere)
		)
	$sql$, map, known_set, known_receipt, older_set);
END
$$;
COMMENT ON FUNCTION reported_query(text, text, text, text) IS
'Internal: for WITH RECURSIVE: the part of zone_risk that says until which day the zones of the set in `shown` are reported, by every source that takes part: one that ever said complete_until, or is expected by the day in `map`; none where `map` has no silence_limit. `reported` has a row for each zone that a source brings by its own code or that of a zone above it; `reported_everywhere` is the day for all zones, by sources of the whole map. A code of another set is followed along the crosswalk to the zones that are on its ground; one that no zone ever had counts for the whole map. Days that a source owed when an older set ended, by the code that it had then (source_past), are owed by whoever has the ground now, as far as older_set lets them. known_set, known_receipt and older_set are further conditions on zone sets, on the receipts u and on the older sets o.';
