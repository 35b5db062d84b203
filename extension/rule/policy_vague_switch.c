/*
 * Tiers that are entered and left, with a past that may have gone too many ways to follow each: what
 * is left is what each of them may be, and what the last review may have said, apart.
 */
#include "policy_past.h"

/* It may be on or off as `is_on` says, a change due between two days; at once where they are none. */
static void
add_due(past_vague_switch *one, bool is_on, past_span due)
{
	past_span_add(&one->due[is_on], !one->pending[is_on], due.from, due.until);
	one->pending[is_on] = true;
}

void
past_vague_switch_add(const policy *rule, past_vague *vague, const past_state *state)
{
	vague->base |= (uint64_t) 1 << state->base;
	for (int i = 0; i < rule->switch_count; i++)
	{
		bool is_on = state->on >> i & 1;

		if (state->due[i] == PAST_NOT_DUE)
			vague->switches[i].idle[is_on] = true;
		else
			add_due(&vague->switches[i], is_on, (past_span){state->due[i], state->due[i]});
	}
}

static bool
may_be(const past_vague_switch *one, bool is_on)
{
	return one->idle[is_on] || one->pending[is_on];
}

uint64_t
past_vague_switch_tiers(const policy *rule, const past_vague *vague)
{
	uint64_t entered = 1; /* the mildest: none is worse than what was said */
	uint64_t ladder = 0;

	for (int i = 0; i < rule->switch_count; i++)
	{
		uint64_t with = policy_worst_of(entered, (uint64_t) 1 << rule->switches[i].tier);

		entered = (may_be(&vague->switches[i], true) ? with : 0) |
				  (may_be(&vague->switches[i], false) ? entered : 0);
	}
	for (int tier = 0; tier < rule->tier_count; tier++)
		if (rule->tiers[tier].rung >= 0)
			ladder |= (uint64_t) 1 << tier;
	return (vague->base & ~ladder) |
		   ((vague->base & ladder) == 0 ? 0 : policy_worst_of(vague->base & ladder, entered));
}

void
past_vague_switch_advance(const policy *rule, past_vague *vague, int32_t day)
{
	for (int i = 0; i < rule->switch_count; i++)
	{
		past_vague_switch *one = &vague->switches[i];

		for (int is_on = 0; is_on < 2; is_on++)
		{
			if (!one->pending[is_on] || one->due[is_on].from > day)
				continue;
			one->idle[!is_on] = true;
			one->pending[is_on] = one->due[is_on].until > day;
			one->due[is_on].from = day + 1;
		}
	}
}

/* Those in which it was in force go on as they were; the others begin with it. */
void
past_vague_switch_announce(const policy *rule, past_vague *vague, int tier)
{
	past_state announced = past_switch_start(rule, tier);
	uint64_t milder = ((uint64_t) 1 << tier) - 1;

	if (!(past_vague_switch_tiers(rule, vague) >> tier & 1))
		memset(vague, 0, sizeof(*vague));
	vague->base &= (uint64_t) 1 << tier | (rule->tiers[tier].rung < 0 ? 0 : milder);
	for (int i = 0; i < rule->switch_count; i++)
		if (rule->switches[i].tier > tier && rule->tiers[tier].rung >= 0)
			vague->switches[i].idle[true] = vague->switches[i].pending[true] = false;
	past_vague_switch_add(rule, vague, &announced);
}

static void
follow_switch(const policy *rule, const profile_view *settled, const past_vague_switch *before,
			  past_vague_switch *after, const past_review *review, int which)
{
	for (int is_on = 0; is_on < 2; is_on++)
	{
		int turns = past_switch_turns(review, which, is_on);

		if (before->pending[is_on])
			add_due(after, is_on, before->due[is_on]);
		if (!before->idle[is_on])
			continue;
		if (turns <= 0)
			after->idle[is_on] = true;
		if (turns != 0)
		{
			int32_t due = past_switch_due(rule, settled, which, is_on, review->day);

			if (due == review->day)
				after->idle[!is_on] = true;
			else
				add_due(after, is_on, (past_span){due, due});
		}
	}
}

void
past_vague_switch_follow(const policy *rule, const profile_view *settled, const past_vague *before,
						 past_vague *after, const past_review *review)
{
	past_vague now = *before;

	past_vague_switch_advance(rule, &now, review->day);
	after->base |= review->found.possible;
	for (int i = 0; i < rule->switch_count; i++)
		follow_switch(rule, settled, &now.switches[i], &after->switches[i], review, i);
}

static int64_t
count_days(const past_span *due)
{
	return (int64_t) due->until - due->from + 1;
}

static int64_t
count_ways(const past_vague_switch *one)
{
	int64_t count = 0;

	for (int is_on = 0; is_on < 2; is_on++)
		count += one->idle[is_on] + (one->pending[is_on] ? count_days(&one->due[is_on]) : 0);
	return count;
}

/* One of the ways in which a switch may be, by its place among them. */
static void
pick_way(const past_vague_switch *one, past_state *state, int which, int64_t place)
{
	for (int is_on = 0; is_on < 2 && place >= 0; is_on++)
	{
		int64_t days = one->pending[is_on] ? count_days(&one->due[is_on]) : 0;

		if (place < one->idle[is_on] + days)
		{
			state->on |= (uint8_t) (is_on << which);
			if (!one->idle[is_on] || place > 0)
				state->due[which] = (int32_t) (one->due[is_on].from + place - one->idle[is_on]);
		}
		place -= one->idle[is_on] + days;
	}
}

bool
past_vague_switch_settle(const policy *rule, past_states *states)
{
	const past_vague *vague = states->vague;
	int64_t count = __builtin_popcountll(vague->base);

	for (int i = 0; i < rule->switch_count && count <= PAST_FEW_STATES; i++)
		count *= count_ways(&vague->switches[i]);
	if (count > PAST_FEW_STATES)
		return false;
	states->lost = false;
	for (int tier = 0; tier < rule->tier_count; tier++)
	{
		count = vague->base >> tier & 1;
		for (int i = 0; i < rule->switch_count; i++)
			count *= count_ways(&vague->switches[i]);
		for (int64_t nth = 0; nth < count; nth++)
		{
			past_state state = past_switch_none(tier);
			int64_t place = nth;

			for (int i = 0; i < rule->switch_count; i++)
			{
				pick_way(&vague->switches[i], &state, i, place % count_ways(&vague->switches[i]));
				place /= count_ways(&vague->switches[i]);
			}
			past_switch_find_tier(rule, &state);
			past_add(rule, states, &state);
		}
	}
	return true;
}
