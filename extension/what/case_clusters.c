/* case_cluster_numbers: which cluster each of many cases belongs to. */
#include "postgres.h"

#include <float.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/lsyscache.h"

#include "../where/geometry.h"
#include "../where/zone_sides_core.h"
#include "case_clusters_core.h"

PG_FUNCTION_INFO_V1(georisk_case_cluster_numbers);

static Datum *
elements(FunctionCallInfo fcinfo, int argument, int *count)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	Oid type = ARR_ELEMTYPE(array);
	int16 length;
	bool by_value;
	char align;
	Datum *values;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("cases are lists without NULL")));
	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(array, type, length, by_value, align, &values, NULL, count);
	return values;
}

static void
check_limits(double metres, int32 days)
{
	if (!(metres >= 0 && metres <= CLUSTER_METRES_MOST))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("metres between linked cases must be from 0 to %.0f",
							   CLUSTER_METRES_MOST),
						errdetail("It is %g.", metres),
						errhint("Distances are in metres, whatever the reference system; "
								"Singapore takes 150.")));
	if (days < 0 || days > CLUSTER_DAYS_MOST)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("days between linked cases must be from 0 to %d", CLUSTER_DAYS_MOST),
						errdetail("It is %d.", days),
						errhint("Singapore takes 14.")));
}

static void
read_case(clustered_case *one, Datum point, Datum day, Datum n, int32 srid)
{
	if (geometry_read_point(point, srid, &one->x, &one->y) != GEOMETRY_POINT)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a case is at no point: it is empty or not finite")));
	one->day = DatumGetDateADT(day);
	if (DATE_NOT_FINITE(one->day))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("day of a report must be finite"),
						errhint("A day that is not known is NULL.")));
	one->n = DatumGetInt32(n);
	if (one->n < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("count of a report must not be negative"),
						errdetail("It is %d.", one->n)));
}

static ArrayType *
numbers_of(const clustered_case *cases, int count)
{
	Datum *values = palloc(count * sizeof(Datum) + 1);
	bool *nulls = palloc(count * sizeof(bool) + 1);
	int lower = 1;

	for (int i = 0; i < count; i++)
	{
		values[i] = Int32GetDatum(cases[i].cluster);
		nulls[i] = cases[i].cluster == 0;
	}
	return construct_md_array(values, nulls, 1, &count, &lower, INT4OID, sizeof(int32), true,
							  TYPALIGN_INT);
}

/* case_cluster_numbers(points, days, counts, srid, metres_per_unit, metres, days_apart) */
Datum
georisk_case_cluster_numbers(PG_FUNCTION_ARGS)
{
	bool in_degrees = PG_ARGISNULL(4);
	double metres_per_unit = in_degrees ? UNIT_DEGREES : PG_GETARG_FLOAT8(4);
	clustered_case *cases;
	Datum *points;
	Datum *days;
	Datum *counts;
	int count;
	int other;

	for (int i = 0; i < PG_NARGS(); i++)
		if (i != 4 && PG_ARGISNULL(i))
			PG_RETURN_NULL();
	check_limits(PG_GETARG_FLOAT8(5), PG_GETARG_INT32(6));
	if (!in_degrees && !(metres_per_unit > 0 && metres_per_unit <= DBL_MAX))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("metres_per_unit must be above 0")));
	points = elements(fcinfo, 0, &count);
	days = elements(fcinfo, 1, &other);
	counts = other == count ? elements(fcinfo, 2, &other) : NULL;
	if (other != count)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("points, days and counts are lists of one length")));

	cases = MemoryContextAllocHuge(CurrentMemoryContext, count * sizeof(clustered_case) + 1);
	memset(cases, 0, count * sizeof(clustered_case));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_case(&cases[i], points[i], days[i], counts[i], PG_GETARG_INT32(3));
	}
	case_clusters_find(cases, count, metres_per_unit, PG_GETARG_FLOAT8(5), PG_GETARG_INT32(6));
	PG_RETURN_ARRAYTYPE_P(count == 0 ? construct_empty_array(INT4OID) : numbers_of(cases, count));
}
