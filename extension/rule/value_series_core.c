#include "value_series_core.h"

#include "../what/day_core.h"

#define SERIES_VERSION 1
#define SERIES_UNSORTED 1 /* flag: entries are not in order, or a day stands twice */

typedef struct series_entry
{
	int32_t day;
	uint8_t known;
	uint8_t scale;
	uint16_t reserved;
	exact_int mantissa; /* 0 or 1 for yes/no, 0 where not known */
} series_entry;

struct value_series
{
	int32_t vl_len_;
	uint8_t version;
	uint8_t kind;
	uint8_t flags;
	uint8_t reserved;
	uint32_t count;
	uint32_t capacity; /* equal to count in the canonical form */
	series_entry entries[];
};

value_series *
value_series_make(value_kind kind, size_t capacity)
{
	PURE_ASSERT(capacity <= VALUE_SERIES_LIMIT);

	value_series *series = pure_alloc0(sizeof(value_series) + capacity * sizeof(series_entry));

	series->version = SERIES_VERSION;
	series->kind = (uint8_t) kind;
	series->capacity = (uint32_t) capacity;
	return series;
}

size_t
value_series_size(const value_series *series)
{
	return sizeof(value_series) + (size_t) series->capacity * sizeof(series_entry);
}

static int
compare_days(const void *a, const void *b)
{
	int32_t left = ((const series_entry *) a)->day, right = ((const series_entry *) b)->day;

	return (left > right) - (left < right);
}

/* Two words on one day: what is not the same is not known, so that order does not matter. */
static void
reconcile(series_entry *kept, const series_entry *other)
{
	if (kept->known && other->known && kept->mantissa == other->mantissa &&
		kept->scale == other->scale)
		return;
	kept->known = 0;
	kept->scale = 0;
	kept->mantissa = 0;
}

/* Puts the entries in order, one a day. */
static void
settle(value_series *series)
{
	uint32_t kept = 0;

	if ((series->flags & SERIES_UNSORTED) == 0)
		return;
	qsort(series->entries, series->count, sizeof(series_entry), compare_days);
	for (uint32_t i = 1; i < series->count; i++)
	{
		if (series->entries[i].day == series->entries[kept].day)
			reconcile(&series->entries[kept], &series->entries[i]);
		else
			series->entries[++kept] = series->entries[i];
	}
	series->count = kept + 1;
	series->flags &= (uint8_t) ~SERIES_UNSORTED;
}

/* Makes room for one more entry; growing by half or more keeps the work per entry constant. */
static value_series *
make_room(value_series *series, pure_error *error)
{
	if (series->count < series->capacity)
		return series;
	settle(series);
	if (series->count < series->capacity &&
		(series->count <= series->capacity / 2 || series->capacity == VALUE_SERIES_LIMIT))
		return series;
	if (series->count >= VALUE_SERIES_LIMIT)
	{
		*error = (pure_error){.code = PURE_LIMIT};
		snprintf(error->message, sizeof(error->message), "value_series has more than %d days",
				 VALUE_SERIES_LIMIT);
		return NULL;
	}

	size_t capacity = series->count < 4 ? 8 : (size_t) series->count * 2;
	if (capacity > VALUE_SERIES_LIMIT)
		capacity = VALUE_SERIES_LIMIT;
	value_series *larger = value_series_make((value_kind) series->kind, capacity);
	larger->count = series->count;
	memcpy(larger->entries, series->entries, series->count * sizeof(series_entry));
	return larger;
}

static value_series *
append(value_series *series, const series_entry *entry, pure_error *error)
{
	series_entry *last = series->count > 0 ? &series->entries[series->count - 1] : NULL;
	bool sorted = (series->flags & SERIES_UNSORTED) == 0;

	if (last != NULL && sorted && last->day == entry->day)
	{
		reconcile(last, entry);
		return series;
	}
	series = make_room(series, error);
	if (series == NULL)
		return NULL;
	if (series->count > 0 && series->entries[series->count - 1].day >= entry->day)
		series->flags |= SERIES_UNSORTED;
	series->entries[series->count++] = *entry;
	return series;
}

bool
value_series_adopt(value_series *series, value_kind kind, pure_error *error)
{
	if (series->kind == kind)
		return true;
	if (value_series_has_known(series))
	{
		*error = (pure_error){.code = PURE_INVALID_PARAMETER};
		snprintf(error->message, sizeof(error->message),
				 "a value_series holds numbers or yes/no values, not both");
		return false;
	}
	series->kind = (uint8_t) kind;
	return true;
}

value_series *
value_series_add(value_series *series, const value_entry *entry, pure_error *error)
{
	series_entry stored = {.day = entry->day, .known = entry->known};

	if (entry->known && series->kind == VALUE_YESNO)
		stored.mantissa = entry->yesno;
	else if (entry->known)
	{
		stored.mantissa = entry->number.mantissa;
		stored.scale = (uint8_t) entry->number.scale;
	}
	return append(series, &stored, error);
}

