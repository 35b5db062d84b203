/* Profiles for tests of policies: curves, zone values and what is known of a zone, set by hand. */
#ifndef GEORISK_POLICY_FIXTURE_H
#define GEORISK_POLICY_FIXTURE_H

#include "../../extension/rule/policy.h"

#define TODAY 7920 /* 2021-09-07 */

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

typedef struct fixture
{
	profile_item items[16];
	profile_view view;
} fixture;

static inline fixture *
fixture_make(void)
{
	fixture *made = pure_alloc0(sizeof(fixture));

	made->view.items = made->items;
	made->view.has_as_of = true;
	made->view.as_of = TODAY;
	return made;
}

static inline profile_item *
fixture_item(fixture *to, const char *name, profile_kind kind)
{
	size_t place = to->view.count++;

	while (place > 0 && strcmp(to->items[place - 1].name, name) > 0)
	{
		to->items[place] = to->items[place - 1];
		place--;
	}
	to->items[place].name = name;
	to->items[place].name_length = strlen(name);
	to->items[place].kind = kind;
	return &to->items[place];
}

static inline void
fixture_curve(fixture *to, const char *name, epicurve *curve)
{
	pure_error error;

	fixture_item(to, name, PROFILE_CURVE)->value.curve = epicurve_pack(curve, &error);
}

/* n reports on one day, without households; none where n = 0. */
static inline void
fixture_count(fixture *to, const char *name, int64_t n, int32_t day)
{
	pure_error error;
	epicurve *curve = epicurve_make(false);

	if (n > 0)
		curve = epicurve_add(curve, day, n, NULL, &error);
	fixture_curve(to, name, curve);
}

/* One case in each of so many households on one day. */
static inline epicurve *
add_households(epicurve *curve, int households, int32_t day)
{
	pure_error error;

	for (int i = 1; i <= households; i++)
	{
		household_key key = {0, (uint64_t) i};

		curve = epicurve_add(curve, day, 1, &key, &error);
	}
	return curve;
}

static inline void
fixture_yesno(fixture *to, const char *name, bool yes)
{
	fixture_item(to, name, PROFILE_YESNO)->value.yesno = yes;
}

static inline void
fixture_number(fixture *to, const char *name, const char *number)
{
	exact value;

	exact_parse(number, strlen(number), &value);
	fixture_item(to, name, PROFILE_NUMBER)->value.number = value;
}

static inline void
fixture_population(fixture *to, int64_t population)
{
	to->view.has_population = true;
	to->view.population = population;
}

static inline const char *
shipped_text(const char *name)
{
	int count;
	const shipped_policy *all = policy_shipped(&count);

	for (int i = 0; i < count; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].text;
	printf("no shipped policy %s\n", name);
	exit(1);
}

static inline policy *
parse(const char *text)
{
	pure_error error;
	policy *rule = policy_parse(text, strlen(text), &error);

	if (rule == NULL)
	{
		printf("%s\n%s\n%s\n%s\n", text, error.message, error.detail, error.hint);
		exit(1);
	}
	return rule;
}

/* The tier's key, or "unknown". */
static inline const char *
judge_at(const policy *rule, const fixture *given, int32_t day, verdict *result)
{
	static pure_error error;

	if (!policy_judge(rule, &given->view, day, result, &error))
		return error.message;
	return result->tier < 0 ? "unknown" : policy_get_facts(rule)->tiers[result->tier].key;
}

static inline const char *
judge(const policy *rule, const fixture *given)
{
	verdict result;

	return judge_at(rule, given, TODAY, &result);
}

static inline void
expect_tier(const policy *rule, const fixture *given, const char *wanted, const char *what)
{
	const char *got = judge(rule, given);

	EXPECT(strcmp(got, wanted) == 0, "%s, %s: %s, not %s", policy_get_facts(rule)->name, what, got,
		   wanted);
}

#endif
