-- Malaysia: green 0, yellow 1 to 20, orange 21 to 40, red from 41 new cases in 14 days.
SELECT id, CASE WHEN n = 0 THEN 'green' WHEN n <= 20 THEN 'yellow' WHEN n <= 40 THEN 'orange' ELSE 'red' END AS tier
  FROM cases_in('cases', 14, '{0,20,40}')
