/*
 * The rules of meaning: zero, never and missing; unknown only if it matters; bounds read literally;
 * parameters; what is known of a policy without judging.
 */
#include "policy_fixture.h"

/* 19.99 is not 20: rates compare as whole numbers. */
static void
test_exact_bounds(void)
{
	const policy *rule =
		parse("POLICY p COUNT cases LET rate = cases IN 14 days PER week PER 100000 population "
			  "BASE WORST OF rate: green < 20 <= yellow <= 50 < red");
	static const struct
	{
		int64_t cases;
		int64_t population;
		const char *tier;
	} rows[] = {
		{3998, 10000000, "green"},
		{4000, 10000000, "yellow"},
		{1, 2500, "yellow"},
		{1, 2501, "green"},
		{1, 1000, "yellow"},
		{1, 999, "red"},
		{INT64_C(9000000000000000000), INT64_C(9000000000000000000), "red"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		fixture *given = fixture_make();

		fixture_count(given, "cases", rows[i].cases, TODAY - 13);
		fixture_population(given, rows[i].population);
		expect_tier(rule, given, rows[i].tier, "exact bound");
	}
}

static char *
set_one(const policy *rule, const char *name, const char *value, pure_error *error)
{
	return policy_set_parameters(rule, 1, &name, &value, error);
}

static void
test_parameters(void)
{
	static const char *const names[] = {"yellow", "orange", "red", "days"};
	static const char *const values[] = {"10", "20", "30", "365"};
	const policy *rule = parse(shipped_text("alert_counts"));
	fixture *given = fixture_make();
	pure_error error;
	char *text = policy_set_parameters(rule, 4, names, values, &error);

	fixture_count(given, "cases", 12, TODAY - 364);
	expect_tier(rule, given, "green", "as shipped");
	expect_tier(parse(text), given, "yellow", "12 cases in 365 days");
	EXPECT(strstr(text, "PARAMETER days   365 days BETWEEN") != NULL, "parameter in place:\n%s",
		   text);

	EXPECT(set_one(rule, "red", "0", &error) == NULL &&
			   error.code == PURE_INVALID_PARAMETER,
		   "red = 0 must be refused");
	EXPECT(set_one(rule, "days", "1.5", &error) == NULL, "half a day must be refused");
	EXPECT(set_one(rule, "days", "7 days", &error) == NULL, "only a number");
	EXPECT(set_one(rule, "window", "7", &error) == NULL &&
			   strstr(error.hint, "days, yellow, orange, red") != NULL,
		   "unknown parameter: %s", error.hint);
	text = set_one(rule, "red", "2", &error);
	EXPECT(policy_parse(text, strlen(text), &error) == NULL &&
			   strcmp(error.message, "parameters do not fit together: REQUIRE does not hold") == 0,
		   "red must stay above orange");
}

/* What is missing matters only if the tier hangs on it. */
static void
test_unknown(void)
{
	const policy *rule =
		parse("POLICY p COUNT cases YESNO contact KEEP 14 days IF MISSING unknown BASE "
			  "red WHEN cases IN 7 days >= 3 orange WHEN cases IN 7 days >= 1 AND contact "
			  "yellow WHEN cases IN 7 days >= 1 green OTHERWISE");
	fixture *given = fixture_make();
	verdict result;

	fixture_count(given, "cases", 2, TODAY);
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "unknown") == 0, "missing flag matters");
	EXPECT(result.missing != NULL && strcmp(result.missing, "contact") == 0, "names the flag");
	EXPECT(result.possible == 6 && result.rule == -1, "yellow or orange, not %llx",
		   (unsigned long long) result.possible);
	EXPECT(strcmp(judge_at(rule, given, TODAY + 7, &result), "green") == 0, "it no longer matters");

	fixture_yesno(given, "contact", false);
	expect_tier(rule, given, "yellow", "answered no");
	EXPECT(strcmp(judge_at(rule, given, TODAY + 6, &result), "yellow") == 0,
		   "an answer holds 14 days");
	EXPECT(strcmp(judge_at(rule, given, TODAY - 1, &result), "green") == 0,
		   "no cases the day before");

	/* One flag twice is one flag: both answers give yellow. */
	rule = parse("POLICY p YESNO a BASE yellow WHEN a orange WHEN NOT a AND a yellow WHEN NOT a "
				 "red OTHERWISE");
	expect_tier(rule, fixture_make(), "yellow", "yes or no, the same tier");

	rule = parse("POLICY p NUMBER cover IF MISSING unknown BASE yellow WHEN cover < 50 "
				 "yellow WHEN 50 <= cover < 70.5 green WHEN cover > 100 AND cover < 90 yellow WHEN "
				 "cover >= 70.5 "
				 "red OTHERWISE");
	expect_tier(rule, fixture_make(), "yellow", "all values give the same tier");

	rule = parse("POLICY p NUMBER cover KEEP 30 days IF MISSING 100 BASE red WHEN cover < 50 green "
				 "OTHERWISE");
	expect_tier(rule, fixture_make(), "green", "missing counts as 100");
	given = fixture_make();
	fixture_number(given, "cover", "49.9999");
	expect_tier(rule, given, "red", "given");
	EXPECT(strcmp(judge_at(rule, given, TODAY + 30, &result), "red") == 0, "kept 30 days");
	EXPECT(strcmp(judge_at(rule, given, TODAY + 31, &result), "green") == 0, "and no longer");
	EXPECT(strcmp(judge_at(rule, given, TODAY - 1, &result), "green") == 0,
		   "not known before its day");
}

