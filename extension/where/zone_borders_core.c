/* From the rings of the zones to borders: every edge once, with the sets of zones on its left and
 * right. */
#include <stdarg.h>

#include "zone_halves.h"

typedef struct sides
{
	int32_t *left, *right;
	size_t room;
} sides;

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

static void
free_sides(sides *sides)
{
	if (sides->left != NULL)
		pure_free(sides->left);
	if (sides->right != NULL)
		pure_free(sides->right);
}

static bool
same_edge(const half_edge *a, const half_edge *b)
{
	return a->ax == b->ax && a->ay == b->ay && a->bx == b->bx && a->by == b->by;
}

/* The sets beside one edge, from all halves that lie on it; equal zones are neighbours in the
 * order. */
static bool
merge_halves(border_table *borders, const half_edge *halves, size_t count, const sides *sides,
			 index_edge *edge, pure_error *error)
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
			sides->left[left_count++] = ordinal;
		else if (net == -1)
			sides->right[right_count++] = ordinal;
	}
	edge->ax = halves->ax;
	edge->ay = halves->ay;
	edge->bx = halves->bx;
	edge->by = halves->by;
	return set_table_intern(&borders->sets, sides->left, left_count, &edge->left, error) &&
		   set_table_intern(&borders->sets, sides->right, right_count, &edge->right, error);
}

static bool
merge_bucket(border_table *borders, const half_edge *halves, size_t count, sides *sides,
			 pure_error *error)
{
	for (size_t first = 0; first < count;)
	{
		size_t next = first + 1;
		index_edge edge;

		while (next < count && same_edge(&halves[next], &halves[first]))
			next++;
		if (next - first > sides->room)
		{
			free_sides(sides);
			sides->room = 2 * (next - first);
			sides->left = pure_alloc(sides->room * sizeof(int32_t));
			sides->right = pure_alloc(sides->room * sizeof(int32_t));
		}
		if (!merge_halves(borders, halves + first, next - first, sides, &edge, error))
			return false;
		if (edge.left != edge.right)
		{
			GROW(borders->edges, borders->count, borders->capacity);
			borders->edges[borders->count++] = edge;
		}
		first = next;
	}
	return true;
}

static bool
merge(border_table *borders, half_buckets *buckets, pure_error *error)
{
	sides sides = {NULL, NULL, 0};
	bool good = true;

	for (size_t bucket = 0; bucket < buckets->count && good; bucket++)
	{
		size_t count;
		const half_edge *halves = half_buckets_read(buckets, bucket, &count);

		good = merge_bucket(borders, halves, count, &sides, error);
	}
	free_sides(&sides);
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
				   const zone_path *paths, size_t count, pure_error *error)
{
	half_buckets buckets;
	bool good;

	memset(borders, 0, sizeof(*borders));
	if (!collect_ids(borders, zone_ids, zones, error))
		return false;

	set_table_init(&borders->sets, zones);
	good = half_buckets_fill(&buckets, borders, paths, count, error) &&
		   merge(borders, &buckets, error);
	half_buckets_free(&buckets);
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
