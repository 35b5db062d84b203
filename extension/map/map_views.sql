-- The views beside zone_risk. They stand on zone_risk and on recorded assessments; what they call reads no table.

CREATE FUNCTION write_zone_day(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	counting record;
	counts text;
	names text;
BEGIN
	SELECT * INTO counting FROM layer_counting(map, layer_id);
	SELECT string_agg(format(', sum(report.n) FILTER (WHERE %s) AS m%s', measure_filter(map, layer_id, ARRAY[m.name]), m.place), ''),
		   string_agg(format('(%L, d.m%s)', m.name, m.place), ', ')
	INTO counts, names
	FROM (SELECT l.name, row_number() OVER (ORDER BY l.name) AS place FROM layer_measures(map, layer_id) l) m;
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		SELECT row_number() OVER ()::integer AS zone_day_id, z.zone_id, z.code, z.parent_code, d.day, m.measure,
			   m.n::integer AS n, z.population
		FROM (SELECT report.zone_id, %5$s AS day%3$s
			  FROM %1$I.report
			  WHERE report.outcome IN ('placed_by_code', 'placed_by_point') AND %6$s
			  GROUP BY report.zone_id, %5$s) d
		JOIN %1$I.zone z ON z.zone_id = d.zone_id
		CROSS JOIN LATERAL (VALUES %4$s) m (measure, n)
		WHERE m.n > 0
	$sql$, map, layer_relation(map, layer_id, 'zone_day'), coalesce(counts, ''),
		coalesce(names, '(NULL::text, NULL::bigint)'), counting.day, counting.counted);
	PERFORM comment_table(map, layer_relation(map, layer_id, 'zone_day'),
		'Counts by zone, day and measure, as they stand now, for R, SaTScan and spreadsheets. Days on which a zone has none of a measure have no row: they are zero.',
		'zone_day_id', 'Number of the row, for tools that need a key; another one on the next reading.',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'day', 'The day that the reports count for, a local day.',
		'measure', 'Name of the measure, as the table measure says what it counts: cases, community_cases. Unless it says otherwise only confirmed reports on where people live count.',
		'n', 'How many.',
		'population', 'People who live in the zone.');
END
$$;
COMMENT ON FUNCTION write_zone_day(text, integer) IS
'Internal, used by create_map: the view zone_day of a layer.';
INSERT INTO layer_part (part, place) VALUES ('zone_day', 30);

CREATE FUNCTION write_tier_summary(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		WITH counted AS (
			SELECT tier, count(*)::integer AS zones, sum(cases)::integer AS cases, sum(population)::integer AS population,
				   min(window_start) AS window_start, max(window_end) AS window_end
			FROM %1$I.%3$I GROUP BY tier
		), spanned AS (
			SELECT min(window_start) AS window_start, max(window_end) AS window_end FROM counted
		), named AS (
			SELECT t.position AS tier_number, t.tier_rank, t.tier, t.tier_label, t.tier_color
			FROM (SELECT lang, coalesce(day, (now() AT TIME ZONE timezone)::date) AS day FROM %1$I.settings) s
			CROSS JOIN LATERAL (%4$s) p
			CROSS JOIN policy_tiers(p.policy, s.lang) t
			UNION ALL
			SELECT 0, NULL, 'unknown', CASE s.lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END, '#bdbdbd'
			FROM %1$I.settings s
		)
		SELECT n.tier_number, n.tier_rank, n.tier, n.tier_label, n.tier_color, coalesce(c.zones, 0) AS zones,
			   coalesce(c.cases, 0) AS cases, coalesce(c.population, 0) AS population, s.window_start, s.window_end
		FROM named n LEFT JOIN counted c ON c.tier = n.tier CROSS JOIN spanned s
	$sql$, map, layer_relation(map, layer_id, 'tier_summary'), layer_relation(map, layer_id, 'zone_risk'),
		policy_of_day_query(map, layer_id, 's.day'));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'tier_summary'),
		'How many zones are in each tier on the map''s day, with their cases and people. Every tier of the policy has a row, and unknown has one.',
		'tier_number', 'Place of the tier in the policy, mildest 1; 0 for unknown.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty for unknown and for tiers outside the ladder.',
		'tier', 'The tier, by the policy''s own key.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb.',
		'zones', 'Zones in this tier.',
		'cases', 'Cases in these zones, in the window.',
		'population', 'People who live in these zones, as far as it is known.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.');
