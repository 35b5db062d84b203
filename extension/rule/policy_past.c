/*
 * The past. A policy may let the tier in force follow what its reviews say only after several of
 * them, step by step, or never down under a condition. Then every review from the first one on is
 * judged again, in its turn, and the tier is what came of it: a pure function of what was reported.
 * Where a review is unknown, everything that may have come of it is followed, until it no longer
 * matters.
 */
#include <stddef.h>

#include "policy_past.h"

#define MAX_STATES 128 /* followed one by one */

static bool
looks_at_previous(const policy *rule)
{
	for (int i = 0; i < rule->step_count; i++)
		if (rule->steps[i].previous)
			return true;
	return false;
}

/* Does the condition of IMPROVE hold? -1 where that is unknown. */
static int
improves(policy_evaluation *evaluation)
{
	const policy_expr *when = evaluation->rule->improve.when;
	unsigned may = when == NULL ? 1 << 1 : policy_outcomes(evaluation, when, NULL);

	return may == 1 << 1 ? 1 : may == 1 << 0 ? 0 : -1;
}

static bool
is_open(const policy *rule, const past_review *review)
{
	bool open = review->improves < 0;

	for (int i = 0; i < rule->switch_count; i++)
		open |= (review->turns[i] & (review->turns[i] - 1)) != 0;
	return open;
}

static bool
judge_review(const policy *rule, const profile_view *settled, int previous, past_review *review,
			 pure_error *error)
{
	policy_evaluation evaluation;

	if (review->judged)
		return true;
	if (!policy_evaluate(&evaluation, rule, settled, review->day, previous, &review->found, error))
		return false;
	evaluation.why = -1;
	review->improves = improves(&evaluation);
	if (evaluation.failed || !past_switch_evaluate(&evaluation, review))
		return false;
	if (is_open(rule, review) && review->found.missing == NULL && evaluation.why >= 0)
		review->found.missing = rule->sources[rule->atoms[evaluation.why].source].named.name.text;
	policy_evaluation_free(&evaluation);
	review->judged = true;
	return true;
}

/* The limit of so many tiers at a time. */
int
past_no_further(const policy *rule, const policy_change *change, int tier, int wanted, int direction)
{
	int furthest;

	if (change->by == 0)
		return wanted;
	furthest = policy_tier_moved(rule, tier, change->by, direction);
	return direction > 0 ? (wanted < furthest ? wanted : furthest) :
						   (wanted > furthest ? wanted : furthest);
}

/*
 * What the last reviews agree on: all of them worse than the tier in force (direction 1), or all
 * milder (-1); the nearest of what they say. The tier itself where they do not agree.
 */
static int
agreed(const policy_change *change, const past_state *state, int direction)
{
	int reviews = change->place > 0 ? change->reviews : 1;
	int nearest = state->said[0];

	for (int i = 0; i < reviews; i++)
	{
		int said = state->said[i];

		if (direction * (said - state->tier) <= 0)
			return state->tier;
		if (direction * (said - nearest) < 0)
			nearest = said;
	}
	return nearest;
}

/* What a review that says so much makes of a state. */
static past_state
next_state(const policy *rule, past_state state, int said, int32_t day, bool improves)
{
	int tier;

	memmove(state.said + 1, state.said, POLICY_MAX_REVIEWS - 1);
	state.said[0] = (uint8_t) said;
	if (rule->tiers[said].rung < 0 || rule->tiers[state.tier].rung < 0)
		tier = said; /* in and out of the order there is no step */
	else
	{
		int64_t stay = ((int64_t) day - state.entered) / past_days_between_reviews(rule);

		tier = agreed(&rule->worsen, &state, 1);
		tier = past_no_further(rule, &rule->worsen, state.tier, tier, 1);
		if (tier == state.tier && improves && stay >= rule->improve.stay)
			tier = past_no_further(rule, &rule->improve, tier, agreed(&rule->improve, &state, -1), -1);
	}
	if (tier != state.tier)
		state.entered = day;
	state.tier = tier;
	return state;
}

static void
vague_add(const policy *rule, past_vague *vague, const past_state *state)
{
	if (rule->switch_count > 0)
		past_vague_switch_add(rule, vague, state);
	else
		past_vague_add(vague, state);
}

