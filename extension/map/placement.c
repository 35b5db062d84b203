/*
 * After a statement on reports: what they are in zone sets other than the one in force, where a day
 * of theirs lies in such a set, and which other zones a report without a point may belong to after
 * a boundary change.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "carry_report.h"
#include "placing.h"
#include "reduced_report.h"
#include "settle_reports.h"

#define BATCH_ROWS 2000

/* Rows on their way to one of the two tables, as one array for each column. */
typedef struct batch
{
	SPIPlanPtr plan;
	int columns;
	const Oid *type;
	int rows;
	Datum value[5][BATCH_ROWS];
	bool null[5][BATCH_ROWS];
} batch;

static const Oid placement_type[] = {INT8OID, INT4OID, INT4OID, TEXTOID, INT8OID};
static const Oid possible_type[] = {INT8OID, INT4OID, INT4OID};

typedef struct writer
{
	TriggerData *trigger;
	const placing *in_force;
	MemoryContext row_memory;	/* until the next row */
	MemoryContext batch_memory; /* until the next batch is written */
	batch *placements;
	batch *possible;
} writer;

static const char *
map_schema(const TriggerData *trigger)
{
	return quote_identifier(get_namespace_name(RelationGetNamespace(trigger->tg_relation)));
}

static batch *
open_batch(const char *statement, int columns, const Oid *type)
{
	batch *result = palloc(sizeof(batch));
	Oid arrays[5];

	for (int i = 0; i < columns; i++)
		arrays[i] = get_array_type(type[i]);
	result->plan = SPI_prepare(statement, columns, arrays);
	if (result->plan == NULL)
		elog(ERROR, "could not prepare the writing of placements: %s",
			 SPI_result_code_string(SPI_result));
	result->columns = columns;
	result->type = type;
	result->rows = 0;
	return result;
}

static Datum
column_array(const batch *rows, int column)
{
	int16 length;
	bool by_value;
	char align;
	int lower = 1;

	get_typlenbyvalalign(rows->type[column], &length, &by_value, &align);
	return PointerGetDatum(construct_md_array((Datum *) rows->value[column],
											  (bool *) rows->null[column], 1, (int *) &rows->rows,
											  &lower, rows->type[column], length, by_value, align));
}

