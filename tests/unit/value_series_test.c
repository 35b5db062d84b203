/* Decimals and dated histories: the pure cores under value_series. */
#include "../../extension/rule/value_series_core.h"

static int failures = 0;

#define CHECK(condition)                                                                           \
	do                                                                                             \
	{                                                                                              \
		if (!(condition))                                                                          \
		{                                                                                          \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
			failures++;                                                                            \
		}                                                                                          \
	} while (0)

static decimal
number(const char *text)
{
	decimal value = {0, 0};
	pure_error error;

	CHECK(decimal_parse(text, strlen(text), &value, &error));
	CHECK(decimal_valid(value));
	return value;
}

static void
check_number(const char *text, exact_int mantissa, int32_t scale, const char *printed)
{
	char buffer[DECIMAL_TEXT];
	decimal value = number(text);

	decimal_print(value, buffer);
	if ((scale >= 0 && (value.mantissa != mantissa || value.scale != scale)) ||
		strcmp(buffer, printed) != 0)
	{
		printf("%s: got %lld / 10^%d, printed %s\n", text, (long long) value.mantissa, value.scale,
			   buffer);
		failures++;
	}
}

static void
test_decimals(void)
{
	decimal value;
	pure_error error;

	check_number("0", 0, 0, "0");
	check_number("-0.000", 0, 0, "0");
	check_number("71.50", 715, 1, "71.5");
	check_number("-0.05", -5, 2, "-0.05");
	check_number("100", 100, 0, "100");
	check_number("0010.010", 1001, 2, "10.01");
	check_number("999999999999999999", 999999999999999999, 0, "999999999999999999");
	check_number("0.14285714285714285714", (exact_int) INT64_C(7142857142857142857) * 2, 20,
				 "0.14285714285714285714");
	check_number("0.000000000000000000000000000000000001", 1, 36,
				 "0.000000000000000000000000000000000001");
	check_number("-123456789012345678901234567890123456", 0, -1,
				 "-123456789012345678901234567890123456");
	check_number("1.0000000000000000000000000000", 1, 0, "1");

	CHECK(!decimal_parse("1000000000000000000000000000000000000", 37, &value, &error));
	CHECK(error.code == PURE_OUT_OF_RANGE);
	CHECK(!decimal_parse("1.000000000000000000000000000000000001", 38, &value, &error));
	CHECK(error.code == PURE_OUT_OF_RANGE);
	CHECK(!decimal_parse("0.0000000000000000000000000000000000001", 39, &value, &error));
	CHECK(!decimal_parse("NaN", 3, &value, &error));
	CHECK(error.code == PURE_INVALID_PARAMETER);
	CHECK(!decimal_parse("1e5", 3, &value, &error));
	CHECK(!decimal_parse("-", 1, &value, &error));
	CHECK(!decimal_parse("1.2.3", 5, &value, &error));
	CHECK(!decimal_valid((decimal){10, 1}));
	CHECK(!decimal_valid((decimal){1, 37}));

	exact half = decimal_to_exact(number("-12.50"));
	CHECK(half.num == -25 && half.den == 2);
	exact tiny = decimal_to_exact(number("0.000000000000000001"));
	CHECK(tiny.num == 1 && tiny.den == 1000000000000000000);
	exact zero = decimal_to_exact(number("0.0"));
	CHECK(zero.num == 0 && zero.den == 1);
}

static value_series *
add(value_series *series, const value_entry *entry)
{
	pure_error error;
	value_series *result = value_series_add(series, entry, &error);

	if (result != series)
		free(series);
	return result;
}

static value_series *
add_number(value_series *series, int32_t day, const char *text)
{
	value_entry entry = {.day = day, .known = text != NULL};

	if (text != NULL)
		entry.number = number(text);
	return add(series, &entry);
}

static bool
same(const value_series *a, const value_series *b)
{
	return value_series_size(a) == value_series_size(b) && memcmp(a, b, value_series_size(a)) == 0;
}

static void
test_at(void)
{
	value_series *state = value_series_make(VALUE_NUMBER, 0);
	value_entry entry;

	state = add_number(state, 20, NULL);
	state = add_number(state, 10, "70");
	state = add_number(state, 30, "80.5");
	value_series *series = value_series_pack(state);

	CHECK(value_series_count(series) == 3 && value_series_kind(series) == VALUE_NUMBER);
	CHECK(!value_series_entry_at(series, 9, -1, &entry));
	CHECK(value_series_entry_at(series, 10, 0, &entry) && entry.number.mantissa == 70);
	CHECK(value_series_entry_at(series, 15, 5, &entry) && entry.day == 10);
	CHECK(!value_series_entry_at(series, 15, 4, &entry));
	CHECK(!value_series_entry_at(series, 20, -1, &entry));
	CHECK(!value_series_entry_at(series, 29, -1, &entry));
	CHECK(value_series_entry_at(series, 2000000000, -1, &entry) && entry.day == 30);

	int32_t day;
	exact value;
	bool yesno;
	CHECK(value_series_at(series, 30, 0, &day, &value, &yesno) && day == 30);
	CHECK(value.num == 161 && value.den == 2);
	free(series);
	free(state);
}

