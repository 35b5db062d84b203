/*
 * Cases of one place are linked along their days. What is so linked is a run, and of two runs only
 * the first and last days matter: within a run no day is far from a case. So a place that stands
 * for many, as the middle of a ward does, costs no more than others. Runs are then laid out in bands
 * from south to north, each in the order of x, and compared with those that may be near.
 */
#include "case_clusters_core.h"

#include <math.h>

#include "../where/zone_sides_core.h"

/* A bound that is a little too wide only finds pairs that the distance then refuses. */
#define WIDER (1 + 1e-9)

typedef struct run
{
	double x;
	double y;
	int32_t first_day;
	int32_t last_day;
	int64_t band;
	int64_t n;
	size_t parent; /* union-find */
	size_t from;   /* its cases, in their order by place and day */
	size_t until;
} run;

typedef struct cluster_search
{
	double metres_per_unit;
	double metres;
	int32_t days;
	run *runs;
	size_t count;
} cluster_search;

static inline int
compare_numbers(double a, double b)
{
	return (a > b) - (a < b);
}

static int
by_place_and_day(const void *a, const void *b)
{
	const clustered_case *one = *(clustered_case *const *) a;
	const clustered_case *other = *(clustered_case *const *) b;
	int order = compare_numbers(one->y, other->y);

	pure_check_interrupts();
	if (order == 0)
		order = compare_numbers(one->x, other->x);
	return order != 0 ? order : (one->day > other->day) - (one->day < other->day);
}

static int
by_band_and_x(const void *a, const void *b)
{
	const run *one = a;
	const run *other = b;

	pure_check_interrupts();
	if (one->band != other->band)
		return one->band < other->band ? -1 : 1;
	return compare_numbers(one->x, other->x);
}

static void
find_runs(cluster_search *search, clustered_case *const *sorted, size_t count)
{
	search->runs = pure_alloc(count * sizeof(run));
	search->count = 0;
	for (size_t i = 0; i < count; i++)
	{
		const clustered_case *now = sorted[i];
		run *last = search->count > 0 ? &search->runs[search->count - 1] : NULL;

		pure_check_interrupts();
		if (last == NULL || last->x != now->x || last->y != now->y ||
			(int64_t) now->day - last->last_day > search->days)
		{
			last = &search->runs[search->count++];
			memset(last, 0, sizeof(*last));
			last->x = now->x;
			last->y = now->y;
			last->first_day = now->day;
			last->from = i;
		}
		last->last_day = now->day;
		last->n += now->n;
		last->until = i + 1;
	}
}

/* Bands as high as the farthest link, so that a run is linked within its own and the next one. */
static void
lay_out(cluster_search *search)
{
	double lowest = INFINITY;
	double highest = -INFINITY;
	double height = INFINITY;

	for (size_t i = 0; i < search->count; i++)
	{
		lowest = low_of(lowest, search->runs[i].y);
		highest = high_of(highest, search->runs[i].y);
	}
	for (int i = 0; i < 2; i++)
	{
		double kx;
		double ky;

		side_scale(search->metres_per_unit, i == 0 ? lowest : highest, &kx, &ky);
		height = low_of(height, ky);
	}
	/* a degree is shortest on the equator */
	if (lowest < 0 && highest > 0)
	{
		double kx;
		double ky;

		side_scale(search->metres_per_unit, 0, &kx, &ky);
		height = low_of(height, ky);
	}
	height = search->metres / height * WIDER;
	for (size_t i = 0; i < search->count; i++)
	{
		double band = height > 0 ? floor((search->runs[i].y - lowest) / height) : 0;

		search->runs[i].band = band < 1e18 ? (int64_t) band : (int64_t) 1e18;
	}
	qsort(search->runs, search->count, sizeof(run), by_band_and_x);
	for (size_t i = 0; i < search->count; i++)
		search->runs[i].parent = i;
}

static size_t
root_of(run *runs, size_t at)
{
	while (runs[at].parent != at)
	{
		runs[at].parent = runs[runs[at].parent].parent;
		at = runs[at].parent;
	}
	return at;
}

static bool
linked(const cluster_search *search, const run *one, const run *other)
{
	double kx;
	double ky;
	double dx;
	double dy;

	if ((int64_t) one->first_day - other->last_day > search->days ||
		(int64_t) other->first_day - one->last_day > search->days)
		return false;
	side_scale(search->metres_per_unit, one->y / 2 + other->y / 2, &kx, &ky);
	dx = (one->x - other->x) * kx;
	dy = (one->y - other->y) * ky;
	return dx * dx + dy * dy <= search->metres * search->metres;
}

