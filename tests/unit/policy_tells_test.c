/*
 * What tiers tell, against judging: no counts that lead to a tier lie outside of what it tells, and
 * what it tells is no wider than the counts found.
 */
#include "../../extension/rule/policy_tells.h"

#include "policy_fixture.h"

static uint64_t seed = 2716;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

static epicurve *
random_curve(void)
{
	pure_error error;
	epicurve *curve = epicurve_make(true);
	unsigned days = pick(5);

	for (unsigned i = 0; i < days; i++)
	{
		int32_t day = TODAY - (int32_t) pick(pick(2) == 0 ? 7 : 30);
		unsigned households = 1 + pick(4);

		for (unsigned j = 0; j < households; j++)
		{
			household_key key = {0, 1 + pick(6)};

			curve =
				epicurve_add(curve, day, 1 + (int64_t) pick(pick(3) == 0 ? 12 : 2), &key, &error);
		}
	}
	return curve;
}

static int64_t
number_of(const policy_told *told, const epicurve *curve)
{
	int32_t last = TODAY - told->ago;
	int32_t first = told->days == 0 ? INT32_MIN : last - told->days + 1;
	int32_t day;

	switch (told->what)
	{
		case TOLD_CASES:
			return epicurve_count_between(curve, first, last);
		case TOLD_HOUSEHOLDS:
			return epicurve_households_between(curve, first, last);
		default:
			return epicurve_last_day_until(curve, last, &day) ? last - day : TOLD_NO_END;
	}
}

typedef struct seen
{
	int64_t least;
	int64_t most;
} seen;

/* `is_tight`: chance finds the ends that the policy has. */
static void
check_policy(const char *text, bool is_tight, int worlds)
{
	policy *rule = parse(text);
	profile_view zone = {.has_population = true, .population = 1000};
	pure_error error;
	int count;
	policy_told *told = policy_tells(rule, &zone, &count, &error);
	seen *found = pure_alloc0((size_t) (count + 1) * sizeof(seen));

	EXPECT(told != NULL && count > 0 && told[0].is_exact, "nothing is told by %s", text);
	for (int i = 0; i < count; i++)
		found[i] = (seen){TOLD_NO_END, -1};
	for (int world = 0; world < worlds; world++)
	{
		fixture *zone_of_day = fixture_make();
		const epicurve *curve;
		verdict result;

		fixture_curve(zone_of_day, "cases", random_curve());
		curve = zone_of_day->items[0].value.curve;
		if (pick(3) > 0)
			fixture_yesno(zone_of_day, "contact", pick(2) == 0);
		fixture_yesno(zone_of_day, "cluster", pick(2) == 0);
		fixture_population(zone_of_day, 1000);
		EXPECT(policy_judge(rule, &zone_of_day->view, TODAY, &result, &error), "%s", error.message);
		for (int i = 0; i < count; i++)
		{
			int64_t number = number_of(&told[i], curve);

			if (result.tier != told[i].tier)
				continue;
			EXPECT(number >= told[i].at_least && number <= told[i].at_most,
				   "tier %d, number %d: %lld is not between %lld and %lld by %s", told[i].tier, i,
				   (long long) number, (long long) told[i].at_least, (long long) told[i].at_most,
				   text);
			found[i].least = number < found[i].least ? number : found[i].least;
			found[i].most = number > found[i].most ? number : found[i].most;
		}
	}
	for (int i = 0; i < count && is_tight; i++)
		EXPECT(found[i].least == told[i].at_least &&
				   (told[i].at_most == TOLD_NO_END || found[i].most == told[i].at_most),
			   "tier %d, number %d: from %lld to %lld were seen, %lld to %lld are told by %s",
			   told[i].tier, i, (long long) found[i].least, (long long) found[i].most,
			   (long long) told[i].at_least, (long long) told[i].at_most, text);
}

