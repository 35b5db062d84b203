CREATE FUNCTION clean_text(value text) RETURNS text
AS 'MODULE_PATHNAME', 'georisk_clean_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION clean_text(text) IS
'Internal. The text as people mean it, for all rooms: in Unicode''s composed form (NFC), without what is white space in Unicode, zero-width spaces and byte order marks around it. Where the database''s encoding is not UTF8, without ASCII white space around it. Blank text gives the empty text. Zone codes and household names are compared in this form, byte by byte, and kept as they were typed.';
