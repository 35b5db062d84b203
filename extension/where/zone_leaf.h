/* A leaf of the grid, for the cores that look points up in it. */
#ifndef GEORISK_ZONE_LEAF_H
#define GEORISK_ZONE_LEAF_H

#include "zone_index_layout.h"

/* Its cell, which is no block, and the corner that its state belongs to. */
typedef struct leaf
{
	uint32_t cell;
	double x, y;
} leaf;

/* The lowest ordinal that holds a point of the leaf, or ZONE_OUTSIDE. */
extern int32_t zone_leaf_locate(const index_view *view, const leaf *leaf, double x, double y);

/* All of them, as zone_index_locate_all. */
extern size_t zone_leaf_locate_all(const index_view *view, const leaf *leaf, double x, double y,
								   int32_t *ordinals, size_t limit);

#endif
