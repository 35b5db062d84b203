/*
 * The grid over the borders. A cell lists every edge that may touch it (one too many does no harm:
 * each is asked exactly); cells with many edges become grids of their own. What the corner of each
 * cell lies in is found by walking the rows from outside all zones, with the steps that point
 * location uses.
 */
#include <float.h>

#include "zone_index_build.h"

/*
 * Measured on 874 zones of 119 corners, 24,330 and 171,000 of 60. A quarter of the cells makes a look-up take
 * half as long again; four times as many gain a fifth, and double the index.
 */
#define MAX_DEPTH 3
#define SPLIT_ABOVE 6 /* edges in a cell that is worth a grid of its own */
#define ROOT_CELLS 16 /* per edge, at most */
#define LARGE_ROOT_CELLS 8 /* the same from LARGE edges on, where the index leaves the cache anyway */
#define LARGE (1 << 18)
#define CHILD_CELLS 2 /* per edge of the cell that is split */
#define MOST_PER_EDGE 4 /* listings of an edge in a grid, in the mean; else a coarser grid is taken */
#define BUDGET_PER_EDGE 32	 /* cells, and words, of all grids */
#define MAX_SPLIT 10 /* a grid in a cell has at most 2^10 columns */

typedef struct build
{
	border_table *borders;
	grid_table *grid;
	pure_error *error;
	size_t budget;
	size_t most_members; /* of sets, when cells are split no more */
	int min_exponent;
} build;

/* The edges that may touch each cell of one block. */
typedef struct cell_lists
{
	uint32_t *starts; /* cells + 1 */
	uint32_t *edges;
} cell_lists;

typedef struct edge_list
{
	const uint32_t *edges; /* NULL: all of them */
	size_t count;
} edge_list;

static uint32_t
listed(const edge_list *list, size_t position)
{
	return list->edges == NULL ? (uint32_t) position : list->edges[position];
}

static index_block
make_block(int exponent, int64_t first_column, int64_t first_row, int64_t columns, int64_t rows)
{
	index_block block = {ldexp(1, -exponent),
						 ldexp(1, exponent),
						 first_column,
						 first_row,
						 (uint32_t) columns,
						 (uint32_t) rows,
						 0,
						 0};

	return block;
}

/* fmin and fmax are calls, for the sake of NaN. */
static double
lower(double a, double b)
{
	return a < b ? a : b;
}

static double
higher(double a, double b)
{
	return a < b ? b : a;
}

static int64_t
clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* More than what the few roundings below can move a coordinate by. */
static double
slack(double a, double b)
{
	return 16 * DBL_EPSILON * (fabs(a) + fabs(b)) + DBL_MIN;
}

/* Rows that an edge may touch; none where the first is beyond the last. */
static void
edge_rows(const index_block *block, const index_edge *edge, int64_t *first, int64_t *last)
{
	double pad = slack(edge->ay, edge->by);
	double low = lower(edge->ay, edge->by) - pad;
	double high = higher(edge->ay, edge->by) + pad;

	*first = clamp(cell_number(low, block->scale, block->side) - block->first_row, 0, block->rows);
	*last = clamp(cell_number(high, block->scale, block->side) - block->first_row, -1,
				  (int64_t) block->rows - 1);
}

/* Columns that an edge may touch within one row. */
static void
edge_columns(const index_block *block, const index_edge *edge, int64_t row, int64_t *first,
			 int64_t *last)
{
	double pad = slack(edge->ax, edge->bx);
	double low = edge->ax;
	double high = edge->bx;

	if (edge->ay != edge->by)
	{
		double bottom = (double) (block->first_row + row) * block->side;
		double run = edge->bx - edge->ax;
		double rise = edge->by - edge->ay;
		double one = lower(higher((bottom - edge->ay) / rise, 0), 1);
		double other = lower(higher((bottom + block->side - edge->ay) / rise, 0), 1);

		low = edge->ax + run * lower(one, other);
		high = edge->ax + run * higher(one, other);
	}
	*first = clamp(cell_number(low - pad, block->scale, block->side) - block->first_column, 0,
				   block->columns);
	*last = clamp(cell_number(high + pad, block->scale, block->side) - block->first_column, -1,
				  (int64_t) block->columns - 1);
}

