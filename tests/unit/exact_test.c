/* Exact fractions against plain 64-bit arithmetic, and at the edge of 128 bits. */
#include "../../extension/rule/exact.h"

static int failures = 0;

static void
expect(bool condition, const char *what)
{
	if (!condition)
	{
		failures++;
		printf("exact: %s\n", what);
	}
}

static exact
fraction(int64_t num, int64_t den)
{
	exact result;

	if (!exact_divide(exact_of(num), exact_of(den), &result))
		abort();
	return result;
}

static bool
is(exact value, int64_t num, int64_t den)
{
	return value.num == num && value.den == den;
}

static exact
parsed(const char *text)
{
	exact result = {0, 0};

	if (!exact_parse(text, strlen(text), &result))
		result.den = 0;
	return result;
}

static void
expect_print(const char *text, int digits, const char *wanted)
{
	char got[100];

	exact_print(parsed(text), digits, got, sizeof(got));
	if (strcmp(got, wanted) != 0)
	{
		failures++;
		printf("exact: %s with %d digits prints %s, not %s\n", text, digits, got, wanted);
	}
}

/* Every pair of small fractions, against products that cannot overflow. */
static void
test_small(void)
{
	for (int a = -12; a <= 12; a++)
		for (int b = 1; b <= 8; b++)
			for (int c = -12; c <= 12; c++)
				for (int d = 1; d <= 8; d++)
				{
					exact x = fraction(a, b);
					exact y = fraction(c, d);
					exact sum;
					exact difference;
					exact product;
					exact quotient;

					expect(exact_compare(x, y) == (a * d > c * b) - (a * d < c * b), "compare");
					expect(exact_add(x, y, &sum) &&
							   exact_compare(sum, fraction(a * d + c * b, b * d)) == 0,
						   "add");
					expect(exact_subtract(x, y, &difference) && exact_add(difference, y, &sum) &&
							   exact_compare(sum, x) == 0,
						   "subtract");
					expect(exact_multiply(x, y, &product) &&
							   is(product, (int64_t) fraction(a * c, b * d).num,
								  (int64_t) fraction(a * c, b * d).den),
						   "multiply");
					expect(exact_divide(x, y, &quotient) == (c != 0), "divide by zero only");
					if (c != 0)
						expect(exact_multiply(quotient, y, &product) &&
								   exact_compare(product, x) == 0,
							   "divide");
				}
}

static void
test_large(void)
{
	exact most = {((__int128) INT64_MAX << 63) - 1, 1};
	exact nearly = most;
	exact result;

	nearly.num--;
	expect(exact_compare(most, nearly) > 0 && exact_compare(nearly, most) < 0, "compare large");
	expect(!exact_multiply(most, most, &result), "multiply overflows");
	expect(!exact_multiply(most, exact_of(8), &result), "multiply overflows a little");
	expect(exact_subtract(most, nearly, &result) && is(result, 1, 1), "subtract large");

	/* Fractions whose cross products do not fit: still in order. */
	most.den = most.num - 2;
	nearly.den = nearly.num - 2;
	expect(exact_compare(most, nearly) < 0 && exact_compare(nearly, most) > 0, "compare by terms");
	expect(exact_compare(most, most) == 0, "equal to itself");
	most.num = -most.num;
	expect(exact_compare(most, nearly) < 0 && exact_compare(nearly, most) > 0, "compare signs");
	expect(!exact_add(most, nearly, &result), "add overflows");
	expect(exact_divide(exact_of(INT64_MIN), exact_of(-1), &result) &&
			   exact_compare(result, exact_of(INT64_MAX)) > 0,
		   "-INT64_MIN");
}

static void
test_text(void)
{
	static const char *const bad[] = {
		"",	  "-",	".",  ".5",	 "5.",	"1.2.3", "1e3",
		"+1", " 1", "1 ", "--1", "NaN", "1,5",	 "340282366920938463463374607431768211456"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(parsed(bad[i]).den == 0, bad[i]);
	expect(is(parsed("-12.50"), -25, 2), "-12.50");
	expect(is(parsed("0.0"), 0, 1) && is(parsed("-0"), 0, 1), "zero has one form");
	expect_print("12.50", 4, "12.5");
	expect_print("12.50", 0, "13");
	expect_print("-12.50", 0, "-13");
	expect_print("0.05", 1, "0.1");
	expect_print("-0.04", 1, "0");
	expect_print("999.999", 2, "1000");
	expect_print("123456789012345678901234567890", 4, "123456789012345678901234567890");
}

int
main(void)
{
	test_small();
	test_large();
	test_text();
	return failures > 0;
}
