/*
 * Point location against a slow oracle that shares nothing with it: every ring is asked, in exact
 * sums of doubles (Shewchuk's expansions). Points are chosen to be hard: vertices, midpoints of
 * edges, corners of cells, and their neighbours among the doubles.
 */
#include "../../extension/where/orient_core.h"
#include "../../extension/where/zone_slice_core.h"

static int failures;

static void
fail(const char *what, const char *scene, double x, double y)
{
	if (failures++ < 20)
		printf("%s: %s at (%.17g %.17g)\n", scene, what, x, y);
}

static uint64_t seed = 42;

static double
random_unit(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (seed >> 11) / 9007199254740992.0;
}

/* ---- a set of zones ---- */

#define MAX_EDGES 40000
#define MAX_ZONES 600

typedef struct scene
{
	const char *name;
	zone_edge edges[MAX_EDGES];
	size_t count;
	int32_t ids[MAX_ZONES];
	size_t zones;
	double box[MAX_ZONES][4];
	size_t start[MAX_ZONES + 1]; /* edges of a zone lie together */
} scene;

static void
open_zone(scene *scene, int32_t id)
{
	scene->ids[scene->zones] = id;
	scene->start[scene->zones++] = scene->count;
}

static void
close_zone(scene *scene)
{
	double *box = scene->box[scene->zones - 1];

	box[0] = box[1] = INFINITY;
	box[2] = box[3] = -INFINITY;
	for (size_t i = scene->start[scene->zones - 1]; i < scene->count; i++)
	{
		box[0] = fmin(box[0], scene->edges[i].ax);
		box[1] = fmin(box[1], scene->edges[i].ay);
		box[2] = fmax(box[2], scene->edges[i].ax);
		box[3] = fmax(box[3], scene->edges[i].ay);
	}
	scene->start[scene->zones] = scene->count;
}

/* A ring of `points` corners, not repeated at the end; turned the way that its role asks for. */
static void
add_ring(scene *scene, const double *xy, size_t points, bool hole)
{
	double closed[2 * 5000];
	int turn;

	memcpy(closed, xy, 2 * points * sizeof(double));
	memcpy(closed + 2 * points, xy, 2 * sizeof(double));
	turn = orient_ring(closed, points + 1);
	for (size_t i = 0; i < points; i++)
	{
		zone_edge *edge = &scene->edges[scene->count++];
		bool forward = (turn > 0) != hole;
		const double *a = closed + 2 * (forward ? i : i + 1);
		const double *b = closed + 2 * (forward ? i + 1 : i);

		*edge = (zone_edge){a[0], a[1], b[0], b[1], scene->ids[scene->zones - 1]};
	}
}

/* ---- the oracle ---- */

static void
two_sum(double a, double b, double *sum, double *rest)
{
	double bb;

	*sum = a + b;
	bb = *sum - a;
	*rest = (a - (*sum - bb)) + (b - bb);
}

static int
oracle_orient(double ax, double ay, double bx, double by, double px, double py)
{
	double d[4][2], sum[32];
	int terms = 0;

	two_sum(ax, -px, &d[0][0], &d[0][1]);
	two_sum(by, -py, &d[1][0], &d[1][1]);
	two_sum(ay, -py, &d[2][0], &d[2][1]);
	two_sum(bx, -px, &d[3][0], &d[3][1]);
	for (int product = 0; product < 8; product++)
	{
		double a = d[product & 4 ? 2 : 0][product & 1];
		double b = d[product & 4 ? 3 : 1][(product >> 1) & 1];
		double high = (product & 4 ? -a : a) * b;
		double carry[2] = {fma(product & 4 ? -a : a, b, -high), high};

		for (int part = 0; part < 2; part++)
		{
			double q = carry[part];

			for (int i = 0; i < terms; i++)
				two_sum(q, sum[i], &q, &sum[i]);
			sum[terms++] = q;
		}
	}
	while (terms > 0 && sum[terms - 1] == 0)
		terms--;
	return terms == 0 ? 0 : sum[terms - 1] > 0 ? 1 : -1;
}

