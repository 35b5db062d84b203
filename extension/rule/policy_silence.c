/*
 * Silence. Reports are complete until some day; on the days after it a count that stands still may
 * be no case or no news. While that silence is excused a zone may worsen, but keeps at least the
 * tiers of the days since it reported; beyond that its reporting is incomplete, and unknown if it
 * matters.
 */
#include "policy_eval.h"

int32_t
policy_known_until(const policy *rule, const profile_view *profile)
{
	int64_t known = (int64_t) profile->reported_until + rule->lag;

	return known > INT32_MAX ? INT32_MAX : (int32_t) known;
}

bool
policy_settle_silence(const policy *rule, const profile_view *profile, int32_t day,
					  profile_view *settled)
{
	int32_t as_of = profile->has_as_of && profile->as_of > day ? profile->as_of : day;
	int64_t known = policy_known_until(rule, profile);

	*settled = *profile;
	settled->has_reported_until = false;
	if (!profile->has_reported_until || known >= day)
		return false;
	if (as_of - known <= profile->silence_limit)
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
	result->entered = earlier->entered;
	result->has_turned = earlier->has_turned;
	result->turned = earlier->turned;
	result->pending = earlier->pending;
	result->pending_leaves = earlier->pending_leaves;
	result->pending_day = earlier->pending_day;
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
	return policy_last_review(rule, day);
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
	bool excused = policy_settle_silence(rule, profile, day, &settled);

	if (!judge_one_day(rule, &settled, start, day, result, error))
		return false;
	if (!excused)
		return true;
	for (int32_t earlier = policy_known_until(rule, profile); earlier < day; earlier++)
	{
		int32_t review = turn_back(rule, &settled, earlier);
		verdict then;

		if (earlier > policy_known_until(rule, profile) && review < earlier)
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
	policy_settle_silence(rule, profile, day, settled);
	return result->held ? turn_back(rule, settled, result->held_day) : day;
}