value_series *
value_series_combine(value_series *into, const value_series *from, pure_error *error)
{
	if (value_series_has_known(from) && !value_series_adopt(into, (value_kind) from->kind, error))
		return NULL;

	value_series *sum = into;
	for (uint32_t i = 0; i < from->count; i++)
	{
		value_series *larger = append(sum, &from->entries[i], error);

		if (larger != sum && sum != into)
			pure_free(sum);
		if (larger == NULL)
			return NULL;
		sum = larger;
	}
	return sum;
}

value_series *
value_series_pack(const value_series *series)
{
	value_series *packed = value_series_make((value_kind) series->kind, series->count);

	packed->flags = series->flags;
	packed->count = series->count;
	memcpy(packed->entries, series->entries, series->count * sizeof(series_entry));
	settle(packed);
	packed->capacity = packed->count;
	if (!value_series_has_known(packed))
		packed->kind = VALUE_NUMBER;
	return packed;
}

bool
value_series_is_packed(const value_series *series)
{
	return series->flags == 0 && series->count == series->capacity &&
		   (series->kind == VALUE_NUMBER || value_series_has_known(series));
}

static bool
check_entry(const series_entry *entry, value_kind kind)
{
	if (!day_is_finite(entry->day) || entry->reserved != 0 || entry->known > 1)
		return false;
	if (!entry->known)
		return entry->mantissa == 0 && entry->scale == 0;
	if (kind == VALUE_YESNO)
		return entry->mantissa >= 0 && entry->mantissa <= 1 && entry->scale == 0;
	return decimal_valid((decimal){entry->mantissa, entry->scale});
}

static bool
check_header(const value_series *series, size_t size)
{
	return size >= sizeof(value_series) && series->version == SERIES_VERSION &&
		   series->kind <= VALUE_YESNO && series->flags <= SERIES_UNSORTED &&
		   series->reserved == 0 && series->capacity <= VALUE_SERIES_LIMIT &&
		   series->count <= series->capacity && size == value_series_size(series);
}

static bool
check_series(const value_series *series, size_t size)
{
	if (!check_header(series, size))
		return false;

	bool sorted = (series->flags & SERIES_UNSORTED) == 0;
	for (uint32_t i = 0; i < series->count; i++)
	{
		if (!check_entry(&series->entries[i], (value_kind) series->kind))
			return false;
		if (sorted && i > 0 && series->entries[i - 1].day >= series->entries[i].day)
			return false;
	}
	return true;
}

static bool
say_corrupt(bool valid, pure_error *error)
{
	if (!valid)
	{
		*error = (pure_error){.code = PURE_CORRUPT};
		snprintf(error->message, sizeof(error->message), "invalid value_series value");
	}
	return valid;
}

bool
value_series_check(const void *bytes, size_t size, pure_error *error)
{
	return say_corrupt(check_series(bytes, size) && value_series_is_packed(bytes), error);
}

bool
value_series_check_state(const void *bytes, size_t size, pure_error *error)
{
	return say_corrupt(check_series(bytes, size), error);
}

bool
value_series_check_shape(const void *bytes, size_t size, pure_error *error)
{
	return say_corrupt(check_header(bytes, size), error);
}

value_kind
value_series_kind(const value_series *series)
{
	return (value_kind) series->kind;
}

bool
value_series_has_known(const value_series *series)
{
	for (uint32_t i = 0; i < series->count; i++)
	{
		if (series->entries[i].known)
			return true;
	}
	return false;
}

size_t
value_series_count(const value_series *series)
{
	return series->count;
}

void
value_series_entry(const value_series *series, size_t position, value_entry *entry)
{
	const series_entry *stored = &series->entries[position];

	*entry = (value_entry){.day = stored->day, .known = stored->known != 0};
	if (series->kind == VALUE_YESNO)
		entry->yesno = stored->mantissa != 0;
	else
		entry->number = (decimal){stored->mantissa, stored->scale};
}

bool
value_series_entry_at(const value_series *series, int32_t day, int32_t keep, value_entry *entry)
{
	uint32_t low = 0, high = series->count;

	/* low ends as the number of entries whose day is not after `day`. */
	while (low < high)
	{
		uint32_t middle = low + (high - low) / 2;

		if (series->entries[middle].day <= day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	value_series_entry(series, low - 1, entry);
	return entry->known && (keep < 0 || (int64_t) day - entry->day <= keep);
}

bool
value_series_at(const value_series *series, int32_t day, int32_t keep, int32_t *entry_day,
				exact *number, bool *yesno)
{
	value_entry entry;

	if (!value_series_entry_at(series, day, keep, &entry))
		return false;
	*entry_day = entry.day;
	*number = decimal_to_exact(entry.number);
	*yesno = entry.yesno;
	return true;
}