static bool
oracle_holds(const scene *scene, size_t zone, double x, double y)
{
	const double *box = scene->box[zone];
	bool inside = false;

	if (x < box[0] || y < box[1] || x > box[2] || y > box[3])
		return false;
	for (size_t i = scene->start[zone]; i < scene->start[zone + 1]; i++)
	{
		const zone_edge *edge = &scene->edges[i];
		bool rises = edge->ay < edge->by;
		double low = rises ? edge->ay : edge->by;
		double high = rises ? edge->by : edge->ay;
		int side;

		if (y < low || y > high || x > fmax(edge->ax, edge->bx))
			continue;
		side = oracle_orient(edge->ax, edge->ay, edge->bx, edge->by, x, y);
		if (side == 0 && x >= fmin(edge->ax, edge->bx))
			return true;
		if (y < high && (rises ? side > 0 : side < 0))
			inside = !inside;
	}
	return inside;
}

/* ---- scenes ---- */

static double
wobble(double amount)
{
	return (random_unit() - 0.5) * amount;
}

/*
 * A street grid: n × n blocks with shared, bent borders. Some are joined in pairs that do not
 * touch, some have a hole with another zone in it, some lie over others.
 */
static void
make_town(scene *scene, const char *name, int n, double x0, double y0, double size)
{
	static double corner[40][40][2], along[2][40][40][3][2];
	double step = size / n;

	scene->name = name;
	scene->count = scene->zones = 0;
	for (int i = 0; i <= n; i++)
		for (int j = 0; j <= n; j++)
		{
			corner[i][j][0] = x0 + i * step + wobble(0.3 * step);
			corner[i][j][1] = y0 + j * step + wobble(0.3 * step);
		}
	for (int way = 0; way < 2; way++)
		for (int i = 0; i <= n; i++)
			for (int j = 0; j <= n; j++)
				for (int k = 0; k < 3; k++)
				{
					const double *from = corner[i][j];
					const double *to = corner[i + (way == 0)][j + (way == 1)];
					double t = (k + 1) / 4.0;

					if (i + (way == 0) > n || j + (way == 1) > n)
						continue;
					along[way][i][j][k][0] =
						from[0] + t * (to[0] - from[0]) + wobble(way == 1 ? 0.1 * step : 0);
					along[way][i][j][k][1] =
						from[1] + t * (to[1] - from[1]) + wobble(way == 0 ? 0.1 * step : 0);
				}
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			double ring[32];
			int at = 0;
			const double *middle = corner[i][j];
			double cx = middle[0] + 0.45 * step;
			double cy = middle[1] + 0.45 * step;
			double inner[8] = {
				cx, cy, cx + 0.1 * step, cy, cx + 0.1 * step, cy + 0.1 * step, cx, cy + 0.1 * step};
			bool holed = (i + 2 * j) % 5 == 0;

			/* ids descend and skip, so that neither order nor density may matter */
			open_zone(scene, 100000 - 7 * (i * n + j));
#define PUT(p) (ring[at++] = (p)[0], ring[at++] = (p)[1])
			PUT(corner[i][j]);
			for (int k = 0; k < 3; k++)
				PUT(along[0][i][j][k]);
			PUT(corner[i + 1][j]);
			for (int k = 0; k < 3; k++)
				PUT(along[1][i + 1][j][k]);
			PUT(corner[i + 1][j + 1]);
			for (int k = 2; k >= 0; k--)
				PUT(along[0][i][j + 1][k]);
			PUT(corner[i][j + 1]);
			for (int k = 2; k >= 0; k--)
				PUT(along[1][i][j][k]);
			add_ring(scene, ring, at / 2, false);
			if (holed)
				add_ring(scene, inner, 4, true);
			close_zone(scene);
			if (holed && j % 2 == 0)
			{
				open_zone(scene, 5 + i * n + j);
				add_ring(scene, inner, 4, false);
				close_zone(scene);
			}
			if ((i * 3 + j) % 11 == 0)
			{
				/* over its neighbours, in two parts */
				double over[6] = {
					cx, cy, cx + 1.3 * step, cy + 0.2 * step, cx + 0.1 * step, cy + 1.1 * step};
				double apart[6] = {cx - 2 * step,  cy, cx - 1.5 * step, cy, cx - 2 * step,
								   cy + 0.5 * step};

				open_zone(scene, 200000 - i * n - j);
				add_ring(scene, over, 3, false);
				add_ring(scene, apart, 3, false);
				close_zone(scene);
			}
		}
}

