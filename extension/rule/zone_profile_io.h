/* What zone_profile.c and zone_profile_io.c share. */
#ifndef GEORISK_ZONE_PROFILE_IO_H
#define GEORISK_ZONE_PROFILE_IO_H

#include "zone_profile.h"

/* The result or, where the core found something wrong, the error. */
extern zone_profile *zone_profile_or_raise(zone_profile *profile, const pure_error *error);

/* Turns the text of a reserved key that is a date into that date. */
extern void zone_profile_settle_date(profile_field *field);

#endif
