/*
 * Judging a profile. Every number is a range, every condition true, false or unknown; tiers that no
 * line excludes are possible. Where that leaves more than one tier, cases are distinguished at the
 * bounds that matter, because one missing value used twice is still one value: only what differs
 * from case to case stays open.
 */
#include "policy_eval.h"

/* Enough for the bounds of one or two missing inputs; beyond it a verdict may stay open, never
 * wrong. */
#define MAX_PASSES 300

static bool
is_variable(const policy_expr *expr, const range *value)
{
	return (expr->kind == EXPR_ATOM || expr->kind == EXPR_LET) && value->absence == RANGE_PRESENT &&
		   !range_is_point(value);
}

static void
note_open(policy_evaluation *evaluation, const policy_expr *expr, const range *value, exact at)
{
	if (evaluation->why < 0)
		evaluation->why = value->why;
	if (evaluation->has_split || !is_variable(expr, value))
		return;
	evaluation->has_split = true;
	evaluation->split_let = expr->kind == EXPR_LET;
	evaluation->split_index = expr->index;
	evaluation->split_at = at;
}

static int
evaluate_comparison(policy_evaluation *evaluation, const policy_expr *expr)
{
	range left = policy_number(evaluation, expr->parts[0]);
	int truth = 1;

	for (int i = 1; i < expr->part_count; i++)
	{
		range right = policy_number(evaluation, expr->parts[i]);
		int link = range_compare(&left, expr->ops[i - 1], &right);

		if (link == 0)
			return 0;
		if (link < 0)
		{
			truth = -1;
			if (!range_is_point(&left))
				note_open(evaluation,
						  range_is_point(&right) && right.low.infinite == 0 ? expr->parts[i - 1] :
																			  expr,
						  &left, right.low.value);
			else
				note_open(evaluation, left.low.infinite == 0 ? expr->parts[i] : expr, &right,
						  left.low.value);
		}
		left = right;
	}
	return truth;
}

static int
evaluate_condition(policy_evaluation *evaluation, const policy_expr *expr)
{
	int truth = expr->kind == EXPR_AND;

	switch (expr->kind)
	{
		case EXPR_COMPARE:
			return evaluate_comparison(evaluation, expr);
		case EXPR_ATOM:
		{
			const range *flag = &evaluation->atoms[expr->index];

			if (range_is_point(flag))
				return flag->low.value.num != 0;
			note_open(evaluation, expr, flag, exact_of(0));
			return -1;
		}
		case EXPR_NOT:
			truth = evaluate_condition(evaluation, expr->parts[0]);
			return truth < 0 ? -1 : !truth;
		default:
			break;
	}
	for (int i = 0; i < expr->part_count; i++)
	{
		policy_evaluation before = *evaluation;
		int part = evaluate_condition(evaluation, expr->parts[i]);

		if (part == (expr->kind == EXPR_OR))
		{
			/* It decides alone: what its neighbours left open does not matter. */
			before.failed = evaluation->failed;
			*evaluation = before;
			return part;
		}
		if (part < 0)
			truth = -1;
	}
	return truth;
}

static uint64_t
bit(int tier)
{
	return (uint64_t) 1 << tier;
}

static uint64_t
every_tier(const policy *rule)
{
	return rule->tier_count == 64 ? UINT64_MAX : bit(rule->tier_count) - 1;
}

/* The tiers that no line of BASE excludes; `decided` is the first line that may hold. */
static uint64_t
possible_by_rules(policy_evaluation *evaluation, int *decided)
{
	const policy *rule = evaluation->rule;
	uint64_t possible = 0;

	*decided = -1;
	for (int i = 0; i < rule->rule_count; i++)
	{
		const policy_rule *line = &rule->rules[i];
		int holds = line->condition == NULL ? 1 : evaluate_condition(evaluation, line->condition);

		if (holds == 0)
			continue;
		if (*decided < 0)
			*decided = i;
		possible |= bit(line->tier);
		if (holds == 1)
			break;
	}
	return possible;
}

