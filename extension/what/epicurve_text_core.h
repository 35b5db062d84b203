/*
 * The epicurve as text: {2021-09-01:3,2021-09-02:1}, and with households
 * households {2021-09-01:3(1f:2,2a:1)}, where a key is in hexadecimal and what a day counts beyond
 * its households is of households not known.
 */
#ifndef GEORISK_EPICURVE_TEXT_CORE_H
#define GEORISK_EPICURVE_TEXT_CORE_H

#include "epicurve_core.h"

#define HOUSEHOLD_KEY_TEXT_SIZE 33

/* Of a packed curve; the closing zero is not counted in `length`. */
extern char *epicurve_print(const epicurve *curve, size_t *length);

/*
 * Reads a curve at *cursor and moves it behind; days may come in any order, and repeated days add
 * up. Packed; NULL with `error` set where it is not a curve.
 */
extern epicurve *epicurve_parse(const char **cursor, const char *end, pure_error *error);

/* Up to 32 hexadecimal digits without leading zeros. */
extern size_t household_key_print(household_key key, char *text);
extern bool household_key_parse(const char **cursor, const char *end, household_key *key);

#endif
