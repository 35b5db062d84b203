#include "zone_slice_core.h"
#include "zone_check_core.h"
#include "zone_index_build.h"
#include "zone_leaf.h"

/* Most cells have fewer edges, so that one piece is all of them. */
#define FIRST_WORDS 32

/* Edges and ids so near to each other are read in one piece. */
#define NEAR_EDGES 32
#define NEAR_IDS 256

/* Offsets of the sections: those of a view of the header, taken as if it were the value. */
typedef struct slice
{
	const zone_index *header;
	const zone_source *source;
	index_view at;
	pure_error *error;
} slice;

/* The leaf of a point with copies of all that belongs to it, under numbers of their own. */
typedef struct excerpt
{
	index_view view;
	leaf leaf;
	uint32_t *words;
	index_edge *edges;
	uint32_t *set_numbers; /* which sets of the value these are */
	uint32_t *set_starts;
	int32_t *members;
	size_t sets, sets_capacity, starts, starts_capacity, members_capacity;
} excerpt;

static slice
open_slice(const zone_index *header, const zone_source *source, pure_error *error)
{
	slice slice = {header, source, {0}, error};

	zone_index_view(header, &slice.at);
	return slice;
}

/* `count` things of a section from the first on. */
#define READ(slice, section, first, count, into)                                                   \
	(slice)->source->read((slice)->source,                                                         \
						  (size_t) ((const char *) (slice)->at.section -                           \
									(const char *) (slice)->header) +                              \
							  (size_t) (first) * sizeof(*(slice)->at.section),                     \
						  (size_t) (count) * sizeof(*(slice)->at.section), (into))

bool
zone_head_read(zone_head *head, const zone_source *source, pure_error *error)
{
	slice slice;

	if (source->size < sizeof(zone_index))
		return zone_check_failed(error, "Its length is impossible.");
	source->read(source, 0, sizeof(zone_index), &head->header);
	if (!zone_check_header(&head->header, source->size, error))
		return false;
	slice = open_slice(&head->header, source, error);
	READ(&slice, blocks, 0, 1, &head->root);
	return zone_check_block(&head->header, &head->root, error);
}

static bool
find_leaf(const slice *slice, const index_block *root, double x, double y, leaf *found)
{
	const zone_index *header = slice->header;
	index_block block = *root;
	uint32_t position = 0;

	*found = (leaf){CELL(CELL_VERDICT, 0), 0, 0};
	/* NaN fails too. */
	if (!(x >= header->min_x && x <= header->max_x && y >= header->min_y && y <= header->max_y))
		return true;
	for (;;)
	{
		int64_t column = cell_number(x, block.scale, block.side);
		int64_t row = cell_number(y, block.scale, block.side);
		uint64_t across = (uint64_t) (column - block.first_column);
		uint64_t up = (uint64_t) (row - block.first_row);
		uint32_t cell;

		if (across >= block.columns || up >= block.rows)
			return true;
		READ(slice, cells, block.first_cell + up * block.columns + across, 1, &cell);
		if (CELL_TAG(cell) != CELL_BLOCK)
		{
			*found = (leaf){cell, (double) column * block.side, (double) row * block.side};
			return CELL_TAG(cell) <= CELL_BLOCK ||
				   zone_check_failed(slice->error, "A cell is of an unknown kind.");
		}
		/* Only onwards, so that every descent ends. */
		if (CELL_VALUE(cell) <= position || CELL_VALUE(cell) >= header->blocks)
			return zone_check_failed(slice->error, "A cell leads to a block that is not there.");
		position = CELL_VALUE(cell);
		READ(slice, blocks, position, 1, &block);
		if (!zone_check_block(header, &block, slice->error))
			return false;
	}
}

