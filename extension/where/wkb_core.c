#include <math.h>
#include <stdarg.h>

#include "orient_core.h"
#include "wkb_core.h"

#define EWKB_Z 0x80000000u
#define EWKB_M 0x40000000u
#define EWKB_SRID 0x20000000u

typedef struct reader
{
	const unsigned char *at;
	const unsigned char *end;
	bool swapped; /* the byte order is not this machine's */
	int dimensions;
	pure_error *error;
} reader;

static bool wkb_failed(pure_error *error, pure_error_code code, const char *hint,
					   const char *message, ...) __attribute__((format(printf, 4, 5)));

static bool
wkb_failed(pure_error *error, pure_error_code code, const char *hint, const char *message, ...)
{
	va_list arguments;

	memset(error, 0, sizeof(*error));
	error->code = code;
	va_start(arguments, message);
	vsnprintf(error->message, sizeof(error->message), message, arguments);
	va_end(arguments);
	snprintf(error->hint, sizeof(error->hint), "%s", hint);
	return false;
}

static bool
read_bytes(reader *reader, void *value, size_t size)
{
	if ((size_t) (reader->end - reader->at) < size)
		return wkb_failed(reader->error, PURE_INVALID_BINARY, "", "well-known binary ends early");
	for (size_t i = 0; i < size; i++)
		((unsigned char *) value)[i] = reader->at[reader->swapped ? size - 1 - i : i];
	reader->at += size;
	return true;
}

/* Each geometry, also inside another, says its own byte order and dimensions. */
static bool
read_head(reader *reader, wkb_head *head)
{
	const uint16_t one = 1;
	unsigned char order;
	uint32_t type;

	reader->swapped = false;
	if (!read_bytes(reader, &order, 1))
		return false;
	reader->swapped = (order == 1) != (*(const unsigned char *) &one == 1);
	if (!read_bytes(reader, &type, sizeof(type)))
		return false;

	uint32_t iso = (type & 0x1fffffffu) / 1000;

	reader->dimensions = 2 + ((type & EWKB_Z) != 0 || iso == 1 || iso == 3) +
						 ((type & EWKB_M) != 0 || iso == 2 || iso == 3);
	head->type = (type & 0x1fffffffu) % 1000;
	head->srid = 0;
	return (type & EWKB_SRID) == 0 || read_bytes(reader, &head->srid, sizeof(head->srid));
}

/* A count of things that take at least `least` bytes each. */
static bool
read_count(reader *reader, size_t least, uint32_t *count)
{
	if (!read_bytes(reader, count, sizeof(*count)))
		return false;
	if (*count > (size_t) (reader->end - reader->at) / least)
		return wkb_failed(reader->error, PURE_INVALID_BINARY, "", "well-known binary ends early");
	return true;
}

static bool
read_position(reader *reader, double *x, double *y)
{
	double unused;

	if (!read_bytes(reader, x, sizeof(*x)) || !read_bytes(reader, y, sizeof(*y)))
		return false;
	for (int i = 2; i < reader->dimensions; i++)
		if (!read_bytes(reader, &unused, sizeof(unused)))
			return false;
	return true;
}

bool
wkb_read_head(const unsigned char *wkb, size_t size, wkb_head *head, pure_error *error)
{
	reader reader = {wkb, wkb + size, false, 2, error};

	return read_head(&reader, head);
}

const char *
wkb_type_name(uint32_t type)
{
	static const char *const names[] = {"Geometry",
										"Point",
										"LineString",
										"Polygon",
										"MultiPoint",
										"MultiLineString",
										"MultiPolygon",
										"GeometryCollection",
										"CircularString",
										"CompoundCurve",
										"CurvePolygon",
										"MultiCurve",
										"MultiSurface",
										"Curve",
										"Surface",
										"PolyhedralSurface",
										"TIN",
										"Triangle"};

	return type < sizeof(names) / sizeof(*names) ? names[type] : names[0];
}

bool
wkb_read_point(const unsigned char *wkb, size_t size, double *x, double *y, pure_error *error)
{
	reader reader = {wkb, wkb + size, false, 2, error};
	wkb_head head;
	uint32_t count;

	if (!read_head(&reader, &head))
		return false;
	if (head.type == WKB_MULTIPOINT)
	{
		if (!read_count(&reader, 5, &count))
			return false;
		if (count == 0)
		{
			*x = *y = NAN;
			return true;
		}
		if (count > 1)
			return wkb_failed(
				error, PURE_INVALID_PARAMETER,
				"Take one of its points, for instance with ST_GeometryN(geometry, 1).",
				"a report has one point, not a MultiPoint of %u", count);
		if (!read_head(&reader, &head))
			return false;
	}
	if (head.type != WKB_POINT)
		return wkb_failed(error, PURE_INVALID_PARAMETER,
						  "Use a point, for instance ST_PointOnSurface(geometry).",
						  "a zone is looked up by a Point, not by a %s", wkb_type_name(head.type));
	return read_position(&reader, x, y);
}

