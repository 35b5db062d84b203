/* The SQL face of the tally: tally_agg and its expanded state, and what is asked of a tally. */
#include "postgres.h"

#include "access/detoast.h"
#include "funcapi.h"
#include "nodes/execnodes.h"
#include "utils/date.h"
#include "utils/expandeddatum.h"

#include "../where/geometry.h"
#include "../where/zone_index_store.h"
#include "../show_progress.h"
#include "epicurve.h"
#include "report_row.h"
#include "tally.h"
#include "tally_parcel_core.h"

PG_FUNCTION_INFO_V1(georisk_tally_step);
PG_FUNCTION_INFO_V1(georisk_tally_step_number);
PG_FUNCTION_INFO_V1(georisk_tally_step_text);
PG_FUNCTION_INFO_V1(georisk_tally_combine);
PG_FUNCTION_INFO_V1(georisk_tally_final);
PG_FUNCTION_INFO_V1(georisk_tally_add);
PG_FUNCTION_INFO_V1(georisk_tally_zones);
PG_FUNCTION_INFO_V1(georisk_placed_count);
PG_FUNCTION_INFO_V1(georisk_unplaced_count);

/* A tally that is being counted; `index` is there once a row has brought it. */
typedef struct expanded_tally
{
	ExpandedObjectHeader header;
	tally_counter *counter;
	tally_rows *rows;
	const zone_index *index;
	int32 srid;
	geometry_head head;
	bool travels; /* to a process that goes on with it: not as a value, but as a parcel */
	bool is_parcel;
	Size flat_size;	 /* 0 where it is not known */
	bool from_toast; /* then `toast` says where the index of the last row was stored */
	struct varatt_external toast;
} expanded_tally;

/* Counts what is waiting; memory that grows is the object's own. */
static void
flush(expanded_tally *state)
{
	uint64 steps;
	MemoryContext before;
	pure_error error;
	bool flushed;

	if (state->index == NULL || state->rows->waiting == 0)
		return;
	steps = tally_counter_row_count(state->counter) / PROGRESS_STEP;
	before = MemoryContextSwitchTo(state->header.eoh_context);
	flushed = tally_counter_flush(state->counter, state->index, &error);
	MemoryContextSwitchTo(before);
	if (!flushed)
		georisk_raise(&error);
	state->flat_size = 0;
	if (tally_counter_row_count(state->counter) / PROGRESS_STEP > steps)
		show_activity_count((steps + 1) * PROGRESS_STEP, "reports counted");
}

/* Asked for more than once. */
static Size
flat_size(ExpandedObjectHeader *header)
{
	expanded_tally *state = (expanded_tally *) header;
	size_t size;
	pure_error error;

	flush(state);
	if (state->flat_size != 0)
		return state->flat_size;
	state->is_parcel = state->travels && tally_parcel_size(state->counter, &size);
	if (!state->is_parcel && !tally_counter_size(state->counter, &size, &error))
		georisk_raise(&error);
	return state->flat_size = size;
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size allocated_size)
{
	expanded_tally *state = (expanded_tally *) header;

	if (state->is_parcel)
		tally_parcel_write(state->counter, result, allocated_size);
	else
		tally_counter_flatten(state->counter, result, allocated_size);
	SET_VARSIZE(result, allocated_size);
}

static const ExpandedObjectMethods tally_methods = {flat_size, flatten_into};

/* The part of an aggregate that hands its state over has no final function. */
static bool
is_handed_over(FunctionCallInfo fcinfo)
{
	return fcinfo->context != NULL && IsA(fcinfo->context, AggState) &&
		   DO_AGGSPLIT_SKIPFINAL(((AggState *) fcinfo->context)->aggsplit);
}

static MemoryContext
require_aggregate(FunctionCallInfo fcinfo)
{
	MemoryContext aggregate;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("this function may only be called by an aggregate"),
						errhint("Use tally_agg, sum or the operator + instead.")));
	return aggregate;
}

static expanded_tally *
make_expanded(FunctionCallInfo fcinfo)
{
	MemoryContext context =
		AllocSetContextCreate(require_aggregate(fcinfo), "tally", ALLOCSET_START_SMALL_SIZES);
	expanded_tally *state = MemoryContextAllocZero(context, sizeof(expanded_tally));

	EOH_init_header(&state->header, &tally_methods, context);
	state->travels = is_handed_over(fcinfo);
	return state;
}

/* A value or a parcel, checked. */
static const tally *
flat_of_datum(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);
	bool is_parcel = tally_is_marked_parcel(value, VARSIZE(value));
	pure_error error;

	if (!(is_parcel ? tally_parcel_check : tally_check)(value, VARSIZE(value), &error))
		georisk_raise(&error);
	return (const tally *) value;
}

