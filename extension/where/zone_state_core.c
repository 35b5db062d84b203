/* Which zones hold a corner of the grid, carried from corner to corner with the steps of point
 * location. */
#include "zone_crossing.h"
#include "zone_index_build.h"

typedef struct zone_change
{
	int32_t ordinal;
	int32_t change;
} zone_change;

static void
add_changes(const set_table *sets, const int32_t *set, int change, zone_change **changes,
			size_t *count, size_t *capacity)
{
	size_t members_count;
	const int32_t *members = set_table_members(sets, set, &members_count);

	for (size_t i = 0; i < members_count; i++)
	{
		GROW(*changes, *count, *capacity);
		(*changes)[(*count)++] = (zone_change){members[i], change};
	}
}

static int
compare_changes(const void *a, const void *b)
{
	int32_t left = ((const zone_change *) a)->ordinal;
	int32_t right = ((const zone_change *) b)->ordinal;

	return left < right ? -1 : left > right;
}

static void
state_add(zone_state *state, int32_t ordinal)
{
	GROW(state->zones, state->count, state->capacity);
	state->zones[state->count++] = ordinal;
}

void
zone_state_free(zone_state *state)
{
	if (state->zones != NULL)
		pure_free(state->zones);
}

void
zone_state_copy(zone_state *copy, const zone_state *state)
{
	copy->count = 0;
	for (size_t i = 0; i < state->count; i++)
		state_add(copy, state->zones[i]);
}

/* Only zones that are entered from outside and left from inside make sense. */
static bool
apply_changes(zone_state *state, const border_table *borders, zone_change *changes, size_t count,
			  pure_error *error)
{
	zone_state next = {NULL, 0, 0};
	size_t old = 0;
	bool good = true;

	qsort(changes, count, sizeof(zone_change), compare_changes);
	for (size_t i = 0; i < count && good;)
	{
		int32_t ordinal = changes[i].ordinal;
		int64_t held = 0;

		for (; old < state->count && state->zones[old] < ordinal; old++)
			state_add(&next, state->zones[old]);
		if (old < state->count && state->zones[old] == ordinal)
		{
			held = 1;
			old++;
		}
		for (; i < count && changes[i].ordinal == ordinal; i++)
			held += changes[i].change;
		if (held == 1)
			state_add(&next, ordinal);
		else if (held != 0)
			good = build_failed(error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
								"zone %d covers a place twice, or lies outside its own border",
								borders->ids[ordinal]);
	}
	for (; old < state->count; old++)
		state_add(&next, state->zones[old]);
	zone_state_free(state);
	*state = next;
	return good;
}

bool
zone_state_carry(zone_state *state, const border_table *borders, const uint32_t *edges,
				 size_t edge_count, double x, double y, double to, bool east, pure_error *error)
{
	zone_change *changes = NULL;
	size_t count = 0;
	size_t capacity = 0;
	bool good = true;

	for (size_t i = 0; i < edge_count; i++)
	{
		const index_edge *edge = &borders->edges[edges[i]];
		bool touches;
		int crossing = east ? crossing_east(edge, y, x, to, &touches) : crossing_up(edge, x, y, to);

		if (crossing == 0)
			continue;
		add_changes(&borders->sets, &edge->left, crossing, &changes, &count, &capacity);
		add_changes(&borders->sets, &edge->right, -crossing, &changes, &count, &capacity);
	}
	if (count > 0)
	{
		good = apply_changes(state, borders, changes, count, error);
		pure_free(changes);
	}
	return good;
}
