/* Counts of all zones on all days of a stretch, side by side: nothing to search, nothing to sort.
 */
#ifndef GEORISK_TALLY_DENSE_CORE_H
#define GEORISK_TALLY_DENSE_CORE_H

#include "tally_layout.h"

typedef struct tally_dense
{
	size_t zones;
	int32_t first_day;
	size_t days;	  /* 0 where there are no counts */
	uint64_t *counts; /* by zone, then day */
} tally_dense;

/* The place of a count; SIZE_MAX where the day is not in the stretch. */
static inline size_t
tally_dense_place(const tally_dense *dense, uint32_t ordinal, int32_t day)
{
	uint32_t after = (uint32_t) day - (uint32_t) dense->first_day;

	return after < dense->days ? ordinal * dense->days + after : SIZE_MAX;
}

/* Bytes for a stretch from one day to another; SIZE_MAX where it is out of all proportion. */
extern size_t tally_dense_bytes(const tally_dense *dense, int32_t first_day, int32_t last_day);

/* Makes the stretch reach from one day to another, at least; what is counted stays. */
extern void tally_dense_reach(tally_dense *dense, int32_t first_day, int32_t last_day);

/* How many are above zero. */
extern size_t tally_dense_used(const tally_dense *dense);

/* These as cells, ascending, among the cells `far` of other days, which ascend too. */
extern void tally_dense_cells(const tally_dense *dense, const uint64_t *far, size_t far_count,
							  uint64_t *cells);

extern void tally_dense_free(tally_dense *dense);

#endif
