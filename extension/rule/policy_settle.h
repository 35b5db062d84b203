/* Settling expressions: names become numbers, atoms and LETs, and types are checked. */
#ifndef GEORISK_POLICY_SETTLE_H
#define GEORISK_POLICY_SETTLE_H

#include "policy_build.h"

extern bool settle_condition(policy_parser *parser, policy_expr *expr);
extern bool settle_number(policy_parser *parser, policy_expr *expr);
extern bool settle_lets(policy_parser *parser);
extern bool expr_equal(const policy_expr *a, const policy_expr *b);

/* The value of a settled condition over numbers alone; an error where it reads a profile. */
extern bool constant_condition(policy_parser *parser, const policy_expr *expr, bool *holds);

#endif
