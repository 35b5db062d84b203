/* The rings of one zone as they are read, closed, each turned so that the zone is on its left. */
#ifndef GEORISK_WKB_RINGS_H
#define GEORISK_WKB_RINGS_H

#include "../pure.h"

typedef struct wkb_ring
{
	size_t start; /* its first point */
	size_t points;
	uint32_t part; /* polygon of a multipolygon */
	bool is_hole;  /* of the shell that comes before it */
} wkb_ring;

typedef struct wkb_rings
{
	double *xy; /* two a point */
	size_t points, points_capacity;
	wkb_ring *rings;
	size_t count, capacity;
} wkb_rings;

static inline void
wkb_rings_free(wkb_rings *rings)
{
	if (rings->xy != NULL)
		pure_free(rings->xy);
	if (rings->rings != NULL)
		pure_free(rings->rings);
	memset(rings, 0, sizeof(*rings));
}

#endif
