/* The course of one zone through its reviews, from the first one on. */
#include "policy_past.h"

int32_t
past_days_between_reviews(const policy *rule)
{
	return rule->review_weekday < 0 ? 1 : 7;
}

past_review *
past_reviews_make(const policy *rule)
{
	return pure_alloc0(((size_t) rule->tier_count + 1) * sizeof(past_review));
}

void
policy_course_begin(policy_course *course, const policy *rule, int32_t first)
{
	past_state state;

	memset(course, 0, sizeof(*course));
	course->rule = rule;
	course->previous = -1;
	if (rule->start < 0)
		return;
	state = past_first_state(rule->start, first);
	past_add(&course->before, &state);
}

void
policy_course_free(policy_course *course)
{
	if (course->before.at != NULL)
		pure_free(course->before.at);
	if (course->after.at != NULL)
		pure_free(course->after.at);
}

static uint64_t
tiers_of(const policy *rule, const past_states *states)
{
	uint64_t tiers = 0;

	if (states->lost)
		return rule->tier_count == 64 ? UINT64_MAX : ((uint64_t) 1 << rule->tier_count) - 1;
	for (size_t i = 0; i < states->count; i++)
		tiers |= (uint64_t) 1 << states->at[i].tier;
	return tiers;
}

/* The one tier that all states have; -1 where they differ. */
static int
tier_of(const policy *rule, const past_states *states)
{
	uint64_t tiers = tiers_of(rule, states);
	int tier = 0;

	if (tiers == 0 || (tiers & (tiers - 1)) != 0)
		return -1;
	while (tiers >> tier != 1)
		tier++;
	return tier;
}

/* What one of those says that were judged: they differ only by the tier in force before. */
static const verdict *
one_of(const policy *rule, const past_review *reviews)
{
	int i = 0;

	while (i < rule->tier_count && !reviews[i].judged)
		i++;
	return &reviews[i].found;
}

bool
policy_course_review(policy_course *course, past_review *reviews, const profile_view *settled,
					 int32_t day, pure_error *error)
{
	const policy *rule = course->rule;

	memset(reviews, 0, ((size_t) rule->tier_count + 1) * sizeof(past_review));
	for (int i = 0; i <= rule->tier_count; i++)
		reviews[i].day = day;
	course->day = day;
	course->previous = course->before.count > 0 ? tier_of(rule, &course->before) : -1;
	if (!past_follow(rule, settled, &course->before, &course->after, reviews, error))
		return false;
	course->said = *one_of(rule, reviews);
	return true;
}

void
policy_course_accept(policy_course *course)
{
	past_states before = course->before;

	course->before = course->after;
	course->after = before;
	if (course->before.count <= 1)
		course->open = false;
	else if (!course->open)
	{
		course->open = true;
		course->open_day = course->day;
		course->missing = course->said.missing;
	}
}

uint64_t
policy_course_possible(const policy_course *course)
{
	return tiers_of(course->rule, &course->after);
}

void
policy_course_conclude(const policy_course *course, verdict *result)
{
	*result = course->said;
	result->proposed = result->tier;
	result->previous = course->previous;
	result->possible = tiers_of(course->rule, &course->before);
	result->tier = tier_of(course->rule, &course->before);
	if (result->tier >= 0)
		result->missing = NULL;
	else if (result->missing == NULL)
		result->missing = course->missing;
	result->open_past = course->open && result->tier < 0 && course->said.missing == NULL;
	result->open_day = course->open_day;
}

bool
past_reviews_fit(const policy *rule, int32_t start, int32_t first, int32_t day, pure_error *error)
{
	char text[DAY_TEXT_SIZE];

	if (((int64_t) day - first) / past_days_between_reviews(rule) < POLICY_MAX_DAYS)
		return true;
	memset(error, 0, sizeof(*error));
	error->code = PURE_LIMIT;
	snprintf(error->message, sizeof(error->message),
			 "policy \"%s\" would be reviewed more than %d times", rule->facts.name,
			 POLICY_MAX_DAYS);
	day_print(start, text);
	snprintf(error->detail, sizeof(error->detail), "Its reviews would begin on %s.", text);
	snprintf(error->hint, sizeof(error->hint),
			 "Name the first day of the chain of reviews with start.");
	return false;
}

int32_t
past_first_review(const policy *rule, int32_t start, int32_t day)
{
	int64_t review = policy_review_day(rule, start);

	if (review < start)
		review += past_days_between_reviews(rule);
	return review > day ? day : (int32_t) review;
}

bool
policy_chain(const policy *rule, const profile_view *settled, int32_t start, int32_t day,
			 verdict *result, pure_error *error)
{
	past_review *reviews = past_reviews_make(rule);
	policy_course course;
	int32_t first = past_first_review(rule, start, day);
	bool done = past_reviews_fit(rule, start, first, day, error);

	policy_course_begin(&course, rule, first);
	for (int64_t review = first; done && review <= day; review += past_days_between_reviews(rule))
	{
		pure_check_interrupts();
		done = policy_course_review(&course, reviews, settled, (int32_t) review, error);
		if (done)
			policy_course_accept(&course);
	}
	if (done)
		policy_course_conclude(&course, result);
	policy_course_free(&course);
	pure_free(reviews);
	return done;
}

bool
policy_first_report(const policy *rule, const profile_view *profile, int32_t *day)
{
	bool found = false;

	for (int i = 0; i < rule->source_count; i++)
	{
		const char *name = rule->sources[i].named.name.text;
		const profile_item *item = profile_find(profile, name, strlen(name));
		int32_t first;

		if (rule->sources[i].kind != POLICY_COUNT || item == NULL || item->kind != PROFILE_CURVE ||
			!epicurve_first_day(item->value.curve, &first) || (found && first >= *day))
			continue;
		found = true;
		*day = first;
	}
	return found;
}
