-- Missing: grey; 600 tests or fewer: dark grey. w = (C + C * (100 - V) / 100) / 2, so w * 200 = C * (200 - V): 40, 100, 300.
SELECT id, CASE WHEN v IS NULL OR t IS NULL THEN 'grey' WHEN t <= 600 THEN 'dark_grey'
                WHEN c * (200 - v) < 200 * 40 * den THEN 'green' WHEN c * (200 - v) < 200 * 100 * den THEN 'orange'
                WHEN c * (200 - v) < 200 * 300 * den THEN 'red' ELSE 'dark_red' END AS tier
  FROM (SELECT id, value::numeric AS v FROM entry('vaccine_pct', 7)) v JOIN (SELECT id, value::numeric AS t FROM entry('tests_100k', 7)) t USING (id)
  JOIN rate_in('cases', 14, 1, '{0,20,40,80,100,200,300,600,1000000}') rate(id, c, den) USING (id)
