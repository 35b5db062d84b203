/* Building what a policy says of the zones around a zone. */
#include "policy_build.h"

/* The name of a level goes into the text of a policy, and into what people read. */
bool
policy_is_level(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > POLICY_MAX_NAME)
		return false;
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char) *at < ' ' || *at == 0x7f)
			return false;
	return true;
}

bool
build_level_parameter(policy_parser *parser, policy_word name, policy_word level)
{
	policy_parameter parameter = {.name = name, .level = level.text, .value_place = level.place};
	const char *text = parser->text + level.place;
	int length = 1;

	if (!check_new_name(parser, name))
		return false;
	if (!policy_is_level(level.text))
		return policy_fail(parser, PURE_SYNTAX, level.place, NULL,
						   "the name of a level has 1 to %d bytes, in one line", POLICY_MAX_NAME);
	while (text[length] != '\'' || text[length + 1] == '\'')
		length += text[length] == '\'' ? 2 : 1;
	parameter.value_length = length + 1;
	PUSH(parser->rule->parameters, parser->rule->parameter_count, parameter);
	return true;
}

bool
build_neighbours(policy_parser *parser, int place, const policy_word *kind,
				 const policy_span *metres)
{
	policy_nearness *nearness = &parser->rule->nearness;
	bool again = nearness->place > 0;

	nearness->place = place;
	if (metres != NULL)
	{
		nearness->kind = NEAR_METRES;
		nearness->metres = *metres;
	}
	else if (strcmp(kind->text, "touching") == 0)
		nearness->kind = NEAR_BORDER;
	else if (strcmp(kind->text, "corners") != 0)
		return policy_fail(parser, PURE_SYNTAX, kind->place,
						   "Write NEIGHBOURS touching, NEIGHBOURS corners or NEIGHBOURS WITHIN 100 "
						   "metres.",
						   "unknown kind of neighbours \"%s\"", kind->text);
	return build_once(parser, &again, place, "NEIGHBOURS");
}

bool
build_metres(policy_parser *parser, policy_word unit)
{
	return strcmp(unit.text, "metres") == 0 || strcmp(unit.text, "metre") == 0 ||
		   policy_fail(parser, PURE_SYNTAX, unit.place, "Write NEIGHBOURS WITHIN 100 metres.",
					   "unknown unit \"%s\"", unit.text);
}

bool
build_level(policy_parser *parser, policy_word name)
{
	policy *rule = parser->rule;
	policy_level level = {.name = name};

	for (int i = 0; i < rule->level_count; i++)
		if (strcmp(rule->levels[i].name.text, name.text) == 0)
			return policy_fail(parser, PURE_SYNTAX, name.place, NULL, "level \"%s\" is given twice",
							   name.text);
	parser->level = rule->level_count;
	PUSH(rule->levels, rule->level_count, level);
	return true;
}

void
build_child_level(policy_parser *parser, policy_word name)
{
	policy_level *level = &parser->rule->levels[parser->level];

	PUSH(level->child_names, level->child_count, name);
}

bool
build_report(policy_parser *parser, int place, policy_word whose, int by)
{
	policy *rule = parser->rule;
	bool again = rule->report_place > 0;

	rule->report_place = place;
	rule->report_by = by > 0 ? by : 1;
	if (strcmp(whose.text, "parent") != 0)
		return policy_fail(parser, PURE_SYNTAX, whose.place, "Write REPORT ABOVE parent.",
						   "zones are reported where they are worse than their parent, not \"%s\"",
						   whose.text);
	return build_once(parser, &again, place, "REPORT");
}
