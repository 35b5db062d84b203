/* Settling expressions: names become numbers, atoms and LETs, and types are checked. */
#ifndef GEORISK_POLICY_SETTLE_H
#define GEORISK_POLICY_SETTLE_H

#include "policy_build.h"

typedef enum expr_type
{
	TYPE_BAD,
	TYPE_NUMBER,
	TYPE_YESNO,
	TYPE_AGE /* days since something: never is one of them */
} expr_type;

extern bool settle_condition(policy_parser *parser, policy_expr *expr);
extern bool settle_number(policy_parser *parser, policy_expr *expr);
extern bool settle_lets(policy_parser *parser);
extern bool expr_equal(const policy_expr *a, const policy_expr *b);

/* The value of a settled condition over numbers alone; an error where it reads a profile. */
extern bool constant_condition(policy_parser *parser, const policy_expr *expr, bool *holds);

/* A source is looked at over so many days; POLICY_FOREVER = all that it ever had. */
extern void settle_look_back(policy_source *source, int64_t days);

/* How far back the "days since" in a settled comparison look. */
extern void settle_note_ages(policy *rule, const policy_expr *comparison);

/* Names: policy_settle_name.c. */
extern int settle_atom(policy *rule, const policy_atom *atom);
extern expr_type settle_reserved(policy *rule, policy_expr *expr, atom_kind kind);
extern expr_type settle_count(policy_parser *parser, policy_expr *expr);
extern expr_type settle_name(policy_parser *parser, policy_expr *expr);

/* Kinds of days: policy_days.c. Days at most that so many of a kind take. */
extern bool settle_day_kind(policy_parser *parser, policy_word name, int *kind);
extern int64_t settle_days_of(const policy *rule, int kind, int64_t count);
extern int64_t settle_shift_days(const policy *rule, const policy_shift *shift);
extern bool settle_shift_earlier(policy_parser *parser, int place, int64_t days,
								 policy_shift *shift);
extern bool settle_shift_counted(policy_parser *parser, int place, int64_t count, int kind,
								 policy_shift *shift);

extern bool policy_shift_equal(const policy_shift *a, const policy_shift *b);

/* The condition of a RUNNING once more for each of the earlier days: policy_running.c. */
extern bool settle_running(policy_parser *parser, policy_expr *expr);

/* Zones around a zone: policy_settle_relation.c. */
extern expr_type settle_relation(policy_parser *parser, policy_expr *expr);
extern int settle_reserved_source(policy *rule, const char *name, policy_input_kind kind,
								  int place);
extern bool check_levels(policy_parser *parser);
extern bool check_nearness(policy_parser *parser);

/* What may be asked of neighbours and parents, and where: policy_check_relation.c. */
extern bool check_relations(policy_parser *parser);

extern bool find_tier(policy_parser *parser, policy_word key, int *tier);

/* BASE and the steps behind it: policy_check_base.c. */
extern bool check_base(policy_parser *parser);
extern bool check_steps(policy_parser *parser);
extern bool find_tier(policy_parser *parser, policy_word key, int *tier);

/* The past: policy_check_past.c. Where tiers are entered, BASE may be left out: the mildest tier.
 */
extern bool check_past(policy_parser *parser);
extern bool check_no_base(policy_parser *parser);

#endif
