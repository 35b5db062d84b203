/* Reading a profile: what it says of each atom on the day, and what it leaves open. */
#include "policy_eval.h"

static bool
reading_error(policy_evaluation *evaluation, const char *hint, const char *format, const char *name)
{
	pure_error *error = evaluation->error;

	memset(error, 0, sizeof(*error));
	error->code = PURE_INVALID_PARAMETER;
	snprintf(error->message, sizeof(error->message), format, name);
	snprintf(error->detail, sizeof(error->detail), "The policy is \"%s\".",
			 evaluation->rule->facts.name);
	snprintf(error->hint, sizeof(error->hint), "%s", hint);
	evaluation->failed = true;
	return false;
}

static int32_t
first_day_of(int32_t day, int32_t window)
{
	int64_t first = (int64_t) day - window + 1;

	return first < INT32_MIN ? INT32_MIN : (int32_t) first;
}

static int32_t
shifted_day(const policy *rule, const profile_view *profile, int32_t day, const policy_shift *shift)
{
	if (shift->count > 0)
		day = policy_last_of_kind(rule, profile, shift->kind, first_day_of(day, shift->before + 1),
								  shift->count);
	return first_day_of(day, shift->ago + 1);
}

static int32_t
first_in_window(const policy *rule, const profile_view *profile, int32_t last,
				const policy_atom *atom)
{
	if (atom->window == POLICY_FOREVER)
		return INT32_MIN;
	if (atom->window_kind > 0)
		return policy_last_of_kind(rule, profile, atom->window_kind - 1, last, atom->window);
	return first_day_of(last, atom->window);
}

/* What the profile has instead is often the name with a slip. */
static bool
no_measure(policy_evaluation *evaluation, const char *name)
{
	const profile_view *profile = evaluation->profile;
	pure_error *error = evaluation->error;
	size_t length;

	reading_error(evaluation,
				  "Give the profile an epicurve of that name; an empty one means no reports.",
				  "profile has no measure \"%s\"", name);
	length = strlen(error->detail);
	for (size_t i = 0; i < profile->count; i++)
	{
		const profile_item *item = &profile->items[i];

		if (length + item->name_length + 16 > sizeof(error->detail))
			break;
		length += (size_t) snprintf(error->detail + length, sizeof(error->detail) - length,
									"%s%.*s", i == 0 ? " The profile has: " : ", ",
									(int) item->name_length, item->name);
	}
	if (profile->count > 0 && length + 1 < sizeof(error->detail))
		strcpy(error->detail + length, ".");
	return false;
}

/* A measure given as NULL, as an outer join gives it, has no reports; one not given at all is a
 * mistake. */
static bool
find_curve(policy_evaluation *evaluation, const char *name, const epicurve **curve)
{
	const profile_item *item = profile_find(evaluation->profile, name, strlen(name));

	*curve = NULL;
	if (item == NULL)
		return no_measure(evaluation, name);
	if (item->kind == PROFILE_MISSING)
		return true;
	if (item->kind != PROFILE_CURVE)
		return reading_error(
			evaluation,
			"The policy counts it, so it must be an epicurve, as epicurve_agg(day) makes it.",
			"\"%s\" is not an epicurve in the profile", name);
	*curve = item->value.curve;
	return true;
}

static bool
check_calendar(policy_evaluation *evaluation, const policy_source *source)
{
	const char *name = source->named.name.text;
	const profile_item *item = profile_find(evaluation->profile, name, strlen(name));

	if (item == NULL || item->kind == PROFILE_MISSING || item->kind == PROFILE_YESNO ||
		(item->kind == PROFILE_SERIES && (value_series_kind(item->value.series) == VALUE_YESNO ||
										  !value_series_has_known(item->value.series))))
		return true;
	return reading_error(evaluation,
						 "It holds yes on each day that does not count: a value_series of yes and "
						 "no.",
						 "\"%s\" is not a calendar in the profile", name);
}

bool
policy_check_measures(policy_evaluation *evaluation)
{
	const policy *rule = evaluation->rule;
	const epicurve *curve;

	for (int i = 0; i < rule->source_count; i++)
		if (rule->sources[i].kind == POLICY_COUNT &&
			!find_curve(evaluation, rule->sources[i].named.name.text, &curve))
			return false;
	for (int i = 0; i < rule->day_kind_count; i++)
		if (rule->day_kinds[i].calendar >= 0 &&
			!check_calendar(evaluation, &rule->sources[rule->day_kinds[i].calendar]))
			return false;
	return true;
}

static bool
is_incomplete(const policy_evaluation *evaluation, const policy_reading *reading)
{
	const profile_view *profile = evaluation->profile;

	return profile->has_complete_until && profile->complete_until < reading->last;
}

