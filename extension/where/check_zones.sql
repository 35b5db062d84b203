-- Faults of a table of zones. One statement on PostGIS: the fault is worth more than the millisecond.

CREATE FUNCTION zone_column(relation regclass, named text, names text[], purpose text, spatial boolean)
RETURNS name
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000
SET search_path FROM CURRENT
AS $$
DECLARE
	wanted text[] := CASE WHEN named IS NULL THEN names ELSE ARRAY[named] END;
	found name;
	candidates text;
BEGIN
	IF named = '' THEN
		RETURN NULL;
	END IF;
	SELECT attname INTO found
	FROM pg_catalog.pg_attribute
	WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND attname = ANY (wanted)
		AND (NOT spatial OR atttypid = 'geometry'::regtype)
	ORDER BY array_position(wanted, attname::text)
	LIMIT 1;
	IF found IS NULL AND (named IS NOT NULL OR spatial) THEN
		SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO candidates
		FROM pg_catalog.pg_attribute
		WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
			AND (NOT spatial OR atttypid = 'geometry'::regtype);
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('%s has no %s column %s%s', relation,
				CASE WHEN spatial THEN 'geometry' ELSE purpose END,
				CASE WHEN named IS NULL THEN 'named ' ELSE '' END, array_to_string(wanted, ', ')),
			DETAIL = CASE
				WHEN candidates IS NOT NULL THEN format('Candidates: %s.', candidates)
				WHEN spatial THEN 'It has no column of type geometry.'
				ELSE 'It has no columns.' END,
			HINT = format('Name the column: %s_column => ''...''.', purpose);
	END IF;
	RETURN found;
END
$$;

COMMENT ON FUNCTION zone_column(regclass, text, text[], text, boolean) IS
'Internal. The column of a relation that the caller named, or else the first of the documented default names that it has. A named column that is not there, or no geometry column, is an error that lists the candidates; an empty name says that there is none and gives NULL, as does a missing column that can be done without.';

CREATE FUNCTION zone_in_srid(zone geometry, srid integer, extent geometry) RETURNS geometry
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000
SET search_path FROM CURRENT
AS $$
BEGIN
	IF ST_SetSRID(zone, srid) && extent OR ST_SRID(zone) = 0 THEN
		RETURN ST_SetSRID(zone, srid);
	END IF;
	RETURN ST_Transform(zone, srid);
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION zone_in_srid(geometry, integer, geometry) IS
'Internal. Where a zone of another SRID most likely lies: as it stands if that is within the extent of the other zones, else transformed; NULL where it cannot be.';

CREATE FUNCTION check_zones(
	relation regclass,
	id_column text DEFAULT NULL,
	code_column text DEFAULT NULL,
	geom_column text DEFAULT NULL,
	parent_column text DEFAULT NULL,
	tolerance_m double precision DEFAULT 0,
	min_area_m2 double precision DEFAULT 0.01)
