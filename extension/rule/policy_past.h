/*
 * The past of one zone: a course through its reviews, one after the other, so that all zones of a
 * map can be taken from review to review together. Private to the policy language.
 */
#ifndef GEORISK_POLICY_PAST_H
#define GEORISK_POLICY_PAST_H

#include "policy_eval.h"
#include "policy_text.h"

/* What one course of events has left. */
typedef struct past_state
{
	int tier;
	int32_t entered;				  /* the review at which it last changed */
	uint8_t said[POLICY_MAX_REVIEWS]; /* by the reviews, the last one first */

	/* Where tiers are entered and left, instead of these two: */
	int8_t base;					  /* what the last review said; -1 = none yet */
	uint8_t on;						  /* bit i: the tier of the i-th switch is entered */
	int32_t due[POLICY_MAX_SWITCHES]; /* the day of a change that is decided, or PAST_NOT_DUE */

	/* For people; states that differ only here are the same: the review that decided that it
	 * be entered, or PAST_NOT_KNOWN. */
	int32_t turned[POLICY_MAX_SWITCHES];
} past_state;

#define PAST_NOT_DUE INT32_MAX
#define PAST_NOT_KNOWN INT32_MIN

typedef struct past_span
{
	int32_t from, until;
} past_span;

/* What a switch may be: off (0) or on (1), each with nothing decided or a change due on a day. */
typedef struct past_vague_switch
{
	bool idle[2], pending[2];
	past_span due[2]; /* where pending */
} past_vague_switch;

/* What is left of more courses than can be followed one by one: policy_vague.c. */
typedef struct past_vague
{
	uint64_t tiers;		 /* that may be in force */
	past_span since[64]; /* for each of them, the review at which it last changed lies between these */
	uint64_t said[POLICY_MAX_REVIEWS]; /* what each may have said, the last one first */

	/* Where tiers are entered and left, instead of these: policy_vague_switch.c. */
	uint64_t base; /* what the last review may have said */
	past_vague_switch switches[POLICY_MAX_SWITCHES];
} past_vague;

typedef struct past_states
{
	size_t count;
	size_t room;
	bool lost; /* too many to follow: then vague stands for all of them */
	past_vague *vague; /* NULL as long as they never were */
	past_state *at;
} past_states;

/* As many as are followed one by one again. */
#define PAST_FEW_STATES 16

/* What a review says, given the tier in force before it. */
typedef struct past_review
{
	int32_t day;
	bool judged;
	verdict found;
	int improves;						/* does the condition of IMPROVE hold? */
	uint8_t turns[POLICY_MAX_SWITCHES]; /* ENTER and LEAVE, by policy_outcomes */
} past_review;

extern void past_add(const policy *rule, past_states *states, const past_state *state);

/* The limit of so many tiers at a time. */
extern int past_no_further(const policy *rule, const policy_change *change, int tier, int wanted,
						   int direction);

/* The states are too many, and `vague` stands for nothing yet. */
extern void past_vague_begin(past_states *states);
extern void past_vague_add(past_vague *vague, const past_state *state);

extern void past_span_add(past_span *span, bool is_empty, int32_t from, int32_t until);

/* The tier in force is known, and counts as having changed on that day if it was another one. */
extern void past_vague_announce(past_vague *vague, int tier, int32_t day);

/* Adds to `after` what may come of `before` where it is the tier in force. */
extern void past_vague_follow(const policy *rule, const past_vague *before, past_vague *after,
							  int tier, const past_review *review);

/* Tells the courses apart again, where they are few; false where they are not. */
extern bool past_vague_settle(const policy *rule, past_states *states, int32_t day);

/* The same where tiers are entered and left. */
extern void past_vague_switch_add(const policy *rule, past_vague *vague, const past_state *state);
extern uint64_t past_vague_switch_tiers(const policy *rule, const past_vague *vague);
extern void past_vague_switch_advance(const policy *rule, past_vague *vague, int32_t day);
extern void past_vague_switch_announce(const policy *rule, past_vague *vague, int tier);
extern void past_vague_switch_follow(const policy *rule, const profile_view *settled,
									 const past_vague *before, past_vague *after,
									 const past_review *review);
extern bool past_vague_switch_settle(const policy *rule, past_states *states);

/* What may be in force after the reviews so far, and after the one that is being held. */
typedef struct policy_course
{
	const policy *rule;
	past_states before; /* none before the first review where the policy starts AT base */
	past_states after;
	int32_t day;
	verdict said; /* by the review alone; it differs at most by the tier in force before */
	int previous; /* the tier in force before it; -1 where there was none, or it is unknown */
	bool open;	  /* more than one tier may be in force, or came to be in more than one way */
	int32_t open_day;
	const char *missing; /* on that day */
} policy_course;

