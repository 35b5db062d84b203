/*
 * What a pure core may use of its host: memory, a check for interrupts, a way to say what is wrong.
 *
 * Pure cores know no catalog, no SPI and no fmgr; with GEORISK_STANDALONE they compile without the
 * server, for unit tests, valgrind and fuzzers.
 */
#ifndef GEORISK_PURE_H
#define GEORISK_PURE_H

#include <sys/mman.h>

#ifdef GEORISK_STANDALONE
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PURE_ASSERT(condition) assert(condition)

static inline void *
pure_must(void *chunk)
{
	if (chunk == NULL)
		abort();
	return chunk;
}

#define pure_alloc(size) pure_must(malloc((size) > 0 ? (size) : 1))
#define pure_alloc0(size) pure_must(calloc(1, (size) > 0 ? (size) : 1))
#define pure_realloc(chunk, size) pure_must(realloc((chunk), (size)))
#define pure_free(chunk) free(chunk)
#define pure_check_interrupts() ((void) 0)
#define pure_fatal(message) abort()
#else
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define PURE_ASSERT(condition) Assert(condition)
#define pure_alloc(size) MemoryContextAllocHuge(CurrentMemoryContext, (size))
#define pure_alloc0(size) memset(pure_alloc(size), 0, (size))
#define pure_realloc(chunk, size) repalloc_huge((chunk), (size))
#define pure_free(chunk) pfree(chunk)
#define pure_check_interrupts() CHECK_FOR_INTERRUPTS()
#define pure_fatal(message) elog(ERROR, "%s", message)
#endif

/*
 * Memory that is read and written all over, in huge pages where the system has them: with small ones
 * the processor looks for pages as long as for the data. Nothing may be written before.
 */
static inline void *
pure_alloc_large(size_t size)
{
	const uintptr_t huge = (uintptr_t) 2 << 20;
	void *chunk = pure_alloc(size);
#ifdef MADV_HUGEPAGE
	uintptr_t first = ((uintptr_t) chunk + huge - 1) & ~(huge - 1);
	uintptr_t end = ((uintptr_t) chunk + size) & ~(huge - 1);

	if (first < end)
		madvise((void *) first, end - first, MADV_HUGEPAGE);
#endif
	return chunk;
}

/* What went wrong, in the classes that a shell turns into an SQLSTATE. */
typedef enum pure_error_code
{
	PURE_OK = 0,
	PURE_SYNTAX,			/* 42601 syntax_error */
	PURE_INVALID_TEXT,		/* 22P02 invalid_text_representation */
	PURE_INVALID_BINARY,	/* 22P03 invalid_binary_representation */
	PURE_INVALID_PARAMETER, /* 22023 invalid_parameter_value */
	PURE_OUT_OF_RANGE,		/* 22003 numeric_value_out_of_range */
	PURE_DATE_OUT_OF_RANGE, /* 22008 datetime_field_overflow */
	PURE_LIMIT,				/* 54000 program_limit_exceeded */
	PURE_CORRUPT			/* XX001 data_corrupted */
} pure_error_code;

/* line and column start at 1; 0 where a place means nothing. Empty detail and hint are left out. */
typedef struct pure_error
{
	pure_error_code code;
	int line;
	int column;
	char message[256];
	char detail[512];
	char hint[256];
} pure_error;

#endif
