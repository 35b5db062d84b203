/* What is asked of a packed curve: days, windows, households. */
#include "epicurve_layout.h"

static int
compare_keys(const void *a, const void *b)
{
	pure_check_interrupts();
	return household_key_compare(((const household_row *) a)->key,
								 ((const household_row *) b)->key);
}

bool
epicurve_has_households(const epicurve *curve)
{
	return knows_households(curve);
}

size_t
epicurve_day_count(const epicurve *curve)
{
	return curve->days;
}

void
epicurve_day(const epicurve *curve, size_t position, int32_t *day, int64_t *n)
{
	const day_row *row = &day_rows(curve)[position];

	*day = row->day;
	*n = row->n;
}

size_t
epicurve_household_count(const epicurve *curve)
{
	return curve->households;
}

void
epicurve_household(const epicurve *curve, size_t position, int32_t *day, household_key *key,
				   int64_t *n)
{
	const household_row *row = &household_rows(curve)[position];

	*day = row->day;
	*key = row->key;
	*n = row->n;
}

/* Position of the first day row on or after `day`. */
static size_t
first_day_row(const epicurve *curve, int64_t day)
{
	const day_row *rows = day_rows(curve);
	size_t low = 0, high = curve->days;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (rows[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
first_household_row(const epicurve *curve, int64_t day)
{
	const household_row *rows = household_rows(curve);
	size_t low = 0, high = curve->households;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (rows[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t
epicurve_count_between(const epicurve *curve, int32_t first, int32_t last)
{
	const day_row *rows = day_rows(curve);
	int64_t sum = 0;

	for (size_t i = first_day_row(curve, first); i < curve->days && rows[i].day <= last; i++)
		sum += rows[i].n;
	return sum;
}

int64_t
epicurve_total(const epicurve *curve)
{
	return epicurve_count_between(curve, DAY_FIRST, DAY_LAST);
}

int64_t
epicurve_households_between(const epicurve *curve, int32_t first, int32_t last)
{
	size_t from = first_household_row(curve, first);
	size_t until = first_household_row(curve, (int64_t) last + 1);
	size_t count = until > from ? until - from : 0;
	int64_t unknown = epicurve_count_between(curve, first, last);
	int64_t result = 0;
	household_row *rows;

	if (count == 0)
		return unknown > 0 ? unknown : 0;
	rows = pure_alloc(count * sizeof(household_row));
	memcpy(rows, household_rows(curve) + from, count * sizeof(household_row));
	if (first != last)
		qsort(rows, count, sizeof(household_row), compare_keys);
	for (size_t i = 0; i < count;)
	{
		household_key key = rows[i].key;
		int64_t net = 0;

		pure_check_interrupts();
		for (; i < count && household_key_compare(rows[i].key, key) == 0; i++)
			net += rows[i].n;
		unknown -= net;
		result += net > 0;
	}
	pure_free(rows);
	return result + (unknown > 0 ? unknown : 0);
}

bool
epicurve_first_day(const epicurve *curve, int32_t *day)
{
	const day_row *rows = day_rows(curve);

	for (size_t i = 0; i < curve->days; i++)
		if (rows[i].n > 0)
		{
			*day = rows[i].day;
			return true;
		}
	return false;
}

bool
epicurve_last_day_until(const epicurve *curve, int32_t as_of, int32_t *day)
{
	const day_row *rows = day_rows(curve);

	for (size_t i = first_day_row(curve, (int64_t) as_of + 1); i > 0; i--)
		if (rows[i - 1].n > 0)
		{
			*day = rows[i - 1].day;
			return true;
		}
	return false;
}

epicurve *
epicurve_cut(const epicurve *curve, int32_t day)
{
	size_t days = first_day_row(curve, (int64_t) day + 1);
	size_t households = first_household_row(curve, (int64_t) day + 1);
	pure_error never;
	epicurve *cut = epicurve_make_packed(knows_households(curve), days, households, &never);

	memcpy(day_rows(cut), day_rows(curve), days * sizeof(day_row));
	memcpy(household_rows(cut), household_rows(curve), households * sizeof(household_row));
	return cut;
}
