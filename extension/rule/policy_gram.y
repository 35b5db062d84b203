/*
 * The grammar of the policy language. It only builds the tree of policy_ast.h: what names mean is
 * settled by policy_check.c, so that errors of meaning do not depend on the order of clauses.
 *
 * Stages come in the order in which a verdict is reached: what the policy looks at, BASE, what raises
 * and lowers its tier, limits, change over time. What later versions will need is reserved.
 */
%code top {
#include "policy_ast.h"

#define YYMALLOC pure_alloc
#define YYFREE pure_free
#define YYINITDEPTH 100
#define YYMAXDEPTH 2000
}

%code requires {
#include "policy_pieces.h"
}

%define api.pure full
%define api.prefix {policy_yy}
%define api.location.type {policy_location}
%define parse.error custom
%define parse.lac full
%locations
%parse-param {policy_parser *parser} {void *scanner}
%lex-param {void *scanner}
%expect 0

%union
{
	policy_word word;
	exact number;
	policy_expr *expr;
	policy_window window;
	policy_span span;
	policy_heading heading;
	policy_texts texts;
	policy_named named;
	policy_names names;
	policy_missing missing;
	policy_cuts cuts;
	policy_run_unit run;
	policy_effect effect;
	compare_op op;
	int days;
	bool flag;
}

%token K_POLICY "POLICY" K_TITLE "TITLE" K_SOURCE "SOURCE" K_VALID "VALID" K_FROM "FROM" K_TO "TO"
%token K_REVIEW "REVIEW" K_ON "ON" K_CONFIDENCE "CONFIDENCE" K_TIERS "TIERS" K_AS "AS"
%token K_PARAMETER "PARAMETER" K_BETWEEN "BETWEEN" K_AND "AND" K_OR "OR" K_NOT "NOT"
%token K_REQUIRE "REQUIRE" K_COUNT "COUNT" K_NUMBER "NUMBER" K_YESNO "YESNO" K_KEEP "KEEP" K_IF "IF"
%token K_MISSING "MISSING" K_LET "LET" K_PER "PER" K_IN "IN" K_WITH "WITH" K_MINIMUM "MINIMUM"
%token K_BASE "BASE" K_WHEN "WHEN" K_OTHERWISE "OTHERWISE" K_WORST "WORST" K_OF "OF"
%token K_TABLE "TABLE" K_CASE "CASE" K_ELSE "ELSE" K_AT "AT" K_LEAST "LEAST" K_RUNNING "RUNNING"
%token K_LAG "LAG" K_PEAK "PEAK" K_WITHIN "WITHIN" K_ALL "ALL" K_UNLESS "UNLESS"
%token K_ANY "ANY" K_START "START" K_WORSEN "WORSEN" K_IMPROVE "IMPROVE" K_AFTER "AFTER"
%token K_STAY "STAY" K_BY "BY"
%token K_ENTER "ENTER" K_LEAVE "LEAVE" K_EFFECTIVE "EFFECTIVE" K_LATER "LATER" K_FORCE "FORCE"
%token K_DAY_KIND "DAYS" K_EXCEPT "EXCEPT" K_CALENDAR "CALENDAR"
%token K_NEIGHBOURS "NEIGHBOURS" K_TOUCHES "TOUCHES" K_SHARE "SHARE" K_FOR "FOR" K_REPORT "REPORT"
%token K_RAISE "RAISE" K_LOWER "LOWER" K_BELOW "BELOW" K_ABOVE "ABOVE"
%token <word> K_DAYS "days" K_DAY "day"
%token K_SINCE "since" K_HOUSEHOLDS "households"
%token <word> T_NAME "a name" T_STRING "quoted text" T_DATE "a date such as 2021-08-23"
%token <number> T_DECIMAL "a number"
%token T_LESS_EQUAL "<=" T_GREATER_EQUAL ">=" T_NOT_EQUAL "<>" T_BAD

