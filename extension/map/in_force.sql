-- What is in force from which day on: written down with every decision, so that reading it is one look at an index.

CREATE FUNCTION covered_zones_query(map text, assessment_id text, parent_code text, zone_level text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT t.zone_id, t.tier_rank, t.tier, t.tier_label, t.tier_color
		FROM %1$I.assessment_tier t JOIN %1$I.zone z ON z.zone_id = t.zone_id
		WHERE t.assessment_id = %2$s AND (%4$s IS NULL OR z.level = %4$s)
		  AND (%3$s IS NULL OR EXISTS (SELECT FROM %1$I.zone_ancestor a JOIN %1$I.zone p ON p.zone_id = a.ancestor_id
									   WHERE a.zone_id = t.zone_id AND clean_text(p.code) = %3$s))
	$sql$, map, assessment_id, parent_code, zone_level);
END
$$;
COMMENT ON FUNCTION covered_zones_query(text, text, text, text) IS
'Internal: the zones that an announcement is about, with their tiers; given as expressions: the assessment, the code of a parent or NULL, a level or NULL.';

CREATE FUNCTION same_zones_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		same AS (
			SELECT z.zone_id, z.zone_set_id, z.zone_id AS origin_id, clean_text(z.code) COLLATE "C" AS code
			FROM %1$I.zone z WHERE z.zone_set_id = $1 AND z.is_leaf
			UNION ALL
			SELECT m.zone_id, c.old_set, c.old_zone_id, m.code
			FROM same m JOIN %1$I.crosswalk c ON c.new_set = m.zone_set_id AND c.new_zone_id = m.origin_id
			WHERE c.share_of_old > 0.5 AND c.share_of_new > 0.5
		)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION same_zones_query(text) IS
'Internal: for WITH RECURSIVE: the zones of the set $1, each with itself and the zone of each earlier set that is still more than half of it, and of which it is more than half: what was in force there goes on here. A code alone may mean another place now.';

