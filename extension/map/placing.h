/*
 * What a writer of reports knows of its map: the zone set in force, its index and its codes; and
 * the same of an older set, where a report's day lies there.
 *
 * Which set is in force is asked once per statement. Zones are looked up in the tables until a
 * process has asked so often that loading pays; then the index and the codes are kept for its life,
 * under the set's `edition`, a number that each activation draws anew. So a rolled-back activation,
 * a dropped and re-made map or a restored one can never be mistaken for another.
 */
#ifndef GEORISK_PLACING_H
#define GEORISK_PLACING_H

#include "utils/date.h"
#include "utils/rel.h"

#include "../georisk.h"
#include "../where/zone_index_core.h"

/* The columns of `report` that placing reads and sets, by their position in the table. */
typedef enum placing_column
{
	PLACING_ZONE_CODE,
	PLACING_GEOM,
	PLACING_GEOCODE_QUALITY,
	PLACING_WITHDRAWN,
	PLACING_HOUSEHOLD,
	PLACING_OUTCOME,
	PLACING_ZONE_SET_ID,
	PLACING_ZONE_ID,
	PLACING_HOUSEHOLD_KEY,
	PLACING_POINT_DISAGREES,
	PLACING_REPORT_ID,
	PLACING_REPORT_DAY,
	PLACING_ONSET_DAY,
	PLACING_SAMPLE_DAY,
	PLACING_REDUCED_AT, /* position 0 in a map of 0.1.0 */
	PLACING_COLUMNS
} placing_column;

typedef struct placing_zone
{
	int32_t zone_id;
	int32_t parent_id; /* 0 = none: zone ids are positive */
	bool is_leaf;
	int32_t code_length; /* -1 = no code */
	const char *code;	 /* clean, not zero-terminated */
} placing_zone;

/* How much of a zone of one set lies in a zone of the set before or after it. */
typedef struct placing_share
{
	int32_t from;
	int32_t to;
	double share; /* of `from` */
} placing_share;

typedef struct placing
{
	int attribute[PLACING_COLUMNS];
	int64 household_salt;
	bool has_reduced; /* reports of some day on back were reduced to what counting needs */
	bool has_zones;	  /* a zone set is in force; what follows means nothing otherwise */
	int32_t zone_set_id;
	int32_t srid;
	struct placing_probe *probe; /* how zones are found that are not loaded */
	bool is_whole;				 /* all zones are loaded: what follows */
	const zone_index *index;
	size_t zones;
	const placing_zone *zone;	  /* by ascending zone_id */
	const placing_zone **by_code; /* those with a code, bytewise ascending */
	size_t codes;

	DateADT valid_from;
	int32_t older_id; /* the set before this one; 0 = none */
	int32_t newer_id; /* the set after it; 0 = this one is in force */
	DateADT newer_from;
	/* Both ways between this set and the one before it, by ascending `from`; loaded when asked for
	 */
	bool has_shares;
	size_t shares;
	const placing_share *from_older;
	const placing_share *to_older;
} placing;

/* Valid until the next call; reads the map's tables with the rights of their owner. */
extern const placing *placing_of(Relation report);
extern const placing *placing_of_set(Relation report, int32_t zone_set_id);

/* The same set with its shares loaded; an error where there is no set before it. */
extern const placing *placing_with_shares(Relation report, int32_t zone_set_id);

extern const placing_zone *placing_by_id(const placing *map, int32_t zone_id);
extern const placing_zone *placing_by_code(const placing *map, const char *code, size_t length);

/* Bytewise, the shorter of two that agree first: the order of `by_code`. */
extern int placing_compare_codes(const char *a, size_t a_length, const char *b, size_t b_length);

/* The zone that holds the point, border included, or NULL; `point` is where x and y were read. */
extern const placing_zone *placing_at_point(const placing *map, Datum point, double x, double y);

/* Is the zone the other one, or below it? */
extern bool placing_is_within(const placing *map, const placing_zone *zone,
							  const placing_zone *other);

/* For SPI on the map's own tables, as referential integrity does it: the writer may hold INSERT
 * alone. */
typedef struct placing_user
{
	Oid user;
	int context;
} placing_user;

extern placing_user placing_become_owner(Relation report);
extern placing_user placing_become_user(Oid user);
extern void placing_become(placing_user user);

#endif
