/* value_series in SQL: the aggregate that gathers it, and what it says of a day. */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"

#include "../what/day_core.h"
#include "value_series.h"

PG_FUNCTION_INFO_V1(georisk_value_series_step_number);
PG_FUNCTION_INFO_V1(georisk_value_series_step_yesno);
PG_FUNCTION_INFO_V1(georisk_value_series_combine);
PG_FUNCTION_INFO_V1(georisk_value_series_final);
PG_FUNCTION_INFO_V1(georisk_value_at);
PG_FUNCTION_INFO_V1(georisk_yesno_at);
PG_FUNCTION_INFO_V1(georisk_value_series_equal);

Datum
value_series_to_datum(value_series *series)
{
	SET_VARSIZE(series, value_series_size(series));
	return PointerGetDatum(series);
}

const value_series *
value_series_from_datum(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);
	pure_error error;

	if (!value_series_check(value, VARSIZE(value), &error))
		georisk_raise(&error);
	return (const value_series *) value;
}

decimal
decimal_from_numeric(Numeric value)
{
	char *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)));
	pure_error error;
	decimal result;

	if (!decimal_parse(text, strlen(text), &result, &error))
		georisk_raise(&error);
	pfree(text);
	return result;
}

Numeric
decimal_to_numeric(decimal value)
{
	char text[DECIMAL_TEXT];

	decimal_print(value, text);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

int32_t
value_series_day(int32_t day)
{
	if (!day_is_finite(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW), errmsg("day must be a finite date")));
	return day;
}

/* The state to add to: in an aggregate the one it owns, elsewhere a copy, for a value never
 * changes. */
static value_series *
writable_state(FunctionCallInfo fcinfo)
{
	struct varlena *value = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	pure_error error;

	if (!AggCheckCallContext(fcinfo, NULL))
		return value_series_pack(value_series_from_datum(PointerGetDatum(value)));
	if (!value_series_check_shape(value, VARSIZE(value), &error))
		georisk_raise(&error);
	return (value_series *) value;
}

static Datum
return_state(FunctionCallInfo fcinfo, value_series *series)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		series = value_series_pack(series);
	return value_series_to_datum(series);
}

static Datum
add_entry(FunctionCallInfo fcinfo, value_kind kind, value_entry *entry)
{
	value_series *series;
	pure_error error;

	entry->day = value_series_day(PG_GETARG_DATEADT(1));
	if (PG_ARGISNULL(0))
		series = value_series_make(kind, 4);
	else
		series = writable_state(fcinfo);
	if (!value_series_adopt(series, kind, &error))
		georisk_raise(&error);
	series = value_series_add(series, entry, &error);
	if (series == NULL)
		georisk_raise(&error);
	return return_state(fcinfo, series);
}

/* A row without a day is skipped. */
static Datum
skip_row(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

Datum
georisk_value_series_step_number(PG_FUNCTION_ARGS)
{
	value_entry entry = {.known = !PG_ARGISNULL(2)};

	if (PG_ARGISNULL(1))
		return skip_row(fcinfo);
	if (entry.known)
		entry.number = decimal_from_numeric(PG_GETARG_NUMERIC(2));
	return add_entry(fcinfo, VALUE_NUMBER, &entry);
}

Datum
georisk_value_series_step_yesno(PG_FUNCTION_ARGS)
{
	value_entry entry = {.known = !PG_ARGISNULL(2)};

	if (PG_ARGISNULL(1))
		return skip_row(fcinfo);
	if (entry.known)
		entry.yesno = PG_GETARG_BOOL(2);
	return add_entry(fcinfo, VALUE_YESNO, &entry);
}

Datum
georisk_value_series_combine(PG_FUNCTION_ARGS)
{
	struct varlena *other;
	value_series *series;
	pure_error error;

	if (PG_ARGISNULL(1))
		return skip_row(fcinfo);
	other = PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	if (!value_series_check_state(other, VARSIZE(other), &error))
		georisk_raise(&error);
	if (PG_ARGISNULL(0) && AggCheckCallContext(fcinfo, NULL))
		PG_RETURN_POINTER(other);
	if (PG_ARGISNULL(0))
		PG_RETURN_DATUM(value_series_to_datum(value_series_pack((value_series *) other)));
	series = value_series_combine(writable_state(fcinfo), (value_series *) other, &error);
	if (series == NULL)
		georisk_raise(&error);
	return return_state(fcinfo, series);
}

Datum
georisk_value_series_final(PG_FUNCTION_ARGS)
{
	struct varlena *state = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	pure_error error;

	if (!value_series_check_state(state, VARSIZE(state), &error))
		georisk_raise(&error);
	PG_RETURN_DATUM(value_series_to_datum(value_series_pack((value_series *) state)));
}

/* The entry in force; a series of the other kind is an error, for NULL would read as "not known".
 */
static bool
entry_in_force(FunctionCallInfo fcinfo, value_kind kind, value_entry *entry)
{
	const value_series *series;
	int32_t day, keep = -1;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return false;
	series = value_series_from_datum(PG_GETARG_DATUM(0));
	day = value_series_day(PG_GETARG_DATEADT(1));
	if (!PG_ARGISNULL(2))
	{
		keep = PG_GETARG_INT32(2);
		if (keep < 0)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("keep must not be negative"), errdetail("keep is %d.", keep),
							errhint("Leave keep out to keep a value for ever.")));
	}
	if (value_series_kind(series) != kind && value_series_has_known(series))
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("value_series holds %s",
							   kind == VALUE_NUMBER ? "yes/no values" : "numbers"),
						errhint("Use %s.", kind == VALUE_NUMBER ? "yesno_at" : "value_at")));
	return value_series_entry_at(series, day, keep, entry);
}

Datum
georisk_value_at(PG_FUNCTION_ARGS)
{
	value_entry entry;

	if (!entry_in_force(fcinfo, VALUE_NUMBER, &entry))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(decimal_to_numeric(entry.number));
}

Datum
georisk_yesno_at(PG_FUNCTION_ARGS)
{
	value_entry entry;

	if (!entry_in_force(fcinfo, VALUE_YESNO, &entry))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(entry.yesno);
}

Datum
georisk_value_series_equal(PG_FUNCTION_ARGS)
{
	const value_series *a = value_series_from_datum(PG_GETARG_DATUM(0));
	const value_series *b = value_series_from_datum(PG_GETARG_DATUM(1));

	PG_RETURN_BOOL(VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0);
}
