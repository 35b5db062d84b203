/* What the rules of the grammar hand to each other, before it is a policy: see policy_gram.y. */
#ifndef GEORISK_POLICY_PIECES_H
#define GEORISK_POLICY_PIECES_H

#include "policy_ast.h"

typedef struct policy_location
{
	int place;
} policy_location;

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
	((current).place = (n) ? YYRHSLOC(rhs, 1).place : YYRHSLOC(rhs, 0).place)

/* What the scanner carries along. */
struct policy_scan
{
	policy_parser *parser;
	const char *scan_base;
};

/* The two labels of a name, as read; a text without a language stands for both. */
typedef struct policy_texts
{
	const char *any;
	const char *label[2];
	const char *color;
} policy_texts;

typedef struct policy_cuts
{
	int count;
	policy_cut *cuts;
	policy_word lowest;
} policy_cuts;

/* Days from one to the next in RUNNING, or their kind. */
typedef struct policy_run_unit
{
	int days;
	policy_word kind;
} policy_run_unit;

typedef struct policy_names
{
	int count;
	policy_named *names;
} policy_names;

#define POLICY_MAX_KEYWORDS 100

/* policy_scan.l; the words of the language that stand for something, and how many they are. */
extern bool policy_is_small_keyword(const char *word);
extern int policy_keywords(const char **words);
extern char *policy_copy(const char *text, size_t length);

/* What to write for a sign that is no letter, though it is read as one; NULL where there is none:
 * policy_expected.c, as the next. */
extern const char *policy_sign_hint(const char *word);
/* An error at the present token, or at the end, that lists what could stand there. */
extern bool policy_fail_syntax(policy_parser *parser, bool at_end, const char *const *expected,
							   int count);
/* A word where days should stand: policy_expr.c. */
extern bool policy_fail_unit(policy_parser *parser, policy_word unit);

#endif
