-- What is stored of zones, found out again from codes and polygons by PostGIS and plain joins.

CREATE FUNCTION verify_zone_sets(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
DECLARE
	zone_set record;
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT 'zone_set.valid_to', s.zone_set_id::text, s.valid_to::text, s.last_day::text
		FROM (SELECT zone_set_id, valid_to, lead(valid_from) OVER (ORDER BY valid_from, zone_set_id) - 1 AS last_day
			  FROM %1$I.zone_set WHERE activated_at IS NOT NULL) s
		WHERE s.valid_to IS DISTINCT FROM s.last_day
		UNION ALL
		SELECT 'zone_set.' || f.field, s.zone_set_id::text, NULL, 'a value, as in every set that is in force'
		FROM %1$I.zone_set s,
			 LATERAL (VALUES ('valid_from', s.valid_from IS NULL), ('edition', s.edition IS NULL), ('index', s.index IS NULL)) f (field, missing)
		WHERE s.activated_at IS NOT NULL AND f.missing
	$sql$, map);
	FOR zone_set IN EXECUTE format('SELECT zone_set_id FROM %I.zone_set WHERE activated_at IS NOT NULL ORDER BY 1', map) LOOP
		BEGIN
			RETURN QUERY EXECUTE format($sql$
				WITH leaf AS (%2$s), fresh AS (
					SELECT zone_index_agg(l.zone_id, l.geom) AS index FROM leaf l WHERE l.zone_set_id = $1 AND l.is_leaf
				)
				SELECT 'zone', lost::text, NULL, format('a zone of set %%s, for its index knows it', $1)
				FROM %1$I.zone_set s, unnest(zone_ids(s.index)) lost
				WHERE s.zone_set_id = $1 AND NOT EXISTS (SELECT FROM leaf l WHERE l.zone_id = lost AND l.zone_set_id = $1)
				UNION ALL
				SELECT 'zone_set.index', s.zone_set_id::text,
					   format('%%s zones, %%s bytes, %%s', cardinality(zone_ids(s.index)), octet_length(zone_index_send(s.index)),
							  left(encode(sha256(zone_index_send(s.index)), 'hex'), 16)),
					   format('%%s zones, %%s bytes, %%s', cardinality(zone_ids(f.index)), octet_length(zone_index_send(f.index)),
							  left(encode(sha256(zone_index_send(f.index)), 'hex'), 16))
				FROM %1$I.zone_set s, fresh f
				-- the bytes themselves, the grid too
				WHERE s.zone_set_id = $1 AND NOT record_image_eq(ROW(s.index), ROW(f.index)) AND s.index IS NOT NULL
			$sql$, map, slow_zones_query(map)) USING zone_set.zone_set_id;
		EXCEPTION WHEN data_exception OR invalid_parameter_value OR data_corrupted THEN
			RETURN QUERY SELECT 'zone_set.index', zone_set.zone_set_id::text, 'an index', 'none can be built: ' || SQLERRM;
		END;
	END LOOP;
END
$$;
COMMENT ON FUNCTION verify_zone_sets(text) IS
'Internal, used by verify: the dates of the zone sets of a map, and each index against a new one of the same zones, byte by byte.';

CREATE FUNCTION slow_zones_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		SELECT z.zone_id, z.zone_set_id, z.geom, nullif(clean_text(z.code), '') COLLATE "C" AS code, p.zone_id AS parent_id,
			   c.code IS NULL AS is_leaf, z.parent_id AS stored_parent_id, z.is_leaf AS stored_is_leaf
		FROM %1$I.zone z
		JOIN %1$I.zone_set s ON s.zone_set_id = z.zone_set_id AND s.activated_at IS NOT NULL
		LEFT JOIN (SELECT zone_set_id, clean_text(code) COLLATE "C" AS code, min(zone_id) AS zone_id FROM %1$I.zone
				   WHERE clean_text(code) <> '' GROUP BY 1, 2) p
			ON p.zone_set_id = z.zone_set_id AND p.code = clean_text(z.parent_code) COLLATE "C"
		LEFT JOIN (SELECT DISTINCT zone_set_id, clean_text(parent_code) COLLATE "C" AS code FROM %1$I.zone
				   WHERE clean_text(parent_code) <> '') c
			ON c.zone_set_id = z.zone_set_id AND c.code = clean_text(z.code) COLLATE "C"
	$sql$, map);
