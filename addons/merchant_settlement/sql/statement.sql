-- The hash of a statement's line; rules/chain.py has the same.
CREATE OR REPLACE FUNCTION merchant_statement_line_hash(
    p_statement text, p_sequence integer, p_kind text, p_transaction integer, p_reference text,
    p_captured timestamp, p_mask text, p_category integer, p_amount numeric, p_origin text, p_month date
) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(
        p_statement || '|' || p_sequence || '|' || p_kind || '|' || coalesce(p_transaction::text, '') || '|'
        || coalesce(p_reference, '') || '|' || coalesce(to_char(p_captured, 'YYYY-MM-DD"T"HH24:MI:SS'), '') || '|'
        || coalesce(p_mask, '') || '|' || coalesce(p_category::text, '') || '|' || round(p_amount, 2) || '|'
        || coalesce(p_origin, '') || '|' || coalesce(to_char(p_month, 'YYYY-MM-DD'), ''), 'UTF8')), 'hex')
$$;

-- The next merchants of a funder after one of them, in order of id, who were paid within an interval: a walk over the
-- index that touches one row a merchant.
CREATE OR REPLACE FUNCTION merchant_statement_merchants(
    p_funder integer, p_after integer, p_limit integer, p_from timestamp, p_to timestamp
) RETURNS SETOF integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_merchant integer := p_after;
    v_found integer := 0;
BEGIN
    WHILE p_limit IS NULL OR v_found < p_limit LOOP
        SELECT merchant_id INTO v_merchant FROM circuit_transaction
         WHERE funder_id = p_funder AND state = 'captured' AND merchant_id > v_merchant
         ORDER BY funder_id, merchant_id LIMIT 1;
        EXIT WHEN NOT FOUND;
        IF EXISTS (SELECT 1 FROM circuit_transaction WHERE funder_id = p_funder AND state = 'captured'
                      AND merchant_id = v_merchant AND captured_at >= p_from AND captured_at < p_to) THEN
            v_found := v_found + 1;
            RETURN NEXT v_merchant;
        END IF;
    END LOOP;
END $$;

