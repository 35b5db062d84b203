/*
 * Silence is not green, against the obvious way: within the limit a zone is as bad as on the worst
 * of the days since it reported, and never milder than on that day; beyond it the tier is known
 * only where every completion of the days that nobody reported agrees.
 */
#include "policy_fixture.h"

#define MOST_CASES 3 /* the policies below ask for no more */
#define DAYS 14

static uint64_t seed = 4800;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

typedef struct world
{
	int cases[DAYS]; /* cases[i] on TODAY - i */
	int reported_until;
	int silence_limit;
	bool contact;
} world;

static void
add_atom(char *text, bool only_one)
{
	static const char *const ops[] = {"<", "<=", "=", ">=", ">"};

	switch (only_one ? 0 : pick(4))
	{
		case 0:
			sprintf(text + strlen(text), "cases IN 4 days %s %u", ops[pick(5)],
					pick(MOST_CASES) + 1);
			break;
		case 1:
			sprintf(text + strlen(text), "cases IN 2 days %s %u", ops[pick(5)],
					pick(MOST_CASES) + 1);
			break;
		case 2:
			sprintf(text + strlen(text), "days since cases %s %u", ops[pick(5)], pick(8));
			break;
		default:
			strcat(text, pick(2) == 0 ? "contact" : "NOT contact");
	}
}

static policy *
random_policy(bool only_one)
{
	static const char *const tiers[] = {"green", "yellow", "orange", "red"};
	char text[2000] = "POLICY p TIERS green, yellow, orange, red COUNT cases YESNO contact BASE ";
	pure_error error;

	for (int i = 0; i < 3; i++)
	{
		sprintf(text + strlen(text), "\n%s WHEN ", tiers[pick(4)]);
		add_atom(text, only_one);
		strcat(text, pick(2) == 0 ? " AND " : " OR ");
		add_atom(text, only_one);
	}
	sprintf(text + strlen(text), "\n%s OTHERWISE", tiers[pick(4)]);
	return policy_parse(text, strlen(text), &error);
}

static fixture *
make_profile(const world *now, int as_of)
{
	fixture *given = fixture_make();
	epicurve *curve = epicurve_make(false);
	pure_error error;

	for (int i = DAYS - 1; i >= 0; i--)
		if (now->cases[i] > 0)
			curve = epicurve_add(curve, TODAY - i, now->cases[i], NULL, &error);
	fixture_curve(given, "cases", curve);
	fixture_yesno(given, "contact", now->contact);
	given->view.as_of = as_of;
	return given;
}

/* The tier on a day, every day reported. */
static int
plain_tier(const policy *rule, const world *now, int day)
{
	fixture *given = make_profile(now, day);
	verdict result;
	pure_error error;

	if (!policy_judge(rule, &given->view, day, &result, &error) || result.tier < 0)
		abort();
	free(given);
	return result.tier;
}

static uint64_t
every_completion(const policy *rule, world now, int day)
{
	uint64_t found = 0;
	int known;

	if (day <= now.reported_until)
		return UINT64_C(1) << plain_tier(rule, &now, TODAY);
	known = now.cases[TODAY - day];
	for (int more = 0; more <= MOST_CASES + 1; more++)
	{
		now.cases[TODAY - day] = known + more;
		found |= every_completion(rule, now, day - 1);
	}
	return found;
}

static int
worst_since(const policy *rule, const world *now)
{
	int worst = plain_tier(rule, now, TODAY);

	for (int day = now->reported_until; day < TODAY; day++)
		if (plain_tier(rule, now, day) > worst)
			worst = plain_tier(rule, now, day);
	return worst;
}

static void
try_random(void)
{
	int held = 0;
	int certain = 0;
	int open = 0;

	for (int round = 0; round < 600; round++)
	{
		bool only_one = round % 2 == 0;
		policy *rule = random_policy(only_one);
		static const int limits[] = {0, 1, 3, 7};
		world now = {.reported_until = TODAY - (int) pick(4),
					 .silence_limit = limits[pick(4)],
					 .contact = pick(2) == 0};
		fixture *given;
		verdict result;
		pure_error error;

		if (rule == NULL)
			continue;
		for (int i = 0; i < DAYS; i++)
			now.cases[i] = pick(3) == 0 ? (int) pick(3) : 0;
		given = make_profile(&now, TODAY);
		given->view.has_reported_until = true;
		given->view.reported_until = now.reported_until;
		given->view.silence_limit = now.silence_limit;
		if (!policy_judge(rule, &given->view, TODAY, &result, &error))
			abort();
		free(given);

		if (TODAY - now.reported_until <= now.silence_limit || now.reported_until == TODAY)
		{
			EXPECT(result.tier == worst_since(rule, &now), "round %d: %d, not %d", round,
				   result.tier, worst_since(rule, &now));
			EXPECT(result.tier >= plain_tier(rule, &now, now.reported_until),
				   "round %d: it improved", round);
			EXPECT(result.held == (result.tier != plain_tier(rule, &now, TODAY)), "round %d: held",
				   round);
			EXPECT(!result.held || plain_tier(rule, &now, result.held_day) == result.tier,
				   "round %d: another day decided", round);
			held += result.held;
		}
		else
		{
			uint64_t wanted = every_completion(rule, now, TODAY);

			EXPECT((wanted & ~result.possible) == 0, "round %d: a completion is left out", round);
			EXPECT(!only_one || wanted == result.possible, "round %d: possible %llx, not %llx",
				   round, (unsigned long long) result.possible, (unsigned long long) wanted);
			EXPECT(result.tier < 0 || wanted == UINT64_C(1) << result.tier,
				   "round %d: known too soon", round);
			EXPECT(!result.held, "round %d: held beyond the limit", round);
			certain += result.tier >= 0;
			open += result.tier < 0;
		}
	}
	EXPECT(held > 20 && certain > 20 && open > 20,
		   "%d held, %d certain, %d open: nothing was tested", held, certain, open);
}

