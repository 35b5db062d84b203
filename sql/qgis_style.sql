-- install_qgis_style: what QGIS loads by itself when it opens a map's view.
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

SELECT georisk.install_qgis_style('regress_style.zone_risk') > 0 AS installed;
SELECT f_table_catalog = current_database() AS catalog, f_table_schema, f_table_name, f_geometry_column, stylename, useasdefault, type
FROM layer_styles;

-- one category a tier, mildest first, each with its symbol and colour; the rest, that is unknown, is grey
SELECT c.place, c.value, c.label, t.tier IS NOT DISTINCT FROM nullif(c.value, '') AS as_policy, color,
	   color = (SELECT string_agg(get_byte(decode(substr(coalesce(t.tier_color, '#bdbdbd'), 2), 'hex'), i)::text, ',') || ',255'
				FROM generate_series(0, 2) i) AS color_as_policy
FROM layer_styles s,
	 XMLTABLE('/qgis/renderer-v2/categories/category' PASSING s.styleqml
			  COLUMNS place FOR ORDINALITY, value text PATH '@value', label text PATH '@label', symbol text PATH '@symbol') c
LEFT JOIN georisk.policy_tiers(georisk.policy('vn_hcmc_2716_2021'), 'vi') t ON t.position = c.place,
	 LATERAL (SELECT (xpath(format('//symbol[@name="%s"]//Option[@name="color"]/@value', c.symbol), s.styleqml))[1]::text AS color) k
ORDER BY 1;
SELECT (xpath('/qgis/renderer-v2/@attr', styleqml))[1] AS attr, (xpath('/qgis/layerGeometryType/text()', styleqml))[1] AS geometry
FROM layer_styles;

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

-- again: replaced, not doubled; another style of the same view stays, and is the default only if we are not
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, useasdefault)
VALUES (current_database(), 'regress_style', 'zone_risk', 'geom', 'by hand', true);
SELECT georisk.install_qgis_style('regress_style.zone_risk', 'en', as_default => false) > 0 AS installed;
SELECT stylename, useasdefault, (xpath('//category[last()]/@label', styleqml))[1] AS last_label FROM layer_styles ORDER BY 1;
SELECT georisk.install_qgis_style('regress_style.zone_risk') > 0 AS installed;
SELECT stylename, useasdefault FROM layer_styles ORDER BY 1;

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
SELECT georisk.install_qgis_style(NULL);
SELECT georisk.install_qgis_style('regress_style.zone_risk', 'fr');

DROP TABLE public.layer_styles, regress_old.layer_styles;
DROP SCHEMA regress_old;
DROP SCHEMA regress_style CASCADE;
REVOKE ALL ON SCHEMA georisk FROM regress_styler;
DROP ROLE regress_styler;
