-- District 1 as it was announced and published, over two evenings, and who may see no more than that.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT georisk.announce('district1', georisk.assess('district1'));
SELECT georisk.set_day('district1', '2021-09-07');
SELECT georisk.publish_tiers('district1', 'Canary notice');
SELECT georisk.set_day('district1', '2021-09-08');
SELECT georisk.override_tier('district1', '26740-005', tier => 'red', reason => 'Canary fell ill', until => '2021-09-12');
CREATE ROLE resident LOGIN;
GRANT USAGE ON SCHEMA district1 TO resident;
GRANT SELECT ON district1.layer_public, district1.publication_public, district1.zone_risk_public, district1.tier_history_public, district1.zone_count_public,
    district1.tile_source_public, district1.tile_day_public, district1.zone_in_force TO resident;
