/* Making the nodes of expressions, with their depth bounded so that walking them needs little
 * stack. */
#include "policy_build.h"

static policy_expr *
make_node(expr_kind kind, int place)
{
	policy_expr *expr = pure_alloc0(sizeof(policy_expr));

	expr->kind = kind;
	expr->place = place;
	expr->depth = 1;
	expr->number = exact_of(0);
	return expr;
}

bool
policy_expr_add(policy_parser *parser, policy_expr *expr, policy_expr *part)
{
	PUSH(expr->parts, expr->part_count, part);
	if (part->depth >= expr->depth)
		expr->depth = part->depth + 1;
	if (expr->depth > POLICY_MAX_DEPTH)
		return policy_fail(parser, PURE_LIMIT, part->place, NULL, "policy is nested too deeply");
	return true;
}

policy_expr *
policy_expr_make(policy_parser *parser, expr_kind kind, int place, policy_expr *left,
				 policy_expr *right)
{
	policy_expr *expr;

	/* A AND B AND C is one list, not a ladder. */
	if ((kind == EXPR_AND || kind == EXPR_OR) && left != NULL && left->kind == kind)
		return policy_expr_add(parser, left, right) ? left : NULL;

	expr = make_node(kind, place);
	if (left != NULL && !policy_expr_add(parser, expr, left))
		return NULL;
	if (right != NULL && !policy_expr_add(parser, expr, right))
		return NULL;
	return expr;
}

policy_expr *
build_number(policy_parser *parser, exact value, int place)
{
	policy_expr *expr = policy_expr_make(parser, EXPR_NUMBER, place, NULL, NULL);

	expr->number = value;
	return expr;
}

policy_expr *
build_name(policy_parser *parser, expr_kind kind, policy_word name, int place)
{
	policy_expr *expr = policy_expr_make(parser, kind, place, NULL, NULL);

	expr->name = name.text;
	return expr;
}

policy_expr *
build_comparison(policy_parser *parser, int place, policy_expr *left, compare_op op,
				 policy_expr *right)
{
	policy_expr *expr = policy_expr_make(parser, EXPR_COMPARE, place, left, right);

	if (expr == NULL)
		return NULL;
	expr->ops = policy_grow(NULL, 0, sizeof(compare_op));
	expr->ops[0] = op;
	return expr;
}

policy_expr *
build_longer_chain(policy_parser *parser, policy_expr *chain, compare_op op, policy_expr *right)
{
	int count = chain->part_count - 1;

	chain->ops = policy_grow(chain->ops, count, sizeof(compare_op));
	chain->ops[count] = op;
	return policy_expr_add(parser, chain, right) ? chain : NULL;
}

policy_expr *
build_per_time(policy_parser *parser, int place, policy_expr *what, const policy_word *unit)
{
	policy_expr *expr;

	if (unit != NULL && strcmp(unit->text, "week") != 0)
	{
		policy_fail(parser, PURE_SYNTAX, unit->place,
					"Write PER day, PER week or PER 100000 population.", "unknown unit \"%s\"",
					unit->text);
		return NULL;
	}
	expr = policy_expr_make(parser, EXPR_PER_TIME, place, what, NULL);
	if (expr != NULL)
		expr->number = exact_of(unit == NULL ? 1 : 7);
	return expr;
}

policy_expr *
build_per_people(policy_parser *parser, int place, policy_expr *what, exact people,
				 const policy_word *unit)
{
	policy_expr *expr;

	if (unit != NULL && strcmp(unit->text, "population") != 0)
	{
		policy_fail(parser, PURE_SYNTAX, unit->place,
					"Write PER day, PER week, PER 100000 population or PER 1000 households.",
					"unknown unit \"%s\"", unit->text);
		return NULL;
	}
	if (people.num <= 0)
	{
		policy_fail(parser, PURE_SYNTAX, place, NULL, "a rate must be per more than zero %s",
					unit != NULL ? "people" : "households");
		return NULL;
	}
	expr = policy_expr_make(parser, EXPR_PER_PEOPLE, place, what, NULL);
	if (expr == NULL)
		return NULL;
	expr->number = people;
	expr->index = unit != NULL ? ATOM_POPULATION : ATOM_ALL_HOUSEHOLDS;
	return expr;
}

policy_window
build_window(policy_span days, const policy_span *lag)
{
	policy_window window = {.has_lag = lag != NULL, .days = days, .lag = days};

	if (lag != NULL)
		window.lag = *lag;
	return window;
}

policy_expr *
build_peak(policy_parser *parser, policy_word name, policy_span days, const policy_span *within)
{
	policy_expr *expr = build_name(parser, EXPR_PEAK, name, name.place);

	expr->window = build_window(days, within);
	expr->window.forever = within == NULL;
	return expr;
}

policy_span
build_span(const char *name, exact days, const policy_word *kind, int place)
{
	policy_span span = {.name = name, .days = days, .place = place};

	if (kind != NULL)
		span.kind = *kind;
	return span;
}

policy_run_unit
build_run_days(int days, const policy_word *kind)
{
	policy_run_unit run = {.days = days};

	if (kind != NULL)
		run.kind = *kind;
	return run;
}

bool
policy_fail_unit(policy_parser *parser, policy_word unit)
{
	return policy_fail(parser, PURE_SYNTAX, unit.place,
					   strncmp(unit.text, "week", 4) == 0 ?
						   "Write days, 7 to a week." :
						   "Write 7 days; or 5 working days, where DAYS working says which count.",
					   "unknown unit \"%s\"", unit.text);
}

bool
build_run_unit(policy_parser *parser, policy_word unit, policy_run_unit *run)
{
	*run = build_run_days(7, NULL);
	return strcmp(unit.text, "weeks") == 0 ||
		   policy_fail(parser, PURE_SYNTAX, unit.place, "Write ON 3 days RUNNING, or weeks.",
					   "unknown unit \"%s\"", unit.text);
}

policy_expr *
build_running(policy_parser *parser, expr_kind kind, int place, policy_expr *condition, exact count,
			  policy_run_unit unit)
{
	policy_expr *expr;
	int days;

	if (!build_days(parser, count, place, 1, &days))
		return NULL;
	expr = policy_expr_make(parser, kind, place, condition, NULL);
	if (expr == NULL)
		return NULL;
	expr->number = count;
	expr->index = unit.days;
	expr->day_kind = unit.kind;
	return expr;
}

policy_expr *
build_at_least(policy_parser *parser, int place, exact least, policy_expr *conditions)
{
	if (least.den != 1 || least.num < 1 || least.num > conditions->part_count)
	{
		policy_fail(parser, PURE_SYNTAX, place, NULL,
					"AT LEAST is a whole number from 1 to the %d conditions in the list",
					conditions->part_count);
		return NULL;
	}
	conditions->number = least;
	conditions->place = place;
	return conditions;
}
