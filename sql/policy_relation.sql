-- What a zone is by the zones around it: neighbours, zones below, the zone above.
CREATE SCHEMA test_policy_relation;
SET search_path = test_policy_relation, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\set VERBOSITY default

-- Decision 2686, communes: facts of each, and who is next to whom; the commune asked about has the number 1.
CREATE TABLE commune (example integer, zone_id integer, facts zone_profile, neighbours integer[]);
CREATE FUNCTION pg_temp.facts(VARIADIC keys text[] DEFAULT '{}') RETURNS zone_profile LANGUAGE sql AS $$
    SELECT profile('unknown_source_cases', epicurve_agg(date '2021-09-06', CASE WHEN 'unknown source' = ANY (keys) THEN 1 ELSE 0 END),
                   'known_source_cases', epicurve_agg(date '2021-09-06' - 13, CASE WHEN 'known source' = ANY (keys) THEN 1 ELSE 0 END),
                   'unknown_source_cluster', CASE WHEN 'cluster' = ANY (keys) THEN true END,
                   'crowded_link', CASE WHEN 'crowded link' = ANY (keys) THEN true END, 'population', 80000)
$$;
INSERT INTO commune VALUES
    (1, 1, pg_temp.facts('cluster'), '{}'), (2, 1, pg_temp.facts('unknown source'), '{}'),
    (3, 1, pg_temp.facts(), '{2}'), (3, 2, pg_temp.facts('cluster'), '{1}'),
    (4, 1, pg_temp.facts(), '{2}'), (4, 2, pg_temp.facts(), '{1,3}'), (4, 3, pg_temp.facts('cluster'), '{2}'),
    (5, 1, pg_temp.facts(), '{2}'), (5, 2, pg_temp.facts(), '{1,3}'), (5, 3, pg_temp.facts(), '{2,4}'), (5, 4, pg_temp.facts('cluster'), '{3}'),
    (6, 1, pg_temp.facts('known source'), '{}');
SELECT example, what, expected, v.tier, v.tier = expected AS same, v.reason
  FROM (VALUES (1, 'cluster, source unknown', 'red'), (2, 'single case, source unknown', 'orange'), (3, 'touches a red commune', 'orange'),
               (4, 'touches #3', 'yellow'), (5, 'touches #4 only', 'green'), (6, 'one case of known source in 14 days', 'yellow')) e(example, what, expected),
       LATERAL (SELECT judge_agg(zone_id, NULL, 'commune', facts, neighbours, NULL, NULL, NULL, policy('vn_qd2686_2021'), '2021-09-06', NULL) AS j
                  FROM commune c WHERE c.example = e.example) j, judge(j) v WHERE v.zone_id = 1 ORDER BY example;

-- Districts of ten wards: so many red, orange, yellow. In a city a ward is what the decree calls a commune.
SELECT example, red, orange, yellow, expected, v.tier, v.tier = expected AS same, v.reason
  FROM (VALUES (7, 3, 0, 0, 'red'), (8, 2, 0, 0, 'orange'), (9, 0, 5, 0, 'red'), (10, 0, 3, 0, 'orange'), (11, 0, 0, 5, 'orange'))
       e(example, red, orange, yellow, expected),
       LATERAL (SELECT judge_agg(i, CASE WHEN i > 0 THEN 0 END, CASE WHEN i > 0 THEN 'ward' ELSE 'district' END,
                                 CASE WHEN i BETWEEN 1 AND red THEN pg_temp.facts('cluster') WHEN i BETWEEN 1 AND red + orange THEN pg_temp.facts('crowded link')
                                      WHEN i BETWEEN 1 AND red + orange + yellow THEN pg_temp.facts('known source') ELSE pg_temp.facts() END,
                                 '{}', NULL, NULL, NULL, policy('vn_qd2686_2021', '{"commune": "ward"}'), '2021-09-06', NULL) AS j
                  FROM generate_series(0, 10) i) j, judge(j) v WHERE v.zone_id = 0 ORDER BY example;

-- Ambiguous in the decree: "50 % at risk" of 2 orange and 4 yellow. Read as at risk or worse, 60 %.
SELECT 12 AS example, v.tier, v.tier_rank, v.reason
  FROM (SELECT judge_agg(i, CASE WHEN i > 0 THEN 0 END, CASE WHEN i > 0 THEN 'commune' ELSE 'district' END,
                         CASE WHEN i BETWEEN 1 AND 2 THEN pg_temp.facts('crowded link') WHEN i BETWEEN 3 AND 6 THEN pg_temp.facts('known source')
                              ELSE pg_temp.facts() END, '{}', NULL, NULL, NULL, policy('vn_qd2686_2021'), '2021-09-06', NULL) AS j
          FROM generate_series(0, 10) i) j, judge(j) v WHERE v.zone_id = 0;

