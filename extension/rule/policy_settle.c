/* Settling expressions: see policy_settle.h. Errors are recorded in the parser; the first one
 * stays. */
#include "policy_pieces.h"
#include "policy_settle.h"

static expr_type settle(policy_parser *parser, policy_expr *expr);

static bool
want(policy_parser *parser, const policy_expr *expr, expr_type type, expr_type wanted)
{
	if (type == TYPE_BAD || type == wanted)
		return type == wanted;
	if (type == TYPE_AGE)
		return policy_fail(parser, PURE_SYNTAX, expr->place, "Write days since cases <= 14.",
						   "days since and never can only be compared");
	if (wanted == TYPE_NUMBER)
		return policy_fail(parser, PURE_SYNTAX, expr->place,
						   "A yes or no, and what is compared, stands by itself: contact AND cases "
						   "IN 7 days >= 1.",
						   "a number is wanted here, not a condition");
	return policy_fail(parser, PURE_SYNTAX, expr->place, "Compare it: cases IN 7 days >= 3.",
					   "a condition is wanted here, not a number");
}

/* How a number that was worked out from parameters is called; NULL where none went into it. */
static const char *
folded_name(const policy_expr *expr)
{
	const char *sign = expr->kind == EXPR_ADD	   ? " + " :
					   expr->kind == EXPR_SUBTRACT ? " - " :
					   expr->kind == EXPR_MULTIPLY ? " × " :
					   expr->kind == EXPR_DIVIDE   ? " ÷ " :
													 "-";
	bool named = false;
	char name[200] = "";
	size_t length = 0;

	for (int i = 0; i < expr->part_count; i++)
	{
		const char *part = expr->parts[i]->parameter;
		char number[64];
		bool is_sum = part != NULL && strchr(part, ' ') != NULL;

		named |= part != NULL;
		exact_print(expr->parts[i]->number, 12, number, sizeof(number));
		length +=
			(size_t) snprintf(name + length, sizeof(name) - length, "%s%s%s%s",
							  i > 0 || expr->kind == EXPR_NEGATE ? sign : "", is_sum ? "(" : "",
							  part != NULL ? part : number, is_sum ? ")" : "");
		if (length >= sizeof(name)) /* too long to say: its value will do */
			return NULL;
	}
	return named ? policy_copy(name, length) : NULL;
}

static bool
fold(policy_parser *parser, policy_expr *expr)
{
	exact value = expr->parts[0]->number;
	bool fits = true;

	for (int i = 0; i < expr->part_count; i++)
		if (expr->parts[i]->kind != EXPR_NUMBER)
			return true;
	switch (expr->kind)
	{
		case EXPR_NEGATE:
			value.num = -value.num;
			break;
		case EXPR_ADD:
			fits = exact_add(value, expr->parts[1]->number, &value);
			break;
		case EXPR_SUBTRACT:
			fits = exact_subtract(value, expr->parts[1]->number, &value);
			break;
		case EXPR_MULTIPLY:
			fits = exact_multiply(value, expr->parts[1]->number, &value);
			break;
		case EXPR_DIVIDE:
			fits = exact_divide(value, expr->parts[1]->number, &value);
			break;
		default:
			return true;
	}
	if (!fits)
		return policy_fail(parser, PURE_OUT_OF_RANGE, expr->place, NULL, "number is too large");
	expr->parameter = folded_name(expr);
	expr->kind = EXPR_NUMBER;
	expr->number = value;
	expr->part_count = 0;
	return true;
}

