/* What was read from a profile, in words. */
#include "policy_words.h"

void
words_seen_start(words_seen *seen, const policy *rule)
{
	seen->atoms = pure_alloc0((size_t) rule->atom_count + 1);
	seen->lets = pure_alloc0((size_t) rule->let_count + 1);
}

/* "3 cases" but "1 case": English names of things counted end in s. */
static void
counted(policy_text *text, const policy_reading *reading, const char *label, policy_lang lang)
{
	size_t length = strlen(label);
	bool one = exact_compare(reading->value.low.value, exact_of(1)) == 0;

	if (reading->gap == GAP_INCOMPLETE)
		text_add(text, lang == POLICY_VI ? "ít nhất " : "at least ");
	text_number(text, reading->value.low.value, lang);
	if (one && lang == POLICY_EN && length > 1 && label[length - 1] == 's')
		length--;
	text_format(text, " %.*s", (int) length, label);
}

static void
until(policy_text *text, const policy_evaluation *evaluation, policy_lang lang)
{
	text_add(text, lang == POLICY_VI ? ", báo cáo chỉ đầy đủ đến hết ngày " :
									   ", reports complete only until ");
	text_day(text, evaluation->profile->complete_until);
}

static void
window_of(policy_text *text, const policy_evaluation *evaluation, const policy_atom *atom,
		  const policy_reading *reading, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (atom->window == POLICY_FOREVER)
	{
		text_add(text, vi ? " từ trước đến hết ngày " : " so far (until ");
		text_day(text, reading->last);
		text_add(text, vi ? "" : ")");
	}
	else
	{
		text_add(text, vi ? " trong " : " within ");
		words_days(text, evaluation->rule, atom->window, atom->window_kind - 1, lang);
		text_add(text, " (");
		text_day(text, reading->first);
		if (reading->first != reading->last)
		{
			text_add(text, vi ? " đến " : " to ");
			text_day(text, reading->last);
		}
		text_add(text, ")");
	}
	if (reading->gap == GAP_INCOMPLETE)
		until(text, evaluation, lang);
}

static void
peak(policy_text *text, const policy_evaluation *evaluation, const policy_atom *atom,
	 const policy_reading *reading, const char *label, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_add(text, vi ? "cao nhất " : "a peak of ");
	counted(text, reading, label, lang);
	text_format(text, vi ? " trong %d ngày liền" : " within any %d day%s", atom->window,
				vi || atom->window == 1 ? "" : "s");
	text_add(text, vi ? " tính đến " : " until ");
	text_day(text, reading->last);
	if (reading->gap == GAP_INCOMPLETE)
		until(text, evaluation, lang);
}

static void
last_day(policy_text *text, const policy_evaluation *evaluation, const policy_reading *reading,
		 const char *label, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (!reading->dated)
		text_format(text, vi ? "chưa từng có %s" : "never any %s", label);
	else
	{
		long long days = (long long) reading->last - reading->day;

		text_format(text,
					vi ? "ngày gần nhất có %s: %lld ngày trước (" :
						 "last day with %s: %lld day%s ago (",
					label, days, days == 1 ? "" : "s");
		text_day(text, reading->day);
		text_add(text, ")");
	}
	if (reading->gap == GAP_INCOMPLETE)
		until(text, evaluation, lang);
}

static void
value(policy_text *text, const policy_atom *atom, const policy_reading *reading, const char *label,
	  policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_format(text, "%s: ", label);
	if (!reading->dated)
		text_add(text, vi ? "thiếu" : "missing");
	if (!reading->dated && !reading->assumed)
		return;
	if (!reading->dated)
		text_add(text, vi ? ", tính là " : ", counted as ");
	if (atom->kind == ATOM_VALUE)
		text_number(text, reading->value.low.value, lang);
	else if (reading->value.low.value.num != 0)
		text_add(text, vi ? "có" : "yes");
	else
		text_add(text, vi ? "không" : "no");
	if (reading->dated)
	{
		text_add(text, " (");
		text_day(text, reading->day);
		text_add(text, ")");
	}
}

