-- A map with something in every view, two layers and a name that needs quotes; :role may read its views and nothing else.
SET client_min_messages = warning;
SELECT georisk.create_map('Quận 1', lang => 'vi');
SET search_path = 'Quận 1', public;
INSERT INTO zone (code, name, parent_code, level, population, households, geom)
SELECT 'T' || x, 'Tổ ' || x, 'P' || x / 4, 'group', 160, 44, ST_Multi(ST_MakeEnvelope(106 + x * 0.002, 10, 106.002 + x * 0.002, 10.002, 4326))
FROM generate_series(0, 7) x;
INSERT INTO zone (code, name, level) VALUES ('P0', 'Phường 0', 'ward'), ('P1', 'Phường 1', 'ward');
SELECT georisk.activate_zones('Quận 1', '2021-06-01');
SELECT georisk.add_layer('Quận 1', 'dengue', 'alert_counts', disease => '{dengue}');
INSERT INTO source (source, zone_code, expected_from) VALUES ('clinic', NULL, '2021-08-01'), ('late', 'T7', '2021-09-01');
INSERT INTO report_in (external_id, report_day, household, zone_code)
SELECT 'R' || i, '2021-09-0' || 1 + i % 6, i::text, CASE WHEN i % 17 = 0 THEN 'nowhere' WHEN i % 11 = 0 THEN 'elsewhere' ELSE 'T' || (i * i) % 7 END
FROM generate_series(1, 60) i;
SELECT georisk.set_day('Quận 1', '2021-09-06');
SELECT georisk.submit_reports('Quận 1', 'clinic', complete_until => '2021-09-06');
SELECT georisk.assess('Quận 1', '2021-09-04'), georisk.assess('Quận 1', '2021-09-04', 'dengue');
SELECT georisk.assess('Quận 1'), georisk.assess('Quận 1', layer => 'dengue');
SELECT georisk.install_qgis_style(v) FROM unnest('{zone_risk,zone_risk_history,zone_risk_points,parent_risk,green_zone_watch}'::regclass[]) v;
SELECT georisk.install_qgis_style('zone_risk_dengue', 'en');
GRANT USAGE ON SCHEMA "Quận 1" TO :role;
SELECT format('GRANT SELECT ON %s TO %I', c.oid::regclass, :'role') FROM pg_class c
WHERE c.relnamespace = '"Quận 1"'::regnamespace AND c.relkind = 'v'
  -- read by functions alone: a zone is in it once for each band of zooms, or each day; an index is no field
  AND c.relname !~ '^(tile_source|tier_history_public|zone_set_public)'
\gexec
