/* After a statement on reports: the highest revision of each (source, external_id) counts, the
 * others are superseded, in whatever order they came. Set by set: one UPDATE for all that a
 * statement touched. */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "placing.h"
#include "settle_probe.h"
#include "settle_reports.h"

/* First half of the advisory lock's key ("gri"); the other is the table's OID. */
#define LOCK_CLASS 0x677269

static bool is_running = false;

bool
settle_reports_is_running(void)
{
	return is_running;
}

static TriggerData *
statement_trigger(FunctionCallInfo fcinfo, const char *function, bool before)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) ||
		TRIGGER_FIRED_BEFORE(trigger->tg_event) != before)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s must be called as a statement trigger, %s the statement",
							   function, before ? "before" : "after")));
	return trigger;
}

/* Keys that the statement brought or took away, from the tables of its rows. */
static void
append_touched(StringInfo sql, const TriggerData *trigger)
{
	const char *const tables[] = {trigger->tg_trigger->tgnewtable, trigger->tg_trigger->tgoldtable};
	bool first = true;

	for (int i = 0; i < 2; i++)
	{
		if (tables[i] == NULL)
			continue;
		appendStringInfo(sql, "%sSELECT source, external_id FROM %s WHERE external_id IS NOT NULL",
						 first ? "" : " UNION ", quote_identifier(tables[i]));
		first = false;
	}
	if (first)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("settle_reports needs a transition table")));
}

static const char *
report_name(const TriggerData *trigger)
{
	Oid report = RelationGetRelid(trigger->tg_relation);

	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(report)),
									  get_rel_name(report));
}

#define SETTLED " r SET outcome = CASE WHEN lower THEN 'superseded' ELSE 'waiting' END FROM "

static char *
settling_statement(const TriggerData *trigger)
{
	const char *table = report_name(trigger);
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "WITH touched AS (SELECT DISTINCT source, external_id FROM (");
	append_touched(&sql, trigger);
	appendStringInfo(&sql,
					 ") changed), ranked AS (SELECT r.report_id, r.outcome OPERATOR(pg_catalog.=) "
					 "'superseded' AS is_lower, "
					 "r.revision OPERATOR(pg_catalog.<) pg_catalog.max(r.revision) OVER "
					 "(PARTITION BY r.source, r.external_id) AS lower "
					 "FROM touched t JOIN %s r ON r.source OPERATOR(pg_catalog.=) t.source "
					 "AND r.external_id OPERATOR(pg_catalog.=) t.external_id) "
					 "UPDATE %s" SETTLED "ranked WHERE r.report_id OPERATOR(pg_catalog.=) "
					 "ranked.report_id AND is_lower OPERATOR(pg_catalog.<>) lower",
					 table, table);
	return sql.data;
}

static Datum
array_of_changes(const settle_changes *changes, Oid type)
{
	Datum *values = MemoryContextAllocHuge(CurrentMemoryContext, changes->count * sizeof(Datum));
	bool is_flag = type == BOOLOID;

	for (int i = 0; i < changes->count; i++)
		values[i] = is_flag ? BoolGetDatum(changes->change[i].is_lower) :
							  Int64GetDatum(changes->change[i].report_id);
	return PointerGetDatum(construct_array(values, changes->count, type, is_flag ? 1 : 8,
										   is_flag || FLOAT8PASSBYVAL,
										   is_flag ? TYPALIGN_CHAR : TYPALIGN_DOUBLE));
}

/* What is wrong is found by look-ups and is little; by one statement where they cannot be had.
 * NULL: nothing is wrong. */
static SPIPlanPtr
settling_plan(TriggerData *trigger, Datum arrays[2])
{
	const Oid types[2] = {INT8ARRAYOID, BOOLARRAYOID};
	settle_changes changes = {0};
	bool is_probed;

	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	is_probed = settle_probe(trigger, GetActiveSnapshot(), &changes);
	PopActiveSnapshot();
	if (is_probed && changes.count == 0)
		return NULL;
	/* Planned anew each time: a plan made on an empty table would be quadratic on a full one. */
	if (!is_probed)
		return SPI_prepare(settling_statement(trigger), 0, NULL);
	arrays[0] = array_of_changes(&changes, INT8OID);
	arrays[1] = array_of_changes(&changes, BOOLOID);
	return SPI_prepare(psprintf("UPDATE %s" SETTLED "ROWS FROM (pg_catalog.unnest($1), "
								"pg_catalog.unnest($2)) AS wrong (report_id, lower) "
								"WHERE r.report_id OPERATOR(pg_catalog.=) wrong.report_id",
								report_name(trigger)),
					   2, (Oid *) types);
}

static void
update_outcomes(SPIPlanPtr plan, Datum arrays[2])
{
	Snapshot snapshot = InvalidSnapshot;
	Snapshot crosscheck = InvalidSnapshot;

	if (IsolationUsesXactSnapshot())
	{
		/* A revision that another session committed since then must not be missed: see it, or fail.
		 */
		snapshot = GetLatestSnapshot();
		crosscheck = GetTransactionSnapshot();
	}
	/* Triggers that this UPDATE fires run within it, while is_running tells them so. */
	if (SPI_execute_snapshot(plan, arrays, NULL, snapshot, crosscheck, false, true, 0) !=
		SPI_OK_UPDATE)
		elog(ERROR, "could not settle reports");
}

static void
settle(TriggerData *trigger)
{
	placing_user writer = placing_become_owner(trigger->tg_relation);
	Datum arrays[2];
	SPIPlanPtr plan;

	if (SPI_connect() != SPI_OK_CONNECT || SPI_register_trigger_data(trigger) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not connect to SPI");
	SPI_result = 0;
	plan = settling_plan(trigger, arrays);
	if (plan != NULL)
		update_outcomes(plan, arrays);
	else if (SPI_result != 0)
		elog(ERROR, "could not prepare the settling of reports: %s",
			 SPI_result_code_string(SPI_result));
	SPI_finish();
	placing_become(writer);
}

PG_FUNCTION_INFO_V1(georisk_settle_reports);

Datum
georisk_settle_reports(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = statement_trigger(fcinfo, "settle_reports", false);

	if (is_running)
		return PointerGetDatum(NULL);
	is_running = true;
	PG_TRY();
	{
		settle(trigger);
	}
	PG_FINALLY();
	{
		is_running = false;
	}
	PG_END_TRY();
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(georisk_queue_reports);

/*
 * Of two writers one waits, before it holds any row: else each could miss the other's revision. A
 * lock per report would let more of them write at once, but transactions of several statements
 * would then take their locks in any order and deadlock, and a large COPY would fill the lock
 * table.
 */
Datum
georisk_queue_reports(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = statement_trigger(fcinfo, "queue_reports", true);

	DirectFunctionCall2(pg_advisory_xact_lock_int4, Int32GetDatum(LOCK_CLASS),
						Int32GetDatum((int32) RelationGetRelid(trigger->tg_relation)));
	return PointerGetDatum(NULL);
}