CREATE FUNCTION in_force_query(map text, layer_id integer, day text, known text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- Numbers and days of one layer are a stretch of the index; the planner takes BETWEEN for a small one.
	RETURN format($sql$
		SELECT DISTINCT ON (t.zone_id) t.zone_id, t.tier_rank, t.tier, t.tier_label, t.tier_color, t.since, t.override_reason,
			   t.override_until, t.decision_id
		FROM %1$I.announced_tier t
		WHERE t.layer_id = %2$s AND t.from_day <= %3$s
		  AND t.decision_id BETWEEN coalesce(
			(SELECT d.decision_id FROM %1$I.decision d WHERE d.layer_id = %2$s AND d.valid_from <= %3$s
			 AND (d.kind = 'announcement' AND d.parent_code IS NULL AND d.zone_level IS NULL OR d.kind = 'zones')%4$s
			 ORDER BY d.decision_id DESC LIMIT 1), 0)
		  AND (SELECT d.decision_id FROM %1$I.decision d WHERE d.layer_id = %2$s AND d.valid_from <= %3$s%4$s
			   ORDER BY d.decision_id DESC LIMIT 1)
		ORDER BY t.zone_id, t.decision_id DESC, t.from_day DESC
	$sql$, map, layer_id, day, known);
END
$$;
COMMENT ON FUNCTION in_force_query(text, integer, text, text) IS
'Internal: the tiers in force on a day, given as an expression, as far as they were decided by what is a further condition on the decisions d.';

CREATE FUNCTION decided_tiers(map text, layer_id integer, decision_id integer, zone_set_id integer, first_day date, before_set integer)
RETURNS TABLE (zone_id integer, from_day date, code text, tier_rank smallint, tier text, tier_label text, tier_color text, since date, override_reason text,
	override_until date)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_variable
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH RECURSIVE %2$s, made AS (
			SELECT * FROM %1$I.decision WHERE decision_id = $2
		), earlier AS (
			SELECT * FROM %1$I.decision WHERE layer_id = %4$s AND decision_id <= $2
		), announced AS MATERIALIZED (
			SELECT s.zone_id, d.decision_id, d.valid_from, t.tier_rank, t.tier, t.tier_label, t.tier_color
			FROM earlier d JOIN %1$I.assessment a USING (assessment_id)
			CROSS JOIN LATERAL (%3$s) t
			JOIN same s ON s.zone_set_id = a.zone_set_id AND s.origin_id = t.zone_id
			WHERE d.kind = 'announcement'
			  -- what was announced before everything was announced anew does not count any more
			  AND d.decision_id >= coalesce((SELECT max(w.decision_id) FROM earlier w WHERE w.kind = 'announcement'
				  AND w.parent_code IS NULL AND w.zone_level IS NULL AND w.valid_from <= $3), 0)
		), overruled AS MATERIALIZED (
			SELECT s.zone_id, d.decision_id, d.valid_from, d.is_floor, d.tier_rank, d.tier, d.tier_label, d.tier_color, d.ground, d.valid_until,
				   least(d.valid_until, (SELECT min(e.valid_from) - 1 FROM earlier e WHERE e.ends_id = d.decision_id)) AS last_day
			FROM earlier d JOIN same s ON s.origin_id = d.zone_id
			WHERE d.kind = 'override'
		), target AS MATERIALIZED (
			SELECT zone_id FROM announced WHERE decision_id = $2
			UNION
			SELECT s.zone_id FROM same s JOIN made m ON m.kind IN ('override', 'end') AND s.origin_id = m.zone_id
			UNION
			-- zones that the announcement does not know may be overruled all the same
			SELECT s.zone_id FROM same s JOIN made m ON m.kind = 'zones' OR m.kind = 'announcement' AND m.parent_code IS NULL AND m.zone_level IS NULL
			WHERE s.zone_id = s.origin_id
		), point AS (
			SELECT t.zone_id, $3 AS day FROM target t
			UNION SELECT zone_id, valid_from FROM announced JOIN target USING (zone_id) WHERE valid_from > $3
			UNION SELECT zone_id, valid_from FROM overruled JOIN target USING (zone_id) WHERE valid_from > $3 AND last_day >= valid_from
			UNION SELECT zone_id, last_day + 1 FROM overruled JOIN target USING (zone_id) WHERE last_day >= $3 AND last_day >= valid_from
		), announced_then AS (
			SELECT DISTINCT ON (p.zone_id, p.day) p.zone_id, p.day, a.tier_rank, a.tier, a.tier_label, a.tier_color
			FROM point p JOIN announced a ON a.zone_id = p.zone_id AND a.valid_from <= p.day
			ORDER BY p.zone_id, p.day, a.decision_id DESC
		), overruled_then AS (
			SELECT DISTINCT ON (p.zone_id, p.day) p.zone_id, p.day, o.is_floor, o.tier_rank, o.tier, o.tier_label, o.tier_color, o.ground, o.valid_until
			FROM point p JOIN overruled o ON o.zone_id = p.zone_id AND p.day BETWEEN o.valid_from AND o.last_day
			ORDER BY p.zone_id, p.day, o.decision_id DESC
		), state AS (
			SELECT p.zone_id, p.day, o.ground, o.valid_until,
				   CASE WHEN o.ground IS NULL THEN a.tier_rank ELSE o.tier_rank END AS tier_rank,
				   CASE WHEN o.ground IS NULL THEN a.tier ELSE o.tier END AS tier,
				   CASE WHEN o.ground IS NULL THEN a.tier_label ELSE o.tier_label END AS tier_label,
				   CASE WHEN o.ground IS NULL THEN a.tier_color ELSE o.tier_color END AS tier_color
			FROM point p
			LEFT JOIN announced_then a ON a.zone_id = p.zone_id AND a.day = p.day
			LEFT JOIN overruled_then o ON o.zone_id = p.zone_id AND o.day = p.day
				AND NOT (o.is_floor AND coalesce(a.tier_rank >= o.tier_rank, false))
		), before AS (
			SELECT s.zone_id, f.tier, f.since FROM same s JOIN (%5$s) f ON f.zone_id = s.origin_id WHERE s.zone_set_id = $4
		), run AS (
			SELECT s.*, b.since AS since_before,
				   s.tier IS DISTINCT FROM CASE WHEN row_number() OVER w = 1 THEN b.tier ELSE lag(s.tier) OVER w END AS is_new
			FROM state s LEFT JOIN before b USING (zone_id)
			WINDOW w AS (PARTITION BY s.zone_id ORDER BY s.day)
		)
		SELECT r.zone_id, r.day, s.code::text, r.tier_rank, r.tier, r.tier_label, r.tier_color,
			   CASE WHEN r.tier IS NOT NULL THEN
				   coalesce(max(CASE WHEN r.is_new THEN r.day END) OVER (PARTITION BY r.zone_id ORDER BY r.day), r.since_before) END,
			   r.ground, r.valid_until
		FROM run r JOIN same s ON s.zone_id = r.zone_id AND s.origin_id = r.zone_id
		ORDER BY r.zone_id, r.day
	$sql$, map, same_zones_query(map),
		covered_zones_query(map, 'd.assessment_id', 'd.parent_code', 'd.zone_level'), layer_id, in_force_query(map, layer_id, '$3 - 1', ' AND d.decision_id <= $2'))
	USING zone_set_id, decision_id, first_day, before_set;
