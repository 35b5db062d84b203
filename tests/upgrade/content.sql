-- What the tables of a map hold, but for when and by whom it was written, and what is drawn by lot.
SET search_path = :"map", public;
SELECT format('SELECT %L, count(*), md5(string_agg(r::text, '','' ORDER BY r::text)) FROM (SELECT %s FROM %I) r', c.relname,
	string_agg(format('%I', a.attname), ', ' ORDER BY a.attname), c.relname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = quote_ident(:'map')::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'own%' AND a.attname NOT LIKE 'own%'
  AND a.atttypid NOT IN ('timestamptz'::regtype, 'uuid'::regtype) AND a.attname NOT IN ('household_key', 'household_salt', 'made_by', 'submitted_by')
GROUP BY c.relname ORDER BY c.relname \gexec