END
$$;
COMMENT ON FUNCTION write_tier_summary(text, integer) IS
'Internal, used by create_map: the view tier_summary of a layer.';
INSERT INTO layer_part (part, place) VALUES ('tier_summary', 40);

CREATE FUNCTION write_green_zone_watch(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		WITH risk AS MATERIALIZED (
			SELECT * FROM %1$I.%3$I
		), around AS (
			SELECT p.zone_id, count(*)::integer AS neighbours,
				   count(*) FILTER (WHERE n.tier = 'unknown')::integer AS neighbours_unknown,
				   max(n.tier_rank) AS worst_rank
			FROM %1$I.zone_neighbour p JOIN risk n ON n.zone_id = p.neighbour_id
			GROUP BY p.zone_id
		), worst AS (
			SELECT DISTINCT ON (p.zone_id) p.zone_id, n.code, n.name, n.tier_rank, n.tier, n.tier_label, n.tier_color, p.shared_m, p.gap_m
			FROM %1$I.zone_neighbour p JOIN risk n ON n.zone_id = p.neighbour_id
			WHERE n.tier_rank IS NOT NULL
			ORDER BY p.zone_id, n.tier_rank DESC, p.shared_m DESC, p.gap_m, p.neighbour_id
		)
		SELECT g.zone_id, g.code, g.name, g.parent_code, g.tier, g.tier_label, g.tier_color, g.window_start, g.window_end,
			   g.since, g.window_end - g.since + 1 AS days_green, g.days_since_last,
			   coalesce(a.neighbours, 0) AS neighbours, coalesce(a.neighbours_unknown, 0) AS neighbours_unknown,
			   w.code AS worst_code, w.name AS worst_name, w.tier_rank AS worst_rank, w.tier AS worst_tier,
			   w.tier_label AS worst_label, w.tier_color AS worst_color, w.shared_m, w.gap_m,
			   g.population, g.households, g.geom
		FROM risk g
		LEFT JOIN around a ON a.zone_id = g.zone_id
		LEFT JOIN worst w ON w.zone_id = g.zone_id
		WHERE g.tier_rank = 0
	$sql$, map, layer_relation(map, layer_id, 'green_zone_watch'),
		layer_relation(map, layer_id, 'zone_risk'));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'green_zone_watch'),
		'The green zones on the map''s day, how long they have been green, and the worst of their neighbours: what to protect, and from where it is threatened.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'tier', 'The tier, by the policy''s own key.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'since', 'First day of the unbroken run of recorded assessments in which it is green; empty where none is recorded.',
		'days_green', 'Days from then on, the day that was judged included; empty where none is recorded.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'neighbours', 'How many zones are next to it, within the map''s neighbour_tolerance_m.',
		'neighbours_unknown', 'How many of these have no known tier.',
		'worst_code', 'Code of the worst neighbour: the highest rung, and of equals the one with the longest shared border. Empty where there is none with a known tier.',
		'worst_name', 'Name of the worst neighbour.',
		'worst_rank', 'The rung of its tier, green 0 to dark red 5.',
		'worst_tier', 'Its tier.',
		'worst_label', 'Name of its tier in the map''s language.',
		'worst_color', 'Colour of its tier, as #rrggbb.',
		'shared_m', 'Metres of border shared with it, or that face it within the tolerance; 0 where they touch in a point.',
		'gap_m', 'Metres between the two where they are nearest; 0 where they touch.',
		'population', 'People who live in the green zone.',
		'households', 'Households that live in it.',
		'geom', 'The polygon of the green zone.');
END
$$;
COMMENT ON FUNCTION write_green_zone_watch(text, integer) IS
'Internal, used by create_map: the view green_zone_watch of a layer.';
INSERT INTO layer_part (part, place) VALUES ('green_zone_watch', 50);

CREATE FUNCTION write_zone_risk_points(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		SELECT r.zone_id, r.code, r.name, r.parent_code, r.tier_rank, r.tier, r.tier_label, r.tier_color, r.reason, r.cases,
			   r.households_affected, r.population, r.rate_100k, r.days_since_last, r.window_start, r.window_end,
			   p.latitude, p.longitude, p.geom
		FROM %1$I.%3$I r LEFT JOIN %1$I.zone_point p ON p.zone_id = r.zone_id
	$sql$, map, layer_relation(map, layer_id, 'zone_risk_points'),
		layer_relation(map, layer_id, 'zone_risk'));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'zone_risk_points'),
		'zone_risk as points, for dashboards that know latitude and longitude but no polygons. Each point lies inside its zone.',
		'zone_id', 'Number of the zone, unique.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key, or unknown.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone has its tier.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'latitude', 'Latitude in degrees, WGS 84.',
		'longitude', 'Longitude in degrees, WGS 84.',
		'geom', 'The point, in the map''s coordinate system.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_points(text, integer) IS
