-- Singapore: a cluster has two cases or more. No case for more than 14 + 21 days: closed; for more than 14: green; else red from ten
-- cases on, below yellow. A case still to be reported adds to the count and is a newer last one at once.
WITH known AS (
    SELECT z.id, z.as_of, z.complete_until, coalesce(sum(r.n), 0) AS cases, coalesce(z.as_of - max(r.day) FILTER (WHERE r.n > 0), 1000000) AS since
      FROM zone z LEFT JOIN report r ON r.id = z.id AND r.measure = 'cases' AND r.day <= z.as_of GROUP BY z.id, z.as_of, z.complete_until),
possible AS (
    SELECT id, cases, since FROM known
    UNION
    SELECT id, cases + further, least(since, ago) FROM known, generate_series(0, as_of - complete_until - 1) ago, unnest('{1,2,10}'::integer[]) further)
SELECT id, CASE WHEN cases < 2 THEN 'alone' WHEN since > 35 THEN 'closed' WHEN since > 14 THEN 'green' WHEN cases >= 10 THEN 'red' ELSE 'yellow' END AS tier
  FROM possible
