/*
 * Working days: windows, lags and runs that count them, against the obvious way, day by day with a
 * list of the holidays; and that a policy reads no further back than it says.
 */
#include "policy_fixture.h"

#define DAYS 300 /* up to TODAY */
#define FIRST (TODAY - DAYS + 1)

static uint64_t seed = 28;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

typedef struct world
{
	int cases[DAYS];
	bool holiday[DAYS];
	bool week[7]; /* the days of the week that count, monday first */
} world;

static bool
works(const world *now, int day)
{
	return now->week[(FIRST + day + 5) % 7] && !now->holiday[day];
}

/* The count-th last working day, `day` itself being one of them if it is one; -1 before the first
 * day. */
static int
last_working(const world *now, int day, int count)
{
	while (day >= 0 && (!works(now, day) || --count > 0))
		day--;
	return day;
}

static int
cases_between(const world *now, int first, int last)
{
	int n = 0;

	for (int day = first < 0 ? 0 : first; day <= last; day++)
		n += now->cases[day];
	return n;
}

static fixture *
fixture_of(const world *now, int first)
{
	fixture *given = fixture_make();
	epicurve *curve = epicurve_make(false);
	value_series *series = value_series_make(VALUE_YESNO, 16);
	pure_error error;

	for (int day = first < 0 ? 0 : first; day < DAYS; day++)
	{
		value_entry entry = {.day = FIRST + day, .known = true, .yesno = now->holiday[day]};

		if (now->cases[day] > 0)
			curve = epicurve_add(curve, FIRST + day, now->cases[day], NULL, &error);
		if (now->holiday[day] || pick(3) == 0)
			series = value_series_add(series, &entry, &error);
	}
	fixture_curve(given, "cases", curve);
	fixture_item(given, "holidays", PROFILE_SERIES)->value.series = value_series_pack(series);
	return given;
}

static void
make_world(world *now, char *week)
{
	static const char *const names[7] = {"monday", "tuesday",  "wednesday", "thursday",
										 "friday", "saturday", "sunday"};
	int first = (int) pick(7);
	int last = (int) pick(7);

	memset(now, 0, sizeof(*now));
	for (int day = first;; day = (day + 1) % 7)
	{
		now->week[day] = true;
		if (day == last)
			break;
	}
	sprintf(week, first == last ? "%s" : "%s TO %s", names[first], names[last]);
	for (int day = 0; day < DAYS; day++)
	{
		now->cases[day] = (int) pick(4);
		now->holiday[day] = pick(8) == 0;
	}
}

static void
test_counts(int rounds)
{
	int seen[2] = {0, 0};

	for (int round = 0; round < rounds; round++)
	{
		world now;
		char week[40];
		char text[500];
		int window = 1 + (int) pick(6);
		int lag = 1 + (int) pick(4);
		int run = 1 + (int) pick(6);
		int ago = (int) pick(3);
		int at_least = (int) pick(12);
		int today = DAYS - 1;
		bool holds = true;
		const policy *rule;
		const policy_facts *facts;
		verdict result;
		const char *wanted;
		fixture *given;

		make_world(&now, week);
		snprintf(text, sizeof(text),
				 "POLICY p DAYS working = %s EXCEPT CALENDAR holidays COUNT cases "
				 "LET n = cases IN %d working days LAG %d working days "
				 "BASE red WHEN %s(n >= %d) ON %d working days RUNNING%s green OTHERWISE",
				 week, window, lag, ago > 0 ? "(" : "", at_least, run,
				 ago > 0 ? ") ON 2 days RUNNING" : "");
		rule = parse(text);
		/* The run of today, and within it the one of yesterday. */
		for (int back = 0; back <= (ago > 0); back++)
			for (int i = 1; i <= run; i++)
			{
				int last = last_working(&now, last_working(&now, today - back, i) - 1, lag);

				holds &= cases_between(&now, last_working(&now, last, window), last) >= at_least;
			}
		wanted = holds ? "red" : "green";
		seen[holds]++;
		EXPECT(strcmp(judge(rule, fixture_of(&now, 0)), wanted) == 0, "round %d: not %s: %s", round,
			   wanted, text);
		/* No day before those that the policy says it looks at. */
		facts = policy_get_facts(rule);
		given = fixture_of(&now, DAYS - facts->look_back);
		EXPECT(strcmp(judge_at(rule, given, TODAY, &result), wanted) == 0,
			   "round %d: looks back more than %d days: %s", round, facts->look_back, text);
		for (int i = 0; i < facts->input_count; i++)
			EXPECT(facts->inputs[i].look_back >= 1 &&
					   facts->inputs[i].look_back <= facts->look_back + 1,
				   "round %d: %s", round, facts->inputs[i].name);
		policy_reason(rule, &given->view, TODAY, &result, POLICY_VI);
		policy_describe(rule, POLICY_EN);
	}
	EXPECT(seen[0] > rounds / 10 && seen[1] > rounds / 10, "%d green, %d red: nothing was tested",
		   seen[0], seen[1]);
}

/* A calendar that says yes for ever ends a count all the same. */
static void
test_endless_holidays(void)
{
	world now;
	char week[40];
	const policy *rule =
		parse("POLICY p DAYS working = monday TO sunday EXCEPT CALENDAR holidays COUNT cases "
			  "BASE red WHEN cases IN 1 working day = 1 green OTHERWISE");

	make_world(&now, week);
	memset(now.cases, 0, sizeof(now.cases));
	memset(now.holiday, true, sizeof(now.holiday));
	now.cases[DAYS - 1 - 60] = 1;
	expect_tier(rule, fixture_of(&now, 0), "red", "sixty holidays are passed over");
	now.cases[DAYS - 1 - 60] = 0;
	now.cases[DAYS - 1 - 61] = 1;
	expect_tier(rule, fixture_of(&now, 0), "green", "the day after them counts");
}

int
main(int argc, char **argv)
{
	(void) argv;
	test_counts(argc > 1 ? 100 : 3000);
	test_endless_holidays();
	return failures > 0;
}
