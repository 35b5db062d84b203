#include "zone_draft_core.h"
#include "zone_index_build.h"

#define ZONE_DRAFT 3 /* `kind`; 2 was one of edges */
#define FIRST_PIECE ((size_t) 8192)
#define LARGEST_PIECE ((size_t) 4 << 20)

/* Followed by its paths. */
struct zone_flat_draft
{
	uint32_t length_word;
	uint8_t version;
	uint8_t kind;
	uint8_t reserved[2];
	int32_t srid;
	uint32_t zones;
	uint64_t size; /* bytes, this header among them */
};

/* Points of a border, each joined to the next; followed by them. */
typedef struct draft_path
{
	int32_t zone_id;
	uint32_t points; /* OPENS_ZONE where the zone has none before */
} draft_path;

#define OPENS_ZONE 0x80000000u
#define PATH_POINTS(path) ((path)->points & ~OPENS_ZONE)
#define MOST_POINTS ((size_t) 1 << 27)

/* Followed by `size` bytes, of which `used` are paths. */
typedef struct piece
{
	struct piece *next;
	size_t used, size;
} piece;

struct zone_draft
{
	int32_t srid;
	uint32_t zones;
	size_t used; /* bytes of all pieces */
	size_t paths;
	piece *first, *last;
};

static size_t
path_size(size_t points)
{
	return sizeof(draft_path) + points * 2 * sizeof(double);
}

static draft_path *
path_at(const void *bytes, size_t at)
{
	return (draft_path *) ((char *) bytes + at);
}

zone_draft *
zone_draft_make(int32_t srid)
{
	zone_draft *draft = pure_alloc0(sizeof(zone_draft));

	draft->srid = srid;
	return draft;
}

int32_t
zone_draft_srid(const zone_draft *draft)
{
	return draft->srid;
}

void
zone_draft_free(zone_draft *draft)
{
	while (draft->first != NULL)
	{
		piece *next = draft->first->next;

		pure_free(draft->first);
		draft->first = next;
	}
	pure_free(draft);
}

/* Room for so many bytes, in one piece. */
static void *
extend(zone_draft *draft, size_t size, pure_error *error)
{
	piece *last = draft->last;
	void *room;

	if (size > ZONE_INDEX_MAX_SIZE - sizeof(zone_flat_draft) - draft->used)
	{
		build_failed(error, PURE_LIMIT, "Split the map into several, or simplify its zones.",
					 "the zones do not fit into a zone_index, which ends at 1 GB");
		return NULL;
	}
	if (last == NULL || last->size - last->used < size)
	{
		size_t wanted = last == NULL ? FIRST_PIECE : 2 * last->size;

		wanted = wanted < LARGEST_PIECE ? wanted : LARGEST_PIECE;
		wanted = wanted > size ? wanted : size;
		last = pure_alloc(sizeof(piece) + wanted);
		*last = (piece){NULL, 0, wanted};
		if (draft->last != NULL)
			draft->last->next = last;
		else
			draft->first = last;
		draft->last = last;
	}
	room = (char *) (last + 1) + last->used;
	last->used += size;
	draft->used += size;
	return room;
}

/* The points of a new path, to be filled in. */
static double *
add_path(zone_draft *draft, int32_t zone_id, size_t points, bool opens_zone, pure_error *error)
{
	draft_path *path = extend(draft, path_size(points), error);

	if (path == NULL)
		return NULL;
	path->zone_id = zone_id;
	path->points = (uint32_t) points | (opens_zone ? OPENS_ZONE : 0);
	draft->paths++;
	draft->zones += opens_zone;
	return (double *) (path + 1);
}

bool
zone_draft_add(zone_draft *draft, int32_t zone_id, const wkb_rings *rings, pure_error *error)
{
	for (size_t i = 0; i < rings->count; i++)
	{
		const wkb_ring *ring = &rings->rings[i];
		double *points = add_path(draft, zone_id, ring->points, i == 0, error);

		if (points == NULL)
			return false;
		memcpy(points, rings->xy + 2 * ring->start, ring->points * 2 * sizeof(double));
	}
	return true;
}

static bool
add_side(zone_draft *draft, const zone_index *index, const int32_t *ordinals, size_t count,
		 const double *points, bool *seen, pure_error *error)
{
	for (size_t i = 0; i < count; i++)
	{
		int32_t ordinal = ordinals[i];
		double *copy =
			add_path(draft, zone_index_ids(index)[ordinal], 2, !seen[ordinal], error);

		if (copy == NULL)
			return false;
		memcpy(copy, points, 4 * sizeof(double));
		seen[ordinal] = true;
	}
	return true;
}

bool
zone_draft_add_index(zone_draft *draft, const zone_index *index, pure_error *error)
{
	bool *seen = pure_alloc0(zone_index_zones(index));
	bool good = true;

	for (size_t i = 0; i < zone_index_edges(index) && good; i++)
	{
		zone_border border;

		if ((i & 0xffff) == 0)
			pure_check_interrupts();
		zone_index_border(index, i, &border);

		double forth[] = {border.ax, border.ay, border.bx, border.by};
		double back[] = {border.bx, border.by, border.ax, border.ay};

		good =
			add_side(draft, index, border.left, border.left_count, forth, seen, error) &&
			add_side(draft, index, border.right, border.right_count, back, seen, error);
	}
	pure_free(seen);
	return good;
}

