/* Building the tree of a policy, clause by clause, as the grammar recognises them. */
#include "policy_build.h"

void *
policy_grow(void *array, int count, size_t item_size)
{
	if (count == 0)
		return pure_alloc(4 * item_size);
	if (count >= 4 && (count & (count - 1)) == 0)
		return pure_realloc(array, (size_t) count * 2 * item_size);
	return array;
}

char *
policy_copy(const char *text, size_t length)
{
	char *copy = pure_alloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

bool
build_once(policy_parser *parser, bool *seen, int place, const char *clause)
{
	if (*seen)
		return policy_fail(parser, PURE_SYNTAX, place, "Keep one of the two.", "%s is given twice",
						   clause);
	*seen = true;
	return true;
}

bool
build_minimum(policy_parser *parser, int place, const policy_word *what, exact least)
{
	policy *rule = parser->rule;

	if (what == NULL)
	{
		rule->minimum_households = least;
		return build_once(parser, &rule->has_minimum_households, place, "MINIMUM households");
	}
	if (strcmp(what->text, "population") != 0)
		return policy_fail(parser, PURE_SYNTAX, what->place, NULL,
						   "MINIMUM is of the population or of households, not of \"%s\"",
						   what->text);
	rule->minimum_people = least;
	return build_once(parser, &rule->has_minimum_people, place, "MINIMUM population");
}

static bool
is_color(const char *text)
{
	if (text[0] != '#')
		return false;
	return strspn(text + 1, "0123456789abcdefABCDEF") == 6 && text[7] == '\0';
}

bool
build_text(policy_parser *parser, const policy_word *lang, policy_word text, policy_texts *texts)
{
	memset(texts, 0, sizeof(*texts));
	return build_more_text(parser, lang, text, texts);
}

bool
build_more_text(policy_parser *parser, const policy_word *lang, policy_word text,
				policy_texts *texts)
{
	const char **slot = &texts->any;

	if (lang != NULL)
	{
		if (strcmp(lang->text, "en") != 0 && strcmp(lang->text, "vi") != 0)
			return policy_fail(parser, PURE_SYNTAX, lang->place, "Texts are in en or vi.",
							   "unknown language \"%s\"", lang->text);
		slot = &texts->label[lang->text[0] == 'v' ? POLICY_VI : POLICY_EN];
	}
	else if (is_color(text.text))
		slot = &texts->color;
	else if (text.text[0] == '#')
		return policy_fail(parser, PURE_SYNTAX, text.place, "Colours are written '#rrggbb'.",
						   "\"%.40s\" is not a colour", text.text);
	if (*slot != NULL)
		return policy_fail(parser, PURE_SYNTAX, text.place,
						   "One text may stand without a language, and one each after en and vi.",
						   "text is given twice");
	*slot = text.text;
	return true;
}

policy_named
build_named(policy_word name, const policy_texts *texts)
{
	policy_named named = {name, {NULL, NULL}};

	if (texts != NULL)
		for (int lang = 0; lang < 2; lang++)
			named.label[lang] = texts->label[lang] != NULL ? texts->label[lang] : texts->any;
	return named;
}

void
build_list(policy_names *names, const policy_named *named)
{
	PUSH(names->names, names->count, *named);
}

static bool
is_reserved(const char *name)
{
	static const char *const reserved[] = {"population",	 "households",	   "as_of",
										   "complete_until", "reported_until", "silence_limit",
										   "level",			 "never",		   "unknown"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(name, reserved[i]) == 0)
			return true;
	return false;
}

/* One name stands for one thing in all of a policy. */
bool
check_new_name(policy_parser *parser, policy_word name)
{
	policy *rule = parser->rule;
	bool taken = false;

	pure_check_interrupts();
	if (is_reserved(name.text))
		return policy_fail(parser, PURE_SYNTAX, name.place, "Choose another name.",
						   "\"%s\" is a reserved name", name.text);
	for (int i = 0; i < rule->parameter_count; i++)
		taken |= strcmp(rule->parameters[i].name.text, name.text) == 0;
	for (int i = 0; i < rule->source_count; i++)
		taken |= strcmp(rule->sources[i].named.name.text, name.text) == 0;
	for (int i = 0; i < rule->let_count; i++)
		taken |= strcmp(rule->lets[i].named.name.text, name.text) == 0;
	for (int i = 0; i < rule->day_kind_count; i++)
		taken |= strcmp(rule->day_kinds[i].named.name.text, name.text) == 0;
	if (taken)
		return policy_fail(parser, PURE_SYNTAX, name.place,
						   "One name stands for one thing in all of a policy. Choose another.",
						   "name \"%s\" is given twice", name.text);
	return true;
}

bool
build_tier(policy_parser *parser, policy_word key, const policy_word *rung,
		   const policy_texts *texts)
{
	policy *rule = parser->rule;
	policy_tier tier = {.key = key.text, .rung = -2};
	policy_word none = {NULL, 0};
	int count = rule->tier_count;

	if (is_reserved(key.text))
		return policy_fail(parser, PURE_SYNTAX, key.place,
						   strcmp(key.text, "unknown") == 0 ?
							   "Unknown is not a tier: it is what a verdict "
							   "is where data are missing." :
							   "Choose another key.",
						   "\"%s\" is a reserved name", key.text);
	for (int i = 0; i < count; i++)
		if (strcmp(rule->tiers[i].key, key.text) == 0)
			return policy_fail(parser, PURE_SYNTAX, key.place, NULL, "tier \"%s\" is given twice",
							   key.text);
	if (count == POLICY_MAX_TIERS)
		return policy_fail(parser, PURE_LIMIT, key.place, NULL, "policy has more than %d tiers",
						   POLICY_MAX_TIERS);
	if (texts != NULL)
	{
		for (int lang = 0; lang < 2; lang++)
			tier.label[lang] = texts->label[lang] != NULL ? texts->label[lang] : texts->any;
		tier.color = texts->color;
	}
	PUSH(rule->tiers, rule->tier_count, tier);
	rule->tier_keys = policy_grow(rule->tier_keys, count, sizeof(policy_word));
	rule->tier_keys[count] = key;
	rule->tier_rungs = policy_grow(rule->tier_rungs, count, sizeof(policy_word));
	rule->tier_rungs[count] = rung != NULL ? *rung : none;
	return true;
}

bool
policy_parameter_allows(const policy_parameter *parameter, exact value)
{
	if (parameter->in_days && (value.den != 1 || value.num < 1 || value.num > POLICY_MAX_DAYS))
		return false;
	return !parameter->bounded || (exact_compare(value, parameter->low) >= 0 &&
								   exact_compare(value, parameter->high) <= 0);
}

void
policy_parameter_bounds(const policy_parameter *parameter, char *buffer, size_t size)
{
	char low[64] = "1";
	char high[64];

	snprintf(high, sizeof(high), "%d", POLICY_MAX_DAYS);
	if (parameter->bounded)
	{
		exact_print(parameter->low, 12, low, sizeof(low));
		exact_print(parameter->high, 12, high, sizeof(high));
	}
	snprintf(buffer, size, "It may be %sbetween %s and %s.",
			 parameter->in_days ? "whole days " : "", low, high);
}

bool
build_parameter(policy_parser *parser, policy_word name, exact value, int place, bool in_days,
				const exact *low, const exact *high)
{
	policy_parameter parameter = {
		.name = name, .value = value, .in_days = in_days, .value_place = place};
	char bounds[256];
	const char *text = parser->text + place;
	int length = text[0] == '-';

	if (!check_new_name(parser, name))
		return false;
	while ((text[length] >= '0' && text[length] <= '9') || text[length] == '.')
		length++;
	if (text[0] == '-' && length == 1)
		return policy_fail(parser, PURE_SYNTAX, place, NULL, "minus sign must touch its number");
	parameter.value_length = length;
	if (low != NULL)
	{
		parameter.bounded = true;
		parameter.low = *low;
		parameter.high = *high;
		if (exact_compare(*low, *high) > 0)
			return policy_fail(parser, PURE_SYNTAX, place,
							   "The lower one stands first: BETWEEN 1 AND 60.",
							   "the bounds of parameter \"%s\" are the wrong way round", name.text);
	}
	policy_parameter_bounds(&parameter, bounds, sizeof(bounds));
	if (!policy_parameter_allows(&parameter, value))
		return policy_fail(parser, PURE_INVALID_PARAMETER, place, bounds,
						   "parameter \"%s\" is out of bounds", name.text);
	PUSH(parser->rule->parameters, parser->rule->parameter_count, parameter);
	return true;
}

bool
build_require(policy_parser *parser, policy_expr *condition)
{
	PUSH(parser->rule->requires, parser->rule->require_count, condition);
	return true;
}

bool
build_counts(policy_parser *parser, const policy_names *names)
{
	for (int i = 0; i < names->count; i++)
	{
		policy_source source = {.named = names->names[i], .kind = POLICY_COUNT, .keep = -1};

		if (!check_new_name(parser, source.named.name))
			return false;
		PUSH(parser->rule->sources, parser->rule->source_count, source);
	}
	return true;
}

bool
build_values(policy_parser *parser, policy_input_kind kind, const policy_names *names, int keep,
			 const policy_missing *missing)
{
	bool is_answer = missing->is_word && missing->rule == MISSING_VALUE;

	if (kind == POLICY_YESNO &&
		((missing->rule == MISSING_VALUE && !is_answer) || missing->rule == MISSING_SKIP))
		return policy_fail(parser, PURE_SYNTAX, missing->place, NULL,
						   "IF MISSING of a YESNO is yes, no or unknown");
	if (kind == POLICY_NUMBER && is_answer)
		return policy_fail(parser, PURE_SYNTAX, missing->place, NULL,
						   "IF MISSING of a NUMBER is a number, unknown or skip");
	for (int i = 0; i < names->count; i++)
	{
		policy_source source = {
			.named = names->names[i], .kind = kind, .keep = keep, .missing = *missing};

		if (!check_new_name(parser, source.named.name))
			return false;
		PUSH(parser->rule->sources, parser->rule->source_count, source);
	}
	return true;
}

bool
build_let(policy_parser *parser, const policy_named *named, policy_expr *expr, policy_expr *unless,
		  const policy_missing *missing)
{
	policy_let let = {.named = *named, .expr = expr, .unless = unless, .missing = *missing};

	if (missing->is_word && missing->rule == MISSING_VALUE)
		return policy_fail(parser, PURE_SYNTAX, missing->place, NULL,
						   "IF MISSING of a LET is a number, unknown or skip");
	if (!check_new_name(parser, named->name))
		return false;
	let.original = parser->rule->let_count;
	PUSH(parser->rule->lets, parser->rule->let_count, let);
	return true;
}

bool
build_days(policy_parser *parser, exact days, int place, int least, int *result)
{
	if (days.den != 1 || days.num < least || days.num > POLICY_MAX_DAYS)
		return policy_fail(parser, PURE_SYNTAX, place, NULL,
						   "days must be a whole number between %d and %d", least, POLICY_MAX_DAYS);
	*result = (int) days.num;
	return true;
}

bool
build_missing_word(policy_parser *parser, policy_word word, policy_missing *missing)
{
	memset(missing, 0, sizeof(*missing));
	missing->text = word.text;
	missing->place = word.place;
	missing->is_word = true;
	missing->value = exact_of(0);
	if (strcmp(word.text, "unknown") == 0)
		missing->rule = MISSING_UNKNOWN;
	else if (strcmp(word.text, "skip") == 0)
		missing->rule = MISSING_SKIP;
	else if (strcmp(word.text, "yes") == 0 || strcmp(word.text, "no") == 0)
	{
		missing->rule = MISSING_VALUE;
		missing->value = exact_of(word.text[0] == 'y');
	}
	else
		return policy_fail(parser, PURE_SYNTAX, word.place, NULL,
						   "IF MISSING is yes, no, a number, unknown or skip");
	return true;
}

void
build_missing_number(exact value, int place, policy_missing *missing)
{
	char text[64];

	exact_print(value, 38, text, sizeof(text));
	memset(missing, 0, sizeof(*missing));
	missing->rule = MISSING_VALUE;
	missing->value = value;
	missing->place = place;
	missing->text = policy_copy(text, strlen(text));
}
