/* What the past of a policy means: where it starts, how it changes, which tiers are entered and
 * left. */
#include "policy_settle.h"

static bool
on_ladder(policy_parser *parser, policy_word key, int tier)
{
	return parser->rule->tiers[tier].rung >= 0 ||
		   policy_fail(parser, PURE_SYNTAX, key.place,
					   "Tiers AS none are neither milder nor worse than others.",
					   "tier \"%s\" is outside the order", key.text);
}

static bool
check_turn(policy_parser *parser, policy_turn *turn)
{
	if (turn->when == NULL)
		return true;
	if (parser->rule->has_base && turn->place < parser->rule->base_place)
		return policy_fail(parser, PURE_SYNTAX, turn->place,
						   "First BASE; then RAISE, LOWER, NOT BELOW and NOT ABOVE; then WORSEN "
						   "and IMPROVE, or ENTER and LEAVE. START AT stands behind BASE.",
						   "what changes the tier of BASE stands after BASE");
	return settle_condition(parser, turn->when) &&
		   (turn->effect.kind.text == NULL ||
			settle_day_kind(parser, turn->effect.kind, &turn->effect.kind_index));
}

static bool
check_switch(policy_parser *parser, policy_switch *found)
{
	const policy *rule = parser->rule;

	if (!find_tier(parser, found->tier_key, &found->tier) ||
		!on_ladder(parser, found->tier_key, found->tier))
		return false;
	if (found->enter.when == NULL)
		return policy_fail(
			parser, PURE_SYNTAX, found->leave.place, "Write ENTER tier WHEN condition, too.",
			"tier \"%s\" is left, but nothing says when it is entered", found->tier_key.text);
	if (rule->worsen.place > 0 || rule->improve.place > 0)
		return policy_fail(parser, PURE_SYNTAX, found->enter.place, NULL,
						   "tiers follow their reviews by ENTER and LEAVE or by WORSEN and "
						   "IMPROVE, not by both");
	return check_turn(parser, &found->enter) && check_turn(parser, &found->leave);
}

static bool
check_switches(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->switch_count; i++)
		if (!check_switch(parser, &rule->switches[i]))
			return false;
	for (int i = 1; i < rule->switch_count; i++)
		for (int j = i; j > 0 && rule->switches[j - 1].tier > rule->switches[j].tier; j--)
		{
			policy_switch milder = rule->switches[j];

			rule->switches[j] = rule->switches[j - 1];
			rule->switches[j - 1] = milder;
		}
	return true;
}

bool
check_past(policy_parser *parser)
{
	policy *rule = parser->rule;
	bool from_base = rule->start_key.text == NULL || strcmp(rule->start_key.text, "base") == 0;

	rule->start = -1;
	if (!from_base && (!find_tier(parser, rule->start_key, &rule->start) ||
					   !on_ladder(parser, rule->start_key, rule->start)))
		return false;
	if (rule->start_key.text != NULL && rule->has_base && rule->start_key.place < rule->base_place)
		return policy_fail(parser, PURE_SYNTAX, rule->start_key.place,
						   "First BASE; then RAISE, LOWER, NOT BELOW and NOT ABOVE; then WORSEN "
						   "and IMPROVE, or ENTER and LEAVE. START AT stands behind BASE.",
						   "what changes the tier of BASE stands after BASE");
	if (rule->improve.when != NULL && !settle_condition(parser, rule->improve.when))
		return false;
	if (!check_switches(parser))
		return false;
	rule->has_past |= rule->worsen.place > 0 || rule->improve.place > 0 || rule->switch_count > 0;
	if (rule->start_key.text != NULL && !rule->has_past)
		return policy_fail(parser, PURE_SYNTAX, rule->start_key.place,
						   "START is for policies with previous, WORSEN, IMPROVE, ENTER or LEAVE.",
						   "nothing in this policy looks at earlier reviews");
	return true;
}

bool
check_no_base(policy_parser *parser)
{
	policy *rule = parser->rule;
	int mildest = 0;

	if (!rule->has_tiers)
		return policy_fail(parser, PURE_SYNTAX, rule->switches[0].enter.place,
						   "Name all tiers with TIERS, the mildest first.",
						   "without BASE nothing says which tiers there are");
	while (mildest + 1 < rule->tier_count && rule->tiers[mildest].rung < 0)
		mildest++;
	return build_branch(parser, NULL, 0) && build_rule(parser, rule->tier_keys[mildest], NULL);
}
