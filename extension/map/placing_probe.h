/*
 * Zones of a set that this process has not loaded, looked up in the tables one by one: who writes
 * one report on a new connection need not read the whole index. The answers are those of the loaded
 * set.
 */
#ifndef GEORISK_PLACING_PROBE_H
#define GEORISK_PLACING_PROBE_H

#include "placing.h"

/* So many look-ups cost about as much as loading a district. */
#define PLACING_PROBES 32

typedef struct placing_probe
{
	Oid schema;
	Oid owner;			  /* of the table report */
	MemoryContext memory; /* of the zones that were found */
	int count;
} placing_probe;

extern const placing_zone *placing_probe_id(const placing *map, int32_t zone_id);
extern const placing_zone *placing_probe_code(const placing *map, const char *code, size_t length);
extern const placing_zone *placing_probe_point(const placing *map, Datum point);

/* The columns of a zone from a row of SPI_tuptable that begins with PLACING_ZONE_COLUMNS. */
#define PLACING_ZONE_COLUMNS                                                                       \
	"zone_id::pg_catalog.int4, code::pg_catalog.text, parent_id::pg_catalog.int4, "                \
	"is_leaf::pg_catalog.bool"
extern void placing_read_zone(uint64 row, placing_zone *zone, MemoryContext memory);

#endif
