/*
 * Judging all zones of a map together: on each review day from below, each zone after those that
 * are part of it; among neighbours from the worst tier to the mildest, so that whatever a neighbour
 * may be asked for is known when it is asked; in the end from above, what each parent makes of its
 * zones.
 */
#include "policy_map.h"

static uint64_t
every_tier(const policy *rule)
{
	return rule->tier_count == 64 ? UINT64_MAX : ((uint64_t) 1 << rule->tier_count) - 1;
}

/* -1 where more than one is left. */
static int
only_tier(uint64_t possible)
{
	int tier = 0;

	if ((possible & (possible - 1)) != 0)
		return -1;
	while (possible >> tier != 1)
		tier++;
	return tier;
}

/* Kept close together, too: neighbours are asked for little else, and often. */
static void
set_tier(policy_map *map, map_zone *zone)
{
	zone->tier = only_tier(zone->possible);
	map->tiers[zone - map->zones] = (int8_t) zone->tier;
}

/* By what is known of its surroundings so far. */
static bool
judge_zone(policy_map *map, map_zone *zone, int32_t review)
{
	const policy *rule = map->rule;
	policy_evaluation evaluation;

	if (zone->given->profile == NULL)
	{
		zone->possible = every_tier(rule);
		set_tier(map, zone);
		return true;
	}
	if (rule->has_past)
	{
		if (!policy_course_review(&zone->course, map->reviews, &zone->settled, review, map->error))
			return map_fail_zone(map, zone);
		zone->possible = policy_course_possible(&zone->course);
	}
	else
	{
		if (!policy_evaluate(&evaluation, rule, &zone->settled, review, -1, &zone->said,
							 map->error))
			return map_fail_zone(map, zone);
		policy_evaluation_free(&evaluation);
		zone->possible = zone->said.possible;
	}
	if (zone->worst != NULL)
		zone->possible = policy_worst_of(zone->possible, zone->worst->possible);
	set_tier(map, zone);
	return true;
}

static void
count_children(const policy_map *map, size_t position)
{
	policy_around *around = &map->zones[position].around;

	if (around->children == NULL)
		return;
	memset(around->children, 0, (size_t) map->rule->tier_count * sizeof(int));
	for (size_t i = map->children.start[position]; i < map->children.start[position + 1]; i++)
	{
		int tier = map->tiers[map->children.at[i]];

		if (tier >= 0)
			around->children[tier]++;
	}
}

static void
look_around(const policy_map *map, size_t position)
{
	uint64_t tiers = 0;

	for (size_t i = map->neighbours.start[position]; i < map->neighbours.start[position + 1]; i++)
	{
		int32_t at = map->neighbours.at[i];

		if (at >= 0 && map->tiers[at] >= 0)
			tiers |= (uint64_t) 1 << map->tiers[at];
	}
	map->zones[position].around.neighbours = tiers;
}

static bool
any_from(const policy_map *map, const size_t *zones, size_t count, int tier)
{
	for (size_t i = 0; i < count; i++)
		if (map->tiers[zones[i]] >= tier)
			return true;
	return false;
}

/* Does it change anything that it is settled who touches a zone at this tier? */
static bool
is_touched(const policy_around *around, int tier)
{
	return around->has_neighbours && around->neighbours >> tier != 0;
}

/*
 * Zones that may be each other's neighbours, in stages: whether a zone is at a tier depends on
 * neighbours at worse tiers alone, and these are settled in the stages before.
 */
static bool
judge_layer(policy_map *map, const size_t *zones, size_t count, int32_t review)
{
	const policy *rule = map->rule;

	for (size_t i = 0; i < count; i++)
	{
		map_zone *zone = &map->zones[zones[i]];

		pure_check_interrupts();
		count_children(map, zones[i]);
		zone->around.settled_from = rule->tier_count;
		if (!judge_zone(map, zone, review))
			return false;
	}
	for (int tier = rule->tier_count - 1; tier >= 0; tier--)
	{
		if (!(rule->touched >> tier & 1) || !any_from(map, zones, count, tier))
			continue;
		for (size_t i = 0; i < count; i++)
		{
			look_around(map, zones[i]);
			map->zones[zones[i]].around.settled_from = tier;
		}
		for (size_t i = 0; i < count; i++)
		{
			map_zone *zone = &map->zones[zones[i]];

			pure_check_interrupts();
			if (is_touched(&zone->around, tier) && !judge_zone(map, zone, review))
				return false;
		}
	}
	return true;
}

/* Once all are judged, what is around each is as it is. */
static void
settle_around(policy_map *map, size_t position)
{
	look_around(map, position);
	map->zones[position].around.settled_from = 0;
}

static policy_around
copy_around(const policy *rule, const policy_around *around)
{
	policy_around copy = *around;
	size_t size = (size_t) rule->tier_count * sizeof(int);

	copy.map = NULL;
	if (around->children != NULL)
		copy.children = memcpy(pure_alloc(size), around->children, size);
	return copy;
}

