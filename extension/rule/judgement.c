/* The judgement in memory (expanded) and stored (flat). */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "../what/day_core.h"
#include "judgement.h"

#define JUDGEMENT_VERSION 1
#define HAS_START 0x01
#define ALIGNED(size) TYPEALIGN64(8, (uint64) (size))

typedef struct judgement
{
	int32 vl_len_;
	uint8 version;
	uint8 flags;
	uint8 reserved[2];
	int32 as_of;
	int32 start;
	uint32 zones;
	uint32 policy_size;
	/* the policy and the rows, each filled up with zeros to a multiple of eight */
} judgement;

enum
{
	ROW_PARENT = 0x01,
	ROW_LEVEL = 0x02,
	ROW_PROFILE = 0x04,
	ROW_NEIGHBOURS = 0x08,
	ROW_SHARED = 0x10,
	ROW_GAP = 0x20,
	ROW_ANNOUNCED = 0x40,
	ROW_FLAGS = 0x7f
};

struct judgement_row
{
	uint32 size; /* of all of it */
	int32 zone_id;
	int32 parent_id;
	uint32 flags;
	uint32 profile_size;
	uint32 neighbours;
	uint32 level_size;
	uint32 announced_size;
	/* profile, shared_m, gap_m, neighbours, level, announced */
};

static Size flat_size(ExpandedObjectHeader *header);
static void flatten_into(ExpandedObjectHeader *header, void *result, Size allocated);

static const ExpandedObjectMethods judgement_methods = {flat_size, flatten_into};

judgement_state *
judgement_make(MemoryContext parent)
{
	MemoryContext context =
		AllocSetContextCreate(parent, "georisk judgement", ALLOCSET_DEFAULT_SIZES);
	judgement_state *state = MemoryContextAllocZero(context, sizeof(judgement_state));

	EOH_init_header(&state->header, &judgement_methods, context);
	state->sorted = true;
	return state;
}

static void
pg_attribute_noreturn() refuse_corrupted(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("damaged judgement value")));
}

/* What a row's counts and flags say it takes, before filling up. */
static uint64
row_content(const judgement_row *row)
{
	uint64 lengths = ((row->flags & ROW_SHARED) != 0) + ((row->flags & ROW_GAP) != 0);

	return sizeof(judgement_row) + ALIGNED(row->profile_size) +
		   (uint64) row->neighbours * (lengths * sizeof(double) + sizeof(int32)) + row->level_size +
		   row->announced_size;
}

static bool
lengths_valid(const double *lengths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isfinite(lengths[i]) || signbit(lengths[i]))
			return false;
	return true;
}

static void
unpack(const judgement_row *row, judgement_zone *zone)
{
	const char *next = (const char *) (row + 1);

	memset(zone, 0, sizeof(*zone));
	zone->zone_id = row->zone_id;
	zone->has_parent = (row->flags & ROW_PARENT) != 0;
	zone->parent_id = row->parent_id;
	if (row->flags & ROW_PROFILE)
		zone->profile = (const zone_profile *) next;
	next += ALIGNED(row->profile_size);

	zone->has_neighbours = (row->flags & ROW_NEIGHBOURS) != 0;
	zone->neighbour_count = row->neighbours;
	if (row->flags & ROW_SHARED)
	{
		zone->shared_m = (const double *) next;
		next += row->neighbours * sizeof(double);
	}
	if (row->flags & ROW_GAP)
	{
		zone->gap_m = (const double *) next;
		next += row->neighbours * sizeof(double);
	}
	if (zone->has_neighbours)
		zone->neighbours = (const int32 *) next;
	next += row->neighbours * sizeof(int32);

	if (row->flags & ROW_LEVEL)
		zone->level = next;
	zone->level_length = row->level_size;
	next += row->level_size;
	if (row->flags & ROW_ANNOUNCED)
		zone->announced = next;
	zone->announced_length = row->announced_size;
}

