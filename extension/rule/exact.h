/*
 * Exact fractions: what a threshold is compared with. No float decides a tier.
 *
 * 128-bit numerator and denominator, always reduced, denominator above zero. Whatever would not fit
 * says so instead of rounding; comparing never overflows.
 */
#ifndef GEORISK_EXACT_H
#define GEORISK_EXACT_H

#include "../pure.h"

/* palloc aligns to eight bytes; without this the compiler may move 128 bits as if aligned to
 * sixteen. */
typedef __int128 exact_int __attribute__((aligned(8)));

typedef struct exact
{
	exact_int num;
	exact_int den;
} exact;

extern exact exact_of(int64_t value);
extern bool exact_parse(const char *text, size_t length, exact *result); /* plain decimal: -12.50 */
extern int exact_compare(exact a, exact b);
extern bool exact_add(exact a, exact b, exact *result);
extern bool exact_subtract(exact a, exact b, exact *result);
extern bool exact_multiply(exact a, exact b, exact *result);
extern bool exact_divide(exact a, exact b, exact *result); /* false where b is zero, too */

/* For people: as a decimal, exact where it ends within `digits` places, else rounded half away from
 * zero. */
extern void exact_print(exact value, int digits, char *buffer, size_t size);

#endif
