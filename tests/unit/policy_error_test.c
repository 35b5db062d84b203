/*
 * Texts that are no policy: each error has its line, its column and a caret, and nothing that is
 * thrown at the parser makes it crash.
 */
#include "policy_fixture.h"

typedef struct bad_policy
{
	const char *text;
	pure_error_code code;
	int line;
	int column;
	const char *message;
} bad_policy;

#define SIMPLE "POLICY p\nCOUNT cases\nYESNO contact\nNUMBER x\n"

static const bad_policy bad_policies[] = {
	{"", PURE_SYNTAX, 1, 1, "syntax error at end of policy"},
	{"-- nothing", PURE_SYNTAX, 1, 11, "syntax error at end of policy"},
	{"policy p", PURE_SYNTAX, 1, 1, "syntax error at or near \"policy\""},
	{"POLICY p\n", PURE_SYNTAX, 2, 1, "policy \"p\" has no BASE"},
	{"POLICY p\nTITLE 'tổ dân", PURE_SYNTAX, 2, 7, "quoted text is not closed"},
	{"POLICY p SOURCE 'tổ dân phố' ;", PURE_SYNTAX, 1, 30, "unexpected character in policy"},
	{"POLICY p SOURCE 'a' SOURCE 'b' BASE green OTHERWISE", PURE_SYNTAX, 1, 21,
	 "SOURCE is given twice"},
	{"POLICY p CONFIDENCE sure BASE green OTHERWISE", PURE_SYNTAX, 1, 21,
	 "unknown confidence \"sure\""},
	{"POLICY p REVIEW weekly ON someday BASE green OTHERWISE", PURE_SYNTAX, 1, 27,
	 "unknown day of the week \"someday\""},
	{"POLICY p VALID FROM 2021-02-29 BASE green OTHERWISE", PURE_DATE_OUT_OF_RANGE, 1, 21,
	 "no such date: 2021-02-29"},
	{"POLICY p VALID FROM 2021-03-01 TO 2021-02-28 BASE green OTHERWISE", PURE_SYNTAX, 1, 35,
	 "VALID ends before it begins"},

	{"POLICY p TIERS green, yelow BASE green OTHERWISE", PURE_SYNTAX, 1, 23,
	 "tier \"yelow\" is not on the ladder"},
	{"POLICY p TIERS red, green BASE green OTHERWISE", PURE_SYNTAX, 1, 21,
	 "tier \"green\" is milder than \"red\" before it"},
	{"POLICY p TIERS green, green BASE green OTHERWISE", PURE_SYNTAX, 1, 23,
	 "tier \"green\" is given twice"},
	{"POLICY p TIERS green, unknown AS red BASE green OTHERWISE", PURE_SYNTAX, 1, 23,
	 "\"unknown\" is a reserved name"},
	{"POLICY p TIERS green '#12345g' BASE green OTHERWISE", PURE_SYNTAX, 1, 22,
	 "\"#12345g\" is not a colour"},
	{"POLICY p TIERS green, red\nBASE red WHEN 1 > 2\n yellow WHEN 2 > 1\n green OTHERWISE",
	 PURE_SYNTAX, 3, 2, "tier \"yellow\" is not in TIERS"},

	{"POLICY p PARAMETER d 7 days BETWEEN 8 AND 9 BASE green OTHERWISE", PURE_INVALID_PARAMETER, 1,
	 22, "parameter \"d\" is out of bounds"},
	{"POLICY p PARAMETER d 0 days BASE green OTHERWISE", PURE_INVALID_PARAMETER, 1, 22,
	 "parameter \"d\" is out of bounds"},
	{"POLICY p PARAMETER a 1 PARAMETER b 1 REQUIRE a < b BASE green OTHERWISE",
	 PURE_INVALID_PARAMETER, 1, 46, "parameters do not fit together: REQUIRE does not hold"},
	{SIMPLE "COUNT cases BASE green OTHERWISE", PURE_SYNTAX, 5, 7, "name \"cases\" is given twice"},
	{SIMPLE "YESNO population BASE green OTHERWISE", PURE_SYNTAX, 5, 7,
	 "\"population\" is a reserved name"},
	{"POLICY p YESNO a IF MISSING skip BASE green OTHERWISE", PURE_SYNTAX, 1, 29,
	 "IF MISSING of a YESNO is yes, no or unknown"},
	{"POLICY p LET a = b LET b = 1 BASE green OTHERWISE", PURE_SYNTAX, 1, 18,
	 "\"b\" is not yet defined here"},
	{"POLICY p LET a = a BASE green OTHERWISE", PURE_SYNTAX, 1, 18,
	 "\"a\" is not yet defined here"},

	{SIMPLE "BASE\n  red WHEN foo IN 7 days > 3\n  green OTHERWISE", PURE_SYNTAX, 6, 12,
	 "unknown measure \"foo\""},
	{SIMPLE "BASE\n  red WHEN days since foo > 3\n  green OTHERWISE", PURE_SYNTAX, 6, 23,
	 "unknown measure \"foo\""},
	{SIMPLE "BASE red WHEN foo\n  green OTHERWISE", PURE_SYNTAX, 5, 15, "unknown name \"foo\""},
	{SIMPLE "BASE red WHEN cases > 3\n  green OTHERWISE", PURE_SYNTAX, 5, 15,
	 "measure \"cases\" needs a window"},
	{SIMPLE "BASE red WHEN cases IN w > 3\n  green OTHERWISE", PURE_SYNTAX, 5, 24,
	 "unknown parameter \"w\""},
	{SIMPLE "BASE red WHEN cases IN 0 days > 3\n  green OTHERWISE", PURE_SYNTAX, 5, 24,
	 "days must be a whole number between 1 and 36600"},
	{SIMPLE "BASE red WHEN cases IN 7.5 days > 3\n  green OTHERWISE", PURE_SYNTAX, 5, 24,
	 "days must be a whole number between 1 and 36600"},
	{SIMPLE "BASE red WHEN x / (1 - 1) > 3\n  green OTHERWISE", PURE_SYNTAX, 5, 17,
	 "division by zero"},
	{SIMPLE "BASE red WHEN x\n  green OTHERWISE", PURE_SYNTAX, 5, 15,
	 "a condition is wanted here, not a number"},
	{SIMPLE "BASE red WHEN contact = 1\n  green OTHERWISE", PURE_SYNTAX, 5, 15,
	 "a yes or no cannot be compared"},
	{SIMPLE "BASE red WHEN contact + 1 > 1\n  green OTHERWISE", PURE_SYNTAX, 5, 15,
	 "a number is wanted here, not a condition"},
	{SIMPLE "BASE red WHEN x > never\n  green OTHERWISE", PURE_SYNTAX, 5, 15,
	 "days since and never compare only with each other and with numbers"},
	{SIMPLE
	 "BASE red WHEN cases IN 7 days + cases IN 14 days PER week PER week > 1\n  green OTHERWISE",
	 PURE_SYNTAX, 5, 59, "PER day and PER week need a window"},

	{SIMPLE "BASE red WHEN x > 1", PURE_SYNTAX, 5, 1, "BASE has no OTHERWISE"},
	{SIMPLE "BASE green OTHERWISE\n  red WHEN x > 1", PURE_SYNTAX, 6, 3,
	 "this line is never reached"},
	{SIMPLE "BASE red WHEN x > 1 AND contact\n yellow WHEN (x > 1) AND contact\n green OTHERWISE",
	 PURE_SYNTAX, 6, 2, "this line is never reached: its condition stands above, for \"red\""},
	{SIMPLE "BASE WORST OF x: green < 5 <= yellow < 5 <= red", PURE_SYNTAX, 5, 40,
	 "bounds must ascend"},
	{SIMPLE "BASE WORST OF x: green < 5 <= red < 6 <= yellow", PURE_SYNTAX, 5, 42,
	 "tiers must get worse in the order of TIERS"},
	{SIMPLE "BASE WORST OF x: green < 5 < red", PURE_SYNTAX, 5, 24,
	 "the bound must belong to one of the two tiers beside it"},
	{SIMPLE "BASE TABLE | x", PURE_SYNTAX, 5, 15, "syntax error at end of policy"},
	{SIMPLE "BASE TABLE | contact | OTHERWISE WHEN x > 1 | red | green OTHERWISE | green",
	 PURE_SYNTAX, 5, 59, "TABLE has 2 columns, and this row 1 tiers"},
	{SIMPLE "BASE TABLE | contact\n OTHERWISE | green", PURE_SYNTAX, 5, 14,
	 "TABLE has no OTHERWISE for the last column"},
	{SIMPLE "BASE TABLE | OTHERWISE\n WHEN contact | green", PURE_SYNTAX, 6, 2,
	 "TABLE has no OTHERWISE for the last row"},
	{SIMPLE "BASE TABLE | OTHERWISE | contact\n OTHERWISE | green | red", PURE_SYNTAX, 5, 26,
	 "this column is never reached"},
	{SIMPLE "BASE TABLE | OTHERWISE\n WHEN x > 1 | red\n WHEN x > 1 | green\n OTHERWISE | green",
	 PURE_SYNTAX, 7, 2, "this row is never reached: its condition stands before"},
	{SIMPLE "BASE CASE contact red OTHERWISE", PURE_SYNTAX, 5, 32, "syntax error at end of policy"},
	{SIMPLE "BASE CASE contact red WHEN x > 1 ELSE green OTHERWISE", PURE_SYNTAX, 5, 6,
	 "CASE has no OTHERWISE"},
	{SIMPLE "BASE CASE contact red OTHERWISE\n CASE contact green OTHERWISE ELSE green OTHERWISE",
	 PURE_SYNTAX, 6, 2, "this CASE is never reached: its condition stands above"},
	{SIMPLE "BASE red WHEN AT LEAST 3 OF (contact, x > 1) green OTHERWISE", PURE_SYNTAX, 5, 24,
	 "AT LEAST is a whole number from 1 to the 2 conditions in the list"},
	{SIMPLE "BASE red WHEN AT LEAST 1 OF (contact, x) green OTHERWISE", PURE_SYNTAX, 5, 39,
	 "a condition is wanted here, not a number"},
	{SIMPLE "BASE red WHEN x > 1 ON 3 months RUNNING green OTHERWISE", PURE_SYNTAX, 5, 26,
	 "unknown unit \"months\""},
	{SIMPLE "BASE red WHEN x ON 3 days RUNNING green OTHERWISE", PURE_SYNTAX, 5, 15,
	 "a condition is wanted here, not a number"},
	{SIMPLE "BASE red WHEN contact ON 20000 weeks RUNNING green OTHERWISE", PURE_LIMIT, 5, 23,
	 "policy looks back more than 36600 days"},
	{SIMPLE "BASE red WHEN contact ON 36600 days RUNNING green OTHERWISE", PURE_LIMIT, 5, 15,
	 "policy is too large"},
	{SIMPLE "BASE red WHEN cases IN 7 days LAG x > 1 green OTHERWISE", PURE_SYNTAX, 5, 35,
	 "unknown parameter \"x\""},
	{SIMPLE "BASE red WHEN PEAK x IN 7 days > 1 green OTHERWISE", PURE_SYNTAX, 5, 20,
	 "unknown measure \"x\""},
	{SIMPLE "BASE red WHEN ALL cases PER week > 1 green OTHERWISE", PURE_SYNTAX, 5, 25,
	 "PER day and PER week need a window"},
	{SIMPLE "RAISE 1 WHEN x > 3 BASE green OTHERWISE", PURE_SYNTAX, 5, 1,
	 "what changes the tier of BASE stands after BASE"},
	{SIMPLE "BASE green OTHERWISE RAISE 0 WHEN x > 3", PURE_SYNTAX, 5, 22,
	 "tiers change by a whole number from 1 to 63"},
	{SIMPLE "BASE green OTHERWISE RAISE 1", PURE_SYNTAX, 5, 29, "syntax error at end of policy"},
	{SIMPLE "BASE green OTHERWISE NOT BELOW red", PURE_SYNTAX, 5, 32,
	 "tier \"red\" is not in TIERS"},
	{SIMPLE "TIERS green, grey AS none BASE green OTHERWISE NOT ABOVE grey", PURE_SYNTAX, 5, 58,
	 "tier \"grey\" is outside the order"},
	{SIMPLE "BASE green OTHERWISE WORSEN AFTER 2 weeks", PURE_SYNTAX, 5, 37,
	 "unknown unit \"weeks\""},
	{SIMPLE "BASE green OTHERWISE WORSEN AFTER 13 reviews", PURE_SYNTAX, 5, 35,
	 "reviews must be a whole number between 1 and 12"},
	{SIMPLE "BASE green OTHERWISE IMPROVE AFTER 2 reviews STAY 1.5 reviews", PURE_SYNTAX, 5, 51,
	 "reviews must be a whole number between 1 and 12"},
	{SIMPLE "BASE green OTHERWISE IMPROVE AFTER 2 reviews BY 0", PURE_SYNTAX, 5, 49,
	 "tiers change by a whole number from 1 to 63"},
	{SIMPLE "BASE green OTHERWISE IMPROVE AFTER 2 reviews WHEN x", PURE_SYNTAX, 5, 51,
	 "a condition is wanted here, not a number"},
	{SIMPLE "BASE green OTHERWISE WORSEN AFTER 2 reviews WORSEN AFTER 3 reviews", PURE_SYNTAX, 5,
	 45, "WORSEN is given twice"},
	{SIMPLE "BASE green OTHERWISE WORSEN AFTER 2 reviews RAISE 1 WHEN contact", PURE_SYNTAX, 5, 45,
	 "what changes the tier of one review stands before WORSEN, IMPROVE, ENTER and LEAVE"},
	{SIMPLE "WORSEN AFTER 2 reviews BASE green OTHERWISE", PURE_SYNTAX, 5, 1,
	 "what changes the tier of BASE stands after BASE"},
	{SIMPLE "BASE green OTHERWISE START AT green", PURE_SYNTAX, 5, 31,
	 "nothing in this policy looks at earlier reviews"},
	{SIMPLE "BASE green OTHERWISE START AT red WORSEN AFTER 2 reviews", PURE_SYNTAX, 5, 31,
	 "tier \"red\" is not in TIERS"},
	{SIMPLE "BASE green OTHERWISE ENTER red WHEN x > 1", PURE_SYNTAX, 5, 28,
	 "tier \"red\" is not in TIERS"},
	{SIMPLE "ENTER red WHEN x > 1", PURE_SYNTAX, 5, 1,
	 "without BASE nothing says which tiers there are"},
	{SIMPLE "TIERS green, red LEAVE red WHEN x > 1", PURE_SYNTAX, 5, 18,
	 "tier \"red\" is left, but nothing says when it is entered"},
	{SIMPLE "TIERS green, red ENTER red WHEN x > 1 ENTER red WHEN x > 2", PURE_SYNTAX, 5, 39,
	 "ENTER red is given twice"},
	{SIMPLE "TIERS grey AS none, red ENTER grey WHEN x > 1", PURE_SYNTAX, 5, 31,
	 "tier \"grey\" is outside the order"},
	{SIMPLE "TIERS green, red ENTER red WHEN x > 1 BASE green OTHERWISE", PURE_SYNTAX, 5, 18,
	 "what changes the tier of BASE stands after BASE"},
	{SIMPLE "TIERS green, red BASE green OTHERWISE WORSEN AFTER 2 reviews ENTER red WHEN x > 1",
	 PURE_SYNTAX, 5, 62,
	 "tiers follow their reviews by ENTER and LEAVE or by WORSEN and IMPROVE, not by both"},
	{SIMPLE "TIERS green, red ENTER red WHEN x > 1 EFFECTIVE 0 days LATER", PURE_SYNTAX, 5, 49,
	 "days must be a whole number between 1 and 36600"},
	{SIMPLE "TIERS green, red ENTER red WHEN x > 1 EFFECTIVE 2 working days LATER", PURE_SYNTAX, 5,
	 51, "unknown kind of days \"working\""},
	{SIMPLE "START AT red BASE green WHEN x > 1 red OTHERWISE NOT BELOW previous", PURE_SYNTAX, 5,
	 10, "what changes the tier of BASE stands after BASE"},
	{SIMPLE "REVIEW daily IN FORCE 2 days BASE green OTHERWISE", PURE_SYNTAX, 5, 30,
	 "syntax error at or near \"BASE\""},
	{SIMPLE "DAYS w = monday TO funday BASE green OTHERWISE", PURE_SYNTAX, 5, 20,
	 "unknown day of the week \"funday\""},
	{SIMPLE "DAYS w = monday EXCEPT CALENDAR contact BASE green OTHERWISE", PURE_SYNTAX, 5, 33,
	 "name \"contact\" is given twice"},
	{SIMPLE "DAYS w = monday EXCEPT CALENDAR c BASE red WHEN c green OTHERWISE", PURE_SYNTAX, 5, 49,
	 "unknown name \"c\""},
	{SIMPLE "BASE red WHEN cases IN 5 working days > 1 green OTHERWISE", PURE_SYNTAX, 5, 26,
	 "unknown kind of days \"working\""},
	{SIMPLE "DAYS w = monday BASE red WHEN cases IN 5 w days PER day > 1 green OTHERWISE",
	 PURE_SYNTAX, 5, 49, "PER day and PER week need a window of so many days of the calendar"},
	{SIMPLE "DAYS w = monday BASE red WHEN PEAK cases IN 5 w days > 1 green OTHERWISE", PURE_SYNTAX,
	 5, 47, "a PEAK is over days of the calendar"},
	{SIMPLE "DAYS w = monday DAYS v = friday BASE red WHEN (x > 1 ON 2 w days RUNNING) ON 2 v days "
			"RUNNING green OTHERWISE",
	 PURE_SYNTAX, 5, 48, "days RUNNING of one kind may not hold days of another"},
	{SIMPLE
	 "DAYS w = monday BASE red WHEN ((cases IN 3 days LAG 1 w days > 0) ON 2 days RUNNING) ON "
	 "2 w days RUNNING green OTHERWISE",
	 PURE_SYNTAX, 5, 33,
	 "days RUNNING of a kind may not hold days of that kind that are counted from some days "
	 "before"},
	{SIMPLE "DAYS w = monday BASE red WHEN x > 1 ON 9000 w days RUNNING green OTHERWISE",
	 PURE_LIMIT, 5, 37, "policy looks back more than 36600 days"},
	{SIMPLE "BASE red WHEN MISSING cases green OTHERWISE", PURE_SYNTAX, 5, 23,
	 "measure \"cases\" needs a window"},
	{SIMPLE "PARAMETER n 3 BASE red WHEN MISSING n green OTHERWISE", PURE_SYNTAX, 5, 37,
	 "only a NUMBER, a YESNO, a LET or the population may be MISSING"},
	{SIMPLE "LET y = x UNLESS x IF MISSING 1 BASE green OTHERWISE", PURE_SYNTAX, 5, 18,
	 "a condition is wanted here, not a number"},
	{SIMPLE "MINIMUM x 5 BASE green OTHERWISE", PURE_SYNTAX, 5, 9,
	 "MINIMUM is of the population or of households, not of \"x\""},
	{SIMPLE
	 "COUNT tests LET r = cases IN 7 days / tests IN 7 days BASE red WHEN r > 4% green OTHERWISE",
	 PURE_SYNTAX, 5, 73, "a count divided by a count is no number of per cent"},
	{SIMPLE "BASE red WHEN cases IN 7 days <= 50% * PEAK cases IN 7 days green OTHERWISE",
	 PURE_SYNTAX, 5, 34, "per cent cannot be multiplied or divided"},
	{SIMPLE "BASE red WHEN 5% < cases IN 7 days / cases IN 14 days - 1 green OTHERWISE",
	 PURE_SYNTAX, 5, 15, "a count divided by a count is no number of per cent"},
	{SIMPLE "BASE red WHEN x > 7days green OTHERWISE", PURE_SYNTAX, 5, 19,
	 "trailing letters after number at \"7days\""},
	{SIMPLE "BASE red WHEN x > 999999999999999999999999999999999999999999 green OTHERWISE",
	 PURE_OUT_OF_RANGE, 5, 19, "number is too large"},
};