END
$$;
COMMENT ON FUNCTION slow_zones_query(text) IS
'Internal, used by verify: the zones of all sets that are or were in force, each with its parent and whether it is nobody''s parent, found from the codes.';

CREATE FUNCTION verify_zone_tree(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH RECURSIVE zones AS MATERIALIZED (%2$s), above AS (
			SELECT z.zone_id, z.parent_id AS ancestor_id FROM zones z WHERE z.is_leaf AND z.parent_id IS NOT NULL
			UNION
			SELECT a.zone_id, p.parent_id FROM above a JOIN zones p ON p.zone_id = a.ancestor_id WHERE p.parent_id IS NOT NULL
		), placed AS (
			SELECT z.zone_id, z.geom, p.zone_id AS point_id, p.geom AS point, p.latitude, p.longitude
			FROM (SELECT * FROM zones WHERE is_leaf) z FULL JOIN %1$I.zone_point p ON p.zone_id = z.zone_id
		), grounds AS (
			SELECT u.zone_id, ST_Union(l.geom) AS geom
			FROM zones u JOIN above a ON a.ancestor_id = u.zone_id JOIN zones l ON l.zone_id = a.zone_id
			WHERE u.geom IS NULL OR ST_IsEmpty(u.geom)
			GROUP BY u.zone_id
		)
		SELECT 'zone.parent_id', z.zone_id::text, z.stored_parent_id::text, z.parent_id::text FROM zones z
		WHERE z.stored_parent_id IS DISTINCT FROM z.parent_id
		UNION ALL
		SELECT 'zone.is_leaf', z.zone_id::text, z.stored_is_leaf::text, z.is_leaf::text FROM zones z
		WHERE z.stored_is_leaf IS DISTINCT FROM z.is_leaf
		UNION ALL
		SELECT 'zone_ancestor', coalesce(t.zone_id, a.zone_id) || ', ' || coalesce(t.ancestor_id, a.ancestor_id),
			   CASE WHEN t.zone_id IS NOT NULL THEN 'part of it' END, CASE WHEN a.zone_id IS NOT NULL THEN 'part of it' END
		FROM above a FULL JOIN %1$I.zone_ancestor t ON t.zone_id = a.zone_id AND t.ancestor_id = a.ancestor_id
		WHERE a.zone_id IS NULL OR t.zone_id IS NULL
		UNION ALL
		SELECT 'zone_point', coalesce(zone_id, point_id)::text, ST_AsText(point, 6) || format(', latitude %%s, longitude %%s', round(latitude::numeric, 6), round(longitude::numeric, 6)),
			   CASE WHEN zone_id IS NOT NULL THEN 'a point in the zone, with its latitude and longitude' END
		FROM placed
		WHERE zone_id IS NULL OR point_id IS NULL OR NOT ST_Covers(geom, point)
		   OR abs(latitude - ST_Y(ST_Transform(point, 4326))) > 1e-9 OR abs(longitude - ST_X(ST_Transform(point, 4326))) > 1e-9
		UNION ALL
		SELECT 'zone_union', coalesce(g.zone_id, u.zone_id)::text, round(ST_Area(u.geom)::numeric, 9)::text, round(ST_Area(g.geom)::numeric, 9)::text
		FROM grounds g FULL JOIN %1$I.zone_union u ON u.zone_id = g.zone_id
		-- the same ground, from whichever vertex it is written
		WHERE g.zone_id IS NULL OR u.zone_id IS NULL OR ST_Area(ST_SymDifference(g.geom, u.geom)) > 1e-9 * ST_Area(g.geom)
	$sql$, map, slow_zones_query(map));
