/*
 * A past that may have gone too many ways to follow each. What is left of it is what may have been,
 * taken apart: the tiers that may be in force, since when at the earliest and at the latest, and what
 * each of the last reviews may have said. That is more than can have been together, so that a tier
 * may be unknown for longer than it must; it is known again as soon as all of that leads to one.
 */
#include "policy_past.h"

static uint64_t
bit(int tier)
{
	return (uint64_t) 1 << tier;
}

static uint64_t
worse_than(const policy *rule, int tier)
{
	uint64_t every = rule->tier_count == 64 ? UINT64_MAX : bit(rule->tier_count) - 1;

	return every & ~(bit(tier) | (bit(tier) - 1));
}

static uint64_t
milder_than(int tier)
{
	return bit(tier) - 1;
}

void
past_vague_begin(past_states *states)
{
	if (states->vague == NULL)
		states->vague = pure_alloc(sizeof(past_vague));
	memset(states->vague, 0, sizeof(past_vague));
	states->lost = true;
	states->count = 0;
}

void
past_span_add(past_span *span, bool is_empty, int32_t from, int32_t until)
{
	if (is_empty || from < span->from)
		span->from = from;
	if (is_empty || until > span->until)
		span->until = until;
}

static void
vague_add(past_vague *vague, int tier, int32_t from, int32_t until)
{
	past_span_add(&vague->since[tier], (vague->tiers & bit(tier)) == 0, from, until);
	vague->tiers |= bit(tier);
}

void
past_vague_add(past_vague *vague, const past_state *state)
{
	vague_add(vague, state->tier, state->entered, state->entered);
	for (int i = 0; i < POLICY_MAX_REVIEWS; i++)
		vague->said[i] |= bit(state->said[i]);
}

void
past_vague_announce(past_vague *vague, int tier, int32_t day)
{
	vague->tiers &= bit(tier);
	vague_add(vague, tier, day, day);
}

/* What a clause asks of the last reviews: may all of them lie on one side, must they? */
typedef struct vague_agreement
{
	bool may, must;
	uint64_t nearest; /* to the tier in force, of what they may say */
} vague_agreement;

static vague_agreement
agree(const policy_change *change, const uint64_t *said, uint64_t side, bool worse)
{
	vague_agreement found = {true, true, 0};
	int reviews = change->place > 0 ? change->reviews : 1;

	for (int i = 0; i < reviews; i++)
	{
		found.may &= (said[i] & side) != 0;
		found.must &= (said[i] & ~side) == 0;
		found.nearest |= said[i] & side;
	}
	/* The nearest has all others on its far side, itself included. */
	for (int tier = 0; tier < 64 && found.may; tier++)
		for (int i = 0; i < reviews && (found.nearest >> tier & 1); i++)
		{
			uint64_t near = worse ? bit(tier) - 1 : ~(bit(tier) | (bit(tier) - 1));

			if ((said[i] & side & ~near) == 0)
				found.nearest &= ~bit(tier);
		}
	return found;
}

/* A tier that stays has been in force as long as before. */
static void
vague_go(const past_vague *before, past_vague *after, int tier, int to, int32_t day)
{
	if (to == tier)
		vague_add(after, tier, before->since[tier].from, before->since[tier].until);
	else
		vague_add(after, to, day, day);
}

/* From a tier, with a review that says so much. */
static void
vague_step(const policy *rule, const past_vague *before, past_vague *after, int tier,
		   const uint64_t *said, const past_review *review)
{
	int step = past_days_between_reviews(rule);
	int64_t longest = ((int64_t) review->day - before->since[tier].from) / step;
	int64_t shortest = ((int64_t) review->day - before->since[tier].until) / step;
	vague_agreement worse = agree(&rule->worsen, said, worse_than(rule, tier), true);
	vague_agreement milder = agree(&rule->improve, said, milder_than(tier), false);
	bool may_stay = !worse.must;

	for (int to = 0; to < rule->tier_count && worse.may; to++)
		if (worse.nearest >> to & 1)
			vague_go(before, after, tier, past_no_further(rule, &rule->worsen, tier, to, 1),
					 review->day);
	if (!worse.must && milder.may && review->improves != 0 && longest >= rule->improve.stay)
	{
		for (int to = 0; to < rule->tier_count; to++)
			if (milder.nearest >> to & 1)
				vague_go(before, after, tier, past_no_further(rule, &rule->improve, tier, to, -1),
						 review->day);
		may_stay &= !(milder.must && review->improves == 1 && shortest >= rule->improve.stay);
	}
	if (may_stay)
		vague_go(before, after, tier, tier, review->day);
}

