/*
 * Classes of counts, attacked by trying out every world: two wards' worth of days small enough to
 * list all counts. Worlds that look the same to the public are what an attacker cannot tell apart,
 * though he knows the rule; the least and the most over them is what he knows of a number.
 */
#include "../../extension/map/count_class_core.h"

#define DAYS 4
#define LEAVES 2
#define SPANS (DAYS * (DAYS + 1) / 2)
#define NUMBERS ((LEAVES + 1) * SPANS)

static int failures = 0;

#define EXPECT(condition, ...)                                                                     \
	do                                                                                             \
	{                                                                                              \
		if (!(condition))                                                                          \
		{                                                                                          \
			failures++;                                                                            \
			printf("%s:%d: ", __FILE__, __LINE__);                                                 \
			printf(__VA_ARGS__);                                                                   \
			printf("\n");                                                                          \
		}                                                                                          \
	} while (0)

/* A rule: tiers by the count of the last `days` days, the first from bounds[0] on. */
typedef struct small_rule
{
	int days;
	int bound_count;
	int bounds[3];
	int first_window; /* published windows begin here, and have so many days */
	int window;
	int k;
	int length; /* of the world, in days; and the most on a day, which stands for any more */
	int most;
} small_rule;

typedef struct known
{
	uint64_t name; /* of what is public; 0 = free */
	int8_t least[NUMBERS];
	int8_t most[NUMBERS];
	bool no_end[NUMBERS]; /* a world with the most has a day that stands for more */
} known;

typedef struct known_table
{
	known *rows;
	size_t size;
} known_table;

static known *
find(known_table *table, uint64_t name)
{
	size_t at = (size_t) (name * 0x9E3779B97F4A7C15u >> 20) % table->size;

	while (table->rows[at].name != 0 && table->rows[at].name != name)
		at = (at + 1) % table->size;
	if (table->rows[at].name == 0)
	{
		table->rows[at].name = name;
		memset(table->rows[at].least, 127, NUMBERS);
		memset(table->rows[at].most, -1, NUMBERS);
	}
	return &table->rows[at];
}

typedef struct world
{
	int n[LEAVES][DAYS];
} world;

static int
count_between(const world *world, int leaf, int first, int last)
{
	int n = 0;

	for (int day = first < 0 ? 0 : first; day <= last; day++)
		n += world->n[leaf][day];
	return n;
}

static int
tier_of(const small_rule *rule, const world *world, int leaf, int day)
{
	int n = count_between(world, leaf, day - rule->days + 1, day);
	int tier = 0;

	while (tier < rule->bound_count && n >= rule->bounds[tier])
		tier++;
	return tier;
}

static void
leaf_bounds(const small_rule *rule, const world *world, int leaf, int first, counted_zone *zone)
{
	count_statement statements[DAYS];

	for (int day = 0; day < rule->length; day++)
	{
		int tier = tier_of(rule, world, leaf, day);

		statements[day].first = day - rule->days + 1;
		statements[day].last = day;
		statements[day].at_least = tier == 0 ? 0 : rule->bounds[tier - 1];
		statements[day].at_most = tier == rule->bound_count ? COUNT_NO_END : rule->bounds[tier] - 1;
	}
	zone->parent = LEAVES;
	zone->count = count_between(world, leaf, first, first + rule->window - 1);
	zone->is_known = true;
	count_bounds(statements, rule->length, first, first + rule->window - 1, &zone->at_least,
				 &zone->at_most);
}

/* True where so many are published that one day cannot hold them. What is public: by tiers alone,
 * and by the classes of leaves and of the whole, too. */