static void
test_errors(void)
{
	pure_error error;

	for (size_t i = 0; i < sizeof(bad_policies) / sizeof(bad_policies[0]); i++)
	{
		const bad_policy *bad = &bad_policies[i];
		const policy *rule = policy_parse(bad->text, strlen(bad->text), &error);

		EXPECT(rule == NULL, "accepted: %s", bad->text);
		if (rule != NULL)
			continue;
		EXPECT(error.code == bad->code && error.line == bad->line && error.column == bad->column &&
				   strcmp(error.message, bad->message) == 0,
			   "%s\ngives %d at %d:%d: %s", bad->text, error.code, error.line, error.column,
			   error.message);
	}
}

/* What people write who know another notation, or mistype a word, and what they are told. */
static void
test_hints(void)
{
	static const char for_all[] =
		"KEEP and IF MISSING are for all names before them. Begin a clause "
		"of its own for the others, without the comma.";
	static const struct
	{
		const char *text;
		const char *hint;
	} slips[] = {
		{"NUMBER a IF MISSING skip, b", for_all},
		{"NUMBER a IF MISSING 0.5, b", for_all},
		{"NUMBER a KEEP 30 days, b", for_all},
		{"LET a = x IF MISSING skip, b = x", for_all},
		{"NUMBER a IF MISSING skip KEEP 30 days",
		 "It stands behind what NUMBER or YESNO declares, before IF MISSING."},
		{"COUNT a KEEP 3 days",
		 "It stands behind what NUMBER or YESNO declares, before IF MISSING."},
		{"COUNT a IF MISSING 0", "A condition stands behind WHEN; IF MISSING behind what NUMBER, "
								 "YESNO or LET declares."},
		{"NUMBER a,", "Expected here: a name"},
		{"NUMBER a IF", "Expected here: MISSING"},
		{"NUMBER a KEEP 3 days green", "Expected here: IF or the next clause"},
		{"BASE green", "Expected here: WHEN or OTHERWISE"},
		{"BASE red WHEN x > ", "Expected here: a count or a number"},
		{"BASE red WHEN ", "Expected here: a condition"},
		{"BASE red WHEN x + 3)",
		 "Expected here: ON, AND, OR, PER, a name, a comparison, arithmetic, "
		 "'%' or the next clause"},
		{"BASE red WHEN cases IN", "Expected here: a name or a number"},
		{"BASE red when x > 3", "Words of the language are written in capitals."},
		{"BASE red WHEN households with cases IN 7 days > 3",
		 "\"with\" is read as a name: words of the language are written in capitals."},
		{"BASE red WEHN x > 3", "Perhaps WHEN is meant."},
		{"BASE red WHEN x > 3 green OTHERWIZE", "Perhaps OTHERWISE is meant."},
		{"PARAM w 7 days", "\"PARAM\" is read as a name. Perhaps PARAMETER is meant."},
		{"BSAE red WHEN x > 3", "\"BSAE\" is read as a name. Perhaps BASE is meant."},
		{"BASE red IF x > 3",
		 "A condition stands behind WHEN; IF MISSING behind what NUMBER, YESNO or LET declares."},
		{"BASE red WHEN cases IN LAST 7 days > 3",
		 "\"LAST\" is read as a name. A window is written IN 7 days."},
		{"BASE red WHEN x BETWEEN 3 AND 5", "A range is written 3 <= cases IN 7 days < 5."},
		{"BASE red WHEN x > 0,5", "Numbers are written 100000 and 0.5, without a comma."},
		{"BASE red WHEN x ≥ 3", "\"≥\" is read as a name. Write >=."},
		{"BASE red WHEN x – 3 > 1",
		 "\"–\" is read as a name. That is not the plain minus sign. Write -."},
		{"TITLE ‘Vùng đỏ’", "Text is quoted by a straight ', as in 'Red zone'."},
		{"BASE red WHEN cases IN 7\u00a0days > 3",
		 "There is a space in it that is not the plain one, "
		 "as word processors write. Write it anew."},
		{"TITLE \"Red\"", "Text is quoted by ', as in 'Red zone'; names are not quoted."},
		{"BASE green OTHERWISE;", "Clauses and lines end without a mark."},
		{"# two weeks", "A comment begins with --, and a colour is quoted: '#d7191c'."},
		{"BASE green OTHERWISE IMPROVE AFTER 14 days", "Write AFTER 2 reviews."},
		{"BASE WORST OF cases IN 7 days: green < 5 <= red",
		 "A line is written x: green < 5 <= red, and x is a NUMBER or a LET."},
		{"BASE WORST OF x: red < 5 <= green",
		 "Where less is worse, turn the number round: LET lack = 100 - x."},
		{"VALID FROM 23-08-2021", "Expected here: a date such as 2021-08-23"},
		{"BASE red WHEN cases IN 2 weeks > 1 green OTHERWISE", "Write days, 7 to a week."},
		{"BASE red WHEN x > 1 FOR 3 days green OTHERWISE",
		 "A condition holds ON 3 days RUNNING; FOR names a level right behind BASE."},
		{"BASE green OTHERWISE NOT BELOW Parent",
		 "The words previous and parent are written in small letters."},
		{"BASE TABLE | contact | OTHERWISE WHEN x > 1 | red OTHERWISE | red | green",
		 "A row has a tier behind a | for each column."},
		{"REVIEW monthly", "Write REVIEW daily or REVIEW weekly ON friday."},
	};
	char text[1000];
	pure_error error;

	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
	{
		snprintf(text, sizeof(text), "%s%s", SIMPLE, slips[i].text);
		EXPECT(policy_parse(text, strlen(text), &error) == NULL, "accepted: %s", slips[i].text);
		EXPECT(strcmp(error.hint, slips[i].hint) == 0, "%s\ngives: %s: %s", slips[i].text,
			   error.message, error.hint);
	}
}

