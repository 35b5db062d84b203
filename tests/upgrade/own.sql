-- What people add to a map: everything of theirs is called own_...
SET search_path = :"map", public;
GRANT USAGE ON SCHEMA :"map" TO own_reader, own_clerk, own_stranger, own_auditor;
GRANT SELECT ON zone_risk, zone_risk_history TO own_reader;
GRANT SELECT (code, tier) ON zone_risk TO own_clerk;
GRANT INSERT ON report TO own_clerk;
GRANT SELECT (report_id, outcome), UPDATE (note) ON report TO own_clerk WITH GRANT OPTION;
REVOKE ALL ON FUNCTION zone_risk_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION zone_risk_at TO own_reader, own_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA :"map" TO own_analyst, own_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA :"map" GRANT SELECT ON TABLES TO own_analyst;
ALTER TABLE report ADD own_tracer text DEFAULT 'nobody', ALTER source SET DEFAULT 'district';
COMMENT ON COLUMN report.own_tracer IS 'Who looks after the case.';
ALTER TABLE zone ADD own_number integer;
CREATE INDEX own_index ON report (own_tracer, report_day);
ALTER TABLE report ADD CONSTRAINT own_check CHECK (own_tracer <> '');
CREATE TABLE own_table (zone_code text PRIMARY KEY, phone text);
CREATE TABLE own_log (said text);
CREATE FUNCTION own_trigger() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO own_log VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME); RETURN NULL; END$$;
ALTER FUNCTION own_trigger() SET search_path FROM CURRENT;
CREATE TRIGGER own_trigger AFTER INSERT ON report FOR EACH STATEMENT EXECUTE FUNCTION own_trigger();
ALTER TABLE report ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_policy ON report TO own_clerk, own_analyst USING (own_tracer = 'nobody') WITH CHECK (true);
ALTER VIEW zone_risk SET (security_barrier = true);
CREATE VIEW own_red AS SELECT code, tier, cases, geom FROM zone_risk WHERE tier_rank >= 4;
CREATE VIEW own_late AS SELECT r.code, r.tier, t.phone FROM own_red r LEFT JOIN own_table t ON t.zone_code = r.code;
CREATE VIEW own_reports AS SELECT report_id, report_day, own_tracer, outcome, georisk.clean_text(zone_code) AS place FROM report;
CREATE FUNCTION own_function(day date) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
	SELECT sum(cases) FROM zone_risk_at(day);
END;
GRANT SELECT ON own_red, own_late TO own_reader;
