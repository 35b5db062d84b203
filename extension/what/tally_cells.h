/*
 * Where a tally_counter keeps its cells: in an open-addressing table, until counts of all zones on
 * all days so far, side by side, take no more than 256 bytes for each that is there; the table
 * takes 32 to 64. From then on it holds the days that are far off, the year 21 or 9999.
 */
#ifndef GEORISK_TALLY_CELLS_H
#define GEORISK_TALLY_CELLS_H

#include "tally_dense_core.h"

#define FIRST_SLOTS 1024

struct tally_counter
{
	tally_rows rows;
	uint64_t fingerprint;
	int32_t *zone_ids;
	size_t zones;
	int64_t placed;
	int64_t unplaced;
	int64_t total; /* of all cells, so that none can overflow */

	uint64_t *slots;   /* cells; a count of 0 is an empty slot */
	size_t slot_count; /* a power of two, at least twice `used` */
	size_t used;

	tally_dense dense; /* never with households */
};

static inline size_t
hash_cell(const uint64_t *cell, size_t words)
{
	uint64_t hash = cell[0] * UINT64_C(0x9e3779b97f4a7c15);

	if (words == HOUSEHOLD_WORDS)
		hash = (hash ^ (hash >> 29) ^ cell[1] ^ (cell[2] * UINT64_C(0xbf58476d1ce4e5b9))) *
			   UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 32);
}

static inline bool
same_cell(const uint64_t *a, const uint64_t *b, size_t words)
{
	return a[0] == b[0] && (words == COUNT_WORDS || (a[1] == b[1] && a[2] == b[2]));
}

/* Adds a cell's count, which is above zero, to its slot; there is an empty one to stop at. */
static inline void
add_cell(tally_counter *counter, const uint64_t *cell, size_t hash, size_t words)
{
	size_t mask = counter->slot_count - 1;
	uint64_t *slot = counter->slots + (hash & mask) * words;

	while (slot[words - 1] != 0 && !same_cell(slot, cell, words))
	{
		hash++;
		slot = counter->slots + (hash & mask) * words;
	}
	if (slot[words - 1] == 0)
	{
		memcpy(slot, cell, words * sizeof(uint64_t));
		counter->used++;
	}
	else
		slot[words - 1] += cell[words - 1];
}

/* Adds a cell side by side, where it has a place there, or in the table. */
static inline void
add_anywhere(tally_counter *counter, const uint64_t *cell, size_t words)
{
	size_t place = SIZE_MAX;

	if (words == COUNT_WORDS)
		place = tally_dense_place(&counter->dense, cell_ordinal(cell), cell_day(cell));
	if (place != SIZE_MAX)
		tally_dense_add_one(&counter->dense, place, cell[1]);
	else
		add_cell(counter, cell, hash_cell(cell, words), words);
}

/* Room side by side at once for a counter that has nothing yet and is to take these cells. */
extern void tally_cells_expect(tally_counter *counter, const uint64_t *cells, size_t count);

/* Room side by side for all days of `other`, unless these are too far from those that have it. */
extern bool tally_cells_take(tally_counter *counter, const tally_dense *other);

/* Room in the table for that many cells more. */
extern void tally_cells_make_room(tally_counter *counter, size_t more);

/* Cells, those that are in the table and side by side twice. */
extern size_t tally_cells_count(const tally_counter *counter);

/* What is in the table, ascending; there is room for it. */
extern void tally_cells_sort(const tally_counter *counter, uint64_t *cells);

/* A flat value as far as it does not depend on what is counted where. */
extern void tally_counter_head(const tally_counter *counter, tally *into);

#endif
