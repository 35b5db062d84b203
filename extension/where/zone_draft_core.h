/*
 * Zones on their way into an index: the state of zone_index_agg. It grows by whole pieces and is
 * never copied; where it must travel it is laid out flat, and is a zone_index to SQL then, told
 * apart by its `kind`.
 */
#ifndef GEORISK_ZONE_DRAFT_CORE_H
#define GEORISK_ZONE_DRAFT_CORE_H

#include "zone_index_core.h"
#include "wkb_rings.h"

typedef struct zone_draft zone_draft;
typedef struct zone_flat_draft zone_flat_draft;

/* Allocates what it grows by in the memory context of the moment. */
extern zone_draft *zone_draft_make(int32_t srid);
extern int32_t zone_draft_srid(const zone_draft *draft);

/* False with `error` set past 1 GB. */
extern bool zone_draft_add(zone_draft *draft, int32_t zone_id, const wkb_rings *rings,
						   pure_error *error);
extern bool zone_draft_add_index(zone_draft *draft, const zone_index *index, pure_error *error);
extern bool zone_draft_add_flat(zone_draft *draft, const zone_flat_draft *flat, pure_error *error);

extern zone_index *zone_draft_finish(const zone_draft *draft, pure_error *error);
extern void zone_draft_free(zone_draft *draft);

extern size_t zone_draft_flat_size(const zone_draft *draft);
extern void zone_draft_flatten(const zone_draft *draft, zone_flat_draft *flat);

/* True of any zone_index of `size` bytes that is a flat draft, damaged or not. */
extern bool zone_flat_draft_is(const void *bytes, size_t size);
extern bool zone_flat_draft_check(const void *bytes, size_t size, pure_error *error);
extern int32_t zone_flat_draft_srid(const zone_flat_draft *flat);
extern zone_index *zone_flat_draft_finish(const zone_flat_draft *flat, pure_error *error);

#endif
