-- install_qgis_style: what QGIS loads by itself when it opens a map's view, and what it offers beside.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE regress_styler;
SELECT georisk.create_map('regress_style');
SELECT to_regclass('layer_styles') IS NULL AS not_there_before;

-- who may not create the table is told so
GRANT USAGE ON SCHEMA georisk, regress_style TO regress_styler;
GRANT SELECT ON regress_style.layer, regress_style.layer_policy, regress_style.settings TO regress_styler;
SET ROLE regress_styler;
SELECT georisk.install_qgis_style('regress_style.zone_risk');
RESET ROLE;

SELECT georisk.install_qgis_style('regress_style.zone_risk') AS style \gset
SELECT f_table_catalog = current_database() AS catalog, f_table_schema, f_table_name, f_geometry_column, stylename, useasdefault,
	   id = :style AS returned, update_time = max(update_time) OVER () AS newest, description, type
FROM layer_styles ORDER BY id DESC;

-- one category a tier, mildest first, each with its symbol and colour; the rest, that is unknown, is grey
SELECT c.place, c.value, c.label, t.tier IS NOT DISTINCT FROM nullif(c.value, '') AS as_policy, color,
	   color = (SELECT string_agg(get_byte(decode(substr(coalesce(t.tier_color, '#bdbdbd'), 2), 'hex'), i)::text, ',') || ',255'
				FROM generate_series(0, 2) i) AS color_as_policy
FROM layer_styles s,
	 XMLTABLE('/qgis/renderer-v2/categories/category' PASSING s.styleqml
			  COLUMNS place FOR ORDINALITY, value text PATH '@value', label text PATH '@label', symbol text PATH '@symbol') c
LEFT JOIN georisk.policy_tiers(georisk.policy('vn_hcmc_2716_2021'), 'vi') t ON t.position = c.place,
	 LATERAL (SELECT (xpath(format('//symbols/symbol[@name="%s"]/layer[@class="SimpleFill"]//Option[@name="color"]/@value', c.symbol), s.styleqml))[1]::text AS color) k
WHERE s.id = :style
ORDER BY 1;
SELECT (xpath('/qgis/renderer-v2/@attr', styleqml))[1] AS attr, (xpath('/qgis/layerGeometryType/text()', styleqml))[1] AS geometry
FROM layer_styles WHERE id = :style;

-- told apart without colour vision: neighbouring classes of equal lightness differ in their hatches
SELECT c.value, (xpath(format('count(//symbols/symbol[@name="%s"]/layer[@class="LinePatternFill"])', c.symbol), s.styleqml))[1] AS hatches,
	   (xpath(format('//symbols/symbol[@name="%s"]/layer[@class="LinePatternFill"][1]/Option/Option[@name="distance"]/@value', c.symbol), s.styleqml))[1] AS apart,
	   (xpath(format('//symbols/symbol[@name="%s"]/layer[@class="LinePatternFill"][1]/Option/Option[@name="angle"]/@value', c.symbol), s.styleqml))[1] AS angle