static bool
publish(const small_rule *rule, const world *world, bool broken, uint64_t *tiers, uint64_t *all)
{
	bool is_far = false;

	*tiers = 1;
	for (int leaf = 0; leaf < LEAVES; leaf++)
		for (int day = 0; day < rule->length; day++)
			*tiers = *tiers * 4 + (uint64_t) tier_of(rule, world, leaf, day);
	*all = *tiers;
	for (int first = rule->first_window; first + rule->window + rule->days - 2 < rule->length;
		 first += rule->window)
	{
		counted_zone zones[LEAVES + 1] = {0};

		zones[LEAVES].parent = -1;
		for (int leaf = 0; leaf < LEAVES; leaf++)
			leaf_bounds(rule, world, leaf, first, &zones[leaf]);
		EXPECT(count_classes(zones, LEAVES + 1, rule->k), "no classes");
		for (int i = 0; i <= LEAVES; i++)
		{
			EXPECT(zones[i].class_at_least <= zones[i].count &&
					   zones[i].count <= zones[i].class_at_most,
				   "%lld is not in its class", (long long) zones[i].count);
			is_far |= zones[i].class_at_least > rule->most;
			*all = *all * 41 +
				   (uint64_t) (broken && i == LEAVES ? zones[i].count : zones[i].class_at_least);
			*all =
				*all * 41 +
				(uint64_t) (zones[i].class_at_most == COUNT_NO_END ? 40 : zones[i].class_at_most);
		}
	}
	return is_far;
}

static void
learn(const small_rule *rule, known *known, const world *world)
{
	int number = 0;

	for (int leaf = 0; leaf <= LEAVES; leaf++)
		for (int first = 0; first < rule->length; first++)
			for (int last = first; last < rule->length; last++, number++)
			{
				int n = 0;
				bool reaches = false;

				for (int i = 0; i < LEAVES; i++)
					for (int day = first; day <= last && (leaf == LEAVES || leaf == i); day++)
					{
						n += world->n[i][day];
						reaches |= world->n[i][day] == rule->most;
					}
				if (n < known->least[number])
					known->least[number] = (int8_t) n;
				if (n > known->most[number])
				{
					known->most[number] = (int8_t) n;
					known->no_end[number] = false;
				}
				if (n == known->most[number])
					known->no_end[number] |= reaches;
			}
}

static bool
next_world(const small_rule *rule, world *world)
{
	for (int leaf = 0; leaf < LEAVES; leaf++)
		for (int day = 0; day < rule->length; day++)
		{
			if (world->n[leaf][day]++ < rule->most)
				return true;
			world->n[leaf][day] = 0;
		}
	return false;
}

/* Counts numbers that are known more closely than they may be. */
static void
attack(const small_rule *rule, bool broken, long *numbers, long *narrow)
{
	known_table by_tiers = {calloc(1 << 17, sizeof(known)), 1 << 17};
	known_table by_all = {calloc(1 << 18, sizeof(known)), 1 << 18};

	*numbers = *narrow = 0;
	for (int pass = 0; pass < 2; pass++)
	{
		world world = {{{0}}};

		do
		{
			uint64_t tiers;
			uint64_t all;
			bool is_far = publish(rule, &world, broken, &tiers, &all);
			known *alone = find(&by_tiers, tiers);
			known *together = find(&by_all, all);

			if (pass == 0)
			{
				learn(rule, alone, &world);
				learn(rule, together, &world);
				continue;
			}
			for (int i = 0; i < (LEAVES + 1) * rule->length * (rule->length + 1) / 2 && !is_far;
				 i++)
			{
				bool is_closer = together->least[i] != alone->least[i] ||
								 together->most[i] != alone->most[i] ||
								 together->no_end[i] != alone->no_end[i];

				*numbers += is_closer;
				*narrow += is_closer && !together->no_end[i] &&
						   together->most[i] - together->least[i] < rule->k - 1;
			}
		} while (next_world(rule, &world));
	}
	free(by_tiers.rows);
	free(by_all.rows);
}

