/* count_bounds_of and count_classes_of: the classes in which counts are published, for a map's SQL.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#include "../georisk.h"
#include "count_class_core.h"

PG_FUNCTION_INFO_V1(georisk_count_bounds_of);
PG_FUNCTION_INFO_V1(georisk_count_classes_of);

/* An argument's elements; every list has as many as the first. */
typedef struct list
{
	Datum *values;
	bool *nulls;
	int count;
} list;

static list
list_of(FunctionCallInfo fcinfo, int argument, Oid type, int count)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	list found;
	int16 length;
	bool by_value;
	char align;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("lists have one dimension")));
	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(array, type, length, by_value, align, &found.values, &found.nulls,
					  &found.count);
	if (count >= 0 && found.count != count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("lists have different lengths"),
				 errdetail("The first has %d, another one %d.", count, found.count)));
	return found;
}

/* Bounds below zero are none, and those beyond every count are taken for the most there is. */
static int64
bound_of(const list *from, int i, int64 otherwise)
{
	int64 bound = from->nulls[i] ? otherwise : DatumGetInt64(from->values[i]);

	return bound == COUNT_NO_END ? bound : Min(Max(bound, 0), COUNT_MOST);
}

Datum
georisk_count_bounds_of(PG_FUNCTION_ARGS)
{
	list first = list_of(fcinfo, 0, DATEOID, -1);
	list last = list_of(fcinfo, 1, DATEOID, first.count);
	list at_least = list_of(fcinfo, 2, INT8OID, first.count);
	list at_most = list_of(fcinfo, 3, INT8OID, first.count);
	DateADT from = PG_GETARG_DATEADT(4);
	DateADT until = PG_GETARG_DATEADT(5);
	count_statement *statements = palloc((first.count + 1) * sizeof(count_statement));
	bool is_known = true;
	int64 least;
	int64 most;
	Datum values[2];
	bool nulls[2] = {false};
	TupleDesc row;

	if (from > until)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a window ends before it begins")));
	for (int i = 0; i < first.count; i++)
	{
		is_known = is_known && !first.nulls[i] && !last.nulls[i] && !at_least.nulls[i];
		statements[i].first = first.nulls[i] ? 0 : DatumGetDateADT(first.values[i]);
		statements[i].last = last.nulls[i] ? 0 : DatumGetDateADT(last.values[i]);
		statements[i].at_least = bound_of(&at_least, i, 0);
		statements[i].at_most = bound_of(&at_most, i, COUNT_NO_END);
	}
	if (is_known)
		count_bounds(statements, first.count, from, until, &least, &most);
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	nulls[0] = !is_known;
	nulls[1] = !is_known || most == COUNT_NO_END;
	values[0] = nulls[0] ? 0 : Int64GetDatum(least);
	values[1] = nulls[1] ? 0 : Int64GetDatum(most);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}

typedef struct zone_place
{
	int32 zone_id;
	int place;
} zone_place;

static int
compare_places(const void *a, const void *b)
{
	int32 first = ((const zone_place *) a)->zone_id;
	int32 second = ((const zone_place *) b)->zone_id;

	return (first > second) - (first < second);
}

static zone_place *
places_of(const list *zones)
{
	zone_place *places = palloc((zones->count + 1) * sizeof(zone_place));

	for (int i = 0; i < zones->count; i++)
	{
		if (zones->nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a zone has no number")));
		places[i] = (zone_place){DatumGetInt32(zones->values[i]), i};
	}
	qsort(places, zones->count, sizeof(zone_place), compare_places);
	for (int i = 1; i < zones->count; i++)
		if (places[i].zone_id == places[i - 1].zone_id)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("zone %d is listed twice", places[i].zone_id)));
	return places;
}

/* -1 where it is none of the zones: what is above those that are counted does not matter. */
static int
find_place(const zone_place *places, int count, int32 zone_id)
{
	zone_place wanted = {zone_id, 0};
	const zone_place *found = bsearch(&wanted, places, count, sizeof(zone_place), compare_places);

	return found == NULL ? -1 : found->place;
}

static void
put_class(ReturnSetInfo *result, Datum zone_id, const counted_zone *zone)
{
	Datum values[3] = {zone_id, Int64GetDatum(zone->class_at_least), 0};
	bool nulls[3] = {false, false, zone->class_at_most == COUNT_NO_END};

	if (!nulls[2])
		values[2] = Int64GetDatum(zone->class_at_most);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
georisk_count_classes_of(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	list ids = list_of(fcinfo, 0, INT4OID, -1);
	list parents = list_of(fcinfo, 1, INT4OID, ids.count);
	list counts = list_of(fcinfo, 2, INT8OID, ids.count);
	list at_least = list_of(fcinfo, 3, INT8OID, ids.count);
	list at_most = list_of(fcinfo, 4, INT8OID, ids.count);
	list left_out = list_of(fcinfo, 5, BOOLOID, ids.count);
	int32 k = PG_GETARG_INT32(6);
	zone_place *places = places_of(&ids);
	counted_zone *zones = palloc0((ids.count + 1) * sizeof(counted_zone));

	if (k < 3)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("counts cannot be published in classes of %d", k),
						errhint("A class holds at least 3 counts; 8 is usual.")));
	for (int i = 0; i < ids.count; i++)
	{
		zones[i].parent =
			parents.nulls[i] ? -1 : find_place(places, ids.count, DatumGetInt32(parents.values[i]));
		zones[i].is_known = !counts.nulls[i] && !at_least.nulls[i];
		zones[i].is_left_out = left_out.nulls[i] || DatumGetBool(left_out.values[i]);
		zones[i].count = bound_of(&counts, i, 0);
		zones[i].at_least = bound_of(&at_least, i, 0);
		zones[i].at_most = bound_of(&at_most, i, COUNT_NO_END);
	}
	InitMaterializedSRF(fcinfo, 0);
	if (!count_classes(zones, ids.count, k))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a zone is part of itself")));
	for (int i = 0; i < ids.count; i++)
		if (zones[i].has_class)
			put_class(result, ids.values[i], &zones[i]);
	return (Datum) 0;
}