static void
words_reading(policy_text *text, const policy_evaluation *evaluation, int position,
			  policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_atom *atom = &rule->atoms[position];
	const policy_reading *reading = &evaluation->readings[position];
	const char *label = words_source(rule, atom->source, lang);
	bool vi = lang == POLICY_VI;
	char of[400];

	switch (atom->kind)
	{
		case ATOM_COUNT:
			counted(text, reading, label, lang);
			window_of(text, evaluation, atom, reading, lang);
			break;
		case ATOM_HOUSEHOLDS:
			if (reading->gap == GAP_HOUSEHOLDS)
			{
				text_format(text, vi ? "không biết số hộ có %s" : "households with %s not known",
							label);
				break;
			}
			counted(text, reading, vi ? "hộ" : "households", lang);
			snprintf(of, sizeof(of), vi ? " có %s" : " with %s", label);
			text_add(text, of);
			window_of(text, evaluation, atom, reading, lang);
			break;
		case ATOM_PEAK:
			peak(text, evaluation, atom, reading, label, lang);
			break;
		case ATOM_DAYS_SINCE:
			last_day(text, evaluation, reading, label, lang);
			break;
		case ATOM_POPULATION:
		case ATOM_ALL_HOUSEHOLDS:
			text_format(text, "%s: ", label);
			if (reading->gap != GAP_NONE)
				text_add(text, vi ? "không biết" : "not known");
			else
				text_number(text, reading->value.low.value, lang);
			break;
		case ATOM_LEVEL:
		case ATOM_TOUCHES:
		case ATOM_SHARE:
		case ATOM_CHILDREN:
			words_around(text, evaluation, position, lang);
			break;
		default:
			value(text, atom, reading, label, lang);
	}
}

static void
words_let_value(policy_text *text, const policy_evaluation *evaluation, int let, policy_lang lang)
{
	const range *known = &evaluation->lets[let];
	bool vi = lang == POLICY_VI;

	text_add(text, words_let(evaluation->rule, let, lang));
	words_shift(text, evaluation->rule, &evaluation->rule->lets[let].shift, lang);
	text_add(text, ": ");
	if (range_is_point(known) && known->low.infinite == 0)
		text_number(text, known->low.value, lang);
	else if (known->absence == RANGE_ABSENT)
		text_add(text, vi ? "thiếu" : "missing");
	else
		text_add(text, vi ? "không biết" : "not known");
}

void
words_numbers(policy_text *text, size_t start, const policy_evaluation *evaluation,
			  const policy_expr *expr, words_seen *seen, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	bool *known = expr->kind == EXPR_LET ? &seen->lets[expr->index] :
				  expr->kind == EXPR_ATOM || expr->kind == EXPR_PER_PEOPLE ?
										   &seen->atoms[expr->index] :
										   NULL;

	if (expr->kind == EXPR_LET && !*known)
	{
		*known = true;
		text_between(text, start, "; ");
		words_let_value(text, evaluation, expr->index, lang);
		words_numbers(text, start, evaluation, rule->lets[expr->index].expr, seen, lang);
	}
	for (int i = 0; i < expr->part_count; i++)
		words_numbers(text, start, evaluation, expr->parts[i], seen, lang);
	if (known != NULL && !*known)
	{
		*known = true;
		text_between(text, start, "; ");
		words_reading(text, evaluation, expr->index, lang);
	}
}

void
words_gap(policy_text *text, const policy_evaluation *evaluation, int position, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_reading *reading = &evaluation->readings[position];
	const char *label = words_source(rule, rule->atoms[position].source, lang);
	bool vi = lang == POLICY_VI;

	switch (reading->gap)
	{
		case GAP_VALUE:
			text_format(text, vi ? "thiếu “%s”" : "\"%s\" is missing", label);
			return;
		case GAP_INCOMPLETE:
			text_format(text,
						vi ? "báo cáo về %s chỉ đầy đủ đến hết ngày " :
							 "reports of %s are complete only until ",
						label);
			text_day(text, evaluation->profile->complete_until);
			return;
		case GAP_HOUSEHOLDS:
			text_format(text,
						vi ? "không biết số hộ có %s" : "the households with %s are not known",
						label);
			return;
		case GAP_DENOMINATOR:
			text_format(text, vi ? "không biết %s" : "the %s is not known", label);
			return;
		case GAP_LEVEL:
		case GAP_NEIGHBOURS:
		case GAP_CHILDREN:
			words_around_gap(text, evaluation, position, lang);
			return;
		case GAP_NONE:
			break;
	}
	if (rule->atoms[position].kind == ATOM_POPULATION ||
		rule->atoms[position].kind == ATOM_ALL_HOUSEHOLDS)
	{
		exact least = rule->atoms[position].kind == ATOM_POPULATION ? rule->minimum_people :
																	  rule->minimum_households;

		text_format(text, vi ? "%s " : "the %s of ", label);
		text_number(text, reading->value.low.value, lang);
		text_add(text, vi ? " quá nhỏ để tính tỷ lệ" : " is too small for a rate");
		if (least.num > 0)
		{
			text_add(text, vi ? " (ít nhất " : " (at least ");
			text_number(text, least, lang);
			text_add(text, ")");
		}
		return;
	}
	if (exact_compare(reading->value.low.value, exact_of(0)) == 0)
		text_add(text, vi ? "không chia được: " : "there is nothing to divide by: ");
	else
		text_add(text, vi ? "quá ít để so sánh: " : "too little to compare with: ");
	words_reading(text, evaluation, position, lang);
}
