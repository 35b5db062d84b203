/*
 * What a tier tells of the counts behind it. Every number counted is cut at the bounds that the
 * policy compares it with; between them nothing changes. So the policy is judged once for each way
 * to choose one piece of every number, and what no choice of pieces leads to is excluded by the
 * tier.
 */
#include "policy_tells.h"

#include "policy_counts.h"
#include "policy_eval.h"

#define MAX_PIECES 200
#define MAX_CELLS 20000
#define MOST_COUNTED ((int64_t) 1 << 40) /* beyond it a bound is none */

/* A number that is counted, or a yes or no; and the pieces that it is cut into. */
typedef struct told_number
{
	int atom;
	int piece_count;
	int64_t from[MAX_PIECES];
	int64_t until[MAX_PIECES];
} told_number;

typedef struct told_state
{
	policy_evaluation evaluation;
	int number_count;
	told_number *numbers;
	const policy_atom **counted; /* by number */
	bool *is_used;				 /* by atom: the comparison at hand looks at it */
	bool is_open;				 /* something that cannot be cut up */
	size_t cell_count;
	size_t *strides;
	uint64_t *possible; /* by cell: the tiers, were each number one by itself */
	bool *can_be;		/* by cell: there are such counts */
	int64_t *bounds;	/* by cell and number: from, until, as narrowed by the others */
} told_state;

typedef void (*node_visitor)(told_state *state, const policy_expr *compared,
							 const policy_metric *metric);

static void
set_number(told_state *state, int atom, int64_t from, int64_t until)
{
	state->evaluation.atoms[atom] =
		until == TOLD_NO_END ? range_from(from, atom) : range_between(from, until, atom);
}

/* Everything open again. */
static void
set_unknown(told_state *state, int position)
{
	policy_evaluation *evaluation = &state->evaluation;
	const policy_atom *atom = &evaluation->rule->atoms[position];
	const profile_view *zone = evaluation->profile;
	range value = range_unknown(position);

	if (policy_is_counted(atom))
		value = range_from(0, position);
	else if (atom->kind == ATOM_FLAG)
		value = range_between(0, 1, position);
	else if (atom->kind == ATOM_POPULATION)
		value =
			zone->has_population ? range_of(exact_of(zone->population)) : range_from(0, position);
	else if (atom->kind == ATOM_ALL_HOUSEHOLDS)
		value =
			zone->has_households ? range_of(exact_of(zone->households)) : range_from(0, position);
	evaluation->atoms[position] = value;
	evaluation->readings[position].value = value;
}

/* May the number be cut up? Days that are not of the calendar move with it, and a value that was
 * left out is neither here nor there. */
static void
check_atom(told_state *state, const policy_atom *atom)
{
	const policy_source *source = &state->evaluation.rule->sources[atom->source];

	if (policy_is_counted(atom))
		state->is_open |= atom->window_kind > 0 || atom->shift.count > 0;
	else if (atom->kind == ATOM_FLAG)
		state->is_open |= source->missing.rule == MISSING_SKIP;
	else if (atom->kind != ATOM_LEVEL && atom->kind != ATOM_POPULATION &&
			 atom->kind != ATOM_ALL_HOUSEHOLDS)
		state->is_open = true;
}

static void
find_used(told_state *state, const policy_expr *expr)
{
	if (expr->kind == EXPR_ATOM || expr->kind == EXPR_PER_PEOPLE)
		state->is_used[expr->index] = true;
	if (expr->kind == EXPR_LET)
	{
		const policy_let *let = &state->evaluation.rule->lets[expr->index];

		find_used(state, let->expr);
		state->is_open |= let->unless != NULL;
	}
	for (int i = 0; i < expr->part_count; i++)
		find_used(state, expr->parts[i]);
}

static bool
is_decided(told_state *state, const policy_expr *compared, const policy_metric *metric)
{
	policy_evaluation *evaluation = &state->evaluation;
	range value;
	int lowest;
	int highest;

	pure_check_interrupts();
	if (!policy_evaluate_lets(evaluation) || evaluation->failed)
		return true;
	if (metric == NULL)
		return policy_condition(evaluation, compared) >= 0;
	value = policy_number(evaluation, metric->expr);
	range_band(&value, metric, &lowest, &highest);
	return value.absence == RANGE_PRESENT && lowest == highest;
}

/* Cuts a number where the comparison changes: halves what is still open, and doubles towards no
 * end. */
static void
cut_piece(told_state *state, told_number *number, int piece, const policy_expr *compared,
		  const policy_metric *metric)
{
	while (!state->is_open && !state->evaluation.failed)
	{
		int64_t from = number->from[piece];
		int64_t until = number->until[piece];
		int64_t middle = until == TOLD_NO_END ? 2 * from : from + (until - from) / 2;

		set_number(state, number->atom, from, until);
		if (is_decided(state, compared, metric))
			break;
		if (from == until || middle > MOST_COUNTED || number->piece_count == MAX_PIECES)
		{
			state->is_open = true;
			break;
		}
		number->until[piece] = middle;
		number->from[number->piece_count] = middle + 1;
		number->until[number->piece_count] = until;
		number->piece_count++;
		cut_piece(state, number, number->piece_count - 1, compared, metric);
	}
}

