/* One profile, one policy: the tier, and why. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "risk_policy.h"
#include "verdict.h"
#include "zone_profile.h"

PG_FUNCTION_INFO_V1(georisk_tier_of);
PG_FUNCTION_INFO_V1(georisk_explain_tier);
PG_FUNCTION_INFO_V1(georisk_explain_tier_from);

/* What tier_of keeps between calls; each part can be made again. */
typedef struct tier_cache
{
	risk_policy_cache policy;
	Oid rungs[POLICY_RUNGS];
} tier_cache;

static Oid
enum_value(Oid type, const char *label)
{
	HeapTuple tuple =
		SearchSysCache2(ENUMTYPOIDNAME, ObjectIdGetDatum(type), CStringGetDatum(label));
	Oid value;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "risk_tier has no value \"%s\"", label);
	value = ((Form_pg_enum) GETSTRUCT(tuple))->oid;
	ReleaseSysCache(tuple);
	return value;
}

static tier_cache *
tier_cache_of_call(FunctionCallInfo fcinfo)
{
	FmgrInfo *call = fcinfo->flinfo;

	if (call->fn_extra == NULL)
	{
		tier_cache *cache = MemoryContextAllocZero(call->fn_mcxt, sizeof(tier_cache));
		Oid type = get_func_rettype(call->fn_oid);

		for (int i = 0; i < POLICY_RUNGS; i++)
			cache->rungs[i] = enum_value(type, policy_rung_names[i]);
		call->fn_extra = cache;
	}
	return call->fn_extra;
}

static void
require_as_of(const profile_view *view)
{
	if (!view->has_as_of)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the profile does not say for which day it is judged"),
				 errhint("Name the day with at_day(profile, day), or with the key 'as_of'.")));
}

static void
refuse_relations(const policy *rule)
{
	const policy_facts *facts = policy_get_facts(rule);

	if (facts->has_relations)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg(
				 "policy \"%s\" looks at other zones, and one profile does not say how these are",
				 facts->name),
			 errhint("Judge it with classify(zones, reports, policy, as_of), or with judge_agg and "
					 "judge; a map does so by itself.")));
}

/* One profile does not say when its reviews began, nor what is around its zone. */
static void
refuse_more_than_profile(const policy *rule, const char *hint)
{
	const policy_facts *facts = policy_get_facts(rule);

	if (facts->has_past)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("policy \"%s\" looks at earlier reviews, and one profile does not say when "
						"they began",
						facts->name),
				 errhint("%s", hint)));
	refuse_relations(rule);
}

static void
judge_day(const policy *rule, const profile_view *view, int32 day, verdict *result)
{
	pure_error error = {PURE_OK};

	if (!policy_judge(rule, view, day, result, &error))
		georisk_raise(&error);
}

Datum
georisk_tier_of(PG_FUNCTION_ARGS)
{
	const zone_profile *profile = PG_GETARG_ZONE_PROFILE(0);
	tier_cache *cache = tier_cache_of_call(fcinfo);
	const policy *rule =
		risk_policy_cached(&cache->policy, fcinfo->flinfo->fn_mcxt, PG_GETARG_RISK_POLICY(1));
	profile_view view;
	verdict result;
	int rung;

	refuse_more_than_profile(rule, "Judge it with classify(zones, reports, policy, as_of), or with "
								   "judge_agg and judge; a map does so by itself.");
	zone_profile_view(profile, &view);
	require_as_of(&view);
	judge_day(rule, &view, view.as_of, &result);
	if (result.tier < 0)
		PG_RETURN_NULL();
	rung = policy_get_facts(rule)->tiers[result.tier].rung;
	if (rung < 0)
		PG_RETURN_NULL();
	PG_RETURN_OID(cache->rungs[rung]);
}

/* The tiers that are left, mildest first. */
static Datum
possible_tiers(const policy_facts *facts, uint64_t possible)
{
	Datum keys[64];
	int count = 0;

	for (int i = 0; i < facts->tier_count; i++)
		if (possible & (UINT64CONST(1) << i))
			keys[count++] = risk_policy_text_datum(facts->tiers[i].key);
	return PointerGetDatum(construct_array(keys, count, TEXTOID, -1, false, TYPALIGN_INT));
}

enum
{
	EXPLAIN_RULE,
	EXPLAIN_TIER,
	EXPLAIN_CONDITION,
	EXPLAIN_NUMBERS,
	EXPLAIN_OUTCOME,
	EXPLAIN_DECIDED,
	EXPLAIN_POSSIBLE,
	EXPLAIN_NEXT_DAY,
	EXPLAIN_NEXT_TIER,
	EXPLAIN_COLUMNS
};

