-- Houses with a confirmed case in the last 7 days: 0, 1-5, 6-10, more than 10.
SELECT id, CASE WHEN n = 0 THEN 'green' WHEN n <= 5 THEN 'yellow' WHEN n <= 10 THEN 'orange' ELSE 'red' END AS tier
  FROM households_with('cases', 7, '{0,5,10}')
