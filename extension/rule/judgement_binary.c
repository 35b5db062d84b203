/* The judgement in binary, network byte order, with profiles as their own text. */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "../what/day_core.h"
#include "judgement.h"

PG_FUNCTION_INFO_V1(georisk_judgement_recv);
PG_FUNCTION_INFO_V1(georisk_judgement_send);

#define BINARY_VERSION 1

static void
send_text(StringInfo message, bool given, const char *text, size_t length)
{
	char *converted;

	pq_sendbyte(message, given);
	if (!given)
		return;
	converted = pg_server_to_client(text, length);
	if (converted != text)
		length = strlen(converted);
	pq_sendint32(message, length);
	pq_sendbytes(message, converted, length);
}

static void
send_lengths(StringInfo message, const double *lengths, size_t count)
{
	pq_sendbyte(message, lengths != NULL);
	for (size_t i = 0; lengths != NULL && i < count; i++)
		pq_sendfloat8(message, lengths[i]);
}

static void
send_zone(StringInfo message, const judgement_zone *zone)
{
	char *profile = zone->profile != NULL ? zone_profile_to_text(zone->profile) : NULL;

	pq_sendint32(message, zone->zone_id);
	pq_sendbyte(message, zone->has_parent);
	if (zone->has_parent)
		pq_sendint32(message, zone->parent_id);
	send_text(message, zone->level != NULL, zone->level, zone->level_length);
	send_text(message, profile != NULL, profile, profile != NULL ? strlen(profile) : 0);
	pq_sendbyte(message, zone->has_neighbours);
	if (zone->has_neighbours)
	{
		pq_sendint32(message, zone->neighbour_count);
		for (size_t i = 0; i < zone->neighbour_count; i++)
			pq_sendint32(message, zone->neighbours[i]);
		send_lengths(message, zone->shared_m, zone->neighbour_count);
		send_lengths(message, zone->gap_m, zone->neighbour_count);
	}
	send_text(message, zone->announced != NULL, zone->announced, zone->announced_length);
}

Datum
georisk_judgement_send(PG_FUNCTION_ARGS)
{
	judgement_state *state = judgement_read(PG_GETARG_DATUM(0));
	StringInfoData message;

	judgement_sort(state);
	pq_begintypsend(&message);
	pq_sendbyte(&message, BINARY_VERSION);
	pq_sendint32(&message, state->as_of);
	pq_sendbyte(&message, state->has_start);
	if (state->has_start)
		pq_sendint32(&message, state->start);
	send_text(&message, true, state->policy->text, RISK_POLICY_TEXT_LENGTH(state->policy));
	pq_sendint32(&message, state->count);
	for (size_t i = 0; i < state->count; i++)
	{
		judgement_zone zone;

		CHECK_FOR_INTERRUPTS();
		judgement_get(state, i, &zone);
		send_zone(&message, &zone);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

static void
pg_attribute_noreturn() refuse_binary(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary value of type judgement")));
}

static bool
receive_flag(StringInfo message)
{
	int flag = pq_getmsgbyte(message);

	if (flag > 1)
		refuse_binary();
	return flag == 1;
}

static int32
receive_day(StringInfo message)
{
	int32 day = pq_getmsgint(message, 4);

	if (!day_is_finite(day))
		refuse_binary();
	return day;
}

/* A count of things that take `size` bytes each in what is left of the message. */
static size_t
receive_count(StringInfo message, size_t size)
{
	int32 count = pq_getmsgint(message, 4);

	if (count < 0 || count > (message->len - message->cursor) / size)
		refuse_binary();
	return count;
}

static const char *
receive_text(StringInfo message, size_t *length)
{
	const char *text;
	int converted;

	*length = 0;
	if (!receive_flag(message))
		return NULL;
	text = pq_getmsgtext(message, receive_count(message, 1), &converted);
	*length = converted;
	return text;
}

static const double *
receive_lengths(StringInfo message, size_t count)
{
	double *lengths;

	if (!receive_flag(message))
		return NULL;
	if (count > (message->len - message->cursor) / sizeof(double))
		refuse_binary();
	lengths = palloc(sizeof(double) * count + 1);
	for (size_t i = 0; i < count; i++)
		lengths[i] = pq_getmsgfloat8(message);
	return lengths;
}

static void
receive_zone(StringInfo message, judgement_state *state)
{
	judgement_zone zone = {0};
	const char *profile;
	size_t profile_length;

	zone.zone_id = pq_getmsgint(message, 4);
	zone.has_parent = receive_flag(message);
	if (zone.has_parent)
		zone.parent_id = pq_getmsgint(message, 4);
	zone.level = receive_text(message, &zone.level_length);
	profile = receive_text(message, &profile_length);
	if (profile != NULL)
		zone.profile = zone_profile_from_text(profile);
	zone.has_neighbours = receive_flag(message);
	if (zone.has_neighbours)
	{
		int32 *neighbours;

		zone.neighbour_count = receive_count(message, sizeof(int32));
		neighbours = palloc(sizeof(int32) * zone.neighbour_count + 1);
		for (size_t i = 0; i < zone.neighbour_count; i++)
			neighbours[i] = pq_getmsgint(message, 4);
		zone.neighbours = neighbours;
		zone.shared_m = receive_lengths(message, zone.neighbour_count);
		zone.gap_m = receive_lengths(message, zone.neighbour_count);
	}
	zone.announced = receive_text(message, &zone.announced_length);
	judgement_add(state, &zone);
}

Datum
georisk_judgement_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	judgement_state *state = judgement_make(CurrentMemoryContext);
	const char *policy;
	size_t policy_length;
	size_t zones;
	int32 as_of;
	int32 start = 0;
	bool has_start;

	if (pq_getmsgbyte(message) != BINARY_VERSION)
		refuse_binary();
	as_of = receive_day(message);
	has_start = receive_flag(message);
	if (has_start)
		start = receive_day(message);
	policy = receive_text(message, &policy_length);
	if (policy == NULL)
		refuse_binary();
	judgement_set_day(state, risk_policy_from_text(policy, policy_length), as_of, has_start, start);
	zones = receive_count(message, 1);
	if (zones == 0)
		refuse_binary();
	for (size_t i = 0; i < zones; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_zone(message, state);
	}
	PG_RETURN_DATUM(judgement_flatten(state));
}
