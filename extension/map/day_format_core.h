/*
 * Dates as a source writes them, read by a format that it declares: DD/MM/YYYY, YYYYMMDD,
 * YYYY-MM-DDTHH:MI:SSTZ. No setting and no locale has a say, and nothing is guessed.
 */
#ifndef GEORISK_DAY_FORMAT_CORE_H
#define GEORISK_DAY_FORMAT_CORE_H

#include "../pure.h"

typedef struct day_reading
{
	int32_t day;		 /* as written, 2000-01-01 is 0 */
	int32_t second;		 /* of that day */
	bool has_zone;		 /* the text says how far its clock is from UTC ... */
	int32_t east_of_utc; /* ... in seconds */
} day_reading;

/* False, and what is wrong, where the text is not a format. */
extern bool day_format_check(const char *format, size_t length, pure_error *error);

/* Can one text be read by both formats, as two different days? */
extern bool day_format_is_twin(const char *a, size_t a_length, const char *b, size_t b_length);

/* Reads all of the text by a format that day_format_check passed; false where it does not fit. */
extern bool day_format_read(const char *format, size_t format_length, const char *text,
							size_t length, day_reading *reading);

#endif
