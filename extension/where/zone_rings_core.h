/* From arcs back to polygons: shells with their holes, as well-known binary. */
#ifndef GEORISK_ZONE_RINGS_CORE_H
#define GEORISK_ZONE_RINGS_CORE_H

#include "zone_arcs_core.h"

typedef struct zone_rings zone_rings;

/* For the zones of one layer; the arcs must outlive it. */
extern zone_rings *zone_rings_open(const zone_arcs *arcs, size_t layer);
extern void zone_rings_close(zone_rings *rings);

/*
 * The zone of an ordinal as a MULTIPOLYGON in this machine's byte order, which lives until the next
 * call. NULL with `error` set where the arcs do not close, as those of a sound index do.
 */
extern const unsigned char *zone_rings_polygon(zone_rings *rings, int32_t ordinal, size_t *size,
											   pure_error *error);

#endif
