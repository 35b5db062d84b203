/* Neighbours of small sets of zones whose answers can be read off a sketch. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../extension/where/zone_neighbours_core.h"

static int failures = 0;

typedef struct sketch
{
	int32_t ids[8];
	size_t zones;
	zone_edge edges[64];
	size_t count;
} sketch;

/* A zone of one ring, counter-clockwise. */
static void
add_zone(sketch *sketch, int32_t id, const double *xy, size_t points)
{
	sketch->ids[sketch->zones++] = id;
	for (size_t i = 0; i < points; i++)
	{
		size_t next = (i + 1) % points;

		sketch->edges[sketch->count++] =
			(zone_edge){xy[2 * i], xy[2 * i + 1], xy[2 * next], xy[2 * next + 1], id};
	}
}

#define ZONE(sketch, id, ...)                                                                      \
	add_zone((sketch), (id), (const double[]){__VA_ARGS__},                                        \
			 sizeof((double[]){__VA_ARGS__}) / sizeof(double) / 2)
#define BOX(sketch, id, x0, y0, x1, y1) ZONE(sketch, id, x0, y0, x1, y0, x1, y1, x0, y1)

static void
print_pairs(const sketch *sketch, double metres, double tolerance, char *text, size_t size)
{
	pure_error error = {0};
	size_t count = 0;
	size_t length = 0;
	zone_index *index =
		zone_index_build(sketch->ids, sketch->zones, sketch->edges, sketch->count, 0, &error);
	zone_neighbour *pairs;

	text[0] = '\0';
	if (index == NULL)
	{
		snprintf(text, size, "%s", error.message);
		return;
	}
	pairs = zone_neighbours_find(index, metres, tolerance, &count);
	for (size_t i = 0; i < count && length < size; i++)
		length +=
			snprintf(text + length, size - length, "%s%d-%d %.4g/%.4g", i > 0 ? ", " : "",
					 zone_index_ids(index)[pairs[i].zone],
					 zone_index_ids(index)[pairs[i].neighbour], pairs[i].shared_m, pairs[i].gap_m);
	pure_free(pairs);
	pure_free(index);
}

static void
expect(const char *what, const sketch *sketch, double metres, double tolerance, const char *answer)
{
	char text[1024];

	print_pairs(sketch, metres, tolerance, text, sizeof(text));
	if (strcmp(text, answer) != 0)
	{
		printf("%s: expected \"%s\", got \"%s\"\n", what, answer, text);
		failures++;
	}
}

static void
test_tiling(void)
{
	sketch four = {0};
	sketch steps = {0};

	BOX(&four, 1, 0, 0, 2, 3);
	BOX(&four, 2, 2, 0, 4, 3);
	BOX(&four, 3, 0, 3, 2, 6);
	BOX(&four, 4, 2, 3, 4, 6);
	expect("sides and corners", &four, 1, 0,
		   "1-2 3/0, 1-3 2/0, 1-4 0/0, 2-1 3/0, 2-3 0/0, 2-4 2/0, 3-1 2/0, 3-2 0/0, 3-4 3/0, "
		   "4-1 0/0, 4-2 2/0, 4-3 3/0");
	expect("feet", &four, 0.3048, 0,
		   "1-2 0.9144/0, 1-3 0.6096/0, 1-4 0/0, 2-1 0.9144/0, 2-3 0/0, 2-4 0.6096/0, "
		   "3-1 0.6096/0, 3-2 0/0, 3-4 0.9144/0, 4-1 0/0, 4-2 0.6096/0, 4-3 0.9144/0");
	expect("a corner stays one", &four, 1, 0.5,
		   "1-2 3/0, 1-3 2/0, 1-4 0/0, 2-1 3/0, 2-3 0/0, 2-4 2/0, 3-1 2/0, 3-2 0/0, 3-4 3/0, "
		   "4-1 0/0, 4-2 2/0, 4-3 3/0");

	BOX(&steps, 7, 0, 0, 1, 5);
	BOX(&steps, -8, 1, -1, 2, 2);
	BOX(&steps, 9, 1, 3, 2, 6);
	expect("sides that overlap in part", &steps, 1, 0, "-8-7 2/0, 7--8 2/0, 7-9 2/0, 9-7 2/0");
}

static void
test_touching(void)
{
	sketch corner = {0};
	sketch inside = {0};
	sketch cross = {0};
	sketch twins = {0};

	BOX(&corner, 1, 0, 0, 4, 4);
	ZONE(&corner, 2, 4, 1, 6, 0, 6, 2);
	ZONE(&corner, 3, nextafter(4, 5), 3, 6, 2.5, 6, 3.5);
	expect("a corner on a side, and one that misses it", &corner, 1, 0, "1-2 0/0, 2-1 0/0");

	BOX(&inside, 1, 0, 0, 9, 9);
	BOX(&inside, 2, 4, 4, 5, 5);
	expect("a zone within another", &inside, 1, 0, "1-2 0/0, 2-1 0/0");

	BOX(&cross, 1, 0, 4, 9, 5);
	BOX(&cross, 2, 4, 0, 5, 9);
	expect("a cross", &cross, 1, 0, "1-2 0/0, 2-1 0/0");

	BOX(&twins, 1, 0, 0, 1, 1);
	BOX(&twins, 2, 0, 0, 1, 1);
	expect("one on top of the other", &twins, 1, 0, "1-2 4/0, 2-1 4/0");
}

static void
test_near(void)
{
	sketch alley = {0};
	sketch offset = {0};

	BOX(&alley, 1, 0, 0, 1, 5);
	BOX(&alley, 2, 1.5, 1, 3, 4);
	expect("not touching", &alley, 1, 0, "");
	expect("too far", &alley, 1, 0.4, "");
	expect("across an alley", &alley, 1, 0.5, "1-2 3/0.5, 2-1 3/0.5");
	expect("across an alley in feet", &alley, 0.3048, 0.5, "1-2 0.9144/0.1524, 2-1 0.9144/0.1524");

	/* Slanting away, 0.2 at the foot and 1.2 five higher: from the slope, 2.48 of it within 0.7. */
	BOX(&offset, 1, 0, 0, 1, 5);
	ZONE(&offset, 2, 1.2, 0, 4, 0, 4, 5, 2.2, 5);
	expect("slanting away", &offset, 1, 0.7, "1-2 2.48/0.2, 2-1 2.48/0.2");
}

/* The equator's arc of a degree is 111319.4908 m, the meridian's there 110574.2758, at 60°
 * 111412.2402. */
static void
test_degrees(void)
{
	sketch equator = {0};
	sketch north = {0};

	BOX(&equator, 1, 0, -0.01, 1, 0);
	BOX(&equator, 2, 0, 0, 1, 0.01);
	BOX(&equator, 3, 0, 0.01, 1, 0.02);
	expect("at the equator", &equator, UNIT_DEGREES, 0,
		   "1-2 1.113e+05/0, 2-1 1.113e+05/0, 2-3 1.113e+05/0, 3-2 1.113e+05/0");

	BOX(&north, 1, 0, 59.995, 0.01, 60.005);
	BOX(&north, 2, 0.0101, 59.995, 0.02, 60.005);
	expect("at 60 degrees", &north, UNIT_DEGREES, 6, "1-2 1114/5.579, 2-1 1114/5.579");
	expect("and not further", &north, UNIT_DEGREES, 5.5, "");
}

int
main(void)
{
	test_tiling();
	test_touching();
	test_near();
	test_degrees();
	return failures > 0;
}
