/* The tally against plain counters: a grid of unit squares, so that every point's zone is known. */
#include "../../extension/what/tally_core.h"

#define SIDE 5
#define ZONES (SIDE * SIDE)
#define DAYS 9

static int failures = 0;

#define EXPECT(condition)                                                                          \
	do                                                                                             \
	{                                                                                              \
		if (!(condition))                                                                          \
		{                                                                                          \
			printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                         \
			failures++;                                                                            \
		}                                                                                          \
	} while (0)

static uint64_t seed = 7;

static uint32_t
next_random(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % below;
}

static zone_index *
make_index(double shift)
{
	zone_edge edges[ZONES * 4];
	int32_t ids[ZONES];
	zone_index *index;
	pure_error error;

	for (int32_t zone = 0; zone < ZONES; zone++)
	{
		double x = zone % SIDE + shift, y = zone / SIDE;

		ids[zone] = 100 + zone;
		edges[zone * 4] = (zone_edge){x, y, x + 1, y, ids[zone]};
		edges[zone * 4 + 1] = (zone_edge){x + 1, y, x + 1, y + 1, ids[zone]};
		edges[zone * 4 + 2] = (zone_edge){x + 1, y + 1, x, y + 1, ids[zone]};
		edges[zone * 4 + 3] = (zone_edge){x, y + 1, x, y, ids[zone]};
	}
	index = zone_index_build(ids, ZONES, edges, ZONES * 4, 0, &error);
	EXPECT(index != NULL);
	return index;
}

/* One row, placed at once where as many wait as there is room for. */
static bool
place(tally_counter *counter, const zone_index *index, double x, double y, int32_t day, int32_t n,
	  household_key key, pure_error *error)
{
	tally_rows *rows = tally_counter_rows(counter);
	double *to_x, *to_y;

	tally_rows_point(rows, &to_x, &to_y);
	*to_x = x;
	*to_y = y;
	return !tally_rows_add(rows, day, n, &key) || tally_counter_flush(counter, index, error);
}

static const int32_t days[DAYS] = {7900,	7901,	   7902,	 7910, -722571,
								   2921939, DAY_FIRST, DAY_LAST, 0};

typedef struct plain_counts
{
	int64_t n[ZONES][DAYS];
	int64_t placed;
	int64_t unplaced;
} plain_counts;

static void
count_rows(tally_counter *counter, const zone_index *index, plain_counts *plain, int rows)
{
	pure_error error;

	for (int i = 0; i < rows; i++)
	{
		int column = (int) next_random(SIDE + 1), row = (int) next_random(SIDE);
		uint32_t day = next_random(DAYS), n = next_random(4);
		household_key key = {0, next_random(3)};

		if (next_random(10) == 0)
		{
			tally_counter_unplaced(counter);
			plain->unplaced++;
			continue;
		}
		EXPECT(
			place(counter, index, column + 0.5, row + 0.25, days[day], (int32_t) n, key, &error));
		if (column == SIDE)
			plain->unplaced++;
		else
		{
			plain->placed++;
			plain->n[row * SIDE + column][day] += n;
		}
	}
	EXPECT(tally_counter_flush(counter, index, &error));
}

static tally_counter *
make_counter(const zone_index *index, bool households)
{
	return tally_counter_make(zone_index_fingerprint(index), zone_index_ids(index),
							  zone_index_zones(index), households);
}

static tally *
flatten(tally_counter *counter)
{
	pure_error error;
	size_t size;
	tally *value;

	EXPECT(tally_counter_size(counter, &size, &error));
	value = pure_alloc(size);
	tally_counter_flatten(counter, value, size);
	EXPECT(tally_size(value) == size);
	EXPECT(tally_check(value, size, &error));
	return value;
}

static void
expect_counts(const tally *value, const plain_counts *plain)
{
	size_t cell = 0;

	EXPECT(tally_placed(value) == plain->placed);
	EXPECT(tally_unplaced(value) == plain->unplaced);
	EXPECT(tally_zone_count(value) == ZONES);
	for (size_t zone = 0; zone < ZONES; zone++)
	{
		pure_error error;
		epicurve *curve = tally_curve(value, zone, &cell, true, &error);

		EXPECT(curve != NULL);
		for (int day = 0; day < DAYS; day++)
			EXPECT(epicurve_count_between(curve, days[day], days[day]) == plain->n[zone][day]);
		free(curve);
	}
}