END
$$;
COMMENT ON FUNCTION verify_zone_tree(text) IS
'Internal, used by verify: parents, ancestors, the points in the zones and the ground of parents without a polygon.';

CREATE FUNCTION verify_neighbours(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH zones AS (%2$s), unit AS MATERIALIZED (
			SELECT metres_per_unit(srid) AS metres, neighbour_tolerance_m AS tolerance FROM %1$I.settings
		), leaf AS MATERIALIZED (
			SELECT coalesce(array_agg(zone_id), '{}') AS parents FROM zones WHERE NOT is_leaf
		), near AS MATERIALIZED (
			SELECT a.zone_id, b.zone_id AS neighbour_id, ST_Intersects(a.geom, b.geom) AS touches, a.geom AS a_geom, b.geom AS b_geom
			FROM %1$I.zone_set s CROSS JOIN unit u
			JOIN %1$I.zone a ON a.zone_set_id = s.zone_set_id
			-- a degree of latitude is over 110,500 m
			CROSS JOIN LATERAL (SELECT CASE WHEN u.tolerance = 0 THEN a.geom WHEN u.metres IS NOT NULL THEN ST_Expand(a.geom, 1.01 * u.tolerance / u.metres)
				ELSE ST_Expand(a.geom, u.tolerance / 110500 / greatest(0.0001, cos(radians(greatest(abs(ST_YMin(a.geom)), abs(ST_YMax(a.geom)))))),
							   u.tolerance / 110500) END AS reach OFFSET 0) r
			JOIN %1$I.zone b ON b.zone_set_id = a.zone_set_id AND a.zone_id < b.zone_id AND b.geom && r.reach
			WHERE s.activated_at IS NOT NULL AND (u.tolerance > 0 OR ST_Intersects(a.geom, b.geom))
			  AND a.zone_id <> ALL ((SELECT parents FROM leaf)::integer[]) AND b.zone_id <> ALL ((SELECT parents FROM leaf)::integer[])
		), shared AS MATERIALIZED (
			SELECT n.zone_id, n.neighbour_id, ST_Intersection(n.a_geom, n.b_geom) AS common,
				   CASE WHEN n.touches THEN 0 WHEN u.metres IS NULL THEN ST_Distance(n.a_geom::geography, n.b_geom::geography)
						ELSE ST_Distance(n.a_geom, n.b_geom) * u.metres END AS gap_m
			FROM near n, unit u
		), measured AS MATERIALIZED (
			SELECT s.zone_id, s.neighbour_id, s.gap_m, ST_Dimension(s.common) < 2 AS is_border,
				   CASE WHEN u.metres IS NULL THEN ST_Length(s.common::geography) ELSE ST_Length(s.common) * u.metres END AS shared_m
			FROM shared s, unit u WHERE s.gap_m <= 1.001 * u.tolerance
		), both_ways AS (
			SELECT zone_id, neighbour_id, gap_m, is_border, shared_m FROM measured
			UNION ALL
			SELECT neighbour_id, zone_id, gap_m, is_border, shared_m FROM measured
		), compared AS (
			SELECT coalesce(m.zone_id, n.zone_id) AS zone_id, coalesce(m.neighbour_id, n.neighbour_id) AS neighbour_id,
				   CASE WHEN n.zone_id IS NOT NULL THEN format('%%s m shared, gap %%s m', round(n.shared_m::numeric, 3), round(n.gap_m::numeric, 3)) END AS stored,
				   CASE WHEN m.zone_id IS NOT NULL THEN format('%%s m shared, gap %%s m', round(m.shared_m::numeric, 3), round(m.gap_m::numeric, 3)) END AS recomputed
			FROM both_ways m FULL JOIN %1$I.zone_neighbour n ON n.zone_id = m.zone_id AND n.neighbour_id = m.neighbour_id CROSS JOIN unit u
			WHERE m.zone_id IS NULL
			   -- at the tolerance itself the sphere's rounding decides
			   OR n.zone_id IS NULL AND (m.gap_m = 0 OR m.gap_m < 0.999 * u.tolerance)
			   OR abs(m.gap_m - n.gap_m) > 0.001 * m.gap_m + 1e-6
			   -- with a tolerance the border shared is at least the one that is common
			   OR m.is_border AND n.shared_m < 0.999 * m.shared_m - 1e-6
			   OR m.is_border AND u.tolerance = 0 AND n.shared_m > 1.001 * m.shared_m + 1e-6
		)
		SELECT 'zone_neighbour', format('%%s, %%s', c.zone_id, c.neighbour_id), c.stored, c.recomputed FROM compared c
	$sql$, map, slow_zones_query(map));
