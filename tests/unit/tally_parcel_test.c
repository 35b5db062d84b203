/* What goes from process to process comes to the same as if one had counted all; and counts side by
 * side take no more memory than is written. Zones are a grid of unit squares. */
#include "../../extension/what/tally_cells.h"
#include "../../extension/what/tally_parcel_core.h"

#define SIDE 30
#define ZONES (SIDE * SIDE)
#define PARTS 4
#define USUAL 7900 /* a day */

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

static uint64_t seed = 11;

static uint32_t
next_random(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % below;
}

static zone_index *
make_index(void)
{
	static zone_edge edges[ZONES * 4];
	static int32_t ids[ZONES];
	zone_index *index;
	pure_error error;

	for (int32_t zone = 0; zone < ZONES; zone++)
	{
		double x = zone % SIDE, y = zone / SIDE;

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

static tally_counter *
make_counter(const zone_index *index)
{
	return tally_counter_make(zone_index_fingerprint(index), zone_index_ids(index),
							  zone_index_zones(index), false);
}

static void
place(tally_counter *counter, const zone_index *index, uint32_t zone, int32_t day, int32_t n)
{
	tally_rows *rows = tally_counter_rows(counter);
	double *x, *y;
	pure_error error;

	tally_rows_point(rows, &x, &y);
	*x = zone % SIDE + 0.5;
	*y = zone / SIDE + 0.25;
	if (tally_rows_add(rows, day, n, NULL))
		EXPECT(tally_counter_flush(counter, index, &error));
}

static tally *
flatten(tally_counter *counter)
{
	pure_error error;
	size_t size;
	tally *value;

	EXPECT(tally_counter_size(counter, &size, &error));
	value = pure_alloc(size);
	value->length_word = 0;
	tally_counter_flatten(counter, value, size);
	EXPECT(tally_check(value, size, &error));
	return value;
}

/* A parcel in memory of exactly its size; NULL where a value is as small. */
static tally *
pack(tally_counter *counter, size_t *size)
{
	pure_error error;
	tally *parcel;

	if (!tally_parcel_size(counter, size))
		return NULL;
	parcel = pure_alloc(*size);
	tally_parcel_write(counter, parcel, *size);
	EXPECT(tally_is_marked_parcel(parcel, *size));
	EXPECT(tally_parcel_check(parcel, *size, &error));
	EXPECT(!tally_check(parcel, *size, &error));
	return parcel;
}

static bool
same(tally_counter *a, tally_counter *b)
{
	tally *left = flatten(a), *right = flatten(b);
	size_t head = offsetof(tally, version);
	bool result = tally_size(left) == tally_size(right) &&
				  memcmp((char *) left + head, (char *) right + head, tally_size(left) - head) == 0;

	free(left);
	free(right);
	return result;
}

typedef struct shape
{
	const char *name;
	int rows;
	uint32_t days;
	uint32_t zones;
	int32_t n;			 /* of one row in a hundred, of the others 1 */
	int32_t far;		 /* days between the rows of one part and of the next */
	uint32_t far_off;	 /* one row in so many is of the year 21 or of the last day; 0 for none */
	int parts_with_rows; /* the others have none */
	int least_parcels;
} shape;

static const shape shapes[] = {
	{"one day", 8000, 1, ZONES, 1, 0, 0, PARTS, PARTS},
	{"many days", 40000, 100, ZONES, 3, 0, 0, PARTS, PARTS},
	{"days that are far off", 40000, 50, ZONES, 1, 0, 20, PARTS, PARTS},
	{"nothing but days that are far off", 2000, 1, ZONES, 1, 0, 1, PARTS, 0},
	{"above 8 bits, after a while", 60000, 1, ZONES / 2, 20, 0, 0, 2, 2},
	{"above 8 bits", 20000, 20, ZONES, 256, 0, 0, PARTS, PARTS},
	{"above 16 bits", 20000, 5, ZONES, 65536, 0, 0, PARTS, PARTS},
	{"above 32 bits", 20000, 4, ZONES, INT32_MAX, 0, 50, PARTS, PARTS},
	{"above 8 bits in one part", 20000, 20, ZONES, 300, 0, 0, 1, 1},
	{"some parts without a row", 20000, 20, ZONES, 1, 0, 20, 2, 2},
	{"few rows", 5, 2, ZONES, 1, 0, 0, PARTS, 0},
	{"parts that follow each other", 40000, 30, ZONES, 1, 30, 0, PARTS, PARTS},
	{"parts a thousand years apart", 20000, 10, ZONES, 1, 365000, 0, PARTS, PARTS},
	{"parts a year apart, the last first", 40000, 10, ZONES, 300, -365, 0, PARTS, PARTS},
	{"no row at all", 0, 1, 1, 1, 0, 0, PARTS, 0},
};

static void
count_shape(const zone_index *index, const shape *is, tally_counter *whole, tally_counter **parts)
{
	pure_error error;

	for (int i = 0; i < is->rows; i++)
	{
		int part = (int) next_random((uint32_t) is->parts_with_rows);
		int32_t day = USUAL + part * is->far + (int32_t) next_random(is->days);
		uint32_t zone = next_random(50) == 0 ? ZONES : next_random(is->zones); /* or outside */
		/* in one part only, so that parts are not as wide as each other */
		int32_t n = part == 0 && next_random(100) == 0 ? is->n : 1;

		if (is->far_off > 0 && next_random(is->far_off) == 0)
			day = next_random(2) == 0 ? -722000 + (int32_t) next_random(300) : DAY_LAST;
		place(whole, index, zone, day, n);
		place(parts[part], index, zone, day, n);
	}
	EXPECT(tally_counter_flush(whole, index, &error));
	for (int part = 0; part < PARTS; part++)
		EXPECT(tally_counter_flush(parts[part], index, &error));
}

/* In which order the parts come, the first of them as it is or added to nothing. */
static void
test_shape(const zone_index *index, const shape *is, bool in_reverse)
{
	tally_counter *whole = make_counter(index), *parts[PARTS], *sum = NULL;
	int parcels = 0;
	pure_error error;

	for (int part = 0; part < PARTS; part++)
		parts[part] = make_counter(index);
	count_shape(index, is, whole, parts);
	for (int i = 0; i < PARTS; i++)
	{
		int part = in_reverse ? PARTS - 1 - i : i;
		size_t size;
		tally *flat = pack(parts[part], &size);

		if (flat == NULL)
			flat = flatten(parts[part]);
		else
		{
			tally_counter *alone = tally_counter_of(flat, &error);

			parcels++;
			EXPECT(alone != NULL && same(alone, parts[part]));
		}
		if (sum == NULL)
			sum = tally_counter_of(flat, &error);
		else
			EXPECT(tally_counter_add(sum, flat, &error));
		free(flat);
	}
	if (parcels < is->least_parcels || !same(sum, whole))
	{
		printf("%s: wrong, or only %d parcels\n", is->name, parcels);
		failures++;
	}
}

/* What goes on being counted after it was sent, and after others were added. */
static void
test_goes_on(const zone_index *index)
{
	tally_counter *whole = make_counter(index), *part = make_counter(index);
	pure_error error;

	for (int round = 0; round < 4; round++)
	{
		size_t size;
		tally *parcel;

		for (int i = 0; i < 3000; i++)
		{
			uint32_t zone = next_random(ZONES);
			int32_t day =
				USUAL + (round % 2 == 0 ? round : -round) * 10 + (int32_t) next_random(10);

			place(whole, index, zone, day, 1);
			place(part, index, zone, day, 1);
		}
		EXPECT(tally_counter_flush(whole, index, &error) &&
			   tally_counter_flush(part, index, &error));
		parcel = pack(part, &size);
		EXPECT(parcel != NULL && same(tally_counter_of(parcel, &error), whole));
		EXPECT(tally_counter_add(part, parcel, &error) && tally_counter_add(whole, parcel, &error));
		free(parcel);
		EXPECT(same(whole, part));
	}
}

/* Sums that need more bytes than what is added. */
static void
test_runs_over(const zone_index *index, int32_t n)
{
	tally_counter *whole = make_counter(index), *part = make_counter(index), *sum;
	size_t size;
	tally *parcel;
	pure_error error;

	for (int i = 0; i < ZONES; i++)
	{
		place(part, index, (uint32_t) i, USUAL + i % 2, n);
		for (int times = 0; times < 3; times++)
			place(whole, index, (uint32_t) i, USUAL + i % 2, n);
	}
	EXPECT(tally_counter_flush(whole, index, &error) && tally_counter_flush(part, index, &error));
	parcel = pack(part, &size);
	EXPECT(parcel != NULL);
	sum = tally_counter_of(parcel, &error);
	EXPECT(tally_counter_add(sum, parcel, &error) && tally_counter_add(sum, parcel, &error));
	EXPECT(same(sum, whole));
}

/* All counts together stay within 64 bits. */
static void
test_bounded(const zone_index *index)
{
	tally_counter *counter = make_counter(index);
	int additions = 0;
	pure_error error;

	for (int i = 0; i < 3000; i++)
		place(counter, index, (uint32_t) i % ZONES, USUAL, INT32_MAX);
	EXPECT(tally_counter_flush(counter, index, &error));
	for (;; additions++)
	{
		size_t size;
		tally *parcel = pack(counter, &size);
		bool added;

		EXPECT(parcel != NULL);
		added = tally_counter_add(counter, parcel, &error);
		free(parcel);
		if (!added)
			break;
	}
	/* 3000 × 2^31 doubled so often is the last below 2^63. */
	EXPECT(additions == 20);
	EXPECT(error.code == PURE_OUT_OF_RANGE);
}

/* 256 bytes for each count at most, and the days that are counted most among them. */
static void
expect_memory(tally_counter *counter)
{
	EXPECT(tally_dense_size(&counter->dense) <= 256 * tally_cells_count(counter));
}

static void
test_memory(const zone_index *index)
{
	tally_counter *usual = make_counter(index), *thin = make_counter(index),
				  *wide = make_counter(index), *down = make_counter(index);
	pure_error error;

	for (int i = 0; i < 30000; i++)
	{
		uint32_t zone = next_random(ZONES);

		/* one of five years before does not keep the rest in the table */
		if (i < 6000)
			place(usual, index, zone, i % 500 == 0 ? USUAL - 1800 : USUAL + i % 100, 1);
		/* a zone a day */
		place(thin, index, zone, USUAL + i, 1);
		place(wide, index, zone, DAY_FIRST + (int32_t) next_random(DAY_LAST), 1);
		place(down, index, zone, USUAL - i / 100, 1);
		if (i % 50 == 0)
		{
			expect_memory(thin);
			expect_memory(down);
		}
	}
	EXPECT(tally_counter_flush(usual, index, &error) && tally_counter_flush(thin, index, &error) &&
		   tally_counter_flush(wide, index, &error) && tally_counter_flush(down, index, &error));
	expect_memory(usual);
	EXPECT(usual->dense.days >= 100 && usual->used < 1000);
	EXPECT(thin->dense.days == 0);
	EXPECT(wide->dense.days == 0);
	EXPECT(down->dense.days >= 300 && down->dense.days < 450);
}

/* Parts that are far from each other are not put side by side with all the days between them. */
static void
test_far_apart(const zone_index *index)
{
	tally_counter *sum = make_counter(index);
	pure_error error;

	for (int part = 0; part < 5; part++)
	{
		tally_counter *counter = make_counter(index);
		size_t size;
		tally *parcel;

		for (int i = 0; i < 5000; i++)
			place(counter, index, next_random(ZONES), USUAL + part % 2 * 300000 + i % 10, 1);
		EXPECT(tally_counter_flush(counter, index, &error));
		parcel = pack(counter, &size);
		EXPECT(parcel != NULL && tally_counter_add(sum, parcel, &error));
		free(parcel);
		expect_memory(sum);
	}
	EXPECT(sum->dense.days > 0);
}

/* Whatever the bytes are: refused, or a tally as any other when it is added to nothing. */
static void
try_bytes(const void *bytes, size_t size)
{
	pure_error error;
	tally_counter *counter;

	if (!tally_parcel_check(bytes, size, &error))
		return;
	counter = tally_counter_of(bytes, &error);
	if (counter != NULL)
		free(flatten(counter));
}

static void
test_mutations(const zone_index *index, bool brief)
{
	tally_counter *counter = make_counter(index), *wide = make_counter(index);
	unsigned char *bytes, *parcel;
	size_t size, fixed, wide_size;
	tally *far_too_many;
	tally_dense dense;
	pure_error error;

	for (int i = 0; i < 2000; i++)
		place(counter, index, next_random(ZONES), USUAL + i % 3, 1);
	for (int i = 0; i < 5; i++)
		place(counter, index, next_random(ZONES), DAY_FIRST + i, 1);
	EXPECT(tally_counter_flush(counter, index, &error));
	parcel = (unsigned char *) pack(counter, &size);
	EXPECT(parcel != NULL);
	bytes = pure_alloc(size);
	/* every bit in front, then some of the counts */
	fixed = (size_t) ((char *) (tally_cells((tally *) parcel) + 5 * COUNT_WORDS) - (char *) parcel);
	for (size_t i = 4; i < size; i += i < 56 || (i >= fixed - 100 && i < fixed) ? 1 :
									  brief										? 1009 :
																				  101)
		for (int bit = 0; bit < 8; bit++)
		{
			memcpy(bytes, parcel, size);
			bytes[i] ^= (unsigned char) (1 << bit);
			try_bytes(bytes, size);
		}
	memcpy(bytes, parcel, size);
	tally_parcel_days((tally *) bytes)->days = 1;
	tally_parcel_days((tally *) bytes)->width = 3;
	EXPECT(!tally_parcel_check(bytes, size, &error));
	memcpy(bytes, parcel, size);
	((tally *) bytes)->placed = 1000;
	EXPECT(!tally_parcel_check(bytes, size, &error));
	for (int i = 0; i < ZONES; i++)
		place(wide, index, (uint32_t) i, USUAL, INT32_MAX);
	for (int i = 0; i < 3; i++)
		place(wide, index, 0, USUAL, INT32_MAX);
	EXPECT(tally_counter_flush(wide, index, &error));
	far_too_many = pack(wide, &wide_size);
	dense = tally_parcel_dense(far_too_many);
	((uint64_t *) dense.counts)[0] = ((uint64_t *) dense.counts)[1] = INT64_MAX;
	EXPECT(tally_parcel_check(far_too_many, wide_size, &error));
	EXPECT(tally_counter_of(far_too_many, &error) == NULL && error.code == PURE_OUT_OF_RANGE);
	for (size_t shorter = 0; shorter < size; shorter += shorter < fixed + 100 ? 1 : 97)
	{
		unsigned char *part = pure_alloc(shorter);

		memcpy(part, parcel, shorter);
		EXPECT(!tally_is_marked_parcel(part, shorter) ||
			   !tally_parcel_check(part, shorter, &error));
		free(part);
	}
}

int
main(int count, char **arguments)
{
	zone_index *index = make_index();

	(void) arguments;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
	{
		test_shape(index, &shapes[i], false);
		test_shape(index, &shapes[i], true);
	}
	test_goes_on(index);
	test_runs_over(index, 100);
	test_runs_over(index, 30000);
	test_runs_over(index, INT32_MAX);
	test_bounded(index);
	test_memory(index);
	test_far_apart(index);
	test_mutations(index, count > 1);
	return failures != 0;
}