static void
test_counts(bool households)
{
	static plain_counts plain;
	zone_index *index = make_index(0);
	tally_counter *counter = make_counter(index, households),
				  *half = make_counter(index, households);
	tally *first, *second, *both, *again;
	pure_error error;

	memset(&plain, 0, sizeof(plain));
	count_rows(counter, index, &plain, 3000);
	first = flatten(counter);
	expect_counts(first, &plain);
	count_rows(half, index, &plain, 777);
	second = flatten(half);
	both = tally_merge(first, second, &error);
	EXPECT(both != NULL);
	expect_counts(both, &plain);
	again = tally_merge(second, first, &error);
	EXPECT(again != NULL && tally_size(again) == tally_size(both) &&
		   memcmp((char *) again + 4, (char *) both + 4, tally_size(both) - 4) == 0);
}

/* Enough usual days to be kept side by side, among them days that are far off; in what order is all
 * the same. */
#define USUAL 400
#define FAR 3

static const int32_t far_days[FAR] = {-712000, 12500, DAY_LAST};

/* All counts together stay within 64 bits, also where they are side by side. */
static void
expect_bounded(tally_counter *counter, const zone_index *index, const tally *value)
{
	int64_t total = 0;
	size_t cell = 0;
	epicurve *curve;
	pure_error error;

	for (size_t zone = 0; zone < ZONES; zone++)
	{
		curve = tally_curve(value, zone, &cell, true, &error);
		total += epicurve_total(curve);
		free(curve);
	}
	curve = epicurve_add(epicurve_make(false), 7901, INT64_MAX - total - 5, NULL, &error);
	EXPECT(tally_counter_add_curve(counter, 0, epicurve_pack(curve, &error), &error));
	EXPECT(place(counter, index, 0.5, 0.5, 7902, 5, HOUSEHOLD_UNKNOWN, &error));
	EXPECT(tally_counter_flush(counter, index, &error));
	EXPECT(place(counter, index, 0.5, 0.5, 7902, 1, HOUSEHOLD_UNKNOWN, &error));
	EXPECT(!tally_counter_flush(counter, index, &error) && error.code == PURE_OUT_OF_RANGE);
}

static void
test_many_days(bool ascending, int merges, bool large)
{
	static int64_t plain[ZONES][USUAL + FAR];
	zone_index *index = make_index(0);
	tally_counter *counter = make_counter(index, false);
	const int rows = 40000;
	tally *value;
	size_t cell = 0;
	pure_error error;

	memset(plain, 0, sizeof(plain));
	for (int i = 0; i < rows; i++)
	{
		uint32_t zone = next_random(ZONES), n = next_random(4);
		uint32_t day = ascending ? (uint32_t) (i * (int64_t) USUAL / rows) : next_random(USUAL);

		if (next_random(50) == 0)
			day = USUAL + next_random(FAR);
		/* Beyond 32 bits once many days stand side by side. */
		if (large && i > rows / 2 && next_random(100) == 0)
			n = INT32_MAX;
		if (next_random(50) == 0)
			EXPECT(place(counter, index, -1, 0, 7900, 1, HOUSEHOLD_UNKNOWN, &error));
		plain[zone][day] += n;
		EXPECT(place(counter, index, zone % SIDE + 0.5, zone / SIDE + 0.5,
					 day < USUAL ? 7900 + (int32_t) day : far_days[day - USUAL], (int32_t) n,
					 HOUSEHOLD_UNKNOWN, &error));
		if (merges > 0 && i % (rows / merges) == 0)
		{
			EXPECT(tally_counter_flush(counter, index, &error));
			value = flatten(counter);
			EXPECT(tally_counter_add(counter, value, &error));
			for (int k = 0; k < ZONES * (USUAL + FAR); k++)
				plain[k / (USUAL + FAR)][k % (USUAL + FAR)] *= 2;
		}
	}
	EXPECT(tally_counter_flush(counter, index, &error));
	value = flatten(counter);
	for (size_t zone = 0; zone < ZONES; zone++)
	{
		epicurve *curve = tally_curve(value, zone, &cell, true, &error);
		int64_t all = 0;

		for (int day = 0; day < USUAL + FAR; day++)
		{
			int32_t of = day < USUAL ? 7900 + day : far_days[day - USUAL];

			EXPECT(epicurve_count_between(curve, of, of) == plain[zone][day]);
			all += plain[zone][day];
		}
		EXPECT(epicurve_count_between(curve, DAY_FIRST, DAY_LAST) == all);
		free(curve);
	}
	expect_bounded(counter, index, value);
}