RETURNS TABLE (severity text, problem text, zone text, other_zone text, area_m2 double precision, location geometry)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 100
SET search_path FROM CURRENT SET jit = off
AS $$
DECLARE
	-- Twins of a border are closer than this: rounding, not drawing.
	noise_m CONSTANT double precision := 0.001;
	id_name name;
	code_name name;
	geom_name name;
	parent_name name;
	-- Bare, it could be taken for one of the queries below.
	qualified text := (
		SELECT format('%I.%I', nspname, relname)
		FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
		WHERE c.oid = relation);
	tidy CONSTANT text := 'nullif(clean_text(%s), '''')';
	zone_srid integer;
	known boolean;
	metres double precision;  -- in one unit of the SRID; NULL: degrees
	query text;
BEGIN
	IF relation IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'relation must not be null',
			HINT = 'Name a table or view of zones: check_zones(''ward'').';
	END IF;
	IF NOT tolerance_m BETWEEN 0 AND 1e7 OR NOT min_area_m2 BETWEEN 0 AND 1e15
		OR tolerance_m IS NULL OR min_area_m2 IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'tolerance_m and min_area_m2 must be 0 or more',
			DETAIL = format('tolerance_m is %s, min_area_m2 is %s.', tolerance_m, min_area_m2),
			HINT = 'They are metres, at most 1e7, and square metres, at most 1e15.';
	END IF;
	id_name := zone_column(relation, id_column, '{zone_id,id,gid}', 'id', false);
	code_name := zone_column(relation, code_column, '{code}', 'code', false);
	geom_name := zone_column(relation, geom_column, '{geom,geometry,wkb_geometry}', 'geom', true);
	parent_name := zone_column(relation, parent_column, '{parent_code}', 'parent', false);
	IF id_name IS NULL AND code_name IS NULL THEN
		PERFORM zone_column(relation, coalesce(nullif(code_column, ''), 'code'), NULL, 'code', false);
	END IF;

	EXECUTE format('SELECT ST_SRID(%1$I) FROM %2$s WHERE %1$I IS NOT NULL
		GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1', geom_name, qualified) INTO zone_srid;
	zone_srid := coalesce(zone_srid, 0);
	known := zone_srid <> 0 AND EXISTS (SELECT FROM spatial_ref_sys WHERE srid = zone_srid);
	metres := CASE WHEN known THEN metres_per_unit(zone_srid) ELSE 1 END;

	query := format('SELECT %s AS id, %s AS code, %s AS parent, %I AS geom FROM %s',
		coalesce(quote_ident(id_name) || '::text', 'NULL::text'),
		replace(tidy, '%s', quote_ident(coalesce(code_name, id_name)) || '::text'),
		coalesce(replace(tidy, '%s', quote_ident(parent_name) || '::text'), 'NULL::text'),
		geom_name, qualified);

	RETURN QUERY EXECUTE replace($query$
WITH RECURSIVE given AS MATERIALIZED (
	SELECT row_number() OVER (ORDER BY code COLLATE "C", id COLLATE "C") AS n, z.* FROM (/*zones*/) AS z
),
parent AS MATERIALIZED (
	SELECT DISTINCT code, parent FROM given WHERE code IS NOT NULL AND parent IS NOT NULL
),
-- Height over the leaves. No tree of zones has 32 levels, but a circle of parents has any.
climb AS (
	SELECT DISTINCT code, 0 AS height FROM given WHERE code IS NOT NULL
	UNION
	SELECT p.parent, c.height + 1 FROM climb AS c JOIN parent AS p USING (code) WHERE c.height < 32
),
level AS MATERIALIZED (
	SELECT code, max(height) AS height FROM climb GROUP BY code
),
examined AS MATERIALIZED (
	SELECT g.n, g.id, g.code, g.parent, g.geom, coalesce(g.code, g.id) AS label,
		coalesce(l.height, 0) AS height,
		g.geom IS NULL OR ST_IsEmpty(g.geom) AS empty,
		GeometryType(g.geom) IN ('POLYGON', 'MULTIPOLYGON') AS polygonal,
		ST_SRID(g.geom) = $1
			AND ($3 IS NOT NULL OR ST_IsEmpty(g.geom)
				OR (ST_XMin(g.geom) >= -180 AND ST_XMax(g.geom) <= 180
					AND ST_YMin(g.geom) >= -90 AND ST_YMax(g.geom) <= 90)) AS in_srid,
		CASE WHEN GeometryType(g.geom) IN ('POLYGON', 'MULTIPOLYGON') AND NOT ST_IsEmpty(g.geom)
			THEN ST_IsValidDetail(g.geom) END AS detail
	FROM given AS g LEFT JOIN level AS l USING (code)
),
extent AS (
	SELECT ST_SetSRID(ST_Extent(geom)::geometry, $1) AS box
	FROM examined WHERE in_srid AND (detail).valid
),
-- An unsound zone gets the shape that it probably should have, so that it alone is reported.
zone AS MATERIALIZED (
	SELECT n, label, height, sound, shape,
		ST_XMin(shape) AS x0, ST_XMax(shape) AS x1, ST_YMin(shape) AS y0, ST_YMax(shape) AS y1
	FROM (
		SELECT n, label, height, in_srid AND (detail).valid AND height < 32 AS sound,
			ST_Force2D(CASE
				WHEN in_srid AND (detail).valid THEN geom
				WHEN in_srid AND (detail).location IS NOT NULL AND (detail).reason !~ '^Invalid Coordinate'
					THEN ST_CollectionExtract(ST_MakeValid(geom), 3)
				WHEN ST_SRID(geom) <> $1 AND (detail).valid
					THEN zone_in_srid(geom, $1, (SELECT box FROM extent))
			END) AS shape
		FROM examined) AS e
	WHERE NOT ST_IsEmpty(shape)
),
-- $4 and $5 metres, in units of the SRID along x and y.
reach AS (
	SELECT $4 / coalesce($3, widest.degree) AS x, $4 / coalesce($3, 110574) AS y,
		$5 / coalesce($3, 110574) AS noise
	FROM (SELECT 110574 * greatest(cosd(least(max(greatest(abs(y0), abs(y1))), 90)), 1e-6) AS degree
		FROM zone) AS widest
),
-- Boxes that meet, by hashing the squares that they lie in; a pair is taken in one square only.
square_size AS (
	SELECT height, greatest(2 * avg(greatest(x1 - x0, y1 - y0)),
		greatest(max(x1) - min(x0), max(y1) - min(y0)) / sqrt(count(*)), 1e-9) AS size
	FROM zone GROUP BY height
),
box AS MATERIALIZED (
	SELECT n, height, x0, x1, y0, y1, size,
		floor((x0 - r.x) / size)::bigint AS left_square, floor((y0 - r.y) / size)::bigint AS low_square
	FROM zone JOIN square_size USING (height), reach AS r
),
square AS MATERIALIZED (
	SELECT b.*, across, up
	FROM box AS b, reach AS r,
		generate_series(left_square, floor((x1 + r.x) / size)::bigint) AS across,
		generate_series(low_square, floor((y1 + r.y) / size)::bigint) AS up
),
pair AS MATERIALIZED (
	SELECT a.n AS a, b.n AS b
	FROM square AS a JOIN square AS b USING (height, across, up), reach AS r
	WHERE a.n < b.n
		AND across = greatest(a.left_square, b.left_square) AND up = greatest(a.low_square, b.low_square)
		AND a.x0 - r.x <= b.x1 AND b.x0 - r.x <= a.x1 AND a.y0 - r.y <= b.y1 AND b.y0 - r.y <= a.y1
),
meeting AS MATERIALIZED (
	SELECT p.a, p.b, a.label, b.label AS other_label, a.height, a.sound AND b.sound AS sound,
		a.shape, b.shape AS other_shape, ST_Intersection(a.shape, b.shape) AS shared
	FROM pair AS p JOIN zone AS a ON a.n = p.a JOIN zone AS b ON b.n = p.b
),
overlap AS (
	SELECT o.*, least(zone_area(shape, $3), zone_area(other_shape, $3)) AS smaller,
		CASE WHEN $3 IS NULL THEN ST_Perimeter(ST_CollectionExtract(shared, 3)::geography)
			ELSE ST_Perimeter(shared) * $3 END AS length
	FROM (SELECT m.*, zone_area(ST_CollectionExtract(shared, 3), $3) AS area
		FROM meeting AS m WHERE sound AND ST_Dimension(shared) = 2) AS o
	WHERE area > 0 AND area >= $6
),
apart AS MATERIALIZED (
	SELECT a, b, label, other_label, height, shape, other_shape,
		CASE WHEN NOT ST_IsEmpty(shared) THEN 0
			WHEN $3 IS NULL THEN ST_Distance(shape::geography, other_shape::geography)
			ELSE ST_Distance(shape, other_shape) * $3 END AS metres
	FROM meeting
),
covered AS MATERIALIZED (
	SELECT ST_Union(shape, r.noise / 10) AS shape FROM zone, reach AS r WHERE height = 0
),
hole AS MATERIALIZED (
	SELECT row_number() OVER () AS n, shape, zone_area(shape, $3) AS area
	FROM (
		SELECT (ST_Dump(ST_Difference(
			(SELECT ST_Union(ST_MakePolygon(ST_ExteriorRing(part.geom)))
				FROM ST_Dump(covered.shape) AS part WHERE ST_Dimension(part.geom) = 2),
			covered.shape, r.noise / 10))).geom AS shape
		FROM covered, reach AS r) AS h
	WHERE ST_Dimension(shape) = 2
),
-- Who has most of its border comes first; whole metres, so that rounding does not decide.
contact AS (
	SELECT n, zone, label, sound,
		round(CASE WHEN $3 IS NULL THEN ST_Length(border::geography) ELSE ST_Length(border) * $3 END) AS length
	FROM (
		SELECT h.n, z.n AS zone, z.label, z.sound,
			ST_Intersection(ST_Boundary(z.shape), ST_Buffer(ST_Boundary(h.shape), r.noise, 'quad_segs=1')) AS border
		FROM hole AS h, reach AS r, zone AS z
		WHERE h.area >= $6 AND z.height = 0 AND z.shape && ST_Expand(h.shape, r.noise)
			AND ST_DWithin(z.shape, h.shape, r.noise)) AS c
),
gap AS MATERIALIZED (
	SELECT h.shape, h.area, c.*
	FROM hole AS h JOIN (
		SELECT n, array_agg(zone) AS around, array_agg(label ORDER BY length DESC, zone) AS labels,
			bool_and(sound) AS sound
		FROM contact GROUP BY n) AS c USING (n)
),
neighbour AS (
	SELECT a AS n FROM apart WHERE metres <= $4
	UNION SELECT b FROM apart WHERE metres <= $4
	UNION SELECT unnest(around) FROM gap WHERE cardinality(around) > 1
),
same_code AS (
	SELECT e.*, row_number() OVER (PARTITION BY code COLLATE "C" ORDER BY n) AS turn
	FROM examined AS e WHERE code IS NOT NULL
),
problem (severity, problem, zone, other_zone, area, place) AS (
	SELECT 'error', 'empty', NULL, NULL, NULL::double precision, NULL::geometry
	WHERE NOT EXISTS (SELECT FROM given)
	UNION ALL
	-- a parent may do without a polygon: it is the union of what is below it
	SELECT 'error', 'empty', label, NULL, NULL, NULL FROM examined WHERE empty AND height = 0
	UNION ALL
	SELECT 'error', 'wrong_type', label, NULL, NULL,
		CASE WHEN in_srid THEN ST_Centroid(geom) END
	FROM examined WHERE NOT empty AND NOT polygonal
	UNION ALL
	SELECT 'error', 'wrong_srid', NULL, NULL, NULL, NULL
	WHERE NOT $2 AND EXISTS (SELECT FROM given WHERE geom IS NOT NULL)
	UNION ALL
	SELECT 'error', 'wrong_srid', e.label, NULL, NULL, ST_PointOnSurface(z.shape)
	FROM examined AS e LEFT JOIN zone AS z USING (n) WHERE NOT e.in_srid
	UNION ALL
	SELECT 'error', 'invalid', label, NULL, NULL,
		CASE WHEN (detail).reason !~ '^Invalid Coordinate' THEN (detail).location END
	FROM examined WHERE NOT (detail).valid
	UNION ALL
	SELECT 'error', 'missing_code', e.id, NULL, NULL, ST_PointOnSurface(z.shape)
	FROM examined AS e LEFT JOIN zone AS z USING (n) WHERE e.code IS NULL
	UNION ALL
	SELECT 'error', 'duplicate_code', s.code, s.id, NULL, ST_PointOnSurface(z.shape)
	FROM same_code AS s LEFT JOIN zone AS z USING (n) WHERE s.turn > 1
	UNION ALL
	SELECT 'error', 'orphan_parent', e.label, e.parent, NULL, ST_PointOnSurface(z.shape)
	FROM examined AS e LEFT JOIN zone AS z USING (n)
	WHERE e.parent IS NOT NULL
		AND (e.height >= 32 OR NOT EXISTS (SELECT FROM examined AS p WHERE p.code = e.parent))
	UNION ALL
	-- as wide in the mean as it would be, were it a strip
	SELECT CASE WHEN area >= smaller / 100 AND 2 * area > $4 * length THEN 'error' ELSE 'warning' END, 'overlap', label,
		other_label, area, ST_PointOnSurface(ST_CollectionExtract(shared, 3))
	FROM overlap
	UNION ALL
	SELECT 'warning', 'gap', labels[1], labels[2], area, ST_PointOnSurface(shape) FROM gap WHERE sound
	UNION ALL
	SELECT 'warning', 'nearly_touching', label, other_label, NULL,
		ST_LineInterpolatePoint(ST_ShortestLine(shape, other_shape), 0.5)
	FROM apart WHERE metres > $5 AND metres <= $4
	UNION ALL
	SELECT 'warning', 'no_neighbour', label, NULL, NULL, ST_PointOnSurface(shape)
	FROM zone
	WHERE sound AND height = 0 AND NOT EXISTS (SELECT FROM neighbour AS near WHERE near.n = zone.n)
		AND (SELECT count(*) FROM zone WHERE height = 0) > 1
)
SELECT severity, problem, zone, other_zone, area, ST_SetSRID(place, $1)
FROM problem
ORDER BY severity COLLATE "C", problem COLLATE "C", zone COLLATE "C", other_zone COLLATE "C", place::text COLLATE "C"
$query$, '/*zones*/', query)
	USING zone_srid, known, metres, greatest(tolerance_m, noise_m), noise_m, min_area_m2;
END
$$;

COMMENT ON FUNCTION check_zones(regclass, text, text, text, text, double precision, double precision) IS
'What is wrong with the zones of a table or view, read with the caller''s rights; no row means nothing. Columns are found by name (zone_id, id or gid; code; geom, geometry or wkb_geometry; parent_code) or are named by arguments; an empty name says that there is none; without a code column the id stands for the code. Codes are compared trimmed and NFC-normalised. Errors: empty (NULL or no area, and no parent of others, which stands for all below it; with zone NULL: no row at all), wrong_type (neither polygon nor multipolygon), wrong_srid (not the SRID of most, or degrees out of range; with zone NULL: the SRID of all is 0 or not in spatial_ref_sys, and coordinates are taken as metres), invalid (location: where), missing_code (zone: the id), duplicate_code (other_zone: the id of the row that repeats it), orphan_parent (other_zone: a parent that is not there, or a circle of parents), overlap of at least 1 % of the smaller zone that is wider than tolerance_m in the mean. Warnings: a smaller or narrower overlap, as where borders were drawn twice by hand, gap (a hole between leaf zones that none covers; zone and other_zone: two of those around; a courtyard may be one), nearly_touching (up to tolerance_m metres apart; none if 0), no_neighbour (no other within tolerance_m, nor across a gap). Overlaps are sought between zones of the same height above the leaves, so a ward is not compared with its groups. Overlaps and gaps below min_area_m2 square metres are rounding, not drawing. Zones that are unsound in themselves are not compared with others; repair them and check again. area_m2 is in square metres in any SRID (on the ellipsoid for degrees), location a point in the SRID of the relation.';
