-- Real reports and real districts into the schema `germany`; run from the folder of the checkout.
CREATE SCHEMA germany;

CREATE TEMP TABLE zone_in (area_id text, name text, area_km2 numeric, population integer, wkt_km text);
\copy zone_in FROM 'demo/germany_imd/zones.csv' CSV HEADER
CREATE TEMP TABLE report_in (case_id integer, day_since_20011231 numeric, onset_date date, x_km float8, y_km float8, x_epsg3035 float8, y_epsg3035 float8, reported_tile text, finetype text, sex text, agegrp text);
\copy report_in FROM 'demo/germany_imd/reports.csv' CSV HEADER

CREATE TABLE germany.zone (
    zone_id integer PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    population integer NOT NULL,
    geom geometry(MultiPolygon, 3035) NOT NULL
);
INSERT INTO germany.zone
SELECT row_number() OVER (ORDER BY area_id COLLATE "C"), area_id, name, population,
       ST_SetSRID(ST_Scale(ST_GeomFromText(wkt_km), 1000, 1000), 3035)
FROM zone_in;

CREATE TABLE germany.report (
    report_id integer PRIMARY KEY,
    day date NOT NULL,
    finetype text NOT NULL,
    geom geometry(Point, 3035) NOT NULL
);
INSERT INTO germany.report
SELECT case_id, onset_date, finetype, ST_SetSRID(ST_MakePoint(x_epsg3035, y_epsg3035), 3035)
FROM report_in;

DROP TABLE zone_in, report_in;
