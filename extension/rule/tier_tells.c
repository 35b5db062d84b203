/* tier_tells: what tiers tell of the counts behind them. */
#include "postgres.h"

#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "policy_tells.h"
#include "risk_policy.h"

PG_FUNCTION_INFO_V1(georisk_tier_tells);

static const char *const what_names[] = {"cases", "households", "days_since"};

static void
put_bound(Datum *values, bool *nulls, int column, bool is_known, int64 bound)
{
	nulls[column] = !is_known || bound == TOLD_NO_END;
	if (!nulls[column])
		values[column] = Int64GetDatum(bound);
}

Datum
georisk_tier_tells(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const policy *rule;
	const policy_facts *facts;
	profile_view zone = {0};
	pure_error error = {PURE_OK};
	policy_told *told;
	int count;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	rule = risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0));
	facts = policy_get_facts(rule);
	if (!PG_ARGISNULL(1))
	{
		const char *level = text_to_cstring(PG_GETARG_TEXT_PP(1));

		zone.level = pg_server_to_any(level, strlen(level), PG_UTF8);
		zone.level_length = strlen(zone.level);
	}
	zone.has_population = !PG_ARGISNULL(2);
	zone.population = zone.has_population ? PG_GETARG_INT64(2) : 0;
	zone.has_households = !PG_ARGISNULL(3);
	zone.households = zone.has_households ? PG_GETARG_INT64(3) : 0;

	told = policy_tells(rule, &zone, &count, &error);
	if (told == NULL)
		georisk_raise(&error);
	for (int i = 0; i < count; i++)
	{
		const policy_told *row = &told[i];
		Datum values[9];
		bool nulls[9] = {false};

		risk_policy_put_text(values, nulls, 0, facts->tiers[row->tier].key);
		risk_policy_put_text(values, nulls, 1, row->measure);
		risk_policy_put_text(values, nulls, 2, what_names[row->what]);
		values[3] = Int32GetDatum(row->days);
		nulls[3] = row->days == 0;
		values[4] = Int32GetDatum(row->ago);
		put_bound(values, nulls, 5, true, row->at_least);
		put_bound(values, nulls, 6, true, row->at_most);
		put_bound(values, nulls, 7, row->is_exact, row->told_at_least);
		put_bound(values, nulls, 8, row->is_exact, row->told_at_most);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
