/* zone_profile as text, jsonb and binary. */
#include "postgres.h"

#include "zone_profile_io.h"

#include "../what/epicurve.h"
#include "value_series.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/json.h"

#define PROFILE_BINARY_VERSION 1
#define PROFILE_FIELD_LEAST                                                                        \
	6 /* bytes of a field in binary: length and byte of its name, its kind */

PG_FUNCTION_INFO_V1(georisk_zone_profile_in);
PG_FUNCTION_INFO_V1(georisk_zone_profile_out);
PG_FUNCTION_INFO_V1(georisk_zone_profile_recv);
PG_FUNCTION_INFO_V1(georisk_zone_profile_send);
PG_FUNCTION_INFO_V1(georisk_jsonb_to_zone_profile);
PG_FUNCTION_INFO_V1(georisk_zone_profile_to_jsonb);

/*
 * Text is JSON. Numbers, true, false, null and texts are themselves; what JSON has no word for is
 * an object with its type as the only key: {"date": "2021-09-06"}, {"epicurve": ...},
 * {"value_series": {...}}.
 */

static void
write_json_string(StringInfo out, const char *bytes, size_t length)
{
	char *copy = pnstrdup(bytes, length);

	escape_json(out, copy);
	pfree(copy);
}

/* A profile may come from inside a stored value that did not look into it. */
static profile_field *
checked_fields(const zone_profile *profile, size_t *count)
{
	return zone_profile_fields(zone_profile_from_datum(PointerGetDatum(profile)), count);
}

static bool
is_reserved(const profile_field *field)
{
	return profile_reserved_name(field->name, field->name_length) != RESERVED_NONE;
}

static void
write_value(StringInfo out, const profile_field *field)
{
	char number[DECIMAL_TEXT], day[DAY_TEXT_SIZE];
	char *curve;

	switch (field->kind)
	{
		case PROFILE_NUMBER:
			decimal_print(field->value.number, number);
			appendStringInfoString(out, number);
			break;
		case PROFILE_YESNO:
			appendStringInfoString(out, field->value.yesno ? "true" : "false");
			break;
		case PROFILE_DATE:
			day_print(field->value.date, day);
			appendStringInfo(out, is_reserved(field) ? "\"%s\"" : "{\"date\": \"%s\"}", day);
			break;
		case PROFILE_TEXT:
			write_json_string(out, field->value.text.bytes, field->value.text.length);
			break;
		case PROFILE_CURVE:
			curve = epicurve_to_text(field->value.curve);
			appendStringInfo(out, "{\"epicurve\": \"%s\"}", curve);
			pfree(curve);
			break;
		case PROFILE_SERIES:
			appendStringInfoString(out, "{\"value_series\": ");
			value_series_write(out, field->value.series);
			appendStringInfoChar(out, '}');
			break;
		case PROFILE_MISSING:
			appendStringInfoString(out, "null");
			break;
	}
}

char *
zone_profile_to_text(const zone_profile *profile)
{
	StringInfoData out;
	size_t count;
	profile_field *fields = checked_fields(profile, &count);

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (size_t i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoString(&out, ", ");
		write_json_string(&out, fields[i].name, fields[i].name_length);
		appendStringInfoString(&out, ": ");
		write_value(&out, &fields[i]);
	}
	appendStringInfoChar(&out, '}');
	pfree(fields);
	return out.data;
}

static void
pg_attribute_noreturn() say_not_profile(const profile_field *field, const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid input for type zone_profile"),
					field == NULL ? errdetail("%s", what) :
									errdetail("The value of \"%.*s\" %s.",
											  (int) Min(field->name_length, PROFILE_NAME_LIMIT),
											  field->name, what),
					errhint("Write a JSON object of numbers, true, false, null, texts, and "
							"{\"date\": ...}, {\"epicurve\": ...} or {\"value_series\": ...}.")));
}

static bool
is_key(const JsonbValue *key, const char *name)
{
	return key->val.string.len == (int) strlen(name) &&
		   memcmp(key->val.string.val, name, key->val.string.len) == 0;
}

