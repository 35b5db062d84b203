/*
 * Conditions: true, false or unknown. What leaves one unknown is noted, and the bound at which a
 * distinction of cases would settle it.
 */
#include "policy_eval.h"

static bool
is_variable(const policy_expr *expr, const range *value)
{
	return (expr->kind == EXPR_ATOM || expr->kind == EXPR_LET) && value->absence == RANGE_PRESENT &&
		   !range_is_point(value);
}

void
policy_note_split(policy_evaluation *evaluation, const policy_expr *expr, const range *value,
				  exact at)
{
	if (evaluation->has_split || !is_variable(expr, value))
		return;
	evaluation->has_split = true;
	evaluation->split_let = expr->kind == EXPR_LET;
	evaluation->split_index = expr->index;
	evaluation->split_at = at;
}

static void
note_open(policy_evaluation *evaluation, const policy_expr *expr, const range *value, exact at)
{
	if (evaluation->why < 0)
		evaluation->why = value->why;
	policy_note_split(evaluation, expr, value, at);
}

static int
comparison(policy_evaluation *evaluation, const policy_expr *expr)
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

/* A comparison with something that its IF MISSING leaves out. */
static bool
is_left_out(policy_evaluation *evaluation, const policy_expr *expr)
{
	if (expr->kind == EXPR_COMPARE)
		for (int i = 0; i < expr->part_count; i++)
			if (policy_number(evaluation, expr->parts[i]).absence == RANGE_ABSENT)
				return true;
	return false;
}

/* Not there, and nothing that stands in for it. */
static bool
reading_missing(const policy_evaluation *evaluation, int atom)
{
	const policy_reading *reading = &evaluation->readings[atom];

	return (reading->gap == GAP_VALUE && !reading->assumed) || reading->gap == GAP_DENOMINATOR;
}

/* Is anything that a number is worked out from not there? */
static int
missing(policy_evaluation *evaluation, const policy_expr *expr)
{
	int truth = 0;

	if (expr->kind == EXPR_ATOM)
		return reading_missing(evaluation, expr->index);
	if (expr->kind == EXPR_LET && evaluation->let_absence[expr->index] != RANGE_PRESENT)
		return evaluation->let_absence[expr->index] == RANGE_ABSENT ? 1 : -1;
	if (expr->kind == EXPR_LET)
		return missing(evaluation, evaluation->rule->lets[expr->index].expr);
	if (expr->kind == EXPR_PER_PEOPLE && reading_missing(evaluation, expr->index))
		return 1;
	for (int i = 0; i < expr->part_count && truth != 1; i++)
	{
		int part = missing(evaluation, expr->parts[i]);

		truth = part != 0 ? part : truth;
	}
	return truth;
}

/* Of those that are there; where none is, nothing is known. */
static int
at_least(policy_evaluation *evaluation, const policy_expr *expr)
{
	policy_evaluation before = *evaluation;
	int certain = 0;
	int open = 0;
	int left_out = 0;

	for (int i = 0; i < expr->part_count; i++)
	{
		const policy_expr *part = expr->parts[i];
		int holds;

		if (is_left_out(evaluation, part))
		{
			if (left_out++ == 0 && evaluation->why < 0)
				evaluation->why = policy_number(evaluation, part->parts[0]).why;
			continue;
		}
		holds = policy_condition(evaluation, part);
		certain += holds == 1;
		open += holds < 0;
	}
	if (left_out == expr->part_count)
		return -1;
	if (certain < (int) expr->number.num && certain + open >= (int) expr->number.num)
		return -1;
	before.failed = evaluation->failed;
	*evaluation = before;
	return certain >= (int) expr->number.num;
}

int
policy_condition(policy_evaluation *evaluation, const policy_expr *expr)
{
	bool any = expr->kind == EXPR_OR || expr->kind == EXPR_ANY_OF;
	int truth = !any;

	switch (expr->kind)
	{
		case EXPR_COMPARE:
			return comparison(evaluation, expr);
		case EXPR_ATOM:
		{
			const range *flag = &evaluation->atoms[expr->index];

			if (range_is_point(flag))
				return flag->low.value.num != 0;
			note_open(evaluation, expr, flag, exact_of(0));
			return -1;
		}
		case EXPR_NOT:
			truth = policy_condition(evaluation, expr->parts[0]);
			return truth < 0 ? -1 : !truth;
		case EXPR_MISSING:
			if (expr->parts[0]->kind == EXPR_ATOM)
				return evaluation->readings[expr->parts[0]->index].gap != GAP_NONE;
			truth = missing(evaluation, expr->parts[0]);
			if (truth < 0)
				note_open(evaluation, expr, &evaluation->lets[expr->parts[0]->index], exact_of(0));
			return truth;
		case EXPR_AT_LEAST:
			return at_least(evaluation, expr);
		default: /* AND, OR, RUNNING, ANY OF */
			break;
	}
	for (int i = 0; i < expr->part_count; i++)
	{
		policy_evaluation before = *evaluation;
		int part = policy_condition(evaluation, expr->parts[i]);

		if (part == any)
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

int
policy_step_applies(policy_evaluation *evaluation, const policy_step *step)
{
	policy_evaluation before = *evaluation;
	int when = step->when == NULL ? 1 : policy_condition(evaluation, step->when);
	int unless;

	if (when == 0 || step->unless == NULL)
		return when;
	unless = policy_condition(evaluation, step->unless);
	if (unless == 1)
	{
		before.failed = evaluation->failed;
		*evaluation = before;
		return 0;
	}
	return unless < 0 ? -1 : when;
}