-- Numbers the statements of a company and month one after the other, whoever makes them at the same time.
CREATE OR REPLACE FUNCTION merchant_statement_open(
    p_run integer, p_merchants integer[], p_month date, p_terms integer, p_due date, p_pay_from date, p_uid integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
    v_prefix text := to_char(p_month, '"EC"/YYYY/MM/');
    v_last integer;
BEGIN
    SELECT run.funder_id, f.company_id, f.circuit_id INTO r
      FROM merchant_statement_run run JOIN circuit_funder f ON f.id = run.funder_id WHERE run.id = p_run;
    PERFORM pg_advisory_xact_lock(hashtext('merchant_statement'), r.company_id);
    SELECT coalesce(max(substr(name, length(v_prefix) + 1)::integer), 0) INTO v_last
      FROM merchant_statement WHERE company_id = r.company_id AND month = p_month;
    INSERT INTO merchant_statement (name, run_id, merchant_id, funder_id, circuit_id, company_id, terms_id, month,
        state, due_on, pay_from, late, create_uid, create_date, write_uid, write_date)
    SELECT v_prefix || lpad(n::text, greatest(4, length(n::text)), '0'), p_run, merchant, r.funder_id, r.circuit_id,
           r.company_id, p_terms, p_month, 'draft', p_due, p_pay_from, false, p_uid, now() AT TIME ZONE 'UTC', p_uid,
           now() AT TIME ZONE 'UTC'
      FROM (SELECT merchant, v_last + row_number() OVER (ORDER BY merchant) AS n
              FROM unnest(p_merchants) AS merchant) AS numbered;
END $$;

-- Writes the lines that statements lack, after those they have: what the statement before left below zero, and every
-- transaction within the interval that is in no statement yet. Earlier ones than the month are those that were captured at its very
-- end, when its statement was made already: they say of which month they are.
CREATE OR REPLACE FUNCTION merchant_statement_fill(p_statements integer[], p_from timestamp, p_month_from timestamp,
    p_to timestamp, p_tz text
) RETURNS void LANGUAGE plpgsql SET work_mem = '64MB' AS $$
BEGIN
    INSERT INTO merchant_statement_line (statement_id, company_id, sequence, kind, transaction_id, reference,
        captured_at, holder_mask, category_id, amount, origin_reference, origin_month, hash)
    SELECT statement_id, company_id, sequence, kind, transaction_id, reference, captured_at, holder_mask, category_id,
           amount, origin_reference, origin_month,
           merchant_statement_line_hash(name, sequence, kind, transaction_id, reference, captured_at, holder_mask,
                                        category_id, amount, origin_reference, origin_month)
      FROM (SELECT v.*, (coalesce(had.last, 0) + row_number() OVER (
                            PARTITION BY statement_id ORDER BY captured_at NULLS FIRST, transaction_id
                        ))::integer AS sequence
              FROM (SELECT s.id AS statement_id, s.name, s.company_id,
                           CASE t.kind WHEN 'refund' THEN 'correction' ELSE 'payment' END AS kind,
                           t.id AS transaction_id, t.reference, t.captured_at, t.holder_mask, t.category_id,
                           CASE t.kind WHEN 'refund' THEN -t.amount ELSE t.amount END AS amount,
                           o.reference AS origin_reference,
                           CASE WHEN t.kind = 'refund' OR t.captured_at < p_month_from
                                THEN date_trunc('month', coalesce(o.captured_at, t.captured_at)
                                                AT TIME ZONE 'UTC' AT TIME ZONE p_tz)::date END AS origin_month
                      FROM merchant_statement s
                      JOIN circuit_transaction t ON t.funder_id = s.funder_id AND t.merchant_id = s.merchant_id
                       AND t.state = 'captured' AND t.captured_at >= p_from AND t.captured_at < p_to
                      LEFT JOIN circuit_transaction o ON o.id = t.origin_id
                     WHERE s.id = ANY(p_statements)
                       AND NOT EXISTS (SELECT 1 FROM merchant_statement_line l WHERE l.transaction_id = t.id)
                    UNION ALL
                    SELECT s.id, s.name, s.company_id, 'carried', NULL, NULL, NULL, NULL, NULL, before.total,
                           before.name, before.month
                      FROM merchant_statement s
                      JOIN LATERAL (SELECT b.name, b.month, b.total FROM merchant_statement b
                                     WHERE b.merchant_id = s.merchant_id AND b.funder_id = s.funder_id
                                       AND b.month < s.month ORDER BY b.month DESC LIMIT 1) AS before
                        ON before.total < 0
                     WHERE s.id = ANY(p_statements)
                       AND NOT EXISTS (SELECT 1 FROM merchant_statement_line l
                                        WHERE l.statement_id = s.id AND l.kind = 'carried')) AS v
              LEFT JOIN (SELECT statement_id AS id, max(sequence) AS last FROM merchant_statement_line
                          WHERE statement_id = ANY(p_statements) GROUP BY statement_id) AS had
                ON had.id = v.statement_id) AS line;
END $$;


-- What the lines of statements say together, and the digest of the statement before each.
CREATE OR REPLACE FUNCTION merchant_statement_figures(p_statements integer[])
RETURNS TABLE (statement_id integer, name text, merchant_id integer, funder_id integer, month date, count integer,
    charged numeric, corrected numeric, carried numeric, lines_digest text, previous text) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.id, s.name::text, s.merchant_id, s.funder_id, s.month, l.count::integer, l.charged, l.corrected, l.carried,
           encode(sha256(convert_to(l.hashes, 'UTF8')), 'hex'),
           coalesce((SELECT b.digest FROM merchant_statement b
                      WHERE b.merchant_id = s.merchant_id AND b.funder_id = s.funder_id AND b.month < s.month
                      ORDER BY b.month DESC LIMIT 1), '')::text
      FROM merchant_statement s
      JOIN (SELECT statement_id, count(transaction_id) AS count,
                   coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS charged,
                   coalesce(sum(amount) FILTER (WHERE kind = 'correction'), 0) AS corrected,
                   coalesce(sum(amount) FILTER (WHERE kind = 'carried'), 0) AS carried,
                   string_agg(hash, '' ORDER BY sequence) AS hashes
              FROM merchant_statement_line WHERE statement_id = ANY(p_statements) GROUP BY statement_id) AS l
        ON l.statement_id = s.id
     ORDER BY s.id;
END $$;

-- From which sources the money of statements comes: the lots that the ledger took it from or gave it back to, and what
-- was carried in from where it came then.
CREATE OR REPLACE FUNCTION merchant_statement_funds(p_statements integer[])
RETURNS TABLE (statement_id integer, fund_id integer, amount numeric) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT v.statement_id, v.fund_id, sum(v.amount)
      FROM (SELECT l.statement_id, lot.fund_id, -e.amount AS amount
              FROM merchant_statement_line l
              JOIN circuit_transaction t ON t.id = l.transaction_id
              JOIN stored_value_entry e ON e.operation = t.key AND e.kind IN ('debit', 'give_back')
              JOIN stored_value_lot lot ON lot.id = e.lot_id
             WHERE l.statement_id = ANY(p_statements)
            UNION ALL
            SELECT s.id, source.fund_id, source.amount
              FROM merchant_statement s
              JOIN LATERAL (SELECT b.id, b.total FROM merchant_statement b
                             WHERE b.merchant_id = s.merchant_id AND b.funder_id = s.funder_id
                               AND b.month < s.month ORDER BY b.month DESC LIMIT 1) AS before ON before.total < 0
              JOIN merchant_statement_source source ON source.statement_id = before.id
             WHERE s.id = ANY(p_statements)) AS v
     GROUP BY v.statement_id, v.fund_id HAVING sum(v.amount) <> 0;
END $$;
