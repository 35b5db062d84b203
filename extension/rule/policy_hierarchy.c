/*
 * What is above what in a map, and so in which order its zones are judged: a zone after those below
 * it, and those together that may ask for each other as neighbours.
 */
#include "policy_map.h"
#include "policy_words.h"

static bool
fail_orphan(policy_map *map, const map_zone *zone)
{
	policy_text name;

	text_start(&name);
	words_zone(&name, zone->given);
	return map_fail(map, "",
					"Give the parent, too; a zone that is part of nothing has no parent_id.",
					"zone %s is part of zone %d, which is not among the zones", name.bytes,
					zone->given->parent_id);
}

static bool
fail_cycle(policy_map *map, size_t first)
{
	policy_text names;
	size_t i = first;
	int shown = 0;

	text_start(&names);
	do
	{
		text_add(&names, shown > 0 ? " is part of " : "Zone ");
		words_zone(&names, map->zones[i].given);
		i = (size_t) map->zones[i].parent;
	} while (i != first && ++shown < 10);
	text_add(&names, " is part of ");
	if (i != first)
		text_add(&names, "… is part of ");
	words_zone(&names, map->zones[first].given);
	text_add(&names, ".");
	return map_fail(map, names.bytes,
					"Correct parent_id: a zone is part of a larger one, or of none.",
					"a zone is part of itself");
}

/* How many zones are above each; false where one is above itself. */
static bool
find_depths(policy_map *map, size_t *depths)
{
	size_t *path = pure_alloc((map->count + 1) * sizeof(size_t));
	bool *open = pure_alloc0(map->count + 1);
	bool *known = pure_alloc0(map->count + 1);
	bool found = true;

	for (size_t i = 0; i < map->count && found; i++)
	{
		size_t length = 0;
		int at = (int) i;
		size_t depth = 0;

		pure_check_interrupts();
		while (at >= 0 && !known[at] && !open[at])
		{
			open[at] = true;
			path[length++] = (size_t) at;
			at = map->zones[at].parent;
		}
		if (at >= 0 && !known[at])
			found = fail_cycle(map, (size_t) at);
		else if (at >= 0)
			depth = depths[at] + 1;
		while (length > 0)
		{
			depths[path[--length]] = depth++;
			known[path[length]] = true;
		}
	}
	pure_free(path);
	pure_free(open);
	pure_free(known);
	return found;
}

/* The zones by ascending rank, those of one rank as they come; where each rank begins. */
static size_t *
by_rank(const size_t *ranks, size_t count, size_t **starts, size_t *rank_count)
{
	size_t *order = pure_alloc((count + 1) * sizeof(size_t));
	size_t last = 0;

	for (size_t i = 0; i < count; i++)
		last = ranks[i] > last ? ranks[i] : last;
	*rank_count = last + 1;
	*starts = pure_alloc0((last + 3) * sizeof(size_t));
	for (size_t i = 0; i < count; i++)
		(*starts)[ranks[i] + 2]++;
	for (size_t i = 1; i < last + 3; i++)
		(*starts)[i] += (*starts)[i - 1];
	for (size_t i = 0; i < count; i++)
		order[(*starts)[ranks[i] + 1]++] = i;
	return order;
}

bool
map_find_parents(policy_map *map)
{
	size_t *depths;
	size_t *starts;
	size_t ignored;
	bool done;

	for (size_t i = 0; i < map->count; i++)
	{
		map_zone *zone = &map->zones[i];

		pure_check_interrupts();
		zone->parent = -1;
		if (!map->rule->facts.needs_parents || !zone->given->has_parent)
			continue;
		zone->parent = map_position(map, zone->given->parent_id);
		if (zone->parent < 0)
			return fail_orphan(map, zone);
	}
	if (!map->rule->facts.needs_parents)
		return true;
	depths = pure_alloc0((map->count + 1) * sizeof(size_t));
	done = find_depths(map, depths);
	if (done)
	{
		map->top_down = by_rank(depths, map->count, &starts, &ignored);
		pure_free(starts);
	}
	pure_free(depths);
	return done;
}

