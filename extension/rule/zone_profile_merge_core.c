/* Profiles out of profiles: two zones as one, and another as-of day. */
#include "zone_profile_core.h"

static bool
same_value(const profile_field *a, const profile_field *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind)
	{
		case PROFILE_NUMBER:
			return decimal_equal(a->value.number, b->value.number);
		case PROFILE_YESNO:
			return a->value.yesno == b->value.yesno;
		case PROFILE_DATE:
			return a->value.date == b->value.date;
		case PROFILE_TEXT:
			return a->value.text.length == b->value.text.length &&
				   memcmp(a->value.text.bytes, b->value.text.bytes, a->value.text.length) == 0;
		case PROFILE_SERIES:
			return value_series_size(a->value.series) == value_series_size(b->value.series) &&
				   memcmp(a->value.series, b->value.series, value_series_size(a->value.series)) ==
					   0;
		case PROFILE_CURVE:
		case PROFILE_MISSING:
			break;
	}
	return false;
}

/*
 * A measure given as NULL has no reports and adds none. What is a curve in one profile and
 * something else in the other is left out, for a missing curve would read as no reports.
 */
static bool
merge_curves(profile_field *sum, const profile_field *other, bool *keep, pure_error *error)
{
	if (sum->kind == PROFILE_CURVE && other->kind == PROFILE_CURVE)
	{
		sum->value.curve = epicurve_merge(sum->value.curve, other->value.curve, 1, error);
		return sum->value.curve != NULL;
	}
	*keep = sum->kind == PROFILE_MISSING || other->kind == PROFILE_MISSING;
	if (sum->kind == PROFILE_MISSING)
		*sum = *other;
	return true;
}

/* Merges two fields of one name into `sum`, which holds the first. */
static bool
merge_field(profile_field *sum, const profile_field *other, bool *keep, pure_error *error)
{
	*keep = true;
	if (sum->kind == PROFILE_CURVE || other->kind == PROFILE_CURVE)
		return merge_curves(sum, other, keep, error);
	switch (profile_reserved_name(sum->name, sum->name_length))
	{
		case RESERVED_POPULATION:
		case RESERVED_HOUSEHOLDS:
			sum->value.number.mantissa += other->value.number.mantissa;
			return true;
		case RESERVED_COMPLETE_UNTIL:
		case RESERVED_REPORTED_UNTIL:
			if (other->value.date < sum->value.date)
				sum->value.date = other->value.date;
			return true;
		case RESERVED_SILENCE_LIMIT:
			if (other->value.number.mantissa < sum->value.number.mantissa)
				sum->value.number = other->value.number;
			return true;
		default:
			if (!same_value(sum, other))
				sum->kind = PROFILE_MISSING;
			return true;
	}
}

static bool
has_reported_until(const profile_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (profile_reserved_name(fields[i].name, fields[i].name_length) == RESERVED_REPORTED_UNTIL)
			return true;
	return false;
}

/*
 * What only one of the two has is left out, but for the days until which its reports are complete;
 * a silence that is excused in the one is not in the other.
 */
static bool
keeps_alone(const profile_field *field, const profile_field *others, size_t count)
{
	switch (profile_reserved_name(field->name, field->name_length))
	{
		case RESERVED_COMPLETE_UNTIL:
		case RESERVED_REPORTED_UNTIL:
			return true;
		case RESERVED_SILENCE_LIMIT:
			return !has_reported_until(others, count);
		default:
			return false;
	}
}

zone_profile *
zone_profile_merge(const zone_profile *a, const zone_profile *b, pure_error *error)
{
	size_t count_a, count_b, count = 0, i = 0, j = 0;
	profile_field *fields_a = zone_profile_fields(a, &count_a);
	profile_field *fields_b = zone_profile_fields(b, &count_b);
	profile_field *sum = pure_alloc((count_a + count_b) * sizeof(profile_field));
	zone_profile *result = NULL;
	bool fine = true, keep;

	while (fine && (i < count_a || j < count_b))
	{
		int order = i == count_a ? 1 :
					j == count_b ? -1 :
								   profile_field_compare(&fields_a[i], &fields_b[j]);

		pure_check_interrupts();
		sum[count] = order <= 0 ? fields_a[i++] : fields_b[j];
		if (order == 0)
			fine = merge_field(&sum[count], &fields_b[j], &keep, error);
		else
			keep = order < 0 ? keeps_alone(&sum[count], fields_b, count_b) :
							   keeps_alone(&sum[count], fields_a, count_a);
		j += order >= 0;
		count += keep;
	}
	if (fine)
		result = zone_profile_build(sum, count, error);
	pure_free(fields_a);
	pure_free(fields_b);
	pure_free(sum);
	return result;
}

zone_profile *
zone_profile_at_day(const zone_profile *profile, int32_t day, pure_error *error)
{
	size_t count, kept = 0;
	profile_field *given = zone_profile_fields(profile, &count);
	profile_field *fields = pure_alloc((count + 1) * sizeof(profile_field));
	zone_profile *result;

	for (size_t i = 0; i < count; i++)
	{
		if (profile_reserved_name(given[i].name, given[i].name_length) != RESERVED_AS_OF)
			fields[kept++] = given[i];
	}
	fields[kept++] = (profile_field){
		.name = "as_of", .name_length = strlen("as_of"), .kind = PROFILE_DATE, .value.date = day};
	result = zone_profile_build(fields, kept, error);
	pure_free(given);
	pure_free(fields);
	return result;
}
