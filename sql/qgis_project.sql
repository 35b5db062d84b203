-- qgis_project: a file that QGIS and QGIS Server open. What they make of it is held by tests/clients.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SELECT georisk.create_map('regress "p"', srid => 32648, lang => 'vi');
SELECT georisk.add_layer('regress "p"', 'flu', 'alert_counts');
CREATE TEMP TABLE project AS SELECT georisk.qgis_project('regress "p"', 'service=''x'' host=''a b''') AS xml;

-- every view is in it once, and only those of the map
SELECT g.name, string_agg(l.name, ', ' ORDER BY l.place) AS layers
FROM project, XMLTABLE('/qgis/layer-tree-group/layer-tree-group' PASSING xml COLUMNS turn FOR ORDINALITY, name text PATH '@name', layers xml PATH 'layer-tree-layer') g,
	 XMLTABLE('/*/layer-tree-layer' PASSING xmlelement(NAME tree, g.layers) COLUMNS place FOR ORDINALITY, name text PATH '@name') l
GROUP BY g.turn, g.name ORDER BY g.turn;
SELECT c.relname AS not_in_it FROM pg_class c
WHERE c.relnamespace = '"regress ""p"""'::regnamespace AND c.relkind = 'v' AND c.relname !~ '^(own_|zone_draft|zone_in_force|assessed_day|tier_legend|tile_|(layer|publication|zone_set|zone_count|tier_history)_public)'
  AND NOT EXISTS (SELECT FROM project, XMLTABLE('//maplayer/shortname' PASSING xml COLUMNS name text PATH '.') s WHERE s.name = c.relname);

-- where each is found, in which style it opens, and to what it listens
SELECT m.* FROM project, XMLTABLE('//maplayer' PASSING xml
	 COLUMNS source text PATH 'datasource', listens text PATH '@refreshOnNotifyMessage', crs text PATH 'srs/spatialrefsys/authid',
			 style text PATH 'map-layer-style-manager/@current', styles integer PATH 'count(map-layer-style-manager/map-layer-style)') m
WHERE source ~ '"(zone_risk|parent_risk|zone_risk_points_flu|reporting|zone_risk_history)" ?';
SELECT (xpath('/qgis/projectCrs/spatialrefsys/authid/text()', xml))[1] AS drawn_in FROM project;

-- in another language; by the name of the database alone
SELECT (xpath('//maplayer/layername/text()', p))[1] AS title, (xpath('//maplayer/map-layer-style-manager/@current', p))[1] AS style,
	   (xpath('//maplayer/datasource/text()', p))[1]::text LIKE format('dbname=''%s'' key=%%', current_database()) AS by_name
FROM georisk.qgis_project('regress "p"', lang => 'en') p;

SELECT georisk.qgis_project('nowhere');
SELECT georisk.qgis_project(NULL);
SELECT georisk.qgis_project('regress "p"', NULL);
SELECT georisk.qgis_project('regress "p"', lang => 'fr');
DROP SCHEMA "regress ""p""" CASCADE;