FROM (SELECT georisk.qgis_style('POLICY p TIERS green ''g'', red ''r'', worst AS dark_red ''w'' COUNT cases
	BASE worst WHEN cases IN 7 days > 5 red WHEN cases IN 7 days > 0 green OTHERWISE') AS styleqml) s,
	 XMLTABLE('//category' PASSING s.styleqml COLUMNS place FOR ORDINALITY, value text PATH '@value', symbol text PATH '@symbol') c
ORDER BY c.place;

-- rules: every class in both languages, in the order of the legend
CREATE VIEW regress_legend AS
SELECT s.f_table_name, s.stylename, r.place, r.label, r.filter
FROM layer_styles s, XMLTABLE('//rule' PASSING s.styleqml
	 COLUMNS place FOR ORDINALITY, label text PATH '@label', filter text PATH '@filter') r;
SELECT stylename, string_agg(label, ' | ' ORDER BY place) AS legend FROM regress_legend GROUP BY stylename ORDER BY stylename COLLATE "C";
SELECT label, filter FROM regress_legend WHERE stylename LIKE '%100%' ORDER BY place;

-- who may not write to it is told what is missing, table and sequence
SET ROLE regress_styler;
SELECT georisk.install_qgis_style('regress_style.zone_risk');
RESET ROLE;
GRANT INSERT, UPDATE, DELETE ON layer_styles TO regress_styler;
SET ROLE regress_styler;
SELECT georisk.install_qgis_style('regress_style.zone_risk');
RESET ROLE;
GRANT USAGE ON SEQUENCE layer_styles_id_seq TO regress_styler;
SET ROLE regress_styler;
SELECT georisk.install_qgis_style('regress_style.zone_risk') > 0 AS installed;
RESET ROLE;

-- again, in another language: replaced, not doubled; what version 0.1.0 wrote goes, another style of the same view stays,
-- and is the default only if we are not
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, useasdefault)
VALUES (current_database(), 'regress_style', 'zone_risk', 'geom', 'by hand', true),
	   (current_database(), 'regress_style', 'zone_risk', 'geom', 'georisk', false);
SELECT georisk.install_qgis_style('regress_style.zone_risk', 'en', as_default => false) > 0 AS installed;
SELECT stylename, useasdefault, coalesce((xpath('//category[last()]/@label', styleqml))[1], (xpath('//rule[last()]/@label', styleqml))[1]) AS last_label
FROM layer_styles ORDER BY id;
SELECT stylename, string_agg(label, ' | ' ORDER BY place) AS legend FROM regress_legend GROUP BY stylename ORDER BY stylename COLLATE "C";
SELECT georisk.install_qgis_style('regress_style.zone_risk') > 0 AS installed;
SELECT stylename, useasdefault FROM layer_styles ORDER BY id;

-- every view that has tiers and a place, by what columns it has; history goes by its days, points are points
SELECT georisk.install_qgis_style(v, 'en') > 0 AS installed
FROM unnest('{regress_style.zone_risk_history,regress_style.zone_risk_points,regress_style.parent_risk,regress_style.green_zone_watch}'::regclass[]) v;
SELECT f_table_name, stylename, type, (xpath('//renderer-v2/@attr', styleqml))[1] AS attr,
	   (xpath('//symbols/symbol[1]/@type', styleqml))[1] AS symbol, (xpath('//orderByClause/text()', styleqml))[1] AS ordered_by,
	   (xpath('//temporal/@startField', styleqml))[1] AS day, (xpath('//layerGeometryType/text()', styleqml))[1] AS geometry
FROM layer_styles WHERE f_table_name <> 'zone_risk' ORDER BY id;

-- a layer's view is coloured by that layer's policy; tiers of a policy that judged before are compared, too
SELECT georisk.add_layer('regress_style', 'flu', 'POLICY flu TIERS calm AS green ''calm'', busy AS orange ''busy'', full AS orange ''full''
	COUNT cases BASE full WHEN cases IN 7 days > 5 busy WHEN cases IN 7 days > 0 calm OTHERWISE'::georisk.risk_policy);
UPDATE regress_style.layer_policy SET valid_from = '2020-01-01' WHERE layer_id = 2;
INSERT INTO regress_style.layer_policy (layer_id, valid_from, policy)
VALUES (2, '2019-01-01', 'POLICY older TIERS low AS green ''low'', busy AS red ''was worse'' COUNT cases BASE busy WHEN cases IN 7 days > 0 low OTHERWISE');
SELECT georisk.install_qgis_style('regress_style.zone_risk_flu', 'en') AS style \gset
SELECT string_agg(label, ' | ' ORDER BY place) AS legend
FROM layer_styles s, XMLTABLE('//category' PASSING s.styleqml COLUMNS place FOR ORDINALITY, label text PATH '@label') c WHERE s.id = :style;
SELECT label, filter FROM regress_legend WHERE f_table_name = 'zone_risk_flu' AND stylename LIKE '%change%' AND label IN ('worse', 'unknown now') ORDER BY place;

-- the table on the search_path goes first, as in QGIS; one made by an old QGIS has no column type
CREATE SCHEMA regress_old;
CREATE TABLE regress_old.layer_styles (LIKE public.layer_styles INCLUDING ALL);
ALTER TABLE regress_old.layer_styles DROP COLUMN type;
SET search_path = regress_old, public;
SELECT georisk.install_qgis_style('regress_style.zone_risk') > 0 AS installed;
SELECT count(*) FROM regress_old.layer_styles;
RESET search_path;

SELECT georisk.install_qgis_style('layer_styles');
SELECT georisk.install_qgis_style('regress_style.zone');
SELECT georisk.install_qgis_style('regress_style.tier_summary');
SELECT georisk.install_qgis_style(NULL);
SELECT georisk.install_qgis_style('regress_style.zone_risk', 'fr');
SELECT georisk.qgis_style(georisk.policy('alert_counts'), 'en', 'pretty');

DROP VIEW regress_legend;
DROP TABLE public.layer_styles, regress_old.layer_styles;
DROP SCHEMA regress_old;
DROP SCHEMA regress_style CASCADE;
REVOKE ALL ON SCHEMA georisk FROM regress_styler;
DROP ROLE regress_styler;
