/*
 * The borders of zones as arcs: lines that have the same zones on either side from end to end, each
 * once for all zones beside it. What is done to an arc is done to every zone that it bounds, so that
 * neighbours, and zones of different levels, keep meeting.
 */
#ifndef GEORISK_ZONE_ARCS_CORE_H
#define GEORISK_ZONE_ARCS_CORE_H

#include "zone_index_layout.h"

/* Zones that get reports, and the parents above them, which have an index of their own. */
#define ARC_LAYERS 2

typedef struct zone_arc
{
	uint32_t first, count;				/* its vertices, in `path`; a ring ends where it began */
	int32_t left[ARC_LAYERS], right[ARC_LAYERS]; /* sets of each layer's index, or SET_NONE */
} zone_arc;

typedef struct zone_arcs
{
	index_view layers[ARC_LAYERS];
	size_t layer_count;
	double *x, *y; /* by vertex */
	size_t vertices;
	uint32_t *path; /* vertices, arc after arc */
	bool *kept;		/* by position in `path`; all at first */
	size_t path_count;
	zone_arc *arcs;
	size_t count;
} zone_arcs;

/* Both indexes must outlive the arcs; parents may be NULL. The same arcs whatever the zone_ids. */
extern void zone_arcs_collect(zone_arcs *arcs, const zone_index *zones, const zone_index *parents);
extern void zone_arcs_free(zone_arcs *arcs);

/*
 * Leaves out vertices, none of them farther than `tolerance_m` from what stays (metres_per_unit is
 * that of the SRID, or UNIT_DEGREES); of a ring without ends none farther than an eighth of its
 * width. Ends of arcs stay. Arcs that did not cross do not cross afterwards, and nothing changes its
 * side of an arc: where leaving out a vertex would do that, it stays.
 */
extern void zone_arcs_thin(zone_arcs *arcs, double metres_per_unit, double tolerance_m);

#endif
