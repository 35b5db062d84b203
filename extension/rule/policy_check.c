/*
 * What the names of a policy mean. Settles every expression, in place, to numbers, atoms, LETs and
 * operators, and refuses what can be read but makes no sense.
 */
#include "policy_settle.h"

static const char *const rung_labels[2][6] = {
	{"green", "near green", "yellow", "orange", "red", "dark red"},
	{"xanh", "cận xanh", "vàng", "cam", "đỏ", "đỏ sẫm"},
};
static const char *const rung_colors[6] = {"#1a9641", "#a6d96a", "#ffffbf",
										   "#fdae61", "#d7191c", "#7f0000"};

static int
rung_of(const char *name)
{
	for (int rung = 0; rung < POLICY_RUNGS; rung++)
		if (strcmp(name, policy_rung_names[rung]) == 0)
			return rung;
	return -1;
}

static bool
check_tier(policy_parser *parser, int position)
{
	policy *rule = parser->rule;
	policy_tier *tier = &rule->tiers[position];
	policy_word rung = rule->tier_rungs[position];
	policy_word key = rule->tier_keys[position];
	int own = rung_of(key.text);

	if (rung.text == NULL)
	{
		if (own < 0)
			return policy_fail(parser, PURE_SYNTAX, key.place,
							   "Say where it stands: AS green, near_green, yellow, orange, red or "
							   "dark_red; AS none outside the order.",
							   "tier \"%s\" is not on the ladder", key.text);
		tier->rung = own;
	}
	else
	{
		tier->rung = rung_of(rung.text);
		if (tier->rung < 0 && strcmp(rung.text, "none") != 0)
			return policy_fail(
				parser, PURE_SYNTAX, rung.place,
				"The ladder is green, near_green, yellow, orange, red, dark_red; none is "
				"outside the order.",
				"unknown rung \"%s\"", rung.text);
	}
	for (int other = 0; other < position && tier->rung >= 0; other++)
		if (rule->tiers[other].rung > tier->rung)
			return policy_fail(
				parser, PURE_SYNTAX, key.place, "TIERS are listed from the mildest to the worst.",
				"tier \"%s\" is milder than \"%s\" before it", key.text, rule->tiers[other].key);

	for (int lang = 0; lang < 2; lang++)
		if (tier->label[lang] == NULL && tier->label[1 - lang] != NULL)
			tier->label[lang] = tier->label[1 - lang];
	for (int lang = 0; lang < 2; lang++)
		if (tier->label[lang] == NULL)
			tier->label[lang] = own >= 0 && own == tier->rung ? rung_labels[lang][own] : key.text;
	if (tier->color == NULL)
		tier->color = tier->rung >= 0 ? rung_colors[tier->rung] : "#b3b3b3";
	return true;
}

/* Without TIERS the tiers are the rungs that BASE names. */
static bool
default_tier(policy_parser *parser, policy_word key, bool *named)
{
	int rung = rung_of(key.text);

	if (rung < 0)
		return policy_fail(parser, PURE_SYNTAX, key.place,
						   "Without TIERS, tiers are those of the ladder.",
						   "tier \"%s\" is not on the ladder", key.text);
	named[rung] = true;
	return true;
}

static bool
default_tiers_of(policy_parser *parser, const policy_branch *branch, bool *named)
{
	for (int i = 0; i < branch->rule_count; i++)
		if (!default_tier(parser, branch->rules[i].tier_key, named))
			return false;
	for (int i = 0; i < branch->table.row_count; i++)
		for (int j = 0; j < branch->table.rows[i].cell_count; j++)
			if (!default_tier(parser, branch->table.rows[i].cells[j], named))
				return false;
	for (int i = 0; i < branch->metric_count; i++)
	{
		if (!default_tier(parser, branch->metrics[i].lowest_key, named))
			return false;
		for (int j = 0; j < branch->metrics[i].cut_count; j++)
			if (!default_tier(parser, branch->metrics[i].cuts[j].above, named))
				return false;
	}
	return true;
}

static bool
default_tiers(policy_parser *parser)
{
	policy *rule = parser->rule;
	bool named[POLICY_RUNGS] = {false};

	for (int i = 0; i < rule->branch_count; i++)
		if (!default_tiers_of(parser, &rule->branches[i], named))
			return false;
	for (int rung = 0; rung < POLICY_RUNGS; rung++)
	{
		policy_word key = {policy_rung_names[rung], rule->base_place};

		if (named[rung] && !build_tier(parser, key, NULL, NULL))
			return false;
	}
	return true;
}

/* A count that people are shown has a first and a last day. */
static bool
is_shown_count(const policy_atom *atom)
{
	return (atom->kind == ATOM_COUNT || atom->kind == ATOM_HOUSEHOLDS) &&
		   atom->window != POLICY_FOREVER;
}

/* The first windowed count that a reader of BASE meets; LETs are looked into once. */
static int
first_window(const policy *rule, const policy_expr *expr, bool *seen)
{
	if (expr->kind == EXPR_ATOM && is_shown_count(&rule->atoms[expr->index]))
		return expr->index;
	if (expr->kind == EXPR_LET && !seen[expr->index])
	{
		seen[expr->index] = true;
		return first_window(rule, rule->lets[expr->index].expr, seen);
	}
	for (int i = 0; i < expr->part_count; i++)
	{
		int found = first_window(rule, expr->parts[i], seen);

		if (found >= 0)
			return found;
	}
	return -1;
}