'Internal, used by create_map: the view zone_risk_points of a layer.';
INSERT INTO layer_part (part, place) VALUES ('zone_risk_points', 60);

CREATE FUNCTION write_parent_risk(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	asked CONSTANT record := layer_relations(map, layer_id);
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		WITH risk AS MATERIALIZED (
			SELECT * FROM %1$I.%3$I
		), counted AS (
			SELECT a.ancestor_id, count(*)::integer AS zones,
				   count(*) FILTER (WHERE r.tier_rank = 0)::integer AS green, count(*) FILTER (WHERE r.tier_rank = 1)::integer AS near_green,
				   count(*) FILTER (WHERE r.tier_rank = 2)::integer AS yellow, count(*) FILTER (WHERE r.tier_rank = 3)::integer AS orange,
				   count(*) FILTER (WHERE r.tier_rank = 4)::integer AS red, count(*) FILTER (WHERE r.tier_rank = 5)::integer AS dark_red,
				   count(*) FILTER (WHERE r.tier_rank IS NULL)::integer AS unranked,
				   max(r.tier_rank) AS worst_rank, sum(r.cases)::integer AS cases,
				   sum(r.households_affected)::integer AS households_affected,
				   CASE WHEN count(r.population) = count(*) THEN sum(r.population)::integer END AS population,
				   CASE WHEN count(r.households) = count(*) THEN sum(r.households)::integer END AS households,
				   min(r.days_since_last) AS days_since_last, min(r.window_start) AS window_start, max(r.window_end) AS window_end,
				   max(r.in_force_rank) AS worst_in_force_rank, count(r.override_reason)::integer AS overruled,
				   count(*) FILTER (WHERE r.in_force <> r.tier)::integer AS otherwise
			FROM %1$I.zone_ancestor a JOIN risk r ON r.zone_id = a.zone_id
			GROUP BY a.ancestor_id
		), named AS (
			SELECT DISTINCT ON (tier_rank) tier_rank, tier, tier_label, tier_color FROM risk ORDER BY tier_rank, tier
		), named_in_force AS (
			SELECT DISTINCT ON (in_force_rank) in_force_rank, in_force, in_force_color FROM risk ORDER BY in_force_rank, in_force
		)
		SELECT z.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level,
			   c.worst_rank, coalesce(n.tier, 'unknown') AS worst_tier,
			   coalesce(n.tier_label, CASE s.lang WHEN 'vi' THEN 'chưa rõ' ELSE 'unknown' END) AS worst_label,
			   coalesce(n.tier_color, '#bdbdbd') AS worst_color, c.zones, c.green, c.near_green, c.yellow, c.orange, c.red,
			   c.dark_red, c.unranked, c.cases, c.households_affected, c.population, c.households,
			   c.cases * 100000::double precision / nullif(c.population, 0) AS rate_100k, c.days_since_last,
			   c.window_start, c.window_end, coalesce(u.geom, z.geom) AS geom,
			   c.worst_in_force_rank, f.in_force AS worst_in_force, f.in_force_color AS worst_in_force_color, c.overruled, c.otherwise,
			   %4$s
		FROM counted c
		JOIN %1$I.zone z ON z.zone_id = c.ancestor_id
		CROSS JOIN %1$I.settings s
		LEFT JOIN named n ON n.tier_rank = c.worst_rank
		LEFT JOIN named_in_force f ON f.in_force_rank = c.worst_in_force_rank
		LEFT JOIN %1$I.zone_union u ON u.zone_id = z.zone_id%5$s
	$sql$, map, layer_relation(map, layer_id, 'parent_risk'),
		layer_relation(map, layer_id, 'zone_risk'),
		CASE WHEN asked.parents THEN 'j.tier_rank, j.tier, j.tier_label, j.tier_color, j.reason'
			ELSE 'NULL::smallint AS tier_rank, NULL::text AS tier, NULL::text AS tier_label, NULL::text AS tier_color, NULL::text AS reason' END,
		CASE WHEN asked.parents THEN format(' FULL JOIN (%s) j ON j.zone_id = z.zone_id WHERE coalesce(z.zone_id, 0) > 0',
			zone_risk_query(map, layer_id, false, true)) ELSE '' END);
	PERFORM comment_table(map, layer_relation(map, layer_id, 'parent_risk'),
		'What zone_risk says, summed up for every zone that others are part of, on every level: a ward, and the district with all its wards. Where the policy looks at what zones are part of, or at the zones below, it judges parents too: tier and what follows it.',
		'zone_id', 'Number of the parent, unique.',
		'code', 'Code of the parent.',
		'name', 'Name of the parent.',
		'parent_code', 'Code of the zone that the parent itself is part of.',
		'zone_level', 'What kind of zone it is: ward, district.',
		'worst_rank', 'The highest rung below it, green 0 to dark red 5; empty where none is known.',
		'worst_tier', 'The tier on that rung; unknown where there is none.',
		'worst_label', 'Name of that tier in the map''s language.',
		'worst_color', 'Colour of that tier, as #rrggbb; grey where there is none.',
		'zones', 'Zones below it that have tiers.',
		'green', 'How many of these are on the rung green.',
		'near_green', 'How many are on the rung near green.',
		'yellow', 'How many are on the rung yellow.',
		'orange', 'How many are on the rung orange.',
		'red', 'How many are on the rung red.',
		'dark_red', 'How many are on the rung dark red.',
		'unranked', 'How many are unknown, or in a tier outside the ladder.',
		'cases', 'Cases in these zones, in the window.',
		'households_affected', 'Households with cases in these zones, in the window.',
		'population', 'People who live in these zones; empty where it is not known of all.',
		'households', 'Households that live in these zones; empty where it is not known of all.',
		'rate_100k', 'Cases per 100,000 people in the window as a whole.',
		'days_since_last', 'Days since the last case in any of these zones; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'geom', 'The polygon of the parent: its own, or that of the zones below it as one.',
		'worst_in_force_rank', 'The highest rung in force below it; empty where nothing was announced.',
		'worst_in_force', 'The tier in force on that rung.',
		'worst_in_force_color', 'Colour of that tier.',
		'overruled', 'In how many zones below it an override decides what is in force.',
		'otherwise', 'In how many zones below it another tier is in force than is computed.',
		'tier_rank', 'The rung of the tier that the policy gives the parent itself; empty where unknown or outside the ladder, and where the policies of the layer judge no parents, as the columns behind it.',
		'tier', 'The tier that the policy gives the parent itself.',
		'tier_label', 'Name of that tier in the map''s language.',
		'tier_color', 'Colour of that tier, as #rrggbb.',
		'reason', 'Why the parent has that tier.');
