/*
 * A notice tells the session itself how far it is, and other sessions see nothing of it. They see what this
 * process reports to be doing, as autovacuum says which table it is at: a comment before the statement.
 */
#include "postgres.h"

#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"

#include "show_progress.h"

PG_FUNCTION_INFO_V1(georisk_show_progress);

void
show_activity(const char *message)
{
	const char *statement = debug_query_string ? debug_query_string : "";
	uint64 query_id;
	char *activity;

	if (!pgstat_track_activities)
		return;
	query_id = pgstat_get_my_query_id();
	activity = message ? psprintf("/* %s */ %s", message, statement) : pstrdup(statement);
	pgstat_report_activity(STATE_RUNNING, activity);
	/* which a new activity has lost */
	pgstat_report_query_id(query_id, true);
	pfree(activity);
}

void
show_activity_count(uint64 count, const char *of_what)
{
	char message[128];

	snprintf(message, sizeof(message), UINT64_FORMAT " %s", count, of_what);
	show_activity(message);
}

Datum
georisk_show_progress(PG_FUNCTION_ARGS)
{
	char *message;

	if (PG_ARGISNULL(0))
	{
		show_activity(NULL);
		PG_RETURN_VOID();
	}
	message = text_to_cstring(PG_GETARG_TEXT_PP(0));
	show_activity(message);
	if (PG_ARGISNULL(1) || !PG_GETARG_BOOL(1))
		ereport(NOTICE, (errmsg_internal("%s", message)));
	PG_RETURN_VOID();
}
