\echo Use "CREATE EXTENSION georisk" to load this file. \quit

-- Cost, in units of cpu_operator_cost, by what a call does (docs/performance.md):
--   1     reads a header or a few bytes
--   10    point location, or a scan of one epicurve
--   100   evaluates a policy
--   10000 reads tables or builds an index

-- Whoever may read a view that judges may also ask on their own; every function runs with its caller's rights.
GRANT USAGE ON SCHEMA georisk TO PUBLIC;
COMMENT ON SCHEMA georisk IS
'Risk tiers of map zones from case reports: types, functions, operators and shipped policies. Holds no data of yours; a map is a schema of its own, made by create_map.';