static tally_counter *
counter_of(const tally *flat)
{
	pure_error error;
	tally_counter *counter = tally_counter_of(flat, &error);

	if (counter == NULL)
		georisk_raise(&error);
	return counter;
}

static expanded_tally *
expand(const tally *flat, FunctionCallInfo fcinfo)
{
	expanded_tally *state = make_expanded(fcinfo);
	MemoryContext before = MemoryContextSwitchTo(state->header.eoh_context);

	state->counter = counter_of(flat);
	MemoryContextSwitchTo(before);
	return state;
}

tally *
tally_flatten(tally_counter *counter)
{
	pure_error error;
	size_t size;
	tally *value;

	if (!tally_counter_size(counter, &size, &error))
		georisk_raise(&error);
	value = pure_alloc(size);
	tally_counter_flatten(counter, value, size);
	SET_VARSIZE(value, size);
	return value;
}

/* PostgreSQL hands parcels to nobody but georisk_tally_combine; an aggregate of somebody else's
 * over these functions may. */
const tally *
tally_from_datum(Datum datum)
{
	const tally *flat = flat_of_datum(datum);

	return tally_is_marked_parcel(flat, VARSIZE(flat)) ? tally_flatten(counter_of(flat)) : flat;
}

Datum
tally_to_datum(tally *value)
{
	SET_VARSIZE(value, tally_size(value));
	return PointerGetDatum(value);
}

/* The state that an aggregate may add to; NULL where it is not there yet, or flat. */
static inline expanded_tally *
state_at_hand(FunctionCallInfo fcinfo)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(0);
	varatt_expanded pointer;
	expanded_tally *state;

	if (PG_ARGISNULL(0) || !VARATT_IS_EXTERNAL_EXPANDED_RW(value))
		return NULL;
	VARATT_EXTERNAL_GET_POINTER(pointer, value);
	state = (expanded_tally *) pointer.eohptr;
	return state->header.eoh_methods == &tally_methods ? state : NULL;
}

/* The same, or what is flat in the aggregate's own memory; NULL where there is none yet. */
static expanded_tally *
state_of_argument(FunctionCallInfo fcinfo)
{
	expanded_tally *state = state_at_hand(fcinfo);

	require_aggregate(fcinfo);
	return state != NULL || PG_ARGISNULL(0) ? state :
											  expand(flat_of_datum(PG_GETARG_DATUM(0)), fcinfo);
}

pg_attribute_noreturn() static void refuse_no_index(void)
{
	ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					errmsg("zone_index of tally_agg must not be NULL"),
					errhint("Build it with zone_index_agg, or activate the map's zones.")));
}

static void
refuse_other_index(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("the zone_index of tally_agg must be the same in all rows"),
					errhint("Group by what chooses the zone_index.")));
}

static void
remember_toast(expanded_tally *state, struct varlena *datum)
{
	state->from_toast = VARATT_IS_EXTERNAL_ONDISK(datum);
	if (state->from_toast)
		VARATT_EXTERNAL_GET_POINTER(state->toast, datum);
}

/* The first index that this state sees; a state that was combined before has its zones already. */
static void
adopt_index(expanded_tally *state, Datum datum, bool households)
{
	MemoryContext before = MemoryContextSwitchTo(state->header.eoh_context);
	const zone_index *index = zone_index_hold(datum, state->header.eoh_context);

	if (state->counter == NULL)
		state->counter = tally_counter_make(zone_index_fingerprint(index), zone_index_ids(index),
											zone_index_zones(index), households);
	else if (!tally_counter_has_zones(state->counter, zone_index_fingerprint(index),
									  zone_index_ids(index), zone_index_zones(index)))
		refuse_other_index();
	state->rows = tally_counter_rows(state->counter);
	state->index = index;
	state->srid = zone_index_srid(index);
	state->head = geometry_plain_head(state->srid);
	MemoryContextSwitchTo(before);
	remember_toast(state, (struct varlena *) DatumGetPointer(datum));
}

/*
 * Whether a row's index is the one at hand, without detoasting it where it can be seen: by where it
 * is stored, or by its length and fingerprint (the same zones are the same bytes).
 */
static inline bool
looks_same(const expanded_tally *state, Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	if (VARATT_IS_EXTERNAL_ONDISK(value))
		return state->from_toast &&
			   memcmp(VARDATA_EXTERNAL(value), &state->toast, sizeof(state->toast)) == 0;
	return !VARATT_IS_EXTENDED(value) && VARSIZE(value) == zone_index_size(state->index) &&
		   zone_index_fingerprint((const zone_index *) value) ==
			   zone_index_fingerprint(state->index);
}

static void
require_same_index(expanded_tally *state, Datum datum)
{
	zone_index *index = zone_index_copy(datum, CurrentMemoryContext);

	if (!zone_index_same(index, state->index))
		refuse_other_index();
	pfree(index);
	remember_toast(state, (struct varlena *) DatumGetPointer(datum));
}

