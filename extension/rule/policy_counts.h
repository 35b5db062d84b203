/* What is true of any counts: of windows within windows, of households and their cases, of days
 * since the last. Private to the policy language. */
#ifndef GEORISK_POLICY_COUNTS_H
#define GEORISK_POLICY_COUNTS_H

#include "policy_ast.h"

extern bool policy_is_counted(const policy_atom *atom);

/* Both return true where the bound moved. */
extern bool policy_at_least(int64_t *bound, int64_t to);
extern bool policy_at_most(int64_t *bound, int64_t to);

/* Narrows the bounds, two for each atom, by one another; atoms that are not counted are left alone.
 * False where no counts can be so. */
extern bool policy_counts_narrow(const policy_atom *const *atoms, int count, int64_t *bounds);

#endif