%type <word> name
%type <texts> texts
%type <named> labelled
%type <names> labelled_list
%type <number> signed
%type <span> span metres
%type <window> window
%type <missing> if_missing missing_word
%type <days> keep reviews stay by week weekdays
%type <days> lag in_force days
%type <run> run_unit
%type <effect> effect
%type <flag> in_days
%type <expr> standing expr any all fact held chain sum product minus primary cut conditions unless when
%type <heading> heading row
%type <word> in_table
%type <op> op
%type <cuts> cuts

%code {
extern int policy_yylex(POLICY_YYSTYPE *value, POLICY_YYLTYPE *location, void *scanner);
static void policy_yyerror(POLICY_YYLTYPE *location, policy_parser *parser, void *scanner,
						   const char *message);

#include "policy_build.h"

#define TRY(done) \
	do \
	{ \
		if (!(done) || parser->failed) \
			YYABORT; \
	} while (0)
}

%%

policy:
	K_POLICY name					{ parser->rule->name = $2; }
	clauses

clauses:
	%empty
	| clauses clause

clause:
	K_TITLE texts					{ TRY(build_title(parser, @1.place, &$2)); }
	| K_SOURCE T_STRING				{ TRY(build_source(parser, @1.place, $2)); }
	| K_CONFIDENCE T_NAME			{ TRY(build_confidence(parser, $2)); }
	| K_VALID K_FROM T_DATE			{ TRY(build_validity(parser, $3, NULL)); }
	| K_VALID K_FROM T_DATE K_TO T_DATE	{ TRY(build_validity(parser, $3, &$5)); }
	| K_REVIEW T_NAME lag in_force	{ TRY(build_review(parser, $2, NULL, $3, $4)); }
	| K_REVIEW T_NAME K_ON T_NAME lag in_force	{ TRY(build_review(parser, $2, &$4, $5, $6)); }
	| K_TIERS	{ TRY(build_once(parser, &parser->rule->has_tiers, @1.place, "TIERS")); }
	  tiers
	| K_PARAMETER name signed in_days	{ TRY(build_parameter(parser, $2, $3, @3.place, $4, NULL, NULL)); }
	| K_PARAMETER name signed in_days K_BETWEEN signed K_AND signed
		{ TRY(build_parameter(parser, $2, $3, @3.place, $4, &$6, &$8)); }
	| K_PARAMETER name T_STRING		{ TRY(build_level_parameter(parser, $2, $3)); }
	| K_NEIGHBOURS T_NAME	{ TRY(build_neighbours(parser, @1.place, &$2, NULL)); }
	| K_NEIGHBOURS K_WITHIN metres	{ TRY(build_neighbours(parser, @1.place, NULL, &$3)); }
	| K_REQUIRE expr				{ TRY(build_require(parser, $2)); }
	| K_COUNT labelled_list			{ TRY(build_counts(parser, &$2)); }
	| K_NUMBER labelled_list keep if_missing
									{ TRY(build_values(parser, POLICY_NUMBER, &$2, $3, &$4)); }
	| K_YESNO labelled_list keep if_missing
									{ TRY(build_values(parser, POLICY_YESNO, &$2, $3, &$4)); }
	| K_LET labelled '=' sum unless if_missing
									{ TRY(build_let(parser, &$2, $4, $5, &$6)); }
	| K_DAY_KIND labelled '=' week	{ TRY(build_day_kind(parser, &$2, $4, NULL)); }
	| K_DAY_KIND labelled '=' week K_EXCEPT K_CALENDAR labelled	{ TRY(build_day_kind(parser, &$2, $4, &$7)); }
	| K_MINIMUM T_NAME T_DECIMAL	{ TRY(build_minimum(parser, @1.place, &$2, $3)); }
	| K_MINIMUM K_HOUSEHOLDS T_DECIMAL	{ TRY(build_minimum(parser, @1.place, NULL, $3)); }
	| K_BASE
		{
			TRY(build_once(parser, &parser->rule->has_base, @1.place, "BASE"));
			parser->rule->base_place = @1.place;
		}
	  base
	| K_RAISE T_DECIMAL K_WHEN expr unless
		{ TRY(build_step(parser, STEP_RAISE, @1.place, &$2, NULL, $4, $5)); }
	| K_RAISE T_DECIMAL K_NOT K_ABOVE T_NAME K_WHEN expr unless
		{ TRY(build_step(parser, STEP_RAISE, @1.place, &$2, &$5, $7, $8)); }
	| K_LOWER T_DECIMAL K_WHEN expr unless
		{ TRY(build_step(parser, STEP_LOWER, @1.place, &$2, NULL, $4, $5)); }
	| K_LOWER T_DECIMAL K_NOT K_BELOW T_NAME K_WHEN expr unless
		{ TRY(build_step(parser, STEP_LOWER, @1.place, &$2, &$5, $7, $8)); }
	| K_NOT K_BELOW T_NAME when unless
		{ TRY(build_step(parser, STEP_NOT_BELOW, @1.place, NULL, &$3, $4, $5)); }
	| K_NOT K_ABOVE T_NAME when unless
		{ TRY(build_step(parser, STEP_NOT_ABOVE, @1.place, NULL, &$3, $4, $5)); }
	| K_START K_AT T_NAME			{ TRY(build_start(parser, @1.place, $3)); }
	| K_WORSEN K_AFTER reviews by
		{ TRY(build_change(parser, &parser->rule->worsen, @1.place, $3, 0, $4, NULL)); }
	| K_IMPROVE K_AFTER reviews stay by when
		{ TRY(build_change(parser, &parser->rule->improve, @1.place, $3, $4, $5, $6)); }
	| K_REPORT K_ABOVE T_NAME by	{ TRY(build_report(parser, @1.place, $3, $4)); }
	| K_ENTER T_NAME K_WHEN expr effect	{ TRY(build_switch(parser, true, @1.place, $2, $4, $5)); }
	| K_LEAVE T_NAME K_WHEN expr effect	{ TRY(build_switch(parser, false, @1.place, $2, $4, $5)); }

