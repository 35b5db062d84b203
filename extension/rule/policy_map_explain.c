/* Why a zone of a map has its tier, line by line: by itself, by its past, and by what it is part
 * of. */
#include "policy_map.h"
#include "policy_words.h"

/* A step that asks the parent, the tiers that were possible before it, and what it leaves of them;
 * without an evaluation nothing is known of the zone. */
static policy_line
explain_parent(policy_evaluation *evaluation, const policy_map *map, const map_zone *zone,
			   const policy_step *step, uint64_t *possible, policy_lang lang)
{
	const policy *rule = map->rule;
	uint64_t before = *possible;
	bool asks = step->when != NULL || step->unless != NULL;
	policy_line line = {.holds = !asks				? 1 :
								 evaluation == NULL ? -1 :
													  policy_step_holds(evaluation, step)};
	policy_text condition;
	policy_text numbers;
	words_seen seen;

	text_start(&condition);
	words_step_when(&condition, rule, step, lang);
	text_start(&numbers);
	if (zone->parent < 0)
		text_add(&numbers, lang == POLICY_VI ? "không thuộc vùng nào" : "it is part of no zone");
	else
	{
		uint64_t under =
			map_step_under(rule, step, before, map->zones[zone->parent].final_possible);

		words_parent(&numbers, map, zone, lang);
		*possible = line.holds == 1 ? under : line.holds < 0 ? before | under : before;
	}
	words_seen_start(&seen, rule);
	if (step->when != NULL && evaluation != NULL)
		words_numbers(&numbers, 0, evaluation, step->when, &seen, lang);
	if (step->unless != NULL && evaluation != NULL)
		words_numbers(&numbers, 0, evaluation, step->unless, &seen, lang);
	policy_line_step(rule, &line, before, *possible);
	line.condition = condition.bytes;
	line.numbers = numbers.bytes;
	return line;
}

/* What the zone is by itself, and what its past makes of it. */
static bool
explain_alone(policy_evaluation *evaluation, const policy_map *map, const map_zone *zone,
			  policy_line *lines, int *count, policy_lang lang, pure_error *error)
{
	const policy *rule = map->rule;
	const past_states *before = &zone->course.after; /* accepted: the two changed places */
	verdict result;

	if (!policy_evaluate(evaluation, rule, &zone->settled, map->day, zone->own.previous, &result,
						 error))
		return false;
	*count = policy_explain_own(evaluation, lines, zone->own.held ? -1 : result.rule,
								rule->has_past ? before : NULL, lang);
	if (rule->has_past)
		*count += policy_explain_course(evaluation, before, &zone->course.before, map->first,
										map->day, lines + *count, lang);
	for (int i = 0; i < *count; i++)
		lines[i].decided &= !zone->own.held;
	return true;
}

policy_line *
policy_map_explain(const policy_map *map, size_t position, policy_lang lang, int *count,
				   pure_error *error)
{
	const policy *rule = map->rule;
	const map_zone *zone = &map->zones[position];
	bool is_known = zone->given->profile != NULL;
	policy_line *lines = policy_lines_make(rule);
	policy_evaluation evaluation;
	uint64_t possible = zone->own.possible;

	*count = 0;
	if (is_known && !explain_alone(&evaluation, map, zone, lines, count, lang, error))
		return NULL;
	for (int i = rule->own_steps; i < rule->step_count; i++)
		lines[(*count)++] = explain_parent(is_known ? &evaluation : NULL, map, zone,
										   &rule->steps[i], &possible, lang);
	if (is_known)
		policy_evaluation_free(&evaluation);
	return lines;
}
