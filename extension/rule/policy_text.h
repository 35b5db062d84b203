/* Text that grows. */
#ifndef GEORISK_POLICY_TEXT_H
#define GEORISK_POLICY_TEXT_H

#include "policy_ast.h"

typedef struct policy_text
{
	char *bytes;
	size_t length;
	size_t capacity;
	bool names_parameters; /* where a number is one, rather than say its value */
} policy_text;

extern void text_start(policy_text *text);
extern void text_add(policy_text *text, const char *bytes);
extern void text_format(policy_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern void text_between(policy_text *text, size_t start, const char *separator); /* unless first */

/* Numbers and days as people write them: 100,000 and 9.5 in English, 100.000 and 9,5 in Vietnamese.
 */
extern void text_number(policy_text *text, exact value, policy_lang lang);
extern void text_day(policy_text *text, int32_t day);

#endif
