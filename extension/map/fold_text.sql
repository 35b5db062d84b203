CREATE FUNCTION fold_text(value text) RETURNS text
AS 'MODULE_PATHNAME', 'georisk_fold_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION fold_text(text) IS
'A name without what people vary when they type it: case, diacritics in either form of Unicode, đ for d, white space and punctuation, leading zeros. Words and numbers stand one space apart, so that ''Tổ 05'', ''TO-5'' and ''to5'' fold alike and ''1-12'' and ''11-2'' do not. Aliases of zones are compared in this form. Folding what is folded changes nothing. In a database whose encoding is not UTF8 only ASCII letters are folded.';
