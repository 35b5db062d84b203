/*
 * Consecutive days. What must hold on several days is written out once for each of them, with every
 * number read that many days earlier: so what is missing on one of them is a missing number like
 * any other.
 */
#include "policy_settle.h"

/* So many days earlier, or to the so many-th last of a kind. */
typedef struct running_day
{
	int kind; /* -1: days of the calendar */
	int64_t days;
} running_day;

static policy_expr *shifted(policy_parser *parser, const policy_expr *expr, running_day day);

static bool
fits_days(policy_parser *parser, int place, int64_t days)
{
	return days <= POLICY_MAX_DAYS ||
		   policy_fail(parser, PURE_LIMIT, place, NULL, "policy looks back more than %d days",
					   POLICY_MAX_DAYS);
}

static bool
shift(policy_parser *parser, int place, running_day day, policy_shift *moved)
{
	return day.kind < 0 ? settle_shift_earlier(parser, place, day.days, moved) :
						  settle_shift_counted(parser, place, day.days, day.kind, moved);
}

static int
shifted_atom(policy_parser *parser, const policy_expr *expr, running_day day)
{
	policy *rule = parser->rule;
	policy_atom atom = rule->atoms[expr->index];

	if (atom.kind == ATOM_POPULATION || atom.kind == ATOM_ALL_HOUSEHOLDS)
		return expr->index;
	if (rule->sources[atom.source].kind == POLICY_RELATION)
	{
		policy_fail(parser, PURE_SYNTAX, expr->place,
					"Ask for it beside what holds on several days: TOUCHES red AND (...) ON 3 days "
					"RUNNING.",
					"TOUCHES, SHARE and NUMBER are of the day judged alone");
		return -1;
	}
	return shift(parser, expr->place, day, &atom.shift) ? settle_atom(rule, &atom) : -1;
}

static int
shifted_let(policy_parser *parser, const policy_expr *expr, running_day day)
{
	policy *rule = parser->rule;
	policy_let let = rule->lets[expr->index];

	if (!shift(parser, expr->place, day, &let.shift))
		return -1;
	for (int i = 0; i < rule->let_count; i++)
		if (rule->lets[i].original == let.original &&
			policy_shift_equal(&rule->lets[i].shift, &let.shift))
			return i;
	let.expr = shifted(parser, let.expr, day);
	if (let.unless != NULL)
		let.unless = shifted(parser, let.unless, day);
	if (parser->failed)
		return -1;
	PUSH(rule->lets, rule->let_count, let);
	PUSH(rule->let_order, rule->order_count, rule->let_count - 1);
	return rule->let_count - 1;
}

static policy_expr *
shifted(policy_parser *parser, const policy_expr *expr, running_day day)
{
	policy_expr *copy = pure_alloc(sizeof(policy_expr));

	pure_check_interrupts();
	memcpy(copy, expr, sizeof(*copy));
	if (parser->rule->copies++ >= POLICY_MAX_COPIES)
	{
		policy_fail(parser, PURE_LIMIT, expr->place,
					"Let fewer days run, or shorten what is to hold on each of them.",
					"policy is too large");
		return copy;
	}
	if (expr->kind == EXPR_ATOM)
		copy->index = shifted_atom(parser, expr, day);
	else if (expr->kind == EXPR_LET)
		copy->index = shifted_let(parser, expr, day);
	if (expr->part_count > 0)
		copy->parts = pure_alloc((size_t) expr->part_count * sizeof(policy_expr *));
	for (int i = 0; i < expr->part_count && !parser->failed; i++)
		copy->parts[i] = shifted(parser, expr->parts[i], day);
	if (copy->kind == EXPR_COMPARE && !parser->failed)
		settle_note_ages(parser->rule, copy);
	return copy;
}

bool
settle_running(policy_parser *parser, policy_expr *expr)
{
	int64_t count = (int64_t) expr->number.num;
	policy_expr *condition = expr->parts[0];
	running_day day = {.kind = -1};

	if (expr->day_kind.text != NULL && !settle_day_kind(parser, expr->day_kind, &day.kind))
		return false;
	if (!fits_days(parser, expr->place,
				   day.kind < 0 ? (count - 1) * expr->index :
								  settle_days_of(parser->rule, day.kind, count)))
		return false;
	if (day.kind >= 0)
	{
		day.days = 1; /* the day judged need not be of the kind */
		expr->parts[0] = shifted(parser, condition, day);
	}
	for (int64_t i = 1; i < count && !parser->failed; i++)
	{
		day.days = day.kind < 0 ? i * expr->index : i + 1;
		if (!policy_expr_add(parser, expr, shifted(parser, condition, day)))
			return false;
	}
	return !parser->failed;
}
