/* Text, jsonb and binary forms of value_series; what is read is checked by the one validator. */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "../what/day_core.h"
#include "value_series.h"

#define SERIES_BINARY_VERSION 1
#define SERIES_ENTRY_LEAST 5 /* bytes of an entry that is not known */

PG_FUNCTION_INFO_V1(georisk_value_series_in);
PG_FUNCTION_INFO_V1(georisk_value_series_out);
PG_FUNCTION_INFO_V1(georisk_value_series_recv);
PG_FUNCTION_INFO_V1(georisk_value_series_send);
PG_FUNCTION_INFO_V1(georisk_jsonb_to_value_series);
PG_FUNCTION_INFO_V1(georisk_value_series_to_jsonb);

static void
pg_attribute_noreturn() say_not_series(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid input for type value_series"), errdetail("%s", detail),
					errhint("Write days with numbers, true, false or null, as in "
							"{\"2021-08-01\": 71.5, \"2021-09-01\": null}.")));
}

/* Reads one value; returns false where it is null. */
static bool
read_jsonb_value(const JsonbValue *value, value_kind *kind, value_entry *entry)
{
	switch (value->type)
	{
		case jbvNull:
			return false;
		case jbvNumeric:
			*kind = VALUE_NUMBER;
			entry->number = decimal_from_numeric(value->val.numeric);
			return true;
		case jbvBool:
			*kind = VALUE_YESNO;
			entry->yesno = value->val.boolean;
			return true;
		default:
			say_not_series("A value is neither a number nor true, false or null.");
	}
}

static void
read_jsonb_day(const JsonbValue *key, value_entry *entry)
{
	const char *at = key->val.string.val, *end = at + key->val.string.len;

	if (!day_parse(&at, end, &entry->day) || at != end)
		say_not_series(psprintf("\"%.*s\" is not a day of the form 2021-09-06.",
								Min(key->val.string.len, 60), key->val.string.val));
}

value_series *
value_series_from_jsonb(JsonbContainer *object)
{
	value_series *series = value_series_make(VALUE_NUMBER, 0);
	value_entry entry = {0};
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;
	pure_error error;

	if (!JsonContainerIsObject(object))
		say_not_series("It is not a JSON object.");
	iterator = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		value_kind kind;

		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
		{
			read_jsonb_day(&item, &entry);
			continue;
		}
		if (token != WJB_VALUE)
			continue;
		entry.known = read_jsonb_value(&item, &kind, &entry);
		if (entry.known && !value_series_adopt(series, kind, &error))
			say_not_series("Numbers and yes/no values stand in one series.");
		series = value_series_add(series, &entry, &error);
		if (series == NULL)
			georisk_raise(&error);
	}
	return value_series_pack(series);
}

void
value_series_write(StringInfo out, const value_series *series)
{
	value_kind kind = value_series_kind(series);

	appendStringInfoChar(out, '{');
	for (size_t i = 0; i < value_series_count(series); i++)
	{
		value_entry entry;
		char day[DAY_TEXT_SIZE], number[DECIMAL_TEXT];

		CHECK_FOR_INTERRUPTS();
		value_series_entry(series, i, &entry);
		day_print(entry.day, day);
		decimal_print(entry.number, number);
		appendStringInfo(out, "%s\"%s\": %s", i > 0 ? ", " : "", day,
						 !entry.known		  ? "null" :
						 kind == VALUE_NUMBER ? number :
						 entry.yesno		  ? "true" :
												"false");
	}
	appendStringInfoChar(out, '}');
}

Datum
georisk_value_series_in(PG_FUNCTION_ARGS)
{
	Jsonb *json = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0)));

	PG_RETURN_DATUM(value_series_to_datum(value_series_from_jsonb(&json->root)));
}

Datum
georisk_value_series_out(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	value_series_write(&out, value_series_from_datum(PG_GETARG_DATUM(0)));
	PG_RETURN_CSTRING(out.data);
}

