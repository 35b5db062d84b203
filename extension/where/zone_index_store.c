#include "postgres.h"

#include <limits.h>

#include "access/detoast.h"
#include "access/table.h"
#include "access/tableam.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/memutils.h"

#include "zone_index_store.h"
#include "zone_slice_core.h"

/* One look-up in pieces takes about as long as reading and checking this much of a value whole. */
#define BYTES_PER_LOOKUP ((size_t) 32 * 1024)

/* Heads of values that are not loaded are small, but not for nothing. */
#define MAX_STORED 64

static int index_memory = 512 * 1024; /* kB */

/* A value in a table, by its toast pointer. */
typedef struct stored_index
{
	dlist_node node; /* the one that was used last is first */
	struct varatt_external pointer;
	zone_head head;
	uint32 lookups; /* in pieces, since it was last thrown out */
	int holders;
	bool is_lost;		  /* found no more; goes with its last holder */
	MemoryContext memory; /* of `index`; NULL = not loaded */
	const zone_index *index;
} stored_index;

struct zone_index_site
{
	struct varlena *value; /* the argument of this call */
	bool is_external;
	struct varatt_external pointer; /* where it is stored */
	stored_index *stored;			/* NULL where pieces cannot be read */
	const zone_index *index;		/* NULL as long as pieces are */
	uint32 lookups;					/* of a value that is too large to be shared */
	MemoryContext memory;
};

typedef struct table_source
{
	zone_source source;
	struct varlena *value;
} table_source;

static dlist_head stored_indexes = DLIST_STATIC_INIT(stored_indexes);
static size_t loaded_bytes = 0;

/* ---- what is stored ---- */

static bool
is_external(const struct varlena *value, struct varatt_external *pointer)
{
	if (!VARATT_IS_EXTERNAL_ONDISK(value))
		return false;
	VARATT_EXTERNAL_GET_POINTER(*pointer, value);
	return true;
}

/* Whether pieces of it can be read. */
static bool
is_stored(const struct varlena *value, struct varatt_external *pointer)
{
	return is_external(value, pointer) && !VARATT_EXTERNAL_IS_COMPRESSED(*pointer);
}

static bool
same_pointer(const struct varatt_external *a, const struct varatt_external *b)
{
	return a->va_valueid == b->va_valueid && a->va_toastrelid == b->va_toastrelid &&
		   a->va_rawsize == b->va_rawsize && a->va_extinfo == b->va_extinfo;
}

/* The length word is not stored. */
static void
read_piece(const zone_source *source, size_t offset, size_t size, void *bytes)
{
	size_t missing = offset < VARHDRSZ ? Min(VARHDRSZ - offset, size) : 0;
	struct varlena *piece;

	memset(bytes, 0, missing);
	if (size == missing)
		return;
	piece = detoast_attr_slice(((const table_source *) source)->value,
							   (int32) (offset + missing - VARHDRSZ), (int32) (size - missing));
	if (VARSIZE_ANY_EXHDR(piece) != size - missing)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("stored zone_index is damaged"),
				 errdetail("It ends early."),
				 errhint("Build it again from its zones with zone_index_agg.")));
	memcpy((char *) bytes + missing, VARDATA_ANY(piece), size - missing);
	pfree(piece);
}

static table_source
source_of(struct varlena *value)
{
	struct varatt_external pointer;

	VARATT_EXTERNAL_GET_POINTER(pointer, value);
	return (table_source){{pointer.va_rawsize, read_piece}, value};
}

/* ---- what is kept ---- */

static void
unload(stored_index *stored)
{
	if (stored->memory == NULL)
		return;
	loaded_bytes -= zone_index_size(stored->index);
	MemoryContextDelete(stored->memory);
	stored->memory = NULL;
	stored->index = NULL;
	stored->lookups = 0;
}

static void
forget(stored_index *stored)
{
	if (!stored->is_lost)
		dlist_delete(&stored->node);
	stored->is_lost = true;
	if (stored->holders > 0)
		return;
	unload(stored);
	pfree(stored);
}

/* What was dropped, emptied or vacuumed is not kept. */
static void
forget_relation(Datum unused, Oid relation)
{
	dlist_mutable_iter each;

	dlist_foreach_modify(each, &stored_indexes)
	{
		stored_index *stored = dlist_container(stored_index, node, each.cur);

		if (relation == InvalidOid || stored->pointer.va_toastrelid == relation)
			forget(stored);
	}
}

