-- Tries values that nobody should send: each attempt is a statement of its own, whose outcome is noted.
CREATE SCHEMA hostile;
SET search_path = hostile, georisk, public;

CREATE TABLE attempt (
    id bigint PRIMARY KEY,
    type text NOT NULL,
    form text NOT NULL, -- text, binary (a file for COPY) or stored (bytes as they lie in a table)
    input text NOT NULL
);
CREATE TABLE outcome (attempt bigint NOT NULL, call text NOT NULL, state text, message text);
CREATE TABLE accepted (attempt bigint NOT NULL, type text NOT NULL, sent bytea NOT NULL);

-- Every base type of the extension.
CREATE VIEW extension_type AS
SELECT type.typname::text AS name, type.oid, type.typsend, type.typalign
FROM pg_depend JOIN pg_type AS type ON classid = 'pg_type'::regclass AND objid = type.oid
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND typtype = 'b'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'georisk');

CREATE VIEW extension_function AS
SELECT proc.* FROM pg_depend JOIN pg_proc AS proc ON classid = 'pg_proc'::regclass AND objid = proc.oid
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'georisk')
  AND NOT (ARRAY['internal', 'trigger', '"any"']::regtype[] && proargtypes::regtype[])
  AND prorettype NOT IN ('trigger'::regtype, 'internal'::regtype);

-- One valid expression for each type that a function may take.
CREATE TABLE sample (type text PRIMARY KEY, expression text NOT NULL);
INSERT INTO sample VALUES
    ('integer', '3'), ('bigint', '4'), ('smallint', '2'), ('numeric', '1.5'), ('boolean', 'true'),
    ('double precision', '0.5'), ('date', 'date ''2021-09-06'''), ('text', '''en'''), ('cstring', '''{}'''),
    ('jsonb', '''{}'''), ('integer[]', 'ARRAY[1, 2]'), ('double precision[]', 'ARRAY[0.5, 2]::double precision[]'),
    ('text[]', 'ARRAY[''cases'']'), ('regclass', '''pg_class''::regclass'),
    ('geometry', 'public.ST_SetSRID(public.ST_MakePoint(0.5, 0.5), 4326)');
INSERT INTO sample
SELECT type, expression
FROM (VALUES
    ('epicurve', '(SELECT epicurve_agg(date ''2021-09-01'' + i % 4, i, i::bigint * 1000) FROM generate_series(1, 6) AS i)'),
    ('value_series', '''{"2021-08-01": 71.5, "2021-08-15": -80, "2021-09-01": null}''::value_series'),
    ('zone_profile', 'profile(''as_of'', date ''2021-09-06'', ''population'', 163, ''level'', ''group'', ''cases'',
                      epicurve ''{2021-09-01:2,2021-09-04:1}'', ''contact'', true, ''dose1_pct'',
                      value_series ''{"2021-08-30": 0.125, "2021-09-02": null}'', ''opened'', date ''2021-08-01'')'),
    ('zone_index', '(SELECT zone_index_agg(i, public.ST_MakeEnvelope(i, 0, i + 1, 1, 4326)) FROM generate_series(0, 2) AS i)'),
    ('tally', '(SELECT tally_agg((SELECT zone_index_agg(i, public.ST_MakeEnvelope(i, 0, i + 1, 1, 4326))
                                  FROM generate_series(0, 2) AS i),
                                 public.ST_SetSRID(public.ST_MakePoint(i % 4 + 0.5, 0.5), 4326), date ''2021-09-01'' + i % 3, 1,
                                 i::bigint) FROM generate_series(1, 9) AS i)'),
    ('risk_policy', 'policy(''alert_counts'')'),
    ('judgement', '(SELECT judge_agg(i, NULL, NULL, profile(''cases'', epicurve ''{2021-09-01:2}'', ''population'', 100 + i),
                                     ARRAY[3 - i], ARRAY[10.0]::double precision[], ARRAY[0.0]::double precision[], NULL,
                                     policy(''alert_counts''), date ''2021-09-06'', NULL) FROM generate_series(1, 2) AS i)')
) AS made(type, expression)
WHERE type IN (SELECT name FROM extension_type);

