/* Why this tier: each line of BASE with its numbers, and the next step down. */
#include "policy_past.h"
#include "policy_words.h"

/* Does a metric stand in this tier for certain, perhaps, or not? */
static int
metric_holds(const policy *rule, const policy_metric *metric, range value, const char **tier)
{
	int lowest;
	int highest;

	*tier = NULL;
	if (value.absence != RANGE_PRESENT)
		return -1;
	range_band(&value, metric, &lowest, &highest);
	if (lowest != highest)
		return -1;
	*tier = rule->tiers[lowest == 0 ? metric->lowest : metric->cuts[lowest - 1].tier].key;
	return 1;
}

/* OTHERWISE holds where no line above it does. */
static int
otherwise_holds(policy_evaluation *evaluation, const policy_branch *branch, int position)
{
	int holds = 1;

	for (int i = 0; i < position; i++)
	{
		int above = policy_condition_holds(evaluation, branch->rules[i].condition);

		if (above == 1)
			return 0;
		if (above < 0)
			holds = -1;
	}
	return holds;
}

static policy_line
explain_metric(policy_evaluation *evaluation, const policy_metric *metric, policy_text *condition,
			   policy_lang lang)
{
	policy_line line = {0};

	line.holds =
		metric_holds(evaluation->rule, metric, policy_number(evaluation, metric->expr), &line.tier);
	words_bands(condition, evaluation->rule, metric, lang);
	return line;
}

static policy_line
explain_rule(policy_evaluation *evaluation, const policy_branch *branch, int position,
			 policy_text *condition, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_rule *said = &branch->rules[position];
	policy_line line = {.tier = rule->tiers[said->tier].key};

	if (said->condition != NULL)
	{
		line.holds = policy_condition_holds(evaluation, said->condition);
		words_condition(condition, rule, said->condition, lang);
	}
	else
	{
		line.holds = otherwise_holds(evaluation, branch, position);
		text_add(condition, lang == POLICY_VI ? "trường hợp còn lại" : "otherwise");
	}
	words_line_confidence(condition, said, lang);
	return line;
}

/* The lines as they are written, and behind what was looked up the numbers of their conditions. */
static void
finish_line(policy_line *line, policy_evaluation *evaluation, const policy_text *condition,
			policy_text *numbers, const policy_expr *first, const policy_expr *second,
			policy_lang lang)
{
	words_seen seen;

	words_seen_start(&seen, evaluation->rule);
	if (first != NULL)
		words_numbers(numbers, 0, evaluation, first, &seen, lang);
	if (second != NULL)
		words_numbers(numbers, 0, evaluation, second, &seen, lang);
	line->condition = condition->bytes;
	line->numbers = numbers->bytes;
}

static policy_line
explain_line(policy_evaluation *evaluation, const policy_branch *branch, int position,
			 policy_lang lang)
{
	policy_line line;
	policy_text condition;
	policy_text numbers;

	text_start(&condition);
	text_start(&numbers);
	if (branch->worst_of)
		line = explain_metric(evaluation, &branch->metrics[position], &condition, lang);
	else
		line = explain_rule(evaluation, branch, position, &condition, lang);
	finish_line(&line, evaluation, &condition, &numbers,
				branch->worst_of ? branch->metrics[position].expr :
								   branch->rules[position].condition,
				NULL, lang);
	return line;
}

static policy_line
explain_case(policy_evaluation *evaluation, const policy_branch *branch, int holds,
			 policy_lang lang)
{
	policy_line line = {.holds = holds};
	policy_text condition;
	policy_text numbers;

	text_start(&condition);
	text_start(&numbers);
	words_case(&condition, evaluation->rule, branch, lang);
	finish_line(&line, evaluation, &condition, &numbers, branch->condition, NULL, lang);
	return line;
}

