-- R-000-16: the wallet behind a one-time code, spent and old ones included. A function, because its plan is kept.
CREATE OR REPLACE FUNCTION ecoupon_wallet_find(p_digest text)
RETURNS TABLE (id integer, circuit_id integer, partner_id integer, fiscal_code text, code_id integer)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT w.id, w.circuit_id, w.partner_id, p.l10n_it_codice_fiscale::text, o.id
      FROM ecoupon_wallet_code o JOIN ecoupon_wallet w ON w.id = o.wallet_id JOIN res_partner p ON p.id = w.partner_id
     WHERE o.digest = p_digest;
END $$;

-- Which account of a wallet pays at a shop: the one whose credit ends first; where the till asks for an amount, the
-- first of those that hold it, else the one that holds most. Points that nobody funds pay no shop.
CREATE OR REPLACE FUNCTION ecoupon_wallet_account(p_wallet integer, p_at timestamp, p_wanted numeric)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT a.id FROM stored_value_account a CROSS JOIN LATERAL (
                SELECT sum(l.remaining) AS held, min(coalesce(l.expires_at, 'infinity')) AS ends
                  FROM stored_value_lot l
                 WHERE l.account_id = a.id AND l.remaining > 0 AND l.available_from <= p_at
                   AND (l.expires_at IS NULL OR l.expires_at > p_at)) s
             WHERE a.wallet_id = p_wallet AND a.funder_id IS NOT NULL AND s.held > 0
             ORDER BY CASE WHEN p_wanted IS NULL THEN 0 ELSE least(s.held, p_wanted) END DESC, s.ends, a.id LIMIT 1);
END $$;

