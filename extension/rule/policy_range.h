/*
 * Numbers that are known only within bounds. A point is known; infinity is a bound, or, for "days
 * since", the value of never. What may be undefined (a ratio over zero, a zone value to be skipped)
 * says so.
 */
#ifndef GEORISK_POLICY_RANGE_H
#define GEORISK_POLICY_RANGE_H

#include "policy_ast.h"

typedef struct range_bound
{
	int infinite; /* -1, 0 or 1 */
	bool open;	  /* the value itself is left out */
	exact value;
} range_bound;

typedef enum range_absence
{
	RANGE_PRESENT,
	RANGE_MAYBE_ABSENT,
	RANGE_ABSENT
} range_absence;

typedef struct range
{
	range_bound low;
	range_bound high;
	range_absence absence;
	int why; /* the first atom that left it open; -1 = none */
} range;

extern range range_of(exact value);
extern range range_never(void);
extern range range_between(int64_t low, int64_t high, int why);
extern range range_from(int64_t low, int why); /* low and more */
extern range range_unknown(int why);
extern range range_absent(int why);
extern bool range_is_point(const range *value);

/* False where exact arithmetic overflows. */
extern bool range_negate(range a, range *result);
extern bool range_add(range a, range b, range *result);
extern bool range_multiply(range a, range b, range *result);
extern bool range_divide(range a, range b, range *result);

extern range range_hull(range a, range b);
/* False where nothing is left. */
extern bool range_intersect(range a, range limit, range *result);

/* 1 true, 0 false, -1 unknown. */
extern int range_compare(const range *a, compare_op op, const range *b);

/* Where `value` stands: how many of the cuts of a metric lie below it, at its low and its high end.
 */
extern void range_band(const range *value, const policy_metric *metric, int *lowest, int *highest);

#endif
