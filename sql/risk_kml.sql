-- risk_kml and risk_geojson: what they say is what the view says, whatever stands in it; split, refused, and read with the
-- rights of whoever asks. Other programs read them in tests/clients.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET datestyle = 'SQL, DMY';
SET timezone = 'UTC';
SET search_path = public;
CREATE ROLE regress_kml_reader;
SELECT georisk.create_map('regress_kml', srid => 32648, lang => 'vi');
INSERT INTO regress_kml.zone (code, name, level) VALUES ('W1', 'Phường <Bến> & "Nghé"', 'ward'), ('W2', 'Đa Kao', 'ward');
INSERT INTO regress_kml.zone (code, name, parent_code, level, population, geom)
SELECT format('G%s', x), CASE x WHEN 1 THEN E'Tổ <1> & \x01 co' WHEN 2 THEN NULL ELSE 'Tổ ' || x END, 'W' || 1 + x / 3, 'group', 100,
	   ST_Multi(ST_MakeEnvelope(680000 + x * 100, 1190000, 680100 + x * 100, 1190100, 32648))
FROM generate_series(1, 5) x;
SELECT georisk.activate_zones('regress_kml', '2021-06-01') > 0 AS activated;
SELECT georisk.set_day('regress_kml', '2021-07-01');
INSERT INTO regress_kml.report (external_id, report_day, household, zone_code) VALUES
	('a', '2021-06-30', 1, 'G1'), ('b', '2021-06-30', 1, 'G2'), ('c', '2021-06-30', 2, 'G2'), ('d', '2021-06-30', 3, 'G2');

SELECT * FROM regress_kml.tier_legend ORDER BY tier_number;

-- one file, well-formed: every zone of the view in the folder of its ward, in its tier's colour
CREATE TEMP TABLE written AS SELECT part, file, zones, kml::xml AS kml FROM regress_kml.risk_kml();
SELECT part, file, zones FROM written;
\set kml '''{{k,http://www.opengis.net/kml/2.2}}'''
CREATE TEMP VIEW placemark AS
SELECT part, (xpath('//k:Placemark/@id', p, :kml))[1]::text AS id, (xpath('//k:Placemark/k:name/text()', p, :kml))[1]::text AS name,
	   (xpath('//k:Placemark/k:description/text()', p, :kml))[1]::text AS description,
	   (xpath('//k:Placemark/k:styleUrl/text()', p, :kml))[1]::text AS style,
	   (xpath('//k:Data[@name="code"]/k:value/text()', p, :kml))[1]::text AS code,
	   (xpath('//k:Data[@name="window_end"]/k:value/text()', p, :kml))[1]::text AS window_end,
	   (xpath('//k:Data[@name="tier_label"]/k:value/text()', p, :kml))[1]::text AS tier_label,
	   (xpath('//k:coordinates/text()', p, :kml))[1]::text AS coordinates
FROM written, unnest(xpath('//k:Placemark', kml, :kml)) p;
SELECT id, name, code, style, window_end, tier_label, left(description, 12) AS description FROM placemark ORDER BY code;
SELECT unnest(xpath('//k:Folder/k:name/text()', kml, :kml)) AS folder FROM written;
SELECT count(*) AS differ FROM regress_kml.zone_risk r FULL JOIN placemark p ON p.id = 'zone-' || r.zone_id
WHERE r.code IS DISTINCT FROM p.code OR r.reason IS DISTINCT FROM p.description
   OR (SELECT (xpath(format('//k:Style[@id="%s"]/k:PolyStyle/k:color/text()', substr(p.style, 2)), kml, :kml))[1]::text FROM written)
	  IS DISTINCT FROM 'b3' || substr(r.tier_color, 6, 2) || substr(r.tier_color, 4, 2) || substr(r.tier_color, 2, 2);
-- degrees, six decimals, counterclockwise
SELECT coordinates FROM placemark WHERE code = 'G1';
SELECT ST_IsPolygonCCW(ST_GeomFromKML('<Polygon><outerBoundaryIs><LinearRing><coordinates>' || coordinates || '</coordinates></LinearRing></outerBoundaryIs></Polygon>')) AS ccw
FROM placemark WHERE code = 'G1';
SELECT (xpath('//k:Document/k:description/text()', kml::xml, :kml))[1]::text ~ '^Day: 2021-07-01; Policy: vn_hcmc_2716_2021; Zone set: zones 1; Computed at: 20' AS stamped,
	   kml ~ '<value>orange – high risk</value>' AS english FROM regress_kml.risk_kml('en');