/*
 * Adds the row of arguments 1 (index), 2 (point), 3 (day) and, where there is one, 4 (n). The point
 * is read to where it will wait.
 */
static pg_attribute_always_inline Datum
step(FunctionCallInfo fcinfo, const household_key *key)
{
	expanded_tally *state = state_at_hand(fcinfo);
	tally_rows *rows;
	int32 day, n;
	double *x, *y;
	bool counted, placed;

	if (state == NULL)
		state = state_of_argument(fcinfo);
	if (PG_ARGISNULL(1))
		refuse_no_index();
	if (state == NULL)
		state = make_expanded(fcinfo);
	if (state->index == NULL)
		adopt_index(state, PG_GETARG_DATUM(1), key != NULL);
	else if (!looks_same(state, PG_GETARG_DATUM(1)))
		require_same_index(state, PG_GETARG_DATUM(1));
	counted = report_row_read(fcinfo, 3, &day, &n);
	rows = state->rows;
	tally_rows_point(rows, &x, &y);
	/* A stored point that is not finite is in no zone. */
	placed = !PG_ARGISNULL(2) &&
			 (geometry_read_stored(PG_GETARG_DATUM(2), &state->head, x, y) ||
			  geometry_read_point(PG_GETARG_DATUM(2), state->srid, x, y) == GEOMETRY_POINT);
	if (!counted || !placed)
		tally_counter_unplaced(state->counter);
	else if (tally_rows_add(rows, day, n, key))
		flush(state);
	return EOHPGetRWDatum(&state->header);
}

Datum
georisk_tally_step(PG_FUNCTION_ARGS)
{
	return step(fcinfo, NULL);
}

Datum
georisk_tally_step_number(PG_FUNCTION_ARGS)
{
	household_key key = HOUSEHOLD_UNKNOWN;

	if (!PG_ARGISNULL(5))
		key = (household_key){0, (uint64) PG_GETARG_INT64(5)};
	return step(fcinfo, &key);
}

Datum
georisk_tally_step_text(PG_FUNCTION_ARGS)
{
	household_key key = HOUSEHOLD_UNKNOWN;

	if (!PG_ARGISNULL(5))
		key = household_key_of_text(PG_GETARG_TEXT_PP(5));
	return step(fcinfo, &key);
}

Datum
georisk_tally_combine(PG_FUNCTION_ARGS)
{
	MemoryContext before;
	expanded_tally *state = state_of_argument(fcinfo);
	const tally *other;
	pure_error error;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		return EOHPGetRWDatum(&state->header);
	}
	other = flat_of_datum(PG_GETARG_DATUM(1));
	if (state == NULL)
		state = expand(other, fcinfo);
	else
	{
		flush(state);
		before = MemoryContextSwitchTo(state->header.eoh_context);
		if (!tally_counter_add(state->counter, other, &error))
			georisk_raise(&error);
		MemoryContextSwitchTo(before);
		state->flat_size = 0;
	}
	return EOHPGetRWDatum(&state->header);
}

/* Flat: a window aggregate goes on with its state, and readers need not flatten one by one. */
Datum
georisk_tally_final(PG_FUNCTION_ARGS)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(0);
	expanded_tally *state;

	require_aggregate(fcinfo);
	if (VARATT_IS_EXTERNAL_EXPANDED(value))
	{
		state = (expanded_tally *) DatumGetEOHP(PG_GETARG_DATUM(0));
		if (state->header.eoh_methods == &tally_methods)
		{
			flush(state);
			state->flat_size = 0;
			PG_RETURN_POINTER(tally_flatten(state->counter));
		}
	}
	PG_RETURN_TALLY(
		(tally *) tally_from_datum(PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)))));
}

Datum
georisk_tally_add(PG_FUNCTION_ARGS)
{
	pure_error error;
	tally *sum = tally_merge(PG_GETARG_TALLY(0), PG_GETARG_TALLY(1), &error);

	if (sum == NULL)
		georisk_raise(&error);
	PG_RETURN_TALLY(sum);
}

Datum
georisk_tally_zones(PG_FUNCTION_ARGS)
{
	const tally *value = PG_GETARG_TALLY(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	size_t cell = 0;

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < tally_zone_count(value); i++)
	{
		Datum values[2];
		bool nulls[2] = {false, false};
		epicurve *curve;
		pure_error error;

		CHECK_FOR_INTERRUPTS();
		curve = epicurve_or_raise(tally_curve(value, i, &cell, true, &error), &error);
		values[0] = Int32GetDatum(tally_zone_ids(value)[i]);
		values[1] = epicurve_to_datum(curve);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(curve);
	}
	return (Datum) 0;
}

Datum
georisk_placed_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(tally_placed(PG_GETARG_TALLY(0)));
}

Datum
georisk_unplaced_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(tally_unplaced(PG_GETARG_TALLY(0)));
}
