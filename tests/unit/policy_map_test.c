/*
 * Maps judged together: which number a zone has, and so in which order zones come, changes nothing;
 * a zone by which nothing can be asked is judged as it is alone.
 */
#include "policy_fixture.h"

#define ZONES 14
#define WARDS 3 /* the first ones; the others are groups */

static uint64_t seed = 1854;

static int
pick(int below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int) ((seed >> 33) % (uint64_t) below);
}

/* A number on each of the last days; -1 = nobody knows. */
typedef struct world
{
	int x[ZONES][4];
	int parent[ZONES];
	bool beside[ZONES][ZONES];
	bool has_list[ZONES];
	int silent_for[ZONES]; /* days; -1 = it reports */
} world;

static const char *const policies[] = {
	"POLICY p TIERS green, yellow, orange, red NUMBER x KEEP 1 days COUNT c BASE FOR group "
	"red WHEN x >= 3 orange WHEN x >= 2 OR TOUCHES red yellow WHEN x >= 1 OR TOUCHES orange "
	"green OTHERWISE FOR ward OF groups red WHEN SHARE(red) >= 30% OR x >= 3 orange WHEN TOUCHES "
	"red "
	"OR NUMBER(AT LEAST orange) >= 2 green OTHERWISE NOT BELOW parent REPORT ABOVE parent",
	"POLICY p TIERS grey AS none, green, yellow, red NUMBER x KEEP 0 days COUNT c BASE CASE x = 1 "
	"red WHEN x = 3 yellow WHEN NOT TOUCHES red green OTHERWISE ELSE red WHEN x = 3 grey WHEN x = "
	"2 "
	"green OTHERWISE RAISE 1 NOT ABOVE yellow WHEN TOUCHES red NOT ABOVE parent UNLESS TOUCHES AT "
	"LEAST yellow",
	"POLICY p TIERS green, yellow, orange, red NUMBER x KEEP 0 days COUNT c BASE FOR group "
	"red WHEN x >= 3 orange WHEN x >= 2 yellow WHEN x >= 1 OR TOUCHES AT LEAST orange green "
	"OTHERWISE "
	"ELSE red WHEN NUMBER(AT LEAST orange) >= 2 green OTHERWISE WORSEN AFTER 2 reviews IMPROVE "
	"AFTER "
	"2 reviews BY 1 NOT BELOW parent WHEN x > 0",
};

static world
make_world(void)
{
	world made = {0};

	for (int i = 0; i < ZONES; i++)
	{
		for (int day = 0; day < 4; day++)
			made.x[i][day] = pick(3) == 0 ? pick(5) - 1 : 0;
		made.parent[i] = i < WARDS ? -1 : pick(WARDS + 1) - 1;
		made.has_list[i] = pick(8) > 0;
		made.silent_for[i] = pick(4) == 0 ? pick(3) : -1;
		for (int j = 0; j < i; j++)
			made.beside[i][j] = made.beside[j][i] = pick(4) == 0;
	}
	return made;
}

static void
fill(const world *now, int zone, fixture *given)
{
	value_series *series = value_series_make(VALUE_NUMBER, 8);
	pure_error error;

	for (int day = 0; day < 4; day++)
	{
		value_entry entry = {.day = TODAY - 3 + day, .known = now->x[zone][day] >= 0};

		if (entry.known)
			entry.number = decimal_of(now->x[zone][day]);
		series = value_series_add(series, &entry, &error);
	}
	fixture_item(given, "x", PROFILE_SERIES)->value.series = value_series_pack(series);
	fixture_count(given, "c", 0, TODAY);
	given->view.level = zone < WARDS ? "ward" : "group";
	given->view.level_length = strlen(given->view.level);
	if (now->silent_for[zone] >= 0)
	{
		given->view.has_reported_until = true;
		given->view.reported_until = TODAY - now->silent_for[zone];
		given->view.silence_limit = 2;
	}
}

