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

#include "judgement.h"
#include "verdict.h"

PG_FUNCTION_INFO_V1(georisk_judge_agg_add);
PG_FUNCTION_INFO_V1(georisk_judge_agg_combine);
PG_FUNCTION_INFO_V1(georisk_judge);

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

static void
judge_zone(const policy *rule, const judgement_zone *zone, int32 as_of, int32 start,
		   policy_lang lang, judge_row *row)
{
	int32 day = policy_review_day(rule, as_of);
	pure_error error;
	char *reason;
	int32 complete_until;
	bool has_end;
	profile_view view;
	verdict found;

	memset(row->nulls, true, sizeof(row->nulls));
	put(row, JUDGE_ZONE_ID, true, Int32GetDatum(zone->zone_id));
	if (zone->profile == NULL)
	{
		put_unknown(row, lang);
		put_text(row, JUDGE_REASON,
				 lang == POLICY_VI ? "không có dữ liệu nào về vùng này" :
									 "nothing is known of this zone");
		return;
	}

	view_of_day(zone, as_of, &view);
	reason = policy_judge_and_say(rule, &view, start, day, &found, lang, &error);
	if (reason == NULL)
		georisk_raise(&error);
	if (found.tier < 0)
		put_unknown(row, lang);
	else
		put_tier(row, &policy_get_facts(rule)->tiers[found.tier], lang);
	put_text(row, JUDGE_REASON, reason);
	put_numbers(row, &found, zone->zone_id);
	has_end = profile_complete_until(&view, &complete_until);
	put(row, JUDGE_COMPLETE_UNTIL, has_end, DateADTGetDatum(complete_until));
}

/* The day from which reviews are held: as given, else the first day with a report in any zone. */
static int32
first_review_day(const policy *rule, judgement_state *state)
{
	int32 first = state->has_start ? state->start : state->as_of;

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

Datum
georisk_judge(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	judgement_state *state = judgement_read(PG_GETARG_DATUM(0));
	policy_lang lang = risk_policy_lang(PG_GETARG_TEXT_PP(1));
	const policy *rule = risk_policy_of_call(fcinfo, state->policy);
	MemoryContext zone_context =
		AllocSetContextCreate(CurrentMemoryContext, "georisk judge zone", ALLOCSET_DEFAULT_SIZES);
	int32 start;

	InitMaterializedSRF(fcinfo, 0);
	judgement_sort(state);
	start = first_review_day(rule, state);
	for (size_t i = 0; i < state->count; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(zone_context);
		judgement_zone zone;
		judge_row row;

		CHECK_FOR_INTERRUPTS();
		judgement_get(state, i, &zone);
		judge_zone(rule, &zone, state->as_of, start, lang, &row);
		tuplestore_putvalues(result->setResult, result->setDesc, row.values, row.nulls);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(zone_context);
	}
	MemoryContextDelete(zone_context);
	return (Datum) 0;
}
