-- Attack rate 1 and 7 per day and 100,000 against growth: below 0, up to 200 %, above. From no case there is no growth to tell.
WITH counts AS (SELECT id, a.n AS now, a.more AS more_now, b.n AS before, b.more AS more_before FROM counted('cases', 14) a JOIN counted('cases', 14, 14) b USING (id)),
-- 1 falling, 2 up to 200 %, 3 above; what may still come leads to more growth, and before to less
growth AS (
    SELECT id, class FROM counts, generate_series(1, 3) class
     WHERE CASE WHEN before = 0 OR more_before THEN true
                WHEN more_now THEN class >= CASE WHEN now < before THEN 1 WHEN now <= 3 * before THEN 2 ELSE 3 END
                ELSE class = CASE WHEN now < before THEN 1 WHEN now <= 3 * before THEN 2 ELSE 3 END END)
SELECT id, (ARRAY[['low', 'low', 'moderate'], ['low', 'moderate', 'high'], ['moderate', 'high', 'critical']])
           [class][CASE WHEN num < 1 * den THEN 1 WHEN num < 7 * den THEN 2 ELSE 3 END] AS tier
  FROM rate_in('cases', 14, 14, '{1,7}') JOIN growth USING (id)
