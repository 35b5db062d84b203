/*
 * Days as PostgreSQL counts them (2000-01-01 is 0), written as ISO dates: 2021-09-01, 0021-09-01,
 * 10000-01-01, 0044-03-15 BC. No setting and no locale has a say.
 */
#ifndef GEORISK_DAY_CORE_H
#define GEORISK_DAY_CORE_H

#include "../pure.h"

/* PostgreSQL's finite dates: 4714-11-24 BC to 5874897-12-31. */
#define DAY_FIRST (-2451545)
#define DAY_LAST 2145031948

#define DAY_TEXT_SIZE 24

static inline bool
day_is_finite(int64_t day)
{
	return day >= DAY_FIRST && day <= DAY_LAST;
}

/* Writes at most DAY_TEXT_SIZE bytes, the closing zero included; returns the length. */
extern size_t day_print(int32_t day, char *text);

/* The day of a date; false where the calendar has no such date. The year 0 is 1 BC. */
extern bool day_of_date(int64_t year, int64_t month, int64_t month_day, int32_t *day);

/* Reads one date at *cursor and moves it behind; false, and *cursor as it was, where there is none.
 */
extern bool day_parse(const char **cursor, const char *end, int32_t *day);

#endif
