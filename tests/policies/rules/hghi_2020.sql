-- Harvard: new cases per day and 100,000, mean of 7 days: [0,1) [1,10) [10,25) [25,).
SELECT id, CASE WHEN num < 1 * den THEN 'green' WHEN num < 10 * den THEN 'yellow' WHEN num < 25 * den THEN 'orange' ELSE 'red' END AS tier
  FROM rate_in('cases', 7, 7, '{1,10,25}')
