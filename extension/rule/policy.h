/*
 * The policy language: text in, verdict out. All of it is pure.
 *
 * policy_scan.l and policy_gram.y read the text, policy_check.c settles names and tiers,
 * policy_eval.c judges, policy_reason.c, policy_explain.c and policy_describe.c say it in
 * Vietnamese and English. Memory is the caller's context; nothing here is freed one by one.
 */
#ifndef GEORISK_POLICY_H
#define GEORISK_POLICY_H

#include "profile_view.h"

typedef struct policy policy;

typedef enum policy_lang
{
	POLICY_EN,
	POLICY_VI
} policy_lang;

/* The ladder, mildest first; the labels of the SQL type risk_tier. */
#define POLICY_RUNGS 6

extern const char *const policy_rung_names[POLICY_RUNGS];

/* A tier of a policy: its own key, and its rung on the ladder. */
typedef struct policy_tier
{
	const char *key;
	int rung;			  /* 0 green .. 5 dark_red; -1 outside the order */
	const char *label[2]; /* by policy_lang; never NULL */
	const char *color;	  /* #rrggbb */
} policy_tier;

typedef enum policy_input_kind
{
	POLICY_COUNT,	 /* a measure: an epicurve in the profile */
	POLICY_NUMBER,	 /* a zone value */
	POLICY_YESNO,	 /* a zone value */
	POLICY_RESERVED, /* population, households, level */
	POLICY_RELATION	 /* neighbours, children, parent */
} policy_input_kind;

typedef struct policy_input
{
	const char *name;
	policy_input_kind kind;
	bool needs_households;	/* a COUNT whose distinct households are asked for */
	int32_t look_back;		/* days of history that matter, the as-of day included; 0 = only the day
							   itself; INT32_MAX = all of it */
	int32_t keep;			/* of a zone value; -1 = for ever */
	const char *if_missing; /* as written: yes, no, unknown, skip or a number; NULL for counts */
} policy_input;

typedef struct policy_facts
{
	const char *name;
	const char *title[2];
	const char *source;
	const char *confidence; /* official, secondary, memory or derived */
	bool has_valid_from, has_valid_to;
	int32_t valid_from, valid_to;
	int tier_count;			  /* at most 64 */
	const policy_tier *tiers; /* in the order of TIERS, mildest first */
	int input_count;
	const policy_input *inputs;
	int32_t look_back;	/* of reports: the longest of the measures */
	bool has_past;		/* judged by policy_judge_from alone */
	bool has_relations; /* judged by policy_map_judge alone */
	bool needs_neighbours;
	bool needs_borders;	  /* and how much border is shared */
	bool needs_gaps;	  /* and how far away they are */
	double neighbour_gap; /* the most metres; 0 where they must touch */
	bool needs_parents;
} policy_facts;

/*
 * NULL with `error` set: its detail names line and column and shows the line with a caret under the
 * place. Words of the language are in capitals, a few small ones (days, day, since, households) are
 * reserved; names are anything else. docs/policy-language.md has the whole language.
 */
extern policy *policy_parse(const char *text, size_t length, pure_error *error);
extern const policy_facts *policy_get_facts(const policy *rule);

/*
 * The text of the same policy with some PARAMETERs set; bounds are checked. Not parsed again: a
 * REQUIRE holds between the new values, not between an old and a new one.
 */
extern char *policy_set_parameters(const policy *rule, int count, const char *const *names,
								   const char *const *values, pure_error *error);

/* The last review day on or before `day`; and the one whose verdict stands on `day`, which is the
 * same unless verdicts come into force later. */
extern int32_t policy_last_review(const policy *rule, int32_t day);
extern int32_t policy_review_day(const policy *rule, int32_t day);

typedef struct verdict
{
	int tier;			 /* position in TIERS; -1 = unknown */
	uint64_t possible;	 /* bit i: tier i may hold; a single bit where the tier is known */
	int rule;			 /* what decided, by position in BASE; -1 where unknown */
	const char *missing; /* the first input whose absence matters; NULL where known */
	bool outside_validity;
	int proposed;	/* what the last review alone says; -1 where that is unknown */
	int previous;	/* the tier in force before it; -1 where there was none, or it is unknown */
	bool open_past; /* an earlier review is unknown, and that matters */
	int32_t open_day;

	int entered;	   /* the position of the ENTER by which the tier is in force; -1 = none */
	bool has_turned;   /* is it known on which review that was decided? */
	int32_t turned;
	int pending;	   /* of the ENTER whose tier changes next, as is decided; -1 = none */
	bool pending_leaves;
	int32_t pending_day;

	bool held; /* by the tier of an earlier day, because the days since are not reported yet */
	int32_t held_day;

	/* The first windowed count in BASE, for people who want the numbers. */
	bool has_window;
	int32_t window_start, window_end;
	bool has_cases;
	int64_t cases;
	bool has_households_affected;
	int64_t households_affected;
	bool has_rate;
	double rate_100k; /* cases per 100,000 people in the window as a whole */
	bool has_days_since_last;
	int32_t days_since_last; /* absent also where there never was a case */
} verdict;

