/* Which zones touch, or nearly, and how long their common border is. */
#ifndef GEORISK_ZONE_NEIGHBOURS_CORE_H
#define GEORISK_ZONE_NEIGHBOURS_CORE_H

#include "zone_index_core.h"
#include "zone_sides_core.h"

typedef struct zone_neighbour
{
	int32_t zone, neighbour; /* ordinals */
	double shared_m, gap_m;
} zone_neighbour;

/*
 * Pairs of zones that touch (exactly) or are at most `tolerance_m` apart, in both directions,
 * ordered; to be freed with pure_free.
 *
 * metres_per_unit is that of the SRID, or UNIT_DEGREES.
 *
 * shared_m is the length of the border that both have. With a tolerance it counts what faces the
 * other: of a side, the part from which a perpendicular of at most the tolerance meets a side of
 * the other zone that runs the opposite way, within 45 degrees. The two zones may see different
 * lengths; it is the shorter one.
 */
extern zone_neighbour *zone_neighbours_find(const zone_index *index, double metres_per_unit,
											double tolerance_m, size_t *count);

#endif
