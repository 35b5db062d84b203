-- Derived: so many cases in so many days; 14 days, and 1, 2 and 3 cases.
SELECT id, CASE WHEN n >= 3 THEN 'red' WHEN n >= 2 THEN 'orange' WHEN n >= 1 THEN 'yellow' ELSE 'green' END AS tier
  FROM cases_in('cases', 14, '{1,2,3}')
