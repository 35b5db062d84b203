
CREATE FUNCTION tier_tells(
    policy risk_policy, level text DEFAULT NULL, population bigint DEFAULT NULL, households bigint DEFAULT NULL,
    OUT tier text, OUT measure text, OUT what text, OUT days integer, OUT ago integer, OUT at_least bigint, OUT at_most bigint,
    OUT told_at_least bigint, OUT told_at_most bigint)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'georisk_tier_tells' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 10;
COMMENT ON FUNCTION tier_tells(risk_policy, text, bigint, bigint) IS
'What each tier of a policy tells by its definition alone of the counts behind it: whoever knows the tier knows that the number lies between at_least and at_most, NULL being no end. what is cases (of the measure), households (with such cases), or days_since (the last day with a case; never is no end); days is the length of the window, NULL all days, and ago how long before the day judged it ends. told_at_least and told_at_most are the bounds of this number by itself, at their closest for someone who knows which of the tier''s conditions on everything else held; told_at_least is NULL where that cannot be said, for policies that look at earlier reviews, at other zones, at peaks, kinds of days, numbers that are zone values, or whether something is missing, and where comparisons have two counts in them: then the other bounds are 0 and no end. level, population and households are those of the zone, for policies that ask; rates over a population that is not given say nothing. No rows where policy is NULL.';

CREATE FUNCTION describe_tells(policy risk_policy, lang text DEFAULT 'en', OUT tier text, OUT tells text)
    RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 ROWS 6
BEGIN ATOMIC
	WITH said AS (
		SELECT t.tier, t.what, t.ago, t.days,
			   CASE WHEN t.what <> 'days_since' AND t.at_most = 0 THEN CASE lang WHEN 'vi' THEN format('không có %s', t.measure) ELSE format('no %s', t.measure) END
					WHEN t.what = 'days_since' THEN
						CASE lang WHEN 'vi' THEN format('ngày gần nhất có %s: ', t.measure) ELSE format('last day with %s: ', t.measure) END
				    ELSE CASE WHEN t.what = 'cases' THEN t.measure WHEN lang = 'vi' THEN format('số hộ có %s', t.measure) ELSE format('households with %s', t.measure) END || ': '
			   END
			   || CASE WHEN t.what <> 'days_since' AND t.at_most = 0 THEN ''
					   WHEN t.at_least = t.at_most THEN t.at_least::text
					   WHEN t.at_most IS NULL THEN t.at_least || CASE lang WHEN 'vi' THEN ' trở lên' ELSE ' or more' END
					   ELSE t.at_least || CASE lang WHEN 'vi' THEN ' đến ' ELSE ' to ' END || t.at_most END
			   || CASE WHEN t.what = 'days_since' THEN CASE lang WHEN 'vi' THEN ' ngày trước' ELSE ' days ago' END
					   WHEN t.days IS NULL THEN CASE lang WHEN 'vi' THEN ' từ trước đến nay' ELSE ' so far' END
					   ELSE format(CASE lang WHEN 'vi' THEN ' trong %s ngày' ELSE ' within %s days' END, t.days) END
			   || CASE WHEN t.ago = 0 THEN '' ELSE format(CASE lang WHEN 'vi' THEN ', tính đến %s ngày trước' ELSE ', until %s days before' END, t.ago) END AS part,
			   t.told_at_least IS NULL AS is_open
		FROM tier_tells(policy) t
		WHERE t.at_least > 0 OR t.at_most IS NOT NULL OR t.told_at_least IS NULL
	)
	SELECT p.tier,
		   CASE WHEN bool_or(s.is_open) THEN CASE lang WHEN 'vi' THEN 'không nói được bằng số' ELSE 'what it tells cannot be said in numbers' END
				ELSE coalesce(string_agg(s.part, '; ' ORDER BY s.what = 'days_since', s.what, s.ago, s.days),
							  CASE lang WHEN 'vi' THEN 'không cho biết con số nào' ELSE 'no number' END) END
	FROM policy_tiers(policy, lang) p LEFT JOIN said s USING (tier)
	GROUP BY p."position", p.tier
	ORDER BY p."position";
END;
COMMENT ON FUNCTION describe_tells(risk_policy, text) IS
'What each tier of a policy tells of the counts behind it, as tier_tells finds it, in a sentence for people who decide whether to publish tiers: mildest tier first. lang is ''en'', also where NULL, or ''vi''. Rates are not said in numbers, because they depend on the population of the zone.';
