CREATE FUNCTION verify(map text, parts text[] DEFAULT NULL)
RETURNS TABLE (what text, key text, stored text, recomputed text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
	-- in the order in which one stands on the other
	known CONSTANT text[] := ARRAY['triggers', 'zones', 'neighbours', 'reports', 'receipts', 'assessments', 'views', 'erasures'];
	part text;
BEGIN
	PERFORM need_map(map);
	IF NOT parts <@ known OR array_position(parts, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'verify does not know the part "%"',
			(SELECT coalesce(p, 'NULL') FROM unnest(parts) p WHERE p IS NULL OR p <> ALL (known) LIMIT 1) USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'Parts are ' || array_to_string(known, ', ') || '.';
	END IF;
	RETURN QUERY SELECT 'table', t, NULL::text, 'a table' FROM lost_tables(map) t;
	IF FOUND THEN
		RETURN;
	END IF;
	FOREACH part IN ARRAY known LOOP
		CONTINUE WHEN part <> ALL (parts);
		PERFORM show_progress(format('map "%s": verifying %s', map, part));
		CASE part
			WHEN 'triggers' THEN
				RETURN QUERY SELECT * FROM verify_triggers(map) UNION ALL SELECT * FROM verify_sequences(map);
			WHEN 'zones' THEN
				RETURN QUERY SELECT * FROM verify_zone_sets(map);
				RETURN QUERY SELECT * FROM verify_zone_tree(map);
				RETURN QUERY SELECT * FROM verify_crosswalk(map);
				RETURN QUERY SELECT * FROM verify_zone_shapes(map);
			WHEN 'neighbours' THEN
				RETURN QUERY SELECT * FROM verify_neighbours(map);
			WHEN 'reports' THEN
				RETURN QUERY SELECT * FROM verify_reports(map);
				RETURN QUERY SELECT * FROM verify_reduced(map);
			WHEN 'receipts' THEN
				RETURN QUERY SELECT * FROM verify_receipts(map);
				RETURN QUERY SELECT * FROM verify_past(map);
			WHEN 'assessments' THEN
				RETURN QUERY SELECT * FROM verify_assessments(map);
				RETURN QUERY SELECT * FROM verify_announced(map);
				RETURN QUERY SELECT * FROM verify_published(map);
			WHEN 'views' THEN
				RETURN QUERY SELECT * FROM verify_views(map);
				RETURN QUERY SELECT * FROM verify_counts(map);
				RETURN QUERY SELECT * FROM verify_roles(map);
			WHEN 'erasures' THEN
				RETURN QUERY SELECT * FROM verify_erasures(map);
		END CASE;
	END LOOP;
	PERFORM show_progress(NULL);
END
$$;
COMMENT ON FUNCTION verify(text, text[]) IS
'Finds out again, the slow and obvious way, everything that a map stores because it follows from something else, and lists what differs: what (a table, or table.column), key (its primary key, numbers separated by commas), what is stored and what it should be; nothing means that all is right. Where a table of the map is lost, that alone. parts takes only some of: triggers (there, enabled, as they were made; numbers of new rows not taken yet), zones (dates, indexes byte by byte, parents, points, crosswalk, simplified shapes), neighbours (by PostGIS, within the map''s tolerance), reports (outcome, zone and household of each, and its places in older zone sets, by joins and ST_Covers; of a reduced one, that its places are of the right sets and that nothing came back), receipts (they add up; report_past does not contradict itself), assessments (tier_change is what differs between the recorded tiers; announced were the tiers of the assessment), views (there, saying what the layers say, and counting what plain sums count, with the indexes that they count from; roles have what was granted, row security holds, and nobody stands in the way of georisk''s functions), erasures (no damage but a remark, of which what is erased: assessments that counted a report which erase_report took away, and that cannot be reproduced since). It reads one snapshot and takes no lock that makes a writer wait; what others write meanwhile is not seen. Says how far it is in notices, and to others in pg_stat_activity; may be cancelled. An error where there is no such map or part. rebuild mends what it finds. The caller needs SELECT on the map''s tables, views and sequences.';