/* Judges the world with zone i standing at place[i]; says what came out, zone by zone. */
static bool
judge_world(const policy *rule, const world *now, const int *place, verdict *found, char **reasons)
{
	policy_zone zones[ZONES];
	int32_t lists[ZONES][ZONES];
	char(*names)[8] = pure_alloc(sizeof(char[ZONES][8]));
	policy_map *map;
	pure_error error;

	memset(zones, 0, sizeof(zones));
	for (int i = 0; i < ZONES; i++)
	{
		policy_zone *zone = &zones[place[i]];
		fixture *given = fixture_make();

		fill(now, i, given);
		snprintf(names[i], 8, "z%d", i);
		zone->id = 10 * place[i] + 7;
		zone->name = names[i];
		zone->name_length = strlen(names[i]);
		zone->profile = &given->view;
		zone->has_parent = now->parent[i] >= 0;
		if (zone->has_parent)
			zone->parent_id = 10 * place[now->parent[i]] + 7;
		zone->has_neighbours = now->has_list[i];
		zone->neighbours = lists[place[i]];
		for (int j = 0; j < ZONES && zone->has_neighbours; j++)
			if (now->beside[i][j])
				lists[place[i]][zone->neighbour_count++] = 10 * place[j] + 7;
	}
	map = policy_map_judge(rule, zones, ZONES, TODAY - 3, TODAY, &error);
	EXPECT(map != NULL, "%s", error.message);
	for (int i = 0; i < ZONES && map != NULL; i++)
		reasons[i] =
			policy_map_say(map, (size_t) place[i], &found[i], i % 2 ? POLICY_VI : POLICY_EN);
	return map != NULL;
}

static void
test_any_order(int worlds)
{
	for (int run = 0; run < worlds; run++)
	{
		const policy *rule = parse(policies[run % 3]);
		world now = make_world();
		int place[ZONES];
		verdict first[ZONES], second[ZONES];
		char *said[ZONES], *again[ZONES];

		for (int i = 0; i < ZONES; i++)
			place[i] = i;
		if (!judge_world(rule, &now, place, first, said))
			return;
		for (int i = ZONES - 1; i > 0; i--)
		{
			int j = pick(i + 1);
			int kept = place[i];

			place[i] = place[j];
			place[j] = kept;
		}
		judge_world(rule, &now, place, second, again);
		for (int i = 0; i < ZONES; i++)
			EXPECT(first[i].tier == second[i].tier && first[i].possible == second[i].possible &&
					   strlen(said[i]) == strlen(again[i]),
				   "run %d, zone %d: %d, %s; %d, %s", run, i, first[i].tier, said[i],
				   second[i].tier, again[i]);
	}
}

/* With no neighbours, children or parents to ask for, a map is its zones. */
static void
test_alone(int worlds)
{
	const policy *asks =
		parse("POLICY p TIERS green, yellow, red NUMBER x KEEP 1 days COUNT c BASE red WHEN x >= 3 "
			  "yellow "
			  "WHEN x >= 1 OR TOUCHES red green OTHERWISE IMPROVE AFTER 2 reviews");
	const policy *does_not = parse("POLICY p TIERS green, yellow, red NUMBER x KEEP 1 days COUNT c "
								   "BASE red WHEN x >= 3 yellow "
								   "WHEN x >= 1 green OTHERWISE IMPROVE AFTER 2 reviews");

	for (int run = 0; run < worlds; run++)
	{
		world now = make_world();
		int place[ZONES];
		verdict found[ZONES], alone;
		char *said[ZONES];
		pure_error error;

		memset(now.beside, 0, sizeof(now.beside));
		for (int i = 0; i < ZONES; i++)
		{
			place[i] = i;
			now.has_list[i] = true;
		}
		judge_world(asks, &now, place, found, said);
		for (int i = 0; i < ZONES; i++)
		{
			fixture *given = fixture_make();

			fill(&now, i, given);
			EXPECT(policy_judge_from(does_not, &given->view, TODAY - 3, TODAY, &alone, &error),
				   "%s", error.message);
			EXPECT(alone.tier == found[i].tier && alone.possible == found[i].possible,
				   "run %d, zone %d: %d alone, %d in a map: %s", run, i, alone.tier, found[i].tier,
				   said[i]);
		}
	}
}

