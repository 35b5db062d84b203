-- The map `district1`, from the files that `generate` wrote into the folder at hand.
\pset footer off
SET client_min_messages = warning;
SELECT georisk.create_map('district1', policy => 'vn_hcmc_2716_2021', srid => 4326) \g /dev/null

-- Zones: into the draft, then checked, indexed and frozen.
CREATE TEMP TABLE zone_in (code text, name text, parent_code text, level text, population integer, households integer, wkt text);
\copy zone_in FROM 'zones.csv' CSV HEADER
INSERT INTO district1.zone (code, name, parent_code, level, population, households, geom)
SELECT code, name, parent_code, level, population, households, ST_GeomFromText(wkt, 4326)
FROM zone_in ORDER BY code;
SELECT georisk.activate_zones('district1', valid_from => '2021-06-01') \g /dev/null

-- Reports as they came in; the very same row twice is the source's mistake and goes in once.
CREATE TEMP TABLE report_in (
    line integer GENERATED ALWAYS AS IDENTITY,
    source text, external_id text, revision integer, recorded_at timestamptz, withdrawn boolean, disease text, status text,
    setting text, origin text, link text, onset_day date, sample_day date, report_day date, n integer, household text,
    zone_code text, lon double precision, lat double precision, geocode_quality text, note text
);
\copy report_in (source, external_id, revision, recorded_at, withdrawn, disease, status, setting, origin, link, onset_day, sample_day, report_day, n, household, zone_code, lon, lat, geocode_quality, note) FROM 'reports.csv' CSV HEADER
WITH written AS (
    INSERT INTO district1.report (source, external_id, revision, recorded_at, withdrawn, disease, status, setting, origin,
        link, onset_day, sample_day, report_day, n, household, zone_code, geom, geocode_quality, note)
    SELECT source, external_id, revision, recorded_at, withdrawn, disease, status, setting, origin,
        link, onset_day, sample_day, report_day, n, household, zone_code,
        ST_SetSRID(ST_MakePoint(lon, lat), 4326), geocode_quality, note
    FROM report_in ORDER BY line
    ON CONFLICT (source, external_id, revision) DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM report_in) AS received, count(*) AS written FROM written
\gset

\copy district1.zone_value (zone_code, name, day, value, source, recorded_at) FROM 'zone_values.csv' CSV HEADER
ANALYZE district1.zone, district1.report, district1.zone_value;

\pset title 'What came in, and what became of it'
SELECT coalesce(outcome, 'received') AS outcome, sum(rows) AS rows
FROM (
    SELECT outcome, count(*) AS rows FROM district1.report GROUP BY outcome
    UNION ALL
    SELECT 'duplicate', :received - :written
) outcomes
GROUP BY ROLLUP (outcome)
ORDER BY grouping(outcome) DESC, rows DESC;

SELECT count(outcome) + :received - :written = :received AS nothing_lost FROM district1.report
\gset
\if :nothing_lost
\else
DO $$ BEGIN RAISE EXCEPTION 'the outcomes do not add up to the rows received'; END $$;
\endif

-- QGIS opens the layer coloured.
SELECT georisk.install_qgis_style('district1.zone_risk') \g /dev/null
