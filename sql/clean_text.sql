-- Text is compared as people mean it, in one way in every room: codes and households that differ only in how
-- a keyboard or a spreadsheet wrote them are the same.
CREATE EXTENSION IF NOT EXISTS georisk CASCADE;
SET search_path TO georisk, public;

SELECT clean_text(E' \t\n\x0b\f\rTổ 1\r\n ') AS trimmed, clean_text('a  b') AS inside_is_kept, clean_text(NULL) IS NULL AS unknown;
SELECT clean_text('') = '' AS empty, clean_text(E'\u00A0 \uFEFF\u3000') = '' AS blank;

-- Every white space of Unicode, the zero-width space and the byte order mark, at either end.
CREATE TEMP TABLE space AS
SELECT chr(c) AS space FROM unnest(ARRAY[9, 10, 11, 12, 13, 32, 133, 160, 5760, 8232, 8233, 8239, 8287, 12288, 65279]
       || ARRAY(SELECT generate_series(8192, 8203))) AS c;
SELECT count(*) AS spaces, bool_and(clean_text(space || 'ổ1' || space || ' ') = 'ổ1') AS trimmed,
       bool_and(clean_text('1' || space || '1') = '1' || normalize(space, NFC) || '1') AS kept_inside FROM space;

-- Any other character stays, in the form that PostgreSQL calls NFC.
SELECT count(*) > 60000 AS characters, bool_and(clean_text(c) = normalize(c, NFC)) AS kept, bool_and(clean_text('x' || c) = normalize('x' || c, NFC)) AS composed
  FROM (SELECT chr(i) AS c FROM generate_series(33, 70000, 1) i WHERE i NOT BETWEEN 55296 AND 57343) AS every
 WHERE c NOT IN (SELECT space FROM space);

-- A zone, a report and a household, each written in its own way.
CREATE TEMP TABLE spelled AS
SELECT row_number() OVER () AS n, code FROM (
    SELECT space || 'Phường 1' || space AS code FROM space UNION ALL SELECT normalize('Phường 1', NFD)) AS s;
CREATE TEMP TABLE zones AS
SELECT 1 AS zone_id, normalize(E'\u3000Phường 1', NFD) AS code, ST_MakeEnvelope(0, 0, 1, 1, 4326) AS geom;
CREATE TEMP TABLE reports AS SELECT date '2021-09-01' AS day, code AS zone_code, code AS household FROM spelled;
SELECT code = 'Phường 1' AS clean, tier, cases, households_affected
  FROM classify('zones', 'reports', policy('vn_hcmc_2716_2021'), '2021-09-01');
SELECT households_in(epicurve_agg(day, 1, household), '2021-09-01', 1) AS households FROM reports;
CREATE TEMP TABLE drawn AS SELECT n::integer AS id, code, ST_MakeEnvelope(n, 0, n + 1, 1, 4326) AS geom FROM spelled;
SELECT problem, count(*) = (SELECT count(*) FROM spelled) - 1 AS all_but_the_first FROM check_zones('drawn') GROUP BY problem;
