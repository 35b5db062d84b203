/* Counts of all zones on all days of a stretch, side by side: nothing to search, nothing to sort.
 */
#ifndef GEORISK_TALLY_DENSE_CORE_H
#define GEORISK_TALLY_DENSE_CORE_H

#include "tally_layout.h"

/* By zone, then day. Counts have 32 bits as long as all of them together fit into as many. */
typedef struct tally_dense
{
	size_t zones;
	int32_t first_day;
	size_t days; /* 0 where there are no counts */
	bool is_wide;
	uint32_t *counts;
	uint64_t *wide;
} tally_dense;

/* The place of a count; SIZE_MAX where the day is not in the stretch. */
static inline size_t
tally_dense_place(const tally_dense *dense, uint32_t ordinal, int32_t day)
{
	uint32_t after = (uint32_t) day - (uint32_t) dense->first_day;

	return after < dense->days ? ordinal * dense->days + after : SIZE_MAX;
}

static inline void
tally_dense_add(tally_dense *dense, size_t place, uint64_t n)
{
	if (dense->is_wide)
		dense->wide[place] += n;
	else
		dense->counts[place] += (uint32_t) n;
}

/* From now on counts may have 64 bits. */
extern void tally_dense_widen(tally_dense *dense);

/* Bytes of the counts. */
extern size_t tally_dense_size(const tally_dense *dense);

/* Bytes for a stretch from one day to another; SIZE_MAX where it is out of all proportion. */
extern size_t tally_dense_bytes(const tally_dense *dense, int32_t first_day, int32_t last_day);

/* Makes the stretch reach from one day to another, at least; what is counted stays. */
extern void tally_dense_reach(tally_dense *dense, int32_t first_day, int32_t last_day);

/* How many are above zero. */
extern size_t tally_dense_used(const tally_dense *dense);

/* These as cells, ascending, among the cells `far` of other days, which ascend too; there is room for
 * as many as they are together. */
extern void tally_dense_cells(const tally_dense *dense, const uint64_t *far, size_t far_count,
							  uint64_t *cells, size_t cells_count);

extern void tally_dense_free(tally_dense *dense);

#endif