/* Three cases ten days ago, none since; the window is a week. */
static fixture *
quiet_zone(const char *measure, int32_t reported_until, int64_t silence_limit)
{
	fixture *given = fixture_make();

	fixture_count(given, measure, 3, TODAY - 7);
	given->view.has_reported_until = true;
	given->view.reported_until = reported_until;
	given->view.silence_limit = silence_limit;
	return given;
}

static void
expect_reason(const policy *rule, const fixture *given, policy_lang lang, const char *wanted)
{
	verdict result;
	char *reason;

	judge_at(rule, given, TODAY, &result);
	reason = policy_reason(rule, &given->view, TODAY, &result, lang);
	EXPECT(strcmp(reason, wanted) == 0, "%s", reason);
}

static void
try_words(void)
{
	policy *rule =
		parse("POLICY p TIERS green, red COUNT cases vi 'ca' BASE red WHEN cases IN 7 days >= 3 "
			  "green OTHERWISE");
	fixture *given = quiet_zone("cases", TODAY - 1, 1);
	policy_line *lines;
	pure_error error;
	int count;
	int32_t when;
	int tier;

	expect_tier(rule, given, "red", "held by yesterday");
	expect_reason(rule, given, POLICY_EN,
				  "reports are complete only until 2021-09-06, so the tier of 2021-09-06 stands: "
				  "3 cases within 7 days (2021-08-31 to 2021-09-06)");
	expect_reason(rule, given, POLICY_VI,
				  "báo cáo chỉ đầy đủ đến hết ngày 2021-09-06, giữ nguyên mức của ngày 2021-09-06: "
				  "3 ca trong 7 ngày (2021-08-31 đến 2021-09-06)");
	lines = policy_explain(rule, &given->view, TODAY, TODAY, POLICY_EN, &count, &error);
	EXPECT(count == 2 && lines[0].holds == 0 && lines[1].holds == 1 && !lines[0].decided &&
			   !lines[1].decided,
		   "no line of today decided");
	EXPECT(policy_next_step_down(rule, &given->view, TODAY, TODAY, &when, &tier, &error) &&
			   when == TODAY + 1 && tier == 0,
		   "it may step down on the day after");

	given->view.silence_limit = 0;
	expect_tier(rule, given, "unknown", "beyond the limit");
	expect_reason(
		rule, given, POLICY_EN,
		"unknown: reports of cases are complete only until 2021-09-06; what is left: any tier");
	/* red at least is red */
	expect_tier(rule, quiet_zone("cases", TODAY - 7, 0), "unknown", "all of the window is silent");
	given = fixture_make();
	fixture_count(given, "cases", 3, TODAY - 6);
	given->view.has_reported_until = true;
	given->view.reported_until = TODAY - 5;
	expect_tier(rule, given, "red", "red cannot get milder");

	/* what is complete until the day or longer, and what never said anything, is as it is */
	expect_tier(rule, quiet_zone("cases", TODAY, 0), "green", "reported until today");
	expect_tier(rule, quiet_zone("cases", TODAY + 5, 0), "green", "reported beyond today");

	/* doubt for another reason is not excused */
	given = fixture_make();
	fixture_count(given, "cases", 2, TODAY - 3);
	given->view.has_reported_until = true;
	given->view.reported_until = TODAY - 1;
	given->view.silence_limit = 7;
	expect_tier(rule, given, "green", "two cases");
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - 2;
	expect_tier(rule, given, "unknown", "doubt since a boundary moved");
	given = quiet_zone("cases", TODAY - 1, 7);
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - 1;
	expect_tier(rule, given, "red", "doubt about today, and yesterday's tier");
}

/* Between reviews the verdict of the last one stands; silence is counted to the day that is shown.
 */
static void
try_reviews(void)
{
	policy *rule = parse("POLICY p REVIEW weekly ON friday TIERS green, red COUNT cases "
						 "BASE red WHEN cases IN 7 days >= 3 green OTHERWISE");
	int32_t friday = policy_review_day(rule, TODAY); /* 2021-09-03, and TODAY is a Tuesday */
	fixture *given = quiet_zone("cases", friday - 1, 7);
	verdict result;

	EXPECT(friday == TODAY - 4, "the last friday");
	given->items[0].value.curve = NULL;
	given->view.count = 0;
	fixture_count(given, "cases", 3, friday - 7);
	EXPECT(strcmp(judge_at(rule, given, friday, &result), "red") == 0 &&
			   result.held_day == friday - 1,
		   "the friday before was red, and the day before the review still showed it");
	given->view.silence_limit = 4;
	EXPECT(strcmp(judge_at(rule, given, friday, &result), "unknown") == 0,
		   "five days of silence on a tuesday");
	given->view.reported_until = friday;
	EXPECT(strcmp(judge_at(rule, given, friday, &result), "green") == 0,
		   "the review's day was reported");
}

int
main(void)
{
	try_random();
	try_words();
	try_reviews();
	return failures > 0;
}