-- R-000-16: two tills at once queue at the wallet; whether a code can still be used is decided here, and it is spent by
-- the debit alone. p = {wallet_id, code, refused, wanted, at, hold}. {"outcome": "quote"}: the quote's own refusal is
-- the answer. Order of locks: wallet, transaction, account.
CREATE OR REPLACE FUNCTION ecoupon_wallet_charge(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_hold jsonb := p->'hold';
    v_at timestamp := (p->>'at')::timestamp;
    v_wallet integer := (p->>'wallet_id')::integer;
    v_account integer;
    v_replay jsonb;
    v_answer jsonb;
BEGIN
    PERFORM 1 FROM ecoupon_wallet WHERE id = v_wallet FOR NO KEY UPDATE;
    v_replay := circuit_replay(v_hold);
    IF v_replay IS NOT NULL THEN
        RETURN v_replay;
    ELSIF NOT EXISTS (
        SELECT FROM ecoupon_wallet_code WHERE id = (p->>'code')::integer AND wallet_id = v_wallet
           AND used_at IS NULL AND expires_at > v_at
    ) THEN
        RETURN circuit_refused('CODE_EXPIRED');
    ELSIF (p->>'refused')::boolean THEN
        RETURN jsonb_build_object('outcome', 'quote');
    END IF;
    v_account := ecoupon_wallet_account(v_wallet, v_at, (p->>'wanted')::numeric);
    IF v_account IS NULL THEN
        RETURN circuit_refused('NO_CREDIT') || circuit_left(0, 0);
    END IF;
    v_answer := circuit_hold(v_hold || jsonb_build_object('account_id', v_account));
    IF v_answer->>'outcome' = 'authorized' THEN
        UPDATE ecoupon_wallet_code SET used_at = v_at, transaction_id = (v_answer->>'id')::integer
         WHERE id = (p->>'code')::integer;
    END IF;
    RETURN v_answer;
END $$;

-- Stores a new one-time code of a wallet for a login. The login's older ones end, so that each has at most one; NULL, and
-- nothing stored, when the login had p_most since p_since. Parallel requests queue at the wallet.
CREATE OR REPLACE FUNCTION ecoupon_wallet_issue_code(
    p_wallet integer, p_user integer, p_digest text, p_at timestamp, p_seconds integer, p_since timestamp, p_most integer
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_id integer;
BEGIN
    PERFORM 1 FROM ecoupon_wallet WHERE id = p_wallet FOR NO KEY UPDATE;
    IF NOT FOUND OR p_most <= (
        SELECT count(*) FROM ecoupon_wallet_code WHERE wallet_id = p_wallet AND user_id = p_user AND issued_at > p_since
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE ecoupon_wallet_code SET expires_at = p_at
     WHERE wallet_id = p_wallet AND user_id = p_user AND used_at IS NULL AND expires_at > p_at;
    INSERT INTO ecoupon_wallet_code (wallet_id, user_id, company_id, digest, issued_at, expires_at)
    SELECT p_wallet, p_user, company_id, p_digest, p_at, p_at + make_interval(secs => p_seconds)
      FROM ecoupon_wallet WHERE id = p_wallet
    RETURNING id INTO v_id;
    RETURN v_id;
END $$;

-- R-000-16: takes the price of a coupon out of a wallet, the credit that ends first before any other, whoever funds it.
-- The entries are adjustments: no shop is paid, so the money is its funder's again, as when a credit is taken back. The
-- caller holds the locks of the wallet and its accounts.
DROP FUNCTION IF EXISTS ecoupon_wallet_exchange(integer, numeric, text, timestamp, text, integer);
CREATE OR REPLACE FUNCTION ecoupon_wallet_exchange(
    p_wallet integer, p_amount numeric, p_operation text, p_at timestamp, p_memo text, p_uid integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    l record;
    v_left numeric := p_amount;
    v_take numeric;
BEGIN
    FOR l IN SELECT lot.id, lot.account_id, lot.remaining
               FROM stored_value_lot lot JOIN stored_value_account a ON a.id = lot.account_id
              WHERE a.wallet_id = p_wallet AND lot.remaining > 0 AND lot.available_from <= p_at
                AND (lot.expires_at IS NULL OR lot.expires_at > p_at)
              ORDER BY lot.expires_at NULLS LAST, lot.id
    LOOP
        v_take := least(l.remaining, v_left);
        EXIT WHEN v_take <= 0;
        PERFORM stored_value_post(l.account_id, l.id, 'adjustment', -v_take, p_operation, NULL, p_at, p_memo, p_uid);
        v_left := v_left - v_take;
    END LOOP;
    IF v_left IS NULL OR v_left <> 0 THEN
        RAISE EXCEPTION 'insufficient credit' USING ERRCODE = 'check_violation';
    END IF;
END $$;

-- R-000-16: buys a coupon with a wallet, in one statement: the coupon and the debit, or neither. p = argument of
-- ecoupon_take; its answer, or {"refused": "WALLET", "limit": what the wallet holds}. Order of locks: wallet, accounts,
-- campaign.
CREATE OR REPLACE FUNCTION ecoupon_wallet_buy(p jsonb, p_wallet integer, p_price numeric, p_memo text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamp := (p->>'at')::timestamp;
    v_held numeric;
    v_answer jsonb;
BEGIN
    PERFORM 1 FROM ecoupon_wallet WHERE id = p_wallet FOR NO KEY UPDATE;
    v_answer := ecoupon_taken_before(p);
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    PERFORM 1 FROM stored_value_account WHERE wallet_id = p_wallet ORDER BY id FOR NO KEY UPDATE;
    SELECT coalesce(sum(stored_value_available(a.id, v_at)), 0) INTO v_held
      FROM stored_value_account a WHERE a.wallet_id = p_wallet;
    IF v_held < p_price THEN
        RETURN jsonb_build_object('refused', 'WALLET', 'limit', v_held::text);
    END IF;
    v_answer := ecoupon_take(p);
    IF v_answer ? 'refused' THEN
        RETURN v_answer;
    END IF;
    PERFORM ecoupon_wallet_exchange(p_wallet, p_price, 'exchange:' || (v_answer#>>'{ids,0}'), v_at, p_memo,
                                    (p->>'uid')::integer);
    RETURN v_answer;
END $$;

-- R-000-16: coupons that were bought and are cancelled before they were used: what they cost goes back to its lots, each
-- once, for the entries of a purchase and of its return add up to nothing. A lot that has expired meanwhile loses it
-- again with the ledger's own job. Returns how many euros.
CREATE OR REPLACE FUNCTION ecoupon_wallet_unbuy(p_coupons integer[], p_at timestamp, p_memo text, p_uid integer)
RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    l record;
    v_operations text[] := ARRAY(SELECT 'exchange:' || id FROM unnest(p_coupons) AS id);
    v_total numeric := 0;
BEGIN
    PERFORM 1 FROM stored_value_account WHERE id IN (
        SELECT account_id FROM stored_value_entry WHERE operation = ANY(v_operations)) ORDER BY id FOR NO KEY UPDATE;
    FOR l IN SELECT account_id, lot_id, operation, -sum(amount) AS paid FROM stored_value_entry
              WHERE operation = ANY(v_operations) AND kind = 'adjustment'
              GROUP BY account_id, lot_id, operation HAVING sum(amount) < 0 ORDER BY account_id, lot_id
    LOOP
        PERFORM stored_value_post(l.account_id, l.lot_id, 'adjustment', l.paid, l.operation, NULL, p_at, p_memo, p_uid);
        v_total := v_total + l.paid;
    END LOOP;
    RETURN v_total;
END $$;
