/* The SQL type epicurve, for functions that take, give or hold curves. */
#ifndef GEORISK_EPICURVE_H
#define GEORISK_EPICURVE_H

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "../georisk.h"
#include "epicurve_core.h"

#define PG_GETARG_EPICURVE(n) epicurve_from_datum(PG_GETARG_DATUM(n))
#define PG_RETURN_EPICURVE(curve) PG_RETURN_DATUM(epicurve_to_datum(curve))

/* Detoasts, checks, and packs where there is slack; the result may be `datum` itself. */
extern const epicurve *epicurve_from_datum(Datum datum);

/* Sets the length word. */
extern Datum epicurve_to_datum(epicurve *curve);

/* The result or, where the core found something wrong, the error. */
extern epicurve *epicurve_or_raise(epicurve *curve, const pure_error *error);

/* Lossless forms of packed curves, for types that hold them; what is read is checked and packed. */
extern char *epicurve_to_text(const epicurve *curve);
extern epicurve *epicurve_from_text(const char *text);
extern void epicurve_write(StringInfo buffer, const epicurve *curve);
extern epicurve *epicurve_read(StringInfo buffer);
extern JsonbValue *epicurve_push_jsonb(JsonbParseState **state, const epicurve *curve);
extern epicurve *epicurve_from_jsonb(JsonbContainer *container);

/* 128 bits of SHA-256 of the name, NFC-normalised and trimmed; HOUSEHOLD_UNKNOWN if it is blank. */
extern household_key household_key_of_text(const text *name);

#endif
