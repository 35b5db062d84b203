/* Making the nodes of expressions, with their depth bounded so that walking them needs little
 * stack. */
#include "policy_build.h"

static policy_expr *
make_node(expr_kind kind, int place, int part_count)
{
	policy_expr *expr = pure_alloc0(sizeof(policy_expr));

	expr->kind = kind;
	expr->place = place;
	expr->depth = 1;
	expr->number = exact_of(0);
	expr->window.days = exact_of(0);
	if (part_count > 0)
		expr->parts = policy_grow(NULL, 0, sizeof(policy_expr *));
	return expr;
}

static bool
add_part(policy_parser *parser, policy_expr *expr, policy_expr *part)
{
	expr->parts = expr->part_count == 0 ?
					  expr->parts :
					  policy_grow(expr->parts, expr->part_count, sizeof(policy_expr *));
	expr->parts[expr->part_count++] = part;
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
	if ((kind == EXPR_AND || kind == EXPR_OR) && left->kind == kind)
		return add_part(parser, left, right) ? left : NULL;

	expr = make_node(kind, place, left != NULL);
	if (left != NULL && !add_part(parser, expr, left))
		return NULL;
	if (right != NULL && !add_part(parser, expr, right))
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
	return add_part(parser, chain, right) ? chain : NULL;
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
build_per_population(policy_parser *parser, int place, policy_expr *what, exact people,
					 policy_word unit)
{
	policy_expr *expr;

	if (strcmp(unit.text, "population") != 0)
	{
		policy_fail(parser, PURE_SYNTAX, unit.place,
					"Write PER day, PER week or PER 100000 population.", "unknown unit \"%s\"",
					unit.text);
		return NULL;
	}
	if (people.num <= 0)
	{
		policy_fail(parser, PURE_SYNTAX, place, NULL, "a rate must be per more than zero people");
		return NULL;
	}
	expr = policy_expr_make(parser, EXPR_PER_POPULATION, place, what, NULL);
	if (expr != NULL)
		expr->number = people;
	return expr;
}
