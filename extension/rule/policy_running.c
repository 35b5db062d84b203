/*
 * Consecutive days. What must hold on several days is written out once for each of them, with every
 * number read that many days earlier: so what is missing on one of them is a missing number like
 * any other.
 */
#include "policy_settle.h"

static policy_expr *shifted(policy_parser *parser, const policy_expr *expr, int32_t ago);

static bool
fits_days(policy_parser *parser, int place, int64_t ago)
{
	return ago <= POLICY_MAX_DAYS ||
		   policy_fail(parser, PURE_LIMIT, place, NULL, "policy looks back more than %d days",
					   POLICY_MAX_DAYS);
}

static int
shifted_atom(policy_parser *parser, const policy_expr *expr, int32_t ago)
{
	policy *rule = parser->rule;
	policy_atom atom = rule->atoms[expr->index];

	if (atom.kind == ATOM_POPULATION || atom.kind == ATOM_ALL_HOUSEHOLDS)
		return expr->index;
	if (!fits_days(parser, expr->place, (int64_t) atom.ago + ago))
		return -1;
	atom.ago += ago;
	return settle_atom(rule, &atom);
}

static int
shifted_let(policy_parser *parser, const policy_expr *expr, int32_t ago)
{
	policy *rule = parser->rule;
	policy_let let = rule->lets[expr->index];

	if (!fits_days(parser, expr->place, (int64_t) let.ago + ago))
		return -1;
	let.ago += ago;
	for (int i = 0; i < rule->let_count; i++)
		if (rule->lets[i].original == let.original && rule->lets[i].ago == let.ago)
			return i;
	let.expr = shifted(parser, let.expr, ago);
	if (let.unless != NULL)
		let.unless = shifted(parser, let.unless, ago);
	if (parser->failed)
		return -1;
	PUSH(rule->lets, rule->let_count, let);
	PUSH(rule->let_order, rule->order_count, rule->let_count - 1);
	return rule->let_count - 1;
}

static policy_expr *
shifted(policy_parser *parser, const policy_expr *expr, int32_t ago)
{
	policy_expr *copy = pure_alloc(sizeof(policy_expr));

	pure_check_interrupts();
	memcpy(copy, expr, sizeof(*copy));
	if (parser->rule->copies++ >= POLICY_MAX_COPIES)
	{
		policy_fail(parser, PURE_LIMIT, expr->place,
					"Let fewer days run, or shorten what is to hold on each of them.",
					"policy is too large");
		return copy;
	}
	if (expr->kind == EXPR_ATOM)
		copy->index = shifted_atom(parser, expr, ago);
	else if (expr->kind == EXPR_LET)
		copy->index = shifted_let(parser, expr, ago);
	if (expr->part_count > 0)
		copy->parts = pure_alloc((size_t) expr->part_count * sizeof(policy_expr *));
	for (int i = 0; i < expr->part_count && !parser->failed; i++)
		copy->parts[i] = shifted(parser, expr->parts[i], ago);
	if (copy->kind == EXPR_COMPARE && !parser->failed)
		settle_note_ages(parser->rule, copy);
	return copy;
}

bool
settle_running(policy_parser *parser, policy_expr *expr)
{
	int64_t count = (int64_t) expr->number.num;
	policy_expr *condition = expr->parts[0];

	if (!fits_days(parser, expr->place, (count - 1) * expr->index))
		return false;
	for (int64_t i = 1; i < count; i++)
	{
		policy_expr *earlier = shifted(parser, condition, (int32_t) (i * expr->index));

		if (parser->failed || !policy_expr_add(parser, expr, earlier))
			return false;
	}
	return true;
}
