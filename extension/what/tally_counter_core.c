/*
 * Counting: points wait until there is a batch to place, then each adds to its cell in an
 * open-addressing table. A day of the year 21 or 9999 is a cell like any other.
 */
#include "tally_layout.h"

#define BATCH 256
#define FIRST_SLOTS 1024

struct tally_counter
{
	bool households;
	uint64_t fingerprint;
	int32_t *zone_ids;
	size_t zones;
	int64_t placed;
	int64_t unplaced;
	int64_t total; /* of all cells, so that none can overflow */

	uint64_t *slots;   /* cells; a count of 0 is an empty slot */
	size_t slot_count; /* a power of two, at least twice `used` */
	size_t used;

	size_t waiting;
	double x[BATCH];
	double y[BATCH];
	int32_t day[BATCH];
	int32_t n[BATCH];
	household_key key[BATCH];
};

tally_counter *
tally_counter_make(uint64_t fingerprint, const int32_t *zone_ids, size_t zones, bool households)
{
	tally_counter *counter = pure_alloc0(sizeof(tally_counter));

	counter->households = households;
	counter->fingerprint = fingerprint;
	counter->zones = zones;
	counter->zone_ids = pure_alloc(zones * sizeof(int32_t));
	memcpy(counter->zone_ids, zone_ids, zones * sizeof(int32_t));
	counter->slot_count = FIRST_SLOTS;
	counter->slots = pure_alloc0(FIRST_SLOTS * words_of(households) * sizeof(uint64_t));
	return counter;
}

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

static void
add_cells(tally_counter *counter, const uint64_t *cells, size_t count)
{
	size_t words = words_of(counter->households);

	for (size_t i = 0; i < count; i++, cells += words)
	{
		if (i % 65536 == 0)
			pure_check_interrupts();
		if (cells[words - 1] != 0)
			add_cell(counter, cells, hash_cell(cells, words), words);
	}
}

static void
make_room(tally_counter *counter, size_t more)
{
	uint64_t *old = counter->slots;
	size_t old_count = counter->slot_count;

	if (counter->used + more <= old_count / 2)
		return;
	while (counter->used + more > counter->slot_count / 2)
		counter->slot_count *= 2;
	counter->slots =
		pure_alloc0(counter->slot_count * words_of(counter->households) * sizeof(uint64_t));
	counter->used = 0;
	add_cells(counter, old, old_count);
	pure_free(old);
}

static bool
add_total(tally_counter *counter, int64_t n, pure_error *error)
{
	if (!__builtin_add_overflow(counter->total, n, &counter->total))
		return true;
	tally_fail(error, PURE_OUT_OF_RANGE, "count of a tally is out of range",
			   "The counts of all zones and days add up to more than 64 bits.");
	return false;
}

/* The cell of one waiting row; false where it counts nothing. */
static inline bool
cell_of_waiting(tally_counter *counter, size_t i, int32_t ordinal, uint64_t *cell, size_t words)
{
	if (ordinal == ZONE_OUTSIDE || counter->n[i] == 0)
		return false;
	cell[0] = cell_where((uint32_t) ordinal, counter->day[i]);
	if (words == HOUSEHOLD_WORDS)
	{
		cell[1] = counter->key[i].high;
		cell[2] = counter->key[i].low;
	}
	cell[words - 1] = (uint64_t) counter->n[i];
	return true;
}

static inline __attribute__((always_inline)) bool
count_waiting(tally_counter *counter, const int32_t *ordinals, size_t words, pure_error *error)
{
	uint64_t cells[BATCH * HOUSEHOLD_WORDS];
	size_t hashes[BATCH];
	size_t count = 0, mask, outside = 0;

	make_room(counter, counter->waiting);
	mask = counter->slot_count - 1;
	for (size_t i = 0; i < counter->waiting; i++)
	{
		uint64_t *cell = cells + count * words;

		outside += ordinals[i] == ZONE_OUTSIDE;
		if (!cell_of_waiting(counter, i, ordinals[i], cell, words))
			continue;
		if (!add_total(counter, counter->n[i], error))
			return false;
		hashes[count] = hash_cell(cell, words);
		__builtin_prefetch(counter->slots + (hashes[count] & mask) * words, 1);
		count++;
	}
	for (size_t i = 0; i < count; i++)
		add_cell(counter, cells + i * words, hashes[i], words);
	counter->unplaced += (int64_t) outside;
	counter->placed += (int64_t) (counter->waiting - outside);
	counter->waiting = 0;
	return true;
}

