/* Text that grows, numbers and days in it. */
#include "policy_text.h"

#include <stdarg.h>

#include "../what/day_core.h"

void
text_start(policy_text *text)
{
	text->names_parameters = false;
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
	char bytes[DAY_TEXT_SIZE];

	day_print(day, bytes);
	text_add(text, bytes);
}
