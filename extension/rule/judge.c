/* judge_agg gathers all zones of a day, judge gives their verdicts. No table is read. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "../what/day_core.h"
#include "judge.h"

PG_FUNCTION_INFO_V1(georisk_judge_agg_add);
PG_FUNCTION_INFO_V1(georisk_judge_agg_combine);
PG_FUNCTION_INFO_V1(georisk_judge);
PG_FUNCTION_INFO_V1(georisk_judge_days);

enum
{
	ARG_STATE,
	ARG_ZONE_ID,
	ARG_PARENT_ID,
	ARG_LEVEL,
	ARG_PROFILE,
	ARG_NEIGHBOURS,
	ARG_SHARED_M,
	ARG_GAP_M,
	ARG_ANNOUNCED,
	ARG_POLICY,
	ARG_AS_OF,
	ARG_START
};

static void
require(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("judge_agg needs %s, and it is NULL", name)));
}

static DateADT
finite_day(FunctionCallInfo fcinfo, int argument, const char *name)
{
	DateADT day = PG_GETARG_DATEADT(argument);

	if (DATE_NOT_FINITE(day))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("%s is a day of the calendar, not infinity", name)));
	return day;
}

/* A text argument, NULL where it is NULL. */
static const char *
words(FunctionCallInfo fcinfo, int argument, size_t *length)
{
	text *value;

	*length = 0;
	if (PG_ARGISNULL(argument))
		return NULL;
	value = PG_GETARG_TEXT_PP(argument);
	*length = VARSIZE_ANY_EXHDR(value);
	return VARDATA_ANY(value);
}

/* The elements of an array argument, NULL where it is NULL. */
static const void *
elements(FunctionCallInfo fcinfo, int argument, const char *name, int32 zone_id, size_t *count)
{
	ArrayType *array;

	*count = 0;
	if (PG_ARGISNULL(argument))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s of zone %d is a list without NULL", name, zone_id)));
	*count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	return ARR_DATA_PTR(array);
}

static const double *
lengths(FunctionCallInfo fcinfo, int argument, const char *name, const judgement_zone *zone)
{
	size_t count;
	const double *values = elements(fcinfo, argument, name, zone->zone_id, &count);

	if (values != NULL && (!zone->has_neighbours || count != zone->neighbour_count))
		ereport(
			ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg("zone %d has %zu neighbours, but %s holds %zu", zone->zone_id,
					zone->neighbour_count, name, count),
			 errhint(
				 "neighbours, shared_m and gap_m describe the same borders in the same order.")));
	return values;
}

Datum
georisk_judge_agg_add(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	judgement_state *state;
	judgement_zone zone = {0};
	bool has_start = !PG_ARGISNULL(ARG_START);

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "judge_agg_add is called by judge_agg only");
	require(fcinfo, ARG_ZONE_ID, "zone_id");
	require(fcinfo, ARG_POLICY, "policy");
	require(fcinfo, ARG_AS_OF, "as_of");

	zone.zone_id = PG_GETARG_INT32(ARG_ZONE_ID);
	zone.has_parent = !PG_ARGISNULL(ARG_PARENT_ID);
	zone.parent_id = zone.has_parent ? PG_GETARG_INT32(ARG_PARENT_ID) : 0;
	zone.level = words(fcinfo, ARG_LEVEL, &zone.level_length);
	if (!PG_ARGISNULL(ARG_PROFILE))
		/* checked by who reads it, as one in stored bytes must be */
		zone.profile = (const zone_profile *) PG_DETOAST_DATUM(PG_GETARG_DATUM(ARG_PROFILE));
	zone.has_neighbours = !PG_ARGISNULL(ARG_NEIGHBOURS);
	zone.neighbours =
		elements(fcinfo, ARG_NEIGHBOURS, "neighbours", zone.zone_id, &zone.neighbour_count);
	zone.shared_m = lengths(fcinfo, ARG_SHARED_M, "shared_m", &zone);
	zone.gap_m = lengths(fcinfo, ARG_GAP_M, "gap_m", &zone);
	zone.announced = words(fcinfo, ARG_ANNOUNCED, &zone.announced_length);

	state = PG_ARGISNULL(ARG_STATE) ? judgement_make(context) :
									  judgement_modify(PG_GETARG_DATUM(ARG_STATE), context);
	judgement_set_day(state, PG_GETARG_RISK_POLICY(ARG_POLICY),
					  finite_day(fcinfo, ARG_AS_OF, "as_of"), has_start,
					  has_start ? finite_day(fcinfo, ARG_START, "start") : 0);
	judgement_add(state, &zone);
	PG_RETURN_DATUM(EOHPGetRWDatum(&state->header));
}

Datum
georisk_judge_agg_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	judgement_state *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "judge_agg_combine is called by judge_agg only");
	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	state =
		PG_ARGISNULL(0) ? judgement_make(context) : judgement_modify(PG_GETARG_DATUM(0), context);
	if (!PG_ARGISNULL(1))
		judgement_merge(state, judgement_read(PG_GETARG_DATUM(1)));
	PG_RETURN_DATUM(EOHPGetRWDatum(&state->header));
}

