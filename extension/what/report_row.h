/* What the aggregates of this room read of a report: its day and how many cases it stands for. */
#ifndef GEORISK_REPORT_ROW_H
#define GEORISK_REPORT_ROW_H

#include "../georisk.h"

/*
 * The day is argument `at`; n is the one behind it or, where there is none, 1. False where either
 * is NULL; an error where one that is given cannot be.
 */
extern bool report_row_read(FunctionCallInfo fcinfo, int at, int32 *day, int32 *n);

#endif
