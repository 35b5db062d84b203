/*
 * Decimal numbers as zone values are written: exact, up to 18 digits.
 *
 * The value is mantissa / 10^scale, in its one canonical form: no trailing zero behind the point,
 * so that 71.50 and 71.5 are the same bytes.
 */
#ifndef GEORISK_DECIMAL_CORE_H
#define GEORISK_DECIMAL_CORE_H

#include "exact.h"

#define DECIMAL_DIGITS 18
#define DECIMAL_LIMIT INT64_C(1000000000000000000) /* 10^18 */
#define DECIMAL_TEXT 24							   /* enough for any decimal */

typedef struct decimal
{
	int64_t mantissa;
	int32_t scale;
} decimal;

extern bool decimal_valid(decimal value);

/* Plain decimal text: -12.50. False with `error` set where it is none or has more than 18 digits.
 */
extern bool decimal_parse(const char *text, size_t length, decimal *result, pure_error *error);
extern bool decimal_from_int64(int64_t value, decimal *result, pure_error *error);
extern void decimal_print(decimal value, char buffer[DECIMAL_TEXT]);
extern exact decimal_to_exact(decimal value);

static inline bool
decimal_equal(decimal a, decimal b)
{
	return a.mantissa == b.mantissa && a.scale == b.scale;
}

#endif