/* Every edge meets in one vertex, and the last zone is a million times as wide. */
static void
make_fan(scene *scene)
{
	int blades = 100;

	scene->name = "fan";
	scene->count = scene->zones = 0;
	for (int i = 0; i < blades; i++)
	{
		double a = 2 * M_PI * i / blades;
		double b = 2 * M_PI * (i + 1) / blades;
		double ring[6] = {0.1, 0.2, 0.1 + cos(a), 0.2 + sin(a), 0.1 + cos(b), 0.2 + sin(b)};

		open_zone(scene, i + 1);
		add_ring(scene, ring, 3, false);
		close_zone(scene);
	}
	double far[8] = {-1e6, -1e6, 1e6, -1e6, 1e6, 1e6, -1e6, 1e6};

	open_zone(scene, blades + 1);
	add_ring(scene, far, 4, false);
	close_zone(scene);
}

/* One ring that turns and turns again: long edges through many cells. */
static void
make_comb(scene *scene)
{
	double ring[2 * 2002];
	int at = 0;

	scene->name = "comb";
	scene->count = scene->zones = 0;
	open_zone(scene, -3);
	for (int i = 0; i < 1000; i++)
	{
		double x = i * 1e-3;

		ring[at++] = x;
		ring[at++] = i % 2 == 0 ? 0 : 1;
		ring[at++] = x + 5e-4;
		ring[at++] = i % 2 == 0 ? 0 : 1;
	}
	ring[at++] = 1.5;
	ring[at++] = 2;
	ring[at++] = -0.5;
	ring[at++] = 2;
	add_ring(scene, ring, at / 2, false);
	close_zone(scene);
}

/*
 * Triangles and blocks on a small lattice: borders that cover one another in part, corners in the
 * middle of another's edge, zones that meet in one point. None at 0, beside which the oracle's
 * products would underflow.
 */
static void
make_lattice(scene *scene, double unit)
{
	scene->name = "lattice";
	scene->count = scene->zones = 0;
	for (int zone = 0; zone < 14; zone++)
	{
		double closed[8];
		int across = 1 + (int) (3 * random_unit());
		int up = 1 + (int) (3 * random_unit());

		do
		{
			for (int i = 0; i < 6; i++)
				closed[i] = unit * (1 + (int) (8 * random_unit()));
			memcpy(closed + 6, closed, 2 * sizeof(double));
		} while (orient_ring(closed, 4) == 0);

		double x = closed[0], y = closed[1];
		double block[8] = {
			x, y, x + across * unit, y, x + across * unit, y + up * unit, x, y + up * unit};

		open_zone(scene, zone % 2 == 0 ? 100 - zone : zone - 7);
		if (zone % 3 == 0)
			add_ring(scene, block, 4, false);
		else
			add_ring(scene, closed, 3, false);
		close_zone(scene);
	}
}

/* ---- the tests ---- */

static zone_index *
build(const scene *scene)
{
	pure_error error;
	zone_index *index =
		zone_index_build(scene->ids, scene->zones, scene->edges, scene->count, 4326, &error);

	if (index == NULL)
	{
		printf("%s: %s\n", scene->name, error.message);
		exit(1);
	}
	if (!zone_index_check(index, zone_index_size(index), &error))
		fail(error.detail, scene->name, 0, 0);
	return index;
}

/* A value that is only read in pieces, as it is from storage. */
typedef struct distant
{
	zone_source source;
	const char *bytes;
} distant;

static void
read_distant(const zone_source *source, size_t offset, size_t size, void *bytes)
{
	if (offset + size > source->size)
		abort();
	memcpy(bytes, ((const distant *) source)->bytes + offset, size);
}

/* The ids of all zones at a point, or of the lowest; -1 where the value is found to be damaged. */
static int
locate_distant(const void *bytes, size_t size, double x, double y, bool all, int32_t *ids)
{
	distant distant = {{size, read_distant}, bytes};
	zone_head head;
	pure_error error;
	int32_t *found;
	size_t count;

	if (!zone_head_read(&head, &distant.source, &error) ||
		!zone_slice_locate(&head, &distant.source, x, y, all, &found, &count, &error))
		return -1;
	if (count > 0)
		memcpy(ids, found, count * sizeof(int32_t));
	free(found);
	return (int) count;
}

#define MAX_POINTS 400000

static double points_x[MAX_POINTS], points_y[MAX_POINTS];
static size_t points;

/* The point itself and its eight neighbours among the doubles. */
static void
add_points(double x, double y)
{
	for (int i = -1; i <= 1; i++)
		for (int j = -1; j <= 1; j++)
		{
			if (points == MAX_POINTS)
				return;
			points_x[points] = i == 0 ? x : nextafter(x, i * INFINITY);
			points_y[points++] = j == 0 ? y : nextafter(y, j * INFINITY);
		}
}

