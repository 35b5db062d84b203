/* The type: text, binary, stored bytes. */
#include "postgres.h"

#include "access/detoast.h"
#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "zone_draft_core.h"
#include "zone_index.h"
#include "zone_index_layout.h"
#include "zone_text_core.h"

Datum
zone_index_datum(zone_index *index)
{
	SET_VARSIZE(index, zone_index_size(index));
	return PointerGetDatum(index);
}

/* ---- stored bytes ---- */

zone_index *
zone_index_copy(Datum value, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	zone_index *copy = (zone_index *) PG_DETOAST_DATUM_COPY(value);
	pure_error error;

	MemoryContextSwitchTo(old);
	if (!zone_index_check(copy, VARSIZE(copy), &error))
	{
		pfree(copy);
		georisk_raise(&error);
	}
	return copy;
}

/*
 * For output and comparison: also the unfinished state of the aggregate has a text and a binary form, that of
 * the index it would be.
 */
static const zone_index *
finished(struct varlena *value)
{
	zone_index *index;
	pure_error error;

	if (!zone_flat_draft_is(value, VARSIZE(value)))
	{
		if (!zone_index_check(value, VARSIZE(value), &error))
			georisk_raise(&error);
		return (const zone_index *) value;
	}
	if (!zone_flat_draft_check(value, VARSIZE(value), &error))
		georisk_raise(&error);
	index = zone_flat_draft_finish((const zone_flat_draft *) value, &error);
	if (index == NULL)
		georisk_raise(&error);
	return index;
}

/* ---- text ---- */

PG_FUNCTION_INFO_V1(georisk_zone_index_in);

Datum
georisk_zone_index_in(PG_FUNCTION_ARGS)
{
	pure_error error;
	zone_index *index = zone_text_parse(PG_GETARG_CSTRING(0), &error);

	if (index == NULL)
		georisk_raise(&error);
	return zone_index_datum(index);
}

static void
append_coordinate(StringInfo text, double value)
{
	char digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, digits);
	appendStringInfoString(text, digits);
	appendStringInfoChar(text, ' ');
}

static void
append_members(StringInfo text, const int32_t *ids, const int32_t *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		appendStringInfo(text, i == 0 ? "%d" : "+%d", ids[members[i]]);
}

PG_FUNCTION_INFO_V1(georisk_zone_index_out);

/* The shortest digits that give the same double again, whatever extra_float_digits says. */
Datum
georisk_zone_index_out(PG_FUNCTION_ARGS)
{
	const zone_index *index = finished(PG_GETARG_VARLENA_P(0));
	const int32_t *ids = zone_index_ids(index);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "SRID=%d;ZONES(", zone_index_srid(index));
	for (size_t i = 0; i < zone_index_zones(index); i++)
		appendStringInfo(&text, i == 0 ? "%d" : ",%d", ids[i]);
	appendStringInfoString(&text, ");EDGES(");
	for (size_t i = 0; i < zone_index_edges(index); i++)
	{
		zone_border border;

		CHECK_FOR_INTERRUPTS();
		zone_index_border(index, i, &border);
		if (i > 0)
			appendStringInfoChar(&text, ',');
		append_coordinate(&text, border.ax);
		append_coordinate(&text, border.ay);
		append_coordinate(&text, border.bx);
		append_coordinate(&text, border.by);
		append_members(&text, ids, border.left, border.left_count);
		appendStringInfoChar(&text, '|');
		append_members(&text, ids, border.right, border.right_count);
	}
	appendStringInfoChar(&text, ')');
	PG_RETURN_CSTRING(text.data);
}

/* ---- binary ---- */

static void
send_members(StringInfo buffer, const int32_t *ids, const int32_t *members, size_t count)
{
	pq_sendint32(buffer, (uint32) count);
	for (size_t i = 0; i < count; i++)
		pq_sendint32(buffer, (uint32) ids[members[i]]);
}

PG_FUNCTION_INFO_V1(georisk_zone_index_send);

