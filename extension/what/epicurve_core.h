/*
 * The epicurve: counts of one measure day by day and, where asked for, the households behind them.
 *
 * A flat value with slack: rows are appended in place until it is full, and it is packed (sorted,
 * merged, zeros dropped) into its one canonical form when it leaves the aggregate. Days are
 * PostgreSQL's: days since 2000-01-01. Counts are net, so that what `+` brought, `-` takes back.
 */
#ifndef GEORISK_EPICURVE_CORE_H
#define GEORISK_EPICURVE_CORE_H

#include "day_core.h"

typedef struct epicurve epicurve; /* varlena-compatible, 8-byte aligned */

/* 128 bits that stand for a household; bigint keys have high = 0. */
typedef struct household_key
{
	uint64_t high;
	uint64_t low;
} household_key;

/* The key of rows whose household is not known: they count as n households. */
extern const household_key HOUSEHOLD_UNKNOWN;

/* The key of the same name in one zone: "12" in two zones is two households. */
extern household_key household_key_in_zone(household_key key, int32_t zone_id);
extern int household_key_compare(household_key a, household_key b);

/* The first four bytes are left to the server's length word, and are zero until it sets them. */
extern epicurve *epicurve_make(bool households);
extern size_t epicurve_size(const epicurve *curve);

/*
 * Adds n on a day. Returns the same curve, or a larger copy where there was no room (the old one is
 * left to the caller); NULL with `error` set where a sum would overflow. `key` is NULL for a curve
 * without households.
 */
extern epicurve *epicurve_add(epicurve *curve, int32_t day, int64_t n, const household_key *key,
							  pure_error *error);

/* Adds sign * other, by the same rules; the result knows households only where both do. */
extern epicurve *epicurve_add_all(epicurve *curve, const epicurve *other, int sign,
								  pure_error *error);

extern bool epicurve_is_packed(const epicurve *curve);
extern epicurve *epicurve_pack(const epicurve *curve, pure_error *error);
extern bool epicurve_check(const void *bytes, size_t size, pure_error *error);

/* a + sign * b, packed; knows households only where both do. */
extern epicurve *epicurve_merge(const epicurve *a, const epicurve *b, int sign, pure_error *error);

/* What follows takes packed curves. A day counts as a day where its net count is above zero. */
extern bool epicurve_has_households(const epicurve *curve);
extern size_t epicurve_day_count(const epicurve *curve);
extern void epicurve_day(const epicurve *curve, size_t position, int32_t *day, int64_t *n);
extern int64_t epicurve_total(const epicurve *curve);
extern int64_t epicurve_count_between(const epicurve *curve, int32_t first, int32_t last);
extern int64_t epicurve_households_between(const epicurve *curve, int32_t first, int32_t last);
extern bool epicurve_first_day(const epicurve *curve, int32_t *day);
extern bool epicurve_last_day_until(const epicurve *curve, int32_t as_of, int32_t *day);

/* The part of the curve up to and including `day`, packed. */
extern epicurve *epicurve_cut(const epicurve *curve, int32_t day);

/*
 * The known households, by day and key; what a day counts beyond them is of households not known. A
 * day may have households and no entry of its own, where it counts zero.
 */
extern size_t epicurve_household_count(const epicurve *curve);
extern void epicurve_household(const epicurve *curve, size_t position, int32_t *day,
							   household_key *key, int64_t *n);

#endif