void
explain_put_line(ReturnSetInfo *result, int number, const policy_line *line)
{
	Datum values[EXPLAIN_COLUMNS] = {0};
	bool nulls[EXPLAIN_COLUMNS] = {false};

	values[EXPLAIN_RULE] = Int32GetDatum(number);
	risk_policy_put_text(values, nulls, EXPLAIN_TIER, line->tier);
	risk_policy_put_text(values, nulls, EXPLAIN_CONDITION, line->condition);
	risk_policy_put_text(values, nulls, EXPLAIN_NUMBERS, line->numbers);
	risk_policy_put_text(values, nulls, EXPLAIN_OUTCOME,
						 line->holds > 0  ? "true" :
						 line->holds == 0 ? "false" :
											"unknown");
	values[EXPLAIN_DECIDED] = BoolGetDatum(line->decided);
	nulls[EXPLAIN_POSSIBLE] = nulls[EXPLAIN_NEXT_DAY] = nulls[EXPLAIN_NEXT_TIER] = true;
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

void
explain_put_verdict(ReturnSetInfo *result, const policy *rule, const verdict *found,
					const char *reason, int next_tier, int32 next_day)
{
	const policy_facts *facts = policy_get_facts(rule);
	Datum values[EXPLAIN_COLUMNS] = {0};
	bool nulls[EXPLAIN_COLUMNS] = {false};

	nulls[EXPLAIN_RULE] = nulls[EXPLAIN_CONDITION] = nulls[EXPLAIN_DECIDED] = true;
	risk_policy_put_text(values, nulls, EXPLAIN_TIER,
						 found->tier < 0 ? UNKNOWN_TIER : facts->tiers[found->tier].key);
	risk_policy_put_text(values, nulls, EXPLAIN_NUMBERS, reason);
	risk_policy_put_text(values, nulls, EXPLAIN_OUTCOME, "verdict");
	values[EXPLAIN_POSSIBLE] = possible_tiers(facts, found->possible);
	values[EXPLAIN_NEXT_DAY] = DateADTGetDatum(next_day);
	nulls[EXPLAIN_NEXT_DAY] = next_tier < 0;
	risk_policy_put_text(values, nulls, EXPLAIN_NEXT_TIER,
						 next_tier < 0 ? NULL : facts->tiers[next_tier].key);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
put_verdict(ReturnSetInfo *result, const explained *what)
{
	pure_error error = {PURE_OK};
	verdict found;
	int32 next_day;
	int next_tier = -1;

	if (!policy_judge_from(what->rule, what->view, what->start, what->review, &found, &error))
		georisk_raise(&error);
	if (!policy_next_step_down(what->rule, what->view, what->start, what->review, &next_day,
							   &next_tier, &error))
	{
		if (error.code != PURE_OK)
			georisk_raise(&error);
		next_tier = -1;
	}
	explain_put_verdict(result, what->rule, &found,
						policy_reason(what->rule, what->view, what->review, &found, what->lang),
						next_tier, next_day);
}

void
explain_put(ReturnSetInfo *result, const explained *what)
{
	pure_error error = {PURE_OK};
	int count;
	policy_line *lines = policy_explain(what->rule, what->view, what->start, what->review,
										what->lang, &count, &error);

	if (lines == NULL)
		georisk_raise(&error);
	for (int i = 0; i < count; i++)
		explain_put_line(result, i + 1, &lines[i]);
	put_verdict(result, what);
}

Datum
georisk_explain_tier(PG_FUNCTION_ARGS)
{
	policy_lang lang = risk_policy_lang(fcinfo, 2);
	const policy *rule;
	profile_view view;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	rule = risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(1));
	refuse_more_than_profile(
		rule, "Say from when on: explain_tier(profile, policy, start => '2021-08-01').");
	zone_profile_view(PG_GETARG_ZONE_PROFILE(0), &view);
	require_as_of(&view);
	explain_put((ReturnSetInfo *) fcinfo->resultinfo,
				&(explained){rule, &view, view.as_of, view.as_of, lang});
	return (Datum) 0;
}

/* The verdict that stands on the profile's day, as judge gives it. */
Datum
georisk_explain_tier_from(PG_FUNCTION_ARGS)
{
	const policy *rule;
	profile_view view;
	int32 start;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	rule = risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(1));
	refuse_relations(rule);
	zone_profile_view(PG_GETARG_ZONE_PROFILE(0), &view);
	require_as_of(&view);
	start = view.as_of;
	if (!PG_ARGISNULL(2))
		start = PG_GETARG_DATEADT(2);
	else if (policy_get_facts(rule)->has_past)
		policy_first_report(rule, &view, &start);
	if (DATE_NOT_FINITE(start))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("start is a day of the calendar, not infinity")));
	if (!PG_ARGISNULL(3))
	{
		text *announced = PG_GETARG_TEXT_PP(3);

		view.announced = VARDATA_ANY(announced);
		view.announced_length = VARSIZE_ANY_EXHDR(announced);
		view.announced_for = policy_review_day(rule, view.as_of);
	}
	explain_put((ReturnSetInfo *) fcinfo->resultinfo,
				&(explained){rule, &view, start, policy_review_day(rule, view.as_of),
							 risk_policy_lang(fcinfo, 4)});
	return (Datum) 0;
}