static void
test_bounds(void)
{
	int64_t least;
	int64_t most;
	count_statement red[] = {{5, 11, 3, COUNT_NO_END}, {-2, 4, 3, COUNT_NO_END}};
	count_statement apart[] = {{-5, 1, 3, COUNT_NO_END}, {6, 12, 3, COUNT_NO_END}};
	count_statement none[] = {{0, 6, 0, 0}, {2, 8, 2, COUNT_NO_END}};
	count_statement wide[] = {{-7, 6, 0, 20}};
	count_statement odd[] = {{0, 3, 0, 0}, {1, 2, 1, COUNT_NO_END}};

	count_bounds(red, 2, 0, 6, &least, &most);
	EXPECT(least == 6 && most == COUNT_NO_END, "one on each side: %lld", (long long) least);
	count_bounds(apart, 2, 0, 6, &least, &most);
	EXPECT(least == 6, "both ends: %lld", (long long) least);
	count_bounds(none, 2, 0, 6, &least, &most);
	EXPECT(least == 0 && most == 0, "none, whatever comes after: %lld", (long long) least);
	count_bounds(wide, 1, 0, 6, &least, &most);
	EXPECT(least == 0 && most == 0, "all twenty may lie before: %lld", (long long) most);
	count_bounds(wide, 1, -7, 6, &least, &most);
	EXPECT(most == 20, "or within: %lld", (long long) most);
	count_bounds(odd, 2, 0, 6, &least, &most);
	EXPECT(least == 1 && most == 0, "none of four days, one of two of them: %lld",
		   (long long) least);
}

static void
test_classes(void)
{
	counted_zone zones[] = {
		{.parent = 4, .is_known = true, .count = 0, .at_most = COUNT_NO_END},
		{.parent = 4, .is_known = true, .count = 12, .at_least = 3, .at_most = COUNT_NO_END},
		{.parent = 4, .is_known = true, .count = 0, .at_most = 0},
		{.parent = 5, .is_known = false, .count = 40, .at_most = COUNT_NO_END},
		{.parent = 5},
		{.parent = -1}};
	counted_zone around[] = {{.parent = 1}, {.parent = 0}};

	EXPECT(count_classes(zones, 6, 8), "a tree is none");
	EXPECT(zones[0].class_at_least == 0 && zones[0].class_at_most == 7, "none is a few");
	EXPECT(zones[1].class_at_least == 11 && zones[1].class_at_most == 18, "from 3 + 8 on: %lld",
		   (long long) zones[1].class_at_least);
	EXPECT(!zones[2].has_class, "what is known to be none has no class");
	/* parts: 0 to 7, 11 to 18, none */
	/* Its parts: 0 to 7, 11 to 18 and none, so 11 to 25; 11 + 8 is beyond 25 - 7. */
	EXPECT(!zones[4].has_class && zones[4].count == 12, "too close to cut");
	EXPECT(!zones[3].has_class && !zones[5].has_class,
		   "nothing is said of what cannot be told, nor of what it is part of");
	EXPECT(!count_classes(around, 2, 8), "two zones above each other");
}

int
main(int argc, char **argv __attribute__((unused)))
{
	bool brief = argc > 1;
	small_rule rules[] = {
		{2, 1, {1}, 1, 2, 3, 4, 4},	   /* none, or some: windows reach to both sides */
		{2, 1, {2}, 0, 2, 3, 4, 4},	   /* an upper bound that is not none */
		{1, 1, {1}, 0, 2, 3, 4, 4},	   /* tiers by single days, and two windows */
		{2, 1, {1}, 0, 1, 3, 4, 4},	   /* three windows of a day */
		{1, 2, {1, 5}, 0, 2, 3, 3, 7}, /* bounds wide enough to be cut */
	};

	test_bounds();
	test_classes();
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !brief; i++)
	{
		long numbers;
		long narrow;

		attack(&rules[i], false, &numbers, &narrow);
		EXPECT(narrow == 0, "rule %zu: %ld numbers of %ld are known too closely", i, narrow,
			   numbers);
		EXPECT(numbers > 0, "rule %zu: nothing was published", i);
		attack(&rules[i], true, &numbers, &narrow);
		EXPECT(narrow > 0, "rule %zu: the whole was published exactly, and that goes unnoticed", i);
	}
	if (failures == 0)
		printf("count_class: ok\n");
	return failures != 0;
}
