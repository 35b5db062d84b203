/* Counting: points wait until there is a batch to place, then each adds to its cell. */
#include "tally_cells.h"
#include "tally_parcel_core.h"

tally_counter *
tally_counter_make(uint64_t fingerprint, const int32_t *zone_ids, size_t zones, bool households)
{
	tally_counter *counter = pure_alloc0(sizeof(tally_counter));

	counter->rows.households = households;
	counter->fingerprint = fingerprint;
	counter->zones = zones;
	counter->zone_ids = pure_alloc(zones * sizeof(int32_t));
	memcpy(counter->zone_ids, zone_ids, zones * sizeof(int32_t));
	counter->slot_count = FIRST_SLOTS;
	counter->slots = pure_alloc0(FIRST_SLOTS * words_of(households) * sizeof(uint64_t));
	counter->dense.zones = zones;
	counter->dense.width = 1;
	return counter;
}

static bool
out_of_range(pure_error *error)
{
	tally_fail(error, PURE_OUT_OF_RANGE, "count of a tally is out of range",
			   "The counts of all zones and days add up to more than 64 bits.");
	return false;
}

static bool
add_total(tally_counter *counter, int64_t n, pure_error *error)
{
	return !__builtin_add_overflow(counter->total, n, &counter->total) || out_of_range(error);
}

/* Counts waiting rows in the table: those listed in `rows`. */
static inline __attribute__((always_inline)) void
count_in_table(tally_counter *counter, const int32_t *ordinals, const uint16_t *listed,
			   size_t count, size_t words)
{
	const tally_rows *rows = &counter->rows;
	uint64_t cells[TALLY_BATCH * HOUSEHOLD_WORDS];
	size_t hashes[TALLY_BATCH], mask;

	mask = counter->slot_count - 1;
	for (size_t l = 0; l < count; l++)
	{
		uint64_t *cell = cells + l * words;
		size_t i = listed[l];

		cell[0] = cell_where((uint32_t) ordinals[i], rows->day[i]);
		if (words == HOUSEHOLD_WORDS)
		{
			cell[1] = rows->key[i].high;
			cell[2] = rows->key[i].low;
		}
		cell[words - 1] = (uint64_t) rows->n[i];
		hashes[l] = hash_cell(cell, words);
		__builtin_prefetch(counter->slots + (hashes[l] & mask) * words, 1);
	}
	for (size_t l = 0; l < count; l++)
		add_cell(counter, cells + l * words, hashes[l], words);
}

bool
tally_counter_flush(tally_counter *counter, const zone_index *index, pure_error *error)
{
	tally_rows *rows = &counter->rows;
	const tally_dense dense = counter->dense;
	int32_t ordinals[TALLY_BATCH], n[TALLY_BATCH];
	uint16_t listed[TALLY_BATCH];
	size_t places[TALLY_BATCH], waiting = rows->waiting, placed = 0, near = 0, far = 0;
	int64_t sum = 0;

	if (waiting == 0)
		return true;
	rows->waiting = 0;
	zone_index_locate_batch(index, rows->x, rows->y, waiting, ordinals);
	/* Which rows are in a zone is as good as random: no branch could be foreseen. */
	for (size_t i = 0; i < waiting; i++)
	{
		size_t in_zone = ordinals[i] != ZONE_OUTSIDE;
		size_t counts = in_zone & (rows->n[i] != 0);
		uint32_t after = tally_dense_after(&dense, rows->day[i]);
		size_t is_near = counts & (after < dense.days);
		size_t place = (after * dense.zones + (uint32_t) ordinals[i]) & -is_near;

		placed += in_zone;
		sum += rows->n[i] & -(int64_t) in_zone;
		places[near] = place;
		n[near] = rows->n[i];
		near += is_near;
		listed[far] = (uint16_t) i;
		far += counts - is_near;
		__builtin_prefetch((char *) dense.counts + place * dense.width, 1);
	}
	counter->placed += (int64_t) placed;
	counter->unplaced += (int64_t) (waiting - placed);
	if (!add_total(counter, sum, error))
		return false;
	tally_dense_add(&counter->dense, places, n, near);
	if (far == 0)
		return true;
	tally_cells_make_room(counter, far);
	if (rows->households)
		count_in_table(counter, ordinals, listed, far, HOUSEHOLD_WORDS);
	else
		count_in_table(counter, ordinals, listed, far, COUNT_WORDS);
	return true;
}

