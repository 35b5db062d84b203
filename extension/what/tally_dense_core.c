#include "tally_dense_core.h"

/* A stretch of days is made longer by a quarter than what is asked for, so that it seldom grows. */
static uint64_t
days_for(int32_t first_day, int32_t last_day)
{
	uint64_t days = (uint64_t) ((int64_t) last_day - first_day) + 1;

	return days + days / 4;
}

static size_t
width(const tally_dense *dense)
{
	return dense->is_wide ? sizeof(uint64_t) : sizeof(uint32_t);
}

static uint64_t
count_at(const tally_dense *dense, size_t place)
{
	return dense->is_wide ? dense->wide[place] : dense->counts[place];
}

static void
allocate(tally_dense *dense)
{
	void *counts = pure_alloc0(dense->days * dense->zones * width(dense));

	dense->counts = dense->is_wide ? NULL : counts;
	dense->wide = dense->is_wide ? counts : NULL;
}

size_t
tally_dense_size(const tally_dense *dense)
{
	return dense->days * dense->zones * width(dense);
}

void
tally_dense_widen(tally_dense *dense)
{
	uint32_t *counts = dense->counts;

	if (dense->is_wide)
		return;
	dense->is_wide = true;
	if (dense->days == 0)
		return;
	allocate(dense);
	for (size_t zone = 0; zone < dense->zones; zone++)
	{
		pure_check_interrupts();
		for (size_t at = zone * dense->days; at < (zone + 1) * dense->days; at++)
			dense->wide[at] = counts[at];
	}
	pure_free(counts);
}

size_t
tally_dense_bytes(const tally_dense *dense, int32_t first_day, int32_t last_day)
{
	size_t bytes;

	return __builtin_mul_overflow(days_for(first_day, last_day) * width(dense), dense->zones,
								  &bytes) ?
			   SIZE_MAX :
			   bytes;
}

void
tally_dense_reach(tally_dense *dense, int32_t first_day, int32_t last_day)
{
	tally_dense longer = {dense->zones, first_day, 0, dense->is_wide, NULL, NULL};
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
	allocate(&longer);

	before = (uint64_t) ((int64_t) dense->first_day - longer.first_day);
	for (size_t zone = 0; zone < dense->zones && dense->days > 0; zone++)
	{
		pure_check_interrupts();
		for (size_t day = 0; day < dense->days; day++)
			tally_dense_add(&longer, zone * longer.days + before + day,
							count_at(dense, zone * dense->days + day));
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
		size_t end = (zone + 1) * dense->days;

		pure_check_interrupts();
		if (dense->is_wide)
			for (size_t at = zone * dense->days; at < end; at++)
				used += dense->wide[at] != 0;
		else
			for (size_t at = zone * dense->days; at < end; at++)
				used += dense->counts[at] != 0;
	}
	return used;
}

/* Every count is written, and stays if it is above zero: which are is as good as random. */
void
tally_dense_cells(const tally_dense *dense, const uint64_t *far, size_t far_count, uint64_t *cells,
				  size_t cells_count)
{
	const uint64_t *far_end = far + far_count * COUNT_WORDS;
	const uint64_t *end = cells + cells_count * COUNT_WORDS;

	for (uint32_t zone = 0; zone < dense->zones; zone++)
	{
		pure_check_interrupts();
		for (; far < far_end && far[0] < cell_where(zone, dense->first_day); far += COUNT_WORDS)
			*cells++ = far[0], *cells++ = far[1];
		for (size_t day = 0; day < dense->days && cells < end; day++)
		{
			uint64_t count = count_at(dense, zone * dense->days + day);

			cells[0] = cell_where(zone, dense->first_day + (int32_t) day);
			cells[1] = count;
			cells += count != 0 ? COUNT_WORDS : 0;
		}
	}
	for (; far < far_end; far += COUNT_WORDS)
		*cells++ = far[0], *cells++ = far[1];
}

void
tally_dense_free(tally_dense *dense)
{
	if (dense->days > 0)
		pure_free(dense->is_wide ? (void *) dense->wide : (void *) dense->counts);
	dense->days = 0;
}
