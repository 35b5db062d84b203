#include "orient_core.h"

/*
 * Coordinates become integers in the unit of the lowest bit that any of them has set. The widest
 * case, from the smallest subnormal to the largest double and a bit for the difference, is 2099
 * bits.
 */
#define LIMBS 67

typedef struct number
{
	int sign;
	uint64_t mantissa; /* odd, or 0 */
	int exponent;
} number;

static number
number_of(double value)
{
	number result = {0, 0, 0};
	int exponent;

	if (value == 0)
		return result;
	result.sign = value < 0 ? -1 : 1;
	result.mantissa = (uint64_t) ldexp(frexp(fabs(value), &exponent), 53);
	result.exponent = exponent - 53;
	while ((result.mantissa & 1) == 0)
	{
		result.mantissa >>= 1;
		result.exponent++;
	}
	return result;
}

static void
spread(const number *source, int unit, uint32_t *limbs, int count)
{
	int shift = source->exponent - unit;
	int first = shift / 32;

	memset(limbs, 0, sizeof(uint32_t) * count);
	if (source->sign == 0)
		return;

	uint64_t low = source->mantissa << (shift % 32);
	uint64_t high = (source->mantissa >> 32) >> (32 - shift % 32);

	limbs[first] = (uint32_t) low;
	if (first + 1 < count)
		limbs[first + 1] = (uint32_t) (low >> 32);
	if (first + 2 < count)
		limbs[first + 2] = (uint32_t) high;
}

static int
compare(const uint32_t *a, const uint32_t *b, int count)
{
	for (int i = count - 1; i >= 0; i--)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* |a - b| into `limbs`; returns the sign of a - b. */
static int
difference(const number *a, const number *b, int unit, uint32_t *limbs, int count)
{
	uint32_t other[LIMBS];
	int sign;

	spread(a, unit, limbs, count);
	spread(b, unit, other, count);

	if (a->sign * b->sign < 0)
	{
		uint64_t carry = 0;

		for (int i = 0; i < count; i++)
		{
			carry += (uint64_t) limbs[i] + other[i];
			limbs[i] = (uint32_t) carry;
			carry >>= 32;
		}
		return a->sign;
	}

	sign = compare(limbs, other, count);

	const uint32_t *more = sign < 0 ? other : limbs;
	const uint32_t *less = sign < 0 ? limbs : other;
	int64_t borrow = 0;

	for (int i = 0; i < count; i++)
	{
		borrow += (int64_t) more[i] - less[i];
		limbs[i] = (uint32_t) borrow;
		borrow >>= 32;
	}
	return sign * (a->sign != 0 ? a->sign : b->sign);
}

static void
multiply(const uint32_t *a, const uint32_t *b, int count, uint32_t *product)
{
	memset(product, 0, sizeof(uint32_t) * 2 * count);
	for (int i = 0; i < count; i++)
	{
		uint64_t carry = 0;

		for (int j = 0; j < count; j++)
		{
			carry += (uint64_t) a[i] * b[j] + product[i + j];
			product[i + j] = (uint32_t) carry;
			carry >>= 32;
		}
		product[i + count] = (uint32_t) carry;
	}
}

int
orient_exact(double ax, double ay, double bx, double by, double px, double py)
{
	number numbers[6] = {number_of(ax), number_of(ay), number_of(bx),
						 number_of(by), number_of(px), number_of(py)};
	int unit = 1024;
	int top = -1075;

	for (int i = 0; i < 6; i++)
	{
		const number *n = &numbers[i];
		int bits = 0;

		if (n->sign == 0)
			continue;
		while (bits < 64 && n->mantissa >> bits != 0)
			bits++;
		unit = n->exponent < unit ? n->exponent : unit;
		top = n->exponent + bits > top ? n->exponent + bits : top;
	}
	if (top < unit)
		return 0; /* all of them are zero */

	int count = (top - unit + 1 + 31) / 32; /* one bit for the difference */
	uint32_t a[LIMBS], b[LIMBS], left[2 * LIMBS], right[2 * LIMBS];
	int left_sign, right_sign;

	left_sign = difference(&numbers[0], &numbers[4], unit, a, count);
	left_sign *= difference(&numbers[3], &numbers[5], unit, b, count);
	multiply(a, b, count, left);

	right_sign = difference(&numbers[1], &numbers[5], unit, a, count);
	right_sign *= difference(&numbers[2], &numbers[4], unit, b, count);
	multiply(a, b, count, right);

	if (left_sign != right_sign)
		return left_sign < right_sign ? -1 : 1;
	return left_sign == 0 ? 0 : left_sign * compare(left, right, 2 * count);
}

static bool
same_point(const double *a, const double *b)
{
	return a[0] == b[0] && a[1] == b[1];
}

int
orient_ring(const double *xy, size_t points)
{
	size_t corners = points > 0 ? points - 1 : 0;
	size_t lowest = 0;

	if (corners < 3)
		return 0;
	for (size_t i = 1; i < corners; i++)
	{
		const double *here = xy + 2 * i;
		const double *best = xy + 2 * lowest;

		if (here[0] < best[0] || (here[0] == best[0] && here[1] < best[1]))
			lowest = i;
	}

	/* The ring turns at its extreme corner as it turns as a whole; repeated points are passed over.
	 */
	const double *corner = xy + 2 * lowest;
	size_t before = lowest;
	size_t after = lowest;

	for (size_t steps = 0; steps < corners && same_point(xy + 2 * before, corner); steps++)
		before = (before + corners - 1) % corners;
	for (size_t steps = 0; steps < corners && same_point(xy + 2 * after, corner); steps++)
		after = (after + 1) % corners;

	return orient(xy[2 * before], xy[2 * before + 1], corner[0], corner[1], xy[2 * after],
				  xy[2 * after + 1]);
}