static bool
read_words(const slice *slice, excerpt *excerpt, uint32_t at)
{
	uint32_t limit = slice->header->words;
	uint32_t first = limit - at < FIRST_WORDS ? limit - at : FIRST_WORDS;
	uint32_t count;

	if (at >= limit || limit - at < 2)
		return zone_check_failed(slice->error, "A cell has no list of edges.");
	excerpt->words = pure_alloc(FIRST_WORDS * sizeof(uint32_t));
	READ(slice, words, at, first, excerpt->words);
	count = excerpt->words[1];
	if (count > limit - at - 2)
		return zone_check_failed(slice->error, "A cell has no list of edges.");
	if (count + 2 > first)
	{
		excerpt->words =
			pure_realloc(excerpt->words, ((size_t) count + 2) * sizeof(*excerpt->words));
		READ(slice, words, at + first, count + 2 - first, excerpt->words + first);
	}
	return true;
}

/* The edges that the words name; afterwards the words are their numbers in the excerpt. */
static bool
read_edges(const slice *slice, excerpt *excerpt)
{
	uint32_t count = excerpt->words[1];
	uint32_t *numbers = excerpt->words + 2;
	index_edge piece[NEAR_EDGES];
	uint32_t first = 0;
	uint32_t held = 0;

	excerpt->edges = pure_alloc(((size_t) count + 1) * sizeof(index_edge));
	for (uint32_t i = 0; i < count; i++)
	{
		uint32_t number = numbers[i];

		pure_check_interrupts();
		if (number >= slice->header->edges)
			return zone_check_failed(slice->error, "A cell names an edge that is not there.");
		if (number < first || number >= first + held)
		{
			uint32_t last = number;

			for (uint32_t j = i + 1; j < count && numbers[j] > last; j++)
			{
				if (numbers[j] >= slice->header->edges || numbers[j] - number >= NEAR_EDGES)
					break;
				last = numbers[j];
			}
			first = number;
			held = last - number + 1;
			READ(slice, edges, first, held, piece);
		}
		excerpt->edges[i] = piece[number - first];
		numbers[i] = i;
		if (!zone_check_edge(slice->header, &excerpt->edges[i], slice->error))
			return false;
	}
	return true;
}

static bool
read_set(const slice *slice, excerpt *excerpt, uint32_t number)
{
	const zone_index *header = slice->header;
	uint32_t bounds[2];
	size_t used = excerpt->set_starts[excerpt->sets];
	size_t count;

	READ(slice, set_starts, number, 2, bounds);
	if (bounds[1] < bounds[0] || bounds[1] - bounds[0] < 2 || bounds[1] > header->members)
		return zone_check_failed(slice->error, "A set has an impossible length.");
	count = bounds[1] - bounds[0];
	while (excerpt->members_capacity < used + count)
	{
		size_t full = excerpt->members_capacity;

		GROW(excerpt->members, full, excerpt->members_capacity);
	}
	READ(slice, members, bounds[0], count, excerpt->members + used);
	for (size_t i = used; i < used + count; i++)
		if (excerpt->members[i] < 0 || (uint32_t) excerpt->members[i] >= header->zones ||
			(i > used && excerpt->members[i] <= excerpt->members[i - 1]))
			return zone_check_failed(slice->error, "A set has members that are not in order.");
	GROW(excerpt->set_numbers, excerpt->sets, excerpt->sets_capacity);
	excerpt->set_numbers[excerpt->sets++] = number;
	GROW(excerpt->set_starts, excerpt->starts, excerpt->starts_capacity);
	excerpt->set_starts[excerpt->starts++] = (uint32_t) (used + count);
	return true;
}

/* A set of several zones gets the number that it has in the excerpt. */
static bool
bring_set(const slice *slice, excerpt *excerpt, int32_t *set)
{
	uint32_t zones = slice->header->zones;
	uint32_t number;
	size_t at;

	if (*set < 0 || (uint32_t) *set < zones)
		return true;
	number = (uint32_t) *set - zones;
	if (number >= slice->header->sets)
		return zone_check_failed(slice->error, "A cell lies in an unknown set.");
	for (at = 0; at < excerpt->sets && excerpt->set_numbers[at] != number; at++)
		pure_check_interrupts();
	if (at == excerpt->sets && !read_set(slice, excerpt, number))
		return false;
	*set = (int32_t) (zones + at);
	return true;
}