Datum
georisk_zone_index_send(PG_FUNCTION_ARGS)
{
	const zone_index *index = finished(PG_GETARG_VARLENA_P(0));
	const int32_t *ids = zone_index_ids(index);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint8(&buffer, ZONE_INDEX_VERSION);
	pq_sendint32(&buffer, (uint32) zone_index_srid(index));
	pq_sendint32(&buffer, (uint32) zone_index_zones(index));
	for (size_t i = 0; i < zone_index_zones(index); i++)
		pq_sendint32(&buffer, (uint32) ids[i]);
	pq_sendint32(&buffer, (uint32) zone_index_edges(index));
	for (size_t i = 0; i < zone_index_edges(index); i++)
	{
		zone_border border;

		CHECK_FOR_INTERRUPTS();
		zone_index_border(index, i, &border);
		pq_sendfloat8(&buffer, border.ax);
		pq_sendfloat8(&buffer, border.ay);
		pq_sendfloat8(&buffer, border.bx);
		pq_sendfloat8(&buffer, border.by);
		send_members(&buffer, ids, border.left, border.left_count);
		send_members(&buffer, ids, border.right, border.right_count);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* A count of things that take at least `least` bytes each: checked before anything is allocated for
 * it. */
static uint32
receive_count(StringInfo buffer, size_t least)
{
	uint32 count = (uint32) pq_getmsgint(buffer, 4);

	if (count > (size_t) (buffer->len - buffer->cursor) / least)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("binary zone_index ends early")));
	return count;
}

static void
receive_side(StringInfo buffer, zone_edge edge, zone_edge_buffer *edges)
{
	uint32 count = receive_count(buffer, 4);

	for (uint32 i = 0; i < count; i++)
	{
		edge.zone_id = (int32) pq_getmsgint(buffer, 4);
		zone_edge_buffer_add(edges, &edge);
	}
}

PG_FUNCTION_INFO_V1(georisk_zone_index_recv);

Datum
georisk_zone_index_recv(PG_FUNCTION_ARGS)
{
	StringInfo buffer = (StringInfo) PG_GETARG_POINTER(0);
	zone_edge_buffer edges = {NULL, 0, 0};
	zone_index *index;
	pure_error error;
	uint32 zones, count;
	int32 *ids;
	int32 srid;

	if (pq_getmsgbyte(buffer) != ZONE_INDEX_VERSION)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("binary zone_index has a version that is not known")));
	srid = (int32) pq_getmsgint(buffer, 4);
	zones = receive_count(buffer, 4);
	ids = MemoryContextAllocHuge(CurrentMemoryContext, zones * sizeof(int32));
	for (uint32 i = 0; i < zones; i++)
		ids[i] = (int32) pq_getmsgint(buffer, 4);

	count = receive_count(buffer, 4 * sizeof(float8) + 2 * sizeof(int32));
	for (uint32 i = 0; i < count; i++)
	{
		zone_edge forward = {0};
		zone_edge backward = {0};

		CHECK_FOR_INTERRUPTS();
		backward.bx = forward.ax = pq_getmsgfloat8(buffer);
		backward.by = forward.ay = pq_getmsgfloat8(buffer);
		backward.ax = forward.bx = pq_getmsgfloat8(buffer);
		backward.ay = forward.by = pq_getmsgfloat8(buffer);
		receive_side(buffer, forward, &edges);
		receive_side(buffer, backward, &edges);
	}

	index = zone_index_build(ids, zones, edges.edges, edges.count, srid, &error);
	if (index == NULL)
	{
		if (error.code == PURE_INVALID_PARAMETER)
			error.code = PURE_INVALID_BINARY;
		georisk_raise(&error);
	}
	return zone_index_datum(index);
}

PG_FUNCTION_INFO_V1(georisk_load_zone_index);

Datum
georisk_load_zone_index(PG_FUNCTION_ARGS)
{
	return PointerGetDatum(zone_index_copy(PG_GETARG_DATUM(0), CurrentMemoryContext));
}

/* ---- equality and a look inside ---- */

/* What this version makes has the same bytes for the same zones; what an earlier one stored may not. */
static bool
is_equal(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_P(0);
	struct varlena *b = PG_GETARG_VARLENA_P(1);

	if (VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0)
		return true;
	return zone_index_same(finished(a), finished(b));
}

PG_FUNCTION_INFO_V1(georisk_zone_index_equal);

Datum
georisk_zone_index_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_equal(fcinfo));
}

PG_FUNCTION_INFO_V1(georisk_zone_index_not_equal);

Datum
georisk_zone_index_not_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!is_equal(fcinfo));
}