static bool
zeros(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* Stored bytes are not trusted; the profile inside is checked by who reads it. */
static bool
row_valid(const judgement_row *row, size_t available)
{
	uint64 content;
	judgement_zone zone;

	if (available < sizeof(judgement_row) || row->size > available || row->size % 8 != 0 ||
		(row->flags & ~ROW_FLAGS) != 0)
		return false;
	content = row_content(row);
	if (ALIGNED(content) != row->size)
		return false;
	if ((!(row->flags & ROW_PARENT) && row->parent_id != 0) ||
		(!(row->flags & ROW_LEVEL) && row->level_size != 0) ||
		(!(row->flags & ROW_ANNOUNCED) && row->announced_size != 0) ||
		((row->flags & ROW_PROFILE) != 0) != (row->profile_size != 0) ||
		(!(row->flags & ROW_NEIGHBOURS) &&
		 (row->neighbours != 0 || (row->flags & (ROW_SHARED | ROW_GAP)) != 0)))
		return false;
	if (!zeros((const char *) row + content, row->size - content) ||
		!zeros((const char *) (row + 1) + row->profile_size,
			   ALIGNED(row->profile_size) - row->profile_size))
		return false;

	unpack(row, &zone);
	if (zone.profile != NULL && (row->profile_size < VARHDRSZ || !VARATT_IS_4B_U(zone.profile) ||
								 VARSIZE(zone.profile) != row->profile_size))
		return false;
	return (zone.shared_m == NULL || lengths_valid(zone.shared_m, zone.neighbour_count)) &&
		   (zone.gap_m == NULL || lengths_valid(zone.gap_m, zone.neighbour_count));
}

static void
append_row(judgement_state *state, const judgement_row *row)
{
	if (state->count == state->room)
	{
		size_t room = state->room == 0 ? 64 : state->room * 2;
		Size size = room * sizeof(judgement_row *);

		state->rows = state->rows == NULL ?
						  MemoryContextAllocHuge(state->header.eoh_context, size) :
						  repalloc_huge(state->rows, size);
		state->room = room;
	}
	if (state->count > 0 && state->rows[state->count - 1]->zone_id >= row->zone_id)
		state->sorted = false;
	state->rows[state->count++] = row;
}

/* Rows point into the flat value, which the caller keeps. */
static judgement_state *
open_flat(const judgement *flat, MemoryContext parent)
{
	judgement_state *state = judgement_make(parent);
	const risk_policy *policy = (const risk_policy *) (flat + 1);
	const char *next = (const char *) (flat + 1);
	const char *end = (const char *) flat + VARSIZE(flat);

	if (VARSIZE(flat) < sizeof(judgement) || flat->version != JUDGEMENT_VERSION ||
		(flat->flags & ~HAS_START) != 0 || flat->reserved[0] != 0 || flat->reserved[1] != 0 ||
		(!(flat->flags & HAS_START) && flat->start != 0) || !day_is_finite(flat->as_of) ||
		!day_is_finite(flat->start) || flat->zones == 0 || flat->policy_size < VARHDRSZ ||
		ALIGNED(flat->policy_size) > end - next || !VARATT_IS_4B_U(policy) ||
		VARSIZE(policy) != flat->policy_size)
		refuse_corrupted();
	if (!zeros(next + flat->policy_size, ALIGNED(flat->policy_size) - flat->policy_size))
		refuse_corrupted();
	judgement_set_day(state, risk_policy_from_datum(PointerGetDatum(policy)), flat->as_of,
					  (flat->flags & HAS_START) != 0, flat->start);
	next += ALIGNED(flat->policy_size);

	while (next < end)
	{
		const judgement_row *row = (const judgement_row *) next;

		CHECK_FOR_INTERRUPTS();
		if (!row_valid(row, end - next))
			refuse_corrupted();
		append_row(state, row);
		next += row->size;
	}
	if (state->count != flat->zones || !state->sorted)
		refuse_corrupted();
	return state;
}

static judgement_state *
expanded_state(Datum datum)
{
	ExpandedObjectHeader *header = DatumGetEOHP(datum);

	if (header->eoh_methods != &judgement_methods)
		elog(ERROR, "not a judgement");
	return (judgement_state *) header;
}

judgement_state *
judgement_read(Datum datum)
{
	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(datum)))
		return expanded_state(datum);
	return open_flat((const judgement *) PG_DETOAST_DATUM(datum), CurrentMemoryContext);
}

judgement_state *
judgement_modify(Datum datum, MemoryContext parent)
{
	judgement_state *state;

	if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(datum)))
		return expanded_state(datum);
	state = judgement_make(parent);
	judgement_merge(state, judgement_read(datum));
	return state;
}

void
judgement_set_day(judgement_state *state, const risk_policy *policy, int32 as_of, bool has_start,
				  int32 start)
{
	if (state->policy == NULL)
	{
		MemoryContext context = state->header.eoh_context;

		state->policy =
			memcpy(MemoryContextAlloc(context, VARSIZE(policy)), policy, VARSIZE(policy));
		state->as_of = as_of;
		state->has_start = has_start;
		state->start = start;
	}
	else if (state->as_of != as_of)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a judgement is of one day, not of several"),
						errhint("Group by the as-of day.")));
	else if (state->has_start != has_start || state->start != start)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("all zones of a judgement have the same start")));
	else if (!risk_policy_same(state->policy, policy))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a judgement is by one policy, not by several"),
						errhint("Group by the policy.")));
}

static void
check_lengths(const judgement_zone *zone, const double *lengths, const char *name)
{
	if (lengths != NULL && !lengths_valid(lengths, zone->neighbour_count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of zone %d holds a value that is no length", name, zone->zone_id),
				 errdetail("Lengths are metres, finite and not below 0.")));
}