static void
test_incomplete_reporting(void)
{
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	fixture *given = fixture_make();
	verdict result;

	fixture_curve(given, "cases", add_households(epicurve_make(true), 2, TODAY - 2));
	fixture_yesno(given, "contact", false);
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY;
	expect_tier(rule, given, "orange", "complete");
	given->view.complete_until = TODAY - 1;
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "unknown") == 0,
		   "a third household may come");
	EXPECT(result.possible == 0x18, "orange or worse, not %llx",
		   (unsigned long long) result.possible);
	EXPECT(strcmp(result.missing, "cases") == 0, "names the reports");

	given = fixture_make();
	fixture_curve(given, "cases", add_households(epicurve_make(true), 3, TODAY - 2));
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - 1;
	expect_tier(rule, given, "red", "nothing is worse");
}

static void
test_households_unknown(void)
{
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	fixture *given = fixture_make();
	verdict result;

	fixture_count(given, "cases", 5, TODAY);
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "unknown") == 0,
		   "five cases, households not known");
	EXPECT(strcmp(result.missing, "households") == 0, "names the households");
	EXPECT(result.has_cases && result.cases == 5 && !result.has_households_affected,
		   "numbers known");
	given = fixture_make();
	fixture_count(given, "cases", 0, TODAY);
	expect_tier(rule, given, "green", "no case, no household");
	given = fixture_make();
	fixture_item(given, "cases", PROFILE_MISSING);
	expect_tier(rule, given, "green", "no curve: no reports");
}

static void
test_wrong_profiles(void)
{
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	fixture *given = fixture_make();

	expect_tier(rule, given, "profile has no measure \"cases\"", "no measure");
	fixture_number(given, "cases", "3");
	expect_tier(rule, given, "\"cases\" is not an epicurve in the profile", "a number");
	given = fixture_make();
	fixture_count(given, "cases", 1, TODAY);
	fixture_number(given, "contact", "1");
	expect_tier(rule, given, "\"contact\" is not a yes or no in the profile", "contact = 1");
}

static void
test_populations(void)
{
	const policy *rule =
		parse("POLICY p COUNT cases LET rate = cases IN 7 days PER 100000 population "
			  "MINIMUM population 5000 BASE WORST OF rate: green < 20 <= red");
	static const int64_t populations[] = {0, 4999, 5000};
	static const char *const tiers[] = {"unknown", "unknown", "green"};
	fixture *given;
	verdict result;

	for (int i = 0; i < 3; i++)
	{
		given = fixture_make();
		fixture_count(given, "cases", 0, TODAY);
		fixture_population(given, populations[i]);
		EXPECT(strcmp(judge_at(rule, given, TODAY, &result), tiers[i]) == 0, "population %lld",
			   (long long) populations[i]);
		EXPECT(i == 2 || strcmp(result.missing, "population") == 0, "names the population");
	}
	rule = parse("POLICY p COUNT a, b LET r = a IN 7 days / b IN 7 days IF MISSING 5 BASE WORST OF "
				 "r: green < 1 <= red");
	given = fixture_make();
	fixture_count(given, "a", 0, TODAY);
	fixture_count(given, "b", 0, TODAY);
	expect_tier(rule, given, "red", "0 / 0 counts as 5");
}