static void
flush_batch(batch *rows)
{
	Datum array[5];

	if (rows->rows == 0)
		return;
	for (int i = 0; i < rows->columns; i++)
		array[i] = column_array(rows, i);
	if (SPI_execute_plan(rows->plan, array, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not write placements");
	rows->rows = 0;
}

static void
flush(writer *w)
{
	MemoryContext before = MemoryContextSwitchTo(w->batch_memory);

	flush_batch(w->placements);
	flush_batch(w->possible);
	MemoryContextSwitchTo(before);
	MemoryContextReset(w->batch_memory);
}

/* The columns that both tables begin with. */
static int
add_row(batch *rows, Datum report_id, int32_t zone_set_id, int32_t zone_id)
{
	int row = rows->rows++;

	rows->value[0][row] = report_id;
	rows->value[1][row] = Int32GetDatum(zone_set_id);
	rows->value[2][row] = Int32GetDatum(zone_id);
	rows->null[0][row] = rows->null[1][row] = false;
	rows->null[2][row] = zone_id == 0;
	return row;
}

static void
add_placement(writer *w, HeapTuple report, Datum report_id, const placing *map,
			  const placement *placed)
{
	batch *rows = w->placements;
	int row = add_row(rows, report_id, map->zone_set_id,
					  placed->zone != NULL ? placed->zone->zone_id : 0);
	MemoryContext before = MemoryContextSwitchTo(w->batch_memory);

	rows->value[3][row] = CStringGetTextDatum(placed->outcome);
	MemoryContextSwitchTo(before);
	rows->null[3][row] = false;
	rows->value[4][row] =
		Int64GetDatum(place_report_household(w->trigger, report, map, placed, &rows->null[4][row]));
}

static void
write_in_set(writer *w, HeapTuple report, Datum report_id, const placing *map)
{
	List *possible;
	ListCell *cell;
	placement placed = carry_report(w->trigger, report, map, &possible);

	if (map->newer_id != 0)
		add_placement(w, report, report_id, map, &placed);
	foreach (cell, possible)
	{
		if (w->possible->rows == BATCH_ROWS)
			flush(w);
		add_row(w->possible, report_id, map->zone_set_id, lfirst_int(cell));
	}
	if (w->placements->rows == BATCH_ROWS || w->possible->rows == BATCH_ROWS)
		flush(w);
}

/* Layers may count by any of a report's days; the first one says which set still sees it. */
static DateADT
earliest_day(const TriggerData *trigger, HeapTuple report, const placing *map)
{
	const placing_column columns[] = {PLACING_REPORT_DAY, PLACING_ONSET_DAY, PLACING_SAMPLE_DAY};
	DateADT earliest = DATEVAL_NOEND;

	for (int i = 0; i < lengthof(columns); i++)
	{
		bool isnull;
		Datum day = place_report_field(trigger, report, map, columns[i], &isnull);

		if (!isnull && DatumGetDateADT(day) < earliest)
			earliest = DatumGetDateADT(day);
	}
	return earliest;
}

static void
write_report(writer *w, HeapTuple report)
{
	const placing *map = w->in_force;
	DateADT first_day = earliest_day(w->trigger, report, map);
	bool isnull;
	Datum report_id = place_report_field(w->trigger, report, map, PLACING_REPORT_ID, &isnull);

	if (first_day >= map->valid_from)
		return;
	for (;;)
	{
		write_in_set(w, report, report_id, map);
		if (map->older_id == 0 || first_day >= map->valid_from)
			return;
		map = placing_of_set(w->trigger->tg_relation, map->older_id);
	}
}

static void
write_reports(writer *w, Tuplestorestate *reports)
{
	TupleTableSlot *slot =
		MakeSingleTupleTableSlot(RelationGetDescr(w->trigger->tg_relation), &TTSOpsMinimalTuple);

	tuplestore_select_read_pointer(reports,
								   tuplestore_alloc_read_pointer(reports, EXEC_FLAG_REWIND));
	tuplestore_rescan(reports);
	while (tuplestore_gettupleslot(reports, true, false, slot))
	{
		MemoryContext before = MemoryContextSwitchTo(w->row_memory);
		bool must_free;
		HeapTuple report = ExecFetchSlotHeapTuple(slot, false, &must_free);

		CHECK_FOR_INTERRUPTS();
		if (!reduced_report_is(w->trigger, report, w->in_force))
			write_report(w, report);
		MemoryContextSwitchTo(before);
		MemoryContextReset(w->row_memory);
	}
	ExecDropSingleTupleTableSlot(slot);
	flush(w);
}

static void
forget_reports(const TriggerData *trigger, const placing *in_force, const char *table)
{
	const char *old = trigger->tg_trigger->tgoldtable;
	/* What a reduced report was is known by its places alone, until it is deleted. */
	bool spares = trigger->tg_newtable != NULL && in_force->attribute[PLACING_REDUCED_AT] > 0;
	char *sql = old == NULL ? psprintf("DELETE FROM %s.%s", map_schema(trigger), table) :
							  psprintf("DELETE FROM %s.%s p USING %s o WHERE p.report_id "
									   "OPERATOR(pg_catalog.=) o.report_id%s",
									   map_schema(trigger), table, quote_identifier(old),
									   spares ? " AND o.reduced_at IS NULL" : "");

	if (SPI_execute(sql, false, 0) != SPI_OK_DELETE)
		elog(ERROR, "could not delete placements");
}

static void
write_new(TriggerData *trigger, const placing *in_force)
{
	const char *schema = map_schema(trigger);
	writer w = {.trigger = trigger, .in_force = in_force};

	w.row_memory =
		AllocSetContextCreate(CurrentMemoryContext, "georisk report", ALLOCSET_DEFAULT_SIZES);
	w.batch_memory =
		AllocSetContextCreate(CurrentMemoryContext, "georisk placements", ALLOCSET_DEFAULT_SIZES);
	w.placements = open_batch(
		psprintf("INSERT INTO %s.placement (report_id, zone_set_id, zone_id, "
				 "outcome, household_key) SELECT * FROM "
				 "ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), "
				 "pg_catalog.unnest($4), pg_catalog.unnest($5))",
				 schema),
		5, placement_type);
	w.possible = open_batch(psprintf("INSERT INTO %s.possible_place (report_id, zone_set_id, "
									 "zone_id) SELECT * FROM ROWS FROM (pg_catalog.unnest($1), "
									 "pg_catalog.unnest($2), pg_catalog.unnest($3))",
									 schema),
							3, possible_type);
	write_reports(&w, trigger->tg_newtable);
}

PG_FUNCTION_INFO_V1(georisk_write_placements);

Datum
georisk_write_placements(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const placing *in_force;
	placing_user caller;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) ||
		!TRIGGER_FIRED_AFTER(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("write_placements must be called as a statement trigger, after it")));

	/* Settling changes which revision counts, not where it is. */
	if (settle_reports_is_running())
		return PointerGetDatum(NULL);
	in_force = placing_of(trigger->tg_relation);
	if (!in_force->has_zones || in_force->older_id == 0)
		return PointerGetDatum(NULL);

	caller = placing_become_owner(trigger->tg_relation);
	if (SPI_connect() != SPI_OK_CONNECT || SPI_register_trigger_data(trigger) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not connect to SPI");
	if (!TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		forget_reports(trigger, in_force, "placement");
		forget_reports(trigger, in_force, "possible_place");
	}
	if (trigger->tg_newtable != NULL)
		write_new(trigger, in_force);
	SPI_finish();
	placing_become(caller);
	return PointerGetDatum(NULL);
}