/* The caret stands under the place: as many characters before it, whatever their bytes. */
static void
test_caret(void)
{
	const char *text = "POLICY p COUNT cases\nBASE đỏ\tWHEN cases IN 7 dayz >= 1 green OTHERWISE";
	pure_error error;

	EXPECT(policy_parse(text, strlen(text), &error) == NULL, "dayz");
	EXPECT(strcmp(error.detail,
				  "line 2, column 25:\nBASE đỏ\tWHEN cases IN 7 dayz >= 1 green OTHERWISE\n"
				  "       \t                ^") == 0,
		   "%s", error.detail);
	EXPECT(strcmp(error.hint,
				  "Write 7 days; or 5 working days, where DAYS working says which count.") == 0,
		   "%s", error.hint);
}

static void
test_limits(void)
{
	enum
	{
		SIZE = 65537
	};
	static const char *const repeated[] = {"(",			 "NOT ",
										   "- ",		 "NOT (",
										   "1 + (",		 "AT LEAST 1 OF (",
										   "x > 1 AND ", "x + ",
										   "x PER ",	 "x > 1 ON 2 days RUNNING ON "};
	char *text = pure_alloc0(SIZE + 100);
	pure_error error;

	memset(text, ' ', SIZE);
	EXPECT(policy_parse(text, SIZE, &error) == NULL && error.code == PURE_LIMIT, "65537 bytes");
	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++)
	{
		strcpy(text, "POLICY p NUMBER x BASE red WHEN ");
		for (char *end = text + strlen(text); end - text < 60000; end += strlen(repeated[i]))
			strcpy(end, repeated[i]);
		EXPECT(policy_parse(text, strlen(text), &error) == NULL, "a tower of %s", repeated[i]);
		EXPECT(error.code == PURE_LIMIT || i >= 6, "a tower of %s: %s", repeated[i], error.message);
	}

	/* A long flat list is no tower. */
	strcpy(text, "POLICY p NUMBER x BASE red WHEN x > 0");
	for (int i = 1; i < 2000; i++)
		sprintf(text + strlen(text), " OR x > %d", i);
	strcat(text, " green OTHERWISE");
	EXPECT(policy_parse(text, strlen(text), &error) != NULL, "2000 alternatives: %s",
		   error.message);

	/* Long tables, many cases, many steps, and days that run over everything. */
	strcpy(text, "POLICY p NUMBER x BASE TABLE | x > 0 | OTHERWISE");
	for (int i = 1; i < 1500; i++)
		sprintf(text + strlen(text), " WHEN x > %d | red | green", i);
	strcat(text, " OTHERWISE | red | green");
	for (int i = 1; i < 500; i++)
		sprintf(text + strlen(text), " RAISE 1 WHEN x > %d", i);
	EXPECT(policy_parse(text, strlen(text), &error) != NULL, "1500 rows: %s", error.message);
	strcpy(text, "POLICY p COUNT cases LET a0 = cases IN 7 days ");
	for (int i = 1; i < 300; i++)
		sprintf(text + strlen(text), "LET a%d = a%d + 1 ", i, i - 1);
	strcat(text, "BASE red WHEN a299 > 1 ON 100 days RUNNING green OTHERWISE");
	EXPECT(policy_parse(text, strlen(text), &error) == NULL && error.code == PURE_LIMIT,
		   "300 LETs on 100 days");
	strcpy(text + strlen(text) - strlen("100 days RUNNING green OTHERWISE"),
		   "10 days RUNNING green OTHERWISE");
	EXPECT(policy_parse(text, strlen(text), &error) != NULL, "300 LETs on 10 days: %s",
		   error.message);

	/* Every LET doubles the one before: worked out once each, and refused where it does not fit. */
	strcpy(text, "POLICY p COUNT cases LET a0 = cases IN 7 days ");
	for (int i = 1; i < 200; i++)
		sprintf(text + strlen(text), "LET a%d = a%d + a%d ", i, i - 1, i - 1);
	strcat(text, "BASE red WHEN a199 > 1 green OTHERWISE");
	{
		fixture *given = fixture_make();
		policy *rule = parse(text);

		fixture_count(given, "cases", 1, TODAY);
		expect_tier(rule, given, "a number in policy \"p\" is too large to be exact", "2 ^ 199");
		given = fixture_make();
		fixture_count(given, "cases", 0, TODAY);
		expect_tier(rule, given, "green", "0");
	}
	strcpy(text, "POLICY p TIERS t0 AS green");
	for (int i = 1; i <= 64; i++)
		sprintf(text + strlen(text), ", t%d AS green", i);
	strcat(text, " BASE t0 OTHERWISE");
	EXPECT(policy_parse(text, strlen(text), &error) == NULL && error.code == PURE_LIMIT,
		   "65 tiers");
}