lag:
	%empty							{ $$ = 0; }
	| K_LAG T_DECIMAL day_word		{ TRY(build_days(parser, $2, @2.place, 1, &$$)); }

in_force:
	%empty							{ $$ = 0; }
	| K_IN K_FORCE T_DECIMAL day_word K_LATER	{ TRY(build_days(parser, $3, @3.place, 1, &$$)); }

effect:
	%empty							{ $$ = build_effect(0, NULL); }
	| K_EFFECTIVE days day_word K_LATER	{ $$ = build_effect($2, NULL); }
	| K_EFFECTIVE days T_NAME day_word K_LATER	{ $$ = build_effect($2, &$3); }

days:
	T_DECIMAL						{ TRY(build_days(parser, $1, @1.place, 1, &$$)); }

metres:
	T_DECIMAL T_NAME
		{ $$ = (policy_span){.days = $1, .place = @1.place}; TRY(build_metres(parser, $2)); }
	| T_NAME T_NAME
		{ $$ = (policy_span){.name = $1.text, .days = exact_of(0), .place = @1.place}; TRY(build_metres(parser, $2)); }

reviews:
	T_DECIMAL T_NAME				{ TRY(build_reviews(parser, $1, @1.place, $2, &$$)); }
	| T_DECIMAL day_word
		{ TRY(build_reviews(parser, $1, @1.place, (policy_word){.text = "days", .place = @2.place}, &$$)); }

stay:
	%empty							{ $$ = 0; }
	| K_STAY reviews				{ $$ = $2; }

by:
	%empty							{ $$ = 0; }
	| K_BY T_DECIMAL				{ TRY(build_tiers(parser, $2, @2.place, &$$)); }

when:
	%empty							{ $$ = NULL; }
	| K_WHEN expr					{ $$ = $2; }

unless:
	%empty							{ $$ = NULL; }
	| K_UNLESS expr					{ $$ = $2; }

name:
	T_NAME
	| K_DAYS						{ $$.text = "days"; $$.place = @1.place; }

texts:
	T_STRING						{ TRY(build_text(parser, NULL, $1, &$$)); }
	| T_NAME T_STRING				{ TRY(build_text(parser, &$1, $2, &$$)); }
	| texts T_STRING				{ $$ = $1; TRY(build_more_text(parser, NULL, $2, &$$)); }
	| texts T_NAME T_STRING			{ $$ = $1; TRY(build_more_text(parser, &$2, $3, &$$)); }

