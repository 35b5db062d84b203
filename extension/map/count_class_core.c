/*
 * Counts of days are differences of running sums, and a statement bounds one difference: shortest
 * paths give what all of them say together. Days outside the window are then taken for known, at
 * the worst that the statements allow: few where that leaves a lower bound to the window, many
 * where it leaves an upper one. So a statement that reaches beyond it becomes one about the days
 * within.
 */
#include "count_class_core.h"

typedef struct sum_edge
{
	int from; /* the sum at `to` is at most that at `from` and `length` */
	int to;
	int64_t length;
} sum_edge;

/* The days at which statements begin and end, and what is known of the sums there. */
typedef struct sum_graph
{
	int day_count;
	int64_t *days; /* ascending; a sum is of all days before */
	int first;	   /* of the window, and the day after it */
	int end;
	bool only_least; /* upper bounds are left out */
	int edge_count;
	sum_edge *edges;
	int64_t
		*least_since; /* by day: from it to the window's first, or from the window's end to it */
	int64_t *most_since;
	int64_t *sums;
} sum_graph;

static int
compare_days(const void *a, const void *b)
{
	int64_t first = *(const int64_t *) a;
	int64_t second = *(const int64_t *) b;

	return (first > second) - (first < second);
}

static int
find_day(const sum_graph *graph, int64_t day)
{
	const int64_t *found =
		bsearch(&day, graph->days, (size_t) graph->day_count, sizeof(int64_t), compare_days);

	return (int) (found - graph->days);
}

static void
add_edge(sum_graph *graph, int from, int to, int64_t length)
{
	graph->edges[graph->edge_count++] = (sum_edge){from, to, length};
}

/* A sum is never less than an earlier one. */
static void
add_order(sum_graph *graph, int first, int last)
{
	for (int i = last; i > first; i--)
		add_edge(graph, i, i - 1, 0);
}

/* How far every sum lies from one, or one from every sum. False where edges run round to less than
 * nothing. */
static bool
shortest(const sum_graph *graph, int start, bool backwards, int64_t *sums)
{
	bool changed = true;

	for (int i = 0; i < graph->day_count; i++)
		sums[i] = i == start ? 0 : COUNT_NO_END;
	for (int round = 0; changed; round++)
	{
		changed = false;
		if (round > graph->day_count)
			return false;
		pure_check_interrupts();
		for (int i = 0; i < graph->edge_count; i++)
		{
			int from = backwards ? graph->edges[i].to : graph->edges[i].from;
			int to = backwards ? graph->edges[i].from : graph->edges[i].to;

			if (sums[from] == COUNT_NO_END || sums[from] + graph->edges[i].length >= sums[to])
				continue;
			sums[to] = sums[from] + graph->edges[i].length;
			changed = true;
		}
	}
	return true;
}

/* Of the days between each day outside the window and the window. */
static bool
bound_outside(sum_graph *graph)
{
	for (int side = 0; side < 2; side++)
	{
		int border = side == 0 ? graph->first : graph->end;
		int from = side == 0 ? 0 : graph->end;
		int until = side == 0 ? graph->first : graph->day_count - 1;

		if (!shortest(graph, border, side != 0, graph->sums))
			return false;
		for (int i = from; i <= until; i++)
			graph->least_since[i] = -graph->sums[i];
		if (!shortest(graph, border, side == 0, graph->sums))
			return false;
		for (int i = from; i <= until; i++)
			graph->most_since[i] = graph->sums[i];
	}
	return true;
}

static bool
is_about(const count_statement *statement, int64_t first, int64_t last)
{
	return statement->first <= statement->last && statement->last >= first &&
		   statement->first <= last;
}

static void
add_statement(sum_graph *graph, const count_statement *statement, bool within)
{
	int from = find_day(graph, statement->first);
	int to = find_day(graph, statement->last + 1);
	int64_t least = statement->at_least;
	int64_t most = graph->only_least ? COUNT_NO_END : statement->at_most;

	if (within && from < graph->first)
	{
		least -= graph->least_since[from];
		most = most == COUNT_NO_END ? most : most - graph->most_since[from];
		from = graph->first;
	}
	if (within && to > graph->end)
	{
		least -= graph->least_since[to];
		most = most == COUNT_NO_END ? most : most - graph->most_since[to];
		to = graph->end;
	}
	if (least > 0)
		add_edge(graph, to, from, -least);
	if (most != COUNT_NO_END)
		add_edge(graph, from, to, most > 0 ? most : 0);
}

static int
find_days(sum_graph *graph, const count_statement *statements, int count, int64_t first,
		  int64_t last)
{
	int found = 0;
	int kept = 0;

	graph->days[found++] = first;
	graph->days[found++] = last + 1;
	for (int i = 0; i < count; i++)
		if (is_about(&statements[i], first, last))
		{
			graph->days[found++] = statements[i].first;
			graph->days[found++] = statements[i].last + 1;
		}
	qsort(graph->days, (size_t) found, sizeof(int64_t), compare_days);
	for (int i = 0; i < found; i++)
		if (i == 0 || graph->days[i] != graph->days[kept - 1])
			graph->days[kept++] = graph->days[i];
	return kept;
}

