
CREATE TYPE risk_policy;

CREATE FUNCTION risk_policy_in(cstring) RETURNS risk_policy
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION risk_policy_in(cstring) IS
'Text input of risk_policy: parses the policy; an error names line and column.';

CREATE FUNCTION risk_policy_out(risk_policy) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_out(risk_policy) IS
'Text output of risk_policy: the text exactly as it was given.';

CREATE FUNCTION risk_policy_recv(internal) RETURNS risk_policy
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION risk_policy_recv(internal) IS
'Binary input of risk_policy: a version byte and the text, which is parsed.';

CREATE FUNCTION risk_policy_send(risk_policy) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_send(risk_policy) IS
'Binary output of risk_policy: a version byte and the text.';

CREATE TYPE risk_policy (
    INPUT = risk_policy_in, OUTPUT = risk_policy_out, RECEIVE = risk_policy_recv, SEND = risk_policy_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE risk_policy IS
'A rule as data: tiers with names and colours, and the conditions for each, in the policy language. What goes in comes out unchanged; what does not parse is refused with line and column. Dumped and compared as text.';

CREATE FUNCTION risk_policy_eq(risk_policy, risk_policy) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_eq(risk_policy, risk_policy) IS
'True where two policies have the same text, byte for byte; the same as the operator =.';

CREATE FUNCTION risk_policy_ne(risk_policy, risk_policy) RETURNS boolean
    AS 'MODULE_PATHNAME', 'georisk_risk_policy_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION risk_policy_ne(risk_policy, risk_policy) IS
'True where two policies differ in their text; the same as the operator <>.';

CREATE OPERATOR = (
    LEFTARG = risk_policy, RIGHTARG = risk_policy, FUNCTION = risk_policy_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (risk_policy, risk_policy) IS 'The same text, byte for byte.';

CREATE OPERATOR <> (
    LEFTARG = risk_policy, RIGHTARG = risk_policy, FUNCTION = risk_policy_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (risk_policy, risk_policy) IS 'Not the same text.';

CREATE FUNCTION policy(name text, parameters jsonb DEFAULT '{}') RETURNS risk_policy
    AS 'MODULE_PATHNAME', 'georisk_policy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy(text, jsonb) IS
'A shipped policy by its name, with some of its parameters set: policy(''alert_counts'', ''{"days": 7, "red": 5}''). Shipped policies are compiled in and never change under their name. An unknown name, an unknown parameter, a value of the wrong kind or out of its bounds is an error.';

CREATE FUNCTION shipped_policies(
    OUT name text, OUT title text, OUT title_vi text, OUT source text, OUT confidence text,
    OUT valid_from date, OUT valid_to date)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_shipped_policies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION shipped_policies() IS
'The policies that policy(name) knows; read by the view policies.';

CREATE VIEW policies AS SELECT * FROM shipped_policies();
COMMENT ON VIEW policies IS 'The shipped policies, one a row.';
COMMENT ON COLUMN policies.name IS 'The name to give to policy(name).';
COMMENT ON COLUMN policies.title IS 'What it is, in English.';
COMMENT ON COLUMN policies.title_vi IS 'What it is, in Vietnamese.';
COMMENT ON COLUMN policies.source IS 'The decree or page it encodes.';
COMMENT ON COLUMN policies.confidence IS
'official: seen on the issuing body''s own page; secondary: seen in press or a law portal; memory: not seen; derived: our own reading or convention.';
COMMENT ON COLUMN policies.valid_from IS 'First day of its validity; NULL where it states none. Information: a day outside is judged and the reason says so.';
COMMENT ON COLUMN policies.valid_to IS 'Last day of its validity; NULL where it states none.';
GRANT SELECT ON policies TO PUBLIC;

CREATE FUNCTION describe_policy(policy risk_policy, lang text DEFAULT 'en') RETURNS text
    AS 'MODULE_PATHNAME', 'georisk_describe_policy' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION describe_policy(risk_policy, text) IS
'The policy in sentences, for those who sign it: lang ''en'', also where NULL, or ''vi''.';

CREATE FUNCTION policy_name(policy risk_policy) RETURNS text
    AS 'MODULE_PATHNAME', 'georisk_policy_name' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy_name(risk_policy) IS
'The name that a policy gives itself: the word after POLICY.';

CREATE FUNCTION policy_inputs(
    policy risk_policy,
    OUT name text, OUT kind text, OUT needs_households boolean, OUT look_back integer,
    OUT keep_days integer, OUT if_missing text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_policy_inputs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION policy_inputs(risk_policy) IS
'What a policy looks at: kind is count (a measure, an epicurve in the profile), number or yesno (zone values), reserved (population, households, level), or relation (neighbours, children, parent: what is to be told of other zones). needs_households: distinct households are asked for. look_back: days of history that matter, the as-of day included, 0 = the day itself alone, 2147483647 = all of them, as for every count of a policy that looks at earlier reviews. keep_days: how old a zone value may be, NULL = any age. if_missing: what a missing value means, as written in the policy; NULL for counts.';

CREATE FUNCTION policy_review_day(policy risk_policy, day date) RETURNS date
    AS 'MODULE_PATHNAME', 'georisk_policy_review_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy_review_day(risk_policy, date) IS
'The day of the review whose verdict stands on a day: the day itself where a policy is reviewed daily, else the last weekday of its reviews; with IN FORCE n days LATER, that of the day n days before.';

CREATE FUNCTION policy_first_day(policy risk_policy, day date) RETURNS date
    AS 'MODULE_PATHNAME', 'georisk_policy_first_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy_first_day(risk_policy, date) IS
'The first day whose reports count when a policy judges that day as a review: as far back as its longest look-back; -infinity where it looks back for ever. Of the days before, it matters at most which was the last with a report.';

CREATE FUNCTION policy_first_value_day(policy risk_policy, day date) RETURNS date
    AS 'MODULE_PATHNAME', 'georisk_policy_first_value_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy_first_value_day(risk_policy, date) IS
'The first day whose zone values count when a policy judges that day: as far back as the longest KEEP, from the earliest day of which it asks; -infinity where one is kept for ever, and where the policy looks at earlier reviews.';

CREATE FUNCTION policy_tiers(
    policy risk_policy, lang text DEFAULT 'en',
    OUT "position" integer, OUT tier text, OUT tier_rank smallint, OUT tier_label text, OUT tier_color text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_policy_tiers' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 6;
COMMENT ON FUNCTION policy_tiers(risk_policy, text) IS
'The tiers of a policy, mildest first from position 1: its own key, its rung on the ladder (green = 0 .. dark_red = 5, NULL outside the order), name and colour. lang is ''en'', also where NULL, or ''vi''. For legends and styles.';
