/* All zones of a map, judged together. Private to the policy language; policy.h has the entrance.
 */
#ifndef GEORISK_POLICY_MAP_H
#define GEORISK_POLICY_MAP_H

#include "policy_past.h"
#include "policy_text.h"

typedef struct map_zone
{
	const policy_zone *given;
	profile_view view;	  /* as given, with what is around it */
	profile_view settled; /* the same, its silence settled for the day judged */
	bool excused; /* its silence; held from the first review day on that it does not report */
	int32_t held_from;
	int for_level; /* by position in levels; -1 = none */
	int parent;	   /* by position; -1 = none */

	policy_around around;
	policy_course course;
	verdict said;	   /* by the review being held, where there is no past */
	uint64_t possible; /* as its neighbours and its parent see it on that review day */
	int tier;
	verdict *worst; /* of the review days since it reported */
	policy_around worst_around;

	verdict own;			 /* of the day judged */
	uint64_t final_possible; /* after its parent's word */
	int final_tier;
} map_zone;

/* Whom each zone has: those of zone i stand at at[start[i]] to at[start[i + 1] - 1]. */
typedef struct map_lists
{
	size_t *start;
	int32_t *at; /* positions; -1 - i: the i-th of those given is not among the zones */
} map_lists;

struct policy_map
{
	const policy *rule;
	int32_t day;
	int32_t first;	   /* review */
	int32_t seen_from; /* the first review day that an excused silence asks for; `day` where there is none */
	bool has_bare;	   /* values that are of the day judged */
	size_t count;
	map_zone *zones; /* by ascending id */
	int8_t *tiers;	 /* the same as in each of them */
	map_lists neighbours;
	map_lists children; /* of the levels that count */
	size_t *order;		/* each zone behind all that it looks at, but for its neighbours */
	size_t layer_count;
	size_t *layers;	  /* where those begin in order that can be judged together, and the end */
	size_t *top_down; /* each zone behind the one that it is part of; NULL where that is nothing */
	past_review *reviews;
	bool can_go_on;		 /* its reviews hold for later days, */
	int32_t known_until; /* up to the first on which a zone falls silent */
	int32_t next;	/* the first that is not held yet */
	pure_error *error;
};

/* policy_hierarchy.c. False with `error` set where zones are above themselves, or wait for each
 * other. */
extern bool map_find_parents(policy_map *map);
extern bool map_find_layers(policy_map *map);
extern bool map_same_level(const map_zone *a, const map_zone *b);

/* policy_map_lists.c */
extern int32_t map_position(const policy_map *map, int32_t id);
extern bool map_find_neighbours(policy_map *map);
extern void map_find_children(policy_map *map);
/* Does a zone count among those below its parent? */
extern bool map_counts_below(const policy_map *map, const map_zone *parent, const map_zone *child);

/* "Ward 3", or its number: policy_words_relation.c. */
extern void words_zone(policy_text *text, const policy_zone *zone);
/* What the zone is part of, with its tier: policy_map_reason.c. */
extern void words_parent(policy_text *text, const policy_map *map, const map_zone *zone,
						 policy_lang lang);
/* The tiers possible under a parent, where the step is done: policy_map.c. */
extern uint64_t map_step_under(const policy *rule, const policy_step *step, uint64_t possible,
							   uint64_t parent);
/* Which of those around it count at no tier because they are unknown. */
extern void words_unknown_around(policy_text *text, const policy_map *map, size_t position,
								 policy_lang lang);
extern bool map_fail(policy_map *map, const char *detail, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* An error that is set already, of one zone. */
extern bool map_fail_zone(policy_map *map, const map_zone *zone);

#endif
