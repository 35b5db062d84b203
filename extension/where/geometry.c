#include "postgres.h"

#include <math.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "geometry.h"
#include "geos.h"
#include "wkb_core.h"
#include "zone_simple_core.h"

/*
 * The serialized form of a plain point, after the length word: three bytes of SRID, the highest
 * first, the flags, type, number of points, x, y. On disk it is a short varlena at any address.
 */
#define PLAIN_HEAD 12
#define PLAIN_POINT 28
#define PLAIN_FLAGS 0x40 /* version 2; no Z, no M, no box, not geodetic */

static struct
{
	bool resolved; /* until the catalog changes */
	bool plain;	   /* PostGIS's points are what we think they are */
	Oid type;
	FmgrInfo send;
} postgis;

static bool callback_registered = false;

static void
forget_postgis(Datum unused, int cache, uint32 hash)
{
	postgis.resolved = false;
}

static Oid
extension_schema(Oid extension)
{
	Relation catalog = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	Oid schema = InvalidOid;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(catalog, ExtensionOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		schema = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return schema;
}

/* Of the types of this name only the one that is PostGIS's own counts. */
static Oid
find_geometry_type(void)
{
	Oid extension = get_extension_oid("postgis", true);
	Oid type = InvalidOid;

	if (OidIsValid(extension))
		type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("geometry"),
							   ObjectIdGetDatum(extension_schema(extension)));
	if (!OidIsValid(type) || getExtensionOfObject(TypeRelationId, type) != extension)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("PostGIS's type geometry was not found"),
				 errhint("Run CREATE EXTENSION postgis in this database.")));
	return type;
}

static int32
plain_srid(const unsigned char *body)
{
	uint32 bits = (uint32) body[0] << 16 | (uint32) body[1] << 8 | body[2];

	/* 21 bits with a sign */
	return (int32) ((bits & 0x1fffff) ^ 0x100000) - 0x100000;
}

/* False where the value is not a plain point; then x and y are left alone. */
static inline bool
read_plain(const struct varlena *value, int32 *srid, bool *empty, double *x, double *y)
{
	const unsigned char *body = (const unsigned char *) VARDATA_ANY(value);
	size_t size = VARSIZE_ANY_EXHDR(value);
	uint32 type, points;

	if ((size != PLAIN_POINT && size != PLAIN_HEAD) || body[3] != PLAIN_FLAGS)
		return false;
	memcpy(&type, body + 4, sizeof(type));
	memcpy(&points, body + 8, sizeof(points));
	if (type != WKB_POINT || points != (size == PLAIN_POINT ? 1 : 0))
		return false;
	*srid = plain_srid(body);
	*empty = points == 0;
	if (points == 1)
	{
		memcpy(x, body + 12, sizeof(*x));
		memcpy(y, body + 20, sizeof(*y));
	}
	return true;
}

/* What PostGIS makes of a text, and what we then read; `plain` says whether we should understand
 * it. */
static bool
reads_as(Oid type, const char *text, bool plain, int32 srid, bool empty, double x, double y)
{
	Oid input, parameter;
	struct varlena *value;
	int32 read_srid = 0;
	bool read_empty = false;
	double read_x = 0;
	double read_y = 0;

	getTypeInputInfo(type, &input, &parameter);
	value = (struct varlena *) DatumGetPointer(
		OidInputFunctionCall(input, pstrdup(text), parameter, -1));
	if (!read_plain(value, &read_srid, &read_empty, &read_x, &read_y))
		return !plain;
	return plain && read_srid == srid && read_empty == empty && read_x == x && read_y == y;
}

/* Once in a process: does PostGIS still write points the way that read_plain reads them? */
static bool
points_are_plain(Oid type)
{
	return reads_as(type, "POINT(1.5 -2.25)", true, 0, false, 1.5, -2.25) &&
		   reads_as(type, "SRID=4326;POINT(106.7 10.8)", true, 4326, false, 106.7, 10.8) &&
		   reads_as(type, "SRID=990000;POINT(-0.5 1e7)", true, 990000, false, -0.5, 1e7) &&
		   reads_as(type, "SRID=4326;POINT EMPTY", true, 4326, true, 0, 0) &&
		   reads_as(type, "POINT Z (1 2 3)", false, 0, false, 0, 0) &&
		   reads_as(type, "POINT M (1 2 3)", false, 0, false, 0, 0) &&
		   reads_as(type, "MULTIPOINT(1 2)", false, 0, false, 0, 0) &&
		   reads_as(type, "LINESTRING EMPTY", false, 0, false, 0, 0);
}

