/* Reading PostGIS values: points from the serialized form where it is the plain one, the rest as
 * WKB. */
#ifndef GEORISK_GEOMETRY_H
#define GEORISK_GEOMETRY_H

#include "../georisk.h"
#include "wkb_rings.h"

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
 * What a plain point with one SRID begins with where it is stored, length byte included: constant,
 * so that who reads many points need not take each apart. All zeros where PostGIS's are not plain.
 */
#define GEOMETRY_HEAD 13
#define GEOMETRY_STORED_POINT 29 /* bytes in all */

typedef struct geometry_head
{
	unsigned char bytes[GEOMETRY_HEAD];
} geometry_head;

extern geometry_head geometry_plain_head(int32_t srid);

/* False where the point has to be read by geometry_read_point. It may be NaN or infinite. */
static inline bool
geometry_read_stored(Datum geometry, const geometry_head *head, double *x, double *y)
{
	const unsigned char *stored = (const unsigned char *) DatumGetPointer(geometry);

	/* The length byte comes first: a shorter value may end before the head does. */
	if (stored[0] != head->bytes[0] || memcmp(stored, head->bytes, 8) != 0 ||
		memcmp(stored + GEOMETRY_HEAD - 8, head->bytes + GEOMETRY_HEAD - 8, 8) != 0)
		return false;
	memcpy(x, stored + GEOMETRY_HEAD, sizeof(*x));
	memcpy(y, stored + GEOMETRY_HEAD + sizeof(*x), sizeof(*y));
	return true;
}

/*
 * The rings of a zone, palloc'd, and its SRID. All but a valid, non-empty polygon or multipolygon
 * is an error that names the zone.
 */
extern void geometry_read_zone(Datum geometry, int32_t zone_id, int32_t *srid, wkb_rings *rings);

/* PostGIS's type, whatever schema it is in and whatever the search_path. */
extern Oid geometry_type_oid(void);

/* Any geometry as EWKB, in this machine's byte order. */
extern bytea *geometry_to_wkb(Datum geometry);

#endif
