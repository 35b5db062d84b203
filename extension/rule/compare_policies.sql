
CREATE TYPE compared_zone AS (
    as_of date, zone_id integer, code text, name text, compared text,
    tier_rank_a smallint, tier_a text, tier_rank_b smallint, tier_b text,
    changed_a boolean, undone_a boolean, changed_b boolean, undone_b boolean, reason_a text, reason_b text
);
COMMENT ON TYPE compared_zone IS 'A row of compare_tiers: one zone on one day by two policies.';
COMMENT ON COLUMN compared_zone.as_of IS 'The day that is judged.';
COMMENT ON COLUMN compared_zone.zone_id IS 'The zone''s integer id.';
COMMENT ON COLUMN compared_zone.code IS 'The zone''s code.';
COMMENT ON COLUMN compared_zone.name IS 'The zone''s name.';
COMMENT ON COLUMN compared_zone.compared IS
'same: both tiers stand on one rung, both are unknown, or both are the same tier outside the ladder; a worse, b worse: the rung of policy a, of b is higher; unclear: at least one of them is unknown or outside the ladder.';
COMMENT ON COLUMN compared_zone.tier_rank_a IS 'Rung of the tier by policy a, green = 0 .. dark_red = 5; NULL where unknown or outside the ladder.';
COMMENT ON COLUMN compared_zone.tier_a IS 'The tier by policy a, by its own key, or ''unknown''.';
COMMENT ON COLUMN compared_zone.tier_rank_b IS 'Rung of the tier by policy b.';
COMMENT ON COLUMN compared_zone.tier_b IS 'The tier by policy b, by its own key, or ''unknown''.';
COMMENT ON COLUMN compared_zone.changed_a IS 'The tier by policy a is another one than on the day before; NULL on the first day.';
COMMENT ON COLUMN compared_zone.undone_a IS
'It changed, and once the next review is in force it is again what it was before; NULL where it did not change and where the next review is in force after the last day only.';
COMMENT ON COLUMN compared_zone.changed_b IS 'The same of policy b.';
COMMENT ON COLUMN compared_zone.undone_b IS 'The same of policy b.';
COMMENT ON COLUMN compared_zone.reason_a IS 'Why the zone has its tier by policy a.';
COMMENT ON COLUMN compared_zone.reason_b IS 'Why the zone has its tier by policy b.';

CREATE TYPE compared_policies AS (
    compared text, tier_a text, tier_b text, zones bigint, zone_days bigint,
    changes_a bigint, undone_a bigint, changes_b bigint, undone_b bigint
);
COMMENT ON TYPE compared_policies IS 'A row of compare_policies: what some of the zones and days come to by two policies.';
COMMENT ON COLUMN compared_policies.compared IS
'Which zones and days the row is about: all; same and different, which are all of them; of those that are different a worse, b worse and unclear; and, where tier_a and tier_b are named, one pair of tiers.';
COMMENT ON COLUMN compared_policies.tier_a IS 'The tier by policy a; NULL in rows about several.';
COMMENT ON COLUMN compared_policies.tier_b IS 'The tier by policy b; NULL in rows about several.';
COMMENT ON COLUMN compared_policies.zones IS 'Zones of which this is so on one day or more.';
COMMENT ON COLUMN compared_policies.zone_days IS 'On how many days it is so, added up over the zones.';
COMMENT ON COLUMN compared_policies.changes_a IS 'Changes of the tier by policy a that came on these days.';
COMMENT ON COLUMN compared_policies.undone_a IS 'How many of them were undone at the next review.';
COMMENT ON COLUMN compared_policies.changes_b IS 'The same of policy b.';
COMMENT ON COLUMN compared_policies.undone_b IS 'The same of policy b.';

