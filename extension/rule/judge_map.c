/* Judging all zones of a map together, for policies that relate them. */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "judge.h"

/* The profile may say what people call the zone. */
static void
find_name(const profile_view *view, policy_zone *zone)
{
	static const char *const keys[] = {"name", "code"};

	for (int i = 0; i < lengthof(keys) && zone->name == NULL; i++)
	{
		const profile_item *item = profile_find(view, keys[i], strlen(keys[i]));

		if (item == NULL || item->kind != PROFILE_TEXT)
			continue;
		zone->name = item->value.text.bytes;
		zone->name_length = item->value.text.length;
	}
}

policy_zone *
judge_zones_of(const policy *rule, judgement_state *state, profile_view *views)
{
	policy_zone *zones =
		MemoryContextAllocExtended(CurrentMemoryContext, Max(state->count, 1) * sizeof(policy_zone),
								   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (size_t i = 0; i < state->count; i++)
	{
		policy_zone *zone = &zones[i];
		judgement_zone given;

		CHECK_FOR_INTERRUPTS();
		judgement_get(state, i, &given);
		zone->id = given.zone_id;
		zone->has_parent = given.has_parent;
		zone->parent_id = given.parent_id;
		zone->has_neighbours = given.has_neighbours;
		zone->neighbour_count = given.neighbour_count;
		zone->neighbours = given.neighbours;
		zone->shared_m = given.shared_m;
		zone->gap_m = given.gap_m;
		if (given.profile == NULL)
			continue;
		judge_view(rule, &given, state->as_of, &views[i]);
		zone->profile = &views[i];
		find_name(&views[i], zone);
	}
	return zones;
}

/* Zones on the day that their map was judged. */
static void
put_zones(judge_call *call, const policy_map *map, const policy_zone *zones, size_t count,
		  int32_t day)
{
	for (size_t i = 0; i < count; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(call->zone_context);
		verdict found;
		const char *reason = policy_map_say(map, i, &found, call->lang);

		CHECK_FOR_INTERRUPTS();
		judge_put(call, zones[i].id, day, zones[i].profile, &found, reason);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(call->zone_context);
	}
}

/* What relates zones needs all of them before it knows one. */
void
judge_map(judge_call *call, judgement_state *state)
{
	profile_view *views =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(state->count, 1) * sizeof(profile_view));
	const policy_zone *zones = judge_zones_of(call->rule, state, views);
	policy_map *map = NULL;

	for (int32 day = call->as_of; day <= call->until; day++)
	{
		MemoryContext caller = MemoryContextSwitchTo(call->day_context);
		int32 review = policy_review_day(call->rule, day);
		pure_error error = {PURE_OK};

		for (size_t i = 0; i < state->count; i++)
			views[i].as_of = day;
		if (map != NULL && policy_map_can_go_on(map, review))
			map = policy_map_go_on(map, review, day, &error) ? map : NULL;
		else
		{
			MemoryContextReset(call->day_context);
			map =
				policy_map_judge(call->rule, zones, state->count, call->start, review, &error);
		}
		if (map == NULL)
			georisk_raise(&error);
		put_zones(call, map, zones, state->count, day);
		MemoryContextSwitchTo(caller);
	}
}
