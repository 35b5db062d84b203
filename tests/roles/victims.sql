-- A map's whole day, by a superuser, its owner, a clerk and a decider, each with the attacker's schemas first on the path. psql variables: map, clerk, path.
SET client_min_messages = error;
SELECT format('CREATE ROLE %I LOGIN', :'clerk') WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'clerk') \gexec
SELECT georisk.policy('alert_counts')::pg_catalog.text AS rule \gset
SET search_path = :path;
SET ROLE trap_owner;
SELECT georisk.create_map(:'map', policy => 'alert_counts'::pg_catalog.text, srid => 32648, lang => 'en'::pg_catalog.text);
SELECT pg_catalog.format('INSERT INTO %I.zone (code, name, parent_code, geom) VALUES (%L, %L, %L, public.ST_Multi(public.ST_MakeEnvelope(0, 0, 100, 100, 32648))), (%L, %L, NULL, NULL)',
	:'map'::pg_catalog.text, 'G1', 'g', 'W1', 'W1', 'w') \gexec
SELECT georisk.activate_zones(:'map', '2021-08-01');
SELECT georisk.set_day(:'map', '2021-09-03');
SELECT pg_catalog.format('INSERT INTO %I.source (source, zone_code) VALUES (%L, %L)', :'map'::pg_catalog.text, 'w', 'W1') \gexec
SELECT georisk.grant_role(:'map', :'clerk', 'reporter', 'W1'), georisk.grant_role(:'map', :'clerk', 'officer', 'W1'), georisk.grant_role(:'map', 'trap_decider', 'decider'),
	georisk.grant_role(:'map', 'public', 'public');
RESET ROLE;
SELECT georisk.upgrade_map(:'map');
SET ROLE :"clerk";
SELECT pg_catalog.format('INSERT INTO %I.report_in (external_id, report_day, zone_code) VALUES (%L, %L, %L)', :'map'::pg_catalog.text, 'x', '2021-09-02', 'G1') \gexec
SELECT pg_catalog.format('SELECT %I.submit_own(%L)', :'map'::pg_catalog.text, 'w') \gexec
SELECT pg_catalog.format('UPDATE %I.report SET note = %L', :'map'::pg_catalog.text, 'n') \gexec
RESET ROLE;
SET ROLE trap_decider;
SELECT pg_catalog.format('SELECT %1$I.announce(%1$I.assess()), %1$I.publish_tiers(%2$L)', :'map'::pg_catalog.text, 'g') \gexec
SELECT pg_catalog.format('SELECT * FROM %1$I.zone_risk, %1$I.risk_at(%2$L), %1$I.explain_zone(%3$L), %1$I.zone_risk_public, %1$I.own_grant', :'map'::pg_catalog.text, '2021-09-03', 'G1') \gexec
RESET ROLE;
SET ROLE trap_owner;
SELECT georisk.verify(:'map');
SELECT count(*) FROM georisk.compare_policies(:'map', :'rule', :'rule', '2021-09-03');
SELECT georisk.rebuild(:'map');
SELECT georisk.reduce_reports(:'map', date '2021-09-01');
SELECT georisk.revoke_role(:'map', :'clerk', 'officer', 'W1');
SELECT georisk.drop_map(:'map', with_reports => true);
