/* The syntax error: what stands there, and what could. */
#include "policy_pieces.h"

/* Words that are expected together, and what people call them. */
typedef struct expected_group
{
	const char *sign;	/* they are there where this one is, */
	const char *other;	/* and this one, */
	const char *unless; /* and not this one */
	const char *name;
	bool last;
	const char *const *words;
} expected_group;

static const char *const clause_words[] = {
	"end of file", "TITLE",		 "SOURCE",	"CONFIDENCE", "VALID",	"REVIEW", "TIERS",
	"PARAMETER",   "NEIGHBOURS", "REQUIRE", "COUNT",	  "NUMBER", "YESNO",  "LET",
	"DAYS",		   "MINIMUM",	 "BASE",	"RAISE",	  "LOWER",	"NOT",	  "START",
	"WORSEN",	   "IMPROVE",	 "REPORT",	"ENTER",	  "LEAVE",	NULL};
static const char *const condition_words[] = {
	"a number", "a name",  "days", "since", "households", "'('",   "'-'",	 "NOT",
	"MISSING",	"TOUCHES", "AT",   "ALL",	"PEAK",		  "SHARE", "NUMBER", NULL};
static const char *const number_words[] = {"a number", "a name", "days", "households",
										   "'('",	   "'-'",	 "ALL",	 "PEAK",
										   "SHARE",	   "NUMBER", NULL};
static const char *const comparison_words[] = {"'<'", "<=", "'='", "<>", ">=", "'>'", NULL};
static const char *const arithmetic_words[] = {"'+'", "'-'", "'*'", "'/'", NULL};
static const char *const name_words[] = {"a name", "days", NULL};
static const char *const day_words[] = {"days", "day", NULL};

