#include "postgres.h"

#include "zone_profile.h"

#include "../what/epicurve.h"
#include "value_series.h"
#include "zone_profile_io.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(georisk_profile);
PG_FUNCTION_INFO_V1(georisk_profile_empty);
PG_FUNCTION_INFO_V1(georisk_profile_add);
PG_FUNCTION_INFO_V1(georisk_at_day);
PG_FUNCTION_INFO_V1(georisk_zone_profile_equal);

Datum
zone_profile_to_datum(zone_profile *profile)
{
	SET_VARSIZE(profile, zone_profile_size(profile));
	return PointerGetDatum(profile);
}

const zone_profile *
zone_profile_from_datum(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);
	pure_error error;

	if (!zone_profile_check(value, VARSIZE(value), &error))
		georisk_raise(&error);
	return (const zone_profile *) value;
}

zone_profile *
zone_profile_or_raise(zone_profile *profile, const pure_error *error)
{
	if (profile == NULL)
		georisk_raise(error);
	return profile;
}

/* A reserved date may come as text, for that is all that JSON has. */
void
zone_profile_settle_date(profile_field *field)
{
	profile_reserved reserved = profile_reserved_name(field->name, field->name_length);
	const char *at, *end;
	int32_t day;

	if (field->kind != PROFILE_TEXT ||
		(reserved != RESERVED_AS_OF && reserved != RESERVED_COMPLETE_UNTIL &&
		 reserved != RESERVED_REPORTED_UNTIL))
		return;
	at = field->value.text.bytes;
	end = at + field->value.text.length;
	if (!day_parse(&at, end, &day) || at != end)
		ereport(ERROR, (errcode(ERRCODE_INVALID_DATETIME_FORMAT),
						errmsg("profile key \"%.*s\" must be a date", (int) field->name_length,
							   field->name),
						errdetail("It is \"%.*s\".", (int) Min(field->value.text.length, 60),
								  field->value.text.bytes),
						errhint("Write it as in 2021-09-06.")));
	field->kind = PROFILE_DATE;
	field->value.date = day;
}

/*
 * profile('cases', curve, 'population', 163, ...)
 */

/* What a call site of profile() passes; looked up once, and can be looked up again. */
typedef struct profile_call
{
	Oid epicurve;
	Oid value_series;
	int count;	 /* of arguments, -1 where they are an array and differ from call to call */
	Oid types[]; /* without domains; UNKNOWNOID for a literal, which is a C string */
} profile_call;

static profile_call *
call_of(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	profile_call *call = flinfo->fn_extra;
	int count = PG_NARGS();
	Oid schema;

	if (call != NULL)
		return call;
	schema = get_func_namespace(flinfo->fn_oid);
	call =
		MemoryContextAlloc(flinfo->fn_mcxt, offsetof(profile_call, types) + count * sizeof(Oid));
	call->epicurve = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("epicurve"),
									 ObjectIdGetDatum(schema));
	call->value_series =
		GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("value_series"),
						ObjectIdGetDatum(schema));
	call->count = get_fn_expr_variadic(flinfo) ? -1 : count;
	for (int i = 0; i < call->count; i++)
	{
		Oid type = get_fn_expr_argtype(flinfo, i);

		call->types[i] = OidIsValid(type) ? getBaseType(type) : InvalidOid;
		if (call->types[i] == InvalidOid ||
			(call->types[i] == UNKNOWNOID && !get_fn_expr_arg_stable(flinfo, i)))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("could not determine data type for argument %d", i + 1)));
	}
	flinfo->fn_extra = call;
	return call;
}

static bool
is_text(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID;
}

static void
read_key(profile_field *field, int position, Datum value, Oid type, bool isnull)
{
	text *key;

	if (isnull)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a profile key is NULL"),
						errdetail("It is argument %d.", position + 1)));
	if (type == UNKNOWNOID)
	{
		field->name = DatumGetCString(value);
		field->name_length = strlen(field->name);
		return;
	}
	if (!is_text(type))
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("a profile key must be text, not %s", format_type_be(type)),
						errdetail("It is argument %d.", position + 1),
						errhint("Keys and values take turns: profile('population', 163, ...).")));
	key = DatumGetTextPP(value);
	field->name = VARDATA_ANY(key);
	field->name_length = VARSIZE_ANY_EXHDR(key);
}

static void
read_text_value(profile_field *field, text *value)
{
	field->kind = PROFILE_TEXT;
	field->value.text.bytes = VARDATA_ANY(value);
	field->value.text.length = VARSIZE_ANY_EXHDR(value);
	zone_profile_settle_date(field);
}

static void
read_integer(profile_field *field, int64 value)
{
	field->kind = PROFILE_NUMBER;
	field->value.number = decimal_of(value);
}

static void
pg_attribute_noreturn() say_wrong_type(const profile_field *field, Oid type)
{
	const char *hint = "A profile holds integer, numeric, boolean, date, text, epicurve and "
					   "value_series values.";

	if (type == FLOAT4OID || type == FLOAT8OID)
		hint = "Cast it to numeric: a float is not exact, and no float decides a tier.";
	else if (type == TIMESTAMPOID || type == TIMESTAMPTZOID)
		hint = "Cast it to date; a timestamptz becomes a day in a time zone that you choose.";
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("profile key \"%.*s\" has a value of type %s, which a profile does not hold",
					(int) field->name_length, field->name, format_type_be(type)),
			 errhint("%s", hint)));
}

