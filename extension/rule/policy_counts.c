/* What one count says of another, whatever the policy. */
#include "policy_counts.h"

bool
policy_is_counted(const policy_atom *atom)
{
	return atom->kind == ATOM_COUNT || atom->kind == ATOM_HOUSEHOLDS ||
		   atom->kind == ATOM_DAYS_SINCE;
}

/* The days of the one are days of the other. */
static bool
covers(const policy_atom *outer, const policy_atom *inner)
{
	int64_t outer_end =
		outer->window == POLICY_FOREVER ? INT64_MAX : (int64_t) outer->shift.ago + outer->window;
	int64_t inner_end =
		inner->window == POLICY_FOREVER ? INT64_MAX : (int64_t) inner->shift.ago + inner->window;

	return outer->shift.ago <= inner->shift.ago && outer_end >= inner_end;
}

bool
policy_at_least(int64_t *bound, int64_t to)
{
	bool changed = *bound < to;

	*bound = changed ? to : *bound;
	return changed;
}

bool
policy_at_most(int64_t *bound, int64_t to)
{
	bool changed = *bound > to;

	*bound = changed ? to : *bound;
	return changed;
}

/* Narrows both; `a` lies within `b`, or `b` counts the days since. True where anything changed. */
static bool
narrow_pair(const policy_atom *a, int64_t *of_a, const policy_atom *b, int64_t *of_b)
{
	bool changed = false;

	if (a->source != b->source || a == b)
		return false;
	if (b->kind == ATOM_DAYS_SINCE && a->kind != ATOM_DAYS_SINCE)
	{
		if (a->shift.ago != b->shift.ago || a->window == POLICY_FOREVER)
			return false;
		changed |= of_a[1] == 0 && policy_at_least(&of_b[0], a->window);
		changed |= of_a[0] >= 1 && policy_at_most(&of_b[1], (int64_t) a->window - 1);
		changed |= of_b[0] >= a->window && policy_at_most(&of_a[1], 0);
		changed |= of_b[1] < a->window && policy_at_least(&of_a[0], 1);
		return changed;
	}
	if (a->kind == ATOM_DAYS_SINCE || b->kind == ATOM_DAYS_SINCE || !covers(b, a))
		return false;
	if (a->kind == b->kind || a->kind == ATOM_HOUSEHOLDS)
	{
		changed |= policy_at_least(&of_b[0], of_a[0]);
		changed |= policy_at_most(&of_a[1], of_b[1]);
	}
	changed |= of_a[0] >= 1 && policy_at_least(&of_b[0], 1);
	changed |= of_b[1] == 0 && policy_at_most(&of_a[1], 0);
	return changed;
}

bool
policy_counts_narrow(const policy_atom *const *atoms, int count, int64_t *bounds)
{
	bool changed = true;

	while (changed)
	{
		changed = false;
		for (int i = 0; i < count; i++)
			for (int j = 0; j < count; j++)
				if (policy_is_counted(atoms[i]) && policy_is_counted(atoms[j]))
					changed |= narrow_pair(atoms[i], bounds + 2 * i, atoms[j], bounds + 2 * j);
		for (int i = 0; i < count; i++)
			if (bounds[2 * i] > bounds[2 * i + 1])
				return false;
	}
	return true;
}
