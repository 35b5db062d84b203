/* From a verdict to a row. */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/tuplestore.h"

#include "../show_progress.h"
#include "judge.h"
#include "verdict.h"

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

#define VERDICTS_SHOWN 131072 /* as often as somebody who looks on sees how far it is */

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

void
judge_view(const policy *rule, const judgement_zone *zone, int32 as_of, profile_view *view)
{
	zone_profile_view(zone_profile_from_datum(PointerGetDatum(zone->profile)), view);
	if (view->has_as_of && view->as_of != as_of)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the profile of zone %d is of another day than the judgement",
							   zone->zone_id),
						errhint("Turn it with at_day(profile, as_of), or leave its 'as_of' out.")));
	view->has_as_of = true;
	view->as_of = as_of;
	view->announced = zone->announced;
	view->announced_length = zone->announced_length;
	view->announced_for = policy_review_day(rule, as_of);
	if (zone->level != NULL)
	{
		view->level = zone->level;
		view->level_length = zone->level_length;
	}
}

void
judge_put(judge_call *call, int32 zone_id, int32 day, const profile_view *view,
		  const verdict *found, const char *reason)
{
	judge_row row;
	int32 complete_until;
	bool has_end;

	if (++call->verdicts % VERDICTS_SHOWN == 0)
		show_activity_count(call->verdicts, "verdicts on a zone and a day");
	memset(row.nulls, true, sizeof(row.nulls));
	put(&row, JUDGE_ZONE_ID, true, Int32GetDatum(zone_id));
	put(&row, JUDGE_AS_OF, true, DateADTGetDatum(day));
	if (found->tier < 0)
		put_unknown(&row, call->lang);
	else
		put_tier(&row, &policy_get_facts(call->rule)->tiers[found->tier], call->lang);
	put_text(&row, JUDGE_REASON, reason);
	if (view != NULL)
	{
		put_numbers(&row, found, zone_id);
		has_end = profile_complete_until(view, &complete_until);
		put(&row, JUDGE_COMPLETE_UNTIL, has_end, DateADTGetDatum(complete_until));
	}
	tuplestore_putvalues(call->result->setResult, call->result->setDesc, row.values, row.nulls);
}
