-- Symbols of QGIS. What tells classes apart besides colour is the mark: a texture or a sign that is seen without colour vision,
-- and on a black and white print.

CREATE FUNCTION qgis_color(color text, opacity double precision DEFAULT 1) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10
BEGIN ATOMIC
	SELECT string_agg(get_byte(decode(substr(color, 2), 'hex'), i)::text, ',' ORDER BY i) || ',' || round(255 * opacity)
	FROM generate_series(0, 2) i;
END;
COMMENT ON FUNCTION qgis_color(text, double precision) IS
'Internal, used by qgis_style: a colour (#rrggbb) as QGIS writes it: red, green, blue and opacity from 0 to 255.';

CREATE FUNCTION qgis_symbol_layer(class text, options jsonb, inner_symbol xml DEFAULT NULL) RETURNS xml
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME layer, xmlattributes(class AS class, '1' AS enabled, '0' AS pass, '0' AS locked),
		xmlelement(NAME "Option", xmlattributes('Map' AS type),
			(SELECT xmlagg(xmlelement(NAME "Option", xmlattributes(o.key AS name, 'QString' AS type, o.value AS value)) ORDER BY o.key)
			 FROM jsonb_each_text(options) o)),
		inner_symbol);
END;
COMMENT ON FUNCTION qgis_symbol_layer(text, jsonb, xml) IS
'Internal, used by qgis_style: one layer of a symbol of QGIS, of that class and with these options.';

CREATE FUNCTION qgis_hatch(color text, width double precision, spacing double precision, angle integer) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT qgis_symbol_layer('LinePatternFill', jsonb_build_object('angle', angle, 'distance', spacing, 'distance_unit', 'MM'),
		xmlelement(NAME symbol, xmlattributes('line' AS type, '@hatch' AS name, '1' AS alpha, '1' AS clip_to_extent),
			qgis_symbol_layer('SimpleLine', jsonb_build_object('line_color', color, 'line_width', width, 'line_width_unit', 'MM'))));
END;
COMMENT ON FUNCTION qgis_hatch(text, double precision, double precision, integer) IS
'Internal, used by qgis_style: parallel lines over a polygon, so wide and so far apart in millimetres.';

CREATE FUNCTION qgis_sign(shape text, angle integer) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT qgis_symbol_layer('CentroidFill', '{"point_on_surface": 1, "point_on_all_parts": 0}',
		xmlelement(NAME symbol, xmlattributes('marker' AS type, '@sign' AS name, '1' AS alpha, '1' AS clip_to_extent),
			qgis_symbol_layer('SimpleMarker', jsonb_build_object('name', shape, 'angle', angle, 'size', 2, 'size_unit', 'MM',
				'color', '30,30,30,255', 'outline_color', '255,255,255,255', 'outline_width', 0.2, 'outline_width_unit', 'MM'))));
END;
COMMENT ON FUNCTION qgis_sign(text, integer) IS
'Internal, used by qgis_style: one sign inside a polygon, turned by so many degrees.';

CREATE FUNCTION qgis_fill(name text, color text, mark text) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME symbol, xmlattributes('fill' AS type, name AS name, '0.8' AS alpha, '1' AS clip_to_extent),
		qgis_symbol_layer('SimpleFill', jsonb_build_object('color', qgis_color(color), 'joinstyle', 'round', 'outline_style', 'solid',
			'outline_width_unit', 'MM') || CASE mark
				WHEN 'border' THEN jsonb_build_object('style', 'no', 'outline_color', qgis_color(color), 'outline_width', 0.45)
				ELSE '{"style": "solid", "outline_color": "80,80,80,255", "outline_width": 0.1}' END),
		CASE mark
			WHEN 'hatched' THEN qgis_hatch('60,60,60,150', 0.16, 2, 45)
			WHEN 'dense' THEN qgis_hatch('40,40,40,190', 0.16, 1.1, 45)
			WHEN 'crossed' THEN xmlconcat(qgis_hatch('30,30,30,200', 0.16, 1.1, 45), qgis_hatch('30,30,30,200', 0.16, 1.1, 135))
			WHEN 'unknown' THEN qgis_hatch('255,255,255,255', 0.3, 1.8, 135)
			WHEN 'up' THEN qgis_sign('triangle', 0)
			WHEN 'down' THEN qgis_sign('triangle', 180)
		END);
END;
COMMENT ON FUNCTION qgis_fill(text, text, text) IS
'Internal, used by qgis_style: the symbol of a polygon with that name, colour (#rrggbb) and mark.';

CREATE FUNCTION qgis_marker(name text, color text, mark text) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME symbol, xmlattributes('marker' AS type, name AS name, '1' AS alpha, '1' AS clip_to_extent),
		qgis_symbol_layer('SimpleMarker', jsonb_build_object('color', qgis_color(color), 'name', m.shape, 'size', m.size,
			'size_unit', 'MM', 'outline_color', '60,60,60,255', 'outline_style', 'solid', 'outline_width', 0.15,
			'outline_width_unit', 'MM')))
	FROM (SELECT CASE mark WHEN 'hatched' THEN 'diamond' WHEN 'dense' THEN 'triangle' WHEN 'crossed' THEN 'star'
							WHEN 'unknown' THEN 'cross_fill' ELSE 'circle' END AS shape,
				 CASE mark WHEN 'hatched' THEN 2.8 WHEN 'dense' THEN 3.0 WHEN 'crossed' THEN 3.8
							WHEN 'unknown' THEN 2.2 ELSE 2.0 END AS size) m;
END;
COMMENT ON FUNCTION qgis_marker(text, text, text) IS
'Internal, used by qgis_style: the symbol of a point with that name, colour (#rrggbb) and mark.';
