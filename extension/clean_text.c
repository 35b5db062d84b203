/* Text compared as people mean it: composed Unicode (NFC), without white space around it. */
#include "postgres.h"

#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "clean_text.h"

/* Unicode's white space, and the two characters that are as invisible: the zero-width space and the
 * byte order mark. */
static bool
is_space(pg_wchar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
		   (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
		   c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

static bool
is_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (IS_HIGHBIT_SET(bytes[i]))
			return false;
	return true;
}

static bool
is_ascii_space(char byte)
{
	return !IS_HIGHBIT_SET(byte) && is_space((unsigned char) byte);
}

static void
trim_ascii(const char **bytes, size_t *length)
{
	while (*length > 0 && is_ascii_space(**bytes))
		(*bytes)++, (*length)--;
	while (*length > 0 && is_ascii_space((*bytes)[*length - 1]))
		(*length)--;
}

static void
trim_utf8(const char **bytes, size_t *length)
{
	const char *at = *bytes;
	const char *end = at + *length;
	const char *last;

	while (at < end && is_space(utf8_to_unicode((const unsigned char *) at)))
		at += pg_utf_mblen((const unsigned char *) at);
	last = at;
	for (const char *next = at; next < end;)
	{
		bool space = is_space(utf8_to_unicode((const unsigned char *) next));

		next += pg_utf_mblen((const unsigned char *) next);
		if (!space)
			last = next;
	}
	*bytes = at;
	*length = (size_t) (last - at);
}

static void
compose_utf8(const char **bytes, size_t *length)
{
	pg_wchar *wide = palloc((*length + 1) * sizeof(pg_wchar));
	size_t count = 0;

	for (size_t i = 0; i < *length; i += pg_utf_mblen((const unsigned char *) *bytes + i))
		wide[count++] = utf8_to_unicode((const unsigned char *) *bytes + i);
	wide[count] = 0;
	if (unicode_is_normalized_quickcheck(UNICODE_NFC, wide) != UNICODE_NORM_QC_YES)
	{
		pg_wchar *normal = unicode_normalize(UNICODE_NFC, wide);
		unsigned char *result;
		unsigned char *out;

		for (count = 0; normal[count] != 0;)
			count++;
		out = result = palloc(count * 4 + 1);
		for (size_t i = 0; i < count; i++)
		{
			unicode_to_utf8(normal[i], out);
			out += pg_utf_mblen(out);
		}
		*bytes = (const char *) result;
		*length = (size_t) (out - result);
		pfree(normal);
	}
	pfree(wide);
}

void
clean_bytes(const char **bytes, size_t *length)
{
	trim_ascii(bytes, length);
	if (GetDatabaseEncoding() == PG_UTF8 && !is_ascii(*bytes, *length))
	{
		trim_utf8(bytes, length);
		compose_utf8(bytes, length);
	}
}

text *
clean_text(text *value)
{
	const char *bytes = VARDATA_ANY(value);
	size_t length = VARSIZE_ANY_EXHDR(value);

	clean_bytes(&bytes, &length);
	if (bytes == VARDATA_ANY(value) && length == VARSIZE_ANY_EXHDR(value))
		return value;
	return cstring_to_text_with_len(bytes, (int) length);
}

PG_FUNCTION_INFO_V1(georisk_clean_text);

Datum
georisk_clean_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(clean_text(PG_GETARG_TEXT_PP(0)));
}