/* What a review day leaves, its silence excused: the worst since it reported. */
static void
keep_worst(const policy *rule, map_zone *zone, const verdict *now, int32_t review)
{
	int32_t known = policy_known_until(rule, &zone->view);
	int32_t day = review < known ? known : review;

	if (zone->worst == NULL)
	{
		zone->worst = pure_alloc(sizeof(verdict));
		*zone->worst = *now;
		zone->worst->held_day = day;
	}
	else if (!policy_keep_worse(zone->worst, now, day))
		return;
	zone->worst_around = copy_around(rule, &zone->around);
}

static bool
judge_layers(policy_map *map, int32_t review)
{
	for (size_t i = 0; i < map->layer_count; i++)
		if (!judge_layer(map, map->order + map->layers[i], map->layers[i + 1] - map->layers[i],
						 review))
			return false;
	return true;
}

/*
 * A review before the one judged as people saw it then: bare values as of that day. Nothing of it
 * goes on but the worst of those whose silence is excused.
 */
static bool
hold_as_seen_then(policy_map *map, int32_t review)
{
	const policy *rule = map->rule;

	for (size_t i = 0; i < map->count; i++)
	{
		map_zone *zone = &map->zones[i];

		zone->settled.has_as_of = true;
		zone->settled.as_of = review;
		if (zone->excused && review == zone->held_from)
			zone->settled.as_of = policy_known_until(rule, &zone->view);
	}
	if (!judge_layers(map, review))
		return false;
	for (size_t i = 0; i < map->count; i++)
	{
		map_zone *zone = &map->zones[i];
		policy_course course = zone->course;
		verdict now = zone->said;

		if (zone->excused && review >= zone->held_from)
		{
			if (rule->has_past)
			{
				policy_course_accept(&course);
				policy_course_conclude(&course, past_until(rule, &zone->settled, review), &now);
			}
			settle_around(map, i);
			keep_worst(rule, zone, &now, review);
		}
		zone->settled.has_as_of = zone->view.has_as_of;
		zone->settled.as_of = zone->view.as_of;
	}
	return true;
}

/* A review before the one judged. */
static bool
hold_earlier(policy_map *map, int32_t review)
{
	bool is_seen = review >= map->seen_from;

	if (is_seen && !hold_as_seen_then(map, review))
		return false;
	if (!map->rule->has_past)
		return true;
	if ((!is_seen || map->has_bare) && !judge_layers(map, review))
		return false;
	for (size_t i = 0; i < map->count; i++)
		policy_course_accept(&map->zones[i].course);
	return true;
}

static bool
hold_last(policy_map *map, int32_t review)
{
	const policy *rule = map->rule;

	if (!judge_layers(map, review))
		return false;
	for (size_t i = 0; i < map->count; i++)
	{
		map_zone *zone = &map->zones[i];

		if (zone->given->profile == NULL)
			continue;
		zone->own = zone->said;
		if (rule->has_past)
		{
			policy_course_accept(&zone->course);
			policy_course_conclude(&zone->course, past_until(rule, &zone->settled, review),
								   &zone->own);
		}
		settle_around(map, i);
		if (zone->worst != NULL)
			policy_keep_worse(&zone->own, zone->worst, zone->worst->held_day);
	}
	return true;
}

/* The tiers possible under a parent, where the step is done. */
uint64_t
map_step_under(const policy *rule, const policy_step *step, uint64_t possible, uint64_t parent)
{
	uint64_t found = 0;

	for (int tier = 0; tier < rule->tier_count; tier++)
		for (int limit = 0; limit < rule->tier_count && (possible >> tier & 1); limit++)
			if (parent >> limit & 1)
				found |= (uint64_t) 1 << (rule->tiers[limit].rung < 0 ?
											  tier :
											  policy_tier_stepped(rule, step, limit, tier));
	return found;
}

static bool
look_up(policy_map *map, map_zone *zone)
{
	const policy *rule = map->rule;
	policy_evaluation evaluation;
	verdict ignored;
	bool judged = false;

	zone->final_possible = zone->own.possible;
	for (int i = rule->own_steps; i < rule->step_count && zone->parent >= 0; i++)
	{
		const policy_step *step = &rule->steps[i];
		uint64_t changed =
			map_step_under(rule, step, zone->final_possible, map->zones[zone->parent].final_possible);
		bool asks = step->when != NULL || step->unless != NULL;
		int applies = 1;

		if (changed == zone->final_possible)
			continue;
		if (asks && zone->given->profile == NULL)
			applies = -1;
		else if (asks)
		{
			if (!judged && !policy_evaluate(&evaluation, rule, &zone->settled, map->day, -1,
											&ignored, map->error))
				return map_fail_zone(map, zone);
			judged = true;
			applies = policy_step_holds(&evaluation, step);
		}
		if (applies == 1)
			zone->final_possible = changed;
		else if (applies < 0)
			zone->final_possible |= changed;
	}
	if (judged)
		policy_evaluation_free(&evaluation);
	zone->final_tier = only_tier(zone->final_possible);
	return true;
}

