/* Between the parts that build a zone_index: edges → borders with sets of zones → grid → one flat
 * value. */
#ifndef GEORISK_ZONE_INDEX_BUILD_H
#define GEORISK_ZONE_INDEX_BUILD_H

#include <math.h>

#include "zone_index_layout.h"

/* Cell numbers stay exact as doubles, and corners of cells among the normal doubles. */
#define GRID_INDEX_BITS 50
#define GRID_MIN_EXPONENT (-960)
#define GRID_MAX_EXPONENT 1000

/* Zones that lie over one another by the thousand are a mistake, and would fill the value with
 * sets. */
#define SET_TABLE_MAX_MEMBERS ((size_t) 1 << 26)

/* Every different set of several zones, once. */
typedef struct set_table
{
	size_t zones;
	uint32_t *starts; /* count + 1 */
	size_t count, starts_capacity;
	int32_t *members;
	size_t members_capacity;
	uint32_t *buckets; /* position + 1, or 0 */
	size_t buckets_count;
} set_table;

typedef struct border_table
{
	int32_t *ids; /* ascending */
	size_t zones;
	index_edge *edges; /* ascending */
	size_t count, capacity;
	set_table sets;
	double min_x, min_y, max_x, max_y;
} border_table;

typedef struct grid_table
{
	index_block *blocks;
	size_t blocks_count, blocks_capacity;
	uint32_t *cells;
	size_t cells_count, cells_capacity;
	uint32_t *words;
	size_t words_count, words_capacity;
} grid_table;

typedef struct zone_list
{
	int32_t *zones;
	size_t count, capacity;
} zone_list;

typedef struct zone_change
{
	int32_t ordinal;
	int32_t change;
} zone_change;

/* The zones that hold a corner, ascending. */
typedef struct zone_state
{
	zone_list held;
	zone_list next;		  /* room to work in, as is what follows */
	zone_change *changes;
	size_t changes_count, changes_capacity;
} zone_state;

extern void zone_state_copy(zone_state *copy, const zone_state *state);
extern void zone_state_free(zone_state *state);

/* From (x, y) to another x to the east, or another y above, across the listed edges. */
extern bool zone_state_carry(zone_state *state, const border_table *borders, const uint32_t *edges,
							 size_t edge_count, double x, double y, double to, bool east,
							 pure_error *error);

extern void set_table_init(set_table *table, size_t zones);
extern void set_table_free(set_table *table);

/* The set of these members, which ascend; false with `error` set where sets outgrow all measure. */
extern bool set_table_intern(set_table *table, const int32_t *members, size_t count, int32_t *set,
							 pure_error *error);
extern const int32_t *set_table_members(const set_table *table, const int32_t *set, size_t *count);

extern bool border_table_build(border_table *borders, const int32_t *zone_ids, size_t zones,
							   const zone_path *paths, size_t count, pure_error *error);
extern void border_table_free(border_table *borders);

extern bool grid_table_build(grid_table *grid, border_table *borders, pure_error *error);
extern void grid_table_free(grid_table *grid);

extern bool build_failed(pure_error *error, pure_error_code code, const char *hint,
						 const char *message, ...) __attribute__((format(printf, 4, 5)));

/* Room for one more of a growing array. */
#define GROW(array, count, capacity)                                                               \
	do                                                                                             \
	{                                                                                              \
		if ((count) == (capacity))                                                                 \
		{                                                                                          \
			(capacity) = (capacity) == 0 ? 64 : 2 * (capacity);                                    \
			(array) = (array) == NULL ? pure_alloc((capacity) * sizeof(*(array))) :                \
										pure_realloc((array), (capacity) * sizeof(*(array)));      \
		}                                                                                          \
	} while (0)

static inline int
index_edge_compare(double ax, double ay, double bx, double by)
{
	if (ax != bx)
		return ax < bx ? -1 : 1;
	return ay < by ? -1 : ay > by;
}

#endif
