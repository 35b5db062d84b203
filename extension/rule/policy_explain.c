/* Why this tier: each line of BASE with its numbers, one sentence for the map, and the next step
 * down. */
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
otherwise_holds(policy_evaluation *evaluation, int position)
{
	int holds = 1;

	for (int i = 0; i < position; i++)
	{
		int above = policy_condition_holds(evaluation, evaluation->rule->rules[i].condition);

		if (above == 1)
			return 0;
		if (above < 0)
			holds = -1;
	}
	return holds;
}

static policy_line
explain_line(policy_evaluation *evaluation, int position, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	policy_line line = {0};
	policy_text condition;
	policy_text numbers;
	words_seen seen;
	const policy_expr *expr;

	text_start(&condition);
	text_start(&numbers);
	words_seen_start(&seen, rule);
	if (rule->worst_of)
	{
		const policy_metric *metric = &rule->metrics[position];

		expr = metric->expr;
		line.holds =
			metric_holds(rule, metric, policy_metric_value(evaluation, position), &line.tier);
		words_bands(&condition, rule, metric, lang);
	}
	else
	{
		expr = rule->rules[position].condition;
		line.tier = rule->tiers[rule->rules[position].tier].key;
		line.holds = expr != NULL ? policy_condition_holds(evaluation, expr) :
									otherwise_holds(evaluation, position);
		if (expr != NULL)
			words_condition(&condition, rule, expr, lang);
		else
			text_add(&condition, lang == POLICY_VI ? "trường hợp còn lại" : "otherwise");
	}
	if (expr != NULL)
		words_numbers(&numbers, 0, evaluation, expr, &seen, lang);
	line.condition = condition.bytes;
	line.numbers = numbers.bytes;
	return line;
}

policy_line *
policy_explain(const policy *rule, const profile_view *profile, int32_t day, policy_lang lang,
			   int *count, pure_error *error)
{
	policy_evaluation evaluation;
	profile_view settled;
	verdict found;
	verdict result;
	policy_line *lines;

	if (!policy_judge(rule, profile, day, &found, error))
		return NULL;
	policy_settle_silence(profile, day, &settled);
	if (!policy_evaluate(&evaluation, rule, &settled, day, &result, error))
		return NULL;
	*count = rule->worst_of ? rule->metric_count : rule->rule_count;
	lines = pure_alloc((size_t) *count * sizeof(policy_line));
	for (int i = 0; i < *count; i++)
	{
		lines[i] = explain_line(&evaluation, i, lang);
		lines[i].decided = i == found.rule && !found.held;
	}
	policy_evaluation_free(&evaluation);
	return lines;
}

/*
 * The numbers that make a condition true or false, and no others: one part that holds is enough for
 * OR, one that does not for AND.
 */
static void
deciding_numbers(policy_text *text, policy_evaluation *evaluation, const policy_expr *expr,
				 words_seen *seen, policy_lang lang)
{
	int truth = policy_condition_holds(evaluation, expr);
	bool one_decides =
		(expr->kind == EXPR_OR && truth == 1) || (expr->kind == EXPR_AND && truth == 0);

	if (expr->kind != EXPR_OR && expr->kind != EXPR_AND)
	{
		words_numbers(text, 0, evaluation, expr, seen, lang);
		return;
	}
	for (int i = 0; i < expr->part_count; i++)
	{
		if (one_decides && policy_condition_holds(evaluation, expr->parts[i]) != truth)
			continue;
		deciding_numbers(text, evaluation, expr->parts[i], seen, lang);
		if (one_decides)
			return;
	}
}

/* What decided; for OTHERWISE, why nothing above it did. */
static void
reason_numbers(policy_text *text, policy_evaluation *evaluation, const verdict *result,
			   policy_lang lang)
{
	const policy *rule = evaluation->rule;
	words_seen seen;

	words_seen_start(&seen, rule);
	if (rule->worst_of)
		words_numbers(text, 0, evaluation, rule->metrics[result->rule].expr, &seen, lang);
	else if (rule->rules[result->rule].condition != NULL)
		deciding_numbers(text, evaluation, rule->rules[result->rule].condition, &seen, lang);
	else
		for (int i = 0; i < result->rule; i++)
			deciding_numbers(text, evaluation, rule->rules[i].condition, &seen, lang);
	if (text->length == 0)
		text_add(text, lang == POLICY_VI ? "luôn luôn" : "always");
}

static void
reason_unknown(policy_text *text, policy_evaluation *evaluation, const verdict *result,
			   policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_add(text, vi ? "chưa xác định" : "unknown");
	if (evaluation->why >= 0)
	{
		text_add(text, ": ");
		words_gap(text, evaluation, evaluation->why, lang);
	}
	text_add(text, vi ? "; còn lại: " : "; what is left: ");
	words_possible(text, evaluation->rule, result->possible, lang);
}

