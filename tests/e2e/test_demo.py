"""The demo is what its README says, and its ledger is sound."""

import re
from decimal import Decimal

from support.server import ROOT

LOGINS = ROOT / "addons" / "civic_demo" / "LOGINS.txt"


def logins():
    """(login, password) of every line of the table in LOGINS.txt."""
    lines = LOGINS.read_text(encoding="utf-8").splitlines()
    return [found.groups() for line in lines if (found := re.search(r"  (\w\S+)\s+(\w\S+)\s+/[a-z]", line))]


def cards():
    """(fiscal code, PIN) of every card in LOGINS.txt."""
    return re.findall(r"^([A-Z0-9]{16})\s+(\d{5})\s", LOGINS.read_text(encoding="utf-8"), re.M)


def test_every_login_of_the_list_works(server):
    """Who follows the first page of the README gets in."""
    assert len(logins()) == 29
    for login, password in logins():
        server.session(login, password)


def test_every_card_of_the_list_exists_with_its_pin(server, odoo_shell):
    """PINs of the list are those of the cards."""
    code = f"print([bool(env['family.card']._balance_overview(code, pin)) for code, pin in {cards()!r}])"
    assert odoo_shell(code).splitlines()[-1] == str([True] * 5)


def test_ledger_is_sound(odoo_shell):
    """Balance, lots, entries and hash chains agree after a year of credits, purchases and expiries."""
    assert odoo_shell("print(env['stored.value.account']._verify())").splitlines()[-1] == "[]"


def test_people_and_shops_are_those_of_the_readme(sql):
    """40 households: one senior, one special, one suspended; 9 shops, a pharmacy, a tobacconist; one voucher with
    its shop; two households without a card."""
    assert sql("select count(*) from res_partner where is_household") == [(43,)]
    cards = sql(
        "select left(p.code, 5), c.kind, c.state, count(*) from family_card c"
        " join family_card_program p on p.id = c.program_id group by 1, 2, 3"
    )
    assert {row[:3]: row[3] for row in cards} == {
        ("CORLE", "standard", "active"): 37,
        ("CORLE", "standard", "suspended"): 1,
        ("CORLE", "senior", "active"): 1,
        ("CORLE", "special", "active"): 1,
        ("BUONI", "standard", "active"): 1,
    }
    agreements = "select count(*) from circuit_agreement where state = 'active' and circuit_id in %s"
    assert sql(agreements % "(select circuit_id from family_card_program)") == [(13,)]
    assert sql("select count(*) from pos_config where merchant_id is not null") == [(12,)]


def test_cards_were_issued_with_the_kind_that_the_ages_say(odoo_shell):
    """R-004-36: the senior card is the only household the rule calls senior."""
    code = "cards = env['family.card'].search([('program_id.code', 'like', 'CORLETO')])\n"
    code += "print(sorted({(card.kind, card.suggested_kind) for card in cards}))"
    assert odoo_shell(code).splitlines()[-1] == str(
        [("senior", "senior"), ("special", "standard"), ("standard", "standard")]
    )


def test_invented_amounts_are_called_invented(sql):
    """Only the 450.00 of a single person comes from the press."""
    rows = sql(
        "select c.annual_amount::text, h.comment from family_card c join res_partner h on h.id = c.household_id"
        " join family_card_program p on p.id = c.program_id where p.code like 'CORLETO%%'"
    )
    for amount, comment in rows:
        assert ("Importo annuo inventato" in comment) == (Decimal(amount) != 450), amount


def test_purchases_come_from_the_till_and_reach_up_to_these_days(sql):
    """R-004-46: each has its debit in the ledger and its SMS in the outbox."""
    [(payments, refunds, fresh)] = sql(
        "select count(*) filter (where kind = 'payment'), count(*) filter (where kind = 'refund'),"
        " max(captured_at) > (select max(create_date) from res_partner) - interval '5 days'"
        " from circuit_transaction where state = 'captured' and instrument_model = 'family.card'"
    )
    assert payments > 100
    assert refunds == 2
    assert fresh
    [(unpaid,)] = sql(
        "select count(*) from circuit_transaction t where kind = 'payment' and amount <>"
        " -(select sum(amount) from stored_value_entry e where e.operation = t.key and e.kind = 'debit')"
    )
    assert unpaid == 0


def test_the_coupon_circuit_lives_for_a_month(sql):
    """Twelve members, twenty campaigns and one proposal, coupons spent and some given back."""
    circuit = "(select circuit_id from ecoupon_campaign limit 1)"
    assert sql(f"select count(*) from circuit_agreement where state = 'active' and circuit_id = {circuit}") == [(12,)]
    states = sql("select state, count(*) from ecoupon_campaign group by 1")
    assert dict(states) == {"published": 20, "proposed": 1}
    [(spent, back, fresh)] = sql(
        "select count(*) filter (where kind = 'payment'), count(*) filter (where kind = 'refund'),"
        " max(captured_at) > (select max(create_date) from res_partner) - interval '5 days'"
        " from circuit_transaction where state = 'captured' and instrument_model = 'ecoupon.coupon'"
    )
    assert spent > 50
    assert 0 < back < spent
    assert fresh


def test_nothing_waits_to_be_sent(sql):
    """The replayed messages are in the outbox, at their time, and hold no readable PIN."""
    assert sql("select count(*) from sms_sms where state = 'outgoing'") == [(0,)]
    assert sql("select count(*) from sms_outbox where body ~ 'PIN [0-9]'") == [(0,)]
    assert sql("select count(*) > 0 from sms_outbox where body like %s", ["%PIN •••••%"]) == [(True,)]
