/* What the past made of a review, line by line; and when the tier goes down if nothing more
 * happens. */
#include "policy_past.h"
#include "policy_settle.h"
#include "policy_words.h"

/* What the last reviews said, the last one first, and when. */
static void
words_said(policy_text *text, const policy *rule, const past_state *state, int32_t day,
		   int32_t first, int reviews, policy_lang lang)
{
	int64_t review = day;

	text_add(text, lang == POLICY_VI ? "các lần đánh giá: " : "the reviews said: ");
	for (int i = 0; i < reviews && review >= first; i++)
	{
		if (i > 0)
			text_add(text, ", ");
		text_day(text, (int32_t) review);
		text_format(text, " %s", rule->tiers[state->said[i]].label[lang]);
		review -= past_days_between_reviews(rule);
	}
}

void
words_before(policy_text *text, const policy *rule, const past_states *before, policy_lang lang)
{
	uint64_t tiers = past_tiers(rule, before);

	if (tiers == 0)
	{
		text_add(text,
				 lang == POLICY_VI ? "đây là lần đánh giá đầu tiên" : "this is the first review");
		return;
	}
	text_add(text, lang == POLICY_VI ? "mức hiện hành trước đó: " : "in force before: ");
	words_possible(text, rule, tiers, lang);
}

/* One course of events, known for certain: what stood before the last review, and what after. */
typedef struct course_ends
{
	int32_t first; /* review */
	int32_t day;   /* of the last one */
	bool known;
	past_state before;
	past_state after;
	const past_states *all_before; /* also where it is not known for certain */
} course_ends;

static policy_line
explain_change(policy_evaluation *evaluation, const policy_change *change, const course_ends *ends,
			   policy_lang lang)
{
	const policy *rule = evaluation->rule;
	int direction = change == &rule->worsen ? 1 : -1;
	policy_line line = {.holds = -1};
	policy_text condition;
	policy_text numbers;

	text_start(&condition);
	words_change(&condition, rule, change, lang);
	text_start(&numbers);
	if (ends->known)
	{
		words_said(&numbers, rule, &ends->after, ends->day, ends->first, change->reviews, lang);
		if (ends->before.tier >= 0)
		{
			text_add(&numbers, "; ");
			words_before(&numbers, rule, ends->all_before, lang);
		}
		if (change->stay > 0)
		{
			text_add(&numbers,
					 lang == POLICY_VI ? ", từ lần đánh giá ngày " : ", since the review of ");
			text_day(&numbers, ends->before.entered);
		}
		line.holds = direction * (ends->after.tier - ends->before.tier) > 0;
		line.decided = line.holds == 1;
		line.tier = line.decided ? rule->tiers[ends->after.tier].key : NULL;
	}
	else
	{
		words_before(&numbers, rule, ends->all_before, lang);
		if (past_tiers(rule, ends->all_before) == 0)
			line.holds = 0; /* the first review says where the tier starts */
	}
	if (change->when != NULL)
	{
		words_seen seen;

		words_seen_start(&seen, rule);
		text_between(&numbers, 0, "; ");
		words_numbers(&numbers, numbers.length, evaluation, change->when, &seen, lang);
	}
	line.condition = condition.bytes;
	line.numbers = numbers.bytes;
	return line;
}

static policy_line
explain_turn(policy_evaluation *evaluation, int position, bool leave, const course_ends *ends,
			 policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_switch *one = &rule->switches[position];
	const policy_turn *turn = leave ? &one->leave : &one->enter;
	policy_line line = {.tier = rule->tiers[one->tier].key};
	policy_text condition;
	policy_text numbers;
	words_seen seen;

	text_start(&condition);
	words_turn(&condition, rule, one, turn, lang);
	text_start(&numbers);
	words_seen_start(&seen, rule);
	words_numbers(&numbers, 0, evaluation, turn->when, &seen, lang);
	line.holds = policy_condition_holds(evaluation, turn->when);
	if (ends->known)
	{
		bool was_on = ends->before.on >> position & 1;
		bool turned = ends->before.due[position] != ends->after.due[position] ||
					  was_on != (ends->after.on >> position & 1);

		line.decided = was_on == leave && turned;
	}
	line.condition = condition.bytes;
	line.numbers = numbers.bytes;
	return line;
}

int
policy_explain_course(policy_evaluation *evaluation, const past_states *before,
					  const past_states *after, int32_t first, int32_t day, policy_line *lines,
					  policy_lang lang)
{
	const policy *rule = evaluation->rule;
	course_ends ends = {.first = first, .day = day, .all_before = before};
	int count = 0;

	ends.known = before->count == 1 && after->count == 1 && !before->lost && !after->lost;
	if (ends.known)
	{
		ends.before = before->at[0];
		if (rule->switch_count > 0)
			past_switch_advance(rule, &ends.before, day);
		ends.after = after->at[0];
	}
	if (rule->worsen.place > 0)
		lines[count++] = explain_change(evaluation, &rule->worsen, &ends, lang);
	if (rule->improve.place > 0)
		lines[count++] = explain_change(evaluation, &rule->improve, &ends, lang);
	for (int i = 0; i < rule->switch_count; i++)
		for (int leave = 0; leave < 2; leave++)
			if (leave == 0 || rule->switches[i].leave.when != NULL)
				lines[count++] = explain_turn(evaluation, i, leave > 0, &ends, lang);
	return count;
}

