-- The ledger's only writers. Every function locks the account's row first; its callers run in
-- READ COMMITTED (tools/isolation.py), so what they read after the lock is the present.
-- Amounts are numeric in currency units, instants are UTC without time zone, as in Odoo.

CREATE OR REPLACE FUNCTION stored_value_hash(
    p_previous text, p_account integer, p_sequence integer, p_lot integer, p_kind text,
    p_amount numeric, p_balance numeric, p_operation text, p_reverses text, p_at timestamp
) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws('|',
        coalesce(p_previous, ''), p_account, p_sequence, p_lot, p_kind,
        round(p_amount, 4), round(p_balance, 4), p_operation, coalesce(p_reverses, ''),
        to_char(p_at, 'YYYY-MM-DD"T"HH24:MI:SS.US')
    ), 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION stored_value_available(p_account integer, p_at timestamp)
RETURNS numeric LANGUAGE plpgsql STABLE AS $$ -- not sql: that would be planned again at each call
BEGIN
    RETURN (SELECT coalesce(sum(remaining), 0) FROM stored_value_lot
             WHERE account_id = p_account AND remaining > 0
               AND available_from <= p_at AND (expires_at IS NULL OR expires_at > p_at));
END $$;

-- Writes one entry and moves lot and account with it. The caller holds the account's lock.
CREATE OR REPLACE FUNCTION stored_value_post(
    p_account integer, p_lot integer, p_kind text, p_amount numeric, p_operation text,
    p_reverses text, p_at timestamp, p_memo text, p_uid integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    a record;
    v_hash text;
BEGIN
    SELECT balance, entry_count, last_hash, company_id, currency_id INTO STRICT a
      FROM stored_value_account WHERE id = p_account;
    v_hash := stored_value_hash(a.last_hash, p_account, a.entry_count + 1, p_lot, p_kind,
        p_amount, a.balance + p_amount, p_operation, p_reverses, p_at);
    IF p_kind <> 'credit' THEN
        UPDATE stored_value_lot SET remaining = remaining + p_amount, write_uid = p_uid,
               write_date = now() AT TIME ZONE 'UTC' WHERE id = p_lot;
    END IF;
    UPDATE stored_value_account SET balance = a.balance + p_amount, entry_count = a.entry_count + 1,
           last_hash = v_hash, write_uid = p_uid, write_date = now() AT TIME ZONE 'UTC'
     WHERE id = p_account;
    INSERT INTO stored_value_entry (account_id, lot_id, sequence, kind, amount, balance_after,
        operation, reverses, memo, occurred_at, previous_hash, hash, company_id, currency_id,
        create_uid, create_date, write_uid, write_date)
    VALUES (p_account, p_lot, a.entry_count + 1, p_kind, p_amount, a.balance + p_amount,
        p_operation, p_reverses, p_memo, p_at, a.last_hash, v_hash, a.company_id, a.currency_id,
        p_uid, now() AT TIME ZONE 'UTC', p_uid, now() AT TIME ZONE 'UTC');
END $$;

-- R-004-58: the lots nearest to expiry are consumed first. Returns what is still available.
CREATE OR REPLACE FUNCTION stored_value_debit(
    p_account integer, p_amount numeric, p_operation text, p_at timestamp, p_memo text, p_uid integer
) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    l record;
    v_left numeric := p_amount;
    v_available numeric := 0;
    v_take numeric;
BEGIN
    IF p_amount IS NULL OR p_amount <= 0 OR p_amount = 'NaN' THEN
        RAISE EXCEPTION 'a debit needs a positive amount' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM stored_value_account WHERE id = p_account FOR NO KEY UPDATE;
    FOR l IN SELECT id, remaining FROM stored_value_lot
              WHERE account_id = p_account AND remaining > 0
                AND available_from <= p_at AND (expires_at IS NULL OR expires_at > p_at)
              ORDER BY expires_at NULLS LAST, id
    LOOP
        v_available := v_available + l.remaining;
        v_take := least(l.remaining, v_left);
        IF v_take > 0 THEN
            PERFORM stored_value_post(p_account, l.id, 'debit', -v_take, p_operation, NULL, p_at,
                                      p_memo, p_uid);
            v_left := v_left - v_take;
        END IF;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'insufficient credit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN v_available - p_amount;
END $$;

-- R-004-84: a reversed debit goes back to the lots it came from, the one that lives longest first.
-- A lot that expired meanwhile takes its money back and loses it at once (examples.md X6).
-- p_amount NULL gives back all that is left. Returns what was given back.
CREATE OR REPLACE FUNCTION stored_value_give_back(
    p_operation text, p_new_operation text, p_amount numeric, p_at timestamp, p_memo text, p_uid integer
) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    l record;
    v_account integer;
    v_left numeric := p_amount;
    v_done numeric := 0;
    v_take numeric;
BEGIN
    SELECT account_id INTO v_account FROM stored_value_entry
     WHERE operation = p_operation AND kind = 'debit' LIMIT 1;
    IF v_account IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM 1 FROM stored_value_account WHERE id = v_account FOR NO KEY UPDATE;
    FOR l IN SELECT lot.id, lot.expires_at, -sum(e.amount) AS outstanding
               FROM stored_value_entry e JOIN stored_value_lot lot ON lot.id = e.lot_id
              WHERE (e.operation = p_operation AND e.kind = 'debit')
                 OR (e.reverses = p_operation AND e.kind = 'give_back')
              GROUP BY lot.id HAVING sum(e.amount) < 0
              ORDER BY lot.expires_at DESC NULLS FIRST, lot.id DESC
    LOOP
        v_take := least(l.outstanding, coalesce(v_left, l.outstanding));
        IF v_take > 0 THEN
            PERFORM stored_value_post(v_account, l.id, 'give_back', v_take, p_new_operation,
                                      p_operation, p_at, p_memo, p_uid);
            IF l.expires_at <= p_at THEN
                PERFORM stored_value_post(v_account, l.id, 'expiry', -v_take, p_new_operation, NULL,
                                          p_at, p_memo, p_uid);
            END IF;
            v_done := v_done + v_take;
            v_left := v_left - v_take;
        END IF;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'more than was debited' USING ERRCODE = 'check_violation';
    END IF;
    RETURN v_done;
END $$;

-- Books the expiry of every lot whose time has passed. Returns how many.
CREATE OR REPLACE FUNCTION stored_value_expire(p_account integer, p_at timestamp, p_uid integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    l record;
    v_count integer := 0;
BEGIN
    PERFORM 1 FROM stored_value_account WHERE id = p_account FOR NO KEY UPDATE;
    FOR l IN SELECT id, remaining FROM stored_value_lot
              WHERE account_id = p_account AND remaining > 0 AND expires_at <= p_at
              ORDER BY expires_at, id
    LOOP
        PERFORM stored_value_post(p_account, l.id, 'expiry', -l.remaining, 'expiry:' || l.id, NULL,
                                  p_at, NULL, p_uid);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;

-- R-004-56: lets the lots that have not expired live until a later instant; one entry a lot keeps the act.
CREATE OR REPLACE FUNCTION stored_value_extend(
    p_lots integer[], p_expires timestamp, p_act text, p_at timestamp, p_uid integer
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    l record;
    v_count integer := 0;
BEGIN
    IF coalesce(p_act, '') = '' THEN
        RAISE EXCEPTION 'an extension names its act' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM stored_value_account
     WHERE id IN (SELECT account_id FROM stored_value_lot WHERE id = ANY(p_lots)) ORDER BY id FOR NO KEY UPDATE;
    FOR l IN SELECT id, account_id FROM stored_value_lot
              WHERE id = ANY(p_lots) AND expires_at > p_at AND expires_at < p_expires ORDER BY account_id, id
    LOOP
        UPDATE stored_value_lot SET expires_at = p_expires WHERE id = l.id;
        PERFORM stored_value_post(l.account_id, l.id, 'extension', 0,
            'extension:' || l.id || ':' || to_char(p_expires, 'YYYY-MM-DD"T"HH24:MI:SS'), NULL, p_at, p_act, p_uid);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;

-- A credit rewrites its account's row: room on the page keeps that out of the indexes.
ALTER TABLE stored_value_account SET (fillfactor = 80);

-- Credits many accounts in one statement, at most one lot an account; a known origin is skipped.
-- p_columns names columns that other addons added to the lot, p_extra has their values, one object a credit.
DROP FUNCTION IF EXISTS stored_value_credit(
    integer[], numeric[], timestamp[], timestamp[], text[], text[], timestamp, integer);
CREATE OR REPLACE FUNCTION stored_value_credit(
    p_account integer[], p_amount numeric[], p_from timestamp[], p_expires timestamp[],
    p_origin text[], p_memo text[], p_at timestamp, p_uid integer,
    p_columns text[] DEFAULT '{}', p_extra jsonb[] DEFAULT '{}'
) RETURNS SETOF text LANGUAGE plpgsql
-- a call names a few accounts of very many: never read the whole table for them
SET enable_seqscan = off AS $$
DECLARE
    v_columns text;
    v_values text;
BEGIN
    IF (SELECT count(*) <> count(DISTINCT a) FROM unnest(p_account) a) THEN
        RAISE EXCEPTION 'one credit an account and call' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM stored_value_account WHERE id = ANY(p_account) ORDER BY id FOR NO KEY UPDATE;
    SELECT coalesce(string_agg(format(', %I', name), ''), ''), coalesce(string_agg(format(', x.%I', name), ''), '')
      INTO v_columns, v_values FROM unnest(p_columns) AS name;
    RETURN QUERY EXECUTE format($q$
    WITH fresh AS (
        INSERT INTO stored_value_lot (account_id, amount, remaining, available_from, expires_at,
            origin, memo, company_id, currency_id, create_uid, create_date, write_uid, write_date%1$s)
        SELECT i.account, i.amount, i.amount, i.available_from, i.expires, i.origin, i.memo,
               a.company_id, a.currency_id,
               $8, now() AT TIME ZONE 'UTC', $8, now() AT TIME ZONE 'UTC'%2$s
          FROM unnest($1, $2, $3, $4, $5, $6, $9) AS i(account, amount, available_from, expires, origin, memo, extra)
          JOIN stored_value_account a ON a.id = i.account
         CROSS JOIN LATERAL jsonb_populate_record(NULL::stored_value_lot, coalesce(i.extra, '{}')) AS x
        ON CONFLICT (origin) DO NOTHING
        RETURNING id, account_id, amount, origin, memo
    ), moved AS (
        UPDATE stored_value_account a
           SET balance = o.balance + f.amount, entry_count = o.entry_count + 1,
               last_hash = stored_value_hash(o.last_hash, o.id, o.entry_count + 1, f.id, 'credit',
                   f.amount, o.balance + f.amount, f.origin, NULL, $7),
               write_uid = $8, write_date = now() AT TIME ZONE 'UTC'
          FROM fresh f JOIN stored_value_account o ON o.id = f.account_id
         WHERE a.id = o.id
        RETURNING f.id AS lot_id, a.id, a.entry_count, a.balance, o.last_hash AS previous_hash,
                  a.last_hash, a.company_id, a.currency_id, f.amount, f.origin, f.memo
    ), written AS (
        INSERT INTO stored_value_entry (account_id, lot_id, sequence, kind, amount, balance_after,
            operation, memo, occurred_at, previous_hash, hash, company_id, currency_id,
            create_uid, create_date, write_uid, write_date)
        SELECT id, lot_id, entry_count, 'credit', amount, balance, origin, memo, $7,
               previous_hash, last_hash, company_id, currency_id,
               $8, now() AT TIME ZONE 'UTC', $8, now() AT TIME ZONE 'UTC'
          FROM moved
        RETURNING operation
    )
    SELECT operation::text FROM written
    $q$, v_columns, v_values)
    USING p_account, p_amount, p_from, p_expires, p_origin, p_memo, p_at, p_uid, p_extra;
END $$;

-- What is wrong with the given accounts (all when NULL): no row means every check passed.
CREATE OR REPLACE FUNCTION stored_value_verify(p_account integer[])
RETURNS TABLE (account_id integer, problem text, entry_id integer) LANGUAGE sql STABLE AS $$
    WITH chain AS (
        SELECT e.*, lag(e.hash) OVER w AS before, lag(e.sequence) OVER w AS sequence_before,
               sum(e.amount) OVER w AS running
          FROM stored_value_entry e
         WHERE p_account IS NULL OR e.account_id = ANY(p_account)
        WINDOW w AS (PARTITION BY e.account_id ORDER BY e.sequence)
    ), per_account AS (
        SELECT c.account_id, sum(c.amount) AS entries, max(c.sequence) AS last
          FROM chain c GROUP BY c.account_id
    ), per_lot AS (
        SELECT c.lot_id, sum(c.amount) AS entries FROM chain c GROUP BY c.lot_id
    ), lots AS (
        SELECT l.account_id, sum(l.remaining) AS remaining FROM stored_value_lot l
         WHERE p_account IS NULL OR l.account_id = ANY(p_account) GROUP BY l.account_id
    )
    SELECT c.account_id, 'hash', c.id FROM chain c
     WHERE c.hash IS DISTINCT FROM stored_value_hash(c.previous_hash, c.account_id, c.sequence,
               c.lot_id, c.kind, c.amount, c.balance_after, c.operation, c.reverses, c.occurred_at)
    UNION ALL
    SELECT c.account_id, 'chain', c.id FROM chain c
     WHERE c.previous_hash IS DISTINCT FROM c.before
        OR c.sequence <> coalesce(c.sequence_before, 0) + 1 OR c.balance_after <> c.running
    UNION ALL
    SELECT a.id, 'head', NULL FROM stored_value_account a
      LEFT JOIN per_account p ON p.account_id = a.id
      LEFT JOIN stored_value_entry e ON e.account_id = a.id AND e.sequence = p.last
     WHERE (p_account IS NULL OR a.id = ANY(p_account))
       AND (a.last_hash IS DISTINCT FROM e.hash OR a.entry_count <> coalesce(p.last, 0))
    UNION ALL
    SELECT a.id, 'balance', NULL FROM stored_value_account a
      LEFT JOIN per_account p ON p.account_id = a.id
      LEFT JOIN lots l ON l.account_id = a.id
     WHERE (p_account IS NULL OR a.id = ANY(p_account))
       AND (a.balance <> coalesce(p.entries, 0) OR a.balance <> coalesce(l.remaining, 0))
    UNION ALL
    SELECT l.account_id, 'lot', NULL FROM stored_value_lot l
      LEFT JOIN per_lot p ON p.lot_id = l.id
     WHERE (p_account IS NULL OR l.account_id = ANY(p_account))
       AND l.remaining <> coalesce(p.entries, 0)
$$;

-- Entries are written once. A correction is a new entry; a migration that must touch old rows
-- disables the trigger by name, in the open.
CREATE OR REPLACE FUNCTION stored_value_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger entries are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'stored_value_entry_append_only') THEN
        CREATE TRIGGER stored_value_entry_append_only BEFORE UPDATE OR DELETE ON stored_value_entry
            FOR EACH ROW EXECUTE FUNCTION stored_value_entry_append_only();
        CREATE TRIGGER stored_value_entry_no_truncate BEFORE TRUNCATE ON stored_value_entry
            FOR EACH STATEMENT EXECUTE FUNCTION stored_value_entry_append_only();
    END IF;
END $$;