static double *
add_points(wkb_rings *rings, size_t points)
{
	size_t wanted = rings->points + points;

	if (wanted > rings->points_capacity)
	{
		rings->points_capacity = wanted + rings->points;
		rings->xy = rings->xy == NULL ?
						pure_alloc(rings->points_capacity * 2 * sizeof(double)) :
						pure_realloc(rings->xy, rings->points_capacity * 2 * sizeof(double));
	}
	rings->points = wanted;
	return rings->xy + 2 * (wanted - points);
}

static void
turn_round(double *xy, size_t points)
{
	for (size_t i = 0, j = points - 1; i < j; i++, j--)
	{
		double x = xy[2 * i];
		double y = xy[2 * i + 1];

		xy[2 * i] = xy[2 * j];
		xy[2 * i + 1] = xy[2 * j + 1];
		xy[2 * j] = x;
		xy[2 * j + 1] = y;
	}
}

static bool
check_ring(double *xy, size_t points, bool hole, int32_t zone_id, pure_error *error)
{
	int turn;

	for (size_t i = 0; i < 2 * points; i++)
		if (!isfinite(xy[i]))
			return wkb_failed(error, PURE_INVALID_PARAMETER, "Correct or remove the coordinate.",
							  "zone %d has a coordinate that is not a finite number", zone_id);
	turn = orient_ring(xy, points);
	if (turn == 0 || xy[0] != xy[2 * points - 2] || xy[1] != xy[2 * points - 1])
		return wkb_failed(error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
						  "zone %d has a ring without an area", zone_id);
	if ((turn > 0) == hole)
		turn_round(xy, points);
	return true;
}

static bool
read_points(reader *reader, double *xy, size_t points)
{
	if (!reader->swapped && reader->dimensions == 2)
	{
		memcpy(xy, reader->at, points * 2 * sizeof(double));
		reader->at += points * 2 * sizeof(double);
		return true;
	}
	for (size_t i = 0; i < points; i++)
	{
		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		if (!read_position(reader, &xy[2 * i], &xy[2 * i + 1]))
			return false;
	}
	return true;
}

static bool
read_ring(reader *reader, wkb_rings *rings, uint32_t part, bool hole, int32_t zone_id)
{
	uint32_t points;
	double *xy;

	if (!read_count(reader, 8 * (size_t) reader->dimensions, &points))
		return false;
	if (points == 0)
		return true;
	xy = add_points(rings, points);
	if (rings->count == rings->capacity)
	{
		rings->capacity = rings->capacity == 0 ? 4 : 2 * rings->capacity;
		rings->rings = rings->rings == NULL ?
						   pure_alloc(rings->capacity * sizeof(wkb_ring)) :
						   pure_realloc(rings->rings, rings->capacity * sizeof(wkb_ring));
	}
	rings->rings[rings->count++] = (wkb_ring){rings->points - points, points, part, hole};
	return read_points(reader, xy, points) &&
		   check_ring(xy, points, hole, zone_id, reader->error);
}

static bool
read_polygon(reader *reader, wkb_rings *read, uint32_t part, int32_t zone_id)
{
	uint32_t rings;

	if (!read_count(reader, 4, &rings))
		return false;
	for (uint32_t ring = 0; ring < rings; ring++)
		if (!read_ring(reader, read, part, ring > 0, zone_id))
			return false;
	return true;
}

static bool
not_a_polygon(pure_error *error, int32_t zone_id, uint32_t type)
{
	return wkb_failed(
		error, PURE_INVALID_PARAMETER,
		"Zones are polygons or multipolygons; ST_CollectionExtract(zone, 3) takes them "
		"out of a collection, ST_CurveToLine(zone) makes them of curves.",
		"zone %d is a %s, not a polygon", zone_id, wkb_type_name(type));
}

static bool
read_parts(reader *reader, wkb_rings *read, int32_t zone_id)
{
	wkb_head head;
	uint32_t parts = 1;

	if (!read_head(reader, &head))
		return false;
	if (head.type == WKB_POLYGON)
		return read_polygon(reader, read, 0, zone_id);
	if (head.type != WKB_MULTIPOLYGON)
		return not_a_polygon(reader->error, zone_id, head.type);
	if (!read_count(reader, 9, &parts))
		return false;
	for (uint32_t part = 0; part < parts; part++)
	{
		if (!read_head(reader, &head))
			return false;
		if (head.type != WKB_POLYGON)
			return not_a_polygon(reader->error, zone_id, head.type);
		if (!read_polygon(reader, read, part, zone_id))
			return false;
	}
	return true;
}

bool
wkb_read_rings(const unsigned char *wkb, size_t size, int32_t zone_id, wkb_rings *rings,
			   pure_error *error)
{
	reader reader = {wkb, wkb + size, false, 2, error};
	bool good;

	memset(rings, 0, sizeof(*rings));
	good = read_parts(&reader, rings, zone_id);
	if (good && rings->count == 0)
		good = wkb_failed(error, PURE_INVALID_PARAMETER,
						  "Leave it out, or give it a polygon with an area.", "zone %d is empty",
						  zone_id);
	if (!good)
		wkb_rings_free(rings);
	return good;
}
