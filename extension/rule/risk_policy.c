/* The type risk_policy: input, output, equality, and its compiled form. */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "risk_policy.h"

#define KEPT_POLICIES 16
#define KEPT_POLICY_SIZE 65536

PG_FUNCTION_INFO_V1(georisk_risk_policy_in);
PG_FUNCTION_INFO_V1(georisk_risk_policy_out);
PG_FUNCTION_INFO_V1(georisk_risk_policy_recv);
PG_FUNCTION_INFO_V1(georisk_risk_policy_send);
PG_FUNCTION_INFO_V1(georisk_risk_policy_eq);
PG_FUNCTION_INFO_V1(georisk_risk_policy_ne);

static const policy *
compile(const char *text, size_t length)
{
	pure_error error = {PURE_OK};
	char *utf8 = pnstrdup(text, length);
	policy *compiled;

	if (GetDatabaseEncoding() != PG_UTF8)
	{
		utf8 = pg_server_to_any(utf8, length, PG_UTF8);
		length = strlen(utf8);
	}
	compiled = policy_parse(utf8, length, &error);
	if (compiled == NULL)
		georisk_raise(&error);
	return compiled;
}

const policy *
risk_policy_compile(const risk_policy *value)
{
	return compile(value->text, RISK_POLICY_TEXT_LENGTH(value));
}

/* Compiles into a context of its own, empty before. */
static void
fill_cache(risk_policy_cache *cache, const risk_policy *value)
{
	MemoryContext caller = MemoryContextSwitchTo(cache->context);

	cache->value = memcpy(palloc(VARSIZE(value)), value, VARSIZE(value));
	cache->compiled = risk_policy_compile(cache->value);
	MemoryContextSwitchTo(caller);
}

/*
 * The first policies that a process meets stay compiled as long as it lives, for a view asks the
 * same one half a dozen things at each reading. None is given up, for whoever has one keeps it.
 * NULL for a policy beyond those.
 */
static const risk_policy_cache *
kept_policy(const risk_policy *value)
{
	static risk_policy_cache kept[KEPT_POLICIES];
	static int count = 0;
	risk_policy_cache fresh = {NULL};

	for (int i = 0; i < count; i++)
		if (risk_policy_same(kept[i].value, value))
			return &kept[i];
	if (count == KEPT_POLICIES || VARSIZE(value) > KEPT_POLICY_SIZE)
		return NULL;
	fresh.context = AllocSetContextCreate(CurrentMemoryContext, "georisk kept policy",
										  ALLOCSET_SMALL_SIZES);
	fill_cache(&fresh, value);
	MemoryContextSetParent(fresh.context, TopMemoryContext);
	kept[count] = fresh;
	return &kept[count++];
}

const policy *
risk_policy_cached(risk_policy_cache *cache, MemoryContext parent, const risk_policy *value)
{
	const risk_policy_cache *kept;

	if (cache->compiled != NULL && risk_policy_same(cache->value, value))
		return cache->compiled;

	cache->compiled = NULL;
	kept = kept_policy(value);
	if (kept != NULL)
	{
		cache->value = kept->value;
		cache->compiled = kept->compiled;
		return cache->compiled;
	}
	if (cache->context == NULL)
		cache->context =
			AllocSetContextCreate(parent, "georisk compiled policy", ALLOCSET_SMALL_SIZES);
	MemoryContextReset(cache->context);
	fill_cache(cache, value);
	return cache->compiled;
}

const policy *
risk_policy_of_call(FunctionCallInfo fcinfo, const risk_policy *value)
{
	FmgrInfo *call = fcinfo->flinfo;

	if (call->fn_extra == NULL)
		call->fn_extra = MemoryContextAllocZero(call->fn_mcxt, sizeof(risk_policy_cache));
	return risk_policy_cached(call->fn_extra, call->fn_mcxt, value);
}

const risk_policy *
risk_policy_from_datum(Datum datum)
{
	const risk_policy *value = (const risk_policy *) PG_DETOAST_DATUM(datum);

	if (VARSIZE(value) < offsetof(risk_policy, text) || value->version != RISK_POLICY_VERSION ||
		value->reserved[0] != 0 || value->reserved[1] != 0 || value->reserved[2] != 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("damaged risk_policy value")));
	return value;
}

risk_policy *
risk_policy_from_text(const char *text, size_t length)
{
	size_t size = offsetof(risk_policy, text) + length;
	risk_policy *value;

	compile(text, length);
	value = palloc0(size);
	SET_VARSIZE(value, size);
	value->version = RISK_POLICY_VERSION;
	memcpy(value->text, text, length);
	return value;
}

bool
risk_policy_same(const risk_policy *a, const risk_policy *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(a->text, b->text, RISK_POLICY_TEXT_LENGTH(a)) == 0;
}

policy_lang
risk_policy_lang(FunctionCallInfo fcinfo, int argument)
{
	char *lang = PG_ARGISNULL(argument) ? "en" : text_to_cstring(PG_GETARG_TEXT_PP(argument));

	if (strcmp(lang, "en") == 0)
		return POLICY_EN;
	if (strcmp(lang, "vi") == 0)
		return POLICY_VI;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("there is no language \"%s\"", lang),
			 lang[0] >= '0' && lang[0] <= '9' ?
				 errhint("A day here is of its type: date '2021-09-06'.") :
				 errhint("Languages are 'en' (English) and 'vi' (Vietnamese).")));
}

Datum
risk_policy_text_datum(const char *utf8)
{
	return CStringGetTextDatum(pg_any_to_server(utf8, strlen(utf8), PG_UTF8));
}

void
risk_policy_put_text(Datum *values, bool *nulls, int column, const char *utf8)
{
	nulls[column] = utf8 == NULL;
	if (utf8 != NULL)
		values[column] = risk_policy_text_datum(utf8);
}

Datum
georisk_risk_policy_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);

	PG_RETURN_POINTER(risk_policy_from_text(text, strlen(text)));
}

Datum
georisk_risk_policy_out(PG_FUNCTION_ARGS)
{
	const risk_policy *value = PG_GETARG_RISK_POLICY(0);

	PG_RETURN_CSTRING(pnstrdup(value->text, RISK_POLICY_TEXT_LENGTH(value)));
}

Datum
georisk_risk_policy_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int version = pq_getmsgbyte(message);
	int length;
	const char *text;

	if (version != RISK_POLICY_VERSION)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("unknown risk_policy version %d", version)));
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	PG_RETURN_POINTER(risk_policy_from_text(text, length));
}

Datum
georisk_risk_policy_send(PG_FUNCTION_ARGS)
{
	const risk_policy *value = PG_GETARG_RISK_POLICY(0);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, RISK_POLICY_VERSION);
	pq_sendtext(&message, value->text, RISK_POLICY_TEXT_LENGTH(value));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
georisk_risk_policy_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(risk_policy_same(PG_GETARG_RISK_POLICY(0), PG_GETARG_RISK_POLICY(1)));
}

Datum
georisk_risk_policy_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!risk_policy_same(PG_GETARG_RISK_POLICY(0), PG_GETARG_RISK_POLICY(1)));
}
