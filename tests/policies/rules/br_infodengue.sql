-- Weeks ago 0 to 6, each with its own values: red and orange after 2 weeks running, yellow after 3, at least yellow for 4 weeks
-- after orange or red. Strict. A week without a value repeats the last one.
WITH week AS (SELECT id, ago, as_of - 7 * ago AS day, population, complete_until FROM zone, generate_series(0, 6) ago),
known AS MATERIALIZED (
    SELECT w.id, w.ago, w.population, coalesce(w.day > w.complete_until, false) AS more,
           (SELECT coalesce(sum(n), 0) FROM report r WHERE r.id = w.id AND r.day BETWEEN w.day - 6 AND w.day) AS n,
           (SELECT v.value::numeric FROM value v WHERE v.id = w.id AND v.name = 'min_temp' AND v.day <= w.day ORDER BY v.day DESC LIMIT 1) AS temp,
           (SELECT v.value::numeric FROM value v WHERE v.id = w.id AND v.name = 'p_rt' AND v.day <= w.day ORDER BY v.day DESC LIMIT 1) AS p
      FROM week w),
-- of each week: may it, must it have met each condition
met AS MATERIALIZED (
    SELECT id, ago,
           n > 5 AND over_100 IS TRUE AS red_yes, (n > 5 OR more) AND over_100 IS NOT FALSE AS red_may,
           p > 0.95 IS TRUE AND over_10 IS TRUE AS orange_yes, (p > 0.95) IS NOT FALSE AND over_10 IS NOT FALSE AS orange_may,
           temp > 22 IS TRUE AND over_0 IS TRUE AS yellow_yes, (temp > 22) IS NOT FALSE AND over_0 IS NOT FALSE AS yellow_may
      FROM known, LATERAL (
           SELECT CASE WHEN coalesce(population, 0) = 0 THEN NULL WHEN n * 100000 > 100 * population THEN true WHEN NOT more THEN false END AS over_100,
                  CASE WHEN coalesce(population, 0) = 0 THEN NULL WHEN n * 100000 > 10 * population THEN true WHEN NOT more THEN false END AS over_10,
                  CASE WHEN coalesce(population, 0) = 0 THEN NULL WHEN n > 0 THEN true WHEN NOT more THEN false END AS over_0) o),
ran AS (
    SELECT a.id, a.ago, a.red_yes AND b.red_yes AS red_yes, a.red_may AND b.red_may AS red_may,
           a.orange_yes AND b.orange_yes AS orange_yes, a.orange_may AND b.orange_may AS orange_may,
           a.yellow_yes AND b.yellow_yes AND c.yellow_yes AS yellow_yes, a.yellow_may AND b.yellow_may AND c.yellow_may AS yellow_may
      FROM met a JOIN met b ON b.id = a.id AND b.ago = a.ago + 1 LEFT JOIN met c ON c.id = a.id AND c.ago = a.ago + 2)
-- every condition is milder when it does not hold, so the mildest and the worst that are possible bound the tier
SELECT id, unnest(ARRAY[
           CASE WHEN bool_or(red_yes) FILTER (WHERE ago = 0) THEN 'red' WHEN bool_or(orange_yes) FILTER (WHERE ago = 0) THEN 'orange'
                WHEN bool_or(yellow_yes) FILTER (WHERE ago = 0) OR bool_or(red_yes OR orange_yes) FILTER (WHERE ago <= 4) THEN 'yellow' ELSE 'green' END,
           CASE WHEN bool_or(red_may) FILTER (WHERE ago = 0) THEN 'red' WHEN bool_or(orange_may) FILTER (WHERE ago = 0) THEN 'orange'
                WHEN bool_or(yellow_may) FILTER (WHERE ago = 0) OR bool_or(red_may OR orange_may) FILTER (WHERE ago <= 4) THEN 'yellow' ELSE 'green' END]) AS tier
  FROM ran GROUP BY id