static bool
bring_stored_set(const slice *slice, excerpt *excerpt, uint32_t *plus_one)
{
	int32_t set = (int32_t) *plus_one - 1;
	bool good = bring_set(slice, excerpt, &set);

	*plus_one = (uint32_t) (set + 1);
	return good;
}

static bool
fill_excerpt(const slice *slice, excerpt *excerpt)
{
	uint32_t value = CELL_VALUE(excerpt->leaf.cell);

	GROW(excerpt->set_starts, excerpt->starts, excerpt->starts_capacity);
	excerpt->set_starts[excerpt->starts++] = 0;
	if (CELL_TAG(excerpt->leaf.cell) == CELL_VERDICT)
	{
		if (!bring_stored_set(slice, excerpt, &value))
			return false;
		excerpt->leaf.cell = CELL(CELL_VERDICT, value);
	}
	else
	{
		if (!read_words(slice, excerpt, value) || !read_edges(slice, excerpt))
			return false;
		if (excerpt->words[0] > slice->header->zones + slice->header->sets)
			return zone_check_failed(slice->error, "A cell lies in an unknown set.");
		if (!bring_stored_set(slice, excerpt, &excerpt->words[0]))
			return false;
		for (uint32_t i = 0; i < excerpt->words[1]; i++)
			if (!bring_set(slice, excerpt, &excerpt->edges[i].left) ||
				!bring_set(slice, excerpt, &excerpt->edges[i].right))
				return false;
		excerpt->leaf.cell = CELL(CELL_EDGES, 0);
	}
	excerpt->view = (index_view){.header = slice->header,
								 .edges = excerpt->edges,
								 .set_starts = excerpt->set_starts,
								 .members = excerpt->members,
								 .words = excerpt->words};
	return true;
}

static void
free_excerpt(excerpt *excerpt)
{
	void *parts[] = {excerpt->words, excerpt->edges, excerpt->set_numbers, excerpt->set_starts,
					 excerpt->members};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i] != NULL)
			pure_free(parts[i]);
}

/* Ascending ordinals become ids in place. */
static void
read_ids(const slice *slice, int32_t *ordinals, size_t count)
{
	int32_t piece[NEAR_IDS];

	for (size_t i = 0; i < count;)
	{
		int32_t first = ordinals[i];
		size_t next = i + 1;

		pure_check_interrupts();
		while (next < count && ordinals[next] - first < NEAR_IDS)
			next++;
		READ(slice, ids, first, ordinals[next - 1] - first + 1, piece);
		for (; i < next; i++)
			ordinals[i] = piece[ordinals[i] - first];
	}
}

bool
zone_slice_locate(const zone_head *head, const zone_source *source, double x, double y, bool all,
				  int32_t **zone_ids, size_t *count, pure_error *error)
{
	slice slice = open_slice(&head->header, source, error);
	excerpt excerpt = {0};
	bool good;

	*zone_ids = NULL;
	*count = 0;
	good = find_leaf(&slice, &head->root, x, y, &excerpt.leaf) && fill_excerpt(&slice, &excerpt);
	if (good && all)
		*count = zone_leaf_locate_all(&excerpt.view, &excerpt.leaf, x, y, NULL, 0);
	else if (good)
		*count = zone_leaf_locate(&excerpt.view, &excerpt.leaf, x, y) != ZONE_OUTSIDE;
	if (*count > 0)
	{
		*zone_ids = pure_alloc(*count * sizeof(int32_t));
		if (all)
			zone_leaf_locate_all(&excerpt.view, &excerpt.leaf, x, y, *zone_ids, *count);
		else
			**zone_ids = zone_leaf_locate(&excerpt.view, &excerpt.leaf, x, y);
		read_ids(&slice, *zone_ids, *count);
	}
	free_excerpt(&excerpt);
	return good;
}
