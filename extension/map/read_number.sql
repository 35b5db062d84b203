CREATE FUNCTION read_number(value text, decimal_comma boolean DEFAULT false) RETURNS double precision
AS 'MODULE_PATHNAME', 'georisk_read_number'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION read_number(text, boolean) IS
'The number that a text means: digits with a sign or without, a decimal point (where decimal_comma is true also a comma) and an exponent or none; NULL where it is anything else, too large, or longer than 63 bytes. Thousands have no separators. No setting and no locale has a say.';
