/*
 * Casts between epicurve and jsonb:
 * {"days": {"2021-09-01": 3}, "households": {"2021-09-01": {"1f": 2, "2a": 1}}}
 * A curve that does not know households has no such key. Read, {"2021-09-01": 3} alone will do.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "epicurve.h"
#include "epicurve_text_core.h"

PG_FUNCTION_INFO_V1(georisk_epicurve_to_jsonb);
PG_FUNCTION_INFO_V1(georisk_jsonb_to_epicurve);

static void
push_text(JsonbParseState **state, JsonbIteratorToken token, const char *text, size_t length)
{
	JsonbValue value;

	value.type = jbvString;
	value.val.string.val = pnstrdup(text, length);
	value.val.string.len = (int) length;
	pushJsonbValue(state, token, &value);
}

static void
push_day(JsonbParseState **state, int32 day)
{
	char text[DAY_TEXT_SIZE];
	size_t length = day_print(day, text);

	push_text(state, WJB_KEY, text, length);
}

static void
push_count(JsonbParseState **state, int64 n)
{
	JsonbValue value;

	value.type = jbvNumeric;
	value.val.numeric = int64_to_numeric(n);
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_days(JsonbParseState **state, const epicurve *curve)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	for (size_t i = 0; i < epicurve_day_count(curve); i++)
	{
		int32 day;
		int64 n;

		CHECK_FOR_INTERRUPTS();
		epicurve_day(curve, i, &day, &n);
		push_day(state, day);
		push_count(state, n);
	}
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
push_households(JsonbParseState **state, const epicurve *curve)
{
	size_t count = epicurve_household_count(curve);
	int32 open_day = 0;

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	for (size_t i = 0; i < count; i++)
	{
		char text[HOUSEHOLD_KEY_TEXT_SIZE];
		household_key key;
		int32 day;
		int64 n;
		size_t length;

		CHECK_FOR_INTERRUPTS();
		epicurve_household(curve, i, &day, &key, &n);
		if (i == 0 || day != open_day)
		{
			if (i > 0)
				pushJsonbValue(state, WJB_END_OBJECT, NULL);
			push_day(state, day);
			pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
			open_day = day;
		}
		length = household_key_print(key, text);
		push_text(state, WJB_KEY, text, length);
		push_count(state, n);
	}
	if (count > 0)
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

JsonbValue *
epicurve_push_jsonb(JsonbParseState **state, const epicurve *curve)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_text(state, WJB_KEY, "days", strlen("days"));
	push_days(state, curve);
	if (epicurve_has_households(curve))
	{
		push_text(state, WJB_KEY, "households", strlen("households"));
		push_households(state, curve);
	}
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

pg_attribute_noreturn() static void refuse(const char *detail, const char *what, int length)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("jsonb value is not an epicurve"),
			 what != NULL ? errdetail(detail, pnstrdup(what, length)) : errdetail("%s", detail),
			 errhint("Write it like {\"days\": {\"2021-09-01\": 3}}, with ISO dates.")));
}

/* Steps to the next key of an object and its value; false at the end. */
static bool
next_pair(JsonbIterator **iterator, JsonbValue *key, JsonbValue *value)
{
	CHECK_FOR_INTERRUPTS();
	if (JsonbIteratorNext(iterator, key, true) != WJB_KEY)
		return false;
	JsonbIteratorNext(iterator, value, true);
	return true;
}

static JsonbIterator *
open_object(JsonbContainer *container, const char *what)
{
	JsonbIterator *iterator;
	JsonbValue ignored;

	if (!JsonContainerIsObject(container))
		refuse("%s must be an object.", what, (int) strlen(what));
	iterator = JsonbIteratorInit(container);
	JsonbIteratorNext(&iterator, &ignored, true);
	return iterator;
}

static int32
day_of_key(const JsonbValue *key)
{
	const char *at = key->val.string.val, *end = at + key->val.string.len;
	int32 day;

	if (!day_parse(&at, end, &day) || at != end)
		refuse("\"%s\" is not an ISO date.", key->val.string.val, key->val.string.len);
	return day;
}

