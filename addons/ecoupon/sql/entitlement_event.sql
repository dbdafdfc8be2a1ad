-- The log of entitlements is written once (R-000-31).
CREATE OR REPLACE FUNCTION ecoupon_entitlement_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of entitlements is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE TRIGGER ecoupon_entitlement_event_append_only BEFORE UPDATE OR DELETE ON ecoupon_entitlement_event
    FOR EACH ROW EXECUTE FUNCTION ecoupon_entitlement_event_append_only();
CREATE OR REPLACE TRIGGER ecoupon_entitlement_event_no_truncate BEFORE TRUNCATE ON ecoupon_entitlement_event
    FOR EACH STATEMENT EXECUTE FUNCTION ecoupon_entitlement_event_append_only();
