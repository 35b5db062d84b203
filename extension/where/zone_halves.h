/* The sides of all zones' edges in the order of the edges: between zone_halves_core and
 * zone_borders_core. */
#ifndef GEORISK_ZONE_HALVES_H
#define GEORISK_ZONE_HALVES_H

#include "zone_index_build.h"

/* One zone's side of an edge. */
typedef struct half_edge
{
	double ax, ay, bx, by;
	int32_t ordinal;
	int32_t side; /* 1: the zone is on the left */
} half_edge;

/* Where one was read, and whose it is. */
typedef struct half_place
{
	const double *xy;
	int32_t ordinal;
} half_place;

/* In buckets by their western ends, a few in each; sorted when they are read. */
typedef struct half_buckets
{
	size_t count;
	size_t *ends; /* each starts where the one before it ends */
	half_place *places;
	double west, east; /* the range of the western ends */
	double scale;
	half_edge *halves; /* of the bucket that was read last; as many again are spare */
	size_t room;
} half_buckets;

/* False with `error` set where a zone is unknown or its border not closed, or a coordinate is out of
 * range. Edges of length 0 are left out. */
extern bool half_buckets_fill(half_buckets *buckets, const border_table *borders,
							  const zone_path *paths, size_t count, pure_error *error);
extern void half_buckets_free(half_buckets *buckets);

/* The halves of one bucket, sorted by edge, then zone; until the next is read. */
extern const half_edge *half_buckets_read(half_buckets *buckets, size_t bucket, size_t *count);

#endif
