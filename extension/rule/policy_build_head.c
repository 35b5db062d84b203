/* What a policy says of itself, of its reviews and of its kinds of days. */
#include "policy_build.h"

#include "../what/day_core.h"

bool
build_title(policy_parser *parser, int place, const policy_texts *texts)
{
	policy *rule = parser->rule;

	for (int lang = 0; lang < 2; lang++)
	{
		rule->title[lang] = texts->label[lang] != NULL ? texts->label[lang] : texts->any;
		if (rule->title[lang] == NULL)
			rule->title[lang] = texts->label[1 - lang];
	}
	return build_once(parser, &rule->has_title, place, "TITLE");
}

bool
build_source(policy_parser *parser, int place, policy_word text)
{
	parser->rule->source = text.text;
	return build_once(parser, &parser->rule->has_source, place, "SOURCE");
}

bool
build_confidence(policy_parser *parser, policy_word word)
{
	if (parser->rule->confidence.text != NULL)
		return policy_fail(parser, PURE_SYNTAX, word.place, "Keep one of the two.",
						   "CONFIDENCE is given twice");
	parser->rule->confidence = word;
	return check_confidence(parser, word);
}

bool
check_confidence(policy_parser *parser, policy_word word)
{
	for (int i = 0; i < POLICY_CONFIDENCES; i++)
		if (strcmp(word.text, policy_confidence_names[i]) == 0)
			return true;
	return policy_fail(parser, PURE_SYNTAX, word.place,
					   "Confidence is official, secondary, memory or derived.",
					   "unknown confidence \"%s\"", word.text);
}

static bool
parse_date(policy_parser *parser, policy_word date, int32_t *day)
{
	const char *at = date.text;

	if (day_parse(&at, at + strlen(at), day) && *at == '\0')
		return true;
	return policy_fail(parser, PURE_DATE_OUT_OF_RANGE, date.place,
					   "Dates are written year-month-day, as 2021-08-23.", "no such date: %s",
					   date.text);
}

bool
build_validity(policy_parser *parser, policy_word from, const policy_word *to)
{
	policy_facts *facts = &parser->rule->facts;

	if (!build_once(parser, &parser->rule->has_validity, from.place, "VALID") ||
		!parse_date(parser, from, &facts->valid_from))
		return false;
	facts->has_valid_from = true;
	if (to == NULL)
		return true;
	if (!parse_date(parser, *to, &facts->valid_to))
		return false;
	facts->has_valid_to = true;
	if (facts->valid_to < facts->valid_from)
		return policy_fail(parser, PURE_SYNTAX, to->place,
						   "Write VALID FROM the first day TO the last.",
						   "VALID ends before it begins");
	return true;
}

static bool
find_weekday(policy_parser *parser, policy_word name, int *weekday)
{
	for (*weekday = 0; *weekday < 7; ++*weekday)
		if (strcmp(name.text, policy_weekday_names[*weekday]) == 0)
			return true;
	return policy_fail(parser, PURE_SYNTAX, name.place, "Write monday, tuesday and so on.",
					   "unknown day of the week \"%s\"", name.text);
}

bool
build_weekdays(policy_parser *parser, policy_word from, policy_word to, int *days)
{
	int first;
	int last;

	if (!find_weekday(parser, from, &first) || !find_weekday(parser, to, &last))
		return false;
	*days = 1 << last;
	for (int day = first; day != last; day = (day + 1) % 7)
		*days |= 1 << day;
	return true;
}

bool
build_review(policy_parser *parser, policy_word how, const policy_word *weekday, int lag,
			 int in_force)
{
	policy *rule = parser->rule;
	bool weekly = strcmp(how.text, "weekly") == 0;

	if (!build_once(parser, &rule->has_review, how.place, "REVIEW"))
		return false;
	if ((!weekly && strcmp(how.text, "daily") != 0) || weekly != (weekday != NULL))
		return policy_fail(parser, PURE_SYNTAX, how.place,
						   "Write REVIEW daily or REVIEW weekly ON friday.",
						   "REVIEW is daily, or weekly ON a day of the week");
	rule->lag = lag;
	rule->in_force = in_force;
	return !weekly || find_weekday(parser, *weekday, &rule->review_weekday);
}

/* The calendar of several kinds of days is one source. */
static bool
build_calendar(policy_parser *parser, const policy_named *named, int *position)
{
	policy *rule = parser->rule;
	policy_source source = {.named = *named, .kind = POLICY_YESNO, .is_calendar = true};

	for (*position = 0; *position < rule->source_count; ++*position)
		if (rule->sources[*position].is_calendar &&
			strcmp(rule->sources[*position].named.name.text, named->name.text) == 0)
			return true;
	if (!check_new_name(parser, named->name))
		return false;
	source.missing = (policy_missing){
		.rule = MISSING_VALUE, .value = exact_of(0), .text = "no", .is_word = true};
	PUSH(rule->sources, rule->source_count, source);
	return true;
}

bool
build_day_kind(policy_parser *parser, const policy_named *named, int weekdays,
			   const policy_named *calendar)
{
	policy *rule = parser->rule;
	policy_day_kind kind = {.named = *named, .weekdays = (unsigned) weekdays, .calendar = -1};

	if (!check_new_name(parser, named->name) ||
		(calendar != NULL && !build_calendar(parser, calendar, &kind.calendar)))
		return false;
	if (rule->day_kind_count == POLICY_MAX_DAY_KINDS)
		return policy_fail(parser, PURE_LIMIT, named->name.place, NULL,
						   "policy has more than %d kinds of days", POLICY_MAX_DAY_KINDS);
	PUSH(rule->day_kinds, rule->day_kind_count, kind);
	return true;
}
