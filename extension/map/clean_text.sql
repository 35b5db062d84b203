CREATE FUNCTION clean_text(value text) RETURNS text
AS 'MODULE_PATHNAME', 'georisk_clean_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION clean_text(text) IS
'The text as people mean it: in Unicode''s composed form (NFC; only where the database''s encoding is UTF8), without white space, no-break spaces and byte order marks around it. Zone codes and household names are compared in this form, byte by byte, and kept as they were typed.';
