/* Profiles: one canonical form, reserved names, sums, and bytes that cannot be trusted. */
#include "../../extension/rule/zone_profile_core.h"

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

static profile_field
field(const char *name, profile_kind kind)
{
	return (profile_field){.name = name, .name_length = strlen(name), .kind = kind};
}

static profile_field
number(const char *name, const char *text)
{
	profile_field made = field(name, PROFILE_NUMBER);
	pure_error error;

	CHECK(decimal_parse(text, strlen(text), &made.value.number, &error));
	return made;
}

static profile_field
date(const char *name, int32_t day)
{
	profile_field made = field(name, PROFILE_DATE);

	made.value.date = day;
	return made;
}

static profile_field
words(const char *name, const char *text)
{
	profile_field made = field(name, PROFILE_TEXT);

	made.value.text.bytes = text;
	made.value.text.length = strlen(text);
	return made;
}

static profile_field
curve(const char *name, int32_t day, int64_t n)
{
	profile_field made = field(name, PROFILE_CURVE);
	pure_error error;
	epicurve *loose = epicurve_make(false);
	epicurve *grown = epicurve_add(loose, day, n, NULL, &error);

	made.value.curve = epicurve_pack(grown, &error);
	if (grown != loose)
		free(loose);
	free(grown);
	return made;
}

static zone_profile *
build(profile_field *fields, size_t count)
{
	pure_error error = {0};
	zone_profile *profile = zone_profile_build(fields, count, &error);

	if (profile == NULL)
	{
		printf("not built: %s\n", error.message);
		abort();
	}
	CHECK(zone_profile_check(profile, zone_profile_size(profile), &error));
	return profile;
}

static bool
refused(profile_field one, profile_field other, const char *message)
{
	profile_field fields[] = {one, other};
	pure_error error;
	zone_profile *profile = zone_profile_build(fields, 2, &error);

	free(profile);
	return profile == NULL && strstr(error.message, message) != NULL;
}

static const profile_item *
find(const profile_view *view, const char *name)
{
	return profile_find(view, name, strlen(name));
}

static void
test_view(void)
{
	profile_field fields[] = {words("level", "group"),
							  number("population", "163"),
							  curve("cases", 7919, 3),
							  number("dose1_pct", "71.50"),
							  date("as_of", 7920),
							  field("contact", PROFILE_MISSING),
							  field("households", PROFILE_MISSING),
							  words("dose", "")};
	profile_field cases = fields[2];
	zone_profile *profile = build(fields, 8);
	profile_view view;

	zone_profile_view(profile, &view);
	CHECK(view.count == 4);
	CHECK(view.has_as_of && view.as_of == 7920);
	CHECK(view.has_population && view.population == 163);
	CHECK(!view.has_households && !view.has_complete_until);
	CHECK(view.level_length == 5 && memcmp(view.level, "group", 5) == 0);
	CHECK(find(&view, "contact")->kind == PROFILE_MISSING);
	CHECK(find(&view, "dose")->kind == PROFILE_TEXT && find(&view, "dose")->value.text.length == 0);
	CHECK(find(&view, "dose1_pct")->value.number.num == 143);
	CHECK(find(&view, "dose1_pct")->value.number.den == 2);
	CHECK(epicurve_total(find(&view, "cases")->value.curve) == 3);
	CHECK(find(&view, "population") == NULL && find(&view, "dos") == NULL);
	CHECK(find(&view, "") == NULL && find(&view, "zzz") == NULL);
	free((void *) view.items);
	free((void *) cases.value.curve);
	free(profile);
}

static void
test_refused(void)
{
	CHECK(refused(number("x", "1"), number("x", "1"), "\"x\" is given twice"));
	CHECK(refused(number("as_of", "1"), number("x", "1"), "\"as_of\" must be a date"));
	CHECK(refused(number("population", "-1"), number("x", "1"), "whole number"));
	CHECK(refused(number("households", "1.5"), number("x", "1"), "whole number"));
	CHECK(refused(words("population", "1"), number("x", "1"), "whole number"));
	CHECK(refused(number("level", "1"), number("x", "1"), "must be text"));
	CHECK(refused(number("", "1"), number("x", "1"), "1 to 255 bytes"));
	CHECK(refused(field("level", PROFILE_MISSING), words("level", "a"), "given twice"));
}

static bool
same(const zone_profile *a, const zone_profile *b)
{
	return zone_profile_size(a) == zone_profile_size(b) && memcmp(a, b, zone_profile_size(a)) == 0;
}