/* How far ahead anything can still change by itself: every window empties, every zone value
 * expires, what is decided takes effect. */
int64_t
policy_days_ahead(const policy *rule)
{
	int64_t days = 1;
	int64_t longest = 0;

	for (int i = 0; i < rule->source_count; i++)
	{
		const policy_source *source = &rule->sources[i];
		bool expires =
			source->keep >= 0 && (source->kind == POLICY_NUMBER || source->kind == POLICY_YESNO);
		int64_t passes = source->passes + (expires ? (int64_t) source->keep + 1 : 0);

		if (passes > days)
			days = passes;
	}
	for (int i = 0; i < 2 * rule->switch_count; i++)
	{
		const policy_switch *one = &rule->switches[i / 2];
		const policy_effect *effect = i % 2 == 0 ? &one->enter.effect : &one->leave.effect;
		int64_t later = effect->kind_index < 0 || effect->days == 0 ?
							effect->days :
							settle_days_of(rule, effect->kind_index, effect->days);

		longest = later > longest ? later : longest;
	}
	/* A tier may have to be entered before it is left, or to get worse before it improves. */
	return days + 2 * longest + rule->in_force +
		   (int64_t) (rule->worsen.reviews + rule->improve.reviews + rule->improve.stay + 2) *
			   past_days_between_reviews(rule);
}

/*
 * The tier in force on a day ahead, as the reviews count days; reviews are held as they come. One
 * that only stands in for the first leaves nothing behind.
 */
static bool
tier_ahead(const policy *rule, const profile_view *quiet, policy_course *course,
		   past_review *reviews, int64_t first, int32_t day, int *tier, pure_error *error)
{
	bool reviewed = policy_last_review(rule, day) == day;
	verdict found;

	*tier = -1;
	if (!rule->has_past)
	{
		if (!reviewed)
			return true;
		if (!policy_judge(rule, quiet, day, &found, error))
			return false;
		*tier = found.tier;
		return true;
	}
	if (reviewed)
	{
		if (day <= first)
		{
			policy_course_free(course);
			policy_course_begin(course, rule, day);
		}
		if (!policy_course_review(course, reviews, quiet, day, error))
			return false;
		policy_course_accept(course);
	}
	policy_course_conclude(course, day, &found);
	*tier = found.tier;
	return true;
}

static bool
step_down(const policy *rule, const profile_view *quiet, policy_course *course, int64_t first,
		  int32_t today, int32_t review, int now, int32_t *when, int *tier, pure_error *error)
{
	past_review *reviews = past_reviews_make(rule);
	int64_t still = today + policy_days_ahead(rule);
	int64_t last = first > today ? first + policy_days_ahead(rule) : still;

	for (int64_t day = (int64_t) today + 1; day <= last && day <= INT32_MAX; day++)
	{
		int64_t reviewed_by = day - rule->in_force;

		pure_check_interrupts();
		if (day > still && reviewed_by < first) /* nothing changes until the first review */
			day = (reviewed_by = first) + rule->in_force;
		if (reviewed_by <= review)
			continue;
		if (!tier_ahead(rule, quiet, course, reviews, first, (int32_t) reviewed_by, tier, error))
			return false;
		if (*tier >= 0 && *tier < now && rule->tiers[*tier].rung >= 0)
		{
			*when = (int32_t) day;
			return true;
		}
	}
	return false;
}

bool
policy_next_step_down(const policy *rule, const profile_view *profile, int32_t start, int32_t day,
					  int32_t *when, int *tier, pure_error *error)
{
	int32_t today = profile->has_as_of && profile->as_of > day ? profile->as_of : day;
	profile_view quiet = *profile;
	profile_view settled;
	past_review *reviews = past_reviews_make(rule);
	policy_course course;
	verdict now;
	bool found;

	memset(error, 0, sizeof(*error));
	if (!policy_judge_from(rule, profile, start, day, &now, error) || now.tier <= 0 ||
		rule->tiers[now.tier].rung < 0)
		return false;
	memset(&course, 0, sizeof(course));
	policy_settle_silence(rule, profile, day, &settled);
	if (rule->has_past)
	{
		if (!policy_course_run(&course, reviews, rule, &settled, start, day, error))
			return false;
		policy_course_accept(&course);
	}
	quiet.has_as_of = true;
	quiet.as_of = today;
	quiet.has_complete_until = false; /* every day is reported, and nothing more */
	quiet.has_reported_until = false;
	found = step_down(rule, &quiet, &course,
					  rule->has_past ? past_first_review(rule, start, DAY_LAST) : day, today, day,
					  now.tier, when, tier, error);
	policy_course_free(&course);
	pure_free(reviews);
	return found;
}