static void
read_tagged_curve(profile_field *field, const JsonbValue *value)
{
	field->kind = PROFILE_CURVE;
	if (value->type == jbvString)
		field->value.curve =
			epicurve_from_text(pnstrdup(value->val.string.val, value->val.string.len));
	else if (value->type == jbvBinary)
		field->value.curve = epicurve_from_jsonb(value->val.binary.data);
	else
		say_not_profile(field, "is not an epicurve");
}

/* {"epicurve": ...} and the like: one key, which says the type. */
static void
read_tagged(profile_field *field, JsonbContainer *object)
{
	JsonbIterator *iterator;
	JsonbValue key, value;

	if (!JsonContainerIsObject(object) || JsonContainerSize(object) != 1)
		say_not_profile(field, "is an object or array, not a value");
	iterator = JsonbIteratorInit(object);
	(void) JsonbIteratorNext(&iterator, &key, true); /* the object begins */
	(void) JsonbIteratorNext(&iterator, &key, true);
	(void) JsonbIteratorNext(&iterator, &value, true);
	if (is_key(&key, "epicurve"))
		read_tagged_curve(field, &value);
	else if (is_key(&key, "value_series") && value.type == jbvBinary)
	{
		field->kind = PROFILE_SERIES;
		field->value.series = value_series_from_jsonb(value.val.binary.data);
	}
	else if (is_key(&key, "date") && value.type == jbvString)
	{
		const char *at = value.val.string.val, *end = at + value.val.string.len;

		field->kind = PROFILE_DATE;
		if (!day_parse(&at, end, &field->value.date) || at != end)
			say_not_profile(field, "is not a date of the form 2021-09-06");
	}
	else
		say_not_profile(field, "is an object without a known type");
}

static void
read_json_value(profile_field *field, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			field->kind = PROFILE_MISSING;
			break;
		case jbvNumeric:
			field->kind = PROFILE_NUMBER;
			field->value.number = decimal_from_numeric(value->val.numeric);
			break;
		case jbvBool:
			field->kind = PROFILE_YESNO;
			field->value.yesno = value->val.boolean;
			break;
		case jbvString:
			field->kind = PROFILE_TEXT;
			field->value.text.bytes = value->val.string.val;
			field->value.text.length = value->val.string.len;
			zone_profile_settle_date(field);
			break;
		case jbvBinary:
			read_tagged(field, value->val.binary.data);
			break;
		default:
			say_not_profile(field, "is of no known type");
	}
}

static zone_profile *
profile_from_jsonb(Jsonb *json)
{
	JsonbContainer *object = &json->root;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;
	profile_field *fields;
	size_t count = 0;
	pure_error error;

	if (!JsonContainerIsObject(object))
		say_not_profile(NULL, "It is not a JSON object.");
	fields = pure_alloc0(Max(JsonContainerSize(object), 1) * sizeof(profile_field));
	iterator = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
		{
			fields[count].name = item.val.string.val;
			fields[count].name_length = item.val.string.len;
		}
		else if (token == WJB_VALUE)
			read_json_value(&fields[count++], &item);
	}
	return zone_profile_or_raise(zone_profile_build(fields, count, &error), &error);
}

const zone_profile *
zone_profile_from_text(const char *text)
{
	zone_profile *profile =
		profile_from_jsonb(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))));

	(void) zone_profile_to_datum(profile);
	return profile;
}

Datum
georisk_zone_profile_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(zone_profile_from_text(PG_GETARG_CSTRING(0)));
}

Datum
georisk_zone_profile_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(zone_profile_to_text(PG_GETARG_ZONE_PROFILE(0)));
}

Datum
georisk_jsonb_to_zone_profile(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(zone_profile_to_datum(profile_from_jsonb(PG_GETARG_JSONB_P(0))));
}

