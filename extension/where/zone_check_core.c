/* The check that stands before every use of stored bytes. */
#include "zone_check_core.h"
#include "zone_hash.h"
#include "zone_index_build.h"

bool
zone_check_failed(pure_error *error, const char *detail)
{
	memset(error, 0, sizeof(*error));
	error->code = PURE_CORRUPT;
	snprintf(error->message, sizeof(error->message), "stored zone_index is damaged");
	snprintf(error->detail, sizeof(error->detail), "%s", detail);
	snprintf(error->hint, sizeof(error->hint),
			 "Build it again from its zones with zone_index_agg.");
	return false;
}

static bool
is_coordinate(double value)
{
	return fabs(value) <= ZONE_INDEX_MAX_COORDINATE;
}

bool
zone_check_header(const zone_index *index, size_t size, pure_error *error)
{
	index_view view;

	if (size < sizeof(zone_index) || size > ZONE_INDEX_MAX_SIZE)
		return zone_check_failed(error, "Its length is impossible.");
	if (index->version != ZONE_INDEX_VERSION)
		return zone_check_failed(error, "Its version is not known.");
	if (index->kind != ZONE_INDEX_FINISHED)
		return zone_check_failed(error, "It is the unfinished state of an aggregate.");
	if (index->reserved[0] != 0 || index->reserved[1] != 0)
		return zone_check_failed(error, "Its reserved bytes are not zero.");
	if (index->zones == 0 || index->zones > ZONE_INDEX_MAX_ZONES || index->edges < 3 ||
		index->edges > ZONE_INDEX_MAX_EDGES || index->blocks == 0 || index->sets >= 1u << 29 ||
		index->srid < 0 || index->srid > ZONE_INDEX_MAX_SRID)
		return zone_check_failed(error, "Its counts are out of range.");
	if (!is_coordinate(index->min_x) || !is_coordinate(index->min_y) ||
		!is_coordinate(index->max_x) || !is_coordinate(index->max_y))
		return zone_check_failed(error, "Its box is out of range.");
	if (zone_index_view(index, &view) != size)
		return zone_check_failed(error, "Its counts do not add up to its length.");
	return true;
}

static bool
check_sets(const index_view *view, pure_error *error)
{
	const zone_index *header = view->header;

	for (uint32_t i = 1; i < header->zones; i++)
		if (view->ids[i - 1] >= view->ids[i])
			return zone_check_failed(error, "Its zones are not in order.");

	if (view->set_starts[0] != 0 || view->set_starts[header->sets] != header->members)
		return zone_check_failed(error, "Its sets do not cover their members.");
	for (uint32_t set = 0; set < header->sets; set++)
	{
		uint32_t start = view->set_starts[set];
		uint32_t end = view->set_starts[set + 1];

		pure_check_interrupts();
		if (end < start || end - start < 2 || end > header->members)
			return zone_check_failed(error, "A set has an impossible length.");
		for (uint32_t i = start; i < end; i++)
			if (view->members[i] < 0 || (uint32_t) view->members[i] >= header->zones ||
				(i > start && view->members[i] <= view->members[i - 1]))
				return zone_check_failed(error, "A set has members that are not in order.");
	}
	return true;
}

bool
zone_check_edge(const zone_index *header, const index_edge *edge, pure_error *error)
{
	int64_t sets = (int64_t) header->zones + header->sets;

	if (!is_coordinate(edge->ax) || !is_coordinate(edge->ay) || !is_coordinate(edge->bx) ||
		!is_coordinate(edge->by))
		return zone_check_failed(error, "An edge has coordinates out of range.");
	if (index_edge_compare(edge->ax, edge->ay, edge->bx, edge->by) >= 0)
		return zone_check_failed(error, "An edge runs the wrong way.");
	if (edge->left < SET_NONE || edge->left >= sets || edge->right < SET_NONE ||
		edge->right >= sets || edge->left == edge->right)
		return zone_check_failed(error, "An edge has an unknown set beside it.");
	if (edge->ax < header->min_x || edge->bx > header->max_x ||
		fmin(edge->ay, edge->by) < header->min_y || fmax(edge->ay, edge->by) > header->max_y)
		return zone_check_failed(error, "An edge lies outside its box.");
	return true;
}

