/* The rows that judge and judge_days give. Private to both. */
#ifndef GEORISK_JUDGE_H
#define GEORISK_JUDGE_H

#include "funcapi.h"

#include "judgement.h"

/* What all zones and days of one call share. */
typedef struct judge_call
{
	const policy *rule;
	policy_lang lang;
	int32 as_of;
	int32 until;
	int32 start; /* of the chain of reviews */
	MemoryContext zone_context;
	MemoryContext day_context;
	ReturnSetInfo *result;
	uint64 verdicts; /* so far */
} judge_call;

/* A zone on a day; one whose profile is NULL has no view. */
extern void judge_put(judge_call *call, int32 zone_id, int32 day, const profile_view *view,
					  const verdict *found, const char *reason);

/* The profile as of the judgement's day; one that names another day is somebody's mistake. */
extern void judge_view(const policy *rule, const judgement_zone *zone, int32 as_of,
					   profile_view *view);

/* The day from which reviews are held: as given, else the first day with a report in any zone. */
extern int32 judge_first_review_day(const policy *rule, judgement_state *state, int32 until);

/* All zones, for judging them together; each has its view. */
extern policy_zone *judge_zones_of(const policy *rule, judgement_state *state,
								   profile_view *views);

/* Where the policy relates zones: all of them together, day by day. */
extern void judge_map(judge_call *call, judgement_state *state);

#endif
