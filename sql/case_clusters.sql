-- Clusters of cases near in place and time: the worked examples of dengue in Singapore, and the obvious way with every pair.
CREATE SCHEMA test_clusters;
SET search_path = test_clusters, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;
\set SHOW_CONTEXT never

-- Each example is 10 km from the next.
CREATE TABLE onset AS
SELECT format('%s.%s', e.example, p.i) AS id, date '2020-07-01' + p.day AS onset_day, ST_SetSRID(ST_MakePoint(600000 + 10000 * e.example + p.x, 1200000), 32648) AS geom
  FROM (VALUES (1, 2), (2, 2), (3, 2), (4, 9), (5, 10), (6, 12), (7, 12)) e(example, cases),
       LATERAL (SELECT i, CASE example WHEN 1 THEN 149 WHEN 2 THEN 150 WHEN 3 THEN 151 ELSE 100 END * i AS x,
                       CASE example WHEN 1 THEN 13 WHEN 2 THEN 14 ELSE 1 END * i AS day FROM generate_series(0, cases - 1) i) p;
SELECT e.example, e.expected, coalesce(j.tier, 'no cluster') AS tier, coalesce(j.tier, 'no cluster') = e.expected AS same
  FROM (VALUES (1, 0, 'yellow'), (2, 0, 'yellow'), (3, 0, 'no cluster'), (4, 0, 'yellow'), (5, 0, 'red'), (6, 15, 'green'), (7, 36, 'closed'))
       e(example, since, expected)
  LEFT JOIN case_clusters('onset', 150, 14) c ON c.reports[1] LIKE e.example || '.%'
  LEFT JOIN LATERAL (SELECT v.tier FROM judge((SELECT judge_agg(1, NULL, NULL, profile('cases', q.curve), NULL, NULL, NULL, NULL, policy('sg_dengue'), q.day, NULL)
                                                 FROM (SELECT c.curve, c.last_day + e.since AS day WHERE c.curve IS NOT NULL) q)) v) j ON true
 ORDER BY e.example;
-- The days at which it changes: open until the fourteenth, watched for 21 days; one case is no cluster.
SELECT since, profile('as_of', date '2020-07-10' + since, 'cases', (SELECT epicurve_agg('2020-07-10', 12))) @@ policy('sg_dengue') AS tier FROM unnest('{0,14,15,35,36}'::integer[]) since;
SELECT v.tier FROM (SELECT judge_agg(1, NULL, NULL, profile('cases', q.curve), NULL, NULL, NULL, NULL, policy('sg_dengue'), '2020-07-10', NULL) AS j
                      FROM (SELECT epicurve_agg('2020-07-10', 1) AS curve) q) g, judge(j) v;
SELECT cluster_id, cases, first_day, last_day, ST_NumGeometries(geom) AS places, reports
  FROM case_clusters('onset') WHERE cases < 10;

-- The obvious way: each case takes the lowest number among those it is linked to, until nothing changes.
CREATE FUNCTION obvious(relation regclass, metres double precision, days integer) RETURNS TABLE (id text, cluster text) LANGUAGE plpgsql AS $$
DECLARE
    changed bigint := 1;
