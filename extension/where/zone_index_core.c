/* The finished value: what it says of itself. */
#include "zone_index_build.h"

size_t
zone_index_size(const zone_index *index)
{
	index_view view;

	return zone_index_view(index, &view);
}

int32_t
zone_index_srid(const zone_index *index)
{
	return index->srid;
}

size_t
zone_index_zones(const zone_index *index)
{
	return index->zones;
}

const int32_t *
zone_index_ids(const zone_index *index)
{
	index_view view;

	zone_index_view(index, &view);
	return view.ids;
}

uint64_t
zone_index_fingerprint(const zone_index *index)
{
	return index->fingerprint;
}

size_t
zone_index_edges(const zone_index *index)
{
	return index->edges;
}

void
zone_index_border(const zone_index *index, size_t position, zone_border *border)
{
	index_view view;

	zone_index_view(index, &view);

	const index_edge *edge = &view.edges[position];

	border->ax = edge->ax;
	border->ay = edge->ay;
	border->bx = edge->bx;
	border->by = edge->by;
	border->left = set_members(&view, &edge->left, &border->left_count);
	border->right = set_members(&view, &edge->right, &border->right_count);
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ (hash >> 32);
}

static uint64_t
mix_coordinate(uint64_t hash, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return mix(hash, bits);
}

static uint64_t
mix_set(uint64_t hash, const index_view *view, const int32_t *set)
{
	size_t count;
	const int32_t *members = set_members(view, set, &count);

	hash = mix(hash, count);
	for (size_t i = 0; i < count; i++)
		hash = mix(hash, (uint32_t) members[i]);
	return hash;
}

uint64_t
zone_index_hash(const index_view *view)
{
	uint64_t hash =
		mix(mix(UINT64_C(0x67656f7269736b31), (uint32_t) view->header->srid), view->header->zones);

	for (uint32_t i = 0; i < view->header->zones; i++)
		hash = mix(hash, (uint32_t) view->ids[i]);
	for (uint32_t i = 0; i < view->header->edges; i++)
	{
		const index_edge *edge = &view->edges[i];

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		hash = mix_coordinate(mix_coordinate(hash, edge->ax), edge->ay);
		hash = mix_coordinate(mix_coordinate(hash, edge->bx), edge->by);
		hash = mix_set(mix_set(hash, view, &edge->left), view, &edge->right);
	}
	return hash;
}
