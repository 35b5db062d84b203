/*
 * Arcs are walked with the zone on the left. Where several leave a vertex, the next is the first
 * clockwise from where the walk came: it bounds the same piece of ground. A walk that comes back to
 * a vertex has closed a ring there, which is cut off: so rings touch themselves nowhere, and a piece
 * of ground has one shell.
 */
#include <stdlib.h>

#include "orient_core.h"
#include "wkb_core.h"
#include "zone_rings_core.h"

/* An arc as the zone on its left walks it. */
typedef struct walk
{
	uint32_t start, end; /* vertices */
	uint32_t arc;
	bool forward;
	bool done;
} walk;

typedef struct ring
{
	size_t first, points; /* in `xy`; the last equals the first */
	int turn;			  /* 1 shell, -1 hole */
	size_t shell;		  /* of a hole: the ring that it is in */
	double area;
	double min_x, min_y, max_x, max_y;
} ring;

struct zone_rings
{
	const zone_arcs *arcs;
	uint32_t *points; /* vertices that are kept, arc after arc */
	uint32_t *firsts; /* of each arc, and the end */
	walk *walks;	  /* by zone, then start */
	uint32_t *zones;  /* where the walks of each start, and the end */
	walk **open;	  /* walks of the rings not closed yet */
	double *xy;
	size_t xy_count, xy_capacity;
	ring *rings;
	size_t ring_count, ring_capacity;
	unsigned char *wkb;
	size_t wkb_capacity;
};

/* Room for so many more of a growing array. */
#define ROOM(array, count, capacity, more)                                                         \
	while ((count) + (more) > (capacity))                                                          \
	(array) = pure_realloc((array), ((capacity) *= 2) * sizeof(*(array)))

static void
gather_points(zone_rings *rings)
{
	const zone_arcs *arcs = rings->arcs;
	size_t count = 0;

	rings->points = pure_alloc(arcs->path_count * sizeof(uint32_t));
	rings->firsts = pure_alloc((arcs->count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < arcs->count; i++)
	{
		const zone_arc *arc = &arcs->arcs[i];

		rings->firsts[i] = (uint32_t) count;
		for (uint32_t j = arc->first; j < arc->first + arc->count; j++)
			if (arcs->kept[j])
				rings->points[count++] = arcs->path[j];
	}
	rings->firsts[arcs->count] = (uint32_t) count;
}

static int
compare_walks(const void *one, const void *other)
{
	const walk *a = one;
	const walk *b = other;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->arc != b->arc)
		return a->arc < b->arc ? -1 : 1;
	return (int) b->forward - (int) a->forward;
}

static void
gather_walks(zone_rings *rings, size_t layer)
{
	const zone_arcs *arcs = rings->arcs;
	const index_view *view = &arcs->layers[layer];
	size_t zones = view->header->zones;
	size_t most = 0;
	uint32_t *next = pure_alloc0((zones + 2) * sizeof(uint32_t));

	/* First to count, then to fill. */
	for (int pass = 0; pass < 2; pass++)
	{
		for (size_t i = 0; i < 2 * arcs->count; i++)
		{
			const zone_arc *arc = &arcs->arcs[i / 2];
			bool forward = i % 2 == 0;
			uint32_t first = rings->points[rings->firsts[i / 2]];
			uint32_t last = rings->points[rings->firsts[i / 2 + 1] - 1];
			size_t count;
			const int32_t *members =
				set_members(view, forward ? &arc->left[layer] : &arc->right[layer], &count);

			for (size_t j = 0; j < count; j++)
				if (pass == 0)
					next[members[j] + 2]++;
				else
					rings->walks[next[members[j] + 1]++] =
						(walk){forward ? first : last, forward ? last : first, (uint32_t) (i / 2),
							   forward, false};
		}
		for (size_t i = 2; i < zones + 2 && pass == 0; i++)
		{
			most = next[i] > most ? next[i] : most;
			next[i] += next[i - 1];
		}
		if (pass == 0)
			rings->walks = pure_alloc(next[zones + 1] * sizeof(walk) + sizeof(walk));
	}
	rings->zones = next;
	rings->open = pure_alloc((most + 1) * sizeof(walk *));
	for (size_t i = 0; i < zones; i++)
		qsort(rings->walks + next[i], next[i + 1] - next[i], sizeof(walk), compare_walks);
}

zone_rings *
zone_rings_open(const zone_arcs *arcs, size_t layer)
{
	zone_rings *rings = pure_alloc0(sizeof(zone_rings));

	rings->arcs = arcs;
	gather_points(rings);
	gather_walks(rings, layer);
	rings->xy_capacity = 1024;
	rings->xy = pure_alloc(rings->xy_capacity * sizeof(double));
	rings->ring_capacity = 16;
	rings->rings = pure_alloc(rings->ring_capacity * sizeof(ring));
	rings->wkb_capacity = 1024;
	rings->wkb = pure_alloc(rings->wkb_capacity);
	return rings;
}

