/*
 * Names of places as people vary them: decomposed (NFKD), without marks, đ as d, ASCII letters in
 * lower case, words and numbers one space apart, numbers without leading zeros.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "fold_text.h"

typedef enum run
{
	RUN_NONE, /* white space and ASCII punctuation: between words */
	RUN_LETTERS,
	RUN_DIGITS
} run;

/* Combining marks U+0300 to U+036F. */
static bool
is_mark(const unsigned char *at, const unsigned char *end)
{
	return end - at >= 2 && ((at[0] == 0xCC && at[1] >= 0x80) || (at[0] == 0xCD && at[1] <= 0xAF));
}

/* U+0110 and U+0111, which have no decomposition. */
static bool
is_d_with_stroke(const unsigned char *at, const unsigned char *end)
{
	return end - at >= 2 && at[0] == 0xC4 && (at[1] == 0x90 || at[1] == 0x91);
}

static text *
decompose(text *value)
{
	for (size_t i = 0; i < VARSIZE_ANY_EXHDR(value); i++)
		if ((unsigned char) VARDATA_ANY(value)[i] >= 0x80)
			return DatumGetTextPP(DirectFunctionCall2(
				unicode_normalize_func, PointerGetDatum(value), CStringGetTextDatum("NFKD")));
	return value;
}

static run
run_of(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return RUN_DIGITS;
	if ((byte >= 'a' && byte <= 'z') || byte >= 0x80)
		return RUN_LETTERS;
	return RUN_NONE;
}

text *
fold_text(text *value)
{
	bool utf8 = GetDatabaseEncoding() == PG_UTF8;
	text *plain = utf8 ? decompose(value) : value;
	const unsigned char *at = (const unsigned char *) VARDATA_ANY(plain);
	const unsigned char *end = at + VARSIZE_ANY_EXHDR(plain);
	/* At most one space comes before each byte. */
	text *folded = palloc(VARHDRSZ + 2 * VARSIZE_ANY_EXHDR(plain) + 1);
	char *out = VARDATA(folded);
	run before = RUN_NONE;
	bool in_zeros = false; /* the number has had zeros only so far, and the last one is kept */

	while (at < end)
	{
		unsigned char byte = *at;
		run now;

		if (utf8 && is_mark(at, end))
		{
			at += 2;
			continue;
		}
		if (utf8 && is_d_with_stroke(at, end))
		{
			byte = 'd';
			at++;
		}
		else if (utf8 && end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
		{
			byte = ' '; /* byte order mark */
			at += 2;
		}
		else if (byte >= 'A' && byte <= 'Z')
			byte += 'a' - 'A';
		at++;
		now = run_of(byte);
		if (now != RUN_NONE)
		{
			if (now != before && out > VARDATA(folded))
				*out++ = ' ';
			if (now == RUN_DIGITS && now == before && in_zeros)
				out--;
			in_zeros = byte == '0' && (now != before || in_zeros);
			*out++ = (char) byte;
		}
		before = now;
	}
	SET_VARSIZE(folded, out - (char *) folded);
	return folded;
}

PG_FUNCTION_INFO_V1(georisk_fold_text);

Datum
georisk_fold_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(fold_text(PG_GETARG_TEXT_PP(0)));
}
