/* Arithmetic and comparison of numbers known only within bounds. */
#include "policy_range.h"

static range_bound
bound_of(exact value)
{
	range_bound bound = {0, false, value};

	return bound;
}

static range_bound
infinity_of(int sign)
{
	range_bound bound = {sign, false, exact_of(0)};

	return bound;
}

static int
bound_compare(const range_bound *a, const range_bound *b)
{
	if (a->infinite != 0 || b->infinite != 0)
		return (a->infinite > b->infinite) - (a->infinite < b->infinite);
	return exact_compare(a->value, b->value);
}

static range
between(range_bound low, range_bound high, int why)
{
	range result = {low, high, RANGE_PRESENT, why};

	return result;
}

range
range_of(exact value)
{
	return between(bound_of(value), bound_of(value), -1);
}

range
range_never(void)
{
	return between(infinity_of(1), infinity_of(1), -1);
}

range
range_between(int64_t low, int64_t high, int why)
{
	return between(bound_of(exact_of(low)), bound_of(exact_of(high)), why);
}

range
range_from(int64_t low, int why)
{
	return between(bound_of(exact_of(low)), infinity_of(1), why);
}

range
range_unknown(int why)
{
	return between(infinity_of(-1), infinity_of(1), why);
}

range
range_absent(int why)
{
	range result = range_unknown(why);

	result.absence = RANGE_ABSENT;
	return result;
}

bool
range_is_point(const range *value)
{
	return value->absence == RANGE_PRESENT && bound_compare(&value->low, &value->high) == 0;
}

/* What two operands leave to their result besides its bounds. */
static range
combine(const range *a, const range *b)
{
	range result = range_unknown(a->why >= 0 ? a->why : b->why);

	result.absence = a->absence > b->absence ? a->absence : b->absence;
	return result;
}

bool
range_negate(range a, range *result)
{
	*result = a;
	result->low = a.high;
	result->high = a.low;
	result->low.infinite = -result->low.infinite;
	result->high.infinite = -result->high.infinite;
	result->low.value.num = -result->low.value.num;
	result->high.value.num = -result->high.value.num;
	return true;
}

static bool
bound_add(range_bound a, range_bound b, range_bound *result)
{
	if (a.infinite != 0 || b.infinite != 0)
	{
		*result = infinity_of(a.infinite != 0 ? a.infinite : b.infinite);
		return true;
	}
	*result = bound_of(exact_of(0));
	return exact_add(a.value, b.value, &result->value);
}

bool
range_add(range a, range b, range *result)
{
	*result = combine(&a, &b);
	return bound_add(a.low, b.low, &result->low) && bound_add(a.high, b.high, &result->high);
}

static int
bound_sign(const range_bound *bound)
{
	if (bound->infinite != 0)
		return bound->infinite;
	return (bound->value.num > 0) - (bound->value.num < 0);
}

/* Zero times infinity is zero: infinity is only a bound, no number ever reaches it. */
static bool
bound_multiply(range_bound a, range_bound b, range_bound *result)
{
	*result = bound_of(exact_of(0));
	if (a.infinite == 0 && b.infinite == 0)
		return exact_multiply(a.value, b.value, &result->value);
	result->infinite = bound_sign(&a) * bound_sign(&b);
	return true;
}

bool
range_multiply(range a, range b, range *result)
{
	range_bound corners[4];

	*result = combine(&a, &b);
	if (!bound_multiply(a.low, b.low, &corners[0]) || !bound_multiply(a.low, b.high, &corners[1]) ||
		!bound_multiply(a.high, b.low, &corners[2]) || !bound_multiply(a.high, b.high, &corners[3]))
		return false;
	result->low = result->high = corners[0];
	for (int i = 1; i < 4; i++)
	{
		if (bound_compare(&corners[i], &result->low) < 0)
			result->low = corners[i];
		if (bound_compare(&corners[i], &result->high) > 0)
			result->high = corners[i];
	}
	return true;
}

static bool
bound_invert(range_bound bound, int side, range_bound *result)
{
	*result = bound_of(exact_of(0));
	if (bound.infinite != 0)
		return true;
	if (bound.value.num == 0)
	{
		result->infinite = side;
		return true;
	}
	return exact_divide(exact_of(1), bound.value, &result->value);
}

bool
range_divide(range a, range b, range *result)
{
	int low = bound_sign(&b.low);
	int high = bound_sign(&b.high);
	range inverse = b;

	if (low == 0 && high == 0)
	{
		*result = combine(&a, &b);
		result->absence = RANGE_ABSENT;
		return true;
	}
	if (low < 0 && high > 0)
	{
		inverse.low = infinity_of(-1);
		inverse.high = infinity_of(1);
	}
	else if (!bound_invert(b.high, -1, &inverse.low) || !bound_invert(b.low, 1, &inverse.high))
		return false;
	if (low <= 0 && high >= 0 && inverse.absence == RANGE_PRESENT)
		inverse.absence = RANGE_MAYBE_ABSENT;
	return range_multiply(a, inverse, result);
}

range
range_hull(range a, range b)
{
	int low = bound_compare(&b.low, &a.low);
	int high = bound_compare(&b.high, &a.high);

	if (low < 0 || (low == 0 && !b.low.open))
		a.low = b.low;
	if (high > 0 || (high == 0 && !b.high.open))
		a.high = b.high;
	return a;
}

bool
range_intersect(range a, range limit, range *result)
{
	int low = bound_compare(&limit.low, &a.low);
	int high = bound_compare(&limit.high, &a.high);
	int left;

	if (low > 0 || (low == 0 && limit.low.open))
		a.low = limit.low;
	if (high < 0 || (high == 0 && limit.high.open))
		a.high = limit.high;
	*result = a;
	left = bound_compare(&a.low, &a.high);
	return left < 0 || (left == 0 && !a.low.open && !a.high.open);
}

static int
known_less(const range *a, const range *b)
{
	int near = bound_compare(&a->high, &b->low);
	int far = bound_compare(&a->low, &b->high);

	if (near < 0 || (near == 0 && (a->high.open || b->low.open)))
		return 1;
	return far >= 0 ? 0 : -1;
}

static int
known_equal(const range *a, const range *b)
{
	if (range_is_point(a) && range_is_point(b) && bound_compare(&a->low, &b->low) == 0)
		return 1;
	return known_less(a, b) == 1 || known_less(b, a) == 1 ? 0 : -1;
}

static int
negated(int truth)
{
	return truth < 0 ? -1 : !truth;
}

int
range_compare(const range *a, compare_op op, const range *b)
{
	if (a->absence != RANGE_PRESENT || b->absence != RANGE_PRESENT)
		return -1;
	switch (op)
	{
		case OP_LESS:
			return known_less(a, b);
		case OP_LESS_EQUAL:
			return negated(known_less(b, a));
		case OP_EQUAL:
			return known_equal(a, b);
		case OP_NOT_EQUAL:
			return negated(known_equal(a, b));
		case OP_GREATER_EQUAL:
			return negated(known_less(a, b));
		default:
			return known_less(b, a);
	}
}

void
range_band(const range *value, const policy_metric *metric, int *lowest, int *highest)
{
	*lowest = 0;
	*highest = 0;
	for (int i = 0; i < metric->cut_count; i++)
	{
		range cut = range_of(metric->cuts[i].value);
		int above = range_compare(
			value, metric->cuts[i].equal_is_below ? OP_GREATER : OP_GREATER_EQUAL, &cut);

		if (above == 1)
			*lowest = i + 1;
		if (above != 0)
			*highest = i + 1;
	}
}
