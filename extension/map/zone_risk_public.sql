-- What the public may see. The views read with their owner's rights, and of what a map holds only zones, settings, what was
-- announced and what was published: no report, no assessment, no value. So what they say changes with announcements and days.

CREATE FUNCTION public_day_query(map text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN format($sql$
		today AS (
			SELECT coalesce(s.day, (now() AT TIME ZONE s.timezone)::date) AS day, s.srid, s.lang,
				   CASE s.lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END AS unknown_label
			FROM %I.settings s
		)
	$sql$, map);
END
$$;
COMMENT ON FUNCTION public_day_query(text) IS
'Internal: the part of public views that says which day the map shows, and what a zone without a tier is called.';

CREATE FUNCTION write_zone_risk_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	view_name text := layer_relation(map, layer_id, 'zone_risk_public');
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I WITH (security_barrier) AS
		WITH %3$s, published AS (
			%4$s
		), map AS (
			SELECT t.day - coalesce((SELECT delay FROM published), 0) AS day FROM today t
		), shown AS (
			%5$s
		)
		SELECT z.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level, f.tier_rank, coalesce(f.tier, 'unknown') AS tier,
			   coalesce(f.tier_label, t.unknown_label) AS tier_label, coalesce(f.tier_color, '#bdbdbd') AS tier_color,
			   f.since, f.override_until AS valid_until, CASE WHEN f.tier IS NOT NULL THEN d.day END AS announced_on,
			   (SELECT day FROM map) AS day, s.name AS zone_set, z.geom,
			   c.at_least AS cases_at_least, c.at_most AS cases_at_most, c.counted_from, c.counted_until
		FROM today t CROSS JOIN shown s
		JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id AND z.is_leaf
		LEFT JOIN (SELECT i.* FROM (%6$s) i WHERE EXISTS (SELECT FROM published)) f ON f.zone_id = z.zone_id
		LEFT JOIN %1$I.decision d ON d.decision_id = f.decision_id
		LEFT JOIN (SELECT p.zone_id, p.at_least, p.at_most, r.counted_from, r.counted_until
				   FROM %1$I.published_run r JOIN %1$I.published_count p USING (published_run_id)
				   WHERE r.published_run_id = (SELECT max(l.published_run_id) FROM %1$I.published_run l WHERE l.layer_id = %7$s)
					 AND EXISTS (%8$s)) c ON c.zone_id = z.zone_id
		-- so that not even the order of the rows follows from what else is stored
		ORDER BY z.zone_id
	$sql$, map, view_name, public_day_query(map), published_query(map, layer_id, 'tiers', '(SELECT day FROM today)'),
		shown_set_query(map, ''), in_force_query(map, layer_id, '(SELECT day FROM map)', ''), layer_id,
		published_query(map, layer_id, 'counts', '(SELECT day FROM today)'));
	PERFORM comment_table(map, view_name,
		'What the public sees: the tier in force in every zone, as announced, overrides included, where georisk.publish_tiers decided to show it; else every zone in grey. One row for each zone that is nobody''s parent. Nothing in it is computed from reports: it changes with what is announced and with the day. Readers need SELECT on this view and USAGE on the schema, nothing else.',
		'zone_id', 'Number of the zone, unique; rows come in its order.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier in force, by the policy''s own key; unknown where nothing is announced or published.',
		'tier_label', 'Name of the tier, as announced.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'since', 'First day of the unbroken run of days with this tier in force.',
		'valid_until', 'The last day of the tier where one was decided, as of an override; empty: until another announcement takes its place.',
		'announced_on', 'The map''s day when the last decision about the zone was made.',
		'day', 'The day for which it is shown: the map''s day, or earlier by the delay with which tiers are published.',
		'zone_set', 'Name of the zone set of that day.',
		'geom', 'The polygon of the zone.',
		'cases_at_least', 'Where georisk.publish_counts decided to show counts: there were at least so many cases in the window that was published last; empty where the zone is left out.',
		'cases_at_most', 'There were at most so many; empty where cases_at_least is, and else: or more.',
		'counted_from', 'First day of that window.',
		'counted_until', 'Its last day.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_public(text, integer) IS
'Internal, used by create_map: the view zone_risk_public of a layer.';
INSERT INTO layer_part (part, place) VALUES ('zone_risk_public', 100);

CREATE FUNCTION shown_zones_query(map text, layer_id integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	-- a look at the index for each zone and day asked for, as in zone_risk_history
	RETURN format($sql$
		(SELECT p.first_day + n AS day, p.first_day + n - p.delay AS day_shown
		 FROM (%2$s) p CROSS JOIN generate_series(0, p.last_day - p.first_day) n
		 WHERE p.layer_id = %3$s AND p.what = 'tiers') h
		JOIN LATERAL (WITH map AS (SELECT h.day_shown AS day) %4$s) s ON true
		JOIN %1$I.zone z ON z.zone_set_id = s.zone_set_id AND z.is_leaf
		LEFT JOIN LATERAL (
			SELECT a.tier_rank, a.tier, a.tier_label, a.tier_color, a.since, a.override_until FROM %1$I.announced_tier a
			WHERE a.layer_id = %3$s AND a.zone_id = z.zone_id AND a.from_day <= h.day_shown
			ORDER BY a.decision_id DESC, a.from_day DESC LIMIT 1) f ON true
	$sql$, map, published_days_query(map, '(SELECT day FROM today)'), layer_id, shown_set_query(map, ''));
END
$$;
COMMENT ON FUNCTION shown_zones_query(text, integer) IS
'Internal: for FROM beside `today`: the zones z on each day h that tiers were shown to the public, in the set s of that day, with the tier f; f is empty where nothing was announced.';

CREATE FUNCTION write_tier_history_public(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	view_name text := layer_relation(map, layer_id, 'tier_history_public');
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I WITH (security_barrier) AS
		WITH %3$s
		SELECT z.zone_id, h.day, z.code, z.name, z.parent_code, z.level AS zone_level, f.tier_rank, coalesce(f.tier, 'unknown') AS tier,
			   coalesce(f.tier_label, (SELECT unknown_label FROM today)) AS tier_label, coalesce(f.tier_color, '#bdbdbd') AS tier_color,
			   f.since, f.override_until AS valid_until, s.name AS zone_set
		FROM %4$s
		ORDER BY h.day, z.zone_id
	$sql$, map, view_name, public_day_query(map), shown_zones_query(map, layer_id));
	PERFORM comment_table(map, view_name,
		'What the public could see on each day on which tiers were published, up to the map''s day: one row for each zone and day. For look-ups by day and zone, which are quick; georisk.tier_at reads it.',
		'zone_id', 'Number of the zone; with day, unique.',
		'day', 'The day on which it was shown.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key; unknown where nothing was announced.',
		'tier_label', 'Name of the tier, as announced.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'since', 'First day of the unbroken run of days with this tier in force.',
		'valid_until', 'The last day of the tier where one was decided, as of an override; empty: until another announcement.',
		'zone_set', 'Name of the zone set that was shown.');
END
$$;
COMMENT ON FUNCTION write_tier_history_public(text, integer) IS
'Internal, used by create_map: the view tier_history_public of a layer.';
INSERT INTO layer_part (part, place) VALUES ('tier_history_public', 105);

CREATE FUNCTION write_public_views(map text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.layer_public WITH (security_barrier) AS
		WITH %2$s
		SELECT l.layer_id, l.name AS layer, l.layer_id = (SELECT min(layer_id) FROM %1$I.layer) AS is_first, t.day, t.lang, t.srid
		FROM %1$I.layer l CROSS JOIN today t
		ORDER BY l.layer_id;
		CREATE OR REPLACE VIEW %1$I.publication_public WITH (security_barrier) AS
		WITH %2$s
		SELECT p.publication_id, l.name AS layer, p.what, p.first_day, p.last_day, p.delay, p.k
		FROM (%3$s) p JOIN %1$I.layer l USING (layer_id)
		ORDER BY p.publication_id;
		CREATE OR REPLACE VIEW %1$I.zone_set_public WITH (security_barrier) AS
		WITH %2$s
		SELECT s.zone_set_id, s.name AS zone_set,
			   CASE WHEN s.valid_from > min(s.valid_from) OVER () THEN s.valid_from ELSE '-infinity' END AS first_day,
			   least(s.valid_to, (SELECT day FROM today)) AS last_day, s.index
		FROM %1$I.zone_set s
		WHERE s.activated_at IS NOT NULL AND (s.valid_from <= (SELECT day FROM today)
			OR s.valid_from = (SELECT min(f.valid_from) FROM %1$I.zone_set f WHERE f.activated_at IS NOT NULL))
		ORDER BY s.zone_set_id
	$sql$, map, public_day_query(map), published_days_query(map, '(SELECT day FROM today)'));
	PERFORM comment_table(map, 'layer_public',
		'The layers of a map as the public knows them.',
		'layer_id', 'Number of the layer.',
		'layer', 'Its name.',
		'is_first', 'Whether its views have no layer''s name: zone_risk_public; those of others end in it.',
		'day', 'The map''s day.',
		'lang', 'The language of labels: vi or en.',
		'srid', 'The coordinate system of the zones.');
	PERFORM comment_table(map, 'publication_public',
		'From which to which day the public is shown tiers, or counts, as decided: see the table publication for who and why.',
		'publication_id', 'Number of the decision.',
		'layer', 'Name of the layer.',
		'what', 'tiers, or counts.',
		'first_day', 'The first day on which it was shown.',
		'last_day', 'The last day on which it was shown; the map''s day where it still is.',
		'delay', 'By how many days later.',
		'k', 'Of counts: how many numbers a class covers at least.');
	PERFORM comment_table(map, 'zone_set_public',
		'The zones of each time as one index, to find the zone of a point; georisk.tier_at reads it.',
		'zone_set_id', 'Number of the zone set.',
		'zone_set', 'Its name.',
		'first_day', 'The first day for which these zones are shown.',
		'last_day', 'The last day; the map''s day where they still are.',
		'index', 'The point-location index of the zones that are nobody''s parent.');
END
$$;
COMMENT ON FUNCTION write_public_views(text) IS
'Internal, used by write_views: the views layer_public, publication_public and zone_set_public of a map.';