END
$$;
COMMENT ON FUNCTION verify_neighbours(text) IS
'Internal, used by verify: which zones touch, or are within the map''s tolerance, and over how many metres, by PostGIS; lengths to a thousandth.';

CREATE FUNCTION verify_zone_shapes(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH zones AS MATERIALIZED (%2$s), grounds AS (
			SELECT z.zone_id, z.zone_set_id, z.is_leaf, coalesce(z.geom, u.geom) AS geom
			FROM zones z LEFT JOIN %1$I.zone_union u ON u.zone_id = z.zone_id
		), fresh AS (
			SELECT b.max_zoom, s.zone_id, ST_GeomFromWKB(s.shape, (SELECT srid FROM %1$I.settings)) AS geom
			FROM (SELECT zone_index_agg(zone_id, geom) FILTER (WHERE is_leaf) AS leaves,
						 zone_index_agg(zone_id, geom) FILTER (WHERE NOT is_leaf AND geom IS NOT NULL) AS parents
				  FROM grounds GROUP BY zone_set_id) i,
				 (SELECT metres_per_unit(srid) AS metres FROM %1$I.settings) m,
				 (SELECT array_agg(tolerance_m) AS tolerances FROM zone_shape_bands()) t,
				 LATERAL zone_index_shapes(i.leaves, i.parents, m.metres, t.tolerances) s
			JOIN zone_shape_bands() b USING (tolerance_m)
		)
		SELECT 'zone_shape', format('%%s, %%s', coalesce(f.max_zoom, s.max_zoom), coalesce(f.zone_id, s.zone_id)),
			   ST_NPoints(s.geom) || ' vertices', ST_NPoints(f.geom) || ' vertices'
		FROM fresh f FULL JOIN %1$I.zone_shape s ON s.max_zoom = f.max_zoom AND s.zone_id = f.zone_id
		WHERE ST_AsBinary(s.geom) IS DISTINCT FROM ST_AsBinary(f.geom)
		UNION ALL
		SELECT 'zone_shape', format('%%s, %%s', max_zoom, zone_id), 'drawn elsewhere in tiles', 'drawn where it lies'
		FROM %1$I.zone_shape WHERE ST_AsBinary(mercator) IS DISTINCT FROM ST_AsBinary(ST_ForcePolygonCW(in_crs(geom, 3857)))
	$sql$, map, slow_zones_query(map));
END
$$;
COMMENT ON FUNCTION verify_zone_shapes(text) IS
'Internal, used by verify: the zones simplified for small scales against what zone_index_shapes makes of them now.';

