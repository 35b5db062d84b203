/* The SQL face of the epicurve: type, operators, windows. */
#include "postgres.h"

#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "epicurve.h"
#include "epicurve_layout.h"
#include "epicurve_text_core.h"

PG_FUNCTION_INFO_V1(georisk_epicurve_in);
PG_FUNCTION_INFO_V1(georisk_epicurve_out);
PG_FUNCTION_INFO_V1(georisk_epicurve_recv);
PG_FUNCTION_INFO_V1(georisk_epicurve_send);
PG_FUNCTION_INFO_V1(georisk_epicurve_add);
PG_FUNCTION_INFO_V1(georisk_epicurve_subtract);
PG_FUNCTION_INFO_V1(georisk_epicurve_equal);
PG_FUNCTION_INFO_V1(georisk_epicurve_not_equal);
PG_FUNCTION_INFO_V1(georisk_epicurve_hash);
PG_FUNCTION_INFO_V1(georisk_epicurve_hash_extended);
PG_FUNCTION_INFO_V1(georisk_up_to);
PG_FUNCTION_INFO_V1(georisk_count_in);
PG_FUNCTION_INFO_V1(georisk_households_in);
PG_FUNCTION_INFO_V1(georisk_days_since_last);
PG_FUNCTION_INFO_V1(georisk_first_day);
PG_FUNCTION_INFO_V1(georisk_last_day);
PG_FUNCTION_INFO_V1(georisk_total_count);
PG_FUNCTION_INFO_V1(georisk_epicurve_days);

#define DAY_WIRE_SIZE 12
#define HOUSEHOLD_WIRE_SIZE 28

epicurve *
epicurve_or_raise(epicurve *curve, const pure_error *error)
{
	if (curve == NULL)
		georisk_raise(error);
	return curve;
}

const epicurve *
epicurve_from_datum(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);
	const epicurve *curve = (const epicurve *) value;
	pure_error error;

	if (!epicurve_check(value, VARSIZE(value), &error))
		georisk_raise(&error);
	if (epicurve_is_packed(curve))
		return curve;
	return epicurve_or_raise(epicurve_pack(curve, &error), &error);
}

Datum
epicurve_to_datum(epicurve *curve)
{
	SET_VARSIZE(curve, epicurve_size(curve));
	return PointerGetDatum(curve);
}

char *
epicurve_to_text(const epicurve *curve)
{
	size_t length;

	return epicurve_print(curve, &length);
}

epicurve *
epicurve_from_text(const char *text)
{
	const char *at = text, *end = text + strlen(text);
	pure_error error;
	epicurve *curve = epicurve_or_raise(epicurve_parse(&at, end, &error), &error);

	if (at != end)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid input syntax for type epicurve"),
						errdetail("There is more text behind the closing brace.")));
	return curve;
}

void
epicurve_write(StringInfo buffer, const epicurve *curve)
{
	const day_row *days = day_rows(curve);
	const household_row *rows = household_rows(curve);

	pq_sendbyte(buffer, curve->version);
	pq_sendbyte(buffer, curve->flags);
	pq_sendint32(buffer, curve->days);
	pq_sendint32(buffer, curve->households);
	for (uint32 i = 0; i < curve->days; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint32(buffer, days[i].day);
		pq_sendint64(buffer, days[i].n);
	}
	for (uint32 i = 0; i < curve->households; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint32(buffer, rows[i].day);
		pq_sendint64(buffer, rows[i].key.high);
		pq_sendint64(buffer, rows[i].key.low);
		pq_sendint64(buffer, rows[i].n);
	}
}

static void
read_rows(StringInfo buffer, epicurve *curve)
{
	day_row *days = day_rows(curve);
	household_row *rows = household_rows(curve);

	for (uint32 i = 0; i < curve->days; i++)
	{
		CHECK_FOR_INTERRUPTS();
		days[i].day = (int32) pq_getmsgint(buffer, 4);
		days[i].n = pq_getmsgint64(buffer);
		days[i].reserved = 0;
	}
	for (uint32 i = 0; i < curve->households; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rows[i].day = (int32) pq_getmsgint(buffer, 4);
		rows[i].key.high = (uint64) pq_getmsgint64(buffer);
		rows[i].key.low = (uint64) pq_getmsgint64(buffer);
		rows[i].n = pq_getmsgint64(buffer);
		rows[i].reserved = 0;
	}
}

epicurve *
epicurve_read(StringInfo buffer)
{
	uint8 version = (uint8) pq_getmsgbyte(buffer);
	uint8 flags = (uint8) pq_getmsgbyte(buffer);
	uint32 days = pq_getmsgint(buffer, 4);
	uint32 households = pq_getmsgint(buffer, 4);
	uint64 left = (uint64) (buffer->len - buffer->cursor);
	epicurve *curve;
	pure_error error;

	if ((uint64) days * DAY_WIRE_SIZE + (uint64) households * HOUSEHOLD_WIRE_SIZE > left)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid binary representation of an epicurve"),
						errdetail("The message is shorter than its number of entries.")));
	curve = epicurve_or_raise(epicurve_make_packed(false, days, households, &error), &error);
	curve->version = version;
	curve->flags = flags;
	read_rows(buffer, curve);
	if ((flags & EPICURVE_OPEN) != 0 || !epicurve_check(curve, epicurve_size(curve), &error))
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid binary representation of an epicurve"),
						(flags & EPICURVE_OPEN) == 0 ? errdetail("%s", error.detail) : 0));
	return curve;
}

