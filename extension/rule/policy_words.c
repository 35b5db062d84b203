/* The parts of a policy in words. */
#include "policy_words.h"

/* Names that every map has; a policy may label them otherwise. */
static const char *
common_label(const char *name, policy_lang lang)
{
	static const char *const labels[][3] = {
		{"cases", "cases", "ca mắc"},
		{"community_cases", "community cases", "ca mắc cộng đồng"},
		{"deaths", "deaths", "ca tử vong"},
		{"tests", "tests", "xét nghiệm"},
		{"positives", "positive tests", "xét nghiệm dương tính"},
		{"population", "population", "dân số"},
		{"households", "number of households", "số hộ"},
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(labels[i][0], name) == 0)
			return labels[i][1 + lang];
	return name;
}

static const char *
label_of(const policy_named *named, policy_lang lang)
{
	return named->label[lang] != NULL ? named->label[lang] : common_label(named->name.text, lang);
}

const char *
words_source(const policy *rule, int source, policy_lang lang)
{
	return label_of(&rule->sources[source].named, lang);
}

const char *
words_let(const policy *rule, int let, policy_lang lang)
{
	return label_of(&rule->lets[let].named, lang);
}

static void
words_atom(policy_text *text, const policy *rule, const policy_atom *atom, policy_lang lang)
{
	const char *label = words_source(rule, atom->source, lang);
	bool vi = lang == POLICY_VI;

	switch (atom->kind)
	{
		case ATOM_COUNT:
			if (atom->window == POLICY_FOREVER)
				text_format(text, vi ? "tổng số %s từ trước đến nay" : "the number of %s so far",
							label);
			else
			{
				text_format(text, vi ? "số %s trong " : "the number of %s within ", label);
				words_days(text, rule, atom->window, atom->window_kind - 1, lang);
			}
			break;
		case ATOM_PEAK:
			text_format(text,
						vi ? "số %s cao nhất trong %d ngày liền" :
							 "the highest number of %s within any %d day%s",
						label, atom->window, atom->window == 1 ? "" : "s");
			if (atom->within == POLICY_FOREVER)
				text_add(text, vi ? " từ trước đến nay" : " so far");
			else
				text_format(text,
							vi ? " kết thúc trong %d ngày qua" : " that ended in the last %d days",
							atom->within);
			break;
		case ATOM_HOUSEHOLDS:
			text_format(text,
						vi ? "số hộ có %s trong " : "the number of households with %s within ",
						label);
			words_days(text, rule, atom->window, atom->window_kind - 1, lang);
			break;
		case ATOM_DAYS_SINCE:
			text_format(text,
						lang == POLICY_VI ? "số ngày kể từ ngày gần nhất có %s" :
											"the number of days since the last day with %s",
						label);
			break;
		case ATOM_SHARE:
		case ATOM_CHILDREN:
			words_relation(text, rule, atom, lang);
			break;
		default:
			text_add(text, label);
	}
	words_shift(text, rule, &atom->shift, lang);
}

/* Parentheses where two operators meet, so that nobody has to know which binds first. */
static void
words_part(policy_text *text, const policy *rule, const policy_expr *expr, policy_lang lang)
{
	bool brackets = expr->kind == EXPR_ADD || expr->kind == EXPR_SUBTRACT ||
					expr->kind == EXPR_DIVIDE || expr->kind == EXPR_MULTIPLY ||
					expr->kind == EXPR_NEGATE;

	if (brackets)
		text_add(text, "(");
	words_expr(text, rule, expr, lang);
	if (brackets)
		text_add(text, ")");
}

