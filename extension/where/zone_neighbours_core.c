/*
 * Zones whose boxes come near enough are compared side by side. Whether two zones touch is decided
 * by exact predicates alone: a corner of one that the other holds, or two sides that cross. Only
 * lengths are rounded.
 */
#include <math.h>
#include <stdlib.h>

#include "zone_neighbours_core.h"

/* A run of sides in ascending order of their lowest x. */
typedef struct side_run
{
	const side *sides;
	size_t count;
} side_run;

/* `box` of the sides, and how far around it another zone counts. */
typedef struct zone_outline
{
	int32_t zone;
	side_run run;
	double min_x, min_y, max_x, max_y;
	double reach_x, reach_y;
} zone_outline;

typedef struct finder
{
	const zone_index *index;
	double metres_per_unit;
	double tolerance_m;
	side *sides;
	zone_outline *outlines; /* by zone; later in ascending order of min_x */
	uint64_t *meetings;		/* pairs that hold a corner in common, ascending */
	size_t meeting_count;
	side *near_one, *near_other; /* as many as the largest zone has sides */
	zone_neighbour *found;
	size_t found_count, found_size;
} finder;

static void
set_side(const finder *finder, side *side, const zone_border *border, bool forward)
{
	side->ax = forward ? border->ax : border->bx;
	side->ay = forward ? border->ay : border->by;
	side->bx = forward ? border->bx : border->ax;
	side->by = forward ? border->by : border->ay;
	side_scale(finder->metres_per_unit, side->ay / 2 + side->by / 2, &side->kx, &side->ky);
}

static void
finish_outline(const finder *finder, zone_outline *outline)
{
	double kx, ky;

	outline->min_x = outline->min_y = HUGE_VAL;
	outline->max_x = outline->max_y = -HUGE_VAL;
	for (size_t i = 0; i < outline->run.count; i++)
	{
		const side *side = &outline->run.sides[i];

		outline->min_x = low_of(outline->min_x, low_of(side->ax, side->bx));
		outline->max_x = high_of(outline->max_x, high_of(side->ax, side->bx));
		outline->min_y = low_of(outline->min_y, low_of(side->ay, side->by));
		outline->max_y = high_of(outline->max_y, high_of(side->ay, side->by));
	}

	/* A degree of longitude is shortest where the zone is farthest from the equator. */
	side_scale(finder->metres_per_unit, high_of(fabs(outline->min_y), fabs(outline->max_y)), &kx,
			   &ky);
	outline->reach_x = finder->tolerance_m > 0 ? finder->tolerance_m / kx : 0;
	side_scale(finder->metres_per_unit, 0, &kx, &ky);
	outline->reach_y = finder->tolerance_m / ky;
}

/* Borders come in ascending order of their lower end, and so do the sides of each zone. */
static void
outline_zones(finder *finder)
{
	size_t zones = zone_index_zones(finder->index);
	size_t borders = zone_index_edges(finder->index);
	size_t total = 0;
	size_t largest = 0;
	size_t *next = pure_alloc0((zones + 1) * sizeof(size_t));
	zone_border border;

	for (size_t i = 0; i < borders; i++)
	{
		zone_index_border(finder->index, i, &border);
		for (size_t j = 0; j < border.left_count; j++)
			next[border.left[j] + 1]++;
		for (size_t j = 0; j < border.right_count; j++)
			next[border.right[j] + 1]++;
		total += border.left_count + border.right_count;
	}
	finder->sides = pure_alloc(total * sizeof(side));
	finder->outlines = pure_alloc(zones * sizeof(zone_outline));
	for (size_t i = 0; i < zones; i++)
	{
		largest = next[i + 1] > largest ? next[i + 1] : largest;
		finder->outlines[i].zone = (int32_t) i;
		finder->outlines[i].run.count = next[i + 1];
		next[i + 1] += next[i];
		finder->outlines[i].run.sides = finder->sides + next[i];
	}
	for (size_t i = 0; i < borders; i++)
	{
		if (i % 1024 == 0)
			pure_check_interrupts();
		zone_index_border(finder->index, i, &border);
		for (size_t j = 0; j < border.left_count; j++)
			set_side(finder, &finder->sides[next[border.left[j]]++], &border, true);
		for (size_t j = 0; j < border.right_count; j++)
			set_side(finder, &finder->sides[next[border.right[j]]++], &border, false);
	}
	for (size_t i = 0; i < zones; i++)
		finish_outline(finder, &finder->outlines[i]);
	finder->near_one = pure_alloc(largest * sizeof(side));
	finder->near_other = pure_alloc(largest * sizeof(side));
	pure_free(next);
}

