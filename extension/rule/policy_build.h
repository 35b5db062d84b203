/* What the grammar's actions do: the tree grows clause by clause. False or NULL where an error was
 * recorded. */
#ifndef GEORISK_POLICY_BUILD_H
#define GEORISK_POLICY_BUILD_H

#include "policy_ast.h"
#include "policy_gram.h"

#define PUSH(array, count, item)                                                                   \
	((array) = policy_grow((array), (count), sizeof(*(array))), (array)[(count)++] = (item))

extern bool check_new_name(policy_parser *parser, policy_word name);
extern bool build_once(policy_parser *parser, bool *seen, int place, const char *clause);
extern bool build_title(policy_parser *parser, int place, const policy_texts *texts);
extern bool build_source(policy_parser *parser, int place, policy_word text);
extern bool build_confidence(policy_parser *parser, policy_word word);
extern bool check_confidence(policy_parser *parser, policy_word word);
extern bool build_validity(policy_parser *parser, policy_word from, const policy_word *to);
extern bool build_review(policy_parser *parser, policy_word how, const policy_word *weekday,
						 int lag, int in_force);
/* `what` is NULL for households. */
extern bool build_minimum(policy_parser *parser, int place, const policy_word *what, exact least);

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
					  policy_expr *unless, const policy_missing *missing);
extern bool build_days(policy_parser *parser, exact days, int place, int least, int *result);
extern bool build_weekdays(policy_parser *parser, policy_word from, policy_word to, int *days);
/* `calendar` is NULL where there is none. */
extern bool build_day_kind(policy_parser *parser, const policy_named *named, int weekdays,
						   const policy_named *calendar);
extern bool build_missing_word(policy_parser *parser, policy_word word, policy_missing *missing);
extern void build_missing_number(exact value, int place, policy_missing *missing);

/* BASE and what follows it: policy_build_base.c. */
extern bool build_branch(policy_parser *parser, policy_expr *condition, int place);
extern void build_worst_of(policy_parser *parser);
extern bool build_rule(policy_parser *parser, policy_word tier, policy_expr *condition);
extern bool build_metric(policy_parser *parser, policy_word name, const policy_cuts *cuts);
extern void build_cut(policy_cuts *cuts, compare_op before, policy_expr *value, compare_op after,
					  policy_word above, int place);
extern bool build_heading(policy_parser *parser, policy_expr *condition, int place,
						  const policy_word *confidence, policy_heading *heading);
extern void build_column(policy_parser *parser, const policy_heading *column);
extern void build_row(policy_parser *parser, const policy_heading *row);
extern void build_cell(policy_heading *row, policy_word tier);
extern bool build_step(policy_parser *parser, step_kind kind, int place, const exact *tiers,
					   const policy_word *limit, policy_expr *when, policy_expr *unless);

/* Zones around a zone: policy_build_relation.c. */
extern bool build_level_parameter(policy_parser *parser, policy_word name, policy_word level);
extern bool build_neighbours(policy_parser *parser, int place, const policy_word *kind,
							 const policy_span *metres);
extern bool build_metres(policy_parser *parser, policy_word unit);
extern bool build_level(policy_parser *parser, policy_word name);
extern void build_child_level(policy_parser *parser, policy_word name);
extern bool build_report(policy_parser *parser, int place, policy_word whose, int by);

extern bool check_new_name(policy_parser *parser, policy_word name);
extern bool build_start(policy_parser *parser, int place, policy_word tier);
extern bool build_change(policy_parser *parser, policy_change *change, int place, int reviews,
						 int stay, int by, policy_expr *when);
/* `enter` or leave; `days` later, where `kind` is not NULL of that kind. */
extern policy_effect build_effect(int days, const policy_word *kind);
extern bool build_switch(policy_parser *parser, bool enter, int place, policy_word tier,
						 policy_expr *when, policy_effect effect);
extern bool build_reviews(policy_parser *parser, exact count, int place, policy_word unit,
						  int *reviews);
extern bool build_tiers(policy_parser *parser, exact count, int place, int *tiers);

extern policy_expr *build_number(policy_parser *parser, exact value, int place);
extern policy_expr *build_name(policy_parser *parser, expr_kind kind, policy_word name, int place);
extern policy_expr *build_comparison(policy_parser *parser, int place, policy_expr *left,
									 compare_op op, policy_expr *right);
extern policy_expr *build_longer_chain(policy_parser *parser, policy_expr *chain, compare_op op,
									   policy_expr *right);
extern policy_expr *build_per_time(policy_parser *parser, int place, policy_expr *what,
								   const policy_word *unit);
/* `unit` is NULL for households. */
extern policy_expr *build_per_people(policy_parser *parser, int place, policy_expr *what,
									 exact people, const policy_word *unit);
extern policy_window build_window(policy_span days, const policy_span *lag);
extern policy_expr *build_peak(policy_parser *parser, policy_word name, policy_span days,
							   const policy_span *within);
extern policy_span build_span(const char *name, exact days, const policy_word *kind, int place);
extern policy_run_unit build_run_days(int days, const policy_word *kind);
extern bool build_run_unit(policy_parser *parser, policy_word unit, policy_run_unit *run);
extern policy_expr *build_running(policy_parser *parser, expr_kind kind, int place,
								  policy_expr *condition, exact count, policy_run_unit unit);
extern policy_expr *build_at_least(policy_parser *parser, int place, exact least,
								   policy_expr *conditions);

#endif