static uint64_t seed = 20210823;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

/* What was accepted must also judge, explain and describe. */
static void
exercise(policy *rule)
{
	fixture *given = fixture_make();
	verdict result;
	pure_error error;
	int count;
	int32_t when;
	int tier;

	fixture_curve(given, "cases", add_households(epicurve_make(true), 2, TODAY - 2));
	fixture_count(given, "positives", 3, TODAY);
	fixture_count(given, "tests", (int64_t) pick(2) * 40, TODAY);
	fixture_population(given, 163);
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - (int32_t) pick(2);
	for (int lang = 0; lang < 2; lang++)
	{
		policy_describe(rule, (policy_lang) lang);
		policy_explain(rule, &given->view, TODAY, TODAY, (policy_lang) lang, &count, &error);
		if (policy_judge(rule, &given->view, TODAY, &result, &error))
			policy_reason(rule, &given->view, TODAY, &result, (policy_lang) lang);
	}
	policy_next_step_down(rule, &given->view, TODAY, TODAY, &when, &tier, &error);
}

static void
test_mutations(void)
{
	static const char bytes[] = "<>=()'#-,: \n09azAZ\0\xc3\xff";
	int shipped;
	const shipped_policy *all = policy_shipped(&shipped);
	pure_error error;
	int accepted = 0;

	for (int round = 0; round < 500; round++)
	{
		const char *original = all[pick((unsigned) shipped)].text;
		size_t length = strlen(original);
		char *text = pure_alloc(length + 1);
		int changes = 1 + (int) pick(3);
		policy *rule;

		memcpy(text, original, length + 1);
		for (int i = 0; i < changes; i++)
			switch (pick(3))
			{
				case 0:
					text[pick((unsigned) length)] = bytes[pick(sizeof(bytes) - 1)];
					break;
				case 1:
					length = pick(4) == 0 ? pick((unsigned) length) + 1 : length;
					break;
				default:
				{
					unsigned from = pick((unsigned) length);
					unsigned to = pick((unsigned) length);
					unsigned most = (unsigned) length - (from > to ? from : to);

					memmove(text + to, text + from, most < 20 ? most : 20);
				}
			}
		rule = policy_parse(text, length, &error);
		if (rule == NULL)
			EXPECT(error.code != PURE_OK && error.message[0] != '\0' && error.line > 0,
				   "an error says why");
		else
		{
			accepted++;
			if (accepted <= 40)
				exercise(rule);
		}
		free(text);
	}
	EXPECT(accepted > 20 && accepted < 450, "%d accepted: the mutations are too wild or too tame",
		   accepted);
}

int
main(void)
{
	test_errors();
	test_hints();
	test_caret();
	test_limits();
	test_mutations();
	return failures > 0;
}
