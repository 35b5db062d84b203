-- What the rules in rules/ read: drawn profiles as plain rows, and what is missing as every value that could tell tiers apart.
SET search_path = drawn, georisk, public;
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;

CREATE TABLE zone (id integer PRIMARY KEY, as_of date, population bigint, complete_until date, knows_households boolean, plain_values boolean);
CREATE TABLE report (id integer, measure text, day date, n integer, household text);
CREATE TABLE value (id integer, name text, day date, value text);

-- The cases of a window, and whether more may come: the window reaches past the day until which reports are complete.
CREATE FUNCTION counted(measure text, days integer, lag integer DEFAULT 0) RETURNS TABLE (id integer, n numeric, more boolean) LANGUAGE sql STABLE AS $$
    SELECT z.id, coalesce(sum(r.n), 0), coalesce(z.as_of - counted.lag > z.complete_until, false)
      FROM zone z LEFT JOIN report r ON r.id = z.id AND r.measure = counted.measure
           AND r.day BETWEEN z.as_of - counted.lag - counted.days + 1 AND z.as_of - counted.lag
     GROUP BY z.id
$$;

-- The counts that are possible, as far as `cuts` can tell them apart.
CREATE FUNCTION cases_in(measure text, days integer, cuts integer[], lag integer DEFAULT 0) RETURNS TABLE (id integer, n numeric) LANGUAGE sql STABLE AS $$
    SELECT id, n FROM counted(cases_in.measure, cases_in.days, cases_in.lag)
    UNION
    SELECT c.id, cut + step FROM counted(cases_in.measure, cases_in.days, cases_in.lag) c, unnest(cases_in.cuts) cut, generate_series(-1, 1) step
     WHERE c.more AND cut + step > c.n
$$;

-- A rate per 100,000 people as num / den, never divided: n * 100000 over population * periods. Where the population is missing, 0 or
-- under the floor any rate is possible.
CREATE FUNCTION rate_in(measure text, days integer, periods integer, cuts numeric[], lag integer DEFAULT 0)
    RETURNS TABLE (id integer, num numeric, den numeric) LANGUAGE sql STABLE AS $$
    WITH counted AS MATERIALIZED (
        SELECT c.*, z.population * rate_in.periods::numeric AS den FROM counted(rate_in.measure, rate_in.days, rate_in.lag) c JOIN zone z USING (id))
    SELECT id, n * 100000, den FROM counted WHERE den > 0
    UNION
    SELECT c.id, 100000 * to_come, den FROM counted c, unnest(rate_in.cuts) cut, generate_series(-1, 1) step,
           LATERAL (SELECT ceil(cut * den / 100000) + step AS to_come) t WHERE den > 0 AND more AND to_come > n
    UNION
    SELECT id, cut + step * 0.001, 1 FROM counted, unnest(rate_in.cuts) cut, generate_series(-1, 1) step WHERE coalesce(den, 0) = 0
$$;

-- The newest entry that is not after the day, if it is not older than `keep` days; NULL where there is none.
CREATE FUNCTION entry(name text, keep integer) RETURNS TABLE (id integer, value text) LANGUAGE sql STABLE AS $$
    SELECT z.id, v.value FROM zone z LEFT JOIN LATERAL (
        SELECT CASE WHEN z.as_of - day <= coalesce(entry.keep, 1000000) THEN value END AS value
          FROM value v WHERE v.id = z.id AND v.name = entry.name AND v.day <= z.as_of ORDER BY day DESC LIMIT 1) v ON true
$$;
CREATE FUNCTION number(name text, keep integer, cuts numeric[]) RETURNS TABLE (id integer, x numeric) LANGUAGE sql STABLE AS $$
    WITH entry AS MATERIALIZED (SELECT * FROM entry(number.name, number.keep))
    SELECT id, value::numeric FROM entry WHERE value IS NOT NULL
    UNION ALL
    SELECT id, cut + step * 0.001 FROM entry, unnest(number.cuts) cut, generate_series(-1, 1) step WHERE value IS NULL
$$;
-- if_missing NULL = unknown.
CREATE FUNCTION yesno(name text, keep integer, if_missing boolean) RETURNS TABLE (id integer, yes boolean) LANGUAGE sql STABLE AS $$
    WITH entry AS MATERIALIZED (SELECT * FROM entry(yesno.name, yesno.keep))
    SELECT id, coalesce(value = 'yes', yesno.if_missing) FROM entry WHERE value IS NOT NULL OR yesno.if_missing IS NOT NULL
    UNION ALL
    SELECT id, yes FROM entry, unnest(ARRAY[true, false]) yes WHERE value IS NULL AND yesno.if_missing IS NULL
$$;

-- Distinct households, their names without spaces around; a case of no known household is one of its own, and a curve that knows none leaves any number.
CREATE FUNCTION households_with(measure text, days integer, cuts integer[]) RETURNS TABLE (id integer, n numeric) LANGUAGE sql STABLE AS $$
    WITH counted AS MATERIALIZED (
        SELECT z.id, z.knows_households, coalesce(z.as_of > z.complete_until, false) AS more, coalesce(h.n, 0) AS n
          FROM zone z LEFT JOIN (
               SELECT id, sum(CASE WHEN household IS NULL THEN n WHEN n > 0 THEN 1 ELSE 0 END) AS n
                 FROM (SELECT r.id, btrim(household) AS household, sum(n) AS n FROM report r JOIN zone z USING (id)
                        WHERE r.measure = households_with.measure AND day BETWEEN as_of - households_with.days + 1 AND as_of
                        GROUP BY r.id, btrim(household)) k
                GROUP BY id) h USING (id))
    SELECT id, n FROM counted WHERE knows_households OR n = 0
    UNION
    SELECT c.id, cut + step FROM counted c, unnest(households_with.cuts) cut, generate_series(-1, 1) step
     WHERE CASE WHEN knows_households OR n = 0 THEN more AND cut + step > n ELSE cut + step >= 1 END
$$;

-- Days since the last case up to the day; 1000000 = never.
CREATE FUNCTION days_since(measure text) RETURNS TABLE (id integer, n numeric) LANGUAGE sql STABLE AS $$
    WITH last AS MATERIALIZED (
        SELECT z.id, z.as_of, z.complete_until, coalesce(z.as_of - max(r.day), 1000000) AS n
          FROM zone z LEFT JOIN report r ON r.id = z.id AND r.measure = days_since.measure AND r.n > 0 AND r.day <= z.as_of GROUP BY z.id)
    SELECT id, n FROM last
    UNION
    SELECT id, ago FROM last, generate_series(0, as_of - complete_until - 1) ago WHERE ago < n
$$;
