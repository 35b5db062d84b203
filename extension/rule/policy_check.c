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
			return policy_fail(parser, PURE_SYNTAX, key.place, NULL,
							   "tier \"%s\" is milder than \"%s\" before it", key.text,
							   rule->tiers[other].key);

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
default_tiers(policy_parser *parser)
{
	policy *rule = parser->rule;
	bool named[6] = {false};

	for (int i = 0; i < rule->rule_count; i++)
		if (!default_tier(parser, rule->rules[i].tier_key, named))
			return false;
	for (int i = 0; i < rule->metric_count; i++)
	{
		if (!default_tier(parser, rule->metrics[i].lowest_key, named))
			return false;
		for (int j = 0; j < rule->metrics[i].cut_count; j++)
			if (!default_tier(parser, rule->metrics[i].cuts[j].above, named))
				return false;
	}
	for (int rung = 0; rung < POLICY_RUNGS; rung++)
	{
		policy_word key = {policy_rung_names[rung], rule->base_place};

		if (named[rung] && !build_tier(parser, key, NULL, NULL))
			return false;
	}
	return true;
}

static bool
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
	return policy_fail(parser, PURE_SYNTAX, key.place, hint, "tier \"%s\" is not in TIERS",
					   key.text);
}

static bool
check_rules(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->rule_count; i++)
	{
		policy_rule *line = &rule->rules[i];

		if (i > 0 && rule->rules[i - 1].condition == NULL)
			return policy_fail(parser, PURE_SYNTAX, line->tier_key.place,
							   "OTHERWISE must be the last line of BASE.",
							   "this line is never reached");
		if (!find_tier(parser, line->tier_key, &line->tier))
			return false;
		if (line->condition == NULL)
			continue;
		if (!settle_condition(parser, line->condition))
			return false;
		for (int above = 0; above < i; above++)
			if (expr_equal(rule->rules[above].condition, line->condition))
				return policy_fail(
					parser, PURE_SYNTAX, line->tier_key.place,
					"The first line that holds decides; remove one of them.",
					"this line is never reached: its condition stands above, for \"%s\"",
					rule->rules[above].tier_key.text);
	}
	if (rule->rules[rule->rule_count - 1].condition != NULL)
		return policy_fail(parser, PURE_SYNTAX, rule->base_place,
						   "End BASE with a line such as: green OTHERWISE",
						   "BASE has no OTHERWISE");
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
		return policy_fail(parser, PURE_SYNTAX, cut->expr->place, NULL,
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
		return policy_fail(parser, PURE_SYNTAX, cut->expr->place, NULL, "bounds must ascend");
	if (below >= cut->tier)
		return policy_fail(parser, PURE_SYNTAX, cut->above.place, NULL,
						   "tiers must get worse in the order of TIERS");
	return true;
}

static bool
check_metrics(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->metric_count; i++)
	{
		policy_metric *metric = &rule->metrics[i];

		for (int above = 0; above < i; above++)
			if (strcmp(rule->metrics[above].name.text, metric->name.text) == 0)
				return policy_fail(parser, PURE_SYNTAX, metric->name.place, NULL,
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

/* The first windowed count that a reader of BASE meets; LETs are looked into once. */
static int
first_window(const policy *rule, const policy_expr *expr, bool *seen)
{
	if (expr->kind == EXPR_ATOM && rule->atoms[expr->index].window > 0)
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

	for (int i = 0; i < rule->rule_count && rule->first_window < 0; i++)
		if (rule->rules[i].condition != NULL)
			rule->first_window = first_window(rule, rule->rules[i].condition, seen);
	for (int i = 0; i < rule->metric_count && rule->first_window < 0; i++)
		rule->first_window = first_window(rule, rule->metrics[i].expr, seen);
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
		inputs[i].keep = source->keep;
		if (is_value)
		{
			inputs[i].look_back = source->keep < 0 ? INT32_MAX : source->keep + 1;
			inputs[i].if_missing = source->missing.text;
		}
		else if (source->look_back > facts->look_back)
			facts->look_back = source->look_back;
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
		exact_print(rule->parameters[i].value, 12, value, sizeof(value));
		snprintf(hint + strlen(hint), sizeof(hint) - strlen(hint), "%s%s is %s",
				 i == 0 ? "Set them together: " : ", ", rule->parameters[i].name.text, value);
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

	if (!rule->has_base)
		return policy_fail(parser, PURE_SYNTAX, (int) parser->length,
						   "BASE says which tier holds when.", "policy \"%s\" has no BASE",
						   rule->name.text);
	if (!rule->has_tiers && !default_tiers(parser))
		return false;
	for (int i = 0; i < rule->tier_count; i++)
		if (!check_tier(parser, i))
			return false;
	if (!check_requires(parser) || !settle_lets(parser))
		return false;
	if (rule->worst_of ? !check_metrics(parser) : !check_rules(parser))
		return false;
	find_shown_count(rule);
	fill_facts(rule);
	return true;
}
