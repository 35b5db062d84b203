/*
 * Decimal numbers as zone values are written: exact, up to 36 digits,
 * which is more than a quotient of two numerics has.
 *
 * The value is mantissa / 10^scale, in its one canonical form: no trailing zero behind the point,
 * so that 71.50 and 71.5 are the same bytes.
 */
#ifndef GEORISK_DECIMAL_CORE_H
#define GEORISK_DECIMAL_CORE_H

#include "exact.h"

#define DECIMAL_DIGITS 36
#define DECIMAL_TEXT 40 /* enough for any decimal */

typedef struct decimal
{
	exact_int mantissa; /* under 10^36 */
	int32_t scale;
} decimal;

extern bool decimal_valid(decimal value);

/* Plain decimal text: -12.50. False with `error` set where it is none or has more than 36 digits.
 */
extern bool decimal_parse(const char *text, size_t length, decimal *result, pure_error *error);

static inline decimal
decimal_of(int64_t value)
{
	return (decimal){value, 0};
}

extern void decimal_print(decimal value, char buffer[DECIMAL_TEXT]);
extern exact decimal_to_exact(decimal value);

static inline bool
decimal_equal(decimal a, decimal b)
{
	return a.mantissa == b.mantissa && a.scale == b.scale;
}

#endif