static void
cut_at(told_state *state, const policy_expr *compared, const policy_metric *metric)
{
	const policy *rule = state->evaluation.rule;
	told_number *number = NULL;
	int pieces;

	memset(state->is_used, 0, (size_t) rule->atom_count);
	find_used(state, metric != NULL ? metric->expr : compared);
	for (int i = 0; i < state->number_count; i++)
		if (state->is_used[state->numbers[i].atom])
		{
			state->is_open |= number != NULL;
			number = &state->numbers[i];
		}
	if (number == NULL || state->is_open)
		return;
	pieces = number->piece_count;
	for (int piece = 0; piece < pieces; piece++)
		cut_piece(state, number, piece, compared, metric);
	set_unknown(state, number->atom);
}

static void
visit(told_state *state, const policy_expr *expr, node_visitor visitor)
{
	if (expr == NULL)
		return;
	state->is_open |= expr->kind == EXPR_MISSING;
	if (expr->kind == EXPR_COMPARE)
		visitor(state, expr, NULL);
	for (int i = 0; i < expr->part_count; i++)
		visit(state, expr->parts[i], visitor);
}

static void
visit_all(told_state *state, node_visitor visitor)
{
	const policy *rule = state->evaluation.rule;

	for (int i = 0; i < rule->branch_count; i++)
	{
		const policy_branch *branch = &rule->branches[i];

		visit(state, branch->condition, visitor);
		for (int j = 0; j < branch->rule_count; j++)
			visit(state, branch->rules[j].condition, visitor);
		for (int j = 0; j < branch->metric_count; j++)
			visitor(state, NULL, &branch->metrics[j]);
	}
	for (int i = 0; i < rule->step_count; i++)
	{
		visit(state, rule->steps[i].when, visitor);
		visit(state, rule->steps[i].unless, visitor);
	}
}

static void
judge_cell(told_state *state, size_t cell)
{
	policy_evaluation *evaluation = &state->evaluation;
	int64_t *bounds = state->bounds + 2 * (size_t) state->number_count * cell;
	int ignored;

	pure_check_interrupts();
	for (int i = 0; i < state->number_count; i++)
	{
		const told_number *number = &state->numbers[i];
		size_t piece = cell / state->strides[i] % (size_t) number->piece_count;

		bounds[2 * i] = number->from[piece];
		bounds[2 * i + 1] = number->until[piece];
		set_number(state, number->atom, bounds[2 * i], bounds[2 * i + 1]);
	}
	if (policy_evaluate_lets(evaluation))
		state->possible[cell] = policy_possible_tiers(evaluation, &ignored);
	state->can_be[cell] = policy_counts_narrow(state->counted, state->number_count, bounds);
}

static bool
judge_cells(told_state *state)
{
	state->cell_count = 1;
	state->strides = pure_alloc0(((size_t) state->number_count + 1) * sizeof(size_t));
	for (int i = 0; i < state->number_count; i++)
	{
		state->strides[i] = state->cell_count;
		state->cell_count *= (size_t) state->numbers[i].piece_count;
		if (state->cell_count > MAX_CELLS)
			return false;
	}
	state->possible = pure_alloc0(state->cell_count * sizeof(uint64_t));
	state->can_be = pure_alloc0(state->cell_count * sizeof(bool));
	state->bounds =
		pure_alloc0(state->cell_count * 2 * (size_t) (state->number_count + 1) * sizeof(int64_t));
	for (size_t cell = 0; cell < state->cell_count && !state->evaluation.failed; cell++)
		judge_cell(state, cell);
	return true;
}

/* Of one number: for sure, by all counts that there are; and by itself, whatever the others are,
 * because that one count is part of another is for those to see who put together what they are
 * told. */
static void
tell(const told_state *state, int position, policy_told *told)
{
	const told_number *number = &state->numbers[position];
	size_t stride = state->strides[position];

	for (size_t cell = 0; cell < state->cell_count; cell++)
	{
		int64_t least = TOLD_NO_END;
		int64_t most = -1;

		if (cell / stride % (size_t) number->piece_count != 0)
			continue;
		for (int piece = 0; piece < number->piece_count; piece++)
		{
			size_t other = cell + (size_t) piece * stride;
			const int64_t *bounds =
				state->bounds + 2 * ((size_t) state->number_count * other + (size_t) position);

			if (!(state->possible[other] >> told->tier & 1))
				continue;
			policy_at_most(&least, number->from[piece]);
			policy_at_least(&most, number->until[piece]);
			if (!state->can_be[other])
				continue;
			policy_at_most(&told->at_least, bounds[0]);
			policy_at_least(&told->at_most, bounds[1]);
		}
		if (most < 0)
			continue;
		policy_at_least(&told->told_at_least, least);
		policy_at_most(&told->told_at_most, most);
	}
	/* Nobody sees a tier that nothing leads to, but by an override. */
	if (told->at_most < 0)
	{
		told->at_least = told->told_at_least = 0;
		told->at_most = told->told_at_most = TOLD_NO_END;
	}
}

