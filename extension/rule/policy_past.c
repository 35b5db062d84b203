/*
 * The past. A policy may let the tier in force follow what its reviews say only after several of
 * them, step by step, or never down under a condition. Then every review from the first one on is
 * judged again, in its turn, and the tier is what came of it: a pure function of what was reported.
 * Where a review is unknown, everything that may have come of it is followed, until it no longer
 * matters.
 */
#include "policy_eval.h"

#define MAX_STATES 128 /* more that may have come of it, and the tier is any */

/* What one course of events has left. */
typedef struct past_state
{
	int tier;
	int32_t entered;				  /* the review at which it last changed */
	uint8_t said[POLICY_MAX_REVIEWS]; /* by the reviews, the last one first */
} past_state;

typedef struct past_states
{
	size_t count;
	bool lost; /* too many to follow */
	past_state at[MAX_STATES];
} past_states;

/* What a review says, given the tier in force before it. */
typedef struct past_review
{
	int32_t day;
	bool judged;
	verdict found;
	int improves; /* does the condition of IMPROVE hold? */
} past_review;

static int32_t
days_between_reviews(const policy *rule)
{
	return rule->review_weekday < 0 ? 1 : 7;
}

static bool
looks_at_previous(const policy *rule)
{
	for (int i = 0; i < rule->step_count; i++)
		if (rule->steps[i].previous)
			return true;
	return false;
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
	review->improves =
		rule->improve.when == NULL ? 1 : policy_condition(&evaluation, rule->improve.when);
	if (evaluation.failed)
		return false;
	if (review->improves < 0 && review->found.missing == NULL && evaluation.why >= 0)
		review->found.missing = rule->sources[rule->atoms[evaluation.why].source].named.name.text;
	policy_evaluation_free(&evaluation);
	review->judged = true;
	return true;
}

/* The limit of so many tiers at a time. */
static int
no_further(const policy *rule, const policy_change *change, int tier, int wanted, int direction)
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
		int64_t stay = ((int64_t) day - state.entered) / days_between_reviews(rule);

		tier = agreed(&rule->worsen, &state, 1);
		tier = no_further(rule, &rule->worsen, state.tier, tier, 1);
		if (tier == state.tier && improves && stay >= rule->improve.stay)
			tier = no_further(rule, &rule->improve, tier, agreed(&rule->improve, &state, -1), -1);
	}
	if (tier != state.tier)
		state.entered = day;
	state.tier = tier;
	return state;
}

static void
add_state(past_states *states, const past_state *state)
{
	for (size_t i = 0; i < states->count; i++)
		if (memcmp(&states->at[i], state, sizeof(*state)) == 0)
			return;
	if (states->count == MAX_STATES)
		states->lost = true;
	else
		states->at[states->count++] = *state;
}

/* Courses of events that can no longer be told apart are one. */
static void
forget(const policy *rule, past_states *states, int32_t day)
{
	int64_t long_ago = (int64_t) day - (int64_t) rule->improve.stay * days_between_reviews(rule);
	past_states all = *states;
	int reviews =
		rule->worsen.reviews > rule->improve.reviews ? rule->worsen.reviews : rule->improve.reviews;

	states->count = 0;
	for (size_t i = 0; i < all.count; i++)
	{
		past_state *state = &all.at[i];

		if (state->entered < long_ago)
			state->entered = (int32_t) long_ago;
		memset(state->said + reviews, 0, (size_t) (POLICY_MAX_REVIEWS - reviews));
		add_state(states, state);
	}
}

static past_state
first_state(int tier, int32_t day)
{
	past_state state;

	memset(&state, 0, sizeof(state));
	state.tier = tier;
	state.entered = day;
	memset(state.said, tier, sizeof(state.said));
	return state;
}

/* All that one review may make of all states; none before it where the policy starts AT base. */
static bool
follow(const policy *rule, const profile_view *settled, past_states *states, past_review *reviews,
	   pure_error *error)
{
	past_states before = *states;
	bool each = looks_at_previous(rule);

	states->count = 0;
	for (size_t i = 0; i < before.count || (i == 0 && before.count == 0); i++)
	{
		int previous = before.count > 0 ? before.at[i].tier : -1;
		past_review *review = &reviews[each ? previous + 1 : 0];

		if (!judge_review(rule, settled, previous, review, error))
			return false;
		for (int said = 0; said < rule->tier_count; said++)
		{
			past_state next;

			if (!(review->found.possible >> said & 1))
				continue;
			if (before.count == 0)
			{
				next = first_state(said, review->day);
				add_state(states, &next);
				continue;
			}
			for (int improves = 0; improves <= 1; improves++)
				if (review->improves < 0 || review->improves == improves)
				{
					next = next_state(rule, before.at[i], said, review->day, improves == 1);
					add_state(states, &next);
				}
		}
	}
	if (states->count > 1)
		forget(rule, states, reviews[0].day);
	return true;
}