static void
find_shown_count(policy *rule)
{
	bool *seen = pure_alloc0((size_t) (rule->let_count + 1) * sizeof(bool));

	for (int i = 0; i < rule->branch_count; i++)
	{
		const policy_branch *branch = &rule->branches[i];

		for (int j = 0; j < branch->rule_count && rule->first_window < 0; j++)
			if (branch->rules[j].condition != NULL)
				rule->first_window = first_window(rule, branch->rules[j].condition, seen);
		for (int j = 0; j < branch->metric_count && rule->first_window < 0; j++)
			rule->first_window = first_window(rule, branch->metrics[j].expr, seen);
	}
	for (int i = 0; i < rule->switch_count && rule->first_window < 0; i++)
		rule->first_window = first_window(rule, rule->switches[i].enter.when, seen);
	pure_free(seen);

	if (rule->first_window >= 0)
		rule->first_count = rule->atoms[rule->first_window].source;
	for (int i = 0; i < rule->source_count && rule->first_count < 0; i++)
		if (rule->sources[i].kind == POLICY_COUNT)
			rule->first_count = i;
}

static void
fill_facts(policy *rule)
{
	policy_facts *facts = &rule->facts;
	policy_input *inputs = pure_alloc0((size_t) rule->source_count * sizeof(policy_input));

	facts->name = rule->name.text;
	for (int lang = 0; lang < 2; lang++)
		facts->title[lang] = rule->has_title ? rule->title[lang] : rule->name.text;
	facts->source = rule->has_source ? rule->source : "";
	facts->confidence = rule->confidence.text != NULL ? rule->confidence.text : "derived";
	facts->tier_count = rule->tier_count;
	facts->tiers = rule->tiers;
	facts->has_past = rule->has_past;
	for (int i = 0; i < rule->source_count; i++)
		facts->has_relations |= rule->sources[i].kind == POLICY_RELATION;
	for (int i = 0; i < rule->atom_count; i++)
		facts->needs_neighbours |= rule->atoms[i].kind == ATOM_TOUCHES;
	facts->needs_borders = facts->needs_neighbours && rule->nearness.kind == NEAR_BORDER;
	facts->needs_gaps = facts->needs_neighbours && rule->nearness.kind == NEAR_METRES;
	facts->neighbour_gap = facts->needs_gaps ? rule->nearness.most : 0;
	facts->needs_parents = rule->counts_children || rule->looks_up || rule->report_place > 0;
	facts->input_count = rule->source_count;
	facts->inputs = inputs;
	for (int i = 0; i < rule->source_count; i++)
	{
		const policy_source *source = &rule->sources[i];
		bool is_value = source->kind == POLICY_NUMBER || source->kind == POLICY_YESNO;

		inputs[i].name = source->named.name.text;
		inputs[i].kind = source->kind;
		inputs[i].needs_households = source->needs_households;
		inputs[i].look_back = source->look_back;
		if (rule->has_past && source->kind == POLICY_COUNT)
			inputs[i].look_back = POLICY_FOREVER; /* the first review matters */
		inputs[i].keep = source->keep;
		if (is_value)
		{
			inputs[i].look_back = source->keep < 0 || rule->has_past ?
									  POLICY_FOREVER :
									  source->keep + 1 + source->look_back;
			inputs[i].if_missing = source->missing.text;
		}
		else if (inputs[i].look_back > facts->look_back)
			facts->look_back = inputs[i].look_back;
	}
}

static bool
fail_require(policy_parser *parser, int place)
{
	const policy *rule = parser->rule;
	char hint[256] = "";
	char value[64];

	for (int i = 0; i < rule->parameter_count; i++)
	{
		if (rule->parameters[i].level != NULL)
			continue;
		exact_print(rule->parameters[i].value, 12, value, sizeof(value));
		snprintf(hint + strlen(hint), sizeof(hint) - strlen(hint), "%s%s is %s",
				 hint[0] == '\0' ? "Set them together: " : ", ", rule->parameters[i].name.text,
				 value);
	}
	return policy_fail(parser, PURE_INVALID_PARAMETER, place, hint,
					   "parameters do not fit together: REQUIRE does not hold");
}

static bool
check_requires(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->require_count; i++)
	{
		bool holds;

		if (!settle_condition(parser, rule->requires[i]) ||
			!constant_condition(parser, rule->requires[i], &holds))
			return false;
		if (!holds)
			return fail_require(parser, rule->requires[i] -> place);
	}
	return true;
}

bool
policy_check(policy_parser *parser)
{
	policy *rule = parser->rule;

	if (!rule->has_base && rule->switch_count == 0)
		return policy_fail(parser, PURE_SYNTAX, (int) parser->length,
						   "BASE says which tier holds when.", "policy \"%s\" has no BASE",
						   rule->name.text);
	if (!rule->has_tiers && rule->has_base && !default_tiers(parser))
		return false;
	for (int i = 0; i < rule->tier_count; i++)
		if (!check_tier(parser, i))
			return false;
	if (!rule->has_base && !check_no_base(parser))
		return false;
	if (!check_levels(parser) || !check_nearness(parser) || !check_requires(parser) ||
		!settle_lets(parser))
		return false;
	if (!check_base(parser) || !check_steps(parser) || !check_past(parser) ||
		!check_relations(parser))
		return false;
	find_shown_count(rule);
	fill_facts(rule);
	return true;
}