static int64
count_of_value(const JsonbValue *key, const JsonbValue *value)
{
	Datum number, rounded;

	if (value->type != jbvNumeric)
		refuse("The count of \"%s\" is not a number.", key->val.string.val, key->val.string.len);
	number = NumericGetDatum(value->val.numeric);
	rounded = DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(0));
	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, number, rounded)))
		refuse("The count of \"%s\" is not a whole number.", key->val.string.val,
			   key->val.string.len);
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, number));
}

static epicurve *
add_row(epicurve *curve, int32 day, int64 n, const household_key *key)
{
	pure_error error;

	return epicurve_or_raise(epicurve_add(curve, day, n, key, &error), &error);
}

static epicurve *
add_days(epicurve *curve, JsonbContainer *container)
{
	JsonbIterator *iterator = open_object(container, "\"days\"");
	JsonbValue key, value;

	while (next_pair(&iterator, &key, &value))
		curve = add_row(curve, day_of_key(&key), count_of_value(&key, &value), NULL);
	return curve;
}

/* Moves counts from households not known to those named. */
static epicurve *
add_households(epicurve *curve, int32 day, JsonbContainer *container)
{
	JsonbIterator *iterator = open_object(container, "the households of a day");
	JsonbValue name, value;

	while (next_pair(&iterator, &name, &value))
	{
		const char *at = name.val.string.val, *end = at + name.val.string.len;
		int64 n = count_of_value(&name, &value);
		household_key key;

		if (!household_key_parse(&at, end, &key) || at != end)
			refuse("\"%s\" is not a household key in hexadecimal.", name.val.string.val,
				   name.val.string.len);
		curve = add_row(curve, day, n, &key);
		curve = add_row(curve, day, n == PG_INT64_MIN ? n : -n, NULL);
	}
	return curve;
}

static epicurve *
add_household_days(epicurve *curve, JsonbContainer *container)
{
	JsonbIterator *iterator = open_object(container, "\"households\"");
	JsonbValue key, value;

	while (next_pair(&iterator, &key, &value))
	{
		int32 day = day_of_key(&key);

		if (value.type != jbvBinary)
			refuse("The households of \"%s\" must be an object.", key.val.string.val,
				   key.val.string.len);
		curve = add_households(curve, day, value.val.binary.data);
	}
	return curve;
}

static JsonbContainer *
find_object(JsonbContainer *container, const char *name)
{
	JsonbValue found;

	if (getKeyJsonValueFromContainer(container, name, (int) strlen(name), &found) == NULL)
		return NULL;
	if (found.type != jbvBinary)
		refuse("\"%s\" must be an object.", name, (int) strlen(name));
	return found.val.binary.data;
}

static bool
is_key(const JsonbValue *key, const char *name)
{
	return key->val.string.len == (int) strlen(name) &&
		   memcmp(key->val.string.val, name, strlen(name)) == 0;
}

static void
refuse_other_keys(JsonbContainer *container)
{
	JsonbIterator *iterator = open_object(container, "the value");
	JsonbValue key, value;

	while (next_pair(&iterator, &key, &value))
		if (!is_key(&key, "days") && !is_key(&key, "households"))
			refuse("\"%s\" is neither \"days\" nor \"households\".", key.val.string.val,
				   key.val.string.len);
}

epicurve *
epicurve_from_jsonb(JsonbContainer *container)
{
	JsonbContainer *days, *households;
	epicurve *curve;
	pure_error error;

	if (!JsonContainerIsObject(container))
		refuse("It is not an object.", NULL, 0);
	days = find_object(container, "days");
	households = find_object(container, "households");
	curve = epicurve_make(households != NULL);
	if (days == NULL && households == NULL)
		curve = add_days(curve, container);
	else
		refuse_other_keys(container);
	if (days != NULL)
		curve = add_days(curve, days);
	if (households != NULL)
		curve = add_household_days(curve, households);
	return epicurve_or_raise(epicurve_pack(curve, &error), &error);
}

Datum
georisk_epicurve_to_jsonb(PG_FUNCTION_ARGS)
{
	JsonbParseState *state = NULL;

	PG_RETURN_JSONB_P(JsonbValueToJsonb(epicurve_push_jsonb(&state, PG_GETARG_EPICURVE(0))));
}

Datum
georisk_jsonb_to_epicurve(PG_FUNCTION_ARGS)
{
	PG_RETURN_EPICURVE(epicurve_from_jsonb(&PG_GETARG_JSONB_P(0)->root));
}