static void
test_merge(void)
{
	profile_field left[] = {
		date("as_of", 10),		   date("complete_until", 9),		number("population", "100"),
		number("households", "7"), words("level", "group"),			curve("cases", 5, 2),
		number("agree", "1.5"),	   number("differ", "1"),			number("only_left", "1"),
		curve("tests", 5, 2),	   field("deaths", PROFILE_MISSING)};
	profile_field right[] = {
		date("as_of", 10),		date("complete_until", 8), number("population", "63"),
		words("level", "ward"), curve("cases", 5, 1),	   number("agree", "1.50"),
		number("differ", "2"),	number("tests", "0"),	   curve("deaths", 5, 4)};
	zone_profile *a = build(left, 11), *b = build(right, 9);
	pure_error error;
	zone_profile *sum = zone_profile_merge(a, b, &error);
	zone_profile *turned = zone_profile_merge(b, a, &error);
	profile_view view;

	CHECK(sum != NULL && turned != NULL && same(sum, turned));
	zone_profile_view(sum, &view);
	CHECK(view.has_as_of && view.as_of == 10);
	CHECK(view.has_complete_until && view.complete_until == 8);
	CHECK(view.has_population && view.population == 163);
	CHECK(!view.has_households && view.level == NULL);
	CHECK(epicurve_count_between(find(&view, "cases")->value.curve, 5, 5) == 3);
	CHECK(find(&view, "agree")->kind == PROFILE_NUMBER);
	CHECK(find(&view, "differ")->kind == PROFILE_MISSING);
	CHECK(find(&view, "only_left") == NULL);
	CHECK(find(&view, "tests") == NULL);
	CHECK(epicurve_total(find(&view, "deaths")->value.curve) == 4);
	free((void *) view.items);

	profile_field huge[] = {number("population", "9223372036854775807")};
	zone_profile *most = build(huge, 1);
	CHECK(zone_profile_merge(most, most, &error) == NULL && strstr(error.message, "fits a bigint"));

	/* Reports without an end of completeness are complete; the sum ends where the other one does.
	 */
	profile_field open[] = {number("population", "1")};
	zone_profile *complete = build(open, 1);
	zone_profile *both = zone_profile_merge(complete, a, &error);
	zone_profile_view(both, &view);
	CHECK(view.has_complete_until && view.complete_until == 9 && !view.has_as_of);
	free((void *) view.items);

	zone_profile *moved = zone_profile_at_day(sum, 11, &error);
	zone_profile *back = zone_profile_at_day(moved, 10, &error);
	CHECK(!same(moved, sum) && same(back, sum));
	free(moved);
	free(back);
	free(both);
	free(complete);
	free(most);
	free(sum);
	free(turned);
	free(a);
	free(b);
}

static void
read_all(const zone_profile *profile)
{
	profile_view view;
	pure_error error;

	zone_profile_view(profile, &view);
	for (size_t i = 0; i < view.count; i++)
	{
		if (view.items[i].kind == PROFILE_CURVE)
			(void) epicurve_count_between(view.items[i].value.curve, 0, 100);
	}
	free((void *) view.items);
	free(zone_profile_merge(profile, profile, &error));
}

/* Every byte of a valid value changed in turn: an error, or a value that is safe to read. */
static void
test_crafted(void)
{
	value_entry entry = {.day = 3, .known = true, .number = {5, 0}};
	pure_error error;
	value_series *loose = value_series_make(VALUE_NUMBER, 1);
	profile_field series = field("care", PROFILE_SERIES);
	profile_field flag = field("flag", PROFILE_YESNO);

	loose = value_series_add(loose, &entry, &error);
	series.value.series = value_series_pack(loose);
	flag.value.yesno = true;
	profile_field fields[] = {
		curve("cases", 7, 3),		series,			 flag, words("note", "abc"),
		number("population", "12"), date("as_of", 8)};
	zone_profile *good = build(fields, 6);
	size_t size = zone_profile_size(good);
	int accepted = 0;

	for (size_t length = 0; length < size; length++)
	{
		unsigned char *cut = malloc(length > 0 ? length : 1);

		memcpy(cut, good, length);
		CHECK(!zone_profile_check(cut, length, &error) && error.code == PURE_CORRUPT);
		free(cut);
	}
	for (size_t at = 4; at < size; at++)
	{
		for (int bits = 1; bits < 256; bits += 3)
		{
			zone_profile *crafted = malloc(size);

			memcpy(crafted, good, size);
			((unsigned char *) crafted)[at] ^= (unsigned char) bits;
			if (zone_profile_check(crafted, size, &error))
			{
				accepted++;
				read_all(crafted);
			}
			free(crafted);
		}
	}
	CHECK(accepted > 0);
	free(loose);
	free(good);
}

int
main(void)
{
	test_view();
	test_refused();
	test_merge();
	test_crafted();
	return failures > 0;
}
