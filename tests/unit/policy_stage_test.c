/*
 * The stages of a verdict: tables, cases, k of n, what raises, lowers and limits a tier; and the
 * numbers that look at earlier days, each held against the obvious way.
 */
#include "policy_fixture.h"

static uint64_t seed = 4800;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

static fixture *
numbers(const char *const *names, const char *const *values, int count)
{
	fixture *given = fixture_make();

	for (int i = 0; i < count; i++)
		if (values[i] != NULL)
			fixture_number(given, names[i], values[i]);
	return given;
}

static void
expect_xy(const policy *rule, const char *x, const char *y, const char *tier)
{
	static const char *const names[] = {"x", "y"};
	const char *const values[] = {x, y};
	char what[60];

	snprintf(what, sizeof(what), "x = %s, y = %s", x != NULL ? x : "?", y != NULL ? y : "?");
	expect_tier(rule, numbers(names, values, 2), tier, what);
}

static void
test_table(void)
{
	const policy *rule = parse("POLICY p NUMBER x, y BASE TABLE\n"
							   "                | y >= 70 | OTHERWISE CONFIDENCE memory\n"
							   "  WHEN x < 20   | green   | green\n"
							   "  WHEN x < 50   | yellow  | orange\n"
							   "  OTHERWISE     | orange  | red");

	expect_xy(rule, "19.99", "69", "green");
	expect_xy(rule, "20", "70", "yellow");
	expect_xy(rule, "20", "69.99", "orange");
	expect_xy(rule, "50", "70", "orange");
	expect_xy(rule, "50", "0", "red");
	expect_xy(rule, "10", NULL, "green"); /* both columns */
	expect_xy(rule, "50", NULL, "unknown");
	expect_xy(rule, NULL, "70", "unknown");
}

static void
test_cases(void)
{
	const policy *rule = parse("POLICY p TIERS grey AS none, green, yellow, red NUMBER x, y BASE\n"
							   "CASE population < 10000\n"
							   "  grey WHEN x <= 10 yellow OTHERWISE\n"
							   "CASE population <= 50000\n"
							   "  WORST OF x: green < 10 <= yellow y: green < 5 <= red\n"
							   "ELSE TABLE | y > 5 | OTHERWISE\n"
							   "  OTHERWISE | red | green");
	static const struct
	{
		int64_t population;
		const char *x;
		const char *y;
		const char *tier;
	} rows[] = {
		{9999, "10", "9", "grey"},	  {9999, "11", "9", "yellow"},	{10000, "9", "4", "green"},
		{10000, "10", "4", "yellow"}, {50000, "10", "5", "red"},	{50001, "99", "5", "green"},
		{50001, NULL, "5.1", "red"},  {-1, "9", "4", "unknown"},	{-1, "11", "4.5", "unknown"},
		{-1, "11", "9", "unknown"},	  {9999, NULL, "0", "unknown"}, {50000, NULL, "5", "red"},
		{10000, "3", NULL, "unknown"}};
	verdict result;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		const char *const names[] = {"x", "y"};
		const char *const values[] = {rows[i].x, rows[i].y};
		fixture *given = numbers(names, values, 2);
		char what[60];

		if (rows[i].population >= 0)
			fixture_population(given, rows[i].population);
		snprintf(what, sizeof(what), "case, row %zu", i + 1);
		expect_tier(rule, given, rows[i].tier, what);
		if (i == 7) /* few people: grey; more: green by two metrics; most: green */
		{
			judge_at(rule, given, TODAY, &result);
			EXPECT(result.possible == 3 && strcmp(result.missing, "population") == 0,
				   "grey or green, for want of the population");
		}
	}
}