void
zone_rings_close(zone_rings *rings)
{
	pure_free(rings->points);
	pure_free(rings->firsts);
	pure_free(rings->walks);
	pure_free(rings->zones);
	pure_free(rings->open);
	pure_free(rings->xy);
	pure_free(rings->rings);
	pure_free(rings->wkb);
	pure_free(rings);
}

/* The point of a walk so many after its start, or before its end where `step` is negative. */
static uint32_t
point_of(const zone_rings *rings, const walk *walk, int step)
{
	uint32_t first = rings->firsts[walk->arc];
	uint32_t last = rings->firsts[walk->arc + 1] - 1;

	if (step >= 0)
		return rings->points[walk->forward ? first + step : last - step];
	return rings->points[walk->forward ? last + 1 + step : first - 1 - step];
}

static int
side_of_line(const zone_arcs *arcs, uint32_t a, uint32_t b, uint32_t point)
{
	return orient(arcs->x[a], arcs->y[a], arcs->x[b], arcs->y[b], arcs->x[point], arcs->y[point]);
}

/* Quarter by quarter clockwise from the way back: to its right, straight on, to its left. */
static int
bearing(const zone_arcs *arcs, uint32_t at, uint32_t back, uint32_t ahead)
{
	static const int by_side[] = {0, 1, 2}; /* right, in line, left */

	return by_side[side_of_line(arcs, at, back, ahead) + 1];
}

static walk *
next_walk(zone_rings *rings, walk *walks, size_t count, const walk *last)
{
	const zone_arcs *arcs = rings->arcs;
	uint32_t at = last->end;
	uint32_t back = point_of(rings, last, -2);
	size_t low = 0, high = count;
	walk *best = NULL;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (walks[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && walks[low].start == at; low++)
	{
		uint32_t ahead, before;

		if (walks[low].done)
			continue;
		ahead = point_of(rings, &walks[low], 1);
		before = best == NULL ? ahead : point_of(rings, best, 1);
		if (best == NULL || bearing(arcs, at, back, ahead) < bearing(arcs, at, back, before) ||
			(bearing(arcs, at, back, ahead) == bearing(arcs, at, back, before) &&
			 side_of_line(arcs, at, before, ahead) > 0))
			best = &walks[low];
	}
	return best;
}

static void
add_ring(zone_rings *rings, walk **open, size_t count)
{
	const zone_arcs *arcs = rings->arcs;
	ring *ring;
	const double *xy;

	ROOM(rings->rings, rings->ring_count, rings->ring_capacity, 1);
	ring = &rings->rings[rings->ring_count++];
	ring->first = rings->xy_count;
	for (size_t i = 0; i < count; i++)
	{
		int points = (int) (rings->firsts[open[i]->arc + 1] - rings->firsts[open[i]->arc]);

		ROOM(rings->xy, rings->xy_count, rings->xy_capacity, 2 * (size_t) points + 2);
		for (int j = i == 0 ? 0 : 1; j < points; j++)
		{
			uint32_t vertex = point_of(rings, open[i], j);

			rings->xy[rings->xy_count++] = arcs->x[vertex];
			rings->xy[rings->xy_count++] = arcs->y[vertex];
		}
	}
	xy = rings->xy + ring->first;
	ring->points = (rings->xy_count - ring->first) / 2;
	ring->turn = orient_ring(xy, ring->points);
	ring->area = 0;
	ring->min_x = ring->max_x = xy[0];
	ring->min_y = ring->max_y = xy[1];
	for (size_t i = 1; i < ring->points; i++)
	{
		ring->area += (xy[2 * i - 2] - xy[0]) * (xy[2 * i + 1] - xy[1]) -
					  (xy[2 * i] - xy[0]) * (xy[2 * i - 1] - xy[1]);
		ring->min_x = fmin(ring->min_x, xy[2 * i]);
		ring->max_x = fmax(ring->max_x, xy[2 * i]);
		ring->min_y = fmin(ring->min_y, xy[2 * i + 1]);
		ring->max_y = fmax(ring->max_y, xy[2 * i + 1]);
	}
	ring->area = fabs(ring->area);
}

static bool
walk_round(zone_rings *rings, walk *walks, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		walk *last = &walks[i];
		size_t depth = 0;

		if (last->done)
			continue;
		do
		{
			size_t back;

			last->done = true;
			rings->open[depth++] = last;
			for (back = depth; back > 0 && rings->open[back - 1]->start != last->end;)
				back--;
			if (back > 0)
			{
				add_ring(rings, rings->open + back - 1, depth - back + 1);
				depth = back - 1;
			}
			pure_check_interrupts();
		} while (depth > 0 && (last = next_walk(rings, walks, count, last)) != NULL);
		if (depth > 0)
			return false;
	}
	return true;
}

