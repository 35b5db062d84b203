#include "tally_cells.h"

#define SAMPLE 64
#define BYTES_A_COUNT 256

static void
add_cells(tally_counter *counter, const uint64_t *cells, size_t count)
{
	size_t words = words_of(counter->rows.households);

	for (size_t i = 0; i < count; i++, cells += words)
	{
		if (i % 65536 == 0)
			pure_check_interrupts();
		if (cells[words - 1] != 0)
			add_cell(counter, cells, hash_cell(cells, words), words);
	}
}

/* A table of `slot_count` slots in place of the old one; cells that are counted elsewhere are zero.
 */
static void
remake_table(tally_counter *counter, size_t slot_count)
{
	uint64_t *old = counter->slots;
	size_t old_count = counter->slot_count;

	counter->slot_count = slot_count;
	counter->slots =
		pure_alloc0(slot_count * words_of(counter->rows.households) * sizeof(uint64_t));
	counter->used = 0;
	add_cells(counter, old, old_count);
	pure_free(old);
}

static size_t
slots_for(size_t cells)
{
	size_t count = FIRST_SLOTS;

	while (cells > count / 2)
		count *= 2;
	return count;
}

/* A day that is not far off: the middle one of some in the table. */
static int32_t
usual_day(const tally_counter *counter)
{
	int32_t days[SAMPLE] = {0};
	size_t count = 0;

	for (size_t i = 0; i < counter->slot_count && count < SAMPLE; i++)
	{
		const uint64_t *slot = counter->slots + i * COUNT_WORDS;
		size_t at = count;

		if (slot[1] == 0)
			continue;
		for (count++; at > 0 && days[at - 1] > cell_day(slot); at--)
			days[at] = days[at - 1];
		days[at] = cell_day(slot);
	}
	return days[count / 2];
}

/* Whether so many counts may lie side by side from one day to another. */
static bool
is_worth(const tally_dense *dense, int64_t first, int64_t last, size_t counts)
{
	return tally_dense_bytes(dense, (int32_t) first, (int32_t) last) / BYTES_A_COUNT <= counts;
}

/* Room side by side for what is in the table between two days, if that is most of it and worth it.
 */
static bool
make_dense_between(tally_counter *counter, int64_t low, int64_t high, size_t counts)
{
	int64_t first = high, last = low;
	size_t moved = 0;

	for (size_t i = 0; i < counter->slot_count; i++)
	{
		const uint64_t *slot = counter->slots + i * COUNT_WORDS;
		int32_t day = cell_day(slot);

		if (i % 65536 == 0)
			pure_check_interrupts();
		if (slot[1] == 0 || day < low || day > high)
			continue;
		first = day < first ? day : first;
		last = day > last ? day : last;
		moved++;
	}
	if (moved == 0 || moved < counter->used / 2 ||
		!is_worth(&counter->dense, first, last, counts + moved))
		return false;
	tally_dense_reach(&counter->dense, (int32_t) first, (int32_t) last);
	return true;
}

/* The same, with as many of the days around the usual ones as are worth it: a few from years ago
 * shall not keep the rest in the table. */
static bool
make_dense(tally_counter *counter)
{
	static const int64_t far_off[] = {2048, 512, 128, 32};
	const tally_dense *dense = &counter->dense;
	size_t counts = tally_dense_used(dense);
	int64_t low, high;

	if (counter->used == 0)
		return false;
	low = dense->days > 0 ? dense->first_day : usual_day(counter);
	high = dense->days > 0 ? low + (int64_t) dense->days - 1 : low;
	for (size_t i = 0; i < sizeof(far_off) / sizeof(far_off[0]); i++)
		if (make_dense_between(counter, low - far_off[i], high + far_off[i], counts))
			return true;
	return false;
}

void
tally_cells_expect(tally_counter *counter, const uint64_t *cells, size_t count)
{
	int32_t first, last;

	if (count == 0 || counter->used > 0 || counter->dense.days > 0)
		return;
	first = last = cell_day(cells);
	for (size_t i = 0; i < count; i++)
	{
		int32_t day = cell_day(cells + i * COUNT_WORDS);

		if (i % 65536 == 0)
			pure_check_interrupts();
		first = day < first ? day : first;
		last = day > last ? day : last;
	}
	if (is_worth(&counter->dense, first, last, count))
		tally_dense_reach(&counter->dense, first, last);
}

bool
tally_cells_take(tally_counter *counter, const tally_dense *other)
{
	tally_dense *dense = &counter->dense;
	int32_t last = other->first_day + (int32_t) (other->days - 1);
	bool is_there = other->first_day >= dense->first_day &&
					(int64_t) last < dense->first_day + (int64_t) dense->days;

	if (is_there)
		return true;
	if (dense->days > 0 && tally_dense_bytes(dense, other->first_day, last) / 2 >
							   (dense->days + other->days) * dense->zones * dense->width)
		return false;
	tally_dense_reach(dense, other->first_day, last);
	return true;
}

