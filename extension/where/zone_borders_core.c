/* From the rings of the zones to borders: every edge once, with the sets of zones on its left and
 * right. */
#include <stdarg.h>

#include "zone_index_build.h"

/* One zone's side of an edge. */
typedef struct half_edge
{
	double ax, ay, bx, by;
	int32_t ordinal;
	int32_t side; /* 1: the zone is on the left */
} half_edge;

/* Where a chain of a zone's edges starts (-1) or ends (1). */
typedef struct loose_end
{
	double x, y;
	int32_t ordinal;
	int32_t balance;
} loose_end;

bool
build_failed(pure_error *error, pure_error_code code, const char *hint, const char *message, ...)
{
	va_list arguments;

	memset(error, 0, sizeof(*error));
	error->code = code;
	va_start(arguments, message);
	vsnprintf(error->message, sizeof(error->message), message, arguments);
	va_end(arguments);
	snprintf(error->hint, sizeof(error->hint), "%s", hint);
	return false;
}

static int
compare_ids(const void *a, const void *b)
{
	int32_t left = *(const int32_t *) a;
	int32_t right = *(const int32_t *) b;

	pure_check_interrupts();
	return left < right ? -1 : left > right;
}

static int
compare_halves(const void *a, const void *b)
{
	const half_edge *left = a;
	const half_edge *right = b;
	int order = index_edge_compare(left->ax, left->ay, right->ax, right->ay);

	pure_check_interrupts();
	if (order == 0)
		order = index_edge_compare(left->bx, left->by, right->bx, right->by);
	return order != 0 ? order : compare_ids(&left->ordinal, &right->ordinal);
}

static int
compare_ends(const void *a, const void *b)
{
	const loose_end *left = a;
	const loose_end *right = b;
	int order = compare_ids(&left->ordinal, &right->ordinal);

	return order != 0 ? order : index_edge_compare(left->x, left->y, right->x, right->y);
}

static bool
collect_ids(border_table *borders, const int32_t *zone_ids, size_t zones, pure_error *error)
{
	if (zones > ZONE_INDEX_MAX_ZONES)
		return build_failed(error, PURE_LIMIT, "Split the map into several.",
							"%zu zones are more than the %zu that fit into a zone_index", zones,
							ZONE_INDEX_MAX_ZONES);

	borders->zones = zones;
	borders->ids = pure_alloc(zones * sizeof(int32_t));
	memcpy(borders->ids, zone_ids, zones * sizeof(int32_t));
	qsort(borders->ids, zones, sizeof(int32_t), compare_ids);
	for (size_t i = 1; i < zones; i++)
		if (borders->ids[i - 1] == borders->ids[i])
			return build_failed(
				error, PURE_INVALID_PARAMETER,
				"Give every zone its own zone_id; join the parts of a zone with ST_Union.",
				"zone %d occurs twice", borders->ids[i]);
	return true;
}

