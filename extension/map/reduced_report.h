/* Reports that reduce_reports took all from but what counting needs: where they lie cannot be found
 * out again, so they stay there. */
#ifndef GEORISK_REDUCED_REPORT_H
#define GEORISK_REDUCED_REPORT_H

#include "postgres.h"

#include "access/htup.h"
#include "commands/trigger.h"

#include "placing.h"

extern bool reduced_report_is(const TriggerData *trigger, HeapTuple row, const placing *map);

/* The new row of an UPDATE, in the place where the old one was. */
extern HeapTuple reduced_report_keep(const TriggerData *trigger, const placing *map);

/* A new row, under the digest of its key where a reduced report has that key. */
extern HeapTuple reduced_report_name(const TriggerData *trigger, HeapTuple row, const placing *map);

#endif