bool
tally_counter_flush(tally_counter *counter, const zone_index *index, pure_error *error)
{
	int32_t ordinals[BATCH];

	if (counter->waiting == 0)
		return true;
	zone_index_locate_batch(index, counter->x, counter->y, counter->waiting, ordinals);
	if (counter->households)
		return count_waiting(counter, ordinals, HOUSEHOLD_WORDS, error);
	return count_waiting(counter, ordinals, COUNT_WORDS, error);
}

bool
tally_counter_place(tally_counter *counter, const zone_index *index, double x, double y,
					int32_t day, int32_t n, household_key key, pure_error *error)
{
	size_t i = counter->waiting++;

	counter->x[i] = x;
	counter->y[i] = y;
	counter->day[i] = day;
	counter->n[i] = n;
	if (counter->households)
		counter->key[i] = key;
	return counter->waiting < BATCH || tally_counter_flush(counter, index, error);
}

void
tally_counter_unplaced(tally_counter *counter)
{
	counter->unplaced++;
}

/* Counts of households become counts of days. */
static void
forget_households(tally_counter *counter)
{
	uint64_t *old = counter->slots;
	size_t old_count = counter->slot_count;

	counter->households = false;
	counter->slots = pure_alloc0(old_count * COUNT_WORDS * sizeof(uint64_t));
	counter->used = 0;
	for (size_t i = 0; i < old_count; i++)
	{
		const uint64_t *slot = old + i * HOUSEHOLD_WORDS;
		uint64_t cell[COUNT_WORDS] = {slot[0], slot[HOUSEHOLD_WORDS - 1]};

		if (i % 65536 == 0)
			pure_check_interrupts();
		if (cell[1] != 0)
			add_cell(counter, cell, hash_cell(cell, COUNT_WORDS), COUNT_WORDS);
	}
	pure_free(old);
}

bool
tally_counter_has_zones(const tally_counter *counter, uint64_t fingerprint, const int32_t *zone_ids,
						size_t zones)
{
	return counter->fingerprint == fingerprint && counter->zones == zones &&
		   memcmp(counter->zone_ids, zone_ids, zones * sizeof(int32_t)) == 0;
}

bool
tally_counter_add(tally_counter *counter, const tally *other, pure_error *error)
{
	bool theirs = tally_knows_households(other);
	const uint64_t *at = tally_cells(other);
	size_t words;

	if (!tally_counter_has_zones(counter, other->fingerprint, tally_ids(other), other->zones))
	{
		tally_fail(error, PURE_INVALID_PARAMETER, "tallies are of different zone sets",
				   "Their zones differ in zone_id, SRID or polygon.");
		snprintf(
			error->hint, sizeof(error->hint),
			"Count all reports with the same zone_index, or add the epicurves of tally_zones.");
		return false;
	}
	if (__builtin_add_overflow(counter->placed, other->placed, &counter->placed) ||
		__builtin_add_overflow(counter->unplaced, other->unplaced, &counter->unplaced))
	{
		tally_fail(error, PURE_OUT_OF_RANGE, "number of rows of a tally is out of range", "");
		return false;
	}
	if (counter->households && !theirs)
		forget_households(counter);
	words = words_of(counter->households);
	make_room(counter, other->cells);
	for (size_t i = 0; i < other->cells; i++, at += words_of(theirs))
	{
		uint64_t cell[HOUSEHOLD_WORDS];

		if (i % 65536 == 0)
			pure_check_interrupts();
		memcpy(cell, at, words * sizeof(uint64_t));
		cell[words - 1] = (uint64_t) cell_count(at, theirs);
		if (!add_total(counter, cell_count(at, theirs), error))
			return false;
		add_cell(counter, cell, hash_cell(cell, words), words);
	}
	return true;
}