static int32_t
ordinal_of(const border_table *borders, int32_t zone_id)
{
	size_t low = 0;
	size_t high = borders->zones;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (borders->ids[middle] < zone_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < borders->zones && borders->ids[low] == zone_id ? (int32_t) low : ZONE_OUTSIDE;
}

static bool
in_range(const zone_edge *edge)
{
	return fabs(edge->ax) <= ZONE_INDEX_MAX_COORDINATE &&
		   fabs(edge->ay) <= ZONE_INDEX_MAX_COORDINATE &&
		   fabs(edge->bx) <= ZONE_INDEX_MAX_COORDINATE &&
		   fabs(edge->by) <= ZONE_INDEX_MAX_COORDINATE;
}

static bool
halve(const border_table *borders, const zone_edge *edges, size_t count, half_edge *halves,
	  size_t *halves_count, pure_error *error)
{
	int32_t ordinal = ZONE_OUTSIDE;

	*halves_count = 0;
	for (size_t i = 0; i < count; i++)
	{
		const zone_edge *edge = &edges[i];
		half_edge *half = &halves[*halves_count];

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		if (ordinal == ZONE_OUTSIDE || borders->ids[ordinal] != edge->zone_id)
			ordinal = ordinal_of(borders, edge->zone_id);
		if (ordinal == ZONE_OUTSIDE)
			return build_failed(error, PURE_INVALID_PARAMETER, "Name it among the zones.",
								"an edge belongs to zone %d, which is not there", edge->zone_id);
		if (!in_range(edge))
			return build_failed(error, PURE_INVALID_PARAMETER,
								"Coordinates must be finite numbers of at most 1e300.",
								"zone %d has a coordinate out of range", edge->zone_id);

		int order = index_edge_compare(edge->ax, edge->ay, edge->bx, edge->by);

		if (order == 0)
			continue;

		/* Adding zero makes -0 the 0 that it is equal to: equal zones must be equal bytes. */
		half->ax = (order < 0 ? edge->ax : edge->bx) + 0.0;
		half->ay = (order < 0 ? edge->ay : edge->by) + 0.0;
		half->bx = (order < 0 ? edge->bx : edge->ax) + 0.0;
		half->by = (order < 0 ? edge->by : edge->ay) + 0.0;
		half->ordinal = ordinal;
		half->side = order < 0 ? 1 : -1;
		(*halves_count)++;
	}
	return true;
}

static void
add_end(loose_end **ends, size_t *count, size_t *capacity, double x, double y, int32_t ordinal,
		int32_t balance)
{
	GROW(*ends, *count, *capacity);
	(*ends)[(*count)++] = (loose_end){x, y, ordinal, balance};
}

/* Every vertex of a zone must be left as often as it is reached. Rings in one piece cancel on the
 * way. */
static bool
check_closed(const border_table *borders, const half_edge *halves, size_t count, pure_error *error)
{
	loose_end *ends = NULL;
	size_t ends_count = 0;
	size_t capacity = 0;
	bool closed = true;

	for (size_t first = 0; first < count;)
	{
		const half_edge *half = &halves[first];
		double start_x = half->side > 0 ? half->ax : half->bx;
		double start_y = half->side > 0 ? half->ay : half->by;
		double x = start_x;
		double y = start_y;
		size_t next = first;

		for (; next < count; next++)
		{
			const half_edge *step = &halves[next];

			if (step->ordinal != half->ordinal || x != (step->side > 0 ? step->ax : step->bx) ||
				y != (step->side > 0 ? step->ay : step->by))
				break;
			x = step->side > 0 ? step->bx : step->ax;
			y = step->side > 0 ? step->by : step->ay;
		}
		if (x != start_x || y != start_y)
		{
			add_end(&ends, &ends_count, &capacity, start_x, start_y, half->ordinal, -1);
			add_end(&ends, &ends_count, &capacity, x, y, half->ordinal, 1);
		}
		first = next;
	}

	if (ends_count > 0)
		qsort(ends, ends_count, sizeof(loose_end), compare_ends);
	for (size_t i = 0; i < ends_count && closed;)
	{
		const loose_end *end = &ends[i];
		int64_t balance = 0;

		for (; i < ends_count && compare_ends(&ends[i], end) == 0; i++)
			balance += ends[i].balance;
		if (balance != 0)
		{
			closed =
				build_failed(error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
							 "the border of zone %d is not closed", borders->ids[end->ordinal]);
			snprintf(error->detail, sizeof(error->detail), "It breaks off at (%.17g %.17g).",
					 end->x, end->y);
		}
	}
	if (ends != NULL)
		pure_free(ends);
	return closed;
}

static bool
same_edge(const half_edge *a, const half_edge *b)
{
	return a->ax == b->ax && a->ay == b->ay && a->bx == b->bx && a->by == b->by;
}

/* The sets beside one edge, from all halves that lie on it; equal zones are neighbours in the
 * order. */
static bool
merge_halves(border_table *borders, const half_edge *halves, size_t count, int32_t *left,
			 int32_t *right, index_edge *edge, pure_error *error)
{
	size_t left_count = 0;
	size_t right_count = 0;

	for (size_t i = 0; i < count;)
	{
		int32_t ordinal = halves[i].ordinal;
		int64_t net = 0;

		for (; i < count && halves[i].ordinal == ordinal; i++)
			net += halves[i].side;
		if (net > 1 || net < -1)
			return build_failed(error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
								"zone %d has the same edge twice", borders->ids[ordinal]);
		if (net == 1)
			left[left_count++] = ordinal;
		else if (net == -1)
			right[right_count++] = ordinal;
	}
	edge->ax = halves->ax;
	edge->ay = halves->ay;
	edge->bx = halves->bx;
	edge->by = halves->by;
	return set_table_intern(&borders->sets, left, left_count, &edge->left, error) &&
		   set_table_intern(&borders->sets, right, right_count, &edge->right, error);
}

static bool
merge(border_table *borders, const half_edge *halves, size_t count, pure_error *error)
{
	int32_t *left = NULL;
	int32_t *right = NULL;
	size_t room = 0;
	bool good = true;

	borders->edges = pure_alloc(count * sizeof(index_edge));
	for (size_t first = 0; first < count && good;)
	{
		size_t next = first + 1;
		index_edge *edge = &borders->edges[borders->count];

		if ((borders->count & 0xffff) == 0)
			pure_check_interrupts();
		while (next < count && same_edge(&halves[next], &halves[first]))
			next++;
		if (next - first > room)
		{
			if (left != NULL)
			{
				pure_free(left);
				pure_free(right);
			}
			room = 2 * (next - first);
			left = pure_alloc(room * sizeof(int32_t));
			right = pure_alloc(room * sizeof(int32_t));
		}
		good = merge_halves(borders, halves + first, next - first, left, right, edge, error);
		if (good && edge->left != edge->right)
			borders->count++;
		first = next;
	}
	if (left != NULL)
	{
		pure_free(left);
		pure_free(right);
	}
	if (good && borders->count > ZONE_INDEX_MAX_EDGES)
		return build_failed(error, PURE_LIMIT, "Split the map into several, or simplify its zones.",
							"%zu edges are more than the %zu that fit into a zone_index",
							borders->count, ZONE_INDEX_MAX_EDGES);
	return good;
}

/* A zone whose edges all cancelled out holds nothing. */
static bool
check_nonempty(const border_table *borders, pure_error *error)
{
	bool *seen = pure_alloc0(borders->zones);
	bool good = true;

	for (size_t i = 0; i < borders->count; i++)
	{
		const int32_t *sides[] = {&borders->edges[i].left, &borders->edges[i].right};

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		for (int side = 0; side < 2; side++)
		{
			size_t count;
			const int32_t *members = set_table_members(&borders->sets, sides[side], &count);

			for (size_t m = 0; m < count; m++)
				seen[members[m]] = true;
		}
	}
	for (size_t zone = 0; zone < borders->zones && good; zone++)
		if (!seen[zone])
			good = build_failed(error, PURE_INVALID_PARAMETER,
								"Leave it out, or give it a polygon with an area.",
								"zone %d is empty", borders->ids[zone]);
	pure_free(seen);
	return good;
}

/* Dump and COPY carry a value as text of less than 1 GB: what would not come back is not made. */
static bool
check_text_size(const border_table *borders, pure_error *error)
{
	const size_t number = sizeof("-2147483648,") - 1;
	const size_t coordinate = sizeof("-1.2345678901234567e-300 ") - 1;
	size_t size = 64 + borders->zones * number;

	for (size_t i = 0; i < borders->count; i++)
	{
		size_t left, right;

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		set_table_members(&borders->sets, &borders->edges[i].left, &left);
		set_table_members(&borders->sets, &borders->edges[i].right, &right);
		size += 4 * coordinate + (left + right) * number + 2;
	}
	if (size <= ZONE_INDEX_MAX_SIZE)
		return true;
	return build_failed(error, PURE_LIMIT, "Split the map into several, or simplify its zones.",
						"the text of these zones could be longer than 1 GB");
}

static void
measure(border_table *borders)
{
	borders->min_x = borders->min_y = INFINITY;
	borders->max_x = borders->max_y = -INFINITY;
	for (size_t i = 0; i < borders->count; i++)
	{
		const index_edge *edge = &borders->edges[i];

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		borders->min_x = fmin(borders->min_x, edge->ax);
		borders->max_x = fmax(borders->max_x, edge->bx);
		borders->min_y = fmin(borders->min_y, fmin(edge->ay, edge->by));
		borders->max_y = fmax(borders->max_y, fmax(edge->ay, edge->by));
	}
}

bool
border_table_build(border_table *borders, const int32_t *zone_ids, size_t zones,
				   const zone_edge *edges, size_t count, pure_error *error)
{
	half_edge *halves;
	size_t halves_count;
	bool good;

	memset(borders, 0, sizeof(*borders));
	if (!collect_ids(borders, zone_ids, zones, error))
		return false;

	set_table_init(&borders->sets, zones);
	halves = pure_alloc(count * sizeof(half_edge));
	good = halve(borders, edges, count, halves, &halves_count, error) &&
		   check_closed(borders, halves, halves_count, error);
	if (good)
	{
		qsort(halves, halves_count, sizeof(half_edge), compare_halves);
		good = merge(borders, halves, halves_count, error);
	}
	pure_free(halves);
	if (!good || !check_nonempty(borders, error) || !check_text_size(borders, error))
		return false;
	measure(borders);
	return true;
}

void
border_table_free(border_table *borders)
{
	if (borders->ids != NULL)
		pure_free(borders->ids);
	if (borders->edges != NULL)
		pure_free(borders->edges);
	set_table_free(&borders->sets);
}
