/* The zone_profile value in SQL: all that is known of one zone for one day. */
#ifndef GEORISK_ZONE_PROFILE_H
#define GEORISK_ZONE_PROFILE_H

#include "../georisk.h"
#include "zone_profile_core.h"

#include "lib/stringinfo.h"

#define PG_GETARG_ZONE_PROFILE(n) zone_profile_from_datum(PG_GETARG_DATUM(n))

/* Detoasts and checks; the result may be `datum` itself. */
extern const zone_profile *zone_profile_from_datum(Datum datum);

/* Sets the length word. */
extern Datum zone_profile_to_datum(zone_profile *profile);

/* Lossless text and binary, for types that hold profiles (judgement). What is read is checked, or
 * an error. */
extern char *zone_profile_to_text(const zone_profile *profile);
extern const zone_profile *zone_profile_from_text(const char *text);
extern void zone_profile_write(StringInfo out, const zone_profile *profile);
extern const zone_profile *zone_profile_read(StringInfo in);

#endif
