/* Counts of all zones on all days of a stretch, side by side: nothing to search, nothing to sort.
 */
#ifndef GEORISK_TALLY_DENSE_CORE_H
#define GEORISK_TALLY_DENSE_CORE_H

#include "tally_layout.h"

/* By day, then zone. All counts are as wide as the largest of them needs. */
typedef struct tally_dense
{
	size_t zones;
	int32_t first_day;
	size_t days;  /* 0 where there are no counts */
	size_t width; /* bytes of a count: 1, 2, 4 or 8 */
	void *counts;
} tally_dense;

static inline uint64_t
tally_dense_count_at(const tally_dense *dense, size_t place)
{
	switch (dense->width)
	{
		case 1:
			return ((const uint8_t *) dense->counts)[place];
		case 2:
			return ((const uint16_t *) dense->counts)[place];
		case 4:
			return ((const uint32_t *) dense->counts)[place];
		default:
			return ((const uint64_t *) dense->counts)[place];
	}
}

/* How many days behind the first one; not less than `days` where the day is not in the stretch. */
static inline uint32_t
tally_dense_after(const tally_dense *dense, int32_t day)
{
	return (uint32_t) day - (uint32_t) dense->first_day;
}

/* The place of a count; SIZE_MAX where the day is not in the stretch. */
static inline size_t
tally_dense_place(const tally_dense *dense, uint32_t ordinal, int32_t day)
{
	uint32_t after = tally_dense_after(dense, day);

	return after < dense->days ? after * dense->zones + ordinal : SIZE_MAX;
}

/* Adds to several counts, the same one more than once perhaps. */
extern void tally_dense_add(tally_dense *dense, const size_t *places, const int32_t *n,
							size_t count);

/* Adds to one. */
extern void tally_dense_add_one(tally_dense *dense, size_t place, uint64_t n);

/* Adds counts of the same zones on days that all have a place. */
extern void tally_dense_add_dense(tally_dense *dense, const tally_dense *other);

/* Bytes of the counts. */
static inline size_t
tally_dense_size(const tally_dense *dense)
{
	return dense->days * dense->zones * dense->width;
}

/* Bytes when it has been made to reach from one day to another; SIZE_MAX where that is out of all
 * proportion. */
extern size_t tally_dense_bytes(const tally_dense *dense, int32_t first_day, int32_t last_day);

/* Makes the stretch reach from one day to another, at least; what is counted stays. */
extern void tally_dense_reach(tally_dense *dense, int32_t first_day, int32_t last_day);

/* The same counts without the days at both ends that have none. */
extern tally_dense tally_dense_trimmed(const tally_dense *dense);

/* How many are above zero. */
extern size_t tally_dense_used(const tally_dense *dense);

/* All of them together; false where that is beyond 63 bits. */
extern bool tally_dense_total(const tally_dense *dense, int64_t *total);

/* These as cells, ascending, among the cells `far` of other days, which ascend too; there is room
 * for as many as they are together. */
extern void tally_dense_cells(const tally_dense *dense, const uint64_t *far, size_t far_count,
							  uint64_t *cells, size_t cells_count);

extern void tally_dense_free(tally_dense *dense);

#endif
