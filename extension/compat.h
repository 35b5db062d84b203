/* Everything that differs between PostgreSQL versions. */
#ifndef GEORISK_COMPAT_H
#define GEORISK_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "georisk needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* From 16 on a module hides its symbols and exports its SQL functions; 15 gets the same here. */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

/* The number of the running transaction in this process, also before it has an xid. */
#if PG_VERSION_NUM >= 170000
#define COMPAT_LOCAL_TRANSACTION_ID (MyProc->vxid.lxid)
#else
#define COMPAT_LOCAL_TRANSACTION_ID (MyProc->lxid)
#endif

/* An index scan that nobody asks to be instrumented. */
#if PG_VERSION_NUM >= 180000
#define COMPAT_INDEX_BEGINSCAN(table, index, snapshot, keys)                                       \
	index_beginscan(table, index, snapshot, NULL, keys, 0)
#else
#define COMPAT_INDEX_BEGINSCAN(table, index, snapshot, keys)                                       \
	index_beginscan(table, index, snapshot, keys, 0)
#endif

#include "fmgr.h"

#if PG_VERSION_NUM < 160000
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(funcname)                                                              \
	extern PGDLLEXPORT Datum funcname(PG_FUNCTION_ARGS);                                           \
	extern PGDLLEXPORT const Pg_finfo_record *CppConcat(pg_finfo_, funcname)(void);                \
	const Pg_finfo_record *CppConcat(pg_finfo_, funcname)(void)                                    \
	{                                                                                              \
		static const Pg_finfo_record my_finfo = {1};                                               \
		return &my_finfo;                                                                          \
	}                                                                                              \
	extern int no_such_variable
#endif

#endif
