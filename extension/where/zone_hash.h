/* The fingerprint of a zone_index, edge by edge: of SRID, zones and borders, whatever grid lies over them. */
#ifndef GEORISK_ZONE_HASH_H
#define GEORISK_ZONE_HASH_H

#include "zone_index_layout.h"

static inline uint64_t
zone_hash_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ (hash >> 32);
}

static inline uint64_t
zone_hash_coordinate(uint64_t hash, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return zone_hash_mix(hash, bits);
}

static inline uint64_t
zone_hash_set(uint64_t hash, const index_view *view, const int32_t *set)
{
	size_t count;
	const int32_t *members = set_members(view, set, &count);

	hash = zone_hash_mix(hash, count);
	for (size_t i = 0; i < count; i++)
		hash = zone_hash_mix(hash, (uint32_t) members[i]);
	return hash;
}

/* What it is before the first edge. */
static inline uint64_t
zone_hash_begin(const index_view *view)
{
	uint64_t hash = zone_hash_mix(UINT64_C(0x67656f7269736b31), (uint32_t) view->header->srid);

	hash = zone_hash_mix(hash, view->header->zones);
	for (uint32_t i = 0; i < view->header->zones; i++)
		hash = zone_hash_mix(hash, (uint32_t) view->ids[i]);
	return hash;
}

static inline uint64_t
zone_hash_edge(uint64_t hash, const index_view *view, const index_edge *edge)
{
	hash = zone_hash_coordinate(zone_hash_coordinate(hash, edge->ax), edge->ay);
	hash = zone_hash_coordinate(zone_hash_coordinate(hash, edge->bx), edge->by);
	return zone_hash_set(zone_hash_set(hash, view, &edge->left), view, &edge->right);
}

#endif