-- A zone asked by number x: 3 red, 2 orange, 1 yellow, 0 green, NULL nobody knows.
CREATE FUNCTION pg_temp.rule(relations text, lines text DEFAULT '', steps text DEFAULT '') RETURNS risk_policy LANGUAGE sql AS $$
    SELECT concat('POLICY p TIERS green, yellow, orange, red NUMBER x KEEP 0 days ', relations, ' BASE ',
                  coalesce(nullif(lines, ''), 'red WHEN x = 3 orange WHEN x = 2 OR TOUCHES red yellow WHEN x = 1 OR TOUCHES orange green OTHERWISE'),
                  ' ', steps)::risk_policy
$$;
CREATE TABLE around (zone_id integer, parent_id integer, level text, x integer, neighbours integer[], shared_m double precision[], gap_m double precision[]);
CREATE FUNCTION pg_temp.verdicts(rule risk_policy, lang text DEFAULT 'en') RETURNS TABLE (zone_id integer, tier text, reason text) LANGUAGE sql AS $$
    SELECT v.zone_id, v.tier, v.reason
      FROM (SELECT judge_agg(zone_id, parent_id, level, profile('x', x, 'name', CASE WHEN zone_id < 100 THEN 'Ward ' || zone_id END), neighbours,
                             shared_m, gap_m, NULL, rule, '2021-09-06', NULL) AS j FROM around) j, judge(j, lang) v
$$;

-- Who is a neighbour: 1 is red; 2 shares border with it, 3 a corner, 4 is 40 metres away, 5 is on another level.
INSERT INTO around VALUES (1, NULL, NULL, 3, '{2,3,4}', '{120,0,0}', '{0,0,40}'), (2, NULL, NULL, 0, '{1}', '{120}', '{0}'),
    (3, NULL, NULL, 0, '{1}', '{0}', '{0}'), (4, NULL, NULL, 0, '{1}', '{0}', '{40}'), (5, NULL, 'group', 0, '{1}', '{10}', '{0}');
SELECT clause, string_agg(v.zone_id || ' ' || v.tier, ', ' ORDER BY v.zone_id) AS tiers
  FROM (VALUES ('NEIGHBOURS touching'), ('NEIGHBOURS corners'), ('NEIGHBOURS WITHIN 39.9 metres'), ('NEIGHBOURS WITHIN 40 metres'),
               ('PARAMETER near 100 NEIGHBOURS WITHIN near metres'), (''), ('NEIGHBOURS WITHIN 0 metres')) t(clause),
       pg_temp.verdicts(pg_temp.rule(clause)) v GROUP BY clause ORDER BY clause;
SELECT * FROM pg_temp.verdicts(pg_temp.rule('NEIGHBOURS corners'), 'vi') ORDER BY zone_id;
SELECT describe_policy(pg_temp.rule('NEIGHBOURS WITHIN 40.5 metres', '', 'NOT BELOW parent UNLESS x = 0 REPORT ABOVE parent BY 2')) AS described,
       describe_policy(pg_temp.rule('NEIGHBOURS touching', '', 'NOT ABOVE parent REPORT ABOVE parent'), 'vi') AS described_vi \gx

-- Not known who the neighbours are; a neighbour that is unknown; one that is not there: each is named, none makes a zone worse.
UPDATE around SET neighbours = NULL, shared_m = NULL, gap_m = NULL WHERE zone_id = 2;
UPDATE around SET x = NULL WHERE zone_id = 4;
UPDATE around SET neighbours = '{4,88}', shared_m = NULL, gap_m = NULL WHERE zone_id = 3;
SELECT * FROM pg_temp.verdicts(pg_temp.rule('')) ORDER BY zone_id;
SELECT * FROM pg_temp.verdicts(pg_temp.rule('NEIGHBOURS touching'));
SELECT * FROM pg_temp.verdicts(pg_temp.rule('NEIGHBOURS WITHIN 1 metre'));

-- A chain stops by itself; what NOT TOUCHES says is as certain.
TRUNCATE around;
INSERT INTO around SELECT i, NULL, NULL, CASE WHEN i = 1 THEN 3 ELSE 0 END, ARRAY[i - 1, i + 1], NULL, NULL FROM generate_series(1, 6) i;
UPDATE around SET neighbours = array_remove(array_remove(neighbours, 0), 7);
SELECT string_agg(v.tier, ' ' ORDER BY v.zone_id) AS chain FROM pg_temp.verdicts(pg_temp.rule('')) v;
SELECT string_agg(v.tier, ' ' ORDER BY v.zone_id) AS raised
  FROM pg_temp.verdicts(pg_temp.rule('', 'red WHEN x = 3 green OTHERWISE', 'RAISE 1 NOT ABOVE yellow WHEN TOUCHES red NOT BELOW yellow WHEN NOT TOUCHES AT LEAST orange')) v;
