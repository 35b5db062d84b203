/*
 * Zones on their way into an index: the state of zone_index_agg. Flat, with slack, and appended to
 * in place; zones stand one after the other as they came. Like the finished value it is a
 * zone_index to SQL, told apart by its `kind`.
 */
#ifndef GEORISK_ZONE_DRAFT_CORE_H
#define GEORISK_ZONE_DRAFT_CORE_H

#include "zone_index_core.h"

typedef struct zone_draft zone_draft;

/* True of any zone_index of `size` bytes that is a draft, damaged or not. */
extern bool zone_draft_is(const void *bytes, size_t size);
extern bool zone_draft_check(const void *bytes, size_t size, pure_error *error);

extern zone_draft *zone_draft_make(int32_t srid);
extern size_t zone_draft_size(const zone_draft *draft);
extern int32_t zone_draft_srid(const zone_draft *draft);

/*
 * These return the same draft, or a larger copy where there was no room (the old one is left to the
 * caller); NULL with `error` set past 1 GB.
 */
extern zone_draft *zone_draft_add(zone_draft *draft, int32_t zone_id, const zone_edge *edges,
								  size_t count, pure_error *error);
extern zone_draft *zone_draft_add_draft(zone_draft *draft, const zone_draft *other,
										pure_error *error);
extern zone_draft *zone_draft_add_index(zone_draft *draft, const zone_index *index,
										pure_error *error);

extern zone_index *zone_draft_finish(const zone_draft *draft, pure_error *error);

#endif