static void
choose_points(const scene *scene, const zone_index *index, size_t most)
{
	index_view view;
	size_t stride = scene->count * 54 / most + 1;

	points = 0;
	for (size_t i = 0; i < scene->count; i += stride)
	{
		const zone_edge *edge = &scene->edges[i];
		double t = random_unit();

		add_points(edge->ax, edge->ay);
		add_points(edge->ax / 2 + edge->bx / 2, edge->ay / 2 + edge->by / 2);
		add_points(edge->ax + t * (edge->bx - edge->ax), edge->ay + t * (edge->by - edge->ay));
	}
	zone_index_view(index, &view);
	for (size_t i = 0; i < most / 30; i++)
	{
		const index_block *block = &view.blocks[(uint32_t) (random_unit() * view.header->blocks)];
		int64_t column = block->first_column + (int64_t) (random_unit() * (block->columns + 1));
		int64_t row = block->first_row + (int64_t) (random_unit() * (block->rows + 1));

		add_points((double) column * block->side, (double) row * block->side);
	}
	for (size_t i = 0; i < most / 10 && points < MAX_POINTS; i++)
	{
		const zone_edge *edge = &scene->edges[(size_t) (random_unit() * scene->count)];

		points_x[points] = edge->ax + 3 * (edge->bx - edge->ax) * random_unit();
		points_y[points++] = edge->ay + 3 * (edge->by - edge->ay) * random_unit();
	}
}

/* Under valgrind one point in this many is looked up: it is after memory, not after answers. */
static size_t thinning = 1;

static size_t tested, on_several;

static void
test_points(const scene *scene, const zone_index *index, size_t most)
{
	static int32_t batch[MAX_POINTS];
	const int32_t *ids = zone_index_ids(index);

	choose_points(scene, index, most / thinning);
	zone_index_locate_batch(index, points_x, points_y, points, batch);
	for (size_t p = 0; p < points; p++)
	{
		double x = points_x[p];
		double y = points_y[p];
		int32_t all[MAX_ZONES];
		int32_t pieces[MAX_ZONES];
		size_t count = zone_index_locate_all(index, x, y, all, MAX_ZONES);
		int32_t one = zone_index_locate(index, x, y);
		size_t wanted = 0;

		for (size_t zone = 0; zone < scene->zones; zone++)
		{
			bool listed = false;

			if (!oracle_holds(scene, zone, x, y))
				continue;
			wanted++;
			for (size_t i = 0; i < count; i++)
				listed |= ids[all[i]] == scene->ids[zone];
			if (!listed)
				fail("a zone is missing", scene->name, x, y);
		}
		if (wanted != count)
			fail("wrong number of zones", scene->name, x, y);
		for (size_t i = 1; i < count; i++)
			if (all[i - 1] >= all[i])
				fail("zones are not in order", scene->name, x, y);
		if (one != (count > 0 ? all[0] : ZONE_OUTSIDE))
			fail("not the lowest zone", scene->name, x, y);
		if (batch[p] != one)
			fail("the batch disagrees", scene->name, x, y);
		if (locate_distant(index, zone_index_size(index), x, y, true, pieces) != (int) count)
			fail("pieces hold another number of zones", scene->name, x, y);
		for (size_t i = 0; i < count; i++)
			if (pieces[i] != ids[all[i]])
				fail("pieces hold other zones", scene->name, x, y);
		if (locate_distant(index, zone_index_size(index), x, y, false, pieces) != (count > 0) ||
			(count > 0 && pieces[0] != ids[all[0]]))
			fail("pieces hold another lowest zone", scene->name, x, y);
		on_several += count > 1;
	}
	tested += points;
}

/* The same zones in another order, rings started elsewhere, -0 for 0: the same bytes. */
static void
test_order(const scene *scene, const zone_index *index)
{
	static struct scene other;
	zone_index *again;

	other = *scene;
	for (size_t i = other.count - 1; i > 0; i--)
	{
		size_t j = (size_t) (random_unit() * (i + 1));
		zone_edge swap = other.edges[i];

		other.edges[i] = other.edges[j];
		other.edges[j] = swap;
	}
	for (size_t i = 0; i < other.count; i++)
	{
		if (other.edges[i].ax == 0)
			other.edges[i].ax = -0.0;
		if (other.edges[i].by == 0)
			other.edges[i].by = -0.0;
	}
	for (size_t i = 0; i < other.zones / 2; i++)
	{
		int32_t swap = other.ids[i];

		other.ids[i] = other.ids[other.zones - 1 - i];
		other.ids[other.zones - 1 - i] = swap;
	}
	again = build(&other);
	if (zone_index_size(again) != zone_index_size(index) ||
		memcmp(again, index, zone_index_size(index)) != 0)
		fail("another order gives other bytes", scene->name, 0, 0);
	free(again);
}

