-- Houses with a confirmed case in the last 7 days: 0, 1-2, 3-5, more than 5.
SELECT id, CASE WHEN n = 0 THEN 'green' WHEN n <= 2 THEN 'yellow' WHEN n <= 5 THEN 'orange' ELSE 'red' END AS tier
  FROM households_with('cases', 7, '{0,2,5}')
