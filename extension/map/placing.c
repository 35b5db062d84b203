/* What a writer of reports knows of its map: the zone set in force, its index and its codes. */
#include "postgres.h"

#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

#include "../where/geometry.h"
#include "../where/zone_index_store.h"
#include "placing.h"
#include "placing_probe.h"
#include "statement_key.h"

typedef struct placing_field
{
	const char *name;
	Oid type; /* InvalidOid = geometry */
} placing_field;

static const placing_field column_of[PLACING_COLUMNS] = {
	{"zone_code", TEXTOID},		  {"geom", InvalidOid},	   {"geocode_quality", TEXTOID},
	{"withdrawn", BOOLOID},		  {"household", TEXTOID},  {"outcome", TEXTOID},
	{"zone_set_id", INT4OID},	  {"zone_id", INT4OID},	   {"household_key", INT8OID},
	{"point_disagrees", BOOLOID}, {"report_id", INT8OID},  {"report_day", DATEOID},
	{"onset_day", DATEOID},		  {"sample_day", DATEOID}, {"reduced_at", TIMESTAMPTZOID}};

typedef struct set_key
{
	Oid report;
	int32_t zone_set_id; /* 0 = the set in force */
} set_key;

typedef struct cached_map
{
	set_key key;
	statement_key asked; /* the statement for which the zone set in force was asked */
	pg_uuid_t edition;
	MemoryContext memory; /* of the index and the codes; NULL = none loaded */
	placing_probe probe;
	placing map;
} cached_map;

static HTAB *cached_maps = NULL;

placing_user
placing_become_owner(Relation report)
{
	return placing_become_user(RelationGetForm(report)->relowner);
}

placing_user
placing_become_user(Oid user)
{
	placing_user before;

	GetUserIdAndSecContext(&before.user, &before.context);
	SetUserIdAndSecContext(user,
						   before.context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	return before;
}

void
placing_become(placing_user user)
{
	SetUserIdAndSecContext(user.user, user.context);
}

static void
forget_zones(cached_map *cached)
{
	if (cached->memory != NULL)
		MemoryContextDelete(cached->memory);
	if (cached->probe.memory != NULL)
		MemoryContextDelete(cached->probe.memory);
	cached->memory = NULL;
	cached->probe.memory = NULL;
	cached->map.has_zones = false;
	cached->map.is_whole = false;
	cached->map.has_shares = false;
}

/* Maps that were dropped must not hold memory for ever; looked at only when a new map comes. */
static void
sweep_dropped_maps(void)
{
	HASH_SEQ_STATUS scan;
	cached_map *cached;

	hash_seq_init(&scan, cached_maps);
	while ((cached = hash_seq_search(&scan)) != NULL)
	{
		if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(cached->key.report)))
			continue;
		forget_zones(cached);
		hash_search(cached_maps, &cached->key, HASH_REMOVE, NULL);
	}
}

static cached_map *
find_cached_map(Oid report, int32_t zone_set_id)
{
	set_key key = {.report = report, .zone_set_id = zone_set_id};
	cached_map *cached;
	bool found;

	if (cached_maps == NULL)
	{
		HASHCTL control = {.keysize = sizeof(set_key), .entrysize = sizeof(cached_map)};

		cached_maps = hash_create("georisk maps", 8, &control, HASH_ELEM | HASH_BLOBS);
	}
	cached = hash_search(cached_maps, &key, HASH_FIND, NULL);
	if (cached != NULL)
		return cached;

	sweep_dropped_maps();
	cached = hash_search(cached_maps, &key, HASH_ENTER, &found);
	memset((char *) cached + sizeof(set_key), 0, sizeof(cached_map) - sizeof(set_key));
	return cached;
}

/* The values are read and written as what create_map made them: whoever owns the table may have
 * changed that. */
static void
find_columns(cached_map *cached, Relation report)
{
	TupleDesc columns = RelationGetDescr(report);

	for (int i = 0; i < PLACING_COLUMNS; i++)
	{
		const char *name = column_of[i].name;
		Oid wanted = OidIsValid(column_of[i].type) ? column_of[i].type : geometry_type_oid();
		int attribute = SPI_fnumber(columns, name);
		Oid type;

		cached->map.attribute[i] = Max(attribute, 0);
		if (attribute <= 0 && i == PLACING_REDUCED_AT)
			continue;
		if (attribute <= 0)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
							errmsg("table \"%s\" has no column \"%s\"",
								   RelationGetRelationName(report), name),
							errhint("place_report belongs to the table report of a map made by "
									"georisk.create_map.")));
		type = TupleDescAttr(columns, attribute - 1)->atttypid;
		if (!IsBinaryCoercible(getBaseType(type), wanted))
			ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
							errmsg("column \"%s\" of table \"%s\" is of type %s instead of %s",
								   name, RelationGetRelationName(report), format_type_be(type),
								   format_type_be(wanted)),
							errhint("Give it back the type that georisk.create_map gave it.")));
	}
}