static bool
check_edges(const index_view *view, pure_error *error)
{
	const zone_index *header = view->header;
	uint64_t hash = zone_hash_begin(view);

	for (uint32_t i = 0; i < header->edges; i++)
	{
		const index_edge *edge = &view->edges[i];

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		if (!zone_check_edge(header, edge, error))
			return false;
		/* Each step waits for the one before; the checks run meanwhile. */
		hash = zone_hash_edge(hash, view, edge);
		if (i > 0)
		{
			const index_edge *last = edge - 1;
			int order = index_edge_compare(last->ax, last->ay, edge->ax, edge->ay);

			if (order > 0 ||
				(order == 0 && index_edge_compare(last->bx, last->by, edge->bx, edge->by) >= 0))
				return zone_check_failed(error, "Its edges are not in order.");
		}
	}
	if (hash != header->fingerprint)
		return zone_check_failed(error, "Its fingerprint is not that of its edges.");
	return true;
}

/* Every word belongs to one cell: no more of them are looked at than there are. */
static bool
check_words(const index_view *view, uint32_t at, uint64_t *seen, pure_error *error)
{
	const zone_index *header = view->header;
	uint32_t sets = header->zones + header->sets;

	if (at >= header->words || header->words - at < 2 || view->words[at] > sets ||
		view->words[at + 1] > header->words - at - 2)
		return zone_check_failed(error, "A cell has no list of edges.");
	*seen += 2 + view->words[at + 1];
	if (*seen > header->words)
		return zone_check_failed(error, "Cells share a list of edges.");
	for (uint32_t i = 0; i < view->words[at + 1]; i++)
		if (view->words[at + 2 + i] >= header->edges)
			return zone_check_failed(error, "A cell names an edge that is not there.");
	return true;
}

bool
zone_check_block(const zone_index *header, const index_block *block, pure_error *error)
{
	uint64_t cells = (uint64_t) block->columns * block->rows;
	int64_t most = INT64_C(1) << GRID_INDEX_BITS;
	int exponent;

	if (block->reserved != 0 || cells == 0 || block->first_cell > header->cells ||
		cells > header->cells - block->first_cell)
		return zone_check_failed(error, "A block of its grid does not fit.");
	if (!(block->side > 0) || !isfinite(block->side) || frexp(block->side, &exponent) != 0.5 ||
		exponent - 1 < GRID_MIN_EXPONENT || exponent - 1 > GRID_MAX_EXPONENT ||
		block->scale != ldexp(1, 1 - exponent))
		return zone_check_failed(error, "The side of its cells is not a power of two.");
	if (fabs(header->min_x) * block->scale > (double) most ||
		fabs(header->max_x) * block->scale > (double) most ||
		fabs(header->min_y) * block->scale > (double) most ||
		fabs(header->max_y) * block->scale > (double) most)
		return zone_check_failed(error, "Its cells are too small.");
	if (block->first_column < -2 * most || block->first_column > 2 * most ||
		block->first_row < -2 * most || block->first_row > 2 * most)
		return zone_check_failed(error, "A block of its grid lies too far away.");
	return true;
}

/* Blocks cover the cells one after the other. */
static bool
check_block(const index_view *view, uint32_t position, uint32_t *next_cell, pure_error *error)
{
	const index_block *block = &view->blocks[position];

	if (block->first_cell != *next_cell)
		return zone_check_failed(error, "A block of its grid does not fit.");
	*next_cell += block->columns * block->rows;
	return zone_check_block(view->header, block, error);
}

static bool
check_grid(const index_view *view, pure_error *error)
{
	const zone_index *header = view->header;
	uint32_t sets = header->zones + header->sets;
	uint32_t next_cell = 0;
	uint64_t seen = 0;

	for (uint32_t position = 0; position < header->blocks; position++)
	{
		uint32_t first_cell = next_cell;

		if (!check_block(view, position, &next_cell, error))
			return false;
		for (uint32_t i = first_cell; i < next_cell; i++)
		{
			uint32_t value = CELL_VALUE(view->cells[i]);

			if ((i & 0xffff) == 0)
				pure_check_interrupts();
			switch (CELL_TAG(view->cells[i]))
			{
				case CELL_VERDICT:
					if (value > sets)
						return zone_check_failed(error, "A cell lies in an unknown set.");
					break;
				case CELL_EDGES:
					if (!check_words(view, value, &seen, error))
						return false;
					break;
				case CELL_BLOCK:
					/* Only onwards, so that every descent ends. */
					if (value <= position || value >= header->blocks)
						return zone_check_failed(error, "A cell leads to a block that is not there.");
					break;
				default:
					return zone_check_failed(error, "A cell is of an unknown kind.");
			}
		}
	}
	if (next_cell != header->cells)
		return zone_check_failed(error, "Its blocks do not cover its cells.");
	return true;
}

bool
zone_index_check(const void *bytes, size_t size, pure_error *error)
{
	const zone_index *index = bytes;
	index_view view;

	if (!zone_check_header(index, size, error))
		return false;
	zone_index_view(index, &view);
	return check_sets(&view, error) && check_edges(&view, error) && check_grid(&view, error);
}
