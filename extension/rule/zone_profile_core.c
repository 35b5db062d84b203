#include "zone_profile_core.h"

#include "../what/day_core.h"

#define PROFILE_VERSION 1
#define PROFILE_SIZE_LIMIT 0x3fffffff /* the largest value that PostgreSQL stores */

struct zone_profile
{
	int32_t vl_len_;
	uint8_t version;
	uint8_t reserved[3];
	uint32_t count;
	uint32_t size; /* of the whole value */
	char bytes[];
};

/* Followed by the name and by the value, each padded with zeros to eight bytes. */
typedef struct field_header
{
	uint32_t name_length;
	uint32_t value_size;
	uint32_t kind;
	uint32_t reserved;
} field_header;

typedef struct stored_number
{
	exact_int mantissa;
	int64_t scale;
} stored_number;

static size_t
padded(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

/* What the server would write as length word, so that curves and series inside are varlenas
 * themselves. */
static uint32_t
length_word(size_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint32_t) size << 2;
#else
	return (uint32_t) size;
#endif
}

profile_reserved
profile_reserved_name(const char *name, size_t length)
{
	static const char *names[] = {"as_of", "complete_until", "population", "households", "level"};

	for (int i = 0; i < 5; i++)
	{
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return (profile_reserved) (i + 1);
	}
	return RESERVED_NONE;
}

int
profile_field_compare(const profile_field *a, const profile_field *b)
{
	size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
	int order = memcmp(a->name, b->name, shorter);

	return order != 0 ? order :
						(a->name_length > b->name_length) - (a->name_length < b->name_length);
}

static int
compare_fields(const void *a, const void *b)
{
	return profile_field_compare(a, b);
}

static bool
say(pure_error *error, pure_error_code code, const profile_field *field, const char *what)
{
	*error = (pure_error){.code = code};
	snprintf(error->message, sizeof(error->message), "profile key \"%.*s\" %s",
			 (int) field->name_length, field->name, what);
	return false;
}

static bool
check_name(const profile_field *field, pure_error *error)
{
	if (field->name_length >= 1 && field->name_length <= PROFILE_NAME_LIMIT &&
		memchr(field->name, '\0', field->name_length) == NULL)
		return true;
	*error = (pure_error){.code = PURE_INVALID_PARAMETER};
	snprintf(error->message, sizeof(error->message), "a profile key has 1 to %d bytes",
			 PROFILE_NAME_LIMIT);
	return false;
}

static bool
check_reserved(const profile_field *field, pure_error *error)
{
	switch (profile_reserved_name(field->name, field->name_length))
	{
		case RESERVED_NONE:
			return true;
		case RESERVED_AS_OF:
		case RESERVED_COMPLETE_UNTIL:
			return field->kind == PROFILE_DATE ||
				   say(error, PURE_INVALID_PARAMETER, field, "must be a date");
		case RESERVED_POPULATION:
		case RESERVED_HOUSEHOLDS:
			return (field->kind == PROFILE_NUMBER && field->value.number.scale == 0 &&
					field->value.number.mantissa >= 0 &&
					field->value.number.mantissa <= INT64_MAX) ||
				   say(error, PURE_INVALID_PARAMETER, field,
					   "must be a whole number that is not negative and fits a bigint");
		case RESERVED_LEVEL:
			return field->kind == PROFILE_TEXT ||
				   say(error, PURE_INVALID_PARAMETER, field, "must be text");
	}
	return false;
}

static size_t
value_size(const profile_field *field)
{
	switch (field->kind)
	{
		case PROFILE_NUMBER:
			return sizeof(stored_number);
		case PROFILE_YESNO:
		case PROFILE_DATE:
			return sizeof(int64_t);
		case PROFILE_TEXT:
			return field->value.text.length;
		case PROFILE_CURVE:
			return epicurve_size(field->value.curve);
		case PROFILE_SERIES:
			return value_series_size(field->value.series);
		case PROFILE_MISSING:
			break;
	}
	return 0;
}

static void
write_value(char *target, const profile_field *field, size_t size)
{
	int64_t word;
	stored_number number;
	uint32_t length = length_word(size);

	switch (field->kind)
	{
		case PROFILE_NUMBER:
			number = (stored_number){field->value.number.mantissa, field->value.number.scale};
			memcpy(target, &number, size);
			break;
		case PROFILE_YESNO:
			word = field->value.yesno;
			memcpy(target, &word, size);
			break;
		case PROFILE_DATE:
			word = field->value.date;
			memcpy(target, &word, size);
			break;
		case PROFILE_TEXT:
			memcpy(target, field->value.text.bytes, size);
			break;
		case PROFILE_CURVE:
			memcpy(target, field->value.curve, size);
			memcpy(target, &length, sizeof(length));
			break;
		case PROFILE_SERIES:
			memcpy(target, field->value.series, size);
			memcpy(target, &length, sizeof(length));
			break;
		case PROFILE_MISSING:
			break;
	}
}

