-- R-004-71, R-004-73: the card behind a number or a holder's fiscal code, the shop's circuit and the running programme
-- before others.
-- A function, because its plan is kept.
CREATE OR REPLACE FUNCTION family_card_find(p_number text, p_fiscal_code text, p_circuits integer[])
RETURNS TABLE (id integer, number text, fiscal_code text, kind text, program_id integer, pin_salt text, circuit_id integer)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    IF p_number IS NOT NULL THEN
        RETURN QUERY
        SELECT c.id, c.number::text, c.fiscal_code::text, c.kind::text, c.program_id, c.pin_salt::text, p.circuit_id
          FROM family_card c JOIN family_card_program p ON p.id = c.program_id
         WHERE c.number = p_number AND c.state <> 'draft';
    ELSE
        RETURN QUERY
        SELECT c.id, c.number::text, c.fiscal_code::text, c.kind::text, c.program_id, c.pin_salt::text, p.circuit_id
          FROM family_card c JOIN family_card_program p ON p.id = c.program_id
         WHERE c.fiscal_code = p_fiscal_code AND c.state <> 'draft'
         ORDER BY p.circuit_id = ANY(p_circuits) DESC, p.state = 'open' DESC, c.state <> 'closed' DESC,
               p.year DESC, c.id DESC LIMIT 1;
    END IF;
END $$;

-- The card behind a one-time code, spent and old ones included, as family_card_find.
CREATE OR REPLACE FUNCTION family_card_find_code(p_digest text)
RETURNS TABLE (id integer, number text, fiscal_code text, kind text, program_id integer, pin_salt text, circuit_id integer,
               code_id integer)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.id, c.number::text, c.fiscal_code::text, c.kind::text, c.program_id, c.pin_salt::text, p.circuit_id, o.id
      FROM family_card_code o JOIN family_card c ON c.id = o.card_id JOIN family_card_program p ON p.id = c.program_id
     WHERE o.digest = p_digest AND c.state <> 'draft';
END $$;

-- A05: how much the cap per quarter still leaves of an account: what was credited to it for the quarter less what was
-- spent from it in the quarter. What was given back of those purchases, whenever, makes room again.
-- q = {day: first day of the quarter, from, until: its instants in UTC}. The caller holds the account's lock.
CREATE OR REPLACE FUNCTION family_card_quarter_room(p_account integer, q jsonb)
RETURNS numeric LANGUAGE plpgsql STABLE AS $$ -- not sql: that would want the columns before they are there
BEGIN
    RETURN (SELECT greatest(0, (SELECT coalesce(sum(l.amount), 0)
              FROM stored_value_lot l JOIN family_card_period p ON p.id = l.period_id
             WHERE l.account_id = p_account AND l.revoked IS NOT TRUE
               AND (q->>'day')::date BETWEEN p.date_start AND p.date_end)
         - (SELECT coalesce(-sum(d.amount), 0) - coalesce(sum((
                SELECT sum(b.amount) FROM stored_value_entry b
                 WHERE b.reverses = d.operation AND b.kind = 'give_back' AND b.lot_id = d.lot_id)), 0)
              FROM stored_value_entry d
             WHERE d.account_id = p_account AND d.kind = 'debit'
               AND d.occurred_at >= (q->>'from')::timestamp AND d.occurred_at < (q->>'until')::timestamp)));
END $$;

-- Until when a card takes no PIN: p_waits[n - 1] seconds after the n-th wrong one in a row, the last for all beyond.
CREATE OR REPLACE FUNCTION family_card_wait_until(p_failures integer, p_failed_at timestamp, p_waits jsonb)
RETURNS timestamp LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_seconds integer := p_waits->>(least(p_failures, jsonb_array_length(p_waits)) - 1);
BEGIN
    -- A wait of 0 is none, also for a request that read the clock before the wrong one and got the lock after it.
    RETURN CASE WHEN p_failures > 0 AND v_seconds > 0 THEN p_failed_at + make_interval(secs => v_seconds) END;
END $$;

