/* Reading PostGIS values: points from the serialized form where it is the plain one, polygons as WKB. */
#ifndef GEORISK_GEOMETRY_H
#define GEORISK_GEOMETRY_H

#include "../georisk.h"

typedef enum geometry_point_state
{
	GEOMETRY_POINT,			   /* x and y are set and finite */
	GEOMETRY_POINT_EMPTY,	   /* POINT EMPTY */
	GEOMETRY_POINT_NOT_FINITE  /* NaN or infinity */
} geometry_point_state;

/*
 * Reads a point (or a MULTIPOINT of one). Another type is an error, and so is an SRID that is not
 * `srid`; both name the way out.
 */
extern geometry_point_state geometry_read_point(Datum geometry, int32_t srid, double *x, double *y);

extern Oid geometry_type_oid(void);

#endif
