-- The styles of QGIS (QML) for the views of a map, generated from the policy that judges them.

CREATE FUNCTION qgis_text(text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT '''' || replace(replace(text, '\', '\\'), '''', '''''') || '''';
END;
COMMENT ON FUNCTION qgis_text(text) IS
'Internal, used by qgis_style: a text as a literal of QGIS''s expressions.';

CREATE FUNCTION qgis_tier_order(policy risk_policy, earlier risk_policy[], tier text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	-- policies are compared by rung; within one, tiers that share a rung go by their place
	SELECT format('map_get(map(%s), %s)', string_agg(qgis_text(o.tier) || ', ' || o.number, ', ' ORDER BY o.number, o.tier), qgis_tier_order.tier)
	FROM (SELECT DISTINCT ON (t.tier) t.tier,
				 t.tier_rank + round((t.place - 1) / 100.0, 2) AS number
		  FROM (SELECT p.turn, s.tier, s.tier_rank, row_number() OVER (PARTITION BY p.turn, s.tier_rank ORDER BY s."position") AS place
				FROM unnest(policy || earlier) WITH ORDINALITY p (policy, turn), policy_tiers(p.policy) s
				WHERE s.tier_rank IS NOT NULL) t
		  ORDER BY t.tier, t.turn) o;
END;
COMMENT ON FUNCTION qgis_tier_order(risk_policy, risk_policy[], text) IS
'Internal, used by qgis_style: an expression of QGIS that puts tiers in order, for a column of tiers: a number, higher for worse; NULL for unknown and for tiers outside the ladder. It knows the tiers of the policy, and of others that judged before.';

CREATE FUNCTION qgis_tier_classes(policy risk_policy, lang text,
	OUT place integer, OUT filter text, OUT label text, OUT color text, OUT mark text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 6
BEGIN ATOMIC
	SELECT t."position", t.tier, t.tier_label, t.tier_color,
		   CASE t.tier_rank WHEN 3 THEN 'hatched' WHEN 4 THEN 'dense' WHEN 5 THEN 'crossed' ELSE '' END
	FROM policy_tiers(policy, lang) t
	UNION ALL
	-- the empty value is QGIS's "all other values": unknown, and whatever else is in no tier
	SELECT 1000, '', CASE lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd', 'unknown';
END;
COMMENT ON FUNCTION qgis_tier_classes(risk_policy, text) IS
'Internal, used by qgis_style: a class for each tier, mildest first, with its key as the value that is looked for, and one for unknown. Marks begin at orange, denser for worse.';

CREATE FUNCTION qgis_rate_classes(lang text, tier text,
	OUT place integer, OUT filter text, OUT label text, OUT color text, OUT mark text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 8
BEGIN ATOMIC
	SELECT 0, format('"rate_100k" = 0 AND %s <> ''unknown''', tier), CASE lang WHEN 'vi' THEN 'không có ca' ELSE 'no cases' END, '#f7fbff', ''
	UNION ALL
	-- the bounds of the published rules as far as they go, then those of small zones, where one case is some hundred per 100,000
	SELECT c.place, concat_ws(' AND ', CASE WHEN c.at_least = 0 THEN '"rate_100k" > 0' ELSE '"rate_100k" >= ' || c.at_least END,
				'"rate_100k" < ' || c.below),
		   CASE WHEN c.at_least = 0 THEN '< ' || b.below WHEN c.below IS NULL THEN '≥ ' || b.at_least
				ELSE b.at_least || ' – < ' || b.below END, c.color, ''
	FROM (VALUES (1, 0, 50, '#ffffb2'), (2, 50, 150, '#fed976'), (3, 150, 500, '#feb24c'), (4, 500, 1000, '#fd8d3c'),
				 (5, 1000, 2000, '#f03b20'), (6, 2000, NULL, '#bd0026')) c (place, at_least, below, color)
	CROSS JOIN LATERAL (SELECT regexp_replace(c.at_least::text, '(\d)(\d{3})$', '\1' || s.mark || '\2') AS at_least,
							   regexp_replace(c.below::text, '(\d)(\d{3})$', '\1' || s.mark || '\2') AS below
						FROM (SELECT CASE lang WHEN 'vi' THEN '.' ELSE ',' END AS mark) s) b
	UNION ALL
	SELECT 1000, 'ELSE', CASE lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd', 'unknown';
END;
COMMENT ON FUNCTION qgis_rate_classes(text, text) IS
'Internal, used by qgis_style: classes of rate_100k, each from its lower bound on and below its upper one. A zone without cases whose tier is unknown is unknown here, too: nobody may have reported.';

CREATE FUNCTION qgis_change_classes(lang text, is_in_force boolean, tier text, tier_before text, now text, before text,
	OUT place integer, OUT filter text, OUT label text, OUT color text, OUT mark text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 6
BEGIN ATOMIC
	SELECT c.place, format(c.filter, tier, tier_before, now, before),
		   CASE WHEN lang = 'vi' AND is_in_force THEN c.vi_in_force WHEN lang = 'vi' THEN c.vi
				WHEN is_in_force THEN c.en_in_force ELSE c.en END, c.color, c.mark
	FROM (VALUES
		(1, '%3$s > %4$s', 'worse', 'computed worse than in force', 'xấu đi', 'tính toán nặng hơn mức đang áp dụng', '#e08214', 'up'),
		(2, '%3$s < %4$s', 'better', 'computed milder than in force', 'tốt lên', 'tính toán nhẹ hơn mức đang áp dụng', '#4393c3', 'down'),
		(3, '%1$s = %2$s AND %1$s <> ''unknown'' OR %3$s = %4$s', 'unchanged', 'as in force', 'không đổi', 'đúng mức đang áp dụng',
			'#f2f2f2', ''),
		(4, '%1$s = ''unknown'' AND %2$s <> ''unknown''', 'unknown now', 'computed as unknown', 'nay chưa rõ', 'tính toán chưa rõ',
			'#7f7f7f', 'unknown'),
		(5, '%1$s <> ''unknown'' AND %2$s = ''unknown''', 'known again', 'unknown in force', 'nay đã rõ', 'đang áp dụng: chưa rõ',
			'#b2abd2', ''),
		(1000, 'ELSE', 'nothing to compare with', 'nothing in force', 'chưa có gì để so sánh', 'chưa có mức nào đang áp dụng',
			'#bdbdbd', 'unknown')
	) c (place, filter, en, en_in_force, vi, vi_in_force, color, mark);
END;
COMMENT ON FUNCTION qgis_change_classes(text, boolean, text, text, text, text) IS
'Internal, used by qgis_style: classes of how a column of tiers compares with another one: with that of the assessment before, or, is_in_force, with what is announced. now and before are expressions that put the two in order. The colours are told apart without colour vision, and worse and better have a sign each.';

CREATE FUNCTION qgis_classes(policy risk_policy, lang text, style text, tier text, earlier risk_policy[],
	OUT place integer, OUT filter text, OUT label text, OUT color text, OUT mark text) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10000 ROWS 6 SET search_path FROM CURRENT AS $$
DECLARE
	now text := qgis_tier_order(policy, earlier, tier);
BEGIN
	CASE style
		WHEN 'tier' THEN
			RETURN QUERY SELECT * FROM qgis_tier_classes(policy, lang);
		WHEN 'rate' THEN
			RETURN QUERY SELECT * FROM qgis_rate_classes(lang, tier);
		WHEN 'change' THEN
			RETURN QUERY SELECT * FROM qgis_change_classes(lang, false, tier, '"previous_tier"', now,
				qgis_tier_order(policy, earlier, '"previous_tier"'));
		WHEN 'in_force' THEN
			RETURN QUERY SELECT * FROM qgis_change_classes(lang, true, tier, '"in_force"', now,
				format('coalesce(%s, "in_force_rank")', qgis_tier_order(policy, earlier, '"in_force"')));
		WHEN 'borders' THEN
			RETURN QUERY SELECT 1, 'true', CASE lang WHEN 'vi' THEN 'ranh giới' ELSE 'borders' END, '#303030', 'border';
		ELSE
			RAISE EXCEPTION 'there is no style "%"', style USING
				ERRCODE = 'invalid_parameter_value',
				HINT = 'Styles are tier, rate, change, in_force and borders.';
	END CASE;
END
$$;
COMMENT ON FUNCTION qgis_classes(risk_policy, text, text, text, risk_policy[]) IS
'Internal, used by qgis_style: the classes of a style, in the order of the legend: place, a filter in QGIS''s expressions (of the style tier the value that is looked for), label, colour and mark. tier is the column of tiers, quoted.';

CREATE FUNCTION qgis_labels(lang text, style text) RETURNS xml
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME labeling, xmlattributes('simple' AS type),
		xmlelement(NAME settings, xmlattributes('simple' AS "calloutType"),
			xmlelement(NAME "text-style", xmlattributes('1' AS "isExpression", 'Point' AS "fontSizeUnit",
				CASE style WHEN 'borders' THEN '9' ELSE '7.5' END AS "fontSize", CASE style WHEN 'borders' THEN '75' ELSE '50' END AS "fontWeight",
				'25,25,25,255' AS "textColor", '1' AS "textOpacity", '0.95' AS "multilineHeight",
				CASE style WHEN 'borders' THEN 'coalesce("name", "code")' ELSE
				format('coalesce("name", "code") || CASE WHEN %1$s > 0 THEN ''\n'' || %1$s || %2$s ELSE '''' END',
					'attribute($currentfeature, ''cases'')',
					CASE lang WHEN 'vi' THEN ''' ca''' ELSE format('if(%s = 1, '' case'', '' cases'')', 'attribute($currentfeature, ''cases'')')
					END) END AS "fieldName"),
				xmlelement(NAME "text-buffer", xmlattributes('1' AS "bufferDraw", '0.7' AS "bufferSize", 'MM' AS "bufferSizeUnits",
					'255,255,255,255' AS "bufferColor", '0.8' AS "bufferOpacity"))),
			xmlelement(NAME "text-format", xmlattributes('16' AS "autoWrapLength", '1' AS "useMaxLineLengthForAutoWrap",
				'1' AS "multilineAlign")),
			-- where a zone may have a sign in its middle, below that
			xmlelement(NAME placement, xmlattributes(CASE WHEN style IN ('tier', 'rate') THEN '4' ELSE '1' END AS placement,
				'1' AS "centroidInside", CASE WHEN style IN ('change', 'in_force') THEN '7' ELSE '4' END AS "quadOffset",
				CASE WHEN style IN ('change', 'in_force') THEN '1.5' ELSE '0' END AS "yOffset", 'MM' AS "offsetUnits")),
			-- zones under the borders of their parents are no obstacle to their names
			xmlelement(NAME rendering, xmlattributes('0' AS obstacle, CASE style WHEN 'borders' THEN '0' ELSE '1' END AS "fitInPolygonOnly")),
			-- where a zone is some 15 millimetres wide: whatever the size of the map's zones, and the project's units
			xmlelement(NAME dd_properties, xmlelement(NAME "Option", xmlattributes('Map' AS type),
				xmlelement(NAME "Option", xmlattributes('name' AS name, 'QString' AS type, '' AS value)),
				xmlelement(NAME "Option", xmlattributes('properties' AS name, 'Map' AS type),
					xmlelement(NAME "Option", xmlattributes('Show' AS name, 'Map' AS type),
						xmlelement(NAME "Option", xmlattributes('active' AS name, 'bool' AS type, 'true' AS value)),
						xmlelement(NAME "Option", xmlattributes('expression' AS name, 'QString' AS type,
							format('with_variable(''millimetres'', 1000 / @map_scale * sqrt(area(transform(bounds($geometry), @layer_crs, ''EPSG:3857''))), coalesce(%s, false))',
								CASE style WHEN 'borders' THEN '@millimetres > 18 AND @millimetres < 200' ELSE '@millimetres > 15' END)
							AS value)),
						xmlelement(NAME "Option", xmlattributes('type' AS name, 'int' AS type, '3' AS value)))),
				xmlelement(NAME "Option", xmlattributes('type' AS name, 'QString' AS type, 'collection' AS value))))));
END;
COMMENT ON FUNCTION qgis_labels(text, text) IS
'Internal, used by qgis_style: labels with the name of a zone and its cases, drawn when zoomed in; of borders the name alone, until the zones below it are labelled.';

CREATE FUNCTION qgis_map_tip(label text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	-- names and reasons are text, not HTML
	SELECT string_agg(format('%s[%% replace(coalesce(attribute($currentfeature, ''%s''), ''''), ''<'', ''&lt;'') %%]%s',
							 c.before, c.name, c.after), '' ORDER BY c.place)
	FROM (VALUES (1, '<b>', 'name', '</b> '), (2, '', 'code', '<br>'), (3, '', label, '<br>'), (4, '', 'reason', ''))
		 c (place, before, name, after);
END;
COMMENT ON FUNCTION qgis_map_tip(text) IS
'Internal, used by qgis_style: what QGIS shows under the pointer: name, code, tier and reason.';

CREATE FUNCTION qgis_renderer(style text, tier text, rank text, classes xml, symbols xml) RETURNS xml
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT xmlelement(NAME "renderer-v2", xmlattributes(
			CASE style WHEN 'tier' THEN 'categorizedSymbol' ELSE 'RuleRenderer' END AS type,
			CASE style WHEN 'tier' THEN tier END AS attr,
			'0' AS symbollevels, '0' AS forceraster, '1' AS enableorderby),
		CASE style WHEN 'tier' THEN xmlelement(NAME categories, classes)
			ELSE xmlelement(NAME rules, xmlattributes('{georisk}' AS key), classes) END,
		xmlelement(NAME symbols, symbols),
		-- the worst is drawn last, over the borders of its neighbours
		xmlelement(NAME orderby, xmlelement(NAME "orderByClause", xmlattributes('1' AS asc, '1' AS "nullsFirst"), rank)));
END;
COMMENT ON FUNCTION qgis_renderer(text, text, text, xml, xml) IS
'Internal, used by qgis_style: how QGIS colours features: by the values of the column of tiers, or by rules.';

CREATE FUNCTION qgis_style(policy risk_policy, lang text DEFAULT 'en', style text DEFAULT 'tier', geometry text DEFAULT 'Polygon',
	tier_column text DEFAULT 'tier', day_column text DEFAULT '', earlier risk_policy[] DEFAULT '{}') RETURNS xml
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
	WITH class AS (
		SELECT c.place,
			   CASE style WHEN 'tier' THEN xmlelement(NAME category, xmlattributes(c.filter AS value, c.label AS label,
									c.place AS symbol, 'true' AS render))
				ELSE xmlelement(NAME rule, xmlattributes(format('{georisk-%s}', c.place) AS key, c.filter AS filter, c.label AS label,
									c.place AS symbol)) END AS entry,
			   CASE geometry WHEN 'Point' THEN qgis_marker(c.place::text, c.color, c.mark)
				ELSE qgis_fill(c.place::text, c.color, c.mark) END AS symbol
		FROM qgis_classes(policy, lang, style, format('"%s"', tier_column), earlier) c
	)
	SELECT xmlelement(NAME qgis, xmlattributes('3.22.0' AS version, CASE geometry WHEN 'Point' THEN '0' ELSE '1' END AS "labelsEnabled",
			'Symbology|Labeling|MapTips' || CASE day_column WHEN '' THEN '' ELSE '|Temporal' END AS "styleCategories"),
		CASE WHEN day_column <> '' THEN
			xmlelement(NAME temporal, xmlattributes('1' AS enabled, '1' AS mode, day_column AS "startField", '' AS "endField",
				'1' AS "fixedDuration", 'd' AS "durationUnit", '' AS "durationField", '0' AS accumulate, '0' AS "limitMode"),
				xmlelement(NAME "fixedRange", xmlelement(NAME start), xmlelement(NAME "end")))
		END,
		qgis_renderer(style, tier_column, CASE tier_column WHEN 'worst_tier' THEN '"worst_rank"' ELSE '"tier_rank"' END,
			xmlagg(entry ORDER BY place), xmlagg(symbol ORDER BY place)),
		CASE WHEN geometry <> 'Point' THEN qgis_labels(lang, style) END,
		xmlelement(NAME "mapTip", qgis_map_tip(CASE tier_column WHEN 'worst_tier' THEN 'worst_label' ELSE 'tier_label' END)),
		xmlelement(NAME "layerGeometryType", CASE geometry WHEN 'Point' THEN '0' ELSE '2' END))
	FROM class;
END;
COMMENT ON FUNCTION qgis_style(risk_policy, text, text, text, text, text, risk_policy[]) IS
'A style of QGIS (QML) for a layer judged by the policy. lang (vi or en) is the language of the legend. style is tier: in the policy''s colours, mildest first in the legend and drawn first, hatched from orange on, the denser the worse, so that tiers are told apart without colour vision, and hatched grey for unknown; rate: classes of rate_100k; change: tier compared with previous_tier; in_force: tier compared with in_force; or borders: lines and names, to lay over others. geometry is Polygon or Point; points have shapes instead of hatches. tier_column is tier, or worst_tier for views of parents and neighbours. day_column is the column of days by which QGIS''s temporal controller goes, empty for none. earlier are other policies whose tiers may stand in the columns compared. Names and cases are labels when zoomed in; the reason is shown under the pointer.';
