/*
 * zone_index_agg: zones are gathered in a draft, an expanded object that grows in the aggregate's
 * memory, and indexed at the end.
 *
 * The state is a zone_index to SQL. An engine that ships partial states as text or binary gets
 * finished indexes instead of drafts, and combines those just as well.
 */
#include "postgres.h"

#include "utils/expandeddatum.h"

#include "geometry.h"
#include "zone_draft_core.h"
#include "zone_index.h"

typedef struct expanded_draft
{
	ExpandedObjectHeader header;
	zone_draft *draft;
} expanded_draft;

static Size
flat_size(ExpandedObjectHeader *header)
{
	return zone_draft_flat_size(((expanded_draft *) header)->draft);
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size allocated_size)
{
	zone_draft_flatten(((expanded_draft *) header)->draft, result);
	SET_VARSIZE(result, allocated_size);
}

static const ExpandedObjectMethods draft_methods = {flat_size, flatten_into};

static MemoryContext
require_aggregate(FunctionCallInfo fcinfo)
{
	MemoryContext aggregate;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("this is a part of the aggregate zone_index_agg"),
						errhint("Use SELECT zone_index_agg(zone_id, zone) FROM ….")));
	return aggregate;
}

static expanded_draft *
make_expanded(MemoryContext parent, int32 srid)
{
	MemoryContext memory =
		AllocSetContextCreate(parent, "georisk zone draft", ALLOCSET_START_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(memory);
	expanded_draft *state = palloc0(sizeof(expanded_draft));

	EOH_init_header(&state->header, &draft_methods, memory);
	state->draft = zone_draft_make(srid);
	MemoryContextSwitchTo(before);
	return state;
}

/* The draft of an argument that is one and expanded; NULL otherwise. */
static expanded_draft *
draft_at_hand(Datum argument)
{
	expanded_draft *state;

	if (!VARATT_IS_EXTERNAL_EXPANDED((struct varlena *) DatumGetPointer(argument)))
		return NULL;
	state = (expanded_draft *) DatumGetEOHP(argument);
	return state->header.eoh_methods == &draft_methods ? state : NULL;
}

/* Adds what a state holds that is no draft at hand: a flat one, or a finished index. */
static void
add_state(expanded_draft *state, struct varlena *value)
{
	MemoryContext before = MemoryContextSwitchTo(state->header.eoh_context);
	size_t size = VARSIZE(value);
	pure_error error;
	bool good;

	if (zone_flat_draft_is(value, size))
		good = zone_flat_draft_check(value, size, &error) &&
			   zone_draft_add_flat(state->draft, (const zone_flat_draft *) value, &error);
	else
		good = zone_index_check(value, size, &error) &&
			   zone_draft_add_index(state->draft, (const zone_index *) value, &error);
	MemoryContextSwitchTo(before);
	if (!good)
		georisk_raise(&error);
}

static int32
srid_of_state(struct varlena *value)
{
	return zone_flat_draft_is(value, VARSIZE(value)) ?
			   zone_flat_draft_srid((const zone_flat_draft *) value) :
			   zone_index_srid((const zone_index *) value);
}

/* A state that may be added to. */
static expanded_draft *
draft_of_state(FunctionCallInfo fcinfo)
{
	MemoryContext aggregate = require_aggregate(fcinfo);
	expanded_draft *state = draft_at_hand(PG_GETARG_DATUM(0));
	struct varlena *value;

	if (state != NULL &&
		VARATT_IS_EXTERNAL_EXPANDED_RW((struct varlena *) PG_GETARG_POINTER(0)))
		return state;
	value = PG_GETARG_VARLENA_P(0);
	state = make_expanded(aggregate, srid_of_state(value));
	add_state(state, value);
	return state;
}

PG_FUNCTION_INFO_V1(georisk_zone_index_step);

Datum
georisk_zone_index_step(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = require_aggregate(fcinfo);
	expanded_draft *state = NULL;
	MemoryContext before;
	wkb_rings rings;
	int32 zone_id, srid;
	pure_error error;
	bool good;

	if (!PG_ARGISNULL(0))
		state = draft_of_state(fcinfo);
	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a zone has no zone_id"),
						errhint("Give every zone a zone_id of its own.")));
	zone_id = PG_GETARG_INT32(1);
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("zone %d has no polygon", zone_id),
				 errhint("Leave it out with WHERE zone IS NOT NULL, or give it a polygon.")));

	geometry_read_zone(PG_GETARG_DATUM(2), zone_id, &srid, &rings);
	if (state == NULL)
		state = make_expanded(aggregate, srid);
	else if (zone_draft_srid(state->draft) != srid)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("zone %d has SRID %d, the zones before it have SRID %d", zone_id,
							   srid, zone_draft_srid(state->draft)),
						errhint("Bring all zones to one SRID with ST_Transform(zone, %d).",
								zone_draft_srid(state->draft))));
	before = MemoryContextSwitchTo(state->header.eoh_context);
	good = zone_draft_add(state->draft, zone_id, &rings, &error);
	MemoryContextSwitchTo(before);
	if (!good)
		georisk_raise(&error);
	wkb_rings_free(&rings);
	return EOHPGetRWDatum(&state->header);
}

PG_FUNCTION_INFO_V1(georisk_zone_index_combine);

/* Adds the second state to the first; the second is never changed, and both may come from anywhere.
 */
Datum
georisk_zone_index_combine(PG_FUNCTION_ARGS)
{
	expanded_draft *state = draft_of_state(fcinfo);
	struct varlena *second = PG_GETARG_VARLENA_P(1);
	int32 srid = srid_of_state(second);

	if (srid != zone_draft_srid(state->draft))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("some zones have SRID %d, others SRID %d", srid,
							   zone_draft_srid(state->draft)),
						errhint("Bring all zones to one SRID with ST_Transform.")));
	add_state(state, second);
	return EOHPGetRWDatum(&state->header);
}

PG_FUNCTION_INFO_V1(georisk_zone_index_final);

Datum
georisk_zone_index_final(PG_FUNCTION_ARGS)
{
	expanded_draft *state = draft_at_hand(PG_GETARG_DATUM(0));
	struct varlena *value;
	zone_index *index;
	pure_error error;

	require_aggregate(fcinfo);
	if (state != NULL)
		index = zone_draft_finish(state->draft, &error);
	else
	{
		value = PG_GETARG_VARLENA_P(0);
		if (!zone_flat_draft_is(value, VARSIZE(value)))
			PG_RETURN_POINTER(value);
		if (!zone_flat_draft_check(value, VARSIZE(value), &error))
			georisk_raise(&error);
		index = zone_flat_draft_finish((const zone_flat_draft *) value, &error);
	}
	if (index == NULL)
		georisk_raise(&error);
	return zone_index_datum(index);
}