static void
test_households_forgotten(void)
{
	static plain_counts plain;
	zone_index *index = make_index(0);
	tally_counter *with = make_counter(index, true), *without = make_counter(index, false);
	tally *a, *b, *both;
	pure_error error;

	memset(&plain, 0, sizeof(plain));
	count_rows(with, index, &plain, 500);
	count_rows(without, index, &plain, 500);
	a = flatten(with);
	b = flatten(without);
	both = tally_merge(a, b, &error);
	EXPECT(both != NULL && !tally_has_households(both));
	expect_counts(both, &plain);
	both = tally_merge(b, a, &error);
	EXPECT(both != NULL && !tally_has_households(both));
	expect_counts(both, &plain);
}

static void
test_other_zones(void)
{
	zone_index *index = make_index(0), *other = make_index(0.5);
	tally *a = flatten(make_counter(index, false)), *b = flatten(make_counter(other, false));
	pure_error error;

	EXPECT(tally_merge(a, b, &error) == NULL && error.code == PURE_INVALID_PARAMETER);
}

/* "12" in two zones is two households. */
static void
test_zoned_households(void)
{
	zone_index *index = make_index(0);
	tally_counter *counter = make_counter(index, true);
	household_key key = {0, 12};
	epicurve *left, *right, *ward;
	tally *value;
	size_t cell = 0;
	pure_error error;

	place(counter, index, 0.5, 0.5, 7900, 1, key, &error);
	place(counter, index, 0.6, 0.5, 7901, 2, key, &error);
	place(counter, index, 1.5, 0.5, 7900, 1, key, &error);
	EXPECT(tally_counter_flush(counter, index, &error));
	value = flatten(counter);
	left = tally_curve(value, 0, &cell, true, &error);
	right = tally_curve(value, 1, &cell, true, &error);
	EXPECT(epicurve_households_between(left, 7900, 7901) == 1);
	ward = epicurve_merge(left, right, 1, &error);
	EXPECT(epicurve_households_between(ward, 7900, 7901) == 2);
}

static void
test_mutations(bool households)
{
	static plain_counts plain;
	zone_index *index = make_index(0);
	tally_counter *counter = make_counter(index, households);
	tally *value;
	size_t size;
	unsigned char *bytes;
	pure_error error;

	count_rows(counter, index, &plain, 20);
	value = flatten(counter);
	size = tally_size(value);
	bytes = pure_alloc(size);
	for (size_t i = 4; i < size; i++)
		for (int bit = 0; bit < 8; bit++)
		{
			size_t cell = 0;

			memcpy(bytes, value, size);
			bytes[i] ^= (unsigned char) (1 << bit);
			if (!tally_check(bytes, size, &error))
				continue;
			for (size_t zone = 0; zone < tally_zone_count((tally *) bytes); zone++)
				free(tally_curve((tally *) bytes, zone, &cell, true, &error));
		}
	for (size_t shorter = 0; shorter < size; shorter++)
	{
		unsigned char *part = pure_alloc(shorter);

		memcpy(part, value, shorter);
		EXPECT(!tally_check(part, shorter, &error));
		free(part);
	}
}

int
main(void)
{
	test_counts(false);
	test_counts(true);
	test_many_days(false, 0, false);
	test_many_days(true, 0, false);
	test_many_days(false, 4, false);
	test_many_days(false, 0, true);
	test_many_days(true, 4, true);
	test_households_forgotten();
	test_other_zones();
	test_zoned_households();
	test_mutations(false);
	test_mutations(true);
	return failures != 0;
}