static const expected_group groups[] = {
	{"end of file", "TITLE", NULL, "the next clause", true, clause_words},
	{"'('", "TOUCHES", NULL, "a condition", false, condition_words},
	{"'('", "PEAK", "TOUCHES", "a count or a number", false, number_words},
	{"'<'", "<>", NULL, "a comparison", false, comparison_words},
	{"'+'", "'*'", NULL, "arithmetic", false, arithmetic_words},
	{"days", "day", NULL, "days", false, day_words},
	{"a name", "days", NULL, "a name", false, name_words},
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static int
find_word(const char *const *words, int count, const char *word)
{
	for (int i = 0; i < count; i++)
		if (words[i] != NULL && strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* Puts what people call them in the place of the words; returns it where it comes last. */
static const char *
take_group(const expected_group *group, const char **words, int count)
{
	int first = -1;

	if (find_word(words, count, group->sign) < 0 || find_word(words, count, group->other) < 0 ||
		(group->unless != NULL && find_word(words, count, group->unless) >= 0))
		return NULL;
	for (int i = 0; group->words[i] != NULL; i++)
	{
		int found = find_word(words, count, group->words[i]);

		if (found < 0)
			continue;
		words[found] = NULL;
		first = first < 0 || found < first ? found : first;
	}
	if (group->last)
		return group->name;
	words[first] = group->name;
	return NULL;
}

static void
list_expected(char *hint, size_t size, const char *const *expected, int count)
{
	const char **words = pure_alloc((size_t) (count + 1) * sizeof(char *));
	const char *last = NULL;
	int left = 0;

	memcpy(words, expected, (size_t) count * sizeof(char *));
	for (size_t i = 0; i < GROUPS; i++)
	{
		const char *end = take_group(&groups[i], words, count);

		last = end != NULL ? end : last;
	}
	for (int i = 0; i < count; i++)
		if (words[i] != NULL)
			words[left++] = words[i];
	if (last != NULL)
		words[left++] = last;
	for (int i = 0; i < left; i++)
		snprintf(hint + strlen(hint), size - strlen(hint), "%s%s",
				 i == 0		  ? "Expected here: " :
				 i < left - 1 ? ", " :
								" or ",
				 words[i]);
	pure_free(words);
}

static bool
is_capital(char letter)
{
	return letter >= 'A' && letter <= 'Z';
}

static char
capital(char letter)
{
	return letter >= 'a' && letter <= 'z' ? (char) (letter - 'a' + 'A') : letter;
}

/* How many letters are wrong, missing, too many or changed about with the next one. */
static int
slips(const char *word, const char *meant)
{
	enum
	{
		LONGEST = 16
	};
	int rows[3][LONGEST + 1];
	int length = (int) strlen(meant);
	int *before = rows[0];
	int *last = rows[1];
	int *now = rows[2];

	if (length > LONGEST || strlen(word) > LONGEST)
		return LONGEST;
	for (int j = 0; j <= length; j++)
		last[j] = before[j] = j;
	for (int i = 1; word[i - 1] != '\0'; i++)
	{
		int *free_row = before;

		now[0] = i;
		for (int j = 1; j <= length; j++)
		{
			char letter = capital(word[i - 1]);
			int best = last[j - 1] + (letter != meant[j - 1]);

			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && letter == meant[j - 2] && capital(word[i - 2]) == meant[j - 1] &&
				before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		before = last;
		last = now;
		now = free_row;
	}
	return last[length];
}

/* The word of the language that was probably meant; NULL where none is near. */
static const char *
meant_by(const char *word, const char *const *words, int count)
{
	const char *found = NULL;
	int fewest = 3;

	for (int i = 0; i < count; i++)
	{
		int length = (int) strlen(words[i]);
		int wrong;

		if (!is_capital(words[i][0]) || length < 4)
			continue;
		wrong = strlen(word) >= 4 && strlen(word) < strlen(words[i]) &&
						strncmp(word, words[i], strlen(word)) == 0 ?
					1 :
					slips(word, words[i]);
		if (wrong < fewest && wrong <= length / 3)
		{
			fewest = wrong;
			found = words[i];
		}
	}
	return found;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Bytes above 127 are letters, as in the scanner. */
static bool
is_in_word(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_' ||
		   is_digit(byte) || (unsigned char) byte > 127;
}

const char *
policy_sign_hint(const char *word)
{
	static const char straight[] = "Text is quoted by a straight ', as in 'Red zone'.";
	static const char space[] = "There is a space in it that is not the plain one, as word "
								"processors write. Write it anew.";
	static const char minus[] = "That is not the plain minus sign. Write -.";
	static const char *const signs[][2] = {
		{"\u2265", "Write >=."}, {"\u2264", "Write <=."}, {"\u2260", "Write <>."},
		{"\u00d7", "Write *."},	 {"\u00f7", "Write /."},  {"\u2013", minus},
		{"\u2014", minus},		 {"\u2212", minus},		  {"\u2018", straight},
		{"\u2019", straight},	 {"\u201c", straight},	  {"\u201d", straight},
		{"\u00a0", space},		 {"\u2009", space},		  {"\u202f", space},
		{"\u3000", space},		 {"\ufeff", space},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strstr(word, signs[i][0]) != NULL)
			return signs[i][1];
	return NULL;
}

/* The word that stands right before a place, and where: it may have been taken for a name. */
static int
word_before(const policy_parser *parser, int place, char *word, size_t size)
{
	int end = place;
	int start;

	while (end > 0 && strchr(" \t\r\n\f", parser->text[end - 1]) != NULL)
		end--;
	start = end;
	while (start > 0 && (is_in_word(parser->text[start - 1]) || parser->text[start - 1] == '.'))
		start--;
	if ((size_t) (end - start) >= size)
		start = end;
	memcpy(word, parser->text + start, (size_t) (end - start));
	word[end - start] = '\0';
	return start;
}

/* What stands in other notations, and how it is written in this one; NULL where not known. */
static const char *
other_notation(const char *word)
{
	static const char *const known[][2] = {
		{"FOR", "A condition holds ON 3 days RUNNING; FOR names a level right behind BASE."},
		{"LAST", "A window is written IN 7 days."},
		{"BETWEEN", "A range is written 3 <= cases IN 7 days < 5."},
		{"IS", "MISSING stands before the name: MISSING x."},
		{"IF",
		 "A condition stands behind WHEN; IF MISSING behind what NUMBER, YESNO or LET declares."},
		{"KEEP", "It stands behind what NUMBER or YESNO declares, before IF MISSING."},
		{"THEN", "The tier stands first: red WHEN condition."},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(word, known[i][0]) == 0)
			return known[i][1];
	return NULL;
}

/* The word as it would stand in capitals is expected. */
static bool
is_expected_small(const char *word, const char *const *expected, int count)
{
	char capitals[POLICY_MAX_NAME + 1];
	size_t length = strlen(word);

	for (size_t i = 0; i <= length; i++)
		capitals[i] = capital(word[i]);
	return policy_is_small_keyword(word) && find_word(expected, count, capitals) >= 0;
}

/* What was meant by the word at which reading stops. */
static bool
hint_word(const char *word, const char *const *expected, int count, char *hint, size_t size)
{
	const char *written = policy_sign_hint(word);
	const char *meant = meant_by(word, expected, count);

	written = written != NULL ? written : other_notation(word);
	if (written != NULL)
		snprintf(hint, size, "%s", written);
	else if (is_expected_small(word, expected, count))
		snprintf(hint, size, "Words of the language are written in capitals.");
	else if (meant != NULL)
		snprintf(hint, size, "Perhaps %s is meant.", meant);
	else
		return false;
	return true;
}

/* What was meant by the word before it, which may have been taken for a name. */
static void
hint_word_before(const char *word, char *hint, size_t size)
{
	const char *keywords[POLICY_MAX_KEYWORDS];
	const char *written = policy_sign_hint(word);
	const char *meant = NULL;

	written = written != NULL ? written : other_notation(word);
	if (is_capital(word[0]) && is_capital(word[strlen(word) - 1]))
		meant = meant_by(word, keywords, policy_keywords(keywords));
	if (written != NULL)
		snprintf(hint, size, "\"%.40s\" is read as a name. %s", word, written);
	else if (policy_is_small_keyword(word))
		snprintf(hint, size,
				 "\"%s\" is read as a name: words of the language are written in capitals.", word);
	else if (meant != NULL && strcmp(meant, word) != 0)
		snprintf(hint, size, "\"%s\" is read as a name. Perhaps %s is meant.", word, meant);
}

bool
policy_fail_syntax(policy_parser *parser, bool at_end, const char *const *expected, int count)
{
	const char *text = parser->text;
	int place = parser->token_place;
	char word[POLICY_MAX_NAME + 1];
	char before[POLICY_MAX_NAME + 1];
	char hint[sizeof(parser->error->hint)] = "";
	int place_before;

	list_expected(hint, sizeof(hint), expected, count);
	if (count == 1 && strcmp(expected[0], "POLICY") == 0)
		snprintf(
			hint, sizeof(hint),
			"A policy begins with POLICY and its name. A shipped one is policy('alert_counts').");
	if (count == 1 && strcmp(expected[0], "':'") == 0)
		snprintf(hint, sizeof(hint),
				 "A line is written x: green < 5 <= red, and x is a NUMBER or a LET.");
	if (at_end)
		return policy_fail(parser, PURE_SYNTAX, (int) parser->length, hint,
						   "syntax error at end of policy");
	snprintf(word, sizeof(word), "%.*s", parser->token_length < 40 ? parser->token_length : 40,
			 text + place);
	place_before = word_before(parser, place, before, sizeof(before));
	if (word[0] == ',' && parser->list_ends_at > 0 && place_before == parser->list_ends_at)
		snprintf(hint, sizeof(hint),
				 "KEEP and IF MISSING are for all names before them. Begin a "
				 "clause of its own for the others, without the comma.");
	else if (word[0] == ',' && place > 0 && is_digit(text[place - 1]) && is_digit(text[place + 1]))
		snprintf(hint, sizeof(hint), "Numbers are written 100000 and 0.5, without a comma.");
	else if (!hint_word(word, expected, count, hint, sizeof(hint)) && before[0] != '\0')
		hint_word_before(before, hint, sizeof(hint));
	return policy_fail(parser, PURE_SYNTAX, place, hint, "syntax error at or near \"%s\"", word);
}
