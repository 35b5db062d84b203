#include "iso_day_core.h"

#define EPOCH_CIVIL 730425 /* 2000-01-01 as days since 0000-03-01, proleptic Gregorian */
#define DAYS_PER_ERA 146097
#define YEAR_MAX 5874897

/* Years begin in March here, so that the leap day is the last of its year. */
static int64_t
days_from_civil(int64_t year, int month, int dom)
{
	if (month <= 2)
		year--;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dom - 1;

	return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
		   day_of_year - EPOCH_CIVIL;
}

static void
civil_from_days(int64_t day, int64_t *year, int *month, int *dom)
{
	day += EPOCH_CIVIL;
	int64_t era = (day >= 0 ? day : day - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	int64_t day_of_era = day - era * DAYS_PER_ERA;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (int) ((5 * day_of_year + 2) / 153);

	*dom = (int) (day_of_year - (153 * month_from_march + 2) / 5 + 1);
	*month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	*year = era * 400 + year_of_era + (*month <= 2 ? 1 : 0);
}

static int
days_in_month(int64_t year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : lengths[month - 1];
}

/* Reads digits up to a limit that keeps the number small; returns how many. */
static size_t
read_digits(const char *text, size_t length, size_t limit, int64_t *value)
{
	size_t used = 0;

	*value = 0;
	while (used < length && used < limit && text[used] >= '0' && text[used] <= '9')
		*value = *value * 10 + (text[used++] - '0');
	return used;
}

bool
iso_day_parse(const char *text, size_t length, int32_t *day)
{
	int64_t year, month, dom;
	bool before_christ = length > 3 && memcmp(text + length - 3, " BC", 3) == 0;

	if (before_christ)
		length -= 3;

	size_t used = read_digits(text, length, 7, &year);
	if (used < 4 || (used > 4 && text[0] == '0') || length - used != 6)
		return false;
	text += used;
	if (text[0] != '-' || read_digits(text + 1, 2, 2, &month) != 2 || text[3] != '-' ||
		read_digits(text + 4, 2, 2, &dom) != 2)
		return false;
	if (year < 1 || year > YEAR_MAX || month < 1 || month > 12)
		return false;
	if (before_christ)
		year = 1 - year;
	if (dom < 1 || dom > days_in_month(year, (int) month))
		return false;

	int64_t result = days_from_civil(year, (int) month, (int) dom);
	if (!iso_day_valid(result))
		return false;
	*day = (int32_t) result;
	return true;
}

void
iso_day_print(int32_t day, char buffer[ISO_DAY_TEXT])
{
	int64_t year;
	int month, dom;

	civil_from_days(day, &year, &month, &dom);
	bool before_christ = year < 1;
	if (before_christ)
		year = 1 - year;
	snprintf(buffer, ISO_DAY_TEXT, "%04d-%02d-%02d%s", (int) year, month, dom,
			 before_christ ? " BC" : "");
}
