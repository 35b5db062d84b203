/*
 * A report in a zone set that is not the one of its day.
 *
 * Codes are reused: what a report's code means is said by the zone set of its report_day, its home.
 * In any other set it is placed from where it was in the neighbouring set, step by step: by its
 * point where that was believed, else to the zone that covers more than half of the one it was in,
 * else it is lost in the boundary change. Without a point it may also be in every other zone that
 * has a twentieth of the old one or more; less is how borders drawn twice differ.
 *
 * Names of households are names within a zone. They go on to a zone of which the old one is most,
 * and which is most of the old one; in any other they stay names of the old zone, so that "12" in
 * two groups that were merged is two households still.
 */
#ifndef GEORISK_CARRY_REPORT_H
#define GEORISK_CARRY_REPORT_H

#include "nodes/pg_list.h"

#include "place_report.h"

/* `possible`, where not NULL: other zones in which the report may be, as an integer list. */
extern placement carry_report(const TriggerData *trigger, HeapTuple row, const placing *map,
							  List **possible);

#endif