static void
test_metrics(void)
{
	const policy *rule =
		parse("POLICY p NUMBER x, y IF MISSING skip NUMBER z IF MISSING unknown BASE WORST OF "
			  "x: green < 1 <= yellow < 2 <= red  y: green < 1 <= yellow < 2 <= red  "
			  "z: green < 1 <= yellow");
	fixture *given = fixture_make();
	verdict result;

	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "unknown") == 0 && result.possible == 3 &&
			   strcmp(result.missing, "z") == 0,
		   "only z is left, and it is not known");
	fixture_number(given, "x", "1.5");
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "yellow") == 0 && result.rule == 0,
		   "z cannot be worse than yellow");
	fixture_number(given, "y", "2");
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "red") == 0 && result.rule == 1,
		   "y decides");
}

/* A ratio over zero is missing however deep it stands; one whose denominator may still come may be
 * there. */
static void
test_ratios(void)
{
	const policy *rule = parse("POLICY p COUNT a, b NUMBER x "
							   "LET share = 100 * (a IN 7 days / b IN 7 days) IF MISSING skip "
							   "BASE WORST OF share: green < 50 <= red  x: green < 1 <= yellow");
	fixture *given = fixture_make();
	verdict result;

	fixture_count(given, "a", 0, TODAY);
	fixture_count(given, "b", 0, TODAY);
	fixture_number(given, "x", "2");
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "yellow") == 0 && result.rule == 1,
		   "0 / 0 is left out");
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - 1;
	EXPECT(strcmp(judge_at(rule, given, TODAY, &result), "unknown") == 0 && result.possible == 6,
		   "yellow if nothing comes, red if it does, never green: %llx",
		   (unsigned long long) result.possible);
}

static void
test_never(void)
{
	const policy *rule =
		parse("POLICY p COUNT cases BASE green WHEN days since cases = never "
			  "near_green WHEN days since cases > 100000 yellow WHEN 3 <= days since cases < 5 "
			  "red OTHERWISE");
	fixture *given = fixture_make();

	fixture_count(given, "cases", 0, TODAY);
	expect_tier(rule, given, "green", "never");
	given = fixture_make();
	fixture_count(given, "cases", 1, TODAY - 100001);
	expect_tier(rule, given, "near_green", "long ago");
	given = fixture_make();
	fixture_count(given, "cases", 1, TODAY - 3);
	expect_tier(rule, given, "yellow", "3 days ago");
}