static void
check_told(const char *text, int tier, int position, int64_t at_least, int64_t at_most,
		   int64_t told_at_least, int64_t told_at_most)
{
	policy *rule = parse(text);
	profile_view zone = {0};
	pure_error error;
	int count;
	policy_told *told = policy_tells(rule, &zone, &count, &error);

	for (int i = 0; i < count; i++)
		if (told[i].tier == tier && position-- == 0)
			EXPECT(told[i].at_least == at_least && told[i].at_most == at_most &&
					   told[i].told_at_least == told_at_least &&
					   told[i].told_at_most == told_at_most,
				   "tier %d: %lld to %lld, %lld to %lld by %s", tier, (long long) told[i].at_least,
				   (long long) told[i].at_most, (long long) told[i].told_at_least,
				   (long long) told[i].told_at_most, text);
}

static void
check_nothing(const char *text)
{
	policy *rule = parse(text);
	profile_view zone = {0};
	pure_error error;
	int count;
	policy_told *told = policy_tells(rule, &zone, &count, &error);

	EXPECT(told != NULL && count > 0, "no rows by %s", text);
	for (int i = 0; i < count; i++)
		EXPECT(!told[i].is_exact && told[i].at_least == 0 && told[i].at_most == TOLD_NO_END,
			   "something is told by %s", text);
}

#define HEAD "POLICY p REVIEW daily TIERS green, orange, red COUNT cases "
#define END TOLD_NO_END

int
main(int argc, char **argv __attribute__((unused)))
{
	int worlds = argc > 1 ? 300 : 20000;

	check_policy(shipped_text("vn_hcmc_2716_2021"), argc == 1, worlds);
	check_policy(shipped_text("alert_counts"), argc == 1, worlds);
	check_policy(shipped_text("cn_2020"), false, worlds);
	check_policy(shipped_text("sg_dengue"), false, worlds);
	check_policy(shipped_text("id_ppkm_mikro_2021a"), false, worlds);
	check_policy(HEAD "LET rate = cases IN 14 days PER week PER 1000 population "
					  "BASE red WHEN rate >= 5.5 orange WHEN 1 <= rate < 5.5 green OTHERWISE",
				 argc == 1, worlds);
	check_policy(HEAD "LET a = cases IN 7 days BASE WORST OF a: green < 3 <= orange < 9 <= red "
					  "RAISE 1 WHEN cases IN 3 days >= 2 UNLESS days since cases >= 2",
				 false, worlds);
	check_policy(HEAD "BASE red WHEN cases IN 7 days >= 4 OR cases IN 14 days >= 9 "
					  "orange WHEN cases IN 7 days >= 4 OR 1 <= households WITH cases IN 3 days <= "
					  "2 green OTHERWISE",
				 false, worlds);

	/* One of two conditions held: each alone bounds its count, should the other be known not to. */
	check_told(HEAD "BASE red WHEN cases IN 7 days >= 4 OR cases IN 14 days >= 9 green OTHERWISE",
			   2, 0, 0, END, 4, END);
	check_told(HEAD "BASE red WHEN cases IN 7 days >= 4 OR cases IN 14 days >= 9 green OTHERWISE",
			   2, 1, 4, END, 9, END);
	/* No cases are no households, for so many days. */
	check_told(HEAD "BASE green WHEN cases IN 7 days = 0 red WHEN households WITH cases IN 7 days "
					"> 2 orange OTHERWISE",
			   0, 1, 0, 0, 0, END);
	/* A tier that nothing leads to. */
	check_told(HEAD "BASE red WHEN cases IN 7 days < 0 green OTHERWISE", 2, 0, 0, END, 0, END);

	check_nothing(HEAD "BASE red WHEN cases IN 7 days > cases IN 14 days / 2 green OTHERWISE");
	check_nothing(HEAD "BASE red WHEN cases IN 7 days PER 100000 population >= 20 green OTHERWISE");
	check_nothing(HEAD
				  "NUMBER beds BASE red WHEN cases IN 7 days > 3 AND beds < 10 green OTHERWISE");
	check_nothing(shipped_text("de_28b_2021"));
	check_nothing(shipped_text("vn_qd2686_2021"));
	if (failures == 0)
		printf("policy_tells: ok\n");
	return failures != 0;
}