/* Moves what is in the table and has a place side by side; the table is to be made anew. */
static void
pour(tally_counter *counter)
{
	for (size_t i = 0; i < counter->slot_count; i++)
	{
		uint64_t *slot = counter->slots + i * COUNT_WORDS;
		size_t place;

		if (i % 65536 == 0)
			pure_check_interrupts();
		if (slot[1] == 0)
			continue;
		place = tally_dense_place(&counter->dense, cell_ordinal(slot), cell_day(slot));
		if (place != SIZE_MAX)
		{
			tally_dense_add_one(&counter->dense, place, slot[1]);
			counter->used--;
			slot[1] = 0;
		}
	}
}

void
tally_cells_make_room(tally_counter *counter, size_t more)
{
	size_t slot_count = slots_for(counter->used + more);

	if (slot_count <= counter->slot_count)
		return;
	if (!counter->rows.households && make_dense(counter))
	{
		pour(counter);
		slot_count = slots_for(counter->used + more);
	}
	remake_table(counter, slot_count);
}

size_t
tally_cells_count(const tally_counter *counter)
{
	return counter->used + tally_dense_used(&counter->dense);
}

bool
tally_counter_size(tally_counter *counter, size_t *size, pure_error *error)
{
	size_t words = words_of(counter->rows.households);

	if (counter->dense.days > 0 && counter->used > 0)
	{
		pour(counter);
		remake_table(counter, slots_for(counter->used));
	}
	*size = sizeof(tally) +
			(id_words(counter->zones) + tally_cells_count(counter) * words) * sizeof(uint64_t);
	if (*size <= TALLY_SIZE_LIMIT)
		return true;
	tally_fail(error, PURE_LIMIT, "tally would be larger than 1 GB",
			   "It has too many different days, households and zones.");
	snprintf(error->hint, sizeof(error->hint), "Count fewer zones or a shorter time at once.");
	return false;
}

static int
compare_counts(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *) a, right = *(const uint64_t *) b;

	pure_check_interrupts();
	return left < right ? -1 : left > right;
}

static int
compare_household_counts(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	pure_check_interrupts();
	for (int i = 0; i < HOUSEHOLD_WORDS - 1; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

/* Deals the cells out to their zones, then sorts each zone's: short sorts. */
void
tally_cells_sort(const tally_counter *counter, uint64_t *cells)
{
	size_t words = words_of(counter->rows.households), first = 0;
	size_t *next = pure_alloc0((counter->zones + 1) * sizeof(size_t));

	for (size_t i = 0; i < counter->slot_count; i++)
	{
		const uint64_t *slot = counter->slots + i * words;

		if (i % 65536 == 0)
			pure_check_interrupts();
		if (slot[words - 1] != 0)
			next[cell_ordinal(slot) + 1]++;
	}
	for (size_t zone = 1; zone <= counter->zones; zone++)
		next[zone] += next[zone - 1];
	for (size_t i = 0; i < counter->slot_count; i++)
	{
		const uint64_t *slot = counter->slots + i * words;

		if (i % 65536 == 0)
			pure_check_interrupts();
		if (slot[words - 1] != 0)
			memcpy(cells + next[cell_ordinal(slot)]++ * words, slot, words * sizeof(uint64_t));
	}
	for (size_t zone = 0; zone < counter->zones; first = next[zone++])
	{
		pure_check_interrupts();
		qsort(cells + first * words, next[zone] - first, words * sizeof(uint64_t),
			  counter->rows.households ? compare_household_counts : compare_counts);
	}
	pure_free(next);
}

void
tally_counter_head(const tally_counter *counter, tally *into)
{
	PURE_ASSERT(counter->rows.waiting == 0);
	memset(into, 0, sizeof(tally));
	into->version = TALLY_VERSION;
	into->flags = counter->rows.households ? TALLY_HOUSEHOLDS : 0;
	into->fingerprint = counter->fingerprint;
	into->placed = counter->placed;
	into->unplaced = counter->unplaced;
	into->zones = (uint32_t) counter->zones;
	memset(tally_ids(into), 0, id_words(counter->zones) * sizeof(uint64_t));
	memcpy(tally_ids(into), counter->zone_ids, counter->zones * sizeof(int32_t));
}

void
tally_counter_flatten(const tally_counter *counter, tally *into, size_t size)
{
	uint64_t *far;

	tally_counter_head(counter, into);
	into->cells = (uint32_t) ((size - tally_size(into)) /
							  (words_of(counter->rows.households) * sizeof(uint64_t)));
	if (counter->dense.days == 0)
	{
		tally_cells_sort(counter, tally_cells(into));
		return;
	}
	far = pure_alloc((counter->used + 1) * COUNT_WORDS * sizeof(uint64_t));
	tally_cells_sort(counter, far);
	tally_dense_cells(&counter->dense, far, counter->used, tally_cells(into), into->cells);
	pure_free(far);
}
