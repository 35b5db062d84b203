/*
 * Douglas and Peucker's simplification, mended where it would cross another arc or leave something
 * on the wrong side of one.
 *
 * A chord stands for a section of an arc, a single edge or several whose inner vertices are left
 * out. Two chords are at odds where they meet other than in a common end though their sections did
 * not, or where an end of one lies between the other and its section. Then a chord with a section to
 * give is split where the section is farthest from it, until none is at odds. Every chord is checked
 * against all that are there when its turn comes, and those made later are checked against it.
 */
#include <math.h>

#include "orient_core.h"
#include "zone_arcs_core.h"
#include "zone_sides_core.h"

typedef struct chord
{
	uint32_t from, to; /* positions in the path of the arcs */
	uint32_t arc;
	bool replaced;
	double min_x, min_y, max_x, max_y; /* of the section */
} chord;

typedef struct cell_entry
{
	uint32_t chord;
	int32_t next; /* or -1 */
} cell_entry;

typedef struct thinner
{
	zone_arcs *arcs;
	double metres_per_unit;
	double tolerance_m;
	chord *chords;
	size_t chord_count, chord_capacity;
	double min_x, min_y, cell;
	uint32_t columns, rows;
	int32_t *cells; /* the newest entry of each, or -1 */
	cell_entry *entries;
	size_t entry_count, entry_capacity;
	size_t looks;
} thinner;

/* Room for one more of a growing array. */
#define ROOM(array, count, capacity)                                                               \
	if ((count) == (capacity))                                                                     \
	(array) = pure_realloc((array), ((capacity) *= 2) * sizeof(*(array)))

static inline double
x_at(const thinner *thinner, uint32_t position)
{
	return thinner->arcs->x[thinner->arcs->path[position]];
}

static inline double
y_at(const thinner *thinner, uint32_t position)
{
	return thinner->arcs->y[thinner->arcs->path[position]];
}

static inline uint32_t
vertex_of(const thinner *thinner, uint32_t position)
{
	return thinner->arcs->path[position];
}

static inline bool
is_shortened(const chord *chord)
{
	return chord->to > chord->from + 1;
}

/* The inner vertex of a section farthest from its chord, and the square of how far, in metres. */
static uint32_t
farthest(const thinner *thinner, uint32_t from, uint32_t to, double *square)
{
	double ax = x_at(thinner, from), ay = y_at(thinner, from);
	double low_y = ay, high_y = ay;
	double kx, ky, other_kx, other_ky, dx, dy, length;
	uint32_t found = from + 1;

	/* Where a degree is longest, so that no vertex is farther than it seems. */
	for (uint32_t i = from + 1; i <= to; i++)
	{
		low_y = low_of(low_y, y_at(thinner, i));
		high_y = high_of(high_y, y_at(thinner, i));
	}
	side_scale(thinner->metres_per_unit, low_y > 0 ? low_y : high_y < 0 ? high_y : 0, &kx, &other_ky);
	side_scale(thinner->metres_per_unit, -low_y > high_y ? low_y : high_y, &other_kx, &ky);

	dx = (x_at(thinner, to) - ax) * kx;
	dy = (y_at(thinner, to) - ay) * ky;
	length = dx * dx + dy * dy;
	*square = -1;
	for (uint32_t i = from + 1; i < to; i++)
	{
		double px = (x_at(thinner, i) - ax) * kx;
		double py = (y_at(thinner, i) - ay) * ky;
		double along = length > 0 ? (px * dx + py * dy) / length : 0;
		double distance;

		along = low_of(high_of(along, 0), 1);
		px -= along * dx;
		py -= along * dy;
		distance = px * px + py * py;
		if (distance > *square)
		{
			*square = distance;
			found = i;
		}
	}
	return found;
}

static uint32_t
column_of(const thinner *thinner, double x)
{
	double column = (x - thinner->min_x) / thinner->cell;

	return column < thinner->columns ? (uint32_t) column : thinner->columns - 1;
}

static uint32_t
row_of(const thinner *thinner, double y)
{
	double row = (y - thinner->min_y) / thinner->cell;

	return row < thinner->rows ? (uint32_t) row : thinner->rows - 1;
}

