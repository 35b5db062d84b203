/* What BASE and the stages behind it mean: every condition settled, every tier found, tables as
 * rules. */
#include "policy_settle.h"

bool
find_tier(policy_parser *parser, policy_word key, int *tier)
{
	policy *rule = parser->rule;
	char hint[200] = "";

	for (*tier = 0; *tier < rule->tier_count; ++*tier)
		if (strcmp(rule->tiers[*tier].key, key.text) == 0)
			return true;
	for (int i = 0; i < rule->tier_count; i++)
		snprintf(hint + strlen(hint), sizeof(hint) - strlen(hint), "%s%s",
				 i == 0 ? "TIERS are: " : ", ", rule->tiers[i].key);
	if (strcmp(key.text, "Parent") == 0 || strcmp(key.text, "Previous") == 0)
		snprintf(hint, sizeof(hint), "The words previous and parent are written in small letters.");
	return policy_fail(parser, PURE_SYNTAX, key.place, hint, "tier \"%s\" is not in TIERS",
					   key.text);
}

static const char *
words_of(const policy_parser *parser, const policy_branch *branch)
{
	return parser->rule->branch_count == 1 ? "BASE" :
		   branch->condition != NULL	   ? "CASE" :
		   branch->level >= 0			   ? "FOR" :
											 "ELSE";
}

static bool
check_rules(policy_parser *parser, policy_branch *branch)
{
	for (int i = 0; i < branch->rule_count; i++)
	{
		policy_rule *line = &branch->rules[i];

		if (i > 0 && branch->rules[i - 1].condition == NULL)
			return policy_fail(parser, PURE_SYNTAX, line->tier_key.place,
							   "OTHERWISE must be the last line.", "this line is never reached");
		if (!find_tier(parser, line->tier_key, &line->tier))
			return false;
		if (line->condition == NULL)
			continue;
		if (!settle_condition(parser, line->condition))
			return false;
		for (int above = 0; above < i; above++)
			if (expr_equal(branch->rules[above].condition, line->condition))
				return policy_fail(
					parser, PURE_SYNTAX, line->tier_key.place,
					"The first line that holds decides; remove one of them.",
					"this line is never reached: its condition stands above, for \"%s\"",
					branch->rules[above].tier_key.text);
	}
	if (branch->rules[branch->rule_count - 1].condition != NULL)
		return policy_fail(parser, PURE_SYNTAX, branch->place,
						   "End it with a line such as: green OTHERWISE", "%s has no OTHERWISE",
						   words_of(parser, branch));
	return true;
}

static bool
check_cut(policy_parser *parser, policy_metric *metric, int position)
{
	policy_cut *cut = &metric->cuts[position];
	int below = position == 0 ? metric->lowest : metric->cuts[position - 1].tier;

	if (!find_tier(parser, cut->above, &cut->tier) || !settle_number(parser, cut->expr))
		return false;
	if (cut->expr->kind != EXPR_NUMBER)
		return policy_fail(parser, PURE_SYNTAX, cut->expr->place,
						   "What is compared with the bounds is a LET or a NUMBER of that name.",
						   "a bound must be a number or a parameter");
	cut->value = cut->expr->number;
	if (cut->before == OP_LESS && cut->after == OP_LESS_EQUAL)
		cut->equal_is_below = false;
	else if (cut->before == OP_LESS_EQUAL && cut->after == OP_LESS)
		cut->equal_is_below = true;
	else
		return policy_fail(parser, PURE_SYNTAX, cut->place,
						   "Write green < 10 <= yellow, or green <= 10 < yellow.",
						   "the bound must belong to one of the two tiers beside it");
	if (position > 0 && exact_compare(metric->cuts[position - 1].value, cut->value) >= 0)
		return policy_fail(parser, PURE_SYNTAX, cut->expr->place,
						   "Write them from the lowest to the highest.", "bounds must ascend");
	if (below >= cut->tier)
		return policy_fail(parser, PURE_SYNTAX, cut->above.place,
						   "Where less is worse, turn the number round: LET lack = 100 - x.",
						   "tiers must get worse in the order of TIERS");
	return true;
}

static bool
check_metrics(policy_parser *parser, policy_branch *branch)
{
	for (int i = 0; i < branch->metric_count; i++)
	{
		policy_metric *metric = &branch->metrics[i];

		for (int above = 0; above < i; above++)
			if (strcmp(branch->metrics[above].name.text, metric->name.text) == 0)
				return policy_fail(
					parser, PURE_SYNTAX, metric->name.place,
					"A line has all the bounds of its number: x: green < 1 <= yellow < 5 <= red.",
					"metric \"%s\" is given twice", metric->name.text);
		if (!settle_number(parser, metric->expr) ||
			!find_tier(parser, metric->lowest_key, &metric->lowest))
			return false;
		for (int j = 0; j < metric->cut_count; j++)
			if (!check_cut(parser, metric, j))
				return false;
	}
	return true;
}

