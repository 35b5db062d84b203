/*
 * Classes in which counts are published: what is known of a count already bounds where classes may
 * be cut, so that what is learned is never finer than k counts, nor is anything learned of other
 * days.
 */
#ifndef GEORISK_COUNT_CLASS_CORE_H
#define GEORISK_COUNT_CLASS_CORE_H

#include "../pure.h"

#define COUNT_NO_END INT64_MAX
#define COUNT_MOST ((int64_t) 1 << 40) /* no count, and no sum of counts, is more */

/* What people know: that so many were counted from one day to another. */
typedef struct count_statement
{
	int64_t first; /* day */
	int64_t last;
	int64_t at_least;
	int64_t at_most; /* COUNT_NO_END */
} count_statement;

/*
 * What the statements say of a window to someone who knows every day outside it: the highest lower
 * and the lowest upper bound that any counts of the other days could lead to. Statements that
 * contradict one another leave the highest lower bound that some of them have, and none above it.
 */
extern void count_bounds(const count_statement *statements, int count, int64_t first, int64_t last,
						 int64_t *at_least, int64_t *at_most);

typedef struct counted_zone
{
	int parent;		  /* by position; -1 = none */
	bool is_known;	  /* what is known of a zone without parts: at_least and at_most hold */
	bool is_left_out; /* it gets no class, as everyone sees */
	int64_t count;	  /* of a zone without parts */
	int64_t at_least;
	int64_t at_most;

	/* The class; none where nothing could be cut: 0 or more. */
	bool has_class;
	int64_t class_at_least;
	int64_t class_at_most;
} counted_zone;

/* Classes of all zones, those with parts after their parts. False where a zone is above itself. */
extern bool count_classes(counted_zone *zones, int count, int64_t k);

#endif