static void
query(const char *format, const char *schema, int arguments, Datum argument)
{
	Oid type = INT4OID;
	char *sql = psprintf(format, schema, schema);
	int status = SPI_execute_with_args(sql, arguments, &type, &argument, NULL, true, 0);

	if (status != SPI_OK_SELECT)
		elog(ERROR, "unexpected SPI result %d", status);
}

static Datum
field(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}

static const zone_index *
load_index(const char *schema, int32_t zone_set_id, MemoryContext memory)
{
	bool isnull = true;
	Datum stored = (Datum) 0;

	query("SELECT index FROM %s.zone_set WHERE zone_set_id OPERATOR(pg_catalog.=) $1", schema, 1,
		  Int32GetDatum(zone_set_id));
	if (SPI_processed == 1)
		stored = field(0, 1, &isnull);
	if (isnull || get_typlen(SPI_gettypeid(SPI_tuptable->tupdesc, 1)) != -1)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("zone set %d has no index", zone_set_id)));
	return zone_index_hold(stored, memory);
}

static int
compare_by_code(const void *a, const void *b)
{
	const placing_zone *left = *(const placing_zone *const *) a;
	const placing_zone *right = *(const placing_zone *const *) b;

	return placing_compare_codes(left->code, left->code_length, right->code, right->code_length);
}

static void
load_zones(placing *map, const char *schema, MemoryContext memory)
{
	placing_zone *zones;

	query("SELECT " PLACING_ZONE_COLUMNS
		  " FROM %s.zone WHERE zone_set_id OPERATOR(pg_catalog.=) $1 ORDER BY zone_id",
		  schema, 1, Int32GetDatum(map->zone_set_id));
	zones = MemoryContextAllocExtended(memory, Max(SPI_processed, 1) * sizeof(placing_zone),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	map->zone = zones;
	map->zones = SPI_processed;
	map->by_code = MemoryContextAllocHuge(memory, Max(SPI_processed, 1) * sizeof(placing_zone *));
	map->codes = 0;
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		CHECK_FOR_INTERRUPTS();
		placing_read_zone(row, &zones[row], memory);
		if (zones[row].code_length >= 0)
			map->by_code[map->codes++] = &zones[row];
	}
	qsort(map->by_code, map->codes, sizeof(placing_zone *), compare_by_code);
}

static void
load_whole(cached_map *cached, const char *schema)
{
	/* Under the current context until it is complete, so that an error leaves nothing behind. */
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "georisk map", ALLOCSET_DEFAULT_SIZES);
	placing map = cached->map;

	map.index = load_index(schema, map.zone_set_id, memory);
	load_zones(&map, schema, memory);
	map.is_whole = true;

	MemoryContextSetParent(memory, TopMemoryContext);
	cached->memory = memory;
	cached->map = map;
}

static void
open_edition(cached_map *cached, int32_t zone_set_id, const pg_uuid_t *edition)
{
	forget_zones(cached);
	cached->edition = *edition;
	cached->probe.memory =
		AllocSetContextCreate(TopMemoryContext, "georisk zones", ALLOCSET_SMALL_SIZES);
	cached->probe.count = 0;
	cached->map.zone_set_id = zone_set_id;
	cached->map.has_zones = true;
}

static int32_t
set_in_row(uint64 row)
{
	bool isnull;
	Datum value = field(row, 3, &isnull);

	return isnull ? 0 : DatumGetInt32(value);
}

static DateADT
first_day_in_row(uint64 row)
{
	bool isnull;
	Datum value = field(row, 5, &isnull);

	return isnull ? DATEVAL_NOEND : DatumGetDateADT(value);
}

/* The row of the set in force, which is the last, or of the one named; -1: none. */
static int
wanted_row(int32_t zone_set_id)
{
	for (uint64 row = SPI_processed; row-- > 0;)
		if (set_in_row(row) != 0 && (zone_set_id == 0 || set_in_row(row) == zone_set_id))
			return row;
	return -1;
}

/* Asks which zone set is in force, or for the one named, and which ones are next to it. */
static void
learn(cached_map *cached, const char *schema)
{
	placing *map = &cached->map;
	bool isnull;
	int row;
	Datum edition;

	query(
		"SELECT s.household_salt::pg_catalog.int8, s.srid::pg_catalog.int4, "
		"z.zone_set_id::pg_catalog.int4, z.edition::pg_catalog.uuid, "
		"z.valid_from::pg_catalog.date, (pg_catalog.to_jsonb(s) ->> 'reduced_before') IS NOT NULL "
		"FROM %s.settings s LEFT JOIN %s.zone_set z "
		"ON z.activated_at IS NOT NULL ORDER BY z.valid_from, z.zone_set_id",
		schema, 0, (Datum) 0);
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("the settings of map %s have no row", schema)));
	map->household_salt = DatumGetInt64(field(0, 1, &isnull));
	map->srid = DatumGetInt32(field(0, 2, &isnull));
	map->has_reduced = DatumGetBool(field(0, 6, &isnull));
	row = wanted_row(cached->key.zone_set_id);
	if (row < 0)
	{
		forget_zones(cached);
		return;
	}
	edition = field(row, 4, &isnull);
	if (isnull)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("zone set %d of map %s is in force and has no edition",
							   set_in_row(row), schema)));
	if (!map->has_zones || memcmp(DatumGetUUIDP(edition), &cached->edition, sizeof(pg_uuid_t)) != 0)
		open_edition(cached, set_in_row(row), DatumGetUUIDP(edition));
	map->valid_from = first_day_in_row(row);
	map->older_id = row > 0 ? set_in_row(row - 1) : 0;
	map->newer_id = row + 1 < SPI_processed ? set_in_row(row + 1) : 0;
	map->newer_from = row + 1 < SPI_processed ? first_day_in_row(row + 1) : DATEVAL_NOEND;
}