static void
begin_zone(policy_map *map, size_t position, const policy_zone *given)
{
	map_zone *zone = &map->zones[position];

	zone->given = given;
	zone->for_level = -1;
	zone->around.map = map;
	zone->around.zone = position;
	if (given->profile == NULL)
	{
		zone->own.tier = -1;
		zone->own.possible = every_tier(map->rule);
		return;
	}
	zone->view = *given->profile;
	zone->view.around = &zone->around;
	zone->excused = policy_settle_silence(map->rule, &zone->view, map->day, &zone->settled);
	zone->held_from =
		zone->excused ? policy_last_review(map->rule, policy_known_until(map->rule, &zone->view)) :
						map->day;
	if (zone->held_from < map->seen_from)
		map->seen_from = zone->held_from;
	map->has_bare |= past_is_of_its_day(map->rule, &zone->view);
	zone->for_level = policy_level_of(map->rule, &zone->view);
}

static void
begin_courses(policy_map *map, int32_t first)
{
	for (size_t i = 0; i < map->count; i++)
	{
		policy_course_free(&map->zones[i].course);
		policy_course_begin(&map->zones[i].course, map->rule, first);
	}
}

/* The first review day that tells on the day judged. */
static bool
first_review(policy_map *map, int32_t start)
{
	if (!map->rule->has_past)
	{
		map->first = map->seen_from;
		return true;
	}
	map->first = past_first_review(map->rule, start, map->day);
	map->can_go_on = past_first_review(map->rule, start, DAY_LAST) == map->first;
	return past_reviews_fit(map->rule, start, map->first, map->day, map->error);
}

/* Silence may be older than the first review: what was seen then is what a first review says. */
static bool
judge_before_first(policy_map *map)
{
	for (int64_t review = map->seen_from; review < map->first;
		 review += past_days_between_reviews(map->rule))
	{
		begin_courses(map, (int32_t) review);
		if (!hold_as_seen_then(map, (int32_t) review))
			return false;
	}
	begin_courses(map, map->first);
	return true;
}

static bool
judge_reviews(policy_map *map, int32_t first)
{
	int32_t step = past_days_between_reviews(map->rule);

	map->next = first;
	for (int64_t review = first; review <= map->day; review += step)
	{
		bool is_last = review + step > map->day;

		for (size_t i = 0; i < map->count && is_last; i++)
			if (map->zones[i].given->profile != NULL)
				policy_settle_silence(map->rule, &map->zones[i].view, map->day,
									  &map->zones[i].settled);
		if (!(is_last ? hold_last(map, (int32_t) review) : hold_earlier(map, (int32_t) review)))
			return false;
		map->next = (int32_t) review + step;
	}
	for (size_t i = 0; i < map->count; i++)
	{
		map_zone *zone = &map->zones[map->top_down != NULL ? map->top_down[i] : i];

		pure_check_interrupts();
		if (!look_up(map, zone))
			return false;
	}
	return true;
}

policy_map *
policy_map_judge(const policy *rule, const policy_zone *zones, size_t count, int32_t start,
				 int32_t day, pure_error *error)
{
	policy_map *map = pure_alloc0(sizeof(policy_map));

	map->rule = rule;
	map->day = map->seen_from = day;
	map->count = count;
	map->error = error;
	map->zones = pure_alloc0((count + 1) * sizeof(map_zone));
	map->tiers = pure_alloc0(count + 1);
	map->reviews = past_reviews_make(rule);
	for (size_t i = 0; i < count; i++)
	{
		pure_check_interrupts();
		begin_zone(map, i, &zones[i]);
	}
	if (!first_review(map, start))
		return NULL;
	map->known_until = INT32_MAX;
	for (size_t i = 0; i < count && map->can_go_on; i++)
	{
		map->can_go_on = zones[i].profile == NULL || past_can_be_kept(rule, zones[i].profile);
		if (zones[i].profile != NULL && zones[i].profile->has_reported_until &&
			policy_known_until(rule, zones[i].profile) < map->known_until)
			map->known_until = policy_known_until(rule, zones[i].profile);
	}
	if (!map_find_parents(map) || !map_find_neighbours(map))
		return NULL;
	map_find_children(map);
	return map_find_layers(map) && judge_before_first(map) && judge_reviews(map, map->first) ?
			   map :
			   NULL;
}

bool
policy_map_can_go_on(const policy_map *map, int32_t day)
{
	return map->can_go_on && day <= map->known_until;
}

bool
policy_map_go_on(policy_map *map, int32_t day, int32_t as_of, pure_error *error)
{
	map->day = day;
	map->error = error;
	for (size_t i = 0; i < map->count; i++)
	{
		map_zone *zone = &map->zones[i];

		zone->view.as_of = zone->settled.as_of = as_of;
		/* What the last review decided may take effect before the next. */
		if (zone->given->profile != NULL && map->next > day)
			policy_course_conclude(&zone->course, past_until(map->rule, &zone->settled, day),
								   &zone->own);
	}
	return judge_reviews(map, map->next);
}
