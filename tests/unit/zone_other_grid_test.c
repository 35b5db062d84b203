/* An index with another grid over the same zones, as another version may have stored it: read as ever, equal. */
#include <assert.h>

#include "../../extension/where/zone_check_core.h"
#include "../../extension/where/zone_index_layout.h"

#define ZONES 30

/* Strips of one box, the borders between them broken once; with `shift` the borders lie elsewhere. */
static zone_index *
build_strips(double shift)
{
	int32_t ids[ZONES];
	zone_edge edges[6 * ZONES];
	size_t count = 0;
	pure_error error;
	zone_index *index;

	for (int32_t i = 0; i < ZONES; i++)
	{
		double left = 0.25 + 0.5 * i / ZONES, right = 0.25 + 0.5 * (i + 1) / ZONES;
		double left_bend = i == 0 ? left : left + shift, right_bend = i == ZONES - 1 ? right : right + shift;
		const double corners[6][2] = {{left, 0.25},	 {right, 0.25}, {right_bend, 0.5},
									  {right, 0.75}, {left, 0.75},	{left_bend, 0.5}};

		ids[i] = 10 * i;
		for (int corner = 0; corner < 6; corner++)
		{
			const double *a = corners[corner], *b = corners[(corner + 1) % 6];

			edges[count++] = (zone_edge){a[0], a[1], b[0], b[1], ids[i]};
		}
	}
	index = zone_index_build(ids, ZONES, edges, count, 4326, &error);
	assert(index != NULL);
	return index;
}

/* One cell of side 1 from (0, 0) on, which is outside, with all edges in it. */
static zone_index *
with_one_cell(const zone_index *index)
{
	zone_index header = *index, *other;
	index_view from, to;
	size_t size;

	header.blocks = header.cells = 1;
	header.words = 2 + header.edges;
	size = zone_index_view(&header, &to);
	other = calloc(1, size);
	*other = header;
	zone_index_view(index, &from);
	zone_index_view(other, &to);
	memcpy((void *) to.ids, from.ids, header.zones * sizeof(int32_t));
	memcpy((void *) to.edges, from.edges, header.edges * sizeof(index_edge));
	memcpy((void *) to.set_starts, from.set_starts, (header.sets + 1) * sizeof(uint32_t));
	memcpy((void *) to.members, from.members, header.members * sizeof(int32_t));
	*(index_block *) to.blocks = (index_block){1, 1, 0, 0, 1, 1, 0, 0};
	*(uint32_t *) to.cells = CELL(CELL_EDGES, 0);
	((uint32_t *) to.words)[1] = header.edges;
	for (uint32_t i = 0; i < header.edges; i++)
		((uint32_t *) to.words)[2 + i] = i;
	return other;
}

int
main(void)
{
	zone_index *index = build_strips(0.01), *other = with_one_cell(index), *elsewhere = build_strips(0.005);
	pure_error error;

	assert(zone_index_check(other, zone_index_size(other), &error));
	assert(zone_index_size(other) != zone_index_size(index));
	assert(zone_index_same(index, other) && zone_index_same(other, index));
	assert(!zone_index_same(index, elsewhere));
	for (int x = 0; x <= 400; x++)
		for (int y = 0; y <= 100; y++)
			assert(zone_index_locate(index, x / 400.0, y / 100.0) == zone_index_locate(other, x / 400.0, y / 100.0));
	free(index);
	free(other);
	free(elsewhere);
	return 0;
}
