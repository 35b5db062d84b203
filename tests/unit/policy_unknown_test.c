/*
 * Unknown only if it matters, against the obvious way: judge every completion of what is missing,
 * one by one. The tiers that come out are those that are possible, no more and no fewer.
 */
#include "policy_fixture.h"

#define FLAGS 3

static uint64_t seed = 2716;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % below;
}

static void
add_condition(char *text, int depth)
{
	static const char *const ops[] = {"<", "<=", "=", "<>", ">=", ">"};

	if (depth > 0 && pick(3) > 0)
	{
		strcat(text, pick(4) == 0 ? "NOT (" : "(");
		add_condition(text, depth - 1);
		strcat(text, pick(2) == 0 ? " AND " : " OR ");
		add_condition(text, depth - 1);
		strcat(text, ")");
		return;
	}
	if (depth > 0 && pick(4) == 0)
	{
		sprintf(text + strlen(text), "AT LEAST %u OF (", 1 + pick(3));
		for (int i = 0; i < 3; i++)
		{
			strcat(text, i > 0 ? ", " : "");
			add_condition(text, 0);
		}
		strcat(text, ")");
		return;
	}
	switch (pick(5))
	{
		case 0:
			sprintf(text + strlen(text), "cases IN 7 days %s %u ON 2 days RUNNING", ops[pick(6)],
					pick(3));
			break;
		case 1:
			sprintf(text + strlen(text), "%s%c", pick(2) == 0 ? "NOT " : "",
					'a' + (int) pick(FLAGS));
			break;
		case 2:
			sprintf(text + strlen(text), "x %s %u", ops[pick(6)], 1 + pick(3));
			break;
		case 3:
			sprintf(text + strlen(text), "%u %s twice", 1 + pick(5), ops[pick(6)]);
			break;
		default:
			sprintf(text + strlen(text), "cases IN 7 days %s %u", ops[pick(6)], 1 + pick(3));
	}
}

static const char *const tiers[] = {"green", "yellow", "orange", "red"};

static void
add_rules(char *text, int count)
{
	for (int i = 0; i < count; i++)
	{
		sprintf(text + strlen(text), "\n%s WHEN ", tiers[pick(4)]);
		add_condition(text, 2);
	}
	sprintf(text + strlen(text), "\n%s OTHERWISE", tiers[pick(4)]);
}

static void
add_table(char *text)
{
	strcat(text, "TABLE | ");
	add_condition(text, 1);
	strcat(text, " | OTHERWISE");
	for (int row = 0; row < 3; row++)
	{
		strcat(text, row < 2 ? "\nWHEN " : "\nOTHERWISE");
		if (row < 2)
			add_condition(text, 1);
		sprintf(text + strlen(text), " | %s | %s", tiers[pick(4)], tiers[pick(4)]);
	}
}

static void
add_base(char *text)
{
	switch (pick(4))
	{
		case 0:
			add_table(text);
			return;
		case 1:
			strcat(text, "\nCASE ");
			add_condition(text, 1);
			add_rules(text, 1);
			strcat(text, "\nELSE WORST OF x: green < 1 <= orange twice: yellow < 3 <= red");
			return;
		default:
			add_rules(text, 3);
	}
}

static void
add_step(char *text)
{
	switch (pick(4))
	{
		case 0:
			sprintf(text + strlen(text), "\nRAISE %u NOT ABOVE %s WHEN ", 1 + pick(2),
					tiers[pick(4)]);
			break;
		case 1:
			sprintf(text + strlen(text), "\nLOWER %u WHEN ", 1 + pick(2));
			break;
		case 2:
			sprintf(text + strlen(text), "\nNOT BELOW %s WHEN ", tiers[pick(4)]);
			break;
		default:
			sprintf(text + strlen(text), "\nNOT ABOVE %s WHEN ", tiers[pick(4)]);
	}
	add_condition(text, 1);
	if (pick(2) == 0)
	{
		strcat(text, " UNLESS ");
		add_condition(text, 1);
	}
}

