/*
 * The point-location index: zones in, "which zone is this point in?" out.
 *
 * A zone_index is one flat, immutable, position-independent value whose first four bytes are left
 * to the server's length word. Zones are known inside by their ordinal, the position of the zone_id
 * in ascending order, so that the lowest ordinal is the lowest zone_id.
 */
#ifndef GEORISK_ZONE_INDEX_CORE_H
#define GEORISK_ZONE_INDEX_CORE_H

#include "../pure.h"

typedef struct zone_index zone_index;

/* A ring segment with its zone on the left: shells counter-clockwise, holes clockwise. */
typedef struct zone_edge
{
	double ax, ay, bx, by;
	int32_t zone_id;
} zone_edge;

/* A run of them: edge i goes from xy[stride * i], xy[stride * i + 1] to the two numbers after. */
typedef struct zone_path
{
	const double *xy;
	uint32_t edges;
	uint32_t stride;
	int32_t zone_id;
} zone_path;

#define ZONE_OUTSIDE (-1)

/*
 * Zones and edges in any order; edges of length 0 are left out, and the same zone on both sides of
 * an edge is no border. The value is the same bytes for the same zones. NULL with `error` set where
 * a zone is named twice, has no edges, is not closed or covers a place twice, where a coordinate is
 * not finite or beyond ±1e300, and past 4,194,304 zones, 8,388,608 different edges or 1 GB.
 */
extern zone_index *zone_index_build(const int32_t *zone_ids, size_t zones, const zone_edge *edges,
									size_t count, int32_t srid, pure_error *error);
extern zone_index *zone_index_build_paths(const int32_t *zone_ids, size_t zones,
										  const zone_path *paths, size_t count, int32_t srid,
										  pure_error *error);

/* Stored bytes are not trusted: true where every offset and count inside holds. */
extern bool zone_index_check(const void *bytes, size_t size, pure_error *error);

extern size_t zone_index_size(const zone_index *index);
extern int32_t zone_index_srid(const zone_index *index);
extern size_t zone_index_zones(const zone_index *index);
extern const int32_t *
zone_index_ids(const zone_index *index); /* ascending, zone_index_zones() of them */
extern uint64_t zone_index_fingerprint(const zone_index *index); /* of SRID, zones and edges */

/* The same SRID, zone_ids and edges, whatever grid lies over them: another version may lay another. */
extern bool zone_index_same(const zone_index *a, const zone_index *b);

/* The edges, each once for all its zones, in ascending order of a, then b; a is before b. */
typedef struct zone_border
{
	double ax, ay, bx, by;
	const int32_t *left, *right; /* ordinals, ascending; they live as long as the index */
	size_t left_count, right_count;
} zone_border;

extern size_t zone_index_edges(const zone_index *index);
extern void zone_index_border(const zone_index *index, size_t position, zone_border *border);

/* Ordinal of the lowest zone that holds the point, border included, or ZONE_OUTSIDE. */
extern int32_t zone_index_locate(const zone_index *index, double x, double y);
extern void zone_index_locate_batch(const zone_index *index, const double *x, const double *y,
									size_t count, int32_t *ordinals);

/* All ordinals that hold the point, ascending; returns how many there are, writes at most `limit`.
 */
extern size_t zone_index_locate_all(const zone_index *index, double x, double y, int32_t *ordinals,
									size_t limit);

#endif
