/*
 * Reading the text form of a zone_index:
 *   SRID=4326;ZONES(1,2);EDGES(ax ay bx by 1|2, ax ay bx by 1+7|)
 * Each edge runs from a to b with the zones on its left before the bar and those on its right after
 * it.
 */
#ifndef GEORISK_ZONE_TEXT_CORE_H
#define GEORISK_ZONE_TEXT_CORE_H

#include "zone_index_core.h"

typedef struct zone_edge_buffer
{
	zone_edge *edges;
	size_t count, capacity;
} zone_edge_buffer;

extern void zone_edge_buffer_add(zone_edge_buffer *buffer, const zone_edge *edge);

extern zone_index *zone_text_parse(const char *text, pure_error *error);

#endif