void
past_add(const policy *rule, past_states *states, const past_state *state)
{
	for (size_t i = 0; i < states->count && !states->lost; i++)
		if (memcmp(&states->at[i], state, offsetof(past_state, turned)) == 0)
		{
			for (int j = 0; j < POLICY_MAX_SWITCHES; j++)
				if (states->at[i].turned[j] != state->turned[j])
					states->at[i].turned[j] = PAST_NOT_KNOWN;
			return;
		}
	if (states->count == MAX_STATES && !states->lost)
	{
		past_vague_begin(states);
		for (size_t i = 0; i < MAX_STATES; i++)
			vague_add(rule, states->vague, &states->at[i]);
	}
	if (states->lost)
	{
		vague_add(rule, states->vague, state);
		return;
	}
	if (states->count == states->room)
	{
		states->room = states->room == 0 ? 2 : 2 * states->room;
		states->at = states->at == NULL ?
						 pure_alloc(states->room * sizeof(past_state)) :
						 pure_realloc(states->at, states->room * sizeof(past_state));
	}
	states->at[states->count++] = *state;
}

/* Courses of events that can no longer be told apart are one. */
static void
forget(const policy *rule, past_states *states, int32_t day)
{
	int64_t long_ago =
		(int64_t) day - (int64_t) rule->improve.stay * past_days_between_reviews(rule);
	size_t count = states->count;
	int reviews =
		rule->worsen.reviews > rule->improve.reviews ? rule->worsen.reviews : rule->improve.reviews;

	states->count = 0;
	for (size_t i = 0; i < count; i++)
	{
		past_state state = states->at[i];

		if (state.entered < long_ago)
			state.entered = (int32_t) long_ago;
		memset(state.said + reviews, 0, (size_t) (POLICY_MAX_REVIEWS - reviews));
		past_add(rule, states, &state);
	}
}

past_state
past_first_state(const policy *rule, int tier, int32_t day)
{
	past_state state;

	if (rule->switch_count > 0)
		return past_switch_start(rule, tier);
	memset(&state, 0, sizeof(state));
	state.tier = tier;
	state.entered = day;
	memset(state.said, tier, sizeof(state.said));
	return state;
}

static void
settle(const policy *rule, past_states *states, int32_t day)
{
	if (rule->switch_count > 0)
		past_vague_switch_settle(rule, states);
	else
		past_vague_settle(rule, states, day);
}

uint64_t
past_tiers(const policy *rule, const past_states *states)
{
	uint64_t tiers = 0;

	if (states->lost && rule->switch_count > 0)
		return past_vague_switch_tiers(rule, states->vague);
	if (states->lost)
		return states->vague->tiers;
	for (size_t i = 0; i < states->count; i++)
		if (states->at[i].tier >= 0)
			tiers |= (uint64_t) 1 << states->at[i].tier;
	return tiers;
}

static bool
follow_vaguely(const policy *rule, const profile_view *settled, const past_states *before,
			   past_states *after, past_review *reviews, pure_error *error)
{
	bool each = looks_at_previous(rule);
	uint64_t tiers = past_tiers(rule, before);

	past_vague_begin(after);
	for (int tier = 0; tier < rule->tier_count; tier++)
	{
		past_review *review = &reviews[each ? tier + 1 : 0];

		if (!(tiers >> tier & 1))
			continue;
		if (!judge_review(rule, settled, tier, review, error))
			return false;
		if (rule->switch_count > 0)
			past_vague_switch_follow(rule, settled, before->vague, after->vague, review);
		else
			past_vague_follow(rule, before->vague, after->vague, tier, review);
	}
	settle(rule, after, reviews[0].day);
	return true;
}

bool
past_follow(const policy *rule, const profile_view *settled, const past_states *before,
			past_states *after, past_review *reviews, pure_error *error)
{
	bool each = looks_at_previous(rule);

	after->count = 0;
	after->lost = false;
	if (before->lost)
		return follow_vaguely(rule, settled, before, after, reviews, error);
	for (size_t i = 0; i < before->count || (i == 0 && before->count == 0); i++)
	{
		int previous = before->count > 0 ? before->at[i].tier : -1;
		past_review *review = &reviews[each ? previous + 1 : 0];

		if (!judge_review(rule, settled, previous, review, error))
			return false;
		for (int said = 0; said < rule->tier_count; said++)
		{
			past_state next;

			if (!(review->found.possible >> said & 1))
				continue;
			if (rule->switch_count > 0)
			{
				past_switch_follow(rule, settled, after, &before->at[i], said, review);
				continue;
			}
			if (before->count == 0)
			{
				next = past_first_state(rule, said, review->day);
				past_add(rule, after, &next);
				continue;
			}
			for (int improves = 0; improves <= 1; improves++)
				if (review->improves < 0 || review->improves == improves)
				{
					next = next_state(rule, before->at[i], said, review->day, improves == 1);
					past_add(rule, after, &next);
				}
		}
	}
	if (after->lost)
		settle(rule, after, reviews[0].day);
	else if (after->count > 1 && rule->switch_count == 0)
		forget(rule, after, reviews[0].day);
	return true;
}