/* How often the edges would be listed in this block; stops counting above `most`. */
static size_t
count_listings(const build *build, const index_block *block, const edge_list *list, size_t most)
{
	size_t total = 0;

	for (size_t i = 0; i < list->count && total <= most; i++)
	{
		const index_edge *edge = &build->borders->edges[listed(list, i)];
		int64_t row, last_row, first, last;

		if ((i & 0xfff) == 0)
			pure_check_interrupts();
		edge_rows(block, edge, &row, &last_row);
		for (; row <= last_row && total <= most; row++)
		{
			edge_columns(block, edge, row, &first, &last);
			total += last >= first ? (size_t) (last - first + 1) : 0;
		}
	}
	return total;
}

/* Calls for every listing: once to count per cell, once to fill in from the back. */
static void
list_edges(const build *build, const index_block *block, const edge_list *list, uint32_t *starts,
		   uint32_t *edges)
{
	for (size_t i = list->count; i-- > 0;)
	{
		uint32_t number = listed(list, i);
		const index_edge *edge = &build->borders->edges[number];
		int64_t row, last_row, first, last;

		if ((i & 0xfff) == 0)
			pure_check_interrupts();
		edge_rows(block, edge, &row, &last_row);
		for (; row <= last_row; row++)
		{
			edge_columns(block, edge, row, &first, &last);
			for (int64_t column = first; column <= last; column++)
			{
				uint32_t *start = &starts[row * block->columns + column];

				if (edges == NULL)
					(*start)++;
				else
					edges[--*start] = number;
			}
		}
	}
}

static cell_lists
make_lists(const build *build, const index_block *block, const edge_list *list)
{
	size_t cells = (size_t) block->columns * block->rows;
	cell_lists lists;
	uint32_t total = 0;

	lists.starts = pure_alloc0((cells + 1) * sizeof(uint32_t));
	list_edges(build, block, list, lists.starts, NULL);
	for (size_t i = 0; i < cells; i++)
	{
		total += lists.starts[i];
		lists.starts[i] = total;
	}
	lists.starts[cells] = total;
	lists.edges = pure_alloc(total * sizeof(uint32_t));
	list_edges(build, block, list, lists.starts, lists.edges);
	return lists;
}

static edge_list
list_of_cell(const cell_lists *lists, size_t cell)
{
	edge_list list = {lists->edges + lists->starts[cell],
					  lists->starts[cell + 1] - lists->starts[cell]};

	return list;
}

/* The finest grid in a cell whose listings stay in proportion; false where none is worth it. */
static bool
choose_split(const build *build, const index_block *block, int64_t column, int64_t row,
			 const edge_list *list, int depth, index_block *child)
{
	int exponent = ilogb(block->side);
	int split = 1;

	if (depth >= MAX_DEPTH || list->count <= SPLIT_ABOVE ||
		build->borders->sets.starts[build->borders->sets.count] > build->most_members)
		return false;
	while (split < MAX_SPLIT && (size_t) 1 << (2 * split) < CHILD_CELLS * list->count)
		split++;
	for (; split > 0; split--)
	{
		size_t cells = (size_t) 1 << (2 * split);
		size_t most = MOST_PER_EDGE * list->count;

		if (exponent - split < build->min_exponent ||
			build->grid->cells_count + cells > build->budget ||
			build->grid->words_count + 2 * cells + most > build->budget)
			continue;
		int64_t columns = INT64_C(1) << split;

		*child = make_block(exponent - split, (block->first_column + column) * columns,
							(block->first_row + row) * columns, columns, columns);
		if (count_listings(build, child, list, most) <= most)
			return true;
	}
	return false;
}

