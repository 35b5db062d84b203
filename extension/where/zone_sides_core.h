/* Two straight sides of zones: do they cross, what do they share, how far apart are they? */
#ifndef GEORISK_ZONE_SIDES_CORE_H
#define GEORISK_ZONE_SIDES_CORE_H

#include "../pure.h"

/* For `metres_per_unit`, where coordinates are longitude and latitude in degrees. */
#define UNIT_DEGREES 0.0

/* A border as the zone on its left sees it; kx and ky are metres in a unit along x and y. */
typedef struct side
{
	double ax, ay, bx, by;
	double kx, ky;
} side;

/* Part of a side, in metres from its start. */
typedef struct stretch
{
	double from, to;
} stretch;

static inline double
low_of(double a, double b)
{
	return a < b ? a : b;
}

static inline double
high_of(double a, double b)
{
	return a > b ? a : b;
}

/* Metres in a unit of the SRID along x and y, at a height of y. */
extern void side_scale(double metres_per_unit, double y, double *kx, double *ky);

extern bool side_boxes_meet(const side *one, const side *other, double reach_x, double reach_y);

/* Through each other's inside; exact. */
extern bool side_crosses(const side *one, const side *other);

/* The part of `one` that lies on `other`, whichever way they run; whether there is any is exact. */
extern bool side_common(const side *one, const side *other, stretch *part);

/*
 * The part of `one` from which a perpendicular of at most tolerance_m meets `other`, if they run
 * opposite ways within 45 degrees.
 */
extern bool side_facing(const side *one, const side *other, double tolerance_m, stretch *part);

/* In metres, of two sides that do not cross. */
extern double side_distance(const side *one, const side *other);

/* Of all parts together; sorts them. */
extern double side_covered_length(stretch *parts, size_t count);

#endif
