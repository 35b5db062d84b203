-- A test file drops its maps at its end: what is wrong with their receipts is kept for tests/each_test.
CREATE TABLE IF NOT EXISTS wrong_before_drop (receipt text);
CREATE OR REPLACE FUNCTION look_before_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	INSERT INTO wrong_before_drop SELECT wrong_receipts();
END
$$;
DROP EVENT TRIGGER IF EXISTS look_before_drop;
CREATE EVENT TRIGGER look_before_drop ON ddl_command_start WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION look_before_drop();
ALTER EVENT TRIGGER look_before_drop ENABLE ALWAYS;