/* Room to judge a review in, for any number of courses one after the other. */
extern past_review *past_reviews_make(const policy *rule);

extern void policy_course_begin(policy_course *course, const policy *rule, int32_t first);
extern void policy_course_free(policy_course *course);

/*
 * Holds the review of a day. The tier that the profile announces for it takes the place of the one
 * in force before. Held again, with other surroundings, it replaces what it said before;
 * what came of it stands once it is accepted.
 */
extern bool policy_course_review(policy_course *course, past_review *reviews,
								 const profile_view *settled, int32_t day, pure_error *error);
extern void policy_course_accept(policy_course *course);

/* The tiers that may be in force after the review being held. */
extern uint64_t policy_course_possible(const policy_course *course);

/* All reviews from the first on or after `start`; the last one is held, and not yet accepted. */
extern bool policy_course_run(policy_course *course, past_review *reviews, const policy *rule,
							  const profile_view *settled, int32_t start, int32_t day,
							  pure_error *error);

/*
 * The verdict of the last review, with the tier that came of all of them by a day on or after it:
 * what was decided may take effect between reviews.
 */
extern void policy_course_conclude(policy_course *course, int32_t until, verdict *result);
/* The day of which a verdict is asked, as the reviews count days: it may be later than the last. */
extern int32_t past_until(const policy *rule, const profile_view *settled, int32_t day);

/* Room for every line of a policy; and those of BASE and of the steps that ask no parent:
 * policy_explain.c. */
extern policy_line *policy_lines_make(const policy *rule);
extern int policy_explain_own(policy_evaluation *evaluation, policy_line *lines, int decided,
							  const past_states *past, policy_lang lang);
/* What a step made of the tiers that were possible before it. */
extern void policy_line_step(const policy *rule, policy_line *line, uint64_t before,
							 uint64_t after);

/* A line for WORSEN, IMPROVE and each ENTER and LEAVE, from what stood before and after the review
 * evaluated; how many there are: policy_explain_past.c. */
extern int policy_explain_course(policy_evaluation *evaluation, const past_states *before,
								 const past_states *after, int32_t first, int32_t day,
								 policy_line *lines, policy_lang lang);

/* The tier in force before a review, or the tiers that it may have been. */
extern void words_before(policy_text *text, const policy *rule, const past_states *before,
						 policy_lang lang);

extern int32_t past_first_review(const policy *rule, int32_t start, int32_t day);
extern int32_t past_days_between_reviews(const policy *rule);
/* False with an error where there would be more reviews than anybody has held. */
extern bool past_reviews_fit(const policy *rule, int32_t start, int32_t first, int32_t day,
							 pure_error *error);

/* policy_kept.c: do the reviews held for one day hold for every later day, too? */
extern bool past_can_be_kept(const policy *rule, const profile_view *profile);
/* Does it have values that are of the day judged, whatever that is? */
extern bool past_is_of_its_day(const policy *rule, const profile_view *profile);

/* policy_past.c: all that one review may make of all states. */
extern bool past_follow(const policy *rule, const profile_view *settled, const past_states *before,
						past_states *after, past_review *reviews, pure_error *error);
/* The tiers that may be in force. */
extern uint64_t past_tiers(const policy *rule, const past_states *states);
extern past_state past_first_state(const policy *rule, int tier, int32_t day);

/* Tiers that are entered and left: policy_switch.c. -1 = no tier yet. */
extern past_state past_switch_start(const policy *rule, int tier);
extern void past_switch_advance(const policy *rule, past_state *state, int32_t day);
extern bool past_switch_evaluate(policy_evaluation *evaluation, past_review *review);
/* Does a review change one that is on or off, with nothing decided? 1, 0, or -1 where that is unknown. */
extern int past_switch_turns(const past_review *review, int which, bool is_on);
/* The day on which it turns if a review decides that: that of the review where it does at once. */
extern int32_t past_switch_due(const policy *rule, const profile_view *settled, int which, bool is_on,
							   int32_t day);
extern past_state past_switch_none(int tier);
extern void past_switch_find_tier(const policy *rule, past_state *state);
extern void past_switch_follow(const policy *rule, const profile_view *settled, past_states *after,
							   const past_state *before, int said, const past_review *review);
extern void past_switch_tell(const policy *rule, const past_state *state, verdict *result);

#endif