static uint64_t
tiers_of(const policy *rule, const past_states *states)
{
	uint64_t tiers = 0;

	if (states->lost)
		return rule->tier_count == 64 ? UINT64_MAX : ((uint64_t) 1 << rule->tier_count) - 1;
	for (size_t i = 0; i < states->count; i++)
		tiers |= (uint64_t) 1 << states->at[i].tier;
	return tiers;
}

/* The one tier that all states have; -1 where they differ. */
static int
tier_of(const policy *rule, const past_states *states)
{
	uint64_t tiers = tiers_of(rule, states);
	int tier = 0;

	if (tiers == 0 || (tiers & (tiers - 1)) != 0)
		return -1;
	while (tiers >> tier != 1)
		tier++;
	return tier;
}

static bool
too_many(const policy *rule, int32_t start, pure_error *error)
{
	char day[DAY_TEXT_SIZE];

	memset(error, 0, sizeof(*error));
	error->code = PURE_LIMIT;
	snprintf(error->message, sizeof(error->message),
			 "policy \"%s\" would be reviewed more than %d times", rule->facts.name,
			 POLICY_MAX_DAYS);
	day_print(start, day);
	snprintf(error->detail, sizeof(error->detail), "Its reviews would begin on %s.", day);
	snprintf(error->hint, sizeof(error->hint),
			 "Name the first day of the chain of reviews with start.");
	return false;
}

static int32_t
first_review(const policy *rule, int32_t start, int32_t day)
{
	int64_t review = policy_review_day(rule, start);

	if (review < start)
		review += days_between_reviews(rule);
	return review > day ? day : (int32_t) review;
}

/* What one of those says that were judged: they differ only by the tier in force before. */
static const verdict *
one_of(const policy *rule, const past_review *reviews)
{
	int i = 0;

	while (i < rule->tier_count && !reviews[i].judged)
		i++;
	return &reviews[i].found;
}

/* The verdict of the last review, with the tier that came of all of them. */
static void
conclude(const policy *rule, const past_states *states, const verdict *last, int previous,
		 verdict *result)
{
	const char *missing = result->missing; /* of the review that left the chain open */
	bool open_past = result->open_past;
	int32_t open_day = result->open_day;

	*result = *last;
	result->open_past = open_past;
	result->open_day = open_day;
	result->proposed = result->tier;
	result->previous = previous;
	result->possible = tiers_of(rule, states);
	result->tier = tier_of(rule, states);
	if (result->tier >= 0)
		result->missing = NULL;
	else if (result->missing == NULL)
		result->missing = missing;
	result->open_past &= result->tier < 0 && last->missing == NULL;
}

bool
policy_chain(const policy *rule, const profile_view *settled, int32_t start, int32_t day,
			 verdict *result, pure_error *error)
{
	past_states *states = pure_alloc0(sizeof(past_states));
	past_review *reviews = pure_alloc0(((size_t) rule->tier_count + 1) * sizeof(past_review));
	int32_t step = days_between_reviews(rule);
	int32_t first = first_review(rule, start, day);
	int previous = -1;
	bool done = ((int64_t) day - first) / step < POLICY_MAX_DAYS || too_many(rule, start, error);

	memset(result, 0, sizeof(*result));
	if (rule->start >= 0)
	{
		states->at[0] = first_state(rule->start, first);
		states->count = 1;
	}
	for (int64_t review = first; done && review <= day; review += step)
	{
		pure_check_interrupts();
		memset(reviews, 0, ((size_t) rule->tier_count + 1) * sizeof(past_review));
		for (int i = 0; i <= rule->tier_count; i++)
			reviews[i].day = (int32_t) review;
		previous = states->count > 0 ? tier_of(rule, states) : -1;
		done = follow(rule, settled, states, reviews, error);
		if (states->count <= 1)
			result->open_past = false;
		else if (done && !result->open_past)
		{
			result->open_past = true;
			result->open_day = (int32_t) review;
			result->missing = one_of(rule, reviews)->missing;
		}
	}
	if (done)
		conclude(rule, states, one_of(rule, reviews), previous, result);
	pure_free(states);
	pure_free(reviews);
	return done;
}

bool
policy_first_report(const policy *rule, const profile_view *profile, int32_t *day)
{
	bool found = false;

	for (int i = 0; i < rule->source_count; i++)
	{
		const char *name = rule->sources[i].named.name.text;
		const profile_item *item = profile_find(profile, name, strlen(name));
		int32_t first;

		if (rule->sources[i].kind != POLICY_COUNT || item == NULL || item->kind != PROFILE_CURVE ||
			!epicurve_first_day(item->value.curve, &first) || (found && first >= *day))
			continue;
		found = true;
		*day = first;
	}
	return found;
}