/*
 * Judges one day, and what silence since `reported_until` makes of it. False with `error` set only
 * where exact arithmetic overflows or an input has the wrong kind.
 */
extern bool policy_judge(const policy *rule, const profile_view *profile, int32_t day,
						 verdict *result, pure_error *error);

/*
 * The same for a policy with a past: every review from `start` on is judged in its turn. An error,
 * too, where there would be more reviews than anybody has held.
 */
extern bool policy_judge_from(const policy *rule, const profile_view *profile, int32_t start,
							  int32_t day, verdict *result, pure_error *error);

/*
 * The reviews of one zone, kept from one day to a later one, so that many days cost no more reviews
 * than the last of them. NULL where there is nothing to keep: no past, or one that the day judged
 * changes, as silence and values that are of that day do.
 */
typedef struct policy_kept policy_kept;
extern policy_kept *policy_keep(const policy *rule, const profile_view *profile, int32_t start);
/* As policy_judge_from; quick where days come in order. */
extern bool policy_judge_kept(policy_kept *kept, const profile_view *profile, int32_t day,
							  verdict *result, pure_error *error);

/* The first day with a report that the policy counts; false where there is none. */
extern bool policy_first_report(const policy *rule, const profile_view *profile, int32_t *day);

/* One zone of a map with what is around it. Borrowed. */
typedef struct policy_zone
{
	int32_t id;
	const char *name; /* for people; not zero-terminated; NULL = its number */
	size_t name_length;
	bool has_parent;
	int32_t parent_id;
	const profile_view *profile; /* with its level; NULL where nothing is known, not even that */
	bool has_neighbours;
	size_t neighbour_count;
	const int32_t *neighbours;
	const double *shared_m; /* NULL where not given, as the next */
	const double *gap_m;
} policy_zone;

/* Says in an error that it is of one zone: policy_map_lists.c. */
extern void policy_name_zone(pure_error *error, const policy_zone *zone);

typedef struct policy_map policy_map;

/*
 * All zones of a day, for a policy with relations: by ascending id, each once. Every review from
 * `start` on is held where the policy has a past. NULL with `error` set also where zones are above
 * themselves, or a parent is not among them. docs/policy-language.md says what comes out.
 */
extern policy_map *policy_map_judge(const policy *rule, const policy_zone *zones, size_t count,
									int32_t start, int32_t day, pure_error *error);

/*
 * The same map on a later day, holding only the reviews since; where a zone is silent by then, or
 * values are of the day judged, each day has another past, and it cannot go on. After an error it
 * is of no use.
 */
extern bool policy_map_can_go_on(const policy_map *map, int32_t day);
extern bool policy_map_go_on(policy_map *map, int32_t day, int32_t as_of, pure_error *error);

/* The verdict on one of them, and why, in one sentence. */
extern char *policy_map_say(const policy_map *map, size_t position, verdict *result,
							policy_lang lang);

/* One sentence: why this tier, or which input is missing and what is left ("yellow or worse"). */
extern char *policy_reason(const policy *rule, const profile_view *profile, int32_t day,
						   const verdict *result, policy_lang lang);

/* The same of a zone without a profile. */
extern const char *policy_knows_nothing(policy_lang lang);

/* Both at once, evaluating a day once; the sentence, or NULL where policy_judge_from would be
 * false. */
extern char *policy_judge_and_say(const policy *rule, const profile_view *profile, int32_t start,
								  int32_t day, verdict *result, policy_lang lang,
								  pure_error *error);

/* Each rule in order, with its numbers. */
typedef struct policy_line
{
	const char *tier; /* NULL on lines that belong to none */
	const char *condition;
	const char *numbers; /* "2 households with cases in 7 days (2021-08-31 to 2021-09-06)" */
	int holds;			 /* 1 true, 0 false, -1 unknown */
	bool decided;
} policy_line;

/* `start` and `day`, a review, as in policy_judge_from; without a past start means nothing. */
extern policy_line *policy_explain(const policy *rule, const profile_view *profile, int32_t start,
								   int32_t day, policy_lang lang, int *count, pure_error *error);

/*
 * The first day after the profile's own on which the tier in force is milder if nothing more is
 * reported, searched as far ahead as anything can change by itself; false where there is none, or
 * on an error.
 */
extern bool policy_next_step_down(const policy *rule, const profile_view *profile, int32_t start,
								  int32_t day, int32_t *when, int *tier, pure_error *error);

/* How many days ahead anything can still change by itself. */
extern int64_t policy_days_ahead(const policy *rule);

/* Each rule with its numbers, for one zone of a map; the map is judged. NULL with `error` set. */
extern policy_line *policy_map_explain(const policy_map *map, size_t position, policy_lang lang,
									   int *count, pure_error *error);

extern char *policy_describe(const policy *rule, policy_lang lang);

/* Shipped policies, compiled in and frozen under their names. */
typedef struct shipped_policy
{
	const char *name;
	const char *text;
} shipped_policy;

extern const shipped_policy *policy_shipped(int *count);

#endif
