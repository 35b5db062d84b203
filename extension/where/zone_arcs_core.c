#include "zone_arcs_core.h"

typedef struct arc_edge
{
	uint32_t a, b;
	int32_t left[ARC_LAYERS], right[ARC_LAYERS];
} arc_edge;

typedef struct collector
{
	zone_arcs *arcs;
	arc_edge *edges;
	size_t edge_count;
	uint32_t *buckets; /* vertex + 1, or 0 */
	size_t bucket_mask;
	uint32_t *incident; /* edges by vertex */
	uint32_t *starts;	/* vertices + 1 */
	bool *taken;		/* by edge */
} collector;

static inline uint64_t
mix(uint64_t bits)
{
	bits ^= bits >> 33;
	bits *= UINT64_C(0xff51afd7ed558ccd);
	return bits ^ bits >> 33;
}

/* Numbers follow the order of the edges, which is that of the coordinates. */
static uint32_t
vertex_at(collector *collector, double x, double y)
{
	zone_arcs *arcs = collector->arcs;
	uint64_t bits[2];
	size_t slot;

	memcpy(&bits[0], &x, sizeof(x));
	memcpy(&bits[1], &y, sizeof(y));
	slot = mix(bits[0] + UINT64_C(0x9e3779b97f4a7c15) * mix(bits[1])) & collector->bucket_mask;
	for (; collector->buckets[slot] != 0; slot = (slot + 1) & collector->bucket_mask)
	{
		uint32_t vertex = collector->buckets[slot] - 1;

		if (arcs->x[vertex] == x && arcs->y[vertex] == y)
			return vertex;
	}
	arcs->x[arcs->vertices] = x;
	arcs->y[arcs->vertices] = y;
	collector->buckets[slot] = (uint32_t) ++arcs->vertices;
	return (uint32_t) arcs->vertices - 1;
}

