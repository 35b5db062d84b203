/*
 * Tiers that are entered and left. Each is entered or not, and may have a change pending; the tier
 * in force is the worst of them and of what the last review said.
 */
#include "policy_past.h"

static bool
is_on(const past_state *state, int which)
{
	return state->on >> which & 1;
}

void
past_switch_find_tier(const policy *rule, past_state *state)
{
	state->tier = state->base;
	if (state->base >= 0 && rule->tiers[state->base].rung < 0)
		return;
	for (int i = 0; i < rule->switch_count; i++)
		if (is_on(state, i) && rule->switches[i].tier > state->tier)
			state->tier = rule->switches[i].tier;
}

past_state
past_switch_none(int tier)
{
	past_state state;

	memset(&state, 0, sizeof(state));
	state.base = (int8_t) tier;
	for (int i = 0; i < POLICY_MAX_SWITCHES; i++)
	{
		state.due[i] = PAST_NOT_DUE;
		state.turned[i] = PAST_NOT_KNOWN;
	}
	return state;
}

past_state
past_switch_start(const policy *rule, int tier)
{
	past_state state = past_switch_none(tier);

	for (int i = 0; i < rule->switch_count; i++)
		if (rule->switches[i].tier <= tier)
			state.on |= (uint8_t) (1 << i);
	past_switch_find_tier(rule, &state);
	return state;
}

void
past_switch_advance(const policy *rule, past_state *state, int32_t day)
{
	for (int i = 0; i < rule->switch_count; i++)
		if (state->due[i] != PAST_NOT_DUE && state->due[i] <= day)
		{
			state->on ^= (uint8_t) (1 << i);
			state->due[i] = PAST_NOT_DUE;
		}
	past_switch_find_tier(rule, state);
}

bool
past_switch_evaluate(policy_evaluation *evaluation, past_review *review)
{
	const policy *rule = evaluation->rule;
	int why = evaluation->why;

	for (int i = 0; i < rule->switch_count; i++)
	{
		const policy_switch *one = &rule->switches[i];
		unsigned turns = policy_outcomes(evaluation, one->enter.when, one->leave.when);

		review->turns[i] = (uint8_t) turns;
		if ((turns & (turns - 1)) != 0 && why < 0)
			why = evaluation->why;
	}
	evaluation->why = why;
	return !evaluation->failed;
}

int
past_switch_turns(const past_review *review, int which, bool is_on)
{
	/* One that is not entered is where ENTER holds; one that is, where LEAVE alone does. */
	unsigned turning = is_on ? 1 << 2 : 1 << 1 | 1 << 3;
	unsigned turns = review->turns[which];

	if ((turns & turning) == 0)
		return 0;
	return (turns & ~turning) == 0 ? 1 : -1;
}

int32_t
past_switch_due(const policy *rule, const profile_view *settled, int which, bool is_on, int32_t day)
{
	const policy_switch *one = &rule->switches[which];
	const policy_effect *effect = is_on ? &one->leave.effect : &one->enter.effect;
	int64_t due = (int64_t) day + effect->days;

	if (effect->days > 0 && effect->kind_index >= 0)
		return policy_next_of_kind(rule, settled, effect->kind_index, day, effect->days);
	return due < PAST_NOT_DUE ? (int32_t) due : PAST_NOT_DUE - 1;
}

static void
turn(const policy *rule, const profile_view *settled, past_state *state, int which, int32_t day)
{
	int32_t due = past_switch_due(rule, settled, which, is_on(state, which), day);

	if (!is_on(state, which))
		state->turned[which] = day;
	if (due == day)
		state->on ^= (uint8_t) (1 << which);
	else
		state->due[which] = due;
}

/* Every way in which those from `which` on may turn. */
static void
follow_from(const policy *rule, const profile_view *settled, past_states *after, past_state state,
			const past_review *review, int which)
{
	for (; which < rule->switch_count; which++)
	{
		int turns = state.due[which] != PAST_NOT_DUE ?
						0 :
						past_switch_turns(review, which, is_on(&state, which));

		if (turns < 0)
			follow_from(rule, settled, after, state, review, which + 1);
		if (turns != 0)
			turn(rule, settled, &state, which, review->day);
	}
	past_switch_find_tier(rule, &state);
	past_add(rule, after, &state);
}

void
past_switch_follow(const policy *rule, const profile_view *settled, past_states *after,
				   const past_state *before, int said, const past_review *review)
{
	past_state state = *before;

	past_switch_advance(rule, &state, review->day);
	state.base = (int8_t) said;
	follow_from(rule, settled, after, state, review, 0);
}

/* What holds the tier, and what is decided to change it. */
void
past_switch_tell(const policy *rule, const past_state *state, verdict *result)
{
	for (int i = 0; i < rule->switch_count; i++)
	{
		if (is_on(state, i) && rule->switches[i].tier == state->tier)
		{
			result->entered = i;
			result->turned = state->turned[i];
			result->has_turned = state->turned[i] != PAST_NOT_KNOWN;
		}
		if (state->due[i] != PAST_NOT_DUE &&
			(result->pending < 0 || state->due[i] < result->pending_day))
		{
			result->pending = i;
			result->pending_day = state->due[i];
			result->pending_leaves = is_on(state, i);
		}
	}
}
