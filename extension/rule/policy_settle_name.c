/* What names mean: what is read from a profile becomes an atom, once, however often it is named. */
#include "policy_settle.h"

static int
find_source(const policy *rule, const char *name)
{
	for (int i = 0; i < rule->source_count; i++)
		if (strcmp(rule->sources[i].named.name.text, name) == 0)
			return i;
	return -1;
}

static void
note_look_back(policy_source *source, const policy_atom *atom, int64_t ago, int64_t window)
{
	bool endless = atom->window == POLICY_FOREVER || atom->within == POLICY_FOREVER;
	int64_t days = ago;

	if (source->kind == POLICY_RESERVED)
		return;
	if (atom->window != POLICY_FOREVER)
		days += window;
	if (atom->within > 0 && atom->within != POLICY_FOREVER)
		days += atom->within - 1;
	settle_look_back(source, days);
	if (endless)
		settle_look_back(source, POLICY_FOREVER);
}

/* How far back an atom reads, and the calendars of its days; what reads further stays. */
static void
note_look_backs(policy *rule, const policy_atom *atom)
{
	int64_t ago = settle_shift_days(rule, &atom->shift);
	int64_t window = atom->window_kind > 0 ?
						 settle_days_of(rule, atom->window_kind - 1, atom->window) :
						 atom->window;
	int kinds[2] = {atom->shift.count > 0 ? atom->shift.kind : -1, atom->window_kind - 1};

	note_look_back(&rule->sources[atom->source], atom, ago, window);
	for (int i = 0; i < 2; i++)
		if (kinds[i] >= 0 && rule->day_kinds[kinds[i]].calendar >= 0)
			note_look_back(&rule->sources[rule->day_kinds[kinds[i]].calendar], atom, ago, window);
}

int
settle_atom(policy *rule, const policy_atom *atom)
{
	int index;

	note_look_backs(rule, atom);
	for (index = 0; index < rule->atom_count; index++)
	{
		const policy_atom *known = &rule->atoms[index];

		if (known->kind == atom->kind && known->source == atom->source &&
			known->window == atom->window && known->window_kind == atom->window_kind &&
			known->within == atom->within && known->tier == atom->tier &&
			known->at_least == atom->at_least && policy_shift_equal(&known->shift, &atom->shift))
			return index;
	}
	PUSH(rule->atoms, rule->atom_count, *atom);
	return index;
}

static void
become_atom(policy *rule, policy_expr *expr, policy_atom atom)
{
	expr->kind = EXPR_ATOM;
	expr->days = atom.window == POLICY_FOREVER ? 0 : atom.window_kind > 0 ? -2 : atom.window;
	expr->index = settle_atom(rule, &atom);
}

expr_type
settle_reserved(policy *rule, policy_expr *expr, atom_kind kind)
{
	const char *name = kind == ATOM_POPULATION ? "population" : "households";
	int source = find_source(rule, name);

	if (source < 0)
	{
		policy_source reserved = {
			.named = {{name, expr->place}, {NULL, NULL}}, .kind = POLICY_RESERVED, .keep = -1};

		source = rule->source_count;
		PUSH(rule->sources, rule->source_count, reserved);
	}
	become_atom(rule, expr, (policy_atom){.kind = kind, .source = source});
	return TYPE_NUMBER;
}

static bool
settle_span(policy_parser *parser, const policy_span *span, int least, int32_t *days)
{
	const policy *rule = parser->rule;
	exact given = span->days;

	if (span->name != NULL)
	{
		int i = 0;

		while (i < rule->parameter_count && strcmp(rule->parameters[i].name.text, span->name) != 0)
			i++;
		if (i == rule->parameter_count)
			return policy_fail(parser, PURE_SYNTAX, span->place,
							   "A window is a number of days or a PARAMETER: cases IN 7 days.",
							   "unknown parameter \"%s\"", span->name);
		if (!rule->parameters[i].in_days)
			return policy_fail(parser, PURE_SYNTAX, span->place,
							   "Declare it in days: PARAMETER name 7 days.",
							   "parameter \"%s\" is not in days", span->name);
		given = rule->parameters[i].value;
	}
	return build_days(parser, given, span->place, least, days);
}

/* A window that ended so many days earlier; of a kind of days, on the last of so many before. */
static bool
settle_lag(policy_parser *parser, const policy_span *span, policy_atom *atom)
{
	int32_t days;
	int kind;

	if (!settle_span(parser, span, 1, &days))
		return false;
	if (span->kind.text == NULL)
	{
		atom->shift.ago = days;
		return true;
	}
	if (!settle_day_kind(parser, span->kind, &kind))
		return false;
	atom->shift = (policy_shift){.before = 1, .count = days, .kind = kind};
	return true;
}