/* A number counted so far; where reports may be missing, that or more. */
static void
set_count(policy_evaluation *evaluation, int atom, int64_t n, policy_reading *reading)
{
	reading->value = range_of(exact_of(n));
	if (is_incomplete(evaluation, reading))
	{
		reading->gap = GAP_INCOMPLETE;
		reading->value = range_from(n, atom);
	}
}

static void
read_count(policy_evaluation *evaluation, int atom, const epicurve *curve, policy_reading *reading)
{
	set_count(evaluation, atom,
			  curve == NULL ? 0 : epicurve_count_between(curve, reading->first, reading->last),
			  reading);
}

/* The most in any window that ended from `first` to `last`: counts change only where a day of the
 * curve enters or leaves. */
static int64_t
peak_between(const epicurve *curve, int32_t window, int32_t first, int32_t last)
{
	int64_t most = epicurve_count_between(curve, first_day_of(first, window), first);
	size_t days = epicurve_day_count(curve);

	for (size_t i = 0; i < days; i++)
	{
		int32_t day;
		int64_t ignored;

		pure_check_interrupts();
		epicurve_day(curve, i, &day, &ignored);
		for (int64_t end = day; end <= (int64_t) day + window; end += window)
		{
			int64_t n;

			if (end < first || end > last)
				continue;
			n = epicurve_count_between(curve, first_day_of((int32_t) end, window), (int32_t) end);
			most = n > most ? n : most;
		}
	}
	return most;
}

static void
read_peak(policy_evaluation *evaluation, int position, const epicurve *curve,
		  policy_reading *reading)
{
	const policy_atom *atom = &evaluation->rule->atoms[position];
	int32_t first =
		atom->within == POLICY_FOREVER ? INT32_MIN : first_day_of(reading->last, atom->within);

	set_count(evaluation, position,
			  curve == NULL ? 0 : peak_between(curve, atom->window, first, reading->last), reading);
	reading->first = first_day_of(first, atom->window);
}

static void
read_households(policy_evaluation *evaluation, int atom, const epicurve *curve,
				policy_reading *reading)
{
	int32_t last;

	if (curve == NULL || !epicurve_last_day_until(curve, reading->last, &last) ||
		last < reading->first)
		read_count(evaluation, atom, NULL, reading);
	else if (!epicurve_has_households(curve))
	{
		/* No case, no household; but how many households some cases make, nobody knows. */
		reading->gap = GAP_HOUSEHOLDS;
		reading->value =
			range_from(epicurve_count_between(curve, reading->first, reading->last) > 0, atom);
	}
	else
	{
		int64_t n = epicurve_households_between(curve, reading->first, reading->last);

		set_count(evaluation, atom, n, reading);
	}
}

static void
read_days_since(policy_evaluation *evaluation, int atom, const epicurve *curve,
				policy_reading *reading)
{
	reading->value = range_never();
	if (curve != NULL && epicurve_last_day_until(curve, reading->last, &reading->day))
	{
		reading->dated = true;
		reading->value = range_of(exact_of((int64_t) reading->last - reading->day));
	}
	if (is_incomplete(evaluation, reading) && !(reading->dated && reading->day == reading->last))
	{
		reading->gap = GAP_INCOMPLETE;
		reading->value.low = range_of(exact_of(0)).low;
		reading->value.why = atom;
	}
}

/* A bare value is dated the profile's own day, and is missing before it. */
static bool
bare_value_holds(const policy_evaluation *evaluation, int32_t on, int32_t keep, int32_t *day)
{
	const profile_view *profile = evaluation->profile;

	*day = profile->has_as_of ? profile->as_of : evaluation->day;
	return *day <= on && (keep < 0 || (int64_t) on - *day <= keep);
}

static bool
find_value(policy_evaluation *evaluation, const policy_source *source, policy_reading *reading,
		   exact *number, bool *found)
{
	const char *name = source->named.name.text;
	const profile_item *item = profile_find(evaluation->profile, name, strlen(name));
	bool wants_yesno = source->kind == POLICY_YESNO;
	bool yesno = false;

	*found = false;
	if (item == NULL || item->kind == PROFILE_MISSING)
		return true;
	if (item->kind == PROFILE_SERIES &&
		(value_series_kind(item->value.series) == VALUE_YESNO) == wants_yesno)
		*found = value_series_at(item->value.series, reading->last, source->keep, &reading->day,
								 number, &yesno);
	else if (item->kind == (wants_yesno ? PROFILE_YESNO : PROFILE_NUMBER))
	{
		*found = bare_value_holds(evaluation, reading->last, source->keep, &reading->day);
		if (wants_yesno)
			yesno = item->value.yesno;
		else
			*number = item->value.number;
	}
	else
		return reading_error(evaluation,
							 wants_yesno ? "The policy takes it as YESNO: true or false." :
										   "The policy takes it as NUMBER.",
							 wants_yesno ? "\"%s\" is not a yes or no in the profile" :
										   "\"%s\" is not a number in the profile",
							 name);
	if (wants_yesno)
		*number = exact_of(yesno);
	return true;
}

