/* Builds the value: borders, the grid over them, and all of it laid out flat. */
#include "zone_hash.h"
#include "zone_index_build.h"

static void
copy_section(const void *section, const void *source, size_t count, size_t width)
{
	if (count > 0)
		memcpy((void *) section, source, count * width);
}

static zone_index *
lay_out(const border_table *borders, const grid_table *grid, int32_t srid)
{
	const set_table *sets = &borders->sets;
	zone_index header;
	index_view view;
	zone_index *index;
	size_t size;

	memset(&header, 0, sizeof(header));
	header.version = ZONE_INDEX_VERSION;
	header.kind = ZONE_INDEX_FINISHED;
	header.srid = srid;
	header.zones = (uint32_t) borders->zones;
	header.edges = (uint32_t) borders->count;
	header.sets = (uint32_t) sets->count;
	header.members = sets->starts[sets->count];
	header.blocks = (uint32_t) grid->blocks_count;
	header.cells = (uint32_t) grid->cells_count;
	header.words = (uint32_t) grid->words_count;
	header.min_x = borders->min_x;
	header.min_y = borders->min_y;
	header.max_x = borders->max_x;
	header.max_y = borders->max_y;

	size = zone_index_view(&header, &view);
	index = pure_alloc0(size);
	memcpy(index, &header, sizeof(header));
	zone_index_view(index, &view);
	copy_section(view.ids, borders->ids, borders->zones, sizeof(int32_t));
	copy_section(view.edges, borders->edges, borders->count, sizeof(index_edge));
	copy_section(view.set_starts, sets->starts, sets->count + 1, sizeof(uint32_t));
	copy_section(view.members, sets->members, header.members, sizeof(int32_t));
	copy_section(view.blocks, grid->blocks, grid->blocks_count, sizeof(index_block));
	copy_section(view.cells, grid->cells, grid->cells_count, sizeof(uint32_t));
	copy_section(view.words, grid->words, grid->words_count, sizeof(uint32_t));
	index->fingerprint = zone_hash_begin(&view);
	for (uint32_t i = 0; i < header.edges; i++)
	{
		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		index->fingerprint = zone_hash_edge(index->fingerprint, &view, &view.edges[i]);
	}
	return index;
}

zone_index *
zone_index_build_paths(const int32_t *zone_ids, size_t zones, const zone_path *paths, size_t count,
					   int32_t srid, pure_error *error)
{
	border_table borders;
	grid_table grid;
	zone_index *index = NULL;

	if (zones == 0)
	{
		build_failed(error, PURE_INVALID_PARAMETER, "", "there are no zones to index");
		return NULL;
	}
	if (srid < 0 || srid > ZONE_INDEX_MAX_SRID)
	{
		build_failed(error, PURE_INVALID_PARAMETER, "", "there is no SRID %d", srid);
		return NULL;
	}
	memset(&grid, 0, sizeof(grid));
	if (border_table_build(&borders, zone_ids, zones, paths, count, error) &&
		grid_table_build(&grid, &borders, error))
		index = lay_out(&borders, &grid, srid);
	grid_table_free(&grid);
	border_table_free(&borders);
	return index;
}

/* Edges of one zone that stand together are a path with a step as long as a record. */
zone_index *
zone_index_build(const int32_t *zone_ids, size_t zones, const zone_edge *edges, size_t count,
				 int32_t srid, pure_error *error)
{
	const uint32_t stride = sizeof(zone_edge) / sizeof(double);
	zone_path *paths = NULL;
	size_t paths_count = 0;
	size_t capacity = 0;
	zone_index *index;

	for (size_t i = 0; i < count; i++)
	{
		zone_path *last = paths_count > 0 ? &paths[paths_count - 1] : NULL;

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		if (last != NULL && last->zone_id == edges[i].zone_id && last->edges < UINT32_MAX)
		{
			last->edges++;
			continue;
		}
		GROW(paths, paths_count, capacity);
		paths[paths_count++] = (zone_path){&edges[i].ax, 1, stride, edges[i].zone_id};
	}
	index = zone_index_build_paths(zone_ids, zones, paths, paths_count, srid, error);
	if (paths != NULL)
		pure_free(paths);
	return index;
}
