/*
 * Silence under policies that look at earlier reviews: while it is excused a tier never gets
 * milder, on no day and by no part of the past; nor is it milder than had everything been reported
 * as it was; and beyond the limit a tier is known only where no report could change it.
 */
#include "policy_fixture.h"

#define DAYS 40 /* up to TODAY */
#define FIRST (TODAY - DAYS + 1)

static uint64_t seed = 5;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

static const char *const policies[] = {
	"POLICY p REVIEW daily%s TIERS green, yellow, orange, red COUNT cases LET n = cases IN %d days "
	"BASE WORST OF n: green < 1 <= yellow < 4 <= orange < 8 <= red "
	"WORSEN AFTER 2 reviews IMPROVE AFTER 3 reviews STAY 2 reviews BY 1",
	"POLICY p REVIEW weekly ON friday%s TIERS green, yellow, orange, red COUNT cases "
	"BASE red WHEN cases IN %d days >= 6 yellow WHEN days since cases <= 5 green OTHERWISE "
	"NOT BELOW previous WHEN cases IN 3 days > 0 IMPROVE AFTER 2 reviews",
	"POLICY p REVIEW daily%s TIERS green, yellow, orange, red COUNT cases "
	"DAYS working = monday TO friday "
	"BASE yellow WHEN cases IN %d days >= 1 green OTHERWISE "
	"ENTER orange WHEN cases IN 3 days >= 3 EFFECTIVE 2 days LATER "
	"LEAVE orange WHEN cases IN 3 days < 2 ON 2 working days RUNNING EFFECTIVE 1 day LATER "
	"ENTER red WHEN cases IN 4 days >= 7 ON 2 days RUNNING "
	"LEAVE red WHEN cases IN 4 days < 4 EFFECTIVE 2 working days LATER",
};
static const char *const words[] = {"", " LAG 2 days", " IN FORCE 2 days LATER",
									" LAG 1 day IN FORCE 3 days LATER"};

static epicurve *
curve_of(const int *cases, int days)
{
	epicurve *curve = epicurve_make(false);
	pure_error error;

	for (int day = 0; day < days; day++)
		if (cases[day] > 0)
			curve = epicurve_add(curve, FIRST + day, cases[day], NULL, &error);
	return curve;
}

static verdict
judge_on(const policy *rule, fixture *given, int as_of)
{
	verdict result;
	pure_error error;

	given->view.as_of = FIRST + as_of;
	EXPECT(policy_judge_from(rule, &given->view, FIRST, policy_review_day(rule, FIRST + as_of),
							 &result, &error),
		   "%s", error.message);
	return result;
}

static void
test_silence(int rounds)
{
	int went_milder = 0;
	int stayed = 0;
	int open = 0;

	for (int round = 0; round < rounds; round++)
	{
		char text[1000];
		const char *form = policies[pick(3)];
		int cases[DAYS];
		int reported = DAYS - 16 + (int) pick(4);
		int limit = 1 + (int) pick(8);
		int last = -1;
		const policy *rule;
		fixture *silent = fixture_make();
		fixture *same = fixture_make();

		snprintf(text, sizeof(text), form, words[pick(4)], 1 + (int) pick(7));
		rule = parse(text);
		for (int day = 0; day < DAYS; day++)
			cases[day] = day <= reported && pick(3) == 0 ? (int) pick(5) : 0;
		fixture_curve(silent, "cases", curve_of(cases, DAYS));
		fixture_curve(same, "cases", curve_of(cases, DAYS)); /* the same, and nothing is missing */
		silent->view.has_reported_until = true;
		silent->view.reported_until = FIRST + reported;
		silent->view.silence_limit = limit;
		for (int as_of = reported; as_of < DAYS; as_of++)
		{
			int lag = strstr(text, "LAG 2") != NULL ? 2 : strstr(text, "LAG 1") != NULL ? 1 : 0;
			verdict held = judge_on(rule, silent, as_of);
			verdict known = judge_on(rule, same, as_of);

			EXPECT(known.tier >= 0, "round %d: all is known", round);
			if (policy_review_day(rule, FIRST + as_of) <= FIRST + reported + lag)
			{
				/* Nothing later is asked for. */
				EXPECT(held.tier == known.tier, "round %d: not silent: %s", round, text);
				last = held.tier;
				continue;
			}
			if (as_of - reported - lag > limit)
			{
				/* What is possible includes what was. */
				EXPECT(held.possible >> known.tier & 1, "round %d: %s", round, text);
				open += held.tier < 0;
				continue;
			}
			EXPECT(held.tier >= 0, "round %d: known while silence is excused: %s", round, text);
			EXPECT(held.tier >= last, "round %d, day %d: milder for want of reports: %s", round,
				   as_of - reported, text);
			EXPECT(held.tier >= known.tier, "round %d: milder than as reported: %s", round, text);
			went_milder += known.tier < held.tier;
			stayed += known.tier == held.tier;
			last = held.tier;
			policy_reason(rule, &silent->view, policy_review_day(rule, FIRST + as_of), &held,
						  POLICY_EN);
		}
	}
	EXPECT(went_milder > rounds / 2 && stayed > rounds / 2 && open > rounds / 2,
		   "%d held, %d not, %d open: nothing was tested", went_milder, stayed, open);
}