labelled:
	name							{ $$ = build_named($1, NULL); }
	| name texts					{ $$ = build_named($1, &$2); }

labelled_list:
	labelled						{ memset(&$$, 0, sizeof($$)); build_list(&$$, &$1); }
	| labelled_list ',' labelled	{ $$ = $1; build_list(&$$, &$3); }

tiers:
	tier
	| tiers ',' tier

tier:
	T_NAME							{ TRY(build_tier(parser, $1, NULL, NULL)); }
	| T_NAME texts					{ TRY(build_tier(parser, $1, NULL, &$2)); }
	| T_NAME K_AS T_NAME			{ TRY(build_tier(parser, $1, &$3, NULL)); }
	| T_NAME K_AS T_NAME texts		{ TRY(build_tier(parser, $1, &$3, &$4)); }

signed:
	T_DECIMAL
	| '-' T_DECIMAL					{ $$ = $2; $$.num = -$$.num; }

in_days:
	%empty							{ $$ = false; }
	| K_DAYS						{ $$ = true; }
	| K_DAY							{ $$ = true; }

keep:
	%empty							{ $$ = -1; }
	| K_KEEP T_DECIMAL day_word
		{ TRY(build_days(parser, $2, @2.place, 0, &$$)); parser->list_ends_at = parser->token_place; }

day_word:
	K_DAYS
	| K_DAY

if_missing:
	%empty							{ memset(&$$, 0, sizeof($$)); $$.text = "unknown"; }
	| K_IF K_MISSING missing_word	{ $$ = $3; parser->list_ends_at = parser->token_place; }

missing_word:
	T_NAME							{ TRY(build_missing_word(parser, $1, &$$)); }
	| signed						{ build_missing_number($1, @1.place, &$$); }

base:
	whole
	| fors
	| fors K_ELSE					{ parser->level = -1; }
	  whole

fors:
	for
	| fors for

for:
	K_FOR T_NAME					{ TRY(build_level(parser, $2)); }
	  of whole

of:
	%empty
	| K_OF below

below:
	T_NAME							{ build_child_level(parser, $1); }
	| below ',' T_NAME				{ build_child_level(parser, $3); }

whole:
	{ TRY(build_branch(parser, NULL, parser->rule->base_place)); } body
	| cases K_ELSE	{ TRY(build_branch(parser, NULL, @2.place)); }
	  body

cases:
	case
	| cases case

case:
	K_CASE expr						{ TRY(build_branch(parser, $2, @1.place)); }
	body

body:
	rules
	| K_WORST K_OF metrics			{ build_worst_of(parser); }
	| K_TABLE columns rows

columns:
	'|' heading						{ build_column(parser, &$2); }
	| columns '|' heading			{ build_column(parser, &$3); }

heading:
	expr in_table					{ TRY(build_heading(parser, $1, @1.place, &$2, &$$)); }
	| K_OTHERWISE in_table			{ TRY(build_heading(parser, NULL, @1.place, &$2, &$$)); }

in_table:
	%empty							{ $$.text = NULL; $$.place = 0; }
	| K_CONFIDENCE T_NAME			{ $$ = $2; }

rows:
	row								{ build_row(parser, &$1); }
	| rows row						{ build_row(parser, &$2); }

row:
	K_WHEN expr in_table '|' T_NAME
		{ TRY(build_heading(parser, $2, @1.place, &$3, &$$)); build_cell(&$$, $5); }
	| K_OTHERWISE in_table '|' T_NAME
		{ TRY(build_heading(parser, NULL, @1.place, &$2, &$$)); build_cell(&$$, $4); }
	| row '|' T_NAME				{ $$ = $1; build_cell(&$$, $3); }

rules:
	rule
	| rules rule

rule:
	T_NAME K_WHEN expr				{ TRY(build_rule(parser, $1, $3)); }
	| T_NAME K_OTHERWISE			{ TRY(build_rule(parser, $1, NULL)); }

metrics:
	metric
	| metrics metric

