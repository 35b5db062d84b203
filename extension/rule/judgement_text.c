/* Text and binary of the judgement. Text is one JSON object; both hold profiles as their own text.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "../what/day_core.h"
#include "judgement.h"

PG_FUNCTION_INFO_V1(georisk_judgement_in);
PG_FUNCTION_INFO_V1(georisk_judgement_out);

static void
write_string(StringInfo out, const char *key, const char *text, size_t length)
{
	appendStringInfo(out, ", \"%s\": ", key);
	escape_json(out, pnstrdup(text, length));
}

static void
write_day(StringInfo out, const char *key, int32 day)
{
	char buffer[DAY_TEXT_SIZE];

	day_print(day, buffer);
	appendStringInfo(out, "\"%s\": \"%s\"", key, buffer);
}

static void
write_lengths(StringInfo out, const char *key, const double *lengths, size_t count)
{
	char buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	appendStringInfo(out, ", \"%s\": [", key);
	for (size_t i = 0; i < count; i++)
	{
		double_to_shortest_decimal_buf(lengths[i], buffer);
		appendStringInfo(out, "%s%s", i > 0 ? ", " : "", buffer);
	}
	appendStringInfoChar(out, ']');
}

static void
write_zone(StringInfo out, const judgement_zone *zone)
{
	appendStringInfo(out, "{\"zone_id\": %d", zone->zone_id);
	if (zone->has_parent)
		appendStringInfo(out, ", \"parent_id\": %d", zone->parent_id);
	if (zone->level != NULL)
		write_string(out, "level", zone->level, zone->level_length);
	if (zone->profile != NULL)
	{
		char *text = zone_profile_to_text(zone->profile);

		write_string(out, "profile", text, strlen(text));
	}
	if (zone->has_neighbours)
	{
		appendStringInfoString(out, ", \"neighbours\": [");
		for (size_t i = 0; i < zone->neighbour_count; i++)
			appendStringInfo(out, "%s%d", i > 0 ? ", " : "", zone->neighbours[i]);
		appendStringInfoChar(out, ']');
	}
	if (zone->shared_m != NULL)
		write_lengths(out, "shared_m", zone->shared_m, zone->neighbour_count);
	if (zone->gap_m != NULL)
		write_lengths(out, "gap_m", zone->gap_m, zone->neighbour_count);
	if (zone->announced != NULL)
		write_string(out, "announced", zone->announced, zone->announced_length);
	appendStringInfoChar(out, '}');
}

Datum
georisk_judgement_out(PG_FUNCTION_ARGS)
{
	judgement_state *state = judgement_read(PG_GETARG_DATUM(0));
	StringInfoData out;

	judgement_sort(state);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	write_day(&out, "as_of", state->as_of);
	if (state->has_start)
	{
		appendStringInfoString(&out, ", ");
		write_day(&out, "start", state->start);
	}
	write_string(&out, "policy", state->policy->text, RISK_POLICY_TEXT_LENGTH(state->policy));
	appendStringInfoString(&out, ", \"zones\": [");
	for (size_t i = 0; i < state->count; i++)
	{
		judgement_zone zone;

		CHECK_FOR_INTERRUPTS();
		judgement_get(state, i, &zone);
		if (i > 0)
			appendStringInfoString(&out, ", ");
		write_zone(&out, &zone);
	}
	appendStringInfoString(&out, "]}");
	PG_RETURN_CSTRING(out.data);
}

/* A JSON object being read: what was looked up is counted, so that a key nobody knows is found. */
typedef struct object_reader
{
	JsonbContainer *container;
	uint32 found;
} object_reader;

static void
pg_attribute_noreturn() refuse_text(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid input syntax for type judgement"), errdetail("%s", detail)));
}

static const JsonbValue *
find(object_reader *object, const char *key, bool (*kind)(const JsonbValue *), bool required)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object->container, key, strlen(key), NULL);

	if (value == NULL && required)
		refuse_text(psprintf("Key \"%s\" is missing.", key));
	if (value == NULL)
		return NULL;
	if (!kind(value))
		refuse_text(psprintf("Key \"%s\" has the wrong kind of value.", key));
	object->found++;
	return value;
}

static bool
is_string(const JsonbValue *value)
{
	return value->type == jbvString;
}

static bool
is_number(const JsonbValue *value)
{
	return value->type == jbvNumeric;
}

static bool
is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data) &&
		   !JsonContainerIsScalar(value->val.binary.data);
}

static void
no_other_keys(const object_reader *object)
{
	if (object->found != JsonContainerSize(object->container))
		refuse_text("There is a key that a judgement does not have.");
}

static int32
integer_of(const JsonbValue *value)
{
	Datum number = NumericGetDatum(value->val.numeric);
	Datum whole = DirectFunctionCall2(numeric_round, number, Int32GetDatum(0));

	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, number, whole)))
		refuse_text("A zone is an integer.");
	return DatumGetInt32(DirectFunctionCall1(numeric_int4, number));
}

