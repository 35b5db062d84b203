/* The parts of a policy, and what was read for them, in English and Vietnamese. */
#ifndef GEORISK_POLICY_WORDS_H
#define GEORISK_POLICY_WORDS_H

#include "policy_eval.h"
#include "policy_text.h"

extern const char *words_source(const policy *rule, int source, policy_lang lang);
extern const char *words_let(const policy *rule, int let, policy_lang lang);

/* " (7 days earlier)"; nothing of the day judged, or the last of its kind. */
extern void words_shift(policy_text *text, const policy *rule, const policy_shift *shift,
						policy_lang lang);
/* "7 days", "5 working days": `kind` is that of the days, -1 where every day counts. */
extern void words_days(policy_text *text, const policy *rule, int32_t days, int kind,
					   policy_lang lang);

/* Kinds of days: policy_words_days.c. "working", and "working days: Monday, ..." */
extern const char *const policy_weekday_words[2][7];
extern const char *words_day_kind(const policy *rule, int kind, policy_lang lang);
extern void words_day_kind_days(policy_text *text, const policy *rule, int position,
								policy_lang lang);

extern void words_expr(policy_text *text, const policy *rule, const policy_expr *expr,
					   policy_lang lang);
extern void words_condition(policy_text *text, const policy *rule, const policy_expr *expr,
							policy_lang lang);
/* BASE and the steps behind it: policy_words_base.c. */
extern void words_bands(policy_text *text, const policy *rule, const policy_metric *metric,
						policy_lang lang);

extern void words_case(policy_text *text, const policy *rule, const policy_branch *branch,
					   policy_lang lang);
/* A tier whose line is known less well than the policy. */
extern void words_line_confidence(policy_text *text, const policy_rule *line, policy_lang lang);
extern void words_confidence(policy_text *text, const char *confidence, policy_lang lang);
/* "one tier worse", and when. */
extern void words_step(policy_text *text, const policy *rule, const policy_step *step,
					   policy_lang lang);
extern void words_step_when(policy_text *text, const policy *rule, const policy_step *step,
							policy_lang lang);

/* The past: policy_words_past.c. How the tier in force follows the reviews, a line each. */
extern void words_changes(policy_text *text, const policy *rule, policy_lang lang);
/* What the tier in force made of the last review, where it differs; which review left it open. */
extern void words_past(policy_text *text, const policy *rule, const verdict *result,
					   policy_lang lang);
/* WORSEN or IMPROVE, ENTER or LEAVE, in a sentence without its full stop. */
extern void words_change(policy_text *text, const policy *rule, const policy_change *change,
						 policy_lang lang);
extern void words_turn(policy_text *text, const policy *rule, const policy_switch *one,
					   const policy_turn *turn, policy_lang lang);
extern void words_open_past(policy_text *text, const verdict *result, policy_lang lang);

/* Zones around a zone: policy_words_relation.c. What is asked of them, and what was found. */
extern void words_relation(policy_text *text, const policy *rule, const policy_atom *atom,
						   policy_lang lang);
extern void words_touches(policy_text *text, const policy *rule, const policy_atom *atom, bool yes,
						  policy_lang lang);
extern void words_around(policy_text *text, const policy_evaluation *evaluation, int atom,
						 policy_lang lang);
extern void words_around_gap(policy_text *text, const policy_evaluation *evaluation, int atom,
							 policy_lang lang);
extern void words_relations(policy_text *text, const policy *rule, policy_lang lang);

/* "yellow or worse": the tiers that are left. */
extern void words_possible(policy_text *text, const policy *rule, uint64_t possible,
						   policy_lang lang);

/* The numbers behind an expression, each once: "2 households with cases within 7 days (…)". */
typedef struct words_seen
{
	bool *atoms;
	bool *lets;
} words_seen;

extern void words_seen_start(words_seen *seen, const policy *rule);
extern void words_numbers(policy_text *text, size_t start, const policy_evaluation *evaluation,
						  const policy_expr *expr, words_seen *seen, policy_lang lang);

/* Why an atom leaves the verdict open. */
extern void words_gap(policy_text *text, const policy_evaluation *evaluation, int atom,
					  policy_lang lang);

#endif