metric:
	T_NAME ':' cuts					{ TRY(build_metric(parser, $1, &$3)); }

cuts:
	T_NAME							{ memset(&$$, 0, sizeof($$)); $$.lowest = $1; }
	| cuts op cut op T_NAME			{ $$ = $1; build_cut(&$$, $2, $3, $4, $5, @2.place); }

cut:
	T_DECIMAL						{ $$ = build_number(parser, $1, @1.place); }
	| '-' T_DECIMAL					{ $2.num = -$2.num; $$ = build_number(parser, $2, @1.place); }
	| name							{ $$ = build_name(parser, EXPR_NAME, $1, @1.place); }

op:
	'<'								{ $$ = OP_LESS; }
	| T_LESS_EQUAL					{ $$ = OP_LESS_EQUAL; }
	| '='							{ $$ = OP_EQUAL; }
	| T_NOT_EQUAL					{ $$ = OP_NOT_EQUAL; }
	| T_GREATER_EQUAL				{ $$ = OP_GREATER_EQUAL; }
	| '>'							{ $$ = OP_GREATER; }

expr:
	any

any:
	all
	| any K_OR all	{ TRY($$ = policy_expr_make(parser, EXPR_OR, @2.place, $1, $3)); }

all:
	fact
	| all K_AND fact	{ TRY($$ = policy_expr_make(parser, EXPR_AND, @2.place, $1, $3)); }

fact:
	held
	| held K_ON T_DECIMAL run_unit K_RUNNING
		{ TRY($$ = build_running(parser, EXPR_RUNNING, @2.place, $1, $3, $4)); }
	| held K_ON K_ANY K_OF T_DECIMAL run_unit
		{ TRY($$ = build_running(parser, EXPR_ANY_OF, @2.place, $1, $5, $6)); }
	| K_NOT fact	{ TRY($$ = policy_expr_make(parser, EXPR_NOT, @1.place, $2, NULL)); }

held:
	chain
	| sum
	| K_MISSING name
		{
			policy_expr *what = build_name(parser, EXPR_NAME, $2, @2.place);

			TRY($$ = policy_expr_make(parser, EXPR_MISSING, @1.place, what, NULL));
		}
	| K_TOUCHES standing			{ $$ = $2; $$->kind = EXPR_TOUCHES; }
	| K_AT K_LEAST T_DECIMAL K_OF '(' conditions ')'
		{ TRY($$ = build_at_least(parser, @3.place, $3, $6)); }

standing:
	T_NAME							{ $$ = build_name(parser, EXPR_TOUCHES, $1, @1.place); }
	| K_AT K_LEAST T_NAME	{ $$ = build_name(parser, EXPR_TOUCHES, $3, @3.place); $$->index = 1; }

conditions:
	any
		{ TRY($$ = policy_expr_make(parser, EXPR_AT_LEAST, @1.place, $1, NULL)); }
	| conditions ',' any			{ $$ = $1; TRY(policy_expr_add(parser, $$, $3)); }

run_unit:
	day_word						{ $$ = build_run_days(1, NULL); }
	| T_NAME day_word				{ $$ = build_run_days(0, &$1); }
	| T_NAME						{ TRY(build_run_unit(parser, $1, &$$)); }

week:
	weekdays
	| week ',' weekdays				{ $$ = $1 | $3; }

weekdays:
	T_NAME							{ TRY(build_weekdays(parser, $1, $1, &$$)); }
	| T_NAME K_TO T_NAME			{ TRY(build_weekdays(parser, $1, $3, &$$)); }

chain:
	sum op sum						{ TRY($$ = build_comparison(parser, @1.place, $1, $2, $3)); }
	| chain op sum					{ TRY($$ = build_longer_chain(parser, $1, $2, $3)); }

sum:
	product
	| sum '+' product	{ TRY($$ = policy_expr_make(parser, EXPR_ADD, @2.place, $1, $3)); }
	| sum '-' product	{ TRY($$ = policy_expr_make(parser, EXPR_SUBTRACT, @2.place, $1, $3)); }

