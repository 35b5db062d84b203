/*
 * What a tier tells of the counts behind it, by its definition alone: a person who knows the policy
 * and the tier knows as much. A window is so many days, the last of them so long before the day
 * judged.
 */
#ifndef GEORISK_POLICY_TELLS_H
#define GEORISK_POLICY_TELLS_H

#include "policy.h"

typedef enum told_what
{
	TOLD_CASES,
	TOLD_HOUSEHOLDS,
	TOLD_DAYS_SINCE
} told_what;

#define TOLD_NO_END INT64_MAX /* or more; of days since, never as well */

typedef struct policy_told
{
	int tier;
	const char *measure;
	told_what what;
	int32_t days; /* 0: all days until then */
	int32_t ago;
	int64_t at_least; /* for sure */
	int64_t at_most;
	/* Of this number by itself, to someone who knows which conditions on the others held. */
	bool is_exact; /* false: that cannot be said, and neither can at_least and at_most */
	int64_t told_at_least;
	int64_t told_at_most;
} policy_told;

/*
 * For each tier and each number counted that BASE asks for. `zone` has the level, population and
 * households, each as far as it is known. NULL with `error` set where arithmetic overflows.
 */
extern policy_told *policy_tells(const policy *rule, const profile_view *zone, int *count,
								 pure_error *error);

#endif