Datum
georisk_epicurve_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_EPICURVE(epicurve_from_text(PG_GETARG_CSTRING(0)));
}

Datum
georisk_epicurve_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(epicurve_to_text(PG_GETARG_EPICURVE(0)));
}

Datum
georisk_epicurve_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_EPICURVE(epicurve_read((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
georisk_epicurve_send(PG_FUNCTION_ARGS)
{
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	epicurve_write(&buffer, PG_GETARG_EPICURVE(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static Datum
merge_arguments(FunctionCallInfo fcinfo, int sign)
{
	pure_error error;
	epicurve *result = epicurve_merge(PG_GETARG_EPICURVE(0), PG_GETARG_EPICURVE(1), sign, &error);

	PG_RETURN_EPICURVE(epicurve_or_raise(result, &error));
}

Datum
georisk_epicurve_add(PG_FUNCTION_ARGS)
{
	return merge_arguments(fcinfo, 1);
}

Datum
georisk_epicurve_subtract(PG_FUNCTION_ARGS)
{
	return merge_arguments(fcinfo, -1);
}

/* All but the length word: the bytes that equal curves share. */
static const unsigned char *
canonical_bytes(const epicurve *curve, size_t *size)
{
	*size = epicurve_size(curve) - VARHDRSZ;
	return (const unsigned char *) curve + VARHDRSZ;
}

static bool
arguments_equal(FunctionCallInfo fcinfo)
{
	size_t size_a, size_b;
	const unsigned char *a = canonical_bytes(PG_GETARG_EPICURVE(0), &size_a);
	const unsigned char *b = canonical_bytes(PG_GETARG_EPICURVE(1), &size_b);

	return size_a == size_b && memcmp(a, b, size_a) == 0;
}

Datum
georisk_epicurve_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(arguments_equal(fcinfo));
}

Datum
georisk_epicurve_not_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!arguments_equal(fcinfo));
}

Datum
georisk_epicurve_hash(PG_FUNCTION_ARGS)
{
	size_t size;
	const unsigned char *bytes = canonical_bytes(PG_GETARG_EPICURVE(0), &size);

	return hash_any(bytes, (int) size);
}

Datum
georisk_epicurve_hash_extended(PG_FUNCTION_ARGS)
{
	size_t size;
	const unsigned char *bytes = canonical_bytes(PG_GETARG_EPICURVE(0), &size);

	return hash_any_extended(bytes, (int) size, (uint64) PG_GETARG_INT64(1));
}

static int32
finite_day(DateADT day)
{
	if (DATE_NOT_FINITE(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("as-of day must be finite"),
				 errhint("For all of a curve use total_count, first_day and last_day.")));
	return day;
}

/* The window of `days` days that ends on the as-of day. */
static void
window_of_arguments(FunctionCallInfo fcinfo, int32 *first, int32 *last)
{
	int32 days = PG_GETARG_INT32(2);

	*last = finite_day(PG_GETARG_DATEADT(1));
	if (days < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a window must have at least one day, not %d", days),
						errhint("A window of 1 day is the as-of day itself.")));
	*first = (int32) Max((int64) *last - days + 1, DAY_FIRST);
}

Datum
georisk_up_to(PG_FUNCTION_ARGS)
{
	PG_RETURN_EPICURVE(epicurve_cut(PG_GETARG_EPICURVE(0), finite_day(PG_GETARG_DATEADT(1))));
}

Datum
georisk_count_in(PG_FUNCTION_ARGS)
{
	int32 first, last;

	window_of_arguments(fcinfo, &first, &last);
	PG_RETURN_INT64(epicurve_count_between(PG_GETARG_EPICURVE(0), first, last));
}

Datum
georisk_households_in(PG_FUNCTION_ARGS)
{
	const epicurve *curve = PG_GETARG_EPICURVE(0);
	int32 first, last;

	window_of_arguments(fcinfo, &first, &last);
	if (!epicurve_has_households(curve))
		PG_RETURN_NULL();
	PG_RETURN_INT64(epicurve_households_between(curve, first, last));
}

Datum
georisk_days_since_last(PG_FUNCTION_ARGS)
{
	int32 as_of = finite_day(PG_GETARG_DATEADT(1)), day;

	if (!epicurve_last_day_until(PG_GETARG_EPICURVE(0), as_of, &day))
		PG_RETURN_NULL();
	PG_RETURN_INT32(as_of - day);
}

Datum
georisk_first_day(PG_FUNCTION_ARGS)
{
	int32 day;

	if (!epicurve_first_day(PG_GETARG_EPICURVE(0), &day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day);
}

Datum
georisk_last_day(PG_FUNCTION_ARGS)
{
	int32 day;

	if (!epicurve_last_day_until(PG_GETARG_EPICURVE(0), DAY_LAST, &day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day);
}

Datum
georisk_total_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(epicurve_total(PG_GETARG_EPICURVE(0)));
}

Datum
georisk_epicurve_days(PG_FUNCTION_ARGS)
{
	const epicurve *curve = PG_GETARG_EPICURVE(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < epicurve_day_count(curve); i++)
	{
		Datum values[2];
		bool nulls[2] = {false, false};
		int32 day;
		int64 n;

		CHECK_FOR_INTERRUPTS();
		epicurve_day(curve, i, &day, &n);
		values[0] = DateADTGetDatum(day);
		values[1] = Int64GetDatum(n);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
