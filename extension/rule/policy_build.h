/* What the grammar's actions do: the tree grows clause by clause. False or NULL where an error was
 * recorded. */
#ifndef GEORISK_POLICY_BUILD_H
#define GEORISK_POLICY_BUILD_H

#include "policy_ast.h"
#include "policy_gram.h"

extern bool build_once(policy_parser *parser, bool *seen, int place, const char *clause);
extern bool build_title(policy_parser *parser, int place, const policy_texts *texts);
extern bool build_source(policy_parser *parser, int place, policy_word text);
extern bool build_confidence(policy_parser *parser, policy_word word);
extern bool build_validity(policy_parser *parser, policy_word from, const policy_word *to);
extern bool build_review(policy_parser *parser, policy_word how, const policy_word *weekday);
extern bool build_minimum(policy_parser *parser, int place, policy_word what, exact people);

extern bool build_text(policy_parser *parser, const policy_word *lang, policy_word text,
					   policy_texts *texts);
extern bool build_more_text(policy_parser *parser, const policy_word *lang, policy_word text,
							policy_texts *texts);
extern policy_named build_named(policy_word name, const policy_texts *texts);
extern void build_list(policy_names *names, const policy_named *named);
extern bool build_tier(policy_parser *parser, policy_word key, const policy_word *rung,
					   const policy_texts *texts);

extern bool build_parameter(policy_parser *parser, policy_word name, exact value, int place,
							bool in_days, const exact *low, const exact *high);
extern bool build_require(policy_parser *parser, policy_expr *condition);
extern bool build_counts(policy_parser *parser, const policy_names *names);
extern bool build_values(policy_parser *parser, policy_input_kind kind, const policy_names *names,
						 int keep, const policy_missing *missing);
extern bool build_let(policy_parser *parser, const policy_named *named, policy_expr *expr,
					  const policy_missing *missing);
extern bool build_days(policy_parser *parser, exact days, int place, int least, int *result);
extern bool build_missing_word(policy_parser *parser, policy_word word, policy_missing *missing);
extern void build_missing_number(exact value, int place, policy_missing *missing);

extern bool build_rule(policy_parser *parser, policy_word tier, policy_expr *condition);
extern bool build_metric(policy_parser *parser, policy_word name, const policy_cuts *cuts);
extern void build_cut(policy_cuts *cuts, compare_op before, policy_expr *value, compare_op after,
					  policy_word above, int place);

extern policy_expr *build_number(policy_parser *parser, exact value, int place);
extern policy_expr *build_name(policy_parser *parser, expr_kind kind, policy_word name, int place);
extern policy_expr *build_comparison(policy_parser *parser, int place, policy_expr *left,
									 compare_op op, policy_expr *right);
extern policy_expr *build_longer_chain(policy_parser *parser, policy_expr *chain, compare_op op,
									   policy_expr *right);
extern policy_expr *build_per_time(policy_parser *parser, int place, policy_expr *what,
								   const policy_word *unit);
extern policy_expr *build_per_population(policy_parser *parser, int place, policy_expr *what,
										 exact people, policy_word unit);

#endif
