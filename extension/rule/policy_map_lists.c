/* Who is next to whom in a map, and who is below whom. */
#include <stdarg.h>

#include "policy_map.h"
#include "policy_words.h"

bool
map_fail(policy_map *map, const char *detail, const char *hint, const char *format, ...)
{
	pure_error *error = map->error;
	va_list arguments;

	memset(error, 0, sizeof(*error));
	error->code = PURE_INVALID_PARAMETER;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	snprintf(error->detail, sizeof(error->detail), "%s", detail);
	snprintf(error->hint, sizeof(error->hint), "%s", hint);
	return false;
}

void
policy_name_zone(pure_error *error, const policy_zone *zone)
{
	policy_text text;

	text_start(&text);
	text_add(&text, error->detail);
	text_between(&text, 0, " ");
	text_format(&text, "It is zone %d", zone->id);
	if (zone->name != NULL)
	{
		text_add(&text, ", ");
		words_zone(&text, zone);
	}
	text_add(&text, ".");
	if (text.length < sizeof(error->detail))
		memcpy(error->detail, text.bytes, text.length + 1);
}

bool
map_fail_zone(policy_map *map, const map_zone *zone)
{
	policy_name_zone(map->error, zone->given);
	return false;
}

int32_t
map_position(const policy_map *map, int32_t id)
{
	size_t low = 0;
	size_t high = map->count;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		int32_t found = map->zones[middle].given->id;

		if (found == id)
			return (int32_t) middle;
		if (found < id)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

static bool
is_near(const policy *rule, const policy_zone *zone, size_t position)
{
	switch (rule->nearness.kind)
	{
		case NEAR_BORDER:
			return zone->shared_m[position] > 0;
		case NEAR_METRES:
			return zone->gap_m[position] <= rule->nearness.most;
		default:
			return true;
	}
}

bool
map_same_level(const map_zone *a, const map_zone *b)
{
	const profile_view *one = &a->view;
	const profile_view *other = &b->view;

	if (one->level == NULL || other->level == NULL)
		return one->level == other->level;
	return one->level_length == other->level_length &&
		   memcmp(one->level, other->level, one->level_length) == 0;
}

static bool
check_measured(policy_map *map, const policy_zone *zone)
{
	bool borders = map->rule->nearness.kind == NEAR_BORDER;

	if (zone->neighbour_count == 0 || (borders ? zone->shared_m != NULL : zone->gap_m != NULL) ||
		map->rule->nearness.kind == NEAR_CORNERS)
		return true;
	return map_fail(map, "",
					borders ? "Neighbours are zones that share some border: give shared_m, as "
							  "zone_neighbours finds it." :
							  "Neighbours are zones within so many metres: give gap_m, as "
							  "zone_neighbours finds it.",
					"policy \"%s\" asks %s, and zone %d does not say", map->rule->facts.name,
					borders ? "how much border neighbours share" : "how far away neighbours are",
					zone->id);
}

bool
map_find_neighbours(policy_map *map)
{
	size_t room = 0;
	size_t count = 0;
	bool needed = map->rule->facts.needs_neighbours;

	for (size_t i = 0; i < map->count && needed; i++)
		room += map->zones[i].given->neighbour_count;
	map->neighbours.start = pure_alloc((map->count + 1) * sizeof(size_t));
	map->neighbours.at = pure_alloc((room + 1) * sizeof(int32_t));
	for (size_t i = 0; i < map->count; i++)
	{
		const policy_zone *zone = map->zones[i].given;

		pure_check_interrupts();
		map->neighbours.start[i] = count;
		map->zones[i].around.has_neighbours = zone->has_neighbours;
		if (!needed)
			continue;
		if (!check_measured(map, zone))
			return false;
		for (size_t j = 0; j < zone->neighbour_count; j++)
		{
			int32_t found = map_position(map, zone->neighbours[j]);

			if (!is_near(map->rule, zone, j) || found == (int32_t) i ||
				(found >= 0 && !map_same_level(&map->zones[i], &map->zones[found])))
				continue;
			map->neighbours.at[count++] = found >= 0 ? found : -1 - (int32_t) j;
		}
	}
	map->neighbours.start[map->count] = count;
	return true;
}

bool
map_counts_below(const policy_map *map, const map_zone *parent, const map_zone *child)
{
	const policy_level *level;

	if (parent->for_level < 0)
		return true;
	level = &map->rule->levels[parent->for_level];
	for (int i = 0; i < level->child_count; i++)
		if (child->view.level != NULL && strlen(level->children[i]) == child->view.level_length &&
			memcmp(level->children[i], child->view.level, child->view.level_length) == 0)
			return true;
	return level->child_count == 0;
}

void
map_find_children(policy_map *map)
{
	const policy *rule = map->rule;
	size_t *start = pure_alloc0((map->count + 2) * sizeof(size_t));

	map->children.start = start;
	map->children.at = pure_alloc((map->count + 1) * sizeof(int32_t));
	if (!rule->counts_children)
		return;
	/* Counted two places on, then filled one place on, so that start ends where it belongs. */
	for (size_t i = 0; i < map->count; i++)
	{
		int parent = map->zones[i].parent;

		if (parent >= 0 && map_counts_below(map, &map->zones[parent], &map->zones[i]))
			start[parent + 2]++;
	}
	for (size_t i = 2; i < map->count + 2; i++)
		start[i] += start[i - 1];
	for (size_t i = 0; i < map->count; i++)
	{
		int parent = map->zones[i].parent;

		if (parent >= 0 && map_counts_below(map, &map->zones[parent], &map->zones[i]))
			map->children.at[start[parent + 1]++] = (int32_t) i;
	}
	for (size_t i = 0; i < map->count; i++)
	{
		policy_around *around = &map->zones[i].around;

		around->child_count = (int) (start[i + 1] - start[i]);
		if (around->child_count > 0)
			around->children = pure_alloc0((size_t) rule->tier_count * sizeof(int));
	}
}
