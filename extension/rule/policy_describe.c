/* A policy in sentences, for the officer who signs it. */
#include "policy_words.h"

static void
describe_head(policy_text *text, const policy *rule, policy_lang lang)
{
	const policy_facts *facts = &rule->facts;
	bool vi = lang == POLICY_VI;

	text_format(text, "%s (%s)\n", facts->title[lang], facts->name);
	if (facts->source[0] != '\0')
		text_format(text, vi ? "Nguồn: %s.\n" : "Source: %s.\n", facts->source);
	text_add(text, vi ? "Độ tin cậy: " : "Confidence: ");
	words_confidence(text, facts->confidence, lang);
	text_add(text, ".\n");
	if (facts->has_valid_from)
	{
		text_add(text, vi ? "Hiệu lực từ " : "Valid from ");
		text_day(text, facts->valid_from);
		if (facts->has_valid_to)
		{
			text_add(text, vi ? " đến " : " to ");
			text_day(text, facts->valid_to);
		}
		text_add(text, ".\n");
	}
	if (rule->review_weekday < 0)
		text_add(text, vi ? "Đánh giá hằng ngày.\n" : "Reviewed every day.\n");
	else
		text_format(text, vi ? "Đánh giá hằng tuần vào %s.\n" : "Reviewed every week on %s.\n",
					policy_weekday_words[lang][rule->review_weekday]);
	if (rule->lag > 0)
		text_format(text,
					vi ? "Chỉ tính báo cáo đến %d ngày trước ngày đánh giá.\n" :
						 "Reports count up to %d day%s before the day judged.\n",
					rule->lag, rule->lag == 1 ? "" : "s");
	if (rule->in_force > 0)
		text_format(text,
					vi ? "Kết quả có hiệu lực sau ngày đánh giá %d ngày.\n" :
						 "A verdict is in force from %d day%s after its review.\n",
					rule->in_force, rule->in_force == 1 ? "" : "s");
}

static void
describe_missing(policy_text *text, const policy_missing *missing, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_add(text, vi ? "nếu thiếu thì " : "where missing, ");
	switch (missing->rule)
	{
		case MISSING_UNKNOWN:
			text_add(text, vi ? "coi là không biết" : "it is unknown");
			break;
		case MISSING_SKIP:
			text_add(text, vi ? "bỏ qua chỉ tiêu này" : "it is left out");
			break;
		case MISSING_VALUE:
			text_add(text, vi ? "tính là " : "it counts as ");
			if (!missing->is_word)
				text_number(text, missing->value, lang);
			else if (missing->value.num != 0)
				text_add(text, vi ? "có" : "yes");
			else
				text_add(text, vi ? "không" : "no");
	}
}

static void
describe_source(policy_text *text, const policy *rule, int position, policy_lang lang)
{
	const policy_source *source = &rule->sources[position];
	const char *label = words_source(rule, position, lang);
	bool vi = lang == POLICY_VI;

	if (source->kind == POLICY_RESERVED || source->kind == POLICY_RELATION || source->is_calendar)
		return;
	if (source->kind == POLICY_COUNT)
	{
		text_format(text, vi ? "Đếm từ báo cáo: %s%s.\n" : "Counted from reports: %s%s.\n", label,
					!source->needs_households ? "" :
					vi						  ? ", và số hộ có ca" :
												", and the households they are in");
		return;
	}
	text_format(text,
				source->kind == POLICY_YESNO ?
					(vi ? "Câu hỏi có hoặc không: %s (" : "Asked, yes or no: %s (") :
					(vi ? "Số liệu cho biết: %s (" : "Number given: %s ("),
				label);
	if (source->keep >= 0)
		text_format(text, vi ? "giữ giá trị %d ngày; " : "holds for %d day%s; ", source->keep,
					source->keep == 1 ? "" : "s");
	describe_missing(text, &source->missing, lang);
	text_add(text, ").\n");
}

static void
describe_parameters(policy_text *text, const policy *rule, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	for (int i = 0; i < rule->parameter_count; i++)
	{
		const policy_parameter *parameter = &rule->parameters[i];

		text_format(text, vi ? "Tham số %s: " : "Parameter %s: ", parameter->name.text);
		if (parameter->level != NULL)
		{
			text_format(text, vi ? "cấp “%s”.\n" : "level \"%s\".\n", parameter->level);
			continue;
		}
		text_number(text, parameter->value, lang);
		if (parameter->in_days)
			text_add(text, vi											? " ngày" :
						   exact_compare(parameter->value, exact_of(1)) ? " days" :
																		  " day");
		if (parameter->bounded)
		{
			text_add(text, vi ? " (từ " : " (between ");
			text_number(text, parameter->low, lang);
			text_add(text, vi ? " đến " : " and ");
			text_number(text, parameter->high, lang);
			text_add(text, ")");
		}
		text_add(text, ".\n");
	}
}

/* What has to be so of the parameters, however they are set. */
static void
describe_requires(policy_text *text, const policy *rule, policy_lang lang)
{
	text->names_parameters = true;
	for (int i = 0; i < rule->require_count; i++)
	{
		text_add(text, lang == POLICY_VI ? "Tham số phải thỏa mãn: " : "The parameters must fit: ");
		words_condition(text, rule, rule->requires[i], lang);
		text_add(text, ".\n");
	}
	text->names_parameters = false;
}

