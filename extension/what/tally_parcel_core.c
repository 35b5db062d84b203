#include "tally_cells.h"
#include "tally_parcel_core.h"

#define align(size) (((size) + 7) & ~(size_t) 7)

/* All but the counts side by side. */
static size_t
fixed_size(size_t zones, size_t cells)
{
	return sizeof(tally) + sizeof(parcel_days) +
		   (id_words(zones) + cells * COUNT_WORDS) * sizeof(uint64_t);
}

bool
tally_parcel_size(const tally_counter *counter, size_t *size)
{
	tally_dense dense = tally_dense_trimmed(&counter->dense);
	size_t value = fixed_size(counter->zones, tally_cells_count(counter));
	*size = fixed_size(counter->zones, counter->used) + align(tally_dense_size(&dense));
	return dense.days > 0 && *size < value && *size <= TALLY_SIZE_LIMIT;
}

void
tally_parcel_write(const tally_counter *counter, tally *into, size_t size)
{
	tally_dense dense = tally_dense_trimmed(&counter->dense);
	size_t counts = tally_dense_size(&dense);

	memset((char *) into + size - align(counts), 0, align(counts) - counts);
	tally_counter_head(counter, into);
	into->flags |= TALLY_PARCEL;
	into->cells = (uint32_t) counter->used;
	*tally_parcel_days(into) = (parcel_days){dense.first_day, (uint32_t) dense.days, dense.width};
	tally_cells_sort(counter, tally_cells(into));
	memcpy(tally_cells(into) + counter->used * COUNT_WORDS, dense.counts, counts);
}

tally_dense
tally_parcel_dense(const tally *parcel)
{
	const parcel_days *days = tally_parcel_days(parcel);

	return (tally_dense){parcel->zones, days->first_day, days->days, days->width,
						 tally_cells(parcel) + parcel->cells * COUNT_WORDS};
}

static bool
check_days(const tally *parcel, size_t size, pure_error *error)
{
	const parcel_days *days = tally_parcel_days(parcel);
	size_t fixed = fixed_size(parcel->zones, parcel->cells), counts;

	if (size < fixed)
		return tally_corrupt(error, "The length does not fit the numbers of zones and cells.");
	if (days->width != 1 && days->width != 2 && days->width != 4 && days->width != 8)
		return tally_corrupt(error, "The width of a count is not known.");
	if (days->days == 0 || !day_is_finite(days->first_day) ||
		!day_is_finite((int64_t) days->first_day + days->days - 1))
		return tally_corrupt(error, "A day is out of range.");
	if (__builtin_mul_overflow((size_t) days->days * days->width, parcel->zones, &counts) ||
		counts > size - fixed || align(counts) != size - fixed)
		return tally_corrupt(error, "The length does not fit the numbers of zones and days.");
	return true;
}

bool
tally_is_marked_parcel(const void *bytes, size_t size)
{
	return size >= sizeof(tally) && tally_is_parcel(bytes);
}

bool
tally_parcel_check(const void *bytes, size_t size, pure_error *error)
{
	const tally *parcel = bytes;
	tally_dense dense;

	if (!tally_check_head(parcel, size, TALLY_PARCEL, error) || !check_days(parcel, size, error) ||
		!tally_check_zones(parcel, error) || !tally_check_cells(parcel, error))
		return false;
	dense = tally_parcel_dense(parcel);
	if (parcel->cells + tally_dense_used(&dense) > (uint64_t) parcel->placed)
		return tally_corrupt(error, "More is counted than was placed.");
	return true;
}
