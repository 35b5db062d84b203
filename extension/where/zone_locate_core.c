/*
 * Point location. A cell without edges answers at once. Elsewhere the state of the cell's corner,
 * the zones that hold it, is carried up and then east to the point: every edge crossed on the way
 * swaps the zones on its one side for those on its other.
 *
 * The state is one number: how many zones, and the sum of their ordinals. Where it is one zone, the
 * sum is its ordinal. A point on an edge or in several zones is asked again, zone by zone.
 */
#include "zone_crossing.h"
#include "zone_leaf.h"

#define STATE_ONE (UINT64_C(1) << 40)
#define STATE_COUNT(state) ((state) >> 40)
#define STATE_SUM(state) ((state) & (STATE_ONE - 1))

/* Enough look-ups in flight to hide memory; few enough to stay in the nearest cache. */
#define BATCH 64

static inline uint64_t
state_of_set(const index_view *view, const int32_t *set)
{
	size_t count;
	const int32_t *members;
	uint64_t state;

	if ((uint32_t) *set < view->header->zones)
		return STATE_ONE + (uint32_t) *set;
	members = set_members(view, set, &count);
	state = count * STATE_ONE;
	for (size_t i = 0; i < count; i++)
		state += (uint32_t) members[i];
	return state;
}

static inline leaf
find_leaf(const index_view *view, double x, double y)
{
	const zone_index *header = view->header;
	const index_block *block = view->blocks;
	leaf result = {CELL(CELL_VERDICT, 0), 0, 0};

	/* NaN fails too. */
	if (!(x >= header->min_x && x <= header->max_x && y >= header->min_y && y <= header->max_y))
		return result;

	for (;;)
	{
		int64_t column = cell_number(x, block->scale, block->side);
		int64_t row = cell_number(y, block->scale, block->side);
		uint64_t across = (uint64_t) (column - block->first_column);
		uint64_t up = (uint64_t) (row - block->first_row);

		if (across >= block->columns || up >= block->rows)
			return result;

		uint32_t cell = view->cells[block->first_cell + up * block->columns + across];

		if (CELL_TAG(cell) != CELL_BLOCK)
		{
			result.cell = cell;
			result.x = (double) column * block->side;
			result.y = (double) row * block->side;
			return result;
		}
		block = &view->blocks[CELL_VALUE(cell)];
	}
}

/* Net crossings of one edge on the way from the leaf's corner to the point. */
static inline int
cross(const index_edge *edge, const leaf *from, double x, double y, bool *touches)
{
	*touches = false;
	if (edge->ax > x)
		return 0;

	int up = crossing_up(edge, from->x, from->y, y);

	return up + crossing_east(edge, y, from->x, x, touches);
}

