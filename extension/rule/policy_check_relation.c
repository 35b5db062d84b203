/*
 * What may be asked of neighbours. A zone may be at a tier because a neighbour is at another one,
 * and that neighbour because of this zone: where both could wait for each other, what comes out
 * would depend on where one begins. So TOUCHES may decide only between tiers milder than the one
 * that it asks for; then all zones can be settled from the worst tier to the mildest.
 */
#include "policy_eval.h"
#include "policy_settle.h"

/* The mildest tier that a condition asks neighbours for; -1 = none. */
static int
mildest_touched(const policy *rule, const policy_expr *expr, const policy_expr **where)
{
	int mildest = -1;

	pure_check_interrupts();
	if (expr == NULL)
		return -1;
	if (expr->kind == EXPR_ATOM && rule->atoms[expr->index].kind == ATOM_TOUCHES)
	{
		*where = expr;
		return rule->atoms[expr->index].tier;
	}
	for (int i = 0; i < expr->part_count; i++)
	{
		const policy_expr *place = NULL;
		int touched = mildest_touched(rule, expr->parts[i], &place);

		if (touched < 0 || (mildest >= 0 && touched >= mildest))
			continue;
		mildest = touched;
		*where = place;
	}
	return mildest;
}

static int
worse(const policy *rule, int a, int b)
{
	return b >= 0 && rule->tiers[b].rung >= 0 && b > a ? b : a;
}

/* The worst tier on the ladder that the lines of a branch from one on name; -1 = none. */
static int
worst_of_lines(const policy *rule, const policy_branch *branch, int from)
{
	int worst = -1;

	for (int i = from; i < branch->rule_count; i++)
		worst = worse(rule, worst, branch->rules[i].tier);
	for (int i = 0; i < branch->metric_count; i++)
	{
		worst = worse(rule, worst, branch->metrics[i].lowest);
		for (int j = 0; j < branch->metrics[i].cut_count; j++)
			worst = worse(rule, worst, branch->metrics[i].cuts[j].tier);
	}
	return worst;
}

static int
worst_tier(const policy *rule)
{
	int worst = -1;

	for (int tier = 0; tier < rule->tier_count; tier++)
		worst = worse(rule, worst, tier);
	return worst;
}

/* The worst that the steps from one on may make of a tier. */
static int
raised(const policy *rule, int from, int tier)
{
	for (int i = from; i < rule->own_steps && tier >= 0; i++)
	{
		const policy_step *step = &rule->steps[i];
		int moved;

		if (step->kind != STEP_RAISE)
			continue;
		moved = policy_tier_moved(rule, tier, step->tiers, 1);
		if (step->tier >= 0 && moved > step->tier)
			moved = tier > step->tier ? tier : step->tier;
		tier = moved;
	}
	return tier;
}

/* Notes what a condition asks of neighbours; `worst` is the worst tier that it helps to decide. */
static bool
check_touches(policy_parser *parser, const policy_expr *condition, int worst)
{
	policy *rule = parser->rule;
	const policy_expr *where = NULL;
	int touched = mildest_touched(rule, condition, &where);

	if (touched < 0 || touched > worst)
		return true;
	return policy_fail(parser, PURE_SYNTAX, where->place,
					   touched == worst_tier(rule) ?
						   "Write the lines worst first; raise only with NOT ABOVE a milder tier." :
						   "Neighbours could wait for each other. Write the lines worst first, and "
						   "ask for a tier worse than those that depend on it.",
					   "TOUCHES \"%s\" helps to decide who is at \"%s\"", rule->tiers[touched].key,
					   rule->tiers[worst].key);
}

static bool
check_branch(policy_parser *parser, int position)
{
	const policy *rule = parser->rule;
	const policy_branch *branch = &rule->branches[position];
	int worst = -1;

	for (int i = position; i < rule->branch_count && branch->condition != NULL; i++)
		if (rule->branches[i].level == branch->level)
		{
			int of_branch = worst_of_lines(rule, &rule->branches[i], 0);

			worst = worse(rule, worst, of_branch);
		}
	if (!check_touches(parser, branch->condition, raised(rule, 0, worst)))
		return false;
	for (int i = 0; i < branch->rule_count; i++)
		if (!check_touches(parser, branch->rules[i].condition,
						   raised(rule, 0, worst_of_lines(rule, branch, i))))
			return false;
	return true;
}

/* The worst tier that differs by whether the step is done. */
static int
worst_changed(const policy *rule, const policy_step *step)
{
	int worst = -1;

	if (step->previous)
		return worst_tier(rule);
	for (int tier = 0; tier < rule->tier_count; tier++)
	{
		int after = policy_tier_stepped(rule, step, step->tier, tier);

		if (after != tier)
			worst = worse(rule, worse(rule, worst, tier), after);
	}
	return worst;
}

static bool
check_own_steps(policy_parser *parser)
{
	const policy *rule = parser->rule;

	for (int i = 0; i < rule->own_steps; i++)
	{
		const policy_step *step = &rule->steps[i];
		int worst = raised(rule, i + 1, worst_changed(rule, step));

		if (!check_touches(parser, step->when, worst) ||
			!check_touches(parser, step->unless, worst))
			return false;
	}
	return true;
}

/* TOUCHES where no tier stands that it could be milder than. */
static bool
check_nowhere(policy_parser *parser, const policy_expr *condition, const char *what)
{
	const policy_expr *where = NULL;

	return mildest_touched(parser->rule, condition, &where) < 0 ||
		   policy_fail(parser, PURE_SYNTAX, where->place, "It stands in BASE and in steps.",
					   "TOUCHES cannot stand in %s", what);
}

/* The tiers that must be known of neighbours before own tiers are. */
static void
note_touched(policy *rule, const policy_expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->kind == EXPR_ATOM && rule->atoms[expr->index].kind == ATOM_TOUCHES)
		rule->touched |= (uint64_t) 1 << rule->atoms[expr->index].tier;
	for (int i = 0; i < expr->part_count; i++)
		note_touched(rule, expr->parts[i]);
}

static void
note_all_touched(policy *rule)
{
	for (int i = 0; i < rule->branch_count; i++)
	{
		const policy_branch *branch = &rule->branches[i];

		note_touched(rule, branch->condition);
		for (int j = 0; j < branch->rule_count; j++)
			note_touched(rule, branch->rules[j].condition);
	}
	for (int i = 0; i < rule->own_steps; i++)
	{
		note_touched(rule, rule->steps[i].when);
		note_touched(rule, rule->steps[i].unless);
	}
}

bool
check_relations(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->branch_count; i++)
		if (!check_branch(parser, i))
			return false;
	if (!check_own_steps(parser) || !check_nowhere(parser, rule->improve.when, "IMPROVE"))
		return false;
	for (int i = 0; i < rule->switch_count; i++)
		if (!check_nowhere(parser, rule->switches[i].enter.when, "ENTER") ||
			!check_nowhere(parser, rule->switches[i].leave.when, "LEAVE"))
			return false;
	for (int i = 0; i < rule->let_count; i++)
		if (!check_nowhere(parser, rule->lets[i].unless, "a LET"))
			return false;
	note_all_touched(rule);
	if (rule->looks_up || rule->report_place > 0)
		settle_reserved_source(rule, "parent", POLICY_RELATION, rule->report_place);
	return true;
}
