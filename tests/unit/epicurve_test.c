/* The epicurve against a plain list of reports: what was added is what is counted, in every order.
 */
#include "../../extension/what/epicurve_core.h"

static int failures = 0;

#define EXPECT(condition)                                                                          \
	do                                                                                             \
	{                                                                                              \
		if (!(condition))                                                                          \
		{                                                                                          \
			printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                         \
			failures++;                                                                            \
		}                                                                                          \
	} while (0)

typedef struct report
{
	int32_t day;
	int64_t n;
	household_key key;
} report;

static uint64_t seed = 42;

static uint32_t
next_random(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % below;
}

static report
random_report(void)
{
	static const int32_t far_days[] = {DAY_FIRST, -722449, 2921939, DAY_LAST};
	report result;

	result.day = next_random(20) == 0 ? far_days[next_random(4)] : 7900 + (int32_t) next_random(40);
	result.n = next_random(5);
	result.key = next_random(4) == 0 ? HOUSEHOLD_UNKNOWN : (household_key){0, next_random(12)};
	return result;
}

static epicurve *
must(epicurve *curve)
{
	EXPECT(curve != NULL);
	if (curve == NULL)
		exit(1);
	return curve;
}

static epicurve *
add(epicurve *curve, report row, bool households)
{
	pure_error error;
	epicurve *next =
		must(epicurve_add(curve, row.day, row.n, households ? &row.key : NULL, &error));

	if (next != curve)
		free(curve);
	return next;
}

static epicurve *
pack(epicurve *curve)
{
	pure_error error;
	epicurve *packed = must(epicurve_pack(curve, &error));

	EXPECT(epicurve_check(curve, epicurve_size(curve), &error));
	EXPECT(epicurve_check(packed, epicurve_size(packed), &error));
	EXPECT(epicurve_is_packed(packed));
	free(curve);
	return packed;
}

static epicurve *
curve_of(const report *rows, size_t count, bool households)
{
	epicurve *curve = epicurve_make(households);

	for (size_t i = 0; i < count; i++)
		curve = add(curve, rows[i], households);
	return pack(curve);
}

static bool
same(const epicurve *a, const epicurve *b)
{
	return epicurve_size(a) == epicurve_size(b) && memcmp(a, b, epicurve_size(a)) == 0;
}

static int64_t
slow_count(const report *rows, size_t count, int32_t first, int32_t last)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].day >= first && rows[i].day <= last)
			sum += rows[i].n;
	return sum;
}

static int64_t
slow_households(const report *rows, size_t count, int32_t first, int32_t last)
{
	int64_t net[12] = {0};
	int64_t result = 0;

	for (size_t i = 0; i < count; i++)
	{
		if (rows[i].day < first || rows[i].day > last)
			continue;
		if (household_key_compare(rows[i].key, HOUSEHOLD_UNKNOWN) == 0)
			result += rows[i].n;
		else
			net[rows[i].key.low] += rows[i].n;
	}
	for (int i = 0; i < 12; i++)
		result += net[i] > 0;
	return result;
}

static void
shuffle(report *rows, size_t count)
{
	for (size_t i = count; i > 1; i--)
	{
		size_t j = next_random((uint32_t) i);
		report other = rows[i - 1];

		rows[i - 1] = rows[j];
		rows[j] = other;
	}
}

static void
test_against_list(size_t count, bool households)
{
	report *rows = pure_alloc(count * sizeof(report));
	epicurve *curve, *again, *left, *right, *both, *back;
	pure_error error;

	for (size_t i = 0; i < count; i++)
		rows[i] = random_report();
	curve = curve_of(rows, count, households);
	for (int i = 0; i < 50; i++)
	{
		int32_t first = 7895 + (int32_t) next_random(50), last = first + (int32_t) next_random(20);

		EXPECT(epicurve_count_between(curve, first, last) == slow_count(rows, count, first, last));
		if (households)
			EXPECT(epicurve_households_between(curve, first, last) ==
				   slow_households(rows, count, first, last));
	}
	EXPECT(epicurve_total(curve) == slow_count(rows, count, DAY_FIRST, DAY_LAST));

	/* Halves merge to the whole, and what was brought is taken back, byte for byte. */
	left = curve_of(rows, count / 3, households);
	right = curve_of(rows + count / 3, count - count / 3, households);
	both = must(epicurve_merge(left, right, 1, &error));
	EXPECT(same(both, curve));
	back = must(epicurve_merge(both, right, -1, &error));
	EXPECT(same(back, left));

	shuffle(rows, count);
	again = curve_of(rows, count, households);
	EXPECT(same(again, curve));
	free(rows);
	free(curve);
	free(again);
	free(left);
	free(right);
	free(both);
	free(back);
}