/* Zones that may ask for each other form a group, named by one of them. */
static size_t
group_of(size_t *groups, size_t zone)
{
	while (groups[zone] != zone)
	{
		groups[zone] = groups[groups[zone]];
		zone = groups[zone];
	}
	return zone;
}

static size_t *
find_groups(const policy_map *map)
{
	size_t *groups = pure_alloc((map->count + 1) * sizeof(size_t));

	for (size_t i = 0; i < map->count; i++)
		groups[i] = i;
	for (size_t i = 0; i < map->count; i++)
	{
		pure_check_interrupts();
		for (size_t j = map->neighbours.start[i]; j < map->neighbours.start[i + 1]; j++)
			if (map->neighbours.at[j] >= 0)
				groups[group_of(groups, (size_t) map->neighbours.at[j])] = group_of(groups, i);
	}
	for (size_t i = 0; i < map->count; i++)
		groups[i] = group_of(groups, i);
	return groups;
}

static bool
fail_mixed(policy_map *map, size_t parent, size_t child)
{
	policy_text names;

	text_start(&names);
	text_add(&names, "Zone ");
	words_zone(&names, map->zones[child].given);
	text_add(&names, " is part of ");
	words_zone(&names, map->zones[parent].given);
	text_add(&names, ", and through neighbours of one level each waits for the other.");
	return map_fail(map, names.bytes, "Say by level which zones lie side by side.",
					"neighbours lie above and below each other");
}

/* Groups whose zones below are all judged come next: a layer at a time, until none is left. */
static bool
rank_groups(policy_map *map, const size_t *groups, size_t *ranks)
{
	size_t *waiting = pure_alloc0((map->count + 1) * sizeof(size_t)); /* for so many children */
	size_t *size = pure_alloc0((map->count + 1) * sizeof(size_t));
	size_t *first = pure_alloc0((map->count + 2) * sizeof(size_t));
	size_t *members = pure_alloc((map->count + 1) * sizeof(size_t));
	size_t *ready = pure_alloc((map->count + 1) * sizeof(size_t));
	size_t ready_count = 0;
	size_t done = 0;
	bool fits = true;

	for (size_t i = 0; i < map->count; i++)
	{
		waiting[groups[i]] += map->children.start[i + 1] - map->children.start[i];
		first[groups[i] + 1]++;
	}
	for (size_t i = 0; i < map->count; i++)
		first[i + 1] += first[i];
	for (size_t i = 0; i < map->count; i++)
		members[first[groups[i]] + size[groups[i]]++] = i;
	for (size_t i = 0; i < map->count; i++)
		if (groups[i] == i && waiting[i] == 0)
			ready[ready_count++] = i;
	while (done < ready_count)
	{
		size_t group = ready[done++];

		pure_check_interrupts();
		for (size_t i = 0; i < size[group]; i++)
		{
			size_t zone = members[first[group] + i];
			int parent = map->zones[zone].parent;
			size_t above = parent < 0 ? 0 : groups[parent];

			ranks[zone] = ranks[group];
			if (parent < 0 || !map_counts_below(map, &map->zones[parent], &map->zones[zone]))
				continue;
			if (ranks[above] <= ranks[group])
				ranks[above] = ranks[group] + 1;
			if (--waiting[above] == 0)
				ready[ready_count++] = above;
		}
	}
	for (size_t i = 0; i < map->count && fits; i++)
		if (waiting[groups[i]] > 0 && map->children.start[i + 1] > map->children.start[i])
			fits = fail_mixed(map, i, (size_t) map->children.at[map->children.start[i]]);
	pure_free(waiting);
	pure_free(size);
	pure_free(first);
	pure_free(members);
	pure_free(ready);
	return fits;
}

bool
map_find_layers(policy_map *map)
{
	size_t *ranks = pure_alloc0((map->count + 1) * sizeof(size_t));
	bool fits = true;

	if (map->rule->counts_children)
	{
		size_t *groups = find_groups(map);

		fits = rank_groups(map, groups, ranks);
		pure_free(groups);
	}
	if (fits)
		map->order = by_rank(ranks, map->count, &map->layers, &map->layer_count);
	pure_free(ranks);
	return fits;
}
