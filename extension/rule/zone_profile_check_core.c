/* What a zone_profile must be: names, reserved names, and every stored byte. */
#include "zone_profile_layout.h"

#include "../what/day_core.h"

bool
profile_key_error(pure_error *error, const profile_field *field, const char *what)
{
	*error = (pure_error){.code = PURE_INVALID_PARAMETER};
	snprintf(error->message, sizeof(error->message), "profile key \"%.*s\" %s",
			 (int) field->name_length, field->name, what);
	if (strncmp(what, "must", 4) == 0)
		snprintf(error->hint, sizeof(error->hint), "NULL says that it is not known.");
	return false;
}

bool
profile_check_name(const profile_field *field, pure_error *error)
{
	if (field->name_length >= 1 && field->name_length <= PROFILE_NAME_LIMIT &&
		memchr(field->name, '\0', field->name_length) == NULL)
		return true;
	*error = (pure_error){.code = PURE_INVALID_PARAMETER};
	snprintf(error->message, sizeof(error->message), "a profile key has 1 to %d bytes",
			 PROFILE_NAME_LIMIT);
	return false;
}

bool
profile_check_reserved(const profile_field *field, pure_error *error)
{
	switch (profile_reserved_name(field->name, field->name_length))
	{
		case RESERVED_NONE:
			return true;
		case RESERVED_AS_OF:
		case RESERVED_COMPLETE_UNTIL:
		case RESERVED_REPORTED_UNTIL:
			return field->kind == PROFILE_DATE || profile_key_error(error, field, "must be a date");
		case RESERVED_SILENCE_LIMIT:
			return (field->kind == PROFILE_NUMBER && field->value.number.scale == 0 &&
					field->value.number.mantissa >= 0 &&
					field->value.number.mantissa <= SILENCE_LIMIT_MOST) ||
				   profile_key_error(error, field, "must be a whole number of 0 to 366 days");
		case RESERVED_POPULATION:
		case RESERVED_HOUSEHOLDS:
			return (field->kind == PROFILE_NUMBER && field->value.number.scale == 0 &&
					field->value.number.mantissa >= 0 &&
					field->value.number.mantissa <= INT64_MAX) ||
				   profile_key_error(
					   error, field,
					   "must be a whole number that is not negative and fits a bigint");
		case RESERVED_LEVEL:
			return field->kind == PROFILE_TEXT || profile_key_error(error, field, "must be text");
	}
	return false;
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
	uint32_t length = profile_length_word(size);
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
	if (room - sizeof(field_header) <
		profile_padded(header->name_length) + profile_padded(header->value_size))
		return NULL;
	name = at + sizeof(field_header);
	value = name + profile_padded(header->name_length);
	if (!is_zero(name + header->name_length,
				 profile_padded(header->name_length) - header->name_length) ||
		!is_zero(value + header->value_size,
				 profile_padded(header->value_size) - header->value_size))
		return NULL;
	if (!check_value(value, header->value_size, (profile_kind) header->kind))
		return NULL;
	at = profile_read_field(at, field);
	return profile_check_name(field, &error) && profile_check_reserved(field, &error) ? at : NULL;
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