-- R-004-71, R-004-74: the PIN first (unless the programme looks at documents instead), then the state of the card, then
-- the account, then the money. Order of locks: card, transaction, account.
-- p = {card_id, check_pin, digest, pin_limit, pin_waits, code?, refused, tell, at, hold, quarter?, waiver?}. code = id of
-- the one-time code that takes the PIN's place: whether it can still be used is decided here, under the card's lock, and
-- it is spent by the debit alone. It is no PIN: it neither waits after wrong PINs nor forgets them.
-- {"outcome": "quote"} tells the caller that the holder is identified and the quote's own refusal is the answer; with
-- p.tell also what is left on the account of this shop.
CREATE OR REPLACE FUNCTION family_card_charge(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    c record;
    v_hold jsonb := p->'hold';
    v_at timestamp := (p->>'at')::timestamp;
    v_accounts integer[];
    v_account integer;
    v_replay jsonb;
    v_label jsonb;
    v_available numeric;
    v_room numeric;
    v_until timestamp;
    v_answer jsonb;
BEGIN
    SELECT id, state, pin_hash, pin_failures, pin_failed_at, web_failures INTO c FROM family_card
     WHERE id = (p->>'card_id')::integer FOR NO KEY UPDATE;
    v_replay := circuit_replay(v_hold);
    IF v_replay IS NOT NULL THEN
        RETURN v_replay;
    ELSIF p ? 'code' AND NOT EXISTS (
        SELECT FROM family_card_code WHERE id = (p->>'code')::integer AND card_id = c.id
           AND used_at IS NULL AND expires_at > v_at
    ) THEN
        RETURN circuit_refused('CODE_EXPIRED');
    END IF;
    IF (p->>'check_pin')::boolean THEN
        v_until := family_card_wait_until(c.pin_failures, c.pin_failed_at, p->'pin_waits');
        IF c.pin_failures >= (p->>'pin_limit')::integer THEN
            RETURN circuit_refused('PIN_LOCKED');
        ELSIF p ? 'code' THEN
            NULL;
        ELSIF v_until > v_at THEN
            RETURN circuit_refused('PIN_WAIT', NULL, v_until);
        ELSIF c.pin_hash IS DISTINCT FROM p->>'digest' THEN
            UPDATE family_card SET pin_failures = pin_failures + 1, pin_failed_at = v_at WHERE id = c.id;
            RETURN circuit_refused('UNKNOWN_OR_PIN');
        ELSIF c.pin_failures > 0 OR c.web_failures > 0 THEN
            -- The right PIN at a shop also ends the wait of the balance page, which a stranger may have caused.
            UPDATE family_card SET pin_failures = 0, pin_failed_at = NULL, web_failures = 0, web_failed_at = NULL
             WHERE id = c.id;
        END IF;
    END IF;
    IF c.state = 'suspended' THEN
        RETURN circuit_refused('SUSPENDED');
    ELSIF c.state <> 'active' THEN
        RETURN circuit_refused('CLOSED');
    ELSIF (p->>'refused')::boolean AND NOT (p->>'tell')::boolean THEN
        RETURN jsonb_build_object('outcome', 'quote');
    END IF;
    SELECT array_agg(DISTINCT a.id ORDER BY a.id) INTO v_accounts
      FROM stored_value_account a
      JOIN family_card_scheme_line_category_rel r ON r.line_id = a.scheme_line_id
     WHERE a.card_id = c.id AND r.category_id = (v_hold->>'category_id')::integer;
    IF v_accounts IS NULL THEN
        RETURN CASE WHEN (p->>'refused')::boolean THEN jsonb_build_object('outcome', 'quote')
                    ELSE circuit_refused('NO_ACCOUNT') END;
    END IF;
    v_account := v_accounts[1];
    IF cardinality(v_accounts) > 1 THEN
        -- An account with credit comes before an empty one; among equals the oldest.
        SELECT id INTO v_account FROM unnest(v_accounts) AS id
         ORDER BY stored_value_available(id, v_at) > 0 DESC, id LIMIT 1;
    END IF;
    SELECT jsonb_build_object('account', l.code) INTO v_label
      FROM stored_value_account a JOIN family_card_scheme_line l ON l.id = a.scheme_line_id WHERE a.id = v_account;
    IF p ? 'quarter' OR p ? 'waiver' OR (p->>'refused')::boolean THEN
        PERFORM 1 FROM stored_value_account WHERE id = v_account FOR NO KEY UPDATE;
        v_available := stored_value_available(v_account, v_at);
        IF p ? 'quarter' THEN
            v_room := family_card_quarter_room(v_account, p->'quarter');
        END IF;
        IF (p->>'refused')::boolean THEN
            RETURN jsonb_build_object('outcome', 'quote') || v_label
                || circuit_left(v_available, least(v_available, v_room));
        ELSIF v_available >= (p#>>'{waiver,below}')::numeric THEN
            RETURN circuit_refused('MIN_SPEND', (p#>>'{waiver,minimum}')::numeric) || v_label
                || circuit_left(v_available, least(v_available, v_room));
        ELSIF v_room IS NOT NULL THEN
            v_hold := v_hold || jsonb_build_object('room', v_room::text);
        END IF;
    END IF;
    v_answer := circuit_hold(v_hold || jsonb_build_object('account_id', v_account));
    IF p ? 'code' AND v_answer->>'outcome' = 'authorized' THEN
        UPDATE family_card_code SET used_at = v_at, transaction_id = (v_answer->>'id')::integer
         WHERE id = (p->>'code')::integer;
        UPDATE circuit_transaction SET by_code = true WHERE id = (v_answer->>'id')::integer;
    END IF;
    RETURN v_answer || v_label;
END $$;

-- The balance page counts its own wrong tries: whoever only knows a fiscal code cannot lock a family out of the shops.
-- Its waits grow and end by themselves; a try during one is no try. An unknown card (id 0) costs the same statement and
-- says no.
CREATE OR REPLACE FUNCTION family_card_check_pin(p_card integer, p_digest text, p_waits jsonb, p_at timestamp)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    c record;
BEGIN
    SELECT id, pin_hash, web_failures, web_failed_at INTO c FROM family_card WHERE id = p_card FOR NO KEY UPDATE;
    IF c.id IS NULL OR family_card_wait_until(c.web_failures, c.web_failed_at, p_waits) > p_at THEN
        RETURN false;
    ELSIF c.pin_hash IS DISTINCT FROM p_digest THEN
        UPDATE family_card SET web_failures = web_failures + 1, web_failed_at = p_at WHERE id = c.id;
        RETURN false;
    ELSIF c.web_failures > 0 THEN
        UPDATE family_card SET web_failures = 0, web_failed_at = NULL WHERE id = c.id;
    END IF;
    RETURN true;
END $$;

-- Stores a new one-time code of a card for a login. The login's older ones end, so that each has at most one; NULL, and
-- nothing stored, when the card cannot pay or the login had p_most since p_since. Parallel requests queue at the card.
CREATE OR REPLACE FUNCTION family_card_issue_code(
    p_card integer, p_user integer, p_digest text, p_at timestamp, p_seconds integer, p_since timestamp, p_most integer
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_id integer;
BEGIN
    PERFORM 1 FROM family_card WHERE id = p_card AND state = 'active' FOR NO KEY UPDATE;
    IF NOT FOUND OR p_most <= (
        SELECT count(*) FROM family_card_code WHERE card_id = p_card AND user_id = p_user AND issued_at > p_since
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE family_card_code SET expires_at = p_at
     WHERE card_id = p_card AND user_id = p_user AND used_at IS NULL AND expires_at > p_at;
    INSERT INTO family_card_code (card_id, user_id, company_id, digest, issued_at, expires_at)
    SELECT p_card, p_user, company_id, p_digest, p_at, p_at + make_interval(secs => p_seconds)
      FROM family_card WHERE id = p_card
    RETURNING id INTO v_id;
    RETURN v_id;
END $$;