tally_counter *
tally_counter_of(const tally *value, pure_error *error)
{
	tally_counter *counter = tally_counter_make(value->fingerprint, tally_ids(value), value->zones,
												tally_knows_households(value));

	return tally_counter_add(counter, value, error) ? counter : NULL;
}

static bool
add_one(tally_counter *counter, size_t ordinal, int32_t day, household_key key, int64_t n,
		pure_error *error)
{
	size_t words = words_of(counter->households);
	uint64_t cell[HOUSEHOLD_WORDS] = {cell_where((uint32_t) ordinal, day), key.high, key.low};

	if (n == 0)
		return true;
	if (n < 0)
	{
		tally_fail(error, PURE_INVALID_PARAMETER, "count of a tally must be above zero", "");
		return false;
	}
	cell[words - 1] = (uint64_t) n;
	make_room(counter, 1);
	if (!add_total(counter, n, error))
		return false;
	add_cell(counter, cell, hash_cell(cell, words), words);
	return true;
}

bool
tally_counter_add_curve(tally_counter *counter, size_t ordinal, const epicurve *curve,
						pure_error *error)
{
	size_t households = epicurve_household_count(curve), h = 0;

	for (size_t d = 0; d < epicurve_day_count(curve); d++)
	{
		int32_t day, row_day;
		int64_t n, row_n;
		household_key key;

		pure_check_interrupts();
		epicurve_day(curve, d, &day, &n);
		for (; h < households; h++)
		{
			epicurve_household(curve, h, &row_day, &key, &row_n);
			if (row_day != day)
				break;
			if (!add_one(counter, ordinal, day, key, row_n, error))
				return false;
			n -= row_n;
		}
		if (!add_one(counter, ordinal, day, HOUSEHOLD_UNKNOWN, n, error))
			return false;
	}
	if (h == households)
		return true;
	/* A day of its own counts of which cancel out. */
	tally_fail(error, PURE_INVALID_PARAMETER, "count of a tally must be above zero", "");
	return false;
}

void
tally_counter_set_rows(tally_counter *counter, int64_t placed, int64_t unplaced)
{
	counter->placed = placed;
	counter->unplaced = unplaced;
}

bool
tally_counter_size(const tally_counter *counter, size_t *size, pure_error *error)
{
	*size =
		sizeof(tally) + (id_words(counter->zones) + counter->used * words_of(counter->households)) *
							sizeof(uint64_t);
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
static void
sort_cells(const tally_counter *counter, uint64_t *cells)
{
	size_t words = words_of(counter->households), first = 0;
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
			  counter->households ? compare_household_counts : compare_counts);
	}
	pure_free(next);
}

void
tally_counter_flatten(const tally_counter *counter, tally *into)
{
	PURE_ASSERT(counter->waiting == 0);
	memset(into, 0, sizeof(tally));
	into->version = TALLY_VERSION;
	into->flags = counter->households ? TALLY_HOUSEHOLDS : 0;
	into->fingerprint = counter->fingerprint;
	into->placed = counter->placed;
	into->unplaced = counter->unplaced;
	into->zones = (uint32_t) counter->zones;
	into->cells = (uint32_t) counter->used;
	memset(tally_ids(into), 0, id_words(counter->zones) * sizeof(uint64_t));
	memcpy(tally_ids(into), counter->zone_ids, counter->zones * sizeof(int32_t));
	sort_cells(counter, tally_cells(into));
}

tally *
tally_merge(const tally *a, const tally *b, pure_error *error)
{
	tally_counter *counter = tally_counter_of(a, error);
	size_t size;
	tally *sum;

	if (counter == NULL || !tally_counter_add(counter, b, error) ||
		!tally_counter_size(counter, &size, error))
		return NULL;
	sum = pure_alloc(size);
	tally_counter_flatten(counter, sum);
	pure_free(counter->zone_ids);
	pure_free(counter->slots);
	pure_free(counter);
	return sum;
}
