/* Zones simplified together, as SQL sees it. */
#include "postgres.h"

#include <float.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"

#include "zone_arcs_core.h"
#include "zone_index.h"
#include "zone_rings_core.h"
#include "zone_sides_core.h"

PG_FUNCTION_INFO_V1(georisk_zone_index_shapes);

static void
put_shapes(ReturnSetInfo *result, const zone_arcs *arcs, size_t layer, const zone_index *index,
		   Datum tolerance)
{
	zone_rings *rings = zone_rings_open(arcs, layer);

	for (size_t i = 0; i < zone_index_zones(index); i++)
	{
		pure_error error;
		size_t size;
		const unsigned char *wkb = zone_rings_polygon(rings, (int32_t) i, &size, &error);
		Datum values[3] = {tolerance, Int32GetDatum(zone_index_ids(index)[i])};
		bool nulls[3] = {false};
		bytea *shape;

		if (wkb == NULL)
			georisk_raise(&error);
		shape = palloc(VARHDRSZ + size);
		SET_VARSIZE(shape, VARHDRSZ + size);
		memcpy(VARDATA(shape), wkb, size);
		values[2] = PointerGetDatum(shape);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(shape);
	}
	zone_rings_close(rings);
}

static void
check_tolerances(const Datum *tolerances, const bool *nulls, int count)
{
	for (int i = 0; i < count; i++)
		if (nulls[i] || !(DatumGetFloat8(tolerances[i]) >= 0 && DatumGetFloat8(tolerances[i]) <= 1e7))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("tolerance_m must be from 0 to 10000000 metres"),
							nulls[i] ? errdetail("It is NULL.") :
									   errdetail("It is %g.", DatumGetFloat8(tolerances[i]))));
}

/* zone_index_shapes(zones, parents, metres_per_unit, tolerances_m); metres_per_unit NULL: degrees. */
Datum
georisk_zone_index_shapes(PG_FUNCTION_ARGS)
{
	double metres_per_unit = PG_ARGISNULL(2) ? UNIT_DEGREES : PG_GETARG_FLOAT8(2);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	zone_index *zones;
	zone_index *parents = NULL;
	zone_arcs arcs;
	Datum *tolerances;
	bool *nulls;
	int count;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		return (Datum) 0;
	if (!PG_ARGISNULL(2) && !(metres_per_unit > 0 && metres_per_unit <= DBL_MAX))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("metres_per_unit must be above 0")));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(3), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &tolerances, &nulls, &count);
	check_tolerances(tolerances, nulls, count);

	zones = zone_index_copy(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (!PG_ARGISNULL(1))
	{
		parents = zone_index_copy(PG_GETARG_DATUM(1), CurrentMemoryContext);
		if (zone_index_srid(parents) != zone_index_srid(zones))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("the parents have SRID %d, the zones SRID %d",
								   zone_index_srid(parents), zone_index_srid(zones)),
							errhint("Bring all to one SRID with ST_Transform.")));
	}
	zone_arcs_collect(&arcs, zones, parents);
	for (int i = 0; i < count; i++)
	{
		zone_arcs_thin(&arcs, metres_per_unit, DatumGetFloat8(tolerances[i]));
		put_shapes(result, &arcs, 0, zones, tolerances[i]);
		if (parents != NULL)
			put_shapes(result, &arcs, 1, parents, tolerances[i]);
	}
	zone_arcs_free(&arcs);
	return (Datum) 0;
}