static expr_type
settle_arithmetic(policy_parser *parser, policy_expr *expr)
{
	for (int i = 0; i < expr->part_count; i++)
	{
		int days;

		if (!want(parser, expr->parts[i], settle(parser, expr->parts[i]), TYPE_NUMBER))
			return TYPE_BAD;
		if (expr->parts[i]->percent && (expr->kind == EXPR_MULTIPLY || expr->kind == EXPR_DIVIDE))
		{
			policy_fail(
				parser, PURE_SYNTAX, expr->parts[i]->place,
				"Write 0.5 * x for half of x, and 100 * x / y for x in per cent of y: 50% is 50.",
				"per cent cannot be multiplied or divided");
			return TYPE_BAD;
		}
		days = expr->parts[i]->days;
		if (expr->days == 0)
			expr->days = days;
		else if (days != 0 && days != expr->days)
			expr->days = -1;
	}
	if (expr->kind == EXPR_DIVIDE && expr->parts[1]->kind == EXPR_NUMBER &&
		expr->parts[1]->number.num == 0)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place, NULL, "division by zero");
		return TYPE_BAD;
	}
	return fold(parser, expr) ? TYPE_NUMBER : TYPE_BAD;
}

static expr_type
settle_per_time(policy_parser *parser, policy_expr *expr)
{
	policy_expr *what = expr->parts[0];

	if (!want(parser, what, settle(parser, what), TYPE_NUMBER))
		return TYPE_BAD;
	if (what->days <= 0)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place, "Write cases IN 14 days PER week.",
					what->days == 0	 ? "PER day and PER week need a window" :
					what->days == -1 ? "PER day and PER week need one window, not several" :
									   "PER day and PER week need a window of so many days of "
									   "the calendar");
		return TYPE_BAD;
	}
	if (!exact_divide(expr->number, exact_of(what->days), &expr->number))
		return TYPE_BAD;
	return TYPE_NUMBER;
}

static expr_type
settle_per_people(policy_parser *parser, policy_expr *expr)
{
	policy_expr people = {.place = expr->place};
	atom_kind kind = expr->index;

	if (!want(parser, expr->parts[0], settle(parser, expr->parts[0]), TYPE_NUMBER))
		return TYPE_BAD;
	settle_reserved(parser->rule, &people, kind);
	expr->index = people.index;
	expr->days = expr->parts[0]->days;
	return TYPE_NUMBER;
}

void
settle_look_back(policy_source *source, int64_t days)
{
	if (days > POLICY_FOREVER)
		days = POLICY_FOREVER;
	if (source->look_back < days)
		source->look_back = (int32_t) days;
	if (source->passes < days && days < POLICY_FOREVER)
		source->passes = (int32_t) days;
}

/* How far back a comparison of "days since" looks: as far as its bound, or for ever. */
static void
note_age(policy *rule, const policy_expr *age, const policy_expr *other)
{
	const policy_atom *atom;
	int32_t days;

	if (age->kind != EXPR_ATOM || rule->atoms[age->index].kind != ATOM_DAYS_SINCE)
		return;
	atom = &rule->atoms[age->index];
	if (other->kind != EXPR_NUMBER || exact_compare(other->number, exact_of(POLICY_MAX_DAYS)) > 0)
		days = POLICY_FOREVER;
	else if (other->number.num < 0)
		days = 1 + (int32_t) settle_shift_days(rule, &atom->shift);
	else
		days = (int32_t) (other->number.num / other->number.den) + 1 +
			   (int32_t) settle_shift_days(rule, &atom->shift);
	settle_look_back(&rule->sources[atom->source], days);
}

void
settle_note_ages(policy *rule, const policy_expr *comparison)
{
	for (int i = 1; i < comparison->part_count; i++)
	{
		note_age(rule, comparison->parts[i], comparison->parts[i - 1]);
		note_age(rule, comparison->parts[i - 1], comparison->parts[i]);
	}
}

/* A sum of counts, and a count divided by another: 0.04 is 4 in a hundred, and no number of them.
 */
static bool
is_counted(const policy *rule, const policy_expr *expr)
{
	bool counted = expr->part_count > 0 && (expr->kind == EXPR_ADD || expr->kind == EXPR_SUBTRACT);

	if (expr->kind == EXPR_LET)
		return is_counted(rule, rule->lets[expr->index].expr);
	for (int i = 0; i < expr->part_count && counted; i++)
		counted = is_counted(rule, expr->parts[i]);
	return counted || (expr->kind == EXPR_ATOM && rule->atoms[expr->index].kind <= ATOM_PEAK);
}

