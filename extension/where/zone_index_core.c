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

static bool
same_side(const index_view *a, const int32_t *left, const index_view *b, const int32_t *right)
{
	size_t left_count, right_count;
	const int32_t *left_members = set_members(a, left, &left_count);
	const int32_t *right_members = set_members(b, right, &right_count);

	return left_count == right_count &&
		   memcmp(left_members, right_members, left_count * sizeof(int32_t)) == 0;
}

bool
zone_index_same(const zone_index *a, const zone_index *b)
{
	index_view left, right;

	if (a->fingerprint != b->fingerprint || a->srid != b->srid || a->zones != b->zones ||
		a->edges != b->edges)
		return false;
	zone_index_view(a, &left);
	zone_index_view(b, &right);
	if (memcmp(left.ids, right.ids, a->zones * sizeof(int32_t)) != 0)
		return false;
	for (uint32_t i = 0; i < a->edges; i++)
	{
		const index_edge *one = &left.edges[i], *other = &right.edges[i];

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		if (memcmp(one, other, offsetof(index_edge, left)) != 0 ||
			!same_side(&left, &one->left, &right, &other->left) ||
			!same_side(&left, &one->right, &right, &other->right))
			return false;
	}
	return true;
}
