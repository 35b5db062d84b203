CREATE FUNCTION queue_with_reports() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
	PERFORM need_latest_snapshot('aliases of zones cannot be changed',
		'Reports that another session has just written would be missed, and would keep their old place.');
	-- An INSERT of nothing waits for its turn as every writer of reports does.
	EXECUTE format('INSERT INTO %I.report (report_day) SELECT NULL::date WHERE false', TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_with_reports() IS
'Statement trigger on the table zone_alias of a map, before INSERT, UPDATE and DELETE: waits for those who write reports, so that none slips by between the old aliases and the new ones.';

CREATE FUNCTION place_aliased() RETURNS trigger
LANGUAGE plpgsql PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
	changed text := CASE TG_OP
		WHEN 'INSERT' THEN 'SELECT source, folded FROM new_aliases'
		WHEN 'DELETE' THEN 'SELECT source, folded FROM old_aliases'
		ELSE 'SELECT source, folded FROM new_aliases UNION SELECT source, folded FROM old_aliases' END;
BEGIN
	EXECUTE format($sql$
		UPDATE %1$I.report r SET outcome = r.outcome
		FROM (SELECT folded, array_agg(source) AS sources FROM (%2$s) c GROUP BY folded) c
		WHERE fold_text(r.zone_code) = c.folded AND ('' = ANY (c.sources) OR r.source = ANY (c.sources))
		  -- a known code is no alias
		  AND NOT EXISTS (SELECT FROM %1$I.zone z
						  WHERE z.zone_id = r.zone_id AND clean_text(z.code) = clean_text(r.zone_code))
	$sql$, TG_TABLE_SCHEMA, changed);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION place_aliased() IS
'Statement trigger on the table zone_alias of a map, after INSERT, UPDATE and DELETE: places the reports again that name their zone by one of the aliases touched. Whoever changes aliases needs UPDATE (outcome) and SELECT on report and SELECT on zone.';

CREATE FUNCTION create_zone_alias(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.zone_alias (
			alias text NOT NULL,
			zone_code text NOT NULL CHECK (clean_text(zone_code) <> ''),
			source text NOT NULL DEFAULT '',
			folded text GENERATED ALWAYS AS (fold_text(alias)) STORED CHECK (folded <> ''),
			PRIMARY KEY (folded, source)
		);
		CREATE TRIGGER queue BEFORE INSERT OR UPDATE OR DELETE ON %1$I.zone_alias
			FOR EACH STATEMENT EXECUTE FUNCTION queue_with_reports();
		CREATE TRIGGER place_inserted AFTER INSERT ON %1$I.zone_alias
			REFERENCING NEW TABLE AS new_aliases FOR EACH STATEMENT EXECUTE FUNCTION place_aliased();
		CREATE TRIGGER place_updated AFTER UPDATE ON %1$I.zone_alias
			REFERENCING OLD TABLE AS old_aliases NEW TABLE AS new_aliases
			FOR EACH STATEMENT EXECUTE FUNCTION place_aliased();
		CREATE TRIGGER place_deleted AFTER DELETE ON %1$I.zone_alias
			REFERENCING OLD TABLE AS old_aliases FOR EACH STATEMENT EXECUTE FUNCTION place_aliased();
	$sql$, map);

	PERFORM comment_table(map, 'zone_alias',
		'Names that people type instead of a zone''s code. Spelling variants of an alias need no row of their own: see georisk.fold_text. A known code always wins. A row that is added, changed or removed places the reports again that it is about.',
		'alias', 'The name, as typed.',
		'zone_code', 'Code of the zone that is meant.',
		'source', 'The source that means this zone by it: one ward''s "Tổ 5" is not another''s. Empty: every source that has no alias of its own.',
		'folded', 'The alias as it is compared: georisk.fold_text(alias).');
END
$$;
COMMENT ON FUNCTION create_zone_alias(text) IS
'Internal, used by create_map: the table zone_alias of a map.';

CREATE FUNCTION write_unmatched_places(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM replace_view(map, 'unmatched_places', 'unmatched_place_id', format($sql$
		WITH named AS (
			-- a report that was placed by its code has a known one
			SELECT r.source, r.recorded_at, r.zone_id, r.zone_set_id, clean_text(r.zone_code) AS place,
				   fold_text(r.zone_code) AS folded
			FROM %1$I.report r
			WHERE r.outcome NOT IN ('placed_by_code', 'superseded', 'withdrawn', 'waiting')
			  AND clean_text(r.zone_code) <> ''
		), led AS (
			SELECT n.*, coalesce(clean_text(own.zone_code), clean_text(anyones.zone_code)) AS alias_of
			FROM named n
			LEFT JOIN %1$I.zone_alias own ON own.folded = n.folded AND own.source = n.source
			LEFT JOIN %1$I.zone_alias anyones ON anyones.folded = n.folded AND anyones.source = ''
		)
		SELECT row_number() OVER (ORDER BY max(l.recorded_at) DESC, (array_agg(l.place ORDER BY l.recorded_at DESC))[1],
								  l.source, l.alias_of)::integer AS unmatched_place_id,
			   (array_agg(l.place ORDER BY l.recorded_at DESC))[1] AS place, l.source,
			   count(DISTINCT l.place)::integer AS spellings, count(*)::integer AS reports,
			   count(*) FILTER (WHERE l.zone_id IS NULL)::integer AS waiting, l.alias_of,
			   min(l.recorded_at) AS first_recorded, max(l.recorded_at) AS last_recorded
		FROM led l
		LEFT JOIN %1$I.zone by_code ON by_code.zone_set_id = l.zone_set_id AND clean_text(by_code.code) = l.place
		LEFT JOIN %1$I.zone by_alias ON by_alias.zone_set_id = l.zone_set_id AND clean_text(by_alias.code) = l.alias_of
		WHERE by_code.zone_id IS NULL AND by_alias.zone_id IS NULL
		GROUP BY l.source, coalesce(nullif(l.folded, ''), l.place), l.alias_of
		ORDER BY 1
	$sql$, map));

	PERFORM comment_table(map, 'unmatched_places',
		'Places named in reports that are neither a code of the zone set nor an alias, newest first. INSERT them into zone_alias once, and the reports that wait are placed.',
		'unmatched_place_id', 'Number of the row, unique; another one when places come or go.',
		'place', 'The place, as it was typed last.',
		'source', 'Who typed it.',
		'spellings', 'How many spellings of it there are.',
		'reports', 'How many current reports name it.',
		'waiting', 'How many of these have no zone; the others were placed by their point.',
		'alias_of', 'The code that an alias leads to, where no zone has that code.',
		'first_recorded', 'When it came first.',
		'last_recorded', 'When it came last.');
END
$$;
COMMENT ON FUNCTION write_unmatched_places(text) IS
'Internal, used by write_views: the view unmatched_places of a map.';
