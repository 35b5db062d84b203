#include "postgres.h"

#include <float.h>

#include "funcapi.h"

#include "zone_index_store.h"
#include "zone_neighbours_core.h"

PG_FUNCTION_INFO_V1(georisk_srid);
PG_FUNCTION_INFO_V1(georisk_zone_index_neighbours);

Datum
georisk_srid(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(zone_index_site_srid(zone_index_argument(fcinfo, 0)));
}

/* zone_index_neighbours(zone_index, metres_per_unit, tolerance_m); metres_per_unit NULL: degrees.
 */
Datum
georisk_zone_index_neighbours(PG_FUNCTION_ARGS)
{
	double metres_per_unit = PG_ARGISNULL(1) ? UNIT_DEGREES : PG_GETARG_FLOAT8(1);
	double tolerance = PG_ARGISNULL(2) ? 0 : PG_GETARG_FLOAT8(2);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	zone_index *index;
	zone_neighbour *pairs;
	size_t count;

	if (!(tolerance >= 0 && tolerance <= 1e7))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("tolerance_m must be from 0 to 10000000 metres"),
						errdetail("It is %g.", tolerance)));
	if (!PG_ARGISNULL(1) && !(metres_per_unit > 0 && metres_per_unit <= DBL_MAX))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("metres_per_unit must be above 0")));
	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;

	index = zone_index_copy(PG_GETARG_DATUM(0), CurrentMemoryContext);
	pairs = zone_neighbours_find(index, metres_per_unit, tolerance, &count);
	for (size_t i = 0; i < count; i++)
	{
		Datum values[4] = {Int32GetDatum(zone_index_ids(index)[pairs[i].zone]),
						   Int32GetDatum(zone_index_ids(index)[pairs[i].neighbour]),
						   Float8GetDatum(pairs[i].shared_m), Float8GetDatum(pairs[i].gap_m)};
		bool nulls[4] = {false};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
