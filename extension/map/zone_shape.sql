CREATE FUNCTION zone_shape_bands(OUT max_zoom integer, OUT tolerance_m double precision) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1 ROWS 4
BEGIN ATOMIC
	-- half a pixel at the equator: 40075016.7 m round the world, 256 pixels a tile
	SELECT z, 40075016.7 / 256 / 2 ^ z / 2 FROM unnest(ARRAY[8, 10, 12, 14]) AS z;
END;
COMMENT ON FUNCTION zone_shape_bands() IS
'The bands of zoom for which a map keeps its zones simplified, in zone_shape: each up to a zoom level of web maps, with the metres by which a border may move, which is half a pixel there: 306 m up to zoom 8, 76 m up to 10, 19 m up to 12, 4.8 m up to 14. Beyond zoom 14 the polygons themselves are drawn.';

CREATE FUNCTION create_zone_shape_table(map text, srid integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_shape (
			max_zoom integer,
			zone_id integer,
			geom geometry(MultiPolygon, %2$s) NOT NULL,
			mercator geometry(MultiPolygon, 3857) NOT NULL,
			PRIMARY KEY (max_zoom, zone_id)
		);
		CREATE INDEX zone_shape_mercator ON %1$I.zone_shape USING gist (mercator)
	$sql$, map, srid);
	PERFORM comment_table(map, 'zone_shape',
		'The zones of every level with fewer vertices, for tiles and exports of a smaller scale; made by georisk.activate_zones. Neighbours keep meeting, wards keep being the sum of their groups, and every zone is there in every band.',
		'max_zoom', 'The band: for zoom levels of web maps up to this one. SELECT * FROM georisk.zone_shape_bands() lists them with their tolerances; for larger zooms take the polygons of zone.',
		'zone_id', 'Number of the zone; a parent without a polygon of its own has that of all zones below it.',
		'geom', 'The polygon, no border of which is more than the band''s tolerance from where it was.',
		'mercator', 'The same in web mercator, outer rings clockwise: what tiles are cut from.');
END
$$;
COMMENT ON FUNCTION create_zone_shape_table(text, integer) IS
'Internal, used by create_map: the table zone_shape of a map.';

CREATE FUNCTION mercator_of(geom text, srid integer) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	-- in_crs where only it knows the system: it costs a query a polygon
	SELECT format(CASE WHEN crs_definition(epsg_code(srid)) IS NULL THEN 'ST_ForcePolygonCW(ST_Transform(%s, 3857))'
					   ELSE 'ST_ForcePolygonCW(in_crs(%s, 3857))' END, geom);
END;
COMMENT ON FUNCTION mercator_of(text, integer) IS
'Internal: the expression that is another one, polygons of that SRID, in web mercator, outer rings clockwise, so that they run as vector tiles want them once y points down.';

CREATE FUNCTION write_zone_shapes(map text, zone_set_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	map_srid integer;
BEGIN
	EXECUTE format('SELECT srid FROM %I.settings', map) INTO map_srid;
	EXECUTE format($sql$
		WITH band AS (
			SELECT array_agg(tolerance_m) AS tolerances FROM zone_shape_bands()
		), parent AS (
			SELECT zone_index_agg(z.zone_id, coalesce(u.geom, z.geom)) AS index
			FROM %1$I.zone z LEFT JOIN %1$I.zone_union u ON u.zone_id = z.zone_id
			WHERE z.zone_set_id = $1 AND NOT z.is_leaf AND coalesce(u.geom, z.geom) IS NOT NULL
		)
		INSERT INTO %1$I.zone_shape (max_zoom, zone_id, geom, mercator)
		SELECT d.max_zoom, d.zone_id, d.geom, %2$s
		FROM (SELECT b.max_zoom, s.zone_id, ST_GeomFromWKB(s.shape, srid(z.index)) AS geom
			  FROM %1$I.zone_set z, parent p, band,
				   zone_index_shapes(z.index, p.index, metres_per_unit(srid(z.index)), band.tolerances) s
			  JOIN zone_shape_bands() b USING (tolerance_m)
			  WHERE z.zone_set_id = $1 OFFSET 0) d
	$sql$, map, mercator_of('d.geom', map_srid)) USING zone_set_id;
	EXECUTE format('ANALYZE %I.zone_shape', map);
END
$$;
COMMENT ON FUNCTION write_zone_shapes(text, integer) IS
'Internal, used by activate_zones: stores the zones of a set, and the parents above them, simplified for each of the zone_shape_bands.';
