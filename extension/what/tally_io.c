/*
 * A tally as text and as binary. Text: the zone set's fingerprint, the numbers of rows, then every
 * zone with its epicurve: {index 0123456789abcdef, placed 4, unplaced 1} 1 {2021-09-01:3} 2 {}
 */
#include "postgres.h"

#include "libpq/pqformat.h"

#include "epicurve.h"
#include "epicurve_text_core.h"
#include "tally.h"
#include "tally_layout.h"

PG_FUNCTION_INFO_V1(georisk_tally_in);
PG_FUNCTION_INFO_V1(georisk_tally_out);
PG_FUNCTION_INFO_V1(georisk_tally_recv);
PG_FUNCTION_INFO_V1(georisk_tally_send);

pg_attribute_noreturn() static void refuse_text(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid input syntax for type tally"), errdetail("%s", detail),
					errhint("Write it like {index 0123456789abcdef, placed 4, unplaced 1} 1 "
							"{2021-09-01:3} 2 {}")));
}

pg_attribute_noreturn() static void refuse_binary(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary representation of a tally"), errdetail("%s", detail)));
}

Datum
georisk_tally_out(PG_FUNCTION_ARGS)
{
	const tally *value = PG_GETARG_TALLY(0);
	StringInfoData text;
	size_t cell = 0;

	initStringInfo(&text);
	appendStringInfo(&text,
					 "{index %016" INT64_MODIFIER "x, placed %" INT64_MODIFIER
					 "d, unplaced %" INT64_MODIFIER "d}",
					 value->fingerprint, value->placed, value->unplaced);
	for (size_t i = 0; i < value->zones; i++)
	{
		epicurve *curve;
		char *curve_text;
		pure_error error;

		CHECK_FOR_INTERRUPTS();
		curve = epicurve_or_raise(tally_curve(value, i, &cell, false, &error), &error);
		curve_text = epicurve_to_text(curve);
		appendStringInfo(&text, " %d ", tally_ids(value)[i]);
		appendStringInfoString(&text, curve_text);
		pfree(curve_text);
		pfree(curve);
	}
	PG_RETURN_CSTRING(text.data);
}

typedef struct zone_curve
{
	int32 zone_id;
	epicurve *curve;
} zone_curve;

/* Reads a word or a sign at *at, and the spaces behind it. */
static void
expect(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		refuse_text(psprintf("Expected \"%s\".", word));
	*at += length;
	*at += strspn(*at, " \t\r\n");
}

static int64
read_number(const char **at, int base, int64 least, int64 most)
{
	char *end;
	int64 value;

	errno = 0;
	value = strtoi64(*at, &end, base);
	if (end == *at || errno != 0 || value < least || value > most)
		refuse_text("Expected a number.");
	*at = end + strspn(end, " \t\r\n");
	return value;
}

static uint64
read_fingerprint(const char **at)
{
	const char *cursor = *at;
	household_key digits;

	if (!household_key_parse(&cursor, cursor + strlen(cursor), &digits) || cursor != *at + 16)
		refuse_text("Expected a fingerprint of 16 hexadecimal digits.");
	*at = cursor + strspn(cursor, " \t\r\n");
	return digits.low;
}

/* Reads every zone with its curve; households are known by all curves or by none. */
static zone_curve *
read_zones(const char *at, size_t *count)
{
	const char *end = at + strlen(at);
	size_t room = 64;
	zone_curve *zones = palloc(room * sizeof(zone_curve));

	for (*count = 0; *at != '\0'; (*count)++)
	{
		zone_curve zone;
		pure_error error;

		CHECK_FOR_INTERRUPTS();
		zone.zone_id = (int32) read_number(&at, 10, PG_INT32_MIN, PG_INT32_MAX);
		zone.curve = epicurve_or_raise(epicurve_parse(&at, end, &error), &error);
		at += strspn(at, " \t\r\n");
		if (*count > 0 && zones[*count - 1].zone_id >= zone.zone_id)
			refuse_text("The zones are not in order.");
		if (*count > 0 &&
			epicurve_has_households(zones[0].curve) != epicurve_has_households(zone.curve))
			refuse_text("Some curves know households and some do not.");
		if (*count == room)
			zones = repalloc_huge(zones, (room *= 2) * sizeof(zone_curve));
		zones[*count] = zone;
	}
	if (*count == 0)
		refuse_text("There is no zone.");
	return zones;
}

