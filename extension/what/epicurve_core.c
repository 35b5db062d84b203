/* The epicurve as it grows: rows are appended, and merged when there is no room. */
#include "epicurve_layout.h"

#define FIRST_SIZE ((size_t) 128)
#define COPY_ONLY_ROWS 14 /* below, growing by copying is cheaper than merging first */

const household_key HOUSEHOLD_UNKNOWN = {UINT64_MAX, UINT64_MAX};

void
epicurve_fail(pure_error *error, pure_error_code code, const char *message)
{
	memset(error, 0, sizeof(*error));
	error->code = code;
	snprintf(error->message, sizeof(error->message), "%s", message);
}

void
epicurve_fail_overflow(pure_error *error)
{
	epicurve_fail(error, PURE_OUT_OF_RANGE, "count of an epicurve is out of range");
	snprintf(error->detail, sizeof(error->detail),
			 "The counts of all days, signs left out, may not add up to more than %lld.",
			 (long long) INT64_MAX);
}

int
household_key_compare(household_key a, household_key b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	if (a.low != b.low)
		return a.low < b.low ? -1 : 1;
	return 0;
}

static inline uint64_t
scatter(uint64_t bits)
{
	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return bits ^ (bits >> 31);
}

/* One-to-one within a zone; a number keeps its 64 bits and takes the zone beside them. */
household_key
household_key_in_zone(household_key key, int32_t zone_id)
{
	uint64_t zone = (uint32_t) zone_id;

	if (household_key_compare(key, HOUSEHOLD_UNKNOWN) == 0)
		return key;
	if (key.high == 0)
		return (household_key){zone, key.low};
	key.high ^= scatter(zone + UINT64_C(0x9e3779b97f4a7c15));
	key.low ^= scatter(zone + UINT64_C(0x3c6ef372fe94f82a));
	return key;
}

static inline size_t
row_size(bool households)
{
	return households ? sizeof(household_row) : sizeof(day_row);
}

size_t
epicurve_size(const epicurve *curve)
{
	return sizeof(epicurve) + (size_t) curve->days * sizeof(day_row) +
		   (size_t) curve->households * sizeof(household_row) +
		   (size_t) curve->room * row_size(knows_households(curve));
}

/* An open curve of at least `rows` rows; a power of two in size, as the allocator gives it. */
static epicurve *
make_open(bool households, size_t rows, pure_error *error)
{
	size_t each = row_size(households);
	size_t size = households ? 2 * FIRST_SIZE : FIRST_SIZE;
	epicurve *curve;

	if (rows > (EPICURVE_SIZE_LIMIT - sizeof(epicurve)) / each)
	{
		epicurve_fail(error, PURE_LIMIT, "epicurve would be larger than 1 GB");
		return NULL;
	}
	while (size < sizeof(epicurve) + rows * each)
		size *= 2;
	if (size > EPICURVE_SIZE_LIMIT)
		size = EPICURVE_SIZE_LIMIT;
	curve = pure_alloc0(size); /* slack may be stored, so it is not left to chance */
	curve->version = EPICURVE_VERSION;
	curve->flags = EPICURVE_OPEN | (households ? EPICURVE_HOUSEHOLDS : 0);
	curve->room = (uint32_t) ((size - sizeof(epicurve)) / each);
	return curve;
}

epicurve *
epicurve_make(bool households)
{
	pure_error never;

	return make_open(households, 1, &never);
}

static inline void
append(epicurve *curve, int32_t day, int64_t n, household_key key)
{
	if (n == 0)
		return;
	PURE_ASSERT(curve->room > 0);
	if (knows_households(curve))
		household_rows(curve)[curve->households++] = (household_row){key, n, day, 0};
	else
		day_rows(curve)[curve->days++] = (day_row){n, day, 0};
	curve->room--;
}

/* Appends a packed curve; what a day counts beyond its households gets a row of its own. */
static void
append_packed_households(epicurve *to, const epicurve *from, int sign)
{
	const day_row *days = day_rows(from);
	const household_row *rows = household_rows(from);
	size_t d = 0, h = 0;

	while (d < from->days || h < from->households)
	{
		int32_t day;
		int64_t unknown = 0;

		pure_check_interrupts();
		if (h == from->households || (d < from->days && days[d].day <= rows[h].day))
			day = days[d].day;
		else
			day = rows[h].day;
		if (d < from->days && days[d].day == day)
			unknown = days[d++].n;
		for (; h < from->households && rows[h].day == day; h++)
		{
			append(to, day, sign * rows[h].n, rows[h].key);
			unknown -= rows[h].n;
		}
		append(to, day, sign * unknown, HOUSEHOLD_UNKNOWN);
	}
}

