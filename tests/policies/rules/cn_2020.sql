-- China: low where nobody ever or nobody for 14 days; high where more than 50 so far and a cluster in 14 days; else medium.
SELECT id, CASE WHEN new.n = 0 THEN 'low' WHEN so_far.n > 50 AND cluster.yes THEN 'high' ELSE 'medium' END AS tier
  FROM cases_in('cases', 14, '{0}') new JOIN cases_in('cases', 10000, '{50}') so_far USING (id) JOIN yesno('cluster', 14, NULL) cluster USING (id)