static void
test_add_all(void)
{
	report rows[200];
	epicurve *whole, *part, *grown, *packed, *plain;
	pure_error error;

	for (size_t i = 0; i < 200; i++)
		rows[i] = random_report();
	whole = curve_of(rows, 200, true);
	part = curve_of(rows, 100, true);
	packed = curve_of(rows + 100, 100, true);
	grown = must(epicurve_add_all(part, packed, 1, &error));
	EXPECT(grown != part);
	grown = pack(grown);
	EXPECT(same(grown, whole));
	free(grown);

	/* Households are known only where both sides know them. */
	plain = curve_of(rows + 100, 100, false);
	grown = must(epicurve_add_all(part, plain, 1, &error));
	grown = pack(grown);
	EXPECT(!epicurve_has_households(grown));
	free(packed);
	packed = curve_of(rows, 200, false);
	EXPECT(same(grown, packed));
	free(whole);
	free(part);
	free(grown);
	free(packed);
	free(plain);
}

static void
test_days(void)
{
	report rows[] = {{7000, 2, {0, 1}}, {7010, 3, {0, 2}}, {7020, 1, {0, 3}}};
	report wrong[] = {{7010, 3, {0, 2}}, {7020, 4, {0, 4}}};
	epicurve *curve = curve_of(rows, 3, true), *taken = curve_of(wrong, 2, true), *net, *cut;
	pure_error error;
	int32_t day;
	int64_t n;

	EXPECT(epicurve_first_day(curve, &day) && day == 7000);
	EXPECT(epicurve_last_day_until(curve, 8000, &day) && day == 7020);
	EXPECT(epicurve_last_day_until(curve, 7019, &day) && day == 7010);
	EXPECT(!epicurve_last_day_until(curve, 6999, &day));

	/* A day whose net count is not above zero does not count as a day; nor does its household. */
	net = must(epicurve_merge(curve, taken, -1, &error));
	EXPECT(epicurve_day_count(net) == 2);
	epicurve_day(net, 1, &day, &n);
	EXPECT(day == 7020 && n == -3);
	EXPECT(epicurve_last_day_until(net, DAY_LAST, &day) && day == 7000);
	EXPECT(epicurve_households_between(net, 7010, 7020) == 1);

	cut = epicurve_cut(curve, 7010);
	EXPECT(epicurve_day_count(cut) == 2 && epicurve_household_count(cut) == 2);
	EXPECT(epicurve_check(cut, epicurve_size(cut), &error));
	free(curve);
	free(taken);
	free(net);
	free(cut);
}

static void
test_overflow(void)
{
	epicurve *curve = epicurve_make(false), *packed, *next;
	pure_error error;

	curve = add(curve, (report){1, INT64_MAX - 1, HOUSEHOLD_UNKNOWN}, false);
	curve = add(curve, (report){2, 1, HOUSEHOLD_UNKNOWN}, false);
	packed = must(epicurve_pack(curve, &error));
	EXPECT(epicurve_total(packed) == INT64_MAX);
	EXPECT(epicurve_merge(packed, packed, 1, &error) == NULL && error.code == PURE_OUT_OF_RANGE);
	next = must(epicurve_merge(packed, packed, -1, &error));
	EXPECT(epicurve_day_count(next) == 0);
	EXPECT(epicurve_add(curve, DAY_LAST + 1, 1, NULL, &error) == NULL &&
		   error.code == PURE_DATE_OUT_OF_RANGE);
	EXPECT(epicurve_add(curve, 1, INT64_MIN, NULL, &error) == NULL &&
		   error.code == PURE_OUT_OF_RANGE);
	free(curve);
	free(packed);
	free(next);
}

