/* The value_series value in SQL. */
#ifndef GEORISK_VALUE_SERIES_H
#define GEORISK_VALUE_SERIES_H

#include "../georisk.h"
#include "value_series_core.h"

#include "utils/jsonb.h"
#include "utils/numeric.h"

/* Detoasts and checks; the result may be `datum` itself. */
extern const value_series *value_series_from_datum(Datum datum);
extern Datum value_series_to_datum(value_series *series);

/* The text form, which is JSON too: {"2021-08-01": 71.5, "2021-09-01": null}. */
extern void value_series_write(StringInfo out, const value_series *series);
extern value_series *value_series_from_jsonb(JsonbContainer *object);

extern void value_series_write_binary(StringInfo out, const value_series *series);
extern value_series *value_series_read_binary(StringInfo in);

/* A numeric as a decimal; an error where it is not finite or has more digits than are kept. */
extern decimal decimal_from_numeric(Numeric value);
extern Numeric decimal_to_numeric(decimal value);

extern void decimal_write(StringInfo out, decimal value);
extern decimal decimal_read(StringInfo in);

/* A finite day; an error for infinity. */
extern int32_t value_series_day(int32_t day);

#endif