static int
compare_pairs(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *) one;
	uint64_t b = *(const uint64_t *) other;

	return (a > b) - (a < b);
}

static inline uint64_t
pair_of(int32_t one, int32_t other)
{
	return (uint64_t) (one < other ? one : other) << 32 | (uint32_t) (one < other ? other : one);
}

typedef struct pair_list
{
	uint64_t *pairs;
	size_t count, size;
} pair_list;

static void
sort_pairs(pair_list *list)
{
	size_t kept = 0;

	qsort(list->pairs, list->count, sizeof(uint64_t), compare_pairs);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || list->pairs[i] != list->pairs[kept - 1])
			list->pairs[kept++] = list->pairs[i];
	list->count = kept;
}

/* The same pairs come at one corner after another: doubles are dropped before room is added. */
static void
add_pair(pair_list *list, uint64_t pair)
{
	if (list->count > 0 && list->pairs[list->count - 1] == pair)
		return;
	if (list->count == list->size)
	{
		sort_pairs(list);
		if (list->count > list->size / 2)
		{
			list->size *= 2;
			list->pairs = pure_realloc(list->pairs, list->size * sizeof(uint64_t));
		}
	}
	list->pairs[list->count++] = pair;
}

/* Also finds a zone that lies within another without touching its border. */
static void
find_meetings(finder *finder)
{
	size_t borders = zone_index_edges(finder->index);
	size_t zones = zone_index_zones(finder->index);
	pair_list list = {.size = 1024};
	int32_t *holders = pure_alloc(zones * sizeof(int32_t));
	zone_border border;

	list.pairs = pure_alloc(list.size * sizeof(uint64_t));
	for (size_t i = 0; i < 2 * borders; i++)
	{
		size_t count;

		if (i % 1024 == 0)
			pure_check_interrupts();
		zone_index_border(finder->index, i / 2, &border);
		count = i % 2 == 0 ?
					zone_index_locate_all(finder->index, border.ax, border.ay, holders, zones) :
					zone_index_locate_all(finder->index, border.bx, border.by, holders, zones);
		for (size_t j = 0; j < count; j++)
			for (size_t k = j + 1; k < count; k++)
				add_pair(&list, pair_of(holders[j], holders[k]));
	}
	sort_pairs(&list);
	finder->meetings = list.pairs;
	finder->meeting_count = list.count;
	pure_free(holders);
}

static bool
hold_a_corner(const finder *finder, int32_t one, int32_t other)
{
	uint64_t pair = pair_of(one, other);

	return bsearch(&pair, finder->meetings, finder->meeting_count, sizeof(pair), compare_pairs) !=
		   NULL;
}

/* What the sides of one zone have of another's, and how near they come unless they touch. */
typedef struct view
{
	double shared_m;
	double gap_m;
	bool touch;
} view;

static void
look_over(const finder *finder, const zone_outline *zone, side_run one, side_run other, view *view)
{
	double reach_x = zone->reach_x;
	double reach_y = zone->reach_y;
	double longest = 0;
	size_t first = 0;
	stretch *parts = pure_alloc(other.count * sizeof(stretch));

	for (size_t i = 0; i < other.count; i++)
		longest = high_of(longest, fabs(other.sides[i].bx - other.sides[i].ax));
	for (size_t i = 0; i < one.count; i++)
	{
		const side *side = &one.sides[i];
		double low = low_of(side->ax, side->bx) - reach_x - longest;
		double high = high_of(side->ax, side->bx) + reach_x;
		size_t count = 0;

		pure_check_interrupts();
		while (first < other.count && low_of(other.sides[first].ax, other.sides[first].bx) < low)
			first++;
		for (size_t j = first; j < other.count; j++)
		{
			const struct side *facing = &other.sides[j];

			if (low_of(facing->ax, facing->bx) > high)
				break;
			if (!side_boxes_meet(side, facing, reach_x, reach_y))
				continue;
			if (side_common(side, facing, &parts[count]))
			{
				count++;
				continue;
			}
			view->touch = view->touch || side_crosses(side, facing);
			if (finder->tolerance_m > 0)
			{
				if (!view->touch)
					view->gap_m = low_of(side_distance(side, facing), view->gap_m);
				count += side_facing(side, facing, finder->tolerance_m, &parts[count]);
			}
		}
		view->shared_m += side_covered_length(parts, count);
	}
	pure_free(parts);
}

