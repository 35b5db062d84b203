-- A cluster is two cases or more. Red from 10 cases, yellow below; green from the 15th day without a new case, watched for 21 days,
-- closed from the 36th.
SELECT id, CASE WHEN total.n < 2 THEN 'alone' WHEN since.n >= 36 THEN 'closed' WHEN since.n >= 15 THEN 'green' WHEN total.n >= 10 THEN 'red' ELSE 'yellow' END AS tier
  FROM cases_in('cases', 10000, '{1,2,10}') total JOIN days_since('cases') since USING (id)
