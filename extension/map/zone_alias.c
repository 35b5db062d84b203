/* Aliases of zones, read when a report first needs them in a statement: most have a known code. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "fold_text.h"
#include "statement_key.h"
#include "zone_alias.h"

typedef struct alias
{
	text *source; /* empty: any */
	text *folded;
	text *zone_code; /* clean */
} alias;

/* Those of one map, as one statement found them. */
static struct
{
	Oid report;
	statement_key asked;
	MemoryContext memory;
	alias *aliases; /* by folded name, then source, bytewise */
	size_t count;
} known;

static int
compare_text(const text *a, const text *b)
{
	size_t a_length = VARSIZE_ANY_EXHDR(a);
	size_t b_length = VARSIZE_ANY_EXHDR(b);
	int order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_length, b_length));

	if (order != 0)
		return order;
	return a_length < b_length ? -1 : a_length > b_length;
}

static int
compare_alias(const void *a, const void *b)
{
	const alias *left = a;
	const alias *right = b;
	int order = compare_text(left->folded, right->folded);

	return order != 0 ? order : compare_text(left->source, right->source);
}

static text *
text_field(uint64 row, int column)
{
	bool isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? cstring_to_text("") : DatumGetTextPCopy(value);
}

static void
load(const char *schema)
{
	/* Under the current context until it is complete, so that an error leaves nothing behind. */
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "georisk aliases", ALLOCSET_DEFAULT_SIZES);
	char *sql = psprintf("SELECT source::pg_catalog.text, folded::pg_catalog.text, "
						 "georisk.clean_text(zone_code) FROM %s.zone_alias",
						 schema);
	MemoryContext before;
	alias *aliases;

	if (SPI_execute(sql, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the aliases of map %s", schema);
	before = MemoryContextSwitchTo(memory);
	aliases = MemoryContextAllocHuge(memory, Max(SPI_processed, 1) * sizeof(alias));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		CHECK_FOR_INTERRUPTS();
		aliases[row].source = text_field(row, 1);
		aliases[row].folded = text_field(row, 2);
		aliases[row].zone_code = text_field(row, 3);
	}
	MemoryContextSwitchTo(before);
	qsort(aliases, SPI_processed, sizeof(alias), compare_alias);

	if (known.memory != NULL)
		MemoryContextDelete(known.memory);
	MemoryContextSetParent(memory, TopMemoryContext);
	known.memory = memory;
	known.aliases = aliases;
	known.count = SPI_processed;
}

static void
learn(Relation report)
{
	statement_key now = statement_key_now();
	placing_user writer;

	if (known.report == RelationGetRelid(report) && statement_key_equal(known.asked, now))
		return;
	known.report = InvalidOid;
	writer = placing_become_owner(report);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	/* The latest snapshot: an alias that an officer committed since then is known, too. */
	PushActiveSnapshot(GetLatestSnapshot());
	load(quote_identifier(get_namespace_name(RelationGetNamespace(report))));
	PopActiveSnapshot();
	SPI_finish();
	placing_become(writer);
	known.report = RelationGetRelid(report);
	known.asked = now;
}

static const alias *
find(text *folded, text *source)
{
	alias wanted = {source, folded, NULL};

	return bsearch(&wanted, known.aliases, known.count, sizeof(alias), compare_alias);
}

static text *
source_of(Relation report, HeapTuple row)
{
	TupleDesc columns = RelationGetDescr(report);
	int attribute = SPI_fnumber(columns, "source");
	bool isnull;
	Datum source;

	if (attribute <= 0 ||
		!IsBinaryCoercible(getBaseType(TupleDescAttr(columns, attribute - 1)->atttypid), TEXTOID))
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("table \"%s\" has no text column \"source\"",
							   RelationGetRelationName(report)),
						errhint("Give it back the type that georisk.create_map gave it.")));
	source = heap_getattr(row, attribute, columns, &isnull);
	return isnull ? cstring_to_text("") : DatumGetTextPP(source);
}

const placing_zone *
zone_alias_find(Relation report, HeapTuple row, const placing *map, text *name)
{
	text *folded = fold_text(name);
	const alias *found;

	learn(report);
	found = find(folded, source_of(report, row));
	if (found == NULL)
		found = find(folded, cstring_to_text(""));
	if (found == NULL)
		return NULL;
	return placing_by_code(map, VARDATA_ANY(found->zone_code), VARSIZE_ANY_EXHDR(found->zone_code));
}