static bool
start(told_state *state, const policy *rule, const profile_view *zone, pure_error *error)
{
	policy_evaluation *evaluation = &state->evaluation;
	size_t atoms = (size_t) rule->atom_count + 1;
	size_t lets = (size_t) rule->let_count + 1;

	memset(state, 0, sizeof(*state));
	evaluation->rule = rule;
	evaluation->profile = zone;
	evaluation->error = error;
	evaluation->previous = -1;
	evaluation->readings = pure_alloc0(atoms * sizeof(policy_reading));
	evaluation->atoms = pure_alloc0(atoms * sizeof(range));
	evaluation->lets = pure_alloc0(lets * sizeof(range));
	evaluation->let_limits = pure_alloc0(lets * sizeof(range));
	evaluation->let_absence = pure_alloc0(lets * sizeof(range_absence));
	evaluation->stages = pure_alloc0(((size_t) rule->step_count + 1) * sizeof(uint64_t));
	state->numbers = pure_alloc0(atoms * sizeof(told_number));
	state->counted = pure_alloc0(atoms * sizeof(policy_atom *));
	state->is_used = pure_alloc0(atoms);
	state->is_open = rule->facts.has_past || rule->facts.has_relations;
	for (int i = 0; i < rule->let_count; i++)
		evaluation->let_limits[i] = range_unknown(-1);
	for (int i = 0; i < rule->atom_count; i++)
	{
		told_number *number = &state->numbers[state->number_count];
		bool is_yesno = rule->atoms[i].kind == ATOM_FLAG;

		set_unknown(state, i);
		check_atom(state, &rule->atoms[i]);
		if (!is_yesno && !policy_is_counted(&rule->atoms[i]))
			continue;
		number->atom = i;
		state->counted[state->number_count] = &rule->atoms[i];
		number->piece_count = 1 + is_yesno;
		number->until[0] = is_yesno ? 0 : TOLD_NO_END;
		number->from[1] = number->until[1] = 1;
		state->number_count++;
	}
	return !state->is_open;
}

static void
finish(told_state *state)
{
	policy_evaluation_free(&state->evaluation);
	pure_free(state->numbers);
	pure_free(state->counted);
	pure_free(state->is_used);
	if (state->strides != NULL)
		pure_free(state->strides);
	if (state->possible != NULL)
		pure_free(state->possible);
	if (state->can_be != NULL)
		pure_free(state->can_be);
	if (state->bounds != NULL)
		pure_free(state->bounds);
}

/* What can be said without looking: nothing. */
static policy_told
nothing_told(const policy *rule, int tier, int source)
{
	policy_told told = {0};

	told.tier = tier;
	told.measure = rule->sources[source].named.name.text;
	told.at_most = told.told_at_most = TOLD_NO_END;
	return told;
}

static policy_told
told_of(const told_state *state, int tier, int position)
{
	const policy *rule = state->evaluation.rule;
	const policy_atom *atom = &rule->atoms[state->numbers[position].atom];
	policy_told told = nothing_told(rule, tier, atom->source);

	told.what = atom->kind == ATOM_COUNT	  ? TOLD_CASES :
				atom->kind == ATOM_HOUSEHOLDS ? TOLD_HOUSEHOLDS :
												TOLD_DAYS_SINCE;
	told.days = atom->kind == ATOM_DAYS_SINCE || atom->window == POLICY_FOREVER ? 0 : atom->window;
	told.ago = atom->shift.ago;
	told.is_exact = true;
	told.at_least = TOLD_NO_END;
	told.at_most = -1;
	tell(state, position, &told);
	return told;
}

policy_told *
policy_tells(const policy *rule, const profile_view *zone, int *count, pure_error *error)
{
	told_state state;
	policy_told *found;
	bool is_exact = start(&state, rule, zone, error);

	if (is_exact)
		visit_all(&state, cut_at);
	is_exact = is_exact && !state.is_open && !state.evaluation.failed && judge_cells(&state);
	*count = 0;
	found =
		pure_alloc0((size_t) rule->tier_count *
					(size_t) (state.number_count + rule->source_count + 1) * sizeof(policy_told));
	for (int tier = 0; tier < rule->tier_count && !state.evaluation.failed; tier++)
	{
		for (int i = 0; i < state.number_count && is_exact; i++)
			if (policy_is_counted(&rule->atoms[state.numbers[i].atom]))
				found[(*count)++] = told_of(&state, tier, i);
		for (int i = 0; i < rule->source_count && !is_exact; i++)
			if (rule->sources[i].kind == POLICY_COUNT)
				found[(*count)++] = nothing_told(rule, tier, i);
	}
	if (state.evaluation.failed)
	{
		pure_free(found);
		found = NULL;
	}
	finish(&state);
	return found;
}