static int
compare_edges(const index_edge *one, const index_edge *other)
{
	const double a[] = {one->ax, one->ay, one->bx, one->by};
	const double b[] = {other->ax, other->ay, other->bx, other->by};

	for (int i = 0; i < 4; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* Edges of each layer ascend: those that coincide come together. */
static void
merge_layers(collector *collector)
{
	const zone_arcs *arcs = collector->arcs;
	size_t at[ARC_LAYERS] = {0};

	for (;;)
	{
		const index_edge *lowest = NULL;
		arc_edge *edge = &collector->edges[collector->edge_count];

		for (size_t i = 0; i < arcs->layer_count; i++)
		{
			const index_view *view = &arcs->layers[i];

			if (at[i] < view->header->edges &&
				(lowest == NULL || compare_edges(&view->edges[at[i]], lowest) < 0))
				lowest = &view->edges[at[i]];
		}
		if (lowest == NULL)
			break;
		if (collector->edge_count % 65536 == 0)
			pure_check_interrupts();
		edge->a = vertex_at(collector, lowest->ax, lowest->ay);
		edge->b = vertex_at(collector, lowest->bx, lowest->by);
		for (size_t i = 0; i < ARC_LAYERS; i++)
		{
			bool here = i < arcs->layer_count && at[i] < arcs->layers[i].header->edges &&
						compare_edges(&arcs->layers[i].edges[at[i]], lowest) == 0;
			const index_edge *of_layer = here ? &arcs->layers[i].edges[at[i]++] : NULL;

			edge->left[i] = here ? of_layer->left : SET_NONE;
			edge->right[i] = here ? of_layer->right : SET_NONE;
		}
		collector->edge_count++;
	}
}

static void
list_incident(collector *collector)
{
	size_t vertices = collector->arcs->vertices;
	uint32_t *next = pure_alloc0((vertices + 2) * sizeof(uint32_t));

	/* Two ahead, so that filling leaves the starts where they belong. */
	for (size_t i = 0; i < collector->edge_count; i++)
	{
		next[collector->edges[i].a + 2]++;
		next[collector->edges[i].b + 2]++;
	}
	for (size_t i = 2; i < vertices + 2; i++)
		next[i] += next[i - 1];
	collector->incident = pure_alloc(2 * collector->edge_count * sizeof(uint32_t));
	for (size_t i = 0; i < collector->edge_count; i++)
	{
		collector->incident[next[collector->edges[i].a + 1]++] = (uint32_t) i;
		collector->incident[next[collector->edges[i].b + 1]++] = (uint32_t) i;
	}
	collector->starts = next;
}

static inline bool
same_sides(const arc_edge *one, const arc_edge *other, bool same_way)
{
	for (int i = 0; i < ARC_LAYERS; i++)
		if (one->left[i] != (same_way ? other->left[i] : other->right[i]) ||
			one->right[i] != (same_way ? other->right[i] : other->left[i]))
			return false;
	return true;
}

/* Where arcs end: anything but two edges with the same zones on their sides. */
static bool
is_node(const collector *collector, uint32_t vertex)
{
	const uint32_t *incident = &collector->incident[collector->starts[vertex]];
	const arc_edge *one, *other;

	if (collector->starts[vertex + 1] - collector->starts[vertex] != 2)
		return true;
	one = &collector->edges[incident[0]];
	other = &collector->edges[incident[1]];
	return !same_sides(one, other, (one->b == vertex) == (other->a == vertex));
}

static void
follow_arc(collector *collector, uint32_t edge, uint32_t from)
{
	zone_arcs *arcs = collector->arcs;
	const arc_edge *begin = &collector->edges[edge];
	zone_arc *arc = &arcs->arcs[arcs->count++];
	uint32_t start = from;

	memcpy(arc->left, begin->a == from ? begin->left : begin->right, sizeof(arc->left));
	memcpy(arc->right, begin->a == from ? begin->right : begin->left, sizeof(arc->right));
	arc->first = (uint32_t) arcs->path_count;
	arcs->path[arcs->path_count++] = from;
	for (;;)
	{
		const arc_edge *step = &collector->edges[edge];
		const uint32_t *incident;

		from = step->a == from ? step->b : step->a;
		collector->taken[edge] = true;
		arcs->path[arcs->path_count++] = from;
		if (arcs->path_count % 65536 == 0)
			pure_check_interrupts();
		if (from == start || is_node(collector, from))
			break;
		incident = &collector->incident[collector->starts[from]];
		edge = incident[0] == edge ? incident[1] : incident[0];
	}
	arc->count = (uint32_t) (arcs->path_count - arc->first);
}

static void
follow_arcs(collector *collector)
{
	for (size_t i = 0; i < collector->edge_count; i++)
	{
		const arc_edge *edge = &collector->edges[i];

		if (!collector->taken[i] && is_node(collector, edge->a))
			follow_arc(collector, (uint32_t) i, edge->a);
		else if (!collector->taken[i] && is_node(collector, edge->b))
			follow_arc(collector, (uint32_t) i, edge->b);
	}
	/* What is left are rings without nodes; the first edge of each starts at its lowest vertex. */
	for (size_t i = 0; i < collector->edge_count; i++)
		if (!collector->taken[i])
			follow_arc(collector, (uint32_t) i, collector->edges[i].a);
}

void
zone_arcs_collect(zone_arcs *arcs, const zone_index *zones, const zone_index *parents)
{
	collector collector = {.arcs = arcs};
	size_t edges, buckets;

	memset(arcs, 0, sizeof(*arcs));
	zone_index_view(zones, &arcs->layers[arcs->layer_count++]);
	edges = zone_index_edges(zones);
	if (parents != NULL)
	{
		zone_index_view(parents, &arcs->layers[arcs->layer_count++]);
		edges += zone_index_edges(parents);
	}

	for (buckets = 64; buckets < 4 * edges;)
		buckets *= 2;
	collector.bucket_mask = buckets - 1;
	collector.buckets = pure_alloc0(buckets * sizeof(uint32_t));
	collector.edges = pure_alloc(edges * sizeof(arc_edge) + sizeof(arc_edge));
	arcs->x = pure_alloc(2 * edges * sizeof(double));
	arcs->y = pure_alloc(2 * edges * sizeof(double));
	merge_layers(&collector);
	pure_free(collector.buckets);
	list_incident(&collector);

	collector.taken = pure_alloc0(collector.edge_count * sizeof(bool));
	arcs->arcs = pure_alloc(collector.edge_count * sizeof(zone_arc));
	arcs->path = pure_alloc(2 * collector.edge_count * sizeof(uint32_t));
	follow_arcs(&collector);
	pure_free(collector.taken);
	pure_free(collector.starts);
	pure_free(collector.incident);
	pure_free(collector.edges);

	arcs->kept = pure_alloc(arcs->path_count * sizeof(bool));
	memset(arcs->kept, true, arcs->path_count * sizeof(bool));
}

void
zone_arcs_free(zone_arcs *arcs)
{
	pure_free(arcs->x);
	pure_free(arcs->y);
	pure_free(arcs->path);
	pure_free(arcs->kept);
	pure_free(arcs->arcs);
}
