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