static zone_profile *
write_profile(const profile_field *fields, size_t count, pure_error *error)
{
	size_t size = sizeof(zone_profile);

	for (size_t i = 0; i < count; i++)
	{
		size_t value = value_size(&fields[i]);

		if (value <= PROFILE_SIZE_LIMIT)
			size += sizeof(field_header) + padded(fields[i].name_length) + padded(value);
		if (value > PROFILE_SIZE_LIMIT || size > PROFILE_SIZE_LIMIT)
		{
			*error = (pure_error){.code = PURE_LIMIT};
			snprintf(error->message, sizeof(error->message),
					 "zone_profile is larger than one gigabyte");
			return NULL;
		}
	}

	zone_profile *profile = pure_alloc0(size);
	char *at = profile->bytes;

	profile->version = PROFILE_VERSION;
	profile->count = (uint32_t) count;
	profile->size = (uint32_t) size;
	for (size_t i = 0; i < count; i++)
	{
		field_header header = {.name_length = (uint32_t) fields[i].name_length,
							   .value_size = (uint32_t) value_size(&fields[i]),
							   .kind = fields[i].kind};

		memcpy(at, &header, sizeof(header));
		at += sizeof(header);
		memcpy(at, fields[i].name, header.name_length);
		at += padded(header.name_length);
		write_value(at, &fields[i], header.value_size);
		at += padded(header.value_size);
	}
	return profile;
}

zone_profile *
zone_profile_build(profile_field *fields, size_t count, pure_error *error)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
	{
		if (!check_name(&fields[i], error))
			return NULL;
	}
	if (count > 1)
		qsort(fields, count, sizeof(profile_field), compare_fields);
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0 && profile_field_compare(&fields[i - 1], &fields[i]) == 0)
		{
			say(error, PURE_INVALID_PARAMETER, &fields[i], "is given twice");
			return NULL;
		}
	}
	for (size_t i = 0; i < count; i++)
	{
		profile_field field = fields[i];

		if (field.kind == PROFILE_MISSING &&
			profile_reserved_name(field.name, field.name_length) != RESERVED_NONE)
			continue;
		if (!check_reserved(&field, error))
			return NULL;
		fields[kept++] = field;
	}
	return write_profile(fields, kept, error);
}

size_t
zone_profile_size(const zone_profile *profile)
{
	return profile->size;
}

/* Reads the field at `at`, whose bounds hold, and returns what follows it. */
static const char *
read_field(const char *at, profile_field *field)
{
	const field_header *header = (const field_header *) at;
	const int64_t *word;
	const stored_number *number;

	field->name = at + sizeof(field_header);
	field->name_length = header->name_length;
	field->kind = (profile_kind) header->kind;
	at = field->name + padded(header->name_length);
	word = (const int64_t *) at;
	number = (const stored_number *) at;
	switch (field->kind)
	{
		case PROFILE_NUMBER:
			field->value.number = (decimal){number->mantissa, (int32_t) number->scale};
			break;
		case PROFILE_YESNO:
			field->value.yesno = *word != 0;
			break;
		case PROFILE_DATE:
			field->value.date = (int32_t) *word;
			break;
		case PROFILE_TEXT:
			field->value.text.bytes = at;
			field->value.text.length = header->value_size;
			break;
		case PROFILE_CURVE:
			field->value.curve = (const epicurve *) at;
			break;
		case PROFILE_SERIES:
			field->value.series = (const value_series *) at;
			break;
		case PROFILE_MISSING:
			break;
	}
	return at + padded(header->value_size);
}

static bool
is_zero(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
	{
		if (bytes[i] != 0)
			return false;
	}
	return true;
}

static bool
check_embedded(const char *value, size_t size, profile_kind kind)
{
	uint32_t length = length_word(size);
	pure_error error;

	if (size < sizeof(length) || memcmp(value, &length, sizeof(length)) != 0)
		return false;
	if (kind == PROFILE_SERIES)
		return value_series_check(value, size, &error);
	return epicurve_check(value, size, &error) && epicurve_is_packed((const epicurve *) value);
}

static bool
check_value(const char *value, size_t size, profile_kind kind)
{
	const int64_t *word = (const int64_t *) value;
	const stored_number *number = (const stored_number *) value;

	switch (kind)
	{
		case PROFILE_NUMBER:
			return size == sizeof(*number) && number->scale >= 0 &&
				   number->scale <= DECIMAL_DIGITS &&
				   decimal_valid((decimal){number->mantissa, (int32_t) number->scale});
		case PROFILE_YESNO:
			return size == sizeof(*word) && (*word == 0 || *word == 1);
		case PROFILE_DATE:
			return size == sizeof(*word) && day_is_finite(*word);
		case PROFILE_TEXT:
			return memchr(value, '\0', size) == NULL;
		case PROFILE_CURVE:
		case PROFILE_SERIES:
			return check_embedded(value, size, kind);
		case PROFILE_MISSING:
			return size == 0;
	}
	return false;
}

