/* Days as text, ISO 8601 only and free of any setting: 2021-09-06, and as PostgreSQL prints it
 * 0044-03-15 BC. */
#ifndef GEORISK_ISO_DAY_CORE_H
#define GEORISK_ISO_DAY_CORE_H

#include "../pure.h"

/* The days that PostgreSQL's date holds, counted from 2000-01-01. */
#define ISO_DAY_FIRST (-2451545)
#define ISO_DAY_LAST 2145031948

#define ISO_DAY_TEXT 40 /* enough for any day */

static inline bool
iso_day_valid(int64_t day)
{
	return day >= ISO_DAY_FIRST && day <= ISO_DAY_LAST;
}

/* False where the text is no day of the calendar, or one that a date cannot hold. */
extern bool iso_day_parse(const char *text, size_t length, int32_t *day);
extern void iso_day_print(int32_t day, char buffer[ISO_DAY_TEXT]);

#endif
