/* The one canonical form: rows sorted by day and household, merged, zeros dropped. */
#include "epicurve_layout.h"

#define INSERTION_SORT_ROWS 24

static int
compare_day_rows(const void *a, const void *b)
{
	int32_t left = ((const day_row *) a)->day, right = ((const day_row *) b)->day;

	pure_check_interrupts();
	return left < right ? -1 : left > right;
}

static void
sort_day_rows(day_row *rows, size_t count)
{
	if (count > INSERTION_SORT_ROWS)
	{
		qsort(rows, count, sizeof(day_row), compare_day_rows);
		return;
	}
	for (size_t i = 1; i < count; i++)
	{
		day_row row = rows[i];
		size_t j = i;

		for (; j > 0 && rows[j - 1].day > row.day; j--)
			rows[j] = rows[j - 1];
		rows[j] = row;
	}
}

static inline bool
add_weight(int64_t *weight, int64_t n)
{
	return n != INT64_MIN && !__builtin_add_overflow(*weight, n < 0 ? -n : n, weight);
}

/* A day sum of an open curve may pass 64 bits on the way to where it fits. */
static inline bool
fits(__int128 sum)
{
	return sum <= INT64_MAX && sum >= -INT64_MAX;
}

epicurve *
epicurve_make_packed(bool households, size_t days, size_t rows, pure_error *error)
{
	size_t size = sizeof(epicurve) + days * sizeof(day_row) + rows * sizeof(household_row);
	epicurve *curve;

	if (size > EPICURVE_SIZE_LIMIT)
	{
		epicurve_fail(error, PURE_LIMIT, "epicurve would be larger than 1 GB");
		return NULL;
	}
	curve = pure_alloc(size);
	memset(curve, 0, sizeof(epicurve));
	curve->version = EPICURVE_VERSION;
	curve->flags = households ? EPICURVE_HOUSEHOLDS : 0;
	curve->days = (uint32_t) days;
	curve->households = (uint32_t) rows;
	return curve;
}

static epicurve *
pack_days(const epicurve *open, pure_error *error)
{
	epicurve *packed = epicurve_make_packed(false, open->days, 0, error);
	day_row *rows;
	size_t kept = 0;
	int64_t weight = 0;

	if (packed == NULL)
		return NULL;
	rows = day_rows(packed);
	memcpy(rows, day_rows(open), open->days * sizeof(day_row));
	sort_day_rows(rows, open->days);
	for (size_t i = 0; i < open->days;)
	{
		int32_t day = rows[i].day;
		__int128 sum = 0;

		pure_check_interrupts();
		for (; i < open->days && rows[i].day == day; i++)
			sum += rows[i].n;
		if (sum == 0)
			continue;
		if (!fits(sum) || !add_weight(&weight, (int64_t) sum))
		{
			pure_free(packed);
			epicurve_fail_overflow(error);
			return NULL;
		}
		rows[kept++] = (day_row){(int64_t) sum, day, 0};
	}
	packed->days = (uint32_t) kept;
	return packed;
}

/* Sorted rows to one per (day, key), zeros dropped; false where a sum does not fit. */
static bool
merge_household_rows(household_row *rows, size_t *count)
{
	size_t kept = 0;
	int64_t weight = 0;

	for (size_t i = 0; i < *count;)
	{
		household_row row = rows[i];
		__int128 sum = 0;

		pure_check_interrupts();
		for (; i < *count && compare_household_rows(&rows[i], &row) == 0; i++)
			sum += rows[i].n;
		if (sum == 0)
			continue;
		if (!fits(sum) || !add_weight(&weight, (int64_t) sum))
			return false;
		row.n = (int64_t) sum;
		rows[kept++] = row;
	}
	*count = kept;
	return true;
}

/* Merged rows to day rows and the rows of known households; returns the number of the latter. */
static size_t
split_households(const household_row *rows, size_t count, day_row *days, size_t *day_count,
				 household_row *known)
{
	size_t known_count = 0;

	*day_count = 0;
	for (size_t i = 0; i < count;)
	{
		day_row total = {0, rows[i].day, 0};

		for (; i < count && rows[i].day == total.day; i++)
		{
			total.n += rows[i].n;
			if (!is_unknown(rows[i].key))
				known[known_count++] = rows[i];
		}
		if (total.n != 0)
			days[(*day_count)++] = total;
	}
	return known_count;
}

static epicurve *
pack_households(const epicurve *open, pure_error *error)
{
	size_t count = open->households, days, known;
	household_row *rows = pure_alloc(count * sizeof(household_row));
	household_row *known_rows = pure_alloc(count * sizeof(household_row));
	day_row *totals = pure_alloc(count * sizeof(day_row));
	epicurve *packed = NULL;

	memcpy(rows, household_rows(open), count * sizeof(household_row));
	qsort(rows, count, sizeof(household_row), compare_household_rows);
	if (merge_household_rows(rows, &count))
	{
		known = split_households(rows, count, totals, &days, known_rows);
		packed = epicurve_make_packed(true, days, known, error);
		if (packed != NULL)
		{
			memcpy(day_rows(packed), totals, days * sizeof(day_row));
			memcpy(household_rows(packed), known_rows, known * sizeof(household_row));
		}
	}
	else
		epicurve_fail_overflow(error);
	pure_free(rows);
	pure_free(known_rows);
	pure_free(totals);
	return packed;
}

epicurve *
epicurve_pack(const epicurve *curve, pure_error *error)
{
	if (!is_open(curve))
	{
		epicurve *copy = pure_alloc(epicurve_size(curve));

		return memcpy(copy, curve, epicurve_size(curve));
	}
	return knows_households(curve) ? pack_households(curve, error) : pack_days(curve, error);
}
