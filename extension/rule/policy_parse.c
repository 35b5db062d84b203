/* From text to policy: the entrance, errors with a caret, and the text with other parameters. */
#include <stdarg.h>

#include "policy_build.h"
#include "policy_eval.h"

const char *const policy_rung_names[POLICY_RUNGS] = {"green",  "near_green", "yellow",
													 "orange", "red",		 "dark_red"};
const char *const policy_confidence_names[POLICY_CONFIDENCES] = {"official", "secondary", "memory",
																 "derived"};
const char *const policy_weekday_names[7] = {"monday", "tuesday",  "wednesday", "thursday",
											 "friday", "saturday", "sunday"};

/* The generated scanner, of which this is all that is used. */
typedef void *yyscan_t;
struct yy_buffer_state;
extern int policy_yylex_init_extra(struct policy_scan *extra, yyscan_t *scanner);
extern struct yy_buffer_state *policy_yy_scan_buffer(char *base, size_t size, yyscan_t scanner);
extern int policy_yylex_destroy(yyscan_t scanner);

static bool
starts_character(char byte)
{
	return ((unsigned char) byte & 0xC0) != 0x80;
}

/* The line with a caret under the place, cut to what fits on a screen. */
static void
show_place(const policy_parser *parser, int place, pure_error *error)
{
	enum
	{
		BEFORE = 60,
		AFTER = 30
	};
	const char *text = parser->text;
	int start = place;
	int end = place;
	int shown;
	char caret[BEFORE + 8];
	int width = 0;

	error->line = 1;
	for (int i = 0; i < place; i++)
		error->line += text[i] == '\n';
	while (start > 0 && text[start - 1] != '\n')
		start--;
	error->column = 1;
	for (int i = start; i < place; i++)
		error->column += starts_character(text[i]);

	shown = place - start > BEFORE ? place - BEFORE : start;
	while (shown < place && !starts_character(text[shown]))
		shown++;
	while (end < (int) parser->length && text[end] != '\n' && text[end] != '\r' &&
		   text[end] != '\0' && end - place < AFTER)
		end++;
	while (end > place && end < (int) parser->length && !starts_character(text[end]))
		end--;
	for (int i = shown; i < place; i++)
		if (starts_character(text[i]))
			caret[width++] = text[i] == '\t' ? '\t' : ' ';
	caret[width++] = '^';
	caret[width] = '\0';
	snprintf(error->detail, sizeof(error->detail), "line %d, column %d:\n%.*s\n%s", error->line,
			 error->column, end - shown, text + shown, caret);
}

bool
policy_fail(policy_parser *parser, pure_error_code code, int place, const char *hint,
			const char *format, ...)
{
	pure_error *error = parser->error;
	va_list arguments;

	if (parser->failed)
		return false;
	parser->failed = true;
	memset(error, 0, sizeof(*error));
	error->code = code;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	if (hint != NULL)
		snprintf(error->hint, sizeof(error->hint), "%s", hint);
	show_place(parser, place, error);
	return false;
}

bool
policy_read(policy_parser *parser)
{
	struct policy_scan extra = {parser, NULL};
	char *buffer = pure_alloc0(parser->length + 2);
	yyscan_t scanner;
	int failed;

	/* The scanner wants two zero bytes behind the text, and writes into it while it works. */
	memcpy(buffer, parser->text, parser->length);
	extra.scan_base = buffer;
	policy_yylex_init_extra(&extra, &scanner);
	policy_yy_scan_buffer(buffer, parser->length + 2, scanner);
	failed = policy_yyparse(parser, scanner);
	policy_yylex_destroy(scanner);
	pure_free(buffer);
	return failed == 0 && !parser->failed;
}

policy *
policy_parse(const char *text, size_t length, pure_error *error)
{
	policy *rule = pure_alloc0(sizeof(policy));
	policy_parser parser = {.rule = rule, .error = error};

	memset(error, 0, sizeof(*error));
	if (length > POLICY_MAX_SIZE)
	{
		error->code = PURE_LIMIT;
		snprintf(error->message, sizeof(error->message), "policy is longer than %d bytes",
				 POLICY_MAX_SIZE);
		return NULL;
	}
	rule->text = policy_copy(text, length);
	rule->length = length;
	rule->review_weekday = -1;
	rule->minimum_people = exact_of(0);
	rule->minimum_households = exact_of(0);
	rule->first_window = -1;
	rule->first_count = -1;
	rule->level_atom = -1;
	parser.level = -1;
	parser.text = rule->text;
	parser.length = length;
	return policy_read(&parser) && policy_check(&parser) ? rule : NULL;
}

