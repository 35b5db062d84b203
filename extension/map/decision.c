/* What follows from a decision is written by the trigger of that decision and by nothing else: not
 * by hand, nor by another trigger, whoever owns the table. How deep triggers are nested would not
 * tell them apart, and a setting could be made by anyone; what stands here cannot.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "../georisk.h"

/* The map whose decision is being followed, and at which depth of triggers; 0: none is. */
static Oid followed_map;
static int followed_depth;

static int
trigger_depth(void)
{
	return DatumGetInt32(OidFunctionCall0(F_PG_TRIGGER_DEPTH));
}

static void
run_for_decision(TriggerData *trigger, const char *statement)
{
	TupleDesc columns = RelationGetDescr(trigger->tg_relation);
	char *map = get_namespace_name(RelationGetNamespace(trigger->tg_relation));
	int number = SPI_fnumber(columns, "decision_id");
	Oid types[] = {TEXTOID, INT4OID};
	Datum values[2];
	bool is_null;

	values[0] = CStringGetTextDatum(map);
	values[1] = SPI_getbinval(trigger->tg_trigtuple, columns, number, &is_null);
	if (number <= 0 || is_null || SPI_gettypeid(columns, number) != INT4OID)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("\"%s\" is no table of decisions",
							   RelationGetRelationName(trigger->tg_relation))));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args(statement, 2, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not write what follows from a decision");
	SPI_finish();
}

static Datum
follow(FunctionCallInfo fcinfo, const char *function, const char *statement)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Oid map_before = followed_map;
	int depth_before = followed_depth;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		!TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s must be called as a row trigger, after INSERT", function)));
	PG_TRY();
	{
		followed_map = RelationGetNamespace(trigger->tg_relation);
		followed_depth = trigger_depth();
		run_for_decision(trigger, statement);
	}
	PG_FINALLY();
	{
		followed_map = map_before;
		followed_depth = depth_before;
	}
	PG_END_TRY();
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(georisk_follow_decision);

Datum
georisk_follow_decision(PG_FUNCTION_ARGS)
{
	return follow(fcinfo, "follow_decision", "SELECT georisk.write_decided($1, $2)");
}

PG_FUNCTION_INFO_V1(georisk_write_published);

Datum
georisk_write_published(PG_FUNCTION_ARGS)
{
	return follow(fcinfo, "write_published", "SELECT georisk.publish_due($1, $2)");
}

static const char *
statement_name(TriggerEvent event)
{
	return TRIGGER_FIRED_BY_INSERT(event)	? "INSERT"
		   : TRIGGER_FIRED_BY_UPDATE(event) ? "UPDATE"
		   : TRIGGER_FIRED_BY_DELETE(event) ? "DELETE"
											: "TRUNCATE";
}

PG_FUNCTION_INFO_V1(georisk_keep_record);

Datum
georisk_keep_record(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *table;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("keep_record must be called as a trigger")));
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) && followed_depth > 0 &&
		followed_depth == trigger_depth() - 1 &&
		followed_map == RelationGetNamespace(trigger->tg_relation))
		return PointerGetDatum(NULL);
	table = RelationGetRelationName(trigger->tg_relation);
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					errmsg("what was decided on map \"%s\" is kept as it is",
						   get_namespace_name(RelationGetNamespace(trigger->tg_relation))),
					errdetail("%s on the table %s is refused, whoever asks for it.",
							  statement_name(trigger->tg_event), quote_identifier(table)),
					strncmp(table, "publi", 5) == 0
						? errhint("What is shown from now on can be decided anew: "
								  "georisk.publish_tiers, georisk.publish_counts, "
								  "georisk.end_publication.")
						: errhint("A later decision takes the place of an earlier one: "
								  "georisk.announce, georisk.override_tier, "
								  "georisk.end_override.")));
}
