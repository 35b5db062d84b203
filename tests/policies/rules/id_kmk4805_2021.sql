-- The WHO's class by the capacity to respond. CT1 (1,2,2) CT2 (2,2,3) CT3 (2,3,3) CT4 (3,3,4), no cases (0,0,1), sporadic (0,1,1),
-- clusters (1,1,2). Not known to be sporadic or in clusters counts as neither; sporadic is asked before clusters.
WITH classed AS (
    SELECT id, adequate.yes AS adequate, moderate.yes AS moderate, CASE WHEN ct > 1 THEN 'CT' || ct WHEN none THEN 'none' WHEN sporadic.yes THEN 'sporadic'
               WHEN clusters.yes THEN 'clusters' ELSE 'CT1' END AS class
      FROM (SELECT id, total.n = 0 AS none,
                   greatest(CASE WHEN c.num < 20 * c.den THEN 1 WHEN c.num < 50 * c.den THEN 2 WHEN c.num < 150 * c.den THEN 3 ELSE 4 END,
                            CASE WHEN h.num < 5 * h.den THEN 1 WHEN h.num < 10 * h.den THEN 2 WHEN h.num < 30 * h.den THEN 3 ELSE 4 END,
                            CASE WHEN d.num < 1 * d.den THEN 1 WHEN d.num < 2 * d.den THEN 2 WHEN d.num < 5 * d.den THEN 3 ELSE 4 END) AS ct
              FROM rate_in('cases', 14, 2, '{20,50,150}') c JOIN rate_in('hospitalisations', 14, 2, '{5,10,30}') h USING (id)
              JOIN rate_in('deaths', 14, 2, '{1,2,5}') d USING (id) JOIN cases_in('cases', 14, '{0}') total USING (id)
             GROUP BY id, none, ct) rates
      JOIN yesno('adequate', 14, NULL) adequate USING (id) JOIN yesno('moderate', 14, NULL) moderate USING (id)
      JOIN yesno('sporadic', 14, false) sporadic USING (id) JOIN yesno('clusters', 14, false) clusters USING (id))
SELECT id, 'level' || (ARRAY[if_adequate, if_moderate, if_limited])[CASE WHEN adequate THEN 1 WHEN moderate THEN 2 ELSE 3 END] AS tier
  FROM classed JOIN (VALUES ('CT1', 1, 2, 2), ('CT2', 2, 2, 3), ('CT3', 2, 3, 3), ('CT4', 3, 3, 4), ('none', 0, 0, 1), ('sporadic', 0, 1, 1), ('clusters', 1, 1, 2))
       matrix(class, if_adequate, if_moderate, if_limited) USING (class)
