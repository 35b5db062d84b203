/* Clusters of random cases against the closure over all pairs. */
#include "../../extension/what/case_clusters_core.h"

#include <math.h>

#include "../../extension/where/zone_sides_core.h"

#define CASES 120

static int failures = 0;
static uint64_t random_state = 0x150;

static unsigned
pick(unsigned below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (random_state >> 33) % below;
}

static void
draw(clustered_case *cases, bool in_degrees, unsigned spread)
{
	for (int i = 0; i < CASES; i++)
	{
		clustered_case *one = &cases[i];

		memset(one, 0, sizeof(*one));
		one->x = pick(spread) * 50.0;
		one->y = pick(spread) * 50.0;
		if (in_degrees)
		{
			one->x = 106 + one->x / 100000;
			one->y = (pick(2) == 0 ? 60 : -0.005) + one->y / 100000;
		}
		one->day = (int32_t) pick(80) - 40;
		one->n = 1 + (pick(30) == 0);
	}
}

static bool
linked(const clustered_case *a, const clustered_case *b, double unit, double metres, int32_t days)
{
	double kx;
	double ky;

	if (abs(a->day - b->day) > days)
		return false;
	side_scale(unit, a->y / 2 + b->y / 2, &kx, &ky);
	kx *= a->x - b->x;
	ky *= a->y - b->y;
	return kx * kx + ky * ky <= metres * metres;
}

/* Each takes the lowest label among those that it is linked to, until nothing changes. */
static void
close_over(const clustered_case *cases, double unit, double metres, int32_t days, int *labels)
{
	bool changed = true;

	for (int i = 0; i < CASES; i++)
		labels[i] = i;
	while (changed)
	{
		changed = false;
		for (int i = 0; i < CASES; i++)
			for (int j = 0; j < CASES; j++)
				if (labels[j] < labels[i] && linked(&cases[i], &cases[j], unit, metres, days))
				{
					labels[i] = labels[j];
					changed = true;
				}
	}
}

static void
fail(int round, const char *what)
{
	if (failures++ < 10)
		fprintf(stderr, "round %d: %s\n", round, what);
}

static void
check(int round, const clustered_case *cases, const int *labels)
{
	int count[CASES] = {0};

	for (int i = 0; i < CASES; i++)
		count[labels[i]] += cases[i].n;
	for (int i = 0; i < CASES; i++)
	{
		if ((cases[i].cluster > 0) != (count[labels[i]] >= 2))
			fail(round, "a case alone is in a cluster, or one of several in none");
		for (int j = 0; j < i; j++)
			if (cases[i].cluster > 0 &&
				(cases[i].cluster == cases[j].cluster) != (labels[i] == labels[j]))
				fail(round, "two cases are together, or apart, that should not be");
	}
}

/* By first day: no later cluster begins earlier. */
static void
check_numbers(int round, const clustered_case *cases)
{
	int32_t first[CASES + 1];

	for (int i = 0; i <= CASES; i++)
		first[i] = INT32_MAX;
	for (int i = 0; i < CASES; i++)
		if (cases[i].day < first[cases[i].cluster])
			first[cases[i].cluster] = cases[i].day;
	for (int i = 2; i <= CASES; i++)
		if (first[i] < first[i - 1])
			fail(round, "clusters are not numbered by first day, or a number is left out");
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? 60 : 1500;
	int together = 0;

	(void) argv;
	for (int round = 0; round < rounds; round++)
	{
		clustered_case cases[CASES];
		int labels[CASES];
		bool in_degrees = pick(2) == 0;
		double unit = in_degrees ? UNIT_DEGREES : pick(2) == 0 ? 1.0 : 0.3048;
		double metres = pick(10) == 0 ? 0 : pick(12) * 25.0;
		int32_t days = (int32_t) pick(20);

		draw(cases, in_degrees, 2 + pick(60));
		case_clusters_find(cases, CASES, unit, metres, days);
		close_over(cases, unit, metres, days, labels);
		check(round, cases, labels);
		check_numbers(round, cases);
		for (int i = 0; i < CASES; i++)
			together += cases[i].cluster > 0;
	}
	if (together < rounds * CASES / 10 || together > rounds * CASES * 9 / 10)
		fail(rounds, "hardly any cases were in clusters, or hardly any were not");
	case_clusters_find(NULL, 0, 1.0, 150, 14);
	return failures > 0;
}
