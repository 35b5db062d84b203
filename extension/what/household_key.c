/* The 128 bits that stand for a household's name. */
#include "postgres.h"

#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"

#include "epicurve.h"
#include "sha256_core.h"

static bool
is_space(pg_wchar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
		   (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
		   c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

static bool
is_ascii_text(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (IS_HIGHBIT_SET(bytes[i]))
			return false;
	return true;
}

static void
trim_ascii(const char **bytes, size_t *length)
{
	while (*length > 0 && is_space((unsigned char) **bytes) && !IS_HIGHBIT_SET(**bytes))
		(*bytes)++, (*length)--;
	while (*length > 0 && !IS_HIGHBIT_SET((*bytes)[*length - 1]) &&
		   is_space((unsigned char) (*bytes)[*length - 1]))
		(*length)--;
}

/* NFC of UTF-8, without spaces at its ends. */
static void
normalize(const char **bytes, size_t *length)
{
	pg_wchar *wide = palloc((*length + 1) * sizeof(pg_wchar)), *normal;
	size_t first = 0, count = 0;
	unsigned char *result, *out;

	for (size_t i = 0; i < *length; i += pg_utf_mblen((const unsigned char *) *bytes + i))
		wide[count++] = utf8_to_unicode((const unsigned char *) *bytes + i);
	wide[count] = 0;
	normal = unicode_is_normalized_quickcheck(UNICODE_NFC, wide) == UNICODE_NORM_QC_YES ?
				 wide :
				 unicode_normalize(UNICODE_NFC, wide);
	for (count = 0; normal[count] != 0;)
		count++;
	while (count > 0 && is_space(normal[count - 1]))
		count--;
	while (first < count && is_space(normal[first]))
		first++;
	out = result = palloc(count * 4 + 1);
	for (size_t i = first; i < count; i++)
	{
		unicode_to_utf8(normal[i], out);
		out += pg_utf_mblen(out);
	}
	*bytes = (const char *) result;
	*length = (size_t) (out - result);
	if (normal != wide)
		pfree(normal);
	pfree(wide);
}

static household_key
key_of_bytes(const char *bytes, size_t length)
{
	uint8_t digest[SHA256_SIZE];
	household_key key = {0, 0};

	sha256(bytes, length, digest);
	for (int i = 0; i < 8; i++)
	{
		key.high = (key.high << 8) | digest[i];
		key.low = (key.low << 8) | digest[i + 8];
	}
	return key;
}

household_key
household_key_of_text(const text *name)
{
	const char *bytes = VARDATA_ANY(name);
	size_t length = VARSIZE_ANY_EXHDR(name);

	if (GetDatabaseEncoding() == PG_UTF8 && !is_ascii_text(bytes, length))
		normalize(&bytes, &length);
	else
		trim_ascii(&bytes, &length);
	return length == 0 ? HOUSEHOLD_UNKNOWN : key_of_bytes(bytes, length);
}
