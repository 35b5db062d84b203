/* Text of an epicurve: lossless, and the same under every setting. */
#include "epicurve_text_core.h"

#define DAY_ENTRY_SIZE (DAY_TEXT_SIZE + 24) /* a day, its count, punctuation */
#define HOUSEHOLD_ENTRY_SIZE                                                                       \
	(2 * DAY_TEXT_SIZE + 56) /* a key and its count, perhaps with a day                            \
							  */

typedef struct reader
{
	const char *start;
	const char *at;
	const char *end;
	pure_error *error;
} reader;

size_t
household_key_print(household_key key, char *text)
{
	if (key.high == 0)
		return (size_t) snprintf(text, HOUSEHOLD_KEY_TEXT_SIZE, "%llx",
								 (unsigned long long) key.low);
	return (size_t) snprintf(text, HOUSEHOLD_KEY_TEXT_SIZE, "%llx%016llx",
							 (unsigned long long) key.high, (unsigned long long) key.low);
}

static char *
print_day_entry(char *at, bool first, int32_t day, int64_t n)
{
	if (!first)
		*at++ = ',';
	at += day_print(day, at);
	return at + snprintf(at, 24, ":%lld", (long long) n);
}

/* The households of one day, in brackets; returns the position of the next day's. */
static size_t
print_households(char **at, const epicurve *curve, size_t position, int32_t day)
{
	size_t count = epicurve_household_count(curve);
	char separator = '(';

	for (; position < count; position++)
	{
		int32_t row_day;
		household_key key;
		int64_t n;

		epicurve_household(curve, position, &row_day, &key, &n);
		if (row_day != day)
			break;
		*(*at)++ = separator;
		*at += household_key_print(key, *at);
		*at += snprintf(*at, 24, ":%lld", (long long) n);
		separator = ',';
	}
	if (separator == ',')
		*(*at)++ = ')';
	return position;
}

char *
epicurve_print(const epicurve *curve, size_t *length)
{
	static const char prefix[] = "households {";
	size_t days = epicurve_day_count(curve), households = epicurve_household_count(curve);
	char *text =
		pure_alloc(sizeof(prefix) + 2 + days * DAY_ENTRY_SIZE + households * HOUSEHOLD_ENTRY_SIZE);
	const char *opening = epicurve_has_households(curve) ? prefix : "{";
	char *at = text + strlen(opening);
	bool first = true;

	memcpy(text, opening, strlen(opening));
	for (size_t d = 0, h = 0; d < days || h < households; first = false)
	{
		int32_t day = DAY_LAST, household_day = DAY_LAST;
		household_key key;
		int64_t n = 0, household_n;

		pure_check_interrupts();
		if (d < days)
			epicurve_day(curve, d, &day, &n);
		if (h < households)
			epicurve_household(curve, h, &household_day, &key, &household_n);
		if (d < days && day <= household_day)
			d++;
		else
		{
			day = household_day;
			n = 0;
		}
		at = print_day_entry(at, first, day, n);
		h = print_households(&at, curve, h, day);
	}
	*at++ = '}';
	*at = '\0';
	*length = (size_t) (at - text);
	return text;
}

static bool
refuse(reader *in, const char *expected)
{
	memset(in->error, 0, sizeof(*in->error));
	in->error->code = PURE_INVALID_TEXT;
	snprintf(in->error->message, sizeof(in->error->message),
			 "invalid input syntax for type epicurve");
	snprintf(in->error->detail, sizeof(in->error->detail), "Expected %s at byte %zu.", expected,
			 (size_t) (in->at - in->start) + 1);
	snprintf(in->error->hint, sizeof(in->error->hint),
			 "Write it like {2021-09-01:3,2021-09-02:1}, with ISO dates.");
	return false;
}

static void
skip_spaces(reader *in)
{
	while (in->at < in->end && (*in->at == ' ' || (*in->at >= '\t' && *in->at <= '\r')))
		in->at++;
}

static bool
accept(reader *in, char what)
{
	skip_spaces(in);
	if (in->at >= in->end || *in->at != what)
		return false;
	in->at++;
	skip_spaces(in);
	return true;
}

