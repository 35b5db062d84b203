/* The zones around one zone, as its profile is judged. Private to the policy language. */
#ifndef GEORISK_POLICY_AROUND_H
#define GEORISK_POLICY_AROUND_H

#include "policy_ast.h"

struct policy_map;

typedef struct policy_around
{
	bool has_neighbours;
	int settled_from;	 /* from this tier on to the worst it is settled who touches whom */
	uint64_t neighbours; /* bit i: a neighbour is at tier i */
	int child_count;	 /* of the levels that count */
	int *children;		 /* by tier; NULL where there are none */

	const struct policy_map *map; /* to name them; NULL where they are as of another day */
	size_t zone;
} policy_around;

/* The FOR that a zone falls under, by position in levels; -1 = none. */
extern int policy_level_of(const policy *rule, const profile_view *profile);

#endif
