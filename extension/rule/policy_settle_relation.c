/* What neighbours, children and levels mean in an expression. */
#include "policy_settle.h"

int
settle_reserved_source(policy *rule, const char *name, policy_input_kind kind, int place)
{
	policy_source source = {.named = {{name, place}, {NULL, NULL}}, .kind = kind, .keep = -1};

	for (int i = 0; i < rule->source_count; i++)
		if (rule->sources[i].kind == kind && strcmp(rule->sources[i].named.name.text, name) == 0)
			return i;
	PUSH(rule->sources, rule->source_count, source);
	return rule->source_count - 1;
}

expr_type
settle_relation(policy_parser *parser, policy_expr *expr)
{
	policy *rule = parser->rule;
	bool touches = expr->kind == EXPR_TOUCHES;
	policy_atom atom = {.kind = touches					 ? ATOM_TOUCHES :
								expr->kind == EXPR_SHARE ? ATOM_SHARE :
														   ATOM_CHILDREN,
						.at_least = expr->index == 1};
	policy_word key = {expr->name, expr->place};

	if (!find_tier(parser, key, &atom.tier))
		return TYPE_BAD;
	if (rule->tiers[atom.tier].rung < 0 && (touches || atom.at_least))
	{
		policy_fail(parser, PURE_SYNTAX, expr->place,
					"Tiers AS none are neither milder nor worse than others.",
					"tier \"%s\" is outside the order", key.text);
		return TYPE_BAD;
	}
	rule->counts_children |= !touches;
	atom.source = settle_reserved_source(rule, touches ? "neighbours" : "children", POLICY_RELATION,
										 expr->place);
	expr->kind = EXPR_ATOM;
	expr->days = 0;
	expr->index = settle_atom(rule, &atom);
	return touches ? TYPE_YESNO : TYPE_NUMBER;
}

/* The level that a word stands for: what the parameter of that name says, else the word. */
static const char *
level_of(const policy *rule, const char *name, size_t length, bool *declared)
{
	*declared = true;
	for (int i = 0; i < rule->parameter_count; i++)
		if (rule->parameters[i].level != NULL && strlen(rule->parameters[i].name.text) == length &&
			memcmp(rule->parameters[i].name.text, name, length) == 0)
			return rule->parameters[i].level;
	for (int i = 0; i < rule->level_count; i++)
		if (strlen(rule->levels[i].name.text) == length &&
			memcmp(rule->levels[i].name.text, name, length) == 0)
			return rule->levels[i].name.text;
	*declared = false;
	return name;
}

/* OF communes: the word itself, or what it is the plural of. */
static const char *
child_level_of(const policy *rule, const char *name)
{
	size_t length = strlen(name);
	bool declared;
	const char *level = level_of(rule, name, length, &declared);

	if (!declared && length > 1 && name[length - 1] == 's')
	{
		const char *one = level_of(rule, name, length - 1, &declared);

		level = declared ? one : name;
	}
	return level;
}

bool
check_levels(policy_parser *parser)
{
	policy *rule = parser->rule;
	policy_atom atom = {.kind = ATOM_LEVEL};

	if (rule->level_count == 0)
		return true;
	for (int i = 0; i < rule->level_count; i++)
	{
		policy_level *level = &rule->levels[i];
		bool declared;

		level->text = level_of(rule, level->name.text, strlen(level->name.text), &declared);
		for (int above = 0; above < i; above++)
			if (strcmp(rule->levels[above].text, level->text) == 0)
				return policy_fail(parser, PURE_SYNTAX, level->name.place, NULL,
								   "level \"%s\" is given twice", level->text);
		level->children = pure_alloc((size_t) (level->child_count + 1) * sizeof(*level->children));
		for (int j = 0; j < level->child_count; j++)
			level->children[j] = child_level_of(rule, level->child_names[j].text);
	}
	atom.source = settle_reserved_source(rule, "level", POLICY_RESERVED, rule->base_place);
	rule->level_atom = settle_atom(rule, &atom);
	return true;
}

bool
check_nearness(policy_parser *parser)
{
	policy *rule = parser->rule;
	policy_nearness *nearness = &rule->nearness;
	exact metres = nearness->metres.days;

	if (nearness->place == 0 || nearness->kind != NEAR_METRES)
		return true;
	for (int i = 0; i < rule->parameter_count && nearness->metres.name != NULL; i++)
		if (strcmp(rule->parameters[i].name.text, nearness->metres.name) == 0 &&
			rule->parameters[i].level == NULL)
		{
			metres = rule->parameters[i].value;
			nearness->metres.name = NULL;
		}
	if (nearness->metres.name != NULL)
		return policy_fail(parser, PURE_SYNTAX, nearness->metres.place,
						   "Declare it as a number: PARAMETER name 100", "unknown parameter \"%s\"",
						   nearness->metres.name);
	nearness->most = (double) metres.num / (double) metres.den;
	if (metres.num < 0 || nearness->most > POLICY_MAX_METRES)
		return policy_fail(parser, PURE_SYNTAX, nearness->metres.place, NULL,
						   "neighbours are 0 to %d metres away", POLICY_MAX_METRES);
	return true;
}
