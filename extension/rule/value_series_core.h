/*
 * The dated history of one zone value (vaccine cover, "contact with other households"): at a day the
 * newest entry holds whose day is not after it and whose age is within the policy's KEEP.
 */
#ifndef GEORISK_VALUE_SERIES_CORE_H
#define GEORISK_VALUE_SERIES_CORE_H

#include "exact.h"

typedef struct value_series value_series; /* varlena-compatible, 8-byte aligned, entries by ascending day */

typedef enum value_kind
{
	VALUE_NUMBER,
	VALUE_YESNO
} value_kind;

extern value_kind value_series_kind(const value_series *series);

/*
 * The entry in force on `day` no older than `keep` days (keep < 0: however old). False where there is none,
 * or where the newest entry is an explicit NULL ("not known any more").
 */
extern bool value_series_at(const value_series *series, int32_t day, int32_t keep, int32_t *entry_day,
							exact *number, bool *yesno);

extern bool value_series_check(const void *bytes, size_t size, pure_error *error);

#endif
