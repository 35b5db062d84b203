-- The feed of changes: numbers become visible in the order in which they are given, so that whoever has read up to one has
-- missed none below it.

CREATE FUNCTION queue_records() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM need_latest_snapshot('nothing can be recorded', 'What others recorded meanwhile would be missed.');
	EXECUTE format('LOCK TABLE %I.assessment IN SHARE ROW EXCLUSIVE MODE', TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_records() IS
'Statement trigger on the tables tier_change, decision and publication of a map, before INSERT: who adds rows waits for who added some and has not ended the transaction, so that numbers and times go up in the order in which rows become visible. An error in a transaction that is not READ COMMITTED.';

CREATE FUNCTION tier_changes_after(map text, after integer DEFAULT 0, at_most bigint DEFAULT NULL, layer text DEFAULT NULL)
RETURNS TABLE (tier_change_id integer, layer_name text, assessment_id integer, as_of date, zone_id integer, code text,
	from_rank smallint, from_tier text, tier_rank smallint, tier text, reason text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM need_map(map);
	RETURN QUERY EXECUTE format($sql$
		SELECT c.tier_change_id, l.name, c.assessment_id, c.as_of, c.zone_id, c.code, c.from_rank, c.from_tier, c.tier_rank, c.tier, c.reason
		FROM %1$I.tier_change c JOIN %1$I.assessment a USING (assessment_id) JOIN %1$I.layer l USING (layer_id)
		WHERE c.tier_change_id > $1 AND ($3 IS NULL OR l.layer_id = $3)
		ORDER BY c.tier_change_id LIMIT $2
	$sql$, map) USING coalesce(after, 0), at_most, CASE WHEN layer IS NOT NULL THEN find_layer(map, layer) END;
END
$$;
COMMENT ON FUNCTION tier_changes_after(text, integer, bigint, text) IS
'The changes of tiers that assessments recorded, in the order of their numbers, from the one after a number on: a reader keeps the tier_change_id of the last row that it has dealt with and gives it as after the next time; 0 begins with the first. No number appears later than a higher one, however long a writer takes to commit, so that nothing is missed; and what was read before a crash and not kept is simply read again: a reader that stores tiers by code, the highest number last, ends with the same state. Numbers may be left out: those of writers who rolled back. at_most is how many rows at a time, NULL all; layer one layer, NULL all of them, whose numbers are one sequence. The notification on channel georisk says when it is worth asking; it may be lost, the rows are not. The caller needs SELECT on tier_change, assessment, layer and settings.';
