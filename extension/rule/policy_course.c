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
	if (rule->start < 0 && rule->switch_count == 0)
		return;
	state = past_first_state(rule, rule->start, first - past_days_between_reviews(rule));
	past_add(rule, &course->before, &state);
}

static void
free_states(past_states *states)
{
	if (states->at != NULL)
		pure_free(states->at);
	if (states->vague != NULL)
		pure_free(states->vague);
}

void
policy_course_free(policy_course *course)
{
	free_states(&course->before);
	free_states(&course->after);
}

/* The one tier that all states have; -1 where they differ. */
static int
tier_of(const policy *rule, const past_states *states)
{
	uint64_t tiers = past_tiers(rule, states);
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

/* What was decided before takes effect by a day. */
static void
advance(const policy *rule, past_states *states, int32_t day)
{
	if (states->lost && rule->switch_count > 0)
		past_vague_switch_advance(rule, states->vague, day);
	for (size_t i = 0; i < states->count && rule->switch_count > 0; i++)
		past_switch_advance(rule, &states->at[i], day);
}

/* The tier that was announced; -1 where it is unknown, or none of this policy's, as after a change.
 */
static int
find_announced(const policy *rule, const profile_view *profile)
{
	size_t length = profile->announced_length;
	int tier = rule->tier_count - 1;

	while (tier >= 0 && (strlen(rule->tiers[tier].key) != length ||
						 memcmp(rule->tiers[tier].key, profile->announced, length) != 0))
		tier--;
	return tier;
}

/* Puts the tier that was announced in the place of the one in force before the review of a day. */
static void
announce(policy_course *course, int tier, int32_t day)
{
	const policy *rule = course->rule;
	int32_t review_before = day - past_days_between_reviews(rule);
	past_states announced = {0};
	past_state state;

	if (tier < 0 || tier_of(rule, &course->before) == tier)
		return;
	if (course->before.lost)
	{
		if (rule->switch_count > 0)
			past_vague_switch_announce(rule, course->before.vague, tier);
		else
			past_vague_announce(course->before.vague, tier, review_before);
		return;
	}
	for (size_t i = 0; i < course->before.count; i++)
	{
		state = course->before.at[i];
		if (state.tier != tier && rule->switch_count > 0)
			state = past_switch_start(rule, tier);
		else if (state.tier != tier)
		{
			state.tier = tier;
			state.entered = review_before;
		}
		past_add(rule, &announced, &state);
	}
	if (announced.count == 0)
	{
		state = past_first_state(rule, tier, review_before);
		past_add(rule, &announced, &state);
	}
	free_states(&course->before);
	course->before = announced;
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
	advance(rule, &course->before, day - 1);
	if (settled->announced != NULL && settled->announced_for == day)
		announce(course, find_announced(rule, settled), day);
	course->previous = course->before.count > 0 || course->before.lost ?
						   tier_of(rule, &course->before) :
						   -1;
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
	if (course->before.count <= 1 && !course->before.lost)
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
	return past_tiers(course->rule, &course->after);
}

void
policy_course_conclude(policy_course *course, int32_t until, verdict *result)
{
	advance(course->rule, &course->before, until);
	*result = course->said;
	result->proposed = result->tier;
	result->previous = course->previous;
	result->possible = past_tiers(course->rule, &course->before);
	result->tier = tier_of(course->rule, &course->before);
	if (result->tier >= 0)
		result->missing = NULL;
	else if (result->missing == NULL)
		result->missing = course->missing;
	result->open_past = course->open && result->tier < 0 && course->said.missing == NULL;
	result->open_day = course->open_day;
	result->entered = result->pending = -1;
	if (course->before.count == 1 && course->rule->switch_count > 0)
		past_switch_tell(course->rule, &course->before.at[0], result);
}

int32_t
past_until(const policy *rule, const profile_view *settled, int32_t day)
{
	int64_t until = settled->has_as_of ? (int64_t) settled->as_of - rule->in_force : day;

	return until > day ? (int32_t) until : day;
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
			 "Let them begin later: classify, judge_agg and explain_tier take a start; on a map they "
			 "begin with the layer's rule or the first zone set, whichever is later.");
	return false;
}

int32_t
past_first_review(const policy *rule, int32_t start, int32_t day)
{
	int64_t review = policy_last_review(rule, start);

	if (review < start)
		review += past_days_between_reviews(rule);
	return review > day ? day : (int32_t) review;
}

bool
policy_course_run(policy_course *course, past_review *reviews, const policy *rule,
				  const profile_view *settled, int32_t start, int32_t day, pure_error *error)
{
	int32_t first = past_first_review(rule, start, day);

	policy_course_begin(course, rule, first);
	if (!past_reviews_fit(rule, start, first, day, error))
		return false;
	for (int64_t review = first; review <= day; review += past_days_between_reviews(rule))
	{
		pure_check_interrupts();
		if (review > first)
			policy_course_accept(course);
		if (!policy_course_review(course, reviews, settled, (int32_t) review, error))
			return false;
	}
	return true;
}

bool
policy_chain(const policy *rule, const profile_view *settled, int32_t start, int32_t day,
			 verdict *result, pure_error *error)
{
	past_review *reviews = past_reviews_make(rule);
	policy_course course;
	bool done = policy_course_run(&course, reviews, rule, settled, start, day, error);

	if (done)
		policy_course_accept(&course);
	if (done)
		policy_course_conclude(&course, past_until(rule, settled, day), result);
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
