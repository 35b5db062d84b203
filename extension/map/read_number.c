/* Numbers as a source writes them, without errors: what is none is NULL. */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "../georisk.h"

/* More than any coordinate or count has. */
#define NUMBER_SIZE 64

static const char *
skip_digits(const char *at)
{
	while (*at >= '0' && *at <= '9')
		at++;
	return at;
}

/* [+-]digits[.digits][e[+-]digits] */
static bool
is_number(const char *at)
{
	const char *digits;

	if (*at == '+' || *at == '-')
		at++;
	digits = at;
	at = skip_digits(at);
	if (at == digits)
		return false;
	if (*at == '.')
		at = skip_digits(at + 1);
	if (*at == 'e' || *at == 'E')
	{
		at++;
		if (*at == '+' || *at == '-')
			at++;
		digits = at;
		at = skip_digits(at);
		if (at == digits)
			return false;
	}
	return *at == '\0';
}

PG_FUNCTION_INFO_V1(georisk_read_number);

Datum
georisk_read_number(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	bool decimal_comma = PG_GETARG_BOOL(1);
	size_t length = VARSIZE_ANY_EXHDR(value);
	char number[NUMBER_SIZE];
	double result;

	if (length >= NUMBER_SIZE || memchr(VARDATA_ANY(value), '\0', length) != NULL)
		PG_RETURN_NULL();
	memcpy(number, VARDATA_ANY(value), length);
	number[length] = '\0';
	for (char *at = number; decimal_comma && *at != '\0'; at++)
		if (*at == ',')
			*at = '.';
	if (!is_number(number))
		PG_RETURN_NULL();
	result = strtod(number, NULL);
	if (!isfinite(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result);
}
