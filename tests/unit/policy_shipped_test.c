/* The worked examples of the shipped policies, row by row as the reference prints them. */
#include "policy_fixture.h"

static void
test_vn_hcmc(void)
{
	/* households with a case, on a day so many days ago (-1 = never), contact (y, n, ? = nobody
	 * asked) */
	static const struct
	{
		int households;
		int days_ago;
		char contact;
		const char *tier;
	} rows[] = {
		{0, -1, '?', "green"},	   {1, 15, '?', "green"},	  {1, 14, '?', "near_green"},
		{1, 7, '?', "near_green"}, {1, 6, 'n', "yellow"},	  {1, 3, 'y', "orange"},
		{1, 3, '?', "orange"},	   {2, 0, 'n', "orange"},	  {3, 2, 'n', "red"},
		{1, 1, 'n', "yellow"},	   {1, 7, 'y', "near_green"}, {4, 6, '?', "red"},
	};
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	pure_error error;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		fixture *given = fixture_make();
		epicurve *curve = epicurve_make(true);
		char what[40];

		if (rows[i].days_ago >= 0)
			curve = add_households(curve, rows[i].households, TODAY - rows[i].days_ago);
		if (i == 9) /* five cases in the same household */
			for (int n = 0; n < 4; n++)
				curve = epicurve_add(curve, TODAY - n, 1, &(household_key){0, 1}, &error);
		fixture_curve(given, "cases", curve);
		if (rows[i].contact != '?')
			fixture_yesno(given, "contact", rows[i].contact == 'y');
		snprintf(what, sizeof(what), "row %zu", i + 1);
		expect_tier(rule, given, rows[i].tier, what);
	}
}

static void
test_counts(const char *name, const char *const *tiers, const int *counts, int rows,
			bool households)
{
	const policy *rule = parse(shipped_text(name));

	for (int i = 0; i < rows; i++)
	{
		fixture *given = fixture_make();
		char what[40];

		if (households)
			fixture_curve(given, "cases",
						  add_households(epicurve_make(true), counts[i], TODAY - 6));
		else
			fixture_count(given, "cases", counts[i], TODAY - 13);
		snprintf(what, sizeof(what), "%d", counts[i]);
		expect_tier(rule, given, tiers[i], what);
	}
}

static void
test_count_tables(void)
{
	static const int houses[] = {0, 1, 2, 3, 5, 6, 10, 11};
	static const char *const february[] = {"green",	 "yellow", "yellow", "yellow",
										   "yellow", "orange", "orange", "red"};
	static const char *const april[] = {"green",  "yellow", "yellow", "orange",
										"orange", "red",	"red",	  "red"};
	static const int cases[] = {0, 1, 20, 21, 40, 41};
	static const char *const malaysia[] = {"green", "yellow", "yellow", "orange", "orange", "red"};
	static const int alerts[] = {0, 1, 2, 3, 30};
	static const char *const alert[] = {"green", "yellow", "orange", "red", "red"};

	test_counts("id_ppkm_mikro_2021a", february, houses, 8, true);
	test_counts("id_ppkm_mikro_2021b", april, houses, 8, true);
	test_counts("my_zone_2020", malaysia, cases, 6, false);
	test_counts("alert_counts", alert, alerts, 5, false);
}

/* Rates are set by a population of 1,000,000 x days, so that each hundredth is a whole number of
 * cases. */
static void
test_rates(void)
{
	static const struct
	{
		int cases; /* per 10,000,000 */
		int positives;
		int tests; /* 0 = none made */
		const char *tier;
	} cdc[] = {
		{999, 499, 10000, "low"},		  {1000, 499, 10000, "moderate"},
		{4999, 500, 10000, "moderate"},	  {5000, 0, 10000, "substantial"},
		{900, 800, 10000, "substantial"}, {9999, 999, 10000, "substantial"},
		{10000, 0, 10000, "high"},		  {3000, 0, 0, "moderate"},
	};
	static const struct
	{
		int cases; /* per 70,000,000 */
		const char *tier;
	} hghi[] = {{4851, "green"},   {4900, "yellow"},   {48951, "yellow"},
				{49000, "orange"}, {122451, "orange"}, {122500, "red"}};
	const policy *rule = parse(shipped_text("us_cdc_ct_2021"));
	char what[40];

	for (size_t i = 0; i < sizeof(cdc) / sizeof(cdc[0]); i++)
	{
		fixture *given = fixture_make();

		fixture_count(given, "cases", cdc[i].cases, TODAY - 6);
		fixture_count(given, "positives", cdc[i].positives, TODAY - 6);
		fixture_count(given, "tests", cdc[i].tests, TODAY - 6);
		fixture_population(given, 10000000);
		snprintf(what, sizeof(what), "row %zu", i + 1);
		expect_tier(rule, given, cdc[i].tier, what);
		if (i == 7)
		{
			given->view.has_population = false;
			expect_tier(rule, given, "unknown", "neither metric");
		}
	}
	rule = parse(shipped_text("hghi_2020"));
	for (size_t i = 0; i < sizeof(hghi) / sizeof(hghi[0]); i++)
	{
		fixture *given = fixture_make();

		fixture_count(given, "cases", hghi[i].cases, TODAY);
		fixture_population(given, 70000000);
		snprintf(what, sizeof(what), "row %zu", i + 1);
		expect_tier(rule, given, hghi[i].tier, what);
	}
}

int
main(void)
{
	test_vn_hcmc();
	test_count_tables();
	test_rates();
	return failures > 0;
}
