-- Red where two of four hold, else the mildest of which three of four hold; where none does, orange.
SELECT id, CASE WHEN (c.x >= 500)::integer + (h.x >= 500)::integer + (p.x >= 10)::integer + (g.x >= 50)::integer >= 2 THEN 'red'
                WHEN (c.x < 100)::integer + (h.x < 50)::integer + (p.x < 2)::integer + (g.x <= 50)::integer >= 3 THEN 'green'
                WHEN (c.x < 225)::integer + (h.x < 100)::integer + (p.x < 5)::integer + (g.x <= 50)::integer >= 3 THEN 'yellow'
                ELSE 'orange' END AS tier
  FROM number('cases_per_day', 10, '{100,225,500}') c JOIN number('hospitalised', 10, '{50,100,500}') h USING (id)
  JOIN number('positivity_pct', 10, '{2,5,10}') p USING (id) JOIN number('growth_pct', 10, '{50}') g USING (id)
