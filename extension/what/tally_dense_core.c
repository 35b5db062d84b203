#include "tally_dense_core.h"

/* A stretch of days is made half as long again as what is asked for, so that it seldom grows. */
static uint64_t
days_for(int32_t first_day, int32_t last_day)
{
	uint64_t days = (uint64_t) ((int64_t) last_day - first_day) + 1;

	return days + days / 2;
}

size_t
tally_dense_bytes(const tally_dense *dense, int32_t first_day, int32_t last_day)
{
	size_t bytes;

	return __builtin_mul_overflow(days_for(first_day, last_day) * sizeof(uint64_t), dense->zones,
								  &bytes) ?
			   SIZE_MAX :
			   bytes;
}

void
tally_dense_reach(tally_dense *dense, int32_t first_day, int32_t last_day)
{
	tally_dense longer = {dense->zones, first_day, 0, NULL};
	uint64_t before;

	if (dense->days > 0)
	{
		int32_t end = dense->first_day + (int32_t) (dense->days - 1);

		longer.first_day = first_day < dense->first_day ? first_day : dense->first_day;
		last_day = last_day > end ? last_day : end;
	}
	longer.days = days_for(longer.first_day, last_day);
	/* The year 5881580 is where days end. */
	if (longer.days > (uint64_t) INT32_MAX - (int64_t) longer.first_day)
		longer.days = (uint64_t) ((int64_t) last_day - longer.first_day) + 1;
	longer.counts = pure_alloc0(longer.days * longer.zones * sizeof(uint64_t));

	before = (uint64_t) ((int64_t) dense->first_day - longer.first_day);
	for (size_t zone = 0; zone < dense->zones && dense->days > 0; zone++)
	{
		pure_check_interrupts();
		memcpy(longer.counts + zone * longer.days + before, dense->counts + zone * dense->days,
			   dense->days * sizeof(uint64_t));
	}
	tally_dense_free(dense);
	*dense = longer;
}

size_t
tally_dense_used(const tally_dense *dense)
{
	size_t used = 0;

	for (size_t zone = 0; zone < dense->zones && dense->days > 0; zone++)
	{
		pure_check_interrupts();
		for (size_t day = 0; day < dense->days; day++)
			used += dense->counts[zone * dense->days + day] != 0;
	}
	return used;
}

void
tally_dense_cells(const tally_dense *dense, const uint64_t *far, size_t far_count, uint64_t *cells)
{
	const uint64_t *end = far + far_count * COUNT_WORDS;

	for (uint32_t zone = 0; zone < dense->zones; zone++)
	{
		const uint64_t *counts = dense->counts + zone * dense->days;

		pure_check_interrupts();
		for (; far < end && far[0] < cell_where(zone, dense->first_day); far += COUNT_WORDS)
			*cells++ = far[0], *cells++ = far[1];
		for (size_t day = 0; day < dense->days; day++)
			if (counts[day] != 0)
			{
				*cells++ = cell_where(zone, dense->first_day + (int32_t) day);
				*cells++ = counts[day];
			}
	}
	for (; far < end; far += COUNT_WORDS)
		*cells++ = far[0], *cells++ = far[1];
}

void
tally_dense_free(tally_dense *dense)
{
	if (dense->days > 0)
		pure_free(dense->counts);
	dense->days = 0;
}