/* The sketches of the language that need no later stage. */
static void
test_sketches(void)
{
	const policy *rule = parse("POLICY us_ca REVIEW weekly ON tuesday\n"
							   "TIERS  yellow AS green 'minimal', orange AS yellow 'moderate', red "
							   "AS orange 'substantial',\n"
							   "       purple AS red 'widespread', grey AS none 'no data'\n"
							   "COUNT cases NUMBER pos IF MISSING skip\n"
							   "LET daily = cases IN 7 days PER day PER 100000 population\n"
							   "BASE WORST OF\n"
							   "  daily: yellow < 1 <= orange < 4 <= red <= 7 < purple\n"
							   "  pos:   yellow < 2 <= orange < 5 <= red <= 8 < purple");
	static const struct
	{
		int cases; /* in 7 days among 1,000,000: 70 is 1 a day per 100,000 */
		const char *positivity;
		const char *tier;
	} rows[] = {{490, "8.0", "red"},	{497, "4", "purple"},	{273, "5", "red"},
				{69, "1.99", "yellow"}, {70, "1.99", "orange"}, {280, "0", "red"},
				{279, "8.01", "purple"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		fixture *given = fixture_make();

		fixture_count(given, "cases", rows[i].cases, TODAY);
		fixture_number(given, "pos", rows[i].positivity);
		fixture_population(given, 1000000);
		expect_tier(rule, given, rows[i].tier, rows[i].positivity);
	}
	EXPECT(policy_get_facts(rule)->tiers[4].rung == -1, "grey is outside the order");

	rule =
		parse("POLICY size COUNT cases BASE red WHEN population < 10000 AND cases IN 14 days > 25 "
			  "yellow WHEN 10 <= cases IN 14 days <= 25 green OTHERWISE");
	{
		fixture *given = fixture_make();

		fixture_count(given, "cases", 26, TODAY);
		expect_tier(rule, given, "unknown", "26 cases, population not known");
		fixture_population(given, 9999);
		expect_tier(rule, given, "red", "26 cases among 9,999");
		fixture_population(given, 10000);
		expect_tier(rule, given, "green", "26 cases among 10,000");
	}
}

static void
test_series(void)
{
	const policy *rule = parse("POLICY p YESNO contact KEEP 14 days IF MISSING unknown "
							   "BASE red WHEN contact green OTHERWISE");
	static const struct
	{
		int32_t day;
		const char *tier;
	} rows[] = {{TODAY - 21, "unknown"}, {TODAY - 20, "red"},  {TODAY - 11, "red"},
				{TODAY - 10, "green"},	 {TODAY + 4, "green"}, {TODAY + 5, "unknown"}};
	fixture *given = fixture_make();
	value_entry yes = {.day = TODAY - 20, .known = true, .yesno = true};
	value_entry no = {.day = TODAY - 10, .known = true, .yesno = false};
	pure_error error;
	value_series *series = value_series_make(VALUE_YESNO, 2);
	verdict result;

	series = value_series_add(value_series_add(series, &yes, &error), &no, &error);
	fixture_item(given, "contact", PROFILE_SERIES)->value.series = value_series_pack(series);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EXPECT(strcmp(judge_at(rule, given, rows[i].day, &result), rows[i].tier) == 0,
			   "day %d: %s, not %s", rows[i].day - TODAY,
			   judge_at(rule, given, rows[i].day, &result), rows[i].tier);
}

static void
test_facts(void)
{
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	const policy_facts *facts = policy_get_facts(rule);
	fixture *given = fixture_make();
	verdict result;

	EXPECT(facts->tier_count == 5 && facts->tiers[1].rung == 1, "five tiers");
	EXPECT(strcmp(facts->tiers[4].label[POLICY_VI], "vùng đỏ – nguy cơ rất cao") == 0, "labels");
	EXPECT(strcmp(facts->tiers[4].color, "#d7191c") == 0, "colours");
	EXPECT(facts->input_count == 2 && facts->inputs[0].look_back == 15 &&
			   facts->inputs[0].needs_households,
		   "cases: days 0 to 14 and households");
	EXPECT(facts->inputs[1].keep == 14 && strcmp(facts->inputs[1].if_missing, "yes") == 0,
		   "contact");
	EXPECT(facts->look_back == 15 && facts->valid_from == 7905 && !facts->has_valid_to, "validity");

	fixture_curve(given, "cases", add_households(epicurve_make(true), 2, TODAY - 6));
	fixture_population(given, 200);
	judge_at(rule, given, TODAY, &result);
	EXPECT(result.cases == 2 && result.households_affected == 2 && result.rate_100k == 1000.0 &&
			   result.days_since_last == 6 && result.window_start == TODAY - 6 &&
			   result.window_end == TODAY,
		   "the numbers beside the tier");
	judge_at(rule, given, 7904, &result);
	EXPECT(result.outside_validity, "the day before it is valid");

	rule = parse("POLICY p REVIEW weekly ON friday COUNT cases BASE green OTHERWISE");
	EXPECT(policy_review_day(rule, 6) == 6 && policy_review_day(rule, 5) == -1 &&
			   policy_review_day(rule, 12) == 6,
		   "2000-01-07 was a Friday");
	EXPECT(policy_review_day(rule, INT32_MIN) <= INT32_MIN + 6, "no overflow");
}

int
main(void)
{
	test_exact_bounds();
	test_parameters();
	test_unknown();
	test_incomplete_reporting();
	test_households_unknown();
	test_wrong_profiles();
	test_populations();
	test_metrics();
	test_ratios();
	test_never();
	test_sketches();
	test_series();
	test_facts();
	return failures > 0;
}