static bool
read_count(reader *in, int64_t *n)
{
	bool negative = accept(in, '-');
	const char *first = in->at;
	int64_t value = 0;

	if (in->at >= in->end || *in->at < '0' || *in->at > '9')
		return refuse(in, "a whole number");
	for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++)
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, *in->at - '0', &value))
		{
			in->at = first;
			refuse(in, "a number of at most 64 bits");
			in->error->code = PURE_OUT_OF_RANGE;
			return false;
		}
	*n = negative ? -value : value;
	return true;
}

static int
hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

bool
household_key_parse(const char **cursor, const char *end, household_key *key)
{
	const char *at = *cursor;
	int digits = 0;

	*key = (household_key){0, 0};
	for (; at < end && hex_digit(*at) >= 0; at++, digits++)
	{
		if (digits == 32)
			return false;
		key->high = (key->high << 4) | (key->low >> 60);
		key->low = (key->low << 4) | (uint64_t) hex_digit(*at);
	}
	*cursor = at;
	return digits > 0 && household_key_compare(*key, HOUSEHOLD_UNKNOWN) != 0;
}

static bool
add_row(reader *in, epicurve **curve, int32_t day, int64_t n, const household_key *key)
{
	epicurve *next = epicurve_add(*curve, day, n, key, in->error);

	if (next == NULL)
		return false;
	if (next != *curve)
		pure_free(*curve);
	*curve = next;
	return true;
}

/* Rows of the known households; what they leave of the day's count is of households not known. */
static bool
read_households(reader *in, epicurve **curve, int32_t day, __int128 rest)
{
	if (accept(in, '('))
	{
		do
		{
			household_key key;
			int64_t n;

			pure_check_interrupts();
			if (!household_key_parse(&in->at, in->end, &key))
				return refuse(in, "a household key in hexadecimal");
			if (!accept(in, ':'))
				return refuse(in, "a colon");
			if (!read_count(in, &n) || !add_row(in, curve, day, n, &key))
				return false;
			rest -= n;
		} while (accept(in, ','));
		if (!accept(in, ')'))
			return refuse(in, "a comma or a closing bracket");
	}
	if (rest > INT64_MAX || rest < -INT64_MAX)
	{
		refuse(in, "counts that add up to at most 64 bits");
		in->error->code = PURE_OUT_OF_RANGE;
		return false;
	}
	return add_row(in, curve, day, (int64_t) rest, &HOUSEHOLD_UNKNOWN);
}

static bool
read_day(reader *in, epicurve **curve)
{
	int32_t day;
	int64_t n;

	if (!day_parse(&in->at, in->end, &day))
		return refuse(in, "an ISO date");
	if (!accept(in, ':'))
		return refuse(in, "a colon");
	if (!read_count(in, &n))
		return false;
	if (epicurve_has_households(*curve))
		return read_households(in, curve, day, n);
	return add_row(in, curve, day, n, NULL);
}

static bool
read_days(reader *in, epicurve **curve)
{
	if (!accept(in, '{'))
		return refuse(in, "an opening brace");
	if (accept(in, '}'))
		return true;
	do
	{
		pure_check_interrupts();
		if (!read_day(in, curve))
			return false;
	} while (accept(in, ','));
	return accept(in, '}') || refuse(in, "a comma or a closing brace");
}

epicurve *
epicurve_parse(const char **cursor, const char *end, pure_error *error)
{
	static const char prefix[] = "households";
	reader in = {*cursor, *cursor, end, error};
	epicurve *curve, *packed;
	bool households;

	skip_spaces(&in);
	households =
		(size_t) (end - in.at) >= strlen(prefix) && memcmp(in.at, prefix, strlen(prefix)) == 0;
	if (households)
		in.at += strlen(prefix);
	curve = epicurve_make(households);
	packed = read_days(&in, &curve) ? epicurve_pack(curve, error) : NULL;
	pure_free(curve);
	if (packed != NULL)
		*cursor = in.at;
	return packed;
}
