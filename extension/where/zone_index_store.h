/*
 * Stored indexes that this process has in use. A value in a table is looked into piece by piece
 * until that has cost as much as reading it whole; then it is kept, once for all who ask, up to
 * georisk.index_memory.
 */
#ifndef GEORISK_ZONE_INDEX_STORE_H
#define GEORISK_ZONE_INDEX_STORE_H

#include "zone_index.h"

/* Called once, when the module is loaded. */
extern void zone_index_store_init(void);

/* The whole value for as long as `holder` lives: shared where it is stored and fits, else a copy in
 * `holder`. An error where it is damaged or unfinished. */
extern const zone_index *zone_index_hold(Datum value, MemoryContext holder);

/* An argument of a function that is called row by row. */
typedef struct zone_index_site zone_index_site;

/* Valid until the next call of the same function at the same place. */
extern zone_index_site *zone_index_argument(FunctionCallInfo fcinfo, int argument);

extern int32 zone_index_site_srid(const zone_index_site *site);

/* The value, read whole. */
extern const zone_index *zone_index_site_whole(zone_index_site *site);

/* The same where it is there or has been asked so often that reading it pays; else NULL. */
extern const zone_index *zone_index_site_ask(zone_index_site *site);

/* From a value in a table that is not there whole: the ids of the lowest zone at a point, or of all
 * of them. */
extern int32 *zone_index_site_locate(zone_index_site *site, double x, double y, bool all,
									 size_t *count);

#endif