/* Day after day with the reviews kept: as each day by itself, whenever silence began and the first
 * day judged. */
static void
test_kept(int rounds)
{
	int held = 0;
	int open = 0;

	for (int round = 0; round < rounds; round++)
	{
		char text[1000];
		int cases[DAYS];
		fixture *given = fixture_make();
		int32_t start = FIRST + (int) pick(DAYS) - 10;
		policy_kept *kept;
		policy *rule;

		snprintf(text, sizeof(text), policies[pick(3)], words[pick(4)], 1 + (int) pick(7));
		rule = parse(text);
		for (int day = 0; day < DAYS; day++)
			cases[day] = pick(3) == 0 ? (int) pick(5) : 0;
		fixture_curve(given, "cases", curve_of(cases, DAYS));
		given->view.has_reported_until = pick(10) > 0;
		given->view.reported_until =
			FIRST + (pick(3) == 0 ? (int) pick(DAYS) - 5 : DAYS - 16 + (int) pick(12));
		given->view.silence_limit = (int) pick(16);
		given->view.has_complete_until = pick(8) == 0;
		given->view.complete_until = FIRST + (int) pick(DAYS);
		kept = policy_keep(rule, &given->view, start);
		for (int as_of = (int) pick(DAYS); as_of < DAYS;
			 as_of += 1 + (int) pick(pick(3) == 0 ? 9 : 1))
		{
			int32_t day = policy_review_day(rule, FIRST + (pick(20) == 0 ? as_of - 9 : as_of));
			verdict alone;
			verdict after;
			pure_error error;

			given->view.as_of = FIRST + as_of;
			memset(&alone, 0, sizeof(alone));
			memset(&after, 0, sizeof(after));
			EXPECT(policy_judge_from(rule, &given->view, start, day, &alone, &error), "%s",
				   error.message);
			EXPECT(policy_judge_kept(kept, &given->view, day, &after, &error), "%s", error.message);
			EXPECT(strcmp(policy_reason(rule, &given->view, day, &alone, POLICY_EN),
						  policy_reason(rule, &given->view, day, &after, POLICY_EN)) == 0 &&
					   alone.tier == after.tier && alone.possible == after.possible &&
					   alone.held == after.held &&
					   (!alone.held || alone.held_day == after.held_day) &&
					   alone.previous == after.previous,
				   "round %d, day %d: tier %d, not %d: %s", round, as_of, after.tier, alone.tier,
				   text);
			held += alone.held;
			open += alone.tier < 0;
		}
	}
	EXPECT(held > rounds / 5 && open > rounds / 2, "%d held, %d open: nothing was tested", held,
		   open);
}

int
main(int argc, char **argv)
{
	(void) argv;
	test_silence(argc > 1 ? 100 : 2000);
	test_kept(argc > 1 ? 100 : 2000);
	return failures > 0;
}
