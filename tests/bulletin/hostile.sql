-- A map whose every text tries to break out of the page, with a boundary change inside the slider's days.
SELECT georisk.create_map('o''map "x"', policy => 'alert_counts', lang => 'en');
UPDATE "o'map ""x""".layer_policy SET policy = $$
    POLICY  hostile
    TITLE   en '</script><script>alert(1)</script>' vi '<img src=x onerror=alert(2)>'
    SOURCE  '"''><!--'
    TIERS   calm AS green en '</script><b>calm' vi '<b>yên' '#1a9641', act AS red en '‮act <!-- now' vi '"đỏ"' '#d7191c'
    COUNT   cases en 'cases </style>' vi 'ca </style>'
    BASE
      act   WHEN cases IN 7 days >= 1
      calm  OTHERWISE
$$;
INSERT INTO "o'map ""x""".zone (code, name, parent_code, level, population, geom)
SELECT format('<%s>&amp;"''', i),
       (ARRAY['</script><script>alert(3)</script>', 'مجموعة "١" <b>', '🦟🏥 tổ ‮5', E'\u2028line\u2029 {{data}} \\u003c', '<img src=x onerror=alert(4)>', ''' onclick=''alert(5)'])[i],
       'w"</script>', 'group', 100, ST_Multi(ST_MakeEnvelope(106.69 + 0.001 * i, 10.77, 106.691 + 0.001 * i, 10.771, 4326))
FROM generate_series(1, 6) i
UNION ALL
SELECT 'w"</script>', 'Ward </script><svg onload=alert(6)>', NULL, 'ward', NULL, NULL;
SELECT georisk.activate_zones('o''map "x"', valid_from => '2021-06-01');
SELECT georisk.open_draft('o''map "x"', '</script>two', copy_zones => true);
DELETE FROM "o'map ""x""".zone z USING "o'map ""x""".zone_set s
WHERE s.zone_set_id = z.zone_set_id AND s.activated_at IS NULL AND z.code LIKE '<6>%';
SELECT georisk.activate_zones('o''map "x"', valid_from => '2021-09-01');
INSERT INTO "o'map ""x""".source (source, name, expected_from) VALUES ('s</script>', '<script>alert(7)</script>', '2021-08-01');
INSERT INTO "o'map ""x""".report (source, external_id, report_day, zone_code)
VALUES ('s</script>', '1', '2021-09-05', '<1>&amp;"'''), ('s</script>', '2', '2021-09-04', 'no </script> such');
SELECT georisk.set_day('o''map "x"', '2021-09-06');
-- Another layer, by a shipped policy and for one disease; reports that name none count in it.
SELECT georisk.add_layer('o''map "x"', 'sốt xuất huyết', 'alert_counts', disease => '{"<i>dengue"}');
-- Who may only read gets the page in the map's language alone.
CREATE ROLE reader LOGIN;
GRANT USAGE ON SCHEMA "o'map ""x""" TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA "o'map ""x""" TO reader;
