
CREATE FUNCTION show_progress(message text, silently boolean DEFAULT false) RETURNS void
AS 'MODULE_PATHNAME', 'georisk_show_progress'
LANGUAGE C VOLATILE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION show_progress(text, boolean) IS
'Internal. Says how far a long statement is: to the session in a notice, unless silently; to everyone who may see its statement in pg_stat_activity, where the message stands as a comment before it, until the next one or the next statement. NULL takes it away.';
