/* Sets of several zones, which overlaps make: kept once each, found again by their hash. */
#include "zone_index_build.h"

void
set_table_init(set_table *table, size_t zones)
{
	memset(table, 0, sizeof(*table));
	table->zones = zones;
	GROW(table->starts, table->count, table->starts_capacity);
	table->starts[0] = 0;
	table->buckets_count = 64;
	table->buckets = pure_alloc0(table->buckets_count * sizeof(uint32_t));
}

void
set_table_free(set_table *table)
{
	if (table->starts != NULL)
		pure_free(table->starts);
	if (table->members != NULL)
		pure_free(table->members);
	if (table->buckets != NULL)
		pure_free(table->buckets);
}

static size_t
hash_members(const int32_t *members, size_t count)
{
	uint64_t hash = count;

	for (size_t i = 0; i < count; i++)
	{
		hash = (hash ^ (uint32_t) members[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (size_t) hash;
}

static uint32_t *
find_bucket(const set_table *table, const int32_t *members, size_t count)
{
	size_t at = hash_members(members, count) & (table->buckets_count - 1);

	for (;; at = (at + 1) & (table->buckets_count - 1))
	{
		uint32_t *bucket = &table->buckets[at];

		if (*bucket == 0)
			return bucket;

		uint32_t start = table->starts[*bucket - 1];

		if (table->starts[*bucket] - start == count &&
			memcmp(table->members + start, members, count * sizeof(int32_t)) == 0)
			return bucket;
	}
}

static void
double_buckets(set_table *table)
{
	pure_free(table->buckets);
	table->buckets_count *= 2;
	table->buckets = pure_alloc0(table->buckets_count * sizeof(uint32_t));
	for (size_t i = 0; i < table->count; i++)
		*find_bucket(table, table->members + table->starts[i],
					 table->starts[i + 1] - table->starts[i]) = (uint32_t) i + 1;
}

bool
set_table_intern(set_table *table, const int32_t *members, size_t count, int32_t *set,
				 pure_error *error)
{
	uint32_t *bucket;
	size_t used = table->starts[table->count];

	if (count < 2)
	{
		*set = count == 0 ? SET_NONE : members[0];
		return true;
	}

	bucket = find_bucket(table, members, count);
	if (*bucket == 0)
	{
		if (used + count > SET_TABLE_MAX_MEMBERS)
			return build_failed(error, PURE_LIMIT, "Look for zones that lie over many others.",
								"too many zones overlap one another");
		while (table->members_capacity < used + count)
		{
			size_t full = table->members_capacity;

			GROW(table->members, full, table->members_capacity);
		}
		memcpy(table->members + used, members, count * sizeof(int32_t));
		table->count++;
		GROW(table->starts, table->count, table->starts_capacity);
		table->starts[table->count] = (uint32_t) (used + count);
		*bucket = (uint32_t) table->count;
		*set = (int32_t) (table->zones + table->count - 1);
		if (2 * table->count > table->buckets_count)
			double_buckets(table);
		return true;
	}
	*set = (int32_t) (table->zones + *bucket - 1);
	return true;
}

const int32_t *
set_table_members(const set_table *table, const int32_t *set, size_t *count)
{
	size_t position;

	if (*set < 0 || (size_t) *set < table->zones)
	{
		*count = *set >= 0;
		return set;
	}
	position = (size_t) *set - table->zones;
	*count = table->starts[position + 1] - table->starts[position];
	return table->members + table->starts[position];
}