void
zone_index_store_init(void)
{
	DefineCustomIntVariable(
		"georisk.index_memory",
		"Memory in which a process keeps the indexes of zones that it read from tables.",
		"A larger index is read again by every statement that asks for many points.", &index_memory,
		512 * 1024, 0, MAX_KILOBYTES, PGC_USERSET, GUC_UNIT_KB, NULL, NULL, NULL);
	CacheRegisterRelcacheCallback(forget_relation, (Datum) 0);
}

static bool
could_fit(size_t size)
{
	return size <= (size_t) index_memory * 1024;
}

/* Throws out what nobody holds and what was not asked for longest. */
static bool
make_room(size_t size)
{
	dlist_iter each;

	if (!could_fit(size))
		return false;
	dlist_reverse_foreach(each, &stored_indexes)
	{
		stored_index *stored = dlist_container(stored_index, node, each.cur);

		if (loaded_bytes + size <= (size_t) index_memory * 1024)
			break;
		if (stored->holders == 0)
			unload(stored);
	}
	return loaded_bytes + size <= (size_t) index_memory * 1024;
}

static void
limit_number(void)
{
	int count = 0;
	dlist_mutable_iter each;

	dlist_foreach_modify(each, &stored_indexes)
	{
		stored_index *stored = dlist_container(stored_index, node, each.cur);

		if (++count >= MAX_STORED && stored->holders == 0)
			forget(stored);
	}
}

/*
 * Value ids are given again one day, and tables put back: the same value is what has the same head
 * at the same place.
 */
static stored_index *
find_stored(struct varlena *value, const struct varatt_external *pointer)
{
	table_source source = source_of(value);
	stored_index *stored;
	dlist_mutable_iter each;
	zone_head head;
	pure_error error;

	memset(&head, 0, sizeof(head));
	if (!zone_head_read(&head, &source.source, &error))
		georisk_raise(&error);
	dlist_foreach_modify(each, &stored_indexes)
	{
		stored = dlist_container(stored_index, node, each.cur);
		if (!same_pointer(&stored->pointer, pointer))
			continue;
		if (memcmp(&stored->head, &head, sizeof(head)) == 0)
		{
			dlist_move_head(&stored_indexes, &stored->node);
			return stored;
		}
		forget(stored);
	}
	limit_number();
	stored = MemoryContextAllocZero(TopMemoryContext, sizeof(stored_index));
	stored->pointer = *pointer;
	stored->head = head;
	dlist_push_head(&stored_indexes, &stored->node);
	return stored;
}

static void
let_go(void *argument)
{
	stored_index *stored = argument;

	stored->holders--;
	if (stored->is_lost)
		forget(stored);
}

/* Keeps it from being thrown out as long as `holder` lives. */
static void
pin(stored_index *stored, MemoryContext holder)
{
	MemoryContextCallback *callback = MemoryContextAlloc(holder, sizeof(MemoryContextCallback));

	callback->func = let_go;
	callback->arg = stored;
	stored->holders++;
	MemoryContextRegisterResetCallback(holder, callback);
}

static const zone_index *
read_whole(struct varlena *value, MemoryContext memory)
{
	const int32 most = 1 << 20;
	MemoryContext before = MemoryContextSwitchTo(memory);
	struct varatt_external pointer;
	zone_index *index;
	Relation toast;
	pure_error error;
	int32 size;

	VARATT_EXTERNAL_GET_POINTER(pointer, value);
	/* The length that there is room for: chunks of a damaged pointer's other length are refused. */
	size = pointer.va_rawsize - VARHDRSZ;
	index = pure_alloc_large(pointer.va_rawsize);
	MemoryContextSwitchTo(before);
	toast = table_open(pointer.va_toastrelid, AccessShareLock);
	/* Straight to its place, behind the length word; to read it piece by piece would copy it twice. */
	for (int32 at = 0; at < size; at += most)
	{
		CHECK_FOR_INTERRUPTS();
		table_relation_fetch_toast_slice(toast, pointer.va_valueid, size, at, Min(most, size - at),
										 (struct varlena *) ((char *) index + at));
	}
	table_close(toast, AccessShareLock);
	SET_VARSIZE(index, pointer.va_rawsize);
	if (!zone_index_check(index, pointer.va_rawsize, &error))
		georisk_raise(&error);
	return index;
}

