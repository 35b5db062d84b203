/* After UPDATE and DELETE on reports: what a row said before it was changed in place is kept, so
 * that "as we knew it then" can be answered. A correction that comes as a new revision needs none
 * of it.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#include "placing.h"

#define KEPT(row)                                                                                  \
	row ".source, " row ".external_id, " row ".revision, " row ".recorded_at, " row                \
		".withdrawn, " row ".status, " row ".setting, " row ".origin, " row ".link, " row          \
		".report_day, " row ".n"

/* And what a map of 0.1.0 did not keep. */
#define KEPT_LATER(row) row ".disease, " row ".onset_day, " row ".sample_day"

/* Where it was placed from: another zone set alone changes no report. */
#define PLACED(row)                                                                                \
	row ".zone_id, " row ".household_key, " row ".zone_code, " row ".household, " row              \
		".geocode_quality, " row ".geom::text"

/* The new set takes the report over altogether: `placement` does not keep where it was. */
#define TAKEN_OVER                                                                                 \
	"o.zone_set_id <> c.zone_set_id AND least(o.report_day, o.onset_day, o.sample_day) >= "        \
	"(SELECT s.valid_from FROM %s.zone_set s WHERE s.zone_set_id = c.zone_set_id)"

/* The user's columns that measures tell reports apart by, each as `format` has it; NULL for none. */
static char *
further_columns(const char *schema, Oid report, const char *format)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql,
					 "SELECT string_agg(pg_catalog.format(%s, a.attname), ', ') FROM "
					 "pg_catalog.pg_attribute a WHERE a.attrelid = %u AND a.attnum > 0 AND NOT "
					 "a.attisdropped AND a.attname = ANY (ARRAY(SELECT k FROM %s.measure m, "
					 "pg_catalog.jsonb_object_keys(m.filter) k "
					 "WHERE k <> ALL (georisk.kept_columns())))",
					 quote_literal_cstr(format), report, schema);
	if (SPI_execute(sql.data, true, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "could not read the measures");
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}

/* report_past of 0.1.0 lacks columns, and its map the table measure; upgrade_map adds them. */
static bool
is_of_first_version(Relation report)
{
	Oid past = get_relname_relid("report_past", RelationGetNamespace(report));

	return get_attnum(past, "more") == InvalidAttrNumber;
}

static char *
remembering_statement(const TriggerData *trigger)
{
	Oid report = RelationGetRelid(trigger->tg_relation);
	const char *schema = quote_identifier(get_namespace_name(get_rel_namespace(report)));
	const char *old_rows = trigger->tg_trigger->tgoldtable;
	const char *new_rows = trigger->tg_trigger->tgnewtable;
	bool is_old = is_of_first_version(trigger->tg_relation);
	const char *more = is_old ? NULL : further_columns(schema, report, "%1$L, o.%1$I");
	StringInfoData sql;

	/* One row for each zone set, all of one moment. */
	initStringInfo(&sql);
	appendStringInfo(
		&sql,
		"INSERT INTO %s.report_past (source, external_id, revision, recorded_at, withdrawn, "
		"status, setting, origin, link, report_day, n, %sreport_id, zone_set_id, zone_id, "
		"household_key, possible, replaced_at) SELECT " KEPT("o"),
		schema, is_old ? "" : "disease, onset_day, sample_day, more, ");
	if (!is_old)
		appendStringInfoString(&sql, ", " KEPT_LATER("o"));
	if (more != NULL)
		appendStringInfo(&sql, ", pg_catalog.jsonb_build_object(%s)", more);
	else if (!is_old)
		appendStringInfoString(&sql, ", NULL");
	appendStringInfo(&sql,
					 ", o.report_id, p.zone_set_id, p.zone_id, p.household_key, "
					 "(SELECT array_agg(q.zone_id ORDER BY q.zone_id) FROM %s.possible_place q "
					 "WHERE q.report_id = o.report_id AND q.zone_set_id = p.zone_set_id), "
					 "(SELECT pg_catalog.clock_timestamp() + "
					 "coalesce((pg_catalog.to_jsonb(s) ->> 'clock_offset')::interval, '0') "
					 "FROM %s.settings s) FROM %s o",
					 schema, schema, quote_identifier(old_rows));
	if (new_rows != NULL)
		appendStringInfo(&sql, " LEFT JOIN %s c ON c.report_id = o.report_id",
						 quote_identifier(new_rows));
	appendStringInfo(&sql,
					 " CROSS JOIN LATERAL (SELECT o.zone_set_id, o.zone_id, o.household_key "
					 "UNION ALL SELECT i.zone_set_id, i.zone_id, i.household_key "
					 "FROM %s.placement i WHERE i.report_id = o.report_id) p",
					 schema);
	if (new_rows == NULL)
		return sql.data;
	appendStringInfoString(&sql, " WHERE c.report_id IS NULL OR (" KEPT(
									 "o") ") IS DISTINCT FROM (" KEPT("c") ")");
	if (!is_old)
		appendStringInfoString(&sql, " OR (" KEPT_LATER("o") ") IS DISTINCT FROM (" KEPT_LATER(
										 "c") ")");
	if (more != NULL)
		appendStringInfo(&sql, " OR (%s) IS DISTINCT FROM (%s)",
						 further_columns(schema, report, "o.%1$I::text"),
						 further_columns(schema, report, "c.%1$I::text"));
	appendStringInfo(&sql,
					 " OR o.zone_set_id = c.zone_set_id AND (" PLACED(
						 "o") ") IS DISTINCT FROM (" PLACED("c") ") OR " TAKEN_OVER,
					 schema);
	return sql.data;
}

static void
remember(TriggerData *trigger)
{
	placing_user writer = placing_become_owner(trigger->tg_relation);

	if (SPI_connect() != SPI_OK_CONNECT || SPI_register_trigger_data(trigger) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not connect to SPI");
	if (SPI_execute(remembering_statement(trigger), false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not keep what the reports said");
	SPI_finish();
	placing_become(writer);
}

PG_FUNCTION_INFO_V1(georisk_remember_reports);

Datum
georisk_remember_reports(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) ||
		!TRIGGER_FIRED_AFTER(trigger->tg_event) || trigger->tg_trigger->tgoldtable == NULL)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("remember_reports must be called as a statement trigger, after "
							   "UPDATE or DELETE, with the old rows as a transition table")));
	if (tuplestore_tuple_count(trigger->tg_oldtable) > 0)
		remember(trigger);
	return PointerGetDatum(NULL);
}