static void
add_chord(thinner *thinner, uint32_t arc, uint32_t from, uint32_t to)
{
	chord *chord;

	ROOM(thinner->chords, thinner->chord_count, thinner->chord_capacity);
	chord = &thinner->chords[thinner->chord_count++];
	*chord = (struct chord){from, to, arc, false, HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
	for (uint32_t i = from; i <= to; i++)
	{
		chord->min_x = low_of(chord->min_x, x_at(thinner, i));
		chord->max_x = high_of(chord->max_x, x_at(thinner, i));
		chord->min_y = low_of(chord->min_y, y_at(thinner, i));
		chord->max_y = high_of(chord->max_y, y_at(thinner, i));
	}
}

static void
enter_chord(thinner *thinner, uint32_t number)
{
	const chord *chord = &thinner->chords[number];
	uint32_t last_column = column_of(thinner, chord->max_x);
	uint32_t last_row = row_of(thinner, chord->max_y);

	for (uint32_t row = row_of(thinner, chord->min_y); row <= last_row; row++)
	{
		pure_check_interrupts();
		for (uint32_t column = column_of(thinner, chord->min_x); column <= last_column; column++)
		{
			int32_t *cell = &thinner->cells[(size_t) row * thinner->columns + column];

			ROOM(thinner->entries, thinner->entry_count, thinner->entry_capacity);
			thinner->entries[thinner->entry_count] = (cell_entry){number, *cell};
			*cell = (int32_t) thinner->entry_count++;
		}
	}
}

/* Keeps what must stay between two vertices that are kept. */
static void
thin_section(thinner *thinner, uint32_t from, uint32_t to, double tolerance_m)
{
	bool *kept = thinner->arcs->kept;
	double most = tolerance_m * tolerance_m;
	uint32_t end = to;
	double square;

	/* The farthest vertex ends the nearer half; the end of the other half is the next that is kept. */
	while (from < to)
	{
		uint32_t middle;

		if (end == from + 1 || (middle = farthest(thinner, from, end, &square), square <= most))
		{
			from = end;
			for (end = from + 1; end < to && !kept[end];)
				end++;
		}
		else
		{
			kept[middle] = true;
			end = middle;
		}
		pure_check_interrupts();
	}
}

static void
add_chords(thinner *thinner, uint32_t arc, uint32_t from, uint32_t to)
{
	for (uint32_t next = from + 1; from < to; from = next++)
	{
		while (!thinner->arcs->kept[next])
			next++;
		add_chord(thinner, arc, from, next);
	}
}

/* A ring has no ends that would hold its form: it moves by no more than an eighth of its width. */
static double
ring_tolerance(const thinner *thinner, const zone_arc *arc)
{
	double min_x = HUGE_VAL, min_y = HUGE_VAL, max_x = -HUGE_VAL, max_y = -HUGE_VAL;
	double kx, ky;

	for (uint32_t i = arc->first; i < arc->first + arc->count; i++)
	{
		min_x = low_of(min_x, x_at(thinner, i));
		max_x = high_of(max_x, x_at(thinner, i));
		min_y = low_of(min_y, y_at(thinner, i));
		max_y = high_of(max_y, y_at(thinner, i));
	}
	side_scale(thinner->metres_per_unit, min_y / 2 + max_y / 2, &kx, &ky);
	return low_of(thinner->tolerance_m, low_of((max_x - min_x) * kx, (max_y - min_y) * ky) / 8);
}

static void
thin_arc(thinner *thinner, uint32_t number)
{
	const zone_arc *arc = &thinner->arcs->arcs[number];
	uint32_t last = arc->first + arc->count - 1;
	double square;

	memset(thinner->arcs->kept + arc->first + 1, false, (arc->count - 2) * sizeof(bool));
	if (vertex_of(thinner, arc->first) == vertex_of(thinner, last))
	{
		uint32_t middle = farthest(thinner, arc->first, last, &square);
		double tolerance_m = ring_tolerance(thinner, arc);

		thinner->arcs->kept[middle] = true;
		thin_section(thinner, arc->first, middle, tolerance_m);
		thin_section(thinner, middle, last, tolerance_m);
	}
	else
		thin_section(thinner, arc->first, last, thinner->tolerance_m);
	add_chords(thinner, number, arc->first, last);
}

static void
lay_grid(thinner *thinner)
{
	const zone_arcs *arcs = thinner->arcs;
	double max_x = -HUGE_VAL, max_y = -HUGE_VAL;
	double across;

	thinner->min_x = thinner->min_y = HUGE_VAL;
	for (size_t i = 0; i < arcs->vertices; i++)
	{
		thinner->min_x = low_of(thinner->min_x, arcs->x[i]);
		thinner->min_y = low_of(thinner->min_y, arcs->y[i]);
		max_x = high_of(max_x, arcs->x[i]);
		max_y = high_of(max_y, arcs->y[i]);
	}
	across = ceil(sqrt((double) thinner->chord_count)) + 1;
	thinner->cell = high_of(max_x - thinner->min_x, max_y - thinner->min_y) / across;
	thinner->columns = (uint32_t) ((max_x - thinner->min_x) / thinner->cell) + 1;
	thinner->rows = (uint32_t) ((max_y - thinner->min_y) / thinner->cell) + 1;
	thinner->cells = pure_alloc((size_t) thinner->columns * thinner->rows * sizeof(int32_t));
	memset(thinner->cells, 0xff, (size_t) thinner->columns * thinner->rows * sizeof(int32_t));
	thinner->entry_capacity = 4 * thinner->chord_count + 64;
	thinner->entries = pure_alloc(thinner->entry_capacity * sizeof(cell_entry));
	for (size_t i = 0; i < thinner->chord_count; i++)
		enter_chord(thinner, (uint32_t) i);
}

/* Two straight lines between vertices, other than in a common end. */
static bool
lines_meet(const thinner *thinner, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	side one = {x_at(thinner, a), y_at(thinner, a), x_at(thinner, b), y_at(thinner, b), 1, 1};
	side other = {x_at(thinner, c), y_at(thinner, c), x_at(thinner, d), y_at(thinner, d), 1, 1};
	uint32_t va = vertex_of(thinner, a), vb = vertex_of(thinner, b);
	uint32_t vc = vertex_of(thinner, c), vd = vertex_of(thinner, d);
	int side_c, side_d;

	if (!side_boxes_meet(&one, &other, 0, 0))
		return false;
	if ((va == vc && vb == vd) || (va == vd && vb == vc))
		return true;
	if (va == vc || va == vd || vb == vc || vb == vd)
	{
		uint32_t pivot = va == vc || va == vd ? a : b;
		uint32_t end = pivot == a ? b : a;
		uint32_t far = vc == vertex_of(thinner, pivot) ? d : c;
		double ex = x_at(thinner, end) - x_at(thinner, pivot);
		double ey = y_at(thinner, end) - y_at(thinner, pivot);
		double fx = x_at(thinner, far) - x_at(thinner, pivot);
		double fy = y_at(thinner, far) - y_at(thinner, pivot);

		/* On one line, and the same way. */
		return orient(x_at(thinner, pivot), y_at(thinner, pivot), x_at(thinner, end), y_at(thinner, end),
					  x_at(thinner, far), y_at(thinner, far)) == 0 &&
			   (fabs(ex) >= fabs(ey) ? (ex > 0) == (fx > 0) : (ey > 0) == (fy > 0));
	}
	side_c = orient(one.ax, one.ay, one.bx, one.by, other.ax, other.ay);
	side_d = orient(one.ax, one.ay, one.bx, one.by, other.bx, other.by);
	if (side_c * side_d > 0)
		return false;
	/* All on one line: their boxes meet, and so do they. */
	return orient(other.ax, other.ay, other.bx, other.by, one.ax, one.ay) *
			   orient(other.ax, other.ay, other.bx, other.by, one.bx, one.by) <= 0;
}

static bool
sections_meet(const thinner *thinner, const chord *one, const chord *other)
{
	for (uint32_t i = one->from; i < one->to; i++)
	{
		pure_check_interrupts();
		for (uint32_t j = other->from; j < other->to; j++)
			if (lines_meet(thinner, i, i + 1, j, j + 1))
				return true;
	}
	return false;
}

/* Is the vertex between a chord and its section? */
static bool
is_between(const thinner *thinner, const chord *chord, uint32_t position)
{
	uint32_t vertex = vertex_of(thinner, position);
	double x = x_at(thinner, position), y = y_at(thinner, position);
	bool inside = false;

	if (x < chord->min_x || x > chord->max_x || y < chord->min_y || y > chord->max_y)
		return false;
	for (uint32_t i = chord->from; i <= chord->to; i++)
	{
		uint32_t next = i == chord->to ? chord->from : i + 1;
		double ay = y_at(thinner, i), by = y_at(thinner, next);

		if (vertex_of(thinner, i) == vertex)
			return false;
		if ((ay > y) != (by > y) &&
			orient(x_at(thinner, i), ay, x_at(thinner, next), by, x, y) == (by > ay ? 1 : -1))
			inside = !inside;
	}
	return inside;
}

static bool
at_odds(const thinner *thinner, const chord *one, const chord *other)
{
	bool odd = lines_meet(thinner, one->from, one->to, other->from, other->to);

	if (!odd && is_shortened(one))
		odd = is_between(thinner, one, other->from) || is_between(thinner, one, other->to);
	if (!odd && is_shortened(other))
		odd = is_between(thinner, other, one->from) || is_between(thinner, other, one->to);
	return odd && !sections_meet(thinner, one, other);
}

static void
split_chord(thinner *thinner, uint32_t number)
{
	chord split = thinner->chords[number];
	size_t before = thinner->chord_count;
	double square;
	uint32_t middle = farthest(thinner, split.from, split.to, &square);

	thinner->chords[number].replaced = true;
	thinner->arcs->kept[middle] = true;
	thin_section(thinner, split.from, middle, thinner->tolerance_m);
	thin_section(thinner, middle, split.to, thinner->tolerance_m);
	add_chords(thinner, split.arc, split.from, split.to);
	for (size_t i = before; i < thinner->chord_count; i++)
		enter_chord(thinner, (uint32_t) i);
}

/* New entries come before those being walked; their turn comes later. */
static void
check_chord(thinner *thinner, uint32_t number)
{
	chord one = thinner->chords[number];
	uint32_t last_column = column_of(thinner, one.max_x);
	uint32_t last_row = row_of(thinner, one.max_y);

	for (uint32_t row = row_of(thinner, one.min_y); row <= last_row; row++)
		for (uint32_t column = column_of(thinner, one.min_x); column <= last_column; column++)
			for (int32_t entry = thinner->cells[(size_t) row * thinner->columns + column]; entry >= 0;
				 entry = thinner->entries[entry].next)
			{
				uint32_t near = thinner->entries[entry].chord;
				const chord *other = &thinner->chords[near];

				if (thinner->looks++ % 1024 == 0)
					pure_check_interrupts();
				if (other->replaced || near == number || other->min_x > one.max_x ||
					other->max_x < one.min_x || other->min_y > one.max_y || other->max_y < one.min_y ||
					!(is_shortened(&one) || is_shortened(other)) || !at_odds(thinner, &one, other))
					continue;
				if (is_shortened(&one))
				{
					split_chord(thinner, number);
					return;
				}
				split_chord(thinner, near);
			}
}

void
zone_arcs_thin(zone_arcs *arcs, double metres_per_unit, double tolerance_m)
{
	thinner thinner = {.arcs = arcs, .metres_per_unit = metres_per_unit, .tolerance_m = tolerance_m};
	size_t at_first;

	thinner.chord_capacity = arcs->count + 64;
	thinner.chords = pure_alloc(thinner.chord_capacity * sizeof(chord));
	for (size_t i = 0; i < arcs->count; i++)
		thin_arc(&thinner, (uint32_t) i);
	if (thinner.chord_count == 0)
	{
		pure_free(thinner.chords);
		return;
	}
	at_first = thinner.chord_count;
	lay_grid(&thinner);
	for (size_t i = 0; i < thinner.chord_count; i++)
		if (!thinner.chords[i].replaced && (i >= at_first || is_shortened(&thinner.chords[i])))
			check_chord(&thinner, (uint32_t) i);
	pure_free(thinner.chords);
	pure_free(thinner.cells);
	pure_free(thinner.entries);
}
