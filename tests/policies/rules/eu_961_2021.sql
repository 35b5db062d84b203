-- Grey first, as before. Green: n < 50 and p < 4, or n < 75 and p < 1. Orange: n < 50 and p >= 4, 50 <= n < 75 and p >= 1, or
-- 75 <= n <= 200 and p < 4. Red: 75 <= n <= 200 and p >= 4, or 200 < n < 500. Dark red: n >= 500.
SELECT id, CASE WHEN p IS NULL OR t IS NULL OR t <= 300 THEN 'grey'
                WHEN (n < 50 * den AND p < 4) OR (n < 75 * den AND p < 1) THEN 'green'
                WHEN (n < 50 * den AND p >= 4) OR (n >= 50 * den AND n < 75 * den AND p >= 1) OR (n >= 75 * den AND n <= 200 * den AND p < 4) THEN 'orange'
                WHEN (n >= 75 * den AND n <= 200 * den AND p >= 4) OR (n > 200 * den AND n < 500 * den) THEN 'red'
                WHEN n >= 500 * den THEN 'dark_red' END AS tier
  FROM rate_in('cases', 14, 1, '{50,75,200,500}') rate(id, n, den)
  JOIN (SELECT id, value::numeric AS p FROM entry('positivity_pct', 7)) p USING (id) JOIN (SELECT id, value::numeric AS t FROM entry('tests_100k', 7)) t USING (id)
