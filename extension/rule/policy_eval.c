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

/* How the conditions asked for may turn out: bit (first + 2 * second). */
static uint64_t
outcomes(policy_evaluation *evaluation)
{
	int first = policy_condition(evaluation, evaluation->asked[0]);
	int second =
		evaluation->asked[1] == NULL ? 0 : policy_condition(evaluation, evaluation->asked[1]);
	uint64_t possible = 0;

	for (int i = 0; i < 4; i++)
		if ((first < 0 || first == i % 2) && (second < 0 || second == i / 2))
			possible |= (uint64_t) 1 << i;
	return possible;
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
	return evaluation->asked[0] != NULL ? outcomes(evaluation) :
										  policy_possible_tiers(evaluation, decided);
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
	evaluation->let_absence = pure_alloc(lets * sizeof(range_absence) + 1);
	evaluation->stages = pure_alloc(((size_t) rule->step_count + 1) * sizeof(uint64_t));
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
				int32_t day, int previous, verdict *result, pure_error *error)
{
	const policy_facts *facts = &rule->facts;
	int why;

	memset(evaluation, 0, sizeof(*evaluation));
	memset(result, 0, sizeof(*result));
	evaluation->rule = rule;
	evaluation->profile = profile;
	evaluation->day = day;
	evaluation->previous = previous;
	evaluation->error = error;
	if (!policy_check_measures(evaluation) || !prepare(evaluation))
		return false;

	result->tier = -1;
	result->possible = one_pass(evaluation, &result->rule);
	why = evaluation->why;
	if ((result->possible & (result->possible - 1)) != 0 && evaluation->has_split)
	{
		int line;

		result->possible = possible_tiers(evaluation, result->possible);
		one_pass(evaluation, &line); /* for those who ask for the numbers and stages */
	}
	if (evaluation->failed)
		return false;
	if ((result->possible & (result->possible - 1)) == 0)
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
	result->proposed = result->tier;
	result->previous = previous;
	result->outside_validity = (facts->has_valid_from && day < facts->valid_from) ||
							   (facts->has_valid_to && day > facts->valid_to);
	policy_fill_numbers(rule, profile, day, result);
	return true;
}

unsigned
policy_outcomes(policy_evaluation *evaluation, const policy_expr *first, const policy_expr *second)
{
	uint64_t possible;
	int why;
	int ignored;

	evaluation->asked[0] = first;
	evaluation->asked[1] = second;
	evaluation->passes = 0;
	possible = one_pass(evaluation, &ignored);
	why = evaluation->why;
	if ((possible & (possible - 1)) != 0 && evaluation->has_split)
	{
		possible = possible_tiers(evaluation, possible);
		one_pass(evaluation, &ignored); /* all cases open again */
	}
	evaluation->why = why;
	evaluation->asked[0] = NULL;
	return (unsigned) possible;
}

void
policy_evaluation_free(policy_evaluation *evaluation)
{
	pure_free(evaluation->readings);
	pure_free(evaluation->atoms);
	pure_free(evaluation->lets);
	pure_free(evaluation->let_limits);
	pure_free(evaluation->let_absence);
	pure_free(evaluation->stages);
}

int
policy_condition_holds(policy_evaluation *evaluation, const policy_expr *condition)
{
	policy_evaluation unchanged = *evaluation;
	int holds = policy_condition(evaluation, condition);

	/* A line that the verdict never reached may overflow without harm. */
	if (evaluation->failed)
		holds = -1;
	*evaluation = unchanged;
	return holds;
}

int
policy_step_holds(policy_evaluation *evaluation, const policy_step *step)
{
	policy_evaluation unchanged = *evaluation;
	int holds = policy_step_applies(evaluation, step);

	if (evaluation->failed)
		holds = -1;
	*evaluation = unchanged;
	return holds;
}
