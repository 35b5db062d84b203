/* Which reports are in the wrong, looked up in the index of the keys. */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "../georisk.h"
#include "settle_probe.h"

typedef enum settle_column
{
	SETTLE_SOURCE,
	SETTLE_EXTERNAL_ID,
	SETTLE_REVISION,
	SETTLE_OUTCOME,
	SETTLE_REPORT_ID,
	SETTLE_COLUMNS
} settle_column;

static const struct
{
	const char *name;
	Oid type;
} column_of[SETTLE_COLUMNS] = {{"source", TEXTOID},
							   {"external_id", TEXTOID},
							   {"revision", INT4OID},
							   {"outcome", TEXTOID},
							   {"report_id", INT8OID}};

typedef struct prober
{
	AttrNumber attribute[SETTLE_COLUMNS];
	IndexScanDesc scan;
	ScanKeyData key[2];
	TupleTableSlot *found;
	MemoryContext row_memory; /* until the next row */
	settle_changes *changes;
	uint64 rows;
	uint64 steps;
} prober;

static void
find_columns(prober *p, Relation report)
{
	TupleDesc columns = RelationGetDescr(report);

	for (int i = 0; i < SETTLE_COLUMNS; i++)
	{
		int attribute = SPI_fnumber(columns, column_of[i].name);

		if (attribute <= 0 ||
			!IsBinaryCoercible(getBaseType(TupleDescAttr(columns, attribute - 1)->atttypid),
							   column_of[i].type))
			ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
							errmsg("table \"%s\" has no column \"%s\" of type %s",
								   RelationGetRelationName(report), column_of[i].name,
								   format_type_be(column_of[i].type)),
							errhint("Give it back the type that georisk.create_map gave it.")));
		p->attribute[i] = attribute;
	}
}

/* Does the index begin with the key, compared bytewise, and hold every row? */
static bool
is_of_keys(const prober *p, Relation index)
{
	Form_pg_index form = index->rd_index;

	if (!form->indisvalid || index->rd_rel->relam != BTREE_AM_OID || form->indnkeyatts < 2 ||
		RelationGetIndexPredicate(index) != NIL)
		return false;
	for (int i = 0; i < 2; i++)
		if (form->indkey.values[i] != p->attribute[i] || index->rd_opcintype[i] != TEXTOID ||
			!get_collation_isdeterministic(index->rd_indcollation[i]))
			return false;
	return true;
}

static Relation
open_index(const prober *p, Relation report)
{
	List *indexes = RelationGetIndexList(report);
	ListCell *cell;
	Relation found = NULL;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		if (is_of_keys(p, index))
		{
			found = index;
			break;
		}
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return found;
}

static void
add_change(settle_changes *changes, int64 report_id, bool is_lower)
{
	if (changes->count == changes->space)
	{
		changes->space = Max(64, 2 * changes->space);
		changes->change =
			changes->change == NULL ?
				MemoryContextAllocHuge(CurrentMemoryContext,
									   changes->space * sizeof(settle_change)) :
				repalloc_huge(changes->change, changes->space * sizeof(settle_change));
	}
	changes->change[changes->count++] = (settle_change){report_id, is_lower};
}

static bool
is_superseded(const prober *p)
{
	bool isnull;
	Datum outcome = slot_getattr(p->found, p->attribute[SETTLE_OUTCOME], &isnull);
	text *word;

	if (isnull)
		return false;
	word = DatumGetTextPP(outcome);
	return VARSIZE_ANY_EXHDR(word) == strlen("superseded") &&
		   memcmp(VARDATA_ANY(word), "superseded", strlen("superseded")) == 0;
}

static bool
next_found(prober *p)
{
	p->steps++;
	return index_getnext_slot(p->scan, ForwardScanDirection, p->found);
}

/* All revisions of one report: the highest counts. Most reports have one. */
static void
compare_revisions(prober *p)
{
	bool isnull;
	int32 highest = PG_INT32_MIN;

	index_rescan(p->scan, p->key, 2, NULL, 0);
	while (next_found(p))
		highest = Max(
			highest, DatumGetInt32(slot_getattr(p->found, p->attribute[SETTLE_REVISION], &isnull)));
	index_rescan(p->scan, p->key, 2, NULL, 0);
	while (next_found(p))
	{
		int32 revision =
			DatumGetInt32(slot_getattr(p->found, p->attribute[SETTLE_REVISION], &isnull));
		int64 report_id =
			DatumGetInt64(slot_getattr(p->found, p->attribute[SETTLE_REPORT_ID], &isnull));

		if (is_superseded(p) != (revision < highest))
			add_change(p->changes, report_id, revision < highest);
	}
}

static void
probe_row(prober *p, TupleTableSlot *row)
{
	MemoryContext before = MemoryContextSwitchTo(p->row_memory);
	bool found;

	p->rows++;
	for (int i = 0; i < 2; i++)
	{
		bool isnull;
		Datum value = slot_getattr(row, p->attribute[i], &isnull);

		if (isnull)
		{
			MemoryContextSwitchTo(before);
			return;
		}
		p->key[i].sk_argument = PointerGetDatum(DatumGetTextPP(value));
	}
	MemoryContextSwitchTo(before);
	index_rescan(p->scan, p->key, 2, NULL, 0);
	found = next_found(p);
	if (found && (is_superseded(p) || next_found(p)))
		compare_revisions(p);
	MemoryContextReset(p->row_memory);
}

/* A thousand revisions of one report in one statement are better sorted. */
static bool
pays(const prober *p)
{
	return p->steps <= 10000 + 16 * p->rows;
}

static void
probe_rows(prober *p, Relation report, Tuplestorestate *rows)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(report), &TTSOpsMinimalTuple);

	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
	while (pays(p) && tuplestore_gettupleslot(rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		probe_row(p, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
}

bool
settle_probe(const TriggerData *trigger, Snapshot snapshot, settle_changes *changes)
{
	Relation report = trigger->tg_relation;
	prober p = {.changes = changes};
	Relation index;

	if (report->rd_rel->relkind != RELKIND_RELATION || report->rd_rel->relhassubclass)
		return false;
	find_columns(&p, report);
	index = open_index(&p, report);
	if (index == NULL)
		return false;

	p.row_memory =
		AllocSetContextCreate(CurrentMemoryContext, "georisk keys", ALLOCSET_DEFAULT_SIZES);
	p.found = table_slot_create(report, NULL);
	p.scan = COMPAT_INDEX_BEGINSCAN(report, index, snapshot, 2);
	for (int i = 0; i < 2; i++)
		ScanKeyEntryInitialize(&p.key[i], 0, i + 1, BTEqualStrategyNumber, TEXTOID,
							   index->rd_indcollation[i], F_TEXTEQ, (Datum) 0);
	if (trigger->tg_newtable != NULL)
		probe_rows(&p, report, trigger->tg_newtable);
	if (trigger->tg_oldtable != NULL)
		probe_rows(&p, report, trigger->tg_oldtable);
	index_endscan(p.scan);
	ExecDropSingleTupleTableSlot(p.found);
	index_close(index, AccessShareLock);
	MemoryContextDelete(p.row_memory);
	return pays(&p);
}
