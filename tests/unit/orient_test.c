/* The orientation predicate against integer arithmetic, and where floating point has no digits
 * left. */
#include "../../extension/where/orient_core.h"

static int failures;

static void
expect(const char *what, int got, int wanted)
{
	if (got == wanted)
		return;
	printf("%s: %d instead of %d\n", what, got, wanted);
	failures++;
}

static uint64_t seed = 1;

static int64_t
random_below(int64_t bound)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t) ((seed >> 33) % (uint64_t) bound);
}

static int
sign_of(__int128 value)
{
	return value < 0 ? -1 : value > 0;
}

static int
orient_integers(const int64_t *v)
{
	return sign_of((__int128) (v[0] - v[4]) * (v[3] - v[5]) -
				   (__int128) (v[1] - v[5]) * (v[2] - v[4]));
}

/* Integers of up to 53 bits, on and beside a line, at every magnitude that doubles have. */
static void
test_against_integers(void)
{
	static const int exponents[] = {0, -52, -500, -1074, 60, 500, 970};

	for (int round = 0; round < 20000; round++)
	{
		int64_t range = INT64_C(1) << (2 + random_below(50));
		int64_t v[6];

		for (int i = 0; i < 6; i++)
			v[i] = random_below(2 * range) - range;
		if (round % 2 == 0)
		{
			int64_t t = random_below(3) - 1;

			v[4] = v[0] + t * (v[2] - v[0]) + random_below(3) - 1;
			v[5] = v[1] + t * (v[3] - v[1]);
		}
		for (size_t e = 0; e < sizeof(exponents) / sizeof(*exponents); e++)
		{
			double d[6];

			for (int i = 0; i < 6; i++)
				d[i] = ldexp((double) v[i], exponents[e]);
			expect("filtered", orient(d[0], d[1], d[2], d[3], d[4], d[5]), orient_integers(v));
			expect("exact", orient_exact(d[0], d[1], d[2], d[3], d[4], d[5]), orient_integers(v));
			expect("reversed", orient(d[2], d[3], d[0], d[1], d[4], d[5]), -orient_integers(v));
		}
	}
}

static void
test_extremes(void)
{
	double big = DBL_MAX;
	double tiny = nextafter(0, 1);

	expect("largest", orient(-big, -big, big, big, 0, tiny), 1);
	expect("largest, below", orient(-big, -big, big, big, tiny, 0), -1);
	expect("largest, on", orient(-big, -big, big, big, tiny, tiny), 0);
	expect("smallest", orient(0, 0, tiny, tiny, 0, tiny), 1);
	expect("smallest, on", orient(-tiny, -tiny, tiny, tiny, 0, -0.0), 0);
	expect("both", orient(0, 0, big, tiny, big, 0), -1);
	expect("zeros", orient(0, 0, 0, 0, 0, 0), 0);
	expect("half way", orient(0.1, 0.1, 0.3, 0.3, 0.2, 0.2), 0);
	expect("half way and a bit", orient(0.1, 0.1, 0.3, 0.3, 0.2, nextafter(0.2, 1)), 1);
}

static void
test_rings(void)
{
	double square[] = {0, 0, 1, 0, 1, 1, 0, 1, 0, 0};
	double back[] = {0, 0, 0, 1, 1, 1, 1, 0, 0, 0};
	double repeated[] = {0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0};
	double nothing[] = {1, 1, 1, 1, 1, 1, 1, 1};

	expect("counter-clockwise", orient_ring(square, 5), 1);
	expect("clockwise", orient_ring(back, 5), -1);
	expect("repeated points", orient_ring(repeated, 7), 1);
	expect("one point", orient_ring(nothing, 4), 0);
	expect("no points", orient_ring(nothing, 0), 0);
}

int
main(void)
{
	test_against_integers();
	test_extremes();
	test_rings();
	return failures > 0;
}
