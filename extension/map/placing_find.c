/* Zones of a set: by number, by code, by a point, by the chain of parents. In what was loaded, or
 * in the tables where a process has asked too little for loading to pay. */
#include "postgres.h"

#include "placing.h"
#include "placing_probe.h"

/* check_zones takes a tree of more levels for a circle. */
#define MAX_LEVELS 32

int
placing_compare_codes(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, Min(a_length, b_length));

	if (order != 0)
		return order;
	return a_length < b_length ? -1 : a_length > b_length;
}

const placing_zone *
placing_by_id(const placing *map, int32_t zone_id)
{
	size_t low = 0;
	size_t high = map->zones;

	if (!map->is_whole)
		return placing_probe_id(map, zone_id);
	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (map->zone[middle].zone_id < zone_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < map->zones && map->zone[low].zone_id == zone_id ? &map->zone[low] : NULL;
}

const placing_zone *
placing_by_code(const placing *map, const char *code, size_t length)
{
	size_t low = 0;
	size_t high = map->codes;

	if (!map->is_whole)
		return placing_probe_code(map, code, length);
	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		const placing_zone *zone = map->by_code[middle];
		int order = placing_compare_codes(zone->code, zone->code_length, code, length);

		if (order == 0)
			return zone;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const placing_zone *
placing_at_point(const placing *map, Datum point, double x, double y)
{
	int32_t ordinal;

	if (!map->is_whole)
		return placing_probe_point(map, point);
	ordinal = zone_index_locate(map->index, x, y);
	return ordinal == ZONE_OUTSIDE ? NULL : placing_by_id(map, zone_index_ids(map->index)[ordinal]);
}

bool
placing_is_within(const placing *map, const placing_zone *zone, const placing_zone *other)
{
	for (int level = 0; zone != NULL && level < MAX_LEVELS; level++)
	{
		if (zone->zone_id == other->zone_id)
			return true;
		if (other->is_leaf)
			return false;
		zone = zone->parent_id != 0 ? placing_by_id(map, zone->parent_id) : NULL;
	}
	return false;
}
