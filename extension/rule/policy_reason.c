/* One sentence: why this tier, or what leaves it open. */
#include "policy_words.h"

/* Of several days the first that decides; where all must agree, the day judged. */
static const policy_expr *
deciding_day(policy_evaluation *evaluation, const policy_expr *expr, int truth)
{
	bool one_decides = truth == (expr->kind == EXPR_ANY_OF) || truth < 0;

	for (int i = 0; i < expr->part_count && one_decides; i++)
		if (policy_condition_holds(evaluation, expr->parts[i]) == truth)
			return expr->parts[i];
	return expr->parts[0];
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

	if (expr->kind == EXPR_RUNNING || expr->kind == EXPR_ANY_OF)
	{
		deciding_numbers(text, evaluation, deciding_day(evaluation, expr, truth), seen, lang);
		return;
	}
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
reason_line(policy_text *text, policy_evaluation *evaluation, int line, words_seen *seen,
			policy_lang lang)
{
	int position;
	const policy_branch *branch = policy_branch_of(evaluation->rule, line, &position);

	if (branch->worst_of)
		words_numbers(text, 0, evaluation, branch->metrics[position].expr, seen, lang);
	else if (branch->rules[position].condition != NULL)
		deciding_numbers(text, evaluation, branch->rules[position].condition, seen, lang);
	else
		for (int i = 0; i < position; i++)
			deciding_numbers(text, evaluation, branch->rules[i].condition, seen, lang);
	if (branch->condition != NULL)
		deciding_numbers(text, evaluation, branch->condition, seen, lang);
	if (text->length == 0)
		text_add(text, lang == POLICY_VI ? "luôn luôn" : "always");
	if (!branch->worst_of)
		words_line_confidence(text, &branch->rules[position], lang);
}

/* The steps that changed the tier, each with why. */
static void
reason_steps(policy_text *text, policy_evaluation *evaluation, words_seen *seen, policy_lang lang)
{
	const policy *rule = evaluation->rule;

	for (int i = 0; i < rule->own_steps; i++)
	{
		const policy_step *step = &rule->steps[i];
		size_t start;

		if (evaluation->stages[i] == evaluation->stages[i + 1])
			continue;
		text_between(text, 0, "; ");
		words_step(text, rule, step, lang);
		if (step->previous && evaluation->previous >= 0)
			text_format(text, " (%s)", rule->tiers[evaluation->previous].label[lang]);
		if (step->when == NULL)
			continue;
		text_add(text, ": ");
		start = text->length;
		words_numbers(text, start, evaluation, step->when, seen, lang);
		if (text->length == start) /* said already */
			words_condition(text, rule, step->when, lang);
	}
}

/* Of a tier that is entered, why it is not left; of none, why not even the mildest is. */
static void
reason_switches(policy_text *text, policy_evaluation *evaluation, const verdict *result,
				words_seen *seen, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_expr *when = NULL;

	if (rule->switch_count > 0)
		when = result->entered >= 0 ? rule->switches[result->entered].leave.when :
									  rule->switches[0].enter.when;
	if (when != NULL)
		deciding_numbers(text, evaluation, when, seen, lang);
}

/* `found` is what the review says, `result` what came of all. */
static void
reason_numbers(policy_text *text, policy_evaluation *evaluation, const verdict *found,
			   const verdict *result, policy_lang lang)
{
	words_seen seen;

	words_seen_start(&seen, evaluation->rule);
	if (found->rule >= 0 && evaluation->rule->has_base)
		reason_line(text, evaluation, found->rule, &seen, lang);
	reason_steps(text, evaluation, &seen, lang);
	reason_switches(text, evaluation, result, &seen, lang);
}

static void
reason_unknown(policy_text *text, policy_evaluation *evaluation, const verdict *result,
			   policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_add(text, vi ? "chưa xác định" : "unknown");
	if (result->open_past)
		words_open_past(text, result, lang);
	else if (evaluation->why >= 0)
	{
		text_add(text, ": ");
		words_gap(text, evaluation, evaluation->why, lang);
	}
	else if (result->missing != NULL)
		text_format(text, vi ? ": thiếu “%s”" : ": \"%s\" is missing", result->missing);
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
		reason_numbers(&text, evaluation, found, result, lang);
	else
		reason_unknown(&text, evaluation, evaluation->rule->has_past ? result : found, lang);
	if (evaluation->rule->has_past && result->tier >= 0)
		words_past(&text, evaluation->rule, result, lang);
	if (result->outside_validity)
		reason_validity(&text, &evaluation->rule->facts, lang);
	return text.bytes;
}

const char *
policy_knows_nothing(policy_lang lang)
{
	return lang == POLICY_VI ? "không có dữ liệu nào về vùng này" : "nothing is known of this zone";
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

	if (!policy_evaluate(&evaluation, rule, &settled, decided_on,
						 rule->has_past ? result->previous : -1, &again, &error))
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
policy_judge_and_say(const policy *rule, const profile_view *profile, int32_t start, int32_t day,
					 verdict *result, policy_lang lang, pure_error *error)
{
	policy_evaluation evaluation;
	profile_view settled;
	char *reason;

	/* While silence is excused the tier may be that of another day. */
	if (policy_settle_silence(rule, profile, day, &settled) || rule->has_past)
		return policy_judge_from(rule, profile, start, day, result, error) ?
				   policy_reason(rule, profile, day, result, lang) :
				   NULL;
	if (!policy_evaluate(&evaluation, rule, &settled, day, -1, result, error))
		return NULL;
	reason = reason_text(&evaluation, result, result, lang);
	policy_evaluation_free(&evaluation);
	return reason;
}
