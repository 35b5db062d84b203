/* Settling expressions: see policy_settle.h. Errors are recorded in the parser; the first one
 * stays. */
#include "policy_settle.h"

typedef enum expr_type
{
	TYPE_BAD,
	TYPE_NUMBER,
	TYPE_YESNO,
	TYPE_AGE /* days since something: never is one of them */
} expr_type;

static expr_type settle(policy_parser *parser, policy_expr *expr);

static int
find_source(const policy *rule, const char *name)
{
	for (int i = 0; i < rule->source_count; i++)
		if (strcmp(rule->sources[i].named.name.text, name) == 0)
			return i;
	return -1;
}

static void
settle_atom(policy *rule, policy_expr *expr, atom_kind kind, int source, int32_t window)
{
	policy_atom atom = {kind, source, window};

	expr->kind = EXPR_ATOM;
	expr->days = window;
	if (rule->sources[source].look_back < window)
		rule->sources[source].look_back = window;
	for (expr->index = 0; expr->index < rule->atom_count; expr->index++)
	{
		const policy_atom *known = &rule->atoms[expr->index];

		if (known->kind == kind && known->source == source && known->window == window)
			return;
	}
	rule->atoms = policy_grow(rule->atoms, rule->atom_count, sizeof(policy_atom));
	rule->atoms[rule->atom_count++] = atom;
}

static expr_type
settle_reserved(policy *rule, policy_expr *expr, atom_kind kind, const char *name)
{
	int source = find_source(rule, name);

	if (source < 0)
	{
		policy_source reserved = {
			.named = {{name, expr->place}, {NULL, NULL}}, .kind = POLICY_RESERVED, .keep = -1};

		rule->sources = policy_grow(rule->sources, rule->source_count, sizeof(policy_source));
		source = rule->source_count;
		rule->sources[rule->source_count++] = reserved;
	}
	settle_atom(rule, expr, kind, source, 0);
	return TYPE_NUMBER;
}

static bool
settle_window(policy_parser *parser, policy_expr *expr, int32_t *window)
{
	const policy *rule = parser->rule;
	exact days = expr->window.days;

	if (expr->window.name != NULL)
	{
		int i = 0;

		while (i < rule->parameter_count &&
			   strcmp(rule->parameters[i].name.text, expr->window.name) != 0)
			i++;
		if (i == rule->parameter_count)
			return policy_fail(parser, PURE_SYNTAX, expr->window.place,
							   "A window is a number of days or a PARAMETER: cases IN 7 days.",
							   "unknown parameter \"%s\"", expr->window.name);
		if (!rule->parameters[i].in_days)
			return policy_fail(parser, PURE_SYNTAX, expr->window.place,
							   "Declare it in days: PARAMETER name 7 days.",
							   "parameter \"%s\" is not in days", expr->window.name);
		days = rule->parameters[i].value;
	}
	return build_days(parser, days, expr->window.place, 1, window);
}

static expr_type
settle_count(policy_parser *parser, policy_expr *expr)
{
	policy *rule = parser->rule;
	int source = find_source(rule, expr->name);
	atom_kind kind = expr->kind == EXPR_HOUSEHOLDS_WITH ? ATOM_HOUSEHOLDS :
					 expr->kind == EXPR_DAYS_SINCE		? ATOM_DAYS_SINCE :
														  ATOM_COUNT;
	int32_t window = 0;

	if (source < 0 || rule->sources[source].kind != POLICY_COUNT)
	{
		char hint[120];

		snprintf(hint, sizeof(hint), "Declare it: COUNT %s", expr->name);
		policy_fail(parser, PURE_SYNTAX, expr->place, source < 0 ? hint : "It is not a COUNT.",
					"unknown measure \"%s\"", expr->name);
		return TYPE_BAD;
	}
	if (kind != ATOM_DAYS_SINCE && !settle_window(parser, expr, &window))
		return TYPE_BAD;
	rule->sources[source].needs_households |= kind == ATOM_HOUSEHOLDS;
	settle_atom(rule, expr, kind, source, window);
	return kind == ATOM_DAYS_SINCE ? TYPE_AGE : TYPE_NUMBER;
}

static expr_type
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
		return settle_reserved(rule, expr, ATOM_POPULATION, "population");
	for (int i = 0; i < rule->parameter_count; i++)
		if (strcmp(rule->parameters[i].name.text, name) == 0)
		{
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
	if (source < 0)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place,
					"Names are declared by COUNT, NUMBER, YESNO, PARAMETER or LET.",
					"unknown name \"%s\"", name);
		return TYPE_BAD;
	}
	settle_atom(rule, expr, rule->sources[source].kind == POLICY_YESNO ? ATOM_FLAG : ATOM_VALUE,
				source, 0);
	return rule->sources[source].kind == POLICY_YESNO ? TYPE_YESNO : TYPE_NUMBER;
}

