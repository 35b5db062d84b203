#include "zone_simple_core.h"
#include "../natural_sort.h"
#include "orient_core.h"

/* Where more is to be compared than this for each edge, GEOS is asked; it has an index. */
#define MOST_PER_EDGE 100

typedef struct side
{
	double west, east, south, north;
	const double *xy; /* from here to the next point */
	const wkb_ring *ring;
} side;

static inline bool
is_after(const side *a, const side *b)
{
	return a->west > b->west;
}

DEFINE_NATURAL_SORT(sort_sides, side, is_after);

static double
lower(double a, double b)
{
	return a < b ? a : b;
}

static double
higher(double a, double b)
{
	return a < b ? b : a;
}

/* -1, 0, 1: before, at or after in the order of x, then y. */
static int
place(const double *a, const double *b)
{
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	return a[1] < b[1] ? -1 : a[1] > b[1];
}

/* Beyond their common corner: an edge that runs straight on, or turns off. */
static bool
follows(const double *before, const double *corner, const double *after)
{
	return orient(before[0], before[1], corner[0], corner[1], after[0], after[1]) != 0 ||
		   place(before, corner) == place(corner, after);
}

static bool
is_one_side(const double *line, const double *points)
{
	int first = orient(line[0], line[1], line[2], line[3], points[0], points[1]);

	return first != 0 &&
		   first == orient(line[0], line[1], line[2], line[3], points[2], points[3]);
}

/* Whether these two leave no doubt. */
static bool
are_apart(const wkb_rings *rings, const side *a, const side *b)
{
	if (a->ring == b->ring)
	{
		const double *start = rings->xy + 2 * a->ring->start;
		size_t last = a->ring->points - 2;
		size_t i = (size_t) (a->xy - start) / 2;
		size_t j = (size_t) (b->xy - start) / 2;

		/* Of a triangle each edge follows each. */
		if (j == (i == last ? 0 : i + 1))
			return follows(a->xy, b->xy, b->xy + 2);
		if (i == (j == last ? 0 : j + 1))
			return follows(b->xy, a->xy, a->xy + 2);
	}
	return is_one_side(a->xy, b->xy) || is_one_side(b->xy, a->xy);
}

/* In the order of their western ends, so that each is compared with those that begin before it ends.
 */
static bool
edges_are_apart(const wkb_rings *rings, const side *sides, size_t count)
{
	size_t compared = 0;

	for (size_t i = 0; i < count; i++)
	{
		pure_check_interrupts();
		for (size_t j = i + 1; j < count && sides[j].west <= sides[i].east; j++)
		{
			if (++compared > MOST_PER_EDGE * count)
				return false;
			if (sides[j].south <= sides[i].north && sides[j].north >= sides[i].south &&
				!are_apart(rings, &sides[i], &sides[j]))
				return false;
		}
	}
	return true;
}

static size_t
list_sides(const wkb_rings *rings, side *sides)
{
	size_t count = 0;

	for (size_t i = 0; i < rings->count; i++)
		for (size_t p = 0; p + 1 < rings->rings[i].points; p++)
		{
			const double *xy = rings->xy + 2 * (rings->rings[i].start + p);

			if (place(xy, xy + 2) == 0)
				return 0;
			sides[count++] =
				(side){lower(xy[0], xy[2]), higher(xy[0], xy[2]), lower(xy[1], xy[3]),
					   higher(xy[1], xy[3]), xy, &rings->rings[i]};
		}
	return count;
}

/* Whether the point, which is not on the ring, is inside it. */
static bool
is_inside(const wkb_rings *rings, const wkb_ring *ring, const double *point)
{
	bool inside = false;

	for (size_t p = 0; p + 1 < ring->points; p++)
	{
		const double *xy = rings->xy + 2 * (ring->start + p);
		bool rises = xy[3] > point[1];

		if ((xy[1] > point[1]) == rises)
			continue;
		if ((orient(xy[0], xy[1], xy[2], xy[3], point[0], point[1]) > 0) == rises)
			inside = !inside;
	}
	return inside;
}

/* Rings that do not meet: holes in their own shells, and no other ring in any. */
static bool
rings_are_apart(const wkb_rings *rings)
{
	const wkb_ring *shell = rings->rings;

	if (rings->count == 1)
		return !shell->is_hole;
	if (rings->count * rings->points > MOST_PER_EDGE * (rings->points + 100))
		return false;
	for (size_t i = 0; i < rings->count; i++)
	{
		const wkb_ring *ring = &rings->rings[i];
		const double *point = rings->xy + 2 * ring->start;

		pure_check_interrupts();
		if (!ring->is_hole)
			shell = ring;
		if (ring->is_hole && (shell->is_hole || shell->part != ring->part))
			return false;
		for (size_t j = 0; j < rings->count; j++)
		{
			const wkb_ring *other = &rings->rings[j];

			if (j != i && is_inside(rings, other, point) != (ring->is_hole && other == shell))
				return false;
		}
	}
	return true;
}

bool
zone_is_simple(const wkb_rings *rings)
{
	side *sides = pure_alloc(2 * rings->points * sizeof(side));
	size_t count = list_sides(rings, sides);
	bool simple;

	sort_sides(sides, sides + count, count);
	simple = count > 0 && edges_are_apart(rings, sides, count) && rings_are_apart(rings);

	pure_free(sides);
	return simple;
}
