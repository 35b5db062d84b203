/*
 * A policy as it was read, and what its files share. Private to the policy language: others use
 * policy.h.
 *
 * policy_gram.y builds the tree with names unresolved; policy_check.c settles every name, so that a
 * settled tree has only numbers, atoms (what is read from a profile), LETs and operators.
 */
#ifndef GEORISK_POLICY_AST_H
#define GEORISK_POLICY_AST_H

#include "policy.h"

#define POLICY_MAX_SIZE 65536
#define POLICY_MAX_DEPTH 100
#define POLICY_MAX_TIERS 64
#define POLICY_MAX_NAME 63
#define POLICY_MAX_DAYS 36600	 /* a century: more is a slip of the pen */
#define POLICY_FOREVER INT32_MAX /* the window that reaches back to the first report */
#define POLICY_MAX_METRES 100000 /* between neighbours */
#define POLICY_MAX_COPIES 20000	 /* nodes that RUNNING may make of a policy's conditions */

/* A word or quoted string of the text, and the byte where it stands. */
typedef struct policy_word
{
	const char *text;
	int place;
} policy_word;

typedef struct policy_named
{
	policy_word name;
	const char *label[2]; /* NULL where not given */
} policy_named;

typedef enum expr_kind
{
	/* As read; gone once the policy is checked. */
	EXPR_NAME,
	EXPR_COUNT,
	EXPR_HOUSEHOLDS_WITH,
	EXPR_PEAK,
	EXPR_DAYS_SINCE,
	EXPR_HOUSEHOLDS,
	EXPR_TOUCHES,
	EXPR_SHARE,
	EXPR_CHILDREN,

	EXPR_NUMBER,
	EXPR_NEVER,
	EXPR_ATOM,
	EXPR_LET,
	EXPR_NEGATE,
	EXPR_ADD,
	EXPR_SUBTRACT,
	EXPR_MULTIPLY,
	EXPR_DIVIDE,
	EXPR_PER_TIME,
	EXPR_PER_PEOPLE, /* or per households */
	EXPR_COMPARE,
	EXPR_AND,
	EXPR_OR,
	EXPR_NOT,
	EXPR_MISSING,  /* the part is not there, or uses what is not */
	EXPR_AT_LEAST, /* so many of the parts hold */
	EXPR_ANY_OF,   /* the condition on the day, or on one of the days before that count */
	EXPR_RUNNING   /* the condition on the day, and on each of the days before that count */
} expr_kind;

typedef enum compare_op
{
	OP_LESS,
	OP_LESS_EQUAL,
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_GREATER_EQUAL,
	OP_GREATER
} compare_op;

/* Days as written: a number, perhaps of one kind of days, or the name of a parameter. */
typedef struct policy_span
{
	const char *name;
	exact days;
	policy_word kind; /* NULL text: every day counts */
	int place;
} policy_span;

/*
 * How long before the day judged: so many days, from there to the count-th last day of a kind, and
 * from that so many days more. Most have days alone.
 */
typedef struct policy_shift
{
	int32_t before;
	int32_t count; /* 0: no kind of days, and nothing before */
	int kind;
	int32_t ago;
} policy_shift;

#define POLICY_MAX_DAY_KINDS 8
#define POLICY_MAX_HOLIDAYS 60 /* that one count of days passes over */

/* Days that count, as working days do: some of the week, less those of a calendar. */
typedef struct policy_day_kind
{
	policy_named named;
	unsigned weekdays; /* bit 0: monday */
	int calendar;	   /* the source that says yes on a day that does not count; -1 = none */
} policy_day_kind;

/* The days that a count looks at: how many, and how long ago the last of them was. */
typedef struct policy_window
{
	bool forever;
	bool has_lag;
	policy_span days;
	policy_span lag; /* of a PEAK, the days on which the window may end */
} policy_window;

typedef struct policy_expr
{
	expr_kind kind;
	int place;
	int depth;
	int part_count;
	struct policy_expr **parts;
	compare_op *ops;	   /* part_count - 1 of them, in a comparison */
	const char *name;	   /* as read */
	const char *parameter; /* the parameter that a number comes from, for people */
	policy_window window;  /* as read */
	exact number;		   /* a number; days in PER day and week; n in PER n population; k of n */
	int days;  /* the window behind a number that may be taken PER day or week; 0 = none, -1 =
				  several */
	int index; /* of the atom or LET; days from one to the next in RUNNING; AT LEAST, as read */
	policy_word day_kind; /* of the days in RUNNING; NULL text: every day */
	bool percent;		  /* a number with % behind it */
} policy_expr;

typedef enum missing_rule
{
	MISSING_UNKNOWN,
	MISSING_VALUE,
	MISSING_SKIP
} missing_rule;

typedef struct policy_missing
{
	missing_rule rule;
	exact value; /* yes = 1, no = 0 */
	const char *text;
	int place;
	bool is_word;
} policy_missing;