/* Appends all rows; `to` has room for row_bound() of them. */
static void
append_rows(epicurve *to, const epicurve *from, int sign)
{
	const day_row *days = day_rows(from);
	const household_row *rows = household_rows(from);

	if (knows_households(to) && !is_open(from))
	{
		append_packed_households(to, from, sign);
		return;
	}
	for (size_t i = 0; i < from->days; i++)
		append(to, days[i].day, sign * days[i].n, HOUSEHOLD_UNKNOWN);
	if (is_open(from))
		for (size_t i = 0; i < from->households; i++)
			append(to, rows[i].day, sign * rows[i].n, rows[i].key);
}

static size_t
row_bound(const epicurve *from)
{
	return (size_t) from->days + 2 * (size_t) from->households;
}

/* An open copy with room for `more` rows. */
static epicurve *
open_copy(const epicurve *curve, bool households, size_t more, pure_error *error)
{
	epicurve *copy = make_open(households, row_bound(curve) + more, error);

	if (copy != NULL)
		append_rows(copy, curve, 1);
	return copy;
}

/* The same open rows, and room for as many again. */
static epicurve *
widen(const epicurve *curve, pure_error *error)
{
	bool households = knows_households(curve);
	size_t used = (size_t) curve->days + curve->households;
	epicurve *copy = make_open(households, 2 * used + 1, error);

	if (copy == NULL)
		return NULL;
	memcpy(copy + 1, curve + 1, used * row_size(households));
	copy->room -= (uint32_t) used;
	copy->days = curve->days;
	copy->households = curve->households;
	return copy;
}

/* Merges first and doubles what is left, so that each row is merged a few times at most. */
static epicurve *
make_room(epicurve *curve, pure_error *error)
{
	epicurve *packed, *copy;

	if (is_open(curve) && (size_t) curve->days + curve->households < COPY_ONLY_ROWS)
		return widen(curve, error);
	packed = is_open(curve) ? epicurve_pack(curve, error) : curve;
	if (packed == NULL)
		return NULL;
	copy = open_copy(packed, knows_households(packed), row_bound(packed) + 1, error);
	if (packed != curve)
		pure_free(packed);
	return copy;
}

epicurve *
epicurve_add(epicurve *curve, int32_t day, int64_t n, const household_key *key, pure_error *error)
{
	if (!day_is_finite(day))
	{
		epicurve_fail(error, PURE_DATE_OUT_OF_RANGE, "day of a report must be finite");
		return NULL;
	}
	if (n == INT64_MIN)
	{
		epicurve_fail_overflow(error);
		return NULL;
	}
	if (n == 0)
		return curve;
	if (curve->room == 0 && (curve = make_room(curve, error)) == NULL)
		return NULL;
	append(curve, day, n, key != NULL ? *key : HOUSEHOLD_UNKNOWN);
	return curve;
}

epicurve *
epicurve_add_all(epicurve *curve, const epicurve *other, int sign, pure_error *error)
{
	bool households = knows_households(curve) && knows_households(other);
	size_t more = row_bound(other);

	if (!is_open(curve) || households != knows_households(curve) || curve->room < more)
	{
		epicurve *packed = epicurve_pack(curve, error);

		if (packed == NULL)
			return NULL;
		curve = open_copy(packed, households, more + row_bound(packed), error);
		pure_free(packed);
	}
	if (curve != NULL)
		append_rows(curve, other, sign);
	return curve;
}

bool
epicurve_is_packed(const epicurve *curve)
{
	return !is_open(curve);
}

epicurve *
epicurve_merge(const epicurve *a, const epicurve *b, int sign, pure_error *error)
{
	bool households = knows_households(a) && knows_households(b);
	epicurve *open = open_copy(a, households, row_bound(b), error);
	epicurve *packed;

	if (open == NULL)
		return NULL;
	append_rows(open, b, sign);
	packed = epicurve_pack(open, error);
	pure_free(open);
	return packed;
}