static char *
judge_day(const judge_call *call, int32 zone_id, const profile_view *view, policy_kept *kept, int32 day,
		  verdict *found)
{
	pure_error error;
	char *reason = NULL;
	bool judged = false;

	if (kept != NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(call->zone_context);

		judged = policy_judge_kept(kept, view, day, found, &error);
		MemoryContextSwitchTo(caller);
		if (judged)
			reason = policy_reason(call->rule, view, day, found, call->lang);
	}
	else
		reason =
			policy_judge_and_say(call->rule, view, call->start, day, found, call->lang, &error);
	if (reason == NULL)
	{
		policy_name_zone(&error, &(policy_zone){.id = zone_id});
		georisk_raise(&error);
	}
	return reason;
}

/* One zone on all days, one after the other. */
static void
judge_zone(judge_call *call, const judgement_zone *zone)
{
	profile_view view = {0};
	policy_kept *kept = NULL;

	if (zone->profile != NULL)
		judge_view(call->rule, zone, call->as_of, &view);
	if (zone->profile != NULL && call->until > call->as_of)
		kept = policy_keep(call->rule, &view, call->start);
	for (int32 day = call->as_of; day <= call->until; day++)
	{
		MemoryContext caller = MemoryContextSwitchTo(call->day_context);
		verdict found = {.tier = -1};
		const char *reason = policy_knows_nothing(call->lang);

		CHECK_FOR_INTERRUPTS();
		view.as_of = day;
		if (zone->profile != NULL)
			reason = judge_day(call, zone->zone_id, &view, kept, policy_review_day(call->rule, day), &found);
		judge_put(call, zone->zone_id, day, zone->profile == NULL ? NULL : &view, &found, reason);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(call->day_context);
	}
}

int32
judge_first_review_day(const policy *rule, judgement_state *state, int32 until)
{
	int32 first = state->has_start ? state->start : until;

	if (state->has_start || !policy_get_facts(rule)->has_past)
		return first;
	for (size_t i = 0; i < state->count; i++)
	{
		judgement_zone zone;
		profile_view view;
		int32 day;

		CHECK_FOR_INTERRUPTS();
		judgement_get(state, i, &zone);
		if (zone.profile == NULL)
			continue;
		judge_view(rule, &zone, state->as_of, &view);
		if (policy_first_report(rule, &view, &day) && day < first)
			first = day;
		pfree((void *) view.items);
	}
	return first;
}

static void
judge_until(FunctionCallInfo fcinfo, judgement_state *state, int32 until, policy_lang lang)
{
	const policy *rule = risk_policy_of_call(fcinfo, state->policy);
	judge_call call = {rule, lang, state->as_of, until,
					   judge_first_review_day(rule, state, until)};
	MemoryContext caller = CurrentMemoryContext;

	InitMaterializedSRF(fcinfo, 0);
	call.result = (ReturnSetInfo *) fcinfo->resultinfo;
	call.zone_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk judge zone", ALLOCSET_DEFAULT_SIZES);
	call.day_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk judge day", ALLOCSET_DEFAULT_SIZES);
	judgement_sort(state);
	if (policy_get_facts(rule)->has_relations)
		judge_map(&call, state);
	for (size_t i = 0; i < state->count && !policy_get_facts(rule)->has_relations; i++)
	{
		judgement_zone zone;

		judgement_get(state, i, &zone);
		MemoryContextSwitchTo(call.zone_context);
		judge_zone(&call, &zone);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(call.zone_context);
	}
	MemoryContextDelete(call.day_context);
	MemoryContextDelete(call.zone_context);
}

/* What is judged is NULL; a language that is NULL is the default. */
static Datum
no_rows(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, 0);
	return (Datum) 0;
}

Datum
georisk_judge(PG_FUNCTION_ARGS)
{
	judgement_state *state;

	if (PG_ARGISNULL(0))
		return no_rows(fcinfo);
	state = judgement_read(PG_GETARG_DATUM(0));
	judge_until(fcinfo, state, state->as_of, risk_policy_lang(fcinfo, 1));
	return (Datum) 0;
}

Datum
georisk_judge_days(PG_FUNCTION_ARGS)
{
	judgement_state *state;
	int32 until;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return no_rows(fcinfo);
	state = judgement_read(PG_GETARG_DATUM(0));
	until = finite_day(fcinfo, 1, "until");
	if (until < state->as_of)
	{
		char first[DAY_TEXT_SIZE];
		char last[DAY_TEXT_SIZE];

		day_print(state->as_of, first);
		day_print(until, last);
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the last day to judge is before the first"),
						errdetail("The judgement is as of %s, until is %s.", first, last)));
	}
	judge_until(fcinfo, state, until, risk_policy_lang(fcinfo, 2));
	return (Datum) 0;
}
