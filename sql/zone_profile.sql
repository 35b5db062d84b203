-- profile(...) keeps what is known of a zone exactly, under its name; what is wrong is refused by name; a sum of
-- two zones knows what both know.
SET search_path = georisk, public;

SELECT profile('as_of', date '2021-09-06', 'population', 163, 'households', 44::bigint, 'level', 'group',
               'cases', epicurve '{2021-09-01:2,2021-09-04:1}', 'contact', true, 'dose1_pct', 71.50,
               'care_met', value_series '{"2021-08-30": true}', 'opened', date '2021-08-01',
               'note', E'say "hi"\n\\', 'tests', NULL, 'deaths', NULL::epicurve) AS everything;
SELECT profile() AS nothing, profile('as_of', NULL, 'complete_until', NULL, 'population', NULL) AS not_given;

-- However it was made, the same profile is the same value.
SELECT profile('b', 1, 'a', 2.0) = profile('a', 2, 'b', 1.00) AS order_and_zeros,
       profile('as_of', '2021-09-06') = profile('as_of', date '2021-09-06') AS day_as_text,
       profile('x', 1) = profile('x', '1') AS number_is_not_text,
       profile('x', NULL) = profile() AS missing_is_not_absent,
       profile('x', '{2021-09-01:1}'::epicurve) = profile('x', '{2021-09-01:1}') AS curve_is_not_text,
       profile(VARIADIC ARRAY['a', 'b']) = profile('a', 'b') AS as_array;

-- Text, jsonb and binary lose nothing.
CREATE TEMP TABLE zone AS
SELECT i AS zone_id,
       profile('as_of', date '2021-09-06', 'population', i * 10, 'level', 'group' || i % 3, 'contact', i % 2 = 0,
               'cases', (SELECT epicurve_agg(date '2021-09-01' + (i * k) % 9) FROM generate_series(1, i) AS k),
               'dose1_pct', (SELECT value_series_agg(date '2021-08-01' + k, (i * k) / 7.0)
                             FROM generate_series(1, i) AS k),
               'day', date '2021-01-01' + i, 'note', repeat('ế"', i), 'same', 1, 'tests', NULL) AS profile
FROM generate_series(1, 40) AS i;
SELECT bool_and(profile::text::zone_profile = profile) AS text,
       bool_and(profile::jsonb::zone_profile = profile) AS jsonb FROM zone;
\set file `echo "$GEORISK_SERVER_DIR"`/zone_profile.bin
CREATE TEMP TABLE copied (LIKE zone);
COPY zone TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
SELECT count(*), bool_and(zone.profile = copied.profile) AS binary FROM zone JOIN copied USING (zone_id);
SET DateStyle = 'German, DMY';
SELECT profile('d', date '0044-03-15 BC', 'n', -0.000000000000000000000000000000000001);
RESET DateStyle;

-- From jsonb, an epicurve in any of its forms.
SELECT '{"as_of": "2021-09-06", "cases": {"epicurve": {"2021-09-01": 3}}, "contact": true}'::jsonb::zone_profile
     = profile('as_of', '2021-09-06', 'cases', epicurve '{2021-09-01:3}', 'contact', true) AS same;

-- Sums: curves and denominators add, complete_until is the earlier day, the rest must agree.
SELECT profile('as_of', '2021-09-06', 'population', 100, 'households', 30, 'complete_until', '2021-09-05',
               'level', 'group', 'cases', epicurve '{2021-09-01:2}', 'contact', true, 'dose1_pct', 71.5, 'left', 1)
     + profile('as_of', '2021-09-06', 'population', 63, 'complete_until', '2021-09-04',
               'level', 'group', 'cases', epicurve '{2021-09-01:1,2021-09-03:1}', 'contact', false, 'dose1_pct', 71.50)
       AS ward;
SELECT bool_and(a.profile + b.profile = b.profile + a.profile) AS commutes,
       bool_and((a.profile + b.profile) + c.profile = a.profile + (b.profile + c.profile)) AS associates,
       bool_and(profile_add(a.profile, b.profile) = a.profile + b.profile) AS twin
FROM zone a, zone b, zone c WHERE a.zone_id < 12 AND b.zone_id % 7 = 0 AND c.zone_id % 9 = 0;
-- Three cases stay three cases beside a zone without reports, and are no zero beside one that was not asked.
SELECT profile('cases', epicurve '{2021-09-05:3}') + profile('cases', NULL::epicurve) AS no_reports_there,
       profile('cases', epicurve '{2021-09-05:3}') + profile('as_of', '2021-09-06') AS not_asked_there,
       profile('cases', epicurve '{2021-09-05:3}') + profile('cases', 3) AS not_a_curve_there;
SELECT profile('complete_until', '2021-09-05') + profile() AS still_incomplete;
SELECT at_day(profile('as_of', '2021-09-06', 'x', 1), '2021-09-08') AS moved, at_day(profile(), '2021-09-08') AS set;

-- What is refused, and how it is said.
SELECT profile('population');
SELECT profile('population', 1, 'population', 2);
SELECT profile(NULL, 1);
SELECT profile('', 1);
SELECT profile(1, 2);
SELECT profile('population', -1);
SELECT profile('population', 1.5);
SELECT profile('households', 'many');
SELECT profile('as_of', 'yesterday');
SELECT profile('as_of', 5);
SELECT profile('as_of', date 'infinity');
SELECT profile('level', 3);
SELECT profile('dose1_pct', 71.5::double precision);
SELECT profile('seen', timestamp '2021-09-06 12:00');
SELECT profile('where', point '(1,2)');
SELECT profile('dose1_pct', 'NaN'::numeric);
SELECT profile('x', ('1' || repeat('0', 36))::numeric);
SELECT profile(repeat('x', 256), 1);
SELECT profile('population', 9223372036854775807) + profile('population', 1);
SELECT at_day(profile(), 'infinity');
SELECT zone_profile '{"cases": {"2021-09-01": 3}}';
SELECT zone_profile '{"cases": {"epicurve": 3}}';
SELECT zone_profile '{"cases": [1]}';
SELECT zone_profile '[]';
SELECT zone_profile '{"x": {"date": "2021-13-01"}}';
SELECT zone_profile '{"population": "many"}';