/* Says since when nothing is known, and which day stands instead, before what decided that day. */
static char *
reason_held(const profile_view *profile, const verdict *result, const char *decided,
			policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	policy_text text;

	text_start(&text);
	text_add(&text, vi ? "báo cáo chỉ đầy đủ đến hết ngày " : "reports are complete only until ");
	text_day(&text, profile->reported_until);
	text_add(&text, vi ? ", giữ nguyên mức của ngày " : ", so the tier of ");
	text_day(&text, result->held_day);
	text_add(&text, vi ? ": " : " stands: ");
	text_add(&text, decided);
	return text.bytes;
}

static void
reason_validity(policy_text *text, const policy_facts *facts, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_add(text,
			 vi ? "; ngoài thời hạn của quy định (từ " : "; outside the policy's validity (from ");
	text_day(text, facts->valid_from);
	if (facts->has_valid_to)
	{
		text_add(text, vi ? " đến " : " to ");
		text_day(text, facts->valid_to);
	}
	text_add(text, ")");
}

/* `found` is the verdict of the day in `evaluation`, `result` what came of it. */
static char *
reason_text(policy_evaluation *evaluation, const verdict *found, const verdict *result,
			policy_lang lang)
{
	policy_text text;

	text_start(&text);
	if (result->tier >= 0)
		reason_numbers(&text, evaluation, found, lang);
	else
		reason_unknown(&text, evaluation, found, lang);
	if (result->outside_validity)
		reason_validity(&text, &evaluation->rule->facts, lang);
	return text.bytes;
}

char *
policy_reason(const policy *rule, const profile_view *profile, int32_t day, const verdict *result,
			  policy_lang lang)
{
	policy_evaluation evaluation;
	profile_view settled;
	int32_t decided_on = policy_decided_on(rule, profile, day, result, &settled);
	verdict again;
	pure_error error;
	char *reason;

	if (!policy_evaluate(&evaluation, rule, &settled, decided_on, &again, &error))
	{
		policy_text text;

		text_start(&text);
		text_add(&text, error.message);
		return text.bytes;
	}
	reason = reason_text(&evaluation, &again, result, lang);
	policy_evaluation_free(&evaluation);
	return result->held ? reason_held(profile, result, reason, lang) : reason;
}

char *
policy_judge_and_say(const policy *rule, const profile_view *profile, int32_t day, verdict *result,
					 policy_lang lang, pure_error *error)
{
	policy_evaluation evaluation;
	profile_view settled;
	char *reason;

	/* While silence is excused the tier may be that of another day. */
	if (policy_settle_silence(profile, day, &settled))
		return policy_judge(rule, profile, day, result, error) ?
				   policy_reason(rule, profile, day, result, lang) :
				   NULL;
	if (!policy_evaluate(&evaluation, rule, &settled, day, result, error))
		return NULL;
	reason = reason_text(&evaluation, result, result, lang);
	policy_evaluation_free(&evaluation);
	return reason;
}

/* How far ahead anything can still change by itself: every window empties, every zone value
 * expires. */
static int64_t
search_days(const policy *rule)
{
	int64_t days = 1;

	for (int i = 0; i < rule->facts.input_count; i++)
	{
		int32_t look_back = rule->facts.inputs[i].look_back;

		if (look_back != INT32_MAX && look_back > days)
			days = look_back;
	}
	return days + 7;
}

bool
policy_next_step_down(const policy *rule, const profile_view *profile, int32_t day, int32_t *when,
					  int *tier, pure_error *error)
{
	profile_view quiet = *profile;
	int64_t last = day + search_days(rule);
	verdict now;
	verdict later;

	if (!policy_judge(rule, profile, day, &now, error) || now.tier <= 0)
		return false;
	if (!quiet.has_as_of)
	{
		quiet.has_as_of = true;
		quiet.as_of = day;
	}
	quiet.has_complete_until = false; /* every day is reported, and nothing more */
	quiet.has_reported_until = false;
	for (int64_t next = (int64_t) day + 1; next <= last && next <= INT32_MAX; next++)
	{
		pure_check_interrupts();
		if (policy_review_day(rule, (int32_t) next) != next)
			continue;
		if (!policy_judge(rule, &quiet, (int32_t) next, &later, error))
			return false;
		if (later.tier >= 0 && later.tier < now.tier)
		{
			*when = (int32_t) next;
			*tier = later.tier;
			return true;
		}
	}
	return false;
}
