/* What BASE, in each of its forms, and the steps behind it leave possible. */
#include "policy_eval.h"

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

/* The tiers that no line excludes; `decided` is the first line that may hold. */
static uint64_t
possible_by_rules(policy_evaluation *evaluation, const policy_branch *branch, int *decided)
{
	uint64_t possible = 0;

	for (int i = 0; i < branch->rule_count; i++)
	{
		const policy_rule *line = &branch->rules[i];
		int holds = line->condition == NULL ? 1 : policy_condition(evaluation, line->condition);

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
metric_tiers(policy_evaluation *evaluation, const policy_metric *metric, range value, int *lowest,
			 int *highest)
{
	uint64_t tiers = 0;

	value.absence = RANGE_PRESENT;
	range_band(&value, metric, lowest, highest);
	if (*lowest < *highest)
		policy_note_split(evaluation, metric->expr, &value, metric->cuts[*lowest].value);
	for (int band = *lowest; band <= *highest; band++)
		tiers |= bit(metric_tier(metric, band));
	*lowest = metric_tier(metric, *lowest);
	*highest = metric_tier(metric, *highest);
	return tiers;
}

static uint64_t
possible_by_metrics(policy_evaluation *evaluation, const policy_branch *branch, int *decided)
{
	uint64_t possible = 0; /* of the metrics so far, where any of them is there */
	bool maybe_none = true;
	int none_why = -1;
	int certain = -1;
	int open = -1;

	for (int i = 0; i < branch->metric_count; i++)
	{
		range value = policy_number(evaluation, branch->metrics[i].expr);
		uint64_t tiers;
		int lowest;
		int highest;

		if (none_why < 0)
			none_why = value.why;
		if (value.absence == RANGE_ABSENT)
			continue;
		tiers = metric_tiers(evaluation, &branch->metrics[i], value, &lowest, &highest);
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
	return every_tier(evaluation->rule);
}

/* The first CASE that holds; those that may hold before it leave their tiers possible, too. */
static uint64_t
possible_by_base(policy_evaluation *evaluation, int *decided)
{
	const policy *rule = evaluation->rule;
	int level = policy_level_of(rule, evaluation->profile);
	uint64_t possible = 0;

	*decided = -1;
	for (int i = 0; i < rule->branch_count; i++)
	{
		const policy_branch *branch = &rule->branches[i];
		int holds;
		int line = -1;

		if (branch->level != level)
			continue;
		holds = branch->condition == NULL ? 1 : policy_condition(evaluation, branch->condition);

		if (holds == 0)
			continue;
		possible |= branch->worst_of ? possible_by_metrics(evaluation, branch, &line) :
									   possible_by_rules(evaluation, branch, &line);
		if (*decided < 0 && line >= 0)
			*decided = branch->first_line + line;
		if (holds == 1)
			break;
	}
	if (possible != 0)
		return possible;
	evaluation->why = rule->level_atom; /* no FOR is for this zone */
	return every_tier(rule);
}

int
policy_tier_moved(const policy *rule, int tier, int tiers, int direction)
{
	int found = tier;

	for (int next = tier + direction; next >= 0 && next < rule->tier_count && tiers > 0;
		 next += direction)
		if (rule->tiers[next].rung >= 0)
		{
			found = next;
			tiers--;
		}
	return found;
}

int
policy_tier_stepped(const policy *rule, const policy_step *step, int limit, int tier)
{
	int found;

	if (rule->tiers[tier].rung < 0)
		return tier;
	switch (step->kind)
	{
		case STEP_RAISE:
			found = policy_tier_moved(rule, tier, step->tiers, 1);
			if (limit < 0 || found <= limit)
				return found;
			return tier > limit ? tier : limit;
		case STEP_LOWER:
			found = policy_tier_moved(rule, tier, step->tiers, -1);
			if (found >= limit)
				return found;
			return tier < limit ? tier : limit;
		case STEP_NOT_BELOW:
			return tier < limit ? limit : tier;
		default:
			return tier > limit ? limit : tier;
	}
}

/* What a step makes of the tiers possible before it, where it applies. */
static uint64_t
step_tiers(const policy_evaluation *evaluation, const policy_step *step, uint64_t possible)
{
	const policy *rule = evaluation->rule;
	int limit = step->previous ? evaluation->previous : step->tier;
	uint64_t found = 0;

	/* Nothing was in force, or what is not on the ladder. */
	if (step->previous && (limit < 0 || rule->tiers[limit].rung < 0))
		return possible;
	for (int tier = 0; tier < rule->tier_count; tier++)
		if (possible >> tier & 1)
			found |= bit(policy_tier_stepped(rule, step, limit, tier));
	return found;
}

uint64_t
policy_possible_tiers(policy_evaluation *evaluation, int *decided)
{
	const policy *rule = evaluation->rule;
	uint64_t possible = possible_by_base(evaluation, decided);

	evaluation->stages[0] = possible;
	for (int i = 0; i < rule->own_steps; i++)
	{
		const policy_step *step = &rule->steps[i];
		uint64_t changed = step_tiers(evaluation, step, possible);
		int applies = changed == possible ? 0 : policy_step_applies(evaluation, step);

		if (applies == 1)
			possible = changed;
		else if (applies < 0)
			possible |= changed;
		evaluation->stages[i + 1] = possible;
	}
	return possible;
}
