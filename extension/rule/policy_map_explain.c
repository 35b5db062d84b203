/* Why a zone of a map has its tier, line by line: by itself, by its past, and by what it is part of. */
#include "policy_map.h"
#include "policy_words.h"

/* A step that asks the parent, the tiers that were possible before it, and what it leaves of them. */
static policy_line
explain_parent(policy_evaluation *evaluation, const policy_map *map, const map_zone *zone,
			   const policy_step *step, uint64_t *possible, policy_lang lang)
{
	const policy *rule = map->rule;
	uint64_t before = *possible;
	policy_line line = {.holds = policy_step_holds(evaluation, step)};
	policy_text condition;
	policy_text numbers;
	words_seen seen;

	text_start(&condition);
	words_step_when(&condition, rule, step, lang);
	text_start(&numbers);
	if (zone->parent >= 0)
	{
		uint64_t under = map_step_under(rule, step, before, map->zones[zone->parent].final_possible);

		words_parent(&numbers, map, zone, lang);
		*possible = line.holds == 1 ? under : line.holds < 0 ? before | under : before;
	}
	words_seen_start(&seen, rule);
	if (step->when != NULL)
		words_numbers(&numbers, 0, evaluation, step->when, &seen, lang);
	if (step->unless != NULL)
		words_numbers(&numbers, 0, evaluation, step->unless, &seen, lang);
	line.decided = before != *possible && (before & (before - 1)) == 0 &&
				   (*possible & (*possible - 1)) == 0;
	for (int tier = 0; line.decided && tier < rule->tier_count; tier++)
		if (*possible >> tier & 1)
			line.tier = rule->tiers[tier].key;
	line.condition = condition.bytes;
	line.numbers = numbers.bytes;
	return line;
}

policy_line *
policy_map_explain(const policy_map *map, size_t position, policy_lang lang, int *count,
				   pure_error *error)
{
	const policy *rule = map->rule;
	const map_zone *zone = &map->zones[position];
	policy_line *lines = policy_lines_make(rule);
	policy_evaluation evaluation;
	verdict result;
	uint64_t possible = zone->own.possible;

	*count = 0;
	if (zone->given->profile == NULL)
		return lines;
	if (!policy_evaluate(&evaluation, rule, &zone->settled, map->day, zone->own.previous, &result,
						 error))
		return NULL;
	*count = policy_explain_own(&evaluation, lines, zone->own.held ? -1 : result.rule, lang);
	if (rule->has_past)
		*count += policy_explain_course(&evaluation, &zone->course.after, &zone->course.before,
										map->first, map->day, lines + *count, lang);
	for (int i = 0; i < *count; i++)
		lines[i].decided &= !zone->own.held;
	for (int i = rule->own_steps; i < rule->step_count; i++)
		lines[(*count)++] =
			explain_parent(&evaluation, map, zone, &rule->steps[i], &possible, lang);
	policy_evaluation_free(&evaluation);
	return lines;
}