END
$$;
COMMENT ON FUNCTION write_parent_risk(text, integer) IS
'Internal, used by create_map: the view parent_risk of a layer.';
INSERT INTO layer_part (part, place) VALUES ('parent_risk', 70);

CREATE FUNCTION write_zone_risk_history(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE VIEW %1$I.%2$I AS
		SELECT t.assessment_tier_id, t.zone_id, z.code, z.name, z.parent_code, z.level AS zone_level, t.tier_rank, t.tier,
			   t.tier_label, t.tier_color, t.reason, t.cases, t.households_affected, t.population, t.households, t.rate_100k,
			   t.days_since_last, t.window_start, t.window_end, a.as_of, t.complete_until, t.since, t.previous_tier,
			   a.policy_name AS policy, s.name AS zone_set, a.assessment_id, a.known_at, z.geom,
			   -- looked up only where it is asked for
			   (SELECT f.tier_rank %4$s) AS in_force_rank, (SELECT f.tier %4$s) AS in_force, (SELECT f.tier_color %4$s) AS in_force_color,
			   (SELECT f.override_reason %4$s) AS override_reason
		FROM (SELECT DISTINCT ON (layer_id, as_of) * FROM %1$I.assessment
			  WHERE layer_id = %3$s
			  ORDER BY layer_id, as_of, assessment_id DESC) a
		JOIN %1$I.assessment_tier t ON t.assessment_id = a.assessment_id
		JOIN %1$I.zone z ON z.zone_id = t.zone_id
		JOIN %1$I.zone_set s ON s.zone_set_id = a.zone_set_id
	$sql$, map, layer_relation(map, layer_id, 'zone_risk_history'), layer_id,
		format('FROM %I.announced_tier f WHERE f.layer_id = %s AND f.zone_id = t.zone_id AND f.from_day <= a.as_of '
			'ORDER BY f.decision_id DESC, f.from_day DESC LIMIT 1', map, layer_id));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'zone_risk_history'),
		'The recorded tiers, one row for each zone and assessed day: of a day that was assessed more than once the newest assessment. With window_start and window_end a map can be played through time.',
		'assessment_tier_id', 'Number of the row, unique, and the same on every reading.',
		'zone_id', 'Number of the zone.',
		'code', 'Code of the zone.',
		'name', 'Name of the zone.',
		'parent_code', 'Code of the zone that this one is part of.',
		'zone_level', 'What kind of zone it is: group, ward, district.',
		'tier_rank', 'The rung of the tier, green 0 to dark red 5; empty where unknown or outside the ladder.',
		'tier', 'The tier, by the policy''s own key, or unknown.',
		'tier_label', 'Name of the tier in the map''s language.',
		'tier_color', 'Colour of the tier, as #rrggbb; grey where unknown.',
		'reason', 'Why the zone had its tier.',
		'cases', 'Cases in the window of the policy''s first windowed count.',
		'households_affected', 'Households with cases in that window.',
		'population', 'People who live in the zone.',
		'households', 'Households that live in the zone.',
		'rate_100k', 'Cases per 100,000 people in that window as a whole.',
		'days_since_last', 'Days since the last case; empty where there never was one.',
		'window_start', 'First day of the window.',
		'window_end', 'Last day of the window, the day that was judged.',
		'as_of', 'The day that was assessed.',
		'complete_until', 'The day until which reporting was complete; empty where every day counted as complete.',
		'since', 'First day of the unbroken run of recorded assessments with this tier, as recorded then.',
		'previous_tier', 'The tier in the assessment before.',
		'policy', 'Name of the policy that judged.',
		'zone_set', 'Name of the zone set that was judged.',
		'assessment_id', 'Number of the assessment.',
		'known_at', 'Everything recorded until then was used.',
		'geom', 'The polygon of the zone.',
		'in_force_rank', 'The rung of the tier in force on that day; empty where unknown or outside the ladder, and where nothing was announced.',
		'in_force', 'The tier in force on that day, overrides included; empty where nothing was announced.',
		'in_force_color', 'Colour of the tier in force.',
		'override_reason', 'Why the committee overruled what was announced; empty where no override decided.');
