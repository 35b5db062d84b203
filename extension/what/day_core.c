/* Days to ISO dates and back, in the proleptic Gregorian calendar. */
#include "day_core.h"

/* Days from 0000-03-01, where a year's leap day is its last, to 2000-01-01. */
#define EPOCH_FROM_MARCH 730425
#define DAYS_IN_ERA 146097 /* 400 years */

typedef struct civil_date
{
	int64_t year; /* 0 is 1 BC */
	int month;
	int day;
} civil_date;

static civil_date
civil_of_day(int32_t day)
{
	int64_t shifted = (int64_t) day + EPOCH_FROM_MARCH;
	int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_IN_ERA - 1)) / DAYS_IN_ERA;
	int64_t in_era = shifted - era * DAYS_IN_ERA;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int month = (int) ((5 * in_year + 2) / 153); /* March is 0 */
	civil_date date;

	date.day = (int) (in_year - (153 * month + 2) / 5 + 1);
	date.month = month < 10 ? month + 3 : month - 9;
	date.year = year + era * 400 + (date.month <= 2);
	return date;
}

static int64_t
day_of_civil(civil_date date)
{
	int64_t year = date.year - (date.month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t in_era_year = year - era * 400;
	int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t in_year = (153 * month + 2) / 5 + date.day - 1;

	return era * DAYS_IN_ERA + in_era_year * 365 + in_era_year / 4 - in_era_year / 100 + in_year -
		   EPOCH_FROM_MARCH;
}

static void
print_digits(char *at, int width, int value)
{
	while (width > 0)
	{
		at[--width] = (char) ('0' + value % 10);
		value /= 10;
	}
}

size_t
day_print(int32_t day, char *text)
{
	civil_date date = civil_of_day(day);
	bool before_christ = date.year <= 0;
	int length;

	if (date.year > 0 && date.year <= 9999)
	{
		/* as below, for the days of nearly every report */
		print_digits(text, 4, (int) date.year);
		text[4] = '-';
		print_digits(text + 5, 2, date.month);
		text[7] = '-';
		print_digits(text + 8, 2, date.day);
		text[10] = '\0';
		return 10;
	}
	length = snprintf(text, DAY_TEXT_SIZE, "%04d-%02d-%02d%s",
					  (int) (before_christ ? 1 - date.year : date.year), date.month, date.day,
					  before_christ ? " BC" : "");
	return (size_t) length;
}

/* Between `least` and `most` digits; returns how many there were, 0 where that does not hold. */
static int
parse_digits(const char **cursor, const char *end, int least, int most, int64_t *value)
{
	const char *at = *cursor;
	int digits = 0;

	*value = 0;
	for (; at < end && *at >= '0' && *at <= '9'; at++, digits++)
	{
		if (digits == most)
			return 0;
		*value = *value * 10 + (*at - '0');
	}
	if (digits < least)
		return 0;
	*cursor = at;
	return digits;
}

static bool
parse_dash(const char **cursor, const char *end)
{
	if (*cursor >= end || **cursor != '-')
		return false;
	(*cursor)++;
	return true;
}

bool
day_of_date(int64_t year, int64_t month, int64_t month_day, int32_t *day)
{
	civil_date date = {year, (int) month, (int) month_day};
	civil_date back;
	int64_t result;

	if (month < 1 || month > 12 || month_day < 1 || month_day > 31)
		return false;
	result = day_of_civil(date);
	if (!day_is_finite(result))
		return false;
	back = civil_of_day((int32_t) result);
	if (back.month != date.month || back.day != date.day)
		return false; /* 30 February */
	*day = (int32_t) result;
	return true;
}

bool
day_parse(const char **cursor, const char *end, int32_t *day)
{
	const char *at = *cursor;
	int64_t year, month, month_day;

	if (!parse_digits(&at, end, 4, 7, &year) || !parse_dash(&at, end) ||
		!parse_digits(&at, end, 2, 2, &month) || !parse_dash(&at, end) ||
		!parse_digits(&at, end, 2, 2, &month_day))
		return false;
	if (year < 1)
		return false;
	if (end - at >= 3 && memcmp(at, " BC", 3) == 0)
	{
		year = 1 - year;
		at += 3;
	}
	if (!day_of_date(year, month, month_day, day))
		return false;
	*cursor = at;
	return true;
}