static int
metric_tier(const policy_metric *metric, int band)
{
	return band == 0 ? metric->lowest : metric->cuts[band - 1].tier;
}

uint64_t
policy_worst_of(uint64_t a, uint64_t b)
{
	uint64_t lowest_a = a & -a;
	uint64_t lowest_b = b & -b;

	return (a & -lowest_b) | (b & -lowest_a);
}

/* The bands that a metric may be in; where it may be left out, those it would be in otherwise. */
static uint64_t
metric_tiers(const policy_metric *metric, range value, int *lowest, int *highest)
{
	uint64_t tiers = 0;

	value.absence = RANGE_PRESENT;
	range_band(&value, metric, lowest, highest);
	for (int band = *lowest; band <= *highest; band++)
		tiers |= bit(metric_tier(metric, band));
	*lowest = metric_tier(metric, *lowest);
	*highest = metric_tier(metric, *highest);
	return tiers;
}

static uint64_t
possible_by_metrics(policy_evaluation *evaluation, int *decided)
{
	const policy *rule = evaluation->rule;
	uint64_t possible = 0; /* of the metrics so far, where any of them is there */
	bool maybe_none = true;
	int none_why = -1;
	int certain = -1;
	int open = -1;

	for (int i = 0; i < rule->metric_count; i++)
	{
		range value = policy_metric_value(evaluation, i);
		uint64_t tiers;
		int lowest;
		int highest;

		if (none_why < 0)
			none_why = value.why;
		if (value.absence == RANGE_ABSENT)
			continue;
		tiers = metric_tiers(&rule->metrics[i], value, &lowest, &highest);
		if (lowest > certain && value.absence == RANGE_PRESENT)
		{
			certain = lowest;
			*decided = i;
		}
		if (highest > open && (lowest < highest || value.absence != RANGE_PRESENT))
		{
			open = highest;
			evaluation->why = value.why;
		}
		if (possible == 0)
			possible = tiers;
		else
			possible = policy_worst_of(possible, tiers) | (maybe_none ? tiers : 0) |
					   (value.absence == RANGE_PRESENT ? 0 : possible);
		maybe_none &= value.absence != RANGE_PRESENT;
	}
	if (!maybe_none)
		return possible;
	if (evaluation->why < 0)
		evaluation->why = none_why;
	*decided = -1;
	return every_tier(rule);
}

static uint64_t
one_pass(policy_evaluation *evaluation, int *decided)
{
	evaluation->why = -1;
	evaluation->has_split = false;
	evaluation->passes++;
	pure_check_interrupts();
	*decided = -1;
	if (!policy_evaluate_lets(evaluation) || evaluation->failed)
		return 0;
	return evaluation->rule->worst_of ? possible_by_metrics(evaluation, decided) :
										possible_by_rules(evaluation, decided);
}

/* The three cases at a bound: below it, at it, above it. Atoms are whole numbers unless they are
 * zone values. */
static range
case_at(const policy_evaluation *evaluation, int which, range now)
{
	range limit = range_of(evaluation->split_at);
	bool whole = !evaluation->split_let &&
				 evaluation->rule->atoms[evaluation->split_index].kind != ATOM_VALUE &&
				 evaluation->split_at.den == 1;
	exact step;

	if (which < 0)
		limit.low = range_unknown(-1).low;
	if (which > 0)
		limit.high = range_unknown(-1).high;
	if (which < 0 && whole && exact_subtract(evaluation->split_at, exact_of(1), &step))
		limit.high.value = step;
	else if (which < 0)
		limit.high.open = true;
	if (which > 0 && whole && exact_add(evaluation->split_at, exact_of(1), &step))
		limit.low.value = step;
	else if (which > 0)
		limit.low.open = true;
	limit.why = now.why;
	return limit;
}

/*
 * Distinguishes cases. A pass that leaves several tiers names a variable and a bound; each case
 * narrows that variable, so the recursion ends, and MAX_PASSES bounds it in time and depth.
 */
