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
#include "judgement.h"
#include "verdict.h"

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

enum
{
	JUDGE_ZONE_ID,
	JUDGE_TIER_RANK,
	JUDGE_TIER,
	JUDGE_TIER_LABEL,
	JUDGE_TIER_COLOR,
	JUDGE_REASON,
	JUDGE_CASES,
	JUDGE_HOUSEHOLDS_AFFECTED,
	JUDGE_RATE_100K,
	JUDGE_DAYS_SINCE_LAST,
	JUDGE_WINDOW_START,
	JUDGE_WINDOW_END,
	JUDGE_COMPLETE_UNTIL,
	JUDGE_AS_OF, /* of judge_days alone */
	JUDGE_COLUMNS
};

typedef struct judge_row
{
	Datum values[JUDGE_COLUMNS];
	bool nulls[JUDGE_COLUMNS];
} judge_row;

static void
put(judge_row *row, int column, bool known, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = !known;
}

static void
put_text(judge_row *row, int column, const char *utf8)
{
	put(row, column, true, risk_policy_text_datum(utf8));
}

static void
put_count(judge_row *row, int column, bool known, int64 count, int32 zone_id)
{
	if (known && (count < PG_INT32_MIN || count > PG_INT32_MAX))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("zone %d counts " INT64_FORMAT ", more than an integer holds",
							   zone_id, count)));
	put(row, column, known, Int32GetDatum((int32) count));
}

static void
put_unknown(judge_row *row, policy_lang lang)
{
	put(row, JUDGE_TIER_RANK, false, (Datum) 0);
	put_text(row, JUDGE_TIER, UNKNOWN_TIER);
	put_text(row, JUDGE_TIER_LABEL, lang == POLICY_VI ? UNKNOWN_LABEL_VI : UNKNOWN_LABEL_EN);
	put_text(row, JUDGE_TIER_COLOR, UNKNOWN_COLOR);
}

static void
put_tier(judge_row *row, const policy_tier *tier, policy_lang lang)
{
	put(row, JUDGE_TIER_RANK, tier->rung >= 0, Int16GetDatum(tier->rung));
	put_text(row, JUDGE_TIER, tier->key);
	put_text(row, JUDGE_TIER_LABEL, tier->label[lang]);
	put_text(row, JUDGE_TIER_COLOR, tier->color);
}

static void
put_numbers(judge_row *row, const verdict *found, int32 zone_id)
{
	put_count(row, JUDGE_CASES, found->has_cases, found->cases, zone_id);
	put_count(row, JUDGE_HOUSEHOLDS_AFFECTED, found->has_households_affected,
			  found->households_affected, zone_id);
	put(row, JUDGE_RATE_100K, found->has_rate, Float8GetDatum(found->rate_100k));
	put(row, JUDGE_DAYS_SINCE_LAST, found->has_days_since_last,
		Int32GetDatum(found->days_since_last));
	put(row, JUDGE_WINDOW_START, found->has_window, DateADTGetDatum(found->window_start));
	put(row, JUDGE_WINDOW_END, found->has_window, DateADTGetDatum(found->window_end));
}

/* The profile as of the judgement's day; one that names another day is somebody's mistake. */
static void
view_of_day(const judgement_zone *zone, int32 as_of, profile_view *view)
{
	zone_profile_view(zone_profile_from_datum(PointerGetDatum(zone->profile)), view);
	if (view->has_as_of && view->as_of != as_of)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the profile of zone %d is of another day than the judgement",
							   zone->zone_id),
						errhint("Turn it with at_day(profile, as_of), or leave its 'as_of' out.")));
	view->has_as_of = true;
	view->as_of = as_of;
}

/* What all zones and days of one call share. */
typedef struct judge_call
{
	const policy *rule;
	policy_lang lang;
	int32 as_of;
	int32 until;
	int32 start; /* of the chain of reviews */
	MemoryContext zone_context;
	MemoryContext day_context;
	ReturnSetInfo *result;
} judge_call;

