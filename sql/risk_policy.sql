-- A policy is the text that was given: stored, dumped and compared as text, and refused where it does not parse.
CREATE SCHEMA test_risk_policy;
SET search_path = test_risk_policy, georisk, public;
SET datestyle = ISO;
SET client_min_messages = warning;

CREATE TABLE rule_text (id integer, rule risk_policy);
INSERT INTO rule_text VALUES (1, 'POLICY two_tiers
TITLE ''Two tiers''  vi ''Hai cấp''   -- the spacing and this remark are kept
TIERS  green ''quiet'' vi ''yên'' ''#1a9641'',  red ''busy'' vi ''bận'' ''#d7191c''
COUNT  cases
BASE
  red    WHEN cases IN 7 days >= 1
  green  OTHERWISE
');
SELECT rule FROM rule_text;

-- What is written as text or in binary is read as the same value.
SELECT rule::text::risk_policy = rule AS same_by_text FROM rule_text;
COPY rule_text TO STDOUT (FORMAT binary) \g build/regress/results/risk_policy.bin
\copy rule_text FROM 'build/regress/results/risk_policy.bin' (FORMAT binary)
SELECT count(*), bool_and(a.rule = b.rule) AS same_by_binary FROM rule_text a, rule_text b;
SELECT rule = replace(rule::text, 'Two tiers', 'Two  tiers')::risk_policy AS other_spacing_is_another_policy,
       rule <> replace(rule::text, 'Two tiers', 'Two  tiers')::risk_policy AS differs
  FROM rule_text WHERE rule IS NOT NULL LIMIT 1;

-- Legends and styles read the tiers, importers read the inputs.
SELECT t.* FROM (SELECT rule FROM rule_text LIMIT 1) r, policy_tiers(r.rule) t;
SELECT t."position", t.tier_label FROM (SELECT rule FROM rule_text LIMIT 1) r, policy_tiers(r.rule, 'vi') t;
SELECT i.* FROM (SELECT rule FROM rule_text LIMIT 1) r, policy_inputs(r.rule) i;
SELECT * FROM policy_inputs(policy('vn_hcmc_2716_2021'));
SELECT * FROM policy_tiers(policy('vn_hcmc_2716_2021'), 'vi');

-- Shipped policies.
SELECT name, confidence, valid_from, valid_to, title IS NOT NULL AND title_vi IS NOT NULL AND source IS NOT NULL AS documented
  FROM policies ORDER BY name;
SELECT count(*) AS every_one_can_be_described
  FROM policies, unnest('{en,vi}'::text[]) lang WHERE length(describe_policy(policy(name), lang)) > 100;
SELECT policy('alert_counts') = policy('alert_counts', '{}') AS no_parameter_no_change,
       policy('alert_counts', '{"red": 5}') <> policy('alert_counts') AS parameter_changes_the_text;

-- Errors.
SELECT policy('no_such_policy');
SELECT policy('alert_counts', '{"window": 7}');
SELECT policy('alert_counts', '{"days": "a week"}');
SELECT policy('alert_counts', '{"days": 0}');
SELECT policy('alert_counts', '{"days": [7]}');
SELECT policy('alert_counts', '[7]');
SELECT policy(NULL) IS NULL AS null_gives_null;
SELECT describe_policy(policy('alert_counts'), 'fr');
SELECT 'POLICY x
TIERS green, red
COUNT cases
BASE
  red   WHEN death IN 7 days >= 1
  green OTHERWISE'::risk_policy;
SELECT 'POLICY x
TIERS green, red
COUNT cases
BASE
  blue  WHEN cases IN 7 days >= 1
  green OTHERWISE'::risk_policy;
SELECT 'POLICY x
TIERS green, red
COUNT cases
BASE
  red   WHEN cases IN 7 days >= 1'::risk_policy;
SELECT 'POLICY x
TIERS green, yellow, red
COUNT cases
BASE
  red    WHEN cases IN 7 days >= 1
  yellow WHEN cases IN 7 days >= 1
  green  OTHERWISE'::risk_policy;
SELECT ''::risk_policy;

-- Mutated text, binary and stored bytes: an error or a value, never a crash.
CREATE TABLE received (value risk_policy);
CREATE FUNCTION receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    path text := current_setting('data_directory') || '/mutated_risk_policy';
BEGIN
    EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, path);
    EXECUTE format('COPY received FROM %L (FORMAT binary)', path);
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN sqlstate LIKE '22%' OR sqlstate LIKE '42%' OR sqlstate IN ('08P01', '54000') THEN 'refused' ELSE sqlstate || ' ' || sqlerrm END;
END $$;
CREATE TYPE raw_bytes;
CREATE FUNCTION raw_in(cstring) RETURNS raw_bytes AS 'byteain' LANGUAGE internal IMMUTABLE STRICT;
CREATE FUNCTION raw_out(raw_bytes) RETURNS cstring AS 'byteaout' LANGUAGE internal IMMUTABLE STRICT;
CREATE TYPE raw_bytes (INPUT = raw_in, OUTPUT = raw_out, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (raw_bytes AS risk_policy) WITHOUT FUNCTION;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE query INTO result;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN sqlstate LIKE '22%' OR sqlstate LIKE '42%' OR sqlstate IN ('XX001', '54000') THEN 'refused' ELSE sqlstate || ' ' || sqlerrm END;
END $$;
CREATE TABLE sample AS SELECT policy('vn_hcmc_2716_2021') AS value;
SELECT receive(substr(risk_policy_send(value), 1, length)) AS truncated, count(*)
  FROM sample, generate_series(0, 200) length GROUP BY 1 ORDER BY 1;
SELECT receive(set_byte(bytes, (i * 7919) % length(bytes), (i * 104729) % 256)) AS mutated_binary, count(*) > 0 AS some
  FROM (SELECT risk_policy_send(value) AS bytes FROM sample) s, generate_series(1, 1000) i GROUP BY 1 ORDER BY 1;
SELECT count(*) > 0 AS some_accepted, bool_and(value::text::risk_policy::text = value::text) AS and_whole FROM received;
SELECT outcome(format('SELECT %L::risk_policy', overlay(text PLACING substr('{}[]"'':,-0f9 BW', i % 15 + 1, 1) FROM (i * 7919) % length(text) + 1 FOR i % 3))) AS mutated_text, count(*) > 0 AS some
  FROM (SELECT value::text AS text FROM sample) s, generate_series(1, 300) i GROUP BY 1 ORDER BY 1;
SELECT outcome(format('SELECT describe_policy(%L::raw_bytes::risk_policy)', set_byte(bytes, (i * 7919) % length(bytes), (i * 104729) % 256))) AS mutated_stored, count(*) > 0 AS some
  FROM (SELECT '\x01000000'::bytea || convert_to(value::text, 'UTF8') AS bytes FROM sample) s, generate_series(1, 300) i GROUP BY 1 ORDER BY 1;
SELECT outcome('SELECT describe_policy(''\x''::raw_bytes::risk_policy)') AS empty, outcome('SELECT (''\x0100''::raw_bytes::risk_policy)::text') AS short;

-- What is written in small letters, in capitals.
SELECT 'POLICY p COUNT c BASE red WHEN c IN 7 days > 0 green OTHERWISE NOT BELOW PREVIOUS'::risk_policy;
SELECT 'POLICY p COUNT c BASE red WHEN c IN 7 days > 0 green OTHERWISE NOT BELOW PARENT'::risk_policy;
SELECT 'POLICY p COUNT c BASE red WHEN c IN 7 days > 0 green OTHERWISE NOT BELOW MEAN'::risk_policy;


-- What a description says of the tiers and of what has to be so of the parameters, by their names and whatever they are set to.
SELECT said FROM regexp_split_to_table(describe_policy(
    'POLICY p TIERS few AS none en ''too few to say'' vi ''quá ít'', green, red, dark_red COUNT cases PARAMETER low 2 PARAMETER high 5
     REQUIRE low < high <= 3 * (low + 1) REQUIRE NOT high = 7 OR low > 1 BASE few WHEN cases IN 7 days < low red WHEN cases IN 7 days > high green OTHERWISE'), E'\n') said
 WHERE said ~ 'iers|rder|must';
SELECT said FROM regexp_split_to_table(describe_policy(policy('us_ma_2020'), 'vi') || describe_policy(policy('alert_counts', '{"red": 9}'), 'vi'), E'\n') said
 WHERE said ~ 'mức|phải';
