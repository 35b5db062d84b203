/* Zones of a set that this process has not loaded. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

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

static const char *
schema_name(const placing *map)
{
	return quote_identifier(get_namespace_name(map->probe->schema));
}

static void
ask(const placing *map, const char *condition, Oid type, Datum value)
{
	Oid types[2] = {INT4OID, type};
	Datum values[2] = {Int32GetDatum(map->zone_set_id), value};
	char *sql =
		psprintf("SELECT " PLACING_ZONE_COLUMNS " FROM %s.zone "
				 "WHERE zone_set_id OPERATOR(pg_catalog.=) $1 AND %s ORDER BY zone_id",
				 schema_name(map), condition);

	map->probe->count++;
	if (SPI_execute_with_args(sql, 2, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not look for a zone");
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

	ask(map, "zone_id OPERATOR(pg_catalog.=) $2", INT4OID, Int32GetDatum(zone_id));
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
	ask(map, "code::pg_catalog.text OPERATOR(pg_catalog.=) $2", TEXTOID, wanted);
	if (SPI_processed == 0)
		ask(map, "georisk.clean_text(code::pg_catalog.text) OPERATOR(pg_catalog.=) $2", TEXTOID,
			wanted);
	zone = keep_zone(map->probe, SPI_processed > 0 ? 0 : -1);
	end(writer);
	return zone;
}

const placing_zone *
placing_probe_point(const placing *map, Datum point)
{
	char *condition =
		psprintf("zone_id OPERATOR(pg_catalog.=) (SELECT georisk.locate(index, $2) FROM %s.zone_set "
				 "WHERE zone_set_id OPERATOR(pg_catalog.=) $1)",
				 schema_name(map));
	placing_user writer = begin(map);
	const placing_zone *zone;

	ask(map, condition, geometry_type_oid(), point);
	zone = keep_zone(map->probe, SPI_processed > 0 ? 0 : -1);
	end(writer);
	return zone;
}
