-- A project of QGIS for a map: its views in groups, each with its styles, drawn again when the map tells of something new.

CREATE FUNCTION qgis_crs(srid integer) RETURNS xml
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME spatialrefsys, xmlattributes('Wkt' AS "nativeFormat"), xmlelement(NAME wkt, s.srtext),
		xmlelement(NAME proj4, s.proj4text), xmlelement(NAME srid, s.auth_srid), xmlelement(NAME authid, s.auth_name || ':' || s.auth_srid))
	FROM spatial_ref_sys s WHERE s.srid = qgis_crs.srid;
END;
COMMENT ON FUNCTION qgis_crs(integer) IS
'Internal, used by qgis_project: a coordinate system as QGIS writes it.';

CREATE FUNCTION qgis_titles(lang text, OUT place integer, OUT view text, OUT is_table boolean, OUT is_shown boolean, OUT style text, OUT title text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 14
BEGIN ATOMIC
	SELECT t.place, t.view, t.is_table, t.is_shown, t.style, CASE lang WHEN 'vi' THEN t.vi ELSE t.en END
	FROM (VALUES
		(1, 'parent_risk', false, true, 'borders', 'Parents', 'Cấp trên (phường, quận)'),
		(2, 'zone_risk_points', false, false, 'tier', 'Tiers as points', 'Cấp nguy cơ (điểm)'),
		(3, 'green_zone_watch', false, false, 'tier', 'Green zones by their worst neighbour', 'Vùng xanh theo vùng giáp ranh nguy cơ nhất'),
		(4, 'zone_risk', false, true, 'tier', 'Tiers of the day', 'Cấp nguy cơ trong ngày'),
		(5, 'zone_risk_history', false, false, 'tier', 'Tiers day by day', 'Cấp nguy cơ theo ngày'),
		(6, 'zone_risk_public', false, false, 'tier', 'What the public sees', 'Cấp nguy cơ đã công bố'),
		(7, 'tier_summary', true, false, '', 'Zones by tier', 'Số vùng theo cấp'),
		(8, 'zone_day', true, false, '', 'Counts by day', 'Số ca theo ngày'),
		(9, 'risk_timeseries', true, false, '', 'Numbers over time', 'Diễn biến theo thời gian'),
		(10, 'zone_reporting', true, false, '', 'Who is late', 'Nơi báo cáo trễ'),
		(11, 'reporting', true, false, '', 'Who reports', 'Nguồn báo cáo'),
		(12, 'data_quality', true, false, '', 'Data quality', 'Chất lượng dữ liệu'),
		(13, 'unmatched_places', true, false, '', 'Places not recognised', 'Địa danh chưa nhận ra')
	) t (place, view, is_table, is_shown, style, en, vi);
END;
COMMENT ON FUNCTION qgis_titles(text) IS
'Internal, used by qgis_project: the views of a map, from top to bottom, whether they are drawn at first and in which style, and their titles.';

CREATE FUNCTION qgis_layers(map text, lang text, OUT place integer, OUT layer_group text, OUT view regclass, OUT id text, OUT title text,
	OUT is_shown boolean, OUT style text, OUT is_opened boolean) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 14 SET search_path FROM CURRENT AS $$
DECLARE
	layer record;
BEGIN
	FOR layer IN EXECUTE format('SELECT l.layer_id, l.name, l.layer_id = min(l.layer_id) OVER () AS is_first FROM %I.layer l ORDER BY l.layer_id', map) LOOP
		RETURN QUERY
			SELECT t.place + 100 * (layer.layer_id - 1),
				   concat_ws(' · ', map, CASE WHEN NOT layer.is_first THEN layer.name END,
							 CASE WHEN t.is_table THEN CASE lang WHEN 'vi' THEN 'bảng' ELSE 'tables' END END),
				   v.view, v.name || '_' || left(md5(map), 8), t.title, t.is_shown AND layer.is_first, t.style, NOT t.is_table AND layer.is_first
			FROM qgis_titles(lang) t
			CROSS JOIN LATERAL (SELECT layer_relation(map, layer.layer_id, t.view) AS name) n
			CROSS JOIN LATERAL (SELECT to_regclass(format('%I.%I', map, n.name)) AS view, n.name) v
			-- what is not of one layer is there once
			WHERE v.view IS NOT NULL ORDER BY t.place;
	END LOOP;
END
$$;
COMMENT ON FUNCTION qgis_layers(text, text) IS
'Internal, used by qgis_project: the layers of a project and the group that each is in, from top to bottom.';

CREATE FUNCTION qgis_source(view regclass, connection text, srid integer) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	SELECT format('%s key=''%s''%s checkPrimaryKeyUnicity=''0'' table="%s"."%s"%s', connection, k.attname,
			CASE WHEN q.geometry_column IS NULL THEN '' ELSE format(' srid=%s type=%s', srid, CASE q.geometry WHEN 'Point' THEN 'Point' ELSE 'MultiPolygon' END) END,
			replace(q.map, '"', '\"'), replace(q.name, '"', '\"'), ' (' || q.geometry_column || ')')
	FROM qgis_layer(view) q JOIN pg_attribute k ON k.attrelid = view AND k.attnum = 1;
END;
COMMENT ON FUNCTION qgis_source(regclass, text, integer) IS
'Internal, used by qgis_project: where QGIS finds a view. Its key is unique, and QGIS need not count that at each opening.';

CREATE FUNCTION qgis_map_layer(view regclass, id text, title text, connection text, lang text, style text, srid integer) RETURNS xml
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	WITH named AS (
		SELECT s.*, s.style = qgis_map_layer.style AS is_current, row_number() OVER (ORDER BY s.place) AS number
		FROM (SELECT v.* FROM qgis_view_styles(CASE WHEN qgis_map_layer.style <> '' THEN view END, lang) v WHERE qgis_map_layer.style <> '') s
	), current AS (
		SELECT n.name, n.qml FROM named n WHERE n.is_current
	)
	SELECT xmlelement(NAME maplayer, xmlattributes('vector' AS type,
			CASE WHEN q.geometry_column IS NULL THEN 'No geometry' ELSE q.geometry END AS geometry,
			'1' AS "refreshOnNotifyEnabled", q.map AS "refreshOnNotifyMessage", '1' AS "readOnly",
			(SELECT xpath('string(/qgis/@labelsEnabled)', c.qml) FROM current c)[1]::text AS "labelsEnabled"),
		xmlelement(NAME id, id),
		xmlelement(NAME datasource, qgis_source(view, connection, srid)),
		xmlelement(NAME shortname, q.name),
		xmlelement(NAME title, title),
		xmlelement(NAME abstract, obj_description(view, 'pg_class')),
		xmlelement(NAME layername, title),
		CASE WHEN q.geometry_column IS NOT NULL THEN xmlelement(NAME srs, qgis_crs(srid)) END,
		xmlelement(NAME provider, xmlattributes('UTF-8' AS encoding), 'postgres'),
		(SELECT xmlagg(part) FROM current c, unnest(xpath('/qgis/*', c.qml)) part),
		(SELECT xmlelement(NAME "map-layer-style-manager", xmlattributes((SELECT c.name FROM current c) AS current),
				xmlagg(xmlelement(NAME "map-layer-style", xmlattributes(n.name AS name), CASE WHEN NOT n.is_current THEN n.qml END) ORDER BY n.number))
		 FROM named n HAVING count(*) > 0))
	FROM qgis_layer(view) q;
END;
COMMENT ON FUNCTION qgis_map_layer(regclass, text, text, text, text, text, integer) IS
'Internal, used by qgis_project: a layer of a project with all its styles; style is the one that it opens in, empty for tables.';

CREATE FUNCTION qgis_project(map text, connection text DEFAULT format('dbname=''%s''', current_database()), lang text DEFAULT NULL) RETURNS xml
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	setting record;
	shown record;
BEGIN
	PERFORM need_map(map);
	IF connection IS NULL THEN
		RAISE EXCEPTION 'the connection of the project is missing' USING
			ERRCODE = 'null_value_not_allowed',
			HINT = 'For example: host=''db.example'' port=5432 dbname=''georisk''; or service=''georisk''.';
	END IF;
	EXECUTE format($sql$
		SELECT coalesce($1, s.lang) AS lang, s.srid, CASE WHEN r.srtext LIKE 'GEOGCS%%' THEN 3857 ELSE s.srid END AS drawn_in,
			   (SELECT min(a.as_of) FROM %1$I.assessment a) AS first_day, (SELECT max(a.as_of) FROM %1$I.assessment a) AS last_day
		FROM %1$I.settings s JOIN spatial_ref_sys r ON r.srid = s.srid
	$sql$, map) INTO setting USING lang;
	IF setting.lang NOT IN ('vi', 'en') THEN
		RAISE EXCEPTION 'language "%" is not known', setting.lang USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Titles and legends come in ''vi'' and ''en''.';
	END IF;
	EXECUTE format('SELECT b.box, ST_XMin(b.box) AS x1, ST_YMin(b.box) AS y1, ST_XMax(b.box) AS x2, ST_YMax(b.box) AS y2 '
		'FROM (SELECT ST_Expand(e.box, (ST_XMax(e.box) - ST_XMin(e.box)) / 30) AS box FROM (SELECT ST_Extent(ST_Transform(ST_Envelope(z.geom), $1)) AS box '
		'FROM %I.zone_in_force z) e) b', map) INTO shown USING setting.drawn_in;

	RETURN (
		WITH layer AS (
			SELECT l.*, row_number() OVER (ORDER BY l.place) AS turn FROM qgis_layers(map, setting.lang) l
		), tree AS (
			SELECT l.layer_group, min(l.turn) AS turn, bool_or(l.is_opened) AS is_opened,
				   xmlagg(xmlelement(NAME "layer-tree-layer", xmlattributes(l.id AS id, l.title AS name, 'postgres' AS "providerKey",
						CASE WHEN l.is_shown THEN 'Qt::Checked' ELSE 'Qt::Unchecked' END AS checked,
						CASE WHEN l.is_shown AND l.style <> 'borders' THEN '1' ELSE '0' END AS expanded)) ORDER BY l.turn) AS layers
			FROM layer l GROUP BY l.layer_group
		)
		SELECT xmlelement(NAME qgis, xmlattributes(map AS projectname, '3.22.0' AS version),
			xmlelement(NAME title, map),
			xmlelement(NAME "projectCrs", qgis_crs(setting.drawn_in)),
			xmlelement(NAME "layer-tree-group", (SELECT xmlagg(xmlelement(NAME "layer-tree-group", xmlattributes(t.layer_group AS name,
				'Qt::Checked' AS checked, CASE WHEN t.is_opened THEN '1' ELSE '0' END AS expanded), t.layers) ORDER BY t.turn) FROM tree t)),
			xmlelement(NAME mapcanvas, xmlattributes('theMapCanvas' AS name), xmlelement(NAME units, 'meters'),
				xmlelement(NAME extent, xmlelement(NAME xmin, shown.x1), xmlelement(NAME ymin, shown.y1), xmlelement(NAME xmax, shown.x2),
					xmlelement(NAME ymax, shown.y2)),
				xmlelement(NAME destinationsrs, qgis_crs(setting.drawn_in))),
			xmlelement(NAME projectlayers, (SELECT xmlagg(qgis_map_layer(l.view, l.id, l.title, connection, setting.lang, l.style, setting.srid)
				ORDER BY l.turn) FROM layer l)),
			xmlelement(NAME "ProjectTimeSettings", xmlattributes('1' AS "timeStep", 'd' AS "timeStepUnit", '2' AS "frameRate",
					'0' AS "cumulativeTemporalRange"),
				CASE WHEN setting.first_day IS NOT NULL THEN xmlelement(NAME "TemporalRange",
					xmlelement(NAME start, setting.first_day || 'T00:00:00Z'), xmlelement(NAME "end", setting.last_day || 'T00:00:00Z')) END),
			xmlelement(NAME properties,
				xmlelement(NAME "SpatialRefSys", xmlelement(NAME "ProjectionsEnabled", xmlattributes('int' AS type), '1')),
				xmlelement(NAME "WMSServiceCapabilities", xmlattributes('bool' AS type), 'true'),
				xmlelement(NAME "WMSServiceTitle", xmlattributes('QString' AS type), map),
				xmlelement(NAME "WMSAddWktGeometry", xmlattributes('bool' AS type), 'false'))));
END
$$;
COMMENT ON FUNCTION qgis_project(text, text, text) IS
'A project of QGIS (.qgs) for a map: all its views in groups, a group of layers and one of tables for each of the map''s own layers, each view with the styles of install_qgis_style in it, so that none need be stored in the database; they draw again when the map sends its notification. The tiers of the day and the borders of parents are drawn, the rest can be switched on; zone_risk_history is played day by day with the temporal controller. connection is how QGIS reaches the database, in libpq''s words, by default by name alone; put no password in it, QGIS asks. lang (vi or en) is the language of titles and legends, by default the map''s. Write it to a file and open that: psql -XAtqc "SELECT georisk.qgis_project(''district1'')" -o district1.qgs. QGIS Server publishes it as it is. The caller can read the map''s settings, layer, layer_policy, assessment and views; who opens the project needs the views alone.';
