/* Simplified zones that can be read off a sketch, and random tilings: nothing crosses, nothing is lost. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../extension/where/zone_rings_core.h"
#include "../../extension/where/zone_sides_core.h"

static int failures = 0;

typedef struct sketch
{
	int32_t ids[400];
	size_t zones;
	zone_edge edges[20000];
	size_t count;
} sketch;

static void
add_ring(sketch *sketch, int32_t id, const double *xy, size_t points)
{
	if (sketch->zones == 0 || sketch->ids[sketch->zones - 1] != id)
		sketch->ids[sketch->zones++] = id;
	for (size_t i = 0; i < points; i++)
	{
		size_t next = (i + 1) % points;

		sketch->edges[sketch->count++] =
			(zone_edge){xy[2 * i], xy[2 * i + 1], xy[2 * next], xy[2 * next + 1], id};
	}
}

#define RING(sketch, id, ...)                                                                      \
	add_ring((sketch), (id), (const double[]){__VA_ARGS__},                                        \
			 sizeof((double[]){__VA_ARGS__}) / sizeof(double) / 2)

static size_t
take(const unsigned char **wkb, void *value, size_t size)
{
	memcpy(value, *wkb, size);
	*wkb += size;
	return size;
}

/* ((shell)(hole))((shell)), twice the area. */
static double
print_wkb(const unsigned char *wkb, char *text, size_t size)
{
	uint32_t type, polygons, rings, points;
	size_t length = 0;
	double area = 0;

	wkb++;
	take(&wkb, &type, 4);
	take(&wkb, &polygons, 4);
	text[0] = '\0';
	for (uint32_t p = 0; p < polygons; p++)
	{
		wkb++;
		take(&wkb, &type, 4);
		take(&wkb, &rings, 4);
		length += snprintf(text + length, size - length, "(");
		for (uint32_t r = 0; r < rings; r++)
		{
			double x0 = 0, y0 = 0;

			take(&wkb, &points, 4);
			for (uint32_t i = 0; i < points; i++)
			{
				double x, y;

				take(&wkb, &x, 8);
				take(&wkb, &y, 8);
				area += i > 0 ? x0 * y - x * y0 : 0;
				x0 = x;
				y0 = y;
				if (i > 0 && length + 60 < size)
					length += snprintf(text + length, size - length, "%s%g %g", i > 1 ? "," : "(", x, y);
			}
			length += snprintf(text + length, size - length, ")");
		}
		length += snprintf(text + length, size - length, ")");
	}
	return area;
}

static zone_index *
build(const sketch *sketch)
{
	pure_error error = {0};
	zone_index *index =
		zone_index_build(sketch->ids, sketch->zones, sketch->edges, sketch->count, 0, &error);

	if (index == NULL)
	{
		printf("not an index: %s\n", error.message);
		failures++;
	}
	return index;
}

static void
expect(const char *what, const sketch *sketch, double tolerance, const char *expected)
{
	zone_index *index = build(sketch);
	zone_arcs arcs;
	zone_rings *rings;
	char text[2000] = "";

	zone_arcs_collect(&arcs, index, NULL);
	zone_arcs_thin(&arcs, 1, tolerance);
	rings = zone_rings_open(&arcs, 0);
	for (size_t i = 0; i < zone_index_zones(index); i++)
	{
		pure_error error;
		size_t size, length = strlen(text);
		const unsigned char *wkb = zone_rings_polygon(rings, (int32_t) i, &size, &error);

		length += snprintf(text + length, sizeof(text) - length, "%s%d ", i > 0 ? " " : "", zone_index_ids(index)[i]);
		if (wkb == NULL)
			snprintf(text + length, sizeof(text) - length, "%s", error.message);
		else
			print_wkb(wkb, text + length, sizeof(text) - length);
	}
	zone_rings_close(rings);
	zone_arcs_free(&arcs);
	pure_free(index);
	if (strcmp(text, expected) != 0)
	{
		printf("%s:\n  expected %s\n  got      %s\n", what, expected, text);
		failures++;
	}
}

static uint64_t seed = 2716;

static double
chance(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (seed >> 11) / 9007199254740992.0;
}

