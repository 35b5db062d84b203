#include <stdlib.h>

#include "orient_core.h"
#include "zone_sides_core.h"

/* Metres in a degree along the parallel and the meridian, on the ellipsoid of WGS 84. */
static void
metres_in_degree(double latitude, double *kx, double *ky)
{
	const double radian = 0.017453292519943295;
	const double equatorial_radius = 6378137.0;
	const double squared_eccentricity = 0.0066943799901413165;
	double clamped = low_of(fabs(latitude), 90);
	double sine = sin(clamped * radian);
	double flat = 1 - squared_eccentricity * sine * sine;

	*kx = equatorial_radius * radian * cos(clamped * radian) / sqrt(flat);
	*ky = equatorial_radius * radian * (1 - squared_eccentricity) / (flat * sqrt(flat));
}

void
side_scale(double metres_per_unit, double y, double *kx, double *ky)
{
	if (metres_per_unit == UNIT_DEGREES)
		metres_in_degree(y, kx, ky);
	else
		*kx = *ky = metres_per_unit;
}

bool
side_boxes_meet(const side *one, const side *other, double reach_x, double reach_y)
{
	return low_of(one->ax, one->bx) - reach_x <= high_of(other->ax, other->bx) &&
		   low_of(other->ax, other->bx) - reach_x <= high_of(one->ax, one->bx) &&
		   low_of(one->ay, one->by) - reach_y <= high_of(other->ay, other->by) &&
		   low_of(other->ay, other->by) - reach_y <= high_of(one->ay, one->by);
}

static inline int
side_of(const side *line, double x, double y)
{
	return orient(line->ax, line->ay, line->bx, line->by, x, y);
}

bool
side_crosses(const side *one, const side *other)
{
	return side_boxes_meet(one, other, 0, 0) &&
		   side_of(one, other->ax, other->ay) * side_of(one, other->bx, other->by) < 0 &&
		   side_of(other, one->ax, one->ay) * side_of(other, one->bx, one->by) < 0;
}

static inline double
length_of(const side *side)
{
	return hypot((side->bx - side->ax) * side->kx, (side->by - side->ay) * side->ky);
}

bool
side_common(const side *one, const side *other, stretch *part)
{
	bool by_x = fabs(one->bx - one->ax) >= fabs(one->by - one->ay);
	double start = by_x ? one->ax : one->ay;
	double whole = by_x ? one->bx - one->ax : one->by - one->ay;
	double from, to;

	if (!side_boxes_meet(one, other, 0, 0) || side_of(one, other->ax, other->ay) != 0 ||
		side_of(one, other->bx, other->by) != 0)
		return false;
	from = ((by_x ? other->ax : other->ay) - start) / whole;
	to = ((by_x ? other->bx : other->by) - start) / whole;
	part->from = high_of(low_of(from, to), 0) * length_of(one);
	part->to = low_of(high_of(from, to), 1) * length_of(one);
	return part->from < part->to;
}

/* `other` as seen from the start of `one`: s along it, d to its left, in metres. */
typedef struct sight
{
	double length;
	double s0, d0, s1, d1;
} sight;

static void
look_at(const side *one, const side *other, sight *sight)
{
	double along_x = (one->bx - one->ax) * one->kx;
	double along_y = (one->by - one->ay) * one->ky;
	double x0 = (other->ax - one->ax) * one->kx;
	double y0 = (other->ay - one->ay) * one->ky;
	double x1 = (other->bx - one->ax) * one->kx;
	double y1 = (other->by - one->ay) * one->ky;

	sight->length = hypot(along_x, along_y);
	along_x /= sight->length;
	along_y /= sight->length;
	sight->s0 = x0 * along_x + y0 * along_y;
	sight->d0 = y0 * along_x - x0 * along_y;
	sight->s1 = x1 * along_x + y1 * along_y;
	sight->d1 = y1 * along_x - x1 * along_y;
}

/* Where |d| <= tolerance_m, d running straight from d1 at s1 to d0 at s0 > s1. */
bool
side_facing(const side *one, const side *other, double tolerance_m, stretch *part)
{
	sight there;

	look_at(one, other, &there);

	double run = there.s0 - there.s1;
	double rise = there.d0 - there.d1;

	if (!(run > 0) || fabs(rise) > run)
		return false;
	part->from = high_of(there.s1, 0);
	part->to = low_of(there.s0, there.length);
	if (rise == 0)
		return fabs(there.d1) <= tolerance_m && part->from < part->to;

	double right = there.s1 + (-tolerance_m - there.d1) * run / rise;
	double left = there.s1 + (tolerance_m - there.d1) * run / rise;

	part->from = high_of(part->from, low_of(right, left));
	part->to = low_of(part->to, high_of(right, left));
	return part->from < part->to;
}

static double
point_distance(double s, double d, double length)
{
	return hypot(s < 0 ? s : s > length ? s - length : 0, d);
}

double
side_distance(const side *one, const side *other)
{
	sight there, back;

	look_at(one, other, &there);
	look_at(other, one, &back);
	return low_of(low_of(point_distance(there.s0, there.d0, there.length),
						 point_distance(there.s1, there.d1, there.length)),
				  low_of(point_distance(back.s0, back.d0, back.length),
						 point_distance(back.s1, back.d1, back.length)));
}

static int
compare_stretches(const void *one, const void *other)
{
	const stretch *a = one;
	const stretch *b = other;

	return a->from != b->from ? (a->from > b->from) - (a->from < b->from) :
								(a->to > b->to) - (a->to < b->to);
}

double
side_covered_length(stretch *parts, size_t count)
{
	double covered = 0;
	double reached = 0;

	if (count > 1)
		qsort(parts, count, sizeof(stretch), compare_stretches);
	for (size_t i = 0; i < count; i++)
	{
		if (parts[i].to > reached)
			covered += parts[i].to - high_of(parts[i].from, reached);
		reached = high_of(reached, parts[i].to);
	}
	return covered;
}