static void
link_runs(cluster_search *search, size_t one, size_t other)
{
	run *runs = search->runs;
	size_t a = root_of(runs, one);
	size_t b = root_of(runs, other);

	pure_check_interrupts();
	if (a != b && linked(search, &runs[one], &runs[other]))
		runs[a > b ? a : b].parent = a > b ? b : a;
}

/* How far along x a link may reach from a run to one in its own band or the next. */
static double
reach_along_x(const cluster_search *search, const run *from)
{
	double kx;
	double ky;
	double reach;

	side_scale(search->metres_per_unit, from->y, &kx, &ky);
	reach = search->metres / ky;
	side_scale(search->metres_per_unit, fabs(from->y) + reach, &kx, &ky);
	return search->metres / kx * WIDER;
}

/* The first of some runs of a band that is not west of x. */
static size_t
first_east_of(const run *runs, size_t low, size_t high, double x)
{
	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (runs[middle].x < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
link_all(cluster_search *search)
{
	const run *runs = search->runs;
	size_t next = 0; /* where the band after this one begins, and where it ends */
	size_t after = 0;

	for (size_t i = 0; i < search->count; i++)
	{
		double reach = reach_along_x(search, &runs[i]);

		for (size_t j = i + 1;
			 j < search->count && runs[j].band == runs[i].band && runs[j].x - runs[i].x <= reach; j++)
			link_runs(search, i, j);
		while (next < search->count && runs[next].band <= runs[i].band)
			next++;
		if (after < next)
			after = next;
		while (after < search->count && runs[after].band == runs[i].band + 1)
			after++;
		for (size_t j = first_east_of(runs, next, after, runs[i].x - reach);
			 j < after && runs[j].x - runs[i].x <= reach; j++)
			link_runs(search, i, j);
	}
}

/* A cluster by its first day, and of that day the southernmost place. */
typedef struct cluster_head
{
	int32_t day;
	double x;
	double y;
	size_t root;
	int64_t n;
} cluster_head;

static int
by_head(const void *a, const void *b)
{
	const cluster_head *one = a;
	const cluster_head *other = b;
	int order = (one->day > other->day) - (one->day < other->day);

	pure_check_interrupts();
	if (order == 0)
		order = compare_numbers(one->y, other->y);
	return order != 0 ? order : compare_numbers(one->x, other->x);
}

static cluster_head *
heads_of(cluster_search *search)
{
	cluster_head *heads = pure_alloc(search->count * sizeof(cluster_head));

	for (size_t i = 0; i < search->count; i++)
	{
		const run *one = &search->runs[i];

		heads[i] = (cluster_head){one->first_day, one->x, one->y, i, one->n};
	}
	for (size_t i = 0; i < search->count; i++)
	{
		cluster_head *root = &heads[root_of(search->runs, i)];

		pure_check_interrupts();
		if (root->root == i)
			continue;
		root->n += heads[i].n;
		if (by_head(&heads[i], root) < 0)
		{
			root->day = heads[i].day;
			root->x = heads[i].x;
			root->y = heads[i].y;
		}
	}
	return heads;
}

static void
number_clusters(cluster_search *search, clustered_case *const *sorted)
{
	cluster_head *heads = heads_of(search);
	int32_t *numbers = pure_alloc0(search->count * sizeof(int32_t));
	size_t kept = 0;

	for (size_t i = 0; i < search->count; i++)
		if (search->runs[i].parent == i && heads[i].n >= 2)
			heads[kept++] = heads[i];
	qsort(heads, kept, sizeof(cluster_head), by_head);
	for (size_t i = 0; i < kept; i++)
		numbers[heads[i].root] = (int32_t) i + 1;
	for (size_t i = 0; i < search->count; i++)
	{
		const run *one = &search->runs[i];
		int32_t number = numbers[root_of(search->runs, i)];

		pure_check_interrupts();
		for (size_t j = one->from; j < one->until; j++)
			sorted[j]->cluster = number;
	}
	pure_free(heads);
	pure_free(numbers);
}

void
case_clusters_find(clustered_case *cases, size_t count, double metres_per_unit, double metres,
				   int32_t days)
{
	cluster_search search = {.metres_per_unit = metres_per_unit, .metres = metres, .days = days};
	clustered_case **sorted;

	if (count == 0)
		return;
	sorted = pure_alloc(count * sizeof(clustered_case *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &cases[i];
	qsort(sorted, count, sizeof(clustered_case *), by_place_and_day);
	find_runs(&search, sorted, count);
	lay_out(&search);
	if (metres > 0)
		link_all(&search);
	number_clusters(&search, sorted);
	pure_free(search.runs);
	pure_free(sorted);
}