/* Plots with shaken corners, given to zones at random: in parts, with holes, touching in corners. */
static void
shake_tiling(int size, int32_t owners, double tolerance)
{
	static sketch sketch;
	static double x[40][40], y[40][40];
	static int32_t owner[40][40];
	zone_index *index, *again;
	zone_arcs arcs;
	zone_rings *rings;
	double whole = 0, parts = 0;

	memset(&sketch, 0, sizeof(sketch));
	for (int i = 0; i <= size; i++)
		for (int j = 0; j <= size; j++)
		{
			bool rim = i == 0 || j == 0 || i == size || j == size;

			x[i][j] = i + (rim ? 0 : 0.45 * (chance() - 0.5));
			y[i][j] = j + (rim ? 0 : 0.45 * (chance() - 0.5));
			owner[i][j] = 1 + (int32_t) (chance() * owners);
		}
	for (int32_t zone = 1; zone <= owners; zone++)
		for (int i = 0; i < size; i++)
			for (int j = 0; j < size; j++)
				if (owner[i][j] == zone)
					RING(&sketch, zone, x[i][j], y[i][j], x[i + 1][j], y[i + 1][j], x[i + 1][j + 1],
						 y[i + 1][j + 1], x[i][j + 1], y[i][j + 1]);
	whole = 2.0 * size * size;

	index = build(&sketch);
	if (index == NULL)
		return;
	zone_arcs_collect(&arcs, index, NULL);
	zone_arcs_thin(&arcs, 1, tolerance);
	rings = zone_rings_open(&arcs, 0);
	memset(&sketch, 0, sizeof(sketch));
	for (size_t i = 0; i < zone_index_zones(index); i++)
	{
		pure_error error = {0};
		size_t bytes;
		static char text[100000];
		const unsigned char *wkb = zone_rings_polygon(rings, (int32_t) i, &bytes, &error);
		uint32_t type, polygons, ring_count, points;
		double area = wkb == NULL ? -1 : print_wkb(wkb, text, 200);

		if (!(area > 0))
		{
			printf("size %d, tolerance %g: zone %zu has area %g %s\n", size, tolerance, i, area, error.message);
			failures++;
			continue;
		}
		parts += area;
		wkb++;
		take(&wkb, &type, 4);
		take(&wkb, &polygons, 4);
		for (uint32_t p = 0; p < polygons; p++)
		{
			wkb++;
			take(&wkb, &type, 4);
			take(&wkb, &ring_count, 4);
			for (uint32_t r = 0; r < ring_count; r++)
			{
				static double xy[40000];

				take(&wkb, &points, 4);
				take(&wkb, xy, points * 16);
				add_ring(&sketch, (int32_t) i + 1, xy, points - 1);
			}
		}
	}
	/* Only the rim may have moved, by cutting its corners, never beyond. */
	again = build(&sketch);
	if (again != NULL)
	{
		for (size_t i = 0; i < zone_index_edges(again); i++)
		{
			zone_border border;
			bool rim;

			zone_index_border(again, i, &border);
			rim = border.left_count + border.right_count == 1;
			if (!rim && (border.left_count != 1 || border.right_count != 1))
			{
				printf("size %d, tolerance %g: a border has %zu and %zu zones\n", size, tolerance,
					   border.left_count, border.right_count);
				failures++;
			}
			for (size_t j = i + 1; j < zone_index_edges(again); j++)
			{
				zone_border other;
				side a, b;

				zone_index_border(again, j, &other);
				a = (side){border.ax, border.ay, border.bx, border.by, 1, 1};
				b = (side){other.ax, other.ay, other.bx, other.by, 1, 1};
				if (side_crosses(&a, &b))
				{
					printf("size %d, tolerance %g: borders cross\n", size, tolerance);
					failures++;
				}
			}
		}
		pure_free(again);
	}
	if (parts > whole + 1e-9)
	{
		printf("size %d, tolerance %g: areas sum to %g of %g\n", size, tolerance, parts, whole);
		failures++;
	}
	zone_rings_close(rings);
	zone_arcs_free(&arcs);
	pure_free(index);
}

int
main(int argc, char **argv)
{
	bool brief = argc > 1 && strcmp(argv[1], "brief") == 0;
	static sketch bay, touching, corners, lens, nested;

	RING(&bay, 1, 0, 0, 100, 0, 100, 100, 55, 100, 55, 20, 45, 20, 45, 100, 0, 100);
	RING(&bay, 2, 48, 40, 52, 40, 52, 44, 48, 44);
	RING(&bay, 3, 0, 0, 0, -50, 100, -50, 100, 0);
	expect("an island stays outside of the bay that it lies in", &bay, 1000,
		   "1 ((100 0,100 100,45 20,0 100,0 0)) 2 ((52 40,52 44,48 44,48 40)) 3 ((0 -50,100 0,0 0))");
	RING(&touching, 1, 0, 0, 100, 0, 100, 100, 0, 100);
	RING(&touching, 1, 0, 0, 30, 60, 40, 50);
	RING(&touching, 2, 0, 0, 40, 50, 30, 60);
	expect("a hole that touches its shell", &touching, 0,
		   "1 ((100 0,100 100,0 100,0 0)(30 60,40 50,0 0)) 2 ((40 50,30 60,0 0))");
	RING(&corners, 1, 0, 0, 10, 0, 10, 10, 0, 10);
	RING(&corners, 1, 10, 10, 20, 10, 20, 20, 10, 20);
	expect("two parts that touch in a corner", &corners, 0.5, "1 ((0 10,0 0,10 0,10 10))((20 10,20 20,10 20,10 10))");
	RING(&lens, 1, 0, 0, 50, -1, 100, 0, 50, 1);
	RING(&lens, 2, 0, 0, 50, 1, 100, 0, 50, 40);
	expect("a lens does not vanish", &lens, 1000, "1 ((50 -1,100 0,50 1,0 0)) 2 ((50 1,100 0,50 40,0 0))");
	RING(&nested, 1, 0, 0, 90, 0, 90, 90, 0, 90);
	RING(&nested, 1, 10, 10, 10, 80, 80, 80, 80, 10);
	RING(&nested, 1, 20, 20, 70, 20, 70, 70, 20, 70);
	RING(&nested, 1, 30, 30, 30, 60, 60, 60, 60, 30);
	expect("an island with a lake in a lake", &nested, 1,
		   "1 ((90 0,90 90,0 90,0 0)(10 80,80 80,80 10,10 10))((70 20,70 70,20 70,20 20)(30 60,60 60,60 30,30 30))");
	for (int turn = 0; turn < (brief ? 3 : 60); turn++)
		shake_tiling(6 + turn % 12, 2 + turn % 9, (turn % 5) * (turn % 5));
	if (failures == 0)
		printf("zone_shapes: sketches and %d shaken tilings in order\n", brief ? 3 : 60);
	return failures > 0;
}
