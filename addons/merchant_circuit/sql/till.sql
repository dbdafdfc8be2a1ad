-- The till contract's money side. Callers run in READ COMMITTED. Order of locks everywhere:
-- card, then transaction, then account; so no two calls can wait for each other in a circle.

CREATE SEQUENCE IF NOT EXISTS circuit_transaction_reference;

CREATE OR REPLACE FUNCTION circuit_outcome(p_outcome text, t circuit_transaction)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'outcome', p_outcome, 'id', t.id, 'key', t.key, 'kind', t.kind, 'state', t.state,
        'amount', round(t.amount, 2)::text, 'eligible', round(t.eligible_total, 2)::text,
        'balance', round(t.balance_after, 2)::text, 'reference', t.reference, 'account_id', t.account_id,
        'holder_mask', t.holder_mask, 'instrument_model', t.instrument_model,
        'instrument_id', t.instrument_id, 'funder_id', t.funder_id,
        'origin_key', (SELECT o.key FROM circuit_transaction o WHERE o.id = t.origin_id),
        'expires_at', to_char(t.expires_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
$$;

CREATE OR REPLACE FUNCTION circuit_refused(p_code text, p_limit numeric DEFAULT NULL, p_until timestamp DEFAULT NULL)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('outcome', 'refused', 'code', p_code, 'limit', p_limit::text,
                              'until', to_char(p_until, 'YYYY-MM-DD"T"HH24:MI:SS'))
$$;

-- What a refusal tells of the account: what is left on it, and how much of that may be spent now.
CREATE OR REPLACE FUNCTION circuit_left(p_left numeric, p_room numeric)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('left', p_left::text, 'room', p_room::text)
$$;

-- A key that is known already: the same request gets the same answer, any other one a refusal.
-- NULL when the key is new.
CREATE OR REPLACE FUNCTION circuit_replay(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    t circuit_transaction;
BEGIN
    SELECT * INTO t FROM circuit_transaction WHERE key = p->>'key';
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF t.merchant_id <> (p->>'merchant_id')::integer THEN
        RETURN circuit_refused('KEY_CONFLICT');
    ELSIF t.state IN ('voided', 'expired') THEN
        RETURN circuit_refused('KEY_USED');
    ELSIF t.fingerprint IS DISTINCT FROM p->>'fingerprint' THEN
        RETURN circuit_refused('KEY_CONFLICT');
    END IF;
    RETURN circuit_outcome('replay', t);
END $$;

-- What already pays the same goods of the same order at a shop; p_at less a day, for a till may give a name again. Until
-- the end of the database transaction nothing else is decided about this order: two coupons at once do not miss each
-- other. A function, because the second statement has to see what was committed while the first one waited.
CREATE OR REPLACE FUNCTION circuit_order_payments(
    p_merchant integer, p_order text, p_key text, p_digest text, p_at timestamp
) RETURNS TABLE (model text, instrument integer, amount text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('circuit order ' || p_merchant || ' ' || p_order, 0));
    RETURN QUERY
    SELECT t.instrument_model::text, t.instrument_id, t.amount::text FROM circuit_transaction t
     WHERE t.order_ref = p_order AND t.merchant_id = p_merchant AND t.kind = 'payment' AND t.key <> p_key
       AND t.state IN ('authorized', 'captured') AND t.lines_digest = p_digest
       AND t.authorized_at > p_at - interval '1 day'
       AND NOT EXISTS (SELECT FROM circuit_transaction r WHERE r.origin_id = t.id AND r.state = 'captured')
     ORDER BY t.id;
END $$;

-- Writes the held transaction; NULL when the key was taken meanwhile. p as for circuit_hold.
CREATE OR REPLACE FUNCTION circuit_open(
    p jsonb, p_account integer, p_funder integer, p_grant numeric, p_balance numeric
) RETURNS circuit_transaction LANGUAGE plpgsql AS $$
DECLARE
    t circuit_transaction;
    v_at timestamp := (p->>'at')::timestamp;
    v_uid integer := (p->>'uid')::integer;
BEGIN
    INSERT INTO circuit_transaction (key, kind, state, fingerprint, lines_digest, instrument_model,
        instrument_id, holder_mask, account_id, funder_id, merchant_id, agreement_id, category_id, channel,
        place_id, terminal, session_ref, order_ref, purchase_total, eligible_total, amount, balance_after,
        authorized_at, expires_at, reference, user_id, company_id, currency_id, health_card_seen,
        identity_seen, create_uid, create_date, write_uid, write_date)
    VALUES (p->>'key', 'payment', 'authorized', p->>'fingerprint', p->>'lines_digest',
        p->>'instrument_model', (p->>'instrument_id')::integer, p->>'holder_mask', p_account, p_funder,
        (p->>'merchant_id')::integer, (p->>'agreement_id')::integer, (p->>'category_id')::integer,
        p->>'channel', (p->>'place_id')::integer, p->>'terminal', p->>'session_ref', p->>'order_ref',
        (p->>'purchase_total')::numeric, (p->>'eligible_total')::numeric, p_grant,
        p_balance, v_at, v_at + make_interval(mins => (p->>'hold_minutes')::integer),
        lpad(nextval('circuit_transaction_reference')::text, 6, '0'), v_uid,
        (p->>'company_id')::integer, (p->>'currency_id')::integer,
        coalesce((p#>>'{documents,health_card}')::boolean, false),
        coalesce((p#>>'{documents,identity}')::boolean, false), v_uid, now() AT TIME ZONE 'UTC', v_uid, now() AT TIME ZONE 'UTC')
    ON CONFLICT (key) DO NOTHING RETURNING * INTO t;
    RETURN t;
END $$;

-- R-004-75, R-004-76, R-004-83: account locked first, key looked up second, then the grant. p.room, where
-- given, is the most that a rule of the instrument leaves now, computed under the same lock (A05).
CREATE OR REPLACE FUNCTION circuit_hold(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    t circuit_transaction;
    v_account integer := (p->>'account_id')::integer;
    v_at timestamp := (p->>'at')::timestamp;
    v_ceiling numeric := (p->>'ceiling')::numeric;
    v_requested numeric := (p->>'requested')::numeric;
    v_uid integer := (p->>'uid')::integer;
    v_available numeric;
    v_limit numeric;
    v_grant numeric;
    v_from timestamp;
    v_funder integer;
    v_replay jsonb;
BEGIN
    SELECT funder_id INTO v_funder FROM stored_value_account WHERE id = v_account FOR NO KEY UPDATE;
    v_replay := circuit_replay(p);
    IF v_replay IS NOT NULL THEN
        RETURN v_replay;
    END IF;
    v_available := stored_value_available(v_account, v_at);
    IF v_available <= 0 THEN
        SELECT min(available_from) INTO v_from FROM stored_value_lot
         WHERE account_id = v_account AND remaining > 0 AND available_from > v_at;
        RETURN CASE WHEN v_from IS NULL THEN circuit_refused('NO_CREDIT') || circuit_left(0, 0)
                    ELSE circuit_refused('NOT_YET', NULL, v_from) END;
    END IF;
    v_limit := least(v_available, (p->>'room')::numeric);
    IF v_limit <= 0 OR v_requested > v_limit
       OR (v_requested IS NULL AND p->>'insufficient' = 'refuse' AND v_ceiling > v_limit) THEN
        RETURN circuit_refused('ACCOUNT_LIMIT', v_limit) || circuit_left(v_available, v_limit);
    END IF;
    v_grant := coalesce(v_requested, least(v_ceiling, v_limit));
    IF v_grant <= 0 THEN
        RETURN circuit_refused('NO_CREDIT');
    END IF;
    t := circuit_open(p, v_account, v_funder, v_grant, v_available - v_grant);
    IF t.id IS NULL THEN  -- the key was taken meanwhile, by a void or at another account
        RETURN coalesce(circuit_replay(p), circuit_refused('KEY_CONFLICT'));
    END IF;
    PERFORM stored_value_debit(v_account, v_grant, t.key, v_at, p->>'memo', v_uid);
    RETURN circuit_outcome('authorized', t);
END $$;

-- Ends a hold, once: p_state 'voided' or 'expired'. A key never seen is kept as voided, so that a
-- request that comes late is refused. Returns the state the transaction has now, or KEY_CONFLICT.
CREATE OR REPLACE FUNCTION circuit_release(
    p_key text, p_merchant integer, p_company integer, p_currency integer, p_channel text,
    p_state text, p_at timestamp, p_uid integer
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t circuit_transaction;
BEGIN
    SELECT * INTO t FROM circuit_transaction WHERE key = p_key FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO circuit_transaction (key, kind, state, merchant_id, channel, purchase_total,
            eligible_total, amount, authorized_at, closed_at, company_id, currency_id, user_id,
            create_uid, create_date, write_uid, write_date)
        VALUES (p_key, 'payment', 'voided', p_merchant, p_channel, 0, 0, 0, p_at, p_at, p_company,
            p_currency, p_uid, p_uid, now() AT TIME ZONE 'UTC', p_uid, now() AT TIME ZONE 'UTC')
        ON CONFLICT (key) DO NOTHING RETURNING * INTO t;
        IF FOUND THEN
            RETURN t.state;
        END IF;
        SELECT * INTO t FROM circuit_transaction WHERE key = p_key FOR UPDATE;
    END IF;
    IF t.merchant_id <> p_merchant THEN
        RETURN 'KEY_CONFLICT';
    ELSIF t.state <> 'authorized' THEN
        RETURN t.state;
    END IF;
    IF t.kind = 'payment' THEN
        PERFORM stored_value_give_back(t.key, t.key, NULL, p_at, NULL, p_uid);
    END IF;
    UPDATE circuit_transaction SET state = p_state, closed_at = p_at, write_uid = p_uid,
           write_date = now() AT TIME ZONE 'UTC' WHERE id = t.id;
    RETURN p_state;
END $$;

-- Opens a refund of a captured payment, never above what is left of it. The money goes back when
-- the refund is captured.
CREATE OR REPLACE FUNCTION circuit_refund(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    o circuit_transaction;
    t circuit_transaction;
    v_amount numeric := (p->>'amount')::numeric;
    v_at timestamp := (p->>'at')::timestamp;
    v_uid integer := (p->>'uid')::integer;
    v_replay jsonb;
BEGIN
    SELECT * INTO o FROM circuit_transaction
     WHERE key = p->>'origin_key' AND merchant_id = (p->>'merchant_id')::integer
       AND kind = 'payment' AND state = 'captured' FOR UPDATE;
    v_replay := circuit_replay(p);
    IF v_replay IS NOT NULL THEN
        RETURN v_replay;
    ELSIF o.id IS NULL THEN
        RETURN circuit_refused('NO_ORIGIN');
    END IF;
    v_amount := least(v_amount, o.amount - (
        SELECT coalesce(sum(amount), 0) FROM circuit_transaction
         WHERE origin_id = o.id AND state IN ('authorized', 'captured')));
    IF v_amount <= 0 THEN
        RETURN circuit_refused('ALREADY_REFUNDED');
    END IF;
    INSERT INTO circuit_transaction (key, kind, state, fingerprint, instrument_model, instrument_id,
        holder_mask, account_id, funder_id, merchant_id, agreement_id, category_id, channel, place_id, terminal,
        session_ref, order_ref, purchase_total, eligible_total, amount, authorized_at, expires_at,
        origin_id, reference, user_id, company_id, currency_id, reason,
        create_uid, create_date, write_uid, write_date)
    VALUES (p->>'key', 'refund', 'authorized', p->>'fingerprint', o.instrument_model, o.instrument_id,
        o.holder_mask, o.account_id, o.funder_id, o.merchant_id, o.agreement_id, o.category_id, p->>'channel', o.place_id,
        p->>'terminal', p->>'session_ref', p->>'order_ref', v_amount, v_amount, v_amount, v_at,
        v_at + make_interval(mins => (SELECT c.hold_minutes FROM circuit_agreement g
            JOIN circuit_circuit c ON c.id = g.circuit_id WHERE g.id = o.agreement_id)), o.id,
        lpad(nextval('circuit_transaction_reference')::text, 6, '0'), v_uid, o.company_id,
        o.currency_id, p->>'reason',
        v_uid, now() AT TIME ZONE 'UTC', v_uid, now() AT TIME ZONE 'UTC')
    ON CONFLICT (key) DO NOTHING RETURNING * INTO t;
    IF NOT FOUND THEN
        RETURN coalesce(circuit_replay(p), circuit_refused('KEY_CONFLICT'));
    END IF;
    RETURN circuit_outcome('authorized', t);
END $$;
