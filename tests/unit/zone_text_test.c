/* What comes from outside, as text, well-known binary or an aggregate's state: read right or
 * refused. */
#include <math.h>

#include "../../extension/where/wkb_core.h"
#include "../../extension/where/zone_draft_core.h"
#include "../../extension/where/zone_simple_core.h"
#include "../../extension/where/zone_text_core.h"

static int failures;

static void
expect(bool holds, const char *what)
{
	if (holds)
		return;
	printf("%s\n", what);
	failures++;
}

static uint64_t seed = 3;

static size_t
random_below(size_t bound)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t) ((seed >> 33) % bound);
}

static bool
same(const zone_index *a, const zone_index *b)
{
	return a != NULL && b != NULL && zone_index_size(a) == zone_index_size(b) &&
		   memcmp(a, b, zone_index_size(a)) == 0;
}

/* A triangle with a corner in common with a square that has a hole. */
static const char text[] =
	"SRID=4326;ZONES(-4,9);EDGES(0 0 0 4 |9,0 0 4 0 9|,0 4 4 4 |9,1 1 1 2 9|,1 1 2 1 |9,"
	"1 2 2 1 9|,4 0 4 4 9|,4 4 5 4.5 -4|,4 4 5 5 |-4,5 4.5 5 5 -4|)";

static void
test_mutated_text(void)
{
	pure_error error;
	char mutated[sizeof(text) + 8];

	for (int round = 0; round < 2000; round++)
	{
		zone_index *index;

		strcpy(mutated, text);
		for (size_t n = 1 + random_below(3); n > 0; n--)
			mutated[random_below(sizeof(text) - 1)] =
				"0123456789.,|+-()e; \001xSZ"[random_below(24)];
		if (round % 5 == 0)
			mutated[random_below(sizeof(text) - 1)] = '\0';
		index = zone_text_parse(mutated, &error);
		expect(index != NULL || error.message[0] != '\0', "an error without a message");
		expect(index == NULL || zone_index_check(index, zone_index_size(index), &error),
			   "a mutated text makes a damaged index");
		free(index);
	}
}

static size_t
put(unsigned char *wkb, size_t at, const void *value, size_t size)
{
	memcpy(wkb + at, value, size);
	return at + size;
}

static size_t
put_head(unsigned char *wkb, size_t at, uint32_t type)
{
	const uint16_t one = 1;

	wkb[at] = *(const unsigned char *) &one;
	return put(wkb, at + 1, &type, sizeof(type));
}

static size_t
put_ring(unsigned char *wkb, size_t at, const double *xy, uint32_t points)
{
	double z = 7;

	at = put(wkb, at, &points, sizeof(points));
	for (uint32_t i = 0; i < points; i++)
	{
		at = put(wkb, at, xy + 2 * i, 2 * sizeof(double));
		at = put(wkb, at, &z, sizeof(z));
	}
	return at;
}

/* The square as EWKB with SRID and Z, both rings turned the same way. */
static size_t
make_wkb(unsigned char *wkb)
{
	const double shell[] = {0, 0, 4, 0, 4, 4, 0, 4, 0, 0};
	const double hole[] = {1, 1, 2, 1, 1, 2, 1, 1};
	const uint32_t srid = 4326;
	const uint32_t one = 1;
	const uint32_t two = 2;
	size_t at = put_head(wkb, 0, WKB_MULTIPOLYGON | 0x80000000u | 0x20000000u);

	at = put(wkb, at, &srid, sizeof(srid));
	at = put(wkb, at, &one, sizeof(one));
	at = put_head(wkb, at, 1000 + WKB_POLYGON);
	at = put(wkb, at, &two, sizeof(two));
	at = put_ring(wkb, at, shell, 5);
	return put_ring(wkb, at, hole, 4);
}

static void
test_wkb(const zone_index *wanted)
{
	double triangle[] = {4, 4, 5, 4.5, 5, 5, 4, 4};
	wkb_ring ring = {0, 4, 0, false};
	wkb_rings small = {triangle, 4, 4, &ring, 1, 1};
	unsigned char wkb[1024];
	size_t size = make_wkb(wkb);
	wkb_rings rings;
	pure_error error;
	wkb_head head;

	expect(wkb_read_head(wkb, size, &head, &error) && head.type == WKB_MULTIPOLYGON &&
			   head.srid == 4326,
		   "head of EWKB");
	expect(wkb_read_rings(wkb, size, 9, &rings, &error) && rings.count == 2 && rings.points == 9 &&
			   rings.rings[1].is_hole,
		   "rings of EWKB");

	zone_draft *draft = zone_draft_make(4326);
	zone_draft *first = zone_draft_make(4326);

	expect(zone_draft_add(first, -4, &small, &error), "a zone is added");

	zone_flat_draft *travelled = malloc(zone_draft_flat_size(first));

	zone_draft_flatten(first, travelled);
	expect(zone_draft_add(draft, 9, &rings, &error) &&
			   zone_draft_add_flat(draft, travelled, &error),
		   "a flat draft is added");

	size_t flat_size = zone_draft_flat_size(draft);
	zone_flat_draft *flat = malloc(flat_size);

	zone_draft_flatten(draft, flat);
	expect(zone_flat_draft_is(flat, flat_size) && zone_flat_draft_check(flat, flat_size, &error),
		   "a flat draft passes its check");

	zone_index *index = zone_draft_finish(draft, &error);
	zone_index *of_flat = zone_flat_draft_finish(flat, &error);
	expect(same(index, wanted), "zones of EWKB make the index of the text");
	expect(same(of_flat, wanted), "so does the flat draft");

	zone_draft *again = zone_draft_make(4326);
	expect(zone_draft_add_index(again, index, &error), "an index is added");

	zone_index *twice = zone_draft_finish(again, &error);

	expect(same(twice, wanted), "an index makes a draft of itself");

	for (int round = 0; round < 2000; round++)
	{
		char *copy = malloc(flat_size);

		memcpy(copy, flat, flat_size);
		copy[random_below(flat_size)] ^= (char) (1 + random_below(255));
		if (zone_flat_draft_check(copy, flat_size, &error))
			free(zone_flat_draft_finish((zone_flat_draft *) copy, &error));
		free(copy);
	}
	free(twice);
	free(index);
	free(of_flat);
	free(flat);
	free(travelled);
	zone_draft_free(again);
	zone_draft_free(first);
	zone_draft_free(draft);
	wkb_rings_free(&rings);
}

static void
test_mutated_wkb(void)
{
	unsigned char wkb[1024];
	size_t size = make_wkb(wkb);
	pure_error error;

	for (int round = 0; round < 4000; round++)
	{
		size_t cut = round % 2 == 0 ? size : random_below(size);
		unsigned char *copy = malloc(cut > 0 ? cut : 1);
		wkb_rings rings;
		double x, y;

		memcpy(copy, wkb, cut);
		if (cut > 0)
			copy[random_below(cut < 60 || round % 4 == 0 ? cut : 60)] ^=
				(unsigned char) (1 + random_below(255));
		if (wkb_read_rings(copy, cut, 1, &rings, &error))
		{
			zone_is_simple(&rings);
			wkb_rings_free(&rings);
		}
		wkb_read_point(copy, cut, &x, &y, &error);
		free(copy);
	}
}

int
main(void)
{
	pure_error error;
	zone_index *index = zone_text_parse(text, &error);

	expect(index != NULL, "the text is read");
	if (index != NULL)
	{
		test_wkb(index);
		test_mutated_text();
		test_mutated_wkb();
	}
	free(index);
	return failures > 0;
}