static void
read_value(profile_field *field, Datum value, Oid type, const profile_call *call)
{
	if (type == call->epicurve)
	{
		field->kind = PROFILE_CURVE;
		field->value.curve = epicurve_from_datum(value);
		return;
	}
	if (type == call->value_series)
	{
		field->kind = PROFILE_SERIES;
		field->value.series = value_series_from_datum(value);
		return;
	}
	switch (type)
	{
		case INT2OID:
			read_integer(field, DatumGetInt16(value));
			break;
		case INT4OID:
			read_integer(field, DatumGetInt32(value));
			break;
		case INT8OID:
			read_integer(field, DatumGetInt64(value));
			break;
		case NUMERICOID:
			field->kind = PROFILE_NUMBER;
			field->value.number = decimal_from_numeric(DatumGetNumeric(value));
			break;
		case BOOLOID:
			field->kind = PROFILE_YESNO;
			field->value.yesno = DatumGetBool(value);
			break;
		case DATEOID:
			field->kind = PROFILE_DATE;
			field->value.date = value_series_day(DatumGetDateADT(value));
			break;
		case UNKNOWNOID:
			read_text_value(field, cstring_to_text(DatumGetCString(value)));
			break;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			read_text_value(field, DatumGetTextPP(value));
			break;
		default:
			say_wrong_type(field, type);
	}
}

static void
read_field(profile_field *field, int position, const NullableDatum *key, Oid key_type,
		   const NullableDatum *value, Oid type, const profile_call *call)
{
	read_key(field, position, key->value, key_type, key->isnull);
	if (value->isnull)
		field->kind = PROFILE_MISSING;
	else
		read_value(field, value->value, type, call);
}

static void
pg_attribute_noreturn() say_odd_count(int count)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("profile needs a value for every key"),
					errdetail("The number of arguments is %d.", count),
					errhint("Keys and values take turns: profile('population', 163, ...).")));
}

/* profile(VARIADIC array): all of one type. */
static profile_field *
read_array(FunctionCallInfo fcinfo, const profile_call *call, int *count)
{
	Datum *args;
	bool *nulls;
	Oid *types;
	profile_field *fields;

	*count = extract_variadic_args(fcinfo, 0, true, &args, &types, &nulls);
	if (*count < 0)
		return NULL;
	if (*count % 2 != 0)
		say_odd_count(*count);
	fields = palloc0(Max(*count, 1) * sizeof(profile_field));
	for (int i = 0; i < *count; i += 2)
		read_field(&fields[i / 2], i, &(NullableDatum){args[i], nulls[i]}, getBaseType(types[i]),
				   &(NullableDatum){args[i + 1], nulls[i + 1]}, getBaseType(types[i + 1]), call);
	return fields;
}

static profile_field *
read_arguments(FunctionCallInfo fcinfo, const profile_call *call)
{
	profile_field *fields = palloc0(Max(call->count, 1) * sizeof(profile_field));

	if (call->count % 2 != 0)
		say_odd_count(call->count);
	for (int i = 0; i < call->count; i += 2)
		read_field(&fields[i / 2], i, &fcinfo->args[i], call->types[i], &fcinfo->args[i + 1],
				   call->types[i + 1], call);
	return fields;
}

Datum
georisk_profile(PG_FUNCTION_ARGS)
{
	const profile_call *call = call_of(fcinfo);
	int count = call->count;
	profile_field *fields =
		count < 0 ? read_array(fcinfo, call, &count) : read_arguments(fcinfo, call);
	pure_error error;

	if (fields == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(zone_profile_to_datum(
		zone_profile_or_raise(zone_profile_build(fields, count / 2, &error), &error)));
}

/* profile() with nothing known, which VARIADIC "any" does not match. */
Datum
georisk_profile_empty(PG_FUNCTION_ARGS)
{
	pure_error error;

	PG_RETURN_DATUM(
		zone_profile_to_datum(zone_profile_or_raise(zone_profile_build(NULL, 0, &error), &error)));
}

/*
 * Operators
 */

Datum
georisk_profile_add(PG_FUNCTION_ARGS)
{
	const zone_profile *a = PG_GETARG_ZONE_PROFILE(0);
	const zone_profile *b = PG_GETARG_ZONE_PROFILE(1);
	pure_error error;

	PG_RETURN_DATUM(
		zone_profile_to_datum(zone_profile_or_raise(zone_profile_merge(a, b, &error), &error)));
}

Datum
georisk_at_day(PG_FUNCTION_ARGS)
{
	const zone_profile *profile = PG_GETARG_ZONE_PROFILE(0);
	int32_t day = value_series_day(PG_GETARG_DATEADT(1));
	pure_error error;

	PG_RETURN_DATUM(zone_profile_to_datum(
		zone_profile_or_raise(zone_profile_at_day(profile, day, &error), &error)));
}

Datum
georisk_zone_profile_equal(PG_FUNCTION_ARGS)
{
	const zone_profile *a = PG_GETARG_ZONE_PROFILE(0);
	const zone_profile *b = PG_GETARG_ZONE_PROFILE(1);

	PG_RETURN_BOOL(VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0);
}
