/* What the aggregates of this room read of a report: its day and how many cases it stands for. */
#ifndef GEORISK_REPORT_ROW_H
#define GEORISK_REPORT_ROW_H

#include "utils/date.h"

#include "../georisk.h"

extern void report_row_refuse_day(void) pg_attribute_noreturn();
extern void report_row_refuse_count(int32 n) pg_attribute_noreturn();

/*
 * The day is argument `at`; n is the one behind it or, where there is none, 1. False where either
 * is NULL; an error where one that is given cannot be.
 */
static inline bool
report_row_read(FunctionCallInfo fcinfo, int at, int32 *day, int32 *n)
{
	bool has_count = PG_NARGS() > at + 1;

	*day = 0;
	*n = 1;
	if (!PG_ARGISNULL(at))
	{
		*day = PG_GETARG_DATEADT(at);
		if (DATE_NOT_FINITE(*day))
			report_row_refuse_day();
	}
	if (has_count && !PG_ARGISNULL(at + 1))
	{
		*n = PG_GETARG_INT32(at + 1);
		if (*n < 0)
			report_row_refuse_count(*n);
	}
	return !PG_ARGISNULL(at) && !(has_count && PG_ARGISNULL(at + 1));
}

#endif