/*
 * Not in _PG_init, which may run before there is a catalog. The flag is set first, so that an
 * invalidation on the way takes it back.
 */
static void
resolve_postgis(void)
{
	Oid send;
	bool is_varlena;

	if (!callback_registered)
	{
		CacheRegisterSyscacheCallback(TYPEOID, forget_postgis, (Datum) 0);
		callback_registered = true;
	}
	postgis.plain = false;
	postgis.resolved = true;
	PG_TRY();
	{
		postgis.type = find_geometry_type();
		getTypeBinaryOutputInfo(postgis.type, &send, &is_varlena);
		fmgr_info_cxt(send, &postgis.send, TopMemoryContext);
		postgis.plain = points_are_plain(postgis.type);
	}
	PG_CATCH();
	{
		postgis.resolved = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
}

Oid
geometry_type_oid(void)
{
	if (!postgis.resolved)
		resolve_postgis();
	return postgis.type;
}

bytea *
geometry_to_wkb(Datum geometry)
{
	if (!postgis.resolved)
		resolve_postgis();
	return SendFunctionCall(&postgis.send, geometry);
}

static void
check_srid(int32 found, int32 wanted)
{
	if (found == wanted)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the point has SRID %d, the zones have SRID %d", found, wanted),
			 found == 0 || wanted == 0 ?
				 errhint("If both are in the same reference system, say so with "
						 "ST_SetSRID(geometry, %d).",
						 wanted) :
				 errhint("Bring the point to the zones with ST_Transform(geometry, %d).", wanted)));
}

static void
read_by_wkb(Datum geometry, int32 srid, double *x, double *y)
{
	bytea *wkb = geometry_to_wkb(geometry);
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(wkb);
	size_t size = VARSIZE_ANY_EXHDR(wkb);
	wkb_head head;
	pure_error error;

	if (!wkb_read_point(bytes, size, x, y, &error) || !wkb_read_head(bytes, size, &head, &error))
		georisk_raise(&error);
	check_srid(head.srid, srid);
	pfree(wkb);
}

geometry_point_state
geometry_read_point(Datum geometry, int32_t srid, double *x, double *y)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(geometry);
	struct varlena *packed = pg_detoast_datum_packed(value);
	int32 found;
	bool empty = false;

	if (!postgis.resolved)
		resolve_postgis();
	if (postgis.plain && read_plain(packed, &found, &empty, x, y))
		check_srid(found, srid);
	else
	{
		read_by_wkb(PointerGetDatum(packed), srid, x, y);
		empty = isnan(*x) && isnan(*y);
	}
	if (packed != value)
		pfree(packed);

	if (empty)
		return GEOMETRY_POINT_EMPTY;
	return isfinite(*x) && isfinite(*y) ? GEOMETRY_POINT : GEOMETRY_POINT_NOT_FINITE;
}

geometry_head
geometry_plain_head(int32_t srid)
{
	geometry_head head = {{0}};
	unsigned char *body = head.bytes + VARHDRSZ_SHORT;
	uint32 type = WKB_POINT, points = 1;

	if (!postgis.resolved)
		resolve_postgis();
	if (!postgis.plain)
		return head;
	SET_VARSIZE_SHORT(head.bytes, GEOMETRY_STORED_POINT);
	body[0] = (unsigned char) (((uint32) srid & 0x1fffff) >> 16);
	body[1] = (unsigned char) ((uint32) srid >> 8);
	body[2] = (unsigned char) srid;
	body[3] = PLAIN_FLAGS;
	memcpy(body + 4, &type, sizeof(type));
	memcpy(body + 8, &points, sizeof(points));
	return head;
}

void
geometry_read_zone(Datum geometry, int32_t zone_id, int32_t *srid, wkb_rings *rings)
{
	bytea *wkb = geometry_to_wkb(geometry);
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(wkb);
	size_t size = VARSIZE_ANY_EXHDR(wkb);
	wkb_head head;
	pure_error error;

	/* Ours first: it says what is not a polygon, not finite or empty in the words of zones. */
	if (!wkb_read_head(bytes, size, &head, &error) ||
		!wkb_read_rings(bytes, size, zone_id, rings, &error))
		georisk_raise(&error);
	if (!zone_is_simple(rings))
		geos_check_valid_polygon(bytes, size, zone_id);
	*srid = head.srid;
	pfree(wkb);
}