const policy_facts *
policy_get_facts(const policy *rule)
{
	return &rule->facts;
}

int32_t
policy_last_review(const policy *rule, int32_t day)
{
	int64_t review;

	if (rule->review_weekday < 0)
		return day;
	review = (int64_t) day - (policy_weekday(day) - rule->review_weekday + 7) % 7;
	return review < INT32_MIN ? INT32_MIN : (int32_t) review;
}

int32_t
policy_review_day(const policy *rule, int32_t day)
{
	int64_t then = (int64_t) day - rule->in_force;

	return policy_last_review(rule, then < INT32_MIN ? INT32_MIN : (int32_t) then);
}

static int
find_parameter(const policy *rule, const char *name, pure_error *error)
{
	for (int i = 0; i < rule->parameter_count; i++)
		if (strcmp(rule->parameters[i].name.text, name) == 0)
			return i;
	memset(error, 0, sizeof(*error));
	error->code = PURE_INVALID_PARAMETER;
	snprintf(error->message, sizeof(error->message), "policy \"%s\" has no parameter \"%.63s\"",
			 rule->facts.name, name);
	for (int i = 0; i < rule->parameter_count; i++)
		snprintf(error->hint + strlen(error->hint), sizeof(error->hint) - strlen(error->hint),
				 "%s%s", i == 0 ? "Its parameters are: " : ", ", rule->parameters[i].name.text);
	return -1;
}

static bool
check_value(const policy_parameter *parameter, const char *value, pure_error *error)
{
	exact number;

	if (parameter->level != NULL ? policy_is_level(value) :
								   exact_parse(value, strlen(value), &number) &&
									   policy_parameter_allows(parameter, number))
		return true;
	memset(error, 0, sizeof(*error));
	error->code = PURE_INVALID_PARAMETER;
	snprintf(error->message, sizeof(error->message), "parameter \"%s\" may not be \"%.63s\"",
			 parameter->name.text, value);
	if (parameter->level != NULL)
		snprintf(error->hint, sizeof(error->hint), "It must be the name of a level.");
	else if (parameter->bounded || parameter->in_days)
		policy_parameter_bounds(parameter, error->hint, sizeof(error->hint));
	else
		snprintf(error->hint, sizeof(error->hint), "It must be a plain decimal number.");
	return false;
}

/* As it stands in a policy, in quotes. */
static const char *
quoted(const char *text)
{
	char *result = pure_alloc(2 * strlen(text) + 3);
	char *to = result;

	*to++ = '\'';
	for (const char *from = text; *from != '\0'; from++)
	{
		*to++ = *from;
		if (*from == '\'')
			*to++ = '\'';
	}
	*to++ = '\'';
	*to = '\0';
	return result;
}

char *
policy_set_parameters(const policy *rule, int count, const char *const *names,
					  const char *const *values, pure_error *error)
{
	const char **chosen = pure_alloc0((size_t) (rule->parameter_count + 1) * sizeof(char *));
	size_t size = rule->length + 1;
	size_t from = 0;
	size_t to = 0;
	char *text;

	for (int i = 0; i < count; i++)
	{
		int found = find_parameter(rule, names[i], error);

		if (found < 0 || !check_value(&rule->parameters[found], values[i], error))
			return NULL;
		chosen[found] = rule->parameters[found].level != NULL ? quoted(values[i]) : values[i];
		size += strlen(chosen[found]);
	}
	text = pure_alloc(size);
	for (int i = 0; i < rule->parameter_count; i++)
	{
		const policy_parameter *parameter = &rule->parameters[i];

		if (chosen[i] == NULL)
			continue;
		memcpy(text + to, rule->text + from, (size_t) parameter->value_place - from);
		to += (size_t) parameter->value_place - from;
		memcpy(text + to, chosen[i], strlen(chosen[i]));
		to += strlen(chosen[i]);
		from = (size_t) parameter->value_place + (size_t) parameter->value_length;
	}
	memcpy(text + to, rule->text + from, rule->length - from);
	text[to + rule->length - from] = '\0';
	pure_free(chosen);
	return text;
}