-- What lies in memory otherwise than in a table: a tally on its way to another process, which an aggregate of one's own can keep.
CREATE AGGREGATE handed_over(zone_index, public.geometry, date) (SFUNC = tally_step, STYPE = tally, COMBINEFUNC = tally_add, PARALLEL = SAFE);
CREATE TABLE report (k integer, place integer) PARTITION BY LIST (k);
CREATE TABLE report_0 PARTITION OF report FOR VALUES IN (0);
CREATE TABLE report_1 PARTITION OF report FOR VALUES IN (1);
INSERT INTO report SELECT 0, i FROM generate_series(1, 900) AS i;
ANALYZE report;
CREATE TABLE other_form (type text NOT NULL, expression text NOT NULL);
INSERT INTO other_form VALUES
    ('tally', '(SELECT handed_over((SELECT zone_index_agg(i, public.ST_MakeEnvelope(i, 0, i + 1, 1, 4326)) FROM generate_series(0, 2) AS i),
                                   public.ST_SetSRID(public.ST_MakePoint(place % 4 + 0.5, 0.5), 4326),
                                   CASE WHEN place > 896 THEN date ''0021-09-01'' ELSE date ''2021-09-01'' + place / 4 END) FROM hostile.report)');

CREATE FUNCTION sample_of(type regtype) RETURNS text STABLE
BEGIN ATOMIC
    SELECT coalesce((SELECT expression FROM sample WHERE sample.type = regexp_replace(sample_of.type::text, '^.*[.]', '')),
                    format('NULL::%s', type));
END;

-- Calls that take a value of the type, which the calls name `value`, in one place and then in every place; and
-- aggregates such as anybody may make, which hand the value to a combine function as another process's state. The
-- steps of aggregates are called by run_nulls; outside an aggregate they have no more to say.
CREATE TABLE call (type text NOT NULL, call text NOT NULL);

CREATE FUNCTION list_calls() RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    held record;
    called record;
    arguments text[];
    places integer[];
    made integer := 0;
BEGIN
    FOR held IN SELECT * FROM extension_type LOOP
        FOR called IN SELECT DISTINCT aggcombinefn AS combine, aggfinalfn AS final FROM pg_aggregate
                      WHERE aggfnoid IN (SELECT oid FROM extension_function) AND aggtranstype = held.oid AND aggcombinefn <> 0 LOOP
            made := made + 1;
            EXECUTE format('CREATE AGGREGATE merge_%s(%s) (SFUNC = %3$s, STYPE = %2$s %4$s)', made, held.name, called.combine,
                           CASE WHEN called.final <> 0 THEN format(', FINALFUNC = %s', called.final) END);
            INSERT INTO call VALUES (held.name, format('(SELECT merge_%s(part) FROM (VALUES (value), (%s), (value)) AS parts(part))',
                                                       made, sample_of(held.oid)));
        END LOOP;
        FOR called IN SELECT * FROM extension_function
                      WHERE held.oid = ANY (proargtypes) AND provolatile <> 'v' AND NOT EXISTS (
                          SELECT FROM pg_aggregate WHERE extension_function.oid IN (aggtransfn, aggcombinefn)) LOOP
            SELECT array_agg(sample_of(arg) ORDER BY place), array_agg(place::integer) FILTER (WHERE arg = held.oid)
            INTO arguments, places FROM unnest(called.proargtypes::oid[]) WITH ORDINALITY AS given(arg, place);
            FOR i IN 1 .. cardinality(places) LOOP
                arguments[places[i]] := 'value';
                INSERT INTO call VALUES (held.name, format('%s(%s)', called.oid::regproc, array_to_string(arguments, ', ')));
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;

-- Runs a statement in a world that forgets it, and notes how it ended.
CREATE FUNCTION try(attempt bigint, call text, statement text) RETURNS boolean LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE statement;
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    INSERT INTO outcome VALUES (attempt, call, SQLSTATE, SQLERRM);
    RETURN false;
END
$$;

-- Bytes as they would lie in a table: a type whose input is bytea's, binary-coercible both ways.
CREATE FUNCTION prepare() RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    held record;
BEGIN
    FOR held IN SELECT * FROM extension_type LOOP
        EXECUTE format('CREATE TABLE value_%s (value %1$s)', held.name);
        EXECUTE format('CREATE TYPE raw_%s', held.name);
        EXECUTE format('CREATE FUNCTION raw_%s_in(cstring) RETURNS raw_%1$s LANGUAGE internal IMMUTABLE STRICT AS ''byteain''',
                       held.name);
        EXECUTE format('CREATE FUNCTION raw_%s_out(raw_%1$s) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS ''byteaout''',
                       held.name);
        EXECUTE format('CREATE TYPE raw_%s (INPUT = raw_%1$s_in, OUTPUT = raw_%1$s_out, STORAGE = external, ALIGNMENT = %s)',
                       held.name, CASE held.typalign WHEN 'd' THEN 'double' ELSE 'int4' END);
        EXECUTE format('CREATE CAST (raw_%s AS %1$s) WITHOUT FUNCTION', held.name);
        EXECUTE format('CREATE CAST (%s AS raw_%1$s) WITHOUT FUNCTION', held.name);
    END LOOP;
    PERFORM list_calls();
END
$$;

