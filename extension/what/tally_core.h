/*
 * The tally: every zone of one zone set with its epicurve, and how many reports had no zone.
 *
 * Counted in memory by a tally_counter, which places points in batches; kept as a flat value. Cells
 * are (zone, day), and (zone, day, household) where households are known; all counts are above
 * zero. Zones are known inside by their ordinal in ascending order of zone_id.
 */
#ifndef GEORISK_TALLY_CORE_H
#define GEORISK_TALLY_CORE_H

#include "../where/zone_index_core.h"
#include "epicurve_core.h"

typedef struct tally tally; /* varlena-compatible, 8-byte aligned */
typedef struct tally_counter tally_counter;

/* Rows wait for a place, so that many are looked up together. */
#define TALLY_BATCH 256

typedef struct tally_rows
{
	size_t waiting;
	bool households; /* keys are kept */
	double x[TALLY_BATCH];
	double y[TALLY_BATCH];
	int32_t day[TALLY_BATCH];
	int32_t n[TALLY_BATCH];
	household_key key[TALLY_BATCH];
} tally_rows;

/* A counter lives in the memory that is current when it is made; so must be whatever it grows by.
 */
extern tally_counter *tally_counter_make(uint64_t fingerprint, const int32_t *zone_ids,
										 size_t zones, bool households);
extern tally_counter *tally_counter_of(const tally *value, pure_error *error);

extern bool tally_counter_has_zones(const tally_counter *counter, uint64_t fingerprint,
									const int32_t *zone_ids, size_t zones);

/* The rows of a counter; they stay where they are as long as it lives. */
extern tally_rows *tally_counter_rows(tally_counter *counter);

/* Where the next row's point is to be written. */
static inline void
tally_rows_point(tally_rows *rows, double **x, double **y)
{
	*x = &rows->x[rows->waiting];
	*y = &rows->y[rows->waiting];
}

/*
 * The rest of that row, which is placed later; true where as many wait as there is room for, so
 * that they must be flushed first. Without households `key` may be NULL; n may not be below zero.
 */
static inline bool
tally_rows_add(tally_rows *rows, int32_t day, int32_t n, const household_key *key)
{
	size_t i = rows->waiting++;

	rows->day[i] = day;
	rows->n[i] = n;
	if (key != NULL && rows->households)
		rows->key[i] = *key;
	return i + 1 == TALLY_BATCH;
}

/* One row without a place. */
extern void tally_counter_unplaced(tally_counter *counter);

/* Rows that were counted, placed or not. */
extern uint64_t tally_counter_row_count(const tally_counter *counter);

/* Places the rows that wait; due before anything below. */
extern bool tally_counter_flush(tally_counter *counter, const zone_index *index, pure_error *error);

/* Adds a tally of the same zone set, or a parcel; households are known only where both know them.
 */
extern bool tally_counter_add(tally_counter *counter, const tally *other, pure_error *error);

extern bool tally_counter_size(tally_counter *counter, size_t *size, pure_error *error);
/* After tally_counter_size. */
extern void tally_counter_flatten(const tally_counter *counter, tally *into, size_t size);

extern bool tally_check(const void *bytes, size_t size, pure_error *error);
extern size_t tally_size(const tally *value);
extern tally *tally_merge(const tally *a, const tally *b, pure_error *error);

extern bool tally_has_households(const tally *value);
extern int64_t tally_placed(const tally *value);	   /* rows, whatever their n */
extern int64_t tally_unplaced(const tally *value);
extern size_t tally_zone_count(const tally *value);
extern const int32_t *tally_zone_ids(const tally *value);

/*
 * The packed curve of one zone. `cell` is where its cells begin: 0 for the first zone, moved on to
 * the next. With `zoned` a household's key stands for (zone, household), so that curves of several
 * zones can be added.
 */
extern epicurve *tally_curve(const tally *value, size_t ordinal, size_t *cell, bool zoned,
							 pure_error *error);

/* A tally from its parts, for text input: curves in ascending order of zone_id. */
extern bool tally_counter_add_curve(tally_counter *counter, size_t ordinal, const epicurve *curve,
									pure_error *error);
extern void tally_counter_set_rows(tally_counter *counter, int64_t placed, int64_t unplaced);

#endif
