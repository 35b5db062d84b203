/* Bytes that come from outside are an epicurve only where all of this holds. */
#include "epicurve_layout.h"

static bool
fail_corrupt(pure_error *error, const char *detail)
{
	epicurve_fail(error, PURE_CORRUPT, "bytes are not an epicurve");
	snprintf(error->detail, sizeof(error->detail), "%s", detail);
	return false;
}

static bool
check_header(const epicurve *curve, size_t size, pure_error *error)
{
	if (size < sizeof(epicurve))
		return fail_corrupt(error, "The value is shorter than its header.");
	if (curve->version != EPICURVE_VERSION)
		return fail_corrupt(error, "The version of the value is not known.");
	if ((curve->flags & ~EPICURVE_KNOWN_FLAGS) != 0 || curve->reserved != 0 ||
		curve->reserved2 != 0)
		return fail_corrupt(error, "Reserved bits are set.");
	if (size != epicurve_size(curve))
		return fail_corrupt(error, "The length does not fit the number of entries.");
	if (is_open(curve) ? knows_households(curve) && curve->days > 0 :
						 curve->room > 0 || (!knows_households(curve) && curve->households > 0))
		return fail_corrupt(error, "The numbers of entries do not fit each other.");
	if (is_open(curve) && !knows_households(curve) && curve->households > 0)
		return fail_corrupt(error, "The numbers of entries do not fit each other.");
	return true;
}

static bool
check_rows(const epicurve *curve, pure_error *error)
{
	const day_row *days = day_rows(curve);
	const household_row *rows = household_rows(curve);
	bool open = is_open(curve);

	for (size_t i = 0; i < curve->days; i++)
	{
		pure_check_interrupts();
		if (!day_is_finite(days[i].day))
			return fail_corrupt(error, "A day is out of range.");
		if (days[i].n == 0 || days[i].n == INT64_MIN || days[i].reserved != 0)
			return fail_corrupt(error, "The count of a day is not valid.");
		if (!open && i > 0 && days[i - 1].day >= days[i].day)
			return fail_corrupt(error, "The days are not in order.");
	}
	for (size_t i = 0; i < curve->households; i++)
	{
		pure_check_interrupts();
		if (!day_is_finite(rows[i].day))
			return fail_corrupt(error, "A day is out of range.");
		if (rows[i].n == 0 || rows[i].n == INT64_MIN || rows[i].reserved != 0)
			return fail_corrupt(error, "The count of a household is not valid.");
		if (!open && is_unknown(rows[i].key))
			return fail_corrupt(error, "The key of a household is not valid.");
		if (!open && i > 0 && compare_household_rows(&rows[i - 1], &rows[i]) >= 0)
			return fail_corrupt(error, "The households are not in order.");
	}
	return true;
}

/* Of a packed curve: what the days count and what their households leave, all of it within 64 bits.
 */
static bool
check_weight(const epicurve *curve, pure_error *error)
{
	const day_row *days = day_rows(curve);
	const household_row *rows = household_rows(curve);
	unsigned __int128 weight = 0;
	size_t d = 0;

	for (size_t h = 0; knows_households(curve) && h < curve->households;)
	{
		int32_t day = rows[h].day;
		__int128 unknown = 0;

		for (; d < curve->days && days[d].day < day; d++)
			weight += (uint64_t) (days[d].n < 0 ? -days[d].n : days[d].n);
		if (d < curve->days && days[d].day == day)
			unknown = days[d++].n;
		for (; h < curve->households && rows[h].day == day; h++)
		{
			weight += (uint64_t) (rows[h].n < 0 ? -rows[h].n : rows[h].n);
			unknown -= rows[h].n;
		}
		weight += (unsigned __int128) (unknown < 0 ? -unknown : unknown);
	}
	for (; d < curve->days; d++)
		weight += (uint64_t) (days[d].n < 0 ? -days[d].n : days[d].n);
	return weight <= INT64_MAX || fail_corrupt(error, "The counts add up to more than 64 bits.");
}

bool
epicurve_check(const void *bytes, size_t size, pure_error *error)
{
	const epicurve *curve = bytes;

	return check_header(curve, size, error) && check_rows(curve, error) &&
		   (is_open(curve) || check_weight(curve, error));
}
