
CREATE TYPE case_cluster AS (
    cluster_id integer, cases bigint, first_day date, last_day date, curve epicurve, geom geometry, reports text[]
);
COMMENT ON TYPE case_cluster IS 'A row of case_clusters: cases that are linked by place and time.';
COMMENT ON COLUMN case_cluster.cluster_id IS 'Number of the cluster, from 1, by first day, and by its southernmost, then westernmost case of that day; another choice of reports gives other numbers.';
COMMENT ON COLUMN case_cluster.cases IS 'How many cases it has, two or more.';
COMMENT ON COLUMN case_cluster.first_day IS 'The day of its first case.';
COMMENT ON COLUMN case_cluster.last_day IS 'The day of its last case.';
COMMENT ON COLUMN case_cluster.curve IS 'Its cases day by day, for a profile.';
COMMENT ON COLUMN case_cluster.geom IS 'The places of its cases, a multipoint; ST_ConvexHull or ST_Buffer make an area of it.';
COMMENT ON COLUMN case_cluster.reports IS 'The keys of its reports as text, by day; NULL where the table has no column for a key.';

CREATE FUNCTION case_clusters(
    reports regclass, metres double precision DEFAULT 150, days integer DEFAULT 14, as_of date DEFAULT NULL,
    day_column text DEFAULT NULL, point_column text DEFAULT NULL, count_column text DEFAULT NULL,
    key_column text DEFAULT NULL, timezone text DEFAULT NULL)
    RETURNS SETOF case_cluster
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 100 SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_variable
DECLARE
    day_names CONSTANT text[] := '{onset_day,onset_date,report_day,day,date,report_date}';
    report_query text;
    found record;
BEGIN
    IF reports IS NULL OR metres IS NULL OR days IS NULL THEN
        RAISE EXCEPTION 'case_clusters needs reports, metres and days' USING ERRCODE = 'null_value_not_allowed';
    ELSIF NOT isfinite(as_of) THEN
        RAISE EXCEPTION 'as_of is a day of the calendar, not %', as_of
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Without it all reports count.';
    END IF;
    -- an error where metres or days are out of bounds, before anything is read
    PERFORM case_cluster_numbers('{}'::geometry[], '{}', '{}', 0, 1, metres, days);
    day_column := classify_column(reports, day_column, day_names, '{date,timestamp,timestamptz}', 'day_column');
    PERFORM classify_needs(day_column, reports, 'the day', day_names, 'day_column');
    point_column := classify_column(reports, point_column, '{geom,geometry,point}', '{geometry}', 'point_column');
    PERFORM classify_needs(point_column, reports, 'the point', '{geom,geometry,point}', 'point_column');
    count_column := classify_column(reports, count_column, '{n,count}', '{smallint,integer,bigint}', 'count_column');
    key_column := classify_column(reports, key_column, '{report_id,external_id,id,gid,fid}', NULL, 'key_column');

    report_query := format('SELECT ST_Force2D(%I) AS point, %s AS day, %s AS n, %s AS key FROM %s',
        point_column, classify_day(reports, day_column, timezone), coalesce(quote_ident(count_column) || '::integer', '1'),
        coalesce(quote_ident(key_column) || '::text', 'NULL::text'), classify_relation(reports));
    PERFORM show_progress(format('case_clusters: reading the reports of %s', reports), true);
    EXECUTE format('SELECT count(*) AS reports, count(*) FILTER (WHERE point IS NULL OR ST_IsEmpty(point) OR day IS NULL OR n IS NULL) AS unplaced, '
                   'array_agg(DISTINCT ST_SRID(point)) FILTER (WHERE NOT ST_IsEmpty(point)) AS srids, '
                   'min(GeometryType(point)) FILTER (WHERE GeometryType(point) <> ''POINT'' AND NOT ST_IsEmpty(point)) AS no_point FROM (%s) r', report_query) INTO found;
    IF cardinality(found.srids) > 1 THEN
        RAISE EXCEPTION 'the points of % are in several reference systems', reports
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('Their SRIDs are %s.', array_to_string(found.srids, ', ')),
                  HINT = 'Bring all to one SRID with ST_Transform, in a view.';
    ELSIF found.no_point IS NOT NULL THEN
        RAISE EXCEPTION 'cases are at points, and % has a %', reports, found.no_point
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Use a point, for instance ST_PointOnSurface(geometry).';
    ELSIF found.unplaced > 0 THEN
        RAISE NOTICE 'reports that are not placed: % of %', found.unplaced, found.reports
            USING DETAIL = 'They have no point, no day or no count; the clusters do not know of them.';
    END IF;
    PERFORM show_progress(format('case_clusters: linking %s reports', found.reports), true);
    RETURN QUERY EXECUTE format($sql$
        WITH listed AS (
            SELECT array_agg(point) AS points, array_agg(day) AS days, array_agg(n) AS counts, array_agg(key) AS keys, min(ST_SRID(point)) AS srid
            FROM (%s) r WHERE NOT ST_IsEmpty(point) AND day <= coalesce($3, 'infinity') AND n <> 0
        ), numbered AS (
            SELECT u.* FROM listed l, unnest(l.points, l.days, l.counts, l.keys, case_cluster_numbers(l.points, l.days, l.counts, l.srid,
                metres_per_unit(l.srid), $1, $2)) u(point, day, n, key, cluster_id)
        )
        SELECT cluster_id, sum(n), min(day), max(day), epicurve_agg(day, n),
               ST_Multi(ST_CollectionHomogenize(ST_Collect(point ORDER BY day, ST_Y(point), ST_X(point)))),
               CASE WHEN $4 THEN array_agg(key ORDER BY day, key COLLATE "C") END
        FROM numbered WHERE cluster_id IS NOT NULL GROUP BY cluster_id ORDER BY cluster_id
    $sql$, report_query) USING metres, days, as_of, key_column IS NOT NULL;
    PERFORM show_progress(NULL);
END
$$;
COMMENT ON FUNCTION case_clusters(regclass, double precision, integer, date, text, text, text, text, text) IS
'Clusters of cases near each other in place and time, as Singapore counts them for dengue. Two cases are linked where they are at most metres apart and their days at most days; a cluster is two cases or more that are linked one to the next, however far its ends are from each other. Reports after as_of do not count (NULL: all count): a cluster of that day may be part of a larger one later. A row that counts n cases is n cases at one place on one day. Distances are in metres: by the unit of the SRID for projections, on the ellipsoid of WGS 84 for degrees, where they are right to a millimetre at a kilometre and do not go across the 180th meridian; SRID 0 is taken as metres. metres is from 0 to 100,000, days from 0 to 36,600; other values, points of several SRIDs, negative counts and infinite days are errors. Columns are found by name: the first of onset_day, onset_date, report_day, day, date, report_date (a timestamptz needs timezone); geom, geometry or point; n or count; and a key of report_id, external_id, id, gid, fid, by which the reports of a cluster are listed. The arguments *_column name others. A notice says how many reports have no place, day or count. Judge a cluster by its curve: profile(''as_of'', day, ''cases'', curve) @@ policy(''sg_dengue''). With the caller''s rights.';
