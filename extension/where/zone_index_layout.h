/*
 * How a zone_index lies in memory; for the cores that build and read it.
 *
 * Sections follow the header in the order of index_view, each as long as the header's counts say
 * and starting on a multiple of eight bytes, so that there are no offsets that could be wrong.
 */
#ifndef GEORISK_ZONE_INDEX_LAYOUT_H
#define GEORISK_ZONE_INDEX_LAYOUT_H

#include "zone_index_core.h"

#define ZONE_INDEX_VERSION 1
#define ZONE_INDEX_FINISHED 1 /* `kind`; the aggregate's unfinished state has another */

/* A varlena with its length word ends at 1 GB. */
#define ZONE_INDEX_MAX_SIZE ((size_t) 0x3fffffff)
#define ZONE_INDEX_MAX_ZONES ((size_t) 1 << 22)
#define ZONE_INDEX_MAX_EDGES ((size_t) 1 << 23)

#define ZONE_INDEX_MAX_SRID 999999 /* PostGIS's */

/* Beyond it corners of cells could leave the doubles. */
#define ZONE_INDEX_MAX_COORDINATE 1e300

struct zone_index
{
	uint32_t length_word;
	uint8_t version;
	uint8_t kind;
	uint8_t reserved[2];
	int32_t srid;
	uint32_t zones;
	uint32_t edges;
	uint32_t sets;
	uint32_t members;
	uint32_t blocks;
	uint32_t cells;
	uint32_t words;
	uint64_t fingerprint;
	double min_x, min_y, max_x, max_y;
};

/*
 * A border between two sets of zones, once for all zones it belongs to. It runs from the lower x
 * (then the lower y) to the higher. A set is SET_NONE, the ordinal of a single zone, or `zones` +
 * the position of a set of several.
 */
typedef struct index_edge
{
	double ax, ay, bx, by;
	int32_t left, right;
} index_edge;

#define SET_NONE (-1)

/* A grid of square cells with a side that is a power of two, placed on its multiples. */
typedef struct index_block
{
	double scale; /* 1 / side */
	double side;
	int64_t first_column, first_row;
	uint32_t columns, rows;
	uint32_t first_cell;
	uint32_t reserved;
} index_block;

/*
 * A cell without edges is its verdict, the set that holds all of it. A cell with edges points to
 * its words: the set that holds its lower-left corner, the number of edges, the edges. A crowded
 * cell is a block. Sets are stored plus one, so that 0 is outside.
 */
#define CELL_VERDICT 0u
#define CELL_EDGES 1u
#define CELL_BLOCK 2u
#define CELL_TAG(cell) ((cell) >> 30)
#define CELL_VALUE(cell) ((cell) &0x3fffffffu)
#define CELL(tag, value) ((tag) << 30 | (value))

typedef struct index_view
{
	const zone_index *header;
	const int32_t *ids;
	const index_edge *edges;
	const uint32_t *set_starts; /* sets + 1 */
	const int32_t *members;
	const index_block *blocks; /* the first is the root */
	const uint32_t *cells;
	const uint32_t *words;
} index_view;

static inline size_t
align_section(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

/* Counts come from 32 bits and records are short: the sum stays far from 64 bits. */
static inline size_t
zone_index_view(const zone_index *header, index_view *view)
{
	const char *base = (const char *) header;
	size_t at = align_section(sizeof(zone_index));

#define SECTION(field, count)                                                                      \
	view->field = (const void *) (base + at);                                                      \
	at += align_section((size_t) (count) * sizeof(*view->field))
	view->header = header;
	SECTION(ids, header->zones);
	SECTION(edges, header->edges);
	SECTION(set_starts, (size_t) header->sets + 1);
	SECTION(members, header->members);
	SECTION(blocks, header->blocks);
	SECTION(cells, header->cells);
	SECTION(words, header->words);
#undef SECTION
	return at;
}

/* The number of the cell on one axis: exact, and free of the rounding of a product that underflows.
 */
static inline int64_t
cell_number(double value, double scale, double side)
{
	int64_t number = (int64_t) (value * scale);

	return number - (value < (double) number * side);
}

static inline const int32_t *
set_members(const index_view *view, const int32_t *set, size_t *count)
{
	if (*set < 0)
		*count = 0;
	else if ((uint32_t) *set < view->header->zones)
		*count = 1;
	else
	{
		uint32_t position = (uint32_t) *set - view->header->zones;

		*count = view->set_starts[position + 1] - view->set_starts[position];
		return view->members + view->set_starts[position];
	}
	return set;
}

#endif