tally_rows *
tally_counter_rows(tally_counter *counter)
{
	return &counter->rows;
}

void
tally_counter_unplaced(tally_counter *counter)
{
	counter->unplaced++;
}

uint64_t
tally_counter_row_count(const tally_counter *counter)
{
	return (uint64_t) counter->placed + (uint64_t) counter->unplaced;
}

/* Counts of households become counts of days. */
static void
forget_households(tally_counter *counter)
{
	uint64_t *old = counter->slots;
	size_t old_count = counter->slot_count;

	counter->rows.households = false;
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

/* Counts on days that are too far from those side by side here; their sum is in the total. */
static void
add_each(tally_counter *counter, const tally_dense *dense)
{
	for (size_t place = 0; place < dense->days * dense->zones; place++)
	{
		size_t day = place / dense->zones, zone = place % dense->zones;
		uint64_t cell[COUNT_WORDS] = {cell_where((uint32_t) zone, dense->first_day + (int32_t) day),
									  tally_dense_count_at(dense, place)};

		if (place % TALLY_BATCH == 0)
		{
			pure_check_interrupts();
			tally_cells_make_room(counter, TALLY_BATCH);
		}
		if (cell[1] != 0)
			add_anywhere(counter, cell, COUNT_WORDS);
	}
}

static bool
add_dense(tally_counter *counter, const tally_dense *dense, pure_error *error)
{
	int64_t total;

	if (!tally_dense_total(dense, &total))
		return out_of_range(error);
	if (!add_total(counter, total, error))
		return false;
	if (tally_cells_take(counter, dense))
		tally_dense_add_dense(&counter->dense, dense);
	else
		add_each(counter, dense);
	return true;
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
	if (counter->rows.households && !theirs)
		forget_households(counter);
	words = words_of(counter->rows.households);
	if (tally_is_parcel(other))
	{
		tally_dense dense = tally_parcel_dense(other);

		if (!add_dense(counter, &dense, error))
			return false;
	}
	else if (words == COUNT_WORDS && !theirs)
		tally_cells_expect(counter, at, other->cells);
	for (size_t i = 0; i < other->cells; i++, at += words_of(theirs))
	{
		uint64_t cell[HOUSEHOLD_WORDS];

		/* Not for all at once: most may soon have a place side by side. */
		if (i % TALLY_BATCH == 0)
		{
			pure_check_interrupts();
			tally_cells_make_room(counter, TALLY_BATCH);
		}
		memcpy(cell, at, words * sizeof(uint64_t));
		cell[words - 1] = (uint64_t) cell_count(at, theirs);
		if (!add_total(counter, cell_count(at, theirs), error))
			return false;
		add_anywhere(counter, cell, words);
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
	size_t words = words_of(counter->rows.households);
	uint64_t cell[HOUSEHOLD_WORDS] = {cell_where((uint32_t) ordinal, day), key.high, key.low};

	if (n == 0)
		return true;
	if (n < 0)
	{
		tally_fail(error, PURE_INVALID_PARAMETER, "count of a tally must be above zero", "");
		return false;
	}
	cell[words - 1] = (uint64_t) n;
	tally_cells_make_room(counter, 1);
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
	tally_counter_flatten(counter, sum, size);
	pure_free(counter->zone_ids);
	pure_free(counter->slots);
	tally_dense_free(&counter->dense);
	pure_free(counter);
	return sum;
}