/* What an index says of its borders is enough to build it again. */
static void
test_borders(const scene *scene, const zone_index *index)
{
	static zone_edge edges[2 * MAX_EDGES];
	const int32_t *ids = zone_index_ids(index);
	size_t count = 0;
	pure_error error;
	zone_index *again;

	for (size_t i = 0; i < zone_index_edges(index); i++)
	{
		zone_border border;

		zone_index_border(index, i, &border);
		for (size_t m = 0; m < border.left_count; m++)
			edges[count++] =
				(zone_edge){border.ax, border.ay, border.bx, border.by, ids[border.left[m]]};
		for (size_t m = 0; m < border.right_count; m++)
			edges[count++] =
				(zone_edge){border.bx, border.by, border.ax, border.ay, ids[border.right[m]]};
	}
	again = zone_index_build(ids, zone_index_zones(index), edges, count, 4326, &error);
	if (again == NULL || zone_index_size(again) != zone_index_size(index) ||
		memcmp(again, index, zone_index_size(index)) != 0)
		fail("borders do not make the index again", scene->name, 0, 0);
	free(again);
}

static void
test_far_points(const zone_index *index, const char *name)
{
	static const double far[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 9e300};

	for (size_t i = 0; i < sizeof(far) / sizeof(*far); i++)
		for (size_t j = 0; j < sizeof(far) / sizeof(*far); j++)
			if (zone_index_locate(index, far[i], far[j]) != ZONE_OUTSIDE ||
				zone_index_locate(index, far[i], 0.5) != ZONE_OUTSIDE ||
				zone_index_locate(index, 0.5, far[j]) != ZONE_OUTSIDE)
				fail("found far away", name, far[i], far[j]);
}

/* One damaged byte or a lost end is either noticed or harmless. */
static void
test_damage(const scene *scene, const zone_index *index)
{
	size_t size = zone_index_size(index);
	char *copy = malloc(size);
	pure_error error;

	for (size_t round = 0; round < 300 / thinning; round++)
	{
		size_t at = (size_t) (random_unit() * (round % 2 == 0 ? 96 : size));

		memcpy(copy, index, size);
		copy[at] ^= (unsigned char) (1 + random_unit() * 255);
		for (size_t p = 0; p < 100; p++)
		{
			int32_t all[MAX_ZONES];

			locate_distant(copy, size, points_x[p], points_y[p], p % 2 == 0, all);
		}
		if (zone_index_check(copy, size, &error))
			for (size_t p = 0; p < 100; p++)
			{
				int32_t one = zone_index_locate((zone_index *) copy, points_x[p], points_y[p]);

				if (one < ZONE_OUTSIDE || one >= (int32_t) scene->zones)
					fail("a zone that is not there", scene->name, 0, 0);
			}
	}
	for (size_t cut = 0; cut < size; cut += 1 + size / 100)
	{
		char *shorter = malloc(cut > 0 ? cut : 1);

		memcpy(shorter, index, cut);
		if (zone_index_check(shorter, cut, &error))
			fail("a truncated value passes", scene->name, 0, 0);
		free(shorter);
	}
	free(copy);
}

static void
expect_error(const char *what, const int32_t *ids, size_t zones, const zone_edge *edges,
			 size_t count, const char *message)
{
	pure_error error = {0};
	zone_index *index = zone_index_build(ids, zones, edges, count, 0, &error);

	if (index != NULL || strcmp(error.message, message) != 0)
		fail(index != NULL ? "no error" : error.message, what, 0, 0);
	free(index);
}

