/* Dates by declared formats. */
#include "day_format_core.h"

#include "../what/day_core.h"

typedef enum part
{
	PART_YEAR,
	PART_SHORT_YEAR,
	PART_MONTH,
	PART_DAY,
	PART_HOUR,
	PART_MINUTE,
	PART_SECOND,
	PART_ZONE,
	PARTS,
	PART_LITERAL = PARTS
} part;

typedef struct part_word
{
	const char *word;
	part means;
	int least, most; /* digits */
} part_word;

/* A longer word stands before its own beginning. */
static const part_word words[] = {
	{"YYYY", PART_YEAR, 4, 4}, {"YY", PART_SHORT_YEAR, 2, 2}, {"MM", PART_MONTH, 1, 2},
	{"DD", PART_DAY, 1, 2},	   {"HH24", PART_HOUR, 1, 2},	  {"HH", PART_HOUR, 1, 2},
	{"MI", PART_MINUTE, 2, 2}, {"SS", PART_SECOND, 2, 2},	  {"TZ", PART_ZONE, 0, 0}};

/* The word that the format goes on with, NULL for a character that stands for itself. */
static const part_word *
next_word(const char **at, const char *end)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		size_t length = strlen(words[i].word);

		if ((size_t) (end - *at) >= length && memcmp(*at, words[i].word, length) == 0)
		{
			*at += length;
			return &words[i];
		}
	}
	(*at)++;
	return NULL;
}

static bool
wrong(pure_error *error, const char *format, size_t length, const char *detail)
{
	error->code = PURE_INVALID_PARAMETER;
	snprintf(error->message, sizeof(error->message), "\"%.*s\" is not a date format",
			 (int) (length < 100 ? length : 100), format);
	snprintf(error->detail, sizeof(error->detail), "%s", detail);
	snprintf(error->hint, sizeof(error->hint),
			 "A format is made of YYYY or YY, MM, DD and, after them, HH, MI, SS, TZ: DD/MM/YYYY, "
			 "YYYY-MM-DD HH:MI:SS.");
	return false;
}

bool
day_format_check(const char *format, size_t length, pure_error *error)
{
	const char *at = format;
	const char *end = format + length;
	int count[PARTS] = {0};

	while (at < end)
	{
		const char *start = at;
		const part_word *word = next_word(&at, end);

		if (word != NULL && ++count[word->means] > 1)
			return wrong(error, format, length, "A part of it comes twice.");
		if (word == NULL && *start >= '0' && *start <= '9')
			return wrong(error, format, length, "A digit cannot stand for itself.");
	}
	if (count[PART_YEAR] + count[PART_SHORT_YEAR] != 1 || count[PART_MONTH] != 1 ||
		count[PART_DAY] != 1)
		return wrong(error, format, length, "It needs the year, the month and the day, once each.");
	if (count[PART_MINUTE] + count[PART_SECOND] + count[PART_ZONE] > 0 && count[PART_HOUR] == 0)
		return wrong(error, format, length, "It has minutes, seconds or a zone, but no hour.");
	return true;
}

bool
day_format_is_twin(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_end = a + a_length;
	const char *b_end = b + b_length;
	bool differs = false;

	while (a < a_end && b < b_end)
	{
		const char *a_start = a;
		const char *b_start = b;
		const part_word *a_word = next_word(&a, a_end);
		const part_word *b_word = next_word(&b, b_end);

		if ((a_word == NULL) != (b_word == NULL))
			return false;
		if (a_word == NULL ? *a_start != *b_start :
							 a_word->least > b_word->most || b_word->least > a_word->most)
			return false;
		differs |= a_word != NULL && a_word->means != b_word->means;
	}
	return differs && a == a_end && b == b_end;
}

static bool
read_digits(const char **at, const char *end, int least, int most, int64_t *value)
{
	int digits = 0;

	*value = 0;
	for (; *at < end && digits < most && **at >= '0' && **at <= '9'; (*at)++, digits++)
		*value = *value * 10 + (**at - '0');
	return digits >= least;
}

/* Z, or +07, +0700, +07:00. */
static bool
read_zone(const char **at, const char *end, day_reading *reading)
{
	int64_t hours;
	int64_t minutes = 0;
	int sign;

	reading->has_zone = true;
	reading->east_of_utc = 0;
	if (*at >= end)
		return false;
	if (**at == 'Z')
	{
		(*at)++;
		return true;
	}
	if (**at != '+' && **at != '-')
		return false;
	sign = *(*at)++ == '-' ? -1 : 1;
	if (!read_digits(at, end, 2, 2, &hours))
		return false;
	if (*at < end && **at == ':')
	{
		(*at)++;
		if (!read_digits(at, end, 2, 2, &minutes))
			return false;
	}
	else if (*at < end && !read_digits(at, end, 2, 2, &minutes))
		return false;
	reading->east_of_utc = (int32_t) (sign * (hours * 3600 + minutes * 60));
	return hours <= 15 && minutes <= 59;
}

/* A fraction of a second moves no day. */
static bool
skip_fraction(const char **at, const char *end)
{
	int64_t ignored;

	if (*at >= end || **at != '.')
		return true;
	(*at)++;
	return read_digits(at, end, 1, 9, &ignored);
}

bool
day_format_read(const char *format, size_t format_length, const char *text, size_t length,
				day_reading *reading)
{
	const char *format_end = format + format_length;
	const char *end = text + length;
	int64_t value[PARTS] = {0};

	memset(reading, 0, sizeof(*reading));
	while (format < format_end)
	{
		const char *start = format;
		const part_word *word = next_word(&format, format_end);

		if (word == NULL)
		{
			if (text >= end || *text++ != *start)
				return false;
		}
		else if (word->means == PART_ZONE)
		{
			if (!read_zone(&text, end, reading))
				return false;
		}
		else if (!read_digits(&text, end, word->least, word->most, &value[word->means]))
			return false;
		else if (word->means == PART_SHORT_YEAR)
			value[PART_YEAR] = 2000 + value[PART_SHORT_YEAR];
		else if (word->means == PART_SECOND && !skip_fraction(&text, end))
			return false;
	}
	if (text != end || value[PART_HOUR] > 23 || value[PART_MINUTE] > 59 || value[PART_SECOND] > 60)
		return false;
	reading->second =
		(int32_t) (value[PART_HOUR] * 3600 + value[PART_MINUTE] * 60 + value[PART_SECOND]);
	return value[PART_YEAR] >= 1 &&
		   day_of_date(value[PART_YEAR], value[PART_MONTH], value[PART_DAY], &reading->day);
}