static bool
want(policy_parser *parser, const policy_expr *expr, expr_type type, expr_type wanted)
{
	if (type == TYPE_BAD || type == wanted)
		return type == wanted;
	if (type == TYPE_AGE)
		return policy_fail(parser, PURE_SYNTAX, expr->place, "Write days since cases <= 14.",
						   "days since and never can only be compared");
	if (wanted == TYPE_NUMBER)
		return policy_fail(parser, PURE_SYNTAX, expr->place, NULL,
						   "a number is wanted here, not a condition");
	return policy_fail(parser, PURE_SYNTAX, expr->place, "Compare it: cases IN 7 days >= 3.",
					   "a condition is wanted here, not a number");
}

static bool
fold(policy_parser *parser, policy_expr *expr)
{
	exact value = expr->parts[0]->number;
	bool fits = true;

	for (int i = 0; i < expr->part_count; i++)
		if (expr->parts[i]->kind != EXPR_NUMBER)
			return true;
	switch (expr->kind)
	{
		case EXPR_NEGATE:
			value.num = -value.num;
			break;
		case EXPR_ADD:
			fits = exact_add(value, expr->parts[1]->number, &value);
			break;
		case EXPR_SUBTRACT:
			fits = exact_subtract(value, expr->parts[1]->number, &value);
			break;
		case EXPR_MULTIPLY:
			fits = exact_multiply(value, expr->parts[1]->number, &value);
			break;
		case EXPR_DIVIDE:
			fits = exact_divide(value, expr->parts[1]->number, &value);
			break;
		default:
			return true;
	}
	if (!fits)
		return policy_fail(parser, PURE_OUT_OF_RANGE, expr->place, NULL, "number is too large");
	expr->kind = EXPR_NUMBER;
	expr->number = value;
	expr->part_count = 0;
	return true;
}

static expr_type
settle_arithmetic(policy_parser *parser, policy_expr *expr)
{
	for (int i = 0; i < expr->part_count; i++)
	{
		int days;

		if (!want(parser, expr->parts[i], settle(parser, expr->parts[i]), TYPE_NUMBER))
			return TYPE_BAD;
		days = expr->parts[i]->days;
		if (expr->days == 0)
			expr->days = days;
		else if (days != 0 && days != expr->days)
			expr->days = -1;
	}
	if (expr->kind == EXPR_DIVIDE && expr->parts[1]->kind == EXPR_NUMBER &&
		expr->parts[1]->number.num == 0)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place, NULL, "division by zero");
		return TYPE_BAD;
	}
	return fold(parser, expr) ? TYPE_NUMBER : TYPE_BAD;
}

static expr_type
settle_per_time(policy_parser *parser, policy_expr *expr)
{
	policy_expr *what = expr->parts[0];

	if (!want(parser, what, settle(parser, what), TYPE_NUMBER))
		return TYPE_BAD;
	if (what->days <= 0)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place, "Write cases IN 14 days PER week.",
					what->days == 0 ? "PER day and PER week need a window" :
									  "PER day and PER week need one window, not several");
		return TYPE_BAD;
	}
	if (!exact_divide(expr->number, exact_of(what->days), &expr->number))
		return TYPE_BAD;
	return TYPE_NUMBER;
}

static expr_type
settle_per_population(policy_parser *parser, policy_expr *expr)
{
	policy_expr people = {.place = expr->place};

	if (!want(parser, expr->parts[0], settle(parser, expr->parts[0]), TYPE_NUMBER))
		return TYPE_BAD;
	settle_reserved(parser->rule, &people, ATOM_POPULATION, "population");
	expr->index = people.index;
	expr->days = expr->parts[0]->days;
	return TYPE_NUMBER;
}

/* How far back a comparison of "days since" looks: as far as its bound, or for ever. */
static void
note_look_back(policy *rule, const policy_expr *age, const policy_expr *other)
{
	int32_t *look_back;
	exact limit = other->number;

	if (age->kind != EXPR_ATOM || rule->atoms[age->index].kind != ATOM_DAYS_SINCE)
		return;
	look_back = &rule->sources[rule->atoms[age->index].source].look_back;
	if (other->kind != EXPR_NUMBER || exact_compare(limit, exact_of(POLICY_MAX_DAYS)) > 0)
		*look_back = INT32_MAX;
	else if (limit.num >= 0 && *look_back <= (int32_t) (limit.num / limit.den))
		*look_back = (int32_t) (limit.num / limit.den) + 1;
	else if (*look_back == 0)
		*look_back = 1;
}

