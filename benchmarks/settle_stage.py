"""A month of many payments, written by SQL: only what a run of statements reads of them."""

from datetime import date, timedelta

from . import credit_stage

HOLDERS = 2000

MERCHANTS = """
    INSERT INTO res_partner (name, complete_name, active, type, is_company, is_merchant, company_id, autopost_bills, lang)
    SELECT 'Shop ' || n, 'Shop ' || n, true, 'contact', true, true, %(company)s, 'ask', 'it_IT'
      FROM generate_series(1, %(merchants)s) AS n RETURNING id
"""
LOTS = """
    INSERT INTO stored_value_lot (account_id, company_id, currency_id, amount, remaining, available_from, origin, fund_id)
    SELECT a.id, a.company_id, a.currency_id, 1000000, 0, '2020-01-01', 'bench:' || a.id, %(fund)s
      FROM stored_value_account a WHERE a.funder_id = %(funder)s RETURNING id
"""
# one in fifty gives a bit of the payment before back
TRANSACTIONS = """
    INSERT INTO circuit_transaction (key, kind, state, merchant_id, channel, purchase_total, eligible_total, amount,
        authorized_at, captured_at, company_id, currency_id, account_id, funder_id, category_id, holder_mask, reference,
        user_id, instrument_model, order_ref, create_uid, create_date, write_uid, write_date)
    SELECT 'bench:' || n, CASE n %% 50 WHEN 0 THEN 'refund' ELSE 'payment' END, 'captured',
           (%(merchant_ids)s::int[])[1 + n::bigint * 7919 %% %(merchants)s], 'web', 100, 100,
           (100 + n::bigint * 37 %% 4000)::numeric / 100, v.at, v.at, %(company)s, %(currency)s,
           (%(account_ids)s::int[])[1 + n %% array_length(%(account_ids)s::int[], 1)], %(funder)s, %(category)s,
           'RSS***' || n %% 90, lpad(n::text, 7, '0'), 1, 'family.card', 'order', 1, v.at, 1, v.at
      FROM generate_series(1, %(transactions)s) AS n,
           LATERAL (SELECT %(month)s::timestamp + interval '3 hours' + interval '27 days' * n / %(transactions)s AS at) AS v
"""
ENTRIES = """
    INSERT INTO stored_value_entry (account_id, lot_id, company_id, currency_id, sequence, kind, amount, balance_after,
                                    operation, occurred_at, hash)
    SELECT t.account_id, l.id, t.company_id, t.currency_id, row_number() OVER (PARTITION BY t.account_id ORDER BY t.id),
           CASE t.kind WHEN 'refund' THEN 'give_back' ELSE 'debit' END,
           CASE t.kind WHEN 'refund' THEN t.amount ELSE -t.amount END, 0, t.key, t.captured_at, ''
      FROM circuit_transaction t JOIN stored_value_lot l ON l.account_id = t.account_id
     WHERE t.key LIKE 'bench:%%'
"""


def build(env, transactions, merchants):
    """Make a funder with terms and a month of payments.

    :param int transactions: how many
    :param int merchants: over how many shops
    :return: (circuit.funder, first day of the month)
    """
    program = credit_stage.build(env, HOLDERS)
    funder = program.funder_id
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    env["settlement.terms"].create({"funder_id": funder.id, "valid_from": month})
    env.flush_all()
    facts = {
        "merchants": merchants,
        "transactions": transactions,
        "month": month,
        "company": program.company_id.id,
        "currency": program.company_id.currency_id.id,
        "funder": funder.id,
        "fund": env["family.card.fund"].search([("program_id", "=", program.id)], limit=1).id,
        "category": env.ref("merchant_circuit.category_commercio").id,
    }
    facts["merchant_ids"] = credit_stage.ids(env, MERCHANTS, facts)
    env.cr.execute("SELECT id FROM stored_value_account WHERE funder_id = %s", [funder.id])
    facts["account_ids"] = [account for (account,) in env.cr.fetchall()]
    # what is written here is right: keys and triggers need not look at a million rows
    env.cr.execute("SET LOCAL session_replication_role = replica")
    for statement in (LOTS, TRANSACTIONS, ENTRIES):
        env.cr.execute(statement, facts)
    env.cr.execute("SET LOCAL session_replication_role = origin")
    env.invalidate_all()
    return funder, month
