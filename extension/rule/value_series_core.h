/*
 * The dated history of one zone value (vaccine cover, "contact with other households"): at a day
 * the newest entry holds whose day is not after it and whose age is within the policy's KEEP.
 *
 * A flat value with slack: entries are appended in place until it is full, and it is packed
 * (sorted, one entry a day) into its one canonical form when it leaves the aggregate. One day has
 * one value: the same value twice is one entry, different values make the day's value not known, in
 * whatever order they come.
 */
#ifndef GEORISK_VALUE_SERIES_CORE_H
#define GEORISK_VALUE_SERIES_CORE_H

#include "decimal_core.h"

typedef struct value_series
	value_series; /* varlena-compatible, 8-byte aligned, entries by ascending day */

typedef enum value_kind
{
	VALUE_NUMBER,
	VALUE_YESNO
} value_kind;

typedef struct value_entry
{
	int32_t day;
	bool known; /* false: explicitly not known from this day on */
	bool yesno;
	decimal number;
} value_entry;

#define VALUE_SERIES_LIMIT 1000000 /* days in one series */

/* Room for at least `capacity` entries, none used. */
extern value_series *value_series_make(value_kind kind, size_t capacity);
extern size_t value_series_size(const value_series *series);

/* Makes the series one of `kind`; false where it already holds a known value of the other. */
extern bool value_series_adopt(value_series *series, value_kind kind, pure_error *error);

/*
 * Adds an entry of the series' kind. Returns the same series, or a larger copy where there was no
 * room (the old one is left to the caller); NULL with `error` set past the limit.
 */
extern value_series *value_series_add(value_series *series, const value_entry *entry,
									  pure_error *error);

/* Adds all of `from`'s entries to `into`, on the terms of value_series_add; `from` is not changed.
 */
extern value_series *value_series_combine(value_series *into, const value_series *from,
										  pure_error *error);

/* The canonical form, always a copy. */
extern value_series *value_series_pack(const value_series *series);
extern bool value_series_is_packed(const value_series *series);

/*
 * True for a packed series; _check_state allows slack and any order, as between the steps of an
 * aggregate. _check_shape looks at the header alone, in constant time: all that adding needs to be
 * safe.
 */
extern bool value_series_check(const void *bytes, size_t size, pure_error *error);
extern bool value_series_check_state(const void *bytes, size_t size, pure_error *error);
extern bool value_series_check_shape(const void *bytes, size_t size, pure_error *error);

/* What follows takes packed series. One without a known entry counts as numbers, of which none is
 * known. */
extern value_kind value_series_kind(const value_series *series);
extern bool value_series_has_known(const value_series *series);
extern size_t value_series_count(const value_series *series);
extern void value_series_entry(const value_series *series, size_t position, value_entry *entry);

/*
 * The entry in force on `day` no older than `keep` days (keep < 0: however old). False where there
 * is none, or where the newest entry is an explicit NULL ("not known any more").
 */
extern bool value_series_at(const value_series *series, int32_t day, int32_t keep,
							int32_t *entry_day, exact *number, bool *yesno);

/* The same, with the number as it was written. */
extern bool value_series_entry_at(const value_series *series, int32_t day, int32_t keep,
								  value_entry *entry);

#endif
