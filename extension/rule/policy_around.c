/* Reading what a map says of the zones around a zone. */
#include "policy_eval.h"

int
policy_level_of(const policy *rule, const profile_view *profile)
{
	for (int i = 0; i < rule->level_count && profile->level != NULL; i++)
		if (strlen(rule->levels[i].text) == profile->level_length &&
			memcmp(rule->levels[i].text, profile->level, profile->level_length) == 0)
			return i;
	return -1;
}

/* The tier that is asked for, or all from there on that are on the ladder. */
static bool
counts(const policy *rule, const policy_atom *atom, int tier)
{
	return tier == atom->tier ||
		   (atom->at_least && tier > atom->tier && rule->tiers[tier].rung >= 0);
}

static void
read_touches(const policy *rule, const policy_around *around, int position, policy_reading *reading)
{
	const policy_atom *atom = &rule->atoms[position];
	bool touches = false;

	if (around == NULL || !around->has_neighbours)
	{
		reading->gap = GAP_NEIGHBOURS;
		reading->value = range_between(0, 1, position);
		return;
	}
	for (int tier = 0; tier < rule->tier_count && atom->tier >= around->settled_from; tier++)
		touches |= (around->neighbours >> tier & 1) && counts(rule, atom, tier);
	reading->value = range_of(exact_of(touches));
}

static void
read_children(const policy *rule, const policy_around *around, int position,
			  policy_reading *reading)
{
	const policy_atom *atom = &rule->atoms[position];
	int64_t found = 0;

	if (around == NULL || around->child_count == 0)
	{
		reading->gap = GAP_CHILDREN;
		reading->value = range_absent(position);
		return;
	}
	for (int tier = 0; tier < rule->tier_count; tier++)
		if (counts(rule, atom, tier))
			found += around->children[tier];
	reading->value = range_of(exact_of(found));
	if (atom->kind == ATOM_SHARE)
	{
		exact share = {0, 1};

		if (exact_divide(exact_of(100 * found), exact_of(around->child_count), &share))
			reading->value = range_of(share);
	}
}

void
policy_read_around(policy_evaluation *evaluation, int position, policy_reading *reading)
{
	const policy *rule = evaluation->rule;
	const policy_around *around = evaluation->profile->around;

	switch (rule->atoms[position].kind)
	{
		case ATOM_TOUCHES:
			read_touches(rule, around, position, reading);
			return;
		case ATOM_SHARE:
		case ATOM_CHILDREN:
			read_children(rule, around, position, reading);
			return;
		default:
			reading->gap = GAP_LEVEL;
			reading->value = range_unknown(position);
	}
}