static side_run
sides_near(const zone_outline *zone, const zone_outline *other, side *room)
{
	side_run run = {.sides = room};

	for (size_t i = 0; i < zone->run.count; i++)
	{
		const side *side = &zone->run.sides[i];

		if (low_of(side->ax, side->bx) <= other->max_x + other->reach_x &&
			high_of(side->ax, side->bx) >= other->min_x - other->reach_x &&
			low_of(side->ay, side->by) <= other->max_y + other->reach_y &&
			high_of(side->ay, side->by) >= other->min_y - other->reach_y)
			room[run.count++] = *side;
	}
	return run;
}

static void
add_neighbour(finder *finder, int32_t zone, int32_t neighbour, double shared_m, double gap_m)
{
	if (finder->found_count == finder->found_size)
	{
		finder->found_size *= 2;
		finder->found = pure_realloc(finder->found, finder->found_size * sizeof(zone_neighbour));
	}
	finder->found[finder->found_count++] = (zone_neighbour){zone, neighbour, shared_m, gap_m};
}

static void
compare_zones(finder *finder, const zone_outline *one, const zone_outline *other)
{
	side_run near_one = sides_near(one, other, finder->near_one);
	side_run near_other = sides_near(other, one, finder->near_other);
	view there = {.gap_m = HUGE_VAL, .touch = hold_a_corner(finder, one->zone, other->zone)};
	view back = {.gap_m = 0, .touch = true};
	double shared;

	look_over(finder, one, near_one, near_other, &there);
	if (there.touch)
		there.gap_m = 0;
	else if (!(there.gap_m <= finder->tolerance_m))
		return;
	look_over(finder, other, near_other, near_one, &back);
	shared = low_of(there.shared_m, back.shared_m);
	add_neighbour(finder, one->zone, other->zone, shared, there.gap_m);
	add_neighbour(finder, other->zone, one->zone, shared, there.gap_m);
}

static int
compare_outlines(const void *one, const void *other)
{
	const zone_outline *a = one;
	const zone_outline *b = other;

	return a->min_x != b->min_x ? (a->min_x > b->min_x) - (a->min_x < b->min_x) :
								  (a->zone > b->zone) - (a->zone < b->zone);
}

static int
compare_neighbours(const void *one, const void *other)
{
	const zone_neighbour *a = one;
	const zone_neighbour *b = other;

	return a->zone != b->zone ? (a->zone > b->zone) - (a->zone < b->zone) :
								(a->neighbour > b->neighbour) - (a->neighbour < b->neighbour);
}

static void
compare_near_zones(finder *finder)
{
	size_t zones = zone_index_zones(finder->index);
	double widest_reach = 0;

	qsort(finder->outlines, zones, sizeof(zone_outline), compare_outlines);
	for (size_t i = 0; i < zones; i++)
		widest_reach = high_of(widest_reach, finder->outlines[i].reach_x);
	for (size_t i = 0; i < zones; i++)
	{
		const zone_outline *one = &finder->outlines[i];

		pure_check_interrupts();
		for (size_t j = i + 1; j < zones && finder->outlines[j].min_x <= one->max_x + widest_reach;
			 j++)
		{
			const zone_outline *other = &finder->outlines[j];

			if (other->min_y <= one->max_y + one->reach_y &&
				one->min_y <= other->max_y + one->reach_y)
				compare_zones(finder, one, other);
		}
	}
}

zone_neighbour *
zone_neighbours_find(const zone_index *index, double metres_per_unit, double tolerance_m,
					 size_t *count)
{
	finder finder = {.index = index,
					 .metres_per_unit = metres_per_unit,
					 .tolerance_m = tolerance_m,
					 .found_size = 1024};

	finder.found = pure_alloc(finder.found_size * sizeof(zone_neighbour));
	outline_zones(&finder);
	find_meetings(&finder);
	compare_near_zones(&finder);
	qsort(finder.found, finder.found_count, sizeof(zone_neighbour), compare_neighbours);
	pure_free(finder.sides);
	pure_free(finder.outlines);
	pure_free(finder.meetings);
	pure_free(finder.near_one);
	pure_free(finder.near_other);
	*count = finder.found_count;
	return finder.found;
}
