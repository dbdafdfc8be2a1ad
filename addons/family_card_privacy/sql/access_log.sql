-- The log is written once. Only the clean-up after the retention time, which says so in its transaction, may delete.
CREATE OR REPLACE FUNCTION family_access_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('family_card_privacy.retention', true) = 'over' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the access log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'family_access_log_append_only') THEN
        CREATE TRIGGER family_access_log_append_only BEFORE UPDATE OR DELETE ON family_access_log
            FOR EACH ROW EXECUTE FUNCTION family_access_log_append_only();
        CREATE TRIGGER family_access_log_no_truncate BEFORE TRUNCATE ON family_access_log
            FOR EACH STATEMENT EXECUTE FUNCTION family_access_log_append_only();
    END IF;
END $$;