static void
list_tiers(policy_text *text, const policy *rule, bool ordered, policy_lang lang)
{
	int listed = 0;

	for (int i = 0; i < rule->tier_count; i++)
		if ((rule->tiers[i].rung >= 0) == ordered)
			text_format(text, "%s%s", listed++ > 0 ? ", " : "", rule->tiers[i].label[lang]);
}

/* The order is what steps, limits and shares go by. */
static void
describe_tiers(policy_text *text, const policy *rule, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	bool outside = false;
	bool inside = false;

	for (int i = 0; i < rule->tier_count; i++)
	{
		outside |= rule->tiers[i].rung < 0;
		inside |= rule->tiers[i].rung >= 0;
	}
	if (inside)
	{
		text_add(text, vi ? "Các mức, từ tốt nhất đến xấu nhất: " :
							"Tiers, from the mildest to the worst: ");
		list_tiers(text, rule, true, lang);
		text_add(text, ".\n");
	}
	if (outside)
	{
		text_add(text, vi ? "Ngoài thứ tự, không tốt hơn cũng không xấu hơn mức nào: " :
							"Outside this order, neither milder nor worse than any: ");
		list_tiers(text, rule, false, lang);
		text_add(text, ".\n");
	}
}

static void
describe_lets(policy_text *text, const policy *rule, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	for (int i = 0; i < rule->let_count; i++)
	{
		if (rule->lets[i].original != i)
			continue;
		text_format(text, "%s = ", words_let(rule, i, lang));
		words_expr(text, rule, rule->lets[i].expr, lang);
		if (rule->lets[i].unless != NULL)
		{
			text_add(text, vi ? ", thiếu nếu " : ", missing where ");
			words_condition(text, rule, rule->lets[i].unless, lang);
		}
		if (rule->lets[i].missing.place > 0)
		{
			text_add(text, "; ");
			describe_missing(text, &rule->lets[i].missing, lang);
		}
		text_add(text, ".\n");
	}
	if (rule->minimum_people.num > 0)
	{
		text_add(text, vi ? "Không tính tỷ lệ khi dân số dưới " :
							"No rate where the population is under ");
		text_number(text, rule->minimum_people, lang);
		text_add(text, ".\n");
	}
	if (rule->minimum_households.num > 0)
	{
		text_add(text, vi ? "Không tính tỷ lệ trên hộ khi số hộ dưới " :
							"No rate per households where there are fewer than ");
		text_number(text, rule->minimum_households, lang);
		text_add(text, vi ? ".\n" : " of them.\n");
	}
}

static void
describe_body(policy_text *text, const policy *rule, const policy_branch *branch, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (branch->worst_of)
		text_add(text, vi ? "Chỉ tiêu xấu nhất quyết định:\n" : "The worst of these decides:\n");
	else
		text_add(text, vi ? "Dòng đầu tiên đúng sẽ quyết định:\n" :
							"The first of these that holds decides:\n");
	for (int i = 0; i < branch->metric_count; i++)
	{
		text_add(text, "- ");
		words_bands(text, rule, &branch->metrics[i], lang);
		text_add(text, ".\n");
	}
	for (int i = 0; i < branch->rule_count; i++)
	{
		const policy_rule *line = &branch->rules[i];

		text_format(text, "- %s: ", rule->tiers[line->tier].label[lang]);
		if (line->condition == NULL)
			text_add(text, vi ? "trường hợp còn lại" : "otherwise");
		else
			words_condition(text, rule, line->condition, lang);
		words_line_confidence(text, line, lang);
		text_add(text, ".\n");
	}
}

static void
describe_base(policy_text *text, const policy *rule, policy_lang lang)
{
	for (int i = 0; i < rule->branch_count && rule->has_base; i++)
	{
		if (rule->branch_count > 1 || rule->level_count > 0)
		{
			text_add(text, "* ");
			words_case(text, rule, &rule->branches[i], lang);
			text_add(text, ":\n");
		}
		describe_body(text, rule, &rule->branches[i], lang);
	}
}

static void
describe_steps(policy_text *text, const policy *rule, policy_lang lang)
{
	if (rule->step_count > 0)
		text_add(text, lang == POLICY_VI ? "Sau đó, lần lượt:\n" : "Then, one after the other:\n");
	for (int i = 0; i < rule->step_count; i++)
	{
		text_add(text, "- ");
		words_step_when(text, rule, &rule->steps[i], lang);
		text_add(text, ".\n");
	}
}

char *
policy_describe(const policy *rule, policy_lang lang)
{
	policy_text text;

	text_start(&text);
	describe_head(&text, rule, lang);
	describe_tiers(&text, rule, lang);
	for (int i = 0; i < rule->source_count; i++)
		describe_source(&text, rule, i, lang);
	for (int i = 0; i < rule->day_kind_count; i++)
		words_day_kind_days(&text, rule, i, lang);
	describe_parameters(&text, rule, lang);
	describe_requires(&text, rule, lang);
	describe_lets(&text, rule, lang);
	words_relations(&text, rule, lang);
	describe_base(&text, rule, lang);
	describe_steps(&text, rule, lang);
	words_changes(&text, rule, lang);
	if (rule->first_window >= 0)
		text_add(&text, lang == POLICY_VI ?
							"“Trong n ngày” là ngày đánh giá và n-1 ngày trước đó.\n" :
							"\"Within n days\" is the day judged and the n-1 days before it.\n");
	return text.bytes;
}