/* Whatever the order, and however split into partial states: the same bytes. */
static void
test_order(void)
{
	enum
	{
		ROWS = 200
	};
	static const char *texts[] = {"1", "2", NULL, "2.0", "3"};
	int32_t days[ROWS];
	const char *values[ROWS];
	uint32_t seed = 7;
	pure_error error;
	value_series *expected = NULL;

	for (int i = 0; i < ROWS; i++)
	{
		seed = seed * 1664525 + 1013904223;
		days[i] = (int32_t) (seed >> 16) % 60;
		values[i] = texts[(seed >> 8) % 5];
	}
	for (int round = 0; round < 50; round++)
	{
		value_series *left = value_series_make(VALUE_NUMBER, 0);
		value_series *right = value_series_make(VALUE_NUMBER, 0);

		for (int i = 0; i < ROWS; i++)
		{
			if (i < round * 4)
				left = add_number(left, days[i], values[i]);
			else
				right = add_number(right, days[i], values[i]);
		}
		CHECK(value_series_check_state(left, value_series_size(left), &error));
		value_series *both = value_series_combine(left, right, &error);
		if (both != left)
			free(left);
		value_series *packed = value_series_pack(both);
		CHECK(value_series_check(packed, value_series_size(packed), &error));
		CHECK(value_series_is_packed(packed));
		if (expected == NULL)
			expected = packed;
		else
		{
			CHECK(same(expected, packed));
			free(packed);
		}
		free(both);
		free(right);

		for (int i = ROWS - 1; i > 0; i--)
		{
			seed = seed * 1664525 + 1013904223;
			int j = (int) ((seed >> 8) % (uint32_t) (i + 1));
			int32_t day = days[i];
			const char *value = values[i];

			days[i] = days[j];
			values[i] = values[j];
			days[j] = day;
			values[j] = value;
		}
	}
	free(expected);
}

static void
test_one_day(void)
{
	value_series *agree = value_series_make(VALUE_NUMBER, 0);
	value_series *differ = value_series_make(VALUE_YESNO, 0);
	value_entry entry;

	agree = add_number(add_number(agree, 5, "2"), 5, "2.00");
	value_series *packed = value_series_pack(agree);
	CHECK(value_series_count(packed) == 1);
	CHECK(value_series_entry_at(packed, 5, -1, &entry) && entry.number.mantissa == 2);
	free(packed);
	free(agree);

	differ = add(differ, &(value_entry){.day = 5, .known = true, .yesno = true});
	differ = add(differ, &(value_entry){.day = 5, .known = true, .yesno = false});
	differ = add(differ, &(value_entry){.day = 5, .known = true, .yesno = true});
	packed = value_series_pack(differ);
	CHECK(value_series_count(packed) == 1);
	CHECK(!value_series_entry_at(packed, 5, -1, &entry));
	CHECK(value_series_kind(packed) == VALUE_NUMBER && !value_series_has_known(packed));
	free(packed);
	free(differ);
}

/* Every byte of a valid value changed in turn: an error, or a value that is safe to read. */
static void
test_crafted(void)
{
	value_series *state = value_series_make(VALUE_NUMBER, 0);
	pure_error error;

	state = add_number(state, 10, "70.5");
	state = add_number(state, 20, "-3");
	state = add_number(state, 30, NULL);
	value_series *good = value_series_pack(state);
	size_t size = value_series_size(good);

	for (size_t length = 0; length < size; length++)
	{
		unsigned char *cut = malloc(length > 0 ? length : 1);

		memcpy(cut, good, length);
		CHECK(!value_series_check(cut, length, &error) && error.code == PURE_CORRUPT);
		free(cut);
	}
	for (size_t at = 4; at < size; at++)
	{
		for (int bits = 1; bits < 256; bits++)
		{
			value_series *crafted = malloc(size);
			value_entry entry;

			memcpy(crafted, good, size);
			((unsigned char *) crafted)[at] ^= (unsigned char) bits;
			if (value_series_check(crafted, size, &error))
				(void) value_series_entry_at(crafted, 25, 3, &entry);
			free(crafted);
		}
	}
	free(good);
	free(state);
}

int
main(void)
{
	test_decimals();
	test_at();
	test_order();
	test_one_day();
	test_crafted();
	return failures > 0;
}
