-- WHO: per 100,000 and week over two weeks; the worst of cases 20/50/150, hospitalisations 5/10/30, deaths 1/2/5.
SELECT id, 'ct' || greatest(CASE WHEN c.num < 20 * c.den THEN 1 WHEN c.num < 50 * c.den THEN 2 WHEN c.num < 150 * c.den THEN 3 ELSE 4 END,
                            CASE WHEN h.num < 5 * h.den THEN 1 WHEN h.num < 10 * h.den THEN 2 WHEN h.num < 30 * h.den THEN 3 ELSE 4 END,
                            CASE WHEN d.num < 1 * d.den THEN 1 WHEN d.num < 2 * d.den THEN 2 WHEN d.num < 5 * d.den THEN 3 ELSE 4 END) AS tier
  FROM rate_in('cases', 14, 2, '{20,50,150}') c JOIN rate_in('hospitalisations', 14, 2, '{5,10,30}') h USING (id)
  JOIN rate_in('deaths', 14, 2, '{1,2,5}') d USING (id)