static bool
fits(const build *build)
{
	const border_table *borders = build->borders;
	const grid_table *grid = build->grid;
	size_t size = sizeof(zone_index) + 64 + borders->zones * sizeof(int32_t) +
				  borders->count * sizeof(index_edge) +
				  (borders->sets.count + 1 + borders->sets.starts[borders->sets.count] +
				   grid->cells_count + grid->words_count) *
					  sizeof(uint32_t) +
				  grid->blocks_count * sizeof(index_block);

	if (size <= ZONE_INDEX_MAX_SIZE && grid->words_count < 1u << 30)
		return true;
	return build_failed(build->error, PURE_LIMIT,
						"Split the map into several, or simplify its zones.",
						"the zones do not fit into a zone_index, which ends at 1 GB");
}

static void
add_word(grid_table *grid, uint32_t word)
{
	GROW(grid->words, grid->words_count, grid->words_capacity);
	grid->words[grid->words_count++] = word;
}

static void
add_edge_words(grid_table *grid, int32_t set, const edge_list *list)
{
	add_word(grid, (uint32_t) (set + 1));
	add_word(grid, (uint32_t) list->count);
	for (size_t i = 0; i < list->count; i++)
		add_word(grid, list->edges[i]);
}

static bool add_block(build *build, index_block block, const edge_list *list, int depth,
					  const zone_state *corner);

static bool
add_cell(build *build, const index_block *block, int64_t column, int64_t row, const edge_list *list,
		 int depth, const zone_state *state)
{
	grid_table *grid = build->grid;
	size_t at = block->first_cell + (size_t) row * block->columns + (size_t) column;
	index_block child;
	int32_t set;

	if (choose_split(build, block, column, row, list, depth, &child))
	{
		grid->cells[at] = CELL(CELL_BLOCK, (uint32_t) grid->blocks_count);
		return add_block(build, child, list, depth + 1, state);
	}
	if (!set_table_intern(&build->borders->sets, state->held.zones, state->held.count, &set, build->error))
		return false;
	if (list->count == 0)
		grid->cells[at] = CELL(CELL_VERDICT, (uint32_t) (set + 1));
	else
	{
		grid->cells[at] = CELL(CELL_EDGES, (uint32_t) grid->words_count);
		add_edge_words(grid, set, list);
	}
	return fits(build);
}

static bool
add_row(build *build, const index_block *block, int64_t row, const cell_lists *lists, int depth,
		const zone_state *corner)
{
	zone_state state = {0};
	double y = (double) (block->first_row + row) * block->side;
	bool good = true;

	zone_state_copy(&state, corner);
	for (int64_t column = 0; column < block->columns && good; column++)
	{
		double x = (double) (block->first_column + column) * block->side;
		edge_list list = list_of_cell(lists, (size_t) row * block->columns + (size_t) column);

		pure_check_interrupts();
		good = add_cell(build, block, column, row, &list, depth, &state) &&
			   zone_state_carry(&state, build->borders, list.edges, list.count, x, y,
								x + block->side, true, build->error);
	}
	/* East of everything no zone may be left. */
	if (good && depth == 1 && state.held.count != 0)
		good = build_failed(build->error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
							"the border of zone %d is not closed",
							build->borders->ids[state.held.zones[0]]);
	zone_state_free(&state);
	return good;
}

static bool
add_block(build *build, index_block block, const edge_list *list, int depth,
		  const zone_state *corner)
{
	grid_table *grid = build->grid;
	cell_lists lists = make_lists(build, &block, list);
	zone_state state = {0};
	double x = (double) block.first_column * block.side;
	bool good = true;

	block.first_cell = (uint32_t) grid->cells_count;
	GROW(grid->blocks, grid->blocks_count, grid->blocks_capacity);
	grid->blocks[grid->blocks_count++] = block;
	for (size_t i = 0; i < (size_t) block.columns * block.rows; i++)
	{
		GROW(grid->cells, grid->cells_count, grid->cells_capacity);
		grid->cells[grid->cells_count++] = CELL(CELL_VERDICT, 0);
	}

	zone_state_copy(&state, corner);
	for (int64_t row = 0; row < block.rows && good; row++)
	{
		double y = (double) (block.first_row + row) * block.side;
		edge_list first = list_of_cell(&lists, (size_t) row * block.columns);

		pure_check_interrupts();
		good = add_row(build, &block, row, &lists, depth, &state) &&
			   zone_state_carry(&state, build->borders, first.edges, first.count, x, y,
								y + block.side, false, build->error);
	}
	zone_state_free(&state);
	pure_free(lists.starts);
	pure_free(lists.edges);
	return good;
}

