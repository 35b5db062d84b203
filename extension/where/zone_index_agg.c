/*
 * zone_index_agg: zones are gathered in a draft, a flat state that grows in place, and indexed at
 * the end.
 *
 * The state is a zone_index to SQL. An engine that ships partial states as text or binary gets
 * finished indexes instead of drafts, and combines those just as well.
 */
#include "postgres.h"

#include "geometry.h"
#include "zone_draft_core.h"
#include "zone_index.h"

static void
check_aggregate(FunctionCallInfo fcinfo)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("this is a part of the aggregate zone_index_agg"),
						errhint("Use SELECT zone_index_agg(zone_id, zone) FROM ….")));
}

/* After every change: the server's length word follows the core's size. */
static zone_draft *
checked(zone_draft *draft, const pure_error *error)
{
	if (draft == NULL)
		georisk_raise(error);
	SET_VARSIZE(draft, zone_draft_size(draft));
	return draft;
}

/* The state as a draft that may be appended to: the state itself, or what a finished index is made
 * of. */
static zone_draft *
draft_of_state(struct varlena *state)
{
	pure_error error;
	const zone_index *index = (const zone_index *) state;

	if (zone_draft_is(state, VARSIZE(state)))
		return (zone_draft *) state;
	if (!zone_index_check(state, VARSIZE(state), &error))
		georisk_raise(&error);
	return checked(zone_draft_add_index(zone_draft_make(zone_index_srid(index)), index, &error),
				   &error);
}

PG_FUNCTION_INFO_V1(georisk_zone_index_step);

Datum
georisk_zone_index_step(PG_FUNCTION_ARGS)
{
	zone_draft *draft = NULL;
	zone_edge *edges;
	size_t count;
	int32 zone_id, srid;
	pure_error error;

	check_aggregate(fcinfo);
	if (!PG_ARGISNULL(0))
		draft = draft_of_state(PG_GETARG_VARLENA_P(0));
	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a zone has no zone_id"),
						errhint("Give every zone a zone_id of its own.")));
	zone_id = PG_GETARG_INT32(1);
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("zone %d has no polygon", zone_id),
				 errhint("Leave it out with WHERE zone IS NOT NULL, or give it a polygon.")));

	edges = geometry_read_zone(PG_GETARG_DATUM(2), zone_id, &srid, &count);
	if (draft == NULL)
		draft = zone_draft_make(srid);
	else if (zone_draft_srid(draft) != srid)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("zone %d has SRID %d, the zones before it have SRID %d", zone_id,
							   srid, zone_draft_srid(draft)),
						errhint("Bring all zones to one SRID with ST_Transform(zone, %d).",
								zone_draft_srid(draft))));
	PG_RETURN_POINTER(checked(zone_draft_add(draft, zone_id, edges, count, &error), &error));
}

PG_FUNCTION_INFO_V1(georisk_zone_index_combine);

/* Appends the second state to the first; the second is never changed, and both may come from
 * anywhere. */
Datum
georisk_zone_index_combine(PG_FUNCTION_ARGS)
{
	struct varlena *second = PG_GETARG_VARLENA_P(1);
	zone_draft *draft;
	int32 srid;
	pure_error error;

	check_aggregate(fcinfo);
	draft = draft_of_state(PG_GETARG_VARLENA_P(0));
	if (!zone_draft_check(draft, VARSIZE(draft), &error))
		georisk_raise(&error);

	if (zone_draft_is(second, VARSIZE(second)))
	{
		if (!zone_draft_check(second, VARSIZE(second), &error))
			georisk_raise(&error);
		srid = zone_draft_srid((const zone_draft *) second);
	}
	else
	{
		if (!zone_index_check(second, VARSIZE(second), &error))
			georisk_raise(&error);
		srid = zone_index_srid((const zone_index *) second);
	}
	if (srid != zone_draft_srid(draft))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("some zones have SRID %d, others SRID %d", srid, zone_draft_srid(draft)),
				 errhint("Bring all zones to one SRID with ST_Transform.")));

	if (zone_draft_is(second, VARSIZE(second)))
		draft = zone_draft_add_draft(draft, (const zone_draft *) second, &error);
	else
		draft = zone_draft_add_index(draft, (const zone_index *) second, &error);
	PG_RETURN_POINTER(checked(draft, &error));
}

PG_FUNCTION_INFO_V1(georisk_zone_index_final);

Datum
georisk_zone_index_final(PG_FUNCTION_ARGS)
{
	struct varlena *state = PG_GETARG_VARLENA_P(0);
	zone_index *index;
	pure_error error;

	check_aggregate(fcinfo);
	if (!zone_draft_is(state, VARSIZE(state)))
		PG_RETURN_POINTER(state);
	if (!zone_draft_check(state, VARSIZE(state), &error))
		georisk_raise(&error);
	index = zone_draft_finish((const zone_draft *) state, &error);
	if (index == NULL)
		georisk_raise(&error);
	return zone_index_datum(index);
}
