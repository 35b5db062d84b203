/* Building BASE, in each of its forms, and the steps behind it. */
#include "policy_build.h"

static policy_branch *
this_branch(policy_parser *parser)
{
	return &parser->rule->branches[parser->rule->branch_count - 1];
}

bool
build_branch(policy_parser *parser, policy_expr *condition, int place)
{
	policy_branch branch = {.condition = condition, .place = place, .level = parser->level};

	PUSH(parser->rule->branches, parser->rule->branch_count, branch);
	return true;
}

void
build_worst_of(policy_parser *parser)
{
	this_branch(parser)->worst_of = true;
}

bool
build_rule(policy_parser *parser, policy_word tier, policy_expr *condition)
{
	policy_branch *branch = this_branch(parser);
	policy_rule rule = {.tier_key = tier, .condition = condition, .tier = -1};

	PUSH(branch->rules, branch->rule_count, rule);
	return true;
}

bool
build_metric(policy_parser *parser, policy_word name, const policy_cuts *cuts)
{
	policy_branch *branch = this_branch(parser);
	policy_metric metric = {
		.name = name, .lowest_key = cuts->lowest, .cut_count = cuts->count, .cuts = cuts->cuts};

	metric.expr = build_name(parser, EXPR_NAME, name, name.place);
	PUSH(branch->metrics, branch->metric_count, metric);
	return true;
}

void
build_cut(policy_cuts *cuts, compare_op before, policy_expr *value, compare_op after,
		  policy_word above, int place)
{
	policy_cut cut = {
		.expr = value, .before = before, .after = after, .place = place, .above = above};

	PUSH(cuts->cuts, cuts->count, cut);
}

bool
build_heading(policy_parser *parser, policy_expr *condition, int place,
			  const policy_word *confidence, policy_heading *heading)
{
	memset(heading, 0, sizeof(*heading));
	heading->condition = condition;
	heading->confidence = confidence->text;
	heading->place = place;
	return confidence->text == NULL || check_confidence(parser, *confidence);
}

void
build_column(policy_parser *parser, const policy_heading *column)
{
	policy_table *table = &this_branch(parser)->table;

	PUSH(table->columns, table->column_count, *column);
}

void
build_row(policy_parser *parser, const policy_heading *row)
{
	policy_table *table = &this_branch(parser)->table;

	PUSH(table->rows, table->row_count, *row);
}

void
build_cell(policy_heading *row, policy_word tier)
{
	PUSH(row->cells, row->cell_count, tier);
}

static bool
after_base(policy_parser *parser, int place)
{
	return parser->rule->has_base ||
		   policy_fail(parser, PURE_SYNTAX, place,
					   "First BASE; then RAISE, LOWER, NOT BELOW and NOT ABOVE; then WORSEN and "
					   "IMPROVE, or ENTER and LEAVE. START AT stands behind BASE.",
					   "what changes the tier of BASE stands after BASE");
}

bool
build_tiers(policy_parser *parser, exact count, int place, int *tiers)
{
	if (count.den != 1 || count.num < 1 || count.num >= POLICY_MAX_TIERS)
		return policy_fail(parser, PURE_SYNTAX, place, NULL,
						   "tiers change by a whole number from 1 to %d", POLICY_MAX_TIERS - 1);
	*tiers = (int) count.num;
	return true;
}

policy_effect
build_effect(int days, const policy_word *kind)
{
	policy_effect effect = {.days = days, .kind_index = -1};

	if (kind != NULL)
		effect.kind = *kind;
	return effect;
}

bool
build_switch(policy_parser *parser, bool enter, int place, policy_word tier, policy_expr *when,
			 policy_effect effect)
{
	policy *rule = parser->rule;
	policy_switch *found = rule->switches;
	policy_turn *turn;

	while (found < rule->switches + rule->switch_count &&
		   strcmp(found->tier_key.text, tier.text) != 0)
		found++;
	if (found == rule->switches + POLICY_MAX_SWITCHES)
		return policy_fail(parser, PURE_LIMIT, place, NULL, "more than %d tiers are entered",
						   POLICY_MAX_SWITCHES);
	if (found == rule->switches + rule->switch_count)
	{
		rule->switch_count++;
		*found = (policy_switch){.tier_key = tier};
	}
	turn = enter ? &found->enter : &found->leave;
	if (turn->when != NULL)
		return policy_fail(parser, PURE_SYNTAX, place, NULL, "%s %s is given twice",
						   enter ? "ENTER" : "LEAVE", tier.text);
	*turn = (policy_turn){.place = place, .when = when, .effect = effect};
	return true;
}

bool
build_reviews(policy_parser *parser, exact count, int place, policy_word unit, int *reviews)
{
	if (strcmp(unit.text, "reviews") != 0 && strcmp(unit.text, "review") != 0)
		return policy_fail(parser, PURE_SYNTAX, unit.place, "Write AFTER 2 reviews.",
						   "unknown unit \"%s\"", unit.text);
	if (count.den != 1 || count.num < 1 || count.num > POLICY_MAX_REVIEWS)
		return policy_fail(parser, PURE_SYNTAX, place, NULL,
						   "reviews must be a whole number between 1 and %d", POLICY_MAX_REVIEWS);
	*reviews = (int) count.num;
	return true;
}

bool
build_start(policy_parser *parser, int place, policy_word tier)
{
	policy *rule = parser->rule;
	bool again = rule->start_key.text != NULL;

	rule->start_key = tier;
	return build_once(parser, &again, place, "START");
}

bool
build_change(policy_parser *parser, policy_change *change, int place, int reviews, int stay, int by,
			 policy_expr *when)
{
	bool again = change->place > 0;

	change->place = place;
	change->reviews = reviews;
	change->stay = stay;
	change->by = by;
	change->when = when;
	return after_base(parser, place) &&
		   build_once(parser, &again, place,
					  change == &parser->rule->worsen ? "WORSEN" : "IMPROVE");
}

bool
build_step(policy_parser *parser, step_kind kind, int place, const exact *tiers,
		   const policy_word *limit, policy_expr *when, policy_expr *unless)
{
	policy *rule = parser->rule;
	policy_step step = {.kind = kind, .place = place, .tier = -1, .when = when, .unless = unless};

	if (!after_base(parser, place) ||
		(tiers != NULL && !build_tiers(parser, *tiers, place, &step.tiers)))
		return false;
	if ((rule->worsen.place > 0 || rule->improve.place > 0 || rule->switch_count > 0) &&
		(limit == NULL || tiers != NULL || strcmp(limit->text, "parent") != 0))
		return policy_fail(
			parser, PURE_SYNTAX, place,
			"First BASE; then RAISE, LOWER, NOT BELOW and NOT ABOVE; then WORSEN and IMPROVE, or "
			"ENTER and LEAVE. START AT stands behind BASE.",
			"what changes the tier of one review stands before WORSEN, IMPROVE, ENTER "
			"and LEAVE");
	if (limit != NULL)
		step.tier_key = *limit;
	PUSH(rule->steps, rule->step_count, step);
	return true;
}

const policy_branch *
policy_branch_of(const policy *rule, int line, int *position)
{
	const policy_branch *branch = &rule->branches[rule->branch_count - 1];

	while (branch->first_line > line)
		branch--;
	*position = line - branch->first_line;
	return branch;
}
