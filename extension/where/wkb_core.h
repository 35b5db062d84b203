/* Well-known binary, extended (EWKB) or ISO, in either byte order: points, and polygons as edges.
 */
#ifndef GEORISK_WKB_CORE_H
#define GEORISK_WKB_CORE_H

#include "wkb_rings.h"

#define WKB_POINT 1
#define WKB_POLYGON 3
#define WKB_MULTIPOINT 4
#define WKB_MULTIPOLYGON 6

typedef struct wkb_head
{
	uint32_t type; /* without dimensions */
	int32_t srid;  /* 0 where none is given */
} wkb_head;

extern bool wkb_read_head(const unsigned char *wkb, size_t size, wkb_head *head, pure_error *error);

/* As SQL users write it: Point, LineString … */
extern const char *wkb_type_name(uint32_t type);

/*
 * A point, or a multipoint of one. PostGIS writes an empty point as NaN; so does this where there
 * is no point at all. Other types and multipoints of several are an error.
 */
extern bool wkb_read_point(const unsigned char *wkb, size_t size, double *x, double *y,
						   pure_error *error);

/*
 * The rings of a polygon or multipolygon; Z and M are left out. They are allocated for the caller.
 * Errors name the zone.
 */
extern bool wkb_read_rings(const unsigned char *wkb, size_t size, int32_t zone_id,
						   wkb_rings *rings, pure_error *error);

#endif