static bool
is_plain_ratio(const policy *rule, const policy_expr *expr)
{
	if (expr->kind == EXPR_LET)
		return is_plain_ratio(rule, rule->lets[expr->index].expr);
	if (expr->kind == EXPR_ADD || expr->kind == EXPR_SUBTRACT)
		return is_plain_ratio(rule, expr->parts[0]) || is_plain_ratio(rule, expr->parts[1]);
	return expr->kind == EXPR_DIVIDE && is_counted(rule, expr->parts[0]) &&
		   is_counted(rule, expr->parts[1]);
}

/* % is for the reader, so that a ratio would be compared with a number a hundred times too large.
 */
static bool
refuse_percent_of_ratio(policy_parser *parser, const policy_expr *expr)
{
	for (int i = 0; i < expr->part_count; i++)
		for (int beside = i - 1; beside <= i + 1; beside += 2)
			if (expr->parts[i]->percent && beside >= 0 && beside < expr->part_count &&
				is_plain_ratio(parser->rule, expr->parts[beside]))
				return policy_fail(
					parser, PURE_SYNTAX, expr->parts[i]->place,
					"Write 100 * positives IN 7 days / tests IN 7 days, or the bound "
					"as a part of one: 0.04 rather than 4%.",
					"a count divided by a count is no number of per cent");
	return true;
}

static expr_type
settle_comparison(policy_parser *parser, policy_expr *expr)
{
	policy *rule = parser->rule;
	bool ages = false;

	for (int i = 0; i < expr->part_count; i++)
	{
		policy_expr *part = expr->parts[i];
		expr_type type = settle(parser, part);

		if (type == TYPE_BAD)
			return TYPE_BAD;
		if (type == TYPE_YESNO)
		{
			policy_fail(parser, PURE_SYNTAX, part->place, "Write the name alone, or NOT before it.",
						"a yes or no cannot be compared");
			return TYPE_BAD;
		}
		ages |= type == TYPE_AGE;
	}
	for (int i = 0; ages && i < expr->part_count; i++)
	{
		policy_expr *part = expr->parts[i];
		bool is_age = part->kind == EXPR_NEVER ||
					  (part->kind == EXPR_ATOM && rule->atoms[part->index].kind == ATOM_DAYS_SINCE);

		if (!is_age && part->kind != EXPR_NUMBER)
		{
			policy_fail(parser, PURE_SYNTAX, part->place, NULL,
						"days since and never compare only with each other and with numbers");
			return TYPE_BAD;
		}
	}
	if (ages)
		settle_note_ages(rule, expr);
	return refuse_percent_of_ratio(parser, expr) ? TYPE_YESNO : TYPE_BAD;
}

static expr_type
settle_missing(policy_parser *parser, policy_expr *expr)
{
	const policy_expr *what = expr->parts[0];
	expr_type type = settle(parser, expr->parts[0]);

	if (type == TYPE_BAD)
		return TYPE_BAD;
	if (what->kind == EXPR_ATOM || what->kind == EXPR_LET)
		return TYPE_YESNO;
	policy_fail(parser, PURE_SYNTAX, what->place, "A count is 0 where no report says otherwise.",
				"only a NUMBER, a YESNO, a LET or the population may be MISSING");
	return TYPE_BAD;
}

static expr_type
settle_logic(policy_parser *parser, policy_expr *expr)
{
	for (int i = 0; i < expr->part_count; i++)
		if (!want(parser, expr->parts[i], settle(parser, expr->parts[i]), TYPE_YESNO))
			return TYPE_BAD;
	return TYPE_YESNO;
}

