/* What place_report knows how to do for one report and one zone set. */
#ifndef GEORISK_PLACE_REPORT_H
#define GEORISK_PLACE_REPORT_H

#include "access/htup.h"
#include "commands/trigger.h"

#include "placing.h"

typedef struct placement
{
	const char *outcome;
	const placing_zone *zone; /* NULL = in no zone */
	bool disagrees;			  /* the code says one zone, the point another */
	int32_t household_zone;	  /* the zone among whose households its name is one; 0 = in no zone */
} placement;

typedef enum point_state
{
	POINT_ABSENT,
	POINT_BAD,		   /* POINT EMPTY, NaN, infinity */
	POINT_NOT_PRECISE, /* known to the ward at best */
	POINT_OUTSIDE,
	POINT_INSIDE
} point_state;

/* By code, else by point, in a set in which the report's code means what it says. */
extern placement place_report_in(const TriggerData *trigger, HeapTuple row, const placing *map);

extern Datum place_report_field(const TriggerData *trigger, HeapTuple row, const placing *map,
								placing_column column, bool *isnull);
extern point_state place_report_point(const TriggerData *trigger, HeapTuple row, const placing *map,
									  const placing_zone **zone);
extern bool place_report_is_withdrawn(const TriggerData *trigger, HeapTuple row,
									  const placing *map);

extern int64 place_report_household(const TriggerData *trigger, HeapTuple row, const placing *map,
									const placement *placed, bool *isnull);

#endif