void
words_expr(policy_text *text, const policy *rule, const policy_expr *expr, policy_lang lang)
{
	static const char *const signs[] = {[EXPR_ADD] = " + ",
										[EXPR_SUBTRACT] = " - ",
										[EXPR_MULTIPLY] = " × ",
										[EXPR_DIVIDE] = " ÷ "};
	bool vi = lang == POLICY_VI;

	switch (expr->kind)
	{
		case EXPR_NUMBER:
			if (text->names_parameters && expr->parameter != NULL)
				text_add(text, expr->parameter);
			else
				text_number(text, expr->number, lang);
			break;
		case EXPR_NEVER:
			text_add(text, vi ? "chưa từng" : "never");
			break;
		case EXPR_ATOM:
			words_atom(text, rule, &rule->atoms[expr->index], lang);
			break;
		case EXPR_LET:
			text_add(text, words_let(rule, expr->index, lang));
			words_shift(text, rule, &rule->lets[expr->index].shift, lang);
			break;
		case EXPR_NEGATE:
			text_add(text, "-");
			words_part(text, rule, expr->parts[0], lang);
			break;
		case EXPR_PER_TIME:
			if (exact_compare(expr->number, (exact){1, expr->parts[0]->days}) == 0)
				text_add(text, vi ? "trung bình mỗi ngày của " : "the daily mean of ");
			else
				text_add(text, vi ? "trung bình mỗi tuần của " : "the weekly mean of ");
			words_part(text, rule, expr->parts[0], lang);
			break;
		case EXPR_PER_PEOPLE:
			words_part(text, rule, expr->parts[0], lang);
			text_add(text, vi ? " tính trên " : " per ");
			text_number(text, expr->number, lang);
			if (rule->atoms[expr->index].kind == ATOM_POPULATION)
				text_add(text, vi ? " dân" : " people");
			else
				text_add(text, vi ? " hộ" : " households");
			break;
		default:
			words_part(text, rule, expr->parts[0], lang);
			text_add(text, signs[expr->kind]);
			words_part(text, rule, expr->parts[1], lang);
	}
}

static void
words_op(policy_text *text, const policy *rule, compare_op op, const policy_expr *right,
		 policy_lang lang)
{
	static const char *const words[2][6] = {
		{"less than ", "at most ", "", "other than ", "at least ", "more than "},
		{"dưới ", "không quá ", "bằng ", "khác ", "từ ", "lớn hơn "},
	};

	text_add(text, words[lang][op]);
	words_expr(text, rule, right, lang);
	if (lang == POLICY_VI && op == OP_GREATER_EQUAL)
		text_add(text, " trở lên");
}

static compare_op
mirrored(compare_op op)
{
	static const compare_op mirror[] = {OP_GREATER,	  OP_GREATER_EQUAL, OP_EQUAL,
										OP_NOT_EQUAL, OP_LESS_EQUAL,	OP_LESS};

	return mirror[op];
}

static bool
words_never(policy_text *text, const policy *rule, const policy_expr *left, compare_op op,
			const policy_expr *right, policy_lang lang)
{
	const char *label;

	if (left->kind != EXPR_ATOM || right->kind != EXPR_NEVER ||
		(op != OP_EQUAL && op != OP_NOT_EQUAL))
		return false;
	label = words_source(rule, rule->atoms[left->index].source, lang);
	if (op == OP_EQUAL)
		text_format(text, lang == POLICY_VI ? "chưa từng có %s" : "there never were any %s", label);
	else
		text_format(text, lang == POLICY_VI ? "đã từng có %s" : "there have been %s", label);
	return true;
}

static void
words_comparison(policy_text *text, const policy *rule, const policy_expr *expr, policy_lang lang)
{
	const char *is = lang == POLICY_VI ? " " : " is ";
	const char *and = lang == POLICY_VI ? " và " : " and ";

	/* 10 <= x < 50: the middle is what it is about. */
	if (expr->part_count == 3 && expr->parts[0]->kind == EXPR_NUMBER &&
		expr->parts[2]->kind == EXPR_NUMBER)
	{
		words_expr(text, rule, expr->parts[1], lang);
		text_add(text, is);
		words_op(text, rule, mirrored(expr->ops[0]), expr->parts[0], lang);
		text_add(text, and);
		words_op(text, rule, expr->ops[1], expr->parts[2], lang);
		return;
	}
	for (int i = 1; i < expr->part_count; i++)
	{
		const policy_expr *left = expr->parts[i - 1];
		const policy_expr *right = expr->parts[i];
		bool turned = (left->kind == EXPR_NUMBER && right->kind != EXPR_NUMBER) || left->kind == EXPR_NEVER;

		if (i > 1)
			text_add(text, and);
		if (words_never(text, rule, turned ? right : left, expr->ops[i - 1], turned ? left : right,
						lang))
			continue;
		words_expr(text, rule, turned ? right : left, lang);
		text_add(text, is);
		words_op(text, rule, turned ? mirrored(expr->ops[i - 1]) : expr->ops[i - 1],
				 turned ? left : right, lang);
	}
}