-- What was accepted must come out again: as text, and the same through text and through binary.
CREATE FUNCTION check_round_trip(this attempt) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    send regproc := (SELECT typsend FROM extension_type WHERE name = this.type);
    sent bytea;
    again bytea;
BEGIN
    EXECUTE format('SELECT %s(value), %1$s(value::text::%s) FROM value_%2$s', send, this.type) INTO sent, again;
    IF sent IS DISTINCT FROM again THEN
        INSERT INTO outcome VALUES (this.id, 'round trip', 'differs', encode(sent, 'hex'));
    END IF;
    INSERT INTO accepted VALUES (this.id, this.type, sent);
EXCEPTION WHEN OTHERS THEN
    -- Stored bytes may turn out to be corrupt only now; what was let in by text or binary may not.
    INSERT INTO outcome VALUES (this.id, CASE this.form WHEN 'stored' THEN 'out' ELSE 'round trip' END, SQLSTATE, SQLERRM);
END
$$;

CREATE PROCEDURE run_attempts(only_type text, only_form text, after bigint) LANGUAGE plpgsql AS
$$
DECLARE
    this attempt;
    next record;
BEGIN
    FOR this IN SELECT * FROM attempt WHERE type = only_type AND form = only_form AND id > after ORDER BY id LOOP
        RAISE LOG 'hostile attempt % at % as %', this.id, this.type, this.form;
        IF try(this.id, 'in',
               CASE this.form
                   WHEN 'text' THEN format('INSERT INTO value_%s VALUES (%L)', this.type, convert_from(decode(this.input, 'hex'), 'UTF8'))
                   WHEN 'stored' THEN format('INSERT INTO value_%s VALUES (CAST(raw_%1$s %L AS %1$s))', this.type, '\x' || this.input)
                   ELSE format('COPY value_%s FROM %L (FORMAT binary)', this.type, this.input)
               END) THEN
            PERFORM check_round_trip(this);
            FOR next IN SELECT call FROM call WHERE type = this.type LOOP
                PERFORM try(this.id, next.call, format('SELECT %s FROM value_%s', next.call, this.type));
            END LOOP;
            EXECUTE format('TRUNCATE value_%s', this.type);
        END IF;
    END LOOP;
END
$$;

-- Every function with NULL in each place in turn, and in all; what it would change is forgotten.
CREATE PROCEDURE run_nulls() LANGUAGE plpgsql AS
$$
DECLARE
    called record;
    arguments text[];
    nulls text[];
BEGIN
    FOR called IN SELECT * FROM extension_function WHERE pronargs > 0 ORDER BY oid::regprocedure::text LOOP
        SELECT array_agg(sample_of(arg) ORDER BY place), array_agg(format('NULL::%s', arg::regtype) ORDER BY place)
        INTO arguments, nulls FROM unnest(called.proargtypes::oid[]) WITH ORDINALITY AS given(arg, place);
        FOR i IN 0 .. called.pronargs LOOP
            RAISE LOG 'hostile NULL % in %', i, called.oid::regprocedure;
            BEGIN
                EXECUTE format('SELECT %s(%s)', called.oid::regproc,
                               array_to_string(CASE i WHEN 0 THEN nulls
                                               ELSE arguments[:i - 1] || nulls[i] || arguments[i + 1:] END, ', '));
                RAISE EXCEPTION USING ERRCODE = 'ZZ999';
            EXCEPTION WHEN SQLSTATE 'ZZ999' THEN
                NULL;
            WHEN OTHERS THEN
                INSERT INTO outcome VALUES (0, format('%s with NULL %s', called.oid::regprocedure, i), SQLSTATE, SQLERRM);
            END;
        END LOOP;
    END LOOP;
END
$$;

-- Errors of classes 22 (data), 42 (syntax, access), 54 (limits), 0A (not supported), 3F (no such map), 55 (state) and
-- P0 (raised by a function in SQL) are clean, and so is 08P01, which PostgreSQL itself says of binary input that ends too
-- early. XX001 says that stored bytes are corrupt, and only stored bytes may be. All else is a fault of ours; one is
-- known: the steps of judge_agg, called outside of it, say so as an internal error.
CREATE VIEW fault AS
SELECT outcome.*, attempt.type, attempt.form, attempt.input
FROM outcome LEFT JOIN attempt ON attempt.id = outcome.attempt
WHERE call = 'round trip'
   OR NOT (message ~ '^judge_agg_(add|combine) is called by judge_agg only$'
           OR state SIMILAR TO '(22|42|54|0A|3F|55|P0)___'
           OR (state = '08P01' AND form = 'binary' AND call = 'in')
           OR (state = 'XX001' AND form = 'stored'));

SELECT prepare();