void
judgement_add(judgement_state *state, const judgement_zone *zone)
{
	judgement_row head = {0};
	judgement_row *row;
	uint64 size;
	char *next;
	size_t lengths_size = zone->neighbour_count * sizeof(double);

	check_lengths(zone, zone->shared_m, "shared_m");
	check_lengths(zone, zone->gap_m, "gap_m");
	head.zone_id = zone->zone_id;
	head.parent_id = zone->has_parent ? zone->parent_id : 0;
	head.flags = (zone->has_parent ? ROW_PARENT : 0) | (zone->level != NULL ? ROW_LEVEL : 0) |
				 (zone->profile != NULL ? ROW_PROFILE : 0) |
				 (zone->has_neighbours ? ROW_NEIGHBOURS : 0) |
				 (zone->shared_m != NULL ? ROW_SHARED : 0) | (zone->gap_m != NULL ? ROW_GAP : 0) |
				 (zone->announced != NULL ? ROW_ANNOUNCED : 0);
	head.profile_size = zone->profile != NULL ? VARSIZE(zone->profile) : 0;
	head.neighbours = zone->neighbour_count;
	head.level_size = zone->level_length;
	head.announced_size = zone->announced_length;
	size = ALIGNED(row_content(&head));
	if (size > MaxAllocSize)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("zone %d is too large for a judgement", zone->zone_id)));
	head.size = size;

	row = MemoryContextAllocZero(state->header.eoh_context, size);
	*row = head;
	next = (char *) (row + 1);
	if (zone->profile != NULL)
		memcpy(next, zone->profile, head.profile_size);
	next += ALIGNED(head.profile_size);
	if (zone->shared_m != NULL)
		next = (char *) memcpy(next, zone->shared_m, lengths_size) + lengths_size;
	if (zone->gap_m != NULL)
		next = (char *) memcpy(next, zone->gap_m, lengths_size) + lengths_size;
	if (zone->neighbour_count > 0)
		memcpy(next, zone->neighbours, zone->neighbour_count * sizeof(int32));
	next += zone->neighbour_count * sizeof(int32);
	if (zone->level_length > 0)
		memcpy(next, zone->level, zone->level_length);
	next += zone->level_length;
	if (zone->announced_length > 0)
		memcpy(next, zone->announced, zone->announced_length);
	append_row(state, row);
}

void
judgement_merge(judgement_state *state, const judgement_state *other)
{
	if (other->policy == NULL)
		return;
	judgement_set_day(state, other->policy, other->as_of, other->has_start, other->start);
	for (size_t i = 0; i < other->count; i++)
	{
		Size size = other->rows[i]->size;

		CHECK_FOR_INTERRUPTS();
		append_row(state, memcpy(MemoryContextAlloc(state->header.eoh_context, size),
								 other->rows[i], size));
	}
}

static int
by_zone_id(const void *a, const void *b)
{
	int32 first = (*(const judgement_row *const *) a)->zone_id;
	int32 second = (*(const judgement_row *const *) b)->zone_id;

	return (first > second) - (first < second);
}

void
judgement_sort(judgement_state *state)
{
	if (state->sorted)
		return;
	qsort(state->rows, state->count, sizeof(judgement_row *), by_zone_id);
	for (size_t i = 1; i < state->count; i++)
		if (state->rows[i - 1]->zone_id == state->rows[i]->zone_id)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("zone %d is there twice", state->rows[i]->zone_id),
					 errhint("Give judge_agg one row for each zone: sum its reports first.")));
	state->sorted = true;
}

void
judgement_get(const judgement_state *state, size_t position, judgement_zone *zone)
{
	unpack(state->rows[position], zone);
}

static Size
flat_size(ExpandedObjectHeader *header)
{
	judgement_state *state = (judgement_state *) header;
	uint64 size = sizeof(judgement) + ALIGNED(VARSIZE(state->policy));

	judgement_sort(state);
	for (size_t i = 0; i < state->count; i++)
		size += state->rows[i]->size;
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a judgement of %zu zones does not fit into one value", state->count),
				 errdetail("It would take " UINT64_FORMAT " bytes.", size),
				 errhint("Judge the map in parts, level by level or region by region.")));
	return size;
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size allocated)
{
	judgement_state *state = (judgement_state *) header;
	judgement *flat = result;
	char *next = (char *) (flat + 1);

	memset(flat, 0, sizeof(judgement) + ALIGNED(VARSIZE(state->policy)));
	SET_VARSIZE(flat, allocated);
	flat->version = JUDGEMENT_VERSION;
	flat->flags = state->has_start ? HAS_START : 0;
	flat->as_of = state->as_of;
	flat->start = state->has_start ? state->start : 0;
	flat->zones = state->count;
	flat->policy_size = VARSIZE(state->policy);
	memcpy(next, state->policy, flat->policy_size);
	next += ALIGNED(flat->policy_size);
	for (size_t i = 0; i < state->count; i++)
		next = (char *) memcpy(next, state->rows[i], state->rows[i]->size) + state->rows[i]->size;
}

Datum
judgement_flatten(judgement_state *state)
{
	Size size = flat_size(&state->header);
	void *flat = palloc(size);

	flatten_into(&state->header, flat, size);
	return PointerGetDatum(flat);
}