product:
	minus
	| product '*' minus	{ TRY($$ = policy_expr_make(parser, EXPR_MULTIPLY, @2.place, $1, $3)); }
	| product '/' minus	{ TRY($$ = policy_expr_make(parser, EXPR_DIVIDE, @2.place, $1, $3)); }

minus:
	primary
	| '-' minus	{ TRY($$ = policy_expr_make(parser, EXPR_NEGATE, @1.place, $2, NULL)); }

primary:
	T_DECIMAL						{ $$ = build_number(parser, $1, @1.place); }
	| T_DECIMAL K_DAYS				{ $$ = build_number(parser, $1, @1.place); }
	| T_DECIMAL K_DAY				{ $$ = build_number(parser, $1, @1.place); }
	| name							{ $$ = build_name(parser, EXPR_NAME, $1, @1.place); }
	| name K_IN window	{ $$ = build_name(parser, EXPR_COUNT, $1, @1.place); $$->window = $3; }
	| K_ALL name	{ $$ = build_name(parser, EXPR_COUNT, $2, @2.place); $$->window.forever = true; }
	| K_PEAK name K_IN span	{ $$ = build_peak(parser, $2, $4, NULL); }
	| K_PEAK name K_IN span K_WITHIN span	{ $$ = build_peak(parser, $2, $4, &$6); }
	| T_DECIMAL '%'					{ $$ = build_number(parser, $1, @1.place); $$->percent = true; }
	| K_SHARE '(' standing ')'		{ $$ = $3; $$->kind = EXPR_SHARE; }
	| K_NUMBER '(' standing ')'		{ $$ = $3; $$->kind = EXPR_CHILDREN; }
	| K_DAYS K_SINCE name			{ $$ = build_name(parser, EXPR_DAYS_SINCE, $3, @3.place); }
	| K_HOUSEHOLDS K_WITH name K_IN window
									{ $$ = build_name(parser, EXPR_HOUSEHOLDS_WITH, $3, @3.place);
									  $$->window = $5; }
	| K_HOUSEHOLDS	{ $$ = policy_expr_make(parser, EXPR_HOUSEHOLDS, @1.place, NULL, NULL); }
	| '(' any ')'					{ $$ = $2; }
	| primary K_PER K_DAY			{ TRY($$ = build_per_time(parser, @2.place, $1, NULL)); }
	| primary K_PER T_NAME			{ TRY($$ = build_per_time(parser, @2.place, $1, &$3)); }
	| primary K_PER T_DECIMAL T_NAME	{ TRY($$ = build_per_people(parser, @2.place, $1, $3, &$4)); }
	| primary K_PER T_DECIMAL K_HOUSEHOLDS	{ TRY($$ = build_per_people(parser, @2.place, $1, $3, NULL)); }

window:
	span							{ $$ = build_window($1, NULL); }
	| span K_LAG span				{ $$ = build_window($1, &$3); }

span:
	T_DECIMAL day_word				{ $$ = build_span(NULL, $1, NULL, @1.place); }
	| T_DECIMAL T_NAME day_word		{ $$ = build_span(NULL, $1, &$2, @1.place); }
	| T_DECIMAL T_NAME				{ policy_fail_unit(parser, $2); YYABORT; }
	| name							{ $$ = build_span($1.text, exact_of(0), NULL, @1.place); }

%%

static void
policy_yyerror(POLICY_YYLTYPE *location, policy_parser *parser, void *scanner, const char *message)
{
	(void) scanner;
	(void) message;
	policy_fail(parser, PURE_LIMIT, location->place, NULL, "policy is nested too deeply");
}

static int
yyreport_syntax_error(const yypcontext_t *context, policy_parser *parser, void *scanner)
{
	yysymbol_kind_t expected[YYNTOKENS];
	const char *names[YYNTOKENS];
	int count = yypcontext_expected_tokens(context, expected, YYNTOKENS);

	(void) scanner;
	for (int i = 0; i < count; i++)
		names[i] = yysymbol_name(expected[i]);
	policy_fail_syntax(parser, yypcontext_token(context) == YYSYMBOL_YYEOF, names, count);
	return 0;
}
