#include "tally_dense_core.h"

#define LINE 64 /* bytes that the processor fetches at once */

#define BLOCK 64 /* counts that the compiler may take together, as it sees how many they are */

/* With a width that the compiler knows there is nothing left to choose inside. */
#define BY_WIDTH(width, call)                                                                      \
	((width) == 1 ? call(1) : (width) == 2 ? call(2) : (width) == 4 ? call(4) : call(8))

#define inline_always static inline __attribute__((always_inline))

inline_always uint64_t
get(const void *counts, size_t at, size_t width)
{
	const tally_dense dense = {.width = width, .counts = (void *) counts};

	return tally_dense_count_at(&dense, at);
}

inline_always void
put(void *counts, size_t at, size_t width, uint64_t count)
{
	if (width == 1)
		((uint8_t *) counts)[at] = (uint8_t) count;
	else if (width == 2)
		((uint16_t *) counts)[at] = (uint16_t) count;
	else if (width == 4)
		((uint32_t *) counts)[at] = (uint32_t) count;
	else
		((uint64_t *) counts)[at] = count;
}

inline_always bool
fits(uint64_t count, size_t width)
{
	return width == 8 || count >> (8 * width % 64) == 0;
}

static char *
row_of(const tally_dense *dense, size_t day)
{
	return (char *) dense->counts + day * dense->zones * dense->width;
}

static void
allocate(tally_dense *dense)
{
	dense->counts = pure_alloc_large(tally_dense_size(dense));
	memset(dense->counts, 0, tally_dense_size(dense));
}

/* ---- the stretch ---- */

typedef struct stretch
{
	int64_t first;
	int64_t last;
} stretch;

/* Made longer by a quarter than what is asked for, on the side where it grows, so that it seldom
 * does. */
static stretch
stretch_to(const tally_dense *dense, int64_t first, int64_t last)
{
	bool grows_down = dense->days > 0 && first < dense->first_day;
	int64_t end = dense->first_day + (int64_t) dense->days - 1, more;

	if (dense->days > 0)
	{
		first = first < dense->first_day ? first : dense->first_day;
		last = last > end ? last : end;
	}
	more = (last - first + 1) / 4;
	return grows_down ? (stretch){first - more, last} : (stretch){first, last + more};
}

size_t
tally_dense_bytes(const tally_dense *dense, int32_t first_day, int32_t last_day)
{
	stretch to = stretch_to(dense, first_day, last_day);
	size_t bytes;

	return __builtin_mul_overflow((size_t) (to.last - to.first + 1) * dense->width, dense->zones,
								  &bytes) ?
			   SIZE_MAX :
			   bytes;
}

void
tally_dense_reach(tally_dense *dense, int32_t first_day, int32_t last_day)
{
	stretch to = stretch_to(dense, first_day, last_day);
	tally_dense longer = *dense;

	longer.first_day = (int32_t) to.first;
	longer.days = (size_t) (to.last - to.first + 1);
	allocate(&longer);
	for (size_t day = 0; day < dense->days; day++)
	{
		pure_check_interrupts();
		memcpy(row_of(&longer, (size_t) (dense->first_day - to.first) + day), row_of(dense, day),
			   dense->zones * dense->width);
	}
	tally_dense_free(dense);
	*dense = longer;
}

void
tally_dense_free(tally_dense *dense)
{
	if (dense->days > 0)
		pure_free(dense->counts);
	dense->days = 0;
}

/* ---- adding ---- */

static void
widen(tally_dense *dense)
{
	tally_dense wider = *dense;

	wider.width *= 2;
	allocate(&wider);
	for (size_t day = 0; day < dense->days; day++)
	{
		pure_check_interrupts();
		for (size_t at = day * dense->zones; at < (day + 1) * dense->zones; at++)
			put(wider.counts, at, wider.width, tally_dense_count_at(dense, at));
	}
	pure_free(dense->counts);
	*dense = wider;
}

