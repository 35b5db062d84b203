/*
 * Point location in a zone_index that lies elsewhere: of the value only the pieces are read that
 * one point needs, and each is checked before it is used.
 */
#ifndef GEORISK_ZONE_SLICE_CORE_H
#define GEORISK_ZONE_SLICE_CORE_H

#include "zone_index_layout.h"

/* Where the value lies; offsets count from its length word. */
typedef struct zone_source
{
	size_t size;
	void (*read)(const struct zone_source *source, size_t offset, size_t size, void *bytes);
} zone_source;

/* What every look-up needs. Equal heads are heads of equal values. */
typedef struct zone_head
{
	zone_index header;
	index_block root;
} zone_head;

/* These return false with `error` set where the value is damaged. */
extern bool zone_head_read(zone_head *head, const zone_source *source, pure_error *error);

/* The zones that hold the point by their ids, ascending: the lowest (`all` false) or every one, in
 * memory for the caller; NULL where there is none. */
extern bool zone_slice_locate(const zone_head *head, const zone_source *source, double x, double y,
							  bool all, int32_t **zone_ids, size_t *count, pure_error *error);

#endif
