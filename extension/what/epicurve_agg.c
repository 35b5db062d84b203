/*
 * epicurve_agg and sum(epicurve): the state is an epicurve with slack, grown in place.
 *
 * A state that did not come from these functions never gets here unchecked: the transition
 * functions are not strict, so that not even a first value becomes a state without them.
 */
#include "postgres.h"

#include "utils/date.h"

#include "epicurve.h"
#include "report_row.h"

PG_FUNCTION_INFO_V1(georisk_epicurve_step);
PG_FUNCTION_INFO_V1(georisk_epicurve_step_number);
PG_FUNCTION_INFO_V1(georisk_epicurve_step_text);
PG_FUNCTION_INFO_V1(georisk_epicurve_combine);
PG_FUNCTION_INFO_V1(georisk_epicurve_final);

static void
require_aggregate(FunctionCallInfo fcinfo)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("this function may only be called by an aggregate"),
						errhint("Use epicurve_agg, sum or the operator + instead.")));
}

static epicurve *
state_of_argument(FunctionCallInfo fcinfo, bool households)
{
	struct varlena *state;

	if (PG_ARGISNULL(0))
		return epicurve_make(households);
	state = (struct varlena *) PG_GETARG_POINTER(0);
	if (VARATT_IS_EXTENDED(state)) /* only where another aggregate was built on these functions */
	{
		pure_error error;

		return epicurve_or_raise(epicurve_pack(epicurve_from_datum(PG_GETARG_DATUM(0)), &error),
								 &error);
	}
	return (epicurve *) state;
}

/* The datum of a state; one that was changed in place is already right. */
static inline Datum
state_to_datum(FunctionCallInfo fcinfo, epicurve *curve)
{
	if (!PG_ARGISNULL(0) && PointerGetDatum(curve) == PG_GETARG_DATUM(0))
		return PG_GETARG_DATUM(0);
	return epicurve_to_datum(curve);
}

/* Adds the row of arguments 1 (day) and, where there is one, 2 (n). */
static Datum
step(FunctionCallInfo fcinfo, bool households, household_key key)
{
	epicurve *curve = state_of_argument(fcinfo, households);
	int32 day, n;
	pure_error error;

	if (!report_row_read(fcinfo, 1, &day, &n))
		return state_to_datum(fcinfo, curve);
	curve = epicurve_add(curve, day, n, households ? &key : NULL, &error);
	return state_to_datum(fcinfo, epicurve_or_raise(curve, &error));
}

Datum
georisk_epicurve_step(PG_FUNCTION_ARGS)
{
	require_aggregate(fcinfo);
	return step(fcinfo, false, HOUSEHOLD_UNKNOWN);
}

Datum
georisk_epicurve_step_number(PG_FUNCTION_ARGS)
{
	household_key key = HOUSEHOLD_UNKNOWN;

	require_aggregate(fcinfo);
	if (!PG_ARGISNULL(3))
		key = (household_key){0, (uint64) PG_GETARG_INT64(3)};
	return step(fcinfo, true, key);
}

Datum
georisk_epicurve_step_text(PG_FUNCTION_ARGS)
{
	household_key key = HOUSEHOLD_UNKNOWN;

	require_aggregate(fcinfo);
	if (!PG_ARGISNULL(3))
		key = household_key_of_text(PG_GETARG_TEXT_PP(3));
	return step(fcinfo, true, key);
}

Datum
georisk_epicurve_combine(PG_FUNCTION_ARGS)
{
	const epicurve *other;
	epicurve *curve;
	pure_error error;

	require_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	other = PG_GETARG_EPICURVE(1);
	curve = state_of_argument(fcinfo, epicurve_has_households(other));
	curve = epicurve_add_all(curve, other, 1, &error);
	return state_to_datum(fcinfo, epicurve_or_raise(curve, &error));
}

/* Always a copy: a window aggregate goes on with its state. */
Datum
georisk_epicurve_final(PG_FUNCTION_ARGS)
{
	epicurve *curve;
	pure_error error;

	require_aggregate(fcinfo);
	curve = state_of_argument(fcinfo, false);
	PG_RETURN_EPICURVE(epicurve_or_raise(epicurve_pack(curve, &error), &error));
}
