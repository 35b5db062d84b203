/* How far a long statement is, for those who look at pg_stat_activity. */
#ifndef SHOW_PROGRESS_H
#define SHOW_PROGRESS_H

#include "georisk.h"

/* A counter tells of itself after so many steps. */
#define PROGRESS_STEP (UINT64CONST(1) << 18)

/* Writes the message before the statement that this process runs; NULL leaves the statement alone again. */
extern void show_activity(const char *message);

/* The same with a number: "262144 reports counted". */
extern void show_activity_count(uint64 count, const char *of_what);

#endif