bool
zone_draft_add_flat(zone_draft *draft, const zone_flat_draft *flat, pure_error *error)
{
	for (size_t at = sizeof(zone_flat_draft); at < flat->size;)
	{
		const draft_path *path = path_at(flat, at);
		size_t size = path_size(PATH_POINTS(path));
		double *points = add_path(draft, path->zone_id, PATH_POINTS(path),
								  (path->points & OPENS_ZONE) != 0, error);

		pure_check_interrupts();
		if (points == NULL)
			return false;
		memcpy(points, path + 1, size - sizeof(draft_path));
		at += size;
	}
	return true;
}

/* ---- flat ---- */

size_t
zone_draft_flat_size(const zone_draft *draft)
{
	return sizeof(zone_flat_draft) + draft->used;
}

void
zone_draft_flatten(const zone_draft *draft, zone_flat_draft *flat)
{
	char *end = (char *) (flat + 1);

	memset(flat, 0, sizeof(*flat));
	flat->version = ZONE_INDEX_VERSION;
	flat->kind = ZONE_DRAFT;
	flat->srid = draft->srid;
	flat->zones = draft->zones;
	flat->size = zone_draft_flat_size(draft);
	for (const piece *piece = draft->first; piece != NULL; piece = piece->next)
	{
		memcpy(end, piece + 1, piece->used);
		end += piece->used;
	}
}

bool
zone_flat_draft_is(const void *bytes, size_t size)
{
	const zone_flat_draft *flat = bytes;

	return size >= sizeof(zone_flat_draft) && flat->kind == ZONE_DRAFT;
}

bool
zone_flat_draft_check(const void *bytes, size_t size, pure_error *error)
{
	const zone_flat_draft *flat = bytes;
	size_t at = sizeof(zone_flat_draft);
	uint32_t zones = 0;
	bool good = zone_flat_draft_is(bytes, size) && flat->version == ZONE_INDEX_VERSION &&
				flat->reserved[0] == 0 && flat->reserved[1] == 0 && flat->size == size;

	while (good && at < size)
	{
		const draft_path *path = path_at(bytes, at);

		pure_check_interrupts();
		good = size - at >= sizeof(draft_path) && PATH_POINTS(path) >= 2 &&
			   PATH_POINTS(path) <= MOST_POINTS && size - at >= path_size(PATH_POINTS(path));
		if (good)
		{
			zones += (path->points & OPENS_ZONE) != 0;
			at += path_size(PATH_POINTS(path));
		}
	}
	return (good && zones == flat->zones) ||
		   build_failed(error, PURE_CORRUPT, "Build the index again from its zones.",
						"unfinished zone_index is damaged");
}

int32_t
zone_flat_draft_srid(const zone_flat_draft *flat)
{
	return flat->srid;
}

/* ---- finished ---- */

typedef struct collection
{
	int32_t *ids;
	zone_path *paths;
	size_t zones, count;
} collection;

static void
collect(collection *collection, const void *bytes, size_t at, size_t end)
{
	while (at < end)
	{
		const draft_path *path = path_at(bytes, at);

		pure_check_interrupts();
		if ((path->points & OPENS_ZONE) != 0)
			collection->ids[collection->zones++] = path->zone_id;
		collection->paths[collection->count++] =
			(zone_path){(const double *) (path + 1), PATH_POINTS(path) - 1, 2, path->zone_id};
		at += path_size(PATH_POINTS(path));
	}
}

static collection
open_collection(size_t zones, size_t paths)
{
	collection result = {pure_alloc(zones * sizeof(int32_t)), pure_alloc(paths * sizeof(zone_path)),
						 0, 0};

	return result;
}

static zone_index *
build_collection(collection *collection, int32_t srid, pure_error *error)
{
	zone_index *index = zone_index_build_paths(collection->ids, collection->zones,
											   collection->paths, collection->count, srid, error);

	pure_free(collection->ids);
	pure_free(collection->paths);
	return index;
}

zone_index *
zone_draft_finish(const zone_draft *draft, pure_error *error)
{
	collection zones = open_collection(draft->zones, draft->paths);

	for (const piece *piece = draft->first; piece != NULL; piece = piece->next)
		collect(&zones, piece + 1, 0, piece->used);
	return build_collection(&zones, draft->srid, error);
}

zone_index *
zone_flat_draft_finish(const zone_flat_draft *flat, pure_error *error)
{
	size_t paths = 0;
	collection zones;

	for (size_t at = sizeof(zone_flat_draft); at < flat->size; paths++)
		at += path_size(PATH_POINTS(path_at(flat, at)));
	zones = open_collection(flat->zones, paths);
	collect(&zones, flat, sizeof(zone_flat_draft), flat->size);
	return build_collection(&zones, flat->srid, error);
}
