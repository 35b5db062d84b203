/* "Which zone is this point in?", one point at a time. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "geometry.h"
#include "zone_index_store.h"

/* The lowest zone at the point; false where there is none. */
static bool
find_zone(FunctionCallInfo fcinfo, int index_argument, int point_argument, int32 *zone_id)
{
	zone_index_site *site = zone_index_argument(fcinfo, index_argument);
	const zone_index *index;
	int32_t ordinal;
	int32 *found;
	size_t count;
	double x, y;

	if (geometry_read_point(PG_GETARG_DATUM(point_argument), zone_index_site_srid(site), &x, &y) !=
		GEOMETRY_POINT)
		return false;
	index = zone_index_site_ask(site);
	if (index != NULL)
	{
		ordinal = zone_index_locate(index, x, y);
		if (ordinal == ZONE_OUTSIDE)
			return false;
		*zone_id = zone_index_ids(index)[ordinal];
		return true;
	}
	found = zone_index_site_locate(site, x, y, false, &count);
	if (count == 0)
		return false;
	*zone_id = found[0];
	pfree(found);
	return true;
}

PG_FUNCTION_INFO_V1(georisk_locate);

Datum
georisk_locate(PG_FUNCTION_ARGS)
{
	int32 zone_id;

	if (!find_zone(fcinfo, 0, 1, &zone_id))
		PG_RETURN_NULL();
	PG_RETURN_INT32(zone_id);
}

PG_FUNCTION_INFO_V1(georisk_in_any_zone);

Datum
georisk_in_any_zone(PG_FUNCTION_ARGS)
{
	int32 zone_id;

	PG_RETURN_BOOL(find_zone(fcinfo, 1, 0, &zone_id));
}

static Datum
array_of_ids(const int32 *ids, size_t count)
{
	Datum *elements = palloc(count * sizeof(Datum));

	for (size_t i = 0; i < count; i++)
		elements[i] = Int32GetDatum(ids[i]);
	return PointerGetDatum(
		construct_array(elements, (int) count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(georisk_locate_all);

Datum
georisk_locate_all(PG_FUNCTION_ARGS)
{
	zone_index_site *site = zone_index_argument(fcinfo, 0);
	const zone_index *index;
	int32 *ids;
	size_t count;
	double x, y;

	if (geometry_read_point(PG_GETARG_DATUM(1), zone_index_site_srid(site), &x, &y) !=
		GEOMETRY_POINT)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(INT4OID));
	index = zone_index_site_ask(site);
	if (index == NULL)
		ids = zone_index_site_locate(site, x, y, true, &count);
	else
	{
		count = zone_index_locate_all(index, x, y, NULL, 0);
		ids = palloc(count * sizeof(int32));
		zone_index_locate_all(index, x, y, ids, count);
		for (size_t i = 0; i < count; i++)
			ids[i] = zone_index_ids(index)[ids[i]];
	}
	return array_of_ids(ids, count);
}

PG_FUNCTION_INFO_V1(georisk_zone_ids);

Datum
georisk_zone_ids(PG_FUNCTION_ARGS)
{
	const zone_index *index = zone_index_site_whole(zone_index_argument(fcinfo, 0));

	return array_of_ids(zone_index_ids(index), zone_index_zones(index));
}
