CREATE FUNCTION qgis_symbol(symbol text, color text) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME symbol, xmlattributes('fill' AS type, symbol AS name, '0.75' AS alpha, '1' AS clip_to_extent),
		xmlelement(NAME layer, xmlattributes('SimpleFill' AS class, '1' AS enabled, '0' AS pass, '0' AS locked),
			xmlelement(NAME "Option", xmlattributes('Map' AS type),
				(SELECT xmlagg(xmlelement(NAME "Option",
							xmlattributes(o.name AS name, 'QString' AS type, o.value AS value)) ORDER BY o.name)
				 FROM (VALUES
					('color', (SELECT string_agg(get_byte(decode(substr(color, 2), 'hex'), i)::text, ',' ORDER BY i) || ',255'
							   FROM generate_series(0, 2) i)),
					('style', 'solid'), ('outline_color', '70,70,70,255'), ('outline_style', 'solid'),
					('outline_width', '0.12'), ('outline_width_unit', 'MM')) o(name, value)))));
END;
COMMENT ON FUNCTION qgis_symbol(text, text) IS
'Internal, used by qgis_style: a filled symbol of QGIS with that name and colour (#rrggbb).';

CREATE FUNCTION qgis_style(policy risk_policy, lang text DEFAULT 'en') RETURNS xml
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	WITH legend AS (
		SELECT position, tier AS value, tier_label AS label, tier_color AS color FROM policy_tiers(policy, lang)
		UNION ALL
		-- the empty value is QGIS's "all other values": unknown, and whatever else is in no tier
		SELECT 1000, '', CASE lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd'
	)
	SELECT xmlelement(NAME qgis, xmlattributes('3.22.0' AS version, 'Symbology' AS "styleCategories"),
		xmlelement(NAME "renderer-v2", xmlattributes('categorizedSymbol' AS type, 'tier' AS attr,
				'0' AS symbollevels, '0' AS forceraster, '1' AS enableorderby),
			xmlelement(NAME categories,
				xmlagg(xmlelement(NAME category, xmlattributes(value AS value, label AS label,
					position AS symbol, 'true' AS render)) ORDER BY position)),
			xmlelement(NAME symbols, xmlagg(qgis_symbol(position::text, color) ORDER BY position)),
			xmlelement(NAME orderby,
				xmlelement(NAME "orderByClause", xmlattributes('1' AS asc, '1' AS "nullsFirst"), '"tier_rank"'))),
		xmlelement(NAME "layerGeometryType", '2'))
	FROM legend;
END;
COMMENT ON FUNCTION qgis_style(risk_policy, text) IS
'The QGIS style (QML) of a layer judged by the policy: polygons coloured by the column tier, in the policy''s colours, mildest first in the legend and drawn first; grey for unknown. lang (vi or en) is the language of the legend.';

CREATE FUNCTION layer_styles_table(styles regclass) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	ids text;
BEGIN
	styles := coalesce(styles, to_regclass('public.layer_styles'));
	IF styles IS NOT NULL THEN
		ids := pg_get_serial_sequence(styles::text, 'id');
		IF NOT (SELECT bool_and(has_table_privilege(styles, p)) FROM unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) p)
		   OR NOT coalesce(has_sequence_privilege(ids, 'USAGE'), true) THEN
			RAISE EXCEPTION 'you may not write to %, where QGIS looks for styles', styles USING
				ERRCODE = 'insufficient_privilege',
				HINT = format('Its owner can let you: GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I;', styles, current_user)
					|| coalesce(format(' GRANT USAGE ON SEQUENCE %s TO %I;', ids, current_user), '');
		END IF;
		RETURN styles;
	END IF;
	IF to_regnamespace('public') IS NULL OR NOT has_schema_privilege('public', 'CREATE') THEN
		RAISE EXCEPTION 'there is no table layer_styles, and you may not create it in schema public' USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = 'QGIS looks for the styles of a database in a table of that name on its search_path.',
			HINT = 'Let the owner of the database call install_qgis_style once, or save any style into the database from QGIS.';
	END IF;
	CREATE TABLE public.layer_styles (
		id serial PRIMARY KEY,
		f_table_catalog varchar,
		f_table_schema varchar,
		f_table_name varchar,
		f_geometry_column varchar,
		stylename text,
		styleqml xml,
		stylesld xml,
		useasdefault boolean,
		description text,
		owner varchar(63) DEFAULT current_user,
		ui xml,
		update_time timestamp DEFAULT current_timestamp,
		type varchar
	);
	-- a reader who cannot read it gets the layer in a random colour, without a word
	GRANT SELECT ON public.layer_styles TO PUBLIC;
	RETURN 'public.layer_styles'::regclass;
