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
	policy_branch branch = {.condition = condition, .place = place};

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

bool
build_step(policy_parser *parser, step_kind kind, int place, const exact *tiers,
		   const policy_word *limit, policy_expr *when, policy_expr *unless)
{
	policy *rule = parser->rule;
	policy_step step = {.kind = kind, .place = place, .tier = -1, .when = when, .unless = unless};

	if (!rule->has_base)
		return policy_fail(parser, PURE_SYNTAX, place,
						   "Write the stages in the order in which a tier is found.",
						   "what changes the tier of BASE stands after BASE");
	if (tiers != NULL)
	{
		if (tiers->den != 1 || tiers->num < 1 || tiers->num >= POLICY_MAX_TIERS)
			return policy_fail(parser, PURE_SYNTAX, place, NULL,
							   "tiers are raised and lowered by a whole number from 1 to %d",
							   POLICY_MAX_TIERS - 1);
		step.tiers = (int) tiers->num;
	}
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