/* Whether it is there whole; it is pinned. */
static bool
load(stored_index *stored, struct varlena *value)
{
	MemoryContext memory;
	const zone_index *index;

	if (stored->index != NULL)
		return true;
	if (!make_room(stored->pointer.va_rawsize))
		return false;
	/* Under the current context until it is complete, so that an error leaves nothing behind. */
	memory = AllocSetContextCreate(CurrentMemoryContext, "georisk zone index",
								   ALLOCSET_START_SMALL_SIZES);
	index = read_whole(value, memory);
	MemoryContextSetParent(memory, TopMemoryContext);
	stored->memory = memory;
	stored->index = index;
	loaded_bytes += zone_index_size(index);
	return true;
}

const zone_index *
zone_index_hold(Datum datum, MemoryContext holder)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	struct varatt_external pointer;

	if (is_stored(value, &pointer) && could_fit(pointer.va_rawsize))
	{
		stored_index *stored = find_stored(value, &pointer);

		pin(stored, holder);
		if (load(stored, value))
			return stored->index;
	}
	return zone_index_copy(datum, holder);
}

/* ---- what a call site asks ---- */

/* A value in a table is known by its pointer, one in memory by its header, which holds its size and
 * the digest of its zones. */
static bool
is_at_hand(const zone_index_site *site, const struct varlena *value)
{
	struct varatt_external pointer;

	if (site->memory == NULL)
		return false;
	if (is_external(value, &pointer))
		return site->is_external && same_pointer(&pointer, &site->pointer);
	return site->index != NULL && !VARATT_IS_EXTENDED(value) &&
		   VARSIZE(value) >= sizeof(zone_index) &&
		   memcmp(value, site->index, sizeof(zone_index)) == 0;
}

static void
open_site(zone_index_site *site, struct varlena *value, MemoryContext parent)
{
	if (site->memory != NULL)
		MemoryContextDelete(site->memory);
	memset(site, 0, sizeof(zone_index_site));
	site->memory = AllocSetContextCreate(parent, "georisk call site", ALLOCSET_SMALL_SIZES);
	if (is_stored(value, &site->pointer))
	{
		stored_index *stored = find_stored(value, &site->pointer);

		pin(stored, site->memory);
		site->stored = stored;
	}
	else
		site->index = zone_index_copy(PointerGetDatum(value), site->memory);
	site->is_external = is_external(value, &site->pointer);
}

zone_index_site *
zone_index_argument(FunctionCallInfo fcinfo, int argument)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(argument);
	zone_index_site *site = fcinfo->flinfo->fn_extra;

	if (site == NULL)
	{
		site = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(zone_index_site));
		fcinfo->flinfo->fn_extra = site;
	}
	if (!is_at_hand(site, value))
		open_site(site, value, fcinfo->flinfo->fn_mcxt);
	site->value = value;
	return site;
}

int32
zone_index_site_srid(const zone_index_site *site)
{
	return zone_index_srid(site->index != NULL ? site->index : &site->stored->head.header);
}

const zone_index *
zone_index_site_whole(zone_index_site *site)
{
	if (site->index == NULL)
		site->index = load(site->stored, site->value) ?
						  site->stored->index :
						  zone_index_copy(PointerGetDatum(site->value), site->memory);
	return site->index;
}

const zone_index *
zone_index_site_ask(zone_index_site *site)
{
	size_t size;
	uint32 *lookups;

	if (site->index != NULL)
		return site->index;
	size = site->pointer.va_rawsize;
	lookups = could_fit(size) ? &site->stored->lookups : &site->lookups;
	if (site->stored->index == NULL && ++*lookups <= size / BYTES_PER_LOOKUP)
		return NULL;
	return zone_index_site_whole(site);
}

int32 *
zone_index_site_locate(zone_index_site *site, double x, double y, bool all, size_t *count)
{
	table_source source = source_of(site->value);
	int32 *ids;
	pure_error error;

	if (!zone_slice_locate(&site->stored->head, &source.source, x, y, all, &ids, count, &error))
		georisk_raise(&error);
	return ids;
}
