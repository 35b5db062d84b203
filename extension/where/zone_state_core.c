/* Which zones hold a corner of the grid, carried from corner to corner with the steps of point
 * location. */
#include "../natural_sort.h"
#include "zone_crossing.h"
#include "zone_index_build.h"

static void
add_changes(zone_state *state, const set_table *sets, const int32_t *set, int change)
{
	size_t members_count;
	const int32_t *members = set_table_members(sets, set, &members_count);

	for (size_t i = 0; i < members_count; i++)
	{
		GROW(state->changes, state->changes_count, state->changes_capacity);
		state->changes[state->changes_count++] = (zone_change){members[i], change};
	}
}

static inline bool
is_after(const zone_change *a, const zone_change *b)
{
	return a->ordinal > b->ordinal;
}

DEFINE_NATURAL_SORT(sort_changes, zone_change, is_after);

static void
append(zone_list *list, int32_t ordinal)
{
	GROW(list->zones, list->count, list->capacity);
	list->zones[list->count++] = ordinal;
}

void
zone_state_free(zone_state *state)
{
	void *parts[] = {state->held.zones, state->next.zones, state->changes};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i] != NULL)
			pure_free(parts[i]);
}

void
zone_state_copy(zone_state *copy, const zone_state *state)
{
	copy->held.count = 0;
	for (size_t i = 0; i < state->held.count; i++)
		append(&copy->held, state->held.zones[i]);
}

static void
sort(zone_state *state)
{
	size_t count = state->changes_count;
	zone_change few[16];

	if (count <= sizeof(few) / sizeof(*few))
		sort_changes(state->changes, few, count);
	else
	{
		zone_change *spare = pure_alloc(count * sizeof(zone_change));

		sort_changes(state->changes, spare, count);
		pure_free(spare);
	}
}

/* Only zones that are entered from outside and left from inside make sense. */
static bool
apply_changes(zone_state *state, const border_table *borders, pure_error *error)
{
	const zone_list *held = &state->held;
	zone_list swap;
	size_t old = 0;

	sort(state);
	state->next.count = 0;
	for (size_t i = 0; i < state->changes_count;)
	{
		int32_t ordinal = state->changes[i].ordinal;
		int64_t times = 0;

		for (; old < held->count && held->zones[old] < ordinal; old++)
			append(&state->next, held->zones[old]);
		if (old < held->count && held->zones[old] == ordinal)
		{
			times = 1;
			old++;
		}
		for (; i < state->changes_count && state->changes[i].ordinal == ordinal; i++)
			times += state->changes[i].change;
		if (times == 1)
			append(&state->next, ordinal);
		else if (times != 0)
			return build_failed(error, PURE_INVALID_PARAMETER, "Repair it with ST_MakeValid.",
								"zone %d covers a place twice, or lies outside its own border",
								borders->ids[ordinal]);
	}
	for (; old < held->count; old++)
		append(&state->next, held->zones[old]);
	swap = state->held;
	state->held = state->next;
	state->next = swap;
	return true;
}

bool
zone_state_carry(zone_state *state, const border_table *borders, const uint32_t *edges,
				 size_t edge_count, double x, double y, double to, bool east, pure_error *error)
{
	state->changes_count = 0;
	for (size_t i = 0; i < edge_count; i++)
	{
		const index_edge *edge = &borders->edges[edges[i]];
		bool touches;
		int crossing = east ? crossing_east(edge, y, x, to, &touches) : crossing_up(edge, x, y, to);

		if (crossing == 0)
			continue;
		add_changes(state, &borders->sets, &edge->left, crossing);
		add_changes(state, &borders->sets, &edge->right, -crossing);
	}
	return state->changes_count == 0 || apply_changes(state, borders, error);
}
