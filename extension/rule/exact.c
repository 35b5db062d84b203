/* Exact fractions over 128-bit integers. */
#include "exact.h"

#include <limits.h>

typedef unsigned __int128 magnitude;

#define MAGNITUDE_MAX (((magnitude) 1 << 127) - 1)

static magnitude
magnitude_of(__int128 value)
{
	return value < 0 ? -(magnitude) value : (magnitude) value;
}

static magnitude
common_divisor(magnitude a, magnitude b)
{
	while (b != 0)
	{
		magnitude rest;

		/* Hardware division where both fit: most fractions are small. */
		if (a <= UINT64_MAX && b <= UINT64_MAX)
			rest = (uint64_t) a % (uint64_t) b;
		else
			rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* clang has no overflow check for 128-bit products outside its own runtime library, so this is by
 * hand. */
static bool
multiply(magnitude a, magnitude b, magnitude *result)
{
	if (a != 0 && b > MAGNITUDE_MAX / a)
		return false;
	*result = a * b;
	return true;
}

static bool
make(bool negative, magnitude num, magnitude den, exact *result)
{
	magnitude divisor = common_divisor(num, den);

	num /= divisor;
	den /= divisor;
	if (num > MAGNITUDE_MAX || den > MAGNITUDE_MAX)
		return false;
	result->num = negative ? -(__int128) num : (__int128) num;
	result->den = (__int128) den;
	return true;
}

exact
exact_of(int64_t value)
{
	exact result = {value, 1};

	return result;
}

bool
exact_parse(const char *text, size_t length, exact *result)
{
	magnitude num = 0;
	magnitude den = 1;
	bool negative = length > 0 && text[0] == '-';
	bool point = false;
	bool digit_last = false;

	for (size_t i = negative; i < length; i++)
	{
		if (text[i] == '.' && !point && digit_last)
		{
			point = true;
			digit_last = false;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return false;
		digit_last = true;
		if (!multiply(num, 10, &num) || num > MAGNITUDE_MAX - 9)
			return false;
		num += (magnitude) (text[i] - '0');
		if (point && !multiply(den, 10, &den))
			return false;
	}
	return digit_last && make(negative, num, den, result);
}

/* Floor of num / den, and what is left of num above it. */
static __int128
split_floor(__int128 num, __int128 den, __int128 *rest)
{
	__int128 whole = num / den;

	*rest = num % den;
	if (*rest < 0)
	{
		*rest += den;
		whole--;
	}
	return whole;
}

int
exact_compare(exact a, exact b)
{
	int sign = 1;

	if (a.den == 1 && b.den == 1)
		return (a.num > b.num) - (a.num < b.num);
	if (magnitude_of(a.num) <= INT64_MAX && magnitude_of(b.num) <= INT64_MAX &&
		a.den <= INT64_MAX && b.den <= INT64_MAX)
	{
		__int128 left = a.num * b.den;
		__int128 right = b.num * a.den;

		return (left > right) - (left < right);
	}

	/* Term by term as continued fractions: nothing is multiplied, so nothing overflows. */
	for (;;)
	{
		__int128 rest_a;
		__int128 rest_b;
		__int128 whole_a = split_floor(a.num, a.den, &rest_a);
		__int128 whole_b = split_floor(b.num, b.den, &rest_b);

		if (whole_a != whole_b)
			return whole_a > whole_b ? sign : -sign;
		if (rest_a == 0 || rest_b == 0)
			return sign * ((rest_a != 0) - (rest_b != 0));
		a.num = a.den;
		a.den = rest_a;
		b.num = b.den;
		b.den = rest_b;
		sign = -sign;
	}
}

bool
exact_add(exact a, exact b, exact *result)
{
	magnitude shared = common_divisor((magnitude) a.den, (magnitude) b.den);
	magnitude scale_a = (magnitude) b.den / shared;
	magnitude scale_b = (magnitude) a.den / shared;
	magnitude left;
	magnitude right;
	magnitude den;

	if (!multiply(magnitude_of(a.num), scale_a, &left) ||
		!multiply(magnitude_of(b.num), scale_b, &right) ||
		!multiply((magnitude) a.den, scale_a, &den))
		return false;
	if ((a.num < 0) == (b.num < 0))
		return make(a.num < 0, left + right, den, result);
	if (left >= right)
		return make(a.num < 0, left - right, den, result);
	return make(b.num < 0, right - left, den, result);
}

bool
exact_subtract(exact a, exact b, exact *result)
{
	b.num = -b.num;
	return exact_add(a, b, result);
}

bool
exact_multiply(exact a, exact b, exact *result)
{
	magnitude num_a = magnitude_of(a.num);
	magnitude num_b = magnitude_of(b.num);
	magnitude cross_a = common_divisor(num_a, (magnitude) b.den);
	magnitude cross_b = common_divisor(num_b, (magnitude) a.den);
	magnitude num;
	magnitude den;

	if (!multiply(num_a / cross_a, num_b / cross_b, &num) ||
		!multiply((magnitude) a.den / cross_b, (magnitude) b.den / cross_a, &den))
		return false;
	return make((a.num < 0) != (b.num < 0), num, den, result);
}

bool
exact_divide(exact a, exact b, exact *result)
{
	exact inverse;

	if (b.num == 0)
		return false;
	inverse.num = b.num < 0 ? -b.den : b.den;
	inverse.den = (__int128) magnitude_of(b.num);
	return exact_multiply(a, inverse, result);
}

void
exact_print(exact value, int digits, char *buffer, size_t size)
{
	char reversed[48];
	char decimals[40];
	char text[96];
	magnitude num = magnitude_of(value.num);
	magnitude den = (magnitude) value.den;
	magnitude whole = den == 1 ? num : num / den;
	magnitude rest = den == 1 ? 0 : num % den;
	size_t length = 0;
	int whole_digits = 0;

	if (den == 1)
		digits = 0;
	if (digits > (int) sizeof(decimals))
		digits = (int) sizeof(decimals);

	/* So large a denominator never ends within `digits` places: dropping bits costs nothing that
	 * shows. */
	while (den > MAGNITUDE_MAX >> 4)
	{
		den >>= 1;
		rest >>= 1;
	}
	if (rest >= den)
		rest = den - 1;
	for (int i = 0; i < digits; i++)
	{
		rest *= 10;
		decimals[i] = (char) ('0' + (int) (rest / den));
		rest %= den;
	}
	if (rest * 2 >= den)
	{
		int i = digits - 1;

		while (i >= 0 && decimals[i] == '9')
			decimals[i--] = '0';
		if (i >= 0)
			decimals[i]++;
		else
			whole++;
	}
	while (digits > 0 && decimals[digits - 1] == '0')
		digits--;

	do
	{
		bool small = whole <= UINT64_MAX;

		reversed[whole_digits++] =
			(char) ('0' + (int) (small ? (uint64_t) whole % 10 : whole % 10));
		whole = small ? (uint64_t) whole / 10 : whole / 10;
	} while (whole > 0);
	if (value.num < 0 && (digits > 0 || whole_digits > 1 || reversed[0] != '0'))
		text[length++] = '-';
	while (whole_digits > 0)
		text[length++] = reversed[--whole_digits];
	if (digits > 0)
	{
		text[length++] = '.';
		memcpy(text + length, decimals, (size_t) digits);
		length += (size_t) digits;
	}
	text[length] = '\0';
	snprintf(buffer, size, "%s", text);
}
