/* Zones by the names that people type instead of the code. */
#ifndef GEORISK_ZONE_ALIAS_H
#define GEORISK_ZONE_ALIAS_H

#include "access/htup_details.h"

#include "placing.h"

/* The zone that the report's source, or else anyone, means by the name; NULL where no alias is
 * known. */
extern const placing_zone *zone_alias_find(Relation report, HeapTuple row, const placing *map,
										   text *name);

#endif
