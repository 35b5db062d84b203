/*
 * Clusters of cases: two cases are linked where they are near in place and in time, and a cluster is
 * all that is linked, however far apart its ends are (single linkage).
 */
#ifndef GEORISK_CASE_CLUSTERS_CORE_H
#define GEORISK_CASE_CLUSTERS_CORE_H

#include "../pure.h"

#define CLUSTER_METRES_MOST 100000.0
#define CLUSTER_DAYS_MOST 36600

/* What was reported of one place and day: n cases, which are linked to each other. */
typedef struct clustered_case
{
	double x;
	double y;
	int32_t day;
	int32_t n;
	int32_t cluster; /* found: from 1, by first day and place; 0 for a case without another */
} clustered_case;

/*
 * Sets the cluster of each case: at most `metres` and `days` from link to link, both included.
 * Coordinates are finite; metres_per_unit is that of the SRID, or UNIT_DEGREES. Distances in degrees
 * are on the ellipsoid of WGS 84, and do not go across the 180th meridian.
 */
extern void case_clusters_find(clustered_case *cases, size_t count, double metres_per_unit,
							   double metres, int32_t days);

#endif