Datum
georisk_jsonb_to_value_series(PG_FUNCTION_ARGS)
{
	Jsonb *json = PG_GETARG_JSONB_P(0);

	PG_RETURN_DATUM(value_series_to_datum(value_series_from_jsonb(&json->root)));
}

Datum
georisk_value_series_to_jsonb(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	value_series_write(&out, value_series_from_datum(PG_GETARG_DATUM(0)));
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data)));
}

/*
 * Binary: version, kind, number of entries; each is its day, whether it is known, and then either a
 * byte for yes or no, or the scale and the mantissa.
 */

void
decimal_write(StringInfo out, decimal value)
{
	pq_sendbyte(out, (uint8) value.scale);
	pq_sendint64(out, (uint64) (value.mantissa >> 64));
	pq_sendint64(out, (uint64) value.mantissa);
}

decimal
decimal_read(StringInfo in)
{
	decimal value = {.scale = pq_getmsgbyte(in)};
	uint64 high = (uint64) pq_getmsgint64(in);
	uint64 low = (uint64) pq_getmsgint64(in);

	value.mantissa = (exact_int) ((unsigned __int128) high << 64 | low);
	if (!decimal_valid(value))
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid decimal number in binary input")));
	return value;
}

void
value_series_write_binary(StringInfo out, const value_series *series)
{
	value_kind kind = value_series_kind(series);

	pq_sendbyte(out, SERIES_BINARY_VERSION);
	pq_sendbyte(out, kind);
	pq_sendint32(out, (uint32) value_series_count(series));
	for (size_t i = 0; i < value_series_count(series); i++)
	{
		value_entry entry;

		value_series_entry(series, i, &entry);
		pq_sendint32(out, (uint32) entry.day);
		pq_sendbyte(out, entry.known);
		if (!entry.known)
			continue;
		if (kind == VALUE_YESNO)
			pq_sendbyte(out, entry.yesno);
		else
		{
			decimal_write(out, entry.number);
		}
	}
}

static void
pg_attribute_noreturn() say_bad_binary(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary input for type value_series")));
}

/* A flag is 0 or 1 and nothing else. */
static bool
read_flag(StringInfo in)
{
	int flag = pq_getmsgbyte(in);

	if (flag > 1)
		say_bad_binary();
	return flag == 1;
}

static void
read_binary_entry(StringInfo in, value_kind kind, value_entry *entry)
{
	*entry = (value_entry){.day = (int32_t) pq_getmsgint(in, 4)};
	entry->known = read_flag(in);
	if (!entry->known)
		return;
	if (kind == VALUE_YESNO)
		entry->yesno = read_flag(in);
	else
	{
		entry->number = decimal_read(in);
	}
}

value_series *
value_series_read_binary(StringInfo in)
{
	int version = pq_getmsgbyte(in);
	int kind = pq_getmsgbyte(in);
	uint32 count = pq_getmsgint(in, 4);
	value_series *series;
	pure_error error;

	if (version != SERIES_BINARY_VERSION || kind > VALUE_YESNO ||
		count > (uint32) (in->len - in->cursor) / SERIES_ENTRY_LEAST || count > VALUE_SERIES_LIMIT)
		say_bad_binary();
	series = value_series_make((value_kind) kind, count);
	for (uint32 i = 0; i < count; i++)
	{
		value_entry entry;

		read_binary_entry(in, (value_kind) kind, &entry);
		series = value_series_add(series, &entry, &error);
		if (series == NULL)
			georisk_raise(&error);
	}
	if (!value_series_check(series, value_series_size(series), &error))
		say_bad_binary();
	return series;
}

Datum
georisk_value_series_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_DATUM(value_series_to_datum(value_series_read_binary(in)));
}

Datum
georisk_value_series_send(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	pq_begintypsend(&out);
	value_series_write_binary(&out, value_series_from_datum(PG_GETARG_DATUM(0)));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
