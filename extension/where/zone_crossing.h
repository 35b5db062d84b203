/*
 * Which edges does a step along an axis cross?
 *
 * A point (x, y) stands for (x + d, y + e) with 0 < e << d << everything else: then no point lies
 * on an edge, no step starts or ends on one, and vertices need no special case.
 *
 * Crossings are +1 from the right of the edge to its left, -1 from left to right.
 */
#ifndef GEORISK_ZONE_CROSSING_H
#define GEORISK_ZONE_CROSSING_H

#include "orient_core.h"
#include "zone_index_layout.h"

static inline bool
edge_is_below(const index_edge *edge, double x, double y)
{
	double low = edge->ay < edge->by ? edge->ay : edge->by;
	double high = edge->ay < edge->by ? edge->by : edge->ay;

	if (y > high)
		return true;
	if (y < low)
		return false;

	int side = orient(edge->ax, edge->ay, edge->bx, edge->by, x, y);

	/* On the edge the step d to the right decides: a rising edge is above there. */
	return side > 0 || (side == 0 && edge->by <= edge->ay);
}

static inline int
crossing_up(const index_edge *edge, double x, double from, double to)
{
	if (x < edge->ax || x >= edge->bx)
		return 0;
	return edge_is_below(edge, x, to) && !edge_is_below(edge, x, from);
}

/* 1 where the point is east of an edge that passes its height, 0 on it, -1 west. */
static inline int
east_of_edge(const index_edge *edge, double x, double y)
{
	if (x > edge->bx)
		return 1;
	if (x < edge->ax)
		return -1;

	int side = orient(edge->ax, edge->ay, edge->bx, edge->by, x, y);

	return edge->by > edge->ay ? -side : side;
}

/* Also tells whether the edge holds the end of the step, which need not be on the far side. */
static inline int
crossing_east(const index_edge *edge, double y, double from, double to, bool *touches)
{
	bool rises = edge->by > edge->ay;
	double low = rises ? edge->ay : edge->by;
	double high = rises ? edge->by : edge->ay;

	*touches = false;
	if (y < low || y > high)
		return 0;
	if (y == high)
	{
		*touches =
			low == high ? edge->ax <= to && to <= edge->bx : to == (rises ? edge->bx : edge->ax);
		return 0;
	}

	int place = east_of_edge(edge, to, y);

	*touches = place == 0;
	if (place < 0 || east_of_edge(edge, from, y) >= 0)
		return 0;
	return rises ? -1 : 1;
}

#endif
