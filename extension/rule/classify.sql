
CREATE TYPE classified_zone AS (
    zone_id integer, code text, name text, tier_rank smallint, tier text, tier_label text, tier_color text,
    reason text, cases integer, households_affected integer, population integer, households integer,
    rate_100k double precision, days_since_last integer, window_start date, window_end date,
    complete_until date, as_of date
);
COMMENT ON TYPE classified_zone IS
'A row of classify: one zone on one as-of day, with the columns of judge and of zone_risk.';
COMMENT ON COLUMN classified_zone.zone_id IS 'The zone''s integer id, or its position by code where the table has none.';
COMMENT ON COLUMN classified_zone.code IS 'The zone''s code, or its id as text where the table has none.';
COMMENT ON COLUMN classified_zone.name IS 'The zone''s name; NULL where the table has none.';
COMMENT ON COLUMN classified_zone.tier_rank IS 'Rung of the tier, green = 0 .. dark_red = 5; NULL where unknown or outside the ladder.';
COMMENT ON COLUMN classified_zone.tier IS 'The policy''s own key of the tier, or ''unknown''.';
COMMENT ON COLUMN classified_zone.tier_label IS 'Name of the tier in the language asked for.';
COMMENT ON COLUMN classified_zone.tier_color IS 'Colour of the tier, #rrggbb; grey #bdbdbd where unknown.';
COMMENT ON COLUMN classified_zone.reason IS 'Why this tier, or which input is missing and what is left, in the language asked for.';
COMMENT ON COLUMN classified_zone.cases IS 'Count in the first window of the policy.';
COMMENT ON COLUMN classified_zone.households_affected IS 'Distinct households behind it; NULL where they are not known.';
COMMENT ON COLUMN classified_zone.population IS 'People in the zone; NULL where not known.';
COMMENT ON COLUMN classified_zone.households IS 'Households in the zone; NULL where not known.';
COMMENT ON COLUMN classified_zone.rate_100k IS 'Cases per 100,000 people in the window as a whole.';
COMMENT ON COLUMN classified_zone.days_since_last IS 'Days since the last case; NULL where there never was one.';
COMMENT ON COLUMN classified_zone.window_start IS 'First day of the window.';
COMMENT ON COLUMN classified_zone.window_end IS 'Last day of the window.';
COMMENT ON COLUMN classified_zone.complete_until IS 'Day until which reporting is complete; NULL where it was not said.';
COMMENT ON COLUMN classified_zone.as_of IS 'The day that is judged.';

-- A column by the name that was given, or else the first of the names that are tried.
CREATE FUNCTION classify_column(relation regclass, given text, names text[], types regtype[], argument text)
    RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    column_name text;
    has_types text;
BEGIN
    SELECT a.attname INTO column_name
      FROM pg_attribute a, unnest(CASE WHEN given IS NULL THEN names ELSE ARRAY[given] END) WITH ORDINALITY AS n(name, rank)
     WHERE a.attrelid = relation AND a.attname = n.name AND a.attnum > 0 AND NOT a.attisdropped
       AND (types IS NULL OR a.atttypid = ANY (types::oid[]))
     ORDER BY n.rank LIMIT 1;
    IF column_name IS NULL AND given IS NOT NULL THEN
        SELECT format_type(a.atttypid, a.atttypmod) INTO has_types
          FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = given AND a.attnum > 0 AND NOT a.attisdropped;
        RAISE EXCEPTION '%', CASE WHEN has_types IS NULL
                THEN format('%s has no column "%s"', relation, given)
                ELSE format('column "%s" of %s is of type %s', given, relation, has_types) END
            USING ERRCODE = CASE WHEN has_types IS NULL THEN 'undefined_column' ELSE 'datatype_mismatch' END,
                  DETAIL = classify_columns(relation),
                  HINT = concat(argument || ' names a column',
                                ' of type ' || array_to_string(types::text[], ', '), '.');
    END IF;
    RETURN column_name;