static bool
settle_window(policy_parser *parser, const policy_expr *expr, policy_atom *atom)
{
	const policy_window *window = &expr->window;
	const policy_span *plain[2] = {&window->days, &window->lag};

	for (int i = 0; i < 2 && atom->kind == ATOM_PEAK; i++)
		if (plain[i]->kind.text != NULL)
			return policy_fail(parser, PURE_SYNTAX, plain[i]->kind.place, NULL,
							   "a PEAK is over days of the calendar");

	switch (atom->kind)
	{
		case ATOM_DAYS_SINCE:
			return true;
		case ATOM_PEAK:
			atom->within = POLICY_FOREVER;
			return settle_span(parser, &window->days, 1, &atom->window) &&
				   (window->forever || settle_span(parser, &window->lag, 1, &atom->within));
		default:
			atom->window = POLICY_FOREVER;
			if (window->forever)
				return true;
			if (!settle_span(parser, &window->days, 1, &atom->window) ||
				(window->has_lag && !settle_lag(parser, &window->lag, atom)))
				return false;
			if (window->days.kind.text == NULL)
				return true;
			return settle_day_kind(parser, window->days.kind, &atom->window_kind) &&
				   ++atom->window_kind > 0;
	}
}

expr_type
settle_count(policy_parser *parser, policy_expr *expr)
{
	policy *rule = parser->rule;
	policy_atom atom = {.kind = expr->kind == EXPR_HOUSEHOLDS_WITH ? ATOM_HOUSEHOLDS :
								expr->kind == EXPR_DAYS_SINCE	   ? ATOM_DAYS_SINCE :
								expr->kind == EXPR_PEAK			   ? ATOM_PEAK :
																	 ATOM_COUNT,
						.source = find_source(rule, expr->name)};

	if (atom.source < 0 || rule->sources[atom.source].kind != POLICY_COUNT)
	{
		char hint[120];

		snprintf(hint, sizeof(hint), "Declare it: COUNT %s", expr->name);
		policy_fail(parser, PURE_SYNTAX, expr->place, atom.source < 0 ? hint : "It is not a COUNT.",
					"unknown measure \"%s\"", expr->name);
		return TYPE_BAD;
	}
	if (!settle_window(parser, expr, &atom))
		return TYPE_BAD;
	rule->sources[atom.source].needs_households |= atom.kind == ATOM_HOUSEHOLDS;
	if (!settle_shift_earlier(parser, expr->place, rule->lag, &atom.shift))
		return TYPE_BAD;
	become_atom(rule, expr, atom);
	return atom.kind == ATOM_DAYS_SINCE ? TYPE_AGE : TYPE_NUMBER;
}

expr_type
settle_name(policy_parser *parser, policy_expr *expr)
{
	policy *rule = parser->rule;
	const char *name = expr->name;
	int source = find_source(rule, name);
	char hint[160];

	if (strcmp(name, "never") == 0)
	{
		expr->kind = EXPR_NEVER;
		return TYPE_AGE;
	}
	if (strcmp(name, "population") == 0)
		return settle_reserved(rule, expr, ATOM_POPULATION);
	for (int i = 0; i < rule->parameter_count; i++)
		if (strcmp(rule->parameters[i].name.text, name) == 0)
		{
			if (rule->parameters[i].level != NULL)
			{
				policy_fail(parser, PURE_SYNTAX, expr->place, "It may stand behind FOR and OF.",
							"parameter \"%s\" is the name of a level, not a number", name);
				return TYPE_BAD;
			}
			expr->kind = EXPR_NUMBER;
			expr->number = rule->parameters[i].value;
			expr->parameter = name;
			return TYPE_NUMBER;
		}
	for (int i = 0; i < rule->let_count; i++)
		if (strcmp(rule->lets[i].named.name.text, name) == 0)
		{
			if (!rule->lets[i].settled)
			{
				policy_fail(parser, PURE_SYNTAX, expr->place,
							"A LET may use only what stands above it.",
							"\"%s\" is not yet defined here", name);
				return TYPE_BAD;
			}
			expr->kind = EXPR_LET;
			expr->index = i;
			expr->days = rule->lets[i].expr->days;
			return TYPE_NUMBER;
		}
	if (source >= 0 && rule->sources[source].kind == POLICY_COUNT)
	{
		snprintf(hint, sizeof(hint), "Write %s IN 7 days, or days since %s.", name, name);
		policy_fail(parser, PURE_SYNTAX, expr->place, hint, "measure \"%s\" needs a window", name);
		return TYPE_BAD;
	}
	if (source < 0 || rule->sources[source].is_calendar)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place,
					source >= 0 ? "It is a calendar: DAYS and what counts such days look into it." :
								  "Names are declared by COUNT, NUMBER, YESNO, PARAMETER or LET.",
					"unknown name \"%s\"", name);
		return TYPE_BAD;
	}
	become_atom(
		rule, expr,
		(policy_atom){.kind = rule->sources[source].kind == POLICY_YESNO ? ATOM_FLAG : ATOM_VALUE,
					  .source = source});
	return rule->sources[source].kind == POLICY_YESNO ? TYPE_YESNO : TYPE_NUMBER;
}