static policy *
random_policy(void)
{
	char text[8000] =
		"POLICY p TIERS green, yellow, orange, red COUNT cases NUMBER x, y YESNO a, b, c "
		"LET twice = 2 * y BASE ";
	pure_error error;

	add_base(text);
	for (unsigned steps = pick(3); steps > 0; steps--)
		add_step(text);
	return policy_parse(text, strlen(text), &error);
}

typedef struct world
{
	int flags[FLAGS]; /* -1 = missing */
	int halves[2];	  /* of x and y; -1 = missing */
	int cases;
	bool incomplete;
} world;

static uint64_t
judge_world(const policy *rule, const world *now, verdict *result)
{
	static const char *const names[FLAGS] = {"a", "b", "c"};
	fixture *given = fixture_make();
	pure_error error;

	fixture_count(given, "cases", now->cases, TODAY);
	for (int i = 0; i < FLAGS; i++)
		if (now->flags[i] >= 0)
			fixture_yesno(given, names[i], now->flags[i] == 1);
	for (int i = 0; i < 2; i++)
		if (now->halves[i] >= 0)
			exact_divide(exact_of(now->halves[i]), exact_of(2),
						 &fixture_item(given, i == 0 ? "x" : "y", PROFILE_NUMBER)->value.number);
	given->view.has_complete_until = now->incomplete;
	given->view.complete_until = TODAY - 1;
	if (!policy_judge(rule, &given->view, TODAY, result, &error))
		abort();
	free(given);
	return result->possible;
}

/* Every completion: both answers, x on and between the bounds, up to four more cases. */
static uint64_t
complete(const policy *rule, world now, int step)
{
	uint64_t found = 0;
	verdict result;

	if (step < FLAGS)
	{
		int from = now.flags[step] < 0 ? 0 : now.flags[step];
		int to = now.flags[step] < 0 ? 1 : now.flags[step];

		for (now.flags[step] = from; now.flags[step] <= to; now.flags[step]++)
			found |= complete(rule, now, step + 1);
		return found;
	}
	for (int i = 0; i < 2; i++)
		if (now.halves[i] < 0)
		{
			for (now.halves[i] = 0; now.halves[i] <= 7; now.halves[i]++)
				found |= complete(rule, now, step);
			return found;
		}
	if (now.incomplete)
	{
		now.incomplete = false;
		for (int more = 0; more <= 4; more++, now.cases++)
			found |= complete(rule, now, step);
		return found;
	}
	judge_world(rule, &now, &result);
	EXPECT(result.tier >= 0 && result.possible == UINT64_C(1) << result.tier,
		   "all known, yet unknown");
	return result.possible;
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? 150 : 1000;
	int unknown = 0;
	int known = 0;

	(void) argv;
	for (int round = 0; round < rounds; round++)
	{
		policy *rule = random_policy();
		world now = {{(int) pick(3) - 1, (int) pick(3) - 1, (int) pick(3) - 1},
					 {(int) pick(8), (int) pick(8)},
					 (int) pick(4),
					 pick(3) == 0};
		int hidden = (int) pick(4); /* 0 and 1: this number is missing */
		verdict result;
		uint64_t possible;
		uint64_t wanted;

		if (rule == NULL) /* a condition repeated by chance */
			continue;
		if (hidden < 2)
			now.halves[hidden] = -1;
		possible = judge_world(rule, &now, &result);
		wanted = complete(rule, now, 0);
		EXPECT(possible == wanted, "round %d: possible %llx, not %llx", round,
			   (unsigned long long) possible, (unsigned long long) wanted);
		EXPECT((result.tier >= 0) == ((wanted & (wanted - 1)) == 0),
			   "round %d: unknown only if it matters", round);
		EXPECT((result.missing != NULL) == (result.tier < 0),
			   "round %d: the missing input is named", round);
		if (result.tier < 0)
			unknown++;
		else
			known++;
	}
	EXPECT(unknown > 20 && known > 20, "%d unknown, %d known: nothing was tested", unknown, known);
	return failures > 0;
}
