-- Dates are read by the formats that a source declares and by nothing else, whatever the session's settings.
SET search_path = georisk, public;
SET timezone = 'America/Los_Angeles';
SET datestyle = 'SQL, MDY';
SELECT value, formats, to_char(read_day(value, formats::text[], 'Asia/Ho_Chi_Minh'), 'YYYY-MM-DD') AS day FROM (VALUES
	('2021-09-01', '{YYYY-MM-DD}'), ('01/09/2021', '{YYYY-MM-DD}'), ('01/09/2021', '{DD/MM/YYYY}'), ('1/9/2021', '{DD/MM/YYYY}'),
	('09/01/2021', '{MM/DD/YYYY}'), ('1/9/21', '{DD/MM/YYYY,DD/MM/YY}'), ('20210901', '{YYYYMMDD}'), ('2021901', '{YYYYMMDD}'),
	('29/02/2020', '{DD/MM/YYYY}'), ('29/02/2021', '{DD/MM/YYYY}'), ('31/04/2021', '{DD/MM/YYYY}'), ('00/01/2021', '{DD/MM/YYYY}'),
	('01/09/0021', '{DD/MM/YYYY}'), ('01/09/0000', '{DD/MM/YYYY}'), ('01/09/2021 ', '{DD/MM/YYYY}'), ('x01/09/2021', '{DD/MM/YYYY}'),
	('01/09/2021 7:05', '{DD/MM/YYYY HH:MI}'), ('2021-09-01 24:00', '{YYYY-MM-DD HH:MI}'), ('2021-09-01 23:59:60.5', '{YYYY-MM-DD HH24:MI:SS}'),
	('today', '{YYYY-MM-DD}'), ('infinity', '{YYYY-MM-DD}'), ('', '{YYYY-MM-DD}'), ('ngày 1 tháng 9', '{ngày DD tháng MM}'),
	('ngày 1 tháng 9 năm 2021', '{ngày DD tháng MM năm YYYY}'), ('2021-09-01', '{}')) given (value, formats);

-- An instant's day is the local one: half an hour around midnight in Ho Chi Minh City, a year's end, a leap day.
SELECT value, to_char(read_day(value, '{YYYY-MM-DDTHH:MI:SSTZ}', 'Asia/Ho_Chi_Minh'), 'YYYY-MM-DD') AS day FROM (VALUES
	('2021-09-01T16:59:59.999999Z'), ('2021-09-01T17:00:00Z'), ('2021-12-31T17:00:00Z'), ('2020-02-28T17:00:00Z'),
	('2021-09-01T23:59:59+07'), ('2021-09-02T00:00:00+0700'), ('2021-09-01T10:00:00-07:00'), ('2021-09-01T09:59:59-07:00'),
	('2021-09-01T10:00:00'), ('2021-09-01T10:00:00+99')) given (value);
SELECT read_day('2021-09-01T10:00:00Z', '{YYYY-MM-DDTHH:MI:SSTZ}', 'Asia/Nowhere');

-- every day of four centuries, there and back, against to_char
SELECT count(*), bool_and(read_day(to_char(day, 'DD.MM.YYYY'), '{DD.MM.YYYY}', 'UTC') = day) AS same
FROM (SELECT date '1900-01-01' + i AS day FROM generate_series(0, 146097) i) days;

-- formats that are none, and two that contradict each other
SELECT check_day_formats('{DD/MM/YYYY,YYYY-MM-DD,DD/MM/YY,DD/MM/YYYY HH:MI}');
SELECT check_day_formats('{}');
SELECT check_day_formats('{DD/MM}');
SELECT check_day_formats('{DD/DD/MM/YYYY}');
SELECT check_day_formats('{YYYY/YY/MM/DD}');
SELECT check_day_formats('{YYYY-MM-DD MI}');
SELECT check_day_formats('{"DD/MM/20YY"}');
SELECT check_day_formats('{YYYY-MM-DD,NULL}');
SELECT check_day_formats('{DD/MM/YYYY,YYYY-MM-DD,MM/DD/YYYY}');
SELECT check_day_formats('{DDMMYY,YYMMDD}');
