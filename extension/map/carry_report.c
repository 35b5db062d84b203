/* A report in a zone set that is not the one of its day. */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/date.h"

#include "carry_report.h"

/* Who covers more than this of the old zone is its successor. */
#define SUCCESSOR_SHARE 0.5
/* Less than this of the old zone is a border drawn anew, not ground that moved. */
#define MOVED_SHARE 0.05

static const char *const lost = "lost_in_boundary_change";

/* A step from one set to the next or to the one before. */
typedef struct step
{
	const placing *to;
	const placing_share *shares;
	const placing_share *back; /* the same step taken back */
	size_t count;
} step;

static const placing_share *
first_share(const placing_share *shares, size_t count, int32_t from)
{
	size_t low = 0;
	size_t high = count;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (shares[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	return shares + low;
}

/* 0 = none */
static int32_t
successor_id(const placing_share *shares, size_t count, int32_t from)
{
	const placing_share *end = shares + count;

	for (const placing_share *s = first_share(shares, count, from); s < end && s->from == from; s++)
		if (s->share > SUCCESSOR_SHARE)
			return s->to;
	return 0;
}

static const placing_zone *
successor(const step *way, int32_t from)
{
	int32_t to = successor_id(way->shares, way->count, from);

	return to != 0 ? placing_by_id(way->to, to) : NULL;
}

/* Is the one zone the other drawn anew? */
static bool
goes_on_as(const step *way, int32_t from, int32_t to)
{
	return successor_id(way->shares, way->count, from) == to &&
		   successor_id(way->back, way->count, to) == from;
}

static List *
add_possible(List *zones, const step *way, int32_t from)
{
	const placing_share *end = way->shares + way->count;
	const placing_share *s = first_share(way->shares, way->count, from);

	for (; s < end && s->from == from; s++)
		if (s->share >= MOVED_SHARE)
			zones = list_append_unique_int(zones, s->to);
	return zones;
}

static List *
carried_possible(const step *way, const placement *before, const List *possible,
				 const placing_zone *now)
{
	List *zones = NIL;
	ListCell *cell;

	if (before->zone != NULL)
		zones = add_possible(zones, way, before->zone->zone_id);
	foreach (cell, possible)
		zones = add_possible(zones, way, lfirst_int(cell));
	return now != NULL ? list_delete_int(zones, now->zone_id) : zones;
}

/* Zones that are looked up one by one are not the same object each time. */
static bool
is_zone(const placing_zone *a, const placing_zone *b)
{
	return a == b || (a != NULL && b != NULL && a->zone_id == b->zone_id);
}

static placement
by_point(const TriggerData *trigger, HeapTuple row, const placing *map, const placing_zone *zone)
{
	placement plain = place_report_in(trigger, row, map);
	placement result = {"placed_by_point", zone, false, zone->zone_id};

	return is_zone(plain.zone, zone) && !plain.disagrees ? plain : result;
}

/* It had a zone: by its point where that was believed, else by what became of the zone. */
static placement
carry_placed(const TriggerData *trigger, HeapTuple row, const step *way, const placement *before,
			 List **possible)
{
	const placing_zone *zone;
	point_state point = place_report_point(trigger, row, way->to, &zone);
	placement result = {lost, NULL, before->disagrees, 0};

	if (!before->disagrees && (point == POINT_INSIDE || point == POINT_OUTSIDE))
	{
		*possible = NIL;
		return point == POINT_INSIDE ? by_point(trigger, row, way->to, zone) : result;
	}
	result.zone = successor(way, before->zone->zone_id);
	if (result.zone != NULL)
	{
		result.outcome = "placed_by_code";
		result.disagrees =
			point == POINT_OUTSIDE || (point == POINT_INSIDE && !is_zone(zone, result.zone));
	}
	*possible = carried_possible(way, before, *possible, result.zone);
	return result;
}

/* It had none: its code, if it was known at all, means nothing here. */
static placement
carry_unplaced(const TriggerData *trigger, HeapTuple row, const step *way, const placement *before,
			   List **possible)
{
	const placing_zone *zone;
	placement result = *before;

	if (before->outcome != lost && strcmp(before->outcome, "not_precise") != 0)
		return place_report_in(trigger, row, way->to);
	if (!before->disagrees && place_report_point(trigger, row, way->to, &zone) == POINT_INSIDE)
	{
		*possible = NIL;
		return by_point(trigger, row, way->to, zone);
	}
	*possible = carried_possible(way, before, *possible, NULL);
	return result;
}

static placement
take_step(const TriggerData *trigger, HeapTuple row, const placing *from, const step *way,
		  List **possible)
{
	placement before = carry_report(trigger, row, from, possible);
	int32_t was = before.zone != NULL ? before.zone->zone_id : 0;
	placement result = before.zone != NULL ? carry_placed(trigger, row, way, &before, possible) :
											 carry_unplaced(trigger, row, way, &before, possible);

	if (result.zone != NULL)
		result.household_zone = was == 0 || goes_on_as(way, was, result.zone->zone_id) ?
									result.zone->zone_id :
									before.household_zone;
	return result;
}

placement
carry_report(const TriggerData *trigger, HeapTuple row, const placing *map, List **possible)
{
	Relation report = trigger->tg_relation;
	List *unasked = NIL;
	step way = {.to = map};
	bool isnull;
	DateADT day;

	if (possible == NULL)
		possible = &unasked;
	*possible = NIL;
	if (!map->has_zones)
		return place_report_in(trigger, row, map);

	check_stack_depth();
	day = DatumGetDateADT(place_report_field(trigger, row, map, PLACING_REPORT_DAY, &isnull));
	if (!isnull && map->older_id != 0 && day < map->valid_from)
	{
		const placing *older = placing_of_set(report, map->older_id);

		map = placing_with_shares(report, map->zone_set_id);
		way = (step){map, map->from_older, map->to_older, map->shares};
		return take_step(trigger, row, older, &way, possible);
	}
	if (!isnull && map->newer_id != 0 && day >= map->newer_from)
	{
		const placing *newer = placing_with_shares(report, map->newer_id);

		way.shares = newer->to_older;
		way.back = newer->from_older;
		way.count = newer->shares;
		return take_step(trigger, row, newer, &way, possible);
	}
	return place_report_in(trigger, row, map);
}