static void
put_nothing_known(judge_row *row, policy_lang lang)
{
	put_unknown(row, lang);
	put_text(row, JUDGE_REASON,
			 lang == POLICY_VI ? "không có dữ liệu nào về vùng này" :
								 "nothing is known of this zone");
}

static char *
judge_day(const judge_call *call, const profile_view *view, policy_kept *kept, int32 day,
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
		georisk_raise(&error);
	return reason;
}

static void
put_verdict(const judge_call *call, const profile_view *view, policy_kept *kept, int32 as_of,
			int32 zone_id, judge_row *row)
{
	const policy_facts *facts = policy_get_facts(call->rule);
	int32 complete_until;
	bool has_end;
	verdict found;
	char *reason = judge_day(call, view, kept, policy_review_day(call->rule, as_of), &found);

	if (found.tier < 0)
		put_unknown(row, call->lang);
	else
		put_tier(row, &facts->tiers[found.tier], call->lang);
	put_text(row, JUDGE_REASON, reason);
	put_numbers(row, &found, zone_id);
	has_end = profile_complete_until(view, &complete_until);
	put(row, JUDGE_COMPLETE_UNTIL, has_end, DateADTGetDatum(complete_until));
}

/* One zone on all days, one after the other. */
static void
judge_zone(const judge_call *call, const judgement_zone *zone)
{
	profile_view view = {0};
	policy_kept *kept = NULL;

	if (zone->profile != NULL)
		view_of_day(zone, call->as_of, &view);
	if (zone->profile != NULL && call->until > call->as_of)
		kept = policy_keep(call->rule, &view, call->start);
	for (int32 day = call->as_of; day <= call->until; day++)
	{
		MemoryContext caller = MemoryContextSwitchTo(call->day_context);
		judge_row row;

		CHECK_FOR_INTERRUPTS();
		memset(row.nulls, true, sizeof(row.nulls));
		put(&row, JUDGE_ZONE_ID, true, Int32GetDatum(zone->zone_id));
		put(&row, JUDGE_AS_OF, true, DateADTGetDatum(day));
		view.as_of = day;
		if (zone->profile == NULL)
			put_nothing_known(&row, call->lang);
		else
			put_verdict(call, &view, kept, day, zone->zone_id, &row);
		tuplestore_putvalues(call->result->setResult, call->result->setDesc, row.values,
							 row.nulls);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(call->day_context);
	}
}

/* The day from which reviews are held: as given, else the first day with a report in any zone. */
static int32
first_review_day(const policy *rule, judgement_state *state, int32 until)
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
		view_of_day(&zone, state->as_of, &view);
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
	judge_call call = {rule, lang, state->as_of, until, first_review_day(rule, state, until)};
	MemoryContext caller = CurrentMemoryContext;

	InitMaterializedSRF(fcinfo, 0);
	call.result = (ReturnSetInfo *) fcinfo->resultinfo;
	call.zone_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk judge zone", ALLOCSET_DEFAULT_SIZES);
	call.day_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk judge day", ALLOCSET_DEFAULT_SIZES);
	judgement_sort(state);
	for (size_t i = 0; i < state->count; i++)
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

Datum
georisk_judge(PG_FUNCTION_ARGS)
{
	judgement_state *state = judgement_read(PG_GETARG_DATUM(0));

	judge_until(fcinfo, state, state->as_of, risk_policy_lang(PG_GETARG_TEXT_PP(1)));
	return (Datum) 0;
}

Datum
georisk_judge_days(PG_FUNCTION_ARGS)
{
	judgement_state *state = judgement_read(PG_GETARG_DATUM(0));
	int32 until = finite_day(fcinfo, 1, "until");

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
	judge_until(fcinfo, state, until, risk_policy_lang(PG_GETARG_TEXT_PP(2)));
	return (Datum) 0;
}
