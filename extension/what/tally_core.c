/* The tally as a flat value: what it holds, and what bytes must hold to be one. */
#include "tally_layout.h"

void
tally_fail(pure_error *error, pure_error_code code, const char *message, const char *detail)
{
	memset(error, 0, sizeof(*error));
	error->code = code;
	snprintf(error->message, sizeof(error->message), "%s", message);
	snprintf(error->detail, sizeof(error->detail), "%s", detail);
}

size_t
tally_size(const tally *value)
{
	return sizeof(tally) +
		   (id_words(value->zones) + value->cells * words_of(tally_knows_households(value))) *
			   sizeof(uint64_t);
}

bool
tally_has_households(const tally *value)
{
	return tally_knows_households(value);
}

int64_t
tally_placed(const tally *value)
{
	return value->placed;
}

int64_t
tally_unplaced(const tally *value)
{
	return value->unplaced;
}

size_t
tally_zone_count(const tally *value)
{
	return value->zones;
}

const int32_t *
tally_zone_ids(const tally *value)
{
	return tally_ids(value);
}

bool
tally_corrupt(pure_error *error, const char *detail)
{
	tally_fail(error, PURE_CORRUPT, "bytes are not a tally", detail);
	return false;
}

bool
tally_check_head(const tally *value, size_t size, uint8_t flags, pure_error *error)
{
	if (size < sizeof(tally))
		return tally_corrupt(error, "The value is shorter than its header.");
	if (value->version != TALLY_VERSION)
		return tally_corrupt(error, "The version of the value is not known.");
	if ((value->flags & ~flags) != 0 || value->reserved != 0)
		return tally_corrupt(error, "Reserved bits are set.");
	if (value->placed < 0 || value->unplaced < 0 ||
		(uint64_t) value->placed + (uint64_t) value->unplaced > INT64_MAX)
		return tally_corrupt(error, "The number of rows is not valid.");
	if (value->cells > value->placed)
		return tally_corrupt(error, "More is counted than was placed.");
	return true;
}

bool
tally_check_zones(const tally *value, pure_error *error)
{
	const int32_t *ids = tally_ids(value);

	if (value->zones == 0)
		return tally_corrupt(error, "There is no zone.");
	for (uint32_t i = 1; i < value->zones; i++)
	{
		pure_check_interrupts();
		if (ids[i - 1] >= ids[i])
			return tally_corrupt(error, "The zones are not in order.");
	}
	if (value->zones % 2 != 0 && ids[value->zones] != 0)
		return tally_corrupt(error, "Reserved bits are set.");
	return true;
}

static bool
is_before(const uint64_t *a, const uint64_t *b, size_t identity_words)
{
	for (size_t i = 0; i < identity_words; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

bool
tally_check_cells(const tally *value, pure_error *error)
{
	bool households = tally_knows_households(value);
	size_t words = words_of(households);
	const uint64_t *cell = tally_cells(value);
	int64_t total = 0;

	for (uint32_t i = 0; i < value->cells; i++, cell += words)
	{
		pure_check_interrupts();
		if (cell_ordinal(cell) >= value->zones)
			return tally_corrupt(error, "A count is of a zone that is not there.");
		if (!day_is_finite(cell_day(cell)))
			return tally_corrupt(error, "A day is out of range.");
		if (cell_count(cell, households) <= 0)
			return tally_corrupt(error, "A count is not above zero.");
		if (__builtin_add_overflow(total, cell_count(cell, households), &total))
			return tally_corrupt(error, "The counts add up to more than 64 bits.");
		if (i > 0 && !is_before(cell - words, cell, words - 1))
			return tally_corrupt(error, "The counts are not in order.");
	}
	return true;
}

bool
tally_check(const void *bytes, size_t size, pure_error *error)
{
	const tally *value = bytes;

	if (!tally_check_head(value, size, TALLY_HOUSEHOLDS, error))
		return false;
	if (size != tally_size(value))
		return tally_corrupt(error, "The length does not fit the numbers of zones and cells.");
	return tally_check_zones(value, error) && tally_check_cells(value, error);
}

epicurve *
tally_curve(const tally *value, size_t ordinal, size_t *cell, bool zoned, pure_error *error)
{
	bool households = tally_knows_households(value);
	size_t words = words_of(households);
	int32_t zone_id = tally_ids(value)[ordinal];
	epicurve *curve = epicurve_make(households), *packed;

	for (; *cell < value->cells; (*cell)++)
	{
		const uint64_t *at = tally_cells(value) + *cell * words;
		household_key key = cell_key(at, households);
		epicurve *next;

		if (cell_ordinal(at) != ordinal)
			break;
		pure_check_interrupts();
		if (zoned)
			key = household_key_in_zone(key, zone_id);
		next = epicurve_add(curve, cell_day(at), cell_count(at, households), &key, error);
		if (next != curve)
			pure_free(curve);
		if (next == NULL)
			return NULL;
		curve = next;
	}
	packed = epicurve_pack(curve, error);
	pure_free(curve);
	return packed;
}
