/*
 * A zone_profile as the evaluator sees it: names and values, pointing into memory that someone else owns.
 * Reserved keys (as_of, complete_until, reported_until, silence_limit, population, households, level)
 * are fields of their own.
 */
#ifndef GEORISK_PROFILE_VIEW_H
#define GEORISK_PROFILE_VIEW_H

#include "../what/epicurve_core.h"
#include "exact.h"
#include "value_series_core.h"

typedef enum profile_kind
{
	PROFILE_NUMBER,
	PROFILE_YESNO,
	PROFILE_DATE,
	PROFILE_TEXT,
	PROFILE_CURVE,	/* packed */
	PROFILE_SERIES,
	PROFILE_MISSING /* was given as NULL, or two merged profiles did not agree */
} profile_kind;

typedef struct profile_item
{
	const char *name; /* not zero-terminated */
	size_t name_length;
	profile_kind kind;
	union
	{
		exact number;
		bool yesno;
		int32_t date;
		struct
		{
			const char *bytes;
			size_t length;
		} text;
		const epicurve *curve;
		const value_series *series;
	} value;
} profile_item;

typedef struct profile_view
{
	size_t count;
	const profile_item *items; /* ascending by name, bytewise */
	bool has_as_of;
	int32_t as_of;
	bool has_complete_until; /* without it reporting is complete up to any day */
	int32_t complete_until;
	bool has_reported_until; /* the same, but the days after it are excused up to the limit */
	int32_t reported_until;
	int64_t silence_limit; /* days */
	bool has_population;
	int64_t population;
	bool has_households; /* how many households the zone has, not how many are affected */
	int64_t households;
	const char *level; /* not zero-terminated; NULL where not given */
	size_t level_length;
	const struct policy_around *around; /* the zones around it, in a map; see policy_around.h */
	const char *announced; /* the tier in force before a review, as level; no key of a profile */
	size_t announced_length;
	int32_t announced_for; /* the day of that review */
} profile_view;

extern const profile_item *profile_find(const profile_view *view, const char *name, size_t length);

/* The last day for which reporting is complete, excused or not; false where that is any day. */
extern bool profile_complete_until(const profile_view *view, int32_t *day);

#endif
