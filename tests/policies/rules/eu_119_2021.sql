-- Grey first: no positivity, no tests, 300 tests or fewer. Red: 50 or more with 4 % or more, or more than 150; dark red from 500.
-- Orange: 4 % or more, or 25 to 150. Green: less than 25 with less than 4 %.
SELECT id, CASE WHEN p.value IS NULL OR t.value IS NULL OR t.value::numeric <= 300 THEN 'grey'
                WHEN rate.num >= 500 * rate.den THEN 'dark_red' WHEN (rate.num >= 50 * rate.den AND p.value::numeric >= 4) OR rate.num > 150 * rate.den THEN 'red'
                WHEN rate.num < 25 * rate.den AND p.value::numeric < 4 THEN 'green' ELSE 'orange' END AS tier
  FROM rate_in('cases', 14, 1, '{25,50,150,500}') rate JOIN entry('positivity_pct', 7) p USING (id) JOIN entry('tests_100k', 7) t USING (id)
