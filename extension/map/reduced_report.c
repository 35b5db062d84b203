/* Reports of which only what counting needs is left. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "place_report.h"
#include "reduced_report.h"
#include "statement_key.h"

/* The look-up of one map's reduced keys, prepared once a statement. */
static struct
{
	Oid report;
	statement_key asked;
	SPIPlanPtr plan;
} lookup;

bool
reduced_report_is(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	return map->attribute[PLACING_REDUCED_AT] > 0 &&
		   !heap_attisnull(row, map->attribute[PLACING_REDUCED_AT],
						   RelationGetDescr(trigger->tg_relation));
}

/* Its code and point are gone: a report that counts again is known by its zone. */
static Datum
outcome(const TriggerData *trigger, const placing *map)
{
	bool has_no_zone;
	bool isnull;
	Datum before =
		place_report_field(trigger, trigger->tg_trigtuple, map, PLACING_OUTCOME, &isnull);
	char *was = TextDatumGetCString(before);

	if (place_report_is_withdrawn(trigger, trigger->tg_newtuple, map))
		return CStringGetTextDatum("withdrawn");
	if (strcmp(was, "superseded") != 0 && strcmp(was, "withdrawn") != 0)
		return before;
	place_report_field(trigger, trigger->tg_trigtuple, map, PLACING_ZONE_ID, &has_no_zone);
	return CStringGetTextDatum(has_no_zone ? "no_place" : "placed_by_code");
}

HeapTuple
reduced_report_keep(const TriggerData *trigger, const placing *map)
{
	const placing_column kept[] = {PLACING_ZONE_SET_ID,	  PLACING_ZONE_ID,
								   PLACING_HOUSEHOLD_KEY, PLACING_POINT_DISAGREES,
								   PLACING_REDUCED_AT,	  PLACING_OUTCOME};
	int columns[lengthof(kept)];
	Datum values[lengthof(kept)];
	bool nulls[lengthof(kept)];

	for (int i = 0; i < lengthof(kept); i++)
	{
		columns[i] = map->attribute[kept[i]];
		values[i] = place_report_field(trigger, trigger->tg_trigtuple, map, kept[i], &nulls[i]);
	}
	values[lengthof(kept) - 1] = outcome(trigger, map);
	return heap_modify_tuple_by_cols(trigger->tg_newtuple, RelationGetDescr(trigger->tg_relation),
									 lengthof(kept), columns, values, nulls);
}

static void
prepare(Relation report)
{
	const Oid types[] = {INT8OID, TEXTOID, TEXTOID};
	statement_key now = statement_key_now();
	SPIPlanPtr plan;

	if (lookup.report == RelationGetRelid(report) && statement_key_equal(lookup.asked, now))
		return;
	plan = SPI_prepare(
		psprintf("SELECT r.external_id::pg_catalog.text FROM %s r WHERE r.source "
				 "OPERATOR(pg_catalog.=) $2 "
				 "AND r.external_id OPERATOR(pg_catalog.=) georisk.reduced_id($1, $2, $3) LIMIT 1",
				 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(report)),
											RelationGetRelationName(report))),
		lengthof(types), (Oid *) types);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare the look-up of reduced reports");
	if (lookup.plan != NULL)
		SPI_freeplan(lookup.plan);
	lookup.plan = plan;
	lookup.report = RelationGetRelid(report);
	lookup.asked = now;
}

/* NULL: no reduced report has this key. */
static char *
digest(Relation report, Datum salt, Datum source, Datum external_id)
{
	placing_user writer = placing_become_owner(report);
	MemoryContext caller = CurrentMemoryContext;
	Datum arguments[] = {salt, source, external_id};
	char *found = NULL;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	prepare(report);
	/* The latest snapshot: what was reduced after a repeatable read began is the same report, too.
	 */
	PushActiveSnapshot(GetLatestSnapshot());
	if (SPI_execute_plan(lookup.plan, arguments, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not look up reduced reports");
	if (SPI_processed == 1)
		found = MemoryContextStrdup(caller,
									SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1));
	PopActiveSnapshot();
	SPI_finish();
	placing_become(writer);
	return found;
}

HeapTuple
reduced_report_name(const TriggerData *trigger, HeapTuple row, const placing *map)
{
	TupleDesc columns = RelationGetDescr(trigger->tg_relation);
	int attribute;
	bool no_source, no_id;
	Datum source, external_id, value;
	char *found;

	if (!map->has_reduced)
		return row;
	attribute = SPI_fnumber(columns, "external_id");
	source = heap_getattr(row, SPI_fnumber(columns, "source"), columns, &no_source);
	external_id = heap_getattr(row, attribute, columns, &no_id);
	if (no_source || no_id)
		return row;
	found = digest(trigger->tg_relation, Int64GetDatum(map->household_salt), source, external_id);
	if (found == NULL)
		return row;
	value = CStringGetTextDatum(found);
	return heap_modify_tuple_by_cols(row, columns, 1, &attribute, &value, &(bool){false});
}