static void
words_answer(policy_text *text, const policy *rule, const policy_expr *flag, bool yes,
			 policy_lang lang)
{
	const char *label = words_source(rule, rule->atoms[flag->index].source, lang);

	if (rule->atoms[flag->index].kind == ATOM_TOUCHES)
	{
		words_touches(text, rule, &rule->atoms[flag->index], yes, lang);
		return;
	}
	if (lang == POLICY_VI)
		text_format(text, "“%s” là %s", label, yes ? "có" : "không");
	else
		text_format(text, "\"%s\" is %s", label, yes ? "yes" : "no");
}

static void
words_running(policy_text *text, const policy *rule, const policy_expr *expr, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	const char *unit = expr->index == 7 ? (vi ? "tuần" : "weeks") : (vi ? "ngày" : "days");
	const char *kind = "";
	const char *space = expr->day_kind.text != NULL ? " " : "";

	for (int i = 0; i < rule->day_kind_count && expr->day_kind.text != NULL; i++)
		if (strcmp(rule->day_kinds[i].named.name.text, expr->day_kind.text) == 0)
			kind = words_day_kind(rule, i, lang);
	text_add(text, "(");
	words_condition(text, rule, expr->parts[0], lang);
	if (vi)
		text_format(text,
					expr->kind == EXPR_RUNNING ? ") trong %d %s%s%s liên tiếp" :
												 ") ít nhất một lần trong %d %s%s%s",
					(int) expr->number.num, unit, space, kind);
	else
		text_format(text,
					expr->kind == EXPR_RUNNING ? ") on %d %s%s%s running" : ") on any of %d %s%s%s",
					(int) expr->number.num, kind, space, unit);
}

static void
words_at_least(policy_text *text, const policy *rule, const policy_expr *expr, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_format(text, vi ? "có ít nhất %d trong %d điều sau: (" : "at least %d of these %d: (",
				(int) expr->number.num, expr->part_count);
	for (int i = 0; i < expr->part_count; i++)
	{
		if (i > 0)
			text_add(text, "; ");
		words_condition(text, rule, expr->parts[i], lang);
	}
	text_add(text, ")");
}

void
words_condition(policy_text *text, const policy *rule, const policy_expr *expr, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	const char *link = expr->kind == EXPR_AND ? (vi ? " và " : " and ") : (vi ? " hoặc " : " or ");

	switch (expr->kind)
	{
		case EXPR_COMPARE:
			words_comparison(text, rule, expr, lang);
			return;
		case EXPR_ATOM:
			words_answer(text, rule, expr, true, lang);
			return;
		case EXPR_NOT:
			if (expr->parts[0]->kind == EXPR_ATOM)
			{
				words_answer(text, rule, expr->parts[0], false, lang);
				return;
			}
			text_add(text, vi ? "không phải (" : "not (");
			words_condition(text, rule, expr->parts[0], lang);
			text_add(text, ")");
			return;
		case EXPR_ANY_OF:
		case EXPR_RUNNING:
			words_running(text, rule, expr, lang);
			return;
		case EXPR_MISSING:
			text_add(text, vi ? "thiếu “" : "\"");
			words_expr(text, rule, expr->parts[0], lang);
			text_add(text, vi ? "”" : "\" is missing");
			return;
		case EXPR_AT_LEAST:
			words_at_least(text, rule, expr, lang);
			return;
		default:
			break;
	}
	for (int i = 0; i < expr->part_count; i++)
	{
		expr_kind kind = expr->parts[i]->kind;
		bool brackets = kind == EXPR_AND || kind == EXPR_OR;

		if (i > 0)
			text_add(text, link);
		if (brackets)
			text_add(text, "(");
		words_condition(text, rule, expr->parts[i], lang);
		if (brackets)
			text_add(text, ")");
	}
}