END
$$;
COMMENT ON FUNCTION classify_column(regclass, text, text[], regtype[], text) IS
'Internal. The column of a table that classify reads: given, or the first of names that exists and has one of types (NULL = any); NULL where there is none. A given column that is not there or of another type is an error; argument is the name under which it was given.';

CREATE FUNCTION classify_columns(relation regclass) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT concat('Its columns are: ', string_agg(concat(a.attname, ' (', format_type(a.atttypid, a.atttypmod), ')'), ', ' ORDER BY a.attnum), '.')
      FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped;
END;
COMMENT ON FUNCTION classify_columns(regclass) IS
'Internal. A sentence that lists the columns of a table with their types, for errors.';

CREATE FUNCTION classify_needs(column_name text, relation regclass, what text, names text[], argument text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    IF column_name IS NULL THEN
        RAISE EXCEPTION '% has no column for %', relation, what
            USING ERRCODE = 'undefined_column',
                  DETAIL = concat('Looked for ', array_to_string(names, ', '), '. ', classify_columns(relation)),
                  HINT = CASE WHEN argument IS NULL THEN 'Rename the column in a view.'
                              ELSE format('Name it with %s => ''…''.', argument) END;
    END IF;
END
$$;
COMMENT ON FUNCTION classify_needs(text, regclass, text, text[], text) IS
'Internal. Raises the error of classify about a column that was not found: what it is for, the names that were tried, and those that are there.';

-- Bare, it could be taken for one of the queries below.
CREATE FUNCTION classify_relation(relation regclass) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = relation;
END;
COMMENT ON FUNCTION classify_relation(regclass) IS
'Internal. The name of a relation with its schema, as SQL text; NULL where there is no such relation.';

-- Text as people mean it: composed, without white space around it, bytewise.
CREATE FUNCTION classify_clean(column_name text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10
BEGIN ATOMIC
    SELECT format('nullif(clean_text(%I::text), '''') COLLATE "C"', column_name);
END;
COMMENT ON FUNCTION classify_clean(text) IS
'Internal. SQL text for a column whose values are compared as people mean it, by clean_text, byte by byte; empty is NULL. NULL for no column.';

CREATE FUNCTION classify_zones(zones regclass, with_polygon boolean) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    id_column text := classify_column(zones, NULL, '{zone_id,id,gid,fid}', '{smallint,integer,bigint}', NULL);
    code_column text := classify_column(zones, NULL, '{code}', NULL, NULL);
    name_column text := classify_column(zones, NULL, '{name}', NULL, NULL);
    population_column text := classify_column(zones, NULL, '{population}', NULL, NULL);
    households_column text := classify_column(zones, NULL, '{households}', NULL, NULL);
    polygon_column text := classify_column(zones, NULL, '{geom,geometry}', '{geometry}', NULL);
    parent_column text := classify_column(zones, NULL, '{parent_code}', NULL, NULL);
    parent_id_column text := classify_column(zones, NULL, '{parent_id}', '{smallint,integer,bigint}', NULL);
    level_column text := classify_column(zones, NULL, '{level,zone_level}', NULL, NULL);
BEGIN
    IF with_polygon THEN
        PERFORM classify_needs(polygon_column, zones, 'the polygon', '{geom,geometry}', NULL);
    END IF;
    IF id_column IS NULL THEN
        PERFORM classify_needs(code_column, zones, 'the zone', '{zone_id,id,gid,fid,code}', NULL);
    END IF;
    RETURN format('SELECT %s AS zone_id, %s AS code, %s AS name, %s AS population, %s AS households, %s AS parent_code, %s AS parent_id, %s AS level%s FROM %s',
        CASE WHEN id_column IS NULL
             THEN format('(row_number() OVER (ORDER BY %s))::integer', classify_clean(code_column))
             ELSE format('%I::integer', id_column) END,
        classify_clean(coalesce(code_column, id_column)),
        coalesce(quote_ident(name_column) || '::text', 'NULL::text'),
        coalesce(quote_ident(population_column) || '::integer', 'NULL::integer'),
        coalesce(quote_ident(households_column) || '::integer', 'NULL::integer'),
        coalesce(classify_clean(parent_column), 'NULL::text'),
        CASE WHEN id_column IS NULL OR parent_id_column IS NULL THEN 'NULL::integer' ELSE format('%I::integer', parent_id_column) END,
        coalesce(classify_clean(level_column), 'NULL::text'),
        CASE WHEN with_polygon THEN format(', %I AS polygon', polygon_column) END,
        classify_relation(zones));
END
$$;
COMMENT ON FUNCTION classify_zones(regclass, boolean) IS
'Internal. SQL text of the zones that classify reads: zone_id, code, name, population, households, parent_code, parent_id, level and, where asked for, polygon.';

CREATE FUNCTION classify_day(reports regclass, day_column text, timezone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    day_type regtype := (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = reports AND a.attname = day_column);
BEGIN
    IF day_type <> 'timestamptz'::regtype THEN
        RETURN format('%I::date', day_column);
    ELSIF timezone IS NULL THEN
        RAISE EXCEPTION 'column "%" of % holds moments, and their day depends on the time zone', day_column, reports
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Name the zone in which people count days: timezone => ''Asia/Ho_Chi_Minh''.';
    END IF;
    RETURN format('(%I AT TIME ZONE %L)::date', day_column, timezone);
END
$$;
COMMENT ON FUNCTION classify_day(regclass, text, text) IS
'Internal. SQL text of the day of a report; a timestamptz needs the time zone in which people count days.';

CREATE FUNCTION classify_place_by_point(zone_query text, report_query text, measures text[], with_households boolean)
    RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN format(
        'WITH counted AS (SELECT %s, count(*) AS reports, count(*) FILTER (WHERE measure IS NULL) AS unnamed FROM (%s) r), '
        'curve AS (%s) '
        'SELECT array_agg(zone_id), array_agg(measure), array_agg(curve), '
        '(SELECT reports FROM counted), (SELECT %s FROM counted), (SELECT unnamed FROM counted) FROM curve',
        (SELECT string_agg(format('tally_agg($1, point, day, n%s) FILTER (WHERE measure = %L) AS tally%s',
                CASE WHEN with_households THEN ', household' END, m, i), ', ')
           FROM unnest(measures) WITH ORDINALITY AS u(m, i)),
        report_query,
        (SELECT string_agg(format('SELECT z.zone_id, %L AS measure, z.curve FROM counted, tally_zones(counted.tally%s) z', m, i), ' UNION ALL ')
           FROM unnest(measures) WITH ORDINALITY AS u(m, i)),
        (SELECT string_agg(format('coalesce(unplaced_count(tally%s), 0)', i), ' + ')
           FROM unnest(measures) WITH ORDINALITY AS u(m, i)));
END
$$;
COMMENT ON FUNCTION classify_place_by_point(text, text, text[], boolean) IS
'Internal. SQL text that places and counts reports by their points in one pass, through tally_agg. $1 is the zone_index. Gives zones, measures and curves as three lists, and how many reports there are, are not placed, name no measure.';

CREATE FUNCTION classify_place_by_code(
    zone_query text, report_query text, measures text[], with_households boolean, with_points boolean)
    RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    -- A key stands for a household of a zone: "12" in two groups is two households in their ward.
    household text := CASE WHEN with_households THEN ', zone_id || '' '' || household' END;
    nobody text := CASE WHEN with_households THEN ', NULL::text' END;
BEGIN
    RETURN format(
        -- grouped, so that the planner knows a code for that of one zone and does not sort the reports
        'WITH zone AS (SELECT min(zone_id) AS zone_id, code FROM (%s) z GROUP BY code), '
        'placed AS (SELECT %s AS zone_id, r.measure, r.day, r.n, r.household FROM (%s) r LEFT JOIN zone z ON z.code = r.code), '
        -- a row that epicurve_agg refuses is refused on any day
        'counted AS (SELECT zone_id, measure, '
        'epicurve_agg(day, n%s) FILTER (WHERE day BETWEEN $2 AND $4 OR n < 0 OR NOT isfinite(day)) AS curve, '
        'max(day) FILTER (WHERE day < $2 AND n > 0) AS latest, count(*) AS reports, '
        'count(*) FILTER (WHERE zone_id IS NULL OR day IS NULL OR n IS NULL) AS unplaced FROM placed GROUP BY zone_id, measure), '
        'curve AS (SELECT zone_id, measure, CASE WHEN latest IS NULL OR first_day(curve) <= $3 THEN curve '
        'ELSE coalesce(curve + earlier, earlier) END AS curve, reports, unplaced '
        'FROM (SELECT *, (SELECT epicurve_agg(d.day, 1%s) FROM (SELECT c.latest AS day) d) AS earlier FROM counted c) c) '
        'SELECT array_agg(zone_id) FILTER (WHERE %s), array_agg(measure) FILTER (WHERE %6$s), array_agg(curve) FILTER (WHERE %6$s), '
        'coalesce(sum(reports), 0)::bigint, coalesce(sum(unplaced) FILTER (WHERE measure = ANY (%L)), 0)::bigint, '
        'coalesce(sum(reports) FILTER (WHERE measure IS NULL), 0)::bigint FROM curve',
        zone_query,
        CASE WHEN with_points THEN 'coalesce(z.zone_id, locate($1, r.point))' ELSE 'z.zone_id' END,
        report_query, household, nobody,
        format('zone_id IS NOT NULL AND measure = ANY (%L)', measures),
        measures);
END
$$;
COMMENT ON FUNCTION classify_place_by_code(text, text, text[], boolean, boolean) IS
'Internal. SQL text that places reports by their code and, where it names no zone, by their point, and counts those from day $2 to $4; of the days before $2, the last one with a report, for zones without one from $2 to $3. $1 and the result are as in classify_place_by_point.';

CREATE FUNCTION classify_judge(zones regclass, policy risk_policy, with_households boolean, value_query text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    asked CONSTANT record := policy_relations(policy);
    counts_up CONSTANT boolean := classify_counts_up(zones, policy);
    gap_m CONSTANT double precision := policy_neighbour_gap(policy);
    facts text;
    sources text;
    family text := '';
BEGIN
    SELECT string_agg(CASE kind
                WHEN 'count' THEN format(', %L, coalesce(s%s.curve, nothing.curve)', name, i)
                WHEN 'reserved' THEN ''
                WHEN 'relation' THEN ''
                ELSE format(', %L, s%s.series', name, i) END, ''),
           string_agg(CASE kind
                WHEN 'count' THEN format(' LEFT JOIN curve s%s ON s%1$s.zone_id = z.zone_id AND s%1$s.measure = %L', i, name)
                WHEN 'reserved' THEN ''
                WHEN 'relation' THEN ''
                ELSE format(' LEFT JOIN (SELECT code, value_series_agg(day, value::text::%s) AS series FROM value '
                            'WHERE name = %L GROUP BY code) s%s ON s%3$s.code = z.code',
                            CASE kind WHEN 'number' THEN 'numeric' ELSE 'boolean' END, name, i) END, '')
      INTO facts, sources
      FROM policy_inputs(policy) WITH ORDINALITY AS input(name, kind, needs_households, look_back, keep_days, if_missing, i)
     WHERE kind = 'count' OR kind = 'reserved' OR value_query IS NOT NULL;
    IF counts_up THEN
        -- What is counted in a zone is counted in all that it is part of. UNION ends even where one is above itself.
        family := format('family AS (%s), above AS (SELECT zone_id, zone_id AS ancestor_id FROM zone UNION '
            'SELECT a.zone_id, f.parent_id FROM above a JOIN family f ON f.zone_id = a.ancestor_id), ', classify_family());
        sources := concat(sources, ' LEFT JOIN family f ON f.zone_id = z.zone_id');
    END IF;
    IF asked.neighbours THEN
        family := family || format('beside AS (%s), ', classify_neighbours(gap_m));
        sources := concat(sources, ' LEFT JOIN beside b ON b.zone_id = z.zone_id');
    END IF;
    IF (asked.parents OR asked.neighbours) AND NOT EXISTS (SELECT FROM policy_inputs(policy) i WHERE i.name = 'name') THEN
        facts := concat(facts, ', ''name'', coalesce(z.name, z.code)');
    END IF;
    RETURN format(
        'WITH RECURSIVE zone AS (%s), value AS (%s), %s'
        'curve AS (SELECT %s), '
        'nothing AS (SELECT epicurve_agg(NULL::date, 1%s) AS curve) '
        'SELECT v.zone_id, z.code, z.name, v.tier_rank, v.tier, v.tier_label, v.tier_color, v.reason, v.cases, '
        'v.households_affected, z.population, z.households, v.rate_100k, v.days_since_last, v.window_start, v.window_end, '
        'v.complete_until, v.as_of '
        'FROM (SELECT judge_agg(z.zone_id, %s, %s, '
        'profile(''population'', z.population, ''households'', z.households%s), '
        '%s, NULL, $6, $4, $7) AS all_zones FROM zone z CROSS JOIN nothing%s) j '
        'CROSS JOIN LATERAL judge_days(j.all_zones, $5, $8) v JOIN zone z ON z.zone_id = v.zone_id '
        'ORDER BY v.as_of, v.zone_id',
        classify_zones(zones, asked.neighbours),
        coalesce(value_query, 'SELECT NULL::text AS code, NULL::text AS name, NULL::date AS day, NULL::text AS value WHERE false'), family,
        CASE WHEN counts_up THEN 'a.ancestor_id AS zone_id, c.measure, sum(c.curve) AS curve FROM unnest($1, $2, $3) AS c(zone_id, measure, curve) '
                                     'JOIN above a ON a.zone_id = c.zone_id GROUP BY a.ancestor_id, c.measure'
             ELSE '* FROM unnest($1, $2, $3) AS c(zone_id, measure, curve)' END,
        CASE WHEN with_households THEN ', NULL::text' END,
        CASE WHEN asked.parents THEN 'f.parent_id' ELSE 'NULL' END,
        CASE WHEN asked.parents OR asked.neighbours OR asked.levels THEN 'z.level' ELSE 'NULL' END, facts,
        CASE WHEN asked.neighbours THEN (SELECT string_agg(format('CASE WHEN z.polygon IS NOT NULL THEN coalesce(b.%s, ''{}'') END', l), ', ' ORDER BY i)
                                           FROM unnest('{neighbours,shared_m,gap_m}'::text[]) WITH ORDINALITY AS u(l, i))
             ELSE 'NULL, NULL, NULL' END, sources);
END
$$;
COMMENT ON FUNCTION classify_judge(regclass, risk_policy, boolean, text) IS
'Internal. SQL text that judges all zones on each day, as a view would: profile, judge_agg, judge_days. $1 to $3 are the zones, measures and curves as three lists, $4 and $5 the first and last day, $6 the policy, $7 the start, $8 the language.';

CREATE FUNCTION classify_values(zone_query text, zone_values regclass, policy risk_policy) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    code_column text := classify_column(zone_values, NULL, '{zone_code,code}', NULL, NULL);
    name_column text := classify_column(zone_values, NULL, '{name}', NULL, NULL);
    day_column text := classify_column(zone_values, NULL, '{day}', '{date}', NULL);
    value_column text := classify_column(zone_values, NULL, '{value}', NULL, NULL);
    value_query text;
    stray bigint;
    absent text;
BEGIN
    PERFORM classify_needs(code_column, zone_values, 'the code of the zone', '{zone_code,code}', NULL);
    PERFORM classify_needs(name_column, zone_values, 'the name of the value', '{name}', NULL);
    PERFORM classify_needs(day_column, zone_values, 'the day as a date', '{day}', NULL);
    PERFORM classify_needs(value_column, zone_values, 'the value', '{value}', NULL);
    value_query := format('SELECT %s AS code, %s AS name, %I AS day, %I AS value FROM %s',
        classify_clean(code_column), classify_clean(name_column), day_column, value_column, classify_relation(zone_values));
    PERFORM classify_check_values(zone_values, value_query, policy);
    EXECUTE format('SELECT count(*) FROM (%s) v WHERE v.name = ANY ($1) AND '
                   '(v.day IS NULL OR v.code IS NULL OR v.code NOT IN (SELECT code FROM (%s) z WHERE code IS NOT NULL))',
                   value_query, zone_query)
       INTO stray USING ARRAY(SELECT i.name FROM policy_inputs(policy) i WHERE i.kind IN ('number', 'yesno'));
    IF stray > 0 THEN
        RAISE NOTICE 'rows of % that name no zone or no day: %', zone_values, stray;
    END IF;
    EXECUTE format('SELECT string_agg(quote_literal(i.name), '', '' ORDER BY i.name) FROM policy_inputs($1) i '
                   'WHERE i.kind IN (''number'', ''yesno'') AND NOT EXISTS (SELECT FROM (%s) v WHERE v.name = i.name)', value_query)
       INTO absent USING policy;
    IF absent IS NOT NULL THEN
        RAISE NOTICE 'no row of % is the value %', zone_values, absent USING DETAIL = 'The policy asks for it, and in every zone it is missing.';
    END IF;
    RETURN value_query;
END
$$;
COMMENT ON FUNCTION classify_values(text, regclass, risk_policy) IS
'Internal. SQL text of the zone values that classify reads: code, name, day, value. A notice says how many of those the policy asks for name no zone or no day, and which have no row.';

CREATE FUNCTION classify(
    zones regclass, reports regclass, policy risk_policy, as_of date, until date DEFAULT NULL, start date DEFAULT NULL,
    day_column text DEFAULT NULL, point_column text DEFAULT NULL, code_column text DEFAULT NULL,
    household_column text DEFAULT NULL, count_column text DEFAULT NULL, measure_column text DEFAULT NULL,
    zone_values regclass DEFAULT NULL, timezone text DEFAULT NULL, lang text DEFAULT 'en')
    RETURNS SETOF classified_zone
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_variable
DECLARE
    day_names CONSTANT text[] := '{report_day,day,date,onset_day,onset_date,report_date}';
    measures CONSTANT text[] := ARRAY(SELECT i.name FROM policy_inputs(policy) i WHERE i.kind = 'count');
    with_households CONSTANT boolean := EXISTS (SELECT FROM policy_inputs(policy) i WHERE i.needs_households);
    asked CONSTANT record := policy_relations(policy);
    counts_up CONSTANT boolean := zones IS NOT NULL AND policy IS NOT NULL AND classify_counts_up(zones, policy);
    by_code boolean;
    by_point boolean := point_column IS NOT NULL;
    zone_query text;
    report_query text;
    value_query text;
    zone_name text;
    index zone_index;
    zone_ids integer[];
    curve_measures text[];
    curves epicurve[];
    report_count bigint := 0;
    unplaced bigint := 0;
    unnamed bigint := 0;
    uncounted text;
    silently boolean;
BEGIN
    IF zones IS NULL OR reports IS NULL OR policy IS NULL OR as_of IS NULL THEN
        RAISE EXCEPTION 'classify needs zones, reports, a policy and an as-of day'
            USING ERRCODE = 'null_value_not_allowed';
    ELSIF NOT isfinite(as_of) OR NOT isfinite(coalesce(until, as_of)) OR until < as_of THEN
        RAISE EXCEPTION 'as_of and until are days of the calendar, and until is not before as_of'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('as_of is %s, until is %s.', as_of, coalesce(until, as_of));
    END IF;

    day_column := classify_column(reports, day_column, day_names, '{date,timestamp,timestamptz}', 'day_column');
    PERFORM classify_needs(day_column, reports, 'the day as a date or timestamp', day_names, 'day_column');
    point_column := classify_column(reports, point_column, '{geom,geometry,point}', '{geometry}', 'point_column');
    code_column := classify_column(reports, code_column, '{zone_code,code}', NULL, 'code_column');
    count_column := classify_column(reports, count_column, '{n,count}', '{smallint,integer,bigint}', 'count_column');
    measure_column := classify_column(reports, measure_column, '{measure}', NULL, 'measure_column');
    IF with_households THEN
        household_column := classify_column(reports, household_column, '{household}', NULL, 'household_column');
        PERFORM classify_needs(household_column, reports, 'the household, which the policy asks for', '{household}', 'household_column');
    END IF;
    by_code := code_column IS NOT NULL;
    -- Codes will do for zones without polygons; a point that was named must be of use.
    by_point := point_column IS NOT NULL AND (by_point OR NOT by_code
        OR classify_column(zones, NULL, '{geom,geometry}', '{geometry}', NULL) IS NOT NULL);
    PERFORM classify_needs(coalesce(point_column, code_column), reports, 'the point or the code of the zone',
                           '{geom,geometry,point,zone_code,code}', 'point_column or code_column');
    IF measure_column IS NULL AND cardinality(measures) > 1 THEN
        RAISE EXCEPTION 'the policy counts %, but % does not say which report is which', array_to_string(measures, ' and '), reports
            USING ERRCODE = 'undefined_column', DETAIL = classify_columns(reports),
                  HINT = 'Name the column that holds the measure with measure_column => ''…''.';
    END IF;

    IF asked.parents THEN
        PERFORM classify_needs(coalesce(classify_column(zones, NULL, '{parent_code}', NULL, NULL),
                                        classify_column(zones, NULL, '{parent_id}', '{smallint,integer,bigint}', NULL)),
                               zones, 'what a zone is part of, which the policy asks for', '{parent_code,parent_id}', NULL);
    END IF;
    IF asked.levels THEN
        PERFORM classify_needs(classify_column(zones, NULL, '{level,zone_level}', NULL, NULL), zones,
                               'the level of a zone, which the policy asks for', '{level,zone_level}', NULL);
    END IF;
    zone_query := classify_zones(zones, by_point OR asked.neighbours);
    report_query := format('SELECT %s AS code, %s AS point, %s AS day, %s AS n, %s AS household, %s AS measure FROM %s',
        coalesce(classify_clean(code_column), 'NULL::text'),
        coalesce(quote_ident(point_column), 'NULL::geometry'),
        classify_day(reports, day_column, timezone),
        coalesce(quote_ident(count_column) || '::integer', '1'),
        -- Tallies clean the names of households themselves.
        CASE WHEN NOT with_households THEN 'NULL::text' WHEN by_code THEN classify_clean(household_column)
             ELSE quote_ident(household_column) || '::text' END,
        coalesce(classify_clean(measure_column), quote_nullable(measures[1]) || '::text'),
        classify_relation(reports));

    zone_name := coalesce(classify_column(zones, NULL, '{code}', NULL, NULL), classify_column(zones, NULL, '{zone_id,id,gid,fid}', NULL, NULL));
    PERFORM classify_check_integers(zones, classify_column(zones, NULL, '{zone_id,id,gid,fid}', '{smallint,integer,bigint}', NULL), zone_name,
                                    'Number the zones anew in a view, or leave the number out: they are then known by their code.');
    PERFORM classify_check_integers(zones, classify_column(zones, NULL, ARRAY[n], NULL, NULL), zone_name, 'NULL says that a number is not known.')
       FROM unnest('{population,households}'::text[]) n;
    PERFORM classify_check_integers(zones, classify_column(zones, NULL, '{parent_id}', '{bigint}', NULL), zone_name, 'Name the parent by parent_code in a view.');
    PERFORM classify_check_integers(reports, count_column, code_column, 'No report stands for as many cases; NULL says that it does not count.');
    -- Small tables take no time that anybody would ask about.
    silently := coalesce((SELECT reltuples FROM pg_class WHERE oid = reports), 0) < 1000000;
    PERFORM show_progress(format('classify: checking the zones of %s', zones), silently);
    PERFORM classify_check_zones(zones, zone_query, by_code OR counts_up);
    IF asked.parents THEN
        PERFORM classify_check_parents(zones, zone_query);
    END IF;
    IF by_point THEN
        EXECUTE format('SELECT zone_index_agg(zone_id, polygon) FROM (%s) z', classify_placed_zones(zone_query, counts_up)) INTO index;
    END IF;
    PERFORM show_progress(format('classify: placing and counting the reports of %s', reports), silently);
    IF cardinality(measures) > 0 THEN
        EXECUTE CASE WHEN by_code THEN classify_place_by_code(zone_query, report_query, measures, with_households, by_point)
                     ELSE classify_place_by_point(zone_query, report_query, measures, with_households) END
           INTO zone_ids, curve_measures, curves, report_count, unplaced, unnamed
          USING index, policy_first_day(policy, policy_review_day(policy, as_of)), policy_review_day(policy, as_of), coalesce(until, as_of);
    END IF;
    IF unplaced > 0 THEN
        RAISE NOTICE 'reports that are not placed: % of %', unplaced, report_count
            USING DETAIL = 'They have no zone, no day or no count; the tiers do not know of them.';
    END IF;
    IF unnamed > 0 THEN
        RAISE NOTICE 'reports that name no measure: % of %', unnamed, report_count;
    END IF;
    IF measure_column IS NOT NULL THEN
        SELECT string_agg(quote_literal(m), ', ') INTO uncounted FROM unnest(measures) m WHERE m = ANY (curve_measures) IS NOT TRUE;
        IF uncounted IS NOT NULL THEN
            RAISE NOTICE 'no placed report is one of %', uncounted
                USING DETAIL = 'The policy counts them, and counts 0 in every zone.';
        END IF;
    END IF;

    IF zone_values IS NOT NULL THEN
        value_query := classify_values(zone_query, zone_values, policy);
    END IF;
    PERFORM show_progress(format('classify: %s reports counted, judging the zones on %s days', report_count, coalesce(until, as_of) - as_of + 1), silently);
    RETURN QUERY EXECUTE classify_judge(zones, policy, with_households, value_query)
        USING zone_ids, curve_measures, curves, as_of, coalesce(until, as_of), policy, start, coalesce(lang, 'en');
    PERFORM show_progress(NULL);
END
$$;
COMMENT ON FUNCTION classify(regclass, regclass, risk_policy, date, date, date, text, text, text, text, text, text, regclass, text, text) IS
'Judges every zone of one table by the reports of another, on each day from as_of to until (NULL = as_of alone), in one statement and with the caller''s rights; tables, views and foreign tables will do. Columns are found by name. Zones: zone_id, id, gid or fid (an integer; without one zones are numbered by code), code, name, geom or geometry, population, households. Reports: the first of report_day, day, date, onset_day, onset_date, report_date (a date or timestamp; a timestamptz needs timezone); geom, geometry or point; zone_code or code; household; n or count (an integer; without one each row is one case); measure. The arguments *_column name others. A report is placed by its code and, where that names no zone, by its point; zones without polygons are found by code alone. measure_column splits the counts of a policy with several; without one all reports count for the policy''s only one. A policy that asks for households needs the column household. zone_values is a table (zone_code or code, name, day, value) for the policy''s numbers and yes/no values. start is the first day of the chain of reviews. Where the policy asks for them: neighbours are found from the polygons, of zones of one level (level or zone_level); what a zone is part of is parent_code or parent_id, points are then placed in zones that are nobody''s parent, and what is counted in a zone is counted in all that it is part of; a parent that is not there is an error. lang is ''en'', also where NULL, or ''vi''. A notice says how many reports are not placed, which of the policy''s counts no report is of, and which of its values zone_values does not have. How far it is stands in pg_stat_activity, and in notices where the reports are a million or more. A column that is missing is an error that lists those there are.';
