/*
 * The past: the worked examples of a rule with hysteresis, and any chain of reviews against the
 * obvious way, review by review, once for every completion of what is missing.
 */
#include "policy_fixture.h"

#define REVIEWS 7
#define LONG 40
#define STATES 4 /* x of 0 to 3 is the tier that a review says */

static uint64_t seed = 2021;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

/* A number on each of the days that has one. */
static void
fixture_series(fixture *to, const char *name, bool yesno, const int *values, int count,
			   int32_t first, int step)
{
	value_series *series = value_series_make(yesno ? VALUE_YESNO : VALUE_NUMBER, 16);
	pure_error error;

	for (int i = 0; i < count; i++)
	{
		value_entry entry = {.day = first + i * step, .known = values[i] >= 0};

		if (values[i] >= 0 && yesno)
			entry.yesno = values[i] > 0;
		else if (values[i] >= 0)
			entry.number = decimal_of(values[i]);
		series = value_series_add(series, &entry, &error);
	}
	fixture_item(to, name, PROFILE_SERIES)->value.series = value_series_pack(series);
}

typedef struct world
{
	int says[LONG]; /* -1 = missing */
	int may[LONG];  /* the condition of IMPROVE, or of "not below previous"; -1 = missing */
} world;

typedef struct rules
{
	int worsen, improve, stay, worsen_by, improve_by, start;
	bool hold; /* NOT BELOW previous WHEN NOT may; else IMPROVE WHEN may */
} rules;

static policy *
policy_of(const rules *r)
{
	static const char *const tiers[] = {"green", "yellow", "orange", "red"};
	char text[600];

	snprintf(
		text, sizeof(text),
		"POLICY p REVIEW weekly ON tuesday TIERS green, yellow, orange, red "
		"NUMBER x KEEP 3 days YESNO may KEEP 3 days COUNT cases BASE WORST OF "
		"x: green < 1 <= yellow < 2 <= orange < 3 <= red %s START AT %s WORSEN AFTER %d reviews",
		r->hold ? "NOT BELOW previous WHEN NOT may" : "", r->start < 0 ? "base" : tiers[r->start],
		r->worsen);
	if (r->worsen_by > 0)
		sprintf(text + strlen(text), " BY %d", r->worsen_by);
	sprintf(text + strlen(text), " IMPROVE AFTER %d reviews", r->improve);
	if (r->stay > 0)
		sprintf(text + strlen(text), " STAY %d reviews", r->stay);
	if (r->improve_by > 0)
		sprintf(text + strlen(text), " BY %d", r->improve_by);
	if (!r->hold)
		strcat(text, " WHEN may");
	return parse(text);
}

/* One known course of events, told from the whole list of what the reviews said. */
static int
simulate(const rules *r, const world *now, int reviews)
{
	int said[LONG + 20];
	int tier = r->start >= 0 ? r->start : now->says[0];
	int changed = r->start >= 0 ? -1 : 0;
	int count = 20;

	for (int i = 0; i < 20; i++) /* before the first review everything was as it starts */
		said[i] = tier;
	for (int review = 0; review < reviews; review++)
	{
		int low = STATES, high = -1;
		int says = now->says[review];
		int next = tier;

		if (r->hold && now->may[review] == 0 && says < tier && (review > 0 || r->start >= 0))
			says = tier;
		said[count++] = says;
		if (review == 0 && r->start < 0)
			continue;
		for (int i = count - r->worsen; i < count; i++)
			low = said[i] < low ? said[i] : low;
		for (int i = count - r->improve; i < count; i++)
			high = said[i] > high ? said[i] : high;
		if (low > tier)
			next = r->worsen_by > 0 && low > tier + r->worsen_by ? tier + r->worsen_by : low;
		else if (high < tier && review - changed >= r->stay && (r->hold || now->may[review] == 1))
			next = r->improve_by > 0 && high < tier - r->improve_by ? tier - r->improve_by : high;
		if (next != tier)
			changed = review;
		tier = next;
	}
	return tier;
}

static uint64_t
complete(const rules *r, world now, int from)
{
	uint64_t found = 0;

	for (int i = from; i < 2 * REVIEWS; i++)
	{
		int *value = i < REVIEWS ? &now.says[i] : &now.may[i - REVIEWS];
		int values = i < REVIEWS ? STATES : 2;

		if (*value >= 0)
			continue;
		for (*value = 0; *value < values; ++*value)
			found |= complete(r, now, i + 1);
		return found;
	}
	return UINT64_C(1) << simulate(r, &now, REVIEWS);
}

/* Day after day with the reviews kept, and once a day before: as each day by itself. */
static void
test_days(const policy *rule, const profile_view *view, int32_t first, int32_t today)
{
	int32_t start = first + (int32_t) pick(20) - 10;
	policy_kept *kept = policy_keep(rule, view, start);
	pure_error error;

	for (int32_t as_of = first - 5; as_of <= today; as_of += 1 + (int32_t) pick(9))
	{
		int32_t day = policy_review_day(rule, pick(10) == 0 ? as_of - 14 : as_of);
		verdict alone;
		verdict after;

		EXPECT(policy_judge_from(rule, view, start, day, &alone, &error), "%s", error.message);
		EXPECT(policy_judge_kept(kept, view, day, &after, &error), "%s", error.message);
		EXPECT(alone.tier == after.tier && alone.possible == after.possible &&
				   alone.proposed == after.proposed && alone.previous == after.previous &&
				   alone.missing == after.missing && alone.open_past == after.open_past &&
				   (!alone.open_past || alone.open_day == after.open_day) &&
				   alone.cases == after.cases && alone.window_end == after.window_end,
			   "day %d from %d: tier %d, not %d", day, start, after.tier, alone.tier);
	}
}

