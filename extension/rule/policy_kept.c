/* The reviews of one zone, kept from one day to a later one. */
#include "policy_past.h"

/* Reviews that were held in order, by one view of what is known. */
typedef struct kept_run
{
	int64_t next; /* the first review that is not held yet */
	policy_course course;
} kept_run;

/* What a day said whose silence is excused later. */
typedef struct kept_day
{
	int32_t day;
	verdict found;
} kept_day;

struct policy_kept
{
	int32_t start;
	int32_t first; /* review */
	past_review *reviews;
	kept_run open;	 /* no silence, or one that is excused */
	kept_run closed; /* its reporting is incomplete */
	int seen_count;
	kept_day *seen; /* from the last day with reports on, in order */
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
	return rule->has_past && !past_is_of_its_day(rule, profile);
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
	kept->reviews = past_reviews_make(rule);
	kept->open.next = kept->closed.next = kept->first;
	policy_course_begin(&kept->open.course, rule, kept->first);
	policy_course_begin(&kept->closed.course, rule, kept->first);
	return kept;
}

/* The day as it was seen when it was the last, its last review being held. */
static void
see_day(policy_kept *kept, const profile_view *settled, int32_t day, int32_t review)
{
	profile_view then = *settled;
	kept_day seen = {.day = day};

	then.has_as_of = true;
	then.as_of = day;
	policy_course_conclude(&kept->open.course, past_until(kept->open.course.rule, &then, review),
						   &seen.found);
	kept->seen = policy_grow(kept->seen, kept->seen_count, sizeof(kept_day));
	kept->seen[kept->seen_count++] = seen;
}

/* Holds the reviews up to a day that are not held yet. */
static bool
hold_reviews(policy_kept *kept, kept_run *run, const profile_view *profile,
			 const profile_view *settled, int32_t day, pure_error *error)
{
	const policy *rule = run->course.rule;
	int32_t between = past_days_between_reviews(rule);
	bool may_fall_silent = profile->has_reported_until && run == &kept->open;
	int64_t known = may_fall_silent ? policy_known_until(rule, profile) : 0;

	for (; run->next <= day; run->next += between)
	{
		pure_check_interrupts();
		if (!policy_course_review(&run->course, kept->reviews, settled, (int32_t) run->next, error))
			return false;
		policy_course_accept(&run->course);
		if (may_fall_silent && run->next <= known && run->next + between > known)
			see_day(kept, settled, (int32_t) known, (int32_t) run->next);
		else if (may_fall_silent && run->next > known)
			see_day(kept, settled, (int32_t) run->next, (int32_t) run->next);
	}
	return true;
}

bool
policy_judge_kept(policy_kept *kept, const profile_view *profile, int32_t day, verdict *result,
				  pure_error *error)
{
	const policy *rule = kept->open.course.rule;
	int32_t between = past_days_between_reviews(rule);
	profile_view settled;
	bool excused = policy_settle_silence(rule, profile, day, &settled);
	bool is_silent = profile->has_reported_until && policy_known_until(rule, profile) < day;
	kept_run *run = is_silent && !excused ? &kept->closed : &kept->open;

	/* Before the first review, and where days come in another order, each day for itself. */
	if (day < kept->first || day < run->next - between ||
		(excused && policy_last_review(rule, policy_known_until(rule, profile)) < kept->first))
		return policy_judge_from(rule, profile, kept->start, day, result, error);
	if (!past_reviews_fit(rule, kept->start, kept->first, day, error) ||
		!hold_reviews(kept, run, profile, &settled, day, error))
		return false;
	policy_course_conclude(&run->course, past_until(rule, &settled, day), result);
	for (int i = 0; i < kept->seen_count && excused; i++)
		if (kept->seen[i].day < day)
			policy_keep_worse(result, &kept->seen[i].found, kept->seen[i].day);
	return true;
}
