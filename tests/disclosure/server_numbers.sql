-- What everyone who can connect may read of the map `small` in the server's own tables, whatever its rights.
SELECT c.relname || '.' || n.what || ' ' || coalesce(n.number::text, '')
FROM pg_class c
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
LEFT JOIN pg_stat_all_indexes i ON i.indexrelid = c.oid
CROSS JOIN LATERAL (VALUES ('reltuples', c.reltuples::numeric), ('relpages', c.relpages), ('size', pg_relation_size(c.oid)), ('n_tup_ins', s.n_tup_ins),
	('n_live_tup', s.n_live_tup), ('n_tup_upd', s.n_tup_upd)) n (what, number)
WHERE c.relnamespace = 'small'::regnamespace;
