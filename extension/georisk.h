/* What every SQL-callable file of georisk includes after postgres.h. */
#ifndef GEORISK_H
#define GEORISK_H

#include "compat.h"
#include "pure.h"

/* Raises what a pure core found wrong; does not return. */
extern void georisk_raise(const pure_error *error) pg_attribute_noreturn();

#endif
