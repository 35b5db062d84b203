/* The reviews of one zone, kept from one day to a later one. */
#include "policy_past.h"

struct policy_kept
{
	int32_t start;
	int32_t first; /* review */
	int64_t next;  /* the first review that is not held yet */
	past_review *reviews;
	policy_course course;
};

/* A plain number or answer is of the day judged, whatever that is: each day has another past. */
bool
past_is_of_its_day(const policy *rule, const profile_view *profile)
{
	for (int i = 0; i < rule->source_count; i++)
	{
		const char *name = rule->sources[i].named.name.text;
		const profile_item *item = profile_find(profile, name, strlen(name));

		if (item != NULL && (item->kind == PROFILE_NUMBER || item->kind == PROFILE_YESNO))
			return true;
	}
	return false;
}

bool
past_can_be_kept(const policy *rule, const profile_view *profile)
{
	return rule->has_past && !profile->has_reported_until && !past_is_of_its_day(rule, profile);
}

policy_kept *
policy_keep(const policy *rule, const profile_view *profile, int32_t start)
{
	policy_kept *kept;

	if (!past_can_be_kept(rule, profile))
		return NULL;
	kept = pure_alloc0(sizeof(policy_kept));
	kept->start = start;
	kept->first = past_first_review(rule, start, DAY_LAST);
	kept->next = kept->first;
	kept->reviews = past_reviews_make(rule);
	policy_course_begin(&kept->course, rule, kept->first);
	return kept;
}

bool
policy_judge_kept(policy_kept *kept, const profile_view *profile, int32_t day, verdict *result,
				  pure_error *error)
{
	const policy *rule = kept->course.rule;
	int32_t between = past_days_between_reviews(rule);

	if (day < kept->first || day < kept->next - between)
		return policy_judge_from(rule, profile, kept->start, day, result, error);
	if (!past_reviews_fit(rule, kept->start, kept->first, day, error))
		return false;
	for (; kept->next <= day; kept->next += between)
	{
		pure_check_interrupts();
		if (!policy_course_review(&kept->course, kept->reviews, profile, (int32_t) kept->next,
								  error))
			return false;
		policy_course_accept(&kept->course);
	}
	policy_course_conclude(&kept->course, past_until(rule, profile, day), result);
	return true;
}