static void
test_chains(int rounds)
{
	int unknown = 0;
	int known = 0;

	for (int round = 0; round < rounds; round++)
	{
		rules r = {.worsen = 1 + (int) pick(3),
				   .improve = 1 + (int) pick(3),
				   .stay = (int) pick(4),
				   .worsen_by = (int) pick(3),
				   .improve_by = (int) pick(3),
				   .start = (int) pick(5) - 1,
				   .hold = pick(2) == 0};
		const policy *rule = policy_of(&r);
		int32_t today = policy_review_day(rule, TODAY);
		int32_t first = today - 7 * (REVIEWS - 1);
		fixture *given = fixture_make();
		world now;
		verdict result;
		pure_error error;
		uint64_t wanted;

		for (int i = 0; i < REVIEWS; i++)
		{
			now.says[i] = (int) pick(STATES);
			now.may[i] = (int) pick(3) > 0;
		}
		for (unsigned missing = pick(4); missing > 0; missing--)
			now.says[pick(REVIEWS)] = -1;
		for (unsigned missing = pick(3); missing > 0; missing--)
			now.may[pick(REVIEWS)] = -1;
		fixture_series(given, "x", false, now.says, REVIEWS, first, 7);
		fixture_series(given, "may", true, now.may, REVIEWS, first, 7);
		fixture_count(given, "cases", 0, TODAY);
		wanted = complete(&r, now, 0);
		/* A start between reviews waits for the next one. */
		EXPECT(policy_judge_from(rule, &given->view, first - (int32_t) pick(7), today, &result,
								 &error),
			   "round %d: %s", round, error.message);
		EXPECT(result.possible == wanted, "round %d: possible %llx, not %llx", round,
			   (unsigned long long) result.possible, (unsigned long long) wanted);
		EXPECT((result.tier >= 0) == ((wanted & (wanted - 1)) == 0), "round %d: known or not",
			   round);
		EXPECT((result.missing != NULL) == (result.tier < 0),
			   "round %d: the missing input is named", round);
		policy_reason(rule, &given->view, today, &result, pick(2) == 0 ? POLICY_EN : POLICY_VI);
		test_days(rule, &given->view, first, today);
		if (result.tier >= 0)
			known++;
		else
			unknown++;
	}
	EXPECT(known > rounds / 20 && unknown > rounds / 20, "%d known, %d unknown: nothing was tested",
		   known, unknown);
}

/*
 * So long unknown that courses are no longer followed one by one: whatever may have been is among
 * what is possible, and it is known again soon after it is reported again.
 */
static void
test_long_gaps(int rounds)
{
	int known = 0;

	for (int round = 0; round < rounds; round++)
	{
		rules r = {.worsen = 1 + (int) pick(3),
				   .improve = 1 + (int) pick(3),
				   .stay = (int) pick(5),
				   .worsen_by = (int) pick(3),
				   .improve_by = (int) pick(3),
				   .start = (int) pick(5) - 1,
				   .hold = pick(2) == 0};
		const policy *rule = policy_of(&r);
		int from = 1 + (int) pick(6), until = from + 6 + (int) pick(10);
		bool settles = pick(2) == 0; /* at the end all reviews say one tier, and let it come to that */
		int last = pick(2) == 0 ? STATES - 1 : 0;
		int reviews = settles ? LONG : until + (int) pick((unsigned) (LONG - until));
		int32_t today = policy_review_day(rule, TODAY), first = today - 7 * (reviews - 1);
		fixture *given = fixture_make();
		world now;
		verdict result;
		pure_error error;

		for (int i = 0; i < LONG; i++)
		{
			now.says[i] = i >= from && i < until ? -1 : settles && i >= until ? last : (int) pick(STATES);
			now.may[i] = i >= from && i < until && pick(2) == 0 ? -1 : (settles && i >= until) || pick(3) > 0;
		}
		fixture_series(given, "x", false, now.says, reviews, first, 7);
		fixture_series(given, "may", true, now.may, reviews, first, 7);
		fixture_count(given, "cases", 0, TODAY);
		EXPECT(policy_judge_from(rule, &given->view, first, today, &result, &error), "round %d: %s",
			   round, error.message);
		for (int sample = 0; sample < 100; sample++)
		{
			world one = now;

			for (int i = 0; i < LONG; i++)
			{
				one.says[i] = now.says[i] < 0 ? (int) pick(STATES) : now.says[i];
				one.may[i] = now.may[i] < 0 ? (int) pick(2) : now.may[i];
			}
			EXPECT(result.possible >> simulate(&r, &one, reviews) & 1, "round %d: it may be %d, not in %llx",
				   round, simulate(&r, &one, reviews), (unsigned long long) result.possible);
		}
		EXPECT(!settles || result.tier == last, "round %d: not known again: %llx", round,
			   (unsigned long long) result.possible);
		known += result.tier >= 0;
	}
	EXPECT(known >= rounds / 2 && known < rounds, "%d of %d known: nothing was tested", known, rounds);
}

int
main(int argc, char **argv)
{
	(void) argv;
	test_chains(argc > 1 ? 100 : 2000);
	test_long_gaps(argc > 1 ? 20 : 1000);
	return failures > 0;
}
