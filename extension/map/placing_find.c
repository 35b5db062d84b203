/* Zones of a loaded set: by number, by code, by the chain of parents. */
#include "postgres.h"

#include "placing.h"

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

bool
placing_is_within(const placing *map, const placing_zone *zone, int32_t other_id)
{
	/* No chain of parents is longer than there are zones, whatever the table says. */
	for (size_t steps = 0; zone != NULL && steps <= map->zones; steps++)
	{
		if (zone->zone_id == other_id)
			return true;
		zone = zone->parent_id != 0 ? placing_by_id(map, zone->parent_id) : NULL;
	}
	return false;
}