inline_always bool
add_each(void *counts, const size_t *places, const int32_t *n, size_t count, size_t width)
{
	uint64_t all = 0;

	for (size_t i = 0; i < count; i++)
	{
		uint64_t sum = get(counts, places[i], width) + (uint32_t) n[i];

		put(counts, places[i], width, sum);
		all |= sum;
	}
	return fits(all, width);
}

inline_always bool
take_back(void *counts, const size_t *places, const int32_t *n, size_t count, size_t width)
{
	for (size_t i = 0; i < count; i++)
		put(counts, places[i], width, get(counts, places[i], width) - (uint32_t) n[i]);
	return false;
}

/* Counts that ran over are right again when what was added is taken back. */
void
tally_dense_add(tally_dense *dense, const size_t *places, const int32_t *n, size_t count)
{
#define ADD(bytes) add_each(dense->counts, places, n, count, bytes)
#define TAKE(bytes) take_back(dense->counts, places, n, count, bytes)
	while (!BY_WIDTH(dense->width, ADD))
	{
		BY_WIDTH(dense->width, TAKE);
		widen(dense);
	}
#undef ADD
#undef TAKE
}

void
tally_dense_add_one(tally_dense *dense, size_t place, uint64_t n)
{
	uint64_t sum = tally_dense_count_at(dense, place) + n;

	while (!fits(sum, dense->width))
		widen(dense);
	put(dense->counts, place, dense->width, sum);
}

/*
 * Written where all sums have room. What is added is copied first, so that the compiler sees that
 * it lies elsewhere; narrow sums have 32 bits, so that there are more of them at once.
 */
inline_always bool
add_some(void *to, size_t width, const void *from, size_t from_width, size_t count)
{
	union
	{
		uint8_t bytes[BLOCK];
		uint16_t two[BLOCK];
		uint32_t four[BLOCK];
		uint64_t eight[BLOCK];
	} more;
	uint64_t all = 0;
	uint32_t narrow = 0;

	memcpy(&more, from, count * from_width);
	if (width <= 2 && from_width <= 2)
		for (size_t i = 0; i < count; i++)
			narrow |= (uint32_t) get(to, i, width) + (uint32_t) get(&more, i, from_width);
	else
		for (size_t i = 0; i < count; i++)
			all |= get(to, i, width) + get(&more, i, from_width);
	if (!fits(all | narrow, width))
		return false;
	for (size_t i = 0; i < count; i++)
		put(to, i, width, get(to, i, width) + get(&more, i, from_width));
	return true;
}

inline_always bool
add_block(void *to, size_t width, const void *from, size_t from_width, size_t count)
{
#define ADD(bytes)                                                                                 \
	(count == BLOCK ? add_some(to, width, from, bytes, BLOCK) :                                    \
					  add_some(to, width, from, bytes, count))
	return BY_WIDTH(from_width, ADD);
#undef ADD
}

void
tally_dense_add_dense(tally_dense *dense, const tally_dense *other)
{
	size_t before = (size_t) ((int64_t) other->first_day - dense->first_day);

	for (size_t day = 0; day < other->days; day++)
	{
		pure_check_interrupts();
		for (size_t zone = 0; zone < dense->zones; zone += BLOCK)
		{
			size_t left = dense->zones - zone, count = left < BLOCK ? left : BLOCK;
			const char *from = row_of(other, day) + zone * other->width;

#define ADD(bytes)                                                                                 \
	add_block(row_of(dense, before + day) + zone * (bytes), bytes, from, other->width, count)
			while (!BY_WIDTH(dense->width, ADD))
				widen(dense);
#undef ADD
		}
	}
}

/* ---- what is counted ---- */

inline_always size_t
used_of_row(const void *row, size_t zones, size_t width)
{
	size_t used = 0, zone = 0;

	for (; zone + BLOCK <= zones; zone += BLOCK)
	{
		uint8_t some = 0;

		for (size_t i = 0; i < BLOCK; i++)
			some += get(row, zone + i, width) != 0;
		used += some;
	}
	for (; zone < zones; zone++)
		used += get(row, zone, width) != 0;
	return used;
}

