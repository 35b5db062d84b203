CREATE FUNCTION create_zone_neighbour_table(map text, srid integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_neighbour (
			zone_id integer NOT NULL,
			neighbour_id integer NOT NULL,
			shared_m double precision NOT NULL,
			gap_m double precision NOT NULL,
			PRIMARY KEY (zone_id, neighbour_id)
		);
		CREATE TABLE %1$I.zone_ancestor (
			zone_id integer NOT NULL,
			ancestor_id integer NOT NULL,
			PRIMARY KEY (zone_id, ancestor_id)
		);
		CREATE INDEX zone_below ON %1$I.zone_ancestor (ancestor_id, zone_id);
		CREATE TABLE %1$I.zone_point (
			zone_id integer PRIMARY KEY,
			latitude double precision NOT NULL,
			longitude double precision NOT NULL,
			geom geometry(Point, %2$s) NOT NULL
		);
		CREATE TABLE %1$I.zone_union (
			zone_id integer PRIMARY KEY,
			geom geometry(MultiPolygon, %2$s) NOT NULL
		);
	$sql$, map, srid);
	PERFORM comment_table(map, 'zone_neighbour',
		'Which zones are next to each other, within the neighbour_tolerance_m of the table settings, each pair in both directions; made by georisk.activate_zones.',
		'zone_id', 'Number of the zone.',
		'neighbour_id', 'Number of the zone next to it.',
		'shared_m', 'Metres of border that both have, or that face each other within the tolerance; 0 where they touch in a point.',
		'gap_m', 'Metres between them where they are nearest; 0 where they touch.');
	PERFORM comment_table(map, 'zone_ancestor',
		'Which zones each zone that gets a tier is part of, on every level; made by georisk.activate_zones.',
		'zone_id', 'Number of the zone.',
		'ancestor_id', 'Number of a zone that it is part of: its parent, its parent''s parent and so on.');
	PERFORM comment_table(map, 'zone_point',
		'A point inside each zone that gets a tier, for maps of points; made by georisk.activate_zones.',
		'zone_id', 'Number of the zone.',
		'latitude', 'Latitude of the point in degrees, WGS 84.',
		'longitude', 'Longitude of the point in degrees, WGS 84.',
		'geom', 'The point, in the map''s coordinate system.');
	PERFORM comment_table(map, 'zone_union',
		'The ground of each parent without a polygon of its own: that of all the zones below it, as one; made by georisk.activate_zones.',
		'zone_id', 'Number of the parent.',
		'geom', 'The polygon.');
END
$$;
COMMENT ON FUNCTION create_zone_neighbour_table(text, integer) IS
'Internal, used by create_map: the tables zone_neighbour, zone_ancestor, zone_point and zone_union of a map.';

CREATE FUNCTION write_neighbours(map text, zone_set_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		INSERT INTO %1$I.zone_neighbour (zone_id, neighbour_id, shared_m, gap_m)
		SELECT n.zone_id, n.neighbour_id, n.shared_m, n.gap_m
		FROM %1$I.zone_set s, zone_neighbours(s.index, (SELECT neighbour_tolerance_m FROM %1$I.settings)) n
		WHERE s.zone_set_id = $1
	$sql$, map) USING zone_set_id;
END
$$;
COMMENT ON FUNCTION write_neighbours(text, integer) IS
'Internal: stores who is next to whom in a zone set, within the map''s tolerance.';

CREATE FUNCTION find_neighbours() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	activated integer;
BEGIN
	-- A set that is being activated gets the tolerance that holds when its turn ends.
	EXECUTE format('LOCK TABLE %I.zone_set IN SHARE ROW EXCLUSIVE MODE', TG_TABLE_SCHEMA);
	FOR activated IN EXECUTE format('SELECT DISTINCT p.layer_id FROM %I.layer_policy p', TG_TABLE_SCHEMA) LOOP
		PERFORM layer_relations(TG_TABLE_SCHEMA, activated);
	END LOOP;
	EXECUTE format('DELETE FROM %I.zone_neighbour', TG_TABLE_SCHEMA);
	FOR activated IN EXECUTE format('SELECT zone_set_id FROM %I.zone_set WHERE activated_at IS NOT NULL ORDER BY 1', TG_TABLE_SCHEMA) LOOP
		PERFORM write_neighbours(TG_TABLE_SCHEMA, activated);
	END LOOP;
	EXECUTE format('ANALYZE %I.zone_neighbour', TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION find_neighbours() IS
'Row trigger on the table settings of a map: another neighbour_tolerance_m finds the neighbours in all zone sets anew. Recorded assessments stay as they are.';

CREATE FUNCTION survey_zones(map text, zone_set_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM write_neighbours(map, zone_set_id);
	EXECUTE format($sql$
		INSERT INTO %1$I.zone_point (zone_id, latitude, longitude, geom)
		SELECT p.zone_id, ST_Y(p.degrees), ST_X(p.degrees), p.geom
		FROM (SELECT i.zone_id, i.geom, ST_Transform(i.geom, 4326) AS degrees
			  FROM (SELECT z.zone_id, ST_PointOnSurface(z.geom) AS geom FROM %1$I.zone z
					WHERE z.zone_set_id = $1 AND z.is_leaf OFFSET 0) i OFFSET 0) p
	$sql$, map) USING zone_set_id;
	EXECUTE format($sql$
		WITH RECURSIVE above AS (
			SELECT z.zone_id, z.parent_id AS ancestor_id FROM %1$I.zone z
			WHERE z.zone_set_id = $1 AND z.is_leaf AND z.parent_id IS NOT NULL
			UNION
			SELECT a.zone_id, p.parent_id FROM above a JOIN %1$I.zone p ON p.zone_id = a.ancestor_id
			WHERE p.parent_id IS NOT NULL
		)
		INSERT INTO %1$I.zone_ancestor (zone_id, ancestor_id) SELECT zone_id, ancestor_id FROM above
	$sql$, map) USING zone_set_id;
	EXECUTE format('ANALYZE %1$I.zone_neighbour, %1$I.zone_ancestor, %1$I.zone_point', map);
	EXECUTE format($sql$
		INSERT INTO %1$I.zone_union (zone_id, geom)
		SELECT p.zone_id, ST_Multi(ST_Union(z.geom))
		FROM %1$I.zone p
		JOIN %1$I.zone_ancestor a ON a.ancestor_id = p.zone_id
		JOIN %1$I.zone z ON z.zone_id = a.zone_id
		WHERE p.zone_set_id = $1 AND (p.geom IS NULL OR ST_IsEmpty(p.geom))
		GROUP BY p.zone_id
	$sql$, map) USING zone_set_id;
	EXECUTE format('ANALYZE %1$I.zone_union', map);
END
$$;
COMMENT ON FUNCTION survey_zones(text, integer) IS
'Internal, used by activate_zones: stores what views need to know of the zones of a set and would take too long to find out on reading: who is next to whom, who is part of whom, a point in each zone, and the ground of parents without a polygon.';
