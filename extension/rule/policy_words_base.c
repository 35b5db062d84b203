/* BASE and the steps behind it in words. */
#include "policy_words.h"

static const char *
metric_label(const policy *rule, const policy_metric *metric, policy_lang lang)
{
	const policy_expr *expr = metric->expr;

	return expr->kind == EXPR_LET  ? words_let(rule, expr->index, lang) :
		   expr->kind == EXPR_ATOM ? words_source(rule, rule->atoms[expr->index].source, lang) :
									 metric->name.text;
}

/* "from 10 to below 50": one band, between the cut below it and the one above it. */
static void
words_band(policy_text *text, const policy_cut *below, const policy_cut *above, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (below != NULL)
	{
		if (below->equal_is_below)
			text_add(text, vi ? "lớn hơn " : "above ");
		else
			text_add(text, vi ? "từ " : "from ");
		text_number(text, below->value, lang);
	}
	if (above == NULL)
	{
		if (!below->equal_is_below)
			text_add(text, vi ? " trở lên" : " up");
		return;
	}
	if (below != NULL)
		text_add(text, vi ? " đến " : " to ");
	if (!above->equal_is_below)
		text_add(text, vi ? "dưới " : "below ");
	else if (below == NULL)
		text_add(text, vi ? "không quá " : "at most ");
	text_number(text, above->value, lang);
}

void
words_bands(policy_text *text, const policy *rule, const policy_metric *metric, policy_lang lang)
{
	text_add(text, metric_label(rule, metric, lang));
	text_add(text, ": ");
	for (int i = 0; i <= metric->cut_count; i++)
	{
		int tier = i == 0 ? metric->lowest : metric->cuts[i - 1].tier;

		if (i > 0)
			text_add(text, "; ");
		if (metric->cut_count == 0)
			text_add(text, lang == POLICY_VI ? "luôn luôn" : "always");
		else
			words_band(text, i == 0 ? NULL : &metric->cuts[i - 1],
					   i == metric->cut_count ? NULL : &metric->cuts[i], lang);
		text_format(text, lang == POLICY_VI ? " là %s" : " is %s", rule->tiers[tier].label[lang]);
	}
}

void
words_possible(policy_text *text, const policy *rule, uint64_t possible, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	int first = 0;
	int last = rule->tier_count - 1;
	bool gap = false;

	while (first < last && !(possible >> first & 1))
		first++;
	while (last > first && !(possible >> last & 1))
		last--;
	for (int tier = first; tier <= last; tier++)
		gap |= !(possible >> tier & 1);

	if (!gap && first == 0 && last == rule->tier_count - 1)
		text_add(text, vi ? "mọi cấp" : "any tier");
	else if (!gap && last == rule->tier_count - 1 && first < last)
		text_format(text, vi ? "%s trở lên" : "%s or worse", rule->tiers[first].label[lang]);
	else if (!gap && first == 0 && first < last)
		text_format(text, vi ? "%s trở xuống" : "%s or milder", rule->tiers[last].label[lang]);
	else
		for (int tier = first; tier <= last; tier++)
			if (possible >> tier & 1)
				text_format(text, "%s%s",
							tier == first ? "" :
							vi			  ? " hoặc " :
											" or ",
							rule->tiers[tier].label[lang]);
}

/* Is it all that is said of its level? */
static bool
is_only_branch(const policy *rule, const policy_branch *branch)
{
	int count = 0;

	for (int i = 0; i < rule->branch_count; i++)
		count += rule->branches[i].level == branch->level;
	return count == 1;
}

void
words_case(policy_text *text, const policy *rule, const policy_branch *branch, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (branch->level >= 0)
	{
		const policy_level *level = &rule->levels[branch->level];

		text_format(text, vi ? "vùng cấp “%s”" : "zones of level \"%s\"", level->text);
		for (int i = 0; i < level->child_count; i++)
			text_format(text, "%s%s",
						i > 0 ? ", " :
						vi	  ? ", vùng trực thuộc là vùng cấp " :
								", of those below them counting level ",
						level->children[i]);
		if (branch->condition == NULL && is_only_branch(rule, branch))
			return;
		text_add(text, ": ");
	}
	if (branch->condition == NULL)
	{
		text_add(text, vi ? "trường hợp còn lại" : "in every other case");
		return;
	}
	text_add(text, vi ? "trường hợp " : "where ");
	words_condition(text, rule, branch->condition, lang);
}

void
words_confidence(policy_text *text, const char *confidence, policy_lang lang)
{
	static const char *const words[2][POLICY_CONFIDENCES] = {
		{"official – read on the issuing body's own page", "secondary – read in a secondary source",
		 "memory – written from memory, not verified", "derived – the authors' own derivation"},
		{"chính thức – đọc trên trang của cơ quan ban hành", "thứ cấp – đọc qua nguồn thứ cấp",
		 "theo trí nhớ – chưa kiểm chứng", "suy ra – do người soạn tự suy ra"},
	};
	int which = 0;

	while (which < POLICY_CONFIDENCES - 1 &&
		   strcmp(policy_confidence_names[which], confidence) != 0)
		which++;
	text_add(text, words[lang][which]);
}

void
words_line_confidence(policy_text *text, const policy_rule *line, policy_lang lang)
{
	if (line->confidence == NULL)
		return;
	text_add(text, " (");
	words_confidence(text, line->confidence, lang);
	text_add(text, ")");
}

void
words_step(policy_text *text, const policy *rule, const policy_step *step, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	const char *limit =
		step->parent ? (vi ? "mức của vùng cấp trên" : "the tier of the zone that it is part of") :
		step->previous ? (vi ? "mức của lần đánh giá trước" : "the tier of the review before") :
		step->tier >= 0 ? rule->tiers[step->tier].label[lang] :
						  "";
	const char *plural = step->tiers == 1 ? "" : "s";

	switch (step->kind)
	{
		case STEP_RAISE:
			text_format(text, vi ? "tăng %d cấp" : "%d tier%s worse", step->tiers, plural);
			if (step->tier >= 0)
				text_format(text, vi ? ", không quá %s" : ", but not beyond %s", limit);
			break;
		case STEP_LOWER:
			text_format(text, vi ? "giảm %d cấp" : "%d tier%s milder", step->tiers, plural);
			if (step->tier >= 0)
				text_format(text, vi ? ", không dưới %s" : ", but not below %s", limit);
			break;
		case STEP_NOT_BELOW:
			text_format(text, vi ? "ít nhất là %s" : "at least %s", limit);
			break;
		case STEP_NOT_ABOVE:
			text_format(text, vi ? "nhiều nhất là %s" : "at most %s", limit);
	}
}

void
words_step_when(policy_text *text, const policy *rule, const policy_step *step, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	words_step(text, rule, step, lang);
	if (step->tiers > 0 && step->tier >= 0)
		text_add(text, ",");
	if (step->when != NULL)
	{
		text_add(text, vi ? " nếu " : " where ");
		words_condition(text, rule, step->when, lang);
	}
	if (step->unless != NULL)
	{
		text_add(text, vi ? ", trừ khi " : ", unless ");
		words_condition(text, rule, step->unless, lang);
	}
}