static expr_type
settle(policy_parser *parser, policy_expr *expr)
{
	switch (expr->kind)
	{
		case EXPR_NUMBER:
			return TYPE_NUMBER;
		case EXPR_NAME:
			return settle_name(parser, expr);
		case EXPR_COUNT:
		case EXPR_HOUSEHOLDS_WITH:
		case EXPR_PEAK:
		case EXPR_DAYS_SINCE:
			return settle_count(parser, expr);
		case EXPR_TOUCHES:
		case EXPR_SHARE:
		case EXPR_CHILDREN:
			return settle_relation(parser, expr);
		case EXPR_HOUSEHOLDS:
			return settle_reserved(parser->rule, expr, ATOM_ALL_HOUSEHOLDS);
		case EXPR_PER_TIME:
			return settle_per_time(parser, expr);
		case EXPR_PER_PEOPLE:
			return settle_per_people(parser, expr);
		case EXPR_COMPARE:
			return settle_comparison(parser, expr);
		case EXPR_AND:
		case EXPR_OR:
		case EXPR_NOT:
		case EXPR_AT_LEAST:
			return settle_logic(parser, expr);
		case EXPR_MISSING:
			return settle_missing(parser, expr);
		case EXPR_ANY_OF:
		case EXPR_RUNNING:
			return settle_logic(parser, expr) == TYPE_YESNO && settle_running(parser, expr) ?
					   TYPE_YESNO :
					   TYPE_BAD;
		default:
			return settle_arithmetic(parser, expr);
	}
}

bool
settle_condition(policy_parser *parser, policy_expr *expr)
{
	return want(parser, expr, settle(parser, expr), TYPE_YESNO);
}

bool
settle_number(policy_parser *parser, policy_expr *expr)
{
	return want(parser, expr, settle(parser, expr), TYPE_NUMBER);
}

bool
settle_lets(policy_parser *parser)
{
	policy *rule = parser->rule;
	int count = rule->let_count; /* those of earlier days are added behind them */

	for (int i = 0; i < count; i++)
	{
		policy_expr *unless = rule->lets[i].unless;

		if (!settle_number(parser, rule->lets[i].expr) ||
			(unless != NULL && !settle_condition(parser, unless)))
			return false;
		rule->lets[i].settled = true;
		PUSH(rule->let_order, rule->order_count, i);
	}
	return true;
}

bool
expr_equal(const policy_expr *a, const policy_expr *b)
{
	if (a->kind != b->kind || a->part_count != b->part_count || a->index != b->index ||
		exact_compare(a->number, b->number) != 0)
		return false;
	for (int i = 0; i < a->part_count; i++)
		if (!expr_equal(a->parts[i], b->parts[i]) ||
			(i > 0 && a->kind == EXPR_COMPARE && a->ops[i - 1] != b->ops[i - 1]))
			return false;
	return true;
}

static bool
op_holds(compare_op op, int order)
{
	switch (op)
	{
		case OP_LESS:
			return order < 0;
		case OP_LESS_EQUAL:
			return order <= 0;
		case OP_EQUAL:
			return order == 0;
		case OP_NOT_EQUAL:
			return order != 0;
		case OP_GREATER_EQUAL:
			return order >= 0;
		default:
			return order > 0;
	}
}

bool
constant_condition(policy_parser *parser, const policy_expr *expr, bool *holds)
{
	bool part_holds;

	*holds = expr->kind != EXPR_OR;
	for (int i = 0; i < expr->part_count; i++)
		switch (expr->kind)
		{
			case EXPR_COMPARE:
				if (expr->parts[i]->kind != EXPR_NUMBER)
					return policy_fail(parser, PURE_SYNTAX, expr->parts[i]->place,
									   "Conditions on a zone stand behind WHEN.",
									   "REQUIRE is about parameters and numbers only");
				if (i > 0 && !op_holds(expr->ops[i - 1], exact_compare(expr->parts[i - 1]->number,
																	   expr->parts[i]->number)))
					*holds = false;
				break;
			default:
				if (!constant_condition(parser, expr->parts[i], &part_holds))
					return false;
				if (expr->kind == EXPR_NOT)
					*holds = !part_holds;
				else if (part_holds == (expr->kind == EXPR_OR))
					*holds = part_holds;
		}
	if (expr->part_count == 0)
		return policy_fail(parser, PURE_SYNTAX, expr->place,
						   "Conditions on a zone stand behind WHEN.",
						   "REQUIRE is about parameters and numbers only");
	return true;
}