Datum
georisk_zone_profile_to_jsonb(PG_FUNCTION_ARGS)
{
	char *text = zone_profile_to_text(PG_GETARG_ZONE_PROFILE(0));

	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/*
 * Binary: version, number of fields; each is its name (length and text), its kind, and its value.
 */

static void
write_counted_text(StringInfo out, const char *bytes, size_t length)
{
	char *converted = pg_server_to_client(bytes, (int) length);

	if (converted != bytes)
		length = strlen(converted);
	pq_sendint32(out, (uint32) length);
	pq_sendbytes(out, converted, (int) length);
}

void
zone_profile_write(StringInfo out, const zone_profile *profile)
{
	size_t count;
	profile_field *fields = checked_fields(profile, &count);

	pq_sendbyte(out, PROFILE_BINARY_VERSION);
	pq_sendint32(out, (uint32) count);
	for (size_t i = 0; i < count; i++)
	{
		const profile_field *field = &fields[i];

		CHECK_FOR_INTERRUPTS();
		write_counted_text(out, field->name, field->name_length);
		pq_sendbyte(out, field->kind);
		switch (field->kind)
		{
			case PROFILE_NUMBER:
				decimal_write(out, field->value.number);
				break;
			case PROFILE_YESNO:
				pq_sendbyte(out, field->value.yesno);
				break;
			case PROFILE_DATE:
				pq_sendint32(out, (uint32) field->value.date);
				break;
			case PROFILE_TEXT:
				write_counted_text(out, field->value.text.bytes, field->value.text.length);
				break;
			case PROFILE_CURVE:
				epicurve_write(out, field->value.curve);
				break;
			case PROFILE_SERIES:
				value_series_write_binary(out, field->value.series);
				break;
			case PROFILE_MISSING:
				break;
		}
	}
	pfree(fields);
}

static void
pg_attribute_noreturn() say_bad_binary(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary input for type zone_profile")));
}

static const char *
read_counted_text(StringInfo in, size_t *length)
{
	uint32 bytes = pq_getmsgint(in, 4);
	int converted;
	const char *text;

	if (bytes > (uint32) (in->len - in->cursor))
		say_bad_binary();
	text = pq_getmsgtext(in, (int) bytes, &converted);
	*length = (size_t) converted;
	return text;
}

static void
read_binary_value(StringInfo in, profile_field *field)
{
	int flag;

	switch (field->kind)
	{
		case PROFILE_NUMBER:
			field->value.number = decimal_read(in);
			break;
		case PROFILE_YESNO:
			flag = pq_getmsgbyte(in);
			if (flag > 1)
				say_bad_binary();
			field->value.yesno = flag == 1;
			break;
		case PROFILE_DATE:
			field->value.date = (int32_t) pq_getmsgint(in, 4);
			if (!day_is_finite(field->value.date))
				say_bad_binary();
			break;
		case PROFILE_TEXT:
			field->value.text.bytes = read_counted_text(in, &field->value.text.length);
			break;
		case PROFILE_CURVE:
			field->value.curve = epicurve_read(in);
			break;
		case PROFILE_SERIES:
			field->value.series = value_series_read_binary(in);
			break;
		case PROFILE_MISSING:
			break;
	}
}

const zone_profile *
zone_profile_read(StringInfo in)
{
	int version = pq_getmsgbyte(in);
	uint32 count = pq_getmsgint(in, 4);
	profile_field *fields;
	zone_profile *profile;
	pure_error error;

	if (version != PROFILE_BINARY_VERSION ||
		count > (uint32) (in->len - in->cursor) / PROFILE_FIELD_LEAST)
		say_bad_binary();
	fields = pure_alloc0(Max(count, 1) * sizeof(profile_field));
	for (uint32 i = 0; i < count; i++)
	{
		int kind;

		CHECK_FOR_INTERRUPTS();
		fields[i].name = read_counted_text(in, &fields[i].name_length);
		kind = pq_getmsgbyte(in);
		if (kind > PROFILE_MISSING)
			say_bad_binary();
		fields[i].kind = (profile_kind) kind;
		read_binary_value(in, &fields[i]);
	}
	profile = zone_profile_or_raise(zone_profile_build(fields, count, &error), &error);
	(void) zone_profile_to_datum(profile);
	return profile;
}

Datum
georisk_zone_profile_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(zone_profile_read((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
georisk_zone_profile_send(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	pq_begintypsend(&out);
	zone_profile_write(&out, PG_GETARG_ZONE_PROFILE(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