/* Of the conditions that are there: one that is skipped is neither for nor against. */
static void
test_at_least(void)
{
	const policy *rule = parse("POLICY p NUMBER x IF MISSING skip NUMBER y IF MISSING unknown "
							   "YESNO a BASE red WHEN AT LEAST 2 OF (x > 1, y > 1, a) "
							   "green OTHERWISE");
	static const struct
	{
		const char *x;
		const char *y;
		char a;
		const char *tier;
	} rows[] = {{"2", "2", 'n', "red"},	   {"2", "1", 'y', "red"},		{"1", "2", 'n', "green"},
				{NULL, "2", 'y', "red"},   {NULL, "2", 'n', "green"},	{"2", NULL, 'y', "red"},
				{"1", NULL, 'n', "green"}, {"2", NULL, 'n', "unknown"}, {NULL, NULL, 'n', "green"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		const char *const names[] = {"x", "y"};
		const char *const values[] = {rows[i].x, rows[i].y};
		fixture *given = numbers(names, values, 2);
		char what[60];

		fixture_yesno(given, "a", rows[i].a == 'y');
		snprintf(what, sizeof(what), "at least, row %zu", i + 1);
		expect_tier(rule, given, rows[i].tier, what);
	}
	rule = parse("POLICY p NUMBER x, y IF MISSING skip BASE "
				 "red WHEN AT LEAST 1 OF (x > 1, y > 1) green OTHERWISE");
	expect_xy(rule, NULL, NULL, "unknown");
	expect_xy(rule, NULL, "1", "green");
}

static void
test_steps(void)
{
	static const char *const base =
		"POLICY p TIERS green, grey AS none, yellow, orange, red NUMBER x, y BASE "
		"red WHEN x >= 4 orange WHEN x >= 3 yellow WHEN x >= 2 grey WHEN x >= 1 green OTHERWISE ";
	static const struct
	{
		const char *steps;
		const char *tiers[5]; /* for x = 0 .. 4, y = 1 */
	} rows[] = {
		{"", {"green", "grey", "yellow", "orange", "red"}},
		{"RAISE 1 WHEN y > 0", {"yellow", "grey", "orange", "red", "red"}},
		{"RAISE 1 WHEN y > 1", {"green", "grey", "yellow", "orange", "red"}},
		{"RAISE 2 WHEN y > 0 UNLESS x = 0", {"green", "grey", "red", "red", "red"}},
		{"RAISE 2 NOT ABOVE orange WHEN y > 0", {"orange", "grey", "orange", "orange", "red"}},
		{"LOWER 1 WHEN y > 0", {"green", "grey", "green", "yellow", "orange"}},
		{"LOWER 2 NOT BELOW yellow WHEN y > 0", {"green", "grey", "yellow", "yellow", "yellow"}},
		{"NOT BELOW yellow", {"yellow", "grey", "yellow", "orange", "red"}},
		{"NOT ABOVE yellow UNLESS y > 1", {"green", "grey", "yellow", "yellow", "yellow"}},
		{"RAISE 1 WHEN y = 1 NOT ABOVE orange WHEN x > 2",
		 {"yellow", "grey", "orange", "orange", "orange"}},
		{"NOT BELOW red WHEN x = 0 LOWER 1 WHEN y = 1",
		 {"orange", "grey", "green", "yellow", "orange"}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		char text[600];
		const policy *rule;

		snprintf(text, sizeof(text), "%s%s", base, rows[i].steps);
		rule = parse(text);
		for (int x = 0; x < 5; x++)
		{
			char number[] = {(char) ('0' + x), '\0'};

			expect_xy(rule, number, "1", rows[i].tiers[x]);
		}
	}
	/* What is missing matters only where it changes the tier. */
	{
		char text[600];

		snprintf(text, sizeof(text), "%sRAISE 1 WHEN y > 0 UNLESS x = 3", base);
		expect_xy(parse(text), "4", NULL, "red");
		expect_xy(parse(text), "3", NULL, "orange");
		expect_xy(parse(text), "2", NULL, "unknown");
	}
}

/* Growth against the days before, and no growth from next to nothing. */
static void
test_growth(void)
{
	const policy *rule =
		parse("POLICY p COUNT cases "
			  "LET growth = 100 * cases IN 14 days / cases IN 14 days LAG 14 days "
			  "- 100 UNLESS cases IN 14 days LAG 14 days < 5 IF MISSING unknown "
			  "BASE red WHEN growth > 200 yellow WHEN growth >= 0 green OTHERWISE");
	static const struct
	{
		int before;
		int now;
		const char *tier;
	} rows[] = {{10, 9, "green"}, {10, 10, "yellow"}, {10, 30, "yellow"}, {10, 31, "red"},
				{5, 16, "red"},	  {4, 16, "unknown"}, {0, 16, "unknown"}, {0, 0, "unknown"}};
	pure_error error;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		fixture *given = fixture_make();
		epicurve *curve = epicurve_make(false);
		char what[60];

		curve = epicurve_add(curve, TODAY - 28, 1000, NULL, &error);
		if (rows[i].before > 0)
			curve =
				epicurve_add(curve, TODAY - (i % 2 == 0 ? 14 : 27), rows[i].before, NULL, &error);
		if (rows[i].now > 0)
			curve = epicurve_add(curve, TODAY - (i % 2 == 0 ? 13 : 0), rows[i].now, NULL, &error);
		fixture_curve(given, "cases", curve);
		snprintf(what, sizeof(what), "%d, then %d", rows[i].before, rows[i].now);
		expect_tier(rule, given, rows[i].tier, what);
	}
	EXPECT(policy_get_facts(rule)->look_back == 28, "growth looks back 28 days, not %d",
		   policy_get_facts(rule)->look_back);
}

static epicurve *
random_curve(int days)
{
	epicurve *curve = epicurve_make(false);
	pure_error error;

	for (int day = 0; day < days; day++)
		if (pick(3) == 0)
			curve = epicurve_add(curve, TODAY - day, 1 + (int64_t) pick(4), NULL, &error);
	if (pick(2) == 0) /* taken back, and more than there was */
		curve = epicurve_add(curve, TODAY - (int32_t) pick(30), -5, NULL, &error);
	return epicurve_pack(curve, &error);
}

static int64_t
count_on(const epicurve *curve, int32_t last, int32_t days)
{
	return epicurve_count_between(curve, last - days + 1, last);
}

static const char *
tier_of_curve(const char *text, const epicurve *curve)
{
	fixture *given = fixture_make();

	fixture_item(given, "cases", PROFILE_CURVE)->value.curve = curve;
	return judge(parse(text), given);
}

/* A peak is the largest of the windows, a run is so many days one by one. */
static void
test_earlier_days(void)
{
	for (int round = 0; round < 200; round++)
	{
		epicurve *curve = random_curve(40);
		int window = 1 + (int) pick(9);
		int within = 1 + (int) pick(30);
		int step = pick(2) == 0 ? 1 : 7;
		int run = 1 + (int) pick(4);
		int more = (int) pick(5);
		int64_t so_far = 0;
		int64_t peak = INT64_MIN;
		bool runs = true;
		char text[400];

		for (int ago = 0; ago < 90; ago++)
		{
			int64_t n = count_on(curve, TODAY - ago, window);

			so_far = n > so_far ? n : so_far;
			if (ago < within)
				peak = n > peak ? n : peak;
			if (ago % step == 0 && ago / step < run)
				runs &= n > more;
		}
		snprintf(text, sizeof(text),
				 "POLICY p COUNT cases BASE red WHEN PEAK cases IN %d days = %lld AND "
				 "PEAK cases IN %d days WITHIN %d days - %lld = 0 green OTHERWISE",
				 window, (long long) so_far, window, within, (long long) peak);
		EXPECT(strcmp(tier_of_curve(text, curve), "red") == 0,
			   "round %d: peaks %lld and %lld of %s", round, (long long) so_far, (long long) peak,
			   text);
		snprintf(text, sizeof(text),
				 "POLICY p COUNT cases LET n = cases IN %d days BASE "
				 "red WHEN n > %d ON %d %s RUNNING green OTHERWISE",
				 window, more, run, step == 1 ? "days" : "weeks");
		EXPECT(strcmp(tier_of_curve(text, curve), runs ? "red" : "green") == 0, "round %d: %s",
			   round, text);
		snprintf(text, sizeof(text),
				 "POLICY p COUNT cases BASE red WHEN ALL cases = %lld green OTHERWISE",
				 (long long) epicurve_total(curve));
		EXPECT(strcmp(tier_of_curve(text, curve), "red") == 0, "round %d: %s", round, text);
	}
}

static void
expect_look_back(const char *condition, int32_t days)
{
	char text[300];

	snprintf(text, sizeof(text), "POLICY p COUNT cases BASE red WHEN %s green OTHERWISE",
			 condition);
	EXPECT(policy_get_facts(parse(text))->look_back == days, "%s looks back %d, not %d", condition,
		   policy_get_facts(parse(text))->look_back, days);
}

static void
test_look_back(void)
{
	expect_look_back("cases IN 7 days > 1", 7);
	expect_look_back("cases IN 7 days LAG 7 days > 1", 14);
	expect_look_back("cases IN 7 days > 1 ON 3 days RUNNING", 9);
	expect_look_back("cases IN 7 days > 1 ON 3 weeks RUNNING", 21);
	expect_look_back("days since cases <= 14 ON 3 days RUNNING", 17);
	expect_look_back("PEAK cases IN 7 days WITHIN 28 days > 3", 34);
	expect_look_back("PEAK cases IN 7 days > 3", INT32_MAX);
	expect_look_back("ALL cases > 3", INT32_MAX);
}

/* Days not yet reported count as more or as nothing; a day that nobody set is missing. */
static void
test_missing_days(void)
{
	const policy *rule = parse("POLICY p COUNT cases NUMBER x BASE "
							   "red WHEN cases IN 1 day >= 1 ON 2 days RUNNING "
							   "yellow WHEN x > 1 ON 2 days RUNNING green OTHERWISE");
	fixture *given = fixture_make();
	verdict result;

	fixture_count(given, "cases", 1, TODAY - 1);
	fixture_number(given, "x", "1");
	expect_tier(rule, given, "green", "one day of two, and the number too low on one");
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - 1;
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "unknown") == 0 && result.possible == 5,
		   "a case today may still be reported: %llx", (unsigned long long) result.possible);
	EXPECT(strcmp(judge_at(rule, given, TODAY - 1, &result), "unknown") == 0,
		   "a bare number is not of the day before");
}