/* One column more in the west: there, all corners are outside. */
static index_block
root_block(const border_table *borders, int exponent)
{
	double scale = ldexp(1, -exponent);
	double side = ldexp(1, exponent);
	int64_t column = cell_number(borders->min_x, scale, side) - 1;
	int64_t row = cell_number(borders->min_y, scale, side);

	return make_block(exponent, column, row, cell_number(borders->max_x, scale, side) - column + 1,
					  cell_number(borders->max_y, scale, side) - row + 1);
}

static uint64_t
root_cells(const border_table *borders, int exponent)
{
	double scale = ldexp(1, -exponent);
	double columns = (borders->max_x - borders->min_x) * scale + 2;
	double rows = (borders->max_y - borders->min_y) * scale + 2;

	return columns * rows > 1e18 ? UINT64_MAX : (uint64_t) (columns * rows);
}

/* The finest grid over everything with cells and listings in proportion to the edges. */
static index_block
choose_root(const build *build)
{
	const border_table *borders = build->borders;
	double size = higher(borders->max_x - borders->min_x, borders->max_y - borders->min_y);
	int coarsest = ilogb(size) + 1;
	int exponent = coarsest < build->min_exponent ? build->min_exponent : coarsest;
	edge_list all = {NULL, borders->count};
	size_t cells = (borders->count < LARGE ? ROOT_CELLS : LARGE_ROOT_CELLS) * borders->count;
	size_t most = MOST_PER_EDGE * borders->count + 64;
	index_block block;

	/* Each listing takes a word, and each cell that has any takes two. */
	cells = cells < build->budget / 2 ? cells : build->budget / 2;
	most = most < build->budget / 3 ? most : build->budget / 3;
	coarsest = exponent;
	while (exponent > build->min_exponent && root_cells(borders, exponent - 1) <= cells)
		exponent--;
	for (;; exponent++)
	{
		block = root_block(borders, exponent);
		if (exponent >= coarsest || count_listings(build, &block, &all, most) <= most)
			return block;
	}
}

static int
min_exponent(const border_table *borders)
{
	double most = higher(higher(fabs(borders->min_x), fabs(borders->max_x)),
						 higher(fabs(borders->min_y), fabs(borders->max_y)));
	int exponent = ilogb(most) + 2 - GRID_INDEX_BITS;

	return exponent < GRID_MIN_EXPONENT ? GRID_MIN_EXPONENT : exponent;
}

/* As many cells, and as many words: what the largest value leaves bounds both. Corners of cells add sets. */
static size_t
budget(const border_table *borders)
{
	size_t sets = borders->sets.count + borders->sets.starts[borders->sets.count];
	size_t taken = borders->count * sizeof(index_edge) + (borders->zones + 2 * sets) * sizeof(uint32_t);
	size_t wanted = BUDGET_PER_EDGE * borders->count + 4096;
	size_t most = (ZONE_INDEX_MAX_SIZE - taken) / (2 * sizeof(uint32_t));

	return wanted < most ? wanted : most;
}

bool
grid_table_build(grid_table *grid, border_table *borders, pure_error *error)
{
	size_t members = borders->sets.starts[borders->sets.count];
	/* The rest is for the corners of cells that are there by then. */
	size_t most_members = members + (SET_TABLE_MAX_MEMBERS - members) / 4 * 3;
	build build = {borders, grid, error, budget(borders), most_members, min_exponent(borders)};
	edge_list all = {NULL, borders->count};
	zone_state outside = {0};

	memset(grid, 0, sizeof(*grid));
	return fits(&build) && add_block(&build, choose_root(&build), &all, 1, &outside);
}

void
grid_table_free(grid_table *grid)
{
	if (grid->blocks != NULL)
		pure_free(grid->blocks);
	if (grid->cells != NULL)
		pure_free(grid->cells);
	if (grid->words != NULL)
		pure_free(grid->words);
}
