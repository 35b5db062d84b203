/*
 * On which side of a line is a point? Exact for all finite doubles.
 *
 * A floating-point filter settles almost every question; the rest is computed in integers, so
 * neither rounding nor underflow nor overflow can turn an answer. Needs -ffp-contract=off.
 */
#ifndef GEORISK_ORIENT_CORE_H
#define GEORISK_ORIENT_CORE_H

#include <float.h>
#include <math.h>

#include "../pure.h"

/* The same question in integers; always right, and slower. */
extern int orient_exact(double ax, double ay, double bx, double by, double px, double py);

/*
 * The way round a closed ring of `points` (x, y) pairs whose last equals its first: 1
 * counter-clockwise, -1 clockwise, 0 where it has no area. Right for every ring that does not cross
 * itself.
 */
extern int orient_ring(const double *xy, size_t points);

/* (3 + 16u)u with u = 2^-53, the error bound A of Shewchuk, Adaptive Precision Arithmetic (1997).
 */
#define ORIENT_ERROR 3.3306690738754716e-16

/* 1 where p is left of a → b, -1 right of it, 0 on the line. */
static inline int
orient(double ax, double ay, double bx, double by, double px, double py)
{
	double left = (ax - px) * (by - py);
	double right = (ay - py) * (bx - px);
	double area = left - right;

	/* DBL_MIN outweighs what underflow takes from the products; infinities and NaN pass no
	 * comparison. */
	double bound = ORIENT_ERROR * (fabs(left) + fabs(right)) + DBL_MIN;

	if (area > bound)
		return 1;
	if (-area > bound)
		return -1;
	/* Corners that zones have in common, and borders along an axis: both products are 0. */
	if ((ax == px || by == py) && (ay == py || bx == px))
		return 0;
	return orient_exact(ax, ay, bx, by, px, py);
}

#endif
