#include "zone_draft_core.h"
#include "zone_index_build.h"

#define ZONE_DRAFT 2 /* `kind` */
#define FIRST_SIZE ((size_t) 8192)

struct zone_draft
{
	uint32_t length_word;
	uint8_t version;
	uint8_t kind;
	uint8_t reserved[2];
	int32_t srid;
	uint32_t zones;
	uint64_t used; /* bytes, this header among them */
	uint64_t size;
};

/* Followed by its edges. */
typedef struct draft_zone
{
	int32_t zone_id;
	uint32_t edges;
} draft_zone;

typedef struct draft_edge
{
	double ax, ay, bx, by;
} draft_edge;

static size_t
zone_size(size_t edges)
{
	return sizeof(draft_zone) + edges * sizeof(draft_edge);
}

bool
zone_draft_is(const void *bytes, size_t size)
{
	const zone_draft *draft = bytes;

	return size >= sizeof(zone_draft) && draft->kind == ZONE_DRAFT;
}

static bool
damaged(pure_error *error)
{
	return build_failed(error, PURE_CORRUPT, "Build the index again from its zones.",
						"unfinished zone_index is damaged");
}

bool
zone_draft_check(const void *bytes, size_t size, pure_error *error)
{
	const zone_draft *draft = bytes;
	size_t at = sizeof(zone_draft);
	uint32_t zones = 0;

	if (size < sizeof(zone_draft) || draft->kind != ZONE_DRAFT ||
		draft->version != ZONE_INDEX_VERSION || draft->reserved[0] != 0 ||
		draft->reserved[1] != 0 || draft->size != size || draft->used > size ||
		draft->used < sizeof(zone_draft))
		return damaged(error);
	while (at < draft->used)
	{
		const draft_zone *zone = (const draft_zone *) ((const char *) bytes + at);

		if (draft->used - at < sizeof(draft_zone) || draft->used - at < zone_size(zone->edges))
			return damaged(error);
		at += zone_size(zone->edges);
		zones++;
	}
	return zones == draft->zones || damaged(error);
}

zone_draft *
zone_draft_make(int32_t srid)
{
	zone_draft *draft = pure_alloc0(FIRST_SIZE);

	draft->version = ZONE_INDEX_VERSION;
	draft->kind = ZONE_DRAFT;
	draft->srid = srid;
	draft->used = sizeof(zone_draft);
	draft->size = FIRST_SIZE;
	return draft;
}

size_t
zone_draft_size(const zone_draft *draft)
{
	return draft->size;
}

int32_t
zone_draft_srid(const zone_draft *draft)
{
	return draft->srid;
}

static zone_draft *
make_room(zone_draft *draft, size_t more, pure_error *error)
{
	zone_draft *larger;
	size_t size = 2 * draft->size;

	if (draft->size - draft->used >= more)
		return draft;
	if (more > ZONE_INDEX_MAX_SIZE - draft->used)
	{
		build_failed(error, PURE_LIMIT, "Split the map into several, or simplify its zones.",
					 "the zones do not fit into a zone_index, which ends at 1 GB");
		return NULL;
	}
	while (size < draft->used + more)
		size *= 2;
	if (size > ZONE_INDEX_MAX_SIZE)
		size = ZONE_INDEX_MAX_SIZE & ~(size_t) 7;
	larger = pure_alloc(size);
	memcpy(larger, draft, draft->used);
	memset((char *) larger + draft->used, 0, size - draft->used);
	larger->size = size;
	return larger;
}

/* The edges of a new zone, to be filled in. */
static draft_edge *
append_zone(zone_draft *draft, int32_t zone_id, size_t edges)
{
	draft_zone *zone = (draft_zone *) ((char *) draft + draft->used);

	zone->zone_id = zone_id;
	zone->edges = (uint32_t) edges;
	draft->zones++;
	draft->used += zone_size(edges);
	return (draft_edge *) (zone + 1);
}

zone_draft *
zone_draft_add(zone_draft *draft, int32_t zone_id, const zone_edge *edges, size_t count,
			   pure_error *error)
{
	draft_edge *copy;

	draft = make_room(draft, zone_size(count), error);
	if (draft == NULL)
		return NULL;
	copy = append_zone(draft, zone_id, count);
	for (size_t i = 0; i < count; i++)
		copy[i] = (draft_edge){edges[i].ax, edges[i].ay, edges[i].bx, edges[i].by};
	return draft;
}

zone_draft *
zone_draft_add_draft(zone_draft *draft, const zone_draft *other, pure_error *error)
{
	size_t more = other->used - sizeof(zone_draft);

	draft = make_room(draft, more, error);
	if (draft == NULL)
		return NULL;
	memcpy((char *) draft + draft->used, other + 1, more);
	draft->used += more;
	draft->zones += other->zones;
	return draft;
}

/* The edges of every zone: counted per zone, then filled in. */
zone_draft *
zone_draft_add_index(zone_draft *draft, const zone_index *index, pure_error *error)
{
	size_t zones = zone_index_zones(index);
	uint32_t *counts = pure_alloc0(zones * sizeof(uint32_t));
	draft_edge **ends = pure_alloc(zones * sizeof(draft_edge *));
	size_t more = 0;

	for (size_t i = 0; i < zone_index_edges(index); i++)
	{
		zone_border border;

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		zone_index_border(index, i, &border);
		for (size_t m = 0; m < border.left_count; m++)
			counts[border.left[m]]++;
		for (size_t m = 0; m < border.right_count; m++)
			counts[border.right[m]]++;
	}
	for (size_t zone = 0; zone < zones; zone++)
		more += zone_size(counts[zone]);
	draft = make_room(draft, more, error);
	if (draft != NULL)
	{
		for (size_t zone = 0; zone < zones; zone++)
			ends[zone] = append_zone(draft, zone_index_ids(index)[zone], counts[zone]);
		for (size_t i = 0; i < zone_index_edges(index); i++)
		{
			zone_border border;

			if ((i & 0xffff) == 0)
				pure_check_interrupts();
			zone_index_border(index, i, &border);
			for (size_t m = 0; m < border.left_count; m++)
				*ends[border.left[m]]++ = (draft_edge){border.ax, border.ay, border.bx, border.by};
			for (size_t m = 0; m < border.right_count; m++)
				*ends[border.right[m]]++ = (draft_edge){border.bx, border.by, border.ax, border.ay};
		}
	}
	pure_free(ends);
	pure_free(counts);
	return draft;
}

zone_index *
zone_draft_finish(const zone_draft *draft, pure_error *error)
{
	int32_t *ids = pure_alloc(draft->zones * sizeof(int32_t));
	zone_edge *edges =
		pure_alloc((draft->used - sizeof(zone_draft)) / sizeof(draft_edge) * sizeof(zone_edge));
	size_t zones = 0;
	size_t count = 0;
	zone_index *index;

	for (size_t at = sizeof(zone_draft); at < draft->used;)
	{
		const draft_zone *zone = (const draft_zone *) ((const char *) draft + at);
		const draft_edge *edge = (const draft_edge *) (zone + 1);

		pure_check_interrupts();
		ids[zones++] = zone->zone_id;
		for (uint32_t i = 0; i < zone->edges; i++, edge++)
			edges[count++] = (zone_edge){edge->ax, edge->ay, edge->bx, edge->by, zone->zone_id};
		at += zone_size(zone->edges);
	}
	index = zone_index_build(ids, zones, edges, count, draft->srid, error);
	pure_free(edges);
	pure_free(ids);
	return index;
}
