/*
 * The zone_profile value: what is known of one zone for one day, by name.
 *
 * Flat, immutable and canonical: fields stand in ascending order of their names (bytewise), padding
 * is zero, so that equal profiles are equal bytes. Reserved names have one type each, and are left
 * out rather than kept as missing.
 */
#ifndef GEORISK_ZONE_PROFILE_CORE_H
#define GEORISK_ZONE_PROFILE_CORE_H

#include "decimal_core.h"
#include "profile_view.h"

typedef struct zone_profile zone_profile; /* varlena-compatible, 8-byte aligned */

/* One named value; names, texts, curves and series point into memory that someone else owns. */
typedef struct profile_field
{
	const char *name; /* not zero-terminated */
	size_t name_length;
	profile_kind kind;
	union
	{
		decimal number;
		bool yesno;
		int32_t date;
		struct
		{
			const char *bytes;
			size_t length;
		} text;
		const epicurve *curve;		/* packed */
		const value_series *series; /* packed */
	} value;
} profile_field;

/* By name, bytewise. */
extern int profile_field_compare(const profile_field *a, const profile_field *b);

#define PROFILE_NAME_LIMIT 255 /* bytes */
#define SILENCE_LIMIT_MOST 366 /* days */

typedef enum profile_reserved
{
	RESERVED_NONE,
	RESERVED_AS_OF,
	RESERVED_COMPLETE_UNTIL,
	RESERVED_REPORTED_UNTIL,
	RESERVED_SILENCE_LIMIT,
	RESERVED_POPULATION,
	RESERVED_HOUSEHOLDS,
	RESERVED_LEVEL
} profile_reserved;

extern profile_reserved profile_reserved_name(const char *name, size_t length);

/* Sorts `fields` in place. NULL with `error` set for a name twice or a reserved name of the wrong
 * type. */
extern zone_profile *zone_profile_build(profile_field *fields, size_t count, pure_error *error);

extern size_t zone_profile_size(const zone_profile *profile);
extern bool zone_profile_check(const void *bytes, size_t size, pure_error *error);

/* All fields by ascending name, reserved ones included; the array is the caller's. */
extern profile_field *zone_profile_fields(const zone_profile *profile, size_t *count);

/* Fills `view`; its items are allocated and point into the profile. */
extern void zone_profile_view(const zone_profile *profile, profile_view *view);

/*
 * Two zones as one: curves, population and households add up, reports are complete until the
 * earlier day, and everything else stays where both agree. Where they differ it is
 * missing; what one of them lacks, the sum lacks too. A measure given as NULL adds no reports.
 */
extern zone_profile *zone_profile_merge(const zone_profile *a, const zone_profile *b,
										pure_error *error);

extern zone_profile *zone_profile_at_day(const zone_profile *profile, int32_t day,
										 pure_error *error);

#endif
