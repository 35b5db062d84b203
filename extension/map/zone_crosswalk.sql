CREATE FUNCTION zone_crosswalk(map text, old_set integer, new_set integer, min_share double precision DEFAULT 0,
	OUT old_zone_id integer, OUT old_code text, OUT new_zone_id integer, OUT new_code text,
	OUT shared_area_m2 double precision, OUT share_of_old double precision, OUT share_of_new double precision)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	metres double precision;
	missing text;
BEGIN
	PERFORM need_map(map);
	EXECUTE format('SELECT min(coalesce(n::text, ''NULL'')) FROM unnest(ARRAY[$1, $2]) n WHERE NOT EXISTS '
		'(SELECT FROM %I.zone_set s WHERE s.zone_set_id = n)', map) INTO missing USING old_set, new_set;
	IF min_share IS NULL OR NOT min_share BETWEEN 0 AND 1 THEN
		RAISE EXCEPTION 'min_share must be from 0 to 1' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'map "%" has no zone set %', map, missing USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('SELECT zone_set_id, name, valid_from FROM %I.zone_set lists them.', map);
	END IF;
	EXECUTE format('SELECT metres_per_unit(srid) FROM %I.settings', map) INTO metres;
	RETURN QUERY EXECUTE format($sql$
		WITH parent AS (
			SELECT DISTINCT zone_set_id, clean_text(parent_code) AS code FROM %1$I.zone
			WHERE zone_set_id IN ($1, $2) AND clean_text(parent_code) <> ''
		), drawn AS MATERIALIZED (
			SELECT z.zone_set_id, z.zone_id, z.code, z.level, p.code IS NULL AS is_leaf, z.geom
			FROM %1$I.zone z LEFT JOIN parent p ON p.zone_set_id = z.zone_set_id AND p.code = clean_text(z.code)
			WHERE z.zone_set_id IN ($1, $2) AND NOT ST_IsEmpty(z.geom)
		), same AS MATERIALIZED (
			SELECT o.zone_id AS old_id, n.zone_id AS new_id
			FROM drawn o JOIN drawn n ON o.geom = n.geom AND o.is_leaf = n.is_leaf
			 AND (o.is_leaf OR o.level IS NOT DISTINCT FROM n.level)
			WHERE o.zone_set_id = $1 AND n.zone_set_id = $2
		-- what stayed as it was shares no ground with what changed
		), old AS (
			SELECT d.*, zone_area(d.geom, $3) AS area FROM drawn d
			WHERE d.zone_set_id = $1 AND d.zone_id NOT IN (SELECT old_id FROM same)
		), new AS (
			SELECT d.*, zone_area(d.geom, $3) AS area FROM drawn d
			WHERE d.zone_set_id = $2 AND d.zone_id NOT IN (SELECT new_id FROM same)
		), shared AS MATERIALIZED (
			SELECT o.zone_id AS old_id, n.zone_id AS new_id, zone_area(ST_Intersection(o.geom, n.geom), $3) AS area,
				   o.area AS old_area, n.area AS new_area
			FROM old o
			JOIN %1$I.zone near ON near.zone_set_id = $2 AND near.geom && o.geom
			JOIN new n ON n.zone_id = near.zone_id AND n.is_leaf = o.is_leaf
			 AND (o.is_leaf OR o.level IS NOT DISTINCT FROM n.level)
			-- what the boxes share is more than what the zones share; twice, for degrees are not square
			WHERE 2 * ST_Area(ST_Intersection(ST_Envelope(o.geom), ST_Envelope(n.geom)))
				  >= $4 * least(ST_Area(o.geom), ST_Area(n.geom))
			UNION ALL
			SELECT old_id, new_id, area, area, area
			FROM same, LATERAL (SELECT zone_area(d.geom, $3) AS area FROM drawn d WHERE d.zone_id = old_id) a
		)
		SELECT o.zone_id, o.code, n.zone_id, n.code, s.area,
			   least(s.area / nullif(s.old_area, 0), 1), least(s.area / nullif(s.new_area, 0), 1)
		FROM shared s
		JOIN %1$I.zone o ON o.zone_id = s.old_id
		JOIN %1$I.zone n ON n.zone_id = s.new_id
		WHERE s.area > 0 AND s.old_area > 0 AND s.new_area > 0 AND s.area >= $4 * least(s.old_area, s.new_area)
		ORDER BY o.zone_id, s.area DESC, n.zone_id
	$sql$, map) USING old_set, new_set, metres, min_share;
END
$$;
COMMENT ON FUNCTION zone_crosswalk(text, integer, integer, double precision) IS
'How the zones of one set of a map lie on those of another: a row for each old and new zone that share ground, with the shared area in square metres (on the ellipsoid where the map is in degrees) and as a share, 0 to 1, of either. Zones that are nobody''s parent are compared with each other; parents with a polygon with parents of the same level. Either set may be a draft, so that one can look before activating. Two zones whose polygons are the same, vertex by vertex, are matched and not compared with others. Pairs that share less than min_share of either are left out, without being looked at closely: 0.05 leaves out what differs when borders are drawn twice. Ordered by old zone, the largest share first. An error where a set does not exist. It says nothing of people: a share of the area is not a share of the cases.';

CREATE FUNCTION write_crosswalk(map text, old_set integer, new_set integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		INSERT INTO %1$I.crosswalk (old_set, new_set, old_zone_id, new_zone_id, shared_area_m2, share_of_old, share_of_new)
		SELECT $1, $2, c.old_zone_id, c.new_zone_id, c.shared_area_m2, c.share_of_old, c.share_of_new
		FROM zone_crosswalk(%1$L, $1, $2, 0.05) c
		JOIN %1$I.zone o ON o.zone_id = c.old_zone_id
		JOIN %1$I.zone n ON n.zone_id = c.new_zone_id
		WHERE o.is_leaf AND n.is_leaf
	$sql$, map) USING old_set, new_set;
	EXECUTE format('ANALYZE %I.crosswalk', map);
END
$$;
COMMENT ON FUNCTION write_crosswalk(text, integer, integer) IS
'Internal, used by activate_zones: keeps zone_crosswalk of two sets that follow each other, down to a twentieth of either zone, which is what reports are carried along.';