SELECT string_agg(v.tier, ' ' ORDER BY v.zone_id) AS at_least
  FROM pg_temp.verdicts(pg_temp.rule('', 'red WHEN x = 3 orange WHEN TOUCHES red yellow WHEN TOUCHES AT LEAST orange green OTHERWISE')) v;

-- Parents: caps go down any number of levels, own tiers alone go up; a parent that is unknown leaves open what it may change.
TRUNCATE around;
INSERT INTO around VALUES (1, NULL, 'district', 2, '{}'), (2, 1, 'ward', 1, '{}'), (3, 2, 'group', 0, '{}'), (4, 2, 'group', 3, '{}'),
    (5, NULL, 'district', NULL, '{}'), (6, 5, 'ward', 0, '{}'), (7, 5, 'ward', 3, '{}'), (8, NULL, 'ward', 0, '{}');
SELECT * FROM pg_temp.verdicts(pg_temp.rule('', '', 'NOT BELOW parent REPORT ABOVE parent')) ORDER BY zone_id;
SELECT * FROM pg_temp.verdicts(pg_temp.rule('', '', 'NOT ABOVE parent UNLESS x = 3'), 'vi') ORDER BY zone_id;
SELECT v.zone_id, v.tier, v.reason FROM pg_temp.verdicts(pg_temp.rule('', '', 'NOT BELOW yellow REPORT ABOVE parent BY 2')) v ORDER BY zone_id;

-- Levels: what a policy does not speak of is unknown, unless it says ELSE; no zone below is unknown where it matters.
SELECT * FROM pg_temp.verdicts(pg_temp.rule('PARAMETER big ''district''',
    'FOR group red WHEN x = 3 green OTHERWISE FOR big OF wards red WHEN x = 2 OR NUMBER(AT LEAST orange) >= 1 orange WHEN SHARE(red) > 0 green OTHERWISE')) ORDER BY zone_id;
SELECT v.zone_id, v.tier FROM pg_temp.verdicts(pg_temp.rule('',
    'FOR group CASE x = 3 red OTHERWISE ELSE green OTHERWISE FOR ward OF group orange WHEN NUMBER(red) = 1 green OTHERWISE ELSE yellow OTHERWISE')) v ORDER BY zone_id;
SELECT v.zone_id, v.tier, v.reason FROM pg_temp.verdicts(pg_temp.rule('LET bad = SHARE(AT LEAST orange) IF MISSING 0', 'WORST OF bad: green < 1 <= yellow < 50 <= red')) v ORDER BY zone_id;
SELECT profile('as_of', date '2021-09-06', 'x', 3, 'level', 'group') @@ pg_temp.rule('', 'FOR group red WHEN x = 3 green OTHERWISE') AS by_level,
       profile('as_of', date '2021-09-06', 'x', 3) @@ pg_temp.rule('', 'FOR group red WHEN x = 3 green OTHERWISE') AS no_level;
SELECT condition, numbers, outcome, decided FROM explain_tier(profile('as_of', date '2021-09-06', 'x', 3, 'level', 'ward'),
    pg_temp.rule('', 'FOR group red WHEN x = 3 green OTHERWISE FOR ward orange WHEN x > 2 green OTHERWISE'));

