-- A table by hand with the columns of zone_risk and every pair of tiers, so that what no map shows yet (what is in force) is drawn, too.
-- What each style must show of a row stands beside it, found without the style: expect_STYLE is a label of its legend.
SET client_min_messages = warning;
SET search_path = 'Quận 1', public;
CREATE TABLE zone_risk_hand AS TABLE zone_risk WITH NO DATA;
ALTER TABLE zone_risk_hand ADD PRIMARY KEY (zone_id), ADD expect_tier text, ADD expect_rate text, ADD expect_change text, ADD expect_in_force text;
WITH tier AS (
	SELECT tier, tier_rank, tier_label, tier_color FROM georisk.policy_tiers(georisk.policy('vn_hcmc_2716_2021'), 'en')
	UNION ALL SELECT 'unknown', NULL, 'unknown', '#bdbdbd'
), pair AS (
	SELECT row_number() OVER () - 1 AS place, t.*, b.tier AS before, b.tier_rank AS rank_before, t.tier_rank - b.tier_rank AS step
	FROM tier t CROSS JOIN (TABLE tier UNION ALL SELECT NULL, NULL, NULL, NULL) b
), rated AS (
	SELECT p.*, ('{0,0.001,49.999,50,149.99,150,499.99,500,999.99,1000,1999.99,2000,50000,NULL}'::double precision[])[1 + place % 14] AS rate FROM pair p
)
INSERT INTO zone_risk_hand (zone_id, code, name, cases, tier, tier_rank, tier_label, tier_color, previous_tier, in_force, in_force_rank, rate_100k, geom,
	expect_tier, expect_rate, expect_change, expect_in_force)
SELECT place, 'T' || place, 'Tổ ' || place, place % 3, tier, tier_rank, tier_label, tier_color, before, before, rank_before, rate,
	   ST_Multi(ST_MakeEnvelope(106 + place % 7 * 0.002, 10 + place / 7 * 0.002, 106.002 + place % 7 * 0.002, 10.002 + place / 7 * 0.002, 4326)),
	   tier_label,
	   CASE WHEN rate IS NULL OR rate = 0 AND tier = 'unknown' THEN 'unknown' WHEN rate = 0 THEN 'no cases'
			ELSE ('{< 50,50 – < 150,150 – < 500,500 – < 1\,000,1\,000 – < 2\,000,≥ 2\,000}'::text[])[1 + width_bucket(rate, '{50,150,500,1000,2000}')] END,
	   CASE WHEN step > 0 THEN 'worse' WHEN step < 0 THEN 'better' WHEN step = 0 THEN 'unchanged' WHEN before IS NULL OR tier = before THEN 'nothing to compare with'
			WHEN tier = 'unknown' THEN 'unknown now' ELSE 'known again' END,
	   CASE WHEN step > 0 THEN 'computed worse than in force' WHEN step < 0 THEN 'computed milder than in force' WHEN step = 0 THEN 'as in force'
			WHEN before IS NULL OR tier = before THEN 'nothing in force' WHEN tier = 'unknown' THEN 'computed as unknown' ELSE 'unknown in force' END
FROM rated;
SELECT georisk.install_qgis_style('zone_risk_hand', 'en');
GRANT SELECT ON zone_risk_hand TO :role;
