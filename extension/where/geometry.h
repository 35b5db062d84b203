/* Reading PostGIS values: points from the serialized form where it is the plain one, the rest as
 * WKB. */
#ifndef GEORISK_GEOMETRY_H
#define GEORISK_GEOMETRY_H

#include "../georisk.h"
#include "zone_index_core.h"

typedef enum geometry_point_state
{
	GEOMETRY_POINT,			  /* x and y are set and finite */
	GEOMETRY_POINT_EMPTY,	  /* POINT EMPTY */
	GEOMETRY_POINT_NOT_FINITE /* NaN or infinity */
} geometry_point_state;

/*
 * Reads a point (or a MULTIPOINT of one). Another type is an error, and so is an SRID that is not
 * `srid`; both name the way out.
 */
extern geometry_point_state geometry_read_point(Datum geometry, int32_t srid, double *x, double *y);

/*
 * The edges of a zone, palloc'd, and its SRID. All but a valid, non-empty polygon or multipolygon
 * is an error that names the zone.
 */
extern zone_edge *geometry_read_zone(Datum geometry, int32_t zone_id, int32_t *srid, size_t *count);

/* PostGIS's type, whatever schema it is in and whatever the search_path. */
extern Oid geometry_type_oid(void);

/* Any geometry as EWKB, in this machine's byte order. */
extern bytea *geometry_to_wkb(Datum geometry);

#endif