-- What cannot be: said when the policy is written ...
CREATE FUNCTION pg_temp.said(statement text, OUT message text, OUT place text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    message := 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, place = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    place := CASE WHEN place LIKE 'line%' THEN substr(split_part(place, E'\n', 2), length(split_part(place, E'\n', 3))) ELSE place END;
END $$;
SELECT t.policy, e.message, e.place, e.hint
  FROM (VALUES ('BASE red WHEN TOUCHES red green OTHERWISE'), ('BASE green WHEN TOUCHES red red OTHERWISE'),
               ('BASE red WHEN x = 3 yellow WHEN TOUCHES yellow green OTHERWISE'), ('BASE red WHEN x = 3 orange WHEN x = 2 yellow WHEN TOUCHES orange green OTHERWISE RAISE 1 WHEN x > 5'),
               ('BASE red WHEN x = 3 green OTHERWISE RAISE 1 WHEN TOUCHES red'), ('BASE CASE TOUCHES red red WHEN x = 3 green OTHERWISE ELSE green OTHERWISE'),
               ('BASE red WHEN x = 3 green OTHERWISE NOT BELOW previous WHEN TOUCHES red'), ('BASE red WHEN x = 3 green OTHERWISE IMPROVE AFTER 2 reviews WHEN NOT TOUCHES red'),
               ('LET y = x UNLESS TOUCHES red BASE red WHEN y = 3 green OTHERWISE'), ('BASE red WHEN x = 3 green WHEN (TOUCHES red) ON 3 days RUNNING green OTHERWISE'),
               ('BASE red WHEN x = 3 green WHEN (SHARE(red) > 1) ON ANY OF 3 days green OTHERWISE'), ('BASE red WHEN TOUCHES purple green OTHERWISE'),
               ('TIERS grey AS none, green, red BASE red WHEN x = 3 grey WHEN TOUCHES grey green OTHERWISE'), ('TIERS grey AS none, green, red BASE red WHEN NUMBER(AT LEAST grey) = 3 green OTHERWISE'),
               ('NEIGHBOURS near BASE red OTHERWISE'), ('NEIGHBOURS WITHIN 3 miles BASE red OTHERWISE'), ('NEIGHBOURS WITHIN far metres BASE red OTHERWISE'),
               ('NEIGHBOURS WITHIN 200000 metres BASE red OTHERWISE'), ('NEIGHBOURS corners NEIGHBOURS touching BASE red OTHERWISE'),
               ('BASE FOR ward red OTHERWISE FOR ward green OTHERWISE'), ('PARAMETER commune ''ward'' BASE FOR ward red OTHERWISE FOR commune green OTHERWISE'),
               ('PARAMETER commune '''' BASE red OTHERWISE'), ('PARAMETER commune ''ward'' BASE red WHEN x > commune green OTHERWISE'),
               ('BASE FOR ward red WHEN x = 3'), ('BASE red WHEN x = 3 green OTHERWISE NOT BELOW parent RAISE 1 WHEN x = 1'),
               ('BASE red OTHERWISE REPORT ABOVE child'), ('BASE red WHEN SHARE(red) >= green OTHERWISE'), ('BASE red WHEN SHARE(red) green OTHERWISE')) t(policy),
       pg_temp.said(format('SELECT %L::risk_policy', concat('POLICY p NUMBER x ', policy))) e;

-- ... and of zones, when they are judged.
SELECT what, e.* FROM (VALUES
    ('a parent that is not there', '(1, NULL), (2, 7)'), ('its own parent', '(1, 1)'), ('in a ring', '(1, 2), (2, 3), (3, 1), (4, 3)'),
    ('a long ring', (SELECT string_agg(format('(%s, %s)', i, i % 30 + 1), ', ') FROM generate_series(1, 30) i)),
    ('given twice', '(1, NULL), (2, 1), (2, 1)'), ('two parents', '(1, NULL), (2, NULL), (3, 1), (3, 2)')) t(what, rows),
    LATERAL pg_temp.said(format('SELECT count(*) FROM (SELECT judge_agg(i, p, NULL, profile(''x'', 1), ''{}'', NULL, NULL, NULL, %L::risk_policy, ''2021-09-06'', NULL) j '
        'FROM (VALUES %s) r(i, p)) j, judge(j)', pg_temp.rule('', '', 'NOT BELOW parent'), rows)) e;
SELECT e.* FROM pg_temp.said(format('SELECT count(*) FROM (SELECT judge_agg(i, p, NULL, profile(''x'', 1), n::integer[], NULL, NULL, NULL, %L::risk_policy, ''2021-09-06'', NULL) j '
    'FROM (VALUES (1, NULL, ''{2}''), (2, 1, ''{1}'')) r(i, p, n)) j, judge(j)', pg_temp.rule('', 'red WHEN NUMBER(red) = 1 yellow WHEN TOUCHES red green OTHERWISE'))) e;
SELECT profile('as_of', date '2021-09-06', 'x', 3) @@ pg_temp.rule('');
SELECT tier_of(profile('as_of', date '2021-09-06', 'x', 3), pg_temp.rule('', '', 'NOT BELOW parent'));
SELECT * FROM explain_tier(profile('as_of', date '2021-09-06', 'x', 3), pg_temp.rule('', 'red WHEN NUMBER(red) = 1 green OTHERWISE'));

-- Random maps of three levels, and the slow way: loops to where nothing changes any more. An x that is NULL leaves a range open.
CREATE FUNCTION pg_temp.chance(VARIADIC seed text[]) RETURNS integer LANGUAGE sql AS $$
    SELECT ('x' || substr(md5(array_to_string(seed, ' ')), 1, 7))::bit(28)::integer
$$;
CREATE TABLE many AS
SELECT map, i AS zone_id, CASE WHEN i <= 2 THEN NULL WHEN i <= 8 THEN 1 + pg_temp.chance(map::text, i::text, 'p') % 2 ELSE 3 + pg_temp.chance(map::text, i::text, 'p') % 6 END AS parent_id,
       CASE WHEN i <= 2 THEN 'province' WHEN i <= 8 THEN 'district' ELSE 'commune' END AS level,
       (ARRAY[0, 0, 0, 0, 0, 0, 1, 2, 3, NULL])[1 + pg_temp.chance(map::text, i::text, 'x') % 10] AS x,
       ARRAY(SELECT j FROM generate_series(1, 40) j WHERE j <> i AND abs(j - i) < 6 AND pg_temp.chance(map::text, least(i, j)::text, greatest(i, j)::text) % 3 = 0) AS neighbours,
       NULL::integer AS low, NULL::integer AS high, NULL::integer AS final_low, NULL::integer AS final_high
  FROM generate_series(1, 60) map, generate_series(1, 40) i;
-- The tier that neighbours give: red makes orange, orange yellow.
CREATE FUNCTION pg_temp.slow() RETURNS void LANGUAGE plpgsql AS $$
DECLARE changed integer := 1;
BEGIN
    UPDATE many SET low = coalesce(x, 0), high = coalesce(x, 3) WHERE level = 'commune';
    WHILE changed > 0 LOOP
        UPDATE many z SET low = greatest(z.low, n.gives) FROM (
            SELECT a.map, a.zone_id, max(CASE b.low WHEN 3 THEN 2 WHEN 2 THEN 1 ELSE 0 END) AS gives FROM many a JOIN many b
                ON b.map = a.map AND b.zone_id = ANY (a.neighbours) AND b.level = a.level AND b.low = b.high GROUP BY 1, 2) n
         WHERE n.map = z.map AND n.zone_id = z.zone_id AND z.level = 'commune' AND n.gives > z.low AND (z.x IS NULL OR z.x < n.gives);
        GET DIAGNOSTICS changed = ROW_COUNT;
        UPDATE many SET high = greatest(low, high) WHERE level = 'commune' AND (high < low OR x IS NOT NULL AND high <> low);
    END LOOP;
    UPDATE many d SET low = c.tier, high = CASE WHEN c.whole = 0 THEN 3 ELSE c.tier END FROM (
        SELECT p.map, p.zone_id, count(z) AS whole, CASE WHEN count(z) = 0 THEN 0
                    WHEN 100 * count(*) FILTER (WHERE z.low = 3 AND z.high = 3) >= 30 * count(z) OR 100 * count(*) FILTER (WHERE z.low >= 2 AND z.low = z.high) >= 50 * count(z) THEN 3
                    WHEN count(*) FILTER (WHERE z.low >= 1 AND z.low = z.high) * 100 >= 50 * count(z) THEN 2
                    WHEN count(*) FILTER (WHERE z.low = 3 AND z.high = 3) >= 1 THEN 1 ELSE 0 END AS tier
          FROM many p LEFT JOIN many z ON z.map = p.map AND z.parent_id = p.zone_id WHERE p.level = 'district' GROUP BY 1, 2) c
     WHERE c.map = d.map AND c.zone_id = d.zone_id;
    UPDATE many d SET low = 1, high = greatest(1, high) WHERE level = 'district' AND low = 0
       AND EXISTS (SELECT FROM many b WHERE b.map = d.map AND b.zone_id = ANY (d.neighbours) AND b.level = 'district' AND b.low = 3 AND b.high = 3);
    UPDATE many p SET low = c.tier, high = CASE WHEN c.whole = 0 THEN 3 ELSE c.tier END FROM (
        SELECT p.map, p.zone_id, count(z) AS whole, CASE WHEN count(*) FILTER (WHERE z.low = 3 AND z.high = 3) >= 2 THEN 3 ELSE 0 END AS tier
          FROM many p LEFT JOIN many z ON z.map = p.map AND z.parent_id = p.zone_id WHERE p.level = 'province' GROUP BY 1, 2) c
     WHERE c.map = p.map AND c.zone_id = p.zone_id;
    UPDATE many SET final_low = low, final_high = high;
    FOR pass IN 1 .. 3 LOOP
        UPDATE many z SET final_low = greatest(z.low, p.final_low), final_high = greatest(z.high, p.final_high)
          FROM many p WHERE p.map = z.map AND p.zone_id = z.parent_id AND z.x IS DISTINCT FROM 1;
    END LOOP;
END $$;
SELECT pg_temp.slow();
CREATE TABLE shape AS SELECT $$POLICY p TIERS green, yellow, orange, red NUMBER x KEEP 0 days BASE FOR commune red WHEN x = 3 orange WHEN x = 2 OR TOUCHES red yellow WHEN x = 1 OR TOUCHES orange green OTHERWISE FOR district OF communes red WHEN SHARE(red) >= 30% OR SHARE(AT LEAST orange) >= 50% orange WHEN SHARE(AT LEAST yellow) >= 50% yellow WHEN NUMBER(red) >= 1 OR TOUCHES red green OTHERWISE FOR province OF districts red WHEN NUMBER(red) >= 2 green OTHERWISE NOT BELOW parent UNLESS NOT MISSING x AND x = 1$$::risk_policy AS rule;
SELECT count(*) AS zones, count(*) FILTER (WHERE v.tier = 'unknown') AS unknown, count(DISTINCT v.tier) AS tiers,
       count(*) FILTER (WHERE v.tier IS DISTINCT FROM CASE WHEN m.final_low = m.final_high THEN (ARRAY['green', 'yellow', 'orange', 'red'])[1 + m.final_low] ELSE 'unknown' END) AS different
  FROM (SELECT map, judge_agg(zone_id, parent_id, level, profile('x', x), neighbours, NULL, NULL, NULL, (SELECT rule FROM shape), '2021-09-06', NULL) AS j FROM many GROUP BY map) j,
       LATERAL judge(j) v, many m WHERE m.map = j.map AND m.zone_id = v.zone_id;

-- Neither the order of rows, nor text in between, nor partial states in parallel workers change a byte of what is said.
CREATE FUNCTION pg_temp.said_of(relation text, cast_to text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE printed text;
BEGIN
    EXECUTE format('SELECT md5(string_agg(v::text, E''\n'' ORDER BY v.zone_id)) FROM (SELECT judge_agg(map * 1000 + zone_id, map * 1000 + parent_id, level, profile(''x'', x), '
        'ARRAY(SELECT map * 1000 + n FROM unnest(neighbours) n), NULL, NULL, NULL, s.rule, ''2021-09-06'', NULL)%s AS j FROM %s m, shape s) j, judge(j) v', cast_to, relation) INTO printed;
    RETURN printed;
END $$;
SELECT pg_temp.said_of('many', '') AS serial \gset
SELECT pg_temp.said_of('(SELECT * FROM many ORDER BY md5(map::text || zone_id))', '') = :'serial' AS any_order, pg_temp.said_of('many', '::text::judgement') = :'serial' AS by_text;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
ALTER TABLE many SET (parallel_workers = 2);
SELECT pg_temp.said_of('many', '') = :'serial' AS in_parallel;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;

-- The past: on each review all zones first, then the next; the slow way, day by day, again to where nothing changes.
CREATE TABLE course AS
SELECT i AS zone_id, d AS day, (ARRAY[0, 0, 0, 0, 0, 0, 1, 2, 3])[1 + pg_temp.chance(i::text, d::text, 'day') % 9] AS x, 0 AS says, 0 AS tier
  FROM generate_series(1, 50) i, generate_series(1, 40) d;
CREATE TABLE beside AS SELECT i AS zone_id, j AS neighbour_id FROM generate_series(1, 50) i, generate_series(1, 50) j
 WHERE i <> j AND abs(i - j) IN (1, 7) AND pg_temp.chance(least(i, j)::text, greatest(i, j)::text, 'beside') % 3 > 0;
CREATE FUNCTION pg_temp.slow_course() RETURNS void LANGUAGE plpgsql AS $$
DECLARE changed integer;
BEGIN
    FOR d IN 1 .. 40 LOOP
        changed := 1;
        UPDATE course SET says = x WHERE day = d;
        WHILE changed > 0 LOOP
            -- worse at once, milder when two reviews running are milder, then to the worse of both
            UPDATE course c SET tier = CASE WHEN d = 1 OR c.says >= p.tier THEN c.says WHEN p.says < p.tier AND c.says < p.tier THEN greatest(c.says, p.says) ELSE p.tier END
              FROM course p WHERE c.day = d AND p.zone_id = c.zone_id AND p.day = greatest(d - 1, 1);
            UPDATE course c SET says = n.gives FROM (SELECT b.zone_id, max(o.tier) - 1 AS gives FROM beside b JOIN course o ON o.zone_id = b.neighbour_id AND o.day = d
                                                      WHERE o.tier >= 2 GROUP BY b.zone_id) n
             WHERE c.day = d AND n.zone_id = c.zone_id AND c.says < n.gives;
            GET DIAGNOSTICS changed = ROW_COUNT;
        END LOOP;
    END LOOP;
END $$;
SELECT pg_temp.slow_course();
SELECT count(*) AS verdicts, count(*) FILTER (WHERE v.tier <> (ARRAY['green', 'yellow', 'orange', 'red'])[1 + c.tier]) AS different, count(*) FILTER (WHERE c.tier > c.x) AS by_others
  FROM generate_series(1, 40, 3) d,
       LATERAL (SELECT judge_agg(zone_id, NULL, NULL, profile('x', x), neighbours, NULL, NULL, NULL, pg_temp.rule('', '', 'IMPROVE AFTER 2 reviews'), date '2021-08-01' + d, '2021-08-02') AS j
                  FROM (SELECT zone_id, value_series_agg(date '2021-08-01' + day, x::numeric) AS x FROM course GROUP BY zone_id) x
                  JOIN (SELECT zone_id, array_agg(neighbour_id) AS neighbours FROM beside GROUP BY zone_id) n USING (zone_id)) j,
       LATERAL judge(j) v, course c WHERE c.zone_id = v.zone_id AND c.day = d;

-- A silent zone is held, and its neighbours and its ward see it so; the day on which it was as bad is named.
TRUNCATE around;
CREATE FUNCTION pg_temp.quiet(day date, steps text DEFAULT '') RETURNS TABLE (zone_id integer, tier text, reason text) LANGUAGE sql AS $$
    SELECT v.zone_id, v.tier, v.reason FROM (SELECT judge_agg(i, CASE WHEN i < 9 THEN 9 END, CASE WHEN i < 9 THEN 'group' ELSE 'ward' END,
            profile('cases', CASE WHEN i = 1 THEN (SELECT epicurve_agg(date '2021-09-01', 5)) END, 'reported_until', CASE WHEN i = 1 THEN date '2021-09-02' END, 'silence_limit', 3, 'name', 'Zone ' || i),
            CASE i WHEN 1 THEN ARRAY[2] WHEN 2 THEN ARRAY[1, 3] WHEN 3 THEN ARRAY[2] ELSE '{}' END, NULL, NULL, NULL,
            concat('POLICY p COUNT cases BASE FOR group red WHEN cases IN 3 days >= 5 orange WHEN TOUCHES red yellow WHEN TOUCHES orange green OTHERWISE '
                   'FOR ward orange WHEN NUMBER(red) > 0 green OTHERWISE ', steps)::risk_policy, day, '2021-08-30') AS j
       FROM generate_series(1, 9) i WHERE i <= 3 OR i = 9) j, judge(j) v
$$;
SELECT v.zone_id, string_agg(v.tier, ' ' ORDER BY d) AS september_2_to_6, string_agg(p.tier, ' ' ORDER BY d) AS with_a_past
  FROM generate_series(date '2021-09-02', '2021-09-06', '1 day') d, pg_temp.quiet(d::date) v, pg_temp.quiet(d::date, 'IMPROVE AFTER 1 review') p
 WHERE p.zone_id = v.zone_id GROUP BY v.zone_id ORDER BY 1;
SELECT * FROM pg_temp.quiet('2021-09-05') ORDER BY zone_id;
-- So it is held where its silence is older than the first review of a rule with a past, and by a value of the day judged; a step that only adds a sentence changes nothing.
CREATE FUNCTION pg_temp.tier_on(day date, given zone_profile, rule text, start date) RETURNS text LANGUAGE sql AS $$
    SELECT v.tier FROM (SELECT judge_agg(1, NULL, NULL, given, NULL, NULL, NULL, NULL, rule::risk_policy, day, start) AS j) j, judge(j) v
$$;
SELECT what, pg_temp.tier_on('2026-01-16', given, rule, start) AS tier, pg_temp.tier_on('2026-01-16', given, rule || ' REPORT ABOVE parent', start) AS with_a_sentence
  FROM (VALUES ('silent before the first review', profile('c', (SELECT epicurve_agg(date '2026-01-05', 5)), 'reported_until', '2026-01-08', 'silence_limit', 14),
                'POLICY p REVIEW daily COUNT c BASE red WHEN c IN 7 days > 0 green OTHERWISE WORSEN AFTER 1 reviews', date '2026-01-12'),
               ('a value of the day', profile('c', (SELECT epicurve_agg(date '2026-01-05', 5)), 'reported_until', '2026-01-13', 'silence_limit', 14, 'n', 7),
                'POLICY p REVIEW daily COUNT c NUMBER n IF MISSING 0 BASE red WHEN c IN 9 days > 0 AND n > 5 green OTHERWISE WORSEN AFTER 1 reviews', '2026-01-01')) held(what, given, rule, start);

-- Hierarchies of any depth and width: a chain of 20,000, a parent of 20,000, a ring of 20,000, everybody next to everybody.
SELECT tier, count(*) FROM (SELECT judge_agg(i, nullif(i - 1, 0), NULL, profile('x', CASE WHEN i = 1 THEN 2 ELSE i % 2 END), '{}', NULL, NULL, NULL,
    pg_temp.rule('', '', 'NOT BELOW parent'), '2021-09-06', NULL) AS j FROM (SELECT i FROM generate_series(1, 20000) i OFFSET 0) i) j, judge(j) GROUP BY tier;
SELECT tier, count(*) FROM (SELECT judge_agg(i, nullif(i - 1, 0), i::text, profile('x', CASE WHEN i = 20000 THEN 3 ELSE 0 END), '{}', NULL, NULL, NULL,
    pg_temp.rule('', 'red WHEN x = 3 orange WHEN NUMBER(AT LEAST orange) >= 1 green OTHERWISE'), '2021-09-06', NULL) AS j FROM (SELECT i FROM generate_series(1, 20000) i OFFSET 0) i) j, judge(j) GROUP BY tier;
SELECT v.tier, left(v.reason, 160) AS reason FROM (SELECT judge_agg(i, CASE WHEN i > 1 THEN 1 END, NULL, profile('x', CASE WHEN i % 3 > 0 THEN i % 4 END), '{}', NULL, NULL, NULL,
    pg_temp.rule('', 'red WHEN x = 3 yellow WHEN SHARE(red) > 16% AND NUMBER(AT LEAST red) < 3334 green OTHERWISE'), '2021-09-06', NULL) AS j FROM (SELECT i FROM generate_series(1, 20000) i OFFSET 0) i) j, judge(j) v WHERE zone_id = 1;
SELECT count(*) FROM (SELECT judge_agg(i, i % 20000 + 1, NULL, profile('x', 0), '{}', NULL, NULL, NULL, pg_temp.rule('', '', 'NOT BELOW parent'), '2021-09-06', NULL) AS j FROM generate_series(1, 20000) i) j, judge(j);
SELECT tier, count(*), max(length(reason)) AS longest FROM (SELECT judge_agg(i, NULL, NULL, profile('x', CASE WHEN i % 7 > 0 THEN i % 4 END), ARRAY(SELECT generate_series(1, 700)), NULL, NULL, NULL,
    pg_temp.rule(''), '2021-09-06', NULL) AS j FROM generate_series(1, 700) i) j, judge(j) GROUP BY tier ORDER BY tier;

-- Rules for several levels, none of which looks at another: a district has the cases of its communes all the same, by code and by point.
CREATE TABLE levelled AS SELECT * FROM (VALUES (1, 'c', 'commune', 'd', 'SRID=4326;POLYGON((0 0,1 0,1 1,0 1,0 0))'::geometry), (2, 'e', 'commune', 'd', 'SRID=4326;POLYGON((1 0,2 0,2 1,1 1,1 0))'),
    (3, 'd', 'district', NULL, 'SRID=4326;POLYGON((0 0,2 0,2 1,0 1,0 0))')) z(zone_id, code, level, parent_code, geom);
CREATE TABLE by_code AS SELECT 'c' AS zone_code, date '2022-01-05' AS day, 5 AS n;
CREATE TABLE by_point AS SELECT 'SRID=4326;POINT(0.5 0.5)'::geometry AS geom, date '2022-01-05' AS day, 5 AS n;
CREATE VIEW unrelated AS SELECT zone_id, code, level, geom FROM levelled;
CREATE VIEW orphaned AS SELECT zone_id, code, level, CASE code WHEN 'e' THEN 'nowhere' ELSE parent_code END AS parent_code, geom FROM levelled;
SELECT zones, reports, string_agg(code || ' ' || tier, ', ' ORDER BY code) AS tiers, sum(cases) AS cases
  FROM (VALUES ('levelled'), ('unrelated'), ('orphaned')) z(zones), (VALUES ('by_code'), ('by_point')) r(reports),
       classify(zones::regclass, reports::regclass, 'POLICY p COUNT cases BASE FOR commune red WHEN cases IN 7 days >= 5 green OTHERWISE FOR district yellow WHEN cases IN 7 days >= 1 green OTHERWISE', '2022-01-06')
 GROUP BY zones, reports ORDER BY zones, reports;

-- As much policy as there may be, and more.
SELECT length(describe_policy(concat('POLICY p BASE ', string_agg(format('FOR level%s red WHEN SHARE(red) > %s%% green OTHERWISE', i, i % 100), ' '))::risk_policy)) > 50000 AS many_levels FROM generate_series(1, 1000) i;
SELECT length(concat('POLICY p NUMBER x BASE red WHEN x > 1 yellow WHEN ', string_agg('TOUCHES red', ' AND NOT '), ' green OTHERWISE')::risk_policy::text) > 60000 AS many_conditions FROM generate_series(1, 3100) i;
SELECT e.message, e.hint FROM pg_temp.said(format('SELECT %L::risk_policy', concat('POLICY p BASE red WHEN ', repeat('NOT (', 200), 'TOUCHES red', repeat(')', 200), ' green OTHERWISE'))) e;
SELECT e.message FROM pg_temp.said(format('SELECT %L::risk_policy', concat('POLICY p BASE FOR a OF ', repeat('b, ', 400000), 'c red OTHERWISE'))) e;
SELECT e.message FROM pg_temp.said(format('SELECT %L::risk_policy', concat('POLICY p BASE FOR ', repeat('a', 64), ' red OTHERWISE'))) e;
DROP SCHEMA test_policy_relation CASCADE;