/* Checks one field that starts at `at` and returns what follows it, or NULL. */
static const char *
check_field(const char *at, const char *end, profile_field *field)
{
	const field_header *header = (const field_header *) at;
	size_t room = (size_t) (end - at);
	const char *name, *value;
	pure_error error;

	if (room < sizeof(field_header) || header->reserved != 0 || header->kind > PROFILE_MISSING ||
		header->name_length > PROFILE_NAME_LIMIT || header->value_size > PROFILE_SIZE_LIMIT)
		return NULL;
	if (room - sizeof(field_header) < padded(header->name_length) + padded(header->value_size))
		return NULL;
	name = at + sizeof(field_header);
	value = name + padded(header->name_length);
	if (!is_zero(name + header->name_length, padded(header->name_length) - header->name_length) ||
		!is_zero(value + header->value_size, padded(header->value_size) - header->value_size))
		return NULL;
	if (!check_value(value, header->value_size, (profile_kind) header->kind))
		return NULL;
	at = read_field(at, field);
	return check_name(field, &error) && check_reserved(field, &error) ? at : NULL;
}

static bool
check_profile(const zone_profile *profile, size_t size)
{
	if (size < sizeof(zone_profile) || profile->version != PROFILE_VERSION ||
		!is_zero((const char *) profile->reserved, sizeof(profile->reserved)) ||
		profile->size != size)
		return false;

	const char *at = profile->bytes, *end = (const char *) profile + size;
	profile_field before, field;
	for (uint32_t i = 0; i < profile->count; i++)
	{
		at = check_field(at, end, &field);
		if (at == NULL || (i > 0 && profile_field_compare(&before, &field) >= 0))
			return false;
		before = field;
	}
	return at == end;
}

bool
zone_profile_check(const void *bytes, size_t size, pure_error *error)
{
	if (check_profile(bytes, size))
		return true;
	*error = (pure_error){.code = PURE_CORRUPT};
	snprintf(error->message, sizeof(error->message), "invalid zone_profile value");
	return false;
}

profile_field *
zone_profile_fields(const zone_profile *profile, size_t *count)
{
	profile_field *fields = pure_alloc(profile->count * sizeof(profile_field));
	const char *at = profile->bytes;

	for (uint32_t i = 0; i < profile->count; i++)
		at = read_field(at, &fields[i]);
	*count = profile->count;
	return fields;
}

static void
view_item(const profile_field *field, profile_item *item)
{
	*item =
		(profile_item){.name = field->name, .name_length = field->name_length, .kind = field->kind};
	switch (field->kind)
	{
		case PROFILE_NUMBER:
			item->value.number = decimal_to_exact(field->value.number);
			break;
		case PROFILE_YESNO:
			item->value.yesno = field->value.yesno;
			break;
		case PROFILE_DATE:
			item->value.date = field->value.date;
			break;
		case PROFILE_TEXT:
			item->value.text.bytes = field->value.text.bytes;
			item->value.text.length = field->value.text.length;
			break;
		case PROFILE_CURVE:
			item->value.curve = field->value.curve;
			break;
		case PROFILE_SERIES:
			/* Nothing known is missing; of which kind it would be, it cannot say. */
			if (value_series_has_known(field->value.series))
				item->value.series = field->value.series;
			else
				item->kind = PROFILE_MISSING;
			break;
		case PROFILE_MISSING:
			break;
	}
}

/* Puts a reserved field into its place in the view; false for any other. */
static bool
view_reserved(const profile_field *field, profile_view *view)
{
	switch (profile_reserved_name(field->name, field->name_length))
	{
		case RESERVED_NONE:
			return false;
		case RESERVED_AS_OF:
			view->has_as_of = true;
			view->as_of = field->value.date;
			break;
		case RESERVED_COMPLETE_UNTIL:
			view->has_complete_until = true;
			view->complete_until = field->value.date;
			break;
		case RESERVED_POPULATION:
			view->has_population = true;
			view->population = (int64_t) field->value.number.mantissa;
			break;
		case RESERVED_HOUSEHOLDS:
			view->has_households = true;
			view->households = (int64_t) field->value.number.mantissa;
			break;
		case RESERVED_LEVEL:
			view->level = field->value.text.bytes;
			view->level_length = field->value.text.length;
			break;
	}
	return true;
}

void
zone_profile_view(const zone_profile *profile, profile_view *view)
{
	profile_item *items = pure_alloc(profile->count * sizeof(profile_item));
	const char *at = profile->bytes;

	*view = (profile_view){.items = items};
	for (uint32_t i = 0; i < profile->count; i++)
	{
		profile_field field;

		at = read_field(at, &field);
		if (!view_reserved(&field, view))
			view_item(&field, &items[view->count++]);
	}
}
