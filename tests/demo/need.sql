-- What a user of District 1 relies on: each line prints what was found, and stops where it is wrong.
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.need(what text, got text, ok boolean) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF ok IS NOT TRUE THEN
        RAISE EXCEPTION 'District 1: %: %', what, got;
    END IF;
    RETURN format('district 1: %s: %s', what, got);
END
$$;

CREATE TEMP TABLE diary (day date, clock text, what text, source text, file text, options text, complete_until date,
    received integer, duplicate integer, rejected integer, sha256 text);
\copy diary FROM 'diary.csv' CSV HEADER