void
policy_line_step(const policy *rule, policy_line *line, uint64_t before, uint64_t after)
{
	line->decided = before != after && (after & (after - 1)) == 0;
	for (int tier = 0; line->decided && tier < rule->tier_count; tier++)
		if (after >> tier & 1)
			line->tier = rule->tiers[tier].key;
}

/* A step and the tier that it leaves, where it changed one. */
static policy_line
explain_step(policy_evaluation *evaluation, int position, const past_states *past, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_step *step = &rule->steps[position];
	policy_line line = {.holds = policy_step_holds(evaluation, step)};
	policy_text condition;
	policy_text numbers;

	text_start(&condition);
	text_start(&numbers);
	words_step_when(&condition, rule, step, lang);
	if (step->previous && past != NULL)
		words_before(&numbers, rule, past, lang);
	policy_line_step(rule, &line, evaluation->stages[position], evaluation->stages[position + 1]);
	finish_line(&line, evaluation, &condition, &numbers, step->when, step->unless, lang);
	return line;
}

/* The lines of every CASE that may be the one, and of the others only that they are not. */
static int
explain_base(policy_evaluation *evaluation, policy_line *lines, int decided, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	int count = 0;
	int level = policy_level_of(rule, evaluation->profile);
	int open = 1; /* may a CASE from here on be the one? */

	for (int i = 0; i < rule->branch_count; i++)
	{
		const policy_branch *branch = &rule->branches[i];
		int holds = 1;

		if (branch->level != level)
			holds = 0;
		else if (branch->condition != NULL)
			holds = policy_condition_holds(evaluation, branch->condition);
		if (rule->branch_count > 1 || rule->level_count > 0)
			lines[count++] = explain_case(evaluation, branch,
										  open == 0 || holds == 0 ? 0 :
										  open < 0 || holds < 0	  ? -1 :
																	1,
										  lang);
		if (open == 0 || holds == 0)
			continue;
		for (int j = 0; j < branch->rule_count + branch->metric_count; j++)
		{
			lines[count] = explain_line(evaluation, branch, j, lang);
			lines[count++].decided = branch->first_line + j == decided;
		}
		open = holds == 1 ? 0 : -1;
	}
	return count;
}

policy_line *
policy_lines_make(const policy *rule)
{
	return pure_alloc((size_t) (rule->line_count + rule->branch_count + rule->step_count + 2 +
								2 * rule->switch_count) *
					  sizeof(policy_line));
}

int
policy_explain_own(policy_evaluation *evaluation, policy_line *lines, int decided,
				   const past_states *past, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	int count = rule->has_base ? explain_base(evaluation, lines, decided, lang) : 0;

	for (int i = 0; i < rule->own_steps; i++)
		lines[count++] = explain_step(evaluation, i, past, lang);
	return count;
}

policy_line *
policy_explain(const policy *rule, const profile_view *profile, int32_t start, int32_t day,
			   policy_lang lang, int *count, pure_error *error)
{
	past_review *reviews = past_reviews_make(rule);
	policy_evaluation evaluation;
	policy_course course = {0};
	profile_view settled;
	verdict found;
	verdict result;
	policy_line *lines;

	if (!policy_judge_from(rule, profile, start, day, &found, error))
		return NULL;
	policy_settle_silence(rule, profile, day, &settled);
	if (rule->has_past && !policy_course_run(&course, reviews, rule, &settled, start, day, error))
		return NULL;
	if (!policy_evaluate(&evaluation, rule, &settled, day, found.previous, &result, error))
		return NULL;
	lines = policy_lines_make(rule);
	*count = policy_explain_own(&evaluation, lines, found.held ? -1 : result.rule,
								rule->has_past ? &course.before : NULL, lang);
	if (rule->has_past)
		*count +=
			policy_explain_course(&evaluation, &course.before, &course.after,
								  past_first_review(rule, start, day), day, lines + *count, lang);
	for (int i = 0; i < *count; i++)
		lines[i].decided &= !found.held;
	policy_evaluation_free(&evaluation);
	policy_course_free(&course);
	pure_free(reviews);
	return lines;
}
