/*
 * The judgement value: all zones of one day with all that is needed to judge them.
 *
 * In an aggregate it is an expanded object that grows row by row; stored it is flat: a header, the
 * policy, and the zones by ascending zone_id, each a multiple of eight bytes. Equal judgements are
 * equal bytes.
 */
#ifndef GEORISK_JUDGEMENT_H
#define GEORISK_JUDGEMENT_H

#include "../georisk.h"
#include "utils/expandeddatum.h"

#include "risk_policy.h"
#include "zone_profile.h"

/* One zone. Pointers are borrowed; NULL where not given. */
typedef struct judgement_zone
{
	int32 zone_id;
	bool has_parent;
	int32 parent_id;
	const char *level;
	size_t level_length;
	const zone_profile *profile;
	bool has_neighbours;
	size_t neighbour_count;
	const int32 *neighbours;
	const double *shared_m;
	const double *gap_m;
	const char *announced;
	size_t announced_length;
} judgement_zone;

typedef struct judgement_row judgement_row; /* a zone, packed */

typedef struct judgement_state
{
	ExpandedObjectHeader header;
	const risk_policy *policy; /* NULL until the first zone */
	int32 as_of;
	bool has_start;
	int32 start;
	size_t count;
	size_t room;
	const judgement_row **rows;
	bool sorted;
} judgement_state;

extern judgement_state *judgement_make(MemoryContext parent);

/* The state behind a datum, to be read; a flat value is checked and not copied. */
extern judgement_state *judgement_read(Datum datum);

/* The state behind an aggregate's datum, to be added to. */
extern judgement_state *judgement_modify(Datum datum, MemoryContext parent);

/* What all zones of a judgement share; an error where it differs from the zone before. */
extern void judgement_set_day(judgement_state *state, const risk_policy *policy, int32 as_of,
							  bool has_start, int32 start);
extern void judgement_add(judgement_state *state, const judgement_zone *zone);
extern void judgement_merge(judgement_state *state, const judgement_state *other);

/*
 * Zones by ascending zone_id; a zone that is there twice is an error. Readers may call it, too: the
 * order in memory is nobody's to see.
 */
extern void judgement_sort(judgement_state *state);
extern void judgement_get(const judgement_state *state, size_t position, judgement_zone *zone);

/* The flat value. */
extern Datum judgement_flatten(judgement_state *state);

#endif