BEGIN
    CREATE TEMP TABLE label (id text, at integer, label integer);
    EXECUTE format('INSERT INTO label SELECT id::text, row_number() OVER (), row_number() OVER () FROM %s', relation);
    EXECUTE format('CREATE TEMP TABLE link AS SELECT a.id::text AS one, b.id::text AS other FROM %1$s a JOIN %1$s b ON abs(a.day - b.day) <= $2 AND '
                   'CASE WHEN ST_SRID(a.geom) = 4326 THEN ST_Distance(a.geom::geography, b.geom::geography) ELSE ST_Distance(a.geom, b.geom) END <= $1', relation)
      USING metres, days;
    WHILE changed > 0 LOOP
        UPDATE label l SET label = m.lowest FROM (SELECT k.one, min(o.label) AS lowest FROM link k JOIN label o ON o.id = k.other GROUP BY k.one) m
         WHERE m.one = l.id AND m.lowest < l.label;
        GET DIAGNOSTICS changed = ROW_COUNT;
    END LOOP;
    RETURN QUERY SELECT l.id, string_agg(l.id, ' ') OVER (PARTITION BY l.label ORDER BY l.id COLLATE "C" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM label l;
    DROP TABLE label, link;
END
$$;
CREATE FUNCTION differences(relation regclass, metres double precision, days integer, OUT clusters bigint, OUT in_one bigint, OUT largest bigint, OUT differ bigint)
LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE expected AS SELECT DISTINCT o.cluster FROM obvious(relation, metres, days) o WHERE o.cluster LIKE '% %';
    CREATE TEMP TABLE found AS SELECT c.cases, (SELECT string_agg(r, ' ' ORDER BY r COLLATE "C") FROM unnest(c.reports) r) AS cluster FROM case_clusters(relation, metres, days) c;
    SELECT count(*), sum(f.cases), max(f.cases) INTO clusters, in_one, largest FROM found f;
    differ := (SELECT count(*) FROM ((SELECT f.cluster FROM found f EXCEPT TABLE expected) UNION ALL (TABLE expected EXCEPT SELECT f.cluster FROM found f)) x);
    DROP TABLE expected, found;
END
$$;
SELECT setseed(0.15);
-- Metres on a grid of 50, so that many pairs are exactly at the bound; many cases at one place; degrees; all along a line, one after the other.
CREATE TABLE board AS
SELECT i AS id, date '2021-01-01' + floor(120 * random())::integer AS day,
       ST_SetSRID(ST_MakePoint(680000 + 50 * floor(40 * random()), 1190000 + 50 * floor(40 * random())), 32648) AS geom FROM generate_series(1, 350) i;
CREATE TABLE piled AS
SELECT i AS id, date '2021-01-01' + floor(700 * random())::integer AS day, ST_MakePoint(200 * (i % 4), 130 * (i % 3)) AS geom FROM generate_series(1, 350) i;
CREATE TABLE city AS
SELECT i AS id, date '2021-01-01' + floor(100 * random())::integer AS day,
       ST_SetSRID(ST_MakePoint(106.69 + 0.02 * random(), 10.77 + 0.02 * random()), 4326) AS geom FROM generate_series(1, 350) i;
CREATE TABLE north AS
SELECT i AS id, date '2021-01-01' + floor(60 * random())::integer AS day,
       ST_SetSRID(ST_MakePoint(25 + 2 * random(), 69.5 + 0.7 * random()), 4326) AS geom FROM generate_series(1, 250) i;
CREATE TABLE line AS SELECT i AS id, date '2021-01-01' + i * 14 AS day, ST_SetSRID(ST_MakePoint(0.0013 * i, -0.0003 * i), 4326) AS geom FROM generate_series(1, 60) i;
SELECT t.relation, t.metres, t.days, d.* FROM (VALUES (regclass 'board', 150, 14), ('board', 100, 7), ('board', 0, 30), ('board', 49.9, 60), ('piled', 150, 2), ('piled', 199, 1), ('piled', 240, 0),
    ('city', 150, 14), ('city', 400, 5), ('north', 5000, 6), ('line', 150, 14), ('line', 140, 14), ('line', 150, 13)) t(relation, metres, days), differences(relation, metres, days) d;
-- Feet are feet.
CREATE TABLE feet AS SELECT id, day, ST_SetSRID(ST_Scale(ST_SetSRID(geom, 0), 1 / 0.3048006096012192, 1 / 0.3048006096012192), 2263) AS geom FROM board;
SELECT count(*), bool_and(b.reports = f.reports) AS same FROM case_clusters('board', 160) b FULL JOIN case_clusters('feet', 160) f USING (cluster_id);

-- Numbered by first day and place, in whatever order the rows come.
CREATE VIEW shuffled AS SELECT * FROM board ORDER BY md5(id::text);
SELECT count(*), bool_and(a = b) AS same FROM case_clusters('board') a FULL JOIN case_clusters('shuffled') b USING (cluster_id);
SELECT bool_and(first_day >= before) AS in_order, bool_and(cases = total_count(curve) AND first_day = first_day(curve) AND last_day = last_day(curve)) AS curves,
       bool_and(GeometryType(geom) = 'MULTIPOINT' AND ST_SRID(geom) = 32648 AND ST_NumGeometries(geom) = cases AND cardinality(reports) = cases) AS places
  FROM (SELECT c.*, lag(c.first_day, 1, c.first_day) OVER (ORDER BY cluster_id) AS before FROM case_clusters('board') c) c;

-- As of a day: as if no later report were there. Counts, columns of other names, moments, no key.
CREATE VIEW until_march AS SELECT * FROM board WHERE day <= '2021-03-01';
SELECT count(*), bool_and(a = b) AS same FROM case_clusters('board', as_of => '2021-03-01') a FULL JOIN case_clusters('until_march') b USING (cluster_id);
CREATE TABLE listed AS SELECT * FROM (VALUES (3, timestamptz '2021-05-01 18:30Z', ST_MakePoint(0, 0)), (0, '2021-05-02 00:00Z', ST_MakePoint(10, 0)), (1, '2021-05-30 00:00Z', ST_MakePoint(5000, 0)),
    (NULL, '2021-05-01 00:00Z', ST_MakePoint(0, 0)), (1, NULL, ST_MakePoint(0, 0)), (1, '2021-05-01 00:00Z', NULL), (1, '2021-05-01 00:00Z', 'POINT EMPTY')) v(persons, seen, place);
SET client_min_messages = notice;
SELECT cluster_id, cases, first_day, curve, ST_AsText(geom) AS geom, reports
  FROM case_clusters('listed', day_column => 'seen', point_column => 'place', count_column => 'persons', timezone => 'Asia/Ho_Chi_Minh');
SET client_min_messages = warning;
SELECT count(*) FROM case_clusters('board', as_of => '2020-01-01');

-- Heights and measures say nothing of how far two cases are apart.
CREATE TABLE high (id integer, day date, geom geometry);
INSERT INTO high VALUES (1, '2021-01-01', 'POINT(0 0)'), (2, '2021-01-02', 'POINT Z (30 0 900)'), (3, '2021-01-03', 'POINT M (60 0 7)'), (4, '2021-01-04', 'POINT ZM (90 0 900 7)'), (5, '2021-01-04', 'MULTIPOINT EMPTY');
SELECT cluster_id, cases, ST_AsText(geom) AS geom, reports FROM case_clusters('high');

-- Bad input.
SELECT * FROM case_clusters('board', -1);
SELECT * FROM case_clusters('board', 'NaN');
SELECT * FROM case_clusters('board', 100001);
SELECT * FROM case_clusters('board', 150, -1);
SELECT * FROM case_clusters('board', 150, 40000);
SELECT * FROM case_clusters('board', NULL);
SELECT * FROM case_clusters('board', as_of => 'infinity');
SELECT * FROM case_clusters('listed', day_column => 'seen', point_column => 'place');
CREATE TABLE odd (day date, n integer, geom geometry);
SELECT * FROM case_clusters('odd', point_column => 'place');
SELECT * FROM case_clusters('odd', day_column => 'n');
INSERT INTO odd VALUES ('2021-01-01', -1, ST_MakePoint(0, 0));
SELECT * FROM case_clusters('odd');
UPDATE odd SET n = 1, day = 'infinity';
SELECT * FROM case_clusters('odd');
UPDATE odd SET day = '2021-01-01', geom = ST_MakePoint('NaN', 0);
SELECT * FROM case_clusters('odd');
UPDATE odd SET geom = ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(1, 1));
SELECT * FROM case_clusters('odd');
UPDATE odd SET geom = 'MULTIPOINT(0 0)';
SELECT * FROM case_clusters('odd');
UPDATE odd SET geom = 'POLYGON((0 0,1 0,1 1,0 0))';
SELECT * FROM case_clusters('odd');
UPDATE odd SET geom = ST_MakePoint(0, 0);
INSERT INTO odd VALUES ('2021-01-01', 1, ST_SetSRID(ST_MakePoint(0, 0), 4326));
SELECT * FROM case_clusters('odd');

DROP SCHEMA test_clusters CASCADE;