static expr_type
settle_comparison(policy_parser *parser, policy_expr *expr)
{
	policy *rule = parser->rule;
	bool ages = false;

	for (int i = 0; i < expr->part_count; i++)
	{
		policy_expr *part = expr->parts[i];
		expr_type type = settle(parser, part);

		if (type == TYPE_BAD)
			return TYPE_BAD;
		if (type == TYPE_YESNO)
		{
			policy_fail(parser, PURE_SYNTAX, part->place, "Write the name alone, or NOT before it.",
						"a yes or no cannot be compared");
			return TYPE_BAD;
		}
		ages |= type == TYPE_AGE;
	}
	for (int i = 0; ages && i < expr->part_count; i++)
	{
		policy_expr *part = expr->parts[i];
		bool is_age = part->kind == EXPR_NEVER ||
					  (part->kind == EXPR_ATOM && rule->atoms[part->index].kind == ATOM_DAYS_SINCE);

		if (!is_age && part->kind != EXPR_NUMBER)
		{
			policy_fail(parser, PURE_SYNTAX, part->place, NULL,
						"days since and never compare only with each other and with numbers");
			return TYPE_BAD;
		}
		if (i > 0)
		{
			note_look_back(rule, part, expr->parts[i - 1]);
			note_look_back(rule, expr->parts[i - 1], part);
		}
	}
	return TYPE_YESNO;
}

static expr_type
settle_logic(policy_parser *parser, policy_expr *expr)
{
	for (int i = 0; i < expr->part_count; i++)
		if (!want(parser, expr->parts[i], settle(parser, expr->parts[i]), TYPE_YESNO))
			return TYPE_BAD;
	return TYPE_YESNO;
}

static expr_type
settle(policy_parser *parser, policy_expr *expr)
{
	switch (expr->kind)
	{
		case EXPR_NUMBER:
			return TYPE_NUMBER;
		case EXPR_NAME:
			return settle_name(parser, expr);
		case EXPR_COUNT:
		case EXPR_HOUSEHOLDS_WITH:
		case EXPR_DAYS_SINCE:
			return settle_count(parser, expr);
		case EXPR_HOUSEHOLDS:
			return settle_reserved(parser->rule, expr, ATOM_ALL_HOUSEHOLDS, "households");
		case EXPR_PER_TIME:
			return settle_per_time(parser, expr);
		case EXPR_PER_POPULATION:
			return settle_per_population(parser, expr);
		case EXPR_COMPARE:
			return settle_comparison(parser, expr);
		case EXPR_AND:
		case EXPR_OR:
		case EXPR_NOT:
			return settle_logic(parser, expr);
		default:
			return settle_arithmetic(parser, expr);
	}
}

bool
settle_condition(policy_parser *parser, policy_expr *expr)
{
	return want(parser, expr, settle(parser, expr), TYPE_YESNO);
}

bool
settle_number(policy_parser *parser, policy_expr *expr)
{
	return want(parser, expr, settle(parser, expr), TYPE_NUMBER);
}

bool
settle_lets(policy_parser *parser)
{
	policy *rule = parser->rule;

	for (int i = 0; i < rule->let_count; i++)
	{
		if (!settle_number(parser, rule->lets[i].expr))
			return false;
		rule->lets[i].settled = true;
	}
	return true;
}

bool
expr_equal(const policy_expr *a, const policy_expr *b)
{
	if (a->kind != b->kind || a->part_count != b->part_count || a->index != b->index ||
		exact_compare(a->number, b->number) != 0)
		return false;
	for (int i = 0; i < a->part_count; i++)
		if (!expr_equal(a->parts[i], b->parts[i]) ||
			(i > 0 && a->kind == EXPR_COMPARE && a->ops[i - 1] != b->ops[i - 1]))
			return false;
	return true;
}

static bool
op_holds(compare_op op, int order)
{
	switch (op)
	{
		case OP_LESS:
			return order < 0;
		case OP_LESS_EQUAL:
			return order <= 0;
		case OP_EQUAL:
			return order == 0;
		case OP_NOT_EQUAL:
			return order != 0;
		case OP_GREATER_EQUAL:
			return order >= 0;
		default:
			return order > 0;
	}
}

bool
constant_condition(policy_parser *parser, const policy_expr *expr, bool *holds)
{
	bool part_holds;

	*holds = expr->kind != EXPR_OR;
	for (int i = 0; i < expr->part_count; i++)
		switch (expr->kind)
		{
			case EXPR_COMPARE:
				if (expr->parts[i]->kind != EXPR_NUMBER)
					return policy_fail(parser, PURE_SYNTAX, expr->parts[i]->place, NULL,
									   "REQUIRE is about parameters and numbers only");
				if (i > 0 && !op_holds(expr->ops[i - 1], exact_compare(expr->parts[i - 1]->number,
																	   expr->parts[i]->number)))
					*holds = false;
				break;
			default:
				if (!constant_condition(parser, expr->parts[i], &part_holds))
					return false;
				if (expr->kind == EXPR_NOT)
					*holds = !part_holds;
				else if (part_holds == (expr->kind == EXPR_OR))
					*holds = part_holds;
		}
	if (expr->part_count == 0)
		return policy_fail(parser, PURE_SYNTAX, expr->place, NULL,
						   "REQUIRE is about parameters and numbers only");
	return true;
}