/* 1 inside, 0 on the border, -1 outside. */
static int
place_in_ring(const double *xy, size_t points, double x, double y)
{
	bool inside = false;

	for (size_t i = 1; i < points; i++)
	{
		double ax = xy[2 * i - 2], ay = xy[2 * i - 1], bx = xy[2 * i], by = xy[2 * i + 1];
		int side;

		if (y < fmin(ay, by) || y > fmax(ay, by) || x > fmax(ax, bx))
			continue;
		side = orient(ax, ay, bx, by, x, y);
		if (side == 0 && x >= fmin(ax, bx))
			return 0;
		if ((ay > y) != (by > y) && side == (by > ay ? 1 : -1))
			inside = !inside;
	}
	return inside ? 1 : -1;
}

static bool
is_hole_of(const zone_rings *rings, const ring *hole, const ring *shell)
{
	const double *xy = rings->xy + hole->first;

	if (hole->min_x < shell->min_x || hole->max_x > shell->max_x || hole->min_y < shell->min_y ||
		hole->max_y > shell->max_y)
		return false;
	/* A hole may touch its shell, though not with every corner. */
	for (size_t i = 1; i < hole->points; i++)
	{
		int place = place_in_ring(rings->xy + shell->first, shell->points, xy[2 * i], xy[2 * i + 1]);

		if (place != 0)
			return place > 0;
	}
	return false;
}

/* A hole belongs to the smallest shell around it. */
static bool
place_holes(zone_rings *rings)
{
	for (size_t i = 0; i < rings->ring_count; i++)
	{
		ring *hole = &rings->rings[i];
		const ring *smallest = NULL;

		if (hole->turn == 0)
			return false;
		if (hole->turn > 0)
			continue;
		for (size_t j = 0; j < rings->ring_count; j++)
		{
			const ring *shell = &rings->rings[j];

			pure_check_interrupts();
			if (shell->turn > 0 && (smallest == NULL || shell->area < smallest->area) &&
				is_hole_of(rings, hole, shell))
				smallest = shell;
		}
		if (smallest == NULL)
			return false;
		hole->shell = (size_t) (smallest - rings->rings);
	}
	return rings->ring_count > 0;
}

static void
put(zone_rings *rings, size_t *size, const void *bytes, size_t count)
{
	ROOM(rings->wkb, *size, rings->wkb_capacity, count);
	memcpy(rings->wkb + *size, bytes, count);
	*size += count;
}

static void
put_head(zone_rings *rings, size_t *size, uint32_t type, uint32_t count)
{
	const uint16_t one = 1;

	put(rings, size, &one, 1); /* 1 where the low byte comes first */
	put(rings, size, &type, sizeof(type));
	put(rings, size, &count, sizeof(count));
}

static void
put_ring(zone_rings *rings, size_t *size, const ring *ring)
{
	uint32_t points = (uint32_t) ring->points;

	put(rings, size, &points, sizeof(points));
	put(rings, size, rings->xy + ring->first, 2 * ring->points * sizeof(double));
}

static size_t
write_polygons(zone_rings *rings)
{
	size_t size = 0;
	uint32_t shells = 0;

	for (size_t i = 0; i < rings->ring_count; i++)
		shells += rings->rings[i].turn > 0;
	put_head(rings, &size, WKB_MULTIPOLYGON, shells);
	for (size_t i = 0; i < rings->ring_count; i++)
	{
		uint32_t parts = 1;

		if (rings->rings[i].turn < 0)
			continue;
		for (size_t j = 0; j < rings->ring_count; j++)
			parts += rings->rings[j].turn < 0 && rings->rings[j].shell == i;
		put_head(rings, &size, WKB_POLYGON, parts);
		put_ring(rings, &size, &rings->rings[i]);
		for (size_t j = 0; j < rings->ring_count && parts > 1; j++)
			if (rings->rings[j].turn < 0 && rings->rings[j].shell == i)
				put_ring(rings, &size, &rings->rings[j]);
	}
	return size;
}

const unsigned char *
zone_rings_polygon(zone_rings *rings, int32_t ordinal, size_t *size, pure_error *error)
{
	size_t first = rings->zones[ordinal];

	rings->ring_count = 0;
	rings->xy_count = 0;
	if (walk_round(rings, rings->walks + first, rings->zones[ordinal + 1] - first) &&
		place_holes(rings))
	{
		*size = write_polygons(rings);
		return rings->wkb;
	}
	memset(error, 0, sizeof(*error));
	error->code = PURE_CORRUPT;
	snprintf(error->message, sizeof(error->message), "the borders of a zone in a zone_index do not close");
	return NULL;
}
