-- The role regress_public, who may do with the map :map what the public may, and nothing else.
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'regress_public') AS is_new \gset
\if :is_new
CREATE ROLE regress_public;
\endif
SELECT georisk.grant_role(:'map', 'regress_public', 'public') \g /dev/null