static void
test_errors(void)
{
	zone_edge square[] = {{0, 0, 1, 0, 7}, {1, 0, 1, 1, 7}, {1, 1, 0, 1, 7}, {0, 1, 0, 0, 7}};
	zone_edge twice[8];
	int32_t ids[] = {7, 7};

	expect_error("no zones", ids, 0, square, 0, "there are no zones to index");
	expect_error("duplicate", ids, 2, square, 4, "zone 7 occurs twice");
	expect_error("open", ids, 1, square, 3, "the border of zone 7 is not closed");
	expect_error("empty", ids, 1, square, 0, "zone 7 is empty");
	memcpy(twice, square, sizeof(square));
	memcpy(twice + 4, square, sizeof(square));
	expect_error("repeated", ids, 1, twice, 8, "zone 7 has the same edge twice");
	square[0].zone_id = 8;
	expect_error("stranger", ids, 1, square, 4, "an edge belongs to zone 8, which is not there");
	square[0].zone_id = 7;
	for (int i = 0; i < 4; i++)
	{
		double swap = square[i].ax;

		square[i].ax = square[i].bx;
		square[i].bx = swap;
		swap = square[i].ay;
		square[i].ay = square[i].by;
		square[i].by = swap;
	}
	expect_error("inside out", ids, 1, square, 4,
				 "zone 7 covers a place twice, or lies outside its own border");
	square[2].ax = square[1].bx = NAN;
	expect_error("NaN", ids, 1, square, 4, "zone 7 has a coordinate out of range");
	square[2].ax = square[1].bx = 1e301;
	expect_error("too far", ids, 1, square, 4, "zone 7 has a coordinate out of range");
}

/* All magnitudes that are allowed, in one zone and in several. */
static void
test_magnitudes(void)
{
	static const double sizes[] = {5e-324, 1e-310, 1e-200, 1e-7, 1, 1e7, 1e200, 9e299};
	static scene scene;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++)
		{
			double w = sizes[i];
			double h = sizes[j];
			double ring[] = {-w, -h, w, -h, w, h, -w, h};
			zone_index *index;

			scene.name = "magnitudes";
			scene.count = scene.zones = 0;
			open_zone(&scene, 1);
			add_ring(&scene, ring, 4, false);
			close_zone(&scene);
			open_zone(&scene, 2);
			add_ring(&scene, (double[]){w, -h, nextafter(w, INFINITY), h, w, h}, 3, false);
			close_zone(&scene);
			index = build(&scene);
			if (zone_index_locate(index, 0, 0) != 0 || zone_index_locate(index, -w, -h) != 0 ||
				zone_index_locate(index, w, -h) != 0 ||
				zone_index_locate(index, nextafter(w, INFINITY), h) != 1 ||
				zone_index_locate(index, nextafter(-w, -INFINITY), 0) != ZONE_OUTSIDE ||
				zone_index_locate(index, 0, nextafter(h, INFINITY)) != ZONE_OUTSIDE)
				fail("misplaced", scene.name, w, h);
			test_far_points(index, scene.name);
			free(index);
		}
}

static void
test_scene(const scene *scene, size_t most)
{
	zone_index *index = build(scene);

	test_points(scene, index, most);
	test_order(scene, index);
	test_borders(scene, index);
	test_far_points(index, scene->name);
	test_damage(scene, index);
	free(index);
}

int
main(int count, char **arguments)
{
	static scene scene;

	if (count > 1 && strcmp(arguments[1], "brief") == 0)
		thinning = 20;

	make_town(&scene, "near zero", 8, -0.2, -0.1, 0.4);
	test_scene(&scene, 21000);
	make_town(&scene, "degrees", 8, 106.68, 10.75, 0.04);
	test_scene(&scene, 21000);
	make_town(&scene, "south-west", 8, -70.7, -33.5, 0.3);
	test_scene(&scene, 21000);
	make_town(&scene, "metres", 8, 1e7, -1e7, 20000);
	test_scene(&scene, 21000);
	make_town(&scene, "edges of 1e-7 degrees", 8, 106.68, -10.75, 8e-7 * 4);
	test_scene(&scene, 21000);
	make_town(&scene, "edges of a few units in the last place", 8, 106.68, 10.75, 1e-11);
	test_scene(&scene, 10000);
	make_fan(&scene);
	test_scene(&scene, 4000);
	make_comb(&scene);
	test_scene(&scene, 10000);
	for (int i = 0; i < 40; i++)
	{
		make_lattice(&scene, i % 2 == 0 ? 0.1 : -1e7);
		test_scene(&scene, 1200);
	}
	test_errors();
	test_magnitudes();
	if (tested < 100000 / thinning || on_several < tested / 50)
		fail("too few hard points", "all", (double) tested, (double) on_several);
	if (failures > 0)
		printf("%d failures in %zu points\n", failures, tested);
	return failures > 0;
}
