/* How a zone_profile lies in memory; for the zone_profile's own files. */
#ifndef GEORISK_ZONE_PROFILE_LAYOUT_H
#define GEORISK_ZONE_PROFILE_LAYOUT_H

#include "zone_profile_core.h"

#define PROFILE_VERSION 1
#define PROFILE_SIZE_LIMIT 0x3fffffff /* the largest value that PostgreSQL stores */

struct zone_profile
{
	int32_t vl_len_;
	uint8_t version;
	uint8_t reserved[3];
	uint32_t count;
	uint32_t size; /* of the whole value */
	char bytes[];
};

/* Followed by the name and by the value, each padded with zeros to eight bytes. */
typedef struct field_header
{
	uint32_t name_length;
	uint32_t value_size;
	uint32_t kind;
	uint32_t reserved;
} field_header;

typedef struct stored_number
{
	exact_int mantissa;
	int64_t scale;
} stored_number;

static inline size_t
profile_padded(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

/* What the server would write as length word, so that curves and series inside are varlenas
 * themselves. */
static inline uint32_t
profile_length_word(size_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint32_t) size << 2;
#else
	return (uint32_t) size;
#endif
}

/* False, with `error` set. */
extern bool profile_key_error(pure_error *error, const profile_field *field, const char *what);

/* Is the name one, and does a reserved name have its type? */
extern bool profile_check_name(const profile_field *field, pure_error *error);
extern bool profile_check_reserved(const profile_field *field, pure_error *error);

/* Reads the field at `at`, whose bounds hold, and returns what follows it. */
extern const char *profile_read_field(const char *at, profile_field *field);

#endif