void
past_vague_follow(const policy *rule, const past_vague *before, past_vague *after, int tier,
				  const past_review *review)
{
	uint64_t said[POLICY_MAX_REVIEWS];

	memcpy(said + 1, before->said, sizeof(said) - sizeof(said[0]));
	for (int says = 0; says < rule->tier_count; says++)
	{
		if (!(review->found.possible >> says & 1))
			continue;
		said[0] = bit(says);
		if (rule->tiers[says].rung >= 0 && rule->tiers[tier].rung >= 0)
			vague_step(rule, before, after, tier, said, review);
		else
			vague_go(before, after, tier, says, review->day);
	}
	said[0] = review->found.possible;
	for (int i = 0; i < POLICY_MAX_REVIEWS; i++)
		after->said[i] |= said[i];
}

static int
count_bits(uint64_t tiers)
{
	return __builtin_popcountll(tiers);
}

static int64_t
count_ages(const policy *rule, const past_span *since)
{
	return ((int64_t) since->until - since->from) / past_days_between_reviews(rule) + 1;
}

/* Which of those possible has so many before it. */
static int
nth_tier(uint64_t tiers, int nth)
{
	int tier = 0;

	for (; nth > 0 || !(tiers >> tier & 1); tier++)
		nth -= (int) (tiers >> tier & 1);
	return tier;
}

/* One state of all that it stands for: the tier in force, since when, and what was said, each by its
 * place among those possible. */
static past_state
pick_state(const policy *rule, const past_vague *vague, int reviews, int64_t place)
{
	past_state state;

	memset(&state, 0, sizeof(state));
	for (int i = 0; i < reviews; i++)
	{
		int count = count_bits(vague->said[i]);

		state.said[i] = (uint8_t) nth_tier(vague->said[i], (int) (place % count));
		place /= count;
	}
	state.tier = nth_tier(vague->tiers, 0);
	while (place >= count_ages(rule, &vague->since[state.tier]))
	{
		place -= count_ages(rule, &vague->since[state.tier]);
		state.tier = nth_tier(vague->tiers & worse_than(rule, state.tier), 0);
	}
	state.entered = (int32_t) (vague->since[state.tier].from + place * past_days_between_reviews(rule));
	return state;
}

bool
past_vague_settle(const policy *rule, past_states *states, int32_t day)
{
	past_vague *vague = states->vague;
	int64_t long_ago = (int64_t) day - (int64_t) rule->improve.stay * past_days_between_reviews(rule);
	int reviews =
		rule->worsen.reviews > rule->improve.reviews ? rule->worsen.reviews : rule->improve.reviews;
	int64_t count = 0;

	for (int tier = 0; tier < rule->tier_count; tier++)
	{
		past_span *since = &vague->since[tier];

		if (!(vague->tiers >> tier & 1))
			continue;
		if (since->from < long_ago)
			since->from = (int32_t) long_ago;
		if (since->until < long_ago)
			since->until = (int32_t) long_ago;
		count += count_ages(rule, since);
	}
	for (int i = 0; i < reviews && count <= PAST_FEW_STATES; i++)
		count *= count_bits(vague->said[i]);
	if (count > PAST_FEW_STATES)
		return false;
	states->lost = false;
	for (int64_t place = 0; place < count; place++)
	{
		past_state state = pick_state(rule, vague, reviews, place);

		past_add(rule, states, &state);
	}
	return true;
}