/* Whatever one byte is changed to, the check refuses or what it accepts can be read. */
static void
test_mutations(bool households)
{
	report rows[12];
	epicurve *curve;
	unsigned char *bytes;
	size_t size;
	pure_error error;

	for (size_t i = 0; i < 12; i++)
		rows[i] = random_report();
	curve = curve_of(rows, 12, households);
	size = epicurve_size(curve);
	bytes = pure_alloc(size);
	for (size_t i = 4; i < size; i++)
		for (int bit = 0; bit < 8; bit++)
		{
			memcpy(bytes, curve, size);
			bytes[i] ^= (unsigned char) (1 << bit);
			if (!epicurve_check(bytes, size, &error))
				EXPECT(error.code == PURE_CORRUPT);
			else if (epicurve_is_packed((epicurve *) bytes))
			{
				EXPECT(epicurve_households_between((epicurve *) bytes, 0, DAY_LAST) >= 0);
				epicurve_total((epicurve *) bytes);
			}
			else
				free(epicurve_pack((epicurve *) bytes, &error));
		}
	for (size_t shorter = 0; shorter < size; shorter++)
	{
		unsigned char *part = pure_alloc(shorter);

		memcpy(part, curve, shorter);
		EXPECT(!epicurve_check(part, shorter, &error));
		free(part);
	}
	free(curve);
	free(bytes);
}

static void
test_zone_keys(void)
{
	household_key text = {UINT64_C(0x123456789abcdef0), 7}, number = {0, 12};

	EXPECT(household_key_compare(household_key_in_zone(number, 1),
								 household_key_in_zone(number, 2)) != 0);
	EXPECT(household_key_compare(household_key_in_zone(text, 1), household_key_in_zone(text, 2)) !=
		   0);
	EXPECT(household_key_compare(household_key_in_zone(text, -1),
								 household_key_in_zone(text, -1)) == 0);
	EXPECT(household_key_compare(household_key_in_zone(HOUSEHOLD_UNKNOWN, 5), HOUSEHOLD_UNKNOWN) ==
		   0);
}

static void
test_day_text(const char *text, int32_t day)
{
	char printed[DAY_TEXT_SIZE];
	const char *cursor = text, *end = text + strlen(text);
	int32_t parsed;

	EXPECT(day_print(day, printed) == strlen(text) && strcmp(printed, text) == 0);
	EXPECT(day_parse(&cursor, end, &parsed) && cursor == end && parsed == day);
}

static void
test_day_texts(void)
{
	static const char *const wrong[] = {"",			  "2021",		"2021-9-01",	"2021-02-29",
										"2021-00-10", "2021-13-01", "0000-01-01",	"infinity",
										"21-09-01",	  "2021/09/01", "5874898-01-01"};
	int32_t day;

	test_day_text("2000-01-01", 0);
	test_day_text("1999-12-31", -1);
	test_day_text("2021-09-06", 7919);
	test_day_text("2000-02-29", 59);
	test_day_text("0021-09-01", -722571);
	test_day_text("9999-12-31", 2921939);
	test_day_text("10000-01-01", 2921940);
	test_day_text("0001-12-31 BC", -730120);
	test_day_text("4714-11-24 BC", DAY_FIRST);
	test_day_text("5874897-12-31", DAY_LAST);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
	{
		const char *cursor = wrong[i];

		EXPECT(!day_parse(&cursor, wrong[i] + strlen(wrong[i]), &day));
	}
}

int
main(void)
{
	for (size_t count = 0; count < 40; count++)
	{
		test_against_list(count, false);
		test_against_list(count, true);
	}
	test_against_list(3000, false);
	test_against_list(3000, true);
	test_add_all();
	test_days();
	test_overflow();
	test_mutations(false);
	test_mutations(true);
	test_zone_keys();
	test_day_texts();
	return failures != 0;
}