END
$$;
COMMENT ON FUNCTION layer_styles_table(regclass) IS
'Internal, used by install_qgis_style: the given table, else public.layer_styles, which is made as QGIS makes it where it is missing and the caller may; readable by everyone. An error that says which grants are missing where the caller may not write to it.';

CREATE FUNCTION install_qgis_style(view regclass, lang text DEFAULT NULL, as_default boolean DEFAULT true,
	styles regclass DEFAULT to_regclass('layer_styles')) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	style_name CONSTANT text := 'georisk';
	relation record;
	policy risk_policy;
	map_lang text;
	id integer;
BEGIN
	SELECT n.nspname AS map, c.relname AS name,
		   (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid = 'geometry'::regtype
			AND NOT a.attisdropped ORDER BY a.attnum LIMIT 1) AS geom,
		   EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tier') AS has_tier
	INTO relation FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = view;
	IF relation.geom IS NULL OR NOT relation.has_tier
	   OR to_regclass(format('%I.layer', relation.map)) IS NULL THEN
		RAISE EXCEPTION '% is not a view of a map with tiers and polygons', coalesce(view::text, 'NULL') USING
			ERRCODE = 'wrong_object_type',
			HINT = 'Name the view zone_risk of a map: georisk.install_qgis_style(''district1.zone_risk'').';
	END IF;
	EXECUTE format('SELECT d.lang, p.policy FROM (SELECT lang, coalesce(day, (now() AT TIME ZONE timezone)::date) AS day '
		'FROM %1$I.settings) d CROSS JOIN LATERAL (%2$s) p', relation.map,
		policy_of_day_query(relation.map, layer_of_view(relation.map, relation.name), 'd.day')) INTO map_lang, policy;
	lang := coalesce(lang, map_lang);
	styles := layer_styles_table(styles);

	EXECUTE format('DELETE FROM %s WHERE f_table_catalog = current_database() AND f_table_schema = $1 '
		'AND f_table_name = $2 AND f_geometry_column = $3 AND stylename = $4', styles)
	USING relation.map, relation.name, relation.geom, style_name;
	IF as_default THEN
		EXECUTE format('UPDATE %s SET useasdefault = false WHERE f_table_catalog = current_database() '
			'AND f_table_schema = $1 AND f_table_name = $2 AND f_geometry_column = $3 AND useasdefault', styles)
		USING relation.map, relation.name, relation.geom;
	END IF;
	EXECUTE format('INSERT INTO %s (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, '
		'styleqml, useasdefault, description) VALUES (current_database(), $1, $2, $3, $4, $5, $6, $7) RETURNING id', styles)
	INTO id
	USING relation.map, relation.name, relation.geom, style_name, qgis_style(policy, lang), as_default,
		  'georisk: zones coloured by tier';
	-- QGIS before 3.14 has no such column
	IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = styles AND a.attname = 'type' AND NOT a.attisdropped) THEN
		EXECUTE format('UPDATE %s SET type = ''Polygon'' WHERE id = $1', styles) USING id;
	END IF;
	RETURN id;
END
$$;
COMMENT ON FUNCTION install_qgis_style(regclass, text, boolean, regclass) IS
'Lets QGIS open a map''s view coloured by tier: writes the style, made from the policy of the view''s layer and of the map''s day, into the table layer_styles, where QGIS looks for it by database, schema and view, and returns its number. Call it again when another policy judges, or after the map was renamed or the database restored under another name. lang (vi or en) is the language of the legend, by default the map''s. as_default: QGIS loads it by itself, and no other style of the view is the default any more. styles is the table to write to, by default the layer_styles on the caller''s search_path, else public.layer_styles, which is made where it is missing and the caller may. Every reader needs SELECT on that table. DELETE FROM layer_styles WHERE stylename = ''georisk'' takes the styles back.';
