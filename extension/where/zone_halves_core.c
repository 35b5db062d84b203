/* The sides of all zones' edges: read from their borders, checked, and brought into the order of the
 * edges. */
#include "../natural_sort.h"
#include "zone_halves.h"

/* In the mean. */
#define HALVES_PER_BUCKET 8

/* Where a chain of a zone's edges starts (-1) or ends (1). */
typedef struct loose_end
{
	double x, y;
	int balance;
} loose_end;

typedef struct survey
{
	const border_table *borders;
	int32_t *ordinals; /* of the paths */
	size_t halves;
	double west, east;
} survey;

/* Zone after zone, where the points of all loose ends are; that of an end, not a start, plus one. */
typedef struct end_table
{
	size_t *ends; /* of the zones, each of which starts where the one before it ends */
	uintptr_t *places;
} end_table;

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
in_range(const double *edge)
{
	return fabs(edge[0]) <= ZONE_INDEX_MAX_COORDINATE &&
		   fabs(edge[1]) <= ZONE_INDEX_MAX_COORDINATE &&
		   fabs(edge[2]) <= ZONE_INDEX_MAX_COORDINATE && fabs(edge[3]) <= ZONE_INDEX_MAX_COORDINATE;
}

static int
direction(const double *edge)
{
	return index_edge_compare(edge[0], edge[1], edge[2], edge[3]);
}

/* Coordinates, and the range of the western ends. */
static bool
survey_path(survey *survey, const zone_path *path, pure_error *error)
{
	for (uint32_t i = 0; i < path->edges; i++)
	{
		const double *edge = path->xy + (size_t) i * path->stride;
		double west = edge[0] < edge[2] ? edge[0] : edge[2];

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		if (!in_range(edge))
			return build_failed(error, PURE_INVALID_PARAMETER,
								"Coordinates must be finite numbers of at most 1e300.",
								"zone %d has a coordinate out of range", path->zone_id);
		survey->halves += direction(edge) != 0;
		survey->west = west < survey->west ? west : survey->west;
		survey->east = west > survey->east ? west : survey->east;
	}
	return true;
}

static bool
survey_paths(survey *survey, const zone_path *paths, size_t count, pure_error *error)
{
	for (size_t i = 0; i < count; i++)
	{
		int32_t ordinal = i > 0 && paths[i - 1].zone_id == paths[i].zone_id ?
							  survey->ordinals[i - 1] :
							  ordinal_of(survey->borders, paths[i].zone_id);

		pure_check_interrupts();
		if (ordinal == ZONE_OUTSIDE)
			return build_failed(error, PURE_INVALID_PARAMETER, "Name it among the zones.",
								"an edge belongs to zone %d, which is not there", paths[i].zone_id);
		survey->ordinals[i] = ordinal;
		if (!survey_path(survey, &paths[i], error))
			return false;
	}
	return true;
}

/* ---- closed: every vertex of a zone must be left as often as it is reached ---- */

/* Each edge starts where the one before it ends, from the first to the last. */
static void
end_chain(end_table *table, const double *first, const double *last, int32_t ordinal)
{
	size_t *end = &table->ends[ordinal];

	if (first[0] == last[2] && first[1] == last[3])
		return;
	if (table->places != NULL)
	{
		table->places[*end] = (uintptr_t) first;
		table->places[*end + 1] = (uintptr_t) (last + 2) + 1;
	}
	*end += 2;
}

/* Rings in one piece leave nothing. */
static void
visit_chains(end_table *table, const survey *survey, const zone_path *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		const double *first = paths[i].xy;
		const double *last = first;

		pure_check_interrupts();
		for (uint32_t e = 1; e < paths[i].edges; e++)
		{
			const double *edge = paths[i].xy + (size_t) e * paths[i].stride;

			if (last[2] != edge[0] || last[3] != edge[1])
			{
				end_chain(table, first, last, survey->ordinals[i]);
				first = edge;
			}
			last = edge;
		}
		if (paths[i].edges > 0)
			end_chain(table, first, last, survey->ordinals[i]);
	}
}

static inline bool
end_is_after(const loose_end *left, const loose_end *right)
{
	return index_edge_compare(left->x, left->y, right->x, right->y) > 0;
}

DEFINE_NATURAL_SORT(sort_ends, loose_end, end_is_after);

static bool
zone_is_closed(const uintptr_t *places, size_t count, int32_t zone_id, pure_error *error)
{
	loose_end *ends = pure_alloc(2 * count * sizeof(loose_end));
	bool closed = true;

	for (size_t i = 0; i < count; i++)
	{
		int is_end = places[i] & 1;
		const double *point = (const double *) (places[i] - is_end);

		ends[i] = (loose_end){point[0], point[1], is_end ? 1 : -1};
	}
	sort_ends(ends, ends + count, count);
	for (size_t i = 0; i < count && closed;)
	{
		const loose_end *end = &ends[i];
		int64_t balance = 0;

		for (; i < count && ends[i].x == end->x && ends[i].y == end->y; i++)
			balance += ends[i].balance;
		if (balance == 0)
			continue;
		closed = build_failed(error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
							  "the border of zone %d is not closed", zone_id);
		snprintf(error->detail, sizeof(error->detail), "It breaks off at (%.17g %.17g).", end->x,
				 end->y);
	}
	pure_free(ends);
	return closed;
}

