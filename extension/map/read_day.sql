CREATE FUNCTION read_day(value text, formats text[], timezone text) RETURNS date
AS 'MODULE_PATHNAME', 'georisk_read_day'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION read_day(text, text[], text) IS
'The day that a text means, by the first of the formats that fits all of it; NULL where none does. A format is made of YYYY (four digits) or YY (two, 2000 to 2099), MM, DD (one or two digits) and, where there is a clock time, HH or HH24, MI, SS (with a fraction or without) and TZ (Z, +07, +0700 or +07:00); every other character stands for itself. With TZ the text is an instant and its day the one in the time zone given; without, it is the day as written. No setting has a say.';

CREATE FUNCTION check_day_formats(formats text[]) RETURNS boolean
AS 'MODULE_PATHNAME', 'georisk_check_day_formats'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION check_day_formats(text[]) IS
'Internal, the check on date formats in the table source of a map: an error where one is not a format of read_day, or where two read the same text as two different days, as DD/MM/YYYY and MM/DD/YYYY do; false where there is none.';
