-- What a tier tells of the counts behind it, by its definition.
\set SHOW_CONTEXT never
SELECT * FROM georisk.tier_tells(georisk.policy('vn_hcmc_2716_2021'));
SELECT * FROM georisk.describe_tells(georisk.policy('vn_hcmc_2716_2021'));
SELECT * FROM georisk.describe_tells(georisk.policy('vn_hcmc_2716_2021'), 'vi');
SELECT * FROM georisk.describe_tells(georisk.policy('cn_2020'));
-- Rates tell counts where the population is known.
CREATE TEMP TABLE rate AS SELECT $$POLICY rate REVIEW weekly ON friday LAG 2 days TIERS green, yellow, red COUNT cases
BASE red WHEN cases IN 14 days PER week PER 100000 population >= 150 yellow WHEN cases IN 14 days PER week PER 100000 population >= 20 green OTHERWISE$$::georisk.risk_policy AS policy;
SELECT t.* FROM rate, georisk.tier_tells(policy) t;
SELECT t.* FROM rate, georisk.tier_tells(policy, population => 20000) t;
SELECT t.* FROM rate, georisk.tier_tells(policy, population => 0) t;
SELECT t.* FROM rate, georisk.describe_tells(policy) t;
-- The level decides which rules there are.
SELECT t.tier, t.what, t.days, t.at_least, t.at_most FROM georisk.tier_tells($$POLICY levels REVIEW daily TIERS green, red COUNT cases
BASE FOR ward red WHEN cases IN 7 days >= 10 green OTHERWISE FOR group red WHEN cases IN 7 days >= 2 green OTHERWISE$$::georisk.risk_policy, 'group') t;
-- What cannot be said is not said: the past, other zones, two counts in one comparison.
SELECT name, count(*) AS rows, bool_or(told_at_least IS NOT NULL OR at_least > 0 OR at_most IS NOT NULL) AS tells
FROM georisk.policies p, georisk.tier_tells(georisk.policy(p.name)) GROUP BY name ORDER BY name;
SELECT count(*) AS nothing FROM georisk.tier_tells(NULL);
SELECT * FROM georisk.describe_tells(georisk.policy('cn_2020'), 'fr');
