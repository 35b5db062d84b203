/* Building and reading a zone_profile. */
#include "zone_profile_layout.h"

profile_reserved
profile_reserved_name(const char *name, size_t length)
{
	static const struct
	{
		const char *name;
		size_t length;
	} names[] = {{"as_of", 5},		   {"complete_until", 14}, {"reported_until", 14},
				 {"silence_limit", 13}, {"population", 10},		{"households", 10},
				 {"level", 5}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (names[i].length == length && memcmp(names[i].name, name, length) == 0)
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
	uint32_t length = profile_length_word(size);

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
			size += sizeof(field_header) + profile_padded(fields[i].name_length) +
					profile_padded(value);
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
		at += profile_padded(header.name_length);
		write_value(at, &fields[i], header.value_size);
		at += profile_padded(header.value_size);
	}
	return profile;
}

static bool
in_order(const profile_field *fields, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		if (profile_field_compare(&fields[i - 1], &fields[i]) > 0)
			return false;
	}
	return true;
}

zone_profile *
zone_profile_build(profile_field *fields, size_t count, pure_error *error)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
	{
		if (!profile_check_name(&fields[i], error))
			return NULL;
	}
	if (!in_order(fields, count))
		qsort(fields, count, sizeof(profile_field), compare_fields);
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0 && profile_field_compare(&fields[i - 1], &fields[i]) == 0)
		{
			profile_key_error(error, &fields[i], "is given twice");
			return NULL;
		}
	}
	for (size_t i = 0; i < count; i++)
	{
		profile_field field = fields[i];

		if (field.kind == PROFILE_MISSING &&
			profile_reserved_name(field.name, field.name_length) != RESERVED_NONE)
			continue;
		if (!profile_check_reserved(&field, error))
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

const char *
profile_read_field(const char *at, profile_field *field)
{
	const field_header *header = (const field_header *) at;
	const int64_t *word;
	const stored_number *number;

	field->name = at + sizeof(field_header);
	field->name_length = header->name_length;
	field->kind = (profile_kind) header->kind;
	at = field->name + profile_padded(header->name_length);
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
	return at + profile_padded(header->value_size);
}

profile_field *
zone_profile_fields(const zone_profile *profile, size_t *count)
{
	profile_field *fields = pure_alloc(profile->count * sizeof(profile_field));
	const char *at = profile->bytes;

	for (uint32_t i = 0; i < profile->count; i++)
		at = profile_read_field(at, &fields[i]);
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
		case RESERVED_REPORTED_UNTIL:
			view->has_reported_until = true;
			view->reported_until = field->value.date;
			break;
		case RESERVED_SILENCE_LIMIT:
			view->silence_limit = (int64_t) field->value.number.mantissa;
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

		at = profile_read_field(at, &field);
		if (!view_reserved(&field, view))
			view_item(&field, &items[view->count++]);
	}
}