END
$$;
COMMENT ON FUNCTION decided_tiers(text, integer, integer, integer, date, integer) IS
'Internal, used by write_decided and verify: which tiers are in force in the zones of a set from a day on, after a decision about them: what was announced last of what holds by then, and over it the override made last, where one holds. before_set is the set of the day before, from which it goes on.';

CREATE FUNCTION decided_sets(map text, decision_id integer) RETURNS TABLE (layer_id integer, zone_set_id integer, from_day date, before_set integer)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 2 SET search_path FROM CURRENT AS $$
BEGIN
	-- sets that are in force by then, though from a later day on, are told, too; what was activated later has a decision of its own
	RETURN QUERY EXECUTE format($sql$
		SELECT m.layer_id, z.zone_set_id, z.from_day,
			   (WITH map AS (SELECT z.from_day - 1 AS day, m.decided_at) SELECT b.zone_set_id FROM (%2$s) b)
		FROM %1$I.decision m
		CROSS JOIN LATERAL (WITH map AS (SELECT m.valid_from AS day, m.decided_at) %2$s) n
		CROSS JOIN LATERAL (
			SELECT s.zone_set_id, CASE WHEN s.zone_set_id = n.zone_set_id THEN m.valid_from ELSE s.valid_from END AS from_day
			FROM %1$I.zone_set s WHERE s.activated_at <= m.decided_at AND (s.zone_set_id = n.zone_set_id OR s.valid_from > m.valid_from)) z
		WHERE m.decision_id = $1 AND (m.kind <> 'zones' OR z.zone_set_id = m.zone_set_id)
		ORDER BY z.from_day
	$sql$, map, shown_set_query(map, ' AND s.activated_at <= d.decided_at')) USING decision_id;
END
$$;
COMMENT ON FUNCTION decided_sets(text, integer) IS
'Internal: the zone sets that a decision is about: that of its first day and those known by then to follow, each with the first day in it and the set of the day before.';

CREATE FUNCTION write_decided(map text, decision_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	shown record;
	has_doubled boolean;
BEGIN
	FOR shown IN SELECT * FROM decided_sets(map, decision_id) LOOP
		EXECUTE format('INSERT INTO %I.announced_tier (layer_id, decision_id, zone_id, from_day, code, tier_rank, tier, tier_label, tier_color, since, '
			'override_reason, override_until) SELECT $1, $2, t.* FROM decided_tiers($3, $1, $2, $4, $5, $6) t', map)
			USING shown.layer_id, decision_id, map, shown.zone_set_id, shown.from_day, shown.before_set;
	END LOOP;
	-- the planner need not look at a table that grows by a day at a time each day
	EXECUTE format('SELECT count(*) > 2 * max(c.reltuples) FROM %1$I.announced_tier t, pg_class c WHERE c.oid = %2$L::regclass '
		'AND t.layer_id = $1 AND t.decision_id = $2', map, format('%I.announced_tier', map)) INTO has_doubled USING shown.layer_id, decision_id;
	IF has_doubled THEN
		EXECUTE format('ANALYZE %I.announced_tier', map);
	END IF;
END
$$;
COMMENT ON FUNCTION write_decided(text, integer) IS
'Internal, called by follow_decision, under which alone it is let: writes what is in force after a decision.';

CREATE FUNCTION follow_decision() RETURNS trigger
AS 'MODULE_PATHNAME', 'georisk_follow_decision'
LANGUAGE C PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION follow_decision() IS
'Row trigger on the table decision of a map, after INSERT: writes what is in force from then on.';
