/* One judgement in the making: what was read, and what it leaves open. Private to the policy
 * language. */
#ifndef GEORISK_POLICY_EVAL_H
#define GEORISK_POLICY_EVAL_H

#include "policy_around.h"
#include "policy_range.h"

typedef enum reading_gap
{
	GAP_NONE,
	GAP_VALUE,		 /* nobody set the zone value, or too long ago */
	GAP_INCOMPLETE,	 /* reports are complete only until an earlier day */
	GAP_HOUSEHOLDS,	 /* the curve does not know its households */
	GAP_DENOMINATOR, /* population or number of households not given */
	GAP_LEVEL,		 /* not given, or the policy says nothing of it */
	GAP_NEIGHBOURS,	 /* nobody said who they are */
	GAP_CHILDREN	 /* there are none */
} reading_gap;

/* What the profile says of one atom. */
typedef struct policy_reading
{
	range value;
	reading_gap gap;
	bool assumed; /* IF MISSING stands in */
	bool dated;
	int32_t day;   /* of the zone value, or the last day of a "days since" */
	int32_t first; /* of the window */
	int32_t last;  /* of the window, and the day of which all is said */
} policy_reading;

typedef struct policy_evaluation
{
	const policy *rule;
	const profile_view *profile;
	int32_t day;
	pure_error *error;
	bool failed;

	policy_reading *readings; /* by atom */
	range *atoms;			  /* the same, as narrowed by case distinction */
	range *lets;
	range *let_limits;
	range_absence *let_absence; /* before IF MISSING stands in */
	int previous;				/* the tier in force before this review; -1 = none */
	int passes;
	uint64_t *stages; /* the tiers possible by BASE, then after each step */

	const policy_expr *asked[2]; /* by a pass, where it is not the tiers */

	/* What the last pass left open, and where a distinction of cases would help. */
	int why;
	bool has_split;
	bool split_let;
	int split_index;
	exact split_at;
} policy_evaluation;

/* Judges one day by what is in the profile; that it may be silent is settled before. */
extern bool policy_evaluate(policy_evaluation *evaluation, const policy *rule,
							const profile_view *profile, int32_t day, int previous, verdict *result,
							pure_error *error);
extern void policy_evaluation_free(policy_evaluation *evaluation);

extern range policy_number(policy_evaluation *evaluation, const policy_expr *expr);

/* 1 true, 0 false, -1 unknown; notes what is open: policy_condition.c. */
extern int policy_condition(policy_evaluation *evaluation, const policy_expr *expr);
/* Where to distinguish cases, should tiers stay open: the first bound that is noted. */
extern void policy_note_split(policy_evaluation *evaluation, const policy_expr *expr,
							  const range *value, exact at);
/* Its WHEN holds and its UNLESS does not. */
extern int policy_step_applies(policy_evaluation *evaluation, const policy_step *step);

/*
 * The tiers that BASE and the steps leave possible; `decided` is the line of BASE that may hold and
 * stands first, -1 = none: policy_base.c.
 */
extern uint64_t policy_possible_tiers(policy_evaluation *evaluation, int *decided);
/* So many tiers worse (direction 1) or milder (-1), among those on the ladder; the last is the end.
 */
extern int policy_tier_moved(const policy *rule, int tier, int tiers, int direction);
/* What a step makes of one tier, given its limit; -1 = none. */
extern int policy_tier_stepped(const policy *rule, const policy_step *step, int limit, int tier);
/* False where the case at hand cannot be: a LET lies outside the bounds set for it. */
extern bool policy_evaluate_lets(policy_evaluation *evaluation);

/* The worst of two sets of possible tiers: any of the one against any of the other. */
extern uint64_t policy_worst_of(uint64_t a, uint64_t b);

/* The chain of reviews from `start` to the review of `day`, by what is in the profile:
 * policy_course.c. */
extern bool policy_chain(const policy *rule, const profile_view *settled, int32_t start,
						 int32_t day, verdict *result, pure_error *error);

/* The worse of two verdicts, each perhaps open; of equals the one that is there. True where it
 * changes. */
extern bool policy_keep_worse(verdict *result, const verdict *earlier, int32_t day);

/* The last day on which nothing is asked for that the profile has not reported. */
extern int32_t policy_known_until(const policy *rule, const profile_view *profile);

/* What is left of a profile when its silence is settled for a day; true where it is excused. */
extern bool policy_settle_silence(const policy *rule, const profile_view *profile, int32_t day,
								  profile_view *settled);

/* The day whose verdict decided, and the profile that it was judged by. */
extern int32_t policy_decided_on(const policy *rule, const profile_view *profile, int32_t day,
								 const verdict *result, profile_view *settled);

/*
 * After policy_evaluate. How two conditions may turn out together, one missing value being one
 * value in both: bit 0 where neither may hold, 1 the first alone, 2 the second alone, 3 both.
 * `second` may be NULL.
 */
extern unsigned policy_outcomes(policy_evaluation *evaluation, const policy_expr *first,
								const policy_expr *second);
extern int policy_condition_holds(policy_evaluation *evaluation, const policy_expr *condition);
extern int policy_step_holds(policy_evaluation *evaluation, const policy_step *step);

/* A measure that the policy counts must be in the profile. */
extern bool policy_check_measures(policy_evaluation *evaluation);
extern bool policy_read_atom(policy_evaluation *evaluation, int atom, policy_reading *reading);

/* Kinds of days: policy_days.c. Monday is 0. */
extern int policy_weekday(int64_t day);
/* The count-th last day of a kind, `day` itself being one of them if it is of the kind. */
extern int32_t policy_last_of_kind(const policy *rule, const profile_view *profile, int kind,
								   int32_t day, int32_t count);
/* The count-th day of a kind after `day`. */
extern int32_t policy_next_of_kind(const policy *rule, const profile_view *profile, int kind,
								   int32_t day, int32_t count);

extern void policy_read_around(policy_evaluation *evaluation, int atom, policy_reading *reading);

/* The numbers that people are shown beside the tier. */
extern void policy_fill_numbers(const policy *rule, const profile_view *profile, int32_t day,
								verdict *result);

#endif
