/* Zones of a set that this process has not loaded. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "../clean_text.h"
#include "../where/geometry.h"
#include "placing_probe.h"

void
placing_read_zone(uint64 row, placing_zone *zone, MemoryContext memory)
{
	HeapTuple tuple = SPI_tuptable->vals[row];
	TupleDesc columns = SPI_tuptable->tupdesc;
	bool isnull;
	Datum code;

	zone->zone_id = DatumGetInt32(SPI_getbinval(tuple, columns, 1, &isnull));
	zone->parent_id = DatumGetInt32(SPI_getbinval(tuple, columns, 3, &isnull));
	if (isnull)
		zone->parent_id = 0;
	zone->is_leaf = DatumGetBool(SPI_getbinval(tuple, columns, 4, &isnull)) && !isnull;
	zone->code_length = -1;
	code = SPI_getbinval(tuple, columns, 2, &isnull);
	if (!isnull)
	{
		text *clean = clean_text(DatumGetTextPP(code));
		size_t length = VARSIZE_ANY_EXHDR(clean);

		if (length > 0)
		{
			char *copy = MemoryContextAlloc(memory, length);

			memcpy(copy, VARDATA_ANY(clean), length);
			zone->code = copy;
			zone->code_length = length;
		}
	}
}

/* Which of the zones in SPI_tuptable, whose fifth column is the polygon, holds the point: the index
 * of these few says what that of all says. */
static int
row_at_point(int32_t srid, double x, double y)
{
	int32_t *ids = palloc(SPI_processed * sizeof(int32_t));
	zone_edge *edges = NULL;
	size_t count = 0;
	pure_error error = {0};
	const zone_index *index;
	int32_t ordinal;

	for (uint64 row = 0; row < SPI_processed; row++)
	{
		HeapTuple tuple = SPI_tuptable->vals[row];
		bool isnull;
		zone_edge *more;
		size_t more_count;
		int32_t zone_srid;

		ids[row] = DatumGetInt32(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &isnull));
		more = geometry_read_zone(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 5, &isnull), ids[row],
								  &zone_srid, &more_count);
		edges = edges == NULL ? palloc(more_count * sizeof(zone_edge)) :
								repalloc(edges, (count + more_count) * sizeof(zone_edge));
		memcpy(edges + count, more, more_count * sizeof(zone_edge));
		count += more_count;
	}
	index = zone_index_build(ids, SPI_processed, edges, count, srid, &error);
	if (index == NULL)
		georisk_raise(&error);
	ordinal = zone_index_locate(index, x, y);
	return ordinal; /* rows come by ascending zone_id, as ordinals do */
}

/* The zone in a row of the answer; -1: none. */
static const placing_zone *
keep_zone(const placing_probe *probe, int row)
{
	placing_zone *zone;

	if (row < 0)
		return NULL;
	zone = MemoryContextAllocZero(probe->memory, sizeof(placing_zone));
	placing_read_zone(row, zone, probe->memory);
	return zone;
}

static void
ask(const placing *map, const char *more_columns, const char *condition, Oid type, Datum value)
{
	Oid types[2] = {INT4OID, type};
	Datum values[2] = {Int32GetDatum(map->zone_set_id), value};
	char *sql =
		psprintf("SELECT " PLACING_ZONE_COLUMNS "%s FROM %s.zone "
				 "WHERE zone_set_id OPERATOR(pg_catalog.=) $1 AND %s ORDER BY zone_id",
				 more_columns, quote_identifier(get_namespace_name(map->probe->schema)), condition);

	map->probe->count++;
	if (SPI_execute_with_args(sql, 2, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not look for a zone");
}

static const char *
schema_of_type(Oid type)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid schema;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	schema = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
	ReleaseSysCache(tuple);
	return quote_identifier(get_namespace_name(schema));
}

static placing_user
begin(const placing *map)
{
	placing_user writer = placing_become_user(map->probe->owner);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	PushActiveSnapshot(GetLatestSnapshot());
	return writer;
}

static void
end(placing_user writer)
{
	PopActiveSnapshot();
	SPI_finish();
	placing_become(writer);
}

const placing_zone *
placing_probe_id(const placing *map, int32_t zone_id)
{
	placing_user writer = begin(map);
	const placing_zone *zone;

	ask(map, "", "zone_id OPERATOR(pg_catalog.=) $2", INT4OID, Int32GetDatum(zone_id));
	zone = keep_zone(map->probe, SPI_processed > 0 ? 0 : -1);
	end(writer);
	return zone;
}

const placing_zone *
placing_probe_code(const placing *map, const char *code, size_t length)
{
	Datum wanted = PointerGetDatum(cstring_to_text_with_len(code, length));
	placing_user writer = begin(map);
	const placing_zone *zone;

	/* By the index; where that has none, a code with white space around it is the same code. */
	ask(map, "", "code::pg_catalog.text OPERATOR(pg_catalog.=) $2", TEXTOID, wanted);
	if (SPI_processed == 0)
		ask(map, "", "georisk.clean_text(code::pg_catalog.text) OPERATOR(pg_catalog.=) $2", TEXTOID,
			wanted);
	zone = keep_zone(map->probe, SPI_processed > 0 ? 0 : -1);
	end(writer);
	return zone;
}

const placing_zone *
placing_probe_point(const placing *map, Datum point, double x, double y)
{
	Oid geometry = geometry_type_oid();
	char *condition = psprintf("is_leaf AND geom OPERATOR(%s.&&) $2", schema_of_type(geometry));
	placing_user writer = begin(map);
	const placing_zone *zone = NULL;

	ask(map, ", geom", condition, geometry, point);
	if (SPI_processed > 0)
		zone = keep_zone(map->probe, row_at_point(map->srid, x, y));
	end(writer);
	return zone;
}