static bool
read_value(policy_evaluation *evaluation, int atom, const policy_source *source,
		   policy_reading *reading)
{
	exact number = exact_of(0);

	if (!find_value(evaluation, source, reading, &number, &reading->dated))
		return false;
	if (reading->dated)
	{
		reading->value = range_of(number);
		return true;
	}
	reading->gap = GAP_VALUE;
	switch (source->missing.rule)
	{
		case MISSING_VALUE:
			reading->assumed = true;
			reading->value = range_of(source->missing.value);
			break;
		case MISSING_SKIP:
			reading->value = range_absent(atom);
			break;
		case MISSING_UNKNOWN:
			reading->value =
				source->kind == POLICY_YESNO ? range_between(0, 1, atom) : range_unknown(atom);
	}
	return true;
}

static void
read_denominator(bool known, int64_t value, int atom, policy_reading *reading)
{
	reading->value = known ? range_of(exact_of(value)) : range_from(0, atom);
	if (!known)
		reading->gap = GAP_DENOMINATOR;
}

bool
policy_read_atom(policy_evaluation *evaluation, int position, policy_reading *reading)
{
	const policy_atom *atom = &evaluation->rule->atoms[position];
	const policy_source *source = &evaluation->rule->sources[atom->source];
	const profile_view *profile = evaluation->profile;
	const epicurve *curve = NULL;

	memset(reading, 0, sizeof(*reading));
	reading->last = shifted_day(evaluation->rule, profile, evaluation->day, &atom->shift);
	reading->first = first_in_window(evaluation->rule, profile, reading->last, atom);
	if (source->kind == POLICY_COUNT && !find_curve(evaluation, source->named.name.text, &curve))
		return false;
	switch (atom->kind)
	{
		case ATOM_COUNT:
			read_count(evaluation, position, curve, reading);
			return true;
		case ATOM_HOUSEHOLDS:
			read_households(evaluation, position, curve, reading);
			return true;
		case ATOM_PEAK:
			read_peak(evaluation, position, curve, reading);
			return true;
		case ATOM_DAYS_SINCE:
			read_days_since(evaluation, position, curve, reading);
			return true;
		case ATOM_POPULATION:
			read_denominator(profile->has_population, profile->population, position, reading);
			return true;
		case ATOM_ALL_HOUSEHOLDS:
			read_denominator(profile->has_households, profile->households, position, reading);
			return true;
		case ATOM_LEVEL:
		case ATOM_TOUCHES:
		case ATOM_SHARE:
		case ATOM_CHILDREN:
			policy_read_around(evaluation, position, reading);
			return true;
		default:
			return read_value(evaluation, position, source, reading);
	}
}

void
policy_fill_numbers(const policy *rule, const profile_view *profile, int32_t day, verdict *result)
{
	const char *name;
	const profile_item *item;
	const epicurve *curve;
	int32_t seen; /* the last day whose reports count */
	int32_t last;

	if (rule->first_count < 0)
		return;
	name = rule->sources[rule->first_count].named.name.text;
	item = profile_find(profile, name, strlen(name));
	if (item == NULL || (item->kind != PROFILE_CURVE && item->kind != PROFILE_MISSING))
		return;
	curve = item->kind == PROFILE_CURVE ? item->value.curve : NULL;
	seen = first_day_of(day, rule->lag + 1);
	if (curve != NULL && epicurve_last_day_until(curve, seen, &last) &&
		(int64_t) seen - last <= INT32_MAX)
	{
		result->has_days_since_last = true;
		result->days_since_last = (int32_t) ((int64_t) seen - last);
	}
	if (rule->first_window < 0)
		return;

	result->has_window = true;
	result->window_end = shifted_day(rule, profile, day, &rule->atoms[rule->first_window].shift);
	result->window_start =
		first_in_window(rule, profile, result->window_end, &rule->atoms[rule->first_window]);
	result->has_cases = true;
	result->cases =
		curve == NULL ? 0 : epicurve_count_between(curve, result->window_start, result->window_end);
	if (curve == NULL || epicurve_has_households(curve))
	{
		result->has_households_affected = true;
		result->households_affected =
			curve == NULL ?
				0 :
				epicurve_households_between(curve, result->window_start, result->window_end);
	}
	if (profile->has_population && profile->population > 0 &&
		exact_compare(exact_of(profile->population), rule->minimum_people) >= 0)
	{
		result->has_rate = true;
		result->rate_100k = (double) result->cases * 100000.0 / (double) profile->population;
	}
}