CREATE FUNCTION verify_crosswalk(map text) RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH zones AS (%2$s), unit AS (
			SELECT metres_per_unit(srid) AS metres FROM %1$I.settings
		), leaf AS MATERIALIZED (
			SELECT array_agg(zone_id) AS parents FROM zones WHERE NOT is_leaf
		), steps AS (
			SELECT lag(zone_set_id) OVER (ORDER BY valid_from, zone_set_id) AS old_set, zone_set_id AS new_set
			FROM %1$I.zone_set WHERE activated_at IS NOT NULL
		), same AS MATERIALIZED (
			SELECT s.old_set, s.new_set, o.zone_id AS old_id, n.zone_id AS new_id
			FROM steps s JOIN zones o ON o.zone_set_id = s.old_set AND o.is_leaf
			JOIN zones n ON n.zone_set_id = s.new_set AND n.is_leaf AND n.geom = o.geom
		), pairs AS MATERIALIZED (
			SELECT s.old_set, s.new_set, o.zone_id AS old_zone_id, n.zone_id AS new_zone_id, o.geom AS old_geom, n.geom AS new_geom,
				   ST_Intersection(o.geom, n.geom) AS shared
			FROM steps s
			JOIN %1$I.zone o ON o.zone_set_id = s.old_set
			JOIN %1$I.zone n ON n.zone_set_id = s.new_set AND n.geom && o.geom
			WHERE o.zone_id <> ALL (coalesce((SELECT parents FROM leaf), '{}'))
			  AND n.zone_id <> ALL (coalesce((SELECT parents FROM leaf), '{}'))
			  -- ground is shared only once: what stayed as it was meets nobody else
			  AND NOT EXISTS (SELECT FROM same WHERE same.old_id = o.zone_id AND same.new_set = s.new_set)
			  AND NOT EXISTS (SELECT FROM same WHERE same.new_id = n.zone_id AND same.old_set = s.old_set)
			UNION ALL
			SELECT s.old_set, s.new_set, s.old_id, s.new_id, o.geom, o.geom, o.geom
			FROM same s JOIN %1$I.zone o ON o.zone_id = s.old_id
		), areas AS MATERIALIZED (
			SELECT p.*, CASE WHEN u.metres IS NULL THEN ST_Area(shared::geography) ELSE ST_Area(shared) * u.metres ^ 2 END AS area,
				   CASE WHEN u.metres IS NULL THEN ST_Area(old_geom::geography) ELSE ST_Area(old_geom) * u.metres ^ 2 END AS old_area,
				   CASE WHEN u.metres IS NULL THEN ST_Area(new_geom::geography) ELSE ST_Area(new_geom) * u.metres ^ 2 END AS new_area
			FROM pairs p, unit u
		)
		SELECT 'crosswalk', format('%%s, %%s, %%s', coalesce(a.new_set, c.new_set), coalesce(a.new_zone_id, c.new_zone_id), coalesce(a.old_zone_id, c.old_zone_id)),
			   CASE WHEN c.new_set IS NOT NULL THEN format('%%s m2, %%s of the old zone, %%s of the new', round(c.shared_area_m2::numeric, 1), round(c.share_of_old::numeric, 6), round(c.share_of_new::numeric, 6)) END,
			   CASE WHEN a.new_set IS NOT NULL THEN format('%%s m2, %%s of the old zone, %%s of the new', round(a.area::numeric, 1), round((a.area / a.old_area)::numeric, 6), round((a.area / a.new_area)::numeric, 6)) END
		FROM areas a
		FULL JOIN %1$I.crosswalk c ON c.new_set = a.new_set AND c.new_zone_id = a.new_zone_id AND c.old_zone_id = a.old_zone_id
		-- on the twentieth itself rounding decides, and moves nothing
		WHERE a.new_set IS NULL OR c.old_set IS DISTINCT FROM a.old_set AND a.area > (0.05 + 1e-9) * least(a.old_area, a.new_area)
		   OR c.new_set IS NOT NULL AND (abs(c.shared_area_m2 - a.area) > 1e-6 * a.area OR abs(c.share_of_old - a.area / a.old_area) > 1e-6
			   OR abs(c.share_of_new - a.area / a.new_area) > 1e-6)
		   OR c.new_set IS NOT NULL AND a.area < (0.05 - 1e-9) * least(a.old_area, a.new_area)
	$sql$, map, slow_zones_query(map));
END
$$;
COMMENT ON FUNCTION verify_crosswalk(text) IS
'Internal, used by verify: which zones of two sets that follow each other share a twentieth of either or more, by PostGIS.';
