
CREATE TYPE judgement;

CREATE FUNCTION judgement_in(cstring) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judgement_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_in(cstring) IS
'Text input of judgement: a JSON object with as_of, start, policy and zones, each zone with its profile as text.';

CREATE FUNCTION judgement_out(judgement) RETURNS cstring
    AS 'MODULE_PATHNAME', 'georisk_judgement_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_out(judgement) IS
'Text output of judgement: a JSON object, lossless, zones by ascending zone_id; what is NULL is left out.';

CREATE FUNCTION judgement_recv(internal) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judgement_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_recv(internal) IS 'Binary input of judgement; everything in it is checked.';

CREATE FUNCTION judgement_send(judgement) RETURNS bytea
    AS 'MODULE_PATHNAME', 'georisk_judgement_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION judgement_send(judgement) IS 'Binary output of judgement, in network byte order.';

CREATE TYPE judgement (
    INPUT = judgement_in, OUTPUT = judgement_out, RECEIVE = judgement_recv, SEND = judgement_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE judgement IS
'All zones of one as-of day with what is needed to judge them: what judge_agg gathers and judge reads. A flat value: partial ones can be stored, shipped and merged.';

CREATE FUNCTION judge_agg_add(
    judgement, zone_id integer, parent_id integer, level text, profile zone_profile, neighbours integer[],
    shared_m double precision[], gap_m double precision[], announced text, policy risk_policy, as_of date,
    start date) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judge_agg_add' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION judge_agg_add(judgement, integer, integer, text, zone_profile, integer[], double precision[],
    double precision[], text, risk_policy, date, date) IS
'Transition function of judge_agg; cannot be called alone. Not strict: most of its arguments may be NULL.';

CREATE FUNCTION judge_agg_combine(judgement, judgement) RETURNS judgement
    AS 'MODULE_PATHNAME', 'georisk_judge_agg_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION judge_agg_combine(judgement, judgement) IS
'Combine function of judge_agg; cannot be called alone. Not strict: a worker without rows gives NULL.';

CREATE AGGREGATE judge_agg(
    zone_id integer, parent_id integer, level text, profile zone_profile, neighbours integer[],
    shared_m double precision[], gap_m double precision[], announced text, policy risk_policy, as_of date,
    start date) (
    SFUNC = judge_agg_add, STYPE = judgement, SSPACE = 1048576, COMBINEFUNC = judge_agg_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE judge_agg(integer, integer, text, zone_profile, integer[], double precision[],
    double precision[], text, risk_policy, date, date) IS
'Gathers all zones of a day for judge. One row a zone: zone_id (twice is an error); parent_id and level, its place in the hierarchy; profile, NULL where nothing is known; neighbours with the metres of border shared with each and of the gap to each, lists of one length; announced, the policy''s key of the tier in force before the last review on or before as_of, as it was announced, NULL, ''unknown'' or a key that the policy does not have = recompute; and the same on every row: policy, as_of, and start, the first day of the chain of reviews, NULL = the first day in any curve. zone_id, policy and as_of may not be NULL. The result does not depend on the order of rows; partial results combine. start and announced are for policies that look at earlier reviews. For policies that look at other zones, parent_id, level and neighbours are these; level NULL is the level of the profile, and its name, or else its code, is what reasons call the zone. Neighbours NULL are not known, an empty list says that there are none.';

-- ROWS low: what judge gives is hashed rather than the polygons that it is joined with.
CREATE FUNCTION judge(
    judgement, lang text DEFAULT 'en',
    OUT zone_id integer, OUT tier_rank smallint, OUT tier text, OUT tier_label text, OUT tier_color text,
    OUT reason text, OUT cases integer, OUT households_affected integer, OUT rate_100k double precision,
    OUT days_since_last integer, OUT window_start date, OUT window_end date, OUT complete_until date)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_judge' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION judge(judgement, text) IS
'The verdict on every zone of a judgement, by ascending zone_id. Neighbours, the zones below and the zone above count where the policy looks at them; a hierarchy in which a zone is above itself or part of a zone that is not there is then an error. Between reviews the verdict of the last review day on or before as_of stands; a policy that looks at earlier reviews has each of them judged again, from the first on or after start. tier is the policy''s own key, tier_rank its rung (green = 0 .. dark_red = 5; NULL outside the ladder); tier_label and reason are in lang, ''en'', also where NULL, or ''vi''. Unknown: tier ''unknown'', tier_rank NULL, grey #bdbdbd, and the reason names the missing input and what is left. cases, households_affected, rate_100k (cases per 100,000 people in the window as a whole) and the window describe the first windowed count in BASE; days_since_last is NULL also where there never was a case. Reads no table: safe in views. A profile that names another as_of day than the judgement is an error.';

CREATE FUNCTION judge_days(
    judgement, until date, lang text DEFAULT 'en',
    OUT zone_id integer, OUT tier_rank smallint, OUT tier text, OUT tier_label text, OUT tier_color text,
    OUT reason text, OUT cases integer, OUT households_affected integer, OUT rate_100k double precision,
    OUT days_since_last integer, OUT window_start date, OUT window_end date, OUT complete_until date,
    OUT as_of date)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_judge_days' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100000;
COMMENT ON FUNCTION judge_days(judgement, date, text) IS
'The verdict on every zone of a judgement, as judge gives it, on each day from its as_of to until; the last column is the day. What many days have in common is done once: a policy that looks at earlier reviews has each of them judged once, not once a day. Where it looks at other zones, too, that is so up to the day on which the first zone falls silent (its reported_until); each later day is judged from the first review on, so that twice the days take four times as long: 874 zones that fell silent one after the other take 9 s for 153 daily reviews. The profiles are the same on all days, so what they know of later days does not count on earlier ones; a plain number or answer is of each day that is judged. Without a start reviews begin with the first day with a report in any zone. By zone, then by day (by day, then by zone, where the policy looks at other zones); an error where until is before as_of.';

CREATE FUNCTION explain_tier(
    judgement, zone_id integer, lang text DEFAULT 'en',
    OUT rule integer, OUT tier text, OUT condition text, OUT numbers text, OUT outcome text,
    OUT decided boolean, OUT possible text[], OUT step_down_on date, OUT step_down_to text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_explain_zone' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 8;
COMMENT ON FUNCTION explain_tier(judgement, integer, text) IS
'Why a zone of a judgement has its tier: for any policy, also one that looks at neighbours, at the zones below and above, and at earlier reviews. Rows as of explain_tier(profile, policy, start): the lines of BASE with the neighbours and the number of zones below that went into them, what raises or lowers the tier, what the past makes of it; then a row for each NOT BELOW parent and NOT ABOVE parent, with the zone that it is part of and its tier in numbers, also where nothing is known of the zone itself. The last row has the reason that judge gives, and in step_down_on the earliest day on which a milder tier is in force if nothing more is reported in any zone; to find it a policy with relations judges the whole map for each day ahead. lang is ''en'', also where NULL, or ''vi''. A zone that is not in the judgement is an error; so is what judge refuses.';
