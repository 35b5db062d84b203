
CREATE FUNCTION tier_of(profile zone_profile, policy risk_policy) RETURNS risk_tier
    AS 'MODULE_PATHNAME', 'georisk_tier_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION tier_of(zone_profile, risk_policy) IS
'The verdict on one zone, as if its as_of day were a review day; the same as the operator @@. NULL where it is unknown, that is where a missing value could change it, and where the tier stands outside the ladder. A profile without as_of is an error: name the day with at_day; so is a policy that looks at earlier reviews: classify and maps judge it.';

CREATE OPERATOR @@ (LEFTARG = zone_profile, RIGHTARG = risk_policy, FUNCTION = tier_of);
COMMENT ON OPERATOR @@ (zone_profile, risk_policy) IS
'The tier of a zone under a policy; NULL where unknown. The same as tier_of.';

CREATE FUNCTION explain_tier(
    profile zone_profile, policy risk_policy, lang text DEFAULT 'en',
    OUT rule integer, OUT tier text, OUT condition text, OUT numbers text, OUT outcome text,
    OUT decided boolean, OUT possible text[], OUT step_down_on date, OUT step_down_to text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_explain_tier' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 6;
COMMENT ON FUNCTION explain_tier(zone_profile, risk_policy, text) IS
'Why a zone has its tier on its as_of day. One row for each rule in order: its number, the tier it stands for, the condition, the numbers that went into it, the outcome (true, false, unknown) and whether it decided. Where the policy has cases, each has a row without a tier, followed by its rules unless it does not hold. What raises, lowers or limits the tier follows BASE: its tier is the one that it led to, NULL where it changed nothing. The last row has rule NULL and outcome ''verdict'': the tier or ''unknown'', in numbers the reason in one sentence (with the input that is missing), in possible the tiers that are left, mildest first, and in step_down_on and step_down_to the earliest later day on which the tier is milder if nothing more is reported; NULL where there is none within the look-back. lang is ''en'', also where NULL, or ''vi''. A profile without as_of is an error, and so is a policy that looks at earlier reviews: give that one a start.';

CREATE FUNCTION explain_tier(
    profile zone_profile, policy risk_policy, start date, announced text DEFAULT NULL, lang text DEFAULT 'en',
    OUT rule integer, OUT tier text, OUT condition text, OUT numbers text, OUT outcome text,
    OUT decided boolean, OUT possible text[], OUT step_down_on date, OUT step_down_to text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_explain_tier_from' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 8;
COMMENT ON FUNCTION explain_tier(zone_profile, risk_policy, date, text, text) IS
'Why the tier of a zone stands on its as_of day, by the last review in force, as judge and maps give it; also for a policy that looks at earlier reviews. start is the first day of the chain of reviews, NULL = the first day with a report in the profile, which holds all its reports; announced the tier in force before the last review, as judge_agg takes it, NULL = recompute. Rows as of explain_tier(profile, policy): the lines of BASE and what raises or lowers the tier on the day of that review, then what the past makes of it, a row for each WORSEN, IMPROVE, ENTER and LEAVE: in condition what it says, in numbers what the reviews said or what went into its condition, decided where the review changed the tier by it, in tier the tier that it led to or is about. outcome: whether the condition holds, or, of WORSEN and IMPROVE, whether the tier changed; on the first review, which says where the tier starts, it did not. NOT BELOW previous and NOT ABOVE previous have in numbers the tier in force before, or the tiers that it may have been. The last row has step_down_on, the earliest day on which a milder tier is in force if nothing more is reported, effects, reviews and stays counted. NULL is said of start and announced; nothing where the profile or the policy is NULL. A profile without as_of is an error, and so is a policy that looks at other zones.';
