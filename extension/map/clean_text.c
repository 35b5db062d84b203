/* Text compared as people mean it: composed Unicode (NFC), without white space around it. */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "clean_text.h"

/* Bytes of the white space that `at` starts with; 0 where it starts with none. */
static size_t
space_at(const char *at, const char *end, bool utf8)
{
	if (*at == ' ' || (*at >= '\t' && *at <= '\r'))
		return 1;
	if (utf8 && end - at >= 2 && memcmp(at, "\xC2\xA0", 2) == 0)
		return 2; /* no-break space, as spreadsheets leave it */
	if (utf8 && end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
		return 3; /* byte order mark */
	return 0;
}

static size_t
space_before(const char *start, const char *at, bool utf8)
{
	for (size_t width = 1; width <= 3 && width <= (size_t) (at - start); width++)
		if (space_at(at - width, at, utf8) == width)
			return width;
	return 0;
}

static bool
is_ascii(const char *at, const char *end)
{
	for (; at < end; at++)
		if ((unsigned char) *at >= 0x80)
			return false;
	return true;
}

text *
clean_text(text *value)
{
	bool utf8 = GetDatabaseEncoding() == PG_UTF8;
	const char *start = VARDATA_ANY(value);
	const char *end = start + VARSIZE_ANY_EXHDR(value);
	const char *first = start;
	const char *last = end;
	size_t width;

	while (first < last && (width = space_at(first, last, utf8)) > 0)
		first += width;
	while (first < last && (width = space_before(first, last, utf8)) > 0)
		last -= width;

	if (first != start || last != end)
		value = cstring_to_text_with_len(first, last - first);
	if (!utf8 || is_ascii(first, last))
		return value;
	return DatumGetTextPP(DirectFunctionCall2(unicode_normalize_func, PointerGetDatum(value),
											  CStringGetTextDatum("NFC")));
}

PG_FUNCTION_INFO_V1(georisk_clean_text);

Datum
georisk_clean_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(clean_text(PG_GETARG_TEXT_PP(0)));
}