/* The heads of rows, or of columns: each once, and something for every other case. */
static bool
check_headings(policy_parser *parser, policy_heading *headings, int count, const char *what)
{
	for (int i = 0; i < count; i++)
	{
		policy_heading *heading = &headings[i];

		if (i > 0 && headings[i - 1].condition == NULL)
			return policy_fail(parser, PURE_SYNTAX, heading->place, "OTHERWISE must stand last.",
							   "this %s is never reached", what);
		if (heading->condition == NULL)
			continue;
		if (!settle_condition(parser, heading->condition))
			return false;
		for (int above = 0; above < i; above++)
			if (expr_equal(headings[above].condition, heading->condition))
				return policy_fail(parser, PURE_SYNTAX, heading->place,
								   "The first one that holds decides; remove one of them.",
								   "this %s is never reached: its condition stands before", what);
	}
	if (headings[count - 1].condition != NULL)
		return policy_fail(parser, PURE_SYNTAX, headings[count - 1].place,
						   "The last row and the last column are OTHERWISE.",
						   "TABLE has no OTHERWISE for the last %s", what);
	return true;
}

/* The rule of one cell: the row and the column, each of which may be OTHERWISE. */
static bool
build_cell_rule(policy_parser *parser, policy_branch *branch, const policy_heading *row,
				const policy_heading *column, policy_word tier)
{
	policy_rule rule = {.tier_key = tier};

	rule.condition = row->condition != NULL ? row->condition : column->condition;
	if (row->condition != NULL && column->condition != NULL)
	{
		/* A node of its own: the row's and the column's conditions stand in other cells, too. */
		rule.condition = policy_expr_make(parser, EXPR_AND, tier.place, NULL, NULL);
		if (!policy_expr_add(parser, rule.condition, row->condition) ||
			!policy_expr_add(parser, rule.condition, column->condition))
			return false;
	}
	rule.confidence = column->confidence != NULL ? column->confidence : row->confidence;
	if (!find_tier(parser, tier, &rule.tier))
		return false;
	PUSH(branch->rules, branch->rule_count, rule);
	return true;
}

/*
 * The first row that holds, and in it the first column: read line by line that is a list of rules
 * of which the first decides, because every row ends in a column that always holds.
 */
static bool
check_table(policy_parser *parser, policy_branch *branch)
{
	policy_table *table = &branch->table;

	if (!check_headings(parser, table->rows, table->row_count, "row") ||
		!check_headings(parser, table->columns, table->column_count, "column"))
		return false;
	for (int i = 0; i < table->row_count; i++)
	{
		const policy_heading *row = &table->rows[i];

		pure_check_interrupts();
		if (row->cell_count != table->column_count)
			return policy_fail(parser, PURE_SYNTAX, row->place,
							   "A row has a tier behind a | for each column.",
							   "TABLE has %d columns, and this row %d tiers", table->column_count,
							   row->cell_count);
		for (int j = 0; j < row->cell_count; j++)
			if (!build_cell_rule(parser, branch, row, &table->columns[j], row->cells[j]))
				return false;
	}
	return true;
}

bool
check_base(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->branch_count; i++)
	{
		policy_branch *branch = &rule->branches[i];

		if (branch->condition != NULL && !settle_condition(parser, branch->condition))
			return false;
		for (int above = 0; above < i && branch->condition != NULL; above++)
			if (rule->branches[above].level == branch->level &&
				expr_equal(rule->branches[above].condition, branch->condition))
				return policy_fail(parser, PURE_SYNTAX, branch->place,
								   "The first CASE that holds decides; remove one of them.",
								   "this CASE is never reached: its condition stands above");
		branch->first_line = rule->line_count;
		if (branch->worst_of			? !check_metrics(parser, branch) :
			branch->table.row_count > 0 ? !check_table(parser, branch) :
										  !check_rules(parser, branch))
			return false;
		rule->line_count += branch->rule_count + branch->metric_count;
	}
	return true;
}

static bool
check_step(policy_parser *parser, policy_step *step)
{
	policy *rule = parser->rule;

	if (step->when != NULL && !settle_condition(parser, step->when))
		return false;
	if (step->unless != NULL && !settle_condition(parser, step->unless))
		return false;
	step->parent = step->tiers == 0 && strcmp(step->tier_key.text, "parent") == 0;
	if (rule->looks_up && !step->parent)
		return policy_fail(
			parser, PURE_SYNTAX, step->place,
			"Write first what the zone's own tier is, then what its parent makes of it.",
			"NOT BELOW parent and NOT ABOVE parent stand behind all other steps");
	rule->looks_up |= step->parent;
	if (step->parent || step->tier_key.text == NULL)
		return true;
	if (step->tiers == 0 && strcmp(step->tier_key.text, "previous") == 0)
	{
		step->previous = true;
		parser->rule->has_past = true;
		return true;
	}
	if (!find_tier(parser, step->tier_key, &step->tier))
		return false;
	if (rule->tiers[step->tier].rung < 0)
		return policy_fail(parser, PURE_SYNTAX, step->tier_key.place,
						   "A limit is one of the tiers on the ladder.",
						   "tier \"%s\" is outside the order", step->tier_key.text);
	return true;
}

bool
check_steps(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->step_count; i++)
	{
		if (!check_step(parser, &rule->steps[i]))
			return false;
		rule->own_steps += !rule->steps[i].parent;
	}
	return true;
}
