/* The zone_profile value: all that is known of one zone for one day. */
#ifndef GEORISK_ZONE_PROFILE_H
#define GEORISK_ZONE_PROFILE_H

#include "../georisk.h"
#include "profile_view.h"

typedef struct zone_profile zone_profile; /* varlena, 8-byte aligned */

#define PG_GETARG_ZONE_PROFILE(n) zone_profile_from_datum(PG_GETARG_DATUM(n))

/* Detoasts and checks; the result may be `datum` itself. */
extern const zone_profile *zone_profile_from_datum(Datum datum);

/* Fills `view`; its items are allocated in the current memory context and point into the profile. */
extern void zone_profile_view(const zone_profile *profile, profile_view *view);

/* Lossless text and binary, for types that hold profiles (judgement). */
extern char *zone_profile_to_text(const zone_profile *profile);
extern const zone_profile *zone_profile_from_text(const char *text);

#endif
