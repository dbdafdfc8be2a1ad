"""Many cards at once, written by SQL: only what a credit run reads of them."""

from datetime import date

PEOPLE = """
    INSERT INTO res_partner (name, complete_name, active, type, is_company, is_household, company_id, autopost_bills, lang)
    SELECT %(name)s || n, %(name)s || n, true, 'contact', false, %(household)s, %(company)s, 'ask', 'it_IT'
      FROM generate_series(1, %(cards)s) AS n RETURNING id
"""
MEMBERS = """
    INSERT INTO family_household_member (household_id, person_id, company_id, relation, is_head, disability, valid_from,
                                         recorded_from)
    SELECT h, p, %(company)s, 'head', true, 'none', %(since)s, now() AT TIME ZONE 'UTC'
      FROM unnest(%(households)s::int[], %(people)s::int[]) AS v(h, p)
"""
CARDS = """
    INSERT INTO family_card (number, program_id, company_id, household_id, holder_id, kind, state, annual_amount, phone,
                             activated_at, pin_failures, web_failures, create_date, create_uid)
    SELECT 'BENCH-2024-' || lpad(n::text, 7, '0'), %(program)s, %(company)s, h, p, 'standard', 'active',
           (ARRAY[450, 540, 585, 630, 720, 765, 810])[n %% 7 + 1], '+39333' || lpad(n::text, 7, '0'),
           now() AT TIME ZONE 'UTC', 0, 0, now() AT TIME ZONE 'UTC', 1
      FROM unnest(%(households)s::int[], %(people)s::int[]) WITH ORDINALITY AS v(h, p, n) RETURNING id
"""
ACCOUNTS = """
    INSERT INTO stored_value_account (name, company_id, currency_id, partner_id, funder_id, card_id, scheme_line_id,
                                      balance, entry_count)
    SELECT c.number || ' ' || l.code, c.company_id, %(currency)s, c.holder_id, %(funder)s, c.id, l.id, 0, 0
      FROM family_card c CROSS JOIN family_card_scheme_line l
     WHERE c.program_id = %(program)s AND l.scheme_id = %(scheme)s
"""


def build(env, cards):
    """Make a programme that one person may credit, with a fund that suffices, and its cards.

    :param int cards: how many, of three accounts each
    :return: family.card.program
    """
    circuit = env["circuit.circuit"].create({"name": "Benchmark"})
    program = env["family.card.program"].create(
        {
            "name": "Benchmark",
            "code": "BENCH",
            "year": date.today().year + 1,  # so that none of its quarters has expired today
            "circuit_id": circuit.id,
            "sender": "Benchmark",
        }
    )
    program.action_set_up()
    program.terms_ids.write(
        {
            "valid_from": f"{date.today().year}-01-01",
            "four_eyes": False,
            "check_residence": False,
            "check_taxes": False,
            "check_abode": False,
        }
    )
    env["family.card.fund"].create(
        {
            "program_id": program.id,
            "name": "Own budget",
            "amount": 1000.0 * cards,
            "available": True,
            "available_on": date.today(),
        }
    )
    program.action_open()
    env.flush_all()
    facts = {
        "cards": cards,
        "company": program.company_id.id,
        "currency": program.company_id.currency_id.id,
        "program": program.id,
        "funder": program.funder_id.id,
        "scheme": program._scheme_for("standard").id,
        "since": f"{program.year - 2}-01-01",
    }
    facts["people"] = ids(env, PEOPLE, {**facts, "name": "Head ", "household": False})
    facts["households"] = ids(env, PEOPLE, {**facts, "name": "Household ", "household": True})
    env.cr.execute(MEMBERS, facts)
    ids(env, CARDS, facts)
    env.cr.execute(ACCOUNTS, facts)
    env.invalidate_all()
    return program


def ids(env, query, facts):
    env.cr.execute(query, facts)
    return [row[0] for row in env.cr.fetchall()]