static const char *const silent_policies[] = {
	"POLICY p REVIEW daily TIERS green, yellow, orange, red COUNT c NUMBER n IF MISSING 0 BASE "
	"red WHEN c IN 9 days > 3 AND n > 3 orange WHEN c IN 7 days > 2 yellow WHEN n > 1 green "
	"OTHERWISE WORSEN AFTER 1 reviews",
	"POLICY p REVIEW weekly ON friday TIERS green, yellow, orange, red COUNT c NUMBER n KEEP 2 "
	"days BASE red WHEN c IN 12 days > 4 yellow WHEN c IN 5 days > 0 green OTHERWISE NOT BELOW "
	"previous WHEN n > 2 IMPROVE AFTER 2 reviews BY 1",
	"POLICY p REVIEW daily LAG 1 days TIERS green, yellow, orange, red COUNT c NUMBER n IF MISSING "
	"1 BASE yellow WHEN n > 2 green OTHERWISE ENTER orange WHEN c IN 4 days > 2 EFFECTIVE 2 days "
	"LATER LEAVE orange WHEN c IN 4 days = 0 ENTER red WHEN c IN 3 days > 3 LEAVE red WHEN n < 3 "
	"EFFECTIVE 1 days LATER",
	"POLICY p REVIEW daily IN FORCE 2 days LATER TIERS green, yellow, red COUNT c BASE red WHEN c "
	"IN 4 days > 3 yellow WHEN c IN 7 days > 0 green OTHERWISE WORSEN AFTER 2 reviews START AT "
	"yellow",
};

/* So it is while silence is excused, whether it began before the first review or after it, and
 * whatever a value of the day judged says: a rule that may only add to a reason keeps each tier. */
static void
test_silence(int rounds)
{
	int held = 0, held_before_first = 0;

	for (int round = 0; round < rounds; round++)
	{
		char text[1000];
		const char *form = silent_policies[pick(4)];
		const policy *alone, *related;
		fixture *given = fixture_make();
		epicurve *curve = epicurve_make(false);
		int32_t day, start = TODAY - pick(30), last = TODAY - pick(30);
		policy_zone zone = {.id = 1, .profile = &given->view, .has_neighbours = true};
		verdict by_itself, in_map;
		policy_map *map;
		pure_error error;
		char number[2] = {(char) ('0' + pick(6)), 0};

		alone = parse(form);
		snprintf(text, sizeof(text), "%s", form);
		snprintf(strstr(text, "START") == NULL ? text + strlen(text) : strstr(text, "START"), 60,
				 " REPORT ABOVE parent %s", strstr(form, "START") == NULL ? "" : strstr(form, "START"));
		related = parse(text);
		for (day = TODAY - 40; day <= last; day++)
			if (pick(3) == 0)
				curve = epicurve_add(curve, day, 1 + pick(3), NULL, &error);
		fixture_curve(given, "c", curve);
		if (pick(4) > 0)
			fixture_number(given, "n", number);
		given->view.has_reported_until = true;
		given->view.reported_until = last;
		given->view.silence_limit = pick(25);
		day = policy_review_day(alone, TODAY);
		EXPECT(policy_judge_from(alone, &given->view, start, day, &by_itself, &error), "%s",
			   error.message);
		map = policy_map_judge(related, &zone, 1, start, day, &error);
		EXPECT(map != NULL, "%s", error.message);
		if (map == NULL)
			return;
		policy_map_say(map, 0, &in_map, POLICY_EN);
		EXPECT(by_itself.tier == in_map.tier && by_itself.possible == in_map.possible &&
				   by_itself.held == in_map.held &&
				   (!in_map.held || by_itself.held_day == in_map.held_day),
			   "round %d: %d alone, %d in a map; start %d, reported until %d: %s", round,
			   by_itself.tier, in_map.tier, start - TODAY, last - TODAY, form);
		held += by_itself.held;
		held_before_first += by_itself.held && by_itself.held_day < start;
	}
	EXPECT(held > rounds / 10 && held_before_first > rounds / 50, "%d held, %d of them before: nothing "
		   "was tested", held, held_before_first);
}

int
main(int argc, char **argv)
{
	int worlds = argc > 1 && strcmp(argv[1], "brief") == 0 ? 30 : 3000;

	test_any_order(worlds);
	test_alone(worlds / 3);
	test_silence(worlds);
	if (failures > 0)
		printf("%d failed\n", failures);
	return failures > 0;
}