static uint64_t
possible_tiers(policy_evaluation *evaluation, uint64_t possible)
{
	policy_evaluation here = *evaluation;
	range *variable =
		here.split_let ? &here.let_limits[here.split_index] : &here.atoms[here.split_index];
	range saved = *variable;
	uint64_t found = 0;

	for (int which = -1; which <= 1; which++)
	{
		int decided;
		uint64_t tiers;

		if (evaluation->passes >= MAX_PASSES)
		{
			found = possible;
			break;
		}
		if (!range_intersect(saved, case_at(&here, which, saved), variable))
			continue;
		tiers = one_pass(evaluation, &decided);
		if ((tiers & (tiers - 1)) != 0 && evaluation->has_split)
			tiers = possible_tiers(evaluation, tiers);
		found |= tiers;
		if (evaluation->failed || found == possible)
			break;
	}
	*variable = saved;
	return found != 0 ? found : possible;
}

static bool
prepare(policy_evaluation *evaluation)
{
	const policy *rule = evaluation->rule;
	size_t atoms = (size_t) rule->atom_count;
	size_t lets = (size_t) rule->let_count;

	evaluation->readings = pure_alloc(atoms * sizeof(policy_reading) + 1);
	evaluation->atoms = pure_alloc(atoms * sizeof(range) + 1);
	evaluation->lets = pure_alloc(lets * sizeof(range) + 1);
	evaluation->let_limits = pure_alloc(lets * sizeof(range) + 1);
	for (int i = 0; i < rule->atom_count; i++)
	{
		if (!policy_read_atom(evaluation, i, &evaluation->readings[i]))
			return false;
		evaluation->atoms[i] = evaluation->readings[i].value;
	}
	for (int i = 0; i < rule->let_count; i++)
		evaluation->let_limits[i] = range_unknown(-1);
	return true;
}

bool
policy_evaluate(policy_evaluation *evaluation, const policy *rule, const profile_view *profile,
				int32_t day, verdict *result, pure_error *error)
{
	const policy_facts *facts = &rule->facts;
	int why;

	memset(evaluation, 0, sizeof(*evaluation));
	memset(result, 0, sizeof(*result));
	evaluation->rule = rule;
	evaluation->profile = profile;
	evaluation->day = day;
	evaluation->error = error;
	if (!policy_check_measures(evaluation) || !prepare(evaluation))
		return false;

	result->tier = -1;
	result->possible = one_pass(evaluation, &result->rule);
	why = evaluation->why;
	if ((result->possible & (result->possible - 1)) != 0 && evaluation->has_split)
	{
		result->possible = possible_tiers(evaluation, result->possible);
		policy_evaluate_lets(evaluation);
	}
	if (evaluation->failed)
		return false;
	if ((result->possible & (result->possible - 1)) == 0 && result->rule >= 0)
		for (result->tier = 0; result->possible >> result->tier != 1;)
			result->tier++;
	else
	{
		result->rule = -1;
		if (why >= 0)
			result->missing = rule->atoms[why].kind == ATOM_HOUSEHOLDS &&
									  evaluation->readings[why].gap == GAP_HOUSEHOLDS ?
								  "households" :
								  rule->sources[rule->atoms[why].source].named.name.text;
	}
	evaluation->why = why;
	result->outside_validity = (facts->has_valid_from && day < facts->valid_from) ||
							   (facts->has_valid_to && day > facts->valid_to);
	policy_fill_numbers(rule, profile, day, result);
	return true;
}

void
policy_evaluation_free(policy_evaluation *evaluation)
{
	pure_free(evaluation->readings);
	pure_free(evaluation->atoms);
	pure_free(evaluation->lets);
	pure_free(evaluation->let_limits);
}

int
policy_condition_holds(policy_evaluation *evaluation, const policy_expr *condition)
{
	policy_evaluation unchanged = *evaluation;
	int holds = evaluate_condition(evaluation, condition);

	/* A line that the verdict never reached may overflow without harm. */
	if (evaluation->failed)
		holds = -1;
	*evaluation = unchanged;
	return holds;
}

range
policy_metric_value(policy_evaluation *evaluation, int position)
{
	return policy_number(evaluation, evaluation->rule->metrics[position].expr);
}