/* COUNT, NUMBER and YESNO, and the reserved keys that are asked for. */
typedef struct policy_source
{
	policy_named named;
	policy_input_kind kind;
	int32_t keep;
	policy_missing missing;
	bool needs_households;
	bool is_calendar;
	int32_t look_back;
	int32_t passes; /* the longest look back that has an end: so long what is known may still pass */
} policy_source;

typedef struct policy_parameter
{
	policy_word name;
	const char *level; /* the name of a level; NULL where it is a number */
	exact value;
	bool in_days;
	bool bounded;
	exact low;
	exact high;
	int value_place;
	int value_length;
} policy_parameter;

typedef struct policy_let
{
	policy_named named;
	policy_expr *expr;
	policy_expr *unless; /* where it holds the number is missing; may be NULL */
	policy_missing missing;
	bool settled;
	int original; /* itself, or the LET that this is of an earlier day */
	policy_shift shift;
} policy_let;

/* What is read from a profile, once, however often a policy names it. */
typedef enum atom_kind
{
	ATOM_COUNT,
	ATOM_HOUSEHOLDS,
	ATOM_PEAK, /* the most in a window that ended on one of the days `within` */
	ATOM_DAYS_SINCE,
	ATOM_VALUE,
	ATOM_FLAG,
	ATOM_POPULATION,
	ATOM_ALL_HOUSEHOLDS,
	ATOM_LEVEL,	  /* does the policy speak of the zone's level? */
	ATOM_TOUCHES, /* is a neighbour at the tier? */
	ATOM_SHARE,	  /* per cent of the zones below */
	ATOM_CHILDREN /* how many of them */
} atom_kind;

typedef struct policy_atom
{
	atom_kind kind;
	int source;
	int32_t window;
	int32_t within;
	int window_kind; /* of the days in the window, from 1; 0: every day */
	policy_shift shift;
	int tier;	   /* that neighbours or children are asked for */
	bool at_least; /* or a worse one */
} policy_atom;

/* One line of BASE: `tier WHEN condition`, or OTHERWISE where there is no condition. */
typedef struct policy_rule
{
	policy_word tier_key;
	policy_expr *condition;
	int tier;
	const char *confidence; /* where it differs from the policy's; may be NULL */
} policy_rule;

/* One bound of a metric; a value equal to it belongs to the tier below or above. */
typedef struct policy_cut
{
	policy_expr *expr;
	compare_op before;
	compare_op after;
	int place;
	policy_word above; /* the tier above the bound */

	exact value;
	bool equal_is_below;
	int tier;
} policy_cut;

/* One line of BASE WORST OF. */
typedef struct policy_metric
{
	policy_word name;
	policy_word lowest_key;
	policy_expr *expr;
	int lowest;
	int cut_count;
	policy_cut *cuts;
} policy_metric;

/* The head of a row or column of BASE TABLE; without a condition OTHERWISE. */
typedef struct policy_heading
{
	policy_expr *condition;
	const char *confidence;
	int place;
	int cell_count; /* of a row */
	policy_word *cells;
} policy_heading;

/* BASE TABLE as read; checking it makes rules of it, cell by cell. */
typedef struct policy_table
{
	int column_count;
	policy_heading *columns;
	int row_count;
	policy_heading *rows;
} policy_table;

/* FOR: a level, and the levels below it that count; none: all. */
typedef struct policy_level
{
	policy_word name;
	const char *text; /* what the zones of a map say, once settled */
	int child_count;
	policy_word *child_names;
	const char **children;
} policy_level;

/* What BASE says in one CASE; all of it where there are none. */
typedef struct policy_branch
{
	policy_expr *condition; /* NULL: in every other case */
	int level;				/* the zones that it is for, by position in levels; -1 = all others */
	int place;
	bool worst_of;
	policy_table table;
	int rule_count;
	policy_rule *rules;
	int metric_count;
	policy_metric *metrics;
	int first_line; /* lines are numbered through all branches */
} policy_branch;

typedef enum step_kind
{
	STEP_RAISE,
	STEP_LOWER,
	STEP_NOT_BELOW,
	STEP_NOT_ABOVE
} step_kind;

/* What is done to the tier of BASE, one after the other. */
typedef struct policy_step
{
	step_kind kind;
	int place;
	int tiers;			  /* to raise or lower by */
	policy_word tier_key; /* the limit; NULL text where there is none */
	int tier;
	bool previous;		 /* the limit is the tier of the review before */
	bool parent;		 /* the limit is the tier of the zone that this one is part of */
	policy_expr *when;	 /* NULL: always */
	policy_expr *unless; /* NULL: no exemption */
} policy_step;

#define POLICY_MAX_REVIEWS 12 /* that WORSEN or IMPROVE may ask for */

/* How the tier in force follows what the reviews say: the past. */
typedef struct policy_change
{
	int place;	 /* of the clause; 0 = none */
	int reviews; /* as many in a row must be worse, or milder; 1 = the first is enough */
	int stay;	 /* reviews since the tier last changed */
	int by;		 /* tiers at a time; 0 = any number */
	policy_expr *when;
} policy_change;