static int
compare_shares(const void *a, const void *b)
{
	const placing_share *left = a;
	const placing_share *right = b;

	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return (left->to > right->to) - (left->to < right->to);
}

static void
load_shares(cached_map *cached, const char *schema)
{
	bool isnull;
	placing_share *forth;
	placing_share *back;
	size_t bytes;

	query("SELECT old_zone_id::pg_catalog.int4, new_zone_id::pg_catalog.int4, "
		  "share_of_old::pg_catalog.float8, share_of_new::pg_catalog.float8 FROM %s.crosswalk "
		  "WHERE new_set OPERATOR(pg_catalog.=) $1",
		  schema, 1, Int32GetDatum(cached->map.zone_set_id));
	bytes = Max(SPI_processed, 1) * sizeof(placing_share);
	forth = MemoryContextAllocHuge(cached->probe.memory, bytes);
	back = MemoryContextAllocHuge(cached->probe.memory, bytes);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		CHECK_FOR_INTERRUPTS();
		forth[row].from = back[row].to = DatumGetInt32(field(row, 1, &isnull));
		forth[row].to = back[row].from = DatumGetInt32(field(row, 2, &isnull));
		forth[row].share = DatumGetFloat8(field(row, 3, &isnull));
		back[row].share = DatumGetFloat8(field(row, 4, &isnull));
	}
	qsort(forth, SPI_processed, sizeof(placing_share), compare_shares);
	qsort(back, SPI_processed, sizeof(placing_share), compare_shares);
	cached->map.from_older = forth;
	cached->map.to_older = back;
	cached->map.shares = SPI_processed;
	cached->map.has_shares = true;
}

static void
as_owner(cached_map *cached, Relation report, void (*work)(cached_map *, const char *))
{
	placing_user writer = placing_become_owner(report);
	const char *schema = quote_identifier(get_namespace_name(RelationGetNamespace(report)));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	/* The latest snapshot: a set that was activated after a repeatable read began is in force, too.
	 */
	PushActiveSnapshot(GetLatestSnapshot());
	work(cached, schema);
	PopActiveSnapshot();
	SPI_finish();
	placing_become(writer);
}

/* Statement triggers are those of the table that a statement names: rows that come through another
 * table would be settled by nobody. */
static void
refuse_inheritance(Relation report)
{
	if (has_superclass(RelationGetRelid(report)))
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("reports cannot be written into \"%s\" while it is a partition or a child of "
					"another table",
					RelationGetRelationName(report)),
			 errdetail("Rows written through the other table pass by the triggers that settle "
					   "revisions, and the keys of reports hold over one table."),
			 errhint("Detach it: ALTER TABLE ... DETACH PARTITION, or NO INHERIT. To read the "
					 "reports of several maps together, make a view of them with UNION ALL.")));
}

static cached_map *
known_set(Relation report, int32_t zone_set_id)
{
	cached_map *cached;
	statement_key now = statement_key_now();

	if (zone_set_id != 0)
	{
		/* One copy of the set in force. */
		cached = known_set(report, 0);
		if (cached->map.has_zones && cached->map.zone_set_id == zone_set_id)
			return cached;
	}
	cached = find_cached_map(RelationGetRelid(report), zone_set_id);

	if (!statement_key_equal(cached->asked, now))
	{
		refuse_inheritance(report);
		find_columns(cached, report);
		as_owner(cached, report, learn);
		cached->probe.schema = RelationGetNamespace(report);
		cached->probe.owner = RelationGetForm(report)->relowner;
		cached->map.probe = &cached->probe;
		cached->asked = now;
	}
	if (cached->map.has_zones && !cached->map.is_whole && cached->probe.count >= PLACING_PROBES)
		as_owner(cached, report, load_whole);
	return cached;
}

const placing *
placing_of(Relation report)
{
	return &known_set(report, 0)->map;
}

const placing *
placing_of_set(Relation report, int32_t zone_set_id)
{
	cached_map *cached = known_set(report, zone_set_id);

	if (!cached->map.has_zones)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("there is no zone set %d", zone_set_id)));
	return &cached->map;
}

const placing *
placing_with_shares(Relation report, int32_t zone_set_id)
{
	cached_map *cached = known_set(report, zone_set_id);

	if (!cached->map.has_zones || cached->map.older_id == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("there is no zone set before zone set %d", zone_set_id)));
	if (!cached->map.has_shares)
		as_owner(cached, report, load_shares);
	return &cached->map;
}
