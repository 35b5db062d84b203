/* The risk_policy value: the text of a policy exactly as it was given, parsed before it was stored.
 */
#ifndef GEORISK_RISK_POLICY_H
#define GEORISK_RISK_POLICY_H

#include "../georisk.h"
#include "policy.h"

typedef struct risk_policy
{
	int32 vl_len_;
	uint8 version;
	uint8 reserved[3];
	char text[FLEXIBLE_ARRAY_MEMBER];
} risk_policy;

#define RISK_POLICY_VERSION 1
#define RISK_POLICY_TEXT_LENGTH(value) (VARSIZE(value) - offsetof(risk_policy, text))

#define PG_GETARG_RISK_POLICY(n) risk_policy_from_datum(PG_GETARG_DATUM(n))

/* Detoasts and checks the header; the result may be `datum` itself. */
extern const risk_policy *risk_policy_from_datum(Datum datum);

/* Parses; an error names line and column. */
extern risk_policy *risk_policy_from_text(const char *text, size_t length);

extern bool risk_policy_same(const risk_policy *a, const risk_policy *b);

/* Compiled into the current memory context, which owns all of it. */
extern const policy *risk_policy_compile(const risk_policy *value);

/* The compiled form of the policy seen last: a cache, and nothing but a cache. */
typedef struct risk_policy_cache
{
	MemoryContext context;
	const risk_policy *value;
	const policy *compiled;
} risk_policy_cache;

extern const policy *risk_policy_cached(risk_policy_cache *cache, MemoryContext parent,
										const risk_policy *value);

/* The same, kept at the call site. */
extern const policy *risk_policy_of_call(FunctionCallInfo fcinfo, const risk_policy *value);

/* An argument that is 'en' or 'vi'; NULL is 'en'. */
extern policy_lang risk_policy_lang(FunctionCallInfo fcinfo, int argument);

/* The language speaks UTF-8; texts that leave it are turned into the database's encoding. */
extern Datum risk_policy_text_datum(const char *utf8);

/* The same as a column of a row; NULL where there is no text. */
extern void risk_policy_put_text(Datum *values, bool *nulls, int column, const char *utf8);

#endif