END
$$;
COMMENT ON FUNCTION write_zone_risk_history(text, integer) IS
'Internal, used by create_map: the view zone_risk_history of a layer.';
INSERT INTO layer_part (part, place) VALUES ('zone_risk_history', 80);

CREATE FUNCTION write_risk_timeseries(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM replace_view(map, layer_relation(map, layer_id, 'risk_timeseries'), 'timeseries_id', format($sql$
		SELECT row_number() OVER ()::integer AS timeseries_id,
			   p.day::timestamp AT TIME ZONE (SELECT timezone FROM %1$I.settings) AS "time", p.metric, p.value, p.code, p.parent_code
		FROM (SELECT d.day, d.measure AS metric, d.n::double precision AS value, d.code, d.parent_code FROM %1$I.%2$I d
			  UNION ALL
			  SELECT h.as_of, m.metric, m.value, h.code, h.parent_code FROM %1$I.%3$I h
			  CROSS JOIN LATERAL (VALUES ('tier_rank', h.tier_rank::double precision), ('rate_100k', h.rate_100k),
										 ('households_affected', h.households_affected::double precision)) m (metric, value)
			  WHERE m.value IS NOT NULL) p
	$sql$, map, layer_relation(map, layer_id, 'zone_day'), layer_relation(map, layer_id, 'zone_risk_history')));
	PERFORM comment_table(map, layer_relation(map, layer_id, 'risk_timeseries'),
		'Numbers over time, one a row, for Grafana and others that draw curves: the daily counts of zone_day as they stand now, and of recorded assessments the tier''s rung, the rate and the households affected.',
		'timeseries_id', 'Number of the row, for tools that need a key; another one on the next reading.',
		'time', 'When the day begins in the map''s time zone.',
		'metric', 'What is measured: a measure of that day, cases or community_cases say, where days without are left out; tier_rank, rate_100k or households_affected as the day was assessed.',
		'value', 'The number.',
		'code', 'Code of the zone.',
		'parent_code', 'Code of the zone that this one is part of.');
END
$$;
COMMENT ON FUNCTION write_risk_timeseries(text, integer) IS
'Internal, used by create_map: the view risk_timeseries of a layer.';
INSERT INTO layer_part (part, place) VALUES ('risk_timeseries', 90);