/* Counts become where each bucket starts. */
static size_t
start_buckets(size_t *ends, size_t count)
{
	size_t start = 0;

	for (size_t i = 0; i < count; i++)
	{
		size_t here = ends[i];

		ends[i] = start;
		start += here;
	}
	return start;
}

static bool
check_closed(const survey *survey, const zone_path *paths, size_t count, pure_error *error)
{
	size_t zones = survey->borders->zones;
	end_table table = {pure_alloc0(zones * sizeof(size_t)), NULL};
	size_t total, start = 0;
	bool closed = true;

	visit_chains(&table, survey, paths, count);
	total = start_buckets(table.ends, zones);
	if (total > 0)
	{
		table.places = pure_alloc(total * sizeof(uintptr_t));
		visit_chains(&table, survey, paths, count);
		for (size_t zone = 0; zone < zones && closed; start = table.ends[zone++])
		{
			pure_check_interrupts();
			closed = zone_is_closed(table.places + start, table.ends[zone] - start,
									survey->borders->ids[zone], error);
		}
		pure_free(table.places);
	}
	pure_free(table.ends);
	return closed;
}

/* ---- in buckets, by their western ends ---- */

static size_t
bucket_of(const half_buckets *buckets, const double *edge)
{
	double west = edge[0] < edge[2] ? edge[0] : edge[2];
	size_t bucket = (size_t) ((west - buckets->west) * buckets->scale);

	return bucket < buckets->count ? bucket : buckets->count - 1;
}

static void
visit(half_buckets *buckets, const survey *survey, const zone_path *paths, size_t count, bool place)
{
	for (size_t i = 0; i < count; i++)
		for (uint32_t e = 0; e < paths[i].edges; e++)
		{
			const double *edge = paths[i].xy + (size_t) e * paths[i].stride;
			size_t *end;

			if ((e & 0xff) == 0)
				pure_check_interrupts();
			if (direction(edge) == 0)
				continue;
			end = &buckets->ends[bucket_of(buckets, edge)];
			if (place)
				buckets->places[*end] = (half_place){edge, survey->ordinals[i]};
			++*end;
		}
}

/* However unevenly the western ends lie, rounding is monotone, and buckets follow their order. */
static void
fill(half_buckets *buckets, const survey *survey, const zone_path *paths, size_t count)
{
	buckets->west = survey->west;
	buckets->count = survey->halves / HALVES_PER_BUCKET + 1;
	buckets->scale = (double) buckets->count / (survey->east - survey->west);
	if (!isfinite(buckets->scale))
	{
		buckets->count = 1;
		buckets->scale = 0;
	}
	buckets->ends = pure_alloc0(buckets->count * sizeof(size_t));
	visit(buckets, survey, paths, count, false);
	start_buckets(buckets->ends, buckets->count);
	buckets->places = pure_alloc(survey->halves * sizeof(half_place));
	visit(buckets, survey, paths, count, true);
}

bool
half_buckets_fill(half_buckets *buckets, const border_table *borders, const zone_path *paths,
				  size_t count, pure_error *error)
{
	survey survey = {.borders = borders, .west = INFINITY, .east = -INFINITY};
	bool good;

	memset(buckets, 0, sizeof(*buckets));
	survey.ordinals = pure_alloc(count * sizeof(int32_t));
	good = survey_paths(&survey, paths, count, error) &&
		   check_closed(&survey, paths, count, error);
	if (good)
		fill(buckets, &survey, paths, count);
	pure_free(survey.ordinals);
	return good;
}

void
half_buckets_free(half_buckets *buckets)
{
	void *parts[] = {buckets->ends, buckets->places, buckets->halves};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i] != NULL)
			pure_free(parts[i]);
}

/* ---- sorted ---- */

/* Adding zero makes -0 the 0 that it is equal to: equal zones must be equal bytes. */
static half_edge
half_at(const half_place *place)
{
	const double *edge = place->xy;
	bool forth = direction(edge) < 0;
	half_edge half = {edge[forth ? 0 : 2] + 0.0,
					  edge[forth ? 1 : 3] + 0.0,
					  edge[forth ? 2 : 0] + 0.0,
					  edge[forth ? 3 : 1] + 0.0,
					  place->ordinal,
					  forth ? 1 : -1};

	return half;
}

static inline bool
is_after(const half_edge *left, const half_edge *right)
{
	int order = index_edge_compare(left->ax, left->ay, right->ax, right->ay);

	if (order == 0)
		order = index_edge_compare(left->bx, left->by, right->bx, right->by);
	return order > 0 || (order == 0 && left->ordinal > right->ordinal);
}

DEFINE_NATURAL_SORT(sort_halves, half_edge, is_after);

const half_edge *
half_buckets_read(half_buckets *buckets, size_t bucket, size_t *count)
{
	size_t start = bucket > 0 ? buckets->ends[bucket - 1] : 0;
	const half_place *places = buckets->places + start;

	*count = buckets->ends[bucket] - start;
	if (*count > buckets->room)
	{
		if (buckets->halves != NULL)
			pure_free(buckets->halves);
		buckets->room = 2 * *count;
		buckets->halves = pure_alloc(2 * buckets->room * sizeof(half_edge));
	}
	for (size_t i = 0; i < *count; i++)
		buckets->halves[i] = half_at(&places[i]);
	sort_halves(buckets->halves, buckets->halves + buckets->room, *count);
	return buckets->halves;
}
