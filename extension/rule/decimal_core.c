#include "decimal_core.h"

#define DECIMAL_LIMIT ((exact_int) INT64_C(1000000000000000000) * INT64_C(1000000000000000000))

bool
decimal_valid(decimal value)
{
	if (value.mantissa <= -DECIMAL_LIMIT || value.mantissa >= DECIMAL_LIMIT)
		return false;
	if (value.scale < 0 || value.scale > DECIMAL_DIGITS)
		return false;
	return value.scale == 0 || value.mantissa % 10 != 0;
}

static bool
too_many_digits(const char *text, size_t length, pure_error *error)
{
	*error = (pure_error){.code = PURE_OUT_OF_RANGE};
	snprintf(error->message, sizeof(error->message), "number has more than %d digits",
			 DECIMAL_DIGITS);
	snprintf(error->detail, sizeof(error->detail), "The number is %.*s%s.",
			 (int) (length < 60 ? length : 60), text, length > 60 ? "..." : "");
	snprintf(error->hint, sizeof(error->hint), "Round it to at most %d digits.", DECIMAL_DIGITS);
	return false;
}

bool
decimal_parse(const char *text, size_t length, decimal *result, pure_error *error)
{
	const char *at = text, *end = text + length;
	bool negative = false, digits = false, point = false;
	exact_int mantissa = 0;
	int32_t scale = 0, zeros = 0; /* zeros are held back: they count only once a digit follows */

	if (at < end && (*at == '-' || *at == '+'))
		negative = *at++ == '-';
	for (; at < end; at++)
	{
		if (*at == '.' && !point)
		{
			point = true;
			continue;
		}
		if (*at < '0' || *at > '9')
			break;
		digits = true;
		if (point && *at == '0')
		{
			zeros += zeros < DECIMAL_DIGITS;
			continue;
		}
		for (int32_t i = 0; i <= zeros; i++)
		{
			if (mantissa >= DECIMAL_LIMIT / 10)
				return too_many_digits(text, length, error);
			mantissa = mantissa * 10 + (i == zeros ? *at - '0' : 0);
		}
		scale += point ? zeros + 1 : 0;
		zeros = 0;
		if (scale > DECIMAL_DIGITS)
			return too_many_digits(text, length, error);
	}
	if (at < end || !digits)
	{
		*error = (pure_error){.code = PURE_INVALID_PARAMETER};
		snprintf(error->message, sizeof(error->message), "\"%.*s\" is not a finite decimal number",
				 (int) (length < 60 ? length : 60), text);
		return false;
	}
	*result = (decimal){negative ? -mantissa : mantissa, scale};
	return true;
}

void
decimal_print(decimal value, char buffer[DECIMAL_TEXT])
{
	char digits[DECIMAL_DIGITS + 2];
	exact_int rest = value.mantissa < 0 ? -value.mantissa : value.mantissa;
	int count = 0;

	while (rest > 0 || count <= value.scale)
	{
		digits[count++] = (char) ('0' + (int) (rest % 10));
		rest /= 10;
	}
	if (value.mantissa < 0)
		*buffer++ = '-';
	while (count > 0)
	{
		*buffer++ = digits[--count];
		if (count == value.scale && count > 0)
			*buffer++ = '.';
	}
	*buffer = '\0';
}

exact
decimal_to_exact(decimal value)
{
	exact_int num = value.mantissa, den = 1;
	int twos = value.scale, fives = value.scale;

	/* 10^scale has no prime factor but 2 and 5. */
	for (; twos > 0 && num % 2 == 0; twos--)
		num /= 2;
	for (; fives > 0 && num % 5 == 0; fives--)
		num /= 5;
	for (; twos > 0; twos--)
		den *= 2;
	for (; fives > 0; fives--)
		den *= 5;
	return (exact){num, den};
}