static tally *
tally_of_zones(uint64 fingerprint, int64 placed, int64 unplaced, const zone_curve *zones,
			   size_t count)
{
	int32 *ids = palloc(count * sizeof(int32));
	tally_counter *counter;
	tally *value;
	pure_error error;

	for (size_t i = 0; i < count; i++)
		ids[i] = zones[i].zone_id;
	counter = tally_counter_make(fingerprint, ids, count, epicurve_has_households(zones[0].curve));
	for (size_t i = 0; i < count; i++)
		if (!tally_counter_add_curve(counter, i, zones[i].curve, &error))
			georisk_raise(&error);
	tally_counter_set_rows(counter, placed, unplaced);
	value = tally_flatten(counter);
	if (!tally_check(value, tally_size(value), &error))
		refuse_text(pstrdup(error.detail));
	return value;
}

Datum
georisk_tally_in(PG_FUNCTION_ARGS)
{
	const char *at = PG_GETARG_CSTRING(0);
	uint64 fingerprint;
	int64 placed, unplaced;
	zone_curve *zones;
	size_t count;

	at += strspn(at, " \t\r\n");
	expect(&at, "{");
	expect(&at, "index");
	fingerprint = read_fingerprint(&at);
	expect(&at, ",");
	expect(&at, "placed");
	placed = read_number(&at, 10, 0, PG_INT64_MAX);
	expect(&at, ",");
	expect(&at, "unplaced");
	unplaced = read_number(&at, 10, 0, PG_INT64_MAX);
	expect(&at, "}");
	zones = read_zones(at, &count);
	PG_RETURN_TALLY(tally_of_zones(fingerprint, placed, unplaced, zones, count));
}

Datum
georisk_tally_send(PG_FUNCTION_ARGS)
{
	const tally *value = PG_GETARG_TALLY(0);
	bool households = tally_knows_households(value);
	const uint64_t *cell = tally_cells(value);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendbyte(&buffer, value->version);
	pq_sendbyte(&buffer, value->flags);
	pq_sendint64(&buffer, value->fingerprint);
	pq_sendint64(&buffer, value->placed);
	pq_sendint64(&buffer, value->unplaced);
	pq_sendint32(&buffer, value->zones);
	pq_sendint32(&buffer, value->cells);
	for (uint32 i = 0; i < value->zones; i++)
		pq_sendint32(&buffer, tally_ids(value)[i]);
	for (uint32 i = 0; i < value->cells; i++, cell += words_of(households))
	{
		CHECK_FOR_INTERRUPTS();
		for (size_t word = 0; word < words_of(households); word++)
			pq_sendint64(&buffer, cell[word]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* The fixed part of the binary form; the message must hold all zones and cells that it names. */
static tally
receive_header(StringInfo buffer)
{
	tally header = {0};
	uint64 left;

	header.version = (uint8) pq_getmsgbyte(buffer);
	header.flags = (uint8) pq_getmsgbyte(buffer);
	header.fingerprint = (uint64) pq_getmsgint64(buffer);
	header.placed = pq_getmsgint64(buffer);
	header.unplaced = pq_getmsgint64(buffer);
	header.zones = pq_getmsgint(buffer, 4);
	header.cells = pq_getmsgint(buffer, 4);
	left = (uint64) (buffer->len - buffer->cursor);
	if ((uint64) header.zones * sizeof(int32) +
			(uint64) header.cells * words_of(tally_knows_households(&header)) * sizeof(uint64) >
		left)
		refuse_binary("The message is shorter than its numbers of zones and cells.");
	return header;
}

Datum
georisk_tally_recv(PG_FUNCTION_ARGS)
{
	StringInfo buffer = (StringInfo) PG_GETARG_POINTER(0);
	tally header = receive_header(buffer);
	size_t size = tally_size(&header), words = words_of(tally_knows_households(&header));
	tally *value = palloc0(size);
	uint64_t *cells;
	pure_error error;

	*value = header;
	for (uint32 i = 0; i < value->zones; i++)
		tally_ids(value)[i] = (int32) pq_getmsgint(buffer, 4);
	cells = tally_cells(value);
	for (size_t word = 0; word < value->cells * words; word++)
	{
		CHECK_FOR_INTERRUPTS();
		cells[word] = (uint64) pq_getmsgint64(buffer);
	}
	if (!tally_check(value, size, &error))
		refuse_binary(pstrdup(error.detail));
	PG_RETURN_TALLY(value);
}