static void
test_households(void)
{
	const policy *rule = parse("POLICY p COUNT cases MINIMUM households 20 "
							   "LET share = households WITH cases IN 7 days PER 100 households "
							   "BASE WORST OF share: green < 5 <= red");
	fixture *given = fixture_make();

	fixture_curve(given, "cases", add_households(epicurve_make(true), 2, TODAY));
	given->view.has_households = true;
	given->view.households = 41;
	expect_tier(rule, given, "green", "2 of 41");
	given->view.households = 40;
	expect_tier(rule, given, "red", "2 of 40");
	given->view.households = 19;
	expect_tier(rule, given, "unknown", "under the floor");
	given->view.has_households = false;
	expect_tier(rule, given, "unknown", "not known how many");
}

/* What is missing may be asked for before anything else. */
static void
test_missing_first(void)
{
	const policy *rule = parse("POLICY p TIERS grey AS none, green, red NUMBER x KEEP 7 days "
							   "NUMBER y IF MISSING 5 LET half = x / y BASE "
							   "grey WHEN MISSING x OR MISSING half OR MISSING population "
							   "red WHEN half > 1 green OTHERWISE");
	fixture *given = fixture_make();
	verdict result;

	fixture_number(given, "x", "6");
	expect_tier(rule, given, "grey", "no population");
	fixture_population(given, 0);
	expect_tier(rule, given, "red", "y counts as 5");
	EXPECT(strcmp(judge_at(rule, given, TODAY + 8, &result), "grey") == 0, "x is too old");
	fixture_number(given, "y", "0");
	expect_tier(rule, given, "grey", "half of nothing");
}

int
main(void)
{
	test_table();
	test_cases();
	test_at_least();
	test_steps();
	test_growth();
	test_earlier_days();
	test_look_back();
	test_missing_days();
	test_households();
	test_missing_first();
	return failures > 0;
}
