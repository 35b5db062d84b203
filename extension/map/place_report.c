/* The row trigger that gives a report its zone: by code where it has one, else by its point. */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "../clean_text.h"
#include "../where/geometry.h"
#include "carry_report.h"
#include "place_report.h"
#include "placing.h"
#include "reduced_report.h"
#include "settle_reports.h"
#include "zone_alias.h"

Datum
place_report_field(const TriggerData *trigger, HeapTuple row, const placing *map,
				   placing_column column, bool *isnull)
{
	return heap_getattr(row, map->attribute[column], RelationGetDescr(trigger->tg_relation),
						isnull);
}

static bool
is_precise(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	bool isnull;
	Datum quality = place_report_field(trigger, row, map, PLACING_GEOCODE_QUALITY, &isnull);
	char *name;

	if (isnull)
		return true;
	name = TextDatumGetCString(quality);
	return strcmp(name, "ward") != 0 && strcmp(name, "unmatched") != 0;
}

point_state
place_report_point(const TriggerData *trigger, HeapTuple row, const placing *map,
				   const placing_zone **zone)
{
	bool isnull;
	Datum geom = place_report_field(trigger, row, map, PLACING_GEOM, &isnull);
	double x, y;

	*zone = NULL;
	if (isnull)
		return POINT_ABSENT;
	if (geometry_read_point(geom, map->srid, &x, &y) != GEOMETRY_POINT)
		return POINT_BAD;
	if (!is_precise(trigger, row, map))
		return POINT_NOT_PRECISE;
	*zone = placing_at_point(map, geom, x, y);
	return *zone != NULL ? POINT_INSIDE : POINT_OUTSIDE;
}

static const placing_zone *
find_code(const TriggerData *trigger, HeapTuple row, const placing *map, bool *given)
{
	bool isnull;
	Datum value = place_report_field(trigger, row, map, PLACING_ZONE_CODE, &isnull);
	const placing_zone *zone;
	text *code;

	*given = false;
	if (isnull)
		return NULL;
	code = clean_text(DatumGetTextPP(value));
	*given = VARSIZE_ANY_EXHDR(code) > 0;
	if (!*given)
		return NULL;
	zone = placing_by_code(map, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code));
	return zone != NULL ? zone : zone_alias_find(trigger->tg_relation, row, map, code);
}

/* What a point alone is worth. */
static const char *
point_outcome(point_state state)
{
	switch (state)
	{
		case POINT_INSIDE:
			return "placed_by_point";
		case POINT_OUTSIDE:
			return "outside";
		case POINT_NOT_PRECISE:
			return "not_precise";
		case POINT_BAD:
			return "bad_point";
		case POINT_ABSENT:
			break;
	}
	return "no_place";
}

placement
place_report_in(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	placement result = {"waiting", NULL, false, 0};
	const placing_zone *by_code;
	const placing_zone *by_point;
	bool has_code;
	point_state point;

	if (!map->has_zones)
		return result;

	by_code = find_code(trigger, row, map, &has_code);
	point = place_report_point(trigger, row, map, &by_point);
	if (by_code != NULL)
		result.disagrees = point == POINT_OUTSIDE ||
						   (point == POINT_INSIDE && !placing_is_within(map, by_point, by_code));

	if (by_code != NULL && by_code->is_leaf)
	{
		result.outcome = "placed_by_code";
		result.zone = by_code;
	}
	else if (by_code != NULL && (point != POINT_INSIDE || result.disagrees))
		result.outcome = "not_precise"; /* known to its ward, and no point that says more */
	else if (has_code && by_code == NULL && point != POINT_INSIDE && point != POINT_OUTSIDE)
		result.outcome = "unknown_code";
	else
	{
		result.outcome = point_outcome(point);
		result.zone = by_point;
	}
	result.household_zone = result.zone != NULL ? result.zone->zone_id : 0;
	return result;
}

/*
 * The household as a number that means nothing outside this map: salted, and of (zone, household),
 * because "12" in two zones is two households, also after the two were merged.
 */
int64
place_report_household(const TriggerData *trigger, HeapTuple row, const placing *map,
					   const placement *placed, bool *isnull)
{
	Datum value = place_report_field(trigger, row, map, PLACING_HOUSEHOLD, isnull);
	text *household;
	uint64 seed;

	if (*isnull || placed->zone == NULL)
	{
		*isnull = true;
		return 0;
	}
	household = clean_text(DatumGetTextPP(value));
	*isnull = VARSIZE_ANY_EXHDR(household) == 0;
	seed =
		hash_combine64((uint64) map->household_salt, murmurhash32((uint32) placed->household_zone));
	return (int64) hash_bytes_extended((const unsigned char *) VARDATA_ANY(household),
									   VARSIZE_ANY_EXHDR(household), seed);
}

bool
place_report_is_withdrawn(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	bool isnull;
	Datum withdrawn = place_report_field(trigger, row, map, PLACING_WITHDRAWN, &isnull);

	return !isnull && DatumGetBool(withdrawn);
}

static bool
stays_superseded(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	bool isnull;
	Datum outcome;

	if (!settle_reports_is_running())
		return false;
	outcome = place_report_field(trigger, row, map, PLACING_OUTCOME, &isnull);
	return !isnull && strcmp(TextDatumGetCString(outcome), "superseded") == 0;
}

static HeapTuple
placed_row(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	placement result = carry_report(trigger, row, map, NULL);
	bool can_be_reduced = map->attribute[PLACING_REDUCED_AT] > 0;
	int columns[6];
	Datum values[6];
	bool nulls[6];

	for (int i = 0; i < 5; i++)
		columns[i] = map->attribute[PLACING_OUTCOME + i];

	/* A withdrawn report keeps its zone: it does not count there, but that is where it was. */
	values[0] = CStringGetTextDatum(place_report_is_withdrawn(trigger, row, map) ? "withdrawn" :
																				   result.outcome);
	nulls[0] = false;
	values[1] = Int32GetDatum(map->zone_set_id);
	nulls[1] = !map->has_zones;
	values[2] = Int32GetDatum(result.zone != NULL ? result.zone->zone_id : 0);
	nulls[2] = result.zone == NULL;
	values[3] = Int64GetDatum(place_report_household(trigger, row, map, &result, &nulls[3]));
	values[4] = BoolGetDatum(result.disagrees);
	nulls[4] = false;
	columns[5] = map->attribute[PLACING_REDUCED_AT];
	values[5] = (Datum) 0;
	nulls[5] = true;
	return heap_modify_tuple_by_cols(row, RelationGetDescr(trigger->tg_relation),
									 can_be_reduced ? 6 : 5, columns, values, nulls);
}

PG_FUNCTION_INFO_V1(georisk_place_report);

Datum
georisk_place_report(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const placing *map;
	HeapTuple row;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("place_report must be called as a row trigger, before INSERT or UPDATE")));

	map = placing_of(trigger->tg_relation);
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	if (stays_superseded(trigger, row, map))
		return PointerGetDatum(row);
	if (!TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		row = reduced_report_name(trigger, row, map);
	else if (reduced_report_is(trigger, trigger->tg_trigtuple, map))
		return PointerGetDatum(reduced_report_keep(trigger, map));
	return PointerGetDatum(placed_row(trigger, row, map));
}
