/*
 * Silence. Reports are complete until some day; on the days after it a count that stands still may
 * be no case or no news. While that silence is excused a zone may worsen, but keeps at least the
 * tiers of the days since it reported; beyond that its reporting is incomplete, and unknown if it
 * matters.
 */
#include "policy_eval.h"

bool
policy_settle_silence(const profile_view *profile, int32_t day, profile_view *settled)
{
	int32_t as_of = profile->has_as_of && profile->as_of > day ? profile->as_of : day;

	*settled = *profile;
	settled->has_reported_until = false;
	if (!profile->has_reported_until || profile->reported_until >= day)
		return false;
	if ((int64_t) as_of - profile->reported_until <= profile->silence_limit)
		return true;
	settled->has_complete_until = profile_complete_until(profile, &settled->complete_until);
	return false;
}

static bool
judge_one_day(const policy *rule, const profile_view *settled, int32_t start, int32_t day,
			  verdict *result, pure_error *error)
{
	policy_evaluation evaluation;

	if (rule->has_past)
		return policy_chain(rule, settled, start, day, result, error);
	if (!policy_evaluate(&evaluation, rule, settled, day, -1, result, error))
		return false;
	policy_evaluation_free(&evaluation);
	return true;
}

bool
policy_keep_worse(verdict *result, const verdict *earlier, int32_t day)
{
	uint64_t possible = policy_worst_of(result->possible, earlier->possible);
	bool known = (possible & (possible - 1)) == 0;

	if (possible == result->possible)
		return false;
	result->possible = possible;
	if (result->tier < 0 && !known)
		return true; /* open for its own reasons, only less so */
	result->tier = known ? earlier->tier : -1;
	result->rule = known ? earlier->rule : -1;
	result->missing = earlier->missing;
	result->proposed = earlier->proposed;
	result->previous = earlier->previous;
	result->open_past = earlier->open_past;
	result->open_day = earlier->open_day;
	result->held = true;
	result->held_day = day;
	return true;
}

/* The day as people saw it then: the verdict of its last review, bare values as of that day. */
static int32_t
turn_back(const policy *rule, profile_view *settled, int32_t day)
{
	settled->has_as_of = true;
	settled->as_of = day;
	return policy_review_day(rule, day);
}

bool
policy_judge(const policy *rule, const profile_view *profile, int32_t day, verdict *result,
			 pure_error *error)
{
	return policy_judge_from(rule, profile, day, day, result, error);
}

bool
policy_judge_from(const policy *rule, const profile_view *profile, int32_t start, int32_t day,
				  verdict *result, pure_error *error)
{
	profile_view settled;
	bool excused = policy_settle_silence(profile, day, &settled);

	if (!judge_one_day(rule, &settled, start, day, result, error))
		return false;
	if (!excused)
		return true;
	for (int32_t earlier = profile->reported_until; earlier < day; earlier++)
	{
		int32_t review = turn_back(rule, &settled, earlier);
		verdict then;

		if (earlier > profile->reported_until && review < earlier)
			continue;
		if (!judge_one_day(rule, &settled, start, review, &then, error))
			return false;
		policy_keep_worse(result, &then, earlier);
	}
	return true;
}

int32_t
policy_decided_on(const policy *rule, const profile_view *profile, int32_t day,
				  const verdict *result, profile_view *settled)
{
	policy_settle_silence(profile, day, settled);
	return result->held ? turn_back(rule, settled, result->held_day) : day;
}