static int32
day_of(const JsonbValue *value)
{
	const char *cursor = value->val.string.val;
	const char *end = cursor + value->val.string.len;
	int32 day;

	if (!day_parse(&cursor, end, &day) || cursor != end)
		refuse_text("A day is written as 2021-09-06.");
	return day;
}

static const JsonbValue *
element(const JsonbValue *array, uint32 position, bool (*kind)(const JsonbValue *))
{
	JsonbValue *value = getIthJsonbValueFromContainer(array->val.binary.data, position);

	if (value == NULL || !kind(value))
		refuse_text("An array holds the wrong kind of value.");
	return value;
}

static const int32 *
read_integers(const JsonbValue *array, uint32 count)
{
	int32 *integers = palloc(sizeof(int32) * count + 1);

	for (uint32 i = 0; i < count; i++)
		integers[i] = integer_of(element(array, i, is_number));
	return integers;
}

static const double *
read_lengths(object_reader *object, const char *key, const judgement_zone *zone)
{
	const JsonbValue *array = find(object, key, is_array, false);
	double *lengths;

	if (array == NULL)
		return NULL;
	if (!zone->has_neighbours || JsonContainerSize(array->val.binary.data) != zone->neighbour_count)
		refuse_text(psprintf("Zone %d has %zu neighbours, but \"%s\" is of another length.",
							 zone->zone_id, zone->neighbour_count, key));
	lengths = palloc(sizeof(double) * zone->neighbour_count + 1);
	for (uint32 i = 0; i < zone->neighbour_count; i++)
	{
		const JsonbValue *number = element(array, i, is_number);

		lengths[i] = DatumGetFloat8(
			DirectFunctionCall1(numeric_float8, NumericGetDatum(number->val.numeric)));
	}
	return lengths;
}

static const char *
read_string(object_reader *object, const char *key, size_t *length)
{
	const JsonbValue *value = find(object, key, is_string, false);

	*length = value == NULL ? 0 : value->val.string.len;
	return value == NULL ? NULL : value->val.string.val;
}

static void
read_zone(judgement_state *state, JsonbContainer *container)
{
	object_reader object = {container, 0};
	judgement_zone zone = {0};
	const JsonbValue *value;
	const char *profile;
	size_t profile_length;

	zone.zone_id = integer_of(find(&object, "zone_id", is_number, true));
	value = find(&object, "parent_id", is_number, false);
	zone.has_parent = value != NULL;
	zone.parent_id = value != NULL ? integer_of(value) : 0;
	zone.level = read_string(&object, "level", &zone.level_length);
	profile = read_string(&object, "profile", &profile_length);
	if (profile != NULL)
		zone.profile = zone_profile_from_text(pnstrdup(profile, profile_length));
	value = find(&object, "neighbours", is_array, false);
	zone.has_neighbours = value != NULL;
	if (value != NULL)
	{
		zone.neighbour_count = JsonContainerSize(value->val.binary.data);
		zone.neighbours = read_integers(value, zone.neighbour_count);
	}
	zone.shared_m = read_lengths(&object, "shared_m", &zone);
	zone.gap_m = read_lengths(&object, "gap_m", &zone);
	zone.announced = read_string(&object, "announced", &zone.announced_length);
	no_other_keys(&object);
	judgement_add(state, &zone);
}

Datum
georisk_judgement_in(PG_FUNCTION_ARGS)
{
	Jsonb *json = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0)));
	judgement_state *state = judgement_make(CurrentMemoryContext);
	object_reader object = {&json->root, 0};
	JsonbIterator *iterator;
	JsonbValue item;
	const JsonbValue *policy;
	const JsonbValue *start;
	const JsonbValue *zones;
	int32 as_of;

	if (!JB_ROOT_IS_OBJECT(json))
		refuse_text("A judgement is a JSON object.");
	as_of = day_of(find(&object, "as_of", is_string, true));
	start = find(&object, "start", is_string, false);
	policy = find(&object, "policy", is_string, true);
	zones = find(&object, "zones", is_array, true);
	no_other_keys(&object);
	if (JsonContainerSize(zones->val.binary.data) == 0)
		refuse_text("A judgement has at least one zone.");
	judgement_set_day(state, risk_policy_from_text(policy->val.string.val, policy->val.string.len),
					  as_of, start != NULL, start != NULL ? day_of(start) : 0);

	iterator = JsonbIteratorInit(zones->val.binary.data);
	JsonbIteratorNext(&iterator, &item, true);
	while (JsonbIteratorNext(&iterator, &item, true) == WJB_ELEM)
	{
		CHECK_FOR_INTERRUPTS();
		if (item.type != jbvBinary || !JsonContainerIsObject(item.val.binary.data))
			refuse_text("A zone is a JSON object.");
		read_zone(state, item.val.binary.data);
	}
	PG_RETURN_DATUM(judgement_flatten(state));
}
