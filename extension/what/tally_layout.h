/*
 * How a tally lies in memory; for the tally's own files.
 *
 * A cell is two 64-bit words, or four with households: where (the zone's ordinal above the day,
 * shifted so that words sort as days do), the two words of the household, and last the count.
 *
 * A parcel is a tally on its way to another process: behind the ids it says which days are side by
 * side, then come the cells of other days, then the counts of those days, padded to 8 bytes.
 */
#ifndef GEORISK_TALLY_LAYOUT_H
#define GEORISK_TALLY_LAYOUT_H

#include "tally_core.h"

#define TALLY_VERSION 1
#define TALLY_HOUSEHOLDS 1
#define TALLY_PARCEL 2 /* never with households, and never in a value that is kept */
#define TALLY_SIZE_LIMIT ((size_t) 0x3fffffff) /* what a varlena can be */

#define COUNT_WORDS 2
#define HOUSEHOLD_WORDS 4

struct tally
{
	uint32_t length_word;
	uint8_t version;
	uint8_t flags;
	uint16_t reserved;
	uint64_t fingerprint;
	int64_t placed;
	int64_t unplaced;
	uint32_t zones; /* their ids follow, padded to 8 bytes with zeros */
	uint32_t cells; /* they follow the ids, ascending */
};

typedef struct parcel_days
{
	int32_t first_day;
	uint32_t days;
	uint64_t width; /* of a count */
} parcel_days;

static inline bool
tally_knows_households(const tally *value)
{
	return (value->flags & TALLY_HOUSEHOLDS) != 0;
}

static inline bool
tally_is_parcel(const tally *value)
{
	return (value->flags & TALLY_PARCEL) != 0;
}

static inline size_t
words_of(bool households)
{
	return households ? HOUSEHOLD_WORDS : COUNT_WORDS;
}

static inline int32_t *
tally_ids(const tally *value)
{
	return (int32_t *) (value + 1);
}

static inline size_t
id_words(size_t zones)
{
	return (zones + 1) / 2;
}

static inline parcel_days *
tally_parcel_days(const tally *parcel)
{
	return (parcel_days *) ((uint64_t *) (parcel + 1) + id_words(parcel->zones));
}

static inline uint64_t *
tally_cells(const tally *value)
{
	return (uint64_t *) (tally_parcel_days(value) + (tally_is_parcel(value) ? 1 : 0));
}

static inline uint64_t
cell_where(uint32_t ordinal, int32_t day)
{
	return ((uint64_t) ordinal << 32) | ((uint32_t) day ^ UINT32_C(0x80000000));
}

static inline uint32_t
cell_ordinal(const uint64_t *cell)
{
	return (uint32_t) (cell[0] >> 32);
}

static inline int32_t
cell_day(const uint64_t *cell)
{
	return (int32_t) ((uint32_t) cell[0] ^ UINT32_C(0x80000000));
}

static inline household_key
cell_key(const uint64_t *cell, bool households)
{
	return households ? (household_key){cell[1], cell[2]} : HOUSEHOLD_UNKNOWN;
}

static inline int64_t
cell_count(const uint64_t *cell, bool households)
{
	return (int64_t) cell[words_of(households) - 1];
}

extern void tally_fail(pure_error *error, pure_error_code code, const char *message,
					   const char *detail);

/* What is the same in a value and in a parcel: all but the length. */
extern bool tally_check_head(const tally *value, size_t size, uint8_t flags, pure_error *error);
extern bool tally_check_zones(const tally *value, pure_error *error);
extern bool tally_check_cells(const tally *value, pure_error *error);
extern bool tally_corrupt(pure_error *error, const char *detail);

#endif