/* Position of the first member that is not below `ordinal`. */
static size_t
member_from(const int32_t *members, size_t count, int32_t ordinal)
{
	size_t low = 0;
	size_t high = count;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (members[middle] < ordinal)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has_member(const index_view *view, const int32_t *set, int32_t ordinal)
{
	size_t count;
	const int32_t *members = set_members(view, set, &count);
	size_t at = member_from(members, count, ordinal);

	return at < count && members[at] == ordinal;
}

static bool
zone_holds(const index_view *view, const leaf *leaf, int32_t ordinal, double x, double y)
{
	const uint32_t *words = view->words + CELL_VALUE(leaf->cell);
	int32_t corner = (int32_t) words[0] - 1;
	int net = has_member(view, &corner, ordinal);

	for (uint32_t i = 0; i < words[1]; i++)
	{
		const index_edge *edge = &view->edges[words[2 + i]];
		bool touches;
		int crossing = cross(edge, leaf, x, y, &touches);

		if (crossing == 0 && !touches)
			continue;

		bool left = has_member(view, &edge->left, ordinal);
		bool right = has_member(view, &edge->right, ordinal);

		if (touches && (left || right))
			return true;
		net += crossing * (left - right);
	}
	return net > 0;
}

static int32_t
next_member(const index_view *view, const int32_t *set, int32_t after, int32_t best)
{
	size_t count;
	const int32_t *members = set_members(view, set, &count);

	size_t at = member_from(members, count, after + 1);

	return at < count && members[at] < best ? members[at] : best;
}

/* The lowest zone beyond `after` that holds the point; ZONE_OUTSIDE where there is none. */
static int32_t
next_holder(const index_view *view, const leaf *leaf, int32_t after, double x, double y)
{
	int32_t none = (int32_t) view->header->zones;

	if (CELL_TAG(leaf->cell) == CELL_VERDICT)
	{
		int32_t set = (int32_t) CELL_VALUE(leaf->cell) - 1;
		int32_t next = next_member(view, &set, after, none);

		return next < none ? next : ZONE_OUTSIDE;
	}

	const uint32_t *words = view->words + CELL_VALUE(leaf->cell);

	for (;;)
	{
		int32_t corner = (int32_t) words[0] - 1;
		int32_t next = next_member(view, &corner, after, none);

		for (uint32_t i = 0; i < words[1]; i++)
		{
			const index_edge *edge = &view->edges[words[2 + i]];

			next = next_member(view, &edge->left, after, next);
			next = next_member(view, &edge->right, after, next);
		}
		if (next == none)
			return ZONE_OUTSIDE;
		pure_check_interrupts();
		if (zone_holds(view, leaf, next, x, y))
			return next;
		after = next;
	}
}

static inline int32_t
resolve(const index_view *view, const leaf *leaf, double x, double y)
{
	uint32_t value = CELL_VALUE(leaf->cell);

	if (CELL_TAG(leaf->cell) == CELL_VERDICT)
	{
		int32_t set = (int32_t) value - 1;
		size_t count;

		return value <= view->header->zones ? set : *set_members(view, &set, &count);
	}

	const uint32_t *words = view->words + value;
	int32_t corner = (int32_t) words[0] - 1;
	uint64_t state = state_of_set(view, &corner);
	bool on_border = false;

	for (uint32_t i = 0; i < words[1]; i++)
	{
		const index_edge *edge = &view->edges[words[2 + i]];
		bool touches;
		int crossing = cross(edge, leaf, x, y, &touches);

		on_border |= touches;
		if (crossing != 0)
		{
			uint64_t change = state_of_set(view, &edge->left) - state_of_set(view, &edge->right);

			state += crossing > 0 ? change : -change;
		}
	}
	if (!on_border && state == 0)
		return ZONE_OUTSIDE;
	if (!on_border && STATE_COUNT(state) == 1 && STATE_SUM(state) < view->header->zones)
		return (int32_t) STATE_SUM(state);
	return next_holder(view, leaf, -1, x, y);
}

int32_t
zone_index_locate(const zone_index *index, double x, double y)
{
	index_view view;
	leaf leaf;

	zone_index_view(index, &view);
	leaf = find_leaf(&view, x, y);
	return resolve(&view, &leaf, x, y);
}

static const uint32_t outside = CELL(CELL_VERDICT, 0);

/* Where the root says what a point lies in. */
static inline const uint32_t *
root_cell(const index_view *view, double x, double y)
{
	const zone_index *header = view->header;
	const index_block *root = view->blocks;
	uint64_t across, up;

	/* NaN fails too. */
	if (!(x >= header->min_x && x <= header->max_x && y >= header->min_y && y <= header->max_y))
		return &outside;
	across = (uint64_t) (cell_number(x, root->scale, root->side) - root->first_column);
	up = (uint64_t) (cell_number(y, root->scale, root->side) - root->first_row);
	if (across >= root->columns || up >= root->rows)
		return &outside;
	return view->cells + root->first_cell + up * root->columns + across;
}

/* Records may lie across two lines of the cache. */
static inline void
prefetch(const void *record, size_t size)
{
	__builtin_prefetch(record);
	__builtin_prefetch((const char *) record + size - 1);
}

/*
 * Most cells of the root are a verdict of one zone or none. Every cell is taken for one, without a
 * branch, and those are set aside that are not. Each pass asks early for the memory that the next
 * one needs.
 */
static void
locate_some(const index_view *view, const double *x, const double *y, size_t count,
			int32_t *ordinals)
{
	const uint32_t *cells[BATCH];
	leaf leaves[BATCH];
	uint16_t aside[BATCH];
	size_t hard = 0;

	for (size_t i = 0; i < count; i++)
	{
		cells[i] = root_cell(view, x[i], y[i]);
		__builtin_prefetch(cells[i]);
	}
	for (size_t i = 0; i < count; i++)
	{
		uint32_t cell = *cells[i];

		ordinals[i] = (int32_t) cell - 1;
		aside[hard] = (uint16_t) i;
		hard += cell > view->header->zones;
	}
	for (size_t h = 0; h < hard; h++)
	{
		leaves[h] = find_leaf(view, x[aside[h]], y[aside[h]]);
		if (CELL_TAG(leaves[h].cell) == CELL_EDGES)
			prefetch(view->words + CELL_VALUE(leaves[h].cell), 8 * sizeof(uint32_t));
	}
	for (size_t h = 0; h < hard; h++)
	{
		if (CELL_TAG(leaves[h].cell) != CELL_EDGES)
			continue;

		const uint32_t *words = view->words + CELL_VALUE(leaves[h].cell);

		for (uint32_t e = 0; e < words[1] && e < 4; e++)
			prefetch(&view->edges[words[2 + e]], sizeof(index_edge));
	}
	for (size_t h = 0; h < hard; h++)
		ordinals[aside[h]] = resolve(view, &leaves[h], x[aside[h]], y[aside[h]]);
}

void
zone_index_locate_batch(const zone_index *index, const double *x, const double *y, size_t count,
						int32_t *ordinals)
{
	index_view view;

	zone_index_view(index, &view);
	for (size_t done = 0; done < count; done += BATCH)
	{
		size_t some = count - done < BATCH ? count - done : BATCH;

		pure_check_interrupts();
		locate_some(&view, x + done, y + done, some, ordinals + done);
	}
}

int32_t
zone_leaf_locate(const index_view *view, const leaf *leaf, double x, double y)
{
	return resolve(view, leaf, x, y);
}

size_t
zone_leaf_locate_all(const index_view *view, const leaf *leaf, double x, double y,
					 int32_t *ordinals, size_t limit)
{
	int32_t ordinal = -1;
	size_t count = 0;

	while ((ordinal = next_holder(view, leaf, ordinal, x, y)) != ZONE_OUTSIDE)
	{
		pure_check_interrupts();
		if (count < limit)
			ordinals[count] = ordinal;
		count++;
	}
	return count;
}

size_t
zone_index_locate_all(const zone_index *index, double x, double y, int32_t *ordinals, size_t limit)
{
	index_view view;
	leaf leaf;

	zone_index_view(index, &view);
	leaf = find_leaf(&view, x, y);
	return zone_leaf_locate_all(&view, &leaf, x, y, ordinals, limit);
}