static bool
bound_window(sum_graph *graph, const count_statement *statements, int count, int64_t *at_least,
			 int64_t *at_most)
{
	int64_t first = graph->days[graph->first];
	int64_t last = graph->days[graph->end] - 1;

	graph->edge_count = 0;
	add_order(graph, 0, graph->day_count - 1);
	for (int i = 0; i < count; i++)
		if (is_about(&statements[i], first, last))
			add_statement(graph, &statements[i], false);
	if (!bound_outside(graph))
		return false;

	graph->edge_count = 0;
	add_order(graph, graph->first, graph->end);
	for (int i = 0; i < count; i++)
		if (is_about(&statements[i], first, last))
			add_statement(graph, &statements[i], true);
	if (!shortest(graph, graph->end, false, graph->sums))
		return false;
	*at_least = -graph->sums[graph->first];
	if (!shortest(graph, graph->first, false, graph->sums))
		return false;
	*at_most = graph->sums[graph->end];
	return true;
}

void
count_bounds(const count_statement *statements, int count, int64_t first, int64_t last,
			 int64_t *at_least, int64_t *at_most)
{
	size_t most = 2 * (size_t) count + 2;
	sum_graph graph = {0};

	graph.days = pure_alloc(most * sizeof(int64_t));
	graph.edges = pure_alloc(2 * most * sizeof(sum_edge));
	graph.least_since = pure_alloc(most * sizeof(int64_t));
	graph.most_since = pure_alloc(most * sizeof(int64_t));
	graph.sums = pure_alloc(most * sizeof(int64_t));
	graph.day_count = find_days(&graph, statements, count, first, last);
	graph.first = find_day(&graph, first);
	graph.end = find_day(&graph, last + 1);

	if (!bound_window(&graph, statements, count, at_least, at_most))
	{
		graph.only_least = true;
		bound_window(&graph, statements, count, at_least, at_most);
		*at_most = 0;
	}
	pure_free(graph.days);
	pure_free(graph.edges);
	pure_free(graph.least_since);
	pure_free(graph.most_since);
	pure_free(graph.sums);
}

/*
 * Cuts every k from at_least on, as long as k are left below at_most. Which cuts there are follows
 * from what is known already, not from the count, so that they tell nothing themselves.
 */
static void
cut_class(counted_zone *zone, int64_t k)
{
	int64_t most = zone->at_most == COUNT_NO_END ? COUNT_MOST : zone->at_most;
	int64_t cuts = zone->is_known && !zone->is_left_out ? (most - zone->at_least - (k - 1)) / k : 0;
	int64_t place = zone->count > zone->at_least ? (zone->count - zone->at_least) / k : 0;

	zone->has_class = cuts > 0;
	zone->class_at_least = 0;
	zone->class_at_most = COUNT_NO_END;
	if (cuts <= 0)
		return;
	if (place > cuts)
		place = cuts;
	if (place > 0)
		zone->class_at_least = zone->at_least + place * k;
	if (place < cuts)
		zone->class_at_most = zone->at_least + (place + 1) * k - 1;
}

/* What is known of a part, its class included, adds to what is known of the whole. */
static void
add_part(counted_zone *whole, const counted_zone *part)
{
	int64_t least = part->at_least > part->class_at_least ? part->at_least : part->class_at_least;
	int64_t most = part->at_most < part->class_at_most ? part->at_most : part->class_at_most;

	whole->count += part->count;
	whole->is_known = whole->is_known && part->is_known;
	whole->at_least += least;
	whole->at_most = whole->at_most == COUNT_NO_END || most == COUNT_NO_END ? COUNT_NO_END :
																			  whole->at_most + most;
}

bool
count_classes(counted_zone *zones, int count, int64_t k)
{
	int *parts = pure_alloc0((size_t) count * sizeof(int));
	int *order = pure_alloc((size_t) count * sizeof(int));
	int done = 0;

	for (int i = 0; i < count; i++)
		if (zones[i].parent >= 0 && parts[zones[i].parent]++ == 0)
		{
			counted_zone *whole = &zones[zones[i].parent];

			whole->count = whole->at_least = whole->at_most = 0;
			whole->is_known = true;
		}
	for (int i = 0; i < count; i++)
		if (parts[i] == 0)
			order[done++] = i;
	for (int i = 0; i < done; i++)
	{
		counted_zone *zone = &zones[order[i]];

		pure_check_interrupts();
		cut_class(zone, k);
		if (zone->parent < 0)
			continue;
		add_part(&zones[zone->parent], zone);
		if (--parts[zone->parent] == 0)
			order[done++] = zone->parent;
	}
	pure_free(parts);
	pure_free(order);
	return done == count;
}