-- more than fits: files of two zones, folders opened again
DELETE FROM written;
INSERT INTO written SELECT part, file, zones, kml::xml FROM regress_kml.risk_kml(most_zones => 2);
SELECT part, file, zones, xpath('//k:Folder/k:name/text()', kml, :kml)::text AS folders, cardinality(xpath('//k:Style', kml, :kml)) > 0 AS styled FROM written ORDER BY 1;
SELECT count(DISTINCT id) FROM placemark;
-- a polygon too large for one file with others
CREATE VIEW regress_kml.large AS
SELECT zone_id, code, tier, tier_color, ST_Multi(ST_Segmentize(geom, CASE WHEN code <> 'G3' THEN 0.003 ELSE 50 END))::geometry(MultiPolygon, 32648) AS geom
FROM regress_kml.zone_risk WHERE code < 'G4';
SELECT part, zones, octet_length(kml) < 5000000 AS fits FROM regress_kml.risk_kml(source => 'regress_kml.large');

-- GeoJSON: the view's columns, and how to colour it
CREATE TEMP TABLE feature AS SELECT f FROM json_array_elements(regress_kml.risk_geojson() -> 'features') f;
SELECT f ->> 'type' AS type, f ->> 'id' AS id, f -> 'geometry' ->> 'type' AS geometry, f -> 'properties' ->> 'title' AS title,
	   f -> 'properties' ->> 'fill' AS fill, f -> 'properties' ->> 'window_end' AS window_end FROM feature;
SELECT count(*) AS differ FROM regress_kml.zone_risk r FULL JOIN feature ON (f ->> 'id')::integer = r.zone_id
WHERE NOT coalesce((to_jsonb(r) - 'geom' - 'computed_at') <@ (f -> 'properties')::jsonb AND f -> 'properties' ->> 'fill' = r.tier_color
	AND ST_Distance(ST_Centroid(ST_GeomFromGeoJSON(f -> 'geometry')), ST_Transform(ST_Centroid(r.geom), 4326)) < 1e-6, false);
SELECT DISTINCT k FROM feature, json_object_keys(f -> 'properties') k EXCEPT
SELECT attname FROM pg_attribute WHERE attrelid = 'regress_kml.zone_risk'::regclass ORDER BY 1;
SELECT DISTINCT f -> 'properties' ->> 'tier_label' AS label FROM json_array_elements(regress_kml.risk_geojson('en') -> 'features') f ORDER BY 1;

-- any view that has what a map of tiers needs; one without zones; one that has it not
CREATE VIEW regress_kml.least AS SELECT zone_id, code, tier, tier_color, ST_Force2D(NULL::geometry)::geometry(MultiPolygon, 4326) AS geom
FROM regress_kml.zone_risk WHERE code = 'G1';
SELECT zones, kml FROM regress_kml.risk_kml(source => 'regress_kml.least');
SELECT regress_kml.risk_geojson(source => 'regress_kml.least');
CREATE VIEW regress_kml.none AS SELECT * FROM regress_kml.zone_risk WHERE false;
SELECT part, zones, kml::xml IS DOCUMENT AS document FROM regress_kml.risk_kml(source => 'regress_kml.none');
SELECT regress_kml.risk_geojson(source => 'regress_kml.none') ->> 'features' AS features;
CREATE VIEW regress_kml.no_srid AS SELECT zone_id, code, tier, tier_color, ST_Force2D(geom) AS geom FROM regress_kml.zone_risk;
SELECT * FROM regress_kml.risk_kml(source => 'regress_kml.no_srid');
SELECT regress_kml.risk_geojson(source => 'regress_kml.zone');
SELECT regress_kml.risk_geojson(source => NULL);
SELECT * FROM regress_kml.risk_kml('fr');
SELECT regress_kml.risk_geojson('fr');
SELECT * FROM regress_kml.risk_kml(most_zones => 0);

-- who may read the view and the legend
GRANT USAGE ON SCHEMA regress_kml TO regress_kml_reader;
SET ROLE regress_kml_reader;
SELECT part FROM regress_kml.risk_kml();
SELECT regress_kml.risk_geojson();
RESET ROLE;
GRANT SELECT ON regress_kml.zone_risk, regress_kml.tier_legend TO regress_kml_reader;
SET ROLE regress_kml_reader;
SELECT part, kml ~ '<Folder><name>W1</name>' AS by_code FROM regress_kml.risk_kml();
SELECT json_array_length(regress_kml.risk_geojson('en') -> 'features') AS features;
RESET ROLE;
DROP SCHEMA regress_kml CASCADE;
DROP ROLE regress_kml_reader;
