/* Why a zone of a judgement has its tier. */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "judge.h"
#include "verdict.h"

PG_FUNCTION_INFO_V1(georisk_explain_zone);

static size_t
find_zone(judgement_state *state, int32 zone_id)
{
	for (size_t i = 0; i < state->count; i++)
	{
		judgement_zone zone;

		CHECK_FOR_INTERRUPTS();
		judgement_get(state, i, &zone);
		if (zone.zone_id == zone_id)
			return i;
	}
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
					errmsg("the judgement has no zone %d", zone_id),
					errhint("SELECT zone_id FROM judge(judgement) lists those that it has.")));
}

/* The zones of a map, the position of one, and from when on reviews are held. */
typedef struct explained_map
{
	const policy *rule;
	policy_zone *zones;
	profile_view *views;
	size_t count;
	size_t position;
	int32 start;
	int32 as_of;
	policy_lang lang;
} explained_map;

static policy_map *
judge_day(const explained_map *what, int32 day)
{
	pure_error error = {PURE_OK};
	policy_map *map;

	for (size_t i = 0; i < what->count; i++)
		what->views[i].as_of = day;
	map = policy_map_judge(what->rule, what->zones, what->count, what->start,
						   policy_review_day(what->rule, day), &error);
	if (map == NULL)
		georisk_raise(&error);
	return map;
}

/* The same on a later day, and of it only the reviews since, where they can go on. */
static policy_map *
judge_next_day(const explained_map *what, policy_map *map, int32 day, MemoryContext map_context)
{
	pure_error error = {PURE_OK};

	if (map == NULL || !policy_map_can_go_on(map, policy_review_day(what->rule, day)))
	{
		MemoryContextReset(map_context);
		return judge_day(what, day);
	}
	if (!policy_map_go_on(map, policy_review_day(what->rule, day), day, &error))
		georisk_raise(&error);
	return map;
}

/* The first day on which the tier is milder if nothing more is reported anywhere; -1 = none. */
static int
next_step_down(const explained_map *what, const verdict *now, int32 *when)
{
	MemoryContext map_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk explain map", ALLOCSET_DEFAULT_SIZES);
	MemoryContext say_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk explain say", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = CurrentMemoryContext;
	policy_map *map = NULL;
	const policy_tier *tiers = policy_get_facts(what->rule)->tiers;
	int64 last = what->as_of + policy_days_ahead(what->rule);
	int found = -1;

	if (now->tier < 0 || tiers[now->tier].rung < 0)
		last = what->as_of;
	for (size_t i = 0; i < what->count; i++)
		what->views[i].has_complete_until = what->views[i].has_reported_until = false;
	for (int64 day = (int64) what->as_of + 1; day <= last && day <= DAY_LAST && found < 0; day++)
	{
		verdict then;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(map_context);
		map = judge_next_day(what, map, (int32) day, map_context);
		MemoryContextSwitchTo(say_context);
		policy_map_say(map, what->position, &then, what->lang);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(say_context);
		if (then.tier >= 0 && then.tier < now->tier && tiers[then.tier].rung >= 0)
		{
			found = then.tier;
			*when = (int32) day;
		}
	}
	MemoryContextDelete(map_context);
	MemoryContextDelete(say_context);
	return found;
}

static void
explain_related(ReturnSetInfo *result, const explained_map *what)
{
	const policy_map *map = judge_day(what, what->as_of);
	pure_error error = {PURE_OK};
	int count, next_tier;
	int32 next_day = 0;
	policy_line *lines =
		policy_map_explain(map, what->position, what->lang, &count, &error);
	verdict found;
	const char *reason;

	if (lines == NULL)
		georisk_raise(&error);
	for (int i = 0; i < count; i++)
		explain_put_line(result, i + 1, &lines[i]);
	reason = policy_map_say(map, what->position, &found, what->lang);
	next_tier = next_step_down(what, &found, &next_day);
	explain_put_verdict(result, what->rule, &found, reason, next_tier, next_day);
}

static void
explain_alone(ReturnSetInfo *result, const explained_map *what, judgement_state *state)
{
	const policy_facts *facts = policy_get_facts(what->rule);
	judgement_zone zone;
	profile_view view;

	judgement_get(state, what->position, &zone);
	if (zone.profile == NULL)
	{
		verdict nothing = {.tier = -1};

		nothing.possible =
			facts->tier_count == 64 ? UINT64_MAX : (UINT64CONST(1) << facts->tier_count) - 1;
		explain_put_verdict(result, what->rule, &nothing, policy_knows_nothing(what->lang), -1, 0);
		return;
	}
	judge_view(what->rule, &zone, what->as_of, &view);
	explain_put(result, &(explained){what->rule, &view, what->start,
									 policy_review_day(what->rule, what->as_of), what->lang});
}

Datum
georisk_explain_zone(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	judgement_state *state;
	explained_map what = {0};

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	state = judgement_read(PG_GETARG_DATUM(0));
	what.rule = risk_policy_of_call(fcinfo, state->policy);
	judgement_sort(state);
	what.lang = risk_policy_lang(fcinfo, 2);
	what.as_of = state->as_of;
	what.count = state->count;
	what.start = judge_first_review_day(what.rule, state, state->as_of);
	what.position = find_zone(state, PG_GETARG_INT32(1));
	if (!policy_get_facts(what.rule)->has_relations)
	{
		explain_alone(result, &what, state);
		return (Datum) 0;
	}
	what.views = MemoryContextAllocHuge(CurrentMemoryContext, state->count * sizeof(profile_view));
	what.zones = judge_zones_of(what.rule, state, what.views);
	explain_related(result, &what);
	return (Datum) 0;
}