/* Who is a neighbour. */
typedef enum nearness_kind
{
	NEAR_CORNERS, /* all that are given */
	NEAR_BORDER,
	NEAR_METRES
} nearness_kind;

typedef struct policy_nearness
{
	int place; /* of the clause; 0 = none */
	nearness_kind kind;
	policy_span metres;
	double most; /* metres */
} policy_nearness;

#define POLICY_MAX_SWITCHES 8

/* When a change takes effect: so many days after its review. */
typedef struct policy_effect
{
	int days;
	policy_word kind; /* NULL text: days of the calendar */
	int kind_index;	  /* -1: days of the calendar */
} policy_effect;

/* ENTER or LEAVE. */
typedef struct policy_turn
{
	int place; /* 0 = none */
	policy_expr *when;
	policy_effect effect;
} policy_turn;

/* A tier that is entered and left. */
typedef struct policy_switch
{
	policy_word tier_key;
	int tier;
	policy_turn enter;
	policy_turn leave;
} policy_switch;

struct policy
{
	char *text;
	size_t length;
	policy_facts facts;

	policy_word name;
	bool has_title, has_source, has_validity, has_review, has_tiers, has_minimum_people,
		has_minimum_households, has_base;
	const char *title[2];
	const char *source;
	policy_word confidence;
	int review_weekday;	  /* monday = 0; -1 = every day */
	int lag;			  /* reports are complete only so many days back */
	int in_force;		  /* a verdict stands from so many days after its review */
	exact minimum_people; /* and households: under these there are no rates */
	exact minimum_households;

	int tier_count;
	policy_tier *tiers;
	policy_word *tier_rungs; /* as written; NULL text where left out */
	policy_word *tier_keys;
	int day_kind_count;
	policy_day_kind *day_kinds;
	int source_count;
	policy_source *sources;
	int parameter_count;
	policy_parameter *parameters;
	int let_count;
	policy_let *lets;
	int order_count;
	int *let_order; /* each LET after those that it uses */
	int copies;		/* nodes made by RUNNING */
	int require_count;
	policy_expr **requires;
	int atom_count;
	policy_atom *atoms;

	int base_place;
	int branch_count;
	policy_branch *branches;
	int line_count;
	int step_count;
	policy_step *steps;
	int own_steps; /* those before the first with `parent` */
	int level_count;
	policy_level *levels;
	int level_atom; /* -1 = no FOR */
	policy_nearness nearness;
	int report_place; /* REPORT ABOVE parent; 0 = none */
	int report_by;
	uint64_t touched; /* the tiers that TOUCHES asks for where it helps to find the own tier */
	bool counts_children;
	bool looks_up; /* at the parent */
	bool has_past;
	policy_word start_key; /* NULL text: as the first review says */
	int start;			   /* the tier before the first review; -1 = none */
	policy_change worsen;
	policy_change improve;
	int switch_count;
	policy_switch switches[POLICY_MAX_SWITCHES]; /* by tier, the mildest first */
	int first_window; /* the atom whose window people are shown; -1 = none */
	int first_count;  /* the measure whose last day people are shown; -1 = none */
};

/* The state of reading one policy. */
typedef struct policy_parser
{
	policy *rule;
	const char *text;
	size_t length;
	pure_error *error;
	bool failed;
	int open_parentheses;
	int level; /* of the FOR that is being read; -1 = none */
	int token_place;
	int token_length;
	int list_ends_at; /* the last word of KEEP or IF MISSING: no name can follow it */
} policy_parser;

/* Records the first error, with its line, its column and a caret under it. Returns false. */
extern bool policy_fail(policy_parser *parser, pure_error_code code, int place, const char *hint,
						const char *format, ...) __attribute__((format(printf, 5, 6)));

extern bool policy_read(policy_parser *parser);	 /* policy_gram.y */
extern bool policy_check(policy_parser *parser); /* policy_check.c */

extern bool policy_is_level(const char *text);
extern bool policy_parameter_allows(const policy_parameter *parameter, exact value);
extern void policy_parameter_bounds(const policy_parameter *parameter, char *buffer, size_t size);

/* An array that grows by doubling: returns it with room for one more. */
extern void *policy_grow(void *array, int count, size_t item_size);

/* The branch in which a line of BASE stands, and its position there. */
extern const policy_branch *policy_branch_of(const policy *rule, int line, int *position);

extern policy_expr *policy_expr_make(policy_parser *parser, expr_kind kind, int place,
									 policy_expr *left, policy_expr *right);
extern bool policy_expr_add(policy_parser *parser, policy_expr *expr, policy_expr *part);

#define POLICY_CONFIDENCES 4

extern const char *const policy_confidence_names[POLICY_CONFIDENCES];
extern const char *const policy_weekday_names[7];

#endif
