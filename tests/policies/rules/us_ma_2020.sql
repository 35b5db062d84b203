-- Grey first, then worst first. Under 10,000 people counts alone; up to 50,000 and above rate and positivity, with cuts of 5 % and 4 %.
WITH positivity AS (
    SELECT id, p.n AS positives, t.n AS tests, p.more OR t.more OR t.n = 0 AS any FROM counted('positives', 14) p JOIN counted('tests', 14) t USING (id)),
class AS (
    SELECT id, 100 * positives >= 4 * tests AS four, 100 * positives >= 5 * tests AS five FROM positivity WHERE NOT "any"
    UNION ALL
    SELECT id, four, five FROM positivity, (VALUES (false, false), (true, false), (true, true)) c(four, five) WHERE "any"),
-- The rate is of the same cases: what may still come comes to both.
cases AS (
    SELECT id, population, n, 100000 * n >= 10 * 14 * population AS ten
      FROM zone JOIN cases_in('cases', 14, '{10,15,25}') USING (id) WHERE population > 0
    UNION
    SELECT id, population, greatest(n, to_come), 100000 * greatest(n, to_come) >= 10 * 14 * population
      FROM zone JOIN counted('cases', 14) c USING (id), LATERAL (SELECT ceil(140.0 * population / 100000) + step AS to_come FROM generate_series(-1, 1) step) t
     WHERE population > 0 AND more
    UNION
    SELECT id, size, n, ten FROM zone JOIN cases_in('cases', 14, '{10,15,25}') USING (id),
           (VALUES (9999), (10000), (50001)) s(size), (VALUES (true), (false)) r(ten) WHERE population IS NULL
    UNION
    SELECT id, 0, n, ten FROM zone JOIN cases_in('cases', 14, '{10,15,25}') USING (id), (VALUES (true), (false)) r(ten) WHERE population = 0)
SELECT id, CASE WHEN population < 10000 THEN CASE WHEN n <= 10 THEN 'grey' WHEN n <= 15 THEN 'green' WHEN n <= 25 THEN 'yellow' ELSE 'red' END
                WHEN n <= CASE WHEN population <= 50000 THEN 10 ELSE 15 END THEN 'grey'
                WHEN ten AND CASE WHEN population <= 50000 THEN five ELSE four END THEN 'red'
                WHEN ten OR CASE WHEN population <= 50000 THEN five ELSE four END THEN 'yellow' ELSE 'green' END AS tier
  FROM cases JOIN class USING (id)
