/* The module, and the one place where a pure core's error becomes PostgreSQL's. */
#include "postgres.h"

#include "georisk.h"
#include "where/zone_index_store.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

/*
 * The C library gives memory back to the system after each statement and fetches it again for the
 * next, up to twice the largest piece that it ever saw freed. Reading a map takes some megabytes.
 */
void
_PG_init(void)
{
	pfree(palloc(8 * 1024 * 1024));
	zone_index_store_init();
}

static int
sqlstate_of(pure_error_code code)
{
	switch (code)
	{
		case PURE_SYNTAX:
			return ERRCODE_SYNTAX_ERROR;
		case PURE_INVALID_TEXT:
			return ERRCODE_INVALID_TEXT_REPRESENTATION;
		case PURE_INVALID_BINARY:
			return ERRCODE_INVALID_BINARY_REPRESENTATION;
		case PURE_INVALID_PARAMETER:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case PURE_OUT_OF_RANGE:
			return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
		case PURE_DATE_OUT_OF_RANGE:
			return ERRCODE_DATETIME_FIELD_OVERFLOW;
		case PURE_LIMIT:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case PURE_CORRUPT:
			return ERRCODE_DATA_CORRUPTED;
		case PURE_OK:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

void
georisk_raise(const pure_error *error)
{
	ereport(ERROR,
			(errcode(sqlstate_of(error->code)), errmsg("%s", error->message),
			 error->detail[0] != '\0' ? errdetail("%s", error->detail) : 0,
			 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0));
}
