/* Verdicts for people: what one is called where the policy has no name for it, and the rows of
 * explain_tier. */
#ifndef GEORISK_VERDICT_H
#define GEORISK_VERDICT_H

#include "funcapi.h"

#include "policy.h"

#define UNKNOWN_TIER "unknown"
#define UNKNOWN_LABEL_EN "unknown"
#define UNKNOWN_LABEL_VI "chưa rõ"
#define UNKNOWN_COLOR "#bdbdbd"

/* What is explained: the verdict that a review says on a day, as a part of its chain. */
typedef struct explained
{
	const policy *rule;
	const profile_view *view;
	int32 start;
	int32 review;
	policy_lang lang;
} explained;

/* All rows on one zone that is judged by itself. */
extern void explain_put(ReturnSetInfo *result, const explained *what);

/* Its parts, for a zone of a map; next_tier is -1 where there is no next step down. */
extern void explain_put_line(ReturnSetInfo *result, int number, const policy_line *line);
extern void explain_put_verdict(ReturnSetInfo *result, const policy *rule, const verdict *found,
								const char *reason, int next_tier, int32 next_day);

#endif
