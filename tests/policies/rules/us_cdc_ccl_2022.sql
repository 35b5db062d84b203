-- Under 200 cases per 100,000 in 7 days: the worse of admissions 10/20 and beds 10/15; else medium, high from 10 of either.
SELECT id, (ARRAY['low', 'medium', 'high'])[CASE WHEN num < 200 * den
            THEN greatest(CASE WHEN a.x < 10 THEN 1 WHEN a.x < 20 THEN 2 ELSE 3 END, CASE WHEN b.x < 10 THEN 1 WHEN b.x < 15 THEN 2 ELSE 3 END)
            ELSE greatest(CASE WHEN a.x < 10 THEN 2 ELSE 3 END, CASE WHEN b.x < 10 THEN 2 ELSE 3 END) END] AS tier
  FROM rate_in('cases', 7, 1, '{200}') JOIN number('admissions', 7, '{10,20}') a USING (id) JOIN number('beds_pct', 7, '{10,15}') b USING (id)
