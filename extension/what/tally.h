/* The SQL type tally, for the functions that take and give one. */
#ifndef GEORISK_TALLY_H
#define GEORISK_TALLY_H

#include "../georisk.h"
#include "tally_core.h"

#define PG_GETARG_TALLY(n) tally_from_datum(PG_GETARG_DATUM(n))
#define PG_RETURN_TALLY(value) PG_RETURN_DATUM(tally_to_datum(value))

/* Detoasts or flattens, and checks; the result may be `datum` itself. */
extern const tally *tally_from_datum(Datum datum);

/* What is counted as a value, in the current memory context. */
extern tally *tally_flatten(tally_counter *counter);

/* Sets the length word. */
extern Datum tally_to_datum(tally *value);

#endif
