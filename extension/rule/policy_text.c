/* Text that grows, numbers and days in it. */
#include "policy_text.h"

#include <stdarg.h>

void
text_start(policy_text *text)
{
	text->length = 0;
	text->capacity = 256;
	text->bytes = pure_alloc(text->capacity);
	text->bytes[0] = '\0';
}

void
text_add(policy_text *text, const char *bytes)
{
	size_t length = strlen(bytes);

	while (text->capacity - text->length <= length)
	{
		text->capacity *= 2;
		text->bytes = pure_realloc(text->bytes, text->capacity);
	}
	memcpy(text->bytes + text->length, bytes, length + 1);
	text->length += length;
}

void
text_format(policy_text *text, const char *format, ...)
{
	char buffer[256];
	char *bytes = buffer;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	if (length >= (int) sizeof(buffer))
	{
		bytes = pure_alloc((size_t) length + 1);
		va_start(arguments, format);
		vsnprintf(bytes, (size_t) length + 1, format, arguments);
		va_end(arguments);
	}
	text_add(text, bytes);
	if (bytes != buffer)
		pure_free(bytes);
}

void
text_between(policy_text *text, size_t start, const char *separator)
{
	if (text->length > start)
		text_add(text, separator);
}

void
text_number(policy_text *text, exact value, policy_lang lang)
{
	char plain[96];
	char one[2] = "";
	size_t start;
	size_t end;

	exact_print(value, 4, plain, sizeof(plain));
	start = plain[0] == '-';
	end = strcspn(plain, ".");
	if (start > 0)
		text_add(text, "-");
	for (size_t i = start; i < end; i++)
	{
		one[0] = plain[i];
		if (i > start && (end - i) % 3 == 0)
			text_add(text, lang == POLICY_VI ? "." : ",");
		text_add(text, one);
	}
	if (plain[end] == '.')
		text_format(text, "%s%s", lang == POLICY_VI ? "," : ".", plain + end + 1);
}

void
text_day(policy_text *text, int32_t day)
{
	/* Days since 0000-03-01, in eras of 400 years, which all have the same length. */
	int64_t days = (int64_t) day + 730425;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	int64_t of_month = of_year - (153 * month + 2) / 5 + 1;

	year += era * 400 + (month >= 10);
	month += month < 10 ? 3 : -9;
	text_format(text, "%04lld-%02lld-%02lld%s", (long long) (year > 0 ? year : 1 - year),
				(long long) month, (long long) of_month, year > 0 ? "" : " BC");
}