-- A day's tier is undone by the review after it; where reviews are weekly the days on which the same one is in force say the same.
CREATE FUNCTION next_review(policy risk_policy, day date) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
RETURN CASE WHEN policy_review_day(policy, day + 1) > policy_review_day(policy, day) THEN day + 1
            ELSE day + 2 + (policy_review_day(policy, day + 2) = policy_review_day(policy, day))::integer
                 + (policy_review_day(policy, day + 3) = policy_review_day(policy, day))::integer
                 + (policy_review_day(policy, day + 4) = policy_review_day(policy, day))::integer
                 + (policy_review_day(policy, day + 5) = policy_review_day(policy, day))::integer
                 + (policy_review_day(policy, day + 6) = policy_review_day(policy, day))::integer END;
COMMENT ON FUNCTION next_review(risk_policy, date) IS 'Internal. The first day after this one on which a later review of a policy is in force.';

CREATE FUNCTION compare_query(tiers_a text, tiers_b text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN format($sql$
        SELECT as_of, zone_id, code, name,
               CASE WHEN rank_a > rank_b THEN 'a worse' WHEN rank_b > rank_a THEN 'b worse'
                    WHEN rank_a = rank_b OR coalesce(rank_a, rank_b) IS NULL AND tier_a = tier_b THEN 'same' ELSE 'unclear' END,
               rank_a, tier_a, rank_b, tier_b,
               tier_a <> before_a, CASE WHEN tier_a <> before_a THEN after_a = before_a END,
               tier_b <> before_b, CASE WHEN tier_b <> before_b THEN after_b = before_b END, reason_a, reason_b
        FROM (SELECT as_of, zone_id, a.code, a.name, a.tier_rank AS rank_a, a.tier AS tier_a, b.tier_rank AS rank_b, b.tier AS tier_b,
                     a.reason AS reason_a, b.reason AS reason_b, lag(a.tier) OVER days AS before_a, lag(b.tier) OVER days AS before_b,
                     lead(a.tier, next_review($1, as_of) - as_of) OVER days AS after_a,
                     lead(b.tier, next_review($2, as_of) - as_of) OVER days AS after_b
              FROM (%s) a FULL JOIN (%s) b USING (zone_id, as_of)
              WINDOW days AS (PARTITION BY zone_id ORDER BY as_of)) compared
        ORDER BY as_of, zone_id
    $sql$, tiers_a, tiers_b);
END
$$;
COMMENT ON FUNCTION compare_query(text, text) IS
'Internal. SQL text of the rows of compare_tiers, from two queries that give a row of zone_id, code, name, as_of, tier_rank, tier and reason for each zone on each day; $1 and $2 are the policies.';

CREATE FUNCTION compare_summary(compared text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN format($sql$
        SELECT CASE WHEN grouping(is_same) = 1 THEN 'all' WHEN grouping(compared) = 0 THEN compared
                    WHEN is_same THEN 'same' ELSE 'different' END,
               tier_a, tier_b, count(DISTINCT zone_id), count(*), count(*) FILTER (WHERE changed_a), count(*) FILTER (WHERE undone_a),
               count(*) FILTER (WHERE changed_b), count(*) FILTER (WHERE undone_b)
        FROM (SELECT c.*, c.compared = 'same' AS is_same FROM (%s) c) c
        GROUP BY GROUPING SETS ((), (is_same), (is_same, compared), (is_same, compared, tier_rank_a, tier_a, tier_rank_b, tier_b))
        HAVING NOT (grouping(compared) = 0 AND grouping(tier_a) = 1 AND is_same)
        ORDER BY grouping(is_same) DESC, is_same DESC, grouping(compared) DESC, compared, grouping(tier_a) DESC,
                 tier_rank_a, tier_a, tier_rank_b, tier_b
    $sql$, compared);
END
$$;
COMMENT ON FUNCTION compare_summary(text) IS
'Internal. SQL text of the rows of compare_policies, from a query that gives those of compare_tiers.';

CREATE FUNCTION compare_check(a risk_policy, b risk_policy, as_of date, until date) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path FROM CURRENT AS $$
BEGIN
    IF a IS NULL OR b IS NULL OR as_of IS NULL THEN
        RAISE EXCEPTION 'comparing needs two policies and a first day'
            USING ERRCODE = 'null_value_not_allowed',
                  HINT = 'For example a => policy(''vn_hcmc_2716_2021''), b => policy(''hghi_2020''), as_of => ''2021-08-01''.';
    ELSIF NOT isfinite(as_of) OR NOT isfinite(coalesce(until, as_of)) OR until < as_of THEN
        RAISE EXCEPTION 'as_of and until are days of the calendar, and until is not before as_of'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('as_of is %s, until is %s.', as_of, coalesce(until, as_of));
    END IF;
END
$$;
COMMENT ON FUNCTION compare_check(risk_policy, risk_policy, date, date) IS
'Internal. Raises the error of compare_tiers about policies that are NULL and days that are no run of days.';

CREATE FUNCTION compare_tiers(
    zones regclass, reports regclass, a risk_policy, b risk_policy, as_of date, until date DEFAULT NULL, start date DEFAULT NULL,
    day_column text DEFAULT NULL, point_column text DEFAULT NULL, code_column text DEFAULT NULL,
    household_column text DEFAULT NULL, count_column text DEFAULT NULL, measure_column text DEFAULT NULL,
    zone_values regclass DEFAULT NULL, timezone text DEFAULT NULL, lang text DEFAULT 'en')
    RETURNS SETOF compared_zone
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 SET search_path FROM CURRENT SET jit = off AS $$
BEGIN
    PERFORM compare_check(a, b, as_of, until);
    RETURN QUERY EXECUTE (
        SELECT compare_query(format(tiers, 1), format(tiers, 2))
          FROM (VALUES ('SELECT * FROM classify($3, $4, $%s, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)')) v(tiers))
        USING a, b, zones, reports, as_of, until, start, day_column, point_column, code_column, household_column, count_column,
              measure_column, zone_values, timezone, lang;
END
$$;
COMMENT ON FUNCTION compare_tiers(regclass, regclass, risk_policy, risk_policy, date, date, date, text, text, text, text, text, text, regclass, text, text) IS
'What two policies, a and b, make of every zone on each day from as_of to until (NULL = as_of alone), and which day''s tier is a change: the rows behind compare_policies, whose arguments it has. By day, then by zone.';

CREATE FUNCTION compare_policies(
    zones regclass, reports regclass, a risk_policy, b risk_policy, as_of date, until date DEFAULT NULL, start date DEFAULT NULL,
    day_column text DEFAULT NULL, point_column text DEFAULT NULL, code_column text DEFAULT NULL,
    household_column text DEFAULT NULL, count_column text DEFAULT NULL, measure_column text DEFAULT NULL,
    zone_values regclass DEFAULT NULL, timezone text DEFAULT NULL)
    RETURNS SETOF compared_policies
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20 SET search_path FROM CURRENT SET jit = off AS $$
BEGIN
    RETURN QUERY EXECUTE compare_summary(
        'SELECT * FROM compare_tiers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)')
        USING zones, reports, a, b, as_of, until, start, day_column, point_column, code_column, household_column, count_column,
              measure_column, zone_values, timezone;
END
$$;
COMMENT ON FUNCTION compare_policies(regclass, regclass, risk_policy, risk_policy, date, date, date, text, text, text, text, text, text, regclass, text) IS
'What another rule would have made of the same zones and reports: how many zones have which tier by policy a and which by policy b, how many differ, and how often each policy''s tiers change and are back at the next review. One row about all zones on all days from as_of to until (NULL = as_of alone), then those that are the same with each pair of tiers, then those that are different: a worse, b worse and unclear, each with its pairs. Tiers are compared by rung; a change is another tier by the policy''s own key, unknown included, than on the day before, so that the first day has none; it is undone where the tier at the policy''s next review is the one before it, and nothing is said of changes whose next review is after until. zones and reports are read as classify reads them, once for each policy; start is the first day of both chains of reviews, and the other arguments are those of classify. compare_tiers has the zones and days behind it.';
