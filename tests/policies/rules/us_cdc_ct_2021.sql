-- The worse of cases per 100,000 in 7 days 10/50/100 and positivity 5/8/10; without tests the cases alone. Tests of which more may
-- come leave any positivity from nothing to everything.
WITH positivity AS (
    SELECT id, p.n AS positives, t.n AS tests, p.more OR t.more AS more FROM counted('positives', 7) p JOIN counted('tests', 7) t USING (id)),
class AS (
    SELECT id, CASE WHEN tests = 0 THEN 0 WHEN 100 * positives < 5 * tests THEN 1 WHEN 100 * positives < 8 * tests THEN 2 WHEN 100 * positives < 10 * tests THEN 3 ELSE 4 END AS class
      FROM positivity WHERE NOT more
    UNION ALL
    SELECT id, class FROM positivity, generate_series(0, 4) class WHERE more)
SELECT id, (ARRAY['low', 'moderate', 'substantial', 'high'])[greatest(class, CASE WHEN num < 10 * den THEN 1 WHEN num < 50 * den THEN 2 WHEN num < 100 * den THEN 3 ELSE 4 END)] AS tier
  FROM rate_in('cases', 7, 1, '{10,50,100}') JOIN class USING (id)
