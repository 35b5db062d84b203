/* The numbers of a policy: expressions over ranges, rates, and LETs, each worked out once. */
#include "policy_eval.h"

static bool
overflow(policy_evaluation *evaluation)
{
	pure_error *error = evaluation->error;

	if (evaluation->failed)
		return false;
	memset(error, 0, sizeof(*error));
	error->code = PURE_OUT_OF_RANGE;
	snprintf(error->message, sizeof(error->message),
			 "a number in policy \"%s\" is too large to be exact", evaluation->rule->facts.name);
	evaluation->failed = true;
	return false;
}

/* A rate over people or households not known, zero or under the policy's floor could be anything.
 */
static range
evaluate_rate(policy_evaluation *evaluation, const policy_expr *expr)
{
	const policy *rule = evaluation->rule;
	range people = evaluation->atoms[expr->index];
	range floor =
		range_of(rule->atoms[expr->index].kind == ATOM_POPULATION ? rule->minimum_people :
																	rule->minimum_households);
	range zero = range_of(exact_of(0));
	range value = policy_number(evaluation, expr->parts[0]);

	if (range_compare(&people, OP_GREATER, &zero) != 1 ||
		range_compare(&people, OP_GREATER_EQUAL, &floor) != 1)
	{
		range unknown = range_compare(&value, OP_GREATER_EQUAL, &zero) == 1 ?
							range_from(0, expr->index) :
							range_unknown(expr->index);

		unknown.absence = value.absence;
		return unknown;
	}
	if (!range_multiply(value, range_of(expr->number), &value) ||
		!range_divide(value, people, &value))
		overflow(evaluation);
	return value;
}

range
policy_number(policy_evaluation *evaluation, const policy_expr *expr)
{
	range left;
	range right;
	bool fits = true;

	switch (expr->kind)
	{
		case EXPR_NUMBER:
			return range_of(expr->number);
		case EXPR_NEVER:
			return range_never();
		case EXPR_ATOM:
			return evaluation->atoms[expr->index];
		case EXPR_LET:
			return evaluation->lets[expr->index];
		case EXPR_PER_PEOPLE:
			return evaluate_rate(evaluation, expr);
		default:
			break;
	}
	left = policy_number(evaluation, expr->parts[0]);
	right = expr->part_count > 1 ? policy_number(evaluation, expr->parts[1]) : range_unknown(-1);
	switch (expr->kind)
	{
		case EXPR_NEGATE:
			fits = range_negate(left, &left);
			break;
		case EXPR_ADD:
			fits = range_add(left, right, &left);
			break;
		case EXPR_SUBTRACT:
			fits = range_negate(right, &right) && range_add(left, right, &left);
			break;
		case EXPR_MULTIPLY:
			fits = range_multiply(left, right, &left);
			break;
		case EXPR_DIVIDE:
			fits = range_divide(left, right, &left);
			if (left.absence != RANGE_PRESENT && left.why < 0)
				left.why = expr->parts[1]->kind == EXPR_ATOM ? expr->parts[1]->index : -1;
			break;
		default: /* EXPR_PER_TIME */
			fits = range_multiply(left, range_of(expr->number), &left);
	}
	if (!fits)
		overflow(evaluation);
	return left;
}

/* What a LET says of a value that is not there. */
static range
apply_missing(const policy_missing *missing, range value)
{
	range stand_in = range_of(missing->value);

	if (value.absence == RANGE_PRESENT || missing->rule == MISSING_SKIP)
		return value;
	if (missing->rule == MISSING_UNKNOWN)
		return range_unknown(value.why);
	if (value.absence == RANGE_ABSENT)
		return stand_in;
	value.absence = RANGE_PRESENT;
	return range_hull(value, stand_in);
}

/* What a condition is about, for people. */
static int
first_atom(const policy_evaluation *evaluation, const policy_expr *expr)
{
	int found = expr->kind == EXPR_ATOM ? expr->index : -1;

	if (expr->kind == EXPR_LET)
		return first_atom(evaluation, evaluation->rule->lets[expr->index].expr);
	for (int i = 0; i < expr->part_count && found < 0; i++)
		found = first_atom(evaluation, expr->parts[i]);
	return found;
}

/* A LET, missing where its UNLESS holds. */
static range
guarded(policy_evaluation *evaluation, const policy_let *let)
{
	range value = policy_number(evaluation, let->expr);
	int why = evaluation->why;
	int refused;

	if (let->unless == NULL)
		return value;
	evaluation->why = -1;
	refused = policy_condition(evaluation, let->unless);
	if (refused != 0 && value.absence != RANGE_ABSENT)
		value.absence = refused == 1 ? RANGE_ABSENT : RANGE_MAYBE_ABSENT;
	if (refused != 0 && value.why < 0)
		value.why = evaluation->why >= 0 ? evaluation->why : first_atom(evaluation, let->unless);
	evaluation->why = why;
	return value;
}

bool
policy_evaluate_lets(policy_evaluation *evaluation)
{
	const policy *rule = evaluation->rule;

	for (int i = 0; i < rule->order_count; i++)
	{
		int let = rule->let_order[i];
		range value = guarded(evaluation, &rule->lets[let]);

		evaluation->let_absence[let] = value.absence;
		value = apply_missing(&rule->lets[let].missing, value);
		if (!range_intersect(value, evaluation->let_limits[let], &evaluation->lets[let]))
			return false;
	}
	return true;
}
