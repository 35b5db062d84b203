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

CREATE FUNCTION qgis_style_names(lang text, tier_column text,
	OUT place integer, OUT style text, OUT name text, OUT needs text[], OUT about text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 5
BEGIN ATOMIC
	SELECT s.place, s.style, 'georisk: ' || CASE lang WHEN 'vi' THEN s.vi ELSE s.en END, s.needs, 'georisk: ' || s.about
	FROM (VALUES
		(1, 'tier', CASE tier_column WHEN 'tier' THEN 'tier' ELSE 'worst tier' END,
			CASE tier_column WHEN 'tier' THEN 'cấp nguy cơ' ELSE 'cấp nguy cơ cao nhất' END, '{}'::text[], 'coloured by ' || tier_column),
		(2, 'rate', 'cases per 100,000', 'số ca trên 100.000 dân', '{rate_100k}', 'coloured by rate_100k'),
		(3, 'change', 'change since the last assessment', 'thay đổi so với lần đánh giá trước', '{tier,previous_tier}',
			'tier compared with previous_tier'),
		(4, 'in_force', 'computed against in force', 'tính toán so với mức đang áp dụng', '{tier,in_force,in_force_rank}',
			'tier compared with in_force'),
		(5, 'borders', 'borders', 'ranh giới', '{worst_tier,zones}', 'borders and names')
	) s (place, style, en, vi, needs, about);
END;
COMMENT ON FUNCTION qgis_style_names(text, text) IS
'Internal, used by install_qgis_style: the styles, what they are called in QGIS, and the columns that a view needs for them beside the tier.';

CREATE FUNCTION qgis_layer(view regclass, OUT map text, OUT name text, OUT geometry_column text, OUT geometry text,
	OUT tier_column text, OUT day_column text, OUT columns text[])
LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
	WITH attribute AS (
		SELECT a.attname::text AS name, a.attnum, a.atttypid, a.atttypmod FROM pg_attribute a
		WHERE a.attrelid = view AND a.attnum > 0 AND NOT a.attisdropped
	), geometry AS (
		SELECT a.name, postgis_typmod_type(a.atttypmod) AS type FROM attribute a
		WHERE a.atttypid = 'geometry'::regtype ORDER BY a.attnum LIMIT 1
	)
	SELECT n.nspname::text, c.relname::text, g.name, CASE WHEN g.type LIKE '%Point' THEN 'Point' ELSE 'Polygon' END,
		   (SELECT a.name FROM attribute a WHERE a.name IN ('tier', 'worst_tier') ORDER BY a.name DESC LIMIT 1),
		   coalesce((SELECT a.name FROM attribute a WHERE a.name = 'as_of'), ''),
		   ARRAY(SELECT a.name FROM attribute a)
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN geometry g ON true
	WHERE c.oid = view;
END;
COMMENT ON FUNCTION qgis_layer(regclass) IS
'Internal, used by install_qgis_style: what a style needs to know of a relation: its schema and name, its first geometry column and whether that holds points, its column of tiers (the worst of several before its own), the one of days that it has a row each for, empty for none, and all its columns.';

CREATE FUNCTION qgis_view_styles(view regclass, lang text DEFAULT NULL,
	OUT place integer, OUT style text, OUT name text, OUT about text, OUT qml xml) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 4 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	layer record;
	layer_id integer;
	map_lang text;
	policy risk_policy;
	earlier risk_policy[];
BEGIN
	SELECT * INTO layer FROM qgis_layer(view);
	IF layer.geometry_column IS NULL OR layer.tier_column IS NULL OR to_regclass(format('%I.layer', layer.map)) IS NULL THEN
		RAISE EXCEPTION '% is not a view of a map with tiers and polygons or points', coalesce(view::text, 'NULL') USING
			ERRCODE = 'wrong_object_type',
			HINT = 'Name a view such as zone_risk of a map: georisk.install_qgis_style(''district1.zone_risk'').';
	END IF;
	layer_id := layer_of_view(layer.map, layer.name);
	EXECUTE format('SELECT d.lang, p.policy, ARRAY(SELECT DISTINCT e.policy::text FROM %1$I.layer_policy e WHERE e.layer_id = $1)::text[] '
		'FROM (SELECT lang, coalesce(day, (now() AT TIME ZONE timezone)::date) AS day FROM %1$I.settings) d '
		'CROSS JOIN LATERAL (%2$s) p', layer.map, policy_of_day_query(layer.map, layer_id, 'd.day'))
	INTO map_lang, policy, earlier USING layer_id;
	RETURN QUERY
		SELECT n.place, n.style, n.name, n.about, qgis_style(policy, l.lang, n.style, layer.geometry, layer.tier_column, layer.day_column, earlier)
		FROM (SELECT coalesce(qgis_view_styles.lang, map_lang) AS lang) l, qgis_style_names(l.lang, layer.tier_column) n
		WHERE layer.columns @> n.needs ORDER BY n.place;
END
$$;
COMMENT ON FUNCTION qgis_view_styles(regclass, text) IS
'The styles of QGIS (QML) for a view of a map, those for which it has the columns, the one by tier first: name in the language lang (vi or en, by default the map''s), about in English, and the style as install_qgis_style writes it. An error where it is no view of a map with tiers and polygons or points.';

CREATE FUNCTION install_qgis_style(view regclass, lang text DEFAULT NULL, as_default boolean DEFAULT true,
	styles regclass DEFAULT to_regclass('layer_styles')) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	layer record;
	style record;
	has_type boolean;
	id integer;
BEGIN
	SELECT * INTO layer FROM qgis_layer(view);
	styles := layer_styles_table(styles);
	-- QGIS before 3.14 has no such column
	has_type := EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = styles AND a.attname = 'type' AND NOT a.attisdropped);

	EXECUTE format('DELETE FROM %s WHERE f_table_catalog = current_database() AND f_table_schema = $1 '
		'AND f_table_name = $2 AND f_geometry_column = $3 AND (stylename = ''georisk'' OR stylename LIKE ''georisk: %%'')', styles)
	USING layer.map, layer.name, layer.geometry_column;
	IF as_default THEN
		EXECUTE format('UPDATE %s SET useasdefault = false WHERE f_table_catalog = current_database() '
			'AND f_table_schema = $1 AND f_table_name = $2 AND f_geometry_column = $3 AND useasdefault', styles)
		USING layer.map, layer.name, layer.geometry_column;
	END IF;
	-- the default last: QGIS lists the newest first, and takes it where none is the default
	FOR style IN SELECT * FROM qgis_view_styles(view, lang) s ORDER BY s.place DESC LOOP
		EXECUTE format('INSERT INTO %s (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, styleqml, '
			'useasdefault, description, update_time%s) VALUES (current_database(), $1, $2, $3, $4, $5, $6, $7, clock_timestamp()%s) '
			'RETURNING id', styles, CASE WHEN has_type THEN ', type' END, CASE WHEN has_type THEN ', $8' END)
		INTO id
		USING layer.map, layer.name, layer.geometry_column, style.name, style.qml, as_default AND style.style = 'tier', style.about,
			  layer.geometry;
	END LOOP;
	RETURN id;
END
$$;
COMMENT ON FUNCTION install_qgis_style(regclass, text, boolean, regclass) IS
'Lets QGIS open a map''s view coloured: writes styles, made from the policy of the view''s layer and of the map''s day, into the table layer_styles, where QGIS looks for them by database, schema and view: by tier, which is the default and whose number is returned; by rate_100k; by how the tier changed since the assessment before; and by how it compares with what is in force; parents also by borders and names alone; those of them for which the view has the columns. zone_risk, zone_risk_history, whose days QGIS''s temporal controller plays, zone_risk_points, parent_risk and green_zone_watch have styles, of every layer. Call it again when another policy judges, or after the map was renamed or the database restored under another name: what it wrote before is replaced. lang (vi or en) is the language of names and legends, by default the map''s. as_default: QGIS loads the tiers by itself, and no other style of the view is the default any more. styles is the table to write to, by default the layer_styles on the caller''s search_path, else public.layer_styles, which is made where it is missing and the caller may. Every reader needs SELECT on that table. DELETE FROM layer_styles WHERE stylename LIKE ''georisk: %'' takes the styles back.';
