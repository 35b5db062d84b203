/*
 * Kinds of days: working days and their like. A count of them goes back from a day, over those of
 * the week that are not of the kind and over those of its calendar; of these at most
 * POLICY_MAX_HOLIDAYS, so that it ends, and so that a policy says how far back it looks.
 */
#include "policy_eval.h"
#include "policy_settle.h"

bool
settle_day_kind(policy_parser *parser, policy_word name, int *kind)
{
	const policy *rule = parser->rule;

	for (*kind = 0; *kind < rule->day_kind_count; ++*kind)
		if (strcmp(rule->day_kinds[*kind].named.name.text, name.text) == 0)
			return true;
	return policy_fail(parser, PURE_SYNTAX, name.place,
					   "Declare it: DAYS working = monday TO friday EXCEPT CALENDAR holidays.",
					   "unknown kind of days \"%s\"", name.text);
}

int64_t
settle_days_of(const policy *rule, int kind, int64_t count)
{
	const policy_day_kind *days = &rule->day_kinds[kind];
	int in_week = 0;

	for (int i = 0; i < 7; i++)
		in_week += days->weekdays >> i & 1;
	count += days->calendar < 0 ? 0 : POLICY_MAX_HOLIDAYS;
	return (count + in_week - 1) / in_week * 7;
}

int64_t
settle_shift_days(const policy *rule, const policy_shift *shift)
{
	int64_t days = (int64_t) shift->before + shift->ago;

	return shift->count == 0 ? days : days + settle_days_of(rule, shift->kind, shift->count);
}

static bool
fits_days(policy_parser *parser, int place, const policy_shift *shift, int64_t days)
{
	return (days <= POLICY_MAX_DAYS &&
			settle_shift_days(parser->rule, shift) + days <= POLICY_MAX_DAYS) ||
		   policy_fail(parser, PURE_LIMIT, place, NULL, "policy looks back more than %d days",
					   POLICY_MAX_DAYS);
}

bool
settle_shift_earlier(policy_parser *parser, int place, int64_t days, policy_shift *shift)
{
	if (!fits_days(parser, place, shift, days))
		return false;
	if (shift->count > 0)
		shift->before += (int32_t) days;
	else
		shift->ago += (int32_t) days;
	return true;
}

bool
settle_shift_counted(policy_parser *parser, int place, int64_t count, int kind, policy_shift *shift)
{
	if (!fits_days(parser, place, shift, settle_days_of(parser->rule, kind, count)))
		return false;
	if (shift->count == 0)
	{
		shift->count = (int32_t) count;
		shift->kind = kind;
		return true;
	}
	/* From a day of the kind, to go on counting from it or from the day before is to count on. */
	if (shift->kind != kind)
		return policy_fail(parser, PURE_SYNTAX, place, NULL,
						   "days RUNNING of one kind may not hold days of another");
	if (shift->before > 1)
		return policy_fail(parser, PURE_SYNTAX, place,
						   "What lies between is the LAG of REVIEW, or a run of other days. Leave it out, "
						   "or let days that are not counted run: ON 3 days RUNNING.",
						   "days RUNNING of a kind may not hold days of that kind that are counted from "
						   "some days before");
	shift->count += (int32_t) count - 1 + shift->before;
	shift->before = 0;
	return true;
}

bool
policy_shift_equal(const policy_shift *a, const policy_shift *b)
{
	return a->before == b->before && a->count == b->count && a->kind == b->kind && a->ago == b->ago;
}

int
policy_weekday(int64_t day)
{
	int64_t weekday = (day + 5) % 7; /* 2000-01-01 was a Saturday */

	return (int) (weekday < 0 ? weekday + 7 : weekday);
}

/* Does the calendar say yes on the day itself? */
static bool
in_calendar(const policy *rule, const profile_view *profile, int calendar, int32_t day)
{
	const char *name = rule->sources[calendar].named.name.text;
	const profile_item *item = profile_find(profile, name, strlen(name));
	int32_t said_on;
	exact number;
	bool yes;

	if (item == NULL)
		return false;
	if (item->kind == PROFILE_YESNO)
		return profile->has_as_of && profile->as_of == day && item->value.yesno;
	return item->kind == PROFILE_SERIES &&
		   value_series_at(item->value.series, day, 0, &said_on, &number, &yes) && yes;
}

/* The count-th day of the kind from `day` on, in steps of one day back or forth. */
static int32_t
count_days(const policy *rule, const profile_view *profile, int kind, int32_t day, int32_t count,
		   int step)
{
	const policy_day_kind *days = &rule->day_kinds[kind];
	int holidays = 0;
	int64_t at = day;

	for (;; at += step)
	{
		pure_check_interrupts();
		if (at < INT32_MIN || at > INT32_MAX)
			return step < 0 ? INT32_MIN : INT32_MAX;
		if (!(days->weekdays >> policy_weekday(at) & 1))
			continue;
		if (days->calendar >= 0 && holidays < POLICY_MAX_HOLIDAYS &&
			in_calendar(rule, profile, days->calendar, (int32_t) at))
			holidays++;
		else if (--count == 0)
			return (int32_t) at;
	}
}

int32_t
policy_last_of_kind(const policy *rule, const profile_view *profile, int kind, int32_t day,
					int32_t count)
{
	return count_days(rule, profile, kind, day, count, -1);
}

int32_t
policy_next_of_kind(const policy *rule, const profile_view *profile, int kind, int32_t day,
					int32_t count)
{
	return day == INT32_MAX ? day : count_days(rule, profile, kind, day + 1, count, 1);
}