static size_t
used_on(const tally_dense *dense, size_t day)
{
#define USED(bytes) used_of_row(row_of(dense, day), dense->zones, bytes)
	pure_check_interrupts();
	return BY_WIDTH(dense->width, USED);
#undef USED
}

size_t
tally_dense_used(const tally_dense *dense)
{
	size_t used = 0;

	for (size_t day = 0; day < dense->days; day++)
		used += used_on(dense, day);
	return used;
}

tally_dense
tally_dense_trimmed(const tally_dense *dense)
{
	tally_dense trimmed = *dense;

	while (trimmed.days > 0 && used_on(&trimmed, trimmed.days - 1) == 0)
		trimmed.days--;
	while (trimmed.days > 0 && used_on(&trimmed, 0) == 0)
	{
		trimmed.counts = row_of(&trimmed, 1);
		trimmed.first_day++;
		trimmed.days--;
	}
	return trimmed;
}

inline_always bool
total_of_row(const void *row, size_t zones, size_t width, int64_t *total)
{
	size_t zone = 0;

	for (; width <= 2 && zone + BLOCK <= zones; zone += BLOCK)
	{
		uint32_t some = 0;

		for (size_t i = 0; i < BLOCK; i++)
			some += (uint32_t) get(row, zone + i, width);
		if (__builtin_add_overflow(*total, some, total))
			return false;
	}
	for (; zone < zones; zone++)
		if (__builtin_add_overflow(*total, get(row, zone, width), total))
			return false;
	return true;
}

bool
tally_dense_total(const tally_dense *dense, int64_t *total)
{
	*total = 0;
	for (size_t day = 0; day < dense->days; day++)
	{
#define TOTAL(bytes) total_of_row(row_of(dense, day), dense->zones, bytes, total)
		pure_check_interrupts();
		if (!BY_WIDTH(dense->width, TOTAL))
			return false;
#undef TOTAL
	}
	return true;
}

/* ---- as cells ---- */

/* Every count is written, and stays if it is above zero: which are is as good as random. */
inline_always uint64_t *
cells_of_zone(const char *tile, size_t zone, size_t days, size_t width, uint64_t where,
			  uint64_t *cells, const uint64_t *end)
{
	for (size_t day = 0; day < days && cells < end; day++)
	{
		uint64_t count = get(tile + day * LINE, zone, width);

		cells[0] = where + day;
		cells[1] = count;
		cells += count != 0 ? COUNT_WORDS : 0;
	}
	return cells;
}

/* The counts of the zones of one line of each day: all that is fetched is used, whatever the number
 * of zones. */
static void
copy_tile(const tally_dense *dense, size_t first_zone, size_t zones, char *tile)
{
	size_t offset = first_zone * dense->width;

	for (size_t day = 0; day < dense->days; day++)
	{
		const char *from = row_of(dense, day) + offset;

		__builtin_prefetch(from + 2 * LINE);
		memcpy(tile + day * LINE, from, zones * dense->width);
	}
}

void
tally_dense_cells(const tally_dense *dense, const uint64_t *far, size_t far_count, uint64_t *cells,
				  size_t cells_count)
{
	const uint64_t *far_end = far + far_count * COUNT_WORDS;
	const uint64_t *end = cells + cells_count * COUNT_WORDS;
	size_t at_once = LINE / dense->width;
	char *tile = pure_alloc(dense->days * LINE);

	for (size_t zone = 0; zone < dense->zones; zone++)
	{
		uint64_t where = cell_where((uint32_t) zone, dense->first_day);

		if (zone % at_once == 0)
		{
			size_t left = dense->zones - zone;

			pure_check_interrupts();
			copy_tile(dense, zone, left < at_once ? left : at_once, tile);
		}
		for (; far < far_end && far[0] < where; far += COUNT_WORDS)
			*cells++ = far[0], *cells++ = far[1];
#define CELLS(bytes) cells_of_zone(tile, zone % at_once, dense->days, bytes, where, cells, end)
		cells = BY_WIDTH(dense->width, CELLS);
#undef CELLS
	}
	for (; far < far_end; far += COUNT_WORDS)
		*cells++ = far[0], *cells++ = far[1];
	pure_free(tile);
}
