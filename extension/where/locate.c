/* "Which zone is this point in?", one point at a time. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "geometry.h"
#include "zone_index.h"

PG_FUNCTION_INFO_V1(georisk_locate);

Datum
georisk_locate(PG_FUNCTION_ARGS)
{
	const zone_index *index = zone_index_argument(fcinfo, 0);
	int32_t ordinal = ZONE_OUTSIDE;
	double x, y;

	if (geometry_read_point(PG_GETARG_DATUM(1), zone_index_srid(index), &x, &y) == GEOMETRY_POINT)
		ordinal = zone_index_locate(index, x, y);
	if (ordinal == ZONE_OUTSIDE)
		PG_RETURN_NULL();
	PG_RETURN_INT32(zone_index_ids(index)[ordinal]);
}

PG_FUNCTION_INFO_V1(georisk_in_any_zone);

Datum
georisk_in_any_zone(PG_FUNCTION_ARGS)
{
	const zone_index *index = zone_index_argument(fcinfo, 1);
	double x, y;

	if (geometry_read_point(PG_GETARG_DATUM(0), zone_index_srid(index), &x, &y) != GEOMETRY_POINT)
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(zone_index_locate(index, x, y) != ZONE_OUTSIDE);
}

static Datum
array_of_ids(const zone_index *index, const int32_t *ordinals, size_t count)
{
	Datum *ids = palloc(count * sizeof(Datum));

	for (size_t i = 0; i < count; i++)
		ids[i] = Int32GetDatum(zone_index_ids(index)[ordinals[i]]);
	return PointerGetDatum(
		construct_array(ids, (int) count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(georisk_locate_all);

Datum
georisk_locate_all(PG_FUNCTION_ARGS)
{
	const zone_index *index = zone_index_argument(fcinfo, 0);
	int32_t *ordinals;
	size_t count;
	double x, y;

	if (geometry_read_point(PG_GETARG_DATUM(1), zone_index_srid(index), &x, &y) != GEOMETRY_POINT)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(INT4OID));
	count = zone_index_locate_all(index, x, y, NULL, 0);
	ordinals = palloc(count * sizeof(int32_t));
	zone_index_locate_all(index, x, y, ordinals, count);
	return array_of_ids(index, ordinals, count);
}

PG_FUNCTION_INFO_V1(georisk_zone_ids);

Datum
georisk_zone_ids(PG_FUNCTION_ARGS)
{
	const zone_index *index = zone_index_argument(fcinfo, 0);
	size_t count = zone_index_zones(index);
	int32_t *ordinals = palloc(count * sizeof(int32_t));

	for (size_t i = 0; i < count; i++)
		ordinals[i] = (int32_t) i;
	return array_of_ids(index, ordinals, count);
}
