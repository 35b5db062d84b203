/*
 * How an epicurve lies in memory; for the epicurve's own files.
 *
 * One value, two forms. Open: rows in the order they came, with room behind them. Packed: day rows
 * and household rows, each sorted, merged and without zeros; equal curves are equal bytes.
 *
 * The sum of |n| over (day, household) never exceeds INT64_MAX in a packed curve, so that no sum
 * over any of its parts can overflow.
 */
#ifndef GEORISK_EPICURVE_LAYOUT_H
#define GEORISK_EPICURVE_LAYOUT_H

#include "epicurve_core.h"

#define EPICURVE_VERSION 1
#define EPICURVE_HOUSEHOLDS 1
#define EPICURVE_OPEN 2
#define EPICURVE_KNOWN_FLAGS (EPICURVE_HOUSEHOLDS | EPICURVE_OPEN)

#define EPICURVE_SIZE_LIMIT ((size_t) 0x3fffffff) /* what a varlena can be */

struct epicurve
{
	uint32_t length_word;
	uint8_t version;
	uint8_t flags;
	uint16_t reserved;
	uint32_t days;		 /* day rows; in an open curve with households there are none */
	uint32_t households; /* household rows; they follow the day rows */
	uint32_t room;		 /* unused rows at the end of an open curve */
	uint32_t reserved2;
};

typedef struct day_row
{
	int64_t n;
	int32_t day;
	uint32_t reserved;
} day_row;

typedef struct household_row
{
	household_key key; /* HOUSEHOLD_UNKNOWN only in open curves */
	int64_t n;
	int32_t day;
	uint32_t reserved;
} household_row;

static inline bool
is_open(const epicurve *curve)
{
	return (curve->flags & EPICURVE_OPEN) != 0;
}

static inline bool
knows_households(const epicurve *curve)
{
	return (curve->flags & EPICURVE_HOUSEHOLDS) != 0;
}

static inline day_row *
day_rows(const epicurve *curve)
{
	return (day_row *) (curve + 1);
}

static inline household_row *
household_rows(const epicurve *curve)
{
	return (household_row *) (day_rows(curve) + curve->days);
}

static inline bool
is_unknown(household_key key)
{
	return (key.high & key.low) == UINT64_MAX;
}

static inline int
compare_household_rows(const void *a, const void *b)
{
	const household_row *left = a, *right = b;

	pure_check_interrupts();
	if (left->day != right->day)
		return left->day < right->day ? -1 : 1;
	return household_key_compare(left->key, right->key);
}

extern void epicurve_fail(pure_error *error, pure_error_code code, const char *message);
extern void epicurve_fail_overflow(pure_error *error);

/* A packed curve of so many rows, to be filled; NULL with `error` set where it would be too large.
 */
extern epicurve *epicurve_make_packed(bool households, size_t days, size_t rows, pure_error *error);

#endif
