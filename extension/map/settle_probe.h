/* Which reports are in the wrong: superseded though theirs is the highest revision, or not though a
 * higher one is there. Found row by row in the index of the keys. */
#ifndef GEORISK_SETTLE_PROBE_H
#define GEORISK_SETTLE_PROBE_H

#include "commands/trigger.h"
#include "utils/snapshot.h"

typedef struct settle_change
{
	int64 report_id;
	bool is_lower;
} settle_change;

typedef struct settle_changes
{
	settle_change *change;
	int count;
	int space;
} settle_changes;

/*
 * Reports of the keys in the statement's transition tables, as the snapshot has them; a report may
 * come more than once. False, and nothing that can be used, where the table has no index to look
 * in, or children that an index does not cover, or where so many revisions of one report came that
 * looking them up is no way.
 */
extern bool settle_probe(const TriggerData *trigger, Snapshot snapshot, settle_changes *changes);

#endif
