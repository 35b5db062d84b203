/* The SQL type zone_index, for shells in this and higher rooms. */
#ifndef GEORISK_ZONE_INDEX_H
#define GEORISK_ZONE_INDEX_H

#include "../georisk.h"
#include "zone_index_core.h"

/* The value, detoasted and checked, copied into `context`; an error where it is damaged or
 * unfinished. */
extern zone_index *zone_index_copy(Datum value, MemoryContext context);

/* A new core value as a Datum. */
extern Datum zone_index_datum(zone_index *index);

#endif
