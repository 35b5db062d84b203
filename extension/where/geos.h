/*
 * The one door to GEOS, which is C++: no exception may reach PostgreSQL, and no PostgreSQL error
 * may jump over a C++ frame. Behind this door GEOS's handlers only note the text; errors are raised
 * after GEOS has returned and everything it gave has been freed.
 */
#ifndef GEORISK_GEOS_H
#define GEORISK_GEOS_H

#include "../georisk.h"

/*
 * Raises an error that names the zone, the reason and the place, unless `wkb`, a polygon or
 * multipolygon, is valid. It can be cancelled where PostGIS is loaded, as it is for who has WKB
 * from it.
 */
extern void geos_check_valid_polygon(const unsigned char *wkb, size_t size, int32 zone_id);

#endif
